"""A conversation about one timeline: what the user calls."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reelframe.client.changes import change_body
from reelframe.client.events import (
    Action,
    Asked,
    Changed,
    CreditsShown,
    Event,
    Exported,
    Notice,
    Text,
    TimelineShown,
    Uploaded,
)
from reelframe.client.exports import check_place, format_of, output_options, render_id, reserve, wished
from reelframe.client.ledger import Export
from reelframe.client.previews import PreviewPart, stream_preview
from reelframe.client.reply import Reply
from reelframe.client.routing import Route, route
from reelframe.client.session_core import SessionCore, silent
from reelframe.client.turn import Turn
from reelframe.client.uploads import Source
from reelframe.client.values import State
from reelframe.client.words import detect_language, say
from reelframe.draft import Brand, Draft
from reelframe.errors import ConfigurationError, PlanError, ReelframeError, StorageError
from reelframe.jobs import OnProgress, Progress
from reelframe.media.formats import human_size
from reelframe.media.model import Role

if TYPE_CHECKING:
    from reelframe.media.video import Video

__all__ = ["Session"]

_log = logging.getLogger("reelframe.client")
_END: Final = object()
_ACTIONS: Final = frozenset({"export", "credits", "timeline", "state", "undo", "redo", "upload", "message"})


class Session(SessionCore):
    """One timeline on one server. Made by ``client.create_session()`` or ``client.session(id)``.

    Attributes:
        id: the server's name for it. Changes when the server lost the session and a new one was made.
        task_id: the task that it belongs to, None when the server did not say.
        name: the project's name.

    >>> with Client() as c:
    ...     session = c.create_session("Mugs")
    ...     media = session.upload("mug.jpg", "vase.jpg")
    ...     cut = session.ask("a 4-second video titled Mugs, no music")
    ...     better = session.ask("make the title yellow")
    ...     undone = session.undo()
    ...     print(session.state().draft.summary())
    Timeline (2 tracks): 1. Video: mug.jpg (0-2s), vase.jpg (2-4s) 2. Title: "Mugs" (0-4s)
    """

    # -- talking ------------------------------------------------------------------------------------

    async def send(
        self, message: str, *, files: Sequence[Source] = (), role: Role | None = None
    ) -> AsyncGenerator[Event, None]:
        """Say something, and hear what happens as it happens.

        Exports, credits, the status and uploads are told by the words and done at once; everything else is
        the agent's. The message is sent once: a broken stream is never answered by sending it again.

        Leaving an ``async for`` with ``break`` does not end the request: Python closes an asynchronous iterator only
        when it is collected. To stop it at once, close it: ``async with contextlib.aclosing(session.send(…)) as
        events``. ``ask`` does that by itself, and so does the blocking ``send``.

        Args:
            message: what the user says, in any language.
            files: what the user hands over with it: uploaded first.
            role: what the files are: "logo" or "music".

        Raises:
            PlanError: the message is empty, and no files came with it; nothing was sent.
            ReelframeError: what went wrong, after every event that came before it.
        """
        if not message.strip() and not files:
            raise PlanError(say("empty", self.language), hint=say("empty_hint", self.language))
        if self._language is None:
            self._language = detect_language(message)
        async with aclosing(self._routed(message, files, role)) as events:
            async for event in events:
                for text in self._taken_notices():
                    yield Notice(text)
                yield event
        for text in self._taken_notices():
            yield Notice(text)

    async def ask(
        self,
        message: str,
        *,
        files: Sequence[Source] = (),
        role: Role | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> Reply:
        """``send``, collected.

        Args:
            message: as for ``send``.
            files: as for ``send``.
            role: as for ``send``.
            on_event: called with every event as it comes.
        """
        seen: list[Event] = []
        async with aclosing(self.send(message, files=files, role=role)) as events:
            async for event in events:
                seen.append(event)
                if on_event is not None:
                    on_event(event)
        return Reply.of(seen)

    async def _routed(self, message: str, files: Sequence[Source], role: Role | None) -> AsyncGenerator[Event, None]:
        way: Route | None = route(message, has_files=bool(files))
        steps: list[AsyncGenerator[Event, None]] = []
        if files:
            steps.append(self._uploading(files, role))
            way = way.then if way else None
        if way is not None:
            steps.append(self._way(way, message, role))
        for step in steps:
            async with aclosing(step) as events:
                async for event in events:
                    yield event

    def _way(self, way: Route, message: str, role: Role | None) -> AsyncGenerator[Event, None]:
        match way.kind:
            case "export":
                return self._exporting(way.args)
            case "credits":
                return _once(self._credits_shown)
            case "status":
                return _once(self._timeline_shown)
            case "upload" if way.args.get("sources"):
                return self._uploading(way.args["sources"], role)
            case "upload":
                return _once(self._which_files)
            case _:
                return self._talk(message)

    async def _talk(self, message: str, *, follow: bool = True) -> AsyncGenerator[Event, None]:
        turn = Turn(self, await self._worded(message))
        async with aclosing(turn.run()) as events:
            async for event in events:
                yield event
        for action in turn.todo:
            if not (follow and self.client.follow_gui and action.action in _ACTIONS):
                yield replace(action, text="")
                continue
            words = str(action.args.get("message", ""))
            text = action.text or say(f"action_{action.action}", self.language, message=words)
            yield replace(action, text=text)
            async with aclosing(self._follow(action, words)) as events:
                async for event in events:
                    yield event

    def _follow(self, action: Action, words: str) -> AsyncGenerator[Event, None]:
        """Do what the agent told its user to do."""
        match action.action:
            case "export":
                return self._exporting_if_possible(action.args)
            case "credits":
                return _once(self._credits_shown)
            case "timeline" | "state":
                return _once(self._timeline_shown)
            case "undo" | "redo" as name:
                return self._stepping(name)
            case "message":
                # Once: an agent that answers with another instruction would be asked for ever.
                asked = say("please_do", self.language, message=words)
                return self._talk(asked, follow=False)
            case _:
                return _once(self._which_files)

    async def _exporting_if_possible(self, args: Mapping[str, Any]) -> AsyncGenerator[Event, None]:
        # The agent speaks of exporting also when there is nothing yet; that is no failure of the request.
        try:
            async with aclosing(self._exporting(args)) as events:
                async for event in events:
                    yield event
        except PlanError as error:
            yield Notice(str(error))

    async def _stepping(self, which: str) -> AsyncGenerator[Event, None]:
        for event in (await self._step(which, 1)).events:
            yield event

    async def _which_files(self) -> Asked:
        return Asked(say("which_files", self.language))

    async def _worded(self, message: str) -> str:
        """The message with what the server has no call for: the selection, the roles of files."""
        notes, self._notes = self._notes, []
        if self._selected and not await self._can("selection"):
            draft = (await self.state()).draft
            if what := _in_words(draft, self._selected, self.language):
                message = f"{say('selection', self.language, what=what)}{message}"
        return " ".join([*notes, message])

    async def _uploading(self, sources: Sequence[Source], role: Role | None) -> AsyncGenerator[Event, None]:
        async def work(tell: Callable[[Any], None]) -> None:
            media = await self.upload(*sources, role=role, on_progress=tell)
            names = say("list_sep", self.language).join(m.name for m in media)
            tell(Uploaded(media, say("uploaded", self.language, names=names)))

        async with aclosing(_pumped(work)) as events:
            async for event in events:
                yield event

    async def _timeline_shown(self) -> TimelineShown:
        draft = (await self.state()).draft
        return TimelineShown(draft, draft.summary(self.language))

    async def _credits_shown(self) -> CreditsShown:
        balance = await self.client.credits()
        free = not (await self.client.capabilities()).credits_enforced
        values = {k: f"{getattr(balance, k):g}" for k in ("available", "frozen", "total")}
        key = "credits_local" if free else "credits"
        return CreditsShown(balance, say(key, self.language, **values))

    # -- export -------------------------------------------------------------------------------------

    async def export(  # noqa: PLR0913 -- each by its name
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        format: str | None = None,  # noqa: A002 -- the public word for it
        quality: str = "high",
        preset: str | None = None,
        width: int | None = None,
        height: int | None = None,
        fps: float | None = None,
        max_bytes: int | None = None,
        at: float | None = None,
        chapters: bool = False,
        draft: Draft | None = None,
        on_progress: OnProgress | None = None,
    ) -> Video:
        """Render the timeline and fetch the file. Costs no credits.

        Args:
            path: where the video goes; ``./<project>-<n>.mp4`` with the first free n when not given.
            format: "mp4"; the embedded backend also writes "mov", "webm", "gif", "png" and "jpg" (one picture), "wav"
                and "mp3" (the sound), "srt" and "vtt" (the texts), "otio" (for other editors). Told from the path when
                not given, else from what was asked for in words.
            quality: "high", "medium" or "low".
            preset: what to export for: "tiktok", "youtube", … (embedded backend).
            width: pixels across.
            height: pixels down.
            fps: frames per second (embedded backend).
            max_bytes: the file is no larger, and hardly smaller than it has to be (embedded backend).
            at: the second that a "png" or "jpg" shows; the most telling moment when not given.
            chapters: the file has a chapter for each caption (embedded backend).
            draft: another timeline than the session's own.
            on_progress: told of every step: rendering, downloading.

        Raises:
            PlanError: there is nothing on the timeline.
            RenderFailedError: the render failed twice; the reason is the server's.
            ConfigurationError: the server has no such export.
            StorageError: the file can't be written.
        """
        tell = on_progress or silent
        can = await self.client.capabilities()
        target = None if path is None else Path(path)
        output = output_options(
            format=format_of(target, format), quality=quality, preset=preset, width=width, height=height, fps=fps,
            max_bytes=max_bytes, at=at, chapters=chapters, embedded=can.embedded, formats=can.formats,
        )  # fmt: skip
        if draft is None:
            state = await self.state()
            draft, project = state.draft, state.project or self.name
        else:
            project = self.name
        if format is None and not (target and target.suffix):
            output |= wished(draft, can.formats)
        if not draft.exportable:
            message = "There is nothing to export: the timeline is empty."
            raise PlanError(message, hint="Upload media and say what to make of them first.")
        where = reserve(target, project, output["format"])
        job = Export(render_id(), self.client.server.base_url, self.id, str(where), draft.to_wire(), output)
        video = await self.client.exporter.run(
            job, language=self.language, on_progress=tell, can_cancel="cancel" in can.features,
            renew_session=self.renewal(), session_id=lambda: self.id,
        )  # fmt: skip
        tell(Progress("done", 1.0, self._exported_text(video)))
        return video

    async def check_export(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        format: str | None = None,  # noqa: A002 -- the public word for it
        quality: str = "high",
        preset: str | None = None,
    ) -> None:
        """Find out whether an export could be made so, before there is anything to export.

        Args:
            path: as for ``export``.
            format: as for ``export``.
            quality: as for ``export``.
            preset: as for ``export``.

        Raises:
            ConfigurationError: the server has no such format or preset.
            APIError: the embedded backend does not know the preset; the message lists those that there are.
            StorageError: the file can't be written.
        """
        can = await self.client.capabilities()
        target = None if path is None else Path(path)
        output = output_options(
            format=format_of(target, format), quality=quality, preset=preset, width=None, height=None, fps=None,
            embedded=can.embedded, formats=can.formats,
        )  # fmt: skip
        check_place(target, self.name, output["format"])
        if "check" in can.features:
            await self._extension("check", {"output": output}, "checking the export's options")

    async def preview(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        short_side: int | None = None,
        on_progress: OnProgress | None = None,
    ) -> Video:
        """A video to look at, made as soon as it can be had.

        The embedded backend renders the timeline small: 360p, or as it is said. Another server is asked for what
        it has made last (``generated_media``); when that is nothing, or can't be fetched, the timeline is exported.

        Args:
            path: where the video goes; as for ``export`` when not given.
            short_side: its shorter side in pixels, no more than the timeline's own (embedded backend).
            on_progress: told of every step.

        Raises:
            ReelframeError: as for ``export``.
        """
        if await self._can("preview"):
            size = {} if short_side is None else _of_short_side(short_side, await self.state(), enlarge=False)
            width, height = size.get("width"), size.get("height")
            return await self.export(path, quality="preview", width=width, height=height, on_progress=on_progress)
        state = await self.state()
        urls = [url for one in state.generated_media if isinstance(url := one.get("url"), str) and url]
        # A timeline that is kept here is not what the server made its videos of.
        if urls and self._own_draft is None:
            where = reserve(None if path is None else Path(path), state.project or self.name, "mp4")
            try:
                return await self.client.exporter.fetch(urls[-1], where, on_progress or silent, self.language)
            except StorageError:
                raise
            except ReelframeError as error:
                _log.info("What the server has made can't be fetched (%s); exporting.", error)
        return await self.export(path, on_progress=on_progress)

    async def stream_preview(self, *, at_once: bool = False) -> AsyncGenerator[PreviewPart, None]:
        """The timeline, small, in parts that can be played while the rest is still being rendered.

        The parts together are one fragmented MP4. A newer stream of the same session ends this one; to stop it, close
        the generator (``contextlib.aclosing``).

        Args:
            at_once: rather without sound than late: music that is still to be composed is left out (``part.silent``).

        Raises:
            ConfigurationError: the server has no call for it: ask for a ``preview``.
            ConnectionFailedError: it broke off.
        """
        await self._need("preview_stream", "a preview that is watched while it is made", "Ask for a preview() instead.")
        async with aclosing(stream_preview(self.client.caller, self.id, at_once=at_once)) as parts:
            async for part in parts:
                yield part

    def _exported_text(self, video: Video) -> str:
        size = ""
        if video.path is not None and video.path.exists():
            bytes_in_words = human_size(video.path.stat().st_size)
            size = f"（{bytes_in_words}）" if self.language.startswith("zh") else f" ({bytes_in_words})"
        return say("exported", self.language, path=video.path, size=size)

    async def _exporting(self, args: Mapping[str, Any]) -> AsyncGenerator[Event, None]:
        known = {"path", "format", "quality", "preset", "width", "height", "fps", "max_bytes", "at", "chapters"}
        options = {k: v for k, v in args.items() if k in known and v is not None}
        if (short := args.get("short_side")) is not None:
            options |= _of_short_side(short, await self.state())

        async def work(tell: Callable[[Any], None]) -> None:
            video = await self.export(on_progress=tell, **options)
            tell(Exported(video, self._exported_text(video)))

        async with aclosing(_pumped(work)) as events:
            async for event in events:
                if not (isinstance(event, Progress) and event.stage == "done"):
                    yield event

    # -- extensions, and what stands for them elsewhere ---------------------------------------------

    async def undo(self, count: int = 1) -> Reply:
        """Take back the last steps. On a server without a call for it, it is asked for in a message."""
        return await self._step("undo", count)

    async def redo(self, count: int = 1) -> Reply:
        """Take the steps forward again that were taken back."""
        return await self._step("redo", count)

    async def _step(self, which: str, count: int) -> Reply:
        if not await self._can(which):
            words = say(which if count == 1 else f"{which}_n", self.language, count=count)
            return await self._by_message(words)
        before = (await self.state()).draft
        data = await self._extension(which, {"count": count}, f"asking for {which}")
        return self._applied(before, data)

    async def _by_message(self, words: str) -> Reply:
        notice = Notice(say("by_message", self.language))
        async with aclosing(self._talk(words)) as events:
            seen: list[Event] = [notice, *[event async for event in events]]
        return Reply.of([*seen, *map(Notice, self._taken_notices())])

    async def apply(self, change: Any) -> Reply:  # noqa: ANN401 -- a Draft, a Plan, or either as JSON
        """Apply a timeline, or a plan of operations, as one step of undo.

        On a server without a call for it, a timeline is kept here and used for the export.

        Args:
            change: a ``Draft``; a plan (anything with ``as_dict()``); a mapping of either; a ``Brand``,
                which dresses the texts and moves the logos of the timeline as it is; or the path of an
                ``.otio`` file (str or ``Path``): another editor's cuts of files that are uploaded.

        Raises:
            PlanError: the operations can't be applied; nothing was changed.
            ConfigurationError: the server takes no operations: apply them to a draft, and give that; or it
                reads no .otio files.
            MediaError: the .otio file can't be read.
        """
        before = (await self.state()).draft
        body = change_body(change.located().applied(before) if isinstance(change, Brand) else change)
        if "otio" in body:
            await self._need("otio", "timelines of other editors", "Open it with the embedded backend.")
        if await self._can("apply"):
            return self._applied(before, await self._extension("apply", body, "applying the change"))
        if "draft" not in body:
            message = "This server takes no operations."
            hint = "Apply them to the timeline with edits.apply, and give the timeline that comes out."
            raise ConfigurationError(message, hint=hint)
        self._own_draft = Draft.from_wire(body["draft"])
        changes = before.diff(self._own_draft)
        text = say("kept_draft", self.language)
        return Reply.of([Changed(changes, "", self._own_draft), Notice(text)])

    def _applied(self, before: Draft, data: Any) -> Reply:  # noqa: ANN401 -- JSON is anything
        data = data if isinstance(data, Mapping) else {}
        after = State.from_wire(data).draft
        text = data.get("text")
        changed = Changed(before.diff(after), "", after)
        said = [Text(text)] if isinstance(text, str) and text else []
        return Reply.of([*said, changed])


def _of_short_side(short: int, state: State, *, enlarge: bool = True) -> dict[str, int]:
    """Read "1080p" as the shorter side, whichever that is; the other one follows from the timeline's own shape."""
    width, height = 16.0, 9.0
    for place in (state.canvas_config, state.draft.m or {}):
        w, h = place.get("width"), place.get("height")
        if isinstance(w, (int, float)) and isinstance(h, (int, float)) and w > 0 < h:
            width, height = w, h
    scale = short / min(width, height)
    if not enlarge:
        scale = min(1.0, scale)
    # Encoders want even sizes.
    return {"width": round(width * scale / 2) * 2, "height": round(height * scale / 2) * 2}


