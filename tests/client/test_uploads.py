"""Handing files over: what is accepted, in which order, how much memory it takes."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_hosted import Hosted, refusal
from hypothesis import given
from hypothesis import strategies as st
from served import TIMING

from reelframe import errors
from reelframe.client import AsyncClient, Progress, Server
from reelframe.client.convoy import Load, Traffic, convoy
from reelframe.client.uploads import File, Link, batches, expand, multipart

Connect = Callable[..., AsyncClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 50
JPG = b"\xff\xd8\xff\xe0" + b"photo" * 50


@pytest.fixture
def photos() -> Path:
    folder = Path("photos")
    folder.mkdir()
    for name, data in [("b.jpg", JPG), ("a.png", PNG), ("C.JPG", JPG), ("notes.txt", b"x"), (".hidden.jpg", JPG)]:
        (folder / name).write_bytes(data)
    (folder / "sub.jpg").mkdir()
    return folder


async def test_every_kind_of_source_in_order(server: Server, hosted: Hosted, photos: Path) -> None:
    with (photos / "b.jpg").open("rb") as opened:
        async with AsyncClient(server, token="given-token-123", timing=TIMING) as client:
            session = await client.create_session()
            media = await session.upload(
                photos, str(photos / "b.jpg"), ("named.png", PNG), "https://example.com/x.jpg?y=1", opened,
                [photos / "a.png", ('é "q".png', PNG)],
            )  # fmt: skip
    names = ["C.JPG", "a.png", "b.jpg", "b.jpg", "named.png", "x.jpg", "b.jpg", "a.png", 'é "q".png']
    assert [m.name for m in media] == names
    sent = [(n, d) for n, d, _ in hosted.uploads]
    sha = {k: hashlib.sha256(v).hexdigest() for k, v in (("png", PNG), ("jpg", JPG))}
    assert sent[:5] == [
        ("C.JPG", sha["jpg"]),
        ("a.png", sha["png"]),
        ("b.jpg", sha["jpg"]),
        ("b.jpg", sha["jpg"]),
        ("named.png", sha["png"]),
    ]
    assert sent[5] == ("url", "https://example.com/x.jpg?y=1")
    assert [d for _, d in sent[6:]] == [sha["jpg"], sha["png"], sha["png"]]
    assert hosted.sent("/api/upload-video")[1] == {"urls": ["https://example.com/x.jpg?y=1"], "source_type": "url"}


BAD: list[tuple[Any, type[Exception], str]] = [
    ("missing.jpg", errors.MediaError, "no such file"),
    ("notes.txt", errors.UnsupportedMediaError, "txt"),
    ("empty.jpg", errors.MediaError, "empty"),
    ("playlist.mp4", errors.UnsupportedMediaError, "playlist.mp4"),
    ("huge.mp4", errors.FileTooLargeError, "500"),
    ("folder", errors.MediaError, "no media"),
    (b"bytes", errors.MediaError, "name"),
    (42, errors.MediaError, "int"),
    (None, errors.MediaError, "NoneType"),
    (("x.exe", b"MZ"), errors.UnsupportedMediaError, "x.exe"),
    (io.BytesIO(PNG), errors.MediaError, "name"),
]


@pytest.mark.parametrize(("source", "error", "words"), BAD)
async def test_what_is_refused_before_a_byte_is_sent(
    connect: Connect, hosted: Hosted, source: Any, error: type[Exception], words: str
) -> None:
    Path("folder").mkdir()
    Path("notes.txt").write_bytes(b"x")
    Path("empty.jpg").write_bytes(b"")
    Path("playlist.mp4").write_bytes(b"#EXTM3U\nfile:///etc/passwd\n")
    Path("good.png").write_bytes(PNG)
    with Path("huge.mp4").open("wb") as file:
        file.truncate(501 * 1024 * 1024)
    async with connect() as client:
        session = await client.create_session()
        with pytest.raises(error, match=words):
            await session.upload("good.png", source)
    assert hosted.sent("/api/upload-video") == []


async def test_progress_in_bytes(connect: Connect) -> None:
    Path("big.png").write_bytes(PNG + b"x" * 1_000_000)
    seen: list[Progress] = []
    async with connect() as client:
        session = await client.create_session()
        await session.upload("big.png", ("small.png", PNG), on_progress=seen.append)
    fractions = [p.fraction for p in seen]
    assert fractions == sorted(fractions)  # type: ignore[type-var]
    assert fractions[-1] == 1.0
    assert len(fractions) > 4
    assert seen[0].text.startswith("big.png: ")


@pytest.mark.parametrize("code", [1001, 1002, 429])
async def test_refused_uploads_are_sent_once_more_whole(connect: Connect, hosted: Hosted, code: int) -> None:
    hosted.faults["upload"].append(refusal(code))
    async with connect(token=None) as client:
        session = await client.create_session(language="en")
        stream = io.BytesIO(b"junk" + PNG)
        stream.name = "a.png"
        stream.seek(4)
        await session.upload(stream)
    assert [(n, s) for n, _, s in hosted.uploads] == [("a.png", len(PNG))]


@pytest.mark.parametrize(("code", "error"), [(4001, errors.UnsupportedMediaError), (4002, errors.FileTooLargeError)])
async def test_the_servers_own_refusals(
    connect: Connect, hosted: Hosted, code: int, error: type[errors.APIError]
) -> None:
    hosted.faults["upload"].append(refusal(code, message="a.png is odd"))
    async with connect() as client:
        session = await client.create_session()
        with pytest.raises(error, match=r"a\.png is odd") as caught:
            await session.upload(("a.png", PNG))
    assert caught.value.code == code
    assert isinstance(caught.value, errors.MediaError)
    assert len(hosted.sent("/api/upload-video")) == 1


async def test_a_lost_upload_is_not_repeated(connect: Connect, hosted: Hosted) -> None:
    from starlette.responses import Response

    hosted.faults["upload"].append(Response("bad gateway", 502))
    async with connect() as client:
        session = await client.create_session()
        with pytest.raises(errors.ServerError):
            await session.upload(("a.png", PNG))
    assert len(hosted.sent("/api/upload-video")) == 1


async def test_a_file_that_shrinks_on_the_way_is_named(connect: Connect) -> None:
    path = Path("a.png")
    path.write_bytes(PNG + b"x" * 3_000_000)

    def shrink(_: Progress) -> None:
        path.write_bytes(PNG)

    async with connect() as client:
        session = await client.create_session()
        with pytest.raises(errors.MediaError, match="shorter"):
            await session.upload(path, on_progress=shrink)
        assert await client.credits()


async def test_roles_go_along_or_into_words(connect: Connect, hosted: Hosted) -> None:
    async with connect() as client:
        session = await client.create_session(language="en")
        await session.upload(("logo.png", PNG), role="logo")
        await session.ask("make a video")
    assert hosted.sent("/run_sse")[0]["new_message"]["parts"][0]["text"] == "(logo.png is the logo.) make a video"


async def test_a_large_file_never_sits_in_memory(live: str, hosted: Hosted) -> None:
    import tracemalloc

    size = 64 << 20
    with Path("big.mp4").open("wb") as file:
        file.write(b"\x00\x00\x00\x18ftypmp42")
        file.truncate(size)
    async with AsyncClient(live, token="given-token-123", timing=TIMING) as client:
        session = await client.create_session()
        tracemalloc.start()
        try:
            await session.upload("big.mp4")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert hosted.uploads[0][2] == size
    assert peak < 16 << 20


@given(
    st.lists(st.binary(min_size=1, max_size=700_000), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["role"]), st.just("logo")),
)
async def test_the_length_is_what_is_sent(contents: list[bytes], fields: dict[str, str]) -> None:
    counted: list[int] = []
    files = [File(f"{n}.png", len(c), lambda c=c: io.BytesIO(c)) for n, c in enumerate(contents)]  # type: ignore[misc]
    body = multipart(files, fields, lambda _, n: counted.append(n))
    sent = b"".join([piece async for piece in body.pieces()])
    assert len(sent) == body.length
    assert sum(counted) == sum(map(len, contents))


def test_batches_keep_the_order() -> None:
    def file(n: int) -> File:
        return File(f"{n}.png", 1, io.BytesIO)

    items = [*(file(n) for n in range(45)), Link("http://x/a.png"), Link("http://x/b.png"), file(99)]
    made = list(batches(items))
    assert [kind for kind, _ in made] == ["files", "files", "files", "urls", "files"]
    assert [item for _, batch in made for item in batch] == items


@pytest.fixture
def small_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file in a request of its own."""
    monkeypatch.setattr("reelframe.client.uploads._FILES", 1)


