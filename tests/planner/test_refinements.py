"""Wishes as people type them once a video is there: what becomes of shots, texts, transitions and the logo."""

from __future__ import annotations

import pytest

from reelframe import planner
from reelframe.draft import Draft

from .products import WITH_LOGO, made

BASE = made(
    'combine these into a 30-second video with upbeat music, the title "Autumn finds" and captions "Mug", "Vase", '
    '"Bowls", "Cactus", "Tea set", with the logo in the top right',
    library=WITH_LOGO,
)


def told(wish: str) -> Draft:
    plan = planner.plan(wish, BASE, WITH_LOGO)
    assert not plan.questions
    return planner.apply(BASE, plan, WITH_LOGO)


def shots(draft: Draft) -> str:
    """``1:6 2:6``: of each shot the number of its file and its seconds."""
    return " ".join(f"{s.name[0]}:{s.duration_ms / 1000:g}" for s in draft.main.segments if s.role != "card")


def cuts(draft: Draft) -> str:
    """``crossfade.5 cut``: how each shot but the first begins."""
    found = (s.get("transition") or {"type": "cut", "ms": 0} for s in draft.main.segments[1:])
    return " ".join(f"{t['type']}{t['ms'] / 1000:g}".removesuffix("0") for t in found)


def words(draft: Draft) -> str:
    """``Mug 0-6``: what is read, and from when until when."""
    every = (s for track in draft.of_kind("text") for s in track.segments)
    spans = sorted((s.start_ms or 0, (s.start_ms or 0) + s.duration_ms, s.text) for s in every)
    return ", ".join(f"{text} {start / 1000:g}-{end / 1000:g}" for start, end, text in spans)


def of(draft: Draft, text: str):
    return next(s for track in draft.of_kind("text") for s in track.segments if s.text == text)


def logo(draft: Draft):
    return next(s for s in draft.segments if s.role == "logo")


@pytest.mark.parametrize(("wish", "expected"), [
    ("make it 15 seconds but leave the first photo at 5 seconds", "1:5 2:2.5 3:2.5 4:2.5 5:2.5"),
    ("shorten the video to 20 seconds, but the tea set stays 6 seconds", "1:3.5 2:3.5 3:3.5 4:3.5 5:6"),
    ("keep the first photo at 5 seconds", "1:5 2:6 3:6 4:6 5:6"),
    ("the cactus feels too long, two seconds is enough. same for the vase", "1:6 2:2 3:6 4:2 5:6"),
    ("move photo 4 to the start and make it 8 seconds", "4:8 1:6 2:6 3:6 5:6"),
    ("move the cactus to the front and hold it for 8 seconds", "4:8 1:6 2:6 3:6 5:6"),
    ("move the cactus to the front and delete the vase", "4:6 1:6 3:6 5:6"),
    ("delete the first photo and move the last one to the front", "5:6 2:6 3:6 4:6"),
    ("put the tea set right after the mug", "1:6 5:6 2:6 3:6 4:6"),
    ("lose the bowls, and make the others longer so its still 30 sec", "1:7.5 2:7.5 4:7.5 5:7.5"),
    ("second photo twice as long, third one half as long", "1:6 2:12 3:3 4:6 5:6"),
    ("can the mug shot be 3 seconds and the tea set 9?", "1:3 2:6 3:6 4:6 5:9"),
    ('rename Mug to "Cup". Leave Vase, Bowls and Cactus alone', "1:6 2:6 3:6 4:6 5:6"),
    ("fade in from white at the beginning, 1 sec", "1:6 2:6 3:6 4:6 5:6"),
    ("the title should stay until second 5", "1:6 2:6 3:6 4:6 5:6"),
    ("把仙人掌那张移到最前面,停留8秒", "4:8 1:6 2:6 3:6 5:6"),
    ("茶具那张放到第二个,时长改成8秒", "1:6 5:8 2:6 3:6 4:6"),
    ("把花瓶那张删掉,仙人掌移到最前面", "4:6 1:6 3:6 5:6"),
    ("马克杯那张改成3秒,茶具加到10秒", "1:3 2:6 3:6 4:6 5:10"),
    ("碗那张不要了,总时长还是30秒", "1:7.5 2:7.5 4:7.5 5:7.5"),
    ("除了茶具都去掉", "5:6"),
    ("take out the vase... no wait, put it back and take out the cactus instead", "1:6 2:6 3:6 5:6"),
])  # fmt: skip
def test_shots_come_in_their_order_and_for_their_time(wish, expected):
    assert shots(told(wish)) == expected


