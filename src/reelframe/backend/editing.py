"""Changing a session's timeline outside a conversation: undo and redo, a plan or a draft handed over whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reelframe.backend import answers
from reelframe.backend.beats import beat_finder
from reelframe.backend.captions import with_lines
from reelframe.backend.core import Backend
from reelframe.backend.store import Connection, media, sessions
from reelframe.backend.store.accounts import Account
from reelframe.backend.store.sessions import Session
from reelframe.backend.voice import Voice
from reelframe.backend.wire import bad_request
from reelframe.draft import Draft
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import Compose, SetAspect
from reelframe.errors import ConfigurationError, PlanError
from reelframe.media.model import Library

if TYPE_CHECKING:
    from reelframe.edits.apply import Step

__all__ = ["apply_draft", "apply_otio", "apply_plan", "carried_out", "step", "told_changes"]


def step(
    backend: Backend,
    account: Account,
    session_id: Any,  # noqa: ANN401 -- from outside
    by: int,
) -> tuple[Session, str]:
    """Undo (``by`` below 0) or redo so many steps, as many as there are.

    Returns:
        the session afterwards, and what happened in its language.
    """
    with backend.db.write() as tx:
        session = sessions.own(tx, account.id, session_id)
        can_undo, can_redo = sessions.steps(tx, session)
        count = min(-by, can_undo) if by < 0 else min(by, can_redo)
        if count == 0:
            key = "nothing_to_undo" if by < 0 else "nothing_to_redo"
            return session, answers.phrase(key, session.language)
        before = sessions.draft_at(tx, session.id, session.head)
        target = session.head - count if by < 0 else session.head + count
        sessions.step_to(tx, session, target)
        after = sessions.draft_at(tx, session.id, target)
        sessions.set_talk(tx, session.id, answers.touched(before, after), "")
        labels = sessions.labels(tx, session.id, session.head, target)
        text = answers.stepped("undone" if by < 0 else "redone", labels, session.language)
        told = told_changes(before, after, session.language)
        library = media.library(tx, session.id, backend.files.media_path, removed=True)
        voice = Voice.of(answers.speaks(session.language), library, before, after)
        return sessions.own(tx, account.id, session.id), voice.finish(f"{text}\n{voice.about_shots(told)}".strip())


def apply_draft(backend: Backend, account: Account, session_id: Any, draft: Draft) -> tuple[Session, str]:  # noqa: ANN401
    """Put a draft into the place of the timeline: an edited table, for example."""

    def change(before: Draft, tx: Connection, session: Session) -> tuple[Draft, str]:
        library = _check_media(draft, tx, session, backend)
        told = told_changes(before, draft, session.language)
        return draft, Voice.of(session.language, library, before, draft).about_shots(told)

    return _apply(backend, account, session_id, change)


def apply_otio(backend: Backend, account: Account, session_id: Any, text: str) -> tuple[Session, str]:  # noqa: ANN401
    """Put another editor's timeline, the content of an ``.otio`` file, into the place of this one."""
    try:
        from reelframe.otio import from_otio  # noqa: PLC0415 -- an extra
    except ImportError:
        message = "OpenTimelineIO is not installed, which .otio files are read with."
        raise ConfigurationError(message, hint='pip install "reelframe[otio]"') from None

    def change(before: Draft, tx: Connection, session: Session) -> tuple[Draft, str]:
        library = media.library(tx, session.id, backend.files.media_path)
        draft = from_otio(text, library)
        which = answers.speaks(session.language)
        return draft, Voice.of(which, library, before, draft).about_shots(draft.summary(which))

    return _apply(backend, account, session_id, change)


def apply_plan(backend: Backend, account: Account, session_id: Any, plan: Plan) -> tuple[Session, str]:  # noqa: ANN401
    """Apply operations that somebody else planned."""

    def change(before: Draft, tx: Connection, session: Session) -> tuple[Draft, str]:
        library = media.library(tx, session.id, backend.files.media_path)
        return carried_out(before, plan, library, session.language)

    return _apply(backend, account, session_id, change)


