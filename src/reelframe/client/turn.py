"""One message and what becomes of it: the stream, its silences and breaks, and the change that it made.

The rule is that a message is sent once and never ends in silence. The text goes to the user as it comes.
When the stream is over the timeline is compared with what it was before. When the stream broke, the message is not
sent again: the state is looked at until it changes, or for as long as ``Timing.recovery`` says.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from reelframe.client.agent_events import AgentEvents, Failure, Item
from reelframe.client.events import Action, Asked, Changed, Event, Notice, Text, Working
from reelframe.client.http import Refused, Request, Stream
from reelframe.client.phrasing import Phrasing
from reelframe.client.policy import Timing
from reelframe.client.sse import Decoder
from reelframe.client.values import State
from reelframe.client.words import say
from reelframe.draft import Change
from reelframe.errors import (
    APIError,
    ConnectionFailedError,
    ProtocolError,
    ReelframeError,
    ServerError,
    SessionNotFoundError,
    StreamTimeoutError,
)

if TYPE_CHECKING:
    from reelframe.client.session import Session

__all__ = ["Turn"]

_log = logging.getLogger("reelframe.client")
_NO_END: Final = "did not finish"
_NO_SIGN: Final = "gave no sign of progress"
_NO_SUCH_CALL: Final = frozenset({404, 405})
_CURABLE: Final = frozenset({1001, 1002, 429})
# Outcomes after which nobody knows whether the message arrived.
_UNKNOWN: Final = frozenset({"lost", "busy", "garbled"})


class Turn:
    """Carries one message. Iterate ``run`` once; ``actions`` is what remains to be done afterwards."""

    def __init__(self, session: Session, message: str) -> None:
        self._session = session
        self._client = session.client
        self._message = message
        self._before: State | None = None
        self._why_unknown = ""
        self._spoke = False
        self._finished = False
        self._heard = True
        self._cured: set[int] = set()
        self.actions: list[Action] = []
        self.changes: tuple[Change, ...] = ()

    async def run(self) -> AsyncGenerator[Event, None]:
        """Send the message and tell what happens, until the change that it made has been told.

        Raises:
            ConnectionFailedError: the connection broke, and nothing changed for as long as we looked.
            StreamTimeoutError: nothing but heartbeats for too long, or no end in 15 minutes.
            ReelframeError: the server refused, or failed.
        """
        await self._look_before()
        phrasing = None if (await self._client.capabilities()).embedded else Phrasing()
        error: ReelframeError | None = None
        try:
            async with aclosing(self._items()) as items:
                async for item in items:
                    for event in self._told(item, phrasing):
                        yield event
        except (ConnectionFailedError, ProtocolError, StreamTimeoutError, ServerError) as failure:
            error = failure
        finally:
            if not self._finished and not isinstance(error, ConnectionFailedError):
                await self._client.cancel_on_server(session_id=self._session.id)
        for event in self._rest(phrasing):
            yield event
        if isinstance(error, ConnectionFailedError) and not self._heard:
            raise error
        async with aclosing(self._ending(error)) as events:
            async for event in events:
                yield event

    @property
    def todo(self) -> list[Action]:
        """What the agent told its user to do, each thing once: it tends to say the same thing in several ways.

        Exports into two formats are two things; one without a format says nothing beside one that has it.
        """
        found: dict[tuple[str, Any], Action] = {}
        for action in self.actions:
            found.setdefault((action.action, action.args.get("format")), action)
        exact = {name for name, form in found if form is not None}
        return [action for (name, form), action in found.items() if form is not None or name not in exact]

    async def _ending(self, error: ReelframeError | None) -> AsyncGenerator[Event, None]:
        if isinstance(error, ConnectionFailedError):
            async for event in self._recover(error):
                yield event
            return
        async for event in self._outcome(failed=error is not None):
            yield event
        if error is not None:
            raise error

    def _told(self, item: Item, phrasing: Phrasing | None) -> Iterator[Event]:
        match item:
            case Text():
                shown, actions = phrasing.push(item.text) if phrasing else (item.text, ())
                self.actions += actions
                if shown:
                    self._spoke = self._spoke or bool(shown.strip())
                    yield Text(shown)
            case Action():
                self.actions.append(item)
            case Asked():
                self._spoke = True
                yield item
            case Failure():
                pass
            case _:
                yield item

    def _rest(self, phrasing: Phrasing | None) -> Iterator[Event]:
        if phrasing is not None:
            shown, actions = phrasing.flush()
            self.actions += actions
            if shown:
                self._spoke = self._spoke or bool(shown.strip())
                yield Text(shown)

    async def _look_before(self) -> None:
        try:
            self._before = await self._session.server_state()
        except (ProtocolError, ServerError) as error:
            # The message may still work; that nothing can be compared is said when it matters.
            self._why_unknown = str(error)
        except APIError as error:
            # A bare agent server has no such call at all.
            if error.status not in _NO_SUCH_CALL or isinstance(error, SessionNotFoundError):
                raise
            self._why_unknown = str(error)

    def _request(self) -> Request:
        body = {
            "app_name": "nemo_agent",
            "user_id": "me",
            "session_id": self._session.id,
            "new_message": {"parts": [{"text": self._message}]},
        }
        return Request(
            "message", "POST", "/run_sse", "sending the message", json=body,
            headers={"Accept": "text/event-stream"}, timeout=self._client.timing.silence_timeout,
        )  # fmt: skip

    async def _items(self) -> AsyncGenerator[Item, None]:
        """The agent's items; a message that was refused is sent once more after the cure."""
        while True:
            opened = await self._client.caller.stream(self._request, renew_session=self._session.renewal())
            if isinstance(opened, Refused):
                self._finished = True
                self._heard = _maybe_heard(opened)
                if self._heard and not isinstance(opened.error, ConnectionFailedError):
                    raise ConnectionFailedError(opened.error.message)
                raise opened.error
            again = False
            async with aclosing(self._read(opened)) as items:
                async for item in items:
                    if isinstance(item, Failure):
                        again = await self._failed(item)
                        break
                    yield item
            if not again:
                self._finished = True
                return

    async def _failed(self, failure: Failure) -> bool:
        """Whether the message may be sent once more; raises what the agent said when not."""
        code = failure.code
        if failure.first and code in _CURABLE and code not in self._cured:
            self._cured.add(code)
            match code:
                case 1001:
                    if self._client.credentials.drop(await self._client.token()):
                        return True
                case 1002:
                    await self._session.renewal()()
                    return True
                case _:
                    await asyncio.sleep(self._client.timing.rate_limit_wait)
                    return True
        self._finished = True
        if code is None:
            message = f"The agent failed: {failure.message.rstrip('.')}."
            raise ServerError(message, hint="Try again, or put it in other words.")
        raise self._client.caller.explain(None, code, {"message": failure.message}, what="working on the message")

    async def _read(self, stream: Stream) -> AsyncGenerator[Item, None]:
        decoder, agent = Decoder(), AgentEvents()
        watch = _Watch(self._client.timing)
        try:
            async with aclosing(_chunks(stream, watch)) as chunks:
                async for chunk in chunks:
                    for event in decoder.feed(chunk):
                        for item in agent.feed(event):
                            yield item
                        if agent.alive:
                            watch.heard()
                    if watch.quiet():
                        yield Working(say("working", self._session.language))
            broken = _cut_off() if decoder.unfinished else None
        except ConnectionFailedError as error:
            broken = error
        with contextlib.suppress(*([ProtocolError] if broken else [])):
            for item in agent.finish():
                yield item
        if broken is not None:
            raise broken

    async def _recover(self, error: ConnectionFailedError) -> AsyncGenerator[Event, None]:
        language = self._session.language
        yield Notice(say("broken", language))
        for pause in self._client.timing.recovery:
            await asyncio.sleep(pause)
            try:
                after = await self._session.server_state()
            except ConnectionFailedError:
                continue
            self._compare(after)
            if self.changes or self._news(after):
                yield self._changed(after, "changed_broken")
                return
        message = (
            f"{error.message} The timeline has not changed since, and the message was not sent again, "
            "because it may have been heard."
        )
        hint = "Look at session.state() later; send the message again only if it stays as it is."
        raise ConnectionFailedError(message, hint=hint)

    async def _outcome(self, *, failed: bool) -> AsyncGenerator[Event, None]:
        language = self._session.language
        try:
            after = await self._session.server_state()
        except ReelframeError as problem:
            if not self._spoke and not failed:
                yield Notice(say("unknown_change", language, why=problem.message))
            return
        self._compare(after)
        if self.changes or self._news(after):
            yield self._changed(after, "changed")
            if self._session.drop_own_draft():
                yield Notice(say("own_draft_gone", language))
        elif not self._spoke and not self.actions and not failed:
            key = "nothing" if self._before is not None else "unknown_change"
            yield Notice(say(key, language, why=self._why_unknown))

    def _compare(self, after: State) -> None:
        if self._before is not None:
            self.changes = self._before.draft.diff(after.draft)

    def _news(self, after: State) -> int:
        """How many media or renders there are that were not there before."""
        if self._before is None:
            return 0
        old, new = self._before, after
        return max(0, len(new.generated_media) - len(old.generated_media)) + max(
            0, len(new.video_infos) - len(old.video_infos)
        )

    def _changed(self, after: State, key: str) -> Changed:
        language = self._session.language
        if self._spoke and key == "changed":
            return Changed(self.changes, "", after.draft)
        lines = [change.text(language) for change in self.changes]
        if not lines:
            lines = [say("new_media", language, count=self._news(after))]
        text = say(key, language, changes=say("change_sep", language).join(lines))
        return Changed(self.changes, text, after.draft)


