"""Names, platforms, languages: what is too small for a file of its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

import reelframe.client as client
from reelframe import errors
from reelframe.client.aio import platform_of
from reelframe.client.words import _WORDS, detect_language, locale_language, say


def test_every_public_name_is_there() -> None:
    assert client.__all__ == sorted(client.__all__)
    for name in client.__all__:
        assert getattr(client, name) is not None


EVENTS = [client.Action, client.Asked, client.Changed, client.CreditsShown, client.Exported, client.Notice, client.Progress,
          client.Text, client.TimelineShown, client.Uploaded, client.Working]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS)
def test_events_are_frozen_and_have_a_kind_and_a_text(event: Any) -> None:
    fields = {f.name for f in dataclasses.fields(event)}
    assert {"kind", "text"} <= fields
    assert event.__dataclass_params__.frozen


def test_kinds_tell_events_apart() -> None:
    kinds = [next(f.default for f in dataclasses.fields(e) if f.name == "kind") for e in EVENTS]
    assert len(set(kinds)) == len(EVENTS)


@pytest.mark.parametrize(("path", "platform"), [
    ("/home/a/.clawhub/skills/x/aio.py", "clawhub"), ("/home/a/.cursor/x", "cursor"), ("/opt/cursor/x", "cursor"),
    ("/usr/lib/python3/site-packages/reelframe/client/aio.py", "unknown"), ("/home/cursory/x", "unknown"),
])  # fmt: skip
def test_the_platform_is_told_from_the_path(path: str, platform: str) -> None:
    assert platform_of(Path(path)) == platform


@pytest.mark.parametrize(("text", "language"), [("make a video", "en"), ("做一个视频", "zh"), ("加上 logo", "zh"), ("9:16", None), ("", None),
                                                ("ビデオを作る", None), ("видео", None)])  # fmt: skip
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("lang", "language"), [("zh_CN.UTF-8", "zh"), ("de_DE", "de"), ("C.UTF-8", "en"), ("POSIX", "en")]
)
def test_the_language_of_the_locale(lang: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", lang)
    assert locale_language() == language


class Anything(dict[str, object]):
    def __missing__(self, key: str) -> object:
        return "x"


@pytest.mark.parametrize("key", _WORDS)
def test_everything_is_said_in_both_languages(key: str) -> None:
    english, chinese = _WORDS[key]
    assert english.format_map(Anything()) == say(
        key,
        "en",
        **Anything(
            dict.fromkeys("why changes path size available frozen total names message count what name".split(), "x")
        ),
    )
    assert chinese
    holes = lambda t: sorted(part.split("}")[0] for part in t.split("{")[1:])  # noqa: E731
    assert holes(english) == holes(chinese)


def test_a_server_never_shows_its_token() -> None:
    server = client.Server("http://x", token="nmv_usr_hidden")
    assert "hidden" not in repr(server)
    assert server == client.Server("http://x", token="nmv_usr_hidden")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The message is empty: nothing says what to do."), ("zh", "消息是空的")]
)
@pytest.mark.parametrize("message", ["", "  \n\t"])
async def test_an_empty_message_is_said_and_not_sent(
    connect: Any, hosted: Any, language: str, words: str, message: str
) -> None:
    async with connect() as c:
        session = await c.create_session(language=language)
        with pytest.raises(errors.PlanError, match=words) as caught:
            await session.ask(message)
        assert caught.value.hint
    assert hosted.sent("/run_sse") == []


def test_every_face_shows_its_options() -> None:
    """What Shift+Tab shows: no ``**options`` anywhere, and the same ones everywhere."""
    import inspect

    import reelframe as rf

    shown = []
    for face in (client.AsyncClient, client.Client, rf.AsyncClient, rf.Client):
        first, *rest = inspect.signature(face).parameters.values()
        assert first.name in {"server", "backend"}
        assert all(p.kind is p.KEYWORD_ONLY for p in rest)
        shown.append([(p.name, p.default, p.annotation.removeprefix("client.")) for p in rest])
        for parameter in rest:
            assert f"        {parameter.name}: " in (face.__doc__ or ""), parameter.name
    assert all(one == shown[0] for one in shown)
    assert ("timing", None, "Timing | None") in shown[0]
