"""Three next steps that fit the timeline, and what can be asked for at all."""

from __future__ import annotations

from typing import Final

from reelframe.draft import Draft
from reelframe.media.model import Library
from reelframe.planner.context import Context
from reelframe.planner.defaults import title_for
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.view import View

__all__ = ["help_text", "suggestions"]

_COUNT: Final = 3


def help_text(language: str = "en") -> str:
    """What can be asked for, with examples."""
    return say(language, "help")


def suggestions(draft: Draft, library: Library, language: str = "en") -> tuple[str, ...]:
    """Three requests that make sense now; each can be sent as it stands."""
    view = View(draft, library)
    if view.empty:
        keys = (
            ["suggest_compose", "suggest_vertical", "suggest_square"]
            if library.shots
            else ["suggest_upload", "suggest_compose", "suggest_square"]
        )
        return tuple(say(language, key) for key in keys)
    title, _ = title_for(State(view, Context(), language))
    out: list[str] = []
    if not view.music:
        out.append(say(language, "suggest_music"))
    if not view.titles:
        out.append(say(language, "suggest_title", text=title))
    if library.logos and not view.logos:
        out.append(say(language, "suggest_logo"))
    if len(view.shots) > 1 and not any(p.segment.get("transition") for p in view.shots[1:]):
        out.append(say(language, "suggest_transition"))
    wide = int(draft.get("width", 1920)) >= int(draft.get("height", 1080))
    out.append(say(language, "suggest_vertical" if wide else "suggest_wide"))
    if not draft.get("look"):
        out.append(say(language, "suggest_look"))
    if view.titles:
        out.append(say(language, "suggest_title_bigger"))
    out.append(say(language, "suggest_export"))
    return tuple(out[:_COUNT])
