"""Which music is played, and when."""

from __future__ import annotations

from typing import Final

from reelframe.edits.names import MOOD_WORDS, MOODS
from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import mood_for
from reelframe.planner.measure import part_of
from reelframe.planner.rules.sound_back import music_until, own_music
from reelframe.planner.state import State

__all__ = ["music_rule", "other_mood"]

_FADE_S: Final = 2.0
_LIKING: Final = frozenset({"like", "love", "enjoy", "feel"})
_ANOTHER: Final = frozenset({"different", "another", "other", "else", "new"})


def music_rule(c: Clause, s: State) -> bool:
    """Music that is put in, changed, timed or taken out."""
    if s.ops and s.ops[-1].op in {"add_music", "change_music"} and c.has("t.from t.until") and _only_when(c):
        # "change the music to jazz, starting at 3 seconds"
        c.use("verb. link. noun.")
        return s.add("set_timing", target={"kind": "bgm"}, start_s=c.value("t.from"), end_s=c.value("t.until"))
    moods = c.all("mood.")
    # "replace the upbeat track with something lofi": the one that was there is named first.
    to = -1 if c.verb("change") and "instead of" not in c.text else 0
    goal = next((t for t in c.tokens if t.has("says.to")), None)
    after = [t for t in moods if goal is not None and t.start > goal.start]
    mood = after[0] if after else moods[to] if moods else None
    music = c.get("noun.music") or (
        c.get("noun.track") if mood is not None and not c.has("num", "noun.clip", "noun.filter") else None
    )
    file = next((t for t in c.all("file") if _is_audio(str(t.value))), None)
    sound_as_music = c.has("noun.sound") and mood is not None and c.verb("change", "add", "use")
    # 音乐太吵了,换舒缓一点的: another of what the wish before was about.
    follows = (
        s.last is not None
        and s.last.kind == "bgm"
        and mood is not None
        and c.verb("change", "swap")
        and all(t.has("noun.it") for t in c.all("noun."))
        and not c.has("look.")
    )
    if music is None and file is None and not sound_as_music and not follows and not _beat(c):
        return False
    if (
        music is not None
        and c.has("noun.title", "noun.text")
        and not mood
        and not c.negated
        and not c.verb("add", "remove")
    ):
        return False
    media = None
    if file is not None:
        media = s.view.library.by_name(str(file.value))
        if media is None:
            s.assume("file_expected", name=file.value)
        name = media.name if media else str(file.value)
    else:
        name = None
    if (
        music is not None
        and c.verb("end")
        and c.has("noun.video")
        and not c.has("t.", "time", "fade.")
        and not c.verb("add", "remove")
        and s.view.music
        and s.view.total_s
    ):
        # "make the music end with the video"
        c.use("noun.music noun.video verb. link. says.")
        return s.add("set_timing", target={"kind": "bgm"}, end_s=s.view.total_s)
    if music is not None and mood is None and file is None and (music_until(c, s) or own_music(c, s)):
        return True
    if s.view.music and music is not None and mood is None and c.has("scope.only") and c.has("t.range t.head t.tail"):
        span = c.value("t.range")
        head, tail = c.value("t.head"), c.value("t.tail")
        total = s.view.total_s
        start, end = span or ((0.0, head) if head is not None else (max(0.0, total - tail), total))
        c.use("noun.music scope. verb.")
        return s.add("set_timing", target={"kind": "bgm"}, start_s=start, end_s=end)
    if c.negated and _LIKING & set(c.text.replace("喜欢", " like ").split()) and music is not None:
        # "I don't like this song" asks for another one.
        c.use("noun.music", "scope.no")
        return s.add("change_music", mood=mood.meaning("mood") if mood else other_mood(s))
    negative = c.negated and not c.verb("change")
    if c.verb("remove", "mute", "hide") or negative:
        s.avoid.add("music")
        c.use("noun.music", "verb.remove", "verb.mute", "scope.no", "scope.", "mood.", "noun.sound", "noun.background")
        s.whole = s.whole or "negated"
        if s.view.music and not s.composed:
            span = part_of(c, s)
            if span is not None:
                # "remove the music from the first 10 seconds"
                return s.add("mute", target={"kind": "bgm"}, range=span)
            return s.add("remove", target={"kind": "bgm"})
        if c.verb("remove") and not s.composed:
            s.missing = Target(kind="bgm")
        return True
    if c.verb("keep") and not c.verb("add", "change"):
        c.use("noun.music", "verb.keep", "noun.sound", "scope.")
        s.whole = s.whole or "kept"
        return True
    if c.has("verb.loop") and music is not None:
        c.use("noun.music", "verb.loop", "noun.video")
        return s.add("loop", target={"kind": "bgm"})
    if (
        (c.verb("trim cut shorten split speed_up slow_down end start") or (c.has("t.from") and s.view.music))
        and not c.verb("add", "change", "use")
        and mood is None
    ):
        return _music_timing(c, s)
    meant = mood.meaning("mood") if mood else None
    if mood is not None and mood.text.isalpha() and mood.text in {*MOOD_WORDS, *MOODS}:
        meant = mood.text
    if meant is None and c.has("look.cinematic"):
        meant = "cinematic"
        c.use("look.cinematic")
    volume = c.value("pct")
    if volume is None and c.has("dir.quieter", "dir.little", "dir.down"):
        volume = 0.3 if c.has("dir.quieter", "dir.down") else None
    out: dict[str, float | None] = {"fade_in_s": None, "fade_out_s": None}
    seconds = c.get("fade.")
    if seconds is not None:
        out["fade_out_s" if seconds.has("fade.out") else "fade_in_s"] = _FADE_S
    if (
        not c.verb("add", "change", "swap", "use", "create", "want", "turn_into", "generate", "set", "combine", "merge")
        and c.own_verb
        and meant is None
        and name is None
        and not any(t.text in {"put", "play"} for t in c.tokens)
    ):
        return False
    if s.view.music and not s.composed and c.joined == "with" and not c.own_verb and meant is None and name is None:
        # "30 seconds long with music": there is music.
        c.use("noun.music", "noun.background")
        s.assume("kept_music")
        return True
    changing = (
        c.verb("change", "set", "swap")
        or (
            bool(s.view.music)
            and not s.composed
            and not c.verb("add")
            and (
                bool(_ANOTHER & {*c.text.split()})
                or "instead" in c.text.split()
                or "不好听" in c.text
                or "难听" in c.text
            )
        )
        or (c.verb("make", "turn_into") and s.view.music and not s.composed)
        or (not c.own_verb and not c.inherited and s.view.music and mood is not None and c.has("dir.up"))
    )
    c.use(
        "noun.music mood. noun.sound verb.add verb.change verb.use file fade. noun.background noun.drumbeat "
        "noun.style noun.track dir.quieter dir.little noun.pace look.soft look.clean"
    )
    if changing:
        s.add("change_music", mood=meant or (None if name else other_mood(s)), media=name)
        return volume is None or s.add("set_volume", target={"kind": "bgm"}, level=abs(volume))
    if meant is None and name is None:
        own = [m for m in s.view.library.items if m.kind == "audio" and m.id not in {x.media for x in s.view.music}]
        if own and s.view.music == ():
            name = own[-1].name
        else:
            meant = mood_for(s)
            s.assume("mood_default", mood=meant)
    return s.add("add_music", mood=meant, media=name, volume=volume, **out)


