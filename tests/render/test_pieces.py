"""Cutting into pieces, naming them, keeping them."""

from __future__ import annotations

import os
import threading
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.render.cache import Cache, pack, unpack
from reelframe.render.chunks import LONGEST_S, cuts, plan_chunks
from reelframe.render.composition import Composition, Shot, TextLayer
from reelframe.render.encode import Encoded, Packet
from reelframe.render.text import TextStyle
from reelframe.render.timeline import Timeline

packets = st.lists(
    st.builds(Packet, st.binary(max_size=50), st.integers(-10, 10**12), st.integers(-10, 10**12), st.booleans()),
    max_size=8,
)


@given(st.builds(Encoded, st.binary(max_size=60), packets.map(tuple)))
def test_what_is_kept_comes_back(encoded):
    assert unpack(pack(encoded)) == encoded


@given(st.builds(Encoded, st.binary(max_size=20), packets.map(tuple)), st.data())
def test_damage_is_noticed(encoded, data):
    whole = bytearray(pack(encoded))
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del whole[at:]
    assert unpack(bytes(whole)) is None


@st.composite
def compositions(draw):
    lengths = draw(st.lists(st.integers(1, 400), min_size=1, max_size=12))
    ends = np.cumsum(lengths).tolist()
    total = ends[-1]
    shots = tuple(Shot(a, b, color=(i % 256, 0, 0)) for i, (a, b) in enumerate(pairwise([0, *ends])))
    texts = []
    for start, length in draw(st.lists(st.tuples(st.integers(0, total), st.integers(1, 300)), max_size=6)):
        if start < total:
            texts.append(TextLayer(start, min(total, start + length), "x", "text", TextStyle(), adapt=False))
    return Composition(320, 180, 30, total, shots=shots, texts=tuple(texts))


@given(compositions())
def test_pieces_cover_everything_once_and_none_is_too_long(c):
    at = cuts(c)
    assert at[0] == 0 and at[-1] == c.frames
    assert all(0 < b - a <= LONGEST_S * 30 for a, b in pairwise(at))


@given(compositions())
def test_pieces_are_short_only_where_they_must_be(c):
    at = cuts(c)
    assert len(at) - 1 <= 1 + c.frames / (1.2 * 30)


@given(compositions(), st.text("abc", min_size=1, max_size=3))
def test_another_word_changes_the_pieces_that_show_it_and_no_others(c, word):
    from dataclasses import replace

    if not c.texts or word == "x":
        return
    first, *rest = c.texts
    other = replace(c, texts=(replace(first, text=word), *rest))
    for a, b in zip(plan_chunks(Timeline(c), str), plan_chunks(Timeline(other), str), strict=True):
        assert (a.start, a.end) == (b.start, b.end)
        touched = a.start < first.end and a.end > first.start
        assert (a.key != b.key) == touched


def test_equal_stretches_are_encoded_once(studio):
    """A still that stands for long is the same piece again and again; so is the same shot elsewhere."""
    a, b = studio.plain("a.png", (90, 20, 20)), studio.plain("b.png", (20, 90, 20))
    c = studio.compose([{"d": 6000, "media": a.id}, {"d": 3000, "media": b.id}, {"d": 3000, "media": a.id}])
    studio.render(c)
    assert [n for _, n in studio.cache.kept] == [90, 90]


def test_where_a_piece_stands_in_time_is_not_in_its_name(studio):
    a, b = studio.plain("a.png", (90, 20, 20)), studio.plain("b.png", (20, 90, 20))
    studio.render(studio.compose([{"d": 2000, "media": a.id}, {"d": 2000, "media": b.id}]))
    studio.cache.kept.clear()
    studio.render(studio.compose([{"d": 2000, "media": b.id}, {"d": 2000, "media": a.id}]), "other.mp4")
    assert studio.cache.kept == []


def test_the_least_recently_used_go_first(tmp_path):
    cache = Cache(tmp_path)
    keys = [f"{i:02d}" * 32 for i in range(5)]
    for n, key in enumerate(keys):
        assert cache.put(key, Encoded(b"", (Packet(bytes(1000), 0, 0),)))
        os.utime(tmp_path / key[:2] / key, (n, n))
    assert cache.get(keys[0]) is not None
    one = cache.size_bytes() // 5
    assert cache.trim(2 * one) == 3 * one
    assert [key in cache for key in keys] == [True, False, False, False, True]
    assert cache.trim(0) == 2 * one and cache.size_bytes() == 0


def test_a_damaged_piece_is_made_again(studio):
    c = studio.compose([{"d": 2000, "media": studio.plain("a.png", (90, 20, 20)).id}])
    first = studio.render(c).path.read_bytes()
    (piece,) = (p for p in studio.cache.folder.glob("??/*"))
    piece.write_bytes(piece.read_bytes()[:-7] + b"garbage")
    assert studio.render(c, "again.mp4").path.read_bytes() == first


def test_a_cache_that_cannot_be_written_does_not_stop_a_render(studio):
    blocked = studio.folder / "blocked"
    blocked.write_text("a file where the folder should be")
    c = studio.compose([{"d": 1000, "media": studio.plain("a.png", (90, 20, 20)).id}])
    video = studio.render(c, cache=Cache(blocked))
    assert video.duration_s == pytest.approx(1, abs=0.01)


def test_two_renders_at_once_share_a_cache(studio, photos):
    shots = [{"d": 1500, "media": p.id, "move": {"direction": "in"}} for p in photos[:2]]
    c = studio.compose(shots)
    videos, errors = [], []

    def work(n):
        try:
            videos.append(studio.render(c, f"{n}.mp4"))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test fails with it
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors
    assert len({v.path.read_bytes() for v in videos}) == 1
    assert not list(studio.cache.folder.rglob(".new-*"))
