"""Which segments a target means: kinds, numbers, names and times resolved against one timeline.

The rules, kind by kind (docs/edit-vocabulary.md tells them to users):

- ``clip``: the shots of the main track. Inserted cards are no clips when counting ("the first clip" is the
  first shot after an intro card), but a name or a time may point at one.
- ``video``: everything that is a picture, cards, logos and overlays included, the main track first.
- ``title``: texts with the role title (those on cards only when there is no other); in a timeline that
  knows no roles, the first text.
- ``caption``: texts with the role caption; in a timeline without roles, all texts but the first.
  ``subtitle``: the role subtitle. People use the two words for one another, so each stands in for the other.
- ``text``: every text.
- ``logo``: the role logo; without one, what else lies over the picture.
- ``bgm``: sound that is neither voice nor effect; ``voice`` and ``sfx`` by their roles; ``audio``: all three.
- ``transition``: the shots of the main track that come in with one.
- ``all``: every segment of every track.

Numbers are 1-based in the order of time, -1 is the last. Without number, name and time a target means all
of its kind. A name is a segment's name with or without its extension, a text's words, or ``#`` and an id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from reelframe.draft import Draft, Placed, clock
from reelframe.edits.vocabulary import Target, TargetKind
from reelframe.errors import PlanError

__all__ = ["NOUNS", "Found", "candidates", "count", "is_whole", "main_index", "resolve"]

NOUNS: Final[dict[TargetKind, tuple[str, str]]] = {
    "clip": ("clip", "clips"),
    "title": ("title", "titles"),
    "caption": ("caption", "captions"),
    "text": ("text", "texts"),
    "subtitle": ("subtitle", "subtitles"),
    "logo": ("logo", "logos"),
    "bgm": ("background music", "pieces of background music"),
    "voice": ("voice", "voices"),
    "sfx": ("sound effect", "sound effects"),
    "audio": ("audio segment", "audio segments"),
    "video": ("picture", "pictures"),
    "transition": ("transition", "transitions"),
    "all": ("segment", "segments"),
    "selection": ("selected segment", "selected segments"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A segment, and where it stands: the indices of its track in the draft and of itself in the track."""

    track: int
    index: int
    placed: Placed


def main_index(draft: Draft) -> int | None:
    """The index of the track of the shots, None when there is none."""
    return next((n for n, track in enumerate(draft.tracks) if track.kind == "video"), None)


def is_whole(target: Target | None) -> bool:
    """Whether a target means the video as a whole, and not things in it."""
    if target is None:
        return True
    pointed = (target.index, target.name, target.at_s) != (None, None, None)
    return target.kind in {"all", "video"} and not pointed


def count(draft: Draft, kind: TargetKind) -> int:
    """How many segments of a kind the timeline has."""
    return len(candidates(draft, kind))


def resolve(draft: Draft, target: Target) -> tuple[Found, ...]:
    """The segments that a target means, in the order of time; never empty.

    Raises:
        PlanError: nothing of the kind is there, the number is out of range, no segment has the name or
            covers the time, or a selection was not resolved before.
    """
    one, many = NOUNS[target.kind]
    if target.kind == "selection":
        message = "The selection is not known here."
        raise PlanError(message, hint="Say which clip or text you mean.")
    pool = candidates(draft, target.kind)
    if target.kind == "clip" and (target.name is not None or target.at_s is not None):
        pool = _of(draft, lambda track, _: track == main_index(draft))
    if target.name is not None:
        pool = _named(pool, target.name)
        if not pool:
            message = f'No {one} is called "{target.name}".'
            raise PlanError(message, hint=_names(candidates(draft, target.kind), many))
    if target.at_s is not None:
        pool = _at(draft, pool, target)
    if not pool:
        message = f"There is no {one} in this timeline."
        raise PlanError(message)
    if target.index is None:
        return pool
    index = target.index
    if index == 0 or not -len(pool) <= index <= len(pool):
        have = f"there is only 1 {one}" if len(pool) == 1 else f"there are {len(pool)} {many}"
        message = f"There is no {one} {index}: {have}."
        raise PlanError(message)
    return (pool[index - 1 if index > 0 else index],)


