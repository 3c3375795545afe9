"""A timeline on which the operations of a plan are tried one by one, so that each cell's own fault is found.

Rows are followed by their segments' ids. Segments that have none, or not one of their own, get one for the
trial; the operations themselves point at them by number, so they mean the same on the timeline itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from reelframe.draft import Draft, Placed, Segment
from reelframe.edits import step
from reelframe.edits.targets import candidates, main_index
from reelframe.edits.timeline import shots
from reelframe.edits.vocabulary import OpBase, Target, TargetKind
from reelframe.errors import PlanError
from reelframe.media.model import Library
from reelframe.tables.columns import Cell, Sort
from reelframe.tables.rows import Row, keys_of, row_at, sort_at

__all__ = ["Tryout", "same_but_for_tracks", "workable"]

# What a thing is called first; the first kind that has it is taken, for the sake of what the reply says.
_KINDS: Final[Mapping[str, tuple[TargetKind, ...]]] = {
    "shot": ("clip", "video"),
    "card": ("clip", "video"),
    "overlay": ("logo", "video"),
    "text": ("text",),
    "sound": ("bgm", "voice", "sfx", "audio"),
    "other": ("all",),
}


@contextmanager
def workable() -> Iterator[None]:
    """Operations believe what a timeline says; one from elsewhere may say that a speed is "fast".

    Raises:
        PlanError: in the place of whatever an operation stumbled over.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        message = f"The timeline holds a value that can't be worked with ({error})."
        raise PlanError(message, hint="It came from elsewhere so; change other rows.") from error


class Tryout:
    """A timeline in the making.

    Args:
        draft: where it begins.
        library: the media.

    Attributes:
        draft: where it is now, with the ids of the trial.
        ops: what was done so far.
        ids: the rows' keys, each with the id that its segment has here.
    """

    def __init__(self, draft: Draft, library: Library) -> None:
        self.library = library
        self.ops: list[OpBase] = []
        keys = keys_of(draft)
        own = Counter(segment.id for segment in draft.segments)
        taken = {*own, *keys.values()}
        self.lent: dict[str, tuple[int, int]] = {}
        self.ids: dict[str, str] = {}
        tracks = list(draft.tracks)
        for (t, s), key in keys.items():
            segment = draft.tracks[t].segments[s]
            if own[segment.id] == 1 and segment.id:
                self.ids[key] = segment.id
                continue
            name = f"row {key}"
            while name in taken:
                name += "'"
            taken.add(name)
            self.lent[name] = (t, s)
            self.ids[key] = name
            mine = list(tracks[t].segments)
            mine[s] = mine[s].with_m(id=name)
            tracks[t] = tracks[t].replace(sg=tuple(mine))
        self.origin = draft
        self.draft = draft.with_tracks(tracks) if self.lent else draft

    def do(self, *ops: OpBase) -> set[str]:
        """Carry operations out, all or none. Returns the ids of the segments that are new.

        Raises:
            PlanError: one can't be.
        """
        now = self.draft
        for op in ops:
            with workable():
                now = step(now, op, self.library)
        new = _ids(now) - _ids(self.draft)
        self.draft = now
        self.ops += ops
        return new

    def target(self, segment_id: str) -> Target:
        """How an operation points at a segment, now.

        Raises:
            PlanError: it is gone.
        """
        sort = sort_at(self.draft, *self._found(segment_id))
        for kind in _KINDS[sort]:
            pool = [f.placed.segment for f in candidates(self.draft, kind)]
            place = next((n for n, segment in enumerate(pool, 1) if segment.id == segment_id), None)
            if segment_id not in self.lent and (place is not None or kind == "clip"):
                return Target(kind=kind, name=f"#{segment_id}")
            if place is not None:
                return Target(kind=kind, index=place)
        return Target(kind="all", name=f"#{segment_id}")

    def sorts(self) -> dict[str, Sort]:
        """The ids of all segments that are there now, each with what it is for editing."""
        every = ((t, s) for t, track in enumerate(self.draft.tracks) for s in range(len(track.segments)))
        return {self.draft.tracks[t].segments[s].id: sort_at(self.draft, t, s) for t, s in every}

    def place(self, segment_id: str) -> tuple[int, int] | None:
        """Where a segment is now: the indices of its track and of itself in it; None when it is gone."""
        for t, track in enumerate(self.draft.tracks):
            for s, segment in enumerate(track.segments):
                if segment.id == segment_id:
                    return t, s
        return None

    def row(self, segment_id: str) -> Row:
        """A segment's row as it is now.

        Raises:
            PlanError: the segment is gone.
        """
        return row_at(self.draft, *self._found(segment_id), segment_id)

    def cells(self, segment_id: str) -> Mapping[str, Cell]:
        """What the table says of a segment now."""
        return self.row(segment_id).cells

    def segment(self, segment_id: str) -> Segment:
        """The segment itself."""
        t, s = self._found(segment_id)
        return self.draft.tracks[t].segments[s]

    def _found(self, segment_id: str) -> tuple[int, int]:
        place = self.place(segment_id)
        if place is None:
            message = "Another change of the table takes it away."
            raise PlanError(message, hint="Drop its row too, or leave the other as it is.")
        return place

    def shots(self) -> tuple[Placed, ...]:
        """The main track in the order of time."""
        return shots(self.draft)

    def clip_numbers(self) -> dict[str, int]:
        """The shots' numbers among the clips, from 1, by id; cards have none."""
        return {f.placed.segment.id: n for n, f in enumerate(candidates(self.draft, "clip"), 1)}

    def returned(self) -> Draft:
        """The timeline now, the lent ids taken off again."""
        main = main_index(self.draft)
        tracks = []
        for t, track in enumerate(self.draft.tracks):
            mine = tuple(self._own(segment) for segment in track.segments)
            tracks.append(track.replace(sg=mine) if mine or t == main or track.sg is not None else track)
        return self.draft.with_tracks(tracks) if self.lent else self.draft

    def _own(self, segment: Segment) -> Segment:
        place = self.lent.get(segment.id)
        if place is None:
            return segment
        was = self.origin.tracks[place[0]].segments[place[1]]
        if was.m is None and set(segment.m or {}) == {"id"}:
            return segment.replace(m=None)
        if "id" in (was.m or {}):
            return segment.replace(m={**(segment.m or {}), "id": (was.m or {})["id"]})
        return segment.with_m(id=None)


def _ids(draft: Draft) -> set[str]:
    return {segment.id for segment in draft.segments}


def same_but_for_tracks(a: Draft, b: Draft) -> bool:
    """Whether two timelines have the same segments, on whatever tracks."""

    def bag(draft: Draft) -> list[str]:
        return sorted(
            repr((track.kind, p.start, p.end, sorted((p.segment.m or {}).items(), key=repr)))
            for track in draft.tracks
            for p in track.placed
        )

    return bag(a) == bag(b)
