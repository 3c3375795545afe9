"""Cards with a time of their own, and subtitles from a file."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.planner.clauses import Clause
from reelframe.planner.state import State
from reelframe.planner.style import style_slots
from reelframe.planner.wording import (
    CARD_S,
    asked_for,
    call_to_action,
    chose_words,
    default_title,
    named,
    with_words,
    words_of,
)

__all__ = ["card", "completed", "subtitles"]

_SUBTITLE_FILES: Final = re.compile(r"\.(srt|vtt|ass|lrc)$", re.IGNORECASE)

# What stands on a black screen is nothing, until somebody says what.
_EMPTY: Final = frozenset({"black screen", "blank screen", "黑场开头", "黑场结尾", "黑屏开头", "黑屏结尾"})

_CARDS: Final = "noun.title_card noun.end_card noun.intro noun.outro noun.background"
# What stands on a card, and for how long.
_ON_CARD: Final = (
    "color quote noun.logo noun.text noun.title noun.it noun.background verb.sync verb.write says. t.for dur link. "
    "mark dir. scope."
)
_ABOVE: Final = frozenset({"above", "below", "under", "underneath"})


def subtitles(c: Clause, s: State) -> bool:
    """Lines with times, from a file."""
    file = next((t for t in c.all("file") if _SUBTITLE_FILES.search(str(t.value))), None)
    form = next((t for t in c.all("format") if t.value in {"srt", "vtt"}), None)
    # With a subtitle file at hand, subtitles without words of their own are those.
    there = s.view.library.subtitles
    meant = bool(there) and c.has("noun.subtitle") and c.verb("add", "use", "show") and not c.ever("quote", "says.says")
    if (
        file is None
        and not meant
        and not (
            form
            and c.has("noun.subtitle", "noun.caption", "file", "noun.media", "verb.use", "verb.add")
            and not c.verb("export", "create", "generate", "make")
        )
    ):
        return False
    if c.verb("export") and not c.verb("add"):
        return False
    style = style_slots(c)
    c.use(
        "file" if file else "format",
        "format",
        "noun.subtitle",
        "noun.caption",
        "verb.add",
        "verb.use",
        "verb.show",
        "noun.video",
        "noun.font",
        "noun.media",
        "noun.text",
    )
    if file is None and not there:
        return s.ask("ask_subtitles", half={"op": "add_subtitles"}, slot="source", kind="name")
    name = str(file.value) if file else there[-1].name
    if s.view.library.by_name(name) is None:
        s.assume("file_expected", name=name)
    s.add("add_subtitles", source=name)
    if style:
        s.add("style_text", target={"kind": "subtitle"}, **style)
    return True


def card(c: Clause, s: State) -> bool:
    """A card takes time of its own, before or after the shots."""
    noun = c.get("noun.title_card", "noun.end_card")
    ends = c.get("noun.cta") if c.has("noun.ending", "noun.outro", "link.last") else None
    ends = ends or c.get("noun.intro", "noun.outro", "noun.cta")
    adding = c.verb("add", "create", "want", "generate", "end", "start", "use", "make", "show") or (
        not c.own_verb and (not c.inherited or (ends is not None and ends.has("noun.cta")))
    )
    closing = c.has("verb.end", "verb.start") and c.has("quote") and "with" in c.text.replace("以", " with ").split()
    timed = c.has("t.") and not c.has("t.for")
    if closing and not (noun or ends or timed or c.has("noun.title noun.text noun.music noun.logo file")):
        text = words_of(c)
        where = "end" if c.has("verb.end") else "start"
        c.use("verb.end verb.start noun. word link. says.")
        return s.add("intro_outro", where=where, text=text, duration_s=c.value("dur", "t.for") or CARD_S)
    if noun is None and (
        ends is None
        or not adding
        or (c.has("dur") and c.verb("make") and not c.has("quote"))
        or c.has(
            "noun.title", "noun.text", "verb.speed_up", "verb.slow_down", "noun.music", "verb.trim", "dir.", "verb.cut"
        )
    ):
        return False
    if c.verb("remove") or c.negated:
        if noun is not None and not s.view.empty:
            c.use("noun.title_card", "noun.end_card", "verb.remove", "scope.no")
            s.avoid.add("title")
            return s.add("remove", target={"kind": "title"}) if s.view.titles else True
        s.whole = s.whole or "negated"
        c.use("noun.intro", "noun.outro", "scope.no", "noun.title_card", "noun.end_card", "noun.cta")
        return True
    if noun is None and ends is not None and ends.has("noun.cta") and not c.has("noun.ending", "link.last", "verb.end"):
        return False
    last = any(-1 in t.value.indexes for t in c.all("ref"))
    where = (
        "end"
        if last or c.has("noun.end_card", "noun.outro", "noun.ending", "link.last", "verb.end", "noun.cta")
        else "start"
    )
    text = words_of(c) or with_words(c)
    duration = c.value("dur", "t.for", "t.head", "t.tail")
    file = next((t for t in c.all("file")), None)
    media = s.view.library.by_name(str(file.value)) if file else None
    logo = c.get("noun.logo")
    if media is None and logo is not None and s.view.logo_files:
        media = s.view.logo_files[0]
    empty = (noun is not None and noun.text in _EMPTY) or c.has("noun.gap")
    if text is None and media is None and not empty:
        text = asked_for(c, s) or (
            call_to_action(s) if c.has("noun.cta") or _calls(c) else named(c) or default_title(s)
        )
    c.use(
        "noun.title_card noun.end_card noun.intro noun.outro noun.cta noun.beginning noun.ending link. verb.add "
        "verb.create verb.end verb.start noun.text file noun.logo verb.show noun.genre noun.video noun.title "
        "verb.make"
    )
    color = _color_of(c)
    style = style_slots(c)
    name = media.name if media else None
    s.add("intro_outro", where=where, text=text, media=name, duration_s=duration or CARD_S, color=color)
    if style and text is not None:
        s.add("style_text", target={"kind": "title", "index": 1 if where == "start" else -1}, **style)
    return True


def _color_of(c: Clause) -> str | None:
    """``a white card``, "on black", 白底: the colour of the card and not of its words; None for black, as cards are."""
    for before, token, after in zip([None, *c.tokens], c.tokens, [*c.tokens[1:], None], strict=False):
        ground = after is not None and (after.has(_CARDS) or after.text == "底")
        if token.has("color") and (ground or (before is not None and before.text == "on")):
            token.used = True
            if after is not None and (after.has("noun.background") or after.text == "底"):
                after.used = True
            return str(token.value) if token.value != "black" else None
    return None


def completed(c: Clause, s: State) -> bool:
    """``add an end screen | with our logo | and "www.example.com" | for 3 seconds``: what stands on the card."""
    last = s.ops[-1] if s.ops else None
    if last is None or last.op != "intro_outro" or not _completes(c):
        return False
    words, logo = c.get("quote"), c.get("noun.logo")
    chosen = (words is not None or logo is not None) and chose_words(s, getattr(last, "text", None))
    if words is not None and not chosen:
        return False
    more: dict[str, Any] = {"duration_s": c.value("t.for", "dur"), "color": _color_of(c)}
    if logo is not None and s.view.logo_files and getattr(last, "media", None) is None:
        more["media"] = s.view.logo_files[0].name
    more = {k: v for k, v in more.items() if v is not None}
    if chosen:
        # Where no words are given, a logo says enough.
        more["text"] = str(words.value) if words is not None else None
    c.use("quote noun. link. verb. says. color")
    s.ops[-1] = last.model_copy(update=more)
    return True


def _completes(c: Clause) -> bool:
    """Whether a clause is only about what stands on a card: it hangs on the one before, or is nothing but words."""
    if c.negated or c.has("noun.ending noun.beginning t.tail t.head") or not c.has("quote", "noun.logo", "color"):
        return False
    told = c.source.text[: c.start].rstrip().endswith((":", "："))
    alone = all(t.has("quote link. color verb.sync verb.write says.") for t in c.tokens)
    return (c.joined in {"and", "with"} or told or alone) and all(t.has(_ON_CARD) or t.text in _ABOVE for t in c.tokens)


def _calls(c: Clause) -> bool:
    """A closing card that is to make people act."""
    calling = ("cta", "call to action", "促单", "关注", "号召", "下单")
    return any(word in t.text for t in c.all("noun.end_card") for word in calling)
