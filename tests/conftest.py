"""Every test has a home of its own: nothing of the person who runs the tests is read or written."""

from __future__ import annotations

import signal

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow in its own way; what a property test says does not depend on the clock.
settings.register_profile("reelframe", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("reelframe")

# A shell gives what it starts in the background deaf ears for SIGINT; tests of interrupts need good ones.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    root = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("REELFRAME_HOME", str(root / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root / "config"))
    ours = ("REELFRAME_QUOTA_GB", "REELFRAME_LLM_URL", "REELFRAME_LLM_MODEL", "REELFRAME_LLM_API_KEY")
    for name in ("NEMO_TOKEN", "NEMO_API_URL", "NEMO_CLIENT_ID", "NEMO_WEB_URL", *ours):
        monkeypatch.delenv(name, raising=False)
    return root
