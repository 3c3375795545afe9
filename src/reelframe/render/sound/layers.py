"""What the mixer mixes: frozen layers, each a stretch of sound on the timeline."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from reelframe.errors import ConfigurationError
from reelframe.render.sound.signal import Sound

__all__ = ["REFERENCE_VOLUME", "Effect", "Load", "Music", "Role", "SoundLayer", "joined"]

Role: TypeAlias = Literal["bgm", "voice", "clip", "sfx"]

REFERENCE_VOLUME: dict[str, float] = {"bgm": 0.5, "voice": 1.0, "clip": 1.0, "sfx": 1.0}
"""The volume of each role at which a mix is brought to its loudness.

Were the mix as it stands brought to a loudness, then turning down the only music of a video would change nothing.
So the loudness is that of the mix at these volumes, and what the user turns up or down moves away from it.
"""

Load: TypeAlias = Callable[[Hashable, float, float], Sound]
"""``load(source, start_s, duration_s)``: the samples of a source from a time on, ``(n, 2)`` float32 at 48 kHz; fewer
than asked for where the source ends. It is not written into, so it may be a memory map."""

_SAME_S = 2e-4
"""Times closer than this (ten samples) are the same time."""
_MAX_VOLUME = 4.0


@dataclass(frozen=True, slots=True)
class Music:
    """A piece that the mixer composes for exactly the length of its layer."""

    mood: str
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Effect:
    """A drawn sound effect, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class SoundLayer:
    """A stretch of sound on the timeline.

    Attributes:
        source: `Music`, `Effect`, or anything hashable that the mixer's ``load`` understands.
        start_s, duration_s: where it lies on the timeline.
        in_s: where in the source it begins.
        volume: a factor of the amplitude, 0 to 4; None is the usual one of the role, `REFERENCE_VOLUME`.
        fade_in_s, fade_out_s: lengths of the fades; both are shortened in proportion if they overlap.
        speed: how fast the source runs; the pitch is kept.
        reverse: the stretch of the source plays backwards.
        loop: a source that ends early begins again at ``in_s``, crossfaded.
        muted: not heard, and not counted in the loudness.
        role: ``bgm`` gives way to ``voice`` and ``clip`` when the mix ducks.
        curve: of the fades: ``equal_power`` (a quarter sine, -3 dB half-way) or ``linear`` (-6 dB half-way).
        silences: stretches of the timeline (from, to, in seconds) where the layer is silent.
        reference: the volume that counts for the loudness; None is `REFERENCE_VOLUME` of the role.
        at_bars: (music that was loaded) cut so that a bar begins where the layer does and one ends where it ends.
    """

    source: Hashable
    start_s: float
    duration_s: float
    in_s: float = 0.0
    volume: float | None = None
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    speed: float = 1.0
    reverse: bool = False
    loop: bool = False
    muted: bool = False
    role: Role = "clip"
    curve: Literal["equal_power", "linear"] = "equal_power"
    silences: tuple[tuple[float, float], ...] = ()
    reference: float | None = None
    at_bars: bool = False

    def __post_init__(self) -> None:
        """Refuse what has no meaning, by name."""
        times = (self.start_s, self.duration_s, self.in_s, self.fade_in_s, self.fade_out_s)
        if not all(math.isfinite(t) and t >= 0 for t in times):
            message = "A sound's start, length, in-point and fades are seconds, not negative."
            raise ConfigurationError(message)
        if not 0 <= self.gain <= _MAX_VOLUME:
            message = f"A volume of {self.gain:g} can't be used."
            raise ConfigurationError(message, hint=f"Choose 0 to {_MAX_VOLUME:g}.")
        if not self.speed > 0:
            message = f"A speed of {self.speed:g} can't be used."
            raise ConfigurationError(message, hint="Choose more than 0; set reverse to play backwards.")

    @property
    def end_s(self) -> float:
        """Where on the timeline it ends."""
        return self.start_s + self.duration_s

    @property
    def gain(self) -> float:
        """The volume, the role's usual one if none was set."""
        return REFERENCE_VOLUME[self.role] if self.volume is None else self.volume

    @property
    def reference_volume(self) -> float:
        """The volume that counts for the loudness of the mix."""
        return REFERENCE_VOLUME[self.role] if self.reference is None else self.reference

    @property
    def heard(self) -> bool:
        """Whether it makes any sound."""
        return not self.muted and self.gain > 0 and self.duration_s > 0


def _continues(first: SoundLayer, second: SoundLayer) -> bool:
    """Whether the second layer goes on where the first stops, in the timeline and in the source."""
    if isinstance(first.source, Music | Effect) or first.fade_out_s or second.fade_in_s:
        return False
    if first.reverse or first.loop or first.at_bars:
        return False
    alike = replace(
        second,
        start_s=first.start_s,
        duration_s=first.duration_s,
        in_s=first.in_s,
        fade_in_s=first.fade_in_s,
        fade_out_s=0.0,
        silences=first.silences,
    )
    reached = first.in_s + first.duration_s * first.speed
    return alike == first and abs(first.end_s - second.start_s) < _SAME_S and abs(reached - second.in_s) < _SAME_S


def joined(layers: tuple[SoundLayer, ...]) -> tuple[SoundLayer, ...]:
    """Make one layer of those that continue one another.

    A clip that was split and not moved must sound as if it had not been split: no ramp at the cut.
    """
    ordered = sorted((x for x in layers if x.heard), key=lambda layer: layer.start_s)
    out: list[SoundLayer] = []
    for layer in ordered:
        nth = next((i for i in range(len(out) - 1, -1, -1) if _continues(out[i], layer)), None)
        if nth is None:
            out.append(layer)
            continue
        out[nth] = replace(
            out[nth],
            duration_s=layer.end_s - out[nth].start_s,
            fade_out_s=layer.fade_out_s,
            silences=out[nth].silences + layer.silences,
        )
    return tuple(out)
