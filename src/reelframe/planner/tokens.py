"""Typed tokens: what a stretch of the text is, and its value.

First the patterns that carry a value (durations, timecodes, percentages, files, …), then the tables'
phrases, longest first, then plain words; a plain word that is one slip away from a word of the tables is
taken for it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import webcolors
from rapidfuzz import process
from rapidfuzz.distance import OSA

from reelframe.planner.lexicon import lexicon, table
from reelframe.planner.text import QUOTE, Source, normalise

__all__ = ["MOST", "Token", "tag_set", "tokenise", "with_families"]


@dataclass(slots=True, eq=False)
class Token:
    """A stretch of the text.

    Attributes:
        tags: what it may mean.
        value: its value where it has one: seconds, a share, a colour, a name.
        start: where it begins in the text.
        end: where it ends.
        text: the characters.
    """

    tags: frozenset[str]
    value: Any
    start: int
    end: int
    text: str
    used: bool = field(default=False)

    def __post_init__(self) -> None:
        """The families are added to the tags."""
        self.tags = with_families(self.tags)

    def has(self, *tags: str) -> bool:
        """Whether it carries any of these tags, apart or in one string; ``"verb."`` stands for the whole family."""
        return not self.tags.isdisjoint(tag_set(tags))

    def meaning(self, family: str) -> str | None:
        """What it means in one family: ``look.warm`` → ``warm``."""
        prefix = family + "."
        return min((t[len(prefix) :] for t in self.tags if t.startswith(prefix) and t != prefix), default=None)


@lru_cache(maxsize=8192)
def tag_set(tags: tuple[str, ...]) -> frozenset[str]:
    """Tags that were written apart or several in one string."""
    return frozenset(tag for text in tags for tag in text.split())


@lru_cache(maxsize=8192)
def with_families(tags: frozenset[str]) -> frozenset[str]:
    """The tags, and for each the family it is of: asking for a family is then one look-up."""
    return tags | {tag[: tag.index(".") + 1] for tag in tags if "." in tag}


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
_MEDIA_EXT: Final = (
    r"mp4|mov|avi|webm|mkv|m4v|jpe?g|png|gif|webp|mp3|wav|m4a|aac|flac|ogg"
    r"|srt|vtt|ass|lrc|heic|bmp|tiff?|txt|csv|pdf|flv|wmv|svg"
)

Pattern = tuple[str, re.Pattern[str], Callable[[re.Match[str]], Any]]


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


@lru_cache(maxsize=1)
def _patterns() -> tuple[Pattern, ...]:
    factors = {**table("en", "numbers")["factors"], **table("zh", "numbers")["factors"]}
    factor_words = "|".join(re.escape(p) for p in sorted(factors, key=len, reverse=True))
    rows: list[tuple[str, str, Callable[[re.Match[str]], Any]]] = [
        ("file", rf"(?<![\w.])[\w\-]+(?:\.[\w\-]+)*\.(?:{_MEDIA_EXT})\b", lambda m: m[0]),
        ("quote", r"(?<![\w@])(?:https?://|www\.)[\w\-./?=&%#]+[\w/]", lambda m: m[0]),
        (
            "quote",
            r"(?<![\w.@/])[a-z0-9][\w\-]*(?:\.[\w\-]+)*\.(?:com|net|org|io|co|shop|store|app|cn|me|tv|dev|info|biz|uk|de)\b(?:/[\w\-./?=&%#]*)?",
            lambda m: m[0],
        ),
        ("quote", r"(?<![\w@])@[a-z_][\w.]*\w", lambda m: m[0]),
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


_WORD: Final = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?|&|[\u3400-\u9fff]|[^\s]")
_ORDINALS: Final = "ordinals"
# An unknown character costs more than any number of pieces that a cut could save.
_UNKNOWN: Final = 10
# Stray quotes and brackets say nothing once the literals are frozen.
_NOISE: Final = frozenset("'\"“”‘’`´()[]{}<>*_^\\@$")
# A request of so many words is read no further.
MOST: Final = 450


def tokenise(source: Source, names: tuple[str, ...] = ()) -> list[Token]:
    """All tokens of a request, in order. ``names`` are the library's, lower case, with their extensions."""
    text = source.text
    taken: list[Token] = []
    free = bytearray(len(text) + 1)

    def claim(tag: str, value: Any, start: int, end: int) -> None:  # noqa: ANN401 -- values of all kinds
        if start < end and not any(free[start:end]):
            free[start:end] = b"\1" * (end - start)
            taken.append(Token(frozenset({tag}), value, start, end, text[start:end]))

    for i, char in enumerate(text):
        if QUOTE <= char < chr(ord(QUOTE) + len(source.quotes)):
            literal = source.quotes[ord(char) - ord(QUOTE)]
            is_file = literal.lower() in names or re.fullmatch(rf"[^/\\\n]{{1,80}}\.(?:{_MEDIA_EXT})", literal.lower())
            claim("file" if is_file else "quote", literal, i, i + 1)
    for name in sorted(names, key=len, reverse=True):
        # A name is found as it was typed, and typed text has been normalised.
        spelled = _spelled(name)
        if spelled in text:
            for match in re.finditer(rf"(?<![\w]){re.escape(spelled)}(?![\w])", text, re.ASCII):
                claim("file", name, *match.span())
    for kind, pattern, value in _patterns():
        for match in pattern.finditer(text):
            claim(kind, value(match), *match.span())
    taken.extend(_phrases(source, free))
    return sorted(taken, key=lambda token: token.start)


