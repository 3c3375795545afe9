"""Words for several shots in one list: ``Mug 12 €, Vase 30 €``, "mug: handmade; vase: new", "€12 on the mug"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from reelframe.planner.called import called, pieces_of
from reelframe.planner.text import QUOTE, Source
from reelframe.planner.tokens import Token
from reelframe.planner.view import View

__all__ = ["Pairs", "paired"]

# The file that a shot shows, and what is to be read over it.
Pairs = tuple[tuple[str, str], ...]

_LONGEST_TEXT: Final = 60
_PRICE: Final = re.compile(
    r"(?:[$€£¥]|\b(?:eur|usd|gbp|cny|rmb))\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥]|(?:eur|usd|gbp|cny|rmb|euros?|dollars?)\b|元|块)"
)
# What may stand between a name and its words; with it the words alone are shown, without it the name as well.
_BETWEEN: Final = r"(?:'s)?\s*(?P<sep>[:=(–—-]|(?:for|at|is|costs|says|should say)\b|[为是卖])?\s*"
_TEXT: Final = rf"(?P<text>[^\s;,()][^;,()]{{0,{_LONGEST_TEXT}}}?(?:,\d[^;,()]{{0,8}}?)?)\s*\)?"
_NEXT: Final = re.compile(rf"{_BETWEEN}{_TEXT}\s*(?:[,;、]|,?\s*\band\b|[和及])\s*(?:(?:the|my)\s+)?")
_LAST: Final = re.compile(
    rf"{_BETWEEN}{_TEXT}\s*(?=[;!?]|\.(?!\d)|,(?!\d)|$|\b(?:at the|in the|in (?:white|black|bold|big|large)|with)\b)"
)
_ON: Final = re.compile(rf"(?P<price>{_PRICE.pattern})\s*(?:on|onto|over|to|for|under)\s+(?:the|my)?\s*$")
_IN_ORDER: Final = re.compile(
    r"(?:依次|分别|换成|改成|写上|标上|配上)[^:,。;]{0,6}:\s*(?P<list>[^,。;、\s]{1,12}(?:、[^,。;、\s]{1,12})+)"
)
_PRICED: Final = re.compile(r"\b(?:prices?|price tags?|labels?|tags?)\b|价|标签")
_TEXTS: Final = "noun.title noun.text noun.caption noun.subtitle noun.lower_third says. verb.write"
# A list of lengths or looks is no list of words: "mug 3 seconds, vase 5 seconds".
_WISHES: Final = "dur t. verb. look. adjust. effect. transition. factor pct noun.volume"


def paired(tokens: list[Token], source: Source, view: View) -> list[Token]:
    """Put a list of names and words into one token, whose value is ``Pairs``; all else is left as it is."""
    named = _names_in(source.text, view)
    in_order = _list_in_order(source, view)
    if len(named) < 2 and in_order is None:  # a list has two
        return tokens
    span, pairs = in_order or _list_of_names(named, source) or _list_of_prices(named, source) or ((0, 0), ())
    if not pairs:
        return tokens
    before = [t for t in tokens if t.end <= span[0]]
    inside = [t for t in tokens if t.start < span[1] and t.end > span[0]]
    said = [t for t in inside if not any(t.start < end and t.end > start for start, end, _ in named)]
    if in_order is None and not _is_words(pairs, source, said, before):
        return tokens
    after = [t for t in tokens if t.start >= span[1]]
    if before and before[-1].has("mark") and before[-1].text in ":-":
        before.pop()
    shown = tuple((name, source.thaw(text)) for name, text in pairs)
    text = source.text[span[0] : span[1]]
    return [*before, Token(frozenset({"pairs"}), shown, *span, text), *after]


def _names_in(text: str, view: View) -> list[tuple[int, int, str]]:
    """Where shots are called by words of their files' names: from, to, file."""
    shown = tuple(m for m in view.library.shots if view.shot_of(m) is not None)
    media = view.shots_to_come if view.empty else shown
    names = _unique_names(tuple((m.name, m.stem) for m in media))
    if names is None:
        return []
    pattern, files = names
    return [(m.start(), m.end(), files[" ".join(pieces_of(m[0]))]) for m in pattern.finditer(text)]


