from __future__ import annotations

import pytest
from edits_samples import PHOTO_LIB, C, clip_draft, hosted_draft, photo_draft, plan, run

from reelframe.draft import Draft, Segment, Track
from reelframe.edits import Target, count, resolve
from reelframe.errors import PlanError

LINES = [{"start_s": 1, "end_s": 2, "text": "eins"}, {"start_s": 3, "end_s": 4, "text": "zwei"}]


def full():
    """Photos with an intro card, a caption, subtitles, an effect, a sticker."""
    return run(
        photo_draft(), PHOTO_LIB,
        {"op": "intro_outro", "text": "Hello"},
        {"op": "add_text", "text": "the city", "role": "caption", "target": C(2)},
        {"op": "add_subtitles", "lines": LINES},
        {"op": "add_sfx", "name": "pop", "at_s": 3},
        {"op": "overlay", "media": "fox.jpg"},
    )  # fmt: skip


def meant(draft, **target):
    return [f.placed.segment.name for f in resolve(draft, Target(**target))]


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ({"kind": "clip"}, ["beach.jpg", "city.jpg", "dog.jpg", "egg.jpg", "fox.jpg"]),
        ({"kind": "clip", "index": 1}, ["beach.jpg"]),
        ({"kind": "clip", "index": -1}, ["fox.jpg"]),
        ({"kind": "clip", "index": -5}, ["beach.jpg"]),
        ({"kind": "clip", "name": "dog.jpg"}, ["dog.jpg"]),
        ({"kind": "clip", "name": "DOG"}, ["dog.jpg"]),
        ({"kind": "clip", "name": "do"}, ["dog.jpg"]),
        ({"kind": "clip", "name": "#shot3"}, ["dog.jpg"]),
        ({"kind": "clip", "name": "intro"}, ["intro"]),
        ({"kind": "clip", "at_s": 0}, ["intro"]),
        ({"kind": "clip", "at_s": 2.5}, ["beach.jpg"]),
        ({"kind": "clip", "at_s": 32.5}, ["fox.jpg"]),
        ({"kind": "title"}, ["Summer"]),
        ({"kind": "caption"}, ["the city"]),
        ({"kind": "subtitle"}, ["eins", "zwei"]),
        ({"kind": "subtitle", "index": 2}, ["zwei"]),
        ({"kind": "text", "name": "the city"}, ["the city"]),
        ({"kind": "text", "index": 1}, ["Hello"]),
        ({"kind": "logo"}, ["logo.png"]),
        ({"kind": "bgm"}, ["upbeat music"]),
        ({"kind": "sfx"}, ["pop"]),
        ({"kind": "audio"}, ["upbeat music", "pop"]),
        ({"kind": "transition", "at_s": 15}, ["dog.jpg"]),
        ({"kind": "transition", "index": 1}, ["beach.jpg"]),
        ({"kind": "video", "index": 1}, ["intro"]),
        ({"kind": "video", "name": "fox.jpg"}, ["fox.jpg", "fox.jpg"]),
        ({"kind": "all", "name": "#music1"}, ["upbeat music"]),
    ],
)
def test_what_a_target_means(target, names):
    assert meant(full(), **target) == names


@pytest.mark.parametrize(
    ("kind", "number"),
    [("clip", 5), ("title", 1), ("caption", 1), ("subtitle", 2), ("text", 5), ("logo", 1), ("bgm", 1), ("voice", 0),
     ("sfx", 1), ("audio", 2), ("video", 8), ("transition", 5), ("all", 15)],
)  # fmt: skip
def test_how_many_there_are(kind, number):
    assert count(full(), kind) == number


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"kind": "clip", "index": 6}, "no clip 6: there are 5 clips"),
        ({"kind": "clip", "index": -6}, "there are 5 clips"),
        ({"kind": "clip", "index": 0}, "there are 5 clips"),
        ({"kind": "title", "index": 2}, "there is only 1 title"),
        ({"kind": "voice"}, "no voice"),
        ({"kind": "selection"}, "Say which"),
        ({"kind": "clip", "name": "zebra"}, "The clips are: beach.jpg"),
        ({"kind": "clip", "at_s": 40}, "the video lasts 32.5 s"),
    ],
)
def test_what_is_not_there_is_said(target, words):
    with pytest.raises(PlanError, match=words):
        resolve(full(), Target(**target))


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ({"kind": "clip", "index": 2}, ["b"]),
        ({"kind": "clip", "at_s": 5}, ["b"]),
        ({"kind": "title"}, ["Urban Dreams"]),
        ({"kind": "caption"}, ["more"]),
        ({"kind": "text"}, ["Urban Dreams", "more"]),
        ({"kind": "bgm"}, ["Lo-fi"]),
    ],
)
def test_a_timeline_of_the_hosted_service_tells_no_roles(target, names):
    assert meant(hosted_draft(), **target) == names


def test_captions_and_subtitles_stand_in_for_one_another():
    subtitled = run(photo_draft(), PHOTO_LIB, {"op": "add_subtitles", "lines": LINES})
    assert meant(subtitled, kind="caption") == ["eins", "zwei"]
    captioned = run(photo_draft(), PHOTO_LIB, {"op": "add_text", "text": "x", "role": "caption"})
    assert meant(captioned, kind="subtitle") == ["x"]


def test_what_a_card_says_is_the_title_when_there_is_no_other():
    bare = run(clip_draft(), PHOTO_LIB, {"op": "intro_outro", "text": "Hello"})
    assert meant(bare, kind="title") == ["Hello"]
    assert meant(full(), kind="title") == ["Summer"]


def test_the_order_is_that_of_time_and_not_of_the_list():
    shots = (Segment.make(2000, name="late", start=2000), Segment.make(2000, name="early", start=0))
    assert meant(Draft(t=(Track(tt=0, sg=shots),)), kind="clip", index=1) == ["early"]


def test_all_pieces_of_a_file_have_its_name():
    cut = run(clip_draft(), PHOTO_LIB, {"op": "split", "at_s": [10]})
    assert meant(cut, kind="clip", name="walk.mp4") == ["walk.mp4", "walk.mp4"]
    assert plan({"op": "status"}).ops
