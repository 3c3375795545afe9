"""What is kept, what is cleared when room is needed, and what is never touched."""

from __future__ import annotations

import os
import random
import time

import pytest

from reelframe.backend import storage
from reelframe.backend.core import Backend, Limits, Options
from reelframe.errors import ConfigurationError, StorageError

from .conftest import data, photo, refusal, text_draft

DAY = 86_400.0


def noise(kilobytes, seed):
    """A photo that takes about so much room."""
    import io

    from PIL import Image

    side = int((kilobytes * 1000 / 3) ** 0.5)
    image = Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(side * side * 3))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def aged(backend, sid, days):
    """As if nobody had used the session, nor its files, for so long."""
    then = time.time() - days * DAY
    with backend.db.write() as tx:
        tx.execute("UPDATE sessions SET used = ? WHERE id = ?", (then, sid))
        tx.execute(
            "UPDATE media SET used = ? WHERE id IN (SELECT media_id FROM session_media WHERE session_id = ?)",
            (then, sid),
        )


async def uploaded(api, sid, name, seed):
    answer = data(await api.upload(sid, (name, noise(400, seed))))
    return answer["files"][0]["id"], answer["notes"]


def there(api, media_id):
    return (api.backend.home / "media" / media_id[:2] / f"{media_id}.png").exists()


async def test_the_quota_takes_the_least_recently_used_of_finished_sessions(make_api):
    api = make_api(limits=Limits(quota_bytes=1_800_000))
    older, old, new = [await api.session() for _ in range(3)]
    a, _ = await uploaded(api, older, "a.png", 1)
    b, _ = await uploaded(api, old, "b.png", 2)
    c, notes = await uploaded(api, new, "c.png", 3)
    assert notes == []
    aged(api.backend, older, 9)
    aged(api.backend, old, 5)
    d, notes = await uploaded(api, new, "d.png", 4)
    assert [there(api, one) for one in (a, b, c, d)] == [False, True, True, True]
    assert any("a.png" in note for note in notes)
    # What was cleared is still known by name, and says so.
    info = (await api.state(older))["video_infos"][0]
    assert (info["name"], info["cleared"]) == ("a.png", True)
    assert refusal(await api.get(f"/api/ext/thumbnail/{a}")) == (404, 404)


async def test_a_render_that_needs_what_was_cleared_says_what_to_do(make_api):
    api = make_api(limits=Limits(quota_bytes=1_300_000))
    old, new = await api.session(), await api.session()
    a, _ = await uploaded(api, old, "a.png", 1)
    aged(api.backend, old, 5)
    for seed in (2, 3):
        await uploaded(api, new, f"{seed}.png", seed)
    assert not there(api, a)
    draft = {
        "t": [{"tt": 0, "sg": [{"d": 300, "m": {"media": a, "id": "v"}}]}],
        "m": {"width": 64, "height": 64, "fps": 10},
    }
    await api.render(old, draft=draft)
    failed = await api.rendered()
    assert failed["status"] == "failed"
    assert "a.png" in failed["error"]
    assert "Upload it again" in failed["error"]
    aged(api.backend, new, 9)
    await uploaded(api, old, "a.png", 1)
    assert there(api, a)
    await api.render(old, "render_2", draft=draft)
    assert (await api.rendered("render_2"))["status"] == "completed"


async def test_media_that_a_live_session_shares_stays(make_api):
    api = make_api(limits=Limits(quota_bytes=1_000_000))
    old, new = await api.session(), await api.session()
    a, _ = await uploaded(api, old, "a.png", 1)
    aged(api.backend, old, 9)
    await uploaded(api, new, "a.png", 1)
    answer = await api.upload(new, ("b.png", noise(400, 2)), ("c.png", noise(400, 3)))
    assert refusal(answer) == (507, 507)
    assert "REELFRAME_QUOTA_GB" in answer.json()["message"]
    assert there(api, a)
    assert len((await api.state(new))["video_infos"]) == 1


async def test_videos_of_finished_sessions_go_after_the_uploads(make_api, home):
    api = make_api(limits=Limits(quota_bytes=1_500_000))
    old, new = await api.session(), await api.session()
    await api.render(old)
    await api.rendered()
    for path in (home / "cache").rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - DAY, time.time() - DAY))
    await uploaded(api, new, "a.png", 1)
    aged(api.backend, old, 9)
    assert (await api.get("/api/render/proxy/render_1/download")).status_code == 200
    assert "cleared" not in (await api.state(old))["generated_media"][0]
    with pytest.raises(StorageError):
        storage.make_room(api.backend.db, api.backend.files, 1, 0)
    assert (await api.state(old))["generated_media"][0]["cleared"] is True
    assert (await api.get("/api/render/proxy/render_1/download")).status_code == 404
    assert storage.folder_size(home / "cache") == 0


