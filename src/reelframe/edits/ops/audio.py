"""Operations on sound."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reelframe.edits.ops.base import Name, OpBase, Seconds, Span, Target

__all__ = ["AddMusic", "AddSfx", "ChangeMusic", "Duck", "ExtractAudio", "FadeAudio", "Mute", "Normalize", "SetVolume"]


class AddMusic(OpBase):
    """Background music: composed in a mood, or a file of the library."""

    op: Literal["add_music"] = "add_music"
    mood: Name | None = None
    media: Name | None = None
    volume: Annotated[float, Field(ge=0, le=2)] | None = None
    fade_in_s: Seconds | None = None
    fade_out_s: Seconds | None = None


class ChangeMusic(OpBase):
    """Other music, everything else about it kept."""

    op: Literal["change_music"] = "change_music"
    mood: Name | None = None
    media: Name | None = None


class SetVolume(OpBase):
    """A level, or a step in decibels."""

    op: Literal["set_volume"] = "set_volume"
    target: Target
    level: Annotated[float, Field(ge=0, le=2)] | None = None
    delta_db: Annotated[float, Field(ge=-60, le=24)] | None = None


class Mute(OpBase):
    """Silence, all the time or for a range."""

    op: Literal["mute"] = "mute"
    target: Target
    range: Span | None = None


class FadeAudio(OpBase):
    """The sound comes up and goes down."""

    op: Literal["fade_audio"] = "fade_audio"
    target: Target | None = None
    in_s: Seconds | None = None
    out_s: Seconds | None = None


class Duck(OpBase):
    """Music goes down while somebody speaks; negative decibels."""

    op: Literal["duck"] = "duck"
    amount_db: Annotated[float, Field(ge=-60, le=0)] | None = None


class Normalize(OpBase):
    """Loudness of the whole, in LUFS."""

    op: Literal["normalize"] = "normalize"
    lufs: Annotated[float, Field(ge=-60, le=0)] | None = None


class AddSfx(OpBase):
    """A sound effect."""

    op: Literal["add_sfx"] = "add_sfx"
    name: Name | None = None
    at_s: Seconds | None = None


class ExtractAudio(OpBase):
    """The sound as a file of its own."""

    op: Literal["extract_audio"] = "extract_audio"
    target: Target | None = None
    format: Literal["mp3", "wav", "m4a", "aac"] | None = None
