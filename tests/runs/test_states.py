"""What is done with a row: the rules alone, then the ledger under processes that die at any step."""

from __future__ import annotations

import sqlite3
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.errors import StorageError
from reelframe.runs.ledger import Ledger
from reelframe.runs.pace import Budget, Pace
from reelframe.runs.states import Row, decide
from reelframe.runs.tasks import Task

FACTS = {"size_bytes": 100}


@pytest.mark.parametrize(
    ("state", "held", "file", "part", "action"),
    [
        ("waiting", False, None, None, "make"),
        ("failed", False, None, None, "make"),
        ("running", True, None, None, "wait"),
        ("running", False, None, None, "make"),
        ("moving", True, None, 100, "wait"),
        ("moving", False, None, 100, "settle"),
        ("moving", False, 100, None, "finish"),
        ("moving", False, 100, 100, "settle"),  # what is there has the right size by chance: the part is the newer one
        ("moving", False, 99, None, "make"),
        ("moving", False, None, None, "make"),
        ("moving", False, None, 50, "make"),  # cut off
        ("done", False, 100, None, "skip"),
        ("done", False, None, None, "make"),  # somebody deleted it
        ("done", False, 99, None, "make"),  # somebody replaced it
    ],
)
def test_decisions(state, held, file, part, action):
    row = Row("k", 0, "n", "", "", "p", state=state, facts=FACTS)
    assert decide(row, held=held, file_bytes=file, part_bytes=part) == action


class World:
    """A disk, a ledger, and processes that live or not."""

    def __init__(self, folder, keys):
        self.alive, self.parts, self.files = set(), {}, {}
        self.ledger = Ledger(folder, lambda holder: holder in self.alive)
        self.keys, self.made = keys, Counter()
        self.run = 0

    def process(self):
        """One process's life as steps; it may be left at any of them."""
        self.run += 1
        me = f"h|1|{self.run}#{self.run}"
        self.alive.add(me)
        ledger = self.ledger
        ledger.beat(me)
        tasks = [(k, Task(0, k, "", "", "p", k, ()), f"/{k}.mp4") for k in self.keys]
        ledger.begin(f"run{self.run}", "local", tasks)
        yield me
        for row in ledger.rows(f"run{self.run}"):
            action = decide(
                row, held=ledger.held(row), file_bytes=self.files.get(row.path), part_bytes=self.parts.get(row.part)
            )
            if action == "make" and ledger.claim(row, me):
                yield me
                self.made[row.key] += 1
                part = f"part-{row.key}-{self.run}"
                self.parts[part] = 100
                yield me
                assert ledger.moving(row.key, me, part, FACTS, b"")
                yield me
                self.files[row.path] = self.parts.pop(part)
                yield me
                ledger.done(row.key, me)
                yield me
            elif action in {"settle", "finish"} and ledger.inherit(row, me):
                yield me
                if action == "settle":
                    self.files[row.path] = self.parts.pop(row.part)
                yield me
                ledger.done(row.key, me)
                yield me


@given(st.lists(st.integers(0, 16), max_size=6))
def test_whoever_dies_when_every_row_is_made_and_none_for_nothing(tmp_path_factory, deaths):
    world = World(tmp_path_factory.mktemp("w") / "l.sqlite3", ["a", "b", "c"])
    for steps in deaths:
        life = world.process()
        me = None
        for _ in range(steps):
            me = next(life, me)
        world.alive.clear()
    for _ in world.process():
        pass
    rows = world.ledger.rows(f"run{world.run}")
    assert [row.state for row in rows] == ["done"] * 3
    assert world.files == {f"/{key}.mp4": 100 for key in "abc"}
    # A video is made again only if a process died between having it and saying so: once for each death at most.
    assert sum(world.made.values()) <= 3 + len(deaths)
    before = world.made.copy()
    for _ in world.process():
        pass
    assert world.made == before
    world.ledger.close()


def test_two_that_live_never_make_the_same_row(tmp_path):
    world = World(tmp_path / "l.sqlite3", list("abcdef"))
    lives = [world.process(), world.process()]
    turn = 0
    while lives:
        turn += 1
        life = lives[turn % len(lives)]
        if next(life, None) is None:
            lives.remove(life)
    assert world.made == Counter("abcdef")
    world.ledger.close()


def test_a_video_that_another_recipe_put_in_the_same_place_is_made_anew(tmp_path):
    ledger = Ledger(tmp_path / "l.sqlite3", lambda _: True)
    for key in ("old", "new"):
        ledger.begin(f"run-{key}", "local", [(key, Task(0, "n", "", "", "p", "n", ()), "/n.mp4")])
        assert ledger.claim(ledger.row(key), "me")
        assert ledger.moving(key, "me", "part", FACTS, b"")
        ledger.done(key, "me")
    assert (ledger.row("old").state, ledger.row("new").state) == ("waiting", "done")
    ledger.close()


def test_a_ledger_of_a_newer_version_is_refused_in_words(tmp_path):
    path = tmp_path / "l.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(StorageError, match="newer reelframe"):
        Ledger(path, lambda _: True)


def test_a_server_that_says_too_much_is_asked_less():
    pace = Pace(8)
    assert pace.may_begin(0, 7) and not pace.may_begin(0, 8)
    pace.slow_down(10, 3)
    pace.slow_down(10.1, 3)  # those that were under way together are one warning
    assert pace.now == 4
    assert not pace.may_begin(12, 0) and pace.may_begin(13.2, 3)
    pace.slow_down(20, None)
    assert pace.now == 2 and not pace.may_begin(49, 0)
    for _ in range(5):
        pace.went_well()
    assert pace.now == 3


@pytest.mark.parametrize(
    ("most", "spent", "price", "under_way", "may"),
    [
        (None, 999, 5, 9, True),
        (10, 0, None, 0, True),
        (10, 0, None, 1, False),  # the first row shows the price
        (10, 8, 2, 0, True),
        (10, 8, 2, 1, False),
        (10, 8.5, 2, 0, False),
        (0, 0, None, 0, False),
        (10, 3, 0, 50, True),
    ],
)
def test_a_budget_is_never_passed(most, spent, price, under_way, may):
    assert Budget(most, spent, price).allows(under_way) is may
