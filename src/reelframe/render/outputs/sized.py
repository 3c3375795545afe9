"""A film that is no larger than it may be, and hardly smaller: a search for the picture quality that fits.

The encoder's quality scale is near to logarithmic in bytes, so the search is a secant on its logarithm: three or four
tries. Where the quality that fits would be ugly, the frame is made smaller first; where the sound alone would take a
third of the bytes, it gets fewer. VP9's scale has whole steps, of up to 8 %: between two of them some of the film's
pieces are of the one and some of the other, and what is left then goes to the sound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final

from reelframe.errors import RenderFailedError
from reelframe.render.composition import Composition
from reelframe.render.encode import AAC, OPUS, Quality, QualityName, quality_of

__all__ = ["film_within"]

CLOSE: Final = 0.97
_AIM: Final = 0.987
# Of VP9 most tries cost next to nothing: between two whole steps the pieces of both are there already.
_TRIES: Final = 9
# How many steps of the scale halve the bytes, about; the worst quality before the frame is made smaller; the last one.
_SCALES: Final = {"libx264": (6.0, 31.0, 51.0), "libvpx-vp9": (11.0, 50.0, 63.0)}
# A smaller frame needs more bits for each pixel that is left.
_PIXEL_POWER: Final = 0.8
_LEAST_HEIGHT: Final = 180
_SOUND_SHARE: Final = 0.3
_MOST_SOUND: Final = 320_000
_SOUND_TRIES: Final = 5
_SOUND_BITS: Final = (128_000, 96_000, 64_000, 48_000, 32_000)

Make = Callable[[Composition, Path, Quality, int | None, Callable[[float], None]], int]
"""Renders into a file with a quality and a sound bit rate, telling how far it is; gives its size."""


def film_within(  # noqa: C901, PLR0912, PLR0915 -- one branch for each way in which a try can come out
    c: Composition,
    path: Path,
    max_bytes: int,
    quality: QualityName,
    make: Make,
    note: Callable[[str], None],
    tell: Callable[[float], None],
) -> None:
    """Make a film of at most so many bytes.

    A film that fits at the quality asked for is left at that. Else it is within 3 % below the limit; a WebM of a single
    piece (three seconds) without sound may be up to 8 % below.

    Raises:
        RenderFailedError: so few bytes can't hold it; the message says how many could.
    """
    webm = path.suffix.lower() == ".webm"
    halves, ugly, worst = _SCALES["libvpx-vp9" if webm else "libx264"]
    usual = quality_of(quality, "libvpx-vp9" if webm else "libx264")
    sound_bits = _sound_bits(c, max_bytes, (OPUS if webm else AAC).bits)
    fixed = (sound_bits or (OPUS if webm else AAC).bits) * c.duration_s / 8 if c.sounds else 0.0
    done = 0.0

    def attempt(size: Composition, crf: float) -> int:
        nonlocal done
        start, share = done, (1 - done) * 0.5
        got = make(size, path, usual.at(crf), sound_bits, lambda part: tell(start + share * part))
        done = start + share
        return got

    def sounding(size: Composition, crf: float, got: int, most: int) -> None:
        """What is left goes to the sound."""
        known = sound_bits or OPUS.bits
        wished = known + (_AIM * max_bytes - got) * 8 / c.duration_s
        _filled(
            lambda bits: make(size, path, usual.at(crf), bits, lambda _: None),
            max_bytes,
            known,
            min(most, round(wished)),
        )

    size = c
    crf = usual.crf
    got = attempt(size, crf)
    if got <= max_bytes:
        if sound_bits is not None and got < CLOSE * max_bytes:
            sounding(size, crf, got, (OPUS if webm else AAC).bits)
        return
    room = _AIM * max_bytes - fixed
    if room <= 0:
        raise _impossible(max_bytes, fixed * 1.5)
    needed = crf + halves * math.log2(max(got - fixed, 1.0) / room)
    height = _height(c.height, needed - ugly, halves)
    if height != c.height:
        size = c.scaled(height=height)
        needed -= halves * _PIXEL_POWER * math.log2(c.width * c.height / (size.width * size.height))
        note(f"The video is {size.width}x{size.height}, to stay under {max_bytes / 1e6:.3g} MB.")
    low: tuple[float, float] | None = None  # (crf, log bytes) of a try that is too large
    high: tuple[float, float] | None = None  # of one that fits
    if size is c:
        low = (crf, math.log2(got))
    crf = needed
    best: tuple[int, float] | None = None
    tried: set[float] = set()
    for _ in range(_TRIES):
        crf = min(worst, max(usual.crf, _step(crf, low, high) if webm else round(crf, 2)))
        if crf in tried:
            break
        tried.add(crf)
        got = attempt(size, crf)
        if got <= max_bytes:
            high = (crf, math.log2(got))
            best = max(best or (0, 0.0), (got, crf))
            if got >= CLOSE * max_bytes or crf == usual.crf:
                break
        else:
            low = (crf, math.log2(got))
            if crf >= worst:
                break
        crf = _next(low, high, math.log2(_AIM * max_bytes), halves)
    if best is None:
        raise _impossible(max_bytes, got * 1.02)
    if best[1] != crf or got > max_bytes:
        got, crf = make(size, path, usual.at(best[1]), sound_bits, lambda _: None), best[1]
    if webm and c.sounds and got < CLOSE * max_bytes:
        sounding(size, crf, got, _MOST_SOUND)
    tell(1.0)


def _filled(made: Callable[[int], int], max_bytes: int, low: int, high: int) -> None:
    """The most sound that fits: what an encoder makes of its bits is not known before.

    Args:
        made: makes the film with a sound bit rate; gives its size.
        max_bytes: that it may have.
        low: a bit rate at which it fits.
        high: the most that may be tried.
    """
    bits = high
    for _ in range(_SOUND_TRIES):
        size = made(bits)
        if size > max_bytes:
            high = bits
        elif size >= CLOSE * max_bytes or bits == high:
            return
        else:
            low = bits
        bits = (low + high) // 2
    made(low)


def _step(crf: float, low: tuple[float, float] | None, high: tuple[float, float] | None) -> float:
    """A whole step of VP9's scale that was not tried; once two neighbours are known, a place between them."""
    if low is not None and high is not None and high[0] - low[0] <= 1:
        return round(crf, 2)
    whole = round(crf)
    if low is not None:
        whole = max(whole, math.floor(low[0]) + 1)
    if high is not None:
        whole = min(whole, math.ceil(high[0]) - 1)
    return whole


def _next(low: tuple[float, float] | None, high: tuple[float, float] | None, aim: float, halves: float) -> float:
    """Where the line through what is known meets the size that is aimed at."""
    if low is not None and high is not None and high[1] < low[1]:
        part = (low[1] - aim) / (low[1] - high[1])
        # Not at the ends: a secant that is bent comes to a stop there.
        return low[0] + (high[0] - low[0]) * min(0.95, max(0.05, part))
    known = low or high or (0.0, aim)
    return known[0] + halves * (known[1] - aim)


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
