"""A preview that is watched while the server makes it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from reelframe.client.calls import Caller
from reelframe.client.http import Refused, Request, Stream
from reelframe.errors import ConnectionFailedError, ProtocolError

__all__ = ["PreviewPart", "stream_preview"]

# Seconds until the first part, and without any: a server that renders large photos is slow to begin.
_FIRST: Final = 120.0
_SILENCE: Final = 60.0
# What one fragment of the file shows, seconds.
_FRAGMENT: Final = 0.5


@dataclass(frozen=True, slots=True)
class PreviewPart:
    """A part of a preview. All parts, one after the other, are one fragmented MP4.

    Attributes:
        data: its bytes.
        mime_type: of the whole, with its codecs, as ``MediaSource.addSourceBuffer`` takes it.
        width: pixels across.
        height: pixels down.
        duration_s: of the whole, seconds.
        fraction: about how much of the whole is there with it, 0 to 1.
        silent: the video has sound, but its music is still to be composed, and the preview was wanted at once.
    """

    data: bytes
    mime_type: str
    width: int
    height: int
    duration_s: float
    fraction: float
    silent: bool = False


async def stream_preview(
    caller: Caller, session_id: str, *, at_once: bool = False
) -> AsyncGenerator[PreviewPart, None]:
    """The parts of a session's preview, as the server makes them. Closing the generator stops the server.

    Raises:
        ConnectionFailedError: it broke off; a newer preview of the same session ends it, too.
        ReelframeError: the server refused.
    """

    def build() -> Request:
        body = {"session_id": session_id, "at_once": at_once}
        return Request("read", "POST", "/api/ext/preview", "asking for a preview", json=body, timeout=_FIRST)

    opened = await caller.stream(build)
    if isinstance(opened, Refused):
        raise opened.error
    try:
        mime_type, width, height, duration = _facts(opened)
        silent = opened.headers.get("x-video-sound") == "later"
        fragments = 0
        while True:
            try:
                async with asyncio.timeout(_SILENCE):
                    data = await anext(opened.chunks, None)
            except TimeoutError:
                message = f"No part of the preview came for {_SILENCE:.0f} s."
                raise ConnectionFailedError(message, hint="Try again.") from None
            if data is None:
                return
            # A part may be cut in two on the way; this is only about how far it is.
            fragments += data.count(b"moof")
            fraction = min(1.0, fragments * _FRAGMENT / duration)
            yield PreviewPart(data, mime_type, width, height, duration, fraction, silent)
    finally:
        await opened.close()


def _facts(opened: Stream) -> tuple[str, int, int, float]:
    kind = opened.headers.get("content-type", "")
    said = [opened.headers.get(f"x-video-{name}", "") for name in ("width", "height", "duration")]
    if not kind.startswith("video/") or not all(re.fullmatch(r"\d+(\.\d+)?", one) for one in said):
        message = f"The server sent {kind or 'something'} in the place of a preview."
        raise ProtocolError(message, hint="Export the video instead.", status=opened.status)
    width, height, duration = (float(one) for one in said)
    return kind, int(width), int(height), max(duration, 0.001)
