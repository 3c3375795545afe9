"""The agent thinks that its user has a GUI. What it says about one is taken out and becomes something to do.

The rule: a sentence, or the part of it, that *tells the user to do something in a GUI* goes, and gives an
``Action``; a sentence that describes the video stays, whatever words it uses. Text in quotes is content and is looked
at only as the name of the thing to be clicked. An instruction is known by where it stands (at the start of a clause,
or after "you can", "please", 请, 然后 …) and by what it needs (a button, a panel, a thing to be dragged).

Text is passed on sentence by sentence, so it does not matter how a stream cuts it.
"""

# ruff: noqa: E501 -- a grammar is read in columns

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from reelframe.client.events import Action
from reelframe.client.routing import without_quotes

__all__ = ["Phrasing", "translate"]

_HOLE: Final = "\ufffc"
# A text without any sentence end is passed on in pieces of this size.
_LONGEST: Final = 4000
# A quotation is at most this long; a quotation mark without its other half is an apostrophe or a slip.
_QUOTED: Final = 200

_GUI: Final = (
    r"(?:buttons?|panels?|tabs?|menus?|tool\s?bar|side\s?bar|icons?|dialog|drop-?down|panes?|inspector|editor|media\s+library|"
    r"workspace|dashboard|billing|account(?:\s+page)?|export\s+(?:page|screen|window)|"
    r"(?:top|bottom|upper|lower)[\s-](?:right|left)(?:[\s-]hand)?\s+corner\s+of\s+(?:the|your)\s+(?:screen|editor|window|page|app)|"
    r"slider|check\s?box|playhead|context\s+menu)"
)
_LEAD: Final = r"""(?:
      please | just | simply | now | then | so | next | finally | also | first | second | third | and | or | but
    | you(?:\ can|\ could|\ may|\ might|\ should|\ must|\ need\ to|\ have\ to|\ will\ need\ to|'ll\ need\ to|\ want\ to|'ll\ want\ to|'d\ better)
    | by | always | either | again | directly | manually | go\ ahead\ and | feel\ free\ to
    | (?:be|make)\ sure\ to | remember\ to | try\ to | let's | all\ you\ (?:need|have)\ to\ do\ is(?:\ to)?
    | i\ (?:suggest|recommend)(?:\ that)?\ you | want\ to | need\ to | have\ to | simply
)"""
_THING: Final = (
    rf"(?:the\b|your\b|my\b|it\b|this\b|that\b|these\b|those\b|them\b|any\b|each\b|a\b|an\b|here\b|on\b|{_HOLE}|\[|【|"
    r"(?-i:[A-Z])|export\b|download\b|save\b|play\b|undo\b|redo\b|add\b|upload\b|ok\b|apply\b|render\b|share\b|anywhere\b)"
)
_VERB_EN: Final = rf"""(?:
      (?: (?:right|left|double)[\s-]?click(?:ing)? | click(?:ing)? | tap(?:ping)? ) \s+ (?:on\s+|onto\s+)? (?={_THING})
    | (?P<drag> drag(?:ging)?(?:\s*(?:and|&|-)\s*-?drop(?:ping)?)? \s+ (?={_THING}|and\b|clips?\b|media\b|files?\b|photos?\b|images?\b)
              | drop(?:ping)?\s+(?:it|them|the|your|this|that|a)\b[^.;!?]{{0,40}}\b(?:in(?:to)?|on(?:to)?)\b )
    | (?: press | hit | push ) \s+ (?:on\s+)? [^.;!?,]{{0,30}}?
        (?: \b(?:buttons?|keys?|icon|play|export|download|enter|space|ctrl|cmd|delete)\b | {_HOLE} )
    | (?: open(?:\s+up)? | go(?:\s+back)?\s+to | head(?:\s+over)?\s+to | navigate\s+to | switch\s+to | visit )
        \b [^.;!?]{{0,60}}? \b settings \b
    | (?: open(?:\s+up)? | go(?:\s+back)?\s+to | head(?:\s+over)?\s+to | navigate\s+to | switch\s+to | jump\s+to | visit | find | locate
        | look\s+(?:at|in|for|under) | select | choose | pick | use | check(?:\s+out)? | see | expand | access | adjust | scroll\s+to | hover\s+over )
        \b [^.;!?]{{0,60}}? \b{_GUI}\b
    | (?P<view> (?:preview|play(?:\s+back)?|watch|view|review|see|check|scrub(?:\s+through)?) \b [^.;!?]{{0,50}}?
        \b(?:in|on|from|through|using)\s+(?:the\s+|your\s+)?(?:timeline|editor|preview(?:\s+\w+)?|player|canvas)\b )
    | open(?:\s+up)? \s+ (?:the|your)\s+timeline\b
)"""
_INSTRUCTION_EN: Final = re.compile(
    rf"""(?ix) (?: ^ | (?<=[,;:(—–-]) | \b(?={_LEAD}\b) ) \s* (?:{_LEAD}[\s,]+)* {_VERB_EN}"""
)
# The one thing that no user ever reads, wherever it stands.
_CLICK_EXPORT: Final = re.compile(
    r"(?i)\b(?:to\s+)?(?:click|tap|press|hit|select|choose)(?:ping|ting|ing)?\s+(?:on\s+)?(?:the\s+)?(?:export|download)\b(?!\s+sound)"
)
_MENTION_EN: Final = re.compile(
    r"(?i)\b(?:the|an?|your|that|this)\s+(?:export|download|render)\s+(?:button|icon|menu|tab|panel|dialog)\b"
)
# "I added an Export button" speaks of a picture of one.
_MADE: Final = re.compile(
    r"(?i)\b(?:added|placed|put|drew|made|created|designed|inserted|animated|included|contains?|shows?)\b"
)
_MARKS: Final = re.compile(
    r"^[\s>*#•·-]*(?:(?:step\s*)?\d{1,2}[.):、]\s*|第[一二三四五六七八九十\d]+步[：:，,]?\s*)?", re.IGNORECASE
)
_SUBORDINATE_EN: Final = re.compile(
    r"(?i)^(?:when|whenever|if|once|after|as\s+soon\s+as|before|to|in\s+order\s+to|for|until|from\s+(?:here|there)|"
    r"then|next|now|finally|first|second|third|alternatively|or|and|so|also|please|otherwise|in\s+the|on\s+the|at\s+the|"
    r"ready\s+to|want\s+to|need\s+to|simply|just|tip|note|step\s*\d*|instructions?|how\s+to|by|you|feel\s+free|go\s+ahead)\b"
    # Words that nothing ends with.
    r"|\b(?:is|are|was|to|by|with|of|the|how)$"
)
_SAYS: Final = re.compile(
    r"(?i)(?:texts?|captions?|titles?|says?|reads?|reading|saying|labels?|subtitles?|cta|call[\s-]to[\s-]action|copy|tagline|slogan|line|overlay)"
    r"(?:\s+(?:now|is|to|as|that))*\s*:?\s*$"
)
_SAYS_ZH: Final = re.compile(r"(?:文字|标题|字幕|文案|标语|写着|内容|显示|改为|改成|文本)[为是成]?\s*[：:]?\s*$")

