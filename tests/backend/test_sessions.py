"""Tokens, sessions, state, undo: what every client begins with."""

from __future__ import annotations

import stat
import uuid

import pytest

from reelframe.backend.core import Limits

from .conftest import data, photo, refusal, text_draft

STATE = "/api/state/nemo_agent/me/{}/latest"


async def anonymous(make_api, api, client_id):
    answer = await api.http.post("/api/auth/anonymous-token", headers={"X-Client-Id": client_id})
    return make_api.caller(api.backend, data(answer)["token"])


async def test_a_new_session_is_empty_and_says_so(api):
    sid = await api.session(task_name="project", language="en")
    state = await api.state(sid)
    assert state["draft"] == {}
    assert state["video_infos"] == state["generated_media"] == []
    assert state["canvas_config"] == {"width": 1920, "height": 1080, "fps": 30}
    assert (state["can_undo"], state["can_redo"]) == (0, 0)


async def test_ids_are_unguessable_and_differ(api):
    body = {"task_name": "project", "language": "en"}
    answers = [data(await api.post("/api/tasks/me/with-session/nemo_agent", body)) for _ in range(3)]
    ids = {a["session_id"] for a in answers} | {a["task_id"] for a in answers}
    assert len(ids) == 6
    assert all(uuid.UUID(one).version == 4 for one in ids)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer nonsense"])
async def test_without_a_good_token_nothing_is_told(api, header):
    sid = await api.session()
    api.http.headers.pop("Authorization")
    headers = {} if header is None else {"Authorization": header}
    for path in (STATE.format(sid), "/api/ext/capabilities", "/api/credits/balance/simple"):
        assert refusal(await api.get(path, headers=headers)) == (401, 1001)


async def test_an_anonymous_token_is_the_same_for_the_same_client_for_seven_days(make_api, monkeypatch):
    api = make_api(anonymous=True)
    ask = {"X-Client-Id": str(uuid.uuid4())}
    first = data(await api.http.post("/api/auth/anonymous-token", headers=ask))
    again = data(await api.http.post("/api/auth/anonymous-token", headers=ask))
    other = data(await api.http.post("/api/auth/anonymous-token", headers={"X-Client-Id": "other"}))
    assert first["token"] == again["token"] != other["token"]
    assert first["token"].startswith("nmv_usr_")
    assert first["credits"] == 100
    assert first["expires_in"] == 7 * 24 * 3600

    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7 * 24 * 3600 + 1)
    caller = make_api.caller(api.backend, first["token"])
    assert refusal(await caller.get("/api/credits/balance/simple")) == (401, 1001)
    renewed = data(await api.http.post("/api/auth/anonymous-token", headers=ask))["token"]
    assert renewed != first["token"]
    assert (await make_api.caller(api.backend, renewed).get("/api/credits/balance/simple")).status_code == 200


async def test_an_anonymous_client_finds_its_sessions_after_a_restart(make_api):
    api = make_api(anonymous=True)
    sid = await (await anonymous(make_api, api, "me")).session()
    api.backend.close()
    restarted = make_api(anonymous=True)
    assert (await (await anonymous(make_api, restarted, "me")).get(STATE.format(sid))).status_code == 200


async def test_no_token_can_be_read_from_the_disk(make_api, home):
    api = make_api(anonymous=True)
    answer = await api.http.post("/api/auth/anonymous-token", headers={"X-Client-Id": "me"})
    api.backend.close()
    token = data(answer)["token"].removeprefix("nmv_usr_")
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert token.encode() not in content, path
            assert api.backend.auth.token.encode() not in content, path
    assert stat.S_IMODE((home / "key").stat().st_mode) == 0o600


async def test_anonymous_tokens_are_refused_in_words(make_api):
    closed = make_api()
    assert refusal(await closed.http.post("/api/auth/anonymous-token", headers={"X-Client-Id": "a"})) == (403, 403)
    open_ = make_api(anonymous=True)
    answer = await open_.http.post("/api/auth/anonymous-token")
    assert refusal(answer) == (400, 400)
    assert "X-Client-Id" in answer.json()["message"]


