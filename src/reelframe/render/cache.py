"""Encoded pieces on disk, found by what decides their bytes.

A piece is there whole or not at all: it is written beside its place and renamed, and carries a checksum. Several
processes may use one cache: whoever comes second finds the same bytes. The least recently used go first when
the cache grows over its size. Whatever goes wrong with the cache costs time, never a render.
"""

from __future__ import annotations

import contextlib
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reelframe import locks, settings
from reelframe.render.encode import Encoded, Packet

__all__ = ["Cache", "default_cache", "pack", "unpack"]

_MAGIC: Final = b"RFCK0001"
_HEAD: Final = struct.Struct("<8sI")
_COUNTS: Final = struct.Struct("<III")
_UNFINISHED: Final = ".new-"
_PACKET: Final = struct.Struct("<qqII")
# A tenth of what reelframe may take of the disk is enough for hours of video.
_SHARE: Final = 10


def pack(encoded: Encoded) -> bytes:
    """An encoded piece as bytes."""
    table = b"".join(_PACKET.pack(p.pts, p.dts, len(p.data), p.key) for p in encoded.packets)
    content = b"".join([table, encoded.header, *(p.data for p in encoded.packets)])
    # The counts are under the checksum too: a damaged count would be read as another, whole piece.
    body = _COUNTS.pack(len(encoded.packets), len(encoded.header), len(content)) + content
    return _HEAD.pack(_MAGIC, zlib.crc32(body)) + body


def unpack(data: bytes) -> Encoded | None:
    """The piece that ``pack`` wrote; None when the bytes are not whole."""
    if len(data) < _HEAD.size + _COUNTS.size:
        return None
    magic, check = _HEAD.unpack_from(data)
    body = memoryview(data)[_HEAD.size :]
    if magic != _MAGIC or zlib.crc32(body) != check:
        return None
    count, header_length, length = _COUNTS.unpack_from(body)
    body = body[_COUNTS.size :]
    if len(body) != length:
        return None
    at = count * _PACKET.size
    header = bytes(body[at : at + header_length])
    at += header_length
    packets = []
    for i in range(count):
        pts, dts, size, key = _PACKET.unpack_from(body, i * _PACKET.size)
        packets.append(Packet(bytes(body[at : at + size]), pts, dts, bool(key)))
        at += size
    return Encoded(header, tuple(packets))


class Cache:
    """A folder of pieces.

    Args:
        folder: where they are; made when the first one is kept.
        limit: how many bytes they may take; by default a tenth of the data folder's quota.
    """

    def __init__(self, folder: Path, limit: int | None = None) -> None:
        self.folder = folder
        self._limit = limit

    @property
    def limit(self) -> int:
        """How many bytes the pieces may take."""
        return settings.quota_bytes() // _SHARE if self._limit is None else self._limit

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def get(self, key: str) -> Encoded | None:
        """The piece, or None. A damaged one is thrown away."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        encoded = unpack(data)
        if encoded is None:
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            # The time of last use decides who goes first; access times are off on most disks.
            os.utime(path)
        return encoded

    def __contains__(self, key: str) -> bool:
        return self._path(key).exists()

    def put(self, key: str, encoded: Encoded) -> bool:
        """Keep a piece; False when the disk would not take it."""
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
        except OSError:
            return False
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pack(encoded))
            Path(name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            return False
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return True

    @contextlib.contextmanager
    def making(self, key: str) -> Iterator[bool]:
        """Says to everybody who uses this folder that a piece is being made, until the end of the block.

        Yields:
            False when somebody else is making it (or, rarely, another piece) at this moment.
        """
        place = self.folder / ".making" / key[:2]
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            file = place.open("ab")
        except OSError:
            # Without locks a piece may be made twice at once, which costs time and nothing else.
            yield True
            return
        with file:
            held = locks.take(file)
            if held:
                self._clear(key)
            yield held is not False

    def _clear(self, key: str) -> None:
        """Remove what somebody who was killed had written of a piece: whoever lives holds the lock meanwhile."""
        for left in self._path(key).parent.glob(f"{_UNFINISHED}*"):
            with contextlib.suppress(OSError):
                left.unlink()

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    def size_bytes(self) -> int:
        """How much it holds."""
        return sum(size for _, size, _ in self._entries())

    def trim(self, limit: int | None = None) -> int:
        """Forget the least recently used until the rest fits.

        Args:
            limit: bytes; by default the cache's own. 0 forgets everything.

        Returns:
            how many bytes were freed.
        """
        limit = self.limit if limit is None else limit
        entries = sorted(self._entries(), key=lambda entry: (entry[0], str(entry[2])))
        total = sum(size for _, size, _ in entries)
        freed = 0
        for _, size, path in entries:
            if total - freed <= limit:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                freed += size
        return freed


def default_cache() -> Cache:
    """The cache in the data folder."""
    return Cache(settings.home() / "cache" / "render")
