"""Which uploads a first cut is made of, and in which order, where they are called by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from reelframe.planner.clauses import Clause
from reelframe.planner.state import State
from reelframe.planner.tokens import Token

__all__ = ["choose"]

_Way = Literal["out", "only", "order", "end"]

_OUT: Final = re.compile(
    r"\b(?:leave|leaving) (?:\w+ )?out\b|\b(?:without|except|excluding|exclude|skip|not|drop)\b|除了|不要|去掉"
)
# "A video of Mug for 12 €" has a subject and is made of every photo of it; "of the mug" names a picture.
_ONLY: Final = re.compile(r"\b(?:only|just|use|using)\b|\b(?:of|from|with) (?:the|my|our|these)\b|只用|仅用|用")
_END: Final = re.compile(r"\b(?:end|finish|close|ending) (?:with|on)\b|\b(?:last|finally)\b|最后|结尾")
_ORDER: Final = re.compile(r"\b(?:first|start|begin|open|then|next|followed)\b|先|然后|接着|开头")
# Characters that are looked at in front of a clause: "then" may have begun it.
_BEFORE: Final = 12
# Between names there may be these, and what was said of the first holds for the second.
_BETWEEN: Final = "upload link. mark sep. scope.others noun.photo noun.clip"


def choose(clauses: Iterable[Clause], s: State) -> tuple[str, ...] | None:
    """The files of a first cut; None when nothing was said of single ones.

    ``First the mug, then the vase, then everything else``, "only the mug and the tea set", "leave out the cactus".
    """
    said: dict[_Way, list[str]] = {"out": [], "only": [], "order": [], "end": []}
    way: _Way | None = None
    for c in clauses:
        named = c.all("upload")
        bare = all(t.has(_BETWEEN) for t in c.tokens)
        way = _way(c, named) or (way if bare else None)
        if way is not None:
            said[way] += [str(t.value) for t in named]
            for token in named:
                token.used = True
    if not any(said.values()):
        return None
    first, last = said["only"] + said["order"], said["end"]
    rest = [] if said["only"] else [m.name for m in s.view.shots_to_come]
    chosen = dict.fromkeys([*first, *(name for name in rest if name not in last), *last])
    left = tuple(name for name in chosen if name not in said["out"])
    return None if left == tuple(rest) else left or None


def _way(c: Clause, named: list[Token]) -> _Way | None:
    if not named:
        return None
    # What stands before the first name says what is done with it.
    before = c.source.text[max(0, c.start - _BEFORE) : named[0].start]
    before = re.split(r"[,.;:!?，。；]", before)[-1]
    if c.negated or c.verb("remove") or _OUT.search(before):
        return "out"
    for way, pattern in (("end", _END), ("order", _ORDER), ("only", _ONLY)):
        if pattern.search(before):
            return way  # type: ignore[return-value]
    return None
