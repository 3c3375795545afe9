"""The blocking face: made from the asynchronous one, usable anywhere, leaving nothing."""

from __future__ import annotations

import _thread
import asyncio
import inspect
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from face_types import STUB, generated, meaning
from fake_hosted import DRAFT, Hosted, text
from served import TIMING

from reelframe import errors
from reelframe.client import AsyncClient, Client, InProcessTransport, Server, Session, Text
from reelframe.client.blocking import SyncSession

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 50


@pytest.fixture
def client(hosted: Hosted) -> Callable[[], Client]:
    return lambda: Client(
        Server("http://hosted.test", transport=InProcessTransport(hosted.app)), token="given-token-123", timing=TIMING
    )


def converse(client: Client, hosted: Hosted) -> None:
    session = client.create_session("promo", language="en")
    hosted.add_session(session.id)
    assert session.upload(("a.png", PNG))[0].name == "a.png"
    hosted.replies.append([text("Done.")])
    assert [e.text for e in session.send("go") if isinstance(e, Text)] == ["Done."]
    assert session.ask("credits").text.startswith("93")
    assert session.state().draft.to_wire() == DRAFT
    assert session.export().path.name.startswith("promo-")
    assert session.claim_url()
    assert client.session(session.id).state().draft.to_wire() == DRAFT
    assert client.credits().total == 100
    assert session.language == "en"
    assert isinstance(session, SyncSession)


def test_in_a_script(client: Callable[[], Client], hosted: Hosted) -> None:
    with client() as c:
        converse(c, hosted)


async def test_inside_a_running_loop(client: Callable[[], Client], hosted: Hosted) -> None:
    with client() as c:
        converse(c, hosted)


def test_in_threads(client: Callable[[], Client], hosted: Hosted) -> None:
    failures: list[BaseException] = []

    def work(c: Client) -> None:
        try:
            session = c.create_session()
            hosted.add_session(session.id)
            assert session.export().path.exists()
            assert session.ask("credits").text
        except BaseException as error:  # noqa: BLE001 -- shown below
            failures.append(error)

    with client() as c:
        threads = [threading.Thread(target=work, args=(c,)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_errors_come_through(client: Callable[[], Client]) -> None:
    with client() as c:
        session = c.create_session()
        with pytest.raises(errors.PlanError):
            session.export()
        with pytest.raises(errors.PlanError):
            list(session.send("export"))


def test_leaving_an_iterator_early_ends_the_request(client: Callable[[], Client], hosted: Hosted) -> None:
    hosted.replies.append([text("One. Two"), 30, text("Three.")])
    with client() as c:
        events = c.create_session().send("go")
        for event in events:
            if isinstance(event, Text):
                break
        events.close()
        assert hosted.left_early == 1


def test_an_interrupt_ends_the_request_and_leaves_the_client_usable(
    client: Callable[[], Client], hosted: Hosted
) -> None:
    hosted.replies.append([text("One. Two"), 30, text("Three.")])
    with client() as c:
        session = c.create_session()
        timer = threading.Timer(0.5, _thread.interrupt_main)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            session.ask("go")
        timer.join()
        deadline = time.monotonic() + 3
        while hosted.left_early == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert hosted.left_early == 1
        assert c.credits().available == 93


def test_it_has_everything_that_the_asynchronous_one_has() -> None:
    for face, source in ((Client, AsyncClient), (SyncSession, Session)):
        for name, member in inspect.getmembers(source):
            if name.startswith("_"):
                continue
            mine = inspect.getattr_static(face, name)
            assert mine is not None
            if inspect.isfunction(member) and name != "close":
                assert not inspect.iscoroutinefunction(mine)
                theirs = inspect.signature(member).parameters
                assert list(inspect.signature(mine).parameters) == list(theirs), name
                assert mine.__doc__ == member.__doc__
    assert "Iterator" in str(inspect.signature(SyncSession.send)) or "Generator" in str(
        inspect.signature(SyncSession.send)
    )


def test_type_checkers_see_what_is_there() -> None:
    assert meaning(STUB.read_text(encoding="utf-8")) == meaning(generated())
    stub = STUB.read_text(encoding="utf-8")
    for face, source in ((Client, AsyncClient), (SyncSession, Session)):
        for name in vars(source):
            if not name.startswith("_"):
                assert hasattr(face, name)
                assert f"def {name}(" in stub


SCRIPT = """
    import sys, threading
    sys.path.insert(0, {here!r})
    from fake_hosted import Hosted
    from reelframe.client import Client, InProcessTransport, Server
    before = threading.active_count()
    hosted = Hosted()
    def make():
        return Client(Server("http://x", transport=InProcessTransport(hosted.app)), token="given-token-123")
    first, second = make(), make()
    assert first.credits().total == second.credits().total == 100
    assert threading.active_count() == before + 1
    first.close()
    assert second.credits().total == 100
    second.close()
    second.close()
    assert threading.active_count() == before, threading.enumerate()
    with make() as third:
        assert third.credits().total == 100
    assert threading.active_count() == before
    try:
        third.credits()
    except Exception as error:
        print(type(error).__name__)
"""


def test_closing_leaves_no_thread() -> None:
    script = textwrap.dedent(SCRIPT.format(here=str(Path(__file__).parent)))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "ConfigurationError"
    assert done.stderr == ""


async def test_one_client_on_several_loops(live: str) -> None:
    client = AsyncClient(live, token="given-token-123", timing=TIMING)

    def in_a_loop_of_its_own() -> Any:
        async def ask() -> Any:
            try:
                return await client.credits()
            finally:
                for inner in list(client.caller.http._clients.values()):
                    await inner.aclose()

        return asyncio.run(ask())

    assert (await asyncio.to_thread(in_a_loop_of_its_own)).total == 100
    assert (await client.credits()).total == 100
    await client.close()
