"""Every call against every fault: what comes out is ours, says enough, and holds no token."""

# ruff: noqa: ARG005 -- one table, one signature

from __future__ import annotations

import asyncio
import email.utils
import logging
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from fake_hosted import Hosted, refusal
from faults import FaultProxy
from served import TIMING
from starlette.responses import Response, StreamingResponse
from wrong_answers import FAULTS, SECRET, clean

import reelframe
from reelframe import errors, settings
from reelframe.client import AsyncClient, InProcessTransport, Server, Session, Timing
from reelframe.client.calls import _within
from reelframe.client.downloads import Download
from reelframe.client.http import Request

Connect = Callable[..., AsyncClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 50


async def export(session: Session) -> Any:
    return await session.export("out.mp4")


CALLS: dict[str, Callable[[AsyncClient, Session], Awaitable[Any]]] = {
    "token": lambda c, s: _fresh(c),
    "session": lambda c, s: c.create_session(),
    "claim": lambda c, s: s.claim_url(),
    "message": lambda c, s: s.ask("make it nicer"),
    "upload": lambda c, s: s.upload(("a.png", PNG)),
    "credits": lambda c, s: c.credits(),
    "state": lambda c, s: s.state(),
    "render": lambda c, s: export(s),
    "render_status": lambda c, s: export(s),
    "download": lambda c, s: export(s),
    "capabilities": lambda c, s: c.capabilities(),
    "ext": lambda c, s: s.undo(),
}


async def _fresh(client: AsyncClient) -> Any:
    client.credentials.drop(client.credentials._token)
    return await client.credits()


@pytest.mark.parametrize("endpoint", CALLS)
async def test_no_foreign_exception_escapes(connect: Connect, hosted: Hosted, endpoint: str, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    if endpoint == "ext":
        hosted.capabilities = {"server": "reelframe", "features": ["undo"]}
    quick = Timing(poll_interval=0.001, rate_limit_wait=0.001, recovery=(0.001,), stream_timeout=5, silence_timeout=5)
    pauses = asyncio.sleep
    for fault, answer in FAULTS.items():
        hosted.faults.clear()
        async with connect(token=None if endpoint == "token" else SECRET, timing=quick) as client:
            session = await client.create_session(language="en")
            hosted.add_session(session.id)
            if endpoint != "capabilities":
                await client.capabilities()
            hosted.faults[endpoint] += [answer] * 12
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("reelframe.client.calls.asyncio.sleep", lambda s, *rest: pauses(min(s, 0.001), *rest))
                try:
                    async with asyncio.timeout(20):
                        await CALLS[endpoint](client, session)
                except errors.ReelframeError as error:
                    assert str(error).strip(), fault
                    context = error.__context__
                    assert (
                        error.__suppress_context__ or context is None or isinstance(context, errors.ReelframeError)
                    ), fault
                    clean(error)
                except Exception as error:
                    error.add_note(f"{endpoint} met {fault}")
                    raise
            # Whatever it was, the client is usable.
            hosted.faults.clear()
            assert (await client.credits()).total == 100, fault
        assert {p.name for p in Path().iterdir()} <= {"out.mp4"}, fault
        assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == [], fault
    assert SECRET not in caplog.text


@pytest.mark.parametrize("fault", ["refuse", "reset", "close", "garbage"])
@pytest.mark.parametrize("endpoint", ["session", "claim", "message", "upload", "credits", "state", "render"])
@pytest.mark.parametrize("after", [0, 40])
async def test_broken_connections(hosted: Hosted, live: str, endpoint: str, fault: Any, after: int) -> None:
    hosted.add_session("s1")
    with FaultProxy(live) as proxy:
        async with AsyncClient(proxy.url, token=SECRET, timing=TIMING) as client:
            proxy.break_next(fault, after, times=1000)
            with pytest.MonkeyPatch.context() as patch:
                pauses = asyncio.sleep
                patch.setattr("reelframe.client.calls.asyncio.sleep", lambda s: pauses(min(s, 0.001)))
                with pytest.raises(errors.ConnectionFailedError) as caught:
                    await CALLS[endpoint](client, client.session("s1"))
    assert len(str(caught.value)) > 30
    clean(caught.value)


# endpoint, fault, how often the server is asked
TRIES: list[tuple[str, str, int]] = [
    ("credits", "429", 2), ("credits", "http 500", 3), ("credits", "http 502", 4), ("credits", "1001", 1), ("credits", "9999", 1),
    ("credits", "not json", 2), ("session", "http 503", 4), ("claim", "http 502", 1), ("claim", "http 500", 1),
    ("message", "http 500", 1), ("message", "http 502", 1), ("message", "429", 2), ("message", "too short", 1), ("message", "not json", 1),
    ("upload", "http 502", 1), ("upload", "429", 2), ("render", "http 502", 4), ("render", "402", 1), ("state", "429", 2),
    ("token", "400", 2), ("token", "http 500", 3),
]  # fmt: skip


@pytest.mark.parametrize(("endpoint", "fault", "tries"), TRIES)
async def test_how_often_a_call_is_made(
    connect: Connect, hosted: Hosted, endpoint: str, fault: str, tries: int
) -> None:
    asked = []

    def count(request: Any) -> Response:
        asked.append(request.url.path)
        return FAULTS[fault](request)

    async with connect(token=None if endpoint == "token" else SECRET) as client:
        session = await client.create_session()
        hosted.add_session(session.id)
        await client.capabilities()
        hosted.faults[endpoint] += [count] * 12
        with pytest.MonkeyPatch.context() as patch:
            pauses = asyncio.sleep
            patch.setattr("reelframe.client.calls.asyncio.sleep", lambda s: pauses(min(s, 0.001)))
            with pytest.raises(errors.ReelframeError):
                await CALLS[endpoint](client, session)
    assert len(asked) == tries


@pytest.mark.parametrize(("code", "kind", "words"), [
    (1001, errors.AuthenticationError, "token"), (1002, errors.SessionNotFoundError, "session"),
    (2001, errors.InsufficientCreditsError, "credits"), (4001, errors.UnsupportedMediaError, "mp4, mov"),
    (4002, errors.FileTooLargeError, "500.0 MB"), (402, errors.ExportBlockedError, "subscription"),
    (429, errors.RateLimitError, "[Ww]ait"), (9999, errors.APIError, "9999"),
])  # fmt: skip
@pytest.mark.parametrize("status", [200, 400])
async def test_errors_say_everything(
    connect: Connect, hosted: Hosted, code: int, kind: type[errors.APIError], words: str, status: int
) -> None:
    hosted.faults["credits"] += [refusal(code, status, "the reason")] * 9
    async with connect() as client:
        with pytest.raises(kind, match=words) as caught:
            await client.credits()
    assert (caught.value.code, caught.value.status, caught.value.request_id) == (code, status, "req-1")
    assert "the reason" in str(caught.value)


async def test_out_of_credits(connect: Connect, hosted: Hosted) -> None:
    hosted.faults["credits"] += [refusal(2001)] * 2
    async with connect(token=None, client_id="11111111-2222-4333-8444-555555555555") as client:
        with pytest.raises(errors.InsufficientCreditsError) as caught:
            await client.credits()
    assert caught.value.registration_url is not None
    assert caught.value.registration_url.endswith("?bind=11111111-2222-4333-8444-555555555555")
    async with connect() as client:
        with pytest.raises(errors.InsufficientCreditsError, match="Top up") as caught:
            await client.credits()
    assert caught.value.registration_url is None


async def test_retry_after_is_honoured_within_reason(connect: Connect, hosted: Hosted) -> None:
    waited: list[float] = []
    pauses = asyncio.sleep

    async def note(seconds: float) -> None:
        waited.append(seconds)
        await pauses(0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reelframe.client.calls.asyncio.sleep", note)
        async with connect() as client:
            hosted.faults["credits"].append(refusal(429, 429, **{"Retry-After": "7"}))
            assert (await client.credits()).total == 100
            hosted.faults["credits"].append(refusal(429, 429))
            await client.credits()
            hosted.faults["credits"].append(refusal(429, 429, **{"Retry-After": "86400"}))
            with pytest.raises(errors.RateLimitError) as caught:
                await client.credits()
            date = email.utils.formatdate(time.time() + 60, usegmt=True)
            hosted.faults["credits"].clear()
            hosted.faults["credits"].append(refusal(429, 429, **{"Retry-After": date}))
            assert (await client.credits()).total == 100
    assert waited[:2] == [7, TIMING.rate_limit_wait]
    assert 50 < waited[2] <= 60
    assert caught.value.retry_after == 86400


async def test_an_answer_without_an_end_is_given_up(
    connect: Connect, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def endless(_: Any) -> StreamingResponse:
        async def body() -> Any:
            while True:
                sent.append(1)
                yield b" " * 1000

        return StreamingResponse(body(), 200, {}, "application/json")

    monkeypatch.setattr("reelframe.client.http._ANSWER", 100_000)
    monkeypatch.setattr("reelframe.client.calls._SMALL", 100_000)
    hosted.capabilities = {"server": "reelframe", "features": ["thumbnails"]}
    async with connect() as client:
        session = await client.create_session()
        for endpoint, act in (
            ("credits", client.credits),
            ("state", session.state),
            ("ext", lambda: session.thumbnail("x")),
        ):
            sent.clear()
            hosted.faults[endpoint].append(endless)
            with pytest.raises(errors.ProtocolError, match=r"longer than|more than"):
                await act()
            assert len(sent) < 200
        assert (await client.credits()).total == 100


@pytest.mark.parametrize(("endpoint", "timeout", "elapsed", "left"), [
    ("credits", 30, 0, 30), ("credits", 30, 80, 10), ("credits", 30, 500, 1), ("state", None, 80, None),
    # The time that a message takes is the stream's own affair.
    ("message", 600, 60, 600), ("upload", 4 * 3600, 3600, 3 * 3600),
])  # fmt: skip
def test_a_try_has_what_is_left_of_the_deadline(endpoint: Any, timeout: Any, elapsed: float, left: Any) -> None:
    assert _within(Request(endpoint, "GET", "/", "asking", timeout=timeout), elapsed).timeout == left


# -- tokens -----------------------------------------------------------------------------------------


async def test_an_anonymous_token_outlives_the_client(connect: Connect, hosted: Hosted) -> None:
    async with connect(token=None) as client:
        session = await client.create_session(language="en")
        reply = await session.ask("credits")
        assert reply.text.splitlines()[0] == "Setting up..."
        assert "Setting up" not in (await session.ask("credits")).text
    async with connect(token=None) as client:
        await client.credits()
    assert hosted.granted == 1
    stored = [p for p in settings.config_folder().iterdir() if p.name.startswith("token-")]
    assert [p.stat().st_mode & 0o777 for p in settings.config_folder().iterdir()] == [0o600] * 2
    assert "nmv_usr_secret0001" in stored[0].read_text()
    async with connect(token=None, client_id="11111111-2222-4333-8444-555555555555") as client:
        await client.credits()
    assert hosted.granted == 2
    other = Server("http://other.test", transport=InProcessTransport(hosted.app))
    async with AsyncClient(other, timing=TIMING) as client:
        await client.credits()
    assert hosted.granted == 3


async def test_an_expired_or_damaged_token_is_asked_for_again(connect: Connect, hosted: Hosted) -> None:
    async with connect(token=None) as client:
        await client.credits()
    (path,) = (p for p in settings.config_folder().iterdir() if p.name.startswith("token-"))
    for damaged in (path.read_text().replace('"expires": 1', '"expires": 0'), "{", '{"token": 5}', "", '["x"]'):
        path.write_text(damaged)
        before = hosted.granted
        async with connect(token=None) as client:
            session = await client.create_session()
            # "Setting up..." is for new users.
            assert "Setting up" not in (await session.ask("credits")).text
        assert hosted.granted == before + 1


async def test_a_given_token_is_never_stored_and_the_environment_counts(
    connect: Connect, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_TOKEN", SECRET)
    monkeypatch.setenv("NEMO_API_URL", "http://hosted.test")
    async with connect(token=None) as client:
        await client.credits()
        assert SECRET not in repr(client) + repr(client.credentials) + repr(client.server)
        assert SECRET not in repr(client.session("s1"))
    assert hosted.granted == 0
    assert not settings.config_folder().exists()


@pytest.mark.parametrize("token", ["with space", "line\nend", "accént", "tab\t"])
def test_a_token_that_cannot_be_one_is_refused_without_quoting_it(token: str) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        AsyncClient("http://x", token=token)
    assert token not in str(caught.value)


async def test_the_token_does_not_follow_a_redirect_elsewhere(connect: Connect, hosted: Hosted) -> None:
    hosted.faults["download"].append(Response(b"", 302, {"location": "http://cdn.test/files/r1"}))
    async with connect() as client:
        await Download(client.caller, "/api/render/proxy/r1/download", Path("x.part"), lambda *_: None).run()
    assert Path("x.part").read_bytes() == hosted.file
    assert [("authorization" in h, h["host"]) for _, p, h, _ in hosted.log if "r1" in p] == [
        (True, "hosted.test"),
        (False, "cdn.test"),
    ]


async def test_no_proxy_leads_to_this_machine(live: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with AsyncClient(live, token=SECRET, timing=TIMING) as client:
        assert (await client.credits()).total == 100


@pytest.mark.parametrize("option", ["source", "version", "platform"])
def test_headers_have_to_be_headers(option: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="header"):
        AsyncClient("http://x", token="t", **{option: "a\nb"})


async def test_attribution_can_be_set(connect: Connect, hosted: Hosted) -> None:
    async with connect(source="me", version="9", platform="cursor") as client:
        await client.credits()
    headers = hosted.log[-1][2]
    assert [headers[f"x-skill-{k}"] for k in ("source", "version", "platform")] == ["me", "9", "cursor"]


async def test_logs_hold_no_token(live: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with AsyncClient(live, token=SECRET, timing=TIMING) as client:
        await client.credits()
        logging.getLogger("reelframe.client").error("header: Bearer %s", SECRET)
        logging.getLogger("httpx").info("sent nmv_usr_abcdef and %s", SECRET)
        try:
            raise ValueError(SECRET)
        except ValueError:
            logging.getLogger("reelframe").exception("oops")
    assert caplog.records
    assert SECRET not in caplog.text
    assert "nmv_usr_abcdef" not in caplog.text
    assert "[redacted]" in caplog.text


def test_every_logger_that_could_speak_of_a_request_is_redacted_at_every_level(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(1)
    AsyncClient("http://x.test", token=SECRET)
    packages = [Path(reelframe.__file__).parent, Path(httpx.__file__).parent, Path(httpcore.__file__).parent]
    named = {
        name
        for package in packages
        for path in package.rglob("*.py")
        for name in re.findall(r'getLogger\("([\w.]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert {"httpx", "httpcore.http11", "reelframe.client", "reelframe.backend"} <= named
    for name in named:
        for level in (1, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
            logging.getLogger(name).log(level, "%s says Bearer %s and %r", name, SECRET, {"token": SECRET})
    assert len(caplog.records) == 6 * len(named)
    assert SECRET not in caplog.text


async def test_it_is_quiet_by_default(live: str, capfd: pytest.CaptureFixture[str]) -> None:
    async with AsyncClient(live, token="wrong-token-999", timing=TIMING) as client:
        with pytest.raises(errors.AuthenticationError):
            await client.credits()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://x", "http://", "http://[bad", "http://x:99999999", "http://user:secret@x"]
)
async def test_a_wrong_address_is_said(url: str) -> None:
    with pytest.raises(errors.ReelframeError):
        async with AsyncClient(url, token="t", timing=TIMING) as client:
            await client.credits()


async def test_the_environments_token_goes_to_its_own_service_only(
    connect: Connect, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_TOKEN", SECRET)
    monkeypatch.setenv("NEMO_API_URL", "https://elsewhere.example")
    async with connect(token=None) as client:
        await client.credits()
        assert await client.token() != SECRET
    assert hosted.granted == 1
