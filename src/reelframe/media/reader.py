"""``FrameReader``: the pictures of a clip, in the order and at the times that a composition needs them."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from reelframe.errors import MediaError
from reelframe.media import sandbox
from reelframe.media.frames import YuvFrame
from reelframe.media.reading import format_of

if TYPE_CHECKING:
    import os
    from types import TracebackType

    from reelframe.media.framing import Header

__all__ = ["FrameReader"]

FRAME_S: Final = 20.0
# A step that is longer than this is a jump: what follows it can't be foretold.
LONGEST_STEP_S: Final = 0.5
# Times that differ by less are the same: they were added up in floating point.
SAME_TIME_S: Final = 2e-6


class _Session:
    """A worker with a clip open in it, and whether it owes an answer. Knows nothing of its reader."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.worker = sandbox.take()
        self.owes = False
        self.open = True

    def send(self, request: Header) -> None:
        try:
            self.worker.send(request)
        except EOFError:
            self.abandon()
            raise sandbox.crashed(self.name) from None
        self.owes = True

    def receive(self) -> tuple[Header, bytearray]:
        try:
            header, payload = self.worker.receive(FRAME_S)
        except TimeoutError:
            self.abandon()
            raise sandbox.too_slow(self.name, FRAME_S) from None
        except EOFError:
            self.abandon()
            raise sandbox.crashed(self.name) from None
        except BaseException:  # KeyboardInterrupt: the answer is half read
            self.abandon()
            raise
        self.owes = False
        if "error" in header:
            self.abandon()
            raise sandbox.error_of(self.name, header)
        return header, payload

    def end(self) -> None:
        """Close the clip and put the worker back; if it is busy with a frame, wait for that."""
        if not self.open:
            return
        if self.owes:
            self.receive()
        self.send({"op": "close"})
        self.receive()
        self.open = False
        sandbox.give_back(self.worker)

    def abandon(self) -> None:
        """Kill the worker."""
        if self.open:
            self.open = False
            self.worker.discard()


class FrameReader:
    """The pictures of a clip at the times asked for, converted for the compositor.

    One child process is held until ``close`` (also: ``with``, or being forgotten). The frame that is likely
    to be wanted next is decoded while the caller works on this one. Not for two threads at once.

    Attributes:
        width: of the frames, in pixels.
        height: of the frames, in pixels.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        size: tuple[int, int] | None = None,
        start_s: float = 0.0,
        name: str | None = None,
    ) -> None:
        """Open a clip.

        Args:
            path: an mp4, mov, avi, webm, mkv, or a gif, webp or png.
            size: (width, height) that the whole upright picture is scaled to; by default as it is shown.
            start_s: where reading will begin: that frame is got ready.
            name: for messages.

        Raises:
            MediaError: it can't be opened, or holds no picture.
        """
        path = Path(path)
        self._name = name or path.name
        fmt = format_of(path, self._name)
        if fmt.kind == "audio" or fmt.name == "jpeg":
            raise MediaError.of(self._name, f"is not a clip but {fmt.kind} ({fmt.name})")
        self._session = _Session(self._name)
        self._finalizer = weakref.finalize(self, self._session.abandon)
        self._finalizer.atexit = False  # the pool ends its workers itself
        self._asked: float | None = None
        self._last_s: float | None = None
        self._shown: YuvFrame | None = None
        self._session.send(
            {
                "op": "open",
                "path": str(path.absolute()),
                "format": fmt.name,
                "size": list(size) if size else None,
            }
        )
        opened, _ = self._session.receive()
        self.width = int(opened["width"])
        self.height = int(opened["height"])
        self._ask(start_s)

    def read_at(self, time_s: float) -> YuvFrame:
        """The picture on show at ``time_s`` of the clip; the very same object while it does not change.

        Before the first picture it is the first, after the last one the last.

        Raises:
            MediaError: decoding failed, or the reader is closed.
        """
        if not self._session.open:
            raise MediaError.of(self._name, "was closed and can't be read any more")
        time_s = max(0.0, time_s)
        if self._asked is None or abs(self._asked - time_s) > SAME_TIME_S:
            if self._asked is not None:
                self._take()
            self._ask(time_s)
        frame = self._take()
        step = 0.0 if self._last_s is None else time_s - self._last_s
        self._last_s = time_s
        if 0 < abs(step) <= LONGEST_STEP_S and time_s + step >= 0:
            self._ask(time_s + step)
        return frame

    def close(self) -> None:
        """Let the child process go. Harmless when done twice."""
        self._finalizer.detach()
        try:
            self._session.end()
        except MediaError:
            self._session.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, time_s: float) -> None:
        self._asked = time_s
        self._session.send({"op": "frame", "t": time_s, "cpu_s": 2 * FRAME_S})

    def _take(self) -> YuvFrame:
        import numpy as np  # noqa: PLC0415 -- heavy

        self._asked = None
        header, payload = self._session.receive()
        if header.get("same") and self._shown is not None:
            return self._shown
        height, width = (int(n) for n in header["shape"])
        half = (height + 1) // 2, (width + 1) // 2
        luma, chroma = height * width, half[0] * half[1]
        y, u, v, a = np.split(np.frombuffer(payload, np.uint8), [luma, luma + chroma, luma + 2 * chroma])
        self._shown = YuvFrame(
            y.reshape(height, width),
            u.reshape(half),
            v.reshape(half),
            a.reshape(height, width) if header["alpha"] else None,
            float(header["start_s"]),
        )
        return self._shown