@pytest.mark.parametrize(("wish", "expected"), [
    ("use a wipe between the second and third photo, and a longer crossfade, one second, for the others",
     "crossfade1 wipe0.5 crossfade1 crossfade1"),
    ("I don't like the crossfades, just use hard cuts everywhere except before the last shot",
     "cut cut cut crossfade0.5"),
    ("hard cut between the vase and the bowls, everything else stays crossfaded",
     "crossfade0.5 cut crossfade0.5 crossfade0.5"),
    ("very slow transitions", "crossfade1.5 crossfade1.5 crossfade1.5 crossfade1.5"),
    ("make the crossfades a full second", "crossfade1 crossfade1 crossfade1 crossfade1"),
    ("转场全部改成直接切,只有第一张到第二张之间保留叠化", "crossfade0.5 cut cut cut"),
])  # fmt: skip
def test_what_was_said_of_one_cut_stays_beside_what_was_said_of_all(wish, expected):
    assert cuts(told(wish)) == expected


_TITLE = "Autumn finds 0.5-4.5"
_REST = "Vase 6-12, Bowls 12-18, Cactus 18-24, Tea set 24-30"


@pytest.mark.parametrize(("wish", "expected"), [
    ("the title should appear after 1 second and stay until second 5", f"Mug 0-6, Autumn finds 1-5, {_REST}"),
    ("make the title bigger and let it vanish after three seconds", f"Mug 0-6, Autumn finds 0.5-3, {_REST}"),
    ("标题再大一点,放到画面中间,三秒后消失", f"Mug 0-6, Autumn finds 0.5-3, {_REST}"),
    ("hide the captions after 20 seconds", f"Mug 0-6, {_TITLE}, Vase 6-12, Bowls 12-18, Cactus 18-20"),
    ('change "Bowls" to "Nesting bowls" and "Vase" to "Ribbed vase"',
     f"Mug 0-6, {_TITLE}, Ribbed vase 6-12, Nesting bowls 12-18, Cactus 18-24, Tea set 24-30"),
    ('replace the word Mug with "Stoneware mug"', f"Stoneware mug 0-6, {_TITLE}, {_REST}"),
    ('Please rename: Mug -> "Morning Mug", Tea set -> "Tea for Two"',
     f"Morning Mug 0-6, {_TITLE}, Vase 6-12, Bowls 12-18, Cactus 18-24, Tea for Two 24-30"),
    ('add "From $19" on the cactus for three seconds',
     f"Mug 0-6, {_TITLE}, Vase 6-12, Bowls 12-18, From $19 18-21, Cactus 18-24, Tea set 24-30"),
    ('add a "20% off" sticker text on the tea set shot',
     f"Mug 0-6, {_TITLE}, Vase 6-12, Bowls 12-18, Cactus 18-24, 20% off 24-30, Tea set 24-30"),
    ('make the vase warmer and add the text "Sold out" to it',
     f"Mug 0-6, {_TITLE}, Sold out 6-12, Vase 6-12, Bowls 12-18, Cactus 18-24, Tea set 24-30"),
    ('move the tea set to the front and put "New" on it',
     f"New 0-6, Tea set 0-6, {_TITLE}, Mug 6-12, Vase 12-18, Bowls 18-24, Cactus 24-30"),
    ("茶具放到最前面,它的文字改成「镇店之宝」",
     f"镇店之宝 0-6, {_TITLE}, Mug 6-12, Vase 12-18, Bowls 18-24, Cactus 24-30"),
    ('add an end screen with our logo and "clayhouse.com" for 3 seconds',
     f"Mug 0-6, {_TITLE}, {_REST}, clayhouse.com 30.2-33"),
    ("end with a card that shows our logo", f"Mug 0-6, {_TITLE}, {_REST}"),
    ("have the title come up at 2s and leave at 5s", f"Mug 0-6, Autumn finds 2-5, {_REST}"),
    ("put the price $19.99 in the bottom right corner", f"Mug 0-6, $19.99 0-30, {_TITLE}, {_REST}"),
    ('"$18" on the mug, "$42" on the vase. Top left, small', f"$18 0-6, Mug 0-6, {_TITLE}, $42 6-12, {_REST}"),
    ("图上的英文名换成中文的:马克杯、花瓶、碗、仙人掌、茶具",
     f"马克杯 0-6, {_TITLE}, 花瓶 6-12, 碗 12-18, 仙人掌 18-24, 茶具 24-30"),
    ("dont touch the first three shots. on the other two remove the captions and pan to the right",
     f"Mug 0-6, {_TITLE}, Vase 6-12, Bowls 12-18"),
    ('Add a 3 second intro card with our name, "North Shore", on black. The old title can go then',
     "North Shore 0.2-3, Mug 3-9, Vase 9-15, Bowls 15-21, Cactus 21-27, Tea set 27-33"),
])  # fmt: skip
def test_words_say_what_was_asked_for_when_it_was_asked_for(wish, expected):
    assert words(told(wish)) == expected


