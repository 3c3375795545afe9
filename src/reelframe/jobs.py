"""Work in progress: how far it is, how to stop it, how to wait for it.

Everything that can last over a second hands out one of two things. Plain functions that run in a thread
(rendering, probing) take a ``CancelToken`` and a callback that is given ``Progress`` values. Everything
above them is a ``Job``: a coroutine at work on the one background loop of this process, which can be
awaited from any loop, waited for from a cell or a script, iterated for its events, or walked away from.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator
from concurrent.futures import CancelledError as FutureCancelledError
from concurrent.futures import Future, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from reelframe.errors import ConfigurationError, JobCancelledError

__all__ = [
    "BackgroundLoop",
    "CancelToken",
    "Event",
    "Job",
    "OnProgress",
    "Progress",
    "background",
    "borrow",
    "give_back",
    "run",
]

T = TypeVar("T")

# A blocking wait wakes up this often (seconds), so that Ctrl-C and a notebook's stop button end it.
_TICK: Final = 0.1
# And an interrupted one gives the work this long (seconds) to end cleanly.
_CLEAN_UP: Final = 10.0


class Event(Protocol):
    """What a job reports: ``kind`` tells what it is, ``text`` what to show ("" when there is nothing to say)."""

    @property
    def kind(self) -> str:
        """What it is, one word."""

    @property
    def text(self) -> str:
        """What to show."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far some work is.

    Attributes:
        stage: what is being done, one word: "upload", "plan", "render", "download", …
        fraction: 0 to 1, or None while it can't be told.
        text: the same for a person, or "".
    """

    stage: str
    fraction: float | None = None
    text: str = ""
    kind: Literal["progress"] = "progress"


OnProgress = Callable[[Progress], None]


class CancelToken:
    """A flag that one thread raises and others look at; cheap enough to look at for every frame."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop. Can be called any number of times, from any thread."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise ``JobCancelledError`` if the work was asked to stop."""
        if self._event.is_set():
            message = "Cancelled."
            raise JobCancelledError(message)


class _TaskFuture(Future[T]):
    """What a coroutine on another thread's loop comes to."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> None:
        super().__init__()
        self._loop = loop
        self._task: asyncio.Task[T] | None = None
        loop.call_soon_threadsafe(self._start, work)

    def _start(self, work: Coroutine[Any, Any, T]) -> None:
        self._task = self._loop.create_task(work)
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            super().cancel()
            self.set_running_or_notify_cancel()
        elif (error := task.exception()) is not None:
            self.set_exception(error)
        else:
            self.set_result(task.result())

    def cancel(self) -> bool:
        if self.done():
            return False
        # Queued behind the start, so there is a task by then.
        self._loop.call_soon_threadsafe(lambda: self._task is not None and self._task.cancel())
        return True


