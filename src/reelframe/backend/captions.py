"""Subtitle files of a session: what a plan says of a file becomes its lines, which every timeline understands."""

from __future__ import annotations

from dataclasses import replace

from reelframe.backend import answers
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import AddSubtitles, SubtitleLine
from reelframe.errors import MediaError, PlanError
from reelframe.media.model import Library, Media
from reelframe.subtitles import Subtitles, flattened, read_subtitles

__all__ = ["with_lines"]

# Of a damaged file so many lines are told; the rest as a number.
_TOLD = 3


def with_lines(plan: Plan, library: Library, language: str) -> tuple[Plan, list[str]]:
    """The plan with the lines of the subtitle files that it names, and what has to be said about those files.

    Raises:
        PlanError: there is no such file, or it holds no subtitles.
    """
    ops, notes = [], []
    for op in plan.ops:
        if not isinstance(op, AddSubtitles) or op.lines:
            ops.append(op)
            continue
        media = _file(op.source, library)
        if media.path is None or not media.path.exists():
            message = f"{media.name} is not on this machine any more."
            raise PlanError(message, hint="Upload it again.")
        try:
            read = read_subtitles(media.path.read_bytes(), media.name)
        except MediaError as error:
            raise PlanError(error.message, hint=error.hint) from error
        notes += _told(read, media.name, language)
        lines = tuple(
            SubtitleLine(
                start_s=cue.start_ms / 1000,
                end_s=cue.end_ms / 1000,
                text=cue.text,
                position=cue.position,
                italic=cue.italic or None,
                bold=cue.bold or None,
                color=cue.color,
            )
            for cue in flattened(read.cues)
        )
        ops.append(op.model_copy(update={"source": media.name, "lines": lines}))
    return replace(plan, ops=tuple(ops)), notes


def _file(name: str | None, library: Library) -> Media:
    """The file that is meant: the one of this name, or the only one there is."""
    files = library.subtitles
    media = None if name is None else library.by_name(name)
    if media is not None and media.kind == "subtitles":
        return media
    if name is None and len(files) == 1:
        return files[0]
    if media is not None:
        message = f"{media.name} is no file of subtitles."
    elif name is not None:
        message = f'There is no file called "{name}".'
    else:
        message = "It was not said which file the subtitles are in." if files else "There is no subtitle file yet."
    there = f" Uploaded: {', '.join(m.name for m in files)}." if files else ""
    raise PlanError(message, hint=f"Upload an .srt or .vtt file, and name it.{there}")


def _told(read: Subtitles, name: str, language: str) -> list[str]:
    """What of the file was left out, by line, and as what it was read when it is not Unicode."""
    notes = []
    if read.problems:
        shown = "; ".join(str(problem) for problem in read.problems[:_TOLD])
        more = len(read.problems) - _TOLD
        shown += f"; … (+{more})" if more > 0 else ""
        notes.append(answers.phrase("subtitle_problems", language, name=name, count=len(read.problems), lines=shown))
    if not read.encoding.startswith("utf"):
        notes.append(answers.phrase("subtitle_encoding", language, name=name, encoding=read.encoding))
    return notes
