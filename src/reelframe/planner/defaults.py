"""What is chosen when the request leaves it open; whoever chooses says so."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.state import State

__all__ = ["MOODS_EN", "mood_for", "title_for"]

MOODS_EN: Final = "upbeat"
_CAMERA: Final = re.compile(
    r"^(img|dsc|dscn|dscf|pxl|vid|mvi|gopr|screenshot|image|photo|pic|clip|video|untitled|wechatimg|mmexport|p|img_e)?[\s_\-.]*[\d\s_\-.:()]*$",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"[\s_\-.()]*\d+[\s_\-.()]*$")
_LONGEST: Final = 40


def title_for(s: State) -> tuple[str, str]:
    """A title from the project's name, else from what the files' names share, and where it is from."""
    if s.context.project.strip():
        return _readable(s.context.project), "project"
    project = str(s.view.draft.get("project", "")).strip()
    if project:
        return _readable(project), "project"
    stems = [_TAIL.sub("", m.stem) or m.stem for m in s.view.library.shots]
    useful = [stem for stem in stems if not _CAMERA.match(stem)]
    if useful:
        common = useful[0]
        for stem in useful[1:]:
            while common and not stem.lower().startswith(common.lower()):
                common = common[:-1]
        shared = common.strip(" _-.")
        if len(shared) >= 3 and len(useful) > 1:  # noqa: PLR2004 -- shorter is no word
            return _readable(shared), "files"
        return _readable(useful[0]), "files"
    return ("我的视频" if s.language == "zh" else "My video"), "files"


def _readable(name: str) -> str:
    words = re.sub(r"[_\-.]+", " ", name).strip() or name
    words = words[:_LONGEST].strip()
    return words if any(c.isupper() for c in words) else words[:1].upper() + words[1:]


def mood_for(s: State) -> str:
    """The music's mood from the request's own words about style, else upbeat."""
    return {"cinematic": "cinematic", "moody": "cinematic", "soft": "calm", "warm": "calm"}.get(
        next((str(getattr(op, "name", "")) for op in s.ops if op.op == "look"), ""), "upbeat"
    )
