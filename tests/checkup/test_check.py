"""What the check says of a machine, and of one on which something is broken."""

from __future__ import annotations

import json
import socket
import sys

import pytest
from typer.testing import CliRunner

import reelframe as rf
from reelframe.checkup.host import find_host, find_kernel, find_widget
from reelframe.cli import app


@pytest.fixture
def nobody(monkeypatch):
    """The hosted service at an address where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("NEMO_API_URL", f"http://127.0.0.1:{unused.getsockname()[1]}")
        yield


def test_videos_can_be_made_where_the_tests_run():
    found = rf.check(network=False)
    assert found.ok, found
    assert "H.264" in found["codecs"].found
    assert "AAC" in found["codecs"].found
    # The fonts extra and Debian's fonts are part of the tests' environment.
    assert found["fonts"].level == "ok"
    assert "Videos can be made here" in repr(found)


@pytest.mark.parametrize(
    ("environment", "modules", "host", "level"),
    [
        ({}, {"sys"}, "a terminal or a script", "ok"),
        ({}, {"ipykernel"}, "Jupyter (JupyterLab or Notebook)", "ok"),
        ({}, {"marimo._runtime"}, "marimo", "ok"),
        ({"VSCODE_PID": "7"}, {"ipykernel"}, "VS Code", "limited"),
        # A terminal inside of VS Code is a terminal.
        ({"VSCODE_PID": "7"}, {"sys"}, "a terminal or a script", "ok"),
        ({"COLAB_RELEASE_TAG": "r1"}, {"ipykernel"}, "Google Colab", "limited"),
        ({}, {"ipykernel", "google.colab"}, "Google Colab", "limited"),
        ({"BINDER_SERVICE_HOST": "10.0.0.1"}, {"ipykernel"}, "Binder", "limited"),
        ({"KAGGLE_KERNEL_RUN_TYPE": "Interactive"}, {"ipykernel"}, "Kaggle", "limited"),
    ],
)
def test_hosts(environment, modules, host, level):
    found = find_host(environment, modules)
    assert (found.found, found.level) == (host, level)
    assert found.advice or level == "ok"


@pytest.mark.parametrize(
    ("release", "level", "says"),
    [
        (None, "ok", "Ctrl-C"),
        ("6.17.1", "limited", "stop button"),
        ("6.29.5", "limited", "stop button"),
        ("7.0.1", "limited", "stop button"),
        ("7.1.0", "ok", "also while a cell runs"),
        ("7.10.0rc1", "ok", "also while a cell runs"),
    ],
)
def test_what_cancel_does_on_a_kernel(release, level, says):
    found = find_kernel(release)
    assert found.level == level
    assert says in found.advice


def test_a_widget_needs_its_packages():
    assert find_widget(None, "8.1.9").advice == "pip install anywidget"
    assert find_widget("0.9.21", "7.7.1").level == "ok"


def test_a_folder_that_cannot_be_written_is_told_with_the_cure(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "file" / "below"))
    found = rf.check(network=False)
    assert not found.ok
    assert "REELFRAME_HOME" in found["data"].advice
    assert "mend what is marked" in repr(found)


def test_a_quota_that_is_no_number_is_told(monkeypatch):
    monkeypatch.setenv("REELFRAME_QUOTA_GB", "abc")
    assert "'abc'" in rf.check(network=False)["data"].found


def test_missing_codecs_are_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    found = rf.check(network=False)["codecs"]
    assert (found.level, found.advice) == ("missing", "pip install --force-reinstall av")


@pytest.mark.usefixtures("nobody")
def test_a_service_that_does_not_answer_is_no_obstacle():
    found = rf.check()
    assert found["hosted service"].level == "limited"
    assert found.ok


def test_a_service_that_answers(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("NEMO_API_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("NEMO_TOKEN", "secret-token")
        found = rf.check()
        assert found["hosted service"].level == "ok"
        assert "secret-token" not in repr(found) + found._repr_html_()
        # Nothing was sent: the connection was opened and closed.
        with server.accept()[0] as connection:
            assert connection.recv(100) == b""


def test_the_table_of_a_notebook_holds_text_as_text():
    finding = rf.check(network=False)["reelframe"]
    html = type(rf.check(network=False))((type(finding)("<b>", "limited", "a & b", "<script>"),))._repr_html_()
    assert "&lt;b&gt;" in html
    assert "a &amp; b" in html
    assert "<script>" not in html


def test_the_command_prints_it_and_counts():
    done = CliRunner().invoke(app, ["check", "--offline", "--json"])
    facts = json.loads(done.stdout)
    assert (done.exit_code, facts["ok"]) == (0, True)
    assert [f["name"] for f in facts["findings"]][:3] == ["reelframe", "codecs", "fonts"]


def test_the_command_fails_where_videos_cannot_be_made(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "file"))
    done = CliRunner().invoke(app, ["check", "--offline"])
    assert done.exit_code == 1
    assert "✗ data" in done.stdout
