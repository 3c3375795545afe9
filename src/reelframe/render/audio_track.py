"""The composition's sounds, mixed by the sound room and read through the media room, as one array."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from reelframe.errors import MediaError, PlanError
from reelframe.media import iter_audio
from reelframe.media.model import Media
from reelframe.render.composition import Composition, Sound
from reelframe.render.sound import RATE, Effect, Music, Role, SoundLayer, mix

__all__ = ["SOUND_VERSION", "audio_key", "mix_audio"]

# Part of the key: raise it whenever the same composition sounds different.
SOUND_VERSION: Final = 2
_ROLES: Final = {"bgm": "bgm", "voice": "voice", "clip": "clip", "sfx": "sfx"}


def audio_key(c: Composition, encoder: str) -> str:
    """The name of the sound: a hash of all that decides it."""
    facts = repr((SOUND_VERSION, encoder, c.frames, c.fps, c.sounds, c.lufs, c.duck_db))
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


def _read(media: Media, start_s: float, duration_s: float) -> NDArray[np.float32]:
    if media.path is None:
        reason = "its content is not on this machine"
        raise MediaError.of(media.name, reason, "Upload it again.")
    # Not padded: where a file ends, the mixer decides what follows.
    blocks = list(iter_audio(media.path, start_s=start_s, duration_s=duration_s, rate=RATE, name=media.name))
    return np.concatenate(blocks) if blocks else np.zeros((0, 2), np.float32)


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
        role=cast("Role", _ROLES.get(s.role, "clip")),
    )  # fmt: skip
