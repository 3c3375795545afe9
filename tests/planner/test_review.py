"""Whole conversations on photos, in both languages: first words on an empty timeline, which shots go, what an answer is."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelframe import planner
from reelframe.draft import Draft
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media

NAMES = ("1-stoneware-mug.jpg", "2-ribbed-vase.jpg", "3-tea-set.jpg", "4-bowl.jpg", "5-plate.jpg")
FIRST = "combine these images into a 30-second video with background music and a title 'Clay'"


def picture(name: str) -> Media:
    digest = sha256(name.encode()).hexdigest()
    return Media(id=digest, name=name, kind="image", format="jpeg", size_bytes=1000, width=1600, height=1200)


def library(*names: str) -> Library:
    return Library(tuple(picture(name) for name in names or NAMES))


class Talk:
    """Messages planned and applied one after another."""

    def __init__(self, *messages: str, files: Library | None = None, project: str = "") -> None:
        self.library = files or library()
        self.draft = Draft()
        self.context = planner.Context(project=project)
        self.plan: Any = None
        for message in messages:
            self(message)

    def __call__(self, text: str) -> Talk:
        before = self.draft
        self.plan = planner.plan(text, before, self.library, self.context)
        self.draft = planner.apply(before, self.plan, self.library)
        self.context = planner.next_context(self.context, text, before, self.draft, self.library)
        return self

    @property
    def shots(self) -> str:
        """The first character of every shot's file name: its number in upload order."""
        return "".join(s.name[0] for s in self.draft.main.segments if s.role != "card") if self.draft.main else ""

    @property
    def texts(self) -> list[str]:
        return [s.text for track in self.draft.of_kind("text") for s in track.segments]

    @property
    def music(self) -> list[Any]:
        return [s for track in self.draft.of_kind("audio") for s in track.segments]

    @property
    def ops(self) -> list[str]:
        return [op.op for op in self.plan.ops]

    @property
    def said(self) -> str:
        return " ".join((*self.plan.assumptions, *self.plan.questions, *(r.nearest for r in self.plan.refused)))

    @property
    def upright(self) -> bool:
        return int(self.draft.get("height", 0)) > int(self.draft.get("width", 1))


FIRST_WORDS = [
    ("a 20-second vertical video with upbeat music", 20, True, []),
    ("3 second video", 3, False, []),
    ("a 15-second video with music", 15, False, []),
    ("a 20-second video with calm music", 20, False, []),
    ("A 15-second video of Mug for $12", 15, False, ["Mug"]),
    ("make it vertical and 15 seconds", 15, True, []),
    ("portrait, 12 seconds, title 'New in'", 12, True, ["New in"]),
    ("10s for Reels please, with a warm look", 10, True, []),
    ("combine these into a 30-second video with calm music", 30, False, []),
    ("combine these into a 30-second video with background music", 30, False, []),
    ("制作一个15秒的竖屏视频，标题「新品上市」", 15, True, ["新品上市"]),
    ("20秒竖屏视频,配欢快的音乐", 20, True, []),
    ("十秒的视频", 10, False, []),
]


@pytest.mark.parametrize(("text", "seconds", "upright", "texts"), FIRST_WORDS, ids=[row[0] for row in FIRST_WORDS])
def test_first_words_make_a_first_cut_of_what_was_uploaded(
    text: str, seconds: float, upright: bool, texts: list[str]
) -> None:
    talk = Talk(text)
    assert talk.shots == "12345"
    assert talk.draft.duration_ms == seconds * 1000
    assert talk.upright is upright
    assert talk.texts == texts
    assert len(talk.music) == 1
    assert not talk.plan.questions
    assert not talk.plan.refused


def test_a_first_cut_keeps_out_what_was_not_wanted() -> None:
    talk = Talk("a 10-second square video without music")
    assert talk.shots == "12345"
    assert not talk.music


def test_taking_away_from_nothing_makes_no_video() -> None:
    with pytest.raises(PlanError):
        Talk("remove the second photo")


