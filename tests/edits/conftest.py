from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The samples are a module of their own name, so that no other room's conftest can stand in for it.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def photos():
    from edits_samples import photo_draft

    return photo_draft()


@pytest.fixture
def clips():
    from edits_samples import clip_draft

    return clip_draft()
