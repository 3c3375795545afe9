"""What a hand does on the timeline strip, what "this" means, and what a saved notebook keeps."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from reelframe import edits, errors, planner, tables
from reelframe.jobs import background
from reelframe.widget import VideoStudio
from reelframe.widget.arrange import Gesture, arranged
from reelframe.widget.core import Studio
from reelframe.widget.fallback import fallback_html
from reelframe.widget.view import View, with_draft

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))


def until(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def sample():
    draft, library = planner.sample_context()
    return draft, library, tables.timeline_frame(draft)


@pytest.mark.parametrize(
    ("gesture", "op", "has"),
    [
        (Gesture("t1", start_ms=2000, end_ms=6000), "set_timing", {"start_s": 2.0, "end_s": 6.0}),
        (Gesture("t1", start_ms=0, end_ms=3000), "set_timing", {"end_s": 3.0}),
        (Gesture("a1", start_ms=5000, end_ms=90_000), "set_timing", {"start_s": 5.0, "end_s": 90.0}),
        (Gesture("v2", start_ms=30_000, end_ms=50_000), "set_segment_duration", {"duration_s": 20.0}),
        (Gesture("v2", start_ms=35_000, end_ms=60_000, clip=True), "trim", {"start_s": 5.0}),
        (Gesture("v2", start_ms=35_000, end_ms=60_000), "set_segment_duration", {"duration_s": 25.0}),
        (Gesture("v2", place=0), "reorder", {"order": [2, 1, 3]}),
        (Gesture("v1", place=9), "reorder", {"order": [2, 3, 1]}),
        (Gesture("v4", remove=True), "remove", {}),
        (Gesture("v1", remove=True), "remove", {}),
    ],
    ids=str,
)
def test_a_gesture_is_one_operation(sample, gesture, op, has):
    draft, library, table = sample
    plan = tables.plan_frame(draft, arranged(table, gesture), library)
    (only,) = plan.ops
    assert only.op == op
    assert has.items() <= only.as_dict().items()
    assert edits.apply(draft, plan, library) != draft


def test_a_gesture_leaves_the_table_as_it_was_and_knows_what_is_gone(sample):
    _, _, table = sample
    before = table.copy()
    arranged(table, Gesture("v1", place=2))
    assert table.equals(before)
    with pytest.raises(errors.PlanError, match="any more"):
        arranged(table, Gesture("nobody", remove=True))


def test_the_view_names_rows_and_drops_what_is_selected_and_gone(sample):
    draft = sample[0]
    view = with_draft(View(selected=("v1", "gone")), draft)
    assert [(t["label"], t["main"]) for t in view.timeline][:2] == [("Video", True), ("Logo", False)]
    assert view.selected == ("v1",)


@pytest.fixture(scope="module")
def studio():
    made = Studio(project="Autumn")
    made.upload(*PHOTOS[:3]).result(60)
    made.send("make a 6-second video of these").result(60)
    yield made
    made.close()


def names(studio):
    return [s["name"] for s in studio.view.timeline[0]["segments"]]


def test_shots_are_moved_and_made_longer_each_one_step_of_undo(studio):
    first = studio.view.timeline[0]["segments"][0]["id"]
    before = names(studio)
    studio.arrange(Gesture(first, place=2)).result(60)
    assert names(studio) == [before[1], before[2], before[0]]
    studio.arrange(Gesture(first, start_ms=4000, end_ms=9000)).result(60)
    assert studio.view.duration_ms == 9000
    studio.undo(2).result(60)
    assert names(studio) == before
    assert studio.view.duration_ms == 6000


def test_this_is_what_is_selected(studio):
    second = studio.view.timeline[0]["segments"][1]["id"]
    studio.select(second)
    studio.send("make this 3 seconds long").result(60)
    lengths = [s["end_ms"] - s["start_ms"] for s in studio.view.timeline[0]["segments"]]
    assert lengths[1] == 3000
    assert studio.view.selected == (second,)
    studio.select().result(30)
    assert studio.view.selected == ()
    studio.undo().result(30)


def test_a_job_that_changes_nothing_lets_the_preview_go_on(studio):
    studio.send("make it square").result(60)
    until(lambda: studio.view.job == "preview")
    running = studio.preview.task
    studio.send("how many credits do I have?").result(60)
    until(lambda: studio.view.preview is not None and studio.view.job == "")
    assert running.done()
    assert studio.view.preview.name == "Autumn.mp4", "a person's name, not a machine's"
    assert studio.view.preview.width == studio.view.preview.height


def test_a_preview_that_was_called_off_tells_nothing_any_more(studio):
    studio.undo().result(30)
    until(lambda: studio.view.job == "preview")
    studio.cancel()
    until(lambda: studio.view.job == "")
    time.sleep(0.5)
    assert studio.view.job == ""
    assert studio.view.progress is None


def test_one_bad_file_does_not_keep_the_others_out(studio, tmp_path):
    bad = tmp_path / "holiday.jpg"
    bad.write_bytes(b"these are words" * 100)
    had = len(studio.view.media)
    with pytest.raises(errors.MediaError):
        studio.upload(bad, PHOTOS[3]).result(60)
    assert len(studio.view.media) == had
    assert [m.name for m in studio.upload(bad, PHOTOS[3], each=True).result(60)] == [PHOTOS[3].name]
    assert "holiday.jpg" in next(x.text for x in reversed(studio.view.lines) if x.who == "error")


def test_closing_on_the_background_loop_does_not_wait_for_itself():
    widget = VideoStudio()
    widget.upload(PHOTOS[0]).result(60)
    closed = threading.Event()

    async def close():
        widget.close()
        closed.set()

    background().run(close(), timeout=10)
    assert closed.is_set()
    widget.close()


def test_the_static_output_is_small_and_nothing_in_it_is_html_by_chance():
    def track(n):
        return {"label": f"Track {n}", "kind": "video", "main": n == 0, "segments": segments}

    segments = [
        {"id": str(i), "name": f"<img src=x onerror=alert({i})>", "start_ms": i * 1000, "end_ms": i * 1000 + 500, "media": None}
        for i in range(100)
    ]  # fmt: skip
    view = replace(View(), timeline=tuple(track(n) for n in range(5)), duration_ms=100_000)
    text = fallback_html(view, "rf-static-x", b"\xff" * 8000)
    assert len(text) < 20_000
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(0)&gt; (0–0.5 s)" in text
    assert "and 88 more" in text
    assert "data:image/jpeg" not in fallback_html(view, "rf-static-x", b"\xff" * 80_000), "a large poster is left out"
    assert "<script" not in text


def test_the_static_output_follows_the_timeline(monkeypatch):
    shown = []
    monkeypatch.setattr("reelframe.widget.fallback.in_kernel", lambda: True)
    monkeypatch.setattr("reelframe.widget.fallback._display", lambda text, _id, update: shown.append((text, update)))
    widget = VideoStudio(project="Autumn")
    try:
        widget._repr_mimebundle_()
        assert "nothing on the timeline" in shown[0][0]
        widget.upload(*PHOTOS[:2]).result(60)
        widget.send("make a 2-second video of these").result(60)
        until(lambda: any(PHOTOS[1].name in text for text, _ in shown))
        text, update = shown[-1]
        assert update
        assert "data:image/jpeg;base64" in text
        assert widget.fallback in text
        assert len(text) < 20_000
    finally:
        widget.close()
