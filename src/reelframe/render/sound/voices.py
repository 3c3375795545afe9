"""The pitched instruments: additive, frequency-modulated and spectral, all in numpy.

Three families, each a frozen table of numbers and one function:

* `Struck`: a sum of decaying partials (piano, guitar, bass, mallets). Modal synthesis.
* `Tines`: two-operator frequency modulation (electric piano). Chowning, J. AES 21(7), 1973.
* `Bowed`: a loop whose spectrum is drawn with widened harmonics and random phases, so that it lives and
  never repeats audibly (pads, strings, winds). The PADsynth algorithm, Nasca Octavian Paul, 2004.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

import numpy as np
from scipy import fft

from reelframe.render.sound.signal import RATE, from_decibels, octave_offset

if TYPE_CHECKING:
    from reelframe.render.sound.signal import Sound

__all__ = ["VOICES", "Bowed", "Struck", "Tines", "frequency", "tone"]

_LOOP = 1 << 17
"""Samples of a spectral loop: 2.7 s, over which the ear does not notice the return."""
_NYQUIST_GUARD = 15_000.0
_REFERENCE_HZ = 261.63
_LEVEL = 0.1
"""Every tone is scaled to this RMS over its first `_HEAD` seconds (-20 dBFS), then by its own level."""
_HEAD = 0.2
_INAUDIBLE = 6.9
"""Natural logarithm of 60 dB."""


@dataclass(frozen=True, slots=True)
class Struck:
    """Decaying partials.

    Attributes:
        partials: (ratio to the fundamental, level, decay rate a second at middle C).
        stiffness: inharmonicity B of a stiff string: the k-th ratio is k sqrt(1 + B k^2).
        scaling: how the decay grows with pitch: rate times (f / 261 Hz) to this power.
        thump: level of the noise of the stroke.
        tremolo: depth of a 5 Hz tremolo.
    """

    partials: tuple[tuple[float, float, float], ...]
    attack_s: float = 0.002
    release_s: float = 0.12
    stiffness: float = 0.0
    scaling: float = 0.5
    thump: float = 0.0
    tremolo: float = 0.0
    level_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Tines:
    """Frequency modulation: a soft body and a bell-like stroke."""

    index: float = 0.9
    stroke: float = 0.16
    decay: float = 1.1
    attack_s: float = 0.003
    release_s: float = 0.22
    level_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Bowed:
    """A sustained spectrum.

    Attributes:
        harmonics: the levels of the harmonics, from the first.
        width_cents: how far each harmonic is spread; wide is a section, narrow is a soloist.
        wide: whether left and right have phases of their own.
        formant_hz: harmonics above are damped by 12 dB an octave.
    """

    harmonics: tuple[float, ...]
    width_cents: float
    attack_s: float
    release_s: float
    wide: bool = True
    formant_hz: float = 3000.0
    level_db: float = 0.0


Voice: TypeAlias = Struck | Tines | Bowed


def _string(
    count: int, pluck: float, slope: float, decay: float, damping: float
) -> tuple[tuple[float, float, float], ...]:
    """Partials of a string plucked at a fraction of its length; higher ones die sooner."""
    return tuple(
        (float(k), abs(float(np.sin(np.pi * k * pluck))) / k**slope, decay + damping * (k - 1))
        for k in range(1, count + 1)
    )


def _saw(count: int, slope: float) -> tuple[float, ...]:
    return tuple(1 / k**slope for k in range(1, count + 1))


VOICES: dict[str, Voice] = {
    "piano": Struck(_string(12, 0.13, 1.25, 0.9, 0.55), 0.003, 0.20, 0.0004, 0.6, thump=0.05),
    "guitar": Struck(_string(14, 0.21, 1.15, 1.7, 0.55), 0.002, 0.10, 0.00005, 0.35, thump=0.03),
    "harp": Struck(_string(9, 0.36, 1.5, 1.5, 0.8), 0.002, 0.5, 0.0, 0.5),
    "muted": Struck(_string(9, 0.16, 1.2, 7.5, 2.2), 0.002, 0.06, 0.00005, 0.25, thump=0.05),
    "pluck": Struck(_string(8, 0.27, 1.35, 3.4, 1.5), 0.003, 0.15, 0.0, 0.2),
    "upright": Struck(_string(8, 0.28, 1.25, 1.5, 1.5), 0.006, 0.07, 0.0001, 0.3, thump=0.03),
    "electric": Struck(_string(7, 0.23, 1.2, 0.9, 1.1), 0.004, 0.05, 0.00003, 0.2),
    "sub": Struck(((1, 1, 0.35), (2, 0.34, 0.6), (3, 0.12, 1.0)), 0.03, 0.25, scaling=0.0),
    "marimba": Struck(((1, 1, 5.5), (3.93, 0.2, 15), (9.24, 0.05, 34)), 0.002, 0.1, thump=0.04),
    "vibes": Struck(((1, 1, 1.25), (4, 0.16, 4.5), (9.9, 0.03, 14)), 0.003, 0.3, tremolo=0.22),
    "bell": Struck(
        ((1, 1, 2.1), (2, 0.18, 3.2), (3, 0.06, 5), (5.4, 0.05, 11)), 0.003, 0.45, scaling=0.35
    ),
    "epiano": Tines(),
    "pad": Bowed(_saw(28, 1.05), 30, 0.45, 0.8, formant_hz=3600),
    "strings": Bowed(_saw(18, 1.15), 26, 0.22, 0.55, formant_hz=3200),
    "spiccato": Bowed(_saw(18, 1.1), 18, 0.012, 0.14, formant_hz=3600),
    "low_strings": Bowed(_saw(16, 1.2), 16, 0.05, 0.25, wide=False, formant_hz=1200),
    "horn": Bowed((1, 0.85, 0.55, 0.36, 0.2, 0.11, 0.06), 9, 0.09, 0.3, wide=False, formant_hz=1500),
    "muted_horn": Bowed((0.7, 0.8, 1, 0.5, 0.26, 0.16, 0.1), 6, 0.03, 0.12, wide=False, formant_hz=1800),
    "flute": Bowed((1, 0.34, 0.16, 0.05, 0.02), 7, 0.06, 0.16, wide=False),
    "whistle": Bowed((1, 0.10, 0.03), 8, 0.05, 0.12, wide=False),
}  # fmt: skip


def frequency(pitch: float) -> float:
    """The frequency of a MIDI pitch in Hz; 69 is 440 Hz, equal temperament."""
    return 440.0 * octave_offset(pitch - 69)


def _sine(hertz: float, count: int, phase: float = 0.0) -> Sound:
    """A sine that stays in tune however long it is.

    The phase runs in 32-bit integers that wrap at a whole turn: a float32 phase would lose its precision after
    a second, and show as noise.
    """
    turn = np.arange(count, dtype=np.uint32) * np.uint32(round(hertz / RATE * 2**32))
    turn += np.uint32(int(phase * 2**32) & 0xFFFFFFFF)
    angle = turn.view(np.int32).astype(np.float32)
    angle *= np.float32(np.pi / 2**31)
    return np.sin(angle, out=angle)


def _struck(v: Struck, name: str, pitch: int, count: int) -> Sound:
    hertz = frequency(pitch)
    faster = (hertz / _REFERENCE_HZ) ** v.scaling
    out = np.zeros(count, dtype=np.float32)
    t = np.arange(count, dtype=np.float32) / np.float32(RATE)
    for nth, (ratio, level, decay) in enumerate(v.partials):
        partial = hertz * ratio * (1 + v.stiffness * ratio * ratio) ** 0.5
        rate = decay * faster
        audible = min(count, int(_INAUDIBLE / rate * RATE))
        if partial > _NYQUIST_GUARD or level <= 0:
            continue
        shape = np.exp(np.float32(-rate) * t[:audible])
        shape *= _sine(partial, audible, phase=0.19 * nth)
        # What is cut off is 60 dB down; the ramp keeps even that from being a step.
        ramp = min(audible, 960)
        shape[-ramp:] *= np.linspace(1, 0, ramp, dtype=np.float32)
        out[:audible] += np.float32(level) * shape
    if v.thump:
        stroke = min(count, RATE // 20)
        noise = np.random.default_rng((crc32(name.encode()), pitch)).standard_normal(stroke)
        smooth = np.convolve(noise, np.hanning(24) / 12, "same")
        out[:stroke] += (v.thump * smooth * np.exp(-90 * t[:stroke])).astype(np.float32)
    if v.tremolo:
        out *= np.float32(1) - np.float32(v.tremolo / 2) * (1 + _sine(5.0, count))
    return out


def _tines(v: Tines, pitch: int, count: int) -> Sound:
    hertz = frequency(pitch)
    t = np.arange(count, dtype=np.float32) / np.float32(RATE)
    high = min(1.0, (_REFERENCE_HZ / hertz) ** 0.6)
    body = _sine(hertz, count) * np.exp(np.float32(-2.0) * t) * np.float32(v.index * high)
    bell = _sine(min(hertz * 14, _NYQUIST_GUARD), count) * np.exp(np.float32(-16) * t)
    turn = np.arange(count, dtype=np.uint32) * np.uint32(round(hertz / RATE * 2**32))
    angle = turn.view(np.int32).astype(np.float32) * np.float32(np.pi / 2**31)
    wave = np.sin(angle + body + bell * np.float32(v.stroke * high))
    faster = (hertz / _REFERENCE_HZ) ** 0.5
    return np.asarray(wave * np.exp(np.float32(-v.decay * faster) * t), dtype=np.float32)


def _bowed(v: Bowed, name: str, pitch: int, count: int) -> Sound:
    hertz = frequency(pitch)
    bins = np.zeros(_LOOP // 2 + 1, dtype=np.float32)
    width = hertz * (octave_offset(v.width_cents / 100) - 1)
    per_bin = RATE / _LOOP
    for k, level in enumerate(v.harmonics, start=1):
        centre = hertz * k
        if centre > _NYQUIST_GUARD:
            break
        spread = max(width * k**0.8, 2 * per_bin)
        low, high = int((centre - 4 * spread) / per_bin), int((centre + 4 * spread) / per_bin) + 1
        near = np.arange(max(low, 1), min(high, len(bins)))
        shape = np.exp(-(((near * per_bin - centre) / spread) ** 2))
        damp = 1 / (1 + (centre / v.formant_hz) ** 2)
        bins[near] += (level * damp * shape / np.sqrt(spread)).astype(np.float32)
    rng = np.random.default_rng((crc32(name.encode()), pitch))
    loops = []
    audible = np.flatnonzero(bins)
    spectrum = np.zeros(len(bins), dtype=np.complex64)
    for _ in range(2 if v.wide else 1):
        spectrum[audible] = bins[audible] * np.exp(2j * np.pi * rng.random(len(bins))[audible]).astype(np.complex64)
        loops.append(fft.irfft(spectrum, _LOOP))
    loop = np.stack(loops, axis=-1).astype(np.float32)
    repeats = -(-count // _LOOP)
    wave = np.tile(loop, (repeats, 1))[:count] if repeats > 1 else loop[:count]
    return np.ascontiguousarray(wave if v.wide else wave[:, 0]) / np.float32(
        max(float(np.sqrt(np.mean(loop**2))), 1e-12)
    )


def tone(name: str, pitch: int, count: int) -> Sound:
    """So many samples of a voice's free-running tone, before any envelope but its own decay.

    Returns:
        ``(count,)``, or ``(count, 2)`` for a voice that is stereo by itself, at -20 dBFS RMS at its start plus
        the voice's own level.
    """
    voice = VOICES[name]
    if isinstance(voice, Struck):
        wave = _struck(voice, name, pitch, count)
    elif isinstance(voice, Tines):
        wave = _tines(voice, pitch, count)
    else:
        wave = _bowed(voice, name, pitch, count)
        return (wave * np.float32(_LEVEL * from_decibels(voice.level_db))).astype(np.float32)
    head = wave[: round(_HEAD * RATE)]
    rms = max(float(np.sqrt(np.mean(head**2))), 1e-9)
    return wave * np.float32(_LEVEL * from_decibels(voice.level_db) / rms)
