"""Texts in colours that somebody chose and that can't be read: told in words, never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from reelframe.render.composition import TextLayer
from reelframe.render.text import READABLE

__all__ = ["in_own_colors", "told"]

# Of a hundred subtitles in one style the first few say what there is to say; each takes frames to be painted.
_OF_A_STYLE: Final = 6
_NAMED: Final = 3
_LONGEST: Final = 40


def in_own_colors(texts: Iterable[TextLayer]) -> list[TextLayer]:
    """Those that have to be looked at: somebody chose their colours."""
    of_style: Counter[str] = Counter()
    found = []
    for text in texts:
        style = repr(text.style)
        if text.own_colors and of_style[style] < _OF_A_STYLE:
            of_style[style] += 1
            found.append(text)
    return found


def told(read: Iterable[tuple[TextLayer, float]]) -> Iterator[str]:
    """A sentence for each colour that is read with less than WCAG's 4.5:1.

    Args:
        read: texts, and the contrast ratio with which each is read on its picture.
    """
    weak: dict[str, dict[str, float]] = {}
    for layer, contrast in read:
        if contrast < READABLE:
            style = layer.style
            of_color = weak.setdefault(style.gradient.start if style.gradient else style.color, {})
            of_color[layer.text] = min(contrast, of_color.get(layer.text, contrast))
    for color, texts in weak.items():
        named = [f"\u201c{_short(text)}\u201d" for text in sorted(texts)[:_NAMED]]
        if len(texts) > _NAMED:
            named.append("others")
        # Rounded down: 4.46 is not the 4.5 that it is held against.
        least = int(min(texts.values()) * 10) / 10
        names = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
        yield (
            f"{names} in {color} can hardly be read on the picture: the contrast is {least:.1f}:1, and easy reading "
            f"takes {READABLE}:1. Choose a lighter or a darker colour, or give it a box or an outline."
        )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
