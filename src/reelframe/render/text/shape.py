"""From characters to placed glyphs: cleaning, choosing fonts, direction, shaping. All lengths are in em."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import regex
import uharfbuzz as hb

from .bidi import embedding_levels, line_levels, visual_order
from .fonts import Wish
from .scripts import (
    COMMON,
    CURSIVE,
    HAN_SCRIPTS,
    han_language,
    is_emoji,
    is_ignorable,
    script_of,
    script_runs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .face import Face, FontInstance
    from .fonts import FontBook
    from .style import TextStyle

__all__ = ["Glyph", "Paragraph", "Shaped", "analyse", "clean", "shape_range", "split_missing"]

_LINE_ENDS = regex.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Control characters draw nothing; a lone surrogate is no character at all; soft hyphens only matter to
# hyphenators.
_UNWANTED = regex.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u00ad\ufff9-\ufffb]")
_SPACES = regex.compile(" {2,}")
_WORD_STARTS = regex.compile(r"(?<![\p{L}\p{M}\p{N}'’])\p{Ll}")
_GREEK_ACCENTS = regex.compile(r"\p{Greek}\p{M}*")
_GRAPHEME = regex.compile(r"\X")
# Inter's optical size runs from 14 (text) to 32 (display); a video is seen from further away than a page, so
# that an em of 1/17 of the frame's height, as titles have, takes the display cut.
OPTICAL_PER_HEIGHT: Final = 560.0


class Glyph(NamedTuple):
    """One glyph: where its origin is (y upwards, from the baseline), and which grapheme it belongs to."""

    font: FontInstance
    glyph: int
    x: float
    y: float
    grapheme: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph's text with everything known about it before it is cut into lines.

    ``starts`` holds the index of each grapheme's first character and, at the end, the text's length; ``fonts``
    one instance per grapheme; ``levels`` and ``scripts`` one value per character.
    """

    text: str
    starts: tuple[int, ...]
    fonts: tuple[FontInstance, ...]
    base: int
    levels: tuple[int, ...]
    scripts: tuple[str, ...]
    language: str
    features: tuple[tuple[str, bool], ...]
    letter_spacing: float

    def __len__(self) -> int:
        return len(self.fonts)

    def grapheme(self, index: int) -> str:
        """The text of grapheme ``index``."""
        return self.text[self.starts[index] : self.starts[index + 1]]


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line of glyphs, left to right, and where each grapheme of it stands (left, right)."""

    glyphs: tuple[Glyph, ...]
    width: float
    spans: tuple[tuple[float, float], ...]
    unknown: tuple[int, ...]


def _unaccented(match: regex.Match[str]) -> str:
    """Greek capitals carry no accent; the two dots that keep vowels apart stay."""
    parts = unicodedata.normalize("NFD", match[0])
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in "\u0301\u0300\u0342\u0313\u0314"))


def clean(text: str, case: str) -> str:
    r"""``text`` in ``case``, line ends unified to ``\n``, without characters that can't be drawn or would be boxes."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    text = _UNWANTED.sub("", text)
    if case == "upper":
        text = _GREEK_ACCENTS.sub(_unaccented, text.upper())
    elif case == "lower":
        text = text.lower()
    elif case == "title":
        text = _WORD_STARTS.sub(lambda match: match[0].upper(), text)
    lines = [_SPACES.sub(" ", line).strip(" ") for line in text.split("\n")]
    return "\n".join(lines).strip("\n")


