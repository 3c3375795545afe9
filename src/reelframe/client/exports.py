"""From a timeline to a file on the disk: submit, wait, submit once more if it failed, download, rename."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reelframe.client import redact
from reelframe.client.calls import Caller
from reelframe.client.downloads import Download
from reelframe.client.http import Answer, Request
from reelframe.client.ledger import Export, Ledger
from reelframe.client.words import say
from reelframe.errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    ProtocolError,
    RateLimitError,
    ReelframeError,
    RenderFailedError,
    ServerError,
    StorageError,
)
from reelframe.jobs import OnProgress, Progress

if TYPE_CHECKING:
    from reelframe.draft import Draft
    from reelframe.media.video import Video

__all__ = ["Exporter", "check_place", "default_path", "format_of", "output_options", "render_id", "reserve", "wished"]

_log = logging.getLogger("reelframe.client")
_TRIES: Final = 2
# Seconds: the longest that a render is followed, and the longest that it may stand still.
_RENDER_DEADLINE: Final = 4 * 3600.0
_STANDSTILL: Final = 3600.0
# Answers without a status in a row before that is taken for an answer.
_UNSAID: Final = 5
_NOT_FOUND: Final = 404
_DONE: Final = frozenset({"completed", "complete", "succeeded", "success", "done"})
_FAILED: Final = frozenset({"failed", "error", "cancelled", "canceled"})
# What says nothing about the render itself, and may be over the next time.
_PASSING: Final = (
    AuthenticationError,
    ConnectionFailedError,
    ProtocolError,
    RateLimitError,
    ServerError,
    StorageError,
)
# Other ways to end a file's name.
_SAME: Final = {"m4v": "mp4", "jpeg": "jpg", "wave": "wav"}
_last_id = itertools.count()


def render_id() -> str:
    """A new job id, ``render_<µs since 1970>``, never the same twice in one process."""
    return f"render_{time.time_ns() // 1000}{next(_last_id) % 1000:03d}"


def slug(project: str) -> str:
    """A project's name as a file's name: letters and digits of any script, joined with dashes."""
    return "-".join(re.findall(r"[\w]+", project))[:60].strip("-_") or "video"


def default_path(project: str, extension: str, folder: Path) -> Path:
    """``<folder>/<project>-<n>.<extension>`` with the first n that is free."""
    name = slug(project)
    return next(
        path
        for n in itertools.count(1)
        if not (path := folder / f"{name}-{n}.{extension}").exists() and not part_of(path).exists()
    )


def part_of(path: Path) -> Path:
    """Where a download grows until it is whole."""
    return path.with_name(f".{path.name}.part")


def reserve(path: Path | None, project: str, extension: str) -> Path:
    """Make sure that the video can be written, before anything is rendered; gives the absolute path.

    The temporary file is made here, which also keeps two exports at once from choosing the same default name.

    Raises:
        StorageError: the folder is missing or can't be written.
    """
    while True:
        target = default_path(project, extension, Path.cwd()) if path is None else path.expanduser()
        target = Path(os.path.abspath(target))  # noqa: PTH100 -- a symbolic link is to stay one
        part = part_of(target)
        try:
            if target.is_dir():
                message = f"{target} is a folder."
                raise StorageError(message, hint="Give the file's name too.")
            with part.open("xb" if path is None else "ab"):
                return target
        except FileExistsError:
            continue
        except FileNotFoundError:
            message = f"The folder {target.parent} does not exist."
            raise StorageError(message, hint="Create it, or choose another one.") from None
        except OSError as error:
            message = f"{target} can't be written: {error.strerror}."
            raise StorageError(message, hint="Choose another path.") from None


def check_place(path: Path | None, project: str, extension: str) -> None:
    """Make sure that the video could be written, and leave nothing behind.

    Raises:
        StorageError: as ``reserve``.
    """
    part = None if path is None else part_of(Path(os.path.abspath(path.expanduser())))  # noqa: PTH100 -- as above
    if part is None or not part.exists():
        part_of(reserve(path, project, extension)).unlink(missing_ok=True)


def format_of(path: Path | None, given: str | None) -> str:
    """The format that is asked for: the given one, else what the path ends in, else MP4."""
    form = (given or (path.suffix if path and path.suffix else "mp4")).lstrip(".").lower()
    return _SAME.get(form, form)


def wished(draft: Draft, formats: tuple[str, ...]) -> dict[str, str]:
    """The format that an earlier request in words set for this timeline's exports, if the server can do it."""
    kept = draft.get("output")
    form = kept.get("format") if isinstance(kept, Mapping) else None
    return {"format": form} if form in formats else {}


