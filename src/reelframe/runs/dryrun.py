"""``check=True``: every row planned and nothing rendered. Many rows are planned by several processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from reelframe.runs.outlook import Outlook, outlooks
from reelframe.runs.results import array_of
from reelframe.runs.tasks import Task
from reelframe.runs.work import begin_worker

__all__ = ["Outlook", "check_frame", "look_ahead"]

# From so many tasks on, processes pay for their start.
_FEW: Final = 400
_CHUNK: Final = 250
_DTYPES: Final[dict[str, str]] = {
    "name": "string", "variant": "string", "preset": "string", "status": "category", "prompt": "string",
    "does": "object", "shots": "Int64", "texts": "object", "duration_s": "Float64", "width": "Int64",
    "height": "Int64", "estimated_s": "Float64", "estimated_mb": "Float64", "credits": "Float64",
    "missing": "object", "error_code": "string", "error": "string", "assumptions": "object",
}  # fmt: skip
_STATUSES: Final = ("ready", "made", "invalid")


def look_ahead(tasks: Sequence[Task], workers: int, tell: Callable[[int], None] | None = None) -> list[Outlook]:
    """Plan tasks, none of which is rendered; what can't be planned is told in its outlook."""
    sizes = _sizes(tasks)
    chunks = [tasks[n : n + _CHUNK] for n in range(0, len(tasks), _CHUNK)]
    found: list[Outlook] = []
    for part in _mapped(chunks, sizes, workers if len(tasks) > _FEW else 1):
        found += part
        if tell is not None:
            tell(len(found))
    return found


def _mapped(
    chunks: Sequence[Sequence[Task]], sizes: Mapping[str, Mapping[str, Any]], workers: int
) -> Iterable[list[Outlook]]:
    if workers == 1:
        yield from (outlooks(chunk, sizes) for chunk in chunks)
        return
    import loky  # noqa: PLC0415 -- processes, only when there is much to plan

    pool: Any = loky.ProcessPoolExecutor(
        max_workers=min(workers, len(chunks)), initializer=begin_worker, initargs=(os.getpid(),)
    )
    whole = False
    try:
        yield from pool.map(outlooks, chunks, [sizes] * len(chunks))
        whole = True
    finally:
        # After an interrupt nobody waits for rows that were not planned yet.
        pool.shutdown(wait=True, kill_workers=not whole)


def _sizes(tasks: Sequence[Task]) -> dict[str, Mapping[str, Any]]:
    """What each preset says of the size, resolved here so that the processes need nothing of the backend."""
    from reelframe import connect  # noqa: PLC0415 -- the skin's

    out: dict[str, Mapping[str, Any]] = {}
    for name in {task.preset for task in tasks}:
        shape = connect.preset_of(name) if name else None
        out[name] = (
            {}
            if shape is None
            else {"short": min(shape.width, shape.height)}
            if shape.any_shape
            else {"width": shape.width, "height": shape.height}
        )
    return out


def check_frame(
    tasks: Sequence[Task],
    seen: Mapping[int, Outlook],
    problems: Mapping[int, Sequence[tuple[str, str]]],
    made: frozenset[int],
    price: float | None,
    index: pd.Index[Any],
) -> pd.DataFrame:
    """The table of a dry run: a row for each task.

    Args:
        tasks: all of them.
        seen: by place in ``tasks``, for those that could be planned.
        problems: by place: codes and texts of what is missing or wrong.
        made: places of those whose video is there already.
        price: credits that a row costs, None where nothing does.
        index: a label for each.
    """
    records: list[dict[str, Any]] = []
    for n, task in enumerate(tasks):
        found = seen.get(n, Outlook())
        wrong = list(problems.get(n, ())) or ([(found.error_code, found.error)] if found.error else [])
        status = "invalid" if wrong else "made" if n in made else "ready"
        ready = status == "ready"
        records.append(
            {
                "name": task.name,
                "variant": task.variant,
                "preset": task.preset,
                "status": status,
                "prompt": task.prompt,
                "does": list(found.does),
                "shots": found.shots if not wrong else None,
                "texts": list(found.texts),
                "duration_s": found.duration_s if not wrong else None,
                "width": found.width if not wrong else None,
                "height": found.height if not wrong else None,
                "estimated_s": round(found.seconds, 1) if ready else 0.0,
                "estimated_mb": round(found.megabytes, 2) if ready else 0.0,
                "credits": (price if ready else 0.0) if price is not None else None,
                "missing": [text for _, text in wrong],
                "error_code": wrong[0][0] if wrong else None,
                "error": "; ".join(text for _, text in wrong) or None,
                "assumptions": list(found.assumptions),
            }
        )
    columns = {name: array_of(dtype, [r[name] for r in records], _STATUSES) for name, dtype in _DTYPES.items()}
    return pd.DataFrame(columns, index=index)
