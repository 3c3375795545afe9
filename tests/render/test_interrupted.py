"""Renders that are stopped, killed, or run out of disk, and what they leave; and renders in other processes."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import textwrap
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from reelframe import locks
from reelframe.errors import JobCancelledError
from reelframe.jobs import CancelToken
from reelframe.render import Cache, compose, pipeline, render
from reelframe.render.frames import Painter
from reelframe.render.memory import sparing

# What another process does: it makes the draft that it is handed, and ``then`` is told how far it is.
PROGRAM = """
import json, os, resource, signal, sys
from pathlib import Path
from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import Cache, compose, render

folder, wire, names, out, cache, workers = json.loads(sys.argv[1])
library = Library(tuple(probe(Path(folder) / name) for name in names))

def then(progress):
    {then}

composition = compose(Draft.from_wire(wire), library)
render(composition, Path(folder) / out, then, cache=Cache(Path(folder) / cache), workers=workers)
"""


def elsewhere(studio, draft, out, cache, *, workers=2, then="pass"):
    """Render in a process of its own; how it ended."""
    import json

    program = textwrap.dedent(PROGRAM).replace("{then}", then)
    what = [str(studio.folder), draft.to_wire(), [m.name for m in studio.media], out, cache, workers]
    return subprocess.run(
        [sys.executable, "-c", program, json.dumps(what)], capture_output=True, text=True, check=False, timeout=300
    )


def here(studio, draft, out, cache):
    """The same in this process, by two workers, undisturbed."""
    render(compose(draft, studio.library), studio.folder / out, cache=Cache(studio.folder / cache), workers=2)


@pytest.fixture
def draft(studio):
    """Three pieces that all have to be painted, and their sound."""
    grain = np.random.default_rng(0).integers(40, 200, (3, 60, 100, 3))
    shots = [{"d": 1300, "media": studio.add(f"{i}.png", grain[i]).id, "move": {"direction": "in"}} for i in range(3)]
    return studio.draft(shots, sounds=[{"d": 3900, "sfx": "whoosh", "role": "sfx"}], width=160, height=90)


def everything(folder):
    """Every file under a folder but locks, by name and content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".making" not in path.parts
    }


def test_every_process_and_any_number_of_workers_make_the_same_bytes(studio, draft):
    videos, kept = set(), set()
    for workers in (1, 2, 4):
        if workers == 2:
            here(studio, draft, "2.mp4", "cache2")
        else:
            done = elsewhere(studio, draft, f"{workers}.mp4", f"cache{workers}", workers=workers)
            assert done.returncode == 0, done.stderr
        videos.add((studio.folder / f"{workers}.mp4").read_bytes())
        kept.add(tuple(everything(studio.folder / f"cache{workers}").items()))
    assert len(videos) == len(kept) == 1


