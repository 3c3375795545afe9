"""The studio without a widget: one session, its jobs in order, and a view that says what to show.

Everything happens on the background loop, which is the only thread that changes the view; whoever shows it is
told by a callback.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelframe.client import Reply, Session
from reelframe.connect import AsyncClient
from reelframe.draft import Brand, Draft
from reelframe.errors import MediaError, ReelframeError
from reelframe.jobs import Job, background
from reelframe.media import Library, Media, Video
from reelframe.widget import view as views
from reelframe.widget.arrange import Gesture, arranged
from reelframe.widget.asks import Source, balance, dress, make_it_so, redress, upload_each
from reelframe.widget.preview import Preview
from reelframe.widget.screen import Screen, soon
from reelframe.widget.turns import Tell, Turns
from reelframe.widget.view import Preset, View

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Source", "Studio"]


class Studio:
    """One project: upload, send, watch, refine, export. Every method that works returns a ``Job`` at once.

    Args:
        backend: "local", "nemo", or a server's URL.
        project: the project's name; exports are called after it.
        on_change: called on the background thread whenever the view has changed; must not block.
        brand: colours, font, the logo's place, the texts' look, for all that is made.
        client_options: as ``AsyncClient`` takes them (token, language, timing, …).
    """

    def __init__(
        self,
        backend: str = "local",
        *,
        project: str = "project",
        on_change: Callable[[View], None] | None = None,
        brand: Brand | Mapping[str, Any] | None = None,
        **client_options: Any,  # noqa: ANN401 -- passed on
    ) -> None:
        self.project = project
        self._backend = backend
        self._options = client_options
        self._client: AsyncClient | None = None
        self._session: Session | None = None
        self._resumed: asyncio.Task[None] | None = None
        self._closed = False
        self._brand = None if brand is None else Brand.of(brand).located()
        self._screen = Screen(on_change or (lambda _view: None))
        self.preview = Preview(self._screen, f"{project}.mp4")
        self._turns = Turns(self._screen, self.preview, self._opened, self._idle)
        self.draft = Draft()
        self.thumbnails: dict[str, bytes] = {}
        self.export_path: Path | None = None

    @property
    def view(self) -> View:
        """What is shown now."""
        return self._screen.view

    # -- what a person does -------------------------------------------------------------------------

    def upload(self, *sources: Source, role: str | None = None, each: bool = False) -> Job[tuple[Media, ...]]:
        """Hand files over: paths, folders, http(s) URLs, or (name, bytes) pairs.

        Args:
            sources: what to upload, in order.
            role: "logo" or "music".
            each: one that can't be used is told, and does not keep the others out. Else it is all or nothing.
        """

        async def work(session: Session, tell: Tell) -> tuple[Media, ...]:
            try:
                media = await session.upload(*sources, role=role, on_progress=tell)  # type: ignore[arg-type]
            except MediaError:
                if not each or len(sources) == 1:
                    raise
                media, failed = await upload_each(session, sources, role, tell)
                for problem in failed:
                    self._screen.say("error", str(problem))
            await self._refresh(session)
            if media:
                self._screen.say("note", f"＋ {', '.join(m.name for m in media)}")
            return media

        return self._turns.job("upload", work)

    def send(self, text: str) -> Job[Reply]:
        """Say what you want; the events of the job are what the log shows."""

        async def work(session: Session, tell: Tell) -> Reply:
            before = self.draft
            reply = await session.ask(text, on_event=tell)
            await self._refresh(session)
            if self._brand is not None and await redress(session, self._brand, before, self.draft):
                await self._refresh(session)
            for video in reply.videos:
                await self._exported(video)
            await self._count_credits(session)
            return reply

        soon(lambda: self._screen.say("you", text))
        return self._turns.job("send", work)

    def apply(self, edited: pd.DataFrame) -> Job[Reply]:
        """Make the timeline what an edited table of it says: one plan, one step of undo."""
        return self._change(lambda: edited)

    def arrange(self, gesture: Gesture) -> Job[Reply]:
        """Move, trim or remove a segment, as a hand does it on the timeline strip; one step of undo."""

        def table() -> pd.DataFrame:
            from reelframe.tables import timeline_frame  # noqa: PLC0415 -- pandas

            return arranged(timeline_frame(self.draft), gesture)

        return self._change(table)

    def select(self, *segment_ids: str) -> Job[None]:
        """Say what "this" means in the next message: segments, by their ids; none: nothing in particular."""

        async def work(session: Session, _tell: Tell) -> None:
            await session.select(*segment_ids)

        soon(lambda: self._screen.show(replace(self.view, selected=segment_ids)))
        return self._turns.job("select", work)

    def undo(self, count: int = 1) -> Job[Reply]:
        """Take the last request back."""
        return self._step("undo", count)

    def redo(self, count: int = 1) -> Job[Reply]:
        """Take the undo back."""
        return self._step("redo", count)

    def export(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        preset: str | None = None,
        quality: str = "high",
        **output: Any,  # noqa: ANN401 -- width, height, fps, format
    ) -> Job[Video]:
        """Write the file; ``./<project>-<n>.mp4`` without a path."""

        async def work(session: Session, tell: Tell) -> Video:
            video = await session.export(path, preset=preset, quality=quality, on_progress=tell, **output)
            await self._exported(video)
            self.preview.skip(self.draft)
            self._screen.say("studio", f"✔ {video.path}")
            return video

        return self._turns.job("export", work)

    def change_media(
        self,
        *,
        remove: tuple[str, ...] = (),
        order: tuple[str, ...] = (),
        roles: dict[str, Any] | None = None,
    ) -> Job[tuple[Media, ...]]:
        """Remove, reorder, or mark the files of the session; ids as ``view.media`` gives them."""

        async def work(session: Session, _tell: Tell) -> tuple[Media, ...]:
            if remove:
                await session.remove_media(*remove)
            if order:
                await session.reorder_media(order)
            if roles:
                await session.set_roles(roles)
            await self._refresh(session)
            return self.view.media

        return self._turns.job("media", work)

    def cancel(self) -> bool:
        """Stop what is running and what waits behind it; False when there was nothing."""
        previewing = self.preview.task is not None
        # Somebody who cancels wants quiet: the next change of the timeline brings the next preview.
        soon(lambda: self.preview.skip(self.draft))
        return self._turns.cancel() or previewing

    async def thumbnail(self, media_id: str) -> bytes:
        """A small JPEG of a file of the session. On the background loop."""
        self.thumbnails[media_id] = await (await self._opened()).thumbnail(media_id, side=160)
        return self.thumbnails[media_id]

    async def pictures(self) -> dict[str, bytes]:
        """Small pictures of the session's photos and clips, as far as they can be had. On the background loop."""
        seen = [media.id for media in self.view.media if media.kind in {"image", "video"}]
        missing = [media_id for media_id in seen if media_id not in self.thumbnails]
        await asyncio.gather(*map(self.thumbnail, missing), return_exceptions=True)
        return dict(self.thumbnails)

    def close(self) -> None:
        """Stop everything and let the backend go. On the background loop itself this happens a little later."""
        self._closed = True
        self.cancel()

        async def close() -> None:
            if self._client is not None:
                await self._client.close()

        if threading.current_thread() is background().thread:
            background().submit(close())
        else:
            background().run(close(), timeout=10)

    # -- the work -----------------------------------------------------------------------------------

    def _step(self, which: str, count: int) -> Job[Reply]:
        async def work(session: Session, tell: Tell) -> Reply:
            reply: Reply = await getattr(session, which)(count)
            for event in reply.events:
                tell(event)
            await self._refresh(session)
            return reply

        return self._turns.job(which, work)

    def _change(self, table: Callable[[], pd.DataFrame]) -> Job[Reply]:
        """Make the timeline what a table of it says; it is asked for, in a thread, when its turn has come."""

        async def work(session: Session, tell: Tell) -> Reply:
            await self._refresh(session)
            edited = await asyncio.to_thread(table)
            reply = await make_it_so(session, edited, self.draft, Library(self.view.media))
            for event in reply.events:
                tell(event)
            await self._refresh(session)
            return reply

        return self._turns.job("apply", work)

    def _idle(self) -> None:
        if self._session is not None and not self._closed:
            self.preview.begin(self._session, self.draft)

    async def _opened(self) -> Session:
        if self._client is None:
            self._client = AsyncClient(self._backend, **self._options)
            self._resumed = asyncio.get_running_loop().create_task(self._resume(self._client))
        if self._session is None:
            session = await self._client.create_session(task_name=self.project)
            if self._brand is not None:
                await dress(session, self._brand)
            self._session = session
            with contextlib.suppress(ReelframeError):
                formats = (await self._client.capabilities()).formats
                found = await self._client.presets()
                presets = tuple(Preset(str(p["name"]), int(p["width"]), int(p["height"])) for p in found)
                self._screen.show(replace(self.view, presets=presets, formats=formats))
            await self._count_credits(session)
        return self._session

    async def _count_credits(self, session: Session) -> None:
        """Show the balance; not to know it is no reason to stop."""
        with contextlib.suppress(ReelframeError):
            now = await balance(session)
            self._screen.show(replace(self.view, credits=now))

    async def _resume(self, client: AsyncClient) -> None:
        """Finish the exports that an earlier kernel began and did not live to see."""
        with contextlib.suppress(ReelframeError):
            for video in await client.resume_exports():
                self._screen.say("note", f"✔ {video.path}")

    async def _refresh(self, session: Session) -> None:
        state = await session.state()
        self.draft = state.draft
        suggestions = self.view.suggestions
        with contextlib.suppress(ReelframeError):
            suggestions = tuple(await session.suggestions())
        # After the last wait: what was said and selected meanwhile stays.
        view = replace(self.view, media=state.media, language=session.language, suggestions=suggestions)
        view = replace(view, can_undo=state.can_undo > 0, can_redo=state.can_redo > 0)
        self._screen.show(views.with_draft(view, state.draft))

    async def _exported(self, video: Video) -> None:
        self.export_path = video.path
        film = await asyncio.to_thread(self._screen.film, video)
        self._screen.show(replace(self.view, exported=film))
