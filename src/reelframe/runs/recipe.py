"""What all rows of a batch share, and how it becomes tasks. Everything that is wrong is told at once, per row."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reelframe.draft import Brand
from reelframe.errors import ConfigurationError, MediaError, ReelframeError, TableError
from reelframe.media.model import Media
from reelframe.runs.pictures import Probes, is_url, listed, shared
from reelframe.runs.table import Products
from reelframe.runs.tasks import Task, file_stem
from reelframe.runs.template import Hole, Template, is_missing, plain
from reelframe.tables import CellError

__all__ = ["Expanded", "Prompt", "Recipe", "Wrong", "expand", "told"]

Prompt = str | Callable[[Mapping[str, Any]], str]
# Columns that usually say what a product is called.
_NAMES: Final = ("name", "product", "title", "产品", "名称")
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Recipe:
    """What all rows share; see ``reelframe.batch`` for what each is.

    ``prompts`` are by variant; a sole prompt's variant is "".
    """

    prompts: Mapping[str, Prompt]
    media: tuple[str, ...]
    presets: tuple[str, ...] = ("",)
    logo: Any = None
    music: Any = None
    intro: Any = None
    outro: Any = None
    brand: Brand = field(default_factory=Brand)
    key: str | None = None
    project: str | None = None
    output: tuple[tuple[str, Any], ...] = ()
    root: Path = field(default_factory=Path.cwd)
    # A server that fetches URLs by itself is handed them as they are.
    links: bool = False


@dataclass(frozen=True, slots=True)
class Wrong:
    """A task that can't be begun: its files are missing or can't be used."""

    task: Task
    error: ReelframeError


@dataclass(frozen=True, slots=True)
class Expanded:
    """A table, expanded: tasks in the order of rows, variants, presets; those with an error are in ``wrong`` too."""

    tasks: tuple[Task, ...]
    wrong: tuple[Wrong, ...]
    cells: tuple[CellError, ...]


def expand(
    products: Products,
    recipe: Recipe,
    probes: Probes,
    tell: Callable[[str, int, int], None] | None = None,
) -> Expanded:
    """Make tasks of a table.

    Args:
        products: the rows.
        recipe: what they share.
        probes: finds out what the files are.
        tell: told what is being done, how much of it is done, and of how much.

    Raises:
        TableError: a column is missing.
        ConfigurationError: a prompt that can't be read.
        MediaError: a shared file can't be used.
    """
    templates = {name: _template(prompt, products.columns) for name, prompt in recipe.prompts.items()}
    _check_columns(products, recipe, templates)
    names, cells = _names(products, recipe)
    ends = _Shared.of(recipe, probes)
    prompts, wrong_prompts = _filled(products, templates, names)
    sources, wrong_media, lost = _sources(products, recipe, names)
    every = [s for several in sources for s in several if not (recipe.links and is_url(s))]
    unique = list(dict.fromkeys(every))
    probes.learn(unique, None if tell is None else lambda done: tell("files", done, len(unique)))
    tasks: list[Task] = []
    wrong: list[Wrong] = []
    for row in range(len(products.rows)):
        media, links, error = _media(sources[row], probes, links=recipe.links)
        error = lost.get(row) or error
        for variant in templates:
            for preset in recipe.presets:
                task = Task(
                    row=row,
                    name=names[row],
                    variant=variant,
                    preset=preset,
                    prompt=prompts[row].get(variant, ""),
                    project=_project(products, recipe, row, names[row]),
                    media=(*ends.intro, *media, *ends.outro),
                    logo=ends.logo,
                    music=ends.music,
                    brand=recipe.brand,
                    output=recipe.output,
                    links=links,
                    links_at=len(ends.intro),
                    stem=file_stem(names[row], variant, preset),
                )
                tasks.append(task)
                if error is not None:
                    wrong.append(Wrong(task, error))
    return Expanded(_unique_stems(tasks), tuple(wrong), (*cells, *wrong_prompts, *wrong_media))


def told(cells: Sequence[CellError]) -> TableError:
    """The error that lists every wrong cell."""
    said = Counter(str(cell) for cell in cells)
    lines = list(said)[:_SHOWN]
    if len(said) > _SHOWN:
        lines.append(f"and {len(said) - _SHOWN} more; pandas.DataFrame(error.cells) has them all")
    # Rows with one key between them are several, and are told in one line.
    times: dict[str, int] = {}
    for cell in cells:
        times[cell.row] = max(times.get(cell.row, 0), said[str(cell)])
    rows = sum(times.values())
    message = f"{rows} {'row' if rows == 1 else 'rows'} can't be made:\n  " + "\n  ".join(lines) + "\n"
    hint = 'Nothing was started. Mend the table, or pass invalid="skip" to make the others.'
    return TableError(message, hint=hint, cells=tuple(cells))


@dataclass(frozen=True, slots=True)
class _Shared:
    """The files that all rows share, probed."""

    intro: tuple[Media, ...]
    outro: tuple[Media, ...]
    logo: Media | None
    music: Media | None

    @classmethod
    def of(cls, recipe: Recipe, probes: Probes) -> _Shared:
        def several(given: Any) -> tuple[Media, ...]:  # noqa: ANN401 -- a source
            paths = shared(given, recipe.root)
            probes.learn(paths)
            return tuple(probes.get(path) for path in paths)

        def one(given: Any, what: str) -> Media | None:  # noqa: ANN401 -- a source
            found = several(given)
            if len(found) > 1:
                message = f"{what} is one file, not {len(found)}."
                raise ConfigurationError(message, hint="Name the file itself.")
            return found[0] if found else None

        return cls(several(recipe.intro), several(recipe.outro), one(recipe.logo, "logo"), one(recipe.music, "music"))


def _template(prompt: Prompt, columns: Sequence[str]) -> Template | Callable[[Mapping[str, Any]], str]:
    if callable(prompt):
        return prompt
    if prompt in columns:
        return Template.of("{" + prompt + "}")
    return Template.of(prompt)


def _check_columns(products: Products, recipe: Recipe, templates: Mapping[str, Any]) -> None:
    wanted: list[tuple[str, str]] = []
    for template in templates.values():
        if isinstance(template, Template):
            wanted += [(column, "prompt") for column in template.columns]
    wanted += [(column, "media") for column in recipe.media]
    wanted += [(column, what) for column, what in ((recipe.key, "key"), (recipe.project, "project")) if column]
    missing = [(column, what) for column, what in dict.fromkeys(wanted) if column not in products.columns]
    if missing:
        cells = tuple(
            CellError("(all)", column, None, f"the {what} needs this column.", ", ".join(products.columns))
            for column, what in missing
        )
        names = ", ".join(f"{column!r} ({what})" for column, what in missing)
        message = f"The table has no column {names}."
        raise TableError(message, hint=f"It has: {', '.join(products.columns)}.", cells=cells)


def _names(products: Products, recipe: Recipe) -> tuple[list[str], list[CellError]]:
    """What each row is called, and the rows whose key is missing or stands twice."""
    column = recipe.key
    if column is None:
        labels = [label if not isinstance(label, tuple) else "-".join(map(str, label)) for label in products.index]
        numbered = pd.api.types.is_integer_dtype(products.index)
        titles = next((c for c in _NAMES if c in products.columns), None)
        names = []
        for label, row in zip(labels, products.rows, strict=True):
            title = row[titles] if titles else None
            # A bare number says nothing in a folder of videos.
            names.append(f"{label} {plain(title)}" if numbered and not is_missing(title) else str(plain(label)))
        column, values = "(index)", labels
    else:
        values = [row[column] for row in products.rows]
        names = ["" if is_missing(value) else str(plain(value)) for value in values]
    cells = []
    places: dict[str, list[str]] = {}
    for name, label in zip(names, products.index, strict=True):
        places.setdefault(name, []).append(str(label))
    for n, name in enumerate(names):
        if not name.strip():
            # It needs some name to be told by.
            names[n] = f"(row {products.index[n]})"
            cells.append(CellError(names[n], column, values[n], "the key is empty."))
        elif len(places[name]) > 1:
            why = f"the key stands {len(places[name])} times: rows {', '.join(places[name][:_SHOWN])}."
            cells.append(CellError(name, column, values[n], why, 'a column of keys that differ, as in key="sku"'))
    return names, cells


def _filled(
    products: Products, templates: Mapping[str, Any], names: Sequence[str]
) -> tuple[list[dict[str, str]], list[CellError]]:
    out: list[dict[str, str]] = []
    cells: dict[tuple[str, str, str], CellError] = {}
    for row, name in zip(products.rows, names, strict=True):
        texts: dict[str, str] = {}
        for variant, template in templates.items():
            if isinstance(template, Template):
                text, holes = template.fill(row)
            else:
                text, problem = _called(template, row)
                holes = (Hole("prompt", None, problem),) if problem else ()
            if not holes and not text.strip():
                holes = (Hole("prompt", text, "the prompt is empty."),)
            # Several variants may lack the same thing: it is told once.
            cells.update({(name, h.column, h.why): CellError(name, h.column, h.value, h.why) for h in holes})
            texts[variant] = text
        out.append(texts)
    return out, list(cells.values())


def _called(function: Callable[[Mapping[str, Any]], str], row: Mapping[str, Any]) -> tuple[str, str]:
    """The text of a prompt function, or what went wrong in it: it is the user's code and may raise anything."""
    try:
        text = function(row)
    except Exception as error:  # noqa: BLE001 -- see above
        return "", f"the prompt function failed: {type(error).__name__}: {error}."
    return (text, "") if isinstance(text, str) else ("", f"the prompt function gave {type(text).__name__}, not a text.")