async def test_reporting_and_clearing(make_api, home):
    api = make_api()
    old, new = await api.session(), await api.session()
    a, _ = await uploaded(api, old, "a.png", 1)
    b, _ = await uploaded(api, new, "b.png", 2)
    shared, _ = await uploaded(api, old, "s.png", 3)
    await uploaded(api, new, "s.png", 3)
    await api.render(old)
    await api.rendered()
    aged(api.backend, old, 9)
    before = storage.report(home, quota=10)
    assert (before.sessions, before.files, before.renders, before.quota) == (2, 3, 1, 10)
    assert before.uploads == sum(len(noise(400, seed)) for seed in (1, 2, 3))
    assert before.videos > 0
    assert before.total == before.uploads + before.videos + before.cache + before.timelines
    on_wire = data(await api.get("/api/ext/storage"))
    assert on_wire["uploads"] == before.uploads
    assert set(on_wire["kept"]) == {"uploads", "videos", "timelines", "cache", "unfinished"}

    cleared = storage.clear(home, older_than_days=5)
    assert (cleared.sessions, cleared.files) == (1, 1)
    assert cleared.bytes > 300_000
    assert [there(api, one) for one in (a, b, shared)] == [False, True, True]
    assert list((home / "renders").iterdir()) == []
    assert refusal(await api.get(f"/api/state/nemo_agent/me/{old}/latest")) == (404, 1002)
    assert [m["name"] for m in (await api.state(new))["video_infos"]] == ["b.png", "s.png"]

    assert storage.clear(home).sessions == 1
    after = storage.report(home)
    assert (after.sessions, after.files, after.uploads, after.videos) == (0, 0, 0, 0)
    assert list((home / "media").iterdir()) == []
    # The account and its token outlive the clearing.
    assert await api.session()


async def test_clearing_leaves_a_render_at_work_alone(make_api, home, monkeypatch):
    api = make_api()
    sid = await api.session()
    monkeypatch.setattr(api.backend.workers, "wake", lambda: None)
    await api.render(sid)
    assert storage.clear(home).sessions == 0
    monkeypatch.undo()
    assert (await api.rendered())["status"] == "completed"


async def test_leftovers_of_dead_processes_are_swept(make_api, home):
    make_api().backend.close()
    dead = home / "incoming" / "host~1~0~abc"
    dead.mkdir()
    (dead / "half").write_bytes(b"x")
    orphan = home / "renders" / "0123-x.part.mp4"
    orphan.write_bytes(b"x")
    os.utime(orphan, (time.time() - DAY, time.time() - DAY))
    unknown = home / "media" / "ff"
    unknown.mkdir()
    (unknown / ("f" * 64 + ".png")).write_bytes(b"x")
    import socket

    mine = home / "incoming" / f"{socket.gethostname()}~1~99999999999~abc"
    mine.mkdir()
    api = make_api()
    assert dead.exists(), "another machine's process may be at work"
    assert not mine.exists()
    assert not orphan.exists()
    api.backend.close()
    storage.clear(home)
    assert not unknown.exists()


async def test_a_full_disk_is_said(make_api, monkeypatch):
    api = make_api()
    sid = await api.session()
    monkeypatch.setattr(api.backend.files, "free_bytes", lambda: 1000)
    answer = await api.upload(sid, ("a.jpg", photo()))
    assert refusal(answer) == (507, 507)
    await api.render(sid, draft=text_draft())
    assert "No room" in (await api.rendered())["error"]


async def test_everything_in_the_folder_is_counted(make_api, home):
    api = make_api()
    await uploaded(api, await api.session(), "a.png", 1)
    before = storage.report(home)
    for name, size in (("incoming/host~1~0~x/half", 1000), ("widget/uploads/k/b.png", 2000), ("exports/notes", 4000)):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    after = storage.report(home)
    assert (before.unfinished, after.unfinished) == (0, 3000)
    assert after.timelines == before.timelines + 4000
    assert after.total == sum(p.stat().st_size for p in home.rglob("*") if p.is_file() and p.name != "key")


@pytest.mark.parametrize("what", ["uploads", "videos"])
async def test_a_process_that_dies_while_it_makes_room_leaves_no_row_without_its_file(make_api, what, monkeypatch):
    api = make_api(limits=Limits(quota_bytes=10_000_000))
    sid = await api.session()
    a, _ = await uploaded(api, sid, "a.png", 1)
    await api.render(sid)
    await api.rendered()
    aged(api.backend, sid, 9)
    db, files = api.backend.db, api.backend.files
    evict = {"uploads": storage._evict_media, "videos": storage._evict_videos}[what]

    class Died(BaseException):
        pass

    def die(*_, **__):
        raise Died

    # Whatever is deleted first: at that moment the database must not promise the file any more.
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr("pathlib.Path.unlink", die)
        evict(db, files, 1)
    one = (await api.state(sid))["video_infos" if what == "uploads" else "generated_media"][0]
    with db.read() as tx:
        noted = tx.execute("SELECT cleared FROM media").fetchone()[0] is not None
    assert noted if what == "uploads" else one["cleared"] is True
    assert there(api, a)
    # The next one that needs room finds the file that is too many.
    storage.make_room(db, files, 10_000_000, 0)
    storage.clear(api.backend.home, older_than_days=1e6)
    assert not there(api, a) or what == "videos"
    assert list((api.backend.home / "renders").iterdir()) == [] or what == "uploads"


@pytest.mark.parametrize("text", ["abc", "-1", "0", "inf", "nan", ""])
def test_a_quota_that_is_no_number_is_said_at_once(home, text, monkeypatch):
    monkeypatch.setenv("REELFRAME_QUOTA_GB", text)
    with pytest.raises(ConfigurationError, match="REELFRAME_QUOTA_GB") as caught:
        Backend(home, Options())
    assert "20" in caught.value.hint
    assert not home.exists()
