"""The embedded backend behind a proxy that cuts, resets, swallows and garbles answers, in both styles."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reelframe import errors
from reelframe.client import Changed, Notice, Timing

from .peers import Peer, Style, client, png

FAULTS = ["close", "reset", "garbage"]
MESSAGE = "POST /run_sse"


@contextlib.contextmanager
def talk(peer: Peer, style: Style, *, media: bool = False, **options: Any) -> Iterator[tuple[Any, Any]]:
    with client(style, peer.server, token=peer.token, language="en", **options) as c:
        session = c.create_session("broken")
        if media:
            session.upload(("a.png", png("red")))
            session.ask("make a 1-second 160x90 video")
        peer.proxy.heads.clear()
        yield c, session


def messages(peer: Peer, session: Any) -> list[str]:
    with peer.backend.db.read() as tx:
        return [row["text"] for row in tx.execute("SELECT text FROM messages WHERE session_id = ?", (session.id,))]


@pytest.mark.parametrize("after", [0, 500])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_message_whose_answer_broke_is_never_sent_again(broken: Peer, style: Style, fault: Any, after: int) -> None:
    with talk(broken, style) as (_, session):
        broken.proxy.break_answer(MESSAGE, fault, after)
        events = list(session.send('add the title "Hello"'))
        assert broken.proxy.asked(MESSAGE) == 1
        assert messages(broken, session) == ['add the title "Hello"']
        assert any("not sent again" in e.text for e in events if isinstance(e, Notice))
        changed = [e for e in events if isinstance(e, Changed)]
        assert len(changed) == 1
        assert changed[0].text.startswith("The connection broke, but the work went on")
        assert "Hello" in changed[0].text
        assert session.state().draft == changed[0].draft


def test_a_message_whose_answer_never_comes_is_given_up_in_time(broken: Peer, style: Style) -> None:
    timing = Timing(poll_interval=0.05, silence_timeout=0.5, recovery=(0.05,))
    with talk(broken, style, timing=timing) as (c, session):
        broken.proxy.break_answer(MESSAGE, "swallow", 300)
        began = time.monotonic()
        with pytest.raises(errors.StreamTimeoutError, match="no sign of progress"):
            session.ask('add the title "Hello"')
        assert time.monotonic() - began < 5
        assert broken.proxy.asked(MESSAGE) == 1
        assert c.credits().total == 100


@pytest.mark.parametrize("fault", FAULTS)
def test_reading_goes_on(broken: Peer, style: Style, fault: Any) -> None:
    with talk(broken, style) as (c, session):
        for path, read in (("/api/state", session.state), ("/api/credits", c.credits), ("/api/ext/presets", c.presets)):
            broken.proxy.break_answer(f"GET {path}", fault, 30)
            assert read()
            assert broken.proxy.asked(f"GET {path}") == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_an_upload_whose_answer_is_lost_is_not_repeated(broken: Peer, style: Style, fault: Any) -> None:
    with talk(broken, style) as (_, session):
        broken.proxy.break_answer("POST /api/upload-video", fault, 10)
        with pytest.raises(errors.ConnectionFailedError, match="uploading"):
            session.upload(("a.png", png("red")))
        assert broken.proxy.asked("POST /api/upload-video") == 1
        assert len(session.state().media) <= 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_render_whose_answer_is_lost_is_asked_for_again_and_made_once(broken: Peer, style: Style, fault: Any) -> None:
    with talk(broken, style, media=True) as (_, session):
        broken.proxy.break_answer("POST /api/render", fault, 20)
        video = session.export("out.mp4", fps=10)
        assert broken.proxy.asked("POST /api/render") == 2
        assert [one["render_id"] for one in session.state().generated_media] == [video.render_id]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_download_goes_on_where_it_broke(broken: Peer, style: Style, fault: Any) -> None:
    with talk(broken, style, media=True) as (_, session):
        # Bytes that are exchanged for others can't be told from good ones: garbage comes in the place of the head.
        after = 0 if fault == "garbage" else 3000
        broken.proxy.break_answer("GET /api/render/proxy/render_", fault, after)
        video = session.export("out.mp4", fps=10)
        made = {p.read_bytes() for p in (broken.backend.home / "renders").glob("*.mp4")}
        assert video.path.read_bytes() in made
        first, second = [h for h in broken.proxy.heads if h.startswith(b"GET /api/render/proxy/render_")]
        assert b"range: bytes=" not in first.lower()
        assert (b"range: bytes=" in second.lower()) == (after > 0)


@pytest.mark.usefixtures("hurried")
def test_a_server_that_is_not_there_any_more_is_said(broken: Peer, style: Style) -> None:
    with talk(broken, style) as (c, session):
        broken.proxy.break_answer("", "reset", 0, times=1000)
        try:
            for act in (c.credits, session.state, lambda: session.ask("make it longer"), session.claim_url):
                with pytest.raises(errors.ConnectionFailedError) as caught:
                    act()
                assert broken.token not in str(caught.value)
        finally:
            broken.proxy.times = 0


BEGIN = """
    import sys, time
    from reelframe.client import Client
    url, token, sid = sys.argv[1:]
    def tell(progress):
        if progress.stage == "render":
            print("begun", flush=True)
            time.sleep(600)
    Client(url, token=token).session(sid).export("kept.mp4", fps=10, on_progress=tell)
"""


def test_an_export_whose_process_was_killed_is_finished_by_the_next_client(broken: Peer, style: Style) -> None:
    with talk(broken, style, media=True) as (c, session):
        first = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(BEGIN), broken.server.base_url, broken.token, session.id],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "NO_PROXY": "*"},
        )  # fmt: skip
        try:
            assert first.stdout.readline() == "begun\n"
            assert c.resume_exports() == ()
        finally:
            first.kill()
            first.wait()
            first.stdout.close()
        (video,) = c.resume_exports()
        assert video.path == Path("kept.mp4").absolute()
        assert video.path.stat().st_size > 1000
        assert c.resume_exports() == ()
        assert len(session.state().generated_media) == 1
    assert [p.name for p in Path().iterdir()] == ["kept.mp4"]