class _Chooser:
    """Picks a font for each grapheme of one text."""

    def __init__(self, text: str, style: TextStyle, book: FontBook) -> None:
        self.book = book
        self.style = style
        self.wish = Wish(_hundreds(style.weight), style.italic, han_language(text))
        inter = book.inter(italic=style.italic)
        self.own: tuple[Face, ...] = (inter,)
        if style.font is not None:
            self.own = tuple(dict.fromkeys((book.named(style.font, self.wish), inter)))

    def choose(self, grapheme: str, previous: Face | None) -> Face | None:
        if grapheme.isspace() or all(is_ignorable(character) for character in grapheme):
            # An emoji font's space is as wide as its pictures.
            return self.own[0] if previous is None or previous.color else previous
        if is_emoji(grapheme):
            return self.book.fallback(grapheme, self.wish) or self._own(grapheme)
        # “Quotes”, … and — are shared by Latin and Chinese, which wants them full width.
        shared = (
            previous is not None
            and previous not in self.own
            and script_of(grapheme) == COMMON
            and unicodedata.east_asian_width(grapheme[0]) == "A"
        )
        if shared and previous is not None and previous.covers(grapheme) and not previous.color:
            return previous
        return self._own(grapheme) or self.book.fallback(grapheme, self.wish)

    def _own(self, grapheme: str) -> Face | None:
        return next((face for face in self.own if face.covers(grapheme)), None)

    def instance(self, face: Face) -> FontInstance:
        style = self.style
        size = min(32.0, max(14.0, style.size * OPTICAL_PER_HEIGHT))
        # Chinese, Arabic and most others know no italics: a look's slant is for the fonts that have one.
        italic = style.italic and (style.slant or face.italic or face in self.own)
        return face.instance(style.weight, italic=italic, optical_size=round(size, 1))


def _hundreds(weight: int) -> int:
    return min(900, max(100, round(weight / 100) * 100))


def split_missing(text: str, style: TextStyle, book: FontBook) -> tuple[str, tuple[str, ...]]:
    """``text`` without the characters that no font has, and those characters in order, each once.

    Of a grapheme that no single font has whole, its letter stays and only the marks that are missing go.
    """
    chooser = _Chooser(text, style, book)
    missing: dict[str, None] = {}
    kept: list[str] = []
    previous: Face | None = None
    for grapheme in _GRAPHEME.findall(text):
        if grapheme == "\n":
            kept.append(grapheme)
            continue
        face = chooser.choose(grapheme, previous)
        if face is not None:
            kept.append(grapheme)
            previous = face
            continue
        rest = ""
        for character in grapheme:
            if chooser.choose(rest + character, previous) is not None:
                rest += character
            else:
                missing[character] = None
        kept.append(rest)
    if not missing:
        return text, ()
    return clean("".join(kept), "none"), tuple(missing)


def analyse(text: str, style: TextStyle, book: FontBook) -> Paragraph:
    """Fonts, direction and scripts of the paragraph ``text``, every character of which some font has."""
    chooser = _Chooser(text, style, book)
    starts = [0]
    faces: list[FontInstance] = []
    previous: Face | None = None
    for grapheme in _GRAPHEME.findall(text):
        previous = chooser.choose(grapheme, previous) or chooser.own[0]
        faces.append(chooser.instance(previous))
        starts.append(starts[-1] + len(grapheme))
    base, levels = embedding_levels(text)
    letters = [character for character in text if character.isalpha()]
    capitals = bool(letters) and all(not character.islower() for character in letters)
    features = {"kern": True, "liga": not style.letter_spacing, "clig": not style.letter_spacing}
    if capitals:
        features["case"] = True
    return Paragraph(
        text=text,
        starts=tuple(starts),
        fonts=tuple(faces),
        base=base,
        levels=tuple(levels),
        scripts=tuple(script_runs(text)),
        language=chooser.wish.language,
        features=tuple(features.items()),
        letter_spacing=style.letter_spacing,
    )


def _runs(paragraph: Paragraph, first: int, last: int) -> list[tuple[int, int, int]]:
    """Stretches of graphemes with one font, level and script, in the order in which they are drawn."""
    start, end = paragraph.starts[first], paragraph.starts[last]
    levels = line_levels(paragraph.text[start:end], paragraph.levels[start:end], paragraph.base)
    runs: list[list[int]] = []
    previous: tuple[object, ...] = ()
    for index in range(first, last):
        character = paragraph.starts[index]
        level = levels[character - start]
        kind = (id(paragraph.fonts[index]), level, paragraph.scripts[character])
        if kind == previous:
            runs[-1][1] = index + 1
        else:
            runs.append([index, index + 1, level])
        previous = kind
    order = visual_order([run[2] for run in runs])
    return [(runs[place][0], runs[place][1], runs[place][2]) for place in order]


