"""The file that ships is built from the sources that stand beside it (`npm run build` in js/)."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_built_widget_is_not_stale():
    digest = hashlib.sha256()
    for path in sorted((ROOT / "js/src").iterdir(), key=lambda p: p.name):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    built = (ROOT / "src/reelframe/widget/static/widget.js").read_text(encoding="utf-8")
    assert built.rstrip().endswith(f"// sources: {digest.hexdigest()}")
