"""A real JupyterLab with a real kernel, driven in a real Chromium."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import sync_playwright

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "client")]

ARTIFACTS = Path(__file__).parents[2] / "artifacts/browser"
# The flags that start a browser in a container, and keep it from looking for its maker's hosts.
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required"
).split()


def chromium_path():
    """Debian's Chromium, or another that is installed; None is Playwright's own."""
    return next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)


# Not longer than its module: Playwright's own loop runs in this thread as long as it lives, and no other can.
@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield chromium
        chromium.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lab:
    """One Jupyter server. ``open`` shows a notebook and waits until its kernel answers."""

    def __init__(self, root, app="lab"):
        self.root, self.app = Path(root), app
        self.notebooks = self.root / "notebooks"
        self.notebooks.mkdir(parents=True)
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        quiet = self.root / "settings/@jupyterlab/apputils-extension"
        quiet.mkdir(parents=True)
        (quiet / "notification.jupyterlab-settings").write_text(
            json.dumps({"fetchNews": "false", "checkForUpdates": False})
        )
        env = {
            **os.environ,
            **{
                f"{name}": str(self.root / folder)
                for name, folder in {
                    "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "share", "JUPYTER_RUNTIME_DIR": "run",
                    "JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
                    "IPYTHONDIR": "ipython", "REELFRAME_HOME": "reelframe", "XDG_CONFIG_HOME": "xdg",
                }.items()
            },
        }  # fmt: skip
        flag = "--LabApp" if app == "lab" else "--JupyterNotebookApp"
        self.log = (self.root / "jupyter.log").open("w")
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "jupyter", app, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={self.port}",
                f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.notebooks}", "--ServerApp.port_retries=0",
                "--LabApp.extension_manager=readonly", f"{flag}.expose_app_in_browser=True",
            ],
            env=env, stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"{self.base}/api/status?token={self.token}", timeout=1).read()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.root / "jupyter.log").read_text()[-3000:]) from None
                time.sleep(0.1)

    def write(self, name, *cells):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, self.notebooks / name)
        return name

    def open(self, page, name):
        way = f"lab/tree/{name}?reset&" if self.app == "lab" else f"notebooks/{name}?"
        page.goto(f"{self.base}/{way}token={self.token}", wait_until="domcontentloaded")
        page.wait_for_function(
            "n => window.jupyterapp?.shell?.currentWidget?.context?.path?.split('/').pop() === n",
            arg=name,
            timeout=90_000,
        )
        page.evaluate(
            """async () => { await window.jupyterapp.restored; const s = window.jupyterapp.shell.currentWidget.sessionContext;
               await s.ready; await s.session.kernel.info; }"""
        )

    def run(self, page, index):
        page.evaluate(
            """async (i) => { const a = window.jupyterapp; a.shell.currentWidget.content.activeCellIndex = i;
               await a.commands.execute('notebook:run-cell'); }""",
            index,
        )

    def python(self, page, code):
        """Run code in the notebook's kernel without a cell; returns what it printed."""
        return page.evaluate(
            """async (code) => { const k = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
               const f = k.requestExecute({code}); let o = '';
               f.onIOPub = m => { if (m.header.msg_type === 'stream') o += m.content.text;
                                  if (m.header.msg_type === 'error') o += m.content.traceback.join('\\n'); };
               await f.done; return o; }""",
            code,
        )

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.log.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-US")
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    tab.problems = []
    tab.on("pageerror", lambda error: tab.problems.append(error.stack or str(error)))
    yield tab
    context.close()


@pytest.fixture
def artifacts():
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS
