"""The render workers: threads that take leased jobs from the database, one after the other.

A job outlives the client that asked for it and the process that began it. Whoever holds it shows a
heartbeat; when the holder's process is gone (at once), or its heartbeat has been silent for ``LEASE_S``
(another machine, a stopped process), the next worker takes the job over and renders it anew. The render
thread never waits for the database: a second thread writes the heartbeat and the progress.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from reelframe import process
from reelframe.backend.files import Files, digest_of
from reelframe.backend.making import make
from reelframe.backend.output import apply_output, extension
from reelframe.backend.storage import make_room
from reelframe.backend.store import Database, media, renders
from reelframe.backend.store.renders import Render
from reelframe.draft import Draft
from reelframe.errors import JobCancelledError, MediaError, ReelframeError, StorageError
from reelframe.jobs import CancelToken, Progress
from reelframe.media.model import Library

__all__ = ["LEASE_S", "Workers", "check_media", "expected_bytes"]

_log: Final = logging.getLogger("reelframe.backend")
LEASE_S: Final = 30.0
_BEAT_S: Final = 1.0
# How often a worker looks whether another process's job has lost its holder.
_WATCH_S: Final = 1.0
# An idle worker thread ends after so long; the next job starts a new one.
_IDLE_S: Final = 10.0
_MOST_ATTEMPTS: Final = 3


class _Running:
    """A job at work in this process."""

    def __init__(self) -> None:
        self.cancel = CancelToken()
        self.progress = Progress("prepare", 0.0)
        self.lost = False


class Workers:
    """The render threads of this process.

    Args:
        db: the database.
        files: the folders.
        quota: how many bytes the data folder may take, asked for each job.
        count: how many jobs at a time; one render already keeps the cores busy.
    """

    def __init__(self, db: Database, files: Files, quota: Callable[[], int], count: int = 1) -> None:
        self._db = db
        self._files = files
        self._quota = quota
        self._count = count
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._work = threading.Condition(self._lock)
        self._news = 0
        self._closing = False
        self._running: dict[str, _Running] = {}
        _at_exit(self)

    def wake(self) -> None:
        """There may be something to do."""
        with self._db.read() as tx:
            if not renders.any_unfinished(tx):
                return
        with self._lock:
            self._news += 1
            self._work.notify_all()
            while len(self._threads) < self._count and not self._closing:
                thread = threading.Thread(target=self._run, name="reelframe-render", daemon=True)
                self._threads.add(thread)
                thread.start()

    def progress(self, key: str) -> Progress | None:
        """How far a job of this process is, fresher than the database; None for any other."""
        running = self._running.get(key)
        return running.progress if running else None

    def cancel(self, key: str) -> None:
        """Stop a job at once when this process does it; others notice through the database."""
        running = self._running.get(key)
        if running:
            running.cancel.cancel()

    def close(self, timeout: float = 10.0) -> None:
        """Stop, and give jobs at work back for the next process."""
        with self._lock:
            self._closing = True
            self._work.notify_all()
            threads = list(self._threads)
        for running in list(self._running.values()):
            running.cancel.cancel()
        deadline = time.monotonic() + timeout
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        me = threading.current_thread()
        idle = 0.0
        try:
            while not self._closing:
                news = self._news
                taken, others = self._next()
                if taken:
                    idle = 0.0
                    self._do(*taken)
                    continue
                with self._lock:
                    if self._news != news:
                        continue
                    if not others and idle >= _IDLE_S:
                        # Under the lock that `wake` takes: a job that comes now starts a new thread.
                        self._threads.discard(me)
                        return
                    self._work.wait(_WATCH_S)
                idle = 0.0 if others else idle + _WATCH_S
        except ReelframeError:
            # The data folder is gone or full: nothing can be rendered, and the next request will say so.
            _log.exception("the render worker stopped")
        finally:
            with self._lock:
                self._threads.discard(me)

    def _next(self) -> tuple[tuple[Render, str] | None, bool]:
        """A job that is ours now with the name of its lease, and whether there are jobs of others to watch."""
        with self._db.read() as tx:
            waiting = renders.candidates(tx)
        others = False
        for job in waiting:
            if job.status == "processing" and not _orphaned(job):
                others = True
                continue
            lease = f"{process.me()}#{uuid.uuid4().hex[:8]}"
            with self._db.write() as tx:
                if job.status == "processing" and (job.cancel or job.attempts >= _MOST_ATTEMPTS):
                    reason = f"The process that rendered it ended {job.attempts} times in the middle of it."
                    renders.fail(tx, job.key, job.holder, "Cancelled." if job.cancel else reason)
                    continue
                if renders.claim(tx, job, lease):
                    return (job, lease), others
            others = True
        return None, others

    def _do(self, job: Render, lease: str) -> None:
        running = _Running()
        self._running[job.key] = running
        if self._closing:
            running.cancel.cancel()
        suffix = extension(job.output)
        part = self._files.renders / f"{job.key}-{lease[-8:]}.part{suffix}"
        try:
            with self._heart(job, lease, running):
                result = self._render(job, part, running)
                self._files.settle(part, self._files.render_path(job.key, suffix))
            with self._db.write() as tx:
                renders.complete(tx, job.key, lease, result)
        except JobCancelledError:
            self._stopped(job, lease, running)
        except ReelframeError as error:
            self._failed(job, lease, str(error))
        except Exception as error:  # noqa: BLE001 -- a worker outlives whatever a renderer can raise
            _log.exception("render %s failed", job.id)
            self._failed(job, lease, f"The renderer failed: {type(error).__name__}: {error}")
        finally:
            part.unlink(missing_ok=True)
            self._running.pop(job.key, None)

    def _render(self, job: Render, part: Path, running: _Running) -> dict[str, Any]:
        from reelframe.render import Cache  # noqa: PLC0415 -- codecs, loaded when there is something to render

        with self._db.write() as tx:
            library = media.library(tx, job.session_id, self._files.media_path, removed=True)
            media.mark_used(tx, [one for s in job.draft.segments if (one := s.media)])
        check_media(job.draft, library)
        make_room(self._db, self._files, self._quota(), expected_bytes(apply_output(job.draft, job.output)))

        def on_progress(progress: Progress) -> None:
            running.progress = progress

        made = make(
            job.draft,
            library,
            part,
            job.output,
            cache=Cache(self._files.cache / "render"),
            on_progress=on_progress,
            cancel=running.cancel,
        )
        return {
            "extension": part.suffix,
            "size_bytes": made.size_bytes,
            # So that whoever downloads it can tell that it is whole and the same.
            "sha256": digest_of(part),
            "width": made.width,
            "height": made.height,
            "duration_s": made.duration_s,
            "warnings": list(made.warnings),
        }

    @contextlib.contextmanager
    def _heart(self, job: Render, lease: str, running: _Running) -> Iterator[None]:
        over = threading.Event()

        def beat() -> None:
            while not over.wait(_BEAT_S):
                now = running.progress
                try:
                    with self._db.write() as tx:
                        held = renders.report(tx, job.key, lease, now.stage, now.fraction or 0.0, now.text)
                except StorageError:
                    # A disk that is full now may not be in a second; the lease lasts for thirty.
                    _log.warning("the heartbeat of render %s could not be written", job.id)
                    continue
                if not held:
                    running.lost = True
                    running.cancel.cancel()
                    return

        thread = threading.Thread(target=beat, name="reelframe-heart", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _stopped(self, job: Render, lease: str, running: _Running) -> None:
        with self._db.write() as tx:
            if self._closing and not running.lost:
                renders.release(tx, job.key, lease)
            else:
                # With the lease lost to another holder this changes nothing, as it must.
                renders.fail(tx, job.key, lease, "Cancelled.")

    def _failed(self, job: Render, lease: str, reason: str) -> None:
        with self._db.write() as tx:
            renders.fail(tx, job.key, lease, reason)


def _orphaned(job: Render) -> bool:
    if job.holder is None or not process.alive(job.holder):
        return True
    return time.time() - (job.heartbeat or 0.0) > LEASE_S


def check_media(draft: Draft, library: Library) -> None:
    """Say by name what a render needs and the disk does not have any more.

    Raises:
        MediaError: there is such a file.
    """
    for segment in draft.segments:
        known = library.get(segment.media) if segment.media else None
        if known is not None and (known.path is None or not known.path.exists()):
            reason = "was cleared from the data folder to make room"
            raise MediaError.of(known.name, reason, "Upload it again, then export again.")


def expected_bytes(draft: Draft) -> int:
    """About what the file will take: 0.1 bits a pixel is more than most videos need."""
    pixels = draft.get("width", 1920) * draft.get("height", 1080) * draft.get("fps", 30)
    return int(pixels * draft.duration_ms / 1000 * 0.1 / 8)


def _at_exit(workers: Workers) -> None:
    """Give jobs back when the interpreter ends, without keeping the workers alive until then."""
    reference = weakref.ref(workers)

    def close() -> None:
        alive = reference()
        if alive is not None:
            alive.close(timeout=5.0)

    atexit.register(close)
