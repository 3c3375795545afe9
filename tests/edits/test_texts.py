from __future__ import annotations

import pytest
from edits_samples import CLIP_LIB, PHOTO_LIB, C, clip_draft, hosted_draft, only, photo_draft, run, spans, texts

from reelframe.draft import Draft
from reelframe.media.model import Library

T = {"kind": "title"}


@pytest.mark.parametrize(
    ("slots", "span"),
    [
        ({"role": "title"}, (0.5, 4.5)),
        ({"role": "title", "duration_s": 2}, (0.5, 2.5)),
        ({"role": "title", "start_s": 5}, (5, 9)),
        ({"role": "title", "start_s": 60}, (60, 62)),
        ({"role": "title", "start_s": 5, "end_s": 7}, (5, 7)),
        ({"role": "title", "start_s": 0, "end_s": 62}, (0, 62)),
        ({"role": "title", "end_s": 7}, (0, 7)),
        ({"role": "title", "end_s": 7, "duration_s": 2}, (5, 7)),
        ({"role": "caption"}, (0, 62)),
        ({"role": "caption", "target": C(2)}, (30, 42)),
        ({"role": "caption", "target": C(-1), "duration_s": 5}, (42, 47)),
        ({"role": "caption", "target": C(2), "start_s": 1, "end_s": 3}, (31, 33)),
        ({"role": "text"}, (0, 62)),
        ({"role": "text", "start_s": 10}, (10, 13)),
        ({"role": "text", "duration_s": 5}, (0, 5)),
        ({"role": "lower_third"}, (0.5, 4.5)),
        ({"role": "lower_third", "target": C(2)}, (30, 42)),
        ({"role": "cta"}, (59, 62)),
        ({"role": "credits"}, (58, 62)),
        ({"role": "credits", "duration_s": 10}, (52, 62)),
    ],
)
def test_when_a_new_text_is_there(slots, span):
    after = run(clip_draft(), CLIP_LIB, {"op": "add_text", "text": "X", **slots})
    assert texts(after) == {"X": span}
    assert only(after, slots["role"]).text == "X"
    assert after.d == 62_000


@pytest.mark.parametrize(("total", "span"), [(4.2, (0.1, 4.1)), (3, (0, 3)), (1, (0, 1)), (6, (0.5, 4.5))])
def test_a_title_is_as_long_as_a_short_video_allows(total, span):
    after = run(Draft(), Library(PHOTO_LIB.items[:1]), {"op": "compose", "duration_s": total, "title": "X"})
    assert texts(after) == {"X": span}


def test_a_title_comes_after_the_intro_card_and_the_call_to_action_before_the_outro():
    after = run(
        clip_draft(), CLIP_LIB,
        {"op": "intro_outro", "text": "in", "duration_s": 2}, {"op": "intro_outro", "where": "end", "text": "out", "duration_s": 3},
        {"op": "add_text", "text": "T", "role": "title"}, {"op": "add_text", "text": "buy", "role": "cta"},
    )  # fmt: skip
    assert texts(after) == {"in": (0.2, 2), "out": (64.2, 67), "T": (2.5, 6.5), "buy": (61, 64)}


def test_titles_are_on_the_first_text_track_and_subtitles_on_their_own():
    after = run(
        clip_draft(), CLIP_LIB,
        {"op": "add_text", "text": "cap", "role": "caption"},
        {"op": "add_subtitles", "lines": [{"start_s": 1, "end_s": 2, "text": "sub"}]},
        {"op": "add_text", "text": "tit", "role": "title"},
        {"op": "add_text", "text": "low", "role": "lower_third", "start_s": 3},
    )  # fmt: skip
    assert [[s.text for s in t.segments] for t in after.of_kind("text")] == [["tit"], ["cap"], ["sub"], ["low"]]


def test_a_second_title_at_the_same_place_takes_the_place_of_the_first():
    styled = run(photo_draft(), PHOTO_LIB, {"op": "style_text", "target": T, "color": "gold"})
    after = run(styled, PHOTO_LIB, {"op": "add_text", "text": "Sale", "role": "title", "bold": True})
    title = only(after, "title")
    assert (title.id, title.text, title.get("style")) == (
        only(styled, "title").id,
        "Sale",
        {"color": "#ffd700", "bold": True},
    )
    both = run(photo_draft(), PHOTO_LIB, {"op": "add_text", "text": "Sale", "role": "title", "start_s": 10})
    assert texts(both) == {"Summer": (0.5, 4.5), "Sale": (10, 14)}
    both = run(photo_draft(), PHOTO_LIB, {"op": "add_text", "text": "Sale", "role": "title", "position": "bottom"})
    assert set(texts(both)) == {"Summer", "Sale"}


