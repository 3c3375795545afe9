"""Encoded pieces and sound to one MP4 or MOV file, by copying: nothing is encoded here.

Both streams last exactly as long as the composition: the sound's run-up lies before time 0 and is skipped by the
edit list, and its last packet is declared as long as what is left, however far the encoder padded it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av

from reelframe.render.encode import (
    AAC_FRAME,
    AUDIO_BITS,
    AUDIO_RATE,
    Encoded,
    Packet,
    VideoSettings,
    tag_bt709,
)

__all__ = ["write_movie"]

# The movie's own clock: fine enough for every frame rate up to 240 to come out whole.
_TIMESCALE: Final = 90_000
_VIDEO, _AUDIO = 0, 1


def write_movie(
    path: Path,
    container: str,
    settings: VideoSettings,
    pieces: Iterable[Encoded],
    frames: int,
    sound: Encoded | None,
    check: Callable[[], None],
) -> None:
    """Join pieces and sound.

    Args:
        path: the file to write; overwritten.
        container: "mp4" or "mov".
        settings: what the pieces were encoded with.
        pieces: in order; read one after the other, so that a long video is never in memory as a whole.
        frames: how many frames they have together.
        sound: AAC at 48 kHz, or None.
        check: called between packets; raises to cancel.
    """
    first, rest = _peek(pieces)
    options = {"movflags": "+faststart", "fflags": "+bitexact", "video_track_timescale": str(_TIMESCALE)}
    with av.open(str(path), "w", format=container, options=options) as output:
        out: Any = output
        video = out.add_stream("libx264", rate=settings.fps)
        video.width, video.height, video.pix_fmt = settings.width, settings.height, "yuv420p"
        video.time_base = Fraction(1, settings.fps)
        codec = video.codec_context
        codec.time_base, codec.extradata = Fraction(1, settings.fps), first.header
        # Opening the stream makes an encoder; these make it describe the stream as the pieces have it.
        codec.options = settings.options()
        tag_bt709(codec)
        streams = [video]
        if sound is not None:
            audio = out.add_stream("aac", rate=AUDIO_RATE)
            audio.layout, audio.bit_rate = "stereo", AUDIO_BITS
            streams.append(audio)
        out.start_encoding()
        for stream, packet, length, base in _interleaved(rest, settings.fps, frames, sound):
            check()
            made: Any = av.Packet(packet.data)
            made.stream = streams[stream]
            made.pts, made.dts, made.duration = packet.pts, packet.dts, length
            made.time_base = base
            made.is_keyframe = packet.key
            out.mux(made)


def _peek(pieces: Iterable[Encoded]) -> tuple[Encoded, Iterator[Encoded]]:
    iterator = iter(pieces)
    first = next(iterator)

    def again() -> Iterator[Encoded]:
        yield first
        yield from iterator

    return first, again()


Timed = tuple[int, Packet, int, Fraction]


def _interleaved(pieces: Iterable[Encoded], fps: int, frames: int, sound: Encoded | None) -> Iterator[Timed]:
    """Packets of both streams in the order of their decoding times, with their lengths and time bases."""
    audio = _sound(sound, frames, fps)
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


def _sound(sound: Encoded | None, frames: int, fps: int) -> Iterator[Timed]:
    if sound is None:
        return
    end = round(Fraction(frames * AUDIO_RATE, fps))
    for p in sound.packets:
        if p.pts >= end:
            return
        yield _AUDIO, p, min(AAC_FRAME, end - p.pts), Fraction(1, AUDIO_RATE)
