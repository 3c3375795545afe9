"""The rhythm of the whole: shorter or longer shots."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.refs import clip_targets
from reelframe.planner.say import say
from reelframe.planner.state import State

__all__ = ["fits", "pace"]

# How much faster or slower than recorded a whole video is played at the most: beyond, it would rather be cut.
_FASTEST: Final = 4.0
_COMPLAINT: Final = re.compile(r"drag|too slow|slow\b|sluggish|boring|too fast|rush|plod|拖|太慢|太快|太赶|太急")


def fits(c: Clause, s: State) -> bool:
    """``speed it up so it fits in 20 seconds``: how much faster follows from how long it is to be."""
    last = s.ops[-1] if s.ops else None
    seconds = c.value("t.under", "t.to", "dur")
    if last is None or last.op != "speed" or getattr(last, "target", None) is not None or not seconds:
        return False
    factor = round(s.view.total_s / float(seconds), 3)
    if s.view.empty or not 1 / _FASTEST <= factor <= _FASTEST:
        return False
    c.use("word noun. link.")
    s.forget("speed_default", factor=f"{last.factor:g}")  # type: ignore[attr-defined]
    s.ops[-1] = last.model_copy(update={"factor": factor})
    return True


def pace(c: Clause, s: State) -> bool:
    """Shorter or longer shots: the rhythm of the whole."""
    up, down = c.get("dir.pace_up"), c.get("dir.pace_down")
    if ((up or down) and not c.ever("noun.music")) or c.has("noun.pace"):
        if not up and not down:
            if c.has("verb.speed_up", "dir.up", "verb.create", "verb.add", "verb.make"):
                up = c.get("noun.pace")
            elif c.has("verb.slow_down", "dir.down"):
                down = c.get("noun.pace")
        if (up or down) and c.has("ref", "file") and not c.has("noun.transition"):
            # The rhythm is the whole video's; one clip is played faster or slower.
            factor = 1.25 if up else 0.8
            targets = clip_targets(c, s)
            s.assume("speed_default", factor=f"{factor:g}")
            c.use("dir. noun.pace noun.style verb. noun.clip")
            for target in targets:
                s.add("speed", target=target, factor=factor)
            return True
        if up or down:
            part = c.get("noun.beginning", "noun.ending", "link.first", "link.last", "noun.intro", "noun.outro")
            if (part is not None or c.has("ref")) and not _COMPLAINT.search(c.text):
                c.use("dir.pace_up", "dir.pace_down", "noun.pace", "noun.beginning", "link.")
                return s.refuse(c.said, "out_of_scope", say(s.language, "nearest_pace"))
            if part is not None or c.has("ref"):
                # The rhythm is the whole video's; of a part of it the nearest is to play that shot faster or slower.
                first = part is not None and part.has("noun.beginning", "link.first", "noun.intro")
                factor = 1.25 if up else 0.8
                c.use("dir.pace_up dir.pace_down noun.pace noun.beginning noun.ending noun.intro noun.outro link.")
                s.assume("clip_assumed", said=c.said, number=1 if first else len(s.view.shots))
                s.assume("speed_default", factor=f"{factor:g}")
                return s.add("speed", target={"kind": "clip", "index": 1 if first else -1}, factor=factor)
            c.use("dir.pace_up dir.pace_down noun.pace noun.style verb.speed_up verb.slow_down mood. verb.cut")
            return s.add("pace", direction="up" if up else "down")
    return False
