"""Servers to talk to, and a machine without a past for each test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Tests are imported by file, so their helpers have to be found by folder.
sys.path.append(str(Path(__file__).parent))

from fake_hosted import Hosted
from faults import FaultProxy
from served import TIMING, serving

from reelframe import settings
from reelframe.client import AsyncClient, InProcessTransport, Server


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
