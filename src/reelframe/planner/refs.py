"""Which clip, which text: references resolved against the timeline, the selection and what was touched last."""

from __future__ import annotations

import re
from typing import Final

from reelframe.edits.vocabulary import Target, TargetKind
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.grammar import CLIPLIKE, Ref
from reelframe.planner.state import State

__all__ = [
    "TEXTS", "Asked", "clip_target", "clip_targets", "fades_it", "from_start", "over_shots", "says_it",
    "text_kind", "text_target", "touched_kind", "unknown_shot",
]  # fmt: skip

# The nouns for texts, the most telling first, and what they are in the vocabulary.
TEXTS: Final[dict[str, tuple[TargetKind, str]]] = {
    "lower_third": ("text", "lower_third"), "credits": ("text", "credits"), "cta": ("text", "cta"),
    "title": ("title", "title"), "title_card": ("title", "title"), "end_card": ("text", "text"),
    "subtitle": ("subtitle", "subtitle"), "caption": ("caption", "caption"), "text": ("text", "text"),
}  # fmt: skip
_LOOKS: Final = (
    "color hex dir.bold dir.italic dir.bigger dir.smaller font. pos. anim. noun.box noun.outline noun.shadow tlook. "
    "noun.gradient noun.spacing"
)


# "Make that caption bold": the one that was spoken of.
_THAT: Final = re.compile(r"\b(?:that|this) (?:caption|text|title|one|line)\b|[这那][条个句行](?:字幕|文字|标题|字)?")


_ITS: Final = re.compile(r"\bits\b|它的|它上面的")


class Asked(Exception):  # noqa: N818 -- not an error: the clause ended in a question
    """The clause can't be planned before its question is answered."""


def ask_clip(s: State, op: dict[str, object] | None = None) -> Asked:
    """Ask which clip is meant; each shot is a choice."""
    choices = tuple(
        Choice(_label(s, i), ({**op, "target": {"kind": "clip", "index": i}},) if op else ())
        for i in range(1, min(len(s.view.shots), 9) + 1)
    )
    half = None if op is None else {**op, "target": {"kind": "clip"}}
    s.ask("which_clip", choices, half=half, slot="target.index", kind="index")
    return Asked()


def _label(s: State, index: int) -> str:
    name = s.view.shots[index - 1].segment.name
    return f"{index} {name}".strip()


def missing_clip(s: State, index: int, op: dict[str, object] | None = None) -> Asked:
    """Ask for another number: the timeline has no such shot."""
    half = None if op is None else {**op, "target": {"kind": "clip"}}
    s.ask("no_such_clip", index=abs(index), count=len(s.view.shots), half=half, slot="target.index", kind="index")
    return Asked()


