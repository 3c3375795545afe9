"""Texts that stand over certain shots: a caption for each of several, a title on one."""

from __future__ import annotations

import re
from typing import Final

from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import readable
from reelframe.planner.measure import numbers_of
from reelframe.planner.refs import Asked, from_start, text_kind
from reelframe.planner.rules.overlay import place
from reelframe.planner.state import State
from reelframe.planner.style import style_slots
from reelframe.planner.wording import with_words

__all__ = ["captions_in_order", "captions_of_files", "text_on_shot"]

_FILE_NAMES: Final = re.compile(r"\bfile ?names?\b|\bnames? of (?:the|its|their|each) (?:file|photo|image)s?\b|文件名")

_OF_FILES: Final = "noun. verb. link. scope. says. word"


def captions_of_files(c: Clause, s: State) -> bool:
    """``caption each photo with its file name``, 每张照片配上文件名: what the files are called, over each its own."""
    if not _FILE_NAMES.search(c.source.text) or c.negated or c.verb("remove", "change") or c.ever("quote", "ref"):
        return False
    named = _FILE_NAMES.search(c.text) is not None
    if s.added_names:
        c.use(_OF_FILES)
        return named
    if not c.ever("link.each", "scope.per_item", "scope.all", "noun.caption", "noun.text", "noun.photo"):
        return False
    shots = (
        list(s.view.shots_to_come) if s.composed else [s.view.library.get(p.segment.media or "") for p in s.view.shots]
    )
    spans = _spans(s, len(shots)) if shots else None
    if spans is None:
        return False
    c.use(_OF_FILES)
    for media, (start, end) in zip(shots, spans, strict=True):
        if media is not None:
            s.add("add_text", text=readable(media.stem), role="caption", start_s=start, end_s=end)
    s.added_names = True
    return True


def captions_in_order(c: Clause, s: State, noun: str | None) -> bool:
    """``captions: 'One', 'Two', 'Three'``: one after another, over the shots in their order."""
    quotes = c.all("quote")
    if noun not in {"caption", "text", "subtitle"} or len(quotes) < 2 or c.verb("change", "remove"):  # several
        return False
    if c.has("t.", "time", "ref"):
        return False
    spans = _spans(s, len(quotes))
    if spans is None:
        return False
    c.use("noun.", "verb.", "quote", "link.")
    for token, (start, end) in zip(quotes, spans, strict=True):
        s.add("add_text", text=str(token.value), role="caption", start_s=start, end_s=end)
    return True


def _spans(s: State, count: int) -> list[tuple[float, float]] | None:
    """When each of so many texts is seen: with its shot when there are shots enough, else in equal parts."""
    if s.composed:
        made = next((op for op in s.ops if op.op == "compose"), None)
        total = getattr(made, "duration_s", None)
        named = getattr(made, "media", None)
        shares = len(named) if isinstance(named, tuple) else len(s.view.shots_to_come)
        if total is None:
            return None
        edges = [total * i / max(shares, count) for i in range(max(shares, count) + 1)]
    elif len(s.view.shots) >= count:
        edges = [p.start / 1000 for p in s.view.shots] + [s.view.total_s]
    else:
        edges = [s.view.total_s * i / count for i in range(count + 1)]
    if not edges[-1]:
        return None
    return [(round(edges[i], 3), round(edges[i + 1], 3)) for i in range(count)]


def text_on_shot(c: Clause, s: State) -> bool:
    """``add title 'X' to the second photo``: words over that shot; the title of the whole stays."""
    quotes = len(c.all("quote"))
    if s.composed or s.view.empty or quotes > 1:
        return s.composed and quotes == 1 and _on_shot_to_come(c, s)
    if not c.verb("add", "write", "show") and not (quotes and not c.own_verb and text_kind(c) is not None):
        return False
    if not quotes and (text_kind(c) not in {"text", "caption", "title"} or c.has("says.", "pos.", "color")):
        return False
    if c.has("t.", "dur", "time") or not any(t.value.noun in {"photo", "clip", ""} for t in c.all("ref")):
        return False
    numbers = numbers_of(c, s)
    if len(numbers) != 1:
        return False
    shot = s.view.shot(numbers[0])
    role = "caption" if c.has("noun.caption") else "text"
    spot = place(c).get("position")
    span = {"start_s": shot.start / 1000, "end_s": shot.end / 1000}
    if not quotes:
        text = with_words(c)
        c.use("noun.", "verb.", "ref", "link.")
        if text is None:
            s.ask("what_text", half={"op": "add_text", "role": role, **span}, slot="text")
            raise Asked
    else:
        text = str(c.value("quote"))
    style = style_slots(c)
    c.use("noun.", "verb.", "ref", "link.")
    s.add("add_text", text=text, role=role, position=spot, **span, **style)
    s.added_text = len(s.ops) - 1
    return True


def _on_shot_to_come(c: Clause, s: State) -> bool:
    """``a 15-second video with the caption "Mug" on the second photo``: a first cut gives its shots equal shares."""
    made = next((op for op in s.ops if op.op == "compose"), None)
    shots = s.view.shots_to_come
    numbers = [i for t in c.all("ref") if t.value.noun in {"photo", "clip"} for i in t.value.indexes]
    total = getattr(made, "duration_s", None)
    if len(numbers) != 1 or total is None or getattr(made, "media", None) != "all" or text_kind(c) is None:
        return False
    number = from_start(numbers[0], len(shots))
    if not 1 <= number <= len(shots):
        s.ask("no_such_clip", index=numbers[0], count=len(shots))
        raise Asked
    share = total / len(shots)
    role = "caption" if c.has("noun.caption") else "text"
    style, spot, text = style_slots(c), place(c).get("position"), str(c.value("quote"))
    c.use("noun.", "verb.", "ref", "link.")
    s.add(
        "add_text",
        text=text,
        role=role,
        position=spot,
        start_s=round(share * (number - 1), 3),
        end_s=round(share * number, 3),
        **style,
    )
    s.added_text = len(s.ops) - 1
    return True
