"""First cuts: photos and clips become a video; and its rhythm."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from reelframe.edits.vocabulary import OpBase, Target, op_from_dict
from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import is_telling, mood_for
from reelframe.planner.grammar import Ref
from reelframe.planner.lexicon import table
from reelframe.planner.refs import clip_targets
from reelframe.planner.rules.choice import choose
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.wording import default_title

__all__ = ["begin", "begins", "finish", "pace", "rule"]

_VIDEOS: Final = frozenset(
    ["video", "videos", "movie", "film", "edit", "视频", "影片", "短视频", "片子", "成片", "录像"]
)
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
_MATERIAL: Final = ("noun.photo", "noun.media", "noun.clip")
_TOPIC_WORDS: Final = 1
# What a video can be asked for with before there is one. Taking away, moving and restyling need something there.
_BEGINNINGS: Final = frozenset({
    "set_duration", "set_aspect", "set_background", "intro_outro", "merge", "set_segment_duration", "speed",
    "ken_burns", "beat_sync", "add_text", "add_subtitles", "add_music", "change_music", "look", "adjust",
    "effect", "transition", "fade_video", "pace", "add_logo", "overlay", "reorder",
})  # fmt: skip
_OF: Final = frozenset({"of", "from", "with", "using", "use", "用", "以"})


def rule(c: Clause, s: State) -> bool:
    """``Turn these photos into a 30-second video``: all the media, or those that were named."""
    if s.composed or not _asks(c, s):
        return False
    media = _media(c, s)
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
    material = _material(c) or (s.view.empty and not c.has("verb.generate") and not _ABOUT.search(c.text))
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
    s.subject = s.subject or _subject(c, s)
    if c.verb("animate") and c.has("noun.photo"):
        s.add("ken_burns")
    s.add("compose", media=media, aspect=aspect, **slots)
    c.use(
        "verb.create verb.combine verb.turn_into verb.merge verb.make verb.convert verb.generate verb.use "
        "verb.export noun.genre noun.video noun.photo noun.media noun.clip ref scope. noun.it link. ctl.upload "
        "verb.want noun.folder verb.summarize noun.one noun.order"
    )
    return True


_OUR_OWN: Final = re.compile(r"(?:take|use) (?:my|our|the|these|this)\b")
_MADE_OF: Final = re.compile(r"\b(?:create|make|turn|combine|build|produce|generate|merge|video|slideshow|reel|put)\b")
# "a vertical 20-second TikTok": the platform's name for what is posted there.
_POST: Final = re.compile(r"\ban? (?:(?!version|for|to|of|in)[\w:.-]+ ){0,4}(?:tiktok|reel|short|story)\b(?! version)")


def _asks(c: Clause, s: State) -> bool:
    if (
        not s.view.empty
        and (not c.own_verb or c.verb("make", "create"))
        and c.has("noun.one", "noun.version", "noun.genre", "noun.video")
        and c.has("ref", "scope.photos_only")
        and _tells_what_of(c)
        and not c.has("quote", "noun.title", "noun.text", "noun.music")
        and (c.has("platform.", "aspect", "dur", "t.for") or c.verb("make", "create"))
    ):
        return True
    if _names_occasion(c, s) or _names_kind(c):
        return True
    if c.verb("use") and ((c.has("scope.all") and _everything_for(c)) or _only_these(c)):
        return True
    making = c.has(
        "verb.create", "verb.combine", "verb.turn_into", "verb.generate", "verb.convert", "verb.make", "verb.use"
    )
    genre = c.has("noun.genre")
    material = c.has("noun.photo", "noun.media") or c.has("verb.turn_into", "verb.combine")
    into = " into " in c.source.text or "做成" in c.source.text or "变成" in c.source.text
    if (
        into
        and c.has("noun.photo")
        and c.verb("make", "convert", "turn_into", "animate", "create", "combine", "merge")
        and not c.has("noun.title", "noun.text", "look.bw", "look.sepia")
    ):
        return (
            genre
            or c.has("noun.video", "format", "noun.clip")
            or any(w in c.source.text for w in ("video", "mp4", "slideshow", "视频"))
        )
    if c.has("file") and c.verb("convert") and not c.has("noun.genre"):
        return False
    everything = c.has("scope.all") and (
        c.has("noun.clip", "noun.photo", "noun.media", "ctl.upload") or "clips" in c.text
    )
    if (
        everything
        and c.verb("add", "upload")
        and all(
            t.has("verb.", "scope.all", "noun.clip", "noun.photo", "noun.media", "noun.video", "link.", "ctl.upload")
            for t in c.tokens
        )
    ):
        return True
    if c.has("ref") and c.verb("remove", "trim", "split", "speed_up", "slow_down", "move", "swap"):
        return False
    if c.has("noun.title_card", "noun.end_card", "noun.thumbnail", "noun.gif", "noun.sticker", "noun.lower_third"):
        return False
    if c.verb(
        "remove", "keep", "trim", "split", "rotate", "reverse", "loop", "animate", "mute", "add", "zoom"
    ) and not c.has("verb.create", "verb.combine", "verb.turn_into"):
        return genre and material and c.verb("use")
    if c.has("noun.version") and not s.view.empty and not c.has("ref", "noun.photo", "file", "noun.media"):
        return False
    if c.has("ctl.upload", "verb.upload", "verb.add") and ("timeline" in c.text or "时间线" in c.text):
        return c.has("ctl.upload", "scope.all", "noun.media") and not c.has("noun.title noun.text noun.music noun.logo")
    if c.has("verb.merge") and _AGAIN.search(c.text) and not s.view.empty:
        # "merge it back": the pieces of what was split.
        return False
    if c.has("verb.merge"):
        # Clips that stand side by side are one video already: what is asked for is a new beginning.
        return not c.has("noun.music", "noun.sound") and not any(
            t.value.noun in {"clip", "one", ""} and len(t.value.indexes) <= len(s.view.shots) for t in c.all("ref")
        )
    if c.has("verb.combine") and c.has("noun.photo", "noun.media", "noun.clip", "noun.it", "noun.video", "file", "ref"):
        return True
    if c.has("verb.turn_into") and (
        genre or c.has("noun.video") or (material and any("视频" in t.text for t in c.all("verb.turn_into")))
    ):
        return True
    if (genre or c.has("noun.video")) and material and (making or not c.own_verb):
        return not (c.verb("make") and c.has("look.", "adjust.") and not genre)
    if genre and not c.own_verb and not c.has("noun.music", "noun.title", "quote"):
        return s.view.empty or c.has("dur", "t.for") or _material(c)
    named = c.all("noun.video") + [t for t in c.all("platform.") if t.text.endswith("视频")]
    if c.has("verb.create", "verb.generate") and (
        genre or any(t.text.endswith("视频") or t.text in _VIDEOS for t in named)
    ):
        return True
    if _out_of(c):
        return True
    if (
        c.has("verb.create")
        and c.has("noun.version", "noun.one")
        and c.has("platform.", "aspect", "dur")
        and c.has("ref", "noun.photo")
    ):
        return True
    if _POST.search(c.text) and (c.has("verb.create") or (c.verb("make") and " of " in c.text)):
        return True
    return (c.has("verb.create") and c.has("platform.") and c.has("ref")) or (
        c.has("verb.create") and c.has("noun.photo") and c.has("ref", "num")
    )


@lru_cache(maxsize=1)
def _occasions() -> re.Pattern[str]:
    english = "|".join(re.escape(w) for w in table("en", "fluff")["occasions"])
    return re.compile(rf"\b(?:{english})\b|{'|'.join(table('zh', 'fluff')['occasions'])}|memor|回忆")


def _names_occasion(c: Clause, s: State) -> bool:
    """``our family trip to the lakes``: no wish at all, only what happened, is what a video is to be of."""
    if c.joined or c.own_verb or not _occasions().search(c.text) or not s.view.library.shots:
        return False
    ours = c.source.text.lstrip().startswith(("our ", "my ", "we ", "我的", "我们", "咱们", "我家"))
    other = any(t.has("noun.") and not t.has("noun.it noun.video noun.genre noun.one") for t in c.tokens)
    strange = c.has(
        "quote ref look. dir. effect. color pos. transition. fade. adjust. refuse. t. file ctl.undo ctl.help "
        "ctl.status ctl.how"
    )
    return (ours or s.view.empty) and not other and not strange


def _everything_for(c: Clause) -> bool:
    """``use all of these for a 30-second intro``: what they are used for is a video of them."""
    things = c.has("noun.it noun.photo noun.clip noun.media ctl.upload")
    purpose = bool({"for", "in", "into", "as"} & set(c.text.split()))
    return things and purpose and c.has("noun.genre noun.video platform. noun.intro")


def _names_kind(c: Clause) -> bool:
    """``slideshow of the garden``, "memories of grandma": a kind of video and what it is of, and nothing else."""
    if c.joined or c.own_verb or c.negated or c.has("noun.title noun.text noun.music quote ref refuse. ctl."):
        return False
    spoken = [t for t in c.tokens if t.text not in {"a", "an", "the", "my", "our", "short", "quick", "little"}]
    return (
        len(spoken) > 2 and spoken[0].has("noun.genre") and spoken[1].text in {"of", "from", "with"}
    )  # the kind, "of", and what


_AGAIN: Final = re.compile(r"\b(?:back|again)\b|回去|回来|重新")
_COMPLAINT: Final = re.compile(r"drag|too slow|slow\b|sluggish|boring|too fast|rush|plod|拖|太慢|太快|太赶|太急")
_FROM_THESE: Final = re.compile(
    r"\b(?:from|of|out of|with|using) (?:all )?(?:these|those|my|our|the|everything|what)\b"
    r"|\b(?:these|those|them|everything|it all|all this)(?: up)? (?:together )?into\b"
)


def _only_these(c: Clause) -> bool:
    """``take my 6 photos, animate each``: no other words say that a video is to be made of them."""
    counted = c.own_verb and c.has("num") and c.has("noun.photo", "noun.media")
    return counted and bool(_OUR_OWN.match(c.text)) and not _MADE_OF.search(c.source.text)


def _out_of(c: Clause) -> bool:
    """``an Instagram post from my photos``, "whip these up into something fun": what it is made of is said."""
    if not _FROM_THESE.search(c.text) or c.has(
        "factor pct noun.speed noun.volume verb.remove verb.cut verb.split verb.trim noun.title noun.text"
    ):
        return False
    made = c.has("verb.create", "verb.turn_into", "verb.generate") or (
        not c.own_verb and c.has("noun.video", "noun.genre")
    )
    things = c.has("noun.photo noun.clip noun.media noun.it ctl.upload scope.all verb.upload")
    kind = c.has("noun.video noun.genre platform.") or "something" in c.text.split()
    return made and things and kind


def _material(c: Clause) -> bool:
    text = c.source.text
    if _names_kind(c) and _occasions().search(c.text):
        return True
    if c.has("noun.photo", "noun.media", "noun.clip", "ref", "scope.selected", "file") or c.has(
        "verb.combine", "verb.turn_into"
    ):
        return True
    words = {t.text for t in c.tokens}
    if words & {"description", "script", "prompt", "idea", "text", "story", "quote"} and not c.has("noun.genre"):
        return False
    if any(w in t.text for t in c.all("noun.genre") for w in ("slide", "montage", "collage", "相册", "混剪")):
        return True
    if words & {"our", "my", "these", "this", "those", "我的", "我们"} and not words & {
        "brand",
        "business",
        "shop",
        "company",
        "store",
        "startup",
        "app",
        "channel",
        "bakery",
        "restaurant",
    }:
        return True
    return any(
        w in text for w in ("photos", "clips", "images", "pictures", "footage", "素材", "照片", "图片", "混剪", "vlog")
    )


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


def _subject(c: Clause, s: State) -> str | None:
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


def _media(c: Clause, s: State) -> Any:  # noqa: ANN401 -- "all" or names
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


def begins(s: State) -> bool:
    """Whether what was planned needs a video that is not there yet, and there are pictures to make it of."""
    return not s.composed and s.view.empty and bool(s.view.library.shots) and any(op.op in _BEGINNINGS for op in s.ops)


def begin(clauses: list[Clause], s: State) -> None:
    """A first cut, before the wishes about it are read.

    ``a 20-second vertical video with music`` names no photo and has no verb; on an empty timeline its length,
    shape, words and sound are those of a video of everything that was uploaded.
    """
    s.composed = True
    s.subject = s.subject or (_subject(clauses[0], s) if clauses else None)
    found = (media for clause in clauses if _tells_what_of(clause) and (media := _media(clause, s)) != "all")
    s.add("compose", media=next(found, "all"))
    s.assume("begun")


def _tells_what_of(c: Clause) -> bool:
    """``a square one of the first three``: numbers that say what the video is made of, and not what to do with them."""
    spoken = [t for t in c.tokens if t.text not in {"the", "my", "a", "only", "just"}]
    return c.has("scope.photos_only") or any(
        before.text.split(" ")[-1] in _OF and after.has("ref", "file") for before, after in pairwise(spoken)
    )


def finish(s: State, clauses: list[Clause]) -> None:
    """What a first cut has beside its shots, unless it was not wanted: music, a title, the logo. All of it is said."""
    compose = next((op for op in s.ops if op.op == "compose"), None)
    if compose is None:
        return
    chosen = choose(clauses, s) if getattr(compose, "media", None) == "all" else None
    if chosen is not None:
        s.ops[s.ops.index(compose)] = compose = compose.model_copy(update={"media": chosen})
    if s.view.empty:
        # There is no music yet that could be changed.
        s.ops[:] = [op_from_dict(op.as_dict() | {"op": "add_music"}) if op.op == "change_music" else op for op in s.ops]
    names = {op.op for op in s.ops}
    each = next(
        (op for op in s.ops if op.op == "set_segment_duration" and getattr(op, "target", None) == Target(kind="clip")),
        None,
    )
    if each is not None and getattr(compose, "duration_s", None) is None:
        s.ops.remove(each)
        s.ops[s.ops.index(compose)] = compose = compose.model_copy(update={"per_item_s": each.duration_s})  # type: ignore[attr-defined]
    if "transition" not in names:
        _say_how(s, compose)
    if (
        getattr(compose, "duration_s", None) is None
        and getattr(compose, "per_item_s", None) is None
        and "set_duration" not in names
    ):
        s.assume("natural_length")
    texts = [op for op in s.ops if op.op in {"add_text", "intro_outro"}]
    if not texts and "title" not in s.avoid and "text" not in s.avoid:
        if s.subject:
            s.add("add_text", text=s.subject, role="title")
            s.assume("title_from", text=s.subject, origin=say(s.language, "title_from_request"))
        elif s.view.titles and s.view.titles[0].text:
            s.add("add_text", text=s.view.titles[0].text, role="title")
            s.assume("kept_title")
        elif s.view.empty and any(c.ever("noun.title", "noun.text") and not c.negated for c in clauses):
            s.add("add_text", text=default_title(s), role="title")
    if not names & {"add_music", "change_music", "mute"} and "music" not in s.avoid:
        old = s.view.music[0] if s.view.music else None
        if old is not None and (old.media or old.get("music")):
            media = s.view.library.get(old.media or "")
            s.add(
                "add_music",
                media=media.name if media else None,
                mood=(old.get("music") or {}).get("mood") if not media else None,
            )
            s.assume("kept_music")
        elif s.view.empty:
            _music(s, clauses)
    logos = s.view.logo_files
    if logos and "add_logo" not in names and "logo" not in s.avoid and (s.view.empty or s.view.logos):
        s.add("add_logo", media=logos[0].name, position="bottom_right")
        s.assume("logo_from", name=logos[0].name, position=say(s.language, "bottom_right"))


def _say_how(s: State, compose: OpBase) -> None:
    """What photos do and how shots meet; one photo meets nothing, and clips don't move."""
    named = getattr(compose, "media", None)
    chosen = list(s.view.shots_to_come)
    if isinstance(named, tuple):
        chosen = [m for name in named if (m := s.view.library.by_name(name)) is not None] or chosen
    stills = any(m.kind == "image" for m in chosen)
    if len(chosen) > 1:
        s.assume("first_cut" if stills else "first_cut_clips")
    elif stills:
        s.assume("first_cut_one")


def _music(s: State, clauses: list[Clause]) -> None:
    own = [m for m in s.view.library.items if m.role == "music" or m.kind == "audio"]
    if own:
        s.add("add_music", media=own[-1].name)
        return
    # "A calm 20-second video" says how it is to sound, too.
    said = [t for c in clauses if not c.negated for t in c.all("mood.") if t.text not in _music_alone()]
    mood = (said[0].meaning("mood") if said else None) or mood_for(s)
    s.add("add_music", mood=mood)
    for token in said:
        token.used = True
    if said:
        s.assume("mood_from", mood=mood, text=said[0].text)
    else:
        s.assume("mood_default", mood=mood)


@lru_cache(maxsize=1)
def _music_alone() -> frozenset[str]:
    """Kinds of music that are something else wherever music is not spoken of: a house, a country, a club."""
    return frozenset(table("en", "fluff")["music_alone"])


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
