"""The door of the text engine: a text and a style in, a picture with known boxes out."""

from __future__ import annotations

import hashlib
import threading
import unicodedata
import warnings
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from reelframe.errors import DraftError, FontError

from .contrast import contrast_ratio
from .fonts import default_book, what_to_install
from .layout import Area, Layout, Line, fonts_of, lay_out
from .paint import Painted, extent, padding, paint
from .raster import straight, tinted
from .scripts import is_ignorable
from .shape import clean, split_missing
from .style import parse_color

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from .fonts import FontBook
    from .style import TextStyle

__all__ = ["MissingGlyphWarning", "Rect", "TextBox", "TextTile", "clear_cache", "missing_glyphs", "render_text"]

# Part of every key: raise it when the same text and style come out as other pixels.
ENGINE_VERSION: Final = 6
# The texts of one video of half a minute, so that memory does not grow with the length of a longer one.
CACHE_BYTES: Final = 64 * 1024 * 1024
MAX_NAMED: Final = 6
# Luminance ratio from which two colours are told apart at a glance, and opacity from which a plate counts as a ground.
DISTINCT: Final = 1.25
SOLID: Final = 0.5
# Above this no text fits a frame at any size; said at once instead of after seconds of trying.
MAX_CHARACTERS: Final = 20_000
_NOTHING: Final = np.zeros((1, 1, 4), np.uint8)
_NOTHING.flags.writeable = False


class MissingGlyphWarning(UserWarning):
    """Characters were left out of a text because no font has them."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in px of the tile, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TextBox:
    """A piece of the text (line, word or grapheme) and where it is drawn.

    ``rect`` reaches over the line's whole ink in height, so that showing the pixels inside shows the piece.
    ``line`` counts from 0; ``start`` and ``end`` are the piece's place in ``TextTile.text``.
    """

    text: str
    rect: Rect
    line: int
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class TextTile:
    """A rendered text.

    Attributes:
        flat: (H, W, 4) uint8, premultiplied alpha, read-only: plate and letters, ready to be laid over a picture.
        flat_letters: the same without the plate. flat_plate: the plate alone, or None. Animations that reveal
            letters need them apart.
        fill: (H, W) uint8, the letters' coverage without outline and shadow; emoji keep their colours and have none.
        content: what has to stay in the frame's safe area: the plate, or the letters without their shadow.
        lines, words, graphemes: the boxes, in reading order.
        text: what is drawn: in the style's case, without the characters in ``missing``.
        missing: characters that no font has.
        em: the size of an em in px. scale: by how much the text was shrunk to fit (1.0: not).
        fonts: the families that were used, in order of appearance.
        highlight: the colour of words that were said; None when the plate does not let it be seen.
        key: hash of everything that decides the pixels.
    """

    flat: NDArray[np.uint8]
    flat_letters: NDArray[np.uint8]
    flat_plate: NDArray[np.uint8] | None
    fill: NDArray[np.uint8]
    content: Rect
    lines: tuple[TextBox, ...]
    words: tuple[TextBox, ...]
    graphemes: tuple[TextBox, ...]
    text: str
    missing: tuple[str, ...]
    em: float
    scale: float
    fonts: tuple[str, ...]
    rtl: bool
    highlight: str | None
    key: str

    @cached_property
    def rgba(self) -> NDArray[np.uint8]:
        """``flat`` with straight alpha, as picture files have it."""
        return straight(self.flat)

    @property
    def flat_said(self) -> NDArray[np.uint8]:
        """``flat_letters`` in the highlight's colour."""
        return tinted(self.flat_letters, self.fill, self.highlight or "")

    @property
    def width(self) -> int:
        """The picture's width in px."""
        return int(self.flat.shape[1])

    @property
    def height(self) -> int:
        """The picture's height in px."""
        return int(self.flat.shape[0])

    @property
    def nbytes(self) -> int:
        """The memory that the pictures take."""
        arrays = {id(array): array for array in (self.flat, self.flat_letters, self.flat_plate, self.fill)}
        return sum(array.nbytes for array in arrays.values() if array is not None)


