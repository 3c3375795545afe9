"""Pictures as three planes: 8-bit Y, U and V, BT.709, limited range, 4:2:0. Everything is composed on these.

A photo is converted once; a frame is never converted at all, for planes are what the encoder eats. Chroma is
sited left, as H.264 assumes when nothing is said: chroma sample i stands at luma position 2 i + 0.5 across
(edge coordinates) and 2 j + 1 down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from reelframe.render.composition import Rgb

__all__ = [
    "AREA_FROM",
    "Plane",
    "Planes",
    "Scratch",
    "Sheet",
    "crop_to",
    "fill",
    "new_planes",
    "resample",
    "rgb_to_planes",
    "shrunk",
    "yuv_of",
]

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]

# Workers share the cores among themselves; OpenCV's own threads would only get in their way.
cv2.setNumThreads(1)

# ITU-R BT.709-6, items 3.2 to 3.5: R'G'B' levels to Y'CbCr levels in limited range.
_KR: Final = 0.2126
_KB: Final = 0.0722
_KG: Final = 1 - _KR - _KB
BT709: Final = (
    np.array(
        [
            [_KR * 219, _KG * 219, _KB * 219, 16 * 255],
            [-_KR / (1 - _KB) * 112, -_KG / (1 - _KB) * 112, 112, 128 * 255],
            [112, -_KG / (1 - _KR) * 112, -_KB / (1 - _KR) * 112, 128 * 255],
        ],
        np.float32,
    )
    / 255
)
# Two samples around and one on the site, averaged over two rows: what "sited left" means for a box of light.
_LEFT: Final = np.array([[1, 2, 1], [1, 2, 1]], np.float32) / 8


def yuv_of(rgb: Rgb) -> tuple[int, int, int]:
    """The levels of one colour."""
    y, u, v = BT709[:, :3] @ np.array(rgb, np.float32) + BT709[:, 3]
    return round(float(y)), round(float(u)), round(float(v))


def halved(plane: NDArray[np.generic]) -> NDArray[np.generic]:
    """A plane at chroma's resolution and sites; its sides are even."""
    soft = cv2.filter2D(cast("Plane", plane), -1, _LEFT, anchor=(1, 0), borderType=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(soft[::2, ::2])


def rgb_to_planes(rgb: Plane) -> Planes:
    """Convert uint8 R'G'B' (h, w, 3) with even sides; rounded."""
    # Row by row of the matrix: the interleaved result of all three at once is three times the memory.
    y, u, v = (cast("Plane", cv2.transform(rgb, row.reshape(1, 4))) for row in BT709)
    return y, cast("Plane", halved(u)), cast("Plane", halved(v))


def shrunk(rgb: Plane, size: tuple[int, int]) -> Plane:
    """A far smaller copy (width, height) to judge a picture by: each pixel is the mean of at least four rows."""
    # Of a photo of 6 megapixels all rows would take four times as long, and say the same.
    step = max(1, rgb.shape[0] // (4 * size[1]))
    return cast("Plane", cv2.resize(rgb[::step], size, interpolation=cv2.INTER_AREA))


def new_planes(width: int, height: int) -> Planes:
    """Planes of an even size with any content."""
    return (
        np.empty((height, width), np.uint8),
        np.empty((height // 2, width // 2), np.uint8),
        np.empty((height // 2, width // 2), np.uint8),
    )


def fill(planes: Planes, rgb: Rgb) -> None:
    """Paint all of it in one colour."""
    for plane, level in zip(planes, yuv_of(rgb), strict=True):
        plane[:] = level


def crop_to(planes: Planes, x: int, y: int, w: int, h: int) -> Planes:
    """A view of an even rectangle."""
    return (
        planes[0][y : y + h, x : x + w],
        planes[1][y // 2 : (y + h) // 2, x // 2 : (x + w) // 2],
        planes[2][y // 2 : (y + h) // 2, x // 2 : (x + w) // 2],
    )


def copy(src: Planes, dst: Planes) -> None:
    """Copy planes of the same size."""
    for s, d in zip(src, dst, strict=True):
        np.copyto(d, s)


PAD: Final = 160
_SHIFTS: Final = np.arange(72)
# A fortieth of a pixel is under what can be seen of a moving picture, and found in nearly every frame. Colour is
# seen far less sharply.
_LUMA_TOLERANCE: Final = 1 / 40
_CHROMA_TOLERANCE: Final = 1 / 16
# From here on two samples per pixel are too few and fine detail would shimmer.
AREA_FROM: Final = 1.6


class Scratch:
    """Buffers of one worker, reused from frame to frame."""

    def __init__(self) -> None:
        self._flat: dict[int, Plane] = {}
        self._planes: dict[tuple[int, int, int], Planes] = {}

    def plane(self, slot: int, height: int, width: int) -> Plane:
        """A plane of this size; the next call for the same slot gives the same memory."""
        need = width * height
        if slot not in self._flat or self._flat[slot].size < need:
            self._flat[slot] = np.empty(need * 5 // 4, np.uint8)
        return self._flat[slot][:need].reshape(height, width)

    def planes(self, slot: int, width: int, height: int) -> Planes:
        """The same for three planes."""
        key = (slot, width, height)
        if key not in self._planes:
            self._planes[key] = new_planes(width, height)
        return self._planes[key]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A picture that the camera travels over.

    Attributes:
        planes: with ``pad`` px of repeated edge on every side of the luma, half of it on chroma's.
        pad: even.
        ox: chroma's site: luma position x is chroma position x / 2 + ox (0.25: sited left).
        oy: the same downwards.
    """

    planes: Planes
    pad: int = 0
    ox: float = 0.25
    oy: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height without the padding."""
        h, w = self.planes[0].shape
        return w - 2 * self.pad, h - 2 * self.pad

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return sum(p.nbytes for p in self.planes)

    def padded(self) -> Sheet:
        """The same with a margin, as ``sample`` wants it for scaling."""
        if self.pad:
            return self
        y, u, v = (
            cast("Plane", cv2.copyMakeBorder(p, pad, pad, pad, pad, cv2.BORDER_REPLICATE))
            for p, pad in zip(self.planes, (PAD, PAD // 2, PAD // 2), strict=True)
        )
        return Sheet((y, u, v), PAD, self.ox, self.oy)

    def sample(self, step: float, x: float, y: float, out: Planes, scratch: Scratch) -> None:
        """Fill ``out`` with what lies from (x, y) on, ``step`` px of this sheet to one px of ``out``.

        Output pixel i is centred on sheet position step * (i + 0.5) + x.
        """
        height, width = out[0].shape
        if step == 1.0 and _even(x) and _even(y) and (self.ox, self.oy) == (0.25, 0.0):
            inner = crop_to(self.planes, round(x) + self.pad, round(y) + self.pad, width, height)
            if inner[0].shape == out[0].shape:
                copy(inner, out)
                return
        resample(self.planes[0], step, x + self.pad, y + self.pad, out[0], scratch, _LUMA_TOLERANCE)
        # Output chroma i is at luma position 2 i + 0.5, that is step * (2 i + 0.5) + x of this sheet.
        cx = x / 2 - 0.25 * step + self.ox + self.pad / 2
        cy = y / 2 + self.oy + self.pad / 2
        resample(self.planes[1], step, cx, cy, out[1], scratch, _CHROMA_TOLERANCE)
        resample(self.planes[2], step, cx, cy, out[2], scratch, _CHROMA_TOLERANCE)


def _even(value: float) -> bool:
    return value == round(value) and round(value) % 2 == 0


def _shift(step: float, offset: float, tolerance: float) -> tuple[int, int, float]:
    """How many output px to shift so that the offset becomes whole: the shift, the offset, what is left over.

    The least shift that will do, for each one is a row or a column more to scale; else the best there is.
    """
    shifts = _SHIFTS[: max(1, int((PAD // 2 - 4) / step))]
    offsets = offset - step * shifts
    errors = np.abs(offsets - np.rint(offsets))
    best = int((errors <= tolerance).argmax())
    if errors[best] > tolerance:
        best = int(errors.argmin())
    return best, int(np.rint(offsets[best])), float(errors[best])


def resample(src: Plane, step: float, x: float, y: float, out: Plane, scratch: Scratch, tolerance: float) -> None:
    """``out[j, i]`` is ``src`` at (step * (i + 0.5) + x, step * (j + 0.5) + y), edge coordinates.

    ``cv2.resize`` is three times as fast as ``warpAffine`` and honours a fractional scale, but not a
    fractional offset. An offset is made of output pixels instead: k of them further left the source begins
    ``step * k`` further left, and for some k that is a whole number of source pixels, as near as makes no difference.
    """
    height, width = out.shape
    kx, left, ex = _shift(step, x, tolerance)
    ky, top, ey = _shift(step, y, tolerance)
    right = left + math.ceil(step * (kx + width)) + 2
    bottom = top + math.ceil(step * (ky + height)) + 2
    fits = left >= 0 and top >= 0 and right <= src.shape[1] and bottom <= src.shape[0]
    interpolation = cv2.INTER_AREA if step > AREA_FROM else cv2.INTER_LINEAR
    if not fits or max(ex, ey) > tolerance:
        if step > AREA_FROM:
            # warpAffine takes four samples and no more: soften what it would leave out.
            src = cast("Plane", cv2.GaussianBlur(src, (0, 0), 0.35 * step))
        matrix = np.array([[step, 0, x + 0.5 * step - 0.5], [0, step, y + 0.5 * step - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        warped = cv2.warpAffine(src, matrix, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        np.copyto(out, warped)
        return
    part = src[top:bottom, left:right]
    scale = 1 / step
    # OpenCV rounds half to even here, as Python does.
    size = round(part.shape[0] * scale), round(part.shape[1] * scale)
    scaled = cv2.resize(part, None, scratch.plane(0, *size), scale, scale, interpolation)
    np.copyto(out, scaled[ky : ky + height, kx : kx + width])
