"""Exports that are no film: a picture, the texts, a timeline for other editors; and a file's name as its format."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.state import State

__all__ = ["rule"]

_PICTURES: Final = {"png": "png", "jpg": "jpg", "jpeg": "jpg"}
_FILMS: Final = {"mp4": "mp4", "mov": "mov", "webm": "webm", "gif": "gif", "mp3": "mp3", "wav": "wav", "m4v": "mp4"}
_TEXTS: Final = ("srt", "vtt")
_TIMELINE: Final = re.compile(r"(?<![a-z])(?:\.?otio|open ?timeline ?io)(?![a-z])", re.IGNORECASE)
_POSTER: Final = re.compile(
    r"\bposters?\b|\b(?:an?|the|as|one) stills?\b|\bstill (?:image|frame|picture|photo)\b|\bstills\b|海报",
    re.IGNORECASE,
)
_FRAME: Final = re.compile(r"\b(?:first|last|final|closing|opening) frame\b|[首第最][一后]?帧")
# One word in our tables, that of what can't be done: hearing what is said.
_TEXTS_OUT: Final = re.compile(r"导出(?:所有)?字幕")
_CHAPTERS: Final = re.compile(r"\bchapters\b|\bchapter (?:marks?|markers?)\b|章节")
_MADE: Final = "verb. noun. format file ref t. time scope. link. word ctl. refuse.transcription"


def rule(c: Clause, s: State) -> bool:
    """``export the frame at 3 s as png``, "导出字幕", "save the timeline as otio", "export to out.gif"."""
    texts = _TEXTS_OUT.search(c.text) is not None
    writes = texts or c.verb("export", "convert", "extract") or c.has("ctl.export_again")
    chaptered = _CHAPTERS.search(c.text) is not None and not c.has("noun.title noun.text noun.title_card quote")
    if c.negated or c.verb("remove") or (c.verb("add", "use") and not chaptered):
        return False
    form = _named(c) if writes else None
    if chaptered and (writes or c.verb("add", "create", "make", "use", "want")):
        c.use(_MADE, "refuse.out_of_scope", "sep.")
        return s.add("export", format=form if form in {"mp4", "mov"} else None, chapters=True)
    at_s = None
    if writes and _TIMELINE.search(c.text):
        form = "otio"
    elif (
        writes and (texts or c.has("noun.subtitle", "noun.caption")) and form not in _FILMS and not c.has("noun.video")
    ):
        form = form if form in _TEXTS else "srt"
    elif form in {"png", "jpg"}:
        at_s = c.value("t.at", "time", "t.from", "dur")
    elif writes and _FRAME.search(c.text) and c.has("noun.photo", "noun.thumbnail"):
        form, at_s = "png", 0.0 if c.has("noun.beginning", "link.first") else None
        if c.has("noun.ending", "link.last") and s.view.total_s:
            at_s = s.view.total_s
    elif _POSTER.search(c.text) and (writes or (c.verb("make", "create") and len(c.tokens) <= 3)):
        form = "jpg"
    elif not (form in _TEXTS or (form is not None and c.has("file"))):
        return False
    c.use(_MADE)
    return s.add("export", format=form, at_s=at_s)


def _named(c: Clause) -> str | None:
    """The format that is named, by itself or by the end of a file's name."""
    named = [str(t.value).rsplit(".", 1)[-1].lower() for t in (*c.all("format"), *c.all("file"))]
    known = _PICTURES | _FILMS | {name: name for name in _TEXTS}
    return next((known[name] for name in named if name in known), None)
