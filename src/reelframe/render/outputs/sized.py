"""A film that is no larger than it may be, and hardly smaller: a search for the picture quality that fits.

The encoder's quality scale is near to logarithmic in bytes, so the search is a secant on its logarithm: three or four
tries. Where the quality that fits would be ugly, the frame is made smaller first; where the sound alone would take a
third of the bytes, it gets fewer. VP9's scale has whole steps, of up to 8 %: between two of them some of the film's
pieces are of the one and some of the other, and what is left then goes to the sound, or where there is none the
picture is made with a better quality and a bit rate that it must not pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reelframe.errors import RenderFailedError
from reelframe.render.composition import Composition
from reelframe.render.encode import AAC, OPUS, Quality, QualityName, VideoCodec, quality_of

__all__ = ["film_within"]

CLOSE: Final = 0.97
_AIM: Final = 0.987
# Of VP9 most tries cost next to nothing: between two whole steps the pieces of both are there already.
_TRIES: Final = 9
_BITS_TRIES: Final = 7
# A smaller frame needs more bits for each pixel that is left.
_PIXEL_POWER: Final = 0.8
_LEAST_HEIGHT: Final = 180
_SOUND_SHARE: Final = 0.3
_MOST_SOUND: Final = 320_000
# What fills a film when it is the most that a better picture may take, as shares of the film's own bit rate: libvpx
# stays far below the limit that it is given.
_RATES: Final = 0.8, 3.0
# So much better is that picture asked for, that the limit alone decides.
_BETTER: Final = 8
_SOUND_BITS: Final = (128_000, 96_000, 64_000, 48_000, 32_000)

Make = Callable[[Composition, Path, Quality, int | None, Callable[[float], None]], int]
"""Renders into a file with a quality and a sound bit rate, telling how far it is; gives its size."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """What is known of a codec's quality scale (crf).

    Attributes:
        halves: steps that halve the bytes, about.
        ugly: the worst quality before the frame is made smaller.
        worst: the last one.
        whole: it has whole steps only.
    """

    halves: float
    ugly: float
    worst: float
    whole: bool


_X264: Final = _Scale(6.0, 31.0, 51.0, whole=False)
_VP9: Final = _Scale(11.0, 50.0, 63.0, whole=True)


@dataclass(frozen=True, slots=True)
class _Try:
    """A film that was made, and its bytes."""

    frame: Composition
    quality: Quality
    sound_bits: int | None
    size: int


class _Film:
    """A film that is made again and again; the largest that fits is what stays."""

    def __init__(self, path: Path, max_bytes: int, make: Make, tell: Callable[[float], None]) -> None:
        self.path, self.max_bytes = path, max_bytes
        self.tries: list[_Try] = []
        self._make, self._tell = make, tell
        self._done = 0.0

    def made(self, frame: Composition, quality: Quality, sound_bits: int | None) -> _Try:
        """Make it; of what is left to be told, each try is a half."""
        start, share = self._done, (1 - self._done) / 2
        size = self._make(frame, self.path, quality, sound_bits, lambda part: self._tell(start + share * part))
        self._done = start + share
        self.tries.append(_Try(frame, quality, sound_bits, size))
        return self.tries[-1]

    @property
    def best(self) -> _Try | None:
        """The largest that fits."""
        return max((t for t in self.tries if t.size <= self.max_bytes), key=lambda t: t.size, default=None)

    @property
    def full(self) -> bool:
        """Whether there is one that hardly leaves anything."""
        return self.best is not None and self.best.size >= CLOSE * self.max_bytes

    def fill(self, made: Callable[[int], _Try], low: int, high: int) -> None:
        """Search the bit rate at which the film is full: what an encoder makes of its bits is not known before.

        Args:
            made: makes the film with a bit rate.
            low: one at which it fits, presumably.
            high: the most that may be tried, and the first that is.
        """
        bits = high
        for _ in range(_BITS_TRIES):
            if made(bits).size > self.max_bytes:
                high = bits
            elif self.full or bits == high:
                return
            else:
                low = bits
            bits = (low + high) // 2

    def leave_best(self) -> None:
        """See to it that the best is what lies at the path.

        Raises:
            RenderFailedError: none of them fits.
        """
        if self.best is None:
            raise _impossible(self.max_bytes, 1.02 * min(t.size for t in self.tries))
        if self.best != self.tries[-1]:
            made = self.best
            self._make(made.frame, self.path, made.quality, made.sound_bits, lambda _: None)
        self._tell(1.0)


def film_within(
    c: Composition,
    path: Path,
    max_bytes: int,
    quality: QualityName,
    make: Make,
    note: Callable[[str], None],
    tell: Callable[[float], None],
) -> None:
    """Make a film of at most so many bytes.

    A film that fits at the quality asked for is left at that. Else it is within 3 % below the limit.

    Raises:
        RenderFailedError: so few bytes can't hold it; the message says how many could.
    """
    webm = path.suffix.lower() == ".webm"
    codec: VideoCodec = "libvpx-vp9" if webm else "libx264"
    scale, sound = (_VP9, OPUS) if webm else (_X264, AAC)
    asked = quality_of(quality, codec)
    sound_bits = _sound_bits(c, max_bytes, sound.bits)
    film = _Film(path, max_bytes, make, tell)
    first = film.made(c, asked, sound_bits)
    if first.size > max_bytes:
        fixed = (sound_bits or sound.bits) * c.duration_s / 8 if c.sounds else 0.0
        frame, crf = _begun(first, max_bytes, fixed, scale)
        if frame is not c:
            note(f"The video is {frame.width}x{frame.height}, to stay under {max_bytes / 1e6:.3g} MB.")
        _search(film, frame, crf, scale)
        _spend_rest(film, _MOST_SOUND if scale.whole else 0, scale)
    elif sound_bits is not None:
        _spend_rest(film, sound.bits, scale)
    film.leave_best()


def _begun(first: _Try, max_bytes: int, fixed: float, scale: _Scale) -> tuple[Composition, float]:
    """The frame, and the quality to begin with, after a ``first`` try that is too large.

    Args:
        first: it.
        max_bytes: that the film may have.
        fixed: bytes that the sound takes whatever the picture is.
        scale: of the qualities.
    """
    room = _AIM * max_bytes - fixed
    if room <= 0:
        raise _impossible(max_bytes, fixed * 1.5)
    c = first.frame
    crf = first.quality.crf + scale.halves * math.log2(max(first.size - fixed, 1.0) / room)
    height = _height(c.height, crf - scale.ugly, scale.halves)
    if height == c.height:
        return c, crf
    smaller = c.scaled(height=height)
    saved = math.log2(c.width * c.height / (smaller.width * smaller.height))
    return smaller, crf - scale.halves * _PIXEL_POWER * saved


def _search(film: _Film, frame: Composition, crf: float, scale: _Scale) -> None:
    """Search the quality at which the film is full, beginning with ``crf``."""
    first = film.tries[0]
    tried = {t.quality.crf: t.size for t in film.tries if t.frame is frame}
    low, high = _around(tried, film.max_bytes)
    for _ in range(_TRIES):
        crf = _step(crf, low, high) if scale.whole else round(crf, 2)
        crf = min(scale.worst, max(first.quality.crf, crf))
        if crf in tried:
            return
        tried[crf] = film.made(frame, first.quality.at(crf), first.sound_bits).size
        if film.full:
            return
        low, high = _around(tried, film.max_bytes)
        crf = _next(low, high, _AIM * film.max_bytes, scale.halves)


def _spend_rest(film: _Film, most_sound: int, scale: _Scale) -> None:
    """Give what the search for a quality left over to the sound; to the picture where there is none."""
    best = film.best
    if best is None or film.full:
        return
    per_byte = 8 / best.frame.duration_s
    if best.frame.sounds:
        known = best.sound_bits or OPUS.bits
        wished = round(known + (_AIM * film.max_bytes - best.size) * per_byte)
        if most_sound > known:
            film.fill(lambda bits: film.made(best.frame, best.quality, bits), known, min(most_sound, wished))
    elif scale.whole and best.quality.crf > film.tries[0].quality.crf:
        better = best.quality.at(max(film.tries[0].quality.crf, best.quality.crf - _BETTER))
        low, high = (round(share * film.max_bytes * per_byte) for share in _RATES)
        film.fill(lambda bits: film.made(best.frame, better.within(bits), None), low, high)


# A quality and the bytes that it came to.
_Known = tuple[float, int] | None


def _around(tried: Mapping[float, int], max_bytes: int) -> tuple[_Known, _Known]:
    """Of the qualities that are too large the worst, and of those that fit the best."""
    low = max(((crf, size) for crf, size in tried.items() if size > max_bytes), default=None)
    high = min(((crf, size) for crf, size in tried.items() if size <= max_bytes), default=None)
    return low, high


def _step(crf: float, low: _Known, high: _Known) -> float:
    """A whole step of VP9's scale that was not tried; once two neighbours are known, a place between them."""
    if low is not None and high is not None and high[0] - low[0] <= 1:
        return round(crf, 2)
    whole = round(crf)
    if low is not None:
        whole = max(whole, math.floor(low[0]) + 1)
    if high is not None:
        whole = min(whole, math.ceil(high[0]) - 1)
    return whole


