"""Timelines for other editors: through OpenTimelineIO's own reader and back, and from a foreign editor."""

from __future__ import annotations

import opentimelineio as otio
import pytest

from reelframe.draft import Draft
from reelframe.errors import PlanError
from reelframe.otio import from_otio, to_otio
from reelframe.planner import sample_context

RATE = 25


@pytest.fixture
def sample():
    return sample_context()


def rich(draft):
    """The sample with everything that a segment can have."""
    data = draft.to_wire()
    clips = [s["m"]["media"] for s in data["t"][0]["sg"]]
    data["t"][0]["sg"] = [
        {"d": 4013, "m": {"id": "v1", "name": "clip1.mp4", "start": 0, "media": clips[0], "in": 1207, "speed": 2.0}},
        {"d": 3000, "m": {"id": "c", "start": 4013, "role": "card", "color": "#102030", "backdrop": {"kind": "auto"}}},
        {
            "d": 2500,
            "m": {
                "id": "v2", "name": "clip2.mp4", "start": 7013, "media": clips[1], "reverse": True, "look": "warm",
                "transition": {"type": "wipe", "ms": 600}, "crop": {"x": 0.1, "y": 0, "w": 0.8, "h": 1},
            },
        },
    ]  # fmt: skip
    data["t"][2]["sg"] = [
        {"d": 9513, "m": {"id": "a", "role": "bgm", "start": 0, "music": {"mood": "lofi", "seed": 3}}}
    ]
    data["t"][3]["sg"].append({"d": 900, "m": {"id": "t2", "text": "Zwei", "role": "caption", "start": 6000}})
    data["t"][3]["m"] = {"order": "upper"}
    data["d"] = 9513
    return Draft.from_wire(data)


def test_it_comes_back_as_it_was(sample):
    draft, library = sample
    for one in (draft, rich(draft)):
        assert from_otio(to_otio(one, library), library).to_wire() == one.to_wire()


def test_another_program_reads_what_it_needs(sample):
    draft = rich(sample[0])
    timeline = otio.adapters.read_from_string(to_otio(draft, sample[1]), "otio_json")
    assert timeline.duration().to_seconds() == pytest.approx(90.0)  # the logo's
    video = timeline.video_tracks()[0]
    first, card, wipe, last = video
    assert first.source_range.start_time.to_seconds() == pytest.approx(1.2, abs=0.02)
    assert first.source_range.duration.to_seconds() == pytest.approx(4.0, abs=0.02)
    assert first.effects[0].time_scalar == 2.0 and last.effects[0].time_scalar == -1.0
    assert isinstance(card.media_reference, otio.schema.GeneratorReference)
    assert (wipe.name, wipe.out_offset.to_seconds()) == ("wipe", pytest.approx(0.6))
    assert first.media_reference.target_url == "clip1.mp4"
    assert timeline.audio_tracks()[0][0].media_reference.parameters["music"]["mood"] == "lofi"
    assert [(m.name, m.marked_range.start_time.value) for m in timeline.tracks.markers] == [
        ("Welcome", 0),
        ("Zwei", 180),
    ]
    texts = timeline.video_tracks()[-1]
    assert isinstance(texts[1], otio.schema.Gap) and texts[2].media_reference.parameters["text"] == "Zwei"


def test_what_another_editor_changed_stays_changed(sample):
    draft = rich(sample[0])
    timeline = otio.adapters.read_from_string(to_otio(draft, sample[1]), "otio_json")
    track = timeline.video_tracks()[0]
    del track[1]
    track[0].source_range = otio.opentime.TimeRange(
        otio.opentime.RationalTime(60, 30), otio.opentime.RationalTime(30, 30)
    )
    back = from_otio(otio.adapters.write_to_string(timeline, "otio_json"), sample[1])
    first, last = back.main.segments
    assert (first.duration_ms, first.get("in"), first.get("speed")) == (1000, 2000, 2.0)
    assert (last.start_ms, last.duration_ms, last.get("look")) == (1000, 2500, "warm")