def watch(hosted: Hosted, count: int, **answers: Any) -> list[int]:
    """How many files were whole on the server at the moment when each request began."""
    begun: list[int] = []

    def note(_: Any, number: int) -> Any:
        begun.append(len(hosted.uploads))
        return answers.get(f"n{number}")

    hosted.faults["upload"] += [lambda r, n=n: note(r, n) for n in range(count)]
    return begun


@pytest.mark.usefixtures("small_loads")
async def test_several_files_travel_at_once_and_arrive_in_order(server: Server, hosted: Hosted) -> None:
    begun = watch(hosted, 9)
    sources: list[Any] = [(f"{n}.png", PNG + bytes([n]) * (700_000 // (n % 4 + 1))) for n in range(8)]
    # The first is by far the largest: the others are on their way long before it is whole.
    sources[0] = ("0.png", PNG + bytes(6_000_000))
    sources.insert(5, "https://example.com/x.jpg")
    async with AsyncClient(server, token="given-token-123", timing=TIMING) as client:
        session = await client.create_session()
        media = await session.upload(*sources)
    names = [f"{n}.png" for n in range(8)]
    assert [m.name for m in media] == [*names[:5], "x.jpg", *names[5:]]
    assert [n for n, _, _ in hosted.uploads] == [*names[:5], "url", *names[5:]]
    # Several were on their way before the first one was whole.
    assert begun[:4] == [0, 0, 0, 0]
    # The URL waits for everything before it, and everything behind it for the URL.
    assert begun[5:7] == [5, 6]


@pytest.mark.usefixtures("small_loads")
async def test_nothing_behind_a_refused_file_is_taken(connect: Connect, hosted: Hosted) -> None:
    watch(hosted, 5, n2=refusal(4001, message="c.png is odd"))
    async with connect() as client:
        session = await client.create_session()
        with pytest.raises(errors.UnsupportedMediaError, match=r"c\.png is odd"):
            await session.upload(*((f"{n}.png", PNG + b"x" * 900_000) for n in "abcde"))
        assert [n for n, _, _ in hosted.uploads] == ["a.png", "b.png"]
        assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []
        hosted.faults.clear()
        assert [m.name for m in await session.upload(("f.png", PNG))] == ["f.png"]


@pytest.mark.usefixtures("small_loads")
async def test_cancelling_an_upload_of_several_leaves_nothing(connect: Connect, hosted: Hosted) -> None:
    began = asyncio.Event()
    async with connect() as client:
        session = await client.create_session()

        def seen(_: Progress) -> None:
            began.set()

        files = [(f"{n}.png", PNG + b"x" * 2_000_000) for n in range(4)]
        task = asyncio.ensure_future(session.upload(*files, on_progress=seen))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []
        assert hosted.uploads == []
        assert (await client.credits()).total == 100


@given(st.lists(st.tuples(st.integers(1, 40 << 20), st.booleans(), st.booleans()), max_size=8))
async def test_a_convoy_ends_in_order(loads: list[tuple[int, bool, bool]]) -> None:
    """Whatever their sizes, whoever waits and whoever fails: taken is what stands before the first failure."""
    traffic = Traffic(lambda *_: None)
    taken: list[int] = []
    fails = [n for n, (_, _, fail) in enumerate(loads) if fail]

    async def send(number: int, before_end: Callable[[], Any]) -> int:
        traffic.restart(number)
        for _ in range(4):
            await asyncio.sleep(0)
            traffic.add(number, "", loads[number][0] // 4)
        if loads[number][2]:
            raise errors.MediaError(str(number))
        await before_end()
        taken.append(number)
        return number

    made = [
        Load(size, lambda end, n=n: send(n, end), patient=patient)  # type: ignore[misc]
        for n, (size, patient, _) in enumerate(loads)
    ]
    if fails:
        with pytest.raises(errors.MediaError, match=f"^{fails[0]}$"):
            await convoy(made, traffic)
    else:
        assert await convoy(made, traffic) == list(range(len(loads)))
    assert taken == list(range(fails[0] if fails else len(loads)))
    assert len(asyncio.all_tasks()) == 1


def test_streams_that_can_be_read_once() -> None:
    class Pipe(io.BytesIO):
        name = "p.png"

        def seekable(self) -> bool:
            return False

    (item,) = expand([Pipe(PNG)])
    assert isinstance(item, File)
    assert [item.open().read(), item.open().read()] == [PNG, PNG]


@pytest.mark.slow
async def test_500_mb_never_sit_in_memory(live: str, hosted: Hosted) -> None:
    import resource

    size = 500 << 20
    with Path("big.mp4").open("wb") as file:
        file.write(b"\x00\x00\x00\x18ftypmp42")
        file.truncate(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with AsyncClient(live, token="given-token-123", timing=TIMING) as client:
        session = await client.create_session()
        await session.upload("big.mp4")
    assert hosted.uploads[0][2] == size
    # Kilobytes; the server of this test is in the same process and spools to the disk.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000
