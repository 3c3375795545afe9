"""The agent's GUI talk: what goes, what stays, and what is done instead."""

# ruff: noqa: Q003 -- quotations of all kinds are what is tested

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelframe.client.phrasing import Phrasing

# what the agent says, what the user reads, what is done
CASES: list[tuple[str, str, list[str]]] = [
    # export
    ("Click Export.", "", ["export"]),
    ("Click the Export button to download your video.", "", ["export"]),
    ("Click **Export** in the top right corner.", "", ["export"]),
    ("Click \"Export\" when you're happy.", "", ["export"]),
    ("You can click Export now.", "", ["export"]),
    ("When you're ready, click Export.", "", ["export"]),
    ("To save the video, press the Export button.", "", ["export"]),
    ("Use the Export button to save it.", "", ["export"]),
    ("The Export button is in the top right corner.", "", ["export"]),
    ("Please tap Download to get your file.", "", ["export"]),
    ("Then hit the download button.", "", ["export"]),
    ("Your video is ready: click Export.", "Your video is ready.", ["export"]),
    ("I made the title bigger, so click Export to download it.", "I made the title bigger.", ["export"]),
    ("I made the title bigger. Click Export. It lasts 30 seconds.", "I made the title bigger. It lasts 30 seconds.", ["export"]),
    ("1. Click Export\n2. The video has 3 clips", "2. The video has 3 clips", ["export"]),
    ("Click Export; the video is 30 seconds long.", "the video is 30 seconds long.", ["export"]),
    ("点击导出。", "", ["export"]),
    ("请点击「导出」按钮下载视频。", "", ["export"]),
    ("您可以点击右上角的导出按钮。", "", ["export"]),
    ("满意的话，点击导出。", "", ["export"]),
    ("标题已经放大，请点击导出。", "标题已经放大。", ["export"]),
    ("视频已生成。点击导出即可下载。共30秒。", "视频已生成。共30秒。", ["export"]),
    ("导出按钮在右上角。", "", ["export"]),
    ("您可以在右上角导出视频。", "", ["export"]),
    ("All that is left is to click Export.", "", ["export"]),
    ("The clip was trimmed; open the Effects panel to tweak it.", "The clip was trimmed.", ["state"]),
    # panels, previews, credits, undo
    ("Open the media panel to see your clips.", "", ["state"]),
    ("Go to the settings tab.", "", ["state"]),
    ("打开素材面板查看。", "", ["state"]),
    ("You can preview it in the timeline.", "", ["timeline"]),
    ("Preview the result in the editor.", "", ["timeline"]),
    ("Click the play button.", "", ["timeline"]),
    ("您可以在时间线中预览效果。", "", ["timeline"]),
    ("点击播放按钮。", "", ["timeline"]),
    ("Check your account page for more credits.", "", ["credits"]),
    ("Go to the billing page in your account.", "", ["credits"]),
    ("请前往账户页面充值。", "", ["credits"]),
    ("Click Undo to go back.", "", ["undo"]),
    ("点击撤销。", "", ["undo"]),
    ("Click the upload button to add photos.", "", ["upload"]),
    # drag, and buttons that only the agent knows
    ("Drag the second clip to the start.", "", ["message:Drag the second clip to the start"]),
    ("You can drag and drop the logo to the corner.", "", ["message:drag and drop the logo to the corner"]),
    ("将第二个片段拖到开头。", "", ["message:将第二个片段拖到开头"]),
    ("拖拽标题到顶部。", "", ["message:拖拽标题到顶部"]),
    ("Click the Auto Captions button.", "", ["message:Click the Auto Captions button"]),
    ('Click "Remove background".', "", ['message:Click "Remove background"']),
    # descriptions of content stay
    ("I added a mouse click sound at 2s.", None, []),
    ("The caption now reads \"Click Export\".", None, []),
    ("The caption now reads 'click the link below'.", None, []),
    ("I set the text to \"Open the box\" and moved it up.", None, []),
    ("The video opens with the logo.", None, []),
    ("Should I open with the logo?", None, []),
    ("A hand taps the screen in the second clip.", None, []),
    ("I added a red button at the end.", None, []),
    ("I added an Export button graphic as you asked.", None, []),
    ("Drag race footage comes first.", None, []),
    ("The timeline now has 3 clips.", None, []),
    ("Select moments were kept.", None, []),
    ("The export is ready.", None, []),
    ("Your video is 3.5 seconds long, e.g. for a story.", None, []),
    ("Done!", None, []),
    ("The title is now bigger. The music fades out.", None, []),
    ("I can open the scene with a zoom into the settings of the old town.", None, []),
    ("See the new title at the top right.", None, []),
    ("Use the settings you prefer.", None, []),
    ("The video shows how to click the button.", None, []),
    ("Would you like me to export it now?", None, []),
    ("I'll drop the bass at 0:10.", None, []),
    ("我把按钮颜色改成了红色。", None, []),
    ("Press coverage is shown in clip 2.", None, []),
    ("我给第二个片段加了点击音效。", None, []),
    ("字幕改为「点击导出」。", None, []),
    ("视频以标志开场。", None, []),
    ("画面中的人点击了手机。", None, []),
    ("时间线上现在有三个片段。", None, []),
    ("标题已经改成“打开面板”。", None, []),
    ("已添加背景音乐，音量为35%。", None, []),
    ("拖延症主题的视频已完成。", None, []),
]  # fmt: skip


def whole(text: str, size: int = 10_000) -> tuple[str, list[str]]:
    phrasing = Phrasing()
    out, actions = "", []
    for start in range(0, len(text), size):
        shown, found = phrasing.push(text[start : start + size])
        out, actions = out + shown, actions + list(found)
    shown, found = phrasing.flush()
    names = [a.action + (f":{a.args['message']}" if a.args else "") for a in [*actions, *found]]
    return out + shown, names


@pytest.mark.parametrize(("said", "shown", "done"), CASES)
def test_phrasing(said: str, shown: str | None, done: list[str]) -> None:
    assert whole(said) == (said if shown is None else shown, done)


@pytest.mark.parametrize("said", [case[0] for case in CASES])
@pytest.mark.parametrize("size", [1, 3, 7])
def test_however_the_stream_cuts_it(said: str, size: int) -> None:
    assert whole(said, size) == whole(said)


@given(
    st.lists(st.sampled_from([c[0] for c in CASES]), max_size=4),
    st.integers(1, 40),
    st.sampled_from([" ", "\n", "\n\n"]),
)
def test_texts_of_several_sentences_do_not_depend_on_the_cut(said: list[str], size: int, between: str) -> None:
    text = between.join(said)
    assert whole(text, size) == whole(text)


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=200), st.integers(1, 20))
def test_any_text_survives(text: str, size: int) -> None:
    shown, _ = whole(text, size)
    assert len(shown) <= len(text) + 1


def test_nothing_is_held_back_for_ever() -> None:
    phrasing = Phrasing()
    shown, _ = phrasing.push("word " * 2000)
    assert len(shown) >= 4000


def test_a_long_text_takes_linear_time() -> None:
    import time

    def took(n: int) -> float:
        text = "The title is bigger now and the music fades out. " * n
        start = time.perf_counter()
        whole(text, 50)
        return time.perf_counter() - start

    took(10)
    assert took(800) < 40 * max(took(100), 0.002)
