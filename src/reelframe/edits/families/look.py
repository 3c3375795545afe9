"""How pictures look: grades, controls, effects, framing, moves, transitions, fades."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits.cuts import clip_positions, cut_at, only_shots, positions, snapped, span_of
from reelframe.edits.layout import longest_transition, relay
from reelframe.edits.names import EFFECTS, LOOKS, known
from reelframe.edits.targets import Found, candidates, is_whole, main_index, resolve
from reelframe.edits.timeline import (
    Context,
    color_of,
    is_still,
    ms,
    need_time,
    replace_segments,
    shots,
    total_ms,
)
from reelframe.edits.vocabulary import (
    Adjust,
    Crop,
    Effect,
    FadeVideo,
    Flip,
    KenBurns,
    Look,
    Rotate,
    Target,
    Transition,
    Zoom,
)
from reelframe.errors import PlanError
from reelframe.media.model import Media

__all__ = [
    "MOVES",
    "adjust",
    "crop",
    "effect",
    "fade_video",
    "flip",
    "ken_burns",
    "look",
    "rotate",
    "transition",
    "zoom",
]

STEP: Final = 0.2
ZOOM_STEP: Final = 1.2
MOVES: Final = ("in", "right", "out", "left")
MOVE_AMOUNT: Final = 0.12
_SLOTS: Final = ("brightness", "contrast", "saturation", "temperature", "sharpness")
_TRANSITION_MS: Final = 500
_BIGGEST: Final = 20.0


def _everything(target: Target | None) -> bool:
    """Whether the whole video is meant, and not single shots."""
    if target is None or target.kind != "clip":
        return is_whole(target)
    return (target.index, target.name, target.at_s) == (None, None, None)


def _framed(draft: Draft, target: Target | None, what: str) -> tuple[Found, ...]:
    """As `_pictures`, logos and overlays too."""
    if target is not None and target.kind == "logo":
        return resolve(draft, target)
    return _pictures(draft, target, what)


def _pictures(draft: Draft, target: Target | None, what: str) -> tuple[Found, ...]:
    """The shots that a target means; without a target all but cards."""
    main = main_index(draft)
    wanted = set(only_shots(draft, target, what))
    if _everything(target):
        wanted &= set(clip_positions(draft))
    ids = {id(p) for n, p in enumerate(shots(draft)) if n in wanted}
    return tuple(f for f in candidates(draft, "video") if f.track == main and id(f.placed) in ids)


def _each(draft: Draft, found: tuple[Found, ...], change: Callable[[Segment], Segment]) -> Draft:
    return replace_segments(draft, {(f.track, f.index): change(f.placed.segment) for f in found})


def look(draft: Draft, op: Look, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """A named grade; for the whole video it takes the place of every shot's own."""
    none = op.name.strip().lower() == "none"
    name = None if none else known("look", op.name, LOOKS)
    if not _everything(op.target):
        own = "none" if none and draft.get("look") else name
        return _each(draft, _pictures(draft, op.target, "graded"), lambda s: s.with_m(look=own))
    found = _pictures(draft, None, "graded")
    return _each(draft, found, lambda s: s.with_m(look=None)).with_m(look=name)


