"""Words to show that are not in quotes: what stands after "title:" is literal too."""

from __future__ import annotations

from itertools import takewhile
from typing import Final

from reelframe.planner.text import Source
from reelframe.planner.tokens import Token

__all__ = ["join_payloads"]

_TEXTS: Final = (
    "noun.title",
    "noun.text",
    "noun.caption",
    "noun.subtitle",
    "noun.lower_third",
    "noun.cta",
    "noun.title_card",
    "noun.credits",
    "says.says",
    "noun.end_card",
)
_TITLED: Final = frozenset({"titled", "entitled"})
_CALLED: Final = _TITLED | {"called", "named"}
_FILMS: Final = ("noun.video", "noun.genre", "noun.title", "noun.title_card", "noun.project", "noun.one")
_ARTICLES: Final = frozenset({"a", "an", "the"})
_TO_A_PLACE: Final = _ARTICLES | {"at", "in", "on", "to", "near"}
# Tokens that may lie between a noun and what is said of it.
_NEAR: Final = 4
# "St.", "No.", "Mrs.": no sentence ends behind these.
_ABBREVIATED: Final = 3
_STOPS: Final = frozenset(";;。|")

# After a colon these are no words to be shown.
_NOTHING: Final = frozenset({"none", "无", "没有", "不要"})


def join_payloads(tokens: list[Token], source: Source) -> list[Token]:
    """After a colon that follows a text's noun: a quote is joined to it, other words become one literal."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        literal_end = _capitals_after(tokens, i, source) or _name_after(tokens, i, source)
        if literal_end:
            first, last = tokens[i + 1], tokens[literal_end - 1]
            literal = source.original(first.start, last.end).strip()
            out += [
                token,
                Token(frozenset({"quote"}), literal, first.start, last.end, source.text[first.start : last.end]),
            ]
            i = literal_end
            continue
        rest = tokens[i + 1 :]
        if token.text == "," and out and out[-1].has("quote") and rest and rest[0].has("quote"):
            # "A", "B": one list, whatever they are.
            i += 1
            continue
        if token.text == ":" and out and out[-1].has("ref", "upload") and rest and rest[0].has("quote"):
            # Photo 1: 'Handmade'
            i += 1
            continue
        listed = bool(rest) and rest[0].has("quote") and bool(out)
        listed = listed and (token.text == ":" or out[-1].has("quote", *_TEXTS))
        if token.has("says.says") and token.text.endswith(":") and rest and not rest[0].has("quote"):
            # The colon of "a text that says: Free delivery" is part of the phrase.
            out.append(token)
            token = Token(frozenset({"mark"}), None, token.end, token.end, ":")
        if not (token.has("mark") and token.text in ":," and _named(out, listed=listed)):
            out.append(token)
            i += 1
            continue
        if listed:
            i += 1
            continue
        if rest and rest[0].has("quote"):
            out.append(token)
            i += 1
            continue
        if token.text != ":" or not rest:
            out.append(token)
            i += 1
            continue
        stop = _stop(rest, source)
        if stop and _only_looks(rest[:stop], source):
            i += 1
            continue
        if stop == 0 or rest[0].text in _NOTHING or rest[0].has("aspect", "dur", "platform."):
            out.append(token)
            i += 1
            continue
        start, end = rest[0].start, rest[stop - 1].end
        literal = source.original(start, end).strip()
        out.append(Token(frozenset({"quote"}), literal, start, end, source.text[start:end]))
        i += 1 + stop
    return out


def _capitals_after(tokens: list[Token], i: int, source: Source) -> int:
    """``write Mute Everything at the bottom``: where the capitals after the verb end; 0 when there are none."""
    if not tokens[i].has("verb.write") or tokens[i].has("noun."):
        return 0
    end = i + 1
    while end < len(tokens) and not tokens[end].has("quote", "mark", "ref"):
        if not source.typed[source.places[tokens[end].start]].isupper():
            break
        end += 1
    # A capital that begins the sentence, or a typed name of a thing ("write Title …"), is no words to show.
    return end if end > i + 1 and not tokens[i + 1].has(*_TEXTS) else 0


def _name_after(tokens: list[Token], i: int, source: Source) -> int:
    """``a video titled Slow mornings``, "with the title Tea and toast": where the title ends; 0 when there is none."""
    token = tokens[i]
    before = [t for t in tokens[max(0, i - _NEAR) : i] if t.text not in _ARTICLES]
    if token.text in _CALLED:
        names = token.text in _TITLED or any(t.has(*_FILMS) for t in before)
    else:
        # "…, title Clay & Co": small words right after it, and looks, are about the title that is there.
        first = tokens[i + 1] if i + 1 < len(tokens) else None
        told = first is not None and _capital(first, source) and not first.has("dir.", "color")
        after = before[-1].text if before else ""
        names = token.text == "title" and (after == "with" or (after in {",", "and"} and told))
    rest = tokens[i + 1 :]
    if not names or not rest or rest[0].has("quote", "mark", "file", "ref", "says."):
        return 0
    # Small letters may be about the title: "with title at the top".
    if token.text not in _TITLED and not _capital(rest[0], source):
        return 0
    end = i + 2
    while end < len(tokens) and not tokens[end].has("mark", "quote"):
        if not _capital(tokens[end], source):
            follows = tokens[end + 1 : end + 1 + _NEAR]
            another = bool(follows) and not _capital(follows[0], source)
            if tokens[end].has("pos."):
                while set(tokens[end - 1].text.split()) <= _TO_A_PLACE:
                    end -= 1
                break
            if tokens[end].has("sep.") and another and any(t.has("noun.", "verb.", "mood.") for t in follows):
                break
        end += 1
    return end


def _capital(token: Token, source: Source) -> bool:
    return source.typed[source.places[token.start]].isupper()


def _only_looks(rest: list[Token], source: Source) -> bool:
    """``title: white with black outline``: how it is to look, and not what it says."""
    looks = (
        "color hex noun.outline noun.shadow noun.box noun.color noun.font font. dir.bold dir.italic dir.bigger "
        "dir.smaller"
    )
    words = [t for t in rest if not t.has("mark")]
    first = source.original(rest[0].start, rest[0].end).strip()[:1]
    small = looks + " sep. link. says.to pos. noun.text noun.size pct px"
    return not first.isupper() and any(t.has(looks) for t in words) and all(t.has(small) for t in words)


def _named(out: list[Token], *, listed: bool) -> bool:
    # However many literals stand between: they are a list.
    near = ([t for t in out if not t.has("quote")] if listed else out)[-4:]
    return any(t.has(*_TEXTS) for t in near)


def _ends_sentence(rest: list[Token], n: int, source: Source) -> bool:
    """A full stop after a whole word, before a capital: "St. Mary" and "No. 5" go on."""
    following = rest[n + 1] if n + 1 < len(rest) else None
    whole = len(rest[n - 1].text) > _ABBREVIATED
    return whole and (following is None or _capital(following, source) or following.has("quote"))


def _stop(rest: list[Token], source: Source) -> int:
    """How many tokens belong to the literal: to the end of the line, or to a comma when another wish follows."""
    later_wish = False
    for n, token in enumerate(rest):
        gap = source.typed[source.places[rest[n - 1].end] : source.places[token.start]] if n else ""
        if "\n" in gap or (token.has("mark") and token.text in _STOPS):
            return n
        if token.text == "." and n and _ends_sentence(rest, n, source):
            return n
        if token.has("mark") and token.text in ",,":
            sentence = takewhile(lambda t: not (t.has("mark") and t.text in _STOPS), rest[n + 1 : n + 6])
            later_wish = any(t.has("verb.", "noun.music", "noun.logo", *_TEXTS) for t in sentence)
            if later_wish:
                return n
    return len(rest)