@lru_cache(maxsize=1024)
def _spelled(name: str) -> str:
    return normalise(name).text


def _is_name(source: Source, start: int) -> bool:
    """A capital inside a sentence: names are never taken for slips."""
    return start > 0 and source.typed[source.places[start]].isupper()


def _phrases(source: Source, free: bytearray) -> Iterator[Token]:
    """The tables' phrases in what no pattern claimed, longest first, from left to right."""
    text = source.text
    words = list(itertools.islice((m for m in _WORD.finditer(text) if not free[m.start()]), MOST))
    lex = lexicon()
    cut = _segmented(text, free)
    i = 0
    while i < len(words):
        start = words[i].start()
        english, width = _english(words, i, free)
        chinese = cut.get(start, "")
        if chinese and (not english or len(chinese) > words[i + width - 1].end() - start):
            end = start + len(chinese)
            yield Token(_with_values(chinese, lex.chinese[chinese]), _value(chinese), start, end, chinese)
            while i < len(words) and words[i].start() < end:
                i += 1
            continue
        if english:
            end = words[i + width - 1].end()
            phrase = text[start:end]
            yield Token(_with_values(phrase, english), _value(phrase), start, end, phrase)
            i += width
            continue
        if words[i][0] not in _NOISE:
            yield _plain(words[i][0], start, name=_is_name(source, start))
        i += 1


def _segmented(text: str, free: bytearray) -> dict[int, str]:
    """Where the Chinese phrases are: the cut with the fewest unknown characters, then the fewest pieces.

    Of equal cuts the one with the longer pieces behind wins, as Chinese puts the head of a phrase last.
    """
    if _beginnings().isdisjoint(text):
        return {}
    lex = lexicon()
    size = len(text)
    cost = [0] * (size + 1)
    piece = [1] * size
    known = [False] * size
    for i in range(size - 1, -1, -1):
        cost[i] = cost[i + 1] + (_UNKNOWN if "\u3400" <= text[i] <= "\u9fff" else 0)
        if free[i]:
            continue
        for width in range(1, min(lex.longest_chinese, size - i) + 1):
            if free[i + width - 1]:
                break
            if text[i : i + width] in lex.chinese and cost[i + width] + 1 < cost[i]:
                cost[i], piece[i], known[i] = cost[i + width] + 1, width, True
    out: dict[int, str] = {}
    i = 0
    while i < size:
        if known[i]:
            out[i] = text[i : i + piece[i]]
        i += piece[i]
    return out


