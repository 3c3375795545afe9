"""Texts in motion, on planes: asked for every frame, so nothing is drawn twice that stays as it is.

A piece that stands still is blended straight from its tile; one that moves is shifted by itself; a tile that grows or
comes into focus is made from copies of it that are kept.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final, cast

import cv2
import numpy as np

from reelframe.render.growing import Growing, mixed
from reelframe.render.planes import Plane, Planes, Scratch
from reelframe.render.text import Piece, Pose, TextBox, TextTile
from reelframe.render.tiles import Rectangle, Tile

__all__ = ["Letters", "Supple"]

# Over so many px a highlight begins, so that it moves by parts of a pixel.
_SOFT_PX: Final = 2.0
# Less blur than this can't be seen.
_SHARP: Final = 0.2
# From this much on a blur is made on a copy of half the size, or of a quarter, or of an eighth.
_COARSE: Final = 2.0
_SMALLEST: Final = 8


class Letters:
    """A text whose letters appear piece by piece, as the animations that reveal ask for.

    Each piece takes with it what is around its letters (outline, shadow) up to half way to its neighbours. The plate
    is there whole.
    """

    def __init__(self, drawn: TextTile, x: int, y: int, frame: tuple[int, int]) -> None:
        """``drawn`` with its top left corner at (x, y) of a frame (w, h)."""
        self._plate = None if drawn.flat_plate is None else Tile(drawn.flat_plate, x, y, frame)
        self._letters = Tile(drawn.flat_letters, x, y, frame)
        self._said = self._letters if drawn.highlight is None else Tile(drawn.flat_said, x, y, frame)
        self._rtl = drawn.rtl
        self._origin = x, y
        self._kinds = tuple(_areas(drawn, boxes, x, y) for boxes in (drawn.words, drawn.lines, drawn.graphemes))

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        tiles = {id(tile): tile for tile in (self._plate, self._letters, self._said) if tile is not None}
        return sum(tile.nbytes for tile in tiles.values())

    def paint(self, pieces: Sequence[Piece], planes: Planes, plate: float = 1.0) -> None:
        """Lay the plate, at an opacity of its own, and ``pieces`` (of ``pose``) over a frame."""
        if self._plate is not None:
            self._plate.blend(planes, plate)
        areas = self._areas_of(pieces)
        still: dict[tuple[bool, float], list[Rectangle]] = {}
        for piece in pieces:
            area = areas[_key(piece.box)]
            if piece.opacity <= 0:
                continue
            if piece.dy or 0 < piece.highlight < 1:
                self._paint_moving(piece, area, planes)
            else:
                _joined(still.setdefault((piece.highlight == 1, piece.opacity), []), area)
        for (said, own), joined in still.items():
            for area in joined:
                (self._said if said else self._letters).blend(planes, own, area)

    def _areas_of(self, pieces: Sequence[Piece]) -> dict[tuple[int, int], Rectangle]:
        """The areas of the boxes among which the pieces were chosen."""
        for kind in self._kinds:
            if all(_key(piece.box) in kind for piece in pieces):
                return kind
        msg = "these pieces are not this text's"
        raise ValueError(msg)

    def _paint_moving(self, piece: Piece, area: Rectangle, planes: Planes) -> None:
        left, top, right, bottom = area
        opacity = piece.opacity
        if piece.dy:
            tile = self._said if piece.highlight == 1 else self._letters
            tile.cut(area).moved(0.0, piece.dy).blend(planes, opacity)
            return
        box = piece.box.rect
        # Reading begins at the right where the text does.
        done = 1 - piece.highlight if self._rtl else piece.highlight
        edge = self._origin[0] + box.x + box.width * done
        begin = min(right, max(left, 2 * math.floor((edge - _SOFT_PX / 2) / 2)))
        end = min(right, max(left, begin + 2 * math.ceil(_SOFT_PX / 2) + 2))
        before, after = (self._letters, self._said) if self._rtl else (self._said, self._letters)
        before.blend(planes, opacity, (left, top, begin, bottom))
        after.blend(planes, opacity, (end, top, right, bottom))
        self._strip(before, after, edge, (begin, top, end, bottom)).blend(planes, opacity)

    def _strip(self, before: Tile, after: Tile, edge: float, area: Rectangle) -> Tile:
        """The few columns in which one colour goes over into the other."""
        one, other = before.cut(area), after.cut(area)

        def ramp(half: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
            # The middle of each sample; chroma is sited left.
            at = one.x + (np.arange(one.w // half) + 0.5 / half) * half
            return np.clip(0.5 - (at - edge) / _SOFT_PX, 0, 1).astype(np.float32)

        mixed = tuple(
            np.rint(a * r + b * (1 - r)).astype(np.uint8)
            for a, b, r in zip(one.colour, other.colour, (ramp(1), ramp(2), ramp(2)), strict=True)
        )
        return Tile.of(cast("Planes", mixed), one.rest, one.x, one.y)


def _key(box: TextBox) -> tuple[int, int]:
    return box.start, box.end


def _joined(areas: list[Rectangle], area: Rectangle) -> None:
    """Add ``area`` to the list, to its last one when the two are one rectangle."""
    while areas:
        a = areas[-1]
        beside = (a[1], a[3]) == (area[1], area[3]) and (a[2] == area[0] or area[2] == a[0])
        below = (a[0], a[2]) == (area[0], area[2]) and (a[3] == area[1] or area[3] == a[1])
        if not beside and not below:
            break
        area = min(a[0], area[0]), min(a[1], area[1]), max(a[2], area[2]), max(a[3], area[3])
        areas.pop()
    areas.append(area)


def _areas(tile: TextTile, boxes: Sequence[TextBox], x: int, y: int) -> dict[tuple[int, int], Rectangle]:
    """What belongs to each of ``boxes``: all of them together the whole tile, with its corner at (x, y)."""
    lines = sorted(tile.lines, key=lambda box: box.line)
    tops = [0.0]
    for above, below in itertools.pairwise(lines):
        tops.append((above.rect.y + above.rect.height + below.rect.y) / 2)
    tops.append(float(tile.height))
    found = {}
    for number in range(len(lines)):
        row = sorted((box for box in boxes if box.line == number), key=lambda box: box.rect.x + box.rect.width / 2)
        edges = [0.0]
        for one, other in itertools.pairwise(row):
            edges.append((one.rect.x + one.rect.width + other.rect.x) / 2)
        edges.append(float(tile.width))
        # The tile's own place is a whole number of pixels, and so are these.
        top, bottom = y + round(tops[number]), y + round(tops[number + 1])
        for place, box in enumerate(row):
            found[_key(box)] = x + round(edges[place]), top, x + round(edges[place + 1]), bottom
    return found


class Supple:
    """A tile that grows and comes into focus. Shared by threads: what one of them makes is as good as the other's."""

    def __init__(self, tile: Tile) -> None:
        """``tile`` as it rests."""
        self._tile = tile
        self._wide: Tile | None = None
        self._coarse: dict[int, Tile] = {}
        self._soft: dict[float, Tile] = {}
        self._growing: Growing | None = None

    @property
    def nbytes(self) -> int:
        """The memory it takes at most, without the tile itself: it fills as it is asked."""
        return 5 * self._tile.nbytes

    def posed(self, pose: Pose, middle: tuple[float, float], frame: tuple[int, int], scratch: Scratch) -> Tile:
        """The tile in a pose, its opacity left to ``blend``.

        Args:
            pose: without pieces.
            middle: the place of the frame about which it grows, in px, to the nearest even ones.
            frame: its width and height.
            scratch: of the worker that asks.
        """
        tile = self._blurred(pose.blur) if pose.blur > _SHARP else self._tile
        if pose.scale != 1:
            growing = self._growing
            if growing is None or (growing.tile, growing.middle) != (tile, middle):
                growing = self._growing = Growing(tile, middle, frame)
            tile = growing.at(pose.scale, scratch)
        return tile.moved(pose.dx, pose.dy) if pose.dx or pose.dy else tile

    # --- focus -------------------------------------------------------------------------------------------

    def _blurred(self, sigma: float) -> Tile:
        """The tile softened by a Gaussian of ``sigma`` px."""
        if sigma >= _COARSE:
            return self._softened(sigma)
        # Between two that are kept, by their variances: at less than two pixels nobody can tell.
        low, high = (0.0, 1.0) if sigma < 1 else (1.0, _COARSE)
        share = (sigma**2 - low**2) / (high**2 - low**2)
        return mixed(self._kept(low), self._kept(high), share)

    def _kept(self, sigma: float) -> Tile:
        if sigma not in self._soft:
            self._soft[sigma] = self._softened(sigma) if sigma else self._widened()
        return self._soft[sigma]

    def _widened(self) -> Tile:
        """The tile with empty room for the widest blur all round; its sides can be halved again and again."""
        if self._wide is None:
            room = 6 * _SMALLEST
            right, bottom = (room + -size % (2 * _SMALLEST) for size in (self._tile.w, self._tile.h))

            def widened(plane: Plane, half: int, empty: int) -> Plane:
                sides = room // half, bottom // half, room // half, right // half
                return cast("Plane", cv2.copyMakeBorder(plane, *sides, cv2.BORDER_CONSTANT, value=empty))

            self._wide = self._tile.changed(widened, self._tile.x - room, self._tile.y - room)
        return self._wide

    def _softened(self, sigma: float) -> Tile:
        shrink = 1 if sigma < _COARSE else min(_SMALLEST, 2 ** math.floor(math.log2(sigma)))
        wide = self._widened()
        if shrink not in self._coarse:
            self._coarse[shrink] = wide.changed(lambda p, _, __: _shrunk(p, shrink), wide.x, wide.y)
        # To make it smaller and larger again softens it too: a box of that many pixels, and two triangles.
        already = (shrink**2 - 1) / 12 + shrink**2 / 6 if shrink > 1 else 0.0

        def softened(plane: Plane, half: int, _: int) -> Plane:
            own = math.sqrt((sigma / half) ** 2 - already) / shrink if (sigma / half) ** 2 > already else 0.0
            soft = cv2.GaussianBlur(plane, (0, 0), own, borderType=cv2.BORDER_REPLICATE) if own else plane
            if shrink == 1:
                return cast("Plane", soft)
            size = plane.shape[1] * shrink, plane.shape[0] * shrink
            return cast("Plane", cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR))

        return self._coarse[shrink].changed(softened, wide.x, wide.y)


def _shrunk(plane: Plane, shrink: int) -> Plane:
    if shrink == 1:
        return plane
    size = plane.shape[1] // shrink, plane.shape[0] // shrink
    return cast("Plane", cv2.resize(plane, size, interpolation=cv2.INTER_AREA))
