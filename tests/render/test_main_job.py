"""The main job, at a small size: five photos, crossfades, moves, a title, a logo, a sound; judged by what decodes."""

from __future__ import annotations

import subprocess
import wave
from itertools import pairwise

import av
import numpy as np
import pytest

SLOT = 2000


@pytest.fixture(scope="module")
def shared(tmp_path_factory, make_studio):
    return make_studio(tmp_path_factory.mktemp("main-job"))


@pytest.fixture(scope="module")
def shared_job(shared, add_photos):
    return job_of(shared, add_photos(shared))


@pytest.fixture(scope="module")
def video(shared, shared_job):
    """One render for all tests that only look at it."""
    return shared.render(shared_job())


@pytest.fixture
def job(studio, photos):
    return job_of(studio, photos)


def job_of(studio, photos):
    logo = np.zeros((60, 180, 4), np.uint8)
    logo[10:50, 10:170] = (255, 0, 255, 255)
    logo = studio.add("logo.png", logo, role="logo")
    tone = np.sin(np.arange(11 * 48000) * 2 * np.pi * 440 / 48000) * 0.5
    path = studio.folder / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(np.repeat((tone * 32767).astype("<i2")[:, None], 2, 1).tobytes())
    tone = studio.keep(path, role="music")

    def build(title="SUMMER SALE", **more):
        moves = ("in", "left", "out", "right", "up")
        shots = [
            {
                "d": SLOT,
                "media": p.id,
                "move": {"direction": d, "amount": 0.12},
                **({"transition": {"type": "crossfade", "ms": 500}} if i else {}),
            }
            for i, (p, d) in enumerate(zip(photos, moves, strict=True))
        ]
        total = SLOT * len(shots)
        return studio.compose(
            shots,
            width=640,
            height=360,
            over=[{"d": total, "role": "logo", "media": logo.id, "position": "top_right", "size": 0.1}],
            texts=[
                {
                    "d": 1600,
                    "start": 200,
                    "text": title,
                    "role": "title",
                    "position": "center",
                    "style": {"color": "#ffffff"},
                }
            ],
            sounds=[{"d": total, "role": "bgm", "media": tone.id, "fade_out": 1000}],
            **more,
        )

    return build


def test_the_file_is_what_it_says(video, tools):
    stream = dict(tools.ffprobe(video.path, "-select_streams", "v", "-count_frames", "-show_streams"))
    assert (stream["width"], stream["height"]) == ("640", "360")
    assert stream["nb_read_frames"] == "300"
    assert (stream["codec_name"], stream["profile"], stream["pix_fmt"]) == ("h264", "High", "yuv420p")
    assert stream["r_frame_rate"] == stream["avg_frame_rate"] == "30/1"
    tags = [stream[k] for k in ("color_range", "color_space", "color_transfer", "color_primaries")]
    assert tags == ["tv", "bt709", "bt709", "bt709"]
    assert float(stream["start_time"]) == 0
    assert float(stream["duration"]) == pytest.approx(10, abs=1e-3)
    sound = dict(tools.ffprobe(video.path, "-select_streams", "a", "-show_streams"))
    assert (sound["codec_name"], sound["sample_rate"], sound["channels"]) == ("aac", "48000", "2")
    assert float(sound["start_time"]) == 0
    assert float(sound["duration"]) == pytest.approx(10, abs=1e-3)
    whole = dict(tools.ffprobe(video.path, "-show_entries", "format=duration,start_time"))
    assert float(whole["duration"]) == pytest.approx(10, abs=1e-3)
    assert (video.width, video.height, video.fps) == (640, 360, 30)
    assert abs(video.duration_s - 10) < 0.03


def test_a_full_decode_says_nothing(video):
    done = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", str(video.path), "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_index_comes_first_and_time_has_no_gap(video):
    data = video.path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    with av.open(str(video.path)) as container:
        times = sorted(p.pts * p.time_base for p in container.demux(video=0) if p.pts is not None)
    steps = {float(b - a) for a, b in pairwise(times)}
    assert len(times) == 300
    assert all(step == pytest.approx(1 / 30, abs=1e-6) for step in steps)


