"""The direction of text, against known visual orders and against another implementation (Rust's unicode-bidi)."""

from __future__ import annotations

import unicodedata

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from reelframe.render.text.bidi import embedding_levels, line_levels, visual_order

CONTROLS = {"RLE", "LRE", "RLO", "LRO", "PDF", "BN", "RLI", "LRI", "FSI", "PDI"}


def visual(text):
    base, levels = embedding_levels(text)
    order = visual_order(line_levels(text, levels, base))
    return "".join(text[index] for index in order)


def without_controls(text):
    return "".join(c for c in text if unicodedata.bidirectional(c) not in CONTROLS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "abc"),
        ("", ""),
        ("אבג", "גבא"),
        ("שלום world", "world םולש"),
        ("abc אבג def", "abc גבא def"),
        ("אבג 123 דהו", "והד 123 גבא"),
        ("מחיר: 19.99 ₪", "₪ 19.99 :ריחמ"),
        ("a(b) אבג", "a(b) גבא"),
        # A pair of brackets around Latin at the end of a Hebrew line stays a pair (rule N0).
        ("אבג a(b)", "a(b) גבא"),
        ("אבג (abc) דהו", "והד )abc( גבא"),
        ("قيمة 50% خصم", "مصخ %50 ةميق"),
        ("سعر ١٢٣ ريال", "لاير ١٢٣ رعس"),
        ("\u2067אב c\u2069 d", "\u2067c בא\u2069 d"),
        ("x \u202eabc\u202c y", "x \u202ecba\u202c y"),
    ],
)
def test_known_orders(text, expected):
    assert without_controls(visual(text)) == without_controls(expected)


ALPHABET = "abc אבג عرب 123 ٤٥ ().,[]{}-+%$€:!\u2067\u2066\u2069\u2068\u202b\u202a\u202c\u202e\u0300\u05b0\u064b"


@given(st.text(alphabet=ALPHABET, max_size=40))
def test_agrees_with_another_implementation(text):
    assert without_controls(visual(text)) == without_controls(get_display(text))


@given(st.text(max_size=60))
def test_every_character_is_drawn_once(text):
    base, levels = embedding_levels(text)
    order = visual_order(line_levels(text, levels, base))
    assert sorted(order) == list(range(len(text)))


def test_a_symbol_that_falls_apart_when_normalised():
    assert embedding_levels("\u2adcא\u2adc(ב\u2329a\u3009)")[0] == 1


def test_forced_direction():
    assert embedding_levels("abc", 1) == (1, [2, 2, 2])
    assert embedding_levels("אבג", 0) == (0, [1, 1, 1])


def test_very_deep_nesting_ends():
    deep = "\u202b" * 300 + "a" + "\u2067" * 300 + "ב"
    _, levels = embedding_levels(deep)
    assert max(levels) <= 126
