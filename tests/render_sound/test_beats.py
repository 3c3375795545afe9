from __future__ import annotations

import numpy as np
import pytest
from scipy.io import wavfile

from reelframe.backend.beats import beat_finder
from reelframe.draft import Draft
from reelframe.edits import Plan, apply
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose as resolved
from reelframe.render.audio_track import mix_audio
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


@pytest.fixture(scope="module")
def metronome(tmp_path_factory):
    """A library with a sound file: bars of 2.4 s from 0.9 s on, after a pickup of one beat."""
    path = tmp_path_factory.mktemp("song") / "song.wav"
    sound = clicks(100, 40, offset=0.9)
    sound[round(0.3 * RATE) :][:4800] += sound[round(1.5 * RATE) :][:4800]
    wavfile.write(path, RATE, sound)
    return Library((probe(path),))


def accents(sound):
    """When the low clicks sound."""
    low = np.convolve(np.abs(np.convolve(sound[:, 0], np.ones(200) / 200, "same")), np.ones(480) / 480, "same")
    loud = low > 0.25 * low.max()
    starts = np.flatnonzero(loud[1:] & ~loud[:-1]) / RATE
    return starts[np.diff(starts, prepend=-1) > 0.3]


def with_song(library, length, **m):
    card = {"d": length, "m": {"id": "c", "start": 0, "role": "card", "color": "#203040"}}
    draft = Draft.from_wire({"t": [{"tt": 0, "sg": [card]}], "d": length, "m": {"width": 64, "height": 36, "fps": 10}})
    draft = apply(draft, Plan.from_dict({"ops": [{"op": "add_music", "media": "song.wav", "fade_in_s": 0}]}), library)
    data = draft.to_wire()
    data["t"][1]["sg"][0]["m"] |= m
    return Draft.from_wire(data)


@pytest.mark.parametrize("length", [12_000, 11_700, 12_300])
def test_uploaded_music_begins_and_ends_with_a_bar(length, metronome):
    draft = with_song(metronome, length)
    heard = accents(mix_audio(resolved(draft, metronome), lambda: None, lambda _: None))
    assert heard == pytest.approx(np.arange(5) * length / 5000, abs=0.05)
    # And what cuts are moved to is where it is heard.
    told = np.array(beat_finder(draft, metronome)(draft.of_kind("audio")[0].segments[0]))
    assert told == pytest.approx(np.arange(20) * length / 20_000, abs=0.05)


@pytest.mark.parametrize("said", [{"in": 500}, {"loop": None}, {"speed": 1.5}])
def test_where_somebody_chose_the_part_it_stays(said, metronome):
    draft = with_song(metronome, 6000, **said)
    heard = accents(mix_audio(resolved(draft, metronome), lambda: None, lambda _: None))
    begins = (0.9 - said.get("in", 0) / 1000) / said.get("speed", 1)
    assert heard[0] == pytest.approx(begins, abs=0.06)
