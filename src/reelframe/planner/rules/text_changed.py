"""Other words for a text that is there."""

from __future__ import annotations

from reelframe.planner.clauses import Clause
from reelframe.planner.refs import TEXTS, Asked, text_target
from reelframe.planner.rules.restyle import is_styled, restyle
from reelframe.planner.state import State
from reelframe.planner.style import style_slots
from reelframe.planner.wording import (
    names_words,
    payload,
)

__all__ = ["change_text"]


def _old_and_new(c: Clause, s: State) -> bool:
    """``change "Mug" to "Cup" and "Vase" to "Jug"``, "replace the word Mug with 'Cup'": the words of several texts."""
    found = []
    said = {(t.text or "").casefold(): t.text for t in s.view.texts}
    for i, token in enumerate(c.tokens):
        old = said.get(str(token.value if token.has("quote") else token.text).casefold())
        following = [t for t in c.tokens[i + 1 : i + 4] if not t.has("link.filler noun.")]
        if old is not None and len(following) > 1 and following[0].has("says.to") and following[1].has("quote"):
            found.append((old, token, following[1]))
    if not found or (len(found) == 1 and found[0][1].has("quote")):
        return False
    for old, token, new in found:
        token.used = new.used = True
        s.add("set_text", target={"kind": "text", "name": old}, text=str(new.value))
    c.use("noun.", "verb.change", "ref", "link.", "says.", "word")
    return True


def change_text(c: Clause, s: State, noun: str | None) -> bool:
    """Other words, or another look where no words are given; ``noun`` is what it was called, if anything."""
    quotes = c.all("quote")
    if _old_and_new(c, s):
        return True
    if len(quotes) >= 2 and s.view.texts:  # the old words and the new
        old, new = str(quotes[0].value), str(quotes[1].value)
        if "instead of" in c.text or "而不是" in c.text:
            old, new = new, old
        for token in quotes:
            token.used = True
        known = any((t.text or "").casefold() == old.casefold() for t in s.view.texts)
        c.use("noun.", "verb.change")
        return s.add("set_text", target={"kind": "text", "name": old} if known else text_target(c, s, noun), text=new)
    style = (not c.has("quote") and is_styled(c) and not names_words(c)) or c.has(
        "noun.color", "noun.font", "noun.size", "noun.position", "pos.", "anim.", "noun.opacity", "noun.animation"
    )
    text = None if style and not c.has("quote", "says.says") else payload(c)
    if text is not None and noun is not None and not s.view.texts and not s.composed:
        # There is none whose words could change: the words that were given are the new one's.
        c.use("noun.", "verb.change", "verb.make", "verb.set", "link.", "says.")
        s.add(
            "add_text", text=text, role=TEXTS[noun][1] if TEXTS[noun][1] != "subtitle" else "caption", **style_slots(c)
        )
        s.texts_added()
        return True
    if text is not None:
        target = text_target(c, s, noun)
        c.use("noun.", "verb.change", "verb.make", "verb.set", "link.", "says.")
        s.add("set_text", target=target, text=text)
        extra = style_slots(c)
        return s.add("style_text", target=target, **extra) if extra else True
    if style:
        return restyle(c, s, noun)
    if noun is None:
        return False
    target = text_target(c, s, noun)
    c.use("noun.", "verb.change", "ref", "link.")
    s.ask(
        "what_title" if noun == "title" else "what_text",
        half={"op": "set_text", "target": target.model_dump(exclude_none=True)},
        slot="text",
    )
    raise Asked
