"""The timeline and the media as DataFrames, and the way back.

`timeline_frame` and `apply_frame` are each other's inverse: ``apply_frame(d, timeline_frame(d))`` is ``d``.
"""

from reelframe.tables.cells import CellError
from reelframe.tables.columns import COLUMNS, Column
from reelframe.tables.frame import TimelineFrame, made_from, timeline_frame, timeline_html
from reelframe.tables.media import media_frame
from reelframe.tables.plan import apply_frame, plan_frame

__all__ = [
    "COLUMNS",
    "CellError",
    "Column",
    "TimelineFrame",
    "apply_frame",
    "made_from",
    "media_frame",
    "plan_frame",
    "timeline_frame",
    "timeline_html",
]
