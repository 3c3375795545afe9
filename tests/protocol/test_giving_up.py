"""Giving up a message, an upload or an export, in every way there is: nothing is left at work, and the client goes on."""

from __future__ import annotations

import _thread
import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fake_hosted import Hosted, text
from served import TIMING

from reelframe import errors
from reelframe.client import AsyncClient, Client, InProcessTransport, Server
from reelframe.jobs import Job, background

from .peers import png

WORK: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "message": ("/run_sse", lambda s: s.ask("go")),
    "upload": ("/api/upload-video", lambda s: s.upload(("a.png", png("red")))),
    "export": ("/api/render/proxy/lambda/", lambda s: s.export("out.mp4")),
}


def slow(hosted: Hosted) -> None:
    """Whatever is asked for takes half a minute."""

    async def wait(_: Any) -> None:
        await asyncio.sleep(30)

    hosted.replies.append([text("One. "), 30, text("Two.")])
    hosted.faults["upload"].append(wait)
    hosted.statuses.append(["processing"])


def quick(hosted: Hosted) -> None:
    hosted.replies.clear()
    hosted.faults.clear()
    hosted.statuses.clear()


def when_asked(hosted: Hosted, path: str, act: Callable[[], Any]) -> threading.Thread:
    """Do something as soon as the server works on it."""

    def watch() -> None:
        deadline = time.monotonic() + 20
        while not hosted.sent(path) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05)
        act()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def server(hosted: Hosted) -> Server:
    return Server("http://hosted.test", transport=InProcessTransport(hosted.app), token="given-token-123")


def left_alone() -> None:
    deadline = time.monotonic() + 5
    while asyncio.all_tasks(background().loop) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert asyncio.all_tasks(background().loop) == set()
    assert not Path("out.mp4").exists()
    assert [p.name for p in Path().iterdir()] == []


@pytest.mark.parametrize("what", WORK)
def test_an_interrupt(hosted: Hosted, what: str) -> None:
    path, act = WORK[what]
    with Client(server(hosted), timing=TIMING) as client:
        session = client.create_session(language="en")
        hosted.add_session(session.id)
        slow(hosted)
        watcher = when_asked(hosted, path, _thread.interrupt_main)
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            act(session)
        watcher.join()
        assert time.monotonic() - began < 15
        left_alone()
        quick(hosted)
        assert act(session)


@pytest.mark.parametrize("what", WORK)
def test_a_job_that_is_cancelled(hosted: Hosted, what: str) -> None:
    path, act = WORK[what]
    client = AsyncClient(server(hosted), timing=TIMING)

    def job(work: Callable[[], Awaitable[Any]]) -> Job[Any]:
        return Job(lambda _: work())

    session = job(lambda: client.create_session(language="en")).result(20)
    hosted.add_session(session.id)
    slow(hosted)
    running = job(lambda: act(session))
    watcher = when_asked(hosted, path, running.cancel)
    with pytest.raises(errors.JobCancelledError):
        running.result(20)
    watcher.join()
    assert running.state == "cancelled"
    left_alone()
    quick(hosted)
    assert job(lambda: act(session)).result(20)
    job(client.close).result(20)


@pytest.mark.parametrize("what", WORK)
async def test_a_task_that_is_cancelled(hosted: Hosted, what: str) -> None:
    path, act = WORK[what]
    async with AsyncClient(server(hosted), timing=TIMING) as client:
        session = await client.create_session(language="en")
        hosted.add_session(session.id)
        slow(hosted)
        task = asyncio.ensure_future(act(session))
        while not hosted.sent(path):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []
        left_alone()
        quick(hosted)
        assert await act(session)
