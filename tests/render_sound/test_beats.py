from __future__ import annotations

import numpy as np
import pytest

from reelframe.render.sound import RATE, compose, cut_at_bar, track_beats


def clicks(bpm, seconds, *, accent=4, offset=0.0):
    """A metronome with a low accent on each first beat."""
    sound = np.random.default_rng(1).standard_normal((round(seconds * RATE), 2)).astype(np.float32) * 1e-4
    t = np.arange(4800) / RATE
    for nth, at in enumerate(np.arange(offset, seconds - 0.2, 60 / bpm)):
        hertz = 90 if nth % accent == 0 else 1500
        tick = 0.5 * np.sin(2 * np.pi * hertz * t) * np.exp(-40 * t)
        start = round(at * RATE)
        sound[start : start + len(tick)] += tick[:, None].astype(np.float32)
    return sound


@pytest.mark.parametrize("bpm", [72, 90, 97, 100, 120, 128, 150])
def test_a_metronome(bpm):
    found = track_beats(clicks(bpm, 20, offset=0.35))
    assert found.bpm == pytest.approx(bpm, rel=0.01)
    expected = np.arange(0.35, 19.8, 60 / bpm)
    away = np.abs(found.times[:, None] - expected[None]).min(axis=1)
    assert np.median(away) < 0.015
    assert np.abs(found.bars[:, None] - expected[None, ::4]).min(axis=1).max() < 0.03


@pytest.mark.parametrize("bpm", [97, 128])
@pytest.mark.parametrize("pickup", [1, 2, 3])
def test_a_pickup_is_not_taken_for_the_first_bar(bpm, pickup):
    beat = 60 / bpm
    whole = clicks(bpm, 22, offset=0.2)
    sound = whole[round((4 - pickup) * beat * RATE) :]
    bars = np.arange(0.2 + pickup * beat, 22, 4 * beat)
    found = track_beats(sound).bars
    assert len(found) >= 8
    assert np.abs(found[:, None] - bars[None]).min(axis=1).max() < 0.03


@pytest.mark.parametrize("mood", ["upbeat", "lofi", "jazz", "corporate", "warm"])
def test_composed_music_is_heard_as_it_was_written(mood, music):
    score = compose(mood, 40, 5)
    found = track_beats(music(mood, 40, 5))
    assert found.bpm == pytest.approx(score.bpm, rel=0.01)
    away = np.abs(found.times[:, None] - score.beats[None]).min(axis=1)
    assert np.median(away) < 0.02


@pytest.mark.parametrize("sound", ["silence", "drone", "short", "noise"])
def test_where_there_is_no_beat(sound, sine):
    made = {
        "silence": np.zeros((RATE * 10, 2), np.float32),
        "drone": sine(110, 10),
        "short": clicks(120, 2),
        "noise": (np.random.default_rng(0).standard_normal((RATE * 10, 2)) * 0.1).astype(np.float32),
    }[sound]
    found = track_beats(made)
    assert found is None or found.confidence < 0.35
    if sound in {"silence", "short"}:
        assert found is None


def test_cuts_begin_and_end_on_bar_lines():
    sound = clicks(120, 60, offset=0.5)
    for duration in (8.0, 15.3, 30.0):
        cut = cut_at_bar(sound, duration)
        assert cut.bars >= 1
        assert abs(cut.speed - 1) <= 0.04
        end = cut.in_s + duration * cut.speed
        # Bars of two seconds from 0.5 s on.
        assert abs((end - 0.5) / 2 - round((end - 0.5) / 2)) < 0.02
        if cut.speed != 1:
            assert abs((cut.in_s - 0.5) / 2 - round((cut.in_s - 0.5) / 2)) < 0.02


def test_without_a_beat_nothing_is_moved():
    cut = cut_at_bar(np.zeros((RATE * 10, 2), np.float32), 5)
    assert (cut.in_s, cut.speed, cut.bars) == (0, 1, 0)
