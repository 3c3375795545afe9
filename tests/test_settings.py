"""Where things are kept, and what the environment says."""

from __future__ import annotations

import stat
import uuid

import pytest

from reelframe import settings
from reelframe.errors import ConfigurationError, StorageError


def test_home_is_made_where_it_is_wanted(own_home):
    assert settings.home() == own_home / "data"
    assert settings.home().is_dir()


def test_a_home_that_cannot_be_made_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("REELFRAME_HOME", str(tmp_path / "file/below"))
    with pytest.raises(StorageError, match="REELFRAME_HOME"):
        settings.home()


@pytest.mark.parametrize(("text", "expected"), [("20", 20 << 30), ("0.5", 1 << 29)])
def test_quota(monkeypatch, text, expected):
    monkeypatch.setenv("REELFRAME_QUOTA_GB", text)
    assert settings.quota_bytes() == expected


@pytest.mark.parametrize("text", ["", "many", "-1", "0", "inf", "nan"])
def test_a_wrong_quota_is_named(monkeypatch, text):
    monkeypatch.setenv("REELFRAME_QUOTA_GB", text)
    with pytest.raises(ConfigurationError, match="REELFRAME_QUOTA_GB"):
        settings.quota_bytes()


def test_the_client_id_outlives_the_process_and_is_private():
    first = settings.client_id()
    path = settings.config_folder() / "client_id"
    assert str(uuid.UUID(first)) == first == path.read_text() == settings.client_id()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_client_id_is_replaced():
    settings.write_private(settings.config_folder() / "client_id", "not a uuid")
    assert uuid.UUID(settings.client_id())


def test_the_environment_wins(monkeypatch):
    monkeypatch.setenv("NEMO_CLIENT_ID", "mine")
    monkeypatch.setenv("NEMO_API_URL", "https://staging.example/")
    monkeypatch.setenv("NEMO_WEB_URL", "https://web.example/")
    monkeypatch.setenv("NEMO_TOKEN", "t")
    assert (settings.client_id(), settings.api_url(), settings.web_url(), settings.token()) == (
        "mine", "https://staging.example", "https://web.example", "t",
    )  # fmt: skip


def test_defaults():
    assert settings.api_url() == settings.HOSTED_URL
    assert settings.token() is None
    assert settings.quota_bytes() == 20 << 30
