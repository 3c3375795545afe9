from __future__ import annotations

import hashlib

import numpy as np
import pytest

from reelframe.errors import JobCancelledError
from reelframe.render.sound import MOODS, RATE, compose, integrated, render_music, settle, true_peak
from reelframe.render.sound.master import octave_levels

SECONDS = 20


@pytest.mark.parametrize("mood", MOODS)
def test_loudness_and_peak_by_ffmpeg(mood, music, ffmpeg_ear):
    lufs, peak = ffmpeg_ear(music(mood, SECONDS, 1))
    assert lufs == pytest.approx(-16.0, abs=0.15)
    assert peak <= -1.8


@pytest.mark.parametrize("mood", MOODS)
def test_the_peak_survives_aac(mood, music, through_aac, ffmpeg_ear):
    sound = music(mood, SECONDS, 1).copy()
    settle(sound, lambda x: [through_aac(x, 192_000)])
    decoded = through_aac(sound, 192_000)
    assert true_peak(decoded) <= -1.0
    assert ffmpeg_ear(decoded)[0] == pytest.approx(-16.0, abs=0.3)


@pytest.mark.parametrize("mood", MOODS)
def test_exact_length_quiet_edges_no_hole_no_offset(mood, music):
    sound = music(mood, SECONDS, 1)
    assert sound.shape == (SECONDS * RATE, 2)
    assert sound.dtype == np.float32
    assert np.abs(sound[0]).max() < 1e-3
    assert np.abs(sound[-1]).max() < 1e-4
    assert np.abs(sound.mean(axis=0)).max() < 1e-3
    tenths = np.sqrt((sound.reshape(-1, RATE // 10, 2) ** 2).mean(axis=(1, 2)))
    assert tenths[3:-12].min() > 10 ** (-48 / 20)
    # The last chord dies away: the last second lies far under the body.
    assert tenths[-5:].mean() < 0.25 * np.median(tenths)


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_spectrum_falls_like_musics(mood, seed, music):
    levels = octave_levels(music(mood, SECONDS, seed))
    # 62 Hz to 2 kHz lie along -4.5 dB an octave, and nothing sticks out above it; soft moods may be darker.
    assert np.abs(levels[:6]).max() < 5.5
    assert levels[6:].max() < 1
    slope = np.polyfit(np.arange(8), levels, 1)[0] - 4.5
    assert -8.0 <= slope <= -3.5


@pytest.mark.parametrize("mood", MOODS)
def test_stereo_but_safe_in_mono(mood, music):
    left, right = music(mood, SECONDS, 1).T
    together = np.corrcoef(left, right)[0, 1]
    assert 0.25 < together < 0.97
    assert abs(20 * np.log10(left.std() / right.std())) < 2.5


def flux(sound):
    """How much louder the spectrum of each 5 ms is than the one before it, in dB summed over the bins that rise."""
    mono = np.pad(sound.mean(axis=1), (512, 1024))
    frames = np.lib.stride_tricks.sliding_window_view(mono, 1024)[::240] * np.hanning(1024)
    level = 20 * np.log10(np.abs(np.fft.rfft(frames, axis=1)[:, 1:200]) + 1e-3)
    return np.maximum(0, np.diff(level, axis=0, prepend=level[:1])).sum(axis=1)


@pytest.mark.parametrize("mood", MOODS)
def test_onsets_fall_on_the_grid(mood, music):
    score = compose(mood, SECONDS, 1)
    rise = flux(music(mood, SECONDS, 1))
    near = lambda t: rise[max(0, round((t - 0.02) * 200)) : round((t + 0.03) * 200)].max()  # noqa: E731
    body = score.beats[4:-4]
    on = np.mean([near(t) for t in body])
    between = np.mean([near(t + 0.25 * score.beat_s * f) for t in body for f in (0.45, 1.45)])
    assert on > 1.4 * between


@pytest.mark.parametrize("mood", ["lofi", "cinematic"])
def test_the_same_bytes(mood, music):
    again = render_music(compose(mood, SECONDS, 1))
    assert hashlib.sha256(again.tobytes()).digest() == hashlib.sha256(music(mood, SECONDS, 1).tobytes()).digest()


def test_another_seed_sounds_different(music):
    a, b = music("upbeat", SECONDS, 1), music("upbeat", SECONDS, 2)
    assert abs(np.corrcoef(a[:, 0], b[:, 0])[0, 1]) < 0.3


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.345, 3.7])
def test_very_short_pieces(seconds):
    sound = render_music(compose("upbeat", seconds, 2))
    assert len(sound) == round(seconds * RATE)
    assert np.isfinite(sound).all()
    assert 0.05 < np.abs(sound).max() <= 0.8


def test_progress_rises_to_one_and_work_can_be_cancelled():
    told = []
    render_music(compose("calm", 25, 1), on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) >= 3

    def cancel():
        message = "cancelled"
        raise JobCancelledError(message)

    with pytest.raises(JobCancelledError):
        render_music(compose("calm", 25, 1), check=cancel)


@pytest.mark.slow
@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("seed", range(101, 107))
def test_loudness_peak_and_spectrum_of_many_seeds(mood, seed, through_aac):
    sound = render_music(compose(mood, 30, seed))
    assert integrated(sound) == pytest.approx(-16.0, abs=0.1)
    levels = octave_levels(sound)
    assert np.abs(levels[:6]).max() < 5.5
    assert levels[6:].max() < 1
    for bit_rate in (96_000, 128_000, 192_000, 256_000):
        settled = sound.copy()
        settle(settled, lambda x, rate=bit_rate: [through_aac(x, rate)])
        assert true_peak(through_aac(settled, bit_rate)) <= -1.0
        assert integrated(settled) == pytest.approx(-16.0, abs=0.2)


def spectrogram(sound):
    """Levels in dB, (96 bands from 30 Hz to 16 kHz, highest first; 20 a second)."""
    mono = np.pad(sound.mean(axis=1), 4096)
    frames = np.lib.stride_tricks.sliding_window_view(mono, 8192)[:: RATE // 20] * np.hanning(8192)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    edges = np.unique(np.round(np.geomspace(30, 16_000, 97) * 8192 / RATE).astype(int))
    return 10 * np.log10(np.add.reduceat(power, edges, axis=1)[:, :-1] + 1e-6).T[::-1]


@pytest.mark.parametrize("mood", MOODS)
def test_the_spectrum_is_filled_from_the_beginning_to_the_cadence(mood, music, request):
    from PIL import Image

    levels = spectrogram(music(mood, SECONDS, 1))
    sheet = request.config.rootpath / "artifacts/sound"
    sheet.mkdir(parents=True, exist_ok=True)
    shown = np.clip((levels - levels.max() + 80) / 80 * 255, 0, 255).astype(np.uint8)
    Image.fromarray(np.repeat(np.repeat(shown, 3, 0), 2, 1)).save(sheet / f"{mood}.png")
    # From bass to treble something sounds in each half second of the body.
    body = levels[:, 40:-50].reshape(len(levels), -1)
    body = body[:, : body.shape[1] // 10 * 10].reshape(len(levels), -1, 10).max(axis=2)
    thirds = [part.max(axis=0) for part in np.array_split(body, 3)]
    assert min(part.min() for part in thirds[1:]) > levels.max() - 55
    # No band rings on through all of the piece: a hum would.
    steady = np.median(levels, axis=1) - np.quantile(levels, 0.98, axis=1)
    assert steady[len(steady) // 3 :].max() < -2.5
