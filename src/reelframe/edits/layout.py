"""Lays the main track out, and lets everything else follow.

An operation that changes shots hands over the new main track as a list of `Piece`: each is a segment with
its new duration, and says which stretch of which old shot it shows. From that follows where every old
instant has gone, and so where texts, overlays and sounds go:

- Shots abut, in whole milliseconds, so the total is exactly the sum of what was asked.
- Music, logos and overlays over the whole video stay so; music that begins or ends elsewhere keeps its
  times and ends with the video at the latest.
- A title over the first shot belongs to the beginning, credits and a call to action to the end: whatever shot is there.
- Every other text, overlay or effect belongs to what it is shown over: it moves with it, is cut short
  with it, and goes when all of it goes.
- A transition lasts half of the shorter of its two shots at most; the first shot has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reelframe.draft import Draft, Placed, Segment, Track
from reelframe.edits.targets import candidates, main_index
from reelframe.edits.timeline import VIDEO, lead_ms, shots, total_ms

__all__ = ["Piece", "longest_transition", "pieces_of", "relay", "settle"]

# Ends that differ by less than a frame were meant to be the same.
_SAME: Final = 40
# What is left of a text under this can't be seen, and goes.
_FLASH: Final = 120
# A text of which less than this is left has lost what it was about.
_LEFT: Final = 0.2
_AT_THE_END: Final = 1500
_SHORTEST_TRANSITION: Final = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A shot of the new main track.

    Attributes:
        segment: the shot; its ``d`` is how long it will be on screen, in ms.
        origin: the old shot (its index in the order of time) that it shows, None for something new.
        offset: where in the old shot it begins, in ms of the old timeline.
        rate: milliseconds of the old timeline that pass in one of the new.
    """

    segment: Segment
    origin: int | None = None
    offset: float = 0.0
    rate: float = 1.0

    def lasting(self, duration: int) -> Piece:
        """The same stretch of the old shot in another time (faster, or slower)."""
        old = self.segment.duration_ms * self.rate
        return Piece(self.segment.replace(d=duration), self.origin, self.offset, old / max(1, duration))


def pieces_of(draft: Draft) -> list[Piece]:
    """The main track as it is."""
    return [Piece(p.segment.replace(d=p.end - p.start), n) for n, p in enumerate(shots(draft))]


def longest_transition(before: Segment, after: Segment) -> int:
    """The longest transition between two shots, in ms."""
    return min(before.duration_ms, after.duration_ms) // 2


def relay(draft: Draft, pieces: Sequence[Piece]) -> Draft:
    """The draft with this main track, everything else following it."""
    moved = _Moved(draft, pieces)
    main = main_index(draft)
    tracks: list[Track] = []
    if main is None and pieces:
        tracks.append(Track(tt=VIDEO, sg=moved.segments))
    titles = {(f.track, f.index) for f in candidates(draft, "title")}
    for t, track in enumerate(draft.tracks):
        if t == main:
            tracks.append(track.replace(sg=moved.segments))
            continue
        spans = [moved.follow(p, track, is_title=(t, s) in titles) for s, p in enumerate(track.placed)]
        after = _rebuilt(track, spans)
        if after.segments or not track.segments:
            tracks.append(after)
    out = draft.with_tracks(tracks)
    return settle(draft, out) if not pieces else out.replace(d=total_ms(out))


def settle(before: Draft, after: Draft) -> Draft:
    """``after`` with nothing beyond its end and its declared duration true, its shots being laid out already.

    Where no time has changed, the duration stays as it was declared: a timeline that came from elsewhere
    is not put right behind its owner's back.
    """
    if _times(before) == _times(after):
        return after
    main = main_index(after)
    old, total = total_ms(before), total_ms(after)
    has_shots = bool(shots(after))
    tracks: list[Track] = []
    for t, track in enumerate(after.tracks):
        if t == main:
            tracks.append(track)
            continue
        spans: list[tuple[int, int] | None] = []
        for p in track.placed:
            end = p.end
            if not has_shots and track.kind != "text" and p.start <= _SAME and p.end >= old - _SAME:
                end = total
            end = min(end, total)
            spans.append((p.start, end) if end > p.start or (total == 0 and not has_shots) else None)
        kept = _rebuilt(track, spans)
        if kept.segments or not track.segments:
            tracks.append(kept)
    return after.with_tracks(tracks).replace(d=total)


def _times(draft: Draft) -> list[tuple[int | None, list[tuple[int, int]]]]:
    return [(track.tt, [(p.start, p.end) for p in track.placed]) for track in draft.tracks]


def _rebuilt(track: Track, spans: Sequence[tuple[int, int] | None]) -> Track:
    """The track with its segments at these places, None: without it. What does not move is not touched."""
    if [(p.start, p.end) for p in track.placed] == list(spans):
        return track
    out = []
    for p, span in zip(track.placed, spans, strict=True):
        if span is None:
            continue
        start, end = span
        segment = p.segment.with_m(start=start)
        out.append(segment if p.end - p.start == end - start else segment.replace(d=end - start))
    return track.replace(sg=tuple(out))


