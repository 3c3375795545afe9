"""Subtitle files as values: SubRip (.srt) and WebVTT (.vtt) read and written. Pure; no file is opened here.

``read_subtitles`` takes the bytes of a file in whatever encoding and gives its ``Cue``s, and the lines that it could
not make sense of, by number. ``flattened`` makes of cues that overlap ones that follow each other. ``to_srt`` and
``to_vtt`` write cues, or the texts of a timeline.
"""

from __future__ import annotations

from reelframe.subtitles.cues import Cue, Problem, Subtitles, flattened
from reelframe.subtitles.read import EXTENSIONS, MAX_BYTES, looks_like_subtitles, read_subtitles
from reelframe.subtitles.write import cues_of, to_srt, to_vtt

__all__ = [
    "EXTENSIONS",
    "MAX_BYTES",
    "Cue",
    "Problem",
    "Subtitles",
    "cues_of",
    "flattened",
    "looks_like_subtitles",
    "read_subtitles",
    "to_srt",
    "to_vtt",
]
