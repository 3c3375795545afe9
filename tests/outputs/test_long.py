"""An hour: a flash and a beep at its end come together, and memory does not grow with the length."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

# ``ru_maxrss`` of a process begins at what its parent took, which here is a process that ran many tests.
PEAK = """
import re
from pathlib import Path

def peak_mb():
    return int(re.search(r"VmHWM:[^0-9]+([0-9]+) kB", Path("/proc/self/status").read_text())[1]) / 1024

"""

HOUR = """
import json, sys
from pathlib import Path
from reelframe.draft import Draft
from reelframe.media.model import Library
from reelframe.render import Cache, compose
from reelframe.render.outputs import Options, export

minutes, flash_s, path = float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])
total, at = round(minutes * 60_000), round(flash_s * 1000)
cards = [(0, at, "#000000"), (at, at + 500, "#ffffff"), (at + 500, total, "#000000")]
shots = [{"d": b - a, "m": {"id": f"c{a}", "start": a, "role": "card", "color": color}} for a, b, color in cards]
beep = {"d": 500, "m": {"id": "b", "role": "sfx", "sfx": "click", "start": at}}
draft = Draft.from_wire({"t": [{"tt": 0, "sg": shots}, {"tt": 1, "sg": [beep]}], "d": total,
                         "m": {"width": 64, "height": 36, "fps": 5}})
export(compose(draft, Library(())), path, Options(quality="preview"), cache=Cache(path.parent / "cache"), workers=1)
print(json.dumps({"peak_mb": peak_mb()}))
"""


def made(folder, minutes, flash_s):
    path = folder / f"{minutes:g}.mp4"
    command = [sys.executable, "-c", PEAK + HOUR, str(minutes), str(flash_s), str(path)]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return path, json.loads(said.splitlines()[-1])["peak_mb"]


def onset_of_sound(path, from_s):
    command = ["ffmpeg", "-v", "error", "-ss", str(from_s), "-i", str(path), "-vn", "-f", "f32le", "-ac", "1", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    sound = np.abs(np.frombuffer(raw, "<f4"))
    return from_s + np.argmax(sound > 0.1 * sound.max()) / 48_000


def onset_of_light(path, from_s):
    command = ["ffmpeg", "-v", "error", "-ss", str(from_s), "-copyts", "-i", str(path), "-an"]
    command += ["-vf", "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    times = [float(line.split("pts_time:")[1].split()[0]) for line in said if "pts_time:" in line]
    levels = [float(line.split("=")[1]) for line in said if "YAVG=" in line]
    return next(t for t, level in zip(times, levels, strict=True) if level > 120)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_flash_and_a_beep_after_an_hour_come_together(tmp_path):
    _, little = made(tmp_path, 2, 100)
    path, much = made(tmp_path, 60, 3590)
    assert onset_of_light(path, 3580) == pytest.approx(3590, abs=0.001)
    assert onset_of_sound(path, 3580) == pytest.approx(3590, abs=0.02)
    # Of an hour in floating point alone, 1.4 GB would be one copy.
    assert much < little + 350


STRETCHED = """
import json, sys
from pathlib import Path
from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.audio_track import mix_audio

media, keys = probe(Path(sys.argv[1])), json.loads(sys.argv[2])
total = round(media.duration_s * 1000 / keys.get("speed", 1))
card = {"d": total, "m": {"id": "c", "start": 0, "role": "card", "color": "#000000"}}
voice = {"d": total, "m": {"id": "v", "start": 0, "media": media.id, "role": "voice", **keys}}
draft = Draft.from_wire({"t": [{"tt": 0, "sg": [card]}, {"tt": 1, "sg": [voice]}], "d": total, "m": {"fps": 2}})
mix_audio(compose(draft, Library((media,))), lambda: None, lambda _: None)
print(round(peak_mb()))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("keys", [{"speed": 1.5}, {"reverse": True}], ids=str)
def test_a_long_clip_at_another_speed_is_not_held_in_memory(keys, tmp_path):
    path = tmp_path / "long.mp3"
    noise = "anoisesrc=d=1500:c=pink:r=48000:a=0.2"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", noise, "-ac", "2", "-b:a", "64k", path], check=True)
    command = [sys.executable, "-c", PEAK + STRETCHED, str(path), json.dumps(keys)]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    # As it is read it would be 576 MB, and what becomes of it as much again.
    assert int(said) < 450