_GUI_ZH: Final = r"(?:面板|窗口|菜单|标签页?|选项卡|设置|编辑器|侧边栏|侧栏|工具栏|页面|界面|素材库|属性栏|对话框|下拉框|右上角|左上角|右下角|左下角|按钮)"
_LEAD_ZH: Final = r"(?:请您?你?|您|你|可以|可|只需要?|只要|需要|然后|再|接着|接下来|并且?|就|直接|去|通过|想要?|要|现在|随时|也|还|便|先|最后|之后|尝试|记得|或者?|应该|必须|手动|自己|自行)"
_VERB_ZH: Final = rf"""(?:
      (?: 点击|点按|单击|双击|右击|右键点击|右键|轻点|点选|点一下|点开|轻触 ) (?!了|着|过|音|声|率|量|动画|特效|效果|的)
    | 按(?:下|住)?[^。；，,]{{0,12}}?(?:按钮|键)
    | (?P<drag>拖(?:拽|动|放|到|入|至|进)|(?:把|将)[^。；，,]{{1,20}}拖(?:拽|动|放|到|入|至|进)) (?!了|着|过|延)
    | (?: 打开|进入|前往|切换到|转到|找到|使用|选择|选中|查看|展开|回到 ) (?!了|着|过) [^。；，,！？]{{0,20}}? {_GUI_ZH}
    | (?P<view>在?(?:时间[线轴]|编辑器|播放器|预览窗口)(?:上|中|里|内|面板)?[^。；，,]{{0,8}}?(?:预览|查看|播放|观看)|(?:预览|查看)[^。；，,]{{0,8}}时间[线轴])
    | 打开时间[线轴]
    | (?:在|从)[^。；，,]{{0,8}}?(?:右上角|左上角|右下角|左下角|菜单|工具栏|面板)[^。；，,]{{0,8}}?(?:导出|下载)
)"""
_INSTRUCTION_ZH: Final = re.compile(
    rf"""(?x) (?: ^ | (?<=[，,；;：:（(、。]) | (?={_LEAD_ZH}) ) \s* (?:{_LEAD_ZH}\s*)* {_VERB_ZH}"""
)
_MENTION_ZH: Final = re.compile(r"(?:导出|下载)(?:按钮|图标|菜单|面板|选项)")
_MADE_ZH: Final = re.compile(r"(?:添加|加|放|画|做|设计|插入|制作|生成)(?:上)?了|有一个|显示")
_SUBORDINATE_ZH: Final = re.compile(
    r"^(?:如果|如需|若|要是|当|等|想|要|为了|需要|准备好|满意|确认|检查|接下来|然后|最后|现在|首先|其次|请|您|你|可以|另外|此外|同时|或者?|步骤|提示|方法)|(?:后|时|的话|之前|以前|前)$"
)

