"""How subtitles are to look, said before there are any."""

from __future__ import annotations

import pytest
from edits_samples import PHOTO_LIB, plan, run

from reelframe.edits import describe
from reelframe.errors import PlanError

S = {"kind": "subtitle"}
LINES = {"op": "add_subtitles", "lines": [{"start_s": 1, "end_s": 3, "text": "Hello"}]}


def subtitle(draft):
    return next(s for s in draft.segments if s.role == "subtitle")


def test_subtitles_that_come_later_look_as_was_said_before(photos):
    waiting = run(
        photos,
        PHOTO_LIB,
        {"op": "style_text", "target": S, "color": "yellow", "bold": True, "size": "up"},
        {"op": "move", "target": S, "position": "top"},
        {"op": "animate", "target": S, "anim_in": "pop"},
    )
    assert [s.role for s in waiting.segments].count("subtitle") == 0
    came = subtitle(run(waiting, PHOTO_LIB, LINES))
    assert came.get("position") == "top"
    assert came.get("anim_in")["type"] == "pop"
    assert came.get("style") == {"color": "#ffff00", "bold": True, "size": 0.055}


def test_what_a_line_says_itself_comes_before_it(photos):
    waiting = run(photos, PHOTO_LIB, {"op": "move", "target": S, "position": "top"})
    line = {"start_s": 1, "end_s": 3, "text": "Hello", "position": "center"}
    assert subtitle(run(waiting, PHOTO_LIB, {"op": "add_subtitles", "lines": [line]})).get("position") == "center"


def test_subtitles_that_are_there_are_styled_themselves(photos):
    there = run(photos, PHOTO_LIB, LINES, {"op": "style_text", "target": S, "bold": True})
    assert subtitle(there).get("style") == {"bold": True}
    assert there.get("subtitles") is None


@pytest.mark.parametrize(
    ("op", "said"),
    [
        ({"op": "style_text", "target": S, "color": "red"}, "There are no subtitles yet; those that come will have: color #ff0000."),
        ({"op": "move", "target": S, "position": "top"}, "There are no subtitles yet; those that come will have: position top."),
        ({"op": "animate", "target": S, "anim_in": "pop"}, "There are no subtitles yet; those that come will have: anim in pop."),
    ],
)  # fmt: skip
def test_that_it_is_for_later_is_said(photos, op, said):
    after = run(photos, PHOTO_LIB, op)
    assert describe(plan(op), photos, after, library=PHOTO_LIB) == [said]
    assert describe(plan(op), photos, after, "zh")[0].startswith("目前还没有字幕")


def test_a_wrong_colour_is_refused_as_ever(photos):
    with pytest.raises(PlanError, match="not a colour"):
        run(photos, PHOTO_LIB, {"op": "style_text", "target": S, "color": "no such"})