@pytest.mark.parametrize(("wish", "changed"), [
    ("Logo is in the way, move it to the bottom right and make it half as big",
     {"position": "bottom_right", "size": 0.05}),
    ("make the logo 20% bigger", {"position": "top_right", "size": 0.12}),
    ("make the logo twice as big, then put it in the bottom left", {"position": "bottom_left", "size": 0.2}),
    ("put the logo in the other corner", {"position": "top_left", "size": 0.1}),
    ("move the logo to the opposite corner", {"position": "bottom_left"}),
    ("logo放大一倍,放到右下角,只在前五秒出现", {"position": "bottom_right", "size": 0.2, "duration": 5000}),
    ("logo挪到左下角,透明度一半,前4秒先别出现", {"position": "bottom_left", "opacity": 0.5, "start": 4000}),
    ("hide the logo after 10 seconds", {"position": "top_right", "duration": 10_000}),
    ("show the logo only at the end, for the last four seconds, centred", {"position": "center", "start": 26_000}),
])  # fmt: skip
def test_the_logo_keeps_what_was_not_said(wish, changed):
    found = logo(told(wish))
    facts = {"start": found.start_ms, "duration": found.duration_ms, **dict(found.m or {})}
    assert {key: facts.get(key) for key in changed} == changed


@pytest.mark.parametrize(("wish", "key", "expected"), [
    ("all captions in caps, bold and at the top, except the last one", "position", ["top"] * 4 + [None]),
    ("每张图的名字都移到顶部去,最后一个别动", "position", ["top"] * 4 + [None]),
    ("标题改成「山野陶坊」,字大一点", "position", [None] * 5),
])  # fmt: skip
def test_an_exception_is_one_from_the_whole_list_of_styles(wish, key, expected):
    captions = [s for track in told(wish).of_kind("text") for s in track.segments if s.role == "caption"]
    assert [s.get(key) for s in sorted(captions, key=lambda s: s.start_ms or 0)] == expected
    assert all((s.get("style") or {}).get("size") is None for s in captions)


@pytest.mark.parametrize("wish", ["make Bowls italic", "Bowls改成斜体"])
def test_a_text_is_called_by_what_it_says(wish):
    after = told(wish)
    assert [(of(after, word).get("style") or {}).get("italic") for word in ("Bowls", "Mug")] == [True, None]


@pytest.mark.parametrize(("wish", "moves"), [
    ("slow zoom in on the second photo, slow zoom out on the fourth", {2: "in", 4: "out"}),
    ("第三张慢慢推近,第五张往左平移", {3: "in", 5: "left"}),
])  # fmt: skip
def test_a_number_alone_counts_shots_when_shots_were_spoken_of(wish, moves):
    ops = planner.plan(wish, BASE, WITH_LOGO).ops
    assert {op.target.index: op.direction for op in ops} == moves


@pytest.mark.parametrize(("wish", "start", "volume"), [
    ("The music should start at 4 seconds, once the title is gone", 4000, 0.5),
    ("speed it up to 1.5x but the music shouldn't speed up", 0, 0.5),
    ("the music should not get louder", 0, 0.5),
    ("music is way too loud, half of that please", 0, 0.25),
])  # fmt: skip
def test_the_music_is_as_loud_and_begins_when_it_is_to(wish, start, volume):
    (music,) = [s for s in told(wish).segments if s.role == "bgm"]
    assert (music.start_ms or 0, round(music.get("volume"), 2)) == (start, volume)


def test_the_brighter_ones_are_all_but_the_one_that_is_not_to_be_touched():
    after = told("make the photos brighter and a bit more contrast, but don't touch the last one")
    assert [(s.get("adjust") or {}) != {} for s in after.main.segments] == [True] * 4 + [False]
    assert shots(after) == shots(BASE)


