"""Beats of music that was uploaded, and where to cut it.

Beat tracking by dynamic programming: D. P. W. Ellis, "Beat Tracking by Dynamic Programming", Journal of New Music
Research 36(1), 2007. An onset strength (the rise of a log spectrum) gives the tempo through its autocorrelation,
weighted towards 120 beats a minute; the beats are the chain of strong onsets whose spacing keeps to that tempo.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft
from scipy.ndimage import gaussian_filter1d

from reelframe.render.sound.signal import RATE, Floats, Sound

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CONTEXT_S", "BarCut", "Beats", "cut_at_bar", "track_beats"]

CONTEXT_S = 12.0
"""How much more of a piece than its cut is looked at to find its beats."""

_HOP = 480
_WINDOW = 2048
_PER_SECOND = RATE / _HOP
_BANDS = 40
_LOW_HZ, _HIGH_HZ = 30.0, 10_000.0
_SLOWEST, _FASTEST = 60.0, 200.0
_USUAL = 120.0
_SPREAD_OCTAVES = 0.9
_TIGHTNESS = 100.0
_LONGEST_S = 600.0
_BAR = 4
_LEAST_BEATS = 8
_STEADY = 0.12
_MOST_STRETCH = 0.04
_BASS_BANDS = 6
_NEARLY_S = 1e-3


@dataclass(frozen=True, slots=True)
class Beats:
    """The pulse of a sound.

    Attributes:
        times: each beat in seconds.
        bpm: tempo.
        downbeat: which of the first four beats begins a bar (bars of four are assumed).
        confidence: 0 to 1: how much more onset lies on the beats than between them.
    """

    times: Floats
    bpm: float
    downbeat: int
    confidence: float

    @property
    def bars(self) -> Floats:
        """The time of each bar line in seconds."""
        return self.times[self.downbeat :: _BAR]


def _bands(sound: Sound) -> NDArray[np.float32]:
    """The level in dB of 40 bands, a hundred times a second: ``(frames, 40)``."""
    mono = sound.mean(axis=1)
    count = 1 + len(mono) // _HOP
    padded = np.pad(mono, (_WINDOW // 2, _WINDOW))
    window = np.hanning(_WINDOW).astype(np.float32)
    hertz = fft.rfftfreq(_WINDOW, 1 / RATE)
    edges = np.geomspace(_LOW_HZ, _HIGH_HZ, _BANDS + 1)
    rows = np.searchsorted(hertz, edges)
    rows = np.maximum.accumulate(np.maximum(rows, np.arange(len(rows)) + 1))
    levels = np.empty((count, _BANDS), dtype=np.float32)
    pieces = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    for start in range(0, count, 512):
        power = np.abs(fft.rfft(pieces[start : start + 512][: count - start] * window, axis=1)) ** 2
        sums = np.add.reduceat(power, rows, axis=1)[:, :_BANDS]
        levels[start : start + len(sums)] = 10 * np.log10(np.maximum(sums, 1e-10))
    return np.asarray(np.maximum(levels, levels.max() - 80), dtype=np.float32)


def _onsets(levels: NDArray[np.float32]) -> Floats:
    """How much louder than the frame before it each frame is, over all bands; local mean removed, unit deviation."""
    rise = np.maximum(0, np.diff(levels, axis=0, prepend=levels[:1])).mean(axis=1).astype(np.float64)
    rise -= gaussian_filter1d(rise, 0.7 * _PER_SECOND)
    deviation = float(rise.std())
    return gaussian_filter1d(rise / deviation if deviation > 1e-9 else rise * 0, 2.0)  # silence


def _period(onsets: Floats) -> float:
    """The beat's period in frames: the strongest lag of the autocorrelation, weighted towards 120 a minute."""
    size = int(fft.next_fast_len(2 * len(onsets), real=True))
    spectrum = fft.rfft(onsets, size)
    correlation = fft.irfft(np.abs(spectrum) ** 2, size)[: len(onsets)]
    low = round(60 / _FASTEST * _PER_SECOND)
    high = min(len(onsets) - 2, round(60 / _SLOWEST * _PER_SECOND))
    lags = np.arange(low, high + 1)
    octaves = np.log2(lags / _PER_SECOND * _USUAL / 60)
    # A true beat also repeats at twice its lag; a triplet or a dotted figure does not.
    doubled = np.minimum(2 * lags, len(correlation) - 1)
    strength = (correlation[lags] + 0.5 * correlation[doubled]) * np.exp(-0.5 * (octaves / _SPREAD_OCTAVES) ** 2)
    best = int(lags[np.argmax(strength)])
    before, here, after = correlation[best - 1 : best + 2]
    bend = before - 2 * here + after
    return float(best + (0.5 * (before - after) / bend if bend < 0 else 0.0))


