"""Small photos, a small table, and runs that are quick: tiny frames, one process."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import reelframe as rf

PROMPT = 'A 1-second video without music, title "{name}"'
SMALL = {"width": 96, "height": 64, "fps": 5, "quality": "low"}


def photo(path, seed, size=(120, 80)):
    """A photo that is told from every other one by its colour."""
    pixels = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), np.uint8)
    Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST).save(path, quality=90)
    return path


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    return [photo(folder / f"p{n}.jpg", n) for n in range(4)]


@pytest.fixture
def products(photos):
    return pd.DataFrame(
        {"name": ["Mug", "Vase", "Bowl"], "price": [12.5, 40.0, 33.0], "photo": [str(p) for p in photos[:3]]},
        index=["a", "b", "c"],
    )


@pytest.fixture
def run(tmp_path):
    """``rf.batch`` into a folder of the test's own, quick and quiet."""

    def go(products, prompt=PROMPT, media="photo", out=tmp_path / "out", **options):
        options = {"output": SMALL, "workers": 1, "progress": False} | options
        return rf.batch(products, None if "variants" in options else prompt, media, out, **options)

    return go