def carried_out(before: Draft, plan: Plan, library: Library, language: str) -> tuple[Draft, str]:
    """The timeline after a plan, and what was done, from what to what.

    Raises:
        PlanError: it can't be done on this timeline.
    """
    from reelframe import edits  # noqa: PLC0415 -- what an operation does is loaded with the first one

    plan, notes = with_lines(plan, library, language)
    done = edits.steps(before, plan, library, beats=beat_finder(before, library))
    if not done:
        return before, ""
    after = done[-1].after
    which = answers.speaks(language)
    paragraphs = [answers.listed(_sentences(done, after, library, which), which), *notes]
    if any(isinstance(step.op, Compose) for step in done):
        paragraphs.append(after.summary(which))
    return after, Voice.of(which, library, before, after).about_shots("\n".join(paragraphs))


def possible(before: Draft, plan: Plan, library: Library, language: str) -> tuple[Plan, tuple[PlanError, ...]]:
    """What of a first cut can be carried out, and why the rest can't; all of any other plan."""
    from reelframe import edits  # noqa: PLC0415 -- as above

    with_texts, _ = with_lines(plan, library, language)
    return edits.possible(before, with_texts, library, beats=beat_finder(before, library))


def _sentences(done: Sequence[Step], after: Draft, library: Library, language: str) -> Iterator[str]:
    """What each step did.

    A first cut is told as it has become, so the frame that was asked for along with it is a part of it.
    """
    from reelframe import edits  # noqa: PLC0415 -- as above

    first = next((n for n, step in enumerate(done) if isinstance(step.op, Compose)), None)
    if first is None:
        yield from edits.describe_steps(done, language)
        return
    yield from edits.describe_steps(done[:first], language)
    yield answers.composed(after, library, language)
    rest = [step for step in done[first + 1 :] if not isinstance(step.op, (Compose, SetAspect))]
    yield from edits.describe_steps(rest, language)


def told_changes(before: Draft, after: Draft, language: str) -> str:
    """What is different, as one text, where no operation tells it; "" when nothing is."""
    if after == before:
        return ""
    sentences = answers.changed(before, after, language)
    return answers.listed(sentences, language) or answers.phrase("applied", language)


def _apply(
    backend: Backend,
    account: Account,
    session_id: Any,  # noqa: ANN401 -- from outside
    change: Callable[[Draft, Connection, Session], tuple[Draft, str]],
) -> tuple[Session, str]:
    # All in one write transaction: applying is quick and pure, and nobody can change the timeline in between.
    with backend.db.write() as tx:
        session = sessions.own(tx, account.id, session_id)
        before = sessions.draft_at(tx, session.id, session.head)
        try:
            after, text = change(before, tx, session)
        except PlanError as error:
            if type(error) is not PlanError:
                raise
            message, hint = answers.failure(error, session.language)
            raise PlanError(message, hint=hint) from None
        which = answers.speaks(session.language)
        if after == before:
            return session, answers.phrase("unchanged", which, summary=before.summary(which))
        # Without a label: no words asked for it.
        sessions.commit(tx, session, session.head, after, "")
        sessions.set_talk(tx, session.id, answers.touched(before, after), "")
        library = media.library(tx, session.id, backend.files.media_path, removed=True)
        return sessions.own(tx, account.id, session.id), Voice.of(which, library, before, after).finish(text)


def _check_media(draft: Draft, tx: Connection, session: Session, backend: Backend) -> Library:
    library = media.library(tx, session.id, backend.files.media_path, removed=True)
    for segment in draft.segments:
        if segment.media is not None and segment.media not in library:
            message = f"The segment {segment.name or segment.id!r} shows a file that this session does not have."
            raise PlanError(message, hint="Upload the file first.")
    if any(segment.duration_ms < 0 for segment in draft.segments):
        message = "A segment's duration is negative."
        raise bad_request(message)
    return library
