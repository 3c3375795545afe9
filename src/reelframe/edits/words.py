"""Nouns and values in English and Chinese, for the sentences that say what was done."""

from __future__ import annotations

from typing import Final

__all__ = ["noun", "value"]

# singular, plural, Chinese, Chinese measure word
_NOUNS: Final[dict[str, tuple[str, str, str, str]]] = {
    "clip": ("clip", "clips", "片段", "个"),
    "video": ("picture", "pictures", "画面", "个"),
    "title": ("title", "titles", "标题", "个"),
    "caption": ("caption", "captions", "说明文字", "条"),
    "lower_third": ("lower third", "lower thirds", "人名条", "条"),
    "credits": ("credits", "credits", "片尾字幕", "条"),
    "cta": ("call to action", "calls to action", "行动号召", "条"),
    "text": ("text", "texts", "文字", "条"),
    "subtitle": ("subtitle", "subtitles", "字幕", "条"),
    "logo": ("logo", "logos", "标志", "个"),
    "bgm": ("background music", "pieces of background music", "背景音乐", "段"),
    "voice": ("voice", "voices", "人声", "段"),
    "sfx": ("sound effect", "sound effects", "音效", "个"),
    "audio": ("sound", "sounds", "声音", "段"),
    "transition": ("transition", "transitions", "转场", "个"),
    "cut": ("cut", "cuts", "剪辑点", "个"),
    "all": ("segment", "segments", "内容", "项"),
    "selection": ("segment", "segments", "选中内容", "项"),
    "color": ("color", "colors", "颜色", ""),
    "size": ("size", "sizes", "大小", ""),
    "bold": ("bold", "bold", "粗体", ""),
    "italic": ("italic", "italic", "斜体", ""),
    "font": ("font", "fonts", "字体", ""),
    "case": ("case", "cases", "大小写", ""),
    "letter_spacing": ("letter spacing", "letter spacings", "字距", ""),
    "outline_color": ("outline colour", "outline colours", "描边颜色", ""),
    "box_color": ("box colour", "box colours", "底色", ""),
    "look": ("look", "looks", "风格", ""),
    "gradient": ("gradient", "gradients", "渐变", ""),
    "highlight": ("highlight", "highlights", "高亮颜色", ""),
    "box_padding": ("padding", "paddings", "留白", ""),
    "box_radius": ("corner radius", "corner radii", "圆角", ""),
    "outline": ("outline", "outlines", "描边", ""),
    "shadow": ("shadow", "shadows", "阴影", ""),
    "box": ("box", "boxes", "底框", ""),
    "align": ("alignment", "alignments", "对齐", ""),
    "opacity": ("opacity", "opacities", "不透明度", ""),
    "brightness": ("brightness", "", "亮度", ""),
    "contrast": ("contrast", "", "对比度", ""),
    "saturation": ("saturation", "", "饱和度", ""),
    "temperature": ("temperature", "", "色温", ""),
    "sharpness": ("sharpness", "", "锐度", ""),
}
_CHINESE: Final[dict[str, str]] = {
    "top_left": "左上角", "top": "顶部", "top_right": "右上角", "left": "左侧", "center": "中央", "right": "右侧",
    "bottom_left": "左下角", "bottom": "底部", "bottom_right": "右下角",
    "in": "推近", "out": "拉远", "up": "向上", "down": "向下",
    "crossfade": "叠化", "fade_black": "黑场过渡", "fade_white": "白场过渡", "wipe": "擦除", "slide": "滑动",
    "push": "推移", "zoom": "缩放", "whip": "甩镜", "flash": "闪白", "blur": "模糊", "circle": "圆形",
    "fade": "淡入淡出", "pop": "弹出", "typewriter": "打字机", "line_by_line": "逐行出现", "none": "无",
    "scale": "缩放",
    "warm": "暖色", "cool": "冷色", "cinematic": "电影感", "vibrant": "鲜艳", "vintage": "复古", "bw": "黑白",
    "sepia": "棕褐", "teal_orange": "青橙", "vignette": "暗角", "grain": "颗粒", "pixelate": "像素化", "glow": "辉光",
    "h": "水平", "v": "垂直", "hv": "水平和垂直",
}  # fmt: skip
_ENGLISH: Final[dict[str, str]] = {
    "h": "horizontal", "v": "vertical", "hv": "horizontal and vertical", "bw": "black and white",
}  # fmt: skip


def noun(kind: str, count: int) -> tuple[str, str]:
    """A thing by its kind: "title", "3 clips"; 「标题」, "3 个片段"."""
    one, many, chinese, measure = _NOUNS.get(kind, (kind.replace("_", " "), kind + "s", kind, "个"))
    if count == 1:
        return one, chinese
    return f"{count} {many}", f"{count} {measure}{chinese}"


def value(said: object, none: tuple[str, str] = ("none", "无")) -> tuple[str, str]:  # noqa: PLR0911 -- one for each kind
    """A value of the timeline as a person says it."""
    match said:
        case None:
            return none
        case bool():
            return ("on", "开") if said else ("off", "关")
        case float():
            return f"{said:g}", f"{said:g}"
        case str():
            return _ENGLISH.get(said, said.replace("_", " ")), _CHINESE.get(said, said)
        case list() | tuple():
            return " → ".join(value(one)[0] for one in said), " → ".join(value(one)[1] for one in said)
        case dict():
            parts = [f"{key} {value(one)[0]}" for key, one in said.items()]
            return ", ".join(parts), ", ".join(parts)
        case _:
            return str(said), str(said)
