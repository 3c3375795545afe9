"""Where the eye goes in a photo: the point that a camera move keeps in sight. A pure function of pixels.

Product photos have their subject where detail and colour stand out from their surroundings. Both are measured
on a small copy: the spectral residual (Hou and Zhang, "Saliency Detection: A Spectral Residual Approach",
CVPR 2007) and the distance of each colour from the picture's border, which is background more often than not.
"""

from __future__ import annotations

from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from reelframe.render.geometry import Focus
from reelframe.render.planes import Planes

__all__ = ["focus_of"]

_SIDE: Final = 64
# How much the middle counts by itself: a photographer aims, and a wrong guess near the middle does little harm.
_MIDDLE: Final = 0.2
# From this difference to the border on (of the strongest one) a cell belongs to the subject.
_SUBJECT: Final = 0.25
# The cells' centres, relative to the side.
_AT: Final = ((np.arange(_SIDE) + 0.5) / _SIDE).astype(np.float32)


def focus_of(planes: Planes) -> Focus:
    """The centre of what stands out, and its extent where it is whole; the middle when nothing stands out."""
    small = [cv2.resize(p, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) for p in planes]
    unlike = _normal(_unlike_border(small))
    saliency = (_normal(_residual(small[0])) + unlike) * _middle()
    # Only what clearly stands out has a say, or a textured background would pull the centre to the middle.
    floor = float(np.percentile(saliency, 70))
    weight = np.clip(saliency - floor, 0, None)
    if float(weight.sum()) < 1e-6:  # a picture of one colour
        return Focus()
    x, y = _centre(weight)
    # Mean shift: what lies far from the subject is not the subject, and must not pull at its centre.
    for _ in range(3):
        x, y = _centre(weight * np.outer(_bell(y, 0.22), _bell(x, 0.22)))
    box = _extent(unlike, x, y)
    if box is not None:
        # A vase is heavy at its foot, and a view that is centred there cuts its flowers off.
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    # A focus decides pixels: rounded, so that the last bit of a library's arithmetic does not.
    return Focus(round(x, 3), round(y, 3), box)


def _extent(unlike: NDArray[np.float32], x: float, y: float) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of the subject around a point; None when it runs out of the picture."""
    there = (unlike > _SUBJECT).astype(np.uint8)
    # The parts of one subject touch at this resolution; what stands far off is something else.
    _, labels = cv2.connectedComponents(cv2.dilate(there, np.ones((3, 3), np.uint8)))
    label = labels[min(_SIDE - 1, int(y * _SIDE)), min(_SIDE - 1, int(x * _SIDE))]
    if label == 0:
        return None
    subject = (labels == label) & (there > 0)
    if subject[0].any() or subject[-1].any() or subject[:, 0].any() or subject[:, -1].any():
        # There is no whole to keep in view.
        return None
    rows, columns = np.nonzero(subject)
    left, right = float(columns.min()) / _SIDE, float(columns.max() + 1) / _SIDE
    return left, float(rows.min()) / _SIDE, right, float(rows.max() + 1) / _SIDE


def _centre(weight: NDArray[np.float32]) -> tuple[float, float]:
    total = float(weight.sum())
    x = float((weight.sum(axis=0) * _AT).sum()) / total
    y = float((weight.sum(axis=1) * _AT).sum()) / total
    return x, y


def _bell(centre: float, sigma: float) -> NDArray[np.float32]:
    return np.asarray(np.exp(-np.square(_AT - np.float32(centre)) / np.float32(2 * sigma**2)), np.float32)


def _residual(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    spectrum = np.fft.fft2(luma)
    log = np.log(np.abs(spectrum) + 1e-3).astype(np.float32)
    residual = log - cv2.blur(log, (3, 3))
    back = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    return cast("NDArray[np.float32]", cv2.GaussianBlur(back.astype(np.float32), (0, 0), 2.5))


def _unlike_border(planes: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    squares = []
    for plane in planes:
        edge = np.concatenate([plane[:3].ravel(), plane[-3:].ravel(), plane[:, :3].ravel(), plane[:, -3:].ravel()])
        squares.append(np.square(plane - float(np.median(edge))))
    distance = np.asarray(np.sqrt(np.sum(squares, axis=0)), np.float32)
    return np.asarray(cv2.GaussianBlur(distance, (0, 0), 1.5), np.float32)


def _normal(field: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = float(np.percentile(field, 5)), float(np.percentile(field, 98))
    # A flat field has nothing to say: stretched, its rounding errors would.
    if high - low < 1e-3 * max(1.0, abs(high)):
        return np.zeros_like(field)
    return np.asarray(np.clip((field - low) / (high - low), 0, 1), np.float32)


def _middle() -> NDArray[np.float32]:
    wide, narrow = _bell(0.5, 0.35), _bell(0.5, 0.15)
    field = (1 - _MIDDLE) * np.outer(wide, wide) + _MIDDLE * np.outer(narrow, narrow)
    return np.asarray(field, np.float32)
