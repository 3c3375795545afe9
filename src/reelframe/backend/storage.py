"""What is kept, for how long, and how it is cleared.

===================  ==========================================================================================
what                 for how long
===================  ==========================================================================================
uploads              until cleared, or until the quota needs room: least recently used first, those of finished
                     sessions only (nobody has used the session for a day, and none of its renders is under way)
finished videos      the same, after the uploads
sessions, timelines  until cleared
render cache         until the quota needs room: it goes first, it can be made anew
unfinished uploads   until the process that takes them in ends; here and in ``widget/``, where the notebook's come in
notes on exports     until the export is done (``exports/``, the client's; counted with the timelines)
===================  ==========================================================================================
"""

from __future__ import annotations

import contextlib
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reelframe import settings
from reelframe.backend.files import Files, folder_size, is_finished
from reelframe.backend.store import Database, media, renders, sessions
from reelframe.errors import StorageError
from reelframe.media.formats import human_size

__all__ = ["FINISHED_AFTER_S", "KEPT", "Cleared", "Storage", "clear", "make_room", "report"]

_log: Final = logging.getLogger("reelframe.backend")
FINISHED_AFTER_S: Final = 24 * 3600.0
# Left free for the system, whatever the quota says.
_SPARE_BYTES: Final = 200_000_000
# Looking at every file takes time; a cache file younger than this may be in use by a render.
_CACHE_IN_USE_S: Final = 3600.0
# Where uploads stand before they are kept: the backend's own, and the notebook's before it hands them over.
_COMING_IN: Final = ("incoming", "widget")

KEPT: Final[dict[str, str]] = {
    "uploads": "until cleared; the least recently used ones of finished sessions go when the quota is reached",
    "videos": "until cleared; those of finished sessions go after the uploads when the quota is reached",
    "timelines": "until cleared",
    "cache": "until the quota needs the room; it can be made anew",
    "unfinished": "uploads that are coming in: until they have, or the process that takes them in ends",
}


@dataclass(frozen=True, slots=True)
class Storage:
    """What the data folder holds; sizes in bytes.

    Attributes:
        home: the folder.
        uploads: the files that were handed over.
        videos: finished renders.
        cache: what rendering keeps to be quicker the next time.
        timelines: the databases: sessions, timelines, messages, jobs, notes on exports under way.
        unfinished: uploads that are still coming in.
        sessions: how many sessions.
        files: how many uploads.
        renders: how many finished renders.
        quota: what the folder may take.
        oldest: when the oldest session was last used, Unix seconds; None without any.
    """

    home: Path
    uploads: int
    videos: int
    cache: int
    timelines: int
    unfinished: int
    sessions: int
    files: int
    renders: int
    quota: int
    oldest: float | None

    @property
    def total(self) -> int:
        """All of it."""
        return self.uploads + self.videos + self.cache + self.timelines + self.unfinished


@dataclass(frozen=True, slots=True)
class Cleared:
    """What clearing took away."""

    sessions: int
    files: int
    bytes: int


def report(home: Path | None = None, quota: int | None = None) -> Storage:
    """What the data folder holds.

    Args:
        home: the data folder; None is the user's.
        quota: bytes; None is what the settings say.

    Raises:
        StorageError: the folder can't be used.
    """
    folder = home or settings.home()
    db, files = Database(folder / "reelframe.sqlite3"), Files(folder)
    try:
        with db.read() as tx:
            row = tx.execute("SELECT count(*) AS n, min(used) AS oldest FROM sessions").fetchone()
            kept = tx.execute("SELECT count(*) AS n FROM media WHERE cleared IS NULL").fetchone()
            done = tx.execute("SELECT count(*) AS n FROM renders WHERE status = 'completed'").fetchone()
        return Storage(
            home=folder,
            uploads=folder_size(files.media),
            videos=folder_size(files.renders),
            cache=folder_size(files.cache),
            timelines=_database_size(folder),
            unfinished=sum(folder_size(folder / name) for name in _COMING_IN),
            sessions=row["n"],
            files=kept["n"],
            renders=done["n"],
            quota=settings.quota_bytes() if quota is None else quota,
            oldest=row["oldest"],
        )
    finally:
        db.close()


