"""What was done to shots, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reelframe.draft import Draft
from reelframe.edits import vocabulary as v
from reelframe.edits.phrases import (
    Said,
    Table,
    both,
    cap,
    field,
    found_in,
    length,
    named,
    pair_of,
    secs,
    target_of,
    was_total,
    within,
)
from reelframe.edits.timeline import shots, total_ms
from reelframe.edits.words import noun

__all__ = ["SENTENCES"]


def _trim(op: v.Trim, before: Draft, after: Draft) -> Said:
    parts = [(op.start_s, "beginning", "开头"), (op.end_s, "end", "结尾")]
    en = " and ".join(f"{s:g} s off the {name}" for s, name, _ in parts if s)
    zh = "、".join(f"{name} {s:g} 秒" for s, _, name in parts if s)
    what = target_of(op, before)
    return both((f"Took {en} of {what[0]}", f"已去掉{what[1]}的{zh}"), was_total(before, after))


def _cut_range(op: v.CutRange, before: Draft, after: Draft) -> Said:
    a, b = op.range or op.keep_range or (0, 0)
    if op.range is None:
        first = (f"Kept {a:g}-{b:g} s", f"只保留 {a:g}-{b:g} 秒")
    else:
        first = (f"Took out {a:g}-{b:g} s", f"已剪掉 {a:g}-{b:g} 秒")
    return both(first, was_total(before, after))


def _shot_count(verb: Said) -> Callable[[Any, Draft, Draft], Said]:
    def said(_: Any, before: Draft, after: Draft) -> Said:  # noqa: ANN401 -- several operations
        old, new = len(shots(before)), len(shots(after))
        first = (
            f"{verb[0]}: {noun('clip', new)[0]} now ({old} before)",
            f"{verb[1]}:现在有 {new} 个片段(原 {old} 个)",
        )
        return both(first, was_total(before, after))

    return said


def _inserted(op: v.InsertMedia, before: Draft, after: Draft) -> Said:
    old = {p.segment.id for p in shots(before)}
    found = [(n, p) for n, p in enumerate(shots(after), 1) if p.segment.id not in old and p.segment.name in op.media]
    what = named([p.segment for _, p in found], "clip")
    place = found[0][0] if found else len(shots(after))
    first = (f"Put {what[0]} in at place {place}", f"已在第 {place} 个位置插入{what[1]}")
    return both(first, was_total(before, after))


def _replaced(op: v.ReplaceMedia, before: Draft, after: Draft) -> Said:
    pairs = pair_of(before, after, op.target)
    old = named([a for a, _ in pairs], op.target.kind)
    new = named([pairs[0][1]] if pairs else [], op.target.kind)
    return f"{cap(old[0])} is now {new[0]}; nothing else changed.", f"{old[1]}已换成{new[1]},其余不变。"


def _remove(op: v.Remove, before: Draft, after: Draft) -> Said:
    if op.target.kind == "transition":
        count = len(found_in(before, op.target))
        return f"Removed {noun('transition', count)[0]}.", f"已移除{noun('transition', count)[1]}。"
    found = found_in(before, op.target)
    what = named(found, op.target.kind)
    first = (f"Removed {what[0]}", f"已移除{what[1]}")
    if total_ms(before) != total_ms(after):
        return both(first, was_total(before, after))
    return f"{first[0]}.", f"{first[1]}。"


def _reorder(_: v.Reorder, __: Draft, after: Draft) -> Said:
    names = [p.segment.name or "?" for p in shots(after)]
    more = len(names) - 12
    listed = names[:12]
    en = ", ".join(listed) + (f" and {more} more" if more > 0 else "")
    zh = "、".join(listed) + (f" 等 {len(names)} 个" if more > 0 else "")
    return f"The order is now {en}.", f"顺序现在是:{zh}。"


def _segment_duration(op: v.SetSegmentDuration, before: Draft, after: Draft) -> Said:
    pairs = pair_of(before, after, op.target)
    old = pairs[0][0].duration_ms if pairs else 0
    what, new = target_of(op, before), secs(op.duration_s * 1000)
    first = (
        f"{cap(what[0])} now lasts {new[0]} (was {secs(old)[0]})",
        f"{what[1]}现在持续 {new[1]}(原 {secs(old)[1]})",
    )
    return both(first, was_total(before, after))


def _speed(op: v.Speed, before: Draft, after: Draft) -> Said:
    target = op.target or v.Target(kind="clip")
    pairs = pair_of(before, after, target)
    old, new = (float(pairs[0][n].get("speed", 1)) if pairs else 1.0 for n in (0, 1))
    if op.range is not None:
        new = next((float(s.get("speed", 1)) for s in after.segments if s.get("speed", 1) != old), new)
    what = target_of(op, before)
    part = within(op.range)
    first = (
        f"{cap(what[0])}{part[0]} now plays at {new:g}x (was {old:g}x)",
        f"{what[1]}{part[1]}现在以 {new:g} 倍速播放(原 {old:g} 倍)",
    )
    return both(first, was_total(before, after))


def _reverse(op: v.Reverse, before: Draft, after: Draft) -> Said:
    pairs = pair_of(before, after, op.target or v.Target(kind="clip"))
    back = any(new.get("reverse") for _, new in pairs)
    what = target_of(op, before)
    way = ("backwards", "倒放") if back else ("forwards again", "恢复正放")
    return f"{cap(what[0])} now plays {way[0]}.", f"{what[1]}现在{way[1]}。"


def _loop(op: v.Loop, before: Draft, after: Draft) -> Said:
    what = target_of(op, before)
    return both((f"{cap(what[0])} now loops", f"{what[1]}现在循环播放"), was_total(before, after))


def _freeze(_: v.Freeze, before: Draft, after: Draft) -> Said:
    new = next((p for p in shots(after) if p.segment.get("freeze") and not before.find(p.segment.id)), None)
    if new is None:
        return length(_, before, after)
    at, long = secs(new.start), secs(new.end - new.start)
    first = (f"The picture at {at[0]} is held for {long[0]}", f"{at[1]}处的画面定格 {long[1]}")
    return both(first, was_total(before, after))


def _crop(op: v.Crop, before: Draft, _: Draft) -> Said:
    what = target_of(op, before)
    return f"{cap(what[0])} is now cropped to {op.aspect}.", f"{what[1]}现在裁剪为 {op.aspect}。"


def _close_gaps(_: v.CloseGaps, before: Draft, after: Draft) -> Said:
    if before == after:
        return "There were no gaps to close.", "片段之间没有空隙。"
    return both(("The shots follow one another without gaps", "已消除片段之间的空隙"), was_total(before, after))


def _beat_sync(_: v.BeatSync, __: Draft, after: Draft) -> Said:
    cuts = max(0, len(shots(after)) - 1)
    return f"{cuts} cuts are now on the music's beats.", f"{cuts} 个剪辑点现在卡在音乐节拍上。"


SENTENCES: Final[Table] = {
    v.Trim: _trim,
    v.CutRange: _cut_range,
    v.Split: _shot_count(("Split", "已分割")),
    v.Remove: _remove,
    v.Reorder: _reorder,
    v.Duplicate: _shot_count(("Duplicated", "已复制")),
    v.InsertMedia: _inserted,
    v.ReplaceMedia: _replaced,
    v.Merge: _shot_count(("Merged", "已合并")),
    v.SetSegmentDuration: _segment_duration,
    v.Speed: _speed,
    v.Reverse: _reverse,
    v.Loop: _loop,
    v.Freeze: _freeze,
    v.Crop: _crop,
    v.Zoom: field("zoom", ("zoom", "缩放"), 1),
    v.Rotate: field("rotate", ("rotation in degrees", "旋转角度"), 0),
    v.Flip: field("flip", ("mirroring", "翻转")),
    v.CloseGaps: _close_gaps,
    v.BeatSync: _beat_sync,
}
