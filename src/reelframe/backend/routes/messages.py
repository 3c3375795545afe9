"""POST /run_sse: a message in, a stream of events out.

The work is done by a thread of the backend's own and reports through a queue: a client that leaves ends
the stream and nothing else, and what it asked for is done whole, stored, and found in the state later.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from reelframe.backend import conversation
from reelframe.backend.core import Backend
from reelframe.backend.routes.common import in_thread
from reelframe.backend.store.accounts import Account
from reelframe.backend.wire import Body, bad_request, json_body
from reelframe.errors import APIError

__all__ = ["run"]

_LONGEST_MESSAGE: Final = 20_000
_HEADERS: Final = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


async def run(request: Request, backend: Backend, account: Account) -> Response:
    """Take one message and stream what is done about it."""
    body = await json_body(request)
    text = _text(body)
    # Stored, and its credits held, before the first byte of an answer.
    accepted = await in_thread(conversation.accept, backend, account, body.data.get("session_id"), text)
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[dict[str, Any] | None]()

    def emit(event: dict[str, Any] | None) -> None:
        # The loop that brought the message may be closed by the time that the work is done.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(queue.put_nowait, event)

    def work() -> None:
        try:
            conversation.converse(backend, account, accepted, emit)
        finally:
            emit(None)

    try:
        backend.talkers.submit(work)
    except RuntimeError:
        # The backend is closing: a message that nobody will carry out must not stand there as one that is at work.
        await in_thread(conversation.turn_away, backend, accepted)
        problem = "The server is closing; the message was not carried out."
        raise APIError(problem, hint="Send it again when the server is back.", code=503, status=503) from None
    frames = _frames(queue, backend.options.limits.heartbeat_s)
    return StreamingResponse(frames, media_type="text/event-stream", headers=_HEADERS)


async def _frames(queue: asyncio.Queue[dict[str, Any] | None], heartbeat_s: float) -> AsyncIterator[bytes]:
    invocation = f"e-{uuid.uuid4()}"
    while True:
        try:
            event = await asyncio.wait_for(queue.get(), heartbeat_s)
        except TimeoutError:
            yield b": heartbeat\n\n"
            continue
        if event is None:
            return
        whole = {"id": uuid.uuid4().hex, "invocationId": invocation, "timestamp": time.time(), **event}
        yield f"data: {json.dumps(whole, ensure_ascii=False)}\n\n".encode()


def _text(body: Body) -> str:
    message = body.mapping("new_message") or body.mapping("newMessage") or {}
    parts = message.get("parts")
    texts = [
        part["text"]
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, dict) and isinstance(part.get("text"), str)
    ]
    text = "\n".join(texts).strip()
    if not text:
        problem = "The message has no text."
        raise bad_request(problem, 'Send {"new_message": {"parts": [{"text": "…"}]}}.')
    if len(text) > _LONGEST_MESSAGE:
        problem = f"The message is longer than {_LONGEST_MESSAGE} characters."
        raise bad_request(problem)
    return text
