"""Texts that are put in."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.refs import TEXTS, Asked
from reelframe.planner.rules.placing import place
from reelframe.planner.rules.restyle import animate, timing_of
from reelframe.planner.state import State
from reelframe.planner.style import style_slots
from reelframe.planner.wording import (
    asked_for,
    call_to_action,
    default_title,
    named,
    trailing,
    with_words,
    words_of,
    written,
)

__all__ = ["add_text"]

_NAMES: Final = frozenset({"called", "titled", "named", "entitled", "叫", "叫做", "名为"})
# What stands beside a title is none.
_BESIDE_TITLE: Final = re.compile(
    r"\b(?:under|below|beneath|above) (?:the |that |my )?(?:title|headline)\b|标题(?:下面|下方|上面|上方)"
)


def add_text(c: Clause, s: State, noun: str | None) -> bool:
    """A new text; ``noun`` is what it was called, if anything."""
    role = TEXTS[noun][1] if noun else "text"
    if (
        s.ops
        and s.ops[-1].op in {"intro_outro", "style_text"}
        and c.joined == "with"
        and not c.has("quote", "says.says")
    ):
        c.use("noun.title", "noun.text", "link.", "noun.beginning")
        return True
    if noun is None and s.composed and any(t.has("says.says") and t.text in _NAMES for t in c.tokens):
        # "a video called 'Dawn'"
        role = "title"
    text = words_of(c) or written(c) or (trailing(c) or with_words(c) if noun else None)
    if text is None and noun == "cta":
        text = call_to_action(s)
    spot = place(c)
    style = style_slots(c)
    # In "a 20-second video called 'Dawn'" the length is the video's.
    of_video = s.composed and noun is None and c.has("noun.video", "noun.genre", "platform.")
    closes = s.composed and c.has("noun.ending", "noun.outro", "t.tail")
    timing = {} if of_video else timing_of(c, s)
    timing = timing or _for_the_rest(c, s)
    anim = c.get("anim.", "fade.")
    if (
        text is None
        and noun in {"text", "caption"}
        and not s.composed
        and not s.view.empty
        and c.joined != "with"
        and not c.among
        and len(c.tokens) <= 4
        and not (spot or style or timing or anim)
    ):
        c.use("verb.", "noun.", "link.")
        s.ask("what_text", half={"op": "add_text", "role": role}, slot="text")
        raise Asked
    if text is None and s.added and not s.view.texts and role in {"text", "caption"} and (spot or style):
        # 配文字「…」,文字放在下面: how the words look that were given.
        for i in s.added:
            fresh = {k: v for k, v in {**style, **spot}.items() if getattr(s.ops[i], k, 0) is None}
            s.ops[i] = s.ops[i].model_copy(update=fresh)
        c.use("noun. verb. pos. color dir.")
        return True
    if text is None:
        if role == "subtitle":
            return False
        text = asked_for(c, s) or named(c) or default_title(s)
        if role == "text" and s.composed:
            role = "title"
    if _BESIDE_TITLE.search(c.text):
        role = "text"
    if role == "text" and c.has("noun.intro", "noun.beginning", "verb.start") and "position" not in spot:
        role = "title"
    if role == "text" and closes and timing.keys() <= {"duration_s"}:
        # The end of a video that is about to be made: a call to action is what stands there.
        role = "cta"
    c.use(
        "noun.title noun.text noun.caption noun.subtitle noun.lower_third noun.credits noun.cta noun.beginning "
        "noun.ending noun.intro noun.outro verb.add verb.write verb.show verb.want verb.create link. noun.video "
        "scope. noun.font noun.color noun.animation noun.style verb.use noun.position noun.effect verb.animate "
        "verb.start verb.generate noun.genre verb.center says."
    )
    s.add(
        "add_text",
        text=text,
        role=role if role != "subtitle" else "caption",
        position=spot.get("position"),
        **timing,
        **style,
    )
    s.texts_added()
    if anim is not None and s.ops:
        animate(c, s, s.added_targets[0] if role == "text" else {"kind": _kind_of(role)})
    return True


def _for_the_rest(c: Clause, s: State) -> dict[str, float]:
    """``"Gift ideas" for the first 3 seconds, "From 19 €" for the rest``: from where the text before ends."""
    before = s.ops[s.added[-1]] if s.added and s.added[-1] < len(s.ops) else None
    end = getattr(before, "end_s", None)
    made = next((op for op in s.ops if op.op == "compose"), None)
    total = getattr(made, "duration_s", None) if s.composed else s.view.total_s
    if not c.has("scope.others") or end is None or not total or end >= total:
        return {}
    c.use("scope.others")
    return {"start_s": end, "end_s": total}


def _kind_of(role: str) -> str:
    return role if role in {"title", "caption", "subtitle"} else "text"
