"""The style slots of a text: colour, size, weight, font, outline, shadow, box, opacity."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.planner.clauses import Clause
from reelframe.planner.lexicon import table
from reelframe.planner.tokens import Token

__all__ = ["style_slots"]

_FULL_HD: Final = 1080
# Characters between a colour and what has it.
_NEXT: Final = 2
# 红底, 黑边.
_PARTS: Final = {"底": "box", "边": "outline"}
# Parts of a text with a colour of their own.
_COLORED: Final = ("box", "outline")
_CLOSER: Final = re.compile(r"\b(?:tight\w*|narrow\w*|closer|reduce\w*|decrease\w*|less)\b|收紧|缩小|小一点|窄|近")


def style_slots(c: Clause, *, off: bool = False) -> dict[str, Any]:
    """What the clause says about a text's look; ``off`` takes shadow, outline, box, bold and italic away."""
    out: dict[str, Any] = {}
    gradient = c.get("noun.gradient")
    # "brand green #0a5c4a": the number says which green.
    colors = sorted(c.all("color", "hex"), key=lambda token: not token.has("hex"))
    if gradient is not None:
        # One colour goes over into white; none at all is the warm one that titles are often given.
        chosen = [str(t.value) for t in colors if t.value is not None][:2]
        pair = [*chosen, "white"] if len(chosen) == 1 else chosen or ["gold", "orangered"]
        out["gradient"] = (pair[0], pair[1])
        for token in (gradient, *colors):
            token.used = True
        colors = []
    if c.has("anim.karaoke") and colors and not off:
        # "highlight each word in yellow": the colour of the word that is being said.
        out["highlight"] = str(colors[0].value)
        colors[0].used = True
        colors = colors[1:]
    for token in colors:
        owner = _owner(c, token)
        if owner is not None:
            token.used = True
            if owner in _COLORED and token.value is not None and not off:
                out |= {owner: True, f"{owner}_color": str(token.value)}
            continue
        if "color" not in out and token.value is not None:
            out["color"] = str(token.value)
        token.used = True
    spaced = c.get("noun.spacing", "noun.padding")
    if spaced is not None:
        out |= _spacing(c, spaced, off=off)
        spaced.used = True
        c.use("dir. adjust. verb.slow_down")
    look = c.meaning("tlook") if not off and c.has("tlook.") else None
    if look is not None:
        out["look"] = look
        c.use("tlook. noun.style")
    if c.has("dir.bigger"):
        out["size"] = "up"
    elif c.has("dir.smaller"):
        out["size"] = "down"
    elif (
        c.has("noun.size", "noun.font", "noun.text", "noun.title")
        and c.has("dir.up", "dir.down")
        and (c.has("noun.size") or c.has("noun.font"))
    ):
        out["size"] = "up" if c.has("dir.up") else "down"
    px = c.value("px")
    if px is None and c.has("noun.size"):
        number = c.value("num")
        px = number if number and number > 1 else None
    if px is not None:
        out["size"] = round(min(1.0, max(0.001, px / _FULL_HD)), 4)
    if c.has("dir.not_bold"):
        out["bold"] = False
    elif c.has("dir.bold"):
        out["bold"] = not off
    if c.has("dir.italic"):
        out["italic"] = not off
    for case, name in (("dir.upper", "upper"), ("dir.lower", "lower"), ("dir.title_case", "title")):
        if c.has(case):
            out["case"] = name
    for slot in ("outline", "shadow", "box"):
        if c.has(f"noun.{slot}"):
            out[slot] = not off
    if c.has("noun.opacity"):
        share = c.value("pct")
        if share is not None and 0 <= share <= 1:
            out["opacity"] = share
        elif not c.has("noun.box"):
            out["opacity"] = 0.5
    font = _font(c)
    if font:
        out["font"] = font
    for word, align in (
        ("align left", "left"),
        ("left align", "left"),
        ("align right", "right"),
        ("right align", "right"),
        ("左对齐", "left"),
        ("右对齐", "right"),
        ("居中对齐", "center"),
        ("center align", "center"),
    ):
        if word in c.text.replace("-", " ").replace("aligned", "align"):
            out["align"] = align
            c.use("pos.")
    c.use(
        "dir.bigger dir.smaller dir.bold dir.not_bold dir.italic dir.upper dir.lower dir.title_case noun.outline "
        "noun.shadow noun.box font."
    )
    return out


def _spacing(c: Clause, token: Token, *, off: bool) -> dict[str, Any]:
    """Room between letters, or around the words inside their box, in em: a number, a share, or a step."""
    slot, usual, most = ("letter_spacing", 0.1, 2.0) if token.has("noun.spacing") else ("box_padding", 0.5, 2.0)
    value = c.value("pct", "num")
    if value is not None:
        return {slot: round(min(most, abs(float(value))), 3)}
    if off:
        return {slot: 0.0}
    tight = c.has("dir.down", "dir.smaller", "dir.pace_up") or "closer" in token.text or _CLOSER.search(c.text)
    return {slot: (-0.03 if slot == "letter_spacing" else 0.15) if tight else usual}


def _owner(c: Clause, color: Token) -> str | None:
    """What stands right behind a colour and has it: a white box, 红底."""
    behind = next((t for t in c.tokens if 0 <= t.start - color.end <= _NEXT), None)
    if behind is None:
        return None
    if behind.text in _PARTS:
        return _PARTS[behind.text]
    return next((name for name in ("box", "outline", "shadow", "background") if behind.has(f"noun.{name}")), None)


def _font(c: Clause) -> str | None:
    token = c.get("font.")
    if token is not None:
        for language in ("en", "zh"):
            for name, phrases in table(language, "fonts").items():
                if token.text in phrases:
                    return str(name)
    noun = c.get("noun.font")
    if noun is None:
        return None
    quote = c.get("quote")
    if quote is not None and c.verb("change", "use", "set", "make") and not c.has("noun.title", "noun.text"):
        quote.used = True
        return str(quote.value)
    return None
