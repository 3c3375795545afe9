"""The render endpoints: submit, ask, download, and a preview that is watched while it is made."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NoReturn

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from reelframe.backend.core import Backend
from reelframe.backend.output import read_output
from reelframe.backend.previews import Facts, Preview
from reelframe.backend.routes.common import in_thread
from reelframe.backend.state import content_type, file_name, project_name, render_wire
from reelframe.backend.store import renders, sessions
from reelframe.backend.store.accounts import Account
from reelframe.backend.store.renders import Render
from reelframe.backend.wire import bad_request, json_body, not_found
from reelframe.draft import Draft
from reelframe.errors import APIError, ExportBlockedError, ReelframeError

__all__ = ["download", "preview", "status", "submit"]

_log: Final = logging.getLogger("reelframe.backend")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_ATTRIBUTION: Final = ("X-Skill-Source", "X-Skill-Version", "X-Skill-Platform")


class _Download(FileResponse):
    # A quarter of the thread switches of Starlette's own 64 KiB.
    chunk_size = 256 * 1024


async def submit(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/render/proxy/lambda. Sending the same id again is asking for the same job."""
    body = await json_body(request)
    missing = [name for name in _ATTRIBUTION if not request.headers.get(name)]
    if missing:
        message = f"An export needs the attribution headers; missing: {', '.join(missing)}."
        raise ExportBlockedError(message)
    render_id = body.text("id", longest=100)
    if not _ID.fullmatch(render_id):
        message = '"id" may hold letters, digits, ".", "_" and "-".'
        raise bad_request(message)
    draft = Draft.from_wire(body.mapping("draft"))
    if not draft.exportable:
        message = "The timeline is empty: there is nothing to export."
        raise bad_request(message, "Upload photos or clips and say what to make of them.")
    output = read_output(body.mapping("output") or {})

    def store() -> Render:
        with backend.db.write() as tx:
            session = sessions.own(tx, account.id, body.data.get("sessionId"))
            known = renders.find(tx, account.id, render_id)
            if known is None:
                renders.create(tx, account.id, render_id, session.id, draft, output)
                sessions.touch(tx, session.id)
            elif known.session_id != session.id:
                message = f"The render id {render_id} is taken by another session."
                raise APIError(message, hint="Use a new id.", code=409, status=409)
            return renders.find(tx, account.id, render_id) or _gone(render_id)

    render = await in_thread(store)
    await in_thread(backend.workers.wake)
    return JSONResponse({"id": render.id, "status": _status(render)})


async def status(request: Request, backend: Backend, account: Account) -> Response:
    """GET /api/render/proxy/lambda/<id>."""
    render = await _own(request, backend, account)
    stage, progress, text = render.stage, render.progress, render.message
    if render.status in {"pending", "processing"}:
        # The holder may have died since: whoever asks makes sure that somebody looks.
        await in_thread(backend.workers.wake)
        if fresh := backend.workers.progress(render.key):
            stage, progress, text = fresh.stage, fresh.fraction or 0.0, fresh.text
    data = render_wire(render, str(request.base_url), progress=progress, stage=stage, text=text)
    return JSONResponse(data)


async def download(request: Request, backend: Backend, account: Account) -> Response:
    """GET and HEAD /api/render/proxy/<id>/download, whole or in ranges."""
    render = await _own(request, backend, account)
    if render.status != "completed":
        message = f"The render {render.id} is {_status(render)}: there is no file to download."
        raise APIError(message, code=409, status=409)
    path = backend.files.render_path(render.key, render.result["extension"])
    name = await in_thread(_name, backend, account, render, path)
    return _Download(path, media_type=content_type(render), filename=name)


async def preview(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/ext/preview: the timeline, small, as a fragmented MP4 that grows while it is read."""
    body = await json_body(request)
    session_id, at_once = body.text("session_id", longest=100), body.data.get("at_once") is True
    running = await in_thread(backend.previews.begin, account, session_id, at_once=at_once)
    answered = False
    try:
        facts, part = await _unless_left(request, running)
        answered = True
        return _Watched(running, facts, part)
    finally:
        if not answered:
            running.cancel()


async def _unless_left(request: Request, running: Preview) -> tuple[Facts, bytes]:
    """The first part; a client that leaves before there is one is noticed here, since nothing is sent to it yet."""
    first = asyncio.ensure_future(running.first())
    left = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({first, left}, return_when=asyncio.FIRST_COMPLETED)
        if not first.done():
            raise ClientDisconnect
        return first.result()
    finally:
        for waiting in (first, left):
            waiting.cancel()


class _Watched(StreamingResponse):
    """The parts of a preview; however the answer ends, the renderer ends with it."""

    def __init__(self, running: Preview, facts: Facts, part: bytes) -> None:
        self._running = running

        async def parts() -> AsyncIterator[bytes]:
            yield part
            async for more in running.rest():
                yield more

        headers = {
            "Cache-Control": "no-store, no-transform",
            "X-Accel-Buffering": "no",
            "X-Video-Width": str(facts.width),
            "X-Video-Height": str(facts.height),
            "X-Video-Duration": f"{facts.duration_s:.3f}",
            "X-Video-Sound": "later" if facts.silent else "now",
        }
        super().__init__(parts(), media_type=facts.mime_type, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except (OSError, ClientDisconnect):
            _log.debug("the reader of a preview has left")
        except ReelframeError as error:
            # The answer has begun, so it breaks off, which is what its reader notices.
            _log.info("a preview ended early: %s", error)
        finally:
            self._running.cancel()


def _name(backend: Backend, account: Account, render: Render, path: Path) -> str:
    if not path.exists():
        message = "The video was cleared from the data folder to make room."
        raise not_found(message, "Export it again.")
    with backend.db.read() as tx:
        session = sessions.own(tx, account.id, render.session_id)
        number = [r.id for r in renders.of_session(tx, session.id)].index(render.id) + 1
    return file_name(project_name(session, render.draft), render, number)


async def _own(request: Request, backend: Backend, account: Account) -> Render:
    render_id = request.path_params["render_id"]

    def find() -> Render:
        with backend.db.read() as tx:
            return renders.find(tx, account.id, render_id) or _gone(render_id)

    return await in_thread(find)


def _gone(render_id: str) -> NoReturn:
    message = f"There is no render {render_id}."
    raise not_found(message)


def _status(render: Render) -> str:
    return "failed" if render.status == "cancelled" else render.status
