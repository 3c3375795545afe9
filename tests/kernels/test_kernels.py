"""The widget in real kernels, old and new, spoken to as a notebook's page speaks to it: what works while a cell runs.

| kernel | idle | a cell awaits the job | a cell waits for `job.result()` |
|---|---|---|---|
| 6.17 (Colab), 6.29 | everything | log streams; cancel waits; stop ends it | log streams; cancel waits; stop ends it |
| 7.3, latest | everything | everything | everything |
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import signal
import sys
import time
from importlib import resources
from pathlib import Path
from queue import Empty

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
PHOTOS = sorted(Path(str(resources.files("reelframe") / "samples")).glob("*.jpg"))

spec = importlib.util.spec_from_file_location("kernel_matrix", ROOT / "scripts/kernel_matrix.py")
matrix = importlib.util.module_from_spec(spec)
spec.loader.exec_module(matrix)

# Whether a message of the page is heard at once: with the kernel idle, in an `await`, in a blocking wait.
HEARD = {
    "6.17": {"idle": True, "awaiting": False, "blocking": False},
    "6.29": {"idle": True, "awaiting": False, "blocking": False},
    "7.3": {"idle": True, "awaiting": True, "blocking": True},
    "latest": {"idle": True, "awaiting": True, "blocking": True},
}


class Page:
    """A notebook's page: runs cells, hears the widget's state and its answers."""

    def __init__(self, python, folder):
        self.manager = KernelManager()
        argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        self.manager._kernel_spec = KernelSpec(argv=argv, display_name="test", language="python")
        env = {
            **os.environ, "PYTHONPATH": str(ROOT / "src"), "REELFRAME_HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "ipython"),
        }  # fmt: skip
        # An interrupt must be heard, whoever started this process.
        self.manager.start_kernel(
            env=env, cwd=str(folder), preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
        )
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.comm = None
        self.subshell = None
        self.view = {}
        self.updates = 0
        self.answers = {}
        self.outputs = []
        self.done = {}
        self.count = 0

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def over_a_subshell(self):
        """As JupyterLab does it where the kernel can: comm messages go to a subshell of their own."""
        info = self.client.kernel_info(reply=True, timeout=60)["content"]
        if "kernel subshells" not in info.get("supported_features", []):
            return
        message = self.client.session.msg("create_subshell_request", {})
        self.client.control_channel.send(message)
        self.subshell = self.client.control_channel.get_msg(timeout=30)["content"]["subshell_id"]

    def pump(self, seconds):
        """Hear what comes for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                message = self.client.get_iopub_msg(timeout=min(left, 0.05))
            except Empty:
                continue
            kind, content = message["msg_type"], message["content"]
            parent = message["parent_header"].get("msg_id")
            if kind == "comm_open" and "view" in content["data"].get("state", {}):
                self.comm = content["comm_id"]
                self.view = content["data"]["state"]["view"]
            elif kind == "comm_msg" and content["comm_id"] == self.comm:
                data = content["data"]
                if data["method"] == "update":
                    self.updates += 1
                    self.view = data["state"].get("view", self.view)
                elif data["method"] == "custom":
                    self.answers[data["content"]["id"]] = (data["content"], message["buffers"])
            elif kind in {"display_data", "execute_result", "update_display_data", "error"}:
                self.outputs.append((kind, content))
            elif kind == "status" and content["execution_state"] == "idle":
                self.done[parent] = True

    def until(self, holds, seconds):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                return False
            self.pump(0.05)
        return True

    def start(self, code):
        return self.client.execute(code)

    def run(self, code, seconds=180):
        cell = self.start(code)
        assert self.until(lambda: cell in self.done, seconds), code
        errors = [content for kind, content in self.outputs if kind == "error"]
        self.outputs = [o for o in self.outputs if o[0] != "error"]
        assert not errors, errors[0]["traceback"]

    def tell(self, kind, *buffers, **body):
        self.count += 1
        key = f"p{self.count}"
        self.say(key, kind, buffers, body)
        return key

    def say(self, key, kind, buffers, body):
        content = {
            "comm_id": self.comm,
            "data": {"method": "custom", "content": {"v": 1, "id": key, "kind": kind, **body}},
        }
        message = self.client.session.msg("comm_msg", content)
        if self.subshell is not None:
            message["header"]["subshell_id"] = self.subshell
        self.client.session.send(self.client.shell_channel.socket, message, buffers=list(buffers))

    def ask(self, kind, *buffers, seconds=60, **body):
        key = self.tell(kind, *buffers, **body)
        # As the page does it: a kernel drops what comes just after a cell has failed.
        for _ in range(max(1, round(seconds / 3))):
            if self.until(lambda: key in self.answers, 3):
                return self.answers[key]
            self.say(key, kind, buffers, body)
        raise AssertionError(f"{kind} was not answered")


