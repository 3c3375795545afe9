"""Mastering: the dry stems of a score become finished music.

Reverb, tape wander, tonal balance, crackle, the last fade, loudness. Tonal balance is measured, not guessed: the
long-term spectrum of the piece is compared with a target that falls by 4.5 dB an octave (the slope that
recorded music has on average), and a broad correction of a few dB at most is applied as one minimum-phase
filter together with the low cut.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import fft

from reelframe.render.sound.drums import band_noise
from reelframe.render.sound.loudness import TARGET_LUFS, normalise
from reelframe.render.sound.score import BEATS_PER_BAR
from reelframe.render.sound.signal import BLOCK, RATE, Sound, frames, from_decibels, put_aside, silence, spans
from reelframe.render.sound.styles import style_of
from reelframe.render.sound.synth import play

if TYPE_CHECKING:
    from reelframe.render.sound.score import Score
    from reelframe.render.sound.signal import Check, Floats, OnFraction
    from reelframe.render.sound.styles import Finish

__all__ = ["SLOPE_DB", "octave_levels", "render_music"]

SLOPE_DB = -4.5
"""The target slope of the power spectrum, in dB an octave."""

_EQ_TAPS = 8192
_WINDOW = 8192
_CENTRES = np.array([62.5, 125, 250, 500, 1000, 2000, 4000, 8000])
_LARGEST_CORRECTION_DB = 7.0
_STRENGTH = 0.85
_LOW_CUT_HZ = 34.0
_PREDELAY_S = 0.018
_ENDING_FADE_S = 1.6


def octave_levels(sound: Sound) -> Floats:
    """The power in the octaves around 62.5 Hz to 8 kHz in dB, slope removed, relative to their mean without the last.

    The octave around 8 kHz is not part of the mean: soft music may have next to nothing there.
    A sound whose power spectrum falls by `SLOPE_DB` an octave reads zero everywhere.
    """
    count = len(sound) // _WINDOW
    if count == 0:
        return np.zeros(len(_CENTRES))
    window = np.hanning(_WINDOW).astype(np.float32)
    power = np.zeros(_WINDOW // 2 + 1)
    for start, stop in spans(count, 32):
        piece = sound[start * _WINDOW : stop * _WINDOW].reshape(stop - start, _WINDOW, 2)
        spectrum = fft.rfft(piece * window[:, None], axis=1)
        power += (np.abs(spectrum) ** 2).sum(axis=(0, 2))
        put_aside()
    hertz = fft.rfftfreq(_WINDOW, 1 / RATE)
    half = 2**0.5
    bands = np.array([power[(hertz >= c / half) & (hertz < c * half)].sum() for c in _CENTRES])
    levels = 10 * np.log10(np.maximum(bands, 1e-20))
    # An octave is twice as wide as the one below it, which gives back 3 dB of the slope.
    levels -= (SLOPE_DB + 3.0103) * np.log2(_CENTRES / 1000)
    return np.asarray(levels - levels[:-1].mean())


def _minimum_phase(magnitude: Floats) -> Floats:
    """The impulse response with this magnitude (full FFT grid) and least delay.

    By the folded real cepstrum: Oppenheim and Schafer, Discrete-Time Signal Processing, section 13.
    """
    size = len(magnitude)
    cepstrum = np.real(fft.ifft(np.log(np.maximum(magnitude, 1e-4))))
    fold = np.zeros(size)
    fold[0] = fold[size // 2] = 1
    fold[1 : size // 2] = 2
    return np.asarray(np.real(fft.ifft(np.exp(fft.fft(cepstrum * fold)))))


def _equaliser(levels: Floats, finish: Finish) -> Floats:
    """The taps that take a spectrum with these octave levels to the target, cut the rumble, and colour it."""
    hertz = np.abs(fft.fftfreq(2 * _EQ_TAPS, 1 / RATE))
    hertz[0] = 1.0
    correction = np.clip(-_STRENGTH * levels, -_LARGEST_CORRECTION_DB, _LARGEST_CORRECTION_DB)
    gain = np.interp(np.log2(hertz), np.log2(_CENTRES), correction)
    gain += finish.tilt_db * np.log2(np.clip(hertz, 100, 10_000) / 1000) / np.log2(100)
    # Above 10 kHz the target falls faster, as air and microphones make it.
    gain -= 3.0 * np.maximum(0, np.log2(hertz / 10_000))
    gain -= 10 * np.log10(1 + (_LOW_CUT_HZ / hertz) ** 6)
    if finish.lowpass_hz:
        gain -= 10 * np.log10(1 + (hertz / finish.lowpass_hz) ** 4)
    taps = _minimum_phase(10 ** (gain / 20))[:_EQ_TAPS]
    taps[-1024:] *= np.linspace(1, 0, 1024)
    return taps


def _convolved(sound: Sound, taps: Floats) -> None:
    """Filter both channels in place, by overlap-add."""
    size = int(fft.next_fast_len(BLOCK + len(taps) - 1, real=True))
    response = fft.rfft(taps.astype(np.float32), size)
    tail = np.zeros((2, size), dtype=np.float32)
    for start, stop in spans(len(sound)):
        piece = np.ascontiguousarray(sound[start:stop].T)
        tail += fft.irfft(fft.rfft(piece, size, axis=1) * response, size, axis=1)
        count = stop - start
        sound[start:stop] = tail[:, :count].T
        tail[:, : size - count] = tail[:, count:].copy()
        tail[:, size - count :] = 0


@lru_cache(maxsize=8)
def _room(seconds: float) -> Sound:
    """A stereo room's impulse response ``(2, n)``: noise that decays, its treble sooner, after early echoes."""
    count = frames(seconds)
    t = np.arange(count, dtype=np.float32) / np.float32(RATE)
    lanes = []
    for channel in (0, 1):
        low = band_noise(count, 200, 1400, (channel, 1)) * np.exp(-6.9 * t / seconds)
        mid = band_noise(count, 1400, 4500, (channel, 2)) * np.exp(-6.9 * t / (0.7 * seconds)) * 0.62
        high = band_noise(count, 4500, 9000, (channel, 3)) * np.exp(-6.9 * t / (0.4 * seconds)) * 0.3
        lane = (low + mid + high).astype(np.float32)
        lane *= np.minimum(1, t / 0.012).astype(np.float32)
        rng = np.random.default_rng((channel, 4))
        for at in np.sort(rng.uniform(0.004, 0.055, 9)):
            lane[frames(float(at))] += np.float32(rng.choice((-1, 1)) * 9 * np.exp(-at * 30))
        lanes.append(lane / np.sqrt(np.sum(lane**2)))
    room = np.stack(lanes)
    room = np.pad(room, ((0, 0), (frames(_PREDELAY_S), 0))).astype(np.float32)
    room.setflags(write=False)
    return room


