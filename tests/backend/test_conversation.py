"""Messages: what is done about them, what is said, and that it is whole or not at all."""

from __future__ import annotations

import asyncio
import json
import socket
import threading

import pytest
from starlette.requests import Request

from reelframe.backend import planning
from reelframe.backend.core import Limits
from reelframe.backend.store import accounts, messages

from .conftest import data, events, photo, refusal, said, text_draft

COLORS = {"rose": "red", "leaf": "green", "sky": "blue", "sun": "yellow", "night": "black"}
MAIN_JOB = "combine these into a 30-second video with background music and text overlays"


async def with_photos(api, language="en", count=5):
    sid = await api.session(language=language)
    files = [(f"{name}.jpg", photo(color, (320, 180))) for name, color in list(COLORS.items())[:count]]
    media = data(await api.upload(sid, *files))["files"]
    return sid, [m["id"] for m in media]


def shots(state):
    return [s["m"]["media"] for s in state["draft"]["t"][0]["sg"]]


def texts(state):
    return [s["m"]["text"] for t in state["draft"]["t"] if t["tt"] == 7 for s in t["sg"]]


def sounds(state):
    return [s for t in state["draft"]["t"] if t["tt"] == 1 for s in t["sg"]]


def meta(all_events, kind):
    found = [e.get("customMetadata", {}).get("reelframe", {}) for e in all_events]
    return [m for m in found if m.get("kind") == kind]


async def test_the_main_job_and_its_refinements(api):
    sid, ids = await with_photos(api)
    told = await api.told(sid, MAIN_JOB)
    state = await api.state(sid)
    assert shots(state) == ids
    assert state["draft"]["d"] == 30_000
    assert texts(state)
    assert len(sounds(state)) == 1
    assert state["can_undo"] == 1
    assert "30 s" in told
    assert "1920x1080" in told
    assert "assumed" in told
    assert "The words are in the clean look" in told

    told = await api.told(sid, "change the title to 'Summer Sale'")
    assert "Summer Sale" in told
    assert "look" not in told
    assert texts(await api.state(sid)) == ["Summer Sale"]

    told = await api.told(sid, "swap photos 1 and 2")
    assert shots(await api.state(sid)) == [ids[1], ids[0], *ids[2:]]
    assert "leaf.jpg, rose.jpg" in told

    told = await api.told(sid, "make it vertical")
    assert (await api.state(sid))["canvas_config"] == {"width": 1080, "height": 1920, "fps": 30}
    assert "1080x1920" in told
    assert "1920x1080" in told

    await api.told(sid, "remove the music")
    assert sounds(await api.state(sid)) == []
    told = await api.told(sid, "undo")
    assert len(sounds(await api.state(sid))) == 1
    assert told.startswith('Undid "remove the music".')
    told = await api.told(sid, "undo 2 steps")
    state = await api.state(sid)
    assert shots(state) == ids
    assert state["canvas_config"]["width"] == 1920
    assert (state["can_undo"], state["can_redo"]) == (2, 3)
    await api.told(sid, "redo")
    assert (await api.state(sid))["can_redo"] == 2


async def test_the_main_job_in_chinese(api):
    sid, ids = await with_photos(api, language="")
    told = await api.told(sid, "把这些合成30秒的视频,加上背景音乐和标题")
    state = await api.state(sid)
    assert state["language"] == "zh"
    assert shots(state) == ids
    assert "30 秒" in told
    assert "假设" in told
    assert "1080x1920" in await api.told(sid, "改成竖屏")
    assert "已撤销「改成竖屏」。" in await api.told(sid, "撤销")
    assert "没有可以重做" in await api.told(sid, "重做 重做") or (await api.state(sid))["can_redo"] == 0


@pytest.mark.parametrize(
    ("language", "brief", "says"),
    [
        ("en", "make a 10-second video of these photos and play the first photo backwards", "This is not in it: "),
        ("zh", "用这些照片做一个10秒的视频，第一张倒放", "这一点没有做："),
    ],
)
async def test_a_first_cut_is_made_without_the_wish_that_cannot_be(api, language, brief, says):
    sid, ids = await with_photos(api, language)
    told = await api.told(sid, brief)
    state = await api.state(sid)
    assert shots(state) == ids
    assert state["draft"]["d"] == 10_000
    assert says in told

    # A timeline that is there is changed as a whole or not at all.
    before = await api.state(sid)
    await api.told(
        sid, "make it vertical and play the first photo backwards" if language == "en" else "改成竖屏，第一张倒放"
    )
    assert (await api.state(sid))["draft"] == before["draft"]


