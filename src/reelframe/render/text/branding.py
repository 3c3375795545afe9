"""Looks dressed in a brand, or in the colour of the photos: where an accent belongs, and what can be read on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .contrast import READABLE, contrast_ratio
from .looks import RoleLook
from .style import parse_color

__all__ = ["Palette", "dressed", "toward"]

_WHITE: Final = "#ffffff"
_INK: Final = "#15181d"
_BLACK: Final = "#000000"
# A thin bar beside letters, against the plate that it is on (WCAG 2.2, 1.4.11: parts of an interface).
_BAR: Final = 3.0
# What is to pass for ink on light grounds has to be nearly as dark as that.
_DARK: Final = 7.0
_BRIGHT: Final = 6.0
_STEPS: Final = 24


@dataclass(frozen=True, slots=True)
class Palette:
    """What a look is dressed in.

    Attributes:
        accent: ``#rrggbb`` of plates, bars and buttons; None leaves the look's own.
        others: further colours of a brand, the more important first.
        font: of all texts; None is the look's own.
    """

    accent: str | None = None
    others: tuple[str, ...] = ()
    font: str | None = None


def dressed(look: RoleLook, name: str, role: str, palette: Palette) -> RoleLook:
    """``look`` (of this name, for this role) in the colours and the font of ``palette``.

    Letters over the picture stay neutral, so that they can be read: what has the accent is what lies under letters or
    beside them, and on the accent stands what is read best there.
    """
    style = look.style if palette.font is None else replace(look.style, font=palette.font)
    accent = palette.accent
    if accent is None:
        return replace(look, style=style)
    style = replace(style, ink=_ink((accent, *palette.others)), highlight=toward(accent, _WHITE, _INK, _BRIGHT))
    box = style.box
    if box is not None and (role == "cta" or (name == "bold" and role == "caption")):
        style = replace(style, box=replace(box, color=accent), color=_on(accent, palette.others))
    elif box is not None and role == "lower_third" and name in {"clean", "bold"}:
        goal = _WHITE if contrast(box.color, _WHITE) > contrast(box.color, _INK) else _INK
        style = replace(style, box=replace(box, accent=toward(accent, goal, box.color, _BAR)))
    return replace(look, style=style)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours."""
    return contrast_ratio(parse_color(one)[:3], parse_color(other)[:3])


def toward(color: str, goal: str, ground: str, least: float) -> str:
    """``color``, as little as possible on its way to ``goal``, until it stands out from ``ground`` by ``least``."""
    start, end = (parse_color(one)[:3] for one in (color, goal))
    mixed = color
    for step in range(_STEPS + 1):
        part = step / _STEPS
        mixed = "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(start, end, strict=True))
        if contrast(mixed, ground) >= least:
            break
    return mixed


def _on(plate: str, others: Sequence[str]) -> str:
    """What letters on ``plate`` are in: a colour of the brand that can be read there, else white or ink."""
    own = next((one for one in others if contrast(one, plate) >= READABLE), None)
    if own is not None:
        return own
    # White on a saturated plate looks cleaner than ink, where both can be read; of white and black one always can.
    return next(one for one in (_WHITE, _INK, _BLACK) if contrast(one, plate) >= READABLE)


def _ink(colors: Sequence[str]) -> str:
    """The darkest colour of a brand, where it is dark enough to be written in."""
    darkest = max(colors, key=lambda one: contrast(one, _WHITE))
    return darkest if contrast(darkest, _WHITE) >= _DARK else _INK
