"""What the user hands over, turned into requests: paths, folders, URLs, bytes with a name, open files.

Everything is checked before a byte is sent: extension, size, then content. Files are read from the disk
while they are sent, a piece at a time, so a file of 500 MB never sits in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final, Literal, TypeAlias, cast
from urllib.parse import unquote, urlsplit

from reelframe.client.http import Body
from reelframe.client.values import media_of
from reelframe.errors import MediaError, UnsupportedMediaError
from reelframe.media.formats import ACCEPTED, EXTENSIONS, check_name_and_size, human_size, sniff_file
from reelframe.media.model import Media

__all__ = ["File", "Link", "Source", "batches", "expand", "media_from_answer", "multipart"]

Source: TypeAlias = "str | os.PathLike[str] | tuple[str, bytes] | IO[bytes] | Iterable[Any]"
_PIECE: Final = 256 * 1024
# One request carries so many files and bytes; more go in further requests, several at once (``convoy``).
_FILES: Final = 20
_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: ``open`` gives it from its start, as often as it is asked."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Link:
    """A URL to hand over; the server fetches it."""

    url: str

    @property
    def name(self) -> str:
        """The last part of its path."""
        return PurePosixPath(unquote(urlsplit(self.url).path)).name or self.url


def expand(sources: Iterable[Source]) -> tuple[File | Link, ...]:
    """Every file and link that the sources stand for, in order; folders give their media sorted by name.

    Raises:
        MediaError: a path does not exist, can't be read or is empty; a folder has no media.
        UnsupportedMediaError: an extension or a content is not accepted.
        FileTooLargeError: a file is over 500 MB.
    """
    return tuple(item for source in sources for item in _expand(source))


def _expand(source: Any) -> Iterator[File | Link]:  # noqa: ANN401 -- it is told apart here
    match source:
        case str() if re.match(r"(?i)https?://", source):
            yield Link(source)
        case str() | os.PathLike():
            yield from _from_path(Path(source).expanduser())
        case (str() as name, bytes() | bytearray() | memoryview() as data):
            content = bytes(data)
            yield _checked(File(Path(name).name or name, len(content), lambda: io.BytesIO(content)))
        case bytes() | bytearray() | memoryview():
            message = "Bytes need a name, which tells their type."
            raise MediaError(message, hint='Give a pair: ("photo.jpg", data).', reason="has no name")
        case _ if hasattr(source, "read"):
            yield _checked(_from_open(source))
        case _ if isinstance(source, Iterable):
            for inner in source:
                yield from _expand(inner)
        case _:
            message = f"{type(source).__name__} is nothing that can be uploaded."
            hint = 'Give paths, folders, URLs, ("name.jpg", bytes) pairs or open files.'
            raise MediaError(message, hint=hint, reason="is no file")


def _from_path(path: Path) -> Iterator[File]:
    try:
        if path.is_dir():
            found = sorted(
                p for p in path.iterdir()
                if p.suffix.lower().lstrip(".") in EXTENSIONS and not p.name.startswith(".") and p.is_file()
            )  # fmt: skip
            if not found:
                raise MediaError.of(str(path), "the folder holds no media", f"Accepted: {', '.join(EXTENSIONS)}.")
            for inner in found:
                yield from _from_path(inner)
            return
        if not path.exists():
            raise MediaError.of(str(path), "there is no such file", "Check the path.")
        if not path.is_file():
            raise MediaError.of(str(path), "is no ordinary file")
        size = path.stat().st_size
    except OSError as error:
        reason = f"can't be read ({error.strerror})"
        raise MediaError.of(str(path), reason) from None
    yield _checked(File(path.name, size, lambda: path.open("rb")))


def _from_open(source: IO[bytes]) -> File:
    name = getattr(source, "name", None)
    if not isinstance(name, str) or not name:
        message = "An open file needs a name, which tells its type."
        raise MediaError(message, hint='Give a pair instead: ("photo.jpg", file.read()).')
    short = Path(name).name
    try:
        if source.seekable():
            start = source.tell()
            size = source.seek(0, os.SEEK_END) - start
            source.seek(start)
            return File(short, size, lambda: cast("BinaryIO", _Window(source, start)))
        # It can be read only once, and a call may need a second try.
        spool = _Spool(source)
        return File(short, spool.size, lambda: cast("BinaryIO", _Window(spool.file, 0)))
    except (OSError, ValueError, TypeError) as error:
        raise MediaError.of(short, f"can't be read ({error})") from None


class _Spool:
    """A copy of what can be read only once: in memory while it is small, else on the disk; gone with its ``File``."""

    def __init__(self, source: IO[bytes]) -> None:
        self.file = tempfile.SpooledTemporaryFile(max_size=8 << 20)  # noqa: SIM115 -- closed in __del__
        shutil.copyfileobj(source, self.file)
        self.size = self.file.tell()

    def __del__(self) -> None:
        self.file.close()


class _Window(io.RawIOBase):
    """Somebody else's open file from a position on; closing it leaves theirs open."""

    def __init__(self, file: Any, start: int) -> None:  # noqa: ANN401 -- any seekable file of bytes
        self._file = file
        self._start = start
        file.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = self._start if whence == os.SEEK_SET else 0
        return int(self._file.seek(base + offset, whence)) - self._start

    def tell(self) -> int:
        return int(self._file.tell()) - self._start

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 -- a writable buffer
        data = self._file.read(len(buffer))
        if isinstance(data, str):
            message = "the file is open as text"
            raise TypeError(message)
        buffer[: len(data)] = data
        return len(data)


