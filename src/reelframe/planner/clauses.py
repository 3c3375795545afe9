"""One wish after another: the tokens of a request cut into clauses, each remembering what led to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from reelframe.planner.lexicon import lexicon
from reelframe.planner.text import QUOTE, Source
from reelframe.planner.tokens import Token, tag_set, with_families

__all__ = ["Clause", "split"]

_HARD: Final = frozenset(".!?;。!?;,,、:/|…")
_PARTICLES: Final = frozenset({"up", "down", "out", "in", "off", "away", "back", "together"})
_REACH: Final = 6
_UNWANTED: Final = frozenset(
    {
        "不要",
        "不用",
        "不需要",
        "不想要",
        "都不要",
        "都不用",
        "都不需要",
        "不要了",
        "不需要了",
        "不用了",
        "都不要了",
        "多余",
        "没用",
        "用不上",
    }
)
_SOME: Final = frozenset({"a", "an", "some"})
_ALSO: Final = frozenset({"也"})
_BEFORE_NO: Final = "scope.others link. noun.photo noun.clip t.head t.tail"
_FIRST: Final = frozenset("先都就")
_TOO: Final = frozenset({"too", "as well", "also"})
_BARE: Final = tag_set(
    (
        "noun.",
        "link.",
        "scope.",
        "ref",
        "mark",
        "sep.",
        "num",
        "file",
        "quote",
        "t.",
        "dur",
        "effect.",
        "time",
    )
)
_NO_PICTURE: Final = [
    "noun.music",
    "noun.sound",
    "noun.title",
    "noun.text",
    "noun.logo",
    "noun.caption",
    "noun.subtitle",
    "noun.effect",
    "noun.voice",
    "noun.sfx",
    "noun.watermark",
    "noun.credits",
    "noun.lower_third",
]
_DECOR: Final = re.compile(r"^[\s\-–—:,.;!]+|[\s\-–—:,.;!]+$")


@dataclass(slots=True)
class Clause:
    """A stretch of a request with one wish in it, as a rule.

    Attributes:
        tokens: its tokens.
        source: the whole request.
        joined: how it hangs on the clause before: "", "stop", "and", "with".
        verb: the verb's meanings; those of the clause before when it has none of its own and begins a new wish.
        own_verb: whether the verb stands in this clause.
        taken: where a literal stands that was read with this clause and not with its own.
        among: one of several wishes: what it leaves open is chosen and said, and not asked.
    """

    tokens: list[Token]
    source: Source
    joined: str = ""
    inherited: frozenset[str] = frozenset()
    among: bool = False
    taken: int = -1

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.tokens[0].start if self.tokens else 0

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.tokens[-1].end if self.tokens else 0

    @property
    def source_end(self) -> int:
        """Where the whole request ends."""
        return len(self.source.text)

    @property
    def said(self) -> str:
        """The clause as it was typed."""
        if not self.tokens:
            return ""
        return _DECOR.sub("", self.source.original(self.start, self.end))

    @property
    def text(self) -> str:
        """The clause as the rules read it."""
        return self.source.text[self.start : self.end]

    def all(self, *tags: str) -> list[Token]:
        """Every unused token with one of these tags."""
        wanted = tag_set(tags)
        return [t for t in self.tokens if not t.used and not t.tags.isdisjoint(wanted)]

    def get(self, *tags: str) -> Token | None:
        """The first unused token with one of these tags."""
        wanted = tag_set(tags)
        for token in self.tokens:
            if not token.used and not token.tags.isdisjoint(wanted):
                return token
        return None

    def has(self, *tags: str) -> bool:
        """Whether an unused token has one of these tags."""
        return self.get(*tags) is not None

    def ever(self, *tags: str) -> bool:
        """Whether any token, used or not, has one of these tags."""
        wanted = tag_set(tags)
        # The rules ask hundreds of times about each request: a plain loop is three times as quick as `any`.
        for token in self.tokens:  # noqa: SIM110 -- see above
            if not token.tags.isdisjoint(wanted):
                return True
        return False

    def value(self, *tags: str) -> Any:  # noqa: ANN401 -- values of all kinds
        """The value of the first unused token with one of these tags, which is used up; None when there is none."""
        token = self.get(*tags)
        if token is None:
            return None
        token.used = True
        return token.value

    def meaning(self, family: str) -> str | None:
        """The meaning of the first unused token of a family, which is used up."""
        token = self.get(family + ".")
        if token is None:
            return None
        token.used = True
        return token.meaning(family)

    def use(self, *tags: str) -> None:
        """Mark every token with one of these tags as used."""
        platform = any(tag.startswith("platform") for tag in tags)
        for token in self.tokens:
            # "Instagram Reel" is a kind of video and a shape: the first does not use up the second.
            if token.has(*tags) and (platform or not token.has("platform.")):
                token.used = True

    def verb(self, *meanings: str) -> bool:
        """Whether the clause's verb (its own, else the inherited one) has one of these meanings."""
        tags = _verb_tags(meanings)
        if self.own_verb:
            return self.ever(*tags)
        # Taking away is carried over to a bare "…, the logo and the music", never to words with a sense of their own.
        given = self.inherited if self.bare else self.inherited - {"verb.remove", "verb.mute"}
        return not given.isdisjoint(tags)

    @property
    def bare(self) -> bool:
        """Nothing but things and numbers: no word that could make another wish of it."""
        return all(not t.tags.isdisjoint(_BARE) for t in self.tokens)

    @property
    def first_verb(self) -> Token | None:
        """The first verb of the clause itself."""
        return next((t for t in self.tokens if "verb." in t.tags), None)

    @property
    def own_verb(self) -> bool:
        """Whether a verb stands in the clause itself."""
        return self.ever("verb.")

    @property
    def negated(self) -> bool:
        """Whether it says that something is not wanted."""
        return self.ever("scope.no")

    def after(self, token: Token) -> str:
        """What was typed after a token, to the end of the clause."""
        return self.source.original(token.end, self.end)


