"""The road from words to a plan: normalise, tokenise, combine, split, rules, checks."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from typing import Final

from reelframe.draft import Draft
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import Target
from reelframe.media.model import Library
from reelframe.planner.answers import answer, is_bare_reply
from reelframe.planner.called import phrases_of
from reelframe.planner.clauses import Clause, split
from reelframe.planner.context import Choice, Context, Planned
from reelframe.planner.grammar import CLIPLIKE, combine, halves
from reelframe.planner.lines import pasted_lines
from reelframe.planner.naming import bare_numbers, named_shots
from reelframe.planner.others import rest_of
from reelframe.planner.pairs import paired
from reelframe.planner.payload import join_payloads
from reelframe.planner.refs import Asked, unknown_shot
from reelframe.planner.rules import RULES
from reelframe.planner.rules.announce import announce
from reelframe.planner.rules.first_cut import begin, begins, finish
from reelframe.planner.rules.lengths import share_the_rest
from reelframe.planner.rules.pace import fits
from reelframe.planner.rules.refuse import rule as refuse_rule
from reelframe.planner.rules.shape import shape
from reelframe.planner.say import say
from reelframe.planner.settle import settle
from reelframe.planner.several import every_nth, spread
from reelframe.planner.state import State
from reelframe.planner.talk import (
    acts_on_that,
    complains_after,
    explains,
    goes_on_about_it,
    hands_over,
    is_about_us,
    is_purpose,
    is_wish,
    leads_in,
    only_complains,
    tells,
    wants_to_know,
)
from reelframe.planner.text import LIMIT, Source, detect_language, normalise
from reelframe.planner.tokens import MOST, Token, tokenise
from reelframe.planner.unused import unused_words
from reelframe.planner.view import View

__all__ = ["plan", "plan_open"]

_FEW: Final = 3
# "Take out the vase... no wait, put it back and take out the cactus": what was said before is not meant.
_THOUGHT_AGAIN: Final = re.compile(
    r"^.*?(?:\bno,? wait\b|\bscratch that\b|\bactually,? no\b|不对[,,]|等等[,,])[\s,.:-]*"
    r"(?:(?:put|take|bring) (?:it|that|them) back(?: and| then|,)?\s*)?",
    re.IGNORECASE | re.DOTALL,
)
# More wishes than anybody puts into one message; what is beyond is said, and not read.
_WISHES: Final = 30
_PURPOSE: Final = re.compile(
    r"(?:so )?(?:that )?(?:i|we|people|viewers|everyone|it) (?:can|could|fits?|will fit|am able)\b"
)
# The same wish once more, and no undone step that comes back.
_AGAIN: Final = re.compile(
    r"\s*(?:please )?(?:do (?:that|the same(?: thing)?|this) (?:again|once more)|same again|(?:and )?once more"
    r"|repeat that|again)(?:,? please)?[\s.!]*"
    r"|再来一次|再做一次|照刚才的?再来一[次遍]|再来一遍刚才的|同样的再来一[次遍]|重复刚才的操作",
    re.IGNORECASE,
)


def plan(text: str, draft: Draft, library: Library, context: Context | None = None) -> Plan:
    """What a request asks for, as operations, with what was assumed, asked and refused.

    Pure and deterministic; any text whatever gives a plan.

    Args:
        text: the request, in English or Chinese.
        draft: the timeline as it is.
        library: the session's media.
        context: the selection, what was touched last, the open question, recent requests.

    >>> draft, library = sample_context()
    >>> [op.op for op in plan("mute the second clip and make the title red", draft, library).ops]
    ['mute', 'style_text']
    """
    return plan_open(text, draft, library, context).plan


def plan_open(text: str, draft: Draft, library: Library, context: Context | None = None) -> Planned:
    """The same, with the questions in the form that an answer can be matched against."""
    blind = context is None
    context = context or Context()
    language = context.language if context.language in {"en", "zh"} else detect_language(text)
    view = View(draft, library)
    if _AGAIN.fullmatch(text) and (before := _request_before(text, context)):
        return _own(before, State(view, replace(context, question=None), language, blind=blind))
    if context.question is None or pasted_lines(text):
        return _own(text, State(view, context, language, blind=blind))
    # What can be nothing but an answer is one; anything else is first read as a request of its own.
    answered = answer(text, context.question, State(view, context, language), exact=True)
    if answered is not None:
        return answered
    own = _own(text, State(view, context, language))
    if any(op.op != "help" for op in own.plan.ops) or _refuses(own.plan):
        return own
    return answer(text, context.question, State(view, context, language), exact=False) or own


def _request_before(text: str, context: Context) -> str:
    """The request that "do that again" is about; "" when nothing was asked yet."""
    earlier = (line for line in reversed(context.history) if line != text)
    return next((line for line in earlier if not _AGAIN.fullmatch(line)), "")


def _refuses(plan: Plan) -> bool:
    """A refusal for a reason is a request that was understood."""
    return any(refusal.reason != "out_of_scope" for refusal in plan.refused)


def _own(text: str, state: State) -> Planned:
    """The message as a request of its own."""
    if announce(text, state):
        return state.planned()
    pasted = pasted_lines(text)
    if pasted:
        state.add("add_subtitles", lines=pasted)
        return state.planned()
    if (better := _THOUGHT_AGAIN.search(text[:LIMIT])) is not None and text[better.end() :].strip():
        text = text[better.end() :]
    if len(text) > LIMIT:
        state.assume("cut_short", count=LIMIT)
    source = normalise(text)
    tokens = _tokens(source, state.view)
    _read(text, source, tokens, state)
    if begins(state):
        # Read once more, as what it is: wishes about a video that this very request makes.
        state = State(state.view, state.context, state.language, beginning=True, blind=state.blind)
        _read(text, source, tokens, state)
    return state.planned()


def _tokens(source: Source, view: View) -> tuple[Token, ...]:
    names = tuple(m.name.lower() for m in view.library if len(m.name) > _FEW)
    tokens = tokenise(source, names, phrases_of(tuple(m.stem for m in view.library.shots)))
    words = paired(halves(tokens[:MOST], view.total_s), source, view)
    words = named_shots(every_nth(words, view), view)
    return tuple(join_payloads(bare_numbers(combine(words)), source))


def _read(text: str, source: Source, tokens: tuple[Token, ...], state: State) -> None:
    # Tokens of their own: the rules mark what they used, and a request may be read twice.
    every = rest_of(split([copy(token) for token in tokens], source), state.view)
    clauses = every[:_WISHES]
    if len(every) > len(clauses):
        state.assume("too_many", count=_WISHES)
    if not clauses:
        state.ask("what_change", _vague_choices(state))
        return
    asked_how = any(c.ever("ctl.how") for c in clauses)
    if any(c.ever("ctl.vague") and any(t.text in {"like", "similar"} for t in c.tokens) for c in clauses):
        # "edit this like …" names a model that can't be looked at.
        state.ask("vague", _vague_choices(state))
        return
    if wants_to_know(clauses):
        state.add("help")
        state.refuse(text.strip(), "out_of_scope")
        return
    if state.beginning:
        begin(clauses, state)
    missed: list[Clause] = []
    for number, clause in enumerate(clauses):
        if number and _PURPOSE.match(clause.text) and state.ops:
            # "… so I can email it": why, and perhaps for which screen, or how long it may be.
            if not fits(clause, state):
                shape(clause, state)
            continue
        taken = clauses[number - 1].taken if number else -1
        if taken >= 0 and any(t.start == taken for t in clause.tokens):
            # The words were read with the clause before; what is left may still say how long.
            clause.tokens = [t for t in clause.tokens if t.start > taken]
            clause.joined = "and"
            if not clause.tokens:
                continue
        if number and unknown_shot(clauses[number - 1], state) is not None and goes_on_about_it(clause):
            # Of the shot that is being asked about.
            continue
        if number and state.refused and acts_on_that(clause):
            # "find the boring bits and remove them": which they are is what can't be told.
            continue
        if explains(clause, clauses[number + 1 : number + 2]) or only_complains(
            clause, clauses[number + 1 : number + 2]
        ):
            continue
        following = clauses[number + 1] if number + 1 < len(clauses) else None
        done = state.ops[-1].op if state.ops else ""
        if is_about_us(clause) or leads_in(clause, following) or complains_after(clause, done):
            continue
        if tells(clause):
            # What is there may still be what can't be used: "I have an article written out …"
            refuse_rule(clause, state)
            continue
        before = (tuple(state.ops), len(state.questions), len(state.refused), state.whole)
        fired = _apply_rules(clause, state)
        state.mentioned = _mentioned(clause, state)
        after = (tuple(state.ops), len(state.questions), len(state.refused), state.whole)
        if not fired or (before == after and not state.composed and not state.said_already):
            if following is not None and hands_over(clause, following):
                continue
            missed.append(clause)
    if state.nothing:
        state.ops.clear()
        state.assumptions.clear()
        return
    if not state.beginning and begins(state):
        # It is read once more, as wishes about a new video: what is left over is told then.
        return
    finish(state, clauses)
    share_the_rest(state, text.strip())
    settle(state)
    lost = [] if missed else unused_words(clauses, state)
    if lost:
        state.assume("unused", words=", ".join(f"“{word}”" for word in lost))
    if state.vague and not state.ops and not state.refused:
        state.ask("vague", _vague_choices(state))
    _leftovers(text, missed, clauses, state, asked_how=asked_how)


def _apply_rules(clause: Clause, state: State) -> bool:
    fired = False
    absent = clause.get("absent")
    name = absent.value if absent is not None else unknown_shot(clause, state)
    if name is not None:
        state.ask("not_shown", name=name)
        return True
    state.meant_before = state.meant or state.meant_before
    before, state.meant, state.said_already = len(state.ops), (), False
    try:
        for rule in RULES:
            fired = rule(clause, state) or fired
    except Asked:
        fired = True
    if clause.verb("remove") and state.last is not None and state.last.kind == "clip":
        # What is gone is not "it".
        state.last = None
    state.ops[before:] = spread(state.ops[before:], clause, state)
    return fired


def _mentioned(clause: Clause, state: State) -> Target | None:
    """The one shot that a clause names: what "it" is in the next."""
    indexes = [i for t in clause.tokens if t.has("ref") and t.value.noun in CLIPLIKE for i in t.value.indexes]
    if clause.verb("remove"):
        # What is gone is not "it".
        return None
    if len(indexes) > 1 and getattr(state.ops[-1] if state.ops else None, "move", None) is not None:
        # "Put the tea set second": what was moved stands before where.
        indexes = indexes[:1]
    there = len(indexes) == 1 and 1 <= abs(indexes[0]) <= len(state.view.shots)
    return Target(kind="clip", index=indexes[0]) if there else state.mentioned if clause.has("noun.it") else None


def _vague_choices(state: State) -> tuple[Choice, ...]:
    language = state.language
    return (
        Choice(say(language, "vague_1"), ({"op": "look", "name": "cinematic"},)),
        Choice(say(language, "vague_2"), ({"op": "transition", "between": "all", "type": "crossfade"},)),
        Choice(say(language, "vague_3"), ({"op": "add_music", "mood": "upbeat"},)),
    )


def _leftovers(text: str, missed: list[Clause], clauses: list[Clause], state: State, *, asked_how: bool) -> None:
    """What no rule understood is never passed over in silence."""
    if state.ops or state.questions:
        if asked_how and state.ops and all(op.op not in {"help", "status", "credits"} for op in state.ops):
            state.assume("how_to")
        for clause in missed:
            material = state.composed and clause.ever("noun.clip noun.photo noun.media")
            # Which files it is made of was read for all clauses together.
            material = material or any(t.has("upload") and t.used for t in clause.tokens)
            if clause.own_verb and is_wish(clause) and not clause.negated and not material and not is_purpose(clause):
                state.refuse(clause.said, "out_of_scope")
        return
    if state.refused:
        return
    if state.whole == "greeting" or (asked_how and not state.whole):
        state.add("help")
        if asked_how and state.whole != "greeting":
            state.refuse(text.strip()[:80] or text, "out_of_scope")
        return
    if state.whole in {"negated", "kept"}:
        if state.missing is not None:
            # Applying it says in words what is not there.
            state.add("remove", target=state.missing)
            return
        if not state.assumptions:
            state.assume("not_there")
        return
    if any(c.ever("ctl.vague", "verb.enhance", "noun.effect", "noun.style") for c in clauses):
        state.ask("vague", _vague_choices(state))
        return
    if is_bare_reply(text):
        # An answer to nothing that was asked is no wish outside of editing.
        state.ask("not_understood")
        return
    state.refuse(text.strip()[:80] or say(state.language, "nothing_heard"), "out_of_scope")


def _warm() -> None:
    """The tables are read when the planner is imported, so that the first request is answered as quickly as any."""
    view = View(Draft(), Library())
    for words in ("make it a 10 second vrtical video", "做一个10秒的视频"):
        _own(words, State(view, Context(), "en"))


_warm()
