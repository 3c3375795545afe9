"""From shaped text to lines that fit: wrapping that balances, shrinking, alignment. Pixels from here on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from reelframe.errors import DraftError

from .breaks import AFTER_NUMBER, RELUCTANT, break_penalties
from .scripts import is_emoji
from .shape import Paragraph, Shaped, analyse, shape_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .face import FontInstance
    from .fonts import FontBook
    from .style import TextStyle

__all__ = ["Area", "Layout", "Line", "lay_out"]

# Below this an em can't be read, at any frame size; a text that needs it is refused.
SMALLEST_EM: Final = 7.0
SHRINK_STEP: Final = 0.96
# A title that is a quarter smaller is still a title; "IN 12" over "COUNTRIES" is a slip, however large.
LITTLE_LESS: Final = 0.74
# Beyond so many lines balancing is not seen any more, and costs time.
BALANCED_LINES: Final = 12
EMERGENCY: Final = 50.0
# The least distance between one line's lowest ink and the next one's highest, in em.
LINE_GAP: Final = 0.08
DESCENT: Final = 0.22
# Reading order needs room for rounding: a line may be wider than the limit by this part of it.
TOLERANCE: Final = 1.0005
# Spaces at line ends take no room: the bound on the number of lines is loosened by this many lines of them.
SLACK: Final = 0.5


class _Ends(IntEnum):
    """Where a line may end: not between a number and what it counts; not in a word; anywhere."""

    GLADLY = 0
    WELL = 1
    ANYWHERE = 2


@dataclass(frozen=True, slots=True)
class Area:
    """The room for a text in px."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line in its place.

    ``x`` of its left end and ``baseline`` are in px from the block's top left corner (y downwards), ``em`` is its own
    em in px, ``ascent`` and ``descent`` reach from the baseline to its highest and lowest ink.
    """

    paragraph: Paragraph
    first: int
    last: int
    shaped: Shaped
    x: float
    baseline: float
    ascent: float
    descent: float
    em: float

    @property
    def text(self) -> str:
        """The line's characters in reading order."""
        starts = self.paragraph.starts
        return self.paragraph.text[starts[self.first] : starts[self.last]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A laid out text: its lines, the em in px, the block's size in px, and by how much it was shrunk (1 is not)."""

    lines: tuple[Line, ...]
    em: float
    width: float
    height: float
    cap_height: float
    scale: float
    rtl: bool


@dataclass(frozen=True, slots=True)
class _Measured:
    """A paragraph with its graphemes' widths and break penalties, one row for each of ``_Ends``.

    ``size`` is its em relative to the text's.
    """

    paragraph: Paragraph
    edges: tuple[float, ...]
    breaks: tuple[tuple[float | None, ...], ...]
    spaces: tuple[bool, ...]
    size: float

    def width(self, first: int, last: int) -> float:
        """The width in em of a line of these graphemes, without the spaces at its end."""
        while last > first and self.spaces[last - 1]:
            last -= 1
        return self.edges[last] - self.edges[first]


def _measure(paragraph: Paragraph, size: float) -> _Measured:
    count = len(paragraph)
    spans = shape_range(paragraph, 0, count).spans
    penalties = break_penalties(paragraph.text, paragraph.starts)
    return _Measured(
        paragraph=paragraph,
        edges=(0.0, *accumulate(right - left for left, right in spans)),
        breaks=(
            tuple(None if penalty is not None and penalty >= AFTER_NUMBER else penalty for penalty in penalties),
            tuple(None if penalty is not None and penalty >= RELUCTANT else penalty for penalty in penalties),
            tuple(EMERGENCY if penalty is None else penalty for penalty in penalties),
        ),
        spaces=tuple(paragraph.grapheme(index).isspace() for index in range(count)),
        size=size,
    )


def _wrap(measured: _Measured, limit: float, ends_at: _Ends) -> list[tuple[int, int]] | None:
    """The lines (first and last grapheme, exclusive) of the best way to break; None when it does not fit.

    The fewest lines that fit, and of the ways to fill those, the one whose lines differ least in length: the
    sum of squared lengths is smallest when they are equal.
    """
    count = len(measured.paragraph)
    if not count:
        return [(0, 0)]
    penalties = measured.breaks[ends_at]
    ends = [index + 1 for index, penalty in enumerate(penalties) if penalty is not None]
    fewest = _greedy(measured, ends, limit)
    if fewest is None or len(fewest) == 1 or len(fewest) > BALANCED_LINES:
        return fewest
    lines = len(fewest)
    borders = [0, *ends]
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for _ in range(lines):
        row: dict[int, tuple[float, int]] = {}
        for place, (cost, _) in best[-1].items():
            for follower in range(place + 1, len(borders)):
                width = measured.width(borders[place], borders[follower])
                if width > limit:
                    break
                penalty = penalties[borders[follower] - 1] or 0.0
                total = cost + (width / limit) ** 2 + penalty
                if follower not in row or total < row[follower][0]:
                    row[follower] = (total, place)
        best.append(row)
    place = len(borders) - 1
    if place not in best[-1]:
        return fewest
    result: list[tuple[int, int]] = []
    for row in reversed(best[1:]):
        before = row[place][1]
        result.append((borders[before], borders[place]))
        place = before
    return result[::-1]


def _greedy(measured: _Measured, ends: Sequence[int], limit: float) -> list[tuple[int, int]] | None:
    result: list[tuple[int, int]] = []
    first = last = 0
    for end in ends:
        if measured.width(first, end) > limit:
            if last == first:
                return None
            result.append((first, last))
            first = last
            if measured.width(first, end) > limit:
                return None
        last = end
    result.append((first, last))
    return result


def _ink(shaped: Shaped) -> tuple[float, float, float, float]:
    """Left, right, highest and lowest ink (y upwards) in em; of an empty line, nothing."""
    left = right = top = bottom = 0.0
    for font, glyph, x, y, _ in shaped.glyphs:
        box = font.extents(glyph)
        if box is not None:
            left, right = min(left, x + box.x0), max(right, x + box.x1)
            top, bottom = max(top, y + box.y1), min(bottom, y + box.y0)
    return left, max(right, shaped.width), top, bottom


def lay_out(text: str, style: TextStyle, book: FontBook, frame_height: int, area: Area) -> Layout:
    """Break ``text`` into lines within ``area``, shrinking it when it must.

    In this order: as asked for; smaller (down to ``style.min_scale``) so that it takes no more than
    ``style.max_lines`` and every word stays whole, and smaller yet by up to a quarter, where else a number would part
    from what it counts; more lines; broken words; without a limit.

    Raises:
        DraftError: the text would not fit even in letters too small to read.
    """
    below = replace(style, weight=style.sub_weight or style.weight, size=style.size * style.sub_scale)
    paragraphs = [analyse(line, below if place else style, book) for place, line in enumerate(text.split("\n"))]
    measured = [_measure(paragraph, style.sub_scale if place else 1.0) for place, paragraph in enumerate(paragraphs)]
    asked = style.size * frame_height
    allowed = max(style.max_lines, len(paragraphs))
    cap = _cap_height(paragraphs)

    def largest(most: int | None, ends_at: _Ends, first: float, floor: float) -> Layout | None:
        """The layout at the largest scale from ``first`` down to ``floor`` that fits."""
        scale = first
        while scale >= floor:
            em = asked * scale
            if em < SMALLEST_EM and scale < 1.0:
                break
            found = _try(measured, style, em, area, (cap, scale, most, ends_at))
            if found is not None:
                return found
            scale *= SHRINK_STEP
        return None

    least = style.min_scale
    whole = largest(allowed, _Ends.WELL, 1.0, least)
    if whole is not None:
        return largest(allowed, _Ends.GLADLY, whole.scale, max(least, LITTLE_LESS * whole.scale)) or whole
    for ends_at, floor in ((_Ends.WELL, least), (_Ends.ANYWHERE, least), (_Ends.ANYWHERE, 0.0)):
        found = largest(None, ends_at, 1.0, floor)
        if found is not None:
            return found
    msg = f"A text of {len(text)} characters does not fit into the frame, however small."
    raise DraftError(msg, hint="Shorten it, or spread it over several texts.")


def _cap_height(paragraphs: Sequence[Paragraph]) -> float:
    for paragraph in paragraphs:
        for index, font in enumerate(paragraph.fonts):
            if not font.face.color and not is_emoji(paragraph.grapheme(index)):
                return font.cap_height
    return 0.72


def _try(
    measured: Sequence[_Measured],
    style: TextStyle,
    em: float,
    area: Area,
    how: tuple[float, float, int | None, _Ends],
) -> Layout | None:
    """The layout at this size of em (px), or None when it does not fit."""
    cap, scale, most, ends_at = how
    limit = area.width / em
    # A bound that costs nothing: filled to the brim, the text takes at least so many lines.
    fewest = [max(1, math.ceil(item.edges[-1] * item.size / limit - SLACK)) for item in measured]
    pitch = style.line_height * min(item.size for item in measured)
    if (most is not None and sum(fewest) > most) or cap + (sum(fewest) - 1) * pitch > area.height / em:
        return None
    # A line is shaped anew once it is cut out; Arabic letters then take other forms, and may be wider: try
    # again narrower.
    for squeeze in (1.0, 0.97, 0.92):
        broken = [_wrap(item, limit * squeeze / item.size, ends_at) for item in measured]
        if any(lines is None for lines in broken):
            return None
        cuts = [(item, cut) for item, lines in zip(measured, broken, strict=True) for cut in lines or ()]
        if most is not None and len(cuts) > most:
            return None
        layout = _place(cuts, style, em, (cap, scale))
        if layout.height > area.height * TOLERANCE:
            return None
        if layout.width <= area.width * TOLERANCE:
            return layout
    return None


def _place(
    cuts: Sequence[tuple[_Measured, tuple[int, int]]],
    style: TextStyle,
    em: float,
    known: tuple[float, float],
) -> Layout:
    cap, scale = known
    shaped: list[tuple[_Measured, int, int, Shaped]] = []
    for item, (first, end) in cuts:
        last = end
        while last > first and item.spaces[last - 1]:
            last -= 1
        shaped.append((item, first, last, shape_range(item.paragraph, first, last)))
    inks = [tuple(value * line[0].size for value in _ink(line[3])) for line in shaped]
    overhang = -min(0.0, *(ink[0] for ink in inks), 0.0)
    width = max(ink[1] for ink in inks)
    baseline = max(cap, inks[0][2])
    lines: list[Line] = []
    for place, ((item, first, last, glyphs), ink) in enumerate(zip(shaped, inks, strict=True)):
        if place:
            needed = ink[2] - inks[place - 1][3] + LINE_GAP
            baseline += max(style.line_height * item.size, needed)
        slack = width - glyphs.width * item.size
        x = slack * _alignment(style.align, rtl=item.paragraph.base == 1) + overhang
        lines.append(
            Line(
                paragraph=item.paragraph,
                first=first,
                last=last,
                shaped=glyphs,
                x=x * em,
                # Baselines on whole pixels keep the letters' horizontal strokes crisp.
                baseline=round(baseline * em),
                ascent=ink[2] * em,
                descent=-ink[3] * em,
                em=em * item.size,
            )
        )
    height = baseline + max(DESCENT * shaped[-1][0].size, -inks[-1][3])
    rtl = bool(lines) and lines[0].paragraph.base == 1
    return Layout(tuple(lines), em, (width + overhang) * em, height * em, cap, scale, rtl)


def _alignment(align: str, *, rtl: bool) -> float:
    if align == "start":
        return 1.0 if rtl else 0.0
    if align == "end":
        return 0.0 if rtl else 1.0
    return {"left": 0.0, "center": 0.5, "right": 1.0}[align]


def fonts_of(layout: Layout) -> tuple[FontInstance, ...]:
    """The fonts that ``layout`` draws with, each once, in order of appearance."""
    return tuple(dict.fromkeys(glyph.font for line in layout.lines for glyph in line.shaped.glyphs))
