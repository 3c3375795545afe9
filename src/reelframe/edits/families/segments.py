"""Cutting, ordering and repeating shots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits.cuts import (
    SHORTEST,
    clip_positions,
    cut_at,
    only_shots,
    positions,
    sliced,
    snapped,
    span_of,
    usual_transition,
)
from reelframe.edits.layout import Piece, pieces_of, relay
from reelframe.edits.targets import NOUNS, is_whole, main_index, resolve
from reelframe.edits.timeline import (
    Context,
    fresh_id,
    is_still,
    ms,
    need_time,
    replace_segments,
    shots,
    source_ms,
    take_out,
    total_ms,
)
from reelframe.edits.vocabulary import (
    BeatSync,
    CloseGaps,
    CutRange,
    Duplicate,
    Freeze,
    Loop,
    Merge,
    Remove,
    Reorder,
    Reverse,
    Split,
    Target,
    Trim,
)
from reelframe.errors import PlanError
from reelframe.media.model import Library

__all__ = [
    "beat_sync",
    "close_gaps",
    "cut_range",
    "duplicate",
    "freeze",
    "loop",
    "merge",
    "remove",
    "reorder",
    "reverse",
    "split",
    "trim",
]

_MOST_SHOTS: Final = 2000
_HOLD_MS: Final = 2000


def trim(draft: Draft, op: Trim, context: Context) -> Draft:
    """Off the head and the tail of a shot, of a piece of sound, or of the whole video."""
    head, tail = ms(op.start_s or 0), ms(op.end_s or 0)
    if not head and not tail:
        message = "It was not said how much to take off."
        raise PlanError(message, hint='Say "the first 2 seconds" or "the last 3 seconds".')
    if is_whole(op.target):
        total = total_ms(draft)
        positions(draft, None)
        _must_leave(total, head + tail, "The video")
        return _kept(draft, [(head, total - tail)], context.library)
    target = op.target or Target(kind="clip")
    main = main_index(draft)
    found = resolve(draft, target)
    if all(f.track != main for f in found):
        return _trim_items(draft, target, head, tail)
    pieces = pieces_of(draft)
    for n in positions(draft, target):
        segment = pieces[n].segment
        length = segment.duration_ms
        _must_leave(length, head + tail, segment.name or "The clip")
        pieces[n] = Piece(sliced(segment, head, length - tail, context.library), n, head)
        if head and n:
            # A shot keeps the way it comes in, though its head is another one now.
            pieces[n] = Piece(pieces[n].segment.with_m(transition=segment.get("transition")), n, head)
    return relay(draft, pieces)


def _trim_items(draft: Draft, target: Target, head: int, tail: int) -> Draft:
    new = {}
    for f in resolve(draft, target):
        p = f.placed
        _must_leave(p.end - p.start, head + tail, p.segment.name or f"The {NOUNS[target.kind][0]}")
        segment = p.segment.with_m(start=p.start + head).replace(d=p.end - p.start - head - tail)
        if segment.media is not None and head:
            segment = segment.with_m(in_=round(segment.get("in", 0) + head))
        new[f.track, f.index] = segment
    return replace_segments(draft, new)


def _must_leave(length: int, off: int, what: str) -> None:
    if length - off < SHORTEST:
        message = f"{what} lasts {clock(length)} s: {clock(off)} s can't be taken off."
        raise PlanError(message)


def cut_range(draft: Draft, op: CutRange, context: Context) -> Draft:
    """A range out of the timeline (or of one clip), or all but a range."""
    positions(draft, op.target)
    if op.range is None and op.keep_range is None:
        message = "No range was said."
        raise PlanError(message, hint='Say "from 0:10 to 0:20".')
    spans = []
    total = total_ms(draft)
    if op.keep_range is not None:
        low, high = span_of(draft, op.target, op.keep_range, "The range to keep")
        first, last = _edges(draft, op.target)
        spans = [(0, first), (low, high), (last, total)]
    if op.range is not None:
        low, high = span_of(draft, op.target, op.range, "The range to take out")
        spans = [part for a, b in (spans or [(0, total)]) for part in ((a, min(b, low)), (max(a, high), b))]
    kept = [(a, b) for a, b in spans if b > a]
    if sum(b - a for a, b in kept) < SHORTEST:
        message = "That would take the whole video out."
        raise PlanError(message, hint="Say what to keep.")
    if sum(b - a for a, b in kept) == total:
        message = f"The video lasts {clock(total)} s: there is nothing else to take out."
        raise PlanError(message)
    return _kept(draft, kept, context.library)


def _edges(draft: Draft, target: Target | None) -> tuple[int, int]:
    """Start and end of the one clip that a range counts in, else of the video."""
    if target is not None and target.kind in {"clip", "video"}:
        found = positions(draft, target)
        if len(found) == 1:
            return shots(draft)[found[0]].start, shots(draft)[found[0]].end
    return 0, total_ms(draft)


def _kept(draft: Draft, spans: Sequence[tuple[int, int]], library: Library) -> Draft:
    """The draft with these ranges of its time alone."""
    base = shots(draft)
    kept = [
        piece
        for piece in cut_at(draft, [edge for span in spans for edge in span], library)
        if piece.origin is not None and any(a <= round(base[piece.origin].start + piece.offset) < b for a, b in spans)
    ]
    return relay(draft, kept)


def split(draft: Draft, op: Split, context: Context) -> Draft:
    """Cuts at times of the timeline; with one clip as the target, of that clip, or of the timeline within it."""
    only_shots(draft, op.target, "split")
    first, last = _edges(draft, op.target)
    times = [_cut_time(draft, op, ms(t), first, last) for t in op.at_s or ()]
    if op.every_s is not None:
        if (last - first) / ms(op.every_s) > _MOST_SHOTS:
            message = f"Cuts every {op.every_s:g} s would make over {_MOST_SHOTS} shots."
            raise PlanError(message)
        times += [first + t for t in range(ms(op.every_s), last - first, ms(op.every_s))]
    elif not times:
        if len(positions(draft, op.target)) != 1:
            message = "It was not said where to cut."
            raise PlanError(message, hint="Give a time, such as 0:12.")
        times = [(first + last) // 2]
    here = {p.start for p in shots(draft)} | {total_ms(draft)}
    new = [t for t in times if t not in here]
    if not new:
        message = f"There is a cut at {clock(times[0])} s already." if times else "Nothing is that long."
        raise PlanError(message)
    pieces = cut_at(draft, new, context.library)
    short = min(p.segment.duration_ms for p in pieces)
    if short < SHORTEST:
        message = f"A cut there would leave a shot of {short} ms."
        raise PlanError(message)
    return relay(draft, pieces)


def _cut_time(draft: Draft, op: Split, at: int, first: int, last: int) -> int:
    if first + at < last:
        return first + at
    if first < at < last:
        return at
    one = op.target is not None and (first, last) != (0, total_ms(draft))
    what = f"the clip lasts {clock(last - first)} s" if one else f"the video lasts {clock(last)} s"
    message = f"There is nothing to cut at {clock(at)} s: {what}."
    raise PlanError(message)


def remove(draft: Draft, op: Remove, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Takes segments out. Shots close up, and what lay over a removed shot goes with it."""
    found = resolve(draft, op.target)
    if op.target.kind == "transition":
        return replace_segments(draft, {(f.track, f.index): f.placed.segment.with_m(transition=None) for f in found})
    main = main_index(draft)
    shot_ids = {id(f.placed) for f in found if f.track == main}
    out = take_out(draft, [f for f in found if f.track != main])
    if not shot_ids:
        return out
    gone = {n for n, p in enumerate(shots(draft)) if id(p) in shot_ids}
    return relay(out, [piece for n, piece in enumerate(pieces_of(out)) if n not in gone])


