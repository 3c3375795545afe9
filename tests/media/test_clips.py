"""Clips: the right frame at the right time, upright, in the right colours, whatever the container says how."""

from __future__ import annotations

import gc
import subprocess
from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from reelframe.errors import MediaError
from reelframe.media import FrameReader, probe, sandbox, thumbnail

from .conftest import CORNERS, assert_corners, ffmpeg, picture

CONTAINERS = ["a.mp4", "fast.mp4", "a.mov", "a.mkv", "a.webm", "a.avi", "recorded.webm"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_facts(clips, name):
    media = probe(clips[name])
    assert (media.kind, media.width, media.height, media.has_audio, media.has_alpha) == ("video", 160, 120, True, False)
    assert media.format == {"fast.mp4": "mp4", "recorded.webm": "webm"}.get(name, name[2:])
    assert media.duration_s == pytest.approx(10, abs=0.05)
    assert media.fps == pytest.approx(30, rel=0.02)


def test_facts_of_a_clip_without_sound(clips):
    media = probe(clips["silent.mp4"])
    assert (media.kind, media.has_audio, media.duration_s) == ("video", False, 10)


def decoded_by_ffmpeg(path, size=(160, 120), *options):
    """Every frame as R, G, B, by Debian's ffmpeg."""
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), *options, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        check=True,
        capture_output=True,
    ).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, size[1], size[0], 3)


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    """Sixty frames at 30 per second whose grey tells their number; B-frames and few key frames: name -> path."""
    folder = tmp_path_factory.mktemp("numbered")
    grey = ["-f", "lavfi", "-i", "color=black:s=64x48:r=30:d=2,format=yuv420p,geq=lum='16+N*3':cb=128:cr=128"]
    ffmpeg(*grey, "-c:v", "libx264", "-qp", "1", "-bf", "3", "-g", "40", folder / "n.mp4")
    for name in ("n.mkv", "n.mov"):
        ffmpeg("-i", folder / "n.mp4", "-c", "copy", folder / name)
    ffmpeg(*grey, "-c:v", "libvpx", "-crf", "4", "-b:v", "2M", "-g", "25", folder / "n.webm")
    ffmpeg(*grey, "-c:v", "mpeg4", "-q:v", "1", "-g", "20", folder / "n.avi")
    return {path.name: path for path in folder.iterdir()}


def number_of(frame):
    return (float(frame.y.mean()) - 16) / 3


@pytest.mark.parametrize("name", ["n.mp4", "n.mov", "n.mkv", "n.webm", "n.avi"])
@pytest.mark.parametrize(
    "order",
    [
        [n / 30 for n in range(60)],
        [n / 30 for n in reversed(range(60))],
        [n / 30 for n in (50, 3, 59, 0, 31, 30, 29, 44, 1, 2, 3, 2, 1, 0, 58)],
        [n / 24 for n in range(48)],
    ],
    ids=["forwards", "backwards", "jumping", "at 24"],
)
def test_the_frame_on_show(numbered, name, order):
    with FrameReader(numbered[name], start_s=order[0]) as reader:
        for time_s in order:
            assert number_of(reader.read_at(time_s)) == pytest.approx(int(time_s * 30 + 0.01), abs=0.45), time_s


def test_before_the_first_and_after_the_last_frame(numbered):
    with FrameReader(numbered["n.mp4"]) as reader:
        assert number_of(reader.read_at(-3)) == pytest.approx(0, abs=0.4)
        assert number_of(reader.read_at(100)) == pytest.approx(59, abs=0.4)
        assert number_of(reader.read_at(1.0)) == pytest.approx(30, abs=0.4)


def test_a_frame_that_does_not_change_is_the_same_object(numbered):
    with FrameReader(numbered["n.mp4"]) as reader:
        frames = [reader.read_at(n / 120) for n in range(40)]
    assert len({id(frame) for frame in frames}) == 10


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_variable_frame_rate(tmp_path, suffix):
    """Frames at odd times are shown from their own time until the next one's."""
    times = [0, 100, 500, 550, 1200, 1210, 2000]
    path = tmp_path / f"vfr.{suffix}"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"qp": "1", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for number, at in enumerate(times):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), 128, np.uint8), format="yuv420p")
            np.frombuffer(frame.planes[0], np.uint8)[:] = 16 + 20 * number
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    media = probe(path)
    assert media.duration_s >= 2.0
    with FrameReader(path) as reader:
        for t in range(0, 2300, 25):
            expected = max(n for n, at in enumerate(times) if at <= t)
            assert (reader.read_at(t / 1000).y.mean() - 16) / 20 == pytest.approx(expected, abs=0.2), t


