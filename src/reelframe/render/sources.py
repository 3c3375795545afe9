"""Files to pictures: the one place of the renderer that opens photos and clips, through the media room's sandbox.

``Pool`` is shared by all workers of a render and keeps what is costly to make (photos, tiles), within a number of
bytes. ``Clips`` belongs to one worker: a clip is read by one thread at a time, and reading on is far cheaper than
seeking.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, Protocol, TypeVar, cast

from reelframe.errors import MediaError
from reelframe.media import FrameReader, YuvFrame, load_image
from reelframe.media.model import Media
from reelframe.render.composition import Source
from reelframe.render.pictures import (
    Picture,
    Recipe,
    clip_size,
    prepare_clip_frame,
    prepare_still,
    still_cover,
)
from reelframe.render.planes import Plane

__all__ = ["Clips", "Pool", "load_rgba"]

# Four moving photos at 1080p: two workers in two crossfades. At other sizes as much more or less.
POOL_FRAMES: Final = 16
OPEN_CLIPS: Final = 3


class _Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


T = TypeVar("T", bound=_Sized)


class Pool:
    """Things made once and shared by threads; the least recently used are forgotten first."""

    def __init__(self, width: int, height: int) -> None:
        """``width`` and ``height`` are the frame's, in px."""
        self._limit = POOL_FRAMES * width * height
        self._kept: OrderedDict[Hashable, _Sized] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` made for this key; made by one thread while others that want it wait."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast("T", self._kept[key])
            gate = self._making.setdefault(key, threading.Lock())
        with gate:
            with self._lock:
                if key in self._kept:
                    return cast("T", self._kept[key])
            try:
                made = make()
                with self._lock:
                    # Who waited at a gate that is gone may have made it meanwhile.
                    if (twin := self._kept.pop(key, None)) is not None:
                        self._bytes -= twin.nbytes
                    self._kept[key] = made
                    self._bytes += made.nbytes
                    while self._bytes > self._limit and len(self._kept) > 1:
                        self._bytes -= self._kept.popitem(last=False)[1].nbytes
            finally:
                with self._lock:
                    self._making.pop(key, None)
            return made

    def still(self, source: Source, recipe: Recipe) -> Picture:
        """A photo, ready."""

        def make() -> Picture:
            name = source.media.name
            return prepare_still(load_image(_path(source.media), cover=still_cover(recipe), name=name), recipe)

        return self.get((source.id, recipe), make)


class Clips:
    """The clips that one worker has open."""

    def __init__(self) -> None:
        self._open: OrderedDict[Hashable, FrameReader] = OrderedDict()
        self._ready: dict[Hashable, tuple[YuvFrame, Picture]] = {}

    def frame(self, source: Source, recipe: Recipe, at_s: float, lane: str) -> Picture:
        """The picture of a clip at a time, ready; ``lane`` keeps two uses of one clip apart."""
        key = (source.id, recipe, lane)
        frame = self.read(source, clip_size(recipe), at_s, key)
        kept = self._ready.get(key)
        if kept is None or kept[0] is not frame:
            kept = (frame, prepare_clip_frame((frame.y, frame.u, frame.v), frame.a, recipe))
            self._ready[key] = kept
        return kept[1]

    def read(self, source: Source, size: tuple[int, int], at_s: float, key: Hashable) -> YuvFrame:
        """The frame itself, scaled to ``size``."""
        reader = self._open.get(key)
        if reader is None:
            while len(self._open) >= OPEN_CLIPS:
                old, forgotten = self._open.popitem(last=False)
                self._ready.pop(old, None)
                forgotten.close()
            path = _path(source.media)
            reader = FrameReader(path, size=size, start_s=at_s, name=source.media.name)
            self._open[key] = reader
        self._open.move_to_end(key)
        return reader.read_at(at_s)

    def close(self) -> None:
        """Let all of them go."""
        while self._open:
            self._open.popitem()[1].close()
        self._ready.clear()


def load_rgba(source: Source, cover: tuple[int, int]) -> Plane:
    """A still's pixels, three or four channels."""
    pixels: Any = load_image(_path(source.media), cover=cover, name=source.media.name)
    return cast("Plane", pixels)


def _path(media: Media) -> Any:  # noqa: ANN401 -- a Path; None is refused
    if media.path is None:
        reason = "its content is not on this machine"
        raise MediaError.of(media.name, reason, "Upload it again.")
    return media.path
