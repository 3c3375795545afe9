"""From what somebody typed to a text that can be read by rules, without losing the way back.

``normalise`` gives a ``Source``: lower case, NFKC, numerals as digits, quoted literals frozen into single
characters that no table knows, so that nothing in quotes is ever read for commands. ``Source.original``
leads from any stretch of it back to the words as they were typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cn2an

from reelframe.planner.lexicon import table

__all__ = ["LIMIT", "QUOTE", "Source", "detect_language", "normalise"]

# Longer requests are read up to here: no sentence of instructions is longer, and planning stays quick.
LIMIT: Final = 2000
# Frozen literals are characters of the private use area, one each; those in the input are dropped.
QUOTE: Final = "\ue000"
_QUOTE_ROOM: Final = 100
_QUOTED: Final = re.compile(
    r'"([^"\n]{1,2000}?)"|“([^”\n]{1,2000}?)”|「([^」]{1,2000}?)」|『([^』]{1,2000}?)』|《([^》]{1,2000}?)》|`{1,3}([^`\n]{1,2000}?)`{1,3}'
    r"|(?<![\w])['‘](?=\S)([^\n]{1,300}?)(?<=\S)['’](?!\w)|«([^»]{1,500}?)»|„([^“”]{1,500}?)[“”]|【([^】]{1,500}?)】"
)
_WIDE_QUOTES: Final = {0xFF02: '"', 0xFF07: "'", 0xFF62: "「", 0xFF63: "」", 0xFF40: "`"}
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_HYPHEN: Final = re.compile(r"(?<=[a-z])-(?=[a-z])")
_DOT: Final = re.compile(r"(?<![\w.])\.(?=otio\b|srt\b|vtt\b)")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_LATIN: Final = re.compile(r"[a-zA-Z]+")

_UNIT_EN: Final = r"(?=[\s-]*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?)\b)"
_HAN_NUMBER: Final = "零〇一二两三四五六七八九十百千"
_HAN_RUN: Final = re.compile(
    rf"百分之(?P<pct>[{_HAN_NUMBER}\d.]+)|第(?P<nth>[{_HAN_NUMBER}]+)|(?P<half>半)(?=个?(?:分钟|小时|秒))"
    rf"|(?P<tenths>[{_HAN_NUMBER}])成(?![为])"
    rf"|(?P<run>[{_HAN_NUMBER}]+(?:点[{_HAN_NUMBER}]+)?)(?P<halfm>分半钟?|秒半)?"
    r"(?=(?P<unit>秒|分钟|分(?![之割成段辨镜开])|小时|倍|张|段|个|条|帧|版|句|度|号|次|步|幅|首|版|支|\d)?)"
)


# 二三段, 一、三两张: two numbers of things, and not twenty-three.
_HAN_PAIR: Final = re.compile(
    r"(?<![第一二三四五六七八九十百千\d])([一二三四五六七八九])([二三四五六七八九])(?:两)?(?=[段张](?!音乐|文字|话))"
)


# 一和三换个位置: shots by their bare numbers.
_HAN_SWAP: Final = re.compile(
    r"(?<![一二三四五六七八九十\d第])([一二三四五六七八九])[和跟与、]([一二三四五六七八九])(?=(?:号)?(?:换|对调|互换|交换|调换|调个|颠倒))"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A request ready to be read.

    Attributes:
        text: what the rules read.
        typed: what was typed, with the literals frozen.
        places: for each character of ``text`` (and its end) its place in ``typed``.
        quotes: the frozen literals.
        cut: whether the end was left unread.
    """

    text: str
    typed: str
    places: tuple[int, ...]
    quotes: tuple[str, ...]
    cut: bool = False

    def original(self, start: int, end: int) -> str:
        """The words as typed between two places of ``text``, literals put back with their quotes off."""
        return self.thaw(self.typed[self.places[start] : self.places[min(end, len(self.text))]])

    def thaw(self, text: str) -> str:
        """Frozen literals put back."""
        return _PRIVATE.sub(lambda m: self.quotes[ord(m[0]) - ord(QUOTE)], text)


# "our shop name Clay & Kiln": a name that is announced needs no quotes.
_CALLED: Final = re.compile(r"(?<= name )((?:[A-Z][\w'’]*)(?: (?:&|and|of|the) [A-Z][\w'’]*| [A-Z][\w'’]*)*)(?![\w'’])")
_PARTED: Final = re.compile(r"[,，。;；!！?？、:：]")


