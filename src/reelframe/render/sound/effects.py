"""Sound effects drawn by code: whoosh, pop, ding, click, riser, impact.

Each is a fixed piece of stereo sound that begins and ends at zero, peaks at about -6 dBFS and has the same
samples in every process.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

from reelframe.errors import ConfigurationError
from reelframe.render.sound.drums import band_noise
from reelframe.render.sound.signal import RATE, Sound, frames

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["EFFECTS", "effect"]

_PEAK = 0.5
_SHORTEST_S = 0.05
_LONGEST_S = 30.0


def _clock(count: int) -> NDArray[np.float32]:
    return np.arange(count, dtype=np.float32) / np.float32(RATE)


def _swept_noise(count: int, hertz: NDArray[np.float64], width: float, seed: int) -> NDArray[np.float32]:
    """Noise through a band whose centre moves: overlapping windows, each shaped in the spectrum."""
    size, hop = 2048, 512
    noise = np.random.default_rng(seed).standard_normal(count + 2 * size).astype(np.float32)
    window = np.hanning(size).astype(np.float32)
    octaves = np.log2(np.maximum(fft.rfftfreq(size, 1 / RATE), 1.0))
    out = np.zeros(count + 2 * size, dtype=np.float32)
    for at in range(0, count + size, hop):
        centre = float(np.log2(hertz[min(at, count - 1)]))
        shape = np.exp(-(((octaves - centre) / width) ** 2)).astype(np.float32)
        spectrum = fft.rfft(noise[at : at + size] * window) * shape
        out[at : at + size] += fft.irfft(spectrum, size) * window
    return out[size // 2 : size // 2 + count]


def _bell_curve(t: NDArray[np.float32], peak_at: float) -> NDArray[np.float32]:
    """0 at the ends, 1 at ``peak_at`` (a fraction of the length), smooth."""
    x = (t / max(float(t[-1]), 1e-9)).astype(np.float64)
    bent = np.where(x < peak_at, x / peak_at / 2, 0.5 + (x - peak_at) / (1 - peak_at) / 2)
    return (np.sin(np.pi * bent) ** 2).astype(np.float32)


def _panned(mono: NDArray[np.float32], place: NDArray[np.float32]) -> Sound:
    """Place a sound between left (-1) and right (1) with constant power."""
    angle = (np.clip(place, -1, 1) + 1) * np.float32(np.pi / 4)
    return np.stack([mono * np.cos(angle), mono * np.sin(angle)], axis=1)


def _whoosh(count: int) -> Sound:
    t = _clock(count)
    rise = _bell_curve(t, 0.55)
    hertz = 350 * 2 ** (3.4 * rise.astype(np.float64))
    noise = _swept_noise(count, hertz, 0.9, 11)
    return _panned(noise * rise, np.linspace(-0.7, 0.7, count, dtype=np.float32))


def _pop(count: int) -> Sound:
    t = _clock(count)
    phase = 420 * t + 480 / 45 * (np.exp(45 * np.minimum(t, 0.03)) - 1) / 12
    body = np.sin(2 * np.pi * phase) * np.exp(-42 * t) * np.minimum(1, t * 1200)
    return _panned(body.astype(np.float32), np.zeros(count, np.float32))


def _ding(count: int) -> Sound:
    t = _clock(count)
    partials = ((1, 1.0, 3.2), (2.0, 0.35, 4.6), (3.01, 0.2, 7.0), (5.42, 0.1, 12.0))
    lanes = []
    for detune in (-0.7, 0.7):
        lane = sum(
            (a * np.sin(2 * np.pi * (1318.5 * r + detune) * t) * np.exp(-d * t) for r, a, d in partials),
            np.zeros_like(t),
        )
        lanes.append(lane * np.minimum(1, t * 700))
    return np.stack(lanes, axis=1).astype(np.float32)


def _click(count: int) -> Sound:
    t = _clock(count)
    tick = band_noise(count, 1500, 7000, (13,)) * np.exp(-420 * t) * 0.5
    body = np.sin(2 * np.pi * 1900 * t) * np.exp(-260 * t)
    return _panned(((tick + body) * np.minimum(1, t * 4000)).astype(np.float32), np.zeros(count, np.float32))


def _riser(count: int) -> Sound:
    t = _clock(count)
    progress = (t / max(float(t[-1]), 1e-9)).astype(np.float64)
    hertz = 300 * 2 ** (4.2 * progress)
    noise = _swept_noise(count, hertz, 0.7, 17)
    phase = np.cumsum(110 * 2 ** (2 * progress)) / RATE
    tone = sum((np.sin(2 * np.pi * k * phase) / k for k in (1, 2, 3, 4)), np.zeros(count))
    swell = progress**2.2 * np.clip((1 - progress) * count / (0.012 * RATE), 0, 1)
    wobble = 0.5 * np.sin(2 * np.pi * np.cumsum(2 + 10 * progress) / RATE)
    mono = ((noise / max(float(np.abs(noise).max()), 1e-9) * 0.8 + 0.16 * tone) * swell).astype(np.float32)
    return _panned(mono, wobble.astype(np.float32))


def _impact(count: int) -> Sound:
    t = _clock(count)
    boom = np.sin(2 * np.pi * (38 * t + 90 / 14 * (1 - np.exp(-14 * t)))) * np.exp(-2.6 * t)
    crack = band_noise(count, 200, 3500, (19,)) * np.exp(-22 * t) * 0.35
    lanes = []
    for channel in (0, 1):
        tail = band_noise(count, 120, 1800, (23, channel)) * np.exp(-3.4 * t) * 0.09
        lanes.append((boom + crack + tail) * np.minimum(1, t * 900))
    return np.stack(lanes, axis=1).astype(np.float32)


_DRAWN: dict[str, tuple[float, Callable[[int], Sound]]] = {
    "whoosh": (0.75, _whoosh),
    "pop": (0.18, _pop),
    "ding": (1.6, _ding),
    "click": (0.06, _click),
    "riser": (2.0, _riser),
    "impact": (1.9, _impact),
}
EFFECTS: tuple[str, ...] = tuple(_DRAWN)
"""The effects that can be drawn."""


@lru_cache(maxsize=32)
def _drawn(name: str, count: int) -> Sound:
    sound = _DRAWN[name][1](count).astype(np.float32)
    fade = max(1, min(count // 4, frames(0.03)))
    sound[count - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None] ** 2
    sound *= np.float32(_PEAK / max(float(np.abs(sound).max()), 1e-9))
    sound.setflags(write=False)
    return sound


def effect(name: str, duration_s: float | None = None) -> Sound:
    """Draw an effect.

    Args:
        name: one of `EFFECTS`.
        duration_s: 0.05 to 30; by default what suits the effect. A riser or whoosh stretches to it; a
            struck effect is given so long to ring.

    Returns:
        ``(n, 2)``, read-only (it is shared).

    Raises:
        ConfigurationError: no such effect, or a duration out of range.
    """
    if name not in _DRAWN:
        message = f"There is no sound effect named {name!r}."
        raise ConfigurationError(message, hint=f"Choose one of {', '.join(EFFECTS)}.")
    seconds = _DRAWN[name][0] if duration_s is None else duration_s
    if not _SHORTEST_S <= seconds <= _LONGEST_S:
        message = f"A {name} can't last {seconds:g} seconds."
        raise ConfigurationError(message, hint=f"Ask for {_SHORTEST_S:g} to {_LONGEST_S:g} seconds.")
    return _drawn(name, frames(seconds))
