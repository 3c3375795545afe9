"""Says in a sentence what each operation did, with the values before and after. English and Chinese.

A sentence is told from the two timelines and not from the operation: what is said is what is there.
"""

from __future__ import annotations

from collections.abc import Iterable

from reelframe.draft import Draft
from reelframe.edits import vocabulary as v
from reelframe.edits.apply import Step, steps
from reelframe.edits.phrases import Said, cap, found_in, named
from reelframe.edits.plan import Plan
from reelframe.edits.sentences import SENTENCES
from reelframe.edits.targets import main_index
from reelframe.errors import PlanError
from reelframe.media.model import Library

__all__ = ["describe", "describe_steps"]


def describe(
    plan: Plan, before: Draft, after: Draft, language: str = "en", *, library: Library | None = None
) -> list[str]:
    """One short sentence for each operation that was done.

    Args:
        plan: what was applied.
        before: the timeline before the plan.
        after: the timeline after it.
        language: "en" or "zh" (with any region).
        library: the media. With it each operation is told by what it did itself; without it the operations
            of a plan of several are all told by the difference that the whole plan made.

    Returns:
        the sentences, and at the end one for things that went because what they belonged to went.
    """
    done: tuple[Step, ...] = ()
    if library is not None:
        try:
            done = steps(before, plan, library)
        except PlanError:
            # Applied with more knowledge than there is here (the music's beats, a larger library).
            done = ()
    if not done or done[-1].after != after:
        done = tuple(Step(op, before, after) for op in plan.ops if op.op not in v.CONTROL)
    return describe_steps(done, language)


def describe_steps(done: Iterable[Step], language: str = "en") -> list[str]:
    """As `describe`, of steps that `reelframe.edits.steps` gave."""
    chinese = language.lower().startswith("zh")
    out: list[str] = []
    for step in done:
        said = SENTENCES[type(step.op)](step.op, step.before, step.after)
        side = _went_too(step)
        out += [sentence[1 if chinese else 0] for sentence in (said, side) if sentence]
    return list(dict.fromkeys(out))


def _went_too(step: Step) -> Said | None:
    """What is gone though nobody asked for it: it lay over something that went."""
    if isinstance(step.op, v.Compose):
        return None
    asked = set()
    target = getattr(step.op, "target", None)
    if isinstance(step.op, v.Remove) and target is not None:
        asked = {id(s) for s in found_in(step.before, target)}
    left = {s.id for s in step.after.segments}
    main = main_index(step.before)
    gone = [
        s
        for t, track in enumerate(step.before.tracks)
        if t != main
        for s in track.segments
        if s.id and s.id not in left and id(s) not in asked
    ]
    if not gone or isinstance(step.op, (v.AddMusic, v.AddLogo, v.AddText, v.AddSubtitles)):
        return None
    names = named(gone, "all")
    return f"{cap(names[0])} went with it.", f"{names[1]}也随之移除。"
