"""The command line: what it says, what it leaves behind, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from importlib import resources
from pathlib import Path

import pytest

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))


def run(*arguments, cwd, timeout=120):
    return subprocess.run(
        [sys.executable, "-m", "reelframe.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=timeout,
        check=False,
    )


def huge_png():
    """A few bytes that claim to be 900 megapixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


BAD = [
    ("missing.jpg", None),
    ("empty.jpg", b""),
    ("cut.jpg", PHOTOS[0].read_bytes()[:40_000]),
    ("words.jpg", b"these are only words, and no picture at all\n" * 50),
    ("list.mp4", b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nfile:///etc/passwd\n"),
    ("concat.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n"),
    ("huge.png", huge_png()),
    ("notes.docx", b"PK\x03\x04"),
]


@pytest.mark.parametrize(("name", "content"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_file_is_named_and_nothing_is_left(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    began = time.monotonic()
    done = run("create", PHOTOS[0], name, "-p", "a 2-second video", "-o", "out.mp4", cwd=tmp_path)
    assert done.returncode == 1
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert "root:" not in done.stderr
    assert time.monotonic() - began < 15
    assert {p.name for p in tmp_path.iterdir()} <= {name}


def test_quiet_prints_the_path_alone(tmp_path):
    done = run("create", PHOTOS[0], "-p", "a 1-second video", "-o", "out.mp4", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / done.stdout.strip()).samefile(tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").stat().st_size > 10_000


def hearing():
    """A shell gives what it starts in the background deaf ears for SIGINT, and children inherit them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_leaves_nothing_half_written(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "reelframe.cli", "create", *map(str, PHOTOS), "-p", "a 60-second video with music", "-o", "out.mp4"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hearing,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not any(tmp_path.glob(".*part*")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.1)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "half-written" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [[], ["--help"], ["create", "--help"], ["storage", "--help"]])
def test_help_is_there(tmp_path, arguments):
    done = run(*arguments, cwd=tmp_path)
    assert "Usage" in done.stdout + done.stderr


def test_wrong_usage_is_exit_code_2(tmp_path):
    assert run("create", cwd=tmp_path).returncode == 2
    assert run("nonsense", cwd=tmp_path).returncode == 2


def test_storage_credits_and_timeline(tmp_path):
    done = run("create", PHOTOS[0], "-p", "a 1-second video", "-o", "out.mp4", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    kept = json.loads(run("storage", "--json", cwd=tmp_path).stdout)
    assert kept["uploads"] > 0
    assert kept["videos"] > 0
    assert json.loads(run("credits", "--json", cwd=tmp_path).stdout)["total"] == 100
    assert run("timeline", "nobody", cwd=tmp_path).returncode == 1
    assert run("storage", "--clear", "--yes", cwd=tmp_path).returncode == 0
    cleared = json.loads(run("storage", "--json", cwd=tmp_path).stdout)
    assert (cleared["uploads"], cleared["videos"], cleared["cache"]) == (0, 0, 0)


def test_serve_speaks_http_to_a_client(tmp_path):
    import reelframe as rf

    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "reelframe.cli", "serve", "--port", "0"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "REELFRAME_HOME": str(tmp_path / "served")}, preexec_fn=hearing,
    )  # fmt: skip
    try:
        url = token = ""
        for line in process.stdout:
            words = line.replace("'", " ").replace('"', " ").split()
            url = next((w.rstrip(".,") for w in words if w.startswith("http://127.0.0.1")), url)
            token = next((w.rstrip(".,") for w in words if w.startswith(("rf_", "nmv_", "rfl_"))), token)
            if "oken" in line and not token:
                token = words[-1]
            if url and token:
                break
        with rf.Client(url, token=token) as client:
            session = client.create_session()
            session.upload(PHOTOS[0])
            session.ask("make a 1-second video")
            video = session.export(tmp_path / "out.mp4", quality="preview")
        assert video.duration_s == pytest.approx(1, abs=0.05)
        with pytest.raises(rf.errors.AuthenticationError), rf.Client(url, token="wrong") as stranger:
            stranger.credits()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def test_a_refusal_is_read_once(tmp_path):
    done = run("create", PHOTOS[0], "-p", "generate a voice-over", "-o", "out.mp4", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("can't speak") == 1
    assert "error: Nothing was rendered." in done.stderr
    quiet = run("create", PHOTOS[0], "-p", "generate a voice-over", "--quiet", cwd=tmp_path)
    assert quiet.stderr.count("can't speak") == 1
    asked = run("create", PHOTOS[0], "-p", "remove clip 9", "--quiet", cwd=tmp_path)
    assert asked.returncode == 1
    assert len(asked.stderr.splitlines()) <= 2


def test_a_server_of_ones_own_with_a_token_of_ones_own(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "reelframe.cli", "serve", "--port", "0", "--token", "chosen-token-1"], cwd=tmp_path,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "REELFRAME_HOME": str(tmp_path / "served")}, preexec_fn=hearing,
    )  # fmt: skip
    shown = ""
    try:
        for line in process.stdout:
            shown += line
            if "stops it" in line:
                break
        url = next(word for word in shown.split() if word.startswith("http://127.0.0.1"))
        make = ("create", PHOTOS[0], "-p", "a 1-second 160x90 video", "-b", url, "--token")
        done = run(*make, "chosen-token-1", "-o", "out.mp4", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "out.mp4").stat().st_size > 1000
        balance = run("credits", "-b", url, "--token", "chosen-token-1", "--json", cwd=tmp_path)
        assert json.loads(balance.stdout)["total"] == 100
        # What can't be made is said before anything is sent.
        for wrong, words in (
            (("-o", "out.xyz"), "xyz"),
            (("--preset", "tiktak"), "tiktok"),
            (("-o", "no/x.mp4"), "no"),
        ):
            refused = run(*make, "chosen-token-1", *wrong, cwd=tmp_path)
            assert (refused.returncode, words in refused.stderr) == (1, True), refused.stderr
        other = run(*make, "another-token", "-o", "b.mp4", cwd=tmp_path)
        assert other.returncode == 1
        assert "another-token" not in other.stdout + other.stderr
    finally:
        process.send_signal(signal.SIGINT)
        shown += process.communicate(timeout=20)[0]
    assert "chosen-token-1" not in shown
    assert len(list((tmp_path / "served" / "media").glob("*/*"))) == 1