def clip_targets(
    c: Clause, s: State, *, default: str = "none", op: dict[str, object] | None = None
) -> tuple[Target | None, ...]:
    """The shots that a clause is about.

    Args:
        c: the clause.
        s: the work.
        default: when it names none: "none" (the whole video, a None), "all" (every shot) or "ask".
        op: the operation so far, for the question.

    Returns:
        One target for each shot that was named; a target without a number means all of them.
    """
    refs = [t for t in c.all("ref") if t.value.noun in CLIPLIKE]
    if refs:
        out: list[Target | None] = []
        for token in refs:
            token.used = True
            ref: Ref = token.value
            if not s.view.empty and not s.clip_range_ok(ref):
                raise missing_clip(s, max(ref.indexes, key=abs), op)
            out.extend(Target(kind="clip", index=i) for i in ref.indexes)
        return tuple(dict.fromkeys(out))
    named = _named(c, s)
    if named:
        return named
    to_come = [str(t.value) for t in c.all("upload")] if s.composed and s.view.empty else []
    if to_come:
        # "the vase in sepia", of a video that this very request makes
        c.use("upload")
        return tuple(Target(kind="clip", name=name) for name in to_come)
    counted = [t for t in c.all("ordinal") if t.text.isalpha() and not c.has("noun.transition noun.caption noun.text")]
    spoken_of = s.mentioned is not None or (s.last is not None and s.last.kind == "clip")
    if counted and spoken_of and all(t.value <= len(s.view.shots) for t in counted):
        # "zoom in on the second photo, out on the fourth"
        for token in counted:
            token.used = True
        return tuple(Target(kind="clip", index=int(t.value)) for t in counted)
    at = c.get("t.at")
    if at is not None and c.has("noun.clip", "noun.photo") and default == "ask":
        at.used = True
        return (Target(kind="clip", at_s=at.value),)
    if c.has("scope.all", "scope.both") and (
        c.has("noun.clip", "noun.photo", "noun.media") or default in {"all", "ask"}
    ):
        return (Target(kind="clip"),)
    count = len(s.view.shots)
    if c.has("link.each") and not c.has("noun.transition"):
        return (Target(kind="clip"),)
    if c.has("noun.middle") and c.has("noun.clip", "noun.photo") and count % 2 == 1:
        return (Target(kind="clip", index=(count + 1) // 2),)
    pointed = _pointed(c, s)
    if pointed is not None:
        return (pointed,)
    if default == "ask":
        if len(s.view.shots) == 1:
            return (Target(kind="clip", index=1),)
        if s.blind and op is not None and (says_it(c) or c.has("scope.selected")):
            return (Target(kind="selection"),)
        raise ask_clip(s, op)
    return (Target(kind="clip"),) if default == "all" else (None,)


def clip_target(c: Clause, s: State, *, default: str = "none", op: dict[str, object] | None = None) -> Target | None:
    """The one shot (or the group) that a clause is about; the first when it names several."""
    return clip_targets(c, s, default=default, op=op)[0]


def _named(c: Clause, s: State) -> tuple[Target | None, ...]:
    out: list[Target | None] = []
    for token in c.all("file"):
        media = s.view.library.by_name(str(token.value))
        if media is None:
            continue
        if number := s.view.shot_of(media):
            token.used = True
            out.append(Target(kind="clip", index=number))
        elif not s.view.empty and not s.composed and c.verb("remove", "move", "swap", "duplicate"):
            s.ask("not_shown", name=media.name)
            raise Asked
    return tuple(out)


def says_it(c: Clause) -> bool:
    """``it`` alone, or inside a verb: "speed it up"."""
    return c.has("noun.it") or any(t.has("verb.", "fade.") and "it" in t.text.split() for t in c.tokens)


def fades_it(c: Clause, s: State) -> bool:
    """``make the title 6 s and add a fade in``: what comes or goes slowly is the text of the wish before."""
    text = s.last is not None and s.last.kind in {"title", "caption", "text"}
    ends = c.has("fade.in", "fade.out", "fade.both") and not c.has("fade.black", "fade.white", "noun.transition")
    before = c.source.text[: c.start].rstrip()
    on = c.joined in {"and", "with"} or before.endswith(("and", "also", "并", "再", "然后"))
    return text and ends and on and not c.has("noun.video noun.music noun.clip noun.photo ref")


def unknown_shot(c: Clause, s: State) -> str | None:
    """花瓶那张: what a shot is called that no file is called; None when none is called so."""
    said = _THAT_ONE.search(c.text)
    if said is None or s.view.empty or c.has("file", "scope.selected"):
        return None
    start, end = c.start + said.start(1), c.start + said.end(1)
    words = [t for t in c.tokens if t.start < end and t.end > start]
    return said[1] if all(t.has("word") for t in words) else None


_THAT_ONE: Final = re.compile(r"(?:[把将让给在]|^)([\u4e00-\u9fff]{1,6}?)那[张段幅]")


def touched_kind(s: State) -> str:
    """What the request before this one changed, when it was one kind of thing: text, logo, bgm; else ""."""
    ids = {*s.context.selection} or {*s.context.touched}
    kinds = {
        kind
        for kind, segments in (("text", s.view.texts), ("logo", s.view.logos), ("bgm", s.view.music))
        for segment in segments
        if segment.id in ids
    }
    if any(p.segment.id in ids for p in s.view.shots) or len(kinds) != 1:
        return ""
    return kinds.pop()


def _pointed(c: Clause, s: State) -> Target | None:
    if (
        not says_it(c)
        and not c.has("scope.selected", "noun.one")
        and not (c.has("noun.clip", "noun.photo") and s.context.selection)
    ):
        return None
    if says_it(c) and s.mentioned is not None and (s.last is None or s.last.kind == "clip"):
        return s.mentioned
    for ids in (s.context.selection, s.context.touched):
        numbers = [n for i in ids if (n := s.view.number_of(i))]
        if len(numbers) == 1:
            return Target(kind="clip", index=numbers[0])
    if s.last is not None and s.last.kind == "clip" and says_it(c):
        return s.last
    return None


def text_kind(c: Clause) -> str | None:
    """Which noun for a text stands in the clause, None when there is none."""
    return next((name for name in TEXTS if c.has(f"noun.{name}")), None)


def text_target(c: Clause, s: State, noun: str | None) -> Target:
    """The text that a clause is about.

    A timeline that has no text of that kind but one other text means that one, which is said.
    """
    if s.later and noun in {None, "text", "subtitle", "caption"}:
        return Target(kind="subtitle")
    if s.added_targets and (noun is None or noun == "text"):
        s.meant = s.added_targets
        return s.meant[0]
    if noun is not None and s.mentioned is not None and s.mentioned.index and _ITS.search(c.text):
        # "… and its caption bigger"
        middle = s.view.shot(s.mentioned.index)
        return Target(kind=TEXTS[noun][0], at_s=(middle.start + middle.end) / 2000)
    spoken_of = s.ops and s.last is not None and s.last.kind in {"title", "caption"}
    if noun == "text" and spoken_of and not c.has("scope.all"):
        # "change the title to 'X', the text bigger"
        return _touched_text(c, s)
    that = _THAT.search(c.text) is not None and s.last is not None and s.last.kind in {"title", "caption", "text"}
    if noun is None or that:
        return _touched_text(c, s)
    kind = TEXTS[noun][0]
    ref = next((t for t in c.all("ref") if t.value.noun == noun or t.value.noun in {"", "one"}), None)
    indexes = ref.value.indexes if ref else ()
    index = next(iter(indexes), None)
    if ref:
        ref.used = True
    have = s.view.texts_meant(kind)
    if noun == "subtitle" and not have and not s.composed and c.has(_LOOKS):
        # Kept for subtitles that are still to come.
        return Target(kind="subtitle")
    over = over_shots(c, s, kind)
    if over:
        s.meant = over
        return over[0]
    if not have and kind == "title" and s.view.texts and not any(t.role for t in s.view.texts):
        have = s.view.texts
    if have:
        if any(abs(i) > len(have) for i in indexes):
            s.ask("no_text", half={"op": "add_text", "role": TEXTS[noun][1]}, slot="text")
            raise Asked
        s.meant = tuple(Target(kind=kind, index=from_start(i, len(have)) if len(indexes) > 1 else i) for i in indexes)
        if s.meant:
            return s.meant[0]
        return Target(kind=kind, index=index)
    if s.composed or s.added:
        return Target(kind=kind, index=index)
    if len(s.view.texts) == 1 and index is None:
        s.assume("only_text", text=s.view.texts[0].text or "")
        return (
            Target(kind="text", name=f"#{s.view.texts[0].id}")
            if s.view.texts[0].role != "title"
            else Target(kind="title")
        )
    s.ask("no_title" if kind == "title" else "no_text", half={"op": "add_text", "role": TEXTS[noun][1]}, slot="text")
    raise Asked


def over_shots(c: Clause, s: State, kind: TargetKind) -> tuple[Target, ...]:
    """``the caption on photo 3``: the texts that stand over the shots that are named, by a time in each."""
    refs = [t for t in c.all("ref") if t.value.noun in {"photo", "clip"}]
    if not refs or s.composed or s.view.empty or c.verb("move", "add", "duplicate"):
        return ()
    targets = []
    for token in refs:
        token.used = True
        if not s.clip_range_ok(token.value):
            raise missing_clip(s, max(token.value.indexes, key=abs))
        for number in token.value.indexes:
            shot = s.view.shot(number)
            middle = (shot.start + shot.end) / 2
            there = any(0 <= middle - (t.start_ms or 0) < t.duration_ms for t in s.view.texts_of(kind))
            # What stands over one shot is called its title as well.
            targets.append(Target(kind=kind if there else "text", at_s=middle / 1000))
    return tuple(targets)


def _touched_text(c: Clause, s: State) -> Target:
    if s.last is not None and s.last.kind in {"title", "caption", "subtitle", "text"}:
        if s.last in s.meant_before:
            s.meant = s.meant_before
            return s.meant[0]
        return s.last
    for ids in (s.context.selection, s.context.touched):
        found = [t for t in s.view.texts if t.id in ids]
        if len(found) == 1:
            return (
                Target(kind="title")
                if found[0].role == "title" and len(s.view.titles) == 1
                else Target(kind="text", name=f"#{found[0].id}")
            )
    if s.view.titles and len(s.view.texts) == len(s.view.titles) == 1:
        return Target(kind="title")
    if len(s.view.texts) == 1:
        return Target(kind="text", index=1)
    if not s.view.texts:
        s.ask("no_text", half={"op": "add_text", "role": "text"}, slot="text")
        raise Asked
    if c.ever("noun.font font.") or (c.ever("scope.all") and c.ever("dir.upper dir.lower dir.title_case")):
        # A typeface alone is for everything that is read; so is "everything in lower case".
        return Target(kind="text")
    s.ask("which_text", tuple(Choice(t.text or "") for t in s.view.texts[:6]))
    raise Asked


def from_start(number: int, count: int) -> int:
    """A shot's number, 1 the first one, also of one that was counted from the end (-1 the last one of ``count``)."""
    return number if number > 0 else count + 1 + number
