"""Encoded pieces and sound to one MP4, MOV or WebM file, by copying: nothing is encoded here.

Both streams last exactly as long as the composition: the sound's run-up lies before time 0 and is skipped by the
edit list, and its last packet is declared as long as what is left, however far the encoder padded it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av

from reelframe.render.encode import (
    AAC,
    AUDIO_RATE,
    AudioCodec,
    Encoded,
    Packet,
    VideoSettings,
    tag_bt709,
)

__all__ = ["MADE_WITH", "PLAIN", "Tags", "fragments", "tagged", "write_movie"]

MADE_WITH: Final = "made with reelframe"

# The movie's own clock: fine enough for every frame rate up to 240 to come out whole.
_TIMESCALE: Final = 90_000
_VIDEO, _AUDIO = 0, 1
# How much of a film is told at once where it is watched while it is made, in microseconds.
_FRAGMENT_US: Final = 500_000

Timed = tuple[int, Packet, int, Fraction]


@dataclass(frozen=True, slots=True)
class Tags:
    """What a file says of itself, and nothing else: of the photos' own metadata nothing is carried over.

    Attributes:
        title: what it is called; "" for nothing.
        chapters: where each begins, in seconds, and its name; in order.
    """

    title: str = ""
    chapters: tuple[tuple[float, str], ...] = ()


PLAIN: Final = Tags()
"""A file without a title and without chapters."""


def tagged(output: Any, tags: Tags, seconds: float) -> None:  # noqa: ANN401 -- av's container
    """Put the tags onto a file that is about to be written; must come before its first packet."""
    output.metadata["comment"] = MADE_WITH
    if tags.title:
        output.metadata["title"] = tags.title
    if not tags.chapters:
        return
    ends = [*(at for at, _ in tags.chapters[1:]), seconds]
    output.set_chapters(
        [
            {
                "id": n, "start": round(at * 1000), "end": round(end * 1000), "time_base": Fraction(1, 1000),
                "metadata": {"title": name},
            }
            for n, ((at, name), end) in enumerate(zip(tags.chapters, ends, strict=True))
        ]
    )  # fmt: skip


def write_movie(
    path: Path,
    container: str,
    settings: VideoSettings,
    pieces: Iterable[Encoded],
    frames: int,
    sound: Encoded | None,
    check: Callable[[], None],
    *,
    audio: AudioCodec = AAC,
    tags: Tags = PLAIN,
) -> None:
    """Join pieces and sound.

    Args:
        path: the file to write; overwritten.
        container: "mp4", "mov" or "webm".
        settings: what the pieces were encoded with.
        pieces: in order; read one after the other, so that a long video is never in memory as a whole.
        frames: how many frames they have together.
        sound: at 48 kHz, or None.
        check: called between packets; raises to cancel.
        audio: what the sound was encoded with.
        tags: the title and the chapters.
    """
    first, rest = _peek(pieces)
    options = {"fflags": "+bitexact"}
    if container != "webm":
        options |= {"movflags": "+faststart", "video_track_timescale": str(_TIMESCALE)}
    with av.open(str(path), "w", format=container, options=options) as output:
        tagged(output, tags, frames / settings.fps)
        streams = _streams(output, settings, first.header, audio if sound is not None else None)
        for timed in _interleaved(rest, settings.fps, frames, sound.packets if sound else (), audio.frame):
            check()
            _put(output, streams, timed)


class _Sink:
    """A file that can only be written on; what was written is taken away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def fragments(
    settings: VideoSettings,
    pieces: Iterable[Encoded],
    frames: int,
    sound: Iterable[Packet] | None,
    check: Callable[[], None],
) -> Iterator[bytes]:
    """The same as a fragmented MP4, in parts that can be played as they come: about half a second each.

    The first part begins with the header that describes the streams. See ``write_movie`` for the arguments; the
    sound is AAC, and the pieces must have been encoded without B-frames, or the picture would come late by as many.
    """
    first, rest = _peek(pieces)
    # There is no edit list that would hide the run-up. What a decoder misses without it is a soft attack.
    heard = (p for p in sound or () if p.pts >= 0)
    sink = _Sink()
    options = {
        "fflags": "+bitexact", "movflags": "+empty_moov+default_base_moof", "frag_duration": str(_FRAGMENT_US),
        "video_track_timescale": str(_TIMESCALE),
    }  # fmt: skip
    with av.open(sink, "w", format="mp4", options=options) as output:
        streams = _streams(output, settings, first.header, AAC if sound is not None else None)
        for timed in _interleaved(rest, settings.fps, frames, heard, AAC.frame):
            check()
            _put(output, streams, timed)
            if data := sink.take():
                yield data
    if data := sink.take():
        yield data


def _streams(
    output: Any,  # noqa: ANN401 -- av's container
    settings: VideoSettings,
    header: bytes,
    audio: AudioCodec | None,
) -> list[Any]:
    """The streams of a file, the picture's first, ready for packets that were encoded elsewhere."""
    video = output.add_stream(settings.codec, rate=settings.fps)
    video.width, video.height, video.pix_fmt = settings.width, settings.height, "yuv420p"
    video.time_base = Fraction(1, settings.fps)
    codec = video.codec_context
    codec.time_base = Fraction(1, settings.fps)
    if header:
        codec.extradata = header
    # Opening the stream makes an encoder; these make it describe the stream as the pieces have it.
    codec.options = settings.options()
    tag_bt709(codec)
    streams = [video]
    if audio is not None:
        heard = output.add_stream(audio.encoder, rate=AUDIO_RATE)
        heard.layout, heard.bit_rate = "stereo", audio.bits
        streams.append(heard)
    output.start_encoding()
    return streams


def _put(output: Any, streams: list[Any], timed: Timed) -> None:  # noqa: ANN401 -- av's container
    stream, packet, length, base = timed
    made: Any = av.Packet(packet.data)
    made.stream = streams[stream]
    made.pts, made.dts, made.duration = packet.pts, packet.dts, length
    made.time_base = base
    made.is_keyframe = packet.key
    output.mux(made)


def _peek(pieces: Iterable[Encoded]) -> tuple[Encoded, Iterator[Encoded]]:
    iterator = iter(pieces)
    first = next(iterator)

    def again() -> Iterator[Encoded]:
        yield first
        yield from iterator

    return first, again()


def _interleaved(
    pieces: Iterable[Encoded], fps: int, frames: int, sound: Iterable[Packet], size: int
) -> Iterator[Timed]:
    """Packets of both streams in the order of their decoding times, with their lengths and time bases."""
    audio = _sound(sound, frames, fps, size)
    waiting = next(audio, None)
    for timed in _video(pieces, fps):
        while waiting is not None and _time(waiting) <= _time(timed):
            yield waiting
            waiting = next(audio, None)
        yield timed
    while waiting is not None:
        yield waiting
        waiting = next(audio, None)


def _time(timed: Timed) -> Fraction:
    return timed[1].dts * timed[3]


def _video(pieces: Iterable[Encoded], fps: int) -> Iterator[Timed]:
    at = 0
    for piece in pieces:
        for p in piece.packets:
            yield _VIDEO, Packet(p.data, p.pts + at, p.dts + at, p.key), 1, Fraction(1, fps)
        at += len(piece.packets)


def _sound(sound: Iterable[Packet], frames: int, fps: int, size: int) -> Iterator[Timed]:
    end = round(Fraction(frames * AUDIO_RATE, fps))
    for p in sound:
        if p.pts >= end:
            return
        yield _AUDIO, p, min(size, end - p.pts), Fraction(1, AUDIO_RATE)