def test_pictures_that_start_late_start_late(tmp_path, numbered):
    """Sound from 0, pictures from 0.5 s: until then the first picture is held."""
    path = tmp_path / "late.mp4"
    ffmpeg(
        "-itsoffset",
        "0.5",
        "-i",
        numbered["n.mp4"],
        "-f",
        "lavfi",
        "-i",
        "sine=d=2.5",
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c:v",
        "copy",
        "-c:a",
        "aac",
        path,
    )
    assert probe(path).duration_s == pytest.approx(2.5, abs=0.05)
    with FrameReader(path) as reader:
        for t, number in ((0.0, 0), (0.4, 0), (0.501, 0), (1.501, 30), (2.4, 57)):
            assert number_of(reader.read_at(t)) == pytest.approx(number, abs=0.5)


def test_an_edit_list_cuts_the_beginning(tmp_path, numbered):
    """Copied from 1.4 s on: frames since the key frame are in the file, and must not be shown."""
    path = tmp_path / "edited.mp4"
    ffmpeg("-ss", "1.5", "-i", numbered["n.mp4"], "-c", "copy", path)
    with FrameReader(path) as reader:
        assert number_of(reader.read_at(0)) == pytest.approx(45, abs=0.5)
        assert number_of(reader.read_at(0.3)) == pytest.approx(54, abs=0.5)


MATRICES = {
    "90": (0, 1, -1, 0),
    "180": (-1, 0, 0, -1),
    "270": (0, -1, 1, 0),
    "mirrored": (-1, 0, 0, 1),
    "upside down": (1, 0, 0, -1),
}


@pytest.mark.parametrize("turn", MATRICES)
def test_display_matrix(tmp_path, turn):
    """Against ffmpeg, which turns by the same matrix on its own."""
    picture(160, 120).save(tmp_path / "p.png")
    path = tmp_path / "turned.mp4"
    ffmpeg(
        "-loop",
        "1",
        "-i",
        tmp_path / "p.png",
        "-t",
        "0.5",
        "-r",
        "30",
        "-c:v",
        "libx264",
        "-qp",
        "4",
        "-pix_fmt",
        "yuv420p",
        path,
    )
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = MATRICES[turn]
    for offset, value in ((0, a), (4, b), (12, c), (16, d)):
        data[at + offset : at + offset + 4] = (value * 65536).to_bytes(4, "big", signed=True)
    path.write_bytes(data)
    upright = turn in {"90", "270"}
    media = probe(path)
    assert (media.width, media.height) == ((120, 160) if upright else (160, 120))
    theirs = decoded_by_ffmpeg(path, (media.width, media.height))[0]
    with FrameReader(path) as reader:
        ours = reader.read_at(0).rgb()
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs).mean() < 4
    with FrameReader(path, size=(90, 60)) as reader:
        assert reader.read_at(0).y.shape == (60, 90)


def test_sample_aspect_ratio(tmp_path):
    path = tmp_path / "pal.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc=s=180x144:d=0.5,setsar=64/45", "-c:v", "libx264", "-pix_fmt", "yuv420p", path)
    media = probe(path)
    assert (media.width, media.height) == (256, 144)
    with FrameReader(path) as reader:
        assert (reader.width, reader.height) == (256, 144)
        assert reader.read_at(0).u.shape == (72, 128)


def test_odd_sizes(tmp_path):
    path = tmp_path / "odd.webm"
    picture(641, 479).save(tmp_path / "p.png")
    ffmpeg("-loop", "1", "-i", tmp_path / "p.png", "-t", "0.4", "-c:v", "libvpx", "-crf", "4", "-b:v", "4M", path)
    media = probe(path)
    assert (media.width, media.height) == (641, 479)
    with FrameReader(path) as reader:
        frame = reader.read_at(0.1)
    assert (frame.y.shape, frame.u.shape, frame.a) == ((479, 641), (240, 321), None)
    assert_corners(frame.rgb(), 12)


COLOURS = {
    "BT.709": ("bt709", "tv", "yuv420p", ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]),
    "BT.601": ("bt601", "tv", "yuv420p", ["-colorspace", "smpte170m"]),
    "full range BT.709": ("bt709", "pc", "yuv420p", ["-colorspace", "bt709", "-color_range", "pc"]),
    "full range BT.601": ("bt601", "pc", "yuvj420p", ["-colorspace", "bt470bg", "-color_range", "pc"]),
    "untagged and small": ("bt601", "tv", "yuv420p", []),
    "4:4:4": ("bt709", "tv", "yuv444p", ["-colorspace", "bt709"]),
    "4:2:2, ten bits": ("bt709", "tv", "yuv422p10le", ["-colorspace", "bt709"]),
    "ten bits BT.601": ("bt601", "tv", "yuv420p10le", ["-colorspace", "smpte170m"]),
}


