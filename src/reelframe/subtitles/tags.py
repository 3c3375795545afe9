"""What stands between the words: HTML-like tags, WebVTT's spans, the overrides of ASS that many .srt files carry."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

from PIL import ImageColor

from reelframe.subtitles.cues import Place

__all__ = ["Words", "stripped"]

_NAMES: Final = frozenset({"i", "b", "u", "s", "em", "strong", "font", "c", "v", "lang", "ruby", "rt", "rp", "br"})
# A tag, a time within a cue (karaoke), or an override block; "<3" and "a < b" are words.
_TAG: Final = re.compile(r"<(/?)([A-Za-z]+)([^<>\n]*)>|<\d[\d:.,]*>|\{\\[^{}\n]*\}|\{[YyCcFfSsoP]:[^{}\n]*\}")
_ALIAS: Final = {"em": "i", "strong": "b"}
_COLOR: Final = re.compile(r"color\s*=\s*[\"']?\s*(#?\w+)", re.IGNORECASE)
_KEYPAD: Final[dict[str, Place]] = {
    "1": "bottom_left", "3": "bottom_right", "4": "left", "5": "center", "6": "right",
    "7": "top_left", "8": "top", "9": "top_right",
}  # fmt: skip
_ANCHOR: Final = re.compile(r"\\an([1-9])")
_CLASSES: Final = {
    "white": "#ffffff", "lime": "#00ff00", "cyan": "#00ffff", "red": "#ff0000", "yellow": "#ffff00",
    "magenta": "#ff00ff", "blue": "#0000ff", "black": "#000000",
}  # fmt: skip
_UNSEEN: Final = frozenset("\u200b\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Words:
    """A cue's words without tags, and what the tags said of the whole of them."""

    text: str
    position: Place | None = None
    italic: bool = False
    bold: bool = False
    color: str | None = None
    speaker: str = ""


class _Reader:
    """Takes pieces of text and tags in turn."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.position: Place | None = None
        self.speaker = ""
        # Of each property what the words had, one entry for every piece that shows something.
        self.seen: dict[str, list[str]] = {"i": [], "b": [], "color": []}

    def words(self, text: str) -> None:
        if any(name in {"rt", "rp"} for name, _ in self.open):
            return
        self.kept.append(text)
        if text.strip():
            opened = dict(self.open)
            self.seen["i"].append("i" if "i" in opened else "")
            self.seen["b"].append("b" if "b" in opened else "")
            colors = [color for name, color in self.open if name in {"font", "c"} and color]
            self.seen["color"].append(colors[-1] if colors else "")

    def tag(self, match: re.Match[str]) -> None:
        whole, closing, name, rest = match[0], match[1], (match[2] or "").lower(), match[3] or ""
        if whole.startswith("{"):
            self._override(whole)
            return
        name = _ALIAS.get(name, name)
        if name == "br":
            self.kept.append("\n")
        elif closing:
            last = next((n for n in range(len(self.open) - 1, -1, -1) if self.open[n][0] == name), None)
            if last is not None:
                del self.open[last]
        elif name:
            self.open.append((name, _color_of(name, rest)))
            if name == "v" and not self.speaker:
                self.speaker = html.unescape(rest.strip())

    def _override(self, block: str) -> None:
        anchor = _ANCHOR.search(block)
        if anchor and self.position is None:
            self.position = _KEYPAD.get(anchor[1])
        for letter in ("i", "b"):
            if f"\\{letter}1" in block:
                self.open.append((letter, ""))
            elif f"\\{letter}0" in block:
                self.open = [entry for entry in self.open if entry[0] != letter]

    def whole(self, what: str) -> str:
        """What all of the words have, "" when they differ."""
        values = set(self.seen[what])
        return values.pop() if len(values) == 1 else ""


def stripped(text: str) -> Words:
    """``text`` without its tags. What a tag says of a part of the words is left out; of all of them it is kept."""
    reader = _Reader()
    place = 0
    for match in _TAG.finditer(text):
        if match[2] and match[2].lower() not in _NAMES:
            continue
        reader.words(text[place : match.start()])
        reader.tag(match)
        place = match.end()
    reader.words(text[place:])
    joined = html.unescape("".join(reader.kept)).replace("\\N", "\n").replace("\\h", " ").replace("\x00", "")
    lines = [" ".join(line.split()) for line in joined.split("\n")]
    shown = "\n".join(line for line in lines if line and not set(line) <= _UNSEEN)
    return Words(
        shown,
        reader.position,
        italic=bool(reader.whole("i")),
        bold=bool(reader.whole("b")),
        color=reader.whole("color") or None,
        speaker=reader.speaker,
    )


def _color_of(name: str, rest: str) -> str:
    if name == "c":
        return next((_CLASSES[part] for part in rest.split(".") if part in _CLASSES), "")
    found = _COLOR.search(rest) if name == "font" else None
    if found is None:
        return ""
    value = found[1] if not re.fullmatch(r"[0-9a-fA-F]{6}", found[1]) else f"#{found[1]}"
    try:
        red, green, blue = ImageColor.getrgb(value)[:3]
    except ValueError:
        return ""
    return f"#{red:02x}{green:02x}{blue:02x}"