def shape_range(paragraph: Paragraph, first: int, last: int) -> Shaped:
    """The graphemes ``first`` to ``last`` (exclusive) of ``paragraph`` as one line."""
    glyphs: list[Glyph] = []
    spans = [(0.0, 0.0)] * (last - first)
    unknown: list[int] = []
    pen = 0.0
    spaced = 0.0
    begin = paragraph.starts[first]
    for start, end, level in _runs(paragraph, first, last):
        font = paragraph.fonts[start]
        script = paragraph.scripts[paragraph.starts[start]]
        buffer = _shape_run(paragraph, (first, last), (start, end), level, script)
        extra = 0.0 if script in CURSIVE else paragraph.letter_spacing
        run_left = pen
        clusters: dict[int, list[float]] = {}
        infos, spots = buffer.glyph_infos, buffer.glyph_positions
        for place, (info, spot) in enumerate(zip(infos, spots, strict=True)):
            grapheme = bisect_right(paragraph.starts, info.cluster + begin) - 1
            if info.codepoint == 0:
                unknown.append(grapheme)
                continue
            x, y = spot.x_offset / font.upem, spot.y_offset / font.upem
            glyphs.append(Glyph(font, info.codepoint, pen + x, y, grapheme))
            step = spot.x_advance / font.upem
            closes = place + 1 == len(infos) or infos[place + 1].cluster != info.cluster
            spaced = extra if closes else 0.0
            # Letters may be set tight, but words have to stay apart.
            if spaced < 0 and (paragraph.grapheme(grapheme).isspace() or _before_space(paragraph, grapheme, last)):
                spaced = 0.0
            clusters.setdefault(grapheme, [pen, pen])
            pen += step + spaced
            clusters[grapheme][1] = pen
        _spread(clusters, spans, (start, end), first, run_left, rtl=level % 2 == 1)
    return Shaped(tuple(glyphs), max(0.0, pen - spaced), tuple(spans), tuple(unknown))


def _before_space(paragraph: Paragraph, grapheme: int, last: int) -> bool:
    return grapheme + 1 < last and paragraph.grapheme(grapheme + 1).isspace()


def _shape_run(
    paragraph: Paragraph,
    line: tuple[int, int],
    run: tuple[int, int],
    level: int,
    script: str,
) -> hb.Buffer:
    starts = paragraph.starts
    begin, finish = starts[line[0]], starts[line[1]]
    start, end = starts[run[0]], starts[run[1]]
    buffer = hb.Buffer()
    # The rest of the line is given as context, so that Arabic letters join across a change of font.
    buffer.add_codepoints(
        [ord(character) for character in paragraph.text[begin:finish]],
        item_offset=start - begin,
        item_length=end - start,
    )
    buffer.direction = "rtl" if level % 2 else "ltr"
    if script not in {COMMON, "Zzzz"}:
        buffer.script = script
    buffer.guess_segment_properties()
    buffer.language = paragraph.language if script in HAN_SCRIPTS else "en"
    hb.shape(paragraph.fonts[run[0]].font, buffer, dict(paragraph.features))
    return buffer


def _spread(
    clusters: dict[int, list[float]],
    spans: list[tuple[float, float]],
    run: tuple[int, int],
    first: int,
    run_left: float,
    *,
    rtl: bool,
) -> None:
    """Write each grapheme's span; those that share a ligature share its width evenly."""
    heads = sorted(clusters)
    for place, head in enumerate(heads):
        following = heads[place + 1] if place + 1 < len(heads) else run[1]
        members: Sequence[int] = range(head, following)
        left, right = clusters[head]
        share = (right - left) / len(members)
        for step, member in enumerate(reversed(members) if rtl else members):
            spans[member - first] = (left + step * share, left + (step + 1) * share)
    for member in range(run[0], heads[0] if heads else run[1]):
        spans[member - first] = (run_left, run_left)
