"""Style, place, timing and animation of a text that is there."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.names import text_size
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.grammar import CLIPLIKE
from reelframe.planner.measure import times_as_big
from reelframe.planner.refs import Asked, text_kind, text_target
from reelframe.planner.rules.placing import place
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.style import style_slots
from reelframe.planner.wording import (
    CARD_S,
)

__all__ = ["animate", "is_styled", "restyle", "timing_of", "which_font"]


_WHOLE: Final = frozenset([
    "the whole time", "whole time", "all the time", "the entire time", "throughout", "from start to finish",
    "start to finish", "all along", "the whole way through", "all the way through", "permanently", "constantly",
    "always", "from beginning to end", "for the whole video", "for the entire video",
    "一直", "始终", "从头到尾", "自始至终", "全程",
])  # fmt: skip
_LOOKS: Final = ("clean", "bold", "elegant")
_LARGEST: Final = 0.5
_LEAST: Final = 0.01
_STEP_S: Final = 1.0
_LATER: Final = re.compile(r"\b(?:delay|delayed|later|postpone)\b|推迟|延后|延迟|晚")
_SOONER: Final = re.compile(r"\b(?:earlier|sooner)\b|提前|提早|早")


def is_styled(c: Clause) -> bool:
    """Whether the clause says how a text is to look."""
    return c.has(
        "color dir.bold dir.bigger dir.smaller dir.italic font. noun.shadow noun.outline noun.box dir.longer "
        "verb.lengthen noun.spacing noun.gradient noun.padding tlook."
    )


def timing_of(c: Clause, s: State) -> dict[str, Any]:
    """When a text is on screen."""
    span = c.value("t.range")
    if span:
        return {"start_s": span[0], "end_s": span[1]}
    out: dict[str, Any] = {}
    head, tail = c.value("t.head"), c.value("t.tail")
    if head is not None:
        out |= {"start_s": 0.0, "end_s": head}
    if tail is not None:
        out |= (
            {"start_s": max(0.0, s.view.total_s - tail), "end_s": s.view.total_s}
            if not s.composed
            else {"duration_s": tail}
        )
    start = c.value("t.from", "t.at", "time")
    if start is not None:
        out["start_s"] = start
    end = c.value("t.until", "t.to")
    if end is not None:
        out["end_s"] = end
    length = c.value("t.for", "dur")
    if length is not None and "end_s" not in out:
        out["duration_s"] = length
    out = out or _beside_a_shot(c, s)
    if not out and c.has("noun.beginning", "noun.intro") and length is None:
        out["start_s"] = 0.0
    if not out and c.has("noun.ending", "noun.outro") and s.view.total_s > CARD_S and not s.composed:
        out = {"start_s": s.view.total_s - CARD_S, "end_s": s.view.total_s}
    if c.has("scope.all") and not out and (c.has("noun.video") or any(t.text in _WHOLE for t in c.tokens)):
        if s.composed or s.view.empty:
            return out
        out = {"start_s": 0.0}
        if s.view.total_s:
            out["end_s"] = s.view.total_s
    return out


_UNTIL: Final = re.compile(r"\b(?:until|till)\b|直到")
_ONCE: Final = re.compile(r"\b(?:from|once|when|as soon as)\b")


def _beside_a_shot(c: Clause, s: State) -> dict[str, Any]:
    """``the title should stay until the vase comes in``: to where a shot begins, or from there."""
    refs = [t for t in c.all("ref") if t.value.noun in CLIPLIKE]
    if len(refs) != 1 or len(refs[0].value.indexes) != 1 or s.composed or not s.clip_range_ok(refs[0].value):
        return {}
    begins = s.view.shot(refs[0].value.indexes[0]).start / 1000
    for pattern, slot in ((_UNTIL, "end_s"), (_ONCE, "start_s")):
        if pattern.search(c.text) and text_kind(c) is not None and begins:
            refs[0].used = True
            return {slot: begins}
    return {}


def animate(c: Clause, s: State, target: Any) -> bool:  # noqa: ANN401 -- a target in either form
    """How a text comes and goes."""
    token = c.get("anim.", "fade.")
    if token is None:
        return False
    kinds = [t[5:] for t in token.tags if t.startswith("anim.") and t != "anim."]
    kind = kinds[0] if kinds else "fade"
    ends: dict[str, Any]
    if c.has("fade.both"):
        ends = {"anim_in": kind, "anim_out": kind}
    elif c.has("fade.out", "fade.black") and not c.has("fade.in"):
        ends = {"anim_out": kind}
    elif c.has("fade.out") and c.has("fade.in"):
        ends = {"anim_in": kind, "anim_out": kind}
    else:
        ends = {"anim_out" if "out" in {t.text for t in c.tokens} and not kinds else "anim_in": kind}
    seconds = c.value("t.head", "t.for", "dur", "t.tail", "t.each")
    c.use(
        "anim. fade. noun.animation noun.it verb.animate noun.effect verb.add verb.fade transition. "
        "noun.beginning link.first noun.ending verb.show noun.text noun.title"
    )
    return s.add("animate", target=target, duration_s=seconds, **ends)


def _merge_added(s: State, slots: dict[str, Any]) -> bool:
    """Style words right after "add a text …" belong to that text."""
    if not s.added_targets:
        return False
    for i in s.added:
        op = s.ops[i]
        fresh = {k: v for k, v in slots.items() if getattr(op, k, None) is None}
        s.ops[i] = op.model_copy(update=fresh)
    return True


def which_font(c: Clause, s: State, noun: str | None) -> bool:
    """``change the font``, 换个字体: to which nobody said, and a look as a whole is what most people mean."""
    asks = c.has("noun.font") and c.verb("change", "use", "set", "make", "replace", "want")
    if not asks or not s.view.texts or c.negated or c.has("quote file pct num hex pos. noun.color noun.size"):
        return False
    if is_styled(c):
        return False
    target = text_target(c, s, noun)
    s.last = target
    half = {"op": "style_text", "target": target.model_dump(exclude_none=True)}
    c.use("noun.", "verb.", "scope.", "word")
    looks = tuple(Choice(say(s.language, f"look_{name}"), ({**half, "look": name},)) for name in _LOOKS)
    s.ask("what_font", looks, half=half, slot="font")
    raise Asked


def restyle(c: Clause, s: State, noun: str | None) -> bool:
    """Style, place, timing and animation of a text that is there."""
    off = c.verb("remove") or c.negated
    style = style_slots(c, off=off)
    spot = (
        place(c)
        if c.has(
            "pos. dir.up_move dir.down_move dir.left_move dir.right_move verb.move verb.center scope.corner noun.it"
        )
        or c.verb("move")
        or (c.has("dir.up dir.down") and not style and not c.own_verb)
        or any(t.text in {"higher", "lower", "up", "down"} and t.has("dir.up dir.down") for t in c.all("dir."))
        else {}
    )
    if "align" in style and "position" not in spot and c.verb("center"):
        spot = {"position": "center"}
    gone = (
        c.verb("hide") and re.search(r"\btoo (?:quick|quickly|fast|soon|early|briefly)\b|太快|太早", c.text) is not None
    )
    longer, shorter = c.has("verb.lengthen") or gone, c.has("verb.shorten")
    timing = (
        timing_of(c, s)
        if c.has("t. time")
        or (c.has("dur") and not style)
        or (c.has("noun.beginning", "noun.ending") and not spot)
        or any(t.text in _WHOLE for t in c.tokens)
        or (c.has("ref") and (_UNTIL.search(c.text) or _ONCE.search(c.text)))
        else {}
    )
    if longer and set(timing) == {"duration_s"} and ("longer" in c.text or "再" in c.text or "more" in c.text.split()):
        timing = {"duration_s": text_length(s, text_target(c, s, noun)) + timing["duration_s"]}
    by = c.get("t.by")
    shift = by.value if by else timing.get("duration_s", timing.get("end_s")) if len(timing) == 1 else None
    way = 1 if _LATER.search(c.text) else -1 if _SOONER.search(c.text) else 0
    if way and shift is None and not timing and not style and not spot and s.view.texts:
        # "delay the title": by how much was not said.
        shift = _STEP_S
        s.assume("shift_step", seconds=f"{shift:g}")
    if shift is not None and way and s.view.texts:
        named = text_target(c, s, noun)
        texts = [t for t in s.view.texts if named.name == f"#{t.id}"] or list(s.view.texts_of(named.kind))
        if texts:
            now = (texts[0].start_ms or 0) / 1000
            c.use("t.by")
            timing = {"start_s": max(0.0, now + way * shift)}
            longer = shorter = False
    anim = c.has("anim.", "fade.", "noun.animation")
    if not (style or spot or timing or longer or shorter or anim):
        return False
    fresh = bool(s.added) and (noun is None or noun in {"text", "title"}) and (style or "position" in spot)
    merged = {**style, **{k: v for k, v in spot.items() if k == "position"}}
    if fresh and _merge_added(s, merged):
        c.use("noun.text noun.title noun.it noun.font verb.use verb.make noun.color noun.style verb.set")
        if anim:
            s.meant = s.added_targets
            animate(c, s, s.meant[0])
        return True
    target = text_target(c, s, noun)
    done = False
    if anim:
        if not c.has("anim.", "fade."):
            s.add("animate", target=target, anim_in="none" if off else "fade")
            done = True
        elif off:
            done = s.add("animate", target=target, anim_in="none", anim_out="none")
        else:
            done = animate(c, s, target)
    if style:
        share = (c.value("pct") or times_as_big(c)) if style.get("size") in {"up", "down"} else None
        if share is not None:
            style["size"] = _scaled(s, target, share if style["size"] == "up" else -share)
        done = s.add("style_text", target=target, **style)
    if spot:
        done = s.add("move", target=target, **spot)
    if timing and not (anim and set(timing) <= {"duration_s", "start_s", "end_s"} and not c.has("t.range", "t.from")):
        done = s.add("set_timing", target=target, **timing)
    elif (longer or shorter) and not style:
        now = text_length(s, target)
        seconds = round(now * (1.5 if longer else 0.67), 1)
        if s.view.total_s and not s.composed:
            # Not beyond the end of the video.
            begins = next(((t.start_ms or 0) / 1000 for t in s.view.texts if t.duration_ms == round(now * 1000)), 0.0)
            seconds = min(seconds, round(s.view.total_s - begins, 3))
        s.assume("length_step", before=f"{now:g}", after=f"{seconds:g}")
        done = s.add("set_timing", target=target, duration_s=seconds)
    if done:
        c.use(
            "noun.title noun.text noun.caption noun.subtitle noun.font noun.color noun.size noun.it noun.position "
            "verb. dir. pos. scope. noun.opacity noun.video noun.style noun.lower_third noun.credits noun.cta "
            "anim. fade. noun.effect noun.beginning noun.ending adjust. look. noun.box noun.background"
        )
    return done


def _scaled(s: State, target: Any, share: float) -> float | str:  # noqa: ANN401 -- a target
    """``20 % bigger``: the size that the text has, made so much larger or smaller."""
    texts = [t for t in s.view.texts if target.name == f"#{t.id}"] or s.view.texts_of(target.kind) or s.view.texts
    frame = (int(s.view.draft.get("width", 1920)), int(s.view.draft.get("height", 1080)))
    sizes = {float((text.get("style") or {}).get("size") or text_size(text.role, frame)) for text in texts}
    if len(sizes) != 1:
        # Each has a size of its own: a step for all of them.
        return "up" if share > 0 else "down"
    now = sizes.pop()
    return round(min(_LARGEST, max(_LEAST, now * (1 + share))), 4)


def text_length(s: State, target: Any) -> float:  # noqa: ANN401 -- a target
    texts = (
        [t for t in s.view.texts if target.name == f"#{t.id}"]
        or list(s.view.texts_of(target.kind))
        or list(s.view.texts)
    )
    return texts[0].duration_ms / 1000 if texts and texts[0].duration_ms else CARD_S
