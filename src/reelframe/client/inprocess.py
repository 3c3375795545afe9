"""An ASGI app called in this process, its answer streamed.

The app runs as a task of the loop that asks. Its body travels through a queue of a few chunks: the first
one is there as soon as the app sends it, and an app that is faster than its reader waits (backpressure).
When the reader leaves, the app is told (``http.disconnect``), given a moment to end by itself, and cancelled.
An app that fails before it has answered gives a plain 500; one that fails later breaks the answer off.

Nothing is kept between requests and nothing is bound to a loop, so one transport serves several clients and loops.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_to_bytes

__all__ = ["ASGIApp", "InProcessAnswer", "InProcessTransport", "UnfinishedAnswerError"]

Message = MutableMapping[str, Any]
ASGIApp = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
Headers = list[tuple[bytes, bytes]]

_QUEUED: Final = 8
_GRACE: Final = 1.0
_log = logging.getLogger("reelframe.client")


class UnfinishedAnswerError(Exception):
    """The app ended before its answer was whole: what a broken connection is on a network."""


class _Exchange:
    """One request and its answer: the app's ``receive`` and ``send``, and the reader's end of the queue."""

    def __init__(self, app: ASGIApp, scope: Message, body: AsyncIterator[bytes]) -> None:
        self._body = body
        self._sent_all = False
        self._gone = asyncio.Event()
        # Chunks take a slot each; the end of the answer needs none, so that it can always be told.
        self._slots = asyncio.Semaphore(_QUEUED)
        self._chunks: asyncio.Queue[bytes | UnfinishedAnswerError | None] = asyncio.Queue()
        self.start: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._task = asyncio.ensure_future(self._run(app, scope))

    async def _run(self, app: ASGIApp, scope: Message) -> None:
        why = "the app returned before its answer was whole"
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 -- a server outlives whatever an app raises
            why = type(error).__name__
            if not self._gone.is_set():
                _log.error("The app failed.", exc_info=error)
        except BaseException as error:
            why = type(error).__name__
            raise
        finally:
            if not self.start.done():
                headers = [(b"content-type", b"text/plain; charset=utf-8")]
                self.start.set_result({"status": 500, "headers": headers})
                self._chunks.put_nowait(b"Internal Server Error")
                self._chunks.put_nowait(None)
            elif not self._sent_all:
                self._chunks.put_nowait(UnfinishedAnswerError(why))

    async def _receive(self) -> Message:
        if self._gone.is_set():
            # The rest of a body whose sender has left must not make the request whole.
            return {"type": "http.disconnect"}
        try:
            return {"type": "http.request", "body": await anext(self._body), "more_body": True}
        except StopAsyncIteration:
            pass
        except Exception as error:  # noqa: BLE001 -- the request's own failure, which is not for the app
            self._gone.set()
            if not self.start.done():
                self.start.set_exception(error)
            return {"type": "http.disconnect"}
        if self._body is not _NO_BODY:
            self._body = _NO_BODY
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self.start.done():
            self.start.set_result(message)
        elif message["type"] == "http.response.body" and not self._sent_all:
            if chunk := message.get("body", b""):
                await self._slots.acquire()
                self._chunks.put_nowait(bytes(chunk))
            if not message.get("more_body", False):
                self._sent_all = True
                self._chunks.put_nowait(None)
        if self._gone.is_set():
            # An app that only sends has to learn it as well; so does the ASGI specification from 2.4 on.
            raise OSError("the reader has left")  # noqa: TRY003, EM101 -- for the app, never for a user

    async def chunks(self) -> AsyncIterator[bytes]:
        while (item := await self._chunks.get()) is not None:
            if isinstance(item, UnfinishedAnswerError):
                raise item
            self._slots.release()
            yield item

    async def close(self) -> None:
        self._gone.set()
        # An app that waits for a slot must not wait for a reader that has left.
        self._slots.release()
        try:
            if not self._task.done():
                await asyncio.wait({self._task}, timeout=_GRACE)
        finally:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class _NoBody:
    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration


_NO_BODY: Final = _NoBody()


@dataclass(frozen=True, slots=True)
class InProcessAnswer:
    """What the app answers: read ``chunks`` and always ``close``, which ends the app's task."""

    status: int
    headers: Headers
    chunks: AsyncIterator[bytes]
    close: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class InProcessTransport:
    """The way to an ASGI app in this process.

    Args:
        app: the app; its lifespan is the caller's business.
    """

    app: ASGIApp

    async def open(
        self,
        method: str,
        scheme: str,
        host: str,
        port: int | None,
        raw_path: bytes,
        headers: Headers,
        body: AsyncIterator[bytes],
    ) -> InProcessAnswer:
        """Start the app on a request and wait until it begins to answer.

        Args:
            method: GET, POST, …
            scheme: http or https, as the app should see it.
            host: the server's name, as the app should see it.
            port: its port; None is the scheme's own.
            raw_path: the path as sent, percent-encoded, with its query.
            headers: as sent.
            body: the request's body in pieces.
        """
        path, _, query = raw_path.partition(b"?")
        scope: Message = {
            "type": "http",
            # From 2.4 on, frameworks learn only at their next send that the reader has left.
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": scheme,
            "path": unquote_to_bytes(path).decode("utf-8", "replace"),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in headers],
            "server": (host, port or (443 if scheme == "https" else 80)),
            "client": ("127.0.0.1", 0),
            "state": {},
        }
        exchange = _Exchange(self.app, scope, body)
        try:
            start = await exchange.start
        except BaseException:
            await exchange.close()
            raise
        return InProcessAnswer(
            start["status"],
            [(bytes(k), bytes(v)) for k, v in start.get("headers", [])],
            exchange.chunks(),
            exchange.close,
        )
