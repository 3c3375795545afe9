"""Moving pictures, frame by frame at the times that are asked for (worker only).

``answer`` keeps one open clip in the worker's state. Frames are told by their presentation times and never by
counting, so variable frame rates, edit lists and streams that start late come out right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

import numpy as np
from av.sidedata.sidedata import Type as SideDataType
from PIL import Image

from reelframe.media.decoders import animation, colour, stills
from reelframe.media.decoders.container import (
    MAX_VIDEO_PIXELS,
    Source,
    decoded,
    open_source,
    reopened,
    seek,
)
from reelframe.media.decoders.orient import Turn, from_display_matrix
from reelframe.media.framing import Fault, Header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

__all__ = ["Clip", "answer", "display_size", "open_clip"]

# A time that lies this little before a frame means that frame: containers round to milliseconds. An odd number,
# so that no sum of frame lengths ever lies right on the border and is tipped by floating point.
ROUNDING_S: Final = 0.0015184
# Further ahead than this, seeking is cheaper than decoding everything in between.
LEAP_S: Final = 3.0
# Frames kept while reading backwards: 96 MB of them.
BACKWARD_BYTES: Final = 96 << 20
FOUR_K: Final = 4096 * 2304
_STILLS: Final = {"gif", "webp", "png"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One converted frame: when it begins and its planes, upright and at the size asked for."""

    start_s: float
    planes: colour.Planes


class Clip(Protocol):
    """What both kinds of moving pictures can do."""

    width: int
    height: int

    def at(self, time_s: float) -> Picture:
        """The picture that is on show at ``time_s``; before the first the first, after the last the last."""


def answer(operation: str, request: Header, state: dict[str, Any]) -> tuple[Header, colour.Planes]:
    """``open`` (path, format, size or None), ``frame`` (t), ``close``."""
    if operation == "open":
        _close(state)
        file = stills.opened(request)
        state["file"] = file
        size = request.get("size")
        clip = open_clip(file, request["format"], (int(size[0]), int(size[1])) if size else None)
        state["clip"] = clip
        return {"width": clip.width, "height": clip.height}, ()
    if operation == "close":
        _close(state)
        return {}, ()
    picture = state["clip"].at(float(request["t"]))
    if state.get("sent") is picture:
        return {"same": True}, ()
    state["sent"] = picture
    header = {
        "start_s": picture.start_s,
        "shape": list(picture.planes[0].shape),
        "alpha": len(picture.planes) > 3,  # Y, U and V
    }
    return header, tuple(np.ascontiguousarray(plane) for plane in picture.planes)


def open_clip(file: BinaryIO, fmt: str, size: tuple[int, int] | None = None) -> Clip:
    """Open moving pictures for reading at ``size`` (width, height), by default as they are shown.

    Raises:
        Fault: no pictures, or over the limits.
    """
    return AnimatedClip(file, fmt, size) if fmt in _STILLS else VideoClip(file, fmt, size)


def display_size(stream: VideoStream, first: VideoFrame, turn: Turn) -> tuple[int, int]:
    """Width and height as shown: square pixels (the longer way), upright."""
    width, height = first.width, first.height
    aspect = stream.codec_context.sample_aspect_ratio or stream.sample_aspect_ratio
    if aspect and 0.1 < aspect < 10 and aspect != 1:  # anything else is nonsense
        if aspect > 1:
            width = round(width * aspect)
        else:
            height = round(height / aspect)
    return turn.size(width, height)


def turn_of(frame: VideoFrame) -> Turn:
    """The turn that the container asks for, as its frames carry it."""
    data: Any = frame.side_data
    found = data.get(SideDataType.DISPLAYMATRIX)
    return from_display_matrix(None if found is None else bytes(found))


def sees_through(frame: VideoFrame) -> bool:
    """Some pixel of the frame really is transparent."""
    if not any(c.is_alpha for c in frame.format.components):
        return False
    planes = colour.planes_of(frame, frame.width, frame.height)
    return bool(planes[3].min() < stills.SEEN_THROUGH)