@pytest.mark.parametrize(("wish", "mood", "fade"), [
    ("背景音乐换成舒缓的钢琴曲,结尾两秒淡出", "calm", 2000),
    ("change the music to jazz, fade out at the end", "jazz", 2000),
    ("I dont want this upbeat stuff, something calm instead", "calm", None),
])  # fmt: skip
def test_a_fade_after_the_music_is_of_the_music(wish, mood, fade):
    after = told(wish)
    (music,) = [s for s in after.segments if s.role == "bgm"]
    assert music.get("music")["mood"] == mood
    assert fade is None or music.get("fade_out") == fade
    assert after.get("fade_out") is None


@pytest.mark.parametrize(("color", "card", "ink"), [("white", "#ffffff", "#1a1a1a"), ("navy", "#000080", None)])
def test_a_card_has_the_colour_that_was_said_and_words_that_stand_out_from_it(color, card, ink):
    after = told(f'add a {color} end card "Thank you" for 2 seconds')
    assert after.main.segments[-1].get("color") == card
    assert (of(after, "Thank you").get("style") or {}).get("color") == ink


@pytest.mark.parametrize(("brief", "expected"), [
    ("slideshow of the vase, the cactus and the tea set in that order, ten seconds each", "2:10 4:10 5:10"),
    ("a 15 second ad for our tea set", "5:15"),
    ("给茶具做一个15秒的广告", "5:15"),
    ("把杯子和花瓶的照片合成一个十秒的视频", "1:5 2:5"),
    ("只要花瓶和茶具两张,每张5秒", "2:5 5:5"),
    ("做一个15秒视频,先放茶具,再放花瓶,最后放杯子", "5:5 2:5 1:5"),
    ("五张图按倒序播放,每张两秒半", "5:2.5 4:2.5 3:2.5 2:2.5 1:2.5"),
    ('Make a 20-second video with an end card "Shop now"', "1:3.4 2:3.4 3:3.4 4:3.4 5:3.4"),
    ("1. mug 3s 2. tea set 6s 3. vase 3s", "1:3 5:6 2:3"),
    ("茶具8秒,其他的各4秒", "1:4 2:4 3:4 4:4 5:8"),
    ("Two photos: vase first, then mug. 5 seconds each", "2:5 1:5"),
    ("all the photos, 4 seconds apiece", "1:4 2:4 3:4 4:4 5:4"),
    ("generate a video of a potter at the wheel, then show our product photos", "1:4 2:4 3:4 4:4 5:4"),
])  # fmt: skip
def test_a_brief_chooses_the_products_that_it_names(brief, expected):
    assert shots(made(brief, library=WITH_LOGO)) == expected


@pytest.mark.parametrize(("brief", "expected"), [
    ("我想给店里的茶具做个宣传片 大概半分钟 每张图下面写上名字", "Tea set 0-30"),
    ("15 seconds, end card with our logo and 'Visit us'", "Visit us 12.2-15"),
    ("all five, tea set first, 20 seconds, and put the shop name Clay & Kiln at the beginning", "Clay & Kiln 0-4"),
    ('30 seconds, everything except the bowls. Each shot gets a caption in yellow: "A", "B", "C", "D"',
     "A 0-7.5, B 7.5-15, C 15-22.5, D 22.5-30"),
    ("15 seconds, caption each photo, captions at the top",
     "Stoneware mug 0-3, Ribbed vase 3-6, Nesting bowls 6-9, Cactus planter 9-12, Tea set 12-15"),
    ("每张图3秒,图片下方依次标上:马克杯、花瓶、碗、仙人掌盆、茶具",
     "马克杯 0-3, 花瓶 3-6, 碗 6-9, 仙人掌盆 9-12, 茶具 12-15"),
    ('a 20 second video, "From $19" on the cactus for two seconds', "From $19 12-14"),
])  # fmt: skip
def test_the_words_of_a_brief_stand_with_what_they_are_about(brief, expected):
    assert words(made(brief, library=WITH_LOGO)) == expected


def test_a_look_for_one_product_is_only_for_that_one():
    after = made("All five, 5 seconds each; the vase one in sepia; name captions white and bold", library=WITH_LOGO)
    assert [s.get("look") for s in after.main.segments] == [None, "sepia", None, None, None]
    captions = [s for track in after.of_kind("text") for s in track.segments]
    assert [(s.get("style")["bold"], s.get("style")["color"]) for s in captions] == [(True, "#ffffff")] * 5
