"""The one-liner: media and a sentence in, a finished video out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from reelframe.client import Asked, Exported, Progress, Session, Text, detect_language
from reelframe.connect import AsyncClient
from reelframe.draft import Brand
from reelframe.errors import MediaError, PlanError
from reelframe.jobs import OnProgress, background
from reelframe.media import Video

__all__ = ["Source", "acreate", "create"]

Source = str | os.PathLike[str] | tuple[str, bytes]
# "an announcement: Summer sale, ends Friday" brings its own words: it needs no pictures.
_WORDS: Final = re.compile(r"[:：]\s*\S")


def create(  # noqa: PLR0913 -- all that a video needs in one call
    media: Source | Iterable[Source],
    prompt: str,
    path: str | os.PathLike[str] | None = None,
    *,
    project: str = "",
    logo: Source | None = None,
    music: Source | None = None,
    brand: Brand | Mapping[str, Any] | None = None,
    preset: str | None = None,
    backend: str = "local",
    token: str | None = None,
    on_progress: OnProgress | None = None,
    on_event: Callable[[Any], None] | None = None,
) -> Video:
    """Make one video of photos and clips, as a sentence says, and wait for it.

    Works in scripts, in notebook cells and in threads; an interrupt (Ctrl-C, a notebook's stop button)
    cancels it and leaves nothing half-written.

    Args:
        media: paths, folders, http(s) URLs, or (name, bytes) pairs; one or several. None (an empty list) for a video of
            words alone: "a 15-second announcement: Summer sale, 20 % off, ends Friday". The path of an ``.otio`` file
            among them is another editor's timeline of the others: its cuts are taken, and the prompt refines them.
        prompt: what to make: "combine these into a 30-second video with background music". With a timeline it may be
            empty.
        path: where the file goes; ``./<project>-<n>.mp4`` when not given. Its extension says what it is: .mp4, .mov,
            .webm, .gif, .png or .jpg (the most telling frame), .wav or .mp3 (the sound), .srt, .vtt, .otio.
        project: what the video is about, in a word or two: the title, when the prompt gives none.
        logo: a picture for the corner.
        music: a sound file to use instead of composed music.
        brand: colours, font, the logo's place, the texts' look: an ``rf.Brand`` or a mapping. Without
            one, buttons and bars have the colour that stands out in the photos.
        preset: what to export for: "tiktok", "youtube", "square", …
        backend: "local" (this machine), "nemo" (the hosted service), or a server's URL.
        token: that server's bearer token; NEMO_TOKEN is for "nemo" alone.
        on_progress: called with every ``Progress``, from another thread.
        on_event: called with every event (texts, assumptions, progress), from another thread.

    Raises:
        ConfigurationError: there is no such backend or format, or the brand names what is none.
        MediaError: a file can't be used, or there is none; it names the file and the reason. Nothing was made.
        PlanError: the sentence is empty, needs an answer first, or nothing in it can be done; it says what.
        ReelframeError: whatever else went wrong; see ``reelframe.errors``.

    >>> video = create(["mug.jpg", "vase.jpg"], "a 5-second video with calm music", "mugs.mp4")
    >>> video.duration_s, video.width, video.height
    (5.0, 1920, 1080)
    """
    return background().run(
        acreate(
            media,
            prompt,
            path,
            project=project,
            logo=logo,
            music=music,
            brand=brand,
            preset=preset,
            backend=backend,
            token=token,
            on_progress=on_progress,
            on_event=on_event,
        )
    )


async def acreate(  # noqa: PLR0913 -- the same
    media: Source | Iterable[Source],
    prompt: str,
    path: str | os.PathLike[str] | None = None,
    *,
    project: str = "",
    logo: Source | None = None,
    music: Source | None = None,
    brand: Brand | Mapping[str, Any] | None = None,
    preset: str | None = None,
    backend: str = "local",
    token: str | None = None,
    on_progress: OnProgress | None = None,
    on_event: Callable[[Any], None] | None = None,
) -> Video:
    """``create``, awaitable. Callbacks are called on the loop and must not block."""

    def tell(event: Any) -> None:  # noqa: ANN401 -- any of the client's events
        if isinstance(event, Progress) and on_progress is not None:
            on_progress(event)
        if on_event is not None:
            on_event(event)

    sources, timeline = _apart(_several(media))
    if timeline is None:
        _check(sources, prompt)
    given = None if brand is None else Brand.of(brand).located()
    # An export that the sentence itself asks for would go to the default path: there is one export, ours.
    async with AsyncClient(backend, token=token, follow_gui=False) as client:
        session = await client.create_session(task_name=project or "project", language=detect_language(prompt))
        # A wrong preset or place is said before minutes are spent on sending files.
        await session.check_export(path, preset=preset)
        if sources:
            await session.upload(*sources, on_progress=tell)
        if logo is not None:
            await session.upload(logo, role="logo", on_progress=tell)
        if music is not None:
            await session.upload(music, role="music", on_progress=tell)
        if timeline is not None:
            tell(Text((await session.apply(timeline)).text))
        await _ask(session, prompt, tell)
        if given is not None:
            await session.apply(given.applied((await session.state()).draft))
        video = await session.export(path, preset=preset, on_progress=tell)
        tell(Exported(video, str(video.path)))
        return video


def _apart(given: tuple[Source, ...]) -> tuple[tuple[Source, ...], Source | None]:
    """The files to upload, and the timeline that another editor made of them, if one is among what was given."""
    timelines = [one for one in given if not isinstance(one, tuple) and Path(one).suffix.lower() == ".otio"]
    if len(timelines) > 1:
        message = f"{len(timelines)} timelines were given, and a video has one."
        raise PlanError(message, hint="Make a video of each.")
    return tuple(one for one in given if one not in timelines), next(iter(timelines), None)


def _check(sources: tuple[Source, ...], prompt: str) -> None:
    """What is missing is said before a session is made."""
    if not sources and not _WORDS.search(prompt):
        message = "No photos or clips were given."
        raise MediaError(message, hint="Give paths, folders, URLs, or (name, bytes) pairs.", reason="there is none")
    if not prompt.strip():
        message = "The prompt is empty: nothing says what to make."
        raise PlanError(message, hint='Say it in a sentence: "a 30-second video with background music".')


async def _ask(session: Session, prompt: str, tell: Callable[[Any], None]) -> None:
    if not prompt.strip():
        # What another editor cut needs no words.
        return
    said: list[str] = []
    async for event in session.send(prompt):
        tell(event)
        if isinstance(event, Asked):
            choices = f" ({' / '.join(event.choices)})" if event.choices else ""
            message = f"The request leaves a question open: {event.text}{choices}"
            raise PlanError(message, hint="Say it in the prompt.")
        if isinstance(event, Text):
            said.append(event.text)
    state = await session.state()
    if not state.draft.exportable:
        answer = "".join(said).strip() or "The request made no timeline."
        raise PlanError(answer, hint="Nothing was rendered.")


def _several(media: Source | Iterable[Source]) -> tuple[Source, ...]:
    # A (name, bytes) pair is a tuple as well: it is told from a tuple of paths by its second half.
    if isinstance(media, (str, os.PathLike)):
        return (media,)
    items = tuple(media)
    if len(items) == 2 and isinstance(items[1], bytes):  # a pair
        return (items,)  # type: ignore[return-value]
    return items  # type: ignore[return-value]
