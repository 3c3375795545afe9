"""Draft to composition: every default filled in, every name resolved, every time a frame number. Pure.

What the timeline says and the renderer can't show is refused here, in words, before any work starts. ``stage`` is what
all segments are read against, ``values`` reads single values, and ``pictures``, ``texts`` and ``sounds`` the segments.
"""

from __future__ import annotations

from typing import Final

from reelframe.draft import Draft
from reelframe.errors import PlanError
from reelframe.media.model import Library
from reelframe.render.composition import Composition
from reelframe.render.placing import apart
from reelframe.render.resolve.pictures import overlay, shots
from reelframe.render.resolve.sounds import keeps_to_bars, sounds
from reelframe.render.resolve.stage import Stage
from reelframe.render.resolve.texts import text
from reelframe.render.resolve.values import as_number, color, number

__all__ = ["compose", "keeps_to_bars"]

MAX_FRAMES: Final = 24 * 3600 * 60


def compose(draft: Draft, library: Library) -> Composition:
    """Resolve a timeline.

    Args:
        draft: the timeline; see docs/protocol.md for the keys that are read.
        library: the media it speaks of.

    Returns:
        a composition that can be rendered with nothing else but the files it names.

    Raises:
        PlanError: the timeline is empty, names what is not in the library, or says what can't be shown.
    """
    stage = Stage.of(draft, library)
    _check(stage)
    main, *upper = draft.of_kind("video") or (None,)
    texts = (text(stage, placed) for track in draft.of_kind("text") for placed in track.placed)
    return Composition(
        width=stage.width,
        height=stage.height,
        fps=stage.fps,
        frames=stage.frames,
        background=stage.background,
        shots=tuple(shots(stage, main)) if main else (),
        overlays=tuple(overlay(stage, placed) for track in upper if track for placed in track.placed),
        texts=apart([layer for layer in texts if layer]),
        fade_in=stage.at(number(draft, "fade_in", 0, 0, 60_000, "The timeline")),
        fade_out=stage.at(number(draft, "fade_out", 0, 0, 60_000, "The timeline")),
        fade_color=color(draft.get("fade_color"), (0, 0, 0)),
        sounds=tuple(sounds(stage)),
        lufs=number(draft, "lufs", -16.0, -70, 0, "The timeline"),
        duck_db=_duck(draft),
        seed=int(number(draft, "seed", 0, -(2**62), 2**62, "The timeline")),
    )


def _check(stage: Stage) -> None:
    if stage.frames < 1 or not stage.draft.exportable:
        message = "The timeline is empty: there is nothing to render."
        raise PlanError(message, hint="Add a photo, a clip or a text first.")
    if stage.frames > MAX_FRAMES:
        message = f"The timeline is {stage.frames / stage.fps / 3600:.1f} hours long, which can't be rendered."
        raise PlanError(message, hint="Make it shorter than 24 hours.")
    for track in stage.draft.of_kind("other"):
        if track.segments:
            message = f"The timeline has a track of type {track.tt}, which can't be shown here."
            raise PlanError(message, hint="Types 0 (video), 1 (audio) and 7 (text) can.")


def _duck(draft: Draft) -> float | None:
    duck = draft.get("duck")
    if duck is None or duck is False:
        return None
    amount = duck.get("amount_db", -12.0) if isinstance(duck, dict) else -12.0
    return -abs(as_number(amount, "The ducking amount"))
