"""Is this file whole, and what is in it (worker only).

Stills are decoded. Of clips the first picture and one near the end are decoded, and the packets near the end
are read: FFmpeg opens a file that was cut off as if nothing were missing, so what it declares is compared
with what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import av

from reelframe.media.decoders import animation, clips, sounds, stills
from reelframe.media.decoders.accent import accent
from reelframe.media.decoders.container import Source, open_source, packets, reopened, seek
from reelframe.media.formats import ACCEPTED, human_size
from reelframe.media.framing import Fault, Header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.stream import Stream
    from av.video.stream import VideoStream

__all__ = ["answer"]

MAX_DURATION_S: Final = 12 * 3600.0
# What is missing at the end may be this long before a file counts as cut off: rounding and the codecs' delay.
SLACK_S: Final = 0.35
SLACK_PART: Final = 0.01
TAIL_S: Final = 6.0
# Without a duration in its header, and without an index, a file is read through to learn it.
_UNINDEXED: Final = {"mp3", "aac"}


def answer(request: Header) -> Header:
    """The facts of ``path`` as ``format``: the fields of ``Media`` that its content decides."""
    fmt = request["format"]
    with stills.opened(request) as file:
        if fmt in {"jpeg", "png", "gif", "webp"}:
            return _picture(file, fmt)
        _check_riff(file)
        return _container(file, fmt)


def _picture(file: BinaryIO, fmt: str) -> Header:
    if fmt == "webp":
        _check_riff(file)
    image = stills.open_still(file, fmt)
    if fmt != "jpeg":
        durations, complete = animation.frame_durations(file, fmt)
        if stills.is_animated(image) and (len(durations) > 1 or not complete):
            return _animation(file, fmt, durations, complete=complete)
        if not complete:
            msg = "is cut off: the file ends before its picture does"
            raise Fault(msg, "Export or download it again.")
    pixels = stills.decode(image)
    height, width, channels = pixels.shape
    return {
        "kind": "image",
        "width": width,
        "height": height,
        "has_alpha": channels == 4,  # RGBA
        "accent": accent(pixels),
    }


def _animation(file: BinaryIO, fmt: str, durations: list[float], *, complete: bool) -> Header:
    _check_duration(sum(durations))
    image = stills.open_still(file, fmt)
    declared = getattr(image, "n_frames", len(durations))
    declared -= 1 if getattr(image, "default_image", False) else 0
    if not complete or len(durations) < declared:
        msg = f"is cut off: it has {max(declared, len(durations) + 1)} frames, but only {len(durations)} are whole"
        raise Fault(msg, "Export or download it again.")
    clip = clips.AnimatedClip(file, fmt, None)
    first = clip.at(0.0)
    return {
        "kind": "video",
        "width": clip.width,
        "height": clip.height,
        "duration_s": round(sum(durations), 6),
        "fps": len(durations) / sum(durations),
        "has_alpha": len(first.planes) > 3,  # Y, U, V
        "animated": True,
    }


@dataclass(slots=True)
class _Ends:
    """When pictures and sound end, as far as packets for them are there; 0 when there are none."""

    video_s: float = 0.0
    audio_s: float = 0.0

    @property
    def last_s(self) -> float:
        return max(self.video_s, self.audio_s)


def _container(file: BinaryIO, fmt: str) -> Header:
    source = open_source(file, fmt)
    declared = _declared(source, fmt)
    _check_duration(declared)
    facts: Header = {}
    if source.video is not None:
        clips.check_size(source.video)
        facts = _first_picture(source, source.video)
    source = reopened(source) if facts else source
    has_audio = _is_audible(source)
    if not facts and not has_audio:
        msg = "holds neither a picture nor a sound that can be decoded"
        raise Fault(msg, "Export or download it again.")
    source = reopened(source)
    ends = _ends(source, declared)
    if ends.last_s < declared - SLACK_S:
        # Seeking to the end found too little: cut off, or without an index. Read it all; still no decoding.
        source = reopened(source)
        ends = _read_to_end(source)
    _check_duration(ends.last_s)
    _check_whole(ends.last_s, declared)
    duration = ends.video_s if facts and ends.video_s > 0 else ends.last_s
    if ACCEPTED[fmt].demuxer == "mov" and declared > 0:
        # Packets may reach far beyond what the edit list shows. A little is normal: with B-frames and a
        # variable frame rate, muxers declare the decoding times' length, which is the shorter one.
        duration = duration if duration < 2 * declared + 1 else declared
    if facts and not _picture_near_end(source, duration):
        msg = "is damaged: its last part can't be decoded"
        raise Fault(msg, "Export or download it again.")
    if duration <= 0:
        msg = "lasts no time at all: there is no sound or picture in it"
        raise Fault(msg, "Export or download it again.")
    facts.setdefault("kind", "audio")
    return {**facts, "duration_s": round(duration, 6), "has_audio": has_audio}


def _check_duration(seconds: float) -> None:
    if seconds > MAX_DURATION_S:
        msg = f"claims to last {seconds / 3600:.0f} hours, over the limit of 12 hours"
        raise Fault(msg, "Trim it to the part that you need.")


def _check_whole(there: float, declared: float) -> None:
    missing = declared - there
    if missing > SLACK_S and missing > min(SLACK_PART * declared, 5.0):
        part = 100 * there / declared
        reason = f"is cut off: of {declared:.1f} s only {there:.1f} s are there ({part:.0f} %)"
        raise Fault(reason, "Export or download it again.")


def _declared(source: Source, fmt: str) -> float:
    """How long the file says that it lasts, in our time; 0 when it does not or can't be trusted to."""
    longest = 0.0
    for stream in _streams(source):
        if stream.duration and stream.time_base:
            start = float((stream.start_time or 0) * stream.time_base)
            longest = max(longest, start + float(stream.duration * stream.time_base))
    if source.container.duration and (fmt in {"webm", "mkv"} or not longest):
        longest = max(longest, source.container.duration / av.time_base + source.zero_s)
    return max(0.0, longest - source.zero_s)