class _Cache:
    """The tiles used last, up to a number of bytes. Shared by all threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tiles: OrderedDict[object, TextTile] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: object) -> TextTile | None:
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            return tile

    def put(self, key: object, tile: TextTile) -> None:
        with self._lock:
            if key in self._tiles:
                return
            self._tiles[key] = tile
            self._size += tile.nbytes
            while self._size > self._limit and len(self._tiles) > 1:
                self._size -= self._tiles.popitem(last=False)[1].nbytes

    def clear(self) -> None:
        with self._lock:
            self._tiles.clear()
            self._size = 0


_cache = _Cache(CACHE_BYTES)


def clear_cache() -> None:
    """Forget all rendered tiles."""
    _cache.clear()


def render_text(
    text: str,
    style: TextStyle,
    frame_width: int,
    frame_height: int,
    max_width: float = 0.84,
    *,
    max_height: float = 0.8,
    strict: bool = False,
    tell: bool = True,
    draw: bool = True,
    book: FontBook | None = None,
) -> TextTile:
    r"""Draw ``text`` for a frame of ``frame_width`` x ``frame_height`` px.

    The text wraps, and shrinks when it must, so that its plate or letters take at most ``max_width`` of the
    frame's width and ``max_height`` of its height. The same arguments give the same bytes.

    Args:
        text: any string; ``\n`` breaks lines.
        style: how it looks.
        frame_width: px.
        frame_height: px.
        max_width: part of the frame's width, 0..1.
        max_height: part of the frame's height; above 1 for texts that scroll.
        strict: a character that no font has is an error instead of a warning.
        tell: warn; who renders a video has asked ``missing_glyphs`` before.
        draw: without it the tile has its boxes and measures, and a single empty pixel for each picture.
        book: where to look for fonts; everywhere by default.

    Warns:
        MissingGlyphWarning: characters were left out; it names them and what to install.

    Raises:
        FontError: the style's font is missing or broken; in strict mode, a character has no font.
        DraftError: the text is too long for the frame at any readable size.
    """
    book = book or default_book()
    request = (text, style, frame_width, frame_height, max_width, max_height, book.identity, _stamp(style))
    tile = _cache.get(request)
    if tile is None:
        tile = _render(text, style, (frame_width, frame_height), (max_width, max_height), book, draw=draw)
        if draw:
            _cache.put(request, tile)
    if tile.missing and (tell or strict):
        _tell(tile.missing, strict=strict)
    return tile


def missing_glyphs(
    texts: Iterable[tuple[str, TextStyle]], *, strict: bool = False, book: FontBook | None = None
) -> str | None:
    """What of all these texts no font has, in one sentence that names it and what to install; None when all is there.

    Args:
        texts: what is to be drawn, and how.
        strict: raise instead.
        book: where to look for fonts; everywhere by default.

    Raises:
        FontError: in strict mode, with the same sentence; or a style's font is missing or broken.
    """
    book = book or default_book()
    found: dict[str, None] = {}
    for text, style in dict.fromkeys(texts):
        _, missing = split_missing(clean(text[:MAX_CHARACTERS], style.case), style, book)
        found.update(dict.fromkeys(missing))
    if not found:
        return None
    return _sentence(tuple(found), strict=strict)


def _stamp(style: TextStyle) -> tuple[int, int]:
    """Tells a changed font file of the user's from the one that was drawn with before."""
    try:
        status = Path(style.font or "").expanduser().stat()
    except (OSError, ValueError, RuntimeError):
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _tell(missing: tuple[str, ...], *, strict: bool) -> None:
    warnings.warn(_sentence(missing, strict=strict), MissingGlyphWarning, stacklevel=3)


def _sentence(missing: tuple[str, ...], *, strict: bool) -> str:
    named = [
        f"U+{ord(character):04X} ({unicodedata.name(character, 'no name').lower()})"
        for character in missing[:MAX_NAMED]
    ]
    if len(missing) > MAX_NAMED:
        named.append(f"{len(missing) - MAX_NAMED} more")
    what = f"No font here has {', '.join(named)}"
    if strict:
        msg = f"{what}."
        raise FontError(msg, hint=what_to_install(missing))
    return f"{what}: left out of the text. {what_to_install(missing)}"


def _render(
    text: str,
    style: TextStyle,
    frame: tuple[int, int],
    limits: tuple[float, float],
    book: FontBook,
    *,
    draw: bool,
) -> TextTile:
    cleaned = clean(text[: MAX_CHARACTERS + 1], style.case)
    cleaned, missing = split_missing(cleaned, style, book)
    lost = tuple(dict.fromkeys(c for c in text if "\ud800" <= c <= "\udfff"))
    missing = tuple(dict.fromkeys(missing + lost))
    if all(character.isspace() or is_ignorable(character) for character in cleaned):
        return _empty(missing, _key(cleaned, style, frame, limits, ()))
    start, end, above = padding(style)
    em = style.size * frame[1]
    # The padding shrinks with the text; taken at full size it leaves a little room, never too little.
    area = Area(
        max(1.0, limits[0] * frame[0] - (start + end) * em),
        max(1.0, limits[1] * frame[1] - 2 * above * em),
    )
    layout = _fitting(cleaned, style, book, frame[1], area)
    if draw:
        painted = paint(layout, style)
    else:
        painted = Painted(_NOTHING, _NOTHING, None, _NOTHING[..., 3], *extent(layout, style)[1:])
    fonts = fonts_of(layout)
    lines = tuple(_line_boxes(layout, painted.origin))
    graphemes = tuple(_grapheme_boxes(layout, painted.origin))
    return TextTile(
        flat=painted.whole,
        flat_letters=painted.letters,
        flat_plate=painted.plate,
        fill=painted.fill,
        content=Rect(*painted.content),
        lines=lines,
        words=tuple(_words(graphemes)),
        graphemes=graphemes,
        text="\n".join(line.text for line in layout.lines),
        missing=missing,
        em=layout.em,
        scale=layout.scale,
        fonts=tuple(dict.fromkeys(font.face.family for font in fonts)),
        rtl=layout.rtl,
        highlight=_highlight(style),
        key=_key(cleaned, style, frame, limits, (font.identity for font in fonts)),
    )


