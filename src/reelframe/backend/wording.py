"""The words of the answers, in English and Chinese: tables and nothing else."""

from __future__ import annotations

from typing import Final

__all__ = ["FIELDS", "KINDS", "PHRASES", "REASONS", "VALUES"]

Both = dict[str, str]


def _both(en: str, zh: str) -> Both:
    return {"en": en, "zh": zh}


PHRASES: Final[dict[str, Both]] = {
    "canvas": _both("the frame is now {after} (was {before})", "画面现在是 {after}，原为 {before}"),
    "composed": _both("Made a video of {what}: {seconds} s, {canvas}.", "已用{what}制作视频：{seconds} 秒，{canvas}。"),
    "rate": _both("the video now runs at {after} frames a second (was {before})",
                  "视频现在是每秒 {after} 帧（原为 {before} 帧）"),
    "emptied": _both("The timeline is empty now.", "时间线现在是空的。"),
    "retimed": _both("{count} {what}(s) now have other times", "{count} 个{what}的时间已调整"),
    "added": _both("added {count} {what}(s): {names}", "添加了 {count} 个{what}：{names}"),
    "removed": _both("removed {count} {what}(s): {names}", "删除了 {count} 个{what}：{names}"),
    "assumed": _both("I assumed:\n{what}", "我的假设：\n{what}"),
    "text_look": _both(
        "The words are in the {look} look: white, or dark where the picture behind them is light, with a soft shadow "
        "or ground only where they could not be read without. Name another look ({others}) or a colour any time.",
        "文字用{look}风格：白色，画面较亮时用深色；只有看不清时才加柔和的阴影或底色。可以随时换风格（{others}）或颜色。",
    ),
    "refused": _both("I can't do this here: {what}. {why}", "这里做不到：{what}。{why}"),
    "undone": _both("Undid {what}.", "已撤销{what}。"),
    "redone": _both("Redid {what}.", "已重做{what}。"),
    "steps": _both("{count} step(s), from {first} to {last}", " {count} 步，从{first}到{last}"),
    "by_hand": _both("a change that was made by hand", "一次手动修改"),
    "nothing_to_undo": _both("There is nothing to undo.", "没有可以撤销的操作。"),
    "nothing_to_redo": _both("There is nothing to redo.", "没有可以重做的操作。"),
    "unchanged": _both("Nothing had to change: the timeline is already so. {summary}",
                       "无需改动，现在已经是这样了。{summary}"),
    "not_understood": _both("I did not understand that, so nothing was changed. {help}",
                            "没有理解您的意思，所以没有改动。{help}"),
    "failed": _both("That can't be done with this timeline: {why} Nothing was changed.",
                    "这条时间线上做不到：{why}没有做任何改动。"),
    "cancelled": _both("Cancelled: nothing was changed.", "已取消，没有做任何改动。"),
    "busy": _both("The timeline kept changing meanwhile, so nothing was done. Please say it again.",
                  "处理期间时间线一直在变化，没有做任何改动，请再说一次。"),
    "status": _both("{summary}. {canvas}, {fps} fps; {media} file(s) uploaded, {undo} step(s) can be undone.",
                    "{summary}。画面 {canvas}，每秒 {fps} 帧；已上传 {media} 个文件，可撤销 {undo} 步。"),
    "credits": _both("Credits: {available} available, {frozen} held, {total} in all.",
                     "积分：可用 {available}，冻结 {frozen}，共 {total}。"),
    "credits_free": _both(" Work on this machine costs none.", "在本机处理不消耗积分。"),
    "upload": _both("Hand over photos, clips, music or a logo with an upload; then say what to make of them.",
                    "请先上传照片、视频、音乐或标志，然后告诉我要做什么。"),
    "no_format": _both("{name} files can't be written here ({known} can), so that was left out.",
                       "这里不能输出 {name} 格式（可以输出 {known}），此项已略过。"),
    "no_sound_format": _both("Sound is written as MP3 or WAV here, not as {name}: it will be an MP3.",
                             "这里的声音只能输出 MP3 或 WAV，不能输出 {name}，将输出 MP3。"),
    "subtitle_problems": _both("In {name}, {count} line(s) could not be used: {lines}.",
                               "{name} 中有 {count} 处无法使用：{lines}。"),
    "subtitle_encoding": _both("{name} is not Unicode; it was read as {encoding}.",
                               "{name} 不是 Unicode 编码，已按 {encoding} 读取。"),
    "applied": _both("Applied.", "已应用。"),
}  # fmt: skip

