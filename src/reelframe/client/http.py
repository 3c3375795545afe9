"""The skin towards the network, and the only module that knows httpx.

Every call comes back as a value: an ``Answer``, or a ``Refused`` that says under which row of the retry table
it falls and which error it would be. No exception of httpx, of a socket or of JSON leaves this module.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from urllib.parse import SplitResult, urlsplit
from weakref import WeakKeyDictionary

import httpx

from reelframe.client import redact, wire
from reelframe.client.inprocess import InProcessTransport, UnfinishedAnswerError
from reelframe.client.policy import Endpoint, Outcome
from reelframe.client.values import Server
from reelframe.errors import (
    ConfigurationError,
    ConnectionFailedError,
    ProtocolError,
    ReelframeError,
)

__all__ = ["Answer", "Body", "Http", "Refused", "Request", "Stream", "checked_url", "origin_of"]

_log = logging.getLogger("reelframe.client")
# Seconds. Reading has no limit of its own here where the caller keeps the time (streams, uploads).
_CONNECT: Final = 15.0
_WRITE: Final = 120.0
_ERROR_BODY: Final = 1 << 20
# No answer of the protocol comes near this (bytes); one that does must not fill the memory.
_ANSWER: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Body:
    """A body that is made while it is sent.

    Attributes:
        content_type: of the whole.
        length: bytes in all.
        pieces: a fresh iterator for every try.
    """

    content_type: str
    length: int
    pieces: Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """One call.

    Attributes:
        endpoint: its row in the retry table.
        method: GET, POST, …
        path: from the base URL, or a whole URL.
        what: what is being done, for messages: "sending the message".
        json: the body as JSON, if any.
        body: the body as a stream, if any.
        headers: further ones.
        authorised: whether the token goes with it; it never goes to another origin.
        timeout: seconds for one try, None where the caller keeps the time.
    """

    endpoint: Endpoint
    method: str
    path: str
    what: str
    json: Any = None
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    authorised: bool = True
    timeout: float | None = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: the JSON (None when there was no body) and what stands around it."""

    status: int
    headers: Mapping[str, str]
    payload: Any

    def find(self, *names: str) -> Any:  # noqa: ANN401 -- JSON is anything
        """The first of ``names`` with a value, under ``data`` or at the top level."""
        return wire.find(self.payload, *names)


