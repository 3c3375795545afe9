"""One message: words → plan → timeline → answer.

A message is stored when it is accepted. What it leads to (the plan, the new timeline, the answer, the
charge) is stored in one transaction, which happens only if the message was not cancelled and nobody else
changed the timeline meanwhile; in the latter case it is planned anew on what the timeline is now. So a
message is carried out whole or not at all, whatever happens to the process or the client.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from reelframe import process
from reelframe.backend import answers, replies
from reelframe.backend.core import Backend
from reelframe.backend.editing import carried_out, possible
from reelframe.backend.replies import Reply
from reelframe.backend.store import Connection, accounts, media, messages, sessions
from reelframe.backend.store.accounts import Account
from reelframe.backend.store.sessions import Session
from reelframe.draft import Draft
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import Redo, Undo
from reelframe.errors import InsufficientCreditsError, PlanError, ReelframeError
from reelframe.media.model import Library
from reelframe.planner import Context, Question, detect_language
from reelframe.planner.context import Planned

__all__ = ["Accepted", "accept", "converse", "turn_away"]

_log: Final = logging.getLogger("reelframe.backend")
Emit = Callable[[dict[str, Any]], None]
# What a message that changes the timeline costs where credits are enforced.
_PRICE: Final = 1
# How often a message is planned anew because somebody else changed the timeline in between.
_TRIES: Final = 5
_REMEMBERED: Final = 20


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is stored and will be answered."""

    id: int
    session_id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a message is about, as it was at one moment."""

    session: Session
    draft: Draft
    library: Library
    context: Context
    can_undo: int
    can_redo: int
    balance: accounts.Balance

    @property
    def language(self) -> str:
        return self.context.language


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a message comes to, before anything of it is stored: the new timeline behind step ``base``."""

    plan: Plan
    base: int
    based_on: Draft
    draft: Draft
    reply: Reply
    question: Question | None


class _ConflictError(Exception):
    """Somebody else changed the timeline while this message was being worked out."""


class _CancelledError(Exception):
    """The message was cancelled before it was applied."""


def accept(backend: Backend, account: Account, session_id: Any, text: str) -> Accepted:  # noqa: ANN401 -- from outside
    """Store a message, and hold its price where credits are enforced.

    Raises:
        SessionNotFoundError: no such session.
        InsufficientCreditsError: too few credits; nothing was stored.
    """
    with backend.db.write() as tx:
        session = sessions.own(tx, account.id, session_id)
        _learn_language(tx, session, text)
        message_id = messages.add(tx, session.id, text, process.me())
        if backend.options.credits and not accounts.hold(tx, account.id, _PRICE, message_id):
            message = "There are no credits left."
            raise InsufficientCreditsError(message)
        sessions.touch(tx, session.id)
    return Accepted(message_id, session.id, text)


def turn_away(backend: Backend, message: Accepted) -> None:
    """Give up a message that was accepted and that nobody will carry out."""
    _close(backend, message, "interrupted", "")


def converse(backend: Backend, account: Account, message: Accepted, emit: Emit) -> None:
    """Carry a message out and report it as events. Never raises: what goes wrong is answered in words."""
    try:
        _converse(backend, account, message, emit)
    except Exception as error:  # noqa: BLE001 -- the stream must say why it ends
        known = isinstance(error, ReelframeError)
        if not known:
            _log.exception("a message could not be carried out")
        text = str(error) if known else f"The server failed ({type(error).__name__}). Nothing was changed."
        _close(backend, message, "failed", text)
        emit(replies.failed(text))


def _learn_language(tx: Connection, session: Session, text: str) -> None:
    """The language of a session is its creator's word for it, else that of its first message."""
    if not session.language:
        sessions.set_language(tx, session.id, detect_language(text))


def _converse(backend: Backend, account: Account, message: Accepted, emit: Emit) -> None:
    language = "en"
    for _ in range(_TRIES):
        emit(replies.call("plan"))
        scene = _look(backend, account, message)
        language = scene.language
        planned = backend.planning(message.text, scene.draft, scene.library, scene.context)
        emit(replies.response("plan"))
        emit(replies.call("apply"))
        outcome = _work_out(backend, scene, planned)
        try:
            _store(backend, message, scene, outcome)
        except _ConflictError:
            continue
        except _CancelledError:
            emit(replies.said(answers.phrase("cancelled", language)))
            return
        emit(replies.response("apply"))
        for event in outcome.reply.events():
            emit(event)
        return
    text = answers.phrase("busy", language)
    _close(backend, message, "failed", text)
    emit(replies.said(text))


def _look(backend: Backend, account: Account, message: Accepted) -> _Scene:
    with backend.db.read() as tx:
        session = sessions.own(tx, account.id, message.session_id)
        draft = sessions.draft_at(tx, session.id, session.head)
        library = media.library(tx, session.id, backend.files.media_path)
        history = messages.history(tx, session.id, _REMEMBERED)
        can_undo, can_redo = sessions.steps(tx, session)
        balance = accounts.balance(tx, account.id)
    chinese = answers.speaks(session.language) == "zh" or detect_language(message.text) == "zh"
    context = Context(
        selection=session.selection,
        touched=session.touched,
        question=Question.from_dict(json.loads(session.question)) if session.question else None,
        history=tuple(one.text for one in history),
        language="zh" if chinese else "en",
        project="" if session.name == "project" else session.name,
    )
    return _Scene(session, draft, library, context, can_undo, can_redo, balance)


