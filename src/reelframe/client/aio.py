"""``AsyncClient``: the way into a server. It runs on the loop that awaits it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from reelframe import settings
from reelframe.client.auth import Credentials
from reelframe.client.calls import Caller
from reelframe.client.exports import Exporter
from reelframe.client.http import Request, checked_url, origin_of
from reelframe.client.ledger import Ledger
from reelframe.client.policy import Timing
from reelframe.client.session import Session
from reelframe.client.values import Capabilities, Credits, Server
from reelframe.client.words import locale_language, say
from reelframe.errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    ProtocolError,
    RateLimitError,
    ReelframeError,
    ServerError,
)
from reelframe.jobs import OnProgress

if TYPE_CHECKING:
    from reelframe.media.video import Video

__all__ = ["SOURCE", "AsyncClient", "platform_of"]

_log = logging.getLogger("reelframe.client")
# What the attribution headers say where the caller does not.
SOURCE: Final = "video-creator-free"
_PLATFORMS: Final = ("clawhub", "cursor")


def platform_of(path: Path) -> str:
    """The platform whose folder an install path lies in: clawhub, cursor, else "unknown"."""
    folders = [part.lower().lstrip(".") for part in path.parts]
    return next((name for name in _PLATFORMS if name in folders), "unknown")


class AsyncClient:
    """A client of one server.

    Args:
        server: where to: a ``Server``, or a base URL.
        token: a bearer token; else the server's own, else NEMO_TOKEN (for the service at NEMO_API_URL
            only), else an anonymous one.
        client_id: the anonymous client's UUID; else NEMO_CLIENT_ID, else the stored one.
        source: attribution: what the requests come from.
        version: attribution: its version; reelframe's own when not given.
        platform: attribution: clawhub, cursor or unknown; told from the install path when not given.
        timing: the pace; else the server's own, else the published one.
        language: the user's; told from the first message, else the locale, when not given.
        follow_gui: do what the agent tells its user to do in a GUI; else only list it.

    With ``reelframe serve`` running, and the address and token that it prints::

        async with AsyncClient("http://127.0.0.1:8765", token="…") as client:
            session = await client.create_session()
    """

    def __init__(
        self,
        server: Server | str,
        *,
        token: str | None = None,
        client_id: str | None = None,
        source: str = SOURCE,
        version: str | None = None,
        platform: str | None = None,
        timing: Timing | None = None,
        language: str | None = None,
        follow_gui: bool = True,
    ) -> None:
        if isinstance(server, str):
            server = Server(server, name=server)
        server = replace(server, base_url=checked_url(server.base_url))
        self.server = server
        self.follow_gui = follow_gui
        self._language = language
        # The user's token is for the service that it belongs to: another origin never sees it.
        own = not server.local and origin_of(server.base_url) == origin_of(settings.api_url())
        given = token or server.token or (settings.token() if own else None)
        self.credentials = Credentials(server.base_url, given, storable=not server.local)
        headers = {
            "X-Skill-Source": source,
            "X-Skill-Version": version or _own_version(),
            "X-Skill-Platform": platform or platform_of(Path(__file__)),
        }
        for name, value in [*headers.items(), ("client_id", client_id or "")]:
            if not value.isascii() or not (value.isprintable() or not value):
                message = f"{name} holds characters that a header can't have."
                raise ConfigurationError(message, hint="Use plain ASCII.")
        self.caller = Caller(
            server,
            self.credentials,
            client_id=client_id,
            headers=headers,
            on_first_use=self._first_use,
        )
        self._timing_given = timing is not None or server.timing is not None
        if timing is not None:
            self.caller.timing = timing
        self._capabilities: Capabilities | None = None
        self._set_up = False
        self._notices: list[str] = []
        self.exporter = Exporter(self.caller, Ledger())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.server.name} at {self.server.base_url}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections. Exports under way are not lost: ``resume_exports()`` of a later client has them."""
        await self.caller.http.close()

    @property
    def timing(self) -> Timing:
        """The pace that the client keeps."""
        return self.caller.timing

    async def token(self) -> str:
        """The bearer token, asked for if there is none yet. It is a secret."""
        return await self.caller.token()

    async def capabilities(self) -> Capabilities:
        """What the server can do beyond the published protocol; asked once."""
        if self._capabilities is None:
            request = Request("read", "GET", "/api/ext/capabilities", "asking what the server can do")
            try:
                answer = await self.caller.call(lambda: request)
            except AuthenticationError:
                raise
            except (ServerError, RateLimitError):
                # Not now; without them everything goes the published way.
                return Capabilities()
            except APIError:
                found = Capabilities()
            else:
                data = answer.payload.get("data") if isinstance(answer.payload, Mapping) else None
                found = Capabilities.from_wire(data) if isinstance(data, Mapping) else Capabilities()
            self._capabilities = found
            if found.timing is not None and not self._timing_given:
                self.caller.timing = found.timing
        return self._capabilities

    async def credits(self) -> Credits:
        """The account's balance."""
        path = "/api/credits/balance/simple"
        request = Request("credits", "GET", path, "asking for the credits")
        answer = await self.caller.call(lambda: request)
        values: list[float] = []
        for name in ("available", "frozen", "total"):
            value = answer.find(name)
            if name == "total" and value is None:
                value = sum(values)
            value = 0 if value is None and name == "frozen" else value
            try:
                values.append(float(value))
            except (TypeError, ValueError):
                message = f"The balance that the server sent has no number for {name!r}."
                raise ProtocolError(message, status=answer.status) from None
        return Credits(*values)

    async def create_session(self, task_name: str = "project", language: str | None = None) -> Session:
        """Begin a new timeline.

        Args:
            task_name: the project's name; exports without a path are called by it.
            language: the user's; the client's when not given. A server of our own is told only what was chosen,
                and tells the language from the first message itself; another one is told the locale's.
        """
        chosen = language or self._language
        told = chosen or ("" if (await self.capabilities()).embedded else locale_language())
        body = {"task_name": task_name, "language": told}
        path = "/api/tasks/me/with-session/nemo_agent"
        request = Request("session", "POST", path, "creating a session", json=body)
        answer = await self.caller.call(lambda: request)
        session_id = answer.find("session_id", "sessionId", "id")
        if not isinstance(session_id, str) or not session_id:
            message = "The server created no session."
            raise ProtocolError(message, status=answer.status)
        task = answer.find("task_id", "taskId")
        return Session(
            self,
            session_id,
            task_id=None if task is None else str(task),
            name=task_name,
            language=chosen,
        )

    def session(self, session_id: str, *, task_id: str | None = None, name: str = "project") -> Session:
        """An earlier session, by its id; nothing is asked of the server yet."""
        return Session(self, session_id, task_id=task_id, name=name, language=self._language)

    async def presets(self) -> tuple[Mapping[str, Any], ...]:
        """The export presets that the server knows: name, width, height, fps, format."""
        if "presets" not in (await self.capabilities()).features:
            return ()
        request = Request("read", "GET", "/api/ext/presets", "asking for the presets")
        found = (await self.caller.call(lambda: request)).find("presets")
        return tuple(p for p in found if isinstance(p, Mapping)) if isinstance(found, list) else ()

    async def resume_exports(self, on_progress: OnProgress | None = None) -> tuple[Video, ...]:
        """Finish the exports that earlier clients of this server left behind.

        One that fails is logged and does not hold up the others.

        Args:
            on_progress: told of every step.
        """
        can = await self.capabilities()
        waiting = self.exporter.abandoned(self.server.base_url)

        async def follow(export: Any) -> Video | None:  # noqa: ANN401 -- an Export
            try:
                return await self.exporter.run(
                    export,
                    language=self._language or locale_language(),
                    on_progress=on_progress or (lambda _: None),
                    can_cancel="cancel" in can.features,
                    submitted=True,
                )
            except ReelframeError as error:
                _log.warning("The export to %s could not be finished: %s", export.path, error)
                return None

        videos = await asyncio.gather(*(follow(export) for export in waiting))
        return tuple(video for video in videos if video is not None)

    async def cancel_on_server(self, **what: str) -> None:
        """Tell an embedded backend to stop a session's request or a render; never fails, never takes long."""
        known = self._capabilities
        if known is not None and "cancel" in known.features:
            await self.caller.part_with(what)

    def _first_use(self) -> None:
        # A token that ran out is replaced without a word.
        if not self._set_up and not self.credentials.known:
            self._notices.append("setting_up")
        self._set_up = True

    def take_notices(self, language: str) -> list[str]:
        """What the user should know about the client itself; each is said once."""
        keys, self._notices = self._notices, []
        return [say(key, language) for key in keys]


def _own_version() -> str:
    package = sys.modules["reelframe"]
    return str(getattr(package, "__version__", "0"))
