"""The draft: what came in goes out, and the timeline can speak of itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.draft import Draft, Segment, clock, new_id
from reelframe.errors import DraftError

CITY = {
    "t": [
        {"tt": 0, "sg": [{"d": 10000, "m": {"name": "city timelapse"}}]},
        {"tt": 1, "sg": [{"d": 10000, "m": {"name": "Lo-fi", "volume": 0.35}}]},
        {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Urban Dreams"}}]},
    ],
    "d": 10000,
}


def shots(*names, **extra):
    return {"t": [{"tt": 0, "sg": [{"d": 2000, "m": {"name": n, **extra}} for n in names]}]}


@pytest.mark.parametrize(
    ("wire", "line"),
    [
        (CITY, 'Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%) 3. Title: "Urban Dreams" (0-3s)'),
        ({}, "Timeline (empty)"),
        ({"t": None}, "Timeline (empty)"),
        ({"t": [{"tt": 0, "sg": []}]}, "Timeline (1 track): 1. Video: empty"),
        (shots("a", "b", "c", "d", "e"), "Timeline (1 track): 1. Video: a (0-2s), b (2-4s), c (4-6s), +2 more"),
        ({"t": [{"tt": 0, "sg": [{"d": 1}]}]}, "Timeline (1 track): 1. Video: untitled (0-0s)"),
        ({"t": [{"tt": 7, "sg": [{"d": 1500, "m": {"text": "A", "start": 500}}]}, {"tt": 7, "sg": [{"d": 900, "m": {"text": "B"}}]}]},
         'Timeline (2 tracks): 1. Title: "A" (0.5-2s) 2. Text: "B" (0-0.9s)'),
        ({"t": [{"tt": 1, "sg": [{"d": 1000, "m": {"name": "x", "volume": 1, "muted": True}}]}]},
         "Timeline (1 track): 1. BGM: x (0-1s, muted)"),
        ({"t": [{"tt": 42, "sg": [{"d": 1000, "m": {"name": "x"}}]}]}, "Timeline (1 track): 1. Track: x (0-1s)"),
    ],
)  # fmt: skip
def test_summary(wire, line):
    assert Draft.from_wire(wire).summary() == line


@pytest.mark.parametrize(("ms", "text"), [(0, "0"), (3000, "3"), (2500, "2.5"), (4286, "4.3"), (90_000, "90")])
def test_clock(ms, text):
    assert clock(ms) == text


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
metadata = st.none() | st.dictionaries(
    st.text() | st.sampled_from(["id", "name", "text", "start", "volume"]), json_values, max_size=4
)
segment = st.fixed_dictionaries({}, optional={"d": st.none() | st.integers(0, 10**7), "m": metadata, "zz": json_values})
track = st.fixed_dictionaries(
    {},
    optional={"tt": st.none() | st.integers(0, 9), "sg": st.none() | st.lists(segment, max_size=3), "x": json_values},
)
drafts = st.fixed_dictionaries(
    {},
    optional={
        "t": st.none() | st.lists(track, max_size=3),
        "d": st.none() | st.floats(0, 1e7),
        "m": metadata,
        "y": json_values,
    },
)


@given(drafts)
def test_whatever_came_in_goes_out(wire):
    draft = Draft.from_wire(wire)
    assert draft.to_wire() == wire
    assert draft.summary()
    assert draft.diff(draft) == ()
    assert draft.end_ms >= 0


@pytest.mark.parametrize(
    ("wire", "where"),
    [
        ({"t": 5}, "t: "),
        ({"t": [{"tt": 0, "sg": [{"d": "long"}]}]}, "t.0.sg.0.d"),
        ([1], "the draft"),
        ({"t": [{"tt": 0, "sg": [{"m": 3}]}]}, "t.0.sg.0.m"),
    ],
)
def test_a_draft_that_is_none_names_where(wire, where):
    with pytest.raises(DraftError, match=where):
        Draft.from_wire(wire)


def test_exportable_needs_a_segment():
    assert not Draft().exportable
    assert not Draft.from_wire({"t": [{"tt": 0, "sg": []}]}).exportable
    assert Draft.from_wire(CITY).exportable


def test_changing_makes_a_new_value():
    draft = Draft.from_wire(CITY)
    first = draft.tracks[0]
    assert first.placed[0].end == 10000
    changed = draft.with_tracks([first.replace(sg=(first.segments[0].replace(d=4000),)), *draft.tracks[1:]])
    assert changed.tracks[0].placed[0].end == 4000
    assert draft.to_wire() == CITY


def test_metadata_is_set_and_taken_away():
    made = Segment.make(500, name="a", in_=250, volume=None)
    assert made.model_dump(exclude_unset=True) == {"d": 500, "m": {"name": "a", "in": 250}}
    assert made.with_m(name=None).m == {"in": 250}


def test_ids_are_readable_and_free():
    assert new_id(["v1", "v3"], "v") == "v2"


def edited(**m):
    wire = {"t": [{"tt": 0, "sg": [{"d": 2000, "m": {"id": "v1", "name": "mug", **m}}]}], "d": 2000}
    return Draft.from_wire(wire)


@pytest.mark.parametrize(
    ("before", "after", "english", "chinese"),
    [
        (edited(), edited(), [], []),
        (edited(), edited(look="warm"), ['clip "mug": look is now warm'], ["片段「mug」：look 现在是 warm"]),
        (edited(volume=1), edited(volume=0.2), ['clip "mug" is now at 20% (was 100%)'], ["片段「mug」音量现在是 20%（原为 100%）"]),
        (edited(muted=True), edited(volume=0.5), ['clip "mug" is now at 50% (was 0%)'], ["片段「mug」音量现在是 50%（原为 0%）"]),
        (edited(text="Old"), edited(text="New"), ['text "Old" now reads "New"'], ["文字「Old」改为「New」"]),
        (edited(), edited(start=500), ['clip "mug" is now at 0.5-2.5s (was 0-2s)'], ["片段「mug」现在位于 0.5–2.5 秒（原为 0–2 秒）"]),
        (edited(), edited(name="cup"), ['clip "mug": name is now cup'], ["片段「mug」：name 现在是 cup"]),
        (Draft(), edited(), ["the video now lasts 2s (was 0s)", 'added clip "mug" (0-2s)'], ["视频时长现在是 2 秒（原为 0 秒）", "添加了片段「mug」（0–2 秒）"]),
        (edited(), Draft(), ["the video now lasts 0s (was 2s)", 'removed clip "mug"'], ["视频时长现在是 0 秒（原为 2 秒）", "删除了片段「mug」"]),
        (Draft.from_wire(shots("a", "b")), Draft.from_wire(shots("b", "a")),
         ['clip "b" is now at 0-2s (was 2-4s)', 'clip "a" is now at 2-4s (was 0-2s)', "the order is now b, a"],
         ["片段「b」现在位于 0–2 秒（原为 2–4 秒）", "片段「a」现在位于 2–4 秒（原为 0–2 秒）", "顺序现在是：b、a"]),
    ],
)  # fmt: skip
def test_diff_in_words(before, after, english, chinese):
    changes = before.diff(after)
    assert [c.text("en") for c in changes] == english
    assert [c.text("zh-CN") for c in changes] == chinese
