"""Who asks: bearer tokens, anonymous tokens, and a limit on how often.

The owner's token lives in this process's memory alone. An anonymous token is computed from a key of this
data folder (a file that only the user can read) and stored as a hash, so a client that asks again within
the seven days gets the same one, and nobody can read a token out of the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import threading
import time
from pathlib import Path
from typing import Final

from reelframe.backend.store import Connection, Database, accounts
from reelframe.backend.store.accounts import Account
from reelframe.errors import APIError, AuthenticationError, RateLimitError, StorageError
from reelframe.settings import write_private

__all__ = ["Auth", "Limiter", "bearer"]

_SCHEME: Final = "bearer "


def bearer(header: str | None) -> str:
    """The token of an Authorization header.

    Raises:
        AuthenticationError: there is none.
    """
    if header and header.lower().startswith(_SCHEME) and (token := header[len(_SCHEME) :].strip()):
        return token
    message = "No token: the request has no `Authorization: Bearer <token>` header."
    raise AuthenticationError(message)


class Limiter:
    """A token bucket per account: ``burst`` requests at once, ``per_second`` in the long run."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._rate = per_second
        self._burst = float(burst)
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def check(self, who: str) -> None:
        """Count one request.

        Raises:
            RateLimitError: too many; ``retry_after`` says for how long.
        """
        now = time.monotonic()
        with self._lock:
            level, at = self._buckets.get(who, (self._burst, now))
            level = min(self._burst, level + (now - at) * self._rate)
            if level >= 1:
                self._buckets[who] = (level - 1, now)
                return
            self._buckets[who] = (level, now)
        wait = (1 - level) / self._rate
        message = "Too many requests."
        raise RateLimitError(message, hint=f"Wait {wait:.0f} s.", retry_after=wait)


class Auth:
    """Tells accounts by their tokens.

    Args:
        db: the database.
        home: the data folder, which holds the key.
        token: the owner's token as the user chose it: then the account is that token's own, and a restart
            with the same token finds it again. None: a new token for this machine's user.
        anonymous: whether anonymous tokens are given.
    """

    def __init__(self, db: Database, home: Path, token: str | None, *, anonymous: bool) -> None:
        self._db = db
        self._home = home
        self._anonymous = anonymous
        self.token = token or f"rf_{secrets.token_urlsafe(32)}"
        identity = accounts.hashed(token) if token else ""
        with db.write() as tx:
            self.owner = accounts.ensure(tx, "token" if token else "owner", identity)

    def account(self, token: str) -> Account:
        """The account that a token stands for.

        Raises:
            AuthenticationError: the token is unknown or expired.
        """
        if hmac.compare_digest(token.encode(), self.token.encode()):
            return self.owner
        with self._db.read() as tx:
            known = accounts.by_token(tx, token, time.time())
        if known is None:
            message = "The token is not valid here."
            raise AuthenticationError(message)
        account, good = known
        if not good:
            message = "The token has expired."
            raise AuthenticationError(message, hint="Ask for a new anonymous token.")
        return account

    def anonymous_token(self, client_id: str) -> str:
        """The token of an anonymous client: the same one for as long as it is valid.

        Raises:
            APIError: 400 without a client id, 403 where anonymous tokens are not given.
        """
        if not self._anonymous:
            message = "This server gives no anonymous tokens."
            hint = "Use the token that `reelframe serve` printed, or start it with --anonymous."
            raise APIError(message, hint=hint, code=403, status=403)
        if not client_id.strip() or len(client_id) > 200:  # an id, not a document
            message = "The X-Client-Id header is missing or too long."
            raise APIError(message, hint="Send a UUID of your own in it.", code=400, status=400)
        now = time.time()
        with self._db.write() as tx:
            account = accounts.ensure(tx, "anonymous", accounts.hashed(client_id.strip()))
            return self._living_token(tx, account, now)

    def _living_token(self, tx: Connection, account: Account, now: float) -> str:
        since = accounts.issued(tx, account.id, now)
        when = now if since is None else since
        token = "nmv_usr_" + self._sign(f"{account.id}:{when!r}")
        if since is None:
            accounts.keep_token(tx, account.id, token, when)
        return token

    def _sign(self, text: str) -> str:
        return hmac.new(_key(self._home / "key"), text.encode(), hashlib.sha256).hexdigest()


def _key(path: Path) -> bytes:
    for _ in range(2):
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        # Called inside a write transaction: no other process can be writing the key at the same time.
        write_private(path, secrets.token_hex(32))
    message = f"The key {path} can't be read."
    raise StorageError(message)
