"""Files that come into a video that is there already: as new shots, or in the place of others."""

from __future__ import annotations

from typing import Any, Final

from reelframe.draft import Draft, Segment
from reelframe.edits.cuts import clip_positions, cut_at, positions, snapped, usual_transition
from reelframe.edits.families.compose import shot_of
from reelframe.edits.layout import Piece, pieces_of, relay
from reelframe.edits.targets import main_index, resolve
from reelframe.edits.timeline import (
    Context,
    canvas,
    fresh_id,
    media_named,
    ms,
    need_time,
    replace_segments,
    shots,
    total_ms,
)
from reelframe.edits.vocabulary import InsertMedia, ReplaceMedia
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media

__all__ = ["insert_media", "replace_media"]

# What belongs to the place in the video stays; what belongs to the old picture goes with it.
_OF_THE_PICTURE: Final = (
    "in_", "speed", "crop", "rotate", "flip", "zoom", "reverse", "freeze",
)  # fmt: skip


def insert_media(draft: Draft, op: InsertMedia, context: Context) -> Draft:
    """New shots: at the end, from place ``to`` on, or at a time (the shot that plays there is cut).

    A photo lasts as long as the photos of the video do (4 s when there are none), a clip as long as it is.

    Raises:
        PlanError: no such file, place or time; or there is no video to put it into.
    """
    if not shots(draft):
        message = "There is no video yet to put it into."
        raise PlanError(message, hint="Ask for a video of your photos first.")
    if op.to is not None and op.at_s is not None:
        message = "Either a place or a time can be said, not both."
        raise PlanError(message)
    media = [media_named(context.library, name, shown=True) for name in op.media]
    if op.at_s is not None:
        at = snapped(draft, need_time(draft, ms(op.at_s), "The place"))
        pieces = cut_at(draft, [at], context.library)
        starts = [sum(p.segment.duration_ms for p in pieces[:n]) for n in range(len(pieces) + 1)]
        place = starts.index(at)
    else:
        pieces = pieces_of(draft)
        place = _place(draft, op.to)
    usual = usual_transition([p.segment for p in pieces_of(draft)])
    wide = canvas(draft)[0] / canvas(draft)[1]
    taken: list[str] = []
    new: list[Piece] = []
    for n, one in enumerate(media):
        taken.append(fresh_id(draft, "shot", [*taken, *(p.segment.id for p in pieces)]))
        length = _length(draft, one, op.duration_s, context.library)
        shot = shot_of(one, length, place + n, wide).with_m(id=taken[-1], transition=usual)
        new.append(Piece(shot))
    if usual and place < len(pieces) and pieces[place].segment.get("transition") is None:
        # What was the first shot, or the second part of one that was cut, now comes after another.
        head = pieces[place]
        pieces[place] = Piece(head.segment.with_m(transition=usual), head.origin, head.offset, head.rate)
    return relay(draft, [*pieces[:place], *new, *pieces[place:]])


def _place(draft: Draft, to: int | None) -> int:
    slots = clip_positions(draft)
    if to is None or to == -1 or to == len(slots) + 1:
        return slots[-1] + 1
    if not 1 <= to <= len(slots):
        message = f"There is no place {to}: there are {len(slots)} clips."
        raise PlanError(message)
    return slots[to - 1]


def _length(draft: Draft, media: Media, said: float | None, library: Library) -> int:
    own = round((media.duration_s or 0) * 1000)
    if said is not None:
        return ms(said) if media.kind == "image" or media.animated or not own else min(ms(said), own)
    if media.kind != "image":
        return max(own, 100)
    stills = sorted(
        p.segment.duration_ms
        for p in shots(draft)
        if (known := library.get(p.segment.media or "")) is not None and known.kind == "image"
    )
    return stills[len(stills) // 2] if stills else 4000


def replace_media(draft: Draft, op: ReplaceMedia, context: Context) -> Draft:
    """Another file where one is shown. Length, transition, look, texts over it and the total stay.

    A clip that is shorter than the time it gets holds its last picture.

    Raises:
        PlanError: the target is no picture, or there is no such file, or it is shown there already.
    """
    media = media_named(context.library, op.media, shown=True)
    found = resolve(draft, op.target)
    main = main_index(draft)
    if any(draft.tracks[f.track].kind != "video" for f in found):
        message = "Only what is seen can be replaced by a file."
        raise PlanError(message, hint="Music is changed with another piece, a text with other words.")
    if all(f.placed.segment.media == media.id for f in found):
        message = f"{media.name} is shown there already."
        raise PlanError(message)
    if any(f.track == main for f in found):
        positions(draft, op.target)
    wide = canvas(draft)[0] / canvas(draft)[1]
    new: dict[tuple[int, int], Segment] = {}
    for f in found:
        old = f.placed.segment
        fresh = shot_of(media, f.placed.end - f.placed.start, f.index, wide)
        changes: dict[str, Any] = dict.fromkeys(_OF_THE_PICTURE)
        changes |= {key: fresh.get(key) for key in ("name", "media", "loop", "move")}
        if f.track != main or _all_still(draft, context.library):
            changes["move"] = None
        if old.role == "card":
            changes["role"] = None
        new[f.track, f.index] = old.with_m(**changes)
    out = replace_segments(draft, new)
    return out if total_ms(out) == total_ms(draft) else relay(out, pieces_of(out))


def _all_still(draft: Draft, library: Library) -> bool:
    """Whether the video has photos, and none of them moves."""
    photos = [
        p.segment
        for p in shots(draft)
        if (known := library.get(p.segment.media or "")) is not None and known.kind == "image"
    ]
    return bool(photos) and not any(s.get("move") for s in photos)
