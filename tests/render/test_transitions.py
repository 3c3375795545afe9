"""Every transition between a red and a blue picture: its ends, its middle, and that it goes one way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from reelframe.render.transitions import TRANSITIONS

RED, BLUE = (200, 30, 30), (30, 50, 190)


@pytest.fixture
def pair(studio):
    a, b = studio.plain("red.png", RED), studio.plain("blue.png", BLUE)

    def compose(kind, ms=500):
        return studio.compose(
            [{"d": 1000, "media": a.id}, {"d": 1000, "media": b.id, "transition": {"type": kind, "ms": ms}}]
        )

    return compose


def blueness(frame):
    """0 is the red picture, 1 the blue one, over the whole frame."""
    return float(((frame[..., 2] - 30) / 160).mean())


def is_near(frame, color, within=4):
    return np.abs(frame - color).max() <= within


@pytest.mark.parametrize("kind", [*TRANSITIONS, "cut"])
def test_before_and_after_it_is_one_picture(studio, pair, kind):
    before, after = studio.paint(pair(kind), 29, 45)
    assert is_near(before, RED) and is_near(after, BLUE)


@pytest.mark.parametrize("kind", sorted(TRANSITIONS))
def test_it_begins_near_the_old_and_ends_near_the_new_and_stands_in_between(studio, pair, kind):
    frames = studio.paint(pair(kind), *range(30, 45))
    if kind not in ("fade_white", "flash"):  # those are brighter than both on their way
        shares = [blueness(f) for f in frames]
        assert shares[0] < 0.2 and shares[-1] > 0.8
    assert not is_near(frames[7], RED, 20) and not is_near(frames[7], BLUE, 20)


def test_a_crossfade_is_in_the_middle_the_mean(studio, pair, tools):
    mean = (np.array(RED) + BLUE) / 2
    assert is_near(studio.paint(pair("crossfade"), 37)[0], mean, 3)
    decoded = tools.decode(studio.render(pair("crossfade")).path)
    assert is_near(decoded[37].mean(axis=(0, 1)), mean, 4)
    shares = [blueness(f) for f in decoded[30:45]]
    assert np.allclose(np.diff(shares), 1 / 16, atol=0.02)


@pytest.mark.parametrize(("kind", "color"), [("fade_black", (0, 0, 0)), ("fade_white", (255, 255, 255))])
def test_a_fade_goes_through_its_colour(studio, pair, kind, color):
    frames = studio.paint(pair(kind), *range(30, 45))
    distance = [np.abs(f - color).mean() for f in frames]
    assert min(distance) < 6
    assert 5 <= int(np.argmin(distance)) <= 9


def test_a_flash_is_nearly_white_early_and_clears_slowly(studio, pair):
    light = [f.mean() for f in studio.paint(pair("flash"), *range(30, 45))]
    assert max(light) > 230
    assert int(np.argmax(light)) <= 4
    assert light[-1] < 110


@pytest.mark.parametrize(("kind", "left", "right"), [("wipe", BLUE, RED), ("slide", RED, BLUE), ("push", RED, BLUE)])
def test_halves_stand_side_by_side(studio, pair, kind, left, right):
    frame = studio.paint(pair(kind), 37)[0]
    assert is_near(frame[:, :120], left) and is_near(frame[:, 200:], right)


def test_a_push_carries_the_old_picture_away_and_a_slide_covers_it(studio):
    marked = np.full((180, 320, 3), RED)
    marked[:, :40] = (240, 240, 240)
    a, b = studio.add("marked.png", marked), studio.plain("blue.png", BLUE)

    def middle(kind):
        shots = [{"d": 1000, "media": a.id}, {"d": 1000, "media": b.id, "transition": {"type": kind, "ms": 500}}]
        return studio.paint(studio.compose(shots), 37)[0]

    assert is_near(middle("slide")[:, 5:35], (240, 240, 240))
    assert is_near(middle("push")[:, 5:35], RED)


def test_a_circle_opens_from_the_middle(studio, pair):
    frame = studio.paint(pair("circle"), 37)[0]
    assert is_near(frame[90, 160], BLUE) and is_near(frame[2, 2], RED) and is_near(frame[177, 317], RED)


@pytest.mark.parametrize("kind", ["zoom", "whip", "blur"])
def test_what_is_sharp_at_rest_is_soft_or_elsewhere_in_between(studio, kind):
    bars = np.zeros((180, 320, 3), np.uint8)
    bars[:, ::8], bars[:, 1::8] = 255, 255
    a, b = studio.add("bars.png", bars), studio.plain("grey.png", (60, 60, 60))
    shots = [{"d": 1000, "media": a.id}, {"d": 1000, "media": b.id, "transition": {"type": kind, "ms": 500}}]
    still, moving = studio.paint(studio.compose(shots), 20, 36)
    assert np.abs(np.diff(moving[90, :, 1])).mean() < 0.6 * np.abs(np.diff(still[90, :, 1])).mean()


def test_stills_go_on_moving_under_the_next_shot(studio):
    """The outgoing photo does not stop where its own time ends."""
    x = np.mgrid[0:360, 0:640][1]
    waves = np.repeat(((np.sin(x / 6) * 100) + 128).astype(np.uint8)[..., None], 3, -1)
    a, b = studio.add("waves.png", waves), studio.plain("black.png", (0, 0, 0))
    shots = [
        {"d": 1000, "media": a.id, "move": {"direction": "right", "amount": 0.5}},
        {"d": 1000, "media": b.id, "transition": {"type": "crossfade", "ms": 1000}},
    ]
    frames = studio.paint(studio.compose(shots), 33, 36, 39)
    assert all(np.corrcoef(p[90, :, 1], q[90, :, 1])[0, 1] < 0.99 for p, q in pairwise(frames))


def test_a_transition_longer_than_its_shot_ends_with_it(studio, pair):
    c = pair("crossfade", ms=5000)
    assert c.shots[1].transition.frames == 30
    assert c.frames == 60
    assert blueness(studio.paint(c, 59)[0]) > 0.9
