from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelframe.errors import ConfigurationError
from reelframe.render.sound import RATE, integrated, reversed_sound, signal, stretch, stretched


@given(st.integers(0, 30_000), st.floats(0.1, 10))
@settings(max_examples=20, deadline=None)
def test_the_length_is_exact(count, speed):
    sound = np.random.default_rng(count).standard_normal((count, 2)).astype(np.float32) * 0.1
    out = stretched(sound, speed)
    assert out.shape == (round(count / speed), 2)
    assert np.isfinite(out).all()


@pytest.mark.parametrize("speed", [0.25, 0.5, 0.8, 1.25, 1.5, 2.0, 4.0])
@pytest.mark.parametrize("hertz", [110, 440, 3000])
def test_the_pitch_stays(speed, hertz, sine):
    out = stretched(sine(hertz, 8), speed)[:, 0]
    spectrum = np.abs(np.fft.rfft(out * np.hanning(len(out))))
    assert np.argmax(spectrum) * RATE / len(out) == pytest.approx(hertz, rel=0.002)
    # No clicks, and no holes.
    assert np.abs(np.diff(out)).max() < 0.25 * 2 * np.pi * hertz / RATE * 1.3
    body = out[2400:-4800]
    tenths = np.sqrt((body[: len(body) // 2400 * 2400].reshape(-1, 2400) ** 2).mean(axis=1))
    assert tenths.min() > 0.6 * 0.25 / 2**0.5


@pytest.mark.parametrize("speed", [0.75, 1.3])
def test_music_keeps_its_loudness_and_its_events_move(speed, music):
    sound = music("upbeat", 20, 1)
    out = stretched(sound, speed)
    assert integrated(out) == pytest.approx(integrated(sound), abs=0.7)

    # The quiet introduction ends where the speed says.
    def loud_from(x):
        level = np.sqrt((x[: len(x) // 4800 * 4800].reshape(-1, 9600) ** 2).mean(axis=1))
        return np.argmax(level > 0.9 * np.percentile(level, 60)) * 0.1

    assert loud_from(out) == pytest.approx(loud_from(sound) / speed, abs=0.25)


def test_channels_stay_together(sine):
    sound = sine(300, 4)
    sound[:, 1] *= -0.5
    out = stretched(sound, 1.4)
    np.testing.assert_allclose(out[:, 1], -0.5 * out[:, 0], atol=1e-5)


@pytest.mark.parametrize("speed", [0, 0.05, 11, -1, float("nan")])
def test_speeds_out_of_range_are_refused(speed):
    with pytest.raises(ConfigurationError, match="speed"):
        stretched(np.zeros((100, 2), np.float32), speed)


def test_reverse_twice_is_the_same():
    sound = np.random.default_rng(3).standard_normal((1000, 2)).astype(np.float32)
    np.testing.assert_array_equal(reversed_sound(reversed_sound(sound)), sound)
    np.testing.assert_array_equal(reversed_sound(sound)[0], sound[-1])


@pytest.mark.parametrize("speed", [0.3, 0.9, 1.5, 6.0])
def test_blocks_are_not_heard(speed, music, monkeypatch):
    sound = music("upbeat", 20, 1)
    in_small_blocks = []
    for block in (1 << 24, 1 << 15):
        monkeypatch.setattr(stretch, "BLOCK", block)
        in_small_blocks.append(stretched(sound, speed))
    np.testing.assert_array_equal(*in_small_blocks)


@pytest.mark.parametrize("change", [reversed_sound, lambda sound: stretched(sound, 6.0)], ids=["reversed", "faster"])
def test_memory_does_not_grow_with_the_length(change, monkeypatch):
    # What is long for the mixer is made short here, so that two minutes are enough to tell.
    monkeypatch.setattr(signal, "LONG", 5 * RATE)
    sound = signal.silence(120 * RATE)
    for low, high in signal.spans(len(sound)):
        sound[low:high] = np.random.default_rng(low).standard_normal((high - low, 2)).astype(np.float32) * 0.1
    tracemalloc.start()
    try:
        out = change(sound)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert np.abs(out).mean() > 0.04
    assert peak < 0.4 * sound.nbytes
