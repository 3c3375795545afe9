from __future__ import annotations

import numpy as np
import pytest

from reelframe.errors import ConfigurationError
from reelframe.render.sound import EFFECTS, RATE, effect, peaks
from reelframe.render.sound.effects import _drawn


def centroid(sound):
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return (power * hertz).sum() / power.sum()


def test_the_six_effects():
    assert set(EFFECTS) == {"whoosh", "pop", "ding", "click", "riser", "impact"}


@pytest.mark.parametrize("name", EFFECTS)
def test_each_begins_and_ends_at_zero_and_peaks_at_minus_six(name):
    sound = effect(name)
    assert sound.ndim == 2
    assert sound.dtype == np.float32
    assert np.abs(sound).max() == pytest.approx(0.5, abs=1e-3)
    assert np.abs(sound[0]).max() < 0.02
    assert np.abs(sound[-1]).max() < 1e-4
    assert np.isfinite(sound).all()
    assert abs(sound.mean()) < 0.02


@pytest.mark.parametrize("name", EFFECTS)
def test_the_same_bytes_when_drawn_anew(name):
    first = effect(name).tobytes()
    _drawn.cache_clear()
    assert effect(name).tobytes() == first


def test_they_sound_like_their_names():
    energy = {name: (effect(name) ** 2).sum(axis=1) for name in EFFECTS}
    loudest = {name: np.argmax(np.convolve(e, np.ones(2400), "same")) / len(e) for name, e in energy.items()}
    # A riser grows to its end, struck sounds begin loud, a whoosh swells in the middle.
    assert loudest["riser"] > 0.85
    assert 0.3 < loudest["whoosh"] < 0.8
    assert all(loudest[name] < 0.35 for name in ("ding", "impact"))
    assert centroid(effect("impact")) < 400
    assert centroid(effect("click")) > 1200
    early, late = np.array_split(effect("riser"), 2)
    assert centroid(late) > 1.5 * centroid(early)
    left_first = effect("whoosh")[: RATE // 4]
    assert (left_first[:, 0] ** 2).sum() > 1.5 * (left_first[:, 1] ** 2).sum()


def test_a_riser_takes_the_time_it_is_given():
    assert len(effect("riser", 5)) == 5 * RATE
    with pytest.raises(ConfigurationError, match="seconds"):
        effect("riser", 100)
    with pytest.raises(ConfigurationError, match="whoosh"):
        effect("boing")


def test_a_waveform_strip(sine):
    sound = np.concatenate([sine(440, 1, 0.2), np.zeros((RATE, 2), np.float32), sine(440, 1, 0.8)])
    sound[RATE // 2, 1] = -0.9
    strip = peaks(sound, 30)
    assert strip.shape == (30,)
    np.testing.assert_allclose(strip[:5], 0.2, atol=0.01)
    assert strip[5] == pytest.approx(0.9)
    assert not strip[10:20].any()
    np.testing.assert_allclose(strip[20:], 0.8, atol=0.01)


@pytest.mark.parametrize(("count", "buckets"), [(0, 10), (3, 10), (10, 10), (1000, 7), (5, 0)])
def test_waveforms_of_odd_sizes(count, buckets):
    sound = np.full((count, 2), 1.5, np.float32)
    strip = peaks(sound, buckets)
    assert strip.shape == (buckets,)
    assert (strip == (1.0 if count else 0.0)).all()
