"""The composition's sounds, mixed by the sound room and read through the media room, as one array."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Final, cast

import av
import numpy as np
from numpy.typing import NDArray

from reelframe.errors import MediaError, PlanError
from reelframe.media import iter_audio
from reelframe.media.model import Media
from reelframe.render.composition import Composition, Sound
from reelframe.render.encode import AudioCodec, Encoded, Packet, audio_packets, decode_audio, encode_audio
from reelframe.render.sound import RATE, Effect, Music, Role, SoundLayer, mix, put_aside, settle, silence, spans

__all__ = ["SOUND_VERSION", "audio_key", "encoded_sound", "live_sound", "mix_audio"]

# Part of the key: raise it whenever the same composition sounds different.
SOUND_VERSION: Final = 6
# Samples of a file that are held before they are put aside: a minute.
_ASIDE: Final = 60 * RATE
_ROLES: Final = {"bgm": "bgm", "voice": "voice", "clip": "clip", "sfx": "sfx"}


def audio_key(c: Composition, how: AudioCodec) -> str:
    """The name of the sound: a hash of all that decides it."""
    libraries = (av.library_versions.get("libavcodec"), np.__version__)
    facts = repr((SOUND_VERSION, libraries, how, c.frames, c.fps, c.sounds, c.lufs, c.duck_db))
    return hashlib.sha256(facts.encode("utf-8", "backslashreplace")).hexdigest()


def mix_audio(c: Composition, check: Callable[[], None], tell: Callable[[float], None]) -> NDArray[np.float32]:
    """Everything that is heard, (n, 2) float32 at 48 kHz, exactly as long as the picture.

    Raises:
        MediaError: a sound file can't be read.
        JobCancelledError: cancelled.
    """
    media = {s.media.id: s.media for s in c.sounds if s.media is not None}

    def load(source: Hashable, start_s: float, duration_s: float) -> NDArray[np.float32]:
        check()
        return _read(media[cast("str", source)], start_s, duration_s)

    return mix(
        [_layer(s) for s in c.sounds], c.duration_s, c.lufs, c.duck_db, load,
        on_progress=tell, check=check,
    )  # fmt: skip


def encoded_sound(c: Composition, how: AudioCodec, check: Callable[[], None], tell: Callable[[float], None]) -> Encoded:
    """The mix encoded, turned down for the moments in which the encoder itself would make it clip.

    A composition without sounds gives silence, for the places that want a sound track of everything.
    """
    samples = mix_audio(c, check, tell)
    last: list[Encoded] = []

    def heard(sound: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        last[:] = [encode_audio(_checked((sound[a:b] for a, b in spans(len(sound))), check), how)]
        return _checked(decode_audio(last[0], how), check)

    # The last trial is the sound as it was left, so its encoding is the result.
    settle(samples, heard)
    return last[0]


def _checked(blocks: Iterable[NDArray[np.float32]], check: Callable[[], None]) -> Iterator[NDArray[np.float32]]:
    """The same blocks, as long as there is use for them: ten minutes of sound take many seconds to encode."""
    for block in blocks:
        check()
        yield block


def live_sound(c: Composition, how: AudioCodec, check: Callable[[], None]) -> Iterator[Packet]:
    """The mix encoded while it is asked for: what is heard first need not wait until the rest is encoded."""
    samples = mix_audio(c, check, lambda _: None)
    return audio_packets((samples[a:b] for a, b in spans(len(samples))), how)


def _read(media: Media, start_s: float, duration_s: float) -> NDArray[np.float32]:
    if media.path is None:
        reason = "its content is not on this machine"
        raise MediaError.of(media.name, reason, "Upload it again.")
    # Not padded: where a file ends, the mixer decides what follows.
    out = silence(math.ceil(duration_s * RATE) + 1)
    at = kept = 0
    for block in iter_audio(media.path, start_s=start_s, duration_s=duration_s, rate=RATE, name=media.name):
        piece = block[: len(out) - at]
        out[at : at + len(piece)] = piece
        at += len(piece)
        if at - kept > _ASIDE:
            put_aside()
            kept = at
    return out[:at]


def _layer(s: Sound) -> SoundLayer:
    source: Hashable
    if s.music is not None:
        source = Music(s.music.mood, s.music.seed)
    elif s.sfx is not None and s.media_id is None:
        source = Effect(s.sfx)
    elif s.media_id is not None:
        source = s.media_id
    else:
        message = "A sound has nothing to play."
        raise PlanError(message)
    return SoundLayer(
        source, s.start_s, s.duration_s,
        in_s=s.timing.in_s,
        volume=s.volume,
        fade_in_s=s.fade_in_s,
        fade_out_s=s.fade_out_s,
        speed=s.timing.speed,
        reverse=s.timing.reverse,
        loop=s.timing.loop,
        silences=s.silences,
        at_bars=s.at_bars,
        role=cast("Role", _ROLES.get(s.role, "clip")),
    )  # fmt: skip
