"""Music, sound and voice."""

from __future__ import annotations

import math
import re
from typing import Final

from reelframe.edits.names import MOOD_WORDS, MOODS, SOUNDS
from reelframe.edits.vocabulary import Target, TargetKind
from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import mood_for
from reelframe.planner.lexicon import table
from reelframe.planner.measure import part_of, within
from reelframe.planner.refs import clip_target, clip_targets, says_it, touched_kind
from reelframe.planner.rules.sound_back import music_on, music_until, own_music, unmute
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["extract", "rule", "sync"]

_STEP_DB: Final = 6.0
_LITTLE_DB: Final = 3.0
_MUCH_DB: Final = 10.0
_FADE_S: Final = 2.0
_HEARD: Final = re.compile(r"\b(?:easier to (?:hear|make out|understand)|hard to (?:hear|make out)|barely hear)\b")
_ALIGN: Final = frozenset(
    {"sync", "synced", "sync up", "synchronize", "synchronise", "match", "line up", "align to", "time", "对齐", "对上"}
)
_CUTS: Final = frozenset(
    {"cut", "cuts", "edit", "edits", "transitions", "clips", "shots", "剪切", "切换", "画面", "转场"}
)
_LIKING: Final = frozenset({"like", "love", "enjoy", "feel"})
_ANOTHER: Final = frozenset({"different", "another", "other", "else", "new"})


def sync(c: Clause, s: State) -> bool:
    """Cuts on the beat."""
    aligned = any(t.text in _ALIGN for t in c.tokens if t.has("verb.sync"))
    cuts = aligned and c.has("noun.music") and any(word in _CUTS for t in c.tokens for word in t.text.split())
    if cuts or c.has("noun.beatsync") or (c.has("verb.sync") and c.has("noun.drumbeat")):
        if c.negated:
            return False
        c.use(
            "noun.beatsync noun.drumbeat verb.sync noun.transition noun.clip verb.cut noun.music verb.make scope. "
            "noun.pace noun.genre noun.photo noun.video"
        )
        return s.add("beat_sync")
    return False


def rule(c: Clause, s: State) -> bool:
    """Everything that is heard."""
    if music_on(c, s):
        return True
    return any([_sfx(c, s), _duck(c, s), _normalize(c, s), _mute(c, s), _fade(c, s), _volume(c, s), _music(c, s)])


def _kind(c: Clause) -> TargetKind | None:
    if c.has("noun.music"):
        return "bgm"
    if c.has("noun.voice"):
        return "voice"
    if c.has("noun.sfx"):
        return "sfx"
    return None


def _sound_target(c: Clause, s: State) -> Target | None:
    """Whose sound: the music's, the voice's, a shot's, or all that is heard; None when no sound is meant."""
    kind = _kind(c)
    if kind == "bgm":
        ref = next((t for t in c.all("ref") if t.value.noun in {"clip", "photo", "video"}), None)
        if ref is None:
            c.use("noun.music")
            return Target(kind="bgm")
        return clip_target(c, s)
    if kind == "voice" and any(x.role == "voice" for x in s.view.sounds):
        c.use("noun.voice")
        return Target(kind="voice")
    if kind == "sfx" and any(x.role == "sfx" for x in s.view.sounds):
        return Target(kind="sfx")
    shot = clip_target(c, s)
    if shot is not None:
        return shot
    if c.has("noun.ambience") or kind == "voice":
        c.use("noun.ambience", "noun.voice")
        return Target(kind="clip")
    if c.has("noun.sound", "noun.volume"):
        return Target(kind="all" if c.has("scope.all", "noun.video") else "audio")
    return None


