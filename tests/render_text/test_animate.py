"""Motion: that it starts and ends where it should, moves smoothly, and tells what to draw."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from reelframe.errors import DraftError
from reelframe.render.motion import Letters, Supple
from reelframe.render.planes import Scratch, fill, new_planes
from reelframe.render.text import (
    ANIMATIONS,
    STILL,
    Box,
    Piece,
    Pose,
    Shadow,
    TextStyle,
    pose,
    render_text,
)
from reelframe.render.tiles import Tile


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


@pytest.mark.parametrize("kind", ["typewriter", "word_by_word", "line_by_line"])
def test_a_plate_comes_before_most_letters_and_not_at_a_stroke(kind, tile):
    plates = [pose(kind, step / 50, tile).plate for step in range(50)]
    assert plates[0] == 0.0
    assert plates[12] == 1.0
    assert max(after - before for before, after in itertools.pairwise(plates)) < 0.2


def test_none_is_still(tile):
    assert pose("none", 0.0, tile) == STILL


def test_an_unknown_animation_is_refused(tile):
    with pytest.raises(DraftError, match="explode"):
        pose("explode", 0.5, tile)


FRAME = (960, 540)


def over(colour, paint):
    """The Y, U, V planes of a frame of one colour after ``paint``."""
    planes = new_planes(*FRAME)
    fill(planes, colour)
    paint(planes)
    return tuple(p.astype(int) for p in planes)


@pytest.mark.parametrize("text", ["One two\nthree", "AVATAR To", "שלום One 2 עולם"])
@pytest.mark.parametrize("boxes", ["lines", "words", "graphemes"])
@pytest.mark.parametrize(
    "style",
    [TextStyle(color="#ffaa00"), TextStyle(box=Box("#102080", 0.7), shadows=(Shadow(),), outline=0.05)],
    ids=["plain", "rich"],
)
def test_all_pieces_in_place_are_the_whole_tile(boxes, style, text, everything):
    whole = render_text(text, style, *FRAME, book=everything)
    letters = Letters(whole, 41, 33, FRAME)
    pieces = [Piece(box, 1.0) for box in getattr(whole, boxes)]
    drawn = over((90, 120, 60), lambda planes: letters.paint(pieces, planes))
    at_rest = over((90, 120, 60), Tile(whole.flat, 41, 33, FRAME).blend)
    assert max(abs(one - other).max() for one, other in zip(drawn, at_rest, strict=True)) <= 3


def test_half_the_typewriter_shows_half_the_letters(inter):
    whole = render_text("mmmmmmmm", TextStyle(box=Box("#0000ff", 1.0)), *FRAME, book=inter)
    letters = Letters(whole, 20, 20, FRAME)
    luma = over((0, 0, 0), lambda planes: letters.paint(pose("typewriter", 0.5, whole).pieces, planes))[0]
    rest = over((0, 0, 0), Tile(whole.flat, 20, 20, FRAME).blend)[0]
    middle = 20 + int(whole.content.x + whole.content.width / 2)
    assert abs(luma[:, : middle - 3] - rest[:, : middle - 3]).max() <= 2
    rows, columns = (whole.fill[:, middle - 17 :] > 200).nonzero()
    hidden = luma[rows + 20, columns + middle + 3]
    assert hidden.size > 500
    assert abs(hidden - 16 - 0.0722 * 219).max() <= 2  # the plate alone


def test_karaoke_colours_the_words_that_were_said(inter):
    whole = render_text("One two", TextStyle(highlight="#ff0000"), *FRAME, book=inter)
    letters = Letters(whole, 0, 0, FRAME)
    luma = over((0, 0, 0), lambda planes: letters.paint(pose("karaoke", 0.5, whole).pieces, planes))[0]
    seen = []
    for box in whole.words:
        part = (slice(0, whole.height), slice(int(box.rect.x), int(box.rect.x + box.rect.width)))
        seen.append(np.median(luma[part][whole.fill[part] == 255]))
    assert seen == [pytest.approx(16 + 0.2126 * 219, abs=1), pytest.approx(235, abs=1)]


@pytest.mark.parametrize("text", ["mmmmmmmm", "ששששששש"])
def test_a_highlight_advances_by_parts_of_a_pixel(text, everything):
    whole = render_text(text, TextStyle(highlight="#ff0000", size=0.1), *FRAME, book=everything)
    letters = Letters(whole, 3, 7, FRAME)
    ink = (whole.fill == 255).nonzero()
    said = []
    for step in range(200, 240):
        pieces = pose("karaoke", step / 1000, whole).pieces
        luma = over((0, 0, 0), lambda planes, pieces=pieces: letters.paint(pieces, planes))[0]
        said.append(int((235 - luma[ink[0] + 7, ink[1] + 3]).sum()))
    grown = np.diff(said)
    assert (grown >= 0).all()
    # A step is about a third of a pixel; what it adds is never more than two columns of ink.
    assert grown.max() < 2 * np.bincount(ink[1]).max() * 235
    assert (grown > 0).mean() > 0.5


def test_on_a_plate_of_the_highlights_colour_what_comes_is_pale(inter):
    whole = render_text("One two", TextStyle(color="#111317", box=Box("#ffd60a", 1.0)), *FRAME, book=inter)
    assert whole.highlight is None
    one, two = pose("karaoke", 0.5, whole).pieces
    assert one.opacity == 1.0
    assert two.opacity < 0.5


def test_a_rising_word_moves_by_parts_of_a_pixel(inter):
    whole = render_text("Rise", TextStyle(), *FRAME, book=inter)
    letters = Letters(whole, 200, 200, FRAME)

    def centre(dy):
        pieces = [Piece(whole.words[0], 1.0, dy)]
        luma = over((0, 0, 0), lambda planes: letters.paint(pieces, planes))[0] - 16.0
        return (luma.sum(axis=1) * np.arange(luma.shape[0])).sum() / luma.sum()

    still = centre(0.0)
    for dy in (0.25, 0.5, 1.75, 3.3):
        assert centre(dy) - still == pytest.approx(dy, abs=0.05)


@pytest.mark.parametrize("sigma", [0.4, 1.3, 2.6, 5.0, 11.0])
def test_out_of_focus_is_a_gaussian(sigma, inter):
    whole = render_text("Soft", TextStyle(), *FRAME, book=inter)
    tile = Tile(whole.flat, 200, 200, FRAME)
    soft = Supple(tile).posed(Pose(blur=sigma), (0, 0), FRAME, Scratch())
    luma = over((0, 0, 0), soft.blend)[0]
    expected = cv2.GaussianBlur(over((0, 0, 0), tile.blend)[0].astype(np.float32), (0, 0), sigma)
    assert abs(luma - expected).max() < 16
    assert abs(luma - expected).mean() < 0.4


def test_what_hardly_grows_does_not_stand_still(inter):
    whole = render_text("Grow\nslowly", TextStyle(color="#ff8000"), *FRAME, book=inter)
    tile = Tile(whole.flat, 301, 203, FRAME)
    middle = tile.x + tile.w / 2, tile.y + tile.h / 2
    supple, scratch = Supple(tile), Scratch()
    widths = []
    for step in range(-40, 41):
        grown = supple.posed(Pose(scale=1 + step / 1000), middle, FRAME, scratch)
        ink = over((0, 0, 0), grown.blend)[0].sum(axis=0) - 16.0 * FRAME[1]
        x = np.arange(len(ink)) - (ink * np.arange(len(ink))).sum() / ink.sum()
        widths.append(np.sqrt((ink * x**2).sum() / ink.sum()))
    expected = np.array(widths)[40] * (1 + np.arange(-40, 41) / 1000)
    assert np.abs(np.array(widths) - expected).max() < 0.06


@pytest.mark.parametrize(("scale", "shift"), [(0.63, 0.0), (0.8, 0.0), (1.0471, 1.3)])
def test_growing_is_resampling_about_the_middle(scale, shift, inter):
    whole = render_text("Grow\nbig", TextStyle(color="#ff8000"), *FRAME, book=inter)
    tile = Tile(whole.flat, 301, 203, FRAME)
    middle = 346, 240
    grown = Supple(tile).posed(Pose(scale=scale, dx=shift, dy=-shift), middle, FRAME, Scratch())
    matrix = np.array(
        [[scale, 0, (middle[0] - 0.5) * (1 - scale) + shift], [0, scale, (middle[1] - 0.5) * (1 - scale) - shift]]
    )
    for half, planes in ((1, 0), (2, 1), (2, 2)):
        drawn = over((0, 0, 0), grown.blend)[planes]
        at_rest = over((0, 0, 0), tile.blend)[planes]
        moved = matrix.copy()
        # Chroma is sited left: its sample i is at luma 2 i + 0.5 (edges), its row j at 2 j + 1.
        if half == 2:
            moved[0, 2] = ((middle[0] - 0.5) * (1 - scale) + shift) / 2
            moved[1, 2] = ((middle[1] - 1.0) * (1 - scale) - shift) / 2
        empty = int(at_rest[0, 0])
        expected = cv2.warpAffine(
            at_rest.astype(np.float32), moved, (drawn.shape[1], drawn.shape[0]), borderValue=empty
        )
        assert abs(drawn - expected).mean() < 0.25
        rows = np.arange(drawn.shape[0])
        weight, wanted = abs(drawn - empty).sum(axis=1), abs(expected - empty).sum(axis=1)
        assert (weight * rows).sum() / weight.sum() == pytest.approx((wanted * rows).sum() / wanted.sum(), abs=0.06)