def _next(low: _Known, high: _Known, aim: float, halves: float) -> float:
    """Where the line through what is known meets the size that is aimed at, on the logarithm of the size."""
    if low is not None and high is not None and high[1] < low[1]:
        part = math.log2(low[1] / aim) / math.log2(low[1] / high[1])
        # Not at the ends: a secant that is bent comes to a stop there.
        return low[0] + (high[0] - low[0]) * min(0.95, max(0.05, part))
    crf, size = low or high or (0.0, aim)
    return crf + halves * math.log2(size / aim)


def _height(height: int, excess: float, halves: float) -> int:
    """The height at which quality ``excess`` steps beyond the ugly one is not needed."""
    if excess <= 0 or height <= _LEAST_HEIGHT:
        return height
    scale = 2 ** (-excess / halves / _PIXEL_POWER / 2)
    usual = [h for h in (2160, 1440, 1080, 720, 540, 480, 360, 240, _LEAST_HEIGHT) if h < height]
    wanted = height * scale
    return next((h for h in usual if h <= wanted * 1.1), usual[-1] if usual else height)


def _sound_bits(c: Composition, max_bytes: int, usual: int) -> int | None:
    if not c.sounds:
        return None
    affordable = _SOUND_SHARE * max_bytes * 8 / c.duration_s
    if affordable >= usual:
        return None
    return next((bits for bits in _SOUND_BITS if bits <= affordable), _SOUND_BITS[-1])


def _impossible(max_bytes: int, least: float) -> RenderFailedError:
    message = f"{max_bytes / 1e6:.2g} MB can't hold this video: it takes about {least / 1e6:.2g} MB at least."
    return RenderFailedError(message, hint="Allow more, or make it shorter.", reason="max_bytes")
