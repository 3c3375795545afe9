"""Whether a text can be read on what is under it, and what would help. Pure functions on pixels.

Luminance and contrast are those of WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from .style import Box, Shadow, TextStyle, parse_color

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "READABLE",
    "Support",
    "cells",
    "contrast_ratio",
    "own_contrast",
    "patch_contrast",
    "relative_luminance",
    "shade_needed",
    "strengthen",
    "support_needed",
]

# WCAG's level AA for text.
READABLE: Final = 4.5
# The sRGB curve is a straight line up to here.
SRGB_LINEAR_BELOW: Final = 0.04045
# A text is as readable as its worst tenth: single bright pixels do no harm.
WORST_PART: Final = 10.0
# Where the ground is known cell by cell, a letter is as readable as the worst quarter of what is under it.
WORST_OF_CELL: Final = 25.0
WORST_CELLS: Final = 5.0
# What the strong shadow covers of the pixels close to the letters. More of it would look like soot around them: where
# that is not enough, a plate is the better answer.
SHADOW_COVER: Final = 0.46
BLACK: Final = "#000000"
PLATE: Final = Box(opacity=0.0, pad_x=0.5, pad_y=0.4, radius=0.22)
# About the height of capitals, in em.
CAPITALS: Final = 0.72
BOX_OPACITY: Final = 0.68
# What shines through a light plate makes it look dirty.
LIGHT_BOX_OPACITY: Final = 0.86
# How dark a picture may be shaded, the least that will do first.
SHADES: Final = (0.36, 0.48, 0.6)
# Standard deviation of relative luminance from which a background counts as a picture, and from which it is so mottled
# (light beside dark) that a shadow or halo would be seen here and not there, like a stain.
BUSY: Final = 0.03
MOTTLED: Final = 0.13
# Samples along each side of a cell.
CELL: Final = 8


class Support(IntEnum):
    """What a text needs to be readable, the lighter help before the stronger one."""

    NONE = 0
    SHADOW = 1
    SHADE = 2
    BOX = 3


def relative_luminance(rgb: NDArray[np.generic] | tuple[int, int, int]) -> NDArray[np.float64]:
    """WCAG's relative luminance (0 black .. 1 white) of sRGB values 0..255 whose last axis is R, G, B."""
    values = np.asarray(rgb, np.float64) / 255.0
    linear = np.where(values <= SRGB_LINEAR_BELOW, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast_ratio(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """WCAG's contrast ratio of two sRGB colours, 1 (none) to 21 (black on white)."""
    first, second = float(relative_luminance(one)), float(relative_luminance(other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def patch_contrast(patch: NDArray[np.uint8], color: str) -> float:
    """The contrast ratio of a text of ``color`` on ``patch``, at its worst tenth.

    Args:
        patch: (H, W, 3) RGB, uint8, what lies under the text: the worst tenth of the pixels counts. Or cells as
            ``cells`` gives them (letters stand on each of them): the worst twentieth of those, each judged by its
            own worst quarter, so that a word across a dark thing counts although most stand on a light ground.
        color: the text's colour.
    """
    if not patch.size:
        return 21.0
    under = relative_luminance(_rgb(patch))
    text = float(relative_luminance(parse_color(color)[:3]))
    ratios = (np.maximum(under, text) + 0.05) / (np.minimum(under, text) + 0.05)
    if patch.ndim == 2:  # cells
        return float(np.percentile(np.percentile(ratios, WORST_OF_CELL, axis=1), WORST_CELLS))
    return float(np.percentile(ratios, WORST_PART))


def cells(luma: NDArray[np.uint8], side: float) -> NDArray[np.uint8]:
    """A part of a frame in cells of about ``side`` px, a letter's size.

    Args:
        luma: (H, W), 0..255, what lies under a text.
        side: px.

    Returns:
        (cells, 64): the samples of each cell.
    """
    if not luma.size:
        return np.zeros((0, CELL * CELL), np.uint8)
    rows = max(1, round(luma.shape[0] / max(1.0, side)))
    columns = max(1, round(luma.shape[1] / max(1.0, side)))
    even = cv2.resize(luma, (columns * CELL, rows * CELL), interpolation=cv2.INTER_AREA)
    apart = even.reshape(rows, CELL, columns, CELL).swapaxes(1, 2)
    return np.asarray(apart.reshape(rows * columns, CELL * CELL), np.uint8)


def _rgb(patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return patch if patch.ndim == 3 else np.repeat(patch[..., None], 3, axis=-1)  # grey


def own_contrast(patch: NDArray[np.uint8], style: TextStyle, shade: float = 0.0) -> float:
    """How well ``style`` is read on ``patch`` by what it has itself: its box or shadow, or its outline.

    Args:
        patch: as ``patch_contrast`` takes it.
        style: of the text.
        shade: how dark (0..1) the picture is shaded there.

    Returns:
        a contrast ratio, 1 to 21.
    """
    color = style.gradient.start if style.gradient else style.color
    ground = _covered(patch, BLACK, shade) if shade else patch
    if style.box is not None:
        ground = _covered(ground, style.box.color, style.box.opacity)
    elif style.shadows:
        ground = _covered(ground, style.shadows[0].color, _own_cover(style))
    found = patch_contrast(ground, color)
    if style.outline:
        found = max(found, contrast_ratio(parse_color(color)[:3], parse_color(style.outline_color)[:3]))
    return found


def support_needed(patch: NDArray[np.uint8], style: TextStyle) -> Support:
    """What ``style`` lacks to be read on ``patch`` (see ``patch_contrast``) with a ratio of 4.5 or more.

    A box or an outline of the style's own is reckoned with; the lighter help is chosen when it is enough.
    """
    if own_contrast(patch, style) >= READABLE:
        return Support.NONE
    if style.box is not None:
        # A shadow does not help on a plate; a stronger plate does.
        return Support.BOX
    color = style.gradient.start if style.gradient else style.color
    spread = float(relative_luminance(_rgb(patch)).std())
    # ``strengthen`` puts its shadow in the place of the style's own.
    shaded = _covered(patch, _opposite(color), SHADOW_COVER)
    if spread < MOTTLED and patch_contrast(shaded, color) >= READABLE:
        return Support.SHADOW
    # In a picture a plate hides more than a soft shade must. But on a plain ground a shade looks like a smudge, and a
    # light one is fog over whatever it was that the picture is about.
    shaded = _covered(patch, BLACK, SHADES[-1])
    fits = spread >= BUSY and _opposite(color) == BLACK and patch_contrast(shaded, color) >= READABLE
    return Support.SHADE if fits else Support.BOX


def shade_needed(patch: NDArray[np.uint8], style: TextStyle) -> float:
    """How dark (0..1) ``patch`` has to be shaded for ``style`` to be read on it, where a shade is of use."""
    color = style.gradient.start if style.gradient else style.color
    enough = (s for s in SHADES if patch_contrast(_covered(patch, BLACK, s), color) >= READABLE)
    return next(enough, SHADES[-1])


def _own_cover(style: TextStyle) -> float:
    """What a style's shadows cover close to the letters: a blurred edge has half of its source's strength."""
    return 0.5 * max(shadow.opacity for shadow in style.shadows)


def strengthen(style: TextStyle, support: Support) -> TextStyle:
    """``style`` with the help that ``support_needed`` asked for; a shade is not the letters' but the frame's."""
    if support in {Support.NONE, Support.SHADE}:
        return style
    color = style.gradient.start if style.gradient else style.color
    dark = _opposite(color)
    if support is Support.SHADOW:
        # Grown before they are softened, so that close to the letters they cover as much as
        # ``support_needed`` reckons with.
        shadows = (
            Shadow(0.0, 0.0, 0.04, dark, 0.42, spread=0.05),
            Shadow(0.0, 0.015, 0.2, dark, 0.56, spread=0.12),
        )
        return replace(style, shadows=shadows)
    # Lines that stand far apart would touch the edges of a plate that is cut close.
    room = max(PLATE.pad_y, (style.line_height - CAPITALS) / 2)
    box = style.box or replace(PLATE, pad_x=PLATE.pad_x - PLATE.pad_y + room, pad_y=room)
    least = BOX_OPACITY if dark == BLACK else LIGHT_BOX_OPACITY
    return replace(style, box=replace(box, color=dark, opacity=max(box.opacity, least)))


def _opposite(color: str) -> str:
    """Black under a light text, white under a dark one."""
    rgb = parse_color(color)[:3]
    black, white = contrast_ratio(rgb, (0, 0, 0)), contrast_ratio(rgb, (255, 255, 255))
    return BLACK if black >= white else "#ffffff"


def _covered(patch: NDArray[np.uint8], color: str, opacity: float) -> NDArray[np.uint8]:
    over: NDArray[np.float64] | float = np.array(parse_color(color)[:3], np.float64)
    if patch.ndim == 2:  # cells are luma
        over = float(over @ np.array([0.2126, 0.7152, 0.0722]))
    mixed = patch.astype(np.float64) * (1.0 - opacity) + over * opacity
    return np.rint(mixed).astype(np.uint8)
