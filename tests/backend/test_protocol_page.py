"""The protocol's page is true: its curl examples work as written, its tables name what is served."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from reelframe.backend.app import _ROUTES
from reelframe.backend.output import FORMATS, QUALITIES

from .conftest import photo
from .test_serve import server

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"


def test_every_route_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    for route in _ROUTES:
        path = re.sub(r"\{session_id\}", "<sid>", route.path)
        path = re.sub(r"\{render_id\}", "<id>", path)
        path = re.sub(r"\{media_id\}", "<media id>", path)
        short = path.removeprefix("/api/ext/")
        assert any(f"{method} {short}" in page for method in route.methods), path


def test_every_format_and_quality_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    for name in (*FORMATS, *QUALITIES):
        assert f"`{name}`" in page


def test_the_curl_examples_work_as_written(tmp_path):
    curl = subprocess.run(["curl", "--version"], capture_output=True, check=False)
    if curl.returncode:
        pytest.fail("curl is needed to run the page's examples")
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    work = tmp_path / "work"
    work.mkdir()
    for name, color in (("a", "red"), ("b", "blue")):
        (work / f"{name}.jpg").write_bytes(photo(color, (640, 360)))
    with server(tmp_path / "home") as client:
        token = client.headers["authorization"].removeprefix("Bearer ")
        environment = {**os.environ, "URL": str(client.base_url).rstrip("/"), "TOKEN": token, "NO_PROXY": "*"}
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Made a video of 2" in run.stdout
    assert "Hello" in run.stdout
    asked = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v",
            "-show_entries",
            "stream=width,height,duration",
            "-of",
            "csv=p=0",
            work / "out.mp4",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == "1280,720,3.000000"


def test_the_readme_s_curl_works_as_written(tmp_path):
    readme = (PAGE.parents[1] / "README.md").read_text(encoding="utf-8")
    (block,) = [b for b in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if "curl" in b]
    for name, color in (("a", "red"), ("b", "blue")):
        (tmp_path / f"{name}.jpg").write_bytes(photo(color, (640, 360)))
    with server(tmp_path / "home") as client:
        token = client.headers["authorization"].removeprefix("Bearer ")
        environment = {**os.environ, "URL": str(client.base_url).rstrip("/"), "TOKEN": token, "NO_PROXY": "*"}
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Made a video of 2 photos: 6 s" in run.stdout
    state = json.loads(run.stdout.strip().splitlines()[-1])["data"]["state"]
    assert state["draft"]["d"] == 6000
    assert [one["name"] for one in state["video_infos"]] == ["a.jpg", "b.jpg"]
