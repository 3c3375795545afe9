"""Runs that are killed: at any moment, without a word. Every row is there exactly once in the end."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

import reelframe as rf
from reelframe.media import probe

SCRIPT = """
import sys
import pandas as pd
import reelframe as rf
products = pd.DataFrame({"sku": [f"p{n:02d}" for n in range(24)], "photo": [sys.argv[1 + n % 4] for n in range(24)]})
print("begin", flush=True)
results = rf.batch(products, 'a 2-second video without music, title "{sku}"', "photo", "out", key="sku", workers=2,
                   output={"width": 160, "height": 96, "fps": 10}, progress=False)
print(results.status.value_counts().to_dict())
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_twenty_random_moments_every_row_is_there_once(photos, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    chance = random.Random(7)
    killed = 0
    command = [sys.executable, str(script), *map(str, photos)]
    while killed < 20:
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout.readline().strip() == "begin"
        # Some die while they expand the table, most while they render; what is made stays, so that no run is like another.
        deadline = time.monotonic() + chance.uniform(0, 9)
        while time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.01)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
        else:
            # It came to its end before its death: some of it is to be made again.
            for path in list((tmp_path / "out").glob("*.mp4"))[: chance.randint(4, 24)]:
                path.unlink()
        # Its workers hold the same pipe: they must not outlive it.
        process.communicate(timeout=30)
        for path in (tmp_path / "out").glob("*.mp4"):
            assert probe(path).duration_s == pytest.approx(2), "what has its name is whole at any moment"
    last = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert last.returncode == 0, last.stderr
    status = rf.batch_status(tmp_path / "out")
    assert status.index.tolist() == [f"p{n:02d}" for n in range(24)] and set(status.status) == {"done"}
    assert sorted(p.name for p in (tmp_path / "out").glob("*.mp4")) == [f"p{n:02d}.mp4" for n in range(24)]
    for row in status.itertuples():
        assert probe(row.path).size_bytes == row.size_bytes
    # One more run finds nothing to do, and nothing unfinished is left.
    with sqlite3.connect(tmp_path / "out/.reelframe/ledger.sqlite3") as db:
        before = db.execute("SELECT count(*) FROM made").fetchone()
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=300)
        assert db.execute("SELECT count(*) FROM made").fetchone() == before
        assert db.execute("SELECT count(DISTINCT key) FROM made").fetchone() == (24,)
    db.close()
    assert not [p for p in (tmp_path / "out/.reelframe/parts").rglob("*") if p.is_file()]
