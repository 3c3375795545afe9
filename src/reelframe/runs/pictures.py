"""What stands in the cells of media columns: paths, URLs, lists of them, found and probed once each.

A path that several rows name is one file; a file is told by its content, so two paths may be one as well. Probing
is done in child processes by the media room; here a few of them are kept busy at a time.
"""

from __future__ import annotations

import glob
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from reelframe import settings
from reelframe.errors import MediaError, ReelframeError
from reelframe.media import probe
from reelframe.media.formats import EXTENSIONS
from reelframe.media.model import Media
from reelframe.runs.template import is_missing

__all__ = ["Probes", "is_url", "listed", "shared", "stored"]

_URL: Final = re.compile(r"(?i)https?://")
_AT_ONCE: Final = 4


def is_url(source: str) -> bool:
    """Whether a source is fetched rather than read."""
    return bool(_URL.match(source))


def listed(cell: Any, root: Path) -> tuple[str, ...]:  # noqa: ANN401 -- any cell
    """The files and URLs that a cell names, in order; folders and patterns as what is in them, sorted by name.

    Args:
        cell: a path, a URL, a list of them (also as JSON, or parted by ";" or "|"), or nothing.
        root: where relative paths begin.

    Raises:
        MediaError: a folder without media, or something that names no file.
    """
    if is_missing(cell):
        return ()
    if isinstance(cell, os.PathLike):
        return _found(os.fspath(cell), root)
    if isinstance(cell, str):
        return _of_text(cell.strip(), root)
    if isinstance(cell, Iterable) and not isinstance(cell, (bytes, bytearray, dict)):
        return tuple(path for one in cell for path in listed(one, root))
    message = f"{type(cell).__name__} names no file."
    raise MediaError(message, hint="Give a path, a URL, or a list of them.", reason="is no file")


def _of_text(text: str, root: Path) -> tuple[str, ...]:
    if not text:
        return ()
    if text.startswith("["):
        try:
            return listed(json.loads(text), root)
        except ValueError:
            pass
    # A file may have such a sign in its name, so what is there as it stands goes first.
    if re.search(r"[;|]", text) and not (root / text).exists():
        parts = [part.strip() for part in re.split(r"[;|]", text)]
        return tuple(path for part in parts if part for path in _found(part, root))
    return _found(text, root)


def _found(text: str, root: Path) -> tuple[str, ...]:
    if is_url(text):
        return (text,)
    # Ten thousand cells are looked at before anything starts, so this is done without the comfort of Path.
    path = os.path.join(root, os.path.expanduser(text))  # noqa: PTH111, PTH118 -- see above
    if not os.path.isdir(path):  # noqa: PTH112 -- see above
        if not glob.has_magic(text) or os.path.exists(path):  # noqa: PTH110 -- see above
            return (path,)
        several = sorted(glob.glob(path))  # noqa: PTH207 -- an absolute pattern, which Path.glob does not take
        if not several:
            raise MediaError.of(text, "nothing matches this pattern", "Check the path.")
        return tuple(several)
    inside = sorted(
        str(p)
        for p in Path(path).iterdir()
        if p.suffix.lower().lstrip(".") in EXTENSIONS and not p.name.startswith(".")
    )
    if not inside:
        raise MediaError.of(text, "the folder holds no media", f"Accepted: {', '.join(EXTENSIONS)}.")
    return tuple(inside)


def stored(name: str, data: bytes) -> str:
    """Keep bytes that were given with a name, so that they have a path; the same bytes are kept once."""
    import hashlib  # noqa: PLC0415 -- next to its one use

    folder = settings.home() / "cache" / "batch" / hashlib.sha256(data).hexdigest()
    path = folder / (Path(name).name or "file")
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    return str(path)


class Probes:
    """What is known of each file, found out once.

    Args:
        known: facts of an earlier run, by path, size and time of change.
        fetch: downloads a URL and gives its path; None leaves URLs to the server.
    """

    def __init__(
        self,
        known: dict[str, Media] | None = None,
        fetch: Callable[[str], Path] | None = None,
    ) -> None:
        self.known = known if known is not None else {}
        self.fresh: dict[str, Media] = {}
        self._fetch = fetch
        self._results: dict[str, Media | ReelframeError] = {}

    def learn(self, sources: Iterable[str], tell: Callable[[int], None] | None = None) -> None:
        """Probe what has not been probed, a few at a time; what fails is told by ``get``."""
        wanted = [s for s in dict.fromkeys(sources) if s not in self._results]
        if not wanted:
            return
        threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="reelframe-probe")
        try:
            for done, (source, result) in enumerate(zip(wanted, threads.map(self._look, wanted), strict=True), 1):
                self._results[source] = result
                if tell is not None:
                    tell(done)
        finally:
            # After an interrupt nobody waits for files that were not looked at yet.
            threads.shutdown(wait=True, cancel_futures=True)

    def get(self, source: str) -> Media:
        """The facts of a file that ``learn`` was told of.

        Raises:
            MediaError: it can't be used.
        """
        result = self._results[source]
        if isinstance(result, ReelframeError):
            raise result
        return result

    def _look(self, source: str) -> Media | ReelframeError:
        try:
            path = Path(source)
            if is_url(source):
                if self._fetch is None:
                    raise MediaError.of(source, "is a URL, which is not fetched here")
                path = self._fetch(source)
            mark = _mark(path)
            known = self.known.get(mark) if mark else None
            if known is not None:
                return known.model_copy(update={"path": path})
            media = probe(path).model_copy(update={"path": path.absolute()})
        except ReelframeError as error:
            return error
        if mark:
            self.fresh[mark] = media
        return media


def _mark(path: Path) -> str:
    """What tells whether a file is the one that was probed; "" when there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{path.absolute()}|{status.st_size}|{status.st_mtime_ns}"


def shared(given: Any, root: Path) -> Sequence[str]:  # noqa: ANN401 -- what a caller may give for one file
    """The one file that a whole batch shares: a path, a URL or a (name, bytes) pair."""
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], bytes):  # a pair
        return (stored(str(given[0]), given[1]),)
    return listed(given, root)
