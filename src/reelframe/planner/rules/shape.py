"""The shape of the picture and what is behind it."""

from __future__ import annotations

import re
from typing import Any, Final

from reelframe.edits.phrases import cap
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.state import State

__all__ = ["shape", "shape_of"]

_BESIDE: Final = 2
# What is at the sides of a picture that is narrower than the frame.
_SIDES: Final = re.compile(
    r"两边|两侧|四周|上下|左右|填充|\b(?:blurr?(?:ed|y)?|blur) (?:sides|edges|fill|padding)\b|\bsides\b"
)

# A shape that is named counts for more than what a platform usually has.
_SHAPES: Final = re.compile(r"\b(?:vertical|portrait|square|horizontal|landscape)\b|竖|横|方形|正方")


def shape_of(width: int, height: int) -> str:
    """The name of a shape in pixels, "4:5"; in sixteenths of its longer side when it has none."""
    for aspect in ("9:16", "16:9", "1:1", "4:5", "4:3", "3:4", "21:9", "2:3", "3:2"):
        a, b = (int(x) for x in aspect.split(":"))
        if abs(width / height - a / b) < 0.02:
            return aspect
    return f"{max(1, round(16 * width / max(width, height)))}:{max(1, round(16 * height / max(width, height)))}"


def shape(c: Clause, s: State) -> bool:
    """The frame's shape, how pictures fill it, and what is behind them."""
    done = _background(c, s)
    aspect = c.value("aspect")
    # "centre the title vertically" says along which line, and no shape.
    along = c.ever("verb.center verb.flip verb.move noun.title noun.text noun.logo")
    platforms = [t for t in c.all("platform.") if not (along and t.text in {"vertically", "horizontally"})]
    fit = (
        "fill"
        if c.has("verb.fill")
        else "fit"
        if c.has("verb.fit")
        else "blur"
        if c.has("noun.background") and c.has("verb.blur")
        else None
    )
    if aspect is None and platforms:
        if c.negated and not c.own_verb:
            return done
        targets = [p for p in platforms if not _is_source(c, p)]
        if targets:
            best = max(
                targets,
                key=lambda t: (
                    _SHAPES.search(t.text) is not None,
                    t.start,
                ),
            )
            aspect = (
                best.meaning("platform")
                if len(targets) == 1 or best.text != "youtube"
                else next((t.meaning("platform") for t in targets if t is not best), None)
            )
            if not (
                best.text in {"vertical", "portrait", "square", "horizontal", "landscape", "widescreen"}
                or not best.text.isascii()
            ):
                s.assume("platform", platform=cap(best.text), aspect=aspect)
    if aspect is None and c.has("noun.aspect") and c.verb("change", "set", "make", "convert"):
        c.use("noun.aspect", "verb.")
        if any(op.op == "set_aspect" for op in s.ops):
            return True
        half = {"op": "set_aspect"}
        return s.ask("what_shape", tuple(Choice(a, ({**half, "aspect": a},)) for a in ("9:16", "16:9", "1:1", "4:5")))
    if aspect is None:
        if fit is not None and not c.has("noun.title", "noun.text"):
            c.use("verb.fill", "verb.fit")
            for n, op in enumerate(s.ops):
                if op.op == "set_aspect" and getattr(op, "fit", None) is None:
                    s.ops[n] = op.model_copy(update={"fit": fit})
                    return True
            now = s.view.draft
            width, height = int(now.get("width", 1920)), int(now.get("height", 1080))
            return s.add("set_aspect", aspect=shape_of(width, height), fit=fit)
        return done
    c.use("platform.", "noun.aspect", "verb.fill", "verb.fit", "verb.crop", "verb.convert", "noun.genre", "noun.video")
    return s.add("set_aspect", aspect=aspect, fit=fit)


