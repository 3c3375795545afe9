"""Bringing sound to a loudness under a true-peak ceiling, in place and block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d, uniform_filter1d

from reelframe.render.sound.measure import SILENT_LUFS, Meter, integrated, oversampled_peaks
from reelframe.render.sound.signal import BLOCK, RATE, decibels, from_decibels, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from reelframe.render.sound.signal import Check, Sound

__all__ = ["CEILING_DB", "DECODED_CEILING_DB", "MAX_GAIN_DB", "TARGET_LUFS", "normalise", "settle"]

TARGET_LUFS = -16.0
CEILING_DB = -3.0
"""The true peak that we allow: 2 dB under what is promised of the decoded file, because a lossy codec moves the peaks
of drums by up to about that. Where it moves one by more, `settle` holds it."""

DECODED_CEILING_DB = -1.0
"""What is promised of the decoded file."""

MAX_GAIN_DB = 30.0
"""Quiet recordings are raised by so much at most: beyond it one would hear nothing but their noise."""

_GROUP = 12
"""The limiter thinks once in 12 samples (0.25 ms) and draws straight lines between."""
_LOOK = 10
"""How many groups it looks ahead, and back: 2.5 ms."""
_RELEASE_DB = 50.0 * _GROUP / RATE
"""How far the gain rises again in a group: 50 dB a second."""
_CLOSE_ENOUGH_LU = 0.05
_PASSES = 4
_CODEC_FRAME = 1024
_CODEC_ROUNDS = 4
_CODEC_MARGIN_DB = 0.3
_EDGE = 8
"""Samples on either side that the interpolator of the true peak reaches."""


def group_peaks(sound: Sound) -> NDArray[np.float32]:
    """The true peak (linear) within each group of 12 samples."""
    groups = -(-len(sound) // _GROUP)
    peaks = np.zeros(groups, dtype=np.float32)
    block = BLOCK // 4 // _GROUP * _GROUP
    for start, stop in spans(len(sound), block):
        low, high = max(0, start - _EDGE), min(len(sound), stop + _EDGE)
        lanes = [oversampled_peaks(np.ascontiguousarray(sound[low:high, c])) for c in (0, 1)]
        both = np.maximum(*lanes)[start - low :][: stop - start]
        whole = -(-len(both) // _GROUP)
        padded = np.pad(both, (0, whole * _GROUP - len(both)))
        peaks[start // _GROUP :][:whole] = padded.reshape(whole, _GROUP).max(axis=1)
    return peaks


def gain_curve(peaks: NDArray[np.float32], ceiling: float) -> NDArray[np.float32]:
    """The gain in dB (never above 0) at the middle of each group that keeps the peaks under a ceiling.

    A look-ahead limiter: what each peak needs is held on both sides of it (a sliding minimum), released at a
    steady 50 dB a second, and averaged over the look-ahead; so the gain has arrived in full when the peak
    comes, and never steps.
    """
    out = np.empty(len(peaks), dtype=np.float32)
    # What one stretch needs of its neighbours: the look-ahead of both filters.
    edge = 4 * _LOOK
    known: NDArray[np.float64] = np.zeros(0)
    for start, stop in spans(len(peaks), BLOCK):
        low, high = max(0, start - edge), min(len(peaks), stop + edge)
        needed = np.minimum(0, 20 * np.log10(ceiling / np.maximum(peaks[low:high], 1e-9)), dtype=np.float64)
        # One group more than the average is wide, for the straight lines between groups.
        held = minimum_filter1d(needed, 2 * _LOOK + 3, mode="nearest")
        ramp = _RELEASE_DB * np.arange(len(held))
        held[: len(known)] = np.minimum(held[: len(known)], known)
        falling = np.minimum.accumulate(held - ramp) + ramp
        out[start:stop] = uniform_filter1d(falling, 2 * _LOOK + 1, mode="nearest")[start - low :][: stop - start]
        if stop < len(peaks):
            # Where the next stretch begins to read, it has not seen what lies before.
            at = stop - edge - low
            known = held[at : at + _LOOK + 2].copy()
            known[0] = falling[at]
    return out


def limited(sound: Sound, gain: float, curve: NDArray[np.float32]) -> Iterator[tuple[int, int, Sound]]:
    """The sound times a gain and a limiter's curve, as (start, stop, block)."""
    for start, stop in spans(len(sound), BLOCK // 4):
        low = max(0, start // _GROUP - 1)
        high = stop // _GROUP + 2
        middles = (np.arange(low, min(high, len(curve))) + 0.5) * _GROUP - 0.5
        at = np.interp(np.arange(start, stop), middles, curve[low:high])
        factor = np.float32(gain) * np.float32(10) ** (at.astype(np.float32) / 20)
        yield start, stop, np.asarray(sound[start:stop] * factor[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A gain in dB and, where the peaks need it, the limiter's curve."""

    gain_db: float
    curve: NDArray[np.float32] | None


def _planned(sound: Sound, lufs: float | None, ceiling: float) -> _Plan:
    if lufs is None:
        gain_db = wanted = 0.0
    else:
        level = integrated(sound)
        if level <= SILENT_LUFS:
            return _Plan(0.0, None)
        gain_db = min(MAX_GAIN_DB, lufs - level)
        wanted = level + gain_db
    peaks = group_peaks(sound)
    if float(peaks.max(initial=0.0)) * from_decibels(gain_db) <= ceiling:
        return _Plan(gain_db, None)
    for _ in range(_PASSES if lufs is not None else 0):
        # What the limiter takes away in loudness is made up for by more gain, within reason.
        gain = from_decibels(gain_db)
        meter = Meter()
        for _, _, block in limited(sound, gain, gain_curve(peaks * np.float32(gain), ceiling)):
            meter.feed(block)
        missing = wanted - meter.integrated()
        if abs(missing) < _CLOSE_ENOUGH_LU:
            break
        gain_db += float(np.clip(1.3 * missing, -3, 3))
    return _Plan(gain_db, gain_curve(peaks * np.float32(from_decibels(gain_db)), ceiling))


def normalise(
    sound: Sound,
    lufs: float | None = TARGET_LUFS,
    *,
    ceiling_db: float = CEILING_DB,
    check: Check | None = None,
) -> float:
    """Bring a sound to an integrated loudness, in place, with its true peak under a ceiling.

    Args:
        sound: changed in place. Silence stays silence.
        lufs: the loudness wanted, or None to keep the level and only guard the peak.
        ceiling_db: the true peak that is not passed, in dBTP.
        check: called between blocks; raises to cancel.

    Returns:
        The gain that was applied, in dB, before limiting.
    """
    plan = _planned(sound, lufs, from_decibels(ceiling_db))
    gain = from_decibels(plan.gain_db)
    if plan.curve is None:
        for start, stop in spans(len(sound)):
            sound[start:stop] *= np.float32(gain)
    else:
        for start, stop, block in limited(sound, gain, plan.curve):
            sound[start:stop] = block
            if check is not None:
                check()
    return plan.gain_db


def decoded_peaks(blocks: Iterable[Sound], groups: int) -> NDArray[np.float32]:
    """``group_peaks`` of a sound that arrives in blocks; the first so many groups."""
    out = np.zeros(groups, dtype=np.float32)
    # Enough on both sides of what is measured for the interpolator, and a whole number of groups.
    margin = 2 * _GROUP
    held = [np.zeros((0, 2), dtype=np.float32)]
    at, before = 0, 0
    for block in blocks:
        held.append(block)
        ready = (sum(map(len, held)) - before - margin) // _GROUP
        if ready * _GROUP < BLOCK // 4:
            continue
        joined = np.concatenate(held)
        _store(out, at, group_peaks(joined[: before + ready * _GROUP + margin])[before // _GROUP :][:ready])
        at += ready
        held, before = [joined[before + ready * _GROUP - margin :]], margin
    _store(out, at, group_peaks(np.concatenate(held))[before // _GROUP :])
    return out


def _store(out: NDArray[np.float32], at: int, peaks: NDArray[np.float32]) -> None:
    room = out[at : at + len(peaks)]
    room[:] = peaks[: len(room)]


def settle(sound: Sound, codec: Callable[[Sound], Iterable[Sound]], *, ceiling_db: float = DECODED_CEILING_DB) -> float:
    """Make sure, in place, that a sound stays under a true peak after a lossy codec.

    An encoder now and then throws up a peak in a single frame, by more than any fixed headroom would catch at a fair
    price. So the sound is passed through the codec; where what comes back is too high, it is turned down for about
    50 ms by as much, and passed again, four times at most.

    Args:
        sound: changed in place, and only around such peaks.
        codec: encodes and decodes; what it gives, in blocks, may be longer, but begins at the same time within a
            frame.
        ceiling_db: the true peak in dBTP that the decoded sound must not pass.

    Returns:
        The true peak of the decoded sound in dBTP. The caller decides what to say should it still be above.
    """
    peak_db = -np.inf
    for nth in range(_CODEC_ROUNDS + 1):
        peaks = decoded_peaks(codec(sound), -(-len(sound) // _GROUP))
        peak_db = decibels(float(peaks.max(initial=0.0)))
        if peak_db <= ceiling_db or nth == _CODEC_ROUNDS:
            break
        wide = maximum_filter1d(peaks, 4 * _CODEC_FRAME // _GROUP)
        curve = gain_curve(wide, from_decibels(ceiling_db - _CODEC_MARGIN_DB))
        for start, stop, block in limited(sound, 1.0, curve):
            sound[start:stop] = block
    return peak_db
