"""Draft, Track and Segment: the published keys as fields, everything else kept and sent back untouched.

The protocol publishes ``t`` (tracks), ``tt`` (a track's type), ``sg`` (segments), ``d`` (duration, ms) and
``m`` (metadata). What reelframe needs beyond that stands under ``m``; docs/protocol.md lists those keys.
Only keys that were there (or were set) are written, so a draft that came in goes out unchanged.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from reelframe.errors import DraftError

if TYPE_CHECKING:
    from reelframe.draft.diff import Change

__all__ = ["Draft", "Kind", "Placed", "Segment", "Track", "new_id"]

Kind = Literal["video", "audio", "text", "other"]
_KINDS: Final[Mapping[int, Kind]] = {0: "video", 1: "audio", 7: "text"}
Number = int | float


class _Wire(BaseModel):
    """The base of all three: frozen, unknown keys kept, ``m`` read and changed by key."""

    model_config = ConfigDict(frozen=True, extra="allow")

    m: dict[str, Any] | None = None

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 -- metadata is anything
        """The value of ``key`` under ``m``; ``default`` when it is missing or null."""
        value = (self.m or {}).get(key)
        return default if value is None else value

    def with_m(self, **changes: Any) -> Self:  # noqa: ANN401 -- metadata is anything
        """A copy with these keys of ``m`` set; None takes a key away. ``in_`` stands for ``in``."""
        m = dict(self.m or {})
        for key, value in changes.items():
            name = key.rstrip("_")
            if value is None:
                m.pop(name, None)
            else:
                m[name] = value
        return self.replace(m=m)

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 -- fields of several types
        """A copy with these fields set."""
        copy = self.model_copy(update=changes)
        # model_copy carries cached properties over, and they speak of the old fields.
        copy.__dict__.pop("placed", None)
        return copy


class Segment(_Wire):
    """A stretch of one track: a shot, a piece of music, a text."""

    d: Number | None = None

    @classmethod
    def make(cls, duration_ms: int, **m: Any) -> Segment:  # noqa: ANN401 -- metadata is anything
        """A new segment; keys of ``m`` that are None are left out, ``in_`` stands for ``in``."""
        return cls(d=duration_ms, m={}).with_m(**m)

    @property
    def id(self) -> str:
        """The segment's own id, "" when the server gave none."""
        return str(self.get("id", ""))

    @property
    def name(self) -> str:
        """What a person calls it: its name, else its text, else its role."""
        return str(self.get("name") or self.get("text") or self.get("role") or "")

    @property
    def text(self) -> str | None:
        """The words it shows, None when it is not a text."""
        value = self.get("text")
        return None if value is None else str(value)

    @property
    def volume(self) -> float | None:
        """0 to 1 (up to 2 locally), None when not said."""
        value = self.get("volume")
        return float(value) if isinstance(value, (int, float)) else None

    @property
    def role(self) -> str:
        """title, caption, logo, overlay, card, bgm, …; "" when not said."""
        return str(self.get("role", ""))

    @property
    def media(self) -> str | None:
        """The content id of the file it shows or plays."""
        value = self.get("media")
        return None if value is None else str(value)

    @property
    def duration_ms(self) -> int:
        """How long it lasts, 0 when not said."""
        return _whole(self.d)

    @property
    def start_ms(self) -> int | None:
        """Where it begins, None when that follows from the segment before it."""
        value = self.get("start")
        return _whole(value) if isinstance(value, (int, float)) else None


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment with the place that it really has; times in ms."""

    segment: Segment
    start: int
    end: int


class Track(_Wire):
    """Segments of one type, one layer of the picture or of the sound."""

    tt: int | None = None
    sg: tuple[Segment, ...] | None = None

    @property
    def kind(self) -> Kind:
        """What the track holds."""
        return _KINDS.get(-1 if self.tt is None else self.tt, "other")

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments in their own order."""
        return self.sg or ()

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """The segments with their times: one without a start begins where the one before it ended."""
        out: list[Placed] = []
        at = 0
        for segment in self.segments:
            start = at if segment.start_ms is None else segment.start_ms
            at = start + segment.duration_ms
            out.append(Placed(segment, start, at))
        return tuple(out)


class Draft(_Wire):
    """A timeline. Immutable: every change gives a new one.

    >>> draft, library = sample_context()
    >>> draft.duration_ms, [track.kind for track in draft.tracks]
    (90000, ['video', 'video', 'audio', 'text'])
    """

    t: tuple[Track, ...] | None = None
    d: Number | None = None

    @classmethod
    def from_wire(cls, data: Any) -> Draft:  # noqa: ANN401 -- it comes from outside
        """Read a draft as JSON gave it; an empty or missing one is the empty draft.

        Raises:
            DraftError: a published key has a value of the wrong type; the message names where.
        """
        if not data:
            return cls()
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the draft"
            message = f"The timeline can't be read: {where}: {first['msg']}."
            raise DraftError(message) from None

    def to_wire(self) -> dict[str, Any]:
        """The draft as JSON spells it: the keys that came in or were set, and no others."""
        return self.model_dump(mode="json", exclude_unset=True)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """All tracks, the lowest layer first."""
        return self.t or ()

    def of_kind(self, kind: Kind) -> tuple[Track, ...]:
        """The tracks of one kind."""
        return tuple(track for track in self.tracks if track.kind == kind)

    @property
    def main(self) -> Track | None:
        """The track of the shots: the first video track."""
        return next(iter(self.of_kind("video")), None)

    @property
    def segments(self) -> Iterator[Segment]:
        """Every segment of every track."""
        return itertools.chain.from_iterable(track.segments for track in self.tracks)

    def find(self, segment_id: str) -> Segment | None:
        """The segment with this id."""
        return next((s for s in self.segments if s.id == segment_id), None)

    @property
    def duration_ms(self) -> int:
        """How long the video lasts: the declared duration, else the end of the last segment."""
        return _whole(self.d) or self.end_ms

    @property
    def end_ms(self) -> int:
        """Where the last segment of any track ends."""
        return max((p.end for track in self.tracks for p in track.placed), default=0)

    @property
    def exportable(self) -> bool:
        """Whether there is anything to export: at least one track has a segment."""
        return any(track.segments for track in self.tracks)

    def with_tracks(self, tracks: Iterable[Track]) -> Draft:
        """A copy with these tracks."""
        return self.replace(t=tuple(tracks))

    def summary(self, language: str = "en") -> str:
        """The timeline in one line, in "en" (the protocol's own form) or "zh"."""
        from reelframe.draft.summary import summary  # noqa: PLC0415 -- summary reads this module

        return summary(self, language)

    def diff(self, other: Draft) -> tuple[Change, ...]:
        """What changed from this draft to ``other``."""
        from reelframe.draft.diff import diff  # noqa: PLC0415 -- diff reads this module

        return diff(self, other)


def new_id(taken: Iterable[str], prefix: str) -> str:
    """The first of prefix1, prefix2, … that is not taken: ids stay readable and the same from run to run."""
    used = set(taken)
    return next(name for n in itertools.count(1) if (name := f"{prefix}{n}") not in used)


def _whole(value: Number | None) -> int:
    if isinstance(value, float):
        # JSON readers take NaN and Infinity too.
        return round(value) if math.isfinite(value) else 0
    return value or 0
