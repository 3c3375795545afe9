"""The notebook's cells, where there is an IPython kernel that runs some: what is done when one ends."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from IPython import get_ipython

__all__ = ["after_each_cell", "after_this_cell", "in_kernel"]


def in_kernel() -> bool:
    """Whether this process has cells with outputs."""
    return getattr(get_ipython(), "kernel", None) is not None


def after_each_cell(method: Callable[[], None]) -> None:
    """Call a bound method at the end of every cell, as long as somebody else keeps what it belongs to."""
    kept = weakref.WeakMethod(method)

    def ended(*_: object) -> None:
        if (alive := kept()) is not None:
            alive()

    if in_kernel():
        get_ipython().events.register("post_run_cell", ended)


def after_this_cell(action: Callable[[], object]) -> None:
    """Do something once the cell has ended that runs now; at once where there are no cells."""
    if not in_kernel():
        action()
        return
    events = get_ipython().events

    def ended(*_: object) -> None:
        events.unregister("post_run_cell", ended)
        action()

    events.register("post_run_cell", ended)
