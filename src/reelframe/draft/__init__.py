"""The timeline as the wire spells it: immutable, tolerant of what it does not know, and able to speak of itself."""

from reelframe.draft.brand import Brand
from reelframe.draft.diff import Change, diff
from reelframe.draft.model import Draft, Placed, Segment, Track, new_id
from reelframe.draft.summary import clock, summary

__all__ = ["Brand", "Change", "Draft", "Placed", "Segment", "Track", "clock", "diff", "new_id", "summary"]
