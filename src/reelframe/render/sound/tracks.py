"""Layers made ready to be mixed: loaded, turned, stretched, looped, and given their gain."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from reelframe.errors import ConfigurationError, RenderFailedError
from reelframe.render.sound import beats
from reelframe.render.sound.compose import compose
from reelframe.render.sound.effects import effect
from reelframe.render.sound.envelope import RAMP, Envelope, duck_gain
from reelframe.render.sound.layers import Effect, Load, Music, SoundLayer
from reelframe.render.sound.master import render_music
from reelframe.render.sound.signal import RATE, Sound, equal_power, frames, silence, spans
from reelframe.render.sound.stretch import reversed_sound, stretched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from reelframe.render.sound.signal import Check, OnFraction

__all__ = ["Track", "prepare"]

_LOOP_FADE = frames(0.05)
_KEPT_S = 180.0
_LEAST_OFFSET = 0.003
"""Below this (-50 dB) the mean of a sound is its own; above, some sound card added it."""


@lru_cache(maxsize=3)
def _kept_music(music: Music, seconds: float) -> Sound:
    sound = render_music(compose(music.mood, seconds, music.seed))
    sound.setflags(write=False)
    return sound


def _music(music: Music, seconds: float, check: Check | None, tell: OnFraction | None) -> Sound:
    # A changed title is mixed again with the same music: short pieces are kept.
    if seconds <= _KEPT_S:
        return _kept_music(music, seconds)
    return render_music(compose(music.mood, seconds, music.seed), check=check, on_progress=tell)


def _checked(raw: Sound, layer: SoundLayer) -> Sound:
    """What a loader returned, or an error that says what is wrong with it."""
    if raw.ndim != 2 or raw.shape[1] != 2:  # stereo
        message = f"The sound of {layer.source!r} arrived in the shape {raw.shape}, not (samples, 2)."
        raise RenderFailedError(message, reason="bad sound")
    return raw if raw.dtype == np.float32 else raw.astype(np.float32)


def _looped(raw: Sound, count: int) -> Sound:
    """Repeat a sound to a length, each return crossfaded with equal power over 50 ms."""
    fade = min(_LOOP_FADE, len(raw) // 4)
    period = len(raw) - fade
    rising = equal_power(fade)[:, None]
    # Each return begins with the crossfade from the tail before it.
    seam = raw[:fade] * rising + raw[period:] * rising[::-1]
    out = silence(count)
    for at in range(0, count, period):
        length = min(period, count - at)
        for low, high in spans(length):
            out[at + low : at + high] = raw[low:high]
        if at:
            out[at : at + length][:fade] = seam[:length]
    return out


class Track:
    """A layer made ready: its samples from the start of the layer on, and its gain."""

    def __init__(
        self, layer: SoundLayer, start: int, sound: Sound, envelope: Envelope, offset: Sound | float = 0.0
    ) -> None:
        self.layer = layer
        self.start = start
        self.sound = sound
        self._envelope = envelope
        self._offset = offset

    def blocks(self, total: int, ducking: NDArray[np.float32] | None = None) -> Iterator[tuple[int, int, Sound]]:
        """The contribution to the timeline, as (start, stop, samples); under a curve of `duck_curve` if given."""
        count = min(len(self.sound), total - self.start)
        for low, high in spans(count):
            gain = self._envelope.over(low, high)
            if ducking is not None:
                gain *= duck_gain(ducking, self.start + low, self.start + high)
            piece = (self.sound[low:high] - self._offset) * gain[:, None]
            if not np.isfinite(piece).all():
                # Files of floating-point samples may hold anything; one NaN would silence the whole mix.
                piece = np.nan_to_num(piece, nan=0.0, posinf=0.0, neginf=0.0)
            yield self.start + low, self.start + high, piece


def _offset(sound: Sound) -> Sound:
    """The constant that was recorded along with a sound, ``(2,)``: unheard, it takes the room of what is heard."""
    total = np.zeros(2)
    if len(sound) < RATE:
        # Of a short one the mean may be half a wave's.
        return np.zeros(2, dtype=np.float32)
    for low, high in spans(len(sound)):
        total += sound[low:high].sum(axis=0, dtype=np.float64)
    mean = total / max(1, len(sound))
    return np.where(np.isfinite(mean) & (np.abs(mean) > _LEAST_OFFSET), mean, 0.0).astype(np.float32)


def _loaded(layer: SoundLayer, count: int, tail: int, load: Load | None, check: Check | None) -> Sound:
    """The samples of a layer's source, at the layer's speed and direction: ``count``, and up to ``tail`` more."""
    if load is None:
        message = f"The sound of {layer.source!r} can't be read: the mix was given no way to load it."
        raise ConfigurationError(message)
    in_s, speed = layer.in_s, layer.speed
    if layer.at_bars:
        whole = _checked(load(layer.source, layer.in_s, layer.duration_s * speed + beats.CONTEXT_S), layer)
        cut = beats.cut_at_bar(whole, layer.duration_s * speed)
        in_s, speed = layer.in_s + cut.in_s, speed * cut.speed
        raw = whole[frames(cut.in_s) :][: round((count + tail) * speed)]
    else:
        raw = _checked(load(layer.source, in_s, (count + tail) * speed / RATE), layer)
    if layer.reverse:
        raw = reversed_sound(raw[: round(count * speed)])
    if abs(speed - 1) > 1e-6:  # less than a sample in a quarter of a minute
        raw = stretched(raw, speed, check=check)
    if layer.loop and 0 < len(raw) < count:
        raw = _looped(raw, count)
    return raw[: count + tail]


def prepare(layer: SoundLayer, total: int, load: Load | None, check: Check | None, tell: OnFraction | None) -> Track:
    """Make a layer ready for a timeline of so many samples.

    Raises:
        ConfigurationError: there is no way to load the layer's source, or it can't be composed or drawn.
        RenderFailedError: the loader returned something that is not stereo sound.
    """
    start = frames(layer.start_s)
    count = max(0, min(frames(layer.end_s), total) - start)
    source = layer.source
    made = isinstance(source, Music | Effect)
    # What was loaded may ring on for a moment under the next shot: a crossfade, not a hole, at each cut.
    tail = 0 if layer.reverse or layer.loop or layer.fade_out_s else min(RAMP, total - start - count)
    if count == 0:
        sound = silence(0)
    elif isinstance(source, Music):
        sound = _music(source, layer.duration_s, check, tell)[: count + tail]
    elif isinstance(source, Effect):
        sound = effect(source.name)[: count + tail]
    else:
        sound = _loaded(layer, count, tail, load, check)
    envelope = Envelope(layer.gain)
    linear = layer.curve == "linear"
    fades = layer.fade_in_s + layer.fade_out_s
    scale = min(1.0, layer.duration_s / fades) if fades > 0 else 1.0
    rise, fall = frames(layer.fade_in_s * scale), frames(layer.fade_out_s * scale)
    if rise > RAMP:
        envelope.rise(0, rise, linear=linear)
    elif not made:
        envelope.rise(0, min(RAMP, len(sound)))
    if fall > RAMP:
        envelope.fall(frames(layer.end_s) - start - fall, fall, linear=linear)
    # Where the samples end is a cut too, be it the layer's end, the source's or the timeline's.
    ramp = min(RAMP, len(sound))
    envelope.fall(len(sound) - ramp, ramp)
    for first, last in layer.silences:
        envelope.silence(frames(first) - start, frames(last) - start)
    return Track(layer, start, sound, envelope, 0.0 if made else _offset(sound))