async def test_each_account_sees_its_own_alone(make_api):
    api = make_api(anonymous=True)
    a, b = await anonymous(make_api, api, "a"), await anonymous(make_api, api, "b")
    sid = await a.session()
    media = data(await a.upload(sid, ("a.png", photo(kind="PNG"))))["files"][0]["id"]
    assert (await a.render(sid)).status_code == 200
    await a.rendered()
    for stranger in (b, api):
        for method, path, body in [
            ("GET", STATE.format(sid), None),
            ("POST", "/api/ext/undo", {"session_id": sid}),
            ("POST", "/api/ext/apply", {"session_id": sid, "draft": text_draft()}),
            ("POST", "/api/ext/selection", {"session_id": sid, "segments": []}),
            ("POST", "/api/ext/media", {"session_id": sid, "remove": [media]}),
            ("POST", "/api/ext/cancel", {"session_id": sid}),
            ("GET", f"/api/ext/suggestions/{sid}", None),
            ("GET", f"/api/ext/project/{sid}", None),
            ("POST", f"/api/ext/project/{sid}", {"name": "mine"}),
            ("POST", "/api/auth/claim-token", {"session_id": sid, "task_id": "x"}),
            ("POST", "/run_sse", {"session_id": sid, "new_message": {"parts": [{"text": "hi"}]}}),
            ("POST", "/api/render/proxy/lambda", {"id": "render_2", "sessionId": sid, "draft": text_draft()}),
        ]:
            answer = await stranger.http.request(method, path, json=body)
            assert refusal(answer) == (404, 1002), path
        assert refusal(await stranger.upload(sid, ("a.png", photo(kind="PNG")))) == (404, 1002)
        for path in (
            f"/api/ext/thumbnail/{media}",
            "/api/render/proxy/lambda/render_1",
            "/api/render/proxy/render_1/download",
        ):
            assert refusal(await stranger.get(path)) == (404, 404), path
        assert refusal(await stranger.post("/api/ext/cancel", {"render_id": "render_1"})) == (404, 404)
    # The same content uploaded by somebody else becomes theirs too, and the same id of a render is another job.
    theirs = await b.session()
    assert data(await b.upload(theirs, ("b.png", photo(kind="PNG"))))["files"][0]["id"] == media
    assert (await b.get(f"/api/ext/thumbnail/{media}")).status_code == 200
    assert (await b.render(theirs)).status_code == 200
    assert (await b.rendered())["status"] == "completed"


async def test_tokens_of_the_users_choice_are_accounts_of_their_own(make_api):
    sid = await make_api(token="one").session()
    assert refusal(await make_api(token="two").get(STATE.format(sid))) == (404, 1002)
    assert refusal(await make_api().get(STATE.format(sid))) == (404, 1002)
    assert (await make_api(token="one").get(STATE.format(sid))).status_code == 200


async def test_undo_and_redo_over_a_restart(make_api):
    api = make_api()
    sid = await api.session(language="en")
    for word in ("One", "Two", "Three"):
        data(await api.apply(sid, text_draft(word)))
    undone = data(await api.post("/api/ext/undo", {"session_id": sid}))
    assert undone["state"]["draft"] == text_draft("Two")
    assert "Three" in undone["text"]
    assert "Two" in undone["text"]
    api.backend.close()
    api = make_api()
    state = await api.state(sid)
    assert state["draft"] == text_draft("Two")
    assert (state["can_undo"], state["can_redo"]) == (2, 1)
    assert data(await api.post("/api/ext/redo", {"session_id": sid}))["state"]["draft"] == text_draft("Three")
    far = data(await api.post("/api/ext/undo", {"session_id": sid, "count": 99}))
    assert far["state"]["draft"] == {}
    assert far["state"]["can_redo"] == 3
    nothing = data(await api.post("/api/ext/undo", {"session_id": sid}))
    assert "nothing to undo" in nothing["text"].lower()
    # A new step takes the place of what could be redone.
    data(await api.post("/api/ext/redo", {"session_id": sid}))
    data(await api.apply(sid, text_draft("Other")))
    state = await api.state(sid)
    assert (state["can_undo"], state["can_redo"]) == (2, 0)


