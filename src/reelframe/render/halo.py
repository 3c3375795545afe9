"""A soft shadow under a logo that is nearly white, a soft light under one that is nearly black."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from reelframe.render.planes import Plane

__all__ = ["haloed"]

# BT.709 luma, 0 to 255, of the visible part: between these a logo has a colour of its own.
_NEARLY_BLACK: Final = 40
_NEARLY_WHITE: Final = 215
_STRENGTH: Final = 0.45
# The halo's sigma as a share of the logo's shorter side.
_SPREAD: Final = 0.045
# A picture with less than this share of see-through pixels is a photo with a border and no logo.
_SEE_THROUGH: Final = 0.05


def haloed(rgba: Plane) -> tuple[Plane, int]:
    """Lay a halo under a logo that needs one.

    Args:
        rgba: uint8 (h, w, 4), premultiplied.

    Returns:
        The picture, larger by a margin on each side, and that margin in px; as it was, and 0, when it needs none.
    """
    alpha = rgba[..., 3]
    shown = int(alpha.sum(dtype=np.int64))
    if shown == 0 or (alpha < 255 * _SEE_THROUGH).mean() < _SEE_THROUGH:
        return rgba, 0
    luma = float((rgba[..., :3] @ np.array([0.2126, 0.7152, 0.0722])).sum()) / shown * 255
    if _NEARLY_BLACK < luma < _NEARLY_WHITE:
        return rgba, 0
    sigma = max(1.0, _SPREAD * min(alpha.shape))
    margin = int(np.ceil(2.5 * sigma))
    around = np.pad(rgba, ((margin, margin), (margin, margin), (0, 0)))
    own = around[..., 3].astype(np.float32) / 255
    # Two passes of different width: a dense rim that draws the edge, a wide one that fades away.
    soft = 0.5 * cv2.GaussianBlur(own, (0, 0), sigma) + 0.5 * cv2.GaussianBlur(own, (0, 0), sigma / 3)
    under = _STRENGTH * soft * (1 - own)
    out = around.astype(np.float32)
    out[..., 3] += 255 * under
    if luma <= _NEARLY_BLACK:
        out[..., :3] += 255 * under[..., None]
    return np.rint(out).clip(0, 255).astype(np.uint8), margin
