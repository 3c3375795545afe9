"""Shots and what is laid over them: segments of picture tracks, resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast, get_args

from reelframe.draft import Placed, Segment, Track
from reelframe.edits.vocabulary import TransitionType
from reelframe.errors import PlanError
from reelframe.render.backdrops import BACKDROPS, OF_LOOK, PALETTES
from reelframe.render.composition import Backdrop, Fit, Framing, Grade, Overlay, Rgb, Shot, Source, Transition
from reelframe.render.looks import LOOKS
from reelframe.render.resolve.stage import Stage
from reelframe.render.resolve.values import (
    GRADE_SLOTS,
    adjustments_of,
    as_number,
    called,
    color,
    crop_of,
    effects_of,
    known,
    move_of,
    number,
    position_of,
    timing_of,
)

__all__ = ["overlay", "shots", "transition"]

WHITE: Final[Rgb] = (255, 255, 255)
LOGO_HEIGHT: Final = 0.1
OVERLAY_HEIGHT: Final = 0.3
_FEWEST: Final = 2
_MOST_COLORS: Final = 4


def shots(stage: Stage, track: Track) -> Iterator[Shot]:
    """The shots of the main track in order, abutting. As all here: ``PlanError`` for what can't be shown."""
    placed = sorted((p for p in track.placed if p.end > p.start), key=lambda p: p.start)
    for i, p in enumerate(placed):
        start = stage.at(p.start)
        # Shots abut; where a timeline overlaps them, the later one is in front.
        end = min(stage.at(p.end), stage.at(placed[i + 1].start)) if i + 1 < len(placed) else stage.at(p.end)
        end = min(end, stage.frames)
        if end > start:
            yield _shot(stage, p.segment, start, end, first=i == 0)


def _shot(stage: Stage, segment: Segment, start: int, end: int, *, first: bool) -> Shot:
    what = called(segment)
    fade_in, fade_out = _fades(stage, segment, what)
    if segment.media is None:
        # A card: a colour that texts are laid over.
        return Shot(
            start, end, color=color(segment.get("color"), stage.background), fade_in=fade_in, fade_out=fade_out,
            transition=None if first else transition(stage, segment, end - start),
            backdrop=_backdrop(stage, segment, what),
        )  # fmt: skip
    media = stage.media(segment.media, what)
    source = Source.of(media)
    return Shot(
        start, end, source,
        color=stage.background,
        framing=_framing(stage, segment, source, what),
        move=move_of(segment, what),
        timing=timing_of(segment, what),
        grade=_grade(stage, segment, what),
        effects=effects_of(segment, what),
        transition=None if first else transition(stage, segment, end - start),
        fade_in=fade_in, fade_out=fade_out,
    )  # fmt: skip


def _backdrop(stage: Stage, segment: Segment, what: str) -> Backdrop | None:
    said = segment.get("backdrop")
    if said is None:
        return None
    said = said if isinstance(said, dict) else {"kind": said}
    # What is not said goes with the look of the texts, so that another look changes both.
    look = stage.brand.look or str(stage.draft.get("text_look") or "clean")
    kind = said.get("kind")
    colors = said.get("colors") or PALETTES.get(look, PALETTES["clean"])
    if not isinstance(colors, (list, tuple)) or not _FEWEST <= len(colors) <= _MOST_COLORS:
        message = f"{what}: a moving background has two to four colours."
        raise PlanError(message)
    return Backdrop(
        OF_LOOK.get(look, "aurora") if kind in (None, "auto") else known("background", kind, BACKDROPS),
        tuple(color(c, (0, 0, 0)) for c in colors),
        int(as_number(said.get("seed", stage.draft.get("seed", 0)), f"{what}: the background's seed")),
        as_number(said.get("from", 0), f"{what}: the background's time") / 1000,
    )


def overlay(stage: Stage, placed: Placed) -> Overlay:
    """A picture over the others: a logo, or a picture in picture."""
    segment = placed.segment
    what = called(segment)
    if segment.media is None:
        message = f"{what} is an overlay without a picture."
        raise PlanError(message, hint="Give it the picture of a file, or remove it.")
    source = Source.of(stage.media(segment.media, what))
    is_logo = segment.role == "logo"
    fade_in, fade_out = _fades(stage, segment, what)
    return Overlay(
        stage.at(placed.start), min(stage.at(placed.end), stage.frames), source,
        size=number(segment, "size", LOGO_HEIGHT if is_logo else OVERLAY_HEIGHT, 0.001, 4, what),
        position=position_of(segment, "top_right" if is_logo else "bottom_right"),
        dx=number(segment, "dx", 0, -8, 8, what),
        dy=number(segment, "dy", 0, -8, 8, what),
        opacity=number(segment, "opacity", 1, 0, 1, what),
        framing=_framing(stage, segment, source, what),
        timing=timing_of(segment, what),
        grade=Grade() if is_logo else _grade(stage, segment, what),
        fade_in=fade_in, fade_out=fade_out,
    )  # fmt: skip


def _fades(stage: Stage, segment: Segment, what: str) -> tuple[int, int]:
    return (
        stage.at(number(segment, "fade_in", 0, 0, 600_000, what)),
        stage.at(number(segment, "fade_out", 0, 0, 600_000, what)),
    )


def _framing(stage: Stage, segment: Segment, source: Source, what: str) -> Framing:
    fit = known("fit", segment.get("fit") or stage.draft.get("fit", "fill"), get_args(Fit))
    flip = known("flip", segment.get("flip", ""), ("", "h", "v", "hv", "vh"))
    # A see-through picture that fills the frame was cut out for a light page more often than for a dark one.
    usual = WHITE if source.has_alpha and not stage.draft.get("background") else stage.background
    backdrop = color(segment.get("color"), usual)
    return Framing(
        fit=cast("Fit", fit),
        crop=crop_of(segment, what),
        rotate=number(segment, "rotate", 0, -36_000, 36_000, what) % 360,
        flip=cast("Any", "hv" if flip == "vh" else flip),
        zoom=number(segment, "zoom", 1, 0.01, 50, what),
        backdrop=backdrop,
    )


def _grade(stage: Stage, segment: Segment, what: str) -> Grade:
    own = segment.get("look")
    look = stage.look if own is None else known("look", own, LOOKS)
    adjust = adjustments_of(segment, what)
    both = {k: max(-1.0, min(1.0, adjust[k] + stage.adjust[k])) for k in GRADE_SLOTS}
    return Grade(look, **both)


def transition(stage: Stage, segment: Segment, longest: int) -> Transition | None:
    """How a shot comes in, over at most ``longest`` frames; None: by a cut."""
    said = segment.get("transition")
    if said is None:
        return None
    what = called(segment)
    if not isinstance(said, dict):
        said = {"type": said}
    kind = known("transition", said.get("type", "crossfade"), get_args(TransitionType))
    frames = stage.at(as_number(said.get("ms", 500), f"The transition of {what}"))
    frames = min(frames, longest)
    return None if kind == "cut" or frames < 1 else Transition(cast("TransitionType", kind), frames)