def _sources(
    products: Products, recipe: Recipe, names: Sequence[str]
) -> tuple[list[tuple[str, ...]], list[CellError], dict[int, ReelframeError]]:
    out: list[tuple[str, ...]] = []
    cells: list[CellError] = []
    lost: dict[int, ReelframeError] = {}
    for n, row in enumerate(products.rows):
        found: list[str] = []
        for column in recipe.media:
            try:
                found += listed(row[column], recipe.root)
            except MediaError as error:
                lost[n] = error
        if not found and n not in lost:
            where = ", ".join(recipe.media) or "media"
            cells.append(CellError(names[n], where, None, "no photo or clip is named.", "a path, a URL, or a list"))
        out.append(tuple(found))
    return out, cells, lost


def _media(
    sources: Iterable[str], probes: Probes, *, links: bool
) -> tuple[tuple[Media, ...], tuple[str, ...], ReelframeError | None]:
    media: list[Media] = []
    urls: list[str] = []
    for source in sources:
        if links and is_url(source):
            urls.append(source)
            continue
        try:
            media.append(probes.get(source))
        except ReelframeError as error:
            return (), (), error
    return tuple(media), tuple(urls), None


def _project(products: Products, recipe: Recipe, row: int, name: str) -> str:
    column = recipe.project or next((c for c in _NAMES if c in products.columns), None)
    value = products.rows[row][column] if column else None
    return name if is_missing(value) else str(plain(value))


def _unique_stems(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """File names that are different, also where names differ only in signs that no file's name has.

    Which of several gets the plain name follows from the names and not from the order of the rows: a table may be
    sorted between two runs.
    """
    # Folders of some systems don't tell upper from lower case.
    asked = Counter(task.stem.casefold() for task in tasks)
    given: set[str] = set()
    stems: dict[int, str] = {}
    for i in sorted(range(len(tasks)), key=lambda i: (tasks[i].name, tasks[i].variant, tasks[i].preset)):
        stem = tasks[i].stem
        candidates = (stem if n == 1 else f"{stem}-{n}" for n in itertools.count(1))
        # A made-up name must not be one that another row has by itself either.
        stems[i] = next(
            one for one in candidates if one.casefold() not in given and (one == stem or one.casefold() not in asked)
        )
        given.add(stems[i].casefold())
    return tuple(replace(task, stem=stems[i]) for i, task in enumerate(tasks))
