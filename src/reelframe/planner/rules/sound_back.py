"""Sound that comes back, ends, or is the user's own: what was muted or taken out is heard again as it was."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.families.audio import volume_of
from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import mood_for
from reelframe.planner.state import State
from reelframe.planner.text import normalise
from reelframe.planner.tokens import tokenise

__all__ = ["music_on", "music_until", "own_music", "unmute"]

_ON: Final = re.compile(
    r"\bmusic (?:back )?on\b|\b(?:turn|switch|put) (?:back )?on the music\b|\bmusic back\b|\bback the music\b"
    r"|\b(?:unmute|restore) (?:the )?music\b"
    r"|(?:打开|开启|恢复|放回|开)(?:背景)?音乐|音乐(?:打开|恢复|开启|开回来|加回来|放回来)"
)
_OWN: Final = re.compile(r"\b(?:my|our) (?:own )?(?:music|song|track|tune)\b|我(?:自己)?的(?:背景)?(?:音乐|歌|曲)")


def unmute(c: Clause, s: State, meant: Target | None) -> bool:
    """What was muted is heard again, as loud as it was; what was not muted stays as it is."""
    c.use("verb.unmute", "noun.sound", "noun.ambience", "noun.music", "noun.volume", "noun.video", "scope.")
    found: list[tuple[Target, float]] = []
    for kind, segments in (
        ("bgm", s.view.music),
        ("voice", [x for x in s.view.sounds if x.role == "voice"]),
        ("sfx", [x for x in s.view.sounds if x.role == "sfx"]),
    ):
        silent = [x for x in segments if x.get("muted")]
        if silent and (meant is None or meant.kind in {kind, "all", "audio"}):
            found.append((Target.model_validate({"kind": kind}), volume_of(silent[0], sound=True)))
    shots = [(i, p.segment) for i, p in enumerate(s.view.shots, 1) if p.segment.get("muted")]
    if shots and (meant is None or meant.kind in {"clip", "all"}):
        whole = len(shots) == len(s.view.shots)
        wanted = None if meant is None else meant.index
        for i, segment in shots[:1] if whole and wanted is None else shots:
            if wanted in {None, i}:
                index = None if whole and wanted is None else i
                found.append((Target(kind="clip", index=index), volume_of(segment, sound=False)))
    for target, level in found:
        s.add("set_volume", target=target, level=level)
    if not found and meant is not None and meant.kind == "clip":
        return s.add("set_volume", target=meant, level=1.0)
    if not found:
        s.assume("nothing_muted")
        s.whole = s.whole or "kept"
    return True


def music_on(c: Clause, s: State) -> bool:
    """``music on`` brings back the music: unmuted when it is there, else of the kind that was asked for last."""
    if not _ON.search(c.text) or c.has("mood.", "file") or c.negated:
        return False
    c.use("noun.music verb. noun.ending link. noun.background ctl. word")
    if s.view.music:
        if any(x.get("muted") for x in s.view.music):
            return unmute(c, s, Target(kind="bgm"))
        s.assume("music_plays")
        s.whole = s.whole or "kept"
        return True
    own = [m for m in s.view.library.items if m.kind == "audio"]
    if own:
        s.assume("music_back", name=own[-1].name)
        return s.add("add_music", media=own[-1].name)
    mood = _last_mood(s) or mood_for(s)
    s.assume("music_back", name=mood)
    return s.add("add_music", mood=mood)


def _last_mood(s: State) -> str | None:
    """The mood of the last request that named one."""
    for text in reversed(s.context.history):
        moods = [m for t in tokenise(normalise(text)) if (m := t.meaning("mood")) is not None]
        if moods:
            return moods[-1]
    return None


def music_until(c: Clause, s: State) -> bool:
    """``stop the music after 5 seconds``: the music ends there."""
    stops = any(t.text in {"stop", "stops", "end", "ends", "cut", "停", "停止", "结束"} for t in c.tokens)
    at = c.get("t.from", "t.at", "t.until", "time")
    if not stops or at is None or not s.view.music or c.verb("add", "change", "start"):
        return False
    at.used = True
    c.use("noun.music", "ctl.no_answer", "verb.", "word")
    slots: dict[str, Any] = {"target": {"kind": "bgm"}, "end_s": float(at.value)}
    return s.add("set_timing", **slots)


def own_music(c: Clause, s: State) -> bool:
    """``use my own music``: what was uploaded, else the file is asked for."""
    if not _OWN.search(c.text) or not c.verb("use", "add", "change", "set", "want", "swap"):
        return False
    c.use("noun.music", "verb.", "word", "link.")
    files = [m for m in s.view.library.items if m.kind == "audio"]
    if not files:
        s.add("upload")
        return s.ask("which_music")
    return s.add("change_music" if s.view.music and not s.composed else "add_music", media=files[-1].name)
