"""Opens a backend by name or URL: the only room that knows both the client and the backend.

``"local"`` is the embedded backend, in this process; ``"nemo"`` is the hosted service (``NEMO_API_URL`` points
elsewhere); anything with a scheme is the base URL of a server that speaks the protocol.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reelframe import client, settings
from reelframe.client.aio import SOURCE
from reelframe.client.inprocess import InProcessTransport
from reelframe.errors import ConfigurationError
from reelframe.process import alive as holder_lives
from reelframe.process import me as this_process

if TYPE_CHECKING:
    from reelframe.backend.beats import beat_finder
    from reelframe.backend.direct import Made, extension_of, preset_of, render_draft, sized
    from reelframe.backend.presets import PRESETS
    from reelframe.backend.urls import fetch
    from reelframe.backend.warm import warm_up

__all__ = [
    "PRESETS",
    "AsyncClient",
    "Client",
    "Made",
    "beat_finder",
    "extension_of",
    "fetch",
    "holder_lives",
    "open_server",
    "preset_of",
    "render_draft",
    "sized",
    "this_process",
    "warm_up",
]

# What is used of the embedded backend without a session: loaded late, for most of it brings the renderer.
_DIRECT = {
    "PRESETS": "presets",
    "Made": "direct",
    "beat_finder": "beats",
    "extension_of": "direct",
    "fetch": "urls",
    "preset_of": "direct",
    "render_draft": "direct",
    "sized": "direct",
    "warm_up": "warm",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a module's attribute
    if name not in _DIRECT:
        message = f"module 'reelframe.connect' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"reelframe.backend.{_DIRECT[name]}"), name)


def open_server(backend: str | client.Server = "local") -> client.Server:
    """The server that a name or a URL stands for; the embedded backend is made ready, nothing is sent yet.

    Raises:
        ConfigurationError: not a name that is known, and not an http(s) URL.
        StorageError: the embedded backend's data folder can't be used.
    """
    if isinstance(backend, client.Server):
        return backend
    if backend == "local":
        # Only here, so that a client of the hosted service never loads the planner and the renderer.
        from reelframe.backend import local  # noqa: PLC0415 -- see above

        app = local()
        return client.Server(
            base_url=app.base_url,
            transport=InProcessTransport(app.app),
            name="local",
            timing=client.Timing.quick(),
            token=app.token,
            local=True,
        )
    if backend == "nemo":
        return client.Server(base_url=settings.api_url(), name="nemo")
    parts = urlsplit(backend)
    if parts.scheme in {"http", "https"} and parts.netloc:
        if parts.username or parts.password:
            message = "A server's URL can't hold a user name or a password."
            raise ConfigurationError(message, hint="Give it as token=…, or NEMO_TOKEN and NEMO_API_URL.")
        return client.Server(base_url=backend.rstrip("/"), name=parts.netloc)
    message = f"There is no backend called {backend!r}."
    raise ConfigurationError(message, hint='Use "local", "nemo", or a URL such as "http://127.0.0.1:8765".')


class AsyncClient(client.AsyncClient):
    """A client of the backend with this name or URL; see ``reelframe.client.AsyncClient`` for what it does.

    Args:
        backend: "local" (this machine), "nemo" (the hosted service), or a server's URL.
        token: a bearer token; else the backend's own, else NEMO_TOKEN (for the hosted service only), else an
            anonymous one.
        client_id: the anonymous client's UUID; else NEMO_CLIENT_ID, else the stored one.
        source: attribution: what the requests come from.
        version: attribution: its version; reelframe's own when not given.
        platform: attribution: clawhub, cursor or unknown; told from the install path when not given.
        timing: the pace; else the backend's own, else the published one.
        language: the user's; told from the first message, else the locale, when not given.
        follow_gui: do what the agent tells its user to do in a GUI; else only list it.

    >>> async def main():
    ...     async with AsyncClient() as c:
    ...         session = await c.create_session()
    ...         await session.upload("mug.jpg", "vase.jpg")
    ...         await session.ask("a 4-second video, no text")
    ...         return (await session.state()).draft
    >>> draft = asyncio.run(main())                      # in a notebook: await main()
    >>> draft.duration_ms
    4000
    """

    def __init__(
        self,
        backend: str | client.Server = "local",
        *,
        token: str | None = None,
        client_id: str | None = None,
        source: str = SOURCE,
        version: str | None = None,
        platform: str | None = None,
        timing: client.Timing | None = None,
        language: str | None = None,
        follow_gui: bool = True,
    ) -> None:
        super().__init__(
            open_server(backend), token=token, client_id=client_id, source=source, version=version,
            platform=platform, timing=timing, language=language, follow_gui=follow_gui,
        )  # fmt: skip


class Client(client.Client):
    """``AsyncClient``, blocking: the same names, without ``await``. Works in scripts, cells and threads.

    Args:
        backend: "local" (this machine), "nemo" (the hosted service), or a server's URL.
        token: a bearer token; else the backend's own, else NEMO_TOKEN (for the hosted service only), else an
            anonymous one.
        client_id: the anonymous client's UUID; else NEMO_CLIENT_ID, else the stored one.
        source: attribution: what the requests come from.
        version: attribution: its version; reelframe's own when not given.
        platform: attribution: clawhub, cursor or unknown; told from the install path when not given.
        timing: the pace; else the backend's own, else the published one.
        language: the user's; told from the first message, else the locale, when not given.
        follow_gui: do what the agent tells its user to do in a GUI; else only list it.

    >>> with Client() as c:
    ...     session = c.create_session()
    ...     media = session.upload("photos/")
    ...     reply = session.ask("a 6-second square video with calm music")
    ...     video = session.export("square.mp4", height=480)
    >>> len(media), video.width, video.height
    (3, 480, 480)
    """

    def __init__(
        self,
        backend: str | client.Server = "local",
        *,
        token: str | None = None,
        client_id: str | None = None,
        source: str = SOURCE,
        version: str | None = None,
        platform: str | None = None,
        timing: client.Timing | None = None,
        language: str | None = None,
        follow_gui: bool = True,
    ) -> None:
        super().__init__(
            open_server(backend), token=token, client_id=client_id, source=source, version=version,
            platform=platform, timing=timing, language=language, follow_gui=follow_gui,
        )  # fmt: skip
