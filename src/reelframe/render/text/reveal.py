"""Draws a tile whose letters appear piece by piece, as the animations that reveal ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from .style import parse_color

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .animate import Piece
    from .tile import TextBox, TextTile

__all__ = ["draw_pieces"]

HIGHLIGHT: Final = "#ffd60a"


def draw_pieces(tile: TextTile, pieces: Sequence[Piece], highlight: str = HIGHLIGHT) -> NDArray[np.uint8]:
    """The tile with its plate whole and only ``pieces`` of its letters.

    Each piece takes with it what is around its letters (outline, shadow) up to half way to its neighbours. All
    pieces at full opacity in their places give ``tile.rgba``.

    Args:
        tile: what ``pose`` was asked about.
        pieces: ``Pose.pieces``.
        highlight: the colour of the pieces that are highlighted.

    Returns:
        (H, W, 4) uint8, straight alpha, in place of ``tile.rgba``.
    """
    letters = _premultiplied(tile.letters)
    canvas = np.zeros_like(letters)
    siblings = _siblings(tile, pieces)
    for piece in pieces:
        left, top, right, bottom = _region(tile, piece.box, siblings)
        if right <= left or bottom <= top:
            continue
        part = letters[top:bottom, left:right]
        if piece.highlight:
            part = _tinted(part, tile.fill[top:bottom, left:right], highlight)
        part = part * np.float32(piece.opacity)
        if piece.dy:
            part, top = _lowered(part, top, piece.dy)
        _add(canvas, part, left, top)
    if tile.plate is not None:
        canvas += _premultiplied(tile.plate) * (1.0 - canvas[..., 3:])
    return _straight(canvas)


def _premultiplied(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    result = rgba.astype(np.float32) / 255.0
    result[..., :3] *= result[..., 3:]
    return result


def _straight(canvas: NDArray[np.float32]) -> NDArray[np.uint8]:
    alpha = canvas[..., 3:]
    color = np.divide(canvas[..., :3], alpha, out=np.zeros_like(canvas[..., :3]), where=alpha > 0)
    whole = np.concatenate([np.clip(color, 0, 1), np.clip(alpha, 0, 1)], axis=-1)
    return np.asarray(np.rint(whole * 255), np.uint8)


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


def _tinted(part: NDArray[np.float32], fill: NDArray[np.uint8], color: str) -> NDArray[np.float32]:
    tint = np.array([*parse_color(color)[:3], 255], np.float32) / 255.0
    cover = fill[..., None].astype(np.float32) / 255.0
    # The fill's own alpha: a translucent text stays so.
    return np.asarray(part * (1.0 - cover) + tint * cover * part[..., 3:], np.float32)


def _lowered(part: NDArray[np.float32], top: int, dy: float) -> tuple[NDArray[np.float32], int]:
    """``part`` moved down by ``dy`` px, by fractions of a pixel too, and its new top."""
    whole = int(np.floor(dy))
    rest = np.float32(dy - whole)
    if rest:
        taller = cv2.copyMakeBorder(part, 0, 1, 0, 0, cv2.BORDER_CONSTANT, value=0)
        above = cv2.copyMakeBorder(part, 1, 0, 0, 0, cv2.BORDER_CONSTANT, value=0)
        part = np.asarray(taller * (1.0 - rest) + above * rest, np.float32)
    return part, top + whole


def _add(canvas: NDArray[np.float32], part: NDArray[np.float32], left: int, top: int) -> None:
    bottom = min(canvas.shape[0], top + part.shape[0])
    first = max(0, top)
    if bottom <= first:
        return
    part = part[first - top : bottom - top]
    spot = canvas[first:bottom, left : left + part.shape[1]]
    spot *= 1.0 - part[..., 3:]
    spot += part