def _beat(c: Clause) -> bool:
    behind = "in the background" in c.text
    plain = "mood. link. mark dir.little noun.background" if behind else "mood. link. mark dir.little"
    if c.has("mood.") and not c.own_verb and all(t.has(plain) for t in c.tokens):
        # "a slideshow, romantic piano": a mood alone is one of music, where no other sense fits.
        return not c.has("look.", "dir.pace_up", "dir.pace_down") and (behind or c.joined in {"stop", "with", "and"})
    return (
        c.has("mood.lofi", "mood.jazz", "mood.romantic", "mood.acoustic")
        and c.verb("add", "change", "use", "want")
        and not c.has("noun.title noun.text noun.logo look.")
        and all(
            t.has("noun.it noun.video noun.volume noun.sound mood. noun.background noun.clip") for t in c.all("noun.")
        )
    )


def other_mood(s: State) -> str:
    """Another mood than the one that plays."""
    now = (s.view.music[0].get("music") or {}).get("mood") if s.view.music else None
    mood = "calm" if now == "upbeat" else "upbeat"
    s.assume("mood_default", mood=mood)
    return mood


def _only_when(c: Clause) -> bool:
    return all(t.has("t. link. mark sep. verb.start verb.end noun.beginning noun.ending noun.it") for t in c.tokens)


def _music_timing(c: Clause, s: State) -> bool:
    start, end = c.value("t.from", "t.at"), c.value("t.until")
    head, tail = c.value("t.head"), c.value("t.tail")
    factor, direction = c.value("factor", "pct"), None
    if c.verb("speed_up", "slow_down"):
        direction = "up" if c.verb("speed_up") else "down"
        c.use("noun.music", "verb.")
        return s.add("speed", target={"kind": "bgm"}, factor=factor, direction=None if factor else direction)
    if head is not None or tail is not None:
        c.use("noun.music")
        return s.add("trim", target={"kind": "bgm"}, start_s=head, end_s=tail)
    span = c.value("t.range")
    if span:
        start, end = span
    duration = c.value("t.to", "t.for", "dur")
    if start is None and end is None and duration is None:
        return False
    c.use("noun.music", "verb.start", "verb.end", "verb.trim", "verb.cut")
    return s.add("set_timing", target={"kind": "bgm"}, start_s=start, end_s=end, duration_s=duration)


def _is_audio(name: str) -> bool:
    return name.lower().endswith((".mp3", ".wav", ".m4a", ".aac", ".flac", ".ogg"))
