"""Files that travel through custom messages in acknowledged pieces: in from the browser, out to it.

A piece that arrives twice (its acknowledgement was lost) is not written again; a piece that arrives too early is
refused, and the browser is told from where to go on. An upload that broke off goes on where it ended. Nothing is
ever held in memory but one piece, and the whole is checked by its SHA-256.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from reelframe.errors import MediaError, StorageError
from reelframe.media.formats import check_name_and_size

__all__ = ["Incoming", "UploadDesk", "read_piece"]

# A message of 10 MiB closes the websocket of a Jupyter server without a word to anybody.
_PIECE: Final = 4 << 20
_ABANDONED: Final = 24 * 3600.0
# Seconds after which an upload that nothing was heard of may be gone on with.
_QUIET: Final = 2.0


@dataclass
class Incoming:
    """A file on its way in."""

    path: Path
    name: str
    size: int
    mark: str = ""
    received: int = 0
    heard: float = field(default_factory=time.monotonic)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)


class UploadDesk:
    """Takes files in, piece by piece, into a folder of its own.

    Args:
        folder: where unfinished files stand; each has a folder of its own there, so that it keeps its name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Incoming] = {}
        # What a kernel left behind that was killed in the middle of an upload.
        for left in folder.iterdir() if folder.is_dir() else ():
            if time.time() - left.stat().st_mtime > _ABANDONED:
                shutil.rmtree(left, ignore_errors=True)

    def begin(self, name: str, size: int, mark: str = "") -> tuple[str, int]:
        """Announce a file; its type and size are checked before a byte moves.

        Args:
            name: what it is called; only its last part counts.
            size: its bytes.
            mark: what tells the browser's file from others; one that broke off is gone on with.

        Returns:
            the upload's key, and from where to send.

        Raises:
            MediaError: the type is not accepted, or it is too large.
            StorageError: there is no room for it.
        """
        # Only the last part: a browser may send a path, and a name never decides where something is written.
        plain = PurePosixPath(PureWindowsPath(name).name).name or "file"
        check_name_and_size(plain, size)
        if size < 0:
            raise MediaError.of(plain, f"is said to have {size} bytes", "Choose the file again.")
        if (left := self._broken_off(plain, size, mark)) is not None:
            return left
        key = uuid.uuid4().hex
        place = self._folder / key
        try:
            place.mkdir(parents=True)
            if shutil.disk_usage(place).free < size:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301 -- the same as finding out later
            (place / plain).touch()
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise _unkept(plain, error) from error
        self._open[key] = Incoming(place / plain, plain, size, mark)
        return key, 0

    def _broken_off(self, name: str, size: int, mark: str) -> tuple[str, int] | None:
        for key, file in self._open.items():
            same = mark and (file.mark, file.name, file.size) == (mark, name, size)
            # One that is still spoken of belongs to another page.
            if same and time.monotonic() - file.heard > _QUIET and file.path.is_file():
                file.heard = time.monotonic()
                return key, file.received
        return None

    def piece(self, key: str, offset: int, data: bytes | memoryview) -> int:
        """Write one piece; returns how many bytes there are from the beginning without a gap.

        Raises:
            MediaError: no such upload, or bytes that are not between its beginning and its announced end.
            StorageError: it can't be written.
        """
        file = self._known(key)
        if offset < 0 or offset + len(data) > file.size:
            reason = "is longer than was announced"
            raise MediaError.of(file.name, reason, "Upload it again.")
        file.heard = time.monotonic()
        fresh = memoryview(data)[file.received - offset :] if offset <= file.received else memoryview(b"")
        if fresh:
            try:
                with file.path.open("r+b") as out:
                    out.seek(file.received)
                    out.write(fresh)
            except OSError as error:
                raise _unkept(file.name, error) from error
            file.digest.update(fresh)
            file.received += len(fresh)
        return file.received

    def end(self, key: str, sha256: str = "") -> Path:
        """The whole file. It stays until ``drop``.

        Args:
            key: of the upload.
            sha256: what the browser read, in hex; "" is not checked.

        Raises:
            MediaError: no such upload, a part is missing, or it is not what was sent.
        """
        file = self._known(key)
        if file.received != file.size:
            reason = f"is not whole: {file.received} of {file.size} bytes came"
            raise MediaError.of(file.name, reason, "Upload it again.")
        if sha256 and file.digest.hexdigest() != sha256:
            self.drop(key)
            raise MediaError.of(file.name, "did not arrive as it was sent (SHA-256)", "Upload it again.")
        return file.path

    def drop(self, key: str) -> None:
        """Forget a file, whole or not."""
        file = self._open.pop(key, None)
        if file is not None:
            shutil.rmtree(file.path.parent, ignore_errors=True)

    def _known(self, key: str) -> Incoming:
        if key not in self._open:
            message = "This upload is not known (any more)."
            raise MediaError(message, hint="Upload the file again.")
        return self._open[key]


def _unkept(name: str, error: OSError) -> StorageError:
    if error.errno == errno.ENAMETOOLONG:
        return StorageError(f"The name {name[:40]}… is too long for this disk.", hint="Rename the file.")
    why = "there is no room on the disk" if error.errno == errno.ENOSPC else str(error.strerror)
    message = f"{name} can't be kept: {why}."
    return StorageError(message, hint="Free some space, or set REELFRAME_HOME to another disk.")


def read_piece(path: Path, offset: int, length: int) -> bytes:
    """Up to ``length`` bytes (4 MiB at most) of a file from ``offset``.

    Raises:
        StorageError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, offset))
            return file.read(min(max(0, length), _PIECE))
    except OSError as error:
        message = f"{path.name} can't be read: {error.strerror}."
        raise StorageError(message, hint="Render it again.") from error
