"""What the operations are made of: the types of their slots, targets, and the base of them all."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Amount",
    "Aspect",
    "Fit",
    "Frozen",
    "Length",
    "Name",
    "OpBase",
    "Position",
    "Role",
    "Seconds",
    "Span",
    "Target",
    "TargetKind",
    "Text",
    "TextStyle",
    "TransitionType",
    "Unit",
    "UpDown",
]

TargetKind = Literal[
    "clip", "title", "caption", "text", "subtitle", "logo", "bgm", "voice", "sfx", "audio", "video",
    "transition", "all", "selection",
]  # fmt: skip
Position = Literal["top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"]
Role = Literal["title", "caption", "lower_third", "credits", "cta", "text", "subtitle"]
TransitionType = Literal[
    "cut", "crossfade", "fade_black", "fade_white", "wipe", "slide", "push", "zoom", "whip", "flash", "blur",
    "circle",
]  # fmt: skip
Fit = Literal["fill", "fit", "blur"]
UpDown = Literal["up", "down"]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Length = Annotated[float, Field(gt=0, le=86_400)]
Span = tuple[Seconds, Seconds]
Unit = Annotated[float, Field(ge=0, le=1)]
# A number is a setting, "up" and "down" are a step from where things stand.
Amount = UpDown | Annotated[float, Field(ge=-1, le=1)]
Aspect = Annotated[str, Field(pattern=r"^\d{1,2}(\.\d{1,2})?:\d{1,2}(\.\d{1,2})?$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=5000)]


class Frozen(BaseModel):
    """Immutable, and strict about unknown slots."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Target(Frozen):
    """What an operation is about: a kind, and which of it (1-based, -1 is the last; None: all, or the only one)."""

    kind: TargetKind
    index: int | None = None
    name: str | None = None
    at_s: Seconds | None = None


class OpBase(Frozen):
    """The base of all operations. ``op`` is the name on the wire."""

    op: str

    def as_dict(self) -> dict[str, Any]:
        """The operation as JSON, without the slots that were not set."""
        return self.model_dump(mode="json", exclude_none=True)


class TextStyle(Frozen):
    """The style slots that adding and styling a text share."""

    color: str | None = None
    size: UpDown | Annotated[float, Field(gt=0, le=1)] | None = None
    bold: bool | None = None
    italic: bool | None = None
    font: str | None = None
    case: Literal["upper", "lower", "title"] | None = None
    outline: bool | None = None
    shadow: bool | None = None
    box: bool | None = None
    align: Literal["left", "center", "right"] | None = None
    opacity: Unit | None = None
    letter_spacing: Annotated[float, Field(ge=-0.2, le=2)] | None = None
    outline_color: str | None = None
    box_color: str | None = None
    gradient: tuple[str, str] | None = None
    highlight: str | None = None
    box_padding: Annotated[float, Field(ge=0, le=2)] | None = None
    box_radius: Annotated[float, Field(ge=0, le=2)] | None = None
    look: Literal["clean", "bold", "elegant"] | None = None
