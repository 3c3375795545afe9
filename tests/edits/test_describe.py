from __future__ import annotations

import pytest
from edits_samples import CLIP_LIB, PHOTO_LIB, C, clip_draft, photo_draft, plan, run

from reelframe.draft import Draft
from reelframe.edits import CONTROL, OP_NAMES, describe, describe_steps, steps

T, B, L = {"kind": "title"}, {"kind": "bgm"}, {"kind": "logo"}
DRAFTS = {"photos": (photo_draft(), PHOTO_LIB), "clips": (clip_draft(), CLIP_LIB), "empty": (Draft(), PHOTO_LIB)}
CASES = [
    ("empty", {"op": "compose", "duration_s": 10}, "Made a video of 5 clips: 10 s, 1920x1080.", "已用 5 个片段制作视频:10 秒,1920x1080。"),
    ("photos", {"op": "set_duration", "duration_s": 15}, "The video now lasts 15 s (was 30 s).", "视频时长现在是 15 秒(原 30 秒)。"),
    ("photos", {"op": "set_aspect", "aspect": "9:16"}, "The frame is now 9:16, 1080x1920 (was 1920x1080).", "画面比例现在是 9:16,1080x1920(原 1920x1080)。"),
    ("photos", {"op": "set_output", "height": 720, "format": "gif"}, "The output: size is now 1280x720 (was 1920x1080), format gif.", "输出:尺寸现在是 1280x720(原 1920x1080)、格式 gif。"),
    ("photos", {"op": "set_background", "color": "white"}, "The background: it is now #ffffff (was #000000).", "背景的内容现在是 #ffffff(原 #000000)。"),
    ("photos", {"op": "intro_outro", "text": "Hi"}, "Added a card at the start with 'Hi' (2.5 s); the video now lasts 32.5 s (was 30 s).", "已在开头添加卡片「Hi」(2.5 秒);视频时长现在是 32.5 秒(原 30 秒)。"),
    ("clips", {"op": "trim", "target": C(1), "start_s": 5}, "Took 5 s off the beginning of clip 1 'walk.mp4'; the video now lasts 57 s (was 62 s).", "已去掉第 1 个片段「walk.mp4」的开头 5 秒;视频时长现在是 57 秒(原 62 秒)。"),
    ("clips", {"op": "cut_range", "range": [3, 5]}, "Took out 3-5 s; the video now lasts 60 s (was 62 s).", "已剪掉 3-5 秒;视频时长现在是 60 秒(原 62 秒)。"),
    ("clips", {"op": "split", "at_s": [3]}, "Split: 4 clips now (3 before); the video still lasts 62 s.", "已分割:现在有 4 个片段(原 3 个);视频时长仍为 62 秒。"),
    ("photos", {"op": "remove", "target": C(2)}, "Removed 'city.jpg'; the video now lasts 24 s (was 30 s).", "已移除「city.jpg」;视频时长现在是 24 秒(原 30 秒)。"),
    ("photos", {"op": "remove", "target": {"kind": "transition"}}, "Removed 4 transitions.", "已移除4 个转场。"),
    ("clips", {"op": "reorder", "swap": [1, 3]}, "The order is now talk.mp4, surf.mp4, walk.mp4.", "顺序现在是:talk.mp4、surf.mp4、walk.mp4。"),
    ("photos", {"op": "duplicate", "target": C(1)}, "Duplicated: 6 clips now (5 before); the video now lasts 36 s (was 30 s).", "已复制:现在有 6 个片段(原 5 个);视频时长现在是 36 秒(原 30 秒)。"),
    ("photos", {"op": "insert_media", "media": ["beach.jpg"], "to": 2}, "Put 'beach.jpg' in at place 2; the video now lasts 36 s (was 30 s).", "已在第 2 个位置插入「beach.jpg」;视频时长现在是 36 秒(原 30 秒)。"),
    ("photos", {"op": "replace_media", "target": C(2), "media": "fox.jpg"}, "'city.jpg' is now 'fox.jpg'; nothing else changed.", "「city.jpg」已换成「fox.jpg」,其余不变。"),
    ("photos", {"op": "set_segment_duration", "target": C(-1), "duration_s": 2}, "Clip 5 'fox.jpg' now lasts 2 s (was 6 s); the video now lasts 26 s (was 30 s).", "第 5 个片段「fox.jpg」现在持续 2 秒(原 6 秒);视频时长现在是 26 秒(原 30 秒)。"),
    ("clips", {"op": "speed", "target": C(2), "factor": 2}, "Clip 2 'surf.mp4' now plays at 2x (was 1x); the video now lasts 56 s (was 62 s).", "第 2 个片段「surf.mp4」现在以 2 倍速播放(原 1 倍);视频时长现在是 56 秒(原 62 秒)。"),
    ("clips", {"op": "reverse", "target": C(2)}, "Clip 2 'surf.mp4' now plays backwards.", "第 2 个片段「surf.mp4」现在倒放。"),
    ("clips", {"op": "loop", "target": C(2)}, "Clip 2 'surf.mp4' now loops; the video now lasts 74 s (was 62 s).", "第 2 个片段「surf.mp4」现在循环播放;视频时长现在是 74 秒(原 62 秒)。"),
    ("clips", {"op": "freeze", "at_s": 5}, "The picture at 5 s is held for 2 s; the video now lasts 64 s (was 62 s).", "5 秒处的画面定格 2 秒;视频时长现在是 64 秒(原 62 秒)。"),
    ("photos", {"op": "crop", "target": C(1), "aspect": "1:1"}, "Clip 1 'beach.jpg' is now cropped to 1:1.", "第 1 个片段「beach.jpg」现在裁剪为 1:1。"),
    ("photos", {"op": "zoom", "target": C(1), "scale": 1.2}, "Clip 1 'beach.jpg': zoom is now 1.2 (was 1).", "第 1 个片段「beach.jpg」的缩放现在是 1.2(原 1)。"),
    ("photos", {"op": "rotate", "target": C(1), "degrees": 90}, "Clip 1 'beach.jpg': rotation in degrees is now 90 (was 0).", "第 1 个片段「beach.jpg」的旋转角度现在是 90(原 0)。"),
    ("photos", {"op": "flip", "target": C(1)}, "Clip 1 'beach.jpg': mirroring is now horizontal (was none).", "第 1 个片段「beach.jpg」的翻转现在是 水平(原 无)。"),
    ("photos", {"op": "close_gaps"}, "There were no gaps to close.", "片段之间没有空隙。"),
    ("photos", {"op": "add_text", "text": "Hi", "role": "caption", "target": C(2)}, "Added the caption 'Hi' at 6-12 s.", "已添加说明文字「Hi」(6-12 秒)。"),
    ("photos", {"op": "add_text", "text": "Hi", "role": "caption", "target": C(2), "position": "top", "color": "yellow", "bold": True, "size": 0.08}, "Added the caption 'Hi' at 6-12 s, top, color #ffff00, size 8%, bold.", "已添加说明文字「Hi」(6-12 秒,顶部,颜色 #ffff00,大小 8%,粗体)。"),
    ("photos", {"op": "add_text", "text": "Sale", "role": "title"}, "Title is now 'Sale' at 0.5-4.5 s (was 'Summer').", "标题现在是「Sale」(0.5-4.5 秒,原「Summer」)。"),
    ("photos", {"op": "set_text", "target": T, "text": "Sale"}, "Title is now 'Sale' (was 'Summer').", "标题现在是「Sale」(原「Summer」)。"),
    ("photos", {"op": "style_text", "target": T, "size": "up", "color": "gold"}, "Title: color is now #ffd700, size is now 11.8% (was 9.4%).", "标题:颜色现在是 #ffd700、大小现在是 11.8%(原 9.4%)。"),
    ("photos", {"op": "move", "target": L, "position": "bottom_left"}, "Logo: its place is now bottom left (was top right).", "标志的位置现在是 左下角(原 右上角)。"),
    ("photos", {"op": "set_timing", "target": T, "end_s": 8}, "Title: its time is now 0.5-8 s (was 0.5-4.5 s).", "标题的时间现在是 0.5-8 秒(原 0.5-4.5 秒)。"),
    ("photos", {"op": "animate", "target": T, "anim_in": "typewriter"}, "Title: comes in by typewriter, 0.4 s.", "标题:入场:打字机, 0.4 秒。"),
    ("photos", {"op": "add_subtitles", "lines": [{"start_s": 1, "end_s": 2, "text": "a"}, {"start_s": 40, "end_s": 41, "text": "b"}]}, "Added 1 subtitle (1 beyond the end left out).", "已添加 1 条字幕(1 条超出视频结尾,未添加)。"),
    ("photos", {"op": "add_music", "mood": "jazz"}, "The background music is now jazz music (50%) (was upbeat music (50%)).", "背景音乐现在是 jazz music(50%)(原 upbeat music(50%))。"),
    ("photos", {"op": "change_music"}, "The background music is now another piece of upbeat music (50%).", "背景音乐换成了另一段 upbeat music(50%)。"),
    ("clips", {"op": "set_volume", "target": B, "level": 0.2}, "Background music: volume is now 20% (was 35%).", "背景音乐的音量现在是 20%(原 35%)。"),
    ("clips", {"op": "mute", "target": C(1)}, "Clip 1 'walk.mp4' is now silent.", "第 1 个片段「walk.mp4」已静音。"),
    ("clips", {"op": "fade_audio", "out_s": 3}, "The sound fades out over 3 s.", "声音淡出 3 秒。"),
    ("clips", {"op": "duck"}, "The music goes down by 12 dB under speech.", "有人声时音乐降低 12 dB。"),
    ("clips", {"op": "normalize", "lufs": -14}, "The sound: loudness is now -14 LUFS (was -16 LUFS).", "声音的响度现在是 -14 LUFS(原 -16 LUFS)。"),
    ("photos", {"op": "add_sfx", "name": "pop"}, "Added the sound 'pop' at 6 s.", "已在 6 秒处添加音效「pop」。"),
    ("photos", {"op": "look", "name": "warm"}, "The whole video: look is now warm (was none).", "整个视频的风格现在是 暖色(原 无)。"),
    ("photos", {"op": "adjust", "brightness": "up"}, "The whole video: brightness is now +0.2 (was +0).", "整个视频:亮度现在是 +0.2(原 +0)。"),
    ("photos", {"op": "effect", "name": "blur", "range": [2, 4]}, "The whole video from 2 to 4 s now has blur (50%).", "整个视频 2-4 秒添加了模糊效果(50%)。"),
    ("photos", {"op": "ken_burns", "target": C(1), "direction": "out"}, "Clip 1 'beach.jpg' now moves slowly: out.", "第 1 个片段「beach.jpg」现在缓慢移动:拉远。"),
    ("photos", {"op": "transition", "type": "wipe", "duration_s": 9}, "4 cuts are now with wipe, 3 s, the longest that fits.", "4 个剪辑点现在使用擦除,3 秒,已是最长。"),
    ("photos", {"op": "transition", "type": "cut", "between": [1, 2]}, "1 cut is now without a transition.", "1 个剪辑点现在没有转场。"),
    ("photos", {"op": "fade_video", "in_s": 1}, "The whole video fades in over 1 s.", "整个视频淡入 1 秒。"),
    ("photos", {"op": "pace", "direction": "up"}, "The video now lasts 21 s (was 30 s).", "视频时长现在是 21 秒(原 30 秒)。"),
    ("photos", {"op": "add_logo", "position": "top_left"}, "'logo.png' is now at the top left (0-30 s, 10% of the height).", "「logo.png」现在位于左上角(0-30 秒,高度的 10%)。"),
    ("photos", {"op": "overlay", "media": "fox.jpg"}, "'fox.jpg' is now at the bottom right (0-30 s, 30% of the height).", "「fox.jpg」现在位于右下角(0-30 秒,高度的 30%)。"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "op", "english", "chinese"), CASES)
