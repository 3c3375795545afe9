"""Texts that stand over certain shots: a caption for each of several, a title on one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import readable
from reelframe.planner.measure import numbers_of
from reelframe.planner.refs import Asked, from_start, text_kind
from reelframe.planner.rules.placing import place
from reelframe.planner.rules.restyle import animate
from reelframe.planner.state import State
from reelframe.planner.style import style_slots
from reelframe.planner.wording import with_words

__all__ = ["captions_in_order", "captions_in_pairs", "captions_of_files", "text_on_shot"]

_FILE_NAMES: Final = re.compile(
    r"\bfile ?names?\b|\bnames? of (?:the|its|their|each) (?:file|photo|image)s?\b|文件名"
    r"|\b(?:with|by) (?:its|their|the(?: product'?s?)?) names?\b"
    r"|\bname (?:captions|labels|tags)\b|\b(?:captions|labels) with (?:the )?names\b"
    r"|(?:写|标|配|加|打)上(?:产品|商品|各自的?)?(?:名字|名称|品名)"
)

# On the shot that was spoken of.
_ON_IT: Final = re.compile(
    r"\b(?:on|onto|over|in|to|under) (?:it|that one|that photo|that shot)\b|(?:在|给)(?:它|上面|这张)"
)
# Photos without words of their own: what could stand there is their names.
_CAPTIONED: Final = re.compile(
    r"\bcaptions? (?:on |for |under )?(?:each|every|all)(?: of)?(?: the| my)? "
    r"(?:photo|picture|image|pic|product|shot)s?\b"
)
_EACH: Final = re.compile(r"\b(?:each|every|all)\b|每|各")
_OF_FILES: Final = "noun. verb. link. scope. says. word"


def captions_of_files(c: Clause, s: State) -> bool:
    """``caption each photo with its file name``, 每张照片配上文件名: what the files are called, over each its own."""
    stills = s.composed and all(m.kind == "image" for m in s.view.shots_to_come)
    bare = stills and not c.source.quotes and _CAPTIONED.search(c.source.text) is not None
    if not (bare or _FILE_NAMES.search(c.source.text)) or c.verb("remove", "change") or c.ever("quote", "ref"):
        return False
    if s.added_names and c.has("noun.caption", "noun.subtitle") and _restyled(c, s):
        return True
    if c.negated:
        return False
    named = _FILE_NAMES.search(c.text) is not None or (bare and _CAPTIONED.search(c.text) is not None)
    if s.added_names:
        if named:
            c.use(_OF_FILES)
        return named
    all_of_them = named and _EACH.search(c.source.text) is not None
    if not all_of_them and not c.ever("scope.all", "noun.caption", "noun.text", "noun.photo"):
        return False
    spot, style = (place(c), style_slots(c)) if named else ({}, {})
    shots = (
        list(s.view.shots_to_come) if s.composed else [s.view.library.get(p.segment.media or "") for p in s.view.shots]
    )
    spans = _spans(s, len(shots)) if shots else None
    if s.composed:
        # Over its own photo, in whatever order they will come.
        spans = [{"target": {"kind": "clip", "name": media.name}} for media in shots if media is not None]
    if not spans:
        return False
    c.use(_OF_FILES)
    for media, span in zip(shots, spans, strict=True):
        if media is not None:
            s.add("add_text", text=readable(media.stem), role="caption", position=spot.get("position"), **span, **style)
    s.texts_added(sum(media is not None for media in shots))
    s.added_names = True
    return True


def _restyled(c: Clause, s: State) -> bool:
    """``…, captions at the top``: those that were just planned."""
    looks = {**style_slots(c), **{k: v for k, v in place(c).items() if k == "position"}}
    for i in s.added if looks else ():
        s.ops[i] = s.ops[i].model_copy(update=looks)
    if looks:
        c.use(_OF_FILES)
    return bool(looks)


def captions_in_order(c: Clause, s: State, noun: str | None) -> bool:
    """``captions: 'One', 'Two', 'Three'``: one after another, over the shots in their order."""
    quotes = c.all("quote")
    if noun not in {"caption", "text", "subtitle"} or len(quotes) < 2 or c.verb("change", "remove"):  # several
        return False
    if "instead of" in c.text or "而不是" in c.text:
        return False
    if c.has("t.", "time", "ref"):
        return False
    spans = _spans(s, len(quotes))
    if spans is None:
        return False
    style, spot = style_slots(c), place(c).get("position")
    c.use("noun.", "verb.", "quote", "link.")
    for token, span in zip(quotes, spans, strict=True):
        s.add("add_text", text=str(token.value), role="caption", position=spot, **span, **style)
    s.texts_added(len(quotes))
    return True


def captions_in_pairs(c: Clause, s: State) -> bool:
    """``Mug 12 €, Vase 30 €``: to each shot that is named its own words; a caption that is there says them then."""
    token = c.get("pairs")
    if token is None or c.verb("remove"):
        return False
    called = c.has("noun.caption", "noun.subtitle") or s.composed or s.view.empty
    instead = c.verb("change") or (called and _says_instead(c))
    style, spot = style_slots(c), place(c).get("position")
    anim = c.get("anim.", "fade.")
    c.use("pairs noun. verb. link. says. scope.")
    begun = len(s.ops)
    for name, text in token.value:
        media = s.view.library.by_name(name)
        number = s.view.shot_of(media) if media is not None and not s.composed else None
        if instead and number is not None and (there := _caption_over(s, number)) is not None:
            s.add("set_text", target=there, text=text)
            continue
        shot = {"kind": "clip", "index": number} if number is not None else {"kind": "clip", "name": name}
        s.add("add_text", text=text, role="caption" if called else "text", position=spot, target=shot, **style)
    s.texts_added(len(s.ops) - begun)
    if anim is not None and s.added_targets:
        s.meant = s.added_targets
        animate(c, s, s.meant[0])
    return True


def _says_instead(c: Clause) -> bool:
    """``the mug should say 'Cup'``, "caption the mug 'Cup'": what stands there says it, and nothing is added."""
    called = c.has("noun.caption", "noun.subtitle")
    return not c.has("verb.add", "verb.write") and (called or (c.has("says.says") and text_kind(c) is None))


def _caption_over(s: State, number: int) -> Target | None:
    """The caption that stands over a shot, by a time in it."""
    shot = s.view.shot(number)
    middle = (shot.start + shot.end) / 2
    there = any(0 <= middle - (text.start_ms or 0) < text.duration_ms for text in s.view.texts_of("caption"))
    return Target(kind="caption", at_s=middle / 1000) if there else None


def _spans(s: State, count: int) -> list[dict[str, Any]] | None:
    """When each of so many texts is seen: with its shot when there are shots enough, else in equal parts."""
    if s.composed:
        made = next((op for op in s.ops if op.op == "compose"), None)
        total = getattr(made, "duration_s", None)
        named = getattr(made, "media", None)
        shares = len(named) if isinstance(named, tuple) else len(s.view.shots_to_come)
        if total is None or count <= shares:
            # With their photos, however long and however many these will be.
            return [{"target": {"kind": "clip", "index": i}} for i in range(1, count + 1)] if count <= shares else None
        edges = [total * i / max(shares, count) for i in range(max(shares, count) + 1)]
    elif len(s.view.shots) >= count:
        edges = [p.start / 1000 for p in s.view.shots] + [s.view.total_s]
    else:
        edges = [s.view.total_s * i / count for i in range(count + 1)]
    if not edges[-1]:
        return None
    return [{"start_s": round(a, 3), "end_s": round(b, 3)} for a, b in pairwise(edges[: count + 1])]


def text_on_shot(c: Clause, s: State) -> bool:
    """``add title 'X' to the second photo``, "on the vase 'New'": words over that shot."""
    quotes = len(c.all("quote"))
    timed = any(t.has("t.", "dur", "time") and not t.has(_LENGTH) for t in c.tokens)
    if quotes and not c.has("t.", "dur", "time") and _one_each(c, s):
        return True
    if _on_another_too(c, s):
        return True
    if quotes > 1 or timed or (c.verb("change") and c.has("says.to")):
        return False
    if s.composed or s.view.empty:
        return s.composed and quotes == 1 and _on_shot_to_come(c, s)
    if not c.verb("add", "write", "show") and not (quotes and _gives_words(c)):
        return False
    if not quotes and c.has("verb.last"):
        # "the title should stay until the vase comes in" says when.
        return False
    if not quotes and (text_kind(c) not in {"text", "caption", "title"} or c.has("says.", "pos.", "color")):
        return False
    numbers = numbers_of(c, s) if any(t.value.noun in _PICTURES for t in c.all("ref")) else _as_before(c, s)
    if not numbers and s.mentioned is not None and s.mentioned.index and _ON_IT.search(c.text):
        numbers = [s.mentioned.index]
    if len(numbers) != 1:
        return False
    if quotes and _says_instead(c) and (there := _caption_over(s, numbers[0])) is not None:
        words = str(c.value("quote"))
        c.use("noun. verb. ref link. says.")
        return s.add("set_text", target=there, text=words)
    shot = s.view.shot(numbers[0])
    start, length = shot.start / 1000, c.value(_LENGTH)
    span = {"start_s": start, "end_s": shot.end / 1000 if length is None else start + length}
    if quotes:
        return _put(c, s, str(c.value("quote")), **span)
    text = with_words(c)
    if text is None:
        half = {"op": "add_text", "role": _role(c, s), **span}
        c.use("noun.", "verb.", "ref", "link.")
        s.ask("what_text", half=half, slot="text")
        raise Asked
    return _put(c, s, text, **span)


def _on_another_too(c: Clause, s: State) -> bool:
    """``"Sale" on the cactus | and the tea set``: the words before, over this shot as well."""
    named = [str(t.value) for t in c.all("upload")]
    last = s.ops[-1] if s.ops else None
    bare = len(named) == 1 and all(t.has("upload link. noun.photo") for t in c.tokens)
    if not bare or c.joined != "and" or last is None or last.op != "add_text" or getattr(last, "target", None) is None:
        return False
    c.use("upload link. noun.photo")
    s.ops.append(last.model_copy(update={"target": Target(kind="clip", name=named[0])}))
    s.texts_added(2)
    return True


def _one_each(c: Clause, s: State) -> bool:
    """``"3", "2", "1" on the first three photos``, "'Sale' on the mug and the vase": one each, or the same on all."""
    shots: list[dict[str, Any]] = [{"kind": "clip", "name": str(t.value)} for t in c.all("upload")]
    refs = [t for t in c.all("ref") if t.value.noun in _PICTURES]
    count = len(s.view.shots_to_come if s.composed else s.view.shots)
    numbers = [from_start(i, count) for t in refs for i in t.value.indexes]
    shots += [{"kind": "clip", "index": i} for i in numbers if 1 <= i <= count]
    words = [str(t.value) for t in c.all("quote")]
    if len(shots) < 2 or len(words) not in {1, len(shots)} or not _gives_words(c):
        return False
    if c.verb("change", "remove") or "instead of" in c.text:
        return False
    role, spot, style = _role(c, s), place(c).get("position"), style_slots(c)
    c.use("noun. verb. ref link. upload quote says.")
    for text, shot in zip(words * (len(shots) if len(words) == 1 else 1), shots, strict=True):
        s.add("add_text", text=text, role=role, position=spot, target=shot, **style)
    s.texts_added(len(shots))
    return True


_PICTURES: Final = frozenset({"photo", "clip", ""})
# How long words stand over their shot; any other time is one of the video.
_LENGTH: Final = "t.for dur"
_PLAIN: Final = (
    "t.for dur quote ref upload ordinal link. says. sep. mark pos. color dir. noun.photo noun.clip anim. "
    "verb.sync verb.add verb.write verb.show"
)


def _gives_words(c: Clause) -> bool:
    """A text is named, or there is nothing but words, where they are to be, and how they look."""
    if any(t.has("verb.") and not t.has(_PLAIN) for t in c.tokens):
        return False
    plain = all(t.has(_PLAIN) or t.text in {"over", "to"} for t in c.tokens)
    return plain or text_kind(c) is not None or c.has("says.says")


def _as_before(c: Clause, s: State) -> list[int]:
    """``…, 'New in' on the second``: a number alone counts pictures when the wish before was about one."""
    if not (s.ops and s.ops[-1].op == "add_text") or not c.has("quote"):
        return []
    places = [t for t in c.all("ordinal", "link.first", "link.last") if not t.has("ref") and t.text.isascii()]
    return [-1 if t.has("link.last") and not t.has("ordinal") else int(t.value or 1) for t in places]


def _role(c: Clause, s: State) -> str:
    """Captions where they are called so, also in the wish before; else words of no kind."""
    before = s.ops[-1] if s.ops and c.joined else None
    going_on = before is not None and getattr(before, "role", "") == "caption" and text_kind(c) is None
    return "caption" if c.has("noun.caption") or going_on else "text"


def _put(c: Clause, s: State, text: str, **where: Any) -> bool:  # noqa: ANN401 -- seconds, or a target
    """A text over a shot, as it is to look and to come."""
    role, spot, style, anim = _role(c, s), place(c).get("position"), style_slots(c), c.get("anim.", "fade.")
    c.use("noun. verb. ref link. upload ordinal says.")
    listed = s.added and s.added[-1] == len(s.ops) - 1 and not c.ever("verb.add", "verb.write", "verb.show")
    s.add("add_text", text=text, role=role, position=spot, **where, **style)
    # "… on the mug, … on the vase": what is said of the looks after them is for all of them.
    s.texts_added(len(s.added) + 1 if listed else 1)
    if anim is not None and s.added_targets:
        animate(c, s, s.added_targets[0])
    return True


def _on_shot_to_come(c: Clause, s: State) -> bool:
    """``a 15-second video with the caption "Mug" on the second photo``: over that shot, wherever it will be."""
    shots = s.view.shots_to_come
    named = [str(t.value) for t in c.all("upload")]
    numbers = [i for t in c.all("ref") if t.value.noun in _PICTURES for i in t.value.indexes]
    numbers = numbers or _as_before(c, s)
    if len(named) + len(numbers) != 1 or not (text_kind(c) is not None or _gives_words(c) or c.has("says.")):
        return False
    length = c.value(_LENGTH)
    if named:
        return _put(c, s, str(c.value("quote")), target={"kind": "clip", "name": named[0]}, duration_s=length)
    number = from_start(numbers[0], len(shots))
    if not 1 <= number <= len(shots):
        s.ask("no_such_clip", index=numbers[0], count=len(shots))
        raise Asked
    return _put(c, s, str(c.value("quote")), target={"kind": "clip", "index": number}, duration_s=length)
