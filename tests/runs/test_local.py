"""Videos from a table on this machine: what comes out, what a second run does, and what goes wrong."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pandas as pd
import pytest

import reelframe as rf
import reelframe.pandas
from reelframe.errors import ConfigurationError, StorageError
from reelframe.media import Media, probe
from reelframe.runs import work
from reelframe.runs.tasks import Task

COLUMNS = [
    "name", "variant", "preset", "status", "path", "duration_s", "width", "height", "size_bytes", "loudness_lufs",
    "render_s", "credits", "attempts", "error_code", "error", "assumptions", "session_id", "thumbnail",
]  # fmt: skip


def made(out):
    """How often each video was made, from the ledger."""
    with sqlite3.connect(out / ".reelframe/ledger.sqlite3") as db:
        rows = db.execute(
            "SELECT name, count(*) FROM made JOIN tasks USING (key) GROUP BY key ORDER BY name"
        ).fetchall()
    db.close()
    return dict(rows)


def middle(path):
    """The mean colour of the middle frame, and how many frames there are."""
    with av.open(str(path)) as file:
        frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    return frames[len(frames) // 2].mean(axis=(0, 1)), len(frames)


def test_names_that_are_alike_in_files_have_files_of_their_own_and_keep_them_in_any_order(run, products):
    products["name"] = ["a", "a!", "a-2"]
    first = run(products, key="name")
    named = {name: Path(path).name for name, path in zip(first.name, first.path, strict=True)}
    assert named == {"a": "a.mp4", "a!": "a-3.mp4", "a-2": "a-2.mp4"}
    again = run(products.iloc[::-1], key="name")
    assert again.attempts.tolist() == [1, 1, 1]
    assert {name: Path(path).name for name, path in zip(again.name, again.path, strict=True)} == named


def test_a_video_for_each_row_and_the_second_run_makes_none(run, products, tmp_path):
    results = run(products)
    assert list(results.columns[: len(COLUMNS)]) == COLUMNS
    assert list(results.index) == ["a", "b", "c"] and list(results.status) == ["done"] * 3
    for row, source in zip(results.itertuples(), products.photo, strict=True):
        file = probe(row.path)
        assert (
            (file.width, file.height, file.size_bytes)
            == (96, 64, row.size_bytes)
            == (row.width, row.height, row.size_bytes)
        )
        assert file.duration_s == pytest.approx(row.duration_s) == 1.0
        colour, frames = middle(row.path)
        from PIL import Image

        assert frames == 5 and np.abs(colour - np.asarray(Image.open(source)).mean(axis=(0, 1))).max() < 25
        assert bytes(row.thumbnail).startswith(b"\xff\xd8") and row.assumptions
    again = run(products)
    pd.testing.assert_frame_equal(again.drop(columns="thumbnail"), results.drop(columns="thumbnail"))
    assert made(tmp_path / "out") == {"a": 1, "b": 1, "c": 1}
    assert not list((tmp_path / "out/.reelframe/parts").rglob("*.mp4"))


def test_only_what_is_missing_or_new_is_made(run, products, tmp_path, photos):
    first = run(products.iloc[:2])
    Path(first.path["a"]).unlink()
    products.loc["d"] = ["Plate", 9.0, str(photos[3])]
    results = run(products.sort_index(ascending=False))
    assert list(results.index) == ["d", "c", "b", "a"] and set(results.status) == {"done"}
    assert made(tmp_path / "out") == {"a": 2, "b": 1, "c": 1, "d": 1}


def test_one_bad_row_never_stops_the_others(run, products, tmp_path):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 this is no photo")
    products.loc["d"] = ["Gone", 1.0, "gone.jpg"]
    products.loc["e"] = ["Broken", 1.0, str(broken)]
    products["words"] = ["a 1-second video", "make me a sandwich", "a 1-second video", *["a 1-second video"] * 2]
    results = run(products, "words")
    assert list(results.status) == ["done", "failed", "done", "failed", "failed"]
    assert list(results.error_code.dropna()) == ["plan", "media", "media"]
    assert "gone.jpg" in results.error["d"] and "broken.jpg" in results.error["e"]
    assert results.path.notna().tolist() == [True, False, True, False, False]
    assert results.attempts.tolist()[:3] == [1, 1, 1]


def test_what_failed_is_tried_again_by_the_next_run(run, products, tmp_path):
    late = tmp_path / "late.jpg"
    products.loc["a", "photo"] = str(late)
    assert run(products).status.tolist() == ["failed", "done", "done"]
    late.write_bytes(Path(products.photo["b"]).read_bytes())
    assert run(products).status.tolist() == ["done"] * 3
    assert made(tmp_path / "out") == {"a": 1, "b": 1, "c": 1}


def test_rows_that_can_not_be_made_may_be_skipped(run, products):
    products.loc["b", "name"] = None
    results = run(products, "a 1-second video of {name}", invalid="skip")
    assert results.status.tolist() == ["done", "failed", "done"]
    assert results.error_code["b"] == "table" and "name: is empty" in results.error["b"]


def test_what_is_shared_is_in_every_video(run, products, tmp_path):
    from PIL import Image

    for name, colour in (("intro", (255, 0, 0)), ("outro", (0, 0, 255))):
        Image.new("RGB", (96, 64), colour).save(tmp_path / f"{name}.png")
    results = run(
        products.iloc[:2], "a 3-second video without transitions, without music", intro="intro.png", outro="outro.png",
        root=tmp_path, preset=None,
    )  # fmt: skip
    for path in results.path:
        with av.open(path) as file:
            frames = [f.to_ndarray(format="rgb24").mean(axis=(0, 1)) for f in file.decode(video=0)]
        assert frames[1][0] > 200 and frames[1][2] < 60
        assert frames[-2][2] > 200 and frames[-2][0] < 60


def test_variants_presets_and_brand(run, products):
    results = run(
        products.iloc[:1], variants={"one": "a 1-second video without music", "two": "a 2-second video without music"},
        preset=["square", "youtube"], output={"short_side": 64, "fps": 5, "quality": "low"}, brand={"look": "bold"},
    )  # fmt: skip
    assert results[["variant", "preset"]].to_numpy().tolist() == [
        ["one", "square"], ["one", "youtube"], ["two", "square"], ["two", "youtube"],
    ]  # fmt: skip
    assert results.duration_s.tolist() == [1, 1, 2, 2] and set(results.status) == {"done"}
    assert [Path(p).name for p in results.path] == [
        "a-one-square.mp4", "a-one-youtube.mp4", "a-two-square.mp4", "a-two-youtube.mp4",
    ]  # fmt: skip


def test_the_accessor_and_the_awaitable_do_the_same(run, products, tmp_path):
    first = run(products)
    options = {
        "media": "photo",
        "out": tmp_path / "out",
        "output": {"width": 96, "height": 64, "fps": 5, "quality": "low"},
    }
    prompt = 'A 1-second video without music, title "{name}"'
    pd.testing.assert_series_equal(products.reelframe.batch(prompt, progress=False, **options).path, first.path)
    again = asyncio.run(rf.abatch(products, prompt, progress=False, **options))
    pd.testing.assert_series_equal(again.path, first.path)
    assert made(tmp_path / "out") == {"a": 1, "b": 1, "c": 1}
    assert "contact" not in repr(first.reelframe.gallery())


def test_status_from_elsewhere(run, products, tmp_path):
    with pytest.raises(ConfigurationError, match="no batch into"):
        rf.batch_status(tmp_path / "out")
    results = run(products)
    status = rf.batch_status(tmp_path / "out")
    assert status.path.tolist() == results.path.tolist() and status.index.tolist() == ["a", "b", "c"]


def test_two_at_once_share_the_rows_and_both_see_all_of_them(run, products, tmp_path, photos):
    for n in range(6):
        products.loc[f"x{n}"] = [f"X{n}", 1.0, str(photos[n % 4])]
    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(run, products) for _ in range(2)]
    for results in (future.result() for future in both):
        # The index of the run that began last; rows are the same for both.
        assert set(results.status) == {"done"} and len(results) == 9
    assert made(tmp_path / "out") == dict.fromkeys(products.index, 1)


def test_progress_counts_rows_and_says_who_failed(run, products):
    said = []
    products.loc["b", "photo"] = "gone.jpg"
    run(products, progress=said.append)
    videos = [p for p in said if p.stage == "videos"]
    assert videos[-1].fraction == 1.0 and videos[-1].text == "3 of 3, 1 failed"
    assert [p.fraction for p in videos] == sorted(p.fraction for p in videos)


class Breaking(Executor):
    """Runs each task twice, as Dask does with what a dead worker had finished, and loses every third."""

    def __init__(self):
        self.count = 0
        self.threads = ThreadPoolExecutor(2)

    def submit(self, fn, /, *args, **kwargs):
        self.count += 1
        if self.count % 3 == 2:
            lost = Future()
            lost.set_exception(RuntimeError("the worker is gone"))
            return lost

        def twice():
            fn(*args, **kwargs)
            return fn(*args, **kwargs)

        return self.threads.submit(twice)


def test_any_executor_also_one_that_repeats_and_loses_work(run, products, tmp_path):
    executor = Breaking()
    results = run(products, executor=executor)
    assert list(results.status) == ["done"] * 3
    assert made(tmp_path / "out") == {"a": 1, "b": 1, "c": 1}
    executor.threads.shutdown()


def test_a_row_whose_workers_all_die_fails_alone(run, products):
    class Deadly(Breaking):
        def submit(self, fn, order, *args):
            if order.task.name != "b":
                return self.threads.submit(fn, order, *args)
            lost = Future()
            lost.set_exception(RuntimeError("the worker is gone"))
            return lost

    executor = Deadly()
    results = run(products, executor=executor)
    assert results.status.tolist() == ["done", "failed", "done"] and results.error_code["b"] == "crash"
    assert results.attempts["b"] == 3
    executor.threads.shutdown()


def test_an_executor_that_takes_nothing_is_told(run, products):
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    results = run(products.iloc[:1], executor=executor)
    assert results.status.tolist() == ["failed"] and "takes no work" in results.error.iloc[0]


def test_media_travel_to_a_worker_that_does_not_see_them_once(photos, tmp_path, monkeypatch):
    """A worker of another machine: no path of ours is there, and nothing of it is here."""
    media = probe(photos[0])
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "elsewhere"))
    hidden = Media(**media.model_dump() | {"path": Path("/no/such/file.jpg")})
    task = Task(0, "Mug", "", "", "a 1-second video without music", "Mug", (hidden,),
                output=(("fps", 5), ("height", 64), ("width", 96)))  # fmt: skip
    order = work.Order(task, "k" * 64, "/no/such/folder", "/no/such/folder/.seen")
    assert work.do(order).needs == (media.id,)
    wrong = replace(order, bytes={media.id: b"something else"})
    assert work.do(wrong).needs == (media.id,), "content that is not what was asked for is not taken"
    answer = work.do(replace(order, bytes={media.id: photos[0].read_bytes()}))
    assert answer.part == "" and answer.content[4:8] == b"ftyp" and answer.facts["width"] == 96
    assert work.do(order).content == answer.content, "the second time it has the file, and makes the same video"


def test_a_changed_file_is_not_taken_for_the_one_that_was_probed(photos, tmp_path):
    media = probe(photos[0])
    photos[0].write_bytes(b"x" * media.size_bytes)
    task = Task(0, "Mug", "", "", "a 1-second video", "Mug", (media,))
    assert work.do(work.Order(task, "k" * 64, str(tmp_path), str(tmp_path))).needs == (media.id,)


@pytest.mark.parametrize("url", ["memory://videos/autumn", "file://{tmp}/videos"])
def test_results_go_to_any_place_that_fsspec_knows(run, products, tmp_path, url):
    import fsspec

    url = url.format(tmp=tmp_path)
    results = run(products.iloc[:2], out=url)
    assert results.path.tolist() == [f"{url}/a.mp4", f"{url}/b.mp4"]
    for row in results.itertuples():
        with fsspec.open(row.path) as file:
            data = file.read()
        assert len(data) == row.size_bytes and data[4:8] == b"ftyp"
    again = run(products.iloc[:2], out=url)
    assert again.attempts.tolist() == [1, 1]
    assert rf.batch_status(url).path.tolist() == results.path.tolist()
    fs = fsspec.core.url_to_fs(url)[0]
    assert sorted(
        Path(p).name for p in fs.ls(url.partition("//")[2] if "memory" in url else f"{tmp_path}/videos", detail=False)
    ) == ["a.mp4", "b.mp4"]


def test_a_place_that_can_not_be_written_is_told(run, products, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="can't be used"):
        run(products, out=tmp_path / "file" / "out")
    for nowhere in ("nosuch://place", f"zip://a::{tmp_path}/none.zip"):
        with pytest.raises(ConfigurationError, match="can't be opened"):
            run(products, out=nowhere)
    with pytest.raises(ConfigurationError, match="read from"):
        run(products, out="https://shop.example/videos")


def test_a_bucket_that_refuses_is_told_before_anything_is_rendered(run, products, monkeypatch):
    from fsspec.implementations.memory import MemoryFileSystem

    def refuse(*_args, **_more):
        raise PermissionError("Access Denied")

    monkeypatch.setattr(MemoryFileSystem, "makedirs", refuse)
    rendered = []
    with pytest.raises(StorageError, match=r"Access Denied.* credentials"):
        run(products, out="memory://bucket/refused", executor=Counting(rendered))
    assert rendered == []


class Counting(ThreadPoolExecutor):
    def __init__(self, seen):
        super().__init__(1)
        self.seen = seen

    def submit(self, *args, **more):
        self.seen.append(args)
        return super().submit(*args, **more)


SCRIPT = """
import _thread, threading, sys
import pandas as pd
import reelframe as rf
products = pd.DataFrame({"name": list("abcdef"), "photo": sys.argv[1:7]})
def stop(progress):
    if progress.stage == "videos" and progress.fraction > 0.2:
        _thread.interrupt_main()
