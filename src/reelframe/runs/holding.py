"""Who is at work: this process's name on its rows, and the heart that shows that it lives."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from reelframe import connect
from reelframe.errors import StorageError
from reelframe.runs.ledger import Ledger
from reelframe.runs.states import Row, decide
from reelframe.runs.target import Target

__all__ = ["heart", "new_holder", "settle", "sort_rows", "token_of"]

_BEAT_S: Final = 2.0


def new_holder() -> str:
    """A name for one run of this process."""
    return f"{connect.this_process()}#{uuid.uuid4().hex[:12]}"


def token_of(holder: str) -> str:
    """The part of it that can be a folder's name."""
    return holder.rpartition("#")[2]


@contextlib.contextmanager
def heart(ledger: Ledger, holder: str) -> Iterator[None]:
    """Show that the holder lives, until the end of the block; then give back what was not made."""
    over = threading.Event()
    ledger.beat(holder)

    def beat() -> None:
        while not over.wait(_BEAT_S):
            # A disk that is full now may not be in a second; the lease lasts longer.
            with contextlib.suppress(StorageError):
                ledger.beat(holder)

    thread = threading.Thread(target=beat, name="reelframe-batch-heart", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        ledger.leave(holder)


def sort_rows(ledger: Ledger, target: Target, rows: list[Row], holder: str) -> tuple[list[Row], list[Row]]:
    """What is to be made, and what somebody else is at; rows that only have to be moved are moved here."""
    make: list[Row] = []
    wait: list[Row] = []
    for row in rows:
        part_bytes = None
        if row.part:
            with contextlib.suppress(OSError):
                part_bytes = Path(row.part).stat().st_size
        # Asking a distant place for thousands of files takes minutes, and only a finished row can have one.
        file_bytes = target.size(row.path) if row.state in {"done", "moving"} else None
        action = decide(row, held=ledger.held(row), file_bytes=file_bytes, part_bytes=part_bytes)
        if action == "make":
            make.append(row)
        elif action == "wait":
            wait.append(row)
        elif action in {"settle", "finish"} and ledger.inherit(row, holder):
            if action == "settle":
                target.settle(Path(row.part), row.path)
            ledger.done(row.key, holder)
    return make, wait


def settle(ledger: Ledger, target: Target, key: str, holder: str) -> None:
    """Move the part of a row in the state *moving* into its place, and close the row.

    Raises:
        StorageError: it can't be written there.
    """
    row = ledger.row(key)
    target.settle(Path(row.part), row.path)
    ledger.done(key, holder)
