"""Sessions, the snapshots of their timelines, and handing a session over."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
import uuid
from dataclasses import dataclass
from typing import Any, Final

from reelframe.backend.store.accounts import hashed
from reelframe.backend.store.database import Connection
from reelframe.draft import Draft
from reelframe.errors import SessionNotFoundError

__all__ = [
    "CLAIM_LIFE_S",
    "Session",
    "commit",
    "create",
    "draft_at",
    "find",
    "forget",
    "labels",
    "make_claim",
    "of_account",
    "own",
    "redeem_claim",
    "set_language",
    "set_name",
    "set_selection",
    "set_talk",
    "step_to",
    "steps",
    "touch",
]

CLAIM_LIFE_S: Final = 15 * 60.0
# How many steps back are kept; the oldest go first.
_KEPT_STEPS: Final = 500


@dataclass(frozen=True, slots=True)
class Session:
    """One row of ``sessions``. ``language`` is "" until it is known."""

    id: str
    account_id: str
    task_id: str
    name: str
    language: str
    created: float
    used: float
    head: int
    version: int
    selection: tuple[str, ...]
    touched: tuple[str, ...]
    question: str


def create(db: Connection, account_id: str, name: str, language: str) -> Session:
    """A new session with an empty timeline, which is the state that undo can go back to."""
    now = time.time()
    session_id = uuid.uuid4().hex
    db.execute(
        """INSERT INTO sessions (id, account_id, task_id, name, language, created, used, head, version)
           VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)""",
        (session_id, account_id, uuid.uuid4().hex, name, language, now, now),
    )
    db.execute("INSERT INTO snapshots VALUES (?, 0, '{}', '', ?)", (session_id, now))
    row = db.execute("SELECT * FROM sessions WHERE id = ?", (session_id,)).fetchone()
    return _session(row)


def find(db: Connection, account_id: str, session_id: str) -> Session | None:
    """The account's own session; somebody else's is as unknown as one that never was."""
    row = db.execute("SELECT * FROM sessions WHERE id = ? AND account_id = ?", (session_id, account_id)).fetchone()
    return _session(row) if row else None


def own(db: Connection, account_id: str, session_id: Any) -> Session:  # noqa: ANN401 -- from outside
    """The account's own session, or the protocol's error.

    Raises:
        SessionNotFoundError: there is none, or it is somebody else's.
    """
    found = find(db, account_id, session_id) if isinstance(session_id, str) else None
    if found is None:
        message = "There is no such session."
        raise SessionNotFoundError(message, hint="Create a new one.")
    return found


def of_account(db: Connection, account_id: str) -> tuple[Session, ...]:
    """The account's sessions, the last used first."""
    rows = db.execute("SELECT * FROM sessions WHERE account_id = ? ORDER BY used DESC", (account_id,))
    return tuple(_session(row) for row in rows)


def touch(db: Connection, session_id: str) -> None:
    """Note that the session is in use."""
    db.execute("UPDATE sessions SET used = ? WHERE id = ?", (time.time(), session_id))


def set_name(db: Connection, session_id: str, name: str) -> None:
    """Name the project."""
    db.execute("UPDATE sessions SET name = ? WHERE id = ?", (name, session_id))


def set_language(db: Connection, session_id: str, language: str) -> None:
    """Note the language that the session speaks."""
    db.execute("UPDATE sessions SET language = ? WHERE id = ?", (language, session_id))


def set_selection(db: Connection, session_id: str, segments: tuple[str, ...]) -> None:
    """Note which segments the user has selected."""
    db.execute("UPDATE sessions SET selection = ? WHERE id = ?", (json.dumps(segments), session_id))


def set_talk(db: Connection, session_id: str, touched: tuple[str, ...] | None, question: str) -> None:
    """Note what the last request touched (None: as before) and the question it left open ("": none)."""
    if touched is not None:
        db.execute("UPDATE sessions SET touched = ? WHERE id = ?", (json.dumps(touched), session_id))
    db.execute("UPDATE sessions SET question = ? WHERE id = ?", (question, session_id))


def draft_at(db: Connection, session_id: str, seq: int) -> Draft:
    """The timeline of one step."""
    row = db.execute("SELECT draft FROM snapshots WHERE session_id = ? AND seq = ?", (session_id, seq)).fetchone()
    return Draft.from_wire(json.loads(row["draft"]))


