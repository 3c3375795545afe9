"""The main job, done once through the command line as a person would, and looked at by many tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import av
import numpy as np
import pytest

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))
REQUEST = "combine these images into a 30-second video with background music and text overlays"
SMALL = (192, 108)


@dataclass(frozen=True)
class Made:
    path: Path
    facts: dict
    home: Path


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Made:
    folder = tmp_path_factory.mktemp("main-job")
    command = [
        sys.executable, "-m", "reelframe.cli", "create", *PHOTOS, "--logo", SAMPLES / "logo.png", "--prompt", REQUEST,
        "-o", folder / "out.mp4", "--project", "Made by hand", "--json",
    ]  # fmt: skip
    env = {**os.environ, "REELFRAME_HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "config")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, timeout=280)
    assert done.returncode == 0, done.stderr
    return Made(folder / "out.mp4", json.loads(done.stdout), folder / "home")


@pytest.fixture(scope="session")
def frames(made) -> np.ndarray:
    """All 900 frames, small: (900, 108, 192, 3) uint8 RGB."""
    with av.open(str(made.path)) as file:
        small = [
            frame.reformat(width=SMALL[0], height=SMALL[1], format="rgb24").to_ndarray()
            for frame in file.decode(video=0)
        ]
    return np.stack(small)


@pytest.fixture(scope="session")
def sound(made) -> np.ndarray:
    """The decoded sound, (n, 2) float32 at 48 kHz."""
    with av.open(str(made.path)) as file:
        return np.concatenate([frame.to_ndarray().T for frame in file.decode(audio=0)])
