"""What one might say next: three sentences that fit the timeline as it is, and that the planner understands."""

from __future__ import annotations

from collections.abc import Iterator

from reelframe.backend.answers import speaks
from reelframe.draft import Draft
from reelframe.media.model import Library

__all__ = ["suggestions"]

_COUNT = 3


def suggestions(draft: Draft, library: Library, language: str) -> list[str]:
    """Three suggestions in the session's language."""
    which = 1 if speaks(language) == "zh" else 0
    found = _first(library) if not draft.exportable else _next(draft, library)
    out: list[str] = []
    for pair in found:
        if pair[which] not in out:
            out.append(pair[which])
    return out[:_COUNT]


def _first(library: Library) -> Iterator[tuple[str, str]]:
    if library.shots:
        yield (
            "combine these into a 30-second video with background music and text overlays",
            "把这些合成一个30秒的视频,加上背景音乐和文字",
        )
    yield "make a 15-second vertical video with upbeat music", "做一个15秒的竖屏视频,配上欢快的音乐"
    yield "make a square slideshow, 3 seconds per photo", "做一个方形的幻灯片,每张照片3秒"
    yield "make a 60-second video with calm music", "做一个60秒的视频,配上舒缓的音乐"


def _next(draft: Draft, library: Library) -> Iterator[tuple[str, str]]:
    roles = {segment.role for segment in draft.segments}
    width, height = draft.get("width", 1920), draft.get("height", 1080)
    shots = draft.main.segments if draft.main else ()
    if "title" in roles:
        yield "make the title bigger", "标题大一点"
    else:
        yield 'add the title "New arrivals"', "添加标题「新品上市」"
    if "bgm" in roles:
        yield "turn the music down to 20%", "把音乐音量调到20%"
    else:
        yield "add upbeat background music", "加上欢快的背景音乐"
    if width > height:
        yield "make it vertical", "改成竖屏"
    elif width < height:
        yield "make it 16:9", "改成16:9"
    else:
        yield "make it vertical", "改成竖屏"
    if library.logos and "logo" not in roles:
        yield "add the logo", "加上logo"
    if len(shots) > 1:
        yield "swap clips 1 and 2", "交换第1个和第2个片段"
    yield "make it 20 seconds", "改成20秒"
