"""``export``: a composition becomes the kind of file that the path's name says."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from reelframe import render as room
from reelframe.errors import RenderFailedError
from reelframe.jobs import CancelToken, OnProgress, Progress
from reelframe.media import Video
from reelframe.render.cache import Cache
from reelframe.render.composition import Composition, TextLayer
from reelframe.render.encode import Quality, QualityName
from reelframe.render.files import check_target, film_bytes, written
from reelframe.render.mux import Tags
from reelframe.render.outputs.gif import write_gif
from reelframe.render.outputs.kinds import KINDS, Options, What
from reelframe.render.outputs.sized import film_within
from reelframe.render.outputs.sound import write_sound
from reelframe.render.outputs.still import picture

__all__ = ["chapters_of", "export", "title_of"]

# Two channels of 16 bits at 48 kHz.
_WAV_BYTES_S = 192_000
_ALSO = {"m4v": "mp4", "jpeg": "jpg", "wave": "wav"}
PLAIN = Options()


def export(
    composition: Composition,
    path: str | os.PathLike[str],
    options: Options = PLAIN,
    *,
    on_progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
    cache: Cache | None = None,
    workers: int | None = None,
) -> Video:
    """Make a file of a composition.

    Args:
        composition: what to show and play.
        path: where to; its extension is one of `KINDS`, and says what is made.
        options: how.
        on_progress: told how far it is.
        cancel: raise its flag to stop; nothing is left behind.
        cache: of encoded pieces.
        workers: threads; by default one per core.

    Returns:
        the file; its ``warnings`` say what had to be left out or made smaller.

    Raises:
        RenderFailedError: the kind is not known, the encoder failed, or the bytes can't hold it.
        ReelframeError: as ``render``.
    """
    target = Path(path).expanduser().absolute()
    form = _ALSO.get(target.suffix.lower().lstrip("."), target.suffix.lower().lstrip("."))
    kind = KINDS.get(form)
    if kind is None:
        message = f"{target.name}: this kind of file can't be written."
        raise RenderFailedError(message, hint=f"There are: {', '.join(KINDS)}.", reason="format")
    job = _Job(composition, target, form, options, on_progress, cancel or CancelToken(), cache, workers)
    if kind == "film" and options.max_bytes is None:
        return job.render(composition, target, options.quality, None, on_progress)
    check_target(target, _expected(kind, composition))
    with written(target, "file") as unfinished:
        makers = {"film": job.film, "animation": job.animation, "picture": job.picture, "sound": job.sound}
        makers[kind](unfinished)
        job.cancel.check()
    job.tell(1.0)
    return Video(target, warnings=tuple(sorted(job.notes)))


def _expected(kind: What, composition: Composition) -> int:
    """How many bytes a file takes at the most, give or take."""
    if kind == "picture":
        return 3 * composition.width * composition.height
    if kind == "sound":
        return round(composition.duration_s * _WAV_BYTES_S)
    # Also where it is to be no larger than so many bytes: what is tried first may be.
    return film_bytes(composition)


def title_of(composition: Composition) -> str:
    """What a video is called: the first words of its title, "" without one."""
    titles = sorted((t for t in composition.texts if t.role == "title"), key=lambda t: t.start)
    return " ".join(titles[0].text.split())[:120] if titles else ""


def chapters_of(composition: Composition) -> tuple[tuple[float, str], ...]:
    """A chapter for each caption (else for each text): when it begins, in seconds, and its words.

    The first begins with the video. Captions that say the same one after the other are one chapter.
    """
    captions = [t for t in composition.texts if t.role == "caption"]
    chosen: list[TextLayer] = captions or list(composition.texts)
    out: list[tuple[float, str]] = []
    for text in sorted(chosen, key=lambda t: t.start):
        name = " ".join(text.text.split())
        start = text.start / composition.fps
        if out and (out[-1][1] == name or start - out[-1][0] < 1 / composition.fps):
            continue
        out.append((start if out else 0.0, name))
    return tuple(out)


class _Job:
    """One export: what all kinds of it share."""

    def __init__(
        self,
        composition: Composition,
        target: Path,
        form: str,
        options: Options,
        on_progress: OnProgress | None,
        cancel: CancelToken,
        cache: Cache | None,
        workers: int | None,
    ) -> None:
        self.composition, self.target, self.form, self.options = composition, target, form, options
        self.on_progress, self.cancel, self.cache, self.workers = on_progress, cancel, cache, workers
        self.notes: set[str] = set()
        self.tags = Tags(options.title or title_of(composition), chapters_of(composition) if options.chapters else ())

    def tell(self, fraction: float) -> None:
        if self.on_progress is not None:
            part = min(1.0, fraction)
            self.on_progress(Progress("render", part, f"{part:.0%}"))

    def film(self, path: Path) -> None:
        """A film that is no larger than ``max_bytes``."""

        def make(c: Composition, path: Path, quality: Quality, bits: int | None, tell: Callable[[float], None]) -> int:
            self.notes |= set(self.render(c, path, quality, bits, lambda p: tell(p.fraction or 0.0)).warnings)
            return path.stat().st_size

        o = self.options
        film_within(self.composition, path, o.max_bytes or 0, o.quality, make, self.notes.add, self.tell)

    def render(
        self,
        c: Composition,
        path: Path,
        quality: QualityName | Quality,
        bits: int | None,
        on_progress: OnProgress | None,
    ) -> Video:
        return room.render(
            c, path, on_progress, self.cancel, cache=self.cache, workers=self.workers,
            quality=quality, tags=self.tags, silent_track=self.options.silent_track, audio_bits=bits,
        )  # fmt: skip

    def animation(self, path: Path) -> None:
        o = self.options
        write_gif(
            self.composition, path, o.quality, o.max_bytes, self.notes.add, self.cancel.check, self.tell, sized=o.sized
        )

    def picture(self, path: Path) -> None:
        o = self.options
        data = picture(self.composition, self.form, o.at_s, self.tags.title, self.notes.add, self.cancel.check)
        if o.max_bytes is not None and len(data) > o.max_bytes:
            message = f"The picture takes {len(data) / 1e6:.2g} MB, more than {o.max_bytes / 1e6:.2g} MB."
            raise RenderFailedError(message, hint="Choose JPG, or a smaller size.", reason="max_bytes")
        path.write_bytes(data)

    def sound(self, path: Path) -> None:
        o = self.options
        write_sound(self.composition, path, self.form, o.quality, o.max_bytes, self.tags, self.cancel.check, self.tell)
