"""Previews that are watched while they are made: one per session, and the newest draft wins.

A thread renders and hands parts over through a short queue: a reader that is slow holds the renderer up, and one that
leaves ends it. What was encoded until then is in the cache, so that the next preview, or the export of its sound,
begins with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reelframe.backend.files import Files
from reelframe.backend.rendering import check_media, expected_bytes
from reelframe.backend.storage import make_room
from reelframe.backend.store import Database, media, sessions
from reelframe.backend.wire import bad_request
from reelframe.draft import Draft
from reelframe.errors import APIError, ReelframeError, RenderFailedError
from reelframe.jobs import CancelToken
from reelframe.media.model import Library

if TYPE_CHECKING:
    from reelframe.backend.store.accounts import Account

__all__ = ["PREVIEW_SIDE", "Facts", "Preview", "Previews"]

PREVIEW_SIDE: Final = 360
# Parts that may wait for the reader: four seconds of video.
_WAITING: Final = 8
# Seconds between two looks at whether the reader is still there.
_LOOK: Final = 0.1


@dataclass(frozen=True, slots=True)
class Facts:
    """What the parts of a preview are.

    Attributes:
        mime_type: with codecs.
        width: pixels across.
        height: pixels down.
        duration_s: seconds.
        silent: the video has sound and the preview has not, since its music is still to be composed.
    """

    mime_type: str
    width: int
    height: int
    duration_s: float
    silent: bool


class Previews:
    """Who previews what, so that a newer preview of a session ends the one before it.

    Args:
        db: with the sessions.
        files: with their media, and the cache of what was encoded.
        quota: what the data folder may take, in bytes.
    """

    def __init__(self, db: Database, files: Files, quota: Callable[[], int]) -> None:
        self._db, self._files, self._quota = db, files, quota
        self._lock = threading.Lock()
        self._running: dict[str, CancelToken] = {}
        self._threads: set[threading.Thread] = set()

    def begin(self, account: Account, session_id: str, *, at_once: bool = False) -> Preview:
        """Begin to render the timeline of a session as it stands. On an event loop, which is where it is read.

        Args:
            account: who asks.
            session_id: which session.
            at_once: rather without sound than late: composing music takes several times as long as the first pictures.

        Raises:
            APIError: there is no such session, or nothing on its timeline.
            MediaError: a file of it was cleared from the disk.
            StorageError: there is no room.
        """
        with self._db.write() as tx:
            session = sessions.own(tx, account.id, session_id)
            draft = sessions.draft_at(tx, session.id, session.head)
            library = media.library(tx, session.id, self._files.media_path, removed=True)
            media.mark_used(tx, [one for s in draft.segments if (one := s.media)])
        if not draft.exportable:
            message = "The timeline is empty: there is nothing to look at."
            raise bad_request(message, "Upload photos or clips and say what to make of them.")
        check_media(draft, library)
        make_room(self._db, self._files, self._quota(), expected_bytes(draft))
        token = CancelToken()
        with self._lock:
            if (earlier := self._running.get(session.id)) is not None:
                earlier.cancel()
            self._running[session.id] = token
        return Preview(self, self._files.cache, session.id, draft, library, token, at_once=at_once)

    def start(self, thread: threading.Thread) -> None:
        """Run a thread that ``close`` waits for."""
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def over(self, session_id: str, token: CancelToken) -> None:
        """A preview has ended."""
        with self._lock:
            if self._running.get(session_id) is token:
                del self._running[session_id]
            self._threads.discard(threading.current_thread())

    def close(self, timeout: float = 10.0) -> None:
        """End all of them."""
        with self._lock:
            tokens, threads = list(self._running.values()), list(self._threads)
        for token in tokens:
            token.cancel()
        for thread in threads:
            thread.join(timeout)


class Preview:
    """One preview under way: await ``first``, then iterate ``rest``, and ``cancel`` always."""

    def __init__(
        self,
        home: Previews,
        cache: Path,
        session_id: str,
        draft: Draft,
        library: Library,
        token: CancelToken,
        *,
        at_once: bool,
    ) -> None:
        self._home = home
        self._cache = cache
        self._session_id = session_id
        self._draft, self._library = draft, library
        self._token = token
        self._at_once = at_once
        self._slots = threading.Semaphore(_WAITING)
        self._queue: asyncio.Queue[bytes | ReelframeError | None] = asyncio.Queue()
        self._facts: Facts | None = None

    async def first(self) -> tuple[Facts, bytes]:
        """The first part, and what all of them are.

        Raises:
            ReelframeError: it can't be rendered.
            APIError: 409, a newer preview of the session has taken its place.
        """
        loop = asyncio.get_running_loop()

        def put(item: bytes | ReelframeError | None) -> None:
            # The loop that asked may be closed by now.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._queue.put_nowait, item)

        def work() -> None:
            try:
                for part in self._parts():
                    while not self._slots.acquire(timeout=_LOOK):
                        self._token.check()
                    put(part)
                put(None)
            except ReelframeError as error:
                put(error)
            except Exception as error:  # noqa: BLE001 -- a reader that hears nothing would wait for ever
                message = f"The preview failed: {type(error).__name__}: {error}"
                put(RenderFailedError(message, reason=str(error)))
            finally:
                self._home.over(self._session_id, self._token)

        self._home.start(threading.Thread(target=work, name="reelframe-preview", daemon=True))
        part = await self._next()
        if part is None or self._facts is None:
            message = "The preview has no parts."
            raise RenderFailedError(message, reason="the renderer gave nothing")
        return self._facts, part

    async def rest(self) -> AsyncIterator[bytes]:
        """The other parts, in order. Ends early, with an error, when it is cancelled or can't go on."""
        while (part := await self._next()) is not None:
            yield part

    def cancel(self) -> None:
        """Nobody reads it any more."""
        self._token.cancel()

    async def _next(self) -> bytes | None:
        item = await self._queue.get()
        if isinstance(item, ReelframeError):
            if self._token.cancelled:
                message = "A newer preview of this session has taken the place of this one."
                raise APIError(message, code=409, status=409)
            raise item
        self._slots.release()
        return item

    def _parts(self) -> Iterator[bytes]:
        from reelframe import render  # noqa: PLC0415 -- codecs, loaded when there is something to render
        from reelframe.render.audio_track import audio_key  # noqa: PLC0415 -- as above
        from reelframe.render.encode import AAC  # noqa: PLC0415 -- as above
        from reelframe.render.streaming import mime_type, stream  # noqa: PLC0415 -- as above

        composition = render.compose(self._draft, self._library)
        cache = render.Cache(self._cache / "render")
        shown = composition.scaled(
            height=round(composition.height * min(1.0, PREVIEW_SIDE / min(composition.width, composition.height)))
        )
        composed = self._at_once and any(sound.music is not None for sound in composition.sounds)
        silent = composed and audio_key(composition, AAC) not in cache
        if silent:
            composition = replace(composition, sounds=())
        for part in stream(composition, cancel=self._token, cache=cache, side=PREVIEW_SIDE):
            if self._facts is None:
                self._facts = Facts(mime_type(part), shown.width, shown.height, composition.duration_s, silent)
            yield part