class BackgroundLoop:
    """A daemon thread that owns an asyncio loop. The process shares one: see ``background()``."""

    def __init__(self, name: str = "reelframe") -> None:
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()

        def run() -> None:
            asyncio.set_event_loop(self.loop)
            self.loop.call_soon(ready.set)
            self.loop.run_forever()

        # ipykernel 7.0 keeps the cell that output belongs to in a context variable, and raises LookupError
        # for a send from a thread that lacks it.
        self.thread = threading.Thread(target=copy_context().run, args=(run,), name=name, daemon=True)
        self.thread.start()
        ready.wait()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start a coroutine on the loop; the future is thread-safe.

        Cancelling the future cancels the coroutine, and the future is done when the coroutine has really ended:
        ``asyncio.run_coroutine_threadsafe`` would report the end while the clean-up still runs.
        """
        return _TaskFuture(self.loop, work)

    def run(self, work: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Start a coroutine and wait for it. An interrupt cancels the coroutine, waits for its end, and is raised.

        Raises:
            RuntimeError: called from the background loop itself, which would wait for itself for ever.
        """
        if threading.current_thread() is self.thread:
            work.close()
            message = "The background loop can't wait for itself: await the coroutine instead."
            raise RuntimeError(message)
        future = self.submit(work)
        try:
            return _wait(future, timeout)
        except BaseException:
            if future.cancel():
                wait([future], timeout=_CLEAN_UP)
            raise

    def stop(self) -> None:
        """Cancel what runs, end the loop and the thread. The shared loop is never stopped this way."""

        async def drain() -> None:
            tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.loop.shutdown_asyncgens()
            await self.loop.shutdown_default_executor()

        with contextlib.suppress(FutureCancelledError):
            self.submit(drain()).result(timeout=10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(timeout=10)
        self.loop.close()


_shared: BackgroundLoop | None = None
_shared_lock = threading.Lock()
# Jobs outlive whoever asked for them, so the first use by one of them keeps the loop for good.
_kept = False
_borrowers = 0


def background() -> BackgroundLoop:
    """The process's own background loop, started when first asked for. It then lasts as long as the process."""
    global _kept  # noqa: PLW0603 -- one loop per process is the point
    with _shared_lock:
        _kept = True
        return _running()


def borrow() -> BackgroundLoop:
    """The same loop for a while; ``give_back`` it. Its thread ends with the last borrower if nobody else uses it."""
    global _borrowers  # noqa: PLW0603 -- the same
    with _shared_lock:
        _borrowers += 1
        return _running()


def give_back() -> None:
    """The end of one ``borrow``."""
    global _borrowers, _shared  # noqa: PLW0603 -- the same
    with _shared_lock:
        _borrowers -= 1
        unused = _shared if _borrowers == 0 and not _kept else None
        if unused is not None:
            _shared = None
    if unused is not None:
        unused.stop()


def _running() -> BackgroundLoop:
    global _shared  # noqa: PLW0603 -- the same
    if _shared is None or not _shared.thread.is_alive():
        if sys.is_finalizing():
            # A thread that is started now never runs, and to wait for it would keep the process from ending.
            message = "Python is shutting down: nothing can be begun any more."
            raise RuntimeError(message)
        _shared = BackgroundLoop()
    return _shared


def _wait(future: Future[T], timeout: float | None) -> T:
    deadline = None if timeout is None else time.monotonic() + timeout
    while True:
        step = _TICK if deadline is None else min(_TICK, max(0.0, deadline - time.monotonic()))
        try:
            return future.result(step)
        except TimeoutError:
            # The work's own TimeoutError looks the same as ours: a finished future tells them apart.
            if future.done():
                raise
            if deadline is not None and time.monotonic() >= deadline:
                raise
        except FutureCancelledError:
            message = "Cancelled."
            raise JobCancelledError(message) from None


class Job(Generic[T]):
    """The handle of work in progress on the background loop.

    Wait for it with ``job.result()`` (in a cell or a script) or ``await job`` (anywhere async); iterate it,
    ``for event in job`` or ``async for event in job``, for its events as they come; stop it with
    ``job.cancel()``; or do nothing, and it goes on by itself.

    Args:
        work: called on the background loop with a function that reports an event; returns the result.
        name: what the work is, for people: "export", "send", …
        loop: another loop than the shared one.

    >>> async def work(report):
    ...     return "made"
    >>> Job(work, name="an example").result()
    'made'
    """

    def __init__(
        self,
        work: Callable[[Callable[[Any], None]], Awaitable[T]],
        *,
        name: str = "job",
        loop: BackgroundLoop | None = None,
    ) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._events: list[Any] = []
        self._listeners: list[Callable[[Any], None]] = []
        self._progress: Progress | None = None
        self._future = (loop or background()).submit(self._run(work))
        self._future.add_done_callback(lambda _: self._tell(None))

    async def _run(self, work: Callable[[Callable[[Any], None]], Awaitable[T]]) -> T:
        return await work(self._report)

    def _report(self, event: Any) -> None:  # noqa: ANN401 -- rooms above define their own events
        if isinstance(event, Progress):
            self._progress = event
        self._tell(event)

    def _tell(self, event: Any) -> None:  # noqa: ANN401 -- None marks the end
        with self._lock:
            if event is not None:
                self._events.append(event)
            listeners = list(self._listeners)
        for listener in listeners:
            listener(event)

    def subscribe(self, listener: Callable[[Any], None]) -> Callable[[], None]:
        """Call ``listener`` with every event so far and to come, then with None at the end.

        It is called from the background thread (for past events: from this one) and must not block.

        Returns:
            a function that ends the subscription.
        """
        with self._lock:
            past, over = list(self._events), self._future.done()
            if not over:
                self._listeners.append(listener)
            for event in past:
                listener(event)
        if over:
            listener(None)

        def leave() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(listener)

        return leave

    @property
    def events(self) -> tuple[Any, ...]:
        """The events so far."""
        with self._lock:
            return tuple(self._events)

    @property
    def progress(self) -> Progress | None:
        """The last progress that was reported, if any."""
        return self._progress

    @property
    def state(self) -> Literal["running", "done", "failed", "cancelled"]:
        """Where the work stands."""
        if not self._future.done():
            return "running"
        if self._future.cancelled():
            return "cancelled"
        error = self._future.exception()
        if error is None:
            return "done"
        return "cancelled" if isinstance(error, JobCancelledError) else "failed"

    def done(self) -> bool:
        """Whether the work has ended, well or not."""
        return self._future.done()

    def cancel(self) -> bool:
        """Ask the work to stop; False when it had already ended."""
        return self._future.cancel()

    def result(self, timeout: float | None = None) -> T:
        """Wait for the result. An interrupt (Ctrl-C, a notebook's stop button) cancels the work.

        Args:
            timeout: seconds; the work goes on after a TimeoutError.

        Raises:
            JobCancelledError: the work was cancelled.
            TimeoutError: not done in time.
            ReelframeError: what the work itself raised.
        """
        try:
            return _wait(self._future, timeout)
        except KeyboardInterrupt:
            if self.cancel():
                wait([self._future], timeout=_CLEAN_UP)
            raise

    def exception(self) -> BaseException | None:
        """What the work raised, None while it runs or when it went well."""
        if not self._future.done():
            return None
        if self._future.cancelled():
            return JobCancelledError("Cancelled.")
        return self._future.exception()

    def __await__(self) -> Generator[Any, None, T]:
        return self._awaited().__await__()

    async def _awaited(self) -> T:
        # Giving up the wait is not giving up the work. Cancel the job to stop the work.
        waited = asyncio.wrap_future(self._future)
        try:
            # The ticks are for ipykernel 6: in a cell that awaits it hears an interrupt only when its loop wakes.
            while not waited.done():
                await asyncio.wait({waited}, timeout=_TICK)
        except asyncio.CancelledError:
            # What the work comes to is nobody's business here any more, its failure included.
            waited.add_done_callback(lambda w: w.cancelled() or w.exception())
            if not self._future.cancelled():
                raise
        if self._future.cancelled():
            message = "Cancelled."
            raise JobCancelledError(message)
        return waited.result()

    async def __aiter__(self) -> AsyncIterator[Any]:
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[Any]()

        def put(event: Any) -> None:  # noqa: ANN401 -- rooms above define their own events
            loop.call_soon_threadsafe(queue.put_nowait, event)

        leave = self.subscribe(put)
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            leave()
        await self

    def __iter__(self) -> Iterator[Any]:
        seen = 0
        while True:
            over = self._future.done()
            events = self.events
            yield from events[seen:]
            seen = len(events)
            if over:
                self.result()
                return
            time.sleep(_TICK / 2)

    def __repr__(self) -> str:
        far = "" if self._progress is None or self._progress.fraction is None else (f" {self._progress.fraction:.0%}")
        return f"<Job {self.name}: {self.state}{far}>"


def run(awaitable: Awaitable[T]) -> T:
    """Wait for an awaitable, also inside a notebook's cell, where a loop is already running.

    The awaitable runs on the loop of the thread that calls, so it may use clients and tasks that belong to
    the kernel's own loop. While it runs, so does everything else on that loop. ``await`` is better wherever
    it is allowed; a ``Job`` has ``result()``, which needs none of this.

    Raises:
        ConfigurationError: the running loop is not asyncio's own (uvloop), which can't be entered twice.

    >>> async def answer():
    ...     return 42
    >>> run(answer())
    42
    """

    async def waited() -> T:
        return await awaitable

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(waited())
    # Applied here and only here, when it is really needed: it changes asyncio for the whole process, and on
    # ipykernel 7 a comm message that arrives during a nested run is lost.
    try:
        import nest_asyncio  # noqa: PLC0415 -- see above
    except ImportError:
        import nest_asyncio2 as nest_asyncio  # noqa: PLC0415 -- the fork for Python 3.14
    try:
        nest_asyncio.apply(loop)
    except ValueError as error:
        message = f"This loop ({type(loop).__name__}) can't be entered a second time."
        raise ConfigurationError(message, hint="Write `await …` instead of `rf.run(…)`.") from error
    return loop.run_until_complete(waited())
