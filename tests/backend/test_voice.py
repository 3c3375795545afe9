"""What is said: named as a person would, and a Chinese conversation that is Chinese to its last full stop."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest

import reelframe.edits
from reelframe.backend import answers
from reelframe.backend.refusals import _NOUNS, in_chinese
from reelframe.backend.voice import Voice, set_in_type
from reelframe.backend.wording import PHRASES
from reelframe.draft import Draft
from reelframe.edits.targets import NOUNS
from reelframe.errors import PlanError

from .conftest import data, photo, text_draft

HALF_WIDTH = re.compile(r"(?<=[\u3400-\u9fff）」])[,.:;?!()]|[,:;?!()](?=[\u3400-\u9fff（「])")
ENGLISH = re.compile(r"[A-Za-z]{3,}")


@pytest.mark.parametrize(("text", "typeset"), [
    ("画面比例现在是 1:1,1080x1080(原 1920x1080)。", "画面比例现在是 1:1，1080x1080（原为 1920x1080）。"),
    ("整个视频的风格现在是 黑白(原 无)。", "整个视频的风格现在是黑白（原来没有）。"),
    ("标题:颜色现在是 白色、粗体现在是 开。", "标题：颜色现在是白色、粗体已开启。"),
    ("已添加标题(0.5-4.5 秒)。", "已添加标题（0.5–4.5 秒）。"),
    ("从 0:10 到 0:20;您指的是哪一段?", "从 0:10 到 0:20；您指的是哪一段？"),
    ("- 第一,\n- 第二.", "- 第一，\n- 第二。"),
    ("见 https://example.com/a", "见 https://example.com/a"),
])  # fmt: skip
def test_chinese_is_set_in_chinese_type(text, typeset):
    assert set_in_type(text) == typeset
    assert set_in_type(typeset) == typeset


def test_names_and_quotations_are_nobodys_to_change():
    draft = Draft.from_wire(text_draft("Clip (1), ok? #ffff00"))
    voice = Voice("zh", photos=True, names=frozenset({"IMG (1), a.jpg"}))
    assert voice.finish("顺序现在是:IMG (1), a.jpg、b.jpg") == "顺序现在是：IMG (1), a.jpg、b.jpg"
    assert voice.finish("文字「Clip (1), ok? #ffff00」(新)") == "文字「Clip (1), ok? #ffff00」（新）"
    assert (
        Voice.of("en", None, draft).finish('Text "a #ffff00 clip" is now #ffff00.')
        == 'Text "a #ffff00 clip" is now yellow.'
    )
    english = Voice("en", photos=True, names=frozenset({"my clip.jpg"}))
    assert english.about_shots("Clip 2 'my clip.jpg' and 3 clips: my clip.jpg") == (
        "Photo 2 'my clip.jpg' and 3 photos: my clip.jpg"
    )


def raised():
    """A sample of every sentence that the edits raise a PlanError with, and of every hint."""
    found = set()

    def samples(node):
        match node:
            case ast.Constant(value=str()):
                return [node.value]
            case ast.JoinedStr():
                parts = [
                    [v.value] if isinstance(v, ast.Constant) else samples(v.value) if isinstance(v.value, ast.IfExp) else [filled(v)]
                    for v in node.values
                ]  # fmt: skip
                return ["".join(p) for p in itertools.product(*parts)]
            case ast.IfExp():
                return [*samples(node.body), *samples(node.orelse)]
            case _:
                return []

    def filled(value):
        name = ast.unparse(value.value)
        if "NOUNS" in name or name in {"one", "many"}:
            return "clip" if "[1]" not in name and name != "many" else "clips"
        return {"what": "The range", "name": "the video", "have": "there are 3 clips", "why": ""}.get(name, "7")

    for path in Path(reelframe.edits.__file__).parent.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef) or "PlanError(" not in ast.unparse(function):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"message", "hint"}:
                    found.update(samples(node.value))
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "PlanError":
                    for one in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "hint")]:
                        found.update(samples(one))
    # A word that brings its own space.
    return sorted(one.replace("The rangewas", "A subtitle file was") for one in found)


def test_every_refusal_of_an_edit_has_chinese_words():
    sentences = raised()
    assert len(sentences) > 150
    assert [one for one in sentences if one and in_chinese(one) is None] == []
    for sentence in sentences:
        chinese = in_chinese(sentence)
        assert not HALF_WIDTH.search(re.sub(r"\d:\d", "", chinese)), chinese
        left = set(ENGLISH.findall(re.sub("「.*?」", "", chinese))) - {"CSS", "rrggbb", "srt", "vtt", "720p", "4320p"}
        assert left <= set(ENGLISH.findall("fade slide pop typewriter")), chinese


def test_every_noun_of_a_refusal_has_a_chinese_word():
    assert {word for pair in NOUNS.values() for word in pair} <= set(_NOUNS)
    assert (
        in_chinese("The text can't be played backwards: only photos and clips can.")
        == "文字不能倒放，只有照片和片段可以。"
    )
    assert in_chinese("There is no clip 9: there are 5 clips.") == "没有第 9 个片段：一共只有 5 个。"
    assert in_chinese('No clip is called "a.jpg".') == "没有名为「a.jpg」的片段。"
    assert in_chinese("Something that nobody has ever said.") is None
    assert in_chinese('There is no file called "' + "s, not 7 s " * 5000 + '".') is None
    unknown = answers.failure(PlanError("Something new.", hint="Do this."), "zh")
    assert unknown == ("Something new.", "Do this.")


CONVERSATION = [
    "把这些照片剪成一个10秒的视频,配欢快的音乐,标题「你好」", "改成方形", "帧率改成24", "标题改成黄色加粗", "静音", "撤销最近两步", "重做",
    "第二个片段缩短到1秒", "交换前两个片段", "换成舒缓的音乐", "变成黑白", "片段之间加交叉溶解", "第二个片段慢一点", "做一个数字人",
    "把第九个片段剪到2秒", "标题改成左上角", "结尾淡出", "去掉音乐", "倒放第一张照片", "你能做什么", "撤销50步", "撤销", "重做",
]  # fmt: skip


async def test_a_chinese_conversation_is_chinese(api):
    sid = await api.session(language="zh")
    data(
        await api.upload(
            sid, *((f"{n}.jpg", photo(c, (64, 36))) for n, c in (("a", "red"), ("b", "blue"), ("c", "green")))
        )
    )
    for words in CONVERSATION:
        told = await api.told(sid, words)
        assert told, words
        # What the user said himself is quoted as it is; so are names.
        plain = re.sub(r"「[^」]*」|[abc]\.jpg|https?://\S+", "", told)
        assert not HALF_WIDTH.search(re.sub(r"\d:\d", "", plain)), told
        assert not ENGLISH.findall(plain), told
    plan = {"ops": [{"op": "speed", "target": {"kind": "clip", "index": 9}, "factor": 2}]}
    refused = (await api.post("/api/ext/apply", {"session_id": sid, "plan": plan})).json()
    assert "没有第 9 个" in refused["message"]
    assert not ENGLISH.findall(refused["message"])


async def test_what_was_undone_is_named(api):
    sid = await api.session(language="en")
    data(await api.upload(sid, ("a.jpg", photo("red", (64, 36))), ("b.jpg", photo("blue", (64, 36)))))
    for words in ("make a 10-second video", "make it square", "add the title 'Hello'"):
        await api.told(sid, words)
    data(await api.apply(sid, (await api.state(sid))["draft"] | {"m": {"width": 320, "height": 180}}))
    back = data(await api.post("/api/ext/undo", {"session_id": sid, "count": 2}))["text"]
    assert back.startswith("Undid a change that was made by hand and \"add the title 'Hello'\".")
    assert (await api.told(sid, "redo")).startswith("Redid \"add the title 'Hello'\".")
    everything = await api.told(sid, "undo 9 steps")
    assert everything.startswith('Undid "add the title \'Hello\'", "make it square" and "make a 10-second video".')
    assert "The timeline is empty now." in everything
    forward = data(await api.post("/api/ext/redo", {"session_id": sid, "count": 9}))["text"]
    assert forward.startswith('Redid 4 steps, from "make a 10-second video" to a change that was made by hand.')


async def test_internals_are_said_as_a_person_would(api):
    sid = await api.session(language="en")
    data(await api.upload(sid, ("a.jpg", photo("red", (64, 36))), ("b.jpg", photo("blue", (64, 36)))))
    told = await api.told(sid, "make a square 10-second video")
    first = told.splitlines()[0]
    assert first == "- Made a video of 2 photos: 10 s, 1080x1080 (1:1)." or first.startswith(
        "Made a video of 2 photos: 10 s, 1080x1080 (1:1)."
    )
    assert "was 1920x1080" not in told
    await api.told(sid, "add the title 'Hello'")
    await api.told(sid, "24 frames per second")
    await api.told(sid, "make the title yellow and bold")
    told = await api.told(sid, "undo 2 steps")
    assert "the video now runs at 30 frames a second (was 24)" in told.lower()
    assert "(was yellow)" in told
    assert "bold is now off (was on)" in told
    assert "→" not in told
    assert "none" not in told
    await api.told(sid, "make clip 1 last 2 seconds")
    assert "Photo 1" in (await api.told(sid, "make clip 1 last 3 seconds"))


def test_every_phrase_that_is_said_is_there_and_every_one_that_is_there_is_said():
    room = Path(answers.__file__).parent
    said = "".join(path.read_text(encoding="utf-8") for path in room.rglob("*.py") if path.name != "wording.py")
    used = set(re.findall(r'(?:phrase\(|PHRASES\[|stepped\()\s*"(\w+)"', said))
    # Names that are put together: undone and redone, nothing_to_…, added, removed, retimed, and those of control operations.
    assert used <= set(PHRASES)
    assert [key for key in PHRASES if f'"{key}"' not in said and not key.startswith("nothing_to_")] == []
    for both in PHRASES.values():
        assert set(both) == {"en", "zh"}
        assert set(re.findall(r"{(\w+)}", both["en"])) == set(re.findall(r"{(\w+)}", both["zh"]))
        assert not HALF_WIDTH.search(both["zh"])
