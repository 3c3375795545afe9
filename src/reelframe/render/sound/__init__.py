"""Sound: composed music, effects, and the mix of everything that is heard.

Works on float32 arrays of shape ``(samples, 2)`` at 48 kHz and opens no files: what was recorded is handed in by a
``load`` callable. Knows nothing of the rest of reelframe but its errors.

::

    theory, styles ─▶ compose ─▶ Score ─▶ synth ─▶ master ─▶ music ┐
                                                     effects ──────┤
                            load ─▶ stretch, beats ────────────────┴▶ mix ─▶ loudness ─▶ (n, 2)

`mix` is the door. `beat_grid` tells where the beats of composed music lie, `measure` what a result sounds like in
figures, `peaks` what a timeline strip draws.
"""

from reelframe.render.sound.beats import CONTEXT_S, BarCut, Beats, cut_at_bar, track_beats
from reelframe.render.sound.compose import beat_grid, compose
from reelframe.render.sound.effects import EFFECTS, effect
from reelframe.render.sound.layers import Effect, Load, Music, Role, SoundLayer
from reelframe.render.sound.loudness import normalise, settle
from reelframe.render.sound.master import render_music
from reelframe.render.sound.measure import (
    Loudness,
    integrated,
    measure,
    rms_per_second,
    true_peak,
)
from reelframe.render.sound.mix import mix
from reelframe.render.sound.score import Note, Score
from reelframe.render.sound.signal import RATE, Sound, put_aside, silence, spans
from reelframe.render.sound.stretch import reversed_sound, stretched
from reelframe.render.sound.styles import MOODS
from reelframe.render.sound.waveform import peaks

__all__ = [
    "CONTEXT_S",
    "EFFECTS",
    "MOODS",
    "RATE",
    "BarCut",
    "Beats",
    "Effect",
    "Load",
    "Loudness",
    "Music",
    "Note",
    "Role",
    "Score",
    "Sound",
    "SoundLayer",
    "beat_grid",
    "compose",
    "cut_at_bar",
    "effect",
    "integrated",
    "measure",
    "mix",
    "normalise",
    "peaks",
    "put_aside",
    "render_music",
    "reversed_sound",
    "rms_per_second",
    "settle",
    "silence",
    "spans",
    "stretched",
    "track_beats",
    "true_peak",
]
