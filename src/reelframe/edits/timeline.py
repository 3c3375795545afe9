"""Reading and rewriting a timeline in the steps that operations are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from reelframe.draft import Draft, Placed, Segment, Track, clock, new_id
from reelframe.edits.targets import Found, main_index
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media

__all__ = [
    "AUDIO",
    "TEXT",
    "VIDEO",
    "BeatFinder",
    "Context",
    "add_segment",
    "canvas",
    "color_of",
    "content_span",
    "fresh_id",
    "has_sound",
    "is_light",
    "is_still",
    "lead_ms",
    "media_named",
    "ms",
    "need_time",
    "need_visible",
    "replace_segments",
    "shots",
    "source_ms",
    "take_out",
    "total_ms",
]

VIDEO: Final = 0
AUDIO: Final = 1
TEXT: Final = 7
_STILL_NAMES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".heic"})

# Beats of the music in a segment, in seconds from the segment's start; empty when they are not known.
BeatFinder = Callable[[Segment], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Context:
    """What operations may know besides the timeline: the media, and who can tell the music's beats."""

    library: Library
    beats: BeatFinder | None = None


def ms(seconds: float) -> int:
    """Whole milliseconds."""
    return round(seconds * 1000)


def shots(draft: Draft) -> tuple[Placed, ...]:
    """The main track in the order of time, cards included."""
    main = draft.main
    return () if main is None else tuple(sorted(main.placed, key=lambda p: p.start))


def total_ms(draft: Draft) -> int:
    """Where the video ends: with its shots; without shots with its texts; else with whatever there is."""
    if main := shots(draft):
        return max(p.end for p in main)
    texts = [p.end for track in draft.of_kind("text") for p in track.placed]
    return max(texts, default=draft.end_ms)


def lead_ms(segments: Iterable[Segment]) -> int:
    """How long the cards at the head last, before the first shot."""
    lead = 0
    for segment in segments:
        if segment.role != "card":
            return lead
        lead += segment.duration_ms
    return 0  # nothing but cards: they are the content


def content_span(draft: Draft) -> tuple[int, int]:
    """Start and end of what lies between the cards at the head and those at the tail."""
    segments = [p.segment for p in shots(draft)]
    return lead_ms(segments), total_ms(draft) - lead_ms(reversed(segments))


def canvas(draft: Draft) -> tuple[int, int]:
    """Width and height of the frame."""
    return int(draft.get("width", 1920)), int(draft.get("height", 1080))


def fresh_id(draft: Draft, prefix: str, also: Iterable[str] = ()) -> str:
    """An id that no segment has; ``also`` are ids that are about to be given."""
    return new_id([*(segment.id for segment in draft.segments), *also], prefix)


def replace_segments(draft: Draft, new: Mapping[tuple[int, int], Segment]) -> Draft:
    """With other segments at these (track, index) places; the others stay where they are."""
    tracks = list(draft.tracks)
    for t in {place[0] for place in new}:
        placed = tracks[t].placed
        here = [new.get((t, s), p.segment) for s, p in enumerate(placed)]
        moved = any(
            s.duration_ms != p.segment.duration_ms or s.start_ms != p.segment.start_ms
            for s, p in zip(here, placed, strict=True)
        )
        if moved:
            # A place that followed from the segment before is said, now that that one is another.
            here = [s if s.start_ms is not None else s.with_m(start=p.start) for s, p in zip(here, placed, strict=True)]
        tracks[t] = tracks[t].replace(sg=tuple(here))
    return draft.with_tracks(tracks)


def take_out(draft: Draft, found: Iterable[Found]) -> Draft:
    """Without these segments; the others stay where they are. Tracks that become empty go, but for the main one."""
    gone = {(f.track, f.index) for f in found}
    main = main_index(draft)
    tracks: list[Track] = []
    for t, track in enumerate(draft.tracks):
        if not any(place[0] == t for place in gone):
            tracks.append(track)
            continue
        # What is left keeps its place also where that place followed from a segment that goes.
        left = tuple(
            p.segment if p.segment.start_ms is not None else p.segment.with_m(start=p.start)
            for s, p in enumerate(track.placed)
            if (t, s) not in gone
        )
        if left or t == main:
            tracks.append(track.replace(sg=left))
    return draft.with_tracks(tracks)