def reorder(draft: Draft, op: Reorder, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Another order of the shots. Cards keep their places, and so do the transitions."""
    slots = clip_positions(draft) if positions(draft, None) else []
    order = list(range(len(slots)))
    if op.move is None and op.swap is None and op.order is None and not op.reverse:
        message = "No order was said."
        raise PlanError(message, hint='Say "move the last photo to the front", or name the order.')
    if op.order is not None:
        order = _named_order(draft, op.order)
    if op.swap is not None:
        a, b = (_slot(n, len(slots)) for n in op.swap)
        order[a], order[b] = order[b], order[a]
    if op.move is not None:
        a, b = (_slot(n, len(slots)) for n in op.move)
        order.insert(b, order.pop(a))
    if op.reverse:
        order.reverse()
    pieces = pieces_of(draft)
    new = list(pieces)
    for place, n in zip(slots, order, strict=True):
        new[place] = pieces[slots[n]]
    return relay(draft, _with_transitions_of(pieces, new))


def _slot(number: int, length: int) -> int:
    if number == 0 or not -length <= number <= length:
        have = "there is only 1 clip" if length == 1 else f"there are {length} clips"
        message = f"There is no clip {number}: {have}."
        raise PlanError(message)
    return number - 1 if number > 0 else length + number


def _named_order(draft: Draft, said: Sequence[str | int]) -> list[int]:
    """Those that were named come first, in that order; the others follow as they were."""
    slots = clip_positions(draft)
    named: list[int] = []
    for one in said:
        if isinstance(one, int):
            hits = [_slot(one, len(slots))]
        else:
            found = positions(draft, Target(kind="clip", name=one))
            hits = [slots.index(n) for n in found if n in slots]
        new = [n for n in hits if n not in named]
        if not new:
            message = f'"{one}" was named twice.'
            raise PlanError(message)
        named += new
    return named + [n for n in range(len(slots)) if n not in named]


def _with_transitions_of(old: Sequence[Piece], new: Sequence[Piece]) -> list[Piece]:
    return [
        Piece(b.segment.with_m(transition=a.segment.get("transition")), b.origin, b.offset, b.rate)
        for a, b in zip(old, new, strict=True)
    ]


def duplicate(draft: Draft, op: Duplicate, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Copies of shots: right after their originals, or from the place ``to`` on."""
    found = only_shots(draft, op.target, "duplicated")
    pieces = pieces_of(draft)
    usual = usual_transition([p.segment for p in pieces])
    taken: list[str] = []
    copies: dict[int, Piece] = {}
    for n in found:
        taken.append(fresh_id(draft, "shot", taken))
        copy = pieces[n].segment.with_m(id=taken[-1], transition=usual)
        copies[n] = Piece(copy)
    if op.to is None:
        out = [one for n, piece in enumerate(pieces) for one in (piece, *_some(copies.get(n)))]
        return relay(draft, out)
    slots = clip_positions(draft)
    place = _slot(op.to, len(slots) + 1)
    at = slots[place] if place < len(slots) else slots[-1] + 1
    if at == 0 and usual:
        head = pieces[0]
        pieces[0] = Piece(head.segment.with_m(transition=usual), head.origin, head.offset, head.rate)
    return relay(draft, [*pieces[:at], *(copies[n] for n in found), *pieces[at:]])


def _some(piece: Piece | None) -> Iterable[Piece]:
    return () if piece is None else (piece,)


def merge(draft: Draft, op: Merge, context: Context) -> Draft:
    """Neighbouring stretches of one source become one shot again.

    Raises:
        PlanError: they are not neighbours, or not of one source: shots play one after the other anyway.
    """
    if op.targets is None:
        chosen = clip_positions(draft) if positions(draft, None) else []
    else:
        chosen = sorted({n for target in op.targets for n in only_shots(draft, target, "merged")})
        gaps = [a for a, b in pairwise(chosen) if b != a + 1]
        if gaps or len(chosen) < 2:  # a pair
            message = "Only neighbouring clips can be merged."
            raise PlanError(message, hint="Move them next to one another first.")
    every = shots(draft)
    out: list[Piece] = []
    merged = 0
    for n, piece in enumerate(pieces_of(draft)):
        joined = _joined(out[-1].segment, piece.segment, context.library) if out else None
        if n in chosen and n - 1 in chosen and joined is not None:
            out[-1] = Piece(joined, out[-1].origin, out[-1].offset)
            merged += 1
        elif n in chosen and n - 1 in chosen and op.targets is not None:
            a, b = (every[k].segment.name or f"clip {k + 1}" for k in (n - 1, n))
            message = f"{a} and {b} are not parts of one recording: they play one after the other already."
            raise PlanError(message, hint="I can put a transition between them.")
        else:
            out.append(piece)
    if not merged:
        message = "The clips play one after the other as one video already: there is nothing to merge."
        raise PlanError(message, hint="I can put transitions between them.")
    return relay(draft, out)


_OWN: Final = ("id", "in", "start", "name", "transition", "fade_in", "fade_out", "move")


def _joined(a: Segment, b: Segment, library: Library) -> Segment | None:
    """Both as one shot, if ``b`` goes on where ``a`` ends, in the same manner."""
    manner = [{k: v for k, v in (s.m or {}).items() if k not in _OWN} for s in (a, b)]
    same = a.media == b.media and a.media is not None and manner[0] == manner[1]
    if not same or a.get("reverse") or a.get("freeze") not in (None, False):
        return None
    move_a, move_b = a.get("move"), b.get("move")
    if is_still(a, library):
        whole = _joined_move(move_a, move_b)
        out = a.replace(d=a.duration_ms + b.duration_ms)
        return None if whole is False else out.with_m(move=whole or None, fade_out=b.get("fade_out"))
    goes_on = float(a.get("in", 0)) + a.duration_ms * float(a.get("speed", 1))
    if abs(goes_on - float(b.get("in", 0))) > 50:  # ms: a frame or two
        return None
    return a.replace(d=a.duration_ms + b.duration_ms).with_m(fade_out=b.get("fade_out"))


def _joined_move(a: object, b: object) -> dict[str, object] | bool | None:
    """The camera move of both, None when there is none, False when they do not belong together."""
    if a is None and b is None:
        return None
    if not isinstance(a, dict) or not isinstance(b, dict) or a.get("to", 1.0) != b.get("from", 0.0):
        # Two moves of their own can't be one without changing what is seen.
        return False
    whole = {**a, "to": b.get("to", 1.0)}
    if (whole.get("from", 0.0), whole["to"]) == (0.0, 1.0):
        whole = {k: v for k, v in whole.items() if k not in {"from", "to"}}
    return whole


def reverse(draft: Draft, op: Reverse, context: Context) -> Draft:
    """Clips play backwards; those that do already play forwards again."""
    found = only_shots(draft, op.target, "played backwards")
    pieces = pieces_of(draft)
    moving = [n for n in found if not is_still(pieces[n].segment, context.library)]
    if not moving:
        message = "A photo has no direction to reverse."
        raise PlanError(message, hint="I can reverse the order of the photos.")
    for n in moving:
        segment = pieces[n].segment
        pieces[n] = Piece(segment.with_m(reverse=None if segment.get("reverse") else True), n)
    return relay(draft, pieces)


def loop(draft: Draft, op: Loop, context: Context) -> Draft:
    """The whole video, or one clip, several times in a row; a sound until its time is full."""
    if op.target is not None and op.target.kind in {"bgm", "audio", "sfx", "voice"}:
        files = [f for f in resolve(draft, op.target) if f.placed.segment.media is not None]
        if not files:
            message = "Composed music fills the whole video already."
            raise PlanError(message)
        return replace_segments(draft, {(f.track, f.index): f.placed.segment.with_m(loop=True) for f in files})
    count = op.count or 2
    every = is_whole(op.target)
    found = positions(draft, None) if every else only_shots(draft, op.target, "looped")
    pieces = pieces_of(draft)
    if len(pieces) * count > _MOST_SHOTS:
        message = f"{count} times would make over {_MOST_SHOTS} shots."
        raise PlanError(message)
    if every and len(pieces) > 1:
        return relay(draft, _repeated(draft, pieces, found, count))
    if all(is_still(pieces[n].segment, context.library) for n in found):
        message = "A photo stands still: looping it changes nothing."
        raise PlanError(message, hint="I can show it longer.")
    for n in reversed(found):
        segment = pieces[n].segment
        whole = source_ms(segment, context.library)
        runs_out = whole is not None and segment.duration_ms > whole
        if op.count is None and runs_out:
            pieces[n] = Piece(segment.with_m(loop=True), n)
        elif segment.get("loop") or (not segment.get("in") and whole == segment.duration_ms):
            longer = segment.replace(d=segment.duration_ms * count).with_m(loop=True)
            pieces[n] = Piece(longer, n)
        else:
            # A stretch of a longer source: a loop would run on into the rest of it.
            pieces[n : n + 1] = _repeated(draft, pieces, [n], count)[n : n + count]
    return relay(draft, pieces)


def _repeated(draft: Draft, pieces: list[Piece], found: list[int], count: int) -> list[Piece]:
    taken = [p.segment.id for p in pieces]
    group = [pieces[n] for n in found]
    out = list(pieces)
    at = found[-1] + 1
    usual = usual_transition([p.segment for p in pieces])
    for _ in range(count - 1):
        for k, piece in enumerate(group):
            taken.append(fresh_id(draft, "shot", taken))
            copy = piece.segment.with_m(id=taken[-1])
            if k == 0:
                copy = copy.with_m(transition=usual if len(group) > 1 else None)
            out.insert(at, Piece(copy))
            at += 1
    return out


def freeze(draft: Draft, op: Freeze, context: Context) -> Draft:
    """Holds one picture of a clip for a while; without a time its last one."""
    found = only_shots(draft, op.target, "frozen")
    hold = ms(op.duration_s) if op.duration_s is not None else _HOLD_MS
    every = shots(draft)
    if op.at_s is not None:
        first, last = _edges(draft, op.target)
        one = op.target is not None and len(found) == 1
        at = first + ms(op.at_s) if one else need_time(draft, ms(op.at_s), "A frame")
        if at > last and first <= ms(op.at_s) <= last:
            at = ms(op.at_s)
        if not first <= at <= last:
            message = f"There is no frame at {op.at_s:g} s: the clip lasts {clock(last - first)} s."
            raise PlanError(message)
    else:
        at = every[found[-1]].end
    at = snapped(draft, at)
    pieces = cut_at(draft, [at], context.library)
    edges = [0]
    for piece in pieces:
        edges.append(edges[-1] + piece.segment.duration_ms)
    n = max(0, edges.index(at) - 1)
    held = pieces[n].segment
    if is_still(held, context.library):
        message = f"{held.name or 'A photo'} stands still already."
        raise PlanError(message, hint="I can show it longer.")
    length = held.duration_ms
    # The last picture of the stretch before the hold is on screen one frame before its end.
    offset = 0 if at == 0 else max(0, length - round(1000 / float(draft.get("fps", 30))))
    speed = float(held.get("speed", 1))
    shown = (length - offset if held.get("reverse") else offset) * speed
    frozen = held.replace(d=hold).with_m(
        id=fresh_id(draft, "shot", [p.segment.id for p in pieces]),
        freeze=True, in_=round(float(held.get("in", 0)) + shown), transition=None, muted=True,
        fade_in=None, fade_out=None, reverse=None, loop=None, speed=None, move=None,
    )  # fmt: skip
    place = 0 if at == 0 else n + 1
    return relay(draft, [*pieces[:place], Piece(frozen), *pieces[place:]])


def close_gaps(draft: Draft, op: CloseGaps, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Shots abut; in a timeline without gaps nothing changes."""
    positions(draft, None)
    every = shots(draft)
    ends = [0, *(p.end for p in every)]
    if all(p.start == end for p, end in zip(every, ends, strict=False)):
        return draft
    return relay(draft, pieces_of(draft))


def beat_sync(draft: Draft, op: BeatSync, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Every cut goes to the nearest beat of the music; the total stays.

    Raises:
        PlanError: there is no music, or nobody can tell its beats.
    """
    music = resolve(draft, Target(kind="bgm"))[0].placed
    every = shots(draft)
    if len(every) < 2:  # a cut needs two shots
        message = "There is no cut to move: the video has only one shot."
        raise PlanError(message)
    told = context.beats(music.segment) if context.beats is not None else ()
    beats = [music.start + ms(beat) for beat in told]
    if not beats:
        message = "The beats of this music are not known."
        hint = "" if music.segment.get("music") else "I can do it with music that is composed here."
        raise PlanError(message, hint=hint or "The cuts can be moved one by one.")
    total = total_ms(draft)
    pieces = pieces_of(draft)
    at = 0
    shortest = max(1, min(SHORTEST, total // (2 * len(every))))
    for n, placed in enumerate(every[:-1]):
        room = total - shortest * (len(every) - n - 1)
        limit = source_ms(pieces[n].segment, context.library)
        # Both shots at the cut must last: this one no longer than its source, the next ones long enough.
        longest = room - at if limit is None else min(room - at, max(limit, placed.end - placed.start))
        fitting = [b for b in beats if shortest <= b - at <= longest]
        usual = max(at + shortest, min(placed.end, at + longest))
        cut = min(fitting, key=lambda b: abs(b - placed.end), default=usual)
        pieces[n] = _stretched(pieces[n], cut - at, context.library)
        at = cut
    pieces[-1] = _stretched(pieces[-1], total - at, context.library)
    return relay(draft, pieces)


def _stretched(piece: Piece, duration: int, library: Library) -> Piece:
    if is_still(piece.segment, library):
        return piece.lasting(duration)
    return Piece(piece.segment.replace(d=duration), piece.origin, piece.offset, piece.rate)
