"""The examples that people read with Shift+Tab do what they say."""

from __future__ import annotations

import asyncio
import doctest
import importlib
import shutil
from pathlib import Path

import pytest

from reelframe import Client, create, planner, runs

SOURCE = Path(__file__).parents[1] / "src"


def examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    for path in sorted((SOURCE / "reelframe").rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
            yield from (test for test in finder.find(importlib.import_module(name), name) if test.examples)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder as the examples take for granted: a few photos, a logo, a folder of photos."""
    files = [photo for photos in runs.sample_products()["photos"][:3] for photo in photos]
    shutil.copy(files[0], tmp_path / "mug.jpg")
    shutil.copy(files[1], tmp_path / "vase.jpg")
    shutil.copy(runs.sample_logo(), tmp_path / "logo.png")
    (tmp_path / "photos").mkdir()
    for file in files:
        shutil.copy(file, tmp_path / "photos")
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("example", list(examples()), ids=lambda test: test.name)
def test_an_example_shows_what_happens(example):
    known = {
        "products": runs.sample_products().head(2), "sample_products": runs.sample_products,
        "sample_context": planner.sample_context, "Client": Client, "create": create, "asyncio": asyncio,
    }  # fmt: skip
    example.globs = {**example.globs, **known}
    said = []
    failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append).failed
    assert not failed, "".join(said)
