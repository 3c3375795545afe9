"""Jobs of one session, one after another, and what the screen says while they run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from reelframe.client import Session
from reelframe.errors import ReelframeError
from reelframe.jobs import Job
from reelframe.widget import view as views
from reelframe.widget.preview import Preview
from reelframe.widget.screen import Screen, soon

__all__ = ["Tell", "Turns"]

T = TypeVar("T")
# Hears what happens in a job: any of the client's events.
Tell = Callable[[Any], None]
# What changes the timeline or needs the processors: a preview under way steps back for it.
_HEAVY: Final = frozenset({"send", "apply", "undo", "redo", "export"})


class Turns:
    """A message that is sent right after an upload finds the files there, because its turn comes after.

    Args:
        screen: where the work and what is heard of it are shown.
        preview: what goes on between the jobs.
        opened: gives the session, and opens it first where there is none.
        idle: called on the background loop when a job has ended and none waits.
    """

    def __init__(
        self, screen: Screen, preview: Preview, opened: Callable[[], Awaitable[Session]], idle: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._preview = preview
        self._opened = opened
        self._idle = idle
        self._turn: asyncio.Lock | None = None
        self._jobs: list[Job[Any]] = []

    def job(self, name: str, work: Callable[[Session, Tell], Awaitable[T]]) -> Job[T]:
        """A job of the session, at once; from any thread. It begins when those before it have ended."""
        screen = self._screen

        async def run(report: Tell) -> T:
            def tell(event: Any) -> None:  # noqa: ANN401 -- any of the client's events
                screen.show(views.heard(screen.view, event))
                report(event)

            if self._turn is None:
                self._turn = asyncio.Lock()
            async with self._turn:
                if name in _HEAVY:
                    self._preview.stop()
                if name != "select":
                    screen.show(views.working(screen.view, name, waiting=self._behind(name)))
                session: Session | None = None
                try:
                    session = await self._opened()
                    return await work(session, tell)
                except asyncio.CancelledError:
                    # A hosted service may finish what we do not listen to any more: its note says so.
                    note = await session.cancel() if session is not None and name == "send" else ""
                    screen.say("note", f"⏹ {note}" if note else "⏹")
                    raise
                except ReelframeError as error:
                    screen.say("error", str(error))
                    raise
                finally:
                    if name != "select":
                        screen.show(views.working(screen.view, "preview" if self._preview.task is not None else ""))
                    if not self._behind(name):
                        self._idle()

        job: Job[T] = Job(run, name=name)
        self._jobs = [*(j for j in self._jobs if not j.done()), job]
        soon(self._tell_waiting)
        return job

    def cancel(self) -> bool:
        """Stop what is running and what waits behind it; False when there was nothing."""
        # The last one first: a job that ends must not let the next one begin.
        stopped = [job.cancel() for job in reversed(self._jobs)]
        return any(stopped)

    def _tell_waiting(self) -> None:
        # The job at work may have begun before the ones behind it were asked for.
        view = self._screen.view
        if view.job not in {"", "preview"} and view.waiting != (waiting := self._behind(view.job)):
            self._screen.show(replace(view, waiting=waiting))

    def _behind(self, at_work: str) -> int:
        """How many jobs wait behind the one at work. To select is no work, and nobody waits for it."""
        asked = sum(not job.done() and job.name != "select" for job in self._jobs)
        return max(0, asked - (at_work != "select"))
