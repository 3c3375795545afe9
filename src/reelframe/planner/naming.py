"""Shots called by other than "photo 3": by a part of their file's name, or by a bare number after "swap" and "move"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from reelframe.planner.grammar import Ref
from reelframe.planner.tokens import Token
from reelframe.planner.view import View

__all__ = ["bare_numbers", "named_shots"]

_PIECES: Final = re.compile(r"[a-z]+|[\u3400-\u9fff]")
# A part of a name must be a word, or two Chinese characters.
_SHORTEST: Final = 3
_MOST: Final = 6
_EDITING: Final = (
    "verb.remove verb.move verb.swap verb.keep verb.duplicate verb.trim verb.split verb.show verb.shorten "
    "verb.lengthen verb.rotate verb.flip verb.zoom verb.crop verb.speed_up verb.slow_down verb.freeze verb.add "
    "verb.set verb.hide verb.cut verb.start verb.end verb.change verb.reverse noun.ken_burns"
)
# What follows these is to be read, or is to be recognised: it names no file.
_GIVEN: Final = (
    "noun.music noun.sticker says.says says.asks quote refuse. verb.create verb.generate verb.combine "
    "verb.write verb.add"
)
# Where nothing is taken away, a noun for a text may be followed by its words.
_LITERAL: Final = (
    "noun.title noun.text noun.caption noun.subtitle noun.cta noun.lower_third noun.title_card noun.end_card "
    "noun.credits noun.music noun.sticker says.says says.asks quote refuse. verb.create verb.generate verb.combine "
    "verb.write"
)
_NUMBERED: Final = (
    "noun.title noun.text noun.caption noun.logo noun.music noun.sound noun.volume noun.subtitle noun.speed"
)


def named_shots(tokens: list[Token], view: View) -> list[Token]:
    """``put the tea set first``: words that only one file's name has stand for its shot.

    A file that the timeline does not show becomes an ``absent`` token with the file's name. Requests that give
    words to be read, or that ask for a new video, are left as they are. Where there is no timeline yet, the words
    become ``upload`` tokens: of these files it may be made.
    """
    if view.empty:
        return _replaced(tokens, view, _upload)
    literal = _LITERAL if not any(t.has("verb.remove", "verb.hide") for t in tokens) else _GIVEN
    if not any(t.has(_EDITING) for t in tokens) or any(t.has(literal) for t in tokens):
        return tokens
    return _replaced(tokens, view, _shot)


def _replaced(tokens: list[Token], view: View, make: Callable[[list[Token], str, View], Token]) -> list[Token]:
    pieces = {m.name: _PIECES.findall(m.stem.casefold()) for m in view.library.shots}
    known = {piece for every in pieces.values() for piece in every}
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        begun = _PIECES.findall(tokens[i].text)[:1]
        if not begun or begun[0] not in known:
            # No name can have what begins here: most words of a long request are passed over so.
            out.append(tokens[i])
            i += 1
            continue
        for size in range(min(_MOST, len(tokens) - i), 0, -1):
            group = tokens[i : i + size]
            name = _only(group, pieces)
            if name is not None:
                out.append(make(group, name, view))
                break
        else:
            size = 1
            out.append(tokens[i])
        i += size
    return out


def _only(group: list[Token], pieces: dict[str, list[str]]) -> str | None:
    """The one file whose name has these words side by side."""
    if not any(t.has("word") for t in group) or any(t.has("file", "mark", "sep.", "link.filler") for t in group):
        return None
    words = [piece for t in group for piece in _PIECES.findall(t.text)]
    if not words or " ".join(words) != " ".join(t.text for t in group):
        return None
    if sum(len(w) if w.isascii() else 2 for w in words) < _SHORTEST:
        return None
    size = len(words)
    having = [name for name, all_ in pieces.items() if any(all_[k : k + size] == words for k in range(len(all_)))]
    return having[0] if len(having) == 1 else None


def _upload(group: list[Token], name: str, _: View) -> Token:
    return Token(frozenset({"upload", "word"}), name, group[0].start, group[-1].end, " ".join(t.text for t in group))


def _shot(group: list[Token], name: str, view: View) -> Token:
    media = view.library.by_name(name)
    number = None if media is None else view.shot_of(media)
    text = " ".join(t.text for t in group)
    if number is None:
        return Token(frozenset({"absent"}), name, group[0].start, group[-1].end, text)
    return Token(frozenset({"ref", "noun.photo"}), Ref("photo", (number,)), group[0].start, group[-1].end, text)


def bare_numbers(tokens: list[Token]) -> list[Token]:
    """``swap 1 and 3``, "move 3 to position 1", "move 2 after 4": numbers after these verbs are shots."""
    if any(t.has(_NUMBERED) for t in tokens):
        return tokens
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        out.append(token)
        i += 1
        swapping = token.has("verb.swap")
        if not swapping and not (token.has("verb.move") and not token.has("noun.")):
            continue
        first = _number_from(tokens, i, _BEFORE)
        if first is None or (tokens[first].has("ref") and not swapping):
            continue
        out += [t for t in tokens[i:first] if not t.has("noun.photo", "noun.clip")]
        out.append(_numbered(tokens[first : first + 1]))
        i = first + 1
        second = _number_from(tokens, i, _BETWEEN if swapping else _BESIDE)
        if second is not None and second > i:
            # One token: the word between two shots begins no other wish.
            pair = out.pop()
            words = [] if swapping else [t for t in tokens[i:second] if t.text in _BESIDE]
            out += [_numbered([pair, tokens[second]]), *words]
            i = second + 1
    return out


def _number_from(tokens: list[Token], start: int, skipped: frozenset[str]) -> int | None:
    for n in range(start, len(tokens)):
        token = tokens[n]
        if token.has("ref") or (token.has("num") and float(token.value).is_integer() and token.value > 0):
            return n
        if token.text not in skipped and not token.has("link.filler"):
            return None
    return None


def _numbered(tokens: list[Token]) -> Token:
    numbers = [i for t in tokens for i in (t.value.indexes if t.has("ref") else (int(t.value),))]
    text = " ".join(t.text for t in tokens)
    return Token(frozenset({"ref"}), Ref("", tuple(numbers)), tokens[0].start, tokens[-1].end, text)


_BEFORE: Final = frozenset({"number", "photo", "photos", "clip", "clips", "shot", "the", "把", "#"})
_BETWEEN: Final = frozenset({"with", "and", "&", ",", "for", "和", "与", "跟", "、"})
_BESIDE: Final = frozenset({"after", "before", "之前", "之后", "前面", "后面"})
