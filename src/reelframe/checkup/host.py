"""Which notebook host this is, which kernel serves it, and what each means for the widget.

The facts of each host were measured where it could be run (JupyterLab 4.6, Notebook 7.6, marimo 0.25) and are
the vendors' published limits elsewhere (VS Code, Colab).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Container, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from reelframe.checkup.findings import Finding

__all__ = ["find_host", "find_kernel", "find_widget", "installed"]

_BYTES: Final = "The video reaches the page as bytes from the kernel; a long one takes a moment."
_FLEETING: Final = _BYTES + " Files vanish with the session: download them."
_NO_AAC: Final = "Its previews play without sound, because VS Code has no AAC decoder; exported files have sound."
# What each host is told by: one of these variables, and this module when one is named. The first that fits counts.
_HOSTS: Final[tuple[tuple[Finding, tuple[str, ...], str], ...]] = (
    (Finding("host", "limited", "Google Colab", _FLEETING), ("COLAB_RELEASE_TAG",), ""),
    (Finding("host", "limited", "Google Colab", _FLEETING), (), "google.colab"),
    (Finding("host", "limited", "Kaggle", _BYTES), ("KAGGLE_KERNEL_RUN_TYPE",), ""),
    (Finding("host", "limited", "Binder", _FLEETING), ("BINDER_SERVICE_HOST", "BINDER_REPO_URL"), ""),
    (Finding("host", "limited", "VS Code", _NO_AAC), ("VSCODE_PID", "VSCODE_CWD"), "ipykernel"),
    (Finding("host", "ok", "marimo"), (), "marimo._runtime"),
    (Finding("host", "ok", "Jupyter (JupyterLab or Notebook)"), (), "ipykernel"),
)
_PLAIN: Final = Finding(
    "host",
    "ok",
    "a terminal or a script",
    "The widget needs a notebook; rf.create, rf.Client and the reelframe command work here.",
)
# ipykernel's versions, as far as they differ in what a message from the page can do while a cell runs.
_SUBSHELLS: Final = (7, 1)


def installed(package: str) -> str | None:
    """The version of a distribution, None when it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def find_host(environment: Mapping[str, str] = os.environ, modules: Container[str] | None = None) -> Finding:
    """Where this process shows what it makes.

    Args:
        environment: its variables.
        modules: the names of the modules that are loaded; None is ``sys.modules``.
    """
    loaded: Container[str] = sys.modules if modules is None else modules
    for finding, signs, module in _HOSTS:
        # A variable of VS Code's is set in its terminals as well: both signs count where both are named.
        if (not signs or any(sign in environment for sign in signs)) and (not module or module in loaded):
            return finding
    return _PLAIN


def find_kernel(release: str | None) -> Finding:
    """What cancelling does while a cell runs, by ipykernel's version; None when it is not installed."""
    if release is None:
        return Finding("kernel", "ok", "no ipykernel", "Ctrl-C stops what is running.")
    numbers = tuple(int(part) for part in release.split(".")[:2] if part.isdigit())
    found = f"ipykernel {release}"
    if numbers >= _SUBSHELLS:
        return Finding("kernel", "ok", found, "The widget's Cancel and uploads work also while a cell runs.")
    advice = (
        "While a cell runs, the widget can't reach the kernel: press the notebook's stop button. Work begun with "
        "studio.send(…) in a cell that has ended can be cancelled from the widget. pip install -U ipykernel mends it."
    )
    return Finding("kernel", "limited", found, advice)


def find_widget(anywidget: str | None, ipywidgets: str | None) -> Finding:
    """Whether ``rf.VideoStudio()`` can show itself."""
    if anywidget is None or ipywidgets is None:
        return Finding("widget", "missing", "anywidget is not installed", "pip install anywidget")
    return Finding("widget", "ok", f"anywidget {anywidget}, ipywidgets {ipywidgets}")