@dataclass(frozen=True, slots=True)
class Refused:
    """No success: which outcome it is, and the error to raise when nothing can be done."""

    outcome: Outcome
    error: ReelframeError
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer whose body is read as it comes; ``close`` it always.

    ``chunks`` raises ConnectionFailedError when the connection breaks before the body is whole.
    """

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]
    close: Callable[[], Awaitable[None]]


class Explain(Protocol):
    """Makes the error of a refusal."""

    def __call__(
        self,
        status: int | None,
        code: int | None,
        payload: Any,  # noqa: ANN401 -- JSON is anything
        *,
        what: str,
        request_id: str | None = None,
        wait: float | None = None,
    ) -> ReelframeError: ...


class Http:
    """Sends requests to one server.

    Args:
        server: where to, and over what.
        headers: sent with every request to the server itself.
        explain: makes the error of a refusal.
    """

    def __init__(self, server: Server, headers: Mapping[str, str], explain: Explain) -> None:
        redact.install()
        self.server = server
        self._origin = origin_of(server.base_url)
        self._headers = dict(headers)
        self._explain = explain
        self._closed = False
        # Connections belong to the loop that opened them; a client may be used from several, one after the other.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()

    async def close(self) -> None:
        """Close this loop's connections; the client is of no further use."""
        self._closed = True
        mine = asyncio.get_running_loop()
        opened = dict(self._clients)
        self._clients.clear()
        for loop, client in opened.items():
            if loop is mine:
                await client.aclose()
            elif loop.is_running():
                # Only the loop that opened a connection can close it.
                asyncio.run_coroutine_threadsafe(client.aclose(), loop)

    def same_origin(self, url: str) -> bool:
        """Whether a URL (or a path) is the server's own, so that the token may go there."""
        return not _split(url).scheme or origin_of(url) == self._origin

    async def call(self, request: Request, token: str | None) -> Answer | Refused:
        """Send a request and read the whole answer."""
        opened = await self.open(request, token)
        if isinstance(opened, Refused):
            return opened
        return await self._whole(request, opened)

    async def _whole(self, request: Request, stream: Stream) -> Answer | Refused:
        data = bytearray()
        try:
            async with asyncio.timeout(request.timeout):
                async for chunk in stream.chunks:
                    data += chunk
                    if len(data) > _ANSWER:
                        message = f"The answer is longer than {_ANSWER >> 20} MB, {request.what}."
                        return Refused("refused", ProtocolError(message, status=stream.status))
        except TimeoutError:
            return Refused("lost", _timed_out(request, self.server))
        except ConnectionFailedError as error:
            return Refused("lost", error)
        finally:
            await stream.close()
        return self._read(request, stream, bytes(data))

    async def open(self, request: Request, token: str | None) -> Stream | Refused:
        """Send a request and read the answer's head; a refusal is read and explained at once."""
        failure: Refused
        try:
            async with asyncio.timeout(request.timeout):
                response = await self._send(request, token)
        except TimeoutError:
            return Refused("lost", _timed_out(request, self.server))
        except ReelframeError:
            # A file that could not be read while it was being sent.
            raise
        except Exception as error:  # noqa: BLE001 -- this is the wall that nothing foreign passes
            failure = _translated(error, request, self.server)
        else:
            stream = Stream(
                response.status_code,
                response.headers,
                _chunks(response, request, self.server),
                response.aclose,
            )
            if response.status_code < httpx.codes.MULTIPLE_CHOICES:
                return stream
            return await self._refusal(request, stream)
        # Raised and returned outside the except block: an error's context would keep the request, token and all.
        return failure

    async def _send(self, request: Request, token: str | None) -> httpx.Response:
        client = self._client()
        own = self.same_origin(request.path)
        headers = {**(self._headers if own else {}), **request.headers}
        if token is not None and request.authorised and own:
            headers["Authorization"] = f"Bearer {token}"
        content: AsyncIterator[bytes] | bytes | None = None
        if request.body is not None:
            headers["Content-Type"] = request.body.content_type
            headers["Content-Length"] = str(request.body.length)
            content = request.body.pieces()
        elif request.json is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(request.json, ensure_ascii=False).encode()
        timeout = httpx.Timeout(None, connect=_CONNECT, write=_WRITE)
        url = request.path if _split(request.path).scheme else f"{self.server.base_url}{request.path}"
        built = client.build_request(request.method, url, headers=headers, content=content, timeout=timeout)
        return await client.send(built, stream=True, follow_redirects=request.method == "GET")

    def _client(self) -> httpx.AsyncClient:
        if self._closed:
            message = "This client is closed."
            raise ConfigurationError(message, hint="Make a new one.")
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            inner = self.server.transport
            transport = None if inner is None else _Adapter(inner)
            # No proxy of the environment leads to this machine.
            host = _split(self.server.base_url).hostname or ""
            here = host in {"localhost", "::1"} or host.startswith("127.")
            limits = httpx.Limits(max_connections=32)
            client = httpx.AsyncClient(transport=transport, limits=limits, trust_env=not here)
            self._clients[loop] = client
        return client

    async def _refusal(self, request: Request, stream: Stream) -> Refused:
        data = bytearray()
        try:
            # The status has been said: a body that does not come changes nothing about it.
            with contextlib.suppress(ConnectionFailedError, TimeoutError):
                async with asyncio.timeout(request.timeout or _CONNECT):
                    async for chunk in stream.chunks:
                        data += chunk
                        if len(data) > _ERROR_BODY:
                            break
        finally:
            await stream.close()
        try:
            payload = json.loads(bytes(data))
        except (ValueError, RecursionError):
            payload = None
        return self._refused(request, stream, payload)

    def _refused(self, request: Request, stream: Stream, payload: Any) -> Refused:  # noqa: ANN401 -- JSON
        code = wire.code_of(stream.status, payload)
        wait = wire.retry_after(stream.headers.get("retry-after"))
        given = wire.find(payload, "request_id") if isinstance(payload, dict) else None
        request_id = stream.headers.get("x-request-id") or (str(given) if given else None)
        _log.info("%s %s: refused, status %s, code %s, request %s",
                  request.method, _path(request.path), stream.status, code, request_id)  # fmt: skip
        error = self._explain(stream.status, code, payload, request_id=request_id, wait=wait, what=request.what)
        return Refused(wire.outcome_of(stream.status, code) or "refused", error, wait)

    def _read(self, request: Request, stream: Stream, data: bytes) -> Answer | Refused:
        payload: Any = None
        if data.strip():
            try:
                payload = json.loads(data)
            except (ValueError, RecursionError):
                return Refused("garbled", self._garbled(request, stream))
        if wire.code_of(stream.status, payload) != 0:
            return self._refused(request, stream, payload)
        _log.debug("%s %s: %s", request.method, _path(request.path), stream.status)
        return Answer(stream.status, stream.headers, payload)

    async def read_envelope(self, request: Request, stream: Stream) -> Answer | Refused:
        """Read a stream that turned out to be an ordinary answer."""
        return await self._whole(request, stream)

    def _garbled(self, request: Request, stream: Stream) -> ProtocolError:
        kind = stream.headers.get("content-type", "no content type")
        message = f"The answer is not JSON (it is {kind}), {request.what}."
        hint = f"Is {self._origin} the right server? It should speak the NemoVideo protocol."
        request_id = stream.headers.get("x-request-id")
        return ProtocolError(message, hint=hint, status=stream.status, request_id=request_id)