async def test_a_language_that_was_chosen_stays(api):
    sid = await api.session(language="en")
    # A message in Chinese is answered in Chinese; what is said without one is in the session's own language.
    assert "标题" in await api.told(sid, "加上标题“你好”")
    assert (await api.state(sid))["language"] == "en"
    undone = data(await api.post("/api/ext/undo", {"session_id": sid}))
    assert undone["text"].startswith("Undid")


async def test_a_file_that_is_a_logo_is_no_shot(api):
    sid, ids = await with_photos(api, count=2)
    logo = data(await api.upload(sid, ("logo.png", photo("white", (64, 64), "PNG")), role="logo"))["files"][0]["id"]
    await api.told(sid, MAIN_JOB)
    state = await api.state(sid)
    assert shots(state) == ids
    overlays = [s["m"] for t in state["draft"]["t"][1:] if t["tt"] == 0 for s in t["sg"]]
    assert [(o["media"], o["role"]) for o in overlays] == [(logo, "logo")]


async def test_several_videos_from_one_session(api):
    sid, ids = await with_photos(api)
    await api.told(sid, "make a 10-second video")
    first = (await api.state(sid))["draft"]
    await api.told(sid, "now a square one of the first three photos")
    second = (await api.state(sid))["draft"]
    assert [s["m"]["media"] for s in second["t"][0]["sg"]] == ids[:3]
    assert second["m"]["width"] == second["m"]["height"]
    for number, draft in enumerate((first, second), start=1):
        draft["m"]["width"], draft["m"]["height"], draft["m"]["fps"] = 64, 64, 5
        await api.render(sid, f"render_{number}", draft)
    for number in (1, 2):
        assert (await api.rendered(f"render_{number}"))["status"] == "completed"
    names = [g["render_id"] for g in (await api.state(sid))["generated_media"]]
    assert names == ["render_1", "render_2"]


async def test_a_question_is_asked_remembered_over_a_restart_and_answered(make_api):
    api = make_api()
    sid, ids = await with_photos(api)
    await api.told(sid, "make a 10-second video")
    asked = await api.say(sid, "remove a clip")
    question = meta(asked, "question")[0]
    assert len(question["choices"]) == 5
    assert "sky.jpg" in question["choices"][2]
    assert said(asked).rstrip().endswith("?")
    assert shots(await api.state(sid)) == ids
    api.backend.close()
    api = make_api()
    await api.told(sid, "3")
    assert shots(await api.state(sid)) == [one for one in ids if one != ids[2]]


async def test_what_it_means_follows_the_selection_and_the_last_touch(api):
    sid, ids = await with_photos(api)
    await api.told(sid, "make a 10-second video")
    segments = [s["m"]["id"] for s in (await api.state(sid))["draft"]["t"][0]["sg"]]
    data(await api.post("/api/ext/selection", {"session_id": sid, "segments": [segments[3]]}))
    await api.told(sid, "remove it")
    assert shots(await api.state(sid)) == [*ids[:3], ids[4]]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("translate it into French", "can't translate"),
        ("add a talking avatar", "avatar"),
        ("what's my balance", "100 available"),
        ("status", "Timeline"),
        ("help", "Try"),
        ("qwertz asdf", "can't do this here"),
        ("remove clip 9", "There is no clip 9"),
        ("redo", "nothing to redo"),
    ],
)
async def test_what_changes_nothing_is_answered_in_words(api, words, says):
    sid, _ = await with_photos(api, count=2)
    await api.told(sid, "make a 10-second video")
    before = await api.state(sid)
    assert says in await api.told(sid, words)
    assert await api.state(sid) == before


async def test_asking_for_what_is_so_already_says_so(api):
    sid, _ = await with_photos(api, count=2)
    await api.told(sid, "make a 10-second video")
    told = await api.told(sid, "make it 10 seconds")
    assert "already" in told
    assert (await api.state(sid))["can_undo"] == 1


async def test_an_export_among_other_wishes_is_handed_to_the_client(api):
    sid, _ = await with_photos(api, count=2)
    await api.told(sid, "make a 10-second video")
    await api.told(sid, "make it vertical")
    happened = await api.say(sid, "make the title red and export it in 720p")
    assert meta(happened, "action") == [{"kind": "action", "action": "export", "args": {"width": 720, "height": 1280}}]
    happened = await api.say(sid, "make the title blue and export it as gif")
    assert meta(happened, "action")[0]["args"]["format"] == "gif"


