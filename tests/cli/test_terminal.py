"""The command line as it looks in a terminal, and what it leaves running."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

import pytest

import reelframe as rf

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = [str(p) for p in sorted(SAMPLES.glob("*.jpg"))]
CLI = [sys.executable, "-m", "reelframe.cli"]


class Terminal:
    """A command in a terminal of its own, 100 columns wide."""

    def __init__(self, *arguments, cwd):
        self._end, inner = pty.openpty()
        env = {**os.environ, "COLUMNS": "100", "LINES": "40", "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            [*CLI, *arguments], cwd=cwd, env=env, stdin=inner, stdout=inner, stderr=inner, start_new_session=True
        )
        os.close(inner)
        self.raw = b""

    def read(self, holds=lambda _: False, seconds=120):
        """What was shown, until it ends or ``holds``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not holds(self.text):
            if select.select([self._end], [], [], 0.2)[0]:
                try:
                    piece = os.read(self._end, 65536)
                except OSError:  # Linux's way to say that nobody writes any more
                    break
                if not piece:
                    break
                self.raw += piece
        return self.text

    @property
    def text(self):
        return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", self.raw).decode("utf-8", "replace").replace("\r", "\n")

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        os.close(self._end)


@pytest.fixture
def terminal(tmp_path):
    opened = []

    def start(*arguments):
        opened.append(Terminal(*arguments, cwd=tmp_path))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def alive(group):
    """The processes of a process group, zombies aside."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def test_a_bar_moves_while_it_renders_and_one_line_stays(terminal, tmp_path):
    shown = terminal(
        "create", *PHOTOS[:2], "-p", "a 4-second video with music and the title 'Hello [world]'", "-o", "out.mp4"
    )
    text = shown.read()
    assert shown.process.wait(10) == 0, text
    percents = [int(p) for p in re.findall(r"Render\s+\S+\s+(\d+)%", text)]
    assert percents == sorted(percents)
    assert len(set(percents)) > 2
    assert "Hello [world]" in text, "brackets are text, not markup"
    assert "Timeline (" in text
    assert "I assumed" in text
    last = text.strip().splitlines()[-1]
    assert re.fullmatch(r".*out\.mp4\s+4\.0 s, 1920x1080, [\d.]+ [KM]B, made in [\d.]+ s", last), last
    assert (tmp_path / "out.mp4").exists()


def test_without_a_terminal_there_are_no_bars_and_no_colours(tmp_path):
    command = [*CLI, "create", PHOTOS[0], "-p", "a 1-second video", "-o", "out.mp4"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    assert "\x1b" not in done.stdout + done.stderr
    assert "Render" not in done.stderr
    assert [line for line in done.stderr.splitlines() if "Timeline (2 tracks): 1. Video:" in line and "2. BGM:" in line]
    assert done.stdout.count("\n") == 1
    assert done.stdout.split()[0].endswith("out.mp4")


def test_ctrl_c_in_a_terminal_stops_everything_at_once(terminal, tmp_path):
    shown = terminal("create", *PHOTOS, "-p", "a 60-second video with music", "-o", "out.mp4")
    shown.read(lambda text: re.search(r"Render\s+\S+\s+[1-9]\d?%", text), 90)
    began = time.monotonic()
    os.killpg(shown.process.pid, signal.SIGINT)  # as a terminal does it: everything in the foreground gets it
    text = shown.read(seconds=30)
    assert shown.process.wait(10) == 130, text
    assert time.monotonic() - began < 10
    assert "Stopped; nothing half-written is left." in text
    assert "Traceback" not in text
    assert list(tmp_path.iterdir()) == []
    assert alive(shown.process.pid) == []


def test_json_is_one_object_and_nothing_else_on_both_ends(tmp_path):
    command = [*CLI, "create", PHOTOS[0], "-p", "一秒的视频", "-o", "out.mp4", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    facts = json.loads(done.stdout)
    assert done.stderr == ""
    assert set(facts) == {"path", "duration_s", "width", "height", "size_bytes", "took_s", "said", "warnings"}
    assert Path(facts["path"]).stat().st_size == facts["size_bytes"]
    assert re.search("[\u4e00-\u9fff]", done.stdout), "Chinese stays readable"


@pytest.mark.parametrize("flag", ["--json", "--quiet"])
def test_an_error_is_on_standard_error_whatever_was_asked_for(tmp_path, flag):
    command = [*CLI, "create", "none.jpg", "-p", "a video", flag]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: none.jpg: there is no such file. Check the path.\n"


def test_without_an_output_the_project_names_the_file(tmp_path):
    command = [*CLI, "create", PHOTOS[0], "-p", "a 1-second video", "--project", "Spring sale", "-q"]
    names = [
        Path(
            subprocess.run(
                command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
            ).stdout.strip()
        ).name
        for _ in range(2)
    ]
    assert names == ["Spring-sale-1.mp4", "Spring-sale-2.mp4"]
    assert sorted(p.name for p in tmp_path.iterdir()) == names


@pytest.mark.parametrize("preset", ["tiktok", "reels", "shorts", "youtube", "square", "4k"])
def test_the_presets_that_the_help_names_are_there(tmp_path, preset):
    from reelframe.backend.presets import preset as known

    shown = subprocess.run(
        [*CLI, "create", "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert preset in shown.stdout
    assert known(preset).width > 0


def test_help_gives_an_example_that_can_be_run(tmp_path):
    env = {**os.environ, "COLUMNS": "200", "TERM": "dumb"}
    shown = subprocess.run(
        [*CLI, "create", "--help"], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=True
    )
    example = re.search(r"Example: reelframe (create .*out\.mp4)", shown.stdout)[1]
    import shlex

    arguments = shlex.split(example)
    for name, photo in zip(("a.jpg", "b.jpg", "logo.png"), [*PHOTOS[:2], str(SAMPLES / "logo.png")], strict=True):
        (tmp_path / name).write_bytes(Path(photo).read_bytes())
    arguments[arguments.index("-p") + 1] = "a 1-second video with music"  # the example's own length takes longer
    done = subprocess.run([*CLI, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.mp4").exists()


def test_the_timeline_of_a_session_is_shown_in_a_line_and_as_json(tmp_path):
    with rf.Client() as client:
        session = client.create_session(task_name="Shown")
        session.upload(PHOTOS[0])
        session.ask("a 5-second video with the title 'Hello'")
        sid, draft = session.id, session.state().draft
    line = subprocess.run([*CLI, "timeline", sid], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert line.stdout == draft.summary() + "\n"
    wire = subprocess.run(
        [*CLI, "timeline", sid, "--json"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(wire.stdout) == draft.to_wire()


def test_clearing_asks_first(tmp_path):
    with rf.Client() as client:
        client.create_session(task_name="Kept")
    for answer, code in (("n\n", 1), ("y\n", 0)):
        done = subprocess.run(
            [*CLI, "storage", "--clear"],
            input=answer,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "Delete everything" in done.stdout + done.stderr
    assert "Deleted 1 sessions" in done.stderr


def test_version(tmp_path):
    done = subprocess.run([*CLI, "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"reelframe {rf.__version__}\n"
