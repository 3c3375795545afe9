"""The ledger of a run: SQLite beside the videos. What is meant to be done is in it before it is begun.

One file serves all runs into one place, from any number of processes. ``states`` holds the rules; here is the
keeping of it.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from reelframe import sqlite
from reelframe.errors import StorageError
from reelframe.media.model import Media
from reelframe.runs.states import LEASE_S, Row
from reelframe.runs.tasks import Task

__all__ = ["Ledger"]

_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY, started REAL NOT NULL, ended REAL, backend TEXT NOT NULL, spent REAL NOT NULL DEFAULT 0
);
CREATE TABLE tasks (
    key TEXT PRIMARY KEY, run TEXT NOT NULL, position INTEGER NOT NULL,
    name TEXT NOT NULL, variant TEXT NOT NULL, preset TEXT NOT NULL, prompt TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', stage TEXT NOT NULL DEFAULT '', holder TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0, path TEXT NOT NULL DEFAULT '', part TEXT NOT NULL DEFAULT '',
    session_id TEXT NOT NULL DEFAULT '', credits REAL, facts TEXT, error_code TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '', poster BLOB NOT NULL DEFAULT x''
);
CREATE INDEX tasks_of_run ON tasks (run, position);
CREATE INDEX tasks_of_path ON tasks (path);
CREATE TABLE holders (holder TEXT PRIMARY KEY, beat REAL NOT NULL);
CREATE TABLE media (mark TEXT PRIMARY KEY, facts TEXT NOT NULL);
-- What was made, once for each time that it was made: for accounts, and to see that nothing was made twice.
CREATE TABLE made (key TEXT NOT NULL, holder TEXT NOT NULL, at REAL NOT NULL);
"""
_ROW: Final = (
    "key, position, name, variant, preset, prompt, state, stage, holder, attempts, path, part, session_id, credits, "
    "facts, error_code, error, poster"
)
# SQLite takes a limited number of parameters in one statement.
_AT_ONCE: Final = 500


