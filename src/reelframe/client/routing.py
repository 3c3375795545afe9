"""Which requests skip the stream, told from their words alone, in English and in Chinese.

The rule: a request skips the stream only when *all* of it is understood as one of the four things that the
client does by itself. Courtesies are taken off both ends; what remains has to fit a small grammar from its
first word to its last. One word too many ("export only the first clip", "make it square and export") and it is
the agent's, which knows more. Text in quotes is never read as a command; it can only be a file's name.
"""

# ruff: noqa: E501 -- a grammar is read in columns

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

__all__ = ["Kind", "Route", "route", "without_quotes"]

Kind = Literal["export", "credits", "status", "upload", "stream"]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes.

    Attributes:
        kind: export, credits, status, upload: done by the client; stream: the agent's.
        args: export options (``path``, ``format``, ``quality``, ``short_side``, ``fps``, ``preset``), or the
            ``sources`` of an upload.
        then: what the words ask for besides, when files came with them: done after the upload.
    """

    kind: Kind
    args: dict[str, Any] = field(default_factory=dict)
    then: Route | None = None


_QUOTED: Final = re.compile(
    r"""
      "([^"\n]*)" | “([^”\n]*)” | „([^“”\n]*)[“”] | 「([^」]*)」 | 『([^』]*)』 | «([^»\n]*)» | 《([^》]*)》
    | `([^`\n]*)` | ‘([^’\n]*)’(?!\w) | (?<!\w)'([^'\n]*)'(?!\w)
    """,
    re.VERBOSE,
)
# Stands for a quotation in what is left of the sentence.
_HOLE: Final = "\ufffc"

_MEDIA: Final = r"mp4|mov|avi|webm|mkv|jpe?g|png|gif|webp|mp3|wav|m4a|aac|srt|vtt"
_LINK: Final = re.compile(r"(?i)https?://[^\s,，、\"'<>]+")
_FILE: Final = rf"(?:~|\.{{0,2}})?[\w.\-\\:]*[/\\][^\s,，、\"']*\.(?:{_MEDIA})"
_SOURCES: Final = re.compile(rf"(?i)^(?:(?:{_LINK.pattern[4:]}|{_FILE})[\s,，、;]*)+$")

_EN_BEFORE: Final = re.compile(
    r"""(?ix) ^ (?: (?:
      hey | hi | hello | ok(?:ay)? | yes | yep | yeah | sure | great | good | perfect | nice | cool | awesome | done
    | thanks | thank\ you | now | then | so | and | just | please | pls | kindly | also | finally | next
    | (?:that|this|it)?\s*(?:'s|\ is)?\ *looks?\ (?:good|great|nice|perfect|fine)(?:\ to\ me)?
    | (?:that|this|it)(?:'s|\ is)\ (?:good|great|nice|perfect|fine|it)
    | (?:i\ )?love\ it | well\ done | good\ job | all\ good | all\ done
    | (?:can|could|would|will)\ you | (?:can|could|may)\ (?:i|we) | let(?:'s|s|\ us|\ me)
    | (?:i|we)(?:\ want|\ need|\ would\ like|'d\ like|\ wish)\ (?:you\ )?to | (?:i|we)\ wanna | i'd\ like\ you\ to
    | (?:i'm|i\ am|we're|we\ are)\ (?:ready|done)(?:\ to)? | ready\ to | time\ to | help\ me
    | go\ ahead(?:\ and)? | tell\ me | do\ you\ know
    ) (?: [\s,.!:;—-]+ | $ ) )+ """
)
_EN_AFTER: Final = re.compile(
    r"""(?ix) (?: [\s,.!?;]* (?<!\w) (?: please | pls | plz | now | right\ now | right\ away | immediately | asap | again | already
    | thanks | thank\ you | thx | for\ me | then | today | at\ the\ moment | if\ you\ can | ok(?:ay)? | so\ far ) )+
    [\s.!?,;]* $ """
)
_ZH_BEFORE: Final = re.compile(
    r"^(?:请问|请你?|麻烦你?|帮我|帮忙|给我|替我|我现在想要?|我想要?|我要|我需要|我们?要|现在|可以了?|能不能|能否|能|你能|"
    r"你可以|好的?了?|行了?|完美|很好|不错|太棒了|没问题|那么|那就|那|然后|接着|再|直接|立即|立刻|马上|就|最后|开始|[，,。！!、：:\s])+"
)
_ZH_AFTER: Final = re.compile(
    r"(?:一下子?|吧|吗|嘛|呢|了|啊|呀|哦|谢谢你?|好吗|可以吗|行吗|[，,。！!？?、；;~～.\s])+$"
)

_NAMES: Final = rf"[\w.\-/\\~:]+\.(?:{_MEDIA})"
_THING: Final = (
    r"(?:(?:it|this|that|the|my|our|a|an|final|finished|completed?|whole|full|entire|current|edited|new|latest|rendered|"
    r"result|video|videos?\ file|movie|film|file|project|cut|version|reel|mp4|one|everything|edit|output)\b\s*)+"
)
_TAIL: Final = rf"""(?:
      \s+ (?: (?:to|as|in|into|with|at|for|using|called|named)\s+ )? (?:a\s+|an\s+|the\s+)?
      (?: (?P<path>{_HOLE}|{_NAMES}) | (?P<format>mp4|webm|gif|mov|mkv)(?:\s+(?:file|format|video))*
        | (?P<size>4k|uhd|2k|full\s?hd|hd|\d{{3,4}}p)(?:\s+(?:resolution|quality|video))*
        | (?P<quality>high(?:est)?|best|max(?:imum)?|good|medium|standard|low|draft)\s+(?:quality|resolution)
        | (?P<fps>\d{{2,3}})\s*(?:fps|frames\s+(?:per|a)\s+second)
        | (?P<preset>tik\s?tok|you\s?tube(?:\s+shorts)?|instagram(?:\s+(?:reels?|story|stories|post|feed))?|reels?|shorts|
            linkedin|twitter|x|facebook)
        | (?:my\s+)?(?:computer|disk|desktop|laptop|downloads?(?:\s+folder)?|device|machine|drive) ) (?!\w)
    )"""


def _nameless(pattern: str) -> str:
    """A pattern that can stand twice in one: its groups without their names."""
    return re.sub(r"\?P<\w+>", "?:", pattern)


_EXPORT_EN: Final = re.compile(
    rf"""(?ix) ^ (?:
        (?: export | download | save\s+and\s+export | render\s+and\s+(?:export|download) ) (?:\s+{_THING})? {{tail}}*
      | (?: save | render | output | get ) \s+ {_THING} {{tail}}*
      | (?: send | give | get | hand ) \s+ me \s+ {_THING} {{tail}}*
      | (?: send | give ) \s+ (?:it|the\s+(?:video|file)) \s+ (?:to\s+me|over) {{tail}}*
      | (?: (?:do|start|run|make|begin|create|perform|get) \s+)? (?:the\s+|an\s+|a\s+|my\s+)? (?:final\s+|video\s+)?
        (?: export | download | rendering ) (?:\s+(?:link|video|file|process))? {{tail}}*
    ) [\s.!?]* $""".replace("{tail}", _nameless(_TAIL))
)
_TAIL_ARGS: Final = re.compile(rf"(?ix) {_TAIL}")

_ZH_OBJECT: Final = r"(?:(?:这个|这段|这条|整个|完整的?|最终的?|最后的?|我的|做好的|剪好的|成品|当前的?|它|视频|影片|成片|文件|项目|短片|作品|结果))+"
_ZH_FORM: Final = rf"""(?: \s*(?:成|为|到|格式|的|用|以|并|保存|下载|存|高清|超清|最高|画质|质量|版本|版|本地|电脑|手机|{_ZH_OBJECT})
    | \s*(?P<format>mp4|webm|gif|mov|mkv) | \s*(?P<size>4k|2k|\d{{3,4}}p) | \s*(?P<path>{_HOLE}|{_NAMES})
    | \s*(?P<fps>\d{{2,3}})\s*(?:fps|帧) | \s*(?P<preset>抖音|tik\s?tok|you\s?tube|小红书|b站) )"""
_EXPORT_ZH: Final = re.compile(
    rf"""(?ix) ^ (?:
        (?:把|将)? \s* (?:{_ZH_OBJECT})? \s* (?:导出|下载|输出|导出并下载|渲染并导出) (?:来|出来|下来|给我)? (?:{{form}})*
      | (?:把|将)? \s* {_ZH_OBJECT} \s* (?:发|传|发送|给) (?:给)? 我
      | (?:发|传|发送) (?:给)? 我 \s* {_ZH_OBJECT}
      | (?:把|将)? \s* {_ZH_OBJECT} \s* (?:保存|存) (?:下来|到本地|到电脑|成文件)?
      | (?:保存) \s* {_ZH_OBJECT} (?:{{form}})*
    ) $""".replace("{form}", _nameless(_ZH_FORM))
)
_ZH_ARGS: Final = re.compile(rf"(?ix) {_ZH_FORM}")

_CREDITS_EN: Final = re.compile(
    r"""(?ix) ^ (?:
        (?:(?:show|check|see|view|get|display|what(?:'s|\ is|\ are)|how(?:'s|\ is))\s+(?:me\s+)?)?
        (?:the\s+|my\s+|our\s+)? (?:(?:remaining|current|available|left|account|token)\s+)*
        (?: credits? (?:\s+(?:balance|left|status|remaining|available|count))? | balance )
        (?:\s+(?:left|remaining|available|of\s+my\s+account|on\s+my\s+account))?
      | how\s+(?:many|much)\s+(?:\w+\s+)? credits? (?:\s+(?:do|have|are|is|did)\s+(?:i|we|there)(?:\s+(?:still|now|currently))?
            (?:\s+(?:have|got|left|own|remain(?:ing)?|used?))*(?:\s+(?:left|remaining|available))?)?
            (?:\s+(?:left|remaining|remain|available|are\s+left|are\s+there|do\s+i\s+have))*
      | (?:do|have)\s+(?:i|we)\s+(?:still\s+)?(?:have\s+|got\s+)?(?:any\s+|enough\s+)?credits?(?:\s+(?:left|remaining))?
      | (?:am|are)\s+(?:i|we)\s+(?:running\s+|almost\s+)?out\s+of\s+credits?
      | (?:check|show)\s+(?:my\s+)?account\s+(?:credits?|balance)
      | (?:is\s+there|are\s+there)\s+(?:any\s+)?credits?\s+left
    ) [\s.!?]* $"""
)
_CREDITS_ZH: Final = re.compile(
    r"""(?x) ^ (?:查|查询|查看|看|看看|看下|查下|查一下|看一下|显示|告诉我)? (?:我|我们)? (?:的|账户|账号|帐户|当前|目前|剩余|可用|现在|还)*
    (?: (?:积分|余额|点数)(?:余额|情况)? (?:还)? (?:是|有|剩|剩下|剩余)? (?:多少|几个|几分)? (?:个|点)?
      | (?:有|剩|剩下|剩余)* (?:多少|几个) (?:个|点)? (?:积分|余额|点数) (?:可用|可以用|剩余)?
      | (?:有|够)* (?:没有)? (?:积分) ) $"""
)
_WHAT: Final = (
    r"(?:status|state|tracks?|time\s?line|draft|track\s+(?:list|summary)|timeline\s+summary|segments?|layers)"
)
_STATUS_EN: Final = re.compile(
    rf"""(?ix) ^ (?:
        (?:(?:show|list|print|display|check|see|view|get|give|describe|what(?:'s|\ is|\ are)|how(?:'s|\ is))\s+(?:me\s+)?)?
        (?:(?:the|my|our|all|current|project|session|video|edit|of)\s+)* {_WHAT}
        (?:\s+(?:of\s+)?(?:the|my|this|our)?\s*(?:project|session|video|timeline|edit)|\s+(?:summary|overview|update|report))?
      | what(?:'s|\ is|\ do\ we\ have|\ do\ i\ have)\s+(?:now\s+)?(?:on|in)\s+(?:the|my)\s+(?:timeline|tracks?|project|draft)
      | where\s+are\s+we | what\s+do\s+(?:we|i)\s+have | how\s+far\s+(?:are\s+(?:we|you)|is\s+(?:it|the\s+video))
      | what(?:'s|\ is)\s+(?:on|in)\s+it
    ) [\s.!?]* $"""
)
_STATUS_ZH: Final = re.compile(
    r"""(?x) ^ (?:查|查询|查看|看|看看|看下|查下|查一下|看一下|显示|列出|展示|告诉我)? (?:所有|全部|我的|当前|目前|现在|项目|会话|视频|的)*
    (?: 状态 | 进度 | 进展 | 轨道(?:列表|信息)? | 时间[线轴](?:摘要)? | 草稿 ) (?:信息|情况)? (?:是)? (?:什么样?|怎么样|如何|怎样)? (?:上?有什么|里有什么)? $
    | ^ (?:现在|目前)? (?:是|处于)? 什么 (?:状态|进度) $ | ^ (?:做|进行|剪)到(?:哪里?|哪一步|什么程度) $"""
)
_UPLOAD_EN: Final = re.compile(
    r"""(?ix) ^ (?: (?:start\s+|do\s+)? (?:an?\s+|the\s+)? (?:re-?)? upload (?:ing|s)?
        (?:\s+(?:(?:the|these|those|this|that|my|our|a|an|some|more|another|new|few|other|following|attached|all|of|it|them|here|
          file|files|photos?|pictures?|pics?|images?|videos?|clips?|media|music|songs?|audio|logo|footage|product|one|to|
          project|session|from|url|link|disk|computer|and|or)\b,?\s*)+)?
      | (?:here\s+(?:are|is)|these\s+are|this\s+is|attached(?:\s+(?:are|is))?)\s+
        (?:(?:the|my|our|a|some|more|new|file|files|photos?|pictures?|images?|videos?|clips?|media|logo|music|attached)\s*)+
    ) [\s.!?:]* $"""
)
_UPLOAD_ZH: Final = re.compile(
    r"""(?x) ^ (?:把|将)? (?:这些?|这个|这张|几张|一些|我的|新的|更多|文件|素材|照片|图片|视频|音乐|标志|logo|LOGO)* (?:重新)? 上传
    (?:一个|一张|几张|一些|这些?|这个|我的|新的|更多|点|文件|素材|照片|图片|视频|音乐|音频|标志|logo|LOGO|和|、)* $"""
)
_GRAMMAR: Final[tuple[tuple[Kind, tuple[re.Pattern[str], re.Pattern[str]]], ...]] = (
    ("export", (_EXPORT_EN, _EXPORT_ZH)),
    ("credits", (_CREDITS_EN, _CREDITS_ZH)),
    ("status", (_STATUS_EN, _STATUS_ZH)),
    ("upload", (_UPLOAD_EN, _UPLOAD_ZH)),
)
_UPLOAD_LEAD: Final = re.compile(
    r"(?i)^(?:upload|add|use|上传|导入)\s*(?:the\s+|this\s+|these\s+|my\s+)?(?:files?|photos?|images?|pictures?|videos?|clips?|links?|urls?|文件|照片|图片|视频|素材)?\s*[:：]?\s*"
)
# Nobody says more than this when all they want is an export; longer texts need no grammar.
_LONGEST: Final = 300


def route(message: str, has_files: bool = False) -> Route:  # noqa: FBT001, FBT002 -- the published call
    """The way that a message takes.

    Args:
        message: what the user says.
        has_files: files were handed over with it; they are uploaded first, whatever the words are.
    """
    if has_files:
        words = _words(message)
        after = Route("stream") if not words else route(message)
        return Route("upload", then=None if not words or after.kind == "upload" else after)
    text = message.strip()
    if len(text) > _LONGEST:
        return Route("stream")
    if sources := _sources(text):
        return Route("upload", {"sources": sources})
    bare, quotes = without_quotes(text)
    words = _words(bare)
    for kind, patterns in _GRAMMAR:
        if any(pattern.search(words) for pattern in patterns):
            if kind != "export":
                # A quotation is content, and of these three none has any.
                return Route(kind) if _HOLE not in words else Route("stream")
            args = _options(words, quotes)
            return Route("stream") if args is None else Route("export", args)
    return Route("stream")


def without_quotes(text: str) -> tuple[str, list[str]]:
    """The text with every quotation replaced by a mark, and the quotations."""
    quotes: list[str] = []

    def take(match: re.Match[str]) -> str:
        quotes.append(next((g for g in match.groups() if g is not None), ""))
        return _HOLE

    return _QUOTED.sub(take, text), quotes


def _words(text: str) -> str:
    """The request without the courtesies around it."""
    words = " ".join(text.replace("’", "'").split())
    while True:
        shorter = _EN_AFTER.sub("", words)
        shorter = _ZH_AFTER.sub("", shorter).strip(" \t.!?,;:。！？，；：")
        # "Now", "thanks" alone are no request; but a word of the grammar must not vanish as a courtesy.
        rest = _ZH_BEFORE.sub("", _EN_BEFORE.sub("", shorter))
        shorter = rest
        if shorter == words:
            return words
        words = shorter


def _sources(text: str) -> tuple[str, ...]:
    """Links and paths, when the message is nothing but that, with or without "upload" before them."""
    rest = _UPLOAD_LEAD.sub("", text).strip()
    if not rest or not _SOURCES.fullmatch(rest):
        return ()
    found = [part.strip(",，、;") for part in rest.split()]
    if not all(_has_media_name(part) for part in found):
        return ()
    return tuple(found)


def _has_media_name(source: str) -> bool:
    path = re.split(r"[?#]", source, maxsplit=1)[0]
    return re.search(rf"(?i)\.(?:{_MEDIA})$", path) is not None


def _options(words: str, quotes: list[str]) -> dict[str, Any] | None:
    """The export's options; None when a quotation stands where no file's name can."""
    chinese = re.search(r"[\u4e00-\u9fff]", words) is not None
    out: dict[str, Any] = {}
    left = list(quotes)
    for match in (_ZH_ARGS if chinese else _TAIL_ARGS).finditer(words):
        for name, value in match.groupdict().items():
            if value is None:
                continue
            if name == "path":
                path = left.pop(0) if value == _HOLE and left else value
                if not _has_media_name(path):
                    return None
                out["path"] = path
            else:
                out.update(_option(name, value.casefold()))
    return None if left else out


def _option(name: str, value: str) -> dict[str, Any]:
    match name:
        case "format":
            return {"format": value}
        case "size":
            sizes = {"4k": 2160, "uhd": 2160, "2k": 1440, "fullhd": 1080, "hd": 1080}
            short = value.replace(" ", "")
            return {"short_side": sizes.get(short) or int(short.rstrip("p"))}
        case "quality":
            return {
                "quality": {"medium": "medium", "standard": "medium", "low": "low", "draft": "low"}.get(value, "high")
            }
        case "fps":
            return {"fps": int(value)}
        case _:
            return {"preset": _PRESETS.get(re.sub(r"\s+", "", value), value)}


# As the embedded backend calls them.
_PRESETS: Final = {
    "抖音": "douyin", "小红书": "xiaohongshu", "b站": "bilibili", "twitter": "x",
    "youtubeshorts": "youtube_shorts", "shorts": "youtube_shorts", "reel": "instagram_reels", "reels": "instagram_reels",
    "instagram": "instagram_reels", "instagramreel": "instagram_reels", "instagramreels": "instagram_reels",
    "instagramstory": "instagram_story", "instagramstories": "instagram_story", "instagrampost": "instagram_feed",
    "instagramfeed": "instagram_feed",
}  # fmt: skip
