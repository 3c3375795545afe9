"""Every error code: from the hosted protocol's fake on every call, and from the embedded backend for real causes."""

# ruff: noqa: ARG005 -- one table, one signature

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_hosted import Hosted, refusal
from starlette.responses import Response
from wrong_answers import FAULTS, clean

from reelframe import errors
from reelframe.backend.core import Limits
from reelframe.client import InProcessTransport, Server

from .peers import Style, client, embedded, png

TOKEN = "given-token-123"
CALLS: dict[str, Callable[[Any, Any], Any]] = {
    "session": lambda c, s: c.create_session(),
    "claim": lambda c, s: s.claim_url(),
    "message": lambda c, s: s.ask("make it nicer"),
    "upload": lambda c, s: s.upload(("a.png", png("red"))),
    "credits": lambda c, s: c.credits(),
    "state": lambda c, s: s.state(),
    "render": lambda c, s: s.export("out.mp4"),
    "render_status": lambda c, s: s.export("out.mp4"),
    "download": lambda c, s: s.export("out.mp4"),
}
# code: the error, words of it, and on which calls one refusal is cured without a word.
IN_SESSION = {"claim", "message", "upload", "state", "render"}
CODES: dict[int, tuple[type[errors.APIError], str, set[str]]] = {
    1001: (errors.AuthenticationError, "new anonymous token", set(CALLS)),
    1002: (errors.SessionNotFoundError, "new session", IN_SESSION),
    2001: (errors.InsufficientCreditsError, r"bind=", set()),
    4001: (errors.UnsupportedMediaError, "mp4, mov", set()),
    4002: (errors.FileTooLargeError, "compress it or trim it", set()),
    400: (errors.APIError, "refused", set()),
    402: (errors.ExportBlockedError, "subscription, not of credits", set()),
    429: (errors.RateLimitError, "[Ww]ait", set(CALLS)),
    500: (errors.APIError, "the reason", set()),
    9999: (errors.APIError, "9999", set()),
}  # fmt: skip


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("code", CODES)
def test_every_code_on_every_call(hosted: Hosted, style: Style, code: int) -> None:
    kind, words, cured = CODES[code]
    server = Server("http://hosted.test", transport=InProcessTransport(hosted.app))
    for name, act in CALLS.items():
        hosted.faults.clear()
        with client(style, server) as c:
            session = c.create_session(language="en")
            hosted.add_session(session.id)
            c.capabilities()
            hosted.faults[name] += [refusal(code, message="the reason")] * 20
            with pytest.raises(kind, match=words) as caught:
                act(c, session)
                pytest.fail(name)
            assert (caught.value.code, caught.value.request_id) == (code, "req-1"), name
            assert "nmv_usr_" not in str(caught.value) + repr(caught.value), name
            if name in cured:
                hosted.add_session(session.id)
                hosted.faults[name].clear()
                hosted.faults[name].append(refusal(code))
                if code != 1002 or name != "render":
                    act(c, session)
            hosted.faults.clear()
            assert c.credits().total == 100
        Path("out.mp4").unlink(missing_ok=True)
        assert list(Path().iterdir()) == [], name


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("name", CALLS)
def test_every_wrong_answer_to_every_call_of_the_blocking_client(hosted: Hosted, name: str) -> None:
    """The asynchronous client meets the same table in client/test_faults.py; here nothing is lost in the thread."""
    server = Server("http://hosted.test", transport=InProcessTransport(hosted.app), token=TOKEN)
    with client("blocking", server) as c:
        c.capabilities()
        # Every code and status is met above and below, in both styles.
        for fault, answer in ((f, a) for f, a in FAULTS.items() if not re.search(r"\d", f)):
            hosted.faults.clear()
            session = c.create_session(language="en")
            hosted.add_session(session.id)
            hosted.faults[name] += [answer] * 12
            try:
                CALLS[name](c, session)
            except errors.ReelframeError as error:
                assert str(error).strip(), fault
                clean(error)
            except Exception as error:
                error.add_note(f"{name} met {fault}")
                raise
            hosted.faults.clear()
            assert c.credits().total == 100, fault
    assert {p.name for p in Path().iterdir()} <= {"out.mp4"}


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("status", [400, 401, 402, 404, 413, 415, 429, 500, 502])
def test_a_bare_status_is_an_error_as_well(hosted: Hosted, style: Style, status: int) -> None:
    kinds = {
        401: errors.AuthenticationError, 402: errors.ExportBlockedError, 413: errors.FileTooLargeError,
        415: errors.UnsupportedMediaError, 429: errors.RateLimitError, 500: errors.ServerError, 502: errors.ServerError,
    }  # fmt: skip
    server = Server("http://hosted.test", transport=InProcessTransport(hosted.app), token=TOKEN)
    with client(style, server) as c:
        hosted.faults["credits"] += [Response("<html>no</html>", status)] * 20
        with pytest.raises(kinds.get(status, errors.APIError)) as caught:
            c.credits()
        assert caught.value.status == status


