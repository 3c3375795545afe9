"""Drums drawn by code: each hit is a short float32 array, computed once in a process and kept.

Numbers are General MIDI keys. Noise comes from generators seeded with the drum's own number, so a hit has the
same samples in every process.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

from reelframe.render.sound.signal import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelframe.render.sound.signal import Sound

__all__ = ["KEYS", "PANS", "SENDS", "VARIANTS", "band_noise", "hit"]

KEYS = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "brush": 40,
    "low_tom": 41,
    "hat": 42,
    "tom": 45,
    "open": 46,
    "crash": 49,
    "ride": 51,
    "tambourine": 54,
    "cymbal": 55,
    "shaker": 70,
    "taiko": 87,
}
"""General MIDI percussion keys; brush and taiko take keys that the standard gives to their nearest kin."""

PANS = {"hat": 0.22, "open": 0.22, "ride": -0.3, "shaker": -0.4, "tambourine": 0.4, "crash": 0.15,
        "tom": 0.2, "low_tom": -0.25, "rim": -0.15, "brush": 0.08, "cymbal": -0.1}  # fmt: skip
SENDS = {"snare": 0.3, "clap": 0.35, "rim": 0.3, "tom": 0.4, "low_tom": 0.6, "taiko": 0.7, "crash": 0.3,
         "tambourine": 0.3, "cymbal": 0.5, "brush": 0.2}  # fmt: skip

VARIANTS = 3
"""Each drum has so many hits that differ in their noise: no machine gun."""


def _time(seconds: float) -> Sound:
    return (np.arange(round(seconds * RATE), dtype=np.float32) / np.float32(RATE)).astype(np.float32)


def band_noise(count: int, low: float, high: float, seed: tuple[int, ...]) -> Sound:
    """White noise between two frequencies (Hz), with slopes of half an octave, at an RMS of 1."""
    noise = np.random.default_rng(seed).standard_normal(count).astype(np.float32)
    spectrum = fft.rfft(noise)
    octaves = np.log2(np.maximum(fft.rfftfreq(count, 1 / RATE), 1.0))
    rise = np.clip((octaves - np.log2(low)) * 2 + 1, 0, 1)
    fall = np.clip((np.log2(high) - octaves) * 2 + 1, 0, 1)
    shaped = fft.irfft(spectrum * (rise * fall).astype(np.float32), count)
    return (shaped / max(float(np.sqrt(np.mean(shaped**2))), 1e-9)).astype(np.float32)


def _decay(t: Sound, rate: float) -> Sound:
    return np.asarray(np.exp(-np.float32(rate) * t), dtype=np.float32)


def _fall(t: Sound, end_hz: float, drop_hz: float, rate: float) -> Sound:
    """A sine whose frequency falls exponentially by ``drop_hz`` to ``end_hz``."""
    phase = end_hz * t + drop_hz / rate * (1 - np.exp(-rate * t))
    return np.asarray(np.sin(2 * np.pi * phase), dtype=np.float32)


def _driven(sound: Sound, drive: float) -> Sound:
    """Soft saturation up to 1: as full as before with less of a peak, which spares the limiter and the codec."""
    return np.asarray(np.tanh(drive * sound) / np.tanh(drive), dtype=np.float32)


def _metal(t: Sound, low: float, high: float, seed: tuple[int, ...]) -> Sound:
    """Noise with a cluster of inharmonic squares behind it, as cymbals have."""
    noise = band_noise(len(t), low, high, seed)
    ratios = (2.0, 3.0, 4.16, 5.43, 6.79, 8.21)
    ring = sum((np.sin(2 * np.pi * 540 * r * t * 1.47) for r in ratios), np.zeros_like(t))
    return (noise * 0.8 + ring * 0.12).astype(np.float32)


def _kick(seed: tuple[int, ...]) -> Sound:
    t = _time(0.42)
    body = _fall(t, 47, 120, 32) * _decay(t, 8.5)
    click = band_noise(len(t), 1800, 5500, seed) * _decay(t, 190) * 0.07
    return _driven(body + click, 1.9) * 0.8


def _snare(seed: tuple[int, ...]) -> Sound:
    t = _time(0.36)
    head = (_fall(t, 185, 60, 45) + 0.5 * _fall(t, 330, 60, 45)) * _decay(t, 24) * 0.36
    wires = band_noise(len(t), 1200, 8500, seed) * _decay(t, 17) * 0.17
    return _driven(head + wires, 1.6) * 0.62


def _clap(seed: tuple[int, ...]) -> Sound:
    t = _time(0.34)
    bursts = sum(
        (np.where(t >= at, np.exp(-np.abs(t - at) * 210), 0) for at in (0.0, 0.011, 0.023)),
        np.zeros_like(t),
    )
    tail = np.where(t >= 0.03, np.exp(-(t - 0.03) * 19), 0) * 0.7  # after the bursts
    return (band_noise(len(t), 1000, 5200, seed) * (bursts + tail) * 0.24).astype(np.float32)


def _rim(seed: tuple[int, ...]) -> Sound:
    t = _time(0.12)
    wood = np.sin(2 * np.pi * 1680 * t) * 0.5 + np.sin(2 * np.pi * 820 * t) * 0.5
    stick = band_noise(len(t), 2000, 7000, seed) * _decay(t, 150) * 0.1
    return np.asarray(wood * _decay(t, 65) * 0.5 + stick, dtype=np.float32)


def _brush(seed: tuple[int, ...]) -> Sound:
    t = _time(0.3)
    swell = np.minimum(1, t * 45) * _decay(t, 13)
    return band_noise(len(t), 1500, 8000, seed) * swell.astype(np.float32) * 0.16


def _hat(seed: tuple[int, ...]) -> Sound:
    t = _time(0.11)
    return _metal(t, 6500, 13000, seed) * _decay(t, 52) * 0.17


def _open(seed: tuple[int, ...]) -> Sound:
    t = _time(0.45)
    return _metal(t, 6000, 13000, seed) * _decay(t, 11) * 0.14


def _shaker(seed: tuple[int, ...]) -> Sound:
    t = _time(0.14)
    swell = np.minimum(1, t * 70) * _decay(t, 32)
    return band_noise(len(t), 5500, 12000, seed) * swell.astype(np.float32) * 0.15


def _tambourine(seed: tuple[int, ...]) -> Sound:
    t = _time(0.3)
    jingles = _metal(t, 7000, 14000, seed) * (_decay(t, 40) + 0.4 * _decay(t, 13))
    return jingles * 0.12


def _crash(seed: tuple[int, ...]) -> Sound:
    t = _time(1.9)
    return _metal(t, 3500, 14000, seed) * _decay(t, 2.9) * np.minimum(1, t * 400).astype(np.float32) * 0.11


def _cymbal(seed: tuple[int, ...]) -> Sound:
    t = _time(1.8)
    swell = np.clip(t / 1.4, 0, 1) ** 2.2 * np.clip((1.8 - t) / 0.4, 0, 1)
    return np.asarray(_metal(t, 3000, 12000, seed) * swell * 0.12, dtype=np.float32)


def _ride(seed: tuple[int, ...]) -> Sound:
    t = _time(0.75)
    ping = np.sin(2 * np.pi * 3140 * t) * _decay(t, 9) * 0.06
    wash = _metal(t, 4500, 11000, seed) * (_decay(t, 5.5) * 0.4 + _decay(t, 60) * 0.6) * 0.1
    return np.asarray(wash + ping, dtype=np.float32)


def _drum(end_hz: float, drop_hz: float, decay: float, seed: tuple[int, ...], skin: float) -> Sound:
    t = _time(min(1.6, 6.9 / decay))
    body = (_fall(t, end_hz, drop_hz, 22) + 0.25 * _fall(t, end_hz * 1.59, drop_hz, 22)) * _decay(t, decay)
    return _driven(body * 0.75 + band_noise(len(t), 180, 1400, seed) * _decay(t, 26) * skin, 1.7) * 0.72


_HITS: dict[int, Callable[[tuple[int, ...]], Sound]] = {
    KEYS["kick"]: _kick,
    KEYS["rim"]: _rim,
    KEYS["snare"]: _snare,
    KEYS["clap"]: _clap,
    KEYS["brush"]: _brush,
    KEYS["low_tom"]: lambda seed: _drum(74, 45, 6.0, seed, 0.16),
    KEYS["hat"]: _hat,
    KEYS["tom"]: lambda seed: _drum(112, 60, 9.0, seed, 0.08),
    KEYS["open"]: _open,
    KEYS["crash"]: _crash,
    KEYS["ride"]: _ride,
    KEYS["tambourine"]: _tambourine,
    KEYS["cymbal"]: _cymbal,
    KEYS["shaker"]: _shaker,
    KEYS["taiko"]: lambda seed: _drum(56, 40, 4.2, seed, 0.2),
}


@lru_cache(maxsize=len(_HITS) * VARIANTS)
def hit(key: int, variant: int = 0) -> Sound:
    """A mono hit of the drum with this key. Don't write into it: it is shared.

    Raises:
        KeyError: no drum has this key.
    """
    sound = np.ascontiguousarray(_HITS[key]((key, variant)), dtype=np.float32)
    fade = min(len(sound), 480)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    sound.setflags(write=False)
    return sound