def test_what_was_done_is_said_with_the_values_before_and_after(name, op, english, chinese):
    before, library = DRAFTS[name]
    after = run(before, library, op)
    assert describe(plan(op), before, after, "en", library=library) == [english]
    assert describe(plan(op), before, after, "zh", library=library) == [chinese]
    # A plan of one operation is told as well without the media.
    assert describe(plan(op), before, after, "en") == [english]


def test_merging_and_beats_are_told_too():
    before = run(clip_draft(), CLIP_LIB, {"op": "split", "at_s": [3]})
    op = plan({"op": "merge"})
    after = run(before, CLIP_LIB, {"op": "merge"})
    assert describe(op, before, after, library=CLIP_LIB) == [
        "Merged: 3 clips now (4 before); the video still lasts 62 s."
    ]
    told = steps(photo_draft(), plan({"op": "beat_sync"}), PHOTO_LIB, beats=lambda _: [5.8, 12.2, 17.9, 24.1])
    assert describe_steps(told, "en") == ["4 cuts are now on the music's beats."]
    assert describe_steps(told, "zh-TW") == ["4 个剪辑点现在卡在音乐节拍上。"]
    tried = {op["op"] for _, op, _, _ in CASES} | {"merge", "beat_sync"}
    assert tried == set(OP_NAMES) - CONTROL


