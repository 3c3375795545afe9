"""From a timeline to a file: waiting, failing, resuming, cancelling."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_hosted import Hosted, refusal
from faults import FaultProxy
from served import TIMING
from starlette.responses import JSONResponse, Response

from reelframe import errors
from reelframe.client import AsyncClient, Progress, Timing
from reelframe.client.downloads import Download
from reelframe.client.exports import default_path, part_of, slug
from reelframe.client.ledger import Export, Ledger

Connect = Callable[..., AsyncClient]


async def begun(client: AsyncClient, hosted: Hosted, name: str = "promo") -> Any:
    session = await client.create_session(name, language="en")
    hosted.add_session(session.id)
    return session


async def test_default_paths_are_the_first_free_ones(connect: Connect, hosted: Hosted) -> None:
    Path("promo-2.mp4").write_bytes(b"mine")
    async with connect() as client:
        session = await begun(client, hosted)
        seen: list[Progress] = []
        first = await session.export(on_progress=seen.append)
        second = await session.export()
        both = await asyncio.gather(session.export(), session.export())
    names = [v.path.name for v in (first, second, *both)]
    assert names[:2] == ["promo-1.mp4", "promo-3.mp4"]
    assert sorted(names[2:]) == ["promo-4.mp4", "promo-5.mp4"]
    assert Path("promo-2.mp4").read_bytes() == b"mine"
    assert seen[-1].text == f"Exported to {first.path} (100.0 KB)."
    assert [p.stage for p in seen if p.stage != "render"] == ["download", "done"]
    assert sorted(p.name for p in Path().iterdir()) == [f"promo-{n}.mp4" for n in range(1, 6)]


@pytest.mark.parametrize(("name", "expected"), [("promo", "promo"), ("My Film: part 1/2", "My-Film-part-1-2"), ("夏天 促销", "夏天-促销"),
                                                ("../../etc", "etc"), ("", "video"), ("...", "video"), ("a" * 200, "a" * 60)])  # fmt: skip
def test_project_names_become_file_names(name: str, expected: str, tmp_path: Path) -> None:
    assert slug(name) == expected
    assert default_path(name, "mp4", tmp_path) == tmp_path / f"{expected}-1.mp4"


async def test_a_failed_render_is_submitted_once_more(connect: Connect, hosted: Hosted) -> None:
    hosted.statuses += [["processing", "failed"], ["completed"]]
    async with connect() as client:
        session = await begun(client, hosted)
        video = await session.export("a.mp4")
    sent = hosted.sent("/api/render/proxy/lambda")[:]
    ids = list(hosted.renders)
    assert len(ids) == 2
    assert ids[0] != ids[1]
    assert all(i.startswith("render_") for i in ids)
    assert video.render_id == ids[1]
    assert [b["draft"] for b in sent if b] == [sent[0]["draft"]] * 2


async def test_two_failures_are_an_error_with_the_reason(connect: Connect, hosted: Hosted) -> None:
    hosted.statuses += [["failed"], ["failed"]]
    async with connect() as client:
        session = await begun(client, hosted)
        with pytest.raises(errors.RenderFailedError, match="codec exploded") as caught:
            await session.export("a.mp4")
    assert caught.value.reason == "codec exploded"
    assert list(Path().iterdir()) == []
    assert len(hosted.renders) == 2


async def test_a_lost_answer_repeats_the_same_render(connect: Connect, hosted: Hosted) -> None:
    hosted.faults["render"] += [Response("bad gateway", 502), Response("oops", 500)]
    async with connect() as client:
        session = await begun(client, hosted)
        await session.export("a.mp4")
    assert len({b["id"] for b in hosted.sent("/api/render/proxy/lambda") if b}) == 1


async def test_402_is_a_matter_of_the_plan(connect: Connect, hosted: Hosted) -> None:
    hosted.faults["render"].append(refusal(402, 402))
    async with connect() as client:
        session = await begun(client, hosted)
        with pytest.raises(errors.ExportBlockedError, match="subscription") as caught:
            await session.export("a.mp4")
        assert (caught.value.code, caught.value.status, caught.value.request_id) == (402, 402, "req-1")
        await session.export("a.mp4")
    headers = [h for m, p, h, _ in hosted.log if p == "/api/render/proxy/lambda" and m == "POST"][-1]
    assert headers["x-skill-source"] == "video-creator-free"
    assert headers["x-skill-platform"] == "unknown"
    assert headers["x-skill-version"]


@pytest.mark.parametrize("url", ["http://hosted.test/files/{id}", "http://cdn.test/files/{id}?sig=abc"])
async def test_the_url_of_the_answer_is_used(connect: Connect, hosted: Hosted, url: str) -> None:
    hosted.url = url
    async with connect() as client:
        session = await begun(client, hosted)
        video = await session.export("a.mp4")
    fetched = [(p, h) for _, p, h, _ in hosted.log if p.startswith("/files")]
    assert len(fetched) == 1
    # The token goes to the server itself and to nobody else.
    assert ("authorization" in fetched[0][1]) == ("hosted.test" in url)
    assert ("x-skill-source" in fetched[0][1]) == ("hosted.test" in url)
    assert video.url == url.replace("{id}", video.render_id)
    assert "sig=abc" not in repr(video)


@pytest.mark.parametrize("fault", [Response("gone", 404), Response("no", 403), Response(b"", 200), "dead"])
async def test_a_dead_url_falls_back_to_the_servers_own(connect: Connect, hosted: Hosted, fault: Any) -> None:
    hosted.url = "http://hosted.test/files/{id}" if fault != "dead" else "nonsense://x y"
    hosted.faults["file"] += [fault] * 9
    async with connect() as client:
        session = await begun(client, hosted)
        video = await session.export("a.mp4")
    assert video.path.read_bytes() == hosted.file


@pytest.mark.parametrize("fault", ["reset", "close"])
async def test_a_download_goes_on_where_it_broke(hosted: Hosted, live: str, fault: Any) -> None:
    hosted.file = bytes(range(256)) * 8000
    with FaultProxy(live) as proxy:
        async with AsyncClient(proxy.url, token="given-token-123", timing=TIMING) as client:
            part = Path("x.part")
            await client.credits()
            await hang_up(client)
            proxy.break_next(fault, 1_000_000, times=2)
            await Download(client.caller, "/api/render/proxy/r/download", part, lambda *_: None).run()
    assert part.read_bytes() == hosted.file
    ranges = [h.get("range") for _, p, h, _ in hosted.log if p.endswith("/download")]
    assert ranges[0] is None
    assert all(r is not None for r in ranges[1:])
    assert len(ranges) == 3


async def test_a_server_without_ranges_starts_again(connect: Connect, hosted: Hosted) -> None:
    sent = {"n": 0}

    async def cut(_: Any) -> Response | None:
        sent["n"] += 1
        if sent["n"] > 1:
            return Response(hosted.file, 200)
        # Says more than it gives.
        return Response(hosted.file[:500], 200, {"content-length": str(len(hosted.file))})

    hosted.faults["download"] += [cut, cut]
    async with connect() as client:
        part = Path("x.part")
        await Download(client.caller, "/api/render/proxy/r/download", part, lambda *_: None).run()
    assert part.read_bytes() == hosted.file


async def test_progress_of_a_local_render_is_told(connect: Connect, hosted: Hosted) -> None:
    for fraction in (0.25, 0.75):
        hosted.faults["render_status"].append(JSONResponse({"id": "x", "status": "processing", "progress": fraction}))
    seen: list[Progress] = []
    async with connect() as client:
        session = await begun(client, hosted)
        await session.export("a.mp4", on_progress=seen.append)
    assert [p.fraction for p in seen if p.stage == "render" and p.fraction] == [0.25, 0.75, 1.0]


async def test_cancelling_leaves_nothing(connect: Connect, hosted: Hosted) -> None:
    hosted.capabilities = {"server": "reelframe", "features": ["cancel"], "formats": ["mp4"]}
    hosted.statuses += [["processing"]]
    async with connect() as client:
        session = await begun(client, hosted)
        task = asyncio.ensure_future(session.export())
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        job = next(iter(hosted.renders))
        assert [b for r, b in hosted.extensions if r == "cancel"] == [{"render_id": job}]
        assert list(Path().iterdir()) == []
        assert await client.resume_exports() == ()
        assert (await session.export()).path.exists()
    assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []


async def hang_up(client: AsyncClient) -> None:
    """Close the connections that are kept alive, so that the next call opens one."""
    for inner in list(client.caller.http._clients.values()):
        await inner.aclose()
    client.caller.http._clients.clear()


CUT = 5000


def cut(hosted: Hosted) -> Response:
    """The beginning of the file, and a broken connection."""
    return Response(hosted.file[:CUT], 200, {"ETag": '"v1"', "Content-Length": str(len(hosted.file))}, "video/mp4")


REST: list[tuple[str, Callable[[Hosted], Response]]] = [
    ("another place", lambda h: Response(h.file[9:], 206, {"Content-Range": f"bytes 9-{len(h.file) - 1}/{len(h.file)}"}, "video/mp4")),
    ("no place", lambda h: Response(h.file[CUT:], 206, {}, "video/mp4")),
    ("another file", lambda h: Response(h.file[CUT:], 206, {"ETag": '"v2"', "Content-Range": f"bytes {CUT}-{len(h.file) - 1}/{len(h.file)}"}, "video/mp4")),
    ("no such rest", lambda _: Response(b"", 416, {"Content-Range": "bytes */10"})),
    ("all of it", lambda h: Response(h.file, 200, {"ETag": '"v2"'}, "video/mp4")),
]  # fmt: skip


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("what", "rest"), REST)
async def test_a_rest_that_does_not_belong_to_the_beginning_is_not_put_behind_it(
    connect: Connect, hosted: Hosted, what: str, rest: Callable[[Hosted], Response]
) -> None:
    hosted.faults["download"] += [cut(hosted), rest(hosted)]
    part = Path("a.part")
    async with connect() as client:
        digest = hashlib.sha256(hosted.file).hexdigest()
        await Download(client.caller, "/api/render/proxy/r/download", part, lambda *_: None, sha256=digest).run()
    assert part.read_bytes() == hosted.file
    asked = [h.get("range") for _, p, h, _ in hosted.log if "download" in p]
    assert asked[:2] == [None, f"bytes={CUT}-"]
    assert len(asked) == (2 if what == "all of it" else 3)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("wrong", [1, 9])
async def test_a_file_whose_bytes_were_changed_on_the_way_is_never_kept(
    connect: Connect, hosted: Hosted, wrong: int
) -> None:
    good, other = hosted.file, hosted.file[:-1] + b"?"
    facts = {"size": len(good), "sha256": hashlib.sha256(good).hexdigest()}
    hosted.faults["download"] += [Response(other, 200, {}, "video/mp4")] * wrong
    part = Path("a.part")
    async with connect() as client:
        fetch = Download(client.caller, "/api/render/proxy/r/download", part, lambda *_: None, **facts)
        if wrong == 1:
            await fetch.run()
            assert part.read_bytes() == good
        else:
            with pytest.raises(errors.ConnectionFailedError, match="changed on the way"):
                await fetch.run()
            assert not part.exists()
        hosted.faults.clear()
        with pytest.raises(errors.ConnectionFailedError, match=f"{len(good)} bytes, and the server had said 7"):
            await Download(client.caller, "/api/render/proxy/r/download", part, lambda *_: None, size=7).run()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between tries."""
    pauses = asyncio.sleep
    monkeypatch.setattr("reelframe.client.downloads.asyncio.sleep", lambda s: pauses(min(s, 0.001)))


