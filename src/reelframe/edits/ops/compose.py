"""Operations on the whole: the first cut, its length, shape, file and cards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reelframe.edits.ops.base import Aspect, Fit, Length, Name, OpBase, Span, Text

__all__ = ["Compose", "IntroOutro", "SetAspect", "SetBackground", "SetDuration", "SetOutput"]


class Compose(OpBase):
    """A first cut from media (all, or those named, or those of a kind), or from ``lines`` of words alone."""

    op: Literal["compose"] = "compose"
    media: Literal["all"] | tuple[Name, ...] = "all"
    duration_s: Length | None = None
    per_item_s: Length | None = None
    aspect: Aspect | None = None
    title: str | None = None
    lines: Annotated[tuple[Text, ...], Field(min_length=1, max_length=40)] | None = None


class SetDuration(OpBase):
    """The whole video's length, exact or at most; ``range`` is which window of the source."""

    op: Literal["set_duration"] = "set_duration"
    duration_s: Length | None = None
    max_duration_s: Length | None = None
    range: Span | None = None


class SetAspect(OpBase):
    """The frame's shape, and how pictures of another shape are fitted into it."""

    op: Literal["set_aspect"] = "set_aspect"
    aspect: Aspect
    fit: Fit | None = None


class SetOutput(OpBase):
    """What the file is to be: height in px, frames per second, container, size limit."""

    op: Literal["set_output"] = "set_output"
    height: Annotated[int, Field(ge=16, le=4320)] | None = None
    fps: Annotated[float, Field(gt=0, le=240)] | None = None
    format: Literal["mp4", "webm", "gif", "mov"] | None = None
    max_bytes: Annotated[int, Field(gt=0)] | None = None


class SetBackground(OpBase):
    """What is behind pictures that do not fill the frame."""

    op: Literal["set_background"] = "set_background"
    color: str | None = None
    blur: bool | None = None
    media: Name | None = None


class IntroOutro(OpBase):
    """An inserted card (it takes time of its own; it is not an overlay)."""

    op: Literal["intro_outro"] = "intro_outro"
    where: Literal["start", "end"] = "start"
    text: Text | None = None
    media: Name | None = None
    duration_s: Length | None = None
    color: str | None = None
