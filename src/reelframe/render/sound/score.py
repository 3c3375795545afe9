"""The frozen values that the composer hands to the synthesiser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelframe.render.sound.theory import Chord, Key

__all__ = ["BEATS_PER_BAR", "STEPS_PER_BAR", "Note", "Score", "Section"]

BEATS_PER_BAR = 4
STEPS_PER_BAR = 16


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note or stroke: when, how long (seconds), which part, MIDI pitch, strength 0 to 1.

    In the part ``drums`` the pitch is the General MIDI key of the drum (`drums.KEYS`).
    """

    start_s: float
    duration_s: float
    part: str
    pitch: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of whole bars: ``name`` is intro, a letter of a phrase, or ending; ``energy`` 0 to 1."""

    name: str
    bar: int
    bars: int
    energy: float


@dataclass(frozen=True, slots=True)
class Score:
    """A composed piece. The same mood, length and seed give an equal score.

    Attributes:
        key: the key that every pitched note belongs to.
        bpm: the tempo, snapped so that ``bars`` whole bars last exactly ``seconds``.
        chords: one for each bar.
        instruments: which voice plays each pitched part.
        notes: ascending in time.
    """

    mood: str
    seconds: float
    seed: int
    key: Key
    bpm: float
    bars: int
    sections: tuple[Section, ...]
    chords: tuple[Chord, ...]
    instruments: Mapping[str, str]
    notes: tuple[Note, ...]

    @property
    def beat_s(self) -> float:
        """The length of a beat in seconds."""
        return self.seconds / (self.bars * BEATS_PER_BAR)

    @property
    def beats(self) -> NDArray[np.float64]:
        """The time of each beat in seconds, from 0; every fourth one is a bar line."""
        count = self.bars * BEATS_PER_BAR
        return np.arange(count, dtype=np.float64) * (self.seconds / count)
