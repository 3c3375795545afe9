"""How loud something is."""

from __future__ import annotations

import math
import re
from typing import Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.lexicon import table
from reelframe.planner.refs import says_it
from reelframe.planner.rules.sound_target import sound_target
from reelframe.planner.state import State

__all__ = ["volume"]

_STEP_DB: Final = 6.0
_LITTLE_DB: Final = 3.0
_MUCH_DB: Final = 10.0
_HEARD: Final = re.compile(r"\b(?:easier to (?:hear|make out|understand)|hard to (?:hear|make out)|barely hear)\b")


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


def volume(c: Clause, s: State) -> bool:
    """A level, or a step up or down."""
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
    if c.has("mood.") and c.has("noun.music") and not loud and not step and (not share or s.composed):
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
    said = "noun.music noun.voice noun.ambience noun.sfx scope.all noun.video"
    of_what = c.has("noun.sound", "noun.volume") and not c.has(said)
    new_music = bool(s.ops) and s.ops[-1].op == "change_music"
    of_music = new_music or (s.last is not None and s.last.kind == "bgm")
    target = Target(kind="bgm") if of_what and of_music else sound_target(c, s) or heard or Target(kind="audio")
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