class _Watch:
    """How long nothing was heard, and nothing was said about it.

    Args:
        timing: how long is too long.
    """

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._started = self._heard = self._said = time.monotonic()

    def heard(self) -> None:
        """The agent gave a sign of progress; heartbeats are none."""
        self._heard = self._said = time.monotonic()

    def quiet(self) -> bool:
        """Whether it is time to say that the work goes on."""
        now = time.monotonic()
        if now - self._said < self._timing.heartbeat_notice:
            return False
        self._said = now
        return True

    def wait(self) -> float:
        """Seconds until the next of its times.

        Raises:
            StreamTimeoutError: it has been too long.
        """
        timing, now = self._timing, time.monotonic()
        if now - self._started >= timing.stream_timeout:
            raise _too_long(_NO_END, timing.stream_timeout)
        if now - self._heard >= timing.silence_timeout:
            raise _too_long(_NO_SIGN, timing.silence_timeout)
        return min(
            self._started + timing.stream_timeout - now,
            self._heard + timing.silence_timeout - now,
            max(0.0, self._said + timing.heartbeat_notice - now),
        )


async def _chunks(stream: Stream, watch: _Watch) -> AsyncGenerator[bytes, None]:
    """The stream's chunks, and an empty one whenever the watch wants to be looked at; the stream is closed."""
    chunk: asyncio.Future[bytes | None] | None = None
    try:
        while True:
            if chunk is None:
                chunk = asyncio.ensure_future(_next(stream.chunks))
            await asyncio.wait({chunk}, timeout=watch.wait())
            data: bytes | None = b""
            if chunk.done():
                data, chunk = chunk.result(), None
            if data is None:
                return
            yield data
    finally:
        if chunk is not None:
            chunk.cancel()
            await asyncio.gather(chunk, return_exceptions=True)
        await stream.close()


def _cut_off() -> ConnectionFailedError:
    return ConnectionFailedError("The connection ended in the middle of an event.")


async def _next(chunks: AsyncIterator[bytes]) -> bytes | None:
    return await anext(chunks, None)


def _maybe_heard(refused: Refused) -> bool:
    """Whether the message may be at work although its answer never came."""
    return refused.outcome in _UNKNOWN


def _too_long(what: str, seconds: float) -> StreamTimeoutError:
    message = f"The agent {what} in {seconds / 60:.3g} minutes."
    return StreamTimeoutError(message, hint="Look at session.state(): the work may go on, or be done.")
