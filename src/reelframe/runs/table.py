"""The product table that was handed over, as rows: pandas, or anything that narwhals reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from reelframe.errors import TableError

__all__ = ["Products", "read"]


@dataclass(frozen=True, slots=True)
class Products:
    """A table as rows.

    Attributes:
        rows: a mapping from column to value for each row.
        columns: the columns' names.
        index: what the rows are called; the result has the same.
    """

    rows: tuple[dict[str, Any], ...]
    columns: tuple[str, ...]
    index: pd.Index[Any]


def read(products: Any) -> Products:  # noqa: ANN401 -- any table
    """Read a table of products.

    Args:
        products: a pandas DataFrame, or what narwhals reads: polars, pyarrow, a duckdb relation, …

    Raises:
        TableError: it is no table, has no rows, or two columns of one name.
    """
    if not isinstance(products, pd.DataFrame):
        return _foreign(products)
    columns = tuple(str(name) for name in products.columns)
    _check(columns, len(products))
    values = [products.iloc[:, n].tolist() for n in range(len(columns))]
    rows = tuple(dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True))
    return Products(rows, columns, products.index)


def _foreign(products: Any) -> Products:  # noqa: ANN401 -- any table
    import narwhals as nw  # noqa: PLC0415 -- for tables of other libraries only

    try:
        frame = nw.from_native(products)
        eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        rows = tuple(eager.rows(named=True))
        columns = tuple(eager.columns)
    except (TypeError, AttributeError) as error:
        message = f"{type(products).__name__} is no table of products."
        hint = "Give a pandas DataFrame, or one of polars, pyarrow, duckdb or another library that narwhals reads."
        raise TableError(message, hint=hint) from error
    _check(columns, len(rows))
    return Products(rows, columns, pd.RangeIndex(len(rows)))


def _check(columns: tuple[str, ...], count: int) -> None:
    if not columns or count == 0:
        message = "The table of products is empty: there is nothing to make."
        raise TableError(message, hint="Give at least one row.")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        message = f"The table has two columns called {', '.join(twice)}."
        raise TableError(message, hint="Give each column a name of its own.")
