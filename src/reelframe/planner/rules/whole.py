"""What a first cut's brief says of the whole in passing: its length, how long each photo stands, which photos."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.vocabulary import Compose
from reelframe.planner.clauses import Clause
from reelframe.planner.state import State

__all__ = ["length_of_all"]

_BARE: Final = (
    "dur t. link. scope.all scope.per_item scope.both mark sep. noun.duration noun.video noun.genre noun.photo "
    "noun.clip noun.media verb.last verb.show verb.make verb.want verb.set verb.keep ctl. noun.it"
)
_WORDS: Final = frozenset(
    [
        "in", "total", "altogether", "overall", "long", "please", "should", "be", "is", "it", "about", "or", "so", "on",
        "screen", "stay", "stays", "keep", "just", "roughly", "左右", "总", "总长", "长", "请",
        "就", "好", "的", "产品",
    ]
)  # fmt: skip


# "Six seconds in all" is no place in the video.
_IN_ALL: Final = re.compile(r"\bin (?:all|total)$")


def length_of_all(c: Clause, s: State) -> bool:
    """``…, 18 seconds``, "each photo should stay for four seconds": of the video, whatever was spoken of before."""
    made = next((op for op in s.ops if isinstance(op, Compose)), None)
    if made is None or made.duration_s is not None or made.per_item_s is not None:
        return False
    each = c.get("t.each")
    length = c.get("dur", "t.for", "t.to", "t.under", "t.range", "t.at" if _IN_ALL.search(c.text) else "dur")
    if (each or length) is None or not all(t.has(_BARE) or t.text in _WORDS for t in c.tokens):
        return False
    if c.has("t.head t.tail t.from t.until") or (c.has("t.at") and length is None):
        return False
    if each is not None and sum(op.op == "set_aspect" for op in s.ops) > 1:
        # "One vertical and one square, 10 seconds each": each video.
        length, each = each, None
    seconds = length.value if length is not None else None
    # "5 to 15 seconds" is what it may take.
    slots = {"per_item_s": each.value} if each is not None else {"duration_s": _longest(seconds)}
    s.ops[s.ops.index(made)] = made.model_copy(update=slots)
    for token in c.tokens:
        token.used = True
    return True


def _longest(seconds: Any) -> float:  # noqa: ANN401 -- a length or a range
    return float(max(seconds)) if isinstance(seconds, tuple) else float(seconds)
