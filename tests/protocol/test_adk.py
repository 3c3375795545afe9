"""google-adk's own server: what a real agent server of this kind says, is read rightly, in both styles."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from reelframe import errors
from reelframe.client import Changed, Text, Working

from .adk_words import ODD
from .peers import Style, client


@pytest.fixture
def session(adk_url: str, style: Style) -> Any:
    with client(style, adk_url, token="given-token-123", language="en") as c:
        yield c.create_session()


@pytest.fixture
def asked(adk_url: str) -> Callable[[], int]:
    """How many messages have reached the agent server since the test began."""

    def count() -> int:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{adk_url}/messages") as answer:
            return int(answer.read())

    before = count()
    return lambda: count() - before


def test_pieces_are_folded_and_tools_are_hidden(session: Any, asked: Callable[[], int]) -> None:
    events = list(session.send("combine these"))
    assert "".join(e.text for e in events if isinstance(e, Text)) == "I made a video."
    assert sum(isinstance(e, Working) for e in events) == 2
    assert "secret" not in repr(events)
    assert "hidden" not in repr(events)
    assert [e.text for e in events if isinstance(e, Changed)] == [""]
    assert asked() == 1


def test_a_silent_edit_is_described(session: Any) -> None:
    session.ask("combine these")
    assert session.ask("retitle it").text == 'Done: text "Urban Dreams" now reads "Night".'


def test_a_silent_answer_without_a_change_is_said(session: Any) -> None:
    assert session.ask("be silent").text.startswith("Nothing was said and nothing changed")


@pytest.mark.parametrize(("words", "shown"), [
    ("think about it", "Darker now."), ("apologise", "The title is blue."), ("what is up?", "Heard: what is up?"),
])  # fmt: skip
def test_what_is_shown(session: Any, words: str, shown: str) -> None:
    assert session.ask(words).text == shown


def test_long_and_odd_texts_arrive_whole(session: Any) -> None:
    assert session.ask("be long").text == ODD + "x" * 3_000_000


def test_the_first_words_are_there_before_the_last(session: Any) -> None:
    start, at = time.monotonic(), {}
    for event in session.send("wait a moment"):
        at.setdefault(event.text.strip(), time.monotonic() - start)
    assert at["Two."] - at["One."] > 0.3


@pytest.mark.parametrize(("words", "reason"), [("overload", "overloaded"), ("crash", "the agent has a bug")])
def test_what_fails_inside_the_stream_is_an_error_with_its_words(
    session: Any, asked: Callable[[], int], words: str, reason: str
) -> None:
    seen = []
    with pytest.raises(errors.ServerError, match=reason):
        for event in session.send(words):
            seen.append(event)
    assert "A moment." in "".join(e.text for e in seen)
    assert asked() == 1


def test_a_session_that_the_agent_server_does_not_know_is_made_anew(session: Any) -> None:
    session.state()
    inner = getattr(session, "_inner", session)
    known = session.id
    inner.id = "unknown"
    reply = session.ask("what is up?")
    assert "lost the session" in reply.text
    assert "Heard: what is up?" in reply.text
    assert session.id not in {known, "unknown"}
