"""A table of products becomes a video for each row: ``batch``, what came of it, and how it looks.

::

    table, recipe ─expand─▶ tasks ─key─▶ ledger ─decide─▶ local (processes, any executor) | hosted (one loop)
                                            ▲                                │
                                            └────── moved into place ◀───────┘ ─▶ results, gallery
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reelframe.runs.contact import Gallery, compare, gallery
    from reelframe.runs.run import abatch, batch, batch_status
    from reelframe.runs.samples import sample_logo, sample_products

__all__ = [
    "Gallery",
    "abatch",
    "batch",
    "batch_status",
    "compare",
    "gallery",
    "sample_logo",
    "sample_products",
]

_HOMES = {
    "Gallery": "contact",
    "abatch": "run",
    "batch": "run",
    "batch_status": "run",
    "compare": "contact",
    "gallery": "contact",
    "sample_logo": "samples",
    "sample_products": "samples",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- whatever the name stands for
    """Load a public name when it is first used: a worker process needs few of them."""
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
