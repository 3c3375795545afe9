"""Rendering the rows of a batch by an executor: processes of our own, or whatever the caller gives.

The ledger decides, the executor only works: a task that runs twice (Dask repeats what a dead worker had
finished) is settled once, and a task whose worker died is asked for again.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any, Final

from reelframe.errors import ReelframeError
from reelframe.jobs import CancelToken
from reelframe.runs.holding import settle, sort_rows, token_of
from reelframe.runs.ledger import Ledger
from reelframe.runs.planning import code_of
from reelframe.runs.states import UNFINISHED, Row
from reelframe.runs.target import Target
from reelframe.runs.tasks import Task
from reelframe.runs.work import Answer, Order, begin_worker, do

__all__ = ["Local", "cores"]

_TICK_S: Final = 0.1
# How often what another process is at is looked at.
_LOOK_S: Final = 0.5
# A row whose worker died so often is at fault itself.
_CRASHES: Final = 3
# For fewer rows than this for each core, processes are not worth starting: each takes as long as half a video.
_FEW: Final = 4
# Orders that are handed out at once to an executor that does not say how many workers it has.
_AHEAD: Final = 256


def cores() -> int:
    """The cores that this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True)
class _Flight:
    """A row that is being worked on."""

    row: Row
    order: Order
    sent: bool = False


