"""What is chosen when the request leaves it open; whoever chooses says so."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from reelframe.planner.state import State

__all__ = ["MOODS_EN", "is_telling", "mood_for", "readable", "title_for"]

MOODS_EN: Final = "upbeat"
# Names that cameras, phones and messengers give, and names for any file at all: they say nothing about what is shown.
_GIVEN: Final = frozenset({
    "img", "dsc", "dscn", "dscf", "mg", "pxl", "vid", "mvi", "gopr", "gp", "gx", "gh", "dji", "screen", "shot",
    "screenshot", "screenshots", "recording", "screencast", "image", "images", "photo", "photos", "pic",
    "pics", "picture", "pictures", "clip", "clips", "video", "videos", "movie", "file", "untitled", "unnamed",
    "download", "downloads", "scan", "capture", "snapshot", "frame", "wechat", "wechatimg", "wx", "camera",
    "mmexport", "whatsapp", "signal", "telegram", "received", "fb", "wa", "at", "am", "pm", "new", "copy",
    "final", "export", "微信图片", "微信截图", "微信视频", "截图", "截屏", "屏幕截图", "屏幕快照", "照片",
    "图片", "视频", "未命名", "新建", "下载", "副本", "拍照",
})  # fmt: skip
_GENERIC: Final = frozenset({
    "project", "projects", "untitled", "out", "output", "video", "videos", "test", "demo", "session", "new",
    "draft", "default", "tmp", "temp", "result", "final", "export", "movie", "film", "项目", "我的项目",
    "我的视频", "视频", "未命名", "测试", "输出", "成片", "my project", "my video", "new project",
    "untitled project",
})  # fmt: skip
_HEAD: Final = re.compile(r"^[\s_\-.()#]*\d+[\s_\-.()]+")
_TAIL: Final = re.compile(r"[\s_\-.()]*\d+[\s_\-.()]*$")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SHORTEST: Final = 3
_LONGEST: Final = 40


def title_for(s: State) -> tuple[str, str]:
    """A title for a video whose words were not given, and where it is from.

    Returns:
        The title, and "request" (a name in the request), "file" (the only file's name), "files" (what all their
        names share), "project", or "neutral" when none of them says anything.
    """
    if s.subject:
        return s.subject, "request"
    for name in (s.context.project.strip(), str(s.view.draft.get("project", "")).strip()):
        if is_telling(name):
            return readable(name), "project"
    stems = [_said(m.stem) for m in s.view.library.shots if m not in s.view.logo_files]
    if len(stems) == 1 and stems[0]:
        return readable(stems[0]), "file"
    shared = _shared(stems)
    if shared:
        return readable(shared), "files"
    return ("我的视频" if s.language == "zh" else "My video"), "neutral"


def is_telling(name: str) -> bool:
    """Whether a project's name says what it is about: "project" and a device's numbers do not."""
    return bool(_said(name)) and name.casefold() not in _GENERIC


def _said(stem: str) -> str:
    """What a file's name says without its numbers; "" for a name that a device or a habit gave."""
    words = re.sub(r"[_\-.]+", " ", stem).strip()
    telling = [w for w in _LETTERS.findall(words.casefold()) if w not in _GIVEN and (len(w) > 1 or not w.isascii())]
    if not telling or all(w.isascii() and len(w) < _SHORTEST for w in telling):
        return ""
    if re.fullmatch(r"(?=.*\d)[0-9a-f-]{8,}", stem, re.IGNORECASE):
        return ""
    return _TAIL.sub("", _HEAD.sub("", words)) or words


def _shared(stems: list[str]) -> str:
    """The beginning that all names have in common, by whole words; "" when it is no word."""
    if len(stems) < 2 or not all(stems):  # nothing to share
        return ""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*(stem.casefold() for stem in stems), strict=False))
    size = sum(1 for _ in alike)
    text = stems[0][:size]
    cut = any(len(stem) > size and stem[size].isalnum() and stem.isascii() for stem in stems)
    if cut and text[-1:].isalnum():
        text = text.rpartition(" ")[0]
    text = text.strip()
    least = _SHORTEST if text.isascii() else 2
    return text if sum(c.isalpha() for c in text) >= least else ""


def readable(name: str) -> str:
    """A file's or a project's name as words to show: no underscores or hyphens, a capital, not too long."""
    words = re.sub(r"[_\-.]+", " ", name).strip() or name
    # "1-stoneware-mug": what put the files into their order is not to be read.
    words = re.sub(r"^\d{1,3} (?=[^\W\d])", "", words)
    words = words[:_LONGEST].strip()
    return words if any(c.isupper() for c in words) else words[:1].upper() + words[1:]


def mood_for(s: State) -> str:
    """The music's mood from the request's own words about style, else upbeat."""
    return {"cinematic": "cinematic", "moody": "cinematic", "soft": "calm", "warm": "calm"}.get(
        next((str(getattr(op, "name", "")) for op in s.ops if op.op == "look"), ""), "upbeat"
    )