@pytest.mark.parametrize(
    ("files", "said", "silent"),
    [
        (("mug.jpg",), "zoom", "cross-fade"),
        (("mug.jpg", "vase.jpg"), "cross-fade", "vertical"),
    ],
)
def test_what_is_said_of_a_first_cut_is_true_of_it(files: tuple[str, ...], said: str, silent: str) -> None:
    talk = Talk("a 6-second video", files=library(*files))
    assert said in talk.said
    assert silent not in talk.said


@pytest.mark.parametrize(
    ("files", "project", "title", "source"),
    [
        (("stoneware-mug.jpg",), "", "Stoneware mug", "name of the file"),
        (("1 stoneware mug.jpg",), "", "Stoneware mug", "name of the file"),
        (("bread_1.jpg", "bread_2.jpg"), "", "Bread", "names of the files"),
        (("A.jpg", "B.jpg"), "", "My video", "say nothing"),
        (NAMES, "", "My video", "say nothing"),
        (NAMES, "Kiln & Co", "Kiln & Co", "project"),
        (NAMES, "untitled", "My video", "say nothing"),
        (NAMES, "Project", "My video", "say nothing"),
        (("bread.jpg", "breadstick.jpg"), "", "My video", "say nothing"),
        (("IMG_1234.JPG",), "", "My video", "say nothing"),
        (("IMG_1234.JPG", "IMG_1240.JPG"), "out", "My video", "say nothing"),
        (("DSC0001.jpg",), "", "My video", "say nothing"),
        (("微信图片_20240102113015.jpg",), "", "My video", "say nothing"),
        (("Screenshot 2024-01-02 at 10.11.12.png",), "", "My video", "say nothing"),
        (("WhatsApp Image 2024-01-02 at 10.11.jpg",), "", "My video", "say nothing"),
        (("mmexport1700000000.jpg",), "", "My video", "say nothing"),
    ],
)
def test_a_title_that_was_asked_for_is_taken_from_where_it_says(
    files: tuple[str, ...], project: str, title: str, source: str
) -> None:
    talk = Talk("a 10-second video with text overlays", files=library(*files), project=project)
    assert talk.texts == [title]
    assert source in talk.said
    assert not Talk("a 10-second video with music", files=library(*files), project=project).texts


def test_a_neutral_title_is_in_the_users_language() -> None:
    talk = Talk("做一个10秒的视频,加标题", files=library("IMG_1.jpg", "IMG_2.jpg"))
    assert talk.texts == ["我的视频"]
    assert "文件名" in talk.said


REMOVALS = [
    ("remove the last two photos", "123"),
    ("delete the last 3 photos", "12"),
    ("delete the first two photos", "345"),
    ("删除最后两张", "123"),
    ("删掉最后三张照片", "12"),
    ("remove the first and the last photo", "234"),
    ("delete the last photo", "1234"),
    ("remove photos 2 and 4", "135"),
]


@pytest.mark.parametrize(("text", "left"), REMOVALS, ids=[row[0] for row in REMOVALS])
def test_the_shots_that_were_named_go_and_the_others_stay(text: str, left: str) -> None:
    assert Talk(FIRST, text).shots == left


@settings(max_examples=60, deadline=None)
@given(st.sets(st.sampled_from([1, 2, 3, 4, 5]), min_size=1, max_size=4), st.sampled_from(["en", "zh"]))
def test_what_remains_is_the_complement_of_what_was_named(gone: set[int], language: str) -> None:
    numbers = sorted(gone)
    text = (
        f"remove photos {' and '.join(map(str, numbers))}"
        if language == "en"
        else "、".join(f"第{n}张" for n in numbers)
    )
    talk = Talk(FIRST, text if language == "en" else f"删掉{text}")
    assert talk.shots == "".join(str(n) for n in range(1, 6) if n not in gone)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 4), st.booleans())
def test_a_count_from_either_end_is_that_many_shots(count: int, last: bool) -> None:
    talk = Talk(
        FIRST,
        f"remove the {'last' if last else 'first'} {count} photos"
        if count > 1
        else f"remove the {'last' if last else 'first'} photo",
    )
    assert talk.shots == ("12345"[:-count] if last else "12345"[count:])