def test_each_step_of_a_plan_is_told_by_what_it_did_itself():
    before = photo_draft()
    wishes = plan(
        {"op": "remove", "target": C(1)}, {"op": "remove", "target": C(1)}, {"op": "export"},
        {"op": "set_text", "target": T, "text": "One"}, {"op": "set_text", "target": T, "text": "Two"},
    )  # fmt: skip
    after = run(before, PHOTO_LIB, *(op.as_dict() for op in wishes.ops))
    assert describe(wishes, before, after, library=PHOTO_LIB) == [
        "Removed 'beach.jpg'; the video now lasts 24 s (was 30 s).",
        "Removed 'city.jpg'; the video now lasts 18 s (was 24 s).",
        "Title is now 'One' (was 'Summer').",
        "Title is now 'Two' (was 'One').",
    ]


def test_what_went_because_its_shot_went_is_told():
    before = run(photo_draft(), PHOTO_LIB, {"op": "add_text", "text": "the city", "role": "caption", "target": C(2)})
    op = {"op": "remove", "target": C(2)}
    assert describe(plan(op), before, run(before, PHOTO_LIB, op), library=PHOTO_LIB) == [
        "Removed 'city.jpg'; the video now lasts 24 s (was 30 s).",
        "'the city' went with it.",
    ]
