"""Where a picture lies in the frame and what of it the camera sees. Pure arithmetic, no pixels.

Coordinates are edges: pixel i covers [i, i + 1). ``Layout.window`` is the part of the frame that the picture
takes, ``Layout.content`` the size that the whole picture has there at camera zoom 1: it is at least as large as
the window, and what is larger can be travelled over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from reelframe.render.composition import Framing, Move

__all__ = [
    "Focus",
    "Layout",
    "View",
    "ease",
    "largest_zoom",
    "lay_out",
    "margin",
    "place",
    "quarter_turns",
    "tilted_bounds",
    "view",
]

# The part of the smaller side that stays free between a logo or an overlay and the frame's edge.
MARGIN: Final = 0.044
# Rotations nearer to a right angle than this are right angles.
_STRAIGHT: Final = 0.01
# Free space around a subject at a move's near end, relative to it, and what is left of a move at the least.
_AIR: Final = 0.06
_LEAST: Final = 0.35


@dataclass(frozen=True, slots=True)
class Layout:
    """The place of a picture: window x, y, width, height in whole even px; content width and height in px."""

    window: tuple[int, int, int, int]
    content: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the eye goes in a picture, all relative to it (0..1 across and down).

    Attributes:
        x: across.
        y: down.
        box: left, top, right and bottom of the thing that is there; None where it is not seen as a whole.
    """

    x: float = 0.5
    y: float = 0.5
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What the camera sees: zoom (1: all of the window's share), and its centre relative to the content."""

    zoom: float
    x: float
    y: float


def ease(u: float) -> float:
    """0..1 to 0..1, soft at both ends: half way between linear and smoothstep, for a slow move must not stand still."""
    u = min(1.0, max(0.0, u))
    return 0.5 * u + 0.5 * u * u * (3 - 2 * u)


def quarter_turns(degrees: float) -> tuple[int, float]:
    """A clockwise angle as whole quarter turns and the rest, -45..45 degrees (0.0 when it is next to nothing)."""
    turns = round(degrees / 90)
    rest = degrees - 90 * turns
    return turns % 4, 0.0 if abs(rest) < _STRAIGHT else rest


def lay_out(framing: Framing, size: tuple[int, int], frame: tuple[int, int]) -> Layout:
    """Place a picture of ``size`` (upright, before cropping) into a frame; both (width, height) in px."""
    width, height = frame
    crop = framing.crop or (0.0, 0.0, 1.0, 1.0)
    turns, rest = quarter_turns(framing.rotate)
    w, h = max(1.0, size[0] * crop[2]), max(1.0, size[1] * crop[3])
    if turns % 2:
        w, h = h, w
    if framing.fit == "fill":
        if rest:
            # The tilted picture is cut to the frame, corners covered.
            w, h = float(width), float(height)
        scale = max(width / w, height / h)
    else:
        w, h = tilted_bounds(w, h, rest)
        scale = min(width / w, height / h)
    scale *= framing.zoom
    content = (w * scale, h * scale)
    return Layout(_window(content, width, height), content)


def _window(content: tuple[float, float], width: int, height: int) -> tuple[int, int, int, int]:
    w = min(width, max(2, 2 * round(content[0] / 2)))
    h = min(height, max(2, 2 * round(content[1] / 2)))
    x, y = 2 * round((width - w) / 4), 2 * round((height - h) / 4)
    return x, y, w, h


def tilted_bounds(width: float, height: float, rest: float) -> tuple[float, float]:
    """The sides of the upright box around a rectangle that is tilted by ``rest``, up to 45 degrees either way."""
    angle = math.radians(abs(rest))
    sin, cos = math.sin(angle), math.cos(angle)
    return width * cos + height * sin, width * sin + height * cos


def cover_scale(rest: float, size: tuple[float, float], target: tuple[float, float]) -> float:
    """How much a picture tilted by ``rest`` degrees is enlarged to cover ``target`` with its corners."""
    width, height = tilted_bounds(*target, rest)
    return max(width / size[0], height / size[1])


def largest_zoom(move: Move | None) -> float:
    """The largest zoom of a move: the resolution that its picture has to have."""
    return 1.0 if move is None else 1.0 + move.amount


def _inside(centre: float, half: float) -> float:
    return 0.5 if half >= 0.5 else min(1 - half, max(half, centre))  # the middle


def _nearest(move: Move, halves: list[float], box: tuple[float, float, float, float] | None) -> float:
    """The zoom at a move's near end: what was asked for, or less of it where that would cut the subject off."""
    near = 1.0 + move.amount
    if box is None:
        return near
    room = min(
        2 * half / (side * (1 + _AIR)) for half, side in zip(halves, (box[2] - box[0], box[3] - box[1]), strict=True)
    )
    # What is not whole from afar can't be kept whole, and a move that can hardly be seen is none.
    return near if room < 1 else min(near, max(room, 1.0 + move.amount * _LEAST))


def view(move: Move | None, u: float, focus: Focus, layout: Layout) -> View:
    """The camera at ``u`` (0..1, eased) of its move, as near to the focus as the picture's edges allow.

    A move is an even change from one rectangle to another: between two that lie inside the picture, all do. A subject
    that is whole at a move's wide end is whole all the time, as long as some of the move is left.
    """
    halves = [w / (2 * c) for w, c in zip(layout.window[2:], layout.content, strict=True)]

    def at(zoom: float) -> View:
        return View(zoom, _inside(focus.x, halves[0] / zoom), _inside(focus.y, halves[1] / zoom))

    if move is None:
        return at(1.0)
    near = _nearest(move, halves, focus.box)
    if move.direction in ("in", "out"):
        wide, close = at(1.0), at(near)
        e = u if move.direction == "in" else 1 - u
        # An even change of zoom as the eye sees it is a geometric one.
        zoom = near**e
        share = (1 - 1 / zoom) / (1 - 1 / near)
        return View(zoom, wide.x + (close.x - wide.x) * share, wide.y + (close.y - wide.y) * share)
    middle = at(near)
    axis = 0 if move.direction in ("left", "right") else 1
    half = halves[axis] / near
    length = min(1 - 2 * half, move.amount * 2 * half)
    if focus.box is not None:
        kept = 2 * half - (focus.box[axis + 2] - focus.box[axis]) * (1 + _AIR)
        length = min(length, max(kept, length * _LEAST))
    start = min(1 - half - length, max(half, (middle.y if axis else middle.x) - length / 2))
    e = u if move.direction in ("right", "down") else 1 - u
    centre = start + length * e
    return View(near, middle.x, centre) if axis else View(near, centre, middle.y)


def margin(width: int, height: int) -> int:
    """The free margin at the frame's edge, in px."""
    return 2 * round(MARGIN * min(width, height) / 2)


def place(
    position: str, size: tuple[int, int], frame: tuple[int, int], shift: tuple[float, float] = (0, 0)
) -> tuple[int, int]:
    """The top left corner (even px) of a box at one of the nine places, moved by ``shift`` in frame heights."""
    width, height = frame
    edge = margin(width, height)
    x = edge if "left" in position else width - edge - size[0] if "right" in position else (width - size[0]) / 2
    y = edge if "top" in position else height - edge - size[1] if "bottom" in position else (height - size[1]) / 2
    return 2 * round((x + shift[0] * height) / 2), 2 * round((y + shift[1] * height) / 2)
