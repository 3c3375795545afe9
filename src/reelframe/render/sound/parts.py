"""The accompaniment: chords, pads, figures, bass and drums, written as strokes on the grid of sixteenths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelframe.render.sound.drums import KEYS
from reelframe.render.sound.score import STEPS_PER_BAR

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from reelframe.render.sound.score import Section
    from reelframe.render.sound.styles import Bass, Comp, Groove, Style
    from reelframe.render.sound.theory import Chord, Key

__all__ = ["Kit", "Passage", "Stroke", "accompany", "draw_kit"]

_STRUM_S = 0.013
_OCTAVE = 12
_BASS_OCTAVE = 2
_BASS_LOW = 33
"""A1 (55 Hz): deeper roots vanish on the loudspeakers of telephones and laptops."""
_TOP = 88

_LIGHT = frozenset({"hat", "shaker", "ride", "brush", "tom", "low_tom", "tambourine", "rim"})
_FULL = 0.7
_DRUMS = 0.4
_ARP = 0.5


@dataclass(frozen=True, slots=True)
class Stroke:
    """A note on the grid: ``step`` counts sixteenths from the start of the piece."""

    step: float
    length: float
    part: str
    pitch: int
    velocity: float
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Kit:
    """The patterns and instruments that a seed drew from a style."""

    comp: Comp
    bridge_comp: Comp
    comp_voice: str
    arp: Comp | None
    bass: Bass
    bridge_bass: Bass
    groove: Groove
    bridge_groove: Groove
    lead_voice: str

    def instruments(self, style: Style) -> dict[str, str]:
        """Which voice plays each pitched part."""
        voices = {
            "comp": self.comp_voice,
            "bass": style.bass_voice,
            "lead": self.lead_voice,
            "pad": style.pad_voice,
            "arp": style.arp_voice,
        }
        return {part: voice for part, voice in voices.items() if voice}


def draw_kit(style: Style, rng: random.Random) -> Kit:
    """Draw one of each from a style's tables."""
    return Kit(
        comp=rng.choice(style.comps),
        bridge_comp=rng.choice(style.comps),
        comp_voice=rng.choice(style.comp_voices),
        arp=rng.choice(style.arps) if style.arps else None,
        bass=rng.choice(style.basses),
        bridge_bass=rng.choice(style.basses),
        groove=rng.choice(style.grooves),
        bridge_groove=rng.choice(style.grooves),
        lead_voice=rng.choice(style.lead_voices),
    )


@dataclass(frozen=True, slots=True)
class Passage:
    """A section with everything that the parts need to know to write it."""

    style: Style
    kit: Kit
    key: Key
    section: Section
    chords: tuple[Chord, ...]
    voicings: tuple[tuple[int, ...], ...]
    rng: random.Random

    @property
    def bars(self) -> range:
        """The section's bars, counted in the piece."""
        return range(self.section.bar, self.section.bar + self.section.bars)

    @property
    def is_bridge(self) -> bool:
        """Whether the contrasting patterns play."""
        return self.section.name == "B"

    def is_last(self, bar: int) -> bool:
        """Whether this is the bar in which the piece comes to rest."""
        return bar == len(self.chords) - 1

    def strength(self, digit: float) -> float:
        """The velocity of a stroke of strength 0 to 9 at this section's energy."""
        return digit / 9 * (0.72 + 0.33 * self.section.energy)


def _hits(pattern: str) -> Iterator[tuple[int, int, int]]:
    """Each stroke of a pattern as (step, strength, steps until the next stroke or the bar's end)."""
    at = [(i, int(mark)) for i, mark in enumerate(pattern) if mark != "."]
    for nth, (step, digit) in enumerate(at):
        end = at[nth + 1][0] if nth + 1 < len(at) else len(pattern)
        yield step, digit, end - step


