"""Is this file whole, and what is in it? (worker only)

Stills are decoded. Of clips the first picture and one near the end are decoded, and the packets near the end
are read: FFmpeg opens a file that was cut off as if nothing were missing, so what it declares is compared
with what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import av

from reelframe.media.decoders import animation, clips, sounds, stills
from reelframe.media.decoders.container import Source, open_source, packets, seek
from reelframe.media.framing import Fault, Header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av.audio.stream import AudioStream
    from av.stream import Stream
    from av.video.stream import VideoStream

__all__ = ["answer"]

MAX_DURATION_S: Final = 12 * 3600.0
# What is missing at the end may be this long before a file counts as cut off: rounding and the codecs' delay.
SLACK_S: Final = 0.6
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
        return _container(file, fmt)


def _picture(file: BinaryIO, fmt: str) -> Header:
    image = stills.open_still(file, fmt)
    if fmt != "jpeg":
        durations, complete = animation.frame_durations(file, fmt)
        if stills.is_animated(image) and len(durations) > 1:
            return _animation(file, fmt, durations)
        if not complete:
            msg = "is cut off: the file ends before its picture does"
            raise Fault(msg, "Export or download it again.")
    pixels = stills.decode(image)
    height, width, channels = pixels.shape
    return {"kind": "image", "width": width, "height": height, "has_alpha": channels == 4}  # noqa: PLR2004


def _animation(file: BinaryIO, fmt: str, durations: list[float]) -> Header:
    _check_duration(sum(durations))
    image = stills.open_still(file, fmt)
    declared = getattr(image, "n_frames", len(durations))
    declared -= 1 if getattr(image, "default_image", False) else 0
    if len(durations) < declared:
        msg = f"is cut off: it declares {declared} frames, but only {len(durations)} are there"
        raise Fault(msg, "Export or download it again.")
    clip = clips.AnimatedClip(file, fmt, None)
    first = clip.at(0.0)
    return {
        "kind": "video",
        "width": clip.width,
        "height": clip.height,
        "duration_s": round(sum(durations), 6),
        "fps": len(durations) / sum(durations),
        "has_alpha": len(first.planes) > 3,  # noqa: PLR2004 -- Y, U, V
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
    if source.audio is not None and not _is_audible(source, source.audio):
        source.audio = None
    if not facts and source.audio is None:
        msg = "holds neither a picture nor a sound that can be decoded"
        raise Fault(msg, "Export or download it again.")
    ends = _ends(source, declared, fmt)
    _check_duration(ends.last_s)
    _check_whole(ends.last_s, declared)
    duration = ends.video_s if facts and ends.video_s > 0 else ends.last_s
    if facts and not _picture_near_end(source, source.video, duration):
        msg = "is damaged: its last part can't be decoded"
        raise Fault(msg, "Export or download it again.")
    if duration <= 0:
        msg = "lasts no time at all: there is no sound or picture in it"
        raise Fault(msg, "Export or download it again.")
    facts.setdefault("kind", "audio")
    return {**facts, "duration_s": round(duration, 6), "has_audio": source.audio is not None}


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
        "fps": float(rate) if rate and 0.01 < rate < 1000 else None,  # noqa: PLR2004 -- else nonsense
        "has_alpha": clips.sees_through(frame),
    }


def _is_audible(source: Source, stream: AudioStream) -> bool:
    """One frame of the sound decodes."""
    if source.video is not None:
        seek(source, stream, 0.0)
    return next(sounds.audio_frames(source, stream), None) is not None


def _ends(source: Source, declared: float, fmt: str) -> _Ends:
    streams = _streams(source)
    seekable = declared > 2 * TAIL_S and fmt not in _UNINDEXED
    ends = _read_to_end(source, streams, declared - TAIL_S if seekable else 0.0)
    # Where seeking to the end found nothing (cut off, or no index), the whole file is read: no decoding.
    if seekable and any(_end_of(ends, stream) <= 0 for stream in streams):
        rest = _read_to_end(source, streams, 0.0)
        ends = _Ends(max(ends.video_s, rest.video_s), max(ends.audio_s, rest.audio_s))
    return ends


def _end_of(ends: _Ends, stream: Any) -> float:  # noqa: ANN401 -- PyAV's streams share no useful base
    return ends.video_s if stream.type == "video" else ends.audio_s


def _read_to_end(source: Source, streams: Sequence[Stream], from_s: float) -> _Ends:
    seek(source, streams[0], from_s)
    ends = _Ends()
    for packet in packets(source, *streams):
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


def _picture_near_end(source: Source, stream: VideoStream | None, duration: float) -> bool:
    if stream is None:
        return True
    for from_s in (max(0.0, duration - 0.5), max(0.0, duration - TAIL_S), 0.0):
        seek(source, stream, from_s)
        if next(clips.timed_frames(source, stream), None) is not None:
            return True
    return False
