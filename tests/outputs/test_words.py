"""Videos of words alone: read, laid out, and seen on their moving backgrounds, in every look and shape."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from reelframe import planner
from reelframe.draft import Draft
from reelframe.edits import apply
from reelframe.media.model import Library
from reelframe.planner import sample_context
from reelframe.render import compose
from reelframe.render.backdrops import BACKDROPS, PALETTES, paint_backdrop
from reelframe.render.composition import Backdrop
from reelframe.render.outputs.painted import painted
from reelframe.render.planes import new_planes

NOTHING = Draft.from_wire({}), Library(())


def read(text, draft=NOTHING[0], library=NOTHING[1]):
    return planner.plan(text, draft, library)


def lines_of(plan):
    return next((op.lines for op in plan.ops if op.op == "compose"), None)


@pytest.mark.parametrize(
    ("text", "lines", "seconds", "aspect", "mood"),
    [
        (
            "a 15-second announcement: Summer sale, 20 % off, ends Friday",
            ("Summer sale", "20 % off", "Ends Friday"), 15, None, "upbeat",
        ),
        (
            "make a vertical text video with jazz music: Grand opening. Free coffee for 1,000 guests; Saturday 9 am",
            ("Grand opening", "Free coffee for 1,000 guests", "Saturday 9 am"), None, "9:16", "jazz",
        ),
        (
            'Create a 10 s square promo without music: "New arrivals" - Only 9.99 - Shop now',
            ("New arrivals", "Only 9.99", "Shop now"), 10, "1:1", None,
        ),
        ("做一个15秒的公告视频：夏季大促，全场8折，周五截止", ("夏季大促", "全场8折", "周五截止"), 15, None, "upbeat"),
        ("please make a 1 minute calm invitation: Anna & Tom\nJune 5\nBerlin", ("Anna & Tom", "June 5", "Berlin"), 60, None, "calm"),
    ],
)  # fmt: skip
def test_words_are_read(text, lines, seconds, aspect, mood):
    plan = read(text)
    assert not plan.refused and not plan.questions
    assert lines_of(plan) == lines
    made = next(op for op in plan.ops if op.op == "compose")
    assert (made.duration_s, made.aspect) == (seconds, aspect)
    assert next((op.mood for op in plan.ops if op.op == "add_music"), None) == mood


@pytest.mark.parametrize(
    "text",
    ["add a title: Hello, world", "make a 10-second video: ", "the video: can it be louder?", "make it shorter: 10 s"],
)
def test_other_colons_are_left_alone(text):
    assert lines_of(read(text)) is None
    draft, library = sample_context()
    assert lines_of(read(text, draft, library)) is None


def test_with_photos_only_what_says_so_is_made_of_words():
    _, library = sample_context()
    assert lines_of(read("a 9-second announcement: Sale, ends Friday", NOTHING[0], library)) is None
    assert lines_of(read("a 9-second text-only video: Sale, ends Friday", NOTHING[0], library)) == (
        "Sale",
        "Ends Friday",
    )


def sale(look, shape):
    plan = read(f"a {shape} 15-second announcement: Summer sale, 20 % off, everything in store, ends Friday")
    draft = apply(NOTHING[0], plan, NOTHING[1]).with_m(text_look=look)
    return draft, compose(draft, NOTHING[1])


def difference(a, b):
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


@pytest.mark.parametrize("shape", ["wide", "vertical", pytest.param("square", marks=pytest.mark.slow)])
@pytest.mark.parametrize("look", ["clean", "bold", "elegant"])
def test_it_is_seen(look, shape, request):
    draft, composition = sale(look, shape)
    assert draft.duration_ms == 15_000
    assert [s.name for s in draft.main.segments] == ["Summer sale", "20 % off", "Everything in store", "Ends Friday"]
    bare = compose(draft.with_tracks(draft.of_kind("video")), NOTHING[1])
    small = {"height": 180 if shape == "wide" else 320}
    row = []
    with painted(composition.scaled(**small), print) as words, painted(bare.scaled(**small), print) as ground:
        for card in draft.main.placed:
            for second in ((card.start + 1200) / 1000, (card.end - 700) / 1000):
                with_words, without = words.pixels(int(second * 30)), ground.pixels(int(second * 30))
                changed = np.abs(with_words.astype(int) - without).max(axis=2) > 60
                # Letters are there, they stay within the frame, and the ground shows around them.
                assert 0.005 < changed.mean() < 0.4
                edge = np.concatenate([changed[:, :4].ravel(), changed[:, -4:].ravel(), changed[:4].ravel()])
                assert not edge.any()
                row.append(with_words)
        # The ground moves, and goes on moving over a cut.
        cut = round(draft.main.placed[1].start * 30 / 1000)
        assert difference(ground.pixels(30), ground.pixels(75)) > 1
        assert difference(ground.pixels(cut - 1), ground.pixels(cut)) < 1.5
    sheet = request.config.rootpath / "artifacts"
    sheet.mkdir(exist_ok=True)
    Image.fromarray(np.hstack(row)).save(sheet / f"words-{look}-{shape}.png")


@pytest.mark.parametrize("kind", BACKDROPS)
@pytest.mark.parametrize("look", PALETTES)
def test_backdrops_are_smooth_and_dark_enough_for_white(kind, look):
    from PIL import ImageColor

    colors = tuple(ImageColor.getrgb(c) for c in PALETTES[look])
    planes = new_planes(320, 180)
    for t in (0.0, 3.3):
        paint_backdrop(Backdrop(kind, colors, 5), t, planes)
        luma = planes[0].astype(int)
        assert 16 <= luma.min() and luma.max() <= 235
        assert max(np.abs(np.diff(luma, axis=0)).max(), np.abs(np.diff(luma, axis=1)).max()) <= 8
        # White letters (235) keep a ratio of 3 to 1 on nearly all of it, and have a shadow for the rest.
        linear = ((luma - 16) / 219) ** 2.2
        assert (1.05 / (np.quantile(linear, 0.9) + 0.05)) > 2.4
    again = new_planes(320, 180)
    paint_backdrop(Backdrop(kind, colors, 5), 3.3, again)
    assert all((a == b).all() for a, b in zip(planes, again, strict=True))


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("export as a gif", {"format": "gif"}),
        ("导出为gif", {"format": "gif"}),
        ("export as webm", {"format": "webm"}),
        ("export to output.gif", {"format": "gif"}),
        ("export the subtitles as srt", {"format": "srt"}),
        ("导出字幕", {"format": "srt"}),
        ("download the captions as vtt", {"format": "vtt"}),
        ("save the frame at 3 seconds as png", {"format": "png", "at_s": 3.0}),
        ("make a poster", {"format": "jpg"}),
        ("导出封面", {"format": "jpg"}),
        ("export the timeline as otio", {"format": "otio"}),
    ],
)
def test_ways_out_are_asked_for_in_words(text, slots):
    plan = read(text, *sample_context())
    assert [op.as_dict() for op in plan.ops] == [{"op": "export", **slots}]
    assert not plan.refused and not plan.questions
