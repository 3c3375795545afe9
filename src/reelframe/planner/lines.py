"""Subtitle lines with their times: pasted SRT, WebVTT or "0:01-0:04 words", or in one sentence: 0-3s "Hello"."""

from __future__ import annotations

import re
from typing import Any, Final

__all__ = ["pasted_lines"]

_LIMIT: Final = 100_000
_MOST: Final = 2000
_TIME: Final = r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2}(?:[.,]\d{1,3})?)"
_CUE: Final = re.compile(rf"^\s*\[?{_TIME}\]?\s*(-->|[-–—~到至])\s*\[?{_TIME}\]?[ \t:]*(.*)$", re.MULTILINE)
_LONGEST: Final = 500
_UNIT: Final = r"\s*(?:s|secs?|seconds?|秒)"
_IN_SENTENCE: Final = re.compile(
    rf"(\d+(?:\.\d+)?)(?:{_UNIT})?\s*(?:[-–—~到至]|to)\s*(\d+(?:\.\d+)?){_UNIT}\s*[:：]?\s*[\"“「『'‘](.+?)[\"”」』'’]"
)
_SUBTITLES: Final = re.compile(r"\b(?:captions?|subtitles?|subs)\b|字幕", re.IGNORECASE)
# What may stand around such lines: "add these captions:". More is a wish of its own.
_AROUND: Final = 40


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return round(int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", ".")), 3)


def pasted_lines(text: str) -> list[dict[str, Any]]:
    """The lines with their times; empty when the text is no list of subtitles (fewer than two cues)."""
    head = text[:_LIMIT]
    if spoken := _in_sentence(head):
        return spoken
    if head.count(":") < 4:  # two cues have four times
        return []
    cues = list(_CUE.finditer(head))[:_MOST]
    arrows = sum(1 for cue in cues if cue[4] == "-->")
    if len(cues) < 2 and not arrows:
        return []
    lines: list[dict[str, Any]] = []
    for number, cue in enumerate(cues):
        end_of_block = cues[number + 1].start() if number + 1 < len(cues) else len(head)
        body = cue[8].strip() or _body(head[cue.end() : end_of_block])
        start, end = _seconds(cue[1], cue[2], cue[3]), _seconds(cue[5], cue[6], cue[7])
        if body and start < end <= 86_400:  # a day, the vocabulary's limit
            lines.append({"start_s": start, "end_s": end, "text": body[:_LONGEST]})
    return lines if len(lines) > 1 or arrows else []


def _in_sentence(text: str) -> list[dict[str, Any]]:
    cues = list(_IN_SENTENCE.finditer(text))
    around = _IN_SENTENCE.sub("", text)
    if len(cues) < 2 or len(around) > _AROUND + 2 * len(cues) or not _SUBTITLES.search(around):
        return []
    spans = [(float(cue[1]), float(cue[2])) for cue in cues]
    if any(start >= end for start, end in spans):
        return []
    return [{"start_s": start, "end_s": end, "text": cue[3]} for (start, end), cue in zip(spans, cues, strict=True)]


def _body(block: str) -> str:
    rows = [row.strip() for row in block.strip().splitlines()]
    out: list[str] = []
    for row in rows:
        if not row:
            break
        out.append(row)
    return "\n".join(out)
