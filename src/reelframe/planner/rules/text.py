"""Texts over the picture, cards, subtitles: their words, looks, places, times and animations."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.defaults import title_for
from reelframe.planner.refs import TEXTS, Asked, text_kind, text_target
from reelframe.planner.rules.overlay import place
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.style import style_slots

__all__ = ["rule"]

_SUBTITLE_FILES: Final = re.compile(r"\.(srt|vtt|ass|lrc)$", re.IGNORECASE)
_NAME: Final = re.compile(
    r"\b(?:channel|brand|company|shop|store|business|band|podcast|cafe|restaurant|startup|agency)(?: name| called| named)?,? ([A-Z][\w&'’]*(?: [A-Z][\w&'’]*)*)"
)
_FOR: Final = re.compile(r"\bfor ((?!(?:Instagram|TikTok|YouTube|Reels|Facebook)\b)[A-Z][\w'’.]*(?: [A-Z][\w'’.]*)*)")
_CARD_S: Final = 3.0
_NEW: Final = frozenset(
    [
        "add",
        "insert",
        "include",
        "adding",
        "append",
        "introduce",
        "attach",
        "加",
        "加上",
        "加个",
        "添加",
        "加一个",
        "插入",
        "增加",
        "来个",
        "加入",
        "再加",
        "添个",
        "配上",
    ]
)
_NOT_TEXT: Final = frozenset({"that", "it", "bigger", "smaller", "something", "else", "different", "more", "a", "the"})


def rule(c: Clause, s: State) -> bool:
    """Everything that is read."""
    return _subtitles(c, s) or _card(c, s) or _text(c, s)


def _subtitles(c: Clause, s: State) -> bool:
    file = next((t for t in c.all("file") if _SUBTITLE_FILES.search(str(t.value))), None)
    form = next((t for t in c.all("format") if t.value in {"srt", "vtt"}), None)
    if file is None and not (
        form
        and c.has("noun.subtitle", "noun.caption", "file", "noun.media", "verb.use", "verb.add")
        and not c.verb("export", "create", "generate", "make")
    ):
        return False
    if c.verb("export") and not c.verb("add"):
        return False
    style = style_slots(c)
    c.use(
        "file" if file else "format",
        "format",
        "noun.subtitle",
        "noun.caption",
        "verb.add",
        "verb.use",
        "noun.video",
        "noun.font",
        "noun.media",
        "noun.text",
    )
    if file is None:
        return s.ask("ask_subtitles", half={"op": "add_subtitles"}, slot="source", kind="name")
    if s.view.library.by_name(str(file.value)) is None:
        s.assume("file_expected", name=file.value)
    s.add("add_subtitles", source=str(file.value))
    if style:
        s.add("style_text", target={"kind": "subtitle"}, **style)
    return True


def _card(c: Clause, s: State) -> bool:
    """A card takes time of its own, before or after the shots."""
    noun = c.get("noun.title_card", "noun.end_card")
    ends = c.get("noun.intro", "noun.outro", "noun.cta")
    adding = c.verb("add", "create", "want", "generate", "end", "start", "use", "make", "show") or (
        not c.own_verb and not c.inherited
    )
    if noun is None and (
        ends is None
        or not adding
        or (c.has("dur") and c.verb("make") and not c.has("quote"))
        or c.has(
            "noun.title", "noun.text", "verb.speed_up", "verb.slow_down", "noun.music", "verb.trim", "dir.", "verb.cut"
        )
    ):
        return False
    if c.verb("remove") or c.negated:
        if noun is not None and not s.view.empty:
            c.use("noun.title_card", "noun.end_card", "verb.remove", "scope.no")
            s.avoid.add("title")
            return s.add("remove", target={"kind": "title"}) if s.view.titles else True
        s.whole = s.whole or "negated"
        c.use("noun.intro", "noun.outro", "scope.no", "noun.title_card", "noun.end_card", "noun.cta")
        return True
    if noun is None and ends is not None and ends.has("noun.cta") and not c.has("noun.ending", "link.last", "verb.end"):
        return False
    where = (
        "end" if c.has("noun.end_card", "noun.outro", "noun.ending", "link.last", "verb.end", "noun.cta") else "start"
    )
    text = _words(c)
    duration = c.value("dur", "t.for", "t.head", "t.tail")
    file = next((t for t in c.all("file")), None)
    media = s.view.library.by_name(str(file.value)) if file else None
    logo = c.get("noun.logo")
    if media is None and logo is not None and s.view.logo_files:
        media = s.view.logo_files[0]
    if text is None and media is None:
        text = _asked_for(c, s) or (_cta(s) if c.has("noun.cta") else _named(c) or _default_title(s))
    c.use(
        "noun.title_card noun.end_card noun.intro noun.outro noun.cta noun.beginning noun.ending link. verb.add "
        "verb.create verb.end verb.start noun.text file noun.logo verb.show noun.genre noun.video noun.title "
        "verb.make"
    )
    style = style_slots(c)
    s.add("intro_outro", where=where, text=text, media=media.name if media else None, duration_s=duration or _CARD_S)
    if style and text is not None:
        s.add("style_text", target={"kind": "title", "index": 1 if where == "start" else -1}, **style)
    return True


def _cta(s: State) -> str:
    text = "了解更多" if s.language == "zh" else "Learn more"
    s.assume("text_default", text=text)
    return text


def _asked_for(c: Clause, s: State) -> str | None:
    """ "asking viewers to follow for more" → "Follow for more"."""
    token = c.get("says.asks")
    words = c.after(token).strip() if token else ""
    if not words:
        return None
    text = words[:1].upper() + words[1:]
    s.assume("text_default", text=text)
    return text


def _named(c: Clause) -> str | None:
    """ "for my channel TechWithOwais": a name that the user gave."""
    typed = c.source.original(c.start, c.source_end)
    match = _NAME.search(typed) or (
        _FOR.search(typed) if c.ever("noun.lower_third", "noun.title", "noun.title_card", "noun.credits") else None
    )
    return match[1] if match else None


def _default_title(s: State) -> str:
    text, origin = title_for(s)
    s.assume("title_from", text=text, origin=say(s.language, f"title_from_{origin}"))
    return text


def _words(c: Clause) -> str | None:
    """The words to show: in quotes, else what follows "says" and its like."""
    quote = c.value("quote")
    if quote:
        return str(quote)
    token = c.get("says.says")
    if token is not None:
        rest = [t for t in c.tokens if t.start >= token.end]
        rest = rest[: _tail_of(rest)]
        text = _clean(c.source.original(token.end, rest[-1].end)) if rest else ""
        if text:
            for other in (token, *rest):
                other.used = True
            return text
    return None


def _tail_of(tokens: list[Any]) -> int:
    """Where the words to show end and their place or time begins: "Open every day | at the end"."""
    where = (
        "pos.",
        "t.",
        "noun.beginning",
        "noun.ending",
        "noun.middle",
        "dur",
        "time",
        "noun.video",
        "link.",
        "color",
        "scope.corner",
        "dir.",
    )
    for n, token in enumerate(tokens):
        starts = token.has("link.at", "link.for", "link.from", "t.", "pos.") or token.text in {"in", "on", "for"}
        if n and starts and all(t.has(*where) or t.text in {"in", "on", "the", "of"} for t in tokens[n + 1 :]):
            return n
    return len(tokens)


def _clean(text: str) -> str:
    text = re.sub(r"^[\s:,:,“\"'「]+|[\s。.;;,,”\"'」]+$", "", text.strip())
    return re.sub(
        r"\s+(at|on|in) the (top|bottom|beginning|start|end|center|middle)( of the (screen|video|frame))?$|\s+(please|pls)$",
        "",
        text,
    )


def _payload(c: Clause) -> str | None:
    """The new words in "change the title to Summer Sale", 标题改成夏日大促."""
    words = _words(c)
    if words is not None:
        return words
    last_noun = max((i for i, t in enumerate(c.tokens) if t.has(*(f"noun.{n}" for n in TEXTS))), default=-1)
    for i in range(len(c.tokens) - 1, last_noun, -1):
        if c.tokens[i].has("says.to") and i + 1 < len(c.tokens):
            first = next(k for k in range(last_noun + 1, i + 1) if c.tokens[k].has("says.to"))
            rest = c.tokens[first + 1 :]
            if rest and not _only_style(rest):
                for t in rest:
                    t.used = True
                return _clean(c.source.original(c.tokens[first].end, c.end)) or None
            return None
    return None


def _only_style(tokens: list[Any]) -> bool:
    style = (
        "color",
        "pos.",
        "dir.",
        "font.",
        "pct",
        "px",
        "t.",
        "dur",
        "time",
        "anim.",
        "noun.",
        "link.",
        "scope.",
        "factor",
        "num",
        "look.",
        "verb.",
        "adjust.",
        "effect.",
        "fade.",
        "ref",
        "mark",
        "hex",
        "word",
        "ordinal",
    )
    named = [t for t in tokens if t.has(*style[:-2]) or t.text in _NOT_TEXT]
    words = [t for t in tokens if t.has("word") and t.text not in _NOT_TEXT]
    capital = any(t.start < len(t.text) for t in words)
    return bool(named) and len(words) <= len(named) and not capital and named[0] is tokens[0]


def _trailing(c: Clause) -> str | None:
    """The words right after the noun when they are nothing else: "add a title Golden Hour"."""
    nouns = [i for i, t in enumerate(c.tokens) if t.has(*(f"noun.{n}" for n in TEXTS))]
    if not nouns:
        return None
    rest = c.tokens[nouns[-1] + 1 :]
    if not rest or rest[0].has(
        "pos. link. t. dur verb. color dir. anim. fade. scope. noun. time says.to sep. ref mark"
    ):
        return None
    typed = c.source.original(rest[0].start, c.end)
    first = typed.strip()[:1]
    if not (first.isupper() or ("\u3400" <= first <= "\u9fff" and len(typed) >= 2)):  # noqa: PLR2004
        return None
    for t in rest:
        t.used = True
    return _clean(typed) or None


def _text(c: Clause, s: State) -> bool:  # noqa: C901, PLR0911 -- one branch per wish about a text
    noun = text_kind(c)
    if c.ever("noun.volume", "noun.sound") and not c.has("quote"):
        return False
    quoted = c.has("quote")
    about_it = noun is None and _speaks_of_text(c, s)
    if (
        noun is None
        and not about_it
        and not (quoted and (c.verb("add", "write", "show", "want", "make") or not c.own_verb))
    ):
        return False
    if (c.verb("remove", "hide") and not c.verb("change")) or (
        c.negated and not c.verb("add", "change") and not quoted
    ):
        if c.has("noun.shadow", "noun.outline", "noun.box", "dir.bold", "dir.italic"):
            return _restyle(c, s, noun)
        return _remove(c, s, noun)
    if c.verb("keep") and not c.verb("add", "change", "make"):
        return False
    if c.verb("undo"):
        return False
    changing = c.verb("change") or (
        c.verb("make", "set", "turn_into", "correct") and (quoted or _has_to(c)) and s.view.texts
    )
    if (
        noun in {"subtitle", "caption"}
        and _styled(c)
        and not quoted
        and not c.verb("add", "create", "generate", "want")
    ):
        return _restyle(c, s, noun)
    if changing or (
        quoted
        and noun is not None
        and s.view.texts_of(TEXTS[noun][0])
        and not c.verb("add", "write", "show", "create", "want", "generate", "start", "end")
        and c.own_verb
        and not c.has("fade.", "anim.")
    ):
        return _change(c, s, noun)
    if (
        noun == "title"
        and quoted
        and not c.own_verb
        and not c.inherited
        and c.joined == ""
        and _is_there(noun, s)
        and not c.has("t.", "dur")
    ):
        # "title: Summer Sale" names the title that is there.
        text = c.value("quote")
        c.use("noun.")
        return s.add("set_text", target={"kind": "title"}, text=str(text))
    if (
        noun is not None
        and not quoted
        and not c.has("says.says")
        and _is_there(noun, s)
        and not _wants_new(c)
        and _restyle(c, s, noun)
    ):
        return True
    adding = (
        c.verb("add", "write", "want", "create", "generate", "start", "end", "show") or (c.verb("use") and quoted)
    ) and not c.verb("move")
    inherited_add = (
        not c.own_verb
        and bool(c.inherited & {"verb.add", "verb.create", "verb.write", "verb.want"})
        and noun is not None
    )
    strange = bool(c.tokens) and c.tokens[0].has("word") and c.tokens[0].text.isascii() and s.added_text is None
    bare = not c.own_verb and noun is not None and (quoted or c.joined == "with" or not (c.inherited or strange))
    if (
        (adding and (noun is not None or quoted) and not (_only_it(c) and s.added_text is not None))
        or inherited_add
        or (bare and not _styled(c))
        or (quoted and not c.own_verb)
    ):
        if noun is not None and s.added_text is not None and not quoted and c.joined != "and" and not c.verb("add"):
            return _restyle(c, s, noun)
        return _add(c, s, noun)
    return _restyle(c, s, noun)


def _is_there(noun: str, s: State) -> bool:
    kind = TEXTS[noun][0]
    return not s.composed and bool(s.view.texts if kind == "text" else s.view.texts_of(kind))


def _wants_new(c: Clause) -> bool:
    """ "add a title" wants one more; "put the title below", "add a shadow to the text" are about the one that is there."""
    if c.has("noun.shadow", "noun.outline", "noun.box", "noun.animation", "noun.font") and not c.verb("create"):
        return False
    if c.verb("create", "generate", "write"):
        return True
    first = c.first_verb
    return (first is not None and first.has("verb.add") and first.text in _NEW) or (
        first is None and (c.joined == "with" or "verb.add" in c.inherited)
    )


def _has_to(c: Clause) -> bool:
    return c.has("says.says")


def _only_it(c: Clause) -> bool:
    return c.has("noun.it") and text_kind(c) is None


def _styled(c: Clause) -> bool:
    return c.has(
        "color dir.bold dir.bigger dir.smaller dir.italic font. noun.shadow noun.outline noun.box dir.longer "
        "verb.lengthen"
    )


def _speaks_of_text(c: Clause, s: State) -> bool:
    """ "bigger and yellow" after a wish about a text is about that text."""
    recent = s.added_text is not None or (
        s.last is not None and s.last.kind in {"title", "text", "caption", "subtitle"}
    )
    touched = any(t.id in s.context.touched or t.id in s.context.selection for t in s.view.texts)
    if not recent and not (touched and (c.has("noun.it") or not c.has("noun.", "ref"))):
        font_words = c.has("noun.font", "dir.bold", "dir.italic", "dir.upper", "font.") and not c.has(
            "noun.clip", "noun.video"
        )
        return font_words and bool(s.view.texts)
    if c.has(
        "noun.clip noun.photo noun.music noun.logo noun.video noun.transition noun.sound verb.export "
        "noun.background noun.aspect platform. verb.trim verb.cut"
    ):
        return False
    if recent and not c.own_verb and _styled(c):
        return True
    return (
        c.has(
            "color pos. dir.bigger dir.smaller dir.bold dir.italic font. noun.font noun.size noun.shadow "
            "noun.outline noun.box noun.color dir.upper verb.center dir.up_move dir.down_move dir.left_move "
            "dir.right_move"
        )
        and (c.has("noun.it") or not c.has("noun."))
    ) or (
        c.has("noun.it")
        and c.has("anim.", "fade.", "dir.up", "dir.down", "verb.lengthen", "t.for", "verb.move")
        and not c.has("ref")
    )


def _remove(c: Clause, s: State, noun: str | None) -> bool:
    s.avoid |= (
        {"title", "text"}
        if noun in {"title", "text", None}
        else {noun} | ({"text"} if noun in {"subtitle", "caption"} else set())
    )
    s.whole = s.whole or "negated"
    kind = TEXTS[noun][0] if noun else "text"
    everything = c.has("scope.all")
    words = (
        "noun.title",
        "noun.text",
        "noun.caption",
        "noun.subtitle",
        "noun.lower_third",
        "noun.credits",
        "noun.cta",
        "verb.remove",
        "verb.hide",
        "scope.",
        "noun.it",
        "noun.title_card",
        "noun.end_card",
    )
    if s.composed or s.view.empty:
        c.use(*words)
        return True
    times = c.has("t.at", "t.from", "t.until")
    if times and noun is not None:
        end = c.value("t.at", "t.from", "t.until")
        c.use(*words)
        return s.add("set_timing", target=text_target(c, s, noun), end_s=end)
    wished = c.verb("remove", "hide")
    if (
        kind != "text"
        and not s.view.texts_of(kind)
        and not (kind == "title" and s.view.texts and not any(t.role for t in s.view.texts))
    ):
        c.use(*words)
        if wished:
            s.missing = Target(kind=kind)
        return True
    if not wished and not s.view.texts_of(kind):
        c.use(*words)
        return True
    quote = c.value("quote")
    if quote:
        c.use(*words)
        return s.add("remove", target={"kind": "text", "name": quote})
    if everything or (
        kind == "text" and noun == "text" and len(s.view.texts) != 1 and not c.has("ref") and s.view.texts
    ):
        c.use(*words)
        return s.add("remove", target={"kind": kind})
    target = text_target(c, s, noun)
    c.use(*words)
    return s.add("remove", target=target)


def _change(c: Clause, s: State, noun: str | None) -> bool:
    quotes = [t for t in c.all("quote")]
    if len(quotes) >= 2 and s.view.texts:  # noqa: PLR2004 -- the old words and the new
        old, new = str(quotes[0].value), str(quotes[1].value)
        for token in quotes:
            token.used = True
        known = any((t.text or "").casefold() == old.casefold() for t in s.view.texts)
        c.use("noun.", "verb.change")
        return s.add("set_text", target={"kind": "text", "name": old} if known else text_target(c, s, noun), text=new)
    style = (not c.has("quote") and _styled(c)) or c.has(
        "noun.color", "noun.font", "noun.size", "noun.position", "pos.", "anim.", "noun.opacity", "noun.animation"
    )
    text = None if style and not c.has("quote", "says.says") else _payload(c)
    if text is not None:
        target = text_target(c, s, noun)
        c.use("noun.", "verb.change", "verb.make", "verb.set", "link.", "says.")
        s.add("set_text", target=target, text=text)
        extra = style_slots(c)
        return s.add("style_text", target=target, **extra) if extra else True
    if style:
        return _restyle(c, s, noun)
    if noun is None:
        return False
    target = text_target(c, s, noun)
    c.use("noun.", "verb.change", "ref", "link.")
    s.ask(
        "what_title" if noun == "title" else "what_text",
        half={"op": "set_text", "target": target.model_dump(exclude_none=True)},
        slot="text",
    )
    raise Asked


def _timing(c: Clause, s: State) -> dict[str, Any]:
    span = c.value("t.range")
    if span:
        return {"start_s": span[0], "end_s": span[1]}
    out: dict[str, Any] = {}
    head, tail = c.value("t.head"), c.value("t.tail")
    if head is not None:
        out |= {"start_s": 0.0, "end_s": head}
    if tail is not None:
        out |= (
            {"start_s": max(0.0, s.view.total_s - tail), "end_s": s.view.total_s}
            if not s.composed
            else {"duration_s": tail}
        )
    start = c.value("t.from", "t.at", "time")
    if start is not None:
        out["start_s"] = start
    end = c.value("t.until", "t.to")
    if end is not None:
        out["end_s"] = end
    length = c.value("t.for", "dur")
    if length is not None and "end_s" not in out:
        out["duration_s"] = length
    if not out and c.has("noun.beginning", "noun.intro") and length is None:
        out["start_s"] = 0.0
    if not out and c.has("noun.ending", "noun.outro") and s.view.total_s > _CARD_S and not s.composed:
        out = {"start_s": s.view.total_s - _CARD_S, "end_s": s.view.total_s}
    if c.has("scope.all") and c.has("noun.video") and not out:
        out = {"start_s": 0.0}
    return out


def _add(c: Clause, s: State, noun: str | None) -> bool:
    role = TEXTS[noun][1] if noun else "text"
    if (
        s.ops
        and s.ops[-1].op in {"intro_outro", "style_text"}
        and c.joined == "with"
        and not c.has("quote", "says.says")
    ):
        c.use("noun.title", "noun.text", "link.", "noun.beginning")
        return True
    text = _words(c) or (_trailing(c) if noun else None)
    if text is None and noun in {"cta"}:
        text = _cta(s)
    spot = place(c)
    style = style_slots(c)
    timing = _timing(c, s)
    anim = c.get("anim.", "fade.")
    if (
        text is None
        and noun in {"text", "caption"}
        and not s.composed
        and not s.view.empty
        and c.joined != "with"
        and len(c.tokens) <= 4
        and not (spot or style or timing or anim)
    ):
        c.use("verb.", "noun.", "link.")
        s.ask("what_text", half={"op": "add_text", "role": role}, slot="text")
        raise Asked
    if text is None:
        if role in {"subtitle"}:
            return False
        text = _asked_for(c, s) or _named(c) or _default_title(s)
        if role == "text" and s.composed:
            role = "title"
    if role == "text" and c.has("noun.intro", "noun.beginning") and "position" not in spot:
        role = "title"
    c.use(
        "noun.title noun.text noun.caption noun.subtitle noun.lower_third noun.credits noun.cta noun.beginning "
        "noun.ending noun.intro noun.outro verb.add verb.write verb.show verb.want verb.create link. noun.video "
        "scope. noun.font noun.color noun.animation noun.style verb.use noun.position noun.effect verb.animate "
        "verb.start verb.generate noun.genre verb.center says."
    )
    s.add(
        "add_text",
        text=text,
        role=role if role != "subtitle" else "caption",
        position=spot.get("position"),
        **timing,
        **style,
    )
    s.added_text = len(s.ops) - 1
    if anim is not None and s.ops:
        _animate(c, s, {"kind": "text", "index": -1} if role == "text" else {"kind": _kind_of(role)})
    return True


def _kind_of(role: str) -> str:
    return role if role in {"title", "caption", "subtitle"} else "text"


def _animate(c: Clause, s: State, target: Any) -> bool:  # noqa: ANN401 -- a target in either form
    token = c.get("anim.", "fade.")
    if token is None:
        return False
    kinds = [t[5:] for t in token.tags if t.startswith("anim.") and t != "anim."]
    kind = kinds[0] if kinds else "fade"
    ends: dict[str, Any]
    if c.has("fade.both"):
        ends = {"anim_in": kind, "anim_out": kind}
    elif c.has("fade.out", "fade.black") and not c.has("fade.in"):
        ends = {"anim_out": kind}
    elif c.has("fade.out") and c.has("fade.in"):
        ends = {"anim_in": kind, "anim_out": kind}
    else:
        ends = {"anim_out" if "out" in {t.text for t in c.tokens} and not kinds else "anim_in": kind}
    seconds = c.value("t.head", "t.for", "dur", "t.tail", "t.each")
    c.use(
        "anim. fade. noun.animation noun.it verb.animate noun.effect verb.add verb.fade transition. "
        "noun.beginning link.first noun.ending verb.show noun.text noun.title"
    )
    return s.add("animate", target=target, duration_s=seconds, **ends)


def _merge_added(c: Clause, s: State, slots: dict[str, Any]) -> bool:
    """Style words right after "add a text …" belong to that text."""
    if s.added_text is None or s.added_text >= len(s.ops) or s.ops[s.added_text].op != "add_text":
        return False
    op = s.ops[s.added_text]
    fresh = {k: v for k, v in slots.items() if getattr(op, k, None) is None}
    s.ops[s.added_text] = op.model_copy(update=fresh)
    return True


def _restyle(c: Clause, s: State, noun: str | None) -> bool:
    """Style, place, timing and animation of a text that is there."""
    off = c.verb("remove") or c.negated
    style = style_slots(c, off=off)
    spot = (
        place(c)
        if c.has(
            "pos. dir.up_move dir.down_move dir.left_move dir.right_move verb.move verb.center scope.corner noun.it"
        )
        or (c.verb("move"))
        else {}
    )
    if "align" in style and "position" not in spot and c.verb("center"):
        spot = {"position": "center"}
    longer, shorter = c.has("verb.lengthen"), c.has("verb.shorten")
    timing = (
        _timing(c, s)
        if c.has("t.", "time") or (c.has("dur") and not style) or (c.has("noun.beginning", "noun.ending") and not spot)
        else {}
    )
    anim = c.has("anim.", "fade.", "noun.animation")
    if not (style or spot or timing or longer or shorter or anim):
        return False
    if s.added_text is not None and (noun is None or noun in {"text", "title"}) and (style or "position" in spot):
        if _merge_added(c, s, {**style, **({"position": spot["position"]} if "position" in spot else {})}):
            c.use("noun.text noun.title noun.it noun.font verb.use verb.make noun.color noun.style verb.set")
            if anim:
                _animate(c, s, {"kind": "text", "index": -1})
            return True
    target = text_target(c, s, noun)
    done = False
    if anim:
        if not c.has("anim.", "fade."):
            s.add("animate", target=target, anim_in="none" if off else "fade")
            done = True
        elif off:
            done = s.add("animate", target=target, anim_in="none", anim_out="none")
        else:
            done = _animate(c, s, target)
    if style:
        done = s.add("style_text", target=target, **style)
    if spot:
        done = s.add("move", target=target, **spot)
    if timing and not (anim and set(timing) <= {"duration_s", "start_s", "end_s"} and not c.has("t.range", "t.from")):
        done = s.add("set_timing", target=target, **timing)
    elif (longer or shorter) and not style:
        now = _length(s, target)
        seconds = round(now * (1.5 if longer else 0.67), 1)
        s.assume("length_step", before=f"{now:g}", after=f"{seconds:g}")
        done = s.add("set_timing", target=target, duration_s=seconds)
    if done:
        c.use(
            "noun.title noun.text noun.caption noun.subtitle noun.font noun.color noun.size noun.it noun.position "
            "verb. dir. pos. scope. noun.opacity noun.video noun.style noun.lower_third noun.credits noun.cta "
            "anim. fade. noun.effect noun.beginning noun.ending adjust. look. noun.box noun.background"
        )
    return done


def _length(s: State, target: Any) -> float:  # noqa: ANN401 -- a target
    texts = (
        [t for t in s.view.texts if target.name == f"#{t.id}"]
        or list(s.view.texts_of(target.kind))
        or list(s.view.texts)
    )
    return texts[0].duration_ms / 1000 if texts and texts[0].duration_ms else _CARD_S