def _in_words(draft: Draft, ids: Sequence[str], language: str) -> str:
    """Segments as a person would point at them: "clip 2", "text 1 (Hello)"."""
    nouns = {
        "video": ("clip", "片段"),
        "audio": ("audio", "音频"),
        "text": ("text", "文字"),
        "other": ("segment", "片段"),
    }
    chinese = language.startswith("zh")
    out: list[str] = []
    for track in draft.tracks:
        for number, segment in enumerate(track.segments, start=1):
            if segment.id in ids:
                noun = nouns[track.kind][chinese]
                name = f' "{segment.name}"' if segment.name else ""
                out.append(f"第{number}个{noun}{name}" if chinese else f"{noun} {number}{name}")
    return say("list_sep", language).join(out)


async def _once(work: Callable[[], Awaitable[Event]]) -> AsyncGenerator[Event, None]:
    yield await work()


async def _pumped(work: Callable[[Callable[[Any], None]], Awaitable[None]]) -> AsyncGenerator[Any, None]:
    """What a piece of work reports, as it reports it; leaving early cancels the work and waits for its end."""
    queue: asyncio.Queue[Any] = asyncio.Queue()
    task = asyncio.ensure_future(work(queue.put_nowait))
    task.add_done_callback(lambda _: queue.put_nowait(_END))
    try:
        while (event := await queue.get()) is not _END:
            yield event
        await task
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
