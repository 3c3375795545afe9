"""The one colour of a picture that a designer would pick out (runs in the worker).

k-means in CIE L*a*b*, where distances are what the eye sees; then the cluster that is colourful, neither nearly black
nor nearly white, and not a speck. Formulas: CIE 15:2004, with the sRGB primaries and D65 of IEC 61966-2-1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["accent", "lab_of"]

_SIDE: Final = 56
_CLUSTERS: Final = 8
_ROUNDS: Final = 12
# Below this chroma a colour is grey to the eye, at least as a plate beside a photo.
_LEAST_CHROMA: Final = 22.0
_LIGHTNESS: Final = (22.0, 88.0)
# Of less than one part in a hundred nobody would say that the picture has that colour.
_LEAST_SHARE: Final = 0.012
_XYZ: Final = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE: Final = np.array([0.95047, 1.0, 1.08883])
_LINEAR_BELOW: Final = 0.04045
_EPSILON: Final = 216 / 24389
_KAPPA: Final = 24389 / 27


def lab_of(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """L*, a*, b* of sRGB values 0..255; the last axis is the colour."""
    value = np.asarray(rgb, np.float64) / 255
    linear = np.where(value <= _LINEAR_BELOW, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _XYZ.T / _WHITE
    f = np.where(xyz > _EPSILON, np.cbrt(xyz), (_KAPPA * xyz + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def accent(pixels: NDArray[np.uint8]) -> str | None:
    """``#rrggbb``, or None for a picture without a colour to speak of.

    Args:
        pixels: (H, W, 3) sRGB, or (H, W, 4) with straight alpha, of which what can be seen counts.
    """
    height, width = pixels.shape[:2]
    # The middles of equal parts: borders are frames and edges of scans more often than not.
    rows, columns = (((np.arange(n := min(size, _SIDE)) + 0.5) * size / n).astype(int) for size in (height, width))
    few = pixels[rows][:, columns].reshape(-1, pixels.shape[2])
    if few.shape[1] == 4:  # RGBA
        few = few[few[:, 3] > 127]  # rather there than not
    colours = few[:, :3]
    if not len(colours):
        return None
    lab = lab_of(colours)
    nearest = _clusters(lab)
    best, most = None, 0.0
    for n in range(_CLUSTERS):
        own = nearest == n
        share = float(own.mean())
        if share < _LEAST_SHARE:
            continue
        lightness, a, b = np.median(lab[own], axis=0)
        chroma = float(np.hypot(a, b))
        if chroma < _LEAST_CHROMA or not _LIGHTNESS[0] <= lightness <= _LIGHTNESS[1]:
            continue
        # A background is large and dull, what is shown small and colourful: chroma counts for more than size.
        score = chroma * share**0.25
        if score > most:
            most, best = score, np.median(colours[own], axis=0)
    return None if best is None else "#" + "".join(f"{round(float(value)):02x}" for value in best)


def _clusters(lab: NDArray[np.float64]) -> NDArray[np.intp]:
    """The number of each colour's cluster. Begun at colours far from each other, so the same every time."""
    centres = [lab[np.argmin(np.square(lab - lab.mean(axis=0)).sum(axis=1))]]
    away = np.square(lab - centres[0]).sum(axis=1)
    for _ in range(_CLUSTERS - 1):
        centres.append(lab[np.argmax(away)])
        away = np.minimum(away, np.square(lab - centres[-1]).sum(axis=1))
    middle = np.array(centres)
    nearest = np.zeros(len(lab), np.intp)
    for _ in range(_ROUNDS):
        nearest = np.square(lab[:, None] - middle[None]).sum(axis=2).argmin(axis=1)
        kept = [lab[nearest == n] for n in range(_CLUSTERS)]
        middle = np.array([own.mean(axis=0) if len(own) else middle[n] for n, own in enumerate(kept)])
    return nearest
