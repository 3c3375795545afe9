"""What a widget loads while nobody waits: all that the first preview needs, after the cell, and never past the end."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

from reelframe.widget import cells

READY = """
import sys, threading, time
from importlib import resources
from pathlib import Path
import reelframe as rf

studio = rf.VideoStudio()
for thread in threading.enumerate():
    if thread.name == "reelframe-warm-up":
        thread.join()
heavy = {"av", "cv2", "numpy", "scipy", "reelframe", "starlette", "anyio", "PIL"}
there = set(sys.modules)
first = threading.Event()
late = []

def changed(view):
    if view.growing and not first.is_set():
        late.extend(m for m in set(sys.modules) - there if m.startswith("reelframe.") or m in heavy)
        first.set()

studio._studio._screen.on_change = changed
studio.upload(*sorted(Path(str(resources.files("reelframe") / "samples")).glob("*.jpg"))[:2]).result()
studio.send("make a 3-second video of these with the title 'Hello'").result()
assert first.wait(60)
studio.close()
print(sorted(late))
"""


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)


def test_the_first_preview_loads_no_module_that_was_not_loaded_before_the_first_request():
    done = run(READY)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def test_a_python_that_ends_at_once_ends_well():
    done = run("import reelframe as rf; rf.VideoStudio(); print('over')")
    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")


def test_where_there_are_cells_it_waits_for_the_end_of_this_one_and_is_done_once(monkeypatch):
    at_end, done = [], []
    events = SimpleNamespace(
        register=lambda _, call: at_end.append(call), unregister=lambda _, call: at_end.remove(call)
    )
    monkeypatch.setattr(cells, "get_ipython", lambda: SimpleNamespace(kernel=object(), events=events))
    cells.after_this_cell(lambda: done.append(1))
    assert done == []
    for _ in range(2):
        for call in list(at_end):
            call("how the cell ended")
    assert done == [1]


def test_where_there_are_none_it_is_done_at_once(monkeypatch):
    monkeypatch.setattr(cells, "get_ipython", lambda: None)
    done = []
    cells.after_this_cell(lambda: done.append(1))
    assert done == [1]
