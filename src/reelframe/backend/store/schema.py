"""The tables, as a list of migrations: the number of the last one applied is the database's ``user_version``.

A migration that has been released is never changed; a new one is added. Times are Unix seconds (REAL),
JSON stands in TEXT columns.
"""

from __future__ import annotations

from typing import Final

__all__ = ["MIGRATIONS"]

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # Who may ask. `owner` is this machine's user, `token` somebody whose token the user chose,
        # `anonymous` a client with an id of its own.
        """CREATE TABLE accounts (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('owner', 'token', 'anonymous')),
            identity TEXT NOT NULL,
            created REAL NOT NULL,
            UNIQUE (kind, identity)
        )""",
        # Anonymous tokens only, by their hash: the token itself is never stored.
        """CREATE TABLE tokens (
            hash TEXT PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            issued REAL NOT NULL,
            expires REAL NOT NULL
        )""",
        "CREATE INDEX tokens_account ON tokens (account_id, expires)",
        # Credits: a grant is positive, a charge negative; `held` is reserved by work in progress.
        """CREATE TABLE ledger (
            id INTEGER PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            amount INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('settled', 'held', 'released')),
            reason TEXT NOT NULL,
            message_id INTEGER,
            created REAL NOT NULL
        )""",
        "CREATE INDEX ledger_account ON ledger (account_id, state)",
        "CREATE INDEX ledger_message ON ledger (message_id)",
        # `head` is the snapshot that is the timeline now; `version` counts every change, undo included,
        # so that two writers notice each other.
        """CREATE TABLE sessions (
            id TEXT PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            task_id TEXT NOT NULL,
            name TEXT NOT NULL,
            language TEXT NOT NULL,
            created REAL NOT NULL,
            used REAL NOT NULL,
            head INTEGER NOT NULL,
            version INTEGER NOT NULL,
            selection TEXT NOT NULL DEFAULT '[]',
            touched TEXT NOT NULL DEFAULT '[]',
            question TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE INDEX sessions_account ON sessions (account_id, used)",
        # One timeline per step: undo and redo only move the session's head.
        """CREATE TABLE snapshots (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            seq INTEGER NOT NULL,
            draft TEXT NOT NULL,
            label TEXT NOT NULL,
            created REAL NOT NULL,
            PRIMARY KEY (session_id, seq)
        )""",
        """CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            plan TEXT NOT NULL DEFAULT '',
            answer TEXT NOT NULL DEFAULT '',
            state TEXT NOT NULL
                CHECK (state IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
            holder TEXT NOT NULL,
            created REAL NOT NULL,
            ended REAL
        )""",
        "CREATE INDEX messages_session ON messages (session_id, id)",
        # A file is kept once, whoever uploaded it; `info` is what probing found.
        """CREATE TABLE media (
            id TEXT PRIMARY KEY,
            extension TEXT NOT NULL,
            size INTEGER NOT NULL,
            info TEXT NOT NULL,
            created REAL NOT NULL,
            used REAL NOT NULL,
            cleared REAL
        )""",
        # A removed file stays reachable for undo, but is no longer part of the session's library.
        """CREATE TABLE session_media (
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            media_id TEXT NOT NULL REFERENCES media (id),
            name TEXT NOT NULL,
            role TEXT,
            position INTEGER NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0,
            created REAL NOT NULL,
            PRIMARY KEY (session_id, media_id)
        )""",
        "CREATE INDEX session_media_media ON session_media (media_id)",
        # The id comes from the client and is its own; `key` names the file. The draft is the job's own copy.
        """CREATE TABLE renders (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            id TEXT NOT NULL,
            key TEXT NOT NULL UNIQUE,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            draft TEXT NOT NULL,
            output TEXT NOT NULL,
            status TEXT NOT NULL
                CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
            stage TEXT NOT NULL DEFAULT '',
            progress REAL NOT NULL DEFAULT 0,
            message TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '',
            result TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            cancel INTEGER NOT NULL DEFAULT 0,
            holder TEXT,
            heartbeat REAL,
            created REAL NOT NULL,
            updated REAL NOT NULL,
            PRIMARY KEY (account_id, id)
        )""",
        "CREATE INDEX renders_status ON renders (status, created)",
        "CREATE INDEX renders_session ON renders (session_id)",
        # Handing a session over to another account: single use, by hash.
        """CREATE TABLE claims (
            hash TEXT PRIMARY KEY,
            session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
            expires REAL NOT NULL,
            used REAL
        )""",
    ),
)
