"""Where a text goes and in what colour, when nobody said: where the picture is calm, in what can be read there.

A title across the product hides what the video is about, and a plate under it looks like a subtitle. So a text that
may choose looks at the picture as it will be behind it: how much goes on there (edges, colours unlike the frame's
border, which is background more often than not, and the subject, however calm it is), and whether white or ink stands
out. Pure functions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from reelframe.render.composition import TextLayer
from reelframe.render.focus import focus_of
from reelframe.render.planes import Planes, yuv_of
from reelframe.render.text import READABLE, ROLE_INSETS, Box, Shadow, TextStyle, parse_color, patch_contrast, toward

__all__ = [
    "MELTED",
    "Place",
    "Rectangle",
    "apart",
    "calmest",
    "commotion",
    "free_places",
    "legible",
    "melts",
    "propped",
    "spots",
]

_WHITE: Final = "#ffffff"
# The opacity from which a plate has a colour of its own.
_SOLID: Final = 0.5
# The places that a role may choose from, and what each costs against the role's own place: calm has to be worth it.
_ROAMING: Final[Mapping[str, Mapping[str, float]]] = {
    "title": {"center": 0.0, "bottom": 0.04, "top": 0.07},
    "text": {"center": 0.0, "bottom": 0.03, "top": 0.05},
    "caption": {"bottom": 0.0, "top": 0.12},
    "credits": {"center": 0.0, "bottom": 0.05, "top": 0.08},
    "cta": {"bottom": 0.0, "bottom_left": 0.05, "bottom_right": 0.05, "top": 0.06},
    "lower_third": {"bottom_left": 0.0, "bottom_right": 0.04},
}
# From this shape of the frame on (width / height) what is centred may go to a side: in a narrower one it would only
# stand beside the axis, as if by mistake. A lower third is at a side anyway.
_SIDEWAYS: Final = 1.3
_IN_THE_MIDDLE: Final = frozenset({"bottom", "center", "top"})
# What a frame's height nearer to the edge costs: the distance that a role keeps beyond the safe area's is for beauty.
_TO_THE_EDGE: Final = 0.3
# What it costs where the letters alone can't be read, in white or in ink: a plate or a shade hides more picture.
_PROPPED: Final = 0.03
# What a plate costs on a ground of its own colour, which often is what the plate's colour was taken from: no button is
# seen, only its words. And how far apart (in levels of Y'CbCr) the two have to be.
MELTED: Final = 0.1
_APART: Final = 30.0
# What is read first.
_READ: Final[Mapping[str, int]] = {
    role: rank for rank, role in enumerate(("title", "text", "credits", "cta", "caption", "lower_third"))
}
# A light halo in the place of the dark shadows: it lifts ink off a ground with texture, and is not seen on a plain one.
_HALO: Final = (Shadow(0.0, 0.0, 0.16, "#ffffff", 0.5),)
# What standing on the subject costs, and between which values of the field something becomes one; how far a subject
# reaches that is not seen whole, and from where on that counts, relative to the frame.
_ON_SUBJECT: Final = 0.5
_CLEAR: Final = (0.25, 0.6)
_REACH: Final = 0.2
_INSIDE: Final = 0.5
# Measured on a copy of this height: a letter's stroke is about a pixel there, and finer detail does not disturb it.
_LINES: Final = 144

Rectangle = tuple[int, int, int, int]  # x, y, width, height in pixels of the frame
Place = tuple[str, float]  # one of the nine names, and by how many frame heights below it
Map = NDArray[np.float32]


def free_places(role: str, aspect: float) -> tuple[str, ...]:
    """The names of the places that a text of this role may choose from, in a frame of ``aspect`` (width / height)."""
    names = _ROAMING.get(role, {})
    middle = bool(_IN_THE_MIDDLE & names.keys())
    return tuple(n for n in names if aspect >= _SIDEWAYS or not middle or n in _IN_THE_MIDDLE)


def spots(role: str, names: Iterable[str]) -> dict[Place, float]:
    """Where exactly a text may stand at each of these places, and what that costs.

    At the role's own distance from the edge, or nearer to it as far as the safe area goes, if that is what it takes to
    keep off the picture's subject.
    """
    found: dict[Place, float] = {}
    top, bottom = ROLE_INSETS.get(role, (0.0, 0.0))
    for name in names:
        price = _ROAMING[role][name]
        nearer = {"top": -top, "bottom": bottom}.get(_height_of(name), 0.0)
        found |= {(name, 0.0): price, (name, nearer): price + _TO_THE_EDGE * abs(nearer)}
    return found


def apart(layers: Sequence[TextLayer]) -> tuple[TextLayer, ...]:
    """The texts of a video, none free to go to a height of the frame at which another one stands at the same time.

    Nor to one that another may go to: what is read first chooses first, so that no caption ends up above its title.
    """
    free: dict[int, TextLayer] = {}
    for index in sorted(range(len(layers)), key=lambda n: _READ.get(layers[n].role, len(_READ))):
        layer = layers[index]
        others = [n for n, o in enumerate(layers) if n != index and o.start < layer.end and layer.start < o.end]
        taken = {_height_of(layers[n].position) for n in others}
        claimed = taken | {_height_of(p) for n in others if n in free for p in free[n].places}
        own = _height_of(layer.position)
        kept = tuple(p for p in layer.places if _height_of(p) == own or _height_of(p) not in claimed)
        # Where even its own place is taken, somebody wants it so: two texts that both choose would only swap.
        free[index] = replace(layer, places=kept if own not in taken else ())
    return tuple(free[index] for index in range(len(layers)))


def _height_of(position: str) -> str:
    return next((band for band in ("top", "bottom") if position.startswith(band)), "center")


def commotion(frame: Planes) -> Map:
    """How much goes on at each place of a frame, 0 (nothing) to about 1, (144, proportional width) float32.

    Args:
        frame: Y/U/V planes (BT.709 limited range).
    """
    height, width = frame[0].shape
    size = max(2, round(width * _LINES / height)), _LINES
    small = tuple(cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in frame)
    planes = [plane.astype(np.float32) for plane in small]
    edges = cv2.magnitude(cv2.Sobel(planes[0], cv2.CV_32F, 1, 0), cv2.Sobel(planes[0], cv2.CV_32F, 0, 1)) / 255
    # Each side has its own ground: a wall above a table, the sky above trees.
    sides = [slice(4), slice(-4, None)]
    grounds = [[plane[side] for plane in planes] for side in sides]
    grounds += [[plane[:, side] for plane in planes] for side in sides]
    unlike = np.sqrt(np.minimum.reduce([_squares(planes, ground) for ground in grounds])) / 110
    field = (np.clip(edges, 0, 1) + np.clip(unlike, 0, 1)).astype(np.float32)
    subject = _subject(cast("Planes", small), field)
    return cast("Map", cv2.GaussianBlur(field + subject, (0, 0), 2.0) / 2)


def _squares(planes: Sequence[Map], ground: Sequence[Map]) -> Map:
    """The squared distance of each pixel from the median of a part of the frame."""
    squares = [np.square(plane - np.float32(np.median(part))) for plane, part in zip(planes, ground, strict=True)]
    return np.asarray(np.sum(squares, axis=0), np.float32)


def _subject(frame: Planes, field: Map) -> Map:
    """What it costs to stand on the subject: a white mug on a light ground is calm, and still what is to be seen."""
    focus = focus_of(frame)
    height, width = field.shape
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None]
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    if focus.box is not None:
        left, top, right, bottom = focus.box
        there = ((x >= left) & (x < right) & (y >= top) & (y < bottom)).astype(np.float32)
    else:
        there = np.exp(-((x - np.float32(focus.x)) ** 2 + (y - np.float32(focus.y)) ** 2) / (2 * _REACH**2))
    # Something always stands out most. It is a subject when it does so clearly.
    stands_out = float(np.percentile(field[there > _INSIDE], 90)) if (there > _INSIDE).any() else 0.0
    low, high = _CLEAR
    return cast("Map", there * np.float32(_ON_SUBJECT * min(1.0, max(0.0, (stands_out - low) / (high - low)))))


def calmest(field: Map, frame_height: int, places: Mapping[Place, Rectangle], prices: Mapping[Place, float]) -> Place:
    """The place with the least going on, prices included; the cheaper one when two are alike.

    Args:
        field: what ``commotion`` measured.
        frame_height: of the frame that the rectangles are in.
        places: the rectangle that the text would cover at each place.
        prices: what each place costs by itself.
    """
    scale = field.shape[0] / frame_height

    def cost(name: Place) -> float:
        x, y, w, h = places[name]
        left, top = max(0, int(x * scale)), max(0, int(y * scale))
        right, bottom = max(left + 1, round((x + w) * scale)), max(top + 1, round((y + h) * scale))
        part = field[top:bottom, left:right]
        # Rounded: a choice must not hang on the last bit of a library's arithmetic.
        return round(float(part.mean()) + prices[name], 3) if part.size else 1.0 + prices[name]

    return min(places, key=lambda name: (cost(name), prices[name]))


def propped(style: TextStyle, patches: Sequence[NDArray[np.uint8]]) -> float:
    """What it costs a text whose colour may follow the picture that neither of its colours is read on ``patches``."""
    return 0.0 if max(_read(style, patches)) >= READABLE else _PROPPED


def melts(plate: Box | None, frame: Planes, part: Rectangle) -> bool:
    """Whether a solid plate over a part of a frame can hardly be told from what is there."""
    if plate is None or plate.opacity < _SOLID:
        return False
    x, y, w, h = part
    seen = [
        float(plane[y // k : (y + h) // k, x // k : (x + w) // k].mean())
        for plane, k in zip(frame, (1, 2, 2), strict=True)
    ]
    return math.dist(seen, yuv_of(parse_color(plate.color)[:3])) < _APART


def legible(style: TextStyle, patches: Sequence[NDArray[np.uint8]]) -> TextStyle:
    """``style`` in white or in its ink, whichever is read better; white when both are good.

    Args:
        style: of the text.
        patches: what is under it (luma, as `reelframe.render.text.cells` gives it) at several times; the worst counts.
    """
    white, ink = _read(style, patches)
    if white < READABLE and ink < READABLE:
        # It will need a shade or a plate, which should go with most of the ground: a dark one on a light photo is a
        # stain.
        usual = float(np.median(np.concatenate([p.ravel() for p in patches]))) if any(p.size for p in patches) else 0.0
        white, ink = _read(style, [np.full((1, 1), round(usual), np.uint8)])
    if white >= READABLE or white >= ink:
        return replace(style, color=_WHITE)
    # What was said, in karaoke, has to be read on the light ground too.
    highlight = toward(style.highlight, "#000000", _WHITE, READABLE)
    return replace(style, color=style.ink, highlight=highlight, shadows=_HALO)


def _read(style: TextStyle, patches: Sequence[NDArray[np.uint8]]) -> tuple[float, float]:
    """How well white and the style's ink are read on the worst of ``patches``, as contrast ratios."""
    white, ink = (min((patch_contrast(p, c) for p in patches), default=21.0) for c in (_WHITE, style.ink))
    return white, ink
