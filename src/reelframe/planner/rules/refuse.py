"""What needs a model that generates or recognises: refused with its reason and the nearest thing that can be done."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from reelframe.edits.plan import Reason
from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.rules.placing import place
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.style import style_slots

__all__ = ["rule"]

_REASONS: Final[tuple[Reason, ...]] = (
    "translation", "avatar", "background_removal", "object_removal", "voiceover", "transcription", "generate_image",
    "generate_video", "restoration", "content_understanding", "out_of_scope",
)  # fmt: skip
_SILENCE: Final = frozenset(
    [
        "silence",
        "silences",
        "pauses",
        "pause",
        "ums",
        "uhs",
        "um",
        "uh",
        "停顿",
        "气口",
        "静音片段",
        "空白停顿",
        "静音部分",
    ]
)
# With a time beside it, a part is nothing that would have to be recognised.
_PARTS: Final = frozenset(
    {"的部分", "的片段", "部分", "part", "the part where", "boring parts", "boring part", "unnecessary parts"}
)
_STILL_DONE: Final = (
    "t.to", "t.under", "t.for", "aspect", "platform.", "height", "fps", "format", "verb.export", "fade.",
    "noun.transition", "transition.", "noun.title_card", "noun.end_card", "noun.lower_third",
)  # fmt: skip
_SOUNDS: Final = frozenset({"music", "song", "track", "sound", "audio", "tune", "noise", "color", "colour"})
_MAKING: Final = (
    "verb.create",
    "verb.turn_into",
    "verb.combine",
    "noun.genre",
    "noun.video",
    "noun.photo",
    "noun.media",
    "noun.clip",
    "ref",
    "num",
    "dur",
)
# "generate an establishing shot of a city": pictures that nobody has uploaded.
_DESCRIBED: Final = re.compile(
    r"\b(?:shots?|scenes?|clips?|footage|view|animation) of (?:an? |the )?"
    r"(?!my\b|our\b|these|this|it\b|each|all)[a-z]{3,}"
)
# "highlight the keywords in yellow" is about some of the words, and which they are would have to be understood.
_SOME_WORDS: Final = re.compile(
    r"\b(?:highlight|keywords?|emphasi[sz]e|every \w+ word|important words)\b|关键词|重点词"
)
_SUBTITLE_FILES: Final = re.compile(r"\.(srt|vtt|ass|lrc)$", re.IGNORECASE)


def rule(c: Clause, s: State) -> bool:
    """Look for a reason to refuse; the rest of the clause stays for the other rules."""
    if c.negated and not c.has("verb.remove"):
        return _stays_out(c, s)
    if c.verb("generate", "create") and _DESCRIBED.search(c.text) and not c.ever("quote", "ref", "file"):
        s.refuse(c.said or c.text, "generate_video")
        for token in c.tokens:
            token.used = True
        return True
    fired = _captions(c, s)
    for reason in _REASONS:
        tokens = c.all(f"refuse.{reason}")
        if not tokens or not _holds(reason, c, s):
            continue
        near = say(s.language, "nearest_silence") if any(t.text in _SILENCE for t in tokens) else None
        s.refuse(c.said or c.text, reason, near)
        if reason == "transcription" and not s.later:
            _looks_of_what_comes(c, s)
        _consume(c)
        for token in tokens:
            token.used = True
        fired = True
    return fired


def _stays_out(c: Clause, s: State) -> bool:
    """``no voiceover``, "不要字幕": it would not have come anyway."""
    tokens = c.all(
        "refuse.transcription refuse.voiceover refuse.translation refuse.avatar refuse.generate_image noun.thumbnail"
    )
    for token in tokens:
        token.used = True
    if tokens:
        s.whole = s.whole or "negated"
    return bool(tokens)


def _captions(c: Clause, s: State) -> bool:
    """Subtitles without words to show and without a file would have to be heard."""
    srt = next((t for t in c.all("format") if t.value in {"srt", "vtt"}), None)
    if srt is not None and c.verb("make", "create", "generate") and not c.has("file"):
        _consume(c)
        srt.used = True
        return s.refuse(c.said, "transcription")
    noun = c.get("noun.subtitle", "noun.caption")
    if c.has("verb.delay"):
        return False
    if c.has("refuse.translation") and not c.verb("add", "generate", "create"):
        return False
    if noun is None or c.ever("quote", "says.says") or s.view.texts_of("subtitle") or s.view.texts_of("caption"):
        return False
    if s.view.library.subtitles or any(_SUBTITLE_FILES.search(str(t.value)) for t in c.tokens if t.has("file")):
        return False
    if srt is not None and not c.verb("export"):
        return False
    if noun.text == "caption" and c.verb("add", "write") and not c.has("refuse."):
        return False
    if c.verb("remove", "hide", "move", "keep", "change") and not c.verb("add", "generate", "create"):
        return False
    adding = (
        c.verb("add generate create want write make show use turn_into narrate summarize extract") or not c.own_verb
    )
    if (
        not c.verb("add", "generate", "create", "want", "narrate", "show")
        and c.own_verb
        and c.has("dir.bold", "color", "dir.bigger", "dir.smaller", "font.")
    ):
        return False
    styling = c.has(
        "noun.color noun.font noun.size dir.bigger dir.smaller color dir.bold dir.longer verb.lengthen "
        "verb.shorten noun.box noun.position dir.up_move dir.down_move dir.left_move dir.right_move"
    )
    if styling and not c.verb("add", "generate", "create", "want", "narrate"):
        return False
    if not adding:
        return False
    s.refuse(c.said, "transcription")
    _looks_of_what_comes(c, s)
    _consume(c)
    s.whole = "captions"
    return True


def _looks_of_what_comes(c: Clause, s: State) -> None:
    """``auto captions in bold white``: the words can't be heard, but how subtitles are to look can be kept for them."""
    s.later = True
    s.last = Target(kind="subtitle")
    words = bool(_SOME_WORDS.search(c.text))
    style = {} if words else style_slots(c)
    spot = place(c) if c.has("pos.", "verb.center") else {}
    target = {"kind": "subtitle"}
    if style:
        s.add("style_text", target=target, **style)
    if "position" in spot:
        s.add("move", target=target, **spot)
    anim = c.meaning("anim") if c.has("anim.") and not words else None
    if anim is not None:
        s.add("animate", target=target, anim_in=anim)


