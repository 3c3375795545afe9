"""The widget over its messages alone, as the browser speaks to it: every kind is answered, in order, once."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
import time
from importlib import resources
from pathlib import Path

import pytest

from reelframe.widget import VideoStudio

SAMPLES = Path(str(resources.files("reelframe") / "samples"))
PHOTOS = sorted(SAMPLES.glob("*.jpg"))


class Browser:
    """The other end of the messages. ``ask`` sends one and waits for the answer with its id."""

    def __init__(self, widget):
        self.widget = widget
        self.ids = itertools.count()
        self.answers = {}
        self.came = threading.Condition()
        widget.send_message = self.heard

    def heard(self, content, buffers):
        with self.came:
            self.answers.setdefault(content["id"], []).append((content, buffers))
            self.came.notify_all()

    def tell(self, kind, *buffers, **body):
        key = f"b-{next(self.ids)}"
        self.widget._received(self.widget, {"v": 1, "id": key, "kind": kind, **body}, list(buffers))
        return key

    def answer(self, key, seconds=60):
        with self.came:
            assert self.came.wait_for(lambda: key in self.answers, seconds), f"no answer to {key}"
        return self.answers[key][0]

    def ask(self, kind, *buffers, **body):
        return self.answer(self.tell(kind, *buffers, **body))

    def until(self, holds, seconds=60):
        deadline = time.monotonic() + seconds
        while not holds(self.widget.view):
            assert time.monotonic() < deadline, self.widget.view
            time.sleep(0.05)
        return self.widget.view

    def drop(self, *files):
        """Files dropped together: begun, sent in pieces, and ended as one."""
        keys = []
        for name, data in files:
            key = self.ask("upload.begin", name=name, size=len(data))[0]["upload"]
            for at in range(0, len(data), 1 << 16):
                self.ask("upload.piece", memoryview(data[at : at + (1 << 16)]), upload=key, offset=at)
            keys.append(key)
        return self.ask("upload.end", uploads=keys)[0]


@pytest.fixture
def browser(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    widget = VideoStudio(project="Autumn")
    yield Browser(widget)
    widget.close()


def dropped(*paths):
    return [(p.name, p.read_bytes()) for p in paths]


def titles(view):
    return [s["name"] for track in view["timeline"] if track["kind"] == "text" for s in track["segments"]]


def test_the_main_job_by_messages(browser, tmp_path):
    assert browser.drop(*dropped(*PHOTOS[:3], SAMPLES / "logo.png"))["kind"] == "result"
    view = browser.until(lambda v: len(v["media"]) == 4)
    assert [m["name"] for m in view["media"]] == [*(p.name for p in PHOTOS[:3]), "logo.png"]
    first, second, third, logo = (m["id"] for m in view["media"])

    # Marked, reordered, removed.
    assert browser.ask("media", roles={logo: "logo"})[0]["kind"] == "result"
    assert browser.ask("media", order=[third, first, second, logo])[0]["kind"] == "result"
    assert browser.ask("media", remove=[second])[0]["kind"] == "result"
    view = browser.until(lambda v: len(v["media"]) == 3)
    assert [(m["name"], m["role"]) for m in view["media"]] == [
        (PHOTOS[2].name, None), (PHOTOS[0].name, None), ("logo.png", "logo"),
    ]  # fmt: skip

    browser.ask("send", text="a 2-second video with the title 'Hello'")
    view = browser.until(lambda v: v["preview"] and not v["job"])
    assert [s["name"] for s in view["timeline"][0]["segments"]] == [PHOTOS[2].name, PHOTOS[0].name]
    assert titles(view) == ["Hello"]
    assert view["can_undo"]
    assert not view["can_redo"]
    assert [x["who"] for x in view["lines"]].count("you") == 1

    browser.ask("send", text="remove the title")
    browser.until(lambda v: titles(v) == [])
    browser.ask("undo")
    browser.until(lambda v: titles(v) == ["Hello"] and v["can_redo"])
    browser.ask("redo")
    browser.until(lambda v: titles(v) == [])

    answer, _ = browser.ask("export", preset="square")
    assert answer["name"] == "Autumn-1.mp4"
    path = tmp_path / "here/Autumn-1.mp4"
    assert path.stat().st_size == answer["size"]
    view = browser.until(lambda v: v["exported"] and not v["job"])
    assert (view["exported"]["width"], view["exported"]["height"]) == (1080, 1080)
    pieces = [
        browser.ask("read", which="exported", offset=at, length=1 << 16)[1][0]
        for at in range(0, answer["size"], 1 << 16)
    ]
    assert b"".join(pieces) == path.read_bytes()
    assert all(len(of_one) == 1 for of_one in browser.answers.values()), "each message is answered once"


def test_requests_are_done_in_the_order_in_which_they_came(browser):
    browser.widget.upload(*PHOTOS[:2])
    for wish in (
        "a 4-second video with the title 'One'",
        "change the title to 'Two'",
        "change the title to 'Three'",
        "make it square",
    ):
        browser.tell("send", text=wish)
    view = browser.until(lambda v: "1:1" in json.dumps(v["lines"]) and not v["job"])
    assert titles(view) == ["Three"]
    said = [x["text"] for x in view["lines"] if x["who"] == "studio"]
    assert [next(i for i, s in enumerate(said) if word in s) for word in ("'One'", "'Two'", "'Three'", "1:1")] == [
        0,
        1,
        2,
        3,
    ]


def test_cancel_by_message_ends_a_long_export_and_leaves_no_file(browser, tmp_path):
    browser.widget.upload(*PHOTOS)
    browser.ask("send", text="a 60-second video with music")
    browser.until(lambda v: v["timeline"])
    export = browser.tell("export")
    browser.until(lambda v: v["job"] == "export" and browser.widget.progress and browser.widget.progress["fraction"])
    assert browser.ask("cancel")[0]["cancelled"] is True
    answer, _ = browser.answer(export, 15)
    assert answer["kind"] == "error"
    view = browser.until(lambda v: v["job"] != "export")
    assert any(x["text"] == "⏹" for x in view["lines"])
    assert list((tmp_path / "here").iterdir()) == []
    assert browser.ask("cancel")[0]["cancelled"] is False


def test_an_upload_that_was_given_up_is_gone(browser, own_home):
    key = browser.ask("upload.begin", name="mug.jpg", size=1000)[0]["upload"]
    browser.ask("upload.piece", b"x" * 500, upload=key, offset=0)
    # By the kind of the error the page knows that there is a point in trying again.
    assert browser.ask("upload.end", uploads=[key])[0]["error"] == "BrokenUploadError"
    assert browser.ask("upload.piece", b"x", upload=key, offset=500)[0]["error"] == "BrokenUploadError", (
        "an end that failed forgets it"
    )
    other = browser.ask("upload.begin", name="mug.jpg", size=1000)[0]["upload"]
    assert browser.ask("upload.drop", upload=other)[0]["kind"] == "result"
    assert list((own_home / "data/widget/uploads").iterdir()) == []


def test_a_cell_that_is_run_again_goes_on_with_an_upload_of_its_last_widget(browser, own_home):
    data = PHOTOS[0].read_bytes()
    about = {"name": PHOTOS[0].name, "size": len(data), "mark": "mug"}
    step = len(data) // 12
    half = 6 * step
    key = browser.ask("upload.begin", **about)[0]["upload"]
    # Pieces that come one after another are written in this order, whoever is quicker.
    pieces = [
        browser.tell("upload.piece", memoryview(data[at : at + step]), upload=key, offset=at)
        for at in range(0, half, step)
    ]
    assert [browser.answer(one)[0]["received"] for one in pieces] == list(range(step, half + step, step))
    browser.widget.close()
    again = Browser(VideoStudio(project="Again"))
    begun = again.ask("upload.begin", **about)[0]
    assert (begun["received"], begun["sha256"]) == (half, hashlib.sha256(data[:half]).hexdigest())
    assert again.ask("upload.piece", data[half:], upload=begun["upload"], offset=half)[0]["received"] == len(data)
    sums = [hashlib.sha256(data).hexdigest()]
    assert again.ask("upload.end", uploads=[begun["upload"]], sha256=sums)[0]["kind"] == "result"
    assert [m["id"] for m in again.until(lambda v: v["media"])["media"]] == sums
    assert list((own_home / "data/widget/uploads").iterdir()) == []
    again.widget.close()


def test_a_picture_that_is_none_is_refused_by_name_and_the_log_says_it(browser):
    answer = browser.drop(("holiday.jpg", b"these are words" * 100))
    assert answer["error"] in {"MediaError", "UnsupportedMediaError"}, "and there is none here"
    assert "holiday.jpg" in answer["text"]
    view = browser.until(lambda v: any(x["who"] == "error" for x in v["lines"]))
    assert "holiday.jpg" in view["lines"][-1]["text"]
    assert view["media"] == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a.jpg", "file:///etc/passwd", "nonsense"])
def test_a_url_that_can_not_be_had_is_an_error(browser, url):
    answer, _ = browser.ask("url", url=url)
    assert answer["kind"] == "error"
    assert len(answer["text"]) > 10
    assert browser.widget.view["media"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "media", "remove": ["nobody"]},
        {"kind": "media", "order": ["nobody"]},
        {"kind": "media", "roles": {"nobody": "logo"}},
        {"kind": "media", "roles": "logo"},
        {"kind": "thumbnail", "media": "nobody"},
        {"kind": "thumbnail"},
        {"kind": "read", "which": "exported", "offset": -5, "length": "x"},
        {"kind": "read", "which": "exported"},
        {"kind": "export"},
        {"kind": "export", "preset": "nonsense"},
        {"kind": "upload.begin", "name": "a.jpg", "size": -1},
        {"kind": "upload.begin", "name": "", "size": 5},
        {"kind": "upload.piece", "upload": "x", "offset": 0},
        {"kind": "upload.end", "uploads": ["x"]},
        {"kind": "upload.end", "uploads": 7},
        {"kind": None},
        {"kind": ["send"]},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_what_makes_no_sense_is_answered_in_words(browser, body):
    answer, buffers = browser.ask(**body)
    assert answer["kind"] == "error"
    assert len(answer["text"]) > 10
    assert "Traceback" not in answer["text"]
    assert buffers == []


def test_a_failure_that_nobody_thought_of_is_answered_too(browser, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("the disk was eaten")

    monkeypatch.setattr(browser.widget._messages._desk, "begin", broken)
    answer, _ = browser.ask("upload.begin", name="a.jpg", size=1)
    assert answer["kind"] == "error"
    assert "the disk was eaten" in answer["text"]
    assert "the disk was eaten" in caplog.text


def test_a_message_that_comes_again_is_done_once_and_answered_again(browser):
    message = {"v": 1, "id": "twice", "kind": "send", "text": "how many credits do I have?"}
    for n in (1, 2, 3):
        browser.widget._received(browser.widget, message, [])
        browser.until(lambda _, n=n: len(browser.answers.get("twice", [])) == n)
    view = browser.until(lambda v: v["lines"] and not v["job"])
    assert [x["who"] for x in view["lines"]].count("you") == 1
    assert [a["kind"] for a, _ in browser.answers["twice"]] == ["result"] * 3


@pytest.mark.parametrize("content", [None, "send", 7, [], {}, {"v": 2, "id": "a", "kind": "send", "text": "x"}])
def test_what_is_no_message_of_ours_is_left_alone(browser, content):
    browser.widget._received(browser.widget, content, [])
    assert browser.ask("cancel")[0]["kind"] == "result"
    assert list(browser.answers) == ["b-0"]


def test_what_is_saved_without_a_page_stays_small(browser):
    # As nbclient does it: whatever "state" a message has goes into the notebook, one on top of the other.
    kept = {}
    browser.widget._send = lambda message, buffers=None: kept.update(message.get("state", {}))  # noqa: ARG005
    browser.drop(*dropped(*PHOTOS))
    browser.ask("send", text="a 5-second video with music and a title")
    browser.widget.send("title: the last one")
    view = browser.until(lambda v: titles(v) == ["the last one"])
    assert len(json.dumps(view)) < 20_000
    assert "/" not in json.dumps([view["preview"], view["exported"], view["media"]])
    browser.until(lambda _: kept.get("_esm"))
    assert len(json.dumps(kept)) < 200
