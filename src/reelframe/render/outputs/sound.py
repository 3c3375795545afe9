"""The sound alone, as WAV or MP3."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import av

from reelframe.errors import PlanError, RenderFailedError
from reelframe.render.audio_track import encoded_sound, mix_audio
from reelframe.render.composition import Composition
from reelframe.render.encode import AUDIO_RATE, MP3, AudioCodec, audio_frame
from reelframe.render.mux import Tags, tagged
from reelframe.render.sound import normalise, spans

__all__ = ["write_sound"]

_MP3_BITS: Final = {"preview": 96_000, "low": 96_000, "medium": 128_000, "high": 192_000}
_LOWEST_BITS: Final = (160_000, 128_000, 96_000, 64_000, 48_000, 32_000)
_MP3_HEAD: Final = 4096
# What is around a name in a tag or a chapter, and a character of it at the most.
_TAG: Final = 200
_CHARACTER: Final = 4
_PROMISED_DB: Final = -1.0


def write_sound(
    composition: Composition,
    path: Path,
    form: str,
    quality: str,
    max_bytes: int | None,
    tags: Tags,
    check: Callable[[], None],
    tell: Callable[[float], None],
) -> None:
    """Write what is heard of a composition.

    Args:
        composition: the video.
        path: the file to write.
        form: "wav" (16 bits) or "mp3".
        quality: decides the bit rate of an MP3.
        max_bytes: the file is no larger.
        tags: the title and the chapters.
        check: called now and then; raises to cancel.
        tell: told the fraction done.

    Raises:
        PlanError: nothing is heard.
        RenderFailedError: so many bytes can't hold it.
    """
    if not composition.sounds:
        message = "Nothing is heard in this video: there is no sound to export."
        raise PlanError(message, hint="Add music first, or unmute a clip.")
    if form == "wav":
        _wav(composition, path, max_bytes, tags, check, tell)
        return
    said = _bytes_of(tags.title, *(name for _, name in tags.chapters)) + _MP3_HEAD
    how = _affordable(MP3.at(_MP3_BITS[quality]), composition.duration_s, max_bytes, said)
    encoded = encoded_sound(composition, how, check, tell)
    with av.open(str(path), "w", format="mp3", options={"fflags": "+bitexact"}) as output:
        out: Any = output
        tagged(out, tags, composition.duration_s)
        stream = out.add_stream(how.encoder, rate=AUDIO_RATE)
        stream.layout, stream.bit_rate = "stereo", how.bits
        out.start_encoding()
        for packet in encoded.packets:
            made: Any = av.Packet(packet.data)
            made.stream, made.pts, made.dts, made.time_base = stream, packet.pts, packet.dts, stream.time_base
            out.mux(made)


def _bytes_of(*names: str) -> int:
    return sum(_TAG + _CHARACTER * len(name) for name in names)


def _affordable(how: AudioCodec, seconds: float, max_bytes: int | None, said: int) -> AudioCodec:
    """The best bit rate that leaves room for the tags, which take ``said`` bytes."""
    if max_bytes is None:
        return how
    fits = [bits for bits in (how.bits, *_LOWEST_BITS) if bits <= how.bits]
    fits = [bits for bits in fits if bits * seconds / 8 + said <= max_bytes]
    if not fits:
        least = _LOWEST_BITS[-1] * seconds / 8 + said
        raise _too_small(max_bytes, least)
    return how.at(max(fits))


def _too_small(max_bytes: int, least: float) -> RenderFailedError:
    message = f"{max_bytes / 1e6:.2g} MB can't hold this sound: it takes {least / 1e6:.2g} MB at least."
    return RenderFailedError(message, hint="Allow more, or make the video shorter.", reason="max_bytes")


def _wav(
    composition: Composition,
    path: Path,
    max_bytes: int | None,
    tags: Tags,
    check: Callable[[], None],
    tell: Callable[[float], None],
) -> None:
    least = composition.duration_s * AUDIO_RATE * 4 + _bytes_of(tags.title)
    if max_bytes is not None and least > max_bytes:
        raise _too_small(max_bytes, least)
    samples = mix_audio(composition, check, tell)
    normalise(samples, None, ceiling_db=_PROMISED_DB, check=check)
    # Past 4 GB (six hours) the plain header has no room for the length.
    with av.open(str(path), "w", format="wav", options={"fflags": "+bitexact", "rf64": "auto"}) as output:
        out: Any = output
        tagged(out, Tags(tags.title), composition.duration_s)
        stream = out.add_stream("pcm_s16le", rate=AUDIO_RATE)
        stream.layout = "stereo"
        for a, b in spans(len(samples)):
            check()
            out.mux(stream.encode(audio_frame(samples[a:b], a, "s16")))
        out.mux(stream.encode(None))
