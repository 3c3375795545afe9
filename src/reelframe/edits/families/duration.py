"""How long things last: the whole video, one shot, the pace, the speed."""

from __future__ import annotations

from typing import Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits.cuts import (
    SHORTEST,
    clip_positions,
    cut_at,
    only_shots,
    positions,
    share_out,
    snapped,
    span_of,
)
from reelframe.edits.layout import Piece, pieces_of, relay
from reelframe.edits.targets import is_whole
from reelframe.edits.timeline import Context, is_still, ms, shots, source_ms, total_ms
from reelframe.edits.vocabulary import Pace, SetDuration, SetSegmentDuration, Speed
from reelframe.errors import PlanError
from reelframe.media.model import Library

__all__ = ["grown", "pace", "set_duration", "set_segment_duration", "speed"]

SPEED_STEP: Final = 1.5
PACE_STEP: Final = 0.7
_MORE: Final = "I can play it slower, loop it, or hold a frame."


def grown(segment: Segment, library: Library) -> Segment:
    """A shot that has become longer: an animated picture starts again when it ends."""
    media = library.get(segment.media) if segment.media else None
    if media is None or not media.animated or media.duration_s is None:
        return segment
    plays = (media.duration_s * 1000 - float(segment.get("in", 0))) / float(segment.get("speed", 1))
    return segment.with_m(loop=True) if segment.duration_ms > plays + 1 else segment


def _lasting(piece: Piece, duration: int, library: Library) -> Piece:
    """A shot in another length: a photo's time is stretched, a clip is cut at its tail or goes on."""
    segment = piece.segment
    if is_still(segment, library):
        return piece.lasting(duration)
    if segment.get("reverse"):
        # The tail on screen is the head of the source's stretch.
        moved = float(segment.get("in", 0)) + (segment.duration_ms - duration) * float(segment.get("speed", 1))
        segment = segment.with_m(in_=max(0, round(moved)))
    return Piece(grown(segment.replace(d=duration), library), piece.origin, piece.offset, piece.rate)


def set_duration(draft: Draft, op: SetDuration, context: Context) -> Draft:
    """The whole video in another length: photos share the time as before, clips are cut or go on."""
    positions(draft, None)
    if op.duration_s is None and op.max_duration_s is None and op.range is None:
        message = "No length was said."
        raise PlanError(message, hint="Say how many seconds the video is to last.")
    if op.range is not None:
        draft = _window(draft, op.range, context)
    total = total_ms(draft)
    wanted = total if op.duration_s is None else ms(op.duration_s)
    if op.max_duration_s is not None:
        wanted = min(wanted, ms(op.max_duration_s))
    return draft if wanted == total else _scaled(draft, wanted, context.library)


def _window(draft: Draft, span: tuple[float, float], context: Context) -> Draft:
    """A stretch of the timeline alone; of a single clip: a stretch of its source."""
    library = context.library
    every = shots(draft)
    media = library.get(every[0].segment.media or "") if len(every) == 1 else None
    if media is None or media.kind != "video" or media.duration_s is None:
        low, high = span_of(draft, None, span, "The range")
        pieces = cut_at(draft, (low, high), library)
        kept, at = [], 0
        for piece in pieces:
            if low <= at < high:
                kept.append(piece)
            at += piece.segment.duration_ms
        return relay(draft, kept)
    low, high = ms(span[0]), ms(span[1])
    if high <= low or high > media.duration_s * 1000 + 50:
        message = f"{media.name} lasts {media.duration_s:.1f} s: {clock(low)} to {clock(high)} s is not a part of it."
        raise PlanError(message)
    (piece,) = pieces_of(draft)
    rate = float(piece.segment.get("speed", 1))
    segment = piece.segment.with_m(in_=low).replace(d=max(1, round((high - low) / rate)))
    offset = (low - float(piece.segment.get("in", 0))) / rate
    return relay(draft, [Piece(segment, 0, offset)])


def _scaled(draft: Draft, wanted: int, library: Library) -> Draft:
    pieces = pieces_of(draft)
    lengths = [p.segment.duration_ms for p in pieces]
    cards = sum(d for d, p in zip(lengths, pieces, strict=True) if p.segment.role == "card")
    keep_cards = 0 < cards < sum(lengths) and wanted - cards >= wanted / 2
    moving = [n for n, p in enumerate(pieces) if not (keep_cards and p.segment.role == "card")]
    room = wanted - (cards if keep_cards else 0)
    if room < SHORTEST * len(moving):
        message = f"{len(moving)} shots do not fit into {clock(wanted)} s."
        raise PlanError(message, hint="Remove some of them first, or ask for a longer video.")
    limits = {n: source_ms(pieces[n].segment, library) for n in moving}
    for n, d in _shares(moving, lengths, limits, room).items():
        if d != lengths[n]:
            pieces[n] = _lasting(pieces[n], d, library)
    return relay(draft, pieces)


