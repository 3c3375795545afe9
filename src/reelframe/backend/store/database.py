"""SQLite under the data folder: one connection per thread, short transactions, migrations.

Several processes may share a data folder, and every thread of each may write: WAL lets readers go on,
``BEGIN IMMEDIATE`` makes writers queue instead of fail, and ``synchronous=FULL`` means that what was
committed is on the disk before it is acknowledged.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

from reelframe import sqlite
from reelframe.backend.store.schema import MIGRATIONS
from reelframe.errors import StorageError

__all__ = ["Connection", "Database"]

Connection = sqlite3.Connection


class _Handle:
    """A connection that is closed when the thread that it belongs to is gone."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.pid = os.getpid()

    def close(self) -> None:
        # A connection must not be used, not even closed, in a process forked from the one that opened it.
        if self.pid == os.getpid():
            self.connection.close()

    def __del__(self) -> None:
        self.close()


class Database:
    """The database file of one data folder.

    Args:
        path: the file; made, with its tables, when it is missing.

    Raises:
        StorageError: it can't be opened, or was made by a newer version of reelframe.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._handles: weakref.WeakSet[_Handle] = weakref.WeakSet()
        self._lock = threading.Lock()
        with _translated(path):
            _migrate(self._connection())

    def _connection(self) -> Connection:
        handle: _Handle | None = getattr(self._local, "handle", None)
        if handle is None or handle.pid != os.getpid():
            handle = _Handle(_open(self.path))
            self._local.handle = handle
            with self._lock:
                self._handles.add(handle)
        return handle.connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view: every statement inside sees the same moment."""
        with _translated(self.path):
            connection = self._connection()
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                _roll_back(connection)

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: committed, and on the disk, when the block ends; undone when it raises."""
        with _translated(self.path):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

    def vacuum(self) -> None:
        """Give the space of what was deleted back to the disk."""
        with _translated(self.path):
            connection = self._connection()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connections of all threads; a thread that comes back opens a new one."""
        with self._lock:
            handles = list(self._handles)
            self._handles.clear()
        self._local = threading.local()
        for handle in handles:
            handle.close()


def _roll_back(connection: Connection) -> None:
    # A disk that is full has ended the transaction already, and a second error would hide the first.
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _open(path: Path) -> Connection:
    connection = sqlite.connect(path, synchronous="FULL")
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _migrate(connection: Connection) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again under the lock: another process may have migrated in between.
        version = _version(connection)
        _check_known(version)
        for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _check_known(version: int) -> None:
    if version > len(MIGRATIONS):
        message = f"The data folder was made by a newer version of reelframe (schema {version})."
        raise StorageError(message, hint="Upgrade reelframe, or set REELFRAME_HOME to another folder.")


def _version(connection: Connection) -> int:
    row = connection.execute("PRAGMA user_version").fetchone()
    return int(row[0])


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    """SQLite's own errors as ours, with words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"The database {path} can't be used: {error}."
        hint = "Check that the disk has room and that the folder can be written."
        raise StorageError(message, hint=hint) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError):
            raise
        message = f"The database {path} is damaged: {error}."
        hint = "Restore the folder from a backup, or set REELFRAME_HOME to another folder."
        raise StorageError(message, hint=hint) from error
