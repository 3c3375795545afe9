"""Whatever is typed gives a plan, always the same one, and quickly enough to read a megabyte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelframe import planner
from reelframe.draft import Draft
from reelframe.edits.plan import Plan
from reelframe.errors import PlanError
from reelframe.media.model import Library
from reelframe.planner.context import Choice, Context, Question
from reelframe.planner.text import normalise

WORDS = (
    "make the title bigger remove clip 2 3 first last from to 0:10 10s 5 seconds 50% and with no music logo text 'Hi' \"there\" fade in out "
    "between cut trim split every at for by under each photo video transition warm red bold top left speed up 2x 90 degrees undo export "
    "title: 《 」 “ 把 第二段 删掉 不要 音乐 标题 改成 10秒 到 每张 加 , . ; : - / \n"
).split(" ")
phrases = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
anything = st.one_of(
    st.text(max_size=300),
    phrases,
    st.text(alphabet="'\"“”「」《》`()[]{}<>%;:,.-\\/\ue000\ue001\x00\u202e🎬👩‍👩‍👧\n\t 第一二三秒分半", max_size=200),
)


@settings(max_examples=300, deadline=None)
@given(anything)
def test_any_text_gives_a_plan_that_survives_json(text: str) -> None:
    draft, library = planner.sample_context()
    plan = planner.plan(text, draft, library)
    assert plan
    assert Plan.from_dict(plan.as_dict()).as_dict() == plan.as_dict()
    assert planner.plan(text, draft, library) == plan
    try:
        planner.apply(draft, plan, library)
    except PlanError:
        pass


@settings(max_examples=100, deadline=None)
@given(anything)
def test_any_text_gives_a_plan_on_an_empty_timeline(text: str) -> None:
    assert isinstance(planner.plan(text, Draft(), Library()), Plan)


def test_what_speaks_of_shots_gives_a_plan_where_there_are_none() -> None:
    requests = Path(__file__).with_name("requests.txt").read_text("utf-8").splitlines()
    _, library = planner.sample_context()
    for request in requests:
        words = request.partition("  =>  ")[0]
        assert isinstance(planner.plan(words, Draft(), library), Plan), words


@settings(max_examples=150, deadline=None)
@given(anything, anything)
def test_any_answer_to_any_question_gives_a_plan(first: str, second: str) -> None:
    draft, library = planner.sample_context()
    context = planner.next_context(None, first, draft, draft, library)
    again = Context.from_dict(context.as_dict())
    assert again == context
    assert isinstance(planner.plan(second, draft, library, again), Plan)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_every_place_leads_back_to_what_was_typed(text: str) -> None:
    source = normalise(text)
    assert len(source.places) == len(source.text) + 1
    assert list(source.places) == sorted(source.places)
    assert not any("\ue000" <= c <= "\uf8ff" for c in source.original(0, len(source.text)))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\x00\x01\x02", "🎬" * 5000, "'" * 3000, '"“「《`' * 500, "'; DROP TABLE drafts; --", "<script>alert(1)</script>",
        "a" * 1_000_000, "make the title bigger " * 50_000, "第二段" * 300_000, "0:10 " * 200_000, "1 " * 400_000,
        "((((" * 20_000, "remove clip 99999999999999999999", "trim 1e400 seconds", "set volume to 999999%", "rotate by 99999 degrees",
        "speed up by 0x", "make it 0 seconds long", "第零段", "百分之一千零一", "00:00:01,000 --> 00:00:02,000\nx\n" * 20_000, "\u202emake it vertical",
    ],
    ids=lambda text: repr(text[:24]),
)  # fmt: skip
def test_hostile_and_huge_texts_give_a_plan(text: str) -> None:
    draft, library = planner.sample_context()
    assert isinstance(planner.plan(text, draft, library), Plan)


def test_a_text_that_was_read_in_part_says_so() -> None:
    draft, library = planner.sample_context()
    plan = planner.plan("make it vertical. " + "thank you so much. " * 10_000, draft, library)
    assert [op.op for op in plan.ops] == ["set_aspect"]
    assert "2000" in plan.assumptions[0]


def test_planning_loads_no_codec_and_no_model() -> None:
    code = (
        "import sys\nfrom reelframe import planner\nd, l = planner.sample_context()\nplanner.plan('make it vertical', d, l)\n"
        "heavy = {'cv2', 'av', 'scipy', 'torch', 'transformers', 'onnxruntime', 'sklearn', 'starlette', 'IPython', 'pandas', 'httpx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_questions_and_choices_survive_json() -> None:
    question = Question(
        "Which?",
        (Choice("a", ({"op": "undo"},)),),
        {"op": "remove", "target": {"kind": "clip"}},
        "target.index",
        "index",
    )
    context = Context(("v1",), ("v2",), question, ("hello",), "zh", "Bakery")
    assert Context.from_dict(context.as_dict()) == context
    assert Context.from_dict({}) == Context()


def test_words_of_both_languages_have_the_same_messages() -> None:
    from reelframe.planner.lexicon import table

    english, chinese = table("en", "messages"), table("zh", "messages")
    assert set(english) == set(chinese)
    for key, text in english.items():
        places = {part.split("}")[0] for part in text.split("{")[1:]}
        assert places == {part.split("}")[0] for part in chinese[key].split("{")[1:]}, key


def test_every_table_is_spelled_as_meaning_and_phrases() -> None:
    from reelframe.planner.lexicon import table

    root = Path(planner.__file__).parent / "words"
    for path in root.glob("*/*.toml"):
        if path.stem in {"messages", "numbers"}:
            continue
        for meaning, phrases in table(path.parent.name, path.stem).items():
            assert all(isinstance(p, str) and p.strip() for p in phrases), (path.name, meaning)
