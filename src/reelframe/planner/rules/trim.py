"""Seconds off the beginning, the end or the middle."""

from __future__ import annotations

from typing import Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.measure import length_of, within
from reelframe.planner.refs import Asked, clip_target, clip_targets
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.tokens import with_families

__all__ = ["trim"]

_UNWANTED: Final = frozenset({"skip the", "不要", "不想要", "no", "don't want", "without"})
_TRIM_S: Final = 2.0


def trim(c: Clause, s: State) -> bool:
    """Seconds off the two ends, and ranges out of the middle."""
    if c.has("scope.except"):
        return _all_but(c, s)
    later = c.get("dur", "t.for", "t.by", "t.from")
    if (
        later is not None
        and c.verb("start", "end")
        and any(w in c.text for w in ("later", "earlier", "sooner", "推迟", "提前"))
    ):
        # A later start and an earlier end are both seconds taken off.
        starts = c.has("verb.start") and not c.has("verb.end")
        if starts == ("later" in c.text or "推迟" in c.text):
            later.used = True
            c.use("verb.start", "verb.end", "noun.beginning", "noun.ending")
            return s.add("trim", target=clip_target(c, s), **{"start_s" if starts else "end_s": later.value})
    edge = c.get("t.at", "t.to")
    it = c.has("noun.it") and (s.last is None or s.last.kind in {"clip", "video", "all"})
    if edge is not None and (it or c.has("noun.video", "noun.clip")) and c.verb("start", "end") and not s.view.empty:
        within(s, (0.0, edge.value))
        edge.used = True
        starts = c.has("verb.start") and not c.has("verb.end")
        c.use("verb.start verb.end noun.video noun.clip noun.beginning noun.ending noun.it verb.remove")
        if starts:
            return s.add("trim", start_s=edge.value)
        return s.add("cut_range", range=(edge.value, s.view.total_s))
    if c.text.find("掐头") >= 0 and (head := c.get("dur")) is not None and not c.has("t.head", "t.tail"):
        head.tags = with_families(frozenset({"t.head"}))
    taken = c.has("t.head", "t.tail") and any(t.text in {"take", "takes"} for t in c.tokens)
    taking = (
        taken
        or c.verb("trim", "cut", "remove", "shorten", "split")
        or (
            # "skip the first 10 seconds", 第一段前5秒不要
            not c.own_verb and any(t.has("scope.no") and t.text in _UNWANTED for t in c.tokens)
        )
    )
    if not taking or (
        c.has("noun.title", "noun.text", "noun.caption", "noun.music", "noun.logo", "noun.sound")
        and not c.has("noun.clip")
    ):
        return False
    words = (
        "verb.trim",
        "verb.cut",
        "verb.remove",
        "verb.shorten",
        "noun.video",
        "noun.clip",
        "noun.beginning",
        "noun.ending",
        "noun.intro",
        "noun.outro",
        "link.",
        "noun.it",
        "scope.",
        "noun.photo",
        "noun.gap",
    )
    span = c.value("t.range")
    if span is not None:
        return _take_range(c, s, span, words)
    bad = c.value("t.badrange")
    if bad is not None:
        s.ask("bad_range", a=f"{bad[0]:g}", b=f"{bad[1]:g}")
        raise Asked
    kept = c.get("t.keep_head", "t.keep_tail")
    if kept is not None:
        kept.used = True
        c.use(*words)
        total = s.view.total_s
        return s.add(
            "cut_range",
            keep_range=within(
                s, (0.0, kept.value) if kept.has("t.keep_head") else (max(0.0, total - kept.value), total)
            ),
        )
    start, end = c.value("t.head"), c.value("t.tail")
    both = (c.has("scope.both") or "each end" in c.text or "both ends" in c.text or "each side" in c.text) and c.has(
        "noun.ending", "noun.beginning", "link.last"
    )
    if start is None and end is None:
        seconds = c.get("dur", "t.by", "t.for")
        off = c.has("noun.beginning", "noun.intro", "link.first")
        back = c.has("noun.ending", "noun.outro", "link.last")
        if seconds is not None and (off or back or both or (c.verb("remove") and c.has("t.by"))):
            seconds.used = True
            start = seconds.value if off or both else None
            end = seconds.value if back or both or not off else None
        elif (
            c.first_verb is not None
            and not c.first_verb.used
            and (off or back)
            and not c.has("ref", "t.", "dur", "noun.title_card")
            and (
                c.verb("trim", "shorten", "cut")
                or (
                    c.verb("remove")
                    and c.has("noun.beginning", "noun.ending", "link.first", "link.last", "placeholder")
                )
            )
        ):
            s.assume("trim_default", seconds=f"{_TRIM_S:g}")
            start, end = (_TRIM_S if off else None), (_TRIM_S if back else None)
    if start is None and end is None and c.inherited and not c.own_verb:
        return False
    length = c.get("dur")
    if start is None and end is None and length is not None and any(t.text in {"off", "off of"} for t in c.tokens):
        return _which_end(c, s, float(length.value))
    if (
        start is None
        and end is None
        and c.has("verb.trim")
        and len([t for t in c.tokens if t.has("noun.", "t.", "dur", "dir.")]) <= 2
        and not c.has("t.", "dur", "verb.shorten", "noun.genre")
    ):
        c.use(*words)
        if c.among:
            s.assume("trim_default", seconds=f"{_TRIM_S:g}")
            return s.add("trim", target=clip_target(c, s), end_s=_TRIM_S)
        s.ask("what_duration", half={"op": "set_duration"}, slot="duration_s", kind="seconds")
        raise Asked
    if start is None and end is None:
        after, until = c.get("t.from"), c.get("t.until")
        if (
            after is not None
            and not c.has("t.to")
            and (
                c.has("scope.all", "link.after", "link.onward")
                or any(w in after.text for w in ("after", "后", " end"))
                or "截断" in c.text
            )
        ):
            after.used = True
            if s.view.total_s > after.value > 0:
                c.use(*words)
                return s.add("cut_range", keep_range=(0.0, after.value))
            s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{after.value:g}")
            raise Asked
        if until is not None:
            until.used = True
            c.use(*words)
            return s.add("cut_range", range=within(s, (0.0, until.value)))
        return False
    _check_length(c, s, start, end)
    targets = clip_targets(c, s, default="none")
    c.use(*words)
    for target in targets:
        _check(s, target, start, end)
        s.add("trim", target=target, start_s=start, end_s=end)
    return True


