"""Texts over the picture: added, changed, removed, styled."""

from __future__ import annotations

import re
from typing import Final

from reelframe.edits.vocabulary import Target
from reelframe.planner.clauses import Clause
from reelframe.planner.refs import TEXTS, fades_it, says_it, text_kind
from reelframe.planner.rules.captions import captions_in_order, text_on_shot
from reelframe.planner.rules.cards import card, subtitles
from reelframe.planner.rules.restyle import is_styled, restyle, which_font
from reelframe.planner.rules.text_added import add_text
from reelframe.planner.rules.text_changed import change_text
from reelframe.planner.rules.text_gone import remove_text
from reelframe.planner.state import State
from reelframe.planner.tokens import Token, with_families

__all__ = ["rule"]

_MANNERS: Final = (
    "noun.shadow noun.outline noun.box noun.font noun.size noun.color noun.position noun.spacing noun.gradient "
    "noun.padding"
)
_TOO_SOON: Final = re.compile(r"\btoo (?:quick|quickly|fast|soon|early|briefly)\b|太快|太早")
_SHIFTED: Final = re.compile(r"\b(?:later|earlier|sooner)\b|[晚早]\s*\d|推迟|提前")
_LEAVES: Final = re.compile(r"^(?:leave|go|end|disappear|vanish|stop)(?:s|es)? (?:at|after|by)\b")
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


def rule(c: Clause, s: State) -> bool:
    """Everything that is read."""
    if captions_in_order(c, s, text_kind(c)) or text_on_shot(c, s):
        return True
    return subtitles(c, s) or card(c, s) or which_font(c, s, text_kind(c)) or _again(c, s) or _text(c, s)


def _again(c: Clause, s: State) -> bool:
    """``duplicate the title at the end``: the same words once more, there or right after themselves."""
    kind = TEXTS[text_kind(c) or "text"][0]
    if not c.verb("duplicate") or text_kind(c) is None or c.has("quote"):
        return False
    found = s.view.texts_of(kind)
    if not found:
        return False
    text, length = found[0], found[0].duration_ms / 1000
    end = s.view.total_s if c.has("link.tail", "noun.ending", "link.last") else (text.start_ms or 0) / 1000 + 2 * length
    end = min(end, s.view.total_s)
    c.use("verb.duplicate", "noun.", "link.", "t.")
    return s.add("add_text", text=text.text, role=text.role, start_s=round(end - length, 3), end_s=round(end, 3))


