from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelframe.errors import ConfigurationError, JobCancelledError, RenderFailedError
from reelframe.render.sound import (
    RATE,
    Effect,
    Music,
    SoundLayer,
    integrated,
    mix,
    rms_per_second,
    settle,
    true_peak,
)


@pytest.fixture
def load():
    """Sources by name: "440" is a sine of 440 Hz of ten minutes; "440:3" lasts three seconds."""

    def fetch(source, start_s, duration_s):
        hertz, _, seconds = str(source).partition(":")
        end = min(start_s + duration_s, float(seconds or 600))
        first, last = round(start_s * RATE), round(end * RATE)
        t = np.arange(first, max(first, last)) / RATE
        wave = (0.25 * np.sin(2 * np.pi * float(hertz) * t)).astype(np.float32)
        return np.stack([wave, wave], axis=1)

    return fetch


def level_at(sound, hertz, start_s, end_s):
    """The level of one frequency between two times, in dB of its amplitude."""
    piece = sound[round(start_s * RATE) : round(end_s * RATE), 0].astype(np.float64)
    window = np.hanning(len(piece))
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(piece)) / RATE)
    return 20 * np.log10(2 * np.abs((piece * window * turn).sum()) / window.sum() + 1e-9)


@given(st.floats(0.01, 3), st.floats(0, 4), st.floats(0.01, 4), st.floats(0, 2), st.floats(0, 2), st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_length_is_exact_whatever_the_layers(duration, start, length, fade_in, fade_out, loop):
    def fetch(_source, _start, seconds):
        return np.full((min(round(seconds * RATE), 30_000), 2), 0.1, np.float32)

    layer = SoundLayer("x", start, length, fade_in_s=fade_in, fade_out_s=fade_out, loop=loop)
    sound = mix([layer], duration, load=fetch)
    assert sound.shape == (round(duration * RATE), 2)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()


def test_nothing_is_silence(load):
    assert not mix([], 2).any()
    muted = SoundLayer("440", 0, 2, muted=True)
    late = SoundLayer("440", 5, 2)
    off = SoundLayer("440", 0, 2, volume=0)
    assert not mix([muted, late, off], 2, load=load).any()


@pytest.mark.parametrize("lufs", [-16.0, -14.0, -23.0])
def test_the_loudness_asked_for(lufs, load, ffmpeg_ear):
    layers = [
        SoundLayer(Music("upbeat", 3), 0, 12, volume=0.5, fade_in_s=0.3, fade_out_s=1.5, role="bgm"),
        SoundLayer("300", 3, 4, role="voice"),
        SoundLayer(Effect("ding"), 8, 1.6, role="sfx"),
    ]
    sound = mix(layers, 12, lufs=lufs, load=load)
    heard, peak = ffmpeg_ear(sound)
    assert heard == pytest.approx(lufs, abs=0.2)
    assert peak <= -1.8


def test_the_first_cuts_music(ffmpeg_ear, through_aac):
    layer = SoundLayer(Music("corporate", 7), 0, 30, volume=0.5, fade_in_s=0.3, fade_out_s=1.5, role="bgm")
    sound = mix([layer], 30)
    told = settle(sound, lambda x: [through_aac(x, 192_000)])
    decoded = through_aac(sound, 192_000)
    assert ffmpeg_ear(decoded)[0] == pytest.approx(-16, abs=0.3)
    assert ffmpeg_ear(decoded)[1] <= -0.9
    assert true_peak(decoded) == pytest.approx(told, abs=0.05)
    assert true_peak(decoded) <= -1.0
    levels = rms_per_second(sound)
    assert levels[5:25].max() - levels[5:25].min() < 8
    assert levels[-1] < levels[5:25].mean() - 8
    assert np.abs(sound[-1]).max() < 1e-4


@pytest.mark.parametrize(("volume", "change"), [(0.25, -6.02), (0.1, -13.98), (0.01, -33.98), (0.75, 3.52)])
def test_turning_down_the_only_music_turns_down_the_video(volume, change, load):
    usual = mix([SoundLayer("440", 0, 6, volume=0.5, role="bgm")], 6, load=load)
    turned = mix([SoundLayer("440", 0, 6, volume=volume, role="bgm")], 6, load=load)
    assert integrated(usual) == pytest.approx(-16, abs=0.05)
    assert integrated(turned) - integrated(usual) == pytest.approx(change, abs=0.1)


def test_turning_down_the_music_leaves_the_voice_alone(load):
    voice = SoundLayer("300", 0, 6, role="voice")
    usual = mix([voice, SoundLayer("880", 0, 6, volume=0.5, role="bgm")], 6, load=load)
    turned = mix([voice, SoundLayer("880", 0, 6, volume=0.1, role="bgm")], 6, load=load)
    assert level_at(turned, 300, 1, 5) == pytest.approx(level_at(usual, 300, 1, 5), abs=0.3)
    assert level_at(turned, 880, 1, 5) - level_at(usual, 880, 1, 5) == pytest.approx(-13.98, abs=0.3)


@pytest.mark.parametrize(("curve", "half"), [("equal_power", -3.01), ("linear", -6.02)])
def test_fades_second_by_second(curve, half, load):
    layer = SoundLayer("1000", 0, 10, fade_in_s=4, fade_out_s=2, curve=curve)
    sound = mix([layer], 10, lufs=None, load=load)
    middle = level_at(sound, 1000, 5, 7)
    assert middle == pytest.approx(20 * np.log10(0.25), abs=0.05)
    assert level_at(sound, 1000, 1.98, 2.02) - middle == pytest.approx(half, abs=0.15)
    assert level_at(sound, 1000, 8.98, 9.02) - middle == pytest.approx(half, abs=0.15)
    x = np.arange(0, 1, 0.25) + 0.125
    shape = np.sin(x * np.pi / 2) if curve == "equal_power" else x
    for k, factor in enumerate(shape):
        heard = level_at(sound, 1000, k + 0.45, k + 0.55) - middle
        assert heard == pytest.approx(20 * np.log10(factor), abs=0.3)
    assert np.abs(sound[:48]).max() < 0.005
    assert np.abs(sound[-48:]).max() < 0.005


def test_fades_longer_than_the_layer_share_it(load):
    sound = mix([SoundLayer("1000", 0, 2, fade_in_s=3, fade_out_s=1)], 2, lufs=None, load=load)
    assert np.abs(sound).max() == pytest.approx(0.25, abs=0.01)
    assert level_at(sound, 1000, 0.74, 0.76) == pytest.approx(20 * np.log10(0.25 * np.sin(np.pi / 4)), abs=0.3)


@pytest.mark.parametrize("depth", [6.0, 12.0])
def test_ducking_under_speech(depth, load):
    layers = [
        SoundLayer("880", 0, 12, volume=0.5, role="bgm"),
        SoundLayer("300", 4, 3, role="voice", fade_in_s=0.02, fade_out_s=0.02),
    ]
    sound = mix(layers, 12, lufs=None, duck_db=depth, load=load)
    before = level_at(sound, 880, 1, 3.5)
    assert level_at(sound, 880, 4.2, 6.8) - before == pytest.approx(-depth, abs=0.3)
    # The music is down when the voice begins, and back a second after it ended.
    assert level_at(sound, 880, 4.0, 4.03) - before < -0.8 * depth
    assert level_at(sound, 880, 3.7, 3.8) - before == pytest.approx(0, abs=0.2)
    assert level_at(sound, 880, 8.1, 10) - before == pytest.approx(0, abs=0.1)
    # It comes back gradually: no step larger than the release's slope.
    levels = [level_at(sound, 880, t, t + 0.05) for t in np.arange(7, 8.2, 0.05)]
    assert max(np.diff(levels)) < depth / 0.6 * 0.05 * 1.6
    undipped = mix(layers, 12, lufs=None, load=load)
    assert level_at(undipped, 880, 4.2, 6.8) - before == pytest.approx(0, abs=0.1)


def test_pauses_between_words_do_not_pump(load):
    words = [SoundLayer("300", 2 + 0.5 * k, 0.3, role="voice") for k in range(8)]
    sound = mix([SoundLayer("880", 0, 8, role="bgm"), *words], 8, lufs=None, duck_db=9, load=load)
    levels = [level_at(sound, 880, t, t + 0.1) for t in np.arange(2.2, 5.6, 0.1)]
    assert max(levels) - min(levels) < 1.0


def steps_around(sound, at_s, reach_s=0.02):
    """The greatest sample step and the greatest change of slope near a time."""
    piece = sound[round((at_s - reach_s) * RATE) : round((at_s + reach_s) * RATE), 0].astype(np.float64)
    return np.abs(np.diff(piece)).max()


@pytest.mark.parametrize(("first", "second"), [("200", "330"), ("440", "440"), ("90", "1000"), ("55", "55")])
@pytest.mark.parametrize("cut", [1.0, 1.2345, 1.5017])
def test_no_click_at_a_cut(first, second, cut, load):
    layers = [SoundLayer(first, 0, cut, in_s=0.3), SoundLayer(second, cut, 3 - cut, in_s=7.77)]
    sound = mix(layers, 3, lufs=None, load=load)
    slope = 0.25 * 2 * np.pi * max(float(first), float(second)) / RATE
    ramp = 0.25 * np.pi / 2 / (0.005 * RATE)
    # Both sounds at once, and the ramps' own slope: nothing steeper is allowed.
    assert steps_around(sound, cut) <= 2**0.5 * slope + 2 * ramp
    hard = np.abs(np.diff(sound[:, 0])).max()
    assert hard <= 2**0.5 * slope + 2 * ramp
    assert np.abs(sound[0]).max() < 0.003
    assert np.abs(sound[-1]).max() < 0.003


def test_a_cut_leaves_no_hole(load):
    layers = [SoundLayer("500", 0, 1), SoundLayer("730", 1, 1)]
    sound = mix(layers, 2, lufs=None, load=load)
    windows = sound[round(0.98 * RATE) : round(1.03 * RATE), 0].reshape(-1, 240)
    assert np.sqrt((windows**2).mean(axis=1)).min() > 0.6 * 0.25 / 2**0.5


def test_a_clip_that_was_split_sounds_as_if_it_were_whole(load):
    whole = mix([SoundLayer("440", 0, 4, in_s=1.5)], 4, lufs=None, load=load)
    pieces = [SoundLayer("440", a, b - a, in_s=1.5 + a) for a, b in [(2.5, 4.0), (0, 1.1), (1.1, 2.5)]]
    np.testing.assert_array_equal(mix(pieces, 4, lufs=None, load=load), whole)


def test_a_clip_that_was_split_and_moved_is_cut(load):
    pieces = [SoundLayer("440", 0, 1, in_s=0), SoundLayer("440", 1, 1, in_s=3.0005)]
    sound = mix(pieces, 2, lufs=None, load=load)
    late = level_at(sound[round(1.1 * RATE) :], 440, 0, 0.8)
    assert late == pytest.approx(20 * np.log10(0.25), abs=0.1)
    expected = 0.25 * np.sin(2 * np.pi * 440 * (3.0005 + 0.5))
    assert sound[round(1.5 * RATE), 0] == pytest.approx(expected, abs=0.01)


def test_trims_follow_the_picture(load):
    sound = mix([SoundLayer("440", 1, 2, in_s=0.25)], 4, lufs=None, load=load)
    assert not sound[: RATE - 1].any()
    assert not sound[3 * RATE + 241 :].any()
    t = 0.25 + np.arange(RATE) / RATE
    np.testing.assert_allclose(sound[RATE + 300 : 2 * RATE, 0], 0.25 * np.sin(2 * np.pi * 440 * t[300:]), atol=1e-4)


def test_a_loop_has_no_seam_and_fills_its_length(load):
    sound = mix([SoundLayer("441:1.003", 0, 6, loop=True)], 6, lufs=None, load=load)
    body = sound[1000:-1000, 0]
    assert np.abs(np.diff(body)).max() < 0.25 * 2 * np.pi * 441 / RATE * 1.5
    tenths = np.sqrt((body[: len(body) // 4800 * 4800].reshape(-1, 4800) ** 2).mean(axis=1))
    assert tenths.min() > 0.1


def test_a_source_that_ends_early_ends_softly(load):
    sound = mix([SoundLayer("100:1.0025", 0, 3)], 3, lufs=None, load=load)
    assert np.abs(np.diff(sound[:, 0])).max() < 0.25 * 2 * np.pi * 100 / RATE + 0.002
    assert not sound[round(1.0026 * RATE) :].any()


def test_speed_keeps_the_pitch_and_reverse_turns_round(load):
    fast = mix([SoundLayer("440", 0, 2, speed=2)], 2, lufs=None, load=load)
    spectrum = np.abs(np.fft.rfft(fast[:, 0] * np.hanning(len(fast))))
    assert np.argmax(spectrum) / 2 == pytest.approx(440, abs=1)

    def ramp(_source, start_s, duration_s):
        # Its sign alternates: a sound without a mean.
        n = np.arange(round(start_s * RATE), round((start_s + duration_s) * RATE))
        t = n / RATE * (1 - 2 * (n % 2))
        return np.stack([t, t], axis=1).astype(np.float32) / 100

    back = mix([SoundLayer("x", 0, 2, in_s=1, reverse=True)], 2, lufs=None, load=ramp)
    np.testing.assert_allclose(abs(back[RATE // 2, 0]), 0.025, atol=1e-4)
    np.testing.assert_allclose(abs(back[RATE * 3 // 2, 0]), 0.015, atol=1e-4)


def test_silences(load):
    sound = mix([SoundLayer("440", 0, 4, silences=((1, 2),))], 4, lufs=None, load=load)
    assert np.abs(sound[RATE : 2 * RATE]).max() < 1e-6
    assert level_at(sound, 440, 0.1, 0.9) == pytest.approx(level_at(sound, 440, 2.1, 3.9), abs=0.05)
    assert np.abs(np.diff(sound[:, 0])).max() < 0.25 * 2 * np.pi * 440 / RATE * 1.2


def test_uploaded_music_is_cut_at_bars(music):
    source = music("warm", 40, 5)

    def fetch(_source, start_s, duration_s):
        return source[round(start_s * RATE) : round((start_s + duration_s) * RATE)]

    sound = mix([SoundLayer("song", 0, 20, role="bgm", at_bars=True, fade_out_s=0.5)], 20, load=fetch)
    assert len(sound) == 20 * RATE
    assert integrated(sound) == pytest.approx(-16, abs=0.1)
    assert rms_per_second(sound)[:-1].min() > -30


def test_what_a_loader_must_not_return():
    with pytest.raises(RenderFailedError, match="shape"):
        mix([SoundLayer("x", 0, 1)], 1, load=lambda *_: np.zeros(48_000, np.float32))
    with pytest.raises(ConfigurationError, match="load"):
        mix([SoundLayer("x", 0, 1)], 1)


def test_one_bad_sample_does_not_silence_the_mix(load):
    def bad(_source, start_s, duration_s):
        sound = load("440", start_s, duration_s)
        sound[100] = np.nan
        sound[200] = np.inf
        return sound

    sound = mix([SoundLayer("x", 0, 2)], 2, load=bad)
    assert np.isfinite(sound).all()
    assert integrated(sound) == pytest.approx(-16, abs=0.1)


@pytest.mark.parametrize(
    "wrong", [{"volume": -1}, {"volume": 9}, {"speed": 0}, {"start_s": -1}, {"duration_s": float("nan")}, {"speed": -2}]
)
def test_layers_without_meaning_are_refused(wrong):
    with pytest.raises(ConfigurationError):
        SoundLayer(**{"source": "x", "start_s": 0, "duration_s": 1, **wrong})


def test_the_limiter_holds_the_peak_without_distorting_the_rest(load):
    # Clicks far above the tone: they are held down, and the tone between them keeps its level.
    def fetch(_source, start_s, duration_s):
        sound = load("440", start_s, duration_s) * np.float32(0.4)
        sound[24_000::48_000] += 5
        return sound

    sound = mix([SoundLayer("x", 0, 6)], 6, lufs=-16, load=fetch)
    assert true_peak(sound) <= -1.9
    quiet = level_at(sound, 440, 1.1, 1.4)
    assert level_at(sound, 440, 3.1, 3.4) == pytest.approx(quiet, abs=0.1)


def test_settling_turns_down_only_where_the_codec_peaks(sine):
    def codec(sound):
        # Throws up a peak of a millisecond at one second, in proportion to what it is given.
        out = sound.copy()
        out[RATE : RATE + 48] *= 6
        return out

    sound = sine(440, 3)
    before = sound.copy()
    assert settle(sound, lambda x: np.array_split(codec(x), 50)) <= -1.0
    assert true_peak(codec(sound)) <= -1.0
    np.testing.assert_array_equal(sound[: RATE - 4096], before[: RATE - 4096])
    np.testing.assert_array_equal(sound[RATE * 3 // 2 :], before[RATE * 3 // 2 :])
    assert np.abs(np.diff(sound[:, 0])).max() < 0.25 * 2 * np.pi * 440 / RATE * 1.1


def test_quiet_recordings_are_raised_by_thirty_db_at_most(load):
    def fetch(*span):
        return load("440", *span[1:]) * np.float32(1e-2)

    sound = mix([SoundLayer("x", 0, 3)], 3, load=fetch)
    assert level_at(sound, 440, 1, 2) == pytest.approx(20 * np.log10(0.25e-2) + 30, abs=0.2)


def test_into_a_memory_map_with_progress_and_cancel(tmp_path, load):
    out = np.memmap(tmp_path / "mix", dtype=np.float32, mode="w+", shape=(3 * RATE, 2))
    told = []
    layers = [SoundLayer("440", 0, 3), SoundLayer("550", 1, 1)]
    mixed = mix(layers, 3, load=load, out=out, on_progress=told.append)
    assert mixed is out
    np.testing.assert_array_equal(out, mix(layers, 3, load=load))
    assert told == sorted(told)
    assert told[-1] == 1.0

    def cancel():
        message = "stop"
        raise JobCancelledError(message)

    with pytest.raises(JobCancelledError):
        mix(layers, 3, load=load, check=cancel)
    with pytest.raises(ConfigurationError, match="shape"):
        mix(layers, 3, load=load, out=np.zeros((5, 2), np.float32))
