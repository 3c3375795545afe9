"""Brands and palettes: what they dress, what can be read on them, what is refused in words."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.draft import Brand, Draft, Segment, Track
from reelframe.edits.apply import apply
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import op_from_dict
from reelframe.errors import ConfigurationError
from reelframe.media.decoders.accent import accent
from reelframe.media.model import Library, Media
from reelframe.render import compose
from reelframe.render.text import (
    LOOKS,
    Palette,
    contrast_ratio,
    default_look,
    dressed,
    parse_color,
    render_text,
    toward,
)

PHOTO = Media(id="a" * 64, name="a.jpg", kind="image", format="jpeg", size_bytes=1, width=800, height=600)


def contrast(one, other):
    return contrast_ratio(parse_color(one)[:3], parse_color(other)[:3])


def styles(brand=None, photo=PHOTO, look="clean", **m):
    """The resolved style of each role in a timeline."""
    roles = ("title", "caption", "cta", "lower_third")
    texts = [Segment.make(2000, id=r, text="Words", role=r, start=0, style={"look": look}) for r in roles]
    tracks = [Track(tt=7, sg=(t,)) for t in texts]
    draft = Draft(t=(Track(tt=0, sg=(Segment.make(2000, id="s", media=photo.id, start=0),)), *tracks), d=2000)
    draft = draft.with_m(width=1280, height=720, fps=10, **m)
    if brand is not None:
        draft = brand.applied(draft)
    return {t.role: t.style for t in compose(draft, Library((photo,))).texts}


def test_a_button_has_the_brands_colour_and_letters_that_can_be_read_on_it():
    for look in LOOKS:
        style = styles(Brand(colors=("#0b5cff", "#ffe600")), look=look)["cta"]
        assert style.box.color == "#0b5cff"
        assert contrast(style.color, "#0b5cff") >= 4.5


def test_the_second_colour_is_used_where_it_can_be_read():
    assert styles(Brand(colors=("#10243e", "#f7d24a")))["cta"].color == "#f7d24a"
    assert styles(Brand(colors=("#10243e", "#1b2f55")))["cta"].color == "#ffffff"


def test_what_stands_on_the_picture_stays_neutral():
    plain, branded = styles(), styles(Brand(colors=("#d4145a",)))
    assert branded["title"].color == plain["title"].color
    assert branded["title"].box is None


def test_a_photos_accent_is_the_palette_when_nothing_is_given():
    photo = PHOTO.model_copy(update={"accent": "#ac5226"})
    assert styles(photo=photo)["cta"].box.color == "#ac5226"
    assert styles(photo=photo, look="bold")["caption"].box.color == "#ac5226"
    assert styles(Brand(colors=("#004d40",)), photo=photo)["cta"].box.color == "#004d40"
    # What was said of a text itself goes before all of it.
    assert styles(look="bold")["caption"].box.color == "#ffd60a"


colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda c: "#{:02x}{:02x}{:02x}".format(*c))


@given(st.lists(colours, min_size=1, max_size=4), st.sampled_from(sorted(LOOKS)))
def test_whatever_the_colours_are_plates_can_be_read(chosen, look):
    palette = Palette(chosen[0], tuple(chosen[1:]))
    for role in LOOKS[look]:
        style = dressed(default_look(role, look), look, role, palette).style
        if style.box is not None and style.box.opacity > 0.9:
            assert contrast(style.color, style.box.color) >= 4.5
            if style.box.accent:
                assert contrast(style.box.accent, style.box.color) >= 3
        assert contrast(style.ink, "#ffffff") >= 7
        assert contrast(style.highlight, "#15181d") >= 6


def test_a_colour_goes_no_further_than_it_must():
    assert toward("#0b5cff", "#ffffff", "#ffffff", 4.5) == "#0b5cff"
    lighter = toward("#0b5cff", "#ffffff", "#000000", 10)
    assert 10 <= contrast(lighter, "#000000") < 12


def test_a_brands_font_by_path_draws_all_texts():
    path = str(files("reelframe") / "fonts" / "Inter-Italic.ttf")
    assert {s.font for s in styles(Brand(font=path)).values()} == {path}
    assert Path(Brand(font="~/x.ttf").located().font).is_absolute()
    assert Brand(font="Inter").located() == Brand(font="Inter")


def test_a_brands_look_and_a_videos_mood():
    def size(brand=None, **m):
        return styles(brand, look=None, **m)["title"].case

    assert size() == "none"
    assert size(text_look="bold") == "upper"
    assert size(Brand(look="bold")) == "upper"
    assert size(Brand(look="clean"), text_look="bold") == "none"


@pytest.mark.parametrize(
    ("ops", "look"),
    [
        ([], None),
        ([{"op": "add_music", "mood": "upbeat"}], None),
        ([{"op": "add_music", "mood": "calm"}], "elegant"),
        ([{"op": "look", "name": "vibrant"}, {"op": "add_music", "mood": "calm"}], "bold"),
        ([{"op": "look", "name": "cinematic"}], "elegant"),
    ],
)
def test_texts_of_a_new_video_follow_its_mood_and_later_wishes_do_not(ops, look):
    library = Library((PHOTO,))
    made = Plan(ops=tuple(op_from_dict(op) for op in [{"op": "compose", "media": "all", "duration_s": 8}, *ops]))
    draft = apply(Draft(), made, library)
    assert draft.get("text_look") == look
    later = apply(draft, Plan(ops=(op_from_dict({"op": "look", "name": "vivid"}),)), library)
    assert later.get("text_look") == look


def test_logos_are_where_the_brand_has_them():
    logo = PHOTO.model_copy(update={"id": "b" * 64, "name": "logo.png", "role": "logo"})
    library = Library((PHOTO, logo))
    first = apply(Draft(), Plan(ops=(op_from_dict({"op": "compose", "media": "all", "duration_s": 8}),)), library)
    add = Plan(ops=(op_from_dict({"op": "add_logo"}),))
    branded = Brand(logo_position="bottom_left").applied(apply(first, add, library))
    assert [s.get("position") for s in branded.segments if s.role == "logo"] == ["bottom_left"]
    later = apply(Brand(logo_position="bottom_left").applied(first), add, library)
    assert [s.get("position") for s in later.segments if s.role == "logo"] == ["bottom_left"]


def test_a_brand_as_a_mapping_and_in_a_timeline():
    brand = Brand.of({"colors": ["Tomato", "#FFF"], "logo_position": "top"})
    assert brand == Brand(("#ff6347", "#ffffff"), None, "top")
    assert Brand.of_draft(brand.applied(Draft())) == brand
    assert Brand("tomato").colors == ("#ff6347",)
    assert Brand().applied(Draft()).get("brand") is None


@pytest.mark.parametrize(
    "m", ["red", {"colors": 5}, {"colors": ["nonsense"]}, {"font": 3}, {"look": ["bold"]}, {"x": 1}]
)
def test_a_timelines_brand_that_makes_no_sense_is_left_out(m):
    assert Brand.of_draft(Draft().with_m(brand=m)) == Brand()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"colors": ["blurple"]}, "blurple"),
        ({"colours": ["red"]}, "no 'colours'"),
        ({"logo_position": "middle"}, "top_left"),
        ({"look": "fancy"}, "clean, bold, elegant"),
        ({"font": ""}, "family"),
        ({"colors": ["red"] * 7}, "at most 6"),
        ("red", "not str"),
    ],
)
def test_a_brand_that_makes_no_sense_is_refused_in_words(value, words):
    with pytest.raises(ConfigurationError, match=words):
        Brand.of(value)


def picture(*parts):
    """Bands of colours, (share, rgb)."""
    return np.concatenate([np.full((round(share * 200), 120, 3), rgb, np.uint8) for share, rgb in parts])


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (picture((0.7, (220, 205, 185)), (0.2, (30, 80, 85)), (0.1, (190, 80, 30))), "#be501e"),
        (picture((0.95, (240, 240, 240)), (0.05, (20, 90, 220))), "#145adc"),
        (picture((1.0, (128, 128, 128))), None),
        (picture((0.995, (230, 230, 230)), (0.005, (255, 0, 0))), None),
        (picture((0.5, (255, 255, 255)), (0.5, (0, 0, 0))), None),
        (picture((0.5, (25, 0, 0)), (0.5, (10, 10, 10))), None),
        (np.zeros((1, 1, 3), np.uint8), None),
        (np.zeros((30, 30, 4), np.uint8) + np.array([255, 0, 0, 0], np.uint8), None),
    ],
)
def test_the_accent_of_a_picture(pixels, expected):
    assert accent(pixels) == expected


def test_the_box_and_the_highlight_that_an_operation_asks_for_are_drawn(inter):
    library = Library((PHOTO,))
    made = apply(Draft(), Plan(ops=(op_from_dict({"op": "compose", "media": "all", "duration_s": 8}),)), library)
    made = apply(made, Plan(ops=(op_from_dict({"op": "add_text", "text": "Now open"}),)), library)

    def drawn(**slots):
        asked = {"op": "style_text", "target": {"kind": "text"}, "box_color": "#ff0000", **slots}
        styled = apply(made, Plan(ops=(op_from_dict(asked),)), library)
        (layer,) = compose(styled, library).texts
        return render_text(layer.text, layer.style, 640, 360, book=inter)

    def corner(tile):
        return int(tile.flat[round(tile.content.y) + 1, round(tile.content.x) + 1, 3])

    narrow, wide = drawn(box_padding=0.2, box_radius=0), drawn(box_padding=1.0, box_radius=0)
    assert wide.content.width - narrow.content.width == pytest.approx(1.6 * wide.em, abs=1.5)
    assert corner(wide) > 100
    assert corner(drawn(box_padding=1.0, box_radius=1.0)) == 0
    assert drawn(highlight="lime").highlight == "#00ff00"
