"""Calls with their cures: the loop that reads the retry table and does what it says."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from reelframe import settings
from reelframe.client import wire
from reelframe.client.auth import Credentials, life_of
from reelframe.client.http import Answer, Http, Refused, Request, Stream
from reelframe.client.policy import Outcome, Timing, decide
from reelframe.client.values import Server
from reelframe.errors import (
    AuthenticationError,
    ConnectionFailedError,
    ProtocolError,
    ReelframeError,
    StorageError,
)

__all__ = ["Caller"]

_log = logging.getLogger("reelframe.client")
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
        url = self.registration_url() if anonymous and code == 2001 else None  # noqa: PLR2004 -- its number
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

    async def _open_file(self, request: Request, token: str | None) -> Stream | Refused:
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
            request = build()
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
        opened = await self._loop(lambda: request, self._open_file, None)
        if isinstance(opened, Refused):
            raise opened.error
        try:
            return b"".join([chunk async for chunk in opened.chunks])
        finally:
            await opened.close()

    async def download(self, url: str, part: Path, on_bytes: Callable[[int, int | None], None]) -> None:
        """Fetch a URL into a file, going on where it broke off when the connection breaks.

        Args:
            url: an absolute one, or a path on the server; the token goes to the server alone.
            part: where the bytes go; it is whole when this returns.
            on_bytes: told how many bytes are there, and how many there will be, if that is known.

        Raises:
            StorageError: the file can't be written.
        """
        used: Counter[Outcome] = Counter()
        started = time.monotonic()
        tag: str | None = None
        while True:
            have = size_of(part)
            refused, tag, grown = await self._piece(url, part, have, tag, on_bytes)
            if refused is None:
                return
            if grown:
                # The table counts tries that brought nothing; one that got further is progress.
                used.clear()
            decision = decide(
                "download",
                refused.outcome,
                used=used,
                elapsed=time.monotonic() - started,
                retry_after=refused.retry_after,
                timing=self.timing,
            )
            if decision is None or (decision.cure == "token" and not self.credentials.drop(await self.token())):
                raise refused.error
            used[refused.outcome] += 1
            await asyncio.sleep(decision.pause)

    async def _piece(
        self,
        url: str,
        part: Path,
        have: int,
        tag: str | None,
        on_bytes: Callable[[int, int | None], None],
    ) -> tuple[Refused | None, str | None, bool]:
        """One try: what went wrong (None: the file is whole), the file's tag, whether bytes came."""
        # Asking for the bytes as they are: a compressed answer has no length that could be checked.
        headers = {"Accept-Encoding": "identity"}
        if have and tag:
            headers |= {"Range": f"bytes={have}-", "If-Range": tag}
        request = Request("download", "GET", url, "downloading the video", headers=headers, timeout=60)
        opened = await self._open_file(request, await self.token() if self.http.same_origin(url) else None)
        if isinstance(opened, Refused):
            return opened, tag, False
        resumed = opened.status == 206  # noqa: PLR2004 -- Partial Content
        got = have if resumed else 0
        total = total_of(opened.headers, got)
        strong = opened.headers.get("etag")
        tag = strong if strong and not strong.startswith("W/") else opened.headers.get("last-modified")
        failure: ConnectionFailedError | None = None
        try:
            with part.open("ab" if resumed else "wb") as file:
                while True:
                    async with asyncio.timeout(60):
                        chunk = await anext(opened.chunks, None)
                    if chunk is None:
                        break
                    await asyncio.to_thread(file.write, chunk)
                    got += len(chunk)
                    on_bytes(got, total)
        except TimeoutError:
            message = "No bytes came for 60 s, downloading the video."
            failure = ConnectionFailedError(message, hint="Check the connection, then try again.")
        except ConnectionFailedError as error:
            failure = error
        except OSError as error:
            message = f"{part.parent} can't be written: {error.strerror}."
            raise StorageError(message, hint="Free some space, or choose another folder.") from None
        finally:
            await opened.close()
        if failure is None and total is not None and got != total:
            message = f"The download broke off at {got} of {total} bytes."
            failure = ConnectionFailedError(message, hint="Try again.")
        if failure is None and got == 0:
            message = "The server sent an empty file in the place of the video."
            return Refused("refused", ProtocolError(message, hint="Export again.")), tag, False
        return (None if failure is None else Refused("lost", failure)), tag, got > have


def size_of(path: Path) -> int:
    """How many bytes are there already; 0 without a file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def total_of(headers: Mapping[str, str], before: int) -> int | None:
    """The whole file's length: from ``Content-Range``, else from ``Content-Length``."""
    _, _, total = headers.get("content-range", "").rpartition("/")
    if total.isdecimal():
        return int(total)
    length = headers.get("content-length", "")
    return before + int(length) if length.isdecimal() else None
