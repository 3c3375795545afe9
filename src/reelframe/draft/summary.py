"""A timeline in one line, as the protocol's page spells it."""

from __future__ import annotations

from typing import Final

from reelframe.draft.model import Draft, Placed, Track

__all__ = ["clock", "summary", "track_labels"]

_SHOWN: Final = 3


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


def summary(draft: Draft) -> str:
    """One line for a whole timeline: its tracks, numbered, each with its first three segments."""
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
