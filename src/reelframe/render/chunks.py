"""Where the video is cut into pieces that are encoded by themselves, and the name that each piece's pixels have. Pure.

A piece is a closed group of pictures: it can be encoded by any worker, kept, and joined to others by copying. Cuts
fall where shots are first seen alone, then where texts and overlays come and go, so that a changed title touches few
pieces, and then so that no piece is longer than about three seconds. Pieces much shorter than that cost bits: each
begins with a whole picture. So does a cut where a transition begins: that whole picture is the old shot's once more,
and the new one's has to be sent after it all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from reelframe.render.composition import Composition
from reelframe.render.timeline import FramePlan, Timeline

__all__ = ["ENGINE_VERSION", "Chunk", "cuts", "plan_chunks"]

# Raise it whenever the same plan comes out as other pixels or bytes: kept pieces of before are then not used.
ENGINE_VERSION: Final = 12
LONGEST_S: Final = 3.4
SHORTEST_S: Final = 1.2


@dataclass(frozen=True, slots=True)
class Chunk:
    """Frames ``start`` to ``end`` (exclusive) of the film's piece ``nth``, named by what decides their bytes.

    Attributes:
        changes: how many of its frames show something new.
    """

    start: int
    end: int
    key: str
    nth: int = 0
    changes: int = 1

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return self.end - self.start


def cuts(c: Composition) -> tuple[int, ...]:
    """Where pieces begin, and the end: from 0 to ``c.frames``, ascending."""
    least = max(1, round(SHORTEST_S * c.fps))
    kept = [0, c.frames]
    shots = [s.start + (s.transition.frames if s.transition else 0) for s in c.shots]
    layers = [edge for t in c.texts for edge in (t.start, t.end)]
    layers += [edge for o in c.overlays for edge in (o.start, o.end)]
    for edge in (*shots, *sorted(layers)):
        if all(abs(edge - other) >= least for other in kept) and 0 < edge < c.frames:
            kept.append(edge)
    kept.sort()
    own = {0, *shots, c.frames}
    out = [0]
    for a, b in pairwise(kept):
        parts = max(1, -(-(b - a) // round(LONGEST_S * c.fps)))
        if not own.issuperset((a, b)) and _has_short_text(c, a, b):
            # Cut for the sake of a text alone: two workers can share what a change of it touches.
            parts = max(parts, min(2, (b - a) // least))
        out.extend(a + (b - a) * i // parts for i in range(1, parts + 1))
    return tuple(out)


def _has_short_text(c: Composition, a: int, b: int) -> bool:
    """Whether a text comes and goes about where this piece does."""
    near = round(SHORTEST_S * c.fps)
    return any(abs(t.start - a) < near and abs(t.end - b) < near for t in c.texts)


def _runs(frames: Iterable[FramePlan]) -> list[tuple[int, str]]:
    """How many frames in a row show the same, and what."""
    return [(sum(1 for _ in run), text) for text, run in groupby(repr(frame) for frame in frames)]


def _key(runs: Iterable[tuple[int, str]], settings: str) -> str:
    """The name of a piece: a hash of what its frames show and of how they are encoded."""
    digest = hashlib.sha256(f"{ENGINE_VERSION}\n{settings}\n".encode())
    for count, text in runs:
        digest.update(f"{count} {text}\n".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def plan_chunks(timeline: Timeline, settings: Callable[[int], str]) -> tuple[Chunk, ...]:
    """All pieces of a video in order; pieces that look the same have the same key.

    Args:
        timeline: what each frame shows.
        settings: everything about the encoder and the frame that decides the bytes of the piece of a number.
    """
    chunks = []
    for nth, (a, b) in enumerate(pairwise(cuts(timeline.composition))):
        runs = _runs(timeline.frame(f) for f in range(a, b))
        chunks.append(Chunk(a, b, _key(runs, settings(nth)), nth, len(runs)))
    return tuple(chunks)
