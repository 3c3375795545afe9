"""Files that come into a video that is there: in the place of a shot, or as new shots."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.vocabulary import Target
from reelframe.media.formats import ACCEPTED
from reelframe.media.model import Media
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import numbers_of
from reelframe.planner.refs import Asked, clip_target, from_start, missing_clip
from reelframe.planner.state import State
from reelframe.planner.tokens import Token

__all__ = ["rule"]

_NEW: Final = re.compile(
    r"\bnew(?:est|ly)?\b|\b(?:just|i) (?:uploaded|added)\b|\bjust sent\b|\bunused\b|\bfresh\b|\blatest\b"
    r"|新的?(?:上传|照片|图|素材|视频|片段|那)|刚(?:才)?(?:上传|传|发|加)|我上传的|没用(?:过|上)的"
)
_ANOTHER: Final = re.compile(
    r"\b(?:another|a different|other|new) (?:photo|picture|image|clip|shot|one|file|video)\b|素材|照片|图片"
)
_OWN: Final = r"(?:一[个段张]|我(?:上传|拍|录|准备)?的|另外?一个|新的?)*"
_THING: Final = r"(\S*?(?:素材|画面|视频|照片|图片|镜头|截图|录屏|片段))"
_BECOMES: Final = re.compile(
    rf"(?:换成|替换成|替换为|换为|改成|改为|换上){_OWN}{_THING}$"
    rf"|用{_OWN}{_THING}(?:来)?(?:替换|换掉|代替|替)"
    r"|\b(?:with|for|to) (?:(?:my|our|the|a|an|some|this) )*"
    r"((?:[\w'-]+ )+(?:footage|photo|picture|video|clip|shot|image|screenshot|recording))$"
)
_PICTURE: Final = ("noun.photo", "noun.clip", "noun.media", "noun.one", "noun.video", "noun.it", "ref")
_ELSE: Final = (
    "noun.title noun.text noun.caption noun.subtitle noun.music noun.sound noun.background noun.transition noun.size "
    "noun.color noun.font noun.speed noun.order noun.lower_third noun.cta noun.aspect quote says.says look. mood. "
    "effect. adjust. dir. platform. height format"
)
_USED: Final = "verb. noun. ref file link. scope. word says.to t.at time"


def rule(c: Clause, s: State) -> bool:
    """``swap the second photo for beach.jpg``, "add the new clip after the first"."""
    if s.composed or s.view.empty or c.negated or c.has(*_ELSE.split()):
        return False
    return _replace(c, s) or _insert(c, s)


def _files(c: Clause, s: State) -> list[tuple[Token, Media]]:
    """The pictures that are named, in the order of the words."""
    found = ((t, s.view.library.by_name(str(t.value))) for t in c.all("file"))
    return [(t, m) for t, m in found if m is not None and m.kind != "audio"]


def _replace(c: Clause, s: State) -> bool:
    changing = c.has("verb.change", "verb.swap") or ("instead of" in c.text and c.verb("use", "show", "add", "make"))
    if not changing or c.has("t.range"):
        return False
    files = _files(c, s)
    numbers = numbers_of(c, s)
    logo = c.has("noun.logo", "noun.watermark") and bool(s.view.logos)
    instead = c.text.find("instead of")
    new: Media | None = None
    target: Target | None = None
    if files and instead >= 0 and numbers:
        new = files[0][1]
    elif len(files) >= 2:  # the old one and the new one
        old, new = (files[1][1], files[0][1]) if instead >= 0 else (files[0][1], files[1][1])
        number = s.view.shot_of(old)
        if number is None:
            s.ask("not_shown", name=old.name)
            raise Asked
        if c.has("verb.swap") and s.view.shot_of(new) is not None and not c.has("says.to", "link.for"):
            # Two shots of the video that change places.
            return False
        target = Target(kind="clip", index=number)
    elif files and (numbers or logo):
        new = files[0][1]
    elif not files and len(numbers) == 1 and (meant := _described(c)) and not s.view.unused:
        return _expected(c, s, numbers[0], meant)
    elif not files and len(numbers) == 1 and (_NEW.search(c.text) or _ANOTHER.search(c.text) or c.has("noun.media")):
        new = _unused(s, c)
    elif files and c.has("noun.it", "scope.selected", "noun.one"):
        new, target = files[0][1], clip_target(c, s, default="ask")
    else:
        return False
    if target is None:
        if len(numbers) != 1 and not logo:
            return False
        target = Target(kind="clip", index=numbers[0]) if numbers else Target(kind="logo")
    if (
        new is not None
        and files
        and c.has("verb.swap")
        and s.view.shot_of(new)
        and not re.search(r"\bfor\b|换成|替换", c.text)
    ):
        return False
    c.use(*_USED.split())
    if new is None:
        half: dict[str, Any] = {"op": "replace_media", "target": target.model_dump(exclude_none=True)}
        s.ask("which_file", half=half, slot="media", kind="name")
        raise Asked
    return s.add("replace_media", target=target, media=new.name)


def _described(c: Clause) -> str:
    """What is to take a shot's place, in words: 换成产品界面素材, "replace clip 2 with the factory footage"."""
    found = _BECOMES.search(c.text)
    return "" if found is None else next(group for group in found.groups() if group).strip()


