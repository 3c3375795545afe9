"""How a text looks: frozen values, all lengths relative, so that one style serves every frame size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from PIL import ImageColor

from reelframe.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Box", "Gradient", "Shadow", "TextStyle", "parse_color", "style_from_slots"]

Align = Literal["left", "center", "right", "start", "end"]
Case = Literal["none", "upper", "lower", "title"]

BOLD: Final = 800
REGULAR: Final = 400
# The weight from which a text reads as bold already: "bold" has to add to it to be seen.
SEMI_BOLD: Final = 600
BLACK: Final = 900


@dataclass(frozen=True, slots=True)
class Shadow:
    """A soft shadow: offsets, blur (standard deviation) and spread (how far it is grown first) in em, opacity 0..1."""

    dx: float = 0.0
    dy: float = 0.03
    blur: float = 0.09
    color: str = "#000000"
    opacity: float = 0.45
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Box:
    """A plate behind the text: padding and radius in em, opacity 0..1.

    ``accent`` draws a bar of that colour along the start edge (the left, for left-to-right text), as lower
    thirds have it. ``shadow`` (in em too) lifts the plate off a background of its own colour.
    """

    color: str = "#000000"
    opacity: float = 0.6
    pad_x: float = 0.5
    pad_y: float = 0.38
    radius: float = 0.28
    accent: str | None = None
    shadow: Shadow | None = None


@dataclass(frozen=True, slots=True)
class Gradient:
    """A fill that runs from ``start`` to ``end``; 90 degrees is from the top down, 0 from the left."""

    start: str
    end: str
    angle: float = 90.0


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Everything about a text's looks but its words and its place.

    Attributes:
        color: fill, ``#rrggbb``, ``#rrggbbaa`` or a CSS name.
        size: one em relative to the frame's height (0.06 is 65 px of 1080).
        weight: 100 (thin) to 900 (black).
        font: a family's name or the path of a .ttf, .otf or .ttc file; None is Inter.
        outline: width of the stroke around the letters in em; 0 is none.
        letter_spacing: added between letters in em; not applied to scripts whose letters join.
        line_height: distance of baselines in em; taller scripts get what their ink needs.
        sub_scale, sub_weight: size (relative to ``size``) and weight of what stands behind the first line end
            in the text, as the
            office under a name; None is the same weight.
        slant: with ``italic``, letters of fonts that have no italics are slanted.
        highlight: the colour of words that were said, in karaoke.
        ink: what it is in on a light ground, when its colour may follow the picture.
        max_lines: the text shrinks (to ``min_scale`` at the least) rather than take more lines.
    """

    color: str = "#ffffff"
    size: float = 0.06
    weight: int = 600
    italic: bool = False
    font: str | None = None
    case: Case = "none"
    align: Align = "center"
    line_height: float = 1.18
    letter_spacing: float = 0.0
    opacity: float = 1.0
    outline: float = 0.0
    outline_color: str = "#000000"
    shadows: tuple[Shadow, ...] = ()
    box: Box | None = None
    gradient: Gradient | None = None
    slant: bool = True
    highlight: str = "#ffd60a"
    ink: str = "#15181d"
    max_lines: int = 3
    min_scale: float = 0.66
    sub_scale: float = 1.0
    sub_weight: int | None = None

    @property
    def bare(self) -> bool:
        """Whether plain letters stand on the picture itself, so that their colour has to go with nothing else."""
        return self.box is None and self.gradient is None and not self.outline

    def inverted(self) -> TextStyle:
        """With the colours of plate and letters exchanged, which are read as well; without a plate, as it is."""
        return (
            self if self.box is None else replace(self, color=self.box.color, box=replace(self.box, color=self.color))
        )

    def __post_init__(self) -> None:
        for name in ("color", "outline_color", "highlight", "ink"):
            parse_color(getattr(self, name), name)
        _within("size", self.size, 0.001, 2.0)
        _within("weight", self.weight, 1, 1000)
        _within("opacity", self.opacity, 0.0, 1.0)
        _within("outline", self.outline, 0.0, 0.5)
        _within("letter_spacing", self.letter_spacing, -0.2, 2.0)
        _within("line_height", self.line_height, 0.5, 4.0)
        _within("sub_scale", self.sub_scale, 0.2, 3.0)
        _within("min_scale", self.min_scale, 0.05, 1.0)
        _one_of("case", self.case, get_args(Case))
        _one_of("align", self.align, get_args(Align))


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        msg = f"The text style's {name} is {value}; it must lie between {low} and {high}."
        raise DraftError(msg)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        msg = f"The text style's {name} is {value!r}; it must be one of {', '.join(allowed)}."
        raise DraftError(msg)


