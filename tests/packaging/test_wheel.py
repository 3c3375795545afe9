"""The wheel, as somebody gets it who has no checkout: what is in it, and the demo in an empty environment."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


def test_it_holds_what_is_needed_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for needed in (
        "py.typed", "widget/static/widget.js", "widget/static/widget.css", "samples/logo.png", "samples/1-stoneware-mug.jpg",
        "fonts/Inter.ttf", "fonts/OFL-Inter.txt", "planner/words/zh/verbs.toml", "cli.py",
    ):  # fmt: skip
        assert f"reelframe/{needed}" in names
    strangers = {n for n in names if not n.startswith(("reelframe/", "reelframe-")) or n.endswith((".pyc", ".mp4"))}
    assert strangers == set()
    assert wheel.stat().st_size < 6_000_000


def test_the_demo_runs_in_an_empty_environment(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    python = tmp_path / "env/bin/python"
    subprocess.run([python, "-m", "pip", "install", "-q", wheel], check=True, timeout=900)
    (tmp_path / "empty").mkdir()
    env = {**os.environ, "REELFRAME_HOME": str(tmp_path / "home"), "PYTHONPATH": ""}
    done = subprocess.run(
        [tmp_path / "env/bin/reelframe", "demo"],
        cwd=tmp_path / "empty",
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "30.0 s, 1920x1080" in done.stdout
    assert (tmp_path / "empty/reelframe-demo.mp4").stat().st_size > 1_000_000
