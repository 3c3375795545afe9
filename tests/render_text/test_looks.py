"""Styles, looks, places and contrast: what a text gets when little is said."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from reelframe.errors import DraftError
from reelframe.render.text import (
    ANIMATIONS,
    LOOKS,
    PLATFORMS,
    POSITIONS,
    ROLES,
    Box,
    Gradient,
    Shadow,
    Support,
    TextStyle,
    cells,
    contrast_ratio,
    default_look,
    default_style,
    patch_contrast,
    position_tile,
    render_text,
    safe_insets,
    safe_width,
    shade_needed,
    strengthen,
    style_from_slots,
    support_needed,
)

FRAMES = [(1920, 1080), (1080, 1920), (1080, 1080), (1080, 1350)]
SAMPLES = {
    "title": "Handmade Ceramics for Slow Mornings",
    "caption": "Fired twice, glazed by hand in Lisbon",
    "lower_third": "Ana Ribeiro\nPotter, Studio Barro",
    "credits": "Clay: Ana Ribeiro\nGlaze: Rui Costa\nPhotos: Inês Alves",
    "cta": "Shop the collection",
    "text": "New in the shop",
    "subtitle": "Every cup starts as 340 g of clay.",
}


@pytest.mark.parametrize(("look", "role", "frame"), list(itertools.product(LOOKS, ROLES, FRAMES)))
def test_every_role_of_every_look_stands_in_the_safe_area(look, role, frame, inter):
    width, height = frame
    chosen = default_look(role, look, width / height)
    most = min(chosen.max_width, safe_width(chosen.position, width, height))
    tile = render_text(SAMPLES[role], chosen.style, width, height, most, book=inter)
    assert tile.scale > 0.85, "a usual text should keep its size"
    x, y = position_tile(tile, chosen.position, width, height, role)
    insets = safe_insets(width, height)
    box = tile.content
    assert x + box.x >= insets.left * width - 1
    assert x + box.x + box.width <= (1 - insets.right) * width + 1
    assert y + box.y >= insets.top * height - 1
    assert y + box.y + box.height <= (1 - insets.bottom) * height + 1
    # Letters that can be read on a phone: at least 1/45 of the shorter side.
    assert tile.em >= min(width, height) / 45
    assert chosen.anim_in.type in {*ANIMATIONS, "none"}
    assert chosen.anim_out.type in {*ANIMATIONS, "none"}


def test_the_title_is_the_largest():
    for look in LOOKS:
        sizes = {role: default_style(role, look).size for role in ROLES}
        assert max(sizes, key=sizes.get) == "title"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", ROLES)
def test_what_stands_on_a_plate_can_be_read(look, role):
    style = default_style(role, look)
    if style.box is None or style.box.opacity < 0.9:
        return
    assert support_needed(np.full((10, 10, 3), 128, np.uint8), style) is Support.NONE


def test_unknown_looks_and_roles_are_refused():
    with pytest.raises(DraftError, match="no look 'loud'"):
        default_style("title", "loud")
    with pytest.raises(DraftError, match="no role 'headline'"):
        default_style("headline")


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("position", POSITIONS)
def test_a_platforms_interface_covers_nothing(platform, position, inter):
    tile = render_text("Hello there", default_style("caption", aspect=9 / 16), 1080, 1920, 0.6, book=inter)
    x, y = position_tile(tile, position, 1080, 1920, "caption", platform=platform)
    insets = PLATFORMS[platform]
    box = tile.content
    assert insets.left * 1080 - 1 <= x + box.x
    assert x + box.x + box.width <= (1 - insets.right) * 1080 + 1
    assert insets.top * 1920 - 1 <= y + box.y
    assert y + box.y + box.height <= (1 - insets.bottom) * 1920 + 1


def test_positions_are_where_their_names_say(inter):
    tile = render_text("Hi", TextStyle(), 1920, 1080, book=inter)
    box = tile.content
    middle = {}
    for name in POSITIONS:
        x, y = position_tile(tile, name, 1920, 1080)
        middle[name] = (x + box.x + box.width / 2, y + box.y + box.height / 2)
    assert middle["center"] == pytest.approx((960, 540), abs=1)
    assert middle["top_left"][0] < 300
    assert middle["top_left"][1] < 150
    assert middle["bottom_right"][0] > 1700
    assert middle["bottom_right"][1] > 950
    assert middle["top"][0] == pytest.approx(960, abs=1)
    assert middle["right"][1] == pytest.approx(540, abs=1)


def test_moving_never_leaves_the_frame(inter):
    tile = render_text("Hi", TextStyle(), 1920, 1080, book=inter)
    still = position_tile(tile, "center", 1920, 1080)
    moved = position_tile(tile, "center", 1920, 1080, dx=0.1, dy=-0.1)
    assert (moved[0] - still[0], moved[1] - still[1]) == (108, -108)
    x, y = position_tile(tile, "center", 1920, 1080, dx=9, dy=9)
    assert x + tile.content.x + tile.content.width <= 1921
    assert y + tile.content.y + tile.content.height <= 1081


def test_an_unknown_position_is_refused(inter):
    tile = render_text("Hi", TextStyle(), 640, 360, book=inter)
    with pytest.raises(DraftError, match="middle_ish"):
        position_tile(tile, "middle_ish", 640, 360)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0),
        ((255, 255, 255), (255, 255, 255), 1.0),
        ((118, 118, 118), (255, 255, 255), 4.54),  # the well-known lightest grey that passes AA
        ((255, 0, 0), (255, 255, 255), 4.0),
        ((0, 0, 255), (255, 255, 255), 8.59),
    ],
)
def test_contrast_ratios(one, other, ratio):
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast_ratio(other, one) == contrast_ratio(one, other)


def flat(value):
    return np.full((20, 60, 3), value, np.uint8)


@pytest.mark.parametrize(
    ("patch", "style", "expected"),
    [
        (flat(0), TextStyle(), Support.NONE),
        (flat(90), TextStyle(), Support.NONE),
        (flat(160), TextStyle(), Support.SHADOW),
        (flat(200), TextStyle(), Support.SHADOW),
        (flat(255), TextStyle(), Support.BOX),
        (flat(255), TextStyle(color="#777777"), Support.BOX),
        (flat(255), TextStyle(color="black"), Support.NONE),
        (flat(0), TextStyle(color="black"), Support.SHADOW),
        (flat(255), default_style("title"), Support.BOX),
        (flat(90), default_style("title"), Support.NONE),
        (flat(255), TextStyle(box=Box("black", 0.2)), Support.BOX),
        (flat(255), TextStyle(outline=0.06, outline_color="black"), Support.NONE),
        (flat(255), TextStyle(box=Box("black", 0.8)), Support.NONE),
        (flat(255), TextStyle(gradient=Gradient("#ffffff", "#ffee00")), Support.BOX),
        (flat(170)[..., 0], TextStyle(), Support.SHADOW),
    ],
)
def test_what_a_background_asks_for(patch, style, expected):
    assert support_needed(patch, style) is expected


def test_a_few_bright_pixels_do_no_harm():
    patch = flat(20)
    patch[0, :10] = 255
    assert patch_contrast(patch, "#ffffff") > 10
    patch[:6] = 255
    assert patch_contrast(patch, "#ffffff") < 1.1


def test_a_word_across_a_dark_thing_is_not_outvoted_by_a_light_ground():
    luma = np.full((100, 600), 225, np.uint8)
    luma[50:, :180] = 40  # the word at the lower left stands on it
    assert patch_contrast(cells(luma, 50), "#15181d") < 4.5
    assert patch_contrast(cells(luma[:50], 50), "#15181d") > 10
    # A shadow around some letters only would look like a stain, a light shade like fog.
    assert support_needed(cells(luma, 50), TextStyle(color="#15181d")) is Support.BOX
    assert support_needed(cells(255 - luma, 50), TextStyle()) is Support.SHADE
    assert cells(luma, 50).shape == (24, 64)
    assert cells(luma[:0], 50).size == 0


@pytest.mark.parametrize("weight", [400, 700, 900])
@pytest.mark.parametrize(("support", "ground"), [(Support.SHADOW, 200), (Support.BOX, 255)])
def test_strengthened_text_can_be_read(support, ground, weight, inter):
    assert support_needed(flat(ground), TextStyle()) is support
    style = strengthen(TextStyle(size=0.1, weight=weight), support)
    tile = render_text("Sale", style, 1920, 1080, book=inter)
    alpha = tile.rgba[..., 3:].astype(float) / 255
    shown = (tile.rgba[..., :3] * alpha + ground * (1 - alpha)).astype(np.uint8)
    # The ring of pixels from 2 to 4 px around the letters is what the eye takes for their edge.
    near = cv2.dilate(tile.fill, np.ones((9, 9), np.uint8)) > 200
    touching = cv2.dilate(tile.fill, np.ones((3, 3), np.uint8)) > 20
    ring = shown[near & ~touching][None]
    assert ring.size > 1000
    assert patch_contrast(ring, "#ffffff") >= 4.5


@pytest.mark.parametrize("worst", [150, 200, 255])
def test_a_picture_is_shaded_as_much_as_it_must_be_and_no_more(worst):
    patch = flat(worst)
    patch[:10] = 0
    style = TextStyle(shadows=())
    assert support_needed(patch, style) is Support.SHADE
    dark = shade_needed(patch, style)
    assert patch_contrast(np.rint(patch * (1 - dark)).astype(np.uint8), "#ffffff") >= 4.5
    assert dark <= {150: 0.4, 200: 0.5, 255: 0.6}[worst]
    assert strengthen(style, Support.SHADE) == style


def test_nothing_is_strengthened_without_need():
    assert strengthen(TextStyle(), Support.NONE) == TextStyle()


BASE = TextStyle(weight=600, shadows=(Shadow(),))


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, {}),
        ({"color": "tomato", "size": 0.1}, {"color": "tomato", "size": 0.1}),
        ({"bold": True}, {"weight": 800}),
        ({"bold": False}, {"weight": 400}),
        ({"italic": True, "case": "upper", "align": "left"}, {"italic": True, "case": "upper", "align": "left"}),
        ({"outline": 0.1, "outline_color": "red"}, {"outline": 0.1, "outline_color": "red"}),
        ({"outline": False}, {"outline": 0.0}),
        ({"shadow": False}, {"shadows": ()}),
        ({"box": True}, {"box": Box()}),
        ({"box": False}, {"box": None}),
        ({"box_color": "#ff0000"}, {"box": Box(color="#ff0000")}),
        ({"opacity": 0.5, "letter_spacing": 0.1}, {"opacity": 0.5, "letter_spacing": 0.1}),
        ({"look": "bold", "from_the_future": 7, "font": None}, {}),
        ({"gradient": ["#ff0000", "blue"]}, {"gradient": Gradient("#ff0000", "blue")}),
        (
            {"gradient": ["red", "blue", 0], "color": "white"},
            {"gradient": Gradient("red", "blue", 0.0), "color": "white"},
        ),
        ({"gradient": False}, {"gradient": None}),
        ({"box_radius": 1, "box_padding": 1.0}, {"box": Box(radius=1.0, pad_x=1.0, pad_y=0.76)}),
        ({"highlight": "red"}, {"highlight": "red"}),
    ],
)
def test_slots_of_the_timeline(slots, expected):
    style = style_from_slots(BASE, slots)
    for name in (
        "color",
        "size",
        "weight",
        "italic",
        "case",
        "align",
        "outline",
        "outline_color",
        "shadows",
        "box",
        "opacity",
        "letter_spacing",
        "font",
        "gradient",
        "highlight",
    ):
        assert getattr(style, name) == expected.get(name, getattr(BASE, name)), name


def test_a_named_colour_replaces_a_gradient():
    base = TextStyle(gradient=Gradient("red", "blue"))
    assert style_from_slots(base, {"color": "white"}).gradient is None
    assert style_from_slots(base, {"size": 0.1}).gradient is not None


def test_outline_and_shadow_are_seen_when_switched_on():
    assert style_from_slots(TextStyle(), {"outline": True}).outline > 0
    assert style_from_slots(TextStyle(), {"shadow": True}).shadows


@pytest.mark.parametrize(
    ("slots", "message"),
    [
        ({"color": "no colour"}, "no colour"),
        ({"size": -1}, "size"),
        ({"size": "huge"}, "can't be read"),
        ({"size": float("nan")}, "size"),
        ({"opacity": 3}, "opacity"),
        ({"case": "sarcastic"}, "case"),
        ({"align": "middle"}, "align"),
        ({"box_color": "#12"}, "box_color"),
        ({"outline": "thick"}, "can't be read"),
        ({"shadow": [1]}, "can't be read"),
        ({"gradient": "red"}, "Give two colours"),
        ({"gradient": ["red", "blurple"]}, "gradient 'blurple'"),
        ({"box_radius": 9}, "box_radius"),
        ({"box_padding": "wide"}, "can't be read"),
        ({"highlight": "nothing"}, "highlight"),
    ],
)
def test_senseless_styles_are_refused_by_name(slots, message):
    with pytest.raises(DraftError, match=message):
        style_from_slots(TextStyle(), slots)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("size", [(1080, 1920), (1080, 1350)])
def test_on_a_phone_no_role_is_too_small_or_too_thin(look, role, size):
    style = default_style(role, look, size[0] / size[1])
    assert style.size * size[1] >= 0.0449 * size[0]
    assert style.weight >= 500
