"""Who the client is: the token that the user gave, or an anonymous one that outlives the process.

A token is granted once per client per seven days, so an anonymous one is kept in the user's configuration
folder, one file per server, mode 0600, with its expiry. A token that the user set is never stored or replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from reelframe import settings
from reelframe.client import redact
from reelframe.errors import ConfigurationError

__all__ = ["Credentials", "StoredToken"]

_log = logging.getLogger("reelframe.client")
_LIFE: Final = 7 * 86400.0
# A token is not used in its last hour: the work that it starts may take that long.
_MARGIN: Final = 3600.0


class StoredToken:
    """The anonymous token of one server on the disk."""

    def __init__(self, base_url: str) -> None:
        self._url = base_url
        name = hashlib.sha256(base_url.encode()).hexdigest()[:16]
        self.path: Path = settings.config_folder() / f"token-{name}.json"

    def load(self, client_id: str) -> str | None:
        """The token, when there is one of this client that lasts for a while."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, ConfigurationError):
            data = json.loads(self.path.read_text(encoding="utf-8"))
            ours = (data["base_url"], data["client_id"]) == (self._url, client_id)
            if ours and float(data["expires"]) - _MARGIN > time.time():
                return usable(str(data["token"]))
        return None

    def save(self, token: str, expires: float, client_id: str) -> None:
        """Keep the token; where the folder can't be written it lasts as long as the process."""
        text = json.dumps({"base_url": self._url, "client_id": client_id, "token": token, "expires": expires})
        try:
            settings.write_private(self.path, text)
        except OSError as error:
            _log.info("The anonymous token can't be stored: %s", error.strerror)

    def forget(self) -> None:
        """Remove a token that the server no longer accepts."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def usable(token: str) -> str:
    """The token, when it can stand in a header.

    Raises:
        ConfigurationError: it can't. The message does not quote it.
    """
    if not token.isascii() or not token.isprintable() or any(c.isspace() for c in token) or not token:
        message = "The token holds characters that a token can't have (spaces, line ends, accents)."
        raise ConfigurationError(message, hint="Copy it again, whole and without quotes.")
    redact.remember(token)
    return token


class Credentials:
    """The bearer token, asked for when first needed.

    Args:
        base_url: of the server that the token is for.
        token: the user's own; None asks for an anonymous one.
        storable: whether an anonymous token is kept on the disk.
    """

    def __init__(self, base_url: str, token: str | None, *, storable: bool) -> None:
        self.anonymous = token is None
        self.fresh = False
        self._token = None if token is None else usable(token)
        self._store = StoredToken(base_url) if storable and token is None else None
        self._lock = asyncio.Lock()

    @property
    def known(self) -> bool:
        """Whether this user has had a token of this server before, be it expired."""
        return self._store is not None and self._store.path.exists()

    def __repr__(self) -> str:
        return f"<Credentials {'anonymous' if self.anonymous else 'given'}>"

    async def get(self, ask: Callable[[], Awaitable[tuple[str, float | None]]], client_id: Callable[[], str]) -> str:
        """The token: the given, the stored, or a new one.

        Args:
            client_id: tells whose an anonymous token is.
            ask: requests an anonymous token; returns it with its life in seconds, if the server told.
        """
        if self._token is not None:
            return self._token
        async with self._lock:
            if self._token is None and self._store is not None:
                self._token = self._store.load(client_id())
            if self._token is None:
                token, life = await ask()
                self._token = usable(token)
                self.fresh = True
                if self._store is not None:
                    self._store.save(token, time.time() + (life or _LIFE), client_id())
        return self._token

    def drop(self, token: str | None) -> bool:
        """Forget a token that was refused; False when it is the user's own, which is never replaced."""
        if not self.anonymous:
            return False
        # Another call may have replaced it meanwhile: only the refused one goes.
        if token == self._token:
            self._token = None
            if self._store is not None:
                self._store.forget()
        return True


def life_of(answer: Any) -> float | None:  # noqa: ANN401 -- an Answer; typing it would be a circle
    """Seconds that a token lasts, as the server said it."""
    seconds = answer.find("expires_in", "expiresIn")
    return float(seconds) if isinstance(seconds, (int, float)) and seconds > 0 else None
