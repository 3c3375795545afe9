"""Shots called by what they show, several at once, and words for each: what becomes of the timeline."""

from __future__ import annotations

import pytest

from reelframe import planner
from reelframe.draft import Draft

from .products import FIRST, LIBRARY, made, texts


def value(segment, key):
    if key == "s":
        return segment.duration_ms / 1000
    if key == "transition":
        return segment.get("transition", {}).get("type")
    if key == "adjust":
        return dict(segment.get("adjust", {}))
    if key == "effects":
        return [effect["name"] for effect in segment.get("effects", [])]
    return segment.get(key)


@pytest.mark.parametrize(("request_text", "key", "expected"), [
    # By their names, wherever a shot may be spoken of.
    ("brighten the vase", "adjust", [{}, {"brightness": 0.2}, {}, {}, {}]),
    ("the mug is too dark", "adjust", [{"brightness": 0.2}, {}, {}, {}, {}]),
    ("make the cactus black and white", "look", [None, None, None, "bw", None]),
    ("blur the bowls", "effects", [[], [], ["blur"], [], []]),
    ("vignette on the tea set", "effects", [[], [], [], [], ["vignette"]]),
    ("use a whip pan before the cactus", "transition", [None, "crossfade", "crossfade", "whip", "crossfade"]),
    ("give it a summer look and brighten the vase", "adjust", [{}, {"brightness": 0.2}, {}, {}, {}]),
    ("mug 3 seconds, vase 5 seconds", "s", [3, 5, 6, 6, 6]),
    ("keep the mug still", "move", [None, *(s.get("move") for s in FIRST.main.segments[1:])]),
    ("slow zoom on every photo but keep the mug still", "media", [m.id for m in LIBRARY]),
    # Every second one.
    ("every other photo black and white", "look", [None, "bw", None, "bw", None]),
    ("every third photo should be black and white", "look", [None, None, "bw", None, None]),
    ("每隔一张照片变黑白", "look", [None, "bw", None, "bw", None]),
    ("every other cut should be a whip pan", "transition", [None, "crossfade", "whip", "crossfade", "whip"]),
    ("隔一个转场用一次闪白", "transition", [None, "crossfade", "flash", "crossfade", "flash"]),
    # All but these.
    ("make each shot 4 seconds, except the first", "s", [6, 4, 4, 4, 4]),
    ("every shot 4 seconds except the first one which should be 6.5", "s", [6.5, 4, 4, 4, 4]),
    ("make all photos 2 seconds except the last two", "s", [2, 2, 2, 6, 6]),
    ("除了第一个镜头，每个镜头都改成4秒", "s", [6, 4, 4, 4, 4]),
    ("把所有照片缩短到2秒，最后一张除外", "s", [2, 2, 2, 2, 6]),
    ("all shots black and white but not the mug", "look", [None, "bw", "bw", "bw", "bw"]),
    ("除第二张外都变黑白", "look", ["bw", None, "bw", "bw", "bw"]),
    ("all transitions should be wipes except the last", "transition", [None, "wipe", "wipe", "wipe", "crossfade"]),
    ("remove everything except the mug", "media", [LIBRARY.items[0].id]),
    ("keep all but the last photo", "media", [m.id for m in LIBRARY.items[:4]]),
    # Several transitions.
    ("use wipes for the second and third transitions", "transition", [None, "crossfade", "wipe", "wipe", "crossfade"]),
    ("set transitions 1 and 3 to flash", "transition", [None, "flash", "crossfade", "flash", "crossfade"]),
    ("remove the crossfade between 2 and 3 and between 4 and 5", "transition",
     [None, "crossfade", None, "crossfade", None]),
])  # fmt: skip
def test_the_shots_that_are_meant_change_and_no_others(request_text, key, expected):
    assert [value(shot, key) for shot in made(request_text, FIRST).main.segments] == expected


PRICES = "Mug 12 €, Vase 30 €, Bowls 25.50 €, Cactus 15 €, Tea set 60 €"


@pytest.mark.parametrize(("request_text", "expected"), [
    (f"make a 15 second video of the photos with the captions {PRICES}",
     [("Mug 12 €", 0, 3), ("Vase 30 €", 3, 6), ("Bowls 25.50 €", 6, 9), ("Cactus 15 €", 9, 12), ("Tea set 60 €", 12, 15)]),
    ("15 s film; captions: mug - Handmade, vase - New in", [("Handmade", 0, 3), ("New in", 3, 6)]),
    ('make a 20 second video, "Handmade" on the mug, "New in" on the vase', [("Handmade", 0, 4), ("New in", 4, 8)]),
    ('make a 20 second video, "Handmade" on the first photo, "New in" on the second',
     [("Handmade", 0, 4), ("New in", 4, 8)]),
    ("10 seconds. Prices: the mug is $12.50, the vase $30", [("$12.50", 0, 2), ("vase $30", 2, 4)]),
])  # fmt: skip
def test_a_first_cut_has_the_words_that_each_photo_was_given(request_text, expected):
    assert [(text, start, end) for text, _, start, end in texts(made(request_text))] == expected


