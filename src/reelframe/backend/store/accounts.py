"""Accounts, their anonymous tokens (by hash) and their ledger of credits."""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass
from typing import Final, Literal

from reelframe.backend.store.database import Connection

__all__ = [
    "GRANT",
    "TOKEN_LIFE_S",
    "Account",
    "Balance",
    "balance",
    "by_token",
    "ensure",
    "hashed",
    "hold",
    "issued",
    "keep_token",
    "settle",
]

GRANT: Final = 100
TOKEN_LIFE_S: Final = 7 * 24 * 3600.0
AccountKind = Literal["owner", "token", "anonymous"]


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks."""

    id: str
    kind: AccountKind


@dataclass(frozen=True, slots=True)
class Balance:
    """Credits: free to use, held by work in progress, and their sum."""

    available: int
    frozen: int

    @property
    def total(self) -> int:
        """Available and held together."""
        return self.available + self.frozen


def hashed(secret: str) -> str:
    """What is stored in the place of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def ensure(db: Connection, kind: AccountKind, identity: str) -> Account:
    """The account of this identity; a new one begins with the grant."""
    row = db.execute("SELECT id FROM accounts WHERE kind = ? AND identity = ?", (kind, identity)).fetchone()
    if row:
        return Account(row["id"], kind)
    account, now = Account(uuid.uuid4().hex, kind), time.time()
    db.execute("INSERT INTO accounts VALUES (?, ?, ?, ?)", (account.id, kind, identity, now))
    db.execute(
        "INSERT INTO ledger (account_id, amount, state, reason, created) VALUES (?, ?, ?, ?, ?)",
        (account.id, GRANT, "settled", "grant", now),
    )
    return account


def issued(db: Connection, account_id: str, now: float) -> float | None:
    """When the account's living token was issued, None when it has none."""
    row = db.execute(
        "SELECT max(issued) AS issued FROM tokens WHERE account_id = ? AND expires > ?",
        (account_id, now),
    ).fetchone()
    return None if row["issued"] is None else float(row["issued"])


def keep_token(db: Connection, account_id: str, token: str, when: float) -> None:
    """Remember a token, by its hash; those that expired are forgotten."""
    db.execute("DELETE FROM tokens WHERE expires < ?", (when - TOKEN_LIFE_S,))
    db.execute(
        "INSERT INTO tokens VALUES (?, ?, ?, ?)",
        (hashed(token), account_id, when, when + TOKEN_LIFE_S),
    )


def by_token(db: Connection, token: str, now: float) -> tuple[Account, bool] | None:
    """The account of a token and whether the token is still good; None for an unknown one."""
    row = db.execute(
        "SELECT a.id, a.kind, t.expires FROM tokens t JOIN accounts a ON a.id = t.account_id WHERE t.hash = ?",
        (hashed(token),),
    ).fetchone()
    return (Account(row["id"], row["kind"]), row["expires"] > now) if row else None


def balance(db: Connection, account_id: str) -> Balance:
    """What the ledger adds up to."""
    row = db.execute(
        """SELECT coalesce(sum(CASE WHEN state = 'settled' THEN amount END), 0) AS settled,
                  coalesce(-sum(CASE WHEN state = 'held' THEN amount END), 0) AS held
           FROM ledger WHERE account_id = ?""",
        (account_id,),
    ).fetchone()
    return Balance(row["settled"] - row["held"], row["held"])


def hold(db: Connection, account_id: str, amount: int, message_id: int) -> bool:
    """Set credits aside for a message at work; False, and nothing held, when there are too few."""
    if balance(db, account_id).available < amount:
        return False
    db.execute(
        """INSERT INTO ledger (account_id, amount, state, reason, message_id, created)
           VALUES (?, ?, 'held', 'message', ?, ?)""",
        (account_id, -amount, message_id, time.time()),
    )
    return True


def settle(db: Connection, message_id: int, *, charged: bool) -> None:
    """Charge what was held for a message, or give it back."""
    db.execute(
        "UPDATE ledger SET state = ? WHERE message_id = ? AND state = 'held'",
        ("settled" if charged else "released", message_id),
    )
