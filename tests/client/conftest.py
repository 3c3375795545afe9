"""Servers to talk to, and a machine without a past for each test."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Tests are imported by file, so their helpers have to be found by folder.
sys.path.append(str(Path(__file__).parent))

from fake_hosted import Hosted
from faults import FaultProxy

from reelframe import settings
from reelframe.client import AsyncClient, InProcessTransport, Server, Timing

TIMING = Timing(
    poll_interval=0.02, rate_limit_wait=0.05, heartbeat_notice=5, silence_timeout=10, stream_timeout=20,
    recovery=(0.05, 0.05, 0.05, 0.05, 0.05),
)  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(settings.platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "config"))
    for name in ("NEMO_TOKEN", "NEMO_API_URL", "NEMO_CLIENT_ID", "NEMO_WEB_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "en_US.UTF-8")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def hosted() -> Hosted:
    return Hosted()


@contextlib.contextmanager
def serving(app: Any) -> Iterator[str]:
    """The app on a real socket, in a thread of its own."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        while not server.started:
            threading.Event().wait(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.force_exit = server.should_exit = True
        thread.join()


@pytest.fixture
def connect(hosted: Hosted) -> Callable[..., AsyncClient]:
    """A client of the fake service, in this process, with a token of its own unless told otherwise."""

    def make(**options: Any) -> AsyncClient:
        server = Server("http://hosted.test", transport=InProcessTransport(hosted.app), name="fake")
        options = {"token": "given-token-123", "timing": TIMING} | options
        return AsyncClient(server, **{k: v for k, v in options.items() if v is not None})

    return make


@pytest.fixture(params=["in process", "uvicorn", "behind a proxy"])
def server(request: pytest.FixtureRequest, hosted: Hosted) -> Iterator[Server]:
    """The fake service, by every way there is to it."""
    if request.param == "in process":
        yield Server("http://hosted.test", transport=InProcessTransport(hosted.app))
        return
    with serving(hosted.app) as url:
        if request.param == "uvicorn":
            yield Server(url)
            return
        with FaultProxy(url, slice_size=7) as proxy:
            yield Server(proxy.url)


@pytest.fixture
def live(hosted: Hosted) -> Iterator[str]:
    with serving(hosted.app) as url:
        yield url