@pytest.mark.parametrize(
    ("slots", "style"),
    [
        ({"color": "yellow"}, {"color": "#ffff00"}),
        ({"color": "#FA0"}, {"color": "#ffaa00"}),
        ({"color": "Light Blue"}, {"color": "#add8e6"}),
        ({"size": 0.2}, {"size": 0.2}),
        ({"size": "up"}, {"size": 0.1175}),
        ({"size": "down"}, {"size": 0.0752}),
        ({"bold": True, "italic": False}, {"bold": True, "italic": False}),
        ({"font": "Inter", "case": "upper", "align": "left"}, {"font": "Inter", "case": "upper", "align": "left"}),
        ({"outline": True, "shadow": False, "box": True}, {"outline": True, "shadow": False, "box": True}),
        ({"opacity": 0.5}, {"opacity": 0.5}),
        ({"letter_spacing": 0.1, "look": "bold"}, {"letter_spacing": 0.1, "look": "bold"}),
        ({"gradient": ["red", "#00f"]}, {"gradient": ["#ff0000", "#0000ff"]}),
        ({"box_color": "white", "outline_color": "black"}, {"box_color": "#ffffff", "outline_color": "#000000"}),
    ],
)
def test_the_style_of_a_text(slots, style):
    after = run(photo_draft(), PHOTO_LIB, {"op": "style_text", "target": T, **slots})
    assert only(after, "title").get("style") == style
    added = run(photo_draft(), PHOTO_LIB, {"op": "add_text", "text": "X", "role": "title", "start_s": 20, **slots})
    assert next(s for s in added.segments if s.text == "X").get("style") == style


def test_steps_add_up_and_other_styles_stay():
    after = run(
        photo_draft(), PHOTO_LIB,
        {"op": "style_text", "target": T, "size": "up", "color": "red"}, {"op": "style_text", "target": T, "size": "up"}, {"op": "style_text", "target": T, "size": "down"},
    )  # fmt: skip
    assert only(after, "title").get("style") == {"color": "#ff0000", "size": 0.1175}


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ({"op": "style_text", "size": "up"}, {"size": 0.125}),
        ({"op": "style_text", "size": 0.2, "opacity": 0.5}, {"size": 0.2, "opacity": 0.5}),
        ({"op": "move", "position": "bottom_left"}, {"position": "bottom_left"}),
        ({"op": "move", "dx": -0.1, "dy": 0.05}, {"dx": -0.1, "dy": 0.05, "position": "top_right"}),
        ({"op": "set_timing", "start_s": 5}, {"start": 5000}),
        ({"op": "set_timing", "start_s": 5, "end_s": 8}, {"start": 5000}),
        ({"op": "animate", "anim_in": "fade", "duration_s": 1}, {"fade_in": 1000}),
        ({"op": "rotate", "degrees": 90}, {"rotate": 90}),
    ],
)
def test_a_logo_is_placed_sized_and_timed(op, expected):
    after = run(photo_draft(), PHOTO_LIB, {**op, "target": {"kind": "logo"}})
    logo = only(after, "logo")
    assert {key: logo.get(key) for key in expected} == expected


def test_how_long_a_logo_is_there():
    late = run(photo_draft(), PHOTO_LIB, {"op": "set_timing", "target": {"kind": "logo"}, "start_s": 5})
    assert spans(late, 3) == [(5, 30)]
    # It began late and ended with the video: so it does in a longer one.
    assert spans(run(late, PHOTO_LIB, {"op": "intro_outro", "where": "end", "text": "x"}), 3) == [(5, 30)]


@pytest.mark.parametrize(
    ("op", "m"),
    [
        ({"position": "top"}, {"position": "top", "dx": None, "dy": None}),
        ({"dy": -0.1}, {"position": "left", "dx": 0.2, "dy": -0.1}),
        ({"dx": 0.1}, {"position": "left", "dx": 0.3, "dy": None}),
        ({"dx": -0.2}, {"position": "left", "dx": None, "dy": None}),
        ({"position": "top", "dx": 0.1}, {"position": "top", "dx": 0.1, "dy": None}),
    ],
)
def test_where_a_text_is(op, m):
    draft = run(photo_draft(), PHOTO_LIB, {"op": "move", "target": T, "position": "left", "dx": 0.2})
    title = only(run(draft, PHOTO_LIB, {"op": "move", "target": T, **op}), "title")
    assert {key: title.get(key) for key in m} == m


