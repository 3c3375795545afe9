"""The backend itself, without HTTP: one object per data folder and process that holds its parts together."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reelframe import process, settings
from reelframe.backend.auth import Auth, Limiter
from reelframe.backend.files import Files
from reelframe.backend.planning import Planning, planning_with
from reelframe.backend.previews import Previews
from reelframe.backend.rendering import Workers
from reelframe.backend.store import Database, accounts, messages
from reelframe.media.formats import MAX_BYTES

__all__ = ["Backend", "Limits", "Options"]

_log: Final = logging.getLogger("reelframe.backend")
# Requests at work at a time, over all sessions; planning takes milliseconds, so this is plenty.
_TALKERS: Final = 8
# No request takes longer, not even one that a language model plans.
_LONGEST_MESSAGE_S: Final = 900.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a caller may take.

    Attributes:
        per_second: requests of one account per second in the long run; polling included.
        burst: requests of one account at once.
        file_bytes: the longest upload.
        files: uploads in one request.
        url_seconds: how long fetching one URL may take.
        heartbeat_s: silence in an event stream after which a heartbeat is sent, seconds.
        quota_bytes: what the data folder may take; None: as the settings say.
    """

    per_second: float = 200.0
    burst: int = 2000
    file_bytes: int = MAX_BYTES
    files: int = 500
    url_seconds: float = 300.0
    heartbeat_s: float = 10.0
    quota_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How a backend behaves; see ``create_app``. Without ``language_model`` the settings say who plans."""

    anonymous: bool = False
    token: str | None = field(default=None, repr=False)
    credits: bool = False
    allow_private_urls: bool = False
    limits: Limits = Limits()
    language_model: settings.LanguageModel | None = None


class Backend:
    """Everything that the routes need.

    Args:
        home: the data folder.
        options: how it behaves.

    Raises:
        ConfigurationError: the quota is not a number, or the language model is set up by half.
        StorageError: the data folder can't be used.
    """

    def __init__(self, home: Path, options: Options) -> None:
        self.home = home
        self.options = options
        # What can't be read is said now, and not when the first file or message has been sent.
        _ = self.quota_bytes, self.planning
        self.files = Files(home)
        self.db = Database(home / "reelframe.sqlite3")
        self.auth = Auth(self.db, home, options.token, anonymous=options.anonymous)
        self.limiter = Limiter(options.limits.per_second, options.limits.burst)
        self.workers = Workers(self.db, self.files, lambda: self.quota_bytes)
        self.previews = Previews(self.db, self.files, lambda: self.quota_bytes)
        # Threads of our own: a request that was accepted is finished even when the loop that brought it is gone.
        self.talkers = ThreadPoolExecutor(_TALKERS, thread_name_prefix="reelframe-talk")
        self._recover()

    @property
    def quota_bytes(self) -> int:
        """What the data folder may take."""
        given = self.options.limits.quota_bytes
        return settings.quota_bytes() if given is None else given

    @property
    def planning(self) -> Planning:
        """Who plans: looked up for each message, as a notebook may set its language model up at any time."""
        return planning_with(self.options.language_model or settings.language_model())

    def _recover(self) -> None:
        """Put right what processes that died left behind."""
        self.files.tidy()
        with self.db.read() as tx:
            # Of a machine that has another name since, as containers do, the clock alone tells.
            overdue = time.time() - _LONGEST_MESSAGE_S
            dead = [i for i, holder, came in messages.running(tx) if came < overdue or not process.alive(holder)]
        if dead:
            with self.db.write() as tx:
                for message_id in messages.interrupt(tx, dead):
                    accounts.settle(tx, message_id, charged=False)
            _log.info("took note of requests that an earlier process did not finish")
        self.workers.wake()

    def close(self) -> None:
        """Finish the requests at work, give renders back for the next process, close the database."""
        self.talkers.shutdown(wait=True)
        self.previews.close()
        self.workers.close()
        self.db.close()
