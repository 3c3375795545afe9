"""The studio's table: read, edited, applied as one step of undo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import reelframe as rf
from reelframe.errors import PlanError, TableError
from reelframe.tables import media_frame

SAMPLES = Path(rf.__file__).parent / "samples"


@pytest.fixture
def studio():
    studio = rf.VideoStudio()
    studio.upload(f"{SAMPLES}/1-stoneware-mug.jpg", f"{SAMPLES}/2-ribbed-vase.jpg", f"{SAMPLES}/logo.png").result()
    studio.send('combine these into a 4-second video with a title "Hi"').result()
    studio.cancel()  # the preview
    yield studio
    studio.close()


def test_bars_have_the_pictures_of_what_they_show(studio):
    # Two shots and the logo; nobody has looked at the widget yet.
    assert studio.timeline._repr_html_().count("src='data:image/jpeg;base64,") == 3


def test_an_edited_table_is_one_step_of_undo(studio):
    before = studio.timeline
    shots = before.index[before["track"] == 0].tolist()
    assert before.loc[shots, "duration_s"].tolist() == [2.0, 2.0]
    title = before.index[before["text"].eq("Hi").fillna(value=False)][0]
    edited = before.copy()
    edited.loc[title, "text"] = "Hello"
    edited.loc[shots[0], "duration_s"] = 3.0
    edited = edited.loc[[shots[1], shots[0], *edited.index.drop(shots)]]
    reply = studio.apply(edited).result()
    assert "Hello" in reply.text
    now = studio.timeline
    assert now.index[:2].tolist() == shots[::-1]
    assert now.loc[shots, "duration_s"].tolist() == [3.0, 2.0]
    assert now.loc[title, "text"] == "Hello"
    with pytest.raises(PlanError, match="has changed since this table was made"):
        studio.apply(edited).result()
    studio.undo().result()
    assert studio.timeline.equals(before)


def test_a_table_that_says_the_same_or_something_wrong_changes_nothing(studio):
    draft = studio.draft
    assert not studio.apply(studio.timeline).result().changes
    wrong = studio.timeline.copy()
    wrong["speed"] = -1.0
    with pytest.raises(TableError) as caught:
        studio.apply(wrong).result()
    assert len(caught.value.cells) == len(wrong)
    assert studio.draft == draft


def test_a_server_that_takes_no_operations_gets_the_timeline_itself(studio):
    client = studio._studio._client
    client._capabilities = replace(client._capabilities, features=client._capabilities.features - {"apply"})
    edited = studio.timeline.copy()
    edited.loc[edited["text"].notna(), "text"] = "Hosted"
    reply = studio.apply(edited).result()
    assert any("Hosted" in str(change) for change in reply.changes)


def test_the_files_of_a_session_are_a_table(studio):
    state = rf.run(studio._studio._session.state())
    frame = media_frame(state)
    assert frame["name"].tolist() == ["1-stoneware-mug.jpg", "2-ribbed-vase.jpg", "logo.png"]
    assert frame["thumbnail"].str.startswith("/api/ext/thumbnail/").all()
    assert frame["resolution"].tolist()[0] == "2160x1440"
