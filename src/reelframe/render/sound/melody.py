"""The tune: a motif that is stated, answered, varied and brought home.

A motif is a rhythm and a contour. Each bar sets it anew over its chord: notes on the beat, and long ones, take
the nearest chord tone, the short ones between them pass by step. So the tune is recognised when it comes
back and never argues with the harmony.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelframe.render.sound.parts import Stroke
from reelframe.render.sound.score import STEPS_PER_BAR

if TYPE_CHECKING:
    import random

    from reelframe.render.sound.parts import Kit, Passage
    from reelframe.render.sound.styles import Style

__all__ = ["Tune"]

_OCTAVE = 12
_RANGE = 15
_STEPS = (-2, -1, -1, 1, 1, 2, 3, -3)
_STRONG = 4
_LONG = 4
_LEAP = 7
_SINGS_FROM = 0.5


@dataclass(frozen=True, slots=True)
class _Motif:
    """Onsets in a bar as (step, strength), with a contour in scale steps above the anchor."""

    onsets: tuple[tuple[int, int], ...]
    contour: tuple[int, ...]


def _motif(cell: str, rng: random.Random) -> _Motif:
    onsets = tuple((i, int(mark)) for i, mark in enumerate(cell) if mark != ".")
    contour, at = [], rng.choice((0, 0, 1, 2))
    for _ in onsets:
        contour.append(at)
        at += rng.choice(_STEPS)
        # A contour that has wandered off turns back, as a sung line does.
        at = at if -3 <= at <= 5 else at // 2  # about an octave in all
    return _Motif(onsets, tuple(contour))


def _restful(tones: tuple[int, ...]) -> frozenset[int]:
    """The chord tones that a tune may dwell on.

    None that lies a semitone above another one: the root over a major seventh grinds as a minor ninth.
    """
    return frozenset(t for t in tones if (t - 1) % _OCTAVE not in tones)


@dataclass(frozen=True, slots=True)
class Tune:
    """The motifs of a piece: two for the verses, one for the bridge; where they lie, and how often they rest."""

    statement: _Motif
    answer: _Motif
    bridge: _Motif
    low: int
    rests_after: int

    @classmethod
    def drawn(cls, style: Style, kit: Kit, rng: random.Random) -> Tune:
        """Draw a tune for a style; low voices (the horn) lie lower by the style's own table."""
        cells = rng.sample(style.lead_cells, 3)
        # Below E4 it would sink into the chords.
        lift = _OCTAVE if kit.lead_voice == "piano" and style.lead_low < 64 else 0
        return cls(
            statement=_motif(cells[0], rng),
            answer=_motif(cells[1], rng),
            bridge=_motif(cells[2], rng),
            low=style.lead_low + lift + rng.choice((-2, 0, 0, 2)),
            rests_after=rng.choice((2, 3, 3)),
        )

    def _motif_of(self, p: Passage, nth: int) -> _Motif:
        if p.is_bridge:
            return self.bridge if nth % 2 == 0 else self.answer
        return (self.statement, self.answer, self.statement, self.bridge)[nth % 4]

    def _pitch(self, p: Passage, bar: int, wanted: int, *, firm: bool) -> int:
        """The nearest scale tone, or (firm) chord tone; within the tune's range."""
        allowed = _restful(p.chords[bar].tones) if firm else p.key.pitch_classes
        candidates = [pitch for pitch in range(self.low - 2, self.low + _RANGE + 3) if pitch % _OCTAVE in allowed]
        return min(candidates, key=lambda pitch: (abs(pitch - wanted), pitch))

    def _bar(self, p: Passage, bar: int, nth: int, previous: int | None) -> list[Stroke]:
        motif = self._motif_of(p, nth)
        tones = p.chords[bar].tones
        anchor = self._pitch(p, bar, previous if previous is not None else self.low + 5, firm=True)
        base = p.key.degree_near(anchor)
        strokes: list[Stroke] = []
        for i, (step, digit) in enumerate(motif.onsets):
            end = motif.onsets[i + 1][0] if i + 1 < len(motif.onsets) else STEPS_PER_BAR
            length = end - step
            wanted = p.key.pitch(base + motif.contour[i] - motif.contour[0])
            grinds = any((wanted - tone) % _OCTAVE == 1 for tone in tones)
            firm = step % _STRONG == 0 or length >= _LONG or grinds
            pitch = self._pitch(p, bar, wanted, firm=firm)
            if previous is not None and abs(pitch - previous) > _LEAP:
                pitch = self._pitch(p, bar, (pitch + previous) // 2, firm=firm)
            sounding = min(length * 0.92, 7.0)
            strokes.append(Stroke(bar * STEPS_PER_BAR + step, sounding, "lead", pitch, p.strength(digit * 0.92)))
            previous = pitch
        return strokes

    def _home(self, p: Passage, bar: int, previous: int | None) -> list[Stroke]:
        """The last note: the tonic or third nearest to where the tune was."""
        wanted = previous if previous is not None else self.low + 5
        tonic, third = p.key.pitch(0) % _OCTAVE, p.key.pitch(2) % _OCTAVE
        allowed = _restful(p.chords[bar].tones) & {tonic, third} or {third}
        pitch = min(
            (x for x in range(self.low - 2, self.low + _RANGE + 3) if x % _OCTAVE in allowed),
            key=lambda x: (abs(x - wanted), x),
        )
        return [Stroke(bar * STEPS_PER_BAR, 10, "lead", pitch, p.strength(6))]

    def sing(self, p: Passage) -> list[Stroke]:
        """Write the tune of a section: nothing in the introduction, the last note at the very end."""
        if p.section.name == "intro" or p.section.energy < _SINGS_FROM:
            return []
        strokes: list[Stroke] = []
        previous: int | None = None
        for nth, bar in enumerate(p.bars):
            if p.is_last(bar):
                strokes += self._home(p, bar, previous)
                continue
            # Bars of rest let the tune breathe, and leave room for titles to be read.
            if nth % 4 >= self.rests_after and p.section.name != "ending":
                continue
            written = self._bar(p, bar, nth, previous)
            strokes += written
            previous = written[-1].pitch if written else previous
        return strokes
