"""A file from a server to the disk: goes on where it broke off, and is whole and the right one in the end."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from reelframe.client.calls import Caller
from reelframe.client.http import Refused, Request, Stream
from reelframe.client.policy import Outcome, decide
from reelframe.errors import ConnectionFailedError, ProtocolError, StorageError

__all__ = ["Download"]

_PARTIAL: Final = 206
_RANGE_REFUSED: Final = 416
# Seconds without a byte.
_SILENCE: Final = 60.0


class Download:
    """Fetches a URL into a file.

    Args:
        caller: how calls are made.
        url: an absolute one, or a path on the server; the token goes to the server alone.
        part: where the bytes go.
        on_bytes: told how many bytes are there, and how many there will be, if that is known.
        size: how many bytes the whole file has, if the server said so beforehand.
        sha256: of the whole file, as hexadecimal digits, if the server said so.
    """

    def __init__(
        self,
        caller: Caller,
        url: str,
        part: Path,
        on_bytes: Callable[[int, int | None], None],
        *,
        size: int | None = None,
        sha256: str | None = None,
    ) -> None:
        self._caller = caller
        self._url = url
        self._part = part
        self._on_bytes = on_bytes
        self._size = size
        self._sha256 = sha256
        # Tells whether the file on the server is still the one that the bytes on the disk are of.
        self._tag: str | None = None
        self._grown = False

    async def run(self) -> None:
        """Fetch it; the file is whole when this returns.

        Raises:
            StorageError: the file can't be written.
            ReelframeError: it can't be fetched.
        """
        caller = self._caller
        used: Counter[Outcome] = Counter()
        started = time.monotonic()
        while True:
            self._grown = False
            refused = await self._try()
            if refused is None:
                refused = await asyncio.to_thread(self._checked)
                if refused is None:
                    return
                # What came is whole and wrong: it is fetched anew, and that is no progress.
                self._restart()
            if self._grown:
                # The table counts tries that brought nothing; one that got further is progress.
                used.clear()
            decision = decide(
                "download",
                refused.outcome,
                used=used,
                elapsed=time.monotonic() - started,
                retry_after=refused.retry_after,
                timing=caller.timing,
            )
            if decision is None or (decision.cure == "token" and not caller.credentials.drop(await caller.token())):
                raise refused.error
            used[refused.outcome] += 1
            await asyncio.sleep(decision.pause)

    def _restart(self) -> None:
        self._tag, self._grown = None, False
        self._part.unlink(missing_ok=True)

    async def _try(self) -> Refused | None:
        """One try: what went wrong, None when all bytes came."""
        have = _size_of(self._part)
        # Asking for the bytes as they are: a compressed answer has no length that could be checked.
        headers = {"Accept-Encoding": "identity"}
        if have and self._tag:
            headers |= {"Range": f"bytes={have}-", "If-Range": self._tag}
        request = Request("download", "GET", self._url, "downloading the video", headers=headers, timeout=60)
        own = self._caller.http.same_origin(self._url)
        opened = await self._caller.open_file(request, await self._caller.token() if own else None)
        if isinstance(opened, Refused):
            if "Range" in headers and getattr(opened.error, "status", None) == _RANGE_REFUSED:
                # There is no such rest: what is here is not the beginning of what is there.
                self._restart()
                return Refused("lost", opened.error)
            return opened
        resumed = opened.status == _PARTIAL
        if resumed and not self._goes_on(opened.headers, have):
            await opened.close()
            self._restart()
            message = "The server sent another part of the file than was asked for."
            return Refused("lost", ConnectionFailedError(message, hint="Try again."))
        strong = opened.headers.get("etag")
        self._tag = strong if strong and not strong.startswith("W/") else opened.headers.get("last-modified")
        return await self._written(opened, have if resumed else 0, have)

    def _goes_on(self, headers: Mapping[str, str], have: int) -> bool:
        """Whether a partial answer begins where the file ends, and is of the same file (RFC 9110, 14.4 and 15.3.7)."""
        start = re.match(r"bytes (\d+)-", headers.get("content-range", ""))
        given = headers.get("etag")
        return start is not None and int(start[1]) == have > 0 and given in {None, self._tag}

    async def _written(self, opened: Stream, got: int, have: int) -> Refused | None:
        total = _total_of(opened.headers, got)
        failure: ConnectionFailedError | None = None
        try:
            with self._part.open("ab" if got else "wb") as file:
                while True:
                    async with asyncio.timeout(_SILENCE):
                        chunk = await anext(opened.chunks, None)
                    if chunk is None:
                        break
                    await asyncio.to_thread(file.write, chunk)
                    got += len(chunk)
                    self._on_bytes(got, total)
        except TimeoutError:
            message = f"No bytes came for {_SILENCE:.0f} s, downloading the video."
            failure = ConnectionFailedError(message, hint="Check the connection, then try again.")
        except ConnectionFailedError as error:
            failure = error
        except OSError as error:
            message = f"{self._part.parent} can't be written: {error.strerror}."
            raise StorageError(message, hint="Free some space, or choose another folder.") from None
        finally:
            await opened.close()
        self._grown = got > have
        if failure is None and total is not None and got != total:
            message = f"The download broke off at {got} of {total} bytes."
            failure = ConnectionFailedError(message, hint="Try again.")
        if failure is None and got == 0:
            message = "The server sent an empty file in the place of the video."
            self._grown = False
            return Refused("refused", ProtocolError(message, hint="Export again."))
        return None if failure is None else Refused("lost", failure)

    def _checked(self) -> Refused | None:
        """Whether the whole file is what the server had said of it; a wrong one is not fetched for ever."""
        got = _size_of(self._part)
        if self._size is not None and got != self._size:
            message = f"The file that came has {got} bytes, and the server had said {self._size}."
            return Refused("busy", ConnectionFailedError(message, hint="Try again."))
        if self._sha256 is not None:
            with self._part.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != self._sha256.lower():
                message = "The file that came is not the one that was made: its bytes were changed on the way."
                return Refused("busy", ConnectionFailedError(message, hint="Try again."))
        return None


def _size_of(path: Path) -> int:
    """How many bytes are there already; 0 without a file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _total_of(headers: Mapping[str, str], before: int) -> int | None:
    """The whole file's length: from ``Content-Range``, else from ``Content-Length``."""
    _, _, total = headers.get("content-range", "").rpartition("/")
    if total.isdecimal():
        return int(total)
    length = headers.get("content-length", "")
    return before + int(length) if length.isdecimal() else None
