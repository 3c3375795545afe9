"""Rendering on real workers of Dask, one of which dies in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading

import pandas as pd
import pytest

import reelframe as rf
from reelframe.media import probe


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("default")  # what Dask warns of is its own affair
def test_a_worker_that_is_killed_in_the_middle_costs_no_row(photos, tmp_path):
    import distributed

    count = 16
    products = pd.DataFrame(
        {"sku": [f"p{n:02d}" for n in range(count)], "photo": [str(photos[n % 4]) for n in range(count)]}
    )
    victims = []

    def kill(progress):
        if progress.stage == "videos" and progress.fraction >= 0.25 and not victims:
            # The one that has worked: what it had finished is what Dask would repeat.
            victims.append(next(iter(cluster.workers.values())).process.process.pid)
            os.kill(victims[0], signal.SIGKILL)

    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        results = rf.batch(
            products, 'a 2-second video without music, title "{sku}"', "photo", tmp_path / "out", key="sku",
            executor=client.get_executor(pure=False), progress=kill, output={"width": 160, "height": 96, "fps": 10},
        )  # fmt: skip
    assert victims, "a worker was killed"
    assert results.status.tolist() == ["done"] * count, results.error.dropna().tolist()
    assert [probe(path).duration_s for path in results.path] == [2] * count
    with sqlite3.connect(tmp_path / "out/.reelframe/ledger.sqlite3") as db:
        made = db.execute("SELECT key, count(*) FROM made GROUP BY key").fetchall()
    db.close()
    assert [n for _, n in made] == [1] * count
    assert threading.active_count() < 50
