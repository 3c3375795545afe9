"""The notebooks run from top to bottom as they are, and what is committed of them is small and clean."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# nbclient and pyzmq leave their sockets and loops to the garbage collector, which complains in their name.
quiet = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
# Home folders, temporary folders and system folders, on the three systems.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|usr|var|private|opt)/\w|[A-Z]:\\\\")


def runner():
    spec = importlib.util.spec_from_file_location("run_notebooks", ROOT / "scripts/run_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(cell):
    return "".join(o.text for o in cell.outputs if o.output_type == "stream")


def frame_at(path, second):
    import av

    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        return next(f for f in file.decode(stream) if f.time >= second - 0.001).to_ndarray(format="rgb24").astype(int)


def frame_count(path):
    import av

    with av.open(str(path)) as file:
        return sum(1 for _ in file.decode(video=0))


def test_there_are_five():
    names = ["01_quickstart", "02_timeline_as_a_table", "03_products_to_videos", "04_hosted_service"]
    assert [path.stem for path in NOTEBOOKS] == [*names, "05_scripting_and_scale"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_reader_can_open_it_elsewhere(path):
    first = nbformat.read(path, as_version=4).cells[0].source
    assert f"colab.research.google.com/github/reelframe/reelframe/blob/main/notebooks/{path.name}" in first
    assert f"mybinder.org/v2/gh/reelframe/reelframe/main?urlpath=lab/tree/notebooks/{path.name}" in first


@quiet
@pytest.mark.slow
def test_the_quickstart_makes_its_two_videos(tmp_path):
    notebook = runner().execute(ROOT / "notebooks/01_quickstart.ipynb", tmp_path)

    wide, tall = tmp_path / "autumn.mp4", tmp_path / "short.mp4"
    assert (frame_count(wide), frame_count(tall)) == (300, 180)
    assert frame_at(wide, 1).shape == (1080, 1920, 3)
    assert frame_at(tall, 1).shape == (1920, 1080, 3)
    # "Black and white" was taken back: the video is as colourful as the photos are.
    picture = frame_at(wide, 5)
    assert np.abs(picture[..., 0] - picture[..., 2]).mean() > 5
    # What the reader is shown is what was done.
    said = "\n".join(printed(cell) for cell in code_cells(notebook))
    assert "I assumed:" in said
    assert "Title is now 'Autumn 2026'" in said
    assert "autumn.mp4: 10 s, 1920x1080" in said
    assert "short.mp4: 6 s, 1080x1920" in said


def said_by(name, folder):
    notebook = runner().execute(ROOT / f"notebooks/{name}.ipynb", folder)
    shown = [o.data.get("text/plain", "") for cell in code_cells(notebook) for o in cell.outputs if "data" in o]
    return "\n".join([printed(cell) for cell in code_cells(notebook)] + shown)


@quiet
@pytest.mark.slow
def test_the_timeline_is_edited_as_a_table(tmp_path):
    said = said_by("02_timeline_as_a_table", tmp_path)
    assert "Text is now 'Slow mornings' (was 'Made by hand')" in said
    assert "Removed 'logo.png'. The order is now 4-cactus-planter.jpg, 3-nesting-bowls.jpg" in said
    assert "it is not a colour" in said
    assert "it should be less than or equal to 2" in said
    assert frame_count(tmp_path / "slow-mornings.mp4") == 360


@quiet
@pytest.mark.slow
def test_products_become_videos(tmp_path):
    said = said_by("03_products_to_videos", tmp_path)
    assert "rendered again: 0" in said
    assert said.count("is empty, and the prompt needs it") == 2
    videos = sorted((tmp_path / "videos").glob("*.mp4"))
    assert len(videos) == 8
    assert {(frame_count(path), frame_at(path, 1).shape) for path in videos} == {(60, (480, 270, 3))}
    assert len(list((tmp_path / "variants").glob("*.mp4"))) == 4


@quiet
@pytest.mark.slow
def test_the_hosted_protocol_is_spoken_with_a_server_of_this_machine(tmp_path):
    said = said_by("04_hosted_service", tmp_path)
    assert "No NEMO_TOKEN is set: a server on this machine stands in." in said
    assert "Credits(available=100.0" in said
    assert "Credits(available=98.0" in said
    assert "4001 - notes.txt" in said
    assert "1001 - The token was not accepted" in said
    assert frame_count(tmp_path / "hosted.mp4") == 180


@quiet
@pytest.mark.slow
def test_scripts_jobs_and_a_cluster(tmp_path):
    said = said_by("05_scripting_and_scale", tmp_path)
    assert "square.mp4: 4 s, 480x480" in said
    assert "Cancelled." in said
    assert not (tmp_path / "never.mp4").exists()
    assert [len(list((tmp_path / folder).glob("*.mp4"))) for folder in ("small", "spread")] == [4, 4]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_committed(path):
    text = path.read_text(encoding="utf-8")
    assert len(text) < 300_000
    assert not MACHINE_PATH.search(text)
    assert "video/mp4" not in text

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    cells = code_cells(notebook)
    # A complete run, in order and without an error: nothing was edited after it.
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [o for cell in cells for o in cell.outputs if o.output_type == "error"]
    assert not [o for cell in cells for o in cell.outputs if o.get("name") == "stderr"]
    # A person reads it on a laptop: few lines a cell, and words before every new thing.
    assert max(len(cell.source.splitlines()) for cell in cells) <= 12
    assert notebook.cells[0].cell_type == "markdown"


def test_every_notebook_shows_pictures_to_who_only_reads_it():
    quickstart = nbformat.read(ROOT / "notebooks/01_quickstart.ipynb", as_version=4)
    shown = [o.data for cell in code_cells(quickstart) for o in cell.outputs if "data" in o]
    assert sum("image/jpeg" in data for data in shown) == 3
    assert sum("text/html" in data for data in shown) >= 1


def test_binder_installs_this_package():
    binder = ROOT / "binder"
    assert (binder / "runtime.txt").read_text() == "python-3.12\n"
    assert (binder / "requirements.txt").read_text().split() == ["ipykernel>=7.1", "jupyterlab>=4.4"]
    build = binder / "postBuild"
    assert build.stat().st_mode & 0o111 == 0o111
    assert build.read_text().startswith("#!")
    # repo2docker would take a conda file instead of these three.
    assert not (binder / "environment.yml").exists()