def parse_color(text: str, name: str = "color") -> tuple[int, int, int, int]:
    """Red, green, blue and alpha (0..255 each) of ``#rrggbb``, ``#rrggbbaa``, ``#rgb`` or a CSS name.

    Raises:
        DraftError: it is none of these.
    """
    try:
        rgb = ImageColor.getrgb(text)
    except (ValueError, TypeError, AttributeError):
        msg = f"The text style's {name} {text!r} is no colour."
        raise DraftError(msg, hint="Use #rrggbb or a CSS name such as white or tomato.") from None
    red, green, blue = rgb[:3]
    return red, green, blue, rgb[3] if len(rgb) > 3 else 255  # RGBA has four


def style_from_slots(base: TextStyle, slots: Mapping[str, Any]) -> TextStyle:
    """``base`` with what a timeline's text segment says in its ``style``.

    Known slots: color, size, bold, weight, italic, font, case, align, opacity, letter_spacing, line_height,
    outline, outline_color, shadow, box, box_color, box_radius and box_padding (em), highlight, gradient (two colours,
    and an angle if said). ``outline``, ``shadow`` and ``box`` take True, False or a
    number (the outline's width in em, the shadow's and the box's opacity). Other keys (``look``, or those of a
    newer version) are left alone.

    Raises:
        DraftError: a slot's value makes no sense; the message names it.
    """
    said = {key: value for key, value in slots.items() if value is not None}
    try:
        changes: dict[str, Any] = {name: kind(said[name]) for name, kind in _PLAIN_SLOTS.items() if name in said}
        if "bold" in said:
            heavier = min(BLACK, base.weight + 200) if base.weight >= SEMI_BOLD else BOLD
            changes["weight"] = heavier if said["bold"] else REGULAR
        if "outline" in said or "outline_color" in said:
            changes["outline"] = _outline(said.get("outline", True), base)
        if "shadow" in said:
            changes["shadows"] = _shadows(said["shadow"], base)
        if said.keys() & {"box", "box_color", "box_radius", "box_padding"}:
            changes["box"] = _box(said, base)
    except (TypeError, ValueError) as error:
        msg = f"A text's style can't be read: {error}."
        raise DraftError(msg) from error
    if said.get("italic"):
        changes["slant"] = True
    if "color" in changes:
        # A plain colour that the user named replaces a look's gradient.
        changes["gradient"] = None
    if "gradient" in said:
        changes["gradient"] = _gradient(said["gradient"])
    return replace(base, **changes)


_PLAIN_SLOTS: Final[dict[str, type]] = {
    "color": str,
    "size": float,
    "weight": int,
    "italic": bool,
    "font": str,
    "case": str,
    "align": str,
    "opacity": float,
    "letter_spacing": float,
    "line_height": float,
    "outline_color": str,
    "highlight": str,
}
DEFAULT_OUTLINE: Final = 0.055
DEFAULT_SHADOWS: Final = (Shadow(0, 0.02, 0.03, opacity=0.35), Shadow(0, 0.06, 0.16, opacity=0.45))


def _outline(value: object, base: TextStyle) -> float:
    if isinstance(value, bool):
        return (base.outline or DEFAULT_OUTLINE) if value else 0.0
    return float(value)  # type: ignore[arg-type]  # a wrong type becomes a DraftError above


def _gradient(value: object) -> Gradient | None:
    if value is False:
        return None
    if not isinstance(value, (list, tuple)) or len(value) not in {2, 3}:
        msg = f"The text style's gradient is {value!r}."
        raise DraftError(msg, hint='Give two colours, and an angle if it is not to run down: ["#ff8a00", "#e52e71"].')
    for color in value[:2]:
        parse_color(color, "gradient")
    return Gradient(str(value[0]), str(value[1]), float(value[2]) if len(value) > 2 else 90.0)


def _shadows(value: object, base: TextStyle) -> tuple[Shadow, ...]:
    if isinstance(value, bool):
        return (base.shadows or DEFAULT_SHADOWS) if value else ()
    opacity = float(value)  # type: ignore[arg-type]
    return tuple(replace(shadow, opacity=opacity) for shadow in base.shadows or DEFAULT_SHADOWS)


def _box(said: Mapping[str, Any], base: TextStyle) -> Box | None:
    value = said.get("box", True)
    if value is False:
        return None
    box = base.box or Box()
    if not isinstance(value, bool):
        box = replace(box, opacity=float(value))
    if "box_color" in said:
        parse_color(said["box_color"], "box_color")
        box = replace(box, color=said["box_color"])
    if "box_radius" in said:
        box = replace(box, radius=_em(said["box_radius"], "box_radius"))
    if "box_padding" in said:
        pad = _em(said["box_padding"], "box_padding")
        box = replace(box, pad_x=pad, pad_y=pad * box.pad_y / max(box.pad_x, 0.01))
    return box


def _em(value: object, name: str) -> float:
    number = float(value)  # type: ignore[arg-type]  # a wrong type becomes a DraftError above
    _within(name, number, 0.0, 4.0)
    return number
