"""Shots: the wishes about them, in the order in which they are tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.rules.cutting import gaps, keep, remove, split
from reelframe.planner.rules.lengths import length_of_shot
from reelframe.planner.rules.motion import boomerang, crop, freeze, rotate, simple, zoom
from reelframe.planner.rules.order import duplicate, merge, reorder, reverse_order, swap
from reelframe.planner.rules.stillness import still
from reelframe.planner.rules.tempo import speed
from reelframe.planner.rules.trim import trim
from reelframe.planner.state import State

__all__ = ["rule"]

_SHOT_WORDS: Final = frozenset(
    ["scene", "scenes", "shot", "shots", "clip", "clips", "part", "parts", "section", "sections", "moment", "moments"]
)
_PLAIN: Final = frozenset(
    [
        "video",
        "main",
        "same",
        "new",
        "short",
        "long",
        "full",
        "whole",
        "single",
        "own",
        "extra",
        "each",
        "boring",
        "is",
        "are",
        "video's",
        "of",
        "in",
        "to",
        "it",
        "and",
        "or",
        "for",
        "any",
    ]
)


_REST: Final = re.compile(
    r"\b(?:the rest|everything else|all else|the remainder)(?: of it)?$|(?:其余|其他|剩下|别的)的?$"
    r"|^把?(?:其余|其他|剩下|别的|后面|后边|之后)的?(?:部分|内容)?[都全]?(?:删除|删掉|删了|去掉|剪掉|不要)了?$"
)


def rule(c: Clause, s: State) -> bool:
    """The first of the wishes about shots that fits."""
    if s.ops and c.verb("remove") and _REST.search(c.text):
        # "keep the first minute, toss the rest": that was done by keeping.
        for token in c.tokens:
            token.used = True
        return True
    if _described(c, s):
        return True
    return any(wish(c, s) for wish in _WISHES)


def _described(c: Clause, s: State) -> bool:
    """``the sunset scene``, "dark clips": which shot that is, only looking at the pictures could tell."""
    if not c.verb(
        "remove keep lengthen shorten trim speed_up slow_down move cut duplicate extract freeze make"
    ) or c.has("ref", "file", "scope.all", "scope.selected", "quote"):
        return False
    for before, noun in pairwise(c.tokens):
        described = (
            before.has("word", "adjust.", "look.", "refuse.")
            and before.text.isalpha()
            and before.text not in _PLAIN
            and before.text.isascii()
        )
        if (
            described
            and noun.has("noun.clip")
            and not noun.has("noun.beginning")
            and noun.text in _SHOT_WORDS
            and not noun.used
        ):
            named = next((m for m in s.view.library.shots if before.text in m.name.lower()), None)
            if named is not None:
                return False
            for token in c.tokens:
                if not token.has("dur"):
                    token.used = True
            return s.refuse(c.said, "content_understanding")
    return False


_WISHES: Final[tuple[Callable[[Clause, State], bool], ...]] = (
    still, gaps, boomerang, reverse_order, swap, duplicate, merge, keep, split, freeze, trim, speed, remove, reorder,
    simple("reverse", "reverse"), simple("loop", "loop"), simple("flip", "flip"), rotate, crop, zoom, length_of_shot,
)  # fmt: skip
