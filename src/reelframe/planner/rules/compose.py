"""First cuts: photos and clips become a video, and what it is of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import is_telling
from reelframe.planner.grammar import Ref
from reelframe.planner.lexicon import table
from reelframe.planner.rules.asking import asks_for_video, has_material
from reelframe.planner.state import State

__all__ = ["media_of", "rule", "subject_of"]

_SUBJECT: Final = re.compile(r"\b(?:of|to|about|in|from) ((?:[A-Z][\w'’]+)(?: (?:[A-Z0-9][\w'’]*|of|the|de|and))*)")
# "a video of Stoneware mug for 18 €": what the video is of goes on in small letters, up to what begins another wish.
_OF_WHAT: Final = re.compile(
    r"\b(?:video|reel|clip|film|movie|ad|advert|commercial|promo|spot|slideshow|short|teaser|trailer)s? (?:of|about) "
    r"(?:(?:our|the|my|a|an|this|these|new) )*"
    r"([A-Z][\w'’-]*(?: (?!(?:with|for|in|on|at|using|from|that|which|by|featuring|plus|as|over|and|to|so|please)\b"
    r"|set to\b)[\w'’&-]+)*)"
)
# What a video tells of that no picture can be known to show.
_ABOUT: Final = re.compile(r"\b(?:about|explaining|showing)\b|关于|介绍|讲解|讲述")
_TOPIC_WORDS: Final = 1


def rule(c: Clause, s: State) -> bool:
    """``Turn these photos into a 30-second video``: all the media, or those that were named."""
    if s.composed or not asks_for_video(c, s):
        return False
    media = media_of(c, s)
    duration = _duration(c)
    each = c.value("t.each")
    if not s.view.library.shots:
        s.ask("no_media")
        s.nothing = True
        if _topic(c, s):
            s.refuse(c.said, "generate_video")
        c.use("verb.", "noun.", "ref", "link.", "scope.")
        return True
    # Whoever uploads pictures and asks for an ad means an ad made of them.
    material = has_material(c) or (s.view.empty and not c.has("verb.generate") and not _ABOUT.search(c.text))
    if _topic(c, s) and not material:
        s.refuse(c.said, "generate_video")
        if c.has("verb.generate"):
            c.use("verb.", "noun.", "ref", "word", "link.", "scope.")
            return True
    elif any(t.text in _invented() for t in c.all("noun.genre")) and not material:
        s.refuse(c.said, "generate_video")
    slots: dict[str, Any] = {"duration_s": duration, "per_item_s": each}
    aspect = c.value("aspect")
    s.composed = True
    s.subject = s.subject or subject_of(c, s)
    if c.verb("animate") and c.has("noun.photo"):
        s.add("ken_burns")
    s.add("compose", media=media, aspect=aspect, **slots)
    c.use(
        "verb.create verb.combine verb.turn_into verb.merge verb.make verb.convert verb.generate verb.use "
        "verb.export noun.genre noun.video noun.photo noun.media noun.clip ref scope. noun.it link. ctl.upload "
        "verb.want noun.folder verb.summarize noun.one noun.order"
    )
    return True


def _topic(c: Clause, s: State) -> bool:
    """Whether the video is to be about something that only its words tell."""
    genre = next((t for t in c.tokens if t.has("noun.genre", "noun.video")), None)
    if genre is None:
        return False
    if c.source.text[genre.start : genre.end].isascii():
        create = next(
            (t for t in c.tokens if t.has("verb.create", "verb.generate", "verb.make", "verb.turn_into")), None
        )
        before = [t for t in c.tokens if create is not None and create.end <= t.start < genre.start and t.has("word")]
        if any(t.text not in _adjectives() and not t.text.isdigit() for t in before):
            return True
    if s.language == "zh":
        before = [t for t in c.tokens if t.end <= genre.start and t.has("word")]
        return any(t.text in c.source.text for t in before) and _chinese_topic(c, genre.start)
    after = [t for t in c.tokens if t.start >= genre.end]
    about = next(
        (
            i
            for i, t in enumerate(after)
            if t.text
            in {
                "about",
                "for",
                "of",
                "on",
                "explaining",
                "showing",
                "promoting",
                "introducing",
                "featuring",
                "that",
                "where",
            }
        ),
        None,
    )
    if about is not None:
        rest = [t for t in after[about + 1 :] if not t.has("link.filler")]
        return (
            bool(rest)
            and not rest[0].has("platform.", "dur", "t.", "noun.media", "noun.photo", "noun.clip", "ref")
            and not all(t.has("platform.", "mark") for t in rest)
        )
    return False


@lru_cache(maxsize=1)
def _adjectives() -> frozenset[str]:
    return frozenset(word for phrase in table("en", "fluff")["adjectives"] for word in phrase.split())


@lru_cache(maxsize=1)
def _invented() -> frozenset[str]:
    """Kinds of video that are usually made of pictures that nobody has uploaded."""
    return frozenset(table("en", "fluff")["invented"])


def subject_of(c: Clause, s: State) -> str | None:
    """``a recap of Istanbul``, "a video of Tea set": a name that the user gave is a title, the project's above all."""
    typed = c.source.original(c.start, c.source_end)
    project = s.context.project.strip()
    if is_telling(project) and (place := typed.casefold().find(project.casefold())) >= 0:
        return typed[place : place + len(project)]
    match = _OF_WHAT.search(typed) or _SUBJECT.search(typed)
    return match[1].strip() if match else None


def _chinese_topic(c: Clause, genre_start: int) -> bool:
    words = [
        t
        for t in c.tokens
        if t.end <= genre_start and t.has("word") and t.text not in "的我你一个帮给请用为把这些那成做来条段了吧啊要想在"
    ]
    return len(words) > _TOPIC_WORDS


def media_of(c: Clause, s: State) -> Any:  # noqa: ANN401 -- "all" or names
    """What is named to make it of: files, or shots by their numbers; "all" where nothing is."""
    library = s.view.library
    names = [m.name for t in c.all("file") if (m := library.by_name(str(t.value))) is not None]
    if names:
        return tuple(names)
    for token in c.all("ref"):
        ref: Ref = token.value
        if ref.noun in {"photo", "clip", "media", "video", "one"}:
            shots = [m for m in library.shots if m not in s.view.logo_files]
            pool = [m for m in shots if ref.noun != "photo" or m.kind == "image"] or shots
            token.used = True
            if all(1 <= abs(i) <= len(pool) for i in ref.indexes):
                names_ = tuple(pool[i - 1 if i > 0 else i].name for i in ref.indexes)
                if not s.view.empty and any(s.view.shot_of(m) is None for m in pool):
                    # Numbers count the uploads, and some of these are not in the video now: which ones is said.
                    s.assume("made_of", names=", ".join(names_))
                return names_
            s.ask("no_such_clip", index=max(ref.indexes, key=abs), count=len(pool))
            return "all"
    photos = [m for m in library.shots if m.kind == "image" and m not in s.view.logo_files]
    if c.has("scope.photos_only") and photos:
        return tuple(m.name for m in photos)
    return "all"


def _duration(c: Clause) -> float | None:
    for tag in ("t.for", "t.to", "t.under", "dur"):
        value = c.value(tag)
        if value:
            return float(value)
    return None