def _streams(source: Source) -> Sequence[Stream]:
    return [s for s in (source.video, source.audio) if s is not None]


def _first_picture(source: Source, stream: VideoStream) -> Header:
    clips.prepare(stream)
    first = next(clips.timed_frames(source, stream), None)
    if first is None:
        msg = "holds no picture that can be decoded"
        raise Fault(msg, "Export or download it again.")
    frame = first[1]
    width, height = clips.display_size(stream, frame, clips.turn_of(frame))
    rate = stream.average_rate or stream.guessed_rate
    return {
        "kind": "video",
        "width": width,
        "height": height,
        "fps": float(rate) if rate and 0.01 < rate < 1000 else None,  # else nonsense
        "has_alpha": clips.sees_through(frame),
    }


def _is_audible(source: Source) -> bool:
    """One frame of the sound decodes. The container must stand at its start."""
    if source.audio is None:
        return False
    return next(sounds.audio_frames(source, source.audio), None) is not None


def _ends(source: Source, declared: float) -> _Ends:
    """By the packets of the last seconds, where the container has an index."""
    streams = _streams(source)
    if declared > 2 * TAIL_S and source.fmt not in _UNINDEXED:
        seek(source, streams[0], declared - TAIL_S)
    return _read_to_end(source)


def _read_to_end(source: Source) -> _Ends:
    ends = _Ends()
    for packet in packets(source, *_streams(source)):
        at = packet.pts if packet.pts is not None else packet.dts
        base = packet.time_base
        if at is None or base is None or packet.size == 0:
            continue
        length = packet.duration or _usual_length(packet.stream)
        end = float((at + length) * base) - source.zero_s
        if packet.stream.type == "video":
            ends.video_s = max(ends.video_s, end)
        else:
            ends.audio_s = max(ends.audio_s, end)
    return ends


def _usual_length(stream: Any) -> int:  # noqa: ANN401 -- PyAV's streams share no useful base
    """A packet without a duration lasts one frame at the average rate, in the stream's time base."""
    rate = getattr(stream, "average_rate", None)
    return round(1 / (rate * stream.time_base)) if rate and stream.time_base else 0


def _picture_near_end(source: Source, duration: float) -> bool:
    if source.video is None:
        return True
    for from_s in (duration - 0.5, duration - TAIL_S):
        if not seek(source, source.video, from_s):
            break
        if next(clips.timed_frames(source, source.video), None) is not None:
            return True
    source = reopened(source)
    return source.video is not None and next(clips.timed_frames(source, source.video), None) is not None


# Programs that write to a pipe don't know the length yet and put one of these, or nearly.
_UNKNOWN_LENGTHS: Final = (0, 0x7FFFFFFF, 0xFFFFFFFF)


def _check_riff(file: BinaryIO) -> None:
    """AVI, WAV and WebP give their length in the first chunk; FFmpeg forgives when it is not there."""
    head = file.read(12)
    there = file.seek(0, 2)
    file.seek(0)
    if head[:4] != b"RIFF":
        return
    declared = int.from_bytes(head[4:8], "little")
    declared = _wav_length(file) if head[8:12] == b"WAVE" else declared + 8
    if any(abs(declared - unknown) < 8192 for unknown in _UNKNOWN_LENGTHS):  # headers
        return
    if declared - there > 0.01 * declared:
        reason = f"is cut off: of {human_size(declared)} only {human_size(there)} are there"
        raise Fault(reason, "Export or download it again.")


def _wav_length(file: BinaryIO) -> int:
    """Where the chunk of samples says that it ends; 0 when there is none to be found."""
    at = 12
    for _ in range(64):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:  # name and length
            break
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            file.seek(0)
            return size + at + 8
        at += 8 + size + (size & 1)
    file.seek(0)
    return 0