def _with_room(score: Score, finish: Finish, check: Check | None, tell: OnFraction | None) -> Sound:
    """Play the score and add the reverb of its send, block by block."""
    room = _room(finish.reverb_s)
    out = silence(frames(score.seconds))
    block = min(1 << 19, len(out))
    size = int(fft.next_fast_len(block + room.shape[1] - 1, real=True))
    responses = fft.rfft(room, size, axis=1) * np.float32(finish.wet * 4)
    tail = np.zeros((2, size), dtype=np.float32)
    at = 0
    for stems in play(score, block):
        count = len(stems.dry)
        wet = fft.rfft(stems.send, size)[None] * responses
        tail += fft.irfft(wet, size, axis=1)
        out[at : at + count] = stems.dry + tail[:, :count].T
        tail[:, : size - count] = tail[:, count:].copy()
        tail[:, size - count :] = 0
        at += count
        put_aside()
        if tell is not None:
            tell(at / len(out))
        if check is not None:
            check()
    return out


def _wander(sound: Sound, cents: float) -> None:
    """Let the pitch drift by a few cents as on worn tape, in place, backwards so that nothing read is yet written.

    The delay is ``d (1 + sin 2 pi f t)``, whose slope ``2 pi f d`` is the greatest deviation in pitch.
    """
    rate = 0.55
    depth = (2 ** (cents / 1200) - 1) / (2 * np.pi * rate) * RATE
    for start, stop in reversed(list(spans(len(sound)))):
        n = np.arange(start, stop, dtype=np.float64)
        read = np.maximum(0.0, n - depth * (1 + np.sin(2 * np.pi * rate * n / RATE)))
        whole = read.astype(np.int64)
        part = (read - whole).astype(np.float32)[:, None]
        following = np.minimum(whole + 1, len(sound) - 1)
        here, there = np.take(sound, whole, axis=0), np.take(sound, following, axis=0)
        sound[start:stop] = here + (there - here) * part
        put_aside()