class Exporter:
    """Carries exports out for one client.

    Args:
        caller: how calls are made.
        ledger: where exports under way are noted down.
    """

    def __init__(self, caller: Caller, ledger: Ledger) -> None:
        self._caller = caller
        self._ledger = ledger

    @property
    def _lease(self) -> float:
        return max(15.0, 4 * self._caller.timing.poll_interval)

    async def run(
        self,
        export: Export,
        *,
        language: str,
        on_progress: OnProgress,
        can_cancel: bool,
        submitted: bool = False,
        renew_session: Callable[[], Any] | None = None,
        session_id: Callable[[], str] | None = None,
    ) -> Video:
        """Follow an export to its end; the temporary file has been reserved.

        Args:
            export: what to render and where to put it.
            language: of progress texts.
            on_progress: told of every step.
            can_cancel: the server has a call for cancelling.
            submitted: the render has been asked for already, by an earlier process.
            renew_session: the cure when the session is gone.
            session_id: the session's id at the time of asking; None is the export's own.

        Raises:
            RenderFailedError: it failed twice, or did not move for an hour.
        """
        from reelframe.media.video import Video  # noqa: PLC0415 -- it brings a player for notebooks

        tell = _monotonic(on_progress)
        target = Path(export.path)
        # The try that is under way; a failed render is followed by another one.
        live = [export]
        over = False
        try:
            self._ledger.add(export, self._lease)

            async def submit(job: Export) -> None:
                await self._submit(job, renew_session, session_id)

            answer = await self._rendered(live, submit, tell, language, submitted=submitted)
            url = await self._download(live[0], answer, tell, language)
            over = True
            return Video(path=target, url=url, render_id=live[0].render_id, warnings=_warnings(answer))
        except asyncio.CancelledError:
            over = True
            if can_cancel:
                await self._caller.part_with({"render_id": live[0].render_id})
            raise
        except ReelframeError as error:
            # The render may well come to its end on the server, and a later client can fetch it.
            over = not isinstance(error, _PASSING)
            raise
        finally:
            if over:
                self._ledger.remove(live[0].render_id)
            else:
                self._ledger.release(live[0].render_id)
            with contextlib.suppress(OSError):
                part_of(target).unlink(missing_ok=True)

    async def _rendered(
        self,
        live: list[Export],
        submit: Callable[[Export], Awaitable[None]],
        tell: OnProgress,
        language: str,
        *,
        submitted: bool,
    ) -> Answer:
        """Ask for the render and wait for it; once more under a new id when it failed. ``live`` holds the last try."""
        while True:
            job = live[0]
            if not submitted:
                await submit(job)
            tell(Progress("render", 0.0, say("rendering", language)))
            try:
                answer, why = await self._wait(job, tell, language)
            except APIError as error:
                if not submitted or error.status != _NOT_FOUND:
                    raise
                # The process that noted it down ended before it had asked.
                submitted = False
                continue
            submitted = False
            if answer is not None:
                return answer
            if job.tries >= _TRIES:
                message = f"The render failed twice: {why}"
                hint = "Change the timeline or the export's options, then try again."
                raise RenderFailedError(message, hint=hint, reason=why)
            tell(Progress("render", None, say("again", language, why=why)))
            live[0] = replace(job, render_id=render_id(), tries=job.tries + 1)
            self._ledger.add(live[0], self._lease)
            self._ledger.remove(job.render_id)

    def abandoned(self, base_url: str) -> tuple[Export, ...]:
        """Exports to this server that nobody follows any more; they are ours from now on."""
        return self._ledger.claim(base_url, self._lease)

    async def _submit(
        self,
        export: Export,
        renew_session: Callable[[], Any] | None,
        session_id: Callable[[], str] | None,
    ) -> None:
        def build() -> Request:
            body = {
                "id": export.render_id,
                "sessionId": session_id() if session_id else export.session_id,
                "draft": export.draft,
                "output": export.output,
            }
            return Request(
                "render", "POST", "/api/render/proxy/lambda", "asking for the export",
                json=body, timeout=60,
            )  # fmt: skip

        await self._caller.call(build, renew_session=renew_session)

    async def _wait(self, export: Export, tell: OnProgress, language: str) -> tuple[Answer | None, str]:
        """Poll until the render is over: its last answer, or None and the reason why it failed."""
        path = f"/api/render/proxy/lambda/{export.render_id}"
        request = Request("render_status", "GET", path, "asking how the export is")
        started = moved = renew_at = time.monotonic()
        last: tuple[object, object] | None = None
        unsaid = 0
        while True:
            answer = await self._caller.call(lambda: request)
            status = str(answer.find("status") or "").lower()
            if status in _DONE:
                # A render that is over before the second poll has a full bar too.
                tell(Progress("render", 1.0, say("rendering", language)))
                return answer, ""
            if status in _FAILED:
                return None, _reason(answer)
            unsaid = 0 if status else unsaid + 1
            if unsaid >= _UNSAID:
                message = "The server does not say how the render is."
                raise ProtocolError(message, hint="client.resume_exports() asks again later.")
            fraction = answer.find("progress")
            fraction = float(fraction) if isinstance(fraction, (int, float)) else None
            if fraction is not None and fraction > 1:
                fraction /= 100
            now = time.monotonic()
            if (status, fraction) != last:
                last, moved = (status, fraction), now
            said = answer.find("message")
            tell(Progress("render", fraction, said if isinstance(said, str) and said else say("rendering", language)))  # fmt: skip  # noqa: E501
            if now - started > _RENDER_DEADLINE or now - moved > _STANDSTILL:
                message = f"The render {export.render_id} has not finished in {(now - started) / 60:.0f} minutes."
                hint = "It may still finish: client.resume_exports() picks it up later."
                raise ConnectionFailedError(message, hint=hint)
            if now >= renew_at:
                if not self._ledger.renew(export.render_id, self._lease):
                    message = "Another process has taken this export over, because this one stood still for too long."
                    raise ConnectionFailedError(message, hint=f"It writes {export.path}.")
                renew_at = now + self._lease / 3
            await asyncio.sleep(self._caller.timing.poll_interval)

    async def _download(self, export: Export, answer: Answer, tell: OnProgress, language: str) -> str | None:
        """Fetch the file: from the URL that the server named, else from its own download call."""
        output = answer.find("output")
        output = output if isinstance(output, Mapping) else {}
        url = output.get("url")
        own = f"/api/render/proxy/{export.render_id}/download"
        targets = [url, own] if isinstance(url, str) and url else [own]
        for place in targets:
            last = place == targets[-1]
            try:
                await self._fetch(place, Path(export.path), tell, language, output)
            except StorageError:
                raise
            except ReelframeError as error:
                if last:
                    raise
                _log.info("The export's own URL is of no use (%s); asking the server for the file.", error)
            else:
                break
        return url if isinstance(url, str) else None

    async def _fetch(
        self, url: str, target: Path, tell: OnProgress, language: str, facts: Mapping[str, Any] | None = None
    ) -> None:
        part = part_of(target)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        text = say("downloading", language)

        def on_bytes(got: int, total: int | None) -> None:
            tell(Progress("download", got / total if total else None, text))

        # Only the embedded backend says how long the file is, and what its bytes come to.
        size, digest = ((facts or {}).get(key) for key in ("size_bytes", "sha256"))
        fetch = Download(
            self._caller, url, part, on_bytes,
            size=size if isinstance(size, int) else None, sha256=digest if isinstance(digest, str) else None,
        )  # fmt: skip
        await fetch.run()
        try:
            part.replace(target)
        except OSError as error:
            message = f"{target} can't be written: {error.strerror}."
            raise StorageError(message, hint="Choose another path.") from None

    async def fetch(self, url: str, target: Path, on_progress: OnProgress, language: str) -> Video:
        """Download a video that is there already; the temporary file has been reserved.

        Raises:
            ReelframeError: it can't be fetched or written; nothing is left of it.
        """
        from reelframe.media.video import Video  # noqa: PLC0415 -- it brings a player for notebooks

        try:
            await self._fetch(url, target, _monotonic(on_progress), language)
        finally:
            with contextlib.suppress(OSError):
                part_of(target).unlink(missing_ok=True)
        return Video(path=target, url=url)


