"""A length said after its wish: "a cross-fade between all clips, one second"."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from reelframe.edits.vocabulary import OpBase, Target, op_from_dict
from reelframe.planner.clauses import Clause
from reelframe.planner.grammar import CLIPLIKE, Ref
from reelframe.planner.refs import touched_kind
from reelframe.planner.rules.music import other_mood
from reelframe.planner.say import say, spoken
from reelframe.planner.state import State

__all__ = ["rule"]

_ANOTHER: Final = re.compile(
    r"(?:the )?(?:clip|photo|shot|scene|number|#)? ?(\d{1,3}) (?:to|for|at|should be) (\d{1,3}(?:\.\d+)?)"
    r"(?: ?(?:s|secs?|seconds?))?"
)
# Operations that one wish makes of several things.
_SPREAD: Final = frozenset({"transition", "set_segment_duration", "set_timing", "animate"})
_SLOTS: Final = {
    "transition": "duration_s", "intro_outro": "duration_s", "freeze": "duration_s", "animate": "duration_s",
    "set_segment_duration": "duration_s", "set_timing": "duration_s", "add_text": "duration_s",
}  # fmt: skip


def rule(c: Clause, s: State) -> bool:
    """A clause that is nothing but a length belongs to the operation before it."""
    if (
        s.ops
        and s.ops[-1].op == "change_music"
        and all(t.has("verb.change noun.one noun.it link. mark") for t in c.tokens)
    ):
        # "I'm tired of this music, change it": said already.
        c.use("verb. noun.")
        return True
    last = s.ops[-1] if s.ops else None
    if last is not None and last.op == "set_volume" and _another(c) and getattr(last, "target", None) == _MUSIC:
        # 这个音乐太吵了,换一个: not this one more quietly.
        c.use("verb. noun. num word")
        s.ops.pop()
        return s.add("change_music", mood=other_mood(s))
    if (
        _level(c, s)
        or _transition_kind(c, s)
        or _same_for(c, s)
        or _mood(c, s)
        or _music_volume(c, s)
        or _same_for_another(c, s)
    ):
        return True
    if not s.ops or c.own_verb or c.joined not in {"stop", "and"}:
        return False
    if (
        s.ops[-1].op == "add_logo"
        and c.has("noun.opacity")
        and all(t.has("noun.opacity word link. pct num") for t in c.tokens)
    ):
        share = c.value("pct")
        c.use("noun.opacity word")
        s.ops[-1] = s.ops[-1].model_copy(update={"opacity": 0.5 if share is None else share})
        return True
    lengths = c.all("dur", "t.for", "t.each")
    last = s.ops[-1]
    slot = _SLOTS.get(last.op)
    if last.op in {"fade_video", "fade_audio"}:
        slot = "in_s" if getattr(last, "out_s", None) is None else "out_s"
    if (
        len(lengths) != 1
        or slot is None
        or any(t is not lengths[0] and not t.has("link.filler", "mark") for t in c.tokens)
    ):
        return False
    lengths[0].used = True
    if s.stepped in s.assumptions:
        s.assumptions.remove(s.stepped)
    for i, op in _alike(s.ops):
        s.ops[i] = op.model_copy(update={slot: float(lengths[0].value)})
    return True


def _alike(ops: list[OpBase]) -> list[tuple[int, OpBase]]:
    """The last operations that differ in nothing but in what they are for: one wish about several."""

    def wish(op: OpBase) -> dict[str, object]:
        return {k: v for k, v in op.as_dict().items() if k not in {"target", "between"}}

    same = takewhile(lambda pair: wish(pair[1]) == wish(ops[-1]), reversed(list(enumerate(ops))))
    return list(same) if ops[-1].op in _SPREAD else [(len(ops) - 1, ops[-1])]


_MUSIC: Final = Target(kind="bgm")


def _another(c: Clause) -> bool:
    return c.verb("change", "swap") and all(
        t.has("verb.change verb.swap noun.one noun.it link. mark num") or t.text in "一个首" for t in c.tokens
    )


def _level(c: Clause, s: State) -> bool:
    """``keep it quiet, like 30%``, "too loud, half of that": how quiet."""
    last = s.ops[-1] if s.ops else None
    if last is not None and last.op == "set_volume" and _HALF.search(c.text) and not c.own_verb:
        c.use("word link. noun.it")
        s.ops[-1] = op_from_dict({k: v for k, v in last.as_dict().items() if k != "level"} | {"delta_db": -6.0})
        return True
    share = c.get("pct")
    if last is None or last.op != "set_volume" or share is None or c.own_verb:
        return False
    if any(t is not share and not t.has("link. mark ctl.vague noun.volume") and t.text != "like" for t in c.tokens):
        return False
    share.used = True
    s.ops[-1] = op_from_dict(
        {k: v for k, v in last.as_dict().items() if k != "delta_db"} | {"level": abs(float(share.value))}
    )
    return True


def _transition_kind(c: Clause, s: State) -> bool:
    """``transitions: wipe``: the kind of the transitions of the wish before."""
    kind = c.get("transition.")
    if not s.ops or s.ops[-1].op != "transition" or kind is None or (c.own_verb and not kind.has("verb.")):
        return False
    if any(t is not kind and not t.has("link.filler mark") for t in c.tokens):
        return False
    chosen = say(s.language, "transition_default")
    if chosen not in s.assumptions:
        return False
    s.assumptions.remove(chosen)
    kind.used = True
    s.ops[-1] = s.ops[-1].model_copy(update={"type": kind.meaning("transition")})
    return True


def _same_for(c: Clause, s: State) -> bool:
    """``the cactus a bit shorter, | same for the vase``: the wish before, for other shots as well."""
    numbers = [i for t in c.all("ref") if t.value.noun in CLIPLIKE for i in t.value.indexes]
    if not s.ops or not numbers or not s.clip_range_ok(Ref("", tuple(numbers))) or not _SAME.search(c.text):
        return False
    done = [op for _, op in _alike(s.ops) if getattr(getattr(op, "target", None), "kind", "") == "clip"]
    if not done:
        return False
    for token in c.tokens:
        token.used = True
    for number in numbers:
        s.ops.append(done[0].model_copy(update={"target": Target(kind="clip", index=number)}))
    return True


_SOMETHING: Final = re.compile(r"\b(?:something|anything)\b.*\binstead\b|换(?:成|个)")
_HALF: Final = re.compile(r"\bhalf (?:of )?(?:that|it|as loud|the volume)\b|一半")
_SAME: Final = re.compile(
    r"\bsame (?:thing )?(?:for|with|to|on|goes for)\b|\blikewise\b|也(?:这样|一样|如此|同样)|同样处理|一样处理"
)


def _same_for_another(c: Clause, s: State) -> bool:
    """``clip 1 to 5 seconds, | clip 2 to 8``: the same wish for another shot, the unit left out."""
    last = s.ops[-1] if s.ops else None
    if last is None or last.op != "set_segment_duration" or c.own_verb or c.joined not in {"stop", "and"}:
        return False
    refs = [t for t in c.all("ref") if t.value.noun in CLIPLIKE]
    number = c.get("num")
    plain = all(t in refs or t is number or t.has("link. noun. says.") for t in c.tokens)
    if len(refs) == 1 and number is not None and plain:
        # "the mug 3 seconds and the tea set 9"
        number.used = True
        c.use("ref noun. link. says.")
        index = refs[0].value.indexes[0]
        return s.add("set_segment_duration", target={"kind": "clip", "index": index}, duration_s=float(number.value))
    said = _ANOTHER.fullmatch(c.text.strip())
    if said is None or not 1 <= int(said[1]) <= len(s.view.shots):
        return False
    for token in c.tokens:
        token.used = True
    return s.add("set_segment_duration", target={"kind": "clip", "index": int(said[1])}, duration_s=float(said[2]))


def _mood(c: Clause, s: State) -> bool:
    """``different music, something calmer``: the mood of the music that was asked for before."""
    mood = c.get("mood.")
    if not s.ops and mood is not None and not c.own_verb and touched_kind(s) == "bgm":
        # "something calmer", when the music was what changed last.
        if c.has("noun.", "look.", "ref", "t.", "quote"):
            return False
        c.use("mood. dir. adjust. word")
        return s.add("change_music", mood=mood.meaning("mood"))
    other = _SOMETHING.search(c.text) is not None and not c.has("noun. ref t. quote")
    if not s.ops and mood is not None and s.view.music and other:
        # "I don't want this upbeat stuff, something calm instead"
        c.use("mood. dir. adjust. word look.")
        return s.add("change_music", mood=mood.meaning("mood"))
    if not s.ops or mood is None or c.has("noun.", "look.", "ref", "t.", "quote"):
        return False
    if s.ops[-1].op == "add_music" and not c.own_verb:
        # "score it with something epic": what was chosen in its place is no longer so.
        chosen = say(s.language, "mood_default", mood=spoken(s.language, "mood", str(getattr(s.ops[-1], "mood", ""))))
        if chosen not in s.assumptions:
            return False
        s.assumptions.remove(chosen)
    elif s.ops[-1].op != "change_music":
        return False
    c.use("mood. dir. verb. adjust. word")
    s.ops[-1] = s.ops[-1].model_copy(update={"mood": mood.meaning("mood")})
    return True


def _music_volume(c: Clause, s: State) -> bool:
    """``add calm music, volume 30%``: how loud the music of the wish before is."""
    if not s.ops or s.ops[-1].op != "add_music" or not c.has("noun.volume") or c.own_verb:
        return False
    if any(not t.has("noun.volume noun.sound link. pct num mark") for t in c.tokens):
        return False
    share = c.value("pct")
    if share is None:
        number = c.value("num")
        share = None if number is None else number / 100 if number > 2 else number  # a percentage
    if share is None:
        return False
    c.use("noun.volume noun.sound")
    s.ops[-1] = s.ops[-1].model_copy(update={"volume": abs(share)})
    return True
