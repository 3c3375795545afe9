from __future__ import annotations

import pytest
from edits_samples import (
    CLIP_LIB,
    FULL_LIB,
    PHOTO_LIB,
    C,
    clip_draft,
    hosted_draft,
    names,
    only,
    photo_draft,
    plan,
    run,
    spans,
    texts,
)

from reelframe.draft import Draft, Segment, Track
from reelframe.edits import apply
from reelframe.media.model import Library

P, K = "photos", "clips"
DRAFTS = {P: (photo_draft(), PHOTO_LIB), K: (clip_draft(), CLIP_LIB)}
SIX = [(0, 6), (6, 12), (12, 18), (18, 24), (24, 30)]


@pytest.mark.parametrize(
    ("name", "ops", "expected"),
    [
        # how long
        (P, [{"op": "set_duration", "duration_s": 15}], [(0, 3), (3, 6), (6, 9), (9, 12), (12, 15)]),
        (P, [{"op": "set_duration", "duration_s": 60}], [(0, 12), (12, 24), (24, 36), (36, 48), (48, 60)]),
        (P, [{"op": "set_duration", "duration_s": 10.001}], [(0, 2), (2, 4), (4, 6.001), (6.001, 8.001), (8.001, 10.001)]),
        (P, [{"op": "set_duration", "max_duration_s": 20}], [(0, 4), (4, 8), (8, 12), (12, 16), (16, 20)]),
        (P, [{"op": "set_duration", "max_duration_s": 40}], SIX),
        (P, [{"op": "set_duration", "range": [3, 9]}], [(0, 3), (3, 6)]),
        (K, [{"op": "set_duration", "duration_s": 31}], [(0, 15), (15, 21), (21, 31)]),
        (K, [{"op": "pace", "direction": "up"}], [(0, 21), (21, 29.4), (29.4, 43.4)]),
        (P, [{"op": "pace", "direction": "down"}], [(0, 8.571), (8.571, 17.142), (17.142, 25.713), (25.713, 34.284), (34.284, 42.855)]),
        (P, [{"op": "set_segment_duration", "target": C(2), "duration_s": 2}], [(0, 6), (6, 8), (8, 14), (14, 20), (20, 26)]),
        (P, [{"op": "set_segment_duration", "target": {"kind": "clip"}, "duration_s": 3}], [(0, 3), (3, 6), (6, 9), (9, 12), (12, 15)]),
        (K, [{"op": "set_segment_duration", "target": C(1), "duration_s": 4}], [(0, 4), (4, 16), (16, 36)]),
        # speed
        (K, [{"op": "speed", "factor": 2}], [(0, 15), (15, 21), (21, 31)]),
        (K, [{"op": "speed", "factor": 0.5, "target": C(2)}], [(0, 30), (30, 54), (54, 74)]),
        (K, [{"op": "speed", "direction": "up", "target": C(1)}], [(0, 20), (20, 32), (32, 52)]),
        (K, [{"op": "speed", "factor": 2, "target": C(1)}, {"op": "speed", "factor": 2, "target": C(1)}], [(0, 15), (15, 27), (27, 47)]),
        (K, [{"op": "speed", "factor": 2, "target": C(1)}, {"op": "speed", "factor": 1, "target": C(1)}], [(0, 30), (30, 42), (42, 62)]),
        (K, [{"op": "speed", "factor": 0.5, "target": C(2), "range": [3, 6]}], [(0, 30), (30, 33), (33, 39), (39, 45), (45, 65)]),
        (P, [{"op": "speed", "factor": 2, "target": C(1)}], [(0, 3), (3, 9), (9, 15), (15, 21), (21, 27)]),
        # cutting
        (K, [{"op": "trim", "target": C(1), "start_s": 5, "end_s": 1}], [(0, 24), (24, 36), (36, 56)]),
        (K, [{"op": "trim", "start_s": 35}], [(0, 7), (7, 27)]),
        (K, [{"op": "trim", "end_s": 25}], [(0, 30), (30, 37)]),
        (K, [{"op": "trim", "end_s": 25, "target": {"kind": "video"}}], [(0, 30), (30, 37)]),
        (K, [{"op": "trim", "end_s": 2, "target": {"kind": "clip"}}], [(0, 28), (28, 38), (38, 56)]),
        (K, [{"op": "cut_range", "range": [10, 20]}], [(0, 10), (10, 20), (20, 32), (32, 52)]),
        (K, [{"op": "cut_range", "range": [25, 35]}], [(0, 25), (25, 32), (32, 52)]),
        (K, [{"op": "cut_range", "keep_range": [25, 35]}], [(0, 5), (5, 10)]),
        (K, [{"op": "cut_range", "target": C(2), "range": [2, 4]}], [(0, 30), (30, 32), (32, 40), (40, 60)]),
        (K, [{"op": "cut_range", "target": C(2), "keep_range": [2, 4]}], [(0, 30), (30, 32), (32, 52)]),
        (K, [{"op": "split", "at_s": [10, 35]}], [(0, 10), (10, 30), (30, 35), (35, 42), (42, 62)]),
        (K, [{"op": "split", "target": C(2), "at_s": [5]}], [(0, 30), (30, 35), (35, 42), (42, 62)]),
        (K, [{"op": "split", "target": C(2), "at_s": [35]}], [(0, 30), (30, 35), (35, 42), (42, 62)]),
        (K, [{"op": "split", "target": C(3), "every_s": 8}], [(0, 30), (30, 42), (42, 50), (50, 58), (58, 62)]),
        (K, [{"op": "split", "target": C(2)}], [(0, 30), (30, 36), (36, 42), (42, 62)]),
        (K, [{"op": "split", "at_s": [10]}, {"op": "merge"}], [(0, 30), (30, 42), (42, 62)]),
        (P, [{"op": "split", "at_s": [3]}, {"op": "merge", "targets": [C(1), C(2)]}], SIX),
        # taking out, ordering, repeating
        (P, [{"op": "remove", "target": C(2)}], SIX[:4]),
        (P, [{"op": "remove", "target": C(1)}, {"op": "remove", "target": C(1)}], SIX[:3]),
        (P, [{"op": "duplicate", "target": C(1)}], [*SIX, (30, 36)]),
        (K, [{"op": "loop", "target": C(2), "count": 3}], [(0, 30), (30, 66), (66, 86)]),
        (K, [{"op": "trim", "target": C(2), "start_s": 2}, {"op": "loop", "target": C(2), "count": 2}], [(0, 30), (30, 40), (40, 50), (50, 70)]),
        (K, [{"op": "loop", "count": 2}], [(0, 30), (30, 42), (42, 62), (62, 92), (92, 104), (104, 124)]),
        (K, [{"op": "freeze", "at_s": 10, "duration_s": 3}], [(0, 10), (10, 13), (13, 33), (33, 45), (45, 65)]),
        (K, [{"op": "freeze", "target": C(1)}], [(0, 30), (30, 32), (32, 44), (44, 64)]),
        (K, [{"op": "freeze", "target": C(2), "at_s": 5, "duration_s": 1}], [(0, 30), (30, 35), (35, 36), (36, 43), (43, 63)]),
        # cards
        (P, [{"op": "intro_outro", "text": "Hi"}], [(0, 2.5), (2.5, 8.5), (8.5, 14.5), (14.5, 20.5), (20.5, 26.5), (26.5, 32.5)]),
        (P, [{"op": "intro_outro", "where": "end", "text": "Bye", "duration_s": 4}], [*SIX, (30, 34)]),
        (K, [{"op": "intro_outro", "text": "Hi"}, {"op": "set_duration", "duration_s": 33.5}], [(0, 2.5), (2.5, 17.5), (17.5, 23.5), (23.5, 33.5)]),
    ],
)  # fmt: skip
def test_where_the_shots_are(name, ops, expected):
    draft, library = DRAFTS[name]
    after = run(draft, library, *ops)
    assert spans(after) == expected
    assert after.d == expected[-1][1] * 1000
    for role in {"bgm", "logo"} & {s.role for s in after.segments}:
        segment = only(after, role)
        assert (segment.start_ms, segment.duration_ms) == (0, after.d), role


