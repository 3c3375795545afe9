"""Files that are broken or mean harm: an error that names them and says why, soon, and nothing else happens."""

from __future__ import annotations

import os
import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest

from reelframe.errors import FileTooLargeError, MediaError, UnsupportedMediaError
from reelframe.media import FrameReader, load_audio, load_image, probe, sandbox, thumbnail

# name -> (error, a word of its reason)
REFUSED = {
    "playlist.mp4": (UnsupportedMediaError, "playlist"),
    "bom.mp4": (UnsupportedMediaError, "playlist"),
    "concat.mp4": (UnsupportedMediaError, "playlist"),
    "dash.mp4": (UnsupportedMediaError, "playlist"),
    "pls.mp3": (UnsupportedMediaError, "playlist"),
    "empty.mp4": (MediaError, "empty"),
    "empty.jpg": (MediaError, "empty"),
    "one.jpg": (UnsupportedMediaError, "unknown"),
    "text.jpg": (UnsupportedMediaError, "text"),
    "json.wav": (UnsupportedMediaError, "JSON"),
    "drawing.png": (UnsupportedMediaError, "SVG"),
    "page.mp4": (UnsupportedMediaError, "web page"),
    "zeros.mp4": (UnsupportedMediaError, "zero bytes"),
    "noise.mp4": (UnsupportedMediaError, "unknown"),
    "photo.jpg": (UnsupportedMediaError, "HEIC"),
    "archive.png": (UnsupportedMediaError, "ZIP"),
    "bomb.png": (MediaError, "900 megapixels"),
    "huge.gif": (MediaError, "megapixels"),
    "header.png": (MediaError, "cut off"),
    "header.jpg": (MediaError, "cut off"),
    "moov.mp4": (MediaError, "neither a picture nor a sound"),
    "ebml.webm": (MediaError, ""),
    "riff.avi": (MediaError, "cut off"),
    "lying.wav": (MediaError, "cut off"),
    "forever.webm": (MediaError, "12 hours"),
    "pipe.mp4": (MediaError, "not a regular file"),
    "folder.mp4": (MediaError, "folder"),
    **{
        f"cut{percent}-{name}": (MediaError, "cut off")
        for percent, names in {
            3: (
                "fast.mp4",
                "a.mp4",
                "a.webm",
                "a.mkv",
                "a.avi",
                "a.mp3",
                "a.wav",
                "a.m4a",
                "n.jpg",
                "n.png",
                "n.webp",
                "n.gif",
            ),
            50: (
                "fast.mp4",
                "a.mp4",
                "a.webm",
                "a.mkv",
                "a.avi",
                "a.mp3",
                "a.wav",
                "a.m4a",
                "n.jpg",
                "n.png",
                "n.webp",
                "n.gif",
            ),
            90: ("fast.mp4", "a.mp4", "a.webm", "a.mkv", "a.avi", "a.mp3", "a.wav", "a.m4a"),
            98: ("n.jpg", "n.png", "n.webp", "n.gif"),
        }.items()
        for name in names
    },
}


def test_the_table_names_every_bad_file(bad):
    assert set(REFUSED) == set(bad)


@pytest.mark.parametrize("name", REFUSED)
def test_probe_refuses_and_says_why(bad, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kind, word = REFUSED[name]
    began = time.monotonic()
    with pytest.raises(MediaError) as caught:
        probe(bad[name])
    assert time.monotonic() - began < 15
    assert type(caught.value) is kind
    assert caught.value.name == name
    assert name in str(caught.value)
    assert word in caught.value.reason
    if kind is UnsupportedMediaError:
        assert caught.value.code == 4001
        assert "mp4, mov, avi" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [n for n in REFUSED if not n.startswith("cut")])
def test_every_other_door_refuses_too(bad, name):
    """Pixels or samples of them never come out either: always a MediaError and never anything else."""
    for door in (load_image, load_audio, thumbnail, _first_frame):
        if name in {"lying.wav", "forever.webm"} and door is not load_image:
            continue  # the length is a lie, the content is real: only probe minds
        with pytest.raises(MediaError) as caught:
            door(bad[name])
        assert name in str(caught.value)


