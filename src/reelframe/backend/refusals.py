"""What can't be done with a timeline, said in Chinese: the errors of operations are written in English.

``in_chinese`` finds the sentence by its English form. In the table ``{}`` stands for a name or a number, which goes
over as it is; ``{n}`` for a noun, which has a Chinese word. A test holds the table against every such error that the
edits can raise.
"""

# ruff: noqa: E501 -- a table of sentences is read in columns

from __future__ import annotations

import re
from functools import cache
from typing import Final

__all__ = ["in_chinese"]

# Nouns as they stand in errors, singular and plural.
_NOUNS: Final[dict[str, str]] = {
    "clip": "片段", "clips": "片段", "picture": "画面", "pictures": "画面", "title": "标题", "titles": "标题", "caption": "说明文字",
    "captions": "说明文字", "lower third": "人名条", "lower thirds": "人名条", "credits": "片尾字幕", "call to action": "行动号召",
    "calls to action": "行动号召", "text": "文字", "texts": "文字", "subtitle": "字幕", "subtitles": "字幕", "logo": "标志",
    "logos": "标志", "background music": "背景音乐", "piece of background music": "背景音乐", "pieces of background music": "背景音乐", "music": "音乐", "voice": "人声",
    "voices": "人声", "sound effect": "音效", "sound effects": "音效", "sound": "声音", "sounds": "声音", "transition": "转场",
    "transitions": "转场", "cut": "剪辑点", "cuts": "剪辑点", "segment": "内容", "segments": "内容", "selection": "选中内容",
    "selections": "选中内容", "overlay": "叠加画面", "overlays": "叠加画面", "effect": "特效", "effects": "特效", "look": "风格", "mood": "音乐风格",
    "brightness": "亮度", "contrast": "对比度", "saturation": "饱和度", "temperature": "色温", "sharpness": "锐度", "whole video": "整个视频",
    "intro": "片头", "outro": "片尾", "photo": "照片", "photos": "照片", "animation": "动画", "font": "字体", "card": "卡片", "video": "视频",
    "entrance": "入场动画", "exit": "出场动画", "shape": "形状", "style": "样式", "sound effect called": "音效", "everything": "全部内容",
    "The photo": "照片", "The clip": "片段", "The sound": "声音", "A photo": "照片", "the picture": "画面", "the clip": "片段", "the video": "视频", "It": "它",
    "The range": "这个范围", "The cut": "剪辑点", "The text": "文字", "The video": "视频", "A text": "文字", "The music": "音乐", "The card": "卡片",
    "The freeze": "定格", "the whole video": "整个视频", "The part": "这一段", "The title": "标题", "The logo": "标志", "A sound effect": "音效",
    "A range": "这个范围", "The split": "剪辑点", "The overlay": "叠加画面", "A cut": "剪辑点", "split": "分割", "trimmed": "修剪", "reversed": "倒放",
    "looped": "循环", "frozen": "定格", "merged": "合并", "sped up": "加速", "moved": "移动", "cropped": "裁剪", "rotated": "旋转", "flipped": "翻转",
    "duplicated": "复制", "zoomed": "缩放", "restyled": "改样式", "changed": "修改", "animated": "加动画", "shorter": "更短", "longer": "更长",
    "bigger": "更大", "smaller": "更小", "higher": "更高", "lower": "更低", "cut into": "分割", "played at another speed": "变速", "in another order": "换顺序",
    "given a length as a shot": "当作镜头改时长", "given an effect": "加特效", "played faster or slower": "变速", "audio segment": "声音",
    "audio segments": "声音", "selected segment": "选中内容", "selected segments": "选中内容", "The range to keep": "要保留的范围",
    "The range to take out": "要剪掉的范围", "mood of music": "音乐风格", "the title": "标题",
    "given another text": "改文字", "given words": "加文字", "played backwards": "倒放", "put in order": "排序", "split up": "分割",
}  # fmt: skip

