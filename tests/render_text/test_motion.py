"""Motion as it is seen: the ink's centre of gravity in painted frames, measured to hundredths of a pixel."""

from __future__ import annotations

import numpy as np
import pytest

from reelframe.draft import Draft, Segment, Track
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.frames import Painter
from reelframe.render.planes import new_planes
from reelframe.render.sources import Pool
from reelframe.render.text import ANIMATIONS
from reelframe.render.timeline import Timeline

SIZE = (640, 360)
FPS = 30


def frames(kind, way="anim_in", text="Slow mornings", fps=FPS, **m):
    """The luma of each frame of an animation of one second, over a grey card."""
    said = {"anim_in": {"type": "none"}, "anim_out": {"type": "none"}, way: {"type": kind, "ms": 1000}}
    words = Segment.make(1000, id="t", text=text, role="text", start=0, position="center", **said, **m)
    card = Segment.make(1000, id="c", role="card", color="#404040", start=0)
    draft = Draft(
        t=(Track(tt=0, sg=(card,)), Track(tt=7, sg=(words,))),
        d=1000,
        m={"width": SIZE[0], "height": SIZE[1], "fps": fps},
    )
    composition = compose(draft, Library())
    painter, timeline = Painter(*SIZE, Pool(*SIZE)), Timeline(composition)
    planes = new_planes(*SIZE)
    out = []
    for f in range(composition.frames):
        painter.paint(timeline.frame(f), planes)
        out.append(planes[0].astype(float))
    painter.close()
    return out


def centre(luma, axis):
    ink = np.clip(luma - luma[0, 0], 0, None)
    return (ink.sum(axis=1 - axis) * np.arange(ink.shape[axis])).sum() / ink.sum()


@pytest.mark.parametrize(
    ("kind", "axis", "way"),
    [("slide_up", 0, -1), ("slide_down", 0, 1), ("slide_left", 1, -1), ("slide_right", 1, 1)],
)
def test_a_slide_never_jumps_by_a_pixel(kind, axis, way):
    # From where it is opaque; the shadow is switched off, because it is clipped to what can be darker.
    path = np.array([centre(f, axis) for f in frames(kind, style={"shadow": False, "color": "#ffffff"})[12:]])
    steps = np.diff(path) * way
    assert (steps > -0.03).all()
    # It slows down evenly: no step differs from the one before by more than the easing lets it.
    eased = 0.9 * 0.058 * SIZE[1] * (1 - np.arange(13, 31) / 31) ** 4
    assert np.abs(path - path[-1] + way * (eased - eased[-1])).max() < 0.06


@pytest.mark.parametrize("kind", ["scale", "pop"])
def test_growing_keeps_the_middle_where_it_is(kind):
    painted = frames(kind, style={"shadow": False, "color": "#ffffff"})[8:]
    for axis in (0, 1):
        path = np.array([centre(f, axis) for f in painted])
        assert np.abs(path - path[-1]).max() < 0.12


def test_words_rise_by_parts_of_a_pixel():
    path = np.array([centre(f, 0) for f in frames("word_by_word", text="Slow", style={"shadow": False})[14:]])
    steps = -np.diff(path)
    assert (steps > -0.03).all()
    assert 0 < steps[3] < 0.5


@pytest.mark.parametrize("kind", [k for k in ANIMATIONS if k != "karaoke"])
@pytest.mark.parametrize("way", ["anim_in", "anim_out"])
def test_what_comes_is_there_at_the_end_and_what_goes_is_not(kind, way):
    painted = frames(kind, way, fps=12)
    if way == "anim_out":
        painted.reverse()
    ink = [np.abs(f - 64 * 219 / 255 - 16).sum() for f in painted]
    assert ink[0] < 0.4 * ink[-1]
    # Neighbouring frames differ by little: nothing flashes.
    assert max(np.abs(np.diff(ink))) < 0.5 * max(ink)


def test_karaoke_goes_from_the_texts_colour_to_the_highlight():
    painted = frames("karaoke", fps=12, style={"shadow": False, "color": "#ffffff"})
    white = [int((f > 225).sum()) for f in painted]
    # Yellow is darker than white.
    assert white[0] > 0.8 * max(white)
    assert white[-1] < 0.1 * max(white)
    assert white == sorted(white, reverse=True)
