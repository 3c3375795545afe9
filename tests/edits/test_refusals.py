from __future__ import annotations

import pytest
from edits_samples import CLIP_LIB, FULL_LIB, PHOTO_LIB, C, clip_draft, hosted_draft, photo_draft, plan, run

from reelframe.draft import Draft
from reelframe.edits import CONTROL, OP_NAMES, Plan, apply, check, op_from_dict
from reelframe.edits.families import HANDLERS
from reelframe.errors import PlanError
from reelframe.media.model import Library

T, B, L = {"kind": "title"}, {"kind": "bgm"}, {"kind": "logo"}
DRAFTS = {
    "photos": (photo_draft(), PHOTO_LIB),
    "clips": (clip_draft(), CLIP_LIB),
    "empty": (Draft(), FULL_LIB),
    "hosted": (hosted_draft(), Library()),
    "text": (run(Draft(), Library(), {"op": "add_text", "text": "A"}), Library()),
}


@pytest.mark.parametrize(
    ("name", "op", "words"),
    [
        ("photos", {"op": "set_duration"}, "No length was said"),
        ("photos", {"op": "set_duration", "duration_s": 0.4}, "5 shots do not fit into 0.4 s"),
        (
            "clips",
            {"op": "set_duration", "duration_s": 90},
            "only 62 s of clips to show, not 90 s. I can play them slower",
        ),
        ("photos", {"op": "set_duration", "range": [20, 40]}, "the video lasts 30 s"),
        ("empty", {"op": "set_duration", "duration_s": 30}, "no photo or clip"),
        ("photos", {"op": "set_aspect", "aspect": "0:9"}, "not the shape"),
        ("photos", {"op": "set_output"}, "was not said"),
        ("photos", {"op": "set_background", "media": "dog.jpg"}, "A colour or a blurred copy"),
        ("photos", {"op": "set_background", "color": "blurple-ish"}, "not a colour. Use #rrggbb"),
        ("photos", {"op": "intro_outro"}, "Give it a text"),
        ("photos", {"op": "trim", "target": C(1), "start_s": 6}, "beach.jpg lasts 6 s: 6 s can't be taken off"),
        ("photos", {"op": "trim", "target": C(1)}, "how much"),
        ("photos", {"op": "trim", "target": C(9), "start_s": 1}, "no clip 9: there are 5 clips"),
        ("photos", {"op": "cut_range", "range": [20, 40]}, "ends at 40 s, but the video lasts 30 s"),
        ("photos", {"op": "cut_range", "range": [5, 3]}, "is empty"),
        ("photos", {"op": "cut_range", "range": [0, 30]}, "the whole video out"),
        ("photos", {"op": "cut_range", "keep_range": [0, 30]}, "nothing else to take out"),
        ("clips", {"op": "cut_range", "target": C(2), "range": [5, 15]}, "the clip lasts 12 s"),
        ("photos", {"op": "split", "at_s": [80]}, "nothing to cut at 80 s: the video lasts 30 s"),
        ("photos", {"op": "split", "at_s": [6]}, "a cut at 6 s already"),
        ("photos", {"op": "split"}, "where to cut"),
        ("photos", {"op": "remove", "target": {"kind": "voice"}}, "no voice"),
        ("photos", {"op": "reorder", "move": [6, 1]}, "there are 5 clips"),
        ("photos", {"op": "reorder", "order": [1, 1]}, "named twice"),
        ("photos", {"op": "reorder"}, "No order"),
        ("photos", {"op": "duplicate", "target": T}, "title can't be duplicated"),
        ("photos", {"op": "duplicate", "target": C(1), "to": 9}, "no clip 9"),
        ("photos", {"op": "merge", "targets": [C(1), C(3)]}, "Only neighbouring"),
        (
            "photos",
            {"op": "merge", "targets": [C(1), C(2)]},
            "not parts of one recording: they play one after the other already",
        ),
        ("clips", {"op": "merge"}, "nothing to merge. I can put transitions"),
        (
            "clips",
            {"op": "set_segment_duration", "target": C(2), "duration_s": 20},
            "surf.mp4 has only 12 s to show, not 20 s. I can play it slower",
        ),
        ("clips", {"op": "speed", "target": C(1)}, "No speed"),
        ("clips", {"op": "speed", "target": B, "factor": 2}, "background music can't be played faster"),
        ("clips", {"op": "speed", "target": C(2), "factor": 100, "range": [0, 5]}, "can't be followed"),
        ("photos", {"op": "reverse", "target": C(1)}, "no direction to reverse"),
        ("photos", {"op": "loop", "target": C(1)}, "show it longer"),
        ("photos", {"op": "loop", "target": B}, "fills the whole video already"),
        ("photos", {"op": "freeze", "at_s": 3}, "stands still already"),
        ("clips", {"op": "freeze", "at_s": 99}, "the video lasts 62 s"),
        ("photos", {"op": "crop"}, "what shape"),
        ("hosted", {"op": "crop", "aspect": "1:1"}, "size of a is not known"),
        ("photos", {"op": "zoom"}, "how far"),
        ("photos", {"op": "beat_sync"}, "beats of this music are not known"),
        ("empty", {"op": "close_gaps"}, "no photo or clip"),
        ("photos", {"op": "add_text"}, "Put the words in quotes"),
        ("photos", {"op": "add_text", "text": "x", "start_s": 40}, "the video lasts 30 s"),
        ("photos", {"op": "add_text", "text": "x", "start_s": 3, "end_s": 2}, "never seen"),
        (
            "photos",
            {"op": "add_text", "text": "x", "role": "credits", "target": C(2), "duration_s": 17},
            "Before 12 s there is no time for a text of 17 s",
        ),
        ("photos", {"op": "add_text", "text": "x", "color": "no colour"}, "not a colour"),
        ("photos", {"op": "add_text", "text": "x", "target": C(7)}, "there are 5 clips"),
        ("photos", {"op": "set_text", "target": B, "text": "x"}, "not a text"),
        ("hosted", {"op": "set_text", "target": {"kind": "text"}, "text": "x"}, "There are 2 texts. Say which"),
        ("photos", {"op": "style_text", "target": T}, "Name a colour"),
        ("photos", {"op": "style_text", "target": L, "bold": True}, "no text style"),
        ("photos", {"op": "style_text", "target": B, "size": "up"}, "no text style"),
        ("photos", {"op": "move", "target": T}, "where to"),
        ("photos", {"op": "move", "target": C(1), "position": "top"}, "clips can be put in another order"),
        ("photos", {"op": "set_timing", "target": T, "start_s": 35}, "the video lasts 30 s"),
        ("photos", {"op": "set_timing", "target": C(1), "start_s": 5}, "Shots follow one another"),
        ("photos", {"op": "set_timing", "target": T, "start_s": 5, "end_s": 5}, "no time at all"),
        ("photos", {"op": "animate", "target": B, "anim_in": "fade"}, "can't be seen"),
        ("photos", {"op": "animate", "target": L, "anim_in": "typewriter"}, "it can fade"),
        ("photos", {"op": "add_subtitles", "source": "a.srt"}, "Paste its lines"),
        (
            "photos",
            {"op": "add_subtitles", "lines": [{"start_s": 31, "end_s": 32, "text": "x"}]},
            "No subtitle is within",
        ),
        ("photos", {"op": "add_music", "mood": "polka"}, 'no mood of music called "polka". There are: lofi'),
        ("photos", {"op": "add_music", "media": "beach.jpg"}, "has no sound"),
        ("photos", {"op": "add_music", "fade_out_s": 31}, "longer than the video"),
        ("hosted", {"op": "change_music", "media": "x.mp3"}, "no file called"),
        ("empty", {"op": "change_music"}, "no background music"),
        ("photos", {"op": "set_volume", "target": B}, "No volume"),
        ("photos", {"op": "set_volume", "target": C(1), "level": 1}, "has no sound"),
        ("photos", {"op": "set_volume", "target": T, "level": 1}, "has no sound"),
        ("photos", {"op": "mute", "target": {"kind": "sfx"}}, "no sound effect"),
        ("photos", {"op": "mute", "target": B, "range": [40, 50]}, "the video lasts 30 s"),
        ("photos", {"op": "fade_audio", "in_s": 31}, "can't fade for 31 s"),
        ("photos", {"op": "duck"}, "make the music quieter"),
        ("photos", {"op": "add_sfx", "name": "moo"}, "There are: whoosh"),
        ("photos", {"op": "add_sfx", "at_s": 31}, "the video lasts 30 s"),
        ("photos", {"op": "look", "name": "purple haze"}, "There are: warm"),
        ("photos", {"op": "look", "name": "warm", "target": L}, "logo can't be graded"),
        ("photos", {"op": "adjust"}, "what to adjust"),
        ("photos", {"op": "effect", "name": "sparkles"}, "There are: blur"),
        ("clips", {"op": "ken_burns", "direction": "none"}, "no camera move to take off"),
        ("clips", {"op": "speed", "factor": 2, "target": {"kind": "logo"}}, "no logo|only photos and clips"),
        ("photos", {"op": "effect", "name": "none"}, "no effect to take off"),
        ("photos", {"op": "transition", "between": [1, 3]}, "do not follow one another"),
        ("photos", {"op": "transition", "between": [5, 6]}, "no clip 6"),
        ("photos", {"op": "fade_video", "in_s": 31}, "lasts 30 s"),
        (
            "photos",
            {"op": "fade_video", "target": C(1), "in_s": 1, "color": "red"},
            "only the whole video fades to a colour",
        ),
        ("clips", {"op": "pace", "direction": "down"}, "shown whole already"),
        ("text", {"op": "effect", "name": "blur", "range": [0, 1]}, "no photo or clip"),
        ("text", {"op": "speed", "factor": 2, "range": [0, 1]}, "no photo or clip"),
        ("text", {"op": "intro_outro", "text": "Hi"}, "The texts can be shown at other times"),
        ("empty", {"op": "add_logo"}, "no photo or clip yet"),
        ("hosted", {"op": "add_logo"}, "no logo among"),
        ("photos", {"op": "overlay"}, "Name one of the uploaded files: beach.jpg"),
        ("photos", {"op": "overlay", "media": "dog.jpg", "start_s": 29, "end_s": 40}, "the video, which lasts 30 s"),
    ],
)
def test_what_can_not_be_done_is_refused_in_words_and_changes_nothing(name, op, words):
    draft, library = DRAFTS[name]
    wire = draft.to_wire()
    with pytest.raises(PlanError, match=words):
        run(draft, library, op)
    # Not even when something before it in the plan could be done.
    if draft.exportable:
        with pytest.raises(PlanError, match=words):
            run(draft, library, {"op": "set_output", "fps": 25}, op)
    assert draft.to_wire() == wire


