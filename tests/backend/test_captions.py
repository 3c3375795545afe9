"""Subtitle files in a conversation: uploaded, named, read into lines, their faults told."""

from __future__ import annotations

import pytest
from PIL import Image

from reelframe.backend.captions import with_lines
from reelframe.connect import Client
from reelframe.draft import Brand
from reelframe.edits.plan import Plan
from reelframe.edits.vocabulary import AddSubtitles
from reelframe.errors import PlanError
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.subtitles import cues_of

SRT = "1\n00:00:01,000 --> 00:00:02,000\n<i>Größe</i>\n\n2\nx --> 00:00:05,000\nLost\n\n3\n00:00:03,000 --> 00:00:04,000\n{\\an8}Zwei\n"


@pytest.fixture
def library(tmp_path):
    (tmp_path / "captions.srt").write_bytes(SRT.encode("cp1252"))
    return Library((probe(tmp_path / "captions.srt"),))


def plan(source=None):
    return Plan(ops=(AddSubtitles(source=source),))


@pytest.mark.parametrize("source", ["captions.srt", "Captions", None])
def test_a_file_becomes_its_lines(library, source):
    read, notes = with_lines(plan(source), library, "en")
    (op,) = read.ops
    assert [(line.start_s, line.end_s, line.text) for line in op.lines] == [(1, 2, "Größe"), (3, 4, "Zwei")]
    assert op.lines[0].italic is True
    assert op.lines[1].position == "top"
    assert "In captions.srt, 1 line could not be used: line 6" in notes[0]
    assert "cp1252" in notes[1]


def test_what_a_subtitle_file_is_as_media(library):
    (media,) = library
    assert (media.kind, media.format, media.duration_s) == ("subtitles", "srt", 4.0)
    assert library.shots == ()
    assert library.subtitles == (media,)


@pytest.mark.parametrize(
    ("source", "words"), [("other.srt", 'no file called "other.srt". .*Uploaded: captions.srt'), ("nothing", "no file")]
)
def test_a_file_that_is_not_there_is_said(library, source, words):
    with pytest.raises(PlanError, match=words):
        with_lines(plan(source), library, "en")
    with pytest.raises(PlanError, match="no subtitle file yet"):
        with_lines(plan(), Library(), "en")


def test_a_file_that_was_cleared_is_said(library, tmp_path):
    (tmp_path / "captions.srt").unlink()
    with pytest.raises(PlanError, match="Upload it again"):
        with_lines(plan(), library, "zh")


def test_in_a_conversation(tmp_path, monkeypatch):
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "home"))
    (tmp_path / "captions.srt").write_bytes(SRT.encode("cp1252"))
    Image.new("RGB", (64, 48), "teal").save(tmp_path / "cup.png")
    with Client() as client:
        session = client.create_session()
        session.upload(tmp_path / "cup.png", tmp_path / "captions.srt")
        session.ask("make a 6 second video")
        said = session.ask("add the subtitles from captions.srt")
        assert "2 subtitles" in said.text
        assert "line 6" in said.text
        draft = session.state().draft
        assert [cue.text for cue in cues_of(draft)] == ["Größe", "Zwei"]
        assert [cue.position for cue in cues_of(draft)] == [None, "top"]
        # A brand is applied like any other change, and taken back like one.
        session.apply(Brand(colors=("#0b5cff",), look="bold"))
        assert Brand.of_draft(session.state().draft).look == "bold"
        session.undo()
        assert Brand.of_draft(session.state().draft) == Brand()
        session.undo()
        assert not [s for s in session.state().draft.segments if s.role == "subtitle"]
