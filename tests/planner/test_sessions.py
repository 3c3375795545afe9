"""Several requests one after another, asserted on the timeline that they lead to."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from reelframe import planner
from reelframe.draft import Draft
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media


def picture(name: str, **fields: Any) -> Media:
    known = {"kind": "image", "format": "jpeg", "size_bytes": 1000, "width": 1600, "height": 1200} | fields
    return Media(id=sha256(name.encode()).hexdigest(), name=name, **known)


LOGO = picture("logo.png", width=300, height=200, has_alpha=True, format="png")
LIBRARY = Library((*(picture(f"bread_{n}.jpg") for n in range(1, 6)), LOGO))


class Session:
    """Plans, applies and remembers, as whoever runs a session does; undo and redo are kept outside."""

    def __init__(self, library: Library = LIBRARY, project: str = "Corner Bakery") -> None:
        self.draft = Draft()
        self.library = library
        self.context = planner.Context(project=project)
        self.plan: Any = None
        self.past: list[Draft] = []

    def __call__(self, text: str) -> Session:
        self.plan = planner.plan(text, self.draft, self.library, self.context)
        before = self.draft
        undone = next((op.count or 1 for op in self.plan.ops if op.op == "undo"), 0)
        after = before
        for _ in range(undone):
            after = self.past.pop() if self.past else after
        if not undone:
            after = planner.apply(before, self.plan, self.library)
            if after != before:
                self.past.append(before)
        self.context = planner.next_context(self.context, text, before, after, self.library)
        self.draft = after
        return self

    @property
    def shots(self) -> list[str]:
        return [s.name.removesuffix(".jpg") for s in self.draft.main.segments if s.role != "card"]

    @property
    def texts(self) -> list[str]:
        return [s.text for track in self.draft.of_kind("text") for s in track.segments]

    @property
    def title(self) -> Any:
        return next(s for track in self.draft.of_kind("text") for s in track.segments if s.role == "title")

    @property
    def music(self) -> list[Any]:
        return [s for track in self.draft.of_kind("audio") for s in track.segments]

    @property
    def logos(self) -> list[Any]:
        return [s for s in self.draft.segments if s.role == "logo"]


FIRST = "combine these images into a 30-second video with background music and text overlays"


def test_the_first_cut_has_photos_music_a_title_and_the_logo_and_says_what_was_chosen() -> None:
    session = Session()(FIRST)
    assert session.shots == [f"bread_{n}" for n in range(1, 6)]
    assert session.draft.duration_ms == 30_000
    assert session.texts == ["Corner Bakery"]
    assert session.music[0].get("music")["mood"] == "upbeat"
    assert [s.media for s in session.logos] == [LOGO.id]
    said = " ".join(session.plan.assumptions)
    for word in ("Corner Bakery", "upbeat", "logo.png", "cross-fade"):
        assert word in said
    assert not session.plan.questions
    assert not session.plan.refused


def test_a_title_without_a_project_comes_from_the_files() -> None:
    session = Session(project="")(FIRST)
    assert session.texts == ["Bread"]
    camera = Library(tuple(picture(f"IMG_{n}.JPG") for n in (1001, 1002)))
    assert Session(camera, project="")(FIRST).texts == ["My video"]


def test_without_media_nothing_is_made_up() -> None:
    session = Session(Library())(FIRST)
    assert not session.plan.ops
    assert "Upload" in session.plan.questions[0]


def test_title_photos_shape_length_and_music_are_refined_and_taken_back() -> None:
    session = Session()(FIRST)
    size = session("make the title bigger").title.get("style")["size"]
    assert session("even bigger").title.get("style")["size"] >= size
    session('change the title to "Fresh at six"')
    assert session.texts == ["Fresh at six"]
    session("remove the third photo")
    assert session.shots == ["bread_1", "bread_2", "bread_4", "bread_5"]
    session("swap the first and the last photo")
    assert session.shots == ["bread_5", "bread_2", "bread_4", "bread_1"]
    session("make it 15 seconds")
    assert session.draft.duration_ms == 15_000
    session("make it vertical")
    assert session.draft.get("height") > session.draft.get("width")
    session("turn the music off")
    assert not session.music
    session("undo the last two")
    assert session.music
    assert session.draft.get("height") < session.draft.get("width")
    session("remove the title")
    assert not session.texts


def test_the_same_in_chinese() -> None:
    session = Session()("把这些照片做成一个20秒的视频,加音乐和标题")
    assert session.draft.duration_ms == 20_000
    assert session.music
    session("标题改成「新鲜出炉」")
    assert session.texts == ["新鲜出炉"]
    session("把第二张和第四张对调")
    assert session.shots == ["bread_1", "bread_4", "bread_3", "bread_2", "bread_5"]
    session("删掉最后一张")
    assert session.shots == ["bread_1", "bread_4", "bread_3", "bread_2"]
    session("改成方形")
    assert session.draft.get("height") == session.draft.get("width")
    session("不要音乐")
    assert not session.music
    session("撤销")
    assert session.music


def test_what_was_not_wanted_stays_out_of_the_first_cut() -> None:
    session = Session()("make a slideshow without music and without a title, 3 seconds per photo")
    assert not session.music
    assert not session.texts
    assert session.draft.duration_ms == 15_000


def test_the_defaults_of_a_first_cut_can_be_stripped() -> None:
    session = Session()(FIRST)("keep only the photos")
    assert len(session.shots) == 5
    assert not session.texts
    assert not session.music
    assert not session.logos


def test_another_video_in_one_session_keeps_what_the_session_had() -> None:
    session = Session()(FIRST)('change the title to "Rye"')("now a square one of the first three photos")
    assert session.shots == ["bread_1", "bread_2", "bread_3"]
    assert session.draft.get("height") == session.draft.get("width")
    assert session.texts == ["Rye"]
    assert session.music
    without = Session()(FIRST)("no music")("now a vertical one of the last two photos")
    assert without.shots == ["bread_4", "bread_5"]
    assert not without.music


def test_it_is_what_was_touched_last() -> None:
    session = Session()(FIRST)("add text 'Warm' at the top")("make it red")("move it to the bottom")
    (text,) = [s for track in session.draft.of_kind("text") for s in track.segments if s.text == "Warm"]
    assert text.get("style")["color"] == "#ff0000"
    assert text.get("position") == "bottom"
    assert "color" not in (session.title.get("style") or {})


def test_the_selection_goes_before_a_question() -> None:
    session = Session()(FIRST)
    chosen = session.draft.main.segments[3].id
    session.context = planner.Context(selection=(chosen,))
    session("delete this clip")
    assert session.shots == ["bread_1", "bread_2", "bread_3", "bread_5"]


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("the second one", "bread_2"),
        ("3", "bread_3"),
        ("bread_4", "bread_4"),
        ("the last", "bread_5"),
        ("第一个", "bread_1"),
    ],
)
def test_a_question_is_answered_in_the_next_message(answer: str, gone: str) -> None:
    session = Session()(FIRST)("make it 20 seconds")
    session.context = planner.Context()
    session("delete this photo")
    assert session.plan.questions
    assert len(session.shots) == 5
    session(answer)
    assert gone not in session.shots
    assert len(session.shots) == 4


def test_yes_no_and_values_are_answers_and_a_new_wish_is_none() -> None:
    cut = Session()(FIRST)("cut from 0:06 to 0:12")
    assert cut.plan.questions
    assert cut("yes").draft.duration_ms == 6000
    assert Session()(FIRST)("cut from 0:06 to 0:12")("take it out").draft.duration_ms == 24_000
    assert Session()(FIRST)("cut from 0:06 to 0:12")("no").draft.duration_ms == 30_000
    changed = Session()(FIRST)("cut from 0:06 to 0:12")("make it vertical instead")
    assert changed.draft.get("height") > changed.draft.get("width")
    assert changed.draft.duration_ms == 30_000
    session = Session()(FIRST)("change the title")
    assert session.plan.questions
    assert session("Sourdough Days").texts == ["Sourdough Days"]
    session = Session()(FIRST)("add a caption")
    assert session("Made by hand").texts == ["Corner Bakery", "Made by hand"]
    session = Session()("make a slideshow without a title")("change the title")("是的")
    assert session.plan.questions
    assert session("你好").texts == ["你好"]


def test_numbers_speak_of_the_timeline_as_the_user_sees_it() -> None:
    session = Session()(FIRST)("delete photo 2, show photo 3 for 2 seconds and delete photo 5")
    assert session.shots == ["bread_1", "bread_3", "bread_4"]
    lengths = {s.name: s.duration_ms for s in session.draft.main.segments}
    assert lengths["bread_3.jpg"] == 2000


def test_style_words_after_a_new_text_belong_to_it() -> None:
    session = Session()(FIRST)("add a text that says 'New' near the top, bold and yellow, from 2 to 5 seconds")
    (text,) = [s for track in session.draft.of_kind("text") for s in track.segments if s.text == "New"]
    assert text.get("style")["bold"] is True
    assert text.get("style")["color"] in {"yellow", "#ffff00"}
    assert text.get("position") == "top"


def test_suggestions_fit_and_can_be_sent_as_they_stand() -> None:
    for language in ("en", "zh"):
        session = Session()
        seen: set[str] = set()
        for text in (None, FIRST, "remove the title", "no music"):
            if text:
                session(text)
            offers = planner.suggestions(session.draft, session.library, language)
            assert len(offers) == len(set(offers)) == 3
            seen |= set(offers)
            for offer in offers:
                plan = planner.plan(offer, session.draft, session.library, session.context)
                assert plan.ops, offer
                assert not plan.refused, offer
                if not any(op.op == "export" for op in plan.ops):
                    assert planner.apply(session.draft, plan, session.library) != session.draft, offer
        assert len(seen) > 3
    assert planner.suggestions(Draft(), Library(), "en")[0].startswith("Upload")


def test_what_cannot_be_applied_says_why_and_changes_nothing() -> None:
    session = Session()(FIRST)
    before = session.draft
    with pytest.raises(PlanError, match=r"."):
        session("split at 6 seconds")
    assert session.draft == before
