"""The planner's processor time for a request: mean, 99th percentile, worst; and the first one, with the tables."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

start = time.process_time()
from reelframe import planner  # noqa: E402 -- importing is part of what is measured

imported = time.process_time() - start
requests = [
    line.rsplit("=>", 1)[0].strip()
    for line in (Path(__file__).parent.parent / "tests" / "planner" / "requests.txt").read_text("utf-8").splitlines()
    if "=>" in line
]
draft, library = planner.sample_context()
start = time.process_time()
planner.plan(requests[0], draft, library)
first = time.process_time() - start
took = []
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
    for text in requests:
        start = time.process_time()
        planner.plan(text, draft, library)
        took.append((time.process_time() - start) * 1000)
print(f"import {imported * 1000:.0f} ms, first request {first * 1000:.0f} ms, {len(took)} requests:")
p99 = statistics.quantiles(took, n=100)[98]
print(f"mean {statistics.mean(took):.2f} ms, p99 {p99:.2f} ms, worst {max(took):.2f} ms")
for name, text in (
    ("1 MB of one letter", "a" * 1_000_000),
    ("1 MB of requests", "make the title bigger and red, " * 33_000),
    ("1 MB of Chinese", "把第二段放慢一点," * 110_000),
    ("1 MB of subtitles", "00:00:01,000 --> 00:00:02,000\nline\n\n" * 27_000),
    ("1 MB of quotes", "'\"“" * 330_000),
):
    start = time.process_time()
    planner.plan(text, draft, library)
    print(f"{name}: {(time.process_time() - start) * 1000:.0f} ms")
