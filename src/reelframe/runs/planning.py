"""One task from words to a timeline, by the embedded planner. No I/O but for the beats of music, when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from reelframe import edits
from reelframe.draft import Draft
from reelframe.edits.vocabulary import CONTROL
from reelframe.errors import APIError, MediaError, PlanError, ReelframeError
from reelframe.media.model import Library
from reelframe.planner import Context, plan
from reelframe.runs.tasks import Task

__all__ = ["Drawn", "code_of", "draw", "estimate"]

Beats = Callable[[Draft, Library], Any]
# Seconds of one core for a million pixels of video, by what the frames show; seen on a 2-core machine, see
# benchmarks/README.md. A moving photo is scaled and encoded anew for every frame.
_STILL_S: Final = 0.0045
_MOVING_S: Final = 0.0085
_START_S: Final = 0.25
# Bits for a pixel of the same, and the sound's for a second.
_STILL_BITS: Final = 0.012
_MOVING_BITS: Final = 0.034
_SOUND_BITS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a task's words lead to.

    Attributes:
        draft: the timeline.
        assumptions: what the planner chose by itself.
        does: what was planned, as operations' names.
    """

    draft: Draft
    library: Library
    assumptions: tuple[str, ...]
    does: tuple[str, ...]


def draw(task: Task, beats: Beats | None = None) -> Drawn:
    """Plan a task and carry the plan out.

    Raises:
        PlanError: the words leave a question open, nothing in them can be done, or a part of them can't be.
        MediaError: there is nothing to show.
    """
    library = Library(task.files)
    if not task.media:
        message = f"{task.name}: no photos or clips are given."
        raise MediaError(message, name=task.name, reason="there is none")
    planned = plan(task.prompt, Draft(), library, Context(project=task.project))
    if planned.questions:
        message = f"The request leaves a question open: {planned.questions[0]}"
        raise PlanError(message, hint="Say it in the prompt.")
    does = tuple(op.op for op in planned.ops if op.op not in CONTROL)
    # Nobody watches a batch: a wish that was refused is told among the assumptions, unless nothing is left.
    refused = tuple(f"Not done: {one.what}. {one.nearest}".strip() for one in planned.refused)
    if not does:
        raise PlanError(" ".join(refused) or "The prompt makes no video.", hint="Nothing was rendered.")
    find = None if beats is None else beats(Draft(), library)
    draft = edits.apply(Draft(), planned, library, beats=find)
    draft = task.brand.applied(draft)
    if not draft.exportable:
        message = "The prompt makes no timeline."
        raise PlanError(message, hint='Say what to make: "a 15-second video".')
    return Drawn(draft, library, (*planned.assumptions, *refused), does)


def estimate(draft: Draft, library: Library, size: tuple[int, int, int]) -> tuple[float, int]:
    """About what rendering a timeline costs: seconds of one core, bytes.

    Args:
        draft: the timeline.
        library: its media.
        size: width, height (px) and frames per second of the output.
    """
    width, height, fps = size
    clips = {media.id for media in library if media.kind == "video"}
    moving_ms = sum(
        segment.duration_ms
        for track in draft.of_kind("video")[:1]
        for segment in track.segments
        if segment.get("move") or segment.media in clips
    )
    total_ms = draft.duration_ms
    per_s = width * height * fps
    moving, still = moving_ms / 1000 * per_s, max(0, total_ms - moving_ms) / 1000 * per_s
    seconds = _START_S + (moving * _MOVING_S + still * _STILL_S) / 1e6
    bits = moving * _MOVING_BITS + still * _STILL_BITS + total_ms / 1000 * _SOUND_BITS
    return seconds, int(bits / 8)


def code_of(error: BaseException) -> str:
    """A short name for what went wrong, to group rows by: "media", "plan", "storage", "2001" and so on."""
    if isinstance(error, APIError) and error.code is not None:
        return str(error.code)
    name = type(error).__name__.removesuffix("Error")
    if isinstance(error, ReelframeError):
        return {"Media": "media", "Plan": "plan", "Storage": "storage", "RenderFailed": "render"}.get(
            name, name.lower()
        )
    return "crash" if isinstance(error, Exception) else name.lower()
