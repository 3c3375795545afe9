"""One message: words → plan → timeline → answer.

A message is stored when it is accepted. What it leads to (the plan, the new timeline, the answer, the
charge) is stored in one transaction, which happens only if the message was not cancelled and nobody else
changed the timeline meanwhile; in the latter case it is planned anew on what the timeline is now. So a
message is carried out whole or not at all, whatever happens to the process or the client.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from reelframe.backend import answers, process
from reelframe.backend.core import Backend
from reelframe.backend.editing import told_changes
from reelframe.backend.state import canvas
from reelframe.backend.store import accounts, media, messages, sessions
from reelframe.backend.store.accounts import Account
from reelframe.backend.store.sessions import Session
from reelframe.draft import Draft
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import CONTROL, Export, OpBase, Redo, Undo
from reelframe.errors import InsufficientCreditsError, ReelframeError
from reelframe.media.model import Library

__all__ = ["Accepted", "accept", "converse"]

_log: Final = logging.getLogger("reelframe.backend")
Emit = Callable[[dict[str, Any]], None]
# What a message that changes the timeline costs where credits are enforced.
_PRICE: Final = 1
# How often a message is planned anew because somebody else changed the timeline in between.
_TRIES: Final = 5
_REMEMBERED: Final = 10
_AUTHOR: Final = "reelframe"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is stored and will be answered."""

    id: int
    session_id: str
    text: str


@dataclass(slots=True)
class _Outcome:
    """What a plan comes to, before anything of it is stored."""

    base: int
    draft: Draft
    lines: list[str]
    actions: list[dict[str, Any]]


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
        message_id = messages.add(tx, session.id, text, process.me())
        if backend.options.credits and not accounts.hold(tx, account.id, _PRICE, message_id):
            message = "There are no credits left."
            raise InsufficientCreditsError(message)
        if not session.language:
            sessions.set_language(tx, session.id, "zh" if answers.is_chinese(text) else "en")
        sessions.touch(tx, session.id)
    return Accepted(message_id, session.id, text)


def converse(backend: Backend, account: Account, message: Accepted, emit: Emit) -> None:
    """Carry a message out and report it as events. Never raises: what goes wrong is answered in words."""
    try:
        _converse(backend, account, message, emit)
    except Exception as error:  # noqa: BLE001 -- the stream must say why it ends
        _log.exception("a message could not be carried out")
        known = isinstance(error, ReelframeError)
        text = str(error) if known else f"The server failed ({type(error).__name__}). Nothing was changed."
        _close(backend, message, "failed", text)
        emit({"author": _AUTHOR, "error": text, "errorCode": 500})


def _converse(backend: Backend, account: Account, message: Accepted, emit: Emit) -> None:
    emit(_call("plan"))
    language = "en"
    for _ in range(_TRIES):
        session, plan, outcome, library = _work_out(backend, account, message, emit)
        language = _language(session, message.text)
        text, questions = _worded(backend, account, message, session, plan, outcome, library)
        try:
            _store(backend, message, session, plan, outcome, "\n\n".join([*filter(None, [text]), *questions]))
        except _ConflictError:
            continue
        except _CancelledError:
            emit(_said(answers.phrase("cancelled", language)))
            return
        emit(_response("apply"))
        if text:
            emit(_said(text))
        for question in questions:
            emit(_asked(question))
        for action in outcome.actions:
            emit(_action(action))
        return
    text = answers.phrase("busy", language)
    _close(backend, message, "failed", text)
    emit(_said(text))


def _work_out(
    backend: Backend, account: Account, message: Accepted, emit: Emit
) -> tuple[Session, Plan, _Outcome, Library]:
    """Plan and apply, on the timeline as it is now; nothing is stored."""
    from reelframe import planner  # noqa: PLC0415 -- its tables of words take a moment to load

    with backend.db.read() as tx:
        session = sessions.own(tx, account.id, message.session_id)
        draft = sessions.draft_at(tx, session.id, session.head)
        library = media.library(tx, session.id, backend.files.media_path)
        history = messages.history(tx, session.id, _REMEMBERED)
    context = planner.Context(
        selection=session.selection,
        touched=session.touched,
        question=session.question,
        history=tuple(one.text for one in history),
        language=_language(session, message.text),
    )
    plan = planner.plan(message.text, draft, library, context)
    emit(_response("plan"))
    emit(_call("apply"))
    return session, plan, _carry_out(backend, session, plan, draft, library), library


def _carry_out(
    backend: Backend, session: Session, plan: Plan, draft: Draft, library: Library
) -> _Outcome:
    """Undo and redo first, then the edits, as one step."""
    from reelframe import edits  # noqa: PLC0415 -- see above

    out = _Outcome(session.head, draft, [], [])
    with backend.db.read() as tx:
        can_undo, can_redo = sessions.steps(tx, session)
        for op in plan.ops:
            if not isinstance(op, (Undo, Redo)):
                continue
            back = isinstance(op, Undo)
            count = min(op.count or 1, can_undo if back else can_redo)
            can_undo, can_redo = (
                (can_undo - count, can_redo + count) if back else (can_undo + count, can_redo - count)
            )
            out.base += -count if back else count
            word = ("undone" if back else "redone") if count else f"nothing_to_{op.op}"
            out.lines.append(answers.phrase(word, session.language, count=count))
        base = sessions.draft_at(tx, session.id, out.base)
    out.draft = edits.apply(base, plan, library) if _edits(plan) else base
    out.actions = [
        {"action": "export", "args": op.model_dump(mode="json", exclude_none=True, exclude={"op"})}
        for op in plan.ops
        if isinstance(op, Export)
    ]
    return out


