"""Effects on a whole shot, in the frame's own coordinates: what lies on the lens rather than on the picture.

Each takes planes, changes them in place, and is a pure function of them, its amount (0 to 1) and a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from reelframe.render.looks import sharpened
from reelframe.render.planes import Plane, Planes, copy

__all__ = ["EFFECTS", "MOVING", "apply_effect"]


def blurred(planes: Planes, sigma: float, out: Planes) -> None:
    """Gaussian blur, ``sigma`` in luma px; wide ones at a lower resolution, where nothing is lost."""
    for i, (src, dst) in enumerate(zip(planes, out, strict=True)):
        own = sigma if i == 0 else sigma / 2
        factor = max(1, int(own / 3))
        height, width = src.shape
        small = src
        if factor > 1:
            size = max(1, width // factor), max(1, height // factor)
            small = cast("Plane", cv2.resize(src, size, interpolation=cv2.INTER_AREA))
        soft = cv2.GaussianBlur(small, (0, 0), max(0.05, own / factor), borderType=cv2.BORDER_REPLICATE)
        if factor > 1:
            soft = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
        np.copyto(dst, soft)


def _blur(planes: Planes, amount: float, _seed: int) -> None:
    blurred(planes, max(0.1, amount * planes[0].shape[0] / 36), planes)


@lru_cache(maxsize=8)
def _vignette_mask(height: int, width: int, amount: float) -> NDArray[np.float32]:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius = np.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) / 0.7071
    edge = np.clip((radius - 0.2) / 0.8, 0, 1)
    mask: NDArray[np.float32] = 1 - amount * edge * edge * (3 - 2 * edge)
    return mask


def _vignette(planes: Planes, amount: float, _seed: int) -> None:
    for plane, black in zip(planes, (16.0, 128.0, 128.0), strict=True):
        mask = _vignette_mask(*plane.shape, round(amount, 3))
        np.copyto(plane, np.rint((plane - black) * mask + black).astype(np.uint8))


def _grain(planes: Planes, amount: float, seed: int) -> None:
    y = planes[0]
    rng = np.random.default_rng(seed)
    # One field of noise, cut elsewhere for every frame: fresh noise would cost more than the whole frame.
    field = _noise(y.shape[0] + 256, y.shape[1] + 256, round(amount, 3))
    top, left = rng.integers(0, 256, 2)
    part = field[top : top + y.shape[0], left : left + y.shape[1]]
    np.copyto(y, cast("Plane", cv2.add(y, part, dtype=cv2.CV_8U)))


@lru_cache(maxsize=2)
def _noise(height: int, width: int, amount: float) -> NDArray[np.int16]:
    rng = np.random.default_rng(20)
    fine = rng.standard_normal((height, width), np.float32)
    # As a share of the picture, not of the pixels: a small preview's grains would be smaller than its pixels, which
    # average them.
    share = height / (1080 + 256)
    soft = cv2.GaussianBlur(fine, (0, 0), 0.8 * max(0.5, share))
    strength = amount * 12 * min(1.0, share) ** 0.5
    noise: NDArray[np.int16] = np.rint(soft * (strength / float(soft.std()))).astype(np.int16)
    return noise


def _pixelate(planes: Planes, amount: float, _seed: int) -> None:
    height, width = planes[0].shape
    block = max(2, 2 * round(amount * height / 36))
    across, down = max(1, round(width / block)), max(1, round(height / block))
    for plane in planes:
        small = cv2.resize(plane, (across, down), interpolation=cv2.INTER_AREA)
        size = plane.shape[1], plane.shape[0]
        np.copyto(plane, cast("Plane", cv2.resize(small, size, interpolation=cv2.INTER_NEAREST)))


def _glow(planes: Planes, amount: float, _seed: int) -> None:
    soft: Planes = (np.empty_like(planes[0]), np.empty_like(planes[1]), np.empty_like(planes[2]))
    blurred(planes, planes[0].shape[0] / 45, soft)
    # Only what is brighter than grey spreads. As light on a screen, 1 - (1 - a)(1 - b): what is bright already has no
    # room for more, so that a white ground keeps its shades.
    light = np.maximum(soft[0], 96) - 96
    room = 235 - np.minimum(planes[0], 235)
    np.copyto(planes[0], cv2.add(planes[0], cv2.multiply(room, light, scale=1.35 * amount / 235)))


def _sharpen(planes: Planes, amount: float, _seed: int) -> None:
    copy(sharpened(planes, amount), planes)


def _mirror(planes: Planes, _amount: float, _seed: int) -> None:
    for plane in planes:
        half = plane.shape[1] // 2
        plane[:, plane.shape[1] - half :] = plane[:, :half][:, ::-1]


def _invert(planes: Planes, _amount: float, _seed: int) -> None:
    # Half an inversion is a grey frame, so there is only the whole one.
    for plane, total in zip(planes, (251, 256, 256), strict=True):
        np.copyto(plane, np.clip(total - plane.astype(np.int16), 0, 255).astype(np.uint8))


EFFECTS: Final[Mapping[str, Callable[[Planes, float, int], None]]] = MappingProxyType(
    {
        "blur": _blur,
        "vignette": _vignette,
        "grain": _grain,
        "pixelate": _pixelate,
        "glow": _glow,
        "sharpen": _sharpen,
        "mirror": _mirror,
        "invert": _invert,
    }
)
# Those that look different on every frame, even over a picture that stands still.
MOVING: Final = frozenset({"grain"})


def apply_effect(planes: Planes, name: str, amount: float, seed: int) -> None:
    """Apply one effect in place; nothing happens at an amount of 0."""
    if amount > 0:
        EFFECTS[name](planes, amount, seed)
