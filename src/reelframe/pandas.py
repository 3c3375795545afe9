"""``import reelframe.pandas`` gives every DataFrame an accessor: ``products.reelframe.batch(…)``.

>>> import reelframe.pandas
>>> plan = products.reelframe.batch("A 15-second video of {name}", media="photos", check=True, progress=False)
>>> plan.duration_s.tolist()
[15.0, 15.0]
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from reelframe import runs
from reelframe.runs import Gallery

__all__ = ["ReelframeAccessor"]


@pd.api.extensions.register_dataframe_accessor("reelframe")
class ReelframeAccessor:
    """Videos from a table of products: ``reelframe.batch`` and its kin, with the table in the first place."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def batch(self, *args: Any, **options: Any) -> pd.DataFrame:  # noqa: ANN401 -- passed on
        """``reelframe.batch`` of this table; the arguments are the same."""
        return runs.batch(self._frame, *args, **options)

    async def abatch(self, *args: Any, **options: Any) -> pd.DataFrame:  # noqa: ANN401 -- passed on
        """``reelframe.abatch`` of this table."""
        return await runs.abatch(self._frame, *args, **options)

    def gallery(self, **options: Any) -> Gallery:  # noqa: ANN401 -- passed on
        """``reelframe.gallery`` of this table of results."""
        return runs.gallery(self._frame, **options)

    def compare(self, by: str = "variant", **options: Any) -> Gallery:  # noqa: ANN401 -- passed on
        """``reelframe.compare`` of this table of results."""
        return runs.compare(self._frame, by, **options)