def _text(c: Clause, s: State) -> bool:
    noun = text_kind(c)
    price = c.get("price")
    placed = c.has("pos. scope.corner scope.all t. ref upload noun.text noun.caption noun.title")
    if price is not None and not c.has("quote") and placed and c.verb("add", "write", "show", "want"):
        # "put the price $19.99 in the corner" needs no quotes.
        price.value = c.source.original(price.start, price.end)
        price.tags = with_families(frozenset({"quote"}))
    read = s.last is not None and s.last.kind in TEXTS and not s.composed
    if noun is None and read and c.joined == "and" and _LEAVES.search(c.text) and c.has("t.at", "t.from"):
        # "have the title come up at 2s and leave at 5s"
        end = c.value("t.at", "t.from")
        c.use("verb.")
        return s.add("set_timing", target=s.last, end_s=end)
    if (
        noun is None
        and s.last is not None
        and s.last.kind in TEXTS
        and any(t.value.noun == "one" for t in c.all("ref"))
    ):
        # "remove the first caption and the last one"
        noun = s.last.kind
    there = _said_on_it(c, s)
    told = c.verb("add", "write", "remove", "hide") or (c.verb("change") and c.has("quote"))
    if there is not None and not told:
        # The words only say which text is meant.
        there.used = True
        said = str(there.value) if there.has("quote") else there.text
        words = next(t.text for t in s.view.texts if (t.text or "").casefold() == said.casefold())
        s.last = Target(kind="text", name=words)
        return restyle(c, s, None)
    if c.ever("noun.volume", "noun.sound") and not c.has("quote"):
        return False
    quoted = c.has("quote")
    letters = "noun.font noun.size noun.text noun.subtitle noun.caption noun.it noun.style noun.spacing noun.gradient"
    if s.later and not quoted and noun in {None, "text", "subtitle", "caption"} and is_styled(c) and c.has(letters):
        # How the subtitles are to look that can't be had yet.
        return restyle(c, s, noun)
    about_it = noun is None and _speaks_of_text(c, s)
    if (
        noun is None
        and not about_it
        and not (
            quoted and (c.verb("add", "write", "show", "want", "make", "change") or not _acts(c) or c.joined == "with")
        )
        and not (quoted and s.composed and c.has("says.says"))
        and not (c.has("verb.write") and not c.has("noun.voice") and _writes(c))
    ):
        return False
    if c.verb("hide") and _TOO_SOON.search(c.text):
        # "the title disappears too quickly" asks for more of it.
        return restyle(c, s, noun)
    if (c.verb("remove", "hide") and not c.verb("change")) or (
        c.negated and not c.has("verb.add verb.change") and not quoted
    ):
        if c.has("noun.shadow", "noun.outline", "noun.box", "dir.bold", "dir.italic"):
            return restyle(c, s, noun)
        return remove_text(c, s, noun)
    if c.verb("keep") and not c.verb("add", "change", "make") and not c.has("scope.all", "t.", "dur", "verb.last"):
        return False
    if c.verb("undo"):
        return False
    changing = (
        (len(c.all("quote")) > 1 and "instead of" in c.text)
        or (quoted and noun is not None and "should be" in c.text and bool(s.view.texts_of(TEXTS[noun][0])))
        or c.verb("change")
        or (
            c.verb("make", "set", "turn_into", "correct") and (quoted or _has_to(c)) and s.view.texts and not s.composed
        )
    )
    if (
        noun in {"subtitle", "caption"}
        and (is_styled(c) or c.has("dir.up_move dir.down_move dir.left_move dir.right_move"))
        and not quoted
        and not c.verb("add", "create", "generate", "want")
    ):
        return restyle(c, s, noun)
    if changing or (
        quoted
        and noun is not None
        and s.view.texts_of(TEXTS[noun][0])
        and not c.verb("add", "write", "show", "create", "want", "generate", "start", "end")
        and c.own_verb
        and not c.has("fade.", "anim.")
    ):
        return change_text(c, s, noun)
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
    if noun in {"text", "caption"} and not quoted and c.verb("add", "write") and _capitals(c):
        return add_text(c, s, noun)
    if (
        noun is not None
        and not quoted
        and not c.has("says.says")
        and _is_there(noun, s)
        and not _wants_new(c)
        and restyle(c, s, noun)
    ):
        return True
    if noun is None and not quoted and not about_it:
        return add_text(c, s, None)
    if noun is not None and not quoted and not c.own_verb and not c.inherited and c.text.endswith("了"):
        # 标题和名字挤在一起了 tells how it is.
        return False
    adding = (
        c.verb("add", "write", "want", "create", "generate", "start", "end", "show") or (c.verb("use") and quoted)
    ) and not c.verb("move")
    inherited_add = (
        not c.own_verb
        and bool(c.inherited & {"verb.add", "verb.create", "verb.write", "verb.want"})
        and noun is not None
    )
    strange = bool(c.tokens) and c.tokens[0].has("word") and c.tokens[0].text.isascii() and not s.added
    known = noun is not None and _is_there(noun, s) and not quoted
    bare = not c.own_verb and noun is not None and not known
    bare = bare and (quoted or noun == "cta" or c.joined == "with" or not (c.inherited or strange))
    if (
        (adding and (noun is not None or quoted) and not (_only_it(c) and s.added))
        or inherited_add
        or (bare and not is_styled(c))
        or (quoted and not _acts(c))
        or (quoted and s.composed and (noun is not None or c.has("says.says")))
    ):
        if noun is not None and s.added and not quoted and c.joined != "and" and not c.verb("add"):
            return restyle(c, s, noun)
        return add_text(c, s, noun)
    return restyle(c, s, noun)


def _acts(c: Clause) -> bool:
    """Whether there is a verb, and not just the end of the video."""
    return any(t.has("verb.") and not t.has("noun.ending", "noun.beginning") for t in c.tokens)


def _said_on_it(c: Clause, s: State) -> Token | None:
    """The one literal of a clause, where a text of the timeline says just that."""
    quotes = c.all("quote") or ([t for t in c.all("named_shot") if is_styled(c) and not c.has("verb.add verb.write")])
    said = {(t.text or "").casefold() for t in s.view.texts} if not s.composed else set()
    words = [str(t.value if t.has("quote") else t.text).casefold() for t in quotes]
    return quotes[0] if len(quotes) == 1 and words[0] in said else None


