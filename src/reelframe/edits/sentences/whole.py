"""What was done to the whole video, in sentences."""

from __future__ import annotations

from typing import Final

from reelframe.draft import Draft
from reelframe.edits import vocabulary as v
from reelframe.edits.phrases import Said, Table, both, is_now, length, quoted, secs, was_total
from reelframe.edits.timeline import canvas, shots, total_ms
from reelframe.edits.words import noun

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


SENTENCES: Final[Table] = {
    v.Compose: _compose,
    v.SetDuration: length,
    v.SetAspect: _set_aspect,
    v.SetOutput: _set_output,
    v.SetBackground: _set_background,
    v.IntroOutro: _intro_outro,
    v.Pace: length,
}