@pytest.mark.parametrize(
    ("op", "order"),
    [
        ({"move": [5, 1]}, "fox beach city dog egg"),
        ({"move": [1, -1]}, "city dog egg fox beach"),
        ({"swap": [2, 4]}, "beach egg dog city fox"),
        ({"swap": [1, -1]}, "fox city dog egg beach"),
        ({"reverse": True}, "fox egg dog city beach"),
        ({"order": [3, 1, 2]}, "dog beach city egg fox"),
        ({"order": ["egg.jpg", "city"]}, "egg city beach dog fox"),
        ({"order": [5, 4, 3, 2, 1]}, "fox egg dog city beach"),
    ],
)
def test_another_order(op, order):
    after = run(photo_draft(), PHOTO_LIB, {"op": "reorder", **op})
    assert [n.removesuffix(".jpg") for n in names(after)] == order.split()
    assert spans(after) == SIX
    # Whichever shot comes first now: there are four cuts, and each has its crossfade.
    assert [bool(s.get("transition")) for s in after.main.segments] == [False, True, True, True, True]


def test_cards_keep_their_places_when_the_shots_are_put_in_another_order():
    draft = run(
        photo_draft(),
        PHOTO_LIB,
        {"op": "intro_outro", "text": "Hi"},
        {"op": "intro_outro", "where": "end", "text": "Bye"},
    )
    after = run(draft, PHOTO_LIB, {"op": "reorder", "reverse": True})
    assert names(after) == ["intro", "fox.jpg", "egg.jpg", "dog.jpg", "city.jpg", "beach.jpg", "outro"]