def candidates(  # noqa: PLR0911 -- one return per kind
    draft: Draft, kind: TargetKind
) -> tuple[Found, ...]:
    """Every segment of a kind, in the order of time; empty when there is none."""
    main = main_index(draft)
    match kind:
        case "all":
            return _of(draft, lambda _track, _found: True)
        case "clip":
            return _of(draft, lambda track, f: track == main and f.placed.segment.role != "card")
        case "video":
            shots = _of(draft, lambda track, _: track == main)
            return shots + _of(draft, lambda t, _: t != main and draft.tracks[t].kind == "video")
        case "transition":
            return tuple(
                found
                for found in _of(draft, lambda track, _: track == main)
                if found.index > 0 and found.placed.segment.get("transition")
            )
        case "logo":
            over = _of(draft, lambda t, _: t != main and draft.tracks[t].kind == "video")
            return _with_role(over, "logo") or tuple(f for f in over if f.placed.segment.role in {"", "overlay"})
        case "text" | "title" | "caption" | "subtitle":
            return _texts(draft, kind)
        case _:
            return _sounds(draft, kind)


def _texts(draft: Draft, kind: TargetKind) -> tuple[Found, ...]:
    texts = _of(draft, lambda track, _: draft.tracks[track].kind == "text")
    if kind == "text":
        return texts
    if not any(found.placed.segment.role for found in texts):
        # The hosted service tells no roles; its first text is the title's.
        first = sorted(texts, key=lambda f: (f.track, f.index))[:1]
        return tuple(f for f in texts if (f in first) == (kind == "title"))
    if kind == "title":
        titles = _with_role(texts, "title")
        return tuple(f for f in titles if not _on_card(draft, f)) or titles
    other = "subtitle" if kind == "caption" else "caption"
    return _with_role(texts, kind) or _with_role(texts, other)


def _on_card(draft: Draft, found: Found) -> bool:
    """Whether a text is what a card says: it is there when the card is, and not longer."""
    cards = [p for p in (draft.main.placed if draft.main else ()) if p.segment.role == "card"]
    return any(c.start <= found.placed.start and found.placed.end <= c.end for c in cards)


def _sounds(draft: Draft, kind: TargetKind) -> tuple[Found, ...]:
    sounds = _of(draft, lambda track, _: draft.tracks[track].kind == "audio")
    if kind == "audio":
        return sounds
    if kind == "bgm":
        return tuple(f for f in sounds if f.placed.segment.role not in {"voice", "sfx"})
    return _with_role(sounds, kind)


def _with_role(pool: Iterable[Found], role: str) -> tuple[Found, ...]:
    return tuple(found for found in pool if found.placed.segment.role == role)


def _of(draft: Draft, wanted: Callable[[int, Found], bool]) -> tuple[Found, ...]:
    found = (Found(t, s, placed) for t, track in enumerate(draft.tracks) for s, placed in enumerate(track.placed))
    return tuple(sorted((f for f in found if wanted(f.track, f)), key=lambda f: f.placed.start))


def _named(pool: tuple[Found, ...], name: str) -> tuple[Found, ...]:
    """The best kind of match that gives anything: the id, the whole name, the stem, a part of it."""
    if name.startswith("#") and (by_id := tuple(f for f in pool if f.placed.segment.id == name[1:])):
        return by_id
    wanted = name.strip().casefold()
    spellings: tuple[Callable[[str], bool], ...] = (
        lambda own: own == wanted,
        lambda own: PurePath(own).stem == wanted or own == PurePath(wanted).stem,
        lambda own: len(wanted) > 1 and wanted in own,
    )
    for fits in spellings:
        if best := tuple(f for f in pool if fits(f.placed.segment.name.casefold())):
            return best
    return ()


def _at(draft: Draft, pool: tuple[Found, ...], target: Target) -> tuple[Found, ...]:
    ms = round((target.at_s or 0) * 1000)
    if target.kind == "transition":
        nearest = min((abs(f.placed.start - ms) for f in pool), default=0)
        return tuple(f for f in pool if abs(f.placed.start - ms) == nearest)[:1]
    # The very end of the video belongs to the last segment, so that "at 0:30" of 30 s means something.
    last = max((f.placed.end for f in pool), default=0)
    hits = tuple(f for f in pool if f.placed.start <= ms < f.placed.end or ms == last == f.placed.end)
    if not hits:
        one = NOUNS[target.kind][0]
        message = f"There is no {one} at {clock(ms)} s: the video lasts {clock(draft.duration_ms)} s."
        raise PlanError(message)
    return hits


def _names(pool: tuple[Found, ...], many: str) -> str:
    names = [f.placed.segment.name for f in pool if f.placed.segment.name]
    if not names:
        return ""
    more = "" if len(names) <= 8 else f" and {len(names) - 8} more"  # a line's worth
    return f"The {many} are: {', '.join(names[:8])}{more}."
