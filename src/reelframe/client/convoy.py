"""Several requests on their way at once that end in the order in which they were given.

The bytes of up to ``AT_ONCE`` uploads travel at the same time, but each holds its last line back until the one
before it has been answered. So the server takes the files in the user's order, whoever was quicker, and when
one is refused nothing that stands behind it has been taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

__all__ = ["Load", "Traffic", "convoy"]

T = TypeVar("T")

AT_ONCE: Final = 4
# A request that has less to send than is still before it would wait with its line open, and servers hang up on
# those; with so little before it the wait is short anyway (bytes).
_NEARLY_DONE: Final = 4 << 20


class Traffic:
    """How many bytes of each request have gone.

    Args:
        tell: called with the request's number and what it is sending whenever bytes have gone.
    """

    def __init__(self, tell: Callable[[str, int], None]) -> None:
        self._tell = tell
        self._sent: dict[int, int] = {}
        self.moved = asyncio.Event()

    def restart(self, number: int) -> None:
        """The request is sent from its beginning, perhaps once more."""
        self._sent[number] = 0

    def add(self, number: int, name: str, count: int) -> None:
        """So many bytes of it have gone."""
        self._sent[number] = self._sent.get(number, 0) + count
        self._tell(name, sum(self._sent.values()))
        self.moved.set()

    def sent(self, number: int) -> int:
        """How many bytes of it have gone."""
        return self._sent.get(number, 0)


@dataclass(frozen=True, slots=True)
class Load(Generic[T]):
    """One request of a convoy.

    Attributes:
        size: bytes that it sends; more than anything for one whose end nobody knows.
        send: makes the request; it is given what to await before its last line.
        patient: it can wait in the middle; one that can't begins when everything before it has been answered.
    """

    size: int
    send: Callable[[Callable[[], Awaitable[None]]], Awaitable[T]]
    patient: bool = True


async def convoy(loads: Sequence[Load[T]], traffic: Traffic) -> list[T]:
    """Send everything; the answers in order. The first failure, in that order, ends the others and is raised."""
    tasks: list[asyncio.Task[T]] = []

    def wake(_: object) -> None:
        traffic.moved.set()

    async def all_before(number: int) -> None:
        if number:
            # A failure is raised where it belongs; here it only means that this request must not end well.
            await asyncio.shield(tasks[number - 1])

    async def run(number: int) -> T:
        load = loads[number]
        if not load.patient:
            await all_before(number)
        answer = await load.send(lambda: all_before(number))
        await all_before(number)
        return answer

    try:
        for number, load in enumerate(loads):
            while not (failed := any(map(_failed, tasks))) and not _may_begin(load, loads, tasks, traffic):
                traffic.moved.clear()
                await traffic.moved.wait()
            if failed:
                break
            task = asyncio.ensure_future(run(number))
            task.add_done_callback(wake)
            tasks.append(task)
        return [await task for task in tasks]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _failed(task: asyncio.Task[T]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _may_begin(load: Load[T], loads: Sequence[Load[T]], tasks: Sequence[asyncio.Task[T]], traffic: Traffic) -> bool:
    busy = [number for number, task in enumerate(tasks) if not task.done()]
    left = sum(max(0, loads[number].size - traffic.sent(number)) for number in busy)
    return not busy or (load.patient and len(busy) < AT_ONCE and left <= max(load.size, _NEARLY_DONE))
