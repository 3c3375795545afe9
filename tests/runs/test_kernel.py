"""A batch in a real notebook kernel: the stop button, a kernel that dies, and another that goes on."""

from __future__ import annotations

import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel

BATCH = """
import pandas as pd
import reelframe as rf
products = pd.read_csv("products.csv")

def tell(progress):
    print(progress.stage, progress.text, flush=True)

results = rf.batch(products, 'a 2-second video without music, title "{name}"', "photo", "out", key="name", workers=2,
                   output={"width": 160, "height": 96, "fps": 10}, progress=tell)
print("RESULT", *results.status)
"""


class Killed(Exception):
    """The test has seen enough of a cell."""


def killed(printed):
    if "videos" in printed:
        raise Killed


def run(client, code, said=lambda _text: None):
    """What a cell printed; ``said`` hears it as it comes."""
    asked = client.execute(code)
    printed = ""
    while True:
        message = client.get_iopub_msg(timeout=240)
        if message["parent_header"].get("msg_id") != asked:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            printed += content["text"]
            said(printed)
        elif message["msg_type"] == "error":
            raise AssertionError("\n".join(content["traceback"]))
        elif message["msg_type"] == "status" and content["execution_state"] == "idle":
            return printed


@pytest.mark.slow
# pyzmq leaves its sockets to the garbage collector, which complains in their name.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_stopped_by_the_button_killed_and_continued_every_row_is_made_once(photos, tmp_path):
    count = 10
    table = {"name": [f"row{n}" for n in range(count)], "photo": [str(photos[n % 4]) for n in range(count)]}
    pd.DataFrame(table).to_csv("products.csv")
    signals = []

    def once(what, act):
        def said(printed):
            if what in printed and what not in signals:
                signals.append(what)
                act()

        return said

    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:
        printed = run(client, BATCH, once("videos 1 of 10", manager.interrupt_kernel))
        # The stop button gives back what there is, and the kernel is there for the next cell.
        status = printed.partition("RESULT ")[2].split()
        assert len(status) == count and set(status) <= {"done", "waiting"}, printed
        assert run(client, "print(rf.batch_status('out').status.tolist().count('done'))").strip() == str(
            status.count("done")
        )

        # Killed while it is at work, if there is work left.
        with pytest.raises(Killed):
            run(client, BATCH, killed)
        manager.shutdown_kernel(now=True)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()

    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:
        printed = run(client, BATCH)
        assert printed.partition("RESULT ")[2].split() == ["done"] * count
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
    videos = sorted(path.name for path in (tmp_path / "out").glob("*.mp4"))
    assert videos == sorted(f"row{n}.mp4" for n in range(count))
