"""Slips of the keyboard: the word of the tables that was meant."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from reelframe.planner.lexicon import lexicon, table

__all__ = ["meant_by"]

# Colours that a slip of the keyboard still tells, and that look like no other word.
_COLORS: Final = frozenset({"yellow", "orange", "purple", "green", "turquoise", "magenta", "golden", "silver", "white"})


@lru_cache(maxsize=1)
def _targets() -> dict[str, list[str]]:
    """The words that a slip may have been meant for, by their first letter: that one is hardly ever wrong."""
    single = {w[0] for w in lexicon().english if len(w) == 1 and len(w[0]) > 3 and w[0].isalpha()}
    out: dict[str, list[str]] = {}
    for word in sorted(single | _COLORS | set(table("en", "numbers")["ordinals"])):
        out.setdefault(word[0], []).append(word)
    return out


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    return frozenset(" ".join(table("en", "ordinary")["words"]).split())


@lru_cache(maxsize=2048)
def meant_by(word: str) -> str | None:
    """The word of the tables that this one is a slip of: same first letter, one edit, two in long words."""
    if len(word) < 4 or not word.isascii() or not word.isalpha() or word in lexicon().words or word in _ordinary():
        return None
    allowed = 1 if len(word) < 10 else 2
    found = process.extractOne(word, _targets().get(word[0], []), scorer=OSA.distance, score_cutoff=allowed)
    if found is None:
        return None
    # So short a word is a slip only when two letters changed places.
    if len(word) == 4 and sorted(found[0]) != sorted(word):
        return None
    return str(found[0])
