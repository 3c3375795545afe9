"""Composition to frames: what each frame shows, as a value. Pure; the painter only carries it out.

A frame's plan knows nothing of where it stands in time, so two frames that look the same have the same plan:
equal stretches get equal cache keys, and a frame that is like the one before it need not be painted again.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from reelframe.render.composition import (
    Backdrop,
    Composition,
    Effect,
    Framing,
    Grade,
    Move,
    Overlay,
    Position,
    Rgb,
    Shot,
    Source,
    TextLayer,
    Timing,
)
from reelframe.render.effects import MOVING
from reelframe.render.geometry import ease
from reelframe.render.text import TextStyle

__all__ = ["FramePlan", "OverlayPlan", "PicturePlan", "TextPlan", "Timeline"]

# Where in a text's time the picture under it is looked at, and how often more where it is a film: seconds, and times.
_LOOKED_AT: Final = (0.1, 0.5, 0.9)
_LOOK_S: Final = 0.4
_LOOKS: Final = 24


@dataclass(frozen=True, slots=True)
class PicturePlan:
    """A full frame of a photo, a clip or a colour.

    Attributes:
        u: how far the camera move is, 0..1, eased; 0 without a move.
        at_s: the time of a clip or a moving backdrop that is shown; 0 for a still.
        seed: changes with every frame where an effect does.
        veil: how much of the colour behind covers it (a fade).
    """

    source: Source | None
    color: Rgb
    framing: Framing
    move: Move | None
    grade: Grade
    effects: tuple[Effect, ...]
    u: float = 0.0
    at_s: float = 0.0
    seed: int = 0
    veil: float = 0.0
    backdrop: Backdrop | None = None


@dataclass(frozen=True, slots=True)
class OverlayPlan:
    """A picture in its box."""

    source: Source
    size: float
    position: Position
    dx: float
    dy: float
    framing: Framing
    grade: Grade
    opacity: float
    at_s: float


@dataclass(frozen=True, slots=True)
class TextPlan:
    """A text at one moment of its animation; ``under`` are the pictures that its place and contrast are judged on."""

    text: str
    role: str
    style: TextStyle
    position: str
    max_width: float
    dx: float
    dy: float
    anim: str = "none"
    way: str = "in"
    progress: float = 1.0
    adapt: bool = False
    places: tuple[str, ...] = ()
    recolor: bool = False
    platform: str = ""
    under_key: str = ""
    under: tuple[FramePlan, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class FramePlan:
    """Everything that one frame shows, from the bottom to the top."""

    background: Rgb
    shot: PicturePlan | None = None
    incoming: PicturePlan | None = None
    transition: str = ""
    progress: float = 0.0
    overlays: tuple[OverlayPlan, ...] = ()
    texts: tuple[TextPlan, ...] = ()
    veil: tuple[Rgb, float] | None = None

    @property
    def key(self) -> str:
        """A hash of all of it."""
        return hashlib.sha256(repr(self).encode("utf-8", "backslashreplace")).hexdigest()


class Timeline:
    """The frames of one composition. Holds nothing that changes what it answers."""

    def __init__(self, composition: Composition) -> None:
        self.composition = composition
        self._starts = [shot.start for shot in composition.shots]
        self._under = lru_cache(maxsize=None)(self._under_uncached)

    def frame(self, f: int) -> FramePlan:
        """What frame ``f`` (0-based) shows."""
        c = self.composition
        base = self._base(f)
        texts = tuple(self.text(t, f) for t in c.texts if t.start <= f < t.end)
        opacity = 1 - _level(f, c.frames, c.fade_in, c.fade_out)
        veil = (c.fade_color, opacity) if opacity > 0 else None
        return FramePlan(
            base.background, base.shot, base.incoming, base.transition, base.progress, base.overlays, texts, veil
        )

    def _base(self, f: int) -> FramePlan:
        """All but the texts and the fades of the whole."""
        c = self.composition
        overlays = tuple(self._overlay(o, f) for o in c.overlays if o.start <= f < o.end)
        i = bisect_right(self._starts, f) - 1
        if i < 0 or f >= c.shots[i].end:
            return FramePlan(c.background, overlays=overlays)
        shot = c.shots[i]
        there = self._picture(i, f)
        if shot.transition is None or f >= shot.start + shot.transition.frames:
            return FramePlan(c.background, there, overlays=overlays)
        before = self._picture(i - 1, f) if i and c.shots[i - 1].end == shot.start else None
        # The first frame is no longer all old, the last one not yet all new: none is spent on either.
        progress = (f - shot.start + 1) / (shot.transition.frames + 1)
        return FramePlan(c.background, before, there, shot.transition.kind, progress, overlays)

    def visible(self, i: int) -> int:
        """For how many frames shot ``i`` is seen, its way out under the next one included."""
        shots = self.composition.shots
        shot = shots[i]
        follower = shots[i + 1] if i + 1 < len(shots) else None
        tail = (
            follower.transition.frames
            if follower is not None and follower.transition is not None and follower.start == shot.end
            else 0
        )
        return shot.end - shot.start + tail

    def _picture(self, i: int, f: int) -> PicturePlan:
        shot = self.composition.shots[i]
        k = f - shot.start
        n = self.visible(i)
        move, part = shot.move, k / max(1, n - 1)
        u = ease(move.begin + (move.end - move.begin) * part) if move else 0.0
        at_s = self._source_time(shot.timing, shot.source, k, shot.end - shot.start)
        if shot.backdrop is not None:
            at_s = round(k / self.composition.fps, 6)
        moving = any(e.name in MOVING for e in shot.effects)
        veil = 1 - _level(min(k, shot.end - shot.start - 1), shot.end - shot.start, shot.fade_in, shot.fade_out)
        return PicturePlan(
            shot.source, shot.color, shot.framing, shot.move, shot.grade, shot.effects,
            round(u, 6), at_s, k if moving else 0, veil, shot.backdrop,
        )  # fmt: skip

    def _source_time(self, timing: Timing, source: Source | None, k: int, frames: int) -> float:
        if source is None or source.kind == "image":
            return 0.0
        if timing.hold_s is not None:
            return round(timing.hold_s, 6)
        fps = self.composition.fps
        # The middle of the frame's own time: at its edge, rounding would decide between two source frames.
        t = (k + 0.5) / fps * timing.speed
        span = (source.duration_s or 0.0) - timing.in_s
        if timing.loop and span > 0:
            t %= span
        if timing.reverse:
            length = frames / fps * timing.speed
            length = span if timing.loop else min(length, span) if span > 0 else length
            t = max(0.0, length - t)
        return round(timing.in_s + t, 6)

    def _overlay(self, o: Overlay, f: int) -> OverlayPlan:
        k = f - o.start
        opacity = o.opacity * _level(k, o.end - o.start, o.fade_in, o.fade_out)
        at_s = self._source_time(o.timing, o.source, k, o.end - o.start)
        return OverlayPlan(o.source, o.size, o.position, o.dx, o.dy, o.framing, o.grade, round(opacity, 6), at_s)

    def text(self, t: TextLayer, f: int) -> TextPlan:
        """One of the composition's texts in frame ``f``, at which it is there."""
        anim, way, progress = _phase(t, f)
        under_key, under = self._under(t) if t.adapt or t.places or t.recolor or t.own_colors else ("", ())
        return TextPlan(
            t.text, t.role, t.style, t.position, t.max_width, t.dx, t.dy, anim, way, progress,
            t.adapt, t.places, t.recolor, t.platform, under_key, under,
        )  # fmt: skip

    def _under_uncached(self, t: TextLayer) -> tuple[str, tuple[FramePlan, ...]]:
        # Early, in the middle and late: a move or a cut may bring something else under the text.
        last = t.end - t.start - 1
        times = {t.start + round(last * part) for part in _LOOKED_AT}
        for shot in self.composition.shots:
            first, end = max(t.start, shot.start), min(t.end, shot.end)
            if first < end:
                times.update(_looks(shot, first, end, self.composition.fps))
        frames = tuple(dict.fromkeys(self._base(f) for f in sorted(times)))
        return hashlib.sha256("".join(f.key for f in frames).encode()).hexdigest(), frames


