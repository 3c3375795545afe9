"""The same wishes in other words: how people really put them, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reelframe import planner
from reelframe.errors import PlanError

LINES = [
    tuple(part.strip() for part in line.rsplit("=>", 1))
    for line in Path(__file__).with_name("paraphrases.txt").read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


def spelled(value: Any) -> str:
    if isinstance(value, dict):
        index = f"[{value['index']}]" if "index" in value else f"[{value['at_s']:g}s]" if "at_s" in value else ""
        return value["kind"] + index + (f"<{value['name']}>" if "name" in value else "")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return "[" + ", ".join(spelled(v) for v in value) + "]"
    return str(value)


def compact(plan: Any) -> str:
    data = plan.as_dict()
    ops = [f"{op['op']}({', '.join(f'{k}={spelled(op[k])}' for k in sorted(op) if k != 'op')})" for op in data["ops"]]
    return " ".join([*ops, *("?" for _ in data["questions"]), *(f"!{r['reason']}" for r in data["refused"])])


@pytest.mark.parametrize(("request_text", "expected"), LINES, ids=[text[:60] for text, _ in LINES])
def test_other_words_for_a_wish_become_the_same_plan(request_text: str, expected: str) -> None:
    draft, library = planner.sample_context()
    assert compact(planner.plan(request_text, draft, library)) == expected


def test_a_look_for_a_part_is_said_to_be_for_that_part_alone() -> None:
    draft, library = planner.sample_context()
    plan = planner.plan("make it black and white from 20s to 40s", draft, library)
    edited = planner.apply(draft, plan, library)
    shots = [(s.duration_ms, s.get("look")) for s in edited.t[0].sg]
    assert shots == [(20_000, None), (10_000, "bw"), (10_000, "bw"), (20_000, None), (30_000, None)]


def test_a_look_without_a_clip_says_that_it_is_for_the_whole_video() -> None:
    draft, library = planner.sample_context()
    assert any("whole video" in line for line in planner.plan("add a sepia filter", draft, library).assumptions)
    assert not planner.plan("make clip 2 sepia", draft, library).assumptions


@pytest.mark.parametrize("text", ["加背景音乐", "加滤镜", "换首歌"])
def test_chinese_answers_name_moods_and_looks_in_chinese(text: str) -> None:
    draft, library = planner.sample_context()
    said = "".join(planner.plan(text, draft, library).assumptions)
    assert said
    assert not any(char.isascii() and char.isalpha() for char in said)


def test_numbers_of_uploads_that_are_not_all_shown_are_spelled_out() -> None:
    draft, library = planner.sample_context()
    fewer = planner.apply(draft, planner.plan("remove clip 1", draft, library), library)
    plan = planner.plan("now make a square video of the first two videos", fewer, library)
    made = next(op for op in plan.as_dict()["ops"] if op["op"] == "compose")
    assert list(made["media"]) == ["clip1.mp4", "clip2.mp4"]
    assert any("clip1.mp4, clip2.mp4" in line for line in plan.assumptions)


@pytest.mark.parametrize(
    "text", ["don't cut the first 5 seconds", "don't remove the music", "别删标题", "不要剪掉开头"]
)
def test_what_is_forbidden_is_not_done_and_that_is_said(text: str) -> None:
    draft, library = planner.sample_context()
    plan = planner.plan(text, draft, library)
    assert not plan.ops
    assert plan.assumptions in {("That stays as it is.",), ("这部分保持不变。",)}


@pytest.mark.parametrize("again", ["do that again", "Same again, please", "再来一次"])
def test_the_same_wish_once_more_is_the_last_request_on_the_timeline_as_it_is_now(again: str) -> None:
    draft, library = planner.sample_context()
    history = ("make it square", "trim 2 seconds off the start", again)
    plan = planner.plan(again, draft, library, planner.Context(history=history))
    assert [op.as_dict() for op in plan.ops] == [{"op": "trim", "start_s": 2.0}]
    assert not planner.plan(again, draft, library, planner.Context(history=(again,))).ops


def test_words_in_quotes_are_shown_as_they_were_typed() -> None:
    draft, library = planner.sample_context()
    plan = planner.plan("标题改成“你好，世界：①”", draft, library)
    assert [op.as_dict()["text"] for op in plan.ops] == ["你好，世界：①"]


def test_a_file_that_nobody_sent_is_asked_for_by_its_name() -> None:
    draft, library = planner.sample_context()
    plan = planner.plan("第二段换成产品界面素材", draft, library)
    with pytest.raises(PlanError, match="产品界面素材"):
        planner.apply(draft, plan, library)
