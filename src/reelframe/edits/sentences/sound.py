"""What was done to the sound, in sentences."""

from __future__ import annotations

from typing import Any, Final

from reelframe.draft import Draft, Segment
from reelframe.edits import vocabulary as v
from reelframe.edits.families.audio import volume_of
from reelframe.edits.phrases import Said, Table, cap, fades, is_now, quoted, secs, target_of, within
from reelframe.edits.targets import candidates

__all__ = ["SENTENCES"]


def _music(_: Any, before: Draft, after: Draft) -> Said:  # noqa: ANN401 -- two operations
    def plays(draft: Draft) -> Said | None:
        found = candidates(draft, "bgm")
        if not found:
            return None
        segment = found[0].placed.segment
        level = f"{volume_of(segment, sound=True):.0%}"
        return f"{segment.name or 'music'} ({level})", f"{segment.name or '音乐'}({level})"

    old, new = plays(before), plays(after) or ("none", "无")
    was = ("", "") if old is None or old == new else (f" (was {old[0]})", f"(原 {old[1]})")
    if old == new:
        # The same mood and level: the notes are what is new.
        return f"The background music is now another piece of {new[0]}.", f"背景音乐换成了另一段 {new[1]}。"
    return f"The background music is now {new[0]}{was[0]}.", f"背景音乐现在是 {new[1]}{was[1]}。"


def _set_volume(op: v.SetVolume, before: Draft, after: Draft) -> Said:
    pairs = [
        (old, new)
        for old, new in zip(before.segments, after.segments, strict=False)
        if (old.volume, old.get("muted")) != (new.volume, new.get("muted"))
    ]
    sounds = {id(s) for t in before.of_kind("audio") for s in t.segments}

    def level(segment: Segment, *, sound: bool) -> Said:
        if segment.get("muted"):
            return "muted", "静音"
        text = f"{volume_of(segment, sound=sound):.0%}"
        return text, text

    if not pairs:
        text = f"{op.level or 0:.0%}" if op.level is not None else ""
        return f"The volume is {text} already.".replace("  ", " "), f"音量已经是 {text}。"
    sound = id(pairs[0][0]) in sounds
    old, new = (level(pairs[0][n], sound=sound) for n in (0, 1))
    return is_now(target_of(op, before), ("volume", "音量"), old, new)


def _mute(op: v.Mute, before: Draft, _: Draft) -> Said:
    part = within(op.range)
    what = target_of(op, before)
    return f"{cap(what[0])} is now silent{part[0]}.", f"{what[1]}{part[1]}已静音。"


def _fade_audio(op: v.FadeAudio, before: Draft, _: Draft) -> Said:
    what = target_of(op, before) if op.target else ("the sound", "声音")
    return fades(what, op.in_s, op.out_s)


def _duck(_: v.Duck, before: Draft, after: Draft) -> Said:
    db = after.get("duck", {}).get("amount_db", -12)
    old = before.get("duck")
    was = (
        ("", "")
        if not isinstance(old, dict)
        else (f" (was {old.get('amount_db')} dB)", f"(原 {old.get('amount_db')} dB)")
    )
    return (
        f"The music goes down by {abs(db):g} dB under speech{was[0]}.",
        f"有人声时音乐降低 {abs(db):g} dB{was[1]}。",
    )


def _normalize(_: v.Normalize, before: Draft, after: Draft) -> Said:
    old, new = (f"{d.get('lufs', -16.0):g} LUFS" for d in (before, after))
    return is_now(("the sound", "声音"), ("loudness", "响度"), (old, old), (new, new))


def _add_sfx(_: v.AddSfx, before: Draft, after: Draft) -> Said:
    new = next(f.placed for f in candidates(after, "sfx") if not before.find(f.placed.segment.id))
    name, at = quoted(new.segment.name), secs(new.start)
    return f"Added the sound {name[0]} at {at[0]}.", f"已在 {at[1]}处添加音效{name[1]}。"


SENTENCES: Final[Table] = {
    v.AddMusic: _music,
    v.ChangeMusic: _music,
    v.SetVolume: _set_volume,
    v.Mute: _mute,
    v.FadeAudio: _fade_audio,
    v.Duck: _duck,
    v.Normalize: _normalize,
    v.AddSfx: _add_sfx,
}
