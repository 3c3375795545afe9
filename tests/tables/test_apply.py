"""The way back: what is changed in the table is in the timeline, or every wrong cell is told and nothing is."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_samples import LIBRARY, MAKERS, anything, clips, hosted, made, photos

from reelframe.draft import Draft
from reelframe.edits import apply, describe_steps, steps
from reelframe.errors import PlanError, TableError
from reelframe.media.model import Library
from reelframe.tables import COLUMNS, CellError, apply_frame, plan_frame, timeline_frame
from reelframe.tables.cells import same
from reelframe.tables.columns import BY_NAME

DRAFTS = {name: make() for name, make in MAKERS.items()}


def edited(draft, changes=(), order=None, drop=(), add=()):
    frame = timeline_frame(draft).copy()
    for key, column, value in changes:
        frame.loc[key, column] = value
    frame = frame.drop(list(drop))
    frame = frame if order is None else frame.loc[order]
    return pd.concat([frame.astype(object), pd.DataFrame(list(add)).astype(object)]) if add else frame


def ops(draft, frame, library=None):
    return [op.as_dict() for op in plan_frame(draft, frame, library).ops]


def wrong(draft, frame, library=None):
    with pytest.raises(TableError) as caught:
        apply_frame(draft, frame, library)
    return {(cell.row, cell.column): cell for cell in caught.value.cells}


# --- nothing changed --------------------------------------------------------------------------------------


@given(anything)
@settings(max_examples=150)
def test_a_table_that_was_not_changed_gives_the_timeline_itself(draft):
    frame = timeline_frame(draft)
    assert apply_frame(draft, frame) is draft
    assert apply_frame(draft, frame.copy()[frame.columns[::-1]]) is draft


THROUGH = {
    "csv": lambda f: pd.read_csv(io.StringIO(f.to_csv()), index_col="id"),
    "csv without an index": lambda f: pd.read_csv(io.StringIO(f.to_csv())),
    "json": lambda f: pd.read_json(io.StringIO(f.reset_index().to_json(orient="records")), dtype=False),
    "pickle": lambda f: pd.read_pickle(io.BytesIO(_pickled(f))),
    "records": lambda f: pd.DataFrame(f.reset_index().to_dict("records")),
    "sorted by time": lambda f: f.sort_values(["start_s", "kind"], kind="stable"),
    "objects": lambda f: f.astype(object).where(f.notna(), None),
    "without most columns": lambda f: f[["text", "volume"]],
    "a plain frame": pd.DataFrame,
    "converted": lambda f: f.convert_dtypes(),
}


def _pickled(frame):
    out = io.BytesIO()
    frame.to_pickle(out)
    return out.getvalue()


@pytest.mark.parametrize("way", THROUGH)
@pytest.mark.parametrize("name", ["photos", "clips", "hosted"])
def test_a_table_survives_the_ways_that_tables_go(name, way):
    draft = DRAFTS[name]
    assert apply_frame(draft, THROUGH[way](timeline_frame(draft))) is draft


def test_an_empty_word_and_an_empty_cell_are_the_same():
    draft = Draft.from_wire({"t": [{"tt": 7, "sg": [{"d": 9, "m": {"role": "", "text": "", "name": "", "look": ""}}]}]})
    assert apply_frame(draft, timeline_frame(draft)) is draft
    assert apply_frame(draft, pd.read_csv(io.StringIO(timeline_frame(draft).to_csv()))) is draft


def test_ids_that_a_csv_file_spoils_are_told():
    draft = Draft.from_wire({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"name": f"n{n}"}} for n in range(12)]}]})
    frame = timeline_frame(draft)
    with pytest.raises(TableError, match=r"read as numbers.*dtype"):
        apply_frame(draft, pd.read_csv(io.StringIO(frame.to_csv()), index_col="id"))
    assert apply_frame(draft, pd.read_csv(io.StringIO(frame.to_csv()), dtype={"id": str})) is draft


def test_words_that_look_like_numbers_stay_words():
    draft = Draft.from_wire(
        {
            "t": [
                {
                    "tt": 7,
                    "sg": [{"d": 1000, "m": {"id": "a", "text": "1.0"}}, {"d": 1000, "m": {"id": "b", "text": "007"}}],
                }
            ]
        }
    )
    assert apply_frame(draft, pd.read_csv(io.StringIO(timeline_frame(draft).to_csv()))) is draft


# --- single cells -----------------------------------------------------------------------------------------

CELLS = [
    ("photos", "text1", "text", "Winter"),
    ("photos", "text1", "position", "top_left"),
    ("photos", "text1", "dx_frac", 0.1),
    ("photos", "text1", "size_frac", 0.2),
    ("photos", "text1", "opacity", 0.5),
    ("photos", "text1", "color", "tomato"),
    ("photos", "text1", "bold", True),
    ("photos", "text1", "italic", False),
    ("photos", "text1", "font", "Inter"),
    ("photos", "text1", "case", "upper"),
    ("photos", "text1", "align", "left"),
    ("photos", "text1", "box", True),
    ("photos", "text1", "anim_in", "pop"),
    ("photos", "text1", "start_s", 2.5),
    ("photos", "text1", "end_s", 9.25),
    ("photos", "text1", "duration_s", 1.5),
    ("photos", "shot1", "duration_s", 7.5),
    ("photos", "shot2", "end_s", 12.0),
    ("photos", "shot2", "speed", 2.0),
    ("photos", "shot2", "transition", "wipe"),
    ("photos", "shot2", "transition", "cut"),
    ("photos", "shot2", "transition", None),
    ("photos", "shot2", "transition_s", 1.25),
    ("photos", "shot2", "look", "warm"),
    ("photos", "shot2", "brightness", 0.3),
    ("photos", "shot2", "effects", "blur 0.25, grain 0.5"),
    ("photos", "shot2", "zoom", 1.5),
    ("photos", "shot2", "rotate_deg", 90),
    ("photos", "shot2", "rotate_deg", -90),
    ("photos", "shot2", "flip", "hv"),
    ("photos", "shot2", "move", "left"),
    ("photos", "shot2", "move", "none"),
    ("photos", "shot2", "move_amount", 0.3),
    ("photos", "shot2", "fade_out_s", 0.75),
    ("photos", "logo1", "position", "bottom_left"),
    ("photos", "logo1", "size_frac", 0.25),
    ("photos", "logo1", "opacity", 0.4),
    ("photos", "logo1", "end_s", 8.0),
    ("photos", "logo1", "fade_in_s", 0.5),
    ("photos", "music1", "volume", 0.25),
    ("photos", "music1", "muted", True),
    ("photos", "music1", "fade_in_s", 2.0),
    ("photos", "music1", "fade_out_s", 0.0),
    ("photos", "music1", "fade_out_s", None),
    ("photos", "music1", "source", "jazz"),
    ("clips", "shot1", "volume", 0.5),
    ("clips", "shot1", "muted", True),
    ("clips", "shot1", "reverse", True),
    ("clips", "shot1", "sound_fade_in_s", 1.0),
    ("clips", "shot1", "duration_s", 12.0),
    ("clips", "card1", "duration_s", 4.0),
    ("clips", "overlay1", "fade_in_s", 0.5),
    ("clips", "overlay1", "position", "top"),
    ("clips", "sfx1", "start_s", 20.0),
    ("clips", "sfx1", "volume", 1.5),
    ("clips", "music1", "source_in_s", 4.0),
    ("hosted", "0.0", "duration_s", 7.0),
    ("hosted", "0.1", "transition", "crossfade"),
    ("hosted", "1.0", "volume", 0.9),
    ("hosted", "2.0", "text", "City"),
    ("hosted", "2.1", "text", "City"),
    ("hosted", "2.0", "color", "#000"),
    ("hosted", "2.1", "start_s", 6.0),
    ("hosted", "3.1", "start_s", 4.0),
]


@pytest.mark.parametrize(("name", "key", "column", "value"), CELLS)
def test_a_changed_cell_is_in_the_timeline_and_its_row_is_else_as_it_was(name, key, column, value):
    draft = DRAFTS[name]
    library = LIBRARY if name != "hosted" else None
    after = apply_frame(draft, edited(draft, [(key, column, value)]), library)
    assert after != draft
    before, now = timeline_frame(draft), timeline_frame(after)
    assert same(BY_NAME[column], _plain(now.loc[key, column]), value)
    follow = {c.name for c in COLUMNS if c.follows} | {column, "other", "volume" if column == "muted" else column}
    for other in set(before.columns) - follow:
        if other.removesuffix("_s").removesuffix("_amount") != column:
            assert same(BY_NAME[other], _plain(before.loc[key, other]), _plain(now.loc[key, other])), other
    assert sorted(now.index) == sorted(before.index)
    # And back: the table of before, applied to the timeline of after, where the vocabulary has a way back.
    if column in {"text", "position", "duration_s", "volume", "size_frac"} and not pd.isna(before.loc[key, column]):
        back = apply_frame(after, edited(after, [(key, column, before.loc[key, column])]), library)
        assert _plain(timeline_frame(back).loc[key, column]) == before.loc[key, column]


def _plain(value):
    return None if pd.isna(value) else value


@given(anything, st.data())
@settings(max_examples=150)
def test_any_timeline_can_be_edited_or_says_why_not(draft, data):
    frame = timeline_frame(draft).astype(object)
    if len(frame):
        key, column = data.draw(st.sampled_from(list(frame.index))), data.draw(st.sampled_from(COLUMNS))
        frame.loc[key, column.name] = data.draw(st.sampled_from(column.choices) if column.choices else _VALUES)
        frame = frame.drop(data.draw(st.lists(st.sampled_from(list(frame.index)), max_size=2, unique=True)))
    try:
        after = apply_frame(draft, frame)
    except TableError as error:
        assert str(error)
        return
    assert len(timeline_frame(after)) == len(frame)
    kept = [s.m["nobody_knows"] for s in after.segments if "nobody_knows" in (s.m or {})]
    assert len(kept) == sum("nobody_knows" in (draft_m or {}) for draft_m in _kept_metadata(draft, frame))


def _kept_metadata(draft, frame):
    keys = timeline_frame(draft).index
    ordered = [p.segment for track in draft.tracks for p in sorted(track.placed, key=lambda p: p.start)]
    return [segment.m for key, segment in zip(keys, ordered, strict=True) if key in set(frame.index)]


def test_a_clip_begins_later_in_its_file_as_long_as_there_is_picture():
    draft = clips()
    after = apply_frame(draft, edited(draft, [("shot1", "source_in_s", 3.0), ("shot1", "duration_s", 10.0)]), LIBRARY)
    assert timeline_frame(after).loc["shot1", ["source_in_s", "duration_s"]].tolist() == [3.0, 10.0]
    assert (
        "only 17 s" in wrong(draft, edited(draft, [("shot1", "source_in_s", 3.0)]), LIBRARY)["shot1", "source_in_s"].why
    )


def test_a_shot_that_is_to_begin_elsewhere_is_told_how():
    cell = wrong(photos(), edited(photos(), [("shot1", "start_s", 1.0)]), LIBRARY)["shot1", "start_s"]
    assert "Shots follow one another" in cell.why


@given(st.data())
@settings(max_examples=150)
def test_any_cell_written_anywhere_is_done_or_told(data):
    name = data.draw(st.sampled_from(["photos", "clips", "hosted"]))
    draft = DRAFTS[name]
    frame = timeline_frame(draft).astype(object)
    writes = data.draw(
        st.lists(
            st.tuples(st.sampled_from(list(frame.index)), st.sampled_from(COLUMNS), _VALUES), min_size=1, max_size=3
        )
    )
    for key, column, value in writes:
        frame.loc[key, column.name] = (
            value if not column.choices or data.draw(st.booleans()) else data.draw(st.sampled_from(column.choices))
        )
    library = LIBRARY if name != "hosted" else None
    try:
        after = apply_frame(draft, frame, library)
    except TableError as error:
        assert error.cells and all(isinstance(cell, CellError) and cell.why for cell in error.cells)
        return
    now = timeline_frame(after)
    for key, column, _ in writes:
        value = frame.loc[key, column.name]
        if column.follows and (pd.isna(value) or len(writes) > 1):
            continue
        if (
            value is not None
            and not pd.isna(value)
            and not (column.dtype in {"number", "seconds"} and isinstance(value, str))
        ):
            assert same(column, _plain(now.loc[key, column.name]), value), (key, column.name, value)


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 20), st.floats(-2, 20), st.sampled_from(["", "x", "warm", "blur 0.5", "white", "top", "2"]),
    st.just(float("inf")), st.just([1]),
)  # fmt: skip


# --- rows -------------------------------------------------------------------------------------------------


def test_dropped_rows_are_removed():
    draft = photos()
    after = apply_frame(draft, edited(draft, drop=["text2", "logo1", "shot1"]), LIBRARY)
    assert list(timeline_frame(after).index) == ["shot2", "shot3", "text1", "music1"]
    assert after.duration_ms == 10_000


def test_a_text_that_would_go_with_its_shot_is_told_and_not_lost():
    draft = photos()
    cells = wrong(draft, edited(draft, drop=["shot3"]), LIBRARY)
    assert list(cells) == [("text2", "(row)")]
    assert "go with the shot" in cells["text2", "(row)"].why
    after = apply_frame(draft, edited(draft, drop=["shot3", "text2"]), LIBRARY)
    assert list(timeline_frame(after).index) == ["shot1", "shot2", "text1", "music1", "logo1"]


def test_rows_of_the_main_track_in_another_order_reorder_the_shots():
    draft = photos()
    frame = edited(draft, order=["music1", "shot3", "text1", "shot1", "shot2", "logo1", "text2"])
    assert ops(draft, frame) == [{"op": "reorder", "order": [3, 1, 2]}]
    now = timeline_frame(apply_frame(draft, frame))
    assert list(now.index)[:3] == ["shot3", "shot1", "shot2"]
    assert now.loc["text2", "start_s"] == 1.0  # it went with the third photo


def test_order_length_and_times_recomputed_by_hand_are_taken_when_they_are_right():
    draft = photos()
    frame = edited(
        draft, [("shot3", "duration_s", 8.0)], order=["shot3", "shot1", "shot2", "text1", "text2", "music1", "logo1"]
    )
    shots = frame.index[:3]
    frame.loc[shots, "end_s"] = frame.loc[shots, "duration_s"].cumsum()
    frame.loc[shots, "start_s"] = frame.loc[shots, "end_s"] - frame.loc[shots, "duration_s"]
    assert [op["op"] for op in ops(draft, frame)] == ["set_segment_duration", "reorder"]
    frame.loc["shot1", "start_s"] = 3.0
    assert "follow one another" in wrong(draft, frame)["shot1", "start_s"].why


def test_a_hosted_timeline_is_edited_without_ids():
    draft = hosted()
    frame = edited(draft, [("2.1", "text", "Less")], order=["0.1", "0.0", "1.0", "2.1", "3.0", "3.1"])
    after = apply_frame(draft, frame)
    assert [s.name for s in after.main.segments] == ["harbour", "city timelapse"]
    assert [s.text for s in after.of_kind("text")[0].segments] == ["Less"]
    wire = after.to_wire()
    assert wire["other"] == {"x": 1} and wire["t"][0]["k"] == "v"
    assert wire["t"][0]["sg"][1]["zz"] == 1
    assert all("id" not in (s.m or {}) for s in after.segments)


def test_a_repeated_row_is_the_shot_once_more_with_its_own_cells():
    draft = photos()
    frame = timeline_frame(draft)
    again = frame.loc[["shot1"]].copy()
    again["duration_s"], again["look"] = 2.0, "bw"
    after = apply_frame(draft, pd.concat([frame, again]), LIBRARY)
    now = timeline_frame(after)
    assert now[now["track"] == 0]["name"].tolist() == ["beach.jpg", "city.jpg", "dog.jpg", "beach.jpg"]
    assert now[now["track"] == 0]["duration_s"].tolist() == [5.0, 5.0, 5.0, 2.0]
    assert now[now["track"] == 0]["look"].tolist()[-1] == "bw"
    assert after.duration_ms == 17_000


def test_new_rows_become_texts_logos_sounds_and_shots():
    draft = made({"op": "compose", "media": ["beach.jpg", "city.jpg"], "duration_s": 10})
    new = [
        {
            "text": "Sale",
            "role": "cta",
            "start_s": 6.0,
            "end_s": 9.0,
            "color": "red",
            "anim_in": "pop",
            "dy_frac": -0.1,
        },
        {"kind": "video", "role": "logo", "source": "logo.png", "position": "bottom_left", "opacity": 0.5},
        {"kind": "video", "role": "overlay", "source": "badge", "start_s": 1.0, "duration_s": 3.0, "size_frac": 0.2},
        {"kind": "audio", "source": "song.mp3", "volume": 0.25, "fade_out_s": 2.0},
        {"role": "sfx", "source": "ding", "start_s": 5.0, "volume": 0.8},
        {"kind": "video", "source": "beach.jpg", "duration_s": 1.5},
        {"role": "card", "kind": "video", "text": "The end", "duration_s": 3.0},
    ]
    after = apply_frame(draft, edited(draft, add=new), LIBRARY)
    now = timeline_frame(after)
    shots = now[now["track"] == 0]
    assert shots["duration_s"].tolist() == [5.0, 5.0, 1.5, 3.0]
    assert shots["role"].tolist()[-1] == "card"
    cta = now[now["role"] == "cta"].iloc[0]
    assert (cta["text"], cta["start_s"], cta["end_s"], cta["color"], cta["anim_in"], cta["dy_frac"]) == (
        "Sale",
        6.0,
        9.0,
        "#ff0000",
        "pop",
        -0.1,
    )
    logo = now[now["role"] == "logo"].iloc[0]
    assert (logo["source"], logo["position"], logo["opacity"], logo["end_s"]) == ("logo.png", "bottom_left", 0.5, 14.5)
    badge = now[now["role"] == "overlay"].iloc[0]
    assert (badge["source"], badge["start_s"], badge["end_s"], badge["size_frac"]) == ("badge.png", 1.0, 4.0, 0.2)
    music = now[now["role"] == "bgm"].iloc[0]
    assert (music["source"], music["volume"], music["fade_out_s"], music["end_s"]) == ("song.mp3", 0.25, 2.0, 14.5)
    assert now[now["role"] == "sfx"].iloc[0][["source", "start_s", "volume"]].tolist() == ["ding", 5.0, 0.8]
    assert "The end" in now["text"].dropna().tolist()


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_file_that_is_not_shown_yet_becomes_a_shot_where_its_row_stands(place):
    draft = photos()
    frame = timeline_frame(draft)
    new = pd.DataFrame([{"source": "walk.mp4", "duration_s": 4.0, "look": "bw"}], index=["mine"]).reindex(
        columns=frame.columns
    )
    table = pd.concat([frame.iloc[:place].astype(object), new.astype(object), frame.iloc[place:].astype(object)])
    plan = plan_frame(draft, table, LIBRARY)
    after = apply(draft, plan, LIBRARY)
    assert after == apply_frame(draft, table, LIBRARY)
    shots = timeline_frame(after).query("track == 0")
    expected = ["beach.jpg", "city.jpg", "dog.jpg"]
    expected.insert(place, "walk.mp4")
    assert shots["source"].tolist() == expected
    assert shots.iloc[place][["duration_s", "look"]].tolist() == [4.0, "bw"]
    assert sorted(shots["duration_s"]) == [4.0, 5.0, 5.0, 5.0]
    # What belonged to a shot is still over it.
    dog = shots[shots["source"] == "dog.jpg"].iloc[0]
    caption = timeline_frame(after).query("text == 'A dog'").iloc[0]
    assert dog["start_s"] <= caption["start_s"] and caption["end_s"] <= dog["end_s"]


def test_rows_alone_make_a_first_cut():
    rows = [{"source": name, "duration_s": seconds} for name, seconds in (("city.jpg", 2.0), ("beach.jpg", 3.0))]
    after = apply_frame(Draft(), pd.DataFrame([*rows, {"text": "Hi", "start_s": 0.0, "end_s": 2.0}]), LIBRARY)
    now = timeline_frame(after)
    assert now[now["track"] == 0][["source", "duration_s"]].to_numpy().tolist() == [
        ["city.jpg", 2.0],
        ["beach.jpg", 3.0],
    ]
    assert "Hi" in now["text"].dropna().tolist()


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ({"source": "sea.mp4", "kind": "video"}, 'no file called "sea.mp4"'),
        ({"source": "nowhere.jpg", "role": "logo", "kind": "video"}, "no file called"),
        ({"kind": "audio", "source": "jazz"}, "background music already"),
        ({"kind": "text"}, "needs words"),
        ({"kind": "audio", "role": "voice", "source": "song.mp3"}, "No operation adds a voice"),
        ({"kind": "other"}, "Nothing can be added"),
        ({"text": "late", "start_s": 20.0, "end_s": 30.0}, "beyond the end"),
        ({"role": "logo", "kind": "video", "source": "logo.png"}, "take the place"),
        ({"role": "overlay", "kind": "video"}, "names no file"),
    ],
)
def test_a_new_row_that_can_not_be_added_is_told(new, why):
    draft = photos()
    cells = wrong(draft, edited(draft, add=[new]), LIBRARY)
    assert len(cells) == 1
    assert why in next(iter(cells.values())).why


# --- what is wrong ----------------------------------------------------------------------------------------


def test_every_wrong_cell_is_told_at_once_with_what_is_accepted():
    draft = photos()
    frame = timeline_frame(draft).astype(object)
    for key, column, value in [
        ("shot1", "duration_s", -1), ("shot2", "speed", "fast"), ("shot3", "transition", "wobble"), ("text1", "volume", 1.0),
        ("text1", "color", "blurple"), ("text1", "opacity", 7), ("text2", "text", None), ("music1", "volume", 9), ("music1", "source", "polka"),
        ("logo1", "name", "x"), ("logo1", "position", "middle"), ("text2", "end_s", 99.0),
    ]:  # fmt: skip
        frame.loc[key, column] = value
    with pytest.raises(PlanError) as caught:
        apply_frame(draft, frame, LIBRARY)
    cells = {(c.row, c.column): c for c in caught.value.cells}
    assert set(cells) == {
        ("shot1", "duration_s"), ("shot2", "speed"), ("shot3", "transition"), ("text1", "volume"), ("text1", "color"), ("text1", "opacity"),
        ("text2", "text"), ("music1", "volume"), ("music1", "source"), ("logo1", "name"), ("logo1", "position"), ("text2", "end_s"),
    }  # fmt: skip
    assert cells["shot2", "speed"].value == "fast"
    assert cells["logo1", "position"].accepted.startswith("top_left, top")
    assert cells["music1", "volume"].accepted == "a number from 0 to 2"
    assert "jazz" in cells["music1", "source"].why
    for key, column in cells:
        assert f"row {key}, {column}" in str(caught.value)
    assert list(pd.DataFrame(caught.value.cells).columns) == ["row", "column", "value", "why", "accepted"]


@pytest.mark.parametrize(
    ("changes", "row", "column", "why"),
    [
        ([("shot1", "transition", "wipe")], "shot1", "transition", "first shot"),
        ([("shot2", "transition_s", 4.0)], "shot2", "transition_s", "half of the shorter"),
        ([("text1", "end_s", 9.0), ("text1", "duration_s", 2.0)], "text1", "duration_s", "not 2 s"),
        ([("shot2", "source_in_s", 1.0), ("shot1", "start_s", 2.0)], "shot1", "start_s", "follow one another"),
        ([("music1", "start_s", 2.0)], "music1", "start_s", "beyond the end"),
        ([("logo1", "source", "badge.png")], "logo1", "source", "has no source"),
        ([("shot1", "other", "{}")], "shot1", "other", "told by the timeline"),
        ([("text1", "position", "top"), ("text1", "anim_in_s", 1.0)], "text1", "anim_in_s", "no animation"),
    ],
)
def test_what_can_not_be_is_told_by_its_cell(changes, row, column, why):
    cells = wrong(photos(), edited(photos(), changes), LIBRARY)
    assert why in cells[row, column].why


def test_a_card_keeps_its_place():
    draft = clips()
    order = list(timeline_frame(draft).index)
    order.remove("card1")
    cells = wrong(draft, edited(draft, order=[*order, "card1"]), LIBRARY)
    assert {column for _, column in cells} == {"(order)"}


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (list, "not a DataFrame"),
        (lambda f: f.assign(volum=1.0), "Is volume meant"),
        (lambda f: f.assign(my_notes="x"), "Drop it before applying"),
        (lambda f: f.reset_index(drop=True), "no row of the table is one of this timeline's"),
        (lambda f: pd.concat([f, f[["text"]]], axis=1), "two columns of one name"),
        (lambda f: f.set_index("kind", append=True), "more than one level"),
        (lambda f: f.iloc[:0], None),
        (lambda f: f[f["kind"] == "audio"], "nothing to see"),
    ],
)
def test_a_table_as_a_whole_can_be_wrong(frame, why):
    draft = photos()
    if why is None:
        assert not list(apply_frame(draft, frame(timeline_frame(draft)), LIBRARY).segments)
        return
    with pytest.raises(TableError, match=why):
        apply_frame(draft, frame(timeline_frame(draft)), LIBRARY)


def test_nothing_of_the_arguments_is_changed():
    draft = photos()
    frame = edited(draft, [("text1", "text", "Other")])
    before, wire = frame.copy(), draft.to_wire()
    apply_frame(draft, frame, LIBRARY)
    pd.testing.assert_frame_equal(frame, before)
    assert draft.to_wire() == wire


def test_photos_stay_photos_without_a_library():
    draft = photos()
    frame = edited(draft, [("shot1", "duration_s", 10.0), ("shot1", "move", "out")])
    assert apply_frame(draft, frame) == apply_frame(draft, frame, LIBRARY)


def test_one_plan_is_told_in_sentences():
    draft = photos()
    plan = plan_frame(
        draft, edited(draft, [("text1", "text", "Winter"), ("shot1", "duration_s", 8.0)], drop=["logo1"]), LIBRARY
    )
    said = describe_steps(steps(draft, plan, LIBRARY))
    assert len(said) == 3
    assert "Winter" in said[-1]


def test_a_pointed_at_overlay_may_be_heard():
    # Beside a logo an overlay is pointed at as a picture, and a picture in picture is silent until its volume is set.
    lib = Library((*LIBRARY,))
    draft = made({"op": "overlay", "media": "talk.mp4", "start_s": 0, "end_s": 5}, draft=photos())
    after = apply_frame(draft, edited(draft, [("overlay1", "volume", 0.7)]), lib)
    assert after.find("overlay1").volume == 0.7


def test_the_example_of_the_page_does_what_it_says():
    page = (Path(__file__).parents[2] / "docs" / "tables.md").read_text("utf-8")
    code = (
        page.split("```python")[1]
        .split("```")[0]
        .replace("studio.timeline", "frame")
        .replace("studio.apply(t)", "pass")
    )
    here = {"frame": timeline_frame(photos())}
    exec(code, here)
    now = timeline_frame(apply_frame(photos(), here["t"].iloc[::-1], LIBRARY))
    assert now.index[:3].tolist() == ["shot3", "shot2", "shot1"]
    assert now.loc["text1", ["text", "color"]].tolist() == ["Spring sale", "#ff6347"]
    assert now.loc["shot2", "duration_s"] == 6.0
    assert "logo1" not in now.index
