"""Time: faster or slower with the pitch kept, and backwards.

Speed uses WSOLA (waveform similarity overlap-add): W. Verhelst and M. Roelands, ICASSP 1993. Windows of
43 ms are laid down half over one another; each is taken from near where the speed says, at the place whose
waveform best continues the window before it. It works in time alone, so speech keeps its consonants and the
phases of the two channels stay together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelframe.errors import ConfigurationError
from reelframe.render.sound.signal import BLOCK, put_aside, silence, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelframe.render.sound.signal import Check, Sound

__all__ = ["FASTEST", "SLOWEST", "reversed_sound", "stretched"]

SLOWEST = 0.1
FASTEST = 10.0

_WINDOW = 2048
_HOP = _WINDOW // 2
_REACH = 640
"""How far a window may stray to fit: half a period of 37 Hz."""
_COARSE = 4
_CHECK_EVERY = 256
_MARGIN = _REACH + 2 * _WINDOW
"""How much of the source around a window may be looked at."""


def reversed_sound(sound: Sound) -> Sound:
    """The sound played backwards; a long one is turned in blocks, into a file (`signal.silence`)."""
    count = len(sound)
    out = silence(count)
    for low, high in spans(count):
        out[low:high] = sound[count - high : count - low][::-1]
    return out


class _Area:
    """A stretch of a sound, and of the silence after it, in mono: whole and every fourth sample."""

    def __init__(self, sound: Sound, low: int, high: int) -> None:
        # The thinned samples lie where they would if all of the sound had been thinned.
        self.low = max(0, low) // _COARSE * _COARSE
        self.whole = high >= len(sound) + _WINDOW + _REACH
        self.high = min(high, len(sound) + _WINDOW + _REACH)
        piece = sound[self.low : self.high]
        missing = self.high - self.low - len(piece)
        self.sound = np.concatenate([piece, silence(missing)])
        self.mono = self.sound.mean(axis=1)
        self.thin = self.mono[: len(self.mono) // _COARSE * _COARSE].reshape(-1, _COARSE).mean(axis=1)

    def holds(self, low: int, high: int) -> bool:
        return self.low <= max(0, low) and (self.whole or high <= self.high)


def _best_lag(area: NDArray[np.float32], template: NDArray[np.float32]) -> int:
    """Where in ``area`` the template fits best: the greatest normalised cross-correlation."""
    products = np.correlate(area, template, "valid")
    squares = np.concatenate([[0.0], np.cumsum(area.astype(np.float64) ** 2)])
    energy = squares[len(template) :] - squares[: -len(template)]
    return int(np.argmax(products / np.sqrt(energy + 1e-9)))


def _continuation(mono: NDArray[np.float32], thin: NDArray[np.float32], natural: int, centre: int) -> int:
    """The start near ``centre`` from which the sound goes on most like it does from ``natural``."""
    low = max(0, centre - _REACH) // _COARSE
    high = (centre + _REACH) // _COARSE
    template = thin[natural // _COARSE :][: _HOP // _COARSE]
    area = thin[low : high + len(template)]
    if len(area) <= len(template) or len(template) < _HOP // _COARSE:
        return max(0, centre)
    found = (low + _best_lag(area, template)) * _COARSE
    # The coarse search runs on every fourth sample; the fine one settles the rest.
    low = max(0, found - _COARSE)
    template = mono[natural : natural + _HOP]
    area = mono[low : found + _COARSE + _HOP]
    if len(area) <= len(template):
        return found
    return low + _best_lag(area, template)


def stretched(sound: Sound, speed: float, *, check: Check | None = None) -> Sound:
    """Play a sound at another speed without changing its pitch.

    Args:
        sound: ``(n, 2)``.
        speed: 2 is twice as fast; 0.1 to 10.
        check: called now and then; raises to cancel.

    Returns:
        ``(round(n / speed), 2)``; a long one lies in a file, and of the source a few seconds at a time are in memory.

    Raises:
        ConfigurationError: a speed out of range.
    """
    if not SLOWEST <= speed <= FASTEST:
        message = f"Sound can't be played at {speed:g} times its speed."
        raise ConfigurationError(message, hint=f"Choose {SLOWEST:g} to {FASTEST:g}.")
    count = round(len(sound) / speed)
    if speed == 1.0 or count == 0 or len(sound) < 2 * _WINDOW:
        # Too short for a window: resampled, where a change of pitch can't be heard.
        at = np.linspace(0, max(0, len(sound) - 1), count)
        return np.ascontiguousarray(sound[np.round(at).astype(np.int64)])
    area = _Area(sound, 0, BLOCK)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(_WINDOW) + 0.5) / _WINDOW)).astype(np.float32)
    out = silence(count + 2 * _WINDOW)
    # The first half window has no other one under it: it goes in at full weight.
    out[:_HOP] = area.sound[:_HOP]
    out[_HOP:_WINDOW] = area.sound[_HOP:_WINDOW] * window[_HOP:, None]
    position = 0
    for nth, target in enumerate(range(_HOP, count, _HOP), start=1):
        # What is heard at its time is a window's middle: by their beginnings, fast sound lags behind its picture.
        centre = min(max(0, round((target + _HOP) * speed) - _HOP), len(sound) - 1)
        low, high = min(position, centre) - _MARGIN, max(position, centre) + _MARGIN
        if not area.holds(low, high):
            area = _Area(sound, low, max(high, low + BLOCK))
            put_aside()
        position = area.low + _continuation(area.mono, area.thin, position + _HOP - area.low, centre - area.low)
        piece = area.sound[position - area.low :][:_WINDOW]
        out[target : target + len(piece)] += piece * window[: len(piece), None]
        if check is not None and nth % _CHECK_EVERY == 0:
            check()
    return out[:count]
