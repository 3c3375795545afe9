"""Operations that change no timeline: whoever runs the session carries them out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reelframe.edits.ops.base import Name, OpBase, Seconds

__all__ = ["Credits", "Export", "Help", "Redo", "Status", "Undo", "Upload"]


class Undo(OpBase):
    """Back by so many steps."""

    op: Literal["undo"] = "undo"
    count: Annotated[int, Field(ge=1, le=1000)] | None = None


class Redo(OpBase):
    """Forward again by so many steps."""

    op: Literal["redo"] = "redo"
    count: Annotated[int, Field(ge=1, le=1000)] | None = None


class Export(OpBase):
    """Write the file, with a chapter for each caption where that is wanted.

    ``at_s`` is the moment that a picture shows, the most telling one when it is not said.
    """

    op: Literal["export"] = "export"
    height: Annotated[int, Field(ge=16, le=4320)] | None = None
    fps: Annotated[float, Field(gt=0, le=240)] | None = None
    format: Name | None = None
    preset: Name | None = None
    at_s: Seconds | None = None
    chapters: bool | None = None


class Status(OpBase):
    """Tell the timeline."""

    op: Literal["status"] = "status"


class Credits(OpBase):
    """Tell the balance."""

    op: Literal["credits"] = "credits"


class Upload(OpBase):
    """Take in files."""

    op: Literal["upload"] = "upload"


class Help(OpBase):
    """Tell what can be done."""

    op: Literal["help"] = "help"
