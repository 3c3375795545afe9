"""The ASGI app: which path is answered by what.

Nothing here is bound to an event loop, so one app serves several loops of a process at once, and a server.
"""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reelframe.backend.core import Backend, Limits, Options
from reelframe.backend.routes import extensions, messages, protocol, rendering
from reelframe.backend.routes.common import authorised
from reelframe.backend.wire import refused, request_id
from reelframe.errors import APIError, ReelframeError

__all__ = ["app_of", "create_app"]

_log: Final = logging.getLogger("reelframe.backend")

_ROUTES: Final = (
    Route("/api/auth/anonymous-token", protocol.anonymous_token, methods=["POST"]),
    Route("/api/auth/claim-token", authorised(protocol.claim_token), methods=["POST"]),
    Route("/api/tasks/me/with-session/nemo_agent", authorised(protocol.create_session), methods=["POST"]),
    Route("/api/upload-video/nemo_agent/me/{session_id}", authorised(protocol.upload), methods=["POST"]),
    Route("/api/credits/balance/simple", authorised(protocol.balance)),
    Route("/api/state/nemo_agent/me/{session_id}/latest", authorised(protocol.state)),
    Route("/run_sse", authorised(messages.run), methods=["POST"]),
    Route("/api/render/proxy/lambda", authorised(rendering.submit), methods=["POST"]),
    Route("/api/render/proxy/lambda/{render_id}", authorised(rendering.status)),
    Route("/api/render/proxy/{render_id}/download", authorised(rendering.download)),
    Route("/api/ext/capabilities", authorised(extensions.capabilities)),
    Route("/api/ext/undo", authorised(extensions.undo), methods=["POST"]),
    Route("/api/ext/redo", authorised(extensions.redo), methods=["POST"]),
    Route("/api/ext/apply", authorised(extensions.apply), methods=["POST"]),
    Route("/api/ext/selection", authorised(extensions.selection), methods=["POST"]),
    Route("/api/ext/cancel", authorised(extensions.cancel), methods=["POST"]),
    Route("/api/ext/media", authorised(extensions.media_changes), methods=["POST"]),
    Route("/api/ext/claim", authorised(extensions.claim), methods=["POST"]),
    Route("/api/ext/thumbnail/{media_id}", authorised(extensions.thumbnail)),
    Route("/api/ext/suggestions/{session_id}", authorised(extensions.suggestions)),
    Route("/api/ext/presets", authorised(extensions.presets)),
    Route("/api/ext/preview", authorised(rendering.preview), methods=["POST"]),
    Route("/api/ext/check", authorised(extensions.check), methods=["POST"]),
    Route("/api/ext/storage", authorised(extensions.storage)),
    Route("/api/ext/project/{session_id}", authorised(extensions.project), methods=["GET", "POST"]),
)


def create_app(
    home: Path,
    *,
    anonymous: bool = False,
    token: str | None = None,
    credits: bool = False,  # noqa: A002 -- the word of the protocol
    allow_private_urls: bool = False,
    limits: Limits | None = None,
) -> ASGIApp:
    """The embedded backend over one data folder, as an ASGI app.

    Args:
        home: the data folder; made when it is missing.
        anonymous: give anonymous tokens to whoever asks.
        token: the owner's bearer token; None makes a new one.
        credits: charge messages to the account's credits, so that clients of the hosted service can be tried out.
        allow_private_urls: also fetch URLs from this machine's own networks.
        limits: rates and sizes; None is the usual ones.

    Raises:
        StorageError: the data folder can't be used.
    """
    options = Options(anonymous, token, credits, allow_private_urls, limits or Limits())
    return app_of(Backend(home, options))


def app_of(backend: Backend) -> ASGIApp:
    """The app that serves a backend."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        backend.close()

    app = Starlette(
        routes=_ROUTES,
        lifespan=lifespan,
        exception_handlers={
            ReelframeError: _refused,
            HTTPException: _http_error,
            ClientDisconnect: _left,
            Exception: _crashed,
        },
    )
    app.state.backend = backend
    return _Named(app)


class _Named:
    """Gives every request a name that its answer and the log share, and logs crashes under that name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = uuid.uuid4().hex[:16]
        scope["reelframe.request_id"] = name

        async def named_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", name.encode())]
            await send(message)

        try:
            await self._app(scope, receive, named_send)
        except Exception:  # noqa: BLE001 -- the server outlives whatever an endpoint raises
            # Answered already by `_crashed`, unless the answer had begun: then it breaks off, which its reader notices.
            _log.exception("request %s failed", name)


async def _refused(request: Request, error: Exception) -> Response:
    return refused(request, cast("ReelframeError", error))


async def _http_error(request: Request, error: Exception) -> Response:
    status = cast("HTTPException", error).status_code
    message = f"{request.method} {request.url.path} is not part of the protocol."
    return refused(request, APIError(message, code=status, status=status))


async def _left(request: Request, error: Exception) -> Response:  # noqa: ARG001 -- Starlette's shape
    _log.info("request %s: the client left before it had sent everything", request_id(request))
    return Response(status_code=400)


async def _crashed(request: Request, error: Exception) -> Response:  # noqa: ARG001 -- the log has it, the client must not
    message = "The server failed."
    return refused(request, APIError(message, hint=f"Its log names request {request_id(request)}.", status=500))
