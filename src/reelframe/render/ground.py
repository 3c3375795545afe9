"""Photos on a plain ground: more of that ground makes room for a whole product in a frame of another shape.

A square photo of a product on white is what shops have, and a wide frame that it fills would cut the product off.
Where the photo's edge is of one colour all around, the photo goes on beyond it, and nobody sees where it ended.
Pure functions of pixels.
"""

from __future__ import annotations

import math
from typing import Final, cast

import cv2
import numpy as np

from reelframe.render.planes import Plane, shrunk

__all__ = ["extended"]

# The copy on which colours are compared, px of its longer side, and how wide its edge is.
_SIDE: Final = 256
_RING: Final = 2
# Levels (0..255) from which an edge is not of one colour, and from which a pixel is not ground. A paper backdrop
# in uneven light, or a table's edge, differs by more; JPEG's noise around white by less.
_EVEN: Final = 6
_UNLIKE: Final = 14
# Free space around the product, relative to its size.
_AIR: Final = 0.07


def extended(rgb: Plane, frame: tuple[int, int], zoom: float) -> Plane:
    """The picture with as much more of its ground as its subject needs to be whole in a frame that it fills.

    Args:
        rgb: uint8 (h, w, 3).
        frame: width and height of the frame, in any unit.
        zoom: how near the camera comes, 1 and up.

    Returns:
        The picture itself where its edge is not of one colour, or where its subject is whole anyway.
    """
    box = _subject(rgb)
    if box is None:
        return rgb
    height, width = rgb.shape[:2]
    aspect = frame[0] / frame[1]
    # What the frame has to show at its nearest, in the picture's px: the subject and some air, in the frame's shape.
    wide, high = (zoom * side * (1 + 2 * _AIR) for side in (box[2] - box[0], box[3] - box[1]))
    wide = max(wide, high * aspect)
    shown = min(width, height * aspect)
    if wide <= shown:
        return rgb
    more_x, more_y = max(0, math.ceil(wide - width)), max(0, math.ceil(wide / aspect - height))
    left, top = more_x // 2, more_y // 2
    out = cv2.copyMakeBorder(rgb, top, more_y - top, left, more_x - left, cv2.BORDER_REPLICATE)
    return cast("Plane", out)


def _subject(rgb: Plane) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom (px) of what is not ground; None without a ground of one colour, or without more."""
    height, width = rgb.shape[:2]
    scale = min(1.0, _SIDE / max(width, height))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = shrunk(rgb, size).astype(np.int16)
    edges = (small[:_RING], small[-_RING:], small[:, :_RING], small[:, -_RING:])
    ring = np.concatenate([edge.reshape(-1, 3) for edge in edges])
    ground = np.median(ring, axis=0)
    if float(np.percentile(np.abs(ring - ground).max(axis=1), 98)) > _EVEN:
        return None
    rows, columns = np.nonzero(np.abs(small - ground).max(axis=2) > _UNLIKE)
    if len(rows) == 0:
        return None
    x, y = width / size[0], height / size[1]
    return (
        float(columns.min()) * x, float(rows.min()) * y, float(columns.max() + 1) * x, float(rows.max() + 1) * y
    )  # fmt: skip
