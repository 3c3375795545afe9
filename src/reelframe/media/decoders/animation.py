"""How long each frame of an animated GIF, WebP or PNG is shown, without decoding one (worker only).

Pillow tells a frame's duration only after it has decoded it; a hostile file has a hundred thousand. The
containers are simple enough to walk. As browsers do, a frame of 10 ms or less counts as 100 ms.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO, Final

from reelframe.media.framing import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_FRAMES", "frame_durations"]

MAX_FRAMES: Final = 50_000


def frame_durations(file: BinaryIO, fmt: str) -> tuple[list[float], bool]:
    """Seconds of every frame that is whole, and whether the file ends as it should.

    Raises:
        Fault: more than ``MAX_FRAMES`` frames.
    """
    walk = {"gif": _gif, "webp": _webp, "png": _png}[fmt]
    durations: list[float] = []
    file.seek(0)
    try:
        for milliseconds in walk(file):
            durations.append(0.1 if milliseconds <= 10 else milliseconds / 1000)
            if len(durations) > MAX_FRAMES:
                msg = f"has over {MAX_FRAMES} frames"
                raise Fault(msg, "Export it as MP4.")
    except EOFError:
        return durations, False
    finally:
        file.seek(0)
    return durations, True


def _take(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _skip(file: BinaryIO, count: int) -> None:
    if count:
        file.seek(count - 1, 1)
        _take(file, 1)


def _gif(file: BinaryIO) -> Iterator[float]:
    """GIF89a: blocks of sub-blocks; a graphic control extension gives the delay of the image after it."""
    head = _take(file, 13)
    if head[10] & 0x80:
        _skip(file, 3 << (head[10] & 7) + 1)
    delay = 0
    while True:
        kind = file.read(1)
        if kind in {b";", b""}:
            return
        if kind == b"!":
            label = _take(file, 1)
            size = _take(file, 1)[0]
            block = _take(file, size)
            if label == b"\xf9" and size >= 3:  # flags and a 16-bit delay
                delay = 10 * int.from_bytes(block[1:3], "little")
            while size:
                size = _take(file, 1)[0]
                _skip(file, size)
        elif kind == b",":
            flags = _take(file, 9)[8]
            _skip(file, (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1)
            while size := _take(file, 1)[0]:
                _skip(file, size)
            yield delay
            delay = 0
        else:
            return


def _webp(file: BinaryIO) -> Iterator[float]:
    """RIFF chunks; an ANMF chunk holds position, size and 24 bits of milliseconds (WebP container spec)."""
    end = 8 + struct.unpack("<I", _take(file, 12)[4:8])[0]
    stills = animated = 0
    while file.tell() + 8 <= end:
        name, size = struct.unpack("<4sI", _take(file, 8))
        start = file.tell()
        duration = 0
        if name == b"ANMF" and size >= 16:  # the frame's own header
            duration = int.from_bytes(_take(file, 16)[12:15], "little")
        _skip(file, start + size + (size & 1) - file.tell())
        if name == b"ANMF":
            animated += 1
            yield duration
        elif name in {b"VP8 ", b"VP8L"}:
            stills += 1
    if stills and not animated:
        yield 0


def _png(file: BinaryIO) -> Iterator[float]:
    """PNG chunks; an fcTL chunk announces a frame and its delay as a fraction (PNG third edition, 11.3.6)."""
    _take(file, 8)
    delay: float | None = None
    while True:
        length, name = struct.unpack(">I4s", _take(file, 8))
        if name == b"fcTL" and length >= 26:  # its fixed length
            if delay is not None:
                yield delay
            top, bottom = struct.unpack(">HH", _take(file, 26)[20:24])
            delay = 1000 * top / (bottom or 100)
            length -= 26
        _skip(file, length + 4)
        if name == b"IEND":
            yield delay if delay is not None else 0
            return
