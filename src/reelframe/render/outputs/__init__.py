"""Every way out of a composition: films, animations, stills, sound; each within its bytes, each saying what it is.

``export`` is the door; the file's name says what is wanted. Timelines and subtitles, which need no pixels, are
written elsewhere (``reelframe.otio``, ``reelframe.subtitles``).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from reelframe.render.outputs.kinds import KINDS, MIME, Options

if TYPE_CHECKING:
    from reelframe.render.outputs.job import chapters_of, export, title_of
    from reelframe.render.outputs.still import telling_frame

__all__ = ["KINDS", "MIME", "Options", "chapters_of", "export", "telling_frame", "title_of"]

_HOMES = {"chapters_of": "job", "export": "job", "telling_frame": "still", "title_of": "job"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever the name stands for
    """Load a function, and the codecs behind it, when it is first used."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
