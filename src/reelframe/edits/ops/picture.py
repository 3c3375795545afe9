"""Operations on how the picture looks, and on what is laid over it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reelframe.edits.ops.base import (
    Amount,
    Length,
    Name,
    OpBase,
    Position,
    Seconds,
    Span,
    Target,
    TransitionType,
    Unit,
    UpDown,
)

__all__ = ["AddLogo", "Adjust", "Effect", "FadeVideo", "KenBurns", "Look", "Overlay", "Pace", "Transition"]


class Look(OpBase):
    """A named grade: warm, cool, cinematic, vibrant, vintage, bw, sepia, teal_orange, …; "none" takes it off."""

    op: Literal["look"] = "look"
    target: Target | None = None
    name: Name


class Adjust(OpBase):
    """Single controls, -1 to 1, or a step."""

    op: Literal["adjust"] = "adjust"
    target: Target | None = None
    brightness: Amount | None = None
    contrast: Amount | None = None
    saturation: Amount | None = None
    temperature: Amount | None = None
    sharpness: Amount | None = None


class Effect(OpBase):
    """blur, vignette, grain, pixelate, glow, …; "none" takes them off."""

    op: Literal["effect"] = "effect"
    target: Target | None = None
    name: Name
    amount: Amount | None = None
    range: Span | None = None


class KenBurns(OpBase):
    """A slow move over a still."""

    op: Literal["ken_burns"] = "ken_burns"
    target: Target | None = None
    direction: Literal["in", "out", "left", "right", "up", "down", "none"] | None = None
    amount: Annotated[float, Field(ge=0, le=2)] | None = None


class Transition(OpBase):
    """How one shot gives way to the next: between two shots, at all cuts, or at the cut nearest to a time."""

    op: Literal["transition"] = "transition"
    between: tuple[int, int] | Literal["all"] | None = None
    at_s: Seconds | None = None
    type: TransitionType = "crossfade"
    duration_s: Length | None = None


class FadeVideo(OpBase):
    """From and to a colour, at the two ends of the video."""

    op: Literal["fade_video"] = "fade_video"
    target: Target | None = None
    in_s: Seconds | None = None
    out_s: Seconds | None = None
    color: str | None = None


class Pace(OpBase):
    """Shorter (up) or longer (down) shots."""

    op: Literal["pace"] = "pace"
    direction: UpDown


class AddLogo(OpBase):
    """A logo over the whole video, or for a while."""

    op: Literal["add_logo"] = "add_logo"
    media: Name | None = None
    position: Position | None = None
    size: Annotated[float, Field(gt=0, le=1)] | None = None
    opacity: Unit | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None


class Overlay(OpBase):
    """Picture in picture, a sticker, a watermark."""

    op: Literal["overlay"] = "overlay"
    media: Name | None = None
    position: Position | None = None
    size: Annotated[float, Field(gt=0, le=1)] | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
