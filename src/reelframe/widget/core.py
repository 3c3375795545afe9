"""The studio without a widget: one session, its jobs in order, and a view that says what to show.

Everything happens on the background loop, which is the only thread that changes the view; whoever shows it is
told by a callback. Jobs that belong to the session run one after another, so that a message sent right after an
upload finds the files there.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from reelframe import settings
from reelframe.client import Notice, Reply, Session
from reelframe.connect import AsyncClient
from reelframe.draft import Brand, Draft
from reelframe.errors import ConfigurationError, JobCancelledError, MediaError, PlanError, ReelframeError
from reelframe.jobs import Job, Progress, background
from reelframe.media import Library, Media, Video
from reelframe.widget import view as views
from reelframe.widget.arrange import Gesture, arranged
from reelframe.widget.growing import GrowingFilm
from reelframe.widget.view import Film, Growing, Preset, View

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Source", "Studio"]

T = TypeVar("T")
# What changes the timeline or needs the processors: a preview under way steps back for it.
_HEAVY: Final = frozenset({"send", "apply", "undo", "redo", "export"})
Source = str | os.PathLike[str] | tuple[str, bytes]
# Shorter sides in pixels: of a streamed preview, and of the one that follows it, sharp in a notebook's column.
_SMALL: Final = 360
_SHARP: Final = 720
# Preview files of a session that stand side by side: a page may still read the one before the last.
_PREVIEWS: Final = 4


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
        self._on_change = on_change or (lambda _view: None)
        self._client: AsyncClient | None = None
        self._session: Session | None = None
        self._turn: asyncio.Lock | None = None
        self._preview_job: asyncio.Task[None] | None = None
        self._jobs: list[Job[Any]] = []
        self._resumed: asyncio.Task[None] | None = None
        self._revision = 0
        self._closed = False
        # The timeline that was rendered last, or need not be: what a preview would show again.
        self._rendered: Draft | None = None
        self._brand = None if brand is None else Brand.of(brand).located()
        self.view = View()
        self.draft = Draft()
        self._growing: GrowingFilm | None = None
        self._files = 0
        self.thumbnails: dict[str, bytes] = {}
        self.preview_path: Path | None = None
        self.export_path: Path | None = None

    # -- what a person does -------------------------------------------------------------------------

    def upload(self, *sources: Source, role: str | None = None, each: bool = False) -> Job[tuple[Media, ...]]:
        """Hand files over: paths, folders, http(s) URLs, or (name, bytes) pairs.

        Args:
            sources: what to upload, in order.
            role: "logo" or "music".
            each: one that can't be used is told, and does not keep the others out. Else it is all or nothing.
        """

        async def work(session: Session, tell: Callable[[Any], None]) -> tuple[Media, ...]:
            try:
                media = await session.upload(*sources, role=role, on_progress=tell)  # type: ignore[arg-type]
            except MediaError:
                if not each or len(sources) == 1:
                    raise
                media = await self._one_by_one(session, sources, role, tell)
            await self._refresh(session)
            if media:
                self._show(views.said(self.view, "note", f"＋ {', '.join(m.name for m in media)}"))
            return media

        return self._job("upload", work)

    def send(self, text: str) -> Job[Reply]:
        """Say what you want; the events of the job are what the log shows."""

        async def work(session: Session, tell: Callable[[Any], None]) -> Reply:
            before = self.draft
            reply = await session.ask(text, on_event=tell)
            await self._refresh(session)
            await self._redress(session, before)
            for video in reply.videos:
                await self._exported(video)
            await self._count_credits(session)
            return reply

        self._from_any_thread(lambda: self._show(views.said(self.view, "you", text)))
        return self._job("send", work)

    def apply(self, edited: pd.DataFrame) -> Job[Reply]:
        """Make the timeline what an edited table of it says: one plan, one step of undo."""

        async def work(session: Session, tell: Callable[[Any], None]) -> Reply:
            await self._refresh(session)
            reply = await self._applied(session, edited)
            for event in reply.events:
                tell(event)
            await self._refresh(session)
            return reply

        return self._job("apply", work)

    def arrange(self, gesture: Gesture) -> Job[Reply]:
        """Move, trim or remove a segment, as a hand does it on the timeline strip; one step of undo."""

        async def work(session: Session, tell: Callable[[Any], None]) -> Reply:
            from reelframe.tables import timeline_frame  # noqa: PLC0415 -- pandas

            await self._refresh(session)
            table = await asyncio.to_thread(timeline_frame, self.draft)
            reply = await self._applied(session, arranged(table, gesture))
            for event in reply.events:
                tell(event)
            await self._refresh(session)
            return reply

        return self._job("apply", work)

    def select(self, *segment_ids: str) -> Job[None]:
        """Say what "this" means in the next message: segments, by their ids; none: nothing in particular."""

        async def work(session: Session, _tell: Callable[[Any], None]) -> None:
            await session.select(*segment_ids)

        self._from_any_thread(lambda: self._show(replace(self.view, selected=segment_ids)))
        return self._job("select", work)

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

        async def work(session: Session, tell: Callable[[Any], None]) -> Video:
            video = await session.export(path, preset=preset, quality=quality, on_progress=tell, **output)
            await self._exported(video)
            self._rendered = self.draft
            self._show(views.said(self.view, "studio", f"✔ {video.path}"))
            return video

        return self._job("export", work)

    def change_media(
        self,
        *,
        remove: tuple[str, ...] = (),
        order: tuple[str, ...] = (),
        roles: dict[str, Any] | None = None,
    ) -> Job[tuple[Media, ...]]:
        """Remove, reorder, or mark the files of the session; ids as ``view.media`` gives them."""

        async def work(session: Session, _tell: Callable[[Any], None]) -> tuple[Media, ...]:
            if remove:
                await session.remove_media(*remove)
            if order:
                await session.reorder_media(order)
            if roles:
                await session.set_roles(roles)
            await self._refresh(session)
            return self.view.media

        return self._job("media", work)

    def cancel(self) -> bool:
        """Stop what is running and what waits behind it; False when there was nothing."""
        previewing = self._preview_job is not None
        self._from_any_thread(self._give_up_preview)
        # The last one first: a job that ends must not let the next one begin.
        stopped = [job.cancel() for job in reversed(self._jobs)]
        return previewing or any(stopped)

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
        async def work(session: Session, tell: Callable[[Any], None]) -> Reply:
            reply: Reply = await getattr(session, which)(count)
            for event in reply.events:
                tell(event)
            await self._refresh(session)
            return reply

        return self._job(which, work)

    def _job(self, name: str, work: Callable[[Session, Callable[[Any], None]], Awaitable[T]]) -> Job[T]:
        async def run(report: Callable[[Any], None]) -> T:
            def tell(event: Any) -> None:  # noqa: ANN401 -- any of the client's events
                self._show(views.heard(self.view, event))
                report(event)

            if self._turn is None:
                self._turn = asyncio.Lock()
            async with self._turn:
                if name in _HEAVY:
                    self._stop_preview()
                if name != "select":
                    self._show(views.working(self.view, name, waiting=self._behind(name)))
                try:
                    return await work(await self._opened(), tell)
                except asyncio.CancelledError:
                    self._show(views.said(self.view, "note", " ".join(["⏹", *await self._what_a_cancel_leaves(name)])))
                    raise
                except ReelframeError as error:
                    self._show(views.said(self.view, "error", str(error)))
                    raise
                finally:
                    if name != "select":
                        previewing = self._preview_job is not None
                        self._show(views.working(self.view, "preview" if previewing else ""))
                    if not self._behind(name):
                        self._start_preview()

        job: Job[T] = Job(run, name=name)
        self._jobs = [*(j for j in self._jobs if not j.done()), job]
        self._from_any_thread(self._tell_waiting)
        return job

    def _tell_waiting(self) -> None:
        # The job at work may have begun before the ones behind it were asked for.
        at_work = self.view.job
        if at_work not in {"", "preview"} and self.view.waiting != (waiting := self._behind(at_work)):
            self._show(replace(self.view, waiting=waiting))

    def _behind(self, at_work: str) -> int:
        """How many jobs wait behind the one at work. To select is no work, and nobody waits for it."""
        asked = sum(not job.done() and job.name != "select" for job in self._jobs)
        return max(0, asked - (at_work != "select"))

    async def _what_a_cancel_leaves(self, name: str) -> list[str]:
        """What a person should know: a hosted service may finish what we do not listen to any more."""
        if name != "send" or self._session is None:
            return []
        note = await self._session.cancel()
        return [note] if note else []

    async def _one_by_one(
        self, session: Session, sources: tuple[Source, ...], role: str | None, tell: Callable[[Any], None]
    ) -> tuple[Media, ...]:
        media: list[Media] = []
        failed: list[MediaError] = []
        for source in sources:
            try:
                media += await session.upload(source, role=role, on_progress=tell)  # type: ignore[arg-type]
            except MediaError as error:
                failed.append(error)
        if not media:
            raise failed[0]
        for problem in failed:
            self._show(views.said(self.view, "error", str(problem)))
        return tuple(media)

    async def _applied(self, session: Session, edited: pd.DataFrame) -> Reply:
        from reelframe import tables  # noqa: PLC0415 -- pandas

        draft, library = self.draft, Library(self.view.media)
        if tables.made_from(edited, draft) is False:
            message = "The timeline has changed since this table was made."
            raise PlanError(message, hint="Take studio.timeline again, and edit a copy of that.")
        plan = await asyncio.to_thread(tables.plan_frame, draft, edited, library)
        if not plan.ops:
            chinese = session.language.startswith("zh")
            same = "表格与时间线一致,没有改动。" if chinese else "The table says what the timeline says already."
            return Reply.of([Notice(same)])
        if "apply" not in (await session.client.capabilities()).features:
            return await session.apply(tables.apply_frame(draft, edited, library))
        return await session.apply(plan)

    async def _opened(self) -> Session:
        if self._client is None:
            self._client = AsyncClient(self._backend, **self._options)
            self._resumed = asyncio.get_running_loop().create_task(self._resume(self._client))
        if self._session is None:
            session = await self._client.create_session(task_name=self.project)
            if self._brand is not None:
                await self._dress(session, self._brand)
            self._session = session
            with contextlib.suppress(ReelframeError):
                formats = (await self._client.capabilities()).formats
                found = await self._client.presets()
                presets = tuple(Preset(str(p["name"]), int(p["width"]), int(p["height"])) for p in found)
                self._show(replace(self.view, presets=presets, formats=formats))
            await self._count_credits(session)
        return self._session

    async def _dress(self, session: Session, brand: Brand) -> None:
        """Put the brand on the timeline before there is anything on it: all that comes is made in it."""
        if "apply" not in (await session.client.capabilities()).features:
            message = "This server knows no brands."
            raise ConfigurationError(message, hint='Leave brand=… out, and say it in words: "the title in #0b5cff".')
        await session.apply(brand)

    async def _redress(self, session: Session, before: Draft) -> None:
        """Move logos that have just come to the brand's place: the words that brought them did not know of it."""
        if self._brand is None or (place := self._brand.logo_position) is None:
            return
        known = {s.id for s in before.segments}
        if any(s.role == "logo" and s.id not in known and s.get("position") != place for s in self.draft.segments):
            await session.apply(self._brand)
            await self._refresh(session)

    async def _count_credits(self, session: Session) -> None:
        """The balance, where work costs something; not to know it is no reason to stop."""
        with contextlib.suppress(ReelframeError):
            if (await session.client.capabilities()).credits_enforced:
                balance = await session.credits()
                self._show(replace(self.view, credits=f"{balance.available:g} / {balance.total:g}"))

    async def _resume(self, client: AsyncClient) -> None:
        """Finish the exports that an earlier kernel began and did not live to see."""
        with contextlib.suppress(ReelframeError):
            for video in await client.resume_exports():
                self._show(views.said(self.view, "note", f"✔ {video.path}"))

    async def _refresh(self, session: Session) -> None:
        state = await session.state()
        self.draft = state.draft
        view = views.with_draft(replace(self.view, media=state.media, language=session.language), state.draft)
        with contextlib.suppress(ReelframeError):
            view = replace(view, suggestions=await session.suggestions())
        self._show(replace(view, can_undo=state.can_undo > 0, can_redo=state.can_redo > 0))

    async def _exported(self, video: Video) -> None:
        self.export_path = video.path
        self._show(replace(self.view, exported=await asyncio.to_thread(self._film, video)))

    def _film(self, video: Video, name: str = "") -> Film:
        self._revision += 1
        called = name or (video.path.name if video.path is not None else "")
        try:
            shape = video.duration_s, video.width, video.height
        except MediaError:
            # Subtitles, or a timeline for another editor: a file all the same.
            shape = 0.0, 0, 0
        return Film(self._revision, called, video.size_bytes, *shape)

    # -- the preview: what has been decided, rendered small, while nothing else is asked for ---------

    def _start_preview(self) -> None:
        """Render the timeline small, if it is another one than was rendered last."""
        if self._closed or self.draft == self._rendered or self._session is None:
            return
        self._stop_preview()
        if self.draft.exportable:
            self._rendered = self.draft
            self._preview_job = asyncio.get_running_loop().create_task(self._preview(self._session))

    def _stop_preview(self) -> None:
        if self._preview_job is not None:
            self._preview_job.cancel()
            self._preview_job = None
            # It was not finished, so it is begun again when there is time.
            self._rendered = None
            if self._growing is not None:
                self._growing.end(whole=False)
            if self.view.job == "preview" or self.view.growing is not None:
                job = "" if self.view.job == "preview" else self.view.job
                self._show(replace(self.view, job=job, progress=None, growing=None))

    def _give_up_preview(self) -> None:
        # Somebody who cancels wants quiet: the next change of the timeline brings the next preview.
        self._stop_preview()
        self._rendered = self.draft

    async def growing(self, revision: int, offset: int) -> tuple[bytes, bool]:
        """What there is of a preview that is being made, from ``offset`` on, and whether that is its end.

        Waits a few seconds for news. On the background loop.

        Raises:
            ConfigurationError: another one has taken its place, or it was given up.
        """
        if self._growing is None or self._growing.revision != revision:
            message = "Another preview has taken the place of this one."
            raise ConfigurationError(message, hint="The page shows that one.")
        return await self._growing.read(offset)

    async def _preview(self, session: Session) -> None:
        own = asyncio.current_task()

        def tell(progress: Progress, stage: str = "preview") -> None:
            # One that has been called off may still hear of its last steps.
            if self._preview_job is own and self.view.job in {"", "preview"}:
                self._show(replace(self.view, job="preview", progress=replace(progress, stage=stage)))

        tell(Progress("preview", 0.0))
        try:
            side = None
            if "preview_stream" in (await session.client.capabilities()).features:
                silent = await self._watch(session, tell)
                side = _SHARP
                if not silent and min(int(self.draft.get(key, 1080)) for key in ("width", "height")) <= _SMALL:
                    return
            path = self._preview_file(session)
            video = await session.preview(
                path, short_side=side, on_progress=lambda p: tell(_made(p), "sharpen" if side else "preview")
            )
            film = await asyncio.to_thread(self._film, video, f"{self.project}.mp4")
            self.preview_path = video.path
            self._show(replace(self.view, preview=film))
        except (ReelframeError, OSError) as error:
            if not isinstance(error, JobCancelledError):
                self._show(views.said(self.view, "error", str(error)))
        finally:
            if self._preview_job is own:
                self._preview_job = None
                growing = self.view.growing
                if self._growing is not None:
                    # What could not be finished is not waited for.
                    self._growing.end(whole=False)
                    growing = None
                job = "" if self.view.job == "preview" else self.view.job
                self._show(
                    replace(self.view, job=job, progress=None if not job else self.view.progress, growing=growing)
                )

    async def _watch(self, session: Session, tell: Callable[[Progress], None]) -> bool:
        """Show a small preview while it is made; whole, it is a film as any other. Whether its sound is missing."""
        film: GrowingFilm | None = None
        async with aclosing(session.stream_preview(at_once=True)) as parts:
            async for part in parts:
                if film is None:
                    self._revision += 1
                    film = self._growing = GrowingFilm(self._revision, self._preview_file(session))
                    shape = part.duration_s, part.width, part.height
                    growing = Growing(film.revision, part.mime_type, *shape, silent=part.silent)
                    self._show(replace(self.view, growing=growing))
                film.add(part.data)
                tell(Progress("preview", part.fraction))
        if film is None:
            return False
        film.end(whole=True)
        self.preview_path = film.path
        whole = Film(film.revision, f"{self.project}.mp4", film.size, *shape)
        self._show(replace(self.view, growing=None, preview=whole))
        return part.silent

    def _preview_file(self, session: Session) -> Path:
        folder = settings.home() / "cache" / "previews"
        folder.mkdir(parents=True, exist_ok=True)
        self._files += 1
        return folder / f"{session.id}-{self._files % _PREVIEWS}.mp4"

    # -- the view -----------------------------------------------------------------------------------

    def _show(self, view: View) -> None:
        self.view = view
        self._on_change(view)

    def _from_any_thread(self, action: Callable[[], None]) -> None:
        background().loop.call_soon_threadsafe(action)


def _made(progress: Progress) -> Progress:
    """What is fetched is made: the bar must not run twice."""
    return replace(progress, fraction=1.0) if progress.stage == "download" else progress
