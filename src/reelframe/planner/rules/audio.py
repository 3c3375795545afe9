"""Music, sound and voice."""

from __future__ import annotations

import re
from typing import Final

from reelframe.edits.names import SOUNDS
from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import numbers_of, within
from reelframe.planner.refs import clip_targets, says_it, touched_kind
from reelframe.planner.rules.music import music_rule
from reelframe.planner.rules.sound_back import music_on, unmute
from reelframe.planner.rules.sound_target import sound_target
from reelframe.planner.rules.volume import volume
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["extract", "rule", "sync"]

_FADE_S: Final = 2.0
# After these a fade is of the music.
_HEARD: Final = frozenset({"set_volume", "change_music", "add_music"})
_ALIGN: Final = frozenset(
    {"sync", "synced", "sync up", "synchronize", "synchronise", "match", "line up", "align to", "time", "对齐", "对上"}
)
_CUTS: Final = frozenset(
    {"cut", "cuts", "edit", "edits", "transitions", "clips", "shots", "剪切", "切换", "画面", "转场"}
)


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
    if music_on(c, s) or _tempo_stays(c, s):
        return True
    return any([_sfx(c, s), _duck(c, s), _normalize(c, s), _mute(c, s), _fade(c, s), volume(c, s), music_rule(c, s)])


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


_WHILE: Final = re.compile(r"\b(?:while|during|when|as long as|on|over|under|for)\b|时|期间|那段|那张")


def _mute(c: Clause, s: State) -> bool:
    if c.has("verb.unmute"):
        return unmute(c, s, sound_target(c, s))
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
    if silent and c.has("noun.music") and span is None and len(shots) == 1 and _WHILE.search(c.text):
        # "mute the music while the bowls are shown"
        shot = s.view.shot(numbers_of(c, s)[0])
        c.use("verb.mute noun. verb.show ref word")
        return s.add("mute", target={"kind": "bgm"}, range=(shot.start / 1000, shot.end / 1000))
    if silent and len(shots) > 1 and not c.has("noun.music"):
        # Several shots: each of them.
        targets = clip_targets(c, s)
        c.use("verb.mute noun.sound noun.ambience noun.voice noun.volume noun.clip scope.")
        for one in targets:
            s.add("mute", target=one, range=span)
        return True
    meant = sound_target(c, s)
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


_SHOULD_NOT: Final = re.compile(r"\b(?:should|must)(?: not|n't|nt)\b")


def _tempo_stays(c: Clause, s: State) -> bool:
    """``… but the music shouldn't speed up``: it never does."""
    heard = c.has("noun.music", "noun.sound")
    if not c.negated or not heard or not (c.has("verb.speed_up", "verb.slow_down") or _SHOULD_NOT.search(c.text)):
        return False
    s.whole = s.whole or "kept"
    for token in c.tokens:
        token.used = True
    return True


def _fade(c: Clause, s: State) -> bool:
    heard = s.last.kind in {"bgm", "voice", "sfx", "audio"} if s.last is not None else touched_kind(s) == "bgm"
    # "lower the music and fade out": what was made quieter is what fades.
    comma = c.source.text[: c.start].rstrip().removesuffix("and").rstrip().endswith(",")
    on = c.joined == "and" or (c.joined == "stop" and comma)
    on = on and bool(s.ops) and s.ops[-1].op in _HEARD and not c.has("fade.black fade.white")
    on = on and all(t.has("noun.ending noun.beginning noun.it") for t in c.all("noun."))
    heard = heard or (on and s.ops[-1].op in {"change_music", "add_music"})
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
    target = Target(kind="bgm") if it or c.has("noun.music") else sound_target(c, s)
    if c.negated and not adding:
        seconds = 0.0
    c.use("fade.", "verb.fade", "noun.sound", "noun.beginning", "noun.ending", "link.", "anim.")
    if adding:
        mood = c.meaning("mood")
        c.use("noun.music", "verb.add")
        return s.add(
            "add_music", mood=mood, fade_in_s=seconds if inwards else None, fade_out_s=seconds if outwards else None
        )
    c.use("noun.music", "noun.voice")
    return s.add("fade_audio", target=target, in_s=seconds if inwards else None, out_s=seconds if outwards else None)