async def test_answers_are_in_the_sessions_language(api):
    sid = await api.session(language="zh-CN")
    answer = data(await api.post("/api/ext/undo", {"session_id": sid}))
    assert "没有可以撤销的操作" in answer["text"]


async def test_a_draft_keeps_keys_that_nobody_knows(api):
    sid = await api.session()
    draft = text_draft()
    draft["x"] = {"y": [1, None, "é\u2028"]}
    draft["t"][0]["sg"][0]["m"]["future"] = 7
    data(await api.apply(sid, draft))
    assert (await api.state(sid))["draft"] == draft


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (400, 400)),
        ({"draft": {}, "plan": {}}, (400, 400)),
        ({"draft": []}, (400, 400)),
        ({"draft": {"t": 5}}, (422, 422)),
        ({"plan": {"ops": [{"op": "fly"}]}}, (400, 400)),
        ({"plan": {"ops": 7}}, (400, 400)),
        ({"plan": {"refused": [{"what": "x"}]}}, (400, 400)),
        ({"draft": {"t": [{"tt": 0, "sg": [{"d": 1, "m": {"media": "f" * 64}}]}]}}, (422, 422)),
    ],
)
async def test_apply_refuses_what_it_cannot_read(api, body, expected):
    sid = await api.session()
    assert refusal(await api.post("/api/ext/apply", {"session_id": sid, **body})) == expected
    assert (await api.state(sid))["can_undo"] == 0


async def test_a_plan_is_applied_as_one_step(api):
    sid = await api.session(language="en")
    ids = [f["id"] for f in data(await api.upload(sid, ("a.jpg", photo("red")), ("b.jpg", photo("blue"))))["files"]]
    plan = {"ops": [{"op": "compose", "duration_s": 6}, {"op": "set_aspect", "aspect": "1:1"}]}
    answer = data(await api.post("/api/ext/apply", {"session_id": sid, "plan": plan}))
    draft = answer["state"]["draft"]
    assert draft["d"] == 6000
    assert [s["m"]["media"] for s in draft["t"][0]["sg"]] == ids
    assert answer["state"]["canvas_config"]["width"] == answer["state"]["canvas_config"]["height"]
    assert answer["state"]["can_undo"] == 1
    broken = {"ops": [{"op": "remove", "target": {"kind": "clip", "index": 9}}]}
    assert refusal(await api.post("/api/ext/apply", {"session_id": sid, "plan": broken})) == (422, 422)


async def test_a_session_can_be_handed_over_once(make_api):
    api = make_api(anonymous=True)
    guest = await anonymous(make_api, api, "guest")
    sid = await guest.session()
    data(await guest.apply(sid, text_draft()))
    claim = data(await guest.post("/api/auth/claim-token", {"session_id": sid, "task_id": "t"}))
    assert claim["claim_token"].startswith("clm_")
    assert claim["expires_in"] == 900
    assert data(await api.post("/api/ext/claim", {"claim_token": claim["claim_token"]}))["session_id"] == sid
    assert (await api.state(sid))["draft"] == text_draft()
    assert refusal(await guest.get(STATE.format(sid))) == (404, 1002)
    assert refusal(await guest.post("/api/ext/claim", {"claim_token": claim["claim_token"]})) == (404, 404)


