"""Shots: removed, trimmed, cut, split, put in another order, sped up, turned, frozen, cropped."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.refs import Asked, ask_clip, clip_target, clip_targets, missing_clip
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["rule"]

_CLIPS: Final = frozenset({"clip", "photo", "video", "media", "one", ""})
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
_SLOW: Final = 0.75
_FAST: Final = 1.25
_SLOW_MOTION: Final = 0.5
_FREEZE_S: Final = 2.0
_TRIM_S: Final = 2.0
_LONGER: Final = 1.5


def rule(c: Clause, s: State) -> bool:
    """The first of the wishes about shots that fits."""
    if _described(c, s):
        return True
    return any(wish(c, s) for wish in _WISHES)


def _described(c: Clause, s: State) -> bool:
    """ "the sunset scene", "dark clips": which shot that is, only looking at the pictures could tell."""
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


def _spans(c: Clause, s: State, span: tuple[float, float]) -> tuple[float, float]:
    if not s.view.empty and not s.composed and span[1] > s.view.total_s + 0.5:
        if span[0] < s.view.total_s and span[1] >= 3600:  # noqa: PLR2004 -- "to the end"
            return span[0], s.view.total_s
        s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{span[1]:g}")
        raise Asked
    return span


def _reverse_order(c: Clause, s: State) -> bool:
    token = next(
        (
            t
            for t in c.all("verb.reorder")
            if t.text in {"in reverse order", "reverse the order", "倒序", "顺序反过来", "反过来排", "倒序排列"}
        ),
        None,
    )
    if token is None and not (c.has("verb.reverse") and c.has("noun.order", "verb.reorder")):
        return False
    c.use("verb.reorder", "verb.reverse", "noun.order", "noun.clip", "noun.photo", "scope.all")
    return s.add("reorder", reverse=True)


def _swap(c: Clause, s: State) -> bool:
    if c.ever("noun.music", "noun.title", "noun.text", "noun.logo", "noun.transition", "mood."):
        return False
    exchanged = (
        c.has("verb.change")
        and any(t.text.startswith(("switch", "exchang")) for t in c.tokens)
        and len(_numbers(c, s)) == 2
    )
    if (
        not c.has("verb.swap")
        and not exchanged
        and not (c.verb("change") and "换" in c.text and c.has("noun.order", "noun.position"))
    ):
        return False
    numbers = _numbers(c, s)
    if len(numbers) == 1 and c.has("num"):
        numbers.append(int(c.value("num")))
    if len(numbers) < 2:  # noqa: PLR2004
        named = [n for t in c.all("file") if (m := s.view.library.by_name(str(t.value))) and (n := s.view.shot_of(m))]
        numbers += named
    if len(numbers) < 2 and len(s.view.shots) == 2:  # noqa: PLR2004
        numbers = [1, 2]
    c.use("verb.swap", "verb.change", "noun.order", "noun.position", "noun.clip", "noun.photo", "ref", "verb.reorder")
    if len(numbers) < 2:  # noqa: PLR2004
        s.ask("what_order")
        raise Asked
    count = len(s.view.shots)
    a, b = (n if n > 0 else count + 1 + n for n in numbers[:2])
    return s.add("reorder", swap=(a, b))


def _numbers(c: Clause, s: State) -> list[int]:
    out: list[int] = []
    count = len(s.view.shots)
    for token in c.all("ref"):
        if token.value.noun not in _CLIPS:
            continue
        for i in token.value.indexes:
            if not s.view.empty and not 1 <= abs(i) <= count:
                raise missing_clip(s, i)
            out.append(i)
    return out


def _reorder(c: Clause, s: State) -> bool:
    if (
        c.has("verb.reorder")
        and not c.verb("remove")
        and c.has("num", "ref", "file")
        and len(_numbers(c, s) + c.all("num") + c.all("file")) >= 3
    ):
        names: list[Any] = [m.name for t in c.all("file") if (m := s.view.library.by_name(str(t.value)))]
        order = names or _numbers(c, s) or [int(t.value) for t in c.all("num")]
        c.use("verb.reorder", "file", "num", "ref", "noun.", "mark")
        return s.add("reorder", order=tuple(order))
    if not c.verb("move", "set", "make", "add", "reorder", "start") or (
        c.has("noun.title", "noun.text", "noun.logo", "noun.caption", "noun.music", "dur", "pos.", "noun.transition")
        and not c.has("ref", "file")
    ):
        return False
    if c.has(
        "noun.title noun.text noun.logo noun.caption t.at noun.music quote noun.transition look. fade. "
        "noun.effect noun.ken_burns effect. dir.longer"
    ):
        return False
    numbers = _numbers(c, s)
    files = [n for t in c.all("file") if (m := s.view.library.by_name(str(t.value))) and (n := s.view.shot_of(m))]
    source = (numbers or files or [None])[0]
    copied = bool(s.ops) and s.ops[-1].op == "duplicate"
    if c.verb("add") and not c.verb("move") and not (numbers or files or copied):
        return False
    place = _destination(c, s, numbers, files)
    if place is None:
        return False
    if s.ops and s.ops[-1].op == "duplicate" and "it" in c.text.split() and not numbers:
        s.ops[-1] = s.ops[-1].model_copy(update={"to": place + 1 if place > 1 else 1})
        c.use("verb.add", "verb.move", "noun.", "link.")
        return True
    if source is None:
        target = (
            clip_target(c, s, default="ask")
            if c.verb("move") and c.has("noun.it", "scope.selected", "noun.clip", "noun.photo")
            else None
        )
        if target is None or target.index is None:
            if not c.verb("move"):
                return False
            raise ask_clip(c, s)
        source = target.index
    count = len(s.view.shots)
    source = source if source > 0 else count + 1 + source
    c.use("ref file verb.move noun. verb.set verb.make link. verb.add verb.reorder scope. verb.start")
    return s.add("reorder", move=(source, place))


def _destination(c: Clause, s: State, numbers: list[int], files: list[int]) -> int | None:
    count = len(s.view.shots)
    if len(numbers) >= 2:  # noqa: PLR2004
        other = numbers[1] if numbers[1] > 0 else count + 1 + numbers[1]
        own = numbers[0] if numbers[0] > 0 else count + 1 + numbers[0]
        words = {t.text for t in c.tokens}
        if "before" in words or "前" in c.text:
            return other - 1 if own < other else other
        if "after" in words or "后" in c.text:
            return other if own < other else other + 1
        return other
    if len(files) >= 2:  # noqa: PLR2004
        return files[1] - (1 if files[0] < files[1] and "before" in c.text else 0)
    if c.has("noun.beginning", "link.first") or "first" in {t.text for t in c.tokens} or "前面" in c.text:
        return 1
    if c.has("noun.ending", "link.last") or "后面" in c.text:
        return count or -1
    position = c.get("num")
    if position is not None and c.has("noun.position", "link.to", "ordinal") and 1 <= position.value <= max(count, 1):
        return int(position.value)
    ordinal = c.get("ordinal")
    if ordinal is not None and numbers:
        return int(ordinal.value)
    own = numbers[0] if numbers else None
    if own is not None and c.has("dir.up", "scope.next", "verb.move"):
        if "earlier" in c.text or "forward" in c.text or "up" in c.text.split() or "往前" in c.text:
            return max(1, own - 1)
        if "later" in c.text or "back" in c.text.split() or "down" in c.text.split() or "往后" in c.text:
            return own + 1
    return None


def _duplicate(c: Clause, s: State) -> bool:
    if not c.has("verb.duplicate") or c.has("noun.title", "noun.text", "noun.caption"):
        return False
    numbers = _numbers(c, s)
    to = None
    if len(numbers) > 1 and ("after" in c.text or "后" in c.text):
        to = (numbers[1] if numbers[1] > 0 else len(s.view.shots) + 1 + numbers[1]) + 1
        numbers = numbers[:1]
    elif c.has("noun.ending") or "end" in c.text.split():
        to = len(s.view.shots) + 1
    elif c.has("noun.beginning"):
        to = 1
    target = (
        Target(kind="clip", index=numbers[0]) if numbers else clip_target(c, s, default="ask", op={"op": "duplicate"})
    )
    c.use(
        "verb.duplicate ref noun.clip noun.photo noun.ending noun.beginning link. noun.it verb.add verb.move noun.video"
    )
    return s.add("duplicate", target=target, to=to)


def _merge(c: Clause, s: State) -> bool:
    if (
        not c.has("verb.merge", "verb.combine")
        or s.composed
        or (c.has("noun.music", "noun.sound") and not c.has("noun.clip", "noun.video"))
    ):
        return False
    numbers = _numbers(c, s)
    c.use(
        "verb.merge ref noun.clip noun.video noun.photo noun.media scope. noun.it link. noun.genre file "
        "noun.order verb.combine noun.one"
    )
    targets = tuple({"kind": "clip", "index": i} for i in numbers) if len(numbers) > 1 else None
    return s.add("merge", targets=targets)


def _keep(c: Clause, s: State) -> bool:
    first = c.first_verb
    if not (c.verb("keep") and (first is None or first.has("verb.keep"))) and not (
        c.has("scope.only") and c.has("t.range", "ref") and c.verb("use", "want", "make")
    ):
        return False
    if c.has(
        "noun.title noun.text noun.logo noun.music noun.sound noun.caption noun.resolution noun.voice noun.aspect"
    ):
        if not c.has("t.", "ref"):
            s.whole = s.whole or "kept"
            c.use("noun.", "verb.keep", "scope.", "format", "adjust.", "look.")
            return True
        return False
    span = c.value("t.range")
    if span is not None:
        c.use("verb.keep", "scope.", "noun.clip", "noun.video")
        target = clip_target(c, s) if c.has("ref") else None
        return s.add("cut_range", target=target, keep_range=_spans(c, s, span))
    head, tail = c.value("t.head"), c.value("t.tail")
    total = s.view.total_s
    if head is not None:
        c.use("verb.keep", "scope.", "noun.video", "noun.clip")
        return s.add("cut_range", keep_range=_spans(c, s, (0.0, head)))
    if tail is not None and total:
        if tail > total:
            s.ask("no_such_time", total=f"{total:g}", time=f"{tail:g}")
            raise Asked
        c.use("verb.keep", "scope.", "noun.video", "noun.clip")
        return s.add("cut_range", keep_range=(max(0.0, total - tail), total))
    if c.has("scope.photos_only") or (c.has("scope.only") and c.has("noun.photo") and not c.has("ref")):
        c.use("verb.keep", "scope.", "noun.photo")
        return _only_photos(s)
    numbers = _numbers(c, s)
    count = len(s.view.shots)
    if numbers and (c.has("scope.only", "verb.keep")) and not c.has("noun.beginning"):
        kept = {i if i > 0 else count + 1 + i for i in numbers}
        c.use("verb.keep", "scope.", "ref", "noun.clip", "noun.photo", "noun.it")
        for i in sorted(set(range(1, count + 1)) - kept, reverse=True):
            s.add("remove", target={"kind": "clip", "index": i})
        return True
    if c.has("scope.others") or c.has("scope.all"):
        c.use("verb.keep", "scope.", "noun.")
        s.whole = s.whole or "kept"
        return True
    seconds = c.value("dur", "t.for")
    if seconds is not None and not c.has("refuse.", "t.under"):
        c.use("verb.keep")
        return s.add("set_duration", duration_s=seconds)
    return False


def _only_photos(s: State) -> bool:
    """ "Keep only the photos": texts, music and logo go, and shots that are clips."""
    for kind, there in (("text", s.view.texts), ("bgm", s.view.music), ("logo", s.view.logos)):
        if there:
            s.add("remove", target={"kind": kind})
    images = {m.id for m in s.view.library.shots if m.kind == "image"}
    numbers = [i for i, p in enumerate(s.view.shots, 1) if p.segment.media not in images]
    if len(numbers) < len(s.view.shots):
        for i in reversed(numbers):
            s.add("remove", target={"kind": "clip", "index": i})
    s.avoid |= {"title", "text", "music", "logo"}
    return True


def _split(c: Clause, s: State) -> bool:
    every = c.get("t.every")
    if (
        not c.has("verb.split")
        and not (c.verb("cut", "trim", "make") and every is not None)
        and not (
            c.verb("cut")
            and c.has("t.at")
            and not c.has("verb.remove", "t.range", "t.head", "t.tail", "t.to", "noun.transition")
        )
    ):
        return False
    if c.has("noun.title", "noun.text", "pip", "noun.pip", "noun.sound", "noun.music") and not c.has(
        "noun.clip", "noun.video", "t.at"
    ):
        return False
    times = [float(t.value) for t in c.all("t.at", "time", "nth_time")]
    target = clip_target(c, s) if c.has("ref", "file") else None
    words = (
        "verb.split",
        "verb.cut",
        "noun.clip",
        "noun.video",
        "noun.it",
        "t.at",
        "time",
        "t.every",
        "scope.",
        "dur",
        "noun.media",
        "verb.add",
        "verb.make",
        "noun.transition",
        "link.",
        "num",
        "noun.middle",
        "ref",
    )
    if every is not None:
        c.use(*words)
        return s.add("split", target=target, every_s=every.value)
    if not times:
        times = [float(t.value) for t in c.all("dur", "t.from", "t.for") if not c.has("num")]
    length = _length(s, target)
    if not times and c.has("t.head"):
        times = [float(c.value("t.head"))]
    if (
        not times
        and (c.has("noun.middle") or "half" in c.text or "中间" in c.text or "两半" in c.text or "一分为二" in c.text)
        and length
    ):
        times = [length / 2]
    count = c.get("num", "ref")
    if not times and count is not None and length and c.has("noun.clip", "noun.media", "link.chunks", "noun.video"):
        parts = int(count.value) if count.has("num") else len(count.value.indexes)
        if 2 <= parts <= 50:  # noqa: PLR2004
            c.use(*words)
            return s.add("split", target=None if count.has("ref") else target, every_s=round(length / parts, 3))
    c.use(*words)
    if not times:
        s.ask("what_time", half={"op": "split"}, slot="at_s", kind="seconds")
        raise Asked
    for time in times:
        if length and time > length and not s.composed:
            s.ask(
                "no_such_time", total=f"{length:g}", time=f"{time:g}", half={"op": "split"}, slot="at_s", kind="seconds"
            )
            raise Asked
    return s.add("split", target=target, at_s=tuple(times))


def _length(s: State, target: Target | None) -> float:
    shots = s.view.shots
    if target is not None and target.index is not None and shots and abs(target.index) <= len(shots):
        placed = shots[target.index - 1 if target.index > 0 else target.index]
        return (placed.end - placed.start) / 1000
    return s.view.total_s


def _trim(c: Clause, s: State) -> bool:  # noqa: C901, PLR0911, PLR0912 -- one branch per way to say it
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
    taking = c.verb("trim", "cut", "remove", "shorten", "split")
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
            keep_range=_spans(
                c, s, (0.0, kept.value) if kept.has("t.keep_head") else (max(0.0, total - kept.value), total)
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
        s.ask("what_duration", half={"op": "set_duration"}, slot="duration_s", kind="seconds")
        raise Asked
    if start is None and end is None:
        after, until = c.get("t.from"), c.get("t.until")
        if (
            after is not None
            and not c.has("t.to")
            and (c.has("scope.all", "link.after", "link.onward") or "after" in after.text or "后" in after.text)
        ):
            after.used = True
            if s.view.total_s > after.value:
                c.use(*words)
                return s.add("cut_range", range=(after.value, s.view.total_s))
            s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{after.value:g}")
            raise Asked
        if until is not None:
            until.used = True
            c.use(*words)
            return s.add("cut_range", range=_spans(c, s, (0.0, until.value)))
        return False
    _check_length(c, s, start, end)
    targets = clip_targets(c, s, default="none")
    c.use(*words)
    for target in targets:
        _check(s, target, start, end)
        s.add("trim", target=target, start_s=start, end_s=end)
    return True


def _which_end(c: Clause, s: State, seconds: float) -> bool:
    """ "trim 4 seconds off clip 1": off its start, or off its end?"""
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
    length = _length(s, target)
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
    """ "cut from 0:30 to 1:45": kept by trimming, taken out by removing, asked when only "cut" was said."""
    span = _spans(c, s, span)
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


def _remove(c: Clause, s: State) -> bool:
    if (
        not c.verb("remove")
        and not (c.verb("cut") and c.has("scope.selected", "noun.gap") and not c.has("t.", "dur"))
        and not (c.negated and c.has("ref"))
    ):
        return False
    if c.has("noun.gap"):
        c.use("noun.gap", "verb.remove", "noun.clip", "scope.")
        return s.add("close_gaps")
    if c.has(
        "effect. noun.effect look. noun.filter noun.ken_burns noun.transition noun.speed verb.zoom verb.speed_up "
        "verb.slow_down noun.animation fade. adjust. verb.crop noun.background verb.reverse verb.loop noun.aspect"
    ) and not c.has("ref"):
        return False
    if c.has("scope.except"):
        numbers = _numbers(c, s)
        if numbers:
            count = len(s.view.shots)
            kept = {i if i > 0 else count + 1 + i for i in numbers}
            c.use("ref", "scope.", "noun.", "verb.remove")
            for i in sorted(set(range(1, count + 1)) - kept, reverse=True):
                s.add("remove", target={"kind": "clip", "index": i})
            return True
    if not c.has(
        "ref file noun.clip noun.photo noun.it noun.video scope.selected noun.middle noun.intro noun.outro "
        "noun.media noun.beginning noun.ending link.first link.last scope.others"
    ):
        return False
    if c.has("noun.video", "noun.media") and not c.has("ref", "file", "scope.all", "noun.clip"):
        return False
    if c.has(
        "noun.beginning", "noun.intro", "link.first", "noun.ending", "noun.outro", "link.last", "noun.middle"
    ) and not c.has("ref", "noun.clip", "noun.photo"):
        if not c.own_verb or not c.has("noun.intro", "noun.outro", "noun.middle"):
            return False
        index = 1 if c.has("noun.beginning", "noun.intro", "link.first") else -1 if not c.has("noun.middle") else 0
        c.use("noun.", "link.", "verb.remove")
        count = len(s.view.shots)
        if index == 0:
            index = (count + 1) // 2
        s.assume("clip_assumed", said=c.said, number=index if index > 0 else count)
        return s.add("remove", target={"kind": "clip", "index": index})
    if c.has("scope.all") and not c.has("ref"):
        c.use("scope.", "noun.", "verb.remove")
        return (
            s.add("remove", target={"kind": "all"})
            if c.has("noun.video", "noun.media")
            else s.add("remove", target={"kind": "clip"})
        )
    targets = clip_targets(c, s, default="ask", op={"op": "remove"})
    c.use("verb.remove noun.clip noun.photo noun.it scope. noun.video noun.media ref noun.one verb.cut link.")
    count = len(s.view.shots) or 1
    ordered = sorted(
        (t for t in targets if t is not None),
        key=lambda t: -(t.index if (t.index or 0) > 0 else count + 1 + (t.index or 0)),
    )
    for target in ordered:
        s.add("remove", target=target)
    return bool(ordered)


def _speed(c: Clause, s: State) -> bool:
    up, down = c.get("verb.speed_up"), c.get("verb.slow_down")
    factor = c.get("factor")
    about = c.has("noun.speed") and (factor is not None or c.has("pct", "dir.up", "dir.down"))
    ramp = c.has("noun.ramp")
    if (
        not up
        and not down
        and not about
        and not ramp
        and not (
            factor is not None
            and not c.has(
                "verb.zoom noun.size dir.bigger verb.zoom_out noun.title noun.text verb.loop noun.logo noun.ken_burns"
            )
        )
    ):
        return False
    if (
        c.has("noun.music", "noun.pace", "noun.transition", "noun.title", "noun.text", "noun.logo", "noun.sound")
        and not c.has("noun.clip", "noun.video")
    ) or (c.has("noun.ken_burns") and not factor):
        return False
    if (
        factor is None
        and c.has("scope.all", "noun.video")
        and not c.has("dur", "t.", "pct", "ref")
        and up is not None
        and up.text in {"faster", "quicker"}
        and c.verb("make")
    ):
        # "make the whole video faster" is about its rhythm as much as its speed; speed is what was said.
        c.use("noun.video", "scope.", "verb.speed_up")
        s.add("speed", target={"kind": "video"}, factor=_FAST)
        s.assume("speed_default", factor=f"{_FAST:g}")
        return True
    if ramp and not up and not down and factor is None and not (c.verb("remove") or c.negated):
        c.use("noun.ramp", "verb.", "noun.clip", "noun.video", "ref")
        slot = {"target": {"kind": "clip", "index": i} for t in c.tokens if t.has("ref") for i in t.value.indexes[:1]}
        s.ask(
            "what_ramp",
            tuple(
                Choice(say(s.language, key), ({"op": "speed", **slot, "factor": f},))
                for key, f in (("ramp_fast", 1.5), ("ramp_slow", 0.5))
            ),
        )
        raise Asked
    if (c.verb("remove") or c.negated) and not factor:
        c.use("verb.", "noun.ramp", "noun.speed", "noun.video")
        return s.add("speed", factor=1.0)
    value = c.value("factor")
    share = c.value("pct") if value is None else None
    text = c.text
    if value is not None and (down is not None) and value > 1 and c.own_verb:
        value = round(1 / value, 4)
    if share is not None:
        if (
            (up is not None and ("by" in text.split() or "加快" in text or "提高" in text))
            or (c.has("dir.up") and "to" not in text.split())
        ) or (up is not None and share < 1 and not _exact(c) and "to" not in text.split()):
            value = 1 + share
        elif (down is not None and not text.isascii() and not _exact(c) and share < 1) or (
            (down is not None or c.has("dir.down"))
            and ("by" in text.split() or "降低" in text or "放慢" in text or "减" in text)
            and share < 1
        ):
            value = 1 - share
        else:
            value = share
    span = c.value("t.range", "t.head")
    if isinstance(span, float):
        span = (0.0, span)
    tail = c.value("t.tail")
    if tail is not None and span is None and s.view.total_s >= tail:
        span = (s.view.total_s - tail, s.view.total_s)
    if span is not None:
        span = _spans(c, s, span)
    goal = c.value("t.to", "t.under") if value is None and c.has("t.to", "t.under") else None
    if goal is not None and s.view.total_s:
        value = round(s.view.total_s / goal, 3)
    if value is None:
        halved = "一半" in c.text or "half" in c.text.split()
        value = (
            _SLOW_MOTION
            if down is not None
            and (
                halved
                or "motion" in down.text
                or "mo" in down.text.split()
                or down.text in {"慢动作", "慢镜头", "升格", "slowmo", "slomo", "half speed"}
            )
            else _SLOW
            if down is not None or c.has("dir.down")
            else _FAST
        )
        if up is not None and any(w in up.text for w in ("lapse", "延时")):
            value = 4.0
        if c.has("dir.much"):
            value = 2.0 if value > 1 else 0.5
        s.assume("speed_default", factor=f"{value:g}")
    targets = _whose(c, s, span)
    c.use(
        "verb.speed_up verb.slow_down noun.speed noun.clip noun.video scope. dir. noun.it verb.make verb.set "
        "noun.ramp noun.beginning noun.ending noun.intro noun.outro link. noun.effect noun.photo verb.change "
        "verb.add adjust. noun.one noun.middle mood. noun.sound look."
    )
    for target in targets:
        s.add("speed", target=target, factor=value, range=span)
    return True


def _whose(c: Clause, s: State, span: object) -> tuple[Target | None, ...]:
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
        raise ask_clip(c, s)
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


def _simple(verb: str, op: str) -> Callable[[Clause, State], bool]:
    def wish(c: Clause, s: State) -> bool:
        if not c.has(f"verb.{verb}") or (
            c.has("noun.title", "noun.text", "noun.logo", "noun.music") and not c.has("noun.clip", "noun.video")
        ):
            return False
        if c.verb("remove") or c.negated:
            return False
        slots: dict[str, Any] = {}
        if op == "loop":
            number = c.value("num", "factor")
            if number is not None and number >= 1:
                slots["count"] = int(number)
            elif "twice" in c.text or "两遍" in c.text:
                slots["count"] = 2
        if op == "flip":
            vertical = "vertical" in c.text or "upside" in c.text or "上下" in c.text or "垂直" in c.text
            slots["axis"] = "vertical" if vertical else "horizontal"
            c.use("verb.rotate")
        targets = _whose(c, s, None)
        c.use(
            f"verb.{verb}",
            "noun.clip",
            "noun.video",
            "noun.it",
            "scope.",
            "noun.photo",
            "verb.make",
            "platform.",
            "noun.effect",
            "pos.",
            "noun.gif",
            "noun.one",
            "link.",
            "ctl.undo",
            "noun.ending",
            "noun.beginning",
            "verb.add",
        )
        for target in targets:
            s.add(op, target=target, **slots)
        return True

    return wish


def _freeze(c: Clause, s: State) -> bool:
    if not c.has("verb.freeze") or c.has("verb.export", "noun.thumbnail"):
        return False
    at = c.value("t.at", "time", "t.from", "nth_time")
    duration = c.value("t.for", "dur", "t.tail", "t.head")
    if at is not None and not s.view.empty and not s.composed and at > s.view.total_s:
        s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{at:g}")
        raise Asked
    target = clip_target(c, s)
    if (at is None and target is None and c.has("noun.ending", "link.last")) or (
        "last frame" in c.text and target is None and at is None
    ):
        target = Target(kind="clip", index=-1)
    elif "first frame" in c.text and at is None:
        at = 0.0
    if duration is None:
        duration = _FREEZE_S
        s.assume("freeze_default", seconds=f"{duration:g}")
    c.use("verb.freeze noun.ending noun.clip noun.video noun.effect link. verb.add noun.it noun.beginning verb.keep")
    return s.add("freeze", target=target, at_s=at, duration_s=duration)


def _rotate(c: Clause, s: State) -> bool:
    degrees = c.get("degrees")
    if not c.has("verb.rotate") and degrees is None:
        return False
    if c.has("noun.title", "noun.text", "noun.logo"):
        return False
    value = c.value("degrees")
    told = any(
        w in c.text
        for w in ("clockwise", "upside", "sideways", "left", "right", "straight", "时针", "倒", "正", "左", "右")
    )
    if value is None and not told and not c.has("num"):
        half: dict[str, Any] = {"op": "rotate", "degrees": 90.0}
        target = clip_target(c, s)
        if target is not None:
            half["target"] = target.model_dump(exclude_none=True)
        c.use("verb.rotate", "noun.")
        turns = ((90.0, "turn_right"), (-90.0, "turn_left"), (180.0, "turn_around"))
        s.ask("what_turn", tuple(Choice(say(s.language, key), ({**half, "degrees": d},)) for d, key in turns))
        raise Asked
    if value is None:
        number = c.get("num")
        value = (
            c.value("num")
            if number is not None and number.value in {45, 90, 180, 270, 360}
            else 180.0
            if "upside" in c.text or "倒" in c.text
            else 90.0
        )
    counter = any(w in c.text for w in ("counter", "anticlockwise", "anti clockwise", "逆时针", "to the left", "left"))
    if counter and value > 0:
        value = -value
    targets = _whose(c, s, None)
    c.use("verb.rotate", "noun.", "scope.", "platform.", "pos.", "degrees", "verb.make", "dir.", "link.")
    for target in targets:
        s.add("rotate", target=target, degrees=value)
    return True


def _crop(c: Clause, s: State) -> bool:
    if not c.has("verb.crop"):
        return False
    aspect = c.value("aspect")
    platform = c.get("platform.")
    if aspect is None and platform is not None:
        aspect = platform.meaning("platform")
    if aspect is not None and not c.has("ref", "file"):
        c.use("verb.crop", "platform.", "noun.")
        return s.add("set_aspect", aspect=aspect, fit="fill")
    if aspect is None:
        if any(op.op == "set_aspect" for op in s.ops) or c.has("platform."):
            c.use("verb.crop", "verb.center")
            return True
        half = {"op": "crop", "aspect": "1:1"}
        c.use("verb.crop", "noun.", "verb.center")
        s.ask("what_shape", tuple(Choice(a, ({**half, "aspect": a},)) for a in ("1:1", "9:16", "16:9", "4:5")))
        raise Asked
    targets = _whose(c, s, None)
    c.use("verb.crop platform. noun.clip noun.video noun.photo scope. pos. noun.it verb.center verb.make")
    for target in targets:
        s.add("crop", target=target, aspect=aspect)
    return True


def _zoom(c: Clause, s: State) -> bool:
    if c.has("verb.zoom", "verb.zoom_out") and (c.verb("remove") or c.negated):
        c.use("verb.", "noun.", "scope.")
        return s.add("ken_burns", direction="none")
    out = c.has("verb.zoom_out")
    if not out and not c.has("verb.zoom"):
        return False
    if c.has("noun.title", "noun.text", "noun.logo", "noun.caption", "noun.transition"):
        return False
    factor, share = c.value("factor"), c.value("pct")
    slow = (
        any(w in c.text for w in ("slow", "gradual", "gentl", "subtl", "smooth", "慢", "缓", "ken burns"))
        and factor is None
        and share is None
    )
    if slow or (c.has("scope.all", "noun.photo") and factor is None and share is None and not c.has("ref")):
        targets = _whose(c, s, None)
        c.use("verb.zoom verb.zoom_out noun. scope. verb.slow_down adjust. dir. transition. mood. look.soft verb.add")
        for target in targets:
            s.add("ken_burns", target=target, direction="out" if out else "in")
        return True
    scale: float | None = factor
    if share is not None:
        scale = share if share > 1 else 1 - share if out else 1 + share
    targets = _whose(c, s, None)
    if _at_a_thing(c):
        s.refuse(c.said, "content_understanding", say(s.language, "nearest_zoom"))
    c.use(
        "verb.zoom verb.zoom_out noun.clip noun.video noun.photo scope. dir. noun.it adjust. noun.effect verb.add "
        "pos. link."
    )
    for target in targets:
        s.add("zoom", target=target, scale=scale, direction=None if scale else ("out" if out else "in"))
    return True


def _at_a_thing(c: Clause) -> bool:
    """ "zoom in on the product": where that is, only looking could tell."""
    after_on = False
    for token in c.tokens:
        if after_on and token.has("word") and token.text.isalpha():
            return True
        after_on = after_on or token.text in {"on", "to", "到"} or token.text.endswith((" on", " into"))
    return False


def _length_of_shot(c: Clause, s: State) -> bool:
    longer, shorter = c.has("verb.lengthen"), c.has("verb.shorten")
    each = c.get("t.each")
    about = c.has("ref", "file", "noun.clip", "noun.photo") or (
        c.has("noun.it", "scope.selected") and s.context.selection
    )
    if each is not None and not c.has("noun.transition", "noun.title", "noun.text", "verb.split", "fade."):
        each.used = True
        for i, op in enumerate(s.ops):
            if op.op == "compose" and getattr(op, "duration_s", None) is None:
                s.ops[i] = op.model_copy(update={"per_item_s": each.value})
                c.use("verb.show", "noun.photo", "noun.clip", "scope.")
                return True
        c.use("verb.", "noun.photo", "noun.clip", "scope.", "noun.duration", "link.", "noun.media")
        return s.add("set_segment_duration", target={"kind": "clip"}, duration_s=each.value)
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
    seconds = (
        _first(c, "t.to", "t.for", "dur", "t.at")
        if (
            longer
            or shorter
            or c.verb("make", "set", "show", "last", "change", "keep", "trim", "cut", "want")
            or c.has("noun.duration")
            or not c.own_verb
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
        now = _length(s, target) if target.index else _average(s)
        if by_value is not None or more is not None:
            step = by_value if by_value is not None else more or 0.0
            goal = now - step if shorter else now + step
        elif seconds is not None:
            goal = now + seconds if longer and not _exact(c) and seconds < now and "by" in c.text.split() else seconds
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
    """ "two seconds longer", "5 more seconds", 再长2秒: a step, no length."""
    if "more" in c.text.split() or "再" in c.text or "extra" in c.text.split():
        return True
    return any(a.has("dur", "t.for") and b.text in {"longer", "shorter"} for a, b in pairwise(c.tokens))


def _exact(c: Clause) -> bool:
    return any(t.text.startswith(("to", "到", "成", "为")) or t.text.endswith(("到", "成", "为")) for t in c.tokens)


def _average(s: State) -> float:
    return s.view.total_s / max(1, len(s.view.shots)) if s.view.shots else 3.0


def _gaps(c: Clause, s: State) -> bool:
    if not c.has("noun.gap") or not (
        c.verb("remove", "make", "set", "move", "merge", "shorten")
        or any(w in c.text for w in ("close", "fill", "填", "合"))
    ):
        return False
    c.use("noun.gap", "verb.", "noun.clip", "scope.", "noun.video")
    return s.add("close_gaps")


_WISHES: Final[tuple[Callable[[Clause, State], bool], ...]] = (
    _gaps, _reverse_order, _swap, _duplicate, _merge, _keep, _split, _freeze, _trim, _speed, _remove, _reorder,
    _simple("reverse", "reverse"), _simple("loop", "loop"), _simple("flip", "flip"), _rotate, _crop, _zoom, _length_of_shot,
)  # fmt: skip
