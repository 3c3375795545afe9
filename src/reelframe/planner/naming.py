"""Shots called by other than "photo 3": by a part of their file's name, or by a bare number after "swap" and "move"."""

from __future__ import annotations

from itertools import takewhile
from typing import Final

from reelframe.planner.called import called, pieces_of
from reelframe.planner.grammar import Ref
from reelframe.planner.tokens import Token
from reelframe.planner.view import View

__all__ = ["bare_numbers", "named_shots"]

# File names, and all that each of them may be called.
_Names = dict[str, frozenset[tuple[str, ...]]]
# 碗那张: what may stand beside one character that names something.
_POINTS: Final = frozenset("那这和与跟及把将给让在只用先再的")
# A shot that was called by its name.
_SHOT: Final = "named_shot"
_AND: Final = frozenset({"and", "&", "和", "与", "跟", "、"})
_MOST: Final = 6
_EDITING: Final = (
    "verb.remove verb.move verb.swap verb.keep verb.duplicate verb.trim verb.split verb.show verb.shorten "
    "verb.lengthen verb.rotate verb.flip verb.zoom verb.crop verb.speed_up verb.slow_down verb.freeze verb.add "
    "verb.set verb.hide verb.cut verb.start verb.end verb.change verb.reverse noun.ken_burns"
)
# What stands right after these is to be read, or to be found: it names no file.
_GIVING: Final = (
    "noun.title noun.text noun.caption noun.subtitle noun.cta noun.lower_third noun.title_card noun.end_card "
    "noun.credits noun.music noun.sticker says.says says.asks quote refuse. verb.write"
)
_MAKING: Final = "verb.create verb.generate verb.combine"
_CHANGING: Final = "verb.change verb.set verb.make verb.turn_into verb.correct"
# "… over the vase": whatever was to be read has ended before them.
_AT: Final = frozenset(
    {"on", "onto", "over", "to", "for", "of", "under", "during", "while", "when", "before", "after", "between", "in"}
    | {"until", "till", "from", "once", "except", "but not", "apart from", "all but"}
    | {"在", "给", "把", "为", "到", "除了"}
)
# "The mug", and not "a mug".
_THE: Final = frozenset({"the", "my", "our", "this", "that", "only", "just"})
# "The summer vibe" is no picture of the summer.
_MANNER: Final = frozenset({"vibe", "vibes", "feel", "feeling", "look", "mood", "style", "theme", "season"})
_NUMBERED: Final = (
    "noun.title noun.text noun.caption noun.logo noun.music noun.sound noun.volume noun.subtitle noun.speed"
)


def named_shots(tokens: list[Token], view: View) -> list[Token]:
    """``put the tea set first``: words that only one file's name has stand for its shot.

    A file that the timeline does not show becomes an ``absent`` token with the file's name. Words that are to be read,
    and those of a request for a new video, are left as they are. Where there is no timeline yet, the words become
    ``upload`` tokens: of these files it may be made.
    """
    names = {m.name: called(m.stem) for m in view.library.shots}
    known = {words[0] for every in names.values() for words in every}
    edits = any(t.has(_EDITING) for t in tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        begun = pieces_of(tokens[i].text)[:1]
        # No name can have what begins here: most words of a long request are passed over so.
        found = _named_here(tokens, i, names) if begun and begun[0] in known else None
        if found is None:
            out.append(tokens[i])
            i += 1
            continue
        name, size = found
        group = tokens[i : i + size]
        if view.empty:
            out.append(_upload(group, name))
        elif _is_read(tokens, i) or not (edits or _is_meant(tokens, i, size)):
            out += group
        else:
            out.append(_shot(group, name, view))
        i += size
    return _joined(out)


def _joined(tokens: list[Token]) -> list[Token]:
    """``the mug and the vase``: two shots that are named side by side are one reference to both."""
    out: list[Token] = []
    for token in tokens:
        words = [t for t in out[-3:] if not t.has("link.filler")]
        if len(words) > 1 and token.has(_SHOT) and words[-2].has(_SHOT) and words[-1].text in _AND:
            at = out.index(words[-2])
            first = out[at]
            del out[at:]
            ref = Ref("photo", first.value.indexes + token.value.indexes)
            token = Token(first.tags | token.tags, ref, first.start, token.end, f"{first.text} {token.text}")  # noqa: PLW2901
        out.append(token)
    return out


def _named_here(tokens: list[Token], i: int, names: _Names) -> tuple[str, int] | None:
    """The file that the words from here name, as many of them as can be, and how many they are."""
    for size in range(min(_MOST, len(tokens) - i), 0, -1):
        name = _only(tokens[i : i + size], names)
        if name is not None and not (size == 1 and _is_part(tokens, i)):
            return name, size
    return None


def _is_part(tokens: list[Token], i: int) -> bool:
    """花 in 花瓶: one character that goes on in its neighbour is another word."""
    if tokens[i].text.isascii() or len(tokens[i].text) > 1:
        return False
    beside = [t for t in tokens[max(0, i - 1) : i] + tokens[i + 1 : i + 2] if t.has("word") and t.text not in _POINTS]
    return any(not t.text.isascii() for t in beside)


def _is_read(tokens: list[Token], i: int) -> bool:
    """Whether words are what a text is to say, or what a new video is to be about."""
    changed = False
    if tokens[i - 1].text in _THE and _quoted_after(tokens[i:]):
        # "caption the mug 'Handmade'": the words to be read are in quotes.
        return False
    for token in reversed(tokens[:i]):
        if token.has("mark", "sep."):
            break
        if token.text in _AT and not (token.text == "to" and any(t.has(_CHANGING) for t in tokens[:i])):
            return False
        changed = changed or token.text == "to"
        if token.has(_GIVING) and (changed or not token.has("quote")):
            return True
    return any(t.has(_MAKING) for t in tokens)


def _quoted_after(tokens: list[Token]) -> bool:
    return any(t.has("quote") for t in takewhile(lambda t: not t.has("mark", "sep."), tokens))


def _is_meant(tokens: list[Token], i: int, size: int) -> bool:
    """Whether the words stand where a shot is spoken of, in a request without a verb for shots."""
    before = tokens[i - 1] if i else None
    following = tokens[i + size] if i + size < len(tokens) else None
    if following is not None and (following.text in _MANNER or following.has("mood.")):
        return False
    if before is None or not tokens[i].text.isascii():
        return True
    return before.text in _THE | _AT or before.has("verb.", "mark", "sep.", "scope.except")


def _only(group: list[Token], names: _Names) -> str | None:
    """The one file that is called so."""
    if not any(t.has("word") for t in group) or any(t.has("file", "mark", "sep.", "link.filler") for t in group):
        return None
    words = tuple(piece for t in group for piece in pieces_of(t.text))
    if not words or " ".join(words) != " ".join(t.text for t in group):
        return None
    having = [name for name, every in names.items() if words in every]
    return having[0] if len(having) == 1 else None


def _upload(group: list[Token], name: str) -> Token:
    return Token(frozenset({"upload", "word"}), name, group[0].start, group[-1].end, " ".join(t.text for t in group))


def _shot(group: list[Token], name: str, view: View) -> Token:
    media = view.library.by_name(name)
    number = None if media is None else view.shot_of(media)
    text = " ".join(t.text for t in group)
    if number is None:
        return Token(frozenset({"absent"}), name, group[0].start, group[-1].end, text)
    return Token(frozenset({"ref", "noun.photo", _SHOT}), Ref("photo", (number,)), group[0].start, group[-1].end, text)


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