def test_every_operation_that_changes_a_timeline_can_be_applied():
    assert {cls.model_fields["op"].default for cls in HANDLERS} == set(OP_NAMES) - CONTROL


@pytest.mark.parametrize("name", sorted(CONTROL))
def test_what_changes_no_timeline_leaves_it_alone(name):
    draft = photo_draft()
    assert apply(draft, plan({"op": name}), PHOTO_LIB) is draft
    mixed = run(draft, PHOTO_LIB, {"op": "remove", "target": C(1)}, {"op": name})
    assert mixed == run(draft, PHOTO_LIB, {"op": "remove", "target": C(1)})


def test_an_empty_plan_changes_nothing():
    draft = photo_draft()
    assert apply(draft, Plan(questions=("Which one?",)), PHOTO_LIB) is draft


LIES = [
    ({"op": "remove", "target": C(2)}, lambda d: d),
    ({"op": "remove", "target": T}, lambda d: run(d, PHOTO_LIB, {"op": "remove", "target": L})),
    ({"op": "set_duration", "duration_s": 15}, lambda d: run(d, PHOTO_LIB, {"op": "set_duration", "duration_s": 16})),
    ({"op": "set_aspect", "aspect": "9:16"}, lambda d: run(d, PHOTO_LIB, {"op": "set_aspect", "aspect": "1:1"})),
    ({"op": "set_text", "target": T, "text": "Sale"}, lambda d: run(d, PHOTO_LIB, {"op": "set_text", "target": T, "text": "Sail"})),
    ({"op": "trim", "start_s": 5}, lambda d: run(d, PHOTO_LIB, {"op": "trim", "start_s": 4})),
    ({"op": "trim", "target": C(1), "start_s": 5}, lambda d: run(d, PHOTO_LIB, {"op": "trim", "target": C(2), "start_s": 5})),
    ({"op": "split", "at_s": [3]}, lambda d: d),
    ({"op": "reorder", "swap": [1, 2]}, lambda d: run(d, PHOTO_LIB, {"op": "remove", "target": C(1)})),
    ({"op": "speed", "factor": 2}, lambda d: run(d, PHOTO_LIB, {"op": "speed", "factor": 3})),
    ({"op": "duplicate", "target": C(1)}, lambda d: d),
    ({"op": "set_segment_duration", "target": C(1), "duration_s": 2}, lambda d: run(d, PHOTO_LIB, {"op": "set_segment_duration", "target": C(2), "duration_s": 2})),
    ({"op": "add_music"}, lambda d: run(d, PHOTO_LIB, {"op": "remove", "target": B})),
    ({"op": "set_volume", "target": B, "level": 0.2}, lambda d: run(d, PHOTO_LIB, {"op": "set_volume", "target": B, "level": 0.3})),
    ({"op": "mute", "target": B}, lambda d: d),
    ({"op": "transition", "type": "wipe"}, lambda d: run(d, PHOTO_LIB, {"op": "transition", "type": "wipe", "between": [1, 2]})),
    ({"op": "move", "target": T, "position": "top"}, lambda d: run(d, PHOTO_LIB, {"op": "move", "target": T, "position": "left"})),
    ({"op": "set_timing", "target": T, "start_s": 3}, lambda d: run(d, PHOTO_LIB, {"op": "set_timing", "target": T, "start_s": 4})),
    ({"op": "style_text", "target": T, "bold": True}, lambda d: run(d, PHOTO_LIB, {"op": "style_text", "target": T, "bold": False})),
    ({"op": "add_logo", "position": "left"}, lambda d: d),
    ({"op": "look", "name": "warm"}, lambda d: d),
    ({"op": "normalize", "lufs": -14}, lambda d: d),
    ({"op": "pace", "direction": "up"}, lambda d: run(d, PHOTO_LIB, {"op": "pace", "direction": "down"})),
    ({"op": "close_gaps"}, lambda d: d.replace(d=5)),
    ({"op": "adjust", "brightness": "up"}, lambda d: d.with_tracks((d.tracks[0], *d.tracks))),
]  # fmt: skip


@pytest.mark.parametrize(("op", "wrong"), LIES)
def test_a_promise_that_was_not_kept_is_noticed(op, wrong):
    draft = photo_draft()
    with pytest.raises(PlanError, match="did not become"):
        check.check(op_from_dict(op), draft, wrong(draft))
