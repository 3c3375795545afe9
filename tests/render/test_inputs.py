"""Material as people have it: odd rates, ten bits, panoramas, an hour, a hundred photos. All end well."""

from __future__ import annotations

import subprocess
from itertools import pairwise

import cv2
import numpy as np
import pytest

pytestmark = pytest.mark.slow


def ffmpeg(path, *arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(path)], check=True, capture_output=True)
    return path


def light(frames):
    """The level in the middle of each frame."""
    return [float(f[60:120, 130:190].mean()) for f in frames]


def test_a_clip_of_uneven_rate_is_followed_in_time(studio):
    """A phone's clip: a second of 30 pictures, then a second of five. It gets lighter by the same step in every 0.2 s."""
    made = "color=black:s=320x180:r=30:d=2,format=gray,geq=lum='30+20*floor(T*5+0.001)'"
    uneven = "select='lt(t,0.999)+not(mod(n,6))',format=yuv420p"
    path = ffmpeg(
        studio.folder / "uneven.mp4", "-f", "lavfi", "-i", f"{made},{uneven}", "-fps_mode", "vfr", "-crf", "4"
    )
    media = studio.keep(path)
    frames = studio.paint(studio.compose([{"d": 2000, "media": media.id}], fps=10), *range(20))
    # Each output frame shows the picture that was there in its middle.
    assert light(frames) == pytest.approx([30 + 20 * (f // 2) for f in range(20)], abs=4)


@pytest.mark.parametrize(("name", "codec"), [
    ("high10.mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p10le"]),
    ("main10.mp4", ["-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none"]),
    ("high422.mov", ["-c:v", "libx264", "-pix_fmt", "yuv422p10le"]),
])  # fmt: skip
def test_ten_bits_keep_their_colour(studio, name, codec):
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    color = "color=0xC8783C:s=320x180:r=10:d=1,scale=out_color_matrix=bt709:out_range=tv"
    media = studio.keep(ffmpeg(studio.folder / name, "-f", "lavfi", "-i", color, *codec, *tags))
    frame = studio.paint(studio.compose([{"d": 1000, "media": media.id}], fps=10), 5)[0]
    assert np.abs(frame[20:160, 20:300].mean(axis=(0, 1)) - (0xC8, 0x78, 0x3C)).max() < 4


def test_a_panorama_is_walked_along(studio, tools):
    """12 000 px wide, dark on the left and light on the right: a pan sees it grow lighter."""
    ramp = np.linspace(20, 235, 12_000).astype(np.uint8)
    pixels = np.ascontiguousarray(np.broadcast_to(ramp[None, :, None], (2000, 12_000, 3)))
    path = studio.folder / "panorama.jpg"
    cv2.imwrite(str(path), pixels)
    media = studio.keep(path)
    composition = studio.compose(
        [{"d": 1000, "media": media.id, "move": {"direction": "right", "amount": 0.5}}], fps=10
    )
    levels = light(tools.decode(studio.render(composition).path))
    assert len(levels) == 10
    assert all(b > a for a, b in pairwise(levels)), levels


def test_an_upright_clip_lies_in_a_wide_frame(studio):
    made = "color=0xE0E0E0:s=180x320:r=10:d=1"
    media = studio.keep(ffmpeg(studio.folder / "upright.mp4", "-f", "lavfi", "-i", made, "-pix_fmt", "yuv420p"))
    for fit, outside in (("fill", (200, 255)), ("fit", (0, 4)), ("blur", (60, 190))):
        frame = studio.paint(studio.compose([{"d": 1000, "media": media.id, "fit": fit}], fps=10), 5)[0]
        assert frame[90, 160].min() > 200
        assert outside[0] <= frame[90, 20].mean() <= outside[1], fit


def test_rates_mix_in_one_film(studio, tools):
    """Clips of 15 to 60 pictures a second, each of one level, one after the other for half a second each."""
    rates, shots, expected = (15, 24, 24000 / 1001, 30, 50, 60), [], []
    for i, fps in enumerate(rates):
        level = 40 + 35 * i
        media = studio.clip(f"{i}.mp4", [level] * int(fps), fps)
        shots.append({"d": 500, "media": media.id})
        expected += [level] * 10
    video = studio.render(studio.compose(shots, fps=20))
    assert light(tools.decode(video.path)) == pytest.approx(expected, abs=4)


def test_an_hour_is_cut_anywhere(studio):
    """One picture a second, whose level tells which minute it is of."""
    made = "color=black:s=320x180:r=1:d=3600,format=gray,geq=lum='20+3*floor(T/60)',format=yuv420p"
    args = ["-f", "lavfi", "-i", made, "-g", "60", "-crf", "4", "-preset", "ultrafast"]
    media = studio.keep(ffmpeg(studio.folder / "hour.mp4", *args))
    minutes = (59, 0, 31, 12)
    shots = [{"d": 500, "media": media.id, "in": 60_000 * m + 30_000} for m in minutes]
    frames = studio.paint(studio.compose(shots, fps=10), 2, 7, 12, 17)
    assert light(frames) == pytest.approx([20 + 3 * m for m in minutes], abs=1.4)


def test_a_hundred_photos_come_in_their_order(studio, tools):
    shots = [{"d": 200, "media": studio.plain(f"{i}.png", (20 + 2 * i,) * 3).id} for i in range(100)]
    video = studio.render(studio.compose(shots, fps=10))
    seen = light(tools.decode(video.path))
    assert seen == pytest.approx([20 + 2 * (f // 2) for f in range(200)], abs=3)
