"""A tile that grows about a point: redrawn at another size for every frame, by parts of a pixel and cheaply.

``cv2.resize`` is four times as fast as ``warpAffine``, but begins with a whole pixel. Seen from the point about which
it grows, each quarter of a picture does: mirrored, so that the point is its first corner, it is resized as it is.
"""

from __future__ import annotations

import math
from typing import Final, cast

import cv2
import numpy as np

from reelframe.render.planes import AREA_FROM, Plane, Scratch
from reelframe.render.tiles import BORDER, Rectangle, Tile

__all__ = ["Growing", "mixed"]

# Above and left of the point, above and right, below and left, below and right.
_Quarters = tuple[Plane, Plane, Plane, Plane]
_MIRRORED: Final = (-1, 0, 1, None)  # as cv2.flip has it: both ways, upside down, left to right
# Where nothing is farther than so many px from where it rests, two pictures so far apart are mixed: that is what linear
# interpolation does, at a quarter of the price.
_HARDLY: Final = 1.2


class Growing:
    """One tile and the point about which it grows. Shared by threads: what one makes is as good as the other's."""

    def __init__(self, tile: Tile, middle: tuple[float, float], frame: tuple[int, int]) -> None:
        """``tile`` as it rests in a frame (w, h); the point is the even one nearest to ``middle``, within both."""
        self.tile, self.middle, self._frame = tile, middle, frame
        x, y = (
            2 * round(min(max(at, start, 0), start + size, side) / 2)
            for at, start, size, side in zip(middle, (tile.x, tile.y), (tile.w, tile.h), frame, strict=True)
        )
        self._point = x, y
        self._reach = max(1, x - tile.x, tile.x + tile.w - x, y - tile.y, tile.y + tile.h - y)
        self._quarters: dict[int, _Quarters] = {}
        self._near: dict[float, tuple[Tile, Tile]] = {}

    def at(self, scale: float, scratch: Scratch) -> Tile:
        """The tile at a size, with an empty border wherever the frame does not cut it off."""
        if abs(scale - 1) * self._reach >= _HARDLY:
            return self._drawn(scale, self._spans(scale), scratch)
        near = 1 + math.copysign(_HARDLY / self._reach, scale - 1)
        if near not in self._near:
            spans = self._spans(max(1, near))
            self._near[near] = self._drawn(1, spans, scratch), self._drawn(near, spans, scratch)
        return mixed(*self._near[near], (scale - 1) / (near - 1))

    def _spans(self, scale: float) -> Rectangle:
        """What the tile covers of the frame at this size."""
        tile, (x, y) = self.tile, self._point
        left, right = _span(tile.x, tile.w, x, scale, self._frame[0])
        top, bottom = _span(tile.y, tile.h, y, scale, self._frame[1])
        return left, top, right, bottom

    def _drawn(self, scale: float, spans: Rectangle, scratch: Scratch) -> Tile:
        tile, (x, y) = self.tile, self._point
        left, top, right, bottom = spans

        def drawn(plane: Plane, half: int, empty: int) -> Plane:
            # Chroma is sited a quarter of its pixel left of the point, and grows about the pixel's edge: for what is a
            # tenth larger that makes a fortieth.
            if id(plane) not in self._quarters:
                self._quarters[id(plane)] = _quarters(plane, (y - tile.y) // half, (x - tile.x) // half)
            out = np.full(((bottom - top) // half, (right - left) // half), empty, np.uint8)
            _draw(self._quarters[id(plane)], scale, out, ((y - top) // half, (x - left) // half), scratch)
            return out

        return tile.changed(drawn, left, top)


def mixed(one: Tile, other: Tile, share: float) -> Tile:
    """Two tiles of the same place and size in one, ``share`` (0..1) of it the other."""

    def mix(a: Plane, b: Plane) -> Plane:
        return cast("Plane", cv2.addWeighted(a, 1 - share, b, share, 0))

    u = mix(one.colour[1], other.colour[1])
    v = u if one.colour[2] is one.colour[1] else mix(one.colour[2], other.colour[2])
    rest = mix(one.rest[0], other.rest[0]), mix(one.rest[1], other.rest[1])
    return Tile.of((mix(one.colour[0], other.colour[0]), u, v), rest, one.x, one.y)


def _span(start: int, size: int, point: int, scale: float, side: int) -> tuple[int, int]:
    """From where to where (even px) a stretch and a border reach in a frame when it has grown about ``point``."""
    low = 2 * math.floor((point + scale * (start - point)) / 2) - BORDER
    high = 2 * math.ceil((point + scale * (start + size - point)) / 2) + BORDER
    return min(max(0, low), point), max(min(side, high), point)


def _split(plane: Plane, row: int, column: int) -> _Quarters:
    """Views of the four quarters about a point."""
    return plane[:row, :column], plane[:row, column:], plane[row:, :column], plane[row:, column:]


def _mirrored(plane: Plane, how: int | None) -> Plane:
    return plane if how is None or not plane.size else cast("Plane", cv2.flip(plane, how))


def _quarters(plane: Plane, row: int, column: int) -> _Quarters:
    one, two, three, four = map(_mirrored, _split(plane, row, column), _MIRRORED)
    return one, two, three, four


def _draw(quarters: _Quarters, scale: float, out: Plane, point: tuple[int, int], scratch: Scratch) -> None:
    """Draw the quarters about ``point`` (row, column) of ``out``."""
    for quarter, target, how in zip(quarters, _split(out, *point), _MIRRORED, strict=True):
        # OpenCV rounds half to even here, as Python does.
        size = round(quarter.shape[0] * scale), round(quarter.shape[1] * scale)
        rows, columns = min(size[0], target.shape[0]), min(size[1], target.shape[1])
        if not rows or not columns:
            continue
        resized = _resized(quarter, scale, scratch.plane(0, *size))
        # It begins at the point, in the frame as in the quarter: it is mirrored back.
        near = target[-rows:] if how in {-1, 0} else target[:rows]
        near = near[:, -columns:] if how in {-1, 1} else near[:, :columns]
        near[:] = _mirrored(resized[:rows, :columns], how)


def _resized(plane: Plane, scale: float, out: Plane) -> Plane:
    """Fill ``out``, of the size that is nearest, with a plane as it is seen from its first corner."""
    if out.shape != plane.shape or scale == 1:
        interpolation = cv2.INTER_AREA if scale * AREA_FROM < 1 else cv2.INTER_LINEAR
        return cast("Plane", cv2.resize(plane, None, out, scale, scale, interpolation))
    # It would be copied as it is: a short text would stop, and then leap by half a pixel.
    step, size = 1 / scale, (plane.shape[1], plane.shape[0])
    matrix = np.array([[step, 0, 0.5 * step - 0.5], [0, step, 0.5 * step - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cast("Plane", cv2.warpAffine(plane, matrix, size, out, flags, cv2.BORDER_REPLICATE))
