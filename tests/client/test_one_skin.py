"""The network library is known in one module, so that its successor can take its place there."""

from __future__ import annotations

import ast
from pathlib import Path

import reelframe.client


def test_httpx_is_imported_in_one_module() -> None:
    folder = Path(reelframe.client.__file__).parent
    found = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "") or ""]
            )
            if any(name.split(".")[0] in {"httpx", "httpcore", "h11"} for name in names):
                found.add(path.name)
    assert found == {"http.py"}
