"""The arrows between the rooms: who may know whom. Read from the code's own imports, lazy ones included."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src/reelframe"
# Subtitles are values and text, no files: media tells by them what an upload is, whoever exports writes them.
FOUNDATION = {"draft", "media", "jobs", "errors", "locks", "process", "settings", "sqlite", "subtitles"}
MAY_KNOW = {
    "errors": set(),
    "settings": {"errors"},
    "jobs": {"errors"},
    "locks": set(),
    "process": set(),
    "sqlite": set(),
    "draft": {"errors"},
    "subtitles": {"draft", "errors"},
    "media": FOUNDATION,
    "edits": FOUNDATION,
    "planner": FOUNDATION | {"edits"},
    "render": FOUNDATION | {"edits"},
    "tables": FOUNDATION | {"edits"},
    "client": FOUNDATION,
    "otio": FOUNDATION,
    "backend": FOUNDATION | {"edits", "planner", "render", "otio"},
    "connect": FOUNDATION | {"client", "backend"},
    "oneliner": FOUNDATION | {"client", "connect"},
    "runs": FOUNDATION | {"client", "connect", "oneliner", "planner", "tables", "edits"},
    "pandas": {"runs"},
    "widget": FOUNDATION | {"client", "connect", "tables"},
    # A round through the machine looks into every room that can be broken.
    "checkup": FOUNDATION | {"backend", "render"},
    "cli": FOUNDATION | {"checkup", "client", "connect", "oneliner", "runs", "backend"},
}
# The package's own face knows every public name, and its door for `python -m` the command line.
FACE = {"__init__", "__main__"}


def room_of(path):
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def rooms_imported(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            if node.level:  # from here: up one folder per dot after the first
                names = [".".join(["reelframe", *path.relative_to(SOURCE).parts[: -node.level], node.module or ""])]
            else:
                names = [node.module] if node.module != "reelframe" else [f"reelframe.{a.name}" for a in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "reelframe" and len(parts) > 1:
                yield parts[1], node.lineno


def modules():
    return sorted(p for p in SOURCE.rglob("*.py") if "__pycache__" not in p.parts)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_imports_only_rooms_below_its_own(path):
    room = room_of(path)
    if room in FACE:
        return
    assert room in MAY_KNOW, f"{room} is a new room: say here whom it may know"
    foreign = [(name, line) for name, line in rooms_imported(path) if name != room and name not in MAY_KNOW[room]]
    assert not foreign, f"{path}: {room} may not know {foreign}"


def test_only_one_module_of_the_client_knows_httpx():
    knowing = {
        str(path.relative_to(SOURCE))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(a.name.split(".")[0] == "httpx" for a in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "httpx")
    }
    assert knowing <= {"client/http.py", "backend/urls.py", "planner/llm.py"}
    assert "client/http.py" in knowing


def test_nest_asyncio_is_imported_in_one_function_only():
    places = [str(p.relative_to(SOURCE)) for p in modules() if "import nest_asyncio" in p.read_text(encoding="utf-8")]
    assert places == ["jobs.py"]


def test_no_module_is_a_house():
    long = {str(p.relative_to(SOURCE)): n for p in modules() if (n := len(p.read_text().splitlines())) > 600}
    assert not long
