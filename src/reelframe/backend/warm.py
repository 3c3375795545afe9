"""Loads, while nobody waits, what the first upload, the first request and its preview would load one after another."""

from __future__ import annotations

import contextlib
import importlib
import threading
from typing import Final

__all__ = ["warm_up"]

# In the order in which they are needed. What they bring in themselves need not be named.
_NEEDED: Final = (
    "reelframe.planner.engine",
    "reelframe.backend.app",
    # Loaded by name, when the app first runs on a loop.
    "anyio._backends._asyncio",
    "reelframe.render.resolve",
    "reelframe.render.streaming",
    "reelframe.render.outputs.job",
)


def warm_up() -> threading.Thread:
    """Begin to load them, in a thread of its own; two seconds of processor time the first time, nothing after that."""
    # No daemon: Python must not end in the middle of a C++ library's beginning. So it waits, for one of these at most.
    thread = threading.Thread(target=_load, name="reelframe-warm-up")
    thread.start()
    return thread


def _load() -> None:
    for name in _NEEDED:
        if not threading.main_thread().is_alive():
            return
        # What can't be loaded is said where it is needed.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
