"""Typed tokens: what a stretch of the text is, and its value.

First the patterns that carry a value (durations, timecodes, percentages, files, …), then the tables'
phrases, longest first, then plain words; a plain word that is one slip away from a word of the tables is
taken for it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import webcolors

from reelframe.planner.lexicon import lexicon, table
from reelframe.planner.spelling import meant_by
from reelframe.planner.text import QUOTE, Source, normalise
from reelframe.planner.values import MEDIA_EXT, patterns

__all__ = ["MOST", "Token", "tag_set", "tokenise", "with_families"]


@dataclass(slots=True, eq=False)
class Token:
    """A stretch of the text.

    Attributes:
        tags: what it may mean.
        value: its value where it has one: seconds, a share, a colour, a name.
        start: where it begins in the text.
        end: where it ends.
        text: the characters.
    """

    tags: frozenset[str]
    value: Any
    start: int
    end: int
    text: str
    used: bool = field(default=False)

    def __post_init__(self) -> None:
        """The families are added to the tags."""
        self.tags = with_families(self.tags)

    def has(self, *tags: str) -> bool:
        """Whether it carries any of these tags, apart or in one string; ``"verb."`` stands for the whole family."""
        return not self.tags.isdisjoint(tag_set(tags))

    def meaning(self, family: str) -> str | None:
        """What it means in one family: ``look.warm`` → ``warm``."""
        prefix = family + "."
        return min((t[len(prefix) :] for t in self.tags if t.startswith(prefix) and t != prefix), default=None)


@lru_cache(maxsize=8192)
def tag_set(tags: tuple[str, ...]) -> frozenset[str]:
    """Tags that were written apart or several in one string."""
    return frozenset(tag for text in tags for tag in text.split())


@lru_cache(maxsize=8192)
def with_families(tags: frozenset[str]) -> frozenset[str]:
    """The tags, and for each the family it is of: asking for a family is then one look-up."""
    return tags | {tag[: tag.index(".") + 1] for tag in tags if "." in tag}


_WORD: Final = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?|&|[\u3400-\u9fff]|[^\s]")
# An unknown character costs more than any number of pieces that a cut could save.
_UNKNOWN: Final = 10
# Stray quotes and brackets say nothing once the literals are frozen.
_NOISE: Final = frozenset("'\"“”‘’`´()[]{}<>*_^\\@$")
# A request of so many words is read no further.
MOST: Final = 450


def tokenise(source: Source, names: tuple[str, ...] = (), called: Iterable[str] = ()) -> list[Token]:
    """All tokens of a request, in order.

    Args:
        source: the request, normalised.
        names: of the library's files, lower case, with their extensions.
        called: words that stand together because a file is called so ("tea set" in "move the tea set to the front").
    """
    text = source.text
    taken: list[Token] = []
    free = bytearray(len(text) + 1)

    def claim(tag: str, value: Any, start: int, end: int) -> None:  # noqa: ANN401 -- values of all kinds
        if start < end and not any(free[start:end]):
            free[start:end] = b"\1" * (end - start)
            taken.append(Token(frozenset({tag}), value, start, end, text[start:end]))

    for i, char in enumerate(text):
        if QUOTE <= char < chr(ord(QUOTE) + len(source.quotes)):
            literal = source.quotes[ord(char) - ord(QUOTE)]
            is_file = literal.lower() in names or re.fullmatch(rf"[^/\\\n]{{1,80}}\.(?:{MEDIA_EXT})", literal.lower())
            claim("file" if is_file else "quote", literal, i, i + 1)
    for name in sorted(names, key=len, reverse=True):
        # A name is found as it was typed, and typed text has been normalised.
        spelled = _spelled(name)
        if spelled in text:
            for match in re.finditer(rf"(?<![\w]){re.escape(spelled)}(?![\w])", text, re.ASCII):
                claim("file", name, *match.span())
    for kind, pattern, value in patterns():
        for match in pattern.finditer(text):
            claim(kind, value(match), *match.span())
    for words in called:
        if words in text:
            for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
                claim("word", None, *match.span())
    taken.extend(_phrases(source, free))
    return sorted(taken, key=lambda token: token.start)


@lru_cache(maxsize=1024)
def _spelled(name: str) -> str:
    return normalise(name).text


def _is_name(source: Source, start: int) -> bool:
    """A capital inside a sentence: names are never taken for slips."""
    return start > 0 and source.typed[source.places[start]].isupper()


def _phrases(source: Source, free: bytearray) -> Iterator[Token]:
    """The tables' phrases in what no pattern claimed, longest first, from left to right."""
    text = source.text
    words = list(itertools.islice((m for m in _WORD.finditer(text) if not free[m.start()]), MOST))
    lex = lexicon()
    cut = _segmented(text, free)
    i = 0
    while i < len(words):
        start = words[i].start()
        english, width = _english(words, i, free)
        chinese = cut.get(start, "")
        if chinese and (not english or len(chinese) > words[i + width - 1].end() - start):
            end = start + len(chinese)
            yield Token(_with_values(chinese, lex.chinese[chinese]), _value(chinese), start, end, chinese)
            while i < len(words) and words[i].start() < end:
                i += 1
            continue
        if english:
            end = words[i + width - 1].end()
            phrase = text[start:end]
            yield Token(_with_values(phrase, english), _value(phrase), start, end, phrase)
            i += width
            continue
        if words[i][0] not in _NOISE:
            yield _plain(words[i][0], start, name=_is_name(source, start))
        i += 1


