"""Moving backgrounds of cards: soft colours that drift, drawn by code. What a video of words stands on.

Each is a few formulas on a small grid, scaled up: slow light has no detail that the scaling could lose. Colours are
two to four, given by the timeline, or chosen by the look; they stay close enough in lightness for one colour of text.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from reelframe.render.composition import Backdrop
from reelframe.render.planes import BT709, Plane, Planes

__all__ = ["BACKDROPS", "OF_LOOK", "PALETTES", "paint_backdrop"]

Field = NDArray[np.floating[Any]]

# Drawn on a grid of about this many cells, and scaled: the colours change over a fifth of the frame at the least.
_CELLS: Final = 6000
# Half a step of an 8-bit level, in a fixed pattern that is not seen: without it slow slopes stand in bands.
_DITHER: Final = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 15 / 32

PALETTES: Final = MappingProxyType(
    {
        "clean": ("#1b2a6b", "#3a6ea5", "#2d9c9c", "#5a4fcf"),
        "bold": ("#d7263d", "#f46036", "#6a0572", "#1b1b3a"),
        "elegant": ("#2b1d2f", "#6b4a4a", "#8a6f4d", "#1f2a33"),
    }
)
"""The colours that go with each look of the texts; white stands out on all of them."""
OF_LOOK: Final = MappingProxyType({"clean": "aurora", "bold": "sweep", "elegant": "waves"})
"""What goes with each look of the texts."""


def paint_backdrop(backdrop: Backdrop, t: float, out: Planes) -> None:
    """Fill the planes with what the backdrop looks like ``t`` seconds after its card began."""
    height, width = out[0].shape
    aspect = width / height
    rows = max(8, round(math.sqrt(_CELLS / aspect)))
    columns = max(8, round(rows * aspect))
    x, y = _grid(rows, columns)
    rgb = BACKDROPS[backdrop.kind](x, y, aspect, t + backdrop.begin_s, backdrop)
    yuv = rgb.reshape(-1, 3) @ BT709[:, :3].T + BT709[:, 3]
    for plane, levels in zip(out, yuv.T.reshape(3, rows, columns), strict=True):
        _scale(np.ascontiguousarray(levels, np.float32), plane)


def _scale(levels: Field, plane: Plane) -> None:
    height, width = plane.shape
    large = np.asarray(cv2.resize(levels, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    large += np.tile(_DITHER, (-(-height // 4), -(-width // 4)))[:height, :width]
    np.clip(np.rint(large, out=large), 16, 240, out=large)
    plane[:] = large


@lru_cache(maxsize=8)
def _grid(rows: int, columns: int) -> tuple[Field, Field]:
    """Cell centres, 0..1 across and down."""
    x = (np.arange(columns, dtype=np.float32) + 0.5) / columns
    y = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    grid = np.meshgrid(x, y)
    return grid[0].astype(np.float32), grid[1].astype(np.float32)


def _colors(backdrop: Backdrop) -> Field:
    return np.array(backdrop.colors, np.float32)


def _aurora(x: Field, y: Field, aspect: float, t: float, b: Backdrop) -> Field:
    """Large soft lights of each colour that wander about; where they meet, they mix."""
    colors = _colors(b)
    rng = np.random.default_rng(b.seed)
    total = np.full((*x.shape, 1), 0.15, np.float32)
    mixed = colors[-1] * total
    for n in range(2 * len(colors)):
        place, phase = rng.uniform(0.1, 0.9, 2), rng.uniform(0, 2 * np.pi, 2)
        speed = rng.uniform(0.16, 0.34, 2) * np.where(rng.random(2) < 0.5, -1, 1)  # a coin
        cx = place[0] + 0.24 * math.sin(speed[0] * t + phase[0])
        cy = place[1] + 0.24 * math.cos(speed[1] * t + phase[1])
        distance = ((x - cx) * max(1.0, aspect)) ** 2 + ((y - cy) * max(1.0, 1 / aspect)) ** 2
        weight = np.exp(-distance / (2 * 0.34**2))[..., None].astype(np.float32)
        mixed = mixed + colors[n % len(colors)] * weight
        total = total + weight
    return np.asarray(mixed / total)


def _sweep(x: Field, y: Field, aspect: float, t: float, b: Backdrop) -> Field:  # noqa: ARG001 -- one shape for all
    """A slanted slope through all the colours that turns and travels, with broad beams of light across it."""
    turn = 0.6 + 0.25 * math.sin(0.23 * t + b.seed)
    along = x * math.cos(turn) + y * math.sin(turn)
    rgb = _slope(_colors(b), along * 0.75 + 0.05 * t + 0.13 * b.seed)
    beam = np.sin(2 * np.pi * (along * 1.6 - 0.09 * t))
    light = np.clip(beam - 0.55, 0, 1) * 0.28
    return np.asarray(rgb + (255 - rgb) * light[..., None])


def _waves(x: Field, y: Field, aspect: float, t: float, b: Backdrop) -> Field:
    """Hills of one colour before the next that roll past each other, their edges soft."""
    colors = _colors(b)
    rgb = np.broadcast_to(colors[0], (*x.shape, 3)).astype(np.float32)
    for n, color in enumerate(colors[1:], 1):
        phase = b.seed * 1.7 + n * 2.1
        level = n / len(colors) + 0.07 * np.sin(2.1 * aspect**0.5 * x * np.pi + 0.45 * t * (1 if n % 2 else -1) + phase)
        level = level + 0.03 * np.sin(4.3 * x * np.pi - 0.3 * t + 2 * phase)
        cover = 1 / (1 + np.exp(-np.clip((y - level) * 16, -30, 30)))
        rgb = rgb + (color - rgb) * cover[..., None]
    return np.asarray(rgb)


def _slope(colors: Field, at: Field) -> Field:
    """The colours in a circle, smoothly: 0 and 1 are the first one."""
    place = (at % 1.0) * len(colors)
    low = np.floor(place).astype(np.int64) % len(colors)
    part = (place - np.floor(place))[..., None]
    part = part * part * (3 - 2 * part)
    return np.asarray(colors[low] + (colors[(low + 1) % len(colors)] - colors[low]) * part)


BACKDROPS: Final[MappingProxyType[str, Callable[[Field, Field, float, float, Backdrop], Field]]] = MappingProxyType(
    {"aurora": _aurora, "sweep": _sweep, "waves": _waves}
)
"""By name, how each is drawn."""
