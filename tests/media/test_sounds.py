"""Sound: at the right moment, at the right level, as long as asked for."""

from __future__ import annotations

import wave

import numpy as np
import pytest

from reelframe.errors import MediaError
from reelframe.media import iter_audio, load_audio, probe, sandbox

from .conftest import ffmpeg, picture

RATE = 48000


def write_wav(path, samples, rate=RATE):
    data = np.clip(np.rint(np.asarray(samples) * 32767), -32768, 32767).astype("<i2")
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1 if data.ndim == 1 else data.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(data.tobytes())


@pytest.fixture(scope="module")
def bursts(tmp_path_factory):
    """Eight seconds with a 20 ms burst of 1 kHz at every whole second but 0, in every container: name -> path."""
    folder = tmp_path_factory.mktemp("bursts")
    t = np.arange(8 * RATE) / RATE
    samples = np.where((t % 1 < 0.02) & (t >= 1), 0.8 * np.sin(2 * np.pi * 1000 * t), 0)
    write_wav(folder / "b.wav", samples)
    source = ["-i", folder / "b.wav"]
    video = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=30:d=8"]
    for name, arguments in {
        "b.m4a": [*source, "-c:a", "aac", "-b:a", "160k"],
        "b.mp3": [*source, "-b:a", "192k"],
        "b.aac": [*source, "-c:a", "aac", "-b:a", "160k"],
        "b.mp4": [*video, *source, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "160k"],
        "b.mkv": [*video, *source, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "flac"],
        "b.webm": [*video, *source, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-b:a", "128k"],
        "b.avi": [*video, *source, "-c:v", "mpeg4", "-c:a", "pcm_s16le"],
        "b.mov": [*video, *source, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "160k"],
    }.items():
        ffmpeg(*arguments, folder / name)
    return {path.name: path for path in folder.iterdir()}


def starts_of(samples, rate=RATE):
    """When each burst begins, in seconds."""
    level = np.abs(samples).max(axis=1)
    loud = np.flatnonzero(level > 0.4)
    return loud[np.flatnonzero(np.diff(loud, prepend=-rate) > rate // 4)] / rate


# A raw AAC stream can't say how much of its beginning the encoder made up: 1024 samples and more.
LATE = {"b.aac": 0.05}


@pytest.mark.parametrize("name", ["b.wav", "b.m4a", "b.mp3", "b.aac", "b.mp4", "b.mkv", "b.webm", "b.avi", "b.mov"])
def test_every_burst_is_where_it_belongs(bursts, name):
    samples = load_audio(bursts[name])
    assert samples.dtype == np.float32
    assert samples.shape[1] == 2
    assert len(samples) == pytest.approx(8 * RATE, abs=0.1 * RATE)
    found = starts_of(samples)
    assert len(found) == 7
    assert np.abs(found - np.arange(1, 8)).max() < LATE.get(name, 0.002)
    assert np.diff(found) == pytest.approx(np.ones(6), abs=0.002)


@pytest.mark.parametrize("name", ["b.wav", "b.m4a", "b.mp3", "b.aac", "b.mp4", "b.mkv", "b.webm", "b.avi", "b.mov"])
@pytest.mark.parametrize("start_s", [0.3, 2.5, 2.9973, 6.75])
def test_a_part_is_a_part_of_the_whole(bursts, name, start_s):
    whole = load_audio(bursts[name])
    part = load_audio(bursts[name], start_s=start_s, duration_s=1.2)
    assert part.shape == (round(1.2 * RATE), 2)
    first = round(start_s * RATE)
    expected = whole[first : first + len(part)]
    if name == "b.webm":  # its time stamps are whole milliseconds: exact to one of them
        assert starts_of(part) == pytest.approx(starts_of(expected), abs=0.0015)
    else:
        assert np.abs(part[: len(expected)] - expected).max() < 0.01


def test_levels_and_channels(tmp_path):
    t = np.arange(RATE) / RATE
    tone = 0.5 * np.sin(2 * np.pi * 440 * t)
    write_wav(tmp_path / "mono.wav", tone)
    mono = load_audio(tmp_path / "mono.wav")
    assert np.abs(mono).max() == pytest.approx(0.5, abs=0.001)
    assert np.array_equal(mono[:, 0], mono[:, 1])
    write_wav(tmp_path / "left.wav", np.stack([tone, 0 * tone], axis=1))
    left = load_audio(tmp_path / "left.wav")
    assert np.abs(left[:, 0]).max() == pytest.approx(0.5, abs=0.001)
    assert np.abs(left[:, 1]).max() == 0
    for channels in range(6):
        surround = np.zeros((RATE, 6))
        surround[:, channels] = tone
        write_wav(tmp_path / "raw.wav", surround)
        ffmpeg("-channel_layout", "5.1", "-i", tmp_path / "raw.wav", "-c:a", "flac", tmp_path / "surround.mkv")
        heard = np.abs(load_audio(tmp_path / "surround.mkv")).max(axis=0)
        audible = {
            0: (True, False),
            1: (False, True),
            2: (True, True),
            3: (False, False),
            4: (True, False),
            5: (False, True),
        }
        assert tuple(heard > 0.05) == audible[channels], channels


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 96000])
def test_rates_are_converted(tmp_path, rate):
    t = np.arange(2 * rate) / rate
    write_wav(tmp_path / "a.wav", np.where(t >= 1, 0.5 * np.sin(2 * np.pi * 700 * t), 0), rate)
    samples = load_audio(tmp_path / "a.wav")
    assert len(samples) == pytest.approx(2 * RATE, abs=64)
    assert starts_of(np.abs(samples) + 0.2 * (np.abs(samples) > 0.2))[0] == pytest.approx(1, abs=0.002)
    spectrum = np.abs(np.fft.rfft(samples[-RATE // 2 :, 0]))
    assert np.argmax(spectrum) * 2 == pytest.approx(700, abs=3)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.06)
    assert len(load_audio(tmp_path / "a.wav", rate=16000)) == pytest.approx(32000, abs=32)


def test_sound_that_starts_late(tmp_path, bursts):
    path = tmp_path / "late.mp4"
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=64x48:d=4",
        "-itsoffset",
        "0.7",
        "-i",
        bursts["b.wav"],
        "-t",
        "4",
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        path,
    )
    assert starts_of(load_audio(path)) == pytest.approx([1.7, 2.7, 3.7], abs=0.003)
    assert starts_of(load_audio(path, start_s=1.5, duration_s=1)) == pytest.approx([0.2], abs=0.003)


def test_behind_the_end_is_silence(bursts):
    part = load_audio(bursts["b.wav"], start_s=7.5, duration_s=2)
    assert part.shape == (2 * RATE, 2)
    assert not part[RATE // 2 :].any()
    assert not load_audio(bursts["b.wav"], start_s=60, duration_s=0.5).any()


def test_a_time_stamp_that_leaps_is_no_silence(tmp_path):
    """A minute of sound whose middle claims to be hours later stays a minute."""
    import av

    path = tmp_path / "leap.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=8000, layout="mono")
        for n in range(600):
            frame = av.AudioFrame.from_ndarray(np.full((1, 800), 3000, np.int16), format="s16", layout="mono")
            frame.sample_rate = 8000
            frame.pts = n * 800 + (8000 * 36000 if n >= 300 else 0)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    samples = load_audio(path)
    assert len(samples) == pytest.approx(60 * RATE, rel=0.001)
    assert samples[RATE:-RATE].min() > 0.05


def test_over_an_hour_is_not_loaded_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("reelframe.media.reading.LONGEST_S", 60)
    ffmpeg("-f", "lavfi", "-i", "sine=r=8000:d=720", "-c:a", "pcm_u8", tmp_path / "long.wav")
    for wanted in ({"duration_s": 61}, {"rate": 8000}):
        with pytest.raises(MediaError, match=r"long\.wav: has over an hour"):
            load_audio(tmp_path / "long.wav", **wanted)
    late = load_audio(tmp_path / "long.wav", start_s=710, duration_s=5)
    assert len(late) == 5 * RATE
    assert np.abs(late).reshape(5, -1).max(axis=1) == pytest.approx(np.full(5, 0.125), abs=0.01)


def test_blocks_add_up_and_stopping_early_leaves_nothing(bursts):
    blocks = list(iter_audio(bursts["b.m4a"]))
    assert len(blocks) == 8
    assert np.array_equal(np.concatenate(blocks), load_audio(bursts["b.m4a"]))
    before = len(sandbox._alive)
    stream = iter_audio(bursts["b.m4a"])
    next(stream)
    stream.close()
    assert len(sandbox._alive) <= before
    assert np.array_equal(load_audio(bursts["b.m4a"]), np.concatenate(blocks))


def test_cover_art_is_no_clip(tmp_path, bursts):
    picture(100, 100).save(tmp_path / "cover.jpg")
    for name in ("song.mp3", "song.m4a"):
        ffmpeg(
            "-i",
            bursts["b.wav"],
            "-i",
            tmp_path / "cover.jpg",
            "-map",
            "0",
            "-map",
            "1",
            "-c:v",
            "mjpeg",
            "-disposition:v",
            "attached_pic",
            tmp_path / name,
        )
        media = probe(tmp_path / name)
        assert (media.kind, media.width, media.has_audio) == ("audio", 0, True)
        assert media.duration_s == pytest.approx(8, abs=0.1)


def test_facts(clips):
    for name in ("a.mp3", "a.wav", "a.m4a", "a.aac"):
        media = probe(clips[name])
        assert (media.kind, media.format, media.has_audio, media.width, media.fps) == ("audio", name[2:], True, 0, None)
        assert media.duration_s == pytest.approx(10, abs=0.06)


def test_mp4_with_sound_only_is_audio(tmp_path, clips):
    path = tmp_path / "voice.mp4"
    ffmpeg("-i", clips["a.m4a"], "-c", "copy", path)
    media = probe(path)
    assert (media.kind, media.format) == ("audio", "m4a")


def test_a_silent_clip_and_a_photo_have_no_sound(clips, tmp_path):
    picture().save(tmp_path / "a.png")
    for path in (clips["silent.mp4"], tmp_path / "a.png"):
        with pytest.raises(MediaError, match="no sound"):
            load_audio(path)


def test_long_sound_takes_no_more_memory(tmp_path):
    """Five minutes are 115 MB of samples; neither process holds them."""
    import tracemalloc
    from pathlib import Path

    ffmpeg("-f", "lavfi", "-i", "sine=d=300:r=8000", "-ac", "1", "-b:a", "16k", tmp_path / "long.mp3")
    tracemalloc.start()
    total = sum(len(block) for block in iter_audio(tmp_path / "long.mp3"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == pytest.approx(300 * RATE, rel=0.001)
    assert peak < 20_000_000
    worker = sandbox._idle[-1]
    status = Path(f"/proc/{worker.pid}/status").read_text()
    resident = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    assert resident < 400_000
