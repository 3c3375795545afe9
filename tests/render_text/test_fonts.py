"""Finding fonts, and what happens with broken ones."""

from __future__ import annotations

import shutil
import tomllib
import warnings
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reelframe.errors import FontError
from reelframe.render.text import FontBook, MissingGlyphWarning, TextStyle, render_text
from reelframe.render.text import fonts as fonts_module
from reelframe.render.text.face import load_face
from reelframe.render.text.fonts import Wish, what_to_install

BUNDLED = Path(str(files("reelframe") / "fonts"))


def draw(text, style, book=None):
    return render_text(text, style, 640, 360, book=book)


def test_what_is_carried_covers_its_scripts(inter):
    text = "The quick brown fox ÄÖÜß çñ Łódź Příliš žluťoučký Việt Ναι Съешь їжу “—” … €£¥₹₽ ™©®°→←↑↓✓ ½ ×"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tile = draw(text, TextStyle(size=0.03), inter)
    assert tile.fonts == ("Inter Variable",)


def test_carried_fonts_are_small_and_licensed():
    total = sum(path.stat().st_size for path in BUNDLED.glob("*.ttf"))
    assert total < 1_700_000
    for licence in ("OFL-Inter.txt", "OFL-NotoColorEmoji.txt"):
        assert "SIL OPEN FONT LICENSE" in (BUNDLED / licence).read_text(encoding="utf-8").upper()


def test_a_font_by_path(tmp_path, inter):
    own = tmp_path / "My Brand.ttf"
    shutil.copy(BUNDLED / "Inter-Italic.ttf", own)
    tile = draw("Brand", TextStyle(font=str(own)), inter)
    assert tile.rgba[..., 3].max() == 255
    slanted = draw("Brand", TextStyle(italic=True), inter)
    assert tile.rgba.shape == slanted.rgba.shape


def test_a_changed_font_file_is_read_again(tmp_path, inter):
    own = tmp_path / "own.ttf"
    shutil.copy(BUNDLED / "Inter.ttf", own)
    first = draw("Brand", TextStyle(font=str(own)), inter)
    shutil.copy(BUNDLED / "Inter-Italic.ttf", own)
    second = draw("Brand", TextStyle(font=str(own)), inter)
    assert first.key != second.key


def test_a_font_by_family_in_any_case(everything):
    tile = draw("Brand", TextStyle(font="dejavu sans"), everything)
    assert tile.fonts == ("DejaVu Sans",)


def test_a_folder_of_fonts(tmp_path):
    shutil.copy(BUNDLED / "Inter-Italic.ttf", tmp_path / "x.ttf")
    (tmp_path / "notes.txt").write_text("no font")
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00broken")
    book = FontBook(system=False, extras=False, folders=[tmp_path])
    assert book.families() == ("Inter", "Inter Variable")
    assert book.named("inter variable", Wish()).path == str(tmp_path / "x.ttf")


def test_an_unknown_family_names_its_neighbours(everything):
    with pytest.raises(FontError, match=r"No font named DejaVu Sanz.*DejaVu Sans"):
        draw("a", TextStyle(font="DejaVu Sanz"), everything)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.ttf", None, "no such file"),
        ("empty.ttf", b"", "is empty"),
        ("text.otf", b"hello world, I am no font", "not a font"),
        ("page.ttf", b"<html></html>", "not a font"),
        ("web.ttf", b"wOF2" + bytes(100), "web font"),
        ("head-only.ttf", b"\x00\x01\x00\x00", "no characters"),
        ("zeros.ttf", b"\x00\x01\x00\x00" + bytes(4096), "no characters"),
        ("truncated.ttf", "cut", "no characters"),
        ("collection.ttc", b"ttcf" + b"\xff" * 64, "no characters"),
    ],
)
def test_broken_fonts_are_named(tmp_path, name, content, reason, inter):
    path = tmp_path / name
    if content == "cut":
        path.write_bytes((BUNDLED / "Inter.ttf").read_bytes()[:2000])
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(FontError, match=reason) as caught:
        draw("abc", TextStyle(font=str(path)), inter)
    assert name in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_named_like_a_font(tmp_path, inter):
    (tmp_path / "dir.ttf").mkdir()
    with pytest.raises(FontError, match=r"dir\.ttf"):
        draw("abc", TextStyle(font=str(tmp_path / "dir.ttf")), inter)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 667_000), st.binary(min_size=1, max_size=16)), min_size=1, max_size=12))