def _checked(file: File) -> File:
    check_name_and_size(file.name, file.size)
    try:
        with file.open() as opened:
            sniff_file(opened, file.name)
    except UnsupportedMediaError:
        raise
    except (OSError, TypeError, ValueError) as error:
        raise MediaError.of(file.name, f"can't be read ({error})") from None
    return file


def batches(items: Iterable[File | Link]) -> Iterator[tuple[Literal["files", "urls"], list[Any]]]:
    """Consecutive files, or consecutive links, that go in one request."""
    kind: Literal["files", "urls"] = "files"
    batch: list[Any] = []
    size = 0
    for item in items:
        now: Literal["files", "urls"] = "urls" if isinstance(item, Link) else "files"
        more = item.size if isinstance(item, File) else 0
        if batch and (now != kind or len(batch) >= _FILES or size + more > _BYTES):
            yield kind, batch
            batch, size = [], 0
        kind = now
        batch.append(item)
        size += more
    if batch:
        yield kind, batch


async def _at_once() -> None:
    """Nothing has to be waited for."""


def multipart(
    files: Iterable[File],
    fields: Mapping[str, str],
    on_bytes: Callable[[str, int], None],
    before_end: Callable[[], Awaitable[None]] = _at_once,
) -> Body:
    """The files as one multipart/form-data body (RFC 7578) of known length, read while it is sent.

    Args:
        files: what goes into the field ``files``.
        fields: further plain fields.
        on_bytes: told the name and the number of bytes that were handed on, piece by piece.
        before_end: awaited before the line that makes the body whole.
    """
    boundary = f"reelframe-{secrets.token_hex(16)}"
    plain = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts = [(_part_head(boundary, file.name), file) for file in files]
    end = f"--{boundary}--\r\n".encode()
    length = sum(map(len, plain)) + sum(len(head) + f.size + 2 for head, f in parts) + len(end)

    async def pieces() -> AsyncIterator[bytes]:
        for field in plain:
            yield field
        for head, file in parts:
            yield head
            async for piece in _read(file):
                yield piece
                on_bytes(file.name, len(piece))
            yield b"\r\n"
        await before_end()
        yield end

    return Body(f"multipart/form-data; boundary={boundary}", length, pieces)


def _part_head(boundary: str, name: str) -> bytes:
    # As browsers do it (the HTML standard, "multipart/form-data encoding algorithm").
    quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    mime = next(
        (f.mime for f in ACCEPTED.values() if Path(name).suffix.lower().lstrip(".") in f.extensions),
        "application/octet-stream",
    )
    return (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n'
        f"Content-Type: {mime}\r\n\r\n"
    ).encode()


async def _read(file: File) -> AsyncIterator[bytes]:
    """The file's bytes, read in threads so that a slow disk does not hold up the loop."""
    left = file.size
    try:
        with await asyncio.to_thread(file.open) as opened:
            while left > 0:
                piece = await asyncio.to_thread(opened.read, min(_PIECE, left))
                if not piece:
                    break
                left -= len(piece)
                yield piece
    except (OSError, ValueError) as error:
        raise MediaError.of(file.name, f"can't be read ({error})") from None
    if left:
        # The length has been promised to the server already.
        raise MediaError.of(file.name, "became shorter while it was being sent")


def progress_text(name: str, sent: int, size: int) -> str:
    """``a.jpg: 1.5 MB of 3.0 MB``."""
    return f"{name}: {human_size(sent)} / {human_size(size)}"


def media_from_answer(payload: Any, sent: Iterable[File | Link]) -> tuple[Media, ...]:  # noqa: ANN401
    """The media that the server now has.

    The embedded backend spells them in full. The published protocol does not say what a server answers, so
    for another one they are described by what was sent; the id is then made from the name and the size.
    """
    spelled = payload.get("files") if isinstance(payload, Mapping) else payload
    if isinstance(spelled, list):
        known = [media for info in spelled if (media := media_of(info)) is not None]
        if known and len(known) == len(spelled):
            return tuple(known)
    return tuple(_described(item) for item in sent)


def _described(item: File | Link) -> Media:
    extension = Path(item.name).suffix.lower().lstrip(".")
    form = next((f for f in ACCEPTED.values() if extension in f.extensions), ACCEPTED["mp4"])
    size = item.size if isinstance(item, File) else 0
    name = item.url if isinstance(item, Link) else f"{item.name}/{size}"
    made = hashlib.sha256(name.encode()).hexdigest()
    return Media(id=made, name=item.name, kind=form.kind, format=form.name, size_bytes=size)
