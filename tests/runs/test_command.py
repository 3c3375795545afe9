"""``reelframe batch`` on the command line."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import reelframe as rf
from reelframe.cli import app
from reelframe.media import probe


def call(*args):
    return CliRunner().invoke(app, ["batch", *map(str, args)])


@pytest.fixture
def table(products, tmp_path):
    products = products.iloc[:2].assign(photo=["photos/p0.jpg", "photos/p1.jpg;photos/p2.jpg"])
    products.to_csv(tmp_path / "products.csv", index=False)
    return tmp_path / "products.csv"


def test_a_table_in_a_file_becomes_a_folder_of_videos(table, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    args = [table, "-p", "a 1-second video of {name} without music", "-m", "photo", "--key", "name",
            "--results", "results.csv", "--gallery", "index.html", "--workers", "1", "--size", "96x64", "--fps", "5"]  # fmt: skip
    done = call(*args)
    assert done.exit_code == 0, done.output
    assert "2 done" in done.output
    assert probe("videos/Mug.mp4").duration_s == pytest.approx(1) and probe("videos/Vase.mp4").kind == "video"
    assert pd.read_csv("results.csv").status.tolist() == ["done", "done"]
    assert "<video" in (elsewhere / "index.html").read_text()
    lines = [json.loads(line) for line in call(*args, "--json").stdout.splitlines()]
    assert [line["attempts"] for line in lines] == [1, 1] and lines[0]["name"] == "Mug"


def test_a_dry_run_tells_what_is_wrong_and_what_it_will_take(table, tmp_path):
    found = call(
        table, "-p", "a 15-second video of {name} for {price:.2f}", "-m", "photo", "--check", "-o", tmp_path / "v"
    )
    assert found.exit_code == 0 and "2 ready" in found.output and "s of one core" in found.output
    assert not (tmp_path / "v").exists()
    table.write_text(table.read_text() + "Lamp,,gone.jpg\n")
    found = call(table, "-p", "a 15-second video of {name} for {price:.2f}", "-m", "photo", "--check")
    assert "1 invalid" in found.output and "Lamp" in found.output and "gone.jpg" in found.output


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "No table of products"),
        (["nowhere.csv"], "can't be read"),
        (["products.docx"], "no table that can be read here"),
        (["products.csv"], "Give a prompt"),
        (["products.csv", "-p", "{title}", "-m", "photo"], "no column 'title'"),
        (["products.csv", "--variant", "short"], "name=prompt"),
        (["products.csv", "-p", "x", "-m", "photo", "--brand", "red"], "--brand is not JSON"),
        (["products.csv", "-p", "x", "-m", "photo", "--brand", "[]"], "is not a JSON object"),
        (["products.csv", "-p", "x", "-m", "photo", "--size", "big"], "is no size"),
        (["products.csv", "-p", "x", "-m", "photo", "--preset", "vhs"], "no preset 'vhs'"),
    ],
)
def test_what_is_wrong_is_said_in_words(args, words):
    found = call(*args)
    assert found.exit_code == 1 and words in found.output.replace("\n", " ")
    assert "Traceback" not in found.output


def test_the_samples_are_eight_products_that_can_be_planned():
    products = rf.sample_products()
    assert products.shape == (8, 4) and products.index.is_unique
    found = call("--sample", "--check", "--json")
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert [line["status"] for line in lines] == ["ready"] * 8
    assert [line["duration_s"] for line in lines] == [6] * 8
    assert lines[0]["texts"] == ["Stoneware mug", "18.50 €"]
