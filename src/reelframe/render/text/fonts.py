"""Which font draws what: the user's, Inter, the fonts extra, then whatever the system has.

A ``FontBook`` looks only as far as it has to: a Latin text never opens anything but Inter. The order is
the same on every run: by place, then by how well a family suits the script, then by path.
"""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import threading
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from reelframe.errors import FontError

from .face import Face, load_face
from .scripts import COMMON, HAN_SCRIPTS, is_emoji, is_ignorable, script_of, sequence_emoji

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Candidate", "FontBook", "Wish", "default_book", "what_to_install"]

FONT_SUFFIXES: Final = (".ttf", ".otf", ".ttc", ".otc")
# Packages from PyPI that carry fonts as plain files: those of reelframe's ``fonts`` extra, then kindred ones.
FONT_PACKAGES: Final = (
    "manimgx_fonts",
    "justmytype_intl_cjk",
    "justmytype_intl_rtl",
    "justmytype_intl_south_asia",
    "justmytype_intl_sea",
    "pylopdf_fonts_zh_cn",
    "pylopdf_fonts_jp",
    "pylopdf_fonts_ko",
)
# Fontconfig's own scale of weights, against OpenType's.
FC_WEIGHTS: Final = (
    (0, 100), (40, 200), (50, 300), (55, 350), (75, 380), (80, 400), (100, 500), (180, 600),
    (200, 700), (205, 800), (210, 900),
)  # fmt: skip
FC_SLANTED: Final = 50
# Families that suit a script, best first: Noto's, then what macOS and Windows have.
PREFERRED: Final = {
    "Arab": ("Noto Sans Arabic", "Geeza Pro", "Segoe UI", "Noto Naskh Arabic"),
    "Hebr": ("Noto Sans Hebrew", "Arial Hebrew", "Segoe UI"),
    "Deva": ("Noto Sans Devanagari", "Kohinoor Devanagari", "Nirmala UI"),
    "Thai": ("Noto Sans Thai", "Thonburi", "Leelawadee UI"),
    "zh-Hans": ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei"),
    "zh-Hant": ("Noto Sans CJK TC", "Noto Sans TC", "PingFang TC", "Microsoft JhengHei"),
    "ja": ("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic"),
    "ko": ("Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic"),
    "emoji": ("Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", "Twitter Color Emoji"),
}
# Words in a family's name that make it a poor stand-in for a plain sans.
UNLIKE_SANS: Final = ("serif", "mono", "naskh", "nastaliq", "kufi", "display", "condensed", "ui", "looped", "rashi")
# What brings a script, by extra and by Debian package.
INSTALL: Final = {
    "emoji": ("", "fonts-noto-color-emoji"),
    "han": ("fonts", "fonts-noto-cjk"),
    "other": ("fonts", "fonts-noto-core"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a fallback font should be like."""

    weight: int = 400
    italic: bool = False
    language: str = "zh-Hans"


@dataclass(frozen=True)
class Candidate:
    """A font that is known to exist but is not opened yet. ``starts`` and ``ends`` are its ranges of characters."""

    path: str
    index: int
    family: str
    weight: int
    italic: bool
    variable: bool
    color: bool
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, character: str) -> bool:
        """Whether the font says that it has ``character``."""
        point = ord(character)
        place = bisect_right(self.starts, point) - 1
        return place >= 0 and point <= self.ends[place]

    def rank(self, wish: Wish, group: str) -> tuple[int, bool, bool, int, str, int]:
        """Sorts the best candidate for ``group`` (a script, a Han language or "emoji") first."""
        names = PREFERRED.get(group, ())
        lower = self.family.lower()
        if self.family in names:
            suits = names.index(self.family)
        else:
            plain = not any(word in lower.split() for word in UNLIKE_SANS)
            suits = 10 + (0 if plain and lower.startswith("noto sans") else 5 if plain else 20)
        far = 0 if self.variable else abs(self.weight - wish.weight)
        return (suits, self.color != (group == "emoji"), self.italic != wish.italic, far, self.path, self.index)


class FontBook:
    """Where fonts are looked for. Safe to share between threads.

    Args:
        system: look at the fonts that the system has.
        extras: look at the font packages that are installed beside reelframe.
        folders: further folders with font files, before the others.
    """

    def __init__(self, *, system: bool = True, extras: bool = True, folders: Sequence[str | Path] = ()) -> None:
        self._system = system
        self._extras = extras
        self._folders = tuple(str(folder) for folder in folders)
        self._found: dict[tuple[str, Wish], Face | None] = {}
        self._lock = threading.RLock()

    @property
    def identity(self) -> tuple[bool, bool, tuple[str, ...]]:
        """What distinguishes this book from another in a cache."""
        return (self._system, self._extras, self._folders)

    def inter(self, *, italic: bool) -> Face:
        """The font that reelframe carries."""
        return load_face(_bundled("Inter-Italic.ttf" if italic else "Inter.ttf"))

    def named(self, font: str, wish: Wish) -> Face:
        """The user's own font: the path of a file, or a family's name.

        Raises:
            FontError: no such file or family, or the file is broken.
        """
        looks_like_path = font.lower().endswith(FONT_SUFFIXES) or "/" in font or os.sep in font
        if looks_like_path:
            return load_face(str(Path(font).expanduser()))
        if font.casefold() == "inter":
            return self.inter(italic=wish.italic)
        group = [c for c in self._all() if c.family.casefold() == font.casefold()]
        if not group:
            near = difflib.get_close_matches(font, sorted({c.family for c in self._all()}), 3)
            hint = f"Near it are {', '.join(near)}." if near else "Give the path of a .ttf or .otf file."
            msg = f"No font named {font} is installed here."
            raise FontError(msg, hint=hint)
        best = min(group, key=lambda candidate: candidate.rank(wish, ""))
        return load_face(best.path, best.index)

    def families(self) -> tuple[str, ...]:
        """Every family that ``named`` would find, sorted."""
        return tuple(sorted({"Inter"} | {candidate.family for candidate in self._all()}))

    def fallback(self, grapheme: str, wish: Wish) -> Face | None:
        """A face that draws ``grapheme`` when neither the style's font nor Inter does; None when there is none."""
        key = (grapheme, wish)
        with self._lock:
            if key not in self._found:
                self._found[key] = self._search(grapheme, wish)
            return self._found[key]

    def _search(self, grapheme: str, wish: Wish) -> Face | None:
        emoji = is_emoji(grapheme)
        group = "emoji" if emoji else _group(grapheme, wish.language)
        whole = emoji and sequence_emoji(grapheme)
        apart: Face | None = None
        for face in self._faces(grapheme, wish, group):
            if not face.covers(grapheme):
                continue
            if not whole or face.joins(grapheme):
                return face
            apart = apart or face
        return apart

    def _faces(self, grapheme: str, wish: Wish, group: str) -> Iterator[Face]:
        yield load_face(_bundled("NotoColorEmoji-Common.ttf"))
        needed = [character for character in grapheme if not is_ignorable(character)][:1]
        places = [[c for c in place if all(c.has(character) for character in needed)] for place in self._places()]
        if group == "emoji":
            # A colour font anywhere before a black and white one that is nearer.
            colored = [[c for c in place if c.color] for place in places]
            places = colored + [[c for c in place if not c.color] for place in places]
        for place in places:
            for candidate in sorted(place, key=lambda c: c.rank(wish, group)):
                try:
                    yield load_face(candidate.path, candidate.index)
                except FontError:
                    # A broken font of the system's is not the user's concern: the next one will do.
                    continue

    def _places(self) -> Iterator[Sequence[Candidate]]:
        if self._folders:
            yield self._own
        if self._extras:
            yield _package_fonts()
        if self._system:
            yield _system_fonts()

    def _all(self) -> list[Candidate]:
        return [candidate for place in self._places() for candidate in place]

    @cached_property
    def _own(self) -> tuple[Candidate, ...]:
        return tuple(_scan(self._folders))


@cache
def default_book() -> FontBook:
    """The book that looks everywhere."""
    return FontBook()


def what_to_install(characters: Iterable[str]) -> str:
    """A sentence that says what would bring ``characters``."""
    kinds = {"emoji" if is_emoji(c) else "han" if script_of(c[0]) in HAN_SCRIPTS else "other" for c in characters}
    steps = []
    if any(INSTALL[kind][0] for kind in kinds):
        steps.append('pip install "reelframe[fonts]"')
    if sys.platform.startswith("linux") or "emoji" in kinds:
        debian = " ".join(sorted(INSTALL[kind][1] for kind in kinds))
        steps.append(f"the system package {debian} (apt install)")
    return f"Install {' or '.join(steps)}, or name a font that has them."


def _group(grapheme: str, language: str) -> str:
    script = script_of(grapheme[0])
    if script == "Hang":
        return "ko"
    # Full-width punctuation belongs to no script, but comes with the Chinese characters around it.
    wide = script == COMMON and east_asian_width(grapheme[0]) in "WF"
    return language if wide or script in HAN_SCRIPTS else script


@cache
def _bundled(name: str) -> str:
    return str(files("reelframe") / "fonts" / name)


@cache
def _package_fonts() -> tuple[Candidate, ...]:
    folders = []
    for name in FONT_PACKAGES:
        spec = find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            folders += list(spec.submodule_search_locations)
    return tuple(_scan(folders))


@cache
def _system_fonts() -> tuple[Candidate, ...]:
    return _fontconfig() or tuple(_scan(_system_folders()))


def _fontconfig() -> tuple[Candidate, ...]:
    """What ``fc-list`` knows; nothing when there is no fontconfig."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    fields = ["file", "index", "family[0]", "weight", "slant", "variable", "color", "charset"]
    form = "\\t".join("%{" + field + "}" for field in fields) + "\\n"
    try:
        done = subprocess.run(  # noqa: S603 -- fixed arguments, the program found on the user's own path
            [program, "--format", form], capture_output=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    parsed = (_fc_candidate(line.split("\t")) for line in lines)
    found = {(c.path, c.index): c for c in parsed if c is not None}
    return tuple(sorted(found.values(), key=lambda c: (c.path, c.index)))


def _fc_candidate(fields: list[str]) -> Candidate | None:
    if len(fields) != 8 or not fields[0].lower().endswith(FONT_SUFFIXES):  # as asked for
        return None
    path, index, family, weight, slant, variable, color, charset = fields
    ranges = [part.split("-") for part in charset.split()]
    # A variable font is listed once for all its weights ("[0 210]") and once more for each named one, which
    # carry the instance's number above bit 16 of the index.
    number = weight.strip("[]").split()
    known = float(number[0]) if number and number[0].replace(".", "").isdigit() else 80.0
    starts = tuple(int(part[0], 16) for part in ranges)
    return Candidate(
        path=path,
        index=(int(index) & 0xFFFF) if index.isdigit() else 0,
        family=family,
        weight=min(FC_WEIGHTS, key=lambda pair: abs(pair[0] - known))[1],
        italic=slant.isdigit() and int(slant) > FC_SLANTED,
        variable=variable == "True" or weight.startswith("["),
        color=color == "True",
        starts=starts,
        ends=tuple(int(part[-1], 16) for part in ranges),
    )


def _system_folders() -> list[str]:
    home = Path.home()
    if sys.platform == "darwin":
        roots = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    elif sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", str(home))) / "Microsoft/Windows/Fonts"
        roots = [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local]
    else:
        roots = [
            Path("/usr/share/fonts"),
            Path("/usr/local/share/fonts"),
            home / ".local/share/fonts",
            home / ".fonts",
        ]
    return [str(root) for root in roots]


def _scan(folders: Iterable[str]) -> Iterator[Candidate]:
    """Every font below ``folders``, folder by folder, in the order of their paths; broken ones are left out."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix.lower() in FONT_SUFFIXES:
                yield from _describe(str(path))


def _describe(path: str) -> Iterator[Candidate]:
    count = 1
    index = 0
    while index < count:
        try:
            face = load_face(path, index)
        except FontError:
            return
        if path.lower().endswith(("ttc", "otc")):
            count = max(1, face.hb_face.count)
        starts: list[int] = []
        ends: list[int] = []
        for point in sorted(face.unicodes):
            if ends and point == ends[-1] + 1:
                ends[-1] = point
            else:
                starts.append(point)
                ends.append(point)
        yield Candidate(
            path=path,
            index=index,
            family=face.family,
            weight=face.weight,
            italic=face.italic,
            variable="wght" in face.axes,
            color=face.color,
            starts=tuple(starts),
            ends=tuple(ends),
        )
        index += 1
