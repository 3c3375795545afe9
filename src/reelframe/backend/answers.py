"""What is said in answer to a request, in the user's language.

What changed, from what to what; what was assumed; what can't be done, and the nearest thing that can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Final

from reelframe.backend.refusals import in_chinese
from reelframe.backend.wording import FIELDS, KINDS, PHRASES, REASONS, VALUES
from reelframe.draft import Brand, Change, Draft, clock, diff
from reelframe.edits.plan import Refusal
from reelframe.edits.words import value as named_value
from reelframe.errors import PlanError
from reelframe.media.model import Library

__all__ = [
    "assumed", "changed", "composed", "failure", "listed", "phrase", "refused", "speaks", "stepped", "text_look",
    "touched",
]  # fmt: skip

# Keys of `m` that say nothing to a person, or that another line says better.
_SILENT: Final = frozenset(
    {"seed", "project", "media", "in", "id", "width", "height", "fps", "role", "music", "language", "output"}
)
_LONGEST_LABEL: Final = 60
# The looks of texts, the usual one first; and the roles that stand on the picture itself.
_TEXT_LOOKS: Final = {"clean": "简洁", "bold": "醒目", "elegant": "典雅"}
_ON_PICTURES: Final = frozenset({"title", "text", "caption"})
# So many steps are named one by one.
_NAMED_STEPS: Final = 3
_COUNTED: Final = re.compile(r"\b(\d+) (\w+)\(s\)")
_IN_MS: Final = frozenset({"fade_in", "fade_out", "ms", "in_ms", "out_ms"})
# Shares of the frame's height, and settings that have a usual value where none is set.
_OF_HEIGHT: Final = frozenset({"size", "dx", "dy"})
_STYLED: Final = frozenset(
    {"size", "color", "font", "align", "position", "bold", "italic", "case", "fit", "background", "speed", "volume"}
)
_SWITCHES: Final = frozenset({"bold", "italic", "reverse", "loop", "freeze"})
# More moved segments of one kind than this are told by their number.
_LISTED: Final = 2
_ON_A_LINE: Final = 2


def speaks(language: str) -> str:
    """The language of answers for a session's language: "zh" for any Chinese, else "en"."""
    return "zh" if language.lower().startswith("zh") else "en"


def phrase(key: str, language: str, **values: Any) -> str:  # noqa: ANN401 -- whatever the phrase shows
    """A fixed sentence, its places filled in; "3 step(s)" becomes "3 steps"."""
    text = PHRASES[key][speaks(language)].format(**values)
    return _COUNTED.sub(lambda m: f"{m[1]} {m[2]}{'' if m[1] == '1' else 's'}", text)


def listed(sentences: Iterable[str], language: str) -> str:
    """Sentences as one text: a few on one line, more as a list."""
    told = list(sentences)
    if len(told) > _ON_A_LINE:
        return "\n".join(f"- {one}" for one in told)
    return ("" if speaks(language) == "zh" else " ").join(told)


def changed(before: Draft, after: Draft, language: str) -> list[str]:
    """What is different now, a sentence each; [] when nothing is that a person would see."""
    which = speaks(language)
    stop = "。" if which == "zh" else "."
    told = _told(diff(before, after), before, after, which)
    return [f"{one[:1].upper()}{one[1:].rstrip('.。')}{stop}" for one in told]


def composed(after: Draft, library: Library, language: str) -> str:
    """A first cut, told by what it has become."""
    which = speaks(language)
    kinds = [one.kind for s in (after.main.segments if after.main else ()) if (one := library.get(s.media or ""))]
    photos, clips = kinds.count("image"), kinds.count("video")
    if which == "zh":
        parts = [f" {photos} 张照片" if photos else "", f" {clips} 段视频" if clips else ""]
        what = "和".join(filter(None, parts)) or "文字"
        return phrase("composed", which, what=f"{what}", seconds=clock(after.duration_ms), canvas=_canvas(after))
    counted = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((photos, "photo"), (clips, "clip")) if n]
    what = " and ".join(counted) or "text"
    return phrase("composed", which, what=what, seconds=clock(after.duration_ms), canvas=_canvas(after))


