"""The preview: what has been decided, rendered small, while nothing else is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Final

from reelframe import settings
from reelframe.client import Session
from reelframe.draft import Draft
from reelframe.errors import ConfigurationError, JobCancelledError, ReelframeError
from reelframe.jobs import Progress
from reelframe.widget.growing import GrowingFilm
from reelframe.widget.screen import Screen
from reelframe.widget.view import Film, Growing

__all__ = ["Preview"]

# Shorter sides in pixels: of a streamed preview, and of the one that follows it, sharp in a notebook's column.
_SMALL: Final = 360
_SHARP: Final = 720
# Preview files of a session that stand side by side: a page may still read the one before the last.
_FILES: Final = 4


class Preview:
    """One preview at a time: where the server streams, small while it is made and then sharper. On the background loop.

    Args:
        screen: where it is shown.
        name: of the film, for people.
    """

    def __init__(self, screen: Screen, name: str) -> None:
        self.path: Path | None = None
        self.task: asyncio.Task[None] | None = None
        self._screen = screen
        self._name = name
        # The timeline that was rendered last, or need not be: what a preview would show again.
        self._rendered: Draft | None = None
        self._growing: GrowingFilm | None = None
        self._files = 0

    def begin(self, session: Session, draft: Draft) -> None:
        """Render the timeline, if it is another one than was rendered last."""
        if draft == self._rendered:
            return
        self.stop()
        if draft.exportable:
            self._rendered = draft
            self.task = asyncio.get_running_loop().create_task(self._make(session, draft))

    def stop(self) -> None:
        """Step back for something else; what was not finished is begun again when there is time."""
        if self.task is None:
            return
        self.task.cancel()
        self._rendered = None
        self._ended()

    def skip(self, draft: Draft) -> None:
        """This timeline needs no preview (any more): it was rendered otherwise, or somebody wants quiet."""
        self.stop()
        self._rendered = draft

    async def read(self, revision: int, offset: int) -> tuple[bytes, bool]:
        """What there is of a preview that is being made, from ``offset`` on, and whether that is its end.

        Waits a few seconds for news.

        Raises:
            ConfigurationError: another one has taken its place, or it was given up.
        """
        if self._growing is None or self._growing.revision != revision:
            message = "Another preview has taken the place of this one."
            raise ConfigurationError(message, hint="The page shows that one.")
        return await self._growing.read(offset)

    def _ended(self) -> None:
        self.task = None
        view = self._screen.view
        if self._growing is not None:
            # What could not be finished is not waited for.
            self._growing.end(whole=False)
        if view.job == "preview":
            self._screen.show(replace(view, job="", progress=None, growing=None))
        elif view.growing is not None:
            self._screen.show(replace(view, growing=None))

    async def _make(self, session: Session, draft: Draft) -> None:
        own = asyncio.current_task()

        def tell(progress: Progress, stage: str = "preview") -> None:
            # One that has been called off may still hear of its last steps.
            view = self._screen.view
            if self.task is own and view.job in {"", "preview"}:
                self._screen.show(replace(view, job="preview", progress=replace(progress, stage=stage)))

        tell(Progress("preview", 0.0))
        try:
            side = None
            if "preview_stream" in (await session.client.capabilities()).features:
                silent = await self._watch(session, tell)
                side = _SHARP
                if not silent and min(int(draft.get(key, 1080)) for key in ("width", "height")) <= _SMALL:
                    return
            stage = "sharpen" if side else "preview"
            video = await session.preview(
                self._file(session), short_side=side, on_progress=lambda p: tell(_made(p), stage)
            )
            film = await asyncio.to_thread(self._screen.film, video, self._name)
            self.path = video.path
            self._screen.show(replace(self._screen.view, preview=film))
        except (ReelframeError, OSError) as error:
            if not isinstance(error, JobCancelledError):
                self._screen.say("error", str(error))
        finally:
            if self.task is own:
                self._ended()

    async def _watch(self, session: Session, tell: Callable[[Progress], None]) -> bool:
        """Show a small preview while it is made; whole, it is a film as any other. Whether its sound is missing."""
        film: GrowingFilm | None = None
        async with aclosing(session.stream_preview(at_once=True)) as parts:
            async for part in parts:
                if film is None:
                    film = self._growing = GrowingFilm(self._screen.next_revision(), self._file(session))
                    shape = part.duration_s, part.width, part.height
                    growing = Growing(film.revision, part.mime_type, *shape, silent=part.silent)
                    self._screen.show(replace(self._screen.view, growing=growing))
                film.add(part.data)
                tell(Progress("preview", part.fraction))
        if film is None:
            return False
        film.end(whole=True)
        self.path = film.path
        whole = Film(film.revision, self._name, film.size, *shape)
        self._screen.show(replace(self._screen.view, growing=None, preview=whole))
        return part.silent

    def _file(self, session: Session) -> Path:
        folder = settings.home() / "cache" / "previews"
        folder.mkdir(parents=True, exist_ok=True)
        self._files += 1
        return folder / f"{session.id}-{self._files % _FILES}.mp4"


def _made(progress: Progress) -> Progress:
    """What is fetched is made: the bar must not run twice."""
    return replace(progress, fraction=1.0) if progress.stage == "download" else progress
