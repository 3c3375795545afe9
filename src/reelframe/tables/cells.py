"""What stands in an edited table: its rows and cells read, and every cell that can't be read told at once."""

from __future__ import annotations

import contextlib
import difflib
import math
import numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from reelframe.edits.timeline import color_of
from reelframe.errors import PlanError, TableError
from reelframe.tables.columns import BY_NAME, COLUMNS, Cell, Column
from reelframe.tables.rows import Row

__all__ = ["CellError", "SheetRow", "WrongCellError", "is_color", "read_sheet", "same", "table_error"]

_HALF_MS: Final = 0.0005001
_CLOSE: Final = 1e-9
_TRUE: Final = frozenset({"true", "1", "1.0", "yes"})
_FALSE: Final = frozenset({"false", "0", "0.0", "no"})
_MOST_TOLD: Final = 50
_LONG: Final = 60


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that can't be applied.

    Attributes:
        row: the row's key, or its place in the table when it has none.
        column: the column; "(row)" when the row as a whole is meant, "(order)" for its place.
        value: what stands there.
        why: what is wrong with it.
        accepted: what can be written instead, "" when nothing can.
    """

    row: str
    column: str
    value: Any
    why: str
    accepted: str = ""

    def __str__(self) -> str:
        value = "" if self.column.startswith("(") else f" = {_short(self.value)}"
        accepted = f" Accepted: {self.accepted}." if self.accepted else ""
        return f"row {self.row}, {self.column}{value}: {self.why}{accepted}"


class WrongCellError(Exception):
    """A cell can't be read; its text says why."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of an edited table.

    Attributes:
        label: what the row is called in errors.
        row: the segment that it stands for; of a copy: that it was copied from. None: something new.
        copy: the same segment has been in the table before.
        cells: the cells that are there and could be read.
    """

    label: str
    row: Row | None
    copy: bool = False
    cells: Mapping[str, Cell] = field(default_factory=dict)


def table_error(errors: Sequence[CellError]) -> TableError:
    """All wrong cells as one error."""
    lines = [f"- {error}" for error in errors[:_MOST_TOLD]]
    if (more := len(errors) - _MOST_TOLD) > 0:
        lines.append(f"- and {more} more")
    what = "A cell" if len(errors) == 1 else f"{len(errors)} cells"
    message = f"{what} of the table can't be applied, so nothing was changed:\n" + "\n".join(lines)
    return TableError(message, cells=tuple(errors))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def read_sheet(edited: pd.DataFrame, rows: Iterable[Row]) -> tuple[list[SheetRow], list[CellError]]:
    """The rows of an edited table, and what of it can't be read.

    Raises:
        TableError: the table as a whole can't be understood: what it is, its index, or its columns.
    """
    base = {row.key: row for row in rows}
    frame = _checked(edited, base)
    columns = [BY_NAME[name] for name in frame.columns]
    keys = [_key(label) for label in frame.index]
    if base and keys and not set(keys) & set(base):
        why = "no row of the table is one of this timeline's: its index holds the ids."
        raise table_error([CellError(keys[0] or "1", "id", keys[0], why, ", ".join(list(base)[:10]))])
    out: list[SheetRow] = []
    errors: list[CellError] = []
    seen: set[str] = set()
    for place, (key, values) in enumerate(
        zip(keys, frame.astype(object).itertuples(index=False, name=None), strict=True)
    ):
        row = base.get(key) if key is not None else None
        label = key if key is not None else f"number {place + 1}"
        cells: dict[str, Cell] = {}
        for column, raw in zip(columns, values, strict=True):
            try:
                cells[column.name] = _read(_unspoilt(raw, row, column), column)
            except WrongCellError as error:
                errors.append(CellError(label, column.name, raw, str(error), column.accepted))
        if row is not None and row.sort == "shot" and cells.get("role", "") is None:
            # A row of one's own making may leave out what goes without saying.
            cells["role"] = row.cells["role"]
        out.append(SheetRow(label, row, row is not None and row.key in seen, cells))
        if row is not None:
            seen.add(row.key)
    return out, errors


def _checked(edited: object, base: Mapping[str, Row]) -> pd.DataFrame:
    if not isinstance(edited, pd.DataFrame):
        message = f"The edited timeline is a {type(edited).__name__}, not a DataFrame."
        raise TableError(message, hint="Change a copy of timeline_frame(draft).")
    frame = pd.DataFrame(edited)
    if "id" in frame.columns and frame.columns.is_unique and frame.index.name != "id":
        # As reset_index and a file leave it.
        frame = frame.set_index("id")
    if not frame.columns.is_unique or frame.index.nlevels > 1 or frame.columns.nlevels > 1:
        message = "The table has two columns of one name, or more than one level of names."
        raise TableError(message, hint="Change a copy of timeline_frame(draft).")
    if pd.api.types.is_numeric_dtype(frame.index.dtype):
        spoilt = [
            key for key in base if _numeric(key) and _key(float(key)) != key and str(key) not in map(_key, frame.index)
        ]
        if spoilt:
            message = f"The ids of the rows were read as numbers: {spoilt[0]} can't be told from others."
            raise TableError(message, hint='Read them as text: pandas.read_csv(…, dtype={"id": str}).')
    unknown = [str(name) for name in frame.columns if name not in BY_NAME]
    if unknown:
        errors = []
        for name in unknown:
            near = difflib.get_close_matches(name, list(BY_NAME), n=1)
            hint = f"Is {near[0]} meant?" if near else "Drop it before applying."
            errors.append(CellError("(all)", "(column)", name, f"the timeline has no column {name!r}. {hint}"))
        raise table_error(errors)
    return frame[[column.name for column in COLUMNS if column.name in frame.columns]]


def _numeric(key: str) -> bool:
    try:
        return math.isfinite(float(key))
    except ValueError:
        return False


def _key(label: object) -> str | None:
    """A label of the index as the id that it stands for."""
    if _missing(label):
        return None
    if isinstance(label, numbers.Real) and not isinstance(label, numbers.Integral):
        return repr(float(label))
    return str(label)


def _missing(raw: object) -> bool:
    return raw is None or raw is pd.NA or raw is pd.NaT or (isinstance(raw, float) and math.isnan(raw))


def _read(raw: Any, column: Column) -> Cell:  # noqa: ANN401 -- a cell is anything
    """A cell as a plain value; None when it is empty.

    Raises:
        WrongCellError: it is not of the column's kind.
    """
    if _missing(raw):
        return None
    match column.dtype:
        case "int" | "seconds" | "number":
            return _number(raw)
        case "flag":
            return _flag(raw)
        case _:
            text = _text(raw)
    if column.name == "color" and text:
        return _color(text)
    return text if text or column.name in {"text", "name"} else None


def _unspoilt(raw: Any, row: Row | None, column: Column) -> Any:  # noqa: ANN401 -- a cell is anything
    """The words "1.0" as they were, where a file's reader made the number 1.0 of them."""
    was = row.cells[column.name] if row is not None else None
    if column.dtype != "text" or isinstance(raw, str) or not isinstance(was, str) or not _numeric(was):
        return raw
    return was if isinstance(raw, numbers.Real) and float(was) == float(raw) else raw