@pytest.mark.parametrize(
    ("ops", "sources"),
    [
        # (in, on screen, speed) of every shot of the 30, 12 and 20 s clips
        ([{"op": "trim", "target": C(1), "start_s": 5}], [(5000, 25000, 1), (0, 12000, 1), (0, 20000, 1)]),
        ([{"op": "trim", "target": C(1), "end_s": 5}], [(0, 25000, 1), (0, 12000, 1), (0, 20000, 1)]),
        ([{"op": "speed", "target": C(1), "factor": 2}, {"op": "trim", "target": C(1), "start_s": 5}], [(10000, 10000, 2), (0, 12000, 1), (0, 20000, 1)]),
        ([{"op": "reverse", "target": C(1)}, {"op": "trim", "target": C(1), "start_s": 5}], [(0, 25000, 1), (0, 12000, 1), (0, 20000, 1)]),
        ([{"op": "reverse", "target": C(1)}, {"op": "trim", "target": C(1), "end_s": 5}], [(5000, 25000, 1), (0, 12000, 1), (0, 20000, 1)]),
        ([{"op": "cut_range", "range": [25, 35]}], [(0, 25000, 1), (5000, 7000, 1), (0, 20000, 1)]),
        ([{"op": "split", "at_s": [12.5]}], [(0, 12500, 1), (12500, 17500, 1), (0, 12000, 1), (0, 20000, 1)]),
        ([{"op": "speed", "target": C(1), "factor": 0.5}, {"op": "split", "at_s": [20]}], [(0, 20000, 0.5), (10000, 40000, 0.5), (0, 12000, 1), (0, 20000, 1)]),
        ([{"op": "freeze", "at_s": 10}], [(0, 10000, 1), (9967, 2000, 1), (10000, 20000, 1), (0, 12000, 1), (0, 20000, 1)]),
    ],
)  # fmt: skip
def test_which_part_of_the_source_is_shown(ops, sources):
    after = run(clip_draft(), CLIP_LIB, *ops)
    assert [(s.get("in", 0), s.duration_ms, s.get("speed", 1)) for s in after.main.segments] == sources


def test_a_frozen_shot_holds_one_picture_without_sound():
    after = run(clip_draft(), CLIP_LIB, {"op": "speed", "target": C(1), "factor": 2}, {"op": "freeze", "at_s": 5})
    held = after.main.segments[1]
    assert held.get("freeze") is True
    assert held.get("muted") is True
    assert held.get("speed") is None
    # 5 s at double speed is 10 s of source, one frame of the timeline earlier.
    assert held.get("in") == 2 * 4967


def test_a_window_of_a_clip():
    library = Library((CLIP_LIB.items[0],))
    draft = run(Draft(), library, {"op": "compose"})
    after = run(draft, library, {"op": "set_duration", "range": [10, 25]})
    assert [(s.get("in"), s.duration_ms) for s in after.main.segments] == [(10000, 15000)]
    shorter = run(draft, library, {"op": "set_duration", "range": [10, 25], "duration_s": 5})
    assert [(s.get("in"), s.duration_ms) for s in shorter.main.segments] == [(10000, 5000)]


