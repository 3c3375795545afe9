"""The app on a real port: uvicorn in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import struct
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from reelframe.backend import serve
from reelframe.errors import ConfigurationError

from .conftest import ATTRIBUTION, data, photo, text_draft

MAIN = """
import sys, json, pathlib
from reelframe.backend import serve
serve(port=0, home=pathlib.Path(sys.argv[1]), **json.loads(sys.argv[2]))
"""


@contextlib.contextmanager
def server(home, stop=signal.SIGTERM, **options):
    run = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", MAIN, str(home), json.dumps(options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_PROXY": "*"},
    )
    try:
        first, second = run.stdout.readline(), run.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert url, first + run.stderr.read()
        token = options.get("token") or second.removeprefix("token: ").strip()
        headers = {"Authorization": f"Bearer {token}", **ATTRIBUTION}
        with httpx.Client(base_url=url[0], headers=headers, timeout=60, trust_env=False) as client:
            client.pid = run.pid
            yield client
        run.send_signal(stop)
        _, errors = run.communicate(timeout=30)
        assert "Traceback" not in errors
        assert errors.strip() == ""
    finally:
        run.kill()
        run.wait()
        run.stdout.close()
        run.stderr.close()


def session(client):
    return data(client.post("/api/tasks/me/with-session/nemo_agent", json={"task_name": "project"}))["session_id"]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_the_protocol_and_shuts_down_cleanly(tmp_path, stop):
    with server(tmp_path, stop, anonymous=True) as client:
        sid = session(client)
        big = photo("blue", (2000, 2000), "PNG")
        files = {"files": ("a.png", big)}
        answer = data(client.post(f"/api/upload-video/nemo_agent/me/{sid}", files=files))
        assert answer["files"][0]["width"] == 2000
        body = {"id": "render_1", "sessionId": sid, "draft": text_draft(), "output": {}}
        assert client.post("/api/render/proxy/lambda", json=body).json()["status"] == "pending"
        while (done := client.get("/api/render/proxy/lambda/render_1").json())["status"] != "completed":
            assert done["status"] != "failed", done
        url = done["output"]["url"]
        assert url.startswith(str(client.base_url))
        part = client.get(url, headers={"Range": "bytes=4-7"})
        assert (part.status_code, part.content) == (206, b"ftyp")
        token = data(client.post("/api/auth/anonymous-token", headers={"X-Client-Id": "x"}))["token"]
        strange = client.get(f"/api/state/nemo_agent/me/{sid}/latest", headers={"Authorization": f"Bearer {token}"})
        assert strange.json()["code"] == 1002


def test_the_owner_finds_everything_again_after_a_restart(tmp_path):
    with server(tmp_path) as client:
        sid = session(client)
        data(client.post("/api/ext/apply", json={"session_id": sid, "draft": text_draft("Kept")}))
        old = client.headers["authorization"]
    with server(tmp_path) as client:
        state = data(client.get(f"/api/state/nemo_agent/me/{sid}/latest"))["state"]
        assert state["draft"] == text_draft("Kept")
        assert client.headers["authorization"] != old
        refused = client.get("/api/ext/capabilities", headers={"Authorization": old})
        assert (refused.status_code, refused.json()["code"]) == (401, 1001)


def test_a_web_page_that_points_its_own_name_here_gets_nothing(tmp_path):
    with server(tmp_path, token="chosen") as client:
        assert client.get("/api/ext/capabilities", headers={"Authorization": "Bearer chosen"}).status_code == 200
        for name in ("localhost:8765", "127.0.0.1", "[::1]:8765", "reelframe.localhost"):
            assert client.get("/api/ext/capabilities", headers={"Host": name}).status_code == 200, name
        for name in ("evil.example", "localhost.evil.example", "192.168.1.5", "[bad", ""):
            assert client.get("/api/ext/capabilities", headers={"Host": name}).status_code == 400, name


def test_an_upload_that_is_refused_midway_is_still_answered(tmp_path):
    with server(tmp_path) as client:
        sid = session(client)
        answer = client.post(f"/api/upload-video/nemo_agent/me/{sid}", files={"files": ("a.txt", bytes(30_000_000))})
        assert answer.json()["code"] == 4001


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", ""])
def test_only_this_machine_is_served(host, tmp_path):
    with pytest.raises(ConfigurationError, match="machine alone"):
        serve(host, 0, home=tmp_path)


def test_whoever_reads_the_address_is_not_refused(tmp_path):
    import socket

    answered = []

    def say(text):
        if not answered:
            port = int(re.search(r":(\d+) ", text)[1])
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                answered.append(text)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(port=0, home=tmp_path, say=say)
    assert answered


def test_a_port_that_is_taken_is_said(tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=str(port)):
            serve(port=port, home=tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory of a process from /proc")
def test_500_mb_are_taken_in_and_given_out_without_being_held_in_memory(tmp_path):
    size = 500 * 1024 * 1024
    sound = tmp_path / "long.wav"
    with sound.open("wb") as file:
        rate = 48_000
        file.write(
            b"RIFF"
            + (size - 8).to_bytes(4, "little")
            + b"WAVEfmt "
            + struct.pack("<IHHIIHH", 16, 1, 2, rate, rate * 4, 4, 16)
        )
        file.write(b"data" + (size - 44).to_bytes(4, "little"))
        file.truncate(size)
    with server(tmp_path / "home") as client:
        sid = session(client)
        before = peak_bytes(client.pid)
        with sound.open("rb") as file:
            answer = client.post(f"/api/upload-video/nemo_agent/me/{sid}", files={"files": ("long.wav", file)})
        assert data(answer)["files"][0]["size_bytes"] == size
        assert peak_bytes(client.pid) - before < 60_000_000
        with sound.open("ab") as file:
            file.write(b"x")
        with sound.open("rb") as file:
            answer = client.post(f"/api/upload-video/nemo_agent/me/{sid}", files={"files": ("long.wav", file)})
        assert (answer.status_code, answer.json()["code"]) == (413, 4002)


def peak_bytes(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024
