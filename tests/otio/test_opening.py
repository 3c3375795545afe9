"""Another editor's cuts become a video: by the one-liner, in a session, and on the command line."""

from __future__ import annotations

import subprocess
import sys

import av
import numpy as np
import opentimelineio as otio
import pytest
from PIL import Image

import reelframe as rf
from reelframe.errors import MediaError, PlanError

RED, BLUE = (200, 30, 30), (30, 30, 200)


def clip(name, frames):
    reference = otio.schema.ExternalReference(target_url=f"file:///Volumes/Footage/{name}")
    length = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 10), otio.opentime.RationalTime(frames, 10))
    return otio.schema.Clip(name=name, media_reference=reference, source_range=length)


@pytest.fixture
def material(tmp_path):
    """Two photos, and a timeline that shows the blue one for 0.3 s and the red one for 0.5 s, at 10 fps."""
    for name, color in (("red.png", RED), ("blue.png", BLUE)):
        Image.new("RGB", (160, 90), color).save(tmp_path / name)
    timeline = otio.schema.Timeline(name="Cut 3")
    track = otio.schema.Track(kind="Video")
    track.extend([clip("blue.png", 3), clip("red.png", 5)])
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"), "otio_json")
    return tmp_path


def colors(path):
    with av.open(str(path)) as file:
        middles = [f.to_ndarray(format="rgb24")[f.height // 2, f.width // 2] for f in file.decode(video=0)]
    return ["red" if r > b else "blue" for r, _, b in np.array(middles, int)]


def test_the_one_liner_takes_the_cuts(material):
    media = [material / name for name in ("red.png", "blue.png", "cut.otio")]
    video = rf.create(media, "", material / "out.gif")
    # A GIF's frames last a whole number of hundredths: time is counted, not frames.
    with Image.open(video.path) as gif:
        times = []
        for n in range(gif.n_frames):
            gif.seek(n)
            r, _, b = gif.convert("RGB").getpixel((gif.width // 2, gif.height // 2))
            times += ["red" if r > b else "blue"] * gif.info["duration"]
    assert times.count("blue") == pytest.approx(300, abs=40)
    assert times.count("red") == pytest.approx(500, abs=40)
    assert times == sorted(times)


def test_a_session_opens_it_as_one_step_and_goes_on(material):
    with rf.Client() as client:
        session = client.create_session("Cuts", language="en")
        with pytest.raises(PlanError, match=r"not uploaded: blue\.png, red\.png") as caught:
            session.apply(material / "cut.otio")
        assert "Upload them" in caught.value.hint
        session.upload(material / "red.png", material / "blue.png")
        assert "red.png (0.3-0.8s)" in session.apply(str(material / "cut.otio")).text
        shots = session.state().draft.main.segments
        assert [(s.name, s.duration_ms) for s in shots] == [("blue.png", 300), ("red.png", 500)]
        session.ask("make it square")
        draft = session.state().draft
        assert (draft.get("width"), draft.get("height")) == (1080, 1080)
        session.undo(2)
        assert not session.state().draft.exportable


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"these are words"])
def test_what_cannot_be_opened_is_named(content, tmp_path):
    path = tmp_path / "cut.otio"
    if content is not None:
        path.write_bytes(content)
    with rf.Client() as client:
        session = client.create_session("Cuts", language="en")
        with pytest.raises((MediaError, PlanError)) as caught:
            session.apply(path)
    assert str(tmp_path) not in str(caught.value)
    assert "cut.otio" in str(caught.value) or "OpenTimelineIO" in str(caught.value)


def test_two_timelines_are_no_video(material):
    with pytest.raises(PlanError, match="2 timelines"):
        rf.create([material / "cut.otio", material / "other.otio"], "", material / "out.mp4")


def test_the_command_line_takes_it_like_any_file(material):
    command = [sys.executable, "-m", "reelframe.cli", "create", "cut.otio", "red.png", "blue.png"]
    command += ["-p", "make it 240p", "-o", "out.mp4", "--quiet"]
    done = subprocess.run(command, cwd=material, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert colors(material / "out.mp4") == ["blue"] * 3 + ["red"] * 5