ANSWERS = [
    (("remove a photo", "put the tea set first"), "31245"),
    (("remove a photo", "make the second one black and white"), "12345"),
    (("remove a photo", "the tea set"), "1245"),
    (("remove a photo", "the second one"), "1345"),
    (("remove a photo", "第二个"), "1345"),
    (("remove a photo", "no"), "12345"),
    (("remove a photo", "swap 1 and 2"), "21345"),
    (("删掉一张照片", "把第三张放到最前面"), "31245"),
]


@pytest.mark.parametrize(("messages", "shots"), ANSWERS, ids=[row[0][1] for row in ANSWERS])
def test_a_new_request_is_no_answer_to_the_question_before(messages: tuple[str, ...], shots: str) -> None:
    talk = Talk(FIRST, *messages)
    assert talk.shots == shots
    assert not talk.plan.questions


@pytest.mark.parametrize(
    ("asking", "then", "texts", "upright"),
    [
        ("标题大一点", "竖屏", [], True),
        ("标题大一点", "新品上市", ["新品上市"], False),
        ("标题大一点", "「竖屏」", ["竖屏"], False),
        ("make the title bigger", "make it vertical", [], True),
        ("make the title bigger", '"make it vertical"', ["make it vertical"], False),
        ("make the title bigger", "Golden Hour", ["Golden Hour"], False),
        ("make the title bigger", "fresh bread daily", ["fresh bread daily"], False),
        ("make the title bigger", "remove the last photo", [], False),
    ],
)
def test_a_request_is_not_taken_for_the_words_that_were_asked_for(
    asking: str, then: str, texts: list[str], upright: bool
) -> None:
    talk = Talk("combine these into a 10-second video with music", asking)
    assert talk.plan.questions
    talk(then)
    assert talk.texts == texts
    assert talk.upright is upright


@pytest.mark.parametrize(
    ("asking", "value", "op"),
    [
        ("split it", "at 5 seconds", "split"),
        ("split it", "5", "split"),
        ("change the background", "red", "set_background"),
    ],
)
def test_a_value_alone_is_an_answer(asking: str, value: str, op: str) -> None:
    talk = Talk(FIRST, asking, value)
    assert talk.ops == [op]


ORDERS = [
    ("swap 1 and 3", "32145"),
    ("swap 4 with 2", "14325"),
    ("对调1和3", "32145"),
    ("swap the bowl and the tea set", "12435"),
    ("move 3 to position 1", "31245"),
    ("move 2 after 4", "13425"),
    ("move 5 before 2", "15234"),
    ("move 1 to the end", "23451"),
    ("put the plate first", "51234"),
    ("move the ribbed vase to the end", "13452"),
]


@pytest.mark.parametrize(("text", "order"), ORDERS, ids=[row[0] for row in ORDERS])
def test_bare_numbers_and_names_mean_shots(text: str, order: str) -> None:
    assert Talk(FIRST, text).shots == order


@pytest.mark.parametrize(
    "text", ["remove the vase", "remove 2-ribbed-vase.jpg", "delete the RIBBED VASE", "remove 2-Ribbed-Vase"]
)
def test_a_shot_is_found_by_its_files_name(text: str) -> None:
    talk = Talk(FIRST, text)
    assert talk.shots == "1345"
    talk(text)
    assert talk.shots == "1345"
    assert "2-ribbed-vase.jpg is not in the video" in talk.said


def test_a_chinese_file_name_is_found_too() -> None:
    files = library("茶具.jpg", "花瓶.jpg", "大碗.jpg")
    assert Talk("做成12秒的视频", "删掉花瓶", files=files).shots == "茶大"


@pytest.mark.parametrize("back", ["music on", "turn the music back on", "打开音乐", "put the music back on"])
@pytest.mark.parametrize("off", ["music off", "不要音乐", "mute the music"])
def test_music_that_went_comes_back_as_it_was(off: str, back: str) -> None:
    talk = Talk(FIRST, "change the music to calm")
    was = talk.music[0]
    talk(off)
    assert not [s for s in talk.music if not s.get("muted")]
    talk(back)
    (now,) = talk.music
    assert now.get("music")["mood"] == was.get("music")["mood"] == "calm"
    assert now.volume == was.volume
    assert not now.get("muted")


