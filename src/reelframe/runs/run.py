"""``batch`` and ``abatch``: a table of products in, a video for each row and a table of results out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from reelframe import connect
from reelframe.draft import Brand
from reelframe.errors import APIError, ConfigurationError, JobCancelledError, ReelframeError
from reelframe.jobs import OnProgress, background
from reelframe.runs import dryrun
from reelframe.runs.fetching import fetched
from reelframe.runs.holding import heart, new_holder
from reelframe.runs.hosted import Hosted
from reelframe.runs.ledger import Ledger
from reelframe.runs.local import Local, cores
from reelframe.runs.pace import Budget, Pace
from reelframe.runs.pictures import Probes
from reelframe.runs.planning import code_of
from reelframe.runs.progress import Watch
from reelframe.runs.recipe import Expanded, Prompt, Recipe, expand, told
from reelframe.runs.results import frame_of, labels_of, with_budget
from reelframe.runs.table import Products, read
from reelframe.runs.target import Target
from reelframe.runs.tasks import key_of

if TYPE_CHECKING:
    import pandas as pd

    from reelframe.client import Server

__all__ = ["abatch", "batch", "batch_status"]

_EMBEDDED: Final = "local"


def batch(  # noqa: PLR0913 -- what a person calls has options, named ones
    products: Any,  # noqa: ANN401 -- a table of any library
    prompt: Prompt | None = None,
    media: str | Sequence[str] = "media",
    out: str | os.PathLike[str] = "videos",
    *,
    variants: Mapping[str, Prompt] | None = None,
    preset: str | Sequence[str] | None = None,
    logo: Any = None,  # noqa: ANN401 -- a path, a URL or a (name, bytes) pair
    music: Any = None,  # noqa: ANN401 -- the same
    intro: Any = None,  # noqa: ANN401 -- the same, or a list
    outro: Any = None,  # noqa: ANN401 -- the same, or a list
    brand: Brand | Mapping[str, Any] | None = None,
    key: str | None = None,
    project: str | None = None,
    output: Mapping[str, Any] | None = None,
    root: str | os.PathLike[str] | None = None,
    backend: str | Server = _EMBEDDED,
    client: Mapping[str, Any] | None = None,
    max_credits: float | None = None,
    check: bool = False,
    invalid: Literal["raise", "skip"] = "raise",
    executor: Executor | None = None,
    workers: int | None = None,
    concurrency: int = 4,
    progress: bool | OnProgress = True,
) -> pd.DataFrame:
    """Make a video for each row of a table.

    What is meant to be done is noted down in a ledger beside the videos before it is begun. Call it again with
    the same arguments, after a crash, an interrupt or with more rows, and only what is missing is done. An
    interrupt (Ctrl-C, a notebook's stop button) ends it and returns what there is.

    Args:
        products: a pandas DataFrame, or what narwhals reads (polars, pyarrow, a duckdb relation).
        prompt: what to make: a template over the row's columns (``"A 15-second video of {name} for {price:.2f} €"``),
            a function of the row, or a column that holds prompts.
        media: the column, or columns, with photos and clips: paths, folders, patterns, URLs, or lists of them.
        out: where the videos go: a folder, or an fsspec URL such as ``s3://bucket/videos``.
        variants: several prompts for each row, by name, instead of ``prompt``.
        preset: what to export for ("tiktok", "youtube", …), or several.
        logo: a picture for the corner of all videos.
        music: a sound file for all videos, instead of composed music.
        intro: what all videos begin with: photos or clips, as shots of their own.
        outro: what they end with.
        brand: looks that all share: an ``rf.Brand`` or a mapping of its names: ``colors``, ``font``, ``logo_position``,
            ``look``.
        key: the column that names the products; needed if the table is to grow or be sorted between two runs.
        project: the column that a title is taken from when the prompt asks for one without words; by default
            ``name``, ``product`` or ``title``, if there is one.
        output: more about the files: ``width``, ``height``, ``fps``, ``quality``, ``format``.
        root: where relative paths in the table begin; by default the current folder.
        backend: "local" (this machine), "nemo" (the hosted service), or a server's URL.
        client: options of the client of a server: ``token``, ``timing``, …
        max_credits: on a server, stop before more than this is spent by all runs of these rows together.
        check: plan only, and tell what each row would do, lack and cost. Nothing is made or charged.
        invalid: what to do about rows that can't be made as they stand (an empty cell in a prompt, no media, a
            key that stands twice): "raise" tells all of them before anything starts, "skip" makes the others.
        executor: any ``concurrent.futures.Executor`` to render with, Dask's ``client.get_executor(pure=False)`` too.
        workers: processes of our own; by default one for each core, or for a few rows this one with all its cores.
        concurrency: rows at a time on a server; slowed down when it says that it is too much.
        progress: a bar; a function that is called with every ``Progress``; or False.

    Returns:
        a row for each product, variant and preset, in the table's order and with its index: name, variant, preset,
        status (waiting, running, done, failed), path, duration_s, width, height, size_bytes, loudness_lufs, render_s,
        credits, attempts, error_code, error, assumptions, session_id, thumbnail, prompt. With ``check``: what each
        would do, ``estimated_s`` (of one core), ``estimated_mb``, ``missing``, …

    Raises:
        TableError: rows that can't be made (``.cells`` lists them), an empty table, a missing column.
        ConfigurationError: an option is wrong.
        MediaError: a shared file can't be used.
        StorageError: ``out`` can't be written.
        JobCancelledError: an interrupt while the table was read, before anything was begun.

    >>> products = sample_products().head(2)
    >>> more = {"output": {"width": 180, "height": 320, "fps": 10}, "progress": False}
    >>> results = batch(products, "A 2-second vertical video of {name}", "photos", "videos", **more)
    >>> results.status.tolist()
    ['done', 'done']
    """
    options = _options(locals())
    with Watch(progress) as watch:
        with _before_anything():
            run = _Run(options, watch)
            if check:
                return run.check()
        with run:
            if run.server is None:
                run.local()
            else:
                with contextlib.suppress(KeyboardInterrupt):
                    background().run(run.hosted())
            return run.results()


async def abatch(
    products: Any,  # noqa: ANN401 -- a table of any library
    prompt: Prompt | None = None,
    media: str | Sequence[str] = "media",
    out: str | os.PathLike[str] = "videos",
    **more: Any,  # noqa: ANN401 -- as `batch` takes them
) -> pd.DataFrame:
    """``batch``, awaitable, with the same arguments. Cancelling it stops the work; ``batch_status`` tells the rest.

    >>> from reelframe import run
    >>> plans = run(abatch(products, "A 5-second video of {name}", "photos", check=True, progress=False))
    >>> plans.duration_s.tolist()
    [5.0, 5.0]
    """
    given = {"products": products, "prompt": prompt, "media": media, "out": out, **more}
    options = _options(_with_defaults(given))
    with Watch(options.progress) as watch:
        run = await asyncio.to_thread(_Run, options, watch)
        if options.check:
            return await asyncio.to_thread(run.check)
        with run:
            if run.server is not None:
                await run.hosted()
            else:
                await _in_thread(run)
            return run.results()


@contextlib.contextmanager
def _before_anything() -> Iterator[None]:
    """An interrupt while files are looked at or rows are planned: there is no result yet to give back."""
    try:
        yield
    except KeyboardInterrupt:
        message = "Stopped before anything was made."
        raise JobCancelledError(message, hint="Call it again; files that were looked at are known.") from None


async def _in_thread(run: _Run) -> None:
    work = asyncio.ensure_future(asyncio.to_thread(run.local))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        run.stop.set()
        await asyncio.wait([work])
        raise


def batch_status(out: str | os.PathLike[str] = "videos") -> pd.DataFrame:
    """How the latest batch into this place stands, from any process: the same table as ``batch`` returns.

    Args:
        out: as it was given to ``batch``.

    Raises:
        ConfigurationError: there was no batch there.

    >>> small = {"output": {"width": 180, "height": 320, "fps": 10}, "progress": False}
    >>> _ = batch(products, "A 1-second video of {name}", "photos", "elsewhere", **small)
    >>> batch_status("elsewhere").status.tolist()
    ['done', 'done']
    """
    target = Target(out)
    if not target.ledger.exists():
        message = f"There was no batch into {out}."
        raise ConfigurationError(message, hint="Give the folder or URL that batch(out=…) was given.")
    ledger = Ledger(target.ledger, connect.holder_lives)
    try:
        latest = ledger.latest_run()
        rows = ledger.rows(latest) if latest else []
        # What a process that died was at is not running any more.
        return frame_of(
            [
                replace(row, state="waiting") if row.state in {"running", "moving"} and not ledger.held(row) else row
                for row in rows
            ]
        )
    finally:
        ledger.close()


@dataclass(frozen=True, slots=True)
class _Options:
    """The arguments of ``batch``, checked."""

    products: Products
    recipe: Recipe
    out: str | os.PathLike[str]
    backend: str | Server
    client: Mapping[str, Any]
    max_credits: float | None
    check: bool
    invalid: str
    executor: Executor | None
    workers: int | None
    concurrency: int
    progress: bool | OnProgress


def _with_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    import inspect  # noqa: PLC0415 -- next to its one use

    bound = inspect.signature(batch).bind(**given)
    bound.apply_defaults()
    return dict(bound.arguments)


def _options(given: Mapping[str, Any]) -> _Options:
    prompt, variants = given["prompt"], given["variants"]
    if (prompt is None) == (variants is None):
        message = "Give a prompt, or variants with one prompt each."
        raise ConfigurationError(
            message, hint='prompt="A 15-second video of {name}" or variants={"short": …, "long": …}'
        )
    if variants is not None and not variants:
        message = "variants is empty: there is nothing to make."
        raise ConfigurationError(message, hint='variants={"short": "A 10-second video of {name}", "long": …}')
    for name in ("concurrency", "workers"):
        if given[name] is not None and given[name] < 1:
            message = f"{name} is {given[name]}, and must be at least 1."
            raise ConfigurationError(message)
    if given["invalid"] not in {"raise", "skip"}:
        message = f"invalid is {given['invalid']!r}."
        raise ConfigurationError(message, hint='It is "raise" or "skip".')
    if given["executor"] is not None and given["backend"] != _EMBEDDED:
        message = "An executor renders on machines of yours; a server renders by itself."
        raise ConfigurationError(message, hint='Leave out executor=, or use backend="local".')
    presets = given["preset"]
    presets = ("",) if presets is None else (presets,) if isinstance(presets, str) else tuple(presets)
    output = tuple(sorted((given["output"] or {}).items()))
    _check_output(presets, dict(output))
    recipe = Recipe(
        prompts={"": prompt} if variants is None else dict(variants),
        media=(given["media"],) if isinstance(given["media"], str) else tuple(given["media"]),
        presets=presets,
        logo=given["logo"],
        music=given["music"],
        intro=given["intro"],
        outro=given["outro"],
        brand=Brand.of(given["brand"] or {}).located(),
        key=given["key"],
        project=given["project"],
        output=output,
        root=Path(given["root"] or ".").expanduser().absolute(),
        links=given["backend"] != _EMBEDDED,
    )
    return _Options(
        read(given["products"]), recipe,
        **{name: given[name] for name in (
            "out", "backend", "max_credits", "check", "invalid", "executor", "workers", "concurrency", "progress",
        )},
        client=dict(given["client"] or {}),
    )  # fmt: skip


def _of_preset(recipe: Recipe, name: str) -> dict[str, Any]:
    return {**dict(recipe.output), **({"preset": name} if name else {})}


def _check_output(presets: Sequence[str], output: Mapping[str, Any]) -> None:
    from reelframe.draft import Draft  # noqa: PLC0415 -- next to its one use

    known = {"width", "height", "fps", "quality", "format", "short_side"}
    if unknown := sorted(set(output) - known):
        message = f"output has no {', '.join(unknown)}."
        raise ConfigurationError(message, hint=f"It has: {', '.join(sorted(known))}.")
    try:
        for name in presets:
            connect.sized(Draft(), {**output, **({"preset": name} if name else {})})
    except APIError as error:
        raise ConfigurationError(error.message, hint=error.hint) from error


class _Run:
    """One call of ``batch``: the table expanded, the ledger open."""

    def __init__(self, options: _Options, watch: Watch) -> None:
        self.options, self.watch = options, watch
        self.stop = threading.Event()
        self.stopped = ""
        self.server: str | Server | None = None if options.backend == _EMBEDDED else options.backend
        self.target = Target(options.out)
        self._name = options.backend if isinstance(options.backend, str) else options.backend.base_url
        self.id = uuid.uuid4().hex
        self.holder = new_holder()
        self.ledger: Ledger | None = None
        if not options.check:
            self.target.prepare()
        if self.target.ledger.exists() or not options.check:
            self.ledger = Ledger(self.target.ledger, connect.holder_lives)
        try:
            self._expand()
        except BaseException:
            self._close()
            raise

    def _expand(self) -> None:
        probes = Probes(self.ledger.media() if self.ledger else {}, None if self.server else fetched)
        try:
            self.expanded: Expanded = expand(self.options.products, self.options.recipe, probes, self.watch.files)
        finally:
            # Also after an interrupt: thousands of files are not looked at twice.
            if self.ledger and not self.options.check:
                self.ledger.keep_media(probes.fresh)
        self.tasks = self.expanded.tasks
        self.keys = [key_of(task, self._name) for task in self.tasks]
        self.problems = self._problems()
        self.index = labels_of(self.options.products.index, [task.row for task in self.tasks])
        if self.expanded.cells and self.options.invalid == "raise" and not self.options.check:
            raise told(self.expanded.cells)

    def _problems(self) -> dict[int, list[tuple[str, str]]]:
        """What is wrong with each task, by its place."""
        by_name: dict[str, list[tuple[str, str]]] = {}
        for cell in self.expanded.cells:
            by_name.setdefault(cell.row, []).append(("table", f"{cell.column}: {cell.why}"))
        by_row = {wrong.task.row: wrong.error for wrong in self.expanded.wrong}
        out: dict[int, list[tuple[str, str]]] = {}
        for n, task in enumerate(self.tasks):
            error = by_row.get(task.row)
            told_of = dict.fromkeys(by_name.get(task.name, []))
            found = [*told_of, *([(code_of(error), str(error))] if error else [])]
            if found:
                out[n] = found
        return out

    # -- a dry run ----------------------------------------------------------------------------------

    def check(self) -> pd.DataFrame:
        """Plan only."""
        try:
            made = self._made()
            places = [n for n in range(len(self.tasks)) if n not in self.problems]
            workers = self.options.workers or cores()
            told_of = self.watch.planned(len(places))
            found = dryrun.look_ahead([self.tasks[n] for n in places], workers, told_of)
            outlooks = dict(zip(places, found, strict=True))
            return dryrun.check_frame(self.tasks, outlooks, self.problems, made, self._price(), self.index)
        finally:
            self._close()

    def _made(self) -> frozenset[int]:
        if self.ledger is None:
            return frozenset()
        done = self.ledger.finished()
        return frozenset(
            n for n, key in enumerate(self.keys) if key in done and self.target.size(done[key][0]) == done[key][1]
        )

    def _price(self) -> float | None:
        """What a row costs on a server, as far as is known: the dearest so far, or one credit for its message."""
        if self.server is None:
            return None
        seen = self.ledger.dearest() if self.ledger else None
        return 1.0 if seen is None else seen

    # -- a real one ---------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        assert self.ledger is not None  # noqa: S101 -- for the type checker: there is one unless only checking
        extensions = {
            name: connect.extension_of(_of_preset(self.options.recipe, name)) for name in {t.preset for t in self.tasks}
        }
        items = [
            (key, task, self.target.path(task.stem, extensions[task.preset]))
            for key, task in zip(self.keys, self.tasks, strict=True)
        ]
        self.ledger.begin(self.id, self._name, items)
        for n, problem in self.problems.items():
            self.ledger.refuse(self.keys[n], problem[0][0], "; ".join(text for _, text in problem))
        self._tidy()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ReelframeError):
            self._tidy()
        self._close()

    def _tidy(self) -> None:
        ledger = self._ledger
        living = {holder.rpartition("#")[2] for holder in ledger.holders() if ledger.lives(holder)}
        self.target.tidy(ledger.parts(), living.__contains__)

    @property
    def _ledger(self) -> Ledger:
        assert self.ledger is not None  # noqa: S101 -- as above
        return self.ledger

    def _rows(self) -> list[Any]:
        """The rows that can be made."""
        rows = self._ledger.rows_of(self.keys)
        can = [row for n, row in enumerate(rows) if n not in self.problems]
        done = sum(row.state == "done" and self.target.size(row.path) is not None for row in can)
        self.watch.begin(len(rows), done, len(self.problems))
        return can

    def local(self) -> None:
        """Render on machines of ours. An interrupt ends it quietly."""
        work = Local(
            self._ledger, self.target, dict(zip(self.keys, self.tasks, strict=True)), self.holder, self.stop,
            self.watch.told, executor=self.options.executor, workers=self.options.workers,
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt), heart(self._ledger, self.holder):
            work.run(self._rows())

    async def hosted(self) -> None:
        """Have it done by a server."""
        budget = Budget(self.options.max_credits, self._ledger.spent(self.keys), self._ledger.dearest())
        work = Hosted(
            self._ledger, self.target, dict(zip(self.keys, self.tasks, strict=True)), self.holder, self.watch.told,
            server=self.server or _EMBEDDED, options=self.options.client, pace=Pace(self.options.concurrency),
            budget=budget,
        )  # fmt: skip
        with heart(self._ledger, self.holder):
            self.stopped = await work.run(self._rows())

    def results(self) -> pd.DataFrame:
        """The table as it stands."""
        ledger = self._ledger
        ledger.end(self.id)
        frame = with_budget(frame_of(ledger.rows_of(self.keys), self.index), self.options.max_credits)
        frame.attrs["out"] = str(self.options.out)
        if self.stopped:
            frame.attrs["stopped"] = self.stopped
        return frame

    def _close(self) -> None:
        if self.ledger is not None:
            self.ledger.close()
