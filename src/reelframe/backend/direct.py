"""A timeline rendered straight into a file, without a session: what batch runs do in their worker processes.

The chunk cache is the one that every render of this data folder uses, so what rows share (an intro, a logo over
black, the music) is made once, by whichever process comes first.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reelframe import settings
from reelframe.backend.making import make
from reelframe.backend.output import apply_output, read_output
from reelframe.backend.presets import Preset, preset
from reelframe.draft import Draft
from reelframe.errors import MediaError
from reelframe.jobs import CancelToken, OnProgress
from reelframe.media.model import Library

__all__ = ["Made", "extension_of", "preset_of", "render_draft", "sized"]

_POSTER_SIDE: Final = 320


@dataclass(frozen=True, slots=True)
class Made:
    """A rendered file, and what is known of it.

    Attributes:
        loudness_lufs: integrated, of the sound as encoded; None without sound.
        render_s: seconds that it took.
        poster: a small JPEG of it, b"" when none could be made.
    """

    path: Path
    width: int
    height: int
    duration_s: float
    size_bytes: int
    loudness_lufs: float | None
    render_s: float
    poster: bytes
    warnings: tuple[str, ...] = ()


def extension_of(options: Mapping[str, Any]) -> str:
    """The extension, without the dot, of a file with these options."""
    return str(read_output(dict(options)).get("format", "mp4"))


def preset_of(name: str) -> Preset:
    """The preset of this name.

    Raises:
        APIError: 400 with the names that there are.
    """
    return preset(name)


def sized(draft: Draft, options: Mapping[str, Any]) -> Draft:
    """The timeline as an export with these options gives it.

    Raises:
        APIError: 400, an option is wrong.
        PlanError: the size can't be rendered.
    """
    return apply_output(draft, read_output(dict(options)))


def render_draft(
    draft: Draft,
    library: Library,
    path: Path,
    *,
    options: Mapping[str, Any],
    workers: int | None = None,
    on_progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
) -> Made:
    """Render a timeline into a file.

    Args:
        draft: the timeline.
        library: its media; their paths are on this machine.
        path: where the video goes.
        options: of the export: preset, width, height, fps, quality, format.
        workers: threads; by default one per core.
        on_progress: told how far it is.
        cancel: raise its flag to stop.

    Raises:
        ReelframeError: as ``render.render``.
    """
    from reelframe import render  # noqa: PLC0415 -- codecs, loaded when there is something to render

    began = time.monotonic()
    cache = render.default_cache()
    made = make(
        draft, library, path, read_output(dict(options)),
        cache=cache, on_progress=on_progress, cancel=cancel, workers=workers,
    )  # fmt: skip
    return Made(
        path=path,
        width=made.width,
        height=made.height,
        duration_s=made.duration_s,
        size_bytes=made.size_bytes,
        loudness_lufs=None if made.composition is None else _loudness(made.composition, cache),
        render_s=time.monotonic() - began,
        poster=_poster(path),
        warnings=made.warnings,
    )


def _loudness(composition: Any, cache: Any) -> float | None:  # noqa: ANN401 -- the renderer's, loaded late
    """Measured once for each sound, however many videos share it."""
    from reelframe.render import sound  # noqa: PLC0415 -- as above
    from reelframe.render.audio_track import audio_key  # noqa: PLC0415
    from reelframe.render.encode import AAC, decode_audio  # noqa: PLC0415

    if not composition.sounds:
        return None
    key = audio_key(composition, AAC)
    note = settings.home() / "cache" / "loudness" / key
    with contextlib.suppress(OSError, ValueError):
        return float(note.read_text(encoding="ascii"))
    kept = cache.get(key)
    if kept is None:
        return None
    value = round(float(sound.integrated(decode_audio(kept))), 2)
    with contextlib.suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(repr(value), encoding="ascii")
    return value


def _poster(path: Path) -> bytes:
    from reelframe.media import thumbnail  # noqa: PLC0415 -- codecs

    # A video is no worse for a poster that could not be made.
    with contextlib.suppress(MediaError):
        return thumbnail(path, _POSTER_SIDE)
    return b""
