"""Emoji are seen: on plates of their own colour, and in texts whose words change theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reelframe.draft import Draft, Segment, Track
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.frames import Painter
from reelframe.render.planes import new_planes
from reelframe.render.sources import Pool
from reelframe.render.text import contrast_ratio, default_style, off_its_plate, parse_color, render_text
from reelframe.render.timeline import Timeline

YELLOW = default_style("caption", "bold")
WHITE = default_style("cta", "clean")


@pytest.mark.parametrize(
    ("text", "style", "changes"),
    [
        ("New drop ⭐", YELLOW, True),
        ("New drop 😀", YELLOW, True),
        ("Made with 🤍", WHITE, True),
        ("New drop 🌿", YELLOW, False),
        ("New drop", YELLOW, False),
        ("Made with ❤️", WHITE, False),
        # White on black would hide the other one.
        ("🤍 and 🖤", WHITE, False),
        # There is no plate, or hardly one.
        ("New drop ⭐", replace(YELLOW, box=None), False),
        ("New drop ⭐", replace(YELLOW, box=replace(YELLOW.box, opacity=0.3)), False),
    ],
)
def test_plate_and_letters_change_places_where_an_emoji_would_not_be_seen(text, style, changes):
    found = off_its_plate(text, style)
    if not changes:
        assert found == style
        return
    assert (found.color, found.box.color) == (style.box.color, style.color)
    assert contrast_ratio(parse_color(found.color)[:3], parse_color(found.box.color)[:3]) >= 4.5


def plate_of(**style):
    """The luma of the plate of a star on a bold caption."""
    words = Segment.make(
        1000, id="t", text="New drop ⭐", role="caption", start=0, anim_in={"type": "none"},
        style={"look": "bold", **style},
    )  # fmt: skip
    card = Segment.make(1000, id="c", role="card", color="#406080", start=0)
    draft = Draft(t=(Track(tt=0, sg=(card,)), Track(tt=7, sg=(words,))), d=1000, m={"width": 640, "height": 360})
    painter, planes = Painter(640, 360, Pool(640, 360)), new_planes(640, 360)
    painter.paint(Timeline(compose(draft, Library())).frame(3), planes)
    painter.close()
    values, counts = np.unique(planes[0][planes[0] != planes[0][0, 0]], return_counts=True)
    return int(values[counts.argmax()])


def test_in_the_frame_the_plate_is_dark():
    assert plate_of() < 50


@pytest.mark.parametrize("style", [{"color": "#111111"}, {"box_color": "#ffd60a"}])
def test_colours_that_were_chosen_stay(style):
    assert plate_of(**style) > 150


def test_words_that_were_said_change_their_colour_and_emoji_do_not(inter):
    tile = render_text("Hot ❤️", replace(default_style("title"), shadows=()), 640, 360, book=inter)
    said = tile.flat_said.astype(int)
    (heart,) = [box.rect for box in tile.graphemes if box.text.startswith("❤")]
    (letter,) = [box.rect for box in tile.graphemes if box.text == "H"]
    for rect, same in ((heart, True), (letter, False)):
        spot = slice(int(rect.y), int(rect.y + rect.height)), slice(int(rect.x), int(rect.x + rect.width))
        assert np.array_equal(said[spot], tile.flat_letters[spot]) == same
