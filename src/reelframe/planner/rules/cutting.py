"""What is taken out of the timeline, and what is kept."""

from __future__ import annotations

import re
from typing import Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.measure import length_of, numbers_of, within
from reelframe.planner.refs import Asked, clip_target, clip_targets, from_start
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.tokens import Token, with_families

__all__ = ["gaps", "keep", "remove", "split", "trim"]

_TRIM_S: Final = 2.0
_UNWANTED: Final = frozenset({"skip the", "不要", "不想要", "no", "don't want", "without"})
# Where the playhead stands is not known here; taking the selected shot out would be worse than asking.
_HERE: Final = re.compile(r"(?:please )?(?:make a )?cut (?:it |the (?:clip|video) )?(?:right )?(?:here|at this point)")
# "cut clip 1 in half", "break the second clip into two".
_INTO: Final = re.compile(
    r"\b(?:in|into) (?:half|halves|(\d+)(?: equal)?(?: parts| pieces| clips| segments| sections)?$)"
)


def keep(c: Clause, s: State) -> bool:
    """What is to stay: all else goes."""
    first = c.first_verb
    if not (c.verb("keep") and (first is None or first.has("verb.keep"))) and not (
        c.has("scope.only")
        and (
            (c.has("t.range", "ref") and c.verb("use", "want", "make"))
            or (c.has("t.range", "t.head", "t.tail") and c.has("verb.extract"))
        )
    ):
        return False
    if c.has(
        "noun.title noun.text noun.logo noun.music noun.sound noun.caption noun.resolution noun.voice noun.aspect"
    ):
        if not c.has("t.", "ref", "dur", "scope.all"):
            s.whole = s.whole or "kept"
            c.use("noun.", "verb.keep", "scope.", "format", "adjust.", "look.")
            return True
        return False
    span = c.value("t.range")
    if span is not None:
        c.use("verb.keep", "scope.", "noun.clip", "noun.video")
        target = clip_target(c, s) if c.has("ref") else None
        return s.add("cut_range", target=target, keep_range=within(s, span))
    head, tail = c.value("t.head"), c.value("t.tail")
    total = s.view.total_s
    if head is not None:
        c.use("verb.keep", "scope.", "noun.video", "noun.clip")
        return s.add("cut_range", keep_range=within(s, (0.0, head)))
    if tail is not None and total:
        if tail > total:
            s.ask("no_such_time", total=f"{total:g}", time=f"{tail:g}")
            raise Asked
        c.use("verb.keep", "scope.", "noun.video", "noun.clip")
        return s.add("cut_range", keep_range=(max(0.0, total - tail), total))
    if c.has("scope.photos_only") or (c.has("scope.only") and c.has("noun.photo") and not c.has("ref")):
        c.use("verb.keep", "scope.", "noun.photo")
        return _only_photos(s)
    if c.has("ref") and c.has("t.for", "dur", "verb.last") and not c.has("scope.only"):
        return False
    numbers = numbers_of(c, s)
    count = len(s.view.shots)
    if numbers and (c.has("scope.only", "verb.keep")) and not c.has("noun.beginning"):
        kept = {from_start(i, count) for i in numbers}
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
    """``Keep only the photos``: texts, music and logo go, and shots that are clips."""
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


