"""Briefs as people write them for a first cut, and refinements of several wishes: what becomes of the timeline."""

from __future__ import annotations

import pytest

from reelframe import planner
from reelframe.draft import Draft

from .products import FIRST, LIBRARY, WITH_LOGO, made, seconds, texts


@pytest.mark.parametrize(("brief", "lengths"), [
    ('Make a video for a campaign: bold headline "BLACK FRIDAY", underneath "-30% on everything", 10 seconds, 4:5', [2] * 5),
    ("Use photos 1, 3 and 5, six seconds in all, wipe transitions", [2, 2, 2]),
    ("just the photos one after another w/ hard cuts, 2s each, no music no text", [2] * 5),
    ("I'd like a product video. Each photo should stay on screen for four seconds with a soft crossfade.", [4] * 5),
    ("We sell ceramics on Etsy. Make a listing video: 5 to 15 seconds, no sound, show all the items", [3] * 5),
    ("Everything in slow motion and a film look, 30s", [6] * 5),
    ("Lookbook: muted colours, slow crossfades, twenty-four seconds, ambient music at low volume", [4.8] * 5),
    ("Please do two versions, one vertical and one square, 10 seconds each", [2] * 5),
    ("Use only the last two photos and make an 8 second loop, vertical, no sound", [4, 4]),
    ("Three product shots, 18 seconds, vintage look", [6, 6, 6]),
    ("竖屏,十二秒,三张图就够了", [4, 4, 4]),
    ("做一个30秒的视频,每个产品停留6秒,切换用推移效果", [6] * 5),
])  # fmt: skip
def test_a_length_is_the_videos_whatever_stands_before_it(brief, lengths):
    assert [round(shot.duration_ms / 1000, 1) for shot in made(brief).main.segments] == lengths


@pytest.mark.parametrize(
    ("brief", "order"),
    [
        ("a 15 second ad: start with the tea set, end with the mug", "52341"),
        ("a reel of 18 seconds where the tea set comes first", "51234"),
        ("quick tiktok with all the pics exept the cactus, 12 secs", "1235"),
        ("only the last two photos, 8 seconds, square video", "45"),
    ],
)
def test_the_photos_that_were_chosen_come_in_the_order_that_was_said(brief, order):
    assert "".join(shot.name[0] for shot in made(brief).main.segments) == order


@pytest.mark.parametrize(("brief", "shown"), [
    ('a 20 second video. Title: Autumn Collection 2026. At the end show "Shop now" for 3 seconds.',
     [("Autumn Collection 2026", 0.5, 4.5), ("Shop now", 17, 20)]),
    ('Three photos with the captions "One", "Two" and "Three", 18 seconds',
     [("One", 0, 6), ("Two", 6, 12), ("Three", 12, 18)]),
    ('a 15 second video, "3", "2", "1" on the first three photos',
     [("3", 0, 3), ("2", 3, 6), ("1", 6, 9)]),
    ('a 15 second video, "Sale" on the cactus and the tea set', [("Sale", 9, 12), ("Sale", 12, 15)]),
    ('15-second ad. Headline "Gift ideas" for the first 3 seconds, "From 19 €" for the rest.',
     [("Gift ideas", 0, 3), ("From 19 €", 3, 15)]),
    ("The video should be 12 seconds long. There should be a text at the bottom that says: Free delivery this week",
     [("Free delivery this week", 0, 12)]),
    ("第一张图配文字“马克杯”,第二张配“花瓶”,每张三秒", [("马克杯", 0, 3), ("花瓶", 3, 6)]),
    ("给第一张加字“¥24”,其余不要加字,总长10秒", [("¥24", 0, 2)]),
    ("文案:慢下来,喝杯茶。用这些照片做20秒竖屏视频", [("慢下来,喝杯茶", 0, 20)]),
    ("做一个30秒的视频,最后两秒显示“扫码购买”", [("扫码购买", 28, 30)]),
    ("每张3秒,右下角一直显示“手工制作”", [("手工制作", 0, 15)]),
])  # fmt: skip
def test_words_stand_where_they_were_said_to(brief, shown):
    assert sorted((text, start, end) for text, _, start, end in texts(made(brief))) == sorted(shown)