def _segmented(text: str, free: bytearray) -> dict[int, str]:
    """Where the Chinese phrases are: the cut with the fewest unknown characters, then the fewest pieces.

    Of equal cuts the one with the longer pieces behind wins, as Chinese puts the head of a phrase last.
    """
    if _beginnings().isdisjoint(text):
        return {}
    lex = lexicon()
    size = len(text)
    cost = [0] * (size + 1)
    piece = [1] * size
    known = [False] * size
    for i in range(size - 1, -1, -1):
        cost[i] = cost[i + 1] + (_UNKNOWN if "\u3400" <= text[i] <= "\u9fff" else 0)
        if free[i]:
            continue
        for width in range(1, min(lex.longest_chinese, size - i) + 1):
            if free[i + width - 1]:
                break
            if text[i : i + width] in lex.chinese and cost[i + width] + 1 < cost[i]:
                cost[i], piece[i], known[i] = cost[i + width] + 1, width, True
    out: dict[int, str] = {}
    i = 0
    while i < size:
        if known[i]:
            out[i] = text[i : i + piece[i]]
        i += piece[i]
    return out


def _english(words: list[re.Match[str]], i: int, free: bytearray) -> tuple[frozenset[str], int]:
    lex = lexicon()
    window: list[str] = []
    for match in words[i : i + 8]:
        if window and (
            any(free[words[i + len(window) - 1].end() : match.start()])
            or match.start() - words[i + len(window) - 1].end() > 1
        ):
            break
        window.append(match[0].replace("’", "'"))
    for width in range(len(window), 0, -1):
        tags = lex.english.get(tuple(window[:width]))
        if tags:
            return tags, width
    # "the music's volume", "clip's": the thing itself.
    owner = window[0].removesuffix("'s")
    tags = lex.english.get((owner,), frozenset())
    # "TikTok's limit" speaks of the limit, and not of a shape.
    return (tags, 1) if owner != window[0] and not any(t.startswith("platform.") for t in tags) else (frozenset(), 0)


def _plain(word: str, start: int, *, name: bool) -> Token:
    end = start + len(word)
    if word in table("en", "numbers")["ordinals"]:
        return Token(frozenset({"ordinal"}), table("en", "numbers")["ordinals"][word], start, end, word)
    if (color := _color(word)) is not None:
        return Token(frozenset({"color"}), color, start, end, word)
    if not name and (meant := meant_by(word)) is not None:
        tags = lexicon().english.get((meant,), frozenset())
        return Token(_with_values(meant, tags), _value(meant), start, end, word)
    return Token(frozenset({"word" if word[0].isalnum() else "mark"}), None, start, end, word)


def _with_values(phrase: str, tags: frozenset[str]) -> frozenset[str]:
    if phrase in table("en", "numbers")["ordinals"]:
        tags = tags | {"ordinal"}
    return tags | {"color"} if _color(phrase) is not None else tags


def _value(phrase: str) -> Any:  # noqa: ANN401 -- a colour or an ordinal
    return table("en", "numbers")["ordinals"].get(phrase) or _color(phrase)


@lru_cache(maxsize=4096)
def _color(word: str) -> str | None:
    """A colour's name as CSS spells it, from English (webcolors) or from the tables."""
    for language in ("en", "zh"):
        for css, phrases in table(language, "colors").items():
            if word in phrases:
                return css
    compact = word.replace(" ", "").replace("grey", "gray")
    try:
        webcolors.name_to_hex(compact)
    except ValueError:
        return None
    return (
        compact
        if compact
        not in {"tan", "snow", "linen", "peru", "plum", "wheat", "tomato", "chocolate", "salmon", "coral", "orchid"}
        else None
    )


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in lexicon().chinese)
