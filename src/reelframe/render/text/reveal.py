"""Draws a tile whose letters appear piece by piece, as the animations that reveal ask for.

Asked for every frame, so everything is done in eight bits, and only where a piece is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from .raster import tinted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .animate import Piece
    from .tile import TextBox, TextTile

__all__ = ["draw_pieces"]

# Over so many px a highlight begins, so that it moves by parts of a pixel.
SOFT_PX: Final = 2.0


def draw_pieces(tile: TextTile, pieces: Sequence[Piece], *, plate: bool = True) -> NDArray[np.uint8]:
    """The tile with its plate whole and only ``pieces`` of its letters.

    Each piece takes with it what is around its letters (outline, shadow) up to half way to its neighbours. All
    pieces at full opacity in their places give ``tile.rgba``.

    Args:
        tile: what ``pose`` was asked about.
        pieces: ``Pose.pieces``.
        plate: draw it too; it never changes, so who draws many frames lays it under by itself.

    Returns:
        (H, W, 4) uint8, premultiplied alpha.
    """
    letters = tile.flat_letters
    canvas = np.zeros_like(letters)
    siblings = _siblings(tile, pieces)
    for piece in pieces:
        left, top, right, bottom = _region(tile, piece.box, siblings)
        if right <= left or bottom <= top or piece.opacity <= 0:
            continue
        said = piece.highlight if tile.highlight else 0.0
        if piece.opacity == 1 and not piece.dy and said in {0.0, 1.0}:
            # Most pieces of most frames stand still: they are copied, and nothing reaches into them but what moves.
            source = tile.flat_said if said else letters
            canvas[top:bottom, left:right] = source[top:bottom, left:right]
            continue
        part = letters[top:bottom, left:right]
        if said:
            part = _tinted(part, tile, piece, (left, top, right, bottom))
        if piece.opacity < 1:
            part = np.asarray(cv2.convertScaleAbs(part, alpha=piece.opacity), np.uint8)
        if piece.dy:
            part, top = _lowered(part, top, piece.dy)
        _add(canvas, part, left, top)
    under = tile.flat_plate if plate else None
    if under is not None:
        around = cv2.merge([cv2.bitwise_not(canvas[..., 3])] * 4)
        canvas = np.asarray(cv2.add(cv2.multiply(under, around, scale=1 / 255), canvas), np.uint8)
    return canvas


def _siblings(tile: TextTile, pieces: Sequence[Piece]) -> tuple[TextBox, ...]:
    """The boxes among which the pieces were chosen."""
    for boxes in (tile.words, tile.lines, tile.graphemes):
        if pieces and pieces[0].box in boxes:
            return boxes
    return ()


def _region(tile: TextTile, box: TextBox, siblings: Sequence[TextBox]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in px of what belongs to ``box``; what belongs to all siblings is the whole tile."""
    left, right = 0.0, float(tile.width)
    middle = box.rect.x + box.rect.width / 2
    for other in siblings:
        if other.line != box.line or other == box:
            continue
        if other.rect.x + other.rect.width / 2 <= middle:
            left = max(left, (other.rect.x + other.rect.width + box.rect.x) / 2)
        else:
            right = min(right, (box.rect.x + box.rect.width + other.rect.x) / 2)
    top, bottom = 0.0, float(tile.height)
    for line in tile.lines:
        if line.line == box.line - 1:
            top = (line.rect.y + line.rect.height + box.rect.y) / 2
        elif line.line == box.line + 1:
            bottom = (box.rect.y + box.rect.height + line.rect.y) / 2
    return round(left), round(top), round(right), round(bottom)


def _tinted(
    part: NDArray[np.uint8], tile: TextTile, piece: Piece, region: tuple[int, int, int, int]
) -> NDArray[np.uint8]:
    """``part`` with its fill in the highlight's colour, as far as the piece says."""
    left, top, right, bottom = region
    box = piece.box.rect
    across = (np.arange(left, right, dtype=np.float32) + 0.5 - np.float32(box.x)) / np.float32(max(1.0, box.width))
    # Reading begins at the right where the text does.
    done = (1 - across if tile.rtl else across) - np.float32(piece.highlight)
    ramp = np.clip(0.5 - done * np.float32(box.width / SOFT_PX), 0, 1)
    fill = np.rint(tile.fill[top:bottom, left:right] * ramp).astype(np.uint8)
    return tinted(part, fill, tile.highlight or "")


def _lowered(part: NDArray[np.uint8], top: int, dy: float) -> tuple[NDArray[np.uint8], int]:
    """``part`` moved down by ``dy`` px, by fractions of a pixel too, and its new top."""
    whole = int(np.floor(dy))
    rest = dy - whole
    if rest:
        taller = cv2.copyMakeBorder(part, 0, 1, 0, 0, cv2.BORDER_CONSTANT, value=0)
        above = cv2.copyMakeBorder(part, 1, 0, 0, 0, cv2.BORDER_CONSTANT, value=0)
        part = np.asarray(cv2.addWeighted(taller, 1 - rest, above, rest, 0), np.uint8)
    return part, top + whole


def _add(canvas: NDArray[np.uint8], part: NDArray[np.uint8], left: int, top: int) -> None:
    bottom = min(canvas.shape[0], top + part.shape[0])
    first = max(0, top)
    if bottom <= first:
        return
    part = part[first - top : bottom - top]
    spot = canvas[first:bottom, left : left + part.shape[1]]
    # Shadows of neighbours may meet where one of them still rises.
    around = cv2.merge([cv2.bitwise_not(np.ascontiguousarray(part[..., 3]))] * 4)
    spot[:] = cv2.add(cv2.multiply(np.ascontiguousarray(spot), around, scale=1 / 255), np.ascontiguousarray(part))
