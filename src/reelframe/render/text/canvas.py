"""Colours laid one over the other, in eight bits and with premultiplied alpha, plane by plane.

A plane at a time is several times as fast as four interleaved channels; and most texts are grey (white letters, black
shadows), so that red, green and blue are one plane that is reckoned once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from .style import parse_color

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["Canvas"]


class Canvas:
    """A see-through picture that starts empty."""

    __slots__ = ("_planes",)

    def __init__(self, width: int, height: int) -> None:
        """``width`` and ``height`` in px."""
        self._planes: tuple[NDArray[np.uint8], ...] = (np.zeros((height, width), np.uint8),) * 4

    def lay(self, mask: NDArray[np.float32], color: str, opacity: float = 1.0) -> None:
        """Compose ``color`` over it through ``mask`` (0..1)."""
        *rgb, alpha = parse_color(color)
        cover = np.asarray(cv2.convertScaleAbs(mask, alpha=opacity * alpha), np.uint8)
        self._over(
            tuple((level, _share(cover, level)) for level in (*rgb, 255)),
            cover,
        )

    def lay_picture(self, picture: NDArray[np.float32]) -> None:
        """Compose a picture over it: (H, W, 4), premultiplied alpha, 0..1."""
        planes = [np.asarray(p, np.uint8) for p in cv2.split(cv2.convertScaleAbs(picture, alpha=255))]
        self._over(tuple(enumerate(planes)), planes[3])

    def lay_canvas(self, other: Canvas) -> None:
        """Compose another one of the same size over it."""
        self._over(tuple((id(p), p) for p in other._planes), other._planes[3])

    def fade(self, opacity: float) -> None:
        """Make all of it more see-through."""
        if opacity < 1:
            self._each(lambda plane, _: np.asarray(cv2.convertScaleAbs(plane, alpha=opacity), np.uint8), (0,) * 4)

    def picture(self) -> NDArray[np.uint8]:
        """(H, W, 4) uint8, premultiplied alpha, read-only."""
        result = np.asarray(cv2.merge(self._planes), np.uint8)
        result.flags.writeable = False
        return result

    def _over(self, layers: tuple[tuple[int, NDArray[np.uint8]], ...], cover: NDArray[np.uint8]) -> None:
        """Add each layer (a name that is the same where its pixels are, and they) to what is left of each plane."""
        rest = np.asarray(cv2.bitwise_not(cover), np.uint8)

        def mixed(plane: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
            left = cv2.multiply(plane, rest, scale=1 / 255)
            return np.asarray(cv2.add(left, layers[index][1], dst=left), np.uint8)

        self._each(mixed, tuple(name for name, _ in layers))

    def _each(self, change: Callable[[NDArray[np.uint8], int], NDArray[np.uint8]], names: tuple[int, ...]) -> None:
        """Change every plane by index; those that are one, and whose change has one name, once."""
        made: dict[tuple[int, int], NDArray[np.uint8]] = {}
        planes = []
        for index, plane in enumerate(self._planes):
            key = (id(plane), names[index])
            if key not in made:
                made[key] = change(plane, index)
            planes.append(made[key])
        self._planes = tuple(planes)


def _share(cover: NDArray[np.uint8], level: int) -> NDArray[np.uint8]:
    return cover if level == 255 else np.asarray(cv2.convertScaleAbs(cover, alpha=level / 255), np.uint8)