# What steps were called that no words had asked for.
_UNASKED: Final = frozenset({"draft", "plan"})


def labels(db: Connection, session_id: str, origin: int, target: int) -> tuple[str, ...]:
    """What asked for the steps between two, in the order in which they are gone through; "" where no words did."""
    rows = db.execute(
        "SELECT label FROM snapshots WHERE session_id = ? AND seq > ? AND seq <= ? ORDER BY seq",
        (session_id, min(origin, target), max(origin, target)),
    ).fetchall()
    found = ["" if row["label"] in _UNASKED else str(row["label"]) for row in rows]
    return tuple(reversed(found)) if target < origin else tuple(found)


def steps(db: Connection, session: Session) -> tuple[int, int]:
    """How many steps can be undone and redone."""
    row = db.execute(
        "SELECT min(seq) AS first, max(seq) AS last FROM snapshots WHERE session_id = ?",
        (session.id,),
    ).fetchone()
    return session.head - row["first"], row["last"] - session.head


def step_to(db: Connection, session: Session, seq: int) -> bool:
    """Move the head; False when somebody else changed the session in between."""
    done = db.execute(
        "UPDATE sessions SET head = ?, version = version + 1, used = ? WHERE id = ? AND version = ?",
        (seq, time.time(), session.id, session.version),
    )
    return done.rowcount == 1


def commit(db: Connection, session: Session, base: int, draft: Draft, label: str) -> bool:
    """Put a new step behind step ``base``; what could be redone is gone.

    Returns:
        False, and nothing done, when somebody else changed the session in between.
    """
    seq, now = base + 1, time.time()
    if not step_to(db, session, seq):
        return False
    db.execute("DELETE FROM snapshots WHERE session_id = ? AND seq > ?", (session.id, base))
    db.execute(
        "INSERT INTO snapshots VALUES (?, ?, ?, ?, ?)",
        (session.id, seq, _dump(draft.to_wire()), label, now),
    )
    db.execute("DELETE FROM snapshots WHERE session_id = ? AND seq < ?", (session.id, seq - _KEPT_STEPS))
    return True


def forget(db: Connection, session_id: str) -> None:
    """Delete a session with its steps, messages, renders and its hold on media (not the files)."""
    db.execute("DELETE FROM sessions WHERE id = ?", (session_id,))


def make_claim(db: Connection, session_id: str) -> str:
    """A token that lets another account take the session over, once, within a quarter of an hour."""
    token = f"clm_{secrets.token_urlsafe(24)}"
    now = time.time()
    db.execute("DELETE FROM claims WHERE expires < ?", (now,))
    db.execute("INSERT INTO claims VALUES (?, ?, ?, NULL)", (hashed(token), session_id, now + CLAIM_LIFE_S))
    return token


def redeem_claim(db: Connection, token: str, account_id: str) -> str | None:
    """Hand the claimed session to the account; its id, or None when the token is not (any more) good."""
    now = time.time()
    row = db.execute(
        "SELECT session_id FROM claims WHERE hash = ? AND used IS NULL AND expires > ?",
        (hashed(token), now),
    ).fetchone()
    if row is None:
        return None
    session_id = str(row["session_id"])
    db.execute("UPDATE claims SET used = ? WHERE hash = ?", (now, hashed(token)))
    db.execute("UPDATE sessions SET account_id = ? WHERE id = ?", (account_id, session_id))
    # A job whose id the new owner has used already stays behind: its file is in the session's past anyway.
    db.execute("UPDATE OR IGNORE renders SET account_id = ? WHERE session_id = ?", (account_id, session_id))
    return session_id


def _dump(value: Any) -> str:  # noqa: ANN401 -- JSON
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _session(row: sqlite3.Row) -> Session:
    return Session(
        id=row["id"],
        account_id=row["account_id"],
        task_id=row["task_id"],
        name=row["name"],
        language=row["language"],
        created=row["created"],
        used=row["used"],
        head=row["head"],
        version=row["version"],
        selection=tuple(json.loads(row["selection"])),
        touched=tuple(json.loads(row["touched"])),
        question=row["question"],
    )