_SENTENCES: Final[dict[str, str]] = {
    "There would be nothing to see: no photo, no clip and no text.": "这样就没有任何画面了：没有照片、没有片段，也没有文字。",
    "Upload photos or clips first, or clear the whole timeline.": "请先上传照片或视频，或者清空整条时间线。",
    "The timeline did not become what was asked for{}, so nothing was changed: {}.": "时间线没有变成您要的样子，所以没有改动。",
    "Please say it in another way, or in smaller steps.": "请换一种说法，或者分几步来说。",
    "There is no photo or clip in this timeline.": "时间线上还没有照片或片段。",
    "Upload some and ask for a video of them.": "请先上传素材，然后让我用它们做视频。",
    "The {n} is not a shot of the video.": "{}不是视频里的镜头。",
    "Name a clip by its number or its file.": "请说出片段的序号或文件名。",
    "The {n} can't be {n}: only photos and clips can.": "{}不能{}，只有照片和片段可以。",
    "{n} from {} s to {} s is empty.": "{}从 {} 秒到 {} 秒是空的。",
    "{n} ends at {} s, but {n} lasts {} s.": "{}到 {} 秒结束，但{}只有 {} 秒。",
    "There is no video yet to put it into.": "还没有视频可以放进去。",
    "Ask for a video of your photos first.": "请先让我用您的照片做一个视频。",
    "Either a place or a time can be said, not both.": "位置和时间只能说一个。",
    "There is no place {}: there are {} clips.": "没有第 {} 个位置：一共只有 {} 个片段。",
    "Only what is seen can be replaced by a file.": "只有看得见的内容才能换成文件。",
    "Music is changed with another piece, a text with other words.": "音乐请换另一首，文字请换别的内容。",
    "{} is shown there already.": "那里显示的已经是 {}。",
    "Fades of {} s and {} s are longer than the video ({} s).": "淡入 {} 秒加淡出 {} 秒，比视频（{} 秒）还长。",
    "The music is {} already.": "音乐已经是 {} 了。",
    'The {n} "{}" has no sound.': "{}「{}」没有声音。",
    "The {n} has no sound.": "{}没有声音。",
    "There is no sound in this video.": "这个视频里没有声音。",
    "No volume was said.": "没有说音量是多少。",
    'Say a percentage, or "louder" or "quieter".': "请说一个百分比，或者“大一点”“小一点”。",
    "{n} is as loud as it can be.": "{}已经是最大音量了。",
    "Nothing of that is heard from {} s to {} s.": "从 {} 秒到 {} 秒听不到它。",
    "{n} lasts {} s: it can't fade for {} s.": "{}只有 {} 秒，不能淡入淡出 {} 秒。",
    "There is no background music that could go down.": "没有可以压低的背景音乐。",
    "There is no voice and no clip with sound for the music to go down under.": "没有人声，也没有带声音的片段，音乐不需要让位。",
    "I can make the music quieter all the time.": "我可以把音乐整体调小。",
    "There is nothing yet that a sound could go with.": "还没有画面可以配声音。",
    "Upload photos or clips first.": "请先上传照片或视频。",
    "The video ends at {} s.": "视频到 {} 秒就结束了。",
    "There is no photo or clip yet.": "还没有照片或片段。",
    "Upload some first.": "请先上传素材。",
    "{} is not on this machine any more.": "{} 已不在这台机器上。",
    "Upload it again.": "请重新上传。",
    'There is no file called "{}".': "没有名为「{}」的文件。",
    "Uploaded files: {}.": "已上传的文件：{}。",
    "{} shots in {} s can't be seen.": "{} 个镜头放进 {} 秒里，根本看不清。",
    "{} texts in {} s can't be read.": "{} 条文字放进 {} 秒里，来不及读。",
    "Choose fewer of them, or a longer video.": "请少选几个，或者把视频做长一些。",
    "{} shots of {} s last {} s, not {} s.": "{} 个镜头各 {} 秒，一共 {} 秒，不是 {} 秒。",
    "Say the whole length, or that of each.": "请只说总时长，或者只说每个镜头的时长。",
    "No length was said.": "没有说时长。",
    "Say how many seconds the video is to last.": "请说视频要做成多少秒。",
    "{} lasts {} s: {} to {} s is not a part of it.": "{} 只有 {} 秒，没有 {} 到 {} 秒这一段。",
    "{} shots do not fit into {} s.": "{} 个镜头放不进 {} 秒。",
    "Remove some of them first, or ask for a longer video.": "请先删掉几个，或者把视频做长一些。",
    "There are only {} s of clips to show, not {} s.": "片段一共只有 {} 秒，不够 {} 秒。",
    "I can play them slower, loop the video, or hold a frame.": "我可以放慢播放、循环视频或定格画面。",
    "{} s is too short for a shot to be seen.": "{} 秒太短，镜头看不清。",
    "{n} has only {} s to show, not {} s.": "{}只有 {} 秒可用，不够 {} 秒。",
    "I can play it slower, loop it, or hold its last frame.": "我可以放慢、循环，或者定格最后一帧。",
    "The shots can't get any {n}.": "镜头不能{}了。",
    "No speed was said.": "没有说速度。",
    'Say "twice as fast" or "half speed".': "请说“两倍速”或“慢一半”。",
    "{n} at {} times its speed can't be followed any more.": "{}用 {} 倍速播放就看不清了。",
    "{} is not the shape of a picture.": "{} 不是画面比例。",
    "{} is too narrow for a video.": "{} 对视频来说太窄了。",
    "Usual shapes are 16:9, 9:16, 1:1 and 4:5.": "常用的比例有 16:9、9:16、1:1 和 4:5。",
    "It was not said what the file is to be.": "没有说文件要做成什么样。",
    "Name a size such as 720p, a frame rate or a format.": "请说尺寸（例如 720p）、帧率或格式。",
    "{}x{} can't be rendered.": "{}x{} 的尺寸无法生成。",
    "Up to 4320p can.": "最高支持 4320p。",
    "A picture can't be put behind the video.": "视频后面不能放图片。",
    "A colour or a blurred copy of the video can.": "可以用纯色，或者用视频的模糊画面。",
    "It was not said what the background is to be.": "没有说背景用什么。",
    "Name a colour, or ask for a blurred one.": "请说一种颜色，或者用模糊背景。",
    "It was not said what the {n} is to show.": "没有说{}要显示什么。",
    "Give it a text in quotes, or a picture.": "请用引号写出文字，或者给一张图片。",
    "There is no photo or clip that a card could come before or after.": "还没有照片或片段，没法在前后加卡片。",
    "The texts can be shown at other times.": "文字可以换到别的时间显示。",
    "It was not said what to adjust.": "没有说要调什么。",
    "There are {}.": "可选的有：{}。",
    "The {n} can't go any {n}.": "{}不能{}了。",
    "There is no effect to take off.": "没有可以去掉的特效。",
    "It was not said what shape to crop to.": "没有说要裁成什么比例。",
    "Name one, such as 1:1 or 4:5.": "请说一个，例如 1:1 或 4:5。",
    "The size of {n} is not known, so it can't be cropped.": "不知道{}的尺寸，所以不能裁剪。",
    "It was not said how far to zoom.": "没有说放大多少。",
    'Say "zoom in", or a percentage.': "请说“放大”，或者一个百分比。",
    "A zoom of {} can't be shown.": "不能缩放到 {} 倍。",
    "There is no camera move to take off.": "没有可以去掉的运镜。",
    "There is no cut for a transition: the video has only one shot.": "没有地方加转场：视频只有一个镜头。",
    "The video can fade in and out.": "可以给视频加淡入淡出。",
    "Clips {} and {} do not follow one another.": "第 {} 个和第 {} 个片段不相邻。",
    "A transition is between neighbours.": "转场只能加在相邻的片段之间。",
    "There is no clip {}: there is only 1 clip.": "没有第 {} 个片段：一共只有 1 个。",
    "There is no clip {}: there are {} clips.": "没有第 {} 个片段：一共只有 {} 个。",
    "There is no clip {}: {}.": "没有第 {} 个片段。",
    "A single clip fades from and to what is behind it; only the whole video fades to a colour.": "单个片段只能淡入淡出到背景；只有整个视频才能淡到某种颜色。",
    "{n} lasts {} s: it can't fade for longer than that.": "{}只有 {} 秒，淡入淡出不能比它更长。",
    "There is no logo among the uploaded files.": "已上传的文件里没有标志。",
    "Upload a picture of it, or say which file it is.": "请上传标志图片，或者说明是哪个文件。",
    "It was not said what to lay over the video.": "没有说要叠加什么。",
    "Name one of the uploaded files: {}.": "请说出一个已上传的文件：{}。",
    "There is no photo or clip yet to lay it over.": "还没有可以叠加在上面的照片或片段。",
    "From {} s to {} s is not within the video, which lasts {} s.": "{} 秒到 {} 秒不在视频之内，视频只有 {} 秒。",
    "It was not said how much to take off.": "没有说要剪掉多少。",
    'Say "the first 2 seconds" or "the last 3 seconds".': "请说“前 2 秒”或“最后 3 秒”。",
    "{n} lasts {} s: {} s can't be taken off.": "{}只有 {} 秒，不能剪掉 {} 秒。",
    "No range was said.": "没有说时间范围。",
    'Say "from 0:10 to 0:20".': "请说“从 0:10 到 0:20”。",
    "That would take the whole video out.": "那样整个视频就没有了。",
    "Say what to keep.": "请说要保留哪些。",
    "The video lasts {} s: there is nothing else to take out.": "视频只有 {} 秒，没有别的可以剪掉。",
    "There is a cut at {} s already.": "{} 秒处已经有一个剪辑点。",
    "Nothing is that long.": "没有那么长的内容。",
    "A cut there would leave a shot of {} ms.": "在那里剪开会剩下一个只有 {} 毫秒的镜头。",
    "Cuts every {} s would make over {} shots.": "每 {} 秒剪一刀会超过 {} 个镜头。",
    "It was not said where to cut.": "没有说在哪里剪开。",
    "Give a time, such as 0:12.": "请说一个时间，例如 0:12。",
    "There is nothing to cut at {} s: {}.": "{} 秒处没有可以剪开的内容。",
    "No order was said.": "没有说顺序。",
    'Say "move the last photo to the front", or name the order.': "请说“把最后一张移到最前面”，或者说出顺序。",
    '"{}" was named twice.': "「{}」说了两次。",
    "The clips play one after the other as one video already: there is nothing to merge.": "这些片段本来就连着播放，没有什么可以合并的。",
    "I can put transitions between them.": "我可以在它们之间加转场。",
    "Only neighbouring clips can be merged.": "只有相邻的片段才能合并。",
    "Move them next to one another first.": "请先把它们移到一起。",
    "{} and {} are not parts of one recording: they play one after the other already.": "{} 和 {} 不是同一段录像，它们本来就连着播放。",
    "I can put a transition between them.": "我可以在它们之间加一个转场。",
    "A photo has no direction to reverse.": "照片没有播放方向，不能倒放。",
    "I can reverse the order of the photos.": "我可以把照片的顺序反过来。",
    "{} times would make over {} shots.": "重复 {} 次会超过 {} 个镜头。",
    "A photo stands still: looping it changes nothing.": "照片是静止的，循环没有作用。",
    "I can show it longer.": "我可以让它显示得久一些。",
    "Composed music fills the whole video already.": "生成的音乐本来就铺满整个视频。",
    "{n} stands still already.": "{}本来就是静止的。",
    "There is no frame at {} s: the clip lasts {} s.": "{} 秒处没有画面：这个片段只有 {} 秒。",
    "There is no cut to move: the video has only one shot.": "没有可以移动的剪辑点：视频只有一个镜头。",
    "This is not a timeline of OpenTimelineIO.": "这不是 OpenTimelineIO 的时间线。",
    "Export it as .otio from your editor.": "请在剪辑软件里导出为 .otio。",
    "There is no timeline in this file.": "这个文件里没有时间线。",
    "Export a whole timeline (a sequence) as .otio.": "请把整条时间线（序列）导出为 .otio。",
    "The timeline uses files that are not uploaded: {}.": "时间线用到了没有上传的文件：{}。",
    "Upload them, then open it again.": "请先上传，然后再打开。",
    '"{}" of the timeline is a timeline of its own, which can\'t be opened.': "时间线里的「{}」本身是一条时间线，不能打开。",
    "Flatten nested sequences in your editor, then export again.": "请在剪辑软件里展开嵌套序列，然后重新导出。",
    "The beats of this music are not known.": "不知道这段音乐的节拍。",
    "I can do it with music that is composed here.": "用这里生成的音乐就可以。",
    "The clips are shown whole already; I can play them slower.": "片段已经完整播放；我可以放慢播放。",
    "It was not said what the text is to say.": "没有说文字的内容。",
    "Put the words in quotes.": "请把文字放在引号里。",
    "The video lasts {} s: a text can't be shown for {} s.": "视频只有 {} 秒，文字不能显示 {} 秒。",
    "A text from {} s to {} s is beyond the end: the video lasts {} s.": "{} 秒到 {} 秒的文字超出了结尾：视频只有 {} 秒。",
    "A text from {} s to {} s is never seen.": "{} 秒到 {} 秒的文字根本看不到。",
    "Before {} s there is no time for a text of {} s.": "{} 秒之前放不下 {} 秒的文字。",
    "It can't get any {n}.": "不能{}了。",
    "The {n} is not a text: it can't be {n}.": "{}不是文字，不能{}。",
    "There are {} {n}.": "一共有 {} 个{}。",
    "Say which of them is to be changed.": "请说要改哪一个。",
    "It was not said how the text is to look.": "没有说文字要改成什么样。",
    "Name a colour, a size or a font.": "请说颜色、大小或字体。",
    "The {n} has no text style: of a logo or an overlay the size and the opacity can change.": "{}没有文字样式：标志和叠加画面可以改大小和不透明度。",
    "It was not said where to.": "没有说放到哪里。",
    'Say a place, such as "top left", or a direction.': "请说一个位置（例如“左上角”）或一个方向。",
    "The {n} has no place in the frame.": "{}在画面里没有位置。",
    "Texts, logos and overlays can be moved; clips can be put in another order.": "文字、标志和叠加画面可以移动；片段可以换顺序。",
    "No time was said.": "没有说时间。",
    "Say from when to when.": "请说从什么时候到什么时候。",
    "Shots follow one another: a shot has a length, but no time of its own.": "镜头是一个接一个的：可以改长度，不能单独改时间。",
    "I can put it in another place, or make it longer or shorter.": "我可以换它的位置，或者把它改长、改短。",
    "There are {} {n}: they can't all be there at one time.": "一共有 {} 个{}，不能同时显示。",
    "Say which of them is meant.": "请说是哪一个。",
    "From {} s to {} s is no time at all.": "{} 秒到 {} 秒没有任何时间。",
    "Before {} s there are no {} s.": "{} 秒之前没有 {} 秒。",
    "No animation was said.": "没有说用什么动画。",
    "There are fade, slide, pop, typewriter and others.": "有淡入、滑动、弹出、打字机等。",
    "The {n} can't be seen, so it can't be animated.": "{}看不见，不能加动画。",
    "Its sound can fade in and out.": "它的声音可以淡入淡出。",
    "There is no animation whose length could change.": "没有可以改时长的动画。",
    "Say which animation it is to have.": "请说用什么动画。",
    "A picture can't come or go by {}: it can fade.": "画面不能用 {} 出入场，可以用淡入淡出。",
    "A subtitle file was not read.": "没有读到字幕文件。",
    '"{}" was not read.': "没有读到「{}」。",
    "Paste its lines with their times, or upload an .srt or .vtt file.": "请贴出带时间的字幕，或者上传 .srt 或 .vtt 文件。",
    "No subtitle is within the video, which lasts {} s.": "没有一条字幕在视频之内，视频只有 {} 秒。",
    'There is no {n} called "{}".': "没有名为「{1}」的{0}。",
    "There are: {}.": "可选的有：{}。",
    "The selection is not known here.": "不知道选中的是什么。",
    "Say which clip or text you mean.": "请说是哪个片段或哪条文字。",
    "There is no {n} in this timeline.": "时间线上没有{}。",
    "There is no {n} {}: there is only 1 {n}.": "没有第 {1} 个{0}：一共只有 1 个。",
    "There is no {n} {}: there are {} {n}.": "没有第 {1} 个{0}：一共只有 {2} 个。",
    "There is no {n} {}: {}.": "没有第 {1} 个{0}。",
    'No {n} is called "{}".': "没有名为「{1}」的{0}。",
    "There is no {n} at {} s: the video lasts {} s.": "{1} 秒处没有{0}：视频只有 {2} 秒。",
    "{} has no sound.": "{} 没有声音。",
    "Choose a sound file, or let music be composed.": "请选一个声音文件，或者让我生成音乐。",
    "{} is a sound: there is nothing to see.": "{} 是声音文件，没有画面。",
    "It can be used as music.": "可以用作音乐。",
    "{} holds subtitles and no picture.": "{} 是字幕文件，没有画面。",
    'Say "add the subtitles from {}".': "请说“添加 {} 里的字幕”。",
    '"{}" is not a colour.': "「{}」不是颜色。",
    "Use #rrggbb or a CSS name such as white or tomato.": "请用 #rrggbb，或者颜色的名称，例如白色。",
    "{n} at {} s is beyond the end: the video lasts {} s.": "{}在 {} 秒处，超出了结尾：视频只有 {} 秒。",
    "A segment's duration is negative.": "有一段的时长是负数。",
    "Upload the file first.": "请先上传这个文件。",
    "The segment {} shows a file that this session does not have.": "{} 用到的文件不在这个会话里。",
}  # fmt: skip