def detect_language(text: str) -> str:
    """``"zh"`` when the words outside quotes are mainly Chinese, else ``"en"``."""
    bare = _QUOTED.sub(" ", text[:LIMIT])
    han, latin = len(_HAN.findall(bare)), len(_LATIN.findall(bare))
    if not han and not latin:
        return "zh" if _HAN.search(text[:LIMIT]) and not _LATIN.search(text[:LIMIT]) else "en"
    return "zh" if han > latin else "en"


def normalise(text: str) -> Source:
    """Freeze what is quoted, then NFKC, digits for numerals, lower case."""
    cut = len(text) > LIMIT
    clean = _PRIVATE.sub("", _CONTROL.sub(" ", text[:LIMIT])).translate(_WIDE_QUOTES)
    quotes: list[str] = []

    def freeze(match: re.Match[str]) -> str:
        if len(quotes) >= _QUOTE_ROOM:
            return match[0]
        literal = next(group for group in match.groups() if group is not None)
        quotes.append(literal.strip() or literal)
        return f" {chr(ord(QUOTE) + len(quotes) - 1)} "

    # What is in quotes is shown as it was typed: a full-width comma stays one.
    typed = unicodedata.normalize("NFKC", _CALLED.sub(freeze, _QUOTED.sub(freeze, clean)))[: 2 * LIMIT]
    working, places = "".join(_lower(c) for c in typed).replace("\n", ";"), list(range(len(typed) + 1))
    working = _HYPHEN.sub(" ", _commas_for_spaces(working))
    # "export as .otio": the dot is the format's, and no end of a sentence.
    working = _DOT.sub(" ", working)
    for pattern, replace in (
        *_english_numbers(),
        (_HAN_SWAP, _han_swap),
        (_HAN_PAIR, _han_pair),
        (_HAN_RUN, _han_number),
    ):
        working, places = _rewrite(working, places, pattern, replace)
    return Source(working, typed, tuple(places), tuple(quotes), cut)


def _commas_for_spaces(text: str) -> str:
    """``25秒 不要logo 淡入淡出``: where nothing else parts them, spaces between Chinese words part the wishes."""
    pieces = text.strip().split(" ")
    if _PARTED.search(text) or len(pieces) < 3 or min(map(len, pieces)) < 3:  # a list of words, none too short
        return text
    if not all(_HAN.search(piece) for piece in pieces):
        return text
    return text.replace(" ", ",")


def _lower(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char


def _rewrite(
    text: str, places: list[int], pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str | None]
) -> tuple[str, list[int]]:
    out: list[str] = []
    where: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        new = replace(match)
        if new is None:
            continue
        start, end = match.span()
        out.append(text[at:start])
        where.extend(places[at:start])
        out.append(new)
        where.extend([places[start]] * len(new))
        at = end
    if not out:
        return text, places
    out.append(text[at:])
    where.extend(places[at:])
    return "".join(out), where


