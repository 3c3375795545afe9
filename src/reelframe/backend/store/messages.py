"""What the user said and what was answered. A message is stored before anything is done about it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from reelframe.backend.store.database import Connection

__all__ = [
    "Message",
    "add",
    "cancel_running",
    "finish",
    "history",
    "interrupt",
    "is_running",
    "keep_plan",
    "running",
]


@dataclass(frozen=True, slots=True)
class Message:
    """One exchange, finished."""

    text: str
    answer: str
    plan: str


def add(db: Connection, session_id: str, text: str, holder: str) -> int:
    """Store a message as running; its id."""
    done = db.execute(
        "INSERT INTO messages (session_id, text, state, holder, created) VALUES (?, ?, 'running', ?, ?)",
        (session_id, text, holder, time.time()),
    )
    return int(done.lastrowid or 0)


def is_running(db: Connection, message_id: int) -> bool:
    """Whether the message is still wanted: asked inside the transaction that applies it."""
    row = db.execute("SELECT state FROM messages WHERE id = ?", (message_id,)).fetchone()
    return row is not None and row["state"] == "running"


def keep_plan(db: Connection, message_id: int, plan: str) -> None:
    """Store how the message was understood (JSON)."""
    db.execute("UPDATE messages SET plan = ? WHERE id = ?", (plan, message_id))


def finish(db: Connection, message_id: int, state: str, answer: str) -> None:
    """Store the answer; a message that was cancelled stays cancelled."""
    db.execute(
        "UPDATE messages SET state = ?, answer = ?, ended = ? WHERE id = ? AND state = 'running'",
        (state, answer, time.time(), message_id),
    )


def cancel_running(db: Connection, session_id: str) -> tuple[int, ...]:
    """Cancel what runs in a session: it will not be applied any more. The ids."""
    rows = db.execute("SELECT id FROM messages WHERE session_id = ? AND state = 'running'", (session_id,)).fetchall()
    db.execute(
        "UPDATE messages SET state = 'cancelled', ended = ? WHERE session_id = ? AND state = 'running'",
        (time.time(), session_id),
    )
    return tuple(row["id"] for row in rows)


def history(db: Connection, session_id: str, last: int) -> tuple[Message, ...]:
    """The last finished exchanges, the oldest first."""
    rows = db.execute(
        "SELECT text, answer, plan FROM messages WHERE session_id = ? AND state = 'done' ORDER BY id DESC LIMIT ?",
        (session_id, last),
    ).fetchall()
    return tuple(Message(row["text"], row["answer"], row["plan"]) for row in reversed(rows))


def interrupt(db: Connection, ids: Iterable[int]) -> tuple[int, ...]:
    """Mark what nobody will carry out any more; the ids of those that were not over in the meantime."""
    statement = "UPDATE messages SET state = 'interrupted', ended = ? WHERE id = ? AND state = 'running'"
    return tuple(i for i in ids if db.execute(statement, (time.time(), i)).rowcount)


def running(db: Connection) -> tuple[tuple[int, str, float], ...]:
    """Messages at work, or whose process died over them: id, holder, when each came (Unix time, s)."""
    rows = db.execute("SELECT id, holder, created FROM messages WHERE state = 'running'").fetchall()
    return tuple((row["id"], row["holder"], row["created"]) for row in rows)
