"""The frame and the file: shape, size, rate, background, cards."""

from __future__ import annotations

from typing import Any, Final

from reelframe.draft import Draft, Segment
from reelframe.edits.cuts import usual_transition
from reelframe.edits.families.text import put_text
from reelframe.edits.layout import Piece, pieces_of, relay
from reelframe.edits.timeline import Context, canvas, color_of, fresh_id, is_light, media_named, ms, total_ms
from reelframe.edits.vocabulary import IntroOutro, SetAspect, SetBackground, SetOutput
from reelframe.errors import PlanError

__all__ = ["frame_size", "intro_outro", "set_aspect", "set_background", "set_output"]

SHORT: Final = 1080
LONG: Final = 1920
CARD_MS: Final = 2500
_LEAST: Final = 16
_MOST: Final = 8192
_NARROWEST: Final = 10
_TEXT_IN: Final = 200

# Words on a light card.
_INK: Final = "#1a1a1a"
# How large a logo stands on a card of its own, of what the frame has room for.
_LOGO_ALONE: Final = 0.6
_LOGO_WITH_WORDS: Final = 0.4


def frame_size(aspect: str, scale: float = 1.0) -> tuple[int, int]:
    """Width and height of a shape, even: 1080 on the short side, unless the long side came over 1920.

    So 16:9 is 1920x1080, 9:16 1080x1920, 1:1 1080x1080, 4:5 1080x1350, 21:9 1920x822.

    Raises:
        PlanError: the shape is none, or too narrow for a video.
    """
    across, down = (float(part) for part in aspect.split(":"))
    if not across or not down:
        message = f"{aspect} is not the shape of a picture."
        raise PlanError(message)
    ratio = max(across, down) / min(across, down)
    short = min(SHORT, LONG / ratio) * scale
    low, high = _even(short), _even(short * ratio)
    if ratio > _NARROWEST or low < _LEAST or high > _MOST:
        message = f"{aspect} is too narrow for a video."
        raise PlanError(message, hint="Usual shapes are 16:9, 9:16, 1:1 and 4:5.")
    return (high, low) if across >= down else (low, high)


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)


