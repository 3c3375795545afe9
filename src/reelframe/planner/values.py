"""Patterns that carry a value: durations, timecodes, percentages, sizes, files."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from reelframe.planner.lexicon import table

__all__ = ["MEDIA_EXT", "patterns"]

_N: Final = r"\d+(?:\.\d+)?"
_SECONDS: Final = {
    "ms": 0.001, "毫秒": 0.001, "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "秒": 1, "秒钟": 1, "m": 60,
    "min": 60, "mins": 60, "minute": 60, "minutes": 60, "分": 60, "分钟": 60, "h": 3600, "hr": 3600, "hrs": 3600,
    "hour": 3600, "hours": 3600, "小时": 3600, "个小时": 3600, "个半小时": 3600,
}  # fmt: skip
_UNIT: Final = (
    r"(?:milliseconds?|ms\b|seconds?\b|secs?\b|s(?![a-z'’])|minutes?\b|mins?\b|m(?=\s*\d+\s*s)"
    r"|hours?\b|hrs?\b|毫秒|秒钟?|分钟|分(?![之割成段辨镜开])|个?小时)"
)
# "1 minute 30 seconds" is one length; "12s and 48s" are two: a unit is followed by smaller ones only.
_UNITS: Final = (
    r"(?:hours?\b|hrs?\b|个?小时)",
    r"(?:minutes?\b|mins?\b|m(?=\s*\d+\s*s)|分钟|分(?![之割成段辨镜开]))",
    r"(?:seconds?\b|secs?\b|s(?![a-z'’])|秒钟?)",
    r"(?:milliseconds?|ms\b|毫秒)",
)


def _lengths() -> str:
    """The pattern of a length: each unit, and any smaller ones after it."""
    every = []
    for n, unit in enumerate(_UNITS):
        smaller = "".join(rf"(?:\s*(?:and\s+)?{_N}[\s-]*{less})?" for less in _UNITS[n + 1 :])
        every.append(rf"{_N}[\s-]*{unit}{smaller}")
    return rf"(?<![\w.:])(?:{'|'.join(every)})"


_DURATION: Final = _lengths()
MEDIA_EXT: Final = (
    r"mp4|mov|avi|webm|mkv|m4v|jpe?g|png|gif|webp|mp3|wav|m4a|aac|flac|ogg"
    r"|srt|vtt|ass|lrc|heic|bmp|tiff?|txt|csv|pdf|flv|wmv|svg"
)
_PRICE: Final = r"(?<![\w.,$€£¥])(?:[$€£¥] ?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)* ?(?:[$€£¥](?! ?\d)|(?:eur|usd|gbp)\b))"
Pattern = tuple[str, re.Pattern[str], Callable[[re.Match[str]], Any]]
_HEIGHTS: Final = {
    "4k": 2160,
    "8k": 4320,
    "2k": 1440,
    "uhd": 2160,
    "full hd": 1080,
    "fhd": 1080,
    "hd": 720,
    "qhd": 1440,
    "超清": 1080,
    "高清": 1080,
    "蓝光": 1080,
    "1k": 1080,
    "ultra hd": 2160,
}
_DIM: Final = r"(?P<w>\d{3,4})\s*[x×*]\s*(?P<h>\d{3,4})"


def _seconds(m: re.Match[str]) -> float:
    total = 0.0
    for number, unit in re.findall(rf"({_N})[\s-]*({_UNIT})", m[0]):
        key = "ms" if unit.startswith("milli") else unit.strip()
        total += float(number) * _SECONDS[key]
    return round(total, 3)


def _clock(m: re.Match[str]) -> float:
    total = 0.0
    for part in re.split(r"[::]", m["clock"]):
        total = total * 60 + float(part)
    return round(total, 3)


def _bytes(m: re.Match[str]) -> int:
    return round(float(m[1]) * {"k": 1e3, "m": 1e6, "g": 1e9}[m[2][0]])


def _pick(m: re.Match[str]) -> str:
    return next(g for g in m.groups() if g is not None)


@lru_cache(maxsize=1)
def patterns() -> tuple[Pattern, ...]:
    """What each kind of value looks like, and how it is read: the first in this list takes the characters."""
    factors = {**table("en", "numbers")["factors"], **table("zh", "numbers")["factors"]}
    factor_words = "|".join(re.escape(p) for p in sorted(factors, key=len, reverse=True))
    rows: list[tuple[str, str, Callable[[re.Match[str]], Any]]] = [
        ("file", rf"(?<![\w.])[\w\-]+(?:\.[\w\-]+)*\.(?:{MEDIA_EXT})\b", lambda m: m[0]),
        ("quote", r"(?<![\w@])(?:https?://|www\.)[\w\-./?=&%#]+[\w/]", lambda m: m[0]),
        (
            "quote",
            r"(?<![\w.@/])[a-z0-9][\w\-]*(?:\.[\w\-]+)*\.(?:com|net|org|io|co|shop|store|app|cn|me|tv|dev|info|biz|uk|de)\b(?:/[\w\-./?=&%#]*)?",
            lambda m: m[0],
        ),
        ("quote", r"(?<![\w@])@[a-z_][\w.]*\w", lambda m: m[0]),
        ("height", r"(?<![\w.])(\d{3,4}) ?(?:px|pixels?)? ?(?:high|tall|in height)\b", lambda m: int(m[1])),
        ("price", _PRICE, lambda m: m[0]),
        ("dim", _DIM, lambda m: (int(m["w"]), int(m["h"]))),
        (
            "aspect",
            r"(?<![\d:])(9:16|16:9|1:1|4:5|5:4|4:3|3:4|21:9|9:21|2:3|3:2|2:1|1:2|18:9|2\.35:1|2\.39:1|1\.85:1|9:18)(?![\d:])",
            lambda m: m[1],
        ),
        ("aspect", r"\b(9|16|1|4|21)[x/](16|9|1|5|3)\b(?!\d)", lambda m: f"{m[1]}:{m[2]}"),
        ("aspect", r"\b(9|16|1|4|21) by (16|9|1|5|3)\b", lambda m: f"{m[1]}:{m[2]}"),
        ("aspect", r"(?<!\d)(9|16|1|4|3|21)比(16|9|1|5|3|4)(?!\d)", lambda m: f"{m[1]}:{m[2]}"),
        ("nth_time", rf"第\s*(?P<n>{_N})\s*(?:秒钟?|s\b)", lambda m: float(m["n"])),
        (
            "nth_time",
            rf"第\s*(?P<a>{_N})\s*分钟?(?:\s*(?P<b>{_N})\s*秒)?",
            lambda m: float(m["a"]) * 60 + float(m["b"] or 0),
        ),
        ("time", r"(?<![\d:])(?P<clock>\d{1,3}:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?)(?![\d:])(?:\s*(?:am|pm)\b)?", _clock),
        (
            "bytes",
            rf"(?<![\w.])({_N})\s*(kb|mb|gb|k字节|兆|mib|gib|megabytes?|megs?|kilobytes?|gigabytes?|gigs?|m(?=以内|以下))(?![a-z0-9])",
            lambda m: _bytes(m) if m[2][0] in "kmg" else round(float(m[1]) * 1e6),
        ),
        (
            "fps",
            rf"(?<![\w.])({_N})\s*(?:fps\b|frames? per second|帧(?:每秒|/秒|率))|(?<![\w.])(\d{{2,3}})帧",
            lambda m: float(_pick(m)),
        ),
        ("fps", r"(?<=\d[pi])(24|25|30|48|50|60)(?!\w)", lambda m: float(m[1])),
        ("bitrate", rf"(?<![\w.])({_N})\s*(?:kbps|mbps|kbit|kb/s|mb/s)\b", lambda m: float(m[1])),
        ("hertz", rf"(?<![\w.])({_N})\s*k?hz\b", lambda m: float(m[1])),
        ("db", rf"([+-]?\s?{_N})\s*(?:db\b|decibels?|分贝)", lambda m: float(m[1].replace(" ", ""))),
        ("lufs", rf"([+-]?\s?{_N})\s*lufs\b", lambda m: float(m[1].replace(" ", ""))),
        (
            "lookyear",
            r"(?<!\d)(?:19)?[6789]0'?s(?=\s+(?:style|look|vibe|retro|feel|filter|vhs|aesthetic|movie|film|theme|home))",
            lambda _: "vintage",
        ),
        ("px", rf"(?<![\w.])({_N})\s*(?:px|pixels?|pt|points?|像素)\b", lambda m: float(m[1])),
        (
            "height",
            r"(?<![\w.])(2160|1440|1080|720|540|480|360|240)[pi](?=\d\d(?!\w)|(?![a-z0-9]))",
            lambda m: int(m[1]),
        ),
        ("height", r"(?<![\w.])(4k|8k|2k|1k|uhd|ultra hd|full hd|fhd|qhd|hd)(?![\w])", lambda m: _HEIGHTS[m[1]]),
        ("height", r"(超清|蓝光|全高清)", lambda _: 1080),
        ("factor", rf"(?<![\w.])(?:{factor_words})(?!\w)", lambda m: float(factors[m[0]])),
        ("factor", rf"(?<![\w.])({_N})\s*[x×](?![\w])", lambda m: float(m[1])),
        ("factor", rf"(?<![\w.])x({_N})(?![\w])", lambda m: float(m[1])),
        ("factor", rf"({_N})\s*倍(?:速|速度)?", lambda m: float(m[1])),
        (
            "factor",
            rf"(?<![\w.])({_N})(?: times|x) (?:slower|as slow)\b",
            lambda m: round(1 / max(0.01, float(m[1])), 4),
        ),
        (
            "factor",
            rf"(?<![\w.])({_N}) times (?:the )?(?:speed|faster|as fast|normal|original|size|quicker)",
            lambda m: float(m[1]),
        ),
        ("pct", rf"([+-]?{_N})\s*(?:%|percent\b|per cent\b|百分)", lambda m: float(m[1]) / 100),
        ("degrees", rf"([+-]?{_N})\s*(?:°|degrees?\b|deg\b|度)", lambda m: float(m[1])),
        ("hex", r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", lambda m: m[0]),
        ("dur", _DURATION, _seconds),
        ("frames", r"(?<![\w.])(\d+) frames?\b", lambda m: float(m[1])),
        ("ordinal", r"(?<![\w.])(\d+)(?:st|nd|rd|th)\b", lambda m: int(m[1])),
        ("nth", r"第\s*(\d+)\s*(?:个|段|张|条|句|幅|帧|首|行|支)?", lambda m: int(m[1])),
        ("hashnum", r"#(\d{1,3})\b", lambda m: int(m[1])),
        (
            "format",
            r"(?<![\w])\.?(mp4|mov|mkv|webm|gif|avi|mp3|wav|m4a|aac|srt|vtt|h\.?264|h\.?265|hevc|prores|m4v|flac|png|jpe?g)\b(?!\.\w)",
            lambda m: m[1],
        ),
        ("times", r"(?<![\w.])(\d{1,3}) times\b", lambda m: float(m[1])),
        ("num", rf"(?<![\w.])({_N})(?![\w])", lambda m: float(m[1])),
        ("num", rf"(?<![a-z.\d])({_N})", lambda m: float(m[1])),
        ("placeholder", r"(?<![\w])[xyn](?=\s*(?:seconds?|secs?|minutes?|秒|分钟|%|段|个))", lambda m: m[0]),
    ]
    return tuple((kind, re.compile(pattern, re.ASCII), value) for kind, pattern, value in rows)
