"""The studio as a notebook widget: a drop zone, a prompt, the log and the video."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelframe.widget.core import Studio
    from reelframe.widget.studio import VideoStudio

__all__ = ["Studio", "VideoStudio"]

_HOMES = {"Studio": "core", "VideoStudio": "studio"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a module's attribute
    # The core works without a kernel and without ipywidgets; only the widget itself loads them.
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    import importlib  # noqa: PLC0415 -- only on the way to a name

    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
