"""Sound as stereo samples at one rate, from an exact start (worker only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import av
import numpy as np

from reelframe.media.decoders.container import Source, decoded, open_source, reopened, seek
from reelframe.media.decoders.stills import opened
from reelframe.media.framing import Fault, Header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.stream import AudioStream
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

__all__ = ["answers", "audio_frames"]

# Coded sound needs some frames before the first right one (AAC priming, MP3's bit reservoir).
PREROLL_S: Final = 0.5
# Time stamps in milliseconds jitter; only more than this is a gap.
GAP_S: Final = 0.06
# Gaps that add up to more than this come from damaged time stamps: nobody means so much silence.
MOST_SILENCE_S: Final = 600.0
BLOCK_S: Final = 1.0
# Raw AAC and MP3 have no index: seeking in them is by guess, so they are read from the start.
_NO_INDEX: Final = {"aac", "mp3"}


def answers(request: Header) -> Iterator[tuple[Header, tuple[Any, ...]]]:
    """Blocks of about a second: ``path``, ``format``, ``start_s``, ``duration_s`` or None, ``rate``."""
    rate = int(request["rate"])
    duration = request.get("duration_s")
    wanted = None if duration is None else round(float(duration) * rate)
    with opened(request) as file:
        source = open_source(file, request["format"])
        if source.audio is None:
            msg = "has no sound"
            raise Fault(msg)
        blocks = resampled(timed(source, source.audio, float(request["start_s"])), rate)
        for block in gathered(blocks, int(BLOCK_S * rate), wanted):
            yield {"samples": len(block), "more": True}, (block,)
        source.container.close()
    yield {"samples": 0, "more": False}, ()


def audio_frames(source: Source, stream: AudioStream) -> Iterator[tuple[float | None, int, Samples]]:
    """Time in our time (None: right behind the one before), rate and samples of shape (n, channels)."""
    for frame in decoded(source, stream):
        data = frame.to_ndarray()
        channels = max(1, len(frame.layout.channels))
        planar = data if frame.format.is_planar else data.reshape(-1, channels).T
        samples = np.ascontiguousarray(_as_float(planar).T)
        at = None
        if frame.pts is not None and frame.time_base:
            at = float(frame.pts * frame.time_base) - source.zero_s
        yield at, frame.sample_rate, to_stereo(samples, frame.layout.name)


def timed(source: Source, stream: AudioStream, start_s: float) -> Iterator[tuple[int, Samples]]:
    """Rate and stereo samples in one row from exactly ``start_s``: gaps are silence, overlaps are cut."""
    if start_s > PREROLL_S and stream.codec_context.name not in _NO_INDEX:
        reached = seek(source, stream, start_s - PREROLL_S)
        source = source if reached else reopened(source)
        stream = source.audio or stream
    position = start_s  # what time the next sample that goes out has
    follows: float | None = None  # what time the next frame must have if nothing is missing
    silence_left_s = MOST_SILENCE_S
    for at, rate, samples in audio_frames(source, stream):
        due = position if follows is None else follows
        time_s = due if at is None else at
        gap = time_s - due
        jitter = follows is not None and abs(gap) < GAP_S
        leap = gap > silence_left_s or (follows is not None and gap < -MOST_SILENCE_S)
        if jitter or leap:
            time_s = due
        else:
            silence_left_s -= max(0.0, gap)
        follows = time_s + len(samples) / rate
        offset = round((position - time_s) * rate)
        if offset < 0:
            yield from _silence(-offset, rate)
            position -= offset / rate
        fresh = samples[max(0, offset) :]
        if len(fresh):
            yield rate, fresh
            position += len(fresh) / rate


def _silence(count: int, rate: int) -> Iterator[tuple[int, Samples]]:
    while count > 0:
        block = min(count, rate)
        yield rate, np.zeros((block, 2), np.float32)
        count -= block


def resampled(blocks: Iterator[tuple[int, Samples]], rate: int) -> Iterator[Samples]:
    """All blocks at ``rate``, by swresample; a source that changes its rate midway gets a new one."""
    resampler: Any = None
    running = 0
    for source_rate, samples in blocks:
        if source_rate == rate:
            yield from _flushed(resampler)
            resampler = None
            yield samples
            continue
        if running != source_rate or resampler is None:
            yield from _flushed(resampler)
            resampler = av.AudioResampler(format="flt", layout="stereo", rate=rate)
            running = source_rate
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate = source_rate
        for piece in resampler.resample(frame):
            yield piece.to_ndarray().reshape(-1, 2)
    yield from _flushed(resampler)


def _flushed(resampler: Any) -> Iterator[Samples]:  # noqa: ANN401 -- PyAV's resampler or None
    if resampler is not None:
        for piece in resampler.resample(None):
            yield piece.to_ndarray().reshape(-1, 2)


def gathered(pieces: Iterator[Samples], size: int, wanted: int | None) -> Iterator[Samples]:
    """Blocks of ``size`` samples (the last one shorter), ``wanted`` in all at most."""
    left = wanted
    held: list[Samples] = []
    count = 0
    for piece in pieces:
        fresh = piece if left is None else piece[:left]
        if left is not None:
            left -= len(fresh)
        held.append(fresh)
        count += len(fresh)
        if count >= size or left == 0:
            yield np.concatenate(held)
            held, count = [], 0
        if left == 0:
            return
    if count:
        yield np.concatenate(held)


def _as_float(data: NDArray[Any]) -> Samples:
    if data.dtype == np.uint8:
        return (data.astype(np.float32) - np.float32(128)) / np.float32(128)
    if np.issubdtype(data.dtype, np.integer):
        return data.astype(np.float32) / np.float32(-int(np.iinfo(data.dtype).min))
    # Broken files decode to infinities; nothing louder than +12 dB is meant.
    sane: Samples = np.clip(np.nan_to_num(data.astype(np.float32), posinf=0, neginf=0), -4, 4)
    return sane


def to_stereo(samples: Samples, layout: str) -> Samples:
    """Two channels from any: mono to both sides at its level, surround by ITU-R BS.775 without the LFE."""
    count = samples.shape[1]
    if count == 2:  # stereo
        return samples
    if count == 1:
        return np.repeat(samples, 2, axis=1)
    if layout.startswith(("5.1", "5.0", "7.1")) and count >= 5:  # L R C (LFE) then surrounds
        first = 4 if layout.startswith(("5.1", "7.1")) else 3
        left, right, centre = samples[:, 0], samples[:, 1], samples[:, 2] * 0.7071
        around = samples[:, first:]
        mixed = np.stack(
            [
                left + centre + 0.7071 * around[:, 0::2].sum(1),
                right + centre + 0.7071 * around[:, 1::2].sum(1),
            ],
            axis=1,
        )
        return (mixed / (1 + 0.7071 + 0.7071)).astype(np.float32)
    if layout in {"3.0", "2.1", "quad", "quad(side)", "4.0"}:
        return np.ascontiguousarray(samples[:, :2])
    return np.repeat(samples.mean(1, keepdims=True), 2, axis=1)
