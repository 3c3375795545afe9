"""Every shape in every size at every rate, as Debian's FFmpeg reads it: a file per line of the table."""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

pytestmark = pytest.mark.slow

# Width and height of each shape, in shares of the smaller side.
SHAPES = {"16:9": (16 / 9, 1), "9:16": (1, 16 / 9), "1:1": (1, 1), "4:5": (1, 5 / 4)}
RATES = (24, 25, 30, 60)
# Macroblocks in a second and in a frame that a decoder of a level must manage (H.264, table A-1).
LEVELS = {
    30: (40_500, 1_620), 31: (108_000, 3_600), 32: (216_000, 5_120), 40: (245_760, 8_192), 41: (245_760, 8_192),
    42: (522_240, 8_704), 50: (589_824, 22_080), 51: (983_040, 36_864), 52: (2_073_600, 36_864),
}  # fmt: skip
TAGS = {
    "codec_name": "h264", "profile": "High", "pix_fmt": "yuv420p", "field_order": "progressive",
    "color_range": "tv", "color_space": "bt709", "color_transfer": "bt709", "color_primaries": "bt709",
}  # fmt: skip
CORNERS = {(0, 0): (200, 40, 30), (0, -1): (40, 160, 60), (-1, 0): (30, 60, 190), (-1, -1): (230, 200, 40)}


@pytest.fixture(scope="module")
def shared(tmp_path_factory, make_studio):
    return make_studio(tmp_path_factory.mktemp("sizes"))


@pytest.fixture(scope="module")
def quarters(shared):
    """A picture with a colour in each corner: nothing that stands on its head or is cut short looks like it."""
    pixels = np.zeros((600, 600, 3), np.uint8)
    for (y, x), color in CORNERS.items():
        pixels[300 * -y : 300 * -y + 300, 300 * -x : 300 * -x + 300] = color
    return shared.add("quarters.png", pixels)


def thumbnails(path):
    """Every frame as Debian's FFmpeg decodes it, 8 x 8; the first word of a complaint fails."""
    command = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(path)]
    # In two steps: the scaler's whole-number weights lose light when hundreds of pixels become one.
    command += ["-vf", "scale=iw/10:ih/10:flags=area,scale=8:8:flags=area,format=rgb24", "-f", "rawvideo", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, 8, 8, 3)


@pytest.mark.parametrize("side", [720, 1080, 2160])
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_what_it_says_and_decodes_without_a_word(shared, quarters, tools, shape, side):
    width, height = (round(side * share) for share in SHAPES[shape])
    ms = 400 if side < 2160 else 200
    for fps in RATES:
        composition = shared.compose([{"d": ms, "media": quarters.id}], width=width, height=height, fps=fps)
        path = shared.render(composition, f"{width}x{height}-{fps}.mp4").path
        says = dict(tools.ffprobe(path, "-select_streams", "v", "-count_frames", "-show_streams"))
        frames = round(ms * fps / 1000)
        expected = {
            **TAGS, "width": str(width), "height": str(height), "r_frame_rate": f"{fps}/1", "avg_frame_rate": f"{fps}/1",
            "nb_frames": str(frames), "nb_read_frames": str(frames),
        }  # fmt: skip
        assert {key: says[key] for key in expected} == expected, (fps, says)
        # Square pixels: said, or what is meant where nothing is said.
        assert says["sample_aspect_ratio"] in ("1:1", "N/A")
        blocks = -(-width // 16) * -(-height // 16)
        a_second, a_frame = LEVELS[int(says["level"])]
        assert blocks <= a_frame, (fps, says["level"])
        assert blocks * fps <= a_second, (fps, says["level"])
        seen = thumbnails(path)
        assert len(seen) == frames
        for (y, x), color in CORNERS.items():
            assert np.abs(seen[:, y, x].astype(int) - color).max() <= 6, (fps, (y, x))
        path.unlink()
