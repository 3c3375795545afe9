"""Texts that are taken out, or end sooner."""

from __future__ import annotations

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.refs import TEXTS, over_shots, text_target
from reelframe.planner.state import State

__all__ = ["remove_text"]


def remove_text(c: Clause, s: State, noun: str | None) -> bool:
    """A text goes, or is there until a time; ``noun`` is what it was called, if anything."""
    s.avoid |= (
        {"title", "text"}
        if noun in {"title", "text", None}
        else {noun} | ({"text"} if noun in {"subtitle", "caption"} else set())
    )
    s.whole = s.whole or "negated"
    kind = TEXTS[noun][0] if noun else "text"
    everything = c.has("scope.all")
    words = (
        "noun.title",
        "noun.text",
        "noun.caption",
        "noun.subtitle",
        "noun.lower_third",
        "noun.credits",
        "noun.cta",
        "verb.remove",
        "verb.hide",
        "scope.",
        "noun.it",
        "noun.title_card",
        "noun.end_card",
    )
    if s.composed or s.view.empty:
        c.use(*words)
        return True
    times = c.has("t.at", "t.from", "t.until") or (c.has("dur") and c.has("verb.hide"))
    if times and noun is not None and c.has("verb.last") and (at := c.get("t.at")) is not None:
        # What is on the screen at a time goes; without these words a text is there until then.
        c.use(*words, "t.at", "verb.last")
        return s.add("remove", target={"kind": kind, "at_s": at.value})
    spoken_of = s.last is not None and s.last.kind in {"title", "caption", "subtitle", "text"}
    if times and (noun is not None or spoken_of):
        end = c.value("t.at", "t.from", "t.until", "dur")
        c.use(*words)
        return _until(c, s, noun, end)
    wished = c.verb("remove", "hide")
    if wished and "its" in {t.text for t in c.tokens} and s.ops and s.ops[-1].op == "remove" and s.last is not None:
        # "the cactus and its caption": what is said over a shot goes with it.
        c.use(*words)
        return s.last.kind == "clip"
    if wished and (over := over_shots(c, s, kind)):
        c.use(*words)
        for target in over:
            s.add("remove", target=target)
        return True
    if (
        kind != "text"
        and not s.view.texts_meant(kind)
        and not (kind == "title" and s.view.texts and not any(t.role for t in s.view.texts))
    ):
        c.use(*words)
        if wished:
            s.missing = Target(kind=kind)
        return True
    if not wished and not s.view.texts_meant(kind):
        c.use(*words)
        return True
    quote = c.value("quote")
    end = c.value("t.at", "t.from", "t.until") if quote and c.verb("hide") else None
    if quote and end is not None:
        c.use(*words)
        return s.add("set_timing", target={"kind": "text", "name": quote}, end_s=end)
    if quote:
        c.use(*words)
        return s.add("remove", target={"kind": "text", "name": quote})
    if everything or (
        kind == "text" and noun == "text" and len(s.view.texts) != 1 and not c.has("ref") and s.view.texts
    ):
        c.use(*words)
        return s.add("remove", target={"kind": kind})
    target = text_target(c, s, noun)
    c.use(*words)
    return s.add("remove", target=target)


def _until(c: Clause, s: State, noun: str | None, end_s: float) -> bool:
    """``hide the captions after 20 seconds``: what is there by then ends, what would come after it goes."""
    texts = s.view.texts_meant(TEXTS[noun][0]) if noun is not None else ()
    if len(texts) < 2 or c.has("ref"):  # several
        return s.add("set_timing", target=text_target(c, s, noun), end_s=end_s)
    kind = TEXTS[texts[0].role or "text"][0]
    late = [n for n, text in enumerate(texts, 1) if (text.start_ms or 0) >= end_s * 1000]
    for n, text in enumerate(texts, 1):
        if n not in late and (text.start_ms or 0) + text.duration_ms > end_s * 1000:
            s.add("set_timing", target={"kind": kind, "index": n}, end_s=end_s)
    for n in reversed(late):
        s.add("remove", target={"kind": kind, "index": n})
    return True
