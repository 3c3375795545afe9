"""Which ones, where a wish is for all but some, or for those that were not named before."""

from __future__ import annotations

import re
from copy import copy
from itertools import pairwise
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.grammar import CLIPLIKE, Ref
from reelframe.planner.refs import TEXTS, from_start
from reelframe.planner.several import count_of, reference
from reelframe.planner.tokens import Token, with_families
from reelframe.planner.view import View

__all__ = ["rest_of"]

# What may stand in an exception, between the words for it and its end.
_NAMING: Final = " ".join(
    (
        "ref link.first link.last ordinal link.filler sep.and scope.except scope.between link.between",
        "link.before link.after dir.before",
        *(f"noun.{noun}" for noun in TEXTS),
    )
)
_ON: Final = frozenset({"on", "for", "in", "在", "给", "对"})
# What is done to the look of a picture.
_SEEN: Final = "adjust. look. effect. noun.contrast noun.brightness noun.saturation noun.ken_burns"
_READ: Final = tuple(f"noun.{noun}" for noun in TEXTS)
_WHICH: Final = "scope.others link. mark noun.photo noun.clip"
_LET_BE: Final = re.compile(
    r"\b(?:don't|do not|without) (?:touch|chang)\w*\b"
    r"|\b(?:leave|keep)\b.*\b(?:alone|as it is|as is|as they are|untouched)\b"
    r"|(?:别|不要|不)(?:动|碰|改|变)|(?:保持)?(?:不变|原样|不动)$"
)
# 除第二张外: what ends the exception in Chinese.
_OUTSIDE: Final = frozenset({"外", "之外", "以外"})


def rest_of(clauses: list[Clause], view: View) -> list[Clause]:
    """``all photos but the first``, "…, except the last", "… and the others …", 除了第二张: those are named instead.

    What is said of the exception itself ("…, except the first one, which should be 6 seconds") is a wish of its own.
    """
    if view.empty:
        return clauses
    clauses = _untouched(_only_those(_for_others(_on_those(clauses))), view)
    _name_others(clauses, view)
    return _without_exceptions(clauses, view) if any(c.has("scope.except") for c in clauses) else clauses


def _on_those(clauses: list[Clause]) -> list[Clause]:
    """``on the last two shots remove the captions | and pan to the right``: both are for those."""
    for before, clause in pairwise(clauses):
        lead = [t for t in before.tokens if not t.has("link.filler")][:2]
        which = len(lead) > 1 and lead[0].text in _ON and (lead[1].has("scope.others") or _is_shot(lead[1]))
        if which and clause.joined == "and" and clause.has(_SEEN) and not clause.has("ref scope.others scope.all"):
            token = copy(lead[1])
            token.start = token.end = clause.end
            clause.tokens = [*clause.tokens, token]
    return clauses


def _is_shot(token: Token) -> bool:
    return token.has("ref") and token.value.noun in CLIPLIKE


def _for_others(clauses: list[Clause]) -> list[Clause]:
    """``a slower crossfade, one second, for the others``: which ones the wish before is for."""
    out: list[Clause] = []
    for clause in clauses:
        bare = clause.has("scope.others") and all(t.has(_WHICH) for t in clause.tokens)
        wish = next((c for c in reversed(out) if c.has("verb. look. adjust. effect. transition. noun.")), None)
        if bare and wish is not None and not wish.has("ref") and len(out) > 1:
            wish.tokens = [*wish.tokens, *(t for t in clause.tokens if t.has("scope.others"))]
        else:
            out.append(clause)
    return out


def _untouched(clauses: list[Clause], view: View) -> list[Clause]:
    """``brighter and more contrast, but don't touch the last one``: the wishes before are for the others."""
    out: list[Clause] = []
    for clause in _together(clauses):
        refs = [t for t in clause.tokens if t.has("ref") and t.value.noun in CLIPLIKE]
        seen = [c for c in out if c.has(_SEEN, *_READ) and not c.has("ref scope.others")]
        if refs and seen and clause is not clauses[0] and _LET_BE.search(clause.text):
            for wish in seen:
                _leave_out(wish, [Token(t.tags, t.value, t.start, t.end, t.text) for t in refs], view)
        else:
            out.append(clause)
    return out


