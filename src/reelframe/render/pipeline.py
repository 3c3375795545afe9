"""``render``: the skin. Threads, files, progress and cancelling around the pure parts.

Pieces of the video are painted and encoded by worker threads (everything heavy in it runs without Python's lock),
their sound as one job among them; then all is joined into a file beside the target, which is renamed when it is whole.

Two renders at once have as many threads each, among which the system shares the cores evenly and at once: a preview
that waited until a piece of an export is made would come a second later.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any, Final

from reelframe.errors import MediaError, ReelframeError, RenderFailedError
from reelframe.jobs import CancelToken, OnProgress, Progress
from reelframe.media import Video
from reelframe.render.audio_track import audio_key, encoded_sound, live_sound
from reelframe.render.cache import Cache, default_cache
from reelframe.render.chunks import Chunk, plan_chunks
from reelframe.render.composition import Composition, TextLayer
from reelframe.render.encode import (
    AAC,
    OPUS,
    AudioCodec,
    Encoded,
    Packet,
    Quality,
    QualityName,
    VideoCodec,
    VideoSettings,
    encode_video,
    quality_of,
)
from reelframe.render.files import check_target, container_of, film_bytes, written
from reelframe.render.frames import Painter
from reelframe.render.h264 import stretches
from reelframe.render.memory import sparing
from reelframe.render.mux import PLAIN, Tags, write_movie
from reelframe.render.planes import Planes
from reelframe.render.reading import in_own_colors, told
from reelframe.render.sources import Pool
from reelframe.render.text import missing_glyphs
from reelframe.render.timeline import FramePlan, Timeline
from reelframe.settings import strict_glyphs

__all__ = ["Work", "cores", "render"]

_CPU_MAX: Final = Path("/sys/fs/cgroup/cpu.max")

# Done by a worker with its painter; False when it is to be tried again later.
Job = Callable[[Painter], bool]

# Seconds of one core that a pixel takes to be painted and encoded, and the sound of a second: good enough to tell which
# job is the longer one.
_PIXEL_S: Final = 1e-8
_SOUND_S: Final = 0.06
# How long another render that makes the same piece is waited for once nothing else is to do, in seconds.
_PATIENCE_S: Final = 60.0
# How often progress is told and cancelling is looked at while waiting, in seconds.
_TICK: Final = 0.1


def render(
    composition: Composition,
    path: str | os.PathLike[str],
    on_progress: OnProgress | None = None,
    cancel: CancelToken | None = None,
    cache: Cache | None = None,
    workers: int | None = None,
    *,
    quality: QualityName | Quality = "high",
    tags: Tags = PLAIN,
    silent_track: bool = False,
    audio_bits: int | None = None,
) -> Video:
    """Make a film.

    Args:
        composition: what to show and play.
        path: where to; .mp4, .m4v, .mov or .webm. An existing file is replaced when the new one is whole.
        on_progress: told how far it is, from this thread, about ten times a second.
        cancel: raise its flag to stop; nothing is left behind.
        cache: where encoded pieces are kept and found; by default the one in the data folder.
        workers: threads that paint and encode; by default one per core. The bytes do not depend on it.
        quality: "high" for export, "medium" and "low" for smaller files, "preview" for speed; or an encoder's own.
        tags: title and chapters.
        silent_track: a film without sounds gets a silent sound track.
        audio_bits: of the sound, per second; the codec's usual ones when not given.

    Returns:
        the video; its ``warnings`` say what had to be left out.

    Raises:
        StorageError: the path can't be written, or the disk is full; told before work starts where it can be.
        MediaError: a file of the composition can't be read.
        RenderFailedError: the encoder failed.
        JobCancelledError: cancelled.
    """
    target = Path(path).expanduser().absolute()
    container = container_of(target)
    cancel = cancel or CancelToken()
    codec: VideoCodec = "libvpx-vp9" if container == "webm" else "libx264"
    audio = OPUS if container == "webm" else AAC
    audio = audio.at(audio_bits or audio.bits)
    how = quality if isinstance(quality, Quality) else quality_of(quality, codec)
    settings = VideoSettings.of(composition.width, composition.height, composition.fps, how, codec)
    check_target(target, film_bytes(composition))
    workers = max(1, workers or cores())
    work = Work(composition, settings, cache or default_cache(), cancel, on_progress)
    work.audio, work.silent_track = audio, silent_track
    # Asked before work starts: what comes from the cache is not drawn, and would not be missed.
    lost = missing_glyphs(((t.text, t.style) for t in composition.texts), strict=strict_glyphs())
    work.notes |= {lost} if lost else set()
    with contextlib.closing(work), written(target, "video") as unfinished:
        sound = work.run(workers)
        work.tell("join", 0.95)
        write_movie(
            unfinished, container, settings, work.pieces(), composition.frames, sound, cancel.check,
            audio=audio, tags=tags,
        )  # fmt: skip
        cancel.check()
    work.tell("render", 1.0)
    return Video(target, warnings=tuple(sorted(work.notes)))


def cores() -> int:
    """How many processors this process may use, at least 1."""
    try:
        there = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1
    # A container sees all of its host's processors and may be held to a share of their time (cgroup v2, cpu.max).
    with contextlib.suppress(OSError, ValueError):
        quota, period = _CPU_MAX.read_text(encoding="ascii").split()
        there = min(there, math.ceil(int(quota) / int(period)))
    return max(1, there)


class Work:
    """One render in progress."""

    def __init__(
        self,
        composition: Composition,
        settings: VideoSettings,
        cache: Cache,
        cancel: CancelToken,
        on_progress: OnProgress | None,
    ) -> None:
        self.composition, self.settings, self.cache = composition, settings, cache
        self.cancel, self.on_progress = cancel, on_progress
        self.audio: AudioCodec = AAC
        self.silent_track = False
        self.sound: Encoded | None = None
        self.notes: set[str] = set()
        self.timeline = Timeline(composition)
        self.chunks = plan_chunks(self.timeline, lambda nth: repr(settings.piece(nth)))
        self.encoded = 0
        self._pool = Pool(settings.width, settings.height)
        # Stops the workers of this render when one of them fails: the user's own token is not ours to raise.
        self._stop = threading.Event()
        self._painted = 0
        self._to_paint = 1
        self._heard = 0.0
        self._lock = threading.Lock()
        self._local: dict[str, Encoded] = {}
        self._made: set[str] = set()
        # Nobody else is waited for any more.
        self._alone = False
        self._readings: list[tuple[TextLayer, float]] = []

    def close(self) -> None:
        """Forget what is held in memory, and trim the cache."""
        self._local.clear()
        if self.encoded:
            self.cache.trim()

    def tell(self, stage: str, fraction: float) -> None:
        """Report progress from the caller's thread."""
        if self.on_progress is not None:
            self.on_progress(Progress(stage, min(1.0, fraction), f"{min(1.0, fraction):.0%}"))

    def check(self) -> None:
        """Raise when there is no use in going on."""
        self.cancel.check()
        if self._stop.is_set():
            raise _StoppedError

    def run(self, workers: int) -> Encoded | None:
        """Paint and encode what the cache does not have; the sound as well, which is given back."""
        missing = self._missing()
        pixels = self.settings.width * self.settings.height
        jobs: list[tuple[float, Job]] = [(c.changes * pixels * _PIXEL_S, partial(self._make, c)) for c in missing]
        jobs.append((self.composition.duration_s * _SOUND_S, self._make_sound))
        # Looked at also when every piece is kept: what was not mended is told again.
        jobs += [(0.0, partial(self._read, text)) for text in in_own_colors(self.composition.texts)]
        # What takes longest first, so that no worker ends long after the others.
        jobs.sort(key=lambda job: -job[0])
        with self._working(workers, missing, [job for _, job in jobs]) as (_, futures):
            self._wait(futures)
        self.notes.update(told(self._readings))
        return self.sound

    @contextlib.contextmanager
    def watched(self, workers: int) -> Iterator[tuple[Iterable[Packet] | None, Iterator[Encoded]]]:
        """The same for somebody who watches meanwhile: the sound, and the pieces in order, each as soon as it is made.

        The work stops when the block is left. A sound that is new is not kept: nobody has looked yet whether its
        encoder makes it clip.
        """
        missing = self._missing()
        with self._working(workers, missing, [partial(self._make, c) for c in missing]) as (threads, futures):
            sound = threads.submit(self._sound_at_once)
            pending: Collection[Future[Any]] = [sound, *futures]
            while not sound.done():
                pending = self._wait_a_little(pending)
            try:
                yield sound.result(), self.pieces({chunk.key for chunk in missing}, futures)
            finally:
                self._stop.set()

    @contextlib.contextmanager
    def _working(
        self, workers: int, missing: list[Chunk], jobs: Sequence[Job]
    ) -> Iterator[tuple[ThreadPoolExecutor, list[Future[None]]]]:
        """Workers at these jobs, which take them in order, and a thread to spare."""
        self._to_paint = max(1, sum(c.frames for c in missing))
        with sparing(), ThreadPoolExecutor(workers + 1, thread_name_prefix="reelframe-render") as threads:
            queue = iter(jobs)
            futures = [threads.submit(self._work_through, queue) for _ in range(min(workers, len(jobs)))]
            try:
                yield threads, futures
            except BaseException:
                self._stop.set()
                raise

    def _missing(self) -> list[Chunk]:
        """One chunk for each key that is not kept, in order."""
        unique = {chunk.key: chunk for chunk in reversed(self.chunks)}
        missing = [chunk for chunk in unique.values() if chunk.key not in self.cache]
        return sorted(missing, key=lambda chunk: chunk.start)

    def _wait_a_little(self, futures: Collection[Future[Any]]) -> set[Future[Any]]:
        done, pending = wait(futures, _TICK, FIRST_COMPLETED)
        self.cancel.check()
        for future in done:
            future.result()
        # The sound is a small part of the work, and done long before the picture.
        self.tell("render", 0.95 * (0.97 * self._painted / self._to_paint + 0.03 * self._heard))
        return pending

    def _wait(self, futures: Collection[Future[Any]]) -> None:
        while futures:
            futures = self._wait_a_little(futures)

    def _work_through(self, queue: Iterator[Job]) -> None:
        painter = Painter(self.settings.width, self.settings.height, self._pool)
        # What another render is making at this moment is left to it, and looked at when nothing else is to do.
        later: list[Job] = []
        try:
            while True:
                with self._lock:
                    job = next(queue, None)
                if job is None:
                    break
                if not job(painter):
                    later.append(job)
            for _ in range(round(_PATIENCE_S / _TICK)):
                later = [job for job in later if not job(painter)]
                self.check()
                if not later:
                    break
                time.sleep(_TICK)
            # Who has a piece may have been suspended: to make it twice costs time and nothing else.
            self._alone = bool(later) or self._alone
            for job in later:
                job(painter)
        finally:
            painter.close()
            with self._lock:
                self.notes |= painter.notes

    def _make(self, chunk: Chunk, painter: Painter) -> bool:
        """See to it that a piece is in the cache; False when somebody else is at it."""
        with self.cache.making(chunk.key) as free:
            if not free and not self._alone:
                return False
            if chunk.key in self.cache:
                with self._lock:
                    self._painted += chunk.frames
            else:
                self._keep(chunk.key, self._encode(chunk, painter))
            self._made.add(chunk.key)
            return True

    def _encode(self, chunk: Chunk, painter: Painter) -> Encoded:
        plans = [self.timeline.frame(f) for f in range(chunk.start, chunk.end)]
        painter.prepare(plans, self.check)
        before: FramePlan | None = None
        done = 0

        def paint(i: int, planes: Planes) -> None:
            nonlocal before
            self.check()
            if plans[i] != before:
                painter.paint(plans[i], planes)
                before = plans[i]
            tell(i + 1)

        def tell(frames: int) -> None:
            nonlocal done
            with self._lock:
                self._painted += frames - done
            done = frames

        encoded = encode_video(self.settings.piece(chunk.nth), chunk.frames, paint, stretches(plans))
        tell(chunk.frames)
        return encoded

    def _keep(self, key: str, encoded: Encoded) -> None:
        self.encoded += 1
        if not self.cache.put(key, encoded):
            # A cache that can't be written costs memory, not the render.
            with self._lock:
                self._local[key] = encoded

    def _make_sound(self, _: Painter) -> bool:
        """See to it that the sound is there; False when somebody else is at it."""
        if self.composition.sounds or self.silent_track:
            key = audio_key(self.composition, self.audio)
            with self.cache.making(key) as free:
                self.sound = self.cache.get(key)
                if self.sound is None:
                    if not free and not self._alone:
                        return False
                    self.sound = encoded_sound(self.composition, self.audio, self.check, self._hear)
                    self._keep(key, self.sound)
        self._heard = 1.0
        return True

    def _read(self, text: TextLayer, painter: Painter) -> bool:
        """Find out how well a text is read."""
        # Where the pieces are kept, a video is made although a photo is gone, and with nothing said.
        with contextlib.suppress(MediaError):
            self._readings.append((text, painter.contrast(self.timeline.text(text, text.start))))
        return True

    def _hear(self, fraction: float) -> None:
        self.check()
        self._heard = fraction

    def _sound_at_once(self) -> Iterable[Packet] | None:
        if not self.composition.sounds:
            return None
        kept = self.cache.get(audio_key(self.composition, self.audio))
        return kept.packets if kept is not None else live_sound(self.composition, self.audio, self.check)

    def pieces(self, awaited: Container[str] = (), futures: Collection[Future[Any]] = ()) -> Iterator[Encoded]:
        """The encoded chunks in order. One that vanished from the cache meanwhile is made again.

        Args:
            awaited: keys of those that workers are still at.
            futures: the workers.
        """
        header: bytes | None = None
        for chunk in self.chunks:
            while futures and chunk.key in awaited and chunk.key not in self._made:
                futures = self._wait_a_little(futures)
            piece = self._local.get(chunk.key) or self.cache.get(chunk.key)
            if piece is None or len(piece.packets) != chunk.frames:
                piece = self._made_again(chunk)
            if header is not None and piece.header != header:
                message = "The pieces of the video do not fit together."
                raise RenderFailedError(message, hint="Clear the cache and render again.", reason="header")
            header = piece.header
            yield piece

    def _made_again(self, chunk: Chunk) -> Encoded:
        painter = Painter(self.settings.width, self.settings.height, self._pool)
        try:
            piece = self._encode(chunk, painter)
        finally:
            painter.close()
            self.notes |= painter.notes
        self._keep(chunk.key, piece)
        return piece


class _StoppedError(ReelframeError):
    """Another worker failed; its error is the one that is told."""

    def __init__(self) -> None:
        super().__init__("Stopped.")