class Local:
    """One run's rendering.

    Args:
        ledger: what is made and what is not.
        target: where the videos go.
        tasks: what the rows are, by key.
        holder: this run's name on its rows.
        stop: raised to stop: what runs is dropped.
        told: called with each row that has come to an end, and with 1 or -1 for each that begins or is let go.
        executor: any; None for processes of our own.
        workers: how many processes of our own; by default one for each core, or for a few rows this one alone, with
            a thread for each core.
    """

    def __init__(
        self,
        ledger: Ledger,
        target: Target,
        tasks: Mapping[str, Task],
        holder: str,
        stop: Event,
        told: Callable[[Row], None],
        *,
        executor: Executor | None = None,
        workers: int | None = None,
    ) -> None:
        self._ledger, self._target, self._tasks, self._holder = ledger, target, tasks, holder
        self._stop, self._told = stop, told
        self._given = executor
        self._asked, self._wanted = workers, 1
        self._pool: Executor | None = None
        self._cancel = CancelToken()
        self._threads = 1
        self._crashes: dict[str, int] = {}
        self._suspects: deque[Row] = deque()
        # Rows that another process took while we were about to.
        self._elsewhere: list[str] = []
        self._parts = target.parts / token_of(holder)
        self._sign = self._parts / ".seen"

    def run(self, rows: list[Row]) -> None:
        """Make the rows; those of other processes are waited for, and taken over when their process dies."""
        self._parts.mkdir(parents=True, exist_ok=True)
        self._sign.touch()
        waiting = rows
        try:
            while waiting and not self._stop.is_set():
                make, waiting = sort_rows(self._ledger, self._target, waiting, self._holder)
                self._make(deque(make))
                if waiting and not make:
                    self._stop.wait(_LOOK_S)
                # As they are now: who was at them may be done with them, or somebody was quicker than we.
                keys = [*(row.key for row in waiting), *self._elsewhere]
                waiting = [row for row in map(self._ledger.row, keys) if row.state in UNFINISHED]
                self._elsewhere.clear()
        finally:
            self._close()

    def _make(self, queue: deque[Row]) -> None:
        if not queue:
            return
        flights: dict[Future[Answer], _Flight] = {}
        ahead = self._ahead(len(queue))
        while (queue or self._suspects or flights) and not self._stop.is_set():
            # After a crash the rows that were at work go one by one, so that the guilty one is known.
            alone = bool(self._suspects) or any(f.row.key in self._crashes for f in flights.values())
            most = 1 if alone else ahead
            while len(flights) < most and (self._suspects or queue):
                row = self._suspects.popleft() if self._suspects else queue.popleft()
                self._begin(row, flights)
                if row.key in self._crashes:
                    break
            if not flights:
                continue
            done, _ = wait(flights, _TICK_S, FIRST_COMPLETED)
            for future in done:
                # A broken pool takes all its futures with it.
                if future in flights:
                    self._end(future, flights)
        for future in flights:
            future.cancel()
        if self._stop.is_set():
            self._cancel.cancel()

    def _begin(self, row: Row, flights: dict[Future[Answer], _Flight]) -> None:
        if not self._ledger.claim(row, self._holder):
            self._elsewhere.append(row.key)
            return
        ours = self._given is None and not isinstance(self._executor(), ThreadPoolExecutor)
        order = Order(
            self._tasks[row.key],
            row.key,
            str(self._parts),
            str(self._sign),
            threads=self._threads,
            parent=os.getpid() if ours else 0,
        )
        self._submit(_Flight(row, order), flights)

    def _submit(self, flight: _Flight, flights: dict[Future[Answer], _Flight]) -> None:
        try:
            executor = self._executor()
            # A thread of ours is stopped by a flag, for it can't be killed.
            flag = (self._cancel,) if executor is self._pool and isinstance(executor, ThreadPoolExecutor) else ()
            flights[executor.submit(do, flight.order, *flag)] = flight
        except Exception as error:  # noqa: BLE001 -- an executor of the caller's, which may raise anything
            text = f"The executor takes no work: {type(error).__name__}: {error}"
            self._fail(flight.row, "executor", text)

    def _end(self, future: Future[Answer], flights: dict[Future[Answer], _Flight]) -> None:
        flight = flights.pop(future)
        try:
            answer = future.result()
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            self._crashed(flight, error, flights)
            return
        if answer.needs and not flight.sent:
            content = self._contents(answer.needs, flight.order.task)
            self._submit(_Flight(flight.row, replace(flight.order, bytes=content), sent=True), flights)
        elif answer.needs:
            self._fail(flight.row, "media", "The worker could not keep the files that it was sent.")
        elif answer.error:
            self._fail(flight.row, answer.error_code, answer.error)
        else:
            self._settle(flight.row, answer)

    def _contents(self, needs: Iterable[str], task: Task) -> dict[str, bytes]:
        paths = {m.id: m.path for m in task.files}
        found = {}
        for media_id in needs:
            path = paths.get(media_id)
            with contextlib.suppress(OSError):
                if path is not None:
                    found[media_id] = path.read_bytes()
        return found

    def _settle(self, row: Row, answer: Answer) -> None:
        part = Path(answer.part) if answer.part else self._parts / f"{row.key[:16]}{Path(row.path).suffix}"
        try:
            if answer.content:
                part.write_bytes(answer.content)
            if self._ledger.moving(row.key, self._holder, str(part), answer.facts, answer.poster):
                settle(self._ledger, self._target, row.key, self._holder)
            self._told(self._ledger.row(row.key))
        except (ReelframeError, OSError) as error:
            self._fail(row, code_of(error), str(error))

    def _fail(self, row: Row, code: str, text: str) -> None:
        self._ledger.fail(row.key, self._holder, code, text)
        self._told(self._ledger.row(row.key))

    def _crashed(self, flight: _Flight, error: BaseException, flights: dict[Future[Answer], _Flight]) -> None:
        """A worker died. With a pool of our own all that was at work is lost with it, and is tried again alone."""
        lost = [flight]
        if self._given is None:
            lost += flights.values()
            flights.clear()
            self._close(kill=True)
        alone = len(lost) == 1
        for one in lost:
            key = one.row.key
            self._crashes[key] = self._crashes.get(key, 0) + 1
            if alone and self._crashes[key] >= _CRASHES:
                text = (
                    f"The process that rendered it ended {self._crashes[key]} times ({type(error).__name__}: {error})."
                )
                self._fail(one.row, "crash", text)
                continue
            self._ledger.release(self._holder, key)
            self._suspects.append(self._ledger.row(key))

    # -- the executor -------------------------------------------------------------------------------

    def _ahead(self, rows: int) -> int:
        if self._given is not None:
            known = getattr(self._given, "_max_workers", None)
            return 2 * known if isinstance(known, int) else _AHEAD
        usual = cores() if rows >= _FEW * cores() else 1
        self._wanted = max(1, min(self._asked or usual, rows))
        self._threads = max(1, cores() // self._wanted)
        # One more than there are workers waits at the door, so that none of them ever waits for us.
        return self._wanted + 1

    def _executor(self) -> Executor:
        if self._given is not None:
            return self._given
        if self._pool is None:
            self._pool = self._new_pool()
        return self._pool

    def _new_pool(self) -> Executor:
        if self._wanted == 1 and not self._crashes:
            # A process of its own would cost one video more time than it takes to plan it.
            return ThreadPoolExecutor(1, thread_name_prefix="reelframe-batch")
        import loky  # noqa: PLC0415 -- processes that need no main guard, only when there are several

        pool: Any = loky.ProcessPoolExecutor(
            max_workers=self._wanted, timeout=600, initializer=begin_worker, initargs=(os.getpid(),)
        )
        return pool  # type: ignore[no-any-return]

    def _close(self, *, kill: bool = False) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        kill = kill or self._stop.is_set()
        if isinstance(pool, ThreadPoolExecutor):
            pool.shutdown(wait=True, cancel_futures=True)
        else:
            shutdown: Any = pool.shutdown
            shutdown(wait=True, kill_workers=kill)
