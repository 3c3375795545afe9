"""Small pictures laid over the frame: logos, stickers, texts. Premultiplied Y/U/V, blended in their rectangle only."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, cast

import cv2
import numpy as np

from reelframe.render.planes import BT709, Plane, Planes, halved
from reelframe.render.text import premultiplied

__all__ = ["BORDER", "NOTHING", "Rectangle", "Tile", "premultiplied"]

Rectangle = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the frame
# Straight from premultiplied R'G'B'A: the offsets of Y'CbCr are multiplied by alpha too.
_PREMULTIPLIED: Final = np.hstack([BT709[:, :3], BT709[:, 3:] / 255]).astype(np.float32)
NOTHING: Final = np.zeros((1, 1, 4), np.uint8)
# Empty pixels all round, into which a tile is shifted by up to two.
BORDER: Final = 2
OPAQUE: Final = 255


class Tile:
    """A picture with alpha at a fixed place of the frame.

    Attributes:
        x, y: where its planes begin in the frame, even; some of it may lie outside.
        w, h: its size with the empty border, even.
        colour: premultiplied Y, U, V.
        rest: what it leaves of what is behind, 0..255, at the luma's and the chroma's resolution.
    """

    __slots__ = ("colour", "h", "rest", "w", "x", "y")

    def __init__(self, rgba: Plane, x: int, y: int, frame: tuple[int, int]) -> None:
        """Convert premultiplied uint8 R'G'B'A (h, w, 4) whose top left corner is at (x, y) of a frame (w, h)."""
        cut = _inked(_clipped(rgba, x, y, frame))
        empty = np.zeros((2 * BORDER, 2 * BORDER, 4), np.uint8), 0, 0
        rgba, self.x, self.y = cut or empty
        self.h, self.w = rgba.shape[:2]
        luma, u, v = (cast("Plane", p) for p in cv2.split(cv2.transform(rgba, _PREMULTIPLIED)))
        alpha = cast("Plane", cv2.extractChannel(rgba, 3))
        # Grey, as most texts are: what is done to one of the two need not be done to the other.
        grey = np.array_equal(u, v)
        u = cast("Plane", halved(u))
        self.colour: Planes = (luma, u, u if grey else cast("Plane", halved(v)))
        self.rest = (
            cast("Plane", cv2.bitwise_not(alpha)),
            cast("Plane", cv2.bitwise_not(cast("Plane", halved(alpha)))),
        )

    @classmethod
    def of(cls, colour: Planes, rest: tuple[Plane, Plane], x: int, y: int) -> Tile:
        """A tile of such planes."""
        made = cls.__new__(cls)
        made.colour, made.rest, made.x, made.y = colour, rest, x, y
        made.h, made.w = colour[0].shape
        return made

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return sum(p.nbytes for p in {id(p): p for p in (*self.colour, *self.rest)}.values())

    def blend(self, planes: Planes, opacity: float = 1.0, part: Rectangle | None = None) -> None:
        """Lay it over a frame, or only what is in one part of the frame."""
        level = round(opacity * OPAQUE)
        if level <= 0:
            return
        left, top, right, bottom = self._within(planes, part)
        rests: dict[int, Plane] = {}
        colours: dict[int, Plane] = {}
        for i, (plane, colour) in enumerate(zip(planes, self.colour, strict=True)):
            half = 2 if i else 1
            rows, columns = slice(top // half, bottom // half), slice(left // half, right // half)
            target = plane[rows, columns]
            if not target.size:
                continue
            y, x = self.y // half, self.x // half
            own = slice(rows.start - y, rows.stop - y), slice(columns.start - x, columns.stop - x)
            if half not in rests:
                rests[half] = _faded_rest(self.rest[half - 1][own], level)
            if id(colour) not in colours:
                colours[id(colour)] = _faded(colour[own], level)
            cv2.multiply(target, rests[half], dst=target, scale=1 / 255)
            cv2.add(target, colours[id(colour)], dst=target)

    def _within(self, planes: Planes, part: Rectangle | None) -> Rectangle:
        height, width = planes[0].shape
        left, top = max(0, self.x), max(0, self.y)
        right, bottom = min(width, self.x + self.w), min(height, self.y + self.h)
        if part is not None:
            left, top = max(left, part[0]), max(top, part[1])
            right, bottom = min(right, part[2]), min(bottom, part[3])
        return left, top, max(left, right), max(top, bottom)

    def cut(self, part: Rectangle) -> Tile:
        """A copy of what is in one part of the frame, whose sides are taken as even, with a border of its own."""
        left, top = max(self.x, part[0] // 2 * 2), max(self.y, part[1] // 2 * 2)
        right, bottom = min(self.x + self.w, part[2] // 2 * 2), min(self.y + self.h, part[3] // 2 * 2)
        right, bottom = max(left, right), max(top, bottom)

        def copied(plane: Plane, half: int, empty: int) -> Plane:
            x, y, edge = self.x // half, self.y // half, BORDER // half
            spot = plane[top // half - y : bottom // half - y, left // half - x : right // half - x]
            out = np.full((spot.shape[0] + 2 * edge, spot.shape[1] + 2 * edge), empty, np.uint8)
            out[edge : edge + spot.shape[0], edge : edge + spot.shape[1]] = spot
            return out

        return self.changed(copied, left - BORDER, top - BORDER)

    def moved(self, dx: float, dy: float) -> Tile:
        """A copy shifted by parts of a pixel. What the frame's edge cut off stays away."""
        # Whole steps of two move the place, chroma with it; what is left over moves the pixels.
        step_x, step_y = 2 * math.floor(dx / 2), 2 * math.floor(dy / 2)

        def shifted(plane: Plane, half: int, empty: int) -> Plane:
            plane = _shifted(plane, (dy - step_y) / half, 0, empty)
            return _shifted(plane, (dx - step_x) / half, 1, empty)

        return self.changed(shifted, self.x + step_x, self.y + step_y)

    def changed(self, change: Callable[[Plane, int, int], Plane], x: int, y: int) -> Tile:
        """The tile at another place with every plane changed.

        ``change`` is given a plane, by how much it is smaller than the luma (1 or 2), and what it is where it is empty.
        """
        luma, u, v = self.colour
        small = change(u, 2, 0)
        colour = change(luma, 1, 0), small, small if v is u else change(v, 2, 0)
        rest = change(self.rest[0], 1, OPAQUE), change(self.rest[1], 2, OPAQUE)
        return Tile.of(colour, rest, x, y)


def _faded(colour: Plane, level: int) -> Plane:
    return colour if level == OPAQUE else cast("Plane", cv2.convertScaleAbs(colour, alpha=level / OPAQUE))


def _faded_rest(rest: Plane, level: int) -> Plane:
    if level == OPAQUE:
        return rest
    return cast("Plane", cv2.convertScaleAbs(rest, alpha=level / OPAQUE, beta=OPAQUE - level))


def _shifted(plane: Plane, way: float, axis: int, empty: int) -> Plane:
    """``plane`` shifted down (axis 0) or to the right (1) by up to its border's width, by parts of a pixel too."""
    whole = int(way)
    part = way - whole
    if not way:
        return plane
    out = np.full_like(plane, empty)
    size = plane.shape[axis]

    def from_(start: int) -> Plane:
        rows = slice(max(0, start), size - whole - 1 + start)
        return plane[rows] if axis == 0 else plane[:, rows]

    # Linear between two neighbours, which is what a shift is; far cheaper than resampling.
    mixed = cast("Plane", cv2.addWeighted(from_(1), 1 - part, from_(0), part, 0))
    if axis == 0:
        out[whole + 1 :] = mixed
    else:
        out[:, whole + 1 :] = mixed
    return out


def _clipped(rgba: Plane, x: int, y: int, frame: tuple[int, int]) -> tuple[Plane, int, int] | None:
    """The part inside the frame."""
    h, w = rgba.shape[:2]
    left, top = max(0, -x), max(0, -y)
    right, bottom = min(w, frame[0] - x), min(h, frame[1] - y)
    if right <= left or bottom <= top:
        return None
    return rgba[top:bottom, left:right], x + left, y + top


def _inked(cut: tuple[Plane, int, int] | None) -> tuple[Plane, int, int] | None:
    """The part that has ink, with the border, grown to even edges."""
    if cut is None:
        return None
    rgba, x, y = cut
    left, top, width, height = cv2.boundingRect(cv2.extractChannel(rgba, 3))
    if not width:
        return None
    x, y = x + left, y + top
    # One more pixel to the left where needed: chroma's filter reaches there.
    before_x, before_y = BORDER + x % 2, BORDER + y % 2
    after_x, after_y = BORDER + (before_x + width) % 2, BORDER + (before_y + height) % 2
    spot = rgba[top : top + height, left : left + width]
    grown = cv2.copyMakeBorder(spot, before_y, after_y, before_x, after_x, cv2.BORDER_CONSTANT, value=0)
    return cast("Plane", grown), x - before_x, y - before_y
