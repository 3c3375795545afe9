"""Pieces of files: lost, repeated, out of order, and never written where a name says."""

from __future__ import annotations

import hashlib
import os
import time

import pytest

from reelframe.errors import MediaError, StorageError
from reelframe.widget.transfer import UploadDesk, read_piece

DATA = bytes(range(256)) * 4


def test_pieces_in_order_make_the_file(tmp_path):
    desk = UploadDesk(tmp_path / "in")
    key, _ = desk.begin("a.jpg", len(DATA))
    assert [desk.piece(key, at, DATA[at : at + 256]) for at in range(0, 1024, 256)] == [256, 512, 768, 1024]
    assert desk.end(key).read_bytes() == DATA
    assert desk.end(key).name == "a.jpg"
    desk.drop(key)
    assert list((tmp_path / "in").iterdir()) == []


def test_a_repeated_piece_does_no_harm_and_an_early_one_is_told_where_to_go_on(tmp_path):
    desk = UploadDesk(tmp_path)
    key, _ = desk.begin("a.jpg", len(DATA))
    assert desk.piece(key, 512, DATA[512:768]) == 0
    assert desk.piece(key, 0, DATA[:512]) == 512
    assert desk.piece(key, 0, DATA[:512]) == 512
    assert desk.piece(key, 512, DATA[512:]) == 1024
    assert desk.end(key).read_bytes() == DATA


def test_what_is_not_whole_or_too_long_is_refused(tmp_path):
    desk = UploadDesk(tmp_path)
    key, _ = desk.begin("a.jpg", len(DATA))
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
def test_a_name_never_says_where_to_write(tmp_path, name):
    desk = UploadDesk(tmp_path / "in")
    key, _ = desk.begin(name, 3)
    desk.piece(key, 0, b"abc")
    path = desk.end(key)
    assert path.name == "evil.jpg"
    assert (tmp_path / "in") in path.parents


@pytest.mark.parametrize(("name", "size", "why"), [("a.docx", 10, "docx"), ("a.mp4", 600 << 20, "500"), ("a", 1, "a")])
def test_type_and_size_are_checked_before_a_byte_moves(tmp_path, name, size, why):
    with pytest.raises(MediaError, match=why):
        UploadDesk(tmp_path).begin(name, size)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_kernel_left_is_cleared_after_a_day(tmp_path):
    for name, age in (("old", 90_000), ("new", 10)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    UploadDesk(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["new"]


def test_reading_is_by_piece(tmp_path):
    (tmp_path / "a").write_bytes(DATA)
    assert read_piece(tmp_path / "a", 1000, 4096) == DATA[1000:]
    assert read_piece(tmp_path / "a", 5000, 10) == b""


def test_sizes_and_places_that_can_not_be_are_refused(tmp_path):
    desk = UploadDesk(tmp_path)
    with pytest.raises(MediaError, match="-1 bytes"):
        desk.begin("a.jpg", -1)
    key, _ = desk.begin("a.jpg", 10)
    with pytest.raises(MediaError):
        desk.piece(key, -5, b"12345")
    desk.drop(key)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_more_is_an_error_in_words(tmp_path, monkeypatch):
    desk = UploadDesk(tmp_path / "in")
    with pytest.raises(StorageError, match="too long"):
        desk.begin("n" * 300 + ".jpg", 10)
    assert list((tmp_path / "in").iterdir()) == []
    key, _ = desk.begin("a.jpg", len(DATA))
    # A device that is always full stands in for a disk that has become so.
    path = next((tmp_path / "in").glob("*/a.jpg"))
    path.unlink()
    path.symlink_to("/dev/full")
    with pytest.raises(StorageError, match=r"a\.jpg can't be kept: there is no room"):
        desk.piece(key, 0, DATA)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 5}))
    with pytest.raises(StorageError, match="no room"):
        desk.begin("b.jpg", 10)
    desk.drop(key)
    assert list((tmp_path / "in").iterdir()) == []


def test_an_upload_that_broke_off_goes_on_where_it_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("reelframe.widget.transfer._QUIET", 0.0)
    desk = UploadDesk(tmp_path)
    key, start = desk.begin("a.jpg", len(DATA), "a.jpg|1024|17")
    assert start == 0
    desk.piece(key, 0, DATA[:300])
    assert desk.begin("a.jpg", len(DATA), "a.jpg|1024|18")[1] == 0, "another file of the same name"
    assert desk.begin("a.jpg", len(DATA), "")[1] == 0, "a page that does not say which file it is"
    assert desk.begin("a.jpg", len(DATA), "a.jpg|1024|17") == (key, 300)
    # A piece that lies across what is there already adds only what is new.
    assert desk.piece(key, 200, DATA[200:]) == len(DATA)
    assert desk.end(key, hashlib.sha256(DATA).hexdigest()).read_bytes() == DATA


def test_an_upload_that_is_still_spoken_of_is_another_pages(tmp_path):
    desk = UploadDesk(tmp_path)
    first, _ = desk.begin("a.jpg", len(DATA), "mark")
    assert desk.begin("a.jpg", len(DATA), "mark")[0] != first


def test_what_arrived_otherwise_than_it_was_sent_is_refused_and_gone(tmp_path):
    desk = UploadDesk(tmp_path)
    key, _ = desk.begin("a.jpg", len(DATA))
    desk.piece(key, 0, DATA[:-1] + b"!")
    with pytest.raises(MediaError, match="SHA-256"):
        desk.end(key, hashlib.sha256(DATA).hexdigest())
    assert list(tmp_path.iterdir()) == []
