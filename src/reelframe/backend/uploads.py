"""Taking files in: a multipart body written straight to the disk, then probed, then kept, all or none.

The body is parsed as it arrives; a piece of it is in memory for as long as it takes to write and hash it.
After a refusal the rest of the body is read and thrown away, because a client that is still sending would
see a broken connection in the place of the reason.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import Path, PurePath
from typing import Final, cast

import anyio
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from reelframe.backend.core import Backend
from reelframe.backend.files import Incoming, Received, extension_of, too_large
from reelframe.backend.storage import make_room
from reelframe.backend.store import media, sessions
from reelframe.backend.wire import bad_request
from reelframe.errors import APIError, ReelframeError
from reelframe.media.formats import check_name_and_size
from reelframe.media.model import Media, Role

__all__ = ["keep", "read_role", "receive"]

_log: Final = logging.getLogger("reelframe.backend")
# Parsing and writing go to a thread in pieces of this size, not for each small piece of the network's.
_BATCH: Final = 1024 * 1024
_LONGEST_FIELD: Final = 1000


class _Parts:
    """The parts of one multipart body, as the parser reports them."""

    def __init__(self, folder: Path, boundary: bytes, most_bytes: int, most_files: int) -> None:
        self.fields: dict[str, str] = {}
        self.received: list[Received] = []
        self.refusal: ReelframeError | None = None
        self._folder = folder
        self._most_bytes = most_bytes
        self._most_files = most_files
        self._header = (b"", b"")
        self._headers: dict[bytes, bytes] = {}
        self._field: tuple[str, bytearray] | None = None
        self._file: Incoming | None = None
        self._complete = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, a, b: self._head(data[a:b], b""),
                "on_header_value": lambda data, a, b: self._head(b"", data[a:b]),
                "on_header_end": self._head_end,
                "on_headers_finished": self._open,
                "on_part_data": lambda data, a, b: self._data(memoryview(data)[a:b]),
                "on_part_end": self._close,
                "on_end": self._end,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the body; after a refusal it is thrown away."""
        if self.refusal is not None:
            return
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            message = f"The multipart body can't be read: {error}."
            self.refuse(bad_request(message))
        except ReelframeError as error:
            self.refuse(error)

    def finish(self) -> None:
        """The body is over."""
        if self.refusal is None and not self._complete:
            message = "The multipart body ends in the middle of a part."
            self.refuse(bad_request(message))

    def refuse(self, error: ReelframeError) -> None:
        """Keep the first reason, and nothing of the file that was coming in."""
        self.refusal = self.refusal or error
        if self._file is not None:
            self._file.abort()
            self._file = None

    def _begin(self) -> None:
        self._headers, self._header = {}, (b"", b"")

    def _head(self, name: bytes, value: bytes) -> None:
        self._header = (self._header[0] + name, self._header[1] + value)

    def _head_end(self) -> None:
        self._headers[self._header[0].lower()] = self._header[1]
        self._header = (b"", b"")

    def _open(self) -> None:
        field, name = _disposition(self._headers.get(b"content-disposition", b""))
        if name is None:
            self._field = (field, bytearray())
            return
        if field != "files":
            message = f'The file "{name}" is in the field "{field}".'
            raise bad_request(message, 'Use the field "files".')
        if len(self.received) >= self._most_files:
            message = f"More than {self._most_files} files in one request."
            raise bad_request(message)
        # Type first: a file that will be refused for its name is not written at all.
        check_name_and_size(name, 0)
        self._file = Incoming(self._folder / uuid.uuid4().hex, name)

    def _data(self, piece: memoryview) -> None:
        if self._file is not None:
            self._file.write(piece)
            if self._file.size > self._most_bytes:
                check_name_and_size(self._file.name, self._file.size)
                raise too_large(self._file.name, self._most_bytes)
        elif self._field is not None:
            self._field[1].extend(piece)
            if len(self._field[1]) > _LONGEST_FIELD:
                message = f'The field "{self._field[0]}" is too long.'
                raise bad_request(message)

    def _close(self) -> None:
        if self._file is not None:
            self.received.append(self._file.done())
            self._file = None
        elif self._field is not None:
            self.fields[self._field[0]] = self._field[1].decode("utf-8", "replace")
            self._field = None

    def _end(self) -> None:
        self._complete = True


