"""How far a batch is, for whoever watches: a bar in a terminal or a notebook, or a callback."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Self

from reelframe.jobs import OnProgress, Progress
from reelframe.runs.states import Row

__all__ = ["Watch"]


class Watch:
    """Counts rows; shows them where that is wanted.

    What earlier runs made is counted as done from the start, and not taken for speed: the time that is left is
    told from rows that this run made.

    Args:
        shown: a bar; or a function that is called with every ``Progress``; or neither.
    """

    def __init__(self, shown: bool | OnProgress) -> None:  # noqa: FBT001 -- as the caller gave it
        self._call: OnProgress | None = shown if callable(shown) else None
        self._shows = shown is True
        self._bar: Any = None
        self._lock = threading.Lock()
        self.total = self.done = self.failed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def files(self, _what: str, done: int, total: int) -> None:
        """Files are being looked at."""
        self._show("files", done, total, 0)

    def planned(self, total: int) -> Callable[[int], None]:
        """Rows are being planned: call the result with how many."""
        return lambda done: self._show("planning", done, total, 0)

    def begin(self, total: int, done: int, failed: int) -> None:
        """The videos are about to be made, some of them are there."""
        self.total, self.done, self.failed = total, done, failed
        self._close()
        self._show("videos", done + failed, total, done + failed)

    def told(self, row: Row) -> None:
        """A row has come to its end."""
        with self._lock:
            if row.state == "done":
                self.done += 1
            elif row.state == "failed":
                self.failed += 1
        self._show("videos", self.done + self.failed, self.total, None)

    def _show(self, what: str, done: int, total: int, initial: int | None) -> None:
        if self._call is not None:
            words = f"{done} of {total}" + (f", {self.failed} failed" if self.failed and what == "videos" else "")
            self._call(Progress(what, done / total if total else 1.0, words))
        if not self._shows:
            return
        with self._lock:
            if self._bar is None or self._bar.desc.rstrip(": ") != what:
                if self._bar is not None:
                    self._bar.close()
                from tqdm.auto import tqdm  # noqa: PLC0415 -- notebooks' widgets, only when a bar is shown

                # Nearly the mean over the run: rows end in bursts, and the last ones say little.
                self._bar = tqdm(total=total, desc=what, unit="", initial=initial or 0, smoothing=0.05)
            self._bar.total = total
            self._bar.set_postfix(failed=self.failed, refresh=False) if self.failed else None
            self._bar.update(done - self._bar.n)

    def _close(self) -> None:
        with self._lock:
            if self._bar is not None:
                self._bar.close()
                self._bar = None
