"""A video of words alone: "a 15-second announcement: Summer sale, 20 % off, ends Friday"."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.defaults import mood_for
from reelframe.planner.state import State

__all__ = ["announce"]

_MOST_LINES: Final = 12
_LONGEST: Final = 120
_FEWEST_LETTERS: Final = 2
# What is made of words when there is nothing else; and what is always made of words.
_KINDS: Final = (
    r"\b(?:announcement|notice|invitation|invite|greeting|teaser|promo|ad|advert|flyer|poster|reminder|countdown"
    r"|sale video|quote video|title video|story|reel|short|video)\b"
    r"|公告|通知|邀请函?|预告|促销|广告|海报|提醒|祝福|短视频|视频"
)
_WORDS_ONLY: Final = re.compile(
    r"\b(?:text|words?)[- ](?:only|based)\b|\btypograph\w+|\bkinetic type|\btext (?:video|animation)\b"
    r"|\bjust (?:text|words)\b"
    r"|纯文字|文字(?:视频|动画|短片)|只有文字",
    re.IGNORECASE,
)
# Of these a single line is enough; "a video: …" may be about anything.
_ANNOUNCES: Final = re.compile(
    r"\b(?:announce\w*|notice|invit\w+|greeting|reminder)\b|公告|通知|邀请|祝福", re.IGNORECASE
)
_HEAD: Final = re.compile(
    rf"^\s*(?P<head>[^:：\n]{{0,110}}?(?:{_KINDS})[^:：\n]{{0,60}}?)\s*[:：]\s*(?P<lines>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS: Final = re.compile(
    r"^\s*(?:please |can you |could you |i want |i need |i'd like )*"
    r"(?:make|create|generate|design|build|give|an?\b|\d|text"
    r"|typograph|请|帮我|给我|做|制作|生成|创建|设计|一)",
    re.IGNORECASE,
)
_LENGTH: Final = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*-?\s*(seconds?|secs?|s\b|minutes?|mins?|秒|分钟)", re.IGNORECASE)
_PART: Final = re.compile(r"\s*(?:[\n;；|•·。！]|[,，、](?!\d{3}\b)|(?<=[.!?])\s+(?=\S)|\s[-–—]\s)\s*")
_SHAPES: Final = (
    (
        re.compile(r"\b(?:vertical|portrait|tiktok|reels?|shorts?|story|stories|9:16)\b|竖屏|竖版|抖音", re.IGNORECASE),
        "9:16",
    ),
    (re.compile(r"\b(?:square|1:1)\b|方形", re.IGNORECASE), "1:1"),
    (re.compile(r"\b(?:feed|4:5)\b", re.IGNORECASE), "4:5"),
    (re.compile(r"\b(?:wide|widescreen|landscape|youtube|16:9)\b|横屏|横版", re.IGNORECASE), "16:9"),
)
_MOODS: Final = (
    (re.compile(r"\blo-?fi\b", re.IGNORECASE), "lofi"),
    (re.compile(r"\bcalm|gentle|relax|soft\b|舒缓|平静|轻柔", re.IGNORECASE), "calm"),
    (re.compile(r"\bcorporate|business\b|商务", re.IGNORECASE), "corporate"),
    (re.compile(r"\bcinematic|epic|dramatic\b|史诗|电影感", re.IGNORECASE), "cinematic"),
    (re.compile(r"\bwarm\b|温馨|温暖", re.IGNORECASE), "warm"),
    (re.compile(r"\bjazz\w*\b|爵士", re.IGNORECASE), "jazz"),
    (re.compile(r"\bupbeat|energetic|happy\b|欢快|动感", re.IGNORECASE), "upbeat"),
)
_NO_MUSIC: Final = re.compile(
    r"\b(?:no|without) (?:any )?(?:music|sound)\b|不要(?:音乐|声音)|没有音乐|无音乐", re.IGNORECASE
)


def announce(text: str, s: State) -> bool:
    """Read a message as a video of words alone, where it is one.

    With photos or clips uploaded it is one only when it says so ("text only", "a text video").
    """
    found = _HEAD.match(text)
    if found is None or s.view.total_s:
        return False
    head = found["head"]
    alone = _WORDS_ONLY.search(head) is not None
    if not _ASKS.match(head) or (s.view.library.shots and not alone):
        return False
    lines = _lines(found["lines"])
    if not lines or (len(lines) == 1 and not alone and not _ANNOUNCES.search(head)):
        return False
    length = _LENGTH.search(head)
    seconds = None
    if length is not None:
        seconds = float(length[1]) * (60 if length[2].lower().startswith(("min", "分")) else 1)
    aspect = next((shape for said, shape in _SHAPES if said.search(head)), None)
    s.composed = True
    s.add("compose", lines=lines, duration_s=seconds, aspect=aspect)
    if not _NO_MUSIC.search(head):
        named = next((mood for said, mood in _MOODS if said.search(head)), None)
        mood = named or mood_for(s)
        s.add("add_music", mood=mood)
        if named is None:
            s.assume("mood_default", mood=mood)
    return True


def _lines(said: str) -> tuple[str, ...]:
    """What is shown one after the other: the parts between commas, line ends and full stops."""
    parts = (part.strip().strip("\"'“”‘’「」『』").rstrip(".。") for part in _PART.split(said.strip()))
    kept = [part for part in parts if sum(c.isalnum() for c in part) >= _FEWEST_LETTERS or part.isdigit()]
    if any(len(part) > _LONGEST for part in kept) or len(kept) > _MOST_LINES:
        return ()
    return tuple(part[:1].upper() + part[1:] for part in kept)
