"""One task in a worker process: words to timeline to file. All that it needs comes in, all that is known goes out.

A worker may be on another machine. A file is taken from its own path where that holds the same content, else
from the worker's store, else the worker answers that it *needs* it and is handed the bytes with the next try: so media
travel once to each machine, by content. A finished video stays where the asker sees it, else it travels back as bytes.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from reelframe import settings
from reelframe.errors import ReelframeError
from reelframe.jobs import CancelToken
from reelframe.media.model import Media
from reelframe.runs.planning import code_of, draw
from reelframe.runs.tasks import Task

__all__ = ["Answer", "Order", "begin_worker", "do"]

_WATCH_S: Final = 0.5
_GRACE_S: Final = 3.0
_hashes: dict[tuple[str, int, int], str] = {}


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is asked for.

    Attributes:
        task: what to make.
        key: the task's key.
        parts: the folder for unfinished files, of the asker's machine.
        sign: a file in it that is there only if the worker sees the same folder.
        threads: that paint and encode.
        parent: the process that must live while this is made; 0 for none.
        bytes: content of files that the worker did not have, by media id.
    """

    task: Task
    key: str
    parts: str
    sign: str
    threads: int = 1
    parent: int = 0
    bytes: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: ``needs``, or an error, or a video with its facts.

    Attributes:
        needs: ids of media that have to be sent along.
        part: the finished file, on the asker's machine.
        content: the finished file's bytes, when the worker could not put it there.
    """

    key: str
    needs: tuple[str, ...] = ()
    part: str = ""
    content: bytes = field(default=b"", repr=False)
    facts: Mapping[str, Any] = field(default_factory=dict)
    poster: bytes = field(default=b"", repr=False)
    error_code: str = ""
    error: str = ""


def begin_worker(parent: int) -> None:
    """What each of our own worker processes does first.

    Args:
        parent: the process that asked for it: without that there is no use in the worker.
    """
    # Ctrl-C in a terminal reaches the whole group; whoever asked decides what becomes of the workers.
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        threading.Thread(target=_die_with, args=(parent,), name="reelframe-orphan", daemon=True).start()


def _die_with(parent: int) -> None:
    """End this process soon after its parent: one that is killed tells nobody, and an idle worker would wait on."""
    while os.getppid() == parent:
        time.sleep(_WATCH_S)
    # What is being made is given up by itself in this time, and tidied away.
    time.sleep(_GRACE_S)
    os._exit(1)


def do(order: Order, cancel: CancelToken | None = None) -> Answer:
    """Make a video. Whatever goes wrong with it is part of the answer.

    Args:
        order: what to make.
        cancel: raised to stop, by an asker in this process.
    """
    began = time.monotonic()
    try:
        media, needs = _here(order)
        if needs:
            return Answer(order.key, needs=needs)
        return _made(order, _with_paths(order.task, media), began, cancel)
    except ReelframeError as error:
        return Answer(order.key, error_code=code_of(error), error=str(error))
    except Exception as error:  # noqa: BLE001 -- one bad row never stops the others, whatever is wrong with it
        text = f"The renderer failed: {type(error).__name__}: {error}"
        return Answer(order.key, error_code=code_of(error), error=text)


def _made(order: Order, task: Task, began: float, cancel: CancelToken | None) -> Answer:
    from reelframe import connect  # noqa: PLC0415 -- codecs, loaded when there is something to render

    drawn = draw(task, connect.beat_finder)
    seen = Path(order.sign).exists()
    suffix = "." + connect.extension_of(task.options)
    with _folder(order, seen=seen) as folder, _watched(order.parent, cancel) as flag:
        path = folder / f"{order.key[:16]}-{secrets.token_hex(4)}{suffix}"
        made = connect.render_draft(
            drawn.draft, drawn.library, path, options=task.options, workers=order.threads, cancel=flag
        )
        facts = {
            "size_bytes": made.size_bytes,
            "width": made.width,
            "height": made.height,
            "duration_s": round(made.duration_s, 3),
            "loudness_lufs": made.loudness_lufs,
            "render_s": round(time.monotonic() - began, 3),
            "assumptions": list(drawn.assumptions),
            "warnings": list(made.warnings),
            "draft": drawn.draft.to_wire(),
        }
        content = b"" if seen else path.read_bytes()
    return Answer(order.key, part=str(path) if seen else "", content=content, facts=facts, poster=made.poster)


@contextmanager
def _folder(order: Order, *, seen: bool) -> Iterator[Path]:
    if seen:
        yield Path(order.parts)
        return
    with tempfile.TemporaryDirectory(prefix="reelframe-") as name:
        yield Path(name)


@contextmanager
def _watched(parent: int, given: CancelToken | None) -> Iterator[CancelToken]:
    """A token that is raised when the process that wants the video is gone."""
    cancel, over = given or CancelToken(), threading.Event()
    if not parent:
        yield cancel
        return

    def watch() -> None:
        while not over.wait(_WATCH_S):
            if os.getppid() != parent:
                cancel.cancel()
                return

    thread = threading.Thread(target=watch, name="reelframe-watch", daemon=True)
    thread.start()
    try:
        yield cancel
    finally:
        over.set()
        thread.join()


def _here(order: Order) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Where each file is on this machine, and the ids of those that are not."""
    found: dict[str, Path] = {}
    needs: list[str] = []
    for media in order.task.files:
        path = _own(media) or _stored(media, order.bytes.get(media.id))
        if path is None:
            needs.append(media.id)
        else:
            found[media.id] = path
    return found, tuple(dict.fromkeys(needs))


def _own(media: Media) -> Path | None:
    """Its own path, when the very same content is there."""
    path = media.path
    if path is None:
        return None
    with suppress(OSError):
        status = path.stat()
        if status.st_size != media.size_bytes:
            return None
        mark = (str(path), status.st_size, status.st_mtime_ns)
        if mark not in _hashes:
            with path.open("rb") as file:
                _hashes[mark] = hashlib.file_digest(file, "sha256").hexdigest()
        if _hashes[mark] == media.id:
            return path
    return None


def _stored(media: Media, content: bytes | None) -> Path | None:
    """The file in this machine's store; put there when its content came along."""
    folder = settings.home() / "cache" / "batch"
    path = folder / f"{media.id}{Path(media.name).suffix}"
    if path.exists():
        return path
    if content is None or hashlib.sha256(content).hexdigest() != media.id:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)
    return path


def _with_paths(task: Task, paths: Mapping[str, Path]) -> Task:
    def placed(media: Media) -> Media:
        return media.model_copy(update={"path": paths[media.id]})

    return replace(
        task,
        media=tuple(placed(m) for m in task.media),
        logo=placed(task.logo) if task.logo else None,
        music=placed(task.music) if task.music else None,
    )