def _is_source(c: Clause, token: Any) -> bool:  # noqa: ANN401 -- a token
    """``landscape video to vertical``: the first names what is there."""
    following = next((t for t in c.tokens if t.start >= token.end), None)
    if "upload" in c.text and token.text.isascii() and not c.verb("convert", "make", "crop"):
        return True
    if following is not None and (
        following.has("noun.intro", "noun.outro") or following.text in {"channel", "account", "handle"}
    ):
        return True
    if (
        token.text in {"portrait", "landscape", "vertical", "horizontal", "square"}
        and following is not None
        and following.has("noun.photo")
    ):
        return True
    later = [
        t
        for t in c.tokens
        if t.start > token.end
        and t.has("platform.", "aspect")
        # "a square for Instagram": both say what is wanted.
        and not any(w.text in {"for", "on"} and token.end <= w.start < t.start for w in c.tokens)
    ]
    own_channel = token.text in {"youtube", "instagram", "tiktok"} and any(
        t.start > token.end and t.text in {"channel", "video", "account", "handle", "频道", "账号"} for t in c.tokens
    )
    near = own_channel and any(
        0 <= t.start - token.end <= _BESIDE
        for t in c.tokens
        if t.text in {"channel", "account", "handle", "频道", "账号"}
    )
    my_video = (
        token.text in {"youtube", "tiktok", "instagram"}
        and own_channel
        and c.verb("add", "remove", "trim", "cut", "edit")
        and not c.verb("convert", "make")
    )
    return (bool(later) and c.verb("convert", "make", "turn_into", "change", "crop", "set")) or near or my_video


def _background(c: Clause, s: State) -> bool:
    noun = c.get("noun.background")
    blurred = c.has("effect.blur", "verb.blur") or "blurr" in c.text
    sides = _SIDES.search(c.text) is not None
    if blurred and (sides or "bars" in c.text or "黑边" in c.text or (noun is not None and not c.has("refuse."))):
        c.use("noun.background verb. effect. noun.duplicate noun.video noun.photo noun.gap")
        return s.add("set_background", blur=True)
    if noun is not None and c.has("aspect", "platform.", "dim"):
        noun.used = True
        return False
    if noun is None or c.has("noun.title", "noun.text", "noun.subtitle", "noun.music", "noun.sound", "noun.caption"):
        return False
    behind = not c.own_verb and "behind" in c.text and c.has("color", "hex")
    if c.has("noun.photo") and not behind and not c.verb("set", "change", "add", "make", "use", "replace"):
        c.use("noun.background", "color")
        return False
    color = c.value("color", "hex")
    if color is None and c.has("effect.blur", "verb.blur"):
        c.use("noun.background", "effect.blur", "verb.blur")
        return s.add("set_background", blur=True)
    file = next((t for t in c.all("file")), None)
    # Longer than "in" and "it".
    strange = [t for t in c.tokens if t.end <= noun.start and t.has("word") and t.text.isalpha() and len(t.text) > 2]
    if color is None and file is None and c.verb("add") and strange and c.text.isascii():
        # "put a robot in the background"
        c.use("noun.background", "verb.", "word")
        return s.refuse(c.said, "generate_image")
    if color is None and file is None:
        elsewhere = c.text[noun.end - c.start :].lstrip()
        if c.verb("change") and elsewhere.startswith(("换成", "改成", "换为", "变成")) and c.tokens[-1].has("word"):
            # 把背景换成海边: another place, and no colour.
            c.use("noun.background", "verb.", "word", "says.")
            return s.refuse(c.said, "background_removal")
        if c.verb("change", "set", "add") and not c.has("refuse."):
            c.use("noun.background", "verb.")
            return s.ask("what_color", half={"op": "set_background"}, slot="color", kind="color")
        return False
    c.use("noun.background", "verb.set", "verb.change", "verb.add", "noun.color", "verb.use", "file", "noun.photo")
    return s.add(
        "set_background", color=str(color) if color else None, media=str(file.value) if file and not color else None
    )