@pytest.mark.parametrize("name", COLOURS)
def test_colours(tmp_path, name):
    matrix, reach, pixel_format, tags = COLOURS[name]
    picture(160, 120).save(tmp_path / "p.png")
    path = tmp_path / "c.mp4"
    convert = (
        f"scale=out_color_matrix={matrix}:out_range={reach}:flags=accurate_rnd+full_chroma_int,format={pixel_format}"
    )
    ffmpeg(
        "-loop",
        "1",
        "-i",
        tmp_path / "p.png",
        "-t",
        "0.2",
        "-r",
        "30",
        "-vf",
        convert,
        "-c:v",
        "libx264",
        "-qp",
        "1",
        *tags,
        path,
    )
    with FrameReader(path) as reader:
        frame = reader.read_at(0)
        assert_corners(frame.rgb(), 4)
        assert 16 <= frame.y[20:40, 20:40].min() <= frame.y[20:40, 20:40].max() <= 235
    with FrameReader(path, size=(80, 60)) as reader:
        assert_corners(reader.read_at(0).rgb(), 4)


def test_rgb_sources(tmp_path):
    picture(160, 120).save(tmp_path / "p.png")
    ffmpeg("-loop", "1", "-i", tmp_path / "p.png", "-t", "0.2", "-c:v", "libx264rgb", "-qp", "0", tmp_path / "rgb.mkv")
    with FrameReader(tmp_path / "rgb.mkv") as reader:
        assert_corners(reader.read_at(0).rgb(), 2)


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_becomes_a_plausible_picture(tmp_path, transfer):
    """Greys from dark to bright: in order, neutral, white paper bright but not burnt out."""
    codes = [64 + 876 * step // 15 for step in range(16)]
    expression = "+".join(f"{code}*between(X,{20 * n},{20 * n + 19})" for n, code in enumerate(codes))
    path = tmp_path / "hdr.mkv"
    ffmpeg(
        "-f", "lavfi", "-i", f"color=black:s=320x64:d=0.2:r=10,format=yuv420p10le,geq=lum='{expression}':cb=512:cr=512",
        "-c:v", "libx264", "-qp", "0", "-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", transfer, path,
    )  # fmt: skip
    with FrameReader(path) as reader:
        rgb = reader.read_at(0).rgb()[32, 10::20].astype(int)
    assert (np.diff(rgb[:, 1]) >= -1).all()
    assert np.ptp(rgb, axis=1).max() <= 4
    white = {"smpte2084": 0.58, "arib-std-b67": 0.75}[transfer]  # diffuse white, ITU-R BT.2408
    at_white = np.interp(white * 15, range(16), rgb[:, 1])
    assert 200 < at_white < 250


def frames_of_colours(folder, suffix, durations=(200, 400, 100), **options):
    images = [
        Image.new("RGBA", (60, 40), colour) for colour in ((220, 30, 30, 255), (30, 200, 30, 255), (30, 60, 220, 255))
    ]
    path = folder / f"animated.{suffix}"
    images[0].save(path, save_all=True, append_images=images[1:], duration=list(durations), loop=0, **options)
    return path


@pytest.mark.parametrize(
    ("suffix", "options"), [("gif", {}), ("webp", {"lossless": True}), ("png", {}), ("png", {"default_image": True})]
)
def test_animated_pictures_are_clips(tmp_path, suffix, options):
    path = frames_of_colours(tmp_path, suffix, **({} if options.get("default_image") else options))
    expected = [
        (0.0, (220, 30, 30)),
        (0.19, (220, 30, 30)),
        (0.2, (30, 200, 30)),
        (0.59, (30, 200, 30)),
        (0.6, (30, 60, 220)),
        (9, (30, 60, 220)),
    ]
    if options.get("default_image"):
        images = [Image.new("RGB", (60, 40), c) for c in ((0, 0, 0), (220, 30, 30), (30, 200, 30), (30, 60, 220))]
        images[0].save(path, save_all=True, default_image=True, append_images=images[1:], duration=[200, 400, 100])
    media = probe(path)
    assert (media.kind, media.animated, media.width, media.height, media.format) == ("video", True, 60, 40, suffix)
    assert media.duration_s == pytest.approx(0.7)
    with FrameReader(path) as reader:
        for order in (expected, expected[::-1]):
            for time_s, colour in order:
                assert np.abs(reader.read_at(time_s).rgb()[20, 30].astype(int) - colour).max() <= 3, time_s


def test_a_gif_in_a_hurry_runs_as_in_browsers(tmp_path):
    assert probe(frames_of_colours(tmp_path, "gif", (0, 10, 20))).duration_s == pytest.approx(0.1 + 0.1 + 0.02)


def test_see_through_animation(tmp_path):
    path = tmp_path / "sticker.webp"
    shape = "geq=lum=100:cb=100:cr=200:a='255*between(X,10+20*N,29+20*N)*between(Y,10,29)'"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        f"color=red:s=60x40:d=0.2:r=10,format=yuva420p,{shape}",
        "-c:v",
        "libwebp_anim",
        "-lossless",
        "1",
        path,
    )
    assert probe(path).has_alpha
    with FrameReader(path, size=(120, 80)) as reader:
        frame = reader.read_at(0.15)
    assert frame.a.shape == (80, 120)
    assert frame.a[40, 80] == 255
    assert frame.a[40, 30] == 0


