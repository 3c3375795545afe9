"""The title of a first cut, when the request names what the video is about and gives no words for a title."""

from __future__ import annotations

import pytest

from reelframe import planner
from reelframe.draft import Draft
from reelframe.media import Library, Media

LIBRARY = Library(
    (Media(id="a" * 64, name="IMG_1.jpg", kind="image", format="jpeg", size_bytes=9, width=2160, height=1440),)
)


@pytest.mark.parametrize(
    ("request_text", "project", "title"),
    [
        ("A 15-second vertical video of Stoneware mug", "", "Stoneware mug"),
        ("A 15-second vertical video of Stoneware mug for 18.50 €", "", "Stoneware mug"),
        ("a 15-second video of our new Ribbed vase with calm music", "", "Ribbed vase"),
        ("A 15-second reel about the Acme Rocket 3000, upbeat music", "", "Acme Rocket 3000"),
        ("a 20-second video of Window sill set", "", "Window sill set"),
        ("a recap of Istanbul, 20 seconds", "", "Istanbul"),
        # The project's name goes before what a name seems to be by its letters.
        ("A 15-second video of Table for two", "Table for two", "Table for two"),
        ("a 15-second video of iMac stand for 40 €", "iMac stand", "iMac stand"),
        ("a 15-second video of TEA SET", "Tea set", "TEA SET"),
        ("一个15秒的陶瓷杯视频", "陶瓷杯", "陶瓷杯"),
        # A project's name that says nothing, or that is not in the request, gives no title by itself.
        ("a 15-second video", "project", None),
    ],
)
def test_what_the_video_is_of_is_its_title(request_text, project, title):
    context = planner.Context(project=project)
    plan = planner.plan(request_text, Draft(), LIBRARY, context)
    titles = [op.text for op in plan.ops if op.op == "add_text"]
    assert titles == ([title] if title else [])


@pytest.mark.parametrize(
    ("request_text", "texts"),
    [
        ("a 2-second video with the title 'Hello'", [("title", "Hello")]),
        ("make a 2-second video with the title 'Hello'", [("title", "Hello")]),
        ('make a square 10-second video of these with the title "Hello"', [("title", "Hello")]),
        ('Create a 15-second video titled "Mug"', [("title", "Mug")]),
        ("Make a 15-second vertical video with the text 'Sale' and upbeat music", [("text", "Sale")]),
        (
            'a 4 second vertical video titled "Tea" with a call to action "Buy now"',
            [("title", "Tea"), ("cta", "Buy now")],
        ),
        ('a 10-second video with the caption "Hi" and the headline "News"', [("caption", "Hi"), ("title", "News")]),
        ("做一个10秒的视频，标题是「秋天」，配轻快的音乐", [("title", "秋天")]),
        # Without quotes too; words that would mean something else elsewhere ("slow") are the title's.
        ("make a calm 20 second product video with title Slow mornings", [("title", "Slow mornings")]),
        ("a 20-second video titled Slow mornings with jazz", [("title", "Slow mornings")]),
        ("make a 10-second video of these called Tea and Toast and upbeat music", [("title", "Tea and Toast")]),
        ("a 20 second video with the title Salt and Pepper at the top", [("title", "Salt and Pepper")]),
        ("make a 10-second video entitled our house", [("title", "our house")]),
    ],
)
def test_words_that_are_given_are_shown_as_what_they_are_called(request_text, texts):
    plan = planner.plan(request_text, Draft(), LIBRARY, planner.Context())
    assert [(op.role, op.text) for op in plan.ops if op.op == "add_text"] == texts
    # The length is the video's, and not the words'.
    (composed,) = [op for op in plan.ops if op.op == "compose"]
    assert composed.duration_s in {2, 4, 10, 15, 20}


def test_words_over_a_shot_of_a_video_to_come():
    library = LIBRARY.add(LIBRARY.items[0].model_copy(update={"id": "b" * 64, "name": "IMG_2.jpg"}))
    plan = planner.plan('a 10-second video with calm music, caption "Mug" on the second photo', Draft(), library)
    (caption,) = [op for op in plan.ops if op.op == "add_text"]
    assert (caption.role, caption.text) == ("caption", "Mug")
    assert [(s.start_ms, s.duration_ms) for s in planner.apply(Draft(), plan, library).segments if s.text == "Mug"] == [
        (5000, 5000)
    ]


@pytest.mark.parametrize(
    ("request_text", "mood"),
    [
        ("make a calm 20-second product video", "calm"),
        ("combine these into a relaxing 20 second video", "calm"),
        ("把这些照片做成一个欢快的30秒视频", "upbeat"),
        ("an energetic 10-second video of these with jazz", "jazz"),
        ("a 10-second video of our house", "upbeat"),
        ("make a calm 10-second video of these, no music", None),
    ],
)
def test_a_first_cut_sounds_as_it_is_to_feel(request_text, mood):
    plan = planner.plan(request_text, Draft(), LIBRARY, planner.Context())
    assert [op.mood for op in plan.ops if op.op == "add_music"] == ([mood] if mood else [])
