"""A text that may choose keeps off the product, and is in a colour that can be read there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reelframe.render.composition import TextLayer
from reelframe.render.placing import ROAMING, apart, calmest, commotion, legible
from reelframe.render.planes import rgb_to_planes
from reelframe.render.text import TextStyle, default_style, patch_contrast

WIDTH, HEIGHT = 640, 360
# Where a title of this frame would stand.
PLACES = {"center": (160, 150, 320, 60), "bottom": (160, 280, 320, 50), "top": (160, 24, 320, 50)}


def scene(ground, *discs):
    picture = np.full((HEIGHT, WIDTH, 3), ground, np.uint8)
    for x, y, radius, color in discs:
        cv2.circle(picture, (x, y), radius, color, -1, cv2.LINE_AA)
    return rgb_to_planes(picture)


def stripes(top, bottom):
    picture = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    picture[top:bottom, ::8] = 20
    picture[top:bottom, 1::8] = 20
    return rgb_to_planes(picture)


@pytest.mark.parametrize(
    ("frames", "chosen"),
    [
        ([scene((220, 210, 190))], "center"),
        ([scene((220, 210, 190), (320, 180, 90, (30, 90, 100)))], "bottom"),
        ([scene((20, 20, 22), (320, 180, 90, (230, 230, 230)))], "bottom"),
        ([scene((220, 210, 190), (320, 180, 90, (30, 90, 100)), (320, 330, 80, (180, 60, 20)))], "top"),
        # What comes later counts as well.
        ([scene((220, 210, 190)), scene((220, 210, 190), (320, 180, 90, (30, 90, 100)))], "bottom"),
        ([stripes(100, 360)], "top"),
    ],
)
def test_the_calm_place_is_chosen(frames, chosen):
    worst = np.maximum.reduce([commotion(frame) for frame in frames])
    assert calmest(worst, HEIGHT, PLACES, ROAMING["title"]) == chosen


@pytest.mark.parametrize("shade", [206, 240])
def test_a_subject_that_is_hardly_darker_than_its_ground_is_kept_free_all_the_same(shade):
    # The title's own place lies within the white mug, where nothing goes on.
    mug = scene((222, 210, 190), (320, 180, 110, (shade, shade, shade)))
    cv2.circle(mug[0], (320, 180), 112, 40, 5, cv2.LINE_AA)
    assert calmest(commotion(mug), HEIGHT, PLACES, ROAMING["title"]) != "center"


@pytest.mark.parametrize("ground", [0, 90, 200, 255])
def test_a_ground_that_is_hardly_uneven_has_no_subject(ground):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    glow = 24 * np.exp(-((x - 320) ** 2 + (y - 180) ** 2) / 20000)
    picture = np.clip(ground + glow[..., None] * (1, 0.8, 0.9), 0, 255).astype(np.uint8)
    assert calmest(commotion(rgb_to_planes(picture)), HEIGHT, PLACES, ROAMING["title"]) == "center"


def test_a_little_less_does_not_move_a_title_from_its_place():
    quiet = scene((128, 128, 128), (320, 180, 6, (136, 136, 136)))
    assert calmest(commotion(quiet), HEIGHT, PLACES, ROAMING["title"]) == "center"


@pytest.mark.parametrize(
    ("luma", "color"),
    [(0, "#ffffff"), (60, "#ffffff"), (110, "#ffffff"), (160, "#15181d"), (210, "#15181d"), (255, "#15181d")],
)
def test_ink_on_light_and_white_on_dark(luma, color):
    patch = np.full((20, 20), luma, np.uint8)
    style = legible(default_style("title"), [patch])
    assert style.color == color
    assert patch_contrast(patch, style.color) >= 4.5


def layer(role, start, end, position, *, free=True):
    places = tuple(ROAMING.get(role, ())) if free else ()
    return TextLayer(start, end, role, role, default_style(role), position, places=places)


@pytest.mark.parametrize(
    ("other", "left"),
    [
        (None, {"center", "bottom", "top"}),
        (layer("caption", 0, 60, "bottom", free=False), {"center", "top"}),
        (layer("cta", 0, 60, "top_left", free=False), {"center", "bottom"}),
        (layer("caption", 90, 120, "bottom", free=False), {"center", "bottom", "top"}),
        # Its own place is taken: it stays, where somebody put both.
        (layer("text", 0, 60, "center", free=False), set()),
    ],
)
def test_a_text_does_not_go_where_another_one_stands(other, left):
    title = layer("title", 30, 90, "center")
    first, *_ = apart([title, other] if other else [title])
    assert set(first.places) == left


@pytest.mark.parametrize("order", [1, -1])
def test_a_caption_never_goes_above_its_title(order):
    found = apart([layer("title", 0, 90, "center"), layer("caption", 30, 90, "bottom")][::order])
    assert {one.role: set(one.places) for one in found} == {"title": {"center", "top"}, "caption": {"bottom"}}


def test_where_neither_can_be_read_the_colour_goes_with_most_of_the_ground():
    light, dark = np.full((40, 64), 200, np.uint8), np.full((40, 64), 30, np.uint8)
    light[:8], dark[:8] = 10, 240
    assert legible(TextStyle(), [light]).color == "#15181d"
    assert legible(TextStyle(), [dark]).color == "#ffffff"


def test_a_text_is_read_also_in_a_flash_of_a_clip(studio):
    # White letters on the dark; for a third of a second in between everything is as white as they are.
    clip = studio.clip("flash.mp4", [20] * 36 + [240] * 12 + [20] * 72, 30, size=(320, 180))
    film = studio.compose(
        [{"d": 4000, "media": clip.id}],
        texts=[{"d": 4000, "text": "SALE", "role": "title", "anim_in": {"type": "none"}}],
    )
    dark, flash = studio.paint(film, 10, 41)
    letters = dark.min(axis=-1) > 200
    around = cv2.dilate(letters.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    ring = flash[around & ~(cv2.dilate(letters.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)]
    assert letters.sum() > 200
    assert patch_contrast(ring[None].astype(np.uint8), "#ffffff") >= 4.5
