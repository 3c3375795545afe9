"""The words that a text is to show: in quotes, after "says", after "to", or chosen and said so."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import title_for
from reelframe.planner.refs import TEXTS
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = [
    "CARD_S", "asked_for", "call_to_action", "chose_words", "default_title", "named", "names_words", "payload",
    "trailing", "with_words", "words_of", "written",
]  # fmt: skip

CARD_S: Final = 3.0
_CALLS: Final = {"en": "Learn more", "zh": "了解更多"}
_NOT_TEXT: Final = frozenset({"that", "it", "bigger", "smaller", "something", "else", "different", "more", "a", "the"})
_NAME: Final = re.compile(
    r"\b(?:channel|brand|company|shop|store|business|band|podcast|cafe|restaurant|startup|agency)"
    r"(?: name| called| named)?,? ([A-Z][\w&'’]*(?: [A-Z][\w&'’]*)*)"
)
_FOR: Final = re.compile(r"\bfor ((?!(?:Instagram|TikTok|YouTube|Reels|Facebook)\b)[A-Z][\w'’.]*(?: [A-Z][\w'’.]*)*)")


def words_of(c: Clause) -> str | None:
    """The words to show: in quotes, else what follows "says" and its like."""
    quote = c.value("quote")
    if quote:
        return str(quote)
    token = c.get("says.says")
    if token is not None:
        rest = [t for t in c.tokens if t.start >= token.end]
        rest = rest[: _tail_of(rest)]
        if all(t.has("noun.") for t in rest):
            return None
        text = _clean(c.source.original(token.end, rest[-1].end)) if rest else ""
        if text:
            for other in (token, *rest):
                other.used = True
            return text
    return None


def _tail_of(tokens: list[Any]) -> int:
    """Where the words to show end and their place or time begins: "Open every day | at the end"."""
    where = (
        "pos.",
        "t.",
        "noun.beginning",
        "noun.ending",
        "noun.middle",
        "dur",
        "time",
        "noun.video",
        "link.",
        "color",
        "scope.corner",
        "dir.",
    )
    for n, token in enumerate(tokens):
        starts = token.has("link.at", "link.for", "link.from", "t.", "pos.") or token.text in {"in", "on", "for"}
        if n and starts and all(t.has(*where) or t.text in {"in", "on", "the", "of"} for t in tokens[n + 1 :]):
            return n
    return len(tokens)


def _clean(text: str) -> str:
    text = re.sub(r"^[\s:,:,“\"'「]+|[\s。.;;,,”\"'」]+$", "", text.strip())
    return re.sub(
        r"\s+(at|on|in) the (top|bottom|beginning|start|end|center|middle)"
        r"( of the (screen|video|frame))?$|\s+(please|pls|instead)$",
        "",
        text,
    )


def with_words(c: Clause) -> str | None:
    """``add an intro card with "Our Trip"``: words in quotes right after "with" are those of the thing before it."""
    rest = re.match(r"\s*with\s+(?:the (?:words|text|name|line)\s+)?([\ue000-\uf8ff])", c.source.text[c.end :])
    if rest is None:
        return None
    c.taken = c.end + rest.start(1)
    return c.source.thaw(rest[1])


def written(c: Clause) -> str | None:
    """``write Coming Soon in the middle``: the words right after the verb, up to their place or time."""
    verb = next((n for n, t in enumerate(c.tokens) if t.has("verb.write") and not t.has("noun.")), None)
    if verb is None or verb + 1 >= len(c.tokens):
        return None
    rest = c.tokens[verb + 1 :]
    rest = rest[: _tail_of(rest)]
    typed = c.source.original(rest[0].start, rest[-1].end).strip()
    if rest[0].has("quote says. ref t. pos. mark") or rest[0].has(*(f"noun.{n}" for n in TEXTS)):
        return None
    if rest[0].has("link.filler") or not (typed[:1].isupper() or "\u3400" <= typed[:1] <= "\u9fff"):
        return None
    for t in rest:
        t.used = True
    return _clean(typed) or None


def names_words(c: Clause) -> bool:
    """``change the title to Big News``: what follows is written like a title, whatever its words mean elsewhere."""
    last_noun = max((i for i, t in enumerate(c.tokens) if t.has(*(f"noun.{n}" for n in TEXTS))), default=-1)
    to = next((i for i in range(last_noun + 1, len(c.tokens)) if c.tokens[i].has("says.to")), None)
    if to is None or to + 1 >= len(c.tokens):
        return False
    rest = [t for t in c.tokens[to + 1 :] if not t.has("mark")]
    typed = [c.source.original(t.start, t.end).strip()[:1] for t in rest if not t.has("link.filler sep.and")]
    # One capital alone may be a name of a place or a font: two, or one that no table knows, are words to show.
    strange = any(t.has("word") for t in rest)
    return bool(typed) and all(first.isupper() or first.isdigit() for first in typed) and (len(typed) > 1 or strange)


def payload(c: Clause) -> str | None:
    """The new words in "change the title to Summer Sale", 标题改成夏日大促."""
    words = words_of(c)
    if words is not None:
        return words
    last_noun = max((i for i, t in enumerate(c.tokens) if t.has(*(f"noun.{n}" for n in TEXTS))), default=-1)
    for i in range(len(c.tokens) - 1, last_noun, -1):
        if c.tokens[i].has("says.to") and i + 1 < len(c.tokens):
            first = next(k for k in range(last_noun + 1, i + 1) if c.tokens[k].has("says.to"))
            rest = c.tokens[first + 1 :]
            if rest and (names_words(c) or not _only_style(rest)):
                for t in rest:
                    t.used = True
                return _clean(c.source.original(c.tokens[first].end, c.end)) or None
            return None
    return None


def _only_style(tokens: list[Any]) -> bool:
    style = (
        "color",
        "pos.",
        "dir.",
        "font.",
        "pct",
        "px",
        "t.",
        "dur",
        "time",
        "anim.",
        "noun.",
        "link.",
        "scope.",
        "factor",
        "num",
        "look.",
        "verb.",
        "adjust.",
        "effect.",
        "fade.",
        "ref",
        "mark",
        "hex",
        "word",
        "ordinal",
    )
    named = [t for t in tokens if t.has(*style[:-2]) or t.text in _NOT_TEXT]
    words = [t for t in tokens if t.has("word") and t.text not in _NOT_TEXT]
    capital = any(t.start < len(t.text) for t in words)
    return bool(named) and len(words) <= len(named) and not capital and named[0] is tokens[0]


def trailing(c: Clause) -> str | None:
    """The words right after the noun when they are nothing else: "add a title Golden Hour"."""
    nouns = [i for i, t in enumerate(c.tokens) if t.has(*(f"noun.{n}" for n in TEXTS))]
    if not nouns:
        return None
    rest = c.tokens[nouns[-1] + 1 :]
    rest = rest[: _tail_of(rest)]
    if not rest or rest[0].has(
        "pos. link. t. dur verb. color dir. anim. fade. scope. noun. time says.to sep. ref mark"
    ):
        return None
    typed = c.source.original(rest[0].start, rest[-1].end)
    first = typed.strip()[:1]
    if not (first.isupper() or ("\u3400" <= first <= "\u9fff" and len(typed) >= 2)):
        return None
    for t in rest:
        t.used = True
    return _clean(typed) or None


def call_to_action(s: State) -> str:
    """A neutral call to action, which is said."""
    s.assume("text_default", text=_CALLS[s.language])
    return _CALLS[s.language]


def asked_for(c: Clause, s: State) -> str | None:
    """``asking viewers to follow for more`` → "Follow for more"."""
    token = c.get("says.asks")
    words = c.after(token).strip() if token else ""
    if not words:
        return None
    text = words[:1].upper() + words[1:]
    s.assume("text_default", text=text)
    return text


def named(c: Clause) -> str | None:
    """``for my channel TechWithOwais``: a name that the user gave."""
    typed = c.source.original(c.start, c.source_end)
    match = _NAME.search(typed) or (
        _FOR.search(typed) if c.ever("noun.lower_third", "noun.title", "noun.title_card", "noun.credits") else None
    )
    return match[1] if match else None


def chose_words(s: State, text: str | None) -> bool:
    """Whether words are those that were chosen because none were given; what was said of them is taken back."""
    title, origin = title_for(s)
    if text not in {None, title, _CALLS[s.language]}:
        return False
    s.forget("text_default", text=_CALLS[s.language])
    s.forget("title_neutral", text=title)
    if origin != "neutral":
        s.forget("title_from", text=title, origin=say(s.language, f"title_from_{origin}"))
    return True


def default_title(s: State) -> str:
    """A title from the project or the files, which is said."""
    text, origin = title_for(s)
    if origin == "neutral":
        s.assume("title_neutral", text=text)
    else:
        s.assume("title_from", text=text, origin=say(s.language, f"title_from_{origin}"))
    return text
