"""A run that is killed in the middle of its export: what it began is finished by the next one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

import av

SAMPLES = Path(str(resources.files("reelframe") / "samples"))


def test_an_export_outlives_the_process_that_began_it(tmp_path):
    command = [sys.executable, "-m", "reelframe.cli"]
    photos = [str(p) for p in sorted(SAMPLES.glob("*.jpg"))[:2]]
    process = subprocess.Popen(
        [*command, "create", *photos, "-p", "a 12-second video", "-o", "out.mp4"], cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not any(tmp_path.glob(".*part*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    assert not (tmp_path / "out.mp4").exists()
    done = subprocess.run([*command, "resume"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip().endswith("out.mp4")
    with av.open(str(tmp_path / "out.mp4")) as file:
        assert sum(1 for _ in file.decode(video=0)) == 360
    assert [p.name for p in tmp_path.iterdir()] == ["out.mp4"]
    again = subprocess.run([*command, "resume"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert "Nothing was left" in again.stderr
