"""Several things at once: every second one, all but these, captions 2 and 4.

What is said of several becomes a reference with all their numbers before the rules look at it. A rule that plans for
the first of several texts or transitions has its operation repeated for the others.
"""

from __future__ import annotations

from typing import Final

from reelframe.edits.vocabulary import OpBase, Transition
from reelframe.planner.clauses import Clause
from reelframe.planner.grammar import CLIPLIKE, NOUNS, Ref
from reelframe.planner.refs import TEXTS, from_start
from reelframe.planner.state import State
from reelframe.planner.tokens import Token
from reelframe.planner.view import View

__all__ = ["count_of", "every_nth", "reference", "spread"]

_CUTS: Final = frozenset({"cut", "cuts", "转场"})
# "Every other photo" and "every second one" are the same.
_OTHER: Final = 2
_FURTHEST: Final = 9
_CHINESE: Final = {"一": 2, "1": 2, "两": 3, "二": 3, "2": 3}
_APART: Final = frozenset({"每隔", "隔"})


def every_nth(tokens: list[Token], view: View) -> list[Token]:
    """``every other photo``, "every third cut", 每隔一张: one reference to all of them."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        step, at = _step(tokens, i)
        noun = _counted(tokens[at : at + 2]) if step else None
        numbers = tuple(range(step, count_of(noun, view) + 1, step)) if noun is not None else ()
        if noun is None or not numbers:
            out.append(tokens[i])
            i += 1
            continue
        end = next(n for n in range(at, at + 2) if _noun_of(tokens[n]) is not None) + 1
        group = tokens[i:end]
        out.append(reference(Ref(noun, numbers), group))
        i = end
    return out


def _step(tokens: list[Token], i: int) -> tuple[int, int]:
    """Which of them, and where what is counted stands; 0 when nothing of the kind begins here."""
    token = tokens[i]
    if not token.has("link.every") or i + 2 >= len(tokens):
        return 0, i
    following = tokens[i + 1]
    if token.text in _APART:
        return _CHINESE.get(following.text, 0), i + 2
    if following.text == "other":
        return _OTHER, i + 2
    number = following.value if following.has("ordinal") else 0
    return (int(number), i + 2) if number and _OTHER <= number <= _FURTHEST else (0, i)


def _noun_of(token: Token) -> str | None:
    if token.text in _CUTS:
        return "transition"
    return next((noun for noun in NOUNS if token.has(f"noun.{noun}")), None)


def _counted(tokens: list[Token]) -> str | None:
    """What is counted: 个转场 is transitions, 张照片 is photos."""
    first = next((noun for token in tokens[:1] if (noun := _noun_of(token)) is not None), None)
    if first is not None and not tokens[0].has("link.filler"):
        return first
    return next((noun for token in tokens[1:] if (noun := _noun_of(token)) is not None), first)


def count_of(noun: str | None, view: View) -> int:
    """How many of a kind there are: shots, passages between them, texts of a role."""
    if noun == "transition":
        return max(0, len(view.shots) - 1)
    if noun in TEXTS:
        return len(view.texts_meant(TEXTS[noun][0]))
    return len(view.shots) if noun in CLIPLIKE else 0


def reference(ref: Ref, group: list[Token]) -> Token:
    """One token in the place of several words that together name things by their numbers."""
    tags = {"ref", f"noun.{ref.noun}"} if ref.noun else {"ref"}
    return Token(frozenset(tags), ref, group[0].start, group[-1].end, " ".join(t.text for t in group))


def spread(ops: list[OpBase], clause: Clause, state: State) -> list[OpBase]:
    """The operations of a clause, those for the first of several texts or transitions once for each.

    Numbers speak of the timeline as it was: what is taken out goes last first.
    """
    out: list[OpBase] = []
    several = [t.value for t in clause.tokens if t.has("ref") and len(t.value.indexes) > 1]
    passages = next((ref.indexes for ref in several if ref.noun == "transition"), ())
    for op in ops:
        target = getattr(op, "target", None)
        if len(state.meant) > 1 and target == state.meant[0]:
            every = sorted(state.meant, key=lambda t: -(t.index or 0)) if op.op == "remove" else state.meant
            out += [op.model_copy(update={"target": one}) for one in every]
        elif passages and isinstance(op, Transition):
            count = len(state.view.shots)
            out += [op.model_copy(update={"between": (n, n + 1)}) for i in passages if (n := from_start(i, count - 1))]
        else:
            out.append(op)
    return out
