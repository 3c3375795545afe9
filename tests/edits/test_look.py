from __future__ import annotations

import pytest
from edits_samples import CLIP_LIB, FULL_LIB, PHOTO_LIB, C, clip_draft, only, photo_draft, run, spans

from reelframe.draft import Draft
from reelframe.edits.names import EFFECTS, LOOKS, MOODS, SOUNDS, text_size


def shots(key, *ops, draft=None, library=PHOTO_LIB):
    after = run(draft or photo_draft(), library, *ops)
    return [s.get(key) for s in after.main.segments]


@pytest.mark.parametrize(
    ("ops", "whole", "single"),
    [
        ([{"name": "warm"}], "warm", [None] * 5),
        ([{"name": "Teal Orange"}], "teal_orange", [None] * 5),
        ([{"name": "bw", "target": C(2)}], None, [None, "bw", None, None, None]),
        ([{"name": "bw", "target": C(2)}, {"name": "warm"}], "warm", [None] * 5),
        ([{"name": "warm"}, {"name": "none"}], None, [None] * 5),
        ([{"name": "warm"}, {"name": "none", "target": C(1)}], "warm", ["none", None, None, None, None]),
        ([{"name": "bw", "target": C(2)}, {"name": "none", "target": C(2)}], None, [None] * 5),
        ([{"name": "cool", "target": {"kind": "all"}}], "cool", [None] * 5),
    ],
)
def test_looks(ops, whole, single):
    after = run(photo_draft(), PHOTO_LIB, *({"op": "look", **op} for op in ops))
    assert after.get("look") == whole
    assert [s.get("look") for s in after.main.segments] == single


@pytest.mark.parametrize(
    ("ops", "whole", "second"),
    [
        ([{"brightness": "up"}], {"brightness": 0.2}, None),
        ([{"brightness": "up"}, {"brightness": "up", "contrast": "down"}], {"brightness": 0.4, "contrast": -0.2}, None),
        ([{"brightness": "up"}, {"brightness": 0}], None, None),
        ([{"saturation": -1}], {"saturation": -1}, None),
        ([{"temperature": 0.3, "target": C(2)}], None, {"temperature": 0.3}),
        ([{"sharpness": "up", "target": C(2)}, {"sharpness": "down", "target": C(2)}], None, None),
    ],
)
def test_single_controls(ops, whole, second):
    after = run(photo_draft(), PHOTO_LIB, *({"op": "adjust", **op} for op in ops))
    assert after.get("adjust") == whole
    assert after.main.segments[1].get("adjust") == second


@pytest.mark.parametrize(
    ("ops", "effects"),
    [
        ([{"name": "blur", "target": C(1)}], [[("blur", 0.5)], [], [], [], []]),
        ([{"name": "grain", "amount": 0.2}], [[("grain", 0.2)]] * 5),
        (
            [{"name": "blur", "target": C(1)}, {"name": "glow", "target": C(1)}],
            [[("blur", 0.5), ("glow", 0.5)], [], [], [], []],
        ),
        (
            [{"name": "blur", "target": C(1)}, {"name": "blur", "amount": "down", "target": C(1)}],
            [[("blur", 0.3)], [], [], [], []],
        ),
        ([{"name": "blur", "amount": 0.9}, {"name": "blur", "amount": "up"}], [[("blur", 1)]] * 5),
        ([{"name": "blur"}, {"name": "none", "target": C(2)}], [[("blur", 0.5)], [], *[[("blur", 0.5)]] * 3]),
    ],
)
def test_effects(ops, effects):
    found = shots("effects", *({"op": "effect", **op} for op in ops))
    assert [[(e["name"], e["amount"]) for e in one or []] for one in found] == effects