def test_a_cut_off_animation_says_how_much_is_there(tmp_path):
    path = frames_of_colours(tmp_path, "png")
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"fcTL") - 4])
    with pytest.raises(MediaError, match="has 3 frames, but only"):
        probe(path)


def test_a_clip_with_alpha(tmp_path):
    path = tmp_path / "alpha.mov"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "color=red:s=64x48:d=0.3,format=rgba,geq=r=220:g=30:b=30:a='if(lt(X,32),255,0)'",
        "-c:v",
        "qtrle",
        path,
    )
    assert probe(path).has_alpha
    with FrameReader(path) as reader:
        frame = reader.read_at(0)
    assert frame.a[20, 10] == 255
    assert frame.a[20, 50] == 0


@pytest.mark.parametrize("codec", ["libvpx-vp9", "libvpx"])
def test_a_sticker_in_webm(tmp_path, codec):
    """Alpha in VP8 and VP9 travels beside the pictures."""
    path = tmp_path / "sticker.webm"
    shape = "geq=lum=100:cb=100:cr=200:a='255*between(X,10+N,29+N)'"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        f"color=red:s=64x48:d=1:r=30,format=yuva420p,{shape}",
        "-c:v",
        codec,
        "-auto-alt-ref",
        "0",
        "-g",
        "10",
        "-cpu-used",
        "8",
        "-deadline",
        "realtime",
        "-b:v",
        "1M",
        path,
    )
    media = probe(path)
    assert (media.has_alpha, media.width, media.height) == (True, 64, 48)
    assert media.duration_s == pytest.approx(1, abs=0.04)
    with FrameReader(path) as reader:
        for n in (0, 1, 2, 25, 12, 3, 29):
            seen = np.flatnonzero(reader.read_at(n / 30).a[20] > 127)
            assert (seen[0], seen[-1]) == pytest.approx((10 + n, 29 + n), abs=1)


def test_a_thumbnail_of_a_clip(tmp_path):
    import io

    picture().save(tmp_path / "p.png")
    ffmpeg(
        "-loop", "1", "-i", tmp_path / "p.png", "-t", "2", "-pix_fmt", "yuv420p", "-c:v", "libx264", tmp_path / "v.mp4"
    )
    small = Image.open(io.BytesIO(thumbnail(tmp_path / "v.mp4", 150)))
    assert small.size == (150, 100)
    assert_corners(np.asarray(small), 25, CORNERS)


def test_a_damaged_stretch_is_passed_over(clips, tmp_path):
    data = bytearray(clips["a.mkv"].read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    path = tmp_path / "scratched.mkv"
    path.write_bytes(data)
    assert probe(path).duration_s == pytest.approx(10, abs=0.1)
    theirs = decoded_by_ffmpeg(clips["a.mkv"])
    with FrameReader(path) as reader:
        for n in (0, 290):
            ours = reader.read_at(n / 30).rgb().astype(int)
            assert np.abs(ours - theirs[n]).mean() < 12


def test_closing_gives_the_worker_back_and_forgetting_ends_it(clips):
    before = {worker.pid for worker in sandbox._alive}
    reader = FrameReader(clips["a.mp4"])
    reader.read_at(0)
    reader.read_at(1 / 30)
    worker = reader._session.worker
    reader.close()
    reader.close()
    assert worker.usable
    with pytest.raises(MediaError, match="was closed"):
        reader.read_at(0)
    reader = FrameReader(clips["a.mp4"])
    forgotten = reader._session.worker
    del reader
    gc.collect()
    assert not forgotten.usable
    assert len({worker.pid for worker in sandbox._alive}) <= len(before) + 1


def test_many_readers_at_once(numbered):
    import threading

    wrong = []

    def read(offset):
        with FrameReader(numbered["n.mp4"]) as reader:
            for n in range(offset, 60, 4):
                if abs(number_of(reader.read_at(n / 30)) - n) > 0.5:
                    wrong.append(n)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_sound_or_a_photo_is_no_clip(clips, tmp_path):
    picture().save(tmp_path / "a.jpg")
    for path in (clips["a.wav"], tmp_path / "a.jpg", clips["a.m4a"]):
        with pytest.raises(MediaError, match=path.name):
            FrameReader(path)
