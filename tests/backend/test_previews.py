"""The preview that grows while it is read: whole in the end, one per session, and over when nobody reads it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from importlib import resources
from pathlib import Path

import pytest

import reelframe as rf
from reelframe.draft import Draft
from reelframe.errors import APIError, ConnectionFailedError
from reelframe.render import streaming

from .conftest import data, photo, refusal

SAMPLES = Path(str(resources.files("reelframe") / "samples"))


def timeline(media, ms=1500):
    return {
        "t": [{"tt": 0, "sg": [{"d": ms, "m": {"id": "v", "media": media, "start": 0}}]}],
        "d": ms,
        "m": {"width": 320, "height": 180, "fps": 10},
    }


async def test_the_parts_are_one_film(api, tmp_path):
    sid = await api.session()
    media = data(await api.upload(sid, ("a.png", photo("blue", (320, 180), "PNG"))))["files"][0]["id"]
    data(await api.apply(sid, timeline(media)))
    answer = await api.post("/api/ext/preview", {"session_id": sid})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith('video/mp4; codecs="avc1.')
    said = [answer.headers[f"x-video-{name}"] for name in ("width", "height", "duration")]
    assert said == ["320", "180", "1.500"]
    assert answer.content.count(b"moof") == 3
    path = tmp_path / "a.mp4"
    path.write_bytes(answer.content)
    asked = ["ffprobe", "-v", "error", "-show_streams", "-count_frames", "-of", "json", str(path)]
    stream = json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)["streams"][0]
    assert (stream["width"], stream["height"], stream["nb_read_frames"]) == (320, 180, "15")


async def test_music_that_is_still_to_be_composed_is_not_waited_for_by_who_wants_it_at_once(api):
    sid = await api.session()
    media = data(await api.upload(sid, ("a.png", photo("blue", (320, 180), "PNG"))))["files"][0]["id"]
    draft = timeline(media, 500)
    music = {"id": "b", "music": {"mood": "calm", "seed": 1}, "role": "bgm", "start": 0}
    draft["t"].append({"tt": 1, "sg": [{"d": 500, "m": music}]})
    data(await api.apply(sid, draft))
    for at_once, sound, codec in ((True, "later", False), (False, "now", True)):
        answer = await api.post("/api/ext/preview", {"session_id": sid, "at_once": at_once})
        assert answer.headers["x-video-sound"] == sound
        assert ("mp4a" in answer.headers["content-type"]) is codec
        assert answer.content.count(b"moof") == 1


async def test_what_can_not_be_looked_at_is_refused_in_words(api):
    sid = await api.session()
    assert refusal(await api.post("/api/ext/preview", {"session_id": sid})) == (400, 400)
    assert refusal(await api.post("/api/ext/preview", {"session_id": "nobody's"})) == (404, 1002)
    assert "preview_stream" in data(await api.get("/api/ext/capabilities"))["features"]


class Endless:
    """A renderer that goes on until it is told to stop, and says that it was."""

    def __init__(self, first):
        self.first = first
        self.stopped = [threading.Event(), threading.Event()]
        self.begun = 0

    def __call__(self, _composition, *, cancel, **_how):
        me = self.stopped[self.begun]
        self.begun += 1
        try:
            yield self.first
            while True:
                cancel.check()
                yield b"more"
        finally:
            me.set()


@pytest.fixture
async def session():
    async with rf.AsyncClient("local") as client:
        made = await client.create_session(task_name="a")
        (media,) = await made.upload(SAMPLES / "logo.png")
        await made.apply(Draft.from_wire(timeline(media.id)))
        yield made


@pytest.fixture
def endless(monkeypatch):
    made = Endless(b"....avcC\x01\x42\xc0\x1e")
    monkeypatch.setattr(streaming, "stream", made)
    return made


async def test_it_ends_when_its_reader_leaves(session, endless):
    async with contextlib.aclosing(session.stream_preview()) as parts:
        first = await anext(parts)
        assert (first.mime_type, first.width, first.duration_s) == ('video/mp4; codecs="avc1.42c01e"', 320, 1.5)
        assert (await anext(parts)).data == b"more"
    assert endless.stopped[0].wait(30)


async def test_a_reader_that_takes_its_time_holds_the_renderer_up(session, monkeypatch):
    given = []

    def counted(_composition, *, cancel, **_how):
        yield b"....avcC\x01\x42\xc0\x1e"
        for n in range(1000):
            cancel.check()
            given.append(n)
            yield b"part"

    monkeypatch.setattr(streaming, "stream", counted)
    async with contextlib.aclosing(session.stream_preview()) as parts:
        for _ in range(3):
            await anext(parts)
        # What is between the two: the renderer's queue, the way's, and the one in each hand.
        assert len(given) < 30


async def test_a_newer_one_takes_its_place(session, endless):
    async with contextlib.aclosing(session.stream_preview()) as older:
        await anext(older)
        async with contextlib.aclosing(session.stream_preview()) as newer:
            await anext(newer)
            assert endless.stopped[0].wait(30)
            with pytest.raises((ConnectionFailedError, APIError)):
                async for _ in older:
                    pass
            assert (await anext(newer)).data == b"more"
    assert endless.stopped[1].wait(30)
