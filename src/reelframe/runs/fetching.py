"""URLs of a table, downloaded once for all rows, with the embedded backend's care (public addresses, limits)."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from reelframe import connect, settings
from reelframe.media.formats import MAX_BYTES

__all__ = ["fetched"]

_SECONDS: Final = 300.0
# For so long a run that is repeated takes what it has; after that the address is asked again.
_FRESH_S: Final = 24 * 3600
# And so long a run that began with it may still read it.
_KEPT_S: Final = 7 * 24 * 3600


def fetched(url: str) -> Path:
    """The file behind a URL, on this machine.

    Raises:
        MediaError: it can't be fetched, or is no accepted file.
    """
    folder = settings.home() / "cache" / "batch" / "urls" / hashlib.sha256(url.encode()).hexdigest()[:32]
    for kept in sorted(folder.glob("*/*"), key=_age):
        if _age(kept) < _FRESH_S:
            return kept
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as name:
        part = Path(name) / "part"
        received = connect.fetch(url, part, allow_private=False, most_bytes=MAX_BYTES, seconds=_SECONDS)
        # In a folder of its own: what another process fetched before, and may be reading, stays where it is.
        target = Path(tempfile.mkdtemp(dir=folder)) / Path(received.name).name
        part.replace(target)
    for old in folder.glob("*/*"):
        if _age(old) > _KEPT_S:
            shutil.rmtree(old.parent, ignore_errors=True)
    return target


def _age(path: Path) -> float:
    """Seconds since a file was written; one that has just been cleared away is as old as can be."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")
