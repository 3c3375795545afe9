"""Sound: background music, volumes, silence, fades, loudness, effects."""

from __future__ import annotations

import math
from typing import Any, Final

from reelframe.draft import Draft, Segment, clock
from reelframe.edits.cuts import cut_at, span_of
from reelframe.edits.layout import relay
from reelframe.edits.names import MOOD_WORDS, MOODS, SOUNDS, known
from reelframe.edits.targets import NOUNS, Found, candidates, main_index, resolve
from reelframe.edits.timeline import (
    AUDIO,
    Context,
    add_segment,
    fresh_id,
    has_sound,
    media_named,
    ms,
    need_time,
    replace_segments,
    shots,
    take_out,
    total_ms,
)
from reelframe.edits.vocabulary import (
    AddMusic,
    AddSfx,
    ChangeMusic,
    Duck,
    FadeAudio,
    Mute,
    Normalize,
    SetVolume,
    Target,
)
from reelframe.errors import PlanError
from reelframe.media.model import Library

__all__ = [
    "add_music",
    "add_sfx",
    "change_music",
    "duck",
    "fade_audio",
    "mute",
    "normalize",
    "set_volume",
    "volume_of",
]

ALONE: Final = 0.5
UNDER_SOUND: Final = 0.35
FADE_IN_MS: Final = 300
FADE_OUT_MS: Final = 1500
_SFX_MS: Final = 1000
_LOUDEST: Final = 2.0
_WHOLE: Final = frozenset({"audio", "all"})


def volume_of(segment: Segment, *, sound: bool) -> float:
    """How loud a segment is: what it says, else half for music and full for everything else."""
    default = 0.5 if sound and segment.role not in {"voice", "sfx"} else 1.0
    return default if segment.volume is None else segment.volume


