"""The timeline and the media as tables: what is in the cells, of which dtype, and that nothing raises or is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from tables_samples import LIBRARY, anything, hosted, made, photos

from reelframe.draft import Draft
from reelframe.tables import COLUMNS, made_from, media_frame, timeline_frame, timeline_html


def row(frame, key):
    return {name: value for name, value in frame.loc[key].items() if not pd.isna(value)}


def test_a_row_per_segment_with_times_in_seconds():
    frame = timeline_frame(photos())
    assert list(frame.index) == ["shot1", "shot2", "shot3", "text1", "text2", "music1", "logo1"]
    assert frame.index.name == "id"
    assert list(frame.columns) == [column.name for column in COLUMNS]
    assert frame["start_s"].tolist() == [0.0, 5.0, 10.0, 0.5, 11.0, 0.0, 0.0]
    assert frame["end_s"].tolist() == [5.0, 10.0, 15.0, 4.5, 14.0, 15.0, 15.0]
    assert row(frame, "shot2") | {"move": 0, "move_amount": 0} == {
        "track": 0, "kind": "video", "role": "shot", "name": "city.jpg", "source": "city.jpg", "start_s": 5.0, "end_s": 10.0,
        "duration_s": 5.0, "transition": "crossfade", "transition_s": 0.5, "move": 0, "move_amount": 0,
    }  # fmt: skip
    assert frame["role"].tolist()[:3] == ["shot"] * 3 and frame["role"].notna().all()
    assert row(frame, "text1")["text"] == "Summer"
    assert row(frame, "music1")["source"] == "calm"
    assert row(frame, "logo1")["size_frac"] == 0.1


def test_dtypes_do_not_depend_on_what_is_there():
    kinds = {
        "int": "int64",
        "seconds": "float64",
        "number": "Float64",
        "text": "string",
        "flag": "boolean",
        "choice": "category",
    }
    for draft in (photos(), hosted(), Draft()):
        frame = timeline_frame(draft)
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {c.name: kinds[c.dtype] for c in COLUMNS}


def test_every_choice_can_be_written_into_its_column():
    frame = timeline_frame(photos())
    for column in COLUMNS:
        for choice in column.choices:
            frame.loc["shot1", column.name] = choice
            assert frame.loc["shot1", column.name] == choice


def test_a_hosted_timeline_without_ids_gets_stable_keys_and_keeps_what_nobody_knows():
    frame = timeline_frame(hosted())
    assert list(frame.index) == ["0.0", "0.1", "1.0", "2.0", "2.1", "3.0", "3.1"]
    assert frame.loc["0.1", "start_s"] == 5.0
    assert frame.loc["2.0", "color"] == "white"
    assert json.loads(frame.loc["0.0", "other"]) == {"segment.zz": 1}
    assert json.loads(frame.loc["0.1", "other"]) == {"q": [1]}
    assert json.loads(frame.loc["2.0", "other"]) == {"style": {"glow": 3}}
    assert frame.loc["3.0", "kind"] == "other"


def test_ids_that_are_not_unique_or_look_like_a_key_never_meet():
    sg = [{"d": 1, "m": {"id": i}} for i in ("0.1", "x", "x", "", "0.1'")]
    keys = list(timeline_frame(Draft.from_wire({"t": [{"tt": 0, "sg": sg}]})).index)
    assert keys == ["0.1", "0.1''", "0.2", "0.3", "0.1'"]


def test_a_value_of_the_wrong_kind_leaves_its_cell_empty_and_is_told_elsewhere():
    m = {
        "id": "a",
        "volume": "loud",
        "muted": "yes",
        "style": "big",
        "transition": "wipe",
        "effects": [{"name": "blur", "radius": 3}],
    }
    frame = timeline_frame(Draft.from_wire({"t": [{"tt": 0, "sg": [{"d": 5, "m": m}]}]}))
    assert pd.isna(frame.loc["a", "volume"]) and pd.isna(frame.loc["a", "muted"])
    assert frame.loc["a", "transition"] == "wipe"
    assert json.loads(frame.loc["a", "other"]) == {k: m[k] for k in ("volume", "muted", "style", "effects")}


@given(anything)
@settings(max_examples=200)
def test_any_timeline_is_a_table_that_says_all_of_it(draft):
    frame = timeline_frame(draft)
    assert len(frame) == len(list(draft.segments))
    assert frame.index.is_unique
    assert made_from(frame.copy(), draft)
    for track in draft.tracks:
        for segment in track.segments:
            if segment.get("nobody_knows") is not None:
                assert any("nobody_knows" in str(cell) for cell in frame["other"])
    html = frame._repr_html_()
    assert html.count("<script") == 0


def test_the_bars_are_to_scale_and_what_users_wrote_is_escaped():
    draft = made(
        {"op": "set_text", "target": {"kind": "title"}, "text": "<script>alert(1)</script> & 'x'"}, draft=photos()
    )
    html = timeline_html(draft)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "left:33.3333%;width:33.3333%" in html  # the second of three shots
    assert "left:3.3333%;width:26.6667%" in html  # the title: 0.5 to 4.5 of 15 s
    assert html._repr_html_() == html


def test_thumbnails_are_found_by_media_name_or_key():
    png = b"\x89PNG\r\n\x1a\n123"
    for name in (LIBRARY.by_name("city.jpg").id, "city.jpg", "shot2"):
        html = timeline_html(photos(), {name: png})
        assert html.count("<img") == 1
        assert "data:image/png;base64,iVBORw0KGgoxMjM=" in html
    assert "src='https://x/y.jpg?a=1&amp;b=2'" in timeline_html(photos(), {"shot1": "https://x/y.jpg?a=1&b=2"})


def test_a_notebook_shows_what_the_table_says_now():
    frame = timeline_frame(photos(), {"shot1": b"jpegjpeg"}).copy()
    frame.loc["shot1", "end_s"] = 30.0
    html = frame._repr_html_()
    assert "left:0.0000%;width:100.0000%" in html
    assert "data:image/jpeg" in html  # a copy keeps its pictures
    assert "sound_fade_in_s" not in html  # a column in which nothing stands
    for part in (
        frame[["text"]],
        frame.iloc[:0],
        frame.T,
        frame.groupby("kind", observed=True).size().to_frame(),
        frame.reset_index(),
    ):
        assert "<table" in part._repr_html_()


def test_tables_leave_the_import_of_the_package_light():
    code = "import sys, reelframe; assert 'pandas' not in sys.modules; reelframe.timeline_frame; assert 'pandas' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# --- media ------------------------------------------------------------------------------------------------


class State:
    def __init__(self, infos=(), made=()):
        self.video_infos, self.generated_media = tuple(infos), tuple(made)


def test_media_of_the_embedded_backend():
    infos = [{**m.model_dump(mode="json"), "thumbnail": f"/t/{m.id[-2:]}"} for m in LIBRARY]
    frame = media_frame(
        State(
            infos,
            [
                {
                    "render_id": "r1",
                    "url": "https://x/renders/final.mp4?sig=1",
                    "width": 1920,
                    "height": 1080,
                    "duration_s": 15.0,
                }
            ],
        )
    )
    assert frame.loc[f"{1:064x}", ["name", "kind", "format", "resolution", "size_bytes", "thumbnail"]].tolist() == [
        "beach.jpg",
        "image",
        "jpg",
        "4000x2250",
        7,
        "/t/01",
    ]
    assert frame.loc[f"{31:064x}", "duration_s"] == 60.0
    assert pd.isna(frame.loc[f"{31:064x}", "resolution"])
    assert frame.loc["r1", "name"] == "final.mp4"
    assert frame["generated"].tolist() == [False] * len(LIBRARY) + [True]
    assert [str(frame[c].dtype) for c in ("name", "kind", "width_px", "duration_s", "has_audio")] == [
        "string",
        "category",
        "Int64",
        "Float64",
        "boolean",
    ]
    assert media_frame(LIBRARY).index.tolist() == list(LIBRARY.ids)


@pytest.mark.parametrize(
    ("info", "told"),
    [
        ({"fileName": "a.mp4", "type": "video/mp4", "fileSize": 12, "durationMs": 1500}, {"name": "a.mp4", "kind": "video", "size_bytes": 12, "duration_s": 1.5}),
        ({"title": "x", "size": "large", "deep": {"y": 1}}, {"name": "x", "other": '{"deep": {"y": 1}, "size": "large"}'}),
        ({"width": 10**400, "height": None, "fps": True}, {"width_px": None, "resolution": None, "fps": None}),
        ({}, {"name": None, "resolution": None}),
    ],
)  # fmt: skip
def test_media_of_any_server(info, told):
    frame = media_frame(State([info, info]))
    assert frame.index.tolist() == ["0", "1"]
    for name, value in told.items():
        assert frame[name].iloc[0] == value if value is not None else pd.isna(frame[name].iloc[0])


def test_no_media_is_an_empty_table_of_the_same_dtypes():
    assert media_frame(State()).dtypes.astype(str).to_dict() == media_frame(LIBRARY).dtypes.astype(str).to_dict()


def test_the_page_tells_every_column_and_what_it_takes():
    page = (Path(__file__).parents[2] / "docs" / "tables.md").read_text("utf-8")
    lines = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert list(lines) == [column.name for column in COLUMNS]
    for column in COLUMNS:
        assert all(sort in lines[column.name] for sort in column.of if len(column.of) < 6)
        assert column.name == "look" or not column.of or column.accepted in lines[column.name]
    assert all(f"`{name}`" in page for name in media_frame(LIBRARY).columns)
