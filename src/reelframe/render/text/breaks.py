"""Where a line may end, and how gladly.

A practical part of the Unicode line breaking algorithm (UAX #14) with what titles need on top: a number stays
with its unit and a currency sign with its amount, and a line does not end in a lonely "the". Chinese and
Japanese follow the basic prohibitions (kinsoku, after JIS X 4051 and GB/T 15834), and they and Thai, which are
written without spaces, break between words as BudouX tells them apart. Lao, Khmer and Burmese would need a
dictionary: they break at spaces, and between syllables only when a line would not fit otherwise.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal

import budoux
import regex

from .scripts import is_emoji, script_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AFTER_NUMBER", "RELUCTANT", "break_penalties"]

# Penalties are compared with squared differences of line lengths in units of the full line.
FREE: Final = 0.0
AFTER_HYPHEN: Final = 0.10
AFTER_SLASH: Final = 0.20
AFTER_LITTLE_WORD: Final = 0.05
# "12 | pieces": no unit, but said in one breath.
AFTER_NUMBER: Final = 0.5
BETWEEN_EMOJI: Final = 0.02
AFTER_CLAUSE: Final = -0.03
# Within a Chinese or Japanese word: it may be, and nobody likes it.
WITHIN_WORD: Final = 0.2
# From here on a break is bad enough to shrink the text rather than to take it.
RELUCTANT: Final = 1.0

_UNITS = (
    "kg|g|mg|lbs?|oz|t|km|m|cm|mm|mi|ft|in|yd|ml|cl|dl|l|L|h|hrs?|min|mins|s|sec|secs|ms|days?|weeks?|months?|years?"
    "|W|kW|kWh|V|A|mAh|Hz|kHz|MHz|GHz|bit|KB|MB|GB|TB|px|MP|dpi|fps|°C|°F|°|K|%|‰|x|×|pcs|pts?|bpm"
    "|million|billion|thousand|mio|mrd|Mio\\.?|Mrd\\.?|am|pm|a\\.m\\.|p\\.m\\.|AM|PM|Uhr|off|OFF"
    "|USD|EUR|GBP|JPY|CNY|RMB|CHF|INR|元|円|原|원|万|億|亿"
)
_GLUED = regex.compile(
    rf"""
    (?:\p{{Sc}}|(?:US|A|C|HK|NT|R)\$|USD|EUR|GBP|CHF|CNY|RMB|INR|No\.|Nr\.|Nº|№|\#|§)[ ]\d    # $ 5, No. 1
    | \d(?:[\ ]\d{{3}})+(?!\d)                                                                # 1 299 000
    | \d[\ ](?:{_UNITS}|\p{{Sc}})(?![\p{{L}}\p{{N}}])                                         # 10 kg, 5 €
    | (?<=\d)(?:{_UNITS}|\p{{Sc}})(?![\p{{Latin}}\p{{N}}])                                    # 10kg, 299元
    | \d[-–—/:.,×x]\d                                                                         # 2024-25, 16:9
    """,
    regex.VERBOSE,
)
_TOKEN = regex.compile(r"\S+")
_ADDRESS = regex.compile(r"^(?:https?://|www\.)|\w@\w|\.(?:com|org|net|io|co|cn|de|app|shop)(?=$|[/?#:.,!)])")
_NO_START = frozenset(
    "、。，．・：；？！‥…—ー々〻ヽヾゝゞ’”»›）〉》」』】〕〗〙｝］)]}!?,.;:%‰℃°·～〜"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ％¢"
)
_NO_END = frozenset("‘“«‹（〈《「『【〔〖〘｛［([{$£¥￥€₹＄￡#＃@№")
_CLAUSE = frozenset("，。、；：！？,.;:!?—–)）」』】》")
_GLUE = frozenset("\u00a0\u202f\u2060\u2007\ufeff")
_LITTLE: Final = frozenset(
    regex.findall(
        r"\S+",
        """a an the of to in on at by for and or & with from as is no your our my
        de la le les des du et un une der die das den und im am zu mit für von ein eine el los las y en con para
        il lo e di da per и в на с по к у о за""",
    )
)
_WIDE = frozenset({"Hani", "Hira", "Kana", "Bopo"})
_KANA = frozenset({"Hira", "Kana"})
_THAI = regex.compile(r"\p{Thai}+")
_SYLLABIC = frozenset({"Thai", "Laoo", "Khmr", "Mymr", "Tibt"})
# Chinese particles belong to what stands before them; for BudouX they are words of their own.
_PARTICLES = frozenset("的了吗呢吧着过们地得啊呀嘛")
_THAI_LEADING = frozenset("เแโใไເແໂໃໄ")
_THAI_TRAILING = frozenset("ะาำๅๆฯะາຳໆຯ")


def break_penalties(text: str, starts: Sequence[int]) -> list[float | None]:
    """What ending a line after each grapheme costs; None where no line may end.

    Args:
        text: a paragraph.
        starts: the index of each grapheme's first character, then the text's length.
    """
    bound, words = _bound(text), _words(text)
    count = len(starts) - 1
    result: list[float | None] = []
    for index in range(count - 1):
        border = starts[index + 1]
        if border in bound:
            result.append(None)
            continue
        here = text[starts[index] : border]
        after = text[border : starts[index + 2]]
        result.append(_penalty(text, border, here, after, words))
    return [*result, FREE]


def _bound(text: str) -> set[int]:
    """Places (indexes of the character behind them) inside numbers with units, prices and addresses."""
    inside: set[int] = set()
    place = 0
    while (match := _GLUED.search(text, place)) is not None:
        start, end = match.span()
        # A unit that follows its number directly binds the border before it.
        inside.update(range(start if start and text[start - 1].isdigit() else start + 1, end))
        # The last digit may be the first of the next pair ("1 299 €").
        place = max(end - 1, start + 1)
    for token in _TOKEN.finditer(text):
        if _ADDRESS.search(token[0]):
            inside.update(range(token.start() + 1, token.end()))
    return inside


def _words(text: str) -> frozenset[int]:
    """Where words begin in Chinese, Japanese and Thai: indexes of their first characters."""
    scripts = {script_of(char) for char in text}
    borders: set[int] = set()
    if scripts & _WIDE:
        borders |= _borders("japanese" if scripts & _KANA else "chinese", text)
    if "Thai" in scripts:
        for run in _THAI.finditer(text):
            borders |= {run.start() + border for border in _borders("thai", run[0])}
    return frozenset(border for border in borders if text[border] not in _PARTICLES)


def _borders(language: Literal["chinese", "japanese", "thai"], text: str) -> frozenset[int]:
    place, found = 0, set()
    for word in _parser(language).parse(text):
        found.add(place)
        place += len(word)
    return frozenset(found)


@cache
def _parser(language: Literal["chinese", "japanese", "thai"]) -> budoux.Parser:
    match language:
        case "chinese":
            return budoux.load_default_simplified_chinese_parser()
        case "japanese":
            return budoux.load_default_japanese_parser()
        case "thai":
            return budoux.load_default_thai_parser()


def _penalty(text: str, border: int, here: str, after: str, words: frozenset[int]) -> float | None:  # noqa: PLR0911 -- one rule each
    first, last = after[0], here[-1]
    if here == "\u200b":
        return FREE
    if here[0] in _GLUE or first in _GLUE or first.isspace() or first == "\u200b":
        return None
    if here.isspace():
        if first in "!?:;»%":
            return None  # French sets a space before these
        word = text[text.rfind(" ", 0, border - 1) + 1 : border - 1]
        if word[-1:].isdigit() and first.isalpha():
            return AFTER_NUMBER
        little = word.lower() in _LITTLE
        return AFTER_LITTLE_WORD if little else _after_clause(text, border)
    if first in _NO_START or last in _NO_END:
        return None
    if last in "-‐–—/":
        letters = border > 1 and text[border - 2].isalpha() and first.isalpha()
        return (AFTER_SLASH if last == "/" else AFTER_HYPHEN) if letters else None
    return _between_scripts(here, after, word=border in words)


def _after_clause(text: str, border: int) -> float:
    return AFTER_CLAUSE if border > 1 and text[border - 2] in _CLAUSE else FREE


def _between_scripts(here: str, after: str, *, word: bool) -> float | None:
    left, right = script_of(here[0]), script_of(after[0])
    if left in _WIDE or right in _WIDE or here[-1] in "，。、；：！？）」』】》" or after[0] in "（「『【《":
        between = FREE if word else WITHIN_WORD
        return AFTER_CLAUSE if here[-1] in _CLAUSE else between
    if is_emoji(here) and is_emoji(after):
        return BETWEEN_EMOJI
    if left == right == "Hang":
        return RELUCTANT
    if left == right and left in _SYLLABIC:
        if word:
            return FREE
        free = after[0] not in _THAI_TRAILING and here[0] not in _THAI_LEADING
        return RELUCTANT if free else None
    return None
