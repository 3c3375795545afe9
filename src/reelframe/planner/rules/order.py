"""The order of the shots: moved, swapped, copied, joined."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.measure import numbers_of
from reelframe.planner.refs import Asked, ask_clip, clip_target, from_start, missing_clip, says_it
from reelframe.planner.state import State

# "clip 2 should come first", "clip 3 goes last"
_COMES: Final = re.compile(
    r"\b(?:comes?|goes?|go|be|play|plays|appear|appears) (?:right |directly |just )?"
    r"(?:first|last|at the (?:start|end|beginning|front)|before|after)\b"
)
_BACKWARDS: Final = re.compile(
    r"\b(?:reverse|reversed|opposite|backwards?|inverse) order\b|\bother way (?:a)?round\b"
    r"|\blast to first\b|\bback to front\b"
    r"|\border (?:is )?(?:reversed|backwards)|倒序|反序|逆序|(?:顺序|次序).{0,3}(?:反|倒|颠倒)|(?:反|倒)过来排|颠倒顺序"
)

# 五张图按倒序播放: so many there are.
_COUNTED: Final = re.compile(r"\d+ ?(?:张|个|段|photos|pictures|clips|shots)")
_SHUFFLE: Final = re.compile(r"\b(?:shuffl\w*|mix(?:es|ed)? (?:them |it )?up|jumble\w*|random\w*)\b|打乱|随机|乱序")
# "start with clip 2"
_LEADS: Final = re.compile(
    r"^(?:let's |let us |please |can (?:you|we) |could (?:you|we) |we should |i want to |i'd like to )?"
    r"(start|begin|open|end|finish|close) (?:it |the video )?with (?:clip|photo|shot|scene|the|number|#)"
)

# "clip 3 should open the video", 用第二段做开头: a shot as the first or the last.
_OPENS: Final = re.compile(
    r"(?<!the )(?<!at )\b(?:open|start|begin|lead|kick|close|end|finish)s?(?: off| out)?"
    r"(?: (?:it|things|with it|the (?:video|reel|film|edit|movie|whole thing|show)))?$"
    r"|\b(?:as|be|make it|become|is) (?:the |my |our )?(?:opening|opener|intro|first shot|first clip|ending|closer"
    r"|outro|finale|last shot|last clip)(?: (?:shot|scene|clip))?$"
)
_OPENS_ZH: Final = re.compile(
    r"(?:做|当|当作|当成|作为|作|为|放|放在|放到|来)(?:一个)?(?:开头|片头|开场|第一个镜头|首镜|结尾|片尾|收尾|收场|最后一个镜头)"
    r"|(?:用|以|拿)[^,;。]*?(?:开头|开场|结尾|收尾)$"
)
# "slide from clip 1 to clip 2" is a transition.
_GLIDES: Final = re.compile(r"(?:slide|push|wipe|whip|zoom|fade|dissolve|blend|go|cut)\w* (?:over |across )?from\b")
_CLOSES: Final = re.compile(r"clos|end|finish|outro|finale|last (?:shot|clip)$|尾|收场|最后一个镜头")

__all__ = ["duplicate", "leads", "merge", "reorder", "reverse_order", "swap"]


def leads(c: Clause, s: State) -> bool:
    """``use clip 2 as the opening``, 拿第三段当片头: a shot that becomes the first or the last."""
    if s.composed or s.view.empty or c.negated or c.has("quote t. dur noun.title noun.text noun.music noun.logo fade."):
        return False
    said = _OPENS.search(c.text.rstrip(" .!?")) or _OPENS_ZH.search(c.text)
    refs = [t for t in c.all("ref") if t.value.noun in {"clip", "photo", "video", "one", "media", ""}]
    named = [t for t in c.all("file") if (m := s.view.library.by_name(str(t.value))) and s.view.shot_of(m)]
    if (
        said is None
        or len(refs) + len(named) != 1
        or c.verb("trim", "cut", "remove", "speed_up", "slow_down", "duplicate", "freeze", "loop")
    ):
        return False
    files = (s.view.library.by_name(str(t.value)) for t in named)
    numbers = numbers_of(c, s) or [n for m in files if m is not None and (n := s.view.shot_of(m))]
    shot = next(iter(numbers), 0)
    count = len(s.view.shots)
    if not 0 < abs(shot) <= count:
        raise missing_clip(s, shot)
    c.use("ref file verb. noun. link. scope. word")
    return s.add("reorder", move=(from_start(shot, count), count if _CLOSES.search(said[0]) else 1))


def reverse_order(c: Clause, s: State) -> bool:
    """The last shot first."""
    said = any(t.text == "reverse the order" for t in c.all("verb.reorder"))
    backwards = _BACKWARDS.search(c.text) is not None and not c.has("ref", "noun.title", "noun.text")
    backwards = backwards and (not c.has("num") or _COUNTED.search(c.text) is not None)
    if not said and not backwards and not (c.has("verb.reverse") and c.has("noun.order", "verb.reorder")):
        return False
    c.use("verb.reorder", "verb.reverse", "noun.order", "noun.clip", "noun.photo", "scope.all")
    return s.add("reorder", reverse=True)


_BESIDE: Final = re.compile(r"\b(?:after|before|behind)\b|[前后](?:面|边)?")


def swap(c: Clause, s: State) -> bool:
    """Two shots that change places."""
    if c.ever("noun.music", "noun.title", "noun.text", "noun.logo", "noun.transition", "mood."):
        return False
    exchanged = (
        c.has("verb.change")
        and any(
            t.text.startswith(("switch", "exchang", "换一下", "换换", "换下", "换个")) or t.text == "换"
            for t in c.tokens
        )
        and len(numbers_of(c, s)) == 2
    )
    if (
        not c.has("verb.swap")
        and not exchanged
        and not (c.verb("change") and "换" in c.text and c.has("noun.order", "noun.position"))
    ):
        return False
    numbers = numbers_of(c, s)
    if len(numbers) == 1 and c.has("num") and not c.has("link.first", "link.last"):
        numbers.append(int(c.value("num")))
    if not numbers:
        # "swap the first and the last"
        places = [t for t in c.tokens if t.has("ordinal", "link.first", "link.last")]
        if len(places) == 1 and any(t.has("num") and t.value == 2 for t in c.tokens):
            return s.add("reorder", swap=(1, 2) if places[0].has("link.first") else (-2, -1))
        numbers = [-1 if t.has("link.last") and not t.has("ordinal") else int(t.value or 1) for t in places]
    if len(numbers) < 2:
        named = [n for t in c.all("file") if (m := s.view.library.by_name(str(t.value))) and (n := s.view.shot_of(m))]
        numbers += named
    if len(numbers) < 2 and len(s.view.shots) == 2:
        numbers = [1, 2]
    c.use("verb.swap", "verb.change", "noun.order", "noun.position", "noun.clip", "noun.photo", "ref", "verb.reorder")
    if len(numbers) < 2:
        s.ask("what_order")
        raise Asked
    count = len(s.view.shots)
    a, b = (from_start(n, count) for n in numbers[:2])
    return s.add("reorder", swap=(a, b))


def reorder(c: Clause, s: State) -> bool:
    """A shot to another place, or all of them in an order."""
    if (
        c.verb("reorder")
        and not c.verb("remove")
        and c.has("num", "ref", "file")
        and len(numbers_of(c, s) + c.all("num") + c.all("file")) >= 3
    ):
        names: list[Any] = [m.name for t in c.all("file") if (m := s.view.library.by_name(str(t.value)))]
        order = names or numbers_of(c, s) or [int(t.value) for t in c.all("num")]
        c.use("verb.reorder", "file", "num", "ref", "noun.", "mark")
        return s.add("reorder", order=tuple(order))
    if (
        c.has("verb.reorder")
        and _SHUFFLE.search(c.text)
        and "so " not in c.source.text
        and not c.has("num ref file noun.title noun.text noun.music")
    ):
        count = len(s.view.shots)
        # Every second one, from the back: another order each time it would be noticed, and always the same one.
        shuffled = [*range(count, 0, -2), *range(count - 1, 0, -2)]
        c.use("verb.reorder noun. scope. link.")
        return s.add("reorder", order=tuple(shuffled))
    leads = _LEADS.search(c.text)
    if leads is not None and len(numbers_of(c, s)) == 1 and not c.has("noun.title noun.text noun.music t. dur"):
        (first,) = numbers_of(c, s)
        count = len(s.view.shots)
        c.use("ref verb. noun. link.")
        return s.add(
            "reorder",
            move=(from_start(first, count), count if leads[1] in {"end", "finish"} else 1),
        )
    if _GLIDES.match(c.text) or c.negated:
        return False
    comes = _COMES.search(c.text) is not None and c.has("ref", "file")
    if not (comes or c.verb("move", "set", "make", "add", "reorder", "start")) or (
        c.has("noun.title", "noun.text", "noun.logo", "noun.caption", "noun.music", "dur", "pos.", "noun.transition")
        and not c.has("ref", "file")
    ):
        return False
    if c.has(
        "noun.title noun.text noun.logo noun.caption t.at noun.music quote noun.transition look. fade. "
        "noun.effect noun.ken_burns effect. adjust. noun.contrast "
        "noun.brightness noun.saturation dir.longer noun.speed noun.volume noun.size t.each"
    ) or (c.has("dur") and not c.verb("move", "add", "reorder")):
        return False
    numbers = numbers_of(c, s)
    it = s.mentioned if says_it(c) and _BESIDE.search(c.text) and len(numbers) == 1 else None
    if it is not None and it.index is not None:
        # "the cactus comes too late, put it right after the mug"
        numbers = [it.index, *numbers]
    files = [n for t in c.all("file") if (m := s.view.library.by_name(str(t.value))) and (n := s.view.shot_of(m))]
    put = c.verb("add") and not c.verb("move")
    # "insert clip3.mp4 between clip 1 and clip 2": what is put stands before where.
    known = files or numbers if put else numbers or files
    source: int | None = known[0] if known else None
    copied = bool(s.ops) and s.ops[-1].op == "duplicate"
    if put and ((c.ever("file") and not files) or not (numbers or files or copied)):
        return False
    place = _destination(c, s, numbers, files)
    if place is None:
        return False
    if s.ops and s.ops[-1].op == "duplicate" and "it" in c.text.split() and not numbers:
        s.ops[-1] = s.ops[-1].model_copy(update={"to": place + 1 if place > 1 else 1})
        c.use("verb.add", "verb.move", "noun.", "link.")
        return True
    if source is None:
        target = (
            clip_target(c, s, default="ask")
            if c.verb("move") and c.has("noun.it", "scope.selected", "noun.clip", "noun.photo")
            else None
        )
        if target is None or target.index is None:
            if not c.verb("move"):
                return False
            raise ask_clip(s)
        source = target.index
    count = len(s.view.shots)
    source = from_start(source, count)
    if source == place:
        return False
    c.use("ref file verb.move noun. verb.set verb.make link. verb.add verb.reorder scope. verb.start")
    return s.add("reorder", move=(source, place))


def _destination(c: Clause, s: State, numbers: list[int], files: list[int]) -> int | None:
    count = len(s.view.shots)
    if files and c.verb("add") and c.has("scope.between") and len(numbers) == 2:  # a pair
        return max(numbers) - (1 if files[0] < max(numbers) else 0)
    if len(numbers) >= 2:
        other = from_start(numbers[1], count)
        first = from_start(numbers[0], count)
        words = {t.text for t in c.tokens}
        if "before" in words or "前" in c.text:
            return other - 1 if first < other else other
        # 最后一张 is a shot and no place behind another.
        if "after" in words or "后" in c.text.replace("最后", ""):
            return other if first < other else other + 1
        return other
    if len(files) >= 2:
        return files[1] - (1 if files[0] < files[1] and "before" in c.text else 0)
    if c.has("noun.beginning", "link.first") or "first" in {t.text for t in c.tokens} or "前面" in c.text:
        return 1
    if c.has("noun.ending", "link.last") or "后面" in c.text:
        return count or -1
    position = c.get("num")
    if position is not None and c.has("noun.position", "link.to", "ordinal") and 1 <= position.value <= max(count, 1):
        return int(position.value)
    ordinal = c.get("ordinal")
    if ordinal is not None and numbers:
        return int(ordinal.value)
    own = numbers[0] if numbers else None
    if own is not None and c.has("dir.up", "scope.next", "verb.move"):
        if "earlier" in c.text or "forward" in c.text or "up" in c.text.split() or "往前" in c.text:
            return max(1, own - 1)
        if "later" in c.text or "back" in c.text.split() or "down" in c.text.split() or "往后" in c.text:
            return own + 1
    return None


def duplicate(c: Clause, s: State) -> bool:
    """A copy of a shot, and where it goes."""
    again = c.has("ref") and c.has("noun.ending", "noun.beginning") and any(t.text == "repeat" for t in c.tokens)
    if not (c.has("verb.duplicate") or again) or c.has("noun.title", "noun.text", "noun.caption", "noun.background"):
        return False
    numbers = numbers_of(c, s)
    to = None
    if len(numbers) > 1 and ("after" in c.text or "后" in c.text):
        to = from_start(numbers[1], len(s.view.shots)) + 1
        numbers = numbers[:1]
    elif c.has("noun.ending") or "end" in c.text.split():
        to = len(s.view.shots) + 1
    elif c.has("noun.beginning"):
        to = 1
    target = (
        Target(kind="clip", index=numbers[0]) if numbers else clip_target(c, s, default="ask", op={"op": "duplicate"})
    )
    c.use(
        "verb.duplicate verb.loop ref noun.clip noun.photo noun.ending noun.beginning link. noun.it verb.add "
        "verb.move noun.video"
    )
    return s.add("duplicate", target=target, to=to)


def merge(c: Clause, s: State) -> bool:
    """Shots joined into one."""
    if (
        not c.has("verb.merge", "verb.combine")
        or s.composed
        or (c.has("noun.music", "noun.sound") and not c.has("noun.clip", "noun.video"))
    ):
        return False
    numbers = numbers_of(c, s)
    c.use(
        "verb.merge ref noun.clip noun.video noun.photo noun.media scope. noun.it link. noun.genre file "
        "noun.order verb.combine noun.one"
    )
    targets = tuple({"kind": "clip", "index": i} for i in numbers) if len(numbers) > 1 else None
    return s.add("merge", targets=targets)
