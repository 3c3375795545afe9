"""The file, the frame, the length: export, resolution, shape, background, duration."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

from reelframe.edits.phrases import cap
from reelframe.planner.clauses import Clause
from reelframe.planner.context import Choice
from reelframe.planner.measure import part_of
from reelframe.planner.refs import says_it
from reelframe.planner.state import State

__all__ = ["length", "rule", "shape"]

_FORMATS: Final = {
    "mp4": "mp4",
    "m4v": "mp4",
    "h264": "mp4",
    "h.264": "mp4",
    "h265": "mp4",
    "h.265": "mp4",
    "hevc": "mp4",
    "webm": "webm",
    "gif": "gif",
    "mov": "mov",
    "prores": "mov",
    "avi": "mp4",
    "mkv": "mp4",
}
_BESIDE: Final = 2
# What is at the sides of a picture that is narrower than the frame.
_SIDES: Final = re.compile(
    r"两边|两侧|四周|上下|左右|填充|\b(?:blurr?(?:ed|y)?|blur) (?:sides|edges|fill|padding)\b|\bsides\b"
)
_PART: Final = re.compile(
    r"\b(?:(twice|double)|half) (?:as long|the length|its length|the duration|its duration|the running time)\b"
    r"|\bhalve (?:it|the|its)\b|(?:时长|长度)(?:减半|缩短一半)|短一半"
)
# A number alone after "to" is seconds, when the video is all that is spoken of.
_BARE_GOAL: Final = re.compile(r"(?:\bto|到|成) (?:about |around |just |exactly )?(\d{1,3})$")
# 缩短10秒 is a step, 缩短到10秒 is a length.
_STEP: Final = re.compile(r"(?:延长|加长|拉长|缩短|剪短|减少|减去|增加|减|加)了?\s*\d")
_FEWER: Final = frozenset({"fewer", "less"})
_SMALLER_BYTES: Final = 25_000_000


def rule(c: Clause, s: State) -> bool:
    """Export, and what the file is to be."""
    return _thumbnail(c, s) or _output(c, s)


def _thumbnail(c: Clause, s: State) -> bool:
    if not c.has("noun.thumbnail") or c.has("refuse.generate_image"):
        return False
    if c.negated or c.verb("remove"):
        c.use("noun.thumbnail", "scope.no", "verb.remove")
        s.whole = s.whole or "negated"
        return True
    if c.verb("export", "extract", "use", "make", "create", "set"):
        c.use(
            "noun.thumbnail verb.export verb.extract format file t.at time noun.photo verb.freeze verb.create "
            "verb.make noun."
        )
        return s.add("export", format="jpg")
    return False


def _output(c: Clause, s: State) -> bool:
    exporting = c.has("verb.export", "ctl.export_again") and not c.has("refuse.out_of_scope")
    if exporting and c.negated and not c.has("verb.convert"):
        c.use("verb.export")
        return True
    gif = (
        c.has("noun.gif")
        and (c.verb("make", "create", "export", "convert", "turn_into", "generate") or not c.own_verb)
        and not c.verb("add")
    )
    form = next((_FORMATS[t.value] for t in c.all("format") if t.value in _FORMATS), None)
    named = next((t for t in c.all("file") if c.verb("convert", "export")), None)
    if form is None and named is not None and c.has("verb.convert"):
        form = _FORMATS.get(str(c.all("file")[-1].value).rsplit(".", 1)[-1].lower())
    formats = [t for t in c.all("format") if t.value in _FORMATS]
    if len(formats) > 1 and c.verb("convert", "change", "turn_into"):
        form = (
            _FORMATS[formats[-1].value]
            if formats[-1].value not in {"h264", "h.264", "hevc", "h265"}
            else _FORMATS[formats[1].value]
        )
    if gif:
        form = "gif"
    heights = c.all("height")
    height = heights[-1].value if heights else None
    dim = c.get("dim")
    fps = c.get("fps")
    if fps is None and c.has("noun.framerate") and c.has("num"):
        fps = c.get("num")
    size = c.get("bytes")
    smaller = c.has("verb.compress") and not c.has("dur", "t.to", "t.under", "noun.duration")
    platform = c.get("platform.") if exporting else None
    if form is not None and not (
        exporting
        or c.verb("convert turn_into make create change generate set combine merge compress limit keep want add use")
        or gif
        or not c.own_verb
    ):
        form = None
    quality = (
        c.has("noun.resolution")
        and c.verb("set", "change", "export", "make", "enhance")
        and any(w in c.text for w in ("high", "best", "max", "高", "最"))
    )
    words = (
        "verb.export",
        "ctl.export_again",
        "format",
        "height",
        "fps",
        "noun.resolution",
        "noun.framerate",
        "bitrate",
        "hertz",
        "dim",
        "bytes",
        "verb.compress",
        "noun.bitrate",
        "noun.gif",
        "scope.again",
        "noun.media",
        "verb.convert",
        "noun.folder",
        "verb.limit",
        "look.clean",
        "noun.genre",
    )
    done = False
    if dim is not None:
        width, tall = dim.value
        done |= s.add("set_aspect", aspect=_shape(width, tall))
        height = height or (min(tall, width))
    if exporting and not (c.has("verb.combine", "verb.create") and not c.has("format", "height")):
        preset = None
        if platform is not None:
            preset = (
                platform.text
                if platform.text.isascii()
                and platform.text not in {"vertical", "portrait", "square", "landscape", "horizontal"}
                else None
            )
        slots: dict[str, Any] = {"height": height, "fps": fps.value if fps else None, "format": form, "preset": preset}
        if size is not None:
            done |= s.add("set_output", max_bytes=size.value)
        _part_alone(c, s)
        done |= s.add("export", **slots)
        if platform is not None and not c.has("verb.make", "aspect"):
            shape(c, s)
    elif form is not None and not c.own_verb and s.ops and s.ops[-1].op == "export":
        # "export as mp4 and as gif": two files.
        done |= s.add("export", format=form)
    elif any(v is not None for v in (height, fps, form, size)) or smaller:
        if height is not None and c.has("refuse.restoration"):
            return done
        bytes_ = size.value if size is not None else (_SMALLER_BYTES if smaller and not height else None)
        if smaller and size is None and not height:
            s.assume("step", amount="25 MB")
        done |= s.add("set_output", height=height, fps=fps.value if fps else None, format=form, max_bytes=bytes_)
    elif quality:
        done |= s.add("set_output", height=1080)
    if done:
        c.use(*words)
        if fps is not None:
            fps.used = True
        if named is not None:
            c.use("file")
    return done


def _part_alone(c: Clause, s: State) -> None:
    """``export only the first 10 seconds``: the rest is cut off before, as one step that can be undone."""
    if not c.has("scope.only", "t.range") or not c.has("t.range", "t.head", "t.tail") or s.composed:
        return
    span = part_of(c, s)
    if span is not None:
        c.use("scope.only")
        s.add("cut_range", keep_range=span)


def _shape(width: int, height: int) -> str:
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
                    t.text in {"vertical", "portrait", "square", "horizontal", "竖屏", "横屏", "竖版", "横版", "方形"},
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
            return s.add("set_aspect", aspect=_shape(width, height), fit=fit)
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


def length(c: Clause, s: State) -> bool:
    """How long the whole video is."""
    if c.has("noun.title", "noun.text", "noun.transition", "noun.music", "noun.logo", "noun.caption", "ref"):
        return False
    part = _PART.search(c.text)
    heard = s.last is not None and s.last.kind in {"bgm", "voice", "sfx"}
    if heard and part is None and says_it(c) and not c.has("dur", "t."):
        # "the music is too loud, bring it down by half": that was done where it was said to be too loud.
        return False
    if part is not None and s.view.total_s and not s.composed:
        for token in c.tokens:
            token.used = True
        after = round(s.view.total_s * (2 if part[1] else 0.5), 1)
        s.assume("length_step", before=f"{s.view.total_s:g}", after=f"{after:g}")
        return s.add("set_duration", duration_s=after)
    bare_goal = _BARE_GOAL.search(c.text)
    if (
        bare_goal is not None
        and c.verb("make", "set", "cut", "trim", "shorten", "lengthen")
        and len(c.all("num")) == 1
        and not c.has("t. dur pct factor db px degrees ref link.from")
        and all(t.has("noun.it", "noun.video", "noun.duration") for t in c.tokens if t.has("noun."))
    ):
        # "get this down to 30"
        c.use("num", "verb.", "noun.", "link.", "dir.")
        s.assume("bare_seconds", seconds=bare_goal[1])
        return s.add("set_duration", duration_s=float(bare_goal[1]))
    under = c.value("t.under")
    longer = c.has("verb.lengthen")
    shorter = c.has("verb.shorten") or (c.has("dur") and any(t.text in _FEWER for t in c.tokens))
    sets = (
        c.verb(
            "make set cut trim shorten lengthen change limit keep want create export compress turn_into combine "
            "merge split extract speed_up summarize generate"
        )
        or c.has("noun.duration", "noun.version", "verb.last", "noun.genre", "noun.video")
        or not c.own_verb
    )
    if not c.own_verb and any(r.reason != "generate_video" for r in s.refused) and not c.has("noun."):
        # "cut the dull part, about 4 seconds": the length is that of what was refused.
        return False
    by = c.has("t.by")
    first = c.first_verb
    bare = c.get("dur")
    taken = first is not None and first.text in {"cut", "trim", "remove", "delete", "chop", "shave"}
    plain = taken and not c.has("t.", "noun.genre", "noun.version", "noun.duration") and not s.refused
    if bare is not None and plain and not any(t.has("noun.video") and t.start > bare.end for t in c.tokens):
        # "cut 5 seconds": out of where? It is not "cut to 5 seconds".
        bare.used = True
        return s.ask("what_range")
    if c.has("verb.last", "noun.duration") and c.has("time"):
        value = c.value("time")
        c.use("verb.last", "noun.duration", "noun.video", "scope.")
        return s.add("set_duration", duration_s=value)
    value = (
        next((v for tag in ("t.to", "dur", "t.for", "t.by") if (v := c.value(tag)) is not None), None) if sets else None
    )
    source_range = None
    tail, head = c.get("t.tail"), c.get("t.head")
    if value is not None and tail is not None and s.view.total_s > tail.value:
        source_range = (s.view.total_s - tail.value, s.view.total_s)
    elif value is not None and tail is not None:
        # More than there is: the whole of it.
        source_range = None
    elif value is not None and head is not None and s.view.total_s >= head.value:
        source_range = (0.0, head.value)
    if value is not None and by and s.view.total_s and (longer or shorter):
        value = max(0.5, s.view.total_s + (value if longer else -value))
    if value is not None and s.view.total_s and not s.composed and _is_step(c):
        value = max(0.5, s.view.total_s - value if shorter else s.view.total_s + value)
    words = (
        "verb.shorten",
        "verb.lengthen",
        "noun.duration",
        "verb.cut",
        "verb.trim",
        "noun.video",
        "verb.make",
        "t.tail",
        "t.head",
        "noun.it",
        "verb.limit",
        "scope.",
        "verb.last",
    )
    if under is not None:
        c.use(*words)
        return s.add("set_duration", max_duration_s=under)
    if value is not None:
        if any(op.op == "compose" for op in s.ops) and _into_compose(s, value):
            return True
        c.use(*words)
        return s.add("set_duration", duration_s=value, range=source_range)
    if (longer or shorter) and s.view.total_s and not s.composed:
        c.use(*words)
        factor = 1.25 if longer else 0.75
        after = round(s.view.total_s * factor, 1)
        s.assume("length_step", before=f"{s.view.total_s:g}", after=f"{after:g}")
        return s.add("set_duration", duration_s=after)
    return False


def _is_step(c: Clause) -> bool:
    """``2 seconds shorter``, "5 more seconds": a step from the length that it has."""
    pairs = pairwise(c.tokens)
    return (
        "more" in c.text.split()
        or _STEP.search(c.text) is not None
        or (
            c.verb("add")
            and not any(t.has("noun.") and not t.has("noun.video noun.duration noun.it") for t in c.tokens)
        )
        or c.text.startswith("再")
        or any(a.has("dur", "t.for", "t.by") and b.text in {"longer", "shorter", *_FEWER} for a, b in pairs)
    )


def _into_compose(s: State, value: float) -> bool:
    for i, op in enumerate(s.ops):
        if op.op == "compose" and getattr(op, "duration_s", None) is None and getattr(op, "per_item_s", None) is None:
            s.ops[i] = op.model_copy(update={"duration_s": value})
            return True
    return False
