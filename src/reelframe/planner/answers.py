"""The next message after a question: is it the answer?"""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic import ValidationError

from reelframe.edits.vocabulary import op_from_dict
from reelframe.planner.context import Choice, Planned, Question
from reelframe.planner.grammar import combine
from reelframe.planner.lexicon import table
from reelframe.planner.say import say
from reelframe.planner.state import State
from reelframe.planner.text import normalise
from reelframe.planner.tokens import Token, tokenise

__all__ = ["answer", "is_bare_reply"]

_NUMBERS: Final = (
    "ref", "ordinal", "nth", "hashnum", "num", "link.last", "link.first", "noun.one", "noun.clip",
    "noun.photo", "noun.video",
)  # fmt: skip
_FILLERS: Final = frozenset(
    ["the", "a", "one", "that", "this", "it", "please", "number", "no", "photo", "picture", "image", "clip", "shot"]
)
_TRIM: Final = " .!?。!?,,~ "


def answer(text: str, question: Question, state: State, *, exact: bool) -> Planned | None:
    """The plan that an answer leads to, None when the message is no answer.

    Args:
        text: the message.
        question: what was asked.
        state: the work on this message.
        exact: only what can be nothing but an answer: yes and no, a choice as it was worded, a number alone, a
            value of the kind that was asked for and nothing else.
    """
    said = text.strip().strip(_TRIM).casefold()
    if not said or len(said) > 200:  # nobody answers at such length
        return None
    if exact and said in _words("no_answer"):
        return Planned(state.planned().plan)
    tokens = combine(tokenise(normalise(text), tuple(m.name.lower() for m in state.view.library)))
    if question.choices:
        picked = _choice(said, tokens, question.choices, exact=exact)
        if picked is not None and picked.ops:
            return _done(picked.ops, state)
    if exact and said in _words("yes"):
        if question.choices and question.choices[0].ops:
            return _done(question.choices[0].ops, state)
        return _yes(question, state)
    if question.half is None or (exact and not _is_value(text, tokens, question)) or _is_request(tokens, question):
        return None
    value = _value(text, tokens, question, state)
    if value is None:
        return None
    return _done((_filled(question.half, question.slot, value),), state)


def _alone(tokens: list[Token], *tags: str) -> bool:
    """Whether nothing but these stands in the message, fillers and marks aside."""
    rest = [t for t in tokens if not t.has("link.filler", "mark") and t.text not in _FILLERS]
    return bool(rest) and all(t.has(*tags) for t in rest)


def _is_value(text: str, tokens: list[Token], question: Question) -> bool:
    """Whether the message is a value of the kind that was asked for, and nothing else."""
    match question.kind:
        case "text":
            # A title in title case is words to show, whatever the words.
            words = re.findall(r"[A-Za-z][\w'’]*", text)
            titled = len(words) > 1 and all(w[0].isupper() for w in words) and not text.isupper()
            return _alone(tokens, "quote") or (titled and not tokens[0].has("verb."))
        case "seconds":
            return _alone(tokens, "dur", "time", "nth_time", "num", "t.")
        case "color":
            return _alone(tokens, "color", "hex")
        case "index":
            return _is_number(tokens)
        case _:
            return _alone(tokens, "file", "quote") or _is_number(tokens)


def _is_number(tokens: list[Token]) -> bool:
    """``the second one``, 第二个, "3": a number and no other word that means something."""
    numbers = [t for t in tokens if t.has("ref", "ordinal", "nth", "hashnum", "num", "link.last", "link.first")]
    return len(numbers) == 1 and _alone(tokens, *_NUMBERS)


def is_bare_reply(text: str) -> bool:
    """``ok``, "no", 好的: a reply, whatever was asked."""
    said = text.strip().strip(_TRIM).casefold()
    return said in _words("yes") or said in _words("no_answer")


def _words(key: str) -> set[str]:
    return {w for language in ("en", "zh") for w in table(language, "control").get(key, ())}