def _english(words: list[re.Match[str]], i: int, free: bytearray) -> tuple[frozenset[str], int]:
    lex = lexicon()
    window: list[str] = []
    for match in words[i : i + 8]:
        if window and (
            any(free[words[i + len(window) - 1].end() : match.start()])
            or match.start() - words[i + len(window) - 1].end() > 1
        ):
            break
        window.append(match[0].replace("’", "'"))
    for width in range(len(window), 0, -1):
        tags = lex.english.get(tuple(window[:width]))
        if tags:
            return tags, width
    # "the music's volume", "clip's": the thing itself.
    owner = window[0].removesuffix("'s")
    tags = lex.english.get((owner,), frozenset())
    # "TikTok's limit" speaks of the limit, and not of a shape.
    return (tags, 1) if owner != window[0] and not any(t.startswith("platform.") for t in tags) else (frozenset(), 0)


def _plain(word: str, start: int, *, name: bool) -> Token:
    end = start + len(word)
    if word in table("en", "numbers")[_ORDINALS]:
        return Token(frozenset({"ordinal"}), table("en", "numbers")[_ORDINALS][word], start, end, word)
    if (color := _color(word)) is not None:
        return Token(frozenset({"color"}), color, start, end, word)
    if not name and (meant := _typo(word)) is not None:
        tags = lexicon().english.get((meant,), frozenset())
        return Token(_with_values(meant, tags), _value(meant), start, end, word)
    return Token(frozenset({"word" if word[0].isalnum() else "mark"}), None, start, end, word)


def _with_values(phrase: str, tags: frozenset[str]) -> frozenset[str]:
    if phrase in table("en", "numbers")[_ORDINALS]:
        tags = tags | {"ordinal"}
    return tags | {"color"} if _color(phrase) is not None else tags


def _value(phrase: str) -> Any:  # noqa: ANN401 -- a colour or an ordinal
    return table("en", "numbers")[_ORDINALS].get(phrase) or _color(phrase)


@lru_cache(maxsize=4096)
def _color(word: str) -> str | None:
    """A colour's name as CSS spells it, from English (webcolors) or from the tables."""
    for language in ("en", "zh"):
        for css, phrases in table(language, "colors").items():
            if word in phrases:
                return css
    compact = word.replace(" ", "").replace("grey", "gray")
    try:
        webcolors.name_to_hex(compact)
    except ValueError:
        return None
    return (
        compact
        if compact
        not in {"tan", "snow", "linen", "peru", "plum", "wheat", "tomato", "chocolate", "salmon", "coral", "orchid"}
        else None
    )


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in lexicon().chinese)


# Colours that a slip of the keyboard still tells, and that look like no other word.
_COLORS: Final = frozenset({"yellow", "orange", "purple", "green", "turquoise", "magenta", "golden", "silver", "white"})


@lru_cache(maxsize=1)
def _targets() -> dict[str, list[str]]:
    """The words that a slip may have been meant for, by their first letter: that one is hardly ever wrong."""
    single = {w[0] for w in lexicon().english if len(w) == 1 and len(w[0]) > 3 and w[0].isalpha()}
    out: dict[str, list[str]] = {}
    for word in sorted(single | _COLORS | set(table("en", "numbers")[_ORDINALS])):
        out.setdefault(word[0], []).append(word)
    return out


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    return frozenset(" ".join(table("en", "ordinary")["words"]).split())


@lru_cache(maxsize=2048)
def _typo(word: str) -> str | None:
    """The word of the tables that this one is a slip of: same first letter, one edit, two in long words."""
    if len(word) < 4 or not word.isascii() or not word.isalpha() or word in lexicon().words or word in _ordinary():
        return None
    allowed = 1 if len(word) < 10 else 2
    found = process.extractOne(word, _targets().get(word[0], []), scorer=OSA.distance, score_cutoff=allowed)
    if found is None:
        return None
    # So short a word is a slip only when two letters changed places.
    if len(word) == 4 and sorted(found[0]) != sorted(word):
        return None
    return str(found[0])
