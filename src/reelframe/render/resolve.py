"""Draft to composition: every default filled in, every name resolved, every time a frame number. Pure.

What the timeline says and the renderer can't show is refused here, in words, before any work starts.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, Final, cast, get_args

from PIL import ImageColor

from reelframe.draft import Brand, Draft, Placed, Segment, Track
from reelframe.edits.vocabulary import TransitionType
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media
from reelframe.render.backdrops import BACKDROPS, OF_LOOK, PALETTES
from reelframe.render.composition import (
    MAX_SIDE,
    MIN_SIDE,
    Backdrop,
    Composition,
    Direction,
    Effect,
    Fit,
    Framing,
    Grade,
    Move,
    Music,
    Overlay,
    Position,
    Rgb,
    Shot,
    Sound,
    Source,
    TextAnim,
    TextLayer,
    Timing,
    Transition,
    even,
)
from reelframe.render.effects import EFFECTS
from reelframe.render.looks import LOOKS
from reelframe.render.placing import apart, free_places
from reelframe.render.text import (
    ANIMATIONS,
    POSITIONS,
    Anim,
    Palette,
    default_look,
    dressed,
    safe_width,
    style_from_slots,
)

__all__ = ["compose", "keeps_to_bars"]

WHITE: Final[Rgb] = (255, 255, 255)
LOGO_HEIGHT: Final = 0.1
OVERLAY_HEIGHT: Final = 0.3
MUSIC_VOLUME: Final = 0.5
MAX_FRAMES: Final = 24 * 3600 * 60
_FEWEST: Final = 2
_MOST_COLORS: Final = 4
_GRADE_SLOTS: Final = ("brightness", "contrast", "saturation", "temperature", "sharpness")
_CONTRAST_SLOTS: Final = ("outline", "shadow", "box", "box_color", "outline_color")


def compose(draft: Draft, library: Library) -> Composition:
    """Resolve a timeline.

    Args:
        draft: the timeline; see docs/protocol.md for the keys that are read.
        library: the media it speaks of.

    Returns:
        a composition that can be rendered with nothing else but the files it names.

    Raises:
        PlanError: the timeline is empty, names what is not in the library, or says what can't be shown.
    """
    return _Composer(draft, library).composition()


def keeps_to_bars(segment: Segment, media: Media) -> bool:
    """Whether a piece of uploaded music is cut so that it begins and ends with a bar.

    Background music that fills whatever time there is (``loop``) and is longer than that; not where somebody said
    which part of it is heard, or how fast.
    """
    fills = segment.role in {None, "", "bgm"} and bool(segment.get("loop"))
    chosen = any(segment.get(key) for key in ("in", "reverse")) or segment.get("speed", 1) != 1
    return fills and not chosen and (media.duration_s or 0) * 1000 > segment.duration_ms


class _Composer:
    """The draft's own settings, and the methods that read segments against them."""

    def __init__(self, draft: Draft, library: Library) -> None:
        self.draft, self.library = draft, library
        self.width = even(_number(draft, "width", 1920, MIN_SIDE, MAX_SIDE, "The frame"))
        self.height = even(_number(draft, "height", 1080, MIN_SIDE, MAX_SIDE, "The frame"))
        self.fps = round(_number(draft, "fps", 30, 1, 240, "The timeline"))
        self.background = _color(draft.get("background"), (0, 0, 0))
        self.look = _known("look", draft.get("look", "none"), LOOKS)
        self.adjust = _adjust(draft, "The timeline")
        self.frames = self.at(draft.duration_ms)
        self.brand = Brand.of_draft(draft)
        self.palette = self._palette()

    def _palette(self) -> Palette:
        """The brand's colours; where there are none, the accent of the first photo that has one."""
        if self.brand.colors:
            accent, *others = self.brand.colors
            return Palette(accent, tuple(others), self.brand.font)
        shown = (self.library.get(s.media) for s in (self.draft.main.segments if self.draft.main else ()) if s.media)
        accents = (m.accent for m in shown if m is not None and m.accent)
        return Palette(next(accents, None), font=self.brand.font)

    def at(self, ms: float) -> int:
        """The frame that is shown from ``ms`` on."""
        return round(ms * self.fps / 1000)

    def composition(self) -> Composition:
        if self.frames < 1 or not self.draft.exportable:
            message = "The timeline is empty: there is nothing to render."
            raise PlanError(message, hint="Add a photo, a clip or a text first.")
        if self.frames > MAX_FRAMES:
            message = f"The timeline is {self.frames / self.fps / 3600:.1f} hours long, which can't be rendered."
            raise PlanError(message, hint="Make it shorter than 24 hours.")
        main, *upper = self.draft.of_kind("video") or (None,)
        for track in self.draft.of_kind("other"):
            if track.segments:
                message = f"The timeline has a track of type {track.tt}, which can't be shown here."
                raise PlanError(message, hint="Types 0 (video), 1 (audio) and 7 (text) can.")
        m = self.draft
        return Composition(
            width=self.width,
            height=self.height,
            fps=self.fps,
            frames=self.frames,
            background=self.background,
            shots=tuple(self._shots(main)) if main else (),
            overlays=tuple(self._overlay(p) for track in upper if track for p in track.placed),
            texts=apart([layer for track in m.of_kind("text") for p in track.placed if (layer := self._text(p))]),
            fade_in=self.at(_number(m, "fade_in", 0, 0, 60_000, "The timeline")),
            fade_out=self.at(_number(m, "fade_out", 0, 0, 60_000, "The timeline")),
            fade_color=_color(m.get("fade_color"), (0, 0, 0)),
            sounds=tuple(self._sounds()),
            lufs=_number(m, "lufs", -16.0, -70, 0, "The timeline"),
            duck_db=self._duck(),
            seed=int(_number(m, "seed", 0, -(2**62), 2**62, "The timeline")),
        )

    def _duck(self) -> float | None:
        duck = self.draft.get("duck")
        if duck is None or duck is False:
            return None
        amount = duck.get("amount_db", -12.0) if isinstance(duck, dict) else -12.0
        return -abs(_as_number(amount, "The ducking amount"))

    # --- pictures ----------------------------------------------------------------------------------------

    def _shots(self, track: Track) -> Iterator[Shot]:
        placed = sorted((p for p in track.placed if p.end > p.start), key=lambda p: p.start)
        for i, p in enumerate(placed):
            start = self.at(p.start)
            # Shots abut; where a timeline overlaps them, the later one is in front.
            end = min(self.at(p.end), self.at(placed[i + 1].start)) if i + 1 < len(placed) else self.at(p.end)
            end = min(end, self.frames)
            if end > start:
                yield self._shot(p.segment, start, end, first=i == 0)

    def _shot(self, segment: Segment, start: int, end: int, *, first: bool) -> Shot:
        what = _called(segment)
        fade_in, fade_out = self._fades(segment, what)
        if segment.media is None:
            # A card: a colour that texts are laid over.
            return Shot(
                start, end, color=_color(segment.get("color"), self.background), fade_in=fade_in, fade_out=fade_out,
                transition=None if first else self._transition(segment, end - start),
                backdrop=self._backdrop(segment, what),
            )  # fmt: skip
        media = self._media(segment.media, what)
        source = Source.of(media)
        return Shot(
            start, end, source,
            color=self.background,
            framing=self._framing(segment, source, what),
            move=_move(segment, what),
            timing=_timing(segment, what),
            grade=self._grade(segment, what),
            effects=_effects(segment, what),
            transition=None if first else self._transition(segment, end - start),
            fade_in=fade_in, fade_out=fade_out,
        )  # fmt: skip

    def _backdrop(self, segment: Segment, what: str) -> Backdrop | None:
        said = segment.get("backdrop")
        if said is None:
            return None
        said = said if isinstance(said, dict) else {"kind": said}
        # What is not said goes with the look of the texts, so that another look changes both.
        look = self.brand.look or str(self.draft.get("text_look") or "clean")
        kind = said.get("kind")
        colors = said.get("colors") or PALETTES.get(look, PALETTES["clean"])
        if not isinstance(colors, (list, tuple)) or not _FEWEST <= len(colors) <= _MOST_COLORS:
            message = f"{what}: a moving background has two to four colours."
            raise PlanError(message)
        return Backdrop(
            OF_LOOK.get(look, "aurora") if kind in (None, "auto") else _known("background", kind, BACKDROPS),
            tuple(_color(c, (0, 0, 0)) for c in colors),
            int(_as_number(said.get("seed", self.draft.get("seed", 0)), f"{what}: the background's seed")),
            _as_number(said.get("from", 0), f"{what}: the background's time") / 1000,
        )

    def _overlay(self, placed: Placed) -> Overlay:
        segment = placed.segment
        what = _called(segment)
        if segment.media is None:
            message = f"{what} is an overlay without a picture."
            raise PlanError(message, hint="Give it the picture of a file, or remove it.")
        source = Source.of(self._media(segment.media, what))
        is_logo = segment.role == "logo"
        fade_in, fade_out = self._fades(segment, what)
        return Overlay(
            self.at(placed.start), min(self.at(placed.end), self.frames), source,
            size=_number(segment, "size", LOGO_HEIGHT if is_logo else OVERLAY_HEIGHT, 0.001, 4, what),
            position=_position(segment, "top_right" if is_logo else "bottom_right"),
            dx=_number(segment, "dx", 0, -8, 8, what),
            dy=_number(segment, "dy", 0, -8, 8, what),
            opacity=_number(segment, "opacity", 1, 0, 1, what),
            framing=self._framing(segment, source, what),
            timing=_timing(segment, what),
            grade=Grade() if is_logo else self._grade(segment, what),
            fade_in=fade_in, fade_out=fade_out,
        )  # fmt: skip

    def _fades(self, segment: Segment, what: str) -> tuple[int, int]:
        return (
            self.at(_number(segment, "fade_in", 0, 0, 600_000, what)),
            self.at(_number(segment, "fade_out", 0, 0, 600_000, what)),
        )

    def _media(self, media_id: str, what: str) -> Media:
        media = self.library.get(media_id)
        if media is None:
            message = f"{what} shows a file that is not among the uploaded ones."
            raise PlanError(message, hint="Upload it again, or remove the segment.")
        return media

    def _framing(self, segment: Segment, source: Source, what: str) -> Framing:
        fit = _known("fit", segment.get("fit") or self.draft.get("fit", "fill"), get_args(Fit))
        flip = _known("flip", segment.get("flip", ""), ("", "h", "v", "hv", "vh"))
        # A see-through picture that fills the frame was cut out for a light page more often than for a dark one.
        backdrop = WHITE if source.has_alpha and not self.draft.get("background") else self.background
        return Framing(
            fit=cast("Fit", fit),
            crop=_crop(segment, what),
            rotate=_number(segment, "rotate", 0, -36_000, 36_000, what) % 360,
            flip=cast("Any", "hv" if flip == "vh" else flip),
            zoom=_number(segment, "zoom", 1, 0.01, 50, what),
            backdrop=backdrop,
        )

    def _grade(self, segment: Segment, what: str) -> Grade:
        own = segment.get("look")
        look = self.look if own is None else _known("look", own, LOOKS)
        adjust = _adjust(segment, what)
        both = {k: max(-1.0, min(1.0, adjust[k] + self.adjust[k])) for k in _GRADE_SLOTS}
        return Grade(look, **both)

    def _transition(self, segment: Segment, longest: int) -> Transition | None:
        said = segment.get("transition")
        if said is None:
            return None
        what = _called(segment)
        if not isinstance(said, dict):
            said = {"type": said}
        kind = _known("transition", said.get("type", "crossfade"), get_args(TransitionType))
        frames = self.at(_as_number(said.get("ms", 500), f"The transition of {what}"))
        frames = min(frames, longest)
        return None if kind == "cut" or frames < 1 else Transition(cast("TransitionType", kind), frames)

    # --- texts -------------------------------------------------------------------------------------------

    def _text(self, placed: Placed) -> TextLayer | None:
        segment = placed.segment
        start, end = self.at(placed.start), min(self.at(placed.end), self.frames)
        if not (segment.text or "").strip() or end <= start:
            return None
        what = _called(segment)
        slots = segment.get("style", {})
        if not isinstance(slots, dict):
            message = f"{what}: its style is not a set of named values."
            raise PlanError(message)
        role = segment.role or "text"
        name = slots.get("look") or self.brand.look or self.draft.get("text_look") or "clean"
        aspect = self.width / self.height
        look = dressed(default_look(role, name, aspect), name, role, self.palette)
        length = end - start
        style = style_from_slots(look.style, slots)
        position = _known("position", segment.get("position", look.position), POSITIONS)
        platform = str(self.draft.get("platform", ""))
        return TextLayer(
            start, end, segment.text or "", role,
            style=style,
            position=position,
            max_width=min(look.max_width, safe_width(position, self.width, self.height, platform)),
            dx=_number(segment, "dx", 0, -8, 8, what),
            dy=_number(segment, "dy", 0, -8, 8, what),
            adapt=not any(slot in slots for slot in _CONTRAST_SLOTS),
            places=() if any(segment.get(k) for k in ("position", "dx", "dy")) else free_places(role, aspect),
            # What stands on a plate of its own has the colour that goes with the plate.
            recolor=style.box is None and style.gradient is None and not style.outline and "color" not in slots,
            anim_in=self._anim(segment, "anim_in", look.anim_in, length),
            anim_out=self._anim(segment, "anim_out", look.anim_out, length),
            platform=platform,
        )  # fmt: skip

    def _anim(self, segment: Segment, key: str, default: Anim, length: int) -> TextAnim | None:
        said = segment.get(key)
        if said is None:
            # Coming and going by default must leave the text standing for most of its time.
            kind, frames = default.type, min(self.at(default.ms), length // 4)
        else:
            said = said if isinstance(said, dict) else {"type": said}
            kind = _known("animation", said.get("type", default.type), ("none", *ANIMATIONS))
            frames = self.at(_as_number(said.get("ms", default.ms), f"The animation of {_called(segment)}"))
            frames = min(frames, length)
        return None if kind == "none" or frames < 1 else TextAnim(kind, frames)

    # --- sounds ------------------------------------------------------------------------------------------

    def _sounds(self) -> Iterator[Sound]:
        for number, track in enumerate(self.draft.of_kind("video")):
            placed = sorted(track.placed, key=lambda p: p.start)
            for p, following in itertools.zip_longest(placed, placed[1:]):
                # Where pictures dissolve, so does what they sound like.
                tail = self._dissolve(following) if following and not number and following.start == p.end else 0.0
                head = self._dissolve(p) if p is not placed[0] and not number else 0.0
                sound = self._clip_sound(p, overlay=number > 0, head=head, tail=tail)
                if sound:
                    yield sound
        for track in self.draft.of_kind("audio"):
            for p in track.placed:
                sound = self._sound(p)
                if sound:
                    yield sound

    def _span(self, placed: Placed) -> tuple[float, float]:
        end = min(placed.end, round(self.frames * 1000 / self.fps))
        return placed.start / 1000, max(0, end - placed.start) / 1000

    def _dissolve(self, placed: Placed) -> float:
        """For how long (seconds) the shot before goes on under this one."""
        there = self._transition(placed.segment, self.at(placed.end) - self.at(placed.start))
        return there.frames / self.fps if there else 0.0

    def _clip_sound(self, placed: Placed, *, overlay: bool, head: float, tail: float) -> Sound | None:
        segment = placed.segment
        what = _called(segment)
        media = self.library.get(segment.media) if segment.media else None
        start_s, length_s = self._span(placed)
        # Somebody who lays a picture over another one wants to hear the one below, unless a volume is set.
        volume = _number(segment, "volume", 0 if overlay else 1, 0, 2, what)
        heard = media is not None and media.has_audio and not segment.get("muted") and volume > 0
        if not heard or media is None or length_s <= 0:
            return None
        timing = _timing(segment, what)
        if timing.hold_s is not None:
            return None
        fades = (_number(segment, f"sound_fade_{way}", 0, 0, 600_000, what) / 1000 for way in ("in", "out"))
        fade_in, fade_out = (max(said, own) for said, own in zip(fades, (head, tail), strict=True))
        return Sound(
            start_s, length_s + tail, "clip", volume, media.id, timing=timing, fade_in_s=fade_in, fade_out_s=fade_out,
            silences=_silences(segment, start_s, what), media=media,
        )  # fmt: skip

    def _sound(self, placed: Placed) -> Sound | None:
        segment = placed.segment
        what = _called(segment)
        role = segment.role or "bgm"
        volume = _number(segment, "volume", MUSIC_VOLUME if role == "bgm" else 1.0, 0, 2, what)
        start_s, length_s = self._span(placed)
        if segment.get("muted") or volume == 0 or length_s <= 0:
            return None
        media, music = None, None
        if segment.media is not None:
            media = self._media(segment.media, what)
            if media.kind != "audio" and not media.has_audio:
                message = f"{media.name} has no sound."
                raise PlanError(message, hint="Choose another file for the sound.")
        elif isinstance(segment.get("music"), dict):
            said = segment.get("music")
            seed = said.get("seed", self.draft.get("seed", 0))
            music = Music(str(said.get("mood") or "upbeat"), int(_as_number(seed, "The music's seed")))
        elif not segment.get("sfx"):
            message = f"{what} has neither a file nor music nor a sound effect."
            raise PlanError(message, hint="Remove it, or give it something to play.")
        return Sound(
            start_s, length_s, role, volume, media.id if media else None, music, segment.get("sfx"),
            timing=_timing(segment, what),
            fade_in_s=_number(segment, "fade_in", 0, 0, 600_000, what) / 1000,
            fade_out_s=_number(segment, "fade_out", 0, 0, 600_000, what) / 1000,
            silences=_silences(segment, start_s, what),
            at_bars=media is not None and keeps_to_bars(segment, media),
            media=media,
        )  # fmt: skip


# --- reading single values -------------------------------------------------------------------------------


def _called(segment: Segment) -> str:
    return f'"{segment.name}"' if segment.name else "A segment"


def _as_number(value: object, what: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return value
    message = f"{what} is {value!r}, which is not a number."
    raise PlanError(message)


def _number(of: Draft | Segment, key: str, default: float, low: float, high: float, what: str) -> float:
    value = _as_number(of.get(key, default), f"{what}: {key}")
    if not low <= value <= high:
        message = f"{what}: {key} is {value:g}; it must lie between {low:g} and {high:g}."
        raise PlanError(message)
    return value


def _known(what: str, value: object, known: Any) -> str:  # noqa: ANN401 -- any collection of names
    if isinstance(value, str) and value in known:
        return value
    message = f"The {what} {value!r} is not known here."
    raise PlanError(message, hint=f"There are: {', '.join(k for k in known if k)}.")


def _color(value: object, default: Rgb) -> Rgb:
    if value is None:
        return default
    try:
        red, green, blue = ImageColor.getrgb(str(value))[:3]
    except ValueError:
        message = f"{value!r} is not a colour."
        raise PlanError(message, hint="Use #rrggbb or a CSS name such as white or tomato.") from None
    return red, green, blue


def _position(segment: Segment, default: Position) -> Position:
    return cast("Position", _known("position", segment.get("position", default), get_args(Position)))


def _adjust(of: Draft | Segment, what: str) -> dict[str, float]:
    said = of.get("adjust", {})
    said = said if isinstance(said, dict) else {}
    for key in said:
        _known("adjustment", key, _GRADE_SLOTS)
    values = {k: _as_number(said.get(k) or 0, f"{what}: {k}") for k in _GRADE_SLOTS}
    return {k: max(-1.0, min(1.0, v)) for k, v in values.items()}


def _crop(segment: Segment, what: str) -> tuple[float, float, float, float] | None:
    said = segment.get("crop")
    if said is None:
        return None
    if not isinstance(said, dict):
        message = f"{what}: its crop is not x, y, w and h."
        raise PlanError(message)
    x, y, w, h = (_as_number(said.get(k, d), f"{what}: crop {k}") for k, d in zip("xywh", (0, 0, 1, 1), strict=True))
    x, y = max(0.0, x), max(0.0, y)
    w, h = min(w, 1 - x), min(h, 1 - y)
    if w <= 0 or h <= 0:
        message = f"{what}: its crop leaves nothing of the picture."
        raise PlanError(message)
    return (x, y, w, h)


def _move(segment: Segment, what: str) -> Move | None:
    said = segment.get("move")
    if said is None or said == "none":
        return None
    if not isinstance(said, dict):
        said = {"direction": said}
    direction = _known("camera move", said.get("direction", "in"), ("none", *get_args(Direction)))
    amount = _as_number(said.get("amount", 0.12), f"{what}: the move's amount")
    if not 0 <= amount <= 2:  # the vocabulary's own bound
        message = f"{what}: the move's amount is {amount:g}; it must lie between 0 and 2."
        raise PlanError(message)
    begin, end = (_as_number(said.get(k, d), f"{what}: the move's {k}") for k, d in (("from", 0.0), ("to", 1.0)))
    if not 0 <= begin <= end <= 1:
        message = f"{what}: the part of the move from {begin:g} to {end:g} is not within 0 and 1."
        raise PlanError(message)
    return None if direction == "none" or amount == 0 else Move(cast("Direction", direction), amount, begin, end)


def _silences(segment: Segment, start_s: float, what: str) -> tuple[tuple[float, float], ...]:
    """The muted ranges, which the timeline counts from the segment's start, in seconds of the video."""
    said = segment.get("mutes", [])
    name = f"{what}: a muted range"
    try:
        pairs = [(a, b) for a, b in said]
    except (TypeError, ValueError):
        message = f"{what}: its muted ranges are not pairs of times."
        raise PlanError(message) from None
    return tuple((start_s + _as_number(a, name) / 1000, start_s + _as_number(b, name) / 1000) for a, b in pairs)


def _timing(segment: Segment, what: str) -> Timing:
    in_s = _number(segment, "in", 0, 0, 86_400_000, what) / 1000
    freeze = segment.get("freeze")
    hold: float | None = None
    if freeze is not None and freeze is not False:
        hold = in_s if freeze is True else _as_number(freeze, f"{what}: freeze") / 1000
    return Timing(
        in_s,
        _number(segment, "speed", 1, 0.01, 100, what),
        bool(segment.get("reverse")),
        bool(segment.get("loop")),
        hold,
    )


def _effects(segment: Segment, what: str) -> tuple[Effect, ...]:
    out = []
    for said in segment.get("effects", ()):
        effect = said if isinstance(said, dict) else {"name": said}
        name = _known("effect", effect.get("name"), EFFECTS)
        amount = _as_number(effect.get("amount", 0.5), f"{what}: {name}")
        out.append(Effect(name, max(0.0, min(1.0, amount))))
    return tuple(out)
