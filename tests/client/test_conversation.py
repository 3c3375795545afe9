"""Messages and what becomes of them, by every way to the server."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_hosted import DRAFT, Hosted, call, clip, refusal, sse, text
from faults import FaultProxy
from served import TIMING, serving
from starlette.responses import PlainTextResponse

from reelframe import errors
from reelframe.client import (
    Action,
    Asked,
    AsyncClient,
    Changed,
    CreditsShown,
    Exported,
    Notice,
    Server,
    Text,
    TimelineShown,
    Timing,
    Uploaded,
    Working,
)
from reelframe.client.turn import _Watch

Connect = Callable[..., AsyncClient]


def fill(draft: dict[str, Any]) -> None:
    draft.update(copy.deepcopy(DRAFT))


def retitle(draft: dict[str, Any]) -> None:
    draft["t"][1]["sg"][0]["m"]["text"] = "Night"


async def test_a_conversation_by_every_way(server: Server, hosted: Hosted) -> None:
    hosted.replies += [
        [call("plan"), text("I made ", partial=True), text("it.", partial=True), fill, text("I made it.")]
    ]
    async with AsyncClient(server, token="given-token-123", timing=TIMING) as client:
        session = await client.create_session("promo", language="en")
        events = [e async for e in session.send("make a video")]
        assert "".join(e.text for e in events if isinstance(e, Text)) == "I made it."
        changed = [e for e in events if isinstance(e, Changed)]
        assert len(changed) == 1
        assert changed[0].text == ""
        assert changed[0].draft.duration_ms == 10_000
        state = await session.state()
        assert state.draft.to_wire() == DRAFT
        assert state.canvas_config == {"width": 1920}
        video = await session.export()
        assert video.path is not None
        assert video.path.read_bytes() == hosted.file
        assert video.path.name == "promo-1.mp4"
        assert hosted.sent("/run_sse")[0] == {
            "app_name": "nemo_agent", "user_id": "me", "session_id": session.id,
            "new_message": {"parts": [{"text": "make a video"}]},
        }  # fmt: skip


async def test_the_first_text_is_there_before_the_last(connect: Connect, hosted: Hosted) -> None:
    hosted.replies += [[text("One. "), 0.4, text("Two.")]]
    async with connect() as client:
        session = await client.create_session()
        start, at = time.monotonic(), {}
        async for event in session.send("go"):
            at.setdefault(event.text.strip(), time.monotonic() - start)
    assert at["Two."] - at["One."] > 0.3


async def test_silent_edits_are_described(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        hosted.replies += [[call("edit"), retitle], [call("edit"), lambda d: d.update(d=5000)], [retitle]]
        reply = await session.ask("change the title to Night")
        assert reply.text == 'Done: text "Urban Dreams" now reads "Night".'
        assert [c.field for c in reply.changes] == ["text"]
        session = client.session(session.id)
        chinese = await session.ask("改成5秒")
        assert chinese.text == "已完成：视频时长现在是 5 秒（原为 10 秒）。"
        nothing = await session.ask("again")
        assert nothing.changes == ()
        assert nothing.text == "没有任何回复，时间线也没有变化。请换一种说法再试一次。"


async def test_new_media_without_a_word_are_told(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await client.create_session()
        hosted.replies += [[lambda _: hosted.sessions[session.id]["generated_media"].append({"url": "x"})]]
        assert (await session.ask("make a clip")).text == "Done: 1 new media."


async def test_no_tool_is_ever_named(connect: Connect, hosted: Hosted) -> None:
    hosted.replies += [[call("secret_tool_name", path="hidden_argument"), text("Done.")]]
    async with connect() as client:
        session = await client.create_session()
        reply = await session.ask("go")
    assert Working() in reply.events
    assert "secret_tool" not in repr(reply)
    assert "hidden_arg" not in repr(reply)


async def test_heartbeats_and_silence(connect: Connect, hosted: Hosted) -> None:
    beats = [b": heartbeat\n\n", 0.05, b"event: heartbeat\ndata: {}\n\n", 0.05, b"data:\n\n", 0.05]
    timing = Timing(heartbeat_notice=0.1, silence_timeout=5, stream_timeout=9, recovery=(0.01,))
    hosted.replies += [[*beats * 2, text("Done.")]]
    async with connect(timing=timing) as client:
        session = await client.create_session(language="en")
        events = (await session.ask("go")).events
        assert 1 <= events.count(Working("⏳ Still working...")) <= 3
        assert any(isinstance(e, Text) for e in events)
    hosted.replies += [[retitle, *beats * 40]]
    quick = Timing(heartbeat_notice=5, silence_timeout=0.3, stream_timeout=9, recovery=(0.01,))
    async with connect(timing=quick) as client:
        session = await client.create_session(language="en")
        hosted.add_session(session.id)
        seen = []
        with pytest.raises(errors.StreamTimeoutError, match="no sign of progress"):
            async for event in session.send("go"):
                seen.append(event)
        assert [e.text for e in seen if isinstance(e, Changed)] == ['Done: text "Urban Dreams" now reads "Night".']
    hosted.replies += [[call("x"), 0.05] * 100]
    short = Timing(heartbeat_notice=5, silence_timeout=5, stream_timeout=0.3, recovery=(0.01,))
    async with connect(timing=short) as client:
        session = await client.create_session()
        with pytest.raises(errors.StreamTimeoutError, match="did not finish"):
            await session.ask("go")


FAULTS = ["reset", "close", "garbage"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("after", [0, 60, 300])
async def test_a_broken_stream_is_never_answered_by_sending_again(hosted: Hosted, fault: Any, after: int) -> None:
    hosted.replies += [[sse(text("Working on it. " + "x" * 300)), retitle, 0.05, text("y" * 4000)]]
    with serving(hosted.app) as url, FaultProxy(url) as proxy:
        async with AsyncClient(url, token="given-token-123", timing=TIMING) as direct:
            session = await direct.create_session(language="en")
        hosted.add_session(session.id)
        async with AsyncClient(proxy.url, token="given-token-123", timing=TIMING) as client:
            await client.capabilities()
            session = client.session(session.id)
            await client.caller.http.close()
        async with AsyncClient(proxy.url, token="given-token-123", timing=TIMING, language="en") as client:
            session = client.session(session.id)
            look = session.server_state

            async def look_then_break() -> Any:
                state = await look()
                if not hosted.sent("/run_sse"):
                    # The connection that was just used is kept alive, so it has to go first.
                    for inner in list(client.caller.http._clients.values()):
                        await inner.aclose()
                    client.caller.http._clients.clear()
                    proxy.break_next(fault, after)
                return state

            session.server_state = look_then_break  # type: ignore[method-assign]
            await client.capabilities()
            reply = await session.ask("go")
    assert len(hosted.sent("/run_sse")) == 1
    assert "The connection broke, but the work went on" in reply.text
    assert 'now reads "Night"' in reply.text


async def test_a_stream_that_ends_in_an_event_is_broken(connect: Connect, hosted: Hosted) -> None:
    hosted.replies += [[text("Half. "), b'data: {"content":', retitle]]
    async with connect() as client:
        session = await client.create_session(language="en")
        hosted.add_session(session.id)
        reply = await session.ask("go")
    assert "Half." in reply.text
    assert "the work went on" in reply.text


async def test_after_five_unchanged_looks_it_is_given_up(connect: Connect, hosted: Hosted) -> None:
    hosted.replies += [[RuntimeError("server bug")]]
    async with connect() as client:
        session = await client.create_session()
        before = len(hosted.sent("/api/state"))
        with pytest.raises(errors.ConnectionFailedError, match="was not sent again"):
            await session.ask("go")
    assert len(hosted.sent("/api/state")) - before == 1 + len(TIMING.recovery)
    assert len(hosted.sent("/run_sse")) == 1


async def test_a_message_that_never_left_is_an_error_without_recovery() -> None:
    async with AsyncClient("http://127.0.0.1:9", token="x", timing=TIMING) as client:
        with pytest.raises(errors.ConnectionFailedError, match="can't be reached"):
            await client.session("s1").ask("go")


@pytest.mark.parametrize("way", ["envelope", "status", "in the stream"])
@pytest.mark.parametrize("code", [1001, 1002, 429])
async def test_a_refused_message_is_sent_once_more(connect: Connect, hosted: Hosted, code: int, way: str) -> None:
    status = {1001: 401, 1002: 404, 429: 429}[code]
    async with connect(token=None) as client:
        session = await client.create_session(language="en")
        lost = session.id
        if way == "in the stream":
            hosted.replies += [[{"error": "refused", "errorCode": str(code)}], [text("Done.")]]
        else:
            hosted.faults["message"].append(refusal(code, status if way == "status" else 200))
            hosted.replies += [[text("Done.")]]
        reply = await session.ask("go")
    assert "Done." in reply.text
    assert len(hosted.sent("/run_sse")) == 2
    assert (session.id != lost) == (code == 1002)
    assert ("lost the session" in reply.text) == (code == 1002)
    assert hosted.granted == (2 if code == 1001 else 1)


async def test_calls_that_find_the_session_lost_together_renew_it_once(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = client.session("lost")
        states = await asyncio.gather(*(session.state() for _ in range(5)))
        reply = await session.ask("credits")
    assert len(hosted.sessions) == 1
    assert session.id in hosted.sessions
    assert len(states) == 5
    assert reply.text.count("lost the session") == 1


@pytest.mark.parametrize("code", [1001, 1002, 429])
async def test_but_only_once(connect: Connect, hosted: Hosted, code: int) -> None:
    async with connect(token=None) as client:
        session = await client.create_session()
        hosted.faults["message"] += [refusal(code)] * 3
        with pytest.raises(errors.APIError) as caught:
            await session.ask("go")
    assert caught.value.code == code
    assert len(hosted.sent("/run_sse")) == 2


async def test_a_users_token_is_never_replaced(connect: Connect, hosted: Hosted) -> None:
    async with connect(token="my-own-secret-token") as client:
        with pytest.raises(errors.AuthenticationError, match=r"NEMO_TOKEN") as caught:
            await client.create_session()
    assert hosted.granted == 0
    assert "my-own-secret" not in str(caught.value)
    assert caught.value.request_id == "req-1"


async def test_an_error_in_the_stream_ends_it_with_words(connect: Connect, hosted: Hosted) -> None:
    hosted.replies += [
        [text("A. "), retitle, {"error": "model overloaded"}],
        [{"error": "no credits", "errorCode": 2001}],
    ]
    async with connect() as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        seen = []
        with pytest.raises(errors.ServerError, match="model overloaded"):
            async for event in session.send("go"):
                seen.append(event)
        assert [e for e in seen if isinstance(e, Changed)]
        with pytest.raises(errors.InsufficientCreditsError, match="Top up"):
            await session.ask("go")


async def test_gui_talk_is_carried_out(connect: Connect, hosted: Hosted) -> None:
    said = "I made the title bigger. Click the Export button to download it. Open the media panel."
    async with connect() as client:
        session = await client.create_session("promo", language="en")
        hosted.add_session(session.id)
        hosted.replies += [[text(said)]]
        reply = await session.ask("make the title bigger")
        assert [a.action for a in reply.actions] == ["export", "state"]
        assert [v.path.name for v in reply.videos if v.path] == ["promo-1.mp4"]
        assert any(isinstance(e, TimelineShown) for e in reply.events)
        assert "Click" not in reply.text
        assert reply.text.startswith("I made the title bigger.")
    async with connect(follow_gui=False) as client:
        session = client.session(session.id)
        hosted.replies += [[text(said)]]
        reply = await session.ask("make the title bigger")
        assert [(a.action, a.text) for a in reply.actions] == [("export", ""), ("state", "")]
        assert reply.videos == ()


async def test_a_drag_is_sent_as_a_message_once(connect: Connect, hosted: Hosted) -> None:
    hosted.replies += [[text("Drag the logo to the corner.")], [text("Drag the logo to the corner.")], [text("x")]]
    async with connect() as client:
        session = await client.create_session(language="en")
        reply = await session.ask("move the logo")
    messages = [b["new_message"]["parts"][0]["text"] for b in hosted.sent("/run_sse")]
    assert len(messages) == 2
    assert "Drag the logo to the corner" in messages[1]
    assert sum(isinstance(e, Action) for e in reply.events) == 2


async def test_questions_and_own_events(connect: Connect, hosted: Hosted) -> None:
    hosted.capabilities = {"server": "reelframe", "features": []}
    question = text("Which clip?", customMetadata={"reelframe": {"kind": "question", "choices": ["first", "second"]}})
    export = {"customMetadata": {"reelframe": {"kind": "action", "action": "export", "args": {"quality": "low"}}}}
    hosted.replies += [[question], [text("Square now. "), export]]
    async with connect() as client:
        session = await client.create_session("p")
        hosted.add_session(session.id)
        reply = await session.ask("cut it")
        assert reply.question == Asked("Which clip?", ("first", "second"))
        assert reply.text == "Which clip?"
        reply = await session.ask("make it square and export")
        assert [type(e) for e in reply.events if isinstance(e, (Action, Exported))] == [Action, Exported]
        assert hosted.sent("/api/render/proxy/lambda")[0]["output"]["quality"] == "low"


async def test_what_skips_the_stream(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await client.create_session("promo", language="en")
        hosted.add_session(session.id)
        balance = await session.ask("How many credits do I have?")
        assert balance.text == "93 credits available, 7 held by work in progress, 100 in all."
        assert isinstance(balance.events[-1], CreditsShown)
        status = await session.ask("show tracks")
        assert status.text == 'Timeline (2 tracks): 1. Video: city (0-10s) 2. Title: "Urban Dreams" (0-3s)'
        done = await session.ask("export to small.mp4 please")
        assert done.videos[0].path is not None
        assert done.videos[0].path.name == "small.mp4"
        assert (await session.ask("upload")).question is not None
        reply = await session.ask("upload these", files=[("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 99)])
        assert isinstance(reply.events[-1], Uploaded)
        assert hosted.sent("/run_sse") == []
        reply = await session.ask("make a video of this", files=[("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 99)])
        assert len(hosted.sent("/run_sse")) == 1


async def test_nothing_to_export_is_said(connect: Connect) -> None:
    async with connect() as client:
        session = await client.create_session()
        with pytest.raises(errors.PlanError, match="nothing to export"):
            await session.ask("export")


async def test_leaving_early_ends_the_request(connect: Connect, hosted: Hosted) -> None:
    hosted.capabilities = {"server": "reelframe", "features": ["cancel"]}
    hosted.replies += [[text("One. "), 30, text("Two.")]] * 2
    async with connect() as client:
        session = await client.create_session()
        events = session.send("go")
        async for event in events:
            if isinstance(event, Text):
                break
        await events.aclose()
        assert hosted.left_early == 1
        assert ("cancel", {"session_id": session.id}) in hosted.extensions
        task = asyncio.ensure_future(session.ask("go"))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert hosted.left_early == 2
        assert len(hosted.extensions) == 2
        assert (await session.ask("credits")).text
    others = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    assert others == []


async def test_the_language_is_the_first_messages(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await client.create_session()
        assert hosted.sent("/api/tasks")[0] == {"task_name": "project", "language": "en"}
        assert (await session.ask("查一下积分")).text.startswith("可用积分 93")
        await client.create_session(language="zh")
        assert hosted.sent("/api/tasks")[1]["language"] == "zh"
    hosted.capabilities = {"server": "reelframe", "features": []}
    async with connect() as client:
        # A server of our own tells the language itself when nobody chose one.
        await client.create_session()
        await client.create_session(language="en")
    assert [body["language"] for body in hosted.sent("/api/tasks")[2:]] == ["", "en"]


async def test_unknown_keys_go_back_untouched(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        await session.export("x.mp4")
    assert hosted.sent("/api/render/proxy/lambda")[0]["draft"] == DRAFT


async def test_extensions_and_their_counterparts(connect: Connect, hosted: Hosted) -> None:
    draft = {"t": [{"tt": 0, "sg": [clip("other", 3)]}]}
    async with connect() as client:
        session = await client.create_session(language="en")
        hosted.add_session(session.id)
        hosted.replies += [[text("Undone.")], [text("ok.")]]
        undone = await session.undo()
        assert isinstance(undone.events[0], Notice)
        assert hosted.sent("/run_sse")[0]["new_message"]["parts"][0]["text"] == "Undo the last change."
        kept = await session.apply(draft)
        assert "is kept here" in kept.text
        assert (await session.state()).draft.to_wire() == draft
        await session.export("kept.mp4")
        assert hosted.sent("/api/render/proxy/lambda")[0]["draft"] == draft
        with pytest.raises(errors.ConfigurationError):
            await session.apply({"ops": []})
        await session.select("other")
        await session.ask("make it shorter")
        assert hosted.sent("/run_sse")[1]["new_message"]["parts"][0]["text"] == 'In clip 1 "other": make it shorter'
        assert await session.suggestions() == ()
        assert await client.presets() == ()
        assert "may finish" in await session.cancel()
        with pytest.raises(errors.ConfigurationError):
            await session.thumbnail("x")
        with pytest.raises(errors.ConfigurationError):
            await session.export("x.webm")
        with pytest.raises(errors.ConfigurationError):
            await session.export("x.mp4", width=3840, height=2160)
    features = ["undo", "redo", "apply", "selection", "suggestions", "presets", "cancel", "roles", "media"]
    hosted.capabilities = {"server": "reelframe", "features": features, "formats": ["mp4", "webm"]}
    async with connect() as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        applied = await session.apply(draft)
        assert applied.text == "apply is done"
        assert {c.action for c in applied.changes} >= {"added", "removed"}
        assert (await session.undo(2)).text == "undo is done"
        assert ("undo", {"session_id": session.id, "count": 2}) in hosted.extensions
        await session.select("a", "b")
        assert ("selection", {"session_id": session.id, "segments": ["a", "b"]}) in hosted.extensions
        assert await session.suggestions() == ("one", "two", "three")
        assert [p["name"] for p in await client.presets()] == ["tiktok"]
        assert await session.cancel() == ""


@pytest.mark.parametrize("capabilities", [None, {"server": "reelframe", "features": ["apply", "undo"]}])
async def test_a_server_that_reads_no_other_editors_timelines_is_sent_none(
    connect: Connect, hosted: Hosted, tmp_path: Path, capabilities: dict[str, Any] | None
) -> None:
    hosted.capabilities = capabilities
    cut = tmp_path / "cut.otio"
    cut.write_text('{"OTIO_SCHEMA": "Timeline.1"}')
    async with connect() as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        with pytest.raises(errors.ConfigurationError, match="timelines of other editors") as error:
            await session.apply(cut)
        assert "embedded backend" in str(error.value)
        assert hosted.extensions == []


async def test_a_server_without_a_state_is_talked_to_all_the_same(connect: Connect, hosted: Hosted) -> None:
    hosted.faults["state"] += [PlainTextResponse("Not Found", 404)] * 4
    hosted.replies += [[text("Done.")], []]
    async with connect() as client:
        session = await client.create_session(language="en")
        assert (await session.ask("go")).text == "Done."
        assert "could not be read before and after" in (await session.ask("go")).text


@pytest.mark.parametrize("made", ["there", "gone", "nothing"])
async def test_a_preview_is_what_the_server_has_made_else_an_export(
    connect: Connect, hosted: Hosted, made: str
) -> None:
    async with connect() as client:
        session = await client.create_session("promo")
        hosted.add_session(session.id)
        if made != "nothing":
            hosted.sessions[session.id]["generated_media"] += [{"url": "http://cdn.test/files/a"}]
        if made == "gone":
            hosted.faults["file"].append(PlainTextResponse("gone", 410))
        video = await session.preview()
        assert video.path is not None
        assert video.path.name == "promo-1.mp4"
        assert video.path.read_bytes() == hosted.file
        assert len(hosted.renders) == (made != "there")
        assert not any("authorization" in h for _, p, h, _ in hosted.log if p.startswith("/files"))
    hosted.capabilities = {"server": "reelframe", "features": ["preview"], "formats": ["mp4"]}
    async with connect() as client:
        await client.session(session.id).preview("small.mp4")
    assert [b["output"]["quality"] for b in hosted.sent("/api/render/proxy/lambda") if b][-1] == "preview"


def test_working_is_said_every_two_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("reelframe.client.turn.time.monotonic", lambda: now)
    watch = _Watch(Timing())
    said = []
    with pytest.raises(errors.StreamTimeoutError, match="no sign of progress in 10 minutes"):
        for second in range(10_000):
            now = float(second)
            assert watch.wait() >= 0
            if watch.quiet():
                said.append(second)
    assert said == [120, 240, 360, 480]
    assert now == 600


async def test_claim_url(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_WEB_URL", "https://web.example/")
    async with connect() as client:
        session = await client.create_session()
        url = await session.claim_url()
        assert url == "https://web.example/workspace/claim?ct=clm_abc%20def"
        assert "given-token" not in url
