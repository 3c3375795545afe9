"""``rf.create`` and the clients under it: what goes in, what is told on the way, what happens when it can't be done."""

from __future__ import annotations

import asyncio
import itertools
import math
import struct
import time
import wave
from importlib import resources
from pathlib import Path

import av
import numpy as np
import pytest

import reelframe as rf
from reelframe.oneliner import acreate

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))


def tone(path, hertz=440, seconds=6):
    samples = (int(12000 * math.sin(2 * math.pi * hertz * i / 48000)) for i in range(48000 * seconds))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(b"".join(struct.pack("<h", s) for s in samples))
    return path


def test_a_folder_a_logo_own_music_and_a_preset(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for photo in PHOTOS[:2]:
        (folder / photo.name).write_bytes(photo.read_bytes())
    (folder / "notes.txt").write_text("not for the video")
    video = rf.create(
        folder, "a 2-second video with music", tmp_path / "out.mp4", logo=SAMPLES / "logo.png",
        music=tone(tmp_path / "tone.wav"), preset="tiktok",
    )  # fmt: skip
    assert (video.width, video.height) == (1080, 1920)
    with av.open(str(video.path)) as file:
        sound = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])
    spectrum = np.abs(np.fft.rfft(sound[:48000] * np.hanning(48000)))
    assert int(np.argmax(spectrum)) == pytest.approx(440, abs=2), "the music that was given, not one that was composed"
    with av.open(str(video.path)) as file:
        frame = list(file.decode(video=0))[30].to_ndarray(format="rgb24")
    assert (frame[1600:, 540:].min(axis=-1) > 225).sum() > 300, "the white mark in the lower right corner"


def test_progress_is_told_in_order_and_only_forwards(tmp_path):
    seen = []
    rf.create(PHOTOS[:2], "a 2-second video", tmp_path / "out.mp4", on_progress=seen.append)
    stages = [stage for stage, _ in itertools.groupby(p.stage for p in seen)]
    wanted = [s for s in stages if s in {"upload", "render", "download"}]
    assert wanted == sorted(set(wanted), key=["upload", "render", "download"].index)
    assert wanted == ["upload", "render", "download"]
    for stage in wanted:
        fractions = [p.fraction for p in seen if p.stage == stage and p.fraction is not None]
        assert fractions == sorted(fractions)
        assert all(0 <= f <= 1 for f in fractions)
    assert (seen[-1].stage, seen[-1].fraction) == ("done", 1)
    assert "out.mp4" in seen[-1].text


BROKEN = [
    (lambda _: {"media": []}, rf.errors.MediaError, "No photos"),
    (lambda _: {"media": [], "prompt": "a video: please"}, rf.errors.PlanError, "can't do this here"),
    (lambda _: {"prompt": "  \n"}, rf.errors.PlanError, "empty"),
    (lambda _: {"prompt": "generate a voice-over"}, rf.errors.PlanError, "can't speak"),
    (lambda _: {"prompt": "export"}, rf.errors.PlanError, "nothing to export"),
    (lambda d: {"path": d / "no/such/out.mp4"}, rf.errors.StorageError, "does not exist"),
    (lambda d: {"path": d}, rf.errors.StorageError, "is a folder"),
    (lambda d: {"path": d / "out.xyz"}, rf.errors.ConfigurationError, "xyz"),
    (lambda _: {"preset": "nonsense"}, rf.errors.APIError, "youtube"),
    (lambda _: {"backend": "nonsense"}, rf.errors.ConfigurationError, "local"),
    (lambda _: {"backend": "http://me:secret@127.0.0.1:1"}, rf.errors.ConfigurationError, "NEMO_TOKEN"),
    (lambda d: {"logo": d / "none.png"}, rf.errors.MediaError, "none.png"),
    (lambda d: {"music": tone(d / "tune.wav", seconds=1).rename(d / "tune.docx")}, rf.errors.MediaError, "tune.docx"),
    (lambda _: {"media": [("photo.jpg", b"not a photo at all" * 99)]}, rf.errors.MediaError, "photo.jpg"),
    (lambda _: {"media": [PHOTOS[0], "http://127.0.0.1:9/x.jpg"]}, rf.errors.ReelframeError, "127.0.0.1"),
]