def stepped(key: str, labels: Iterable[str], language: str) -> str:
    """What was undone or redone, by the words that had asked for it.

    Args:
        key: "undone" or "redone".
        labels: of the steps, in the order in which they were gone through; "" for one that no words asked for.
        language: of the answer.
    """
    which = speaks(language)
    named = [_labelled(label, which) for label in labels]
    if len(named) <= _NAMED_STEPS:
        comma, both = ("、", "和") if which == "zh" else (", ", " and ")
        return phrase(key, which, what=both.join(filter(None, [comma.join(named[:-1]), named[-1]])))
    return phrase(key, which, what=phrase("steps", which, count=len(named), first=named[0], last=named[-1]))


def _labelled(label: str, which: str) -> str:
    words = " ".join(label.split())
    if not words:
        return PHRASES["by_hand"][which]
    short = words if len(words) <= _LONGEST_LABEL else f"{words[: _LONGEST_LABEL - 1]}…"
    if which == "zh":
        # A quotation inside of one has the other marks.
        return f"「{short.replace('「', '『').replace('」', '』')}」"
    return f'"{short}"'.replace('"', "'") if '"' in short else f'"{short}"'


def failure(error: PlanError, language: str) -> tuple[str, str]:
    """What can't be done, and what to do about it, in the language of the answer as far as its words are known."""
    if speaks(language) != "zh":
        return error.message, error.hint
    message = in_chinese(error.message)
    if message is None:
        return error.message, error.hint
    # A hint that nobody put into Chinese would only be half a help.
    return message, in_chinese(error.hint) or ""


def refused(refusals: Iterable[Refusal], language: str) -> list[str]:
    """What can't be done, why, and what can be done instead."""
    which = speaks(language)
    # What can be done instead says why as well, where there is something.
    return [PHRASES["refused"][which].format(what=r.what, why=r.nearest or REASONS[r.reason][which]) for r in refusals]


def assumed(assumptions: Iterable[str], language: str) -> str:
    """What was chosen without being asked for; "" when nothing was."""
    sentences = [one.strip() for one in assumptions]
    return phrase("assumed", language, what="\n".join(f"- {one}" for one in sentences)) if sentences else ""


def text_look(before: Draft, after: Draft, language: str) -> tuple[str, ...]:
    """How the first words over a picture will look, where nobody said it: chosen by the mood and by what is behind."""

    def free(draft: Draft) -> bool:
        return any(s.role in _ON_PICTURES and not (s.get("style") or {}) for s in draft.segments if s.text is not None)

    if free(before) or not free(after) or Brand.of_draft(after).look:
        return ()
    names = _TEXT_LOOKS if speaks(language) == "zh" else {name: name for name in _TEXT_LOOKS}
    chosen = str(after.get("text_look") or "clean")
    others = ("、" if speaks(language) == "zh" else ", ").join(names[name] for name in names if name != chosen)
    return (phrase("text_look", language, look=names.get(chosen, chosen), others=others),)


def touched(before: Draft, after: Draft) -> tuple[str, ...]:
    """The ids of segments that are new or different, in the order of the timeline."""
    old = {p.segment.id: (p.segment, p.start) for t in before.tracks for p in t.placed}
    return tuple(
        p.segment.id
        for t in after.tracks
        for p in t.placed
        if p.segment.id and _moved(old.get(p.segment.id), p.segment, p.start)
    )


def _moved(old: tuple[Any, int] | None, segment: Any, start: int) -> bool:  # noqa: ANN401 -- Segments
    # A shot that only stands elsewhere because one before it became shorter was not touched.
    return (
        old is None
        or old[0].replace(m=_placeless(old[0])) != segment.replace(m=_placeless(segment))
        or (
            old[1] != start
            and "start" in (segment.m or {})
            and old[0].duration_ms == segment.duration_ms
            and segment.role in {"overlay", "logo"}
        )
    )


def _placeless(segment: Any) -> dict[str, Any]:  # noqa: ANN401 -- a Segment
    return {key: value for key, value in (segment.m or {}).items() if key != "start"}


def _canvas(draft: Draft) -> str:
    width, height = int(draft.get("width", 1920)), int(draft.get("height", 1080))
    shape = Fraction(width, height) if height else Fraction(1)
    return f"{width}x{height} ({shape.numerator}:{shape.denominator})"