def _sfx(c: Clause, s: State) -> bool:
    sound = c.get("sfx.")
    placed = not c.own_verb and c.has("t.at", "time")
    said = c.verb("add", "use", "make") or "play" in c.text.split() or placed
    if not c.has("noun.sfx") and not (sound and said):
        return False
    if c.verb("remove", "mute") or c.negated:
        c.use("noun.sfx", "verb.remove", "verb.mute")
        return s.add("remove", target={"kind": "sfx"})
    if c.has("dir.", "pct", "db") and not c.verb("add"):
        return False
    name = sound.meaning("sfx") if sound else None
    if name is None:
        quote = c.value("quote")
        name = str(quote) if quote else "whoosh"
        if not quote:
            s.assume("sfx_default", name=name)
    if name.lower() not in SOUNDS and s.view.library.by_name(name) is None:
        c.use("sfx.", "noun.sfx", "verb.add", "t.at", "time")
        return s.refuse(c.said, "out_of_scope", say(s.language, "no_sound_like", name=name, names=", ".join(SOUNDS)))
    at = c.value("t.at", "time", "t.from")
    shown = s.view.titles if c.has("noun.title") else s.view.texts if c.has("noun.text", "noun.caption") else ()
    if at is None and shown and not s.composed:
        # "a ding when the title shows up"
        at = (shown[0].start_ms or 0) / 1000
        c.use("noun.title noun.text noun.caption verb.show")
    if at is None and c.has("noun.beginning", "link.first"):
        at = 0.0
    pair = next((t for t in c.all("ref") if len(t.value.indexes) == 2), None)  # between two shots
    if at is None and pair is not None and s.clip_range_ok(pair.value) and not s.view.empty:
        pair.used = True
        at = s.view.shots[min(abs(i) for i in pair.value.indexes) - 1].end / 1000
    every = c.has("link.each", "link.every") and c.has("noun.transition", "verb.cut", "transition.")
    c.use("sfx.", "noun.sfx", "noun.transition", "verb.add", "noun.sound")
    if at is None and every and len(s.view.shots) > 1:
        c.use("link.", "scope.", "verb.cut", "transition.")
        for shot in s.view.shots[1:]:
            s.add("add_sfx", name=name, at_s=shot.start / 1000)
        return True
    return s.add("add_sfx", name=name, at_s=at)


def _duck(c: Clause, s: State) -> bool:
    lowering = c.has("dir.down", "dir.quieter") and c.has("noun.voice") and c.has("noun.music")
    unheard = "hear" in c.text and "voice" in c.text and c.has("noun.music")
    if not c.has("verb.duck") and not lowering and not unheard:
        return False
    amount = c.value("db")
    c.use("verb.duck", "noun.music", "noun.voice", "dir.", "noun.sound", "refuse.", "verb.narrate")
    done = s.add("duck", amount_db=-abs(amount) if amount is not None else None)
    s.last = Target(kind="bgm")
    return done


def _normalize(c: Clause, s: State) -> bool:
    lufs = c.value("lufs")
    if lufs is None and not c.has("verb.normalize"):
        return False
    if lufs is None and c.has("noun.contrast", "noun.brightness", "noun.color"):
        return False
    c.use("verb.normalize", "noun.sound", "noun.volume", "noun.music", "scope.all", "noun.clip", "dir.", "verb.set")
    return s.add("normalize", lufs=-abs(lufs) if lufs is not None else None)


def extract(c: Clause, s: State) -> bool:
    """The sound alone, as a file."""
    form = next((t for t in c.all("format") if t.value in {"mp3", "wav", "m4a", "aac", "flac"}), None)
    wants = c.has("verb.extract") and (
        c.has("noun.sound", "noun.music", "noun.voice")
        or any("音" in t.text or "only" in t.text or "just" in t.text for t in c.all("verb.extract"))
    )
    if not wants and not (
        form
        and (
            (c.verb("add") and c.has("noun.sound", "noun.music"))
            or c.verb("create", "want", "convert", "export", "turn_into", "extract", "make", "set")
        )
        and not c.has("noun.photo")
    ):
        return False
    formats = [t.value for t in c.all("format")]
    if not wants and formats and formats[-1] not in {"mp3", "wav", "m4a", "aac", "flac"}:
        return False
    if not wants and any(v in {"h264", "h.264", "h265", "hevc"} for v in formats):
        return False
    if c.has("noun.folder") or ("all" in c.text.split() and "files" in c.text.split()):
        c.use("verb.", "noun.", "format", "bitrate", "scope.")
        return s.refuse(c.said, "out_of_scope")
    c.use("verb.extract", "noun.", "format", "verb.convert", "verb.export", "bitrate", "file", "noun.resolution")
    if s.ops and s.ops[-1].op == "extract_audio":
        s.ops.pop()
    head = c.value("t.head")
    if head is not None and not s.view.empty:
        s.add("cut_range", keep_range=within(s, (0.0, head)))
    return s.add("extract_audio", format=form.value if form and form.value != "flac" else None)