@lru_cache(maxsize=1)
def _english_numbers() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...]:
    words: dict[str, int] = table("en", "numbers")["words"]
    ones = "|".join(w for w, n in words.items() if n < 10) + "|one"
    tens = "|".join(w for w, n in words.items() if n >= 20)
    some = "|".join(words)

    def tens_ones(m: re.Match[str]) -> str:
        return str(words[m[1]] + {**words, "one": 1}[m[2]])

    rules: list[tuple[str, Callable[[re.Match[str]], str | None]]] = [
        (rf"\b({tens})[\s-]+({ones})\b", tens_ones),
        (rf"\b(?:a|one) hundred(?: and ({some}))?\b", lambda m: str(100 + (words[m[1]] if m[1] else 0))),
        (rf"\b({some})\b", lambda m: str(words[m[1]])),
        (r"\bone and a half\b" + _UNIT_EN, lambda _: "1.5"),
        (r"(\d+) and a half\b" + _UNIT_EN, lambda m: f"{m[1]}.5"),
        (r"\b(?:a|one|1) (second|minute|hour) and a half\b", lambda m: f"1.5 {m[1]}s"),
        (r"(\d+) (second|minute|hour)s? and a half\b", lambda m: f"{m[1]}.5 {m[2]}s"),
        (r"\bhalf an? (second|minute|hour)\b", lambda m: f"0.5 {m[1]}s"),
        (r"\b(?:a|one) (?:full|whole) (second|minute)\b(?! (?:photo|clip|shot|one))", lambda m: f"1 {m[1]}"),
        (r" ?(?:[-=]+>|→) ?", lambda _: " to "),
        (r"\bhalf[\s-](second|minute|hour)\b", lambda m: f"0.5 {m[1]}s"),
        (r"\b(?:a )?quarter of a (second|minute)\b", lambda m: f"0.25 {m[1]}s"),
        (r"\b3 quarters of a(?:n)? (second|minute|hour)\b", lambda m: f"0.75 {m[1]}s"),
        (r"\ba couple (?:of )?(?=(?:more )?(?:seconds|secs|minutes|mins|photos|clips)\b)", lambda _: "2 "),
        (r"\b(?:one|an?)" + r"(?=[\s-]+(?:minute|min|hour|sec)s?\b)", lambda _: "1"),
        (
            r"(\d)([\s-]*)(?:secnd|secod|secon|sceond|secound|secend|seocnd|scond)s?\b",
            lambda m: f"{m[1]}{m[2]}seconds",
        ),
        (r"(\d)([\s-]*)(?:minut|mintue|minue|miute|minuite|mintes)s?\b", lambda m: f"{m[1]}{m[2]}minutes"),
        # "2 fewer seconds": the number and its unit side by side.
        (
            r"\b(\d+(?:\.\d+)?) (more|fewer|less|extra|additional) (seconds?|secs?|minutes?|mins?)\b",
            lambda m: f"{m[1]} {m[3]} {m[2]}",
        ),
        (
            r"\b(first|last|final|opening) (second|minute)\b(?! (?:clip|photo|scene|shot|one))",
            lambda m: f"{m[1]} 1 {m[2]}",
        ),
        (r"\bone(?=[\s-]+seconds?\b)", lambda _: "1"),
        (
            (
                r"\b(for|after|every|by|over|in|last|about|adds?|lasts|off|than|within|of|least) a (?=seconds?\b"
                r"(?! (?:copy|one|clip|photo|shot|text|title|logo|time|line|image|picture|video|card)))"
            ),
            lambda m: f"{m[1]} 1 ",
        ),
        # "from second 20 to second 25", "seconds 20 through 25": the unit before its number.
        (
            r"\bseconds? (\d+(?:\.\d+)?) (to|through|thru|until|till|and|-) (?:second )?(\d+(?:\.\d+)?)\b(?! ?s)",
            lambda m: f"{m[1]}s {m[2]} {m[3]}s",
        ),
        (r"\b(at|from|to|after|before|until|by|around) (?:the )?second (\d+)\b", lambda m: f"{m[1]} {m[2]}s"),
        (r"\bat (\d+)(,| and) (\d+) ?(?:seconds|secs?|s)\b", lambda m: f"at {m[1]}s, {m[3]}s"),
        (
            r"\b(clip|scene|photo|shot|segment|part|image|slide|picture|video|section)(s?) one\b",
            lambda m: f"{m[1]}{m[2]} 1",
        ),
    ]
    return tuple((re.compile(pattern, re.ASCII), replace) for pattern, replace in rules)


def _han_swap(m: re.Match[str]) -> str:
    return f"第{_han(m[1])}段和第{_han(m[2])}段"


def _han_pair(m: re.Match[str]) -> str | None:
    unit = m.string[m.end()]
    return f"第{_han(m[1])}{unit}和第{_han(m[2])}" if _han(m[1]) < _han(m[2]) else None


def _han_number(m: re.Match[str]) -> str | None:
    if m["pct"]:
        return f"{_han(m['pct'])}%"
    if m["nth"]:
        return f"第{_han(m['nth'])}"
    if m["half"]:
        return "0.5"
    if m["tenths"]:
        return f"{_han(m['tenths'])}0%"
    run, unit = m["run"], m["unit"]
    if m["halfm"]:
        value = float(_han(run)) + 0.5
        return f"{value:g}{'分钟' if m['halfm'].startswith('分') else '秒'}"
    if unit is None or unit.isdigit():
        return None
    counts_things = unit in "张段个条版句度号次步幅首支帧"
    before = m.string[max(0, m.start() - 2) : m.start()]
    if run in {"一", "零", "千", "百", "十"} and counts_things and not before.endswith(("前", "后", "这", "那")):
        return None
    if run == "一" and unit in {"倍", "帧"}:
        return None
    if run == "一" and counts_things and before.endswith(("这", "那")):
        return None
    return _han(run)


def _han(run: str) -> str:
    if run.replace(".", "").isdigit():
        return run
    try:
        return f"{cn2an.cn2an(run, 'smart'):g}"
    except (ValueError, KeyError, IndexError, TypeError):
        return run
