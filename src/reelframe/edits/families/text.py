"""Texts: adding them, their words, looks, places, times and animations; and what these mean for a logo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reelframe.draft import Draft, Segment, Track, clock
from reelframe.edits.cuts import positions
from reelframe.edits.families.duration import set_segment_duration
from reelframe.edits.names import picture_size, text_size
from reelframe.edits.targets import NOUNS, Found, candidates, main_index, resolve
from reelframe.edits.timeline import (
    TEXT,
    Context,
    add_segment,
    canvas,
    color_of,
    content_span,
    fresh_id,
    ms,
    need_time,
    replace_segments,
    shots,
    take_out,
    total_ms,
)
from reelframe.edits.vocabulary import (
    AddSubtitles,
    AddText,
    Animate,
    Move,
    SetSegmentDuration,
    SetText,
    SetTiming,
    StyleText,
    Target,
    TextStyle,
)
from reelframe.errors import PlanError

__all__ = [
    "add_subtitles",
    "add_text",
    "animate",
    "move",
    "put_text",
    "set_text",
    "set_timing",
    "style_text",
]

SIZE_STEP: Final = 1.25
ANIM_MS: Final = 400
_TITLE_AT: Final = 500
_LENGTHS: Final[dict[str, int]] = {
    "title": 4000, "lower_third": 4000, "credits": 4000, "cta": 3000, "caption": 3000, "text": 3000,
    "subtitle": 3000,
}  # fmt: skip
_STYLE: Final = (
    "color", "size", "bold", "italic", "font", "case", "outline", "shadow", "box", "align", "opacity",
    "letter_spacing", "outline_color", "box_color", "gradient", "highlight", "box_padding", "box_radius", "look",
)  # fmt: skip
_BIGGEST: Final = 0.5
_SMALLEST: Final = 0.01


def add_text(draft: Draft, op: AddText, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """A text, at its role's own time when none was said.

    A second title at the same time and place replaces the first: one over the other could not be read.
    """
    if op.text is None:
        message = "It was not said what the text is to say."
        raise PlanError(message, hint="Put the words in quotes.")
    start, end = _text_times(draft, op)
    usual = text_size(op.role, canvas(draft))
    segment = Segment.make(
        end - start,
        id=fresh_id(draft, "text"),
        text=op.text,
        role=op.role,
        start=start,
        position=op.position,
        style=_styled({}, op, usual) or None,
    )
    old = [f for f in candidates(draft, "title") if op.role == "title" and _covered_by(f, segment)]
    if old:
        was = old[0].placed.segment
        # It stays the same title, with its looks: only what was said is new.
        style = _styled(was.get("style") if isinstance(was.get("style"), dict) else {}, op, usual)
        segment = was.with_m(text=op.text, start=start, style=style or None).replace(d=end - start)
        draft = replace_segments(draft, {(old[0].track, old[0].index): segment})
        return take_out(draft, old[1:])
    return put_text(draft, segment)


def _covered_by(found: Found, new: Segment) -> bool:
    old, start = found.placed, new.start_ms or 0
    overlaps = old.start < start + new.duration_ms and start < old.end
    return overlaps and old.segment.role == "title" and old.segment.get("position") == new.get("position")


def put_text(draft: Draft, segment: Segment) -> Draft:
    """A text on a track of its kind: titles on the first one, subtitles on one of their own."""
    texts = draft.of_kind("text")
    titles = {id(draft.tracks[f.track]) for f in candidates(draft, "title")}
    role = segment.role

    def fits(track: Track) -> bool:
        roles = {s.role for s in track.segments}
        if role == "title":
            return track is texts[0] and roles <= {"title", ""}
        if role == "subtitle":
            return roles <= {"subtitle"}
        return id(track) not in titles and "subtitle" not in roles

    out = add_segment(draft, TEXT, segment, fits)
    if role != "title" or len(out.tracks) == len(draft.tracks) or not texts:
        return out
    # The first text track is the titles' track.
    *rest, new = out.tracks
    first = next(n for n, track in enumerate(rest) if track.kind == "text")
    return out.with_tracks([*rest[:first], new, *rest[first:]])


def _text_times(draft: Draft, op: AddText) -> tuple[int, int]:
    low, high = content_span(draft)
    if op.target is not None:
        every = shots(draft)
        found = [every[n] for n in positions(draft, op.target)]
        low, high = found[0].start, found[-1].end
    length = ms(op.duration_s) if op.duration_s is not None else _LENGTHS[op.role]
    if op.start_s is not None or op.end_s is not None:
        return _said_times(draft, op, length, low if op.target is not None else 0)
    if not shots(draft):
        return 0, max(length, 1)
    room = high - low
    if op.duration_s is not None and length > total_ms(draft):
        message = f"The video lasts {clock(total_ms(draft))} s: a text can't be shown for {clock(length)} s."
        raise PlanError(message)
    if op.role in {"credits", "cta"}:
        if op.duration_s is not None and length > high:
            raise _no_time_before(high, length)
        return max(0, high - length), high
    if op.role in {"title", "lower_third"} and op.target is None:
        start = low + min(_TITLE_AT, max(0, room - length) // 2 if room < length + _TITLE_AT else _TITLE_AT)
        return start, min(start + length, total_ms(draft))
    # Over a shot, or over everything: as long as that is there.
    end = high if op.duration_s is None else low + length
    total = total_ms(draft)
    if end > total:
        message = f"A text from {clock(low)} s to {clock(end)} s is beyond the end: the video lasts {clock(total)} s."
        raise PlanError(message)
    return low, end


def _said_times(draft: Draft, op: AddText, length: int, base: int) -> tuple[int, int]:
    total = total_ms(draft) if shots(draft) else 10**9
    if op.start_s is not None:
        start = base + ms(op.start_s)
        end = base + ms(op.end_s) if op.end_s is not None else start + length
        said = op.end_s is not None or op.duration_s is not None
        end = end if said else min(end, total)
    else:
        end = base + ms(op.end_s or 0)
        start = end - length if op.duration_s is not None else base
        if start < 0:
            raise _no_time_before(end, length)
    if start >= total or end > total + 50:
        message = f"A text from {clock(start)} s to {clock(end)} s is beyond the end: the video lasts {clock(total)} s."
        raise PlanError(message)
    if end <= start:
        message = f"A text from {clock(start)} s to {clock(end)} s is never seen."
        raise PlanError(message)
    return start, min(end, total)


def _no_time_before(end: int, length: int) -> PlanError:
    return PlanError(f"Before {clock(end)} s there is no time for a text of {clock(length)} s.")


def _styled(style: Mapping[str, Any], op: TextStyle, usual: float) -> dict[str, Any]:
    """A style with the slots that were said."""
    out = dict(style)
    for name in _STYLE:
        value = getattr(op, name)
        if value is None:
            continue
        if name in {"color", "outline_color", "box_color", "highlight"}:
            value = color_of(value)
        if name == "gradient":
            value = [color_of(one) for one in value]
        if name == "color":
            # A plain colour takes the place of a gradient.
            out.pop("gradient", None)
        if name == "size" and isinstance(value, str):
            value = _stepped(float(out.get("size", usual)), value)
        out[name] = value
    return out


def _stepped(size: float, way: str) -> float:
    new = size * SIZE_STEP if way == "up" else size / SIZE_STEP
    if not _SMALLEST <= new <= _BIGGEST:
        message = f"It can't get any {'bigger' if way == 'up' else 'smaller'}."
        raise PlanError(message)
    return round(new, 4)


def _texts(draft: Draft, target: Target, what: str) -> tuple[Found, ...]:
    found = tuple(f for f in resolve(draft, target) if draft.tracks[f.track].kind == "text")
    if not found:
        message = f"The {NOUNS[target.kind][0]} is not a text: it can't be {what}."
        raise PlanError(message)
    return found


def _each(draft: Draft, found: tuple[Found, ...], new: list[Segment]) -> Draft:
    places = [(f.track, f.index) for f in found]
    return replace_segments(draft, dict(zip(places, new, strict=True)))


def set_text(draft: Draft, op: SetText, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Other words; place, time and looks stay."""
    found = _texts(draft, op.target, "reworded")
    if len(found) > 1:
        message = f"There are {len(found)} {NOUNS[op.target.kind][1]}."
        raise PlanError(message, hint="Say which of them is to be changed.")
    segment = found[0].placed.segment
    # The hosted service names texts by their words; a name that says the old ones would be wrong.
    name = op.text if segment.get("name") == segment.text and segment.get("name") else segment.get("name")
    return _each(draft, found, [segment.with_m(text=op.text, name=name)])