def _first_frame(path):
    with FrameReader(path) as reader:
        return reader.read_at(0)


def test_a_missing_file_and_a_wrong_extension_and_size(tmp_path):
    with pytest.raises(MediaError, match=r"gone\.mp4: is missing"):
        probe(tmp_path / "gone.mp4")
    big = tmp_path / "big.mp4"
    with big.open("wb") as file:
        file.truncate(501 * 1024 * 1024)
    with pytest.raises(FileTooLargeError, match="Compress it or trim it") as caught:
        probe(big)
    assert caught.value.code == 4002
    # The order is extension, size, content.
    with pytest.raises(UnsupportedMediaError, match=r"\.exe are not accepted"):
        probe(big, "big.exe")


def test_a_container_reads_no_other_file(clips, tmp_path):
    """A QuickTime movie whose samples stand in another file: the other file's content never comes out."""
    movie = bytearray(clips["a.mov"].read_bytes())
    canary = tmp_path / "canary.bin"
    canary.write_bytes(clips["a.mov"].read_bytes())
    os.utime(canary, (1, 1))
    # The self-contained flag of every data reference is taken away, and a path put in its place.
    at = movie.find(b"dref")
    assert at > 0
    movie[at + 16 : at + 20] = b"alis"
    movie[at + 20 : at + 24] = struct.pack(">I", 0)
    path = tmp_path / "alias.mov"
    path.write_bytes(movie)
    try:
        probe(path)
    except MediaError as error:
        assert "alias.mov" in str(error)
    assert canary.stat().st_atime == 1


def test_the_worker_holds_no_file_open_afterwards(clips):
    probe(clips["a.mp4"])
    with FrameReader(clips["a.mp4"]) as reader:
        reader.read_at(1.0)
    for worker in list(sandbox._idle):
        held = [str(fd.readlink()) for fd in Path(f"/proc/{worker.pid}/fd").iterdir()]
        assert not [name for name in held if name.endswith(".mp4")]


def test_the_largest_accepted_picture_stays_within_memory(tmp_path):
    """98 megapixels with alpha: 392 MB when unpacked, from a file of 2 MB."""
    side = 9900
    packer = zlib.compressobj(1)
    row = b"\0" + bytes(side * 4)
    data = b"".join([packer.compress(row) for _ in range(side)] + [packer.flush()])

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    path = tmp_path / "wall.png"
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    began = time.monotonic()
    tracemalloc.start()
    try:
        media = probe(path)
        ours = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (media.width, media.height, media.has_alpha) == (side, side, True)
    assert time.monotonic() - began < 15
    assert ours < 20_000_000
    peaks = [_peak(worker) for worker in sandbox._idle]
    assert 3e8 < max(peaks) < 2.5e9


def _peak(worker):
    status = Path(f"/proc/{worker.pid}/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_mutations_never_bring_anything_but_a_media_error(clips, tmp_path):
    """Bytes changed at random, in every format: a result or a MediaError."""
    import random

    chance = random.Random(20261)
    seeds = [clips[n] for n in ("fast.mp4", "a.webm", "a.mkv", "a.avi", "a.mp3", "a.wav", "a.aac")]
    from PIL import Image

    for suffix in ("jpg", "png", "gif", "webp"):
        path = tmp_path / f"seed.{suffix}"
        Image.effect_noise((90, 60), 80).convert("RGB").save(path)
        seeds.append(path)
    outcomes = {"fine": 0, "refused": 0}
    for seed in seeds:
        whole = seed.read_bytes()
        for round_ in range(6):
            data = bytearray(whole)
            reach = len(data) if round_ % 2 else min(len(data), 1500)
            for _ in range(chance.choice((1, 8, 60))):
                data[chance.randrange(12, reach)] = chance.randrange(256)
            path = tmp_path / f"m{seed.suffix}"
            path.write_bytes(data)
            try:
                probe(path)
                outcomes["fine"] += 1
            except MediaError as error:
                assert path.name in str(error)
                outcomes["refused"] += 1
    assert outcomes["fine"] > 5
    assert outcomes["refused"] > 5