def check_size(stream: VideoStream) -> None:
    """Refuse over 8K before the first frame is decoded."""
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > MAX_VIDEO_PIXELS:
        msg = f"is {width} x {height}, over the limit of 8K video"
        raise Fault(msg, "Export it smaller.")


class VideoClip:
    """A clip that FFmpeg reads."""

    def __init__(self, file: BinaryIO, fmt: str, size: tuple[int, int] | None) -> None:
        self._source = open_source(file, fmt)
        if self._source.video is None:
            msg = "has no moving pictures"
            raise Fault(msg)
        self._stream: VideoStream = self._source.video
        check_size(self._stream)
        prepare(self._stream)
        self._frames = timed_frames(self._source, self._stream)
        first = next(self._frames, None)
        if first is None:
            msg = "holds no picture that can be decoded"
            raise Fault(msg, "Export or download it again.")
        self._turn = turn_of(first[1])
        self.width, self.height = size or display_size(self._stream, first[1], self._turn)
        self._current = first
        self._next = next(self._frames, None)
        self._picture: Picture | None = None
        self._behind: list[Picture] = []
        self._behind_end_s = 0.0

    def at(self, time_s: float) -> Picture:
        """As the protocol says; going backwards is served from a window of frames that is filled at once."""
        time_s += ROUNDING_S
        if time_s < self._current[0]:
            kept = self._from_window(time_s)
            if kept is not None:
                return kept
            self._fill_window(time_s)
            kept = self._from_window(time_s)
            if kept is not None:
                return kept
        elif self._next is not None and time_s > self._next[0] + LEAP_S:
            self._restart(time_s)
        self._advance(time_s)
        return self._converted()

    def _advance(self, time_s: float) -> None:
        while self._next is not None and self._next[0] <= time_s:
            self._current = self._next
            self._next = next(self._frames, None)

    def _restart(self, time_s: float) -> None:
        """Stand on a frame at or before ``time_s``, as near to it as the container's key frames allow."""
        for margin in (0.0, 2.0, 10.0, 60.0, None):
            target = None if margin is None else max(0.0, time_s - margin)
            self._frames = self._from(target)
            first = next(self._frames, None)
            if first is not None and (first[0] <= time_s or not target):
                self._current = first
                self._next = next(self._frames, None)
                return

    def _from_window(self, time_s: float) -> Picture | None:
        if not self._behind or not self._behind[0].start_s <= time_s < self._behind_end_s:
            return None
        return next(p for p in reversed(self._behind) if p.start_s <= time_s)

    def _fill_window(self, time_s: float) -> None:
        """Read up to ``time_s`` from a little before it and keep the last frames: what is wanted next."""
        self._behind = []
        room = max(2, BACKWARD_BYTES // max(1, self.width * self.height * 3 // 2))
        begin_s = max(0.0, time_s - 1.0)
        self._restart(begin_s)
        self._advance(begin_s)
        while True:
            self._behind = [*self._behind[-(room - 1) :], self._converted()]
            self._behind_end_s = float("inf") if self._next is None else self._next[0]
            if self._behind_end_s > time_s:
                return
            self._advance(self._behind_end_s)

    def _converted(self) -> Picture:
        start_s, frame = self._current
        if self._picture is None or self._picture.start_s != start_s:
            width, height = self._turn.size(self.width, self.height)
            planes = colour.planes_of(frame, width, height)
            upright = tuple(self._turn.apply(plane) for plane in planes)
            self._picture = Picture(start_s, upright)
        return self._picture

    def _reopen(self) -> None:
        self._source = reopened(self._source)
        if self._source.video is None:  # the file was changed meanwhile
            msg = "has no moving pictures"
            raise Fault(msg)
        self._stream = self._source.video
        prepare(self._stream)

    def close(self) -> None:
        """Let FFmpeg go of the file."""
        self._source.container.close()

    def _from(self, time_s: float | None) -> Iterator[tuple[float, VideoFrame]]:
        """Frames with their times, from a key frame at or before ``time_s`` on; None: from the start."""
        if time_s is None or not seek(self._source, self._stream, time_s):
            self._reopen()
        return timed_frames(self._source, self._stream)


def prepare(stream: VideoStream) -> None:
    """Decode on two threads, and over 4K on one: each holds pictures of its own, of 100 MB at 8K."""
    stream.thread_type = "AUTO"
    size = stream.codec_context.width * stream.codec_context.height
    stream.codec_context.thread_count = 1 if size > FOUR_K else 2


def timed_frames(source: Source, stream: VideoStream) -> Iterator[tuple[float, VideoFrame]]:
    """Frames with their presentation times in our time; a frame without one follows the one before."""
    rate = stream.average_rate or stream.guessed_rate
    step = float(1 / rate) if rate else 0.04
    last = -step
    for frame in decoded(source, stream):
        if frame.width * frame.height > MAX_VIDEO_PIXELS:
            msg = f"turns into {frame.width} x {frame.height} midway, over the limit of 8K video"
            raise Fault(msg, "Export it smaller.")
        at = frame.pts if frame.pts is not None else frame.dts
        base = frame.time_base or stream.time_base
        time_s = float(at * base) - source.zero_s if at is not None and base else last + step
        if time_s <= last and at is None:
            time_s = last + step
        last = time_s
        yield time_s, frame


class AnimatedClip:
    """An animated GIF, WebP or PNG: Pillow composes its frames."""

    def __init__(self, file: BinaryIO, fmt: str, size: tuple[int, int] | None) -> None:
        durations, _ = animation.frame_durations(file, fmt)
        self._file, self._format = file, fmt
        self._image = stills.open_still(file, fmt)
        # An animated PNG may begin with a picture that is shown only where animation is not understood.
        self._skipped = 1 if getattr(self._image, "default_image", False) else 0
        count = min(len(durations), getattr(self._image, "n_frames", 1) - self._skipped)
        if count < 1:
            msg = "holds no picture that can be decoded"
            raise Fault(msg)
        self._starts = np.cumsum([0.0, *durations[: count - 1]])
        self._turn = stills.turn_of(self._image)
        self.width, self.height = size or self._turn.size(*self._image.size)
        self._picture: Picture | None = None
        self._index = -1

    def at(self, time_s: float) -> Picture:
        """As the protocol says."""
        index = max(0, int(np.searchsorted(self._starts, time_s + ROUNDING_S, side="right")) - 1)
        if self._picture is None or index != self._index:
            self._picture = Picture(float(self._starts[index]), self._decode(index))
            self._index = index
        return self._picture

    def _decode(self, index: int) -> colour.Planes:
        if index < self._index:
            # Pillow's own way back to the start loses an animated PNG's first frame.
            self._image = stills.open_still(self._file, self._format)
        try:
            self._image.seek(index + self._skipped)
            frame = self._image.convert("RGBA")
        except (EOFError, OSError, SyntaxError, ValueError) as error:
            if self._picture is not None:  # a damaged frame: the one before stays, as in browsers
                return self._picture.planes
            msg = f"is damaged: frame {index + 1} can't be decoded"
            raise Fault(msg, "Export it again.") from error
        size = self._turn.size(self.width, self.height)
        if frame.size != size:
            frame = frame.resize(size, Image.Resampling.LANCZOS)
        pixels: NDArray[np.uint8] = np.asarray(frame)
        if pixels[..., 3].min() >= stills.SEEN_THROUGH:
            pixels = pixels[..., :3]
        return tuple(self._turn.apply(p) for p in colour.rgba_planes(np.asarray(pixels)))


def _close(state: dict[str, Any]) -> None:
    clip = state.pop("clip", None)
    state.pop("sent", None)
    if isinstance(clip, VideoClip):
        clip.close()
    file = state.pop("file", None)
    if file is not None:
        file.close()
