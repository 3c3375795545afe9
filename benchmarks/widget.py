"""From the plan to the first part of its preview, as the widget hands it to a page: seconds, and of processor time.

Each line is a Python of its own that has just shown a widget: one that has loaded nothing ahead, one that is asked at
once, and one that was left alone until it had loaded what it needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from importlib import resources
from pathlib import Path
from typing import Any
from unittest.mock import patch

import reelframe as rf

WAYS = ("nothing loaded ahead", "asked at once", "left alone first")


def measure(way: str) -> str:
    """One widget: photos, a request, the first part of its preview."""
    seen: dict[str, tuple[float, float]] = {}
    there = threading.Event()

    def changed(change: dict[str, Any]) -> None:
        for what in ("timeline", "growing"):
            if change["new"][what] and what not in seen:
                seen[what] = time.perf_counter(), time.process_time()
        if "growing" in seen:
            there.set()

    began = time.perf_counter()
    with patch("reelframe.connect.warm_up") if way == WAYS[0] else nullcontext():
        studio = rf.VideoStudio()
    made = time.perf_counter() - began
    if way == WAYS[2]:
        for thread in threading.enumerate():
            if thread.name == "reelframe-warm-up":
                thread.join()
    studio.observe(changed, "view")
    samples = Path(str(resources.files("reelframe") / "samples"))
    studio.upload(*sorted(samples.glob("*.jpg"))).result()
    asked = time.perf_counter()
    studio.send("make a 30-second video of these with music and the title 'Autumn'")
    there.wait(60)
    plan, first = seen["timeline"], seen["growing"]
    studio.close()
    return (
        f"made in {made:.2f} s; plan {plan[0] - asked:.2f} s after the request, "
        f"first part {first[0] - plan[0]:.2f} s ({first[1] - plan[1]:.2f}) after the plan"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(sys.argv[1]))
    else:
        for one in WAYS:
            with tempfile.TemporaryDirectory() as home:
                print(f"{one}: ", end="", flush=True)
                subprocess.run([sys.executable, __file__, one], env={**os.environ, "REELFRAME_HOME": home}, check=True)
