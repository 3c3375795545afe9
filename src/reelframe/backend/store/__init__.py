"""What the backend remembers: SQLite tables and the small functions that read and write them.

One module per family of tables. Every function takes a connection that is inside a transaction, does one
thing and returns plain values; who calls it decides what belongs together in one transaction.
"""

from reelframe.backend.store.database import Connection, Database

__all__ = ["Connection", "Database"]
