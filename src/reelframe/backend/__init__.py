"""The embedded backend: the wire protocol served on this machine, for real.

``local()`` gives an app for this process; ``serve()`` puts the same app on a loopback port. Everything it is
told is in SQLite before it is acknowledged, so a kernel that dies loses nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from reelframe.backend.app import create_app
    from reelframe.backend.core import Limits
    from reelframe.backend.server import serve

__all__ = ["BASE_URL", "Limits", "LocalApp", "create_app", "local", "serve"]

# Never resolved: the in-process transport hands requests for it to the app.
BASE_URL: Final = "http://reelframe.localhost"
_HOMES: Final = {"Limits": "core", "create_app": "app", "serve": "server"}


@dataclass(frozen=True, slots=True)
class LocalApp:
    """The backend of this process.

    Attributes:
        app: the ASGI app.
        token: its owner's bearer token, which no other process knows.
        base_url: what URLs of it begin with.
    """

    app: ASGIApp
    token: str = field(repr=False)
    base_url: str = BASE_URL


_locals: dict[Path, LocalApp] = {}
_lock = threading.Lock()


def local(home: Path | str | None = None) -> LocalApp:
    """The backend over a data folder, one per folder and process.

    Args:
        home: the data folder; None is the user's (``REELFRAME_HOME``).

    Raises:
        StorageError: the data folder can't be used.
    """
    from reelframe import settings  # noqa: PLC0415 -- with the rest, when a backend is wanted
    from reelframe.backend.app import app_of  # noqa: PLC0415 -- Starlette
    from reelframe.backend.core import Backend, Options  # noqa: PLC0415 -- the same

    folder = settings.home() if home is None else Path(home).expanduser().absolute()
    with _lock:
        # A folder that was deleted since is a new one.
        if folder not in _locals or not (folder / "reelframe.sqlite3").exists():
            backend = Backend(folder, Options())
            _locals[folder] = LocalApp(app_of(backend), backend.auth.token)
        return _locals[folder]


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- a module's attribute
    if name not in _HOMES:
        message = f"module 'reelframe.backend' has no attribute {name!r}"
        raise AttributeError(message)
    import importlib  # noqa: PLC0415 -- next to its one use

    value = getattr(importlib.import_module(f"reelframe.backend.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
