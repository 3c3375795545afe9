"""A timeline as rows of plain cells, one row per segment: whatever its server put into it, nothing is lost or raises.

A value that is not what its column holds (a volume that is a word) leaves the cell empty and stands in
``other``, with every key that has no column, as JSON.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from reelframe.draft import Draft, Placed
from reelframe.edits.targets import main_index
from reelframe.tables.columns import COLUMNS, Cell, Column, Sort

__all__ = ["Row", "keys_of", "row_at", "rows_of", "sort_at"]

_UNTOLD: Final = frozenset({"id", "start"})


@dataclass(frozen=True, slots=True)
class Row:
    """One segment.

    Attributes:
        key: the segment's id, or "track.segment" (from 0) for one that has none, or not one of its own.
        sort: what it is for editing.
        track: the index of its track.
        index: its own index in the track.
        media: the content id of its file, "" without one.
        cells: a value per column; None is an empty cell.
    """

    key: str
    sort: Sort
    track: int
    index: int
    media: str
    cells: Mapping[str, Cell]


def keys_of(draft: Draft) -> dict[tuple[int, int], str]:
    """The name of each (track, segment) in a table: unique, and the same for the same draft."""
    times = Counter(segment.id for segment in draft.segments)
    own = {name for name, n in times.items() if name and n == 1}
    out: dict[tuple[int, int], str] = {}
    taken = set(own)
    for t, track in enumerate(draft.tracks):
        for s, segment in enumerate(track.segments):
            key = segment.id
            if key not in own:
                key = f"{t}.{s}"
                while key in taken:
                    key += "'"
                taken.add(key)
            out[t, s] = key
    return out


def sort_at(draft: Draft, track: int, index: int) -> Sort:
    """What a segment is for editing."""
    match draft.tracks[track].kind:
        case "audio":
            return "sound"
        case "text":
            return "text"
        case "video" if track != main_index(draft):
            return "overlay"
        case "video":
            return "card" if draft.tracks[track].segments[index].role == "card" else "shot"
        case _:
            return "other"


def row_at(draft: Draft, track: int, index: int, key: str) -> Row:
    """The row of one segment."""
    sort = sort_at(draft, track, index)
    placed = draft.tracks[track].placed[index]
    cells = _cells(placed, sort, {"track": track, "kind": draft.tracks[track].kind})
    return Row(key, sort, track, index, placed.segment.media or "", cells)


def rows_of(draft: Draft) -> list[Row]:
    """One row per segment, track by track, those of a track in the order of time."""
    keys = keys_of(draft)
    out: list[Row] = []
    for t, track in enumerate(draft.tracks):
        order = sorted(range(len(track.placed)), key=lambda s: track.placed[s].start)
        out += [row_at(draft, t, s, keys[t, s]) for s in order]
    return out


def _cells(placed: Placed, sort: Sort, known: dict[str, Cell]) -> dict[str, Cell]:
    segment = placed.segment
    left = {key: value for key, value in (segment.m or {}).items() if key not in _UNTOLD}
    left = deepcopy(left)
    times = (placed.start, placed.end, placed.end - placed.start)
    cells: dict[str, Cell] = dict(known)
    cells |= dict(zip(("start_s", "end_s", "duration_s"), map(_seconds, times), strict=True))
    cells["source"] = _source(left)
    cells["effects"] = _effects(left)
    for column in COLUMNS:
        if column.path:
            cells[column.name] = _taken(left, column, sort)
    if sort == "shot" and cells["role"] is None and "role" not in left:
        # No timeline says so, and a person looks for it.
        cells["role"] = "shot"
    left |= {f"segment.{key}": value for key, value in (segment.model_extra or {}).items()}
    cells["other"] = json.dumps(left, ensure_ascii=False, sort_keys=True, default=str) if left else None
    return {column.name: cells[column.name] for column in COLUMNS}


def _seconds(ms: float) -> float:
    try:
        return ms / 1000
    except OverflowError:  # a whole number that no float holds
        return math.inf if ms > 0 else -math.inf


def _taken(left: dict[str, Any], column: Column, sort: Sort) -> Cell:
    """The value of a column, taken out of what is left to tell; None when there is none that fits."""
    path = column.path
    if sort == "text" and path in {("size",), ("opacity",)}:
        path = ("style", *path)
    *outer, last = path
    holder: Any = left
    if outer:
        holder = left.get(outer[0])
        if isinstance(holder, str) and last in {"type", "direction"}:
            # "crossfade" is short for {"type": "crossfade"}.
            del left[outer[0]]
            return holder
    if not isinstance(holder, dict) or last not in holder:
        return None
    value = _fitting(holder[last], column)
    if value is not None:
        del holder[last]
        if outer and not holder:
            del left[outer[0]]
    return value


def _fitting(value: Any, column: Column) -> Cell:  # noqa: ANN401 -- metadata is anything
    if column.name == "text" and value is not None:
        return str(value)
    match column.dtype:
        case "flag":
            return value if isinstance(value, bool) else None
        case "number":
            number = _number(value)
            return None if number is None else number / column.scale
        case _:
            return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:  # noqa: ANN401 -- metadata is anything
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _source(left: dict[str, Any]) -> str | None:
    media, music, sfx = left.get("media"), left.get("music"), left.get("sfx")
    if media is not None:
        name = left.get("name")
        if isinstance(name, str) and name:
            del left["media"]
            return name
        # The id alone is all that there is to tell.
        return str(left.pop("media"))
    if isinstance(music, dict) and isinstance(music.get("mood"), str):
        mood = str(music.pop("mood"))
        if not music:
            del left["music"]
        return mood
    if isinstance(sfx, str):
        del left["sfx"]
        return sfx
    return None


def _effects(left: dict[str, Any]) -> str | None:
    said = left.get("effects")
    if not isinstance(said, list) or not said:
        return None
    out: list[str] = []
    for one in said:
        effect = {"name": one} if isinstance(one, str) else one
        if not isinstance(effect, dict) or not isinstance(effect.get("name"), str):
            return None
        amount = _number(effect.get("amount", 0.5))
        if amount is None or set(effect) - {"name", "amount"} or {*effect["name"]} & {",", " "}:
            return None
        out.append(f"{effect['name']} {amount:.10g}")
    del left["effects"]
    return ", ".join(out)
