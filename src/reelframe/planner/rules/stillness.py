"""Photos that are not to move."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.refs import clip_targets
from reelframe.planner.state import State

__all__ = ["still"]

_STILL: Final = re.compile(
    r"\b(?:keep|hold|leave|make)s? .*\bstill$|\b(?:stand|stay|sit|hold|remain)s? (?:\w+ )?still\b|\bmotionless\b"
    r"|(?:\bnot|n't|\bnever) (?:move|zoom|pan)\b|静止不动|保持静止|不要移动|别移动|一动不动|固定不动"
)
_OTHER_THINGS: Final = "noun.title noun.text noun.caption noun.logo noun.music noun.sound noun.sticker t. dur"


def still(c: Clause, s: State) -> bool:
    """``keep the mug still``, "stop the zoom on photo 2", 第二张静止不动: no move over those, or over any."""
    zoomed = c.has("verb.zoom", "verb.zoom_out") and (c.verb("remove") or c.negated)
    said = _STILL.search(c.text) is not None and c.has("ref", "noun.photo", "noun.clip", "scope.all")
    if not zoomed and not (said and not c.has(_OTHER_THINGS)):
        return False
    targets = clip_targets(c, s, default="all" if s.view.shots and said else "none")
    c.use("verb.", "noun.", "scope.", "ref", "word")
    for target in targets:
        s.add("ken_burns", target=target, direction="none")
    return True
