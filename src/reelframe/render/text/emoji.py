"""Emoji on a plate of their own colour: the plate and the letters change places, so that they are seen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import regex

from .scripts import is_emoji
from .style import TextStyle, parse_color
from .tile import SOLID, render_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["off_its_plate"]

# Distance of colours in CIE 1976 L*a*b* (CIE 015) below which a thing as small as a letter melts into its ground: a
# yellow face is 20 away from a yellow plate, an orange 45.
_NEAR: Final = 32.0
# Of a frame this many px high, drawn half as high: enough for a mean.
_FRAME: Final = 64
_DRAWN: Final = TextStyle(size=0.5)
_MOST: Final = 12


def off_its_plate(text: str, style: TextStyle) -> TextStyle:
    """``style`` with the colours of its plate and its letters exchanged, where that shows the emoji in ``text``.

    Letters are read as well as before. It stays as it is without a solid plate, where all emoji are seen, and where
    the exchange would only hide others.
    """
    box = style.box
    if box is None or box.opacity < SOLID or style.gradient is not None:
        return style
    found = list(dict.fromkeys(g for g in regex.findall(r"\X", text) if is_emoji(g)))[:_MOST]
    means = [mean for emoji in found if (mean := _mean(emoji)) is not None]

    def nearest(plate: str) -> float:
        return min((float(np.linalg.norm(_lab(parse_color(plate)[:3]) - mean)) for mean in means), default=np.inf)

    if nearest(box.color) >= _NEAR or nearest(style.color) < _NEAR:
        return style
    return style.inverted()


@lru_cache(maxsize=256)
def _mean(emoji: str) -> NDArray[np.float32] | None:
    """The mean colour of an emoji in L*a*b*; None where no font has it, or it is drawn as a letter."""
    tile = render_text(emoji, _DRAWN, _FRAME, _FRAME, 1.0, tell=False)
    weight = tile.flat[..., 3].astype(np.float32)
    if tile.fill.any() or not weight.any():
        return None
    return _lab(tuple(tile.flat[..., :3].astype(np.float32).sum(axis=(0, 1)) / weight.sum() * 255))


def _lab(rgb: tuple[float, ...]) -> NDArray[np.float32]:
    pixel = np.array(rgb, np.float32).reshape(1, 1, 3) / 255
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_RGB2Lab)[0, 0], np.float32)
