"""Operations on shots: where they begin and end, their order, speed and geometry."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reelframe.edits.ops.base import Aspect, Length, Name, OpBase, Seconds, Span, Target, UpDown

__all__ = [
    "BeatSync",
    "CloseGaps",
    "Crop",
    "CutRange",
    "Duplicate",
    "Flip",
    "Freeze",
    "InsertMedia",
    "Loop",
    "Merge",
    "Remove",
    "Reorder",
    "ReplaceMedia",
    "Reverse",
    "Rotate",
    "SetSegmentDuration",
    "Speed",
    "Split",
    "Trim",
    "Zoom",
]


class Trim(OpBase):
    """Seconds taken off the head and the tail."""

    op: Literal["trim"] = "trim"
    target: Target | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None


class CutRange(OpBase):
    """A range of the timeline taken out, or kept alone."""

    op: Literal["cut_range"] = "cut_range"
    target: Target | None = None
    range: Span | None = None
    keep_range: Span | None = None


class Split(OpBase):
    """Cuts without removing anything."""

    op: Literal["split"] = "split"
    target: Target | None = None
    at_s: tuple[Seconds, ...] | None = None
    every_s: Length | None = None


class Remove(OpBase):
    """Takes segments out; what follows closes up."""

    op: Literal["remove"] = "remove"
    target: Target


class Reorder(OpBase):
    """Another order of the shots. Numbers are 1-based, -1 is the last."""

    op: Literal["reorder"] = "reorder"
    move: tuple[int, int] | None = None
    swap: tuple[int, int] | None = None
    order: tuple[Name | int, ...] | None = None
    reverse: bool | None = None


class Duplicate(OpBase):
    """A copy of a shot, at position ``to`` (else right after it)."""

    op: Literal["duplicate"] = "duplicate"
    target: Target
    to: int | None = None


class InsertMedia(OpBase):
    """Files as new shots, from position ``to`` on or at a time (else at the end)."""

    op: Literal["insert_media"] = "insert_media"
    media: Annotated[tuple[Name, ...], Field(min_length=1, max_length=200)]
    to: int | None = None
    at_s: Seconds | None = None
    duration_s: Length | None = None


class ReplaceMedia(OpBase):
    """Another file in the place of the one that is shown; length, place and texts stay."""

    op: Literal["replace_media"] = "replace_media"
    target: Target
    media: Name


class Merge(OpBase):
    """Joins neighbouring shots into one."""

    op: Literal["merge"] = "merge"
    targets: tuple[Target, ...] | None = None


class SetSegmentDuration(OpBase):
    """How long a shot is on screen."""

    op: Literal["set_segment_duration"] = "set_segment_duration"
    target: Target
    duration_s: Length


class Speed(OpBase):
    """Faster (factor above 1) or slower."""

    op: Literal["speed"] = "speed"
    target: Target | None = None
    factor: Annotated[float, Field(ge=0.05, le=100)] | None = None
    direction: UpDown | None = None
    range: Span | None = None


class Reverse(OpBase):
    """Plays backwards."""

    op: Literal["reverse"] = "reverse"
    target: Target | None = None


class Loop(OpBase):
    """Plays several times, or until the shot is full."""

    op: Literal["loop"] = "loop"
    target: Target | None = None
    count: Annotated[int, Field(ge=1, le=1000)] | None = None


class Freeze(OpBase):
    """Holds a frame."""

    op: Literal["freeze"] = "freeze"
    target: Target | None = None
    at_s: Seconds | None = None
    duration_s: Length | None = None


class Crop(OpBase):
    """Cuts the picture's edges off."""

    op: Literal["crop"] = "crop"
    target: Target | None = None
    aspect: Aspect | None = None


class Zoom(OpBase):
    """A fixed scale: 1.2 shows 1/1.2 of the picture."""

    op: Literal["zoom"] = "zoom"
    target: Target | None = None
    scale: Annotated[float, Field(gt=0, le=20)] | None = None
    direction: Literal["in", "out"] | None = None


class Rotate(OpBase):
    """Clockwise degrees."""

    op: Literal["rotate"] = "rotate"
    target: Target | None = None
    degrees: Annotated[float, Field(ge=-360, le=360)]


class Flip(OpBase):
    """Mirrors left to right (horizontal) or upside down (vertical)."""

    op: Literal["flip"] = "flip"
    target: Target | None = None
    axis: Literal["horizontal", "vertical"] = "horizontal"


class CloseGaps(OpBase):
    """Moves shots together."""

    op: Literal["close_gaps"] = "close_gaps"


class BeatSync(OpBase):
    """Moves the cuts to the music's beats."""

    op: Literal["beat_sync"] = "beat_sync"
