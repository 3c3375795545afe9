"""The published endpoints but for the event stream: tokens, sessions, uploads, state, credits."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from reelframe.backend import urls
from reelframe.backend.core import Backend
from reelframe.backend.files import Received
from reelframe.backend.routes.common import backend_of, in_thread
from reelframe.backend.state import media_wire, state_wire
from reelframe.backend.store import accounts, sessions
from reelframe.backend.store.accounts import Account
from reelframe.backend.uploads import keep, read_role, receive
from reelframe.backend.wire import Body, bad_request, json_body, ok

__all__ = ["anonymous_token", "balance", "claim_token", "create_session", "state", "upload"]

_LONGEST_NAME = 200
_FETCHED_AT_ONCE = 4


async def anonymous_token(request: Request) -> Response:
    """POST /api/auth/anonymous-token."""
    backend = backend_of(request)
    client_id = request.headers.get("x-client-id", "")
    backend.limiter.check("anonymous")
    token = await in_thread(backend.auth.anonymous_token, client_id)
    return ok({"token": token, "credits": accounts.GRANT, "expires_in": round(accounts.TOKEN_LIFE_S)})


async def create_session(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/tasks/me/with-session/nemo_agent."""
    body = await json_body(request)
    name = body.text("task_name", "project", longest=_LONGEST_NAME).strip() or "project"
    language = body.text("language", "", longest=35)

    def create() -> sessions.Session:
        with backend.db.write() as tx:
            return sessions.create(tx, account.id, name, language)

    session = await in_thread(create)
    return ok({"session_id": session.id, "task_id": session.task_id})


async def claim_token(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/auth/claim-token: hand a session over to whoever brings the token."""
    body = await json_body(request)

    def claim() -> str:
        with backend.db.write() as tx:
            session = sessions.own(tx, account.id, body.data.get("session_id"))
            return sessions.make_claim(tx, session.id)

    return ok({"claim_token": await in_thread(claim), "expires_in": round(sessions.CLAIM_LIFE_S)})


async def balance(request: Request, backend: Backend, account: Account) -> Response:  # noqa: ARG001 -- one shape for all endpoints
    """GET /api/credits/balance/simple."""

    def read() -> accounts.Balance:
        with backend.db.read() as tx:
            return accounts.balance(tx, account.id)

    now = await in_thread(read)
    return ok({"available": now.available, "frozen": now.frozen, "total": now.total})


async def state(request: Request, backend: Backend, account: Account) -> Response:
    """GET /api/state/nemo_agent/me/<sid>/latest."""
    base_url = str(request.base_url)

    def read() -> dict[str, Any]:
        with backend.db.read() as tx:
            session = sessions.own(tx, account.id, request.path_params["session_id"])
            return state_wire(backend, tx, session, base_url)

    return ok({"state": await in_thread(read)})


async def upload(request: Request, backend: Backend, account: Account) -> Response:
    """POST /api/upload-video/nemo_agent/me/<sid>: multipart files, or JSON with URLs."""
    session_id = request.path_params["session_id"]

    def check() -> None:
        with backend.db.read() as tx:
            sessions.own(tx, account.id, session_id)

    await in_thread(check)
    with backend.files.inbox() as folder:
        if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
            body = await json_body(request)
            role = read_role(body.text("role", ""))
            received = await in_thread(_fetch, body, folder, backend)
        else:
            received, role = await receive(request, folder, backend)
        files, notes = await in_thread(keep, backend, session_id, received, role)
    return ok({"files": [media_wire(one) for one in files], "notes": notes})


def _fetch(body: Body, folder: Path, backend: Backend) -> list[Received]:
    wanted = body.strings("urls") or ()
    limits = backend.options.limits
    if not wanted or len(wanted) > limits.files:
        message = f'"urls" must be a list of 1 to {limits.files} URLs.'
        raise bad_request(message)

    def fetched(url: str) -> Received:
        return urls.fetch(
            url,
            folder / uuid.uuid4().hex,
            allow_private=backend.options.allow_private_urls,
            most_bytes=limits.file_bytes,
            seconds=limits.url_seconds,
        )

    pool = ThreadPoolExecutor(_FETCHED_AT_ONCE, thread_name_prefix="reelframe-fetch")
    begun = [pool.submit(fetched, url) for url in wanted]
    try:
        return [one.result() for one in begun]
    finally:
        # The first one that fails is answered at once; those that have not begun never do.
        pool.shutdown(wait=False, cancel_futures=True)
