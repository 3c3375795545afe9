"""Five photos, a logo and a sentence: what is in the file that comes out."""

from __future__ import annotations

import json
import struct
import subprocess
from importlib import resources
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from PIL import Image

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))
SHARE = 180  # frames of each photo


def test_an_independent_tool_reads_what_was_promised(made):
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", made.path]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stderr == ""
    told = json.loads(told.stdout)
    video = next(s for s in told["streams"] if s["codec_type"] == "video")
    audio = next(s for s in told["streams"] if s["codec_type"] == "audio")
    expected = {
        "codec_name": "h264", "profile": "High", "pix_fmt": "yuv420p", "width": 1920, "height": 1080, "r_frame_rate": "30/1",
        "nb_read_frames": "900", "color_space": "bt709", "color_primaries": "bt709", "color_transfer": "bt709", "color_range": "tv",
    }  # fmt: skip
    assert {key: video.get(key) for key in expected} == expected
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == ("aac", "48000", 2)
    for length in (told["format"]["duration"], video["duration"], audio["duration"]):
        assert float(length) == pytest.approx(30.0, abs=0.03)


def test_it_decodes_whole_without_a_warning(made):
    done = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", made.path, "-f", "null", "-"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_a_player_can_start_before_all_is_there(made):
    data, at, order = made.path.read_bytes(), 0, []
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        order.append(name.decode())
        at += size
    assert order.index("moov") < order.index("mdat")


def photo(path):
    picture = Image.open(path).convert("RGB")
    width, height = picture.size
    shape = picture.crop((0, (height - width * 9 // 16) // 2, width, (height + width * 9 // 16) // 2))
    return np.asarray(shape.resize((192, 108)), float)


def test_the_photos_come_in_order(frames):
    sources = [photo(p) for p in PHOTOS]
    for i in range(5):
        seen = frames[i * SHARE + SHARE // 2].astype(float)
        distances = [np.abs(seen.mean((0, 1)) - source.mean((0, 1))).max() for source in sources]
        assert int(np.argmin(distances)) == i
        assert distances[i] < 10


@pytest.mark.parametrize("cut", [180, 360, 540, 720])
def test_one_photo_dissolves_into_the_next(frames, cut):
    before, middle, after = (frames[cut + d].astype(float) for d in (-1, 7, 15))
    mixed = (before + after) / 2
    assert np.abs(middle - mixed).mean() < 4
    assert np.abs(middle - before).mean() > 2 * np.abs(middle - mixed).mean()


def test_each_photo_moves_gently(frames):
    for i in range(5):
        first, last = i * SHARE + 20, (i + 1) * SHARE - 5
        assert np.abs(frames[first].astype(int) - frames[last]).mean() > 1.0, "it moves"
        steps = np.abs(np.diff(frames[first:last].astype(int), axis=0)).mean((1, 2, 3))
        assert steps.max() < 2.5, "and never jumps"


def ink(frame):
    """The part of the lower fifth of the picture that is nearly black: the first photo has next to nothing there."""
    return float((frame[86:104, 40:150].max(axis=-1) < 70).mean())


def test_a_title_comes_and_goes(frames):
    shown = ink(frames[75])
    assert shown > 0.02
    assert ink(frames[0]) < shown / 4
    assert ink(frames[160]) < shown / 4


def test_the_logo_stays_in_its_corner_throughout(frames):
    for f in range(5, 900, 30):
        corner, other = frames[f][84:104, 172:190], frames[f][4:24, 2:20]
        assert (corner.min(axis=-1) > 210).mean() > 0.02, f"frame {f}: the white mark is there"
        assert (other.min(axis=-1) > 235).mean() < 0.01


def decibels(part):
    return 20 * np.log10(np.sqrt(np.square(part).mean()) + 1e-9)


def test_music_plays_throughout_and_fades_out(sound):
    seconds = [decibels(sound[s * 48000 : (s + 1) * 48000]) for s in range(30)]
    assert min(seconds[1:28]) > -40
    assert decibels(sound[-4800:]) < max(seconds) - 20
    assert len(sound) >= 30 * 48000


def test_its_loudness_is_that_of_the_platforms(sound):
    loudness = pyloudnorm.Meter(48000).integrated_loudness(sound)
    assert loudness == pytest.approx(-16, abs=0.7)
    assert np.abs(sound).max() < 0.9


def test_the_command_tells_what_it_made_and_what_it_assumed(made):
    said = "\n".join(made.facts["said"])
    assert "Timeline (4 tracks): 1. Video:" in said
    assert "I assumed" in said
    assert "Made by hand" in said
    assert (made.facts["width"], made.facts["height"], made.facts["duration_s"]) == (
        1920,
        1080,
        pytest.approx(30, abs=0.03),
    )
    assert made.facts["size_bytes"] == made.path.stat().st_size
