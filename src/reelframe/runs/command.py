"""``reelframe batch``: a table of products from a file, a folder of videos, and what became of each row."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reelframe.errors import ConfigurationError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["backends", "presets", "register"]

_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)
_SHOWN: Final = 20
_SAMPLE_PROMPT: Final = 'A 6-second vertical video with calm music, the title "{name}" and the text "{price:.2f} €"'


def presets(incomplete: str) -> list[str]:
    """The presets that begin so, for the shell's Tab key."""
    from reelframe import connect  # noqa: PLC0415 -- the backend, only for this

    return [name for name in connect.PRESETS if name.startswith(incomplete)]


def backends(incomplete: str) -> list[str]:
    """The backends with names that begin so."""
    return [name for name in ("local", "nemo") if name.startswith(incomplete)]


def register(app: typer.Typer, guarded: Callable[[Callable[[], None]], None]) -> None:
    """Add the command to an app; ``guarded`` runs its work and turns errors into words and exit codes."""

    @app.command()
    def batch(  # noqa: PLR0913, PLR0917 -- a command's options
        products: Annotated[
            Path | None, typer.Argument(help="A table: .csv, .tsv, .json, .jsonl or .parquet.", show_default=False)
        ] = None,
        prompt: Annotated[
            str | None, typer.Option("--prompt", "-p", help='A template: "A 15-second video of {name}", or a column.')
        ] = None,
        variant: Annotated[
            list[str] | None, typer.Option(help="name=prompt; give several instead of one --prompt.")
        ] = None,
        media: Annotated[
            list[str] | None, typer.Option("--media", "-m", help="The column (or columns) with photos and clips.")
        ] = None,
        out: Annotated[
            str, typer.Option("--out", "-o", help="A folder, or a URL such as s3://bucket/videos.")
        ] = "videos",
        key: Annotated[str | None, typer.Option(help="The column that names the products.")] = None,
        preset: Annotated[
            list[str] | None,
            typer.Option(help="tiktok, youtube, square, …; several give several.", autocompletion=presets),
        ] = None,
        logo: Annotated[Path | None, typer.Option(help="A picture for the corner of all videos.")] = None,
        music: Annotated[Path | None, typer.Option(help="A sound file for all videos.")] = None,
        intro: Annotated[Path | None, typer.Option(help="A photo or clip that all videos begin with.")] = None,
        outro: Annotated[Path | None, typer.Option(help="A photo or clip that all videos end with.")] = None,
        brand: Annotated[str | None, typer.Option(help='Looks as JSON: {"colors": ["#0a7"], "look": "bold"}.')] = None,
        size: Annotated[str | None, typer.Option(help="Of the videos, as 1280x720.")] = None,
        fps: Annotated[int | None, typer.Option(help="Frames per second.", min=1)] = None,
        check: Annotated[  # noqa: FBT002 -- typer's own way
            bool, typer.Option("--check", help="Plan only; say what each row would do, lack and cost.")
        ] = False,
        skip_invalid: Annotated[  # noqa: FBT002 -- typer's own way
            bool, typer.Option("--skip-invalid", help="Make the other rows when some can't be made.")
        ] = False,
        sample: Annotated[  # noqa: FBT002 -- typer's own way
            bool, typer.Option("--sample", help="Use the eight products that come with reelframe.")
        ] = False,
        max_credits: Annotated[float | None, typer.Option(help="On a server: spend no more than this.")] = None,
        workers: Annotated[int | None, typer.Option(help="Processes; by default one for each core.", min=1)] = None,
        concurrency: Annotated[int, typer.Option(help="On a server: rows at a time.", min=1)] = 4,
        backend: Annotated[
            str, typer.Option("--backend", "-b", help="local, nemo, or a server's URL.", autocompletion=backends)
        ] = "local",
        page: Annotated[Path | None, typer.Option("--gallery", help="Write a contact sheet (HTML).")] = None,
        results: Annotated[Path | None, typer.Option("--results", help="Write the table of results (CSV).")] = None,
        as_json: Annotated[  # noqa: FBT002 -- typer's own way
            bool, typer.Option("--json", help="One JSON object per row on standard output, nothing else.")
        ] = False,
    ) -> None:
        """Make a video for each row of a table. Run it again, and only what is missing is made.

        Example: reelframe batch products.csv -p "A 15-second vertical video of {name}" -m photo -o videos/
        """

        def work() -> None:
            from reelframe import runs  # noqa: PLC0415 -- pandas, only for this command

            table, options = _table(products, sample=sample), _prompts(prompt, variant, sample=sample)
            found = runs.batch(
                table,
                media=media or (["photos"] if sample else ["media"]),
                out=out,
                key=key,
                preset=preset or None,
                logo=logo or (runs.sample_logo() if sample else None),
                music=music,
                intro=intro,
                outro=outro,
                brand=_brand(brand),
                output=_output(size, fps),
                root=products.parent if products else None,
                check=check,
                invalid="skip" if skip_invalid else "raise",
                max_credits=max_credits,
                workers=workers,
                concurrency=concurrency,
                backend=backend,
                progress=not as_json and _err.is_terminal,
                **options,
            )
            _tell(found, check=check, as_json=as_json)
            if results is not None:
                found.drop(columns=["thumbnail"], errors="ignore").to_csv(results)
            if page is not None and not check:
                saved = runs.gallery(found, title=products.stem if products else "Sample products").save(page)
                _err.print(f"The contact sheet is {escape(str(saved))}.", soft_wrap=True)
            if not check and not (found["status"] == "done").all():
                raise typer.Exit(1)

        guarded(work)


