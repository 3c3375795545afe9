"""Calls with their cures: the loop that reads the retry table and does what it says."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from reelframe import settings
from reelframe.client import wire
from reelframe.client.auth import Credentials, life_of
from reelframe.client.http import Answer, Http, Refused, Request, Stream
from reelframe.client.policy import TABLE, Outcome, Timing, decide
from reelframe.client.values import Server
from reelframe.errors import (
    AuthenticationError,
    ProtocolError,
    ReelframeError,
)

__all__ = ["Caller"]

_log = logging.getLogger("reelframe.client")
# Seconds that even the last try of a call gets.
_SHORTEST: Final = 1.0
# A picture or another small file (bytes).
_SMALL: Final = 32 << 20
T = TypeVar("T", Answer, Stream)
Build = Callable[[], Request]
Cure = Callable[[], Awaitable[None]]


class Caller:
    """Makes calls to one server: with the token, the attribution headers, and the retry policy.

    Args:
        server: which.
        credentials: the token, or how to get one.
        client_id: the anonymous client's identity; None is the stored one.
        headers: the attribution headers.
        on_first_use: called when a new user's first token is about to be asked for.
    """

    def __init__(
        self,
        server: Server,
        credentials: Credentials,
        *,
        client_id: str | None,
        headers: dict[str, str],
        on_first_use: Callable[[], None],
    ) -> None:
        self.credentials = credentials
        self.timing = server.timing or Timing()
        self.http = Http(server, headers, self.explain)
        self._client_id = client_id
        self._on_first_use = on_first_use

    def registration_url(self) -> str:
        """Where an anonymous user signs up, bound to what the client made so far."""
        return f"{settings.web_url()}/register?bind={self.client_id()}"

    def client_id(self) -> str:
        """The anonymous client's UUID."""
        if self._client_id is None:
            self._client_id = settings.client_id()
        return self._client_id

    def explain(
        self,
        status: int | None,
        code: int | None,
        payload: Any,  # noqa: ANN401 -- JSON is anything
        *,
        what: str,
        request_id: str | None = None,
        wait: float | None = None,
    ) -> ReelframeError:
        """The error of a refusal, with what only the client knows about its user."""
        anonymous = self.credentials.anonymous
        url = self.registration_url() if anonymous and code == 2001 else None  # its number
        return wire.failure(
            status, code, payload, what=what, request_id=request_id, wait=wait,
            anonymous=anonymous, registration_url=url,
        )  # fmt: skip

    async def call(self, build: Build, *, renew_session: Cure | None = None) -> Answer:
        """Make a call, as often as the table allows.

        Args:
            build: makes the request; called afresh for each try, because a cure may change it.
            renew_session: the cure of a lost session; None means that there is none.

        Raises:
            ReelframeError: what came of it in the end.
        """
        result = await self._loop(build, self.http.call, renew_session)
        if isinstance(result, Refused):
            raise result.error
        return result

    async def stream(self, build: Build, *, renew_session: Cure | None = None) -> Stream | Refused:
        """The same for an answer that is read as it comes; what failed for good is returned, for its outcome."""
        return await self._loop(build, self._open, renew_session)

    async def _open(self, request: Request, token: str | None) -> Stream | Refused:
        opened = await self.http.open(request, token)
        if isinstance(opened, Refused) or request.endpoint != "message":
            return opened
        if "application/json" not in opened.headers.get("content-type", ""):
            return opened
        # Refusals may come with status 200, as an envelope in the place of a stream.
        answer = await self.http.read_envelope(request, opened)
        if isinstance(answer, Refused):
            return answer
        message = "The server answered a message with something else than an event stream."
        return Refused("refused", ProtocolError(message, status=answer.status))

    async def open_file(self, request: Request, token: str | None) -> Stream | Refused:
        """A file's bytes, and nothing that only stands in their place with status 200: an envelope, a login page."""
        opened = await self.http.open(request, token)
        if isinstance(opened, Refused):
            return opened
        kind = opened.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            answer = await self.http.read_envelope(request, opened)
            if isinstance(answer, Refused):
                return answer
        elif kind not in {"text/html", "application/xhtml+xml"}:
            return opened
        else:
            await opened.close()
        message = f"The server sent {kind} in the place of a file, {request.what}."
        hint = "Is it the right server? It should speak the NemoVideo protocol."
        return Refused("refused", ProtocolError(message, hint=hint, status=opened.status))

    async def _loop(
        self,
        build: Build,
        send: Callable[[Request, str | None], Awaitable[T | Refused]],
        renew_session: Cure | None,
    ) -> T | Refused:
        used: Counter[Outcome] = Counter()
        started = time.monotonic()
        while True:
            request = _within(build(), time.monotonic() - started)
            token = await self.token() if request.authorised else None
            result = await send(request, token)
            if not isinstance(result, Refused):
                return result
            decision = decide(
                request.endpoint,
                result.outcome,
                used=used,
                elapsed=time.monotonic() - started,
                retry_after=result.retry_after,
                timing=self.timing,
            )
            if decision is None or not await self._cure(decision.cure, token, renew_session):
                return result
            used[result.outcome] += 1
            _log.info("%s: once more in %.1f s (%s)", request.what, decision.pause, result.outcome)
            await asyncio.sleep(decision.pause)

    async def _cure(self, cure: str, token: str | None, renew_session: Cure | None) -> bool:
        match cure:
            case "token":
                return self.credentials.drop(token)
            case "client_id":
                self._client_id = str(uuid.uuid4())
            case "session":
                if renew_session is None:
                    return False
                await renew_session()
            case _:
                pass
        return True

    async def part_with(self, what: Mapping[str, Any]) -> None:
        """Tell an embedded backend to stop a session's request or a render; never fails, never takes long."""
        request = Request("cancel", "POST", "/api/ext/cancel", "cancelling", json=dict(what), timeout=5)
        # Shielded, because it is mostly said while the caller itself is being cancelled.
        task = asyncio.ensure_future(self.call(lambda: request))
        with contextlib.suppress(ReelframeError, asyncio.CancelledError):
            await asyncio.shield(task)
        if not task.done():
            with contextlib.suppress(ReelframeError, asyncio.CancelledError):
                await task

    async def token(self) -> str:
        """The bearer token: given, stored, or asked for."""
        return await self.credentials.get(self._ask_token, self.client_id)

    async def _ask_token(self) -> tuple[str, float | None]:
        self._on_first_use()

        def build() -> Request:
            return Request(
                "token",
                "POST",
                "/api/auth/anonymous-token",
                "asking for an anonymous token",
                headers={"X-Client-Id": self.client_id()},
                authorised=False,
            )

        answer = await self.call(build)
        token = answer.find("token")
        if not isinstance(token, str) or not token:
            message = "The server granted no anonymous token."
            hint = "Set NEMO_TOKEN (or token=) to a token of your own."
            raise AuthenticationError(message, hint=hint, status=answer.status)
        return token, life_of(answer)

    async def fetch(self, request: Request) -> bytes:
        """A small answer that is not JSON, such as a picture."""
        opened = await self._loop(lambda: request, self.open_file, None)
        if isinstance(opened, Refused):
            raise opened.error
        data = bytearray()
        try:
            async for chunk in opened.chunks:
                data += chunk
                if len(data) > _SMALL:
                    message = f"The server sent more than {_SMALL} bytes, {request.what}."
                    raise ProtocolError(message, status=opened.status)
        finally:
            await opened.close()
        return bytes(data)


def _within(request: Request, elapsed: float) -> Request:
    """The request with what is left of its deadline; one that may take longer than that keeps its own time."""
    deadline = TABLE[request.endpoint].deadline
    if request.timeout is None or request.timeout > deadline:
        return request
    return replace(request, timeout=max(_SHORTEST, min(request.timeout, deadline - elapsed)))
