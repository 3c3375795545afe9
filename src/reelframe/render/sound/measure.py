"""Loudness, true peak and levels.

Loudness follows ITU-R BS.1770-4 (and EBU R 128, which gates it the same way): K-weighting with the
coefficients that its tables 1 and 2 print for 48 kHz, mean squares of 400 ms blocks every 100 ms, an absolute
gate at -70 LUFS and a relative one 10 LU below the mean. True peak follows its annex 2: four times
oversampling with the 48-tap filter printed there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

from reelframe.render.sound.signal import BLOCK, RATE, decibels, spans

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from reelframe.render.sound.signal import Floats, Sound

__all__ = [
    "HOP",
    "SILENT_LUFS",
    "Loudness",
    "Meter",
    "integrated",
    "measure",
    "oversampled_peaks",
    "rms_per_second",
    "true_peak",
]

SILENT_LUFS = -120.0
"""What is reported for sound in which every block is gated away."""

HOP = RATE // 10
_OFFSET = -0.691
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_BLOCK_HOPS = 4

# BS.1770-4, tables 1 (the head as a sphere: a high shelf) and 2 (a high-pass).
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)  # fmt: skip

# BS.1770-4, annex 2: phases 0 and 1; 2 and 3 are the same backwards.
_PHASE_0 = (
    0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625,
    0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500,
)  # fmt: skip
_PHASE_1 = (
    -0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250,
    0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375,
)  # fmt: skip
# The filters' answer to one sample has fallen by 350 dB after so many: the slower pole lies at a radius of 0.99502.
_ANSWER = 8192
_INTERPOLATOR = np.array([_PHASE_0, _PHASE_1, _PHASE_1[::-1], _PHASE_0[::-1]], dtype=np.float32)[:, ::-1].copy()
_TAPS = len(_PHASE_0)
# Samples whose points between are worked out at once.
_PRODUCT = 4096


@lru_cache(maxsize=4)
def _response(size: int) -> NDArray[np.complex128]:
    """The two filters' frequency response on the grid of a real FFT of this size.

    The filters are carried out in the frequency domain: scipy's recursive ones come with 60 MB of other things.
    """
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    out = np.ones(len(turn), np.complex128)
    for b0, b1, b2, a0, a1, a2 in _K_WEIGHTING:
        out *= (b0 + (b1 + b2 * turn) * turn) / (a0 + (a1 + a2 * turn) * turn)
    return out


class Meter:
    """Measures loudness as sound comes in, block by block; keeps one number for each 100 ms."""

    def __init__(self) -> None:
        self._before = np.zeros((2, _ANSWER), dtype=np.float32)
        self._rest = np.zeros((0, 2))
        self._hops: list[Floats] = []
        self._count = 0
        self._energy = 0.0

    def feed(self, sound: Sound) -> None:
        """Take in more sound."""
        for start, stop in spans(len(sound), BLOCK // 4):
            piece = np.concatenate([self._before, sound[start:stop].T], axis=1)
            self._before = piece[:, -_ANSWER:]
            size = int(fft.next_fast_len(piece.shape[1] + _ANSWER, real=True))
            spectrum = fft.rfft(piece.astype(np.float64), size, axis=1)
            weighted = fft.irfft(spectrum * _response(size), size, axis=1)[:, _ANSWER : piece.shape[1]]
            power = np.concatenate([self._rest[:, 0], np.sum(weighted**2, axis=0)])
            whole = len(power) // HOP
            self._hops.append(power[: whole * HOP].reshape(whole, HOP).sum(axis=1))
            self._rest = power[whole * HOP :, None]
            self._count += stop - start

    @property
    def hops(self) -> Floats:
        """The K-weighted energy (sum of squares over both channels) of each whole 100 ms so far."""
        return np.concatenate(self._hops) if self._hops else np.zeros(0)

    def integrated(self) -> float:
        """The loudness of all so far in LUFS; `SILENT_LUFS` when nothing passes the gates.

        Sound shorter than one block of 400 ms is measured whole and ungated: the standard has no word on it.
        """
        hops = self.hops
        if len(hops) < _BLOCK_HOPS:
            energy = float(hops.sum() + self._rest.sum())
            return _lufs(energy / max(self._count, 1))
        return gated(hops)


def _lufs(mean_square: float) -> float:
    return max(SILENT_LUFS, float(_OFFSET + 10 * np.log10(max(mean_square, 1e-30))))


def gated(hops: Floats) -> float:
    """Integrated loudness from the energies of 100 ms hops (at least four)."""
    blocks = np.convolve(hops, np.ones(_BLOCK_HOPS), "valid") / (_BLOCK_HOPS * HOP)
    loud = _OFFSET + 10 * np.log10(np.maximum(blocks, 1e-30))
    heard = loud >= _ABSOLUTE_GATE
    if not heard.any():
        return SILENT_LUFS
    gate = _lufs(float(blocks[heard].mean())) + _RELATIVE_GATE
    return _lufs(float(blocks[heard & (loud >= gate)].mean()))


def integrated(sound: Sound | Iterable[Sound]) -> float:
    """Integrated loudness in LUFS of a sound, or of one that comes in blocks; `SILENT_LUFS` for silence."""
    meter = Meter()
    for block in (sound,) if isinstance(sound, np.ndarray) else sound:
        meter.feed(block)
    return meter.integrated()


def oversampled_peaks(lane: Sound) -> Sound:
    """For each sample of one channel the greatest magnitude of it and the three points after it.

    Args:
        lane: ``(n,)``; the interpolator sees zeros before and after.
    """
    padded = np.pad(lane, (_TAPS // 2 - 1, _TAPS // 2))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _TAPS)
    highest = np.abs(lane)
    # Products of a (4, 12) with a (12, n) matrix: several times faster than four convolutions. Each is too small for
    # the threads of a BLAS, which go on turning for a while when they are done, on cores that others work on.
    for start in range(0, len(lane), _PRODUCT):
        part = slice(start, start + _PRODUCT)
        between = _INTERPOLATOR @ np.ascontiguousarray(windows[part].T)
        np.maximum(highest[part], np.abs(between, out=between).max(axis=0), out=highest[part])
    return np.asarray(highest, dtype=np.float32)


def true_peak(sound: Sound) -> float:
    """The true peak in dBTP, -120 at least."""
    highest = 0.0
    for start, stop in spans(len(sound)):
        low, high = max(0, start - _TAPS), min(len(sound), stop + _TAPS)
        for channel in (0, 1):
            lane = np.ascontiguousarray(sound[low:high, channel])
            if float(np.max(np.abs(lane), initial=0.0)) * 2 > highest:
                highest = max(highest, float(oversampled_peaks(lane).max()))
    return decibels(highest)


def rms_per_second(sound: Sound) -> Floats:
    """The RMS level of each second (the last may be shorter) in dBFS, both channels together.

    A full-scale sine in both channels reads -3.01 dB; silence -120.
    """
    levels = []
    for start, stop in spans(len(sound), RATE):
        piece = sound[start:stop].astype(np.float64)
        levels.append(decibels(float(np.sqrt(np.mean(piece**2)))))
    return np.array(levels)


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a listener and a platform see of a sound: integrated LUFS, true peak in dBTP, RMS per second in dB."""

    lufs: float
    true_peak_db: float
    rms_db: tuple[float, ...]


def measure(sound: Sound) -> Loudness:
    """All of this module's figures of a sound."""
    levels = tuple(round(float(level), 2) for level in rms_per_second(sound))
    return Loudness(integrated(sound), true_peak(sound), levels)
