"""One set of peers for all stories, in both styles."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "client"))

from fake_hosted import Hosted
from served import serving

from reelframe import settings
from reelframe.client import InProcessTransport, Server

from .peers import STYLES, Peer, Style, adk, embedded


@pytest.fixture(autouse=True)
def fresh_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "config"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses before repeats take no time."""
    pauses = asyncio.sleep
    monkeypatch.setattr("asyncio.sleep", lambda s, *rest: pauses(min(s, 0.001), *rest))


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> Style:
    return request.param


@pytest.fixture
def hosted() -> Hosted:
    return Hosted()


@pytest.fixture(scope="session")
def adk_url() -> Iterator[str]:
    with adk() as url:
        yield url


@pytest.fixture(params=["in process", "uvicorn", "split", "delay", "hosted", "hosted over uvicorn", "google-adk"])
def peer(request: pytest.FixtureRequest, tmp_path: Path, hosted: Hosted) -> Iterator[Peer]:
    """Every server by every way to it; ``hosted`` is scripted for the story of the whole job."""
    token = "given-token-123"
    match request.param:
        case "hosted":
            yield Peer(Server("http://hosted.test", transport=InProcessTransport(hosted.app)), token, False)
        case "hosted over uvicorn":
            with serving(hosted.app) as url:
                yield Peer(Server(url), token, False)
        case "google-adk":
            yield Peer(Server(request.getfixturevalue("adk_url")), token, False)
        case way:
            with embedded(tmp_path / "backend", way) as peer:
                yield peer


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """The embedded backend over uvicorn behind a proxy that is told what to break."""
    with embedded(tmp_path_factory.mktemp("behind"), "proxy") as peer:
        yield peer
