"""Whether a clause asks for a video to be made."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.lexicon import table
from reelframe.planner.state import State

__all__ = ["asks_for_video", "has_material", "tells_what_of"]

_OUR_OWN: Final = re.compile(r"(?:take|use) (?:my|our|the|these|this)\b")
_MADE_OF: Final = re.compile(r"\b(?:create|make|turn|combine|build|produce|generate|merge|video|slideshow|reel|put)\b")
# "a vertical 20-second TikTok": the platform's name for what is posted there.
_POST: Final = re.compile(r"\ban? (?:(?!version|for|to|of|in)[\w:.-]+ ){0,4}(?:tiktok|reel|short|story)\b(?! version)")
_AGAIN: Final = re.compile(r"\b(?:back|again)\b|回去|回来|重新")
_FROM_THESE: Final = re.compile(
    r"\b(?:from|of|out of|with|using) (?:all )?(?:these|those|my|our|the|everything|what)\b"
    r"|\b(?:these|those|them|everything|it all|all this)(?: up)? (?:together )?into\b"
)
# "Make me something nice with these photos".
_SOMETHING: Final = re.compile(r"\bsomething\b|点什么|点东西|个东西")
_ONE_PART: Final = "noun.title noun.text noun.music noun.logo noun.caption quote"
_VIDEOS: Final = frozenset(
    ["video", "videos", "movie", "film", "edit", "视频", "影片", "短视频", "片子", "成片", "录像"]
)
_OF: Final = frozenset({"of", "from", "with", "using", "use", "用", "以"})


def asks_for_video(c: Clause, s: State) -> bool:
    """``Turn these photos into a 30-second video``, "slideshow of the garden", "our family trip to the lakes"."""
    if (
        not s.view.empty
        and (not c.own_verb or c.verb("make", "create"))
        and c.has("noun.one", "noun.version", "noun.genre", "noun.video")
        and c.has("ref", "scope.photos_only")
        and tells_what_of(c)
        and not c.has("quote", "noun.title", "noun.text", "noun.music")
        and (c.has("platform.", "aspect", "dur", "t.for") or c.verb("make", "create"))
    ):
        return True
    if _names_occasion(c, s) or _names_kind(c):
        return True
    if s.view.empty and c.has("verb.create", "verb.make") and _SOMETHING.search(c.text) and not c.has(_ONE_PART):
        return True
    shown = c.own_verb and c.verb("show") and c.has("noun.photo", "noun.media")
    if s.view.empty and shown and not c.has("t. dur quote noun.title noun.text noun.logo noun.caption"):
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
        return s.view.empty or c.has("dur", "t.for") or has_material(c)
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
    if c.has("verb.show verb.write noun.text noun.title quote"):
        # 把这句话显示在第一张图上 says where words are to stand.
        return False
    spoken = [t for t in c.tokens if t.text not in {"a", "an", "the", "my", "our", "short", "quick", "little"}]
    return (
        len(spoken) > 2 and spoken[0].has("noun.genre") and spoken[1].text in {"of", "from", "with"}
    )  # the kind, "of", and what


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


def tells_what_of(c: Clause) -> bool:
    """``a square one of the first three``: numbers that say what the video is made of, and not what to do with them."""
    spoken = [t for t in c.tokens if t.text not in {"the", "my", "a", "only", "just"}]
    return c.has("scope.photos_only") or any(
        before.text.split(" ")[-1] in _OF and after.has("ref", "file") for before, after in pairwise(spoken)
    )


def has_material(c: Clause) -> bool:
    """Whether it says what the video is to be made of."""
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