def _edits(plan: Plan) -> bool:
    return any(op.op not in CONTROL for op in plan.ops)


def _worded(
    backend: Backend,
    account: Account,
    message: Accepted,
    session: Session,
    plan: Plan,
    outcome: _Outcome,
    library: Library,
) -> tuple[str, list[str]]:
    """The answer, and the questions, which are events of their own."""
    language = _language(session, message.text)
    with backend.db.read() as tx:
        before = sessions.draft_at(tx, session.id, session.head)
        balance = accounts.balance(tx, account.id)
        can_undo, _ = sessions.steps(tx, session)
    paragraphs = list(outcome.lines)
    told = told_changes(before, outcome.draft, language)
    if told:
        paragraphs.append(told)
    elif _edits(plan) and outcome.base == session.head:
        paragraphs.append(answers.phrase("unchanged", language, summary=before.summary()))
    paragraphs += [
        _control(op, language, outcome.draft, balance, len(library), can_undo, backend)
        for op in plan.ops
        if op.op in CONTROL and not isinstance(op, (Undo, Redo, Export))
    ]
    paragraphs += answers.refused(plan.refused, language)
    paragraphs.append(answers.assumed(plan.assumptions, language))
    text = "\n".join(filter(None, paragraphs))
    if not text and not plan.questions and not outcome.actions:
        text = answers.phrase("not_understood", language, help=answers.help_text(language))
    return text, list(plan.questions)


def _control(
    op: OpBase, language: str, draft: Draft, balance: accounts.Balance, files: int, can_undo: int, backend: Backend
) -> str:
    match op.op:
        case "status":
            size = canvas(draft)
            return answers.phrase(
                "status",
                language,
                summary=draft.summary(),
                canvas=f"{size['width']}x{size['height']}, {size['fps']:g} fps",
                media=files,
                undo=can_undo,
            )
        case "credits":
            text = answers.phrase(
                "credits", language, available=balance.available, frozen=balance.frozen, total=balance.total
            )
            return text if backend.options.credits else text + answers.phrase("credits_free", language)
        case "help":
            return answers.help_text(language)
        case name:
            return answers.phrase(name, language)


def _store(
    backend: Backend, message: Accepted, session: Session, plan: Plan, outcome: _Outcome, answer: str
) -> None:
    with backend.db.write() as tx:
        if not messages.is_running(tx, message.id):
            accounts.settle(tx, message.id, charged=False)
            raise _CancelledError
        before = sessions.draft_at(tx, session.id, session.head)
        based_on = sessions.draft_at(tx, session.id, outcome.base)
        changed = outcome.draft != before
        if outcome.draft != based_on:
            stored = sessions.commit(tx, session, outcome.base, outcome.draft, message.text)
        elif outcome.base != session.head:
            stored = sessions.step_to(tx, session, outcome.base)
        else:
            stored = True
        if not stored:
            raise _ConflictError
        messages.keep_plan(tx, message.id, json.dumps(plan.as_dict(), ensure_ascii=False))
        messages.finish(tx, message.id, "done", answer)
        accounts.settle(tx, message.id, charged=changed)
        touched = answers.touched(before, outcome.draft) if changed else None
        sessions.set_talk(tx, session.id, touched, "\n".join(plan.questions))


def _close(backend: Backend, message: Accepted, state: str, answer: str) -> None:
    with backend.db.write() as tx:
        messages.finish(tx, message.id, state, answer)
        accounts.settle(tx, message.id, charged=False)


def _language(session: Session, text: str) -> str:
    return session.language or ("zh" if answers.is_chinese(text) else "en")


def _call(name: str) -> dict[str, Any]:
    return {"author": _AUTHOR, "content": {"role": "model", "parts": [{"functionCall": {"name": name, "args": {}}}]}}


def _response(name: str) -> dict[str, Any]:
    part = {"functionResponse": {"name": name, "response": {"status": "ok"}}}
    return {"author": _AUTHOR, "content": {"role": "user", "parts": [part]}}


def _said(text: str) -> dict[str, Any]:
    return {"author": _AUTHOR, "content": {"role": "model", "parts": [{"text": text}]}}


def _asked(question: str) -> dict[str, Any]:
    meta = {"kind": "question", "choices": _choices(question)}
    return {**_said(question), "customMetadata": {"reelframe": meta}}


def _action(action: dict[str, Any]) -> dict[str, Any]:
    return {"author": _AUTHOR, "customMetadata": {"reelframe": {"kind": "action", **action}}}


def _choices(question: str) -> list[str]:
    """What stands behind the last colon, one by one; [] when the question names no choices."""
    head, _, tail = question.replace(":", ": ").rpartition(": ")
    if not head:
        return []
    tail = re.sub(r"[??.。\s]+$", "", tail)
    return [piece for piece in re.split(r"\s*(?:,\s*or\b|,|、|,|\bor\b|还是)\s*", tail) if piece]