def _table(path: Path | None, *, sample: bool) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 -- heavy

    if sample:
        from reelframe import runs  # noqa: PLC0415 -- the same

        return runs.sample_products()
    if path is None:
        message = "No table of products was given."
        raise ConfigurationError(message, hint="reelframe batch products.csv …, or --sample to try it out.")
    readers: dict[str, Callable[[Path], Any]] = {
        ".csv": pd.read_csv,
        ".tsv": lambda p: pd.read_csv(p, sep="\t"),
        ".json": pd.read_json,
        ".jsonl": lambda p: pd.read_json(p, lines=True),
        ".parquet": pd.read_parquet,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        message = f"{path.name} is no table that can be read here."
        raise ConfigurationError(message, hint=f"Accepted: {', '.join(readers)}.")
    try:
        table: pd.DataFrame = reader(path)
    except (OSError, ValueError, ImportError) as error:
        message = f"{path} can't be read: {error}."
        raise ConfigurationError(message, hint="Check the path and the file's content.") from error
    return table


def _prompts(prompt: str | None, variants: list[str] | None, *, sample: bool) -> dict[str, Any]:
    if not variants:
        return {"prompt": prompt or (_SAMPLE_PROMPT if sample else None)}
    pairs = [item.partition("=") for item in variants]
    if prompt is not None or not all(name and text for name, _, text in pairs):
        message = "Give one --prompt, or several --variant name=prompt."
        raise ConfigurationError(message)
    return {"variants": {name: text for name, _, text in pairs}}


def _brand(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        value = json.loads(text)
    except ValueError as error:
        message = f"--brand is not JSON: {error}."
        raise ConfigurationError(message, hint='For example: {"colors": ["#0a7"]}') from None
    if not isinstance(value, dict):
        message = "--brand is not a JSON object."
        raise ConfigurationError(message, hint='For example: {"colors": ["#0a7"]}')
    return value


def _output(size: str | None, fps: int | None) -> dict[str, int]:
    out = {} if fps is None else {"fps": fps}
    if size is None:
        return out
    width, _, height = size.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        message = f"--size {size} is no size."
        raise ConfigurationError(message, hint="Write it as 1280x720.")
    return {**out, "width": int(width), "height": int(height)}


def _tell(found: pd.DataFrame, *, check: bool, as_json: bool) -> None:
    if as_json:
        shown = found.drop(columns=["thumbnail"], errors="ignore")
        # pandas writes its own missing values as JSON's null.
        sys.stdout.write(shown.to_json(orient="records", lines=True, force_ascii=False))
        return
    counts = found["status"].value_counts()
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    wrong = found[found["error"].notna()]
    if len(wrong):
        table = Table(title="What is wrong", title_justify="left", show_edge=False)
        for column in ("name", "variant", "error"):
            table.add_column(column, overflow="fold")
        for row in wrong.head(_SHOWN).itertuples():
            table.add_row(*(escape(str(value)) for value in (row.name, row.variant, row.error)))
        _out.print(table)
        if len(wrong) > _SHOWN:
            _out.print(f"and {len(wrong) - _SHOWN} more; --results results.csv has them all")
    if check:
        seconds, megabytes = float(found["estimated_s"].sum()), float(found["estimated_mb"].sum())
        _out.print(f"{said}; about {seconds:.0f} s of one core and {megabytes:.1f} MB", soft_wrap=True)
        return
    if "stopped" in found.attrs:
        _out.print(escape(str(found.attrs["stopped"])), soft_wrap=True)
    _out.print(f"{said}; {escape(str(found.attrs.get('out', '')))}", soft_wrap=True)