_WHAT: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("credits", re.compile(r"(?i)\b(?:credits?|billing|account|subscription|top[\s-]?up|upgrade|plan)\b|积分|余额|账户|账号|账单|充值|订阅|会员")),
    ("undo", re.compile(r"(?i)\bundo\b|撤销|撤回")),
    ("redo", re.compile(r"(?i)\bredo\b|重做")),
    ("export", re.compile(r"(?i)\b(?:export|download|render)(?:s|ed|ing)?\b|导出|下载|渲染")),
    ("upload", re.compile(r"(?i)\b(?:upload|import)\b|上传|导入")),
)  # fmt: skip
_PLAY: Final = re.compile(r"(?i)\b(?:play|preview|timeline|tracks?|playback)\b|播放|预览|时间[线轴]|轨道")
_OPEN: Final = re.compile(
    r"(?i)\b(?:open|go\s|head\s|navigate|switch|visit|find|locate|look|see|check|access|expand|jump)|打开|进入|前往|切换|转到|找到|查看|展开|回到"
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


class Phrasing:
    """Feed it an answer in pieces; it gives the answer back in whole sentences, and the actions found."""

    def __init__(self) -> None:
        self._buffer = ""
        self._shown = False

    def push(self, text: str) -> tuple[str, tuple[Action, ...]]:
        """What may be shown now, and the actions found in what was held back."""
        self._buffer += text
        return self._take(final=False)

    def flush(self) -> tuple[str, tuple[Action, ...]]:
        """The rest, when the answer is whole."""
        return self._take(final=True)

    def _take(self, *, final: bool) -> tuple[str, tuple[Action, ...]]:
        out: list[str] = []
        actions: list[Action] = []
        while (end := _sentence_end(self._buffer, final=final)) > 0:
            sentence, self._buffer = self._buffer[:end], self._buffer[end:]
            kept, found = translate(sentence)
            actions += found
            if kept:
                # A sentence that became the first one does not begin with the white space of its place.
                out.append(kept if self._shown else kept.lstrip())
                self._shown = self._shown or bool(kept.strip())
        return "".join(out), tuple(actions)


_STOPS: Final = ".!?"
_WIDE_STOPS: Final = "。！？；"
_CLOSERS: Final = "\"'”’」』）)]】*_`"
_OPENERS: Final = {"“": "”", "「": "」", "『": "』", "《": "》", "(": ")", "（": "）", '"': '"', "‘": "’", "`": "`"}
_ABBREVIATION: Final = re.compile(
    r"(?i)(?:\b(?:e\.g|i\.e|etc|vs|approx|no|fig|mr|mrs|ms|dr|st)|(?:^|\n)\s*(?:step\s*)?\d{1,2})$"
)


def _sentence_end(text: str, *, final: bool) -> int:
    """Where the first sentence ends, 0 while that can't be told yet. White space after it is the next one's."""
    close = ""
    i, n = 0, len(text)
    while i < n:
        char = text[i]
        if char == "\n" and text[:i].strip():
            return i
        if close:
            close = "" if char == close else close
        elif char in _OPENERS:
            if _closes(text, i):
                close = _OPENERS[char]
            elif not final and "\n" not in text[i:] and n - i < _QUOTED:
                # Whether it is a quotation is seen when it is closed, or has gone on for too long.
                return 0
        elif char in _STOPS or char in _WIDE_STOPS:
            i = _past_stops(text, i)
            if i == n:
                return n if final else 0
            if _ends(text, i):
                return i
            continue
        i += 1
    return n if final or n >= _LONGEST else 0


def _closes(text: str, at: int) -> bool:
    line, _, _ = text[at + 1 : at + _QUOTED].partition("\n")
    return _OPENERS[text[at]] in line


def _past_stops(text: str, at: int) -> int:
    """Past "?!", and the quotation marks and brackets that belong to the sentence."""
    end = at + 1
    while end < len(text) and text[end] in _STOPS + _WIDE_STOPS + _CLOSERS:
        end += 1
    return end


def _ends(text: str, at: int) -> bool:
    """Whether the stops before ``at`` end a sentence: not those of "3.5", "e.g." and "1. Click"."""
    stops = text[:at].rstrip(_CLOSERS)
    if stops[-1:] in _WIDE_STOPS:
        return True
    return text[at].isspace() and not (stops.endswith(".") and _ABBREVIATION.search(stops[:-1]))


def translate(sentence: str) -> tuple[str, tuple[Action, ...]]:
    """One sentence: what of it is for the user, and what it tells to do.

    Args:
        sentence: with the white space before it.
    """
    return _chain(sentence, 0)


def _chain(sentence: str, depth: int) -> tuple[str, tuple[Action, ...]]:
    pieces = list(_clauses(sentence)) if depth == 0 else [sentence]
    if len(pieces) > 1:
        kept, actions = "", list[Action]()
        for piece in pieces:
            text, found = _chain(piece, 1)
            kept, actions = kept + text, actions + list(found)
        if actions and kept.endswith(";"):
            kept = kept[:-1] + "."
        return kept, tuple(actions)
    bare, quotes = without_quotes(sentence)
    plain = bare.replace("*", "").replace("_", " ").replace("’", "'")
    space = plain[: len(plain) - len(plain.lstrip())]
    body = plain.strip()
    marks = _MARKS.match(body)
    begin = marks.end() if marks else 0
    instruction = _instruction(body[begin:])
    if instruction is None:
        return sentence, ()
    match, chinese = instruction
    before = body[begin : begin + match.start()]
    told = body[begin + match.start() :]
    action = _action(match, told, quotes)
    kept = _kept(before, chinese=chinese)
    if not kept:
        return "", (action,)
    # The quotations of the part that stays go back in their places.
    for quote in _quotations(sentence)[: kept.count(_HOLE)]:
        kept = kept.replace(_HOLE, quote, 1)
    return space + kept, (action,)


def _clauses(sentence: str) -> Iterator[str]:
    """A sentence cut at its semicolons, which separate what could stand alone."""
    if ";" not in sentence:
        yield sentence
        return
    bare, _ = without_quotes(sentence)
    if ";" not in bare:
        yield sentence
        return
    yield from re.split(r"(?<=;)(?=\s)", sentence)


def _instruction(body: str) -> tuple[re.Match[str], bool] | None:
    """The first instruction, and whether it is in Chinese."""
    chinese = _HAN.search(body) is not None
    # A Chinese sentence may hold an English instruction; the other way round it would be Chinese.
    tried = [(_INSTRUCTION_ZH, _SAYS_ZH)] if chinese else []
    tried += [(_INSTRUCTION_EN, _SAYS), (_CLICK_EXPORT, _SAYS)]
    for pattern, says in tried:
        for match in pattern.finditer(body):
            if not says.search(body[: match.start()]):
                return match, chinese
    mention = (_MENTION_ZH if chinese else _MENTION_EN).search(body)
    if mention and not (_MADE_ZH if chinese else _MADE).search(body[: mention.start()]):
        # The whole sentence is about the button.
        whole = re.match(r"(?s).*", body)
        return (whole, chinese) if whole else None
    return None


def _kept(before: str, *, chinese: bool) -> str:
    """What stands before an instruction, as a sentence of its own; "" when it only leads up to it."""
    text = before.strip().rstrip(" ,，;；:：(（—–-、")
    text = re.sub(r"(?i)[\s,]+(?:and|so|then|or|but|now|please|just)$", "", text).rstrip(" ,")
    if not text or (_SUBORDINATE_ZH if chinese else _SUBORDINATE_EN).search(text):
        # "When you are ready, …" alone says nothing; "Done. When …" was cut at the full stop before.
        return _main_clause(text, chinese=chinese)
    return text + ("。" if chinese else ".")


def _main_clause(text: str, *, chinese: bool) -> str:
    """Of "The title is bigger now, and if you like it" the part that stands by itself."""
    clauses = re.split(r"[,，]\s*", text)
    subordinate = _SUBORDINATE_ZH if chinese else _SUBORDINATE_EN
    kept: list[str] = []
    for clause in clauses:
        if not clause or subordinate.search(re.sub(r"(?i)^(?:and|so|but)\s+", "", clause)):
            break
        kept.append(clause)
    joined = ("，" if chinese else ", ").join(kept)
    return joined + ("。" if chinese else ".") if joined else ""


def _action(match: re.Match[str], told: str, quotes: list[str]) -> Action:
    """What an instruction asks for; the name of the thing may stand in quotes."""
    words = _filled(told, quotes)
    groups = match.groupdict()
    if groups.get("drag"):
        return Action("message", {"message": _imperative(words)})
    head = _filled(match.group(), quotes) + " " + words[len(match.group()) : len(match.group()) + 40]
    for name, pattern in _WHAT:
        if pattern.search(head):
            return Action(name)
    if groups.get("view") or _PLAY.search(head):
        return Action("timeline")
    if _OPEN.search(match.group()):
        return Action("state")
    return Action("message", {"message": _imperative(words)})


def _filled(text: str, quotes: list[str]) -> str:
    # Quotations before the instruction have been passed over: the last ones are its own.
    count = text.count(_HOLE)
    for quote in quotes[len(quotes) - count :] if count else []:
        text = text.replace(_HOLE, f'"{quote}"', 1)
    return text


def _imperative(words: str) -> str:
    """The instruction without what leads up to it: "you can drag it" becomes "drag it"."""
    text = re.sub(rf"(?ix)^\s*(?:{_LEAD}[\s,]+)+", "", words)
    text = re.sub(rf"^\s*{_LEAD_ZH}+", "", text)
    return text.strip().rstrip(".!?。！？;；:：")


def _quotations(sentence: str) -> list[str]:
    """The quotations of a sentence with their quotation marks, in order."""
    bare, quotes = without_quotes(sentence)
    out: list[str] = []
    rest = sentence
    for before, quote in zip(bare.split(_HOLE), quotes, strict=False):
        rest = rest[len(before) :]
        length = len(quote) + 2
        out.append(rest[:length])
        rest = rest[length:]
    return out