def _chain(onsets: Floats, period: float) -> list[int]:
    """The frames of the beats: the path that collects most onset at steady steps."""
    steps = np.arange(round(-2 * period), -round(period / 2) + 1)
    cost = -_TIGHTNESS * np.log(-steps / period) ** 2
    score = onsets.copy()
    link = np.full(len(onsets), -1)
    for i in range(-int(steps[0]), len(onsets)):
        options = score[i + steps] + cost
        best = int(np.argmax(options))
        if options[best] > 0:
            score[i] += options[best]
            link[i] = i + steps[best]
    at = len(score) - round(period) + int(np.argmax(score[-round(period) :]))
    path = [at]
    while link[path[-1]] >= 0:
        path.append(int(link[path[-1]]))
    return path[::-1]


def track_beats(sound: Sound) -> Beats | None:
    """Find the beats of a sound; at most its first ten minutes are looked at.

    Returns:
        None where there is no pulse to speak of: silence, speech, a drone, less than four seconds.
    """
    sound = sound[: round(_LONGEST_S * RATE)]
    if len(sound) < 4 * RATE:
        return None
    levels = _bands(sound)
    onsets = _onsets(levels)
    if not onsets.any():
        return None
    period = _period(onsets)
    path = _chain(onsets, period)
    if len(path) < _LEAST_BEATS:
        return None
    beats = np.array(path)
    gaps = np.diff(beats)
    on, off = onsets[beats].mean(), onsets[(beats[:-1] + gaps // 2)].mean()
    confidence = float(np.clip((on - off) / 3, 0, 1))
    if float(np.std(gaps)) > _STEADY * float(np.mean(gaps)) or on <= 0:
        return None
    # A bar begins where the bass moves and the harmony changes.
    bass = np.maximum(0, np.diff(levels[:, :_BASS_BANDS], axis=0, prepend=levels[:1, :_BASS_BANDS])).mean(axis=1)
    colour = _colour_change(levels, beats)
    strength = gaussian_filter1d(bass.astype(np.float64), 2.0)[beats]
    weight = strength / max(float(strength.mean()), 1e-9) + colour / max(float(colour.mean()), 1e-9)
    downbeat = int(np.argmax([weight[k::_BAR].mean() for k in range(_BAR)]))
    step = float(np.polyfit(np.arange(len(beats)), beats, 1)[0])
    return Beats(beats / _PER_SECOND, 60 * _PER_SECOND / step, downbeat, confidence)


def _colour_change(levels: NDArray[np.float32], beats: NDArray[np.int64]) -> Floats:
    """How much the spectrum of the beat that begins differs from that of the beat before."""
    edges = [*beats.tolist(), len(levels)]
    means = np.stack([levels[a : max(b, a + 1)].mean(axis=0) for a, b in pairwise(edges)])
    change = np.abs(np.diff(means, axis=0, prepend=means[:1])).mean(axis=1)
    return np.asarray(change, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class BarCut:
    """Where to begin in a piece, and how much faster to play it, so that bars fill a length.

    Attributes:
        in_s: begin here.
        speed: within 4 % of 1.
        bars: how many whole bars sound; 0 when no beat was found and the piece is taken from its start.
        beats: where the beats are heard, in seconds from the beginning of the cut.
    """

    in_s: float
    speed: float
    bars: int
    beats: tuple[float, ...] = ()


def cut_at_bar(sound: Sound, duration_s: float) -> BarCut:
    """Choose a cut of uploaded music that begins on its first bar line and ends on one.

    Whole bars seldom last exactly as long as a video; the rest is made up by playing up to 4 % faster or slower with
    the pitch kept. Where that does not reach, the beginning moves instead, so that the end still falls on a bar line.
    Music that is shorter than the video, or has no beat, is left as it is.
    """
    found = track_beats(sound)
    if found is None:
        return BarCut(0.0, 1.0, 0)
    in_s, speed, bars = _bars_within(found.bars, duration_s)
    heard = (found.times - in_s) / speed
    return BarCut(in_s, speed, bars, tuple(heard[(heard > -_NEARLY_S) & (heard < duration_s)].clip(0).tolist()))


def _bars_within(lines: Floats, duration_s: float) -> tuple[float, float, int]:
    """Where to begin, how fast to play, and how many bars that is."""
    if len(lines) < 2:  # one bar line makes no bar
        return 0.0, 1.0, 0
    first = float(lines[0])
    lengths = lines[1:] - first
    nearest = int(np.argmin(np.abs(np.log(lengths / duration_s))))
    speed = float(lengths[nearest] / duration_s)
    if abs(speed - 1) <= _MOST_STRETCH:
        return first, speed, nearest + 1
    ends = lines[lines >= duration_s]
    if len(ends) == 0:
        return 0.0, 1.0, 0
    return float(ends[0]) - duration_s, 1.0, int(np.sum(lines < ends[0]))