def add_music(draft: Draft, op: AddMusic, context: Context) -> Draft:
    """Background music over the whole video; there is one, so it replaces what was there.

    Without mood and media: the first sound file that was uploaded for it, else upbeat music is composed.
    """
    old = candidates(draft, "bgm")
    total = total_ms(draft) if shots(draft) or draft.of_kind("text") else 0
    fade_in = FADE_IN_MS if op.fade_in_s is None else ms(op.fade_in_s)
    fade_out = FADE_OUT_MS if op.fade_out_s is None else ms(op.fade_out_s)
    if op.fade_in_s is None and op.fade_out_s is None and fade_in + fade_out > total > 0:
        fade_in, fade_out = min(fade_in, total // 4), min(fade_out, total // 2)
    elif total and fade_in + fade_out > total:
        message = f"Fades of {clock(fade_in)} s and {clock(fade_out)} s are longer than the video ({clock(total)} s)."
        raise PlanError(message)
    volume = op.volume
    if volume is None:
        volume = UNDER_SOUND if _other_sound(draft, context.library) else ALONE
    piece = _piece(draft, op.mood, op.media, context.library, None)
    draft = take_out(draft, old)
    segment = Segment.make(
        total, id=fresh_id(draft, "music"), role="bgm", start=0, volume=volume,
        fade_in=fade_in or None, fade_out=fade_out or None, **piece,
    )  # fmt: skip
    return add_segment(draft, AUDIO, segment, lambda _: False)


def _piece(draft: Draft, mood: str | None, media: str | None, library: Library, old: Segment | None) -> dict[str, Any]:
    """What is played: keys of ``m``, None for those that must go."""
    if media is None and mood is None and old is None and library.music:
        media = library.music[0].id
    if media is not None:
        file = media_named(library, media, shown=False)
        return {"media": file.id, "name": file.name, "loop": True, "music": None, "in_": None}
    was = old.get("music") if old is not None else None
    was = was if isinstance(was, dict) else {}
    name = mood if mood is not None else str(was.get("mood") or "upbeat")
    said = " ".join(name.strip().lower().split())
    chosen = known("mood of music", MOOD_WORDS.get(said, MOOD_WORDS.get(said.replace("_", " "), name)), MOODS)
    seed = int(draft.get("seed", 1))
    if was.get("mood") == chosen:
        # The same mood again means another piece of it.
        seed = int(was.get("seed", seed)) + 1
    return {
        "music": {"mood": chosen, "seed": seed}, "name": f"{chosen} music", "media": None, "loop": None, "in_": None,
    }  # fmt: skip


def _other_sound(draft: Draft, library: Library) -> bool:
    voices = candidates(draft, "voice")
    return bool(voices) or any(
        has_sound(p.segment, library) and not p.segment.get("muted") and p.segment.volume != 0 for p in shots(draft)
    )


def change_music(draft: Draft, op: ChangeMusic, context: Context) -> Draft:
    """Other music at the same time, as loud as before and with the same fades; without a wish another piece."""
    found = resolve(draft, Target(kind="bgm"))
    f = found[0]
    old = f.placed.segment
    piece = _piece(draft, op.mood, op.media, context.library, old)
    if op.media is not None and piece["media"] == old.media:
        message = f"The music is {piece['name']} already."
        raise PlanError(message)
    out = replace_segments(draft, {(f.track, f.index): old.with_m(muted=None, **piece)})
    return take_out(out, found[1:])


def _heard(draft: Draft, target: Target | None, library: Library) -> tuple[Found, ...]:
    """Everything with sound that a target means; the sound of clips is part of "the audio".

    Raises:
        PlanError: there is nothing to be heard.
    """
    pointed = target is not None and (target.index, target.name, target.at_s) != (None, None, None)
    whole = (target is None or target.kind in _WHOLE) and not pointed
    pool = candidates(draft, "all") if whole or target is None else resolve(draft, target)
    wide = whole or (target is not None and target.kind == "video" and not pointed)
    main = main_index(draft)

    def sounds(f: Found) -> bool:
        if draft.tracks[f.track].kind == "audio":
            return True
        if draft.tracks[f.track].kind != "video" or not has_sound(f.placed.segment, library):
            return False
        # A picture in picture is silent until its own volume is set.
        return f.track == main or not wide or f.placed.segment.volume is not None

    heard = tuple(f for f in pool if sounds(f))
    if not heard:
        what = NOUNS["audio" if target is None else target.kind][0]
        if len(pool) == 1 and pool[0].placed.segment.name:
            what += f' "{pool[0].placed.segment.name}"'
        message = f"The {what} has no sound." if pool else "There is no sound in this video."
        raise PlanError(message)
    return heard


def set_volume(draft: Draft, op: SetVolume, context: Context) -> Draft:
    """A level, or a step from the present one (between silence and twice the recorded level)."""
    if op.level is None and op.delta_db is None:
        message = "No volume was said."
        raise PlanError(message, hint='Say a percentage, or "louder" or "quieter".')
    new = {}
    for f in _heard(draft, op.target, context.library):
        segment = f.placed.segment
        sound = draft.tracks[f.track].kind == "audio"
        level = op.level
        if level is None:
            level = volume_of(segment, sound=sound) * math.pow(10, (op.delta_db or 0) / 20)
            level = round(min(level, _LOUDEST), 4)
            if level == volume_of(segment, sound=sound) == _LOUDEST and (op.delta_db or 0) > 0:
                message = f"{segment.name or 'The sound'} is as loud as it can be."
                raise PlanError(message)
        new[f.track, f.index] = segment.with_m(volume=level, muted=None)
    return replace_segments(draft, new)


def mute(draft: Draft, op: Mute, context: Context) -> Draft:
    """Silence. For a range a clip is cut and music keeps playing unheard (``m.mutes``, ms from its own start)."""
    if op.range is None:
        heard = _heard(draft, op.target, context.library)
        return replace_segments(draft, {(f.track, f.index): f.placed.segment.with_m(muted=True) for f in heard})
    # Its own clip gives a range its zero; any other sound is timed by the video.
    low, high = span_of(draft, op.target, op.range, "The range")
    heard = _heard(draft, op.target, context.library)
    main = main_index(draft)
    new, hit = {}, False
    for f in heard:
        if f.track != main:
            a, b = max(low, f.placed.start), min(high, f.placed.end)
            if b > a:
                hit = True
                mutes = [*f.placed.segment.get("mutes", ()), [a - f.placed.start, b - f.placed.start]]
                new[f.track, f.index] = f.placed.segment.with_m(mutes=_merged(mutes))
    out = replace_segments(draft, new)
    inside = [f for f in heard if f.track == main and f.placed.start < high and f.placed.end > low]
    if inside:
        out = relay(out, cut_at(out, _inner(inside, low, high), context.library))
        silent = {}
        for n, p in enumerate(out.tracks[main or 0].placed):
            if any(f.placed.start <= p.start < f.placed.end for f in inside) and low <= p.start < high:
                silent[main or 0, n] = p.segment.with_m(muted=True)
        return replace_segments(out, silent)
    if not hit:
        message = f"Nothing of that is heard from {clock(low)} s to {clock(high)} s."
        raise PlanError(message)
    return out


def _inner(found: list[Found], low: int, high: int) -> list[int]:
    """The ends of a range that lie inside of one of these shots."""
    return [t for t in (low, high) if any(f.placed.start < t < f.placed.end for f in found)]


def _merged(ranges: list[list[int]]) -> list[list[int]]:
    out: list[list[int]] = []
    for a, b in sorted(ranges):
        if out and a <= out[-1][1]:
            out[-1][1] = max(out[-1][1], b)
        else:
            out.append([a, b])
    return out


def fade_audio(draft: Draft, op: FadeAudio, context: Context) -> Draft:
    """The sound comes up and goes down; without a target that of the music, else of the clips.

    The sound of clips fades at the two ends of what was named (``m.sound_fade_in``, ``m.sound_fade_out``).
    """
    target = op.target
    if target is None and candidates(draft, "bgm"):
        target = Target(kind="bgm")
    heard = _heard(draft, target, context.library)
    in_ms = None if op.in_s is None else ms(op.in_s)
    out_ms = None if op.out_s is None else ms(op.out_s)
    if in_ms is None and out_ms is None:
        in_ms = out_ms = 1000
    new: dict[tuple[int, int], Segment] = {}
    clips = [f for f in heard if draft.tracks[f.track].kind == "video"]
    for f in heard:
        length = f.placed.end - f.placed.start
        sound = f not in clips
        first, last = sound or f is clips[0], sound or f is clips[-1]
        fades = [t for t, here in ((in_ms, first), (out_ms, last)) if t is not None and here]
        if sum(fades) > length:
            name = f.placed.segment.name or "The sound"
            message = f"{name} lasts {clock(length)} s: it can't fade for {clock(sum(fades))} s."
            raise PlanError(message)
        keys = ("fade_in", "fade_out") if sound else ("sound_fade_in", "sound_fade_out")
        segment = f.placed.segment
        if in_ms is not None and first:
            segment = segment.with_m(**{keys[0]: in_ms or None})
        if out_ms is not None and last:
            segment = segment.with_m(**{keys[1]: out_ms or None})
        new[f.track, f.index] = segment
    return replace_segments(draft, new)


def duck(draft: Draft, op: Duck, context: Context) -> Draft:
    """Music goes down while a voice or a clip's sound is heard."""
    if not candidates(draft, "bgm"):
        message = "There is no background music that could go down."
        raise PlanError(message)
    if not _other_sound(draft, context.library):
        message = "There is no voice and no clip with sound for the music to go down under."
        raise PlanError(message, hint="I can make the music quieter all the time.")
    return draft.with_m(duck={"amount_db": -12.0 if op.amount_db is None else op.amount_db})


def normalize(draft: Draft, op: Normalize, context: Context) -> Draft:
    """The loudness of the whole mix, -16 LUFS when no number was said."""
    _heard(draft, None, context.library)
    return draft.with_m(lufs=-16.0 if op.lufs is None else op.lufs)


def add_sfx(draft: Draft, op: AddSfx, context: Context) -> Draft:
    """A sound effect, or a short file of the library; at the first cut when no time was said."""
    every = shots(draft)
    if not every:
        message = "There is nothing yet that a sound could go with."
        raise PlanError(message, hint="Upload photos or clips first.")
    total = total_ms(draft)
    default = every[1].start if len(every) > 1 else 0
    start = need_time(draft, default if op.at_s is None else ms(op.at_s), "A sound")
    if start >= total:
        message = f"The video ends at {clock(total)} s."
        raise PlanError(message)
    file = context.library.by_name(op.name) if op.name is not None else None
    if file is not None:
        file = media_named(context.library, file.id, shown=False)
        length = round((file.duration_s or _SFX_MS / 1000) * 1000)
        what: dict[str, Any] = {"media": file.id, "name": file.name}
    else:
        length = _SFX_MS
        name = known("sound effect", op.name or "whoosh", SOUNDS)
        what = {"sfx": name, "name": name}
    segment = Segment.make(
        max(1, min(length, total - start)), id=fresh_id(draft, "sfx"), role="sfx", start=start, **what
    )
    return add_segment(draft, AUDIO, segment, lambda track: {s.role for s in track.segments} == {"sfx"})
