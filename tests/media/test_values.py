"""Media, Library and Video."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from reelframe.errors import MediaError
from reelframe.media import Library, Media, Video

from .conftest import ffmpeg


def media(n, name="a.jpg", **more):
    return Media(id=f"{n:064x}", name=name, kind=more.pop("kind", "image"), format="jpeg", size_bytes=9, **more)


def test_media_is_frozen_and_keeps_its_place_to_itself():
    one = media(1, path=Path("/somewhere/secret.jpg"))
    assert "secret" not in one.model_dump_json()
    assert "secret" not in repr(one)
    with pytest.raises(ValidationError):
        one.name = "b.jpg"
    with pytest.raises(ValidationError):
        Media(id="../../etc/passwd", name="a", kind="image", format="png", size_bytes=1)
    assert Media.model_validate_json(one.model_dump_json()) == one.model_copy(update={"path": None})


def test_library():
    first, logo, song, clip = (
        media(1, "First.JPG"),
        media(2, "logo.png", role="logo"),
        media(3, "song.mp3", kind="audio"),
        media(4, "first.mp4", kind="video"),
    )
    library = Library().add(first).add(logo).add(song).add(clip)
    assert list(library) == [first, logo, song, clip]
    assert library.ids == (first.id, logo.id, song.id, clip.id)
    assert library.shots == (first, clip)
    assert library.logos == (logo,)
    assert library.music == (song,)
    assert library.get(song.id) is song
    assert library.get("x") is None
    assert first in library
    assert first.id in library
    assert library.by_name("FIRST.jpg") is first
    assert library.by_name("first") is clip
    assert library.by_name("Logo") is logo
    assert library.by_name("nothing") is None
    assert library.remove(first.id).ids == (logo.id, song.id, clip.id)
    assert len(library.remove("x")) == 4
    assert library.with_role(first.id, "logo").logos[0].id == first.id
    assert library.shots == (first, clip)
    renamed = first.model_copy(update={"name": "again.jpg"})
    assert list(library.add(renamed)) == [renamed, logo, song, clip]


@pytest.fixture
def video(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=160x90:r=30:d=2",
        "-f",
        "lavfi",
        "-i",
        "sine=f=997:d=2",
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        tmp_path / "out.mp4",
    )
    return Video(tmp_path / "out.mp4", warnings=("one <b>word</b>",))


def test_a_video_tells_about_itself(video, tmp_path):
    assert (video.width, video.height, video.fps) == (160, 90, 30)
    assert video.duration_s == pytest.approx(2, abs=0.05)
    assert video.size_bytes == (tmp_path / "out.mp4").stat().st_size
    # A full-scale 997 Hz sine on both channels has 0 LUFS (BS.1770); lavfi's has 1/8 of that.
    assert video.loudness_lufs == pytest.approx(20 * np.log10(1 / 8), abs=0.6)
    assert os.fspath(video) == str(tmp_path / "out.mp4")
    shutil.copy(video, tmp_path / "copy.mp4")


def test_a_video_shows_a_player(video, tmp_path, monkeypatch):
    bundle = video._repr_mimebundle_()
    assert bundle["text/html"].count("<video ") == 1
    assert "data:video/mp4;base64," in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]
    assert bundle["text/plain"] == repr(video)
    monkeypatch.setattr("reelframe.media.video.EMBED_BYTES", 10)
    assert 'src="out.mp4"' in video._repr_html_()
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert "<video" not in video._repr_html_()


def test_making_and_showing_a_video_never_fails(tmp_path):
    lost = Video(tmp_path / "lost.mp4")
    assert "missing" in lost._repr_html_()
    for name in ("size_bytes", "duration_s", "width", "loudness_lufs"):
        with pytest.raises(MediaError, match=r"lost\.mp4"):
            getattr(lost, name)
    nothing = Video(None)
    assert "nowhere" in repr(nothing)
    with pytest.raises(MediaError):
        os.fspath(nothing)


def test_a_link_never_shows_its_secret():
    link = Video(None, url="https://user:pw@cdn.example/v/1.mp4?X-Signature=s3cret#t", render_id="r1")
    for text in (repr(link), link._repr_html_(), str(link._repr_mimebundle_())):
        assert "s3cret" not in text
        assert "pw" not in text
    assert "https://cdn.example/v/1.mp4" in repr(link)
    assert 'src="https://cdn.example/v/1.mp4"' in Video(None, url="https://cdn.example/v/1.mp4")._repr_html_()
