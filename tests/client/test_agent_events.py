"""What the agent's events mean: folding, hiding, failing, without any network."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.client.agent_events import AgentEvents, Failure
from reelframe.client.events import Action, Asked, Progress, Text, Working
from reelframe.client.sse import ServerSentEvent
from reelframe.errors import ProtocolError


def part(**part: Any) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": [part]}, "author": "a"}


def text(words: str, **more: Any) -> dict[str, Any]:
    return part(text=words) | more


def read(*events: Any) -> list[Any]:
    agent = AgentEvents()
    out: list[Any] = []
    for event in events:
        data = event if isinstance(event, str) else json.dumps(event)
        out += agent.feed(ServerSentEvent(data))
    return out + list(agent.finish())


def shown(items: list[Any]) -> str:
    return "".join(i.text for i in items if isinstance(i, Text))


SORRY = "I encountered a temporary issue. Please try again later."
# what comes, what the user reads
TEXTS: list[tuple[str, list[Any], str]] = [
    ("whole", [text("Hello.")], "Hello."),
    ("pieces, then the whole", [text("Hel", partial=True), text("lo.", partial=True), text("Hello.")], "Hello."),
    ("pieces, then more than them", [text("Hel", partial=True), text("Hello there.")], "Hello there."),
    ("pieces and no whole", [text("Hel", partial=True), text("lo.", partial=True)], "Hello."),
    ("trimmed", [text("Hello. ", partial=True), text("Hello.")], "Hello. "),
    ("two answers", [text("A", partial=True), text("A."), text(" B", partial=True), text(" B.")], "A. B."),
    ("the same answer twice is said twice", [text("Yes. "), text("Yes. ")], "Yes. Yes. "),
    ("parts are joined", [{"content": {"parts": [{"text": "a"}, {"text": "b"}]}}], "ab"),
    ("thoughts are hidden", [part(text="hmm", thought=True), text("Hello.")], "Hello."),
    ("pieces around a call", [text("First. ", partial=True), text("First. "), part(functionCall={"name": "x"}),
                              text("Second.", partial=True), text("Second.")], "First. Second."),
    ("two authors at once", [text("a1 ", partial=True) | {"author": "a"}, text("b1 ", partial=True) | {"author": "b"},
                             text("a1 ") | {"author": "a"}, text("b1 ") | {"author": "b"}], "a1 b1 "),
    ("a trailing apology goes", [text("Done. "), text(SORRY)], "Done. "),
    ("in the same text", [text(f"Done. {SORRY}")], "Done. "),
    ("in pieces", [text("Done. ", partial=True), *[text(c, partial=True) for c in SORRY], text(f"Done. {SORRY}")], "Done. "),
    ("an apology alone stays", [text(SORRY)], SORRY),
    ("an apology that was overcome stays", [text("Done. "), text(f"{SORRY} "), text("All good now.")], f"Done. {SORRY} All good now."),
    ("half an apology is no apology", [text("I encountered a tempo change.")], "I encountered a tempo change."),
    ("empty", [{}, {"content": None}, {"content": {"parts": None}}, {"content": {"parts": []}}, text("")], ""),
    ("heartbeats", ["", "   ", "[DONE]", {"type": "heartbeat"}], ""),
    ("garbage among texts is skipped", [text("A."), "{oops", "[1]", "null", text("B.")], "A.B."),
]  # fmt: skip


@pytest.mark.parametrize(("events", "expected"), [c[1:] for c in TEXTS], ids=[c[0] for c in TEXTS])
def test_texts(events: list[Any], expected: str) -> None:
    assert shown(read(*events)) == expected


@given(st.text(min_size=1, max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_a_text_in_pieces_is_shown_once(words: str, cuts: list[int]) -> None:
    edges = sorted({0, len(words), *(min(c, len(words)) for c in cuts)})
    pieces = [text(words[a:b], partial=True) for a, b in itertools.pairwise(edges)]
    assert shown(read(*pieces, text(words))) == words


TOOLS = [{"functionCall": {"name": "render_secret", "args": {"path": "hidden_arg"}}},
         {"function_call": {"name": "render_secret", "args": {"path": "hidden_arg"}}},
         {"functionResponse": {"name": "render_secret", "response": {"x": "hidden_arg"}}},
         {"function_response": {"name": "render_secret", "response": {"x": "hidden_arg"}}}]  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_tools_are_a_bare_sign_of_life(tool: dict[str, Any]) -> None:
    items = read(part(**tool))
    assert items == [Working("")]
    assert "secret" not in repr(items)
    assert "hidden" not in repr(items)


FAILURES: list[tuple[Any, int | None, str]] = [
    ({"error": "boom"}, None, "boom"),
    ({"error": "boom", "error_details": "more"}, None, "boom more"),
    ({"error": {"code": 429, "message": "slow down"}}, 429, "slow down"),
    ({"error": "out", "errorCode": "2001"}, 2001, "out"),
    ({"errorCode": "SAFETY", "errorMessage": "blocked"}, None, "blocked (SAFETY)"),
    ({"error_code": 1001, "error_message": "expired"}, 1001, "expired"),
    ({"code": 1002, "message": "gone"}, 1002, "code 1002"),
    ({"error": "Session not found: s1"}, 1002, "Session not found: s1"),
]


@pytest.mark.parametrize(("event", "code", "words"), FAILURES)
def test_errors_in_the_stream(event: Any, code: int | None, words: str) -> None:
    assert read(event) == [Failure(code, words, first=True)]
    assert read(text("x"), event)[-1] == Failure(code, words, first=False)


@pytest.mark.parametrize("event", [text("x") | {"errorCode": None, "error": None}, text("x") | {"code": 0},
                                   text("x") | {"errorCode": "STOP"}])  # fmt: skip
def test_what_is_no_error(event: Any) -> None:
    assert read(event) == [Text("x")]


def own(**mine: Any) -> dict[str, Any]:
    return {"customMetadata": {"reelframe": mine}}


OWN: list[tuple[Any, list[Any]]] = [
    (text("Which one?") | own(kind="question", choices=["a", "b"]), [Asked("Which one?", ("a", "b"))]),
    (text("Which?") | {"custom_metadata": {"reelframe": {"kind": "question"}}}, [Asked("Which?", ())]),
    (own(kind="progress", stage="render", fraction=0.4, text="Rendering"), [Progress("render", 0.4, "Rendering")]),
    (own(kind="progress", stage="plan"), [Progress("plan", None, "")]),
    (own(kind="progress", fraction=7), [Progress("work", 1.0, "")]),
    (own(kind="action", action="export", args={"preset": "tiktok"}), [Action("export", {"preset": "tiktok"})]),
    (own(kind="something new"), []),
    (text("ho") | {"customMetadata": {"other": 1}}, [Text("ho")]),
    (text("ho") | {"customMetadata": "x"}, [Text("ho")]),
]


@pytest.mark.parametrize(("event", "items"), OWN)
def test_own_events(event: Any, items: list[Any]) -> None:
    assert read(event) == items


def test_nothing_but_garbage_is_an_error() -> None:
    with pytest.raises(ProtocolError):
        read("{oops", "garbage")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["content", "parts", "text", "error", "errorCode", "customMetadata", "reelframe",
                                                       "kind", "choices", "fraction", "args", "partial", "code"]), inner, max_size=4),
                    max_leaves=12))  # fmt: skip
def test_no_json_breaks_it(value: Any) -> None:
    agent = AgentEvents()
    for item in agent.feed(ServerSentEvent(json.dumps(value))):
        assert isinstance(item, (Text, Working, Progress, Asked, Action, Failure))


def test_deep_json_is_garbage() -> None:
    with pytest.raises(ProtocolError):
        read("[" * 100_000)
