"""The way to an app in this process: as prompt, as patient and as final as a real connection."""

# ruff: noqa: ARG001 -- an ASGI app takes three arguments

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from reelframe.client.inprocess import InProcessTransport, UnfinishedAnswerError

START = {"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]}


def body(data: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


async def ask(app: Any, *data: bytes, path: bytes = b"/") -> Any:
    return await InProcessTransport(app).open("POST", "http", "h", None, path, [(b"X-B", b"2")], pieces(*data))


async def test_the_first_chunk_comes_at_once() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(body(b"one"))
        await asyncio.sleep(1)
        await send(body(b"two", more=False))

    start, times = time.monotonic(), []
    answer = await ask(app)
    async for chunk in answer.chunks:
        times.append((chunk, time.monotonic() - start))
    await answer.close()
    assert [c for c, _ in times] == [b"one", b"two"]
    assert times[0][1] < 0.5
    assert times[1][1] > 0.9


async def test_the_scope_and_the_body_are_the_requests() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        got = []
        while True:
            message = await receive()
            got.append(message["body"])
            if not message["more_body"]:
                break
        await send(START)
        facts = [
            scope["method"],
            scope["path"],
            scope["raw_path"].decode(),
            scope["query_string"].decode(),
            b"".join(got).decode(),
        ]
        await send(
            body(json.dumps([*facts, [[k.decode(), v.decode()] for k, v in scope["headers"]]]).encode(), more=False)
        )

    answer = await ask(app, b"ab", b"c", path=b"/a%20b/%E4%B8%AD?q=%20x")
    facts = json.loads(b"".join([c async for c in answer.chunks]))
    await answer.close()
    assert facts == ["POST", "/a b/中", "/a%20b/%E4%B8%AD", "q=%20x", "abc", [["x-b", "2"]]]
    assert (answer.status, answer.headers) == (200, [(b"x-a", b"1")])


@pytest.mark.parametrize("listens", [True, False])
async def test_when_the_reader_leaves_the_app_ends(listens: bool) -> None:
    ended: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await send(START)
        await send(body(b"one"))
        try:
            if listens:
                ended.append((await receive())["type"])
            else:
                await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    answer = await ask(app, b"x")
    assert await anext(answer.chunks) == b"one"
    start = time.monotonic()
    await answer.close()
    assert ended == (["http.disconnect"] if listens else ["cancelled"])
    assert time.monotonic() - start < 3


async def test_cancelling_the_asker_ends_the_app() -> None:
    ended = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    task = asyncio.ensure_future(ask(app))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_fast_app_waits_for_a_slow_reader() -> None:
    sent = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal sent
        await send(START)
        for _ in range(200):
            await send(body(b"x" * 1000))
            sent += 1
        await send(body(b"", more=False))

    answer = await ask(app)
    await asyncio.sleep(0.05)
    assert 0 < sent < 20
    got = [chunk async for chunk in answer.chunks]
    await answer.close()
    assert (len(got), sent) == (200, 200)


async def test_a_reader_that_leaves_frees_a_waiting_app() -> None:
    errors: list[type[BaseException]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        try:
            while True:
                await send(body(b"x"))
        except BaseException as error:
            errors.append(type(error))
            raise

    answer = await ask(app)
    await asyncio.sleep(0.02)
    start = time.monotonic()
    await answer.close()
    assert errors == [OSError]
    assert time.monotonic() - start < 0.9


async def test_failing_before_the_answer_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("secret of the app")

    answer = await ask(app)
    text = b"".join([c async for c in answer.chunks])
    await answer.close()
    assert (answer.status, text) == (500, b"Internal Server Error")
    assert "The app failed" in caplog.text


async def test_saying_nothing_is_a_500() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        return None

    answer = await ask(app)
    await answer.close()
    assert answer.status == 500


@pytest.mark.parametrize("raises", [True, False])
async def test_failing_later_breaks_the_answer_off(raises: bool) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(body(b"one"))
        if raises:
            raise RuntimeError("late")

    answer = await ask(app)
    got = []
    with pytest.raises(UnfinishedAnswerError):
        async for chunk in answer.chunks:
            got.append(chunk)
    await answer.close()
    assert got == [b"one"]


async def test_a_request_that_fails_on_the_way_says_why() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise ValueError("the file is gone")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["type"] == "http.request":
            pass

    with pytest.raises(ValueError, match="the file is gone"):
        await InProcessTransport(app).open("POST", "http", "h", None, b"/", [], broken())
    assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []


def test_one_transport_serves_several_loops() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(START)
        await send(body(b"ok", more=False))

    transport = InProcessTransport(app)

    async def once() -> bytes:
        answer = await transport.open("GET", "http", "h", None, b"/", [], pieces())
        try:
            return b"".join([c async for c in answer.chunks])
        finally:
            await answer.close()

    assert [asyncio.run(once()) for _ in range(3)] == [b"ok"] * 3
