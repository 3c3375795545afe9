"""Files that travel through custom messages in acknowledged pieces: in from the browser, out to it.

A piece that arrives twice (its acknowledgement was lost) is not written again; a piece that arrives too early is
refused, and the browser is told from where to go on. An upload that broke off goes on where it ended, also in the
next kernel: what there is of a file stands on the disk, with a note of which file of the browser's it is, locked as
long as the kernel lives that takes it in. Nothing is ever held in memory but the pieces under way, and the whole is
checked by its SHA-256.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final, NamedTuple, TypeVar

from reelframe import locks
from reelframe.errors import MediaError, StorageError
from reelframe.media.formats import check_name_and_size

__all__ = ["Begun", "BrokenUploadError", "UploadDesk", "desk_of", "read_piece"]

T = TypeVar("T")
# A message of 10 MiB closes the websocket of a Jupyter server without a word to anybody.
_PIECE: Final = 4 << 20
# Seconds that a part of a file is kept after its last piece, for somebody to go on with it.
_ABANDONED: Final = 6 * 3600.0
# Beside a part of a file: what it is a part of. No accepted file can be called so.
_NOTE: Final = ".upload"


class BrokenUploadError(MediaError):
    """A file did not come over well: by its name the page knows that trying again may help."""


class Begun(NamedTuple):
    """The answer to the announcement of a file.

    Attributes:
        key: of the upload.
        received: bytes that are there of an earlier try.
        sha256: of those bytes, in hex, so that the browser can tell whether they are of this file.
    """

    key: str
    received: int
    sha256: str


@dataclass
class _Incoming:
    """A file on its way in; ``out`` stands at the end of what there is."""

    path: Path
    out: FileIO
    about: dict[str, Any]
    received: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        return int(self.about["size"])


class UploadDesk:
    """Takes files in, piece by piece, into a folder of its own.

    Its methods block and belong to one thread: ``run`` is the way to them from an event loop, one after another.

    Args:
        folder: where unfinished files stand; each has a folder of its own there, so that it keeps its name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, _Incoming] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reelframe-uploads")
        self._clear()

    async def run(self, method: Callable[..., T], *args: Any) -> T:  # noqa: ANN401 -- the method's own
        """Call one of the methods in the desk's thread, after those that were asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, method, *args)

    def begin(self, name: str, size: int, mark: str = "") -> Begun:
        """Announce a file; its type and size are checked before a byte moves.

        One that is gone on with gets a new key: whoever sent it before is not heard any more.

        Args:
            name: what it is called; only its last part counts.
            size: its bytes.
            mark: what tells the browser's file from others; one that broke off is gone on with.

        Raises:
            MediaError: the type is not accepted, or it is too large.
            StorageError: there is no room for it.
        """
        # Only the last part: a browser may send a path, and a name never decides where something is written.
        plain = PurePosixPath(PureWindowsPath(name).name).name or "file"
        check_name_and_size(plain, size)
        if size < 0:
            raise MediaError.of(plain, f"is said to have {size} bytes", "Choose the file again.")
        self._clear()
        key, about = uuid.uuid4().hex, {"name": plain, "size": size, "mark": mark}
        file = (self._taken_over(about) or self._left_behind(about)) if mark else None
        try:
            if file is None:
                file = _begun(self._folder / key, about)
                # Once it is locked: by the note others find it.
                (file.path.parent / _NOTE).write_text(json.dumps(about), encoding="utf-8")
            if shutil.disk_usage(self._folder).free < size - file.received:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301 -- the same as finding out later
        except OSError as error:
            if file is not None:
                file.out.close()
            shutil.rmtree(self._folder / key, ignore_errors=True)
            raise _unkept(plain, error) from error
        self._open[key] = file
        return Begun(key, file.received, file.digest.hexdigest())

    def piece(self, key: str, offset: int, data: bytes | memoryview) -> int:
        """Write one piece; returns how many bytes there are from the beginning without a gap.

        Raises:
            BrokenUploadError: no such upload, or bytes that are not between its beginning and its announced end.
            StorageError: it can't be written.
        """
        file = self._known(key)
        if offset < 0 or offset + len(data) > file.size:
            reason = "is longer than was announced"
            raise BrokenUploadError.of(file.name, reason, "Upload it again.")
        fresh = memoryview(data)[file.received - offset :] if offset <= file.received else memoryview(b"")
        try:
            while fresh:
                written = file.out.write(fresh)
                file.digest.update(fresh[:written])
                file.received += written
                fresh = fresh[written:]
        except OSError as error:
            raise _unkept(file.name, error) from error
        return file.received

    def end(self, key: str, sha256: str = "") -> Path:
        """The whole file. It stays until ``drop``.

        Args:
            key: of the upload.
            sha256: what the browser read, in hex; "" is not checked.

        Raises:
            BrokenUploadError: no such upload, a part is missing, or it is not what was sent.
        """
        file = self._known(key)
        if file.received != file.size:
            reason = f"is not whole: {file.received} of {file.size} bytes came"
            raise BrokenUploadError.of(file.name, reason, "Upload it again.")
        if sha256 and file.digest.hexdigest() != sha256:
            self.drop(key)
            raise BrokenUploadError.of(file.name, "did not arrive as it was sent (SHA-256)", "Upload it again.")
        return file.path

    def drop(self, *keys: str) -> None:
        """Forget files, whole or not."""
        for key in keys:
            if (file := self._open.pop(key, None)) is not None:
                file.out.close()
                shutil.rmtree(file.path.parent, ignore_errors=True)

    def close(self) -> None:
        """Let go of the files; what there is of them waits for whoever goes on with it."""
        self._thread.shutdown()
        for file in self._open.values():
            file.out.close()
        self._open.clear()

    def _known(self, key: str) -> _Incoming:
        if key not in self._open:
            message = "This upload is not known (any more)."
            raise BrokenUploadError(message, hint="Upload the file again.")
        return self._open[key]

    def _taken_over(self, about: dict[str, Any]) -> _Incoming | None:
        """What this kernel has of the file. One that is whole waits for others, and is not sent any more."""
        for key, file in self._open.items():
            if file.about == about and file.received < file.size and file.path.is_file():
                return self._open.pop(key)
        return None

    def _left_behind(self, about: dict[str, Any]) -> _Incoming | None:
        """What a kernel has of the file that lives no more."""
        for place in self._places():
            try:
                if json.loads((place / _NOTE).read_bytes()) == about and (file := _adopted(place, about)) is not None:
                    return file
            except (OSError, ValueError):  # nothing of ours, or another kernel was faster
                continue
        return None

    def _clear(self) -> None:
        """Remove what nobody has gone on with for long, of this kernel and of others."""
        own = {file.path.parent: key for key, file in self._open.items()}
        for place in self._places():
            # Another kernel may be clearing the same.
            with contextlib.suppress(OSError):
                if not _silent(place):
                    continue
                if place in own:
                    self.drop(own[place])
                elif not any(map(_held, place.iterdir())):
                    shutil.rmtree(place, ignore_errors=True)

    def _places(self) -> list[Path]:
        return [place for place in self._folder.iterdir() if place.is_dir()] if self._folder.is_dir() else []


@functools.cache
def desk_of(folder: Path) -> UploadDesk:
    """This process's desk over a folder: a cell that is run again goes on with what its widget had begun."""
    return UploadDesk(folder)


def _begun(place: Path, about: dict[str, Any]) -> _Incoming:
    place.mkdir(parents=True)
    path = place / about["name"]
    out = FileIO(path, "x+")
    locks.take(out)
    return _Incoming(path, out, about)


def _adopted(place: Path, about: dict[str, Any]) -> _Incoming | None:
    """A part of a file, unless somebody holds it or the system can't say so."""
    path = place / about["name"]
    with contextlib.ExitStack() as unless_adopted:
        out = unless_adopted.enter_context(FileIO(path, "r+"))
        # It may have been removed between the opening and the lock.
        if not locks.take(out) or not os.path.samestat(os.fstat(out.fileno()), path.stat()):
            return None
        digest = hashlib.file_digest(out, "sha256")
        if out.tell() > about["size"]:
            return None
        unless_adopted.pop_all()
        return _Incoming(path, out, about, out.tell(), digest)


def _held(path: Path) -> bool:
    try:
        with FileIO(path, "r+") as file:
            return locks.take(file) is False
    except OSError:
        return False


def _silent(place: Path) -> bool:
    return time.time() - max(path.stat().st_mtime for path in (place, *place.iterdir())) > _ABANDONED


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