class Ledger:
    """The rows of all runs into one place.

    Args:
        path: the database file; made when missing.
        alive: whether a holder's process may still be at work.

    Raises:
        StorageError: it can't be used, or a newer version made it.
    """

    def __init__(self, path: Path, alive: Callable[[str], bool]) -> None:
        self.path = path
        self._alive = alive
        self._lock = threading.RLock()
        with self._words():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite.connect(path)
            try:
                self._migrate()
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextlib.contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            message = f"The run's ledger {self.path} can't be used: {error}."
            raise StorageError(message, hint="Make room, or choose another out=.") from error

    @contextlib.contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._words():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                # SQLite takes it back itself when the disk is full.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _migrate(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version={_VERSION}")
        self._db.execute("COMMIT")
        if version > _VERSION:
            message = f"The ledger {self.path} was made by a newer reelframe."
            raise StorageError(message, hint="Update reelframe, or choose another out=.")

    # -- runs ---------------------------------------------------------------------------------------

    def begin(self, run: str, backend: str, tasks: Sequence[tuple[str, Task, str]]) -> None:
        """Note down what a run is about to do: (key, task, path) in order. What is known keeps its state."""
        rows = [
            (key, run, n, task.name, task.variant, task.preset, task.prompt, path)
            for n, (key, task, path) in enumerate(tasks)
        ]
        with self._write() as db:
            db.execute("INSERT INTO runs (id, started, backend) VALUES (?, ?, ?)", (run, time.time(), backend))
            db.executemany(
                "INSERT INTO tasks (key, run, position, name, variant, preset, prompt, path) VALUES (?,?,?,?,?,?,?,?) "
                "ON CONFLICT (key) DO UPDATE SET run=excluded.run, position=excluded.position, path=excluded.path",
                rows,
            )

    def end(self, run: str) -> None:
        """Note down that a run came to its end."""
        with self._write() as db:
            db.execute("UPDATE runs SET ended=? WHERE id=?", (time.time(), run))

    def latest_run(self) -> str | None:
        """The run that began last."""
        with self._lock, self._words():
            found = self._db.execute("SELECT id FROM runs ORDER BY started DESC LIMIT 1").fetchone()
        return found[0] if found else None

    def rows_of(self, keys: Sequence[str]) -> list[Row]:
        """The rows with these keys, in their order, whichever run they are counted to now."""
        found: dict[str, Row] = {}
        with self._lock, self._words():
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                marks = ",".join("?" * len(part))
                asked = self._db.execute(f"SELECT {_ROW} FROM tasks WHERE key IN ({marks})", part)  # noqa: S608 -- our own columns
                found |= {row.key: row for row in map(_row, asked)}
        return [found[key] for key in keys]

    def rows(self, run: str) -> list[Row]:
        """The rows of a run, in order. A row that two runs share is counted to the one that began last."""
        with self._lock, self._words():
            found = self._db.execute(f"SELECT {_ROW} FROM tasks WHERE run=? ORDER BY position", (run,)).fetchall()  # noqa: S608 -- our own columns
        return [_row(values) for values in found]

    def parts(self) -> set[str]:
        """Finished files that still have to be moved."""
        with self._lock, self._words():
            return {part for (part,) in self._db.execute("SELECT part FROM tasks WHERE state='moving'").fetchall()}

    def row(self, key: str) -> Row:
        """One row."""
        with self._lock, self._words():
            found = self._db.execute(f"SELECT {_ROW} FROM tasks WHERE key=?", (key,)).fetchone()  # noqa: S608 -- our own columns
        return _row(found)

    def spent(self, keys: Iterable[str] | None = None) -> float:
        """Credits that the rows cost so far."""
        with self._lock, self._words():
            found = self._db.execute("SELECT key, credits FROM tasks WHERE credits IS NOT NULL").fetchall()
        wanted = None if keys is None else set(keys)
        return float(sum(credit for key, credit in found if wanted is None or key in wanted))

    def dearest(self) -> float | None:
        """The most that a row cost so far, for each time that it was tried."""
        with self._lock, self._words():
            found = self._db.execute("SELECT max(credits / max(attempts, 1)) FROM tasks").fetchone()
        return None if found[0] is None else float(found[0])

    def finished(self) -> dict[str, tuple[str, int]]:
        """Path and size of what is made, by key."""
        with self._lock, self._words():
            found = self._db.execute("SELECT key, path, facts FROM tasks WHERE state='done'").fetchall()
        return {key: (path, int(json.loads(facts)["size_bytes"])) for key, path, facts in found}

    # -- holders ------------------------------------------------------------------------------------

    def beat(self, holder: str) -> None:
        """Show that this holder lives."""
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO holders VALUES (?, ?)", (holder, time.time()))

    def leave(self, holder: str) -> None:
        """This holder is at work no more: what it could not finish is free for anybody."""
        self.release(holder)
        with self._write() as db:
            db.execute("DELETE FROM holders WHERE holder=?", (holder,))

    def holders(self) -> list[str]:
        """Everybody who has not left."""
        with self._lock, self._words():
            return [name for (name,) in self._db.execute("SELECT holder FROM holders").fetchall()]

    def held(self, row: Row) -> bool:
        """Whether somebody who lives is at work on a row."""
        return bool(row.holder) and row.state in {"running", "moving"} and self.lives(row.holder)

    def lives(self, holder: str) -> bool:
        """Whether a holder's process is there, and its heart was heard lately."""
        with self._lock, self._words():
            found = self._db.execute("SELECT beat FROM holders WHERE holder=?", (holder,)).fetchone()
        return found is not None and time.time() - found[0] <= LEASE_S and self._alive(holder)

    # -- rows ---------------------------------------------------------------------------------------

    def claim(self, seen: Row, holder: str) -> bool:
        """Take a row, if it still is as it was seen; False when somebody was quicker."""
        with self._write() as db:
            done = db.execute(
                "UPDATE tasks SET state='running', holder=?, attempts=attempts+1, error='', error_code='', part='' "
                "WHERE key=? AND state=? AND holder=?",
                (holder, seen.key, seen.state, seen.holder),
            )
            return done.rowcount == 1

    def inherit(self, seen: Row, holder: str) -> bool:
        """Take over a row that only has to be moved into its place."""
        with self._write() as db:
            done = db.execute(
                "UPDATE tasks SET holder=? WHERE key=? AND state='moving' AND holder=?", (holder, seen.key, seen.holder)
            )
            return done.rowcount == 1

    def note(self, key: str, holder: str, **columns: str | float | None) -> bool:
        """Keep how far a row is: ``stage``, ``session_id``, ``credits``; False when the row is not ours any more."""
        names = ", ".join(f"{name}=?" for name in columns)
        with self._write() as db:
            done = db.execute(f"UPDATE tasks SET {names} WHERE key=? AND holder=?", (*columns.values(), key, holder))  # noqa: S608 -- our own columns
            return done.rowcount == 1

    def moving(self, key: str, holder: str, part: str, facts: Mapping[str, Any], poster: bytes) -> bool:
        """The file is made and about to be moved; False when the row is not ours any more."""
        with self._write() as db:
            done = db.execute(
                "UPDATE tasks SET state='moving', part=?, facts=?, poster=? "
                "WHERE key=? AND holder=? AND state='running'",
                (part, json.dumps(facts, ensure_ascii=False), poster, key, holder),
            )
            if done.rowcount == 1:
                db.execute("INSERT INTO made VALUES (?, ?, ?)", (key, holder, time.time()))
            return done.rowcount == 1

    def done(self, key: str, holder: str) -> None:
        """The file is in its place. Whatever row had this place before has lost it."""
        with self._write() as db:
            db.execute(
                "UPDATE tasks SET state='waiting', facts=NULL, stage='', holder='' WHERE key<>? AND state='done' AND "
                "path=(SELECT path FROM tasks WHERE key=?)",
                (key, key),
            )
            db.execute("UPDATE tasks SET state='done', part='', holder='' WHERE key=? AND holder=?", (key, holder))

    def fail(self, key: str, holder: str, code: str, error: str) -> None:
        """The row failed; the next run tries it again."""
        with self._write() as db:
            db.execute(
                "UPDATE tasks SET state='failed', holder='', error_code=?, error=? WHERE key=? AND holder=?",
                (code, error, key, holder),
            )

    def refuse(self, key: str, code: str, error: str) -> None:
        """The row can't be begun as it stands."""
        with self._write() as db:
            db.execute("UPDATE tasks SET state='failed', error_code=?, error=? WHERE key=?", (code, error, key))

    def release(self, holder: str, key: str | None = None) -> None:
        """Give rows back that were begun and not made: one, or all of this holder."""
        with self._write() as db:
            db.execute(
                "UPDATE tasks SET state='waiting', holder='' "
                "WHERE state='running' AND holder=? AND (? IS NULL OR key=?)",
                (holder, key, key),
            )

    # -- media --------------------------------------------------------------------------------------

    def media(self) -> dict[str, Media]:
        """What was found out about files in earlier runs."""
        with self._lock, self._words():
            found = self._db.execute("SELECT mark, facts FROM media").fetchall()
        return {mark: Media.model_validate_json(facts) for mark, facts in found}

    def keep_media(self, known: Mapping[str, Media]) -> None:
        """Keep what was found out about files."""
        rows = [(mark, media.model_dump_json()) for mark, media in known.items()]
        if rows:
            with self._write() as db:
                db.executemany("INSERT OR REPLACE INTO media VALUES (?, ?)", rows)


def _row(values: tuple[Any, ...]) -> Row:
    *plain, facts, code, error, poster = values
    known: list[Any] = [*plain, json.loads(facts) if facts else None, code, error, poster]
    return Row(*known)