@pytest.mark.parametrize(
    ("brief", "span"),
    [
        ("we need a 20 second reel, calm music, and finish with our logo", (17, 20)),
        ("做成一个15秒的抖音视频,结尾放上logo", (12, 15)),
        ("12 s video with the logo in the corner", (0, 12)),
    ],
)
def test_a_logo_that_closes_the_video_stands_at_its_end(brief, span):
    (logo,) = [s for s in made(brief, library=WITH_LOGO).segments if s.role == "logo"]
    assert seconds(logo) == span


@pytest.mark.parametrize(
    ("brief", "volume"),
    [
        ("slideshow, 3 seconds per picture, background music but keep it quiet, like 30%", 0.3),
        ("20秒竖屏视频,音乐轻一点", 0.25),
        ("20 second video, music with a fade in and out", 0.5),
    ],
)
def test_the_music_of_a_first_cut_is_there_before_it_is_changed(brief, volume):
    (music,) = [s for s in made(brief).segments if s.role == "bgm"]
    assert round(music.get("volume"), 2) == volume


@pytest.mark.parametrize("brief", ["a 10 second video, no sound", "Turn these into a GIF, four seconds, looping"])
def test_what_is_not_heard_has_no_music(brief):
    assert not [s for s in made(brief).segments if s.role == "bgm"]


@pytest.mark.parametrize(
    ("brief", "reason"),
    [
        ("animate the cactus so it waves its arms", "generate_video"),
        ("make my photos talk", "avatar"),
        ("用AI给这些产品配一段普通话解说", "voiceover"),
    ],
)
def test_what_cannot_be_done_is_refused_for_its_reason(brief, reason):
    plan = planner.plan(brief, Draft(), LIBRARY)
    assert [refusal.reason for refusal in plan.refused] == [reason]


@pytest.mark.parametrize(("wish", "key", "expected"), [
    ("make the mug 8 seconds and all the others 3 seconds", "s", [8, 3, 3, 3, 3]),
    ("put a slide transition between the first and second photo and a hard cut everywhere else", "transition",
     [None, "slide", None, None, None]),
    ("lose clip 3, crossfade the other two", "s", [6, 6, 6, 6]),
    ("black and white, but only the tea set", "look", [None, None, None, None, "bw"]),
    ("the bowls photo is crooked, turn it two degrees to the left", "rotate", [None, None, 358, None, None]),
    ("the cactus comes too late, put it right after the mug", "name", [0, 3, 1, 2, 4]),
    ("repeat the first photo at the end", "name", [0, 1, 2, 3, 4, 0]),
])  # fmt: skip
def test_it_and_the_others_are_what_the_words_before_them_named(wish, key, expected):
    names = [m.name for m in LIBRARY]

    def value(shot):
        if key == "s":
            return shot.duration_ms / 1000
        if key == "transition":
            return shot.get("transition", {}).get("type")
        return names.index(shot.name) if key == "name" else shot.get(key)

    assert [value(shot) for shot in made(wish, FIRST).main.segments] == expected


def test_that_caption_is_the_one_that_was_changed():
    after = made('Change "One" to "Stoneware mug, 24 €" and make that caption bold', FIRST)
    bold = [s.text for t in after.of_kind("text") for s in t.segments if (s.get("style") or {}).get("bold")]
    assert bold == ["Stoneware mug, 24 €"]


@pytest.mark.parametrize(
    ("wish", "volume"),
    [
        ("The music is too loud, bring it down by half", 0.25),
        ("Replace the upbeat music with something jazzy at 60 percent volume", 0.6),
    ],
)
def test_how_loud_is_said_beside_the_music_and_changes_nothing_else(wish, volume):
    after = made(wish, FIRST)
    (music,) = [s for s in after.segments if s.role == "bgm"]
    assert round(music.get("volume"), 2) == volume
    assert after.duration_ms == FIRST.duration_ms


