"""Which shots a clause is about, and how long things are: what several rules about shots need to know."""

from __future__ import annotations

from typing import Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.grammar import CLIPLIKE
from reelframe.planner.refs import Asked, ask_clip, clip_targets, missing_clip
from reelframe.planner.state import State

__all__ = ["average_length", "is_exact", "length_of", "numbers_of", "part_of", "times_as_big", "whose", "within"]


def numbers_of(c: Clause, s: State) -> list[int]:
    """The numbers of the shots that the clause names; one that is not there is asked about."""
    out: list[int] = []
    count = len(s.view.shots)
    for token in c.all("ref"):
        if token.value.noun not in CLIPLIKE:
            continue
        for i in token.value.indexes:
            if not s.view.empty and not 1 <= abs(i) <= count:
                raise missing_clip(s, i)
            out.append(i)
    return out


def length_of(s: State, target: Target | None) -> float:
    """How long a shot lasts in seconds, or the whole video when none is meant."""
    if target is not None and target.index is not None and s.view.shots and abs(target.index) <= len(s.view.shots):
        placed = s.view.shot(target.index)
        return (placed.end - placed.start) / 1000
    return average_length(s) if target is not None and s.composed else s.view.total_s


def is_exact(c: Clause) -> bool:
    """Whether a length is said as a goal ("to 5 seconds") and not as a step."""
    return any(t.text.startswith(("to", "到", "成", "为")) or t.text.endswith(("到", "成", "为")) for t in c.tokens)


def average_length(s: State) -> float:
    """How long a shot lasts on average, in seconds."""
    made = next((op for op in s.ops if op.op == "compose"), None) if s.composed else None
    if made is not None:
        named = getattr(made, "media", None)
        count = len(named) if isinstance(named, tuple) else max(1, len(s.view.shots_to_come))
        total = getattr(made, "duration_s", None)
        return float(getattr(made, "per_item_s", None) or (total / count if total else 4.0))
    return s.view.total_s / max(1, len(s.view.shots)) if s.view.shots else 3.0


def part_of(c: Clause, s: State) -> tuple[float, float] | None:
    """The stretch of the video that is spoken of; None when it is all of it."""
    span: tuple[float, float] | None = c.value("t.range")
    total = s.view.total_s
    if span is None and (head := c.value("t.head", "t.until")) is not None:
        span = (0.0, head)
    if span is None and (tail := c.value("t.tail")) is not None:
        span = (max(0.0, total - tail), total)
    if span is None and (start := c.value("t.from")) is not None:
        span = (start, total)
    return None if span is None or span[0] >= min(span[1], total) else (span[0], min(span[1], total))


def within(s: State, span: tuple[float, float]) -> tuple[float, float]:
    """The range, when the timeline has it; one that goes beyond its end is asked about."""
    if not s.view.empty and not s.composed and span[1] > s.view.total_s + 0.5:
        if span[0] < s.view.total_s and span[1] >= 3600:  # "to the end"
            return span[0], s.view.total_s
        s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{span[1]:g}")
        raise Asked
    return span


def whose(c: Clause, s: State, span: object) -> tuple[Target | None, ...]:
    """The shots that an operation is for; None is the whole video, which is said."""
    if span is not None and not c.has("ref", "file"):
        return (None,)
    targets = clip_targets(c, s)
    if (
        targets == (None,)
        and c.has("scope.selected")
        and any(w in c.text for w in ("part", "section", "bit", "here", "这里", "部分", "这段", "moment"))
        and len(s.view.shots) > 1
        and not c.has("t.")
    ):
        if s.blind:
            return (Target(kind="selection"),)
        raise ask_clip(s)
    if (
        targets == (None,)
        and c.has("noun.beginning", "noun.intro", "link.first", "noun.ending", "noun.outro", "link.last")
        and len(s.view.shots) > 1
    ):
        number = 1 if c.has("noun.beginning", "noun.intro", "link.first") else -1
        s.assume("clip_assumed", said=c.said, number=number if number > 0 else len(s.view.shots))
        return (Target(kind="clip", index=number),)
    if targets == (None,) and len(s.view.shots) > 1 and not c.has("noun.video", "scope.all"):
        s.assume("whole_video")
    return targets


def times_as_big(c: Clause) -> float | None:
    """``twice as big`` is 100 % bigger, "half as big" 50 % smaller."""
    return next((share for said, share in _AS_BIG.items() if said in c.text), None)


# By how much larger or smaller; the way is told apart.
_AS_BIG: Final = {
    "twice as": 1.0, "double": 1.0, "two times": 1.0, "2x": 1.0, "three times": 2.0, "half as": 0.5, "half the": 0.5,
    "放大一倍": 1.0, "大一倍": 1.0, "两倍": 1.0, "小一半": 0.5, "一半大": 0.5,
}  # fmt: skip
