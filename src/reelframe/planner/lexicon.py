"""The tables of words, read once: ``words/<language>/<family>.toml``, each line a meaning and its phrases.

A phrase that stands under several meanings carries them all as tags (``"verb.cut"``, ``"transition.cut"``);
the rules decide by what stands around it. Both languages are always loaded: people mix them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

__all__ = ["Lexicon", "inflected", "lexicon", "table"]

_FAMILIES: Final = {
    "verbs": "verb", "nouns": "noun", "looks": "look", "moods": "mood", "effects": "effect",
    "transitions": "transition", "positions": "pos", "platforms": "platform", "anims": "anim",
    "adjust": "adjust", "directions": "dir", "scope": "scope", "control": "ctl", "refuse": "refuse",
    "fades": "fade", "links": "link", "sounds": "sfx", "colors": "color",
    "seps": "sep", "fonts": "font", "says": "says", "textlooks": "tlook",
}  # fmt: skip
_WORD: Final = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[^\sa-z0-9]")
_VOWELS: Final = "aeiou"
_LONGEST: Final = 8


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases to tags: English by its words, Chinese (and mixed) by its characters."""

    english: dict[tuple[str, ...], frozenset[str]]
    chinese: dict[str, frozenset[str]]
    longest_chinese: int
    words: frozenset[str]


@cache
def table(language: str, name: str) -> dict[str, Any]:
    """One table as it stands in its file; empty when the language has none of that name."""
    path = files("reelframe.planner").joinpath("words", language, f"{name}.toml")
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def inflected(family: str, phrase: str) -> Iterator[tuple[str, ...]]:
    """The phrase and the forms that English makes of it: plurals of nouns, -s -ed -ing of verbs."""
    words = tuple(_WORD.findall(phrase.replace("-", " ")))
    if not words:
        return
    yield words
    if not all(word.isascii() for word in words):
        return
    if family in {"noun", "transition", "effect"} and words[-1].isalpha():
        yield (*words[:-1], _plural(words[-1]))
    elif family == "verb" and words[0].isalpha() and words[0] not in {"i", "i'd", "need", "without"}:
        for form in _verb_forms(words[0]):
            yield (form, *words[1:])


def _degrees(family: str, phrase: str) -> Iterator[str]:
    """欢快 → 欢快点, 欢快一点, 欢快些: a Chinese quality and how it is asked for with a little more of it."""
    yield phrase
    if family in {"mood", "look"} and len(phrase) > 1 and phrase[-1] not in "点些曲乐":
        yield from (phrase + more for more in ("点", "一点", "些", "一些"))


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def _verb_forms(word: str) -> Iterator[str]:
    if word.endswith("e") and not word.endswith("ee"):
        stem = word[:-1]
        yield from (word + "s", stem + "ed", stem + "ing")
        return
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        yield from (word[:-1] + "ies", word[:-1] + "ied", word + "ing")
        return
    yield from (_plural(word) if word.endswith(("s", "x", "ch", "sh")) else word + "s", word + "ed", word + "ing")
    if len(word) > 2 and word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS:
        yield from (word + word[-1] + "ed", word + word[-1] + "ing")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """All tables of both languages as two dictionaries."""
    english: dict[tuple[str, ...], set[str]] = {}
    chinese: dict[str, set[str]] = {}
    for language in ("en", "zh"):
        for name, family in _FAMILIES.items():
            for meaning, phrases in table(language, name).items():
                tag = f"{family}.{meaning}"
                for phrase in phrases:
                    if phrase.isascii():
                        for words in inflected(family, phrase.lower()):
                            english.setdefault(words[:_LONGEST], set()).add(tag)
                    else:
                        for form in _degrees(family, phrase.lower()):
                            chinese.setdefault(form, set()).add(tag)
    known = {word for words in english for word in words}
    return Lexicon(
        {words: frozenset(tags) for words, tags in english.items()},
        {phrase: frozenset(tags) for phrase, tags in chinese.items()},
        max(map(len, chinese)),
        frozenset(known),
    )
