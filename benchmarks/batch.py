"""Batches: what they cost over the renderer alone, what sharing saves, and how fast many rows are planned.

python benchmarks/batch.py                # all three
python benchmarks/batch.py overhead       # the same videos by the renderer alone, and by a batch
python benchmarks/batch.py shared         # 20 videos with intro, outro, logo and music, against 20 separate runs
python benchmarks/batch.py check          # 10,000 rows planned
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

import reelframe as rf
import reelframe.runs
from reelframe import edits, render
from reelframe.draft import Draft
from reelframe.media import Library, probe

PROMPT = 'A 15-second vertical video with calm music and the text "{name}" from 5 to 10 seconds'


def photo(path, seed, size=(2000, 1500)):
    """A picture with as much detail as a photo, drawn by code."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (12, 16, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = rng.normal(0, 6, (size[1], size[0], 1))
    Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8)).save(path, quality=92)
    return str(path)


def table(folder, count):
    folder.mkdir(exist_ok=True)
    return pd.DataFrame(
        {
            "sku": [f"P{n:05d}" for n in range(count)],
            "name": [f"Stoneware mug no. {n}" for n in range(count)],
            "photo": [photo(folder / f"{n}.jpg", n) for n in range(count)],
        }
    )


def cold(folder):
    """A data folder without a past."""
    os.environ["REELFRAME_HOME"] = tempfile.mkdtemp(dir=folder)


def children_s():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


# --- overhead --------------------------------------------------------------------------------------------


def bare(products, out):
    """The renderer and nothing else: no ledger, no table, no probe of the result; one process, its own threads."""
    drafts = []
    for row in products.itertuples():
        library = Library((probe(row.photo),))
        plan = rf.planner.plan(PROMPT.format(name=row.name), Draft(), library)
        drafts.append((edits.apply(Draft(), plan, library), library))
    began, cpu = time.monotonic(), children_s()
    for n, (draft, library) in enumerate(drafts):
        render.render(render.compose(draft, library), out / f"bare-{n}.mp4")
    return time.monotonic() - began, children_s() - cpu


def overhead(folder, count, turns=3):
    """The same videos three ways in turns; nothing is shared between rows but the music, which all find in the cache.

    By the bare renderer; by a batch in this process, one video after the other with all threads, as that makes them;
    and by one as it is by default, with a process for each core, which are not there yet.
    """
    products = table(folder / "photos", count)
    ways = {"bare": None, "one process": 1, "default": 0}
    seen = {way: [] for way in ways}
    for turn in range(turns):
        for way, workers in ways.items():
            out = folder / f"{way}{turn}"
            out.mkdir()
            cold(folder)
            bare(products.iloc[:1], out)
            if workers is None:
                seen[way].append(bare(products, out))
                continue
            options = {"media": "photo", "key": "sku", "progress": False, "workers": workers or None}
            began, cpu = time.monotonic(), children_s()
            results = rf.batch(products, PROMPT, out=out / "batch", **options)
            seen[way].append((time.monotonic() - began, children_s() - cpu))
            assert (results.status == "done").all(), results.error
    print(f"overhead: {count} videos of 15 s, medians of {turns} turns")
    alone = [statistics.median(kind) for kind in zip(*seen["bare"], strict=True)]
    for way, spent in seen.items():
        wall, used = (statistics.median(kind) for kind in zip(*spent, strict=True))
        more, cpu_more = wall / alone[0] - 1, used / alone[1] - 1
        print(f"  {way}: {wall:.1f} s ({more:+.1%}), {used:.1f} s of CPU ({cpu_more:+.1%})")


# --- sharing ---------------------------------------------------------------------------------------------

ONE = """
import sys, pandas as pd, reelframe as rf
photo, intro, outro, logo, name, out, prompt = sys.argv[1:]
products = pd.DataFrame({"name": [name], "photo": [photo]})
results = rf.batch(products, prompt, "photo", out, intro=intro, outro=outro, logo=logo, progress=False)
assert (results.status == "done").all(), results.error
"""


def shared(folder, count, alone=None):
    """A batch of videos that share intro, outro, logo and music, and as many runs of their own with cold caches.

    ``alone``: only so many of those runs are really made, and their mean is taken for the others.
    """
    products = table(folder / "photos", count)
    intro, outro = photo(folder / "intro.jpg", 900), photo(folder / "outro.jpg", 901)
    logo = str(rf.runs.sample_logo())
    cold(folder)
    began, cpu = time.monotonic(), children_s()
    results = rf.batch(
        products, PROMPT, "photo", folder / "together", key="sku", intro=intro, outro=outro, logo=logo, progress=False
    )
    together, together_cpu = time.monotonic() - began, children_s() - cpu
    assert (results.status == "done").all(), results.error
    apart = []
    began, cpu = time.monotonic(), children_s()
    alone = min(alone or count, count)
    for n, row in enumerate(products.iloc[:alone].itertuples()):
        cold(folder)
        once = time.monotonic()
        args = [row.photo, intro, outro, logo, row.name, str(folder / f"apart{n}"), PROMPT]
        subprocess.run([sys.executable, "-c", ONE, *args], check=True)
        apart.append(time.monotonic() - once)
    total, total_cpu = (used * count / alone for used in (time.monotonic() - began, children_s() - cpu))
    print(
        f"shared: {count} videos together {together:.1f} s ({together_cpu:.1f} s of CPU), apart {total:.1f} s "
        f"({total_cpu:.1f} s of CPU, {statistics.median(apart):.1f} s each): "
        f"{together / total:.2f} of the time, {together_cpu / total_cpu:.2f} of the CPU"
    )


# --- planning --------------------------------------------------------------------------------------------


def proportional_mb():
    """Memory of this process and its children, shared pages by halves and thirds (Linux: Pss)."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    total, todo = 0, [os.getpid()]
    while todo:
        pid = todo.pop()
        todo += parents.get(pid, [])
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def check(folder, count):
    """Rows planned and nothing rendered, over the sample photos."""
    cold(folder)
    samples = rf.sample_products()
    products = pd.DataFrame(
        {
            "sku": [f"P{n:05d}" for n in range(count)],
            "name": [f"{samples.name.iloc[n % 8]} {n}" for n in range(count)],
            "price": [10 + n % 90 + 0.5 for n in range(count)],
            "photos": [samples.photos.iloc[n % 8] for n in range(count)],
        }
    )
    peak, over = [0.0], threading.Event()

    def watch():
        while not over.wait(0.3):
            peak[0] = max(peak[0], proportional_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, cpu = time.monotonic(), children_s()
    found = rf.batch(
        products, "A 15-second vertical video of {name} for {price:.2f} €", "photos", folder / "never", key="sku",
        check=True, progress=False,
    )  # fmt: skip
    wall, spent = time.monotonic() - began, children_s() - cpu
    over.set()
    watcher.join()
    assert (found.status == "ready").all()
    print(f"check: {count} rows in {wall:.1f} s ({spent:.1f} s of CPU), peak {peak[0]:.0f} MB in all processes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=["overhead", "shared", "check"])
    parser.add_argument("--count", type=int, help="rows")
    parser.add_argument("--alone", type=int, help="shared: how many of the separate runs are really made")
    args = parser.parse_args()
    jobs = {"overhead": (overhead, 6), "shared": (shared, 20), "check": (check, 10_000)}
    for name, (job, usual) in jobs.items():
        if args.what in {None, name}:
            with tempfile.TemporaryDirectory(prefix="reelframe-bench-") as folder:
                more = {"alone": args.alone} if name == "shared" else {}
                job(Path(folder), args.count or usual, **more)


if __name__ == "__main__":
    main()