KINDS: Final[dict[str, Both]] = {
    "video": _both("clip", "片段"),
    "audio": _both("sound", "音频"),
    "text": _both("text", "文字"),
    "other": _both("segment", "片段"),
    "track": _both("track", "轨道"),
    "timeline": _both("the video", "视频"),
}

FIELDS: Final[dict[str, Both]] = {
    "adjust": _both("adjustment", "调整"),
    "align": _both("alignment", "对齐"),
    "amount": _both("amount", "强度"),
    "amount_db": _both("by dB", "分贝"),
    "anim_in": _both("entrance", "入场动画"),
    "anim_out": _both("exit", "出场动画"),
    "background": _both("background", "背景"),
    "bold": _both("bold", "加粗"),
    "box": _both("box", "底框"),
    "brightness": _both("brightness", "亮度"),
    "case": _both("case", "大小写"),
    "color": _both("colour", "颜色"),
    "contrast": _both("contrast", "对比度"),
    "crop": _both("crop", "裁剪"),
    "direction": _both("direction", "方向"),
    "duck": _both("ducking", "闪避"),
    "dx": _both("shift to the right", "右移"),
    "dy": _both("shift down", "下移"),
    "effects": _both("effects", "特效"),
    "fade_color": _both("fade colour", "淡入淡出颜色"),
    "fade_in": _both("fade-in", "淡入"),
    "fade_out": _both("fade-out", "淡出"),
    "fit": _both("fit", "适配方式"),
    "flip": _both("flip", "翻转"),
    "font": _both("font", "字体"),
    "fps": _both("frames per second", "帧率"),
    "freeze": _both("freeze", "定格"),
    "italic": _both("italic", "斜体"),
    "look": _both("look", "风格"),
    "loop": _both("loop", "循环"),
    "lufs": _both("loudness (LUFS)", "响度（LUFS）"),
    "mood": _both("mood", "风格"),
    "move": _both("motion", "运镜"),
    "ms": _both("for", "时长"),
    "opacity": _both("opacity", "不透明度"),
    "outline": _both("outline", "描边"),
    "position": _both("position", "位置"),
    "reverse": _both("reversed", "倒放"),
    "rotate": _both("rotation (degrees)", "旋转（度）"),
    "saturation": _both("saturation", "饱和度"),
    "shadow": _both("shadow", "阴影"),
    "sharpness": _both("sharpness", "锐度"),
    "size": _both("size", "大小"),
    "speed": _both("speed", "速度"),
    "style": _both("", ""),
    "temperature": _both("warmth", "色温"),
    "transition": _both("transition", "转场"),
    "type": _both("", ""),
    "zoom": _both("zoom", "缩放"),
}

VALUES: Final[dict[str, Both]] = {
    "none": _both("none", "无"),
    "default": _both("default", "默认"),
    "on": _both("on", "开"),
    "off": _both("off", "关"),
    "top_left": _both("top left", "左上"),
    "top": _both("top", "顶部"),
    "top_right": _both("top right", "右上"),
    "left": _both("left", "左侧"),
    "center": _both("center", "居中"),
    "right": _both("right", "右侧"),
    "bottom_left": _both("bottom left", "左下"),
    "bottom": _both("bottom", "底部"),
    "bottom_right": _both("bottom right", "右下"),
    "crossfade": _both("crossfade", "交叉溶解"),
    "cut": _both("cut", "硬切"),
    "fill": _both("fill", "填满"),
    "blur": _both("blur", "模糊"),
    "fade": _both("fade", "淡化"),
}

REASONS: Final[dict[str, Both]] = {
    "generate_video": _both("Nothing here makes footage that was not shot.", "这里不能凭空生成视频画面。"),
    "generate_image": _both("Nothing here makes pictures that do not exist.", "这里不能凭空生成图片。"),
    "avatar": _both("There are no talking avatars here.", "这里没有数字人。"),
    "voiceover": _both("There is no speech synthesis here.", "这里没有语音合成。"),
    "transcription": _both("Speech can't be turned into text here.", "这里不能把语音转成文字。"),
    "translation": _both("There is no translation here.", "这里没有翻译功能。"),
    "background_removal": _both("Backgrounds can't be removed here.", "这里不能抠除背景。"),
    "object_removal": _both("Things can't be removed from pictures here.", "这里不能从画面中移除物体。"),
    "restoration": _both("Pictures can't be restored or enlarged beyond what they hold.", "这里不能修复或超分画面。"),
    "content_understanding": _both("What a picture shows is not understood here.", "这里不能理解画面内容。"),
    "out_of_scope": _both("It is not something that I know how to do.", "这不是我会做的事。"),
}
