"""The shade under a light text on a busy picture: where it lies, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from reelframe.draft import Draft, Segment, Track
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.frames import Painter
from reelframe.render.planes import new_planes
from reelframe.render.shade import shade_under
from reelframe.render.sources import Pool
from reelframe.render.text import cells, patch_contrast
from reelframe.render.timeline import Timeline

SIZE = 640, 360
WHITE = 235


def left_by(text, opacity=0.6, size=SIZE):
    """What is left of a white frame, from the top down."""
    planes = new_planes(*size)
    planes[0][:], planes[1][:], planes[2][:] = WHITE, 128, 128
    shade_under(text, size, opacity).blend(planes)
    assert (planes[0] == planes[0][:, :1]).all(), "it is as dark from one side to the other"
    assert all((np.abs(plane.astype(int) - 128) <= 1).all() for plane in planes[1:]), "black has no colour"
    return (planes[0][:, 0].astype(float) - 16) / (WHITE - 16)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (62, 34)])
@pytest.mark.parametrize("opacity", [0.36, 0.6])
def test_a_shade_is_as_dark_as_asked_behind_the_text_and_comes_slowly(size, opacity):
    width, height = size
    for top, high in ((0.05, 0.1), (0.45, 0.1), (0.8, 0.12), (0.0, 1.0)):
        first, last = round(top * height), round((top + high) * height)
        left = left_by((10, first, width - 20, last - first), opacity, size)
        assert np.allclose(left[first:last], 1 - opacity, atol=0.02)
        assert np.abs(np.diff(left)).max() < 0.9 * opacity * 50 / height + 0.02


def test_by_an_edge_it_goes_on_to_the_edge():
    assert np.allclose(left_by((100, 290, 440, 40))[290:], 0.4, atol=0.02)
    assert np.allclose(left_by((100, 290, 440, 40))[:180], 1, atol=0.01)
    assert np.allclose(left_by((100, 30, 440, 40))[:70], 0.4, atol=0.02)
    assert np.allclose(left_by((100, 30, 440, 40))[-180:], 1, atol=0.01)


def test_in_the_middle_it_fades_to_both_sides():
    left = left_by((100, 160, 440, 40))
    assert np.allclose(left[[0, -1]], 1, atol=0.02)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A dark picture with many light lines, and a logo."""
    folder = tmp_path_factory.mktemp("shade")
    busy = np.full((360, 640, 3), 40, np.uint8)
    busy[::6], busy[1::6] = 190, 190
    Image.fromarray(busy).save(folder / "busy.png")
    Image.new("RGB", (80, 40), (30, 160, 90)).save(folder / "logo.png")
    return Library(tuple(probe(folder / name) for name in ("busy.png", "logo.png")))


def painted(library, frame, *, text, logo="top_right"):
    """Luma and the logo's place of a frame of the picture with a logo, and perhaps a caption that slides in."""
    tracks = [
        Track(tt=0, sg=(Segment.make(2000, id="a", media=library.shots[0].id, start=0),)),
        Track(tt=0, sg=(Segment.make(
            2000, id="l", media=library.shots[1].id, role="logo", position=logo, size=0.14, start=0,
        ),)),
    ]  # fmt: skip
    if text:
        caption = Segment.make(
            2000, id="t", text="Glazed by hand in Lisbon", role="caption", position="bottom", start=0,
            anim_in={"type": "slide_up", "ms": 1000}, anim_out={"type": "none"},
        )  # fmt: skip
        tracks.append(Track(tt=7, sg=(caption,)))
    draft = Draft(t=tuple(tracks), d=2000, m={"width": 640, "height": 360, "fps": 10})
    painter, planes = Painter(*SIZE, Pool(*SIZE)), new_planes(*SIZE)
    painter.paint(Timeline(compose(draft, library)).frame(frame), planes)
    painter.close()
    return planes[0].astype(int)


def test_a_logo_in_the_shade_is_not_darkened(library):
    with_text, bare = (painted(library, 15, text=text, logo="bottom_right") for text in (True, False))
    there = np.abs(painted(library, 15, text=False) - bare) > 30
    there[:180] = False  # the other logo's place
    assert there.sum() > 500
    darker = (bare - with_text)[300:]
    assert np.median(darker[there[300:]]) <= 1
    assert darker[:, :20].max() > 30, "the picture is, up to its side"


def test_the_picture_is_dark_enough_where_the_letters_stand(library):
    with_text, bare = (painted(library, 15, text=text) for text in (True, False))
    rows = np.flatnonzero((with_text > bare + 20).any(axis=1))
    beside = with_text[rows[0] : rows[-1] + 1, :60]
    full = np.clip(np.rint((beside - 16) * 255 / 219), 0, 255).astype(np.uint8)
    assert patch_contrast(cells(full, 6), "#ffffff") >= 4.5


def test_it_comes_with_the_text_but_does_not_slide(library):
    bare = painted(library, 15, text=False)[:, :20]
    first, rest = ((bare - painted(library, frame, text=True)[:, :20]) for frame in (1, 15))
    assert 0 < first.max() < rest.max()
    # As dark everywhere in proportion: fainter, at the same place.
    share = first.max() / rest.max()
    assert np.abs(first - rest * share).max() <= 3
