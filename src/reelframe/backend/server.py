"""The backend on a port of this machine, for other programs and other people's clients."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from reelframe import settings
from reelframe.backend.app import app_of
from reelframe.backend.core import Backend, Limits, Options
from reelframe.backend.wire import bad_request, refused
from reelframe.errors import ConfigurationError

__all__ = ["serve"]

_GRACE_S: Final = 5
_QUEUE: Final = 128


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    *,
    home: Path | None = None,
    token: str | None = None,
    anonymous: bool = False,
    credits: bool = False,  # noqa: A002 -- the word of the protocol
    allow_private_urls: bool = False,
    limits: Limits | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted (Ctrl-C or SIGTERM), then finish what is at work and close.

    Args:
        host: a loopback address; nothing else is accepted, because the protocol has no encryption.
        port: 0 takes a free one.
        home: the data folder; None is the user's.
        token: the bearer token; None makes one, which is printed.
        anonymous: give anonymous tokens to whoever asks.
        credits: charge messages to the account's credits.
        allow_private_urls: also fetch URLs from this machine's own networks.
        limits: rates and sizes.
        say: prints a line for the person at the terminal.

    Raises:
        ConfigurationError: the address is not a loopback one, or the port is taken.
        StorageError: the data folder can't be used.
    """
    import uvicorn  # noqa: PLC0415 -- for a server only

    tell = say or _print
    line = _listen(host, port)
    try:
        options = Options(anonymous, token, credits, allow_private_urls, limits or Limits())
        backend = Backend(settings.home() if home is None else home, options)
        try:
            shown = f"[{host}]" if ":" in host else host
            tell(f"reelframe serves http://{shown}:{line.getsockname()[1]} (data in {backend.home})")
            # One that was given is known to whoever gave it.
            tell("token: the one that was given" if token else f"token: {backend.auth.token}")
            if anonymous:
                tell("anonymous tokens are given to whoever asks")
            tell("Ctrl-C stops it")
            config = uvicorn.Config(
                _LoopbackOnly(app_of(backend)),
                log_level="warning",
                access_log=False,
                lifespan="on",
                # The protocol has no WebSockets, and uvicorn would load whatever library for them it finds.
                ws="none",
                timeout_graceful_shutdown=_GRACE_S,
            )
            # uvicorn closes everything in good order, and then raises the interrupt that it had caught.
            with contextlib.suppress(KeyboardInterrupt):
                uvicorn.Server(config).run(sockets=[line])
        finally:
            backend.close()
    finally:
        line.close()


class _LoopbackOnly:
    """Answers requests for this machine's own names only.

    A web page can make its own name point to this machine (DNS rebinding), and would then be of the same origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            try:
                host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
            except ValueError:
                host = ""
            if not _is_loopback(host):
                error = bad_request("This server answers to the names of this machine alone.")
                await refused(request, error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _listen(host: str, port: int) -> socket.socket:
    address = "127.0.0.1" if host.endswith("localhost") and _is_loopback(host) else host
    if not _is_loopback(address):
        message = f"{host} is not an address of this machine alone."
        hint = "Use 127.0.0.1; to reach it from elsewhere, put a TLS proxy or an SSH tunnel in front."
        raise ConfigurationError(message, hint=hint)
    line = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind((address, port))
        # From here on a client may connect: it waits in the queue until the loop runs. The address is printed
        # before that, and whoever reads it must not be refused.
        line.listen(_QUEUE)
    except OSError as error:
        line.close()
        message = f"Port {port} can't be used: {error.strerror}."
        raise ConfigurationError(message, hint="Choose another one, or 0 for any.") from error
    return line


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
