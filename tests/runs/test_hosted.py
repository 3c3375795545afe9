"""Batches on a server: the fake of the hosted service for its ways, the embedded one with credits for its accounts."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.append(str(Path(__file__).parents[1] / "client"))

from fake_hosted import DRAFT, Hosted, refusal, sse, text
from served import TIMING, serving

import reelframe as rf
import reelframe.runs
from reelframe.backend import create_app
from reelframe.client import InProcessTransport, Server

TOKEN = {"token": "given-token-123", "timing": TIMING}


def edited(draft):
    draft.update(DRAFT)


def answer(words="Made it."):
    return [edited, sse(text(words))]


@pytest.fixture
def hosted():
    hosted = Hosted()
    hosted.balance = 50.0

    async def left(request):
        if (fault := await hosted._begin("credits", request)) is not None:
            return fault
        sent = len(hosted.sent("/run_sse"))
        from fake_hosted import ok

        return ok({"available": hosted.balance - 2.0 * sent, "frozen": 0, "total": 100})

    for route in hosted.app.routes:
        if route.path == "/api/credits/balance/simple":
            from starlette.routing import request_response

            route.app = request_response(left)
    return hosted


@pytest.fixture
def go(hosted, tmp_path, products):
    def run(prompt="a video of {name}", **options):
        server = Server("http://hosted.test", transport=InProcessTransport(hosted.app), name="fake")
        options = {"backend": server, "client": TOKEN, "progress": False} | options
        return rf.batch(products, None if "variants" in options else prompt, "photo", tmp_path / "out", **options)

    return run


def prompts(hosted):
    return sorted(body["new_message"]["parts"][0]["text"] for body in hosted.sent("/run_sse"))


def test_each_row_is_a_session_with_its_files_one_message_and_one_render(hosted, go, products):
    hosted.replies.extend(answer() for _ in range(3))
    results = go(logo=products.photo["c"], brand={"colors": ["red"], "logo_position": "top_left"})
    assert results.status.tolist() == ["done"] * 3, results.error.tolist()
    assert prompts(hosted) == sorted(
        f"(p2.jpg is the logo.) a video of {name}, make all texts #ff0000, put the logo at the top left"
        for name in products.name
    )
    assert len(hosted.sessions) == len(hosted.renders) == 3 and results.session_id.nunique() == 3
    assert [Path(p).read_bytes() for p in results.path] == [hosted.file] * 3
    assert results.assumptions.tolist() == [["Made it."]] * 3
    assert results.credits.sum() == 6
    again = go(logo=products.photo["c"], brand={"colors": ["red"], "logo_position": "top_left"})
    assert again.attempts.tolist() == [1, 1, 1] and len(hosted.sent("/run_sse")) == 3


def test_what_the_service_asks_or_can_not_do_fails_its_row_alone(hosted, go):
    hosted.replies.extend([answer(), [sse(text("I can't do that."))], answer()])
    results = go(concurrency=1)
    assert results.status.tolist() == ["done", "failed", "done"]
    assert results.error_code["b"] == "plan" and "I can't do that." in results.error["b"]


def test_a_message_is_never_sent_twice_and_a_free_export_is(hosted, go):
    hosted.replies.extend(answer() for _ in range(3))
    hosted.faults["render"].extend([refusal(402, 402, "no exports")])
    first = go(concurrency=1)
    assert first.status.tolist() == ["failed", "done", "done"] and first.error_code["a"] == "402"
    second = go(concurrency=1)
    assert second.status.tolist() == ["done"] * 3
    assert len(hosted.sent("/run_sse")) == 3 and len(hosted.sessions) == 3
    assert second.credits.sum() == 6


def test_a_run_that_died_after_sending_looks_what_came_of_it(hosted, go, tmp_path):
    """What is left by a process that was killed between sending a message and hearing its answer."""
    import sqlite3

    hosted.replies.extend(answer() for _ in range(3))
    hosted.faults["render"].extend([refusal(402, 402, "no exports")] * 3)
    go(concurrency=1)
    with sqlite3.connect(tmp_path / "out/.reelframe/ledger.sqlite3") as db:
        db.execute("UPDATE tasks SET state='running', stage='asking', holder='elsewhere|1|1#dead'")
    db.close()
    nothing = next(iter(hosted.sessions))
    hosted.sessions[nothing]["draft"] = {"t": []}
    results = go(concurrency=1)
    assert results.status.tolist() == ["failed", "done", "done"] and len(hosted.sent("/run_sse")) == 3
    assert "sent by a run that was interrupted" in results.error["a"]
    hosted.replies.append(answer())
    assert go().status.tolist() == ["done"] * 3
    assert len(hosted.sent("/run_sse")) == 4, "only when the user runs it once more is it sent again"


def test_a_429_slows_the_run_down_and_loses_nothing(hosted, go):
    hosted.replies.extend(answer() for _ in range(3))
    slow = [refusal(429, 429, "slow down", **{"Retry-After": "0"})] * 2
    hosted.faults["session"].extend(slow)
    hosted.faults["message"].extend(slow)
    results = go(concurrency=3)
    assert results.status.tolist() == ["done"] * 3
    refused = 2
    assert len(hosted.sent("/run_sse")) == 3 + refused and len(hosted.renders) == 3


def test_max_credits_is_not_passed_by_all_runs_together(hosted, go):
    hosted.replies.extend(answer() for _ in range(3))
    results = go(max_credits=5, concurrency=4)
    assert sorted(results.status) == ["done", "done", "waiting"]
    assert results.credits.sum() == 4
    assert results.budget_spent.iloc[-1] == 4 and results.budget_left.iloc[-1] == 1
    assert "Stopped before max_credits=5" in results.attrs["stopped"]
    assert go(max_credits=5).status.value_counts()["done"] == 2
    assert len(hosted.sent("/run_sse")) == 2
    assert go(max_credits=6).status.tolist() == ["done"] * 3


def test_what_is_paid_is_fetched_when_nothing_more_may_be_spent(hosted, go):
    hosted.replies.extend(answer() for _ in range(3))
    hosted.faults["render"].extend([refusal(402, 402, "no exports")])
    assert go(concurrency=1).status.tolist() == ["failed", "done", "done"]
    results = go(concurrency=1, max_credits=6)
    assert results.status.tolist() == ["done"] * 3
    assert results.credits.sum() == 6 and len(hosted.sent("/run_sse")) == 3


def test_a_row_that_was_taken_over_is_not_asked_for_twice(hosted, go, tmp_path, monkeypatch):
    """Its lease was over, because the machine slept: another process has the row, and sends the message."""
    import sqlite3

    from reelframe.runs.ledger import Ledger

    hosted.replies.extend(answer() for _ in range(3))
    noted = Ledger.note

    def slept(ledger, key, holder, **columns):
        if columns.get("stage") == "asking" and not taken:
            taken.append(key)
            with sqlite3.connect(tmp_path / "out/.reelframe/ledger.sqlite3") as db:
                db.execute("UPDATE tasks SET holder='elsewhere|1|1#dead' WHERE key=?", (key,))
            db.close()
        return noted(ledger, key, holder, **columns)

    taken = []
    monkeypatch.setattr(Ledger, "note", slept)
    results = go(concurrency=1)
    assert results.status.tolist() == ["done"] * 3
    assert len(taken) == 1
    assert len(hosted.sent("/run_sse")) == 3


def test_no_credits_left_stops_the_run(hosted, go):
    hosted.faults["message"].append(refusal(2001, 200, "no credits"))
    hosted.replies.extend(answer() for _ in range(3))
    results = go(concurrency=1)
    assert results.status.tolist() == ["failed", "waiting", "waiting"] and results.error_code["a"] == "2001"


def test_urls_are_handed_to_the_service(hosted, go, products):
    hosted.replies.extend(answer() for _ in range(3))
    products["photo"] = "https://pictures.example/mug.jpg"
    results = go(intro=rf.runs.sample_logo(), concurrency=1)
    assert results.status.tolist() == ["done"] * 3
    assert [what for what, *_ in hosted.uploads] == ["logo.png", "url"] * 3


def test_presets_are_said_in_words_where_there_are_none(hosted, go):
    hosted.replies.extend(answer() for _ in range(3))
    assert go(preset="tiktok").status.tolist() == ["done"] * 3
    assert all(words.endswith(", make it 1080x1920") for words in prompts(hosted))


def test_an_awaitable_batch_on_the_callers_own_loop(hosted, products, tmp_path):
    hosted.replies.extend(answer() for _ in range(3))
    server = Server("http://hosted.test", transport=InProcessTransport(hosted.app), name="fake")
    results = asyncio.run(
        rf.abatch(products, "a video", "photo", tmp_path / "out", backend=server, client=TOKEN, progress=False)
    )
    assert results.status.tolist() == ["done"] * 3


def test_the_embedded_server_charges_each_row_once(products, tmp_path):
    app = create_app(home=tmp_path / "server", token="secret-token-1", credits=True)
    with serving(app) as url:
        options = {
            "backend": url, "client": {"token": "secret-token-1"}, "progress": False, "max_credits": 2,
            "output": {"width": 96, "height": 64, "fps": 5},
        }  # fmt: skip
        check = rf.batch(products, "a 1-second video without music", "photo", tmp_path / "out", check=True, **options)
        assert check.credits.tolist() == [1, 1, 1]
        first = rf.batch(products, "a 1-second video without music", "photo", tmp_path / "out", **options)
        assert sorted(first.status) == ["done", "done", "waiting"] and first.credits.sum() == 2
        options["max_credits"] = None
        results = rf.batch(products, "a 1-second video without music", "photo", tmp_path / "out", **options)
        with rf.Client(url, token="secret-token-1") as client:
            spent = client.credits().total - client.credits().available
    assert results.status.tolist() == ["done"] * 3 and results.credits.tolist() == [1, 1, 1]
    assert results.width.tolist() == [96] * 3 and results.duration_s.tolist() == [1] * 3
    assert spent in {0, 3}
    assert isinstance(results, pd.DataFrame)
