"""What a session is, below its conversation: its identity, its media, its state, and the server's further calls."""

from __future__ import annotations

import asyncio
import functools
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from reelframe import settings
from reelframe.client import uploads
from reelframe.client.convoy import Load, Traffic, convoy
from reelframe.client.http import Request
from reelframe.client.uploads import Source
from reelframe.client.values import Credits, State
from reelframe.client.words import locale_language, say
from reelframe.draft import Draft
from reelframe.errors import ConfigurationError, ProtocolError
from reelframe.jobs import OnProgress, Progress
from reelframe.media.model import Media, Role

if TYPE_CHECKING:
    from reelframe.client.aio import AsyncClient

__all__ = ["SessionCore", "silent"]

_log = logging.getLogger("reelframe.client")
# How much a server has to fetch for a URL is not known here.
_FOREVER: Final = sys.maxsize


class SessionCore:
    """The part of ``Session`` that does not talk.

    Attributes:
        id: the server's name for it. Changes when the server lost the session and a new one was made.
        task_id: the task that it belongs to, None when the server did not say.
        name: the project's name.
    """

    def __init__(
        self,
        client: AsyncClient,
        session_id: str,
        *,
        task_id: str | None = None,
        name: str = "project",
        language: str | None = None,
    ) -> None:
        self.client = client
        self.id = session_id
        self.task_id = task_id
        self.name = name
        self._language = language
        self._own_draft: Draft | None = None
        self._renewing = asyncio.Lock()
        self._selected: tuple[str, ...] = ()
        self._notes: list[str] = []
        self._notices: list[str] = []

    def __repr__(self) -> str:
        return f"<Session {self.id} of {self.client.server.name}: {self.name}>"

    @property
    def language(self) -> str:
        """The user's language: the caller's, else the first message's, else the locale's, else "en"."""
        return self._language or locale_language()

    def _taken_notices(self) -> list[str]:
        texts = [*self.client.take_notices(self.language), *self._notices]
        self._notices = []
        return texts

    # -- media --------------------------------------------------------------------------------------

    async def upload(
        self,
        *sources: Source,
        role: Role | None = None,
        on_progress: OnProgress | None = None,
    ) -> tuple[Media, ...]:
        """Hand files over: paths, folders, http(s) URLs, (name, bytes) pairs, open files; nested lists of them.

        Everything is checked before a byte is sent (extension, size, content). Files are read while they are sent.

        Args:
            sources: what to upload; folders give their media in the order of their names.
            role: "logo" or "music", when the files are that.
            on_progress: told how many bytes have gone.

        Returns:
            the media, in order, as the server names them.

        Raises:
            MediaError: a file can't be used; nothing was uploaded.
            ReelframeError: the server refused, or could not be reached.
        """
        tell = on_progress or silent
        items = await asyncio.to_thread(uploads.expand, sources)
        if role is not None and not await self._can("roles"):
            self._notes += [say(f"role_{role}", self.language, name=i.name) for i in items]
        total = sum(i.size for i in items if isinstance(i, uploads.File))

        def moved(name: str, sent: int) -> None:
            tell(Progress("upload", sent / total if total else None, uploads.progress_text(name, sent, total)))

        traffic = Traffic(moved)
        loads = [
            self._load(number, kind, batch, role, traffic, tell)
            for number, (kind, batch) in enumerate(uploads.batches(items))
        ]
        out = [media for answer in await convoy(loads, traffic) for media in answer]
        tell(Progress("upload", 1.0))
        return tuple(out)

    def _load(
        self, number: int, kind: str, batch: Sequence[Any], role: Role | None, traffic: Traffic, tell: OnProgress
    ) -> Load[tuple[Media, ...]]:
        def path() -> str:
            # Asked for each try: a session that was lost has another id by then.
            return f"/api/upload-video/nemo_agent/me/{quote(self.id, safe='')}"

        def links(_: Callable[[], Awaitable[None]]) -> Request:
            body = {"urls": [link.url for link in batch], "source_type": "url", **({"role": role} if role else {})}
            return Request("upload", "POST", path(), "handing over the URLs", json=body, timeout=1800)

        def files(before_end: Callable[[], Awaitable[None]]) -> Request:
            traffic.restart(number)
            body = uploads.multipart(
                batch, {"role": role} if role else {}, functools.partial(traffic.add, number), before_end
            )
            return Request("upload", "POST", path(), "uploading", body=body, timeout=4 * 3600)

        async def send(before_end: Callable[[], Awaitable[None]]) -> tuple[Media, ...]:
            if kind == "urls":
                tell(Progress("upload", None, ", ".join(link.name for link in batch)))
            make = links if kind == "urls" else files
            answer = await self.client.caller.call(lambda: make(before_end), renew_session=self.renewal())
            payload = answer.payload
            data = payload.get("data", payload) if isinstance(payload, Mapping) else payload
            return uploads.media_from_answer(data, batch)

        if kind == "urls":
            return Load(_FOREVER, send, patient=False)
        return Load(sum(one.size for one in batch), send)

    async def set_roles(self, roles: Mapping[str, Role | None]) -> tuple[Media, ...]:
        """Say what media are: ``{media id: "logo" | "music" | None}``. In words on a server without a call for it."""
        if await self._can("roles"):
            return await self._change_media({"roles": dict(roles)})
        known = {m.id: m.name for m in (await self.state()).media}
        self._notes += [
            say(f"role_{role}", self.language, name=known.get(media_id, media_id))
            for media_id, role in roles.items()
            if role is not None
        ]
        return ()

    async def reorder_media(self, order: Sequence[str]) -> tuple[Media, ...]:
        """Put the media in another order, by their ids.

        Raises:
            ConfigurationError: the server has no call for it.
        """
        await self._need("media", "the order of the media", 'Say it in a message: "show b.jpg first".')
        return await self._change_media({"order": list(order)})

    async def remove_media(self, *media_ids: str) -> tuple[Media, ...]:
        """Take media out of the session. Raises ConfigurationError on a server without a call for it."""
        await self._need("media", "removing media", 'Say it in a message: "remove b.jpg".')
        return await self._change_media({"remove": list(media_ids)})

    async def _change_media(self, change: Mapping[str, Any]) -> tuple[Media, ...]:
        data = await self._extension("media", change, "changing the media")
        return uploads.media_from_answer(data, ())

    async def thumbnail(self, media_id: str, *, side: int = 320) -> bytes:
        """A small JPEG of a medium. Raises ConfigurationError on a server without thumbnails."""
        await self._need("thumbnails", "thumbnails", "Open the file itself.")
        path = f"/api/ext/thumbnail/{quote(media_id, safe='')}?side={side}"
        return await self.client.caller.fetch(Request("read", "GET", path, "fetching a thumbnail"))

    # -- state --------------------------------------------------------------------------------------

    async def state(self) -> State:
        """Where the session stands. A timeline that was applied here, and not on the server, goes before its own."""
        state = await self.server_state()
        return state if self._own_draft is None else replace(state, draft=self._own_draft)

    async def server_state(self) -> State:
        """Where the server says that the session stands."""

        def build() -> Request:
            path = f"/api/state/nemo_agent/me/{quote(self.id, safe='')}/latest"
            return Request("state", "GET", path, "reading the session's state")

        answer = await self.client.caller.call(build, renew_session=self.renewal())
        payload = answer.payload
        data = payload.get("data", payload) if isinstance(payload, Mapping) else None
        if data is None:
            data = {}
        if not isinstance(data, Mapping):
            message = "The state that the server sent is not an object."
            raise ProtocolError(message, status=answer.status)
        return State.from_wire(data)

    def drop_own_draft(self) -> bool:
        """Give up a timeline that was kept here; whether there was one."""
        had, self._own_draft = self._own_draft is not None, None
        return had

    async def credits(self) -> Credits:
        """The account's balance."""
        return await self.client.credits()

    async def claim_url(self) -> str:
        """A link with which a person takes the project over into their own account; it expires."""

        def build() -> Request:
            body = {"task_id": self.task_id, "session_id": self.id}
            return Request("claim", "POST", "/api/auth/claim-token", "asking for a claim link", json=body)

        answer = await self.client.caller.call(build, renew_session=self.renewal())
        token = answer.find("claim_token")
        if not isinstance(token, str) or not token:
            message = "The server gave no claim token."
            raise ProtocolError(message, status=answer.status)
        return f"{settings.web_url()}/workspace/claim?ct={quote(token, safe='')}"

    def renewal(self) -> Callable[[], Awaitable[None]]:
        """The cure for a call that begins now and may find the session lost: of several such calls one renews it."""
        lost = self.id

        async def renew() -> None:
            async with self._renewing:
                if self.id == lost:
                    await self.renew()

        return renew

    async def renew(self) -> None:
        """Make a new session in the place of one that the server lost; the user is told at the next event."""
        fresh = await self.client.create_session(task_name=self.name, language=self._language)
        _log.warning("The server lost the session; a new one was made, and its timeline is empty.")
        self.id, self.task_id = fresh.id, fresh.task_id
        self._notices.append(say("session_lost", self.language))

    # -- extensions, and what stands for them elsewhere ---------------------------------------------

    async def select(self, *segment_ids: str) -> None:
        """What "it" and "this clip" mean from now on; no ids: nothing. Put into words where there is no call."""
        self._selected = tuple(segment_ids)
        if await self._can("selection"):
            await self._extension("selection", {"segments": list(segment_ids)}, "selecting")

    async def cancel(self) -> str:
        """Stop the request that is running on the server. Returns what a person should know about it."""
        if await self._can("cancel"):
            await self.client.cancel_on_server(session_id=self.id)
            return ""
        return say("cancelled_hosted", self.language)

    async def suggestions(self) -> tuple[str, ...]:
        """What one could say next; none on a server without suggestions."""
        if not await self._can("suggestions"):
            return ()
        path = f"/api/ext/suggestions/{quote(self.id, safe='')}"
        request = Request("read", "GET", path, "asking for suggestions")
        answer = await self.client.caller.call(lambda: request)
        found = answer.find("suggestions")
        return tuple(s for s in found if isinstance(s, str)) if isinstance(found, list) else ()

    async def rename(self, name: str) -> None:
        """Give the project another name: exports without a path are called by it."""
        self.name = name
        if (await self.client.capabilities()).embedded:
            path = f"project/{quote(self.id, safe='')}"
            await self._extension(path, {"name": name}, "renaming the project")

    async def _can(self, feature: str) -> bool:
        return feature in (await self.client.capabilities()).features

    async def _need(self, feature: str, what: str, hint: str) -> None:
        if not await self._can(feature):
            message = f"This server has no call for {what}."
            raise ConfigurationError(message, hint=hint)

    async def _extension(self, name: str, body: Mapping[str, Any], what: str) -> Any:  # noqa: ANN401 -- JSON
        def build() -> Request:
            json = {"session_id": self.id, **body}
            return Request("write", "POST", f"/api/ext/{name}", what, json=json, timeout=60)

        answer = await self.client.caller.call(build, renew_session=self.renewal())
        payload = answer.payload
        return payload.get("data") if isinstance(payload, Mapping) else None


def silent(progress: Progress) -> None:
    """Nobody listens."""