def style_text(draft: Draft, op: StyleText, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """The looks of texts; of a logo or an overlay its size and opacity."""
    said = [name for name in _STYLE if getattr(op, name) is not None]
    if not said:
        message = "It was not said how the text is to look."
        raise PlanError(message, hint="Name a colour, a size or a font.")
    found = resolve(draft, op.target)
    texts = tuple(f for f in found if draft.tracks[f.track].kind == "text")
    if texts:
        new = []
        for f in texts:
            segment = f.placed.segment
            style = segment.get("style")
            style = _styled(style if isinstance(style, dict) else {}, op, text_size(segment.role, canvas(draft)))
            new.append(segment.with_m(style=style))
        return _each(draft, texts, new)
    main = main_index(draft)
    over = tuple(f for f in found if draft.tracks[f.track].kind == "video" and f.track != main)
    if not over or not set(said) <= {"size", "opacity"}:
        what = NOUNS[op.target.kind][0]
        message = f"The {what} has no text style: of a logo or an overlay the size and the opacity can change."
        raise PlanError(message)
    new = []
    for f in over:
        segment = f.placed.segment
        size = op.size
        if isinstance(size, str):
            size = _stepped(float(segment.get("size", picture_size(segment.role))), size)
        segment = segment if size is None else segment.with_m(size=size)
        new.append(segment if op.opacity is None else segment.with_m(opacity=op.opacity))
    return _each(draft, over, new)


def move(draft: Draft, op: Move, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Another place in the frame for texts, logos and overlays; steps add up, a place starts them anew."""
    if op.position is None and op.dx is None and op.dy is None:
        message = "It was not said where to."
        raise PlanError(message, hint='Say a place, such as "top left", or a direction.')
    main = main_index(draft)
    placeable = {"video", "text"}
    found = tuple(f for f in resolve(draft, op.target) if f.track != main and draft.tracks[f.track].kind in placeable)
    if not found:
        message = f"The {NOUNS[op.target.kind][0]} has no place in the frame."
        raise PlanError(message, hint="Texts, logos and overlays can be moved; clips can be put in another order.")
    new = []
    for f in found:
        segment = f.placed.segment
        if op.position is not None:
            segment = segment.with_m(position=op.position, dx=op.dx, dy=op.dy)
        else:
            for key, step in (("dx", op.dx), ("dy", op.dy)):
                if step is not None:
                    segment = segment.with_m(**{key: round(float(segment.get(key, 0)) + step, 4) or None})
        new.append(segment)
    return _each(draft, found, new)


def set_timing(draft: Draft, op: SetTiming, context: Context) -> Draft:
    """When texts, logos, overlays and sounds are there; of a shot only how long."""
    if op.start_s is None and op.end_s is None and op.duration_s is None:
        message = "No time was said."
        raise PlanError(message, hint="Say from when to when.")
    main = main_index(draft)
    every = resolve(draft, op.target)
    found = tuple(f for f in every if f.track != main)
    if not found:
        if op.start_s is None and op.end_s is None and op.duration_s is not None:
            length = SetSegmentDuration(target=op.target, duration_s=op.duration_s)
            return set_segment_duration(draft, length, context)
        message = "Shots follow one another: a shot has a length, but no time of its own."
        raise PlanError(message, hint="I can put it in another place, or make it longer or shorter.")
    if len(found) > 1 and (op.start_s is not None or op.end_s is not None):
        message = f"There are {len(found)} {NOUNS[op.target.kind][1]}: they can't all be there at one time."
        raise PlanError(message, hint="Say which of them is meant.")
    spans = [_timed(draft, f, op) for f in found]
    if len(found) == 1 and found[0].placed.segment.id and draft.tracks[found[0].track].kind == "text":
        # A text may not fit between its neighbours any more, so it looks for a track again.
        start, end = spans[0]
        segment = found[0].placed.segment.with_m(start=start).replace(d=end - start)
        others = [p for n, p in enumerate(draft.tracks[found[0].track].placed) if n != found[0].index]
        if any(p.start < end and start < p.end for p in others):
            return put_text(take_out(draft, found), segment)
    new = [f.placed.segment.with_m(start=a).replace(d=b - a) for f, (a, b) in zip(found, spans, strict=True)]
    return _each(draft, found, new)


def _timed(draft: Draft, found: Found, op: SetTiming) -> tuple[int, int]:
    p = found.placed
    has_shots = bool(shots(draft))
    total = total_ms(draft)
    start = p.start if op.start_s is None else ms(op.start_s)
    if op.end_s is not None:
        end = ms(op.end_s)
        if op.duration_s is not None and op.start_s is None:
            start = end - ms(op.duration_s)
        if start < 0:
            message = f"Before {clock(end)} s there are no {op.duration_s:g} s."
            raise PlanError(message)
    elif op.duration_s is not None:
        end = start + ms(op.duration_s)
    else:
        # Only a start: it is moved if it is a text, and begins later if it runs to the end.
        keeps_end = p.end >= total - 40 and draft.tracks[found.track].kind != "text"
        end = p.end if keeps_end else min(start + p.end - p.start, total if has_shots else 10**9)
    if has_shots:
        need_time(draft, start, "A start")
        need_time(draft, end, "An end")
    if end <= start:
        message = f"From {clock(start)} s to {clock(end)} s is no time at all."
        raise PlanError(message)
    return start, end


def animate(draft: Draft, op: Animate, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """How texts come and go; pictures can fade."""
    if op.anim_in is None and op.anim_out is None and op.duration_s is None:
        message = "No animation was said."
        raise PlanError(message, hint="There are fade, slide, pop, typewriter and others.")
    found = resolve(draft, op.target)
    if any(draft.tracks[f.track].kind == "text" for f in found):
        found = tuple(f for f in found if draft.tracks[f.track].kind == "text")
        return _each(draft, found, [_animated(f, op) for f in found])
    if any(draft.tracks[f.track].kind != "video" for f in found):
        message = f"The {NOUNS[op.target.kind][0]} can't be seen, so it can't be animated."
        raise PlanError(message, hint="Its sound can fade in and out.")
    return _each(draft, found, [_faded(f, op) for f in found])


def _animated(found: Found, op: Animate) -> Segment:
    segment = found.placed.segment
    length = found.placed.end - found.placed.start
    for key, name in (("anim_in", op.anim_in), ("anim_out", op.anim_out)):
        said = segment.get(key)
        old = said if isinstance(said, dict) else {}
        if name == "none":
            # Left out, the renderer would choose one.
            segment = segment.with_m(**{key: {"type": "none"}})
        elif name is not None or (op.duration_s is not None and op.anim_in is None and op.anim_out is None and old):
            took = ms(op.duration_s) if op.duration_s is not None else int(old.get("ms", ANIM_MS))
            segment = segment.with_m(**{key: {**old, "type": name or old.get("type", "fade"), "ms": min(took, length)}})
    if segment is found.placed.segment:
        message = "There is no animation whose length could change."
        raise PlanError(message, hint="Say which animation it is to have.")
    return segment


def _faded(found: Found, op: Animate) -> Segment:
    segment = found.placed.segment
    for key, name in (("fade_in", op.anim_in), ("fade_out", op.anim_out)):
        if name not in {None, "none", "fade"}:
            message = f"A picture can't come or go by {name.replace('_', ' ') if name else name}: it can fade."
            raise PlanError(message)
        if name == "none":
            segment = segment.with_m(**{key: None})
        elif name is not None or (op.anim_in is None and op.anim_out is None and segment.get(key)):
            took = ms(op.duration_s) if op.duration_s is not None else ANIM_MS
            segment = segment.with_m(**{key: min(took, (found.placed.end - found.placed.start) // 2)})
    return segment


def add_subtitles(draft: Draft, op: AddSubtitles, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Lines with times, as far as the video lasts; they replace subtitles at the same times.

    Raises:
        PlanError: only a file's name was given (whoever has the file reads its lines), or no line is within the video.
    """
    if not op.lines:
        what = f'"{op.source}" ' if op.source else "A subtitle file "
        message = f"{what}was not read."
        raise PlanError(message, hint="Paste its lines with their times, or upload an .srt or .vtt file.")
    total = total_ms(draft) if shots(draft) else 10**9
    spans = [(ms(line.start_s), min(ms(line.end_s), total), line) for line in op.lines]
    spans = sorted((s for s in spans if s[1] > s[0]), key=lambda s: (s[0], s[1], s[2].text))
    if not spans:
        message = f"No subtitle is within the video, which lasts {clock(total)} s."
        raise PlanError(message)
    old = [f for f in candidates(draft, "subtitle") if f.placed.segment.role == "subtitle"]
    gone = [f for f in old if any(f.placed.start < b and a < f.placed.end for a, b, _ in spans)]
    out = take_out(draft, gone)
    # How they are to look may have been said before they came.
    looks = draft.get("subtitles", {})
    for a, b, line in spans:
        style = dict(looks.get("style", {})) | {
            name: getattr(line, name) for name in ("italic", "bold") if getattr(line, name)
        }
        if line.color is not None:
            style["color"] = color_of(line.color)
        segment = Segment.make(
            b - a, id=fresh_id(out, "text"), text=line.text, role="subtitle", start=a,
            **{**looks, "position": line.position or looks.get("position"), "style": style or None},
        )  # fmt: skip
        out = put_text(out, segment)
    return out
