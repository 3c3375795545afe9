"""Render jobs: rows that one process at a time holds a lease on.

A lease is the holder's name (``process.me()``) and a heartbeat. Every change that a holder makes is
conditional on still holding the lease, so of two processes that both believe in it only one is heard.
"""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from reelframe.backend.store.database import Connection
from reelframe.draft import Draft

__all__ = [
    "Render",
    "Status",
    "any_unfinished",
    "by_key",
    "cancel",
    "candidates",
    "claim",
    "complete",
    "create",
    "evictable",
    "fail",
    "find",
    "keys",
    "mark_cleared",
    "of_session",
    "release",
    "report",
]

Status = Literal["pending", "processing", "completed", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Render:
    """One row of ``renders``. ``result`` is what the finished file is: path-free facts for the wire."""

    id: str
    account_id: str
    key: str
    session_id: str
    draft_json: str = field(repr=False)
    output: dict[str, Any]
    status: Status
    stage: str
    progress: float
    message: str
    error: str
    result: dict[str, Any]
    attempts: int
    cancel: bool
    holder: str | None
    heartbeat: float | None
    created: float
    updated: float

    @property
    def draft(self) -> Draft:
        """The job's own copy of the timeline; read only when it is wanted, because lists of jobs can be long."""
        return Draft.from_wire(json.loads(self.draft_json))


def create(
    db: Connection,
    account_id: str,
    render_id: str,
    session_id: str,
    draft: Draft,
    output: dict[str, Any],
) -> None:
    """Store a job, to be done by whoever gets to it first."""
    now = time.time()
    db.execute(
        """INSERT INTO renders (account_id, id, key, session_id, draft, output, status, created, updated)
           VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?)""",
        (
            account_id,
            render_id,
            uuid.uuid4().hex,
            session_id,
            json.dumps(draft.to_wire(), ensure_ascii=False),
            json.dumps(output),
            now,
            now,
        ),
    )


def find(db: Connection, account_id: str, render_id: str) -> Render | None:
    """The account's own job of this id."""
    row = db.execute("SELECT * FROM renders WHERE account_id = ? AND id = ?", (account_id, render_id)).fetchone()
    return _render(row) if row else None


def by_key(db: Connection, key: str) -> Render | None:
    """The job whose file has this name."""
    row = db.execute("SELECT * FROM renders WHERE key = ?", (key,)).fetchone()
    return _render(row) if row else None


def of_session(db: Connection, session_id: str) -> tuple[Render, ...]:
    """A session's jobs, the oldest first."""
    rows = db.execute("SELECT * FROM renders WHERE session_id = ? ORDER BY created", (session_id,))
    return tuple(_render(row) for row in rows)


def any_unfinished(db: Connection) -> bool:
    """Whether there is a job that somebody has to do or is doing."""
    row = db.execute("SELECT 1 FROM renders WHERE status IN ('pending', 'processing') LIMIT 1").fetchone()
    return row is not None


def candidates(db: Connection) -> tuple[Render, ...]:
    """The jobs at work anywhere, whose holders may have died, and the one that has waited longest."""
    working = db.execute("SELECT * FROM renders WHERE status = 'processing' ORDER BY created").fetchall()
    waiting = db.execute("SELECT * FROM renders WHERE status = 'pending' ORDER BY created LIMIT 1").fetchall()
    return tuple(_render(row) for row in [*working, *waiting])


def keys(db: Connection) -> frozenset[str]:
    """The names of the files of all jobs but of those whose file was cleared."""
    rows = db.execute("SELECT key FROM renders WHERE result = '' OR json_extract(result, '$.cleared') IS NULL")
    return frozenset(row["key"] for row in rows)


def evictable(db: Connection, idle_since: float) -> tuple[tuple[str, str], ...]:
    """Name and extension of finished videos whose session nobody has used since, the oldest first."""
    rows = db.execute(
        """SELECT r.key, r.result FROM renders r JOIN sessions s ON s.id = r.session_id
           WHERE r.status = 'completed' AND s.used < ? AND json_extract(r.result, '$.cleared') IS NULL
           ORDER BY r.updated""",
        (idle_since,),
    )
    return tuple((row["key"], json.loads(row["result"])["extension"]) for row in rows)


def mark_cleared(db: Connection, key: str) -> None:
    """Note that a finished video is gone from the disk, while what is known of it stays."""
    db.execute("UPDATE renders SET result = json_set(result, '$.cleared', json('true')) WHERE key = ?", (key,))


def claim(db: Connection, render: Render, holder: str) -> bool:
    """Take the lease of a job as it was seen in ``render``; False when somebody else was quicker."""
    now = time.time()
    done = db.execute(
        """UPDATE renders SET status = 'processing', holder = ?, heartbeat = ?, updated = ?,
               attempts = attempts + 1, stage = 'prepare', progress = 0, message = ''
           WHERE key = ? AND status = ? AND holder IS ? AND heartbeat IS ?""",
        (holder, now, now, render.key, render.status, render.holder, render.heartbeat),
    )
    return done.rowcount == 1


def report(db: Connection, key: str, holder: str, stage: str, progress: float, message: str) -> bool:
    """Show that the holder lives, and how far it is; False: the lease is lost or the job was cancelled."""
    now = time.time()
    done = db.execute(
        """UPDATE renders SET stage = ?, progress = ?, message = ?, heartbeat = ?, updated = ?
           WHERE key = ? AND holder = ? AND status = 'processing' AND cancel = 0""",
        (stage, progress, message, now, now, key, holder),
    )
    return done.rowcount == 1


def complete(db: Connection, key: str, holder: str, result: dict[str, Any]) -> bool:
    """Store the result; False when the lease was lost and another holder's result counts."""
    done = db.execute(
        """UPDATE renders SET status = 'completed', stage = 'done', progress = 1, message = '', error = '',
               result = ?, holder = NULL, heartbeat = NULL, updated = ?
           WHERE key = ? AND holder = ? AND status = 'processing'""",
        (json.dumps(result), time.time(), key, holder),
    )
    return done.rowcount == 1


def fail(db: Connection, key: str, holder: str | None, error: str) -> bool:
    """Store why the job ended without a video; False when the lease was lost."""
    done = db.execute(
        """UPDATE renders SET status = CASE WHEN cancel THEN 'cancelled' ELSE 'failed' END, error = ?,
               holder = NULL, heartbeat = NULL, updated = ?
           WHERE key = ? AND holder IS ? AND status = 'processing'""",
        (error, time.time(), key, holder),
    )
    return done.rowcount == 1


def release(db: Connection, key: str, holder: str) -> None:
    """Give a job back unharmed, for the next process: this one is closing. The attempt does not count.

    One that was cancelled meanwhile is over.
    """
    db.execute(
        """UPDATE renders SET status = CASE WHEN cancel THEN 'cancelled' ELSE 'pending' END,
               holder = NULL, heartbeat = NULL, progress = 0,
               stage = '', attempts = attempts - 1, updated = ?
           WHERE key = ? AND holder = ? AND status = 'processing'""",
        (time.time(), key, holder),
    )


def cancel(db: Connection, account_id: str, render_id: str) -> None:
    """Ask a job to stop: one that waits is over at once, one at work when its holder notices."""
    now = time.time()
    db.execute(
        """UPDATE renders SET cancel = 1, updated = ?,
               status = CASE WHEN status = 'pending' THEN 'cancelled' ELSE status END,
               error = 'Cancelled.'
           WHERE account_id = ? AND id = ? AND status IN ('pending', 'processing')""",
        (now, account_id, render_id),
    )


def _render(row: sqlite3.Row) -> Render:
    return Render(
        id=row["id"],
        account_id=row["account_id"],
        key=row["key"],
        session_id=row["session_id"],
        draft_json=row["draft"],
        output=json.loads(row["output"]),
        status=row["status"],
        stage=row["stage"],
        progress=row["progress"],
        message=row["message"],
        error=row["error"],
        result=json.loads(row["result"] or "{}"),
        attempts=row["attempts"],
        cancel=bool(row["cancel"]),
        holder=row["holder"],
        heartbeat=row["heartbeat"],
        created=row["created"],
        updated=row["updated"],
    )
