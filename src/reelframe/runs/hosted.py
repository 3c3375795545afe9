"""The rows of a batch on a server that speaks the protocol: several at a time, by one client, on one loop.

Every step is in the ledger before it is taken, so that a run that broke off goes on where it was: a session that has
its files is used again, a message that was sent is never sent again, an export is asked for once more (it is free).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from reelframe import client, connect
from reelframe.client import Asked, Session, Text
from reelframe.draft import Brand
from reelframe.errors import InsufficientCreditsError, PlanError, RateLimitError, ReelframeError
from reelframe.media import probe, thumbnail
from reelframe.media.model import Media
from reelframe.runs.holding import settle, sort_rows, token_of
from reelframe.runs.ledger import Ledger
from reelframe.runs.pace import Budget, Pace
from reelframe.runs.planning import code_of
from reelframe.runs.states import UNFINISHED, Row
from reelframe.runs.target import Target
from reelframe.runs.tasks import Task

__all__ = ["Hosted"]

_LOOK_S: Final = 0.5
_TICK_S: Final = 0.05
_POSTER_SIDE: Final = 320

# Stages behind the message, which is what costs.
_PAID: Final = frozenset({"asking", "asked", "exporting"})


class _TakenOverError(Exception):
    """The row is another process's by now."""


class Hosted:
    """One run on a server.

    Args:
        ledger: what is made and what is not.
        target: where the videos go.
        tasks: what the rows are, by key.
        holder: this run's name on its rows.
        told: called with each row that has come to an end.
        server: the backend's name, URL or ``client.Server``.
        options: of the client: token, timing, …
        pace: how many at a time.
        budget: how much may be spent.
    """

    def __init__(
        self,
        ledger: Ledger,
        target: Target,
        tasks: Mapping[str, Task],
        holder: str,
        told: Callable[[Row], None],
        *,
        server: str | client.Server,
        options: Mapping[str, Any],
        pace: Pace,
        budget: Budget,
    ) -> None:
        self._ledger, self._target, self._tasks, self._holder = ledger, target, tasks, holder
        self._told = told
        self._server, self._options = server, options
        self._pace, self._budget = pace, budget
        self._parts = target.parts / token_of(holder)
        self._balance: float | None = None
        self._counting = asyncio.Lock()
        self._over = ""
        # Rows that another process took while we were about to.
        self._elsewhere: list[str] = []

    async def run(self, rows: list[Row]) -> str:
        """Make the rows.

        Returns:
            why it ended early, or "".
        """
        self._parts.mkdir(parents=True, exist_ok=True)
        async with connect.AsyncClient(self._server, **self._options) as service:
            self._balance = await self._left(service)
            waiting = rows
            while waiting and not self._over:
                make, waiting = await asyncio.to_thread(sort_rows, self._ledger, self._target, waiting, self._holder)
                # What is paid already first: it only has to be fetched.
                await self._make(service, deque(sorted(make, key=lambda row: row.stage not in _PAID)))
                if waiting and not make:
                    await asyncio.sleep(_LOOK_S)
                # As they are now: who was at them may be done with them, or somebody was quicker than we.
                keys = [*(row.key for row in waiting), *self._elsewhere]
                waiting = [row for row in map(self._ledger.row, keys) if row.state in UNFINISHED]
                self._elsewhere.clear()
        return self._over

    async def _make(self, service: connect.AsyncClient, queue: deque[Row]) -> None:
        under_way: set[asyncio.Task[Row | None]] = set()
        try:
            while (queue and not self._over) or under_way:
                while queue and not self._over and self._may_begin(queue[0], len(under_way)):
                    under_way.add(asyncio.create_task(self._one(service, queue.popleft())))
                if not under_way and self._budget.used_up and queue[0].stage not in _PAID:
                    most, spent = self._budget.most, self._budget.spent
                    self._over = f"Stopped before max_credits={most:g} would be passed: {spent:g} spent."
                    return
                if not under_way:
                    await asyncio.sleep(_TICK_S)
                    continue
                done, under_way = await asyncio.wait(under_way, timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
                # What was slowed down goes on first: it has a session and its files already.
                queue.extendleft(again for task in done if (again := task.result()) is not None)
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _may_begin(self, row: Row, under_way: int) -> bool:
        affordable = row.stage in _PAID or self._budget.allows(under_way)
        return affordable and self._pace.may_begin(time.monotonic(), under_way)

    async def _one(self, service: connect.AsyncClient, row: Row) -> Row | None:
        """Make one row; gives it back when the server asked to slow down."""
        if not self._ledger.claim(row, self._holder):
            self._elsewhere.append(row.key)
            return None
        row = self._ledger.row(row.key)
        try:
            await self._carried(service, row)
        except _TakenOverError:
            self._elsewhere.append(row.key)
            return None
        except RateLimitError as error:
            self._pace.slow_down(time.monotonic(), error.retry_after)
            self._ledger.release(self._holder, row.key)
            return self._ledger.row(row.key)
        except ReelframeError as error:
            if isinstance(error, InsufficientCreditsError):
                self._over = str(error)
            self._ledger.fail(row.key, self._holder, code_of(error), str(error))
        except Exception as error:  # noqa: BLE001 -- one bad row never stops the others
            text = f"It failed: {type(error).__name__}: {error}"
            self._ledger.fail(row.key, self._holder, code_of(error), text)
        else:
            self._pace.went_well()
        self._told(self._ledger.row(row.key))
        return None

    async def _carried(self, service: connect.AsyncClient, row: Row) -> None:
        task = self._tasks[row.key]
        began = time.monotonic()
        session = await self._session(service, row, task)
        said: tuple[str, ...] = ()
        if row.stage == "asking":
            await self._look_again(service, session, row)
        elif row.stage not in {"asked", "exporting"}:
            said = await self._ask(service, session, row, task)
        state = await session.state()
        if not state.draft.exportable:
            self._note(row, stage="")
            raise PlanError(" ".join(said) or "The request made no timeline.", hint="Nothing was rendered.")
        self._note(row, stage="exporting")
        part = self._parts / f"{row.key[:16]}{Path(row.path).suffix}"
        video = await session.export(part, **await _export_options(service, task))
        poster, seen = await asyncio.to_thread(_looked_at, part)
        facts = {
            "size_bytes": part.stat().st_size,
            "width": seen.width if seen else None,
            "height": seen.height if seen else None,
            "duration_s": seen.duration_s if seen else state.draft.duration_ms / 1000,
            "loudness_lufs": None,
            "render_s": round(time.monotonic() - began, 3),
            "assumptions": list(said),
            "warnings": list(video.warnings),
            "draft": state.draft.to_wire(),
        }
        if self._ledger.moving(row.key, self._holder, str(part), facts, poster):
            await asyncio.to_thread(settle, self._ledger, self._target, row.key, self._holder)

    async def _session(self, service: connect.AsyncClient, row: Row, task: Task) -> Session:
        if row.session_id and row.stage in {"uploaded", "asking", "asked", "exporting"}:
            return service.session(row.session_id, name=task.name)
        # A session whose files may have arrived in part is of no use: a file sent twice would be seen twice.
        session = await service.create_session(task_name=task.project or task.name)
        self._note(row, session_id=session.id, stage="session")
        sources: list[Any] = [_source(media) for media in task.media]
        sources[task.links_at : task.links_at] = task.links
        await session.upload(*sources)
        for media, role in ((task.logo, "logo"), (task.music, "music")):
            if media is not None:
                which: Any = role
                await session.upload(_source(media), role=which)
        self._note(row, stage="uploaded")
        return session

    async def _ask(self, service: connect.AsyncClient, session: Session, row: Row, task: Task) -> tuple[str, ...]:
        """Send the prompt: once, whatever happens. Gives what was answered."""
        if not self._note(row, stage="asking"):
            # Another process thought us dead and has the row: what it sends must not be sent twice.
            raise _TakenOverError
        pieces: list[str] = []
        try:
            async for event in session.send(await _words(service, task)):
                if isinstance(event, Text):
                    pieces.append(event.text)
                elif isinstance(event, Asked):
                    raise _left_open(event.text)
        except RateLimitError:
            # It was refused, so it was not taken: it may be sent again.
            self._note(row, stage="uploaded")
            raise
        except (PlanError, InsufficientCreditsError):
            self._note(row, stage="")
            raise
        finally:
            # Shielded, for what was spent is to be known also when the run is being stopped.
            with contextlib.suppress(ReelframeError, asyncio.CancelledError):
                await asyncio.shield(self._charge(service, row))
        self._note(row, stage="asked")
        return tuple(line.strip() for line in "".join(pieces).splitlines() if line.strip())

    async def _look_again(self, service: connect.AsyncClient, session: Session, row: Row) -> None:
        """An earlier process sent the message and did not live to hear the answer. It is not sent again."""
        for pause in (0.0, *service.timing.recovery):
            await asyncio.sleep(pause)
            if (await session.state()).draft.exportable:
                self._note(row, stage="asked")
                return
        self._note(row, stage="")
        message = "The request was sent by a run that was interrupted, and nothing is known to have come of it."
        raise PlanError(message, hint="Run the batch once more to send it again, in a new session.")

    async def _charge(self, service: connect.AsyncClient, row: Row) -> None:
        """Put what the balance fell by onto this row. With several at once a neighbour's may be among it."""
        # One after the other: a balance that was asked for earlier must not be heard later.
        async with self._counting:
            left = await self._left(service)
            if left is None or self._balance is None:
                return
            cost, self._balance = max(0.0, self._balance - left), left
            known = self._ledger.row(row.key).credits or 0.0
            self._note(row, credits=known + cost)
            self._budget.pay(cost)

    async def _left(self, service: connect.AsyncClient) -> float | None:
        """Available and held credits; None where there are none to count."""
        can = await service.capabilities()
        if not can.credits_enforced:
            return None
        balance = await service.credits()
        return balance.available + balance.frozen

    def _note(self, row: Row, **columns: str | float | None) -> bool:
        return self._ledger.note(row.key, self._holder, **columns)


def _left_open(question: str) -> PlanError:
    message = f"The request leaves a question open: {question}"
    return PlanError(message, hint="Say it in the prompt.")


def _source(media: Media) -> str:
    return str(media.path)


def _brand_words(brand: Brand) -> list[str]:
    """A brand as wishes in words, for a server that takes nothing else."""
    wishes = [f"make all texts {brand.colors[0]}"] if brand.colors else []
    if brand.font is not None:
        wishes.append(f'use the font "{brand.font}" for all texts')
    if brand.logo_position is not None:
        wishes.append(f"put the logo at the {brand.logo_position.replace('_', ' ')}")
    if brand.look is not None:
        wishes.append(f"make the texts {brand.look}")
    return wishes


async def _words(service: connect.AsyncClient, task: Task) -> str:
    """The prompt, with what a server without options has to be told in words."""
    wishes = _brand_words(task.brand)
    if task.preset and not (await service.capabilities()).embedded:
        shape = connect.preset_of(task.preset)
        if not shape.any_shape:
            wishes.append(f"make it {shape.width}x{shape.height}")
    more = ", ".join(wish for wish in wishes if wish)
    return f"{task.prompt.rstrip()}{', ' if more else ''}{more}"


async def _export_options(service: connect.AsyncClient, task: Task) -> dict[str, Any]:
    if (await service.capabilities()).embedded:
        return task.options
    return dict(task.output)


def _looked_at(path: Path) -> tuple[bytes, Media | None]:
    """A poster, and what the file is; neither has to be there for the video to be good."""
    poster, seen = b"", None
    with contextlib.suppress(ReelframeError):
        seen = probe(path)
    with contextlib.suppress(ReelframeError):
        poster = thumbnail(path, _POSTER_SIDE)
    return poster, seen
