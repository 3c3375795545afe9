"""Clauses that are no wish of their own: reasons, purposes, complaints, and who is speaking."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.tokens import with_families

__all__ = [
    "acts_on_that",
    "complains_after",
    "explains",
    "goes_on_about_it",
    "hands_over",
    "is_about_us",
    "is_purpose",
    "is_wish",
    "leads_in",
    "only_complains",
    "tells",
    "wants_to_know",
]

_LEADS_IN: Final = re.compile(r"(?:please )?(?:give me|make me|make|show me|i want|i'd like) (?:a|one|another) version")
_IT: Final = frozenset({"it", "that", "them", "它", "这个"})
_REASON: Final = re.compile(
    r"\b(?:is|are|feels?|runs?|looks?|seems?|goes|go|'s)\b.*\b(?:too|rushed|sluggish|slow|long|dragging)\b|\bdrags\b"
)
_OTHER_THINGS: Final = (
    "noun.title noun.text noun.music noun.logo noun.caption noun.sound noun.intro noun.outro noun.beginning noun.ending"
)
_MANNER: Final = "verb.shorten verb.lengthen verb.slow_down verb.speed_up dir.pace_up dir.pace_down"
_TELLING: Final = (
    "i have ",
    "i've got ",
    "i've ",
    "we have ",
    "here is ",
    "here are ",
    "here's ",
    "this is ",
    "these are ",
    "我有",
    "这是",
    "我拍了",
)
# "We sell ceramics on Etsy.": who asks, and not what for.
_ABOUT_US: Final = re.compile(
    r"(?:hi|hello|hey)\b.*|(?:we|i|our \w+|my \w+)(?:'re|'m| are| am| is| sell| make| run| have| own)\b.*|我们?[是卖].*"
)
# What comes after it is a reason, not a wish.
_SO_THAT: Final = re.compile(r"\b(?:so|so that|such that|in order that)\s*$|(?:以便|这样|好让)\s*$")

_DISLIKES: Final = re.compile(
    r"\b(?:don't|do not|didn't|not) (?:really |quite )?(?:like|love|fond of|a fan of)\b|不喜欢"
)


def tells(clause: Clause) -> bool:
    """``I have a photo on a white background``: what is there, not what is wanted."""
    return clause.text.startswith(_TELLING) and not clause.ever(
        "verb.create", "verb.turn_into", "verb.combine", "verb.remove"
    )


def is_about_us(clause: Clause) -> bool:
    """``We sell ceramics on Etsy``: who asks, and not what for."""
    acts = any(t.has("verb.") and t.text != "on" for t in clause.tokens)
    return _ABOUT_US.fullmatch(clause.text) is not None and not acts and not clause.ever("quote ref t. dur refuse.")


def leads_in(clause: Clause, following: Clause | None) -> bool:
    """``give me a version | without any text``: what it is to be like comes after it."""
    return following is not None and following.joined in {"no", "with"} and _LEADS_IN.fullmatch(clause.text) is not None


def complains_after(clause: Clause, done: str) -> bool:
    """``… a tad faster, | it drags``: why, of what was done about the pace right before."""
    slow = done in {"speed", "pace"} and clause.has("dir.pace_up", "dir.pace_down") and not clause.own_verb
    return slow and clause.has("noun.it") and not clause.has("ref", "noun.clip")


def goes_on_about_it(clause: Clause) -> bool:
    """``…, 时长改成8秒``: a verb and a length, and no word for what it is about."""
    return all(t.has("dur t. noun.duration verb. link. says. noun.it mark") for t in clause.tokens)


def acts_on_that(clause: Clause) -> bool:
    """``remove them`` and nothing else."""
    spoken = [t for t in clause.tokens if not t.has("mark", "link.filler")]
    acts = clause.has("verb.remove verb.cut verb.keep verb.trim verb.mute verb.blur verb.speed_up") and len(spoken) > 1
    return acts and all(t.has("verb.") or (t.has("noun.it") and t.text in _IT) for t in spoken)


def explains(clause: Clause, following: list[Clause]) -> bool:
    """``clip 1 runs too long, trim the last 2 seconds of it``: why, of what is done right after, to that shot."""
    it = next((t for c in following for t in c.tokens if t.has("noun.it") or "it" in t.text.split()), None)
    if it is None or not _REASON.search(clause.text) or following[0].has("quote") or not following[0].own_verb:
        return False
    if not clause.has(_MANNER) or clause.has(_OTHER_THINGS):
        return False
    refs = [t for t in clause.tokens if t.has("ref")]
    if len(refs) > 1:
        return False
    if refs and not following[0].has("ref"):
        following[0].tokens.append(refs[0])
        if it.has("noun.it"):
            it.tags = frozenset()
    return True


def only_complains(clause: Clause, following: list[Clause]) -> bool:
    """``the ending drags on, cut the last 4 seconds``: what to do about it is said right after."""
    if following and _DISLIKES.search(clause.text) and following[0].has("transition."):
        # "I don't like the crossfades, use hard cuts"
        return clause.has("noun.transition transition.")
    if not following or not clause.has("dir.pace_up", "dir.pace_down"):
        return False
    if clause.own_verb and not clause.has("verb.sync"):
        return False
    verb = following[0].first_verb
    timed = following[0].has("t. dur factor pct")
    return (
        timed
        and verb is not None
        and verb.has("verb.cut verb.trim verb.remove verb.shorten verb.speed_up verb.slow_down")
    )


def hands_over(clause: Clause, following: Clause) -> bool:
    """``the title is hard to miss, make it smaller``: what "it" is was said in the clause before."""
    it = next((t for t in following.tokens if t.has("noun.it") and t.text in _IT), None)
    spans = [t for t in clause.tokens if t.has("t.range", "t.at", "t.head", "t.tail")]
    verb = following.first_verb
    cuts = verb is not None and verb.has("verb.remove verb.cut verb.trim verb.mute verb.speed_up verb.slow_down")
    if cuts and len(spans) == 1 and not clause.own_verb and not following.has("t.", "ref"):
        # "there is a mistake from 35 to 41 s, cut it": what has a time is taken out of the video.
        if verb is not None and verb.has("verb.cut"):
            verb.tags = with_families(frozenset({"verb.remove"}))
        if it is not None:
            it.tags = frozenset()
        following.tokens.append(spans[0])
        return True
    things = [t for t in clause.tokens if t.has("noun.", "ref") and not t.has("noun.it", "noun.one", "noun.video")]
    if len(things) > 1 and things[0].has("noun.music") and not any(t.has("ref") for t in things):
        # "the song drowns out the voice": what it says something about stands first.
        things = things[:1]
    if it is None or len(things) != 1 or (clause.own_verb and not clause.has("verb.animate")):
        return False
    it.tags, it.value = it.tags | things[0].tags, things[0].value
    return True


def wants_to_know(clauses: list[Clause]) -> bool:
    """``What's the best format for Reels?`` asks for advice; only the timeline and the credits can be asked about."""
    first = next((t for c in clauses for t in c.tokens if t.has("ctl.question", "ctl.how")), None)
    if (
        first is None
        or first.has("ctl.how")
        or any(c.ever("ctl.status", "ctl.credits", "ctl.help", "quote") for c in clauses)
    ):
        return False
    return not any(c.ever("verb.add", "verb.remove", "verb.change") and c.joined == "" for c in clauses[:1])


def is_purpose(clause: Clause) -> bool:
    """``…, so people on phones can read them``: what a wish is good for, and none of its own."""
    before, found, _ = clause.source.text.partition(clause.text)
    # "the intro drags, so cut it" is a wish: it begins with what is to be done.
    return bool(found) and not clause.tokens[0].has("verb.") and _SO_THAT.search(before) is not None


def is_wish(clause: Clause) -> bool:
    """Whether something in it was to be done, and was not."""
    return any(
        t.has(
            "verb.add verb.remove verb.change verb.cut verb.trim verb.move verb.create verb.generate verb.convert "
            "verb.extract verb.sync"
        )
        and not t.used
        for t in clause.tokens
    )