def _expected(c: Clause, s: State, number: int, meant: str) -> bool:
    """A file that nobody has uploaded yet: laid over that shot's time under the name that was given to it.

    Applying it says that there is no such file, and what to do; with the file there, it is ``replace_media``.
    """
    count = len(s.view.shots)
    number = from_start(number, count)
    if not 1 <= number <= count:
        raise missing_clip(s, number)
    shot = s.view.shots[number - 1]
    c.use(*_USED.split())
    s.assume("file_expected", name=meant)
    return s.add("overlay", media=meant[:200], start_s=shot.start / 1000, end_s=shot.end / 1000)


def _unused(s: State, c: Clause) -> Media | None:
    """The newest upload when a new one was asked for, else the only one that the video does not show."""
    every = [m for m in s.view.library.shots if m not in s.view.logo_files]
    if c.has("noun.photo") and not c.has("noun.clip"):
        every = [m for m in every if m.kind == "image"] or every
    if _NEW.search(c.text):
        shown = [m for m in every if s.view.shot_of(m) is None]
        # Uploads come in the order in which they were made; without any that is new there is nothing to take.
        return every[-1] if shown else None
    left = [m for m in every if s.view.shot_of(m) is None]
    return left[0] if len(left) == 1 else None


def _insert(c: Clause, s: State) -> bool:
    if not c.has("verb.add") or c.has(
        "noun.logo", "noun.watermark", "noun.pip", "noun.sticker", "pos.", "scope.corner"
    ):
        return False
    if c.has("verb.remove", "verb.move", "verb.swap", "verb.duplicate", "noun.title_card", "noun.end_card", "overlay"):
        return False
    files = [m for _, m in _files(c, s) if s.view.shot_of(m) is None]
    if not files and (missing := _missing(c, s)) and (c.has("ref") or numbers_of(c, s)):
        place = _place(c, s)
        c.use(*_USED.split())
        for name in missing:
            s.assume("file_expected", name=name)
        return s.add("insert_media", media=missing, to=place)
    if not files and not c.has("file") and _NEW.search(c.text) and c.has(*_PICTURE):
        left = [m for m in s.view.unused if m not in s.view.logo_files]
        several = any(t.has("noun.photo", "noun.clip", "noun.one") and t.text.endswith("s") for t in c.tokens)
        newest = _unused(s, c)
        files = left if several or c.has("scope.all") else [newest] if newest else []
    if not files or all(m in s.view.logo_files for m in files):
        return False
    at = c.value("t.at", "time", "nth_time", "t.from")
    length = c.value("t.for", "dur")
    place = None if at is not None else _place(c, s)
    if at is not None and at > s.view.total_s:
        s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{at:g}")
        raise Asked
    c.use(*_USED.split())
    return s.add("insert_media", media=tuple(m.name for m in files), to=place, at_s=at, duration_s=length)


def _missing(c: Clause, s: State) -> tuple[str, ...]:
    """Pictures that are named and that nobody has uploaded yet."""
    names = [str(t.value) for t in c.all("file")]
    pictures = {e for f in ACCEPTED.values() if f.kind in {"image", "video"} for e in f.extensions}
    return tuple(n for n in names if s.view.library.by_name(n) is None and n.rpartition(".")[2].lower() in pictures)


def _place(c: Clause, s: State) -> int | None:
    """The place among the shots, None for the end."""
    count = len(s.view.shots)
    numbers = [from_start(n, count) for n in numbers_of(c, s)]
    words = set(c.text.split())
    known = next(
        (n for t in c.all("file") if (m := s.view.library.by_name(str(t.value))) and (n := s.view.shot_of(m))), None
    )
    if known is not None:
        numbers.append(known)
    if len(numbers) >= 2 or (numbers and c.has("scope.between", "link.between")):  # between two shots
        return min(numbers) + 1
    if numbers:
        if "before" in words or re.search(r"前面|之前|前$", c.text):
            return numbers[0]
        if "after" in words or re.search(r"后面|之后|后$|后边", c.text):
            return numbers[0] + 1 if numbers[0] < count else None
        return numbers[0]
    if c.has("noun.beginning", "noun.intro", "link.first") or "first" in words or "最前" in c.text:
        return 1
    if c.has("noun.middle"):
        return count // 2 + 1
    return None