async def test_a_project_has_a_name(api):
    sid = await api.session(task_name="Spring sale")
    assert data(await api.get(f"/api/ext/project/{sid}"))["name"] == "Spring sale"
    assert data(await api.post(f"/api/ext/project/{sid}", {"name": "秋"}))["name"] == "秋"
    assert (await api.state(sid))["project"] == "秋"
    assert refusal(await api.post(f"/api/ext/project/{sid}", {"name": " "})) == (400, 400)


async def test_the_selection_holds_known_segments_only(api):
    sid = await api.session()
    data(await api.apply(sid, text_draft()))
    answer = await api.post("/api/ext/selection", {"session_id": sid, "segments": ["s1", "nope"]})
    assert data(answer)["segments"] == ["s1"]
    assert refusal(await api.post("/api/ext/selection", {"session_id": sid})) == (400, 400)


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/nope", None, (404, 404)),
        ("DELETE", "/run_sse", None, (405, 405)),
        ("POST", "/api/ext/undo", b"not json", (400, 400)),
        ("POST", "/api/ext/undo", b"[]", (400, 400)),
        ("POST", "/api/ext/undo", b"{}", (400, 400)),
        ("POST", "/api/ext/undo", b'{"session_id": 7}', (400, 400)),
        ("POST", "/api/ext/undo", b'{"session_id": "x", "count": 0}', (400, 400)),
        ("POST", "/api/ext/undo", b'{"session_id": "x", "count": true}', (400, 400)),
        ("POST", "/api/ext/undo", b'{"session_id": "x"}', (404, 1002)),
        ("POST", "/run_sse", b"{}", (400, 400)),
        ("POST", "/run_sse", b'{"session_id": "x", "new_message": {"parts": [{"text": " "}]}}', (400, 400)),
        ("POST", "/run_sse", b'{"session_id": "x", "new_message": {"parts": [{"text": "a"}]}}', (404, 1002)),
        ("POST", "/run_sse", b'{"new_message": {"parts": 5}}', (400, 400)),
        ("POST", "/api/tasks/me/with-session/nemo_agent", b'{"task_name": 5}', (400, 400)),
        ("POST", "/api/tasks/me/with-session/nemo_agent", b"[" * 100_000, (400, 400)),
    ],
)
async def test_bad_requests_are_refused_in_the_envelope(api, method, path, body, expected):
    assert refusal(await api.http.request(method, path, content=body)) == expected


async def test_too_many_requests_are_told_when_to_come_back(make_api):
    api = make_api(limits=Limits(per_second=0.5, burst=3))
    for _ in range(3):
        data(await api.get("/api/ext/presets"))
    answer = await api.get("/api/ext/presets")
    assert refusal(answer) == (429, 429)
    assert 1 <= int(answer.headers["retry-after"]) <= 3


async def test_capabilities_name_what_is_there(api):
    caps = data(await api.get("/api/ext/capabilities"))
    assert caps["server"] == "reelframe"
    assert caps["credits_enforced"] is False
    assert {"undo", "redo", "apply", "selection", "cancel", "roles", "thumbnails"} <= set(caps["features"])
    presets = data(await api.get("/api/ext/presets"))["presets"]
    assert [p["name"] for p in presets] == caps["presets"]
    tiktok = {"name": "tiktok", "width": 1080, "height": 1920, "fps": 30, "format": "mp4", "any_shape": False}
    assert any(tiktok.items() <= one.items() for one in presets)


async def test_one_app_serves_several_loops_at_once(api):
    import asyncio
    import threading

    sid = await api.session()
    seen = []

    def other_loop():
        async def work():
            from .conftest import Api

            mine = Api(api.backend, api.backend.auth.token, app=api.http._transport.app)
            for n in range(10):
                data(await mine.apply(sid, text_draft(f"{threading.get_ident()} {n}")))
            await mine.http.aclose()
            seen.append(1)

        asyncio.run(work())

    threads = [threading.Thread(target=other_loop) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(t.is_alive() for t in threads):
        await api.state(sid)
        await asyncio.sleep(0.01)
    assert len(seen) == 3
    assert (await api.state(sid))["can_undo"] == 30
