"""What the timeline says of sound is what is heard: muted ranges, fades of clips, sound that dissolves with its picture."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

from reelframe import render
from reelframe.draft import Draft
from reelframe.media import Library, probe
from reelframe.render.audio_track import mix_audio
from reelframe.render.composition import Composition
from reelframe.render.timeline import Timeline

RATE = 48_000


@pytest.fixture(scope="module")
def tones(tmp_path_factory):
    """Two clips with a steady tone each, 300 Hz and 1200 Hz, four seconds long, and the lower one as a sound file."""
    folder = tmp_path_factory.mktemp("tones")
    media = []
    for name, source in (
        ("low.mp4", "sine=300:d=4"), ("high.mp4", "sine=1200:d=4"), ("low.wav", "sine=300:d=4"),
    ):  # fmt: skip
        picture = [] if name.endswith("wav") else ["-f", "lavfi", "-i", "color=gray:s=64x36:d=4:r=25"]
        command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *picture, "-ac", "2", folder / name]
        subprocess.run(command, check=True)
        media.append(probe(folder / name))
    return Library(tuple(media))


def heard(draft, library) -> np.ndarray:
    composition: Composition = render.compose(Draft.from_wire(draft), library)
    return mix_audio(composition, lambda: None, lambda _: None)


def level(sound, start, end, hertz):
    part = sound[round(start * RATE) : round(end * RATE), 0]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)))) / len(part)
    near = round(hertz * len(part) / RATE)
    return float(spectrum[max(0, near - 3) : near + 4].max())


def test_a_muted_range_of_music_is_silent_and_the_rest_goes_on(tones):
    draft = {
        "t": [{"tt": 1, "sg": [{"d": 4000, "m": {"media": tones.by_name("low.wav").id, "start": 0, "mutes": [[1000, 2000]]}}]}],
        "d": 4000,
    }  # fmt: skip
    sound = heard(draft, tones)
    assert level(sound, 0.2, 0.9, 300) > 0.02
    assert np.abs(sound[round(1.05 * RATE) : round(1.95 * RATE)]).max() < 1e-4
    assert level(sound, 2.1, 3.9, 300) > 0.02


def clips(tones, ms):
    low, high = (tones.by_name(n).id for n in ("low.mp4", "high.mp4"))
    transition = {"transition": {"type": "crossfade", "ms": ms}} if ms else {}
    segments = [
        {"d": 2000, "m": {"media": low, "start": 0}},
        {"d": 2000, "m": {"media": high, "start": 2000, **transition}},
    ]
    return {"t": [{"tt": 0, "sg": segments}], "d": 4000}


def test_sound_dissolves_with_its_picture(tones):
    cut, dissolved = heard(clips(tones, 0), tones), heard(clips(tones, 1000), tones)
    assert level(cut, 2.1, 2.9, 300) < 0.002 < level(cut, 2.1, 2.9, 1200)
    # In the middle of the dissolve both are heard; after it only the new one.
    assert level(dissolved, 2.3, 2.7, 300) > 0.02
    assert level(dissolved, 2.3, 2.7, 1200) > 0.02
    assert level(dissolved, 3.1, 3.9, 300) < 0.002


def test_a_clip_can_fade_its_sound_alone(tones):
    draft = {
        "t": [
            {
                "tt": 0,
                "sg": [{"d": 4000, "m": {"media": tones.by_name("low.mp4").id, "start": 0, "sound_fade_in": 2000}}],
            }
        ],
        "d": 4000,
    }
    sound = heard(draft, tones)
    assert level(sound, 0.05, 0.4, 300) < 0.5 * level(sound, 3.0, 3.5, 300)


def test_a_photo_cut_in_two_goes_on_moving(tmp_path):
    from PIL import Image

    Image.new("RGB", (64, 36), "gray").save(tmp_path / "a.png")
    library = Library((probe(tmp_path / "a.png"),))
    whole = {"direction": "in", "amount": 0.2}
    halves = [
        {
            "d": 1000,
            "m": {"media": library.ids[0], "start": 1000 * i, "move": {**whole, "from": i / 2, "to": (i + 1) / 2}},
        }
        for i in range(2)
    ]
    one = {"t": [{"tt": 0, "sg": [{"d": 2000, "m": {"media": library.ids[0], "start": 0, "move": whole}}]}], "d": 2000}
    two = {"t": [{"tt": 0, "sg": halves}], "d": 2000}
    first, second = (Timeline(render.compose(Draft.from_wire(d), library)) for d in (one, two))
    places = [(first.frame(f).shot.u, second.frame(f).shot.u) for f in range(60)]
    assert places[0] == (0.0, 0.0)
    assert places[59] == (1.0, 1.0)
    # The frame at the cut is shown by both halves: never more than a frame's step apart.
    assert max(abs(a - b) for a, b in places) < 0.02
