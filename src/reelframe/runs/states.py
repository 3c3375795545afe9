"""What is to be done with a row of the ledger: plain decisions on plain values.

::

    waiting ──claim──▶ running ──facts──▶ moving ──renamed──▶ done
       ▲                 │  │                │                  │ the file is gone, or another row's now
       └── holder died ──┘  └─ error ▶ failed└─ holder died:    ▼
       ▲                              │         finish or make  made anew
       └───────── the next run ───────┘

Nothing is made before the ledger says that it is *running*, and a file appears under its own name only when the
ledger says *moving* and what the file is. So whoever comes after a crash knows of each row whether it is
made, being made by somebody who lives, or to be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = ["LEASE_S", "UNFINISHED", "Action", "Row", "State", "decide"]

State = Literal["waiting", "running", "moving", "done", "failed"]
Action = Literal["make", "settle", "finish", "skip", "wait"]
UNFINISHED: Final = ("waiting", "running", "moving")
# A holder whose heart has been silent for so long is gone, wherever it runs.
LEASE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Row:
    """One task as the ledger has it.

    Attributes:
        key: the task's key.
        position: its place in the latest run that had it.
        stage: how far it is on a server: "", session, uploaded, asking, asked, exporting.
        holder: who is (or was) at work on it.
        part: where the finished file waits to be moved.
        facts: what is known of the file: size_bytes, width, height, …
    """

    key: str
    position: int
    name: str
    variant: str
    preset: str
    prompt: str
    state: State = "waiting"
    stage: str = ""
    holder: str = ""
    attempts: int = 0
    path: str = ""
    part: str = ""
    session_id: str = ""
    credits: float | None = None
    facts: dict[str, Any] | None = None
    error_code: str = ""
    error: str = ""
    poster: bytes = b""


def decide(row: Row, *, held: bool, file_bytes: int | None, part_bytes: int | None) -> Action:
    """What to do with a row.

    Args:
        row: as the ledger has it.
        held: its holder lives and shows it.
        file_bytes: the size of the file under the row's own path; None when there is none.
        part_bytes: the size of the file that waits to be moved there.

    Returns:
        "skip": it is made; "wait": somebody else is at it; "settle": move the part, then it is made;
        "finish": it was moved already, only the ledger does not know; "make": make it.
    """
    expected = (row.facts or {}).get("size_bytes")
    if row.state == "done":
        return "skip" if file_bytes is not None and file_bytes == expected else "make"
    if row.state in {"running", "moving"} and held:
        return "wait"
    if row.state == "moving":
        if part_bytes is not None and part_bytes == expected:
            return "settle"
        # A rename is whole or not at all: with the part gone, a file of this size is the part.
        return "finish" if part_bytes is None and file_bytes is not None and file_bytes == expected else "make"
    return "make"
