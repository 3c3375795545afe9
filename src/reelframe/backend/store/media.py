"""Which files there are, and which session holds which, under what name and in what role."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reelframe.backend.store.database import Connection
from reelframe.media.model import Library, Media, Role

__all__ = [
    "File",
    "add",
    "cleared",
    "cleared_at",
    "delete_unheld",
    "evictable",
    "find",
    "kept",
    "library",
    "mark_cleared",
    "mark_used",
    "remove",
    "reorder",
    "set_role",
]

PathOf = Callable[[str, str], Path]


@dataclass(frozen=True, slots=True)
class File:
    """A kept file: its content id, its extension, its length in bytes, and what it was called last."""

    id: str
    extension: str
    size: int
    name: str = ""


def add(db: Connection, session_id: str, media: Media, extension: str) -> None:
    """Give a file to a session, at the end of its library; one that it had already keeps its place."""
    now = time.time()
    info = media.model_dump_json(exclude={"name", "role", "path"})
    db.execute(
        """INSERT INTO media (id, extension, size, info, created, used) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET used = excluded.used, cleared = NULL, info = excluded.info,
               extension = excluded.extension""",
        (media.id, extension, media.size_bytes, info, now, now),
    )
    place = "(SELECT coalesce(max(position), 0) + 1 FROM session_media WHERE session_id = ?)"
    db.execute(
        f"""INSERT INTO session_media (session_id, media_id, name, role, position, created)
            VALUES (?, ?, ?, ?, {place}, ?)
            ON CONFLICT (session_id, media_id) DO UPDATE SET
                name = excluded.name,
                role = coalesce(excluded.role, CASE WHEN removed THEN NULL ELSE role END),
                position = CASE WHEN removed THEN excluded.position ELSE position END,
                removed = 0""",  # noqa: S608 -- `place` is the constant above
        (session_id, media.id, media.name, media.role, session_id, now),
    )


def library(db: Connection, session_id: str, path_of: PathOf, *, removed: bool = False) -> Library:
    """A session's media in their order; with ``removed`` also those that only undo can reach."""
    rows = db.execute(
        f"""SELECT m.*, s.name, s.role FROM session_media s JOIN media m ON m.id = s.media_id
            WHERE s.session_id = ? {"" if removed else "AND s.removed = 0"}
            ORDER BY s.removed, s.position""",  # noqa: S608 -- constants
        (session_id,),
    )
    return Library(tuple(_media(row, path_of) for row in rows))


def find(db: Connection, account_id: str, media_id: str, path_of: PathOf) -> Media | None:
    """A file that one of the account's sessions holds."""
    row = db.execute(
        """SELECT m.*, s.name, s.role FROM session_media s
           JOIN media m ON m.id = s.media_id JOIN sessions o ON o.id = s.session_id
           WHERE o.account_id = ? AND m.id = ? LIMIT 1""",
        (account_id, media_id),
    ).fetchone()
    return _media(row, path_of) if row else None


def set_role(db: Connection, session_id: str, media_id: str, role: Role | None) -> None:
    """Say what a file is meant as."""
    db.execute(
        "UPDATE session_media SET role = ? WHERE session_id = ? AND media_id = ?",
        (role, session_id, media_id),
    )


def remove(db: Connection, session_id: str, media_id: str) -> None:
    """Take a file out of a session's library; undo can still reach it."""
    db.execute(
        "UPDATE session_media SET removed = 1 WHERE session_id = ? AND media_id = ?",
        (session_id, media_id),
    )


def reorder(db: Connection, session_id: str, order: Iterable[str]) -> None:
    """Put the library into this order; the ids must be all of those that it has."""
    for position, media_id in enumerate(order, start=1):
        db.execute(
            "UPDATE session_media SET position = ? WHERE session_id = ? AND media_id = ?",
            (position, session_id, media_id),
        )


def mark_used(db: Connection, media_ids: Iterable[str]) -> None:
    """Note that these files were needed now: the quota takes the least recently used first."""
    now = time.time()
    db.executemany("UPDATE media SET used = ? WHERE id = ?", [(now, one) for one in media_ids])


def cleared_at(db: Connection, media_id: str) -> float | None:
    """When the file was cleared from the disk, None when it is there."""
    row = db.execute("SELECT cleared FROM media WHERE id = ?", (media_id,)).fetchone()
    return row["cleared"] if row else None


def evictable(db: Connection, idle_since: float) -> tuple[File, ...]:
    """Files that only finished sessions hold, the least recently used first.

    A session is finished when nobody has used it since ``idle_since`` and none of its renders is under way.
    """
    rows = db.execute(
        """SELECT m.id, m.extension, m.size, coalesce(max(s.name), '') AS name
           FROM media m LEFT JOIN session_media s ON s.media_id = m.id
           WHERE m.cleared IS NULL AND m.used < ? AND NOT EXISTS (
               SELECT 1 FROM session_media h JOIN sessions o ON o.id = h.session_id
               WHERE h.media_id = m.id AND (o.used >= ? OR EXISTS (
                   SELECT 1 FROM renders r
                   WHERE r.session_id = o.id AND r.status IN ('pending', 'processing'))))
           GROUP BY m.id ORDER BY m.used""",
        (idle_since, idle_since),
    )
    return tuple(File(row["id"], row["extension"], row["size"], row["name"]) for row in rows)


def mark_cleared(db: Connection, media_id: str) -> None:
    """Note that the file is gone from the disk, while what is known of it stays."""
    db.execute("UPDATE media SET cleared = ? WHERE id = ?", (time.time(), media_id))


def cleared(db: Connection) -> tuple[File, ...]:
    """Files that are known and should not be on the disk."""
    rows = db.execute("SELECT id, extension, size FROM media WHERE cleared IS NOT NULL")
    return tuple(File(row["id"], row["extension"], row["size"]) for row in rows)


def kept(db: Connection) -> frozenset[str]:
    """The ids of all files that should be on the disk."""
    return frozenset(row["id"] for row in db.execute("SELECT id FROM media WHERE cleared IS NULL"))


def delete_unheld(db: Connection) -> tuple[File, ...]:
    """Forget the files that no session holds; they are returned, to be deleted from the disk."""
    rows = db.execute(
        """SELECT id, extension, size FROM media
           WHERE NOT EXISTS (SELECT 1 FROM session_media s WHERE s.media_id = media.id)"""
    ).fetchall()
    db.executemany("DELETE FROM media WHERE id = ?", [(row["id"],) for row in rows])
    return tuple(File(row["id"], row["extension"], row["size"]) for row in rows)


def _media(row: sqlite3.Row, path_of: PathOf) -> Media:
    info = json.loads(row["info"])
    path = path_of(row["id"], row["extension"])
    return Media.model_validate({**info, "name": row["name"], "role": row["role"], "path": path})
