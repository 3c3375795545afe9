from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest
from PIL import Image

from reelframe.errors import ConfigurationError, PlanError, RenderFailedError
from reelframe.render.outputs import Options, export, telling_frame
from reelframe.render.outputs.painted import painted
from reelframe.render.timeline import Timeline

# A plain stretch of each shot, away from the transitions.
MIDDLES = {0: (220, 70, 50), 1: (50, 130, 220), 2: (60, 180, 90)}


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))


@pytest.fixture(scope="module")
def original(composed):
    with painted(composed(), lambda _: None) as frames:
        return np.stack([frames.pixels(f) for f in range(30)])


@pytest.mark.parametrize(
    ("name", "codecs", "container"),
    [
        ("a.mp4", {"h264", "aac"}, "mp4"),
        ("a.mov", {"h264", "aac"}, "mov"),
        ("a.webm", {"vp9", "opus"}, "webm"),
        ("a.gif", {"gif"}, "gif"),
    ],
)
def test_films_are_what_their_names_say(name, codecs, container, tmp_path, composed, cache, ffprobe, frames, original):
    video = export(composed(), tmp_path / name, Options(sized=True), cache=cache)
    facts = ffprobe(video.path)
    assert {s["codec_name"] for s in facts["streams"]} == codecs
    assert container in facts["format"]["format_name"]
    assert float(facts["format"]["duration"]) == pytest.approx(3.0, abs=0.03)
    seen = frames(video.path)
    if container == "gif":
        # Frames stand for 60 ms: the moments in between are those of the video's own frames.
        assert len(seen) == 50
        original = original[[int(n * 0.06 * 10 + 1e-6) for n in range(50)]]
    assert len(seen) == len(original)
    assert psnr(seen, original) > (28 if container == "gif" else 33)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("name", "most"), [("a.wav", -1.0), ("a.mp3", -1.0), ("a.webm", -1.0), ("a.mp4", -1.0)])
def test_the_sound_is_as_loud_everywhere_and_never_clips(name, most, tmp_path, composed, cache, samples):
    path = export(composed(), tmp_path / name, Options(quality="preview"), cache=cache).path
    sound = samples(path)
    assert len(sound) / 48_000 == pytest.approx(3.0, abs=0.03)
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stderr
    summary = said[said.rindex("Summary:") :]
    assert float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1]) == pytest.approx(-16, abs=0.7)
    assert float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1]) <= most


def test_video_tells_loudness_and_peak_of_its_file(tmp_path, composed, cache):
    video = export(composed(), tmp_path / "a.wav", cache=cache)
    assert video.loudness_lufs == pytest.approx(-16, abs=0.5)
    assert -12 < video.true_peak_db <= -1
    silent = export(composed(sound=False), tmp_path / "b.mp4", Options(quality="preview"), cache=cache)
    assert (silent.loudness_lufs, silent.true_peak_db) == (None, None)


def test_a_picture_shows_its_moment(tmp_path, composed, original):
    for at_s in (0.55, 1.7, 2.95, 3.0):
        path = export(composed(), tmp_path / "a.png", Options(at_s=at_s)).path
        np.testing.assert_array_equal(np.asarray(Image.open(path)), original[min(29, int(at_s * 10))])
    path = export(composed(), tmp_path / "a.jpg", Options(at_s=0.5)).path
    assert psnr(np.asarray(Image.open(path)), original[5]) > 32
    with pytest.raises(ConfigurationError, match="3 s long"):
        export(composed(), tmp_path / "b.png", Options(at_s=3.5))
    assert not (tmp_path / "b.png").exists()


def test_the_poster_is_the_most_telling_frame(composed):
    composition = composed()
    frame = telling_frame(composition, lambda: None)
    plan = Timeline(composition).frame(frame)
    assert [t.role for t in plan.texts] == ["title"]
    assert plan.incoming is None and plan.texts[0].progress == 1
    # Without words it is no frame of a transition either, and black is never chosen.
    dark = composed(texts=False, fade_in=500, fade_out=500)
    bare = Timeline(dark).frame(telling_frame(dark, lambda: None))
    assert bare.incoming is None and bare.veil is None


