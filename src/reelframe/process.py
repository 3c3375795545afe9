"""Who holds a lease: a process, by machine, id and start time, so that a reused id is not taken for it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

__all__ = ["alive", "me", "started"]

# A holder may add "#" and a name of its own for one of its leases.
_FORM: Final = re.compile(r"(?P<host>[^#]*)\|(?P<pid>\d+)\|(?P<start>[^#]*)(#.*)?")
# In /proc/<pid>/stat the start time is field 22; the fields are counted behind the command's closing
# bracket, because the command may hold spaces (man 5 proc).
_START_FIELD: Final = 22 - 3


def started(pid: int) -> str | None:
    """When a process of this machine started, in whatever form the system tells it; None: there is none.

    "" means that the process exists and the system does not say.
    """
    if sys.platform.startswith("linux"):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        # A zombie has ended: nothing of it will ever report again.
        return None if fields[0] in {"Z", "X"} else fields[_START_FIELD]
    if sys.platform == "win32":  # pragma: no cover -- not the platform that the tests run on
        return _windows(pid)
    asked = subprocess.run(  # noqa: S603 -- a fixed command and a number
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or None


def _windows(pid: int) -> str | None:  # pragma: no cover -- see above
    import ctypes  # noqa: PLC0415 -- there is a windll on Windows only

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    query_limited_information = 0x1000
    handle = kernel.OpenProcess(query_limited_information, 0, pid)
    if not handle:
        return None
    times = [ctypes.c_ulonglong() for _ in range(4)]
    known = kernel.GetProcessTimes(handle, *map(ctypes.byref, times))
    kernel.CloseHandle(handle)
    ended = times[1].value != 0
    return None if ended else str(times[0].value) if known else ""


@cache
def _own_start(pid: int) -> str:
    return started(pid) or ""


def me() -> str:
    """This process's name on a lease."""
    pid = os.getpid()
    return f"{socket.gethostname()}|{pid}|{_own_start(pid)}"


def alive(holder: str) -> bool:
    """Whether the process of this name may still be at work.

    One on another machine counts as alive: only its heartbeat can tell.
    """
    match = _FORM.fullmatch(holder)
    if match is None:
        return False
    if match["host"] != socket.gethostname():
        return True
    start = started(int(match["pid"]))
    return start is not None and (not start or not match["start"] or start == match["start"])