def _mute(c: Clause, s: State) -> bool:
    if c.has("verb.unmute"):
        return unmute(c, s, _sound_target(c, s))
    first = c.first_verb
    silence = c.get("verb.mute")
    # "trim the first 8 seconds of silence" is about time, not about sound.
    silent = silence is not None and not (
        silence.text.startswith("silen")
        and first is not None
        and first is not silence
        and first.has("verb.trim", "verb.cut", "verb.remove")
    )
    own = c.own_verb or not c.has("word")
    gone = (own and c.verb("remove")) or (c.negated and not c.verb("add"))
    if not silent and not (gone and c.has("noun.sound", "noun.ambience", "noun.voice")):
        return False
    if c.has("noun.music") and not silent:
        return False
    span = c.value("t.range", "t.head")
    if isinstance(span, float):
        span = (0.0, span)
    tail = c.value("t.tail")
    if tail is not None and span is None:
        span = (max(0.0, s.view.total_s - tail), s.view.total_s)
    shots = [i for t in c.all("ref") if t.value.noun in {"clip", "photo", "video", ""} for i in t.value.indexes]
    if silent and (len(shots) > 1 or (shots and c.has("scope.except"))) and not c.has("noun.music"):
        # Several shots: each of them.
        targets = clip_targets(c, s)
        c.use("verb.mute noun.sound noun.ambience noun.voice noun.volume noun.clip scope.")
        for one in targets:
            s.add("mute", target=one, range=span)
        return True
    meant = _sound_target(c, s)
    target = meant or Target(kind="all")
    if silent and meant is not None and meant.kind == "bgm" and (c.verb("keep") or c.has("scope.only scope.except")):
        # "mute all but the music"
        meant = target = Target(kind="clip")
    if meant is None or (meant.kind == "audio" and not c.has("noun.music")):
        target = (
            Target(kind="clip")
            if "原声" in c.text or "original" in c.text or c.has("noun.ambience", "noun.clip", "noun.photo")
            else Target(kind="all")
        )
    c.use(
        "verb.mute noun.sound noun.ambience noun.voice noun.volume noun.video noun.clip verb.remove scope. noun.music"
    )
    return s.add("mute", target=target, range=span)


def _fade(c: Clause, s: State) -> bool:
    heard = s.last.kind in {"bgm", "voice", "sfx"} if s.last is not None else touched_kind(s) == "bgm"
    # "lower the music and fade out": what was made quieter is what fades.
    on = c.joined == "and" and bool(s.ops) and s.ops[-1].op == "set_volume" and not c.has("noun.", "fade.black")
    it = heard and (on or says_it(c)) and not c.has("noun.title noun.text noun.video noun.clip noun.logo ref")
    if not c.has("fade.", "verb.fade") or not (
        it or c.has("noun.music", "noun.sound", "noun.voice", "noun.ambience", "noun.volume")
    ):
        return False
    if c.has("noun.transition", "noun.title", "noun.text"):
        return False
    adding = c.verb("add") and c.has("noun.music") and (c.has("mood.") or not s.view.music)
    inwards, outwards = c.has("fade.in", "fade.both"), c.has("fade.out", "fade.both", "fade.black")
    if not inwards and not outwards:
        inwards, outwards = c.has("noun.beginning", "link.first", "t.head"), True
    seconds = c.value("t.for", "dur", "t.tail", "t.head", "t.each", "t.to") or _FADE_S
    target = Target(kind="bgm") if it or c.has("noun.music") else _sound_target(c, s)
    c.use("fade.", "verb.fade", "noun.sound", "noun.beginning", "noun.ending", "link.", "anim.")
    if adding:
        mood = c.meaning("mood")
        c.use("noun.music", "verb.add")
        return s.add(
            "add_music", mood=mood, fade_in_s=seconds if inwards else None, fade_out_s=seconds if outwards else None
        )
    c.use("noun.music", "noun.voice")
    return s.add("fade_audio", target=target, in_s=seconds if inwards else None, out_s=seconds if outwards else None)


def _direction(c: Clause) -> int:
    if c.has("dir.louder", "dir.up", "verb.unmute") or (
        c.has("dir.bigger") and c.has("noun.music", "noun.sound", "noun.volume", "noun.voice")
    ):
        return 1
    if c.has("dir.quieter", "dir.down") or (
        c.has("dir.smaller") and c.has("noun.music", "noun.sound", "noun.volume", "noun.voice")
    ):
        return -1
    return 0


