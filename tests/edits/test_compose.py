from __future__ import annotations

import pytest
from edits_samples import (
    CLIPS,
    FULL_LIB,
    GIF,
    LOGO,
    PHOTO_LIB,
    PHOTOS,
    SONG,
    C,
    media,
    names,
    only,
    photo_draft,
    run,
    spans,
    texts,
)

from reelframe.draft import Draft
from reelframe.edits.families.overlay import logos_of
from reelframe.errors import PlanError
from reelframe.media.model import Library


def composed(library, **slots):
    return run(Draft(), library, {"op": "compose", **slots})


def test_the_first_cut_of_five_photos():
    draft = composed(PHOTO_LIB, duration_s=30, title="Summer")
    assert names(draft) == [m.name for m in PHOTOS]
    assert spans(draft) == [(0, 6), (6, 12), (12, 18), (18, 24), (24, 30)]
    assert draft.d == 30_000
    assert (draft.get("width"), draft.get("height"), draft.get("fps")) == (1920, 1080, 30)
    assert [s.get("transition") for s in draft.main.segments] == [None, *[{"type": "crossfade", "ms": 500}] * 4]
    assert [s.get("move")["direction"] for s in draft.main.segments] == ["in", "right", "out", "left", "in"]
    assert {s.get("move")["amount"] for s in draft.main.segments} == {0.12}
    assert texts(draft) == {"Summer": (0.5, 4.5)}
    assert only(draft, "title").text == "Summer"


@pytest.mark.parametrize("total", [7, 10, 30, 29.97, 33.333, 1.0])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_shares_add_up_exactly(total, count):
    draft = composed(Library(PHOTOS[:count]), duration_s=total)
    lengths = [s.duration_ms for s in draft.main.segments]
    assert sum(lengths) == draft.d == round(total * 1000)
    assert max(lengths) - min(lengths) <= 1


@pytest.mark.parametrize(
    ("library", "slots", "expected"),
    [
        (PHOTO_LIB, {"per_item_s": 3}, [("beach.jpg", 3), ("city.jpg", 3), ("dog.jpg", 3), ("egg.jpg", 3), ("fox.jpg", 3)]),
        (PHOTO_LIB, {"per_item_s": 3, "duration_s": 15}, [("beach.jpg", 3), ("city.jpg", 3), ("dog.jpg", 3), ("egg.jpg", 3), ("fox.jpg", 3)]),
        (Library(CLIPS), {}, [("walk.mp4", 30), ("surf.mp4", 12), ("talk.mp4", 20)]),
        (Library((PHOTOS[0], CLIPS[1])), {}, [("beach.jpg", 4), ("surf.mp4", 12)]),
        (Library((PHOTOS[0], GIF)), {}, [("beach.jpg", 4), ("spin.gif", 4)]),
        (FULL_LIB, {"media": ["clips"]}, [("walk.mp4", 30), ("surf.mp4", 12), ("talk.mp4", 20), ("spin.gif", 4)]),
        (FULL_LIB, {"media": ["photos"], "per_item_s": 1}, [(m.name, 1) for m in PHOTOS]),
        (FULL_LIB, {"media": ["fox.jpg", "Beach"]}, [("fox.jpg", 4), ("beach.jpg", 4)]),
        (FULL_LIB, {"media": ["照片"], "duration_s": 5}, [(m.name, 1) for m in PHOTOS]),
        (FULL_LIB, {"media": ["dog.jpg", "photos"], "duration_s": 5}, [(n, 1) for n in ("dog.jpg", "beach.jpg", "city.jpg", "egg.jpg", "fox.jpg")]),
        (PHOTO_LIB, {"media": ["beach.jpg", "logo.png"]}, [("beach.jpg", 4)]),
    ],
)  # fmt: skip
def test_what_is_shown_and_for_how_long(library, slots, expected):
    draft = composed(library, **slots)
    assert [(s.name, s.duration_ms / 1000) for s in draft.main.segments] == expected


def test_only_photos_move_and_only_animations_loop():
    draft = composed(Library((PHOTOS[0], CLIPS[1], GIF)), duration_s=60)
    assert [bool(s.get("move")) for s in draft.main.segments] == [True, False, False]
    # A clip of 12 s holds its last picture for the rest of its 20 s.
    assert [s.get("loop") for s in draft.main.segments] == [None, None, True]


@pytest.mark.parametrize(
    ("aspect", "size"),
    [("16:9", (1920, 1080)), ("9:16", (1080, 1920)), ("1:1", (1080, 1080)), ("4:5", (1080, 1350)), ("5:4", (1350, 1080)),
     ("4:3", (1440, 1080)), ("3:4", (1080, 1440)), ("21:9", (1920, 822)), ("2.39:1", (1920, 804)), ("2:3", (1080, 1620))],
)  # fmt: skip
def test_the_frame_of_a_shape(aspect, size):
    draft = composed(PHOTO_LIB, aspect=aspect)
    assert (draft.get("width"), draft.get("height")) == size
    later = run(photo_draft(), PHOTO_LIB, {"op": "set_aspect", "aspect": aspect, "fit": "blur"})
    assert (later.get("width"), later.get("height"), later.get("fit")) == (*size, "blur")


