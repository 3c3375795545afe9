"""A timeline drawn as HTML: lanes, bars to scale, a ruler, thumbnails.

Inline styles only, no script, and no address but those of the thumbnails that were given.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

__all__ = ["Picture", "bars", "image"]

# The bytes of an image, or its address.
Picture = bytes | str

# White letters on each can be read (WCAG AA).
_COLORS: Final = {"video": "#35629a", "audio": "#2f6f3c", "text": "#7d4c94", "other": "#5f5f5f"}
_MOST_TICKS: Final = 10
_MOST_BARS: Final = 1000
_SIGNS: Final = ((b"\x89PNG", "png"), (b"GIF8", "gif"), (b"RIFF", "webp"))
_LANE: Final = "position:relative;height:{height}px;margin:2px 0;background:rgba(128,128,128,.12);border-radius:4px"
_BAR: Final = (
    "position:absolute;top:0;bottom:0;left:{left:.4f}%;width:{width:.4f}%;min-width:2px;box-sizing:border-box;"
    "background:{color};color:#fff;border-radius:4px;border-right:1px solid rgba(255,255,255,.6);"
    "overflow:hidden;white-space:nowrap;text-overflow:ellipsis;padding:0 6px;font-size:12px;line-height:{height}px"
)
_THUMB: Final = "height:100%;float:left;margin:0 6px 0 -6px"


def bars(rows: Iterable[Mapping[str, Any]], pictures: Mapping[str, Picture]) -> str:
    """Lanes of bars. Rows that have no times are left out; overlapping ones of a track get lanes of their own.

    Args:
        rows: mappings with key, track, kind, name, text, source, start_s, end_s, as far as they are known.
        pictures: thumbnails by the rows' keys.
    """
    timed = [row for row in rows if _has_times(row)]
    total = max((float(row["end_s"]) for row in timed), default=0.0)
    if total <= 0:
        return "<div>The timeline is empty.</div>"
    lanes: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in sorted(timed[:_MOST_BARS], key=lambda r: float(r["start_s"])):
        track = str(row.get("track", ""))
        number = 0
        while (lane := lanes.setdefault((track, number), [])) and lane[-1]["end_s"] > row["start_s"] + 1e-6:
            number += 1
        lane.append(row)
    order = list(dict.fromkeys(str(row.get("track", "")) for row in timed))
    ordered = sorted(lanes.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    drawn = "".join(_lane(lane, total, pictures) for _, lane in ordered)
    more = len(timed) - _MOST_BARS
    note = f"<div style='opacity:.7'>and {more} more segments</div>" if more > 0 else ""
    label = escape(f"Timeline of {total:g} seconds, {len(timed)} segments", quote=True)
    head = f"<div class='reelframe-timeline' role='group' aria-label='{label}' style='max-width:1200px;margin:4px 0'>"
    return f"{head}{drawn}{_ruler(total)}{note}</div>"


def image(picture: Picture) -> str:
    """What an ``img`` shows: bytes as a data address; an address as it is."""
    if isinstance(picture, str):
        return escape(picture, quote=True)
    kind = next((kind for sign, kind in _SIGNS if picture.startswith(sign)), "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _has_times(row: Mapping[str, Any]) -> bool:
    times = [row.get("start_s"), row.get("end_s")]
    return all(isinstance(t, (int, float)) and math.isfinite(t) for t in times)


def _lane(lane: Sequence[Mapping[str, Any]], total: float, pictures: Mapping[str, Picture]) -> str:
    height = 44 if any(row["key"] in pictures for row in lane) else 24
    inside = "".join(_bar(row, total, height, pictures.get(row["key"])) for row in lane)
    return f"<div style='{_LANE.format(height=height)}'>{inside}</div>"


def _bar(row: Mapping[str, Any], total: float, height: int, picture: Picture | None) -> str:
    start, end = (min(max(float(row[name]), 0.0), total) for name in ("start_s", "end_s"))
    color = _COLORS.get(str(row.get("kind", "other")), _COLORS["other"])
    name = next((str(row[k]) for k in ("text", "name", "source") if row.get(k)), str(row["key"]))
    style = _BAR.format(left=100 * start / total, width=100 * max(0.0, end - start) / total, color=color, height=height)
    tip = escape(f"{row['key']}: {name} ({start:g}-{end:g} s)", quote=True)
    thumb = f"<img alt='' style='{_THUMB}' src='{image(picture)}'>" if picture is not None else ""
    return f"<div style='{style}' title='{tip}'>{thumb}{escape(name)}</div>"


def _ruler(total: float) -> str:
    raw = total / _MOST_TICKS
    power = 10 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    ticks = (n * step for n in range(math.floor(total / step) + 1))
    style = "position:absolute;left:{:.4f}%;border-left:1px solid currentColor;padding-left:3px"
    inside = "".join(f"<span style='{style.format(100 * t / total)}'>{t:g}</span>" for t in ticks)
    return (
        "<div style='position:relative;height:16px;font-size:10px;line-height:12px;opacity:.7;overflow:hidden'>"
        f"{inside}</div>"
    )
