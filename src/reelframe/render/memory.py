"""How this process keeps its memory while it renders: little that lies about, in pages no larger than need be.

Out of the box glibc gives each thread a heap of its own, where what one thread freed no other can use, and learns from
the first photo that is freed to keep memory of up to 32 MB at a time. Encoders and arrays ask for huge pages: each
plane then takes a multiple of 2 MB, and the system has to find so much in one piece and clear it, which in a virtual
machine takes ten times as long as small pages do. An encoder at 1080p is 130 MB, and each piece of a video has a new
one. Together that made a render take 45 MB more than it uses and spend a sixth of its time in the system.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Iterator
from functools import cache
from typing import Final

__all__ = ["sparing"]

# <malloc.h> of glibc.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
# What is larger goes back to the system when it is freed: the planes of a frame at 1080p are 2 MB and 0.5 MB and stay,
# those that an encoder refers to and whole photos are 8 to 18 MB. With 10 MB an encoder's memory would stay for the
# next one, which saves a tenth of the time and takes 100 MB more.
_LARGE: Final = 8_000_000
# So much may lie free at the heap's end; else it would be given back and asked for again with every frame.
_FREE: Final = 64_000_000
# <linux/prctl.h>
_PR_SET_THP_DISABLE: Final = 41
_PR_GET_THP_DISABLE: Final = 42

_lock = threading.Lock()
_sparing = 0


@contextlib.contextmanager
def sparing() -> Iterator[None]:
    """Spare memory while the block runs; several threads may be in one at once.

    That all threads share one heap holds from then on; huge pages are left alone again behind the last block, and what
    was freed goes back to the system. Where it is not glibc on Linux, nothing is changed.
    """
    global _sparing  # noqa: PLW0603 -- huge pages are the process's: the first block turns them off, the last one on
    with _lock:
        _share_heap()
        _sparing += 1
        if _sparing == 1:
            _small_pages(only=True)
    try:
        yield
    finally:
        with _lock:
            _sparing -= 1
            if _sparing == 0:
                _small_pages(only=False)
                _give_back()


@cache
def _libc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
    # Other allocators see to it themselves.
    return library if all(hasattr(library, name) for name in ("mallopt", "malloc_trim", "prctl")) else None


@cache
def _share_heap() -> None:
    libc = _libc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_M_TRIM_THRESHOLD, _FREE)


@cache
def _huge_pages_are_ours() -> bool:
    """Whether nobody turned them off before the first render: then nobody wants them on after it."""
    libc = _libc()
    return libc is not None and libc.prctl(_PR_GET_THP_DISABLE, 0, 0, 0, 0) == 0


def _small_pages(*, only: bool) -> None:
    libc = _libc()
    if libc is not None and _huge_pages_are_ours():
        libc.prctl(_PR_SET_THP_DISABLE, int(only), 0, 0, 0)


def _give_back() -> None:
    """Takes about a millisecond."""
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)
