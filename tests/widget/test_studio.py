"""The studio without a browser: its jobs, its view, and the messages that it answers."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from reelframe import errors
from reelframe.client import AsyncClient, Session
from reelframe.jobs import Progress, background
from reelframe.widget import VideoStudio
from reelframe.widget.core import Studio
from reelframe.widget.growing import GrowingFilm
from reelframe.widget.view import View, heard, said, working

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))


def until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def studio():
    made = Studio(project="Autumn")
    yield made
    made.close()


class Said:
    def __init__(self, kind, text, **more):
        self.kind, self.text = kind, text
        vars(self).update(more)


def test_pieces_of_an_answer_grow_one_line():
    view = said(View(), "you", "hello")
    for piece in ("I ", "am ", "here."):
        view = heard(view, Said("text", piece))
    view = heard(working(view, ""), Said("text", "Next."))
    assert [(x.who, x.text) for x in view.lines] == [("you", "hello"), ("studio", "I am here."), ("studio", "Next.")]


def test_progress_is_shown_and_questions_have_their_choices():
    view = heard(View(), Progress("render", 0.5))
    assert view.progress_dict() == {"stage": "render", "fraction": 0.5, "text": ""}
    view = heard(view, Said("asked", "Which?", choices=("one", "two")))
    assert view.as_dict()["lines"][-1]["choices"] == ["one", "two"]
    assert heard(view, Said("working", "")) == view


def test_from_upload_to_preview_to_export(studio, tmp_path):
    studio.upload(*PHOTOS[:2])
    reply = studio.send("make a 2-second video of these").result(60)
    assert reply.text
    view = studio.view
    assert [m.name for m in view.media] == [p.name for p in PHOTOS[:2]]
    assert view.duration_ms == 2000
    assert any(x.text.startswith("＋") for x in view.lines)
    assert any(x.who == "you" for x in view.lines)
    until(lambda: studio.view.preview is not None)
    assert studio.preview.path.stat().st_size == studio.view.preview.size
    video = studio.export(tmp_path / "out.mp4", quality="preview").result(60)
    assert studio.view.exported.size == video.size_bytes
    studio.undo().result(30)
    assert studio.view.duration_ms == 0


def test_the_preview_grows_then_becomes_sharper():
    seen = []
    studio = Studio(on_change=seen.append, project="Autumn")
    try:
        studio.upload(*PHOTOS[:2])
        studio.send("make a 2-second video of these with music").result(60)
        until(lambda: studio.view.preview is not None and studio.view.preview.height == 720 and not studio.view.job)
    finally:
        studio.close()
    growing = next(view.growing for view in seen if view.growing)
    assert (growing.width, growing.height, growing.duration_s, growing.silent) == (640, 360, 2.0, True)
    small = next(view.preview for view in seen if view.preview)
    assert (small.revision, small.height) == (growing.revision, 360)
    assert seen[-1].growing is None
    # Nobody is ever shown an older one again, nor a bar that runs back.
    revisions = [view.preview.revision for view in seen if view.preview]
    assert revisions == sorted(revisions)
    for stage in ("preview", "sharpen"):
        told = [v.progress.fraction or 0 for v in seen if v.progress and v.progress.stage == stage]
        assert told == sorted(told)


def test_a_brand_dresses_all_that_is_made():
    studio = Studio(brand={"colors": ["#0b5cff"], "logo_position": "top_left"})
    try:
        studio.upload(*PHOTOS[:1], SAMPLES / "logo.png")
        studio.send("a 1-second video with the title 'Hello', without music").result(60)
        logo = next(s for s in studio.draft.segments if s.role == "logo")
        assert (studio.draft.get("brand")["colors"], logo.get("position")) == (["#0b5cff"], "top_left")
        assert studio.view.as_dict()["media"][1]["logo"], "shown as the logo that it is used as"
    finally:
        studio.close()


async def test_a_growing_film_is_read_at_each_ones_own_pace(tmp_path):
    film = GrowingFilm(3, tmp_path / "a.mp4")
    late = asyncio.ensure_future(film.read(0))
    film.add(b"head")
    assert await late == (b"head", False)
    film.add(b"tail")
    assert await film.read(4) == (b"tail", False)
    waiting = asyncio.ensure_future(film.read(8))
    film.end(whole=True)
    assert await waiting == (b"", True)
    assert await film.read(0) == (b"headtail", True)
    given_up = GrowingFilm(4, tmp_path / "b.mp4")
    given_up.add(b"head")
    waiting = asyncio.ensure_future(given_up.read(4))
    given_up.end(whole=False)
    with pytest.raises(errors.ConfigurationError, match="given up"):
        await waiting


def test_an_error_becomes_a_line_and_the_studio_goes_on(studio, tmp_path):
    with pytest.raises(errors.MediaError):
        studio.upload(tmp_path / "missing.jpg").result(30)
    assert studio.view.lines[-1].who == "error"
    assert "missing.jpg" in studio.view.lines[-1].text
    assert studio.view.job == ""
    studio.upload(PHOTOS[0]).result(30)
    assert len(studio.view.media) == 1


def test_cancelling_ends_what_runs_and_what_waits(studio, tmp_path):
    studio.upload(*PHOTOS)
    studio.send("make a 60-second video of these with music").result(60)
    jobs = [studio.export(tmp_path / "out.mp4"), studio.send("make it square")]
    until(lambda: studio.view.job == "export")
    assert studio.cancel()
    for job in jobs:
        with pytest.raises(errors.JobCancelledError):
            job.result(30)
    assert studio.draft.get("width") == 1920
    assert not list(tmp_path.iterdir())


@pytest.fixture
def widget():
    made = VideoStudio(project="Autumn")
    answers = []
    made.send_message = lambda content, buffers: answers.append((content, buffers))

    def ask(content, *buffers):
        number = len(answers)
        made._received(made, {"v": 1, "id": str(number), **content}, list(buffers))
        until(lambda: len(answers) > number)
        return answers[number]

    made.ask = ask
    yield made
    made.close()


def test_a_file_comes_in_by_messages_and_the_film_goes_out(widget):
    data = PHOTOS[0].read_bytes()
    key = widget.ask({"kind": "upload.begin", "name": "mug.jpg", "size": len(data)})[0]["upload"]
    assert widget.ask({"kind": "upload.piece", "upload": key, "offset": 0}, memoryview(data))[0]["received"] == len(
        data
    )
    assert widget.ask({"kind": "upload.end", "uploads": [key]})[0]["kind"] == "result"
    assert [m.name for m in widget.media] == ["mug.jpg"]
    assert widget.ask({"kind": "thumbnail", "media": widget.media[0].id})[1][0].startswith(b"\xff\xd8")
    widget.ask({"kind": "send", "text": "make a 1-second video"})
    until(lambda: widget.view["preview"])
    film = widget.ask({"kind": "read", "which": "preview", "offset": 0, "length": 1 << 20})[1][0]
    assert film[4:8] == b"ftyp"


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "nonsense"},
        {"kind": "send"},
        {"kind": "upload.begin", "name": "a.exe", "size": 3},
        {"kind": "upload.begin", "name": "a.jpg", "size": "many"},
        {"kind": "upload.piece", "upload": "none", "offset": 0},
        {"kind": "read", "which": "preview", "offset": 0, "length": 10},
    ],
)
def test_every_message_is_answered_with_an_error_in_words_when_it_can_not_be_done(widget, content):
    answer, buffers = widget.ask(content, b"x")
    assert answer["kind"] == "error"
    assert len(answer["text"]) > 10
    assert buffers == []


def test_the_trait_changes_ten_times_a_second_at_most_and_holds_no_secret(widget, own_home):
    seen = []
    widget.observe(lambda _: seen.append(time.monotonic()), "view")

    async def flood():
        for i in range(500):
            widget._changed(said(View(), "note", str(i)))

    began = time.monotonic()
    background().run(flood())
    until(lambda: widget.view["lines"] and widget.view["lines"][-1]["text"] == "499")
    assert len(seen) <= 2 + 10 * (time.monotonic() - began)
    widget.upload(PHOTOS[0]).result(30)
    until(lambda: widget.view["media"])
    state = json.dumps(widget.get_state(["view"]))
    assert str(own_home) not in state
    assert "oken" not in state
    assert len(state) < 20_000


def test_a_home_that_can_not_be_used_is_said_when_the_widget_is_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "file/below"))
    with pytest.raises(errors.StorageError, match="REELFRAME_HOME"):
        VideoStudio()


def test_where_work_costs_something_the_balance_is_shown(studio, monkeypatch):
    real = AsyncClient.capabilities

    async def enforced(self):
        return replace(await real(self), credits_enforced=True)

    monkeypatch.setattr(AsyncClient, "capabilities", enforced)
    studio.upload(PHOTOS[0]).result(60)
    assert studio.view.as_dict()["credits"] == "100 / 100"


def test_a_service_that_can_not_be_told_to_stop_may_finish_and_that_is_said(studio, monkeypatch):
    real = AsyncClient.capabilities

    async def hosted(self):
        can = await real(self)
        return replace(can, features=can.features - {"cancel"})

    asked = threading.Event()

    async def slow(_self, _text, **_):
        asked.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(AsyncClient, "capabilities", hosted)
    monkeypatch.setattr(Session, "ask", slow)
    job = studio.send("make a film of my life")
    assert asked.wait(30)
    assert studio.cancel()
    with pytest.raises(errors.JobCancelledError):
        job.result(15)
    assert "may finish the work and charge" in studio.view.lines[-1].text
    assert studio.view.credits == "", "where nothing costs anything no balance is shown"


def test_what_is_here_costs_nothing_and_waits_are_counted(studio, tmp_path):
    studio.upload(*PHOTOS[:2])
    studio.send("make a 30-second video of these").result(60)
    jobs = [studio.export(tmp_path / "a.mp4"), studio.send("make it square"), studio.send("remove the music")]
    until(lambda: (studio.view.job, studio.view.waiting) == ("export", 2))
    studio.cancel()
    for job in jobs:
        with pytest.raises(errors.JobCancelledError):
            job.result(30)


def test_to_select_is_nothing_that_waits(studio, monkeypatch):
    async def held(_self, _path, **_):
        await asyncio.Event().wait()

    async def told():
        """All that was told to the background loop before this has been heard."""

    monkeypatch.setattr(Session, "export", held)
    export = studio.export()
    until(lambda: studio.view.job == "export")
    chosen = studio.select("s1")
    background().run(told())
    assert (studio.view.selected, studio.view.waiting) == (("s1",), 0)
    send = studio.send("make it square")
    background().run(told())
    assert (studio.view.job, studio.view.waiting) == ("export", 1)
    studio.cancel()
    for job in (export, chosen, send):
        with pytest.raises(errors.JobCancelledError):
            job.result(30)
    assert (studio.view.job, studio.view.waiting) == ("", 0)


def test_what_is_said_while_the_timeline_is_read_stays_in_the_log(studio, monkeypatch):
    reading, go_on = threading.Event(), asyncio.Event()

    async def slow(_self):
        reading.set()
        await go_on.wait()
        return ()

    monkeypatch.setattr(Session, "suggestions", slow)
    upload = studio.upload(PHOTOS[0])
    assert reading.wait(60)
    send = studio.send("hello")
    background().loop.call_soon_threadsafe(go_on.set)
    upload.result(60)
    send.result(60)
    assert ("you", "hello") in [(line.who, line.text) for line in studio.view.lines]


LATE = """
import asyncio
import sys
import reelframe as rf

asyncio.get_event_loop_policy()


class Late:
    def __init__(self):
        self.widget = rf.VideoStudio()

    def __del__(self):
        print("late" if sys.is_finalizing() else "early")
        self.widget.close()


rf.late = Late()
"""


def test_a_widget_that_lives_to_the_end_does_not_keep_python_from_ending():
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["late"], "")