def _looks(shot: Shot, first: int, end: int, fps: float) -> Iterable[int]:
    """When to look at a shot between two frames: in the middle of it, and again and again when it is a film."""
    if shot.source is None or shot.source.kind == "image" or shot.timing.hold_s is not None:
        return ((first + end - 1) // 2,)
    return range(first, end, max(1, round(fps * _LOOK_S), (end - first) // _LOOKS))


def _level(k: int, length: int, fade_in: int, fade_out: int) -> float:
    """How much is there (0..1) in frame ``k`` of ``length`` with these fades."""
    level = 1.0
    if fade_in:
        level = min(level, (k + 1) / (fade_in + 1))
    if fade_out:
        level = min(level, (length - k) / (fade_out + 1))
    return max(0.0, level)


def _phase(t: TextLayer, f: int) -> tuple[str, str, float]:
    k, left = f - t.start, t.end - f
    if t.anim_out and left <= t.anim_out.frames:
        n = t.anim_out.frames + 1
        return t.anim_out.kind, "out", (n - left) / n
    if t.anim_in and k < t.anim_in.frames:
        return t.anim_in.kind, "in", (k + 1) / (t.anim_in.frames + 1)
    if t.anim_in and t.anim_in.kind == "karaoke":
        # The one animation whose end differs from a text that was always there.
        return "karaoke", "in", 1.0
    return "none", "in", 1.0