@lru_cache(maxsize=1024)
def _verb_tags(meanings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"verb.{meaning}" for text in meanings for meaning in text.split())


def split(tokens: list[Token], source: Source) -> list[Clause]:
    """Cut at full stops, commas and joining words."""
    clauses: list[Clause] = []
    current: list[Token] = []
    joined = ""
    for number, token in enumerate(tokens):
        if token.text in _UNWANTED and current and (number + 1 == len(tokens) or tokens[number + 1].has("mark")):
            # 前5秒不要: what is not wanted stands before it.
            token.tags = with_families(frozenset({"verb.remove"}))
        if token.text in _TOO and current and all(t.has("noun. link.filler") for t in current):
            # "Get rid of the logo. Music too."
            continue
        if token.text in _ALSO and current and not any(t.has("verb.") for t in current):
            # 标题也删掉: "also", and no new wish.
            continue
        kind = _separates(token, current, source)
        if kind == "with" and any(t.has("noun.caption") for t in current) and _quotes_next(token, source):
            # "caption clip 2 with 'The old bridge'"
            kind = ""
        if token.text in {"—", "–", "-"} and token.has("mark") and current and _stands_apart(token, source):
            kind = "stop"
        if not kind:
            current.append(token)
            continue
        if current:
            clauses.append(Clause(current, source, joined))
            joined = ""
            current = []
        joined = kind if joined in {"", "and"} or kind == "with" else joined
        if kind == "no" or (kind == "with" and token.has("verb.", "noun.")):
            current.append(token)
    if current:
        clauses.append(Clause(current, source, joined))
    clauses = _with_lists(_with_none(clauses))
    for before, clause in pairwise(clauses):
        _also_without(before, clause)
    for clause in clauses:
        _cut_away(clause.tokens)
    inherited: frozenset[str] = frozenset()
    for clause in clauses:
        clause.among = len(clauses) > 2  # a list of wishes
        _join_particles(clause.tokens)
        clause.inherited = inherited
        own = frozenset(tag for t in clause.tokens for tag in t.tags if tag.startswith("verb.") and tag != "verb.")
        inherited = own or inherited
    return clauses


def _with_lists(clauses: list[Clause]) -> list[Clause]:
    """``each shot gets a caption in yellow: "One", "Two", "Three"``: the words are those of the captions."""
    out: list[Clause] = []
    for clause in clauses:
        alone = all(t.has("quote link. mark") for t in clause.tokens) and any(t.has("quote") for t in clause.tokens)
        before = out[-1] if out else None
        if before is not None and alone and before.ever("noun.caption"):
            listed = [t for t in before.tokens if t.has("quote")]
            told = clause.source.text[before.end : clause.start].strip() == ":"
            if told or (listed and before.tokens[-1].has("quote") and len(before.tokens) > len(listed)):
                before.tokens = [*before.tokens, *clause.tokens]
                continue
        out.append(clause)
    return out


def _with_none(clauses: list[Clause]) -> list[Clause]:
    """``music: none``: what stands alone after a thing says that it is not wanted."""
    out: list[Clause] = []
    for clause in clauses:
        alone = len(clause.tokens) == 1 and clause.tokens[0].text in {"none", "no", "无", "不要"}
        if alone and out and all(t.has("noun.", "link.filler") for t in out[-1].tokens):
            clause.tokens[0].tags = with_families(frozenset({"scope.no"}))
            out[-1].tokens.append(clause.tokens[0])
            continue
        out.append(clause)
    return out