async def test_the_events_are_the_agent_servers(api):
    sid, _ = await with_photos(api, count=2)
    happened = await api.say(sid, "make a 10-second video")
    parts = [p for e in happened for p in e["content"]["parts"]]
    assert [next(iter(p)) for p in parts] == [
        "functionCall", "functionResponse", "functionCall", "functionResponse", "text",
    ]  # fmt: skip
    assert [p[k]["name"] for p in parts for k in ("functionCall", "functionResponse") if k in p] == [
        "plan", "plan", "apply", "apply",
    ]  # fmt: skip
    assert len({e["id"] for e in happened}) == len(happened)
    assert len({e["invocationId"] for e in happened}) == 1
    assert {e["author"] for e in happened} == {"reelframe"}


async def test_a_message_to_a_server_that_closes_is_turned_away(api):
    sid = await api.session()
    api.backend.talkers.shutdown()
    body = {"session_id": sid, "new_message": {"parts": [{"text": "make it longer"}]}}
    answer = await api.post("/run_sse", body)
    assert refusal(answer) == (503, 503)
    with api.backend.db.read() as tx:
        assert messages.running(tx) == ()
        assert messages.history(tx, sid, 10) == ()


# --- whole or not at all -----------------------------------------------------------------------------------


class Gate:
    """A planner that waits until it is let go: what happens meanwhile is the test."""

    def __init__(self, monkeypatch, times=1):
        self.begun, self.go, self.calls = threading.Event(), threading.Event(), 0
        real = planning.plan_open

        def slow(*args):
            self.calls += 1
            self.begun.set()
            if self.calls <= times:
                assert self.go.wait(20)
            return real(*args)

        monkeypatch.setattr(planning, "plan_open", slow)

    async def wait(self):
        async with asyncio.timeout(20):
            while not self.begun.is_set():
                await asyncio.sleep(0.01)


async def test_a_cancelled_message_changes_nothing(api, monkeypatch):
    sid, _ = await with_photos(api, count=2)
    gate = Gate(monkeypatch)
    saying = asyncio.create_task(api.told(sid, "make a 10-second video"))
    await gate.wait()
    assert data(await api.post("/api/ext/cancel", {"session_id": sid})) == {"cancelled": True}
    gate.go.set()
    assert "Cancelled" in await saying
    assert (await api.state(sid))["draft"] == {}
    assert data(await api.post("/api/ext/cancel", {"session_id": sid})) == {"cancelled": False}


async def test_a_change_in_between_is_not_lost(api, monkeypatch):
    sid, ids = await with_photos(api, count=3)
    await api.told(sid, "make a 9-second video")
    gate = Gate(monkeypatch)
    saying = asyncio.create_task(api.told(sid, "make it square"))
    await gate.wait()
    plan = {"ops": [{"op": "remove", "target": {"kind": "clip", "index": 1}}]}
    data(await api.post("/api/ext/apply", {"session_id": sid, "plan": plan}))
    gate.go.set()
    await saying
    state = await api.state(sid)
    assert gate.calls == 2
    assert shots(state) == ids[1:]
    assert state["canvas_config"]["width"] == state["canvas_config"]["height"]
    assert state["can_undo"] == 3


async def test_a_timeline_that_never_rests_is_left_alone_and_said(api, monkeypatch):
    sid, _ = await with_photos(api, count=2)
    real, count = planning.plan_open, []

    def busy(*args):
        count.append(1)
        with api.backend.db.write() as tx:
            tx.execute("UPDATE sessions SET version = version + 1 WHERE id = ?", (sid,))
        return real(*args)

    monkeypatch.setattr(planning, "plan_open", busy)
    assert "kept changing" in await api.told(sid, "make a 10-second video")
    assert len(count) == 5
    assert (await api.state(sid))["draft"] == {}


async def test_a_client_that_leaves_does_not_stop_the_work(api, monkeypatch):
    sid, _ = await with_photos(api, count=2)
    gate = Gate(monkeypatch)
    leave = asyncio.Event()
    body = json.dumps({"session_id": sid, "new_message": {"parts": [{"text": "make a 10-second video"}]}}).encode()
    sent, asked = [], iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive():
        for message in asked:
            return message
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/run_sse", "raw_path": b"/run_sse", "query_string": b"",
        "headers": [(b"authorization", f"Bearer {api.backend.auth.token}".encode()), (b"host", b"x")],
        "scheme": "http", "server": ("x", 80), "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    assert Request(scope).url.path == "/run_sse"
    answering = asyncio.create_task(api.http._transport.app(scope, receive, send))
    await gate.wait()
    leave.set()
    await answering
    assert (await api.state(sid))["draft"] == {}
    gate.go.set()
    async with asyncio.timeout(20):
        while not (await api.state(sid))["can_undo"]:
            await asyncio.sleep(0.02)
    with api.backend.db.read() as tx:
        [message] = messages.history(tx, sid, 5)
    assert message.text == "make a 10-second video"
    assert "10 s" in message.answer
    assert json.loads(message.plan)["ops"][0]["op"] == "compose"


