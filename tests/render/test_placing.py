"""A text that may choose keeps off the product, and is in a colour that can be read there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.composition import TextLayer
from reelframe.render.frames import Painter
from reelframe.render.placing import apart, calmest, commotion, free_places, legible, melts, spots
from reelframe.render.planes import new_planes, rgb_to_planes
from reelframe.render.sources import Pool
from reelframe.render.text import Box, TextStyle, default_style, patch_contrast
from reelframe.render.timeline import Timeline

WIDTH, HEIGHT = 640, 360
WIDE = WIDTH / HEIGHT
# Where a title of this frame would stand, at its own distance from the edge and at the least one.
PLACES = {
    ("center", 0.0): (160, 150, 320, 60),
    ("bottom", 0.0): (160, 280, 320, 50),
    ("bottom", 0.03): (160, 291, 320, 50),
    ("top", 0.0): (160, 29, 320, 50),
    ("top", -0.03): (160, 18, 320, 50),
}
PRICES = spots("title", free_places("title", WIDE))


def name_of_calmest(field):
    return calmest(field, HEIGHT, PLACES, PRICES)[0]


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


def table():
    """A blue mug on a dark table before a light wall."""
    picture = np.full((HEIGHT, WIDTH, 3), (214, 198, 178), np.uint8)
    picture[150:] = (120, 78, 50)
    cv2.rectangle(picture, (220, 120), (420, 359), (110, 190, 210), -1)
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
    assert name_of_calmest(worst) == chosen


def test_a_wall_and_the_table_below_it_are_both_calm():
    field = commotion(table())
    wall, board, mug = field[:45], field[70:, :70], field[60:, 90:165]
    assert wall.mean() < 0.05
    assert board.mean() < 0.05
    assert mug.mean() > 0.2


@pytest.mark.parametrize(
    ("plate", "melted"),
    [
        (Box("#784e32", 1.0), True),
        (Box("#805236", 0.9), True),
        (Box("#784e32", 0.3), False),
        (Box("#ffd60a", 1.0), False),
        (Box("#000000", 1.0), False),
        (None, False),
    ],
)
def test_a_plate_in_the_colour_of_the_table_is_not_seen_on_it(plate, melted):
    assert melts(plate, table(), (20, 290, 180, 50)) == melted
    assert not melts(plate, table(), (20, 20, 180, 50))


@pytest.mark.parametrize("shade", [206, 240])
def test_a_subject_that_is_hardly_darker_than_its_ground_is_kept_free_all_the_same(shade):
    # The title's own place lies within the white mug, where nothing goes on.
    mug = scene((222, 210, 190), (320, 180, 110, (shade, shade, shade)))
    cv2.circle(mug[0], (320, 180), 112, 40, 5, cv2.LINE_AA)
    assert name_of_calmest(commotion(mug)) != "center"


@pytest.mark.parametrize("ground", [0, 90, 200, 255])
def test_a_ground_that_is_hardly_uneven_has_no_subject(ground):
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    glow = 24 * np.exp(-((x - 320) ** 2 + (y - 180) ** 2) / 20000)
    picture = np.clip(ground + glow[..., None] * (1, 0.8, 0.9), 0, 255).astype(np.uint8)
    assert name_of_calmest(commotion(rgb_to_planes(picture))) == "center"


def test_a_little_less_does_not_move_a_title_from_its_place():
    quiet = scene((128, 128, 128), (320, 180, 6, (136, 136, 136)))
    assert name_of_calmest(commotion(quiet)) == "center"


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
    places = free_places(role, WIDE) if free else ()
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
def test_under_a_title_a_button_may_still_go_to_a_side(order):
    found = apart([layer("title", 0, 90, "center"), layer("cta", 30, 90, "bottom")][::order])
    assert {one.role: set(one.places) for one in found} == {
        "title": {"center", "top"},
        "cta": {"bottom", "bottom_left", "bottom_right"},
    }


def test_in_a_narrow_frame_what_is_centred_stays_on_the_axis():
    assert set(free_places("cta", 9 / 16)) == {"bottom", "top"}
    assert set(free_places("lower_third", 9 / 16)) == {"bottom_left", "bottom_right"}


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


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Photos of a dark ball on a light ground, by where it lies, and a logo."""
    folder = tmp_path_factory.mktemp("shelf")
    balls = {"low": (320, 270, 60), "corner": (110, 280, 60)}
    for name, (x, y, radius) in balls.items():
        picture = np.full((HEIGHT, WIDTH, 3), (214, 206, 196), np.uint8)
        cv2.circle(picture, (x, y), radius, (40, 60, 120), -1, cv2.LINE_AA)
        cv2.imwrite(str(folder / f"{name}.png"), picture)
    cv2.imwrite(str(folder / "logo.png"), np.full((40, 120, 3), (90, 160, 30), np.uint8))
    return {path.stem: probe(path) for path in folder.iterdir()}


