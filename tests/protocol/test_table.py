"""The table in tests/README.md is true: every line has a test, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROWS = [
    line
    for line in (TESTS / "README.md").read_text(encoding="utf-8").partition("## Which test")[2].splitlines()
    if line.startswith("| ") and not line.startswith("| line |")
]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`([\w/]+\.py(?:::\w+)?)`", row.split(" | ")[-1])})


def test_the_table_is_there() -> None:
    assert len(ROWS) > 50
    assert len(NAMED) > 100


def test_every_line_has_a_test() -> None:
    form = re.compile(r"\| .+ \| `[\w/]+\.py(::\w+)?`(, `[\w/]+\.py(::\w+)?`)* \|")
    assert [row for row in ROWS if not form.fullmatch(row)] == []


def test_every_test_that_is_named_is_there() -> None:
    there = {
        f"{path.relative_to(TESTS)}::{node.name}"
        for path in TESTS.rglob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
    }
    files = {name.partition("::")[0] for name in there}
    assert [name for name in NAMED if name not in there | files] == []
