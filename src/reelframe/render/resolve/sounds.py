"""What is heard: the sound of clips, music, voices and effects."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from reelframe.draft import Placed, Segment
from reelframe.errors import PlanError
from reelframe.media.model import Media
from reelframe.render.composition import Music, Sound
from reelframe.render.resolve.pictures import transition
from reelframe.render.resolve.stage import Stage
from reelframe.render.resolve.values import as_number, called, number, silences_of, timing_of

__all__ = ["keeps_to_bars", "sounds"]

MUSIC_VOLUME: Final = 0.5


def keeps_to_bars(segment: Segment, media: Media) -> bool:
    """Whether a piece of uploaded music is cut so that it begins and ends with a bar.

    Background music that fills whatever time there is (``loop``) and is longer than that; not where somebody said
    which part of it is heard, or how fast.
    """
    fills = segment.role in {None, "", "bgm"} and bool(segment.get("loop"))
    chosen = any(segment.get(key) for key in ("in", "reverse")) or segment.get("speed", 1) != 1
    return fills and not chosen and (media.duration_s or 0) * 1000 > segment.duration_ms


def sounds(stage: Stage) -> Iterator[Sound]:
    """Everything that is heard, clips first. Raises ``PlanError`` for what can't be played."""
    for nth, track in enumerate(stage.draft.of_kind("video")):
        placed = sorted(track.placed, key=lambda p: p.start)
        for p, following in itertools.zip_longest(placed, placed[1:]):
            # Where pictures dissolve, so does what they sound like.
            tail = _dissolve(stage, following) if following and not nth and following.start == p.end else 0.0
            head = _dissolve(stage, p) if p is not placed[0] and not nth else 0.0
            sound = _clip_sound(stage, p, overlay=nth > 0, head=head, tail=tail)
            if sound:
                yield sound
    for track in stage.draft.of_kind("audio"):
        for p in track.placed:
            sound = _sound(stage, p)
            if sound:
                yield sound


def _span(stage: Stage, placed: Placed) -> tuple[float, float]:
    end = min(placed.end, round(stage.frames * 1000 / stage.fps))
    return placed.start / 1000, max(0, end - placed.start) / 1000


def _dissolve(stage: Stage, placed: Placed) -> float:
    """For how long (seconds) the shot before goes on under this one."""
    there = transition(stage, placed.segment, stage.at(placed.end) - stage.at(placed.start))
    return there.frames / stage.fps if there else 0.0


def _clip_sound(stage: Stage, placed: Placed, *, overlay: bool, head: float, tail: float) -> Sound | None:
    segment = placed.segment
    what = called(segment)
    media = stage.library.get(segment.media) if segment.media else None
    start_s, length_s = _span(stage, placed)
    # Somebody who lays a picture over another one wants to hear the one below, unless a volume is set.
    volume = number(segment, "volume", 0 if overlay else 1, 0, 2, what)
    heard = media is not None and media.has_audio and not segment.get("muted") and volume > 0
    if not heard or media is None or length_s <= 0:
        return None
    timing = timing_of(segment, what)
    if timing.hold_s is not None:
        return None
    fades = (number(segment, f"sound_fade_{way}", 0, 0, 600_000, what) / 1000 for way in ("in", "out"))
    fade_in, fade_out = (max(said, own) for said, own in zip(fades, (head, tail), strict=True))
    return Sound(
        start_s, length_s + tail, "clip", volume, media.id, timing=timing, fade_in_s=fade_in, fade_out_s=fade_out,
        silences=silences_of(segment, start_s, what), media=media,
    )  # fmt: skip


def _sound(stage: Stage, placed: Placed) -> Sound | None:
    segment = placed.segment
    what = called(segment)
    role = segment.role or "bgm"
    volume = number(segment, "volume", MUSIC_VOLUME if role == "bgm" else 1.0, 0, 2, what)
    start_s, length_s = _span(stage, placed)
    if segment.get("muted") or volume == 0 or length_s <= 0:
        return None
    media, music = None, None
    if segment.media is not None:
        media = stage.media(segment.media, what)
        if media.kind != "audio" and not media.has_audio:
            message = f"{media.name} has no sound."
            raise PlanError(message, hint="Choose another file for the sound.")
    elif isinstance(segment.get("music"), dict):
        said = segment.get("music")
        seed = said.get("seed", stage.draft.get("seed", 0))
        music = Music(str(said.get("mood") or "upbeat"), int(as_number(seed, "The music's seed")))
    elif not segment.get("sfx"):
        message = f"{what} has neither a file nor music nor a sound effect."
        raise PlanError(message, hint="Remove it, or give it something to play.")
    return Sound(
        start_s, length_s, role, volume, media.id if media else None, music, segment.get("sfx"),
        timing=timing_of(segment, what),
        fade_in_s=number(segment, "fade_in", 0, 0, 600_000, what) / 1000,
        fade_out_s=number(segment, "fade_out", 0, 0, 600_000, what) / 1000,
        silences=silences_of(segment, start_s, what),
        at_bars=media is not None and keeps_to_bars(segment, media),
        media=media,
    )  # fmt: skip
