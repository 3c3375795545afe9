"""The blocking faces of the asynchronous classes, made from them and not written a second time.

``face`` reads a class: a coroutine method becomes one that waits, an asynchronous iterator becomes an iterator,
a plain method or property is passed through, and whatever comes out is wrapped the same way. The work
runs on the process's one background loop, so it goes on while the caller waits, in scripts, in cells with a
running loop, and in threads.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from reelframe.client.aio import SOURCE, AsyncClient
from reelframe.client.policy import Timing
from reelframe.client.session import Session
from reelframe.client.values import Server
from reelframe.errors import ConfigurationError
from reelframe.jobs import BackgroundLoop, borrow, give_back

if TYPE_CHECKING:
    from reelframe.client.faces import ClientFace, SessionFace
else:
    # Made from the asynchronous classes as well, for type checkers, which don't run ``face``.
    ClientFace = SessionFace = object

__all__ = ["Client", "SyncSession"]

C = TypeVar("C", bound=type)


def _through(loop: BackgroundLoop, iterator: AsyncIterator[Any]) -> Iterator[Any]:
    """An asynchronous iterator, driven from outside its loop; leaving early closes it."""

    async def step() -> Any:  # noqa: ANN401 -- whatever it yields
        return await anext(iterator, _END)

    try:
        while (value := loop.run(step())) is not _END:
            yield value
    finally:
        if hasattr(iterator, "aclose") and not loop.loop.is_closed():
            loop.run(iterator.aclose())


_END = object()


def _blocking(name: str, function: Callable[..., Any]) -> Any:  # noqa: ANN401 -- a method
    is_iterator = inspect.isasyncgenfunction(function)
    is_coroutine = inspect.iscoroutinefunction(function)

    @functools.wraps(function)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- as the original's
        if self._loop.loop.is_closed():
            message = "This client is closed."
            raise ConfigurationError(message, hint="Make a new one.")
        inner = getattr(self._inner, name)
        if is_iterator:
            return _through(self._loop, inner(*args, **kwargs))
        if is_coroutine:
            return self._wrap(self._loop.run(inner(*args, **kwargs)))
        return self._wrap(inner(*args, **kwargs))

    signature = inspect.signature(function)
    method.__signature__ = signature  # type: ignore[attr-defined]
    if is_iterator:
        returns = str(signature.return_annotation).replace("AsyncGenerator", "Generator")
        method.__signature__ = signature.replace(return_annotation=returns)  # type: ignore[attr-defined]
    return method


def face(source: type) -> Callable[[C], C]:
    """Give a class the public members of ``source``, blocking; its own members stay."""

    def decorate(target: C) -> C:
        for name, member in inspect.getmembers(source):
            if name.startswith("_") or name in vars(target):
                continue
            if inspect.isfunction(member):
                setattr(target, name, _blocking(name, member))
            elif isinstance(member, property):
                getter = functools.partial(lambda self, key: getattr(self._inner, key), key=name)
                setattr(target, name, property(getter, doc=member.__doc__))
        return target

    return decorate


class _Face:
    """What every blocking face has: the asynchronous object, and the loop that it lives on."""

    def __init__(self, inner: Any, loop: BackgroundLoop) -> None:  # noqa: ANN401 -- one of the sources
        self._inner = inner
        self._loop = loop

    def _wrap(self, value: Any) -> Any:  # noqa: ANN401 -- whatever a method returns
        return SyncSession(value, self._loop) if isinstance(value, Session) else value

    # Hidden from type checkers, which would take every slip of the pen for an attribute.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- an attribute of the original
            if name.startswith("_"):
                raise AttributeError(name)
            return getattr(self._inner, name)

    def __repr__(self) -> str:
        return repr(self._inner)


@face(Session)
class SyncSession(_Face, SessionFace):
    """``Session``, blocking."""


@face(AsyncClient)
class Client(_Face, ClientFace):
    """``AsyncClient``, blocking: the same names, without ``await``; ``send`` gives an iterator.

    Args:
        server: where to: a ``Server``, or a base URL.
        token: a bearer token; else the server's own, else NEMO_TOKEN (for the service at NEMO_API_URL
            only), else an anonymous one.
        client_id: the anonymous client's UUID; else NEMO_CLIENT_ID, else the stored one.
        source: attribution: what the requests come from.
        version: attribution: its version; reelframe's own when not given.
        platform: attribution: clawhub, cursor or unknown; told from the install path when not given.
        timing: the pace; else the server's own, else the published one.
        language: the user's; told from the first message, else the locale, when not given.
        follow_gui: do what the agent tells its user to do in a GUI; else only list it.
    """

    def __init__(
        self,
        server: Server | str,
        *,
        token: str | None = None,
        client_id: str | None = None,
        source: str = SOURCE,
        version: str | None = None,
        platform: str | None = None,
        timing: Timing | None = None,
        language: str | None = None,
        follow_gui: bool = True,
    ) -> None:
        inner = AsyncClient(
            server, token=token, client_id=client_id, source=source, version=version, platform=platform,
            timing=timing, language=language, follow_gui=follow_gui,
        )  # fmt: skip
        super().__init__(inner, borrow())
        self._closed = False

    def close(self) -> None:
        """Close the connections; the background thread ends with its last user. Can be called again."""
        if self._closed:
            return
        self._closed = True
        try:
            self._loop.run(self._inner.close())
        finally:
            give_back()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
