"""Which sound a clause is about."""

from __future__ import annotations

from reelframe.edits.vocabulary import Target, TargetKind
from reelframe.planner.clauses import Clause
from reelframe.planner.refs import clip_target
from reelframe.planner.state import State

__all__ = ["sound_target"]


def _kind(c: Clause) -> TargetKind | None:
    if c.has("noun.music"):
        return "bgm"
    if c.has("noun.voice"):
        return "voice"
    if c.has("noun.sfx"):
        return "sfx"
    return None


def sound_target(c: Clause, s: State) -> Target | None:
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