async def receive(request: Request, folder: Path, backend: Backend) -> tuple[list[Received], Role | None]:
    """Write the files of a multipart request into ``folder``.

    Returns:
        the files in their order, and the role that the request gives them.

    Raises:
        UnsupportedMediaError, FileTooLargeError, APIError: nothing may be kept.
    """
    limits = backend.options.limits
    parts = _Parts(folder, _boundary(request), limits.file_bytes, limits.files)
    batch = bytearray()
    discarded = 0
    async for piece in request.stream():
        if parts.refusal is not None:
            discarded += len(piece)
            if discarded > 2 * limits.file_bytes:
                break
            continue
        batch += piece
        if len(batch) >= _BATCH:
            await anyio.to_thread.run_sync(parts.feed, bytes(batch))
            batch.clear()
    await anyio.to_thread.run_sync(parts.feed, bytes(batch))
    parts.finish()
    if parts.refusal is not None:
        raise parts.refusal
    if not parts.received:
        message = "There is no file in the request."
        raise bad_request(message, 'Send files in the field "files".')
    return parts.received, read_role(parts.fields.get("role"))


def keep(
    backend: Backend, session_id: str, received: list[Received], role: Role | None
) -> tuple[list[Media], list[str]]:
    """Probe files that came in, keep them, and give them to the session: all of them, or none.

    Returns:
        the media, and what has to be said about room that was made for them.

    Raises:
        MediaError: one can't be used; the message names it.
        StorageError: there is no room.
    """
    from reelframe.media import probe  # noqa: PLC0415 -- codecs

    probed = [_probed(probe, one, role) for one in received]
    notes = make_room(backend.db, backend.files, backend.quota_bytes, sum(r.size for r in received))
    with backend.db.write() as tx:
        # Renamed inside the transaction: a row never points at a file that is not there, and a file without a row
        # (killed in between) is found by `storage`.
        for one, info in zip(received, probed, strict=True):
            backend.files.keep(one, extension_of(one.name))
            media.add(tx, session_id, info, extension_of(one.name))
        sessions.touch(tx, session_id)
        library = media.library(tx, session_id, backend.files.media_path)
    by_id = {one.id: one for one in library}
    return [by_id[info.id] for info in probed], notes


def read_role(value: str | None) -> Role | None:
    """A role as the wire spells it; "" is none.

    Raises:
        APIError: 400, an unknown role.
    """
    if not value:
        return None
    if value not in {"logo", "music"}:
        message = f"{value!r} is not a role."
        raise bad_request(message, 'There are "logo" and "music".')
    return cast("Role", value)


def _probed(probe: Callable[[Path, str], Media], one: Received, role: Role | None) -> Media:
    found = probe(one.path, one.name)
    # The hash was taken while the file came in: what was probed is what was hashed.
    return found.model_copy(update={"id": one.id, "role": role or found.role})


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        message = "Upload files as multipart/form-data, or URLs as JSON."
        raise APIError(message, code=400, status=400)
    return options[b"boundary"]


def _disposition(header: bytes) -> tuple[str, str | None]:
    """A part's field and the name of its file without folders; None when the part is no file.

    Read by the email package, because some clients spell a name that is not ASCII as RFC 2231 says
    (``filename*=utf-8''…``), which the multipart parser's own function leaves out.
    """
    message = Message()
    message["Content-Disposition"] = header.decode("latin-1")
    field, name = (_param(message, key) for key in ("name", "filename"))
    if name is None:
        return field or "", None
    # Browsers escape a quotation mark in this way; slashes of both kinds, the sender may run another system.
    name = name.replace("%22", '"').replace("\\", "/")
    return field or "", PurePath(name).name or "unnamed"


def _param(message: Message, key: str) -> str | None:
    value = message.get_param(key, header="Content-Disposition")
    if value is None:
        return None
    if isinstance(value, tuple):
        return collapse_rfc2231_value(value)
    return value.encode("latin-1", "replace").decode("utf-8", "replace")