@lru_cache(maxsize=8)
def _unique_names(files: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]] | None:
    """A pattern of all words, side by side, that only one file's name has, and whose they are."""
    owners: dict[tuple[str, ...], set[str]] = {}
    for name, stem in files:
        for words in called(stem):
            owners.setdefault(words, set()).add(name)
    unique = {words: next(iter(names)) for words, names in owners.items() if len(names) == 1}
    if not unique:
        return None
    longest_first = sorted(unique, key=lambda words: -sum(map(len, words)))
    pattern = "|".join(r"\s*".join(re.escape(word) for word in words) for words in longest_first)
    return re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])"), {" ".join(words): name for words, name in unique.items()}


def _list_of_names(named: Sequence[tuple[int, int, str]], source: Source) -> tuple[tuple[int, int], Pairs] | None:
    """``Mug 12 €, Vase 30 €``: the longest run of names, each with its words before the next one."""
    text = source.text
    best: tuple[tuple[int, int], Pairs] | None = None
    for first in range(len(named) - 1):
        pairs: list[tuple[str, str]] = []
        for i in range(first, len(named)):
            start, end, name = named[i]
            following = named[i + 1][0] if i + 1 < len(named) else len(text)
            match = _NEXT.fullmatch(text, end, following)
            last = match is None
            match = match or _LAST.match(text, end)
            if match is None or any(name == other for other, _ in pairs):
                break
            bare = match["sep"] is None and match["text"][0] < QUOTE
            shown_from = start if bare else match.start("text")
            pairs.append((name, _typed(source, shown_from, match.end("text"))))
            if len(pairs) > 1 and (best is None or len(pairs) > len(best[1])):
                best = (named[first][0], match.end()), tuple(pairs)
            if last:
                break
    return best


def _list_in_order(source: Source, view: View) -> tuple[tuple[int, int], Pairs] | None:
    """依次标上:马克杯、花瓶、碗: as many words as there are shots, one for each."""
    match = _IN_ORDER.search(source.text)
    if match is None:
        return None
    shown = [view.library.get(p.segment.media or "") for p in view.shots]
    names = [m.name for m in (view.shots_to_come if view.empty else shown) if m is not None]
    words, at = [], match.start("list")
    for word in match["list"].split("、"):
        words.append(_typed(source, at, at + len(word)))
        at += len(word) + 1
    return (match.span("list"), tuple(zip(names, words, strict=True))) if len(words) == len(names) > 1 else None


def _list_of_prices(named: Sequence[tuple[int, int, str]], source: Source) -> tuple[tuple[int, int], Pairs] | None:
    """``€12 on the mug and €30 on the vase``."""
    found = [(m, end, name) for start, end, name in named if (m := _ON.search(source.text, 0, start))]
    if len(found) < 2:  # a list has two
        return None
    pairs = tuple((name, _typed(source, m.start("price"), m.end("price"))) for m, _, name in found)
    return (found[0][0].start("price"), found[-1][1]), pairs


def _typed(source: Source, start: int, end: int) -> str:
    """As it was typed, with the literals still frozen."""
    return source.typed[source.places[start] : source.places[end]].strip()


def _is_words(pairs: Pairs, source: Source, inside: Sequence[Token], before: Sequence[Token]) -> bool:
    """Whether a list is of words to be read: in quotes, prices, or announced as texts and no wishes."""
    if all(text[0] >= QUOTE and len(text) == 1 for _, text in pairs):
        return True
    if all(_PRICE.search(text.lower()) for _, text in pairs):
        return True
    announced = any(t.has(_TEXTS) for t in before) or _PRICED.search(source.text) is not None
    return announced and not any(t.has(_WISHES) for t in inside)
