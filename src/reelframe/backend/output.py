"""What a render is to give: read from the request, put onto the job's own copy of the timeline."""

from __future__ import annotations

from typing import Any, Final

from reelframe.backend.presets import Preset, preset
from reelframe.backend.wire import bad_request
from reelframe.draft import Draft
from reelframe.errors import PlanError
from reelframe.render.outputs.kinds import KINDS, MIME

__all__ = ["CONTENT_TYPES", "FORMATS", "MAX_SIDE", "QUALITIES", "RENDERED", "apply_output", "extension", "read_output"]

# Besides what is rendered: the texts as subtitles, and the timeline for other editors.
CONTENT_TYPES: Final = {
    **MIME,
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "otio": "application/vnd.opentimelineio+json",
}
FORMATS: Final = tuple(CONTENT_TYPES)
_ALSO: Final = {"m4v": "mp4", "jpeg": "jpg", "wave": "wav", "quicktime": "mov"}
# A minute of a picture a second would fill more than this.
_MOST_BYTES: Final = 1 << 50
RENDERED: Final = frozenset(KINDS)
QUALITIES: Final = ("preview", "low", "medium", "high")
MAX_SIDE: Final = 4320
_MIN_SIDE: Final = 16
_PREVIEW_SIDE: Final = 360
_MAX_FPS: Final = 120


def read_output(data: dict[str, Any]) -> dict[str, Any]:
    """A render's ``output``, checked, with the preset resolved.

    Format and quality are always there; width, height, fps, preset, max_bytes, at (seconds, of a picture) and chapters
    if said. What stands beside a preset goes before it.

    Raises:
        APIError: 400; the message names the field and what is accepted.
    """
    chosen = preset(str(data["preset"])) if data.get("preset") else None
    side = MAX_SIDE * 2
    size = {key: _number(data, key, _MIN_SIDE, side) for key in ("width", "height", "short_side")}
    fps = _number(data, "fps", 1, _MAX_FPS)
    if chosen is not None:
        fps = fps or chosen.fps
        if not any(size.values()):
            size = _size_of(chosen)
        elif size["width"] is None and size["height"] is not None:
            # One side alone beside a preset scales the preset; it does not change its shape.
            size["width"] = size["height"] * chosen.width / chosen.height
        elif size["height"] is None and size["width"] is not None:
            size["height"] = size["width"] * chosen.height / chosen.width
    out: dict[str, Any] = {
        "format": _choice(data, "format", FORMATS, chosen.format if chosen else "mp4", _ALSO),
        "quality": _choice(data, "quality", QUALITIES, "high"),
        **size,
        "fps": None if fps is None else round(fps),
        "preset": None if chosen is None else chosen.name,
        "max_bytes": None if (most := _number(data, "max_bytes", 1, _MOST_BYTES)) is None else int(most),
        "at": _number(data, "at", 0, 86_400),
        "chapters": True if data.get("chapters") is True else None,
        "sized": True if any(data.get(key) is not None for key in size) else None,
    }
    return {key: value for key, value in out.items() if value is not None}


def _size_of(chosen: Preset) -> dict[str, float | None]:
    if chosen.any_shape:
        return {"short_side": min(chosen.width, chosen.height)}
    return {"width": chosen.width, "height": chosen.height}


def apply_output(draft: Draft, output: dict[str, Any]) -> Draft:
    """The timeline with the size and rate of this output; a side that is not said follows from the shape.

    Raises:
        PlanError: the size can't be rendered.
    """
    width, height = float(draft.get("width", 1920)), float(draft.get("height", 1080))
    size = _wanted(width, height, output)
    changes: dict[str, Any] = {}
    if size is not None:
        # The encoder's chroma planes need even sides.
        changes = {"width": _even(size[0]), "height": _even(size[1])}
        if min(changes.values()) > MAX_SIDE or max(changes.values()) > MAX_SIDE * 2:
            message = f"{changes['width']}x{changes['height']} can't be rendered."
            raise PlanError(message, hint=f"The shorter side may have up to {MAX_SIDE} pixels.")
    if output.get("fps"):
        changes["fps"] = output["fps"]
    if output.get("preset"):
        # Texts keep clear of what the place's own interface covers.
        changes["platform"] = output["preset"]
    return draft.with_m(**changes) if changes else draft


def _wanted(width: float, height: float, output: dict[str, Any]) -> tuple[float, float] | None:
    wanted_w: float | None = output.get("width")
    wanted_h: float | None = output.get("height")
    short: float | None = output.get("short_side")
    if wanted_w is not None:
        return wanted_w, wanted_w * height / width if wanted_h is None else wanted_h
    if wanted_h is not None:
        return wanted_h * width / height, wanted_h
    if short is None and output.get("quality") == "preview":
        short = min(_PREVIEW_SIDE, width, height)
    if short is None:
        return None
    scale = short / min(width, height)
    return width * scale, height * scale


def extension(output: dict[str, Any]) -> str:
    """The file's extension, with the dot."""
    return f".{output.get('format', 'mp4')}"


def _choice(
    data: dict[str, Any], key: str, known: tuple[str, ...], default: str, also: dict[str, str] | None = None
) -> str:
    value = data.get(key)
    if value is None:
        return default
    if isinstance(value, str):
        value = (also or {}).get(value.lower().lstrip("."), value.lstrip("."))
    if not isinstance(value, str) or value.lower() not in known:
        message = f'"{key}" {value!r} is not available here.'
        raise bad_request(message, f"There are: {', '.join(known)}.")
    return value.lower()


def _even(value: float) -> int:
    return max(_MIN_SIDE, round(value / 2) * 2)


def _number(data: dict[str, Any], key: str, low: int, high: int) -> float | None:
    value = data.get(key)
    if value is None:
        return None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not low <= value <= high:
        message = f'"{key}" must be a number from {low} to {high}.'
        raise bad_request(message)
    return value
