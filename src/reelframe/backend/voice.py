"""How an answer is finished: as a person says it, and set in type as its language is.

The sentences come from several rooms, each of which says one thing well. Here they get what only the whole timeline
tells (a shot that is a photo is called one), colours get their names, and Chinese gets Chinese punctuation.
Names of files and the user's own texts are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from reelframe.draft import Draft
from reelframe.draft.summary import MOODS
from reelframe.media.model import Library

__all__ = ["Voice", "set_in_type"]

_HAN: Final = r"\u3400-\u9fff"
_WIDE: Final = "，。：；？！（）、「」『』“”《》"
_QUOTED: Final = re.compile(r"「[^」]*」|“[^”]*”|『[^』]*』|(?<!\w)'[^'\n]*'(?!\w)|\"[^\"\n]*\"")
_HEX: Final = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)
_COLORS: Final[dict[str, tuple[str, str]]] = {
    "#ffffff": ("white", "白色"), "#000000": ("black", "黑色"), "#ff0000": ("red", "红色"),
    "#00ff00": ("lime", "亮绿色"), "#008000": ("green", "绿色"), "#0000ff": ("blue", "蓝色"),
    "#ffff00": ("yellow", "黄色"), "#ffa500": ("orange", "橙色"), "#ffc0cb": ("pink", "粉色"),
    "#800080": ("purple", "紫色"), "#808080": ("grey", "灰色"), "#ffd700": ("gold", "金色"),
    "#00ffff": ("cyan", "青色"), "#a52a2a": ("brown", "棕色"), "#000080": ("navy", "藏青色"),
    "#ff00ff": ("magenta", "品红色"), "#c0c0c0": ("silver", "银色"), "#008080": ("teal", "蓝绿色"),
    "#800000": ("maroon", "栗色"), "#f5f5dc": ("beige", "米色"), "#ff7f50": ("coral", "珊瑚色"),
    "#87ceeb": ("sky blue", "天蓝色"), "#ff6347": ("tomato", "番茄红"),
}  # fmt: skip
# A clip of which nothing moves is called what it is.
_PHOTOS_EN: Final = (
    (re.compile(r"\bclips\b"), "photos"), (re.compile(r"\bclip\b"), "photo"),
    (re.compile(r"\bClips\b"), "Photos"), (re.compile(r"\bClip\b"), "Photo"),
)  # fmt: skip
_PHOTOS_ZH: Final = ((re.compile(r"个片段"), "张照片"), (re.compile(r"片段"), "照片"))


@dataclass(frozen=True, slots=True)
class Voice:
    """Finishes what is said about one session.

    Attributes:
        language: "en" or "zh".
        photos: all shots are photos.
        names: of files and texts, which are nobody's to change.
        music: the English names of composed music, to the Chinese ones.
    """

    language: str
    photos: bool = False
    names: frozenset[str] = frozenset()
    music: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, language: str, library: Library | None, *drafts: Draft) -> Voice:
        """The voice for what is said about these timelines of a session with this library."""
        kinds = {
            one.kind
            for draft in drafts
            for segment in (draft.main.segments if draft.main else ())
            if library is not None and segment.media and (one := library.get(segment.media)) is not None
        }
        segments = [segment for draft in drafts for segment in draft.segments]
        music = {
            segment.name: MOODS[mood]
            for segment in segments
            if isinstance(made := segment.get("music"), dict)
            and (mood := str(made.get("mood", ""))) in MOODS
            and segment.name == f"{mood} music"
        }
        names = {s.name for s in segments} | {s.text for s in segments if s.text} | {m.name for m in library or ()}
        return cls(
            "zh" if language.startswith("zh") else "en",
            kinds == {"image"},
            frozenset(name for name in names if name and name not in music),
            tuple(music.items()),
        )

    def about_shots(self, text: str) -> str:
        """A text about shots of the timeline, which calls photos so when they are all photos."""
        if not self.photos:
            return text
        table = _PHOTOS_ZH if self.language == "zh" else _PHOTOS_EN
        return self._around(text, lambda part: _replaced(part, table))

    def finish(self, text: str) -> str:
        """The text as the user reads it."""
        text = self._around(text, self._coloured)
        if self.language != "zh":
            return text
        for english, chinese in self.music:
            text = text.replace(english, chinese)
        return self._around(text, set_in_type)

    def _coloured(self, text: str) -> str:
        which = self.language == "zh"
        return _HEX.sub(lambda m: _COLORS.get(m[0].lower(), (m[0], m[0]))[which], text)

    def _around(self, text: str, change: Callable[[str], str]) -> str:
        """Change a text, but not names and quotations."""
        known = sorted((n for n in self.names if n in text and len(n) > 1), key=len, reverse=True)
        kept = re.compile("|".join([_QUOTED.pattern, *(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known)]))
        held: list[str] = []

        def hold(match: re.Match[str]) -> str:
            held.append(match[0])
            return "\ufffc"

        return _put_back(change(kept.sub(hold, text)), held)


def _put_back(text: str, held: Iterable[str]) -> str:
    left = iter(held)
    return re.sub("\ufffc", lambda _: next(left, ""), text)


def _replaced(text: str, table: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for pattern, new in table:
        text = pattern.sub(new, text)
    return text


_WIDER: Final = str.maketrans({";": "；", "?": "？", "!": "！", "(": "（", ")": "）", ",": "，"})
_TYPE: Final = (
    # A colon in 16:9 or 0:10 is a number's, one before a path a link's.
    (re.compile(r"(?<!\d):(?!//)|(?<=\d):(?!\d|//)"), "："),
    (re.compile(rf"(?<=[{_HAN}）」\ufffc])\.(?=\s|$)"), "。"),
    (re.compile(rf" *([{_WIDE}]) *"), r"\1"),
    # Between Chinese characters stands no space.
    (re.compile(rf"(?<=[{_HAN}]) +(?=[{_HAN}])"), ""),
    (re.compile(r"(?<=\d)-(?=\d[\d.]* ?秒)"), "–"),
    (re.compile(r"（原 ?无）"), "（原来没有）"),
    (re.compile(r"（原 ?(?!为|来)"), "（原为 "),
    (re.compile(rf"（原为 (?=[{_HAN}\ufffc])"), "（原为"),
    (re.compile(r"现在是无(?=[，。；（]|$)"), "现在没有"),
    (re.compile(r"现在是开(?=[，。；（、]|$)"), "已开启"),
    (re.compile(r"现在是关(?=[，。；（、]|$)"), "已关闭"),
    (re.compile(r"原为开）"), "原来已开启）"),
    (re.compile(r"原为关）"), "原来未开启）"),
)  # fmt: skip


def set_in_type(text: str) -> str:
    """A Chinese text with Chinese punctuation and without stray spaces; a mark stands for what is not to be touched."""
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    bullet = "- " if line.startswith("- ") else ""
    return bullet + _replaced(line.removeprefix("- ").translate(_WIDER), _TYPE)
