"""Clips: which source frame is shown when, told by its grey level after everything was decoded."""

from __future__ import annotations

import numpy as np
import pytest

LEVELS = [20 + 4 * i for i in range(50)]


@pytest.fixture
def clip(studio):
    """Two seconds at 25 frames a second; frame i has the level 20 + 4 i."""
    return studio.clip("clip.mp4", LEVELS, 25)


def shown(frames):
    """Which source frame each output frame shows."""
    return [round((float(f[40:140, 60:260].mean()) - 20) / 4) for f in frames]


def painted(studio, shot, frames, **more):
    return shown(studio.paint(studio.compose([shot], **more), *frames))


def test_another_frame_rate_is_followed_in_time(studio, clip):
    frames = range(0, 60, 7)
    assert painted(studio, {"d": 2000, "media": clip.id}, frames) == [int((f + 0.5) / 30 * 25) for f in frames]


@pytest.mark.parametrize("fps", [24000 / 1001, 24, 30, 60000 / 1001])
def test_odd_frame_rates_drift_nowhere(studio, fps):
    media = studio.clip("odd.mov", LEVELS, fps)
    last = int(49 / fps * 30)
    frames = [0, last // 3, last // 2, last]
    for f, seen in zip(frames, painted(studio, {"d": 3000, "media": media.id}, frames), strict=True):
        assert abs(seen - (f + 0.5) / 30 * fps) <= 1.01


@pytest.mark.parametrize(("shot", "frames", "expected"), [
    ({"in": 1000}, [0, 15], [25, 37]),
    ({"speed": 2.0}, [0, 15, 29], [0, 25, 49]),
    ({"speed": 0.5}, [0, 30, 59], [0, 12, 24]),
    ({"reverse": True}, [0, 30, 59], [49, 24, 0]),
    ({"freeze": 1000}, [0, 30, 59], [25, 25, 25]),
    ({"freeze": True, "in": 400}, [0, 59], [10, 10]),
])  # fmt: skip
def test_time_can_be_bent(studio, clip, shot, frames, expected):
    seen = painted(studio, {"d": 2000, "media": clip.id, **shot}, frames)
    assert all(abs(a - b) <= 1 for a, b in zip(seen, expected, strict=True)), seen


def test_a_short_clip_holds_its_last_frame_or_loops(studio, clip):
    held = painted(studio, {"d": 4000, "media": clip.id}, [61, 100, 119])
    assert held == [49, 49, 49]
    looped = painted(studio, {"d": 4000, "media": clip.id, "loop": True}, [0, 59, 61, 90])
    assert abs(looped[2] - 1) <= 1 and abs(looped[3] - 25) <= 1


def test_a_clip_in_the_final_file_and_its_neighbour(studio, clip, tools):
    red = studio.plain("red.png", (200, 30, 30))
    shots = [
        {"d": 1000, "media": clip.id},
        {"d": 1000, "media": red.id, "transition": {"type": "crossfade", "ms": 500}},
    ]
    frames = tools.decode(studio.render(studio.compose(shots)).path)
    assert shown([frames[0], frames[12], frames[29]]) == [0, 10, 24]
    # The clip runs on under the crossfade: frame 37 is half of source frame 31.
    mean = (np.array((200, 30, 30)) + (20 + 4 * 31)) / 2
    assert np.abs(frames[37][40:140, 60:260].mean(axis=(0, 1)) - mean).max() < 5


def test_one_clip_can_follow_itself(studio, clip):
    shots = [
        {"d": 1000, "media": clip.id},
        {"d": 1000, "media": clip.id, "transition": {"type": "crossfade", "ms": 500}},
    ]
    frame = studio.paint(studio.compose(shots), 37)[0]
    assert frame[90, 160].mean() == pytest.approx((20 + 4 * 31 + 20 + 4 * 6) / 2, abs=4)


def test_a_picture_in_picture(studio, clip):
    white = studio.plain("white.png", (255, 255, 255))
    over = [{"d": 2000, "role": "overlay", "media": clip.id, "position": "bottom_right", "size": 0.4}]
    frame = studio.paint(studio.compose([{"d": 2000, "media": white.id}], over=over), 30)[0]
    grey = np.abs(frame - (20 + 4 * 25)).max(axis=-1) < 6
    rows, columns = np.nonzero(grey)
    assert rows.max() - rows.min() == pytest.approx(72, abs=4)
    assert columns.max() - columns.min() == pytest.approx(128, abs=4)
    assert rows.max() == pytest.approx(172, abs=4) and columns.max() == pytest.approx(312, abs=4)


def test_clips_are_fitted_turned_and_cropped_like_photos(studio):
    import av

    path = studio.folder / "halves.mp4"
    pixels = np.zeros((180, 320, 3), np.uint8)
    pixels[:, :160], pixels[:, 160:] = (200, 30, 30), (30, 50, 190)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"crf": "2"}
        codec = stream.codec_context
        codec.color_primaries = codec.color_trc = codec.colorspace = codec.color_range = 1
        for _ in range(30):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            out.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")))
        out.mux(stream.encode(None))
    media = studio.keep(path)
    red, blue = (200, 30, 30), (30, 50, 190)
    for shot, expected in (
        ({}, {(90, 20): red, (90, 300): blue}),
        ({"flip": "h"}, {(90, 20): blue, (90, 300): red}),
        ({"rotate": 90, "fit": "fit"}, {(20, 160): red, (160, 160): blue, (90, 20): (0, 0, 0)}),
        ({"crop": {"x": 0.5, "y": 0, "w": 0.5, "h": 1}}, {(90, 20): blue, (90, 300): blue}),
        ({"rotate": 90, "fit": "blur"}, {(20, 160): red, (160, 160): blue}),
        ({"rotate": 8}, {(90, 20): red, (3, 3): red, (176, 316): blue}),
        ({"zoom": 2.0}, {(90, 20): red, (90, 300): blue}),
        ({"move": {"direction": "in"}}, {(90, 20): red, (90, 300): blue}),
    ):
        frame = studio.paint(studio.compose([{"d": 1000, "media": media.id, **shot}]), 10)[0]
        for (y, x), color in expected.items():
            assert np.abs(frame[y, x] - color).max() < 12, (shot, y, x, frame[y, x])


def test_an_animated_gif_plays_with_its_own_timing(studio):
    from PIL import Image

    pictures = [Image.new("RGB", (320, 180), (level,) * 3) for level in (40, 120, 200)]
    path = studio.folder / "steps.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=[200, 400, 400], loop=0)
    media = studio.keep(path)
    frames = studio.paint(studio.compose([{"d": 1000, "media": media.id}]), 2, 10, 25)
    assert [round(float(f.mean()) / 40) for f in frames] == [1, 3, 5]


def test_a_clips_own_sound_is_heard_unless_muted(studio):
    import subprocess

    import av

    path = studio.folder / "talk.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=c=gray:s=320x180:r=25:d=2", "-f", "lavfi", "-i",
         "sine=frequency=500:duration=2", "-c:v", "libx264", "-c:a", "aac", "-shortest", str(path)], check=True)  # fmt: skip
    media = studio.keep(path)

    def sound(**shot):
        video = studio.render(studio.compose([{"d": 2000, "media": media.id, **shot}]))
        with av.open(str(video.path)) as container:
            if not container.streams.audio:
                return None
            return np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)

    samples = sound()
    spectrum = np.abs(np.fft.rfft(samples[0, 24000:72000]))
    assert np.argmax(spectrum) == pytest.approx(500, abs=2)
    assert sound(muted=True) is None
