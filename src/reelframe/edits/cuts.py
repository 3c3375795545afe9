"""Cutting shots: which shots an operation is about, and what a stretch of a shot is as a shot of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits.layout import Piece, pieces_of
from reelframe.edits.targets import NOUNS, main_index, resolve
from reelframe.edits.timeline import fresh_id, is_still, shots, total_ms
from reelframe.edits.vocabulary import Target
from reelframe.errors import PlanError
from reelframe.media.model import Library

__all__ = [
    "SHORTEST",
    "clip_positions",
    "cut_at",
    "only_shots",
    "positions",
    "share_out",
    "sliced",
    "snapped",
    "span_of",
    "usual_transition",
]

# A shot shorter than this is a flash, and was never what was meant.
SHORTEST: Final = 100
# Seconds are said with a tenth's precision at best.
_TOLERANCE: Final = 50


def positions(draft: Draft, target: Target | None) -> list[int]:
    """The shots that a target means, as indices in the order of time; without a target all that are no cards.

    Segments of other tracks that a wide target (all, video) means are left out.

    Raises:
        PlanError: the target means nothing, or nothing on the main track; or there is no shot.
    """
    main = main_index(draft)
    if main is None or not shots(draft):
        message = "There is no photo or clip in this timeline."
        raise PlanError(message, hint="Upload some and ask for a video of them.")
    if target is None:
        return clip_positions(draft)
    order = [id(p) for p in shots(draft)]
    placed = draft.tracks[main].placed
    found = [order.index(id(placed[f.index])) for f in resolve(draft, target) if f.track == main]
    if not found:
        message = f"The {NOUNS[target.kind][0]} is not a shot of the video."
        raise PlanError(message, hint="Name a clip by its number or its file.")
    return sorted(found)


def clip_positions(draft: Draft) -> list[int]:
    """The shots that count as clips: all but cards; nothing but cards: those."""
    every = shots(draft)
    return [n for n, p in enumerate(every) if p.segment.role != "card"] or list(range(len(every)))


def only_shots(draft: Draft, target: Target | None, what: str) -> list[int]:
    """As `positions`, but refuses a target that means one thing that is no shot.

    Raises:
        PlanError: the target is a text, a logo or a sound; ``what`` says what can't be done with it.
    """
    if target is not None and target.kind not in {"clip", "video", "all"}:
        message = f"The {NOUNS[target.kind][0]} can't be {what}: only photos and clips can."
        raise PlanError(message)
    return positions(draft, target)


def span_of(draft: Draft, target: Target | None, span: tuple[float, float], what: str) -> tuple[int, int]:
    """A range in ms of the timeline. With one clip as the target it counts from that clip's beginning.

    Raises:
        PlanError: the range is empty, or ends beyond the end.
    """
    low, high = round(span[0] * 1000), round(span[1] * 1000)
    start, length, name = 0, total_ms(draft), "the video"
    if target is not None and target.kind in {"clip", "video"}:
        found = positions(draft, target)
        if len(found) == 1:
            shot = shots(draft)[found[0]]
            start, length, name = shot.start, shot.end - shot.start, "the clip"
    if high <= low:
        message = f"{what} from {clock(low)} s to {clock(high)} s is empty."
        raise PlanError(message)
    if high > length + _TOLERANCE:
        message = f"{what} ends at {clock(high)} s, but {name} lasts {clock(length)} s."
        raise PlanError(message)
    return start + low, start + min(high, length)


def sliced(segment: Segment, low: int, high: int, library: Library) -> Segment:
    """The stretch [low, high) of a shot, in ms from its beginning on screen, as a shot of its own.

    What belongs to the shot's edges (its transition, its fades) stays with the piece that has the edge. A
    camera move goes on where it was: ``move.from`` and ``move.to`` say which part of it a piece shows.
    """
    length = segment.duration_ms
    if (low, high) == (0, length):
        return segment
    out = segment.replace(d=high - low)
    if low > 0:
        out = out.with_m(transition=None, fade_in=None, sound_fade_in=None)
    if high < length:
        out = out.with_m(fade_out=None, sound_fade_out=None)
    move = segment.get("move")
    if isinstance(move, dict):
        a, b = float(move.get("from", 0.0)), float(move.get("to", 1.0))
        part = {"from": round(a + (b - a) * low / length, 4), "to": round(a + (b - a) * high / length, 4)}
        out = out.with_m(move={**move, **part})
    if is_still(segment, library) or segment.get("freeze") not in (None, False):
        return out
    speed = float(segment.get("speed", 1))
    # Played backwards, the head of the shot is the tail of its stretch of the source.
    skipped = (length - high if segment.get("reverse") else low) * speed
    if not skipped:
        return out
    first = float(segment.get("in", 0))
    media = library.get(segment.media) if segment.media else None
    if segment.get("loop") and media is not None and media.duration_s:
        # A loop goes from ``in`` to the source's end. A piece within one round needs no loop; a longer one
        # begins a round anew, for there is no way to say that it begins in the middle of one.
        span = max(1.0, media.duration_s * 1000 - first)
        into = skipped % span
        if into + (high - low) * speed > span:
            return out
        return out.with_m(in_=round(first + into), loop=None)
    return out.with_m(in_=round(first + skipped))


def snapped(draft: Draft, at: int) -> int:
    """A time, or the cut next to it: a cut there would leave a shot too short to be seen."""
    edges = [0, *(p.end for p in shots(draft))]
    nearest = min(edges, key=lambda edge: abs(edge - at))
    return nearest if abs(nearest - at) < SHORTEST else at


def cut_at(draft: Draft, times: Iterable[int], library: Library) -> list[Piece]:
    """The main track cut at these times of the timeline; a time that is a cut already changes nothing."""
    taken: list[str] = []
    out: list[Piece] = []
    wanted = sorted(set(times))
    for piece, placed in zip(pieces_of(draft), shots(draft), strict=True):
        inside = [t - placed.start for t in wanted if placed.start < t < placed.end]
        edges = [0, *inside, placed.end - placed.start]
        for low, high in pairwise(edges):
            segment = sliced(piece.segment, low, high, library)
            if low > 0 and segment.id:
                taken.append(fresh_id(draft, "shot", taken))
                segment = segment.with_m(id=taken[-1])
            out.append(Piece(segment, piece.origin, low))
    return out


def usual_transition(segments: Sequence[Segment]) -> dict[str, object] | None:
    """How shots come in here, when all that come after another do so in the same way; else None."""
    said = [segment.get("transition") for segment in segments[1:]]
    same = bool(said) and isinstance(said[0], dict) and all(one == said[0] for one in said)
    return dict(said[0]) if same else None


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` ms in whole parts that are to one another as the weights; their sum is exactly ``total``."""
    whole = sum(weights) or 1
    edges, so_far = [0], 0.0
    for weight in weights:
        so_far += weight
        edges.append(round(total * so_far / whole))
    edges[-1] = total
    return [b - a for a, b in pairwise(edges)]
