"""The retry table, its deadlines, and what an answer means."""

from __future__ import annotations

import email.utils
import math
from collections import Counter
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.client.policy import TABLE, Decision, Endpoint, Outcome, Timing, decide
from reelframe.client.values import Capabilities, State
from reelframe.client.wire import code_of, find, outcome_of, retry_after

TIMING = Timing()
ENDPOINTS, OUTCOMES = get_args(Endpoint), get_args(Outcome)


def ask(endpoint: Any, outcome: Any, used: int = 0, elapsed: float = 0.0, wait: float | None = None) -> Decision | None:
    return decide(endpoint, outcome, used=Counter({outcome: used}), elapsed=elapsed, retry_after=wait, timing=TIMING)


def test_every_call_has_a_row_and_a_deadline() -> None:
    assert set(TABLE) == set(ENDPOINTS)
    assert all(0 < policy.deadline < math.inf for policy in TABLE.values())


@pytest.mark.parametrize("endpoint", ["message", "upload", "claim", "write"])
@pytest.mark.parametrize("outcome", ["lost", "busy", "server", "garbled", "refused"])
def test_a_write_whose_answer_was_lost_is_never_repeated(endpoint: str, outcome: str) -> None:
    assert ask(endpoint, outcome) is None


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e != "cancel"])
def test_what_never_left_may_be_sent(endpoint: str) -> None:
    assert ask(endpoint, "unreachable") is not None


@pytest.mark.parametrize("endpoint", ["message", "upload", "state", "render", "claim"])
@pytest.mark.parametrize(("outcome", "cure"), [("auth", "token"), ("session", "session"), ("rate_limit", "wait")])
def test_refusals_are_cured_once(endpoint: str, outcome: str, cure: str) -> None:
    first = ask(endpoint, outcome)
    assert first is not None
    assert first.cure == cure
    assert ask(endpoint, outcome, used=1) is None


def test_429_waits_as_long_as_it_is_told() -> None:
    assert ask("credits", "rate_limit") == Decision("wait", 30)
    assert ask("credits", "rate_limit", wait=2) == Decision("wait", 2)
    assert ask("credits", "rate_limit", wait=1000) is None


@given(st.sampled_from(ENDPOINTS), st.sampled_from(OUTCOMES), st.floats(0, 1e6), st.none() | st.floats(0, 1e6))
def test_no_call_outlives_its_deadline(endpoint: Any, outcome: Any, elapsed: float, wait: float | None) -> None:
    decision = ask(endpoint, outcome, elapsed=elapsed, wait=wait)
    assert decision is None or elapsed + decision.pause < TABLE[endpoint].deadline


@given(st.sampled_from(ENDPOINTS), st.lists(st.sampled_from(OUTCOMES), min_size=60, max_size=60))
def test_every_call_ends(endpoint: Any, outcomes: list[Any]) -> None:
    used: Counter[Any] = Counter()
    for _count, outcome in enumerate(outcomes):
        if decide(endpoint, outcome, used=used, elapsed=0, retry_after=None, timing=TIMING) is None:
            return
        used[outcome] += 1
    raise AssertionError(used)


def test_the_published_timing() -> None:
    assert Timing() == Timing(30, 30, 120, 600, 900, (30, 60, 60, 60, 60))
    quick = Timing.quick()
    assert quick.poll_interval == 0.2
    assert quick.recovery == (0.2, 0.5, 1, 2, 5)
    assert quick.silence_timeout == 600


@pytest.mark.parametrize(("data", "expected"), [
    ({}, Timing()), ({"poll_interval": 0.2}, Timing(poll_interval=0.2)), ({"poll_interval": "x", "recovery": []}, Timing()),
    ({"poll_interval": -1, "stream_timeout": 0}, Timing()), ({"poll_interval": True}, Timing()), ({"recovery": [1, 2]}, Timing(recovery=(1, 2))),
    ({"recovery": [1, "x"]}, Timing()), ({"poll_interval": math.inf}, Timing()), ({"unknown": 3}, Timing()),
])  # fmt: skip
def test_timing_from_the_wire(data: dict[str, Any], expected: Timing) -> None:
    assert Timing.from_wire(data) == expected


CODES: list[tuple[int, Any, int, str | None]] = [
    (200, {"code": 0}, 0, None), (200, {"status": "pending"}, 0, None), (200, None, 0, None), (200, [1], 0, None),
    (200, {"code": "0"}, 0, None), (200, {"code": 1001}, 1001, "auth"), (200, {"code": "1002"}, 1002, "session"),
    (401, None, 1001, "auth"), (429, None, 429, "rate_limit"), (200, {"code": 429}, 429, "rate_limit"), (402, None, 402, "refused"),
    (413, None, 4002, "refused"), (415, None, 4001, "refused"), (400, {"code": 400}, 400, "client_id"), (404, None, 404, "refused"),
    (404, {"detail": "Session not found"}, 1002, "session"), (500, None, 500, "server"), (503, "x", 503, "busy"),
    (502, {"code": 0}, 502, "busy"), (200, {"code": True}, 0, None), (200, {"code": None}, 0, None), (200, {"code": 77}, 77, "refused"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "payload", "code", "outcome"), CODES)
def test_codes(status: int, payload: Any, code: int, outcome: str | None) -> None:
    assert code_of(status, payload) == code
    assert outcome_of(status, code) == outcome


def test_retry_after_in_seconds_and_as_a_date() -> None:
    assert retry_after("120") == 120
    assert retry_after("1.5") == 1.5
    assert retry_after(email.utils.formatdate(1000, usegmt=True), now=970) == 30
    assert retry_after(email.utils.formatdate(1000, usegmt=True), now=2000) == 0
    for nonsense in (None, "", "soon", "nan", "inf", "-3x"):
        assert retry_after(nonsense) is None
    assert retry_after("-5") == 0


def test_values_are_found_in_either_place() -> None:
    assert find({"data": {"x": 1}}, "x") == 1
    assert find({"x": 1}, "x") == 1
    assert find({"data": {"x": None}, "x": 2}, "x") == 2
    assert find({"data": [1], "y": 0}, "x", "y") == 0
    assert find(None, "x") is None
    assert find({"data": {}}, "x") is None


def test_states_are_read_from_either_place() -> None:
    inner = {
        "draft": {"t": [], "k": 1},
        "canvas_config": {"width": 3},
        "video_infos": {"a": {"n": 1}},
        "can_undo": 2,
        "project": "p",
    }
    for data in ({"state": inner}, inner):
        state = State.from_wire(data)
        assert state.draft.to_wire() == {"t": [], "k": 1}
        assert (state.canvas_config, state.video_infos, state.can_undo, state.project) == (
            {"width": 3},
            ({"n": 1},),
            2,
            "p",
        )
    assert State.from_wire({"state": {"video_infos": "x", "canvas_config": 5, "can_undo": "y"}}) == State()


@given(st.dictionaries(st.sampled_from(["server", "features", "formats", "presets", "max_height", "timing", "credits_enforced"]),
                       st.none() | st.integers() | st.text() | st.lists(st.text() | st.integers()) | st.dictionaries(st.text(), st.integers())))  # fmt: skip
def test_any_capabilities_can_be_read(data: dict[str, Any]) -> None:
    found = Capabilities.from_wire(data)
    assert found.formats
    assert all(isinstance(f, str) for f in found.features)
