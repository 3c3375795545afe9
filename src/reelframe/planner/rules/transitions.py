"""How shots give way to one another, and fades of the picture."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.vocabulary import Transition
from reelframe.planner.clauses import Clause
from reelframe.planner.grammar import Ref
from reelframe.planner.refs import Asked, clip_target, fades_it, from_start, missing_clip, says_it, touched_kind
from reelframe.planner.state import State
from reelframe.planner.tokens import Token

__all__ = ["rule"]

_FADE_S: Final = 1.0
# Slow and quick transitions, and very slow and very quick ones.
_SLOW_S: Final = (1.0, 1.5)
_QUICK_S: Final = (0.3, 0.2)
_BACK: Final = re.compile(r"\b(?:back )?to (?:black|white)\b")
_VERY: Final = re.compile(r"\b(?:very|really|super|extra|extremely|so)\b|很|非常|特别|超")
# Kinds whose words mean something else too: they count only beside the word "transition" or a place between shots.
_SHY: Final = frozenset(
    [
        "smooth",
        "smoothly",
        "flash",
        "blackout",
        "wipe",
        "whip",
        "dissolve",
        "swipe",
        "fade",
        "zoom",
        "流畅",
        "平滑",
        "丝滑",
        "左滑",
        "右滑",
        "滑动",
        "渐隐",
        "顺滑",
        "circular",
        "闪光",
    ]
)

_FROM_TO: Final = re.compile(
    r"\b(?:slid|push|wip|whip|zoom|fad|dissolv|blend|crossfad)\w* (?:over |across )?from (?:the )?[\w ]*?"
    r"\b(?:to|into)\b"
    r"|从第?\d.*?(?:滑|推|擦|叠|闪|淡|过渡|缩放)\S*?到第?\d"
)
_NAMED: Final = frozenset(["dissolve", "wipe", "swipe", "whip", "flash", "dissolves", "wipes"])


def rule(c: Clause, s: State) -> bool:
    """Transitions, then fades of the picture."""
    return _transition(c, s) or _fade(c, s) or _other_end(c, s)


def _other_end(c: Clause, s: State) -> bool:
    """``fade the music in over 2 seconds | and out over 4``."""
    words = {t.text for t in c.tokens}
    if _BACK.search(c.text):
        words.add("out")
    way = "out" if "out" in words else "in" if "in" in words else ""
    acts = any(t.has("verb.") and not t.has("noun.ending noun.beginning") for t in c.tokens)
    if not way or acts or not s.ops or s.ops[-1].op not in {"fade_audio", "fade_video"}:
        return False
    if c.has("ref") or any(not t.has("noun.ending noun.beginning") for t in c.all("noun.")):
        return False
    slot = f"{way}_s"
    if getattr(s.ops[-1], slot) is not None:
        return False
    seconds = c.value("t.for", "dur", "num") or getattr(s.ops[-1], "in_s", None) or _FADE_S
    c.use("fade.", "link.")
    s.ops[-1] = s.ops[-1].model_copy(update={slot: float(seconds)})
    return True


def _about_text(c: Clause, s: State) -> bool:
    if fades_it(c, s):
        return True
    if s.last is None and says_it(c) and touched_kind(s) in {"text", "logo"}:
        return True
    return c.has("noun.title", "noun.text", "noun.caption", "noun.subtitle", "noun.logo", "noun.lower_third") or (
        (c.has("noun.it") or any(" it " in t.text for t in c.all("fade.")))
        and s.last is not None
        and s.last.kind in {"text", "title", "caption", "logo"}
    )


def _between_two(c: Clause) -> Token | None:
    """``slide from clip 1 to clip 2``: the word that says how, where two shots say from where to where."""
    from_to = _FROM_TO.search(c.text)
    if from_to is None or sum(len(t.value.indexes) for t in c.all("ref")) != 2:  # a pair
        return None
    return c.get("link.from", "link.to", "verb.")


def _transition(c: Clause, s: State) -> bool:
    noun, between = c.get("noun.transition"), c.get("scope.between") or _between_two(c)
    kind = _kind(c, noun is not None or between is not None)
    before = s.ops[-1] if s.ops else None
    goes_on = between is not None and not c.own_verb and c.joined == "and"
    if kind is None and goes_on and isinstance(before, Transition):
        # "remove the crossfade between 2 and 3 and between 4 and 5"
        kind = before.type
    if noun is None and kind is None and not (between and c.has("fade.", "verb.fade", "verb.add")):
        return False
    if noun is None and (kind is None and c.has("file") if between else _about_text(c, s)):
        # "insert beach.jpg between clip 1 and clip 2" is about the file.
        return False
    if (
        noun is None
        and c.verb("remove", "cut", "make", "keep", "trim")
        and kind == "cut"
        and not c.has("scope.no")
        and not goes_on
    ):
        return False
    if c.has("noun.sfx"):
        return False
    edge = c.has("verb.start", "verb.end", "noun.beginning", "noun.ending", "noun.intro", "noun.outro")
    if noun is None and between is None and edge and c.has("fade.black", "fade.white"):
        return False
    where = _where(c, s)
    duration = c.value("t.for", "dur", "t.to", "t.each")
    if duration is None and c.has("verb.shorten", "verb.lengthen"):
        now = max([int(p.segment.get("transition", {}).get("ms", 500)) for p in s.view.shots[1:]] or [500]) / 1000
        duration = round(now * (0.6 if c.has("verb.shorten") else 1.6), 2)
        s.assume("length_step", before=f"{now:g}", after=f"{duration:g}")
    pace = c.get("verb.slow_down", "verb.speed_up")
    if duration is None and pace is not None and pace.has("verb.slow_down") != pace.has("verb.speed_up"):
        # "very slow transitions"
        much = c.has("dir.much") or _VERY.search(c.text) is not None
        duration = (_SLOW_S if pace.has("verb.slow_down") else _QUICK_S)[much]
    taken_off = (c.verb("remove") or c.negated) and not c.verb("add", "change")
    if taken_off:
        s.avoid.add("transition")
        kind = "cut"
        s.whole = s.whole or "negated"
    elif kind is None:
        kind = "crossfade"
        if (
            noun is not None
            and not c.has("fade.", "verb.fade", "dir.shorter", "verb.shorten", "verb.lengthen")
            and duration is None
        ):
            s.assume("transition_default")
    c.use(
        "noun.transition transition. scope.between scope.all noun.clip noun.photo fade. verb.fade verb.add "
        "verb.change verb.remove scope.no noun.video anim. noun.effect dir.little noun.it verb.use noun.middle "
        "effect. look. verb.slow_down verb.speed_up dir.pace_up mood. verb.zoom noun.style noun.animation "
        "scope.selected noun.media verb.cut link.last link.first verb.shorten verb.lengthen"
    )
    return s.add("transition", type=kind, duration_s=duration, **where)


def _kind(c: Clause, sure: bool) -> str | None:  # noqa: FBT001 -- whether transitions are the subject
    for token in c.all("transition."):
        if token.text in _SHY and not sure and not (token.text in _NAMED and c.verb("add", "use", "change", "want")):
            continue
        if token.has("fade.") and not sure:
            continue
        meanings = [t[11:] for t in token.tags if t.startswith("transition.") and t != "transition."]
        if "cut" in meanings and not sure and not c.has("noun.transition"):
            if token.text.startswith(("no ", "without", "无", "不要")):
                return "cut"
            return (
                "cut"
                if "hard" in token.text or "straight" in token.text or "硬" in token.text or "直" in token.text
                else None
            )
        return meanings[0]
    if not sure:
        return None
    if c.has("fade.black"):
        return "fade_black"
    if c.has("fade.white"):
        return "fade_white"
    if c.has("fade.", "verb.fade"):
        return "crossfade"
    words = {t.text for t in c.tokens}
    for word, kind in (
        ("zoom", "zoom"),
        ("slide", "slide"),
        ("sliding", "slide"),
        ("slides", "slide"),
        ("wipes", "wipe"),
        ("push", "push"),
        ("blur", "blur"),
        ("缩放", "zoom"),
        ("滑", "slide"),
        ("推", "push"),
        ("模糊", "blur"),
        ("闪", "flash"),
        ("spin", "whip"),
        ("glitch", "flash"),
    ):
        if word in words or any(word in w for w in words if not w.isascii()):
            return kind
    if c.has("verb.zoom", "noun.ken_burns"):
        return "zoom"
    return "blur" if c.has("effect.blur", "verb.blur") else None


def _where(c: Clause, s: State) -> dict[str, Any]:
    refs = [t for t in c.all("ref") if t.value.noun in {"clip", "photo", "video", "one", "", "transition", "media"}]
    numbers = [i for t in refs for i in t.value.indexes]
    if c.has("scope.between") and len(numbers) < 2:
        plain = [int(t.value) for t in c.all("num")]
        if len(plain) >= 2:
            numbers = plain[:2]
            c.use("num")
    for token in refs:
        token.used = True
    count = len(s.view.shots)
    cuts = [from_start(i, count - 1) for t in refs if t.value.noun == "transition" for i in t.value.indexes]
    if cuts and 0 < cuts[0] < count:
        return {"between": (cuts[0], cuts[0] + 1)}
    if numbers and not s.view.empty and any(not 1 <= abs(i) <= count for i in numbers):
        raise missing_clip(s, max(numbers, key=abs))
    numbers = [from_start(i, count) for i in numbers]
    if len(numbers) >= 2:
        return {"between": (numbers[0], numbers[1])}
    at = c.value("t.at", "time", "t.from")
    if at is not None:
        return {"at_s": at}
    if not numbers and count > 1 and any(t.text in {"cut", "cuts", "transition", "转场"} for t in c.tokens):
        if c.has("link.last"):
            return {"between": (count - 1, count)}
        if c.has("link.first"):
            return {"between": (1, 2)}
    if len(numbers) == 1:
        other = numbers[0] + 1 if numbers[0] < count and not c.has("link.before", "dir.before") else numbers[0] - 1
        if other >= 1 and count > 1:
            return {"between": (min(numbers[0], other), max(numbers[0], other))}
    if c.has("scope.selected") and not c.has("noun.video"):
        point = _selected(s)
        if point is not None:
            return {"between": point}
    return {"between": "all"}


def _selected(s: State) -> tuple[int, int] | None:
    numbers = [n for i in s.context.selection if (n := s.view.number_of(i))]
    if len(numbers) == 1 and numbers[0] < len(s.view.shots):
        return numbers[0], numbers[0] + 1
    return None


def _fade(c: Clause, s: State) -> bool:
    if not c.has("fade.", "verb.fade") or _about_text(c, s) or c.has("noun.music", "noun.sound"):
        return False
    if c.has("noun.logo", "noun.sticker"):
        return False
    ref: Ref | None = next((t.value for t in c.all("ref") if t.value.noun in {"clip", "photo"}), None)
    if ref is not None and not s.clip_range_ok(ref):
        raise missing_clip(s, max(ref.indexes, key=abs))
    target = clip_target(c, s) if c.has("ref") else None
    inwards = c.has("fade.in", "fade.both")
    outwards = c.has("fade.out", "fade.both") or (c.has("fade.black", "fade.white") and not inwards)
    if c.text.find("from black") >= 0 or c.text.find("from white") >= 0:
        inwards, outwards = True, outwards and c.has("fade.out", "fade.both")
    if not inwards and not outwards and ("to black" in c.text or "to white" in c.text):
        outwards = True
    if not inwards and not outwards:
        inwards = c.has("noun.beginning", "noun.intro", "link.first", "t.head")
        outwards = c.has("noun.ending", "noun.outro", "link.last", "t.tail") or not inwards
        if not inwards and not c.has("noun.ending", "noun.outro", "link.last", "t.tail"):
            inwards = True
    if (c.verb("remove") or c.negated) and not c.verb("add"):
        c.use("fade.", "verb.", "noun.video")
        return s.add("fade_video", in_s=0.0 if inwards else None, out_s=0.0 if outwards else None)
    seconds = c.value("t.head") if inwards and not outwards else None
    seconds = (
        seconds
        or c.value("t.for", "dur", "t.tail", "t.head", "t.each", "t.at" if c.verb("add") and c.has("num") else "t.for")
        or _FADE_S
    )
    color = "white" if c.has("fade.white") else c.value("color") or ("black" if c.has("fade.black") else None)
    c.use(
        "fade.",
        "verb.fade",
        "noun.beginning",
        "noun.ending",
        "noun.intro",
        "noun.outro",
        "link.",
        "noun.transition",
        "noun.effect",
        "noun.video",
        "noun.clip",
        "scope.",
        "anim.",
        "transition.",
        "noun.animation",
        "look.cinematic" if "cinematic fade" in c.text else "fade.",
    )
    if seconds > max(s.view.total_s, 1) and not s.view.empty:
        s.ask("no_such_time", total=f"{s.view.total_s:g}", time=f"{seconds:g}")
        raise Asked
    return s.add(
        "fade_video", target=target, in_s=seconds if inwards else None, out_s=seconds if outwards else None, color=color
    )
