"""Colour, effects, slow moves over stills."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from reelframe.edits.names import EFFECTS
from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import within
from reelframe.planner.refs import clip_targets
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["rule"]

_NEAR_S: Final = 0.05
# "a bit more contrast", "a little less saturation"
_STEP: Final = re.compile(r"\b(?:more|extra|(less|fewer)) \w+$")
# Zooms, and no pans.
_ZOOMS: Final = re.compile(r"\bzooms?\b(?! and pan)")
_FILTERS: Final = frozenset(
    {"filter", "filters", "color filter", "color grade", "color grading", "lut", "滤镜", "调色"}
)
_CONTROLS: Final = ("brightness", "contrast", "saturation", "temperature", "sharpness")
# Words that name a look, a kind of music and a rhythm alike: a look only when no sound is near.
_SHY: Final = frozenset(
    [
        "sunny",
        "golden",
        "faded",
        "clean",
        "saturated",
        "dark",
        "80s",
        "90s",
        "70s",
        "温暖",
        "电影",
        "冷",
        "暖",
        "干净",
        "清新",
        "柔和",
        "大片",
    ]
)


def rule(c: Clause, s: State) -> bool:
    """Single controls, effects, moves and grades."""
    return any([_ken_burns(c, s), _effect(c, s), _adjust(c, s), _look(c, s)])


def _parts(c: Clause, s: State) -> tuple[Target, ...] | None:
    """The shots that a range is made of, after the cuts at its two ends; None when no range was said.

    Looks and controls are of whole shots, so a part of one becomes a shot of its own.
    """
    span = c.value("t.range", "t.head")
    if isinstance(span, float):
        span = (0.0, span)
    tail = c.value("t.tail")
    if span is None and tail is not None:
        span = (max(0.0, s.view.total_s - tail), s.view.total_s)
    if span is None or s.view.empty or s.composed:
        return None
    low, high = within(s, span)
    edges = [0.0, *(placed.end / 1000 for placed in s.view.shots)]
    cuts = tuple(t for t in (low, high) if all(abs(t - edge) > _NEAR_S for edge in edges))
    if cuts:
        s.add("split", at_s=cuts)
    marks = sorted({low, high, *(edge for edge in edges if low < edge < high)})
    return tuple(Target(kind="clip", at_s=round((a + b) / 2, 3)) for a, b in pairwise(marks) if b - a > _NEAR_S)


def _targets(c: Clause, s: State) -> tuple[Target | None, ...]:
    targets = clip_targets(c, s)
    if targets == (None,) and len(s.view.shots) > 1 and not s.composed and not c.ever("noun.video", "scope.all"):
        s.assume("whole_video")
    return targets


def _adjust(c: Clause, s: State) -> bool:
    if c.has("noun.title", "noun.text", "noun.logo", "noun.music", "noun.background", "noun.sound"):
        return False
    slots: dict[str, Any] = {}
    for token in c.all("adjust."):
        meaning = token.meaning("adjust")
        if meaning is None or (token.has("look.", "transition.") and c.has("noun.transition")):
            continue
        control, way = meaning.rsplit("_", 1)
        number = c.value("pct")
        slots[control] = way if number is None else (number if way == "up" else -number)
        token.used = True
    for control in _CONTROLS:
        noun = c.get(f"noun.{control}")
        if noun is None or control in slots or c.has("noun.voice"):
            continue
        up, down = c.has("dir.up", "dir.bigger", "dir.louder"), c.has("dir.down", "dir.smaller", "dir.quieter")
        inherited = c.joined == "and" or bool(c.inherited and not c.own_verb)
        number = c.value("pct", "num")
        if number is not None:
            number = number / 100 if abs(number) > 1 else number
            slots[control] = max(-1.0, min(1.0, -abs(number) if down else number))
        elif up or down:
            slots[control] = "up" if up else "down"
        elif (step := _STEP.search(c.text)) is not None:
            slots[control] = "down" if step[1] else "up"
        elif inherited and isinstance(s.ops[-1] if s.ops else None, object) and s.ops and s.ops[-1].op == "adjust":
            before = [getattr(s.ops[-1], k) for k in _CONTROLS if getattr(s.ops[-1], k) is not None]
            slots[control] = "down" if before and before[-1] == "down" else "up"
        elif c.verb("enhance", "add", "set"):
            slots[control] = "up"
        else:
            continue
        noun.used = True
    if not slots and c.has("noun.filter") and ("correct" in c.text or "校色" in c.text):
        slots["contrast"] = "up"
        c.use("noun.filter")
    if not slots:
        return False
    targets = _parts(c, s) or _targets(c, s)
    c.use(
        "dir.up",
        "dir.down",
        "dir.bigger",
        "dir.smaller",
        "dir.little",
        "dir.much",
        "noun.video",
        "noun.clip",
        "noun.photo",
        "noun.it",
        "scope.",
        "noun.filter",
        "noun.color",
        "verb.enhance",
        "verb.slow_down" if c.has("adjust.") else "adjust.",
    )
    for target in targets:
        s.add("adjust", target=target, **slots)
    return True


def _effect(c: Clause, s: State) -> bool:
    token = c.get("effect.")
    blur = c.get("verb.blur")
    noun = c.get("noun.effect")
    taking = c.verb("remove") or c.negated
    if token is None and blur is None:
        if noun is not None and taking and not c.has("noun.sound", "noun.sfx", "noun.transition"):
            targets = clip_targets(c, s)
            c.use("noun.effect", "verb.remove", "scope.", "noun.clip", "noun.video")
            return all(s.add("effect", target=target, name="none") for target in targets)
        return False
    sides = "填充" in c.text or any(word in c.text for word in ("两边", "两侧", "sides"))
    if sides and (blur or (token and token.has("effect.blur"))) and not c.has("ref"):
        return _blurred_background(c, s)
    if c.has("noun.background") and (blur or (token and token.has("effect.blur"))):
        return _blurred_background(c, s)
    if c.has("noun.title", "noun.text", "noun.logo") and not c.has("noun.video", "noun.clip"):
        return False
    if token is not None and token.has("verb.") and token.has("noun.genre"):
        return False
    name = (token.meaning("effect") if token else None) or "blur"
    if name not in EFFECTS and not taking:
        c.use("effect.", "noun.effect", "transition.", "verb.add", "look.vintage")
        return s.refuse(c.said, "out_of_scope", say(s.language, "no_effect_like", name=name, names=", ".join(EFFECTS)))
    if (
        taking
        and not s.view.has_effects
        and name in {"grain", "blur", "shake", "pixelate"}
        and not c.has("noun.effect")
    ):
        c.use("effect.", "verb.remove", "noun.")
        return s.refuse(c.said, "restoration")
    amount: Any = c.value("pct")
    if amount is None and c.has("dir.up", "dir.much") and not taking:
        amount = "up"
    elif amount is None and c.has("dir.down", "dir.little") and not taking:
        amount = "down" if c.has("dir.down") else 0.3
    span = c.value("t.range", "t.head")
    if isinstance(span, float):
        span = (0.0, span)
    tail = c.value("t.tail")
    if tail is not None and span is None and s.view.total_s >= tail:
        span = (s.view.total_s - tail, s.view.total_s)
    targets = _targets(c, s)
    c.use(
        "effect. verb.blur noun.effect verb.add noun.clip noun.video dir. scope. noun.filter noun.photo "
        "look.vintage verb.remove noun.middle transition. noun.vignette noun.resolution noun.it"
    )
    for target in targets:
        s.add(
            "effect",
            target=target,
            name="none" if taking and not c.has("scope.no") else name,
            amount=None if taking else amount,
            range=span,
        )
    return True


def _blurred_background(c: Clause, s: State) -> bool:
    c.use("noun.background", "verb.blur", "effect.", "verb.add", "verb.set", "scope.", "noun.video", "noun.photo")
    return s.add("set_background", blur=not (c.negated or c.verb("remove")))


def _ken_burns(c: Clause, s: State) -> bool:
    if not c.has("noun.ken_burns") or c.has("noun.title", "noun.text", "noun.transition"):
        return False
    text = c.text
    # "remove the logo, zoom slowly into photo 1": taking away goes on after "and", not after a comma.
    taking = c.negated or c.has("verb.remove") or (c.verb("remove") and c.joined == "and")
    direction: str | None = None
    for word, meant in (
        ("zoom out", "out"),
        ("pull", "out"),
        ("拉远", "out"),
        ("缩小", "out"),
        ("zoom in", "in"),
        ("push", "in"),
        ("放大", "in"),
        ("推", "in"),
        ("拉近", "in"),
        ("left to right", "right"),
        ("right to left", "left"),
        ("从左往右", "right"),
        ("从右往左", "left"),
        ("to the left", "left"),
        ("to the right", "right"),
        ("pan left", "left"),
        ("pan right", "right"),
        ("upward", "up"),
        ("downward", "down"),
        ("向上", "up"),
        ("向下", "down"),
        ("往左", "left"),
        ("往右", "right"),
        ("往上", "up"),
        ("往下", "down"),
        ("向左", "left"),
        ("向右", "right"),
    ):
        if word in text:
            direction = meant
            break
    if direction is None and _ZOOMS.search(text):
        direction = "in"
    amount = c.value("pct")
    targets = _targets(c, s)
    c.use(
        "noun.ken_burns",
        "noun.photo",
        "noun.clip",
        "noun.video",
        "scope.",
        "verb.add",
        "verb.zoom",
        "noun.effect",
        "dir.little",
        "verb.slow_down",
        "verb.animate",
        "look.cinematic" if "cinematic motion" in text else "noun.ken_burns",
        "noun.style",
        "noun.beginning",
        "noun.ending",
        "adjust.",
        "verb.zoom_out",
        "transition.",
        "mood.",
        "pos.",
        "anim.",
    )
    for target in targets:
        s.add("ken_burns", target=target, direction="none" if taking else direction, amount=amount)
    return True


def _look(c: Clause, s: State) -> bool:
    tokens = [
        t
        for t in c.all("look.")
        if not (t.text in _SHY and c.has("noun.music", "mood.") and not c.has("noun.filter", "noun.style"))
    ]
    noun = c.get("noun.filter")
    if not tokens and noun is None:
        return False
    if c.has("verb.export", "format", "height") and noun is None and all(t.text in _SHY for t in tokens):
        return False
    if c.has("noun.title", "noun.text", "noun.background", "noun.sound") and not c.has(
        "noun.filter", "noun.video", "noun.style", "scope.all"
    ):
        return False
    if c.ever("noun.music") and not c.has("noun.filter", "noun.video", "noun.style") and tokens:
        return False
    if (c.verb("remove") or (c.negated and not tokens)) and not c.has("ref") | bool(tokens and c.verb("add")):
        c.use("look.", "noun.filter", "verb.remove", "scope.", "noun.effect", "noun.video")
        return s.add("look", target=clip_targets(c, s)[0], name="none")
    if not tokens and c.verb("add", "use", "create") and noun is not None and noun.text in _FILTERS:
        if c.has("word", "noun.effect", "mood.", "adjust.", "quote", "file"):
            return False
        s.assume("look_default", said=noun.text, look="cinematic")
        c.use("noun.filter verb.add verb.use")
        for target in _targets(c, s):
            s.add("look", target=target, name="cinematic")
        return True
    if not tokens:
        return False
    names = [t.meaning("look") for t in tokens]
    name = "teal_orange" if "teal_orange" in names else "bw" if "bw" in names else names[0]
    if name == "cinematic" and len(names) > 1 and names[1] not in {None, "cinematic"} and not c.has("noun.genre"):
        name = names[1]
    targets = _parts(c, s) or _targets(c, s)
    c.use(
        "look.",
        "noun.filter",
        "noun.style",
        "noun.effect",
        "noun.video",
        "noun.clip",
        "scope.all",
        "noun.it",
        "noun.photo",
        "noun.color",
        "mood.",
        "verb.add",
        "noun.genre",
        "dir.little",
        "dir.pace_down" if name in {"soft", "warm"} else "look.",
        "dir.up",
    )
    for target in targets:
        s.add("look", target=target, name=name)
    return True
