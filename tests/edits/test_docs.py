"""The vocabulary's page names everything that there is, and what it shows can be done."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from edits_samples import PHOTO_LIB, names, photo_draft, texts

from reelframe.edits import Plan, apply
from reelframe.edits.names import EFFECTS, LOOKS, MOODS, SOUNDS
from reelframe.edits.vocabulary import OP_NAMES, Target, op_schema

PAGE = (Path(__file__).parents[2] / "docs" / "edit-vocabulary.md").read_text("utf-8")


def slots():
    for model in op_schema()["$defs"].values():
        properties = model.get("properties", {})
        if "op" in properties:
            yield from ((properties["op"]["const"], slot) for slot in properties if slot != "op")


@pytest.mark.parametrize("op", OP_NAMES)
def test_every_operation_is_on_the_page(op):
    assert f"`{op}`" in PAGE


def test_every_slot_is_on_the_line_of_its_operation():
    lines = {}
    for line in PAGE.splitlines():
        for op in re.findall(r"`(\w+)`", line.split("|")[1] if line.startswith("|") else ""):
            lines[op] = lines.get(op, "") + line
    missing = [(op, slot) for op, slot in slots() if op in lines and op != "add_text" and f"`{slot}`" not in lines[op]]
    assert missing == []


@pytest.mark.parametrize("names", [LOOKS, EFFECTS, MOODS, SOUNDS, Target.model_fields["kind"].annotation.__args__])
def test_every_name_is_on_the_page(names):
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_plan_on_the_page_can_be_applied():
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    plan = Plan.from_dict(json.loads(block))
    after = apply(photo_draft(), plan, PHOTO_LIB)
    assert "city.jpg" not in names(after)
    assert "Sale" in texts(after)
    assert plan.refused[0].reason == "voiceover"


def test_the_program_on_the_page_says_what_the_page_says():
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    said = []
    exec(compile(block, "page", "exec"), {"draft": photo_draft(), "library": PHOTO_LIB, "print": said.append})
    assert said == [["The video now lasts 15 s (was 30 s)."]]
    assert f"# {said[0]}" in block
