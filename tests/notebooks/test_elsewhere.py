"""The notebooks where people open them: in the environment that Binder builds, and on the packages that Colab pins.

Neither service can be reached from a test: what is run here is their packages, not their pages.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1500),
    # nbclient and pyzmq leave their sockets and loops to the garbage collector, which complains in their name.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"scripts/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_with(python, name, folder, monkeypatch):
    """The notebook, run by a kernel of another environment."""
    place = folder / "jupyter/kernels/python3"
    place.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (place / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "other", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    run = folder / "run"
    run.mkdir()
    notebook = script("run_notebooks").execute(ROOT / f"notebooks/{name}.ipynb", run)
    assert not [o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type == "error"]
    return run


def test_binder_builds_an_environment_in_which_the_quickstart_runs(tmp_path, monkeypatch):
    # repo2docker: an environment with requirements.txt, then postBuild in a copy of the repository.
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".*", "node_modules", "artifacts", "dist", "build"))
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    python = tmp_path / "env/bin/python"
    install = [python, "-m", "pip", "install", "-q", "-r", checkout / "binder/requirements.txt"]
    subprocess.run(install, check=True, timeout=900)
    env = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": ""}
    subprocess.run([checkout / "binder/postBuild"], cwd=checkout, env=env, check=True, timeout=900, capture_output=True)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    run = run_with(python, "01_quickstart", tmp_path, monkeypatch)
    assert (run / "autumn.mp4").stat().st_size > 100_000


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("01_quickstart", "autumn.mp4"),
        ("02_timeline_as_a_table", "slow-mornings.mp4"),
        ("03_products_to_videos", "videos/MUG-01.mp4"),
        ("04_hosted_service", "hosted.mp4"),
        ("05_scripting_and_scale", "square.mp4"),
    ],
)
def test_colabs_packages_run_the_notebooks(name, made, tmp_path, monkeypatch):
    matrix = script("kernel_matrix")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    run = run_with(matrix.environment("6.17"), name, tmp_path, monkeypatch)
    assert (run / made).exists()
