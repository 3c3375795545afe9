"""Locks on open files that processes respect among themselves: whoever closes the file lets go of it, by dying too."""

from __future__ import annotations

import contextlib
from typing import Protocol

try:
    import fcntl
except ImportError:  # pragma: no cover -- Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["share", "take"]


class _HasDescriptor(Protocol):
    def fileno(self) -> int: ...


def take(file: int | _HasDescriptor) -> bool | None:
    """Hold a file alone, if nobody holds it.

    Args:
        file: open, or its descriptor; a folder's too.

    Returns:
        True: it is held. False: somebody else holds it. None: the system or the disk has no locks.
    """
    if fcntl is None:  # pragma: no cover -- Windows
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def share(file: int | _HasDescriptor) -> None:
    """Hold a file together with whoever shares it, as soon as nobody holds it alone; nothing where there are no locks.

    Args:
        file: open, or its descriptor; a folder's too. If this one is held alone, it is shared from now on.
    """
    if fcntl is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_SH)
