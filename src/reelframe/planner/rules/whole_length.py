"""How long the whole video is."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from reelframe.edits.vocabulary import Compose
from reelframe.planner.clauses import Clause
from reelframe.planner.refs import says_it
from reelframe.planner.state import State

__all__ = ["length", "length_of_all"]

_PART: Final = re.compile(
    r"\b(?:(twice|double)|half) (?:as long|the length|its length|the duration|its duration|the running time)\b"
    r"|\bhalve (?:it|the|its)\b|(?:时长|长度)(?:减半|缩短一半)|短一半"
)
# A number alone after "to" is seconds, when the video is all that is spoken of.
_BARE_GOAL: Final = re.compile(r"(?:\bto|到|成) (?:about |around |just |exactly )?(\d{1,3})$")
# 缩短10秒 is a step, 缩短到10秒 is a length.
_STEP: Final = re.compile(r"(?:延长|加长|拉长|缩短|剪短|减少|减去|增加|减|加)了?\s*\d")
_ENOUGH: Final = re.compile(r"\b(?:is|are|would be|should be|will be) (?:enough|plenty|fine|ok|okay)\b|就够|就行|足够")
_FEWER: Final = frozenset({"fewer", "less"})


def length(c: Clause, s: State) -> bool:
    """How long the whole video is."""
    if c.has("noun.title", "noun.text", "noun.transition", "noun.music", "noun.logo", "noun.caption", "ref"):
        return False
    if s.mentioned is not None and c.has("dur") and not c.own_verb and _ENOUGH.search(c.text):
        # "the cactus feels too long, two seconds is enough"
        seconds = c.value("dur")
        s.ops[:] = [op for op in s.ops if op.op != "set_segment_duration" or getattr(op, "target", None) != s.mentioned]
        c.use("word link.")
        return s.add("set_segment_duration", target=s.mentioned, duration_s=seconds)
    part = None if c.ever("ref") else _PART.search(c.text)
    heard = s.last is not None and s.last.kind in {"bgm", "voice", "sfx"}
    if heard and part is None and says_it(c) and not c.has("dur", "t."):
        # "the music is too loud, bring it down by half": that was done where it was said to be too loud.
        return False
    if part is not None and s.view.total_s and not s.composed:
        for token in c.tokens:
            token.used = True
        after = round(s.view.total_s * (2 if part[1] else 0.5), 1)
        s.assume("length_step", before=f"{s.view.total_s:g}", after=f"{after:g}")
        return s.add("set_duration", duration_s=after)
    bare_goal = _BARE_GOAL.search(c.text)
    if (
        bare_goal is not None
        and c.verb("make", "set", "cut", "trim", "shorten", "lengthen")
        and len(c.all("num")) == 1
        and not c.has("t. dur pct factor db px degrees ref link.from")
        and all(t.has("noun.it", "noun.video", "noun.duration") for t in c.tokens if t.has("noun."))
    ):
        # "get this down to 30"
        c.use("num", "verb.", "noun.", "link.", "dir.")
        s.assume("bare_seconds", seconds=bare_goal[1])
        return s.add("set_duration", duration_s=float(bare_goal[1]))
    under = c.value("t.under")
    longer = c.has("verb.lengthen")
    shorter = c.has("verb.shorten") or (c.has("dur") and any(t.text in _FEWER for t in c.tokens))
    sets = (
        c.verb(
            "make set cut trim shorten lengthen change limit keep want create export compress turn_into combine "
            "merge split extract speed_up summarize generate"
        )
        or c.has("noun.duration", "noun.version", "verb.last", "noun.genre", "noun.video")
        or not c.own_verb
    )
    if not c.own_verb and any(r.reason != "generate_video" for r in s.refused) and not c.has("noun."):
        # "cut the dull part, about 4 seconds": the length is that of what was refused.
        return False
    by = c.has("t.by")
    first = c.first_verb
    bare = c.get("dur")
    taken = first is not None and first.text in {"cut", "trim", "remove", "delete", "chop", "shave"}
    plain = taken and not c.has("t.", "noun.genre", "noun.version", "noun.duration") and not s.refused
    if bare is not None and plain and not any(t.has("noun.video") and t.start > bare.end for t in c.tokens):
        # "cut 5 seconds": out of where? It is not "cut to 5 seconds".
        bare.used = True
        return s.ask("what_range")
    if c.has("verb.last", "noun.duration") and c.has("time"):
        value = c.value("time")
        c.use("verb.last", "noun.duration", "noun.video", "scope.")
        return s.add("set_duration", duration_s=value)
    value = (
        next((v for tag in ("t.to", "dur", "t.for", "t.by") if (v := c.value(tag)) is not None), None) if sets else None
    )
    source_range = None
    tail, head = c.get("t.tail"), c.get("t.head")
    if value is not None and tail is not None and s.view.total_s > tail.value:
        source_range = (s.view.total_s - tail.value, s.view.total_s)
    elif value is not None and tail is not None:
        # More than there is: the whole of it.
        source_range = None
    elif value is not None and head is not None and s.view.total_s >= head.value:
        source_range = (0.0, head.value)
    if value is not None and by and s.view.total_s and (longer or shorter):
        value = max(0.5, s.view.total_s + (value if longer else -value))
    if value is not None and s.view.total_s and not s.composed and _is_step(c):
        value = max(0.5, s.view.total_s - value if shorter else s.view.total_s + value)
    words = (
        "verb.shorten",
        "verb.lengthen",
        "noun.duration",
        "verb.cut",
        "verb.trim",
        "noun.video",
        "verb.make",
        "t.tail",
        "t.head",
        "noun.it",
        "verb.limit",
        "scope.",
        "verb.last",
    )
    if under is not None:
        c.use(*words)
        return s.add("set_duration", max_duration_s=under)
    if value is not None:
        if any(op.op == "compose" for op in s.ops) and _into_compose(s, value):
            return True
        c.use(*words)
        return s.add("set_duration", duration_s=value, range=source_range)
    if (longer or shorter) and s.view.total_s and not s.composed:
        c.use(*words)
        factor = 1.25 if longer else 0.75
        after = round(s.view.total_s * factor, 1)
        s.assume("length_step", before=f"{s.view.total_s:g}", after=f"{after:g}")
        return s.add("set_duration", duration_s=after)
    return False


def _is_step(c: Clause) -> bool:
    """``2 seconds shorter``, "5 more seconds": a step from the length that it has."""
    pairs = pairwise(c.tokens)
    return (
        "more" in c.text.split()
        or _STEP.search(c.text) is not None
        or (
            c.verb("add")
            and not any(t.has("noun.") and not t.has("noun.video noun.duration noun.it") for t in c.tokens)
        )
        or c.text.startswith("再")
        or any(a.has("dur", "t.for", "t.by") and b.text in {"longer", "shorter", *_FEWER} for a, b in pairs)
    )


def _into_compose(s: State, value: float) -> bool:
    for i, op in enumerate(s.ops):
        if op.op == "compose" and getattr(op, "duration_s", None) is None and getattr(op, "per_item_s", None) is None:
            s.ops[i] = op.model_copy(update={"duration_s": value})
            return True
    return False


_SAID_WITH: Final = (
    "dur t. link. scope.all scope.per_item scope.both mark sep. noun.duration noun.video noun.genre noun.photo "
    "noun.clip noun.media verb.last verb.show verb.make verb.want verb.set verb.keep ctl. noun.it"
)
_SMALL_WORDS: Final = frozenset(
    [
        "in", "total", "altogether", "overall", "long", "please", "should", "be", "is", "it", "about", "or", "so", "on",
        "screen", "stay", "stays", "keep", "just", "roughly", "左右", "总", "总长", "长", "请",
        "就", "好", "的", "产品",
    ]
)  # fmt: skip


# "Six seconds in all" is no place in the video.
_IN_ALL: Final = re.compile(r"\bin (?:all|total)$")


def length_of_all(c: Clause, s: State) -> bool:
    """``…, 18 seconds``, "each photo should stay for four seconds": of the video, whatever was spoken of before."""
    made = next((op for op in s.ops if isinstance(op, Compose)), None)
    if made is None or made.duration_s is not None or made.per_item_s is not None:
        return False
    each = c.get("t.each") or (c.get("t.every") if c.has("noun.photo") else None)
    length = c.get("dur", "t.for", "t.to", "t.under", "t.range", "t.at" if _IN_ALL.search(c.text) else "dur")
    if (each or length) is None or not all(t.has(_SAID_WITH) or t.text in _SMALL_WORDS for t in c.tokens):
        return False
    if c.has("t.head t.tail t.from t.until") or (c.has("t.at") and length is None):
        return False
    if each is None and length is not None and length.has("dur") and c.has("scope.per_item"):
        # "4 seconds apiece"
        length, each = None, length
    if each is not None and sum(op.op == "set_aspect" for op in s.ops) > 1:
        # "One vertical and one square, 10 seconds each": each video.
        length, each = each, None
    seconds = length.value if length is not None else None
    # "5 to 15 seconds" is what it may take.
    slots = {"per_item_s": each.value} if each is not None else {"duration_s": _longest(seconds)}
    s.ops[s.ops.index(made)] = made.model_copy(update=slots)
    for token in c.tokens:
        token.used = True
    return True


def _longest(seconds: Any) -> float:  # noqa: ANN401 -- a length or a range
    return float(max(seconds)) if isinstance(seconds, tuple) else float(seconds)
