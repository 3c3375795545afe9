"""Whatever is asked in whatever order: the timeline keeps its rules, or nothing changes."""

from __future__ import annotations

import json

import edits_samples as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reelframe.draft import Draft
from reelframe.edits import CONTROL, OP_NAMES, apply, describe, op_from_dict
from reelframe.edits.check import broken_rules
from reelframe.edits.plan import Plan
from reelframe.errors import PlanError

secs = st.sampled_from([0, 0.2, 1, 2.5, 3, 5, 6, 7.75, 10, 12, 29.97, 30, 45, 61])
early = st.sampled_from([0, 0.2, 0.5, 1, 2, 3, 4.5, 8, 50])
length = st.sampled_from([0.1, 0.5, 1, 2, 3.333, 6, 10, 17, 30, 90])
index = st.sampled_from([1, 2, 3, 5, -1, -2, 9, 0])
kinds = st.sampled_from(
    [
        "clip",
        "title",
        "caption",
        "text",
        "subtitle",
        "logo",
        "bgm",
        "voice",
        "sfx",
        "audio",
        "video",
        "transition",
        "all",
    ]
)
position = st.sampled_from(["top_left", "center", "bottom_right"])
span = st.sampled_from([(0, 1), (0, 6), (2, 4), (3, 7.75), (5, 12), (0.03, 5), (6, 18), (29.97, 31), (4, 2), (50, 300)])
updown = st.sampled_from(["up", "down"])
words = st.sampled_from(["Sale", "新品", "a 'quoted' one", "x" * 80])


def maybe(strategy):
    return st.none() | strategy


def targets(*chosen):
    one = st.builds(
        lambda kind, n: {"kind": kind} | ({"index": n} if n is not None else {}),
        st.sampled_from(chosen),
        st.sampled_from([None, None, 1, 1, 2, 3, -1, 9]),
    )
    odd = st.builds(
        lambda kind, more: {"kind": kind} | more,
        kinds,
        st.sampled_from([{}, {"index": 0}, {"name": "beach.jpg"}, {"name": "walk"}, {"at_s": 1.0}, {"at_s": 8.0}]),
    )
    return st.one_of(one, one, one, odd)


shot, words_of, heard, over = (
    targets("clip"),
    targets("title", "text", "text", "caption", "subtitle"),
    targets("bgm", "audio", "clip", "sfx"),
    targets("title", "text", "logo"),
)
anything = targets("clip", "title", "text", "logo", "bgm", "transition", "caption", "audio")
SLOTS = {
    "compose": {"duration_s": maybe(length), "per_item_s": st.none() | st.just(2), "aspect": st.sampled_from([None, "9:16"]), "title": maybe(words)},
    "set_duration": {"duration_s": maybe(length), "max_duration_s": maybe(length), "range": st.none() | span},
    "set_aspect": {"aspect": st.sampled_from(["16:9", "9:16", "1:1", "4:5", "2.39:1", "0:3", "99:1"])},
    "set_output": {"height": st.sampled_from([None, 360, 720, 2160]), "fps": st.sampled_from([None, 24, 29.97])},
    "set_background": {"color": st.sampled_from([None, "red", "#fff", "no colour"]), "blur": st.sampled_from([None, True])},
    "intro_outro": {"where": st.sampled_from(["start", "end"]), "text": maybe(words), "media": st.sampled_from([None, "beach.jpg", "walk.mp4"]), "duration_s": maybe(length)},
    "trim": {"target": maybe(shot), "start_s": maybe(early), "end_s": maybe(early)},
    "cut_range": {"target": maybe(shot), "range": maybe(span), "keep_range": maybe(span)},
    "split": {"target": maybe(shot), "at_s": maybe(st.tuples(secs)), "every_s": st.sampled_from([None, 1.5, 4])},
    "insert_media": {"media": st.sampled_from([["beach.jpg"], ["walk.mp4", "logo.png"], ["none.jpg"]]), "to": st.sampled_from([None, 1, 3, -1, 0, 9]), "at_s": maybe(secs), "duration_s": maybe(length)},
    "replace_media": {"target": anything, "media": st.sampled_from(["beach.jpg", "walk.mp4", "surf.mp4", "song.mp3"])},
    "remove": {"target": anything},
    "reorder": {"move": maybe(st.tuples(index, index)), "swap": maybe(st.tuples(index, index)), "reverse": st.sampled_from([None, True]), "order": st.sampled_from([None, [2, 1], ["city.jpg"]])},
    "duplicate": {"target": shot, "to": maybe(index)},
    "merge": {"targets": st.sampled_from([None, None, [make.C(1), make.C(2)]])},
    "set_segment_duration": {"target": shot, "duration_s": length},
    "speed": {"target": maybe(shot), "factor": st.sampled_from([None, 0.3, 1, 1.7, 4]), "direction": maybe(updown), "range": maybe(span)},
    "reverse": {"target": maybe(shot)},
    "loop": {"target": maybe(shot), "count": st.sampled_from([None, 1, 2, 3])},
    "freeze": {"target": maybe(shot), "at_s": maybe(secs), "duration_s": maybe(length)},
    "crop": {"target": maybe(shot), "aspect": st.sampled_from(["1:1", "9:16"])},
    "zoom": {"target": maybe(shot), "scale": st.sampled_from([None, 1.2, 0.8]), "direction": st.sampled_from([None, "in", "out"])},
    "rotate": {"target": maybe(shot), "degrees": st.sampled_from([90, -45.5, 360])},
    "flip": {"target": maybe(shot), "axis": st.sampled_from(["horizontal", "vertical"])},
    "close_gaps": {},
    "beat_sync": {},
    "add_text": {"text": words, "role": st.sampled_from(["title", "caption", "lower_third", "credits", "cta", "text", "subtitle"]), "start_s": maybe(early), "end_s": maybe(early), "duration_s": maybe(length), "position": maybe(position), "target": st.none() | st.just(make.C(2)), "size": maybe(updown)},
    "set_text": {"target": words_of, "text": words},
    "style_text": {"target": over, "size": maybe(updown), "color": st.sampled_from([None, "gold"]), "bold": st.sampled_from([None, True])},
    "move": {"target": over, "position": maybe(position), "dx": st.sampled_from([None, 0.1])},
    "set_timing": {"target": over, "start_s": maybe(early), "end_s": maybe(early), "duration_s": maybe(length)},
    "animate": {"target": over, "anim_in": st.sampled_from([None, "fade", "pop", "none"]), "anim_out": st.sampled_from([None, "fade"]), "duration_s": maybe(length)},
    "add_subtitles": {"lines": st.just([{"start_s": 1, "end_s": 2, "text": "one"}, {"start_s": 1.5, "end_s": 4, "text": "two"}, {"start_s": 70, "end_s": 80, "text": "late"}])},
    "add_music": {"mood": st.sampled_from([None, "jazz", "lo-fi"]), "media": st.sampled_from([None, "song.mp3"]), "fade_out_s": maybe(secs)},
    "change_music": {"mood": st.sampled_from([None, "calm"])},
    "set_volume": {"target": heard, "level": st.sampled_from([None, 0, 0.5, 2]), "delta_db": st.sampled_from([None, -6, 6])},
    "mute": {"target": heard, "range": maybe(span)},
    "fade_audio": {"target": maybe(heard), "in_s": maybe(secs), "out_s": maybe(secs)},
    "duck": {"amount_db": st.sampled_from([None, -9])},
    "normalize": {"lufs": st.sampled_from([None, -14])},
    "add_sfx": {"name": st.sampled_from([None, "pop", "song.mp3"]), "at_s": maybe(secs)},
    "look": {"target": maybe(shot), "name": st.sampled_from(["warm", "warm", "none", "teal orange", "nonsense"])},
    "adjust": {"target": maybe(shot), "brightness": st.sampled_from(["up", 0.5, 0]), "contrast": st.sampled_from([None, "down"])},
    "effect": {"target": maybe(shot), "name": st.sampled_from(["blur", "none", "grain"]), "amount": st.sampled_from([None, 0.2, "up"]), "range": maybe(span)},
    "ken_burns": {"target": maybe(shot), "direction": st.sampled_from([None, "in", "none"])},
    "transition": {"between": st.sampled_from([None, "all", [1, 2], [1, 3]]), "at_s": st.sampled_from([None, None, 5, 12, 99]), "type": st.sampled_from(["cut", "crossfade", "wipe"]), "duration_s": maybe(length)},
    "fade_video": {"target": maybe(shot), "in_s": maybe(secs), "out_s": maybe(secs), "color": st.sampled_from([None, "white"])},
    "pace": {"direction": updown},
    "add_logo": {"position": maybe(position), "start_s": maybe(secs), "end_s": maybe(secs)},
    "overlay": {"media": st.sampled_from(["beach.jpg", "walk.mp4", "spin.gif", "song.mp3"]), "start_s": maybe(secs)},
}  # fmt: skip