@pytest.mark.parametrize(("off", "on"), [("静音", "取消静音"), ("mute", "unmute"), ("mute everything", "unmute it")])
def test_what_was_muted_is_as_loud_as_before(off: str, on: str) -> None:
    before = Talk(FIRST)
    talk = Talk(FIRST, off)
    assert talk.music[0].get("muted")
    talk(on)
    assert talk.draft == before.draft
    talk(on)
    assert not talk.plan.ops
    assert talk.plan.assumptions


def test_music_ends_where_it_is_stopped_and_is_not_another_piece() -> None:
    talk = Talk(FIRST)
    was = talk.music[0].get("music")
    talk("stop the music after 5 seconds")
    assert talk.music[0].duration_ms == 5000
    assert talk.music[0].get("music") == was


def test_ones_own_music_is_asked_for_and_then_used() -> None:
    talk = Talk(FIRST, "use my own music")
    assert "file" in talk.plan.questions[0]
    song = Media(
        id=sha256(b"song").hexdigest(), name="song.mp3", kind="audio", format="mp3", size_bytes=9, duration_s=60
    )
    talk.library = talk.library.add(song)
    talk("use my own music")
    assert talk.music[0].media == song.id


@pytest.mark.parametrize(
    "text", ["a square one of the first three photos", "now a square one of the first three photos"]
)
def test_one_of_some_photos_is_a_new_cut_of_them(text: str) -> None:
    talk = Talk(FIRST, text)
    assert talk.shots == "123"
    assert talk.draft.get("width") == talk.draft.get("height")
    assert talk.texts == ["Clay"]


def test_the_last_goes_to_the_first_place_and_not_behind_it() -> None:
    assert Talk(FIRST, "最后一张放到第一个").shots == "51234"
    assert Talk(FIRST, "顺序倒过来").shots == "54321"


def test_how_it_should_feel_moves_no_title() -> None:
    talk = Talk(FIRST, "change the title to 'Kiln'")
    before = talk.draft
    talk("make it look more premium")
    assert talk.draft == before
    assert talk.plan.questions


def test_music_that_is_there_is_kept_by_a_wish_for_music_beside_another() -> None:
    talk = Talk(FIRST)
    was = talk.music[0].get("music")
    talk("make it 20 seconds with music")
    assert talk.draft.duration_ms == 20_000
    assert talk.music[0].get("music") == was


def test_several_captions_stand_over_the_shots_in_order_and_none_is_none() -> None:
    talk = Talk(FIRST, "captions: 'One', 'Two', 'Three', music: none")
    texts = [s for track in talk.draft.of_kind("text") for s in track.segments if s.role == "caption"]
    assert [(s.text, s.get("start"), s.duration_ms) for s in texts] == [
        ("One", 0, 6000),
        ("Two", 6000, 6000),
        ("Three", 12_000, 6000),
    ]
    assert not talk.music


def test_a_title_on_one_photo_leaves_the_title_of_the_whole() -> None:
    talk = Talk(FIRST, "add title 'X' to the second photo")
    (text,) = [s for track in talk.draft.of_kind("text") for s in track.segments if s.text == "X"]
    assert (text.get("start"), text.duration_ms) == (6000, 6000)
    assert "Clay" in talk.texts


@pytest.mark.parametrize("messages", [("make it 3 hours long",), (FIRST, "make it 3 hours long"), (FIRST, "改成3小时")])
def test_hours_of_five_photos_are_asked_about(messages: tuple[str, ...]) -> None:
    talk = Talk(*messages)
    assert talk.plan.questions
    assert not talk.plan.ops
    assert talk("30 seconds").draft.duration_ms == 30_000


@pytest.mark.parametrize("text", ["ok", "no", "好的", "不用了"])
def test_a_reply_to_nothing_was_not_understood(text: str) -> None:
    talk = Talk(FIRST, text)
    assert not talk.plan.ops
    assert not talk.plan.refused
    assert "understand" in talk.said or "听懂" in talk.said


def test_lengths_relative_to_the_present_one() -> None:
    assert Talk(FIRST, "half as long").draft.duration_ms == 15_000
    assert Talk(FIRST, "make it twice as long").draft.duration_ms == 60_000


def test_everything_can_be_deleted() -> None:
    assert Talk(FIRST, "全部删除").ops == ["remove"]