@pytest.mark.parametrize(("change", "kind", "words"), BROKEN, ids=[f"{i}-{b[2]}" for i, b in enumerate(BROKEN)])
def test_what_can_not_be_done_is_an_error_in_words_and_leaves_nothing(tmp_path, monkeypatch, change, kind, words):
    monkeypatch.chdir(tmp_path)
    call = {"media": PHOTOS[:1], "prompt": "a 1-second video", "path": tmp_path / "out.mp4", **change(tmp_path)}
    given = sorted(tmp_path.iterdir())
    with pytest.raises(kind) as caught:
        rf.create(**call)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == given


@pytest.mark.parametrize("change", [{"path": "no/such/out.mp4"}, {"path": "out.xyz"}, {"preset": "tiktak"}])
def test_what_can_not_be_exported_is_said_before_anything_is_sent(tmp_path, monkeypatch, change):
    monkeypatch.chdir(tmp_path)
    events = []
    with pytest.raises(rf.errors.ReelframeError):
        rf.create(**{"media": PHOTOS[:1], "prompt": "a 1-second video", "on_event": events.append, **change})
    assert events == []


def bad_files(clip):
    """Names and contents that nobody can use."""
    return {
        "empty.mp4": b"",
        "cut.mp4": clip[: len(clip) // 2],
        "photo.mp4": b"#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n",
        "words.png": b"only words\n" * 100,
        "page.webm": b"<!DOCTYPE html><html>404</html>",
    }


def test_bad_files_are_refused_by_name_and_the_session_goes_on(tmp_path):
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for i in range(60):
            picture = np.random.default_rng(i).integers(0, 255, (240, 320, 3), dtype=np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode())
    with rf.Client() as client:
        session = client.create_session()
        for name, content in bad_files(path.read_bytes()).items():
            began = time.monotonic()
            with pytest.raises(rf.errors.MediaError) as caught:
                session.upload((name, content))
            assert caught.value.name == name
            assert caught.value.reason
            assert name in str(caught.value)
            assert time.monotonic() - began < 15
        assert session.state().media == ()
        session.upload(path)
        session.ask("a 1-second video")
        assert session.state().draft.duration_ms == 1000


async def test_giving_up_leaves_no_file_and_no_render(tmp_path):
    rendering = asyncio.Event()

    def tell(progress):
        if progress.stage == "render" and progress.fraction:
            rendering.set()

    task = asyncio.create_task(acreate(PHOTOS, "a 60-second video with music", tmp_path / "out.mp4", on_progress=tell))
    await asyncio.wait_for(rendering.wait(), 90)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 10
    assert list(tmp_path.iterdir()) == []
    # Nothing of it goes on: the next one has the machine to itself, and nothing is left to resume.
    async with rf.AsyncClient() as client:
        assert await client.resume_exports() == ()


async def test_several_at_once_in_one_loop(tmp_path):
    wishes = {"wide": "a 1-second video", "tall": "a 1-second vertical video", "square": "a 1-second square video"}
    videos = await asyncio.gather(
        *(acreate(PHOTOS[:1], wish, tmp_path / f"{name}.mp4", project=name) for name, wish in wishes.items())
    )
    assert [(v.width, v.height) for v in videos] == [(1920, 1080), (1080, 1920), (1080, 1080)]


@pytest.mark.parametrize("prompt", ["crop it", "a 2-second video of these, and crop it"])
def test_a_question_that_a_sentence_leaves_open_is_asked_in_the_error(tmp_path, prompt):
    with pytest.raises(rf.errors.PlanError, match=r"(?s)question open.*shape.*9:16"):
        rf.create(PHOTOS[:2], prompt, tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []
