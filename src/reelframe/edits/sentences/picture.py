"""What was done to the look of the picture, and to what is laid over it, in sentences."""

from __future__ import annotations

from typing import Final

from reelframe.draft import Draft, clock
from reelframe.edits import vocabulary as v
from reelframe.edits.names import picture_size
from reelframe.edits.phrases import Said, Table, cap, fades, field, is_now, pair_of, quoted, target_of, within
from reelframe.edits.targets import main_index
from reelframe.edits.timeline import shots
from reelframe.edits.words import noun, value

__all__ = ["SENTENCES"]


def _look(op: v.Look, before: Draft, after: Draft) -> Said:
    if op.target is None or (
        op.target.kind in {"all", "video", "clip"} and op.target.index is None and not op.target.name
    ):
        old, new = value(before.get("look")), value(after.get("look"))
        return is_now(("the whole video", "整个视频"), ("look", "风格"), old, new)
    return field("look", ("look", "风格"))(op, before, after)


def _adjust(op: v.Adjust, before: Draft, after: Draft) -> Said:
    old, new = before.get("adjust", {}), after.get("adjust", {})
    if old == new and op.target is not None:
        pairs = pair_of(before, after, op.target)
        old, new = (pairs[0][n].get("adjust", {}) if pairs else {} for n in (0, 1))
    en, zh = [], []
    for key in ("brightness", "contrast", "saturation", "temperature", "sharpness"):
        if getattr(op, key) is not None:
            name = noun(key, 1)
            en.append(f"{name[0]} is now {new.get(key, 0):+g} (was {old.get(key, 0):+g})")
            zh.append(f"{name[1]}现在是 {new.get(key, 0):+g}(原 {old.get(key, 0):+g})")
    what = target_of(op, before)
    return f"{cap(what[0])}: {', '.join(en)}.", f"{what[1]}:{'、'.join(zh)}。"


def _effect(op: v.Effect, before: Draft, after: Draft) -> Said:
    what = target_of(op, before)
    if op.name.strip().lower() == "none":
        return f"{cap(what[0])} has no effects any more.", f"已移除{what[1]}的效果。"
    effects = [e for s in after.segments for e in s.get("effects", ()) if isinstance(e, dict)]
    new = next((e for e in effects if str(e.get("name")) == op.name.strip().lower().replace(" ", "_")), {})
    part = within(op.range)
    strength = f"{float(new.get('amount', 0.5)):.0%}"
    name = value(op.name)
    return (
        f"{cap(what[0])}{part[0]} now has {name[0]} ({strength}).",
        f"{what[1]}{part[1]}添加了{name[1]}效果({strength})。",
    )


def _ken_burns(op: v.KenBurns, before: Draft, after: Draft) -> Said:
    what = target_of(op, before)
    moves = [p.segment.get("move") for p in shots(after)]
    if op.direction == "none":
        return f"{cap(what[0])} no longer moves.", f"{what[1]}的镜头不再移动。"
    ways = list(dict.fromkeys(m["direction"] for m in moves if isinstance(m, dict)))
    said = op.direction or ", ".join(ways)
    names = value(said) if op.direction else (said, "、".join(value(w)[1] for w in ways))
    return f"{cap(what[0])} now moves slowly: {names[0]}.", f"{what[1]}现在缓慢移动:{names[1]}。"


def _transition(op: v.Transition, before: Draft, after: Draft) -> Said:
    old, new = shots(before), shots(after)
    changed = [
        b.segment for a, b in zip(old, new, strict=False)
        if a.segment.get("transition") != b.segment.get("transition")
    ]  # fmt: skip
    name = value(op.type)
    if not changed:
        return f"The transitions are {name[0]} already.", f"转场已经是{name[1]}。"
    cuts = ("1 cut is", "1 个剪辑点") if len(changed) == 1 else (f"{len(changed)} cuts are", f"{len(changed)} 个剪辑点")
    if op.type == "cut":
        return f"{cuts[0]} now without a transition.", f"{cuts[1]}现在没有转场。"
    lengths = sorted({(s.get("transition") or {}).get("ms", 0) for s in changed})
    long = clock(lengths[0]) if len(lengths) == 1 else f"{clock(lengths[0])}-{clock(lengths[-1])}"
    asked = None if op.duration_s is None else round(op.duration_s * 1000)
    most = (", the longest that fits", ",已是最长") if asked is not None and lengths[-1] < asked else ("", "")
    return f"{cuts[0]} now with {name[0]}, {long} s{most[0]}.", f"{cuts[1]}现在使用{name[1]},{long} 秒{most[1]}。"


def _fade_video(op: v.FadeVideo, before: Draft, _: Draft) -> Said:
    return fades(target_of(op, before), op.in_s, op.out_s)


def _logo(_: v.AddLogo | v.Overlay, before: Draft, after: Draft) -> Said:
    main = main_index(after)
    new = next(
        (
            p for t, track in enumerate(after.tracks) if t != main and track.kind == "video"
            for p in track.placed if before.find(p.segment.id) != p.segment
        ),
        None,
    )  # fmt: skip
    if new is None:
        return "It is there already.", "已经在画面上。"
    where, name = value(new.segment.get("position")), quoted(new.segment.name)
    at, size = (
        f"{clock(new.start)}-{clock(new.end)}",
        f"{float(new.segment.get('size', picture_size(new.segment.role))):.0%}",
    )
    return (
        f"{name[0]} is now at the {where[0]} ({at} s, {size} of the height).",
        f"{name[1]}现在位于{where[1]}({at} 秒,高度的 {size})。",
    )


SENTENCES: Final[Table] = {
    v.Look: _look,
    v.Adjust: _adjust,
    v.Effect: _effect,
    v.KenBurns: _ken_burns,
    v.Transition: _transition,
    v.FadeVideo: _fade_video,
    v.AddLogo: _logo,
    v.Overlay: _logo,
}
