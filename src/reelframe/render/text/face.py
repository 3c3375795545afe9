"""One font file: opened, checked, asked what it covers, and set to a weight."""

from __future__ import annotations

import hashlib
import threading
import unicodedata
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import uharfbuzz as hb

from reelframe.errors import FontError

from .scripts import is_ignorable

__all__ = ["Extents", "Face", "FontInstance", "load_face"]

MAX_FONT_BYTES: Final = 128 * 1024 * 1024
MAPPED_FROM: Final = 4 * 1024 * 1024
# Tangent of the 11 degrees by which upright letters are slanted when a family has no italic.
SLANT: Final = 0.19
# How far a static font's weight may be from the wanted one before strokes are thickened, and by how much (em)
# at the most.
HEAVIER_BY: Final = 180
MAX_EMBOLDEN: Final = 0.03
KNOWN_FORMATS: Final = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf")
WEB_FORMATS: Final = (b"wOFF", b"wOF2")


class Extents(NamedTuple):
    """A glyph's ink in em, y upwards: (x0, y0) is the lower left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


class FontInstance:
    """A face set to a weight, slant and optical size: what shapes and draws. Made by ``Face.instance``."""

    def __init__(self, face: Face, weight: int, *, italic: bool, optical_size: float) -> None:
        self.face = face
        self.upem = face.upem
        self.font = hb.Font(face.hb_face)
        self.font.scale = (face.upem, face.upem)
        settings = {}
        if "wght" in face.axes:
            low, high = face.axes["wght"]
            settings["wght"] = min(max(float(weight), low), high)
        if "opsz" in face.axes:
            low, high = face.axes["opsz"]
            settings["opsz"] = min(max(optical_size, low), high)
        slant = SLANT if italic and not face.italic and not face.color else 0.0
        if slant and "slnt" in face.axes:
            settings["slnt"] = face.axes["slnt"][0]
            slant = 0.0
        if settings:
            self.font.set_variations(settings)
        if slant:
            self.font.synthetic_slant = slant
        lacking = weight - face.weight
        bold = 0.0
        if "wght" not in face.axes and not face.color and lacking > HEAVIER_BY:
            bold = min(MAX_EMBOLDEN, lacking / 300 * 0.022)
            self.font.synthetic_bold = bold
        self.identity = f"{face.digest}#{face.index}:{sorted(settings.items())}:{slant}:{bold:.4f}"
        self._extents: dict[int, Extents | None] = {}

    def extents(self, glyph: int) -> Extents | None:
        """The ink of ``glyph`` in em; None when it has none."""
        if glyph not in self._extents:
            found = self.font.get_glyph_extents(glyph)
            box = None
            if found is not None and found.width and found.height:
                left, top = found.x_bearing / self.upem, found.y_bearing / self.upem
                box = Extents(left, top + found.height / self.upem, left + found.width / self.upem, top)
            self._extents[glyph] = box
        return self._extents[glyph]

    @property
    def cap_height(self) -> float:
        """The height of a capital H in em; of a Chinese character when there is no H."""
        for character in "H中א":
            glyph = self.font.get_nominal_glyph(ord(character))
            box = self.extents(glyph) if glyph else None
            if box is not None:
                return box.y1
        return 0.72


class Face:
    """An opened font file.

    Attributes:
        path, index: where it is (``index`` within a .ttc).
        family: its own name. weight: 100..900. italic, color: what it is.
        axes: variation axes, tag → (lowest, highest).
        unicodes: the characters that it has.
        digest: hash of the file's content, part of every tile's key.
    """

    def __init__(self, path: str, index: int = 0) -> None:
        self.path = path
        self.index = index
        self.hb_face = hb.Face(_open(path), index)
        self.upem: int = self.hb_face.upem
        self.unicodes: frozenset[int] = frozenset(self.hb_face.unicodes)
        if not self.hb_face.glyph_count or not self.unicodes or not self.upem:
            raise _broken(path, "it holds no characters that can be drawn")
        plain = hb.Font(self.hb_face)
        self.weight = int(plain.get_style_value(hb.StyleTag.WEIGHT) or 400)
        self.italic = bool(plain.get_style_value(hb.StyleTag.ITALIC)) or bool(
            plain.get_style_value(hb.StyleTag.SLANT_ANGLE)
        )
        self.axes: dict[str, tuple[float, float]] = {
            axis.tag: (axis.min_value, axis.max_value) for axis in self.hb_face.axis_infos
        }
        self.png: bool = self.hb_face.has_color_png
        self.color: bool = self.png or self.hb_face.has_color_paint or self.hb_face.has_color_layers
        self.family = self._name(16) or self._name(1) or Path(path).stem
        self._instances: dict[tuple[int, bool, float], FontInstance] = {}
        self._lock = threading.Lock()

    @cached_property
    def digest(self) -> str:
        """Hash of the file's content."""
        with Path(self.path).open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:24]

    def _name(self, name_id: int) -> str:
        return str(self.hb_face.get_name(hb.OTNameIdPredefined(name_id), "en") or "")

    def covers(self, grapheme: str) -> bool:
        """Whether every visible character of ``grapheme`` has a glyph, composed or taken apart."""
        return any(
            all(ord(character) in self.unicodes or is_ignorable(character) for character in form)
            for form in _forms(grapheme)
        )

    def joins(self, grapheme: str) -> bool:
        """Whether ``grapheme`` (an emoji sequence) comes out as one picture rather than several."""
        buffer = hb.Buffer()
        buffer.add_str(grapheme)
        buffer.guess_segment_properties()
        hb.shape(self.instance(400).font, buffer)
        visible = [
            info for info, spot in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True) if spot.x_advance
        ]
        return len(visible) == 1 and visible[0].codepoint != 0

    def instance(self, weight: int, *, italic: bool = False, optical_size: float = 14.0) -> FontInstance:
        """This face at ``weight`` (100..900), slanted when ``italic`` and it is not by itself."""
        key = (weight, italic, optical_size)
        with self._lock:
            if key not in self._instances:
                self._instances[key] = FontInstance(self, weight, italic=italic, optical_size=optical_size)
            return self._instances[key]


