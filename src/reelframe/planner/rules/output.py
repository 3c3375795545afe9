"""The file, the frame, the length: export, resolution, shape, background, duration."""

from __future__ import annotations

from typing import Any, Final

from reelframe.planner.clauses import Clause
from reelframe.planner.measure import part_of
from reelframe.planner.rules.shape import shape, shape_of
from reelframe.planner.state import State

__all__ = ["rule"]

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
        done |= s.add("set_aspect", aspect=shape_of(width, tall))
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
