"""How a tile comes and goes: pure functions of progress, without pixels.

A renderer asks ``pose`` for every frame and draws the tile so. The easings are the usual ones
(https://easings.net); entrances decelerate, exits accelerate, so that the text is at rest where it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from reelframe.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .tile import TextBox, TextTile

__all__ = ["ANIMATIONS", "STILL", "Anim", "Piece", "Pose", "pose"]

Way = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Anim:
    """A kind of animation and how long it lasts in ms."""

    type: str = "fade"
    ms: int = 400


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the letters that is drawn by itself: its box, opacity, and shift in px from where it belongs.

    ``highlight`` is the part of it, from where reading begins, that has the colour of what was said (0..1).
    """

    box: TextBox
    opacity: float
    dy: float = 0.0
    highlight: float = 0.0


@dataclass(frozen=True, slots=True)
class Pose:
    """How to draw a tile at one instant.

    Attributes:
        dx, dy: shift in px, fractional: move by parts of a pixel, or it will judder.
        scale: about the middle of the tile's ``content``.
        opacity: of plate and letters alike, 0..1.
        blur: standard deviation in px of a Gaussian over the tile.
        pieces: when not None, the plate is drawn whole and of the letters only these boxes.
        plate: with pieces, the plate's opacity: it is there shortly before the letters, and never at a stroke.
    """

    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    opacity: float = 1.0
    blur: float = 0.0
    pieces: tuple[Piece, ...] | None = None
    plate: float = 1.0

    @property
    def still(self) -> bool:
        """Whether the tile is drawn as it is."""
        return self == STILL


STILL: Final = Pose()
SLIDE_EM: Final = 0.9
STAGGER: Final = 0.35
WORD_RISE_EM: Final = 0.25
# The part of the time in which the plate of a text that appears piece by piece comes.
PLATE_PART: Final = 0.2
# What is not said yet, where a colour can't tell it from what was.
PALE: Final = 0.42


def ease_out_cubic(t: float) -> float:
    """Fast, then slower and slower."""
    return float(1.0 - (1.0 - t) ** 3)


def ease_out_quart(t: float) -> float:
    """Faster yet at the start, for slides: most of the way is done when the eye arrives."""
    return float(1.0 - (1.0 - t) ** 4)


def ease_out_back(t: float) -> float:
    """Overshoots by about 6 % and comes back."""
    c1 = 1.2
    return float(1.0 + (c1 + 1.0) * (t - 1.0) ** 3 + c1 * (t - 1.0) ** 2)


def ease_in_out(t: float) -> float:
    """Smooth at both ends (smoothstep)."""
    return t * t * (3.0 - 2.0 * t)


def _fade(t: float, _tile: TextTile) -> Pose:
    return Pose(opacity=ease_in_out(t))


def _slide(across: float, down: float) -> Callable[[float, TextTile], Pose]:
    def slide(t: float, tile: TextTile) -> Pose:
        rest = 1.0 - ease_out_quart(t)
        way = SLIDE_EM * tile.em * rest
        return Pose(dx=across * way, dy=down * way, opacity=ease_out_cubic(min(1.0, t * 1.6)))

    return slide


def _pop(t: float, _tile: TextTile) -> Pose:
    return Pose(scale=0.6 + 0.4 * ease_out_back(t), opacity=min(1.0, t * 2.5))


def _scale(t: float, _tile: TextTile) -> Pose:
    return Pose(scale=0.9 + 0.1 * ease_out_cubic(t), opacity=ease_in_out(t))


def _blur_in(t: float, tile: TextTile) -> Pose:
    return Pose(blur=0.22 * tile.em * (1.0 - ease_out_cubic(t)), opacity=ease_in_out(t))


def _plate(t: float) -> float:
    return ease_in_out(min(1.0, t / PLATE_PART))


def _typewriter(t: float, tile: TextTile) -> Pose:
    shown = round(t * len(tile.graphemes))
    return Pose(pieces=tuple(Piece(box, 1.0) for box in tile.graphemes[:shown]), plate=_plate(t))


def _staggered(t: float, boxes: tuple[TextBox, ...], em: float) -> Pose:
    """Each box comes up and in after the one before it; together they take the whole time."""
    count = len(boxes)
    span = 1.0 / (1.0 + STAGGER * max(0, count - 1))
    pieces = []
    for index, box in enumerate(boxes):
        own = min(1.0, max(0.0, (t - index * STAGGER * span) / span))
        if own > 0.0:
            eased = ease_out_cubic(own)
            pieces.append(Piece(box, eased, dy=(1.0 - eased) * WORD_RISE_EM * em))
    return Pose(pieces=tuple(pieces), plate=_plate(t))


def _word_by_word(t: float, tile: TextTile) -> Pose:
    return _staggered(t, tile.words, tile.em)


def _line_by_line(t: float, tile: TextTile) -> Pose:
    return _staggered(t, tile.lines, tile.em)


def _karaoke(t: float, tile: TextTile) -> Pose:
    """All is seen; what was said is highlighted, as far as the words' lengths tell.

    On a plate on which the highlight would not be seen, what is still to be said is pale instead.
    """
    total = sum(len(box.text) for box in tile.words)
    said = 0
    pieces = []
    for box in tile.words:
        part = min(1.0, max(0.0, (t * total - said) / max(1, len(box.text))))
        opacity = 1.0 if tile.highlight else PALE + (1.0 - PALE) * part
        pieces.append(Piece(box, opacity, highlight=part if tile.highlight else 0.0))
        said += len(box.text)
    return Pose(pieces=tuple(pieces))


ANIMATIONS: Final[dict[str, Callable[[float, TextTile], Pose]]] = {
    "fade": _fade,
    "slide_up": _slide(0.0, 1.0),
    "slide_down": _slide(0.0, -1.0),
    "slide_left": _slide(1.0, 0.0),
    "slide_right": _slide(-1.0, 0.0),
    "pop": _pop,
    "scale": _scale,
    "blur_in": _blur_in,
    "typewriter": _typewriter,
    "word_by_word": _word_by_word,
    "line_by_line": _line_by_line,
    "karaoke": _karaoke,
}


def pose(kind: str, progress: float, tile: TextTile, way: Way = "in") -> Pose:
    """How to draw ``tile`` when its animation ``kind`` has come as far as ``progress``.

    Args:
        kind: a key of ``ANIMATIONS``, or "none". ``slide_up`` moves upwards, coming and going alike.
        progress: 0 at the animation's start, 1 at its end; values outside are taken as these.
        tile: gives the size of moves, and the boxes of those that reveal.
        way: "in" when the text comes, "out" when it goes: the same played backwards, a slide going on in its
            direction.

    Raises:
        DraftError: there is no such animation.
    """
    if kind == "none":
        return STILL
    if kind not in ANIMATIONS:
        msg = f"There is no text animation {kind!r}."
        raise DraftError(msg, hint=f"There are {', '.join(ANIMATIONS)}.")
    t = min(1.0, max(0.0, progress))
    if way == "in":
        # Karaoke's end differs from a still text; of all others nothing is left to do.
        return STILL if t == 1.0 and kind != "karaoke" else ANIMATIONS[kind](t, tile)
    if kind == "karaoke":
        return _fade(1.0 - t, tile)
    if t == 0.0:
        return STILL
    found = ANIMATIONS[kind](1.0 - t, tile)
    if kind.startswith("slide_"):
        return Pose(-found.dx, -found.dy, found.scale, found.opacity)
    return found
