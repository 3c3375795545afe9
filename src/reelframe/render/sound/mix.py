"""The door of the room: layers in, one finished sound out.

The order of work: layers that continue one another become one; speech, clips and effects are laid down first and
the music after them, so that it can give way; the sum is brought to its loudness under a true-peak
ceiling. Memory is the resulting array (11.5 MB for half a minute), plus the samples of the one layer that is being
laid down, plus a few blocks. Sounds of more than five minutes lie in files (`signal.silence`): then it is the blocks
alone, however long the video.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reelframe.errors import ConfigurationError
from reelframe.render.sound.balance import Balance
from reelframe.render.sound.envelope import duck_curve
from reelframe.render.sound.layers import Load, SoundLayer, joined
from reelframe.render.sound.loudness import TARGET_LUFS, normalise
from reelframe.render.sound.signal import Sound, frames, silence
from reelframe.render.sound.tracks import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reelframe.render.sound.signal import Check, OnFraction

__all__ = ["mix"]

_KEYS = ("voice", "clip")
_ORDER = {"voice": 0, "clip": 0, "bgm": 1, "sfx": 2}
_LAYING = 0.85
"""The share of the work that laying down the layers is; the rest is loudness."""


def _part_of(on_progress: OnFraction | None, nth: int, count: int) -> OnFraction:
    def tell(fraction: float) -> None:
        if on_progress is not None:
            on_progress(_LAYING * (nth + fraction) / count)

    return tell


def mix(
    layers: Iterable[SoundLayer],
    duration_s: float,
    lufs: float | None = TARGET_LUFS,
    duck_db: float | None = None,
    load: Load | None = None,
    *,
    on_progress: OnFraction | None = None,
    check: Check | None = None,
    out: Sound | None = None,
) -> Sound:
    """Mix layers into one sound.

    Args:
        layers: what is heard; layers that lie past the end are cut off.
        duration_s: the length of the result in seconds.
        lufs: integrated loudness wanted of the mix at its reference volumes; None keeps the levels. Sound is
            raised by 30 dB at most.
        duck_db: by how many dB the layers of role ``bgm`` give way while a ``voice`` or ``clip`` layer sounds.
        load: reads the sources that are neither `Music` nor `Effect`.
        on_progress: told the fraction done.
        check: called between blocks; raises to cancel.
        out: where to mix into, zeros of shape ``(round(duration_s * 48000), 2)``; made when absent.

    Returns:
        float32 ``(round(duration_s * 48000), 2)``, true peak at most -3 dBTP; zeros where nothing sounds.

    Raises:
        ConfigurationError: a layer that has no meaning, or ``out`` of the wrong shape.
        RenderFailedError: a loader that returned something that is not stereo sound.
    """
    total = frames(duration_s)
    mixed = silence(total) if out is None else out
    if mixed.shape != (total, 2) or mixed.dtype != np.float32:
        message = f"The mix needs float32 of the shape ({total}, 2), not {mixed.dtype} {mixed.shape}."
        raise ConfigurationError(message)
    audible = [layer for layer in joined(tuple(layers)) if layer.start_s < duration_s]
    # In the order in which they are laid down: the music last but for effects, which it does not give way to.
    audible.sort(key=lambda layer: _ORDER[layer.role])
    ducks = bool(duck_db) and any(layer.role in _KEYS for layer in audible)
    balance = Balance(tuple(audible), total)
    curve = None
    for nth, layer in enumerate(audible):
        tell = _part_of(on_progress, nth, len(audible))
        if layer.role == "bgm" and ducks and curve is None:
            curve = duck_curve(mixed, abs(duck_db or 0.0))
        track = prepare(layer, total, load, check, tell)
        pieces = track.blocks(total, curve if layer.role == "bgm" else None)
        for start, stop, piece in balance.noting(layer, track.start, pieces):
            mixed[start:stop] += piece
            if check is not None:
                check()
        tell(1.0)
    if audible:
        wanted = None if lufs is None else lufs + balance.difference_db()
        normalise(mixed, wanted, check=check)
    if on_progress is not None:
        on_progress(1.0)
    return mixed
