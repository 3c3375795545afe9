"""What changed between two timelines, in values and in words.

A third of the hosted service's edits end without a text: the difference between the states before and after
is then all that the user is told, so it has to be complete, and short.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from reelframe.draft.model import Draft, Placed, Track
from reelframe.draft.summary import clock

__all__ = ["Change", "diff"]

Action = Literal["added", "removed", "changed"]
# Keys of `m` with a meaning of their own in the words below, or none for a person.
_SPOKEN: Final = frozenset({"id", "name", "text", "volume", "start", "muted"})
_NAMES_EN: Final = {"video": "clip", "audio": "audio", "text": "text", "other": "segment"}
_NAMES_ZH: Final = {"video": "片段", "audio": "音频", "text": "文字", "other": "片段"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        action: added, removed or changed.
        what: the kind of the thing: video, audio, text, other (a segment), track, or timeline.
        name: the segment's name, "" for the timeline.
        field: what of it changed: duration, text, volume, timing, name, order, or a key of ``m``; "" otherwise.
        before: the value before (ms for times), None when added.
        after: the value after, None when removed.
    """

    action: Action
    what: str
    name: str = ""
    field: str = ""
    before: Any = None
    after: Any = None

    def text(self, language: str = "en") -> str:
        """The change as a short sentence without a full stop, in "en" or "zh"."""
        return _chinese(self) if language.startswith("zh") else _english(self)

    def __str__(self) -> str:
        return self.text()


def diff(before: Draft, after: Draft) -> tuple[Change, ...]:
    """Every difference, the timeline's own first, then by track."""
    return tuple(_timeline(before, after)) + tuple(_segments(before, after))


def _timeline(before: Draft, after: Draft) -> Iterator[Change]:
    if before.duration_ms != after.duration_ms:
        yield Change("changed", "timeline", "", "duration", before.duration_ms, after.duration_ms)
    for key in sorted(set(before.m or {}) | set(after.m or {})):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield Change("changed", "timeline", "", key, old, new)


Keyed = dict[tuple[str, str, int], tuple[Track, Placed]]


def _keyed(draft: Draft) -> Keyed:
    """Segments by id; without an id by name, without a name by place; same keys are numbered."""
    out: Keyed = {}
    for track in draft.tracks:
        for placed in track.placed:
            key = placed.segment.id or f"={placed.segment.get('name', '')}"
            number = 0
            while (track.kind, key, number) in out:
                number += 1
            out[track.kind, key, number] = (track, placed)
    return out


def _segments(before: Draft, after: Draft) -> Iterator[Change]:
    old, new = _keyed(before), _keyed(after)
    for key, (track, placed) in old.items():
        if key not in new:
            yield Change("removed", track.kind, placed.segment.name)
    common = [key for key in old if key in new]
    for key, (track, placed) in new.items():
        if key not in old:
            yield Change("added", track.kind, placed.segment.name, after=(placed.start, placed.end))
        else:
            yield from _fields(track.kind, old[key][1], placed)
    if common != (order := [key for key in new if key in old]):
        names = [new[key][1].segment.name for key in order if key[0] == "video"]
        yield Change("changed", "timeline", "", "order", None, tuple(names))


def _fields(kind: str, old: Placed, new: Placed) -> Iterator[Change]:
    a, b = old.segment, new.segment
    if a.text != b.text:
        yield Change("changed", kind, a.name, "text", a.text, b.text)
    elif a.name != b.name:
        yield Change("changed", kind, a.name, "name", a.name, b.name)
    if (old.start, old.end) != (new.start, new.end):
        yield Change("changed", kind, b.name, "timing", (old.start, old.end), (new.start, new.end))
    if (a.volume, bool(a.get("muted"))) != (b.volume, bool(b.get("muted"))):
        yield Change("changed", kind, b.name, "volume", _level(a), _level(b))
    for key in sorted((set(a.m or {}) | set(b.m or {})) - _SPOKEN):
        if a.get(key) != b.get(key):
            yield Change("changed", kind, b.name, key, a.get(key), b.get(key))


def _level(segment: Any) -> float | None:  # noqa: ANN401 -- a Segment
    return 0.0 if segment.get("muted") else segment.volume


def _range(value: tuple[int, int]) -> str:
    return f"{clock(value[0])}-{clock(value[1])}s"


def _percent(value: float | None) -> str:
    return "100%" if value is None else f"{value:.0%}"


def _plain(value: Any) -> str:  # noqa: ANN401 -- metadata is anything
    if isinstance(value, dict):
        return ", ".join(f"{k} {_plain(v)}" for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(v) for v in value)
    return str(value)


def _english(c: Change) -> str:  # noqa: PLR0911 -- one return per kind of sentence
    noun = _NAMES_EN.get(c.what, c.what)
    thing = f'{noun} "{c.name}"' if c.name else noun
    if c.action == "added":
        return f"added {thing} ({_range(c.after)})"
    if c.action == "removed":
        return f"removed {thing}"
    match c.field:
        case "duration":
            return f"the video now lasts {clock(c.after)}s (was {clock(c.before)}s)"
        case "order":
            return f"the order is now {', '.join(c.after)}" if c.after else "the order changed"
        case "text":
            return f'text "{c.before}" now reads "{c.after}"'
        case "timing":
            return f"{thing} is now at {_range(c.after)} (was {_range(c.before)})"
        case "volume":
            return f"{thing} is now at {_percent(c.after)} (was {_percent(c.before)})"
        case _:
            value = "none" if c.after is None else _plain(c.after)
            return f"{thing}: {c.field.replace('_', ' ')} is now {value}"


def _range_zh(value: tuple[int, int]) -> str:
    return f"{clock(value[0])}–{clock(value[1])} 秒"


def _chinese(c: Change) -> str:  # noqa: PLR0911 -- one return per kind of sentence
    noun = "视频" if c.what == "timeline" else _NAMES_ZH.get(c.what, c.what)
    thing = f"{noun}「{c.name}」" if c.name else noun
    if c.action == "added":
        return f"添加了{thing}（{_range_zh(c.after)}）"
    if c.action == "removed":
        return f"删除了{thing}"
    match c.field:
        case "duration":
            return f"视频时长现在是 {clock(c.after)} 秒（原为 {clock(c.before)} 秒）"
        case "order":
            return f"顺序现在是：{'、'.join(c.after)}" if c.after else "顺序已调整"
        case "text":
            return f"文字「{c.before}」改为「{c.after}」"
        case "timing":
            return f"{thing}现在位于 {_range_zh(c.after)}（原为 {_range_zh(c.before)}）"
        case "volume":
            return f"{thing}音量现在是 {_percent(c.after)}（原为 {_percent(c.before)}）"
        case _:
            value = "无" if c.after is None else _plain(c.after)
            return f"{thing}：{c.field} 现在是 {value}"
