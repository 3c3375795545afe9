"""Render jobs: leased, resumable, cancellable, downloadable in ranges."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from reelframe import process
from reelframe.backend import rendering
from reelframe.backend.output import FORMATS, apply_output, read_output
from reelframe.backend.store import renders
from reelframe.draft import Draft
from reelframe.errors import APIError, PlanError

from .conftest import ATTRIBUTION, data, photo, refusal, text_draft


def probe(path):
    asked = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-count_frames", "-of", "json", str(path)],
        capture_output=True,
        check=True,
    )
    return json.loads(asked.stdout)["streams"]


async def test_a_timeline_becomes_a_file(api, tmp_path):
    sid = await api.session(task_name="Spring/sale")
    media = data(await api.upload(sid, ("a.png", photo("blue", (320, 180), "PNG"))))["files"][0]["id"]
    draft = {
        "t": [{"tt": 0, "sg": [{"d": 1000, "m": {"id": "v", "media": media, "start": 0}}]}],
        "d": 1000,
        "m": {"width": 320, "height": 180, "fps": 10},
    }
    answer = await api.render(sid, "render_7", draft)
    assert answer.json() == {"id": "render_7", "status": "pending"}
    done = await api.rendered("render_7")
    assert (done["status"], done["progress"]) == ("completed", 1.0), done
    facts = done["output"]
    assert (facts["width"], facts["height"], facts["duration_s"]) == (320, 180, 1.0)
    assert facts["url"] == "http://reelframe.localhost/api/render/proxy/render_7/download"

    got = await api.get("/api/render/proxy/render_7/download")
    assert got.headers["content-type"] == "video/mp4"
    assert got.headers["content-disposition"] == 'attachment; filename="Spring_sale-1.mp4"'
    assert len(got.content) == facts["size_bytes"]
    file = tmp_path / "a.mp4"
    file.write_bytes(got.content)
    video = next(s for s in probe(file) if s["codec_type"] == "video")
    assert (video["width"], video["height"], int(video["nb_read_frames"])) == (320, 180, 10)
    raw = subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            file,
            "-vf",
            "scale=1:1",
            "-frames:v",
            "1",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ],
        capture_output=True,
        check=True,
    ).stdout
    assert raw[2] > 200 > 60 > max(raw[0], raw[1])
    state = await api.state(sid)
    assert [(g["render_id"], g["url"]) for g in state["generated_media"]] == [("render_7", facts["url"])]


async def test_ranges_and_head(api):
    sid = await api.session()
    await api.render(sid)
    size = (await api.rendered())["output"]["size_bytes"]
    path = "/api/render/proxy/render_1/download"
    whole = await api.get(path)
    head = await api.http.head(path)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(size), b"")
    assert whole.headers["accept-ranges"] == head.headers["accept-ranges"] == "bytes"
    for asked, a, b in [("bytes=0-9", 0, 10), (f"bytes={size - 5}-", size - 5, size), ("bytes=-7", size - 7, size)]:
        part = await api.get(path, headers={"Range": asked})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes {a}-{b - 1}/{size}"
        assert part.content == whole.content[a:b]
    resumed = await api.get(path, headers={"Range": "bytes=100-", "If-Range": whole.headers["etag"]})
    assert whole.content[:100] + resumed.content == whole.content
    stale = await api.get(path, headers={"Range": "bytes=100-", "If-Range": '"other"'})
    assert (stale.status_code, stale.content) == (200, whole.content)
    assert (await api.get(path, headers={"Range": f"bytes={size}-"})).status_code == 416


async def test_the_same_id_is_the_same_job(api):
    sid, other = await api.session(), await api.session()
    await api.render(sid)
    again = await api.render(sid, draft=text_draft("Another"))
    assert again.status_code == 200
    await api.rendered()
    assert (await api.render(sid)).json()["status"] == "completed"
    with api.backend.db.read() as tx:
        jobs = renders.of_session(tx, sid)
        assert len(jobs) == 1
        assert jobs[0].draft.to_wire() == text_draft()
        assert jobs[0].attempts == 1
    assert refusal(await api.render(other)) == (409, 409)


async def test_a_job_keeps_its_own_timeline(api):
    sid = await api.session()
    for n, width in enumerate((160, 90), start=1):
        draft = text_draft(width=width, height=90)
        data(await api.apply(sid, draft))
        await api.render(sid, f"render_{n}", draft)
    widths = [(await api.rendered(f"render_{n}"))["output"]["width"] for n in (1, 2)]
    assert widths == [160, 90]


@pytest.mark.parametrize("missing", list(ATTRIBUTION))
async def test_an_export_without_attribution_is_402(api, missing):
    sid = await api.session()
    del api.http.headers[missing]
    answer = await api.render(sid)
    assert refusal(answer) == (402, 402)
    assert missing in answer.json()["message"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": ""}, (400, 400)),
        ({"id": "../../etc/passwd"}, (400, 400)),
        ({"id": "a" * 101}, (400, 400)),
        ({"sessionId": "nope"}, (404, 1002)),
        ({"sessionId": None}, (404, 1002)),
        ({"draft": {}}, (400, 400)),
        ({"draft": {"t": [{"tt": 0, "sg": []}]}}, (400, 400)),
        ({"draft": {"t": 1}}, (422, 422)),
        ({"draft": "x"}, (400, 400)),
        ({"output": {"format": "avi"}}, (400, 400)),
        ({"output": {"quality": "best"}}, (400, 400)),
        ({"output": {"preset": "betamax"}}, (400, 400)),
        ({"output": {"width": 0}}, (400, 400)),
        ({"output": {"fps": True}}, (400, 400)),
        ({"output": {"height": "1080"}}, (400, 400)),
    ],
)
async def test_renders_that_cannot_be_are_refused_at_once(api, change, expected):
    sid = await api.session()
    body = {"id": "render_1", "sessionId": sid, "draft": text_draft(), "output": {}, **change}
    assert refusal(await api.post("/api/render/proxy/lambda", body)) == expected
    assert refusal(await api.get("/api/render/proxy/lambda/render_1")) == (404, 404)
    assert refusal(await api.get("/api/render/proxy/render_1/download")) == (404, 404)


@pytest.mark.parametrize(
    ("output", "canvas", "size"),
    [
        ({}, (1080, 1920), (1080, 1920, 30)),
        ({"preset": "1080p"}, (720, 1280), (1080, 1920, 30)),
        ({"preset": "4K"}, (1920, 1080), (3840, 2160, 30)),
        ({"preset": "TikTok"}, (1920, 1080), (1080, 1920, 30)),
        ({"preset": "Instagram feed"}, (1920, 1080), (1080, 1350, 30)),
        ({"preset": "tiktok", "height": 960}, (1920, 1080), (540, 960, 30)),
        ({"preset": "tiktok", "fps": 60}, (1920, 1080), (1080, 1920, 60)),
        ({"height": 720}, (1920, 1080), (1280, 720, 30)),
        ({"width": 640}, (1080, 1920), (640, 1138, 30)),
        ({"short_side": 720}, (1080, 1920), (720, 1280, 30)),
        ({"width": 333, "height": 201}, (1920, 1080), (332, 200, 30)),
        ({"quality": "preview"}, (1920, 1080), (640, 360, 30)),
        ({"quality": "preview"}, (1080, 1920), (360, 640, 30)),
        ({"quality": "preview", "width": 800}, (1920, 1080), (800, 450, 30)),
        ({"fps": 24.2}, (1920, 1080), (1920, 1080, 24)),
    ],
)  # fmt: skip
def test_output_sizes(output, canvas, size):
    draft = Draft.from_wire(text_draft(width=canvas[0], height=canvas[1], fps=30))
    made = apply_output(draft, read_output(output))
    assert (made.get("width"), made.get("height"), made.get("fps")) == size


def test_an_output_that_is_too_large_is_said():
    draft = Draft.from_wire(text_draft(width=1000, height=1000))
    with pytest.raises(PlanError, match="8000x8000"):
        apply_output(draft, read_output({"width": 8000}))
    with pytest.raises(APIError, match="width"):
        read_output({"width": 99999})


def test_every_format_that_is_announced_can_be_written():
    from reelframe.render.outputs import KINDS

    # The rest is written without rendering.
    assert set(FORMATS) - set(KINDS) == {"srt", "vtt", "otio"}


async def test_a_failed_render_says_why(api):
    sid = await api.session()
    draft = text_draft()
    draft["t"].append({"tt": 0, "sg": [{"d": 500, "m": {"id": "v", "media": "f" * 64, "start": 0}}]})
    await api.render(sid, draft=draft)
    failed = await api.rendered()
    assert (failed["status"], failed["cancelled"]) == ("failed", False)
    assert failed["error"]
    assert "Traceback" not in failed["error"]
    assert refusal(await api.get("/api/render/proxy/render_1/download")) == (409, 409)
    assert list((api.backend.home / "renders").iterdir()) == []


class Slow:
    """A renderer that works until it is told to stop: what leases and cancelling are tested with."""

    def __init__(self, monkeypatch):
        from reelframe import render
        from reelframe.jobs import Progress

        self.begun, self.go, self.calls = threading.Event(), threading.Event(), 0
        real = render.render

        def slow(composition, path, on_progress=None, cancel=None, **options):
            self.calls += 1
            on_progress(Progress("render", 0.25, "a quarter"))
            self.begun.set()
            while not self.go.wait(0.01):
                cancel.check()
            return real(composition, path, on_progress, cancel, **options)

        monkeypatch.setattr(render, "render", slow)

    async def wait(self):
        async with asyncio.timeout(20):
            while not self.begun.is_set():
                await asyncio.sleep(0.01)


async def test_progress_and_cancelling(api, monkeypatch):
    slow = Slow(monkeypatch)
    sid = await api.session()
    for render_id in ("render_1", "render_2"):
        await api.render(sid, render_id)
    await slow.wait()
    working = (await api.get("/api/render/proxy/lambda/render_1")).json()
    assert working["status"] == "processing"
    assert (working["stage"], working["progress"], working["message"]) == ("render", 0.25, "a quarter")
    assert (await api.get("/api/render/proxy/lambda/render_2")).json()["status"] == "pending"
    for render_id in ("render_2", "render_1"):
        assert data(await api.post("/api/ext/cancel", {"render_id": render_id})) == {"cancelled": True}
    for render_id in ("render_1", "render_2"):
        stopped = await api.rendered(render_id, seconds=10)
        assert (stopped["status"], stopped["cancelled"], stopped["error"]) == ("failed", True, "Cancelled.")
    assert slow.calls == 1
    assert refusal(await api.post("/api/ext/cancel", {"render_id": "nope"})) == (404, 404)
    assert list((api.backend.home / "renders").iterdir()) == []


async def test_closing_gives_the_job_back_and_a_restart_finishes_it(make_api, monkeypatch):
    slow = Slow(monkeypatch)
    api = make_api()
    sid = await api.session()
    await api.render(sid)
    await slow.wait()
    api.backend.close()
    slow.go.set()
    # Nobody has to ask: opening the folder is enough.
    restarted = make_api()
    assert (await restarted.rendered())["status"] == "completed"
    with restarted.backend.db.read() as tx:
        assert renders.of_session(tx, sid)[0].attempts == 1


async def test_a_cancelled_job_is_not_begun_again_by_the_next_process(make_api, monkeypatch):
    slow = Slow(monkeypatch)
    api = make_api()
    sid = await api.session()
    await api.render(sid)
    await slow.wait()
    # Cancelled by another process: this one has not noticed yet when it closes.
    with api.backend.db.write() as tx:
        renders.cancel(tx, api.backend.auth.owner.id, "render_1")
    api.backend.close()
    stopped = await make_api().rendered(seconds=10)
    assert (stopped["status"], stopped["cancelled"]) == ("failed", True)
    assert slow.calls == 1


async def test_a_stopped_holder_loses_its_lease_and_is_not_heard_any_more(make_api, monkeypatch):
    """The first holder's heartbeat stops (a suspended laptop); the second finishes; the first wakes up."""
    slow = Slow(monkeypatch)
    first = make_api()
    sid = await first.session()
    await first.render(sid)
    await slow.wait()
    with first.backend.db.read() as tx:
        lost = renders.of_session(tx, sid)[0].holder
    monkeypatch.setattr(rendering, "_MOST_ATTEMPTS", 1000)
    monkeypatch.setattr(rendering, "LEASE_S", 0.0)
    slow.begun.clear()
    second = make_api()
    await slow.wait()
    monkeypatch.setattr(rendering, "LEASE_S", 30.0)
    with second.backend.db.read() as tx:
        job = renders.of_session(tx, sid)[0]
    assert job.holder != lost
    assert job.attempts >= 2
    slow.go.set()
    assert (await second.rendered())["status"] == "completed"
    with second.backend.db.read() as tx:
        job = renders.of_session(tx, sid)[0]
    assert (job.status, job.holder) == ("completed", None)
    assert (await second.get("/api/render/proxy/render_1/download")).status_code == 200


