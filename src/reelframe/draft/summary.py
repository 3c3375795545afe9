"""A timeline in one line, as the protocol's page spells it."""

from __future__ import annotations

from typing import Final

from reelframe.draft.model import Draft, Placed, Segment, Track

__all__ = ["MOODS", "clock", "name_of", "summary", "track_labels"]

_SHOWN: Final = 3
# Composed music is named by its mood, in English; what it is called in Chinese.
MOODS: Final = {
    "lofi": "Lo-fi 音乐", "upbeat": "欢快的音乐", "calm": "舒缓的音乐", "corporate": "商务音乐",
    "cinematic": "电影感音乐", "warm": "温暖的音乐", "jazz": "爵士乐",
}  # fmt: skip
_LABELS_ZH: Final = {"Video": "视频", "BGM": "配乐", "Title": "标题", "Text": "文字", "Track": "轨道"}


def clock(ms: int) -> str:
    """Seconds without a trailing zero: 3000 → "3", 2500 → "2.5", 4286 → "4.3"."""
    return f"{ms / 1000:.1f}".removesuffix(".0")


def track_labels(draft: Draft) -> tuple[str, ...]:
    """What each track is called: Video, BGM, Title, and Text after the first text track."""
    labels: list[str] = []
    for track in draft.tracks:
        match track.kind:
            case "video":
                labels.append("Video")
            case "audio":
                labels.append("BGM")
            case "text":
                labels.append("Text" if "Title" in labels else "Title")
            case _:
                labels.append("Track")
    return tuple(labels)


def _entry(track: Track, placed: Placed) -> str:
    segment = placed.segment
    name = f'"{segment.text}"' if segment.text is not None else segment.name or "untitled"
    details = f"{clock(placed.start)}-{clock(placed.end)}s"
    if track.kind == "audio":
        if segment.get("muted"):
            details += ", muted"
        elif segment.volume is not None:
            details += f", {segment.volume:.0%}"
    return f"{name} ({details})"


def name_of(segment: Segment, language: str) -> str:
    """What a segment is called in a language; "" for one without a name."""
    made = segment.get("music")
    mood = str(made.get("mood", "")) if isinstance(made, dict) else ""
    if language.startswith("zh") and mood in MOODS and segment.name == f"{mood} music":
        return MOODS[mood]
    return segment.name


def _entry_zh(track: Track, placed: Placed) -> str:
    segment = placed.segment
    name = f"「{segment.text}」" if segment.text is not None else name_of(segment, "zh") or "未命名"
    details = f"{clock(placed.start)}–{clock(placed.end)} 秒"
    if track.kind == "audio":
        if segment.get("muted"):
            details += "，静音"
        elif segment.volume is not None:
            details += f"，音量 {segment.volume:.0%}"
    return f"{name}（{details}）"


def _chinese(draft: Draft) -> str:
    if not draft.tracks:
        return "时间线（空）"
    parts: list[str] = []
    for number, (label, track) in enumerate(zip(track_labels(draft), draft.tracks, strict=True), start=1):
        entries = "、".join(_entry_zh(track, placed) for placed in track.placed[:_SHOWN]) or "空"
        more = len(track.placed) - _SHOWN
        parts.append(f"{number}. {_LABELS_ZH[label]}：{entries}{f'，另有 {more} 个' if more > 0 else ''}")
    return f"时间线（{len(draft.tracks)} 条轨道）：{'；'.join(parts)}"


def summary(draft: Draft, language: str = "en") -> str:
    """One line for a whole timeline: its tracks, numbered, each with its first three segments.

    Args:
        draft: the timeline.
        language: "zh" for Chinese, else English, which is the protocol's own form.
    """
    if language.startswith("zh"):
        return _chinese(draft)
    if not draft.tracks:
        return "Timeline (empty)"
    plural = "" if len(draft.tracks) == 1 else "s"
    parts = [f"Timeline ({len(draft.tracks)} track{plural}):"]
    for number, (label, track) in enumerate(zip(track_labels(draft), draft.tracks, strict=True), start=1):
        entries = [_entry(track, placed) for placed in track.placed[:_SHOWN]]
        if (more := len(track.placed) - _SHOWN) > 0:
            entries.append(f"+{more} more")
        parts.append(f"{number}. {label}: {', '.join(entries) or 'empty'}")
    return " ".join(parts)
