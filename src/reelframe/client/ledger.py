"""The exports that are under way, on the disk, so that one survives the process that began it.

A row is written before the render is asked for and goes when its video is on the disk. Whoever follows an
export holds a lease on its row and renews it; a row whose holder is dead, or stopped renewing, is free.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reelframe import process, settings, sqlite
from reelframe.errors import StorageError

__all__ = ["Export", "Ledger"]

_log = logging.getLogger("reelframe.client")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS exports (
    render_id TEXT PRIMARY KEY,
    base_url TEXT NOT NULL,
    session_id TEXT NOT NULL,
    path TEXT NOT NULL,
    draft TEXT NOT NULL,
    output TEXT NOT NULL,
    tries INTEGER NOT NULL,
    holder TEXT NOT NULL,
    leased_until REAL NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Export:
    """One export under way.

    Attributes:
        render_id: the job's id, which we chose.
        base_url: of the server that renders it.
        session_id: whose timeline it is.
        path: where the video goes, absolute.
        draft: the timeline, as sent.
        output: the options, as sent.
        tries: how many renders were asked for already.
    """

    render_id: str
    base_url: str
    session_id: str
    path: str
    draft: dict[str, Any]
    output: dict[str, Any]
    tries: int = 1


class Ledger:
    """The rows. Where the folder can't be written an export still runs; it just can't be picked up later."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._held: set[str] = set()
        # Two clients of one process are two holders.
        self._me = f"{process.me()}#{uuid.uuid4().hex[:8]}"

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection | None]:
        try:
            folder = self._folder or settings.home() / "exports"
            folder.mkdir(parents=True, exist_ok=True)
            # Opened for each use: the client is used from several threads, and rarely.
            db = sqlite.connect(folder / "exports.sqlite3", busy_s=10)
        except (OSError, sqlite3.Error, StorageError) as error:
            _log.warning("Exports can't be noted down, so none can be picked up later: %s", error)
            yield None
            return
        try:
            with db:
                db.execute(_SCHEMA)
                yield db
        except sqlite3.Error as error:
            _log.warning("The notes on exports can't be used: %s", error)
        finally:
            db.close()

    def add(self, export: Export, lease: float) -> None:
        """Note an export down, held by this client for ``lease`` seconds."""
        self._held.add(export.render_id)
        with self._open() as db:
            if db is not None:
                db.execute(
                    "INSERT OR REPLACE INTO exports VALUES (?,?,?,?,?,?,?,?,?)",
                    (
                        export.render_id, export.base_url, export.session_id, export.path,
                        json.dumps(export.draft), json.dumps(export.output), export.tries,
                        self._me, time.time() + lease,
                    ),
                )  # fmt: skip

    def renew(self, render_id: str, lease: float) -> bool:
        """Hold on to an export for ``lease`` more seconds; False when another client has taken it over."""
        held = True
        with self._open() as db:
            if db is not None:
                done = db.execute(
                    "UPDATE exports SET leased_until=? WHERE render_id=? AND holder=?",
                    (time.time() + lease, render_id, self._me),
                )
                held = (
                    done.rowcount == 1
                    or not db.execute("SELECT 1 FROM exports WHERE render_id=?", (render_id,)).fetchone()
                )
        return held

    def remove(self, render_id: str) -> None:
        """The export is done, or given up."""
        self._held.discard(render_id)
        with self._open() as db:
            if db is not None:
                db.execute("DELETE FROM exports WHERE render_id=? AND holder=?", (render_id, self._me))

    def release(self, render_id: str) -> None:
        """Let go of an export without ending it: the next client may pick it up at once."""
        self._held.discard(render_id)
        with self._open() as db:
            if db is not None:
                db.execute("UPDATE exports SET leased_until=0 WHERE render_id=? AND holder=?", (render_id, self._me))

    def claim(self, base_url: str, lease: float) -> tuple[Export, ...]:
        """Take over every export of this server that nobody follows."""
        taken: list[Export] = []
        with self._open() as db:
            if db is None:
                return ()
            # One writer at a time: two clients that claim at once never get the same row.
            db.execute("BEGIN IMMEDIATE")
            rows = db.execute("SELECT * FROM exports WHERE base_url=?", (base_url,)).fetchall()
            for row in rows:
                *values, holder, until = row
                if values[0] in self._held or (until > time.time() and process.alive(holder)):
                    continue
                name, url, session, path, draft, output, tries = values
                export = Export(name, url, session, path, json.loads(draft), json.loads(output), tries)
                db.execute(
                    "UPDATE exports SET holder=?, leased_until=? WHERE render_id=?",
                    (self._me, time.time() + lease, export.render_id),
                )
                taken.append(export)
        self._held.update(export.render_id for export in taken)
        return tuple(taken)
