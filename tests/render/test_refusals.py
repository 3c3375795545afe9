"""What can't be done is said in words, before work starts where it can be; and nothing is left behind."""

from __future__ import annotations

import os
import shutil
import time
from types import SimpleNamespace

import pytest

from reelframe.draft import Draft
from reelframe.errors import (
    ConfigurationError,
    DraftError,
    JobCancelledError,
    MediaError,
    PlanError,
    ReelframeError,
    RenderFailedError,
    StorageError,
)
from reelframe.jobs import CancelToken
from reelframe.media.model import Library
from reelframe.render import compose, pipeline
from reelframe.render.outputs import Options, export


@pytest.mark.parametrize("wire", [{}, {"t": []}, {"t": [{"tt": 0, "sg": []}]}, {"t": [{"tt": 0, "sg": [{"d": 0}]}]}])
def test_an_empty_timeline_is_refused(wire):
    with pytest.raises(PlanError, match="empty"):
        compose(Draft.from_wire(wire), Library())


@pytest.mark.parametrize(("shot", "word"), [
    ({"transition": {"type": "explode"}}, "explode"),
    ({"look": "nope"}, "nope"),
    ({"effects": [{"name": "sparkle"}]}, "sparkle"),
    ({"fit": "stretch"}, "stretch"),
    ({"move": {"direction": "sideways"}}, "sideways"),
    ({"speed": 0}, "speed"),
    ({"zoom": "big"}, "zoom"),
    ({"crop": {"x": 1, "y": 0, "w": 1, "h": 1}}, "crop"),
    ({"adjust": {"hue": 1}}, "hue"),
    ({"media": "f" * 64}, "not among"),
    ({"rotate": float("nan")}, "rotate"),
])  # fmt: skip
def test_what_it_does_not_know_is_named(studio, shot, word):
    media = studio.plain("a.png", (1, 2, 3))
    with pytest.raises(PlanError, match=word):
        studio.compose([{"d": 1000, "media": media.id}, {"d": 1000, "media": media.id, **shot}])


@pytest.mark.parametrize(("more", "word"), [
    ({"width": 4}, "width"), ({"height": 100000}, "height"), ({"fps": 0}, "fps"), ({"background": "reddish"}, "reddish"),
    ({"texts": [{"d": 500, "text": "x", "position": "nowhere"}]}, "nowhere"),
    ({"texts": [{"d": 500, "text": "x", "anim_in": {"type": "jump"}}]}, "jump"),
    ({"sounds": [{"d": 500}]}, "neither"),
    ({"over": [{"d": 500, "role": "logo"}]}, "without a picture"),
])  # fmt: skip
def test_the_rest_of_the_timeline_too(studio, more, word):
    media = studio.plain("a.png", (1, 2, 3))
    with pytest.raises((PlanError, DraftError), match=word):
        studio.compose([{"d": 1000, "media": media.id}], **more)


def test_a_sound_is_no_picture(studio):
    import wave

    path = studio.folder / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(bytes(9600))
    media = studio.keep(path)
    with pytest.raises(PlanError, match="sound"):
        studio.compose([{"d": 1000, "media": media.id}])


@pytest.fixture
def short(studio):
    return studio.compose([{"d": 300, "media": studio.plain("a.png", (90, 20, 20)).id}])


@pytest.mark.parametrize(("name", "error", "word"), [
    ("missing/out.mp4", StorageError, "does not exist"),
    ("out.avi", RenderFailedError, "can't be written"),
    ("out", RenderFailedError, "can't be written"),
    ("folder.mp4", StorageError, "is a folder"),
])  # fmt: skip
def test_targets_that_can_not_be(studio, short, name, error, word):
    (studio.folder / "folder.mp4").mkdir()
    before = sorted(studio.folder.rglob("*"))
    with pytest.raises(error, match=word):
        studio.render(short, name)
    assert sorted(studio.folder.rglob("*")) == before


