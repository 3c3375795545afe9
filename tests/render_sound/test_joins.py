"""No click where sounds begin, end, change or are cut: no sample step above the slope of what sounds around it."""

from __future__ import annotations

import numpy as np
import pytest

from reelframe.render.sound import RATE, SoundLayer, mix

LOW, HIGH = 180, 410
RAMP = 0.25 * np.pi / 2 / (0.005 * RATE)
"""The step that a full tone's ramp of 5 ms adds by itself."""


def load(source, start_s, duration_s):
    """ "180" is a tone of 180 Hz that never ends; "180:1.003" lasts for 1.003 s; "180+" has a beat of 100 a minute."""
    hertz, _, seconds = str(source).rstrip("+").partition(":")
    end = min(start_s + duration_s, float(seconds or 600))
    first, last = round(start_s * RATE), round(end * RATE)
    t = np.arange(first, max(first, last)) / RATE
    wave = 0.25 * np.sin(2 * np.pi * float(hertz) * t + 0.7)
    if str(source).endswith("+"):
        wave *= 0.15 + 0.85 * np.exp(-8 * (t % 0.6)) * np.minimum(1, (t % 0.6) / 0.02)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def one(**how):
    return [SoundLayer(str(LOW), 0, 4, **how)]


# What is done; the layers; where they join, in seconds.
TABLE = [
    ("begins and ends in the middle of the video", [SoundLayer(str(LOW), 1.0013, 2.0007)], [1.0013, 3.002]),
    ("begins and ends with the video", one(), [0, 4]),
    ("a trim in the source", one(in_s=1.23457), [0, 4]),
    ("one shot after another", [SoundLayer(str(LOW), 0, 2.0011), SoundLayer(str(HIGH), 2.0011, 2, in_s=0.3)], [2.0011]),
    ("the same clip, cut and moved", [SoundLayer(str(LOW), 0, 2), SoundLayer(str(LOW), 2, 2, in_s=3.0017)], [2]),
    ("louder from here on", [SoundLayer(str(LOW), 0, 2), SoundLayer(str(LOW), 2, 2, in_s=2, volume=0.3)], [2]),
    ("faster from here on", [SoundLayer(str(LOW), 0, 2), SoundLayer(str(LOW), 2, 2, in_s=2, speed=1.5)], [2]),
    ("backwards from here on", [SoundLayer(str(LOW), 0, 2), SoundLayer(str(LOW), 2, 2, in_s=1, reverse=True)], [2]),
    ("muted shots between heard ones", [SoundLayer(str(LOW), 0, 1.5), SoundLayer(str(LOW), 2.5, 1.5, in_s=2)], [1.5, 2.5]),
    ("a muted range", one(silences=((1.0003, 2.0009),)), [1.0003, 2.0009]),
    ("muted ranges that touch", one(silences=((1, 2), (2, 3))), [1, 2, 3]),
    ("fades", one(fade_in_s=0.5, fade_out_s=1), [0, 0.5, 3, 4]),
    ("fades shorter than a ramp", one(fade_in_s=0.001, fade_out_s=0.002), [0, 4]),
    ("a loop", [SoundLayer(f"{LOW}:1.003", 0, 4, loop=True)], [0.953, 1.003, 1.906, 2.859, 4]),
    ("a source that ends early", [SoundLayer(f"{LOW}:2.5003", 0, 4)], [2.5003]),
    ("music cut at its bars", [SoundLayer(f"{LOW}+", 0, 8.1, role="bgm", at_bars=True)], [0, 8.1]),
    (
        "music under speech",
        [SoundLayer(str(LOW), 0, 4, role="bgm"), SoundLayer(str(HIGH), 1.5, 1, volume=0.05, role="voice")],
        [1.38, 1.5, 2.5, 2.8, 3.4],
    ),
]  # fmt: skip


def steps(sound, low_s, high_s):
    """The greatest step from one sample to the next between two times; outside of the video there is silence."""
    silent = np.zeros((RATE, 2), np.float32)
    whole = np.concatenate([silent, sound, silent]).astype(np.float64)
    piece = whole[round((1 + low_s) * RATE) : round((1 + high_s) * RATE)]
    return np.abs(np.diff(piece, axis=0)).max()


@pytest.mark.parametrize(("what", "layers", "joins"), TABLE, ids=[row[0] for row in TABLE])
@pytest.mark.parametrize("ducking", [None, 12.0])
def test_no_click(what, layers, joins, ducking):
    length = max(layer.end_s for layer in layers) + (1 if "middle" in what else 0)
    sound = mix(layers, length, lufs=None, duck_db=ducking, load=load)
    for at in joins:
        around = max(steps(sound, at - 0.3, at - 0.04), steps(sound, at + 0.04, at + 0.3))
        # Two sounds at once are up to 3 dB more than one, and a ramp has a slope of its own.
        assert steps(sound, at - 0.03, at + 0.03) <= 1.42 * around + 2 * RAMP, at


def test_a_hard_cut_would_be_seen():
    sound = mix([SoundLayer(str(LOW), 0, 4)], 4, lufs=None, load=load)
    whole = steps(sound, 1, 3)
    sound[2 * RATE :] = np.roll(sound[2 * RATE :], 61, axis=0)
    assert steps(sound, 1.97, 2.03) > 1.42 * whole + 2 * RAMP