@lru_cache(maxsize=4096)
def _forms(grapheme: str) -> tuple[str, ...]:
    forms = (grapheme, unicodedata.normalize("NFC", grapheme), unicodedata.normalize("NFD", grapheme))
    return tuple(dict.fromkeys(forms))


def _broken(path: str, why: str, hint: str = "Use a .ttf or .otf file.") -> FontError:
    return FontError(f"The font {Path(path).name} can't be used: {why}.", hint=hint)


def _open(path: str) -> hb.Blob:
    try:
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            head = file.read(4)
            _check(path, size, head)
            # Large ones (Chinese, emoji) come from system packages that nobody rewrites in place: mapped, they
            # cost only the pages that are used. A user's own is read whole, so that rewriting it can't hurt us.
            return hb.Blob.from_file_path(path) if size > MAPPED_FROM else hb.Blob(head + file.read())
    except OSError as error:
        why = error.strerror or "it can't be read"
        raise _broken(path, why[0].lower() + why[1:]) from error


def _check(path: str, size: int, head: bytes) -> None:
    if size > MAX_FONT_BYTES:
        raise _broken(path, "it is larger than 128 MB")
    if head in WEB_FORMATS:
        raise _broken(path, "it is a web font (WOFF)", "Convert it to .ttf or .otf first.")
    if head not in KNOWN_FORMATS:
        raise _broken(path, "it is not a font" if head else "it is empty")


@lru_cache(maxsize=256)
def _load(path: str, index: int, _stamp: tuple[int, int]) -> Face:
    return Face(path, index)


def load_face(path: str, index: int = 0) -> Face:
    """The face in ``path``, from memory when the file has not changed since.

    Raises:
        FontError: the file is missing, broken, empty, too large or not a font; it is named.
    """
    try:
        status = Path(path).stat()
    except OSError as error:
        raise _broken(path, "no such file", "Check the path.") from error
    try:
        return _load(path, index, (status.st_mtime_ns, status.st_size))
    except (RuntimeError, ValueError, OverflowError, UnicodeError, hb.HarfBuzzError) as error:
        raise _broken(path, f"it is damaged ({error})") from error
