"""Opens a backend by name or URL: the only room that knows both the client and the backend.

``"local"`` is the embedded backend, in this process; ``"nemo"`` is the hosted service (``NEMO_API_URL`` points
elsewhere); anything with a scheme is the base URL of a server that speaks the protocol.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from reelframe import client, settings
from reelframe.client.inprocess import InProcessTransport
from reelframe.errors import ConfigurationError

__all__ = ["AsyncClient", "Client", "open_server"]


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
        backend: "local", "nemo", or a base URL.
        options: as ``reelframe.client.AsyncClient`` takes them: token, client_id, source, version, platform,
            timing, language, follow_gui.

    >>> async with AsyncClient() as c:  # doctest: +SKIP
    ...     session = await c.create_session()
    """

    def __init__(self, backend: str | client.Server = "local", **options: Any) -> None:  # noqa: ANN401 -- passed on
        super().__init__(open_server(backend), **options)


class Client(client.Client):
    """``AsyncClient``, blocking: the same names, without ``await``. Works in scripts, cells and threads.

    >>> with Client() as c:  # doctest: +SKIP
    ...     session = c.create_session()
    ...     session.upload("photos/")
    ...     print(session.ask("a 20-second video with calm music").text)
    ...     session.export("out.mp4")
    """

    def __init__(self, backend: str | client.Server = "local", **options: Any) -> None:  # noqa: ANN401 -- passed on
        super().__init__(open_server(backend), **options)
