"""Small pictures laid over the frame: logos, stickers, texts. Premultiplied Y/U/V, blended in their rectangle only."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, cast

import cv2
import numpy as np

from reelframe.render.planes import BT709, Plane, Planes, halved
from reelframe.render.text import Pose, TextTile, draw_pieces, premultiplied

__all__ = ["NOTHING", "Tile", "posed", "premultiplied", "rested", "shifted_only"]

# Straight from premultiplied R'G'B'A: the offsets of Y'CbCr are multiplied by alpha too.
_PREMULTIPLIED: Final = np.hstack([BT709[:, :3], BT709[:, 3:] / 255]).astype(np.float32)
# From here on a blur is done on a smaller copy, where it can't be told from one of the whole.
_FINE_SIGMA: Final = 4.0
NOTHING: Final = np.zeros((1, 1, 4), np.uint8)


class Tile:
    """A picture with alpha at a fixed place of the frame."""

    __slots__ = ("_alpha", "_at", "_colour", "h", "w", "x", "y")

    def __init__(self, rgba: Plane, x: int, y: int, frame: tuple[int, int]) -> None:
        """Convert premultiplied uint8 R'G'B'A (h, w, 4) whose top left corner is at (x, y) of a frame (w, h)."""
        self.x = self.y = self.w = self.h = 0
        self._colour: tuple[Plane, ...] = ()
        self._alpha: tuple[Plane, ...] = ()
        self._at: dict[int, list[tuple[Plane, Plane]]] = {}
        cut = _inked(_clipped(rgba, x, y, frame))
        if cut is None:
            return
        rgba, self.x, self.y = cut
        self.h, self.w = rgba.shape[:2]
        yuv = cv2.transform(rgba, _PREMULTIPLIED)
        alpha = np.ascontiguousarray(rgba[..., 3])
        small = cast("Plane", halved(alpha))
        y_, u, v = cv2.split(yuv)
        self._colour = (cast("Plane", y_), cast("Plane", halved(u)), cast("Plane", halved(v)))
        self._alpha = (alpha, small, small)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, width and height in the frame."""
        return self.x, self.y, self.w, self.h

    @property
    def nbytes(self) -> int:
        """The memory it takes, with what it keeps of its resting state."""
        own = (*self._colour, *self._alpha[:2])
        return sum(p.nbytes for p in own) + 2 * sum(p.nbytes for p in self._colour)

    def blend(self, planes: Planes, opacity: float = 1.0) -> None:
        """Lay it over a frame."""
        level = round(opacity * 255)
        if not self._colour or level <= 0:
            return
        for i, (colour, rest) in enumerate(self._levels(level)):
            half = 1 if i == 0 else 2
            part = planes[i][self.y // half : (self.y + self.h) // half, self.x // half : (self.x + self.w) // half]
            cv2.multiply(part, rest, dst=part, scale=1 / 255)
            cv2.add(part, colour, dst=part)

    def moved(self, dx: float, dy: float, frame: tuple[int, int]) -> Tile:
        """A copy shifted by parts of a pixel. What the frame's edge cut off stays away."""
        # Whole steps of two move the place, chroma with it; what is left over moves the pixels.
        step_x, step_y = 2 * math.floor(dx / 2), 2 * math.floor(dy / 2)
        out = Tile(NOTHING, 0, 0, frame)
        left, top = self.x + step_x, self.y + step_y
        cut_x, cut_y = max(0, -left), max(0, -top)
        right, bottom = min(frame[0], left + self.w + 2), min(frame[1], top + self.h + 2)
        if not self._colour or right <= left + cut_x or bottom <= top + cut_y:
            return out
        out.x, out.y = left + cut_x, top + cut_y
        out.w, out.h = right - out.x, bottom - out.y

        def shifted(plane: Plane, half: int) -> Plane:
            x, y = (dx - step_x - cut_x) / half, (dy - step_y - cut_y) / half
            size = out.w // half, out.h // half
            return cast("Plane", cv2.warpAffine(plane, np.array([[1, 0, x], [0, 1, y]]), size))

        out._colour = tuple(shifted(p, 1 if i == 0 else 2) for i, p in enumerate(self._colour))
        small = shifted(self._alpha[1], 2)
        out._alpha = (shifted(self._alpha[0], 1), small, small)
        return out

    def _levels(self, level: int) -> list[tuple[Plane, Plane]]:
        """Colour and what is left of the background at an opacity of ``level``/255."""
        if level not in self._at:
            share = level / 255
            made = [
                (
                    cast("Plane", cv2.convertScaleAbs(colour, alpha=share)),
                    cast("Plane", cv2.convertScaleAbs(alpha, alpha=-share, beta=255)),
                )
                for colour, alpha in zip(self._colour, self._alpha, strict=True)
            ]
            if level != 255:  # noqa: PLR2004 -- only the resting state comes again and again
                return made
            self._at[level] = made
        return self._at[level]