@pytest.mark.parametrize(("request_text", "expected"), [
    ("add price tags to the mug (€12) and the vase (€30)", [("€12", "text", 0, 6), ("€30", "text", 6, 12)]),
    ("€12 on the mug and €30 on the vase", [("€12", "text", 0, 6), ("€30", "text", 6, 12)]),
    ('mug: "Handmade", vase: "New in"', [("Handmade", "text", 0, 6), ("New in", "text", 6, 12)]),
    ('photo 1: "Handmade", photo 2: "New in"', [("Handmade", "text", 0, 6), ("New in", "text", 6, 12)]),
    ('on the mug write "Handmade", on the vase "New"', [("Handmade", "text", 0, 6), ("New", "text", 6, 12)]),
    ('put "Handmade" over the mug', [("Handmade", "text", 0, 6)]),
    ('show "12 €" while the cactus is on screen', [("12 €", "text", 18, 24)]),
    ('label the cactus "Easy care"', [("Easy care", "text", 18, 24)]),
    # What stands on the shot already says it.
    ('caption the mug "Cup"', [("Cup", "caption", 0, 6)]),
    ('the mug should say "Cup"', [("Cup", "caption", 0, 6)]),
    ('caption the mug "Cup" and the vase "Jug"', [("Cup", "caption", 0, 6), ("Jug", "caption", 6, 12)]),
    ("captions: mug - Cup, vase - Jug", [("Cup", "caption", 0, 6), ("Jug", "caption", 6, 12)]),
])  # fmt: skip
def test_each_shot_gets_its_own_words(request_text, expected):
    was = texts(FIRST)
    now = texts(made(request_text, FIRST))
    assert [text for text in now if text not in was] == expected
    if expected[0][1] == "caption":
        assert len(now) == len(was)


@pytest.mark.parametrize(("request_text", "changed"), [
    ("make the second and third captions yellow", ["Two", "Three"]),
    ("make the last two captions yellow", ["Four", "Five"]),
    ("make every other caption yellow", ["Two", "Four"]),
    ("make every text yellow except the title", ["One", "Two", "Three", "Four", "Five"]),
    ("除了标题，所有文字都变成黄色", ["One", "Two", "Three", "Four", "Five"]),
    ("make the captions on the mug and the cactus yellow", ["One", "Four"]),
    ("all captions yellow except the last one", ["One", "Two", "Three", "Four"]),
    ('add "New" to photo 1 in yellow', ["New"]),
    ("add labels: mug - Handmade, vase - New in, yellow", ["Handmade", "New in"]),
])  # fmt: skip
def test_the_texts_that_are_meant_are_yellow_and_no_others(request_text, changed):
    yellow = [
        s.text
        for track in made(request_text, FIRST).of_kind("text")
        for s in track.segments
        if (s.get("style") or {}).get("color") == "#ffff00"
    ]
    assert sorted(yellow) == sorted(changed)


@pytest.mark.parametrize(
    ("request_text", "left"),
    [
        ("remove captions 2 and 4", ["Autumn finds", "One", "Three", "Five"]),
        ("delete all the captions except the first two", ["Autumn finds", "One", "Two"]),
        ("remove the captions on the vase and the tea set", ["Autumn finds", "One", "Three", "Four"]),
    ],
)
def test_the_texts_that_are_meant_go_and_no_others(request_text, left):
    assert [text for text, *_ in texts(made(request_text, FIRST))] == left


def test_an_animation_is_for_the_text_that_was_just_added():
    after = made('add "New" to photo 1 with a pop animation', FIRST)
    moving = [s.text for track in after.of_kind("text") for s in track.segments if s.get("anim_in")]
    assert moving == ["New"]


def test_what_a_text_is_to_say_names_no_shot():
    assert next(t for t, *_ in texts(made("change the title to Vase", FIRST))) == "Vase"
    (compose, *_) = planner.plan('a 10 second video about the perfect mug, title "Mug"', Draft(), LIBRARY).ops
    assert compose.op == "compose"
    assert compose.media == "all"
