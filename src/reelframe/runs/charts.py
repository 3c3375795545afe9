"""Small charts as inline SVG: no library, no script, readable in light and dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

__all__ = ["bars", "histogram"]

_WIDTH: Final = 300
_HEIGHT: Final = 120
_LEFT: Final = 30
_TOP: Final = 20
_BOTTOM: Final = 22
_MOST_BINS: Final = 12
_WIDEST: Final = 60
# Seen on white and on black alike (3:1 against both, WCAG's rule for graphics).
_BLUE: Final = "#4a86c5"
_RED: Final = "#d9534f"


def histogram(title: str, values: Sequence[float], unit: str) -> str:
    """How values are spread, as an SVG; they are finite numbers."""
    if not values:
        return _framed(title, _note("nothing yet"))
    low, high = min(values), max(values)
    if high - low < 1e-9 * max(1.0, abs(high)):
        return _framed(title, _drawn([(f"{high:.3g}", len(values))], _BLUE, unit))
    step = _nice((high - low) / min(_MOST_BINS, max(2, math.isqrt(len(values)) * 2)))
    first = math.floor(low / step)
    counts = [0] * (math.floor(high / step) - first + 1)
    for value in values:
        counts[math.floor(value / step) - first] += 1
    edges = [f"{(first + n) * step:.4g}" for n in range(len(counts))]
    return _framed(title, _drawn(list(zip(edges, counts, strict=True)), _BLUE, unit))


def bars(title: str, counts: Mapping[str, int]) -> str:
    """Counts by name, as an SVG, the largest first."""
    if not counts:
        return _framed(title, _note("none"))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_BINS]
    return _framed(title, _drawn(ordered, _RED, ""))


def _drawn(items: Sequence[tuple[str, int]], color: str, unit: str) -> str:
    tallest = max(count for _, count in items)
    space, height = (_WIDTH - _LEFT) / len(items), _HEIGHT - _TOP - _BOTTOM
    # Labels are left out where they would run into one another (about 6 px a letter).
    every = max(1, math.ceil(6 * max(len(name) for name, _ in items) / space))
    parts = [
        f"<text x='{_LEFT - 4}' y='{_TOP + 8}' text-anchor='end'>{tallest}</text>",
        f"<text x='{_LEFT - 4}' y='{_TOP + height}' text-anchor='end'>0</text>",
        f"<path d='M{_LEFT} {_TOP + height}H{_WIDTH}' opacity='.4' stroke='currentColor'/>",
    ]
    for n, (name, count) in enumerate(items):
        size, width = height * count / tallest, min(_WIDEST, max(1.0, space - 2))
        x = _LEFT + n * space + (space - width) / 2
        parts.append(
            f"<rect x='{x:.1f}' y='{_TOP + height - size:.1f}' width='{width:.1f}'"
            f" height='{size:.1f}' rx='1.5' fill='{color}'><title>{escape(name)} {escape(unit)}: {count}</title></rect>"
        )
        if n % every == 0:
            parts.append(
                f"<text x='{x + width / 2:.1f}' y='{_HEIGHT - 8}' text-anchor='middle'>{escape(name[:24])}</text>"
            )
    if unit:
        parts.append(f"<text x='{_WIDTH}' y='{_TOP - 8}' text-anchor='end'>{escape(unit)}</text>")
    return "".join(parts)


def _note(text: str) -> str:
    return f"<text x='{_WIDTH / 2}' y='{_HEIGHT / 2}' text-anchor='middle'>{escape(text)}</text>"


def _framed(title: str, inside: str) -> str:
    return (
        f"<svg viewBox='0 0 {_WIDTH} {_HEIGHT}' role='img' aria-label='{escape(title, quote=True)}' font-size='10'"
        f" fill='currentColor'><text x='0' y='10' font-weight='600' font-size='11'>{escape(title)}</text>{inside}</svg>"
    )


def _nice(raw: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * (1 - 1e-9))
