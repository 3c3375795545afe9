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


def fetched(url: str) -> Path:
    """The file behind a URL, on this machine.

    Raises:
        MediaError: it can't be fetched, or is no accepted file.
    """
    folder = settings.home() / "cache" / "batch" / "urls" / hashlib.sha256(url.encode()).hexdigest()[:32]
    for kept in folder.iterdir() if folder.is_dir() else ():
        if time.time() - kept.stat().st_mtime < _FRESH_S:
            return kept
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as name:
        part = Path(name) / "part"
        received = connect.fetch(url, part, allow_private=False, most_bytes=MAX_BYTES, seconds=_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        target = folder / Path(received.name).name
        part.replace(target)
    return target
