"""Single values of the timeline: read, checked against their bounds, and refused in words (``PlanError``)."""

from __future__ import annotations

import math
from typing import Any, Final, cast, get_args

from PIL import ImageColor

from reelframe.draft import Draft, Segment
from reelframe.errors import PlanError
from reelframe.render.composition import Direction, Effect, Move, Position, Rgb, Timing
from reelframe.render.effects import EFFECTS

__all__ = [
    "GRADE_SLOTS",
    "adjustments_of",
    "as_number",
    "called",
    "color",
    "crop_of",
    "effects_of",
    "known",
    "move_of",
    "number",
    "position_of",
    "silences_of",
    "timing_of",
]

GRADE_SLOTS: Final = ("brightness", "contrast", "saturation", "temperature", "sharpness")


def called(segment: Segment) -> str:
    """What a segment is called in messages."""
    return f'"{segment.name}"' if segment.name else "A segment"


def as_number(value: object, what: str) -> float:
    """A finite number; ``what`` names it in messages."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return value
    message = f"{what} is {value!r}, which is not a number."
    raise PlanError(message)


def number(of: Draft | Segment, key: str, default: float, low: float, high: float, what: str) -> float:
    """The number under a key, which must lie between ``low`` and ``high``."""
    value = as_number(of.get(key, default), f"{what}: {key}")
    if not low <= value <= high:
        message = f"{what}: {key} is {value:g}; it must lie between {low:g} and {high:g}."
        raise PlanError(message)
    return value


def known(what: str, value: object, known: Any) -> str:  # noqa: ANN401 -- any collection of names
    """One of the known names; ``what`` says of what kind."""
    if isinstance(value, str) and value in known:
        return value
    message = f"The {what} {value!r} is not known here."
    raise PlanError(message, hint=f"There are: {', '.join(k for k in known if k)}.")


def color(value: object, default: Rgb) -> Rgb:
    """A colour as CSS writes it; ``default`` for None."""
    if value is None:
        return default
    try:
        red, green, blue = ImageColor.getrgb(str(value))[:3]
    except ValueError:
        message = f"{value!r} is not a colour."
        raise PlanError(message, hint="Use #rrggbb or a CSS name such as white or tomato.") from None
    return red, green, blue


def position_of(segment: Segment, default: Position) -> Position:
    """One of the nine places."""
    return cast("Position", known("position", segment.get("position", default), get_args(Position)))


def adjustments_of(of: Draft | Segment, what: str) -> dict[str, float]:
    """All of the grade's numbers, -1..1; 0 where nothing is said."""
    said = of.get("adjust", {})
    said = said if isinstance(said, dict) else {}
    for key in said:
        known("adjustment", key, GRADE_SLOTS)
    values = {k: as_number(said.get(k) or 0, f"{what}: {k}") for k in GRADE_SLOTS}
    return {k: max(-1.0, min(1.0, v)) for k, v in values.items()}


def crop_of(segment: Segment, what: str) -> tuple[float, float, float, float] | None:
    """x, y, width and height, 0..1 of the picture; None: all of it."""
    said = segment.get("crop")
    if said is None:
        return None
    if not isinstance(said, dict):
        message = f"{what}: its crop is not x, y, w and h."
        raise PlanError(message)
    x, y, w, h = (as_number(said.get(k, d), f"{what}: crop {k}") for k, d in zip("xywh", (0, 0, 1, 1), strict=True))
    x, y = max(0.0, x), max(0.0, y)
    w, h = min(w, 1 - x), min(h, 1 - y)
    if w <= 0 or h <= 0:
        message = f"{what}: its crop leaves nothing of the picture."
        raise PlanError(message)
    return (x, y, w, h)


def move_of(segment: Segment, what: str) -> Move | None:
    """The camera's move; None: it stands still."""
    said = segment.get("move")
    if said is None or said == "none":
        return None
    if not isinstance(said, dict):
        said = {"direction": said}
    direction = known("camera move", said.get("direction", "in"), ("none", *get_args(Direction)))
    amount = as_number(said.get("amount", 0.12), f"{what}: the move's amount")
    if not 0 <= amount <= 2:  # the vocabulary's own bound
        message = f"{what}: the move's amount is {amount:g}; it must lie between 0 and 2."
        raise PlanError(message)
    begin, end = (as_number(said.get(k, d), f"{what}: the move's {k}") for k, d in (("from", 0.0), ("to", 1.0)))
    if not 0 <= begin <= end <= 1:
        message = f"{what}: the part of the move from {begin:g} to {end:g} is not within 0 and 1."
        raise PlanError(message)
    return None if direction == "none" or amount == 0 else Move(cast("Direction", direction), amount, begin, end)


def silences_of(segment: Segment, start_s: float, what: str) -> tuple[tuple[float, float], ...]:
    """The muted ranges, which the timeline counts from the segment's start, in seconds of the video."""
    said = segment.get("mutes", [])
    name = f"{what}: a muted range"
    try:
        pairs = [(a, b) for a, b in said]
    except (TypeError, ValueError):
        message = f"{what}: its muted ranges are not pairs of times."
        raise PlanError(message) from None
    return tuple((start_s + as_number(a, name) / 1000, start_s + as_number(b, name) / 1000) for a, b in pairs)


def timing_of(segment: Segment, what: str) -> Timing:
    """Which part of a file is shown or heard, how fast, and which way round."""
    in_s = number(segment, "in", 0, 0, 86_400_000, what) / 1000
    freeze = segment.get("freeze")
    hold: float | None = None
    if freeze is not None and freeze is not False:
        hold = in_s if freeze is True else as_number(freeze, f"{what}: freeze") / 1000
    return Timing(
        in_s,
        number(segment, "speed", 1, 0.01, 100, what),
        bool(segment.get("reverse")),
        bool(segment.get("loop")),
        hold,
    )


def effects_of(segment: Segment, what: str) -> tuple[Effect, ...]:
    """The effects in the order in which they are laid on."""
    out = []
    for said in segment.get("effects", ()):
        effect = said if isinstance(said, dict) else {"name": said}
        name = known("effect", effect.get("name"), EFFECTS)
        amount = as_number(effect.get("amount", 0.5), f"{what}: {name}")
        out.append(Effect(name, max(0.0, min(1.0, amount))))
    return tuple(out)