def _chord_strokes(p: Passage, bar: int, comp: Comp, part: str, scale: float = 1.0) -> Iterator[Stroke]:
    voicing = p.voicings[bar]
    origin = bar * STEPS_PER_BAR
    for nth, (step, digit, gap) in enumerate(_hits(comp.steps)):
        length = comp.length or gap
        velocity = scale * p.strength(digit)
        if comp.kind == "arp":
            turn, voice = divmod(comp.order[nth % len(comp.order)], len(voicing))
            pitch = voicing[voice] + _OCTAVE * (turn + comp.lift)
            pitch -= _OCTAVE * max(0, -(-(pitch - _TOP) // _OCTAVE))
            yield Stroke(origin + step, length, part, pitch, velocity)
            continue
        for i, pitch in enumerate(voicing):
            delay = _STRUM_S * i if comp.kind == "strum" else 0.0
            # The top voice is heard as the tune of the chords, the inner ones as their colour.
            weight = 1.0 if i == len(voicing) - 1 else 0.86
            yield Stroke(origin + step, length, part, pitch, velocity * weight, delay)


def _chords(p: Passage, bar: int) -> Iterator[Stroke]:
    comp = p.kit.bridge_comp if p.is_bridge else p.kit.comp
    # Alone in the introduction, the chords carry the piece.
    yield from _chord_strokes(p, bar, comp, "comp", 1.3 if p.section.name == "intro" else 1.0)


def _pad(p: Passage, bar: int) -> Iterator[Stroke]:
    if not p.style.pad_voice:
        return
    origin = bar * STEPS_PER_BAR
    for pitch in p.voicings[bar]:
        yield Stroke(origin, STEPS_PER_BAR, "pad", pitch, p.strength(6))


def _arp(p: Passage, bar: int) -> Iterator[Stroke]:
    if p.kit.arp is None or not p.style.arp_voice or p.section.energy < _ARP:
        return
    yield from _chord_strokes(p, bar, p.kit.arp, "arp", 0.9)


def _bass_pitch(key: Key, degree: int) -> int:
    pitch = key.pitch(degree, _BASS_OCTAVE - 1)
    while pitch < _BASS_LOW:
        pitch += _OCTAVE
    while pitch >= _BASS_LOW + _OCTAVE:
        pitch -= _OCTAVE
    return pitch


def _approach(key: Key, here: int, goal: int) -> int:
    """The scale step next to the coming root, on the side that we come from."""
    degree = key.degree_near(goal)
    near = (key.pitch(degree - 1), key.pitch(degree + 1))
    return min(near, key=lambda pitch: (abs(pitch - here), pitch))


def _bass(p: Passage, bar: int) -> Iterator[Stroke]:
    intro = p.section.name == "intro"
    if intro and bar < p.section.bars // 2:
        # The bass holds its breath: one long root, so that the beginning is not thin.
        root = _bass_pitch(p.key, p.chords[bar].degree)
        yield Stroke(bar * STEPS_PER_BAR, STEPS_PER_BAR, "bass", root, p.strength(6))
        return
    figure = p.kit.bridge_bass if p.is_bridge else p.kit.bass
    origin = bar * STEPS_PER_BAR
    degree = p.chords[bar].degree
    root = _bass_pitch(p.key, degree)
    following = _bass_pitch(p.key, p.chords[min(bar + 1, len(p.chords) - 1)].degree)
    tonal = p.key.degree_near(root)
    pitches = {
        "root": root,
        "third": p.key.pitch(tonal + 2),
        "fifth": p.key.pitch(tonal + 4),
        "octave": root + _OCTAVE,
        "approach": _approach(p.key, root, following),
    }
    for step, length, tone in figure.strokes:
        velocity = p.strength(7.5 if step == 0 else 6.5)
        yield Stroke(origin + step, length, "bass", pitches[tone], velocity)


def _drums(p: Passage, bar: int) -> Iterator[Stroke]:
    lead_in = p.section.name == "intro" and bar == p.bars[-1]
    if p.section.energy < _DRUMS and not lead_in:
        return
    groove = p.kit.bridge_groove if p.is_bridge else p.kit.groove
    patterns = [groove.base]
    if p.section.energy >= _FULL:
        patterns.append(groove.extra)
    turning = bar == p.bars[-1] and p.section.name != "ending"
    played = {drum: steps for table in patterns for drum, steps in table.items()}
    if turning:
        played |= groove.fill
    if lead_in:
        # Only what is light: the kick is kept for the first phrase.
        played = {drum: steps for drum, steps in played.items() if drum in _LIGHT}
    origin = bar * STEPS_PER_BAR
    for drum, steps in played.items():
        for step, digit, _ in _hits(steps):
            # Ghosts drop out now and then, as under a drummer's hands; strong strokes never do.
            if digit <= 4 and p.rng.random() < 0.12:  # quiet strokes
                continue
            yield Stroke(origin + step, 1, "drums", KEYS[drum], p.strength(digit))
    opens = bar == p.section.bar and p.section.energy >= _FULL and groove.base
    if opens:
        yield Stroke(origin, 1, "drums", KEYS["crash"], p.strength(5))


def _close(p: Passage, bar: int) -> Iterator[Stroke]:
    """The last bar: everybody lands on the tonic together, and lets it ring."""
    origin = bar * STEPS_PER_BAR
    ring = STEPS_PER_BAR
    for i, pitch in enumerate(p.voicings[bar]):
        yield Stroke(origin, ring, "comp", pitch, p.strength(7), _STRUM_S * 1.6 * i)
        if p.style.pad_voice:
            yield Stroke(origin, ring * 0.75, "pad", pitch, p.strength(6))
    yield Stroke(origin, ring * 0.8, "bass", _bass_pitch(p.key, p.chords[bar].degree), p.strength(8))
    struck = [drum for drum in ("kick", "taiko") if drum in p.kit.groove.base]
    for drum in struck:
        yield Stroke(origin, 1, "drums", KEYS[drum], p.strength(8))
    if struck and len(p.chords) > 1:
        yield Stroke(origin, 1, "drums", KEYS["crash"], p.strength(4))


def accompany(p: Passage) -> list[Stroke]:
    """Write a section's accompaniment."""
    strokes: list[Stroke] = []
    for bar in p.bars:
        if p.is_last(bar):
            strokes += _close(p, bar)
            continue
        for part in (_chords, _pad, _arp, _bass, _drums):
            strokes += part(p, bar)
    return strokes
