"""What requests lead to, asserted on the timeline itself: single ones, and sessions of several."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from timelines import Told, holds, read

HERE = Path(__file__).parent
SESSIONS = read(HERE / "sessions.txt")
SINGLE = [step for steps in read(HERE / "single.txt").values() for step in steps]


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_leads_where_it_was_meant_to(name: str) -> None:
    told = Told(photos=True, language="zh" if name.startswith("zh") else "")
    for step in SESSIONS[name]:
        told.say(step.request.replace("\\n", "\n"))
        assert not holds(told, step.checks), f"after {step.request!r}: {told.plan}"


@pytest.mark.parametrize("step", SINGLE, ids=lambda step: step.request[:60])
def test_a_request_changes_the_timeline_as_it_says(step) -> None:
    told = Told(photos=False)
    told.say(step.request)
    assert not holds(told, step.checks), str(told.plan)
