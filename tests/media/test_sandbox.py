"""The child processes: limited, replaced when they die, gone when their parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from reelframe.errors import MediaError
from reelframe.media import FrameReader, load_image, probe, sandbox

from .conftest import picture, png


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    picture().save(path)
    return path


def test_a_worker_is_used_again(photo):
    load_image(photo)
    pids = {worker.pid for worker in sandbox._idle}
    load_image(photo)
    assert {worker.pid for worker in sandbox._idle} == pids


def test_a_worker_that_was_killed_while_idle_is_replaced(photo):
    load_image(photo)
    for worker in list(sandbox._idle):
        os.kill(worker.pid, signal.SIGKILL)
    assert load_image(photo).shape == (400, 600, 3)


def test_a_worker_that_dies_over_a_file_is_that_files_error(photo, monkeypatch):
    def doomed():
        worker = sandbox.Worker()
        os.kill(worker.pid, signal.SIGKILL)
        return worker

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "take", doomed)
        with pytest.raises(MediaError, match=r"photo\.jpg: the decoder broke down"):
            load_image(photo)
    assert load_image(photo).shape == (400, 600, 3)


def test_processor_time_is_limited(tmp_path):
    """A second is not enough for 98 megapixels, and the system ends the worker."""
    path = tmp_path / "wall.png"
    path.write_bytes(png(9900, 9900, 8, 2, bytes(9900 * (3 * 9900 + 1))))
    request = {"op": "probe", "path": str(path), "format": "png", "cpu_s": 0}
    with pytest.raises(MediaError, match=r"wall\.png: the decoder broke down"):
        sandbox.call("wall.png", request, 30)


def test_wall_time_is_limited(clips):
    worker = sandbox.take()
    os.kill(worker.pid, signal.SIGSTOP)
    sandbox.give_back(worker)
    began = time.monotonic()
    with pytest.raises(MediaError, match=r"a\.mp4: opening it took longer than 1 s"):
        sandbox.call("a.mp4", {"op": "probe", "path": str(clips["a.mp4"]), "format": "mp4"}, 1.0)
    assert time.monotonic() - began < 4
    assert not worker.usable


def test_a_reader_whose_worker_dies(clips):
    reader = FrameReader(clips["a.mp4"])
    reader.read_at(0)
    os.kill(reader._session.worker.pid, signal.SIGKILL)
    with pytest.raises(MediaError, match=r"a\.mp4"):
        for n in range(5):
            reader.read_at(5 + n)
    reader.close()


def test_limits_are_set():
    worker = sandbox.take()
    try:
        load = {"op": "nonsense"}
        worker.send(load)
        assert "error" in worker.receive(10)[0]
        rows = Path(f"/proc/{worker.pid}/limits").read_text().splitlines()
        limits = {row[:26].strip(): row[26:].split()[0] for row in rows}
        assert int(limits["Max address space"]) < 2.5e9
        assert limits["Max file size"] == "0"
        assert int(limits["Max open files"]) <= 64
        assert int(limits["Max cpu time"]) < 300
    finally:
        worker.discard()


def test_no_secret_reaches_a_worker(monkeypatch):
    monkeypatch.setenv("NEMO_TOKEN", "s3cret")
    worker = sandbox.Worker()
    try:
        worker.send({"op": "nonsense"})
        worker.receive(10)
        assert b"s3cret" not in Path(f"/proc/{worker.pid}/environ").read_bytes()
    finally:
        worker.discard()


def test_threads_share_the_pool(photo):
    failures = []

    def work():
        for _ in range(5):
            if load_image(photo).shape != (400, 600, 3):
                failures.append(1)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(sandbox._idle) <= sandbox.MAX_IDLE


SCRIPT = """
    import os, sys, time
    from reelframe.media import FrameReader, load_image, sandbox
    load_image(sys.argv[1])
    reader = FrameReader(sys.argv[2])
    reader.read_at(0)
    print(*[worker.pid for worker in sandbox._alive], flush=True)
    {end}
"""


def gone(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.mark.parametrize("end", ["sys.exit(0)", "os.kill(os.getpid(), 9)", "raise KeyError"])
def test_workers_die_with_their_parent(photo, clips, end):
    """A script without a main guard, which ends well, badly, or is killed."""
    code = textwrap.dedent(SCRIPT).format(end=end)
    done = subprocess.run(
        [sys.executable, "-c", code, photo, clips["a.mp4"]], capture_output=True, text=True, timeout=60, check=False
    )
    pids = done.stdout.split()
    assert pids, done.stderr
    deadline = time.monotonic() + 5
    while not all(gone(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_forked_child_has_a_pool_of_its_own(photo):
    code = textwrap.dedent("""
        import os, sys
        from reelframe.media import load_image
        load_image(sys.argv[1])
        pid = os.fork()
        if not pid:
            os._exit(0 if load_image(sys.argv[1]).shape == (400, 600, 3) else 1)
        assert os.waitpid(pid, 0)[1] == 0
        assert load_image(sys.argv[1]).shape == (400, 600, 3)
    """)
    subprocess.run([sys.executable, "-c", code, photo], check=True, timeout=60)


def test_interrupting_does_not_mix_up_answers(photo, clips):
    """A worker whose answer was not read to the end is never asked again."""
    worker = sandbox.take()
    worker.send({"op": "probe", "path": str(clips["a.mp4"]), "format": "mp4"})
    worker.discard()
    assert not worker.usable
    assert probe(photo).kind == "image"


def test_the_parent_imports_no_decoder(photo):
    code = textwrap.dedent("""
        import sys
        from reelframe.media import probe, load_image
        probe(sys.argv[1]); load_image(sys.argv[1])
        assert not {"av", "PIL", "cv2"} & set(sys.modules), sorted(sys.modules)
    """)
    subprocess.run([sys.executable, "-c", code, photo], check=True, timeout=60)
