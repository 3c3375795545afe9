"""Where and when something lies over the picture, and which file it is."""

from __future__ import annotations

from typing import Any, Final

from reelframe.media.model import Media
from reelframe.planner.clauses import Clause
from reelframe.planner.state import State

__all__ = ["picture_named", "place", "times_over"]

_NUDGE: Final = 0.05


def place(c: Clause) -> dict[str, Any]:
    """A position, or a step from where it stands."""
    pos = c.get("pos.")
    if pos is not None and not c.has("dir.up_move", "dir.down_move", "dir.left_move", "dir.right_move"):
        pos.used = True
        meanings = sorted((m[4:] for m in pos.tags if m.startswith("pos.") and m != "pos."), key=len, reverse=True)
        stepwise = pos.text in {"left", "right"} and c.has("dir.little", "dir.much")
        if not stepwise:
            return {"position": meanings[0]}
        return {"dx": _NUDGE if pos.text == "right" else -_NUDGE}
    size = _NUDGE * (2 if c.has("dir.much") else 1)
    moves = c.verb("move", "set", "make", "add") or not c.own_verb
    moves = moves and not c.has("noun.opacity noun.size noun.volume dir.bigger dir.smaller")
    if c.has("dir.up_move", "dir.up") and moves:
        c.use("dir.up", "dir.up_move")
        return {"dy": -size}
    if c.has("dir.down_move", "dir.down") and moves:
        c.use("dir.down", "dir.down_move")
        return {"dy": size}
    if c.has("dir.left_move"):
        c.use("dir.left_move")
        return {"dx": -size}
    if c.has("dir.right_move"):
        c.use("dir.right_move")
        return {"dx": size}
    if c.verb("center"):
        return {"position": "center"}
    return {"position": "top_right"} if c.has("scope.corner") else {}


def times_over(c: Clause, s: State) -> dict[str, Any]:
    """From when and until when it is there, in seconds of the video; None for what was not said."""
    span = c.value("t.range")
    if span:
        return {"start_s": span[0], "end_s": span[1]}
    out: dict[str, Any] = {"start_s": c.value("t.from", "t.at"), "end_s": c.value("t.until")}
    head, tail = c.value("t.head"), c.value("t.tail")
    if head is not None:
        out |= {"start_s": 0.0, "end_s": head}
    if tail is not None and s.view.total_s > tail:
        out |= {"start_s": s.view.total_s - tail, "end_s": s.view.total_s}
    length = c.value("t.for")
    if length is not None and out["end_s"] is None:
        out["start_s"] = out["start_s"] or 0.0
        out["end_s"] = out["start_s"] + length
    return out


def picture_named(c: Clause, s: State) -> Media | None:
    """The picture or clip whose file is named."""
    for token in c.all("file"):
        media = s.view.library.by_name(str(token.value))
        if media is not None and media.kind != "audio":
            token.used = True
            return media
    return None