def _laid_out(pieces: Iterable[Piece]) -> tuple[Segment, ...]:
    out: list[Segment] = []
    at = 0
    for piece in pieces:
        segment = piece.segment.with_m(start=at)
        said = segment.get("transition")
        if said is not None and not out:
            segment = segment.with_m(transition=None)
        elif said is not None:
            said = said if isinstance(said, dict) else {"type": said}
            asked = said.get("ms", 500)
            length = min(asked, longest_transition(out[-1], segment))
            if length < _SHORTEST_TRANSITION:
                segment = segment.with_m(transition=None)
            elif length != asked:
                segment = segment.with_m(transition={**said, "ms": length})
        out.append(segment)
        at += segment.duration_ms
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Image:
    """What became of a part of an old stretch: the piece it is in now, its old and its new times."""

    piece: int
    old: tuple[float, float]
    new: tuple[float, float]


class _Moved:
    """Where the instants of the old timeline are in the new one."""

    def __init__(self, draft: Draft, pieces: Sequence[Piece]) -> None:
        self.old = shots(draft)
        self.pieces = pieces
        self.segments = _laid_out(pieces)
        self.old_total = total_ms(draft)
        self.total = sum(s.duration_ms for s in self.segments)
        old = [p.segment for p in self.old]
        self.old_lead, self.lead = lead_ms(old), lead_ms(self.segments)
        self.old_tail, self.tail = lead_ms(reversed(old)), lead_ms(reversed(self.segments))

    def follow(self, p: Placed, track: Track, *, is_title: bool) -> tuple[int, int] | None:
        """The new times of a segment that is not a shot; None when it goes."""
        if not self.pieces:
            return (p.start, p.end)
        if not self.old:
            return self._within(p.start, p.end)
        match track.kind:
            case "text":
                return self._text(p, is_title=is_title)
            case "video" | "audio":
                return self._layer(p, p.segment.role)
            case _:
                return (p.start, p.end)

    def _layer(self, p: Placed, role: str) -> tuple[int, int] | None:
        if p.start <= _SAME and p.end >= self.old_total - _SAME:
            return (0, self.total)
        if role == "sfx":
            images = self._images(p.start, p.end)
            if not images:
                return None
            start = round(images[0].new[0])
            return self._within(start, start + p.end - p.start)
        if role in {"logo", "overlay"}:
            return self._shown_over(p, keeps_length=False)
        end = self.total if p.end >= self.old_total - _SAME else p.end
        return self._within(p.start, end)

    def _text(self, p: Placed, *, is_title: bool) -> tuple[int, int] | None:
        length = p.end - p.start
        content_end = self.old_total - self.old_tail
        if _near(p.start, self.old_lead) and _near(p.end, content_end):
            return self._within(self.lead, self.total - self.tail)
        first = next((s for s in self.old if s.end > self.old_lead), self.old[0])
        if is_title and self.old_lead <= p.start < first.end:
            start = p.start - self.old_lead + self.lead
            return self._within(start, start + length)
        if p.segment.role in {"credits", "cta"} and 0 <= content_end - p.end <= _AT_THE_END:
            end = max(0, self.total - self.tail - (content_end - p.end))
            return self._within(max(0, end - length), end)
        return self._shown_over(p, keeps_length=p.segment.role != "subtitle")

    def _shown_over(self, p: Placed, *, keeps_length: bool) -> tuple[int, int] | None:
        images = self._images(p.start, p.end)
        length = p.end - p.start
        run = max(self._runs(images), key=_old_ms, default=[])
        if not run or _old_ms(run) < _LEFT * length:
            return None
        start, end = run[0].new[0], run[-1].new[1]
        last = run[-1].piece
        limit = sum(s.duration_ms for s in self.segments[: last + 1])
        if keeps_length and not self._fills(run) and _near(_old_ms(run), length):
            # Reading takes as long as it takes, however fast the picture goes.
            end = min(start + length, limit)
        span = self._within(round(start), round(end))
        return None if span is None or (span[1] - span[0] < min(_FLASH, length)) else span

    def _fills(self, run: Sequence[_Image]) -> bool:
        """Whether the stretch covered its shots from edge to edge."""
        head, tail = self._old_span(run[0].piece), self._old_span(run[-1].piece)
        return _near(run[0].old[0], head[0]) and _near(run[-1].old[1], tail[1])

    def _old_span(self, index: int) -> tuple[float, float]:
        piece = self.pieces[index]
        start = self.old[piece.origin or 0].start + piece.offset
        return start, start + piece.segment.duration_ms * piece.rate

    def _images(self, start: float, end: float) -> list[_Image]:
        out = []
        at = 0
        for n, piece in enumerate(self.pieces):
            if piece.origin is not None:
                a, b = self._old_span(n)
                low, high = max(a, start), min(b, end)
                if high > low:
                    new = (at + (low - a) / piece.rate, at + (high - a) / piece.rate)
                    out.append(_Image(n, (low, high), new))
            at += piece.segment.duration_ms
        return out

    def _runs(self, images: Sequence[_Image]) -> list[list[_Image]]:
        """Images grouped into stretches that are still in one piece, and in their old order."""
        runs: list[list[_Image]] = []
        for image in images:
            last = runs[-1][-1] if runs else None
            bridged = last is not None and all(
                piece.origin is None for piece in self.pieces[last.piece + 1 : image.piece]
            )
            if last is not None and bridged and image.old[0] >= last.old[1] - _SAME:
                runs[-1].append(image)
            else:
                runs.append([image])
        return runs

    def _within(self, start: int, end: int) -> tuple[int, int] | None:
        start, end = max(0, start), min(end, self.total)
        return (start, end) if end > start else None


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME


def _old_ms(run: Sequence[_Image]) -> float:
    return sum(image.old[1] - image.old[0] for image in run)
