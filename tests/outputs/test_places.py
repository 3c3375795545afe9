"""Presets: what a place takes, and what is said when a video is over that."""

from __future__ import annotations

import pytest

from reelframe.backend.making import make
from reelframe.backend.output import FORMATS, read_output
from reelframe.backend.presets import PRESETS, preset
from reelframe.errors import APIError, PlanError

FINE = {"duration_s": 30.0, "size_bytes": 9_000_000, "width": 1080, "height": 1920, "fps": 30.0}


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("tiktok", {}, None),
        ("tiktok", {"duration_s": 601}, "TikTok takes at most 10 minutes; this video is 10 min 1 s long."),
        ("tiktok", {"duration_s": 600.02}, None),
        ("tiktok", {"duration_s": 2}, "TikTok takes at least 3 seconds; this video is 2 seconds long."),
        ("reels", {"duration_s": 901}, "Instagram Reels takes at most 15 minutes; this video is 15 min 1 s long."),
        ("reels", {"size_bytes": 301_000_000}, "Instagram Reels takes files of at most 300 MB; this one is 301 MB."),
        ("shorts", {"duration_s": 190}, "YouTube Shorts takes at most 3 minutes; this video is 3 min 10 s long."),
        ("shorts", {"width": 1920, "height": 1080}, "YouTube Shorts takes shapes up to 1:1; this video is 1920x1080."),
        ("stories", {"duration_s": 61}, "Instagram Stories takes at most 1 minute; this video is 61 seconds long."),
        ("youtube", {"duration_s": 50_000}, "YouTube takes at most 12 hours; this video is 13.9 hours long."),
        ("square", {"duration_s": 50_000}, None),
        ("feed", {"width": 2000, "height": 1000}, "The Instagram feed takes shapes up to 1.91:1; this video is 2000x1000."),
        ("linkedin", {"fps": 5}, "LinkedIn takes at least 10 frames per second; this video has 5."),
        ("x", {"duration_s": 141}, "X takes at most 2 min 20 s; this video is 2 min 21 s long."),
        ("x", {"fps": 120}, "X takes at most 60 frames per second; this video has 120."),
    ],
)  # fmt: skip
def test_limits_are_named(name, changes, said):
    limits = preset(name).limits
    assert (limits.broken(**{**FINE, **changes}) if limits else ()) == ((said,) if said else ())


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_places_own_size_is_within_its_limits(name):
    one = PRESETS[name]
    if one.limits:
        facts = {**FINE, "width": one.width, "height": one.height, "fps": one.fps}
        assert one.limits.broken(**facts) == ()
    assert "limits" not in one.as_dict() or all(v is not None for v in one.as_dict()["limits"].values())


def test_a_warning_comes_with_the_video(tmp_path, film, cache):
    draft, library = film(sound=False)
    output = read_output({"preset": "x", "quality": "preview", "width": 320, "height": 180, "fps": 5})
    made = make(draft.replace(d=400), library, tmp_path / "a.mp4", output, cache=cache)
    assert made.warnings == ("X takes at least 0.5 seconds; this video is 0.4 seconds long.",)
    assert (made.width, made.height) == (320, 180)


def test_what_was_said_of_the_size_earlier_holds(tmp_path, film, cache):
    draft, library = film()
    output = read_output({"width": 640, "height": 360})
    whole = make(draft, library, tmp_path / "a.mp4", output, cache=cache).size_bytes
    limited = draft.with_m(output={"max_bytes": whole // 2})
    small = make(limited, library, tmp_path / "b.mp4", output, cache=cache).size_bytes
    assert 0.97 * (whole // 2) <= small <= whole // 2
    quick = read_output({"quality": "preview", "width": 640, "height": 360})
    preview = make(limited, library, tmp_path / "c.mp4", quick, cache=cache).size_bytes
    assert preview == make(draft, library, tmp_path / "d.mp4", quick, cache=cache).size_bytes


def test_texts_as_subtitles(tmp_path, film):
    draft, library = film()
    made = make(draft, library, tmp_path / "a.srt", read_output({"format": "srt"}))
    text = made.path.read_text(encoding="utf-8")
    assert "00:00:00,000 --> 00:00:01,000\nFirst" in text.replace("\r\n", "\n")
    vtt = make(draft, library, tmp_path / "a.vtt", read_output({"format": "vtt"})).path
    assert vtt.read_text(encoding="utf-8").startswith("WEBVTT")
    with pytest.raises(PlanError, match="no texts"):
        make(film(texts=False)[0], library, tmp_path / "b.srt", read_output({"format": "srt"}))


@pytest.mark.parametrize(("said", "means"), [(".GIF", "gif"), ("jpeg", "jpg"), ("m4v", "mp4"), ("MP3", "mp3")])
def test_formats_by_any_name(said, means):
    assert read_output({"format": said})["format"] == means


@pytest.mark.parametrize("wrong", [{"format": "avi"}, {"max_bytes": 0}, {"max_bytes": "5 MB"}, {"at": -1}])
def test_what_is_not_possible_is_refused(wrong):
    with pytest.raises(APIError) as caught:
        read_output(wrong)
    assert caught.value.status == 400


def test_every_format_is_announced():
    assert set(FORMATS) == {"mp4", "mov", "webm", "gif", "png", "jpg", "wav", "mp3", "srt", "vtt", "otio"}
