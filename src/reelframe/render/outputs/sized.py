"""A film that is no larger than it may be, and hardly smaller: a search for the picture quality that fits.

The encoder's quality scale is near to logarithmic in bytes, so the search is a secant on its logarithm: three or four
tries. Where the quality that fits would be ugly, the frame is made smaller first; where the sound alone would take a
third of the bytes, it gets fewer.
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
_TRIES: Final = 9
# VP9 takes four times as long, and its whole steps leave less to be found.
_WEBM_TRIES: Final = 4
# How many steps of the scale halve the bytes, about; the worst quality before the frame is made smaller; the last one.
_SCALES: Final = {"libx264": (6.0, 31.0, 51.0), "libvpx-vp9": (11.0, 50.0, 63.0)}
# A smaller frame needs more bits for each pixel that is left.
_PIXEL_POWER: Final = 0.8
_LEAST_HEIGHT: Final = 180
_SOUND_SHARE: Final = 0.3
_SOUND_BITS: Final = (128_000, 96_000, 64_000, 48_000, 32_000)

Make = Callable[[Composition, Path, Quality, int | None, Callable[[float], None]], int]
"""Renders into a file with a quality and a sound bit rate, telling how far it is; gives its size."""


def film_within(  # noqa: C901, PLR0915 -- one branch for each way in which a try can come out
    c: Composition,
    path: Path,
    max_bytes: int,
    quality: QualityName,
    make: Make,
    note: Callable[[str], None],
    tell: Callable[[float], None],
) -> None:
    """Make a film of at most so many bytes.

    A film that fits at the quality asked for is left at that. Else it is within 3 % below the limit; VP9's scale has
    whole steps only, so that a WebM may be up to 8 % below.

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

    size = c
    crf = usual.crf
    got = attempt(size, crf)
    if got <= max_bytes:
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
    for _ in range(_WEBM_TRIES if webm else _TRIES):
        crf = min(worst, max(usual.crf, round(crf) if webm else round(crf, 2)))
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
        make(size, path, usual.at(best[1]), sound_bits, lambda _: None)
    tell(1.0)


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
