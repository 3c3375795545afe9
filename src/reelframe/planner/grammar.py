"""Tokens that belong together: ranges, heads and tails, "each 3 seconds", "clips 2 and 3", "the last photo".

The token sequence is spelled as a string with one letter per token, and the patterns below are regular
expressions over that string: what stands around a number says how it is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from reelframe.planner.tokens import Token, with_families

__all__ = ["CLIPLIKE", "NOUNS", "Ref", "combine", "halves"]

NOUNS: Final = (
    "clip",
    "photo",
    "title",
    "caption",
    "subtitle",
    "text",
    "logo",
    "music",
    "transition",
    "video",
    "media",
    "lower_third",
    "sticker",
    "one",
    "cta",
    "credits",
    "sfx",
    "voice",
    "title_card",
)
# Nouns that mean a shot of the timeline; "" when none was said.
CLIPLIKE: Final = frozenset({"clip", "photo", "video", "media", "one", ""})


@dataclass(frozen=True, slots=True)
class Ref:
    """Numbered things: what they are (a noun's meaning, "" when it was not said) and which; -1 is the last."""

    noun: str
    indexes: tuple[int, ...]


def _letter(token: Token, following: Token | None) -> str:
    h = token.has
    if h("named_shot"):
        # "the tea set 9" has a length, and no number.
        return "."
    if token.text == "都":
        return "_"
    if h("dur"):
        return "D"
    if h("time"):
        return "T"
    if h("nth_time"):
        return "S"
    if h("num"):
        return "N"
    if h("times"):
        return "."
    if h("nth", "hashnum"):
        return "H"
    if h("pct"):
        return "P"
    if h("link.each"):
        return "c"
    if h("link.first"):
        return "F"
    if h("link.last"):
        return "L"
    if h("ordinal"):
        return "O"
    if h("link.every") and not (following and following.has("noun.")):
        return "e"
    for name, letter in _LINKS:
        if h(name):
            return letter
    if h("scope.both"):
        return "B"
    if h("mark") and token.text in "-–—~":
        return "t"
    if h("mark") and token.text in ",、":
        return ","
    if h(*(f"noun.{n}" for n in NOUNS)) or (h("scope.photos_only") and token.text.startswith(("only", "just"))):
        return "n"
    if h("noun.beginning", "noun.intro"):
        return "b"
    if h("noun.ending", "noun.outro"):
        return "z"
    if h("noun.middle"):
        return "M"
    if h("link.filler") or token.text in _SKIPPED:
        return "_"
    return "."


_LINKS: Final = (
    ("link.from", "f"), ("link.under", "u"), ("link.to", "t"), ("link.between", "w"), ("link.and", "&"),
    ("link.at", "a"), ("link.for", "o"), ("link.by", "y"), ("link.within", "i"), ("link.after", "g"),
    ("link.before", "p"), ("link.chunks", "k"), ("link.onward", "v"), ("link.mark", "m"), ("link.off", "x"),
)  # fmt: skip

# "the best 90 seconds", "the final 10-second cut": words between that change nothing about the number.
_SKIPPED: Final = frozenset(
    {
        "best",
        "the best",
        "strongest",
        "most",
        "full",
        "whole",
        "entire",
        "good",
        "short",
        "nice",
        "single",
        "clean",
        "strict",
        "tight",
        "那",
    }
)
# "take the music down a notch", "take it up to 80 %": nothing is taken away.
_LOWERED: Final = re.compile(r"take (?:\w+ ){1,3}(?:down|up) (?:to|by|a) ")
# What may be said of a numbered picture: its words.
_WORDS: Final = ("noun.text", "noun.caption", "noun.subtitle", "noun.title")
_BEING: Final = frozenset({"its", "it's", "it", "is", "are", "be", "stays", "that's"})
_OURS: Final = frozenset({"this", "my", "our", "these", "the", "your", "their", "his", "her", "这个", "这段", "我的"})
_SOURCE_NOUNS: Final = ("noun.video", "noun.clip", "noun.media")

Maker = Callable[[list[Token]], tuple[str, Any] | None]


def _v(token: Token) -> float:
    return float(token.value)


def _times(tokens: list[Token]) -> list[Token]:
    return [t for t in tokens if t.has("dur", "time", "nth_time", "num", "nth")]


def _pair(tokens: list[Token]) -> tuple[str, Any] | None:
    found = _times(tokens)
    if len(found) < 2:
        return None
    a, b = found[0], found[1]
    low, high = _v(a), _v(b)
    if a.has("num") and b.has("dur") and "min" in b.text and low * 60 < high:
        low *= 60
    return ("t.range", (low, high)) if high > low else ("t.badrange", (low, high))


def _single(kind: str) -> Maker:
    def make(tokens: list[Token]) -> tuple[str, Any] | None:
        found = [t for t in tokens if t.has("dur", "time", "nth_time")]
        return (kind, _v(found[0])) if found else None

    return make


def _bare_pair(tokens: list[Token]) -> tuple[str, Any] | None:
    """``cut from 10 to 20``: seconds, where something is cut."""
    return _pair(tokens)


def _several(tokens: list[Token]) -> tuple[str, Any] | None:
    """``at 15s and 45s``: only where cuts are made; elsewhere the second time may begin another wish."""
    return ("t.ats", tuple(_v(t) for t in _times(tokens)))


def _at_most(tokens: list[Token]) -> tuple[str, Any] | None:
    """``30 seconds max``: a bound said after its length."""
    after = tokens[-1].text in {"max", "maximum", "at most", "tops", "or less"}
    return ("t.under", _v(tokens[0])) if after and tokens[0].has("dur") else None


def _of_each(tokens: list[Token]) -> tuple[str, Any] | None:
    """``2-second slides``, "15 second clips": how long each of several is."""
    many = tokens[-1].has("noun.photo", "noun.clip") and tokens[-1].text.endswith("s")
    return ("t.each", _v(tokens[0])) if many and tokens[0].has("dur") else None


def _from_zero(tokens: list[Token]) -> tuple[str, Any] | None:
    return ("t.range", (0.0, _v(_times(tokens)[0])))


def _noun(tokens: list[Token]) -> str:
    token = next((t for t in tokens if t.has("noun.") and not t.has("noun.beginning", "noun.ending")), None)
    if token is None:
        return ""
    return next((n for n in NOUNS if token.has(f"noun.{n}")), "")


def _numbers(tokens: list[Token]) -> list[int]:
    out = []
    for token in tokens:
        if token.has("link.last") and not token.has("ordinal"):
            out.append(-1)
        elif token.has("ordinal", "nth", "hashnum", "num") and float(token.value).is_integer():
            out.append(int(token.value))
    return out


def _ref(tokens: list[Token]) -> tuple[str, Any] | None:
    numbers = _numbers(tokens)
    if 0 in numbers:
        # 标题0到3秒: a time.
        return None
    # 第3张的文字: what was counted is pictures, and their text is meant.
    said = {t.text for t in tokens}
    pictures = any(text.endswith("张") or (text.endswith("段") and "的" in said) for text in said)
    noun = "photo" if pictures and len(tokens) > 1 else _noun(tokens)
    return ("ref", Ref(noun, tuple(numbers))) if numbers else None


def _ref_span(tokens: list[Token]) -> tuple[str, Any] | None:
    a, b = [*_numbers(tokens), 0, 0][:2]
    if not 0 < a < b <= a + 200:
        return _ref(tokens)
    return "ref", Ref(_noun(tokens), tuple(range(a, b + 1)))


def _first_few(tokens: list[Token]) -> tuple[str, Any] | None:
    count = next((int(t.value) for t in tokens if t.has("num")), 0)
    return ("ref", Ref(_noun(tokens), tuple(range(1, count + 1)))) if 0 < count <= 200 else None


def _last_few(tokens: list[Token]) -> tuple[str, Any] | None:
    count = next((int(t.value) for t in tokens if t.has("num")), 0)
    return ("ref", Ref(_noun(tokens), tuple(range(-count, 0)))) if 0 < count <= 200 else None


def _first_and_last(tokens: list[Token]) -> tuple[str, Any] | None:
    first = _numbers(tokens[:1])
    return ("ref", Ref(_noun(tokens), (first[0], -1))) if first else None


def _from_last(tokens: list[Token]) -> tuple[str, Any] | None:
    number = next((int(t.value) for t in tokens if t.has("ordinal", "num", "nth") and not t.has("link.last")), 0)
    return ("ref", Ref(_noun(tokens), (-number,))) if number else None


# Where several fit, the first one in this list wins at each place. "_*" skips fillers.
_RULES: Final[tuple[tuple[str, Maker], ...]] = (
    # 3 seconds each, each photo for 3 seconds, 每张3秒
    ("o?_*D_*c", _single("t.each")),
    ("c_*n?_*(?:[.oatLB]_*){0,3}D", _single("t.each")),
    # each shot under 2 seconds, 每张不超过2秒
    ("c_*n?_*[.]?_*u_*D", _single("t.each")),
    # ranges
    ("t_*[DTS]_*t_*[DTS]", _pair),
    ("w_*[DTSN]_*a?_*&_*[DTS]", _pair),
    ("w_*[DTS]_*&_*[DTSN]", _pair),
    ("[fFa]?_*[DTSN]m?_*[tp]_*a?_*[DTS]", _pair),
    ("[fFa]?_*[DTS]m?_*t_*a?_*[DTSN]", _pair),
    ("f_*[DTS]m?_*&_*[DTS]", _pair),
    ("f?_*[bF]_*t_*[DTS]", _from_zero),
    ("f_*N_*t_*N(?!_*[nDTSP])", _bare_pair),
    ("f_*[DTSN]m?_*t_*[zL]", _single("t.from")),
    # heads and tails
    ("t_*F_*D", _single("t.keep_head")),
    ("t_*L_*D", _single("t.keep_tail")),
    ("F_*N?_*D", _single("t.head")),
    ("L_*N?_*D", _single("t.tail")),
    ("D_*[ftmax](?:_*[ftma])?_*[bF](?!_*[nDN])", _single("t.head")),
    ("[fa]_*[bF]_*D", _single("t.head")),
    ("D_*[ftmax](?:_*[ftma])?_*[zL](?!_*[nDN])", _single("t.tail")),
    # rates
    ("t_*D_*k", _single("t.every")),
    ("a_*[DTS](?:_*,?_*&?_*[DTS])+(?!_*[tp])", _several),
    ("e_*D_*k?", _single("t.every")),
    ("D_*k", _single("t.every")),
    ("D_*n", _of_each),
    # bounds
    ("[uf]*u_*D", _single("t.under")),
    ("D_*p_*z", _single("t.tail")),
    ("D_*u(?!_*[DTSN])", _at_most),
    ("[ft]?_*D_*i", _single("t.under")),
    ("[ft]+_*[DTS]_*[gv]?", lambda ts: _single("t.to" if _is_to(ts) else "t.from")(ts)),
    ("[DTS]_*[gv](?!_*n)", _single("t.from")),
    ("g_*[DTS]", _single("t.from")),
    ("p_*[DTS]", _single("t.until")),
    ("[DTS]_*p", _single("t.until")),
    ("a_*[DTS]_*m?", _single("t.at")),
    ("[DT]_*m", _single("t.at")),
    ("S_*m?", _single("t.at")),
    ("o_*D", _single("t.for")),
    ("y_*D", _single("t.by")),
    # numbered things
    ("w_*n?_*[NH]_*&_*n?_*[NH](?!_*[DTS])", _ref),
    ("[OHF]_*t_*L_*n?", _from_last),
    ("H_*t_*H_*n?", _ref_span),
    ("F_*N_*n", _first_few),
    ("L_*N_*n", _last_few),
    ("[OFH](?:_*[&]?_*[OHN])+_*n", _ref),
    ("[OFH]_*&_*L_*N?_*n", _first_and_last),
    ("L_*H_*n?", _from_last),
    ("H(?:_*&?_*[HN])*_*n?", _ref),
    ("[OFL]_*n", _ref),
    ("n_*N_*t_*N", _ref_span),
    ("n?_*[NH](?:_*,_*&?_*n?_*[NH]){2,}", _ref),
    ("n_*[NH](?:_*[&,]_*&?_*n?_*[NH])+", _ref),
    ("n_*[NH]", _ref),
)
_COMPILED: Final = tuple((re.compile(pattern), make) for pattern, make in _RULES)


def _is_to(tokens: list[Token]) -> bool:
    links = [t for t in tokens if t.has("link.to", "link.from")]
    return bool(links) and links[-1].has("link.to")


def combine(tokens: list[Token]) -> list[Token]:
    """The tokens with every group above put into one token of its own."""
    _mark_sources(tokens)
    _mark_lasting(tokens)
    _mark_plain_words(tokens)
    letters = "".join(_letter(t, tokens[i + 1] if i + 1 < len(tokens) else None) for i, t in enumerate(tokens))
    cuts = any(t.has("verb.split verb.cut") for t in tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        best = _match(letters, tokens, i, cuts=cuts)
        if best is None:
            out.append(tokens[i])
            i += 1
        else:
            token, end = best
            out.append(token)
            i = end
    return out


def halves(tokens: list[Token], total_s: float) -> list[Token]:
    """``the first half`` as the range that it is; nothing changes while there is no timeline."""
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        if total_s and token.text in {"half", "半段", "一半", "半部分"} and before is not None:
            first, last = before.has("link.first"), before.has("link.last") or before.value == 2  # the second half
            if first or last:
                span = (0.0, total_s / 2) if first else (total_s / 2, total_s)
                out[-1] = Token(frozenset({"t.range"}), span, before.start, token.end, f"{before.text} {token.text}")
                continue
        out.append(token)
    return out


def _mark_lasting(tokens: list[Token]) -> None:
    """``make clip 1 last 12 seconds``: a verb, and not "the last 12 seconds"."""
    for i, token in enumerate(tokens[1:-1], 1):
        before, after = tokens[i - 1], tokens[i + 1]
        if (
            token.text in {"last", "lasts"}
            and after.has("dur", "num")
            and before.has("num", "noun.", "ref", "ordinal", "link.each")
            and not before.has("noun.it") | before.has("link.filler")
        ):
            token.tags = with_families(frozenset({"link.for"}))


def _mark_plain_words(tokens: list[Token]) -> None:
    """Words whose other sense is the commoner one: "take my 6 photos", "add a fade-out to the music"."""
    for i, token in enumerate(tokens):
        following = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if token.text == "take" and (i == 0 or tokens[i - 1].has("mark")) and following in _OURS:
            token.tags = with_families(frozenset({"verb.use"}))
        if token.text == "take" and _LOWERED.match(" ".join(t.text for t in tokens[i : i + 7])):
            token.tags = with_families(frozenset({"verb.set"}))
        if token.text == "still" and i and tokens[i - 1].text in _BEING:
            # "… so it's still 30 seconds"
            token.tags = frozenset({"word"})
        if token.text == "to the music" and any(t.has("fade.") for t in tokens[:i]):
            token.tags = with_families(frozenset({"noun.music"}))


def _mark_sources(tokens: list[Token]) -> None:
    """``this 45-minute webinar``: the length of what is there, not of what is wanted."""
    for i, token in enumerate(tokens):
        if not token.has("dur") or i == 0:
            continue
        turned = tokens[i - 1].text in {"a", "an"} and any(t.text in {"into", "down"} for t in tokens[i + 1 : i + 7])
        if tokens[i - 1].text not in _OURS and not turned:
            continue
        following = next((t for t in tokens[i + 1 : i + 4] if not t.has("word", "link.filler")), None)
        if following is not None and following.has(*_SOURCE_NOUNS) and not following.has("noun.genre"):
            token.tags = frozenset({"source_length"})


def _match(letters: str, tokens: list[Token], i: int, *, cuts: bool) -> tuple[Token, int] | None:
    if letters[i] == "_":
        return None
    for pattern, make in _COMPILED:
        match = pattern.match(letters, i)
        if not match or match.end() == i or (make in {_several, _bare_pair} and not cuts):
            continue
        group = tokens[i : match.end()]
        made = make(group)
        if made is None:
            continue
        tag, value = made
        extra: frozenset[str] = frozenset()
        if tag == "ref" and value.noun:
            extra = frozenset({f"noun.{value.noun}"} | {noun for noun in _WORDS if any(t.has(noun) for t in group)})
        if tag == "ref" and any(t.has("scope.between", "link.between") for t in group):
            extra |= {"scope.between"}
        first, last = group[0], group[-1]
        text = " ".join(t.text for t in group)
        return Token(extra | {tag}, value, first.start, last.end, text), match.end()
    return None