def clip(name, start, length, url=None):
    reference = otio.schema.ExternalReference(target_url=url or f"file:///Users/anna/Footage/{name}")
    # Cameras count from the time of the day.
    reference.available_range = otio.opentime.TimeRange(
        otio.opentime.RationalTime(90_000, RATE), otio.opentime.RationalTime(RATE * 60, RATE)
    )
    chosen = otio.opentime.TimeRange(
        otio.opentime.RationalTime(90_000 + start * RATE, RATE), otio.opentime.RationalTime(length * RATE, RATE)
    )
    return otio.schema.Clip(name=name, media_reference=reference, source_range=chosen)


def foreign():
    timeline = otio.schema.Timeline(name="Cut 3")
    video, sound = otio.schema.Track(kind="Video"), otio.schema.Track(kind="Audio")
    video.append(clip("clip1.mp4", 2, 4))
    video.append(
        otio.schema.Transition(
            transition_type="SMPTE_Dissolve",
            in_offset=otio.opentime.RationalTime(5, RATE),
            out_offset=otio.opentime.RationalTime(10, RATE),
        )
    )
    video.append(clip("clip2.mp4", 0, 3, "C:\\Footage\\clip2.mp4"))
    video.append(otio.schema.Gap(source_range=clip("x", 0, 1).source_range))
    video.append(clip("clip3.mp4", 10, 2))
    sound.append(clip("clip1.mp4", 2, 4))
    sound.append(clip("music.mp3", 0, 6))
    timeline.tracks.extend([video, sound])
    return timeline


def test_a_foreign_timeline_is_opened_for_its_cuts(sample):
    _, library = sample
    draft = from_otio(otio.adapters.write_to_string(foreign(), "otio_json"), library)
    shots = [(s.name, s.start_ms, s.duration_ms, s.get("in", 0)) for s in draft.main.segments]
    assert shots == [
        ("clip1.mp4", 0, 4000, 2000),
        ("clip2.mp4", 4000, 3000, 0),
        ("card", 7000, 1000, 0),
        ("clip3.mp4", 8000, 2000, 10_000),
    ]
    assert draft.main.segments[2].role == "card"
    assert draft.main.segments[1].get("transition") == {"type": "crossfade", "ms": 600}
    # The clip's own sound comes with it; what else is heard stays.
    (sounds,) = draft.of_kind("audio")
    assert [(s.name, s.start_ms, s.role) for s in sounds.segments] == [("music.mp3", 4000, "bgm")]
    assert (draft.get("fps"), draft.get("width"), draft.duration_ms) == (RATE, 1920, 10_000)


def test_it_can_be_rendered(sample):
    from reelframe.render import compose

    _, library = sample
    draft = from_otio(otio.adapters.write_to_string(foreign(), "otio_json"), library)
    assert [(s.start, s.end) for s in compose(draft, library).shots] == [(0, 100), (100, 175), (175, 200), (200, 250)]


def test_files_that_are_not_there_are_all_named(sample):
    timeline = foreign()
    timeline.tracks[0].append(clip("b-roll.mov", 0, 1))
    timeline.tracks[0].append(clip("drone.mov", 0, 1))
    with pytest.raises(PlanError, match=r"b-roll\.mov, drone\.mov"):
        from_otio(otio.adapters.write_to_string(timeline, "otio_json"), sample[1])


def test_nested_timelines_are_refused_by_name(sample):
    timeline = foreign()
    timeline.tracks[0].append(otio.schema.Stack(name="Intro", children=[otio.schema.Track()]))
    with pytest.raises(PlanError, match="Intro"):
        from_otio(otio.adapters.write_to_string(timeline, "otio_json"), sample[1])


@pytest.mark.parametrize("text", ["", "no json", "{}", '{"OTIO_SCHEMA": "Clip.2"}', '{"OTIO_SCHEMA": "Timeline.1"}'])
def test_what_is_no_timeline_is_said(text, sample):
    try:
        draft = from_otio(text, sample[1])
    except PlanError as error:
        assert "timeline" in str(error)
    else:
        # A timeline without anything in it is one, too.
        assert not draft.exportable and "Timeline.1" in text