def test_a_missing_client_id_is_made_and_the_call_repeated(hosted: Hosted, style: Style) -> None:
    server = Server("http://hosted.test", transport=InProcessTransport(hosted.app))
    hosted.faults["token"].append(refusal(400, 400, "X-Client-Id missing"))
    with client(style, server) as c:
        assert c.credits().total == 100
    first, second = [h["x-client-id"] for _, p, h, _ in hosted.log if p.endswith("anonymous-token")]
    assert first != second


# -- the embedded backend, which refuses for real reasons ---------------------------------------------


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("way", ["in process", "uvicorn"])
def test_what_the_embedded_backend_refuses(tmp_path: Path, style: Style, way: str) -> None:
    with embedded(tmp_path / "backend", way, limits=Limits(file_bytes=20_000)) as peer:
        with client(style, Server(peer.server.base_url, peer.server.transport, token="wrong-token")) as c:
            with pytest.raises(errors.AuthenticationError) as caught:
                c.create_session()
            assert (caught.value.code, caught.value.status) == (1001, 401)
            assert len(caught.value.request_id) == 16
        with client(style, peer.server, token=peer.token, source="x", language="en") as c:
            session = c.create_session()
            with pytest.raises(errors.MediaError, match=r"a\.png: can't be decoded") as caught:
                session.upload(("a.png", b"\x89PNG\r\n\x1a\n" + b"no picture" * 50))
            assert (caught.value.code, caught.value.status) == (4001, 415)
            with pytest.raises(errors.FileTooLargeError, match=r"b\.bmp|b\.png") as caught:
                session.upload(("b.png", png("red") + bytes(30_000)))
            assert (caught.value.code, caught.value.status) == (4002, 413)
            with pytest.raises(errors.PlanError, match="a file that this session does not have") as caught:
                session.apply({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"media": "0" * 64}}]}]})
            assert (caught.value.code, caught.value.status) == (422, 422)
            assert len(caught.value.request_id) == 16
            with pytest.raises(errors.APIError) as caught:
                session.thumbnail("0" * 64)
            assert caught.value.status == 404
            assert session.state().draft.to_wire() == {}
        with client(style, peer.server, token=peer.token, language="en") as c:
            lost = c.session("00000000000000000000000000000000")
            assert lost.state().draft.to_wire() == {}
            assert len(lost.id) == 32
            assert lost.id.strip("0")
            assert "lost the session" in lost.ask("credits").text


def test_credits_that_run_out(tmp_path: Path, style: Style) -> None:
    with embedded(tmp_path / "backend", "uvicorn", credits=True, anonymous=True) as peer:
        with client(style, peer.server.base_url, language="en") as c:
            session = c.create_session()
            assert session.ask("how many credits?").text.splitlines() == [
                "Setting up...", "100 credits available, 0 held by work in progress, 100 in all.",
            ]  # fmt: skip
            account = next(
                iter(peer.backend.db._connection().execute("SELECT id FROM accounts WHERE kind = 'anonymous'"))
            )
            with peer.backend.db.write() as tx:
                tx.execute(
                    "INSERT INTO ledger (account_id, amount, state, reason, created) VALUES (?, -100, 'settled', 'test', 0)",
                    (account["id"],),
                )
            with pytest.raises(errors.InsufficientCreditsError, match=r"\?bind=") as caught:
                session.ask("add the title 'Hello'")
            assert (caught.value.code, caught.value.status) == (2001, 403)
            assert c.credits().available == 0


def test_too_many_requests_wait_and_go_on(tmp_path: Path, style: Style) -> None:
    with embedded(tmp_path / "backend", "uvicorn", limits=Limits(per_second=2, burst=3)) as peer:
        with client(style, peer.server, token=peer.token) as c:
            for _ in range(5):
                assert c.credits().total == 100