def test_what_a_killed_render_leaves_is_cleared_by_the_next_one(studio, draft):
    # The moment in which all is made and the file is being joined: the worst there is.
    killed = elsewhere(
        studio, draft, "out.mp4", "cache", then="progress.stage == 'join' and os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert killed.returncode == -signal.SIGKILL
    assert not (studio.folder / "out.mp4").exists()
    left = [path for path in studio.folder.iterdir() if ".unfinished-" in path.name]
    assert len(left) == 1
    # As if it had been killed while it wrote a piece, too; which one is made again.
    piece = min(studio.folder.glob("cache/??/*"))
    piece.rename(piece.with_name(".new-abcdefgh"))

    whole = elsewhere(studio, draft, "out.mp4", "cache")
    assert whole.returncode == 0, whole.stderr
    here(studio, draft, "other.mp4", "other")
    assert everything(studio.folder / "cache") == everything(studio.folder / "other")
    assert (studio.folder / "out.mp4").read_bytes() == (studio.folder / "other.mp4").read_bytes()
    assert not [path for path in studio.folder.iterdir() if ".unfinished-" in path.name]


def test_nobody_clears_away_what_another_render_is_writing(studio, photos):
    """Two renders to one place at once: the second begins when the first has its file open."""
    composition = studio.compose([{"d": 300, "media": photos[0].id}])
    seen = []

    def meanwhile(progress):
        if progress.stage == "join" and not seen:
            mine = [path.name for path in studio.folder.iterdir() if ".unfinished-" in path.name]
            studio.render(composition)
            seen.append((mine, [path.name for path in studio.folder.iterdir() if ".unfinished-" in path.name]))

    studio.render(composition, on_progress=meanwhile)
    ((before, after),) = seen
    assert len(before) == 1 and before == after


def test_a_disk_that_takes_no_more_is_told_and_nothing_stays(studio, draft):
    """The system itself refuses to write, in the middle of the file."""
    limit = "progress.stage == 'join' and resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    full = elsewhere(studio, draft, "out.mp4", "cache", then=limit)
    assert full.returncode == 1
    assert full.stderr.splitlines()[-1].startswith("reelframe.errors.StorageError")
    assert "out.mp4 can't be written: File too large" in full.stderr
    assert sorted(path.name for path in studio.folder.iterdir() if not path.name.endswith(".png")) == ["cache"]


def test_a_cache_whose_disk_is_full_costs_no_render(studio, draft):
    here(studio, draft, "out.mp4", "cache")
    # No piece fits; the limit is lifted for the film itself.
    soft = "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30 if progress.stage == 'join' else 300, resource.RLIM_INFINITY))"
    done = elsewhere(studio, draft, "again.mp4", "full", then=soft)
    assert done.returncode == 0, done.stderr
    assert (studio.folder / "again.mp4").read_bytes() == (studio.folder / "out.mp4").read_bytes()


@pytest.mark.parametrize("workers", [1, 2])
def test_no_frame_is_painted_after_the_one_during_which_it_is_cancelled(studio, photos, monkeypatch, workers):
    token, after = CancelToken(), []
    paint = Painter.paint

    def painted(self, plan, out):
        if token.cancelled:
            after.append(plan)
        paint(self, plan, out)
        if plan.shot is not None and plan.shot.u > 0.1:
            token.cancel()

    monkeypatch.setattr(Painter, "paint", painted)
    with pytest.raises(JobCancelledError):
        render(
            studio.compose([{"d": 9000, "media": p.id, "move": {"direction": "in"}} for p in photos]),
            studio.folder / "out.mp4", cancel=token, cache=studio.cache, workers=workers,
        )  # fmt: skip
    # Each worker may have looked at the flag before it was raised.
    assert len(after) < workers
    assert studio.cache.kept == []
    assert [path.name for path in studio.folder.iterdir() if path.name.startswith(".out")] == []


@pytest.mark.parametrize("workers", [1, 2])
def test_no_photo_is_opened_after_the_one_during_which_it_is_cancelled(studio, photos, monkeypatch, workers):
    from reelframe.render import sources

    token, opened = CancelToken(), []
    load = sources.load_image

    def loaded(path, **how):
        opened.append(path)
        token.cancel()
        return load(path, **how)

    monkeypatch.setattr(sources, "load_image", loaded)
    # Short shots: one piece shows them all, and wants them all before its first frame.
    c = studio.compose([{"d": 300, "media": p.id} for p in photos])
    with pytest.raises(JobCancelledError):
        studio.render(c, cancel=token, workers=workers)
    assert 1 <= len(opened) <= workers


def test_a_long_sound_is_not_encoded_to_its_end_once_it_is_cancelled(studio, photos, monkeypatch):
    from reelframe.render import audio_track

    token, heard = CancelToken(), []
    encode = audio_track.encode_audio

    def counted(blocks, how):
        def some():
            for block in blocks:
                heard.append(len(block))
                token.cancel()
                yield block

        return encode(some(), how)

    monkeypatch.setattr(audio_track, "encode_audio", counted)
    c = studio.compose([{"d": 60_000, "media": photos[0].id}], sounds=[{"d": 60_000, "music": {"mood": "calm"}}])
    with pytest.raises(JobCancelledError):
        studio.render(c, cancel=token)
    assert len(heard) == 1


def test_two_renders_at_once_both_get_on(studio, photos):
    """Neither waits for the other's end: each one's pieces are made while the other still has some to make."""
    arrived = threading.Barrier(2, timeout=120)

    class Meeting(Cache):
        """After its second piece each render waits until the other one has two as well."""

        def __init__(self, folder):
            super().__init__(folder)
            self.kept = 0

        def put(self, key, encoded):
            done = super().put(key, encoded)
            self.kept += 1
            if self.kept == 2:
                arrived.wait()
            return done

    ended = []

    def work(n):
        shots = [{"d": 1500, "media": p.id, "move": {"direction": "in", "amount": 0.1 + 0.1 * n}} for p in photos]
        c = studio.compose(shots, width=160, height=90)
        ended.append(render(c, studio.folder / f"{n}.mp4", cache=Meeting(studio.folder / f"cache{n}"), workers=1))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) == 2 and not arrived.broken


def test_huge_pages_are_as_they_were_after_the_last_of_several_renders():
    def state():
        status = Path("/proc/self/status")
        lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
        return [line.split()[1] for line in lines if line.startswith("THP_enabled")]

    seen = [state()]
    with sparing():
        seen.append(state())
        with sparing():
            seen.append(state())
        seen.append(state())
    seen.append(state())
    assert seen[0] == seen[4]
    assert all(a == b for a, b in pairwise(seen[1:4]))
    assert seen[1] in ([], ["0"])


def test_who_holds_a_piece_and_never_ends_is_not_waited_for_for_ever(studio, photos, monkeypatch):
    """As a process that was suspended does: every lock of the cache is held by somebody else."""
    monkeypatch.setattr(pipeline, "_PATIENCE_S", 0.3)
    composition = studio.compose([{"d": 300, "media": photos[0].id}])
    places = studio.cache.folder / ".making"
    places.mkdir(parents=True)
    held = [(places / f"{n:02x}").open("ab") for n in range(256)]
    try:
        assert all(locks.take(file) for file in held)
        studio.render(composition)
    finally:
        for file in held:
            file.close()
    assert (studio.folder / "out.mp4").stat().st_size > 0
