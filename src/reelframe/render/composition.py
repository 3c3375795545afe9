"""A timeline without unknowns: what the renderer is handed. Frozen values, times in whole frames.

``repr`` of these values is canonical: it names everything that decides a pixel and nothing else (a source by
the hash of its content, never by its path), so that cache keys are hashes of it. Whoever adds a field that
decides a pixel leaves it in the ``repr``; whoever adds one that does not takes it out (``repr=False``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from reelframe.edits.vocabulary import TransitionType
from reelframe.errors import PlanError
from reelframe.media.model import Media
from reelframe.render.text.style import TextStyle

__all__ = [
    "Backdrop",
    "Composition",
    "Effect",
    "Fit",
    "Framing",
    "Grade",
    "Move",
    "Music",
    "Overlay",
    "Position",
    "Rgb",
    "Shot",
    "Sound",
    "Source",
    "TextAnim",
    "TextLayer",
    "Timing",
    "Transition",
]

Rgb = tuple[int, int, int]
Fit = Literal["fill", "fit", "blur"]
Direction = Literal["in", "out", "left", "right", "up", "down"]
Position = Literal["top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"]

MIN_SIDE: Final = 16
MAX_SIDE: Final = 8192


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is shown. Size and times are upright and as probed."""

    id: str
    kind: Literal["image", "video"]
    width: int
    height: int
    duration_s: float | None
    fps: float | None
    has_alpha: bool
    media: Media = field(repr=False, compare=False)

    @classmethod
    def of(cls, media: Media) -> Source:
        """The source that a probed file is."""
        if media.kind not in {"image", "video"}:
            what = "a sound" if media.kind == "audio" else "a file of subtitles"
            message = f"{media.name} is {what} and can't be shown."
            raise PlanError(message)
        return cls(media.id, media.kind, media.width, media.height, media.duration_s, media.fps, media.has_alpha, media)


@dataclass(frozen=True, slots=True)
class Framing:
    """How a picture is brought into the frame.

    Attributes:
        fit: ``fill`` covers the frame, ``fit`` shows all of the picture, ``blur`` does so over a blurred copy.
        crop: x, y, width, height relative to the upright picture.
        rotate: clockwise degrees.
        flip: "", "h" (left to right), "v" (upside down) or "hv".
        zoom: a fixed scale.
        backdrop: what is behind a picture that does not cover the frame.
    """

    fit: Fit = "fill"
    crop: tuple[float, float, float, float] | None = None
    rotate: float = 0.0
    flip: Literal["", "h", "v", "hv"] = ""
    zoom: float = 1.0
    backdrop: Rgb = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Move:
    """A slow camera move over a still: towards or away from its focus, or across it by ``amount`` of the frame.

    ``begin`` and ``end`` (0 to 1) are the part of the move that is shown: a shot that was cut in two goes on moving.
    """

    direction: Direction
    amount: float
    begin: float = 0.0
    end: float = 1.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Which part of a clip is shown when; ``hold_s`` is the one source time of a frozen picture."""

    in_s: float = 0.0
    speed: float = 1.0
    reverse: bool = False
    loop: bool = False
    hold_s: float | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A named look and the five controls (-1 to 1)."""

    look: str = "none"
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    temperature: float = 0.0
    sharpness: float = 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """A named effect and its strength, 0 to 1."""

    name: str
    amount: float