def _told(changes: tuple[Change, ...], before: Draft, after: Draft, language: str) -> Iterator[str]:
    if not after.tracks:
        yield PHRASES["emptied"][language]
        return
    if not before.tracks:
        yield after.summary(language)
        return
    if _canvas(before) != _canvas(after):
        yield PHRASES["canvas"][language].format(before=_canvas(before), after=_canvas(after))
    if (old := before.get("fps", 30)) != (new := after.get("fps", 30)):
        yield PHRASES["rate"][language].format(before=f"{old:g}", after=f"{new:g}")
    reordered = any(c.field == "order" and c.after for c in changes)
    told = [c for c in changes if not _silent(c, reordered=reordered)]
    grouped = {
        (action, field, kind)
        for action, field, kind in {(c.action, c.field, c.what) for c in told}
        if (action in {"added", "removed"} or field == "timing")
        and sum((c.action, c.field, c.what) == (action, field, kind) for c in told) > _LISTED
    }
    for change in told:
        key = (change.action, change.field, change.what)
        if key not in grouped:
            yield from _sentence(change, language)
    for action, field, kind in sorted(grouped):
        group = [c for c in told if (c.action, c.field, c.what) == (action, field, kind)]
        names = ("、" if language == "zh" else ", ").join(dict.fromkeys(c.name for c in group if c.name))
        word = "retimed" if action == "changed" else action
        yield phrase(word, language, count=len(group), what=KINDS[kind][language], names=names)


def _silent(change: Change, *, reordered: bool) -> bool:
    """Whether another sentence says it, or nobody needs to know."""
    if change.field in _SILENT or (change.field == "order" and not change.after):
        return True
    # Shots that changed places have other times, and the first one nothing to cross-fade from.
    return reordered and change.what == "video" and change.field in {"timing", "transition"}


def _sentence(change: Change, language: str) -> Iterator[str]:
    plain = {"duration", "order", "text", "timing", "volume"}
    if change.action == "changed" and change.field not in plain:
        yield from _field(change, language)
    else:
        yield change.text(language)


def _field(change: Change, language: str) -> Iterator[str]:
    """A key of ``m``: from what to what; of a group of settings only those that differ."""
    noun = KINDS.get(change.what, KINDS["other"])[language]
    quoted = f"「{change.name}」" if language == "zh" else f' "{change.name}"'
    thing = f"{noun}{quoted}" if change.name else noun
    old, new = change.before, change.after
    name = _word(change.field, language)
    pairs = [(name, change.field, old, new)]
    if isinstance(old, dict) or isinstance(new, dict):
        a, b = old if isinstance(old, dict) else {}, new if isinstance(new, dict) else {}
        differ = [k for k in dict.fromkeys([*a, *b]) if a.get(k) != b.get(k)]
        pairs = [(" ".join(filter(None, [name, _word(k, language)])), k, a.get(k), b.get(k)) for k in differ]
    if language == "zh":
        parts = [
            f"{word.replace(' ', '')}现在是 {_value(k, y, language)}（原为 {_value(k, x, language)}）"
            for word, k, x, y in pairs
        ]
        yield f"{thing}：{'，'.join(parts)}"
        return
    parts = [f"{word} is now {_value(k, y, language)} (was {_value(k, x, language)})" for word, k, x, y in pairs]
    yield f"{thing}: {', '.join(parts)}"


def _word(key: str, language: str) -> str:
    return FIELDS[key][language] if key in FIELDS else key.replace("_", " ")


def _value(key: str, value: Any, language: str) -> str:  # noqa: ANN401 -- metadata is anything
    if value is None:
        return VALUES["off" if key in _SWITCHES else "default" if key in _STYLED else "none"][language]
    if isinstance(value, bool):
        return VALUES["on" if value else "off"][language]
    if isinstance(value, (int, float)):
        return _number(key, value, language)
    if isinstance(value, dict):
        inner = [f"{_word(k, language)} {_value(k, v, language)}" for k, v in value.items() if k != "name"]
        return " ".join([*([str(value["name"])] if "name" in value else []), *inner])
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(key, one, language) for one in value) or VALUES["none"][language]
    return VALUES[value][language] if value in VALUES else named_value(value)[language == "zh"]


def _number(key: str, value: float, language: str) -> str:
    if key in _IN_MS:
        return f"{clock(round(value))}{' 秒' if language == 'zh' else 's'}"
    return f"{value:.1%}" if key in _OF_HEIGHT else f"{value:g}"
