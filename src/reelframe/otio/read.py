"""A timeline from OpenTimelineIO: ours, or the cuts of any other editor's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePath, PureWindowsPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import opentimelineio as otio

from reelframe.draft import Draft, Segment, Track
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media
from reelframe.otio.write import KEY, frames_of

__all__ = ["from_otio"]

_VIDEO, _AUDIO, _TEXT = 0, 1, 7
_DEFAULT_SIZE: Final = (1920, 1080)
_KNOWN: Final = {"SMPTE_Dissolve": "crossfade"}


def from_otio(text: str, library: Library) -> Draft:
    """Read what an ``.otio`` file holds.

    Clips are matched to uploaded files by name. What we wrote ourselves comes back whole: texts, looks, music, exact
    times; where another editor moved, trimmed or took away a clip, it stays moved. Of a foreign timeline the cuts are
    taken: order, source ranges, speeds, dissolves, gaps (as black), sounds.

    Args:
        text: the file's content.
        library: the uploaded files.

    Raises:
        PlanError: it is no OpenTimelineIO, holds what can't be shown here, or names files that are not uploaded.
    """
    try:
        found = otio.adapters.read_from_string(text, "otio_json")
    except (otio.exceptions.OTIOError, ValueError, TypeError, KeyError) as error:
        message = "This is not a timeline of OpenTimelineIO."
        raise PlanError(message, hint="Export it as .otio from your editor.") from error
    if isinstance(found, otio.schema.SerializableCollection):
        found = next((one for one in found if isinstance(one, otio.schema.Timeline)), None)
    if not isinstance(found, otio.schema.Timeline):
        message = "There is no timeline in this file."
        raise PlanError(message, hint="Export a whole timeline (a sequence) as .otio.")
    return _Reader(found, library).draft()


class _Reader:
    def __init__(self, timeline: otio.schema.Timeline, library: Library) -> None:
        self.timeline, self.library = timeline, library
        self.ours: dict[str, Any] = _ours(timeline)
        self.fps = _rate(timeline)
        self.missing: list[str] = []
        self._ids: set[str] = set()
        self._changed = False

    def draft(self) -> Draft:
        tracks, seen = [], 0
        for track in self.timeline.tracks:
            kind = _ours(track).get("tt")
            if kind is None:
                kind = _AUDIO if track.kind == otio.schema.TrackKind.Audio else _VIDEO
            main = kind == _VIDEO and not seen
            seen += kind == _VIDEO
            made = tuple(self._segments(track, int(kind), main=main))
            if made or main:
                tracks.append(Track(tt=int(kind), sg=made, m=_ours(track).get("m") or None))
        if self.missing:
            names = ", ".join(dict.fromkeys(self.missing))
            message = f"The timeline uses files that are not uploaded: {names}."
            raise PlanError(message, hint="Upload them, then open it again.")
        tracks = _without_doubles(tracks, self.library)
        m = dict(self.ours.get("m") or self._canvas())
        draft = Draft(t=tuple(t if t.m else Track(tt=t.tt, sg=t.sg) for t in tracks), m=m)
        # A length of its own holds as long as nobody else changed any.
        kept = self.ours.get("d")
        same = isinstance(kept, int) and self.ours.get("end") == draft.end_ms and not self._changed
        return draft.replace(d=kept if same else draft.end_ms)

    def _canvas(self) -> dict[str, Any]:
        first = next((m for m in self.library if m.visible), None)
        upright = first is not None and first.height > first.width
        width, height = _DEFAULT_SIZE[::-1] if upright else _DEFAULT_SIZE
        return {"project": self.timeline.name or "timeline", "width": width, "height": height, "fps": self.fps}

    def _segments(self, track: otio.schema.Track, kind: int, *, main: bool) -> Iterator[Segment]:
        at = 0.0
        coming: dict[str, Any] | None = None
        for item in track:
            if isinstance(item, otio.schema.Transition):
                coming = self._transition(item)
                continue
            length = _ms(item.trimmed_range().duration)
            if isinstance(item, otio.schema.Gap):
                if main and length:
                    yield Segment.make(round(length), id=self._id("gap"), start=round(at), role="card", color="#000000")
            elif isinstance(item, otio.schema.Clip):
                made = self._clip(item, kind, at, length, coming, main=main)
                if made is not None:
                    yield made
            else:
                message = f'"{item.name or "A part"}" of the timeline is a timeline of its own, which can\'t be opened.'
                raise PlanError(message, hint="Flatten nested sequences in your editor, then export again.")
            coming = None
            at += length

    def _clip(
        self,
        clip: otio.schema.Clip,
        kind: int,
        at: float,
        length: float,
        coming: dict[str, Any] | None,
        *,
        main: bool,
    ) -> Segment | None:
        ours = _ours(clip)
        m: dict[str, Any] = dict(ours.get("m") or {})
        start, lasts = self._exact(ours.get("start"), at), self._exact(ours.get("d"), length)
        m["start"] = start
        m["id"] = self._id(str(m.get("id") or "shot"), given=bool(m.get("id")))
        if not ours and clip.name:
            m["name"] = clip.name
        own = isinstance(clip.media_reference, otio.schema.GeneratorReference) and bool(ours)
        media = None if own else self._media(clip)
        if media is not None:
            m["media"] = media.id
            first = _ms(clip.trimmed_range().start_time - _zero(clip))
            if (there := self._exact(m.get("in", 0), first)) != m.get("in", 0):
                m["in"] = there
        elif not own:
            if kind != _VIDEO:
                return None
            m |= {"role": "card", "color": m.get("color", "#000000")}
        self._speeds(clip, m)
        if coming is not None:
            m["transition"] = coming
        elif main:
            m.pop("transition", None)
        if not ours and kind == _VIDEO and not main:
            m |= {"role": "overlay", "position": "center", "size": 1.0}
        if not ours and kind == _AUDIO:
            m["role"] = "bgm" if media is not None and media.kind == "audio" else "voice"
        return Segment(d=lasts, m=m)

    def _exact(self, exact: object, seen: float) -> int:
        """Our own milliseconds, where the other editor left the frame that they are in."""
        if isinstance(exact, (int, float)) and abs(frames_of(exact, self.fps) - seen * self.fps / 1000) <= 1:
            return round(exact)
        if exact is not None:
            self._changed = True
        return round(seen)

    def _media(self, clip: otio.schema.Clip) -> Media | None:
        reference = clip.media_reference
        if isinstance(reference, otio.schema.GeneratorReference):
            return None
        key = _ours(reference).get("sha256") if reference is not None else None
        names = [_file_name(getattr(reference, "target_url", "") or ""), reference.name if reference else "", clip.name]
        found = self.library.get(str(key)) if key else None
        for name in names:
            found = found or (self.library.by_name(name) if name else None)
        if found is None:
            self.missing.append(next((n for n in names if n), "a file without a name"))
        return found

    def _transition(self, item: otio.schema.Transition) -> dict[str, Any]:
        ours = _ours(item)
        if ours:
            return ours
        kind = _KNOWN.get(item.transition_type, "crossfade")
        return {"type": kind, "ms": max(100, round(_ms(item.in_offset) + _ms(item.out_offset)))}

    def _speeds(self, clip: otio.schema.Clip, m: dict[str, Any]) -> None:
        for effect in clip.effects:
            if isinstance(effect, otio.schema.FreezeFrame):
                m.setdefault("freeze", True)
            elif isinstance(effect, otio.schema.LinearTimeWarp) and effect.time_scalar:
                if abs(effect.time_scalar) != 1:
                    m["speed"] = abs(effect.time_scalar)
                if effect.time_scalar < 0:
                    m["reverse"] = True

    def _id(self, wanted: str, *, given: bool = False) -> str:
        name, n = (wanted if given else f"{wanted}1"), 1
        while name in self._ids:
            n += 1
            name = f"{wanted}{n}"
        self._ids.add(name)
        return name


def _ours(of: Any) -> dict[str, Any]:  # noqa: ANN401 -- anything with metadata
    """Our own facts about something, as plain JSON."""
    said = otio.core.serialize_json_to_string(of.metadata.get(KEY, {}), indent=-1) if of is not None else "{}"
    found = json.loads(said)
    return found if isinstance(found, dict) else {}


def _rate(timeline: otio.schema.Timeline) -> int:
    for clip in timeline.find_clips():
        return max(1, min(240, round(float(clip.trimmed_range().duration.rate))))
    return 30


def _ms(time: otio.opentime.RationalTime) -> float:
    return 1000.0 * float(time.to_seconds())


def _zero(clip: otio.schema.Clip) -> otio.opentime.RationalTime:
    """Where the file's own clock begins: cameras count from the time of the day."""
    reference = clip.media_reference
    available = getattr(reference, "available_range", None)
    return available.start_time if available is not None else otio.opentime.RationalTime(0, 1)


def _file_name(url: str) -> str:
    path = unquote(urlsplit(url).path or url)
    # A path of Windows has its own separators, wherever it is read.
    return PureWindowsPath(PurePath(path).name).name


def _without_doubles(tracks: list[Track], library: Library) -> list[Track]:
    """Editors lay a clip's sound on a track of its own; here it comes with the clip."""
    seen = {
        (s.media, s.start_ms, round(float(s.get("in", 0)) / 40))
        for track in tracks
        if track.tt == _VIDEO
        for s in track.segments
    }

    def doubled(s: Segment) -> bool:
        media = library.get(s.media or "")
        here = (s.media, s.start_ms, round(float(s.get("in", 0)) / 40))
        return media is not None and media.kind == "video" and here in seen

    out = []
    for track in tracks:
        kept = tuple(s for s in track.segments if track.tt != _AUDIO or not doubled(s))
        if kept or track.tt != _AUDIO or not track.segments:
            out.append(Track(tt=track.tt, sg=kept, m=track.m))
    return out