def _fitting(text: str, style: TextStyle, book: FontBook, height: int, area: Area) -> Layout:
    """The layout; a font of the user's whose damaged measures are why nothing fits is blamed itself."""
    try:
        return lay_out(text, style, book, height, area)
    except DraftError:
        if style.font is None:
            raise
        lay_out(text, replace(style, font=None), book, height, area)
        msg = f"The font {Path(style.font).name} can't be used: its letters have a size that makes no sense."
        raise FontError(msg, hint="Use another .ttf or .otf file.") from None


def _key(
    text: str,
    style: TextStyle,
    frame: tuple[int, int],
    limits: tuple[float, float],
    fonts: Iterable[str],
) -> str:
    facts = repr((ENGINE_VERSION, text, style, frame, limits, tuple(fonts)))
    return hashlib.blake2b(facts.encode("utf-8", "backslashreplace"), digest_size=20).hexdigest()


def _empty(missing: tuple[str, ...], key: str) -> TextTile:
    return TextTile(
        flat=_NOTHING,
        flat_letters=_NOTHING,
        flat_plate=None,
        fill=_NOTHING[..., 3],
        content=Rect(0, 0, 1, 1),
        lines=(),
        words=(),
        graphemes=(),
        text="",
        missing=missing,
        em=0.0,
        scale=1.0,
        fonts=(),
        rtl=False,
        highlight=None,
        key=key,
    )


def _highlight(style: TextStyle) -> str | None:
    """The style's highlight, where it can be told from the letters' own colour and from the plate."""
    highlight = parse_color(style.highlight)[:3]
    others = [style.gradient.start if style.gradient else style.color]
    if style.box is not None and style.box.opacity > SOLID:
        others.append(style.box.color)
    near = min(contrast_ratio(highlight, parse_color(other)[:3]) for other in others)
    return style.highlight if near >= DISTINCT else None


def _band(layout: Layout, line: Line, origin: tuple[float, float]) -> tuple[float, float]:
    """Top and height of ``line``: its ink, at least from the capitals' top to the descenders."""
    top = origin[1] + line.baseline - max(line.ascent, layout.cap_height * line.em)
    bottom = origin[1] + line.baseline + max(line.descent, 0.24 * line.em)
    return top, bottom - top


def _line_boxes(layout: Layout, origin: tuple[float, float]) -> Iterator[TextBox]:
    place = 0
    for number, line in enumerate(layout.lines):
        top, height = _band(layout, line, origin)
        left, width = origin[0] + line.x, line.shaped.width * line.em
        end = place + len(line.text)
        yield TextBox(line.text, Rect(left, top, width, height), number, place, end)
        place = end + 1


def _grapheme_boxes(layout: Layout, origin: tuple[float, float]) -> Iterator[TextBox]:
    place = 0
    for number, line in enumerate(layout.lines):
        top, height = _band(layout, line, origin)
        for step, (left, right) in enumerate(line.shaped.spans):
            text = line.paragraph.grapheme(line.first + step)
            x = origin[0] + line.x + left * line.em
            rect = Rect(x, top, (right - left) * line.em, height)
            yield TextBox(text, rect, number, place, place + len(text))
            place += len(text)
        place += 1


def _words(graphemes: Iterable[TextBox]) -> Iterator[TextBox]:
    """Graphemes between spaces, joined; a Chinese or Japanese text has one word per clause by this measure."""
    group: list[TextBox] = []
    for box in graphemes:
        if group and (box.text.isspace() or box.line != group[-1].line):
            yield _join(group)
            group = []
        if not box.text.isspace():
            group.append(box)
    if group:
        yield _join(group)


def _join(boxes: list[TextBox]) -> TextBox:
    left = min(box.rect.x for box in boxes)
    right = max(box.rect.x + box.rect.width for box in boxes)
    first = boxes[0]
    rect = Rect(left, first.rect.y, right - left, first.rect.height)
    text = "".join(box.text for box in boxes)
    return TextBox(text, rect, first.line, first.start, boxes[-1].end)
