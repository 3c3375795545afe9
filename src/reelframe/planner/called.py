"""What a file may be called: by words of its name, and by what the thing in it is called in Chinese."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from reelframe.planner.lexicon import table

__all__ = ["called", "phrases_of", "pieces_of"]

_PIECES: Final = re.compile(r"[a-z]+|[\u3400-\u9fff]")
# A part of a name must be a word, or two Chinese characters.
_SHORTEST: Final = 3
_MOST: Final = 6


def pieces_of(text: str) -> list[str]:
    """Words of Latin letters, and Chinese characters one by one."""
    return _PIECES.findall(text.casefold())


@lru_cache(maxsize=512)
def called(stem: str) -> frozenset[tuple[str, ...]]:
    """The runs of pieces that speak of a file, from its name without the extension.

    >>> sorted(" ".join(name) for name in called("2-ribbed-vase") if name[0].isascii())
    ['ribbed', 'ribbed vase', 'vase']
    >>> ("花", "瓶") in called("2-ribbed-vase")
    True
    """
    own = pieces_of(stem)
    runs = {tuple(own[i : i + n]) for n in range(1, _MOST + 1) for i in range(len(own) - n + 1)}
    long = {run for run in runs if sum(len(w) if w.isascii() else 2 for w in run) >= _SHORTEST}
    things = table("zh", "things")
    said = {singular for run in runs for singular in (" ".join(run), *_singular(" ".join(run)))}
    return frozenset(long | {tuple(pieces_of(name)) for word in said for name in things.get(word, ())})


@lru_cache(maxsize=64)
def phrases_of(stems: tuple[str, ...]) -> tuple[str, ...]:
    """What several files are called in more than one word of Latin letters, the longest first."""
    runs = {" ".join(run) for stem in stems for run in called(stem) if len(run) > 1 and all(w.isascii() for w in run)}
    return tuple(sorted(runs, key=lambda words: (-len(words), words)))


def _singular(words: str) -> tuple[str, ...]:
    """What a plural may be of: bowls, dishes, berries."""
    ends = (("ies", "y"), ("es", ""), ("s", ""))
    return tuple(words.removesuffix(end) + one for end, one in ends if words.endswith(end))
