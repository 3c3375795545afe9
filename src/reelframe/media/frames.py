"""``YuvFrame``: what a clip's picture is on its way to the compositor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["YuvFrame", "rgb_of"]


@dataclass(frozen=True, slots=True, eq=False)
class YuvFrame:
    """One upright picture in 8-bit BT.709, limited range, 4:2:0 with chroma sited left.

    Attributes:
        y: luma, uint8 (h, w), 16..235.
        u: blue difference, uint8 (ceil(h / 2), ceil(w / 2)), 16..240, neutral at 128.
        v: red difference, the same.
        a: straight alpha, uint8 (h, w), or None for an opaque picture.
        start_s: when the picture begins to be on show, in seconds of its clip.
    """

    y: NDArray[np.uint8]
    u: NDArray[np.uint8]
    v: NDArray[np.uint8]
    a: NDArray[np.uint8] | None
    start_s: float

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.y.shape[0])

    def rgb(self) -> NDArray[np.uint8]:
        """The picture as R'G'B', uint8 (h, w, 3); for looking at, not for compositing."""
        return rgb_of((self.y, self.u, self.v))


# ITU-R BT.709-6, item 3.4 and 3.5, on code levels.
_Y: Final = 255 / 219
_RV: Final = 255 / 224 * 1.5748
_GU: Final = -255 / 224 * 1.8556 * 0.0722 / 0.7152
_GV: Final = -255 / 224 * 1.5748 * 0.2126 / 0.7152
_BU: Final = 255 / 224 * 1.8556


def rgb_of(planes: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """R'G'B' of Y, U and V planes as ``YuvFrame`` has them."""
    import cv2  # noqa: PLC0415 -- heavy
    import numpy as np  # noqa: PLC0415 -- heavy

    height, width = planes[0].shape
    luma = (planes[0].astype(np.float32) - 16) * _Y
    u, v = (
        cv2.resize(p.astype(np.float32) - 128, (width, height), interpolation=cv2.INTER_LINEAR) for p in planes[1:3]
    )
    rgb = np.stack([luma + _RV * v, luma + _GU * u + _GV * v, luma + _BU * u], axis=-1)
    pixels: NDArray[np.uint8] = np.clip(np.rint(rgb), 0, 255).astype(np.uint8)
    return pixels
