"""The file that a render makes: whether it can be written, written beside its place, and put there when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from glob import escape
from pathlib import Path
from typing import Final

import av.error

from reelframe import locks
from reelframe.errors import ReelframeError, RenderFailedError, StorageError
from reelframe.render.composition import Composition

__all__ = ["CONTAINERS", "check_target", "container_of", "film_bytes", "written"]

CONTAINERS: Final = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".webm": "webm"}
# Free disk that a render asks for before it starts: twice what a busy video of this size takes (bits per pixel).
_BITS_PER_PIXEL: Final = 0.15
_SPARE_BYTES: Final = 16 * 1024 * 1024
_ELSEWHERE: Final = "Try again, or choose another place."


def container_of(target: Path) -> str:
    """The container that a file's name asks for.

    Raises:
        RenderFailedError: there is none of this name.
    """
    container = CONTAINERS.get(target.suffix.lower())
    if container is None:
        message = f"{target.name}: this kind of file can't be written."
        raise RenderFailedError(message, hint=f"Name it {', '.join(CONTAINERS)}.", reason="format")
    return container


def film_bytes(c: Composition) -> int:
    """What a film takes, if it is a busy one."""
    return int(c.width * c.height * c.frames * _BITS_PER_PIXEL / 8)


def check_target(target: Path, expected: int) -> None:
    """What can be known before the work starts.

    Args:
        target: the file.
        expected: how many bytes it may take.

    Raises:
        StorageError: the file can't be written there, or the disk is nearly full.
    """
    if target.is_dir():
        message = f"{target} is a folder."
        raise StorageError(message, hint="Give a file name, such as video.mp4.")
    if not target.parent.is_dir():
        message = f"The folder {target.parent} does not exist."
        raise StorageError(message, hint="Make it first, or choose another place.")
    if not os.access(target.parent, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
        message = f"{target} can't be written: no permission."
        raise StorageError(message, hint="Choose another place.")
    need = expected + _SPARE_BYTES
    free = shutil.disk_usage(target.parent).free
    if free < need:
        message = f"The disk is nearly full: {free / 1e6:.0f} MB free, about {need / 1e6:.0f} MB needed."
        raise StorageError(message, hint="Make room, or choose another place.")


@contextlib.contextmanager
def written(target: Path, what: str) -> Iterator[Path]:
    """A file to write, which takes the target's place when the block ends well; else nothing is left of it.

    Args:
        target: where it is to be.
        what: it is, for messages: "video".

    Raises:
        StorageError: it can't be written.
        RenderFailedError: whatever else went wrong, but for errors that say so themselves.
    """
    try:
        with _temporary(target) as unfinished:
            yield unfinished
            unfinished.replace(target)
    except ReelframeError:
        raise
    except OSError as error:
        raise _storage_error(target, error) from error
    except (av.error.FFmpegError, ValueError, MemoryError, RuntimeError) as error:
        message = f"The {what} could not be made: {error}."
        raise RenderFailedError(message, reason=str(error)) from error


@contextlib.contextmanager
def _temporary(target: Path) -> Iterator[Path]:
    """A file beside the target, gone afterwards whatever happens.

    What a process that was killed has left there is removed by the next one that makes the same file, provided that
    nobody is writing in the folder meanwhile.

    Raises:
        StorageError: it can't be made.
    """
    prefix = f".{target.stem[:40]}.unfinished-"
    with _writing_in(target.parent, f"{escape(prefix)}*{escape(target.suffix)}"):
        # Not mkstemp: its files are for the owner alone, and a video has the mode that any new file here has.
        unfinished = target.with_name(f"{prefix}{secrets.token_hex(8)}{target.suffix}")
        try:
            unfinished.touch(exist_ok=False)
        except OSError as error:
            raise _storage_error(target, error) from error
        try:
            yield unfinished
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


@contextlib.contextmanager
def _writing_in(folder: Path, leftovers: str) -> Iterator[None]:
    """Tell others that somebody writes in a folder; when nobody else does, first remove ``leftovers`` (a pattern).

    The lock is the folder's own: one on each file would not outlive a file that is replaced by another of its name.
    """
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        yield
        return
    try:
        if locks.take(lock):
            for left in folder.glob(leftovers):
                with contextlib.suppress(OSError):
                    left.unlink()
        locks.share(lock)
        yield
    finally:
        os.close(lock)


def _storage_error(target: Path, error: OSError) -> StorageError:
    """What to say of a file that can't be written."""
    message = f"{target} can't be written: {error.strerror or error}."
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return StorageError(message, hint="Make room on the disk, or choose another place." if full else _ELSEWHERE)
