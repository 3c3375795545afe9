"""The Unicode bidirectional algorithm (UAX #9): which way each character of a paragraph runs.

All rules are here, with isolates (X5a-X6a) and paired brackets (N0), because titles mix scripts with brackets,
prices and Latin brand names. The rules are named as in the standard, https://www.unicode.org/reports/tr9/.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["embedding_levels", "line_levels", "visual_order"]

MAX_DEPTH: Final = 125
MAX_BRACKETS: Final = 63
ISOLATE_STARTS: Final = frozenset({"LRI", "RLI", "FSI"})
EMBEDDINGS: Final = {"LRE": 0, "RLE": 1, "LRO": 0, "RLO": 1}
REMOVED: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "BN"})
NEUTRAL: Final = frozenset({"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"})
TRAILING: Final = frozenset({"WS", "LRI", "RLI", "FSI", "PDI"}) | REMOVED


@dataclass(slots=True)
class _Sequence:
    """An isolating run sequence (BD13): the indexes of its characters and what stands around it."""

    indexes: list[int]
    level: int
    start: str
    end: str


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


def _classes(text: str) -> list[str]:
    return [unicodedata.bidirectional(character) or "L" for character in text]


def _matches(classes: Sequence[str]) -> dict[int, int]:
    """BD9: the index of each isolate initiator to that of its PDI."""
    found: dict[int, int] = {}
    open_at: list[int] = []
    for index, name in enumerate(classes):
        if name in ISOLATE_STARTS:
            open_at.append(index)
        elif name == "PDI" and open_at:
            found[open_at.pop()] = index
    return found


def _first_strong(classes: Sequence[str], matches: dict[int, int], start: int, end: int) -> int:
    """P2 and P3: 1 when the first strong character is right-to-left, else 0."""
    index = start
    while index < end:
        name = classes[index]
        if name in {"L", "R", "AL"}:
            return int(name != "L")
        index = matches.get(index, end) if name in ISOLATE_STARTS else index + 1
    return 0


def _explicit(  # noqa: C901, PLR0912 -- the rules of the standard, in its order
    classes: list[str], matches: dict[int, int], base: int
) -> tuple[list[int], list[str]]:
    """X1 to X8: levels from embeddings, overrides and isolates, and the classes after overrides."""
    levels = [base] * len(classes)
    names = list(classes)
    stack: list[tuple[int, str | None, bool]] = [(base, None, False)]
    lost_isolates = lost_embeddings = open_isolates = 0
    for index, name in enumerate(classes):
        level, override, _ = stack[-1]
        if name in EMBEDDINGS:
            levels[index] = level
            deeper = _deeper(level, EMBEDDINGS[name])
            if deeper <= MAX_DEPTH and not lost_isolates and not lost_embeddings:
                forced = _direction(EMBEDDINGS[name]) if name.endswith("O") else None
                stack.append((deeper, forced, False))
            elif not lost_isolates:
                lost_embeddings += 1
            continue
        if name == "PDF":
            if not lost_isolates:
                if lost_embeddings:
                    lost_embeddings -= 1
                elif not stack[-1][2] and len(stack) > 1:
                    stack.pop()
            levels[index] = stack[-1][0]
            continue
        if name == "PDI":
            if lost_isolates:
                lost_isolates -= 1
            elif open_isolates:
                lost_embeddings = 0
                while not stack[-1][2]:
                    stack.pop()
                stack.pop()
                open_isolates -= 1
            level, override, _ = stack[-1]
        levels[index] = base if name == "B" else level
        if override and name not in {"B", "BN"}:
            names[index] = override
        if name in ISOLATE_STARTS:
            if name == "FSI":
                end = matches.get(index, len(classes))
                odd = _first_strong(classes, matches, index + 1, end)
            else:
                odd = int(name == "RLI")
            deeper = _deeper(level, odd)
            if deeper <= MAX_DEPTH and not lost_isolates and not lost_embeddings:
                open_isolates += 1
                stack.append((deeper, None, True))
            else:
                lost_isolates += 1
    return levels, names


def _deeper(level: int, odd: int) -> int:
    return level + 1 if (level + 1) % 2 == odd else level + 2


def _sequences(classes: Sequence[str], levels: Sequence[int], matches: dict[int, int], base: int) -> list[_Sequence]:
    """X10: the isolating run sequences, without the characters that X9 removes."""
    kept = [index for index, name in enumerate(classes) if name not in REMOVED]
    runs: list[list[int]] = []
    for index in kept:
        if runs and levels[runs[-1][-1]] == levels[index]:
            runs[-1].append(index)
        else:
            runs.append([index])
    by_start = {run[0]: run for run in runs}
    closing = set(matches.values())
    order = {index: place for place, index in enumerate(kept)}
    result: list[_Sequence] = []
    for run in runs:
        if classes[run[0]] == "PDI" and run[0] in closing:
            continue
        indexes = list(run)
        while indexes[-1] in matches and matches[indexes[-1]] in by_start:
            indexes += by_start[matches[indexes[-1]]]
        level = levels[indexes[0]]
        before = order[indexes[0]]
        previous = levels[kept[before - 1]] if before else base
        last = indexes[-1]
        after = order[last] + 1
        open_ended = classes[last] in ISOLATE_STARTS and last not in matches
        following = base if open_ended or after >= len(kept) else levels[kept[after]]
        result.append(
            _Sequence(
                indexes,
                level,
                _direction(max(level, previous)),
                _direction(max(level, following)),
            )
        )
    return result


def _weak(names: list[str], sequence: _Sequence) -> None:  # noqa: C901, PLR0912 -- the rules of the standard, in its order
    """W1 to W7, in place."""
    spots = sequence.indexes
    previous = sequence.start
    for index in spots:  # W1
        if names[index] == "NSM":
            names[index] = "ON" if previous in ISOLATE_STARTS or previous == "PDI" else previous
        previous = names[index]
    strong = sequence.start
    for index in spots:  # W2, W3
        if names[index] in {"L", "R", "AL"}:
            strong = names[index]
        elif names[index] == "EN" and strong == "AL":
            names[index] = "AN"
        if names[index] == "AL":
            names[index] = "R"
    for place in range(1, len(spots) - 1):  # W4
        name, left, right = (names[spots[place + step]] for step in (0, -1, 1))
        if left == right and ((name in {"ES", "CS"} and left == "EN") or (name == "CS" and left == "AN")):
            names[spots[place]] = left
    place = 0
    while place < len(spots):  # W5
        end = place
        while end < len(spots) and names[spots[end]] == "ET":
            end += 1
        if end > place:
            beside = {names[spots[place - 1]]} if place else set()
            if end < len(spots):
                beside.add(names[spots[end]])
            if "EN" in beside:
                for index in spots[place:end]:
                    names[index] = "EN"
        place = max(end, place + 1)
    strong = sequence.start
    for index in spots:  # W6, W7
        if names[index] in {"ES", "ET", "CS"}:
            names[index] = "ON"
        elif names[index] in {"L", "R"}:
            strong = names[index]
        elif names[index] == "EN" and strong == "L":
            names[index] = "L"


def _canonical(character: str) -> str:
    """The bracket that stands for ``character``: the angle brackets of two blocks are one pair."""
    composed = unicodedata.normalize("NFC", character)
    # A few symbols fall apart into two characters; none of them is a bracket.
    return composed if len(composed) == 1 else character


@lru_cache(maxsize=512)
def _bracket(character: str) -> tuple[str, str] | None:
    """("open" or "close", the closing bracket) of a paired bracket, canonically equal ones unified."""
    character = _canonical(character)
    kind = unicodedata.category(character)
    if kind not in {"Ps", "Pe"} or not unicodedata.mirrored(character):
        return None
    if kind == "Pe":
        return "close", character
    # In Unicode a closing bracket stands one or two places behind its opening one.
    for step in (1, 2):
        other = chr(ord(character) + step)
        if unicodedata.category(other) == "Pe":
            return "open", _canonical(other)
    return None


def _brackets(  # noqa: C901, PLR0912 -- the rules of the standard, in its order
    text: str, names: list[str], sequence: _Sequence, marks: Sequence[str]
) -> None:
    """N0: both brackets of a pair run the same way, in place. ``marks`` are the original classes."""
    spots = sequence.indexes
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, index in enumerate(spots):
        pair = _bracket(text[index]) if names[index] == "ON" else None
        if pair is None:
            continue
        if pair[0] == "open":
            if len(waiting) == MAX_BRACKETS:
                return
            waiting.append((pair[1], place))
            continue
        for depth in range(len(waiting) - 1, -1, -1):
            if waiting[depth][0] == pair[1]:
                pairs.append((waiting[depth][1], place))
                del waiting[depth:]
                break
    own = _direction(sequence.level)
    for start, end in sorted(pairs):
        inside = {_strong(names[spots[place]]) for place in range(start + 1, end)} - {None}
        if own in inside:
            chosen = own
        elif inside:
            before = (_strong(names[spots[place]]) for place in range(start - 1, -1, -1))
            chosen = next((name for name in before if name), sequence.start)
        else:
            continue
        for place in (start, end):
            names[spots[place]] = chosen
            for follower in spots[place + 1 :]:
                if marks[follower] != "NSM":
                    break
                names[follower] = chosen


def _strong(name: str) -> str | None:
    if name == "L":
        return "L"
    return "R" if name in {"R", "EN", "AN"} else None


def _neutral(names: list[str], sequence: _Sequence) -> None:
    """N1 and N2, in place."""
    spots = sequence.indexes
    place = 0
    while place < len(spots):
        end = place
        while end < len(spots) and names[spots[end]] in NEUTRAL:
            end += 1
        if end > place:
            left = (_strong(names[spots[place - 1]]) if place else None) or sequence.start
            right = (_strong(names[spots[end]]) if end < len(spots) else None) or sequence.end
            chosen = left if left == right else _direction(sequence.level)
            for index in spots[place:end]:
                names[index] = chosen
        place = max(end, place + 1)


def embedding_levels(text: str, base: int | None = None) -> tuple[int, list[int]]:
    """The paragraph's base level (0 or 1) and the level of each character; odd levels run right to left.

    Args:
        text: one paragraph.
        base: 0 or 1 forces the paragraph's direction; None takes it from the first strong letter.
    """
    marks = _classes(text)
    matches = _matches(marks)
    if base is None:
        base = _first_strong(marks, matches, 0, len(marks))
    levels, names = _explicit(marks, matches, base)
    for sequence in _sequences(marks, levels, matches, base):
        # NSM after a bracket is told by the class after W1's input: overrides have changed both.
        before = list(names)
        _weak(names, sequence)
        _brackets(text, names, sequence, before)
        _neutral(names, sequence)
        for index in sequence.indexes:  # I1, I2
            name = names[index]
            if sequence.level % 2:
                levels[index] += int(name in {"L", "EN", "AN"})
            else:
                levels[index] += {"R": 1, "AN": 2, "EN": 2}.get(name, 0)
    previous = base
    for index, name in enumerate(marks):
        if name in REMOVED:
            levels[index] = previous
        previous = levels[index]
    return base, levels


def line_levels(text: str, levels: Sequence[int], base: int) -> list[int]:
    """L1: the levels of one line, its separators and the white space at its end set back to ``base``."""
    marks = _classes(text)
    result = list(levels)
    reset = True
    for index in range(len(result) - 1, -1, -1):
        if marks[index] in {"B", "S"}:
            result[index] = base
            reset = True
        elif marks[index] in TRAILING:
            if reset:
                result[index] = base
        else:
            reset = False
    return result


def visual_order(levels: Sequence[int]) -> list[int]:
    """L2: the indexes of ``levels`` (of characters or of runs) in the order in which they are drawn, left to right."""
    order = list(range(len(levels)))
    odd = [level for level in levels if level % 2]
    if not odd:
        return order
    for level in range(max(levels), min(odd) - 1, -1):
        place = 0
        while place < len(order):
            end = place
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[place:end] = order[place:end][::-1]
            place = max(end, place + 1)
    return order
