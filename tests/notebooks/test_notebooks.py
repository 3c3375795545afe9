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


def test_there_is_a_quickstart():
    assert "01_quickstart.ipynb" in [path.name for path in NOTEBOOKS]


# nbclient and pyzmq leave their sockets and loops to the garbage collector, which complains in their name.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
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
    assert sum("text/html" in data for data in shown) == 1


def test_binder_installs_this_package():
    binder = ROOT / "binder"
    assert (binder / "runtime.txt").read_text() == "python-3.12\n"
    assert (binder / "requirements.txt").read_text().split() == ["ipykernel>=7.1", "jupyterlab>=4.4"]
    build = binder / "postBuild"
    assert build.stat().st_mode & 0o111 == 0o111
    assert build.read_text().startswith("#!")
    # repo2docker would take a conda file instead of these three.
    assert not (binder / "environment.yml").exists()
