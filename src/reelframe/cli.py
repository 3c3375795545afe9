"""The command line: ``reelframe create``, ``batch``, ``demo``, ``serve``, ``storage``, ``timeline`` and others.

Exit codes: 0 done, 1 it could not be done (the reason is on standard error), 2 wrong usage, 130 interrupted.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Self

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

import reelframe
from reelframe.errors import JobCancelledError, MediaError, PlanError, ReelframeError, SessionNotFoundError
from reelframe.media.formats import human_size
from reelframe.runs import command as batch_command

__all__ = ["app", "main"]

app = typer.Typer(
    name="reelframe",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Photos, clips, a logo and a sentence become a finished 1080p MP4, on this machine.",
    epilog='Try: reelframe demo · reelframe create *.jpg --prompt "a 20-second video with calm music" -o out.mp4',
)
_INTERRUPTED: Final = 130
# Progress whose text is only the number that stands beside the bar already.
_PERCENT: Final = re.compile(r"\s*\d+\s*%\s*")
_DEMO_PROMPT: Final = "combine these images into a 30-second video with background music and text overlays"
# Highlighting would colour the digits inside of names and paths.
_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)

JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Only the file's path.")]
BackendOption = Annotated[
    str,
    typer.Option("--backend", "-b", help="local, nemo, or a server's URL.", autocompletion=batch_command.backends),
]
TokenOption = Annotated[
    str | None, typer.Option("--token", help="The bearer token of the server at a URL (NEMO_TOKEN is for nemo alone).")
]


class _Screen:
    """Shows events as they come: progress as a bar, what was assumed and answered as lines above it."""

    def __init__(self, *, silent: bool) -> None:
        self.silent = silent
        self.said: list[str] = []
        self._tasks: dict[str, TaskID] = {}
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=36),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[note]}"),
            console=_err,
            disable=silent or not _err.is_terminal,
            transient=True,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, event: Any) -> None:  # noqa: ANN401 -- any of the client's events
        if event.kind == "progress":
            self._advance(event)
        elif event.text and event.kind != "exported":
            self.said.append(event.text)
            # A question ends the command with an error that repeats it.
            if not self.silent and event.kind != "asked":
                # A line of the timeline stays one line, for whoever searches or pastes it.
                _err.print(escape(event.text.rstrip("\n")), soft_wrap=True)

    def _advance(self, event: reelframe.jobs.Progress) -> None:
        # The last line of the output says it: a bar of its own would only flash by.
        if event.stage == "done":
            return
        if event.stage not in self._tasks:
            # Stages follow one another; not each of them says that it has come to its end.
            for earlier in self._tasks.values():
                self._bar.update(earlier, completed=1.0, note="")
            self._tasks[event.stage] = self._bar.add_task(event.stage.capitalize(), total=1.0, note="")
        note = "" if _PERCENT.fullmatch(event.text) else escape(event.text)
        self._bar.update(self._tasks[event.stage], completed=event.fraction or 0.0, note=note)


def _guarded(work: Callable[[], None]) -> None:
    """Run a command's work; an error is a sentence and an exit code, never a traceback."""
    try:
        work()
    except (KeyboardInterrupt, JobCancelledError):
        _err.print("Stopped; nothing half-written is left.")
        raise typer.Exit(_INTERRUPTED) from None
    except ReelframeError as error:
        _err.print(f"[red]error:[/] {escape(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from None


def _make(  # noqa: PLR0913 -- the options of a command
    media: list[Path | str],
    prompt: str,
    output: Path | None,
    *,
    project: str = "",
    logo: Path | None = None,
    music: Path | None = None,
    preset: str | None = None,
    backend: str = "local",
    token: str | None = None,
    as_json: bool = False,
    quiet: bool = False,
) -> None:
    began = time.monotonic()
    with _Screen(silent=as_json or quiet) as screen:
        try:
            video = reelframe.create(
                media,
                prompt,
                output,
                project=project,
                logo=logo,
                music=music,
                preset=preset,
                backend=backend,
                token=token,
                on_event=screen,
            )
        except PlanError as error:
            if screen.silent or error.message not in "".join(screen.said):
                raise
            # The refusal stands on the screen already.
            raise PlanError(error.hint or "Nothing was made.") from None
    took = time.monotonic() - began
    try:
        seen = video.duration_s, video.width, video.height
    except MediaError:
        # Subtitles, or a timeline for other editors.
        seen = 0.0, 0, 0
    facts = {
        "path": str(video.path),
        "duration_s": seen[0],
        "width": seen[1],
        "height": seen[2],
        "size_bytes": video.size_bytes,
        "took_s": round(took, 2),
        "said": screen.said,
        "warnings": list(video.warnings),
    }
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
        return
    if quiet:
        sys.stdout.write(f"{video.path}\n")
        return
    for warning in video.warnings:
        _err.print(f"[yellow]note:[/] {escape(warning)}", soft_wrap=True)
    shape = (
        f"{seen[0]:.1f} s" if seen[0] else "",
        f"{seen[1]}x{seen[2]}" if seen[1] else "",
        human_size(video.size_bytes),
    )
    _out.print(
        f"[bold]{escape(str(video.path))}[/]  {', '.join(filter(None, shape))}, made in {took:.1f} s",
        soft_wrap=True,
    )


@app.command()
def create(  # noqa: PLR0913, PLR0917 -- the options of a command
    media: Annotated[
        list[str] | None,
        typer.Argument(
            help="Photos and clips: files, folders, or http(s) URLs; none for a video of words alone. "
            "With an .otio file, the cuts of another editor's timeline."
        ),
    ] = None,
    prompt: Annotated[
        str, typer.Option("--prompt", "-p", help="What to make, in English or Chinese; only an .otio file needs none.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file: .mp4, .mov, .webm, .gif, .png, .mp3, .srt, …")
    ] = None,
    project: Annotated[str, typer.Option(help="What it is about; names a title that you ask for without words.")] = "",
    logo: Annotated[Path | None, typer.Option(help="A picture for the corner.")] = None,
    music: Annotated[Path | None, typer.Option(help="A sound file instead of composed music.")] = None,
    preset: Annotated[
        str | None,
        typer.Option(help="tiktok, reels, shorts, youtube, square, 4k, …", autocompletion=batch_command.presets),
    ] = None,
    backend: BackendOption = "local",
    token: TokenOption = None,
    as_json: JsonFlag = False,  # noqa: FBT002 -- typer's own way
    quiet: QuietFlag = False,  # noqa: FBT002 -- typer's own way
) -> None:
    """Make a video of photos and clips, as a sentence says.

    Example: reelframe create a.jpg b.jpg --logo logo.png -p "a 20-second video with music" -o out.mp4
    """
    if not prompt and not any(one.lower().endswith(".otio") for one in media or ()):
        message = "Nothing says what to make."
        raise typer.BadParameter(message, param_hint="--prompt")
    _guarded(
        lambda: _make(
            list(media or ()), prompt, output, project=project, logo=logo, music=music, preset=preset, backend=backend,
            token=token, as_json=as_json, quiet=quiet,
        )
    )  # fmt: skip


batch_command.register(app, _guarded)


@app.command()
def demo(
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the MP4 goes.")] = Path("reelframe-demo.mp4"),
    prompt: Annotated[str, typer.Option("--prompt", "-p", help="Try another sentence.")] = _DEMO_PROMPT,
    as_json: JsonFlag = False,  # noqa: FBT002 -- typer's own way
) -> None:
    """Make a 30-second video of the five sample photos and the logo that come with reelframe."""

    def work() -> None:
        with resources.as_file(resources.files("reelframe") / "samples") as folder:
            photos: list[Path | str] = [*sorted(folder.glob("*.jpg"))]
            _make(photos, prompt, output, project="Made by hand", logo=folder / "logo.png", as_json=as_json)

    _guarded(work)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 picks a free one.", min=0, max=65535)] = 8765,
    anonymous: Annotated[  # noqa: FBT002 -- typer's own way
        bool, typer.Option("--anonymous", help="Give tokens to whoever asks.")
    ] = False,
    enforce_credits: Annotated[  # noqa: FBT002 -- typer's own way
        bool, typer.Option("--credits", help="Charge credits as the hosted service does.")
    ] = False,
    allow_private_urls: Annotated[  # noqa: FBT002 -- typer's own way
        bool, typer.Option("--allow-private-urls", help="Let uploads by URL reach this network.")
    ] = False,
    token: Annotated[
        str | None, typer.Option("--token", help="The bearer token that is asked for; a new one when not given.")
    ] = None,
) -> None:
    """Serve the embedded backend over HTTP, on this machine only; prints the bearer token."""

    def work() -> None:
        from reelframe import backend  # noqa: PLC0415 -- starlette and uvicorn, only when serving

        backend.serve(
            host=host, port=port, anonymous=anonymous, credits=enforce_credits,
            allow_private_urls=allow_private_urls, token=token,
        )  # fmt: skip

    _guarded(work)


