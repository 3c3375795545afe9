"""Which script a character belongs to, which scripts join their letters, which characters draw nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

__all__ = [
    "COMMON",
    "CURSIVE",
    "HAN_SCRIPTS",
    "han_language",
    "is_emoji",
    "is_ignorable",
    "script_of",
    "script_runs",
    "sequence_emoji",
]

# ISO 15924 codes (HarfBuzz's names) of the scripts that fonts treat apart.
SCRIPTS: Final = {
    "Latn": "Latin",
    "Grek": "Greek",
    "Cyrl": "Cyrillic",
    "Arab": "Arabic",
    "Hebr": "Hebrew",
    "Hani": "Han",
    "Hira": "Hiragana",
    "Kana": "Katakana",
    "Bopo": "Bopomofo",
    "Hang": "Hangul",
    "Deva": "Devanagari",
    "Beng": "Bengali",
    "Guru": "Gurmukhi",
    "Gujr": "Gujarati",
    "Orya": "Oriya",
    "Taml": "Tamil",
    "Telu": "Telugu",
    "Knda": "Kannada",
    "Mlym": "Malayalam",
    "Sinh": "Sinhala",
    "Thai": "Thai",
    "Laoo": "Lao",
    "Khmr": "Khmer",
    "Mymr": "Myanmar",
    "Tibt": "Tibetan",
    "Geor": "Georgian",
    "Armn": "Armenian",
    "Ethi": "Ethiopic",
    "Syrc": "Syriac",
    "Thaa": "Thaana",
    "Nkoo": "Nko",
    "Mong": "Mongolian",
    "Cher": "Cherokee",
}
# Scripts whose letters touch or carry marks beside them: letter spacing would tear them apart.
CURSIVE: Final = frozenset(
    [
        "Arab",
        "Syrc",
        "Nkoo",
        "Mong",
        "Deva",
        "Beng",
        "Guru",
        "Gujr",
        "Orya",
        "Taml",
        "Telu",
        "Knda",
        "Mlym",
        "Sinh",
        "Tibt",
        "Thai",
        "Laoo",
        "Khmr",
        "Mymr",
    ]
)
COMMON: Final = "Zyyy"
HAN_SCRIPTS: Final = frozenset({"Hani", "Hira", "Kana", "Bopo", "Hang"})

_SCRIPT = regex.compile(
    "|".join(rf"(?P<{code}>\p{{Script={name}}})" for code, name in SCRIPTS.items())
    + r"|(?P<Zyyy>\p{Script=Common}|\p{Script=Inherited})"
)
_IGNORABLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Bidi_Control}]")
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}")
_SEQUENCE = regex.compile(r"\u200d|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u20e3|[\U000e0020-\U000e007f]")
_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}]")
_HANGUL = regex.compile(r"\p{Script=Hangul}")
_BOPOMOFO = regex.compile(r"\p{Script=Bopomofo}")


@lru_cache(maxsize=8192)
def script_of(character: str) -> str:
    """The ISO 15924 code of ``character``'s script; "Zyyy" when it serves several, "Zzzz" when unknown."""
    match = _SCRIPT.match(character)
    return match.lastgroup if match and match.lastgroup else "Zzzz"


def script_runs(text: str) -> list[str]:
    """The script of each character, common ones (spaces, digits, marks) resolved to their neighbour's."""
    codes = [script_of(character) for character in text]
    previous = next((code for code in codes if code != COMMON), "Latn")
    for index, code in enumerate(codes):
        if code == COMMON:
            codes[index] = previous
        else:
            previous = code
    return codes


@lru_cache(maxsize=4096)
def is_ignorable(character: str) -> bool:
    """Whether ``character`` has no picture of its own (joiners, variation selectors, direction marks)."""
    return _IGNORABLE.match(character) is not None


@lru_cache(maxsize=4096)
def is_emoji(grapheme: str) -> bool:
    """Whether ``grapheme`` asks to be drawn as a colour picture."""
    return "\ufe0e" not in grapheme and _EMOJI.search(grapheme) is not None


def sequence_emoji(grapheme: str) -> bool:
    """Whether several characters stand for one picture (flags, families, skin tones, keycaps)."""
    return len(grapheme) > 1 and _SEQUENCE.search(grapheme) is not None


@lru_cache(maxsize=256)
def han_language(text: str) -> str:
    """The language whose shapes the Chinese characters of ``text`` should have, as BCP 47.

    The same code point is drawn differently in Chinese, Japanese and Korean; kana and hangul give it away.
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    return "zh-Hant" if _BOPOMOFO.search(text) else "zh-Hans"
