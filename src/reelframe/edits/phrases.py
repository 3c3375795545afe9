"""The parts that sentences about edits are put together from, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits import vocabulary as v
from reelframe.edits.targets import candidates, is_whole, resolve
from reelframe.edits.timeline import total_ms
from reelframe.edits.words import noun, value
from reelframe.errors import PlanError

__all__ = [
    "SHOWN", "Said", "Table", "both", "cap", "fades", "field", "found_in", "is_now", "length", "named", "pair_of",
    "quoted", "secs", "target_of", "to_now", "was_total", "within",
]  # fmt: skip

# What is said, in English and in Chinese.
Said = tuple[str, str]
# Operations, and what says what they did: given the operation and the timelines before and after it.
Table = Mapping[type[v.OpBase], Callable[[Any, Draft, Draft], Said]]
SHOWN: Final = 3


def quoted(text: str) -> Said:
    """A name or a text in quotes, shortened to what fits on a line."""
    short = text if len(text) <= 60 else text[:57] + "…"  # a line's worth
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


def to_now(key: Said, old: Said | None, new: Said) -> Said:
    """What a value is now, and was; None: there was none to speak of."""
    if old == new:
        return f"{key[0]} is {new[0]}, as before", f"{key[1]}是 {new[1]},没有变化"
    was = ("", "") if old is None else (f" (was {old[0]})", f"(原 {old[1]})")
    return f"{key[0]} is now {new[0]}{was[0]}", f"{key[1]}现在是 {new[1]}{was[1]}"


def is_now(what: Said, key: Said, old: Said, new: Said) -> Said:
    """The same about a thing, as a sentence."""
    said = to_now(key, old, new)
    return f"{cap(what[0])}: {said[0]}.", f"{what[1]}的{said[1]}。"


def length(_: Any, before: Draft, after: Draft) -> Said:  # noqa: ANN401 -- any operation that changes it
    """How long the video lasts now, as a sentence."""
    said = was_total(before, after)
    return f"{cap(said[0])}.", f"{said[1]}。"


def within(span: tuple[float, float] | None) -> Said:
    """From when to when something holds, seconds; nothing when it always does."""
    if span is None:
        return "", ""
    return f" from {span[0]:g} to {span[1]:g} s", f" {span[0]:g}-{span[1]:g} 秒"


def fades(what: Said, in_s: float | None, out_s: float | None) -> Said:
    """How something comes and goes now; None for both is a second each."""
    if in_s is None and out_s is None:
        in_s = out_s = 1.0
    en = [f"{name} {s:g} s" for name, s in (("fades in over", in_s), ("fades out over", out_s)) if s]
    zh = [f"{name} {s:g} 秒" for name, s in (("淡入", in_s), ("淡出", out_s)) if s]
    if not en:
        return f"{cap(what[0])} no longer fades.", f"{what[1]}不再淡入淡出。"
    return f"{cap(what[0])} {' and '.join(en)}.", f"{what[1]}{'、'.join(zh)}。"


def field(key: str, name: Said, default: object = None) -> Callable[[Any, Draft, Draft], Said]:
    """What a key of what was meant is now."""

    def said(op: Any, before: Draft, after: Draft) -> Said:  # noqa: ANN401 -- several operations
        pairs = pair_of(before, after, op.target or v.Target(kind="clip"))
        old, new = (pairs[0][n].get(key, default) if pairs else default for n in (0, 1))
        return is_now(target_of(op, before), name, value(old), value(new))

    return said
