"""The event-stream decoder: the standard's own cases and ours, whole and byte by byte."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.client.sse import Decoder, ServerSentEvent
from reelframe.errors import ProtocolError

# A shared set of vectors, made from the web platform's tests, is read where it stands beside the project.
VECTORS = Path(__file__).parents[3] / "shared" / "prototypes" / "sse_vectors.json"

Expected = list[tuple[str, str, str]]
M = "message"
CASES: list[tuple[str, bytes, Expected]] = [
    ("one event", b"data: a\n\n", [(M, "a", "")]),
    ("no space", b"data:a\n\n", [(M, "a", "")]),
    ("only one space goes", b"data:  a \n\n", [(M, " a ", "")]),
    ("two lines", b"data: a\ndata: b\n\n", [(M, "a\nb", "")]),
    ("CRLF", b"data: a\r\n\r\n", [(M, "a", "")]),
    ("CR", b"data: a\r\r", [(M, "a", "")]),
    ("mixed", b"data: a\r\ndata: b\rdata: c\n\r\n", [(M, "a\nb\nc", "")]),
    ("CRLF is one end", b"data: a\r\ndata: b\r\n\r\n", [(M, "a\nb", "")]),
    ("CRLF then LF", b"data: a\r\n\ndata: b\r\n\n", [(M, "a", ""), (M, "b", "")]),
    ("BOM", b"\xef\xbb\xbfdata: a\n\n", [(M, "a", "")]),
    ("BOM once", b"\xef\xbb\xbf\xef\xbb\xbfdata: a\n\ndata: b\n\n", [(M, "b", "")]),
    ("comment", b": hello\ndata: a\n\n", [(M, "a", "")]),
    ("only comments", b": heartbeat\n\n: heartbeat\n\n", []),
    ("event", b"event: ping\ndata: a\n\ndata: b\n\n", [("ping", "a", ""), (M, "b", "")]),
    ("event without data", b"event: ping\n\ndata: b\n\n", [(M, "b", "")]),
    ("empty data", b"data\n\n", [(M, "", "")]),
    ("empty data lines", b"data:\ndata:\n\n", [(M, "\n", "")]),
    ("id stays", b"id: 1\ndata: a\n\ndata: b\n\n", [(M, "a", "1"), (M, "b", "1")]),
    ("id is reset", b"id: 1\ndata: a\n\nid\ndata: b\n\n", [(M, "a", "1"), (M, "b", "")]),
    ("id with NUL is ignored", b"id: 1\x00\ndata: a\n\n", [(M, "a", "")]),
    ("unknown field", b"foo: 1\ndata: a\n\n", [(M, "a", "")]),
    ("colons", b"data: a: b:c\n\n", [(M, "a: b:c", "")]),
    ("field names are exact", b" data: a\nData: b\ndata : c\n\n", []),
    ("cut off", b"data: a\n\ndata: b\n", [(M, "a", "")]),
    ("separators inside a line", "data: a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg\n\n".encode(),
     [(M, "a\u2028b\u2029c\u0085d\x0be\x0cf\x1cg", "")]),
    ("characters of 2 to 4 bytes", "data: é中🎬\n\n".encode(), [(M, "é中🎬", "")]),
    ("broken UTF-8", b"data: a\xff\xc3\n\n", [(M, "a\ufffd\ufffd", "")]),
    ("NUL in data", b"data: \x00\n\n", [(M, "\x00", "")]),
]  # fmt: skip


def decode(data: bytes, size: int) -> Expected:
    decoder = Decoder()
    out: list[ServerSentEvent] = []
    for start in range(0, len(data), size):
        out += decoder.feed(data[start : start + size])
    return [(e.event, e.data, e.id) for e in out]


@pytest.mark.parametrize("size", [1, 2, 3, 10_000])
@pytest.mark.parametrize(("data", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_cases(data: bytes, expected: Expected, size: int) -> None:
    assert decode(data, size) == expected


def test_shared_vectors() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.exists() else []
    for vector in vectors:
        for size in (1, 3, 10_000):
            got = [list(e) for e in decode(bytes.fromhex(vector["hex"]), size)]
            assert got == vector["expect"], (vector["name"], size)


@given(st.lists(st.sampled_from([b"data", b":", b" ", b"\r", b"\n", b"\r\n", b"id", b"event", "é".encode(), b"\xef\xbb\xbf", b"x"]),
                max_size=40), st.integers(1, 5))  # fmt: skip
def test_the_cut_never_matters(parts: list[bytes], size: int) -> None:
    data = b"".join(parts)
    assert decode(data, size) == decode(data, len(data) or 1)


@pytest.mark.parametrize(("data", "retry"), [(b"retry: 5000\n\n", 5000), (b"retry: -1\n\n", None), (b"retry: 1x\n\n", None),
                                             ("retry: ١\n\n".encode(), None), (b"retry:\n\n", None)])  # fmt: skip
def test_retry(data: bytes, retry: int | None) -> None:
    decoder = Decoder()
    assert list(decoder.feed(data)) == []
    assert decoder.retry == retry


@pytest.mark.parametrize(("data", "unfinished"), [(b"", False), (b"data: a\n\n", False), (b"data: a\n", True), (b"data: a", True),
                                                  (b": beat\n", False), (b"data: a\r\r", False), (b"data: a\r\n\r", False)])  # fmt: skip
def test_unfinished(data: bytes, unfinished: bool) -> None:
    decoder = Decoder()
    list(decoder.feed(data))
    assert decoder.unfinished is unfinished


def test_events_of_10_mb_in_linear_time() -> None:
    def took(megabytes: int) -> float:
        payload = b"data: " + b"x" * (megabytes << 20) + b"\n\n"
        decoder, start, events = Decoder(), time.perf_counter(), []
        for at in range(0, len(payload), 4096):
            events += decoder.feed(payload[at : at + 4096])
        assert [len(e.data) for e in events] == [megabytes << 20]
        return time.perf_counter() - start

    took(1)
    assert took(10) < 70 * max(took(1), 0.002)


def test_many_small_pieces_in_linear_time() -> None:
    decoder, start = Decoder(), time.perf_counter()
    for _ in range(300_000):
        assert not list(decoder.feed(b"x"))
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize("data", [b"data: " + b"x" * 2000, b"data: x\n" * 400, b": " + b"x" * 2000])
def test_an_event_has_a_limit(data: bytes) -> None:
    decoder = Decoder(max_event=1000)
    with pytest.raises(ProtocolError):
        for at in range(0, len(data), 100):
            list(decoder.feed(data[at : at + 100]))


def test_the_limit_is_per_event() -> None:
    decoder = Decoder(max_event=1000)
    events = list(decoder.feed(b"data: xxxxxxxx\n\n" * 500))
    assert len(events) == 500
