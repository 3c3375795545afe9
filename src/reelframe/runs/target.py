"""Where a batch's videos go: a folder of this machine, or any place that fsspec knows.

A video appears under its name whole or not at all. The ledger and unfinished files are in ``.reelframe`` inside a
local folder; for another place they are in the data folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any, Final

from reelframe import settings
from reelframe.errors import ConfigurationError, StorageError

__all__ = ["Target"]

_SCHEME: Final = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]+://|^[a-z0-9]+::")
# Where an upload appears whole or not at all: no second name is needed there, and renaming would copy.
_WHOLE: Final = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "memory"})


class Target:
    """The place.

    Args:
        out: a folder, or an fsspec URL such as ``s3://bucket/videos``.

    Raises:
        ConfigurationError: fsspec or what it needs for this URL is not installed.
        StorageError: the folder can't be made.
    """

    def __init__(self, out: str | os.PathLike[str]) -> None:
        text = os.fspath(out)
        self.local = not _SCHEME.match(text)
        self._fs: Any = None
        if self.local:
            self.folder = Path(text).expanduser().absolute()
            self.base = str(self.folder)
            self.work = self.folder / ".reelframe"
        else:
            self._fs, self.base = _opened(text)
            self.url = text.rstrip("/")
            self.work = settings.home() / "runs" / hashlib.sha256(self.url.encode()).hexdigest()[:16]

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.work / "ledger.sqlite3"

    @property
    def parts(self) -> Path:
        """The folder of unfinished files, a folder for each holder."""
        return self.work / "parts"

    def prepare(self) -> None:
        """Make the folders.

        Raises:
            StorageError: they can't be made or written.
        """
        try:
            self.parts.mkdir(parents=True, exist_ok=True)
            if self.local and not os.access(self.folder, os.W_OK):
                raise PermissionError(13, "no permission", str(self.folder))
        except OSError as error:
            message = f"The folder {error.filename or self.work} can't be used: {error.strerror}."
            raise StorageError(message, hint="Choose another out=.") from error
        if self.local:
            return
        try:
            # What is wrong with a bucket or a key is told before an hour of rendering, and not after.
            self._fs.makedirs(self.base, exist_ok=True)
        except Exception as error:  # each file system of fsspec has errors of its own
            message = f"{self.url} can't be used: {error or type(error).__name__}."
            hint = "See to the place, its credentials and its permissions, or choose another out=."
            raise StorageError(message, hint=hint) from error

    def path(self, stem: str, extension: str) -> str:
        """Where a video will be: a path, or a URL."""
        name = f"{stem}.{extension}"
        return str(self.folder / name) if self.local else f"{self.url}/{name}"

    def size(self, path: str) -> int | None:
        """How long a finished file is; None when it is not there."""
        try:
            if self.local:
                return Path(path).stat().st_size
            info = self._fs.info(self._inside(path))
            return int(info["size"])
        except (OSError, KeyError, TypeError):
            return None

    def settle(self, part: Path, path: str) -> None:
        """Move a finished part into its place, replacing what is there.

        Raises:
            StorageError: it can't be written there.
        """
        try:
            if self.local:
                part.replace(path)
                return
            self._upload(part, self._inside(path))
            part.unlink(missing_ok=True)
        except Exception as error:  # each file system of fsspec has errors of its own
            message = f"{path} can't be written: {error}."
            raise StorageError(message, hint="Choose another out=, or see to its permissions.") from error

    def _upload(self, part: Path, inside: str) -> None:
        self._fs.makedirs(inside.rpartition("/")[0], exist_ok=True)
        if _protocols(self._fs)[0] in _WHOLE:
            self._fs.put_file(str(part), inside)
            return
        folder, _, name = inside.rpartition("/")
        unfinished = f"{folder}/.{name}-{secrets.token_hex(4)}.part"
        self._fs.put_file(str(part), unfinished)
        self._fs.mv(unfinished, inside)

    def _inside(self, path: str) -> str:
        return f"{self.base}/{path.rpartition('/')[2]}"

    def tidy(self, keep: set[str], lives: Any) -> None:  # noqa: ANN401 -- a function from a name to bool
        """Remove what processes that died left unfinished.

        Args:
            keep: parts that still have to be moved.
            lives: whether the holder of this name lives.
        """
        for folder in self.parts.iterdir() if self.parts.is_dir() else ():
            if folder.is_dir() and not lives(folder.name) and not any(p.startswith(str(folder)) for p in keep):
                shutil.rmtree(folder, ignore_errors=True)


def _opened(url: str) -> tuple[Any, str]:
    if url.lower().startswith(("http://", "https://")):
        message = f"{url} is an address that files are read from, not a place that they are put to."
        raise ConfigurationError(message, hint="Give a local folder, or a URL such as s3://bucket/videos.")
    try:
        import fsspec  # noqa: PLC0415 -- in an extra
    except ImportError:
        message = f"{url} needs fsspec."
        raise ConfigurationError(message, hint='pip install "reelframe[dask]"') from None
    try:
        fs, base = fsspec.core.url_to_fs(url)
    except ImportError as error:
        message = f"{url} can't be opened: {error}."
        hint = 'Install what it names, or give a local folder; s3:// comes with pip install "reelframe[dask]".'
        raise ConfigurationError(message, hint=hint) from error
    except Exception as error:  # each file system of fsspec has errors of its own
        message = f"{url} can't be opened: {error or type(error).__name__}."
        raise ConfigurationError(message, hint="Give a local folder, or a URL such as s3://bucket/videos.") from error
    return fs, str(base).rstrip("/")


def _protocols(fs: Any) -> tuple[str, ...]:  # noqa: ANN401 -- a file system of fsspec
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)
