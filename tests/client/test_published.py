"""The calls as the vendor publishes them: what goes over the line, held against a list that is written out here."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_hosted import DRAFT, Hosted

from reelframe import errors, settings
from reelframe.client import AsyncClient, Timing

Connect = Callable[..., AsyncClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 50
UUID = "11111111-2222-4333-8444-555555555555"


async def test_every_call_is_spelled_as_published(connect: Connect, hosted: Hosted) -> None:
    async with connect(token=None, client_id=UUID, source="me", version="9", platform="cursor") as client:
        session = await client.create_session("promo", language="en")
        hosted.add_session(session.id)
        await session.upload(("a.png", PNG), "https://example.com/b.jpg")
        await session.ask("make it nicer")
        await client.credits()
        await session.state()
        await session.export("out.mp4")
        await session.claim_url()
    sid = session.id
    render = next(iter(hosted.renders))
    assert re.fullmatch(r"render_\d+", render)
    said = [(method, path, body) for method, path, _, body in hosted.log]
    state = ("GET", f"/api/state/nemo_agent/me/{sid}/latest", None)
    output = {"format": "mp4", "quality": "high"}
    published: list[tuple[str, str, Any]] = [
        ("POST", "/api/auth/anonymous-token", None),
        ("POST", "/api/tasks/me/with-session/nemo_agent", {"task_name": "promo", "language": "en"}),
        ("POST", f"/api/upload-video/nemo_agent/me/{sid}", None),
        ("POST", f"/api/upload-video/nemo_agent/me/{sid}", {"urls": ["https://example.com/b.jpg"], "source_type": "url"}),
        ("POST", "/run_sse", {
            "app_name": "nemo_agent", "user_id": "me", "session_id": sid, "new_message": {"parts": [{"text": "make it nicer"}]},
        }),
        ("GET", "/api/credits/balance/simple", None),
        state,
        ("POST", "/api/render/proxy/lambda", {"id": render, "sessionId": sid, "draft": DRAFT, "output": output}),
        ("GET", f"/api/render/proxy/lambda/{render}", None),
        ("GET", f"/api/render/proxy/{render}/download", None),
        ("POST", "/api/auth/claim-token", {"task_id": f"t-{sid}", "session_id": sid}),
    ]  # fmt: skip
    for call in published:
        assert call in said
    # And nothing else but the question whether the server is one of ours.
    assert {(m, p) for m, p, _ in said} - {(m, p) for m, p, _ in published} == {("GET", "/api/ext/capabilities")}
    for _, path, headers, _ in hosted.log:
        assert [headers[f"x-skill-{k}"] for k in ("source", "version", "platform")] == ["me", "9", "cursor"], path
        asked_for_token = path.endswith("anonymous-token")
        assert ("authorization" in headers) != asked_for_token, path
        assert (headers.get("x-client-id") == UUID) == asked_for_token, path
        assert "nmv_usr_" not in path
    kinds = {p: h.get("content-type", "") for m, p, h, b in hosted.log if m == "POST" and b is None}
    assert kinds[f"/api/upload-video/nemo_agent/me/{sid}"].startswith("multipart/form-data; boundary=")
    accepts = {p: h["accept"] for _, p, h, _ in hosted.log}
    assert accepts["/run_sse"] == "text/event-stream"


def test_the_published_limits_and_pace() -> None:
    timing = Timing()
    assert (timing.poll_interval, timing.rate_limit_wait, timing.heartbeat_notice) == (30, 30, 120)
    assert (timing.silence_timeout, timing.stream_timeout) == (600, 900)
    assert timing.recovery == (30, 60, 60, 60, 60)
    assert settings.HOSTED_URL == "https://mega-api-prod.nemovideo.ai"


@pytest.mark.parametrize(
    "options",
    [
        {"format": "webm"}, {"format": "gif"}, {"width": 3840, "height": 2160}, {"height": 2160}, {"fps": 60},
        {"preset": "tiktok"}, {"width": 1920, "height": 1920},
    ],
)  # fmt: skip
async def test_what_the_hosted_service_does_not_give_is_refused_in_words(
    connect: Connect, hosted: Hosted, options: dict[str, Any]
) -> None:
    async with connect() as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        with pytest.raises(errors.ConfigurationError, match="1080x1920"):
            await session.export("out", **({"format": "mp4"} | options))
        assert hosted.renders == {}
        assert list(Path().iterdir()) == []
        for fine in ({"width": 1080, "height": 1920}, {"width": 1920, "height": 1080}, {}):
            await session.export("out.mp4", **fine)


async def test_an_export_costs_nothing_and_is_asked_for_once(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        before = await client.credits()
        await session.export("out.mp4")
        assert await client.credits() == before
    assert len([1 for m, p, _, _ in hosted.log if (m, p) == ("POST", "/api/render/proxy/lambda")]) == 1


async def test_every_name_is_read_at_either_place_and_in_either_case(connect: Connect, hosted: Hosted) -> None:
    from starlette.responses import JSONResponse

    hosted.add_session("top")
    hosted.faults["session"].append(JSONResponse({"sessionId": "top", "taskId": 7}))
    hosted.faults["credits"].append(JSONResponse({"available": 1, "frozen": 2, "total": 3}))
    hosted.faults["state"].append(JSONResponse({"code": 0, "data": {"draft": DRAFT}}))
    async with connect() as client:
        session = await client.create_session()
        assert (session.id, session.task_id) == ("top", "7")
        balance = await client.credits()
        assert (balance.available, balance.frozen, balance.total) == (1, 2, 3)
        assert (await session.state()).draft.to_wire() == DRAFT
