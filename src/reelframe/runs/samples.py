"""A table of products to try things out with: eight rows, with the sample photos that come with reelframe."""

from __future__ import annotations

import csv
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sample_logo", "sample_products"]


def sample_products() -> pd.DataFrame:
    """Eight made-up products: ``sku`` (the index), ``name``, ``price`` (euros), ``material``, ``photos`` (paths).

    >>> sample_products().loc["MUG-01", "name"]
    'Stoneware mug'
    """
    import pandas as pd  # noqa: PLC0415 -- heavy

    with (_folder() / "products.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return pd.DataFrame(
        {
            "name": [row["name"] for row in rows],
            "price": [float(row["price"]) for row in rows],
            "material": [row["material"] for row in rows],
            "photos": [[str(_folder() / name) for name in row["photos"].split(";")] for row in rows],
        },
        index=pd.Index([row["sku"] for row in rows], name="sku"),
    )


def sample_logo() -> Path:
    """The logo that belongs to them."""
    return _folder() / "logo.png"


def _folder() -> Path:
    # Photos are handed over as paths: a wheel is unpacked when it is installed, so they have some.
    return Path(str(resources.files("reelframe") / "samples"))