def test_a_damaged_font_draws_or_errs_clearly(tmp_path, damages):
    data = bytearray((BUNDLED / "Inter.ttf").read_bytes())
    for place, content in damages:
        data[place : place + len(content)] = content
    path = tmp_path / "damaged.ttf"
    path.write_bytes(bytes(data))
    book = FontBook(system=False, extras=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MissingGlyphWarning)
            tile = render_text("Sale 50 %", TextStyle(font=str(path)), 320, 180, book=book)
    except FontError as error:
        assert "damaged.ttf" in str(error)
    else:
        assert tile.width < 2000
        assert tile.height < 2000


@pytest.mark.usefixtures("everything")
def test_the_order_is_the_same_every_time():
    chosen = [FontBook(extras=False).fallback(character, Wish()) for character in "中अשعส★♥" for _ in range(2)]
    for first, second in zip(chosen[::2], chosen[1::2], strict=True):
        assert first is not None
        assert (first.path, first.index) == (second.path, second.index)


@pytest.mark.usefixtures("everything")
def test_colour_emoji_come_before_black_and_white_ones(tmp_path):
    shutil.copy("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", tmp_path)
    book = FontBook(folders=[tmp_path], extras=False)
    assert book.fallback("\N{CONFOUNDED FACE}", Wish()).family == "Noto Color Emoji"
    alone = FontBook(folders=[tmp_path], system=False, extras=False)
    assert alone.fallback("\N{CONFOUNDED FACE}", Wish()).family == "DejaVu Sans"


@pytest.mark.usefixtures("everything")
def test_static_fonts_of_the_wanted_weight_are_chosen():
    light, heavy = (FontBook(extras=False).fallback("中", Wish(weight=weight)) for weight in (400, 800))
    assert light.weight == 400
    assert heavy.weight == 700


@pytest.mark.usefixtures("everything")
def test_without_fontconfig_the_folders_are_scanned(monkeypatch):
    monkeypatch.setattr(fonts_module.shutil, "which", lambda _: None)
    monkeypatch.setattr(fonts_module, "_system_folders", lambda: ["/usr/share/fonts/truetype/dejavu"])
    fonts_module._system_fonts.cache_clear()
    try:
        found = fonts_module._system_fonts()
        assert "DejaVu Sans" in {candidate.family for candidate in found}
        assert FontBook(extras=False).fallback("א", Wish()).family == "DejaVu Sans"
    finally:
        fonts_module._system_fonts.cache_clear()


@pytest.mark.usefixtures("everything")
def test_a_collection_is_described_face_by_face():
    path = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
    families = [candidate.family for candidate in fonts_module._describe(path)]
    assert "Noto Sans CJK SC" in families
    assert len(families) == len(set(families))


def test_installed_font_packages_are_found_without_importing_them(tmp_path, monkeypatch):
    package = tmp_path / "some_fonts"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('must not be imported')")
    shutil.copy(BUNDLED / "Inter-Italic.ttf", package / "Some.ttf")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(fonts_module, "FONT_PACKAGES", ("some_fonts", "not_installed_fonts"))
    fonts_module._package_fonts.cache_clear()
    try:
        assert [Path(candidate.path).name for candidate in fonts_module._package_fonts()] == ["Some.ttf"]
    finally:
        fonts_module._package_fonts.cache_clear()


def test_what_the_fonts_extra_installs_is_looked_at():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    for requirement in project["project"]["optional-dependencies"]["fonts"]:
        name = requirement.split(">=")[0].strip().replace("-", "_")
        assert name in fonts_module.FONT_PACKAGES, requirement


@pytest.mark.parametrize(
    ("characters", "words"),
    [
        ("中", ["reelframe[fonts]"]),
        ("अ", ["reelframe[fonts]"]),
        ("🦖", ["fonts-noto-color-emoji"]),
    ],
)
def test_what_to_install(characters, words):
    assert all(word in what_to_install(characters) for word in words)


def test_faces_are_opened_once():
    path = str(BUNDLED / "Inter.ttf")
    assert load_face(path) is load_face(path)
