"""Reading SubRip and WebVTT, as files in the wild are: tolerant, and exact about what could not be used.

WebVTT is https://www.w3.org/TR/webvtt1/; of SubRip there is no standard, only what players agree on.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, cast

from reelframe.errors import MediaError
from reelframe.subtitles.cues import Cue, Place, Problem, Subtitles
from reelframe.subtitles.encoding import decoded
from reelframe.subtitles.tags import stripped

__all__ = ["EXTENSIONS", "MAX_BYTES", "looks_like_subtitles", "read_subtitles"]

EXTENSIONS: Final = ("srt", "vtt")
# A film of three hours has 2000 subtitles and 200 KB.
MAX_BYTES: Final = 4 * 1024 * 1024
_MOST_CUES: Final = 5000
_MOST_PROBLEMS: Final = 50
_LONGEST_TEXT: Final = 2000
_DAY_MS: Final = 86_400_000
_TIME: Final = r"(?:(\d{1,3})\s*:\s*)?(\d{1,2})\s*:\s*(\d{1,2})(?:\s*[.,:]\s*(\d{1,6}))?"
_TIMES: Final = re.compile(rf"^\s*{_TIME}\s*-{{1,3}}>\s*{_TIME}(?![\d.,:])(.*)$")
_ARROW: Final = re.compile(r"-{2,3}>|^\s*[\d:.,]+\s*->")
_BLOCKS: Final = re.compile(r"^(?:NOTE|STYLE|REGION)(?:\s|$)")
_SETTING: Final = re.compile(r"\b(line|position|align)\s*:\s*(\S+)")
_EXCERPT: Final = 40


def looks_like_subtitles(data: bytes) -> bool:
    """Whether the first bytes of a file are those of an .srt or .vtt: a header, or a line with times."""
    text, _ = decoded(data[:8192])
    return text.lstrip("\ufeff").startswith("WEBVTT") or any(_TIMES.match(line) for line in text.splitlines())


def read_subtitles(data: bytes | str, name: str = "subtitles") -> Subtitles:
    """The subtitles of a file.

    Args:
        data: its bytes in any encoding, or its text.
        name: what it is called, for messages.

    Raises:
        MediaError: it is empty, too large, or holds no subtitle; the reason names the first line that is wrong.
    """
    if len(data) > MAX_BYTES:
        raise MediaError.of(name, "is too large for subtitles (over 4 MB)", "Is it really a text file?")
    text, encoding = (data, "utf-8") if isinstance(data, str) else decoded(data)
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not any(line.strip() for line in lines):
        raise MediaError.of(name, "is empty", "Save or export it again.")
    webvtt = lines[0].startswith("WEBVTT")
    problems: list[Problem] = []
    cues = list(_cues(lines, problems, webvtt=webvtt))
    problems.sort(key=lambda problem: problem.line)
    if not cues:
        first = f" ({problems[0]})" if problems else ""
        hint = 'A subtitle is a line with its times, "00:00:01,000 --> 00:00:03,500", and its words below.'
        raise MediaError.of(name, f"holds no subtitle that can be read{first}", hint)
    kind: Literal["srt", "vtt"] = "vtt" if webvtt else "srt"
    cues.sort(key=lambda cue: (cue.start_ms, cue.end_ms))
    return Subtitles(tuple(cues), tuple(problems[:_MOST_PROBLEMS]), kind, encoding)


def _cues(lines: Sequence[str], problems: list[Problem], *, webvtt: bool) -> Iterator[Cue]:
    heads = [n for n, line in enumerate(lines) if _TIMES.match(line) or _ARROW.search(line)]
    _told_strays(lines[: heads[0]] if heads else lines, problems, webvtt=webvtt)
    for count, (head, following) in enumerate(itertools.pairwise([*heads, len(lines)])):
        if count >= _MOST_CUES:
            problems.append(Problem(head + 1, f"there are more than {_MOST_CUES} subtitles"))
            return
        cue = _cue(lines, (head, following), problems, webvtt=webvtt)
        if cue is not None:
            yield cue


def _cue(lines: Sequence[str], place: tuple[int, int], problems: list[Problem], *, webvtt: bool) -> Cue | None:
    head, following = place
    match = _TIMES.match(lines[head])
    if match is None:
        problems.append(Problem(head + 1, f"the times can't be read: {_short(lines[head])}"))
        return None
    start, end = _ms(match.groups()[:4]), _ms(match.groups()[4:8])
    if end <= start or end > _DAY_MS:
        why = "the end is not after the start" if end <= start else "the times are beyond 24 hours"
        problems.append(Problem(head + 1, f"{why}: {_short(lines[head])}"))
        return None
    body = _vtt_body(lines, head, following) if webvtt else _srt_body(lines, head, following)
    words = stripped("\n".join(line.strip() for line in body))
    if not words.text:
        problems.append(Problem(head + 1, "there are no words"))
        return None
    position = _vtt_place(match[9]) if webvtt else words.position
    text = words.text[:_LONGEST_TEXT]
    return Cue(start, end, text, position, words.italic, words.bold, words.color, words.speaker)


def _ms(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, fraction = parts
    part = int((fraction or "0").ljust(3, "0")[:3])
    return ((int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)) * 1000 + part


def _vtt_body(lines: Sequence[str], head: int, following: int) -> list[str]:
    """Up to the first empty line; what comes then is the next cue's name, a note or a style."""
    body = list(lines[head + 1 : following])
    blank = next((n for n, line in enumerate(body) if not line.strip()), None)
    if blank is not None:
        return body[:blank]
    # No empty line before the next cue's times: the line above those may be its name.
    return body[:-1] if following < len(lines) and len(body) > 1 and body[-1].strip().isdigit() else body