def split(c: Clause, s: State) -> bool:
    """Cuts that remove nothing."""
    if _HERE.fullmatch(c.text.strip(" .!")) and c.verb("cut"):
        s.ask("what_time", half={"op": "split"}, slot="at_s", kind="seconds")
        raise Asked
    every = c.get("t.every") or (_each_piece(c) if c.has("verb.split", "verb.cut") else None)
    into = _INTO.search(c.text) if c.verb("cut", "split", "make", "turn_into") and not c.has("noun.genre") else None
    if (
        not c.has("verb.split")
        and into is None
        and not (c.verb("cut", "trim", "make") and every is not None)
        and not (
            c.verb("cut")
            and c.has("t.at", "t.ats")
            and not c.has("verb.remove", "t.range", "t.head", "t.tail", "t.to", "noun.transition")
        )
    ):
        return False
    if c.has("noun.title", "noun.text", "pip", "noun.pip", "noun.sound", "noun.music") and not c.has(
        "noun.clip", "noun.video", "t.at"
    ):
        return False
    times = [float(t.value) for t in c.all("t.at", "time", "nth_time")]
    times += [float(v) for t in c.all("t.ats") for v in t.value]
    target = clip_target(c, s) if c.has("ref", "file") else None
    words = (
        "verb.split",
        "verb.cut",
        "noun.clip",
        "noun.video",
        "noun.it",
        "t.at",
        "t.ats",
        "time",
        "t.every",
        "t.each",
        "t.to",
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
    length = length_of(s, target)
    if not times and c.has("t.head"):
        times = [float(c.value("t.head"))]
    if not times and into is not None and into[1] and length:
        parts = int(into[1])
        c.use(*words, "ref")
        if 2 <= parts <= 50:
            if target is None or target.index is None:
                return s.add("split", target=target, every_s=round(length / parts, 3))
            return s.add("split", target=target, at_s=tuple(round(length * k / parts, 3) for k in range(1, parts)))
    if (
        not times
        and (
            c.has("noun.middle")
            or "half" in c.text
            or "halves" in c.text
            or "中间" in c.text
            or "两半" in c.text
            or "一分为二" in c.text
        )
        and length
    ):
        times = [length / 2]
    count = c.get("num", "ref")
    if not times and count is not None and length and c.has("noun.clip", "noun.media", "link.chunks", "noun.video"):
        parts = int(count.value) if count.has("num") else len(count.value.indexes)
        if 2 <= parts <= 50:
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


def _each_piece(c: Clause) -> Token | None:
    """``split it into 30-second segments``, and not "cut each clip to 3 seconds"."""
    if "into" not in c.text and not c.has("verb.split"):
        return None
    pieces = any(t.has("noun.clip") and t.text.endswith("s") for t in c.tokens)
    return c.get("t.each") or (c.get("t.to") if pieces and "into" in c.text else None)


def _all_but(c: Clause, s: State) -> bool:
    """``cut everything except the first 10 seconds``: a part is kept."""
    head, tail, total = c.value("t.head"), c.value("t.tail"), s.view.total_s
    ends = (0.0, head) if head else (max(0.0, total - tail), total) if tail else c.value("t.range")
    if ends is None or not c.verb("trim", "cut", "remove"):
        return False
    c.use("verb.", "scope.", "t.", "noun.video")
    return s.add("cut_range", keep_range=ends)


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


def remove(c: Clause, s: State) -> bool:
    """Shots taken out."""
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
    ):
        return False
    if c.has("scope.except"):
        numbers = numbers_of(c, s) or [n for tag, n in (("link.first", 1), ("link.last", -1)) if c.has(tag)]
        if numbers:
            count = len(s.view.shots)
            kept = {from_start(i, count) for i in numbers}
            c.use("ref", "scope.", "noun.", "verb.remove")
            for i in sorted(set(range(1, count + 1)) - kept, reverse=True):
                s.add("remove", target={"kind": "clip", "index": i})
            return True
    if c.has("scope.all") and not c.has("noun. ref file quote word t. dur"):
        c.use("scope.", "verb.remove")
        return s.add("remove", target={"kind": "all"})
    if _thing_in_shot(c):
        c.use("verb.remove", "ref", "noun.", "word", "link.")
        return s.refuse(c.said, "object_removal")
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
    count = len(s.view.shots)
    # Numbers from the end would count anew after each removal: every shot gets the number that it has now.
    named = [t for t in targets if t is not None]
    if len(named) > 1:
        named = list(dict.fromkeys(_absolute(t, count) for t in named))
    for target in sorted(named, key=lambda t: -(t.index or 0)):
        s.add("remove", target=target)
    return bool(named)


def _thing_in_shot(c: Clause) -> bool:
    """``get rid of the cat in clip 1``: not the shot, but something that is to be seen in it."""
    verb = c.first_verb
    shot = next((t for t in c.tokens if t.has("ref", "noun.clip") and verb is not None and t.start >= verb.end), None)
    if verb is None or shot is None or not verb.has("verb.remove"):
        return False
    between = [t for t in c.tokens if verb.end <= t.start < shot.start]
    named = [t for t in between if t.has("word") and t.text.isascii() and t.text.isalpha() and len(t.text) > 2]
    return bool(named) and any(t.text in {"in", "from", "of"} and t.start >= named[0].end for t in between)


def _absolute(target: Target, count: int) -> Target:
    index = target.index or 0
    return target.model_copy(update={"index": count + 1 + index}) if -count <= index < 0 else target


def gaps(c: Clause, s: State) -> bool:
    """Gaps closed."""
    if not c.has("noun.gap") or not (
        c.verb("remove", "make", "set", "move", "merge", "shorten")
        or any(w in c.text for w in ("close", "fill", "填", "合"))
    ):
        return False
    c.use("noun.gap", "verb.", "noun.clip", "scope.", "noun.video")
    return s.add("close_gaps")
