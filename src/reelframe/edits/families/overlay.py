"""Pictures over the picture: logos, stickers, picture in picture."""

from __future__ import annotations

from typing import Final

from reelframe.draft import Brand, Draft, Segment, Track, clock
from reelframe.edits.names import picture_size
from reelframe.edits.targets import candidates
from reelframe.edits.timeline import (
    VIDEO,
    Context,
    add_segment,
    fresh_id,
    media_named,
    ms,
    shots,
    take_out,
    total_ms,
)
from reelframe.edits.vocabulary import AddLogo, Overlay
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media

__all__ = ["add_logo", "logos_of", "overlay"]

_SMALL: Final = 1_000_000
_LOGO_WORDS: Final = ("logo", "watermark", "brandmark", "标志", "商标", "徽标", "水印", "台标")


def logos_of(library: Library, chosen: tuple[Media, ...] | None = None) -> tuple[Media, ...]:
    """The files that are logos: given as one, named as one, or the only small picture with alpha among others.

    A sole picture is never a logo, unless it was given as one: there would be nothing to see.
    """
    pictures = [m for m in (chosen or library.items) if m.visible]
    given = tuple(m for m in pictures if m.role == "logo")
    rest = [m for m in pictures if m.role is None]
    named = tuple(m for m in rest if any(word in m.stem.casefold() for word in _LOGO_WORDS))
    if named and len(named) < len(rest):
        return given + named
    if given or named:
        return given
    clear = [m for m in rest if m.kind == "image" and m.has_alpha and m.width * m.height <= _SMALL]
    return tuple(clear) if len(clear) == 1 and len(rest) > 1 else ()


def add_logo(draft: Draft, op: AddLogo, context: Context) -> Draft:
    """A logo in a corner, over the whole video if nothing else was said; the same logo is not shown twice.

    One that is there already keeps what was not said.
    """
    library = context.library
    if op.media is not None:
        media = media_named(library, op.media, shown=True)
    elif logos := logos_of(library):
        media = logos[0]
    else:
        message = "There is no logo among the uploaded files."
        raise PlanError(message, hint="Upload a picture of it, or say which file it is.")
    same = [f for f in candidates(draft, "logo") if f.placed.segment.media == media.id]
    out = take_out(draft, same)
    was = same[0].placed if same else None
    # What was not said stays as it was: a logo that is put elsewhere is as large, and there for as long.
    now = was.segment if was is not None else Segment.make(1)
    timed = op.start_s is not None or op.end_s is not None
    start, end = (was.start, was.end) if was is not None and not timed else _span(draft, op.start_s, op.end_s)
    segment = Segment.make(
        end - start, id=fresh_id(out, "logo"), name=media.name, role="logo", media=media.id, start=start,
        position=op.position or now.get("position") or Brand.of_draft(draft).logo_position or "top_right",
        size=op.size or now.get("size") or picture_size("logo"),
        opacity=now.get("opacity") if op.opacity is None else op.opacity,
    )  # fmt: skip
    return add_segment(out, VIDEO, segment, _holds_none)


def overlay(draft: Draft, op: Overlay, context: Context) -> Draft:
    """A picture or a clip over the video; a clip as long as it lasts."""
    if op.media is None:
        names = ", ".join(m.name for m in context.library if m.visible) or "none"
        message = "It was not said what to lay over the video."
        raise PlanError(message, hint=f"Name one of the uploaded files: {names}.")
    media = media_named(context.library, op.media, shown=True)
    start, end = _span(draft, op.start_s, op.end_s)
    if media.kind == "video" and media.duration_s is not None and op.end_s is None and not media.animated:
        end = min(end, start + round(media.duration_s * 1000))
    loops = True if media.animated else None
    segment = Segment.make(
        end - start, id=fresh_id(draft, "overlay"), name=media.name, role="overlay", media=media.id, start=start,
        position=op.position or "bottom_right", size=op.size or picture_size("overlay"), loop=loops,
    )  # fmt: skip
    return add_segment(draft, VIDEO, segment, _holds_none)


def _span(draft: Draft, start_s: float | None, end_s: float | None) -> tuple[int, int]:
    if not shots(draft):
        message = "There is no photo or clip yet to lay it over."
        raise PlanError(message, hint="Upload some and ask for a video of them.")
    total = total_ms(draft)
    start = 0 if start_s is None else ms(start_s)
    end = total if end_s is None else ms(end_s)
    if end > total + 50 or start >= total or end <= start:
        message = f"From {clock(start)} s to {clock(end)} s is not within the video, which lasts {clock(total)} s."
        raise PlanError(message)
    return start, min(end, total)


def _holds_none(track: Track) -> bool:
    """Every overlay is on a track of its own, so that one that gets longer never meets another."""
    return not track.segments
