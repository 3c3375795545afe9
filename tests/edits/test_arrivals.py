"""Files that come into a video that is there already."""

from __future__ import annotations

import pytest
from edits_samples import CLIP_LIB, FULL_LIB, C, names, only, run, spans, texts

from reelframe.draft import Draft
from reelframe.edits import describe, op_from_dict
from reelframe.edits.plan import Plan
from reelframe.errors import PlanError


def replaced(draft, target, media):
    return run(draft, FULL_LIB, {"op": "replace_media", "target": target, "media": media})


@pytest.mark.parametrize("media", ["talk.mp4", "dog.jpg", "spin.gif"])
def test_a_shot_shows_another_file_and_nothing_else_moves(clips, media):
    text = run(clips, FULL_LIB, {"op": "add_text", "text": "Surf!", "role": "text", "start_s": 33, "end_s": 36})
    after = replaced(text, C(2), media)
    assert names(after) == ["walk.mp4", media, "talk.mp4"]
    assert spans(after) == spans(clips)
    assert texts(after)["Surf!"] == (33, 36)
    assert only(after, "bgm") == only(clips, "bgm")


def test_how_the_old_picture_was_cut_and_turned_goes_with_it_and_its_look_stays(clips):
    worked = run(
        clips,
        FULL_LIB,
        {"op": "trim", "target": C(2), "start_s": 2},
        {"op": "speed", "target": C(2), "factor": 2},
        {"op": "rotate", "target": C(2), "degrees": 90},
        {"op": "look", "target": C(2), "name": "bw"},
    )
    shot = replaced(worked, C(2), "walk.mp4").main.segments[1]
    assert {key: shot.get(key) for key in ("in", "speed", "rotate", "look")} == {
        "in": None, "speed": None, "rotate": None, "look": "bw",
    }  # fmt: skip
    assert shot.duration_ms == worked.main.segments[1].duration_ms


def test_a_photo_moves_as_the_others_do_and_a_short_loop_goes_round(photos):
    assert replaced(photos, C(2), "dog.jpg").main.segments[1].get("move")
    still = run(photos, FULL_LIB, {"op": "ken_burns", "direction": "none"})
    assert replaced(still, C(2), "dog.jpg").main.segments[1].get("move") is None
    assert replaced(photos, C(2), "spin.gif").main.segments[1].get("loop") is True


def test_a_logo_is_changed_for_another_in_its_place(photos):
    after = replaced(photos, {"kind": "logo"}, "egg.jpg")
    before = only(photos, "logo")
    assert only(after, "logo") == before.with_m(name="egg.jpg", media=FULL_LIB.by_name("egg.jpg").id)


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ({"media": ["walk.mp4"]}, ["beach", "city", "dog", "egg", "fox", "walk"]),
        ({"media": ["walk.mp4"], "to": 1}, ["walk", "beach", "city", "dog", "egg", "fox"]),
        ({"media": ["walk.mp4", "surf.mp4"], "to": 3}, ["beach", "city", "walk", "surf", "dog", "egg", "fox"]),
        ({"media": ["walk.mp4"], "at_s": 6}, ["beach", "walk", "city", "dog", "egg", "fox"]),
        ({"media": ["walk.mp4"], "at_s": 8}, ["beach", "city", "walk", "city", "dog", "egg", "fox"]),
    ],
)
def test_new_shots_are_put_where_they_were_asked_for(photos, op, expected):
    after = run(photos, FULL_LIB, {"op": "insert_media", **op})
    assert [name.split(".")[0] for name in names(after)] == expected
    assert all(s.get("transition") == {"type": "crossfade", "ms": 500} for s in after.main.segments[1:])
    assert after.duration_ms == photos.duration_ms + 1000 * (42 if len(op["media"]) > 1 else 30)
    assert only(after, "bgm").duration_ms == after.duration_ms


def test_a_new_photo_lasts_as_long_as_the_others_and_a_clip_as_it_is(photos, clips):
    assert run(photos, FULL_LIB, {"op": "insert_media", "media": ["dog.jpg"]}).duration_ms == 36_000
    more = run(clips, FULL_LIB, {"op": "insert_media", "media": ["dog.jpg"]})
    assert more.main.segments[-1].duration_ms == 4000
    short = run(clips, FULL_LIB, {"op": "insert_media", "media": ["walk.mp4"], "duration_s": 5})
    assert short.main.segments[-1].duration_ms == 5000


@pytest.mark.parametrize(
    ("op", "message"),
    [
        ({"op": "replace_media", "target": C(2), "media": "none.mp4"}, "no file called"),
        ({"op": "replace_media", "target": C(2), "media": "surf.mp4"}, "shown there already"),
        ({"op": "replace_media", "target": C(9), "media": "talk.mp4"}, "no clip 9"),
        ({"op": "replace_media", "target": {"kind": "bgm"}, "media": "talk.mp4"}, "Only what is seen"),
        ({"op": "insert_media", "media": ["talk.mp4"], "to": 7}, "no place 7"),
        ({"op": "insert_media", "media": ["talk.mp4"], "at_s": 500}, "beyond the end"),
        ({"op": "insert_media", "media": ["talk.mp4"], "at_s": 5, "to": 1}, "not both"),
        ({"op": "insert_media", "media": ["song.mp3"]}, "is a sound"),
    ],
)
def test_what_can_not_be_put_there_is_refused_in_words(clips, op, message):
    with pytest.raises(PlanError, match=message):
        run(clips, FULL_LIB, op)


def test_nothing_can_be_put_into_no_video():
    with pytest.raises(PlanError, match="no video yet"):
        run(Draft(), CLIP_LIB, {"op": "insert_media", "media": ["walk.mp4"]})


def test_it_is_told_in_both_languages(clips):
    def said(op, language):
        plan = Plan(ops=(op_from_dict(op),))
        return describe(plan, clips, run(clips, FULL_LIB, op), language, library=FULL_LIB)

    op = {"op": "replace_media", "target": C(2), "media": "dog.jpg"}
    assert said(op, "en") == ["'surf.mp4' is now 'dog.jpg'; nothing else changed."]
    assert said(op, "zh") == ["「surf.mp4」已换成「dog.jpg」,其余不变。"]
    op = {"op": "insert_media", "media": ["dog.jpg"], "to": 2}
    assert said(op, "en") == ["Put 'dog.jpg' in at place 2; the video now lasts 66 s (was 62 s)."]
