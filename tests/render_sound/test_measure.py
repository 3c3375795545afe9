from __future__ import annotations

import numpy as np
import pytest

from reelframe.render.sound import RATE, integrated, measure, rms_per_second, true_peak
from reelframe.render.sound.measure import SILENT_LUFS, Meter


def noise(seconds, level, seed=1):
    return (np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2)) * level).astype(np.float32)


def with_pauses():
    sound = noise(20, 0.1)
    sound[5 * RATE : 9 * RATE] *= 0.02
    sound[14 * RATE : 16 * RATE] = 0
    return sound


def test_the_reference_tone_of_ebu_tech_3341(sine):
    # Case 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS.
    assert integrated(sine(1000, 20, 10 ** (-23 / 20))) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("mood", ["upbeat", "calm", "jazz"])
def test_music_against_ffmpeg(mood, music, ffmpeg_ear):
    sound = music(mood, 20, 1) * np.float32(0.7)
    lufs, peak = ffmpeg_ear(sound)
    assert integrated(sound) == pytest.approx(lufs, abs=0.11)
    assert true_peak(sound) == pytest.approx(peak, abs=0.25)


@pytest.mark.parametrize("sound", [noise(10, 0.2), noise(10, 0.001), with_pauses()], ids=["loud", "quiet", "pauses"])
def test_noise_against_ffmpeg(sound, ffmpeg_ear):
    assert integrated(sound) == pytest.approx(ffmpeg_ear(sound)[0], abs=0.11)


def test_the_peak_between_samples_is_found(ffmpeg_ear):
    # A sine at a quarter of the rate, 45 degrees off: its samples never touch its crest, 3 dB above them.
    n = np.arange(RATE * 2)
    wave = 0.5 * np.sin(np.pi / 2 * n + np.pi / 4) * np.clip(n / 2000, 0, 1)
    sound = np.stack([wave, wave], axis=1).astype(np.float32)
    assert np.abs(sound).max() == pytest.approx(0.3536, abs=1e-3)
    assert true_peak(sound) == pytest.approx(-6.02, abs=0.35)
    assert true_peak(sound) == pytest.approx(ffmpeg_ear(sound)[1], abs=0.35)


def test_feeding_in_pieces_changes_nothing():
    sound = with_pauses()
    meter = Meter()
    at = 0
    for size in (1, 4799, 4801, 100_000, 333_333, 10**6):
        meter.feed(sound[at : at + size])
        at += size
    assert meter.integrated() == pytest.approx(integrated(sound), abs=1e-6)


def test_silence_and_scraps(sine):
    assert integrated(np.zeros((RATE, 2), np.float32)) == SILENT_LUFS
    assert true_peak(np.zeros((0, 2), np.float32)) == -120
    assert integrated(sine(1000, 0.2, 10 ** (-23 / 20))) == pytest.approx(-23, abs=0.6)


def test_rms_second_by_second(sine):
    sound = np.concatenate([sine(440, 1, 1.0), sine(440, 1, 0.1), np.zeros((RATE // 2, 2), np.float32)])
    np.testing.assert_allclose(rms_per_second(sound), [-3.01, -23.01, -120], atol=0.02)
    assert measure(sound).rms_db == (-3.01, -23.01, -120.0)


def test_peaks_of_a_sound_in_blocks_are_those_of_the_whole():
    from reelframe.render.sound.loudness import decoded_peaks, group_peaks

    sound = noise(6.3, 0.1)
    for cuts in ([], [1], [7, 70_001, 70_002, 300_000], list(range(0, len(sound), 4096))):
        blocks = np.split(sound, cuts)
        np.testing.assert_allclose(decoded_peaks(iter(blocks), -(-len(sound) // 12)), group_peaks(sound), rtol=1e-5)


def test_a_long_sound_lies_in_a_file_and_reads_the_same():
    from reelframe.render.sound import silence, spans
    from reelframe.render.sound.signal import LONG

    count = LONG + 5
    sound = silence(count)
    assert sound.shape == (count, 2) and sound.base is not None and not sound[:1000].any()
    for start, stop in spans(count):
        sound[start:stop] = (start % 97 + 1) / 100
    for start, stop in spans(count):
        assert (sound[start:stop] == np.float32((start % 97 + 1) / 100)).all()


def test_the_limiter_thinks_the_same_in_stretches(monkeypatch):
    from reelframe.render.sound import loudness

    rng = np.random.default_rng(4)
    peaks = (rng.random(20_000) ** 12 * 4).astype(np.float32)
    whole = loudness.gain_curve(peaks, 0.7)
    assert whole.min() < -6
    monkeypatch.setattr(loudness, "BLOCK", 777)
    np.testing.assert_allclose(loudness.gain_curve(peaks, 0.7), whole, atol=1e-5)
