"""A film that grows on the disk while it is watched: one writer, any number of readers, each at its own pace."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from reelframe.errors import ConfigurationError
from reelframe.widget.transfer import read_piece

__all__ = ["GrowingFilm"]

# Bytes of one answer, and seconds that a reader is kept waiting before it is told that there is nothing new.
_MOST: Final = 1 << 20
_PATIENCE: Final = 5.0


class GrowingFilm:
    """The parts of a streamed preview, as they come. On one event loop.

    Args:
        revision: which film it is.
        path: the file that they are written to; begun anew.
    """

    def __init__(self, revision: int, path: Path) -> None:
        self.revision = revision
        self.path = path
        self.size = 0
        # None while it grows, then whether it became whole.
        self.whole: bool | None = None
        self._news = asyncio.Event()
        path.write_bytes(b"")

    def add(self, data: bytes) -> None:
        """Write one part.

        Raises:
            OSError: it can't be written.
        """
        with self.path.open("ab") as file:
            file.write(data)
        self.size += len(data)
        self._tell()

    def end(self, *, whole: bool) -> None:
        """No further part comes."""
        if self.whole is None:
            self.whole = whole
            self._tell()

    async def read(self, offset: int) -> tuple[bytes, bool]:
        """What there is from ``offset`` on, up to 1 MiB, and whether that is the end; waits a while for news.

        Raises:
            ConfigurationError: it was given up before it was whole.
            StorageError: it can't be read.
        """
        if offset >= self.size and self.whole is None:
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._news.wait()
            except TimeoutError:
                return b"", False
        if self.whole is False:
            message = "This preview was given up."
            raise ConfigurationError(message, hint="The next one comes with the next change.")
        data = read_piece(self.path, offset, min(_MOST, max(0, self.size - offset)))
        return data, bool(self.whole) and offset + len(data) >= self.size

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
