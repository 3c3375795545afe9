"""Shaping, compared glyph by glyph with HarfBuzz's own hb-shape."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from reelframe.errors import FontError
from reelframe.render.text import FontBook, TextStyle
from reelframe.render.text.shape import analyse, clean, shape_range, split_missing

NOTO = Path("/usr/share/fonts/truetype/noto")
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
INTER = Path(str(files("reelframe") / "fonts" / "Inter.ttf"))

LATIN = [
    "AVATAR To Wave", "Type & Layout", "office affluent", "Größe ÄÖÜ ß", "naïve façade", "e\u0301te\u0301 A\u030a",
    "Łódź Żółć", "İstanbul ığ", "Tiếng Việt đẹp", "1/2 3/4 10:30", "$1,299.00 €49 £5", "50% OFF!", "“quoted” — dash…",
    "a->b <= c", "Ελληνικά γράμματα", "Привет, мир", "Українська їжа", "Ω µ ∞ ≠", "(brackets) [x] {y}", "WWW.EXAMPLE.COM",
]  # fmt: skip
ARABIC = [
    "مرحبا بالعالم", "السلام عليكم", "لا إله", "تخفيضات الصيف", "العربية", "محمد", "كتاب", "هذا نص طويل للتجربة",
    "بِسْمِ اللَّهِ", "ﷲ", "پارسی گچ", "اردو ہے ٹھیک",
]  # fmt: skip
HEBREW = ["שלום עולם", "מבצע קיץ", "בְּרֵאשִׁית", "ירושלים", "קפה טוב"]
DEVANAGARI = ["नमस्ते दुनिया", "क्षत्रिय", "हिन्दी", "श्रीमान", "कार्य", "प्रेम", "विद्यार्थी", "ज्ञान", "स्त्री"]
THAI = ["สวัสดีชาวโลก", "ที่นี่", "น้ำ", "ผู้ใหญ่", "กรุงเทพฯ", "ปั๊ม"]
CHINESE = ["夏季新品上市", "全场五折起", "简体中文", "限时优惠", "上海市", "手工陶瓷", "早安世界", "免费送货"]
TABLE = (
    [(INTER, text, "en") for text in LATIN]
    + [(NOTO / "NotoSansArabic-Regular.ttf", text, "en") for text in ARABIC]
    + [(NOTO / "NotoSansHebrew-Regular.ttf", text, "en") for text in HEBREW]
    + [(NOTO / "NotoSansDevanagari-Regular.ttf", text, "en") for text in DEVANAGARI]
    + [(NOTO / "NotoSansThai-Regular.ttf", text, "en") for text in THAI]
    + [(CJK, text, "zh-hans") for text in CHINESE]
)


def theirs(program, font, text, language):
    """Glyphs as (number, x, y of the origin, font units) from hb-shape."""
    variations = ["--variations=wght=400,opsz=14"] if font == INTER else []
    arguments = [program, str(font), "--no-glyph-names", "--output-format=json", f"--language={language}", *variations]
    capitals = text.upper() == text and text.lower() != text
    features = ["--features=+case"] if capitals else []
    done = subprocess.run([*arguments, *features, f"--text={text}"], capture_output=True, check=True, timeout=30)
    pen = 0
    result = []
    for glyph in json.loads(done.stdout):
        result.append((glyph["g"], pen + glyph["dx"], glyph["dy"]))
        pen += glyph["ax"]
    return result, pen


def test_the_table_is_long_enough():
    assert len(TABLE) >= 60


@pytest.mark.parametrize(("font", "text", "language"), TABLE, ids=[text for _, text, _ in TABLE])
def test_shapes_like_hb_shape(font, text, language, hb_shape, everything):
    # size=0.025 gives Inter the text cut (opsz 14) that hb-shape was told.
    style = TextStyle(font=f"{font}", weight=400, size=0.025)
    paragraph = analyse(text, style, everything)
    shaped = shape_range(paragraph, 0, len(paragraph))
    assert not shaped.unknown
    assert {glyph.font.face.path for glyph in shaped.glyphs} == {str(font)}
    expected, width = theirs(hb_shape, font, text, language)
    upem = shaped.glyphs[0].font.upem
    mine = [(glyph.glyph, round(glyph.x * upem), round(glyph.y * upem)) for glyph in shaped.glyphs]
    # Debian's HarfBuzz may split a run at its own borders: the glyphs and places are what counts.
    assert [glyph[0] for glyph in mine] == [glyph[0] for glyph in expected]
    for (_, x, y), (_, expected_x, expected_y) in zip(mine, expected, strict=True):
        assert abs(x - expected_x) <= 2, (mine, expected)
        assert abs(y - expected_y) <= 2
    assert abs(shaped.width * upem - width) <= 2


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Hello", {"Inter Variable"}),
        ("中文", {"Noto Sans CJK SC"}),
        ("日本のカメラ", {"Noto Sans CJK JP"}),
        ("한국어", {"Noto Sans CJK KR"}),
        ("“你好，世界！”", {"Inter Variable", "Noto Sans CJK SC"}),
        ("سلام", {"Noto Sans Arabic"}),
        ("שלום", {"Noto Sans Hebrew"}),
        ("नमस्ते", {"Noto Sans Devanagari"}),
        ("สวัสดี", {"Noto Sans Thai"}),
        ("👩‍💻", {"Noto Color Emoji"}),
        ("🇩🇪", {"Noto Color Emoji"}),
    ],
)
def test_each_script_gets_its_font(text, families, everything):
    paragraph = analyse(text, TextStyle(), everything)
    used = {glyph.font.face.family for glyph in shape_range(paragraph, 0, len(paragraph)).glyphs}
    assert used == families


def test_an_emoji_sequence_is_one_picture(everything):
    for sequence in ("👩‍💻", "🇩🇪", "👍🏽", "❤️‍🔥", "1️⃣"):
        paragraph = analyse(sequence, TextStyle(), everything)
        assert len(shape_range(paragraph, 0, len(paragraph)).glyphs) == 1, sequence


def test_right_to_left_boxes_run_backwards(everything):
    paragraph = analyse("שלום", TextStyle(), everything)
    spans = shape_range(paragraph, 0, len(paragraph)).spans
    assert list(spans) == sorted(spans, reverse=True)


def test_a_ligature_is_shared_between_its_letters(everything):
    paragraph = analyse("لا", TextStyle(), everything)
    shaped = shape_range(paragraph, 0, len(paragraph))
    widths = [right - left for left, right in shaped.spans]
    assert len(shaped.glyphs) == 1
    assert widths[0] == pytest.approx(widths[1])
    assert sum(widths) == pytest.approx(shaped.width)


def test_kerning_pulls_letters_together(inter):
    def width(text):
        paragraph = analyse(text, TextStyle(), inter)
        return shape_range(paragraph, 0, len(paragraph)).width

    assert width("AV") < width("A") + width("V")


def test_letter_spacing_leaves_joined_scripts_alone(everything):
    def width(text, spacing):
        paragraph = analyse(text, TextStyle(letter_spacing=spacing), everything)
        return shape_range(paragraph, 0, len(paragraph)).width

    assert width("abc", 0.1) == pytest.approx(width("abc", 0.0) + 0.2, abs=1e-6)
    # A letter and its mark are one thing.
    assert width("q\u0301a", 0.1) == pytest.approx(width("q\u0301a", 0.0) + 0.1, abs=1e-6)
    assert width("سلام", 0.1) == pytest.approx(width("سلام", 0.0))


def test_tight_letters_leave_words_apart(inter):
    def gap(spacing):
        paragraph = analyse("a b", TextStyle(letter_spacing=spacing), inter)
        spans = shape_range(paragraph, 0, 3).spans
        return spans[2][0] - spans[0][1]

    assert gap(-0.05) == pytest.approx(gap(0.0))
    assert gap(0.1) == pytest.approx(gap(0.0) + 0.1)


@pytest.mark.parametrize(
    ("text", "case", "expected"),
    [
        ("Κεραμικά από μαϊμού", "upper", "ΚΕΡΑΜΙΚΑ ΑΠΟ ΜΑΪΜΟΥ"),
        ("a\r\nb\rc\u2028d", "none", "a\nb\nc\nd"),
        ("  a   b\t c ", "none", "a b c"),
        ("a\x00b\x1b[0m", "none", "ab[0m"),
        ("\ud800x", "none", "x"),
        ("straße o'neil", "upper", "STRASSE O'NEIL"),
        ("don't stop élan", "title", "Don't Stop Élan"),
        ("ABC", "lower", "abc"),
        ("\n\n a \n\n", "none", "a"),
    ],
)
def test_cleaning(text, case, expected):
    assert clean(text, case) == expected


def test_missing_characters_are_taken_out_and_told(inter):
    assert split_missing("a 中 b", TextStyle(), inter) == ("a b", ("中",))
    assert split_missing("abc", TextStyle(), inter) == ("abc", ())


def test_of_a_grapheme_with_a_missing_mark_the_letter_stays(inter):
    text, missing = split_missing("a\u1ab0b", TextStyle(), inter)
    assert text == "ab"
    assert missing == ("\u1ab0",)


def test_a_named_font_must_exist():
    with pytest.raises(FontError, match="No font named Nonesuch"):
        analyse("a", TextStyle(font="Nonesuch"), FontBook(system=False, extras=False))
