"""Opening an SQLite file that several threads and processes share."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final, Literal

__all__ = ["connect"]

_AGAIN_S: Final = 0.02


def connect(
    path: Path, *, busy_s: float = 30.0, synchronous: Literal["FULL", "NORMAL"] = "NORMAL"
) -> sqlite3.Connection:
    """Open a database with a write-ahead log, in autocommit: transactions are begun in so many words.

    Args:
        path: the file; made when it is missing.
        busy_s: seconds that a statement waits for another writer.
        synchronous: FULL for what must be on the disk when a transaction is over, whatever happens to the power.

    Raises:
        sqlite3.Error: it can't be opened, or is no database.
    """
    # One connection may be handed from thread to thread; whoever shares it brings a lock.
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
    try:
        _write_ahead(connection, time.monotonic() + busy_s)
        connection.execute(f"PRAGMA synchronous={synchronous}")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, deadline: float) -> None:
    """Switch the log on; SQLite does not wait here as elsewhere when another process is switching too."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_AGAIN_S)
        else:
            return