def adjust(draft: Draft, op: Adjust, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Single controls: a number sets, "up" and "down" go a step on. The whole video's add to every shot's own."""
    said = {slot: value for slot in _SLOTS if (value := getattr(op, slot)) is not None}
    if not said:
        message = "It was not said what to adjust."
        raise PlanError(message, hint=f"There are {', '.join(_SLOTS)}.")
    if _everything(op.target):
        _pictures(draft, None, "adjusted")
        return draft.with_m(adjust=_adjusted(draft.get("adjust"), said))
    found = _pictures(draft, op.target, "adjusted")
    return _each(draft, found, lambda s: s.with_m(adjust=_adjusted(s.get("adjust"), said)))


def _adjusted(old: object, said: dict[str, Any]) -> dict[str, float] | None:
    out: dict[str, float] = dict(old) if isinstance(old, dict) else {}
    for slot, value in said.items():
        was = float(out.get(slot, 0))
        if isinstance(value, str):
            new = round(was + (STEP if value == "up" else -STEP), 4)
            if not -1 <= new <= 1:
                message = f"The {slot} can't go any {'higher' if value == 'up' else 'lower'}."
                raise PlanError(message)
        else:
            new = value
        out[slot] = new
    return {slot: value for slot, value in out.items() if value} or None


def effect(draft: Draft, op: Effect, context: Context) -> Draft:
    """An effect over shots, for a range over what of them lies in it; "none" takes effects off."""
    if op.range is not None:
        only_shots(draft, op.target, "given an effect")
        low, high = span_of(draft, op.target, op.range, "The range")
        low, high = snapped(draft, low), snapped(draft, high)
        draft = relay(draft, cut_at(draft, (low, high), context.library))
        main = main_index(draft)
        found = tuple(
            f for f in candidates(draft, "video")
            if f.track == main and low <= f.placed.start and f.placed.end <= high
        )  # fmt: skip
    else:
        found = _pictures(draft, op.target, "given an effect")
    if op.name.strip().lower() == "none":
        if not any(f.placed.segment.get("effects") for f in found):
            message = "There is no effect to take off."
            raise PlanError(message)
        return _each(draft, found, lambda s: s.with_m(effects=None))
    name = known("effect", op.name, EFFECTS)
    return _each(draft, found, lambda s: s.with_m(effects=_with_effect(s, name, op.amount)))


def _with_effect(segment: Segment, name: str, amount: float | str | None) -> list[Any]:
    old = [e if isinstance(e, dict) else {"name": e} for e in segment.get("effects", ())]
    was = next((float(e.get("amount", 0.5)) for e in old if e.get("name") == name), None)
    if isinstance(amount, str):
        start = 0.5 if was is None else was
        new = start if was is None and amount == "up" else start + (STEP if amount == "up" else -STEP)
    else:
        new = (0.5 if was is None else was) if amount is None else amount
    new = round(min(1.0, max(0.0, new)), 4)
    return [*(e for e in old if e.get("name") != name), {"name": name, "amount": new}]


def crop(draft: Draft, op: Crop, context: Context) -> Draft:
    """The largest part of the picture's middle that has a shape."""
    if op.aspect is None:
        message = "It was not said what shape to crop to."
        raise PlanError(message, hint="Name one, such as 1:1 or 4:5.")
    wanted = _ratio(op.aspect)
    new = {}
    for f in _framed(draft, op.target, "cropped"):
        segment = f.placed.segment
        media = context.library.get(segment.media) if segment.media else None
        if media is None or not media.width or not media.height:
            message = f"The size of {segment.name or 'the picture'} is not known, so it can't be cropped."
            raise PlanError(message)
        new[f.track, f.index] = segment.with_m(crop=_middle(media, segment, wanted))
    return replace_segments(draft, new)


def _ratio(aspect: str) -> float:
    width, height = (float(part) for part in aspect.split(":"))
    if not width or not height:
        message = f"{aspect} is not the shape of a picture."
        raise PlanError(message)
    return width / height


def _middle(media: Media, segment: Segment, wanted: float) -> dict[str, float] | None:
    # The crop is of the upright picture; what is turned by 90 degrees later is seen the other way round.
    if round(float(segment.get("rotate", 0))) % 180 == 90:  # a quarter turn
        wanted = 1 / wanted
    w, h = min(1.0, wanted / media.aspect), min(1.0, media.aspect / wanted)
    if w == h == 1.0:
        return None
    return {"x": round((1 - w) / 2, 6), "y": round((1 - h) / 2, 6), "w": round(w, 6), "h": round(h, 6)}


def zoom(draft: Draft, op: Zoom, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """A fixed scale; a direction alone is a step."""
    if op.scale is None and op.direction is None:
        message = "It was not said how far to zoom."
        raise PlanError(message, hint='Say "zoom in", or a percentage.')

    def zoomed(segment: Segment) -> Segment:
        was = float(segment.get("zoom", 1))
        step = ZOOM_STEP if op.direction == "in" else 1 / ZOOM_STEP
        scale = round(op.scale if op.scale is not None else was * step, 4)
        if not 0 < scale <= _BIGGEST:
            message = f"A zoom of {scale:g} can't be shown."
            raise PlanError(message)
        return segment.with_m(zoom=None if scale == 1 else scale)

    return _each(draft, _framed(draft, op.target, "zoomed"), zoomed)


def rotate(draft: Draft, op: Rotate, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Turned clockwise from where it is."""

    def turned(segment: Segment) -> Segment:
        degrees = (float(segment.get("rotate", 0)) + op.degrees) % 360
        plain = int(degrees) if degrees == int(degrees) else round(degrees, 3)
        return segment.with_m(rotate=plain or None)

    return _each(draft, _framed(draft, op.target, "rotated"), turned)


def flip(draft: Draft, op: Flip, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Mirrored; what is mirrored that way already is mirrored back."""
    axis = op.axis[0]

    def mirrored(segment: Segment) -> Segment:
        axes = set(str(segment.get("flip", ""))) ^ {axis}
        return segment.with_m(flip="".join(a for a in "hv" if a in axes) or None)

    return _each(draft, _framed(draft, op.target, "mirrored"), mirrored)


def ken_burns(draft: Draft, op: KenBurns, context: Context) -> Draft:
    """Slow moves over photos (over clips when they are named); without a direction each photo has another."""
    found = _pictures(draft, op.target, "given a camera move")
    stills = tuple(f for f in found if is_still(f.placed.segment, context.library))
    chosen = (stills or found) if _everything(op.target) else found
    if op.direction == "none" and not any(f.placed.segment.get("move") for f in chosen):
        message = "There is no camera move to take off."
        raise PlanError(message)
    new = {}
    for n, f in enumerate(chosen):
        segment = f.placed.segment
        old = segment.get("move")
        old = old if isinstance(old, dict) else {}
        if op.direction == "none":
            new[f.track, f.index] = segment.with_m(move=None)
            continue
        direction = op.direction or old.get("direction") or MOVES[n % len(MOVES)]
        amount = op.amount if op.amount is not None else old.get("amount", MOVE_AMOUNT)
        new[f.track, f.index] = segment.with_m(move={"direction": direction, "amount": amount})
    return replace_segments(draft, new)


def transition(draft: Draft, op: Transition, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """How shots come in: at all cuts, between two neighbours, or at the cut nearest to a time.

    It lasts half of the shorter of its two shots at most.
    """
    every = shots(draft) if positions(draft, None) else ()
    if len(every) < 2:  # a cut needs two shots
        message = "There is no cut for a transition: the video has only one shot."
        raise PlanError(message, hint="The video can fade in and out.")
    if isinstance(op.between, tuple):
        cuts = [_cut_between(draft, *op.between)]
    elif op.at_s is not None:
        at = need_time(draft, ms(op.at_s), "A transition")
        cuts = [min(range(1, len(every)), key=lambda n: abs(every[n].start - at))]
    else:
        cuts = list(range(1, len(every)))
    main = main_index(draft) or 0
    order = {id(p): n for n, p in enumerate(draft.tracks[main].placed)}
    new = {}
    for n in cuts:
        segment = every[n].segment
        said: dict[str, Any] | None = None
        if op.type != "cut":
            asked = _TRANSITION_MS if op.duration_s is None else ms(op.duration_s)
            longest = longest_transition(every[n - 1].segment, segment)
            said = {"type": op.type, "ms": max(1, min(asked, longest))}
        new[main, order[id(every[n])]] = segment.with_m(transition=said)
    return replace_segments(draft, new)


def _cut_between(draft: Draft, a: int, b: int) -> int:
    clips = clip_positions(draft)
    for number in (a, b):
        if number == 0 or not -len(clips) <= number <= len(clips):
            have = "there is only 1 clip" if len(clips) == 1 else f"there are {len(clips)} clips"
            message = f"There is no clip {number}: {have}."
            raise PlanError(message)
    low, high = sorted(clips[n - 1 if n > 0 else n] for n in (a, b))
    if high != low + 1:
        message = f"Clips {a} and {b} do not follow one another."
        raise PlanError(message, hint="A transition is between neighbours.")
    return high


def fade_video(draft: Draft, op: FadeVideo, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """From and to a colour (black), at the ends of the video or of a shot; 0 seconds take a fade away."""
    in_ms = None if op.in_s is None else ms(op.in_s)
    out_ms = None if op.out_s is None else ms(op.out_s)
    if in_ms is None and out_ms is None:
        in_ms = out_ms = 1000

    def faded(length: int, what: str) -> dict[str, int | None]:
        if (in_ms or 0) + (out_ms or 0) > length:
            message = f"{what} lasts {clock(length)} s: it can't fade for longer than that."
            raise PlanError(message)
        both = (("fade_in", in_ms), ("fade_out", out_ms))
        return {key: value or None for key, value in both if value is not None}

    color = None if op.color is None else color_of(op.color)
    if _everything(op.target):
        positions(draft, None)
        out = draft.with_m(**faded(total_ms(draft), "The video"))
        return out if color is None else out.with_m(fade_color=color)
    if color not in {None, "#000000"}:
        message = "A single clip fades from and to what is behind it; only the whole video fades to a colour."
        raise PlanError(message)
    found = _framed(draft, op.target, "faded")
    return _each(draft, found, lambda s: s.with_m(**faded(s.duration_ms, s.name or "The clip")))
