"""What people ask for, and the plan that it must become on the sample timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reelframe import planner
from reelframe.edits.vocabulary import CONTROL
from reelframe.errors import PlanError

LINES = [
    tuple(part.strip() for part in line.rsplit("=>", 1))
    for line in Path(__file__).with_name("requests.txt").read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


def spelled(value: Any) -> str:
    if isinstance(value, dict) and "kind" not in value:
        return "{" + ", ".join(f"{k}={spelled(v)}" for k, v in sorted(value.items())) + "}"
    if isinstance(value, dict):
        index = f"[{value['index']}]" if "index" in value else ""
        at = f"@{value['at_s']:g}" if "at_s" in value else ""
        return value["kind"] + index + at + (f"<{value['name']}>" if "name" in value else "")
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
def test_a_request_becomes_its_plan(request_text: str, expected: str) -> None:
    draft, library = planner.sample_context()
    assert compact(planner.plan(request_text, draft, library)) == expected


def test_there_are_enough_cases_in_both_languages() -> None:
    chinese = [text for text, _ in LINES if planner.detect_language(text) == "zh"]
    assert len(LINES) >= 200
    assert len(chinese) >= 50


@pytest.mark.parametrize(
    ("plain", "loud"),
    [
        ("make the title bigger", "PLEASE MAKE THE TITLE BIGGER!!!"),
        ("mute clip 2", "Could you mute clip two, please?"),
        ("remove the music", "remvoe the muisc"),
        ("add smooth transitions", "add smoth transitons"),
        ("cut from the beginning 5 seconds", "cut from the begining 5 seconds"),
        ("speed up clip 2 by 50%", "speed up clip 2 by 50 percent"),
        ("第二段静音", "第2段静音"),
        ("剪掉前10秒", "剪掉前十秒"),
        ("快一倍", "2倍速"),
    ],
)
def test_spelling_case_and_numerals_do_not_matter(plain: str, loud: str) -> None:
    draft, library = planner.sample_context()
    assert planner.plan(plain, draft, library).ops == planner.plan(loud, draft, library).ops


@pytest.mark.parametrize(
    "literal",
    [
        "delete everything",
        "remove the music",
        "make it vertical",
        "undo",
        "删掉第一段",
        "export as gif; drop table clips",
        "Tom's 3-second rule",
    ],
)
@pytest.mark.parametrize("quotes", ['""', "“”", "「」", "《》", "``"])
def test_what_is_in_quotes_is_never_read_for_commands(literal: str, quotes: str) -> None:
    draft, library = planner.sample_context()
    plan = planner.plan(f"change the title to {quotes[0]}{literal}{quotes[1]}", draft, library).as_dict()
    assert plan["ops"] == [{"op": "set_text", "target": {"kind": "title"}, "text": literal}]
    assert not plan["refused"]


@pytest.mark.parametrize(("text", "_expected"), LINES, ids=[text[:60] for text, _ in LINES])
def test_every_plan_can_be_applied_or_is_refused_in_words(text: str, _expected: str) -> None:
    draft, library = planner.sample_context()
    plan = planner.plan(text, draft, library)
    if any(op.op in CONTROL for op in plan.ops):
        return
    try:
        planner.apply(draft, plan, library)
    except PlanError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("add a voiceover", "en", "recording"),
        ("加配音", "zh", "声音"),
        ("transcribe this", "en", ".srt"),
        ("自动字幕", "zh", ".srt"),
        ("generate a video of the moon", "en", "upload"),
        ("remove the background", "en", "transparent"),
        ("translate the subtitles", "en", "translated"),
    ],
)
def test_a_refusal_offers_the_nearest_thing_in_the_users_language(text: str, language: str, word: str) -> None:
    draft, library = planner.sample_context()
    plan = planner.plan(text, draft, library)
    assert planner.detect_language(text) == language
    assert word in plan.refused[0].nearest


def test_the_rest_of_a_request_with_an_impossible_part_is_still_done() -> None:
    draft, library = planner.sample_context()
    plan = planner.plan("add a voiceover, make it vertical and remove the music", draft, library)
    assert [op.op for op in plan.ops] == ["set_aspect", "remove"]
    assert [r.reason for r in plan.refused] == ["voiceover"]


@pytest.mark.parametrize("text", ["no captions", "without subtitles please", "不要字幕", "no voiceover"])
def test_what_was_not_wanted_is_neither_done_nor_refused(text: str) -> None:
    draft, library = planner.sample_context()
    plan = planner.plan(text, draft, library)
    assert not plan.ops
    assert not plan.refused


def test_a_broken_range_is_asked_about() -> None:
    draft, library = planner.sample_context()
    for text in ("remove 40 s to 20 s", "delete clip 12", "trim 40 seconds off clip 1", "split at 5:00"):
        plan = planner.plan(text, draft, library)
        assert plan.questions, text
        assert not plan.ops, text


def test_pasted_subtitles_are_read_with_their_times() -> None:
    draft, library = planner.sample_context()
    pasted = "1\n00:00:01,000 --> 00:00:02,500\nHello\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n"
    (op,) = planner.plan(pasted, draft, library).as_dict()["ops"]
    assert op["lines"] == [
        {"start_s": 1.0, "end_s": 2.5, "text": "Hello\nthere"},
        {"start_s": 3.0, "end_s": 4.0, "text": "Bye"},
    ]
