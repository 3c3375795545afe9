"""Writing SubRip and WebVTT: of cues, or of the texts of a timeline."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable
from typing import Final, cast, get_args

from reelframe.draft import Draft
from reelframe.subtitles.cues import Cue, Place

__all__ = ["cues_of", "to_srt", "to_vtt"]

_PLACES: Final = frozenset(get_args(Place))
_LINES: Final = {"top": "0", "center": "50%"}
_SIDES: Final = {"left": "5%", "right": "95%"}


def cues_of(draft: Draft, roles: Collection[str] | None = None) -> tuple[Cue, ...]:
    """The texts of a timeline by time.

    Args:
        draft: the timeline.
        roles: which texts ("subtitle", "title", …); None: the subtitles where there are any, else all texts.
    """
    placed = [p for track in draft.of_kind("text") for p in track.placed if (p.segment.text or "").strip()]
    if roles is None and any(p.segment.role == "subtitle" for p in placed):
        roles = {"subtitle"}
    chosen = [p for p in placed if (roles is None or (p.segment.role or "text") in roles) and p.end > p.start]
    cues = []
    for p in chosen:
        style = p.segment.get("style")
        style = style if isinstance(style, dict) else {}
        position = p.segment.get("position")
        cues.append(
            Cue(
                p.start,
                p.end,
                (p.segment.text or "").strip(),
                cast("Place", position) if position in _PLACES and position != "bottom" else None,
                italic=style.get("italic") is True,
                bold=style.get("bold") is True,
            )
        )
    return tuple(sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)))


def to_srt(source: Draft | Iterable[Cue]) -> str:
    """SubRip: numbered, with CRLF line ends, as its own program writes them. To be saved as UTF-8.

    Args:
        source: cues, or a timeline (see ``cues_of``). Nothing to say gives "".
    """
    blocks = []
    for number, cue in enumerate(_cues(source), 1):
        # SubRip knows no escapes: what would be taken for a line with times is bent.
        text = cue.text.replace("-->", "→")
        for tag, there in (("i", cue.italic), ("b", cue.bold)):
            text = f"<{tag}>{text}</{tag}>" if there else text
        blocks.append(f"{number}\n{_time(cue.start_ms, ',')} --> {_time(cue.end_ms, ',')}\n{text}\n\n")
    return "".join(blocks).replace("\n", "\r\n")


def to_vtt(source: Draft | Iterable[Cue]) -> str:
    """WebVTT, places included. To be saved as UTF-8.

    Args:
        source: cues, or a timeline (see ``cues_of``).
    """
    blocks = ["WEBVTT\n\n"]
    for cue in _cues(source):
        text = html.escape(cue.text, quote=False)
        for tag, there in (("i", cue.italic), ("b", cue.bold)):
            text = f"<{tag}>{text}</{tag}>" if there else text
        if cue.speaker:
            text = f"<v {html.escape(cue.speaker, quote=False)}>{text}"
        times = f"{_time(cue.start_ms, '.')} --> {_time(cue.end_ms, '.')}{_settings(cue.position)}"
        blocks.append(f"{times}\n{text}\n\n")
    return "".join(blocks)


def _cues(source: Draft | Iterable[Cue]) -> Iterable[Cue]:
    for cue in cues_of(source) if isinstance(source, Draft) else source:
        # An empty line would end the cue.
        text = "\n".join(line for line in cue.text.replace("\r", "\n").split("\n") if line.strip())
        if text:
            yield Cue(cue.start_ms, cue.end_ms, text, cue.position, cue.italic, cue.bold, cue.color, cue.speaker)


def _settings(place: Place | None) -> str:
    if place is None:
        return ""
    across = next((side for side in _SIDES if place.endswith(side)), "")
    down = "top" if place.startswith("top") else "bottom" if place.startswith("bottom") else "center"
    out = f" line:{_LINES[down]}" if down in _LINES else ""
    return out + (f" position:{_SIDES[across]} align:{across}" if across else "")


def _time(ms: int, point: str) -> str:
    seconds, rest = divmod(max(0, ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest:03}"
