"""The composer: a mood, a length and a seed become a `Score`.

The plan: a tempo is snapped so that whole bars fill the length; the bars are laid out as introduction,
four-bar phrases whose energy rises, and an ending whose last bar is the tonic; each phrase walks a chord
cycle; the parts (`parts.py`, `melody.py`) write their strokes on the grid of sixteenths; at last the strokes
are swung, loosened by a few milliseconds and turned into seconds.

Every choice draws from a random stream named after what it decides and not from one shared stream, so that
a video made longer keeps its key, its tempo and its tune.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelframe.errors import ConfigurationError
from reelframe.render.sound import melody, parts
from reelframe.render.sound.score import BEATS_PER_BAR, STEPS_PER_BAR, Note, Score, Section
from reelframe.render.sound.styles import Style, style_of
from reelframe.render.sound.theory import Key, lead_voices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelframe.render.sound.parts import Stroke
    from reelframe.render.sound.theory import Chord

__all__ = ["LONGEST_S", "SHORTEST_S", "beat_grid", "compose"]

SHORTEST_S = 0.5
LONGEST_S = 4 * 3600.0

_PHRASE = 4
_MAX_LOOSE = 2.5
"""Human timing never strays further than this many standard deviations."""


@dataclass(frozen=True, slots=True)
class _Palette:
    """What a seed draws once for a whole piece."""

    key: Key
    target_bpm: float
    verse: tuple[int, ...]
    bridge: tuple[int, ...]
    cadence: tuple[int, ...]
    kit: parts.Kit


def _stream(mood: str, seed: int, *names: object) -> random.Random:
    # Seeding with a string goes through SHA-512, so it is the same on every platform and in every process.
    return random.Random("/".join(map(str, ("reelframe", mood, seed, *names))))  # noqa: S311 -- music


def _palette(style: Style, seed: int) -> _Palette:
    rng = _stream(style.name, seed, "palette")
    harmony = rng.choice(style.harmonies)
    return _Palette(
        key=Key(rng.choice(style.tonics), harmony.mode),
        target_bpm=rng.uniform(*style.bpm),
        verse=rng.choice(harmony.verses),
        bridge=rng.choice(harmony.bridges),
        cadence=harmony.cadence,
        kit=parts.draw_kit(style, rng),
    )


def _snap(seconds: float, target_bpm: float) -> int:
    """The number of 4/4 bars whose tempo comes nearest to the target (by ratio)."""
    exact = seconds * target_bpm / (60 * BEATS_PER_BAR)
    below = max(1, math.floor(exact))
    return min((below, below + 1), key=lambda bars: abs(math.log(bars / exact)))


def _phrases(bars: int) -> list[int]:
    """Split the body into four-bar phrases; what is left over joins or becomes the last one."""
    whole, rest = divmod(bars, _PHRASE)
    lengths = [_PHRASE] * whole
    if rest == 1 and lengths:
        lengths[-1] += 1
    elif rest:
        lengths.append(rest)
    return lengths


_INTRO_OF = ((24, 4), (10, 2), (6, 1))
_ENDING_OF = ((16, 4), (4, 2))


def _size(bars: int, table: tuple[tuple[int, int], ...], least: int) -> int:
    return next((size for from_bars, size in table if bars >= from_bars), least)


def _form(bars: int, rng: random.Random) -> tuple[Section, ...]:
    """Lay out introduction, phrases and ending; the energy peaks about three quarters in."""
    ending = _size(bars, _ENDING_OF, 1)
    intro = _size(bars, _INTRO_OF, 0)
    lengths = _phrases(bars - intro - ending)
    letters = rng.choice(("AABA", "ABAB", "ABAC", "AABC"))
    sections = [Section("intro", 0, intro, 0.38)] if intro else []
    at = intro
    for i, length in enumerate(lengths):
        # Long pieces breathe: every eight phrases rise anew from a quieter one.
        round_at = (i % 8 + 1) / min(8, len(lengths))
        energy = 0.55 + 0.4 * min(1.0, round_at) - (0.12 if letters[i % 4] == "B" else 0.0)
        sections.append(Section(letters[i % 4], at, length, round(energy, 3)))
        at += length
    sections.append(Section("ending", at, ending, 0.6 if ending > 1 else 0.5))
    return tuple(sections)


def _harmonise(sections: tuple[Section, ...], palette: _Palette, stack: tuple[int, ...]) -> tuple[Chord, ...]:
    """One chord for each bar: verses on A and C, the bridge's cycle on B, the cadence at the end."""
    degrees: list[int] = []
    for section in sections:
        if section.name == "ending":
            approach = palette.cadence[:-1]
            lead_in = [palette.verse[i % _PHRASE] for i in range(max(0, section.bars - 3))]
            closing = [*lead_in, *approach, palette.cadence[-1]]
            degrees += closing[len(closing) - section.bars :]
        else:
            cycle = palette.bridge if section.name == "B" else palette.verse
            degrees += [cycle[i % len(cycle)] for i in range(section.bars)]
    return tuple(palette.key.chord(degree, stack) for degree in degrees)


