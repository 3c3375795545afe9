"""The parts that sentences about edits are put together from, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits import vocabulary as v
from reelframe.edits.targets import candidates, is_whole, resolve
from reelframe.edits.timeline import total_ms
from reelframe.edits.words import noun
from reelframe.errors import PlanError

__all__ = [
    "SHOWN", "Said", "both", "cap", "found_in", "is_now", "named", "pair_of", "quoted", "secs", "target_of",
    "was_total",
]  # fmt: skip

# What is said, in English and in Chinese.
Said = tuple[str, str]
SHOWN: Final = 3


def quoted(text: str) -> Said:
    """A name or a text in quotes, shortened to what fits on a line."""
    short = text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 -- a line's worth
    return f"'{short}'", f"「{short}」"


def named(segments: Iterable[Segment], kind: v.TargetKind) -> Said:
    """Their names, when they are few and have some; else how many there are."""
    every = list(segments)
    names = [s.name for s in every if s.name]
    if 0 < len(every) <= SHOWN and len(names) == len(every):
        english = " and ".join(quoted(name)[0] for name in names)
        return english, "、".join(quoted(name)[1] for name in names)
    return noun(kind, len(every))


def target_of(op: Any, before: Draft) -> Said:  # noqa: ANN401 -- any operation that has a target
    """What an operation was about, told by what it found."""
    if is_whole(op.target):
        return "the whole video", "整个视频"
    found = found_in(before, op.target)
    if op.target.kind == "clip" and op.target.index is not None and len(found) == 1:
        number = op.target.index if op.target.index > 0 else len(candidates(before, "clip"))
        name = quoted(found[0].name) if found[0].name else ("", "")
        return f"clip {number} {name[0]}".strip(), f"第 {number} 个片段{name[1]}"
    if len(found) == 1 and op.target.kind not in {"clip", "all"}:
        return noun(op.target.kind, 1)
    return named(found, op.target.kind)


def found_in(draft: Draft, target: v.Target) -> list[Segment]:
    """What a target means; empty when it means nothing."""
    try:
        return [f.placed.segment for f in resolve(draft, target)]
    except PlanError:
        # Without the steps in between, an earlier operation's target may be gone by now.
        return []


def secs(ms: float) -> Said:
    """Milliseconds as seconds."""
    return f"{clock(round(ms))} s", f"{clock(round(ms))} 秒"


def was_total(before: Draft, after: Draft) -> Said:
    """How long the video lasts now, and lasted."""
    old, new = total_ms(before), total_ms(after)
    if old == new:
        return f"the video still lasts {secs(new)[0]}", f"视频时长仍为 {secs(new)[1]}"
    return (
        f"the video now lasts {secs(new)[0]} (was {secs(old)[0]})",
        f"视频时长现在是 {secs(new)[1]}(原 {secs(old)[1]})",
    )


def both(first: Said, second: Said) -> Said:
    """Two parts as one sentence."""
    return f"{first[0]}; {second[0]}.", f"{first[1]};{second[1]}。"


def cap(text: str) -> str:
    """With a capital at the beginning."""
    return text[:1].upper() + text[1:]


def pair_of(before: Draft, after: Draft, target: v.Target) -> list[tuple[Segment, Segment]]:
    """What a target was and is: by id, else by place."""
    out = []
    try:
        found = resolve(before, target)
    except PlanError:
        return []
    for f in found:
        old = f.placed.segment
        new = after.find(old.id) if old.id else None
        if new is None and not old.id and f.track < len(after.tracks):
            track = after.tracks[f.track].segments
            new = track[f.index] if f.index < len(track) else None
        if new is not None:
            out.append((old, new))
    return out


def is_now(what: Said, key: Said, old: Said, new: Said) -> Said:
    """What a value is now, and was."""
    if old == new:
        return f"{cap(what[0])}: {key[0]} is {new[0]}, as before.", f"{what[1]}的{key[1]}是 {new[1]},没有变化。"
    return (
        f"{cap(what[0])}: {key[0]} is now {new[0]} (was {old[0]}).",
        f"{what[1]}的{key[1]}现在是 {new[1]}(原 {old[1]})。",
    )