@lru_cache(maxsize=2)
def _crackle(seconds: int = 20) -> Sound:
    """A loop of dust and clicks at an RMS of 1."""
    rng = np.random.default_rng(0xD057)
    count = seconds * RATE
    dust = np.zeros((count, 2), dtype=np.float32)
    at = rng.integers(0, count, seconds * 11)
    dust[at] = (rng.standard_normal((len(at), 2)) ** 3).astype(np.float32)
    spectrum = fft.rfft(dust, axis=0)
    hertz = fft.rfftfreq(count, 1 / RATE)
    shape = (hertz / 1200) / (1 + (hertz / 1200) ** 2) / (1 + (hertz / 4500) ** 2)
    clicks = fft.irfft(spectrum * shape[:, None].astype(np.float32), count, axis=0)
    clicks /= np.sqrt(np.mean(clicks**2))
    hiss = np.stack([band_noise(count, 400, 3500, (7, c)) for c in (0, 1)], axis=1)
    return (clicks + 0.5 * hiss).astype(np.float32)


def _aged(sound: Sound, level_db: float) -> None:
    loop = _crackle() * np.float32(from_decibels(level_db))
    for start, stop in spans(len(sound), len(loop)):
        sound[start:stop] += loop[: stop - start]


def _closed(sound: Sound, score: Score) -> None:
    """Begin and end on zero: the last chord dies away before the file does."""
    rise = min(len(sound), frames(0.004))
    sound[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    fade_s = min(_ENDING_FADE_S, 0.55 * score.beat_s * BEATS_PER_BAR)
    fall = min(len(sound), frames(fade_s))
    curve = np.cos(np.linspace(0, np.pi / 2, fall, dtype=np.float32)) ** 2
    sound[len(sound) - fall :] *= curve[:, None]


def render_music(
    score: Score,
    lufs: float | None = TARGET_LUFS,
    *,
    on_progress: OnFraction | None = None,
    check: Check | None = None,
) -> Sound:
    """Play and master a score.

    Args:
        score: what to play.
        lufs: integrated loudness to master to; None leaves the level of the desk.
        on_progress: told the fraction done.
        check: called between blocks; raises to cancel.

    Returns:
        ``(round(seconds * 48000), 2)`` float32. The same score gives the same bytes. Memory: this array, plus
        about 60 MB for blocks and tones, whatever the length.
    """
    finish = style_of(score.mood).finish
    tell = None if on_progress is None else lambda done: on_progress(0.7 * done)
    sound = _with_room(score, finish, check, tell)
    if finish.wow_cents:
        _wander(sound, finish.wow_cents)
    _convolved(sound, _equaliser(octave_levels(sound), finish))
    if finish.crackle_db:
        # Its level is meant against music at full loudness; for dust, the plain power tells that well enough.
        power = sum(float(np.square(sound[a:b]).sum(dtype=np.float64)) for a, b in spans(len(sound))) / sound.size
        _aged(sound, finish.crackle_db + 10 * np.log10(2 * power + 1e-12) - TARGET_LUFS)
    _closed(sound, score)
    if lufs is not None:
        normalise(sound, lufs, check=check)
    if on_progress is not None:
        on_progress(1.0)
    return sound