@pytest.mark.parametrize(
    ("slots", "span"),
    [
        ({"start_s": 10}, (10, 14)),
        ({"start_s": 28}, (28, 30)),
        ({"end_s": 8}, (0.5, 8)),
        ({"duration_s": 2}, (0.5, 2.5)),
        ({"start_s": 2, "end_s": 3}, (2, 3)),
        ({"end_s": 8, "duration_s": 2}, (6, 8)),
        ({"start_s": 0, "duration_s": 30}, (0, 30)),
    ],
)
def test_when_a_text_is_there(slots, span):
    after = run(photo_draft(), PHOTO_LIB, {"op": "set_timing", "target": T, **slots})
    assert texts(after) == {"Summer": span}


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({"anim_in": "typewriter"}, ({"type": "typewriter", "ms": 400}, None)),
        (
            {"anim_in": "pop", "anim_out": "fade", "duration_s": 1},
            ({"type": "pop", "ms": 1000}, {"type": "fade", "ms": 1000}),
        ),
        ({"anim_in": "none"}, ({"type": "none"}, None)),
        ({"anim_in": "fade", "duration_s": 60}, ({"type": "fade", "ms": 4000}, None)),
    ],
)
def test_how_a_text_comes_and_goes(slots, expected):
    title = only(run(photo_draft(), PHOTO_LIB, {"op": "animate", "target": T, **slots}), "title")
    assert (title.get("anim_in"), title.get("anim_out")) == expected


def test_an_animation_gets_another_length():
    after = run(
        photo_draft(),
        PHOTO_LIB,
        {"op": "animate", "target": T, "anim_in": "pop"},
        {"op": "animate", "target": T, "duration_s": 2},
    )
    assert only(after, "title").get("anim_in") == {"type": "pop", "ms": 2000}
    assert only(after, "title").get("anim_out") is None


def test_other_words_in_the_same_place():
    after = run(
        photo_draft(),
        PHOTO_LIB,
        {"op": "move", "target": T, "position": "top"},
        {"op": "set_text", "target": T, "text": "Winter"},
    )
    assert texts(after) == {"Winter": (0.5, 4.5)}
    assert only(after, "title").get("position") == "top"
    hosted = run(hosted_draft(), Library(), {"op": "set_text", "target": T, "text": "New"})
    assert [s.text for t in hosted.of_kind("text") for s in t.segments] == ["New", "more"]


def test_a_text_that_has_another_time_leaves_the_next_one_in_its_place():
    after = run(hosted_draft(), Library(), {"op": "set_timing", "target": T, "duration_s": 10})
    assert texts(after) == {"Urban Dreams": (0, 10), "more": (3, 5)}
    wire = after.to_wire()
    assert wire["t"][0] == hosted_draft().to_wire()["t"][0]


def test_subtitles_end_with_the_video_and_replace_what_was_there():
    lines = [
        {"start_s": 1, "end_s": 3, "text": "a"},
        {"start_s": 3, "end_s": 5, "text": "b"},
        {"start_s": 29, "end_s": 40, "text": "c"},
        {"start_s": 50, "end_s": 60, "text": "d"},
    ]
    after = run(photo_draft(), PHOTO_LIB, {"op": "add_subtitles", "lines": lines})
    assert texts(after) == {"Summer": (0.5, 4.5), "a": (1, 3), "b": (3, 5), "c": (29, 30)}
    again = run(after, PHOTO_LIB, {"op": "add_subtitles", "lines": [{"start_s": 2, "end_s": 4, "text": "neu"}]})
    assert texts(again) == {"Summer": (0.5, 4.5), "neu": (2, 4), "c": (29, 30)}


def test_a_plain_colour_takes_the_place_of_a_gradient():
    run_over = (
        {"op": "style_text", "target": T, "gradient": ["red", "blue"]},
        {"op": "style_text", "target": T, "color": "white"},
    )
    assert only(run(photo_draft(), PHOTO_LIB, *run_over), "title").get("style") == {"color": "#ffffff"}
