"""What comes out of the door: pixels, boxes, warnings, keys."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from reelframe.errors import FontError
from reelframe.render.text import Box, Gradient, MissingGlyphWarning, Shadow, TextStyle, clear_cache, render_text


def ink(tile):
    """The tile's ink as (left, top, right, bottom), from the letters' coverage."""
    rows, columns = (tile.flat_letters[..., 3] > 127).nonzero()
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def draw(text, style=None, book=None, **more):
    return render_text(text, style or TextStyle(), 1920, 1080, book=book, **more)


def test_ink_has_the_size_that_the_style_says(inter):
    tile = draw("H", TextStyle(size=0.1), inter)
    _, top, _, bottom = ink(tile)
    # Inter's capitals are 0.727 em high; the em is a tenth of 1080.
    assert bottom - top == pytest.approx(0.727 * 108, abs=1.5)
    assert tile.em == pytest.approx(108)
    # What is kept in the safe area begins at the capitals' top and ends below the baseline.
    assert top == pytest.approx(tile.content.y, abs=1)
    assert bottom < tile.content.y + tile.content.height - 0.2 * 108


def test_straight_alpha_keeps_the_colour_at_the_edges(inter):
    tile = draw("Sale", TextStyle(color="#ff8000"), inter)
    seen = tile.rgba[tile.rgba[..., 3] > 8][:, :3].astype(int)
    assert abs(seen - [255, 128, 0]).max() <= 16
    assert tile.rgba.dtype == np.uint8
    assert not tile.rgba.flags.writeable


def test_letters_are_antialiased_and_full_inside(inter):
    alpha = draw("Sale", TextStyle(size=0.12), inter).rgba[..., 3]
    assert (alpha == 255).sum() > 1000
    assert ((alpha > 0) & (alpha < 255)).sum() > 200


def test_weight_adds_ink_and_bold_is_real(inter):
    def cover(weight):
        return draw("Sale", TextStyle(weight=weight), inter).fill.astype(float).sum()

    assert cover(100) < cover(400) * 0.8 < cover(900) * 0.6


def test_italic_is_another_shape(inter):
    upright, slanted = (ink(draw("lll", TextStyle(italic=italic), inter)) for italic in (False, True))
    assert (slanted[2] - slanted[0]) > (upright[2] - upright[0])


def test_italic_of_a_font_without_one_is_slanted(everything):
    upright = draw("中", TextStyle(font="Noto Sans CJK SC"), everything).fill
    slanted = draw("中", TextStyle(font="Noto Sans CJK SC", italic=True), everything).fill
    assert upright.shape != slanted.shape or (upright != slanted).any()


def test_a_look_slants_no_script_that_knows_no_italics(everything):
    def draw_in(text, **style):
        return draw(text, TextStyle(italic=True, **style), everything).rgba.tobytes()

    upright = draw("中文", TextStyle(), everything).rgba.tobytes()
    assert draw_in("中文", slant=False) == upright
    assert draw_in("中文") != upright
    assert draw_in("abc", slant=False) == draw_in("abc")


def test_outline_surrounds_the_fill(inter):
    style = TextStyle(color="#ffffff", outline=0.08, outline_color="#ff0000")
    tile = draw("O", style, inter)
    plain = draw("O", replace(style, outline=0.0), inter)
    red = (tile.rgba[..., 0] > 200) & (tile.rgba[..., 1] < 60) & (tile.rgba[..., 3] > 200)
    white = (tile.rgba[..., :3].min(axis=-1) > 240) & (tile.rgba[..., 3] > 200)
    assert red.sum() > 200
    assert white.sum() == pytest.approx((plain.rgba[..., 3] > 200).sum(), rel=0.12)


def test_shadow_is_soft_and_outside_of_the_content(inter):
    tile = draw("O", TextStyle(shadows=(Shadow(0, 0.1, 0.1, "#000000", 0.5),)), inter)
    box = tile.content
    below = tile.rgba[int(box.y + box.height) + 4, :, :]
    assert 0 < below[:, 3].max() < 128
    assert below[below[:, 3] > 0][:, :3].max() < 30
    # It fades out before the tile ends.
    assert tile.rgba[0, :, 3].max() <= 1
    assert tile.rgba[-1, :, 3].max() <= 1
    assert tile.rgba[:, [0, -1], 3].max() <= 1


def test_box_lies_under_the_letters_with_round_corners(inter):
    style = TextStyle(color="#ffffff", box=Box("#0000ff", 1.0, 0.5, 0.4, 0.3))
    tile = draw("Sale", style, inter)
    box = tile.content
    left, top = round(box.x), round(box.y)
    right, bottom = round(box.x + box.width) - 1, round(box.y + box.height) - 1
    assert tile.rgba[(top + bottom) // 2, left + 3].tolist() == [0, 0, 255, 255]
    assert tile.rgba[top, left, 3] == 0
    assert tile.rgba[top, (left + right) // 2, 3] == 255
    assert tile.flat_plate is not None
    assert tile.flat_letters[(top + bottom) // 2, left + 3, 3] == 0
    # Capitals stand in the middle of the plate.
    _, ink_top, _, ink_bottom = ink(draw("HH", style, inter))
    assert (ink_top - top) == pytest.approx(bottom + 1 - ink_bottom, abs=tile.em * 0.16)


def test_accent_is_at_the_reading_start(everything):
    style = TextStyle(box=Box("#000000", 1.0, radius=0, accent="#ff0000"))
    for text, near in (("Ana", 0), ("مرحبا", -1)):
        tile = draw(text, style, everything)
        box = tile.content
        row = tile.rgba[int(box.y + box.height / 2), round(box.x) : round(box.x + box.width)]
        assert row[near, :3].tolist() == [255, 0, 0]
        assert row[-1 - near, :3].tolist() == [0, 0, 0]


def test_gradient_runs_from_top_to_bottom(inter):
    style = TextStyle(size=0.2, gradient=Gradient("#ff0000", "#0000ff"))
    tile = draw("III", style, inter)
    rows = [tile.rgba[y][tile.rgba[y, :, 3] > 250] for y in range(tile.height)]
    red = [row[:, 0].mean() for row in rows if len(row)]
    assert red[0] > 200
    assert red[-1] < 110
    assert red == sorted(red, reverse=True)


def test_opacity_and_case(inter):
    half = draw("sale", TextStyle(opacity=0.5, case="upper"), inter)
    assert half.rgba[..., 3].max() == pytest.approx(128, abs=1)
    assert half.text == "SALE"


def test_emoji_come_in_colour_without_system_fonts(inter):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tile = draw("🔥", TextStyle(size=0.2), inter)
    solid = tile.rgba[tile.rgba[..., 3] > 250][:, :3].astype(int)
    red, green, blue = solid.mean(axis=0)
    assert red > green + 60 > blue + 60  # fire is orange
    assert tile.fonts == ("Noto Color Emoji",)


def test_system_bitmap_emoji_have_the_right_colours(everything):
    tile = draw("🇩🇪", TextStyle(size=0.3), everything)
    height, width = tile.rgba.shape[:2]
    bands = [tile.rgba[int(height * part), width // 2, :3].astype(int) for part in (0.3, 0.5, 0.7)]
    assert bands[0].max() < 80
    assert bands[1][0] > 180
    assert bands[1][2] < 80
    assert bands[2][0] > 200
    assert bands[2][1] > 150


@pytest.mark.parametrize(
    "text",
    [
        "Größe Łódź Привет Ελλάδα",
        "夏季新品，五折！",
        "مرحبا بالعالم",
        "שלום עולם",
        "नमस्ते क्षत्रिय",
        "สวัสดีชาวโลก",
        "日本語カメラ",
        "한국어",
        "😀🔥👩‍💻🇩🇪",
    ],
)
def test_every_script_is_drawn_without_tofu(text, everything):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tile = draw(text, book=everything, strict=True)
    assert tile.missing == ()
    assert tile.text == text
    left, top, right, bottom = ink(tile)
    assert right - left > tile.em
    assert bottom - top > tile.em * 0.4
    # Every letter that can be seen has ink in its box.
    for box in tile.graphemes:
        if not box.text.isspace() and box.rect.width > 2:
            part = tile.flat_letters[..., 3][
                int(box.rect.y) : int(box.rect.y + box.rect.height) + 1,
                int(box.rect.x) : int(box.rect.x + box.rect.width) + 1,
            ]
            assert part.max() > 60, box.text


def test_a_missing_character_is_one_clear_warning_and_never_a_box(inter):
    with pytest.warns(MissingGlyphWarning) as caught:
        tile = draw("Sale 中国 now", book=inter)
    assert len(caught) == 1
    message = str(caught[0].message)
    assert "U+4E2D" in message
    assert "U+56FD" in message
    assert "reelframe[fonts]" in message
    assert tile.missing == ("中", "国")
    assert tile.text == "Sale now"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clear_cache()
        plain = draw("Sale now", book=inter)
    assert np.array_equal(plain.rgba, tile.rgba)


def test_the_warning_comes_again_from_the_cache(inter):
    for _ in range(2):
        with pytest.warns(MissingGlyphWarning):
            draw("中", book=inter)


def test_strict_mode_raises(inter):
    with pytest.raises(FontError, match=r"U\+4E2D.*Install"):
        draw("a中", book=inter, strict=True)


def test_nothing_to_draw_is_an_empty_tile(inter):
    for text in ("", "  \n ", "\u200b\u200d", "\u00ad", "\ufe0f \u2067"):
        # An empty plate would look like a mistake.
        tile = draw(text, TextStyle(box=Box(), outline=0.1, shadows=(Shadow(spread=0.1),)), inter)
        assert tile.rgba[..., 3].max() == 0


def test_same_bytes_and_key_every_time(inter):
    style = TextStyle(shadows=(Shadow(),), outline=0.05)
    first = draw("Same bytes 🔥", style, inter)
    clear_cache()
    second = draw("Same bytes 🔥", style, inter)
    assert first is not second
    assert first.rgba.tobytes() == second.rgba.tobytes()
    assert first.key == second.key


def test_the_key_tells_everything_apart(inter):
    tiles = [
        draw("a", TextStyle(), inter),
        draw("b", TextStyle(), inter),
        draw("a", TextStyle(weight=700), inter),
        draw("a", TextStyle(color="red"), inter),
        render_text("a", TextStyle(), 1280, 720, book=inter),
    ]
    assert len({tile.key for tile in tiles}) == len(tiles)


def test_measures_need_no_drawing(inter):
    style = TextStyle(box=Box(), shadows=(Shadow(),))
    measured = draw("Slow mornings\nat home", style, inter, draw=False)
    drawn = draw("Slow mornings\nat home", style, inter)
    assert measured.flat.shape == (1, 1, 4)
    assert drawn.flat[..., 3].max() == 255
    for name in ("content", "lines", "words", "graphemes", "em", "scale", "key"):
        assert getattr(measured, name) == getattr(drawn, name)


def test_the_cache_returns_the_same_tile(inter):
    assert draw("again", book=inter) is draw("again", book=inter)
    assert draw("again", book=inter) is not draw("again", TextStyle(weight=300), inter)


def test_boxes_cover_the_text_in_reading_order(inter):
    tile = draw("One two\nthree", TextStyle(align="left"), inter)
    assert [box.text for box in tile.lines] == ["One two", "three"]
    assert [box.text for box in tile.words] == ["One", "two", "three"]
    assert [tile.text[box.start : box.end] for box in tile.words] == ["One", "two", "three"]
    assert "".join(box.text for box in tile.graphemes) == "One twothree"
    one, two, three = (box.rect for box in tile.words)
    assert one.x < two.x
    assert three.y > one.y
    left, _, right, _ = ink(tile)
    assert one.x == pytest.approx(left, abs=tile.em * 0.1)
    assert max(two.x + two.width, three.x + three.width) == pytest.approx(right, abs=tile.em * 0.1)


def test_right_to_left_words_run_from_the_right(everything):
    tile = draw("شلام عليكم abc", book=everything)
    places = [box.rect.x for box in tile.words]
    assert [box.text for box in tile.words] == ["شلام", "عليكم", "abc"]
    assert places == sorted(places, reverse=True)


def test_a_frame_of_another_size_scales_the_same_picture(inter):
    small = render_text("Scale", TextStyle(), 960, 540, book=inter)
    large = render_text("Scale", TextStyle(), 1920, 1080, book=inter)
    small_box, large_box = ink(small), ink(large)
    assert (large_box[2] - large_box[0]) / (small_box[2] - small_box[0]) == pytest.approx(2, rel=0.03)


def test_boxes_of_a_smaller_second_line_lie_on_its_ink(inter):
    tile = draw("Ana Ribeiro\nPotter Lisbon", TextStyle(sub_scale=0.5, align="left"), inter)
    last = tile.words[-1]
    assert last.text == "Lisbon"
    rows = tile.fill[int(last.rect.y) :]
    assert (rows > 127).any(axis=0).nonzero()[0].max() == pytest.approx(last.rect.x + last.rect.width, abs=4)
