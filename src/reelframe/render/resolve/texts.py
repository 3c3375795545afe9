"""Texts: what the timeline says of them over what their look brings along."""

from __future__ import annotations

from typing import Final

from reelframe.draft import Placed, Segment
from reelframe.errors import PlanError
from reelframe.render.composition import TextAnim, TextLayer
from reelframe.render.placing import free_places
from reelframe.render.resolve.stage import Stage
from reelframe.render.resolve.values import as_number, called, known, number
from reelframe.render.text import ANIMATIONS, POSITIONS, Anim, default_look, dressed, safe_width, style_from_slots

__all__ = ["text"]

_COLOR_SLOTS: Final = ("color", "gradient")
_CONTRAST_SLOTS: Final = ("outline", "shadow", "box", "box_color", "outline_color")


def text(stage: Stage, placed: Placed) -> TextLayer | None:
    """A text; None where there is nothing to read. Raises ``PlanError`` for what can't be shown."""
    segment = placed.segment
    start, end = stage.at(placed.start), min(stage.at(placed.end), stage.frames)
    if not (segment.text or "").strip() or end <= start:
        return None
    what = called(segment)
    slots = segment.get("style", {})
    if not isinstance(slots, dict):
        message = f"{what}: its style is not a set of named values."
        raise PlanError(message)
    role = segment.role or "text"
    name = slots.get("look") or stage.brand.look or stage.draft.get("text_look") or "clean"
    aspect = stage.width / stage.height
    look = dressed(default_look(role, name, aspect), name, role, stage.palette)
    length = end - start
    style = style_from_slots(look.style, slots)
    position = known("position", segment.get("position", look.position), POSITIONS)
    platform = str(stage.draft.get("platform", ""))
    return TextLayer(
        start, end, segment.text or "", role,
        style=style,
        position=position,
        max_width=min(look.max_width, safe_width(position, stage.width, stage.height, platform)),
        dx=number(segment, "dx", 0, -8, 8, what),
        dy=number(segment, "dy", 0, -8, 8, what),
        adapt=not any(slot in slots for slot in _CONTRAST_SLOTS),
        places=() if segment.get("position") else free_places(role, aspect),
        recolor=style.gradient is None and "color" not in slots,
        anim_in=_anim(stage, segment, "anim_in", look.anim_in, length),
        anim_out=_anim(stage, segment, "anim_out", look.anim_out, length),
        platform=platform,
        own_colors=any(slot in slots for slot in (*_COLOR_SLOTS, *_CONTRAST_SLOTS)),
    )  # fmt: skip


def _anim(stage: Stage, segment: Segment, key: str, default: Anim, length: int) -> TextAnim | None:
    said = segment.get(key)
    if said is None:
        # Coming and going by default must leave the text standing for most of its time.
        kind, frames = default.type, min(stage.at(default.ms), length // 4)
    else:
        said = said if isinstance(said, dict) else {"type": said}
        kind = known("animation", said.get("type", default.type), ("none", *ANIMATIONS))
        frames = stage.at(as_number(said.get("ms", default.ms), f"The animation of {called(segment)}"))
        frames = min(frames, length)
    return None if kind == "none" or frames < 1 else TextAnim(kind, frames)
