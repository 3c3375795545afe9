"""Previews that are watched while they are made: what comes first, what plays, and what is left when nobody looks on."""

from __future__ import annotations

import io
import subprocess
import threading
import wave

import av
import numpy as np
import pytest

from reelframe.errors import JobCancelledError
from reelframe.jobs import CancelToken
from reelframe.render import mime_type, stream


@pytest.fixture
def job(studio, photos):
    path = studio.folder / "tone.wav"
    tone = np.sin(np.arange(9 * 48000) * 2 * np.pi * 440 / 48000) * 0.5
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes((tone * 32767).astype("<i2").tobytes())
    tone = studio.keep(path, role="music")
    shots = [{"d": 2000, "media": p.id, "move": {"direction": "in"}} for p in photos[:4]]
    return studio.compose(shots, sounds=[{"d": 8000, "role": "bgm", "media": tone.id}], width=720, height=406, fps=10)


def parts_of(studio, job, **more):
    return list(stream(job, cache=studio.cache, **more))


def test_the_first_part_comes_while_most_is_still_to_be_made(studio, job):
    made = []
    keep = studio.cache.put
    gate = threading.Event()

    def put(key, encoded):
        made.append(key)
        if len(made) > 1:
            # Whoever is second waits until somebody has seen the first.
            assert gate.wait(20)
        return keep(key, encoded)

    studio.cache.put = put
    parts = stream(job, cache=studio.cache, workers=1)
    first = next(parts)
    second = next(parts)
    assert len(made) <= 2
    gate.set()
    rest = list(parts)
    assert b"moov" in first and b"moof" in second
    assert len(made) == 4
    assert len(rest) >= 8


def test_the_parts_are_one_film_and_the_first_of_them_play_by_themselves(studio, job, tools):
    parts = parts_of(studio, job)
    path = studio.folder / "whole.mp4"
    path.write_bytes(b"".join(parts))
    done = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", str(path), "-f", "null", "-"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for kind, length in (("v", 8.0), ("a", 8.0)):
        facts = dict(tools.ffprobe(path, "-select_streams", kind, "-show_entries", "stream=duration,start_time"))
        assert float(facts["start_time"]) == 0
        assert float(facts["duration"]) == pytest.approx(length, abs=0.01)
    frames = tools.decode(path)
    assert len(frames) == 80 and frames[0].shape == (360, 638, 3)
    expected = studio.paint(job.scaled(height=360), 0, 30, 79)
    assert all(np.abs(frames[f] - e).mean() < 6 for f, e in zip((0, 30, 79), expected, strict=True))
    with av.open(io.BytesIO(b"".join(parts[:3]))) as beginning:
        assert sum(1 for _ in beginning.decode(video=0)) >= 5


def test_what_a_browser_is_told_of_it(studio, job):
    parts = parts_of(studio, job)
    assert mime_type(parts[0]) == 'video/mp4; codecs="avc1.42c016, mp4a.40.2"'
    with pytest.raises(ValueError, match="not the first part"):
        mime_type(parts[1])


def test_a_second_look_encodes_nothing_and_gives_the_same_bytes(studio, job):
    first = parts_of(studio, job)
    studio.cache.kept.clear()
    assert b"".join(parts_of(studio, job, workers=3)) == b"".join(first)
    assert studio.cache.kept == []


def test_the_sound_of_an_export_is_used(studio, job):
    def heard(data):
        with av.open(io.BytesIO(data)) as film:
            return [bytes(p) for p in film.demux(audio=0) if p.size]

    video = studio.render(job)
    exported = heard(video.path.read_bytes())
    # Without the run-up, for which there is no edit list.
    assert heard(b"".join(parts_of(studio, job))) == exported[1:]


def test_a_portrait_and_a_small_film_are_not_enlarged(studio, photos):
    shots = [{"d": 500, "media": photos[0].id}]
    for (width, height), expected in (((1080, 1920), (360, 640)), ((320, 180), (320, 180))):
        data = b"".join(parts_of(studio, studio.compose(shots, width=width, height=height, fps=10)))
        with av.open(io.BytesIO(data)) as film:
            assert (film.streams.video[0].width, film.streams.video[0].height) == expected
            assert not film.streams.audio


def test_leaving_and_cancelling_stop_the_work(studio, job):
    before = threading.active_count()
    parts = stream(job, cache=studio.cache, workers=1)
    next(parts)
    parts.close()
    assert threading.active_count() == before
    cancel = CancelToken()
    parts = stream(job.scaled(height=200), cache=studio.cache, cancel=cancel, side=200, workers=1)
    next(parts)
    cancel.cancel()
    with pytest.raises(JobCancelledError):
        list(parts)
    assert threading.active_count() == before
