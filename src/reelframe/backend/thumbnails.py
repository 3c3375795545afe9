"""Small pictures of uploads, made once and kept in the cache."""

from __future__ import annotations

import contextlib
import uuid

from reelframe.backend.core import Backend
from reelframe.backend.store import media
from reelframe.backend.store.accounts import Account
from reelframe.backend.wire import not_found

__all__ = ["thumbnail"]


def thumbnail(backend: Backend, account: Account, media_id: str, side: int) -> bytes:
    """A JPEG of one of the account's own files, at most ``side`` pixels wide and high.

    Raises:
        APIError: 404, no such file, one without a picture, or one that was cleared from the disk.
        MediaError: it can't be decoded.
    """
    with backend.db.read() as tx:
        found = media.find(tx, account.id, media_id, backend.files.media_path)
    if found is None or not found.visible or found.path is None or not found.path.exists():
        message = "There is no picture of this file."
        raise not_found(message)
    folder = backend.files.cache / "thumbnails"
    path = folder / f"{media_id}-{side}.jpg"
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    from reelframe.media import thumbnail as make  # noqa: PLC0415 -- codecs

    picture = make(found.path, side)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{uuid.uuid4().hex}.part"
    part.write_bytes(picture)
    part.replace(path)
    return picture
