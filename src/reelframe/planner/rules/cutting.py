"""What is taken out of the timeline, and what is kept."""

from __future__ import annotations

import re
from typing import Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import length_of, numbers_of, within
from reelframe.planner.refs import Asked, clip_target, clip_targets, from_start, says_it
from reelframe.planner.rules.lengths import stays, unchanged
from reelframe.planner.state import State
from reelframe.planner.tokens import Token

__all__ = ["gaps", "keep", "remove", "split"]

# Where the playhead stands is not known here; taking the selected shot out would be worse than asking.
_HERE: Final = re.compile(r"(?:please )?(?:make a )?cut (?:it |the (?:clip|video) )?(?:right )?(?:here|at this point)")
# "cut clip 1 in half", "break the second clip into two".
_INTO: Final = re.compile(
    r"\b(?:in|into) (?:half|halves|(\d+)(?: equal)?(?: parts| pieces| clips| segments| sections)?$)"
)


def keep(c: Clause, s: State) -> bool:
    """What is to stay: all else goes."""
    if c.has("ref") and stays(c) and (c.verb("keep") or not c.own_verb):
        return unchanged(c, s)
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
    if c.has("ref") and c.has("t.for", "t.at", "t.to", "dur", "verb.last") and not c.has("scope.only"):
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


def remove(c: Clause, s: State) -> bool:
    """Shots taken out."""
    if (
        not c.verb("remove")
        and not (c.verb("cut") and c.has("scope.selected", "noun.gap") and not c.has("t.", "dur"))
        and not (c.negated and c.has("ref"))
    ):
        return False
    if says_it(c) and s.last is not None and s.last.kind not in {"clip", "video", "all"} and not c.has("ref", "file"):
        # "… the music at the end, let it stop": no picture.
        return False
    if c.has("noun.gap"):
        c.use("noun.gap", "verb.remove", "noun.clip", "scope.")
        return s.add("close_gaps")
    if c.has(
        "effect. noun.effect look. noun.filter noun.ken_burns noun.transition noun.speed verb.zoom verb.speed_up "
        "verb.slow_down noun.animation fade. adjust. verb.crop noun.background verb.reverse verb.loop noun.aspect"
    ):
        return False
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
