"""Lines: where they break, how they balance, that they fit."""

from __future__ import annotations

import warnings

import pytest
import regex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reelframe.errors import DraftError, FontError
from reelframe.render.text import (
    FontBook,
    MissingGlyphWarning,
    TextStyle,
    default_style,
    position_tile,
    render_text,
    safe_width,
)
from reelframe.render.text.breaks import RELUCTANT, break_penalties

INTER = FontBook(system=False, extras=False)


def pieces(text):
    """``text`` cut wherever a line may end without reluctance."""
    graphemes = regex.findall(r"\X", text)
    starts = [0]
    for grapheme in graphemes:
        starts.append(starts[-1] + len(grapheme))
    result = [""]
    for grapheme, penalty in zip(graphemes, break_penalties(text, starts), strict=True):
        result[-1] += grapheme
        if penalty is not None and penalty < RELUCTANT:
            result.append("")
    return [piece for piece in result if piece]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two", ["one ", "two"]),
        ("only 10 kg left", ["only ", "10 kg ", "left"]),
        ("now $ 1,299.00 each", ["now ", "$ 1,299.00 ", "each"]),
        ("costs 1 299,00 € today", ["costs ", "1 299,00 € ", "today"]),
        ("up to 50 % off", ["up ", "to ", "50 % ", "off"]),
        ("save 20 % now", ["save ", "20 % ", "now"]),
        ("5 million users", ["5 million ", "users"]),
        ("at 7 pm tonight", ["at ", "7 pm ", "tonight"]),
        ("No. 1 choice", ["No. 1 ", "choice"]),
        ("well-known brand", ["well-", "known ", "brand"]),
        ("2024-25 and 16:9", ["2024-25 ", "and ", "16:9"]),
        ("a-1 b", ["a-1 ", "b"]),
        ("visit shop.example.com/new-in today", ["visit ", "shop.example.com/new-in ", "today"]),
        ("no\u00a0break here", ["no\u00a0break ", "here"]),
        ("zero\u200bwidth", ["zero\u200b", "width"]),
        ("quoi ? oui", ["quoi ? ", "oui"]),
        ("你好，世界", ["你", "好，", "世", "界"]),
        ("（手工）陶瓷", ["（手", "工）", "陶", "瓷"]),
        ("「日本」です。", ["「日", "本」", "で", "す。"]),
        ("キャット", ["キャッ", "ト"]),
        ("价格299元起", ["价", "格", "299元", "起"]),
        ("仅￥299起", ["仅", "￥299", "起"]),
        ("한국어 말", ["한국어 ", "말"]),
        ("👩‍💻👩‍💻", ["👩‍💻", "👩‍💻"]),
        ("mail ana@example.org, please", ["mail ", "ana@example.org, ", "please"]),
    ],
)
def test_where_lines_may_end(text, expected):
    assert pieces(text) == expected


def lines(text, style=None, width=1920, height=1080, max_width=0.84, book=INTER):
    tile = render_text(text, style or TextStyle(), width, height, max_width, book=book)
    return [box.text for box in tile.lines]


def test_two_lines_are_balanced():
    style = TextStyle(size=0.1)
    tile = render_text("Handmade ceramics for slow mornings", style, 1920, 1080, 0.6, book=INTER)
    first, second = (box.rect.width for box in tile.lines)
    assert min(first, second) / max(first, second) > 0.8


def test_a_short_word_does_not_end_a_line():
    assert lines("Handmade bowls for the slow mornings", TextStyle(size=0.1), max_width=0.6) == [
        "Handmade bowls",
        "for the slow mornings",
    ]


def test_a_number_stays_with_what_it_counts_where_that_costs_little():
    style = TextStyle(size=0.1)
    assert lines("New in the shop: 12 pieces at 20 % off", style, max_width=0.6) == [
        "New in the shop:",
        "12 pieces at 20 % off",
    ]
    # Here it costs a twelfth of the size.
    assert lines("Over 40 makers in 12 countries", TextStyle(size=0.1, max_lines=2), max_width=0.42) == [
        "Over 40 makers",
        "in 12 countries",
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Only 3 days left to save 1 299 kr",
        "New in the shop: 12 pieces at 20 % off",
        "Loved in 12 countries",
        "Now shipping to 30 countries",
        "Ships in 24 hours to 30 countries",
        "Made in 48 workshops",
    ],
)
def test_no_title_for_a_phone_parts_a_number_from_what_it_counts(words):
    style = default_style("title", "bold", 9 / 16)
    for width in (safe_width("center", 1080, 1920), 0.88):
        tile = render_text(words, style, 1080, 1920, width, draw=False)
        assert not any(line.text.strip()[-1].isdigit() for line in tile.lines[:-1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("セラミックの朝のコーヒーカップ", ["セラミックの朝の", "コーヒーカップ"]),
        ("ゆっくりした朝のための手作り陶器", ["ゆっくりした朝の", "ための手作り陶器"]),
        ("全场八折优惠本周五截止", ["全场八折优惠", "本周五截止"]),
        ("为慢生活的早晨而作的手工陶瓷", ["为慢生活的早晨", "而作的手工陶瓷"]),
        ("เครื่องปั้นดินเผาทำมือสำหรับยามเช้า", ["เครื่องปั้นดินเผา", "ทำมือสำหรับยามเช้า"]),
    ],
)
def test_lines_end_between_words_where_no_spaces_say_where_those_are(text, expected, everything):
    style = TextStyle(size=0.1)
    assert lines(text, style, max_width=0.46, book=everything) == expected


