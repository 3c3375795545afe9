"""What all endpoints share: who asks, which session, and threads for what blocks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ParamSpec, TypeVar, cast

import anyio
from starlette.requests import Request
from starlette.responses import Response

from reelframe.backend.auth import bearer
from reelframe.backend.core import Backend
from reelframe.backend.store.accounts import Account

__all__ = ["Endpoint", "authorised", "backend_of", "in_thread"]

P = ParamSpec("P")
T = TypeVar("T")
Endpoint = Callable[[Request, Backend, Account], Awaitable[Response]]


def backend_of(request: Request) -> Backend:
    """The backend that the app serves."""
    return cast("Backend", request.app.state.backend)


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do what blocks (the database, files, codecs) in a thread; it is finished even when the client leaves."""
    return await anyio.to_thread.run_sync(partial(work, *args, **kwargs))


def authorised(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that is called with the account that the bearer token stands for."""

    async def call(request: Request) -> Response:
        backend = backend_of(request)
        token = bearer(request.headers.get("authorization"))
        account = await in_thread(backend.auth.account, token)
        backend.limiter.check(account.id)
        return await endpoint(request, backend, account)

    return call
