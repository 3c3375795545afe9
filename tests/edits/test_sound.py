from __future__ import annotations

import pytest
from edits_samples import CLIP_LIB, FULL_LIB, PHOTO_LIB, SONG, C, clip_draft, names, only, photo_draft, run, spans

from reelframe.draft import Draft
from reelframe.edits.timeline import has_sound
from reelframe.media.model import Library

B = {"kind": "bgm"}


def music(draft):
    return only(draft, "bgm")


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, {"music": {"mood": "upbeat", "seed": 1}, "volume": 0.5, "fade_in": 300, "fade_out": 1500, "start": 0}),
        ({"mood": "Lo-Fi"}, {"music": {"mood": "lofi", "seed": 1}}),
        ({"mood": "energetic"}, {"music": {"mood": "upbeat", "seed": 1}}),
        ({"mood": "jazz", "volume": 0.3}, {"music": {"mood": "jazz", "seed": 1}, "volume": 0.3}),
        ({"fade_in_s": 0, "fade_out_s": 4}, {"fade_in": None, "fade_out": 4000}),
        ({"media": "song.mp3"}, {"media": SONG.id, "loop": True, "music": None}),
        ({"media": "song"}, {"media": SONG.id}),
    ],
)
def test_background_music(slots, expected):
    draft = run(
        Draft(), FULL_LIB, {"op": "compose", "media": ["photos"], "duration_s": 20}, {"op": "add_music", "mood": "calm"}
    )
    if "media" not in slots and "mood" not in slots:
        draft_library = PHOTO_LIB
    else:
        draft_library = FULL_LIB
    after = run(draft, draft_library, {"op": "add_music", **slots})
    segment = music(after)
    assert {key: segment.get(key) for key in expected} == expected
    assert segment.duration_ms == 20_000


def test_an_uploaded_song_is_what_is_played():
    draft = run(Draft(), FULL_LIB, {"op": "compose", "duration_s": 20}, {"op": "add_music"})
    assert (music(draft).media, music(draft).name) == (SONG.id, "song.mp3")


def test_music_is_quieter_under_what_is_spoken():
    assert music(clip_draft()).volume == 0.35
    assert music(photo_draft()).volume == 0.5
    silent = run(clip_draft(), CLIP_LIB, {"op": "mute", "target": {"kind": "clip"}}, {"op": "add_music"})
    assert music(silent).volume == 0.5


def test_the_seed_is_the_projects():
    draft = run(photo_draft().with_m(seed=42), PHOTO_LIB, {"op": "add_music", "mood": "calm"})
    assert music(draft).get("music") == {"mood": "calm", "seed": 42}


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({"mood": "jazz"}, {"music": {"mood": "jazz", "seed": 1}, "volume": 0.5, "fade_out": 1500}),
        ({}, {"music": {"mood": "upbeat", "seed": 2}}),
        ({"mood": "upbeat"}, {"music": {"mood": "upbeat", "seed": 2}}),
        ({"media": "song.mp3"}, {"media": SONG.id, "music": None, "volume": 0.5, "name": "song.mp3"}),
    ],
)
def test_other_music(slots, expected):
    segment = music(run(photo_draft(), FULL_LIB, {"op": "change_music", **slots}))
    assert {key: segment.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("target", "slots", "volumes"),
    [
        # walk.mp4, surf.mp4 (silent), talk.mp4, the music
        (B, {"level": 0.2}, [None, None, None, 0.2]),
        (B, {"delta_db": -6}, [None, None, None, 0.1754]),
        (B, {"delta_db": 6}, [None, None, None, 0.6983]),
        (C(1), {"level": 1.5}, [1.5, None, None, 0.35]),
        (C(1), {"delta_db": -6}, [0.5012, None, None, 0.35]),
        (C(3), {"delta_db": 20}, [None, None, 2, 0.35]),
        ({"kind": "clip"}, {"level": 0}, [0, None, 0, 0.35]),
        ({"kind": "video"}, {"level": 0.5}, [0.5, None, 0.5, 0.35]),
        ({"kind": "audio"}, {"level": 0.5}, [0.5, None, 0.5, 0.5]),
        ({"kind": "all"}, {"level": 0.5}, [0.5, None, 0.5, 0.5]),
    ],
)
def test_volumes(target, slots, volumes):
    after = run(clip_draft(), CLIP_LIB, {"op": "set_volume", "target": target, **slots})
    assert [s.volume for s in after.segments] == volumes