def _volume(c: Clause, s: State) -> bool:
    about_sound = c.has("noun.music", "noun.sound", "noun.volume", "noun.voice", "noun.ambience", "noun.sfx")
    way = _direction(c)
    loud = c.has("dir.louder", "dir.quieter")
    if c.has(
        "noun.pace", "noun.resolution", "noun.brightness", "noun.saturation", "noun.contrast", "noun.speed", "noun.size"
    ) or (c.has("noun.title", "noun.text") and not c.has("noun.volume", "noun.music")):
        return False
    # "the music is too loud, take it down to a third"
    it = bool(way) and says_it(c) and s.last is not None and s.last.kind in {"bgm", "voice", "sfx"}
    if not about_sound and not it and not (loud and (s.last is None or s.last.kind not in {"title", "text"})):
        return False
    share, step, part = c.get("pct", "t.pct"), c.get("db"), _part(c)
    number = c.get("num") if c.has("noun.volume", "noun.music", "noun.sound") else None
    if c.has("mood.") and c.verb("add") and not c.has("noun.music"):
        return False
    if c.has("mood.") and c.has("noun.music") and not loud and not share and not step:
        return False
    if (
        not way
        and not share
        and not step
        and part is None
        and number is None
        and not (c.has("noun.volume") and any(w in c.text.split() for w in ("max", "maximum", "full", "minimum")))
        and "最大" not in c.text
        and "最小" not in c.text
    ):
        return False
    if (
        c.verb("add", "use", "create", "change")
        and c.own_verb
        and c.has("noun.music")
        and not c.has("dir.up", "dir.louder")
    ):
        return False
    if (c.verb("add") and c.has("noun.music") and not c.has("noun.volume") and not s.view.music) or (
        c.verb("add", "use") and c.has("mood.") and c.has("noun.music")
    ):
        return False
    if c.has("noun.opacity", "logo", "verb.speed_up", "verb.slow_down"):
        return False
    heard = s.last if s.last is not None and s.last.kind in {"bgm", "voice", "sfx"} and not about_sound else None
    target = _sound_target(c, s) or heard or Target(kind="audio")
    level, delta = _level(c, way)
    c.use(
        "noun.music noun.sound noun.volume noun.voice noun.ambience dir. pct db verb.set noun.background "
        "noun.drumbeat adjust. mood."
    )
    s.add("set_volume", target=target, level=level, delta_db=delta)
    if way > 0 and _HEARD.search(c.source.text):
        # Speech that is hard to follow is also uneven.
        s.add("normalize")
    return True


def _level(c: Clause, way: int) -> tuple[float | None, float | None]:
    """An absolute level, or a step in decibels: "to 20 %" is a level, "by 20 %" and "调低 30%" are steps."""
    step = c.value("db")
    if step is not None:
        signed = -abs(step) if way < 0 else step
        return None, signed
    share = c.value("pct")
    part = _part(c)
    if share is None and part is not None:
        # Of what it is now when it goes down or up, else of the loudest.
        return (None, round(way * -20 * math.log10(part), 1)) if way else (part, None)
    if share is None and any(w in c.text for w in ("max", "full volume", "最大", "100")) and not c.has("t.under"):
        return 1.0, None
    if share is None and any(w in c.text for w in ("minimum", "最小")):
        return 0.1, None
    if share is None and c.has("num") and (not way or _goes_to(c)):
        number = c.value("num")
        share = number / 100 if number > 2 else number  # "volume 30" is a percentage
    if share is None:
        size = _LITTLE_DB if c.has("dir.little") else _MUCH_DB if c.has("dir.much") else _STEP_DB
        return None, way * size
    share = abs(share)
    if way == 0 or _goes_to(c):
        return share, None
    factor = 1 + way * share
    return round(factor, 3) if factor > 0 else 0.0, None


def _part(c: Clause) -> float | None:
    """``to a third``, 一半: a level that is said as a part."""
    words = table("en", "numbers")["parts"] | table("zh", "numbers")["parts"]
    spaced = f" {c.text} "
    found = next((part for said, part in words.items() if said in (c.text if not said.isascii() else spaced)), None)
    if found is not None:
        for token in c.all("ordinal"):
            token.used = True
    return found


def _goes_to(c: Clause) -> bool:
    if any(t.text == "by" for t in c.tokens):
        return False
    text = c.text
    if any(word in text for word in ("到", "成", "为")):
        return True
    tokens = {t.text for t in c.tokens}
    return bool(tokens & {"to", "at"}) or "down to" in text or "up to" in text


def _music(c: Clause, s: State) -> bool:
    moods = c.all("mood.")
    # "replace the upbeat track with something lofi": the one that was there is named first.
    to = -1 if c.verb("change") and "instead of" not in c.text else 0
    mood = moods[to] if moods else None
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
        return s.add("change_music", mood=mood.meaning("mood") if mood else _other(s))
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
        c.verb("trim", "cut", "shorten", "split", "speed_up", "slow_down", "end", "start")
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
        return s.add("change_music", mood=meant or (None if name else _other(s)), media=name)
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


def _other(s: State) -> str:
    """Another mood than the one that plays."""
    now = (s.view.music[0].get("music") or {}).get("mood") if s.view.music else None
    mood = "calm" if now == "upbeat" else "upbeat"
    s.assume("mood_default", mood=mood)
    return mood


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