@app.command()
def storage(
    clear: Annotated[  # noqa: FBT002 -- typer's own way
        bool, typer.Option("--clear", help="Delete sessions, their media and videos, and the render cache.")
    ] = False,
    older_than: Annotated[float, typer.Option(help="With --clear: only sessions unused for so many days.", min=0)] = 0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,  # noqa: FBT002 -- typer's own way
    as_json: JsonFlag = False,  # noqa: FBT002 -- typer's own way
) -> None:
    """Show what is kept on this machine and for how long, or clear it."""

    def work() -> None:
        from reelframe.backend import storage as kept  # noqa: PLC0415 -- only for this command

        if clear:
            what = f"what was not used for {older_than:g} days" if older_than else "everything, timelines included"
            if not yes and not as_json:
                typer.confirm(f"Delete {what}?", abort=True)
            gone = kept.clear(older_than_days=older_than)
            _err.print(f"Deleted {gone.sessions} sessions and {gone.files} files, {human_size(gone.bytes)}.")
        now = kept.report()
        if as_json:
            facts = {name: getattr(now, name) for name in kept.KEPT}
            sys.stdout.write(
                json.dumps({"home": str(now.home), "quota": now.quota, "total": now.total, **facts}) + "\n"
            )
            return
        table = Table(title=escape(str(now.home)), title_justify="left", show_edge=False)
        for column in ("what", "size", "how long"):
            table.add_column(column, justify="right" if column == "size" else "left")
        for name, how_long in kept.KEPT.items():
            table.add_row(name, human_size(getattr(now, name)), how_long)
        _out.print(table)
        _out.print(
            f"{human_size(now.total)} of {human_size(now.quota)} (REELFRAME_QUOTA_GB) in use, sessions: {now.sessions}"
        )

    _guarded(work)