@pytest.mark.parametrize(
    ("target", "muted"),
    [
        (B, [False, False, False, True]),
        (C(1), [True, False, False, False]),
        ({"kind": "clip"}, [True, False, True, False]),
        ({"kind": "all"}, [True, False, True, True]),
    ],
)
def test_silence_and_back(target, muted):
    after = run(clip_draft(), CLIP_LIB, {"op": "mute", "target": target})
    assert [bool(s.get("muted")) for s in after.segments] == muted
    back = run(after, CLIP_LIB, {"op": "set_volume", "target": target, "level": 0.5})
    assert not any(s.get("muted") for s in back.segments)


def test_a_clip_is_silent_for_a_while():
    after = run(clip_draft(), CLIP_LIB, {"op": "mute", "target": C(3), "range": [2, 4]})
    assert spans(after) == [(0, 30), (30, 42), (42, 44), (44, 46), (46, 62)]
    assert [bool(s.get("muted")) for s in after.main.segments] == [False, False, False, True, False]
    assert not music(after).get("muted")


def test_music_is_silent_for_a_while_and_goes_on():
    after = run(
        clip_draft(),
        CLIP_LIB,
        {"op": "mute", "target": B, "range": [10, 20]},
        {"op": "mute", "target": B, "range": [15, 25]},
    )
    assert music(after).get("mutes") == [[10_000, 25_000]]
    assert names(after) == ["walk.mp4", "surf.mp4", "talk.mp4"]


@pytest.mark.parametrize(
    ("slots", "fades"),
    [
        ({"out_s": 3}, (300, 3000)),
        ({"in_s": 2, "target": B}, (2000, 1500)),
        ({"in_s": 0, "out_s": 0}, (None, None)),
        ({}, (1000, 1000)),
    ],
)
def test_music_fades(slots, fades):
    segment = music(run(photo_draft(), PHOTO_LIB, {"op": "fade_audio", **slots}))
    assert (segment.get("fade_in"), segment.get("fade_out")) == fades


def test_the_sound_of_clips_fades_at_the_ends():
    after = run(clip_draft(), CLIP_LIB, {"op": "fade_audio", "target": {"kind": "clip"}, "in_s": 1, "out_s": 2})
    assert [(s.get("sound_fade_in"), s.get("sound_fade_out")) for s in after.main.segments] == [
        (1000, None),
        (None, None),
        (None, 2000),
    ]
    # The picture does not fade with it.
    assert not any(s.get("fade_in") or s.get("fade_out") for s in after.main.segments)


def test_loudness_and_ducking():
    after = run(clip_draft(), CLIP_LIB, {"op": "normalize", "lufs": -14}, {"op": "duck", "amount_db": -9})
    assert (after.get("lufs"), after.get("duck")) == (-14, {"amount_db": -9})
    plain = run(clip_draft(), CLIP_LIB, {"op": "normalize"}, {"op": "duck"})
    assert (plain.get("lufs"), plain.get("duck")) == (-16, {"amount_db": -12})


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({"name": "Whoosh", "at_s": 3}, ("whoosh", 3, 4)),
        ({}, ("whoosh", 6, 7)),
        ({"name": "ding", "at_s": 29.5}, ("ding", 29.5, 30)),
    ],
)
def test_sound_effects(slots, expected):
    after = run(photo_draft(), PHOTO_LIB, {"op": "add_sfx", **slots})
    segment = only(after, "sfx")
    assert (segment.get("sfx"), segment.start_ms / 1000, (segment.start_ms + segment.duration_ms) / 1000) == expected


def test_a_file_as_a_sound_effect():
    draft = run(
        Draft(), FULL_LIB, {"op": "compose", "duration_s": 90}, {"op": "add_sfx", "name": "song.mp3", "at_s": 10}
    )
    segment = only(draft, "sfx")
    assert (segment.media, segment.start_ms, segment.duration_ms) == (SONG.id, 10_000, 60_000)


def test_what_can_be_heard():
    heard = [has_sound(s, CLIP_LIB) for s in clip_draft().main.segments]
    assert heard == [True, False, True]
    assert not any(has_sound(s, PHOTO_LIB) for s in photo_draft().main.segments)
    assert has_sound(clip_draft().main.segments[0], Library())