def set_aspect(draft: Draft, op: SetAspect, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Another shape at the same quality: 720p stays 720p."""
    width, height = canvas(draft)
    scale = max(min(width, height) / SHORT, max(width, height) / LONG)
    width, height = frame_size(op.aspect, scale)
    out = draft.with_m(width=width, height=height)
    return out if op.fit is None else out.with_m(fit=op.fit)


def set_output(draft: Draft, op: SetOutput, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """Size, rate and container. ``height`` is the p of "1080p": the short side of the frame, whichever that is.

    Container and size limit are kept in ``m.output`` for the export.
    """
    if (op.height, op.fps, op.format, op.max_bytes) == (None, None, None, None):
        message = "It was not said what the file is to be."
        raise PlanError(message, hint="Name a size such as 720p, a frame rate or a format.")
    out = draft
    if op.height is not None:
        width, height = canvas(draft)
        scale = op.height / min(width, height)
        width, height = _even(width * scale), _even(height * scale)
        if min(width, height) < _LEAST or max(width, height) > _MOST:
            message = f"{width}x{height} can't be rendered."
            raise PlanError(message, hint="Up to 4320p can.")
        out = out.with_m(width=width, height=height)
    if op.fps is not None:
        out = out.with_m(fps=max(1, round(op.fps)))
    if op.format is not None or op.max_bytes is not None:
        was = draft.get("output")
        said: dict[str, Any] = dict(was) if isinstance(was, dict) else {}
        new = {"format": op.format, "max_bytes": op.max_bytes}
        out = out.with_m(output=said | {k: v for k, v in new.items() if v is not None})
    return out


def set_background(draft: Draft, op: SetBackground, context: Context) -> Draft:  # noqa: ARG001 -- one shape for all
    """A colour, or a blurred copy, behind pictures that do not fill the frame.

    A colour makes pictures that filled the frame be shown whole, or it could not be seen.

    Raises:
        PlanError: a picture as the background, which the renderer does not draw.
    """
    if op.media is not None:
        message = "A picture can't be put behind the video."
        raise PlanError(message, hint="A colour or a blurred copy of the video can.")
    if op.color is None and op.blur is None:
        message = "It was not said what the background is to be."
        raise PlanError(message, hint="Name a colour, or ask for a blurred one.")
    out = draft
    if op.color is not None:
        out = out.with_m(background=color_of(op.color))
    if op.blur:
        out = out.with_m(fit="blur")
    elif op.color is not None or draft.get("fit") == "blur":
        out = out.with_m(fit="fit")
    return out


def intro_outro(draft: Draft, op: IntroOutro, context: Context) -> Draft:
    """A card of its own time before or after the video: words on the background's colour, or a picture.

    With a length and neither words nor a picture it is a black screen, or one in the background's colour.

    Raises:
        PlanError: neither words nor a picture nor a length; nothing that it could come before or after.
    """
    if op.text is None and op.media is None and op.duration_s is None:
        message = f"It was not said what the {'intro' if op.where == 'start' else 'outro'} is to show."
        raise PlanError(message, hint="Give it a text in quotes, or a picture.")
    media = None if op.media is None else media_named(context.library, op.media, shown=True)
    length = CARD_MS
    if op.duration_s is not None:
        length = max(1, ms(op.duration_s))
    elif media is not None and media.kind == "video" and media.duration_s:
        length = max(1, round(media.duration_s * 1000))
    pieces = pieces_of(draft)
    if not pieces and total_ms(draft):
        message = "There is no photo or clip that a card could come before or after."
        raise PlanError(message, hint="The texts can be shown at other times.")
    usual = usual_transition([p.segment for p in pieces])
    at_start = op.where == "start"
    logo = media is not None and media.has_alpha
    # A picture that one can see through stands on white, as everywhere.
    color = color_of(op.color) if op.color is not None else draft.get("background", "#ffffff" if logo else "#000000")
    card = Segment.make(
        length,
        id=fresh_id(draft, "card"),
        name="intro" if at_start else "outro",
        role="card",
        media=None if media is None else media.id,
        fit="fit" if logo else None,
        zoom=(_LOGO_WITH_WORDS if op.text else _LOGO_ALONE) if logo else None,
        color=color if media is None or logo else None,
        transition=None if at_start else usual,
    )
    if at_start and pieces:
        head = pieces[0]
        pieces[0] = Piece(head.segment.with_m(transition=usual), head.origin)
    out = relay(draft, [Piece(card), *pieces] if at_start else [*pieces, Piece(card)])
    start = 0 if at_start else total_ms(out) - length
    if media is not None and logo:
        out = _elsewhere(out, media.id, start, start + length)
    if op.text is None:
        return out
    # A moment's rest before the words come, if there is time for it.
    late = _TEXT_IN if length > 5 * _TEXT_IN else 0
    text = Segment.make(
        length - late,
        id=fresh_id(out, "text"),
        text=op.text,
        role="title",
        start=start + late,
        position="bottom" if logo else "center",
        style={"color": _INK} if is_light(color) else None,
    )
    return put_text(out, text)


def _elsewhere(draft: Draft, media: str, start: int, end: int) -> Draft:
    """The draft whose logo of this file is not in its corner while a card, at one end of the video, shows it large."""
    tracks = []
    for track in draft.tracks:
        kept = []
        for placed in track.placed:
            segment, low, high = placed.segment, placed.start, placed.end
            if segment.role == "logo" and segment.media == media:
                low, high = (max(low, end), high) if start == 0 else (low, min(high, start))
                segment = segment.replace(d=high - low).with_m(start=low)
            if high > low:
                kept.append(segment)
        tracks.append(track.replace(sg=tuple(kept)))
    return draft.with_tracks([track for track in tracks if track.segments])
