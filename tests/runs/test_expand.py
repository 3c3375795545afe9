"""What is told before anything starts: all of it at once, per row; and what a table and its cells may be."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import reelframe as rf
from reelframe.errors import ConfigurationError, JobCancelledError, MediaError, TableError
from reelframe.runs.pictures import listed


def check(products, prompt="a 1-second video of {name}", media="photo", **options):
    return rf.batch(products, prompt, media, "never", check=True, progress=False, **options)


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_started(products, tmp_path):
    products["name"] = ["Mug", None, "Bowl"]
    products["price"] = [12.5, 40, np.nan]
    products["photo"] = [products["photo"].iloc[0], products["photo"].iloc[1], None]
    with pytest.raises(TableError, match="2 rows") as caught:
        rf.batch(products, "{name} for {price:.2f}", "photo", tmp_path / "out", progress=False)
    cells = pd.DataFrame(caught.value.cells)
    assert list(zip(cells.row, cells.column, strict=True)) == [("b", "name"), ("c", "price"), ("c", "photo")]
    assert "row c, price" in str(caught.value) and 'invalid="skip"' in str(caught.value)
    assert not list((tmp_path / "out").glob("*.mp4"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"prompt": "{title} for {prize}"}, r"no column 'title' .prompt., 'prize' .prompt."),
        ({"media": "pictures"}, r"no column 'pictures' .media."),
        ({"media": ["photo", "more"]}, "no column 'more'"),
        ({"key": "sku"}, r"no column 'sku' .key."),
        ({"project": "title"}, r"no column 'title' .project."),
    ],
)
def test_a_missing_column_is_named_with_those_that_there_are(products, options, words):
    with pytest.raises(TableError, match=words) as caught:
        check(products, **options)
    assert "It has: name, price, photo" in str(caught.value)


@pytest.mark.parametrize("empty", [pd.DataFrame(), pd.DataFrame({"name": []}), pl.DataFrame({"name": []})])
def test_an_empty_table_is_told(empty):
    with pytest.raises(TableError, match="nothing to make"):
        check(empty)


@pytest.mark.parametrize("nothing", [None, 7, "products.csv", [{"name": "Mug"}]])
def test_what_is_no_table_is_told(nothing):
    with pytest.raises(TableError, match="no table of products"):
        check(nothing)


def test_keys_that_stand_twice_or_are_missing(products):
    products["sku"] = ["x", "x", None]
    found = check(products, key="sku")
    assert list(found.status) == ["invalid"] * 3
    assert list(found.error[:2]) == ["sku: the key stands 2 times: rows a, b."] * 2 and "empty" in found.error.iloc[2]
    with pytest.raises(TableError, match="3 rows can't be made") as caught:
        rf.batch(products, "{name}", "photo", "never", key="sku", progress=False)
    assert str(caught.value).count("stands 2 times") == 1 and len(caught.value.cells) == 3
    twice = pd.concat([products.iloc[:1], products.iloc[:1]])
    with pytest.raises(TableError, match="key stands 2 times"):
        rf.batch(twice, "{name}", "photo", "never", progress=False)


def test_two_columns_of_one_name(products):
    twice = pd.concat([products, products[["name"]]], axis=1)
    with pytest.raises(TableError, match="two columns called name"):
        check(twice)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"prompt": None}, "Give a prompt"),
        ({"variants": {"a": "x"}}, "Give a prompt"),
        ({"prompt": None, "variants": {}}, "variants is empty"),
        ({"preset": "vhs"}, "no preset 'vhs'"),
        ({"preset": ["tiktok", "vhs"]}, "no preset 'vhs'"),
        ({"output": {"widht": 3}}, "output has no widht"),
        ({"output": {"quality": "best"}}, "quality"),
        ({"brand": {"colour": "red"}}, "brand has no 'colour'"),
        ({"invalid": "ignore"}, "invalid is 'ignore'"),
        ({"workers": 0}, "workers is 0"),
        ({"executor": object(), "backend": "nemo"}, "executor"),
        ({"prompt": "{name"}, "can't be read"),
    ],
)
def test_wrong_options_are_told(products, options, words):
    with pytest.raises(ConfigurationError, match=words):
        check(products, **options)


def test_a_shared_file_that_is_missing_is_an_error_of_the_whole(products):
    with pytest.raises(MediaError, match=r"nowhere\.png"):
        check(products, logo="nowhere.png")


def test_prompts_may_be_functions_and_columns(products):
    products["words"] = ["a 1-second video", "a 2-second video", "nonsense beyond understanding"]
    found = check(products, "words")
    assert list(found.prompt) == list(products.words)
    assert list(found.status) == ["ready", "ready", "invalid"]
    called = check(products, lambda row: f"a {row['price'] // 10:.0f}-second video of {row['name']}")
    assert list(called.duration_s) == [1, 4, 3]

    def fails(row):
        raise KeyError(row["name"])

    assert all("the prompt function failed: KeyError: 'Mug'" in e for e in check(products.iloc[:1], fails).error)
    assert "gave int, not a text" in check(products.iloc[:1], lambda _: 7).error.iloc[0]


@pytest.mark.parametrize(
    "convert",
    [pl.from_pandas, lambda df: pa.Table.from_pandas(df, preserve_index=False), lambda df: pl.from_pandas(df).lazy()],
    ids=["polars", "pyarrow", "polars lazy"],
)
def test_tables_of_other_libraries_say_the_same(products, convert):
    found, ours = check(convert(products)), check(products.reset_index(drop=True))
    pd.testing.assert_frame_equal(found, ours)


DUCKDB = """
import duckdb, pandas as pd, reelframe as rf
products = pd.read_json("products.json").reset_index(drop=True)
options = {"out": "never", "check": True, "progress": False}
found = [rf.batch(t, "a 1-second video of {name}", "photo", **options) for t in (duckdb.from_df(products), products)]
pd.testing.assert_frame_equal(*found)
"""


@pytest.mark.slow
def test_so_does_a_relation_of_duckdb(products, tmp_path):
    # In a process of its own: duckdb tells of leaks of its own when its process ends.
    products.reset_index(drop=True).to_json(tmp_path / "products.json")
    done = subprocess.run([sys.executable, "-c", DUCKDB], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_variants_and_presets_multiply_in_order(products):
    found = check(
        products, None, variants={"short": "a 1-second video", "long": "a 3-second video"}, preset=["tiktok", "square"]
    )
    assert list(found.index[:5]) == ["a"] * 4 + ["b"]
    assert [tuple(r) for r in found[["variant", "preset", "duration_s", "width", "height"]].iloc[:4].to_numpy()] == [
        ("short", "tiktok", 1, 1080, 1920), ("short", "square", 1, 1080, 1080),
        ("long", "tiktok", 3, 1080, 1920), ("long", "square", 3, 1080, 1080),
    ]  # fmt: skip


def test_processes_that_plan_load_neither_pandas_nor_codecs():
    heavy = "{'pandas', 'numpy', 'cv2', 'av', 'PIL', 'scipy', 'httpx'}"
    asked = f"import sys, reelframe.runs.outlook; print(*sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize("dry", [True, False])
def test_an_interrupt_while_the_table_is_read_is_told_and_what_was_seen_is_known(photos, tmp_path, dry):
    import _thread

    products = pd.DataFrame({"name": list("abcd"), "photo": [str(p) for p in photos]})

    def stop(progress):
        if progress.stage == "files":
            _thread.interrupt_main()

    with pytest.raises(JobCancelledError, match="before anything was made"):
        rf.batch(products, "{name}", "photo", tmp_path / "out", check=dry, progress=stop)
    assert not list(tmp_path.glob("out/*.mp4"))
    if not dry:
        with sqlite3.connect(tmp_path / "out/.reelframe/ledger.sqlite3") as db:
            assert db.execute("SELECT count(*) FROM media").fetchone()[0] >= 1
        db.close()


def test_presets_of_one_row_are_planned_once(products, monkeypatch):
    from reelframe.runs import outlook

    drawn = []
    monkeypatch.setattr(outlook, "draw", lambda task, real=outlook.draw: drawn.append(task.name) or real(task))
    found = check(products, preset=["tiktok", "square"])
    assert drawn == ["a", "b", "c"]
    assert list(zip(found.width, found.height, strict=True))[:2] == [(1080, 1920), (1080, 1080)]


def test_a_dry_run_says_what_each_row_would_do_lack_and_cost(products):
    products.loc["d"] = ["Lost", 1.0, "lost.jpg"]
    found = check(products, 'a 2-second video with calm music and the title "{name}"')
    ready = found.iloc[0]
    assert list(found.status) == ["ready"] * 3 + ["invalid"]
    assert ready.does[0] == "compose" and ready.texts == ["Mug"] and ready.shots == 1 and ready.duration_s == 2
    assert ready.estimated_s > 0 and ready.estimated_mb > 0 and pd.isna(ready.credits)
    assert found.missing.iloc[3] == [found.error.iloc[3]] and "lost.jpg" in found.error.iloc[3]
    assert found.error_code.iloc[3] == "media" and found.estimated_s.iloc[3] == 0
    assert not Path("never").exists()


def test_a_dry_run_for_a_server_counts_credits(products):
    found = check(products, backend="http://127.0.0.1:9")
    assert list(found.credits) == [1, 1, 1]


def test_what_a_cell_may_name(photos, tmp_path):
    folder = tmp_path / "photos"
    (folder / "notes.txt").write_text("no photo")
    a, b, *_ = names = [str(p) for p in photos]
    cases = [
        (a, [a]),
        (Path(a), [a]),
        ("photos/p0.jpg", [a]),
        ("photos", names),
        ("photos/p[01].jpg", [a, b]),
        (f"{a};{b}", [a, b]),
        ("photos/p1.jpg | photos/p0.jpg", [b, a]),
        (json.dumps([b, a]), [b, a]),
        ([a, [Path(b)]], [a, b]),
        (np.array([a, b]), [a, b]),
        (pd.Series([a, None, b]), [a, b]),
        ("https://a.example/x.jpg", ["https://a.example/x.jpg"]),
        (None, []),
        (float("nan"), []),
        ("  ", []),
    ]
    for cell, expected in cases:
        assert list(listed(cell, tmp_path)) == expected, cell
    for cell in ("photos/q*.jpg", 7, {"a": 1}, b"bytes"):
        with pytest.raises(MediaError):
            listed(cell, tmp_path)


def test_a_file_with_a_semicolon_in_its_name_is_one_file(photos, tmp_path):
    odd = photos[0].rename(tmp_path / "a;b.jpg")
    assert listed("a;b.jpg", tmp_path) == (str(odd),)
