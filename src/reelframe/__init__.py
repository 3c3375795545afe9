"""reelframe: a video studio inside a notebook.

>>> import reelframe as rf
>>> video = rf.create("photos/", "combine these into a 30-second video with music", "out.mp4")

Photos, clips, a logo and a sentence become a finished 1080p MP4, planned and rendered on this machine;
``rf.VideoStudio()`` is the same as a widget. Names are loaded when they are first used, so the import is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from reelframe import edits, errors, planner, render
    from reelframe.checkup import check
    from reelframe.client import Reply, Session, Timing
    from reelframe.connect import AsyncClient, Client
    from reelframe.draft import Brand, Draft
    from reelframe.jobs import Job, run
    from reelframe.media import Library, Media, Video
    from reelframe.oneliner import create
    from reelframe.runs import abatch, batch, batch_status, compare, gallery, sample_products
    from reelframe.tables import apply_frame, media_frame, timeline_frame
    from reelframe.widget import VideoStudio

__version__: Final = "0.1.0"

__all__ = [
    "AsyncClient",
    "Brand",
    "Client",
    "Draft",
    "Job",
    "Library",
    "Media",
    "Reply",
    "Session",
    "Timing",
    "Video",
    "VideoStudio",
    "abatch",
    "apply_frame",
    "batch",
    "batch_status",
    "check",
    "compare",
    "create",
    "edits",
    "errors",
    "gallery",
    "media_frame",
    "planner",
    "render",
    "run",
    "sample_products",
    "timeline_frame",
]

# Where each public name lives; None: a room of that name.
_HOMES: Final[dict[str, str | None]] = {
    "AsyncClient": "connect",
    "Brand": "draft",
    "Client": "connect",
    "Draft": "draft",
    "Job": "jobs",
    "Library": "media",
    "Media": "media",
    "Reply": "client",
    "Session": "client",
    "Timing": "client",
    "Video": "media",
    "VideoStudio": "widget",
    "abatch": "runs",
    "apply_frame": "tables",
    "batch": "runs",
    "batch_status": "runs",
    "check": "checkup",
    "compare": "runs",
    "create": "oneliner",
    "edits": None,
    "errors": None,
    "gallery": "runs",
    "media_frame": "tables",
    "planner": None,
    "render": None,
    "run": "jobs",
    "sample_products": "runs",
    "timeline_frame": "tables",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a module's attribute
    if name not in _HOMES:
        message = f"module 'reelframe' has no attribute {name!r}"
        raise AttributeError(message)
    home = _HOMES[name]
    module = importlib.import_module(f"reelframe.{home or name}")
    value = module if home is None else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
