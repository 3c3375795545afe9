"""Kill the process at any moment: what was acknowledged is there, and the rest is whole or absent.

A child that has everything imported forks a worker; the worker talks to the backend as a client would, writes
down what it is about to do and what was acknowledged, and is killed after a random while. Then the folder is
opened afresh and compared with a model of what it must hold. The same folder goes on to the next round.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reelframe.backend.core import Backend, Options
from reelframe.backend.store import media, messages, renders, sessions

CHILD = r"""
import asyncio, importlib.util, json, os, pathlib, random, signal, sys
spec = importlib.util.spec_from_file_location("kit", sys.argv[1])
kit = importlib.util.module_from_spec(spec)
sys.modules["kit"] = kit
spec.loader.exec_module(kit)
from reelframe import edits, planner
from reelframe.backend import conversation
from reelframe.backend.core import Backend, Options
from reelframe.draft import Draft
from reelframe.media.model import Library, Media
import hashlib, reelframe.media
from reelframe.backend.rendering import Workers
Workers.wake = lambda _: None
planner.plan("change the title to 'x'", Draft.from_wire(kit.text_draft()), Library())

# Probing has a process of its own and tests of its own; here the point is what is kept.
def probe(path, name=None):
    content = pathlib.Path(path).read_bytes()
    return Media(id=hashlib.sha256(content).hexdigest(), name=name, kind="image", format="png",
                 size_bytes=len(content), width=1, height=1)
reelframe.media.probe = probe

def note(**what):
    os.write(1, (json.dumps(what) + "\n").encode())

async def work(home, seed):
    backend = Backend(pathlib.Path(home), Options())
    api = kit.Api(backend, backend.auth.token)
    rng = random.Random(seed)
    mine = []
    for n in range(1_000_000):
        name = f"{seed}-{n}"
        if not mine or rng.random() < 0.1:
            note(doing="session")
            mine.append(await api.session())
            note(done="session", sid=mine[-1])
            continue
        sid = rng.choice(mine)
        what = rng.choice(["apply", "apply", "say", "undo", "redo", "upload", "render"])
        if what == "apply":
            note(doing=what, sid=sid, text=name)
            kit.data(await api.apply(sid, kit.text_draft(name)))
        elif what == "say":
            if not (await api.state(sid))["draft"].get("t"):
                continue
            note(doing=what, sid=sid, text=name)
            await api.told(sid, f'change the title to "{name}"')
        elif what in {"undo", "redo"}:
            note(doing=what, sid=sid)
            kit.data(await api.post(f"/api/ext/{what}", {"session_id": sid}))
        elif what == "upload":
            content = rng.randbytes(rng.choice([10, 1000, 100_000]))
            note(doing=what, sid=sid, media=hashlib.sha256(content).hexdigest())
            kit.data(await api.upload(sid, (f"{name}.png", content)))
        else:
            note(doing=what, sid=sid, render=f"render_{name}")
            assert (await api.render(sid, f"render_{name}")).status_code == 200
        note(done=what)

for line in sys.stdin:
    home, seed = line.split()
    pid = os.fork()
    if pid == 0:
        try:
            note(pid=os.getpid())
            asyncio.run(work(home, int(seed)))
        finally:
            os._exit(1)
    os.waitpid(pid, 0)
    note(dead=pid)
"""


@dataclass
class Model:
    """What one session must hold: its steps, which of them is shown, its files and its jobs."""

    texts: list = field(default_factory=lambda: [None])
    head: int = 0
    media: set = field(default_factory=set)
    renders: set = field(default_factory=set)
    said: set = field(default_factory=set)

    def after(self, do):
        texts, head = list(self.texts), self.head
        match do["doing"]:
            case "apply" | "say":
                texts, head = [*texts[: head + 1], do["text"]], head + 1
            case "undo":
                head = max(0, head - 1)
            case "redo":
                head = min(len(texts) - 1, head + 1)
        return Model(
            texts,
            head,
            self.media | {do["media"]} if "media" in do else self.media,
            self.renders | {do["render"]} if "render" in do else self.renders,
            self.said | {do["text"]} if do["doing"] == "say" else self.said,
        )


def held(backend, sid):
    """What the folder says about a session, in the model's terms."""
    with backend.db.read() as tx:
        session = sessions.own(tx, backend.auth.owner.id, sid)
        last = session.head + sessions.steps(tx, session)[1]
        texts = []
        for seq in range(last + 1):
            track = sessions.draft_at(tx, sid, seq).tracks
            texts.append(track[0].segments[0].text if track else None)
        library = media.library(tx, sid, backend.files.media_path)
        for one in library:
            assert hashlib.sha256(one.path.read_bytes()).hexdigest() == one.id
        jobs = renders.of_session(tx, sid)
        assert all(job.draft.exportable and job.status == "pending" for job in jobs)
        answered = messages.history(tx, sid, 10_000)
        assert all(m.answer and json.loads(m.plan)["ops"] for m in answered)
        said = {m.text.split('"')[1] for m in answered}
    return Model(texts, session.head, set(library.ids), {job.id for job in jobs}, said)


def rounds(home, count, seed):
    rng = random.Random(seed)
    models, acknowledged = {}, 0
    kit = Path(__file__).with_name("conftest.py")
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(kit)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        for number in range(count):
            child.stdin.write(f"{home} {seed + number}\n")
            child.stdin.flush()
            pid = json.loads(child.stdout.readline())["pid"]
            time.sleep(rng.uniform(0.02, 0.5))
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            doing = None
            while True:
                note = json.loads(child.stdout.readline())
                if "dead" in note:
                    break
                if "doing" in note:
                    doing = note
                    continue
                acknowledged += 1
                if note["done"] == "session":
                    models[note["sid"]] = Model()
                else:
                    models[doing["sid"]] = models[doing["sid"]].after(doing)
                doing = None
            acknowledged_all(home, models, doing)
    finally:
        child.stdin.close()
        child.kill()
        child.wait()
        child.stdout.close()
    return acknowledged


def acknowledged_all(home, models, doing):
    """Everything acknowledged is there; of what was under way, all or nothing is."""
    backend = Backend(home, Options())
    backend.workers.close()
    try:
        with backend.db.read() as tx:
            assert tx.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert tx.execute("PRAGMA foreign_key_check").fetchall() == []
        for sid, model in models.items():
            now = held(backend, sid)
            if doing and doing.get("sid") == sid:
                assert now in (model, model.after(doing))
                models[sid] = now
            else:
                assert now == model
        assert list((home / "incoming").iterdir()) == []
    finally:
        backend.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need a system with fork and SIGKILL")
def test_nothing_acknowledged_is_lost_in_twenty_kills(home, monkeypatch):
    monkeypatch.setattr("reelframe.backend.rendering.Workers.wake", lambda _: None)
    assert rounds(home, 20, 1) > 10


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need a system with fork and SIGKILL")
def test_nothing_acknowledged_is_lost_in_a_hundred_kills(home, monkeypatch):
    monkeypatch.setattr("reelframe.backend.rendering.Workers.wake", lambda _: None)
    # On a busy machine less is acknowledged between two kills; that something was keeps the comparison honest.
    assert rounds(home, 100, 1000) > 100