def _shares(moving: list[int], lengths: list[int], limits: dict[int, int | None], room: int) -> dict[int, int]:
    """New lengths in proportion to the old ones; what a clip's source can't give, the other shots give."""
    fixed: dict[int, int] = {}
    while True:
        free = [n for n in moving if n not in fixed]
        left = room - sum(fixed.values())
        if not free:
            if left == 0:
                return fixed
            message = f"There are only {clock(sum(fixed.values()))} s of clips to show, not {clock(room)} s."
            raise PlanError(message, hint="I can play them slower, loop the video, or hold a frame.")
        shares = dict(zip(free, share_out(left, [lengths[n] for n in free]), strict=True))
        # A clip that is on screen longer than its source already (it holds its last frame) may stay so.
        caps = {n: max(limit, lengths[n]) for n in free if (limit := limits[n]) is not None}
        over = {n: cap for n, cap in caps.items() if shares[n] > cap}
        if not over:
            return fixed | shares
        fixed |= over


def set_segment_duration(draft: Draft, op: SetSegmentDuration, context: Context) -> Draft:
    """One shot in another length; a clip can't last longer than its source."""
    duration = ms(op.duration_s)
    found = only_shots(draft, op.target, "given a length as a shot")
    if duration < SHORTEST:
        message = f"{op.duration_s:g} s is too short for a shot to be seen."
        raise PlanError(message)
    pieces = pieces_of(draft)
    for n in found:
        segment = pieces[n].segment
        limit = source_ms(segment, context.library)
        if limit is not None and duration > max(limit + 50, segment.duration_ms):
            message = f"{segment.name or 'The clip'} has only {clock(limit)} s to show, not {clock(duration)} s."
            raise PlanError(message, hint=_MORE)
        pieces[n] = _lasting(pieces[n], duration, context.library)
    return relay(draft, pieces)


def pace(draft: Draft, op: Pace, context: Context) -> Draft:
    """All shots shorter, or longer as far as their sources go; cards stay readable."""
    factor = PACE_STEP if op.direction == "up" else 1 / PACE_STEP
    clips = clip_positions(draft) if positions(draft, None) else []
    pieces = pieces_of(draft)
    for n in clips:
        segment = pieces[n].segment
        limit = source_ms(segment, context.library)
        d = round(segment.duration_ms * factor)
        if limit is not None and factor > 1:
            d = max(segment.duration_ms, min(d, limit))
        pieces[n] = _lasting(pieces[n], max(SHORTEST, d), context.library)
    after = relay(draft, pieces)
    if total_ms(after) == total_ms(draft):
        shorter = "shorter" if op.direction == "up" else "longer"
        message = f"The shots can't get any {shorter}."
        hint = "" if op.direction == "up" else "The clips are shown whole already; I can play them slower."
        raise PlanError(message, hint=hint)
    return after


def speed(draft: Draft, op: Speed, context: Context) -> Draft:
    """Faster or slower. ``factor`` counts from the recorded speed; a photo is on screen for less (more) time."""
    if op.factor is None and op.direction is None:
        message = "No speed was said."
        raise PlanError(message, hint='Say "twice as fast" or "half speed".')
    target = op.target
    if op.range is not None:
        only_shots(draft, target, "played faster or slower")
        low, high = span_of(draft, target, op.range, "The range")
        low, high = snapped(draft, low), snapped(draft, high)
        draft = relay(draft, cut_at(draft, (low, high), context.library))
        found = [n for n, p in enumerate(shots(draft)) if low <= p.start and p.end <= high]
    else:
        found = only_shots(draft, target, "played faster or slower")
        if is_whole(target):
            found = clip_positions(draft)
    pieces = pieces_of(draft)
    for n in found:
        segment = pieces[n].segment
        old = float(segment.get("speed", 1))
        step = SPEED_STEP if op.direction == "up" else 1 / SPEED_STEP
        new = round(op.factor if op.factor is not None else old * step, 4)
        d = round(segment.duration_ms * old / new)
        if not 0.05 <= new <= 100 or d < SHORTEST:  # the vocabulary's own bounds
            message = f"{segment.name or 'The clip'} at {new:g} times its speed can't be followed any more."
            raise PlanError(message)
        faster = pieces[n].lasting(d)
        said = None if new == 1 else int(new) if new == int(new) else new
        segment = faster.segment.with_m(speed=said)
        pieces[n] = Piece(segment, faster.origin, faster.offset, faster.rate)
    return relay(draft, pieces)
