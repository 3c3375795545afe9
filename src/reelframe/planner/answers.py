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

__all__ = ["answer"]

_SHORT: Final = 6
_TRIM: Final = " .!?。!?,,~ "


def answer(text: str, question: Question, state: State) -> Planned | None:  # noqa: PLR0911 -- one branch per way to say it
    """The plan that an answer leads to, None when the message is a request of its own."""
    said = text.strip().strip(_TRIM).casefold()
    if not said or len(said) > 200:  # noqa: PLR2004 -- nobody answers at such length
        return None
    if said in _words("no_answer"):
        return Planned(state.planned().plan)
    tokens = combine(tokenise(normalise(text), tuple(m.name.lower() for m in state.view.library)))
    if question.choices:
        picked = _choice(said, tokens, question.choices)
        if picked is not None and picked.ops:
            return _done(picked.ops, state)
    if said in _words("yes"):
        if question.choices and question.choices[0].ops:
            return _done(question.choices[0].ops, state)
        return _yes(question, state)
    if question.half is None or _is_request(tokens, question):
        return None
    value = _value(text, tokens, question, state)
    if value is None:
        return None
    return _done((_filled(question.half, question.slot, value),), state)


def _words(key: str) -> set[str]:
    return {w for language in ("en", "zh") for w in table(language, "control").get(key, ())}


def _choice(said: str, tokens: list[Token], choices: tuple[Choice, ...]) -> Choice | None:
    exact = [c for c in choices if c.label.casefold() == said]
    if len(exact) == 1:
        return exact[0]
    number = _number(tokens) if len(tokens) <= _SHORT else None
    if number is not None and 1 <= abs(number) <= len(choices):
        return choices[number - 1 if number > 0 else number]
    within = [c for c in choices if said in c.label.casefold() or c.label.casefold() in said]
    if len(within) == 1:
        return within[0]
    words = set(re.findall(r"\w+", said))
    scored = sorted(
        ((len(words & set(re.findall(r"\w+", c.label.casefold()))), -i) for i, c in enumerate(choices)), reverse=True
    )
    if scored and scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > scored[1][0]) and len(words) <= _SHORT:
        return choices[-scored[0][1]]
    return None


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
            return _number(tokens)
        case _:
            named = next((t for t in tokens if t.has("file")), None)
            media = state.view.library.by_name(str(named.value) if named else text.strip())
            number = _number(tokens)
            pictures = [m for m in state.view.library if m.kind != "audio"]
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
