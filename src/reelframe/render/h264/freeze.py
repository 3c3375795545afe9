"""Slices that say "the same again", put into a stream that an encoder made of the other frames.

The encoder is given the first frames of every stretch, until the picture has settled, and then those after it, as if
nothing were left out. What is put in takes numbers (``frame_num``, the picture's order), so every slice behind it, as
far as the next IDR picture, is given numbers that are as much higher; nothing else in it is touched. To the decoder the
last frame put in then stands where the encoder thinks that its own last frame is, and shows the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from reelframe.render.h264.bits import escaped, overwritten, split_units, unescaped
from reelframe.render.h264.headers import IDR, SLICES, Headers, SliceHead, kind_of, read_head, read_p_slice
from reelframe.render.h264.skips import skip_slice

__all__ = ["Freezer", "Stretch", "stretches"]

# A picture gets better after it was first shown: until there was one group of B-frames and what they hang on.
SETTLING: Final = 6
# Fewer frames than these are not worth the one that the encoder must make a P-frame for them.
LEAST: Final = 3
_START_CODE: Final = b"\0\0\0\1"
# Every frame moves the picture's order by two: one for each of its fields.
_ORDER_STEP: Final = 2


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames ``start`` to ``end`` (exclusive) that show what the one before them does, and need no encoder."""

    start: int
    end: int

    @property
    def frames(self) -> int:
        """How many."""
        return self.end - self.start


def stretches(pictures: Sequence[object]) -> tuple[Stretch, ...]:
    """What need not be encoded of frames that show these; equal neighbours look the same."""
    out, at = [], 0
    for _, run in groupby(pictures):
        end = at + sum(1 for _ in run)
        if end - at >= SETTLING + LEAST:
            out.append(Stretch(at + SETTLING, end))
        at = end
    return tuple(out)


class Freezer:
    """Takes the units of one closed GOP (or several) in the order of decoding."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers
        self._skipped = 0
        self._last: SliceHead | None = None

    def passed(self, access_unit: bytes) -> bytes:
        """An encoded frame, with the numbers that it has behind what was put in before it."""
        units = split_units(access_unit)
        slices = [i for i, (_, unit) in enumerate(units) if kind_of(unit) in SLICES]
        if any(kind_of(units[i][1]) == IDR for i in slices):
            # All numbers begin anew.
            self._skipped = 0
        for i in slices:
            code, unit = units[i]
            units[i] = code, self._renumbered(unit)
        return b"".join(part for pair in units for part in pair) if self._skipped else access_unit

    def _renumbered(self, unit: bytes) -> bytes:
        h = self._headers
        bare = unescaped(unit)
        if self._skipped:
            head = read_head(bare, h)
            bare = overwritten(bare, head.frame_num_at, h.frame_num_bits, head.frame_num + self._skipped)
            bare = overwritten(bare, head.order_at, h.order_bits, head.order + _ORDER_STEP * self._skipped)
        if bare[0] & 0x60:
            self._last = read_p_slice(bare, h)
        return escaped(bare)

    def frozen(self, frames: int) -> Iterator[bytes]:
        """So many more frames of the last picture.

        Raises:
            ValueError: the last frame that others may refer to was no P-frame.
        """
        if self._last is None:
            message = "A picture can only be held after a P-frame."
            raise ValueError(message)
        h, head = self._headers, self._last
        for i in range(1, frames + 1):
            again = replace(head, frame_num=head.frame_num + i, order=head.order + _ORDER_STEP * i)
            yield _START_CODE + skip_slice(again, h)
        self._skipped += frames