def _clipped(rgba: Plane, x: int, y: int, frame: tuple[int, int]) -> tuple[Plane, int, int] | None:
    """The part inside the frame."""
    h, w = rgba.shape[:2]
    left, top = max(0, -x), max(0, -y)
    right, bottom = min(w, frame[0] - x), min(h, frame[1] - y)
    if right <= left or bottom <= top:
        return None
    return rgba[top:bottom, left:right], x + left, y + top


def _inked(cut: tuple[Plane, int, int] | None) -> tuple[Plane, int, int] | None:
    """The part that has ink, grown to even edges."""
    if cut is None:
        return None
    rgba, x, y = cut
    rows = np.flatnonzero(rgba[..., 3].any(axis=1))
    columns = np.flatnonzero(rgba[..., 3].any(axis=0))
    if not len(rows):
        return None
    rgba = rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    x, y = x + int(columns[0]), y + int(rows[0])
    # One more pixel to the left where needed: chroma's filter reaches there.
    before_x, before_y = x % 2, y % 2
    after_x, after_y = (before_x + rgba.shape[1]) % 2, (before_y + rgba.shape[0]) % 2
    grown = np.pad(rgba, ((before_y, after_y), (before_x, after_x), (0, 0)))
    return np.ascontiguousarray(grown), x - before_x, y - before_y


def posed(tile: TextTile, pose: Pose) -> tuple[Plane, int, int]:
    """The premultiplied picture of a text in a pose, and its shift in whole px; the opacity is left to ``blend``.

    Of a pose in pieces only the letters: the plate stays as it is.
    """
    flat = premultiplied(tile.rgba) if pose.pieces is None else draw_pieces(tile, pose.pieces, plate=False)
    grow = int(np.ceil(3 * pose.blur + abs(pose.scale - 1) * max(flat.shape[:2]) + 2))
    if not (pose.dx or pose.dy or pose.blur or pose.scale != 1):
        return flat, 0, 0
    wide = np.pad(flat, ((grow, grow), (grow, grow), (0, 0)))
    dx, dy = int(np.floor(pose.dx)), int(np.floor(pose.dy))
    cx = tile.content.x + tile.content.width / 2 + grow - 0.5
    cy = tile.content.y + tile.content.height / 2 + grow - 0.5
    s = pose.scale
    matrix = np.array([[s, 0, cx * (1 - s) + pose.dx - dx], [0, s, cy * (1 - s) + pose.dy - dy]])
    moved = cv2.warpAffine(wide, matrix, (wide.shape[1], wide.shape[0]), flags=cv2.INTER_LINEAR)
    if pose.blur > 0.2:  # noqa: PLR2004 -- less can't be seen
        moved = _blurred(cast("Plane", moved), pose.blur)
    return cast("Plane", moved), dx - grow, dy - grow


def _blurred(flat: Plane, sigma: float) -> Plane:
    height, width = flat.shape[:2]
    shrink = max(1.0, sigma / _FINE_SIGMA)
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    if shrink > 1:
        flat = cast("Plane", cv2.resize(flat, size, interpolation=cv2.INTER_AREA))
    soft = cv2.GaussianBlur(flat, (0, 0), sigma * size[0] / width, sigmaY=sigma * size[1] / height)
    return cast("Plane", cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR) if shrink > 1 else soft)


def rested(pose: Pose) -> bool:
    """Whether only the opacity differs from a tile at rest."""
    return replace(pose, opacity=1.0).still


def shifted_only(pose: Pose) -> bool:
    """Whether only the place and the opacity differ from a tile at rest."""
    return replace(pose, opacity=1.0, dx=0.0, dy=0.0).still