@pytest.mark.parametrize(
    ("wish", "end"),
    [
        ("Don't fade out the music at the end, let it stop hard", 0),
        ("let the music fade out over the last five seconds", 5000),
    ],
)
def test_the_end_of_the_music_fades_or_not(wish, end):
    after = made(wish, FIRST)
    (music,) = [s for s in after.segments if s.role == "bgm"]
    assert (music.get("fade_out") or 0) == end
    assert len(after.main.segments) == 5


def test_the_music_is_silent_while_a_shot_is_shown():
    (op,) = planner.plan("mute the music while the bowls are shown", FIRST, LIBRARY).ops
    assert (op.op, op.target.kind, op.range) == ("mute", "bgm", (12.0, 18.0))


def test_words_near_the_end_and_a_fade_for_the_title():
    after = made('add "Order by Sunday" two seconds before the end', FIRST)
    assert ("Order by Sunday", "text", 28, 30) in texts(after)
    (_, fade) = planner.plan("标题停留时间延长到六秒,并加上淡入效果", FIRST, LIBRARY).ops
    assert (fade.op, fade.target.kind) == ("animate", "title")


def test_a_brief_names_no_more_than_it_says():
    plan = planner.plan("Can you make a video with the mug and the bowls side by side?", Draft(), LIBRARY)
    assert not [op for op in plan.ops if op.op == "add_text"]


@pytest.mark.parametrize(
    ("wish", "title"),
    [
        ("the title should stay until the vase comes in", (0.5, 6)),
        ("标题放大，移到中间，停留五秒", (0.5, 5.5)),
    ],
)
def test_a_title_stays_as_long_as_it_is_said_to(wish, title):
    after = made(wish, FIRST)
    assert [(start, end) for text, role, start, end in texts(after) if role == "title"] == [title]
    assert after.duration_ms == FIRST.duration_ms


@pytest.mark.parametrize(
    ("brief", "expected"),
    [
        ("an 18s vertical ad. Open with the vase. Caption each photo with its name.", "Ribbed vase"),
        ("给这五个产品做个15秒视频，每个产品下面写上名字", "Stoneware mug"),
    ],
)
def test_the_names_of_files_stand_over_their_own_photos(brief, expected):
    after = made(brief)
    first = after.main.segments[0]
    (over,) = [text for text, _, start, _ in texts(after) if start == 0]
    assert over == expected
    assert over.casefold().replace(" ", "-") in first.name


def test_quick_cuts_keep_the_length_that_was_said():
    after = made('15 seconds for TikTok, hook text "Wait for it" in the first 2 seconds, fast cuts')
    assert after.duration_ms == 15_000
    assert {s.get("transition", {}).get("ms") for s in after.main.segments[1:]} == {200}


def test_the_last_photo_stands_longer_than_the_others_of_a_first_cut():
    after = made("用五张图做个朋友圈视频，每张2秒，配轻松的音乐，最后一张多停两秒")
    assert [s.duration_ms for s in after.main.segments] == [2000, 2000, 2000, 2000, 4000]


def test_the_first_two_are_swapped_and_the_last_goes():
    after = made("swap the first two and then delete the last one", FIRST)
    assert "".join(s.name[0] for s in after.main.segments) == "2134"


@pytest.mark.parametrize(
    "wish", ["台灯那张变黑白", "书包那张留三秒", "把雨伞那张删掉", "台灯那张放到第二个，时长改成8秒"]
)
def test_a_shot_that_nothing_is_called_is_asked_about(wish):
    plan = planner.plan(wish, FIRST, LIBRARY)
    assert not plan.ops
    assert len(plan.questions) == 1


@pytest.mark.parametrize(
    ("wish", "ops"),
    [
        ("最后那张变黑白", [("look", "clip")]),
        ("把标题放在左下角,晚一秒出现", [("move", "title"), ("set_timing", "title")]),
        ("这个音乐太吵了,换一个", [("change_music", None)]),
        ("give me a version without any text", [("remove", "text")]),
        ("take the last change back and then export in full hd", [("undo", None), ("export", None)]),
    ],
)
def test_wishes_in_several_clauses_are_one_thing_each(wish, ops):
    plan = planner.plan(wish, FIRST, LIBRARY)
    assert [(op.op, getattr(getattr(op, "target", None), "kind", None)) for op in plan.ops] == ops
    assert not plan.refused
