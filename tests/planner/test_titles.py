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