@pytest.mark.parametrize("kernel", list(HEARD))
def test_what_works_while_a_cell_runs(kernel, tmp_path):
    page = Page(matrix.environment(kernel), tmp_path)
    try:
        seen = story(page, tmp_path)
    finally:
        page.close()
    assert seen == HEARD[kernel]


def story(page, folder):
    seen = {}
    page.over_a_subshell()
    page.run("import reelframe as rf\nstudio = rf.VideoStudio(project='Autumn')\nstudio")
    kinds = [kind for kind, _ in page.outputs]
    assert kinds.count("display_data") + kinds.count("execute_result") == 2, "the widget, and its static output"
    assert any("rf-static" in content["data"].get("text/html", "") for _, content in page.outputs)

    # Loaded ahead, once the cell has ended: a first preview need not wait for it.
    page.run(
        "import sys, threading\n"
        "for thread in threading.enumerate():\n"
        "    if thread.name == 'reelframe-warm-up':\n"
        "        thread.join()\n"
        "assert 'reelframe.render.streaming' in sys.modules"
    )

    # Idle: upload, log, a film, cancel.
    uploads, sums = [], []
    for photo in PHOTOS[:2]:
        data = photo.read_bytes()
        key = page.ask("upload.begin", name=photo.name, size=len(data))[0]["upload"]
        for at in range(0, len(data), 1 << 16):
            page.ask("upload.piece", data[at : at + (1 << 16)], upload=key, offset=at)
        uploads.append(key)
        sums.append(hashlib.sha256(data).hexdigest())
    assert page.ask("upload.end", uploads=uploads, sha256=sums)[0]["kind"] == "result"
    page.ask("send", text="make a 60-second video of these")
    assert page.until(lambda: page.view["timeline"] and page.view["lines"][-1]["who"] == "studio", 60)
    assert page.until(lambda: page.view["job"] == "preview", 30)
    seen["idle"] = page.ask("cancel", seconds=5)[0]["cancelled"]
    assert page.until(lambda: page.view["job"] == "", 15)

    seen["awaiting"] = heard_during(page, "await studio.export()", folder)
    seen["blocking"] = heard_during(page, "studio.export().result()", folder)
    assert sum(line["text"].startswith("⏹") for line in page.view["lines"]) >= 2
    # And all is well afterwards.
    page.ask("send", text="make it square")
    assert page.until(lambda: "1:1" in json.dumps(page.view["lines"]), 60)
    page.ask("cancel")
    return seen


def heard_during(page, code, folder):
    """Whether a cancel is heard while a cell waits for an export; where it is not, stop ends it."""
    before = page.updates
    cell = page.start(code)
    assert page.until(lambda: page.view["job"] == "export", 30), "the log streams while the cell runs"
    assert page.until(lambda: page.updates > before + 3, 60), "and so does the progress"
    cancel = page.tell("cancel")
    heard = page.until(lambda: cancel in page.answers, 1.5)
    if not heard:
        # The page says "kernel busy: press stop" by now, and stop ends the work.
        page.manager.interrupt_kernel()
    assert page.until(lambda: cell in page.done, 30), f"{code} goes on"
    assert page.until(lambda: cancel in page.answers, 30), "what had to wait is answered in the end"
    assert page.until(lambda: page.view["job"] != "export", 30), "the work itself has ended"
    error = next(content["ename"] for kind, content in page.outputs if kind == "error")
    assert error in ({"JobCancelledError"} if heard else {"KeyboardInterrupt", "CancelledError", "JobCancelledError"})
    page.outputs.clear()
    assert not list(folder.glob("*.mp4"))
    return heard


def test_an_upload_goes_on_after_the_kernel_was_killed(tmp_path):
    data = PHOTOS[0].read_bytes()
    about = {"name": PHOTOS[0].name, "size": len(data), "mark": "mug"}
    half = len(data) // 2
    for begins in (0, half):
        page = Page(sys.executable, tmp_path)
        try:
            page.over_a_subshell()
            page.run("import reelframe as rf\nstudio = rf.VideoStudio()\nstudio")
            begun = page.ask("upload.begin", **about)[0]
            assert begun["received"] == begins
            assert begun["sha256"] == hashlib.sha256(data[:begins]).hexdigest()
            rest = data[begins:] if begins else data[:half]
            page.ask("upload.piece", rest, upload=begun["upload"], offset=begins)
            if begins:
                sums = [hashlib.sha256(data).hexdigest()]
                assert page.ask("upload.end", uploads=[begun["upload"]], sha256=sums)[0]["kind"] == "result"
                assert page.until(lambda page=page: page.view["media"], 30)
                assert page.view["media"][0]["id"] == sums[0]
        finally:
            page.close()  # at once, by SIGKILL
    assert list((tmp_path / "home").rglob("widget/uploads/*")) == []


def test_the_matrix_has_colabs_own_pins():
    assert {"ipykernel==6.17.1", "ipywidgets==7.7.1", "anywidget==0.9.21"} <= set(matrix.KERNELS["6.17"])
    assert sys.version_info >= (3, 11)
