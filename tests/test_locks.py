"""Locks between processes: who holds a file is known to the others, until it closes the file or dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from reelframe import locks

HOLDER = """
import os, sys
from reelframe import locks
file = os.open(sys.argv[1], os.O_RDONLY)
print(getattr(locks, sys.argv[2])(file), flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process(path, way):
    """Another process that holds the file until it is killed; what it was told."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture(params=["file", "folder"])
def place(request, tmp_path):
    path = tmp_path / "held"
    path.mkdir() if request.param == "folder" else path.write_bytes(b"")
    return path


@pytest.fixture
def mine(place):
    descriptor = os.open(place, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


@pytest.mark.parametrize("theirs", ["take", "share"])
def test_what_another_process_holds_is_free_once_it_is_killed(place, mine, theirs):
    with another_process(place, theirs) as (process, _):
        assert locks.take(mine) is False
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert locks.take(mine) is True


def test_several_share_what_nobody_takes(place, mine):
    assert locks.take(mine) is True
    locks.share(mine)
    # The other one would wait for ever if this one still held the place alone.
    with another_process(place, "share"):
        assert locks.take(mine) is False
    assert locks.take(mine) is True


def test_a_file_that_is_taken_is_refused_to_others(place, mine):
    locks.take(mine)
    with another_process(place, "take") as (_, told):
        assert told == "False"