class _Adapter(httpx.AsyncBaseTransport):
    """httpx's idea of a transport around ours."""

    def __init__(self, inner: InProcessTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        stream = request.stream
        if not isinstance(stream, httpx.AsyncByteStream):
            message = "a body of bytes or an asynchronous iterator is needed"
            raise httpx.UnsupportedProtocol(message)
        answer = await self._inner.open(
            request.method,
            request.url.scheme,
            request.url.host,
            request.url.port,
            request.url.raw_path,
            request.headers.raw,
            aiter(stream),
        )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_AdaptedStream(answer.chunks, answer.close),
        )


class _AdaptedStream(httpx.AsyncByteStream):
    def __init__(self, chunks: AsyncIterator[bytes], close: Callable[[], Awaitable[None]]) -> None:
        self._chunks = chunks
        self._close = close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            yield chunk

    async def aclose(self) -> None:
        await self._close()


async def _chunks(response: httpx.Response, request: Request, server: Server) -> AsyncIterator[bytes]:
    pieces = response.aiter_bytes()
    while True:
        failure: Refused | None = None
        piece = b""
        try:
            piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except ReelframeError:
            raise
        except Exception as error:  # noqa: BLE001 -- this is the wall that nothing foreign passes
            failure = _translated(error, request, server)
        if failure is not None:
            # Whatever it was, the answer had begun: for the caller it is a connection that broke.
            if isinstance(failure.error, ConnectionFailedError):
                raise failure.error
            raise ConnectionFailedError(failure.error.message, hint=failure.error.hint)
        yield piece


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        # It is nobody's address; httpx says so when it is asked to go there.
        return SplitResult("invalid", "", "", "", "")
    return parts


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as far as they are not the usual ones."""
    parts = _split(url)
    port = f":{parts.port}" if parts.port not in (None, 443 if parts.scheme == "https" else 80) else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}".lower()


def _path(url: str) -> str:
    """A URL without its query: links to stored files carry their signature there."""
    parts = _split(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.scheme else parts.path


def checked_url(url: str) -> str:
    """A server's base URL, without a trailing slash.

    Raises:
        ConfigurationError: it is none.
    """
    parts = _split(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{url!r} is no address of a server."
        raise ConfigurationError(message, hint='Give a URL such as "http://127.0.0.1:8765".')
    if parts.username or parts.password:
        message = "A server's URL can't hold a user name or a password."
        raise ConfigurationError(message, hint="Give the token as token=… or in NEMO_TOKEN.")
    return url.rstrip("/")


def _timed_out(request: Request, server: Server) -> ConnectionFailedError:
    message = f"No answer from {origin_of(server.base_url)} within {request.timeout:.0f} s, {request.what}."
    return ConnectionFailedError(message, hint="Check the connection, then try again.")


def _translated(error: Exception, request: Request, server: Server) -> Refused:
    """What an exception of the layers below means; only its kind and its (redacted) words are kept."""
    host = origin_of(request.path if _split(request.path).scheme else server.base_url)
    words = redact.redact(" ".join(str(error).split()))[:200]
    # httpx.ReadError and its kin often come without a word.
    detail = f" ({type(error).__name__}{f': {words}' if words else ''})"
    _log.info("%s %s: %s", request.method, _path(request.path), type(error).__name__)
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError() | httpx.PoolTimeout():
            message = f"{host} can't be reached, {request.what}{detail}."
            hint = "Check the connection and the address, then try again. Nothing was sent."
            return Refused("unreachable", ConnectionFailedError(message, hint=hint))
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            # Its words may quote a header, and with it the token.
            message = f"The request can't be sent to {host} ({type(error).__name__})."
            hint = "Check the address, the token and the other settings for characters that don't belong."
            return Refused("refused", ConfigurationError(message, hint=hint))
        case httpx.TooManyRedirects() | httpx.DecodingError():
            message = f"{host} answers with something that can't be read, {request.what}{detail}."
            return Refused("garbled", ProtocolError(message, hint="Check the address of the server."))
        case httpx.HTTPError() | httpx.StreamError() | OSError() | ssl.SSLError() | UnfinishedAnswerError():
            message = f"The connection to {host} broke, {request.what}{detail}."
            return Refused("lost", ConnectionFailedError(message, hint="Try again."))
        case UnicodeError() | ValueError() | TypeError():
            message = f"The request can't be sent to {host} ({type(error).__name__})."
            hint = "Check the address, the token and the other settings for characters that don't belong."
            return Refused("refused", ConfigurationError(message, hint=hint))
        case _:
            message = f"The connection to {host} failed, {request.what}{detail}."
            return Refused("lost", ConnectionFailedError(message, hint="Try again."))
