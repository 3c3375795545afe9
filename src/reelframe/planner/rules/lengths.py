"""How long single shots are on screen."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from reelframe.edits.vocabulary import OpBase
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import average_length, is_exact, length_of, numbers_of
from reelframe.planner.refs import clip_targets, from_start
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["length_of_shot", "lengths_to_come", "share_the_rest", "stays", "unchanged"]

_LONGER: Final = 1.5
# With these the shots are others, or as many: what is left is theirs.
_OF_OTHER_SHOTS: Final = frozenset({"remove", "split", "duplicate", "cut_range", "intro_outro", "freeze", "merge"})
# A shot is never shorter.
_SHORTEST_S: Final = 0.1
_AS_IT_IS: Final = re.compile(
    r"\b(?:alone|untouched)\b|\bas (?:long as )?it is\b"
    r"|\bas (?:they are|is)\b|\bunchanged\b|\b(?:the )?same length\b|不变|原样"
)
_SENTENCE: Final = re.compile(r"[.;!?。;!?]")
# 延长3秒 is a step, 延长到3秒 is a length.
_STEP: Final = re.compile(r"(?:延长|加长|拉长|缩短|剪短|减少|增加|多(?:停留?|放|展示|显示|留|播放?))\s*\d")


_AS_LONG: Final = re.compile(
    r"\b(?:(half)|twice|double|two times)(?: as long| the (?:length|time))\b"
    r"|(?:时长|长度)?(?:(减半|缩短一半)|加倍|翻倍|延长一倍)"
)
# What may be said of the shot that was just spoken of, without naming it.
_HOLD: Final = re.compile(
    r"\b(?:hold|stay|stays|staying|linger|leave|keep|show|shown|on screen|length|duration)\b|时长|停|留|展示|显示"
)


def _holds(c: Clause) -> bool:
    return _HOLD.search(c.text) is not None and all(
        t.has("t.for t.to dur noun.duration verb. link. mark word") for t in c.tokens
    )


def lengths_to_come(c: Clause, s: State) -> bool:
    """``the tea set 10 seconds, | the others 4 each``: of shots that this very request makes."""
    if not s.composed or not s.view.empty or c.has("quote", "noun.title", "noun.text", "noun.caption", "noun.music"):
        return False
    named = [str(t.value) for t in c.tokens if t.has("upload")]
    each = c.get("t.each", "dur", "t.for", "t.to")
    if each is None or len(c.all("dur", "t.for", "t.to", "t.each")) != 1 or c.has("t.head", "t.tail", "t.under"):
        return False
    if c.has("scope.others") and any(op.op == "set_segment_duration" for op in s.ops):
        made = next(i for i, op in enumerate(s.ops) if op.op == "compose")
        s.ops[made] = s.ops[made].model_copy(update={"per_item_s": float(each.value)})
    elif len(named) == 1 and not c.has("noun.genre", "noun.video", "platform.", "verb.create", "noun.transition"):
        s.add("set_segment_duration", target={"kind": "clip", "name": named[0]}, duration_s=float(each.value))
    else:
        return False
    each.used = True
    c.use("verb.last verb.show verb.want verb.keep link. scope. noun.photo noun.one num")
    return True


def length_of_shot(c: Clause, s: State) -> bool:
    """A length for one shot, for several, or for each."""
    words = {t.text for t in c.tokens}
    longer = c.has("verb.lengthen") or (c.has("dur") and bool(words & {"extra", "additional", "more"}))
    shorter = c.has("verb.shorten") or (c.has("dur") and bool(words & {"fewer", "less"}))
    each = c.get("t.each")
    about = c.has("ref", "file", "noun.clip", "noun.photo") or (
        c.has("noun.it", "scope.selected") and (s.context.selection or s.mentioned is not None)
    )
    if not about and s.mentioned is not None and s.mentioned.index and c.has("t.for t.to dur") and _holds(c):
        # "move the cactus to the front, hold for 8 seconds", 停留8秒
        seconds = c.value("t.for", "t.to", "dur")
        c.use("verb. word link. noun.duration")
        return s.add("set_segment_duration", target=s.mentioned, duration_s=seconds)
    if each is not None and not c.has("noun.transition", "noun.title", "noun.text", "verb.split", "fade."):
        each.used = True
        for i, op in enumerate(s.ops):
            if op.op == "compose" and getattr(op, "duration_s", None) is None:
                s.ops[i] = op.model_copy(update={"per_item_s": each.value})
                c.use("verb.show", "noun.photo", "noun.clip", "scope.")
                return True
        for target in clip_targets(c, s, default="all"):
            s.add("set_segment_duration", target=target, duration_s=each.value)
        c.use("verb.", "noun.photo", "noun.clip", "scope.", "noun.duration", "link.", "noun.media")
        return True
    if c.has("noun.title", "noun.text", "noun.music", "noun.logo", "noun.transition", "noun.caption") or not about:
        edge = c.get("noun.intro", "noun.outro")
        if (
            edge is not None
            and c.has("dur", "t.for", "t.to")
            and c.verb("make", "set", "shorten", "trim", "lengthen", "cut")
        ):
            seconds = c.value("dur", "t.for", "t.to")
            c.use("noun.intro", "noun.outro", "verb.")
            s.assume("clip_assumed", said=edge.text, number=1 if edge.has("noun.intro") else len(s.view.shots))
            return s.add(
                "set_segment_duration",
                target={"kind": "clip", "index": 1 if edge.has("noun.intro") else -1},
                duration_s=seconds,
            )
        if not (
            c.verb("make", "show", "hold", "last", "keep") and c.has("scope.all") and c.has("dur", "t.for") and about
        ):
            return False
    times = _AS_LONG.search(c.text)
    if times is not None and c.has("ref"):
        factor = 0.5 if times[1] or times[2] else 2.0
        for target in clip_targets(c, s):
            s.add("set_segment_duration", target=target, duration_s=round(length_of(s, target) * factor, 3))
        c.use("word says. noun. link.")
        return True
    seconds = (
        _first(c, "t.to", "t.for", "dur", "t.at")
        if (
            longer
            or shorter
            or c.verb("make", "set", "show", "last", "change", "keep", "trim", "cut", "want")
            or c.has("noun.duration")
            or not c.own_verb
            or "加到" in c.text
        )
        else None
    )
    if seconds is None and not longer and not shorter:
        by = c.get("t.by")
        if by is None:
            return False
    targets = clip_targets(c, s, default="all" if c.has("scope.all") or not c.has("scope.selected") else "ask")
    by_value = c.value("t.by")
    more = None
    if seconds is not None and by_value is None and _by_how_much(c):
        more, seconds = seconds, None
    c.use(
        "verb.lengthen verb.shorten verb.make noun.clip noun.photo scope. noun.duration verb.last verb.set "
        "verb.show link. noun.it verb. dir."
    )
    for target in targets:
        if target is None:
            continue
        now = length_of(s, target) if target.index else average_length(s)
        if by_value is not None or more is not None:
            step = by_value if by_value is not None else more or 0.0
            goal = now - step if shorter else now + step
        elif seconds is not None:
            goal = now + seconds if longer and not is_exact(c) and seconds < now and "by" in c.text.split() else seconds
        else:
            goal = round(now * (_LONGER if longer else 1 / _LONGER), 2)
            s.assume("length_step", before=f"{now:g}", after=f"{goal:g}")
        s.add("set_segment_duration", target=target, duration_s=round(goal, 3))
    c.use("dur", "t.to", "t.for", "t.by", "t.at")
    return True


def _first(c: Clause, *tags: str) -> float | None:
    """The value of the first tag that stands in the clause, left where it is."""
    token = next((t for tag in tags if (t := c.get(tag)) is not None), None)
    return None if token is None else float(token.value)


def _by_how_much(c: Clause) -> bool:
    """``two seconds longer``, "5 more seconds", 再长2秒: a step, no length."""
    if _STEP.search(c.text) or "再" in c.text or any(t.text in {"more", "extra"} for t in c.tokens):
        return True
    steps = {"longer", "shorter", "fewer", "less", "additional"}
    return any(a.has("dur", "t.for") and b.text in steps for a, b in pairwise(c.tokens))


def stays(c: Clause) -> bool:
    """``as long as it is``, 不变, "leave the vase, the bowls and the cactus alone": what is named is not touched."""
    sentence = _SENTENCE.split(c.source.text[c.start :])[0]
    return _AS_IT_IS.search(sentence if c.ever("verb.keep") else c.text) is not None


def unchanged(c: Clause, s: State) -> bool:
    """``cut it down to 18 seconds but keep the second shot as long as it is``: the others share what is left."""
    lengths = {n: (shot.end - shot.start) / 1000 for n, shot in enumerate(s.view.shots, 1)}
    kept = {from_start(i, len(lengths)) for i in numbers_of(c, s)} & lengths.keys()
    if not kept:
        return False
    c.use("verb.keep", "noun.", "ref", "says.", "link.", "scope.", "word")
    s.whole = s.whole or "kept"
    if all(op.op != "set_duration" for op in s.ops):
        s.assume("stays")
        return True
    for n in sorted(kept):
        s.add("set_segment_duration", target={"kind": "clip", "index": n}, duration_s=lengths[n])
    return True


def _as_it_was(op: OpBase, lengths: dict[int, float]) -> bool:
    target = getattr(op, "target", None)
    if op.op != "set_segment_duration" or target is None or target.index is None:
        return False
    return lengths.get(from_start(target.index, len(lengths))) == getattr(op, "duration_s", None)


def share_the_rest(s: State, said: str) -> None:
    """``15 seconds, but the first photo 5 seconds``: the others share what is left of the whole."""
    whole = next((op for op in s.ops if op.op == "set_duration"), None)
    seconds = getattr(whole, "duration_s", None) or getattr(whole, "max_duration_s", None)
    if whole is None or seconds is None or getattr(whole, "range", None) is not None or s.composed:
        return
    lengths = {n: (shot.end - shot.start) / 1000 for n, shot in enumerate(s.view.shots, 1)}
    own: dict[int, float] = {}
    for op in s.ops:
        target = getattr(op, "target", None)
        if op.op == "set_segment_duration" and target is not None and target.index is not None:
            own[from_start(target.index, len(lengths))] = op.duration_s  # type: ignore[attr-defined]
    others = {n: length for n, length in lengths.items() if n not in own}
    if not own or any(op.op in _OF_OTHER_SHOTS for op in s.ops):
        return
    s.ops[:] = [op for op in s.ops if op is not whole and not _as_it_was(op, lengths)]
    left = seconds - sum(own.values())
    if not others or left < _SHORTEST_S * len(others):
        s.ops[:] = [op for op in s.ops if op.op != "set_segment_duration"]
        s.refuse(said, "out_of_scope", say(s.language, "nearest_length", seconds=f"{seconds:g}"))
        return
    for n, length in others.items():
        target = {"kind": "clip", "index": n}
        s.add("set_segment_duration", target=target, duration_s=round(left * length / sum(others.values()), 3))