def test_an_effect_for_a_while():
    after = run(clip_draft(), CLIP_LIB, {"op": "effect", "name": "blur", "range": [28, 33]})
    assert spans(after) == [(0, 28), (28, 30), (30, 33), (33, 42), (42, 62)]
    assert [bool(s.get("effects")) for s in after.main.segments] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("key", "ops", "values"),
    [
        ("zoom", [{"op": "zoom", "target": C(1), "scale": 1.2}], [1.2, None, None, None, None]),
        ("zoom", [{"op": "zoom", "direction": "in"}], [1.2] * 5),
        ("zoom", [{"op": "zoom", "target": C(1), "direction": "out"}], [0.8333, None, None, None, None]),
        ("zoom", [{"op": "zoom", "scale": 1.5}, {"op": "zoom", "scale": 1}], [None] * 5),
        ("rotate", [{"op": "rotate", "target": C(1), "degrees": 90}], [90, None, None, None, None]),
        ("rotate", [{"op": "rotate", "target": C(1), "degrees": 90}] * 2, [180, None, None, None, None]),
        ("rotate", [{"op": "rotate", "target": C(1), "degrees": -90}], [270, None, None, None, None]),
        ("rotate", [{"op": "rotate", "target": C(1), "degrees": 180}] * 2, [None] * 5),
        ("flip", [{"op": "flip", "target": C(1)}], ["h", None, None, None, None]),
        ("flip", [{"op": "flip"}, {"op": "flip", "axis": "vertical"}], ["hv"] * 5),
        ("flip", [{"op": "flip"}, {"op": "flip"}], [None] * 5),
        ("move", [{"op": "ken_burns", "direction": "none"}], [None] * 5),
        ("move", [{"op": "ken_burns", "direction": "left", "amount": 0.3, "target": C(1)}, {"op": "remove", "target": C(2)}, {"op": "cut_range", "keep_range": [0, 6]}], [{"direction": "left", "amount": 0.3}]),
        # 4000x2250 is 16:9
        ("crop", [{"op": "crop", "target": C(1), "aspect": "1:1"}], [{"x": 0.21875, "y": 0, "w": 0.5625, "h": 1}, None, None, None, None]),
        ("crop", [{"op": "crop", "target": C(1), "aspect": "16:4.5"}], [{"x": 0, "y": 0.25, "w": 1, "h": 0.5}, None, None, None, None]),
        ("crop", [{"op": "crop", "aspect": "16:9"}], [None] * 5),
        ("crop", [{"op": "rotate", "target": C(1), "degrees": 90}, {"op": "crop", "target": C(1), "aspect": "9:16"}], [None] * 5),
        ("fade_in", [{"op": "fade_video", "target": C(2), "in_s": 1}], [None, 1000, None, None, None]),
    ],
)  # fmt: skip
def test_framing(key, ops, values):
    assert shots(key, *ops) == values


def test_moves_differ_from_photo_to_photo():
    draft = run(photo_draft(), PHOTO_LIB, {"op": "ken_burns", "direction": "none"})
    moves = shots("move", {"op": "ken_burns", "amount": 0.2}, draft=draft)
    assert [m["direction"] for m in moves] == ["in", "right", "out", "left", "in"]
    assert {m["amount"] for m in moves} == {0.2}


def test_clips_move_only_when_they_are_named():
    mixed = run(
        Draft(), FULL_LIB, {"op": "compose", "media": ["beach.jpg", "walk.mp4"]}, {"op": "ken_burns", "direction": "in"}
    )
    assert [bool(s.get("move")) for s in mixed.main.segments] == [True, False]
    named = run(mixed, FULL_LIB, {"op": "ken_burns", "direction": "in", "target": C(2)})
    assert [bool(s.get("move")) for s in named.main.segments] == [True, True]


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({"type": "wipe"}, [None, ("wipe", 500), ("wipe", 500), ("wipe", 500), ("wipe", 500)]),
        ({"type": "slide", "between": "all", "duration_s": 1}, [None, *[("slide", 1000)] * 4]),
        ({"type": "cut"}, [None] * 5),
        ({"type": "cut", "between": [2, 3]}, [None, ("crossfade", 500), None, ("crossfade", 500), ("crossfade", 500)]),
        (
            {"type": "flash", "between": [3, 2]},
            [None, ("crossfade", 500), ("flash", 500), ("crossfade", 500), ("crossfade", 500)],
        ),
        ({"type": "circle", "between": [-2, -1]}, [None, *[("crossfade", 500)] * 3, ("circle", 500)]),
        (
            {"type": "push", "at_s": 13},
            [None, ("crossfade", 500), ("push", 500), ("crossfade", 500), ("crossfade", 500)],
        ),
        ({"type": "zoom", "at_s": 0}, [None, ("zoom", 500), *[("crossfade", 500)] * 3]),
        ({"type": "blur", "duration_s": 5}, [None, *[("blur", 3000)] * 4]),
    ],
)
def test_transitions(slots, expected):
    found = shots("transition", {"op": "transition", **slots})
    assert [None if t is None else (t["type"], t["ms"]) for t in found] == expected


