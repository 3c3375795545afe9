"""Pieces of files: lost, repeated, out of order, and never written where a name says."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from io import FileIO

import pytest

from reelframe.errors import MediaError, StorageError
from reelframe.widget.transfer import UploadDesk, read_piece

DATA = bytes(range(256)) * 4


@pytest.fixture
def desk_over():
    with contextlib.ExitStack() as opened:
        yield lambda folder: opened.enter_context(contextlib.closing(UploadDesk(folder)))


def test_pieces_in_order_make_the_file(desk_over, tmp_path):
    desk = desk_over(tmp_path / "in")
    key, *_ = desk.begin("a.jpg", len(DATA))
    assert [desk.piece(key, at, DATA[at : at + 256]) for at in range(0, 1024, 256)] == [256, 512, 768, 1024]
    assert desk.end(key).read_bytes() == DATA
    assert desk.end(key).name == "a.jpg"
    desk.drop(key)
    assert list((tmp_path / "in").iterdir()) == []


def test_a_repeated_piece_does_no_harm_and_an_early_one_is_told_where_to_go_on(desk_over, tmp_path):
    desk = desk_over(tmp_path)
    key, *_ = desk.begin("a.jpg", len(DATA))
    assert desk.piece(key, 512, DATA[512:768]) == 0
    assert desk.piece(key, 0, DATA[:512]) == 512
    assert desk.piece(key, 0, DATA[:512]) == 512
    assert desk.piece(key, 512, DATA[512:]) == 1024
    assert desk.end(key).read_bytes() == DATA


def test_what_is_not_whole_or_too_long_is_refused(desk_over, tmp_path):
    desk = desk_over(tmp_path)
    key, *_ = desk.begin("a.jpg", len(DATA))
    desk.piece(key, 0, DATA[:100])
    with pytest.raises(MediaError, match="100 of 1024"):
        desk.end(key)
    with pytest.raises(MediaError, match="longer"):
        desk.piece(key, 1000, DATA[:100])
    with pytest.raises(MediaError, match="not known"):
        desk.piece("other", 0, b"x")


@pytest.mark.parametrize(
    "name", ["../../evil.jpg", "..\\..\\evil.jpg", "/etc/evil.jpg", "C:\\evil.jpg", "a/b/evil.jpg"]
)
def test_a_name_never_says_where_to_write(desk_over, tmp_path, name):
    desk = desk_over(tmp_path / "in")
    key, *_ = desk.begin(name, 3)
    desk.piece(key, 0, b"abc")
    path = desk.end(key)
    assert path.name == "evil.jpg"
    assert (tmp_path / "in") in path.parents


@pytest.mark.parametrize(("name", "size", "why"), [("a.docx", 10, "docx"), ("a.mp4", 600 << 20, "500"), ("a", 1, "a")])
def test_type_and_size_are_checked_before_a_byte_moves(desk_over, tmp_path, name, size, why):
    with pytest.raises(MediaError, match=why):
        desk_over(tmp_path).begin(name, size)
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_nobody_goes_on_with_is_cleared_after_six_hours(desk_over, tmp_path):
    old, new = 6.1 * 3600, 5.9 * 3600
    for name, of_folder, of_file in (("old", old, old), ("new", new, new), ("lately", old, new), ("empty", old, None)):
        (tmp_path / name).mkdir()
        if of_file is not None:
            (tmp_path / name / "a.jpg").write_bytes(b"x")
            os.utime(tmp_path / name / "a.jpg", (time.time() - of_file,) * 2)
        os.utime(tmp_path / name, (time.time() - of_folder,) * 2)
    desk = desk_over(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lately", "new"]
    # Nor does a kernel that lives for days keep what its pages have forgotten; but another one's are its own.
    key, *_ = desk.begin("b.jpg", 10)
    for path in (*(tmp_path / key).iterdir(), tmp_path / key):
        os.utime(path, (time.time() - old,) * 2)
    other = desk_over(tmp_path)
    assert (tmp_path / key).is_dir()
    desk.drop(desk.begin("c.jpg", 10).key)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lately", "new"]
    assert other.begin("d.jpg", 10).received == 0


def test_reading_is_by_piece(tmp_path):
    (tmp_path / "a").write_bytes(DATA)
    assert read_piece(tmp_path / "a", 1000, 4096) == DATA[1000:]
    assert read_piece(tmp_path / "a", 5000, 10) == b""


def test_sizes_and_places_that_can_not_be_are_refused(desk_over, tmp_path):
    desk = desk_over(tmp_path)
    with pytest.raises(MediaError, match="-1 bytes"):
        desk.begin("a.jpg", -1)
    key, *_ = desk.begin("a.jpg", 10)
    with pytest.raises(MediaError):
        desk.piece(key, -5, b"12345")
    desk.drop(key)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_more_is_an_error_in_words(desk_over, tmp_path, monkeypatch):
    desk = desk_over(tmp_path / "in")
    with pytest.raises(StorageError, match="too long"):
        desk.begin("n" * 300 + ".jpg", 10)
    assert list((tmp_path / "in").iterdir()) == []
    key, *_ = desk.begin("a.jpg", len(DATA))
    # A device that is always full stands in for a disk that has become so.
    with (
        FileIO("/dev/full", "r+") as full,
        pytest.raises(StorageError, match=r"a\.jpg can't be kept: there is no room"),
    ):
        monkeypatch.setattr(desk._open[key], "out", full)
        desk.piece(key, 0, DATA)
    monkeypatch.undo()
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5}))
    with pytest.raises(StorageError, match="no room"):
        desk.begin("b.jpg", 10)
    desk.drop(key)
    assert list((tmp_path / "in").iterdir()) == []


MARK = "a.jpg|1024|17"


def test_an_upload_that_broke_off_goes_on_at_once_where_it_ended(desk_over, tmp_path):
    desk = desk_over(tmp_path)
    first, start, _ = desk.begin("a.jpg", len(DATA), MARK)
    assert start == 0
    desk.piece(first, 0, DATA[:300])
    assert desk.begin("a.jpg", len(DATA), "a.jpg|1024|18").received == 0, "another file of the same name"
    assert desk.begin("a.jpg", len(DATA), "").received == 0, "a page that does not say which file it is"
    key, start, sha256 = desk.begin("a.jpg", len(DATA), MARK)
    assert (start, sha256) == (300, hashlib.sha256(DATA[:300]).hexdigest())
    # Whoever sent it before, or gives it up only now, is not heard any more.
    desk.drop(first)
    with pytest.raises(MediaError, match="not known"):
        desk.piece(first, 300, DATA[300:])
    # A piece that lies across what is there already adds only what is new.
    assert desk.piece(key, 200, DATA[200:]) == len(DATA)
    assert desk.end(key, hashlib.sha256(DATA).hexdigest()).read_bytes() == DATA


def test_a_whole_file_that_waits_for_others_is_not_taken_away_by_one_like_it(desk_over, tmp_path):
    desk = desk_over(tmp_path)
    first = desk.begin("a.jpg", len(DATA), MARK).key
    desk.piece(first, 0, DATA)
    second, start, _ = desk.begin("a.jpg", len(DATA), MARK)
    assert start == 0
    desk.piece(second, 0, DATA[::-1])
    assert [desk.end(key).read_bytes() for key in (first, second)] == [DATA, DATA[::-1]]


def test_what_another_kernel_is_taking_in_is_its_own(desk_over, tmp_path):
    ours, theirs = desk_over(tmp_path), desk_over(tmp_path)
    ours.piece(ours.begin("a.jpg", len(DATA), MARK).key, 0, DATA[:300])
    assert theirs.begin("a.jpg", len(DATA), MARK).received == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from reelframe.widget.transfer import UploadDesk

desk = UploadDesk(Path(sys.argv[1]))
key, *_ = desk.begin("a.jpg", 1024, "a.jpg|1024|17")
desk.piece(key, 0, bytes(range(256)) * 2 + b"ab")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_kernel_had_is_gone_on_with_by_one_other_and_leaves_nothing(desk_over, tmp_path):
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    one, other = desk_over(tmp_path), desk_over(tmp_path)
    begun = [desk.begin("a.jpg", len(DATA), MARK) for desk in (one, other)]
    assert [b.received for b in begun] == [514, 0]
    assert begun[0].sha256 == hashlib.sha256(DATA[:512] + b"ab").hexdigest()
    # It was another file after all: the page says so, and begins anew.
    one.drop(begun[0].key)
    key, start, _ = one.begin("a.jpg", len(DATA), MARK)
    assert start == 0
    one.piece(key, 0, DATA)
    assert one.end(key, hashlib.sha256(DATA).hexdigest()).read_bytes() == DATA
    one.drop(key)
    other.drop(begun[1].key)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("note", [b"", b"[]", b"\xff", b'{"name": "a.jpg"}', b'{"name": "../b.jpg", "size": 1024}'])
def test_notes_that_say_something_else_are_passed_over(desk_over, tmp_path, note):
    (tmp_path / "left").mkdir()
    (tmp_path / "left/a.jpg").write_bytes(DATA[:100])
    (tmp_path / "left/.upload").write_bytes(note)
    assert desk_over(tmp_path).begin("a.jpg", len(DATA), MARK).received == 0


def test_what_arrived_otherwise_than_it_was_sent_is_refused_and_gone(desk_over, tmp_path):
    desk = desk_over(tmp_path)
    key, *_ = desk.begin("a.jpg", len(DATA))
    desk.piece(key, 0, DATA[:-1] + b"!")
    with pytest.raises(MediaError, match="SHA-256"):
        desk.end(key, hashlib.sha256(DATA).hexdigest())
    assert list(tmp_path.iterdir()) == []
