"""How fast shots are played."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.measure import is_exact, length_of, whose, within
from reelframe.planner.refs import Asked, clip_target, from_start
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["speed"]

_PART: Final = re.compile(r"\b(?:to|at) (?:a |one )?(third|quarter|fifth|tenth)\b")
_PARTS: Final = {"third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}


# A number alone after "to" is a factor up to here; beyond it would be seconds or per cent.
_FASTEST: Final = 8
_TO: Final = re.compile(r"(?:\bto|到|成) ?\d+(?:\.\d+)?$")
_SLOW: Final = 0.75
_FAST: Final = 1.25
_SLOW_MOTION: Final = 0.5
_NORMAL: Final = re.compile(
    r"\b(?:back to normal|normal|regular|original|recorded|real time)\b|正常|原速|原来的速度|原始速度"
)
_COMPLAINT: Final = re.compile(
    r"\b(?:is|are|feels?|seems?|looks?|runs?|goes|plays?) (?:(?:too|a bit|a little|really|so|way too|quite|very) )*"
    r"(?:slow|fast)\b"
)


def speed(c: Clause, s: State) -> bool:
    """Faster and slower."""
    up, down = c.get("verb.speed_up"), c.get("verb.slow_down")
    factor = c.get("factor")
    if factor is None and (up or down) and _COMPLAINT.search(c.text):
        # "clip 1 feels slow" asks for the opposite.
        up, down = down, up
    normal = c.has("noun.speed") and _NORMAL.search(c.text) is not None
    about = c.has("noun.speed") and (factor is not None or normal or c.has("pct", "dir.up", "dir.down"))
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
    paced = c.has("noun.pace", "dir.pace_up", "dir.pace_down")
    if not paced and c.joined == "" and "pace" in c.source.text and not c.has("noun.clip ref noun.video factor"):
        c.use("verb.")
        return False
    if (
        c.has("noun.music", "noun.pace", "noun.transition", "noun.title", "noun.text", "noun.logo", "noun.sound")
        and not c.has("noun.clip", "noun.video")
    ) or (c.has("noun.ken_burns") and not factor):
        return False
    if ramp and not up and not down and factor is None and not (c.verb("remove") or c.negated):
        shaped = any(w in c.text for w in ("hero", "montage", "bullet", "velocity", "curve", "曲线"))
        target = clip_target(c, s) if shaped and c.has("ref", "file") and not s.composed else None
        if target and target.index and abs(target.index) <= len(s.view.shots):
            # A gradual change is not there: its middle at half speed is the nearest.
            length = length_of(s, target)
            number = from_start(target.index, len(s.view.shots))
            begins = s.view.shots[number - 1].start / 1000
            s.assume("ramp_steps")
            c.use("noun.ramp", "verb.", "noun.clip")
            third = (round(begins + length / 3, 2), round(begins + 2 * length / 3, 2))
            return s.add("speed", factor=_SLOW_MOTION, range=third)
        c.use("noun.ramp", "verb.", "noun.clip", "noun.video", "ref")
        named = next((t.value.indexes[0] for t in c.tokens if t.has("ref")), None)
        slot = {"target": {"kind": "clip", "index": named}} if named else {}
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
    bare = c.get("num")
    if value is None and bare is not None and 0 < bare.value < _FASTEST and _TO.search(c.text) and not c.has("t. pct"):
        # "slow it down to 0.8"
        bare.used = True
        return _at_speed(c, s, float(bare.value))
    if value is None and normal:
        value = 1.0
        c.use("pct", "dir.", "verb.move")
    share = c.value("pct") if value is None else None
    text = c.text
    if value is not None and (down is not None) and value > 1 and c.own_verb:
        value = round(1 / value, 4)
    if share is not None:
        if (
            (up is not None and ("by" in text.split() or "加快" in text or "提高" in text))
            or (c.has("dir.up") and "to" not in text.split())
        ) or (up is not None and share < 1 and not is_exact(c) and "to" not in text.split()):
            value = 1 + share
        elif (
            (down is not None and share < 1 and down.text in {"slower", "more slowly"})
            or (down is not None and not text.isascii() and not is_exact(c) and share < 1)
            or (
                (down is not None or c.has("dir.down"))
                and ("by" in text.split() or "降低" in text or "放慢" in text or "减" in text)
                and share < 1
            )
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
        span = within(s, span)
    goal = c.value("t.to", "t.under") if value is None and c.has("t.to", "t.under") else None
    if goal is not None and s.view.total_s:
        value = round(s.view.total_s / goal, 3)
    part = _PART.search(text) if value is None else None
    if part is not None:
        # "slow it down to a quarter"
        value = _PARTS[part[1]]
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
    targets = whose(c, s, span)
    c.use(
        "verb.speed_up verb.slow_down noun.speed noun.clip noun.video scope. dir. noun.it verb.make verb.set "
        "noun.ramp noun.beginning noun.ending noun.intro noun.outro link. noun.effect noun.photo verb.change "
        "verb.add adjust. noun.one noun.middle mood. noun.sound look."
    )
    for target in targets:
        s.add("speed", target=target, factor=value, range=span)
    return True


def _at_speed(c: Clause, s: State, factor: float) -> bool:
    targets = whose(c, s, None)
    c.use("verb.speed_up verb.slow_down noun.speed noun.clip noun.video scope. dir. noun.it verb.make verb.set link.")
    for target in targets:
        s.add("speed", target=target, factor=factor)
    return True
