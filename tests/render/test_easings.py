"""How far a transition or a camera move has come at each instant, and that every name that may be said is drawn."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from reelframe.edits import names
from reelframe.edits.ops.base import Fit, Position, TransitionType
from reelframe.edits.ops.picture import Adjust, KenBurns
from reelframe.render import composition
from reelframe.render.composition import Framing, Grade, Move
from reelframe.render.effects import EFFECTS
from reelframe.render.geometry import Focus, ease, lay_out, view
from reelframe.render.looks import LOOKS
from reelframe.render.text import POSITIONS
from reelframe.render.transitions import TRANSITIONS, smooth, transition

WIDTH, HEIGHT = 960, 60
INSTANTS = [i / 20 for i in range(21)]
# Smoothstep, 3 u^2 - 2 u^3, of it the smoothstep, and its mean with the straight line, by hand.
SMOOTH = {0: 0, 0.1: 0.028, 0.25: 0.15625, 0.5: 0.5, 0.75: 0.84375, 0.9: 0.972, 1: 1}
SWIFT = {0: 0, 0.1: 0.002308, 0.25: 0.065613, 0.5: 0.5, 0.75: 0.934387, 0.9: 0.997692, 1: 1}
GENTLE = {0: 0, 0.1: 0.064, 0.25: 0.203125, 0.5: 0.5, 0.75: 0.796875, 0.9: 0.936, 1: 1}


def plain(level):
    size = HEIGHT // 2, WIDTH // 2
    return np.full((HEIGHT, WIDTH), level, np.uint8), np.full(size, 128, np.uint8), np.full(size, 128, np.uint8)


def black(kind, progress):
    """The columns of the first row that show the new picture, which is black, over a white one."""
    out = plain(77)
    transition(kind, plain(235), plain(16), progress, out)
    assert (out[0] == out[0][0]).all(), "straight edges stand upright"
    return out[0][0] < 126


@pytest.mark.parametrize(("curve", "table"), [(smooth, SMOOTH), (ease, GENTLE)])
def test_curves_have_their_values(curve, table):
    for u, expected in table.items():
        assert curve(u) == pytest.approx(expected, abs=1e-12), u


@pytest.mark.parametrize("curve", [smooth, ease])
def test_curves_never_turn_back_and_are_the_same_from_both_ends(curve):
    values = [curve(u) for u in INSTANTS]
    assert all(b > a for a, b in pairwise(values))
    assert [1 - curve(1 - u) for u in INSTANTS] == pytest.approx(values, abs=1e-12)


def test_a_move_keeps_to_its_ends_when_it_is_asked_beyond_them():
    assert (ease(-0.5), ease(1.5)) == (0, 1)


@pytest.mark.parametrize("kind", ["slide", "push"])
def test_what_slides_in_has_come_as_far_as_its_curve_says(kind):
    for u, share in SWIFT.items():
        new = black(kind, u)
        # To the even column: chroma has half of them.
        assert new.sum() == pytest.approx(share * WIDTH, abs=1.01), u
        assert not new[: WIDTH - new.sum()].any(), "it comes in from the right"


def test_a_wipe_has_come_as_far_as_its_curve_says():
    soft = WIDTH / 12
    for u, share in SMOOTH.items():
        edge = min(max(share * (WIDTH + soft) - soft / 2, 0), WIDTH)
        new = black("wipe", u)
        assert new.sum() == pytest.approx(edge, abs=1.01), u
        assert new[: new.sum()].all(), "it goes from left to right"


@pytest.mark.parametrize(
    ("direction", "axis", "way"), [("right", "x", 1), ("left", "x", -1), ("down", "y", 1), ("up", "y", -1)]
)
def test_a_pan_is_even_and_goes_where_it_says(direction, axis, way):
    layout = lay_out(Framing(), (1000, 1000), (320, 320))
    seen = [view(Move(direction, 0.2), u, Focus(), layout) for u in INSTANTS]
    steps = [getattr(b, axis) - getattr(a, axis) for a, b in pairwise(seen)]
    assert steps == pytest.approx([steps[0]] * len(steps), abs=1e-12)
    assert way * steps[0] > 0.001
    other = {getattr(s, "y" if axis == "x" else "x") for s in seen}
    assert len(other) == 1 and len({s.zoom for s in seen}) == 1


def test_a_zoom_in_is_a_zoom_out_backwards():
    layout = lay_out(Framing(), (1000, 1000), (320, 180))
    focus = Focus(0.3, 0.6)
    ahead = [view(Move("in", 0.2), u, focus, layout) for u in INSTANTS]
    back = [view(Move("out", 0.2), 1 - u, focus, layout) for u in INSTANTS]
    assert [s.zoom for s in ahead] == pytest.approx([s.zoom for s in back])
    assert (ahead[0].zoom, ahead[-1].zoom) == (pytest.approx(1), pytest.approx(1.2))
    assert all(b.zoom > a.zoom for a, b in pairwise(ahead))


def test_every_name_that_may_be_said_is_drawn():
    assert set(LOOKS) == {*names.LOOKS, "none"}
    assert set(EFFECTS) == set(names.EFFECTS)
    # A cut is no painting.
    assert {*TRANSITIONS, "cut"} == set(get_args(TransitionType))
    assert set(POSITIONS) == set(get_args(Position))
    assert set(get_args(composition.Fit)) == set(get_args(Fit))
    moves, _ = get_args(KenBurns.model_fields["direction"].annotation)
    assert {*get_args(composition.Direction), "none"} == set(get_args(moves))
    adjustments = set(Adjust.model_fields) - {"op", "target"}
    assert {field.name for field in fields(Grade)} == {*adjustments, "look"}
