from __future__ import annotations

import hashlib
import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelframe.errors import ConfigurationError
from reelframe.render.sound import MOODS, beat_grid, compose
from reelframe.render.sound.styles import style_of

moods = st.sampled_from(MOODS)
lengths = st.floats(0.5, 240)
seeds = st.integers(-(10**6), 10**9)


def on_grid(score):
    """The notes without their human touch: the nearest sixteenth, and the pitch."""
    sixteenth = score.beat_s / 4
    return tuple(sorted((round(n.start_s / sixteenth), n.part, n.pitch) for n in score.notes))


def test_the_seven_moods():
    assert set(MOODS) == {"lofi", "upbeat", "calm", "corporate", "cinematic", "warm", "jazz"}


@given(moods, lengths, seeds)
@settings(max_examples=30, deadline=None)
def test_whole_bars_fill_the_length_and_every_note_is_in_the_key(mood, seconds, seed):
    score = compose(mood, seconds, seed)
    assert score.bars * 4 * 60 / score.bpm == pytest.approx(score.seconds)
    assert sum(s.bars for s in score.sections) == score.bars == len(score.chords)
    assert [s.bar for s in score.sections] == list(np.cumsum([0] + [s.bars for s in score.sections[:-1]]))
    allowed = score.key.pitch_classes
    assert all(n.pitch % 12 in allowed for n in score.notes if n.part != "drums")
    assert all(0 <= n.start_s < seconds and n.start_s + n.duration_s <= score.seconds + 1e-5 for n in score.notes)
    assert all(0 < n.velocity <= 1 for n in score.notes)
    assert all(21 <= n.pitch <= 108 for n in score.notes)


@given(moods, st.floats(20, 240), seeds)
@settings(max_examples=20, deadline=None)
def test_the_tempo_stays_near_the_moods_own(mood, seconds, seed):
    low, high = style_of(mood).bpm
    assert low * 0.93 <= compose(mood, seconds, seed).bpm <= high * 1.07


@given(moods, lengths, seeds)
@settings(max_examples=12, deadline=None)
def test_the_same_words_give_the_same_score(mood, seconds, seed):
    assert compose(mood, seconds, seed) == compose(mood, seconds, seed)


def test_the_same_score_in_another_process():
    program = (
        "import hashlib; from reelframe.render.sound import compose;"
        "print(hashlib.sha256(repr(compose('jazz', 21.5, 4).notes).encode()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert there.strip() == hashlib.sha256(repr(compose("jazz", 21.5, 4).notes).encode()).hexdigest()


@pytest.mark.parametrize("mood", MOODS)
def test_fifty_seeds_stay_in_their_keys(mood):
    for seed in range(50):
        score = compose(mood, 30, seed)
        pitched = [n for n in score.notes if n.part != "drums"]
        assert pitched
        assert {n.pitch % 12 for n in pitched} <= set(score.key.pitch_classes)


@pytest.mark.parametrize("mood", MOODS)
def test_no_two_seeds_are_alike(mood):
    pieces = [on_grid(compose(mood, 30, seed)) for seed in range(40)]
    assert len(set(pieces)) == 40
    # Not merely other keys: the onsets of what plays differ as well, for nearly every pair.
    rhythms = {tuple((step, part) for step, part, _ in piece) for piece in pieces}
    assert len(rhythms) >= 36


@pytest.mark.parametrize("mood", MOODS)
def test_seeds_differ_in_key_tempo_and_instruments(mood):
    scores = [compose(mood, 30, seed) for seed in range(30)]
    assert len({s.key for s in scores}) >= 3
    assert len({s.bars for s in scores}) >= 2
    assert len({s.instruments["lead"] for s in scores}) >= 2
    assert len({tuple(c.degree for c in s.chords) for s in scores}) >= 5


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("seconds", [15, 30, 60])
def test_introduction_development_and_cadence(mood, seconds):
    score = compose(mood, seconds, 11)
    names = [s.name for s in score.sections]
    energies = [s.energy for s in score.sections]
    assert names[-1] == "ending"
    if score.bars >= 6:
        assert names[0] == "intro"
        assert energies[0] < min(energies[1:-1])
    degrees = [c.degree for c in score.chords]
    assert degrees[-1] == 0
    assert degrees[-2] != 0
    bar_s = score.beat_s * 4
    last_bar = [n for n in score.notes if n.start_s >= seconds - bar_s - 0.03]
    tonic = set(score.chords[-1].tones) | {score.key.tonic}
    assert {n.pitch % 12 for n in last_bar if n.part != "drums"} <= tonic
    # The last chord is struck at the bar line and rings: nothing but its strum begins later.
    assert all(n.start_s < seconds - bar_s + 0.25 for n in last_bar)
    assert any(n.part == "bass" and n.pitch % 12 == score.key.tonic for n in last_bar)


@pytest.mark.parametrize("mood", MOODS)
def test_a_longer_video_keeps_key_tempo_chords_and_tune(mood):
    short, long = compose(mood, 30, 5), compose(mood, 33, 5)
    assert short.key == long.key
    assert short.instruments == long.instruments
    assert abs(math.log(short.bpm / long.bpm)) < 0.12
    shared = {c.degree for c in short.chords[:4]}
    assert shared == {c.degree for c in long.chords[:4]}


@pytest.mark.parametrize("mood", MOODS)
def test_the_tune_does_not_grind_against_the_chords(mood):
    """Hardly a long note of the tune lies a minor second or ninth above a chord tone that sounds with it."""
    long_notes = grinding = 0
    for seed in range(30):
        score = compose(mood, 30, seed)
        chords = [n for n in score.notes if n.part in {"comp", "pad"}]
        for note in (n for n in score.notes if n.part == "lead" and n.duration_s >= 0.28):
            long_notes += 1
            end = note.start_s + note.duration_s
            under = [c.pitch for c in chords if min(end, c.start_s + c.duration_s) - max(note.start_s, c.start_s) > 0.2]
            grinding += any(note.pitch - pitch in {1, 13} for pitch in under)
    assert long_notes > 100
    assert grinding <= 0.025 * long_notes


@pytest.mark.parametrize("mood", MOODS)
def test_strokes_fall_on_the_swung_grid(mood):
    score = compose(mood, 30, 3)
    style = style_of(mood)
    grid = []
    for beat in score.beats:
        for quarter in (0, 0.5, 1):
            grid += [beat + score.beat_s * style.swing * quarter]
        grid += [beat + score.beat_s * (style.swing + (1 - style.swing) * 0.5)]
    grid = np.array(sorted({*grid, score.seconds}))
    starts = np.array([n.start_s for n in score.notes if n.part in {"drums", "bass", "lead"}])
    away = np.abs(starts[:, None] - grid[None]).min(axis=1)
    assert away.max() <= 2.5 * style.loose_s + 1e-6


def test_beat_grid_is_the_scores_own():
    grid = beat_grid("upbeat", 30, 9)
    score = compose("upbeat", 30, 9)
    assert len(grid) == score.bars * 4
    assert grid[0] == 0
    np.testing.assert_allclose(np.diff(grid), 60 / score.bpm)
    assert grid[-1] + 60 / score.bpm == pytest.approx(30)


@pytest.mark.parametrize(
    ("mood", "seconds", "word"),
    [
        ("polka", 30, "lofi"),
        ("calm", 0, "0.5"),
        ("calm", -1, "0.5"),
        ("calm", float("nan"), "0.5"),
        ("jazz", 1e9, "hours"),
    ],
)
def test_what_cannot_be_composed_is_refused_in_words(mood, seconds, word):
    with pytest.raises(ConfigurationError, match=word):
        compose(mood, seconds)