def _voicings(chords: tuple[Chord, ...], style: Style, *, rootless: bool) -> tuple[tuple[int, ...], ...]:
    voicings: list[tuple[int, ...]] = []
    previous: tuple[int, ...] | None = None
    for chord in chords:
        full = len(chord.tones) == len(style.stack)
        # A rootless voicing leaves the root to the bass, and so room for the ninth.
        tones = chord.tones[1:] if rootless and full else chord.tones
        previous = lead_voices(tones, previous, *style.voicing)
        voicings.append(previous)
    return tuple(voicings)


def _swung(step: float, swing: float) -> float:
    """Delay the second eighth of each beat: ``swing`` is where in the beat it falls (0.5 is straight)."""
    beat, within = divmod(step / 4, 1.0)
    bent = within * 2 * swing if within < 0.5 else swing + (within - 0.5) * 2 * (1 - swing)  # half a beat
    return 4 * (beat + bent)


def _perform(strokes: list[Stroke], style: Style, seconds: float, bars: int, rng: random.Random) -> tuple[Note, ...]:
    """Turn strokes on the grid into notes in seconds, as a person would play them."""
    sixteenth = seconds / (bars * STEPS_PER_BAR)
    notes = []
    for stroke in strokes:
        tight = 0.4 if stroke.part in {"drums", "bass"} else 1.0
        loose = rng.gauss(0, 1)
        strength = stroke.velocity + 0.035 * rng.gauss(0, 1)
        loose_s = style.loose_s * tight * max(-_MAX_LOOSE, min(_MAX_LOOSE, loose))
        start = _swung(stroke.step, style.swing) * sixteenth + stroke.delay_s + loose_s
        end = _swung(stroke.step + stroke.length, style.swing) * sixteenth
        start = max(0.0, start)
        if start < seconds:
            notes.append(
                Note(
                    start_s=round(start, 6),
                    duration_s=round(min(max(end - start, 0.02), seconds - start), 6),
                    part=stroke.part,
                    pitch=stroke.pitch,
                    velocity=round(min(1.0, max(0.05, strength)), 4),
                )
            )
    return tuple(sorted(notes))


def _drawn(mood: str, seconds: float, seed: int) -> tuple[Style, float, _Palette, int]:
    """What decides the beat grid: style, length, palette and the number of bars."""
    style = style_of(mood)
    if not SHORTEST_S <= seconds <= LONGEST_S:
        message = f"Music of {seconds:g} seconds can't be composed."
        raise ConfigurationError(message, hint="Ask for 0.5 seconds to 4 hours.")
    palette = _palette(style, seed)
    # Rounded, so that a length that came through a database or a sum of cuts gives the same piece.
    seconds = round(float(seconds), 6)
    return style, seconds, palette, _snap(seconds, palette.target_bpm)


def compose(mood: str, seconds: float, seed: int = 1) -> Score:
    """Compose background music.

    Args:
        mood: one of `styles.MOODS`.
        seconds: the length of the piece, which whole bars fill exactly.
        seed: another seed, another piece.

    Raises:
        ConfigurationError: an unknown mood, or a length outside 0.5 s to 4 hours.
    """
    style, seconds, palette, bars = _drawn(mood, seconds, seed)
    sections = _form(bars, _stream(mood, seed, "form"))
    chords = _harmonise(sections, palette, style.stack)
    voicings = _voicings(chords, style, rootless=style.rootless)
    tune = melody.Tune.drawn(style, palette.kit, _stream(mood, seed, "tune"))
    strokes: list[Stroke] = []
    for section in sections:
        bound = parts.Passage(
            style=style,
            kit=palette.kit,
            key=palette.key,
            section=section,
            chords=chords,
            voicings=voicings,
            rng=_stream(mood, seed, "bars", section.name, section.bar),
        )
        strokes += parts.accompany(bound)
        strokes += tune.sing(bound)
    notes = _perform(strokes, style, seconds, bars, _stream(mood, seed, "hands"))
    return Score(
        mood=mood,
        seconds=seconds,
        seed=seed,
        key=palette.key,
        bpm=60 * BEATS_PER_BAR * bars / seconds,
        bars=bars,
        sections=sections,
        chords=chords,
        instruments=palette.kit.instruments(style),
        notes=notes,
    )


def beat_grid(mood: str, seconds: float, seed: int = 1) -> NDArray[np.float64]:
    """The beats of `compose(mood, seconds, seed)` in seconds, from 0; every fourth is a bar line.

    Cheap: it draws the tempo and nothing else.

    Raises:
        ConfigurationError: as `compose`.
    """
    _, seconds, _, bars = _drawn(mood, seconds, seed)
    count = bars * BEATS_PER_BAR
    return np.arange(count, dtype=np.float64) * (seconds / count)
