"""Carries a plan out: all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reelframe.draft import Draft
from reelframe.edits.check import check
from reelframe.edits.families import HANDLERS
from reelframe.edits.layout import settle
from reelframe.edits.manner import in_manner
from reelframe.edits.plan import Plan
from reelframe.edits.timeline import BeatFinder, Context, shots
from reelframe.edits.vocabulary import CONTROL, Compose, OpBase
from reelframe.errors import PlanError
from reelframe.media.model import Library

__all__ = ["Step", "apply", "possible", "step", "steps"]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a plan, and the timeline before and after it."""

    op: OpBase
    before: Draft
    after: Draft


def apply(draft: Draft, plan: Plan, library: Library, *, beats: BeatFinder | None = None) -> Draft:
    """The timeline after a plan. Pure: the same arguments give the same timeline, and none is changed.

    Args:
        draft: the timeline, of the embedded backend or of the hosted service.
        plan: what to do; operations that change no timeline (undo, export, …) are passed over.
        library: the media that the timeline and the plan speak of.
        beats: tells the beats of a music segment, in seconds from its start, or an empty sequence. Without
            it ``beat_sync`` is refused.

    Raises:
        PlanError: an operation can't be done on this timeline, or did not do what it promised. Nothing was
            changed; the message says what can be done instead.
    """
    done = steps(draft, plan, library, beats=beats)
    return done[-1].after if done else draft


def steps(draft: Draft, plan: Plan, library: Library, *, beats: BeatFinder | None = None) -> tuple[Step, ...]:
    """As `apply`, with the timeline after each operation; operations that change no timeline are left out.

    Raises:
        PlanError: as `apply`.
    """
    out: list[Step] = []
    now = draft
    for op in plan.ops:
        if op.op in CONTROL:
            continue
        after = step(now, op, library, beats=beats)
        out.append(Step(op, now, after))
        now = after
    if out:
        _must_show_something(now)
        out[-1] = replace(out[-1], after=in_manner(plan.ops, now))
    return tuple(out)


def possible(
    draft: Draft, plan: Plan, library: Library, *, beats: BeatFinder | None = None
) -> tuple[Plan, tuple[PlanError, ...]]:
    """What of a first cut can be done, and why the rest can't; the plan itself where it makes no video.

    A timeline that is there is changed as a whole or not at all. A video that is yet to be made is better made without
    one of its wishes than not at all.
    """
    errors: list[PlanError] = []
    kept: list[OpBase] = []
    now = draft
    for op in plan.ops:
        try:
            now = now if op.op in CONTROL else step(now, op, library, beats=beats)
        except PlanError as error:
            if isinstance(op, Compose):
                return plan, ()
            errors.append(error)
        else:
            kept.append(op)
    if not any(isinstance(op, Compose) for op in kept):
        return plan, ()
    return replace(plan, ops=tuple(kept)), tuple(errors)


def step(draft: Draft, op: OpBase, library: Library, *, beats: BeatFinder | None = None) -> Draft:
    """The timeline after one operation, which must change timelines. Whether there is anything to see is not asked.

    Raises:
        PlanError: as `apply`.
    """
    after = settle(draft, HANDLERS[type(op)](draft, op, Context(library, beats)))
    check(op, draft, after)
    return after


def _must_show_something(draft: Draft) -> None:
    texts = any(track.segments for track in draft.of_kind("text"))
    if draft.exportable and not shots(draft) and not texts:
        message = "There would be nothing to see: no photo, no clip and no text."
        raise PlanError(message, hint="Upload photos or clips first, or clear the whole timeline.")
