"""``stream``: a preview that can be watched while it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import av.error

from reelframe.errors import RenderFailedError
from reelframe.jobs import CancelToken, OnProgress
from reelframe.render.cache import Cache, default_cache
from reelframe.render.composition import Composition
from reelframe.render.encode import QUALITIES, VideoSettings
from reelframe.render.mux import fragments
from reelframe.render.pipeline import Work, cores

__all__ = ["mime_type", "stream"]

# The shorter side of a preview in px, about what a notebook's column shows.
PREVIEW_SIDE: Final = 360


def stream(
    composition: Composition,
    on_progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
    cache: Cache | None = None,
    workers: int | None = None,
    *,
    side: int = PREVIEW_SIDE,
) -> Iterator[bytes]:
    """Render a small preview, giving it away from its beginning while the rest is still being made.

    What comes is one fragmented MP4 (H.264, AAC) in parts of about half a second. Written one after the other into a
    file, they are a film that can be played while it grows. A browser plays them through MediaSource: open a source
    buffer for ``mime_type(first part)`` and append each part; the first one holds the header. Pieces that the cache
    has (all but those that an edit touched, and the sound, which exports share) come at once.

    Args:
        composition: what to show and play.
        on_progress: told how far it is, from the thread that iterates.
        cancel: raise its flag to stop.
        cache: where encoded pieces are kept and found; by default the one in the data folder.
        workers: threads that paint and encode; by default one per core.
        side: the shorter side of the preview in px; a smaller composition keeps its size.

    Yields:
        bytes, in order. Closing the iterator stops the work.

    Raises:
        MediaError: a file of the composition can't be read.
        RenderFailedError: the encoder failed.
        JobCancelledError: cancelled.
    """
    shorter = min(composition.width, composition.height)
    c = composition.scaled(height=round(composition.height * min(1.0, side / shorter)))
    settings = VideoSettings.of(c.width, c.height, c.fps, QUALITIES["preview"])
    work = Work(c, settings, cache or default_cache(), cancel or CancelToken(), on_progress)
    try:
        with work.watched(max(1, workers or cores())) as (sound, pieces):
            yield from fragments(settings, pieces, c.frames, sound, work.cancel.check)
    except (av.error.FFmpegError, ValueError, MemoryError, RuntimeError) as error:
        message = f"The preview could not be made: {error}."
        raise RenderFailedError(message, reason=str(error)) from error
    finally:
        work.close()
    work.tell("render", 1.0)


def mime_type(first: bytes) -> str:
    """What the parts of a ``stream`` are, for ``MediaSource.addSourceBuffer``.

    Args:
        first: the first part.

    Raises:
        ValueError: it does not begin a stream.
    """
    at = first.find(b"avcC")
    if at < 0 or len(first) < at + 8:
        message = "This is not the first part of a stream."
        raise ValueError(message)
    # ISO/IEC 14496-15, AVCDecoderConfigurationRecord: profile, constraints and level follow the version.
    codecs = [f"avc1.{first[at + 5 : at + 8].hex()}", *(["mp4a.40.2"] if b"mp4a" in first[: at + 4096] else [])]
    return f'video/mp4; codecs="{", ".join(codecs)}"'