def test_two_halves_of_a_moving_photo_show_one_move():
    after = run(photo_draft(), PHOTO_LIB, {"op": "split", "at_s": [1.5]})
    first, second = (s.get("move") for s in after.main.segments[:2])
    assert (first["from"], first["to"]) == (0, 0.25)
    assert (second["from"], second["to"]) == (0.25, 1)
    assert after.main.segments[1].get("transition") is None
    ids = [s.id for s in after.segments]
    assert len(ids) == len(set(ids))


def test_a_transition_never_outlasts_half_of_its_shots():
    after = run(
        photo_draft(),
        PHOTO_LIB,
        {"op": "transition", "between": "all", "duration_s": 2},
        {"op": "set_segment_duration", "target": C(2), "duration_s": 1},
    )
    assert [s.get("transition", {}).get("ms") for s in after.main.segments] == [None, 500, 500, 2000, 2000]


def test_the_first_shot_has_no_transition_when_the_one_before_it_goes():
    after = run(photo_draft(), PHOTO_LIB, {"op": "remove", "target": C(1)})
    assert after.main.segments[0].get("transition") is None
    assert after.main.segments[1].get("transition") == {"type": "crossfade", "ms": 500}


def test_an_animated_picture_starts_again_when_it_has_to_last_longer():
    spin = Library(tuple(m for m in FULL_LIB if m.name == "spin.gif"))
    draft = run(Draft(), spin, {"op": "compose"})
    assert spans(draft) == [(0, 4)]
    assert draft.main.segments[0].get("loop") is True
    assert spans(run(draft, spin, {"op": "set_duration", "duration_s": 9})) == [(0, 9)]


def test_beats():
    def beats(segment):
        assert segment.get("music") == {"mood": "upbeat", "seed": 1}
        return [0.7 * n for n in range(1, 42)]

    after = apply(photo_draft(), plan({"op": "beat_sync"}), PHOTO_LIB, beats=beats)
    assert spans(after) == [(0, 6.3), (6.3, 11.9), (11.9, 18.2), (18.2, 23.8), (23.8, 30)]


def test_gaps_are_closed_when_that_is_asked_and_not_before():
    shots = (Segment.make(2000, id="a", start=1000), Segment.make(2000, id="b", start=5000))
    draft = Draft(
        t=(Track(tt=0, sg=shots), Track(tt=7, sg=(Segment.make(1000, text="t", start=5500, role="caption"),))), d=7000
    )
    styled = run(draft, Library(), {"op": "style_text", "target": {"kind": "text"}, "bold": True})
    assert spans(styled) == [(1, 3), (5, 7)]
    closed = run(draft, Library(), {"op": "close_gaps"})
    assert spans(closed) == [(0, 2), (2, 4)]
    assert texts(closed) == {"t": (2.5, 3.5)}
    assert closed.d == 4000


def test_a_timeline_of_the_hosted_service_keeps_what_nobody_knows():
    after = run(hosted_draft(), Library(), {"op": "reorder", "swap": [1, 2]})
    wire = after.to_wire()
    assert names(after) == ["b", "a"]
    assert wire["other"] == {"x": 1}
    assert wire["t"][0]["k"] == "v"
    assert [s.get("zz") for s in wire["t"][0]["sg"]] == [None, 1]
    assert wire["t"][0]["sg"][0]["m"]["q"] == [1]
    # What did not move was not touched.
    assert wire["t"][1] == hosted_draft().to_wire()["t"][1]


