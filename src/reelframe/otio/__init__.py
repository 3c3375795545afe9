"""Timelines for other editors, and from them: OpenTimelineIO's JSON (``.otio``), through its own library.

``to_otio`` writes a timeline: tracks, clips with source ranges, speeds, transitions, texts as clips with metadata and
as markers. ``from_otio`` reads one: our own comes back as it was, as far as the other editor left it; of a foreign one
the cuts are taken. Needs the extra ``reelframe[otio]``. Files are named as the user knows them, never by their path.
"""

from __future__ import annotations

from reelframe.otio.read import from_otio
from reelframe.otio.write import to_otio

__all__ = ["from_otio", "to_otio"]
