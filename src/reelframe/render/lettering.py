"""The texts of a frame: where they stand, what helps them to be read, and how they are drawn.

Both are decided once for a text, from the pictures that it will be over: see `placing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from reelframe.render.motion import Letters, Supple
from reelframe.render.placing import (
    MELTED,
    Place,
    Rectangle,
    calmest,
    commotion,
    legible,
    melts,
    propped,
    spots,
)
from reelframe.render.planes import Plane, Planes, Scratch
from reelframe.render.shade import shade_under
from reelframe.render.sources import Pool
from reelframe.render.text import (
    Pose,
    Support,
    TextStyle,
    TextTile,
    cells,
    off_its_plate,
    own_contrast,
    pose,
    position_tile,
    render_text,
    shade_needed,
    strengthen,
    support_needed,
)
from reelframe.render.tiles import NOTHING, Tile
from reelframe.render.timeline import FramePlan, OverlayPlan, TextPlan

__all__ = ["Behind", "Lettering", "at_rest"]

# A picture of which half is lighter than this (luma, limited range) turns to mud in a dark shade.
_DIM: Final = 140
# The contrast of black and white (WCAG 2.2).
MOST: Final = 21.0


@dataclass(frozen=True, slots=True, eq=False)
class _PlacedText:
    """A text placed, and ready to be blended as it rests.

    Of what was drawn only the boxes are kept: a soft plate is half a frame of see-through pixels, several times over,
    and the text room has those of late in its own cache.
    """

    plan: TextPlan
    boxes: TextTile
    x: int
    y: int
    tile: Tile
    contrast: float
    shade: Tile | None = None

    @property
    def nbytes(self) -> int:
        return self.tile.nbytes + (self.shade.nbytes if self.shade is not None else 0)


class Behind(Protocol):
    """Who knows what is behind the texts. Asked at each call and not kept: it is the painter, who keeps this."""

    def base_of(self, plan: FramePlan) -> Planes:
        """A frame without its texts."""

    def area_of(self, plan: OverlayPlan) -> Rectangle:
        """The part of the frame that an overlay covers."""


class Lettering:
    """The texts of frames of one size, for one worker; what is placed and drawn lies in the pool."""

    def __init__(self, frame: tuple[int, int], pool: Pool, scratch: Scratch) -> None:
        """For frames of this size (w, h)."""
        self._width, self._height = frame
        self._pool, self._scratch = pool, scratch

    def prepare(self, plan: TextPlan, behind: Behind) -> None:
        """Find a place for a text, and draw it."""
        self._resting(at_rest(plan), behind)

    def contrast(self, plan: TextPlan, behind: Behind) -> float:
        """How well a text can be read on its picture, all help included: a contrast ratio, 1 to 21."""
        return self._resting(at_rest(plan), behind).contrast

    def shade(self, plan: TextPlan, out: Planes, behind: Behind) -> None:
        """Darken the picture for a text that needs it."""
        placed = self._resting(at_rest(plan), behind)
        if placed.shade is not None:
            how = _pose(plan, placed)
            placed.shade.blend(out, how.opacity if how.pieces is None else how.plate)

    def paint(self, plan: TextPlan, out: Planes, behind: Behind) -> None:
        """Lay a text over a frame, as its animation has it at this moment."""
        resting = at_rest(plan)
        placed = self._resting(resting, behind)
        how = _pose(plan, placed)
        if how.pieces is not None:
            letters = self._pool.get(("letters", resting), lambda: self._letters(placed))
            letters.paint(how.pieces, out, how.plate)
        elif how.blur or how.scale != 1:
            supple = self._pool.get(("supple", resting), lambda: Supple(placed.tile))
            content = placed.boxes.content
            middle = placed.x + content.x + content.width / 2, placed.y + content.y + content.height / 2
            tile = supple.posed(how, middle, (self._width, self._height), self._scratch)
            tile.blend(out, how.opacity)
        else:
            tile = placed.tile.moved(how.dx, how.dy) if how.dx or how.dy else placed.tile
            tile.blend(out, how.opacity)

    def _letters(self, placed: _PlacedText) -> Letters:
        return Letters(self._drawn(placed.plan)[0], placed.x, placed.y, (self._width, self._height))

    def _resting(self, plan: TextPlan, behind: Behind) -> _PlacedText:
        return self._pool.get(("text", plan), lambda: self._placed(plan, behind))

    def _placed(self, plan: TextPlan, behind: Behind) -> _PlacedText:
        plan, dark, contrast = self._directed(plan, behind) if plan.under else (plan, 0.0, MOST)
        drawn, x, y = self._drawn(plan)
        frame = self._width, self._height
        shade = shade_under(self._covered(plan, drawn), frame, dark) if dark else None
        boxes = replace(drawn, flat=NOTHING, flat_letters=NOTHING, flat_plate=None, fill=NOTHING)
        return _PlacedText(plan, boxes, x, y, Tile(drawn.flat, x, y, frame), contrast, shade)

    def _directed(self, plan: TextPlan, behind: Behind) -> tuple[TextPlan, float, float]:
        """The plan with what the picture decides: the place, the colour, and what else it takes to be read.

        And how dark the picture has to be shaded, 0..1, and with what contrast the text is then read.
        """
        bare = plan.recolor and plan.style.bare
        if plan.recolor and plan.adapt:
            plan = replace(plan, style=off_its_plate(plan.text, plan.style))
        # Where it stands and what is under it does not take its pixels, which may yet have another colour.
        drawn = self._drawn(plan, draw=False)[0]
        prices = spots(plan.role, plan.places) if len(plan.places) > 1 else {(plan.position, 0.0): 0.0}
        # Chosen as if it had not been moved from there: "a little higher" is not to send it somewhere else.
        home = replace(plan, dx=0.0, dy=0.0)
        places = {at: self._covered(_put(home, at), drawn) for at in prices}
        own = plan.position, 0.0
        logos = [behind.area_of(overlay) for under in plan.under for overlay in under.overlays]
        places = {at: box for at, box in places.items() if at == own or not any(_overlap(logo, box) for logo in logos)}
        moved = {at: self._covered(_put(plan, at), drawn) for at in places}
        patches: dict[Place, list[Plane]] = {at: [] for at in places}
        fields, melted, dim = [], set(), True
        # One frame after the other: there may be dozens.
        for under in plan.under:
            frame = behind.base_of(under)
            dim = dim and float(np.median(frame[0][::4, ::4])) < _DIM
            if len(places) > 1:
                fields.append(commotion(frame))
            for at, box in places.items():
                # Half of an em is about a letter; the luma is sampled at every second pixel.
                patches[at].append(cells(_luma(frame, moved[at]), drawn.em / 4))
                if melts(plan.style.box, frame, box):
                    melted.add(at)
        chosen = own
        if len(places) > 1:
            # Of several times the worst counts.
            worst = np.maximum.reduce(fields)
            if bare:
                prices = {at: prices[at] + propped(plan.style, seen) for at, seen in patches.items()}
            prices = {at: prices[at] + (MELTED if at in melted else 0.0) for at in places}
            chosen = calmest(worst, self._height, places, prices)
            plan = _put(plan, chosen)
        if plan.role == "cta" and plan.recolor and plan.adapt and chosen in melted:
            # Its colour is everywhere, and a button has to look like one.
            plan = replace(plan, style=plan.style.inverted())
        seen = patches[chosen]
        style = legible(plan.style, seen) if bare else plan.style
        dark = 0.0
        if plan.adapt:
            over = any(_overlap(logo, moved[chosen]) for logo in logos)
            style, dark = _helped(style, seen, shade=dim and not over)
        contrast = min((own_contrast(patch, style, dark) for patch in seen), default=MOST)
        return replace(plan, style=style), dark, contrast

    def _covered(self, plan: TextPlan, drawn: TextTile) -> Rectangle:
        """The part of the frame that the text's content covers."""
        x, y = self._position(plan, drawn)
        content = drawn.content
        left, top = max(0, round(x + content.x)), max(0, round(y + content.y))
        right = min(self._width, max(left + 1, round(x + content.x + content.width)))
        bottom = min(self._height, max(top + 1, round(y + content.y + content.height)))
        return left, top, right - left, bottom - top

    def _drawn(self, plan: TextPlan, *, draw: bool = True) -> tuple[TextTile, int, int]:
        drawn = render_text(plan.text, plan.style, self._width, self._height, plan.max_width, tell=False, draw=draw)
        return drawn, *self._position(plan, drawn)

    def _position(self, plan: TextPlan, drawn: TextTile) -> tuple[int, int]:
        size, platform = (self._width, self._height), plan.platform or None
        return position_tile(drawn, plan.position, *size, plan.role, plan.dx, plan.dy, platform)


