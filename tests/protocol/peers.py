"""Everybody whom the client can talk to, and one face for the asynchronous and the blocking client.

A story is written once, as plain blocking calls. In the style "blocking" they go to ``Client``; in the style
"async" each one is awaited on ``AsyncClient`` by a loop of the test's own.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from faults import FaultProxy
from PIL import Image
from served import TIMING, serving

from reelframe.backend.app import app_of
from reelframe.backend.core import Backend, Limits, Options
from reelframe.client import AsyncClient, Client, InProcessTransport, Server, Session

STYLES = ("async", "blocking")
Style = Literal["async", "blocking"]
ADK = Path(__file__).with_name("adk_server.py")


def png(color: str, size: tuple[int, int] = (96, 54)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True)
class Peer:
    """A server, and what a test has to know about it.

    Attributes:
        server: how the client reaches it.
        token: whose requests it takes.
        embedded: it is reelframe's own backend, with its extensions and a real renderer.
        proxy: what stands in between, if anything does.
        backend: the embedded backend itself, to look behind the protocol.
    """

    server: Server
    token: str
    embedded: bool
    proxy: FaultProxy | None = None
    backend: Backend | None = None

    @property
    def small(self) -> dict[str, Any]:
        """Options of an export that does not take long; the hosted service has none of these."""
        return {"width": 160, "height": 90, "fps": 10} if self.embedded else {}


@contextlib.contextmanager
def embedded(home: Path, way: str, **options: Any) -> Iterator[Peer]:
    """The embedded backend: "in process", "uvicorn", or "proxy" with "split" or "delay"."""
    backend = Backend(home, Options(limits=options.pop("limits", Limits()), **options))
    app, token = app_of(backend), backend.auth.token
    try:
        if way == "in process":
            server = Server("http://reelframe.localhost", transport=InProcessTransport(app), token=token, local=True)
            yield Peer(server, token, True, backend=backend)
            return
        with serving(app) as url:
            if way == "uvicorn":
                yield Peer(Server(url), token, True, backend=backend)
                return
            pace = {"split": (11, 0.0), "delay": (1 << 16, 0.05), "proxy": (0, 0.0)}[way]
            with FaultProxy(url, *pace) as proxy:
                yield Peer(Server(proxy.url), token, True, proxy, backend)
    finally:
        backend.close()


@contextlib.contextmanager
def adk() -> Iterator[str]:
    """The address of a google-adk server in a process of its own: its warnings and loggers stay there."""
    run = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(ADK)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        url = run.stdout.readline().strip()
        assert url.startswith("http://"), "google-adk did not start"
        yield url
    finally:
        run.stdin.close()
        try:
            run.wait(10)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
        run.stdout.close()


class Awaited:
    """An asynchronous object whose coroutines are waited for, so that it looks like its blocking face."""

    def __init__(self, inner: Any, runner: asyncio.Runner) -> None:
        self._inner, self._runner = inner, runner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        return self._method(value) if inspect.ismethod(value) else value

    def _method(self, function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            if inspect.iscoroutine(result):
                result = self._runner.run(result)
            if hasattr(result, "__anext__"):
                return self._steps(result)
            return Awaited(result, self._runner) if isinstance(result, Session) else result

        return call

    def _steps(self, iterator: Any) -> Iterator[Any]:
        async def step() -> Any:
            return await anext(iterator, self)

        try:
            while (value := self._runner.run(step())) is not self:
                yield value
        finally:
            self._runner.run(iterator.aclose())


@contextlib.contextmanager
def client(style: Style, server: Server | str, **options: Any) -> Iterator[Any]:
    """A client in this style; when it is closed nothing of it is left, neither tasks nor threads."""
    options = {"timing": TIMING} | options
    if style == "blocking":
        before = set(threading.enumerate())
        with Client(server, **options) as blocking:
            yield blocking
        left = [t.name for t in set(threading.enumerate()) - before if t.name == "reelframe"]
        assert left == []
        return
    with asyncio.Runner() as runner:
        made = AsyncClient(server, **options)
        try:
            yield Awaited(made, runner)
        finally:
            runner.run(made.close())

        async def others() -> int:
            return len(asyncio.all_tasks()) - 1

        # Servers in this process may still be ending their side of it.
        assert runner.run(others()) == 0
