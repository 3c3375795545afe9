"""The wheel, as somebody gets it who has no checkout: what is in it, and the demo in an empty environment. And the source."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
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


def test_the_source_holds_what_its_tests_need_and_nothing_else(tmp_path):
    command = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, ROOT]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
    for needed in (
        "LICENSE", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "PKG-INFO", "src/reelframe/py.typed",
        "src/reelframe/widget/static/widget.js", "js/package.json", "js/package-lock.json", "js/src/index.js", "tests/conftest.py",
        "notebooks/01_quickstart.ipynb", "binder/postBuild", "scripts/install_test_tools.sh", "benchmarks/README.md",
        "docs/images/widget.gif",
    ):  # fmt: skip
        assert needed in names
    tops = {"src", "js", "tests", "notebooks", "binder", "docs", "scripts", "benchmarks"}
    files = {"LICENSE", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "PKG-INFO", ".gitignore"}
    assert {name for name in names if name.partition("/")[0] not in tops | files} == set()
    made = ("node_modules", "__pycache__", ".pyc", ".mp4", ".ipynb_checkpoints")
    assert {name for name in names if any(sign in name for sign in made)} == set()
    assert archive.stat().st_size < 6_000_000


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
