"""The eight ways to stand a picture upright, whether EXIF or a display matrix asks for them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["UPRIGHT", "Turn", "from_display_matrix", "from_exif"]


class Turn(NamedTuple):
    """Swap rows and columns first, then mirror left-right and top-bottom."""

    transpose: bool = False
    mirror_x: bool = False
    mirror_y: bool = False

    def apply(self, pixels: NDArray[np.generic]) -> NDArray[Any]:
        """The array of shape (h, w, …), upright: a view, not a copy."""
        if self.transpose:
            pixels = pixels.swapaxes(0, 1)
        return pixels[:: -1 if self.mirror_y else 1, :: -1 if self.mirror_x else 1]

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The size of a picture after the turn; also what to ask for to get a size after it."""
        return (height, width) if self.transpose else (width, height)


UPRIGHT: Final = Turn()

# EXIF 2.3, tag 0x0112: which edges of the scene row 0 and column 0 of the stored picture are.
_EXIF: Final = {
    1: Turn(),
    2: Turn(mirror_x=True),
    3: Turn(mirror_x=True, mirror_y=True),
    4: Turn(mirror_y=True),
    5: Turn(transpose=True),
    6: Turn(transpose=True, mirror_x=True),
    7: Turn(transpose=True, mirror_x=True, mirror_y=True),
    8: Turn(transpose=True, mirror_y=True),
}


def from_exif(orientation: object) -> Turn:
    """The turn of an EXIF orientation; none for values that mean nothing."""
    return _EXIF.get(orientation, UPRIGHT) if isinstance(orientation, int) else UPRIGHT


def from_display_matrix(matrix: bytes | None) -> Turn:
    """The nearest turn of a display matrix: nine native 32-bit numbers (ISO/IEC 14496-12, 8.3.2).

    A point (x, y) of the stored picture is shown at (a x + c y, b x + d y), y pointing down.
    """
    if matrix is None or len(matrix) < 36:  # nine numbers
        return UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("=9i", matrix[:36])
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Turn(transpose=True, mirror_x=c < 0, mirror_y=b < 0)
    return Turn(mirror_x=a < 0, mirror_y=d < 0)
