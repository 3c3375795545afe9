"""Environments with the kernels that people have: one per ipykernel, made once, in the user's cache.

    python scripts/kernel_matrix.py            makes what is missing, and says where each is

Colab's own versions go together (ipykernel 6.17, ipywidgets 7.7, anywidget 0.9.21); the others have today's widgets.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import platformdirs

ROOT = Path(__file__).parents[1]
COLAB = [
    "ipython==7.34.0",
    "traitlets==5.7.1",
    "ipywidgets==7.7.1",
    "anywidget==0.9.21",
    "httpx==0.28.1",
    "pandas==2.2.3",
    "jupyter_client<8",
    "tornado<6.5",
    "distributed>=2024.8",
    "fsspec",
]
KERNELS = {
    "6.17": ["ipykernel==6.17.1", *COLAB],
    "6.29": ["ipykernel==6.29.5"],
    "7.3": ["ipykernel==7.3.*"],
    "latest": ["ipykernel"],
}


def cache() -> Path:
    return Path(platformdirs.user_cache_dir("reelframe-tests")) / "kernels"


def environment(name: str) -> Path:
    """The interpreter of one environment, made if it is not there."""
    wanted = KERNELS[name]
    mark = hashlib.sha256(repr((wanted, sys.version_info[:2])).encode()).hexdigest()[:12]
    folder = cache() / f"{name}-{mark}"
    python = folder / "bin/python"
    # The package's own code comes from the checkout, by PYTHONPATH: an environment outlives many versions of it, and is
    # given what a later one needs besides.
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    done, state = folder / ".done", "\n".join(needed)
    if done.exists() and done.read_text(encoding="utf-8") == state:
        return python
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, *wanted, *needed], check=True, timeout=900)
    done.write_text(state, encoding="utf-8")
    return python


if __name__ == "__main__":
    for kernel in sys.argv[1:] or KERNELS:
        print(f"{kernel:8s} {environment(kernel)}")