@app.command()
def resume(backend: BackendOption = "local", token: TokenOption = None) -> None:
    """Finish the exports that an earlier run began and did not live to see."""

    def work() -> None:
        with reelframe.Client(backend, token=token) as client:
            videos = client.resume_exports()
        for video in videos:
            sys.stdout.write(f"{video.path}\n")
        if not videos:
            _err.print("Nothing was left to finish.")

    _guarded(work)


@app.command()
def timeline(
    session: Annotated[str, typer.Argument(help="A session's id.")],
    backend: BackendOption = "local",
    token: TokenOption = None,
    as_json: JsonFlag = False,  # noqa: FBT002 -- typer's own way
) -> None:
    """Show a session's timeline."""

    def work() -> None:
        with reelframe.Client(backend, token=token) as client:
            asked = client.session(session)
            draft = asked.state().draft
            # The client makes a new session in the place of one that is lost, which is no answer here.
            if asked.id != session:
                message = f"There is no session {session}."
                raise SessionNotFoundError(message, hint="In Python it is `session.id`.")
        text = json.dumps(draft.to_wire(), ensure_ascii=False) if as_json else draft.summary()
        sys.stdout.write(text + "\n")

    _guarded(work)


@app.command("credits")
def show_credits(
    backend: BackendOption = "local",
    token: TokenOption = None,
    as_json: JsonFlag = False,  # noqa: FBT002 -- typer's own way
) -> None:
    """Show the balance. Work on this machine is free."""

    def work() -> None:
        with reelframe.Client(backend, token=token) as client:
            balance = client.credits()
        facts = {"available": balance.available, "frozen": balance.frozen, "total": balance.total}
        text = (
            json.dumps(facts)
            if as_json
            else f"{balance.available:g} available, {balance.frozen:g} held, {balance.total:g} in all"
        )
        sys.stdout.write(text + "\n")

    _guarded(work)


@app.command()
def check(
    offline: Annotated[  # noqa: FBT002 -- typer's own way
        bool, typer.Option("--offline", help="Do not knock at the hosted service.")
    ] = False,
    as_json: JsonFlag = False,  # noqa: FBT002 -- typer's own way
) -> None:
    """Show what works on this machine, and what to do where something does not.

    The exit code is 1 when something is missing that making a video needs.
    """
    found = reelframe.check(network=not offline)
    text = json.dumps({"ok": found.ok, "findings": found.as_dicts()}, ensure_ascii=False) if as_json else repr(found)
    sys.stdout.write(text + "\n")
    if not found.ok:
        raise typer.Exit(1)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[  # noqa: FBT002 -- typer's own way
        bool, typer.Option("--version", help="Show the version.")
    ] = False,
) -> None:
    if version:
        sys.stdout.write(f"reelframe {reelframe.__version__}\n")
        raise typer.Exit


def main() -> None:
    """The entry point of the ``reelframe`` command."""
    app()


if __name__ == "__main__":
    main()
