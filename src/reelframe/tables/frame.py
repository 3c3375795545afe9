"""The timeline as a DataFrame: one row per segment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from reelframe.draft import Draft
from reelframe.tables.columns import COLUMNS, Column
from reelframe.tables.picture import Picture, bars
from reelframe.tables.rows import rows_of

__all__ = ["TimelineFrame", "array_of", "made_from", "timeline_frame", "timeline_html"]

# Text kept as Python's own: a timeline may hold characters that no encoder takes (half of a surrogate pair).
TEXT: Final = pd.StringDtype("python")
_MARK: Final = "reelframe.timeline"


class TimelineFrame(pd.DataFrame):
    """A DataFrame that notebooks show with its segments as bars to scale; in every other way a DataFrame.

    What is shown is what the table says now, changed cells included.
    """

    # pandas hands these on to copies and slices.
    _metadata: list[str] = ["_pictures"]  # noqa: RUF012 -- pandas' own spelling
    _pictures: Mapping[str, Picture] | None = None

    @property
    def _constructor(self) -> type[TimelineFrame]:
        return TimelineFrame

    def _repr_html_(self) -> str | None:
        told = self.dropna(axis="columns", how="all") if len(self) else self
        table = pd.DataFrame(told)._repr_html_()  # type: ignore[operator]
        strip = bars(_drawn(self), self._pictures or {})
        return None if table is None else strip + str(table)


def timeline_frame(draft: Draft, thumbnails: Mapping[str, Picture] | None = None) -> pd.DataFrame:
    """The timeline as a table: one row per segment, track by track, in the order of time.

    Args:
        draft: a timeline of the embedded backend, of the hosted service, or of neither.
        thumbnails: pictures for the bars that a notebook shows: by a file's content id, a file's name or a row's
            key; the bytes of an image, or its address.

    Returns:
        a DataFrame whose index ``id`` is the segment's id ("track.segment", counted from 0, for a segment that has
        none of its own). Times are seconds, ``_frac`` is a part of the frame's height, volumes go from 0 to 2; an
        empty cell is something that the timeline does not say. ``other`` holds as JSON what has no column.

    Edit a copy and hand it to `apply_frame`: that is the way back.

    >>> draft, library = sample_context()
    >>> table = timeline_frame(draft)
    >>> table.loc[table["role"] == "shot", "end_s"].tolist()
    [30.0, 60.0, 90.0]
    """
    rows = rows_of(draft)
    index = pd.Index([row.key for row in rows], dtype=TEXT, name="id")
    data = {column.name: array_of(column, [row.cells[column.name] for row in rows]) for column in COLUMNS}
    frame = TimelineFrame(data, index=index)
    frame.attrs[_MARK] = _print_of(draft)
    given = thumbnails or {}
    found = {
        row.key: next((given[k] for k in _names(row.key, row.media, row.cells["source"]) if k in given), None)
        for row in rows
    }
    pictures = {key: picture for key, picture in found.items() if picture is not None}
    frame._pictures = pictures or None  # noqa: SLF001 -- its own class
    return frame


def timeline_html(draft: Draft, thumbnails: Mapping[str, Picture] | None = None) -> str:
    """The timeline as a piece of HTML: a lane per track, a bar to scale per segment, nothing from outside.

    Args:
        draft: any timeline.
        thumbnails: as for `timeline_frame`.

    Returns:
        HTML; a string that notebooks show as what it draws.
    """
    frame = timeline_frame(draft, thumbnails)
    assert isinstance(frame, TimelineFrame)  # noqa: S101 -- for mypy
    return _Html(bars(_drawn(frame), frame._pictures or {}))  # noqa: SLF001 -- its own class


class _Html(str):
    """Text that a notebook draws."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def made_from(frame: pd.DataFrame, draft: Draft) -> bool | None:
    """Whether a table was made from this very timeline; None when that can't be told (it has been in a file)."""
    mark = frame.attrs.get(_MARK)
    return None if mark is None else mark == _print_of(draft)


def _print_of(draft: Draft) -> str:
    said = repr(draft.model_dump(exclude_unset=True)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()


def array_of(column: Column, values: Sequence[Any]) -> Any:  # noqa: ANN401 -- one of several array types
    """Cells as an array of the column's dtype."""
    match column.dtype:
        case "int":
            return pd.array(list(values), dtype="int64")
        case "seconds":
            return pd.array(list(values), dtype="float64")
        case "number":
            return pd.array(list(values), dtype="Float64")
        case "flag":
            return pd.array(list(values), dtype="boolean")
        case "text":
            return pd.array(list(values), dtype=TEXT)
        case "choice":
            known = list(dict.fromkeys([*column.choices, *(v for v in values if v is not None)]))
            return pd.Categorical(list(values), categories=pd.Index(known, dtype=object))


def _names(key: str, media: str, source: object) -> Iterable[str]:
    return (name for name in (key, media, source) if isinstance(name, str))


def _drawn(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What the bars need of a table that may have been changed in any way."""
    wanted = [name for name in ("track", "kind", "name", "text", "source", "start_s", "end_s") if name in frame.columns]
    plain = pd.DataFrame(frame)
    out = []
    for key, *values in plain[wanted].astype(object).itertuples(name=None) if plain.columns.is_unique else ():
        cells = dict(zip(wanted, values, strict=True))
        out.append({"key": key} | {k: v for k, v in cells.items() if isinstance(v, (str, int, float)) and v == v})  # noqa: PLR0124 -- NaN
    return out