def ink(shelf, photo, role, *, size=(WIDTH, HEIGHT), logo=None, **m):
    """Left, top, right and bottom of what a text changes, relative to the frame."""
    shot = {"d": 1000, "m": {"id": "v", "media": shelf[photo].id, "start": 0, "fit": "fill"}}
    tracks = [{"tt": 0, "sg": [shot]}]
    if logo:
        where = {"id": "l", "media": shelf["logo"].id, "role": "logo", "position": logo, "size": 0.12, "start": 0}
        tracks.append({"tt": 0, "sg": [{"d": 1000, "m": where}]})
    still = {"anim_in": {"type": "none"}, "anim_out": {"type": "none"}, "style": {"shadow": False}}
    text = {"id": "t", "text": "Shop the drop", "role": role, "start": 0, **still, **m}
    painted = []
    for texts in ([], [{"tt": 7, "sg": [{"d": 1000, "m": text}]}]):
        m_of = {"width": size[0], "height": size[1], "fps": 10}
        composition = compose(
            Draft.from_wire({"t": [*tracks, *texts], "d": 1000, "m": m_of}), Library(tuple(shelf.values()))
        )
        painter, planes = Painter(*size, Pool(*size)), new_planes(*size)
        painter.paint(Timeline(composition).frame(5), planes)
        painter.close()
        painted.append(planes[0].astype(int))
    rows, columns = np.nonzero(np.abs(painted[1] - painted[0]) > 12)
    return columns.min() / size[0], rows.min() / size[1], columns.max() / size[0], rows.max() / size[1]


def test_a_button_keeps_off_the_product(shelf):
    left, top, right, _ = ink(shelf, "low", "cta")
    assert right < 260 / 640 or left > 380 / 640 or top < 0.3
    # In a narrow frame it goes above it.
    _, _, _, bottom = ink(shelf, "low", "cta", size=(240, 426))
    assert bottom < 0.3


@pytest.mark.parametrize(
    ("ground", "style", "seen"),
    # What somebody chose stays as it is.
    [("#ffffff", {}, True), ("#101010", {}, True), ("#ffffff", {"color": "#333333"}, False)],
)
def test_a_button_is_seen_on_a_ground_of_its_own_colour(ground, style, seen):
    card = {"d": 1000, "m": {"id": "c", "role": "card", "color": ground, "start": 0}}
    said = {"id": "t", "text": "Shop the drop", "role": "cta", "start": 0, "style": style, "anim_in": {"type": "none"}}
    wire = {"t": [{"tt": 0, "sg": [card]}, {"tt": 7, "sg": [{"d": 1000, "m": said}]}], "d": 1000}
    composition = compose(Draft.from_wire({**wire, "m": {"width": WIDTH, "height": HEIGHT, "fps": 10}}), Library())
    painter, planes = Painter(WIDTH, HEIGHT, Pool(WIDTH, HEIGHT)), new_planes(WIDTH, HEIGHT)
    painter.paint(Timeline(composition).frame(3), planes)
    painter.close()
    rows, columns = np.nonzero(np.abs(planes[0].astype(int) - planes[0][0, 0]) > 100)
    # A plate fills its box; letters alone do not.
    assert (len(rows) > 0.6 * (np.ptp(rows) + 1) * (np.ptp(columns) + 1)) == seen


def test_a_button_on_a_calm_ground_stays_below(shelf):
    left, top, right, _ = ink(shelf, "corner", "cta")
    assert top > 0.7
    assert (left + right) / 2 == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("photo", "side"), [("low", "left"), ("corner", "right")])
def test_a_lower_third_takes_the_side_where_the_product_is_not(shelf, photo, side):
    left, top, right, _ = ink(shelf, photo, "lower_third")
    assert top > 0.6
    assert left > 0.5 if side == "right" else right < 0.5


def test_not_where_the_logo_is(shelf):
    left, _, right, _ = ink(shelf, "corner", "lower_third", logo="bottom_right")
    assert right < 0.5, "a product is better covered than a logo"
    assert left < 0.1


@pytest.mark.parametrize(("role", "position"), [("cta", "bottom"), ("lower_third", "bottom_left")])
def test_where_the_place_was_said_it_stays(shelf, role, position):
    photo = "low" if role == "cta" else "corner"
    left, top, right, _ = ink(shelf, photo, role, position=position)
    assert top > 0.6
    middle = (left + right) / 2
    assert middle == pytest.approx(0.5, abs=0.01) if role == "cta" else right < 0.5


def test_a_caption_leaves_the_thing_that_it_would_cross(shelf):
    _, _, _, bottom = ink(shelf, "low", "caption")
    assert bottom < 0.3
    _, top, _, _ = ink(shelf, "corner", "caption")
    assert top > 0.75


@pytest.mark.parametrize("photo", ["low", "corner"])
def test_a_little_higher_is_from_where_it_was_put(shelf, photo):
    before, after = (ink(shelf, photo, "caption", **moved) for moved in ({}, {"dy": 0.04}))
    assert np.array(after) - before == pytest.approx([0, 0.04, 0, 0.04], abs=0.006)