def test_a_full_disk_is_told_before_work_starts(studio, short, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(StorageError, match="full"):
        studio.render(short)
    assert studio.cache.kept == []


def test_a_disk_that_fills_up_later_is_a_storage_error_too(studio, short, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pipeline, "write_movie", full)
    with pytest.raises(StorageError, match="No space left"):
        studio.render(short)
    assert not list(studio.folder.glob(".out*")) and not (studio.folder / "out.mp4").exists()


def test_an_unknown_quality_is_refused(studio, short):
    with pytest.raises(ConfigurationError, match="best"):
        studio.render(short, quality="best")


def test_a_file_that_vanished_is_named_and_nothing_is_left(studio):
    media = studio.plain("gone.png", (90, 20, 20))
    c = studio.compose([{"d": 3000, "media": media.id, "move": {"direction": "in"}}])
    media.path.unlink()
    with pytest.raises(MediaError, match=r"gone\.png"):
        studio.render(c)
    assert not (studio.folder / "out.mp4").exists() and not list(studio.folder.glob(".out*"))


def test_a_failed_render_leaves_the_old_video(studio, short):
    old = studio.render(short).path.read_bytes()
    media = studio.plain("gone.png", (9, 20, 20))
    c = studio.compose([{"d": 1000, "media": media.id}])
    media.path.unlink()
    with pytest.raises(MediaError):
        studio.render(c)
    assert (studio.folder / "out.mp4").read_bytes() == old


def test_cancelling_is_quick_and_leaves_nothing(studio, photos):
    shots = [{"d": 20_000, "media": p.id, "move": {"direction": "in"}} for p in photos]
    c = studio.compose(shots, width=1280, height=720)
    token, raised = CancelToken(), []

    def watch(progress):
        if progress.fraction and progress.fraction > 0.01 and not raised:
            raised.append(time.monotonic())
            token.cancel()

    with pytest.raises(JobCancelledError):
        studio.render(c, on_progress=watch, cancel=token)
    took = time.monotonic() - raised[0]
    # 0.3 s on a quiet machine; the rest is for the company that tests keep.
    assert took < 1.5
    assert not (studio.folder / "out.mp4").exists() and not list(studio.folder.glob(".out*"))


def test_a_token_that_was_raised_before_stops_at_once(studio, short):
    token = CancelToken()
    token.cancel()
    with pytest.raises(JobCancelledError):
        studio.render(short, cancel=token)


def test_an_error_of_a_callback_stops_the_work(studio, photos):
    c = studio.compose([{"d": 5000, "media": p.id, "move": {"direction": "in"}} for p in photos])

    def broken(_progress):
        raise ReelframeError("the listener broke")

    with pytest.raises(ReelframeError, match="listener"):
        studio.render(c, on_progress=broken)


@pytest.mark.parametrize(("name", "fits"), [("a.png", True), ("a.mp3", False), ("a.gif", False), ("a.mov", False)])
def test_only_as_much_room_is_asked_for_as_this_kind_of_file_takes(studio, monkeypatch, name, fits):
    media = studio.plain("a.png", (1, 2, 3))
    music = {"d": 1000, "music": {"mood": "calm", "seed": 1}, "role": "bgm"}
    hour = studio.compose([{"d": 3_600_000, "media": media.id}], sounds=[music], width=640, height=360)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=30_000_000))
    token = CancelToken()
    token.cancel()
    # What fits gets as far as being cancelled.
    with pytest.raises(JobCancelledError if fits else StorageError, match=None if fits else "full"):
        export(hour, studio.folder / name, cancel=token, cache=studio.cache)


def test_a_folder_in_the_place_of_a_bounded_film_is_told_before_work_starts(studio, short):
    (studio.folder / "out.mp4").mkdir()
    with pytest.raises(StorageError, match="is a folder"):
        export(short, studio.folder / "out.mp4", Options(max_bytes=1_000_000), cache=studio.cache)
    assert studio.cache.kept == []


def test_the_file_has_the_mode_of_any_new_file_and_nobody_elses_changes_meanwhile(studio, short):
    plain = studio.folder / "plain.txt"
    plain.touch()
    studio.render(short)
    assert (studio.folder / "out.mp4").stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize(
    ("said", "most"), [("150000 100000", 2), ("50000 100000", 1), ("max 100000", None), ("?", None)]
)
def test_a_containers_share_of_the_processors_is_kept_to(tmp_path, monkeypatch, said, most):
    file = tmp_path / "cpu.max"
    file.write_text(said)
    monkeypatch.setattr(pipeline, "_CPU_MAX", file)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(64))
    assert pipeline.cores() == (most or 64)