def _together(clauses: list[Clause]) -> list[Clause]:
    """最后一个 | 别动: what is not to be touched, and that it is not."""
    out: list[Clause] = []
    for clause in clauses:
        bare = bool(out) and all(_is_shot(t) or t.has("link. mark") for t in out[-1].tokens)
        if bare and clause.has("verb.touch") and clause.negated and not clause.has("ref noun."):
            out[-1].tokens = [*out[-1].tokens, *clause.tokens]
        else:
            out.append(clause)
    return out


def _only_those(clauses: list[Clause]) -> list[Clause]:
    """``warmer, but only the tea set``: which ones the wish before is for."""
    out: list[Clause] = []
    for clause in clauses:
        refs = [t for t in clause.tokens if t.has("ref")]
        only = clause.has("scope.only") and all(t.has("ref scope.only link.") or t.text == "on" for t in clause.tokens)
        if out and refs and only and not out[-1].has("ref"):
            out[-1].tokens = [*out[-1].tokens, *refs]
        else:
            out.append(clause)
    return out


def _name_others(clauses: list[Clause], view: View) -> None:
    """``… on the tea set, and none on the others``: all but those that were named before."""
    named: set[int] = set()
    for clause in clauses:
        others = next((t for t in clause.tokens if t.has("scope.others")), None)
        cuts = clause.has("noun.transition", "transition.")
        count = count_of("transition" if cuts else "clip", view)
        left = tuple(i for i in range(1, count + 1) if i not in named)
        if others is not None and named and left and not clause.has("ref") and _may_be_others(clause):
            everything = [
                t for t in clause.tokens if t.has("scope.all") and not t.has("noun.", "t.") and t is not others
            ]
            at = clause.tokens.index(others)
            clause.tokens[at] = reference(Ref("transition" if cuts else "clip", left), [others])
            clause.tokens = [t for t in clause.tokens if t not in everything]
        for token in clause.tokens if not clause.verb("remove") else ():
            if token.has("ref") and token is not others and token.value.noun in CLIPLIKE | {"transition"}:
                indexes = [from_start(i, count) for i in token.value.indexes]
                pair = cuts and token.value.noun != "transition" and len(indexes) == 2
                named |= {min(indexes)} if pair else set(indexes)


def _may_be_others(clause: Clause) -> bool:
    """Keeping or removing "the others" is read as a whole elsewhere; their captions are not."""
    return not clause.verb("keep", "remove") or clause.has(*(f"noun.{noun}" for noun in TEXTS))


def _without_exceptions(clauses: list[Clause], view: View) -> list[Clause]:
    out: list[Clause] = []
    waiting: list[Token] = []
    for clause in clauses:
        group = _exception(clause)
        if waiting and not group:
            _leave_out(clause, waiting, view)
            waiting = []
        if not group:
            out.append(clause)
            continue
        others = [t for t in clause.tokens if t not in group and not t.has("link.filler", "mark")]
        if others:
            after = _own_wish(clause, group)
            if after:
                clause.tokens = [t for t in clause.tokens if t not in after]
            _leave_out(clause, group, view)
            out.append(clause)
            if after:
                out.append(Clause([*_things(group), *after], clause.source, "and", clause.inherited, clause.among))
        elif out and not group[0].text.startswith("除"):
            _leave_out(_head_of(out), group, view)
        else:
            waiting = group
    if waiting and out:
        _leave_out(_head_of(out), waiting, view)
    return out


def _head_of(clauses: list[Clause]) -> Clause:
    """``all captions in caps, bold, at the top, except …``: where what is spoken of was named."""
    for clause in reversed(clauses):
        if clause.has("noun. scope.all ref verb."):
            return clause
    return clauses[-1]


def _exception(clause: Clause) -> list[Token]:
    """The words that say which ones are left alone; empty when they name nothing that has a number."""
    at = next((n for n, t in enumerate(clause.tokens) if t.has("scope.except")), None)
    if at is None:
        return []
    tokens = clause.tokens
    group = [tokens[at]]
    for token in tokens[at + 1 :]:
        few = token.has("num") and group[-1].has("link.first", "link.last") and float(token.value).is_integer()
        if not (few or token.has(_NAMING) or token.text in _OUTSIDE):
            break
        group.append(token)
    if not _things(group) and at and tokens[at - 1].has("ref"):
        # 最后一张除外
        group.insert(0, tokens[at - 1])
    return group if _things(group) else []


def _things(group: list[Token]) -> list[Token]:
    return [
        t
        for t in group
        if t.has("ref", "link.first", "link.last", "ordinal") or (t.has("noun.") and not t.has("scope.except"))
    ]


def _own_wish(clause: Clause, group: list[Token]) -> list[Token]:
    """What follows the exception and says how that is to be: it has a length, a verb or a look of its own."""
    at = clause.tokens.index(group[-1])
    after = clause.tokens[at + 1 :]
    before = [t for t in clause.tokens[:at] if t not in group]
    says = "dur t. num verb. look. color dir. adjust. effect."
    if not any(t.has(says) for t in before) or not any(t.has(says) for t in after):
        return []
    length = any(t.has("dur", "t.each", "t.for", "t.to") for t in before)
    for token in after:
        if length and token.has("num"):
            # "… which should be 6": in the unit of the others.
            token.tags = with_families(frozenset({"dur"}))
        if token.has("ctl.question"):
            token.tags = frozenset({"link.filler"})
    return after


def _leave_out(clause: Clause, group: list[Token], view: View) -> None:
    """Put the numbers of the others in the place of the exception."""
    around = [t for t in clause.tokens if t not in group]
    universe = next((n for n in ("transition", *TEXTS) if any(t.has(f"noun.{n}") for t in around)), "clip")
    if universe == "clip" and any(t.has("transition.") for t in around) and not any(t.has("noun.") for t in around):
        universe = "transition"
    count = count_of(universe, view)
    numbers: set[int] = set()
    # "… except the last two"
    many = next((int(t.value) for t in group if t.has("num")), 1)
    for thing in _things(group):
        if thing.has("ref"):
            if universe == "transition" and thing.value.noun in CLIPLIKE and len(thing.value.indexes) == 2:
                # Between two shots there is one.
                numbers.add(min(from_start(i, count + 1) for i in thing.value.indexes))
                continue
            beside = next((t for t in group if t.has("link.before link.after dir.before")), None)
            if universe == "transition" and thing.value.noun in CLIPLIKE and beside is not None:
                # "… except before the last shot"
                number = from_start(thing.value.indexes[0], count + 1)
                numbers.add(number if beside.has("link.after") else number - 1)
                continue
            if thing.value.noun in CLIPLIKE - {"one", ""} and universe != "clip":
                return
            numbers |= {from_start(i, count) for i in thing.value.indexes}
        elif thing.has("link.last"):
            numbers |= set(range(count - many + 1, count + 1))
        elif thing.has("link.first"):
            numbers |= set(range(1, many + 1))
        elif thing.has("ordinal"):
            numbers.add(int(thing.value))
        else:
            numbers |= _texts_called(thing, universe, view)
    left = tuple(i for i in range(1, count + 1) if i not in numbers)
    if not numbers or not left:
        return
    # One that is not there is asked about.
    beyond = tuple(i for i in numbers if not 1 <= i <= count)
    token = reference(Ref(universe, beyond or left), group)
    everything = "scope.all scope.except scope.both"
    around = [t for t in around if not (t.has(everything) and not t.has("noun.", "t."))]
    before = [t for t in around if t.start < token.start]
    if before and len(before) == len(around):
        # The words of an exception at the end are no part of the wish: "the first" is not where to put it.
        token.start = token.end = before[-1].end
    clause.tokens = [*before, token, *around[len(before) :]]


def _texts_called(thing: Token, universe: str, view: View) -> set[int]:
    """``every text except the title``: where among the texts those are."""
    noun = next((n for n in TEXTS if thing.has(f"noun.{n}")), None)
    if noun is None or universe not in TEXTS:
        return set()
    meant = view.texts_meant(TEXTS[noun][0])
    return {i for i, text in enumerate(view.texts_meant(TEXTS[universe][0]), 1) if text in meant}
