"""Files that users hand over: what is accepted, what they are, and how they are opened safely.

``Media`` and ``Library`` are the values; ``probe`` makes a ``Media`` of a file; ``load_image``, ``FrameReader``,
``load_audio``, ``iter_audio`` and ``thumbnail`` open one, always in a child process; ``Video`` is a result.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelframe.media.formats import check_name_and_size
    from reelframe.media.frames import YuvFrame
    from reelframe.media.model import Kind, Library, Media, Role
    from reelframe.media.reader import FrameReader
    from reelframe.media.reading import iter_audio, load_audio, load_image, probe, thumbnail
    from reelframe.media.video import Video

__all__ = [
    "FrameReader",
    "Kind",
    "Library",
    "Media",
    "Role",
    "Video",
    "YuvFrame",
    "check_name_and_size",
    "iter_audio",
    "load_audio",
    "load_image",
    "probe",
    "thumbnail",
]

_HOMES = {
    "check_name_and_size": "formats",
    "YuvFrame": "frames",
    "Kind": "model",
    "Library": "model",
    "Media": "model",
    "Role": "model",
    "FrameReader": "reader",
    "iter_audio": "reading",
    "load_audio": "reading",
    "load_image": "reading",
    "probe": "reading",
    "thumbnail": "reading",
    "Video": "video",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever the name stands for
    """Load a public name when it is first used: the worker and light imports pay for nothing else."""
    home = _HOMES.get(name)
    if home is None:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
