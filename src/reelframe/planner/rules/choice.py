"""Which uploads a first cut is made of, and in which order, where they are called by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, Literal

from reelframe.planner.clauses import Clause
from reelframe.planner.grammar import CLIPLIKE
from reelframe.planner.refs import from_start
from reelframe.planner.state import State
from reelframe.planner.tokens import Token

__all__ = ["choose"]

_Way = Literal["out", "only", "order", "end"]

_OUT: Final = re.compile(
    r"\b(?:leave|leaving) (?:\w+ )?out\b|\b(?:without|except|excluding|exclude|skip|not|drop)\b|除了|不要|去掉"
)
# "A video of Mug for 12 €" has a subject and is made of every photo of it; "of the mug" names a picture.
_ONLY: Final = re.compile(
    r"\b(?:only|just|use|using)\b|\b(?:of|from|with) (?:the|my|our|these)\b"
    r"|\b(?:about|for) (?:the|my|our|these) $"
    r"|只用|只要|只留|只保留|仅用|用|[把给为将](?:我的?|这个|\w{1,4}的)?$"
)
_END: Final = re.compile(r"\b(?:end|finish|close|ending) (?:with|on)\b|\b(?:last|finally)\b|最后|结尾")
_ORDER: Final = re.compile(r"\b(?:first|start|begin|open|then|next|followed)\b|先|再|然后|接着|开头")
# "… where the tea set comes first".
_COMES: Final = re.compile(
    r"(?: photo| picture| shot)? (?:comes?|goes|is|be|should (?:be|come|go)) (?:at the )?"
    r"(first|last|start|beginning|end)\b"
    r"|^(?: photo| picture| shot)? (first|last)\b"
)
# 把茶具放第一个
_PUT: Final = re.compile(r"^(?:那张|的照片)?[放排摆移](?:在|到)?(?:第[一1]|最前|开头|前面|(最后|末尾|结尾|最后面))")
# Characters that are looked at in front of a clause: "then" may have begun it.
_BEFORE: Final = 12
# Between names there may be these, and what was said of the first holds for the second.
_BETWEEN: Final = "upload link. mark sep. scope.others noun.photo noun.clip"
_IN_THAT_ORDER: Final = frozenset({"in", "that", "this", "order", "in that order", "in this order"})


def choose(clauses: Iterable[Clause], s: State) -> tuple[str, ...] | None:
    """The files of a first cut; None when nothing was said of single ones.

    ``First the mug, then the vase, then everything else``, "only the mug and the tea set", "leave out the cactus".
    """
    every = list(clauses)
    said = _said(every, s)
    others = any(c.ever("scope.others") for c in every)
    timed = _timed(s)
    if len(timed) > 1 and not any(said.values()) and not others:
        # The mug 3 seconds, the tea set 6: a list of all that is shown.
        said["only"] = timed
    if not any(said.values()):
        return None
    first, last = said["only"] + said["order"], said["end"]
    # "First the tea set, then the vase, last the mug" tells all of it.
    all_told = bool(said["order"] and last) and len(first) + len(last) > 2 and not others
    rest = [] if said["only"] or all_told else [m.name for m in s.view.shots_to_come]
    chosen = dict.fromkeys([*first, *(name for name in rest if name not in last), *last])
    left = tuple(name for name in chosen if name not in said["out"])
    return None if left == tuple(rest) else left or None


def _said(clauses: list[Clause], s: State) -> dict[_Way, list[str]]:
    """The files by what was said of them: left out, chosen alone, first in this order, at the end."""
    said: dict[_Way, list[str]] = {"out": [], "only": [], "order": [], "end": []}
    counted: list[str] = []
    way: _Way | None = None
    for c in clauses:
        counted += _by_number(c, s)
        named = [t for t in c.tokens if t.has("upload")]
        bare = all(t.has(_BETWEEN) or t.text in _IN_THAT_ORDER for t in c.tokens)
        goes_on = c.joined == "and" and named[:1] == c.tokens[:1]
        way = _way(c, named) or (way if bare or goes_on else None)
        if way is not None:
            said[way] += [str(t.value) for t in named]
            for token in named:
                token.used = True
    placed = said["order"] + said["end"]
    if counted and len(placed) == len(counted):
        # So many were counted, and then named: "Two photos: vase first, then mug".
        s.forget("made_of", names=", ".join(counted))
        counted, said["order"], said["end"] = placed, [], []
    said["only"] = [*counted, *said["only"]]
    return said


def _timed(s: State) -> list[str]:
    """The files that were given a length of their own."""
    targets = [getattr(op, "target", None) for op in s.ops if op.op == "set_segment_duration"]
    return [target.name for target in targets if target is not None and target.name]


def _by_number(c: Clause, s: State) -> list[str]:
    """``Use only the last two photos``, "three product shots", 三张图就够了: of so many the first ones."""
    shots = s.view.shots_to_come
    if c.has(_OTHER_WISHES, "upload") or c.negated or c.has("scope.except"):
        return []
    refs = [t for t in c.tokens if t.has("ref") and t.value.noun in CLIPLIKE - {""}]
    indexes = [from_start(i, len(shots)) for t in refs for i in t.value.indexes]
    if refs and not (c.ever("scope.only") or c.verb("use", "keep")):
        return []
    for number, noun in pairwise(c.tokens):
        counted = number.has("num") and not number.used and noun.has("noun.photo", "noun.clip")
        if not refs and counted and float(number.value).is_integer() and 1 < number.value < len(shots):
            indexes = list(range(1, int(number.value) + 1))
            s.assume("made_of", names=", ".join(shots[i - 1].name for i in indexes))
    for token in c.tokens if indexes else ():
        token.used = token.used or token.has("ref num noun.photo noun.clip scope.only verb.use")
    return [shots[i - 1].name for i in indexes if 1 <= i <= len(shots)]


# Clauses that speak of single pictures for another reason than to choose them.
_OTHER_WISHES: Final = (
    "quote noun.title noun.text noun.caption noun.logo noun.transition transition. t. dur look. effect. adjust. "
    "verb.remove verb.move verb.add"
)


def _way(c: Clause, named: list[Token]) -> _Way | None:
    if not named:
        return None
    # What stands before the first name says what is done with it.
    before = c.source.text[max(0, c.start - _BEFORE) : named[0].start]
    before = re.split(r"[,.;:!?，。；]", before)[-1]
    if c.negated or c.verb("remove") or c.has("scope.except") or _OUT.search(before):
        return "out"
    after = re.split(r"[,.;:!?，。；]", c.source.text[named[-1].end : c.source_end])[0]
    if (comes := _COMES.match(after)) is not None:
        return "order" if (comes[1] or comes[2]) in {"first", "start", "beginning"} else "end"
    if (put := _PUT.search(after)) is not None:
        return "end" if put[1] else "order"
    for way, pattern in (("end", _END), ("order", _ORDER), ("only", _ONLY)):
        if pattern.search(before):
            return way  # type: ignore[return-value]
    return None
