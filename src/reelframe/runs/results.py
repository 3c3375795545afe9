"""What a batch comes to, as a DataFrame: one row for each video, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from reelframe.media.formats import human_size
from reelframe.runs.states import Row

__all__ = ["COLUMNS", "STATUSES", "Poster", "array_of", "frame_of", "labels_of", "with_budget"]

STATUSES: Final = ("waiting", "running", "done", "failed")
_DTYPES: Final[dict[str, str]] = {
    "name": "string", "variant": "string", "preset": "string", "status": "category", "path": "string",
    "duration_s": "Float64", "width": "Int64", "height": "Int64", "size_bytes": "Int64", "loudness_lufs": "Float64",
    "render_s": "Float64", "credits": "Float64", "attempts": "Int64", "error_code": "string", "error": "string",
    "assumptions": "object", "session_id": "string", "thumbnail": "object", "prompt": "string",
}  # fmt: skip
COLUMNS: Final = tuple(_DTYPES)


class Poster(bytes):
    """A small JPEG that a table can hold without showing its bytes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<JPEG {human_size(len(self))}>"

    __str__ = __repr__

    def _repr_jpeg_(self) -> bytes:
        return bytes(self)


def frame_of(rows: Sequence[Row], index: pd.Index[Any] | None = None) -> pd.DataFrame:
    """The table of results.

    Args:
        rows: as the ledger has them, in order.
        index: a label for each; by default the products' names.
    """
    records = [_record(row) for row in rows]
    columns = {name: array_of(dtype, [record[name] for record in records]) for name, dtype in _DTYPES.items()}
    labels: pd.Index[Any] = pd.Index([row.name for row in rows], name="product") if index is None else index
    return pd.DataFrame(columns, index=labels)


def array_of(dtype: Any, values: list[Any], statuses: Sequence[str] = STATUSES) -> Any:  # noqa: ANN401 -- of several types
    """A column: missing values stay missing, whatever its type."""
    if dtype == "category":
        return pd.Categorical(values, categories=list(statuses))
    return pd.array(values, dtype=dtype) if dtype != "object" else pd.Series(values, dtype=object).to_numpy()


def _record(row: Row) -> dict[str, Any]:
    made = row.state == "done"
    facts: Mapping[str, Any] = row.facts or {}
    known = facts if made else {}
    return {
        "name": row.name,
        "variant": row.variant,
        "preset": row.preset,
        "status": "running" if row.state == "moving" else row.state,
        "path": row.path if made else None,
        **{
            name: known.get(name)
            for name in ("duration_s", "width", "height", "size_bytes", "loudness_lufs", "render_s")
        },
        "credits": row.credits,
        "attempts": row.attempts,
        "error_code": row.error_code or None,
        "error": row.error or None,
        "assumptions": list(known.get("assumptions", ())),
        "session_id": row.session_id or None,
        "thumbnail": Poster(row.poster) if made and row.poster else None,
        "prompt": row.prompt,
    }


def with_budget(frame: pd.DataFrame, most: float | None) -> pd.DataFrame:
    """The table with what was spent up to each row, and what was left of the budget then."""
    if most is None:
        return frame
    spent = frame["credits"].fillna(0).cumsum()
    return frame.assign(budget_spent=spent, budget_left=most - spent)


def labels_of(index: pd.Index[Any], positions: Iterable[int]) -> pd.Index[Any]:
    """The label of each result: its row's."""
    return index.take(list(positions))
