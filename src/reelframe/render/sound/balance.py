"""What the user turned up or down, kept apart from the loudness that the whole is brought to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelframe.render.sound.measure import HOP, Meter, gated
from reelframe.render.sound.signal import Sound, silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reelframe.render.sound.layers import SoundLayer
    from reelframe.render.sound.signal import Floats

__all__ = ["Balance"]

_LOUDEST_RAISE_DB = 6.0
"""Turning layers up lifts the whole above the loudness wanted by so much at most: beyond it, the limiter would only
flatten it."""


class Balance:
    """How loud the mix would be with every layer at its reference volume, against how loud it is.

    The energies of the layers are added as if they were unrelated, in K-weighted hops of 100 ms; only the difference
    of the two loudnesses is used, so what that neglects cancels out. With every volume at its reference nothing is
    measured, and the difference is exactly 0.
    """

    def __init__(self, layers: tuple[SoundLayer, ...], total: int) -> None:
        self.needed = any(layer.reference_volume > 0 and layer.gain != layer.reference_volume for layer in layers)
        hops = total // HOP + 2 if self.needed else 0
        self._as_is = np.zeros(hops)
        self._reference = np.zeros(hops)

    def noting(
        self, layer: SoundLayer, start: int, pieces: Iterable[tuple[int, int, Sound]]
    ) -> Iterator[tuple[int, int, Sound]]:
        """Pass on the blocks of a layer that begins at a sample of the timeline, and take note of them."""
        if not self.needed:
            yield from pieces
            return
        first, inside = divmod(start, HOP)
        meter = Meter()
        meter.feed(silence(inside))
        for low, high, piece in pieces:
            meter.feed(piece)
            yield low, high, piece
        meter.feed(silence(HOP))
        energies = meter.hops[: len(self._as_is) - first]
        span = slice(first, first + len(energies))
        ratio = layer.reference_volume / layer.gain
        self._as_is[span] += energies
        self._reference[span] += energies * ratio**2

    def difference_db(self) -> float:
        """Loudness as it is, minus loudness at the reference volumes."""
        if not self.needed:
            return 0.0
        apart = _gated(self._as_is) - _gated(self._reference)
        return float(min(_LOUDEST_RAISE_DB, apart))


def _gated(energies: Floats) -> float:
    # The gates are absolute, the volumes are not: lift both sides so that a quiet layer is not gated away.
    top = float(energies.max(initial=0.0))
    return gated(energies / top) + 10 * np.log10(top) if top > 0 else 0.0
