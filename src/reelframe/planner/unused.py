"""What a request said and no operation used: told, so that nothing is passed over in silence.

Only words that carry something definite are looked at (a length, words in quotes, a clip's number, a
colour, a look, a thing such as the logo), and only by what the plan holds: a value that stands in some slot was used,
whichever rule put it there.
"""

from __future__ import annotations

import json
from typing import Any, Final

from reelframe.planner.clauses import Clause
from reelframe.planner.state import State
from reelframe.planner.tokens import Token

__all__ = ["unused_words"]

_TIMES: Final = "dur time nth_time t."
_NUMBERS: Final = "pct factor db px degrees fps height lufs"
# A mood is left out: in "a fun video for my business" it says nothing that could be done or left undone.
_NAMED: Final = ("look", "effect", "sfx")
_THINGS: Final[dict[str, tuple[str, ...]]] = {
    "noun.logo": ("logo",),
    "noun.music": ("music", "bgm", "beat", "duck", "audio", "normalize", "all"),
    "noun.sfx": ("sfx",),
    "noun.vignette": ("vignette",),
    "noun.credits": ("credits", "text", "card", "outro"),
    "noun.lower_third": ("lower_third",),
    "noun.transition": ("transition", "fade"),
    "noun.pip": ("overlay",),
}
# Operations whose numbers are made of the request's by arithmetic: steps, shares, halves.
_RECKONED: Final = frozenset(
    {
        "set_duration",
        "set_segment_duration",
        "speed",
        "set_timing",
        "cut_range",
        "split",
        "trim",
        "pace",
        "undo",
        "redo",
    }
)
_MOST: Final = 4
_MARKS: Final = " ,.;:-。"


def unused_words(clauses: list[Clause], s: State) -> list[str]:
    """The words of what no operation used, as they were typed; empty when all was used, asked about or refused."""
    if (
        not s.ops
        or s.questions
        or s.refused
        or all(op.op in {"help", "status", "credits", "undo", "redo"} for op in s.ops)
    ):
        return []
    ops = [op.as_dict() for op in s.ops]
    text = json.dumps(ops, ensure_ascii=False).casefold()
    numbers = set(_numbers(ops))
    reckoned = any(op["op"] in _RECKONED for op in ops)
    out: list[str] = []
    for clause in clauses:
        if clause.negated or clause.ever("ctl.", "scope.no", "refuse."):
            continue
        for token in clause.tokens:
            if token.used and not token.has("quote"):
                continue
            if _is_lost(token, text, numbers, reckoned=reckoned):
                words = clause.source.original(token.start, token.end).strip(_MARKS)
                if words and words not in out:
                    out.append(words)
    return out[:_MOST]


def _is_lost(token: Token, text: str, numbers: set[float], *, reckoned: bool) -> bool:
    if token.has("file"):
        return False
    if token.has("quote"):
        return (
            str(token.value).strip().casefold() not in text
            and json.dumps(str(token.value))[1:-1].casefold() not in text
        )
    if token.has("ref"):
        indexes = set(map(float, token.value.indexes))
        return not indexes & numbers and not reckoned and '"clip"' not in text and '"media"' not in text
    if token.has(*_TIMES.split()):
        values = token.value if isinstance(token.value, tuple) else (token.value,)
        return not reckoned and not any(isinstance(v, int | float) and float(v) in numbers for v in values)
    if token.has(*_NUMBERS.split()):
        return isinstance(token.value, int | float) and not reckoned and not _near(float(token.value), numbers)
    if token.has("hex"):
        return str(token.value).casefold() not in text
    for family in _NAMED:
        meaning = token.meaning(family)
        if meaning is not None and not any(
            t.startswith(("verb.", "dir.", "adjust.", "noun.", "transition.", "scope.")) for t in token.tags
        ):
            return (
                meaning not in text
                and token.text not in text
                and not any(f"{f}." in token.tags for f in _NAMED if f != family)
            )
    for noun, words in _THINGS.items():
        if token.has(noun) and len([t for t in token.tags if t.startswith("noun.") and t != "noun."]) == 1:
            return not any(word in text for word in words)
    return False


def _near(value: float, numbers: set[float]) -> bool:
    shares = {value, 1 + value, 1 - value, -value, value / 1080, 1 / value if value else 0, value * 2}
    return any(abs(a - b) < 0.002 for a in shares for b in numbers)  # rounded on its way


def _numbers(value: Any) -> list[float]:  # noqa: ANN401 -- anything that JSON holds
    if isinstance(value, bool):
        return []
    if isinstance(value, int | float):
        return [float(value)]
    if isinstance(value, dict):
        return [n for v in value.values() for n in _numbers(v)]
    if isinstance(value, list):
        return [n for v in value for n in _numbers(v)]
    return []
