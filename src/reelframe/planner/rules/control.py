"""Requests to the session itself: undo, redo, help, status, credits, upload."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.refs import clip_target
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["rule"]

_SHORT: Final = 9
_FORBIDS: Final = frozenset({"don't", "dont", "do not", "never", "别", "不要", "勿", "不"})
_TOUCHES: Final = (
    "verb.remove verb.cut verb.trim verb.crop verb.mute verb.touch verb.change verb.move verb.swap verb.shorten "
    "verb.lengthen verb.rotate verb.flip verb.speed_up verb.slow_down verb.split verb.reorder verb.hide"
)
# "Undo everything": more steps than anybody takes; whoever runs the session stops at the beginning.
_ALL: Final = 1000


def rule(c: Clause, s: State) -> bool:
    """Undo and redo, and what asks rather than edits."""
    if _leave_alone(c) and c.has("verb.crop"):
        # "9:16, but don't crop the photos": whole, on a blurred picture of themselves.
        for token in c.tokens:
            token.used = True
        shaped = next((i for i, op in enumerate(s.ops) if op.op == "set_aspect"), None)
        if shaped is not None:
            s.ops[shaped] = s.ops[shaped].model_copy(update={"fit": "blur"})
            return True
        return s.add("set_background", blur=True)
    if _leave_alone(c):
        s.whole = s.whole or "kept"
        s.assume("left_alone")
        for token in c.tokens:
            token.used = True
        return True
    if (
        c.has("ctl.vague")
        and not any(
            t.has("noun.") and not t.has("noun.it", "noun.video", "noun.clip", "noun.effect") for t in c.all("noun.")
        )
        and not c.has("dur", "t.", "ref", "platform.", "aspect", "mood.")
    ):
        s.vague = True
        for token in c.tokens:
            token.used = True
        return True
    if _only_better(c):
        s.vague = True
        for token in c.tokens:
            token.used = True
        return True
    if c.has("ctl.redo") and not c.has("noun.title", "noun.text", "noun.music"):
        c.use("ctl.", "verb.", "noun.", "num", "dir.", "link.", "ref")
        return s.add("redo", count=_count(c))
    reset = c.get("ctl.undo")
    if reset is not None and reset.text.startswith(("reset", "恢复", "还原")) and c.has("ref"):
        target = clip_target(c, s)
        c.use("ctl.undo", "noun.clip")
        s.add("look", target=target, name="none")
        return s.add("effect", target=target, name="none")
    if c.has("ctl.undo") and c.has("noun.effect", "effect.") and c.has("ref"):
        c.use("ctl.undo", "noun.effect", "effect.")
        return s.add("effect", target=clip_target(c, s), name="none")
    if c.has("ctl.export_again") and not c.has("verb.export", "verb.add"):
        c.use("ctl.", "verb.", "noun.video")
        return s.add("export")
    if _undo(c):
        count = _count(c)
        c.use("ctl.", "verb.", "noun.", "num", "dir.", "link.", "ref", "scope.", "t.from", "dur")
        return s.add("undo", count=count)
    if c.has("ctl.credits") and not c.has("noun.credits", "verb.add"):
        c.use("ctl.", "verb.", "noun.", "dir.")
        return s.add("credits")
    if c.has("ctl.status") and not c.has("verb.add", "verb.remove", "verb.change", "noun.sticker", "noun.gap"):
        c.use("ctl.", "verb.", "noun.", "scope.", "dir.")
        return s.add("status")
    short = len(c.tokens) <= _SHORT and not c.has("file quote verb.export dir. dur num pct t.")
    if c.has("ctl.preview") and short and not s.beginning:
        c.use("ctl.", "verb.", "noun.", "word")
        return s.refuse(c.said or c.text, "out_of_scope", say(s.language, "nearest_preview"))
    asked = c.get("ctl.help")
    # A lone "help" asks; "help me cut this" does not.
    most = 2 if asked is not None and asked.text == "help" else _SHORT
    if asked is not None and not c.has("file", "quote") and len(c.tokens) <= most:
        c.use("ctl.", "verb.", "noun.")
        return s.add("help")
    if (
        c.has("ctl.upload")
        and not c.has("ref", "file", "platform.")
        and not s.composed
        and not c.has("refuse.out_of_scope")
    ):
        c.use("ctl.", "verb.", "noun.", "dir.", "scope.")
        return s.add("upload")
    if (
        c.has("ctl.greeting")
        and len([t for t in c.tokens if t.has("word")]) <= _SHORT // 2
        and not c.has("verb.", "noun.", "dir.")
    ):
        c.use("ctl.", "word")
        s.whole = s.whole or "greeting"
        return True
    return False


def _only_better(c: Clause) -> bool:
    """``make it look more premium``: "more" and a word that no rule knows say how it should feel, not what to do."""
    if c.has("dur", "t.", "ref", "pct", "quote", "num") or not c.has("noun.it", "noun.video"):
        return False
    things = c.all("noun.")
    return all(t.has("noun.it", "noun.video", "noun.filter", "noun.style") for t in things) and any(
        a.text in {"more", "less", "so", "very"} and b.has("word") and b.text.isalpha() for a, b in pairwise(c.tokens)
    )


def _leave_alone(c: Clause) -> bool:
    """``don't cut the first 5 seconds``, 别删标题: what must not be done right after the word that forbids it."""
    if c.has("verb.fit"):
        return False
    return any(
        no.has("scope.no") and no.text in _FORBIDS and verb.has(_TOUCHES) and not verb.has("verb.add")
        for no, verb in pairwise(c.tokens)
    )


def _undo(c: Clause) -> bool:
    token = c.get("ctl.undo")
    if token is None:
        return False
    if c.has("noun.effect", "noun.transition", "noun.filter", "look.", "effect.") and c.has("ref", "scope.all"):
        return False
    if token.text.startswith("reset") and c.has(
        "ref", "noun.clip", "noun.title", "noun.music", "noun.logo", "noun.volume", "noun.sound", "noun.speed"
    ):
        return False
    if token.text in {"go back", "restore", "cancel that"} and c.has("ref", "t.at", "quote"):
        return False
    return not (token.text == "never mind" and c.has("verb.add", "verb.make"))


def _count(c: Clause) -> int | None:
    for token in c.tokens:
        if token.has("num"):
            return int(token.value)
        if token.has("ref") and len(token.value.indexes) > 1:
            return len(token.value.indexes)
    if c.has("scope.both"):
        return 2
    return (
        _ALL if c.has("scope.all") or any(w in c.text for w in ("everything", "reset", "start over", "全部")) else None
    )