async def test_silence_is_filled_with_heartbeats(make_api, monkeypatch):
    api = make_api(limits=Limits(heartbeat_s=0.05))
    sid, _ = await with_photos(api, count=2)
    gate = Gate(monkeypatch)
    body = {"session_id": sid, "new_message": {"parts": [{"text": "make a 10-second video"}]}}
    asking = asyncio.create_task(api.post("/run_sse", body))
    await gate.wait()
    await asyncio.sleep(0.3)
    gate.go.set()
    text = (await asking).text
    assert text.count(": heartbeat\n\n") >= 3
    assert "10 s" in said(events(text))


async def test_a_planner_that_crashes_is_answered_and_changes_nothing(api, monkeypatch):
    sid, _ = await with_photos(api, count=2)

    def crash(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(planning, "plan_open", crash)
    happened = await api.say(sid, "make a 10-second video")
    assert happened[-1]["errorCode"] == 500
    assert "Nothing was changed" in happened[-1]["error"]
    assert "secret detail" not in json.dumps(happened)
    monkeypatch.undo()
    assert "10 s" in await api.told(sid, "make a 10-second video")


# --- credits -----------------------------------------------------------------------------------------------


async def balance(api):
    now = data(await api.get("/api/credits/balance/simple"))
    return now["available"], now["frozen"], now["total"]


async def test_local_work_is_free(api):
    sid, _ = await with_photos(api, count=2)
    await api.told(sid, "make a 10-second video")
    assert await balance(api) == (100, 0, 100)


async def test_enforced_credits_are_held_charged_and_given_back(make_api, monkeypatch):
    api = make_api(credits=True)
    sid, _ = await with_photos(api, count=2)
    gate = Gate(monkeypatch)
    saying = asyncio.create_task(api.told(sid, "make a 10-second video"))
    await gate.wait()
    assert await balance(api) == (99, 1, 100)
    gate.go.set()
    await saying
    assert await balance(api) == (99, 0, 99)
    await api.told(sid, "help")
    assert await balance(api) == (99, 0, 99)
    with api.backend.db.write() as tx:
        tx.execute("UPDATE ledger SET amount = 1 WHERE reason = 'grant'")
    state = await api.state(sid)
    body = {"session_id": sid, "new_message": {"parts": [{"text": "make it square"}]}}
    assert refusal(await api.post("/run_sse", body)) == (403, 2001)
    assert await api.state(sid) == state
    # An export costs nothing.
    assert (await api.render(sid, draft=text_draft())).status_code == 200


@pytest.mark.parametrize(
    ("holder", "minutes_ago", "frozen"),
    [
        pytest.param(f"{socket.gethostname()}|1|0", 0, 0, id="its process is gone"),
        pytest.param("elsewhere|1|0", 0, 1, id="a process of another machine may be at it"),
        pytest.param("elsewhere|1|0", 60, 0, id="no request takes an hour"),
    ],
)
async def test_what_a_dead_process_held_is_given_back(make_api, holder, minutes_ago, frozen):
    api = make_api(credits=True)
    sid = await api.session()
    with api.backend.db.write() as tx:
        message_id = messages.add(tx, sid, "make a video", holder)
        tx.execute("UPDATE messages SET created = created - ?", (60 * minutes_ago,))
        assert accounts.hold(tx, api.backend.auth.owner.id, 1, message_id)
    assert await balance(api) == (99, 1, 100)
    api.backend.close()
    api = make_api(credits=True)
    assert await balance(api) == (100 - frozen, frozen, 100)


async def test_suggestions_are_understood(api):
    sid, _ = await with_photos(api, count=3)
    for _ in range(4):
        suggested = data(await api.get(f"/api/ext/suggestions/{sid}"))["suggestions"]
        assert len(suggested) == len(set(suggested)) == 3
        happened = await api.say(sid, suggested[0])
        assert "can't do this" not in said(happened)
    assert (await api.state(sid))["can_undo"] >= 2
