"""What a timeline can be changed by without words, as the body of a request."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reelframe.draft import Draft
from reelframe.errors import MediaError, PlanError

__all__ = ["change_body"]


def change_body(change: Any) -> dict[str, Any]:  # noqa: ANN401 -- told apart here
    """A timeline, a plan of operations, or the path of another editor's timeline, as the server takes it.

    Raises:
        PlanError: it is none of them.
        MediaError: the file can't be read.
    """
    if isinstance(change, Draft):
        return {"draft": change.to_wire()}
    if isinstance(change, (str, os.PathLike)):
        return {"otio": _otio_text(Path(change).expanduser())}
    if hasattr(change, "as_dict"):
        return {"plan": change.as_dict()}
    if isinstance(change, Mapping):
        return {("plan" if "ops" in change else "draft"): dict(change)}
    message = f"{type(change).__name__} is neither a timeline nor a plan."
    raise PlanError(message, hint="Give a Draft, a Plan of the edit vocabulary, or the path of an .otio file.")


def _otio_text(path: Path) -> str:
    """The content of a timeline's file; its name is all that an error tells of it."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MediaError.of(path.name, "it is no text", "Export the timeline as .otio from your editor.") from error
    except OSError as error:
        raise MediaError.of(path.name, error.strerror or "it can't be read") from error
