"""Run the notebooks from top to bottom and keep what they show, as they are committed.

    python scripts/run_notebooks.py                  every notebook of notebooks/
    python scripts/run_notebooks.py 01_quickstart    this one

Each runs in an empty folder with a data folder of its own. Kept are outputs that are small and say nothing about the
machine; the state of widgets and the times of execution are not.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CELL_TIMEOUT_S = 300
# A player in the page, or a widget, is nothing that a reader of the file can use without a kernel.
KEPT = {"text/plain", "text/html", "image/png", "image/jpeg"}


def execute(path: Path, folder: Path) -> nbformat.NotebookNode:
    """The notebook with the outputs of a run in ``folder``."""
    notebook = nbformat.read(path, as_version=4)
    environment = {**os.environ, "REELFRAME_HOME": str(folder / "reelframe"), "IPYTHONDIR": str(folder / "ipython")}
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT_S,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
    )
    client.execute(env=environment)
    return notebook


def tidy(notebook: nbformat.NotebookNode) -> None:
    """Take out what does not belong into a committed notebook."""
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            if "data" in output:
                output["data"] = {kind: value for kind, value in output["data"].items() if kind in KEPT}
                output["metadata"] = {}


def main(names: list[str]) -> None:
    paths = [NOTEBOOKS / f"{name}.ipynb" for name in names] or sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in paths:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="notebook-") as folder:
            notebook = execute(path, Path(folder))
        tidy(notebook)
        nbformat.write(notebook, path)
        print(f"{path.name}: {time.monotonic() - begun:.0f} s, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
