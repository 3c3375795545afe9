"""What a hand does on the timeline strip, as an edited table of the timeline: pure functions over DataFrames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelframe.errors import PlanError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Gesture", "arranged"]

# A shot's head may be cut by as little as a frame; less is a slip of the hand.
_SLIP_S = 0.02


@dataclass(frozen=True, slots=True)
class Gesture:
    """One gesture on one segment.

    Attributes:
        segment: its id, as in the table's index.
        start_ms: where its beginning was put, None when it stayed.
        end_ms: where its end was put, None when it stayed.
        place: a shot's new place among the shots, from 0, None when it stayed.
        remove: it goes.
        clip: it moves in its file, so that where it begins there means something.
    """

    segment: str
    start_ms: int | None = None
    end_ms: int | None = None
    place: int | None = None
    remove: bool = False
    clip: bool = False


def arranged(table: pd.DataFrame, gesture: Gesture) -> pd.DataFrame:
    """The table after a gesture, to be applied.

    Shots follow one another: of a shot that is trimmed the length changes (at its head also where in its file it
    begins), and one that is moved changes its place in the order. Everything else stands where its times say.

    Args:
        table: the timeline (``timeline_frame``); is left as it is.
        gesture: what was done.

    Raises:
        PlanError: the timeline has no such segment.
    """
    import pandas as pd  # noqa: PLC0415 -- heavy, and here only when somebody drags

    if gesture.segment not in table.index:
        message = "That segment is not on the timeline any more."
        raise PlanError(message, hint="Try it again.")
    out = table.copy()
    row = table.loc[gesture.segment]
    main = table["track"] == table.loc[table["kind"] == "video", "track"].min()
    if gesture.remove:
        return out.drop(index=gesture.segment)
    if not main[gesture.segment]:
        if gesture.start_ms is not None:
            out.loc[gesture.segment, "start_s"] = gesture.start_ms / 1000
        if gesture.end_ms is not None:
            out.loc[gesture.segment, "end_s"] = gesture.end_ms / 1000
        if gesture.start_ms is not None and gesture.end_ms is not None:
            out.loc[gesture.segment, "duration_s"] = (gesture.end_ms - gesture.start_ms) / 1000
        return out
    if gesture.place is not None:
        others = [key for key in table.index[main] if key != gesture.segment]
        place = max(0, min(gesture.place, len(others)))
        order = [*others[:place], gesture.segment, *others[place:]]
        return out.loc[[*order, *table.index[~main]]]
    start = row["start_s"] if gesture.start_ms is None else gesture.start_ms / 1000
    end = row["end_s"] if gesture.end_ms is None else gesture.end_ms / 1000
    out.loc[gesture.segment, "duration_s"] = round(end - start, 3)
    head = start - row["start_s"]
    # Of a clip the head is cut off; what was before its beginning is not brought back.
    if gesture.clip and head > _SLIP_S:
        inside = pd.to_numeric(pd.Series([row["source_in_s"]]), errors="coerce").fillna(0).iloc[0]
        out.loc[gesture.segment, "source_in_s"] = round(float(inside) + head, 3)
    return out