@pytest.mark.parametrize("name", ["a.wav", "a.mp3"])
def test_no_sound_is_said(name, tmp_path, composed):
    with pytest.raises(PlanError, match="no sound"):
        export(composed(sound=False), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_silent_track_where_it_is_wanted(tmp_path, composed, cache, ffprobe, samples):
    quick = Options(quality="preview", silent_track=True)
    path = export(composed(sound=False), tmp_path / "a.mp4", quick, cache=cache).path
    assert {s["codec_type"] for s in ffprobe(path)["streams"]} == {"video", "audio"}
    assert not samples(path).any()
    path = export(composed(sound=False), tmp_path / "b.mp4", Options(quality="preview"), cache=cache).path
    assert {s["codec_type"] for s in ffprobe(path)["streams"]} == {"video"}


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.webm", "a.mp3"])
def test_title_and_chapters_and_nothing_private(name, tmp_path, composed, film, cache, ffprobe):
    options = Options(quality="preview", chapters=True)
    path = export(composed(), tmp_path / name, options, cache=cache).path
    facts = ffprobe(path)
    tags = {k.lower(): v for k, v in facts["format"]["tags"].items()}
    assert tags["title"] == "Héllo" and tags["comment"] == "made with reelframe"
    heads = [(float(c["start_time"]), float(c["end_time"]), c["tags"]["title"]) for c in facts["chapters"]]
    assert heads == [(0.0, 2.0, "First"), (2.0, 3.0, "Second")]
    folder = film()[1].items[0].path.parent.name.encode()
    data = path.read_bytes()
    assert folder not in data and b"photo0" not in data and b"secret" not in data
    assert (
        "chapters" not in ffprobe(export(composed(), path, Options(quality="preview"), cache=cache).path)
        or not (ffprobe(path)["chapters"])
    )


def test_qualities_are_measured(tmp_path, composed, cache, frames, original):
    sizes, likeness = {}, {}
    for quality in ("low", "medium", "high"):
        path = export(composed(), tmp_path / f"{quality}.mp4", Options(quality=quality), cache=cache).path
        sizes[quality], likeness[quality] = path.stat().st_size, psnr(frames(path), original)
    assert sizes["low"] < sizes["medium"] < sizes["high"]
    assert 30 < likeness["low"] < likeness["medium"] - 0.5 < likeness["high"] - 1


def test_a_film_within_its_bytes(tmp_path, composed, cache, ffprobe):
    composition = composed().scaled(height=360)
    whole = export(composition, tmp_path / "a.mp4", cache=cache).path.stat().st_size
    for limit in (int(whole * 0.72), int(whole * 0.4)):
        told = []
        path = export(
            composition, tmp_path / "b.mp4", Options(max_bytes=limit), cache=cache,
            on_progress=lambda p, told=told: told.append(p.fraction),
        ).path  # fmt: skip
        assert 0.97 * limit <= path.stat().st_size <= limit
        assert float(ffprobe(path)["format"]["duration"]) == pytest.approx(3.0, abs=0.03)
        assert told == sorted(told) and told[-1] == 1.0
    # What fits anyway is not blown up.
    roomy = export(composition, tmp_path / "c.mp4", Options(max_bytes=whole * 3), cache=cache).path
    assert roomy.stat().st_size == whole


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "sound"),
    [("mp4", True), ("mp4", False), ("mov", True), ("webm", True), ("webm", False), ("gif", True)],
)
def test_every_kind_of_film_is_hardly_smaller_than_it_may_be(form, sound, tmp_path, composed, cache, ffprobe):
    composition = composed(sound=sound).scaled(height=360)
    whole = export(composition, tmp_path / f"a.{form}", cache=cache).path.stat().st_size
    for share in (0.93, 0.76, 0.5, 0.3):
        limit = int(whole * share)
        video = export(composition, tmp_path / f"b.{form}", Options(max_bytes=limit), cache=cache)
        assert 0.97 * limit <= video.size_bytes <= limit, share
        assert float(ffprobe(video.path)["format"]["duration"]) == pytest.approx(3.0, abs=0.03)


def test_what_so_few_bytes_cannot_hold_is_said(tmp_path, composed, cache):
    old = tmp_path / "a.mp4"
    old.write_bytes(b"before")
    with pytest.raises(RenderFailedError, match="at least"):
        export(composed(), old, Options(max_bytes=9000), cache=cache)
    with pytest.raises(RenderFailedError, match="at least"):
        export(composed(), tmp_path / "a.wav", Options(max_bytes=9000))
    with pytest.raises(RenderFailedError, match="at least"):
        export(composed(), tmp_path / "a.mp3", Options(max_bytes=9000))
    with pytest.raises(RenderFailedError, match="can't hold"):
        export(composed(), tmp_path / "a.gif", Options(max_bytes=3000))
    assert old.read_bytes() == b"before" and [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_a_gif_within_its_bytes_says_what_became_of_it(tmp_path, composed, ffprobe):
    free = export(composed(), tmp_path / "a.gif").path.stat().st_size
    video = export(composed(), tmp_path / "b.gif", Options(max_bytes=free // 3))
    assert 0.8 * (free // 3) <= video.size_bytes <= free // 3
    stream = ffprobe(video.path)["streams"][0]
    assert video.warnings == (
        f"The GIF is {stream['width']}x{stream['height']}, to stay under {free // 3 / 1e6:.3g} MB.",
    )


def test_an_unknown_kind_is_refused(tmp_path, composed):
    with pytest.raises(RenderFailedError, match=r"a\.xyz"):
        export(composed(), tmp_path / "a.xyz")
