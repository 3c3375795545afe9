"""How shots play and stand: speed, backwards, loops, holds, turns, crops, zooms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.measure import whose
from reelframe.planner.refs import Asked, ask_clip, clip_target, from_start
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["boomerang", "crop", "freeze", "rotate", "simple", "zoom"]

_FREEZE_S: Final = 2.0


def simple(verb: str, op: str) -> Callable[[Clause, State], bool]:
    """A wish that is its verb alone: backwards, in a loop, mirrored."""

    def wish(c: Clause, s: State) -> bool:
        if not c.has(f"verb.{verb}") or (
            c.has("noun.title", "noun.text", "noun.logo", "noun.music") and not c.has("noun.clip", "noun.video")
        ):
            return False
        if c.verb("remove") or c.negated:
            return False
        slots: dict[str, Any] = {}
        if op == "loop":
            number = c.value("times", "num", "factor")
            if number is not None and number >= 1:
                slots["count"] = int(number)
            elif "twice" in c.text or "两遍" in c.text:
                slots["count"] = 2
        if op == "flip":
            vertical = "vertical" in c.text or "upside" in c.text or "上下" in c.text or "垂直" in c.text
            slots["axis"] = "vertical" if vertical else "horizontal"
            c.use("verb.rotate")
        targets = (None,) if s.composed and op == "loop" else whose(c, s, None)
        c.use(
            f"verb.{verb}",
            "noun.clip",
            "noun.video",
            "noun.it",
            "scope.",
            "noun.photo",
            "verb.make",
            # "flip it horizontally" says no shape.
            "platform." if op == "flip" else f"verb.{verb}",
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


_BOOMERANG: Final = re.compile(r"\bboomerang\w*\b|\bping[- ]?pong\b|\bback and forth\b|来回播放|往返播放|回旋镖")


def boomerang(c: Clause, s: State) -> bool:
    """``make clip 2 a boomerang``: the shot, and after it the same backwards."""
    if not _BOOMERANG.search(c.text) or c.negated or c.verb("remove") or c.has("transition. noun.transition pos."):
        return False
    only = Target(kind="clip", index=1) if len(s.view.shots) == 1 else None
    target = clip_target(c, s) or only or clip_target(c, s, default="ask", op={"op": "loop"})
    if target is None or target.index is None:
        return False
    index = from_start(target.index, len(s.view.shots))
    c.use("ref noun. verb. scope. link. word")
    s.add("duplicate", target=target)
    return s.add("reverse", target={"kind": "clip", "index": index + 1})


# A moment and how long it is to stand: "hold on 0:14 for two seconds".
_HOLDS: Final = re.compile(r"(?:hold|pause|stop|stay|wait)\b(?: it| the (?:video|picture|frame|shot))?(?: on| at)")


def freeze(c: Clause, s: State) -> bool:
    """A frame that holds."""
    held = _HOLDS.match(c.text) is not None and c.has("t.at", "time") and c.has("t.for", "dur")
    if not (held or c.has("verb.freeze")) or c.has("verb.export", "noun.thumbnail"):
        return False
    at = c.value("t.at", "time", "t.from", "nth_time")
    duration = c.value("t.for", "dur", "t.tail", "t.head")
    if at is not None and not s.view.empty and not s.composed and at > s.view.total_s:
        s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{at:g}")
        raise Asked
    target = clip_target(c, s)
    if (at is None and target is None and c.has("noun.ending", "link.last")) or (
        any(w in c.text for w in ("last frame", "最后1帧", "最后一帧", "最后画面", "最后1个画面"))
        and target is None
        and at is None
    ):
        target = Target(kind="clip", index=-1)
    elif "first frame" in c.text and at is None:
        at = 0.0
    last = s.view.shots[-1].segment if s.view.shots and not s.composed else None
    still = s.view.library.get(last.media or "") if last is not None else None
    if target is not None and target.index == -1 and last is not None and still is not None and still.kind == "image":
        # A photo stands still already: it is there for longer.
        c.use("verb.freeze noun. link. verb.add verb.keep")
        seconds = last.duration_ms / 1000 + (duration or _FREEZE_S)
        return s.add("set_segment_duration", target=target, duration_s=round(seconds, 3))
    if duration is None:
        duration = _FREEZE_S
        s.assume("freeze_default", seconds=f"{duration:g}")
    c.use(
        "verb.keep verb.end verb.freeze noun.ending noun.clip noun.video noun.effect link. verb.add noun.it "
        "noun.beginning"
    )
    return s.add("freeze", target=target, at_s=at, duration_s=duration)


def rotate(c: Clause, s: State) -> bool:
    """Turned pictures."""
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
    targets = whose(c, s, None)
    c.use("verb.rotate", "noun.", "scope.", "platform.", "pos.", "degrees", "verb.make", "dir.", "link.")
    for target in targets:
        s.add("rotate", target=target, degrees=value)
    return True


def crop(c: Clause, s: State) -> bool:
    """Edges cut off."""
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
        if c.has("pct") and c.has("pos.", "scope.side"):
            c.use("verb.crop", "pct", "pos.", "noun.", "scope.")
            return s.refuse(c.said or c.text, "out_of_scope", say(s.language, "nearest_crop"))
        half: dict[str, Any] = {"op": "crop", "aspect": "1:1"}
        meant = clip_target(c, s)
        if meant is not None:
            half["target"] = meant.model_dump(exclude_none=True)
        c.use("verb.crop", "noun.", "verb.center")
        s.ask("what_shape", tuple(Choice(a, ({**half, "aspect": a},)) for a in ("1:1", "9:16", "16:9", "4:5")))
        raise Asked
    targets = whose(c, s, None)
    c.use("platform.")
    c.use("verb.crop noun.clip noun.video noun.photo scope. pos. noun.it verb.center verb.make")
    for target in targets:
        s.add("crop", target=target, aspect=aspect)
    return True


def zoom(c: Clause, s: State) -> bool:
    """A closer picture, still or slowly moving."""
    shot = c.has("noun.clip", "noun.photo", "ref") or "画面" in c.text
    grows = c.has("dir.bigger") and shot and not c.has("noun.size", "noun.sound", "noun.volume", "noun.font")
    shrinks = c.has("dir.smaller") and shot and not c.has("noun.size", "noun.sound", "noun.volume", "noun.font")
    out = c.has("verb.zoom_out") or shrinks
    if not out and not grows and not c.has("verb.zoom"):
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
        targets = whose(c, s, None)
        c.use("verb.zoom verb.zoom_out noun. scope. verb.slow_down adjust. dir. transition. mood. look.soft verb.add")
        for target in targets:
            s.add("ken_burns", target=target, direction="out" if out else "in")
        return True
    scale: float | None = factor
    if share is not None:
        scale = share if share > 1 else 1 - share if out else 1 + share
    thing = _at_a_thing(c)
    unnamed = thing and len(s.view.shots) > 1 and not c.has("ref file noun.clip noun.photo noun.video scope.")
    if unnamed and clip_target(c, s) is None:
        # Where the thing is can't be seen, and not in which shot either.
        raise ask_clip(s, {"op": "zoom", **({"scale": scale} if scale else {"direction": "out" if out else "in"})})
    targets = whose(c, s, None)
    if thing:
        s.refuse(c.said, "content_understanding", say(s.language, "nearest_zoom"))
    c.use(
        "verb.zoom verb.zoom_out noun.clip noun.video noun.photo scope. dir. noun.it adjust. noun.effect verb.add "
        "pos. link."
    )
    for target in targets:
        s.add("zoom", target=target, scale=scale, direction=None if scale else ("out" if out else "in"))
    return True


def _at_a_thing(c: Clause) -> bool:
    """``zoom in on the product``: where that is, only looking could tell."""
    after_on = False
    for token in c.tokens:
        if after_on and token.has("word") and token.text.isalpha():
            return True
        after_on = after_on or token.text in {"on", "to", "到"} or token.text.endswith((" on", " into"))
    return False
