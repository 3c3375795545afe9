"""The renderer: a timeline becomes a video.

``compose`` resolves a draft into a ``Composition``; ``render`` makes the file, ``stream`` a preview that can be
watched meanwhile. Everything between is pure::

    Draft ─compose─▶ Composition ─timeline─▶ FramePlan ─frames─▶ planes ─encode─▶ pieces ─mux─▶ MP4
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelframe.render.cache import Cache, default_cache
    from reelframe.render.composition import Composition
    from reelframe.render.pipeline import render
    from reelframe.render.resolve import compose
    from reelframe.render.streaming import mime_type, stream

__all__ = ["Cache", "Composition", "compose", "default_cache", "mime_type", "render", "stream"]

_HOMES = {
    "Cache": "cache",
    "Composition": "composition",
    "compose": "resolve",
    "default_cache": "cache",
    "mime_type": "streaming",
    "render": "pipeline",
    "stream": "streaming",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever the name stands for
    """Load a public name, and the heavy libraries behind it, when it is first used."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