def _which_end(c: Clause, s: State, seconds: float) -> bool:
    """``trim 4 seconds off clip 1``: off its start, or off its end?"""
    target = clip_target(c, s)
    _check(s, target, seconds, None)
    half = {"op": "trim", **({"target": target.model_dump(exclude_none=True)} if target else {})}
    ends = (("at_start", "start_s"), ("at_end", "end_s"))
    s.ask("which_end", tuple(Choice(say(s.language, key), ({**half, slot: seconds},)) for key, slot in ends))
    raise Asked


def _check_length(c: Clause, s: State, start: float | None, end: float | None) -> None:
    if s.view.empty or s.composed or c.has("ref", "file"):
        return
    if (start or 0) + (end or 0) >= s.view.total_s:
        s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{(start or 0) + (end or 0):g}")
        raise Asked


def _check(s: State, target: Target | None, start: float | None, end: float | None) -> None:
    if target is None or target.index is None or s.composed:
        return
    length = length_of(s, target)
    off = (start or 0) + (end or 0)
    if length and off >= length:
        half = {"op": "trim", "target": target.model_dump(exclude_none=True)}
        s.ask(
            "clip_too_short",
            index=target.index,
            length=f"{length:g}",
            seconds=f"{off:g}",
            half=half,
            slot="start_s" if start else "end_s",
            kind="seconds",
        )
        raise Asked


def _take_range(c: Clause, s: State, span: tuple[float, float], words: tuple[str, ...]) -> bool:
    """``cut from 0:30 to 1:45``: kept by trimming, taken out by removing, asked when only "cut" was said."""
    span = within(s, span)
    target = clip_target(c, s) if c.has("ref", "file") else None
    out = (
        c.has("verb.remove")
        or "out" in {t.text for t in c.tokens}
        or c.has("noun.middle")
        or any(t.text in {"剪掉", "切掉", "去掉", "删掉"} for t in c.tokens)
    )
    keep = (c.has("verb.trim", "verb.extract") and not out) or any(
        w in c.text for w in ("截取", "剪出", "截出", "保留", "down to", "剪下")
    )
    c.use(*words)
    if out:
        return s.add("cut_range", target=target, range=span)
    if keep:
        return s.add("cut_range", target=target, keep_range=span)
    slot = {"target": target.model_dump(exclude_none=True)} if target else {}
    a, b = f"{span[0]:g}", f"{span[1]:g}"
    s.ask(
        "cut_or_keep",
        (
            Choice(say(s.language, "keep_it"), ({"op": "cut_range", **slot, "keep_range": list(span)},)),
            Choice(say(s.language, "take_out"), ({"op": "cut_range", **slot, "range": list(span)},)),
        ),
        a=a,
        b=b,
    )
    return True


def _all_but(c: Clause, s: State) -> bool:
    """``cut everything except the first 10 seconds``: a part is kept."""
    head, tail, total = c.value("t.head"), c.value("t.tail"), s.view.total_s
    ends = (0.0, head) if head else (max(0.0, total - tail), total) if tail else c.value("t.range")
    if ends is None or not c.verb("trim", "cut", "remove"):
        return False
    c.use("verb.", "scope.", "t.", "noun.video")
    return s.add("cut_range", keep_range=ends)
