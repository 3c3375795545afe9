"""What a notebook weighs that was run without a page (nbclient, papermill), by the real thing."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import nbclient
import nbformat
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
BUDGET = 20_000


@pytest.mark.filterwarnings("default")
def test_a_notebook_grows_by_less_than_20_kb_and_keeps_its_poster(tmp_path, monkeypatch):
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cells = [
        "import reelframe as rf\nstudio = rf.VideoStudio()\nstudio",
        f"from pathlib import Path\nmedia = studio.upload(*sorted(Path({str(SAMPLES)!r}).glob('*.jpg'))).result()",
        "reply = studio.send('make a 3-second video of these with the title Hello').result()",
        # The poster is made beside the cells, and belongs to the one at whose end it is there.
        "import time\nwhile 'data:image/jpeg' not in studio._fallback._html:\n    time.sleep(0.1)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    bare = len(nbformat.writes(notebook))
    nbclient.NotebookClient(notebook, timeout=200, resources={"metadata": {"path": str(tmp_path)}}).execute()
    text = nbformat.writes(notebook)
    print(f"{len(text) - bare} bytes more, {len(json.dumps(notebook.metadata.get('widgets', {})))} of them state")
    assert len(text) - bare < BUDGET
    assert "data:image/jpeg;base64" in text
    assert "1-stoneware-mug.jpg (0" in text
    states = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    widget = next(one["state"] for one in states if "_esm" in one["state"])
    # A page that opens the file without a kernel is given nothing to run: it shows the static output.
    assert widget["_esm"] == "export default { render() {} };"
