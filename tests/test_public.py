"""The public names: what is promised is there, and nothing heavy is loaded before it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import reelframe


@pytest.mark.parametrize("name", reelframe.__all__)
def test_a_public_name_is_there_and_documented(name):
    value = getattr(reelframe, name)
    assert value.__doc__
    assert name in dir(reelframe)


def test_a_wrong_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'videostudio'"):
        reelframe.videostudio  # noqa: B018


def test_importing_the_package_loads_nothing_heavy():
    heavy = "av cv2 scipy pandas PIL uharfbuzz starlette uvicorn IPython ipywidgets anywidget httpx rich pydantic numpy"
    code = f"import sys, reelframe; print([m for m in {heavy.split()!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("name", reelframe.errors.__all__)
def test_every_error_is_in_the_tree_and_in_its_drawing(name):
    cls = getattr(reelframe.errors, name)
    assert issubclass(cls, reelframe.errors.ReelframeError)
    assert name in reelframe.errors.__doc__


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("AuthenticationError", 1001),
        ("SessionNotFoundError", 1002),
        ("InsufficientCreditsError", 2001),
        ("UnsupportedMediaError", 4001),
        ("FileTooLargeError", 4002),
        ("ExportBlockedError", 402),
        ("RateLimitError", 429),
    ],
)
def test_a_refusal_carries_its_code_and_its_hint(name, code):
    error = getattr(reelframe.errors, name)("No.", hint="Do this.", status=400, request_id="r1")
    assert (error.code, error.status, error.request_id) == (code, 400, "r1")
    assert str(error) == "No. Do this."


def test_a_media_error_names_the_file_and_the_reason():
    error = reelframe.errors.MediaError.of("a.mp4", "it is empty", "Choose another.")
    assert (error.name, error.reason, str(error)) == ("a.mp4", "it is empty", "a.mp4: it is empty. Choose another.")


def test_no_public_name_is_hidden_by_a_module_of_the_same_name():
    # Importing `reelframe.x` puts the module in the place of whatever `reelframe.x` was before.
    code = (
        "import importlib, pkgutil, types, reelframe\n"
        "for m in pkgutil.iter_modules(reelframe.__path__): importlib.import_module(f'reelframe.{m.name}')\n"
        "print([n for n in reelframe.__all__ if reelframe._HOMES[n] and isinstance(getattr(reelframe, n), types.ModuleType)])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
