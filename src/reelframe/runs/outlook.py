"""What a task would come to: planned, and not rendered. Without pandas, for the processes that plan many rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reelframe.errors import ReelframeError
from reelframe.runs.planning import Drawn, code_of, draw, estimate
from reelframe.runs.tasks import Task

__all__ = ["Outlook", "outlooks"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a task would come to."""

    does: tuple[str, ...] = ()
    shots: int = 0
    texts: tuple[str, ...] = ()
    duration_s: float = 0.0
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    assumptions: tuple[str, ...] = ()
    error_code: str = ""
    error: str = ""


def outlooks(tasks: Sequence[Task], sizes: Mapping[str, Mapping[str, Any]]) -> list[Outlook]:
    """What each task would come to; what can't be planned is told in its outlook.

    Args:
        tasks: in any order; those of one row that only differ in their preset are planned once where they follow
            one another.
        sizes: what each preset says of the size.
    """
    found: list[Outlook] = []
    same: tuple[int, str] | None = None
    drawn: Drawn | ReelframeError | None = None
    for task in tasks:
        if drawn is None or same != (task.row, task.variant):
            same, drawn = (task.row, task.variant), _drawn(task)
        found.append(
            Outlook(error_code=code_of(drawn), error=str(drawn))
            if isinstance(drawn, ReelframeError)
            else _outlook(task, drawn, sizes[task.preset])
        )
    return found


def _drawn(task: Task) -> Drawn | ReelframeError:
    try:
        # The beats of recorded music are listened for when it is rendered; a plan alone takes no time for them.
        return draw(task)
    except ReelframeError as error:
        return error


def _outlook(task: Task, drawn: Drawn, size: Mapping[str, Any]) -> Outlook:
    draft = drawn.draft
    width, height, fps = _size_of(draft, {**size, **dict(task.output)})
    seconds, size_bytes = estimate(draft, drawn.library, (width, height, fps))
    texts = tuple(segment.text for track in draft.of_kind("text") for segment in track.segments if segment.text)
    shots = sum(len(track.segments) for track in draft.of_kind("video")[:1])
    return Outlook(
        drawn.does, shots, texts, draft.duration_ms / 1000, width, height, seconds, size_bytes / 1e6, drawn.assumptions
    )


def _size_of(draft: Any, output: Mapping[str, Any]) -> tuple[int, int, int]:  # noqa: ANN401 -- a Draft
    width, height = draft.get("width", 1920), draft.get("height", 1080)
    wanted_w, wanted_h = output.get("width"), output.get("height")
    if output.get("short"):
        scale = output["short"] / min(width, height)
        width, height = width * scale, height * scale
    elif wanted_w and wanted_h:
        width, height = wanted_w, wanted_h
    elif wanted_w:
        width, height = wanted_w, wanted_w * height / width
    elif wanted_h:
        width, height = wanted_h * width / height, wanted_h
    return round(width / 2) * 2, round(height / 2) * 2, int(output.get("fps") or draft.get("fps", 30))
