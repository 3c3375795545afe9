"""A flash and the beep that goes with it, through trims and speeds: within a frame of one another in the decoded file."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest
from scipy.io import wavfile

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.outputs import Options, export

RATE = 48_000
WIDTH, HEIGHT = 64, 36
SECONDS = 4
MOMENTS = (0.6, 2.0, 3.6)
"""About when it flashes: near the start, in the middle, near the end."""


@pytest.fixture(scope="module")
def flashing(tmp_path_factory):
    """flashing(fps): a clip that is white for three frames and beeps from the first of them on; when, in seconds."""
    folder = tmp_path_factory.mktemp("flashes")
    made = {}

    def clip(fps):
        if fps in made:
            return made[fps]
        starts = [round(t * fps) for t in MOMENTS]
        levels = np.full(SECONDS * fps, 16, np.uint8)
        sound = np.zeros(SECONDS * RATE)
        t = np.arange(round(3 / fps * RATE)) / RATE
        for k in starts:
            levels[k : k + 3] = 235
            sound[round(k / fps * RATE) :][: len(t)] = 0.4 * np.sin(2 * np.pi * 1000 * t)
        wave, path = folder / f"{fps}.wav", folder / f"{fps}.mp4"
        wavfile.write(wave, RATE, (sound * 32767).astype(np.int16))
        pixels = np.repeat(levels, WIDTH * HEIGHT).tobytes()
        command = ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}"]
        command += ["-r", str(fps), "-i", "-", "-i", str(wave), "-pix_fmt", "yuv420p", "-crf", "10", str(path)]
        subprocess.run(command, input=pixels, check=True)
        made[fps] = probe(path), [k / fps for k in starts]
        return made[fps]

    return clip


def onsets(loud, apart):
    """The first of each run of values, runs being at least so many values apart."""
    at = np.flatnonzero(loud)
    return at[np.diff(at, prepend=-apart - 1) > apart]


CASES = [(24, {}), (60, {"in": 333}), (25, {"speed": 0.5}), (60, {"speed": 2.0, "in": 250})]
MORE = [
    (25, {}), (30, {}), (60, {}), (24, {"in": 500}), (60, {"speed": 0.5}), (24, {"speed": 1.5}),
    (30, {"speed": 1.5, "in": 400}), (30, {"speed": 2.0}), (30, {"reverse": True}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fps", "keys"), [*CASES, *(pytest.param(*case, marks=pytest.mark.slow) for case in MORE)], ids=str
)
def test_a_flash_and_its_beep(fps, keys, flashing, tmp_path, cache, frames, samples):
    media, times = flashing(fps)
    speed, begin = keys.get("speed", 1.0), keys.get("in", 0) / 1000
    length = round((SECONDS - begin) / speed * 1000)
    # A card before it: where the clip's sound begins is a time of the video, not of the file.
    card = {"d": 700, "m": {"id": "c", "start": 0, "role": "card", "color": "#000000"}}
    shot = {"d": length, "m": {"id": "v", "start": 700, "media": media.id, **keys}}
    head = {"width": WIDTH, "height": HEIGHT, "fps": fps}
    draft = Draft.from_wire({"t": [{"tt": 0, "sg": [card, shot]}], "d": 700 + length, "m": head})
    path = tmp_path / "a.mp4"
    export(compose(draft, Library((media,))), path, Options(quality="preview"), cache=cache)
    light = onsets(frames(path, WIDTH, HEIGHT).mean(axis=(1, 2, 3)) > 128, fps // 4) / fps
    heard = np.abs(samples(path)).max(axis=1)
    sound = onsets(heard > 0.2 * heard.max(), RATE // 4) / RATE
    if keys.get("reverse"):
        wanted = sorted(0.7 + SECONDS - t - 3 / fps for t in times)
    else:
        wanted = [0.7 + (t - begin) / speed for t in times]
    assert light == pytest.approx(wanted, abs=1 / fps + 1e-6)
    assert sound == pytest.approx(light, abs=1 / fps + 1e-6)
