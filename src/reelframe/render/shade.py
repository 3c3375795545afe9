"""The shade under a light text that a busy picture would swallow: across the whole frame, as films are subtitled.

A dark cloud around the letters looks like a stain on the picture. A shade from one side of the frame to the other that
comes and goes slowly looks like light, and where the text stands near an edge the shade goes on to it.
"""

from __future__ import annotations

from typing import Final, cast

import numpy as np

from reelframe.render.planes import Plane
from reelframe.render.tiles import OPAQUE, Tile

__all__ = ["shade_under"]

# Over what part of the frame's height the shade fades out, and from how near to an edge it goes on to it instead.
_FALL: Final = 0.2
_TO_EDGE: Final = 0.3
# Free room above and below the letters in which it is as dark as beside them, relative to the frame's height.
_ROOM: Final = 0.015
_BLACK: Final = 16


def shade_under(text: tuple[int, int, int, int], frame: tuple[int, int], opacity: float) -> Tile:
    """A shade as wide as the frame, ``opacity`` dark under a text.

    Args:
        text: x, y, width and height (px) of what has to be read.
        frame: width and height, px, even.
        opacity: 0..1.
    """
    width, height = frame
    _, top, _, high = text
    bottom = top + high
    y = np.arange(height) + 0.5
    beyond = np.zeros(height)
    if top > _TO_EDGE * height or height - bottom < top:
        beyond = np.maximum(beyond, top - _ROOM * height - y)
    if height - bottom > _TO_EDGE * height or top < height - bottom:
        beyond = np.maximum(beyond, y - bottom - _ROOM * height)
    t = np.clip(1 - beyond / (_FALL * height), 0, 1)
    # Level at both ends (smoothstep): the eye finds where a straight ramp begins.
    cover = np.rint(OPAQUE * opacity * t * t * (3 - 2 * t)).astype(np.uint8)
    rows = np.flatnonzero(cover)
    first, last = int(rows[0]) // 2 * 2, int(rows[-1]) // 2 * 2 + 2
    column = cover[first:last, None]

    def wide(level: Plane, columns: int) -> Plane:
        return cast("Plane", np.ascontiguousarray(np.broadcast_to(level, (level.shape[0], columns))))

    luma = wide((column.astype(np.uint16) * _BLACK // OPAQUE).astype(np.uint8), width)
    small = column[::2]
    grey = wide((small.astype(np.uint16) * 128 // OPAQUE).astype(np.uint8), width // 2)
    return Tile.of((luma, grey, grey), (wide(OPAQUE - column, width), wide(OPAQUE - small, width // 2)), 0, first)
