"""The folder of files: uploads under the hash of their content, renders under the name of their job.

``media/ab/abcd….jpg`` is written elsewhere first, flushed to the disk and renamed into place, so a file is
there whole or not at all, whatever happens to the process. The same content uploaded twice is one file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, Final

from reelframe import process
from reelframe.errors import FileTooLargeError, StorageError
from reelframe.media.formats import human_size

__all__ = ["Files", "Incoming", "Received", "digest_of", "extension_of", "folder_size", "is_finished", "too_large"]

_FINISHED: Final = re.compile(r"[0-9a-f]{32}\.\w+")
_SILENT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Received:
    """A file that has come in whole and is not kept yet: where it lies, its content id, its length."""

    path: Path
    id: str
    size: int
    name: str


class Incoming:
    """A file that is coming in: written and hashed piece by piece.

    Args:
        path: where to write.
        name: the file's name as its sender knows it.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.size = 0
        self._path = path
        self._hash = hashlib.sha256()
        self._file: BinaryIO = path.open("xb")

    def write(self, piece: bytes | memoryview) -> None:
        """Take the next piece.

        Raises:
            StorageError: the disk is full.
        """
        try:
            self._file.write(piece)
        except OSError as error:
            raise _disk(error) from error
        self._hash.update(piece)
        self.size += len(piece)

    def done(self) -> Received:
        """All is there and on the disk."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _disk(error) from error
        finally:
            self._file.close()
        return Received(self._path, self._hash.hexdigest(), self.size, self.name)

    def abort(self) -> None:
        """Forget it."""
        self._file.close()
        self._path.unlink(missing_ok=True)


class Files:
    """The folders under ``home`` that hold files.

    Args:
        home: the data folder.

    Raises:
        StorageError: a folder can't be made.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.media = home / "media"
        self.renders = home / "renders"
        self.cache = home / "cache"
        self._incoming = home / "incoming"
        try:
            for folder in (self.media, self.renders, self.cache, self._incoming):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _disk(error) from error

    @contextlib.contextmanager
    def inbox(self) -> Iterator[Path]:
        """A folder for one request's uploads, on the same disk as the kept ones; deleted with what is left."""
        # The process's name is part of the folder's, so that `tidy` can tell whose leftovers it finds.
        prefix = process.me().replace(os.sep, "_").replace("|", "~") + "~"
        try:
            folder = Path(tempfile.mkdtemp(dir=self._incoming, prefix=prefix))
        except OSError as error:
            raise _disk(error) from error
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def media_path(self, media_id: str, extension: str) -> Path:
        """Where a kept upload lies."""
        return self.media / media_id[:2] / f"{media_id}{extension}"

    def render_path(self, key: str, extension: str) -> Path:
        """Where a finished render lies."""
        return self.renders / f"{key}{extension}"

    def keep(self, received: Received, extension: str) -> Path:
        """Move a file that came in to its place; where the same content lies already, that stays."""
        path = self.media_path(received.id, extension)
        try:
            path.parent.mkdir(exist_ok=True)
            if path.exists() and path.stat().st_size == received.size:
                received.path.unlink()
            else:
                received.path.replace(path)
                _sync_folder(path.parent)
        except OSError as error:
            raise _disk(error) from error
        return path

    def settle(self, part: Path, final: Path) -> None:
        """Give a finished render its name: on the disk first, then renamed."""
        try:
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(final)
            _sync_folder(final.parent)
        except OSError as error:
            raise _disk(error) from error

    def tidy(self) -> None:
        """Delete what dead processes left half done."""
        for folder in self._incoming.iterdir():
            holder = folder.name.rpartition("~")[0].replace("~", "|")
            if not process.alive(holder) or _age(folder) > 24 * 3600:
                shutil.rmtree(folder, ignore_errors=True)
        for path in self.renders.iterdir():
            # What is no finished render is one at work, which touches its files all the time, or a dead one's.
            if not is_finished(path) and _age(path) > _SILENT_S:
                path.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """What the disk has left."""
        return shutil.disk_usage(self.home).free


def extension_of(name: str) -> str:
    """The extension that a kept file gets: its own, lower case."""
    return PurePath(name).suffix.lower()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_finished(path: Path) -> bool:
    """Whether this is a finished render, and not one at work."""
    return _FINISHED.fullmatch(path.name) is not None


def too_large(name: str, most: int) -> FileTooLargeError:
    """4002: a file that is longer than ``most`` bytes."""
    reason = f"is over the limit of {human_size(most)}"
    hint = "Compress it or trim it to the part that you need, then try again."
    return FileTooLargeError(f"{name}: {reason}.", hint=hint, name=name, reason=reason)


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder; files that vanish meanwhile count nothing."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(root) / name).stat().st_size
    return total


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _sync_folder(folder: Path) -> None:
    """Make a rename in this folder last (POSIX; other systems have no such call)."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _disk(error: OSError) -> StorageError:
    message = f"The data folder can't be written: {error.strerror or error}."
    return StorageError(
        message,
        hint="Free some disk space (`reelframe storage` shows what is kept), or set REELFRAME_HOME.",
    )
