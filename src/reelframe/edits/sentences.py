"""What each operation did, as a sentence in English and in Chinese, told from the timelines before and after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits import vocabulary as v
from reelframe.edits.families.ahead import KEY, waits
from reelframe.edits.families.audio import volume_of
from reelframe.edits.names import text_size
from reelframe.edits.phrases import (
    SHOWN,
    Said,
    both,
    cap,
    found_in,
    is_now,
    named,
    pair_of,
    quoted,
    secs,
    target_of,
    was_total,
)
from reelframe.edits.targets import candidates, main_index
from reelframe.edits.timeline import canvas, shots, total_ms
from reelframe.edits.words import noun, value

__all__ = ["SENTENCES"]


def _compose(op: v.Compose, __: Draft, after: Draft) -> Said:
    every = shots(after)
    width, height = canvas(after)
    count, total = len(every), secs(total_ms(after))
    if op.lines:
        return (
            f"Made a video of {noun('text', count)[0]} on a moving background: {total[0]}, {width}x{height}.",
            f"已用 {count} 段文字和动态背景制作视频:{total[1]},{width}x{height}。",
        )
    return (
        f"Made a video of {noun('clip', count)[0]}: {total[0]}, {width}x{height}.",
        f"已用 {count} 个片段制作视频:{total[1]},{width}x{height}。",
    )


def _length(_: Any, before: Draft, after: Draft) -> Said:  # noqa: ANN401 -- several operations
    said = was_total(before, after)
    return f"{cap(said[0])}.", f"{said[1]}。"


def _set_aspect(op: v.SetAspect, before: Draft, after: Draft) -> Said:
    old, new = ("x".join(map(str, canvas(d))) for d in (before, after))
    return (
        f"The frame is now {op.aspect}, {new} (was {old}).",
        f"画面比例现在是 {op.aspect},{new}(原 {old})。",
    )


def _set_output(op: v.SetOutput, before: Draft, after: Draft) -> Said:
    en, zh = [], []
    if op.height is not None:
        old, new = ("x".join(map(str, canvas(d))) for d in (before, after))
        en.append(f"size is now {new} (was {old})")
        zh.append(f"尺寸现在是 {new}(原 {old})")
    if op.fps is not None:
        en.append(f"{after.get('fps')} frames per second (was {before.get('fps', 30)})")
        zh.append(f"每秒 {after.get('fps')} 帧(原 {before.get('fps', 30)})")
    if op.format is not None:
        en.append(f"format {op.format}")
        zh.append(f"格式 {op.format}")
    if op.max_bytes is not None:
        en.append(f"at most {op.max_bytes / 1e6:.1f} MB")
        zh.append(f"不超过 {op.max_bytes / 1e6:.1f} MB")
    return f"The output: {', '.join(en)}.", f"输出:{'、'.join(zh)}。"


def _set_background(_: v.SetBackground, before: Draft, after: Draft) -> Said:
    def behind(draft: Draft) -> Said:
        if draft.get("fit") == "blur":
            return "a blurred copy", "模糊画面"
        color = str(draft.get("background", "#000000"))
        return color, color

    return is_now(("the background", "背景"), ("it", "内容"), behind(before), behind(after))


def _intro_outro(op: v.IntroOutro, before: Draft, after: Draft) -> Said:
    where = ("start", "开头") if op.where == "start" else ("end", "结尾")
    card = shots(after)[0 if op.where == "start" else -1]
    shown = op.text or op.media
    words = (" with " + quoted(shown)[0], "卡片" + quoted(shown)[1]) if shown else ("", "空白画面")
    long = secs(card.end - card.start)
    thing = "a card" if shown else "an empty screen"
    first = (
        f"Added {thing} at the {where[0]}{words[0]} ({long[0]})",
        f"已在{where[1]}添加{words[1]}({long[1]})",
    )
    return both(first, was_total(before, after))


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
    part = ("", "") if op.range is None else (
        f" from {op.range[0]:g} to {op.range[1]:g} s", f" {op.range[0]:g}-{op.range[1]:g} 秒"
    )  # fmt: skip
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
        return _length(_, before, after)
    at, long = secs(new.start), secs(new.end - new.start)
    first = (f"The picture at {at[0]} is held for {long[0]}", f"{at[1]}处的画面定格 {long[1]}")
    return both(first, was_total(before, after))


def _field(key: str, name: Said, default: object = None) -> Callable[[Any, Draft, Draft], Said]:
    """What a key of what was meant is now."""

    def said(op: Any, before: Draft, after: Draft) -> Said:  # noqa: ANN401 -- several operations
        pairs = pair_of(before, after, op.target or v.Target(kind="clip"))
        old, new = (pairs[0][n].get(key, default) if pairs else default for n in (0, 1))
        return is_now(target_of(op, before), name, value(old), value(new))

    return said


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


def _new_text(op: v.AddText, before: Draft, after: Draft) -> Said:
    every = [p for t in after.of_kind("text") for p in t.placed if p.segment.text == op.text]
    new = next((p for p in every if before.find(p.segment.id) != p.segment), None)
    what, words = noun(op.role, 1), quoted(op.text or "")
    if new is None:
        return f"{cap(what[0])} is {words[0]} already.", f"{what[1]}已经是{words[1]}。"
    at = f"{clock(new.start)}-{clock(new.end)}"
    old = before.find(new.segment.id)
    if old is not None:
        was = quoted(old.text or "")
        return (
            f"{cap(what[0])} is now {words[0]} at {at} s (was {was[0]}).",
            f"{what[1]}现在是{words[1]}({at} 秒,原{was[1]})。",
        )
    return f"Added the {what[0]} {words[0]} at {at} s.", f"已添加{what[1]}{words[1]}({at} 秒)。"


def _set_text(op: v.SetText, before: Draft, _: Draft) -> Said:
    found = found_in(before, op.target)
    old, new = quoted((found[0].text if found else "") or ""), quoted(op.text)
    what = noun(op.target.kind, 1)
    return f"{cap(what[0])} is now {new[0]} (was {old[0]}).", f"{what[1]}现在是{new[1]}(原{old[1]})。"


def _later(op: Any, after: Draft) -> Said:  # noqa: ANN401 -- three operations
    """There are no subtitles yet; how those that come will look."""
    looks = after.get(KEY, {})
    style = {k: x for k, x in looks.get("style", {}).items() if getattr(op, k, None) is not None}
    said = {**style, **{k: looks.get(k) for k in ("position",) if getattr(op, k, None) is not None}}
    said |= {k: looks[k].get("type") for k in ("anim_in", "anim_out") if getattr(op, k, None) and k in looks}
    parts = [(noun(k, 1)[0] if k in style else k.replace("_", " "), value(x)) for k, x in said.items()]
    en = ", ".join(f"{name} {shown[0]}" for name, shown in parts)
    zh = "、".join(
        f"{noun(k, 1)[1] if k in style else '位置' if k == 'position' else '动画'} {value(x)[1]}"
        for k, x in said.items()
    )
    return f"There are no subtitles yet; those that come will have: {en}.", f"目前还没有字幕;以后的字幕:{zh}。"


_STYLES: Final = (
    "color", "size", "bold", "italic", "font", "case", "outline", "shadow", "box", "align", "opacity", "letter_spacing",
    "outline_color", "box_color", "gradient", "highlight", "box_padding", "box_radius", "look",
)  # fmt: skip


def _style_text(op: v.StyleText, before: Draft, after: Draft) -> Said:
    if waits(before, op):
        return _later(op, after)
    pairs = pair_of(before, after, op.target)
    en, zh = [], []
    for key in _STYLES:
        if getattr(op, key) is None or not pairs:
            continue
        old, new = ((s.get("style") or {}).get(key) if s.text is not None else s.get(key) for s in pairs[0])
        if key == "size":
            usual = text_size(pairs[0][0].role, canvas(before)) if pairs[0][0].text is not None else None
            old, new = (None if x is None else f"{float(x):.1%}".replace(".0%", "%") for x in (old or usual, new))
        name = noun(key, 1)
        was = ("", "") if old is None else (f" (was {value(old)[0]})", f"(原 {value(old)[1]})")
        en.append(f"{name[0]} is now {value(new)[0]}{was[0]}")
        zh.append(f"{name[1]}现在是 {value(new)[1]}{was[1]}")
    what = target_of(op, before)
    return f"{cap(what[0])}: {', '.join(en)}.", f"{what[1]}:{'、'.join(zh)}。"


def _move(op: v.Move, before: Draft, after: Draft) -> Said:
    if waits(before, op):
        return _later(op, after)
    pairs = pair_of(before, after, op.target)

    def place(segment: Segment) -> Said:
        where = value(segment.get("position"), none=("its usual place", "默认位置"))
        dx, dy = segment.get("dx", 0), segment.get("dy", 0)
        return where if not (dx or dy) else (f"{where[0]} ({dx:+g}, {dy:+g})", f"{where[1]}({dx:+g}, {dy:+g})")

    old, new = (place(pairs[0][n]) if pairs else ("", "") for n in (0, 1))
    return is_now(target_of(op, before), ("its place", "位置"), old, new)


def _set_timing(op: v.SetTiming, before: Draft, after: Draft) -> Said:
    def times(draft: Draft, ids: set[str]) -> str:
        spans = [f"{clock(p.start)}-{clock(p.end)}" for t in draft.tracks for p in t.placed if p.segment.id in ids]
        return ", ".join(spans[:SHOWN])

    ids = {s.id for s in found_in(before, op.target)}
    old, new = times(before, ids), times(after, ids)
    return is_now(target_of(op, before), ("its time", "时间"), (f"{old} s", f"{old} 秒"), (f"{new} s", f"{new} 秒"))


def _animate(op: v.Animate, before: Draft, after: Draft) -> Said:
    if waits(before, op):
        return _later(op, after)
    pairs = pair_of(before, after, op.target)
    en, zh = [], []
    for key, fade, name in (
        ("anim_in", "fade_in", ("comes in by", "入场")),
        ("anim_out", "fade_out", ("goes by", "出场")),
    ):
        if getattr(op, key) is None or not pairs:
            continue
        new = pairs[0][1]
        said = new.get(key) or ({"type": "fade", "ms": new.get(fade)} if new.get(fade) else {"type": "none"})
        took = f", {clock(said['ms'])} s" if said.get("ms") else ""
        en.append(f"{name[0]} {value(said['type'])[0]}{took}")
        zh.append(f"{name[1]}:{value(said['type'])[1]}{took.replace(' s', ' 秒')}")
    if not en:
        en, zh = [f"its animation takes {op.duration_s or 0:g} s"], [f"动画时长 {op.duration_s or 0:g} 秒"]
    what = target_of(op, before)
    return f"{cap(what[0])}: {' and '.join(en)}.", f"{what[1]}:{'、'.join(zh)}。"


def _add_subtitles(op: v.AddSubtitles, _: Draft, after: Draft) -> Said:
    asked = {line.text for line in op.lines or ()}
    there = sum(1 for s in after.segments if s.role == "subtitle" and s.text in asked)
    late = len(op.lines or ()) - there
    more = (f" ({late} beyond the end left out)", f"({late} 条超出视频结尾,未添加)") if late > 0 else ("", "")
    return f"Added {there} subtitle{'' if there == 1 else 's'}{more[0]}.", f"已添加 {there} 条字幕{more[1]}。"


def _music(_: Any, before: Draft, after: Draft) -> Said:  # noqa: ANN401 -- two operations
    def plays(draft: Draft) -> Said | None:
        found = candidates(draft, "bgm")
        if not found:
            return None
        segment = found[0].placed.segment
        level = f"{volume_of(segment, sound=True):.0%}"
        return f"{segment.name or 'music'} ({level})", f"{segment.name or '音乐'}({level})"

    old, new = plays(before), plays(after) or ("none", "无")
    was = ("", "") if old is None or old == new else (f" (was {old[0]})", f"(原 {old[1]})")
    if old == new:
        # The same mood and level: the notes are what is new.
        return f"The background music is now another piece of {new[0]}.", f"背景音乐换成了另一段 {new[1]}。"
    return f"The background music is now {new[0]}{was[0]}.", f"背景音乐现在是 {new[1]}{was[1]}。"


def _set_volume(op: v.SetVolume, before: Draft, after: Draft) -> Said:
    pairs = [
        (old, new)
        for old, new in zip(before.segments, after.segments, strict=False)
        if (old.volume, old.get("muted")) != (new.volume, new.get("muted"))
    ]
    sounds = {id(s) for t in before.of_kind("audio") for s in t.segments}

    def level(segment: Segment, *, sound: bool) -> Said:
        if segment.get("muted"):
            return "muted", "静音"
        text = f"{volume_of(segment, sound=sound):.0%}"
        return text, text

    if not pairs:
        text = f"{op.level or 0:.0%}" if op.level is not None else ""
        return f"The volume is {text} already.".replace("  ", " "), f"音量已经是 {text}。"
    sound = id(pairs[0][0]) in sounds
    old, new = (level(pairs[0][n], sound=sound) for n in (0, 1))
    return is_now(target_of(op, before), ("volume", "音量"), old, new)


def _mute(op: v.Mute, before: Draft, _: Draft) -> Said:
    part = ("", "") if op.range is None else (
        f" from {op.range[0]:g} to {op.range[1]:g} s", f" {op.range[0]:g}-{op.range[1]:g} 秒"
    )  # fmt: skip
    what = target_of(op, before)
    return f"{cap(what[0])} is now silent{part[0]}.", f"{what[1]}{part[1]}已静音。"


def _fades(what: Said, in_s: float | None, out_s: float | None) -> Said:
    if in_s is None and out_s is None:
        in_s = out_s = 1.0
    en = [f"{name} {s:g} s" for name, s in (("fades in over", in_s), ("fades out over", out_s)) if s]
    zh = [f"{name} {s:g} 秒" for name, s in (("淡入", in_s), ("淡出", out_s)) if s]
    if not en:
        return f"{cap(what[0])} no longer fades.", f"{what[1]}不再淡入淡出。"
    return f"{cap(what[0])} {' and '.join(en)}.", f"{what[1]}{'、'.join(zh)}。"


def _fade_audio(op: v.FadeAudio, before: Draft, _: Draft) -> Said:
    what = target_of(op, before) if op.target else ("the sound", "声音")
    return _fades(what, op.in_s, op.out_s)


def _duck(_: v.Duck, before: Draft, after: Draft) -> Said:
    db = after.get("duck", {}).get("amount_db", -12)
    old = before.get("duck")
    was = (
        ("", "")
        if not isinstance(old, dict)
        else (f" (was {old.get('amount_db')} dB)", f"(原 {old.get('amount_db')} dB)")
    )
    return (
        f"The music goes down by {abs(db):g} dB under speech{was[0]}.",
        f"有人声时音乐降低 {abs(db):g} dB{was[1]}。",
    )


def _normalize(_: v.Normalize, before: Draft, after: Draft) -> Said:
    old, new = (f"{d.get('lufs', -16.0):g} LUFS" for d in (before, after))
    return is_now(("the sound", "声音"), ("loudness", "响度"), (old, old), (new, new))


def _add_sfx(_: v.AddSfx, before: Draft, after: Draft) -> Said:
    new = next(f.placed for f in candidates(after, "sfx") if not before.find(f.placed.segment.id))
    name, at = quoted(new.segment.name), secs(new.start)
    return f"Added the sound {name[0]} at {at[0]}.", f"已在 {at[1]}处添加音效{name[1]}。"


def _look(op: v.Look, before: Draft, after: Draft) -> Said:
    if op.target is None or (
        op.target.kind in {"all", "video", "clip"} and op.target.index is None and not op.target.name
    ):
        old, new = value(before.get("look")), value(after.get("look"))
        return is_now(("the whole video", "整个视频"), ("look", "风格"), old, new)
    return _field("look", ("look", "风格"))(op, before, after)


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
    part = ("", "") if op.range is None else (
        f" from {op.range[0]:g} to {op.range[1]:g} s", f" {op.range[0]:g}-{op.range[1]:g} 秒"
    )  # fmt: skip
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
    return _fades(target_of(op, before), op.in_s, op.out_s)


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
    at, size = f"{clock(new.start)}-{clock(new.end)}", f"{float(new.segment.get('size', 0.1)):.0%}"
    return (
        f"{name[0]} is now at the {where[0]} ({at} s, {size} of the height).",
        f"{name[1]}现在位于{where[1]}({at} 秒,高度的 {size})。",
    )


SENTENCES: Final[Mapping[type[v.OpBase], Callable[[Any, Draft, Draft], Said]]] = {
    v.Compose: _compose,
    v.SetDuration: _length,
    v.SetAspect: _set_aspect,
    v.SetOutput: _set_output,
    v.SetBackground: _set_background,
    v.IntroOutro: _intro_outro,
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
    v.Zoom: _field("zoom", ("zoom", "缩放"), 1),
    v.Rotate: _field("rotate", ("rotation in degrees", "旋转角度"), 0),
    v.Flip: _field("flip", ("mirroring", "翻转")),
    v.CloseGaps: _close_gaps,
    v.BeatSync: _beat_sync,
    v.AddText: _new_text,
    v.SetText: _set_text,
    v.StyleText: _style_text,
    v.Move: _move,
    v.SetTiming: _set_timing,
    v.Animate: _animate,
    v.AddSubtitles: _add_subtitles,
    v.AddMusic: _music,
    v.ChangeMusic: _music,
    v.SetVolume: _set_volume,
    v.Mute: _mute,
    v.FadeAudio: _fade_audio,
    v.Duck: _duck,
    v.Normalize: _normalize,
    v.AddSfx: _add_sfx,
    v.Look: _look,
    v.Adjust: _adjust,
    v.Effect: _effect,
    v.KenBurns: _ken_burns,
    v.Transition: _transition,
    v.FadeVideo: _fade_video,
    v.Pace: _length,
    v.AddLogo: _logo,
    v.Overlay: _logo,
}
