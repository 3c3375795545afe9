from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reelframe.render.text import FontBook, clear_cache

DEBIAN = "fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji libharfbuzz-bin"


@pytest.fixture(autouse=True)
def _no_cached_tiles():
    clear_cache()


@pytest.fixture(scope="session")
def inter():
    """Only the fonts that reelframe carries."""
    return FontBook(system=False, extras=False)


@pytest.fixture(scope="session")
def everything():
    """All fonts of a machine that `make test` has set up (Debian's packages, see DEBIAN)."""
    for needed in ("NotoSansArabic-Regular.ttf", "NotoSansCJK-Regular.ttc", "NotoColorEmoji.ttf"):
        found = list(Path("/usr/share/fonts").rglob(needed))
        assert found, f"{needed} is missing: apt-get install --no-install-recommends {DEBIAN}"
    # Without font packages, so that the tests do not depend on whether those are installed.
    return FontBook(extras=False)


@pytest.fixture(scope="session")
def hb_shape():
    program = shutil.which("hb-shape")
    assert program, f"hb-shape is missing: apt-get install --no-install-recommends {DEBIAN}"
    return program
