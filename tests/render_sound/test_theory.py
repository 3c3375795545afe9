from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.render.sound.theory import MODES, Key, lead_voices

keys = st.builds(Key, st.integers(0, 11), st.sampled_from(sorted(MODES)))


@pytest.mark.parametrize(
    ("key", "degree", "octave", "pitch"),
    [
        (Key(0, "major"), 0, 4, 60),
        (Key(0, "major"), 6, 4, 71),
        (Key(0, "major"), 7, 4, 72),
        (Key(0, "major"), -1, 4, 59),
        (Key(9, "minor"), 2, 4, 72),
        (Key(2, "dorian"), 5, 4, 71),
        (Key(5, "lydian"), 3, 4, 71),
    ],
)
def test_degrees_have_the_pitches_of_their_mode(key, degree, octave, pitch):
    assert key.pitch(degree, octave) == pitch


@given(keys, st.integers(-20, 30))
def test_every_degree_belongs_to_its_key(key, degree):
    assert key.pitch(degree) % 12 in key.pitch_classes
    assert len(key.pitch_classes) == 7


@given(keys, st.integers(20, 100))
def test_the_nearest_degree_is_within_a_tone(key, pitch):
    assert abs(key.pitch(key.degree_near(pitch)) - pitch) <= 1


def test_a_ninth_that_grinds_is_left_out():
    c = Key(0, "major")
    assert c.chord(0, (0, 2, 4, 6, 8)).tones == (0, 4, 7, 11, 2)
    assert c.chord(2, (0, 2, 4, 6, 8)).tones == (4, 7, 11, 2)


@given(keys, st.lists(st.integers(0, 6), min_size=2, max_size=12), st.sampled_from([(0, 2, 4), (0, 2, 4, 6)]))
def test_voices_stay_in_range_clear_and_close(key, degrees, stack):
    low, high = 52, 76
    voicings = []
    for degree in degrees:
        chord = key.chord(degree, stack)
        voicings.append(lead_voices(chord.tones, voicings[-1] if voicings else None, low, high))
        assert {p % 12 for p in voicings[-1]} == set(chord.tones)
        assert all(low <= p <= high for p in voicings[-1])
        assert all(b - a > 1 for a, b in pairwise(voicings[-1]))
    for before, after in pairwise(voicings):
        moved = sum(abs(b - a) for a, b in zip(before, after, strict=True))
        assert moved <= 5 * len(after)


def test_a_common_tone_stays_where_it_is():
    c = Key(0, "major")
    first = lead_voices(c.chord(0).tones, None, 52, 74)
    second = lead_voices(c.chord(5).tones, first, 52, 74)
    assert len(set(first) & set(second)) == 2