@dataclass(frozen=True, slots=True)
class Transition:
    """How a shot comes in, over its first ``frames`` frames."""

    kind: TransitionType
    frames: int


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A moving background of a card.

    Attributes:
        kind: how it is drawn: one of `backdrops.BACKDROPS`.
        colors: two to four.
        seed: where its forms lie.
        begin_s: how far it has moved already when it is first shown: cards that follow each other go on moving.
    """

    kind: str
    colors: tuple[Rgb, ...]
    seed: int = 0
    begin_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Shot:
    """What the main track shows in frames ``start`` to ``end`` (exclusive).

    Without a source it is a card: a moving backdrop, or a plain colour.
    """

    start: int
    end: int
    source: Source | None = None
    color: Rgb = (0, 0, 0)
    framing: Framing = Framing()
    move: Move | None = None
    timing: Timing = Timing()
    grade: Grade = Grade()
    effects: tuple[Effect, ...] = ()
    transition: Transition | None = None
    fade_in: int = 0
    fade_out: int = 0
    backdrop: Backdrop | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """A logo, a sticker or a picture in picture, ``size`` high relative to the frame, at one of nine places."""

    start: int
    end: int
    source: Source
    size: float
    position: Position
    dx: float = 0.0
    dy: float = 0.0
    opacity: float = 1.0
    framing: Framing = Framing()
    timing: Timing = Timing()
    grade: Grade = Grade()
    fade_in: int = 0
    fade_out: int = 0


@dataclass(frozen=True, slots=True)
class TextAnim:
    """How a text comes or goes, over ``frames`` frames."""

    kind: str
    frames: int


@dataclass(frozen=True, slots=True)
class TextLayer:
    """A text over the picture.

    ``adapt``: nothing was said of its contrast, so it may be helped; ``recolor``: nothing was said of its colour, so
    that may follow the picture, or its plate the emoji on it; ``places``: nothing was said of its place either, and
    these are free for it; ``platform``: whose interface it keeps clear of; ``own_colors``: somebody chose colours for
    it, who is told when they can't be read.
    """

    start: int
    end: int
    text: str
    role: str
    style: TextStyle
    position: str = "center"
    max_width: float = 0.84
    dx: float = 0.0
    dy: float = 0.0
    adapt: bool = True
    places: tuple[str, ...] = ()
    recolor: bool = False
    anim_in: TextAnim | None = None
    anim_out: TextAnim | None = None
    platform: str = ""
    own_colors: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True)
class Music:
    """Music that is composed rather than read from a file."""

    mood: str
    seed: int


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing that is heard, in seconds of the timeline: a file (or a clip's own sound), music, or a named effect."""

    start_s: float
    duration_s: float
    role: str
    volume: float = 1.0
    media_id: str | None = None
    music: Music | None = None
    sfx: str | None = None
    timing: Timing = Timing()
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    silences: tuple[tuple[float, float], ...] = ()
    at_bars: bool = False
    media: Media | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Composition:
    """A whole video: frame size, frames per second, length, and every layer from the bottom to the top."""

    width: int
    height: int
    fps: int
    frames: int
    background: Rgb = (0, 0, 0)
    shots: tuple[Shot, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    texts: tuple[TextLayer, ...] = ()
    fade_in: int = 0
    fade_out: int = 0
    fade_color: Rgb = (0, 0, 0)
    sounds: tuple[Sound, ...] = ()
    lufs: float = -16.0
    duck_db: float | None = None
    seed: int = 0

    @property
    def duration_s(self) -> float:
        """How long the video lasts, in seconds."""
        return self.frames / self.fps

    def scaled(self, *, height: int | None = None, fps: int | None = None) -> Composition:
        """The same video in another size or frame rate: a preview, or 4K.

        All places and sizes are relative, so only frame counts change with ``fps``.
        """
        changed = self
        if height is not None and height != self.height:
            width = even(self.width * height / self.height)
            changed = replace(changed, width=width, height=even(height))
        if fps is not None and fps != self.fps:
            changed = _at_rate(changed, fps)
        return changed


def even(value: float) -> int:
    """The nearest even number, at least the smallest frame side: chroma has half the resolution."""
    return max(MIN_SIDE, 2 * round(value / 2))


def _at_rate(c: Composition, fps: int) -> Composition:
    ratio = fps / c.fps

    def at(frame: int) -> int:
        return round(frame * ratio)

    def anim(a: TextAnim | None) -> TextAnim | None:
        return a and replace(a, frames=at(a.frames))

    shots = tuple(
        replace(
            s, start=at(s.start), end=at(s.end), fade_in=at(s.fade_in), fade_out=at(s.fade_out),
            transition=s.transition and replace(s.transition, frames=max(1, at(s.transition.frames))),
        )
        for s in c.shots
    )  # fmt: skip
    overlays = tuple(
        replace(o, start=at(o.start), end=at(o.end), fade_in=at(o.fade_in), fade_out=at(o.fade_out)) for o in c.overlays
    )
    texts = tuple(
        replace(t, start=at(t.start), end=at(t.end), anim_in=anim(t.anim_in), anim_out=anim(t.anim_out))
        for t in c.texts
    )
    return replace(
        c, fps=fps, frames=max(1, at(c.frames)), shots=shots, overlays=overlays, texts=texts,
        fade_in=at(c.fade_in), fade_out=at(c.fade_out),
    )  # fmt: skip