def test_line_ends_in_the_text_are_kept():
    assert lines("One\nTwo\n\nThree") == ["One", "Two", "", "Three"]


def test_price_and_unit_stay_together_in_a_narrow_column():
    for width in range(20, 100, 5):
        shown = lines("Just 1 299 € for 10 kg of it", TextStyle(size=0.06, min_scale=1.0), max_width=width / 100)
        joined = " | ".join(shown)
        assert "1 299 €" in joined
        assert "10 kg" in joined


def test_a_long_title_shrinks_to_its_lines_and_then_takes_more():
    style = TextStyle(size=0.12, max_lines=2)
    few = render_text("A title that is a little too long for two lines", style, 1080, 1080, book=INTER)
    assert len(few.lines) == 2
    assert style.min_scale <= few.scale < 1.0
    many = render_text("word " * 60, style, 1080, 1080, book=INTER)
    assert len(many.lines) > 2
    assert many.scale <= style.min_scale / 0.95


def test_a_word_is_broken_only_when_shrinking_does_not_help():
    style = TextStyle(size=0.1)
    whole = render_text("Donaudampfschifffahrt", style, 1080, 1080, book=INTER)
    assert len(whole.lines) == 1
    broken = render_text("a" * 200, style, 1080, 1080, book=INTER)
    assert len(broken.lines) > 1
    assert "".join(box.text for box in broken.lines) == "a" * 200


def test_too_much_text_is_refused_in_words():
    with pytest.raises(DraftError, match="does not fit into the frame"):
        render_text("word " * 6000, TextStyle(), 320, 180, book=INTER)


def test_alignment_moves_the_ink():
    text = "A long first line\nshort"
    edges = {}
    for align in ("left", "center", "right"):
        tile = render_text(text, TextStyle(align=align), 1920, 1080, book=INTER)
        edges[align] = tile.lines[1].rect.x - tile.lines[0].rect.x
    assert edges["left"] == pytest.approx(0, abs=1)
    assert 0 < edges["center"] < edges["right"]


def test_start_is_right_for_right_to_left(everything):
    tile = render_text("مرحبا بالعالم الجميل\nقصير", TextStyle(align="start"), 1920, 1080, book=everything)
    ends = [box.rect.x + box.rect.width for box in tile.lines]
    assert ends[0] == pytest.approx(ends[1], abs=1)
    assert tile.rtl


def test_tall_scripts_do_not_touch_the_next_line(everything):
    tile = render_text("ปั๊มน้ำผู้ใหญ่\nปั๊มน้ำผู้ใหญ่", TextStyle(line_height=0.6), 1920, 1080, book=everything)
    rows = tile.fill.max(axis=1) > 100
    inked = regex.findall("1+", "".join("1" if row else "0" for row in rows))
    assert len([run for run in inked if len(run) > 10]) >= 2


def test_a_second_size_below_the_first_line():
    style = TextStyle(sub_scale=0.5, sub_weight=400, align="left")
    tile = render_text("Ana\nAna", style, 1920, 1080, book=INTER)
    name, office = tile.lines
    assert office.rect.width < name.rect.width * 0.6


texts = st.text(max_size=80) | st.text(
    alphabet="aW 中。（\u0301\u0e33שع\u200d👩💻🇩🇪\u202e\u2067\n-1€kg\u00a0\u200b", max_size=60
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, st.sampled_from([(320, 180), (180, 320), (64, 64), (500, 60)]), st.sampled_from([0.06, 0.3]))
def test_any_string_renders_within_the_frame_or_errs_clearly(text, frame, size):
    width, height = frame
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingGlyphWarning)
        try:
            tile = render_text(text, TextStyle(size=size), width, height, book=INTER)
        except (DraftError, FontError) as error:
            assert "fit" in str(error)
            return
    x, y = position_tile(tile, "center", width, height)
    rows, columns = tile.fill.nonzero()
    if rows.size:
        assert x + columns.min() >= -1
        assert x + columns.max() <= width
        assert y + rows.min() >= -1
        assert y + rows.max() <= height
    # Nothing is lost but what is told: the same letters, in the same order.
    kept = [c for c in tile.text if not c.isspace()]
    source = iter(text)
    assert all(any(c == other for other in source) for c in kept)