def _number(raw: Any) -> float:  # noqa: ANN401 -- a cell is anything
    if isinstance(raw, pd.Timedelta):
        return raw.total_seconds()
    if isinstance(raw, (numbers.Real, str)) and not isinstance(raw, bool):
        with contextlib.suppress(ValueError, OverflowError):
            return float(raw)
    message = "it is not a number."
    raise WrongCellError(message)


def _flag(raw: Any) -> bool:  # noqa: ANN401 -- a cell is anything
    said = str(raw).strip().lower()
    if said in _TRUE or said in _FALSE:
        return said in _TRUE
    message = "it is neither true nor false."
    raise WrongCellError(message)


def _text(raw: Any) -> str:  # noqa: ANN401 -- a cell is anything
    if isinstance(raw, str):
        return raw
    if isinstance(raw, numbers.Real) and not isinstance(raw, bool):
        # A file's column of words that look like numbers comes back as numbers.
        number = float(raw)
        return str(int(number)) if number.is_integer() else repr(number)
    message = "it is not a text."
    raise WrongCellError(message)


def _color(text: str) -> str:
    try:
        return color_of(text)
    except PlanError:
        # A timeline may hold any word; whether this one was changed is seen later.
        return text


def is_color(text: str) -> bool:
    """Whether it is a colour as CSS spells it."""
    try:
        return bool(color_of(text))
    except PlanError:
        return False


def same(column: Column, a: Cell, b: Cell) -> bool:  # noqa: PLR0911 -- one return per kind of cell
    """Whether two cells say the same."""
    a = column.empty if a is None or a == "" else a
    b = column.empty if b is None or b == "" else b
    if a is None or b is None:
        return a is b
    if isinstance(a, str) or isinstance(b, str):
        if column.name == "color":
            return _color(str(a)) == _color(str(b))
        if column.name == "flip":
            return set(str(a)) == set(str(b))
        return str(a) == str(b)
    if column.dtype == "flag":
        return bool(a) == bool(b)
    if a == b:
        return True
    if column.name == "rotate_deg":
        a, b = a % 360, b % 360
    within = _HALF_MS if column.name.endswith("_s") else _CLOSE
    return math.isclose(a, b, rel_tol=_CLOSE, abs_tol=within)
