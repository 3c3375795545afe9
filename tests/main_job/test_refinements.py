"""One session, many wishes, in English and Chinese: asserted on the timeline, and where it counts on pixels."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import av
import pytest

import reelframe as rf

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))
FIRST = "combine these images into a 10-second video with background music and a title 'Autumn'"


async def begun(client, *, language=None):
    session = await client.create_session(task_name="Autumn", language=language)
    await session.upload(*PHOTOS)
    await session.upload(SAMPLES / "logo.png", role="logo")
    await session.ask(FIRST)
    return session


def names(draft):
    return [s.name for s in draft.main.segments]


def titles(draft):
    return [s.text for t in draft.of_kind("text") for s in t.segments]


def music(draft):
    return [s for t in draft.of_kind("audio") for s in t.segments if not s.get("muted")]


P = [p.name for p in PHOTOS]
CASES = [
    ("change the title to 'Winter'", lambda d: titles(d) == ["Winter"]),
    ("标题改成「冬季新品」", lambda d: titles(d) == ["冬季新品"]),
    ("remove the title", lambda d: titles(d) == []),
    ("把标题删掉", lambda d: titles(d) == []),
    ("remove the second photo", lambda d: names(d) == [P[0], *P[2:]]),
    ("删除第二张照片", lambda d: names(d) == [P[0], *P[2:]]),
    ("move the last photo to the front", lambda d: names(d) == [P[4], *P[:4]]),
    ("swap the first and third photo", lambda d: names(d) == [P[2], P[1], P[0], *P[3:]]),
    ("make it 20 seconds", lambda d: d.duration_ms == 20_000),
    ("改成20秒", lambda d: d.duration_ms == 20_000),
    ("make it 9:16", lambda d: (d.get("width"), d.get("height")) == (1080, 1920)),
    ("make it square", lambda d: (d.get("width"), d.get("height")) == (1080, 1080)),
    ("改成4:5", lambda d: (d.get("width"), d.get("height")) == (1080, 1350)),
    ("竖屏", lambda d: (d.get("width"), d.get("height")) == (1080, 1920)),
    ("no music", lambda d: music(d) == []),
    ("不要音乐", lambda d: music(d) == []),
    ("now a square one of the first three photos", lambda d: names(d) == P[:3] and d.get("width") == d.get("height")),
]


@pytest.mark.parametrize(("wish", "holds"), CASES, ids=[c[0] for c in CASES])
async def test_a_wish_is_done_and_undone(wish, holds):
    async with rf.AsyncClient() as client:
        session = await begun(client)
        before = (await session.state()).draft
        reply = await session.ask(wish)
        after = (await session.state()).draft
        assert holds(after), reply.text
        assert reply.text, "nothing is silent"
        assert reply.changes
        await session.ask("undo")
        assert (await session.state()).draft == before


async def test_music_off_and_on_again():
    async with rf.AsyncClient() as client:
        session = await begun(client)
        await session.ask("no music")
        await session.ask("add calm music")
        assert len(music((await session.state()).draft)) == 1


@pytest.mark.parametrize(
    "wish", ["generate a video of a dragon", "add a voiceover", "remove the background", "给视频配音"]
)
async def test_what_can_not_be_done_is_said_and_changes_nothing(wish):
    async with rf.AsyncClient() as client:
        session = await begun(client)
        before = (await session.state()).draft
        reply = await session.ask(wish)
        assert len(reply.text) > 20
        assert (await session.state()).draft == before


async def test_each_video_of_a_session_gets_its_own_export(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with rf.AsyncClient() as client:
        session = await begun(client)
        await session.ask("make it 2 seconds")
        wide = await session.export(quality="preview")
        await session.ask("now a square one of the first three photos, 2 seconds")
        reply = await session.ask("export")
        square = reply.videos[0]
        assert (wide.path.name, square.path.name) == ("Autumn-1.mp4", "Autumn-2.mp4")
        assert "Autumn-2.mp4" in reply.text
        assert (square.width, square.height) == (1080, 1080)
        assert wide.width / wide.height == pytest.approx(16 / 9, abs=0.01)
        assert square.duration_s == pytest.approx(2, abs=0.05)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Autumn-1.mp4", "Autumn-2.mp4"]


def test_the_blocking_client_does_the_same(tmp_path):
    with rf.Client() as client:
        session = client.create_session(task_name="Autumn")
        session.upload(*PHOTOS[:2])
        assert "2" in session.ask("make a 2-second video of these").text
        seen = []
        video = session.export(tmp_path / "out.mp4", quality="preview", on_progress=seen.append)
    with av.open(str(video.path)) as file:
        assert sum(1 for _ in file.decode(video=0)) == 60
    assert any(p.stage == "render" and p.fraction for p in seen)


def test_the_one_liner_does_it_all(tmp_path):
    events = []
    video = rf.create(
        [PHOTOS[0], ("second.jpg", PHOTOS[1].read_bytes())],
        "a 2-second square video",
        tmp_path / "out.mp4",
        on_event=events.append,
    )
    assert (video.width, video.height) == (1080, 1080)
    assert video.duration_s == pytest.approx(2, abs=0.05)
    assert {"progress", "text", "exported"} <= {e.kind for e in events}


def test_the_same_request_gives_the_same_bytes(tmp_path, monkeypatch):
    made = []
    for home in ("one", "two"):
        monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / home))
        made.append(
            rf.create(PHOTOS[:2], "a 2-second video with upbeat music", tmp_path / f"{home}.mp4").path.read_bytes()
        )
    assert made[0] == made[1]
