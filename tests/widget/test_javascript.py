"""The browser's modules by themselves, under Node with a page that is none; and their types."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

JS = Path(__file__).parents[2] / "js"


@pytest.mark.parametrize("what", ["test", "check"])
def test_the_modules_under_node(what):
    assert shutil.which("npm"), "Node is needed for the widget's own tests: scripts/install_test_tools.sh says how."
    if not (JS / "node_modules/.bin/vitest").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=JS, check=True, timeout=240)
    command = ["npm", "run", "--silent", what]
    done = subprocess.run(command, check=False, cwd=JS, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