def _choice(said: str, tokens: list[Token], choices: tuple[Choice, ...], *, exact: bool) -> Choice | None:
    same = [c for c in choices if c.label.casefold() == said]
    if len(same) == 1:
        return same[0]
    number = _number(tokens) if _is_number(tokens) else None
    if number is not None and 1 <= abs(number) <= len(choices):
        return choices[number - 1 if number > 0 else number]
    if exact:
        return None
    # A part of one label, and of no other: "the vase", "take it out".
    words = {w for w in re.findall(r"\w+", said) if w not in _FILLERS}
    within = [c for c in choices if words and words <= _label_words(c)]
    if not within and not said.isascii():
        within = [c for c in choices if said in c.label.casefold() or c.label.casefold() in said]
    return within[0] if len(within) == 1 else None


def _label_words(choice: Choice) -> set[str]:
    label = choice.label.casefold()
    return {*re.findall(r"\w+", label), *re.findall(r"[^\W_]+", label)}


def _number(tokens: list[Token]) -> int | None:
    for token in tokens:
        if token.has("ref"):
            return int(token.value.indexes[0])
        if (
            token.has("ordinal", "nth", "hashnum", "num")
            and token.value is not None
            and float(token.value).is_integer()
        ):
            return int(token.value)
        if token.has("link.last"):
            return -1
    return None


def _yes(question: Question, state: State) -> Planned | None:
    if question.half is None:
        return None
    state.questions.append(
        Question(say(state.language, "what_text"), half=question.half, slot=question.slot, kind=question.kind)
    )
    return state.planned()


def _is_request(tokens: list[Token], question: Question) -> bool:
    """Whether the message is a new wish and no answer: it has a verb of editing and a thing to edit."""
    if question.kind == "text" and any(t.has("quote") for t in tokens):
        return any(t.has("verb.add", "verb.remove", "verb.change") for t in tokens)
    verbs = [t for t in tokens if t.has("verb.", "ctl.undo", "ctl.redo", "ctl.help")]
    things = [t for t in tokens if t.has("noun.", "ref", "ctl.")]
    if question.kind == "text" and verbs and verbs[0] is tokens[0] and tokens[0].text.isascii():
        return True
    return bool(verbs) and bool(things) and verbs[0] is tokens[0]


def _value(text: str, tokens: list[Token], question: Question, state: State) -> Any:  # noqa: ANN401 -- one return per kind
    match question.kind:
        case "text":
            quote = next((str(t.value) for t in tokens if t.has("quote")), None)
            return quote or text.strip()[:500]
        case "seconds":
            found = next(
                (
                    t.value
                    for t in tokens
                    if t.has("dur", "time", "nth_time", "num", "t.") and isinstance(t.value, float)
                ),
                None,
            )
            return (
                [found]
                if question.slot == "at_s" and found is not None and question.half and question.half["op"] == "split"
                else found
            )
        case "color":
            return next((str(t.value) for t in tokens if t.has("color", "hex")), None)
        case "index":
            return _number(tokens) if _is_number(tokens) else None
        case _:
            named = next((t for t in tokens if t.has("file")), None)
            media = state.view.library.by_name(str(named.value) if named else text.strip())
            number = _number(tokens) if _is_number(tokens) else None
            pictures = [m for m in state.view.library if m.visible]
            if media is None and number is not None and 1 <= abs(number) <= len(pictures):
                media = pictures[number - 1 if number > 0 else number]
            return media.name if media else None


def _filled(half: dict[str, Any], slot: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 -- a slot's value
    out = {**half}
    *path, last = slot.split(".")
    inner = out
    for key in path:
        inner[key] = {**inner.get(key, {})}
        inner = inner[key]
    inner[last] = value
    return out


def _done(ops: tuple[dict[str, Any], ...], state: State) -> Planned | None:
    try:
        state.ops.extend(op_from_dict(op) for op in ops)
    except ValidationError:
        return None
    return state.planned()