@st.composite
def operations(draw):
    name = draw(st.sampled_from(sorted(SLOTS)))
    slots = {slot: draw(strategy) for slot, strategy in SLOTS[name].items()}
    return op_from_dict({"op": name, **{k: v for k, v in slots.items() if v is not None}})


DRAFTS = {"photos": make.photo_draft(), "clips": make.clip_draft(), "empty": Draft(), "hosted": make.hosted_draft()}


def beats(segment):
    return [n * 0.6 for n in range(1, 400) if n * 600 < segment.duration_ms]


def test_every_operation_that_changes_the_timeline_is_tried():
    assert set(SLOTS) == set(OP_NAMES) - CONTROL


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(DRAFTS)), st.lists(operations(), min_size=1, max_size=9))
def test_the_rules_hold_after_any_sequence(name, ops):
    now = DRAFTS[name]
    for op in ops:
        wire = now.to_wire()
        plan = Plan(ops=(op,))
        try:
            after = apply(now, plan, make.FULL_LIB, beats=beats)
        except PlanError as refusal:
            assert now.to_wire() == wire
            assert "did not become" not in str(refusal), f"{op!r} on {now.summary()}"
            assert str(refusal).strip()[-1] in ".!?"
            continue
        assert now.to_wire() == wire, "the draft that came in was changed"
        assert apply(now, plan, make.FULL_LIB, beats=beats) == after, "not deterministic"
        assert broken_rules(after) == (), f"{op!r} on {now.summary()}"
        assert Draft.from_wire(json.loads(json.dumps(after.to_wire()))) == after
        for language in ("en", "zh-CN"):
            said = describe(plan, now, after, language, library=make.FULL_LIB)
            assert said
            assert all(line.endswith((".", "。")) and "None" not in line for line in said), said
        now = after


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(operations(), min_size=2, max_size=4))
def test_a_plan_is_applied_whole_or_not_at_all(ops):
    draft = DRAFTS["photos"]
    now, failed = draft, False
    for op in ops:
        try:
            now = apply(now, Plan(ops=(op,)), make.FULL_LIB)
        except PlanError:
            failed = True
            break
    if failed:
        with pytest.raises(PlanError):
            apply(draft, Plan(ops=tuple(ops)), make.FULL_LIB)
    else:
        whole = apply(draft, Plan(ops=tuple(ops)), make.FULL_LIB)
        # How the texts of a new video look goes by the mood of all that was asked for with it.
        assert whole.with_m(text_look=None) == now.with_m(text_look=None)
