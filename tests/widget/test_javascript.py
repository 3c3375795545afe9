"""The browser's modules by themselves, under Node with a page that is none; and their types."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

JS = Path(__file__).parents[2] / "js"


@pytest.mark.parametrize("what", ["test", "check"])
def test_the_modules_under_node(what):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    npm = shutil.which("npm", path=path)
    assert npm, "The widget's own tests need Node 20 or newer: `make test` installs it."
    assert (JS / "node_modules/.bin/vitest").exists(), "What they use is not installed: `make test` installs it."
    env = {**os.environ, "PATH": path}
    command = [npm, "run", "--silent", what]
    done = subprocess.run(command, check=False, cwd=JS, env=env, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
