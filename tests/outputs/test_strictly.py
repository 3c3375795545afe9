"""Every kind of file in every quality, read by FFmpeg's tools at their strictest; and sound that is hard to master."""

from __future__ import annotations

import json
import re
import subprocess

import numpy as np
import pytest
from scipy.io import wavfile

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.outputs import KINDS, Options, export

RATE = 48_000


def strictly(path):
    """What ffprobe counts in each stream, after ffmpeg has decoded all of it without one complaint."""
    command = ["ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i", str(path), "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return {s["codec_type"]: s for s in json.loads(done.stdout)["streams"]}


@pytest.mark.slow
@pytest.mark.parametrize("quality", ["preview", "low", "medium", "high"])
@pytest.mark.parametrize("sound", [True, False], ids=["heard", "silent"])
@pytest.mark.parametrize("form", sorted(KINDS))
def test_nothing_to_complain_about(form, sound, quality, tmp_path, composed, cache):
    if KINDS[form] == "sound" and not sound:
        # Refused in words: test_kinds.py.
        return
    path = tmp_path / f"a.{form}"
    export(composed(sound=sound), path, Options(quality=quality), cache=cache)
    seen = strictly(path)
    film = KINDS[form] == "film"
    assert set(seen) == ({"video", "audio"} if film and sound else {"audio"} if KINDS[form] == "sound" else {"video"})
    if film:
        assert int(seen["video"]["nb_read_frames"]) == 30
    if KINDS[form] == "picture":
        assert int(seen["video"]["nb_read_frames"]) == 1


def noise():
    """Noise as of wind: what an encoder leaves out of a white one is a part of its loudness."""
    white = np.random.default_rng(1).standard_normal(6 * RATE)
    return np.convolve(white, np.ones(16) / 16, "same")[:, None] * np.ones(2)


def click():
    sound = np.zeros((6 * RATE, 2))
    sound[3 * RATE : 3 * RATE + 40] = 0.9
    return sound


t6 = np.arange(6 * RATE)[:, None] / RATE
VOWEL = np.sin(2 * np.pi * 220 * t6) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t6)) * np.ones(2)
# What it is; the samples; how ffmpeg is to write them; whether there is enough of it to be as loud as a video.
HARD = [
    ("clipped", np.clip(VOWEL * 8, -1, 1), [], True),
    ("an offset", VOWEL * 0.2 + 0.5, [], True),
    ("one click in silence", click(), [], False),
    ("mono", VOWEL * 0.3, ["-ac", "1"], True),
    ("5.1", VOWEL * 0.3, ["-ac", "6"], True),
    ("8 kHz", VOWEL * 0.3, ["-ar", "8000"], True),
    ("96 kHz", VOWEL * 0.3, ["-ar", "96000"], True),
    ("very quiet", noise() * 0.02, [], True),
    ("almost nothing", noise() * 1e-4, [], False),
    ("noise over the edge", np.clip(noise() * 4, -1, 1), [], True),
    ("a square wave", np.sign(np.sin(2 * np.pi * 997 * t6)) * np.ones(2), [], True),
    ("8 bits", np.round(VOWEL * 60) / 128, ["-acodec", "pcm_u8"], True),
]


@pytest.mark.parametrize(("sound", "how", "enough"), [row[1:] for row in HARD], ids=[row[0] for row in HARD])
def test_hard_sound_is_mastered(sound, how, enough, tmp_path, cache):
    raw, path = tmp_path / "raw.wav", tmp_path / "hard.wav"
    wavfile.write(raw, RATE, sound.astype(np.float32))
    subprocess.run(["ffmpeg", "-v", "error", "-i", raw, *(how or ["-acodec", "pcm_f32le"]), path], check=True)
    media = probe(path)
    card = {"d": 6000, "m": {"id": "c", "start": 0, "role": "card", "color": "#000000"}}
    voice = {"d": 6000, "m": {"id": "a", "start": 0, "media": media.id, "role": "voice"}}
    head = {"width": 64, "height": 36, "fps": 5}
    draft = Draft.from_wire({"t": [{"tt": 0, "sg": [card]}, {"tt": 1, "sg": [voice]}], "d": 6000, "m": head})
    out = tmp_path / "a.mp4"
    video = export(compose(draft, Library((media,))), out, Options(quality="preview"), cache=cache)
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(out), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stderr
    summary = said[said.rindex("Summary:") :]
    lufs = float(re.search(r"I:\s+(-?[\d.]+|-inf) LUFS", summary)[1])
    peak = float(re.search(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary)[1])
    assert peak <= -1.0
    if enough:
        assert lufs == pytest.approx(-16, abs=0.5)
    else:
        assert lufs <= -15.5
    # What the video tells of itself is what FFmpeg hears.
    if video.loudness_lufs is not None and lufs > -60:
        assert video.loudness_lufs == pytest.approx(lufs, abs=0.15)
        assert video.true_peak_db == pytest.approx(peak, abs=0.3)
