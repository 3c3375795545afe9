"""Motion: that it starts and ends where it should, moves smoothly, and tells what to draw."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from reelframe.errors import DraftError
from reelframe.render.text import (
    ANIMATIONS,
    STILL,
    Box,
    Piece,
    Shadow,
    TextStyle,
    draw_pieces,
    pose,
    premultiplied,
    render_text,
)


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


@pytest.mark.parametrize("text", ["One two\nthree", "AVATAR To"])
@pytest.mark.parametrize("boxes", ["lines", "words", "graphemes"])
@pytest.mark.parametrize(
    "style", [TextStyle(), TextStyle(box=Box(), shadows=(Shadow(),), outline=0.05)], ids=["plain", "rich"]
)
def test_all_pieces_in_place_are_the_whole_tile(boxes, style, text, inter):
    whole = render_text(text, style, 960, 540, book=inter)
    drawn = draw_pieces(whole, [Piece(box, 1.0) for box in getattr(whole, boxes)])
    assert abs(drawn.astype(int) - premultiplied(whole.rgba)).max() <= 2


def test_half_the_typewriter_shows_half_the_letters(inter):
    whole = render_text("mmmmmmmm", TextStyle(box=Box("#0000ff", 1.0)), 960, 540, book=inter)
    half = draw_pieces(whole, pose("typewriter", 0.5, whole).pieces)
    middle = int(whole.content.x + whole.content.width / 2)
    left = premultiplied(whole.rgba)[:, : middle - 3].astype(int)
    assert abs(half[:, : middle - 3] - left).max() <= 1
    hidden = (whole.fill[:, middle + 3 :] > 200).nonzero()
    assert (half[:, middle + 3 :][hidden][:, 2] == 255).all()
    assert (half[:, middle + 3 :][hidden][:, 0] == 0).all()  # the plate alone


def test_karaoke_colours_the_words_that_were_said(inter):
    whole = render_text("One two", TextStyle(highlight="#ff0000"), 960, 540, book=inter)
    drawn = draw_pieces(whole, pose("karaoke", 0.5, whole).pieces)
    colours = []
    for box in whole.words:
        part = (slice(None), slice(int(box.rect.x), int(box.rect.x + box.rect.width)))
        colours.append(drawn[part][whole.fill[part] == 255][:, :3].mean(axis=0).round().tolist())
    assert colours == [[255, 0, 0], [255, 255, 255]]


def test_a_highlight_advances_by_parts_of_a_pixel(inter):
    whole = render_text("mmmmmmmm", TextStyle(highlight="#ff0000", size=0.1), 960, 540, book=inter)
    ink = whole.fill == 255
    said = []
    for step in range(200, 240):
        drawn = draw_pieces(whole, pose("karaoke", step / 1000, whole).pieces)
        said.append(int((255 - drawn[..., 1][ink].astype(int)).sum()))
    grown = np.diff(said)
    assert (grown >= 0).all()
    # A step is about a third of a pixel; what it adds is never more than two columns of ink.
    assert grown.max() < 2 * ink.sum(axis=0).max() * 255
    assert (grown > 0).mean() > 0.5


def test_on_a_plate_of_the_highlights_colour_what_comes_is_pale(inter):
    whole = render_text("One two", TextStyle(color="#111317", box=Box("#ffd60a", 1.0)), 960, 540, book=inter)
    assert whole.highlight is None
    one, two = pose("karaoke", 0.5, whole).pieces
    assert one.opacity == 1.0
    assert two.opacity < 0.5


def test_a_rising_word_moves_by_parts_of_a_pixel(inter):
    whole = render_text("Rise", TextStyle(), 960, 540, book=inter)
    box = whole.words[0]

    def centre(dy):
        alpha = draw_pieces(whole, [Piece(box, 1.0, dy)])[..., 3].astype(float)
        return (alpha.sum(axis=1) * np.arange(alpha.shape[0])).sum() / alpha.sum()

    still = centre(0.0)
    for dy in (0.25, 0.5, 1.75):
        assert centre(dy) - still == pytest.approx(dy, abs=0.05)
