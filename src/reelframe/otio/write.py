"""A timeline as OpenTimelineIO."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import opentimelineio as otio

from reelframe.draft import Draft, Placed, Segment, Track
from reelframe.media.model import Library

__all__ = ["KEY", "frames_of", "to_otio"]

KEY: Final = "reelframe"
"""Under this name our own facts lie in the metadata of everything."""

_VIDEO, _AUDIO, _TEXT = 0, 1, 7
_DISSOLVES: Final = frozenset({"crossfade", "dissolve", "fade"})


def to_otio(draft: Draft, library: Library) -> str:
    """The timeline as the JSON that ``.otio`` files hold.

    Times are counted in frames of the timeline, as editors do; the exact milliseconds are in the metadata.

    Args:
        draft: the timeline.
        library: names the files that it shows and plays.
    """
    fps = _fps(draft)
    timeline = otio.schema.Timeline(name=str(draft.get("project") or "reelframe"))
    timeline.global_start_time = otio.opentime.RationalTime(0, fps)
    timeline.metadata[KEY] = {"m": _plain(draft.m or {}), "d": draft.duration_ms, "end": draft.end_ms}
    numbers = {"Video": 0, "Audio": 0}
    for track in draft.tracks:
        kind = "Audio" if track.tt == _AUDIO else "Video"
        numbers[kind] += 1
        made = otio.schema.Track(name=f"{kind[0]}{numbers[kind]}", kind=kind)
        made.metadata[KEY] = {"tt": track.tt, "m": _plain(track.m or {})}
        for item in _items(track, library, fps):
            made.append(item)
        timeline.tracks.append(made)
    for placed in (p for track in draft.of_kind("text") for p in track.placed):
        timeline.tracks.markers.append(
            otio.schema.Marker(
                name=" ".join((placed.segment.text or "").split()),
                marked_range=_range(placed.start, placed.end, fps),
                color=otio.schema.MarkerColor.YELLOW if placed.segment.role == "title" else "GREEN",
            )
        )
    return str(otio.adapters.write_to_string(timeline, "otio_json", indent=1))


def frames_of(ms: float, fps: int) -> int:
    """The frame that is shown from ``ms`` on."""
    return round(ms * fps / 1000)


def _fps(draft: Draft) -> int:
    return round(float(draft.get("fps", 30)))


def _range(start: float, end: float, fps: int) -> otio.opentime.TimeRange:
    first = frames_of(start, fps)
    return otio.opentime.TimeRange(
        otio.opentime.RationalTime(first, fps), otio.opentime.RationalTime(frames_of(end, fps) - first, fps)
    )


def _items(track: Track, library: Library, fps: int) -> Iterator[Any]:
    at = 0
    for placed in sorted(track.placed, key=lambda p: p.start):
        start, end = (frames_of(ms, fps) for ms in (placed.start, placed.end))
        if start > at:
            length = otio.opentime.RationalTime(start - at, fps)
            yield otio.schema.Gap(source_range=otio.opentime.TimeRange(otio.opentime.RationalTime(0, fps), length))
        transition = placed.segment.get("transition")
        if at and start == at and track.tt == _VIDEO and isinstance(transition, dict):
            yield _transition(transition, fps)
        yield _clip(placed, track, library, fps)
        at = max(at, end)


def _transition(said: dict[str, Any], fps: int) -> otio.schema.Transition:
    """Ours lies wholly in the shot that comes in; the one that goes runs on under it."""
    kind = str(said.get("type", "crossfade"))
    dissolves = kind in _DISSOLVES
    return otio.schema.Transition(
        name=kind,
        transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve if dissolves else "Custom_Transition",
        in_offset=otio.opentime.RationalTime(0, fps),
        out_offset=otio.opentime.RationalTime(frames_of(float(said.get("ms", 500)), fps), fps),
        metadata={KEY: _plain(said)},
    )


def _clip(placed: Placed, track: Track, library: Library, fps: int) -> otio.schema.Clip:
    segment = placed.segment
    length = frames_of(placed.end, fps) - frames_of(placed.start, fps)
    first = frames_of(float(segment.get("in", 0)), fps)
    clip = otio.schema.Clip(
        name=segment.name,
        media_reference=_reference(segment, track, library, fps),
        source_range=otio.opentime.TimeRange(
            otio.opentime.RationalTime(first, fps), otio.opentime.RationalTime(length, fps)
        ),
    )
    clip.metadata[KEY] = {"m": _plain(segment.m or {}), "d": segment.duration_ms, "start": placed.start}
    speed = float(segment.get("speed", 1)) * (-1 if segment.get("reverse") else 1)
    freeze = segment.get("freeze")
    if freeze is not None and freeze is not False:
        clip.effects.append(otio.schema.FreezeFrame())
    elif speed != 1:
        clip.effects.append(otio.schema.LinearTimeWarp(time_scalar=speed))
    return clip


def _reference(segment: Segment, track: Track, library: Library, fps: int) -> Any:  # noqa: ANN401 -- one of several
    if segment.media is not None:
        media = library.get(segment.media)
        if media is None:
            return otio.schema.MissingReference(name=segment.media)
        # The name alone: where the file lies is nobody's business, and editors look beside the .otio first.
        made = otio.schema.ExternalReference(target_url=quote(media.name))
        made.name = media.name
        if media.duration_s:
            whole = otio.opentime.RationalTime(int(media.duration_s * fps), fps)
            made.available_range = otio.opentime.TimeRange(otio.opentime.RationalTime(0, fps), whole)
        made.metadata[KEY] = {"sha256": media.id, "kind": media.kind}
        return made
    if track.tt == _TEXT:
        kind, what = "text", {"text": segment.text or "", "role": segment.role}
    elif track.tt == _AUDIO:
        kind = "music" if segment.get("music") else "effect"
        what = {"music": _plain(segment.get("music")), "sfx": segment.get("sfx")}
    else:
        kind, what = "SolidColor", {"color": segment.get("color") or "#000000"}
    return otio.schema.GeneratorReference(name=kind, generator_kind=f"{KEY}.{kind}", parameters=what)


def _plain(value: Any) -> Any:  # noqa: ANN401 -- JSON
    """JSON with lists and dicts only, which is what OpenTimelineIO takes."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value