@pytest.mark.parametrize(
    ("before", "aspect", "after"),
    [
        ((1280, 720), "9:16", (720, 1280)),
        ((1080, 1080), "16:9", (1920, 1080)),
        ((1920, 822), "1:1", (1080, 1080)),
        ((3840, 2160), "4:5", (2160, 2700)),
    ],
)
def test_another_shape_keeps_the_quality(before, aspect, after):
    draft = photo_draft().with_m(width=before[0], height=before[1])
    draft = run(draft, PHOTO_LIB, {"op": "set_aspect", "aspect": aspect})
    assert (draft.get("width"), draft.get("height")) == after


@pytest.mark.parametrize(
    ("frame", "height", "size"),
    [
        ((1920, 1080), 720, (1280, 720)),
        ((1080, 1920), 720, (720, 1280)),
        ((1080, 1350), 540, (540, 676)),
        ((1920, 1080), 2160, (3840, 2160)),
    ],
)
def test_720p_is_720p_whichever_way_the_frame_stands(frame, height, size):
    draft = photo_draft().with_m(width=frame[0], height=frame[1])
    draft = run(draft, PHOTO_LIB, {"op": "set_output", "height": height, "fps": 24, "format": "webm"})
    assert (draft.get("width"), draft.get("height"), draft.get("fps"), draft.get("output")) == (
        *size,
        24,
        {"format": "webm"},
    )


def test_a_new_cut_keeps_the_frame_and_forgets_the_rest():
    old = run(
        photo_draft(), PHOTO_LIB,
        {"op": "set_aspect", "aspect": "1:1"}, {"op": "look", "name": "bw"}, {"op": "fade_video", "out_s": 1},
        {"op": "set_background", "color": "red"},
    ).with_m(project="Trip", theirs=7)  # fmt: skip
    new = run(old, PHOTO_LIB, {"op": "compose", "media": ["dog.jpg"]})
    assert new.m == {
        "width": 1080,
        "height": 1080,
        "fps": 30,
        "background": "#ff0000",
        "fit": "fit",
        "project": "Trip",
        "theirs": 7,
    }
    assert [s.name for s in new.segments] == ["dog.jpg"]


def named(n, name, **more):
    return media(n, name, **{"has_alpha": False, **more})


BIG = {"width": 4000, "height": 3000, "has_alpha": True}
SMALL = {"width": 300, "height": 300, "has_alpha": True}


@pytest.mark.parametrize(
    ("items", "logos"),
    [
        ([PHOTOS[0], LOGO], ["logo.png"]),
        ([LOGO], []),
        ([named(1, "a.png", **SMALL)], []),
        ([PHOTOS[0], named(2, "mark.png", **SMALL)], ["mark.png"]),
        ([PHOTOS[0], named(2, "mark.png", **BIG)], []),
        ([PHOTOS[0], named(2, "m.png", **SMALL), named(3, "n.png", **SMALL)], []),
        ([PHOTOS[0], named(2, "Our-Logo-final.jpg")], ["Our-Logo-final.jpg"]),
        ([PHOTOS[0], named(2, "公司标志.png")], ["公司标志.png"]),
        ([PHOTOS[0], media(2, "brand.jpg", role="logo")], ["brand.jpg"]),
        ([PHOTOS[0], media(2, "brand.jpg", role="logo"), named(3, "x.png", **SMALL)], ["brand.jpg"]),
        ([PHOTOS[0], SONG], []),
    ],
)
def test_which_files_are_logos(items, logos):
    library = Library(tuple(items))
    assert [m.name for m in logos_of(library)] == logos
    shown = [s.name for s in composed(library).main.segments]
    assert shown == [m.name for m in items if m.kind != "audio" and m.name not in logos]


@pytest.mark.parametrize(
    ("library", "slots", "words"),
    [
        (Library(), {}, "no photo or clip yet"),
        (Library((SONG,)), {}, "no photo or clip yet"),
        (PHOTO_LIB, {"media": ["zebra.jpg"]}, 'no file called "zebra.jpg". Uploaded files: beach.jpg'),
        (FULL_LIB, {"media": ["song.mp3"]}, "a sound"),
        (PHOTO_LIB, {"media": ["videos"]}, "no file called"),
        (PHOTO_LIB, {"duration_s": 0.3}, "can't be seen"),
        (PHOTO_LIB, {"duration_s": 30, "per_item_s": 3}, "last 15 s, not 30 s"),
        (PHOTO_LIB, {"aspect": "0:3"}, "not the shape"),
        (PHOTO_LIB, {"aspect": "99:1"}, "too narrow"),
    ],
)
def test_what_can_not_be_composed_is_said(library, slots, words):
    with pytest.raises(PlanError, match=words):
        composed(library, **slots)


def test_a_card_from_a_picture_is_a_card():
    draft = run(photo_draft(), PHOTO_LIB, {"op": "intro_outro", "media": "logo.png", "duration_s": 3})
    card = draft.main.segments[0]
    assert (card.role, card.media, card.get("fit"), card.duration_ms) == ("card", LOGO.id, "fit", 3000)
    assert run(draft, PHOTO_LIB, {"op": "remove", "target": C(1)}).main.segments[0] == card
