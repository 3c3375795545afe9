"""Colours that somebody chose for a text and that can't be read on its picture: told in words, and left as they are."""

from __future__ import annotations

import re

import pytest

from reelframe.draft import Draft, Segment, Track
from reelframe.media.model import Library
from reelframe.render import Cache, compose, render

PLAIN = {"shadow": False, "box": False}


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def warnings(folder, cache, *texts, ground="#f4ead0"):
    """What a video with these texts, words and style each, says of itself; they follow each other on a plain card."""
    card = Segment.make(400 * len(texts), id="c", role="card", color=ground, start=0)
    said = tuple(
        Segment.make(400, id=f"t{n}", text=text, role="title", start=400 * n, style=style)
        for n, (text, style) in enumerate(texts)
    )
    draft = Draft(t=(Track(tt=0, sg=(card,)), Track(tt=7, sg=said)), d=400 * len(texts))
    composition = compose(draft.with_m(width=320, height=180, fps=5), Library())
    return render(composition, folder / "out.mp4", cache=cache).warnings


@pytest.mark.parametrize(
    ("style", "readable"),
    [
        # Nothing was said, or only the colour: the text is helped.
        ({}, True),
        ({"color": "#ffe14d"}, True),
        # Somebody wants it bare.
        ({"color": "#ffe14d", **PLAIN}, False),
        ({"color": "#9a4b00", **PLAIN}, True),
        ({"color": "#ffe14d", "outline": True, "outline_color": "#000000"}, True),
        ({"color": "#ffe14d", "outline": True, "outline_color": "#ffffff"}, False),
        ({"color": "#ffe14d", "box": 1.0, "box_color": "#202020"}, True),
        ({"color": "#ffe14d", "box": 1.0, "box_color": "#ffffff"}, False),
        ({"gradient": ["#ffe14d", "#ffffff"], **PLAIN}, False),
    ],
)
def test_it_is_told_when_it_cannot_be_read(tmp_path, cache, style, readable):
    told = warnings(tmp_path, cache, ("Summer sale", style))
    assert len(told) == (0 if readable else 1)
    for warning in told:
        assert "Summer sale" in warning
        assert "4.5" in warning
        assert re.search(r"give it a box or an outline", warning)


def test_the_contrast_is_that_of_the_frame(tmp_path, cache):
    (told,) = warnings(tmp_path, cache, ("Summer sale", {"color": "#808080", **PLAIN}), ground="#ffffff")
    # 3.95 by the formula of WCAG.
    assert "#808080" in told
    assert "3.9:1" in told


def test_also_when_all_comes_from_the_cache(tmp_path, cache):
    style = {"color": "#ffe14d", **PLAIN}
    first, again = (warnings(tmp_path, cache, ("Summer sale", style)) for _ in range(2))
    assert first == again
    assert len(again) == 1


def test_one_warning_for_all_texts_of_a_colour(tmp_path, cache):
    style = {"color": "#ffe14d", **PLAIN}
    texts = [(f"Line {n} " + "of a long story that goes on and on" * (n == 1), style) for n in range(9)]
    (told,) = warnings(tmp_path, cache, *texts, ("Dark", {"color": "#101010", **PLAIN}))
    assert "Line 0" in told
    assert "and others in #ffe14d" in told
    assert "Dark" not in told
    assert len(told) < 400