def test_transitions_are_taken_away():
    found = shots("transition", {"op": "remove", "target": {"kind": "transition"}})
    assert found == [None] * 5
    one = shots("transition", {"op": "remove", "target": {"kind": "transition", "index": 2}})
    assert [bool(t) for t in one] == [False, True, False, True, True]


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({"in_s": 1}, (1000, None, None)),
        ({"in_s": 1, "out_s": 2, "color": "white"}, (1000, 2000, "#ffffff")),
        ({}, (1000, 1000, None)),
        ({"out_s": 0}, (None, None, None)),
    ],
)
def test_the_video_fades(slots, expected):
    after = run(photo_draft(), PHOTO_LIB, {"op": "fade_video", **slots})
    assert (after.get("fade_in"), after.get("fade_out"), after.get("fade_color")) == expected


@pytest.mark.parametrize(
    ("ops", "background", "fit"),
    [
        ([{"color": "white"}], "#ffffff", "fit"),
        ([{"blur": True}], None, "blur"),
        ([{"blur": True}, {"blur": False}], None, "fit"),
        ([{"blur": True}, {"color": "#123456"}], "#123456", "fit"),
        ([{"color": "red", "blur": True}], "#ff0000", "blur"),
    ],
)
def test_backgrounds(ops, background, fit):
    after = run(photo_draft(), PHOTO_LIB, *({"op": "set_background", **op} for op in ops))
    assert (after.get("background"), after.get("fit")) == (background, fit)


@pytest.mark.parametrize(
    ("slots", "span", "m"),
    [
        ({"media": "fox.jpg"}, (0, 30), {"position": "bottom_right", "size": 0.3}),
        (
            {"media": "fox.jpg", "position": "top_left", "size": 0.5, "start_s": 5, "end_s": 10},
            (5, 10),
            {"position": "top_left", "size": 0.5},
        ),
        ({"media": "surf.mp4", "start_s": 5}, (5, 17), {"loop": None}),
        ({"media": "walk.mp4", "start_s": 5}, (5, 30), {}),
        ({"media": "spin.gif"}, (0, 30), {"loop": True}),
    ],
)
def test_pictures_over_the_picture(slots, span, m):
    draft = run(Draft(), FULL_LIB, {"op": "compose", "media": ["photos"], "duration_s": 30})
    segment = only(run(draft, FULL_LIB, {"op": "overlay", **slots}), "overlay")
    assert (segment.start_ms / 1000, (segment.start_ms + segment.duration_ms) / 1000) == span
    assert {key: segment.get(key) for key in m} == m


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, {"position": "top_right", "size": 0.1, "opacity": None, "start": 0}),
        (
            {"position": "bottom_left", "size": 0.2, "opacity": 0.5},
            {"position": "bottom_left", "size": 0.2, "opacity": 0.5},
        ),
        ({"start_s": 25}, {"start": 25_000}),
        ({"media": "dog.jpg"}, {"name": "dog.jpg"}),
    ],
)
def test_logos(slots, expected):
    draft = run(Draft(), PHOTO_LIB, {"op": "compose", "duration_s": 30}, {"op": "add_logo", **slots})
    logo = only(draft, "logo")
    assert {key: logo.get(key) for key in expected} == expected
    assert logo.start_ms + logo.duration_ms == 30_000
    # The same logo once more is the same logo at another place.
    again = run(draft, PHOTO_LIB, {"op": "add_logo", **slots, "position": "left"})
    assert only(again, "logo").get("position") == "left"


def test_the_main_track_stays_the_lowest():
    draft = run(Draft(), PHOTO_LIB, {"op": "intro_outro", "text": "B"}, {"op": "add_logo"})
    assert [t.kind for t in draft.tracks] == ["video", "text", "video"]
    assert draft.main.segments[0].role == "card"


def test_every_name_is_one_that_the_renderer_knows():
    from reelframe.render.effects import EFFECTS as DRAWN
    from reelframe.render.looks import LOOKS as GRADES
    from reelframe.render.sound import EFFECTS as PLAYED
    from reelframe.render.sound import MOODS as COMPOSED

    assert set(LOOKS) == set(GRADES) - {"none"}
    assert set(EFFECTS) == set(DRAWN)
    assert set(MOODS) == set(COMPOSED)
    assert set(SOUNDS) == set(PLAYED)


@pytest.mark.parametrize("role", ["title", "caption", "lower_third", "credits", "cta", "text", "subtitle"])
@pytest.mark.parametrize("frame", [(1920, 1080), (1080, 1920), (1080, 1080), (1080, 1350), (1920, 822)])
def test_a_bigger_text_is_bigger_than_the_one_that_was_drawn(role, frame):
    from reelframe.render.text import default_style

    assert text_size(role, frame) == pytest.approx(default_style(role, aspect=frame[0] / frame[1]).size, abs=1e-4)