def _writes(c: Clause) -> bool:
    verb = next(n for n, t in enumerate(c.tokens) if t.has("verb.write"))
    if verb + 1 >= len(c.tokens) or c.tokens[verb + 1].has("noun. t. pos. ref mark says. link.filler sep."):
        return False
    return c.source.original(c.tokens[verb + 1].start, c.tokens[verb + 1].end).strip()[:1].isupper()


def _capitals(c: Clause) -> bool:
    """``put the text SALE in the corner``: a word in capitals right after "text" is what it shows."""
    noun = next(i for i, t in enumerate(c.tokens) if t.has("noun.text", "noun.caption"))
    if noun + 1 >= len(c.tokens) or c.tokens[noun + 1].has("mark", "ref", "t."):
        return False
    typed = c.source.original(c.tokens[noun + 1].start, c.tokens[noun + 1].end)
    return typed.isupper() and len(typed) > 1


def _is_there(noun: str, s: State) -> bool:
    kind = TEXTS[noun][0]
    return not s.composed and bool(s.view.texts_meant(kind))


def _wants_new(c: Clause) -> bool:
    """``add a title`` wants one more; "put the title below" is about the one that is there."""
    if "样式" in c.text:
        return False
    manners = ("noun.shadow", "noun.outline", "noun.box", "noun.animation", "noun.font", "noun.style", "noun.gradient")
    if c.has(*manners) and not c.verb("create"):
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


def _speaks_of_text(c: Clause, s: State) -> bool:
    """``bigger and yellow`` after a wish about a text is about that text."""
    recent = bool(s.added) or (s.last is not None and s.last.kind in {"title", "text", "caption", "subtitle"})
    stays = "t.for t.to t.until link. mark verb.last verb.show"
    if recent and not s.composed and c.has("t.for t.to t.until") and all(t.has(stays) for t in c.tokens):
        # 标题放大,停留五秒; "… and stay until second 5"
        return True
    if recent and not s.composed and c.has("anim.") and all(t.has("anim. link. mark") for t in c.tokens):
        # "the title should say 'X', and slide in"
        return True
    alone = all(t.has("noun.it") for t in c.all("noun. ref"))
    if recent and not s.composed and alone and c.has("verb.hide") and c.has("t. dur"):
        # "… and let it vanish after three seconds"
        return True
    if fades_it(c, s) or (recent and c.has("dur") and not c.has("noun. ref") and _SHIFTED.search(c.text)):
        return True
    touched = any(t.id in s.context.touched or t.id in s.context.selection for t in s.view.texts)
    if not recent and not (touched and (says_it(c) or not c.has("noun.", "ref"))):
        font_words = (c.has("dir.bigger", "dir.smaller") and any(w in c.text for w in ("font", "text", "字"))) or (
            c.has("noun.font", "noun.spacing", "dir.bold", "dir.italic", "dir.upper", "font.")
            and not c.has("noun.clip", "noun.video")
        )
        cased = c.has("dir.upper", "dir.lower", "dir.title_case") and not c.has("noun.clip")
        colored = (
            c.has("noun.color") and c.has("color", "hex") and not c.has("noun.background", "noun.clip", "noun.video")
        )
        # Nothing but words comes word by word.
        spelled = c.has("anim.typewriter anim.word_by_word anim.karaoke anim.line_by_line") and not c.has("noun. ref")
        return (font_words or cased or colored or spelled) and bool(s.view.texts)
    if c.has(
        "noun.clip noun.photo noun.music noun.logo noun.video noun.transition noun.sound verb.export "
        "noun.background noun.aspect platform. verb.trim verb.cut"
    ):
        return False
    if recent and not c.own_verb and (is_styled(c) or (c.joined == "with" and c.has("anim."))):
        return True
    it = c.has("noun.it") or any(" it " in t.text for t in c.all("fade.", "anim."))
    return (
        (
            c.has(
                "color pos. dir.bigger dir.smaller dir.bold dir.italic font. noun.font noun.size noun.shadow "
                "noun.outline noun.box noun.color noun.spacing "
                "noun.gradient noun.padding dir.upper verb.center dir.up_move dir.down_move dir.left_move "
                "dir.right_move"
            )
            and (it or not any(t.has("noun.") and not t.has(_MANNERS) for t in c.all("noun.")))
        )
        or (
            # "make the title pop in and stay for 3 seconds"
            recent and c.has("verb.last") and c.has("t.for dur") and not c.has("noun. ref")
        )
        or (
            it
            and c.has("anim.", "fade.", "dir.up", "dir.down", "verb.lengthen", "t.for", "verb.move")
            and not c.has("ref")
        )
    )