def add_segment(draft: Draft, tt: int, segment: Segment, fits: Callable[[Track], bool]) -> Draft:
    """With a segment on the first track of its type that ``fits`` and is free at its time, else on a new top track.

    The segment has a start. The main track is never used: its shots are laid out, not placed.
    """
    start = segment.start_ms or 0
    end = start + segment.duration_ms
    main = main_index(draft)
    tracks = list(draft.tracks)
    for t, track in enumerate(tracks):
        free = all(p.end <= start or p.start >= end for p in track.placed)
        if t != main and track.tt == tt and free and fits(track):
            placed = [
                (p.start, s if s.start_ms is not None else s.with_m(start=p.start))
                for p in track.placed
                for s in [p.segment]
            ]
            placed.append((start, segment))
            tracks[t] = track.replace(sg=tuple(s for _, s in sorted(placed, key=lambda pair: pair[0])))
            return draft.with_tracks(tracks)
    if tt == VIDEO and main is None:
        # The first video track is the main one by definition, so an overlay needs one below it.
        tracks.insert(0, Track(tt=VIDEO, sg=()))
    return draft.with_tracks([*tracks, Track(tt=tt, sg=(segment,))])


def is_still(segment: Segment, library: Library) -> bool:
    """Whether a shot is a photo or a card: something that has no time of its own."""
    if segment.media is None:
        return segment.role == "card" or PurePath(segment.name).suffix.lower() in _STILL_NAMES
    media = library.get(segment.media)
    return media is not None and media.kind == "image"


def source_ms(segment: Segment, library: Library) -> int | None:
    """How long a shot could be on screen at its speed before its source ends; None: as long as one likes."""
    media = library.get(segment.media) if segment.media else None
    endless = media is None or media.kind == "image" or media.animated or media.duration_s is None
    if endless or segment.get("loop") or segment.get("freeze") not in (None, False):
        return None
    assert media is not None  # noqa: S101 -- for mypy: `endless` covers it
    speed = float(segment.get("speed", 1))
    if segment.get("reverse"):
        # It ends on screen where its stretch of the source begins, and can go on to the source's beginning.
        return segment.duration_ms + int(float(segment.get("in", 0)) / speed)
    left = (media.duration_s or 0) * 1000 - float(segment.get("in", 0))
    return max(0, int(left / speed + 1e-6))


def has_sound(segment: Segment, library: Library) -> bool:
    """Whether a shot can be heard. A file that is not in the library may be."""
    if segment.media is None:
        return segment.role == "" and not is_still(segment, library)
    media = library.get(segment.media)
    return media is None or media.has_audio


def media_named(library: Library, name: str, *, shown: bool) -> Media:
    """The file of this name (or id) that is to be shown, or heard.

    Raises:
        PlanError: there is none, or it can't be shown (heard).
    """
    media = library.get(name) or library.by_name(name)
    if media is None:
        names = ", ".join(m.name for m in library) or "none"
        message = f'There is no file called "{name}".'
        raise PlanError(message, hint=f"Uploaded files: {names}.")
    if shown:
        need_visible(media)
    if not shown and media.kind != "audio" and not media.has_audio:
        message = f"{media.name} has no sound."
        raise PlanError(message, hint="Choose a sound file, or let music be composed.")
    return media


def need_visible(media: Media) -> None:
    """Refuse what can't be seen.

    Raises:
        PlanError: it is a sound, or a file of subtitles.
    """
    if media.kind == "audio":
        message = f"{media.name} is a sound: there is nothing to see."
        raise PlanError(message, hint="It can be used as music.")
    if not media.visible:
        message = f"{media.name} holds subtitles and no picture."
        raise PlanError(message, hint=f'Say "add the subtitles from {media.name}".')


def is_light(color: str) -> bool:
    """Whether dark words are read better on a ``#rrggbb`` than white ones: its luma (BT.601) is above the middle."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 140


def color_of(text: str) -> str:
    """``#rrggbb`` of a hexadecimal colour or a CSS name.

    Raises:
        PlanError: it is neither.
    """
    # webcolors may or may not be told to mypy as untyped; either way is fine here.
    import webcolors  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 -- few requests name a colour

    try:
        said = text.strip().lower().replace(" ", "")
        return str(webcolors.normalize_hex(said) if said.startswith("#") else webcolors.name_to_hex(said))
    except ValueError:
        message = f'"{text}" is not a colour.'
        raise PlanError(message, hint="Use #rrggbb or a CSS name such as white or tomato.") from None


def need_time(draft: Draft, at: int, what: str) -> int:
    """``at``, if the video lasts that long; its very end is within.

    Raises:
        PlanError: it does not.
    """
    total = total_ms(draft)
    if at > total:
        message = f"{what} at {clock(at)} s is beyond the end: the video lasts {clock(total)} s."
        raise PlanError(message)
    return at
