"""Subtitles written: read back by ourselves and by FFmpeg."""

from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.draft import Draft, Segment, Track
from reelframe.subtitles import Cue, cues_of, flattened, read_subtitles, to_srt, to_vtt

CUES = (
    Cue(0, 1500, "First"),
    Cue(1500, 61_001, "Second,\nin two lines", italic=True),
    Cue(3_600_000, 3_600_500, "An hour later: a < b & c", "top_right", bold=True),
)


def test_srt_is_spelled_as_its_own_program_does():
    assert to_srt(CUES[:2]) == (
        "1\r\n00:00:00,000 --> 00:00:01,500\r\nFirst\r\n\r\n"
        "2\r\n00:00:01,500 --> 00:01:01,001\r\n<i>Second,\r\nin two lines</i>\r\n\r\n"
    )


def test_vtt_keeps_the_places():
    text = to_vtt(CUES)
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nFirst\n\n")
    assert (
        "01:00:00.000 --> 01:00:00.500 line:0 position:95% align:right\n<b>An hour later: a &lt; b &amp; c</b>" in text
    )
    assert read_subtitles(text).cues == CUES


@pytest.mark.parametrize(("write", "suffix"), [(to_srt, "srt"), (to_vtt, "vtt")])
def test_ffmpeg_reads_what_is_written(write, suffix, tmp_path):
    path = tmp_path / f"out.{suffix}"
    path.write_bytes(write(CUES).encode())
    asked = ["ffprobe", "-v", "error", "-show_packets", "-of", "json", str(path)]
    packets = json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)["packets"]
    times = [(float(p["pts_time"]), float(p["pts_time"]) + float(p["duration_time"])) for p in packets]
    expected = [(cue.start_ms / 1000, cue.end_ms / 1000) for cue in CUES]
    assert [round(t, 3) for pair in times for t in pair] == [t for pair in expected for t in pair]


words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=20
)
lines = (
    st.lists(words, min_size=1, max_size=3)
    .map("\n".join)
    .filter(lambda t: not set(t) & set("<>&{}\\\ufeff\u200b\u2060\u00ad"))
)
cues = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(1, 5000), lines).map(lambda c: Cue(c[0], c[0] + c[1], c[2])),
    min_size=1, max_size=6,
)  # fmt: skip


@given(cues)
def test_what_is_written_comes_back(made):
    made = sorted(made, key=lambda cue: (cue.start_ms, cue.end_ms))
    again = read_subtitles(to_vtt(made)).cues
    assert [(c.start_ms, c.end_ms, c.text) for c in again] == [(c.start_ms, c.end_ms, c.text) for c in made]


def test_an_empty_line_or_an_arrow_in_a_text_does_not_break_the_file():
    made = (Cue(0, 1000, "One\n\n \nTwo --> three"), Cue(1000, 2000, "Four"))
    assert [cue.text for cue in read_subtitles(to_srt(made)).cues] == ["One\nTwo → three", "Four"]
    assert [cue.text for cue in read_subtitles(to_vtt(made)).cues] == ["One\nTwo --> three", "Four"]


def draft(*texts):
    made = [Segment.make(1000, text=text, role=role, start=start, **more) for text, role, start, more in texts]
    return Draft(t=(Track(tt=7, sg=tuple(made)), Track(tt=0, sg=(Segment.make(9000),))))


def test_the_texts_of_a_timeline():
    timeline = draft(
        ("Later", "caption", 3000, {}), ("Title", "title", 0, {"position": "top"}), ("  ", "text", 500, {})
    )
    assert cues_of(timeline) == (Cue(0, 1000, "Title", "top"), Cue(3000, 4000, "Later"))
    assert [cue.text for cue in cues_of(timeline, {"caption"})] == ["Later"]
    assert to_srt(timeline).count("-->") == 2
    assert to_srt(Draft()) == ""


def test_where_there_are_subtitles_titles_are_left_out():
    timeline = draft(("Title", "title", 0, {}), ("Said", "subtitle", 2000, {"style": {"italic": True}}))
    assert cues_of(timeline) == (Cue(2000, 3000, "Said", italic=True),)


def test_overlaps_are_shown_together():
    a, b = Cue(1000, 4000, "A"), Cue(3000, 6000, "B")
    assert flattened([b, a]) == (Cue(1000, 3000, "A"), Cue(3000, 4000, "A\nB"), Cue(4000, 6000, "B"))


def test_a_slip_of_the_clock_is_no_overlap():
    assert flattened([Cue(0, 2100, "A"), Cue(2000, 4000, "B")]) == (Cue(0, 2000, "A"), Cue(2000, 4000, "B"))


def test_different_places_do_not_disturb_each_other():
    cues = (Cue(0, 2000, "A", "top"), Cue(0, 2000, "B"))
    assert flattened(cues) == cues


def test_the_same_words_twice_are_said_once():
    assert flattened([Cue(0, 2000, "A"), Cue(1000, 3000, "A")]) == (Cue(0, 3000, "A"),)