def test_pieces_are_closed_groups_of_about_three_seconds(video):
    with av.open(str(video.path)) as container:
        keys = [i for i, p in enumerate(p for p in container.demux(video=0) if p.size) if p.is_keyframe]
    assert keys[0] == 0
    # every shot begins one as soon as it is seen alone
    assert {75, 135, 195, 255} <= set(keys)
    assert max(np.diff([*keys, 300])) <= 3.4 * 30
    # A closed group decodes by itself: seek to each and compare with the straight decode.
    straight = frames_of(video.path)
    with av.open(str(video.path)) as container:
        stream = container.streams.video[0]
        for key in keys:
            container.seek(round(key / 30 / stream.time_base), stream=stream)
            frame = next(f for f in container.decode(stream) if f.pts * f.time_base >= key / 30 - 1e-6)
            assert np.array_equal(frame.to_ndarray(), straight[key])


def frames_of(path):
    with av.open(str(path)) as container:
        return [f.to_ndarray() for f in container.decode(video=0)]


def test_title_and_logo_are_where_they_belong(video, tools):
    frames = tools.decode(video.path)
    # the logo, 36 px high, in the upper right corner, in every frame
    for f in (0, 75, 150, 299):
        pink = (frames[f][..., 0] > 200) & (frames[f][..., 1] < 70) & (frames[f][..., 2] > 200)
        rows, columns = np.nonzero(pink)
        assert 14 <= rows.min() <= 26 and rows.max() <= 52, f
        assert columns.max() >= 610 and columns.min() >= 500, f
    # the title in the middle while it stands, and nowhere before and after
    white = [(f > 235).all(axis=-1) for f in frames]
    rows, columns = np.nonzero(white[30])
    assert abs(rows.mean() - 180) < 20
    assert abs(columns.mean() - 320) < 20
    assert white[30].sum() > 1500
    assert white[3].sum() < 100 and white[56].sum() < 100
    # it comes gracefully: fainter and lower at first
    assert white[9].sum() < white[30].sum() / 2


def test_sound_goes_on_to_the_end_and_fades(video):
    with av.open(str(video.path)) as container:
        samples = np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)
    level = [np.sqrt(np.mean(samples[:, s * 48000 : (s + 1) * 48000] ** 2)) for s in range(10)]
    assert min(level[:9]) > 0.05
    assert max(level[:9]) / min(level[:9]) < 1.2
    assert level[9] < 0.8 * level[8]
    # the tone has its pitch, so nothing was dropped or doubled
    spectrum = np.abs(np.fft.rfft(samples[0, 48000 : 5 * 48000]))
    assert np.argmax(spectrum) / 4 == pytest.approx(440, abs=0.5)


def test_the_same_composition_gives_the_same_bytes(studio, job, tools):
    first = studio.render(job(), "a.mp4", cache=tools.CountingCache(studio.folder / "c1"), workers=1)
    second = studio.render(job(), "b.mp4", cache=tools.CountingCache(studio.folder / "c2"), workers=3)
    third = studio.render(job(), "c.mp4", cache=tools.CountingCache(studio.folder / "c2"))
    assert first.path.read_bytes() == second.path.read_bytes() == third.path.read_bytes()


def test_only_what_changed_is_encoded_again(studio, job):
    studio.render(job())
    everything = sum(n for _, n in studio.cache.kept)
    studio.cache.kept.clear()
    studio.render(job())
    assert studio.cache.kept == []
    studio.render(job(title="WINTER SALE"))
    changed = sum(n for _, n in studio.cache.kept)
    # The title stands for 1.6 s of 10; pieces that it does not touch stay.
    assert 48 <= changed <= 75
    assert changed < everything / 4


def test_a_preview_is_smaller_and_the_same_video(shared, shared_job, video, tools):
    large = tools.decode(video.path)
    small = tools.decode(shared.render(shared_job().scaled(height=180), "p.mp4", quality="preview").path)
    assert len(small) == 300 and small[0].shape == (180, 320, 3)
    for f in (0, 30, 67, 200):
        shrunk = large[f].reshape(180, 2, 320, 2, 3).mean(axis=(1, 3))
        assert np.abs(shrunk - small[f]).mean() < 6, f


def test_progress_rises_to_the_end(studio, job):
    seen = []
    studio.render(job(), on_progress=seen.append)
    fractions = [p.fraction for p in seen if p.stage == "render"]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert {p.stage for p in seen} == {"render", "join"}
