"""The database's schema has a version: older folders are brought up to it, newer ones are refused."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from reelframe.backend.core import Backend, Options
from reelframe.backend.store import Database
from reelframe.backend.store import database as module
from reelframe.backend.store.schema import MIGRATIONS
from reelframe.errors import StorageError

from .conftest import data, text_draft


def version(path):
    with sqlite3.connect(path) as connection:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return found


async def test_what_an_older_version_kept_is_there_after_the_migration(make_api, home, monkeypatch):
    api = make_api()
    sid = await api.session(language="en")
    data(await api.apply(sid, text_draft("Kept")))
    api.backend.close()
    assert version(home / "reelframe.sqlite3") == len(MIGRATIONS)
    added = ("ALTER TABLE sessions ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'", "CREATE TABLE extra (id INTEGER)")
    monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, added))
    api = make_api()
    assert (await api.state(sid))["draft"] == text_draft("Kept")
    with api.backend.db.read() as tx:
        assert tx.execute("SELECT mood FROM sessions").fetchone()["mood"] == "calm"
    assert version(home / "reelframe.sqlite3") == len(MIGRATIONS) + 1


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "x.sqlite3"
    Database(path).close()
    broken = ("CREATE TABLE extra (id INTEGER)", "ALTER TABLE nothing ADD COLUMN x TEXT")
    monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, broken))
    with pytest.raises(StorageError):
        Database(path)
    assert version(path) == len(MIGRATIONS)
    monkeypatch.undo()
    with Database(path).read() as tx:
        assert tx.execute("SELECT name FROM sqlite_master WHERE name = 'extra'").fetchone() is None


def test_a_folder_of_a_newer_version_is_refused_in_words(tmp_path):
    Backend(tmp_path, Options()).close()
    with sqlite3.connect(tmp_path / "reelframe.sqlite3") as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        Backend(tmp_path, Options())


def test_many_that_open_a_new_folder_at_once_make_it_once(tmp_path):
    failures = []

    def work():
        try:
            Database(tmp_path / "x.sqlite3").close()
        except StorageError as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert version(tmp_path / "x.sqlite3") == len(MIGRATIONS)
