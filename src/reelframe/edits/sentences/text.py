"""What was done to texts, and to what lies over the picture, in sentences."""

from __future__ import annotations

from typing import Any, Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits import vocabulary as v
from reelframe.edits.families.ahead import KEY, waits
from reelframe.edits.names import text_size
from reelframe.edits.phrases import SHOWN, Said, Table, cap, found_in, is_now, pair_of, quoted, target_of, to_now
from reelframe.edits.timeline import canvas
from reelframe.edits.words import noun, value

__all__ = ["SENTENCES"]


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
    how = _chosen(op, new.segment)
    return (
        f"{', '.join([f'Added the {what[0]} {words[0]} at {at} s', *(one for one, _ in how)])}.",
        f"已添加{what[1]}{words[1]}({','.join([f'{at} 秒', *(one for _, one in how)])})。",
    )


def _chosen(op: v.AddText, text: Segment) -> list[Said]:
    """How a new text looks, as far as that was asked for."""
    said = [value(text.get("position"))] if op.position is not None else []
    style = text.get("style") or {}
    for key in _STYLES:
        if getattr(op, key) is not None and key in style:
            name, shown = noun(key, 1), _shown(key, style[key])
            said.append(name if style[key] is True else (f"{name[0]} {shown[0]}", f"{name[1]} {shown[1]}"))
    return said


def _shown(key: str, said: object) -> Said:
    """A value of a style; sizes are shares of the frame's height."""
    if key == "size" and isinstance(said, (int, float)):
        share = f"{said:.1%}".replace(".0%", "%")
        return share, share
    return value(said)


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
    what = target_of(op, before)
    pairs = pair_of(before, after, op.target)
    told: list[tuple[Said, Said | None, Said]] = []
    for key in _STYLES:
        if getattr(op, key) is None or not pairs:
            continue
        old, new = ((s.get("style") or {}).get(key) if s.text is not None else s.get(key) for s in pairs[0])
        if key == "size" and old is None and pairs[0][0].text is not None:
            old = text_size(pairs[0][0].role, canvas(before))
        told.append((noun(key, 1), None if old is None else _shown(key, old), _shown(key, new)))
    # What is as it was asked to be already is told only where nothing else is.
    differ = [one for one in told if one[1] != one[2]] or told
    en, zh = zip(*(to_now(*one) for one in differ), strict=True) if differ else ((), ())
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


SENTENCES: Final[Table] = {
    v.AddText: _new_text,
    v.SetText: _set_text,
    v.StyleText: _style_text,
    v.Move: _move,
    v.SetTiming: _set_timing,
    v.Animate: _animate,
    v.AddSubtitles: _add_subtitles,
}