HOLD = """
import sys, time, pathlib
from reelframe import render
from reelframe.jobs import Progress
from reelframe.backend.core import Backend, Options
def slow(composition, path, on_progress=None, cancel=None, **options):
    pathlib.Path(str(path)).write_bytes(b"half")
    print("holding", flush=True)
    while True:
        time.sleep(0.05)
        cancel.check()
render.render = slow
backend = Backend(pathlib.Path(sys.argv[1]), Options())
print("open", flush=True)
time.sleep(600)
"""


def holder(home):
    return subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True)


async def test_two_processes_never_do_the_same_job_and_a_dead_ones_is_taken_over(make_api, home, monkeypatch):
    api = make_api()
    sid = await api.session()
    monkeypatch.setattr(api.backend.workers, "wake", lambda: None)
    await api.render(sid)
    monkeypatch.undo()
    other = holder(home)
    try:
        assert other.stdout.readline() == "open\n"
        assert other.stdout.readline() == "holding\n"
        # Asking for the state wakes this process's worker, which finds the job taken.
        for _ in range(15):
            status = (await api.get("/api/render/proxy/lambda/render_1")).json()
            assert status["status"] == "processing"
            await asyncio.sleep(0.1)
        with api.backend.db.read() as tx:
            job = renders.of_session(tx, sid)[0]
        assert f"|{other.pid}|" in job.holder
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert (await api.rendered(seconds=30))["status"] == "completed"
        with api.backend.db.read() as tx:
            assert renders.of_session(tx, sid)[0].attempts == 2
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    content = (await api.get("/api/render/proxy/render_1/download")).content
    assert content[4:8] == b"ftyp"


async def test_a_job_that_kills_its_process_is_given_up(make_api, home, monkeypatch):
    api = make_api()
    sid = await api.session()
    monkeypatch.setattr(api.backend.workers, "wake", lambda: None)
    await api.render(sid)
    for _ in range(3):
        other = holder(home)
        try:
            assert [other.stdout.readline() for _ in range(2)] == ["open\n", "holding\n"]
        finally:
            other.kill()
            other.wait()
            other.stdout.close()
    monkeypatch.undo()
    failed = await api.rendered()
    assert failed["status"] == "failed"
    assert "ended 3 times" in failed["error"]


def test_processes_are_told_apart_by_their_start():
    host, pid, start = process.me().split("|")
    assert process.alive(process.me())
    assert process.alive(process.me() + "#lease")
    assert not process.alive(f"{host}|{pid}|{start}9")
    assert not process.alive("nonsense")
    assert process.alive(f"another-{host}|1|1")
    child = subprocess.Popen([sys.executable, "-c", ""])
    named = f"{host}|{child.pid}|{process.started(child.pid)}"
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not process.alive(named)
    child.wait()
    assert not process.alive(named)