def _warnings(answer: Answer) -> tuple[str, ...]:
    output = answer.find("output")
    found = output.get("warnings") if isinstance(output, Mapping) else None
    return tuple(w for w in found if isinstance(w, str)) if isinstance(found, list) else ()


def _reason(answer: Answer) -> str:
    for name in ("error", "message", "reason"):
        value = answer.find(name)
        if isinstance(value, Mapping):
            value = value.get("message")
        if isinstance(value, str) and value.strip():
            return redact.redact(" ".join(value.split()))[:500]
    return "the server gave no reason"


def _monotonic(on_progress: OnProgress) -> OnProgress:
    """Never says the same thing twice in a row: polls are frequent."""
    last: list[Progress] = []

    def tell(progress: Progress) -> None:
        if last != [progress]:
            last[:] = [progress]
            on_progress(progress)

    return tell


def output_options(  # noqa: PLR0913 -- one for each option of an export
    *,
    format: str,  # noqa: A002 -- the public word for it
    quality: str,
    preset: str | None,
    width: int | None,
    height: int | None,
    fps: float | None,
    max_bytes: int | None = None,
    at: float | None = None,
    chapters: bool = False,
    embedded: bool,
    formats: tuple[str, ...],
) -> dict[str, Any]:
    """The ``output`` of the render call; what the server can't do is refused before anything is sent.

    Raises:
        ConfigurationError: a value is wrong, or the server has no such export.
    """
    name = format.lower().lstrip(".")
    if name not in formats:
        message = f"A {name} file can't be written here."
        hint = f"It gives {', '.join(formats)}{'' if embedded else ' up to 1080x1920 or 1920x1080'}."
        raise ConfigurationError(message, hint=hint)
    sizes = {"width": width, "height": height, "fps": fps}
    if max_bytes is not None and (isinstance(max_bytes, bool) or max_bytes < 1):
        message = f"max_bytes is {max_bytes!r}, which is no size of a file."
        raise ConfigurationError(message, hint="Give a whole number of bytes: 8_000_000 is 8 MB.")
    for key, value in sizes.items():
        if value is not None and (isinstance(value, bool) or not 0 < value < 1e5):  # sanity
            message = f"{key} is {value!r}, which is no {key} of a video."
            raise ConfigurationError(message, hint="Give a positive number.")
    given = {key: value for key, value in sizes.items() if value is not None}
    if not embedded:
        long, short = 1920, 1080
        w, h = width or 0, height or 0
        more = (preset, fps, max_bytes, at, chapters or None)
        if any(value is not None for value in more) or max(w, h) > long or min(w, h) > short:
            message = (
                "The hosted service exports MP4 up to 1080x1920 or 1920x1080, without presets, frame rates, size "
                "limits or chapters."
            )
            raise ConfigurationError(message, hint='The embedded backend (backend="local") does more.')
    return {
        "format": name,
        "quality": quality,
        **given,
        **({"preset": preset} if preset is not None else {}),
        **({"max_bytes": max_bytes} if max_bytes is not None else {}),
        **({"at": at} if at is not None else {}),
        **({"chapters": True} if chapters else {}),
    }