def _pose(plan: TextPlan, placed: _PlacedText) -> Pose:
    return pose(plan.anim, plan.progress, placed.boxes, "out" if plan.way == "out" else "in")


def _helped(style: TextStyle, seen: Sequence[Plane], *, shade: bool) -> tuple[TextStyle, float]:
    """The style with what it takes to be read on these patches, and how dark (0..1) the picture is to be shaded.

    ``shade``: whether it may be; what lies over the picture would be shaded with it.
    """
    support = max(support_needed(patch, style) for patch in seen)
    if support is not Support.SHADE:
        return strengthen(style, support), 0.0
    if shade:
        return style, max(shade_needed(patch, style) for patch in seen)
    return strengthen(style, Support.BOX), 0.0


def _put(plan: TextPlan, at: Place) -> TextPlan:
    return replace(plan, position=at[0], dy=plan.dy + at[1])


def at_rest(plan: TextPlan) -> TextPlan:
    """A text as it is when its animation is over: what all moments of it have in common."""
    return replace(plan, anim="none", way="in", progress=1.0)


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    across = one[0] < other[0] + other[2] and other[0] < one[0] + one[2]
    return across and one[1] < other[1] + other[3] and other[1] < one[1] + one[3]


def _luma(frame: Planes, box: Rectangle) -> Plane:
    """The luma of a part of a frame, 0..255, every second pixel of every second line."""
    x, y, w, h = box
    luma = frame[0][y : y + h : 2, x : x + w : 2].astype(np.float32)
    full: Plane = np.clip(np.rint((luma - 16) * (255 / 219)), 0, 255).astype(np.uint8)
    return full
