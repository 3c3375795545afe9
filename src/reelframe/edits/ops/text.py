"""Operations on texts, and on where and when anything stands over the picture."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reelframe.edits.ops.base import Frozen, Length, Name, OpBase, Position, Role, Seconds, Target, Text, TextStyle

__all__ = ["AddSubtitles", "AddText", "Anim", "Animate", "Move", "SetText", "SetTiming", "StyleText", "SubtitleLine"]


class AddText(TextStyle, OpBase):
    """A text over the picture."""

    op: Literal["add_text"] = "add_text"
    text: Text | None = None
    role: Role = "text"
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    duration_s: Length | None = None
    position: Position | None = None
    target: Target | None = None


class SetText(OpBase):
    """Other words in the same place."""

    op: Literal["set_text"] = "set_text"
    target: Target
    text: Text


class StyleText(TextStyle, OpBase):
    """How a text looks."""

    op: Literal["style_text"] = "style_text"
    target: Target


class Move(OpBase):
    """Where a text, a logo or an overlay stands; ``dx`` and ``dy`` are steps relative to the frame's height."""

    op: Literal["move"] = "move"
    target: Target
    position: Position | None = None
    dx: Annotated[float, Field(ge=-4, le=4)] | None = None
    dy: Annotated[float, Field(ge=-4, le=4)] | None = None


class SetTiming(OpBase):
    """When something is on screen."""

    op: Literal["set_timing"] = "set_timing"
    target: Target
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    duration_s: Length | None = None


Anim = Literal[
    "none", "fade", "slide_up", "slide_down", "slide_left", "slide_right", "pop", "scale", "typewriter",
    "word_by_word", "line_by_line", "karaoke", "blur_in",
]  # fmt: skip


class Animate(OpBase):
    """How something comes and goes."""

    op: Literal["animate"] = "animate"
    target: Target
    anim_in: Anim | None = None
    anim_out: Anim | None = None
    duration_s: Length | None = None


class SubtitleLine(Frozen):
    """One subtitle with its times, and what its file says of how it looks."""

    start_s: Seconds
    end_s: Seconds
    text: Text
    position: Position | None = None
    italic: bool | None = None
    bold: bool | None = None
    color: str | None = None


class AddSubtitles(OpBase):
    """Subtitles from a file (its name in the library) or from lines with times."""

    op: Literal["add_subtitles"] = "add_subtitles"
    source: Name | None = None
    lines: tuple[SubtitleLine, ...] | None = None