def _stands_apart(token: Token, source: Source) -> bool:
    """``a photo of a bottle — can you animate it``: a dash between two spaces; in a range it was read before."""
    return source.text[token.start - 1 : token.start] == " " == source.text[token.end : token.end + 1]


def _also_without(before: Clause, clause: Clause) -> None:
    """``without music and title``: what is not wanted goes on after "and", as long as things alone are named."""
    no = before.tokens[0]
    if clause.joined != "and" or not no.has("scope.no") or before.own_verb or clause.tokens[0].text in _SOME:
        return
    if all(t.has("noun.", "link.filler", "mark") for t in clause.tokens):
        clause.tokens.insert(0, Token(no.tags, None, clause.tokens[0].start, clause.tokens[0].start, no.text))


def _cut_away(tokens: list[Token]) -> None:
    """``cut the music``: what is no picture is not cut but taken away; with a time it ends there."""
    if any(t.has("t.", "dur", "time", "noun.clip", "noun.video", "ref", "pct", "db") for t in tokens):
        return
    for verb, *rest in zip(tokens, tokens[1:], tokens[2:] + tokens[-1:], strict=False):
        thing = next((t for t in rest if not t.has("link.filler") and t is not verb), None)
        if verb.text == "cut" and verb.has("verb.cut") and thing is not None and thing.has(*_NO_PICTURE):
            verb.tags = with_families(frozenset({"verb.remove"}))


def _goes_on(current: list[Token]) -> bool:
    """``replace A with B``, ``end the music with a fade``: what follows is no wish of its own."""
    ending = any(t.has("verb.end") for t in current) and any(t.has("noun.music noun.sound") for t in current)
    aligned = any(t.text.startswith(("align", "line up")) for t in current)
    filled = any(t.has("verb.fill") for t in current) and any(t.has("noun.background noun.gap") for t in current)
    alike = [t.text for t in current if not t.has("link.filler")][-1:] == ["same"]
    return ending or aligned or filled or alike or any(t.has("verb.change verb.swap verb.animate") for t in current)


def _join_particles(tokens: list[Token]) -> None:
    """``take the sound out``, "speed it up": a verb and its particle, with the object in between."""
    english = lexicon().english
    for n, token in enumerate(tokens):
        particle = token.text.removesuffix(" of")
        if particle not in _PARTICLES or token.has("verb.", "noun."):
            continue
        following = tokens[n + 1 : n + 2]
        if (
            token.text == particle
            and following
            and not following[0].has("link. t. pct num dur factor db mark scope. dir. ref noun.beginning noun.ending")
        ):
            continue
        for verb in tokens[max(0, n - _REACH) : n]:
            tags = english.get((verb.text.split(" ")[0], token.text)) or english.get(
                (verb.text.split(" ")[0], particle)
            )
            if tags and not verb.has("quote", "file", "verb.set") and n - tokens.index(verb) > 1:
                verb.tags = with_families(tags)
                token.used = True
                break
    if len(tokens) > 1 and tokens[-1].text == "off" and not any(t.has("verb.") for t in tokens):
        tokens[-1].tags = with_families(frozenset({"verb.remove"}))


def _quotes_next(token: Token, source: Source) -> bool:
    return source.text[token.end :].lstrip()[:1] >= QUOTE


def _separates(token: Token, current: list[Token], source: Source) -> str:
    if token.has("mark"):
        # "picture in picture: clip 2 in the corner": what it is to be, then which.
        announced = bool(current) and all(t.has("noun.pip", "verb.add", "link.") for t in current)
        return "stop" if token.text in _HARD and not announced else ""
    if token.has("sep.with"):
        return "" if _goes_on(current) and token.text == "with" else "with"
    if token.has("scope.no") and token.text.startswith(("should", "must")):
        # "The music shouldn't speed up" is one wish.
        return ""
    if token.has("scope.no") and all(t.has(_BEFORE_NO) or t.text in _FIRST for t in current):
        # 别的照片不要动效, 前4秒先别出现
        return ""
    if token.has("scope.no") and any(t.has("verb.", "noun.", "t.", "ref") for t in current):
        return "no"
    if token.has("sep.and"):
        # "swap the first and the last" names two places; the wish ends after the second.
        if current and current[-1].has("quote") and _quotes_next(token, source):
            return ""
        swapping = any(t.has("verb.swap") for t in current) and not any(t.has("ref num") for t in current)
        return "" if swapping and any(t.has("link.first", "ordinal") for t in current) else "and"
    return ""
