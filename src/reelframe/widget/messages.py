"""What a page asks of the widget, and what it is answered: one envelope, every request answered, in words or bytes.

A message is ``{"v": 1, "id": …, "kind": …}`` with what its kind needs beside it; its answer has the same id, and the
kind "result" or "error". Bytes are buffers beside a message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from reelframe.errors import ConfigurationError, ReelframeError
from reelframe.widget.arrange import Gesture
from reelframe.widget.core import Studio
from reelframe.widget.transfer import UploadDesk, read_piece

__all__ = ["Messages"]

_log = logging.getLogger("reelframe.widget")
# Messages whose answers are kept: far more than a page has open.
_REMEMBERED: Final = 200
# Jupyter hands over views of what came, marimo bytes.
Buffer = memoryview | bytes
Answer = tuple[dict[str, Any], list[bytes]]


class Messages:
    """Does what the messages ask for. On the background loop.

    Args:
        studio: of which they speak.
        desk: where uploads come in.
    """

    def __init__(self, studio: Studio, desk: UploadDesk) -> None:
        self._studio = studio
        self._desk = desk
        # The last messages and what they were answered (None: not yet), so that one that comes twice is done once.
        self._heard: dict[str, dict[str, Any] | None] = {}

    async def answer(self, content: dict[str, Any], buffers: list[Buffer]) -> Answer | None:
        """Do what a message asks for; its answer, with the buffers that go with it.

        A kernel drops what comes just after a cell has failed, and a server what comes too fast, so pages ask again:
        that has the first answer once more, or None while the work goes on.
        """
        key = str(content.get("id"))
        if key in self._heard:
            said = self._heard[key]
            return None if said is None else (said, [])
        self._heard[key] = None
        while len(self._heard) > _REMEMBERED:
            del self._heard[next(iter(self._heard))]
        said, out = await self._done(content, buffers)
        if not out and key in self._heard:
            self._heard[key] = said
        return said, out

    async def _done(self, content: dict[str, Any], buffers: list[Buffer]) -> Answer:
        head = {"v": 1, "id": content.get("id")}
        try:
            result, out = await self._handler(content)(self, content, buffers)
        except ReelframeError as error:
            return {**head, "kind": "error", "error": type(error).__name__, "text": str(error)}, []
        except (KeyError, IndexError, TypeError, ValueError) as error:
            return {**head, "kind": "error", "text": f"The message can't be read: {error!r}."}, []
        except Exception as error:  # noqa: BLE001 -- a browser that hears nothing would wait for ever
            _log.exception("A message of the widget failed.")
            text = f"That failed in the studio: {type(error).__name__}: {error}. The notebook's log has the details."
            return {**head, "kind": "error", "text": text}, []
        return {**head, "kind": "result", **result}, out

    def _handler(self, content: dict[str, Any]) -> Callable[[Any, dict[str, Any], list[Buffer]], Awaitable[Answer]]:
        handler = self._handlers.get(str(content.get("kind")))
        if handler is None:
            message = f"The widget knows no message of the kind {content.get('kind')!r}."
            raise ConfigurationError(message, hint="Reload the page: it may be of another version.")
        return handler

    async def _on_send(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        self._studio.send(str(content["text"]))
        return {}, []

    async def _on_step(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        (self._studio.undo if content["kind"] == "undo" else self._studio.redo)()
        return {}, []

    async def _on_cancel(self, _content: dict[str, Any], _: list[Buffer]) -> Answer:
        return {"cancelled": self._studio.cancel()}, []

    async def _on_export(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        preset, quality = content.get("preset") or None, content.get("quality") or "high"
        form = content.get("format") or None
        video = await self._studio.export(preset=preset, quality=str(quality), format=form and str(form))
        return {"name": Path(video).name, "size": video.size_bytes}, []

    async def _on_ping(self, _content: dict[str, Any], _: list[Buffer]) -> Answer:
        """Tells the page that the kernel hears it."""
        return {}, []

    async def _on_select(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        self._studio.select(*map(str, content["segments"]))
        return {}, []

    async def _on_arrange(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        def number(name: str) -> int | None:
            return None if content.get(name) is None else round(float(content[name]))

        segment = str(content["segment"])
        shown = [s for track in self._studio.view.timeline for s in track["segments"] if s["id"] == segment]
        media = {m.id: m.kind for m in self._studio.view.media}
        gesture = Gesture(
            segment, number("start_ms"), number("end_ms"), number("place"), remove=bool(content.get("remove")),
            clip=any(media.get(s["media"]) == "video" for s in shown),
        )  # fmt: skip
        self._studio.arrange(gesture)
        return {}, []

    async def _on_where(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        """Where a film's file is, for a page that is served by a server on the same machine, and finds it there."""
        path = self._film(content)
        return {"path": str(path.absolute()), "home": str(Path.home()), "size": path.stat().st_size}, []

    async def _on_media(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        await self._studio.change_media(
            remove=tuple(map(str, content.get("remove") or ())),
            order=tuple(map(str, content.get("order") or ())),
            roles=content.get("roles") or None,
        )
        return {}, []

    async def _on_thumbnail(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        return {}, [await self._studio.thumbnail(str(content["media"]))]

    async def _on_url(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        await self._studio.upload(str(content["url"]))
        return {}, []

    async def _on_upload_begin(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        name, size, mark = str(content["name"]), int(content["size"]), str(content.get("mark") or "")
        begun = await self._desk.run(self._desk.begin, name, size, mark)
        return {"upload": begun.key, "received": begun.received, "sha256": begun.sha256}, []

    async def _on_upload_piece(self, content: dict[str, Any], buffers: list[Buffer]) -> Answer:
        key, offset = str(content["upload"]), int(content["offset"])
        # Answered once it is written: the page sends a few pieces ahead, and waits for the desk with the others.
        return {"received": await self._desk.run(self._desk.piece, key, offset, buffers[0])}, []

    async def _on_upload_end(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        # Several files that were dropped together are one upload, in the order in which they were dropped.
        keys = [str(key) for key in content["uploads"]]
        sums = dict(zip(keys, map(str, content.get("sha256") or ()), strict=False))
        try:
            paths = [await self._desk.run(self._desk.end, key, sums.get(key, "")) for key in keys]
            await self._studio.upload(*paths, role=content.get("role") or None, each=True)
        finally:
            await self._desk.run(self._desk.drop, *keys)
        return {}, []

    async def _on_upload_drop(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        await self._desk.run(self._desk.drop, str(content["upload"]))
        return {}, []

    async def _on_read(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        path, offset, length = self._film(content), int(content["offset"]), int(content["length"])
        return {}, [await asyncio.to_thread(read_piece, path, offset, length)]

    async def _on_grow(self, content: dict[str, Any], _: list[Buffer]) -> Answer:
        """The next piece of a preview that is being made: asked for one at a time, so that no page is flooded."""
        data, over = await self._studio.preview.read(int(content["revision"]), int(content["offset"]))
        return {"over": over}, [data]

    def _film(self, content: dict[str, Any]) -> Path:
        path = self._studio.export_path if content["which"] == "exported" else self._studio.preview.path
        if path is None:
            message = "There is no video yet."
            raise ConfigurationError(message, hint="Ask for one first.")
        return path

    _handlers: Final[dict[str, Callable[[Any, dict[str, Any], list[Buffer]], Awaitable[Answer]]]] = {
        "send": _on_send,
        "undo": _on_step,
        "redo": _on_step,
        "cancel": _on_cancel,
        "export": _on_export,
        "ping": _on_ping,
        "select": _on_select,
        "arrange": _on_arrange,
        "where": _on_where,
        "media": _on_media,
        "thumbnail": _on_thumbnail,
        "url": _on_url,
        "upload.begin": _on_upload_begin,
        "upload.piece": _on_upload_piece,
        "upload.end": _on_upload_end,
        "upload.drop": _on_upload_drop,
        "read": _on_read,
        "grow": _on_grow,
    }