CAPTIONED = run(
    photo_draft(), PHOTO_LIB,
    {"op": "add_text", "text": "the city", "role": "caption", "target": C(2)},
    {"op": "add_text", "text": "short", "role": "text", "start_s": 19, "end_s": 21},
    {"op": "add_text", "text": "buy", "role": "cta"},
    {"op": "add_subtitles", "lines": [{"start_s": 13, "end_s": 15, "text": "sub"}]},
)  # fmt: skip


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ({"op": "look", "name": "warm"}, {"Summer": (0.5, 4.5), "the city": (6, 12), "short": (19, 21), "buy": (27, 30), "sub": (13, 15)}),
        # what lies over a shot goes with it; a title and a call to action belong to the video
        ({"op": "remove", "target": C(2)}, {"Summer": (0.5, 4.5), "short": (13, 15), "buy": (21, 24), "sub": (7, 9)}),
        ({"op": "remove", "target": C(1)}, {"Summer": (0.5, 4.5), "the city": (0, 6), "short": (13, 15), "buy": (21, 24), "sub": (7, 9)}),
        ({"op": "remove", "target": C(-1)}, {"Summer": (0.5, 4.5), "the city": (6, 12), "short": (19, 21), "buy": (21, 24), "sub": (13, 15)}),
        ({"op": "reorder", "move": [2, 5]}, {"Summer": (0.5, 4.5), "the city": (24, 30), "short": (13, 15), "buy": (27, 30), "sub": (7, 9)}),
        ({"op": "intro_outro", "text": "Hi"}, {"Hi": (0.2, 2.5), "Summer": (3, 7), "the city": (8.5, 14.5), "short": (21.5, 23.5), "buy": (29.5, 32.5), "sub": (15.5, 17.5)}),
        ({"op": "intro_outro", "where": "end", "text": "Bye"}, {"Bye": (30.2, 32.5), "Summer": (0.5, 4.5), "the city": (6, 12), "short": (19, 21), "buy": (27, 30), "sub": (13, 15)}),
        # half as long: a text is readable as long as its shot is there; what is spoken goes with the picture
        ({"op": "set_duration", "duration_s": 15}, {"Summer": (0.5, 4.5), "the city": (3, 6), "short": (9.5, 11.5), "buy": (12, 15), "sub": (6.5, 7.5)}),
        ({"op": "set_duration", "duration_s": 60}, {"Summer": (0.5, 4.5), "the city": (12, 24), "short": (38, 40), "buy": (57, 60), "sub": (26, 30)}),
        ({"op": "cut_range", "range": [8, 10]}, {"Summer": (0.5, 4.5), "the city": (6, 10), "short": (17, 19), "buy": (25, 28), "sub": (11, 13)}),
        ({"op": "cut_range", "keep_range": [0, 8]}, {"Summer": (0.5, 4.5), "the city": (6, 8), "buy": (5, 8)}),
        ({"op": "cut_range", "keep_range": [0, 2]}, {"Summer": (0.5, 2), "buy": (0, 2)}),
        ({"op": "duplicate", "target": C(1)}, {"Summer": (0.5, 4.5), "the city": (12, 18), "short": (25, 27), "buy": (33, 36), "sub": (19, 21)}),
        ({"op": "split", "target": C(2)}, {"Summer": (0.5, 4.5), "the city": (6, 12), "short": (19, 21), "buy": (27, 30), "sub": (13, 15)}),
    ],
)  # fmt: skip
def test_what_lies_over_the_shots_follows_them(op, expected):
    assert texts(run(CAPTIONED, PHOTO_LIB, op)) == expected


@pytest.mark.parametrize(
    ("op", "music", "sound"),
    [
        ({"op": "remove", "target": C(1)}, (2, 10), (2, 3)),
        ({"op": "remove", "target": C(2)}, (2, 10), None),
        ({"op": "set_duration", "duration_s": 5}, (2, 5), (1.333, 2.333)),
        ({"op": "intro_outro", "text": "Hi"}, (2, 10), (10.5, 11.5)),
    ],
)
def test_music_for_a_while_keeps_its_time_and_an_effect_its_moment(op, music, sound):
    draft = run(
        photo_draft(), PHOTO_LIB,
        {"op": "set_timing", "target": {"kind": "bgm"}, "start_s": 2, "end_s": 10},
        {"op": "add_sfx", "name": "ding", "at_s": 8},
    )  # fmt: skip
    after = run(draft, PHOTO_LIB, op)
    heard = {
        s.role: (s.start_ms / 1000, (s.start_ms + s.duration_ms) / 1000)
        for t in after.of_kind("audio")
        for s in t.segments
    }
    assert heard == {"bgm": music} | ({} if sound is None else {"sfx": sound})


def test_nothing_but_sound_is_no_video():
    from reelframe.errors import PlanError

    for ops in ([{"op": "add_music"}], [{"op": "add_music"}, {"op": "normalize"}]):
        with pytest.raises(PlanError, match="nothing to see"):
            run(Draft(), PHOTO_LIB, *ops)
    after = run(Draft(), PHOTO_LIB, {"op": "add_music"}, {"op": "add_text", "text": "Hello", "role": "title"})
    assert texts(after) == {"Hello": (0, 4)}
    assert only(after, "bgm").duration_ms == 4000
    assert after.d == 4000


def test_everything_can_be_cleared():
    after = run(photo_draft(), PHOTO_LIB, {"op": "remove", "target": {"kind": "all"}})
    assert list(after.segments) == []
    assert after.duration_ms == 0
    assert not after.exportable
