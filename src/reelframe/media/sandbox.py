"""Child processes that open untrusted files, so that this one never has to.

Rule: no media file of a user is parsed in the process that reelframe lives in. A worker (``python -m
reelframe.media.worker``) gets a path and a format that was told by content, opens that one file, and hands
back plain numbers and bytes over a pipe. It limits itself before the first file: address space, processor
time per request, no file written, few descriptors, no demuxer that follows names. Its parent limits the
wall time and kills it when that is over. Where the ``resource`` module is missing (Windows) the wall time
and the decoders' own caps (pixels, streams, duration) are what remains.

Starting one costs about 0.4 s, so workers are reused, and recycled after ``MAX_REQUESTS`` or any failure.
They die with their parent: their standard input ends.

What this is not: a jail for code. A flaw in a decoder that lets a file take over the worker gives it the
rights of the user; it keeps crashes, memory, time and a container's wish to read other files away from them.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from reelframe.errors import ConfigurationError, MediaError, UnsupportedMediaError
from reelframe.media.formats import EXTENSIONS
from reelframe.media.framing import Header, read_message, write_message

if TYPE_CHECKING:
    from io import FileIO

__all__ = ["Worker", "call", "crashed", "error_of", "give_back", "take", "too_slow"]

MAX_REQUESTS: Final = 400
MAX_IDLE: Final = 2

# What a worker needs of the environment; nothing else is passed on, tokens least of all.
_ENVIRONMENT: Final = (
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR",
    "LANG", "LC_ALL", "TZ", "COVERAGE_PROCESS_START",
)  # fmt: skip


class Worker:
    """One child process. Not for two threads at once: check it out of the pool."""

    def __init__(self) -> None:
        if not sys.executable:
            msg = "No Python interpreter was found to open media files with."
            raise ConfigurationError(msg, hint="sys.executable is empty: run under a normal Python.")
        environment = {k: os.environ[k] for k in _ENVIRONMENT if k in os.environ}
        # The child must find the very packages that this process uses, wherever they were put.
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(_import_path()))
        # Idle thread pools and malloc arenas would eat up the limited address space.
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "reelframe.media.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            creationflags=flags,
            # Ctrl-C is for the parent alone: it decides what happens to the work in progress.
            start_new_session=os.name == "posix",
        )
        self._widen_pipes()
        self.requests = 0
        self.timed_out = False
        self.deadline: float | None = None
        _alive.add(self)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Still running and not yet worn out."""
        return self._process.poll() is None and self.requests < MAX_REQUESTS

    def send(self, header: Header) -> None:
        """Send one request.

        Raises:
            EOFError: the worker is gone.
        """
        self.requests += 1
        try:
            write_message(cast("FileIO", self._process.stdin), header)
        except OSError as error:
            raise EOFError from error

    def receive(self, timeout_s: float) -> tuple[Header, bytearray]:
        """Wait for one answer.

        Raises:
            TimeoutError: none came in time; the worker was killed.
            EOFError: the worker died.
        """
        _watchdog.watch(self, timeout_s)
        try:
            return read_message(cast("FileIO", self._process.stdout))
        except (EOFError, OSError, ValueError) as error:
            self.kill()
            if self.timed_out:
                raise TimeoutError from error
            raise EOFError from error
        finally:
            self.deadline = None

    def kill(self) -> None:
        """End the process at once; harmless when it has ended."""
        with suppress(OSError):
            self._process.kill()

    def discard(self) -> None:
        """Kill and clean up: no zombie, no open pipe."""
        self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        _alive.discard(self)

    def _widen_pipes(self) -> None:
        """A picture of 70 MB in pieces of 64 KB is a thousand switches of context more than need be."""
        if sys.platform == "linux":
            import fcntl  # noqa: PLC0415 -- exists on Unix only

            with suppress(OSError):
                fcntl.fcntl(cast("FileIO", self._process.stdout), fcntl.F_SETPIPE_SZ, 1 << 20)