def test_an_export_that_another_process_took_over_is_let_go(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.add(Export("r1", "u", "s", "/x", {}, {}), 60)
    assert ledger.renew("r1", 60)
    assert ledger.renew("never noted down", 60)
    with sqlite3.connect(tmp_path / "exports.sqlite3") as db:
        db.execute("UPDATE exports SET holder = holder || 'x'")
    db.close()
    assert not ledger.renew("r1", 60)
    # And what the other one holds stays its own.
    ledger.release("r1")
    ledger.remove("r1")
    with sqlite3.connect(tmp_path / "exports.sqlite3") as db:
        assert db.execute("SELECT leased_until > 0 FROM exports").fetchall() == [(1,)]
    db.close()


def age(holder: str | None = None) -> None:
    """As if the process that began the exports had died."""
    import os
    import socket

    gone = f"{socket.gethostname()}|{2**22 + 1}|1"

    with sqlite3.connect(Path(os.environ["REELFRAME_HOME"]) / "exports" / "exports.sqlite3") as db:
        db.execute("UPDATE exports SET holder=?, leased_until=leased_until+1000", (holder or gone,))
    db.close()


async def test_a_later_client_picks_an_export_up(connect: Connect, hosted: Hosted) -> None:
    hosted.statuses += [["processing"]]
    first = connect(timing=Timing(poll_interval=60))
    session = await begun(first, hosted)
    task = asyncio.ensure_future(session.export("kept.mp4"))
    while not hosted.sent("/api/render/proxy/lambda/"):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    async with connect() as other:
        # It is being followed, so it is not for others.
        assert await other.resume_exports() == ()
    age()
    job = next(iter(hosted.renders))
    async with connect() as other:
        hosted.renders[job]["statuses"] = ["completed"]
        videos = await other.resume_exports()
        assert [(v.render_id, v.path.name) for v in videos] == [(job, "kept.mp4")]
        assert videos[0].path.read_bytes() == hosted.file
        assert await other.resume_exports() == ()
    assert len(hosted.renders) == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await first.close()


async def test_a_lost_connection_keeps_the_export_for_later(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await begun(client, hosted)
        hosted.faults["render_status"] += [Response("bad gateway", 502)] * 4
        with pytest.raises(errors.ReelframeError):
            await session.export("kept.mp4")
        assert not Path("kept.mp4").exists()
        videos = await client.resume_exports()
        assert [v.path.name for v in videos] == ["kept.mp4"]


async def test_an_export_that_was_noted_but_never_asked_for_is_asked_for(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await begun(client, hosted)
        draft = (await session.state()).draft.to_wire()
        path = str(Path("late.mp4").absolute())
        Ledger().add(Export("render_1", client.server.base_url, session.id, path, draft, {"format": "mp4"}), -1)
        videos = await client.resume_exports()
    assert [(v.path.name, v.render_id) for v in videos] == [("late.mp4", "render_1")]


def test_two_processes_never_claim_the_same_export(tmp_path: Path) -> None:
    Ledger(tmp_path).add(Export("r1", "u", "s", "/x", {}, {}), -1)
    a, b = Ledger(tmp_path), Ledger(tmp_path)
    assert [e.render_id for e in a.claim("u", 60)] == ["r1"]
    assert b.claim("u", 60) == ()
    a.release("r1")
    assert b.claim("other", 60) == ()
    assert [e.render_id for e in b.claim("u", 60)] == ["r1"]


async def test_an_unwritable_place_is_told_before_anything_is_rendered(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await begun(client, hosted)
        for path in ("no/such/folder/a.mp4", "."):
            with pytest.raises(errors.ReelframeError):
                await session.export(path)
    assert hosted.renders == {}


async def test_an_existing_file_is_replaced_only_by_a_whole_one(connect: Connect, hosted: Hosted) -> None:
    Path("a.mp4").write_bytes(b"old")
    async with connect() as client:
        session = await begun(client, hosted)
        hosted.faults["download"] += [Response("no", 403)] * 9
        with pytest.raises(errors.ReelframeError):
            await session.export("a.mp4")
        assert Path("a.mp4").read_bytes() == b"old"
        hosted.faults.clear()
        await session.export("a.mp4")
        assert Path("a.mp4").read_bytes() == hosted.file
    assert not part_of(Path("a.mp4")).exists()


async def test_resolutions_follow_the_timelines_shape(connect: Connect, hosted: Hosted) -> None:
    hosted.capabilities = {"server": "reelframe", "features": [], "formats": ["mp4"], "max_height": 4320}
    async with connect() as client:
        session = await begun(client, hosted)
        hosted.sessions[session.id]["canvas_config"] = {"width": 1080, "height": 1920}
        await session.ask("export in 720p")
    assert hosted.sent("/api/render/proxy/lambda")[0]["output"] == {
        "format": "mp4", "quality": "high", "width": 720, "height": 1280,
    }  # fmt: skip