# A refusal quotes names; one that quotes a whole page is not looked up.
_LONGEST: Final = 1000


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[bool, ...], str], ...]:
    """The table, compiled: the sentences with the most words of their own first, so that the particular wins."""
    made: list[tuple[re.Pattern[str], tuple[bool, ...], str]] = []
    for english in sorted(_SENTENCES, key=lambda one: -len(re.sub(r"\{n?\}", "", one))):
        pieces = re.split(r"(\{n?\})", english)
        form = "".join("(.*?)" if piece in {"{}", "{n}"} else re.escape(piece) for piece in pieces)
        nouns = tuple(piece == "{n}" for piece in pieces if piece in {"{}", "{n}"})
        made.append((re.compile(form, re.DOTALL), nouns, _SENTENCES[english]))
    return tuple(made)


def in_chinese(sentence: str) -> str | None:
    """An error's sentence, or its hint, in Chinese; None when it is none of those that are known."""
    if not sentence:
        return ""
    if len(sentence) > _LONGEST:
        return None
    for pattern, nouns, chinese in _patterns():
        if match := pattern.fullmatch(sentence):
            values = [
                _NOUNS.get(value, _NOUNS.get(value.lower(), value)) if is_noun else value
                for value, is_noun in zip(match.groups(), nouns, strict=True)
            ]
            return chinese.format(*values)
    return None