results = rf.batch(products, "a 1-second video of {name} without music", "photo", "out", workers=2, project="name",
                   output={"width": 96, "height": 64, "fps": 5}, progress=stop if sys.argv[7] == "stop" else False)
print(results.status.value_counts().to_dict())
"""


@pytest.mark.slow  # two scripts with two workers each: most of it are imports
def test_from_a_script_without_a_main_guard_with_an_interrupt_in_between(photos, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT))
    names = [str(photos[n % 4]) for n in range(6)]

    def go(how):
        return subprocess.run(
            [sys.executable, script, *names, how],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    first = go("stop")
    assert first.returncode == 0, first.stderr
    counts = eval(first.stdout)
    assert counts["done"] >= 2 and counts.get("waiting", 0) >= 1 and counts.get("failed", 0) == 0, counts
    second = go("on")
    assert eval(second.stdout)["done"] == 6, second.stderr
    assert set(made(tmp_path / "out").values()) == {1}
    assert not list((tmp_path / "out/.reelframe/parts").rglob("*.mp4"))


@pytest.mark.slow
def test_cancelling_the_awaitable_stops_the_work(products, tmp_path):
    began = threading.Event()

    async def story():
        def told(progress):
            if progress.stage == "videos":
                began.set()

        task = asyncio.ensure_future(
            rf.abatch(
                products,
                "a 60-second video of {name}",
                "photo",
                tmp_path / "out",
                workers=1,
                progress=told,
                output={"width": 480, "height": 320},
            )
        )
        await asyncio.to_thread(began.wait)
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())
    status = rf.batch_status(tmp_path / "out")
    assert set(status.status) == {"waiting"}
    assert not list((tmp_path / "out").glob("*.mp4"))