def _holds(reason: str, c: Clause, s: State) -> bool:
    """Whether the words really mean what can't be done."""
    if reason == "voiceover":
        if any(t.has("file") for t in c.tokens):
            return False
        return not (
            c.verb("remove", "mute", "set", "duck") or c.has("dir.up", "dir.down", "dir.louder", "dir.quieter")
        ) or c.verb("generate")
    if reason == "background_removal" and c.has("noun.music", "noun.sound"):
        return False
    if reason == "background_removal":
        following = [t for r in c.all("refuse.background_removal") for t in c.tokens if t.start == r.end + 1]
        return not any(t.has("mood.", "noun.music") or t.text in _SOUNDS for t in following)
    if reason == "translation":
        return (
            not c.ever("quote")
            or c.has("verb.narrate")
            or any(t.text.startswith(("translat", "翻译", "译")) for t in c.tokens)
        )
    if reason == "transcription":
        if c.has("quote") and all(t.text in {"caption", "subtitle"} for t in c.all("refuse.transcription")):
            # "caption clip 2 with 'The old bridge'": the words are given.
            return False
        return not any(_SUBTITLE_FILES.search(str(t.value)) for t in c.tokens if t.has("file"))
    if reason == "content_understanding":
        tokens = c.all("refuse.content_understanding")
        if (
            c.tokens[0] in tokens
            and c.tokens[0].has("verb.mute")
            and c.has(
                "t.head t.tail t.range ref scope.all noun.music noun.sound noun.clip noun.video noun.it noun.voice"
            )
        ):
            return False
        if c.has("t.range") and not c.own_verb and c.tokens[-1] is not tokens[-1]:
            # "there is a mistake between 35 and 41 seconds": where it is was said.
            return False
        if c.has("t.range", "t.head", "t.tail") and all(t.text in _PARTS for t in tokens):
            return False
        timed = c.has("t.head", "t.tail", "t.range", "t.at") and c.verb("remove", "trim", "cut")
        if timed and all(
            t.text in _SILENCE or t.text in {"dead air", "boring part", "boring parts", "bad take"} for t in tokens
        ):
            return False
        return not (
            c.has("verb.merge", "verb.combine", "noun.photo")
            and all("highlight" in t.text or t.text == "the best" for t in tokens)
        )
    if reason == "restoration":
        return not c.verb("add") or not c.has("effect.")
    if reason == "object_removal":
        return not c.ever("quote")
    if reason == "generate_video":
        return not (s.composed and len(c.all("refuse.generate_video")) == 0)
    return True


def _found(c: Clause) -> bool:
    """``detect scene changes``: what is to be found is nothing to be made."""
    found = c.all("refuse.content_understanding")
    return any(a in found and b.has("noun.transition") for a, b in pairwise(c.tokens))


def _consume(c: Clause) -> None:
    """The whole clause is about the refused wish, but for what can be done all the same: a length, a shape, a file."""
    # "make a highlight video of my clips": the video can be made, only not the choice.
    making = (
        c.has("refuse.content_understanding")
        and c.has("verb.create", "verb.turn_into", "verb.combine")
        and c.has("noun.genre", "noun.photo", "noun.media")
    )
    found = _found(c)
    for n, token in enumerate(c.tokens):
        # "a 60-second highlight reel" still asks for a length; "silences longer than 2 seconds" does not.
        if (
            token.has("dur")
            and n + 1 < len(c.tokens)
            and any(t.has("refuse.", "noun.genre", "noun.video") for t in c.tokens[n + 1 : n + 4])
        ):
            continue
        if making and token.has(*_MAKING):
            continue
        if not token.has(*_STILL_DONE) or (found and token.has("noun.transition")):
            token.used = True
