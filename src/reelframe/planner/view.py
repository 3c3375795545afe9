"""What a timeline has, as the rules need to know it: how many shots, which texts, is there music."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from reelframe.draft import Draft, Placed, Segment
from reelframe.edits.families.overlay import logos_of
from reelframe.media.model import Library, Media

__all__ = ["View"]

_TITLES = ("title",)


@dataclass(frozen=True)
class View:
    """A draft and its media, looked at."""

    draft: Draft
    library: Library

    @cached_property
    def shots(self) -> tuple[Placed, ...]:
        """The shots on the main track."""
        placed = self.draft.main.placed if self.draft.main else ()
        return tuple(p for p in placed if p.segment.role != "card")

    @cached_property
    def texts(self) -> tuple[Segment, ...]:
        """Every text, in the order of time, as numbers count them."""
        every = (s for track in self.draft.of_kind("text") for s in track.segments)
        return tuple(sorted(every, key=lambda s: s.start_ms or 0))

    @cached_property
    def titles(self) -> tuple[Segment, ...]:
        """The texts that are titles."""
        return tuple(s for s in self.texts if s.role in _TITLES)

    def texts_of(self, kind: str) -> tuple[Segment, ...]:
        """The texts that a target kind speaks of."""
        if kind == "text":
            return self.texts
        return tuple(s for s in self.texts if (s.role or "text") == kind)

    def texts_meant(self, kind: str) -> tuple[Segment, ...]:
        """The same; where there are no captions subtitles are meant, and the other way round."""
        other = {"caption": "subtitle", "subtitle": "caption"}
        return self.texts_of(kind) or self.texts_of(other.get(kind, kind))

    @cached_property
    def sounds(self) -> tuple[Segment, ...]:
        """Everything on the sound tracks."""
        return tuple(s for track in self.draft.of_kind("audio") for s in track.segments)

    @cached_property
    def music(self) -> tuple[Segment, ...]:
        """The background music."""
        return tuple(s for s in self.sounds if s.role in {"bgm", ""})

    @cached_property
    def overlays(self) -> tuple[Segment, ...]:
        """Pictures over the picture: logos, insets."""
        return tuple(s for track in self.draft.of_kind("video")[1:] for s in track.segments)

    @cached_property
    def logos(self) -> tuple[Segment, ...]:
        """The logo overlays."""
        return tuple(s for s in self.overlays if s.role == "logo")

    @property
    def total_s(self) -> float:
        """How long the video lasts."""
        return self.draft.duration_ms / 1000

    @property
    def empty(self) -> bool:
        """No shot on the main track."""
        return not self.shots

    def shot(self, number: int) -> Placed:
        """The shot of a number: from 1, or from -1 backwards.

        Raises:
            IndexError: there are not so many.
        """
        return self.shots[number - 1 if number > 0 else number]

    @cached_property
    def shots_to_come(self) -> tuple[Media, ...]:
        """The uploads that a first cut is made of: all pictures but logos, or logos where there is nothing else."""
        return tuple(m for m in self.library.shots if m not in self.logo_files) or tuple(self.library.shots)

    def shot_of(self, media: Media) -> int | None:
        """The number of the first shot that shows this file."""
        return next((i for i, p in enumerate(self.shots, 1) if p.segment.media == media.id), None)

    def number_of(self, segment_id: str) -> int | None:
        """The number of the shot with this id."""
        return next((i for i, p in enumerate(self.shots, 1) if p.segment.id == segment_id), None)

    def shot_at(self, seconds: float) -> int | None:
        """The number of the shot on screen at this time."""
        ms = seconds * 1000
        return next((i for i, p in enumerate(self.shots, 1) if p.start <= ms < p.end), None)

    @property
    def has_effects(self) -> bool:
        """Some shot has an effect."""
        return any(p.segment.get("effects") for p in self.shots)

    @cached_property
    def logo_files(self) -> tuple[Media, ...]:
        """The files that are logos: given or named as one, or the only small picture with alpha."""
        return logos_of(self.library)

    @cached_property
    def unused(self) -> tuple[Media, ...]:
        """Pictures and clips of the library that the timeline does not show."""
        shown = {s.media for s in self.draft.segments}
        return tuple(m for m in self.library.shots if m.id not in shown)