def _work_out(backend: Backend, scene: _Scene, planned: Planned) -> _Outcome:
    """Undo and redo first, then the edits, all as one step; nothing is stored."""
    feasible, notes = replies.feasible(planned.plan, scene.language)
    base, lines = _stepped(backend, feasible, scene)
    with backend.db.read() as tx:
        based_on = sessions.draft_at(tx, scene.session.id, base)
    try:
        feasible, draft, done, left_out = _carried_out(based_on, feasible, scene)
        notes += [answers.phrase("left_out", scene.language, why=_why(error, scene.language)) for error in left_out]
    except PlanError as error:
        # A plan is applied as a whole or not at all: its exports and undos are not carried out either.
        base, based_on, draft, done, lines = scene.session.head, scene.draft, scene.draft, "", []
        notes = [answers.phrase("failed", scene.language, why=_why(error, scene.language))]
        feasible = replace(feasible, ops=(), assumptions=())
    reply = replies.worded(
        feasible,
        planned.open,
        replies.Facts(
            before=scene.draft,
            based_on=based_on,
            after=draft,
            done=done,
            language=scene.language,
            library=scene.library,
            can_undo=scene.can_undo,
            balance=scene.balance,
            charged=backend.options.credits,
        ),
        lines,
        notes,
    )
    return _Outcome(planned.plan, base, based_on, draft, reply, next(iter(planned.open), None))


def _carried_out(based_on: Draft, plan: Plan, scene: _Scene) -> tuple[Plan, Draft, str, tuple[PlanError, ...]]:
    """The plan as it was carried out, the timeline after it, what was done, and what a first cut had to do without."""
    try:
        return plan, *carried_out(based_on, plan, scene.library, scene.language), ()
    except PlanError:
        rest, errors = possible(based_on, plan, scene.library, scene.language)
        if not errors:
            raise
        return rest, *carried_out(based_on, rest, scene.library, scene.language), errors


def _stepped(backend: Backend, planned: Plan, scene: _Scene) -> tuple[int, list[str]]:
    """Which step the plan's undos and redos lead to, and what is said about them."""
    base, lines = scene.session.head, []
    can_undo, can_redo = scene.can_undo, scene.can_redo
    for op in planned.ops:
        if not isinstance(op, (Undo, Redo)):
            continue
        back = isinstance(op, Undo)
        count = min(op.count or 1, can_undo if back else can_redo)
        step = -count if back else count
        if count:
            with backend.db.read() as tx:
                labels = sessions.labels(tx, scene.session.id, base, base + step)
            lines.append(answers.stepped("undone" if back else "redone", labels, scene.language))
        else:
            lines.append(answers.phrase(f"nothing_to_{op.op}", scene.language))
        base, can_undo, can_redo = base + step, can_undo + step, can_redo - step
    return base, lines


def _why(error: PlanError, language: str) -> str:
    message, hint = answers.failure(error, language)
    return f"{message}{hint}" if answers.speaks(language) == "zh" else f"{message} {hint}".strip()


def _store(backend: Backend, message: Accepted, scene: _Scene, outcome: _Outcome) -> None:
    session = scene.session
    with backend.db.write() as tx:
        if not messages.is_running(tx, message.id):
            accounts.settle(tx, message.id, charged=False)
            raise_later = _CancelledError()
        elif not _moved(tx, session, outcome, message.text):
            raise _ConflictError
        else:
            raise_later = None
            changed = outcome.draft != scene.draft
            messages.keep_plan(tx, message.id, json.dumps(outcome.plan.as_dict(), ensure_ascii=False))
            messages.finish(tx, message.id, "done", outcome.reply.whole)
            accounts.settle(tx, message.id, charged=changed)
            touched = answers.touched(scene.draft, outcome.draft) if changed else None
            question = json.dumps(outcome.question.as_dict(), ensure_ascii=False) if outcome.question else ""
            sessions.set_talk(tx, session.id, touched, question)
    if raise_later is not None:
        # Outside of the transaction, so that the credits that were given back stay so.
        raise raise_later


def _moved(tx: Connection, session: Session, outcome: _Outcome, label: str) -> bool:
    """Put the new timeline in its place; False when somebody else changed it in between."""
    if outcome.draft != outcome.based_on:
        return sessions.commit(tx, session, outcome.base, outcome.draft, label)
    if outcome.base != session.head:
        return sessions.step_to(tx, session, outcome.base)
    return True


def _close(backend: Backend, message: Accepted, state: str, answer: str) -> None:
    with backend.db.write() as tx:
        messages.finish(tx, message.id, state, answer)
        accounts.settle(tx, message.id, charged=False)