class _Watchdog:
    """One daemon thread that kills workers whose answer is overdue.

    A thread and not ``select``: pipes can't be waited for with a time-out on every platform.
    """

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._watched: set[Worker] = set()
        self._thread: threading.Thread | None = None

    def watch(self, worker: Worker, timeout_s: float) -> None:
        with self._wake:
            worker.deadline = time.monotonic() + timeout_s
            self._watched.add(worker)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="reelframe-media-watchdog", daemon=True)
                self._thread.start()
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._watched:
                    self._wake.wait()
                now = time.monotonic()
                for worker in list(self._watched):
                    if worker.deadline is None:
                        self._watched.discard(worker)
                    elif now > worker.deadline:
                        worker.timed_out = True
                        worker.kill()
                        self._watched.discard(worker)
            time.sleep(0.1)


_alive: weakref.WeakSet[Worker] = weakref.WeakSet()
_watchdog = _Watchdog()
_lock = threading.Lock()
_idle: list[Worker] = []
# One-shot requests at once: as many as there are cores, for each may take up to its full share of memory.
_slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


def _import_path() -> list[str]:
    package_root = str(Path(__file__).resolve().parents[2])
    return [package_root, *(str(Path(entry).resolve()) for entry in sys.path if entry)]


def take() -> Worker:
    """A worker of one's own: an idle one, or a new one. Give it back or discard it."""
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.usable:
                return worker
            worker.discard()
    return Worker()


def give_back(worker: Worker) -> None:
    """Put back a worker that owes no answer."""
    if worker.usable:
        with _lock:
            if len(_idle) < MAX_IDLE:
                _idle.append(worker)
                return
    worker.discard()


def call(name: str, request: Header, timeout_s: float) -> tuple[Header, bytearray]:
    """One request, one answer.

    Args:
        name: the file's name as the user knows it, for messages.
        request: ``op``, ``path`` and what the operation needs.
        timeout_s: seconds of wall time, after which the worker is killed.

    Raises:
        MediaError: the file can't be used, and why; also when it brought the worker down.
    """
    with _slots:
        # The second try is a new worker's: whatever ended one idle worker may have ended them all.
        for start in (take, Worker):
            worker = start()
            was_new = worker.requests == 0
            try:
                worker.send(request)
                header, payload = worker.receive(timeout_s)
            except EOFError:
                worker.discard()
                # An idle worker may have been killed for lack of memory: that says nothing about this file.
                if was_new:
                    raise crashed(name) from None
            except TimeoutError:
                worker.discard()
                raise too_slow(name, timeout_s) from None
            except BaseException:
                worker.discard()
                raise
            else:
                give_back(worker)
                if "error" in header:
                    raise error_of(name, header)
                return header, payload
    raise crashed(name)  # pragma: no cover -- the loop always returns or raises


def crashed(name: str) -> MediaError:
    """The error of a file that brought its worker down."""
    return MediaError.of(
        name,
        "the decoder broke down over it (too much memory or processor time, or a damaged file)",
        "Export it again, smaller or in another format.",
    )


def too_slow(name: str, timeout_s: float) -> MediaError:
    """The error of a file that took too long."""
    return MediaError.of(
        name,
        f"opening it took longer than {timeout_s:.0f} s",
        "Export it again, smaller or in another format.",
    )


def error_of(name: str, header: Header) -> MediaError:
    """The error that a worker's answer stands for, with the file's name in it."""
    fault = header.get("error")
    fields = fault if isinstance(fault, dict) else {}
    reason = str(fields.get("reason", "can't be decoded"))
    hint = str(fields.get("hint", ""))
    if fields.get("kind") == "unsupported":
        hint = hint or f"Accepted formats: {', '.join(EXTENSIONS)}."
        return UnsupportedMediaError(f"{name}: {reason}.", hint=hint, name=name, reason=reason)
    return MediaError.of(name, reason, hint)


def _end_all() -> None:
    for worker in list(_alive):
        worker.discard()


def _forget_all() -> None:
    """After a fork: the workers belong to the parent, and its locks may be held by threads that are not here."""
    global _lock, _slots, _watchdog  # noqa: PLW0603 -- the module's state is the pool
    _idle.clear()
    _alive.clear()
    _lock = threading.Lock()
    _slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
    _watchdog = _Watchdog()


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
