"""The gains that are laid over sound: fades, ramps at cuts, silences, and ducking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import maximum_filter1d

from reelframe.render.sound.signal import RATE, Sound, frames, put_aside, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RAMP", "Envelope", "duck_curve", "duck_gain"]

RAMP = frames(0.005)
"""How long a cut takes: 5 ms are too short to be heard as a fade and long enough not to click."""

_SILENCE_RAMP = frames(0.010)

_HOP = RATE // 100
_FLOOR_DB = -50.0
_BELOW_LOUD_DB = 26.0
_LOUD_PERCENTILE = 95
_AHEAD_HOPS = 12
_HOLD_HOPS = 30
_ATTACK_S = 0.12
_RELEASE_S = 0.6


class Envelope:
    """A gain over so many samples, built of ramps; evaluated stretch by stretch."""

    def __init__(self, gain: float) -> None:
        self._gain = np.float32(gain)
        self._ramps: list[tuple[int, int, bool, bool]] = []
        self._silences: list[tuple[int, int]] = []

    def rise(self, at: int, length: int, *, linear: bool = False) -> None:
        """From 0 to 1 over ``[at, at + length)``; 0 before."""
        self._ramps.append((at, length, True, linear))

    def fall(self, at: int, length: int, *, linear: bool = False) -> None:
        """From 1 to 0 over ``[at, at + length)``; 0 after."""
        self._ramps.append((at, length, False, linear))

    def silence(self, start: int, stop: int) -> None:
        """0 from start to stop, with ramps of 10 ms outside of it."""
        self._silences.append((start, stop))

    def over(self, start: int, stop: int) -> NDArray[np.float32]:
        """The gains of the samples from start to stop."""
        gains = np.full(stop - start, self._gain, dtype=np.float32)
        for at, length, rising, linear in self._ramps:
            inside = start < at + length if rising else stop > at
            if inside:
                gains *= _ramp(start, stop, at, length, rising=rising, linear=linear)
        for first, last in self._silences:
            if start < last + _SILENCE_RAMP and stop > first - _SILENCE_RAMP:
                away = 1 - _ramp(start, stop, first - _SILENCE_RAMP, _SILENCE_RAMP, rising=True, linear=True)
                back = _ramp(start, stop, last, _SILENCE_RAMP, rising=True, linear=True)
                gains *= np.maximum(away, back)
        return gains


def _ramp(start: int, stop: int, at: int, length: int, *, rising: bool, linear: bool) -> NDArray[np.float32]:
    position = (np.arange(start - at, stop - at, dtype=np.float32) + np.float32(0.5)) / max(length, 1)
    position = np.clip(position, 0, 1)
    if not rising:
        position = 1 - position
    curve = position if linear else np.sin(position * np.float32(np.pi / 2))
    return np.asarray(curve, dtype=np.float32)


def duck_curve(key: Sound, depth_db: float) -> NDArray[np.float32]:
    """How far music gives way to speech or clip sound: gains in dB, one for each 10 ms.

    The key counts as sounding where its RMS over 10 ms is within 26 dB of its own loud passages and above
    -50 dBFS. The music begins to give way 120 ms before that, so that no first syllable is lost, stays down over
    pauses of up to 300 ms, and comes back within 600 ms.

    Args:
        key: ``(n, 2)``: what the music gives way to.
        depth_db: by how many dB, positive.
    """
    count = -(-len(key) // _HOP)
    power = np.zeros(count)
    for start, stop in spans(count, 4096):
        piece = key[start * _HOP : stop * _HOP].astype(np.float64)
        whole = np.zeros(((stop - start) * _HOP, 2))
        whole[: len(piece)] = piece
        power[start:stop] = np.mean(whole.reshape(stop - start, _HOP * 2) ** 2, axis=1)
        put_aside()
    level = 10 * np.log10(np.maximum(power, 1e-12))
    sounding = level > _FLOOR_DB
    if not sounding.any():
        return np.zeros(count, dtype=np.float32)
    loud = float(np.percentile(level[sounding], _LOUD_PERCENTILE))
    sounding = level > max(_FLOOR_DB, loud - _BELOW_LOUD_DB)
    # The window reaches from 300 ms ago to 120 ms ahead.
    size = _AHEAD_HOPS + _HOLD_HOPS + 1
    origin = (_HOLD_HOPS - _AHEAD_HOPS) // 2
    held = maximum_filter1d(sounding.astype(np.int8), size, mode="constant", origin=origin) > 0
    down = depth_db / (_ATTACK_S * RATE / _HOP)
    back = depth_db / (_RELEASE_S * RATE / _HOP)
    gains = np.empty(count, dtype=np.float32)
    gain = -depth_db if held[0] else 0.0
    for i, low in enumerate(held.tolist()):
        gain = max(-depth_db, gain - down) if low else min(0.0, gain + back)
        gains[i] = gain
    return gains


def duck_gain(curve: NDArray[np.float32], start: int, stop: int) -> NDArray[np.float32]:
    """The factors of the samples from start to stop, drawn straight (in dB) between the curve's points."""
    low = max(0, start // _HOP - 1)
    high = min(len(curve), stop // _HOP + 2)
    middles = (np.arange(low, high) + 0.5) * _HOP
    level = np.interp(np.arange(start, stop), middles, curve[low:high])
    return np.asarray(10 ** (level / 20), dtype=np.float32)
