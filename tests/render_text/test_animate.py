"""Motion: that it starts and ends where it should, moves smoothly, and tells what to draw."""

from __future__ import annotations

import itertools

import pytest

from reelframe.errors import DraftError
from reelframe.render.text import ANIMATIONS, STILL, TextStyle, pose, render_text


@pytest.fixture(scope="module")
def tile(inter):
    return render_text("One two\nthree", TextStyle(), 1920, 1080, book=inter)


@pytest.mark.parametrize("kind", [kind for kind in ANIMATIONS if kind != "karaoke"])
def test_it_ends_still_and_leaves_from_still(kind, tile):
    assert pose(kind, 1.0, tile) == STILL
    assert pose(kind, 7.0, tile).still
    assert pose(kind, 0.0, tile, "out") == STILL


@pytest.mark.parametrize("kind", [kind for kind in ANIMATIONS if kind != "karaoke"])
def test_nothing_is_seen_before_it_starts_and_after_it_left(kind, tile):
    for found in (pose(kind, 0.0, tile), pose(kind, 1.0, tile, "out")):
        assert found.opacity == 0.0 or found.pieces == ()


@pytest.mark.parametrize("kind", ["fade", "scale", "blur_in", "slide_up", "pop"])
def test_it_becomes_more_and_more_visible(kind, tile):
    seen = [pose(kind, step / 50, tile).opacity for step in range(51)]
    assert seen == sorted(seen)
    assert max(after - before for before, after in itertools.pairwise(seen)) < 0.12


@pytest.mark.parametrize(
    ("kind", "axis", "sign"),
    [("slide_up", "dy", 1), ("slide_down", "dy", -1), ("slide_left", "dx", 1), ("slide_right", "dx", -1)],
)
def test_slides_come_from_their_side_and_go_on_in_their_direction(kind, axis, sign, tile):
    way = [getattr(pose(kind, step / 30, tile), axis) * sign for step in range(31)]
    assert way == sorted(way, reverse=True)
    assert way[0] == pytest.approx(0.9 * tile.em)
    assert way[-1] == 0
    # Sub-pixel: near the end the steps are far below one pixel, and not zero.
    assert 0 < way[-3] - way[-2] < 0.5
    leaving = [getattr(pose(kind, step / 30, tile, "out"), axis) * sign for step in range(31)]
    assert leaving == sorted(leaving, reverse=True)
    assert leaving[-1] < 0


def test_pop_overshoots_and_settles(tile):
    sizes = [pose("pop", step / 60, tile).scale for step in range(61)]
    assert sizes[0] < 0.7
    assert 1.005 < max(sizes) < 1.08
    assert sizes[-1] == 1.0


def test_typewriter_reveals_in_reading_order(tile):
    counts = [len(pose("typewriter", step / 40, tile).pieces) for step in range(40)]
    assert counts == sorted(counts)
    half = pose("typewriter", 0.5, tile).pieces
    assert "".join(piece.box.text for piece in half) == "One tw"


@pytest.mark.parametrize(("kind", "boxes"), [("word_by_word", "words"), ("line_by_line", "lines")])
def test_staggered_boxes_follow_one_another(kind, boxes, tile):
    half = pose(kind, 0.5, tile).pieces
    opacities = [piece.opacity for piece in half]
    assert opacities == sorted(opacities, reverse=True)
    assert [piece.box for piece in half] == list(getattr(tile, boxes))[: len(half)]
    assert all(piece.dy >= 0 for piece in half)
    nearly = pose(kind, 0.999, tile).pieces
    assert len(nearly) == len(getattr(tile, boxes))
    assert nearly[-1].opacity > 0.99


def test_karaoke_highlights_what_was_said(tile):
    def said(progress):
        return [piece.box.text for piece in pose("karaoke", progress, tile).pieces if piece.highlight]

    assert said(0.0) == []
    assert said(0.3) == ["One", "two"]
    assert said(1.0) == ["One", "two", "three"]
    assert len(pose("karaoke", 0.0, tile).pieces) == 3


def test_none_is_still(tile):
    assert pose("none", 0.0, tile) == STILL


def test_an_unknown_animation_is_refused(tile):
    with pytest.raises(DraftError, match="explode"):
        pose("explode", 0.5, tile)
