"""The painter: carries out a frame's plan on planes. One per worker; what is shared lies in the pool."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Final, cast

import cv2
import numpy as np

from reelframe.render.backdrops import paint_backdrop
from reelframe.render.composition import Framing, Source
from reelframe.render.effects import apply_effect
from reelframe.render.geometry import place, quarter_turns, tilted_bounds
from reelframe.render.halo import haloed
from reelframe.render.lettering import Lettering, at_rest
from reelframe.render.pictures import Recipe, clip_size
from reelframe.render.placing import Rectangle
from reelframe.render.planes import Plane, Planes, Scratch, crop_to, fill, new_planes
from reelframe.render.sources import Clips, Pool, load_rgba
from reelframe.render.tiles import Tile, premultiplied
from reelframe.render.timeline import FramePlan, OverlayPlan, PicturePlan, TextPlan
from reelframe.render.transitions import transition, veil

__all__ = ["Painter"]

BLACK: Final = (0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Logo:
    tile: Tile

    @property
    def nbytes(self) -> int:
        return self.tile.nbytes


class Painter:
    """Paints frames of one size."""

    def __init__(self, width: int, height: int, pool: Pool) -> None:
        self.width, self.height, self.pool = width, height, pool
        self.notes: set[str] = set()
        self._scratch = Scratch()
        self._clips = Clips()
        self._lettering = Lettering((width, height), pool, self._scratch)

    def close(self) -> None:
        """Let go of open clips."""
        self._clips.close()

    def prepare(self, plans: Iterable[FramePlan], check: Callable[[], None]) -> None:
        """Open the photos and draw the texts that these frames show.

        Either takes much memory for a moment, and an encoder for long: better one after the other.

        Args:
            plans: of the frames.
            check: called before each of them; raises to cancel.

        Raises:
            MediaError: a file can't be read.
        """
        done: set[tuple[str, Recipe]] = set()
        texts: set[TextPlan] = set()
        pictures: list[PicturePlan | None] = []
        for plan in plans:
            pictures += plan.shot, plan.incoming
            texts.update(at_rest(text) for text in plan.texts)
        for text in sorted(texts, key=repr):
            check()
            self._lettering.prepare(text, self)
        for picture in pictures:
            source = picture.source if picture is not None and picture.backdrop is None else None
            if picture is None or source is None or source.kind != "image":
                continue
            recipe = self._recipe(picture, source)
            if (source.id, recipe) not in done:
                done.add((source.id, recipe))
                check()
                self.pool.still(source, recipe)

    def paint(self, plan: FramePlan, out: Planes) -> None:
        """Fill ``out`` with what the plan says.

        Raises:
            MediaError: a file can't be read.
        """
        self._paint_shots(plan, out)
        # Neither a logo nor another text is to be darkened with the picture.
        for text in plan.texts:
            self._lettering.shade(text, out, self)
        for overlay in plan.overlays:
            self._overlay(overlay, out)
        for text in plan.texts:
            self._lettering.paint(text, out, self)
        if plan.veil is not None:
            veil(out, *plan.veil)

    def _paint_shots(self, plan: FramePlan, out: Planes) -> None:
        if plan.incoming is None:
            self._picture_or(plan, plan.shot, out, "shot")
        else:
            a = self._scratch.planes(1, self.width, self.height)
            b = self._scratch.planes(2, self.width, self.height)
            # The shot that comes in now stays; only where one clip follows itself must two places of it be open.
            twice = plan.shot is not None and plan.shot.source == plan.incoming.source
            self._picture_or(plan, plan.shot, a, "before" if twice else "shot")
            self._picture_or(plan, plan.incoming, b, "shot")
            transition(plan.transition, a, b, plan.progress, out)

    def _picture_or(self, plan: FramePlan, picture: PicturePlan | None, out: Planes, lane: str) -> None:
        if picture is None:
            fill(out, plan.background)
        else:
            self._picture(picture, out, lane)

    def _recipe(self, plan: PicturePlan, source: Source) -> Recipe:
        size = source.width, source.height
        return Recipe(plan.framing, plan.move, plan.grade, size, (self.width, self.height))

    def _picture(self, plan: PicturePlan, out: Planes, lane: str) -> None:
        source = plan.source
        if plan.backdrop is not None:
            paint_backdrop(plan.backdrop, plan.at_s, out)
        elif source is None:
            fill(out, plan.color)
        else:
            recipe = self._recipe(plan, source)
            if source.kind == "image":
                ready = self.pool.still(source, recipe)
            else:
                ready = self._clips.frame(source, recipe, plan.at_s, lane)
            ready.paint(plan.u, out, self._scratch)
        for effect in plan.effects:
            apply_effect(out, effect.name, effect.amount, plan.seed)
        veil(out, BLACK, plan.veil)

    def contrast(self, plan: TextPlan) -> float:
        """How well a text can be read on its picture, all help included: a contrast ratio, 1 to 21.

        Raises:
            MediaError: a file can't be read.
        """
        return self._lettering.contrast(plan, self)

    # --- overlays ----------------------------------------------------------------------------------------

    def _overlay(self, plan: OverlayPlan, out: Planes) -> None:
        if plan.opacity <= 0:
            return
        if plan.source.kind == "image":
            key = ("overlay", plan.source.id, replace(plan, opacity=1.0, at_s=0.0))
            self.pool.get(key, lambda: self._logo(plan)).tile.blend(out, plan.opacity)
            return
        box = self._box(plan.source, plan)
        x, y = place(plan.position, box, (self.width, self.height), (plan.dx, plan.dy))
        recipe = Recipe(plan.framing, None, plan.grade, (plan.source.width, plan.source.height), box)
        if plan.source.has_alpha or quarter_turns(plan.framing.rotate)[1]:
            self._see_through_clip(plan, recipe, (x, y), out)
            return
        inner = self._scratch.planes(3, *box)
        self._clips.frame(plan.source, recipe, plan.at_s, "overlay").paint(0.0, inner, self._scratch)
        left, top = max(0, x), max(0, y)
        right, bottom = min(self.width, x + box[0]), min(self.height, y + box[1])
        if right <= left or bottom <= top:
            return
        seen = crop_to(inner, left - x, top - y, right - left, bottom - top)
        under = crop_to(out, left, top, right - left, bottom - top)
        for p, q in zip(seen, under, strict=True):
            cv2.addWeighted(p, plan.opacity, q, 1 - plan.opacity, 0, dst=q)

    def _see_through_clip(self, plan: OverlayPlan, recipe: Recipe, at: tuple[int, int], out: Planes) -> None:
        """A sticker that moves."""
        key: Hashable = (plan.source.id, recipe, "sticker")
        frame = self._clips.read(plan.source, clip_size(recipe), plan.at_s, key)
        rgb = frame.rgb()
        alpha = frame.a if frame.a is not None else np.full(rgb.shape[:2], 255, np.uint8)
        rgba = cast("Plane", np.dstack([rgb, alpha]))
        rgba = _fitted(rgba, plan.framing, recipe.box)
        Tile(premultiplied(rgba), *at, (self.width, self.height)).blend(out, plan.opacity)

    def _box(self, source: Source, plan: OverlayPlan) -> tuple[int, int]:
        crop = plan.framing.crop or (0.0, 0.0, 1.0, 1.0)
        w, h = source.width * crop[2], source.height * crop[3]
        turns, rest = quarter_turns(plan.framing.rotate)
        if turns % 2:
            w, h = h, w
        height = plan.size * self.height * plan.framing.zoom
        # What is tilted needs a larger box, or its corners would be cut off.
        wide, high = tilted_bounds(w, h, rest)
        w, h, height = wide, high, height * high / max(1.0, h)
        width = height * w / max(1.0, h)
        # A wide logo that is as high as asked for must still leave the picture to be seen.
        shrink = min(1.0, 0.9 * self.width / width) if width else 1.0
        return max(2, 2 * round(width * shrink / 2)), max(2, 2 * round(height * shrink / 2))

    def area_of(self, plan: OverlayPlan) -> Rectangle:
        """The part of the frame that an overlay covers."""
        box = self._box(plan.source, plan)
        return *place(plan.position, box, (self.width, self.height), (plan.dx, plan.dy)), *box

    def _logo(self, plan: OverlayPlan) -> _Logo:
        box = self._box(plan.source, plan)
        pixels = load_rgba(plan.source, box)
        if pixels.shape[2] == 3:  # opaque
            pixels = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
        rgba = premultiplied(_fitted(pixels, plan.framing, None))
        height, width = rgba.shape[:2]
        shrinks = box[0] <= width and box[1] <= height
        # Premultiplied before it is scaled: colours of see-through pixels must not bleed into the edge.
        scaled = cv2.resize(rgba, box, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
        # Cubic scaling overshoots; a colour brighter than its alpha would glow.
        rgba = cast("Plane", scaled)
        rgba[..., :3] = np.minimum(rgba[..., :3], rgba[..., 3:])
        x, y = place(plan.position, box, (self.width, self.height), (plan.dx, plan.dy))
        rgba, margin = haloed(rgba)
        return _Logo(Tile(rgba, x - margin, y - margin, (self.width, self.height)))

    def base_of(self, plan: FramePlan) -> Planes:
        """A frame without its texts."""
        base = new_planes(self.width, self.height)
        self._paint_shots(plan, base)
        for overlay in plan.overlays:
            self._overlay(overlay, base)
        return base


def _fitted(rgba: Plane, framing: Framing, box: tuple[int, int] | None) -> Plane:
    """Crop, flip and turn a picture with alpha, and scale it to ``box``."""
    height, width = rgba.shape[:2]
    if framing.crop:
        x, y, w, h = framing.crop
        left, top = min(width - 1, round(x * width)), min(height - 1, round(y * height))
        rgba = rgba[top : top + max(1, round(h * height)), left : left + max(1, round(w * width))]
    if "h" in framing.flip:
        rgba = rgba[:, ::-1]
    if "v" in framing.flip:
        rgba = rgba[::-1]
    turns, rest = quarter_turns(framing.rotate)
    rgba = np.ascontiguousarray(np.rot90(rgba, -turns))
    if rest:
        h, w = rgba.shape[:2]
        wide, high = (math.ceil(side) for side in tilted_bounds(w, h, rest))
        matrix = cv2.getRotationMatrix2D((w / 2 - 0.5, h / 2 - 0.5), -rest, 1.0)
        matrix[:, 2] += (wide - w) / 2, (high - h) / 2
        rgba = cast("Plane", cv2.warpAffine(rgba, matrix, (wide, high), flags=cv2.INTER_LINEAR))
    if box is not None and (rgba.shape[1], rgba.shape[0]) != box:
        rgba = cast("Plane", cv2.resize(rgba, box, interpolation=cv2.INTER_AREA))
    return rgba