def _srt_body(lines: Sequence[str], head: int, following: int) -> list[str]:
    """Up to the next cue's number. An empty line within the words is a slip, as players take it."""
    body = list(lines[head + 1 : following])
    if following < len(lines):
        while body and not body[-1].strip():
            body.pop()
        if body and body[-1].strip().isdigit():
            number, own = int(body[-1].strip()[:9]), _number(lines, head)
            above = body[-2].strip() if len(body) > 1 else ""
            if not above or (own is not None and number == own + 1):
                body.pop()
    return [line for line in body if line.strip()]


def _number(lines: Sequence[str], head: int) -> int | None:
    before = lines[head - 1].strip() if head else ""
    return int(before[:9]) if before.isdigit() else None


def _told_strays(lines: Sequence[str], problems: list[Problem], *, webvtt: bool) -> None:
    """Words before the first times belong to nothing."""
    if webvtt:
        return
    for n, line in enumerate(lines):
        if line.strip() and not line.strip().isdigit() and not _BLOCKS.match(line):
            problems.append(Problem(n + 1, f"no times are given for {_short(line)}"))
            return


def _short(line: str) -> str:
    line = " ".join(line.split())
    return f'"{line[:_EXCERPT]}…"' if len(line) > _EXCERPT else f'"{line}"'


def _vtt_place(settings: str) -> Place | None:
    """The nearest of the nine places to what a cue's settings say."""
    said = dict(_SETTING.findall(settings))
    down = _third_down(said.get("line", ""))
    across = {"start": "left", "left": "left", "end": "right", "right": "right"}.get(said.get("align", ""), "")
    if said.get("position", "")[:1].isdigit():
        across = _third(said["position"], ("left", "", "right"))
    place = "_".join(part for part in (down, across) if part)
    if place in {"", "bottom"}:
        return None
    return cast("Place", "center" if place == "middle" else place.removeprefix("middle_"))


def _third_down(line: str) -> str:
    value = line.split(",", maxsplit=1)[0]
    if value.endswith("%"):
        return _third(value, ("top", "middle", "bottom"))
    try:
        number = float(value)
    except ValueError:
        return "bottom"
    # Lines are counted from the top, negative ones from the bottom; about fifteen fill the frame.
    return "top" if 0 <= number <= 5 else "middle" if 5 < number <= 9 else "bottom"


def _third(percent: str, names: tuple[str, str, str]) -> str:
    try:
        value = float(percent.split(",", maxsplit=1)[0].rstrip("%"))
    except ValueError:
        return names[2] if names[0] == "top" else ""
    return names[0] if value < 100 / 3 else names[2] if value > 200 / 3 else names[1]
