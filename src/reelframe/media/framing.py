"""How a media worker and its parent talk: JSON headers with raw bytes behind them, over two pipes.

A message is two big-endian 32-bit lengths, the header (JSON, ASCII) and the payload. Nothing is ever
unpickled: the worker handles hostile files and is not to be believed further than its message can be checked.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from io import FileIO

    from typing_extensions import Buffer

__all__ = ["MAX_HEADER", "MAX_PAYLOAD", "Fault", "Header", "read_message", "write_message"]

Header = dict[str, Any]

MAX_HEADER: Final = 1 << 20
MAX_PAYLOAD: Final = 1 << 30
_LENGTHS: Final = struct.Struct(">II")


class Fault(Exception):  # noqa: N818 -- a verdict on a file; the parent makes an error with a name of it
    """Why a file can't be used, as the worker says it: the parent adds the file's name.

    Attributes:
        reason: in words that go behind "name: ", without a full stop.
        hint: what to do about it, a sentence, or "".
        kind: ``media`` (MediaError) or ``unsupported`` (UnsupportedMediaError).
    """

    def __init__(self, reason: str, hint: str = "", kind: str = "media") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.kind = kind


def write_message(stream: FileIO, header: Header, *payload: Buffer) -> None:
    """Write one message whole. The payload's pieces go out as they are, without a copy."""
    text = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    views = [memoryview(piece).cast("B") for piece in payload]
    _write_all(stream, _LENGTHS.pack(len(text), sum(len(v) for v in views)) + text)
    for view in views:
        _write_all(stream, view)


def read_message(stream: FileIO) -> tuple[Header, bytearray]:
    """Read one message whole.

    Raises:
        EOFError: the other side is gone.
        ValueError: what came is not a message.
    """
    prefix = bytearray(_LENGTHS.size)
    _read_all(stream, prefix)
    header_length, payload_length = _LENGTHS.unpack(prefix)
    if header_length > MAX_HEADER or payload_length > MAX_PAYLOAD:
        msg = "a message of the media worker is longer than allowed"
        raise ValueError(msg)
    text = bytearray(header_length)
    _read_all(stream, text)
    payload = bytearray(payload_length)
    _read_all(stream, payload)
    header = json.loads(text)
    if not isinstance(header, dict):
        msg = "a message of the media worker has no header"
        raise ValueError(msg)  # noqa: TRY004 -- not a programmer's mistake: bad bytes
    return header, payload


def _write_all(stream: FileIO, data: Buffer) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) or 0 :]


def _read_all(stream: FileIO, into: bytearray) -> None:
    with memoryview(into) as view:
        done = 0
        while done < len(into):
            count = stream.readinto(view[done:])
            if not count:
                raise EOFError
            done += count