def clear(home: Path | None = None, *, older_than_days: float = 0.0) -> Cleared:
    """Delete sessions that nobody has used for so long, with their uploads and videos, and the cache.

    Sessions with a render under way are left alone.

    Args:
        home: the data folder; None is the user's.
        older_than_days: 0 clears all.

    Raises:
        StorageError: the folder can't be used.
    """
    folder = home or settings.home()
    db, files = Database(folder / "reelframe.sqlite3"), Files(folder)
    before = _size(files)
    try:
        with db.write() as tx:
            rows = tx.execute(
                """SELECT id FROM sessions WHERE used <= ? AND NOT EXISTS (
                       SELECT 1 FROM renders r WHERE r.session_id = sessions.id
                       AND r.status IN ('pending', 'processing'))""",
                (time.time() - older_than_days * 86_400,),
            ).fetchall()
            for row in rows:
                sessions.forget(tx, row["id"])
            unheld = media.delete_unheld(tx)
            videos = renders.keys(tx)
            at_work = tx.execute("SELECT 1 FROM renders WHERE status IN ('pending', 'processing')").fetchone()
        for file in unheld:
            files.media_path(file.id, file.extension).unlink(missing_ok=True)
        _sweep(db, files, videos)
        # A render under way still needs what it has just put there.
        _clear_cache(files, spared_s=_CACHE_IN_USE_S if at_work else 0.0)
        db.vacuum()
    finally:
        db.close()
    return Cleared(len(rows), len(unheld), max(0, before - _size(files)))


def make_room(db: Database, files: Files, quota: int, wanted: int) -> list[str]:
    """Make sure that ``wanted`` bytes more fit under the quota and on the disk.

    Returns:
        what was cleared for it, in a sentence each, to be told to the user.

    Raises:
        StorageError: there is no room, and nothing more that may be cleared.
    """
    over = _over(files, quota, wanted)
    if over <= 0:
        return []
    notes: list[str] = []
    freed = _clear_cache(files)
    if freed:
        notes.append(f"The render cache ({human_size(freed)}) was cleared to make room.")
    if (over := _over(files, quota, wanted)) > 0 and (names := _evict_media(db, files, over)):
        notes.append(f"Cleared from finished sessions to make room: {_listed(names)}.")
    if (over := _over(files, quota, wanted)) > 0 and (count := _evict_videos(db, files, over)):
        notes.append(f"{count} finished video(s) of earlier sessions were cleared to make room.")
    if _over(files, quota, wanted) > 0:
        used = human_size(_size(files))
        message = f"No room: {used} of {human_size(quota)} are in use and {human_size(wanted)} more are needed."
        hint = "Clear what you don't need (`reelframe storage --clear`), or raise REELFRAME_QUOTA_GB."
        raise StorageError(message, hint=hint)
    for note in notes:
        _log.warning("%s", note)
    return notes


def _over(files: Files, quota: int, wanted: int) -> int:
    return max(_size(files) + wanted - quota, wanted + _SPARE_BYTES - files.free_bytes())


def _size(files: Files) -> int:
    folders = (files.media, files.renders, files.cache)
    return sum(folder_size(folder) for folder in folders) + _database_size(files.home)


def _database_size(home: Path) -> int:
    total = folder_size(home / "exports")
    for path in home.glob("reelframe.sqlite3*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def _clear_cache(files: Files, *, spared_s: float = _CACHE_IN_USE_S) -> int:
    before = folder_size(files.cache)
    now = time.time()
    for path in sorted(files.cache.rglob("*"), reverse=True):
        with contextlib.suppress(OSError):
            if path.is_file() and now - path.stat().st_mtime >= spared_s:
                path.unlink()
            elif path.is_dir():
                path.rmdir()
    return before - folder_size(files.cache)


def _evict_media(db: Database, files: Files, over: int) -> list[str]:
    names: list[str] = []
    with db.write() as tx:
        for file in media.evictable(tx, time.time() - FINISHED_AFTER_S):
            if over <= 0:
                break
            media.mark_cleared(tx, file.id)
            names.append(file.name or file.id[:12])
            over -= file.size
    # Only now, so that a process that dies in between leaves a file too many, which the next one deletes, and
    # never a row that promises a file that is gone.
    _delete_cleared(db, files)
    return names


def _delete_cleared(db: Database, files: Files) -> None:
    # Under the lock of writers: an upload of the same content would bring the file back in between.
    with db.write() as tx:
        for file in media.cleared(tx):
            files.media_path(file.id, file.extension).unlink(missing_ok=True)


def _evict_videos(db: Database, files: Files, over: int) -> int:
    gone: list[Path] = []
    with db.write() as tx:
        for key, suffix in renders.evictable(tx, time.time() - FINISHED_AFTER_S):
            if over <= 0:
                break
            path = files.render_path(key, suffix)
            with contextlib.suppress(OSError):
                over -= path.stat().st_size
                gone.append(path)
            renders.mark_cleared(tx, key)
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _sweep(db: Database, files: Files, videos: frozenset[str]) -> None:
    """Delete files that no row speaks of: renders of forgotten sessions, uploads of killed processes."""
    for path in files.renders.iterdir():
        if is_finished(path) and path.stem not in videos:
            path.unlink(missing_ok=True)
    with db.write() as tx:
        known = media.kept(tx)
        for path in files.media.glob("*/*"):
            if path.stem not in known:
                path.unlink(missing_ok=True)
    for folder in files.media.iterdir():
        with contextlib.suppress(OSError):
            folder.rmdir()


def _listed(names: list[str], most: int = 5) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
