"""What a render is to give: read from the request, put onto the job's own copy of the timeline."""

from __future__ import annotations

from typing import Any, Final

from reelframe.backend.presets import preset
from reelframe.backend.wire import bad_request
from reelframe.draft import Draft

__all__ = ["CONTENT_TYPES", "FORMATS", "MAX_SIDE", "QUALITIES", "apply_output", "extension", "read_output"]

CONTENT_TYPES: Final = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "gif": "image/gif",
}
FORMATS: Final = tuple(CONTENT_TYPES)
QUALITIES: Final = ("preview", "low", "medium", "high")
MAX_SIDE: Final = 4320
_MIN_SIDE: Final = 16
_PREVIEW_HEIGHT: Final = 360
_MAX_FPS: Final = 120


def read_output(data: dict[str, Any]) -> dict[str, Any]:
    """A render's ``output``, checked, with the preset resolved: format, quality, and width, height, fps if said.

    What stands beside a preset goes before it.

    Raises:
        APIError: 400; the message names the field and what is accepted.
    """
    chosen = preset(str(data["preset"])) if data.get("preset") else None
    width = _number(data, "width", _MIN_SIDE, MAX_SIDE * 2)
    height = _number(data, "height", _MIN_SIDE, MAX_SIDE * 2)
    fps = _number(data, "fps", 1, _MAX_FPS)
    if chosen is not None:
        fps = fps or chosen.fps
        if width is None and height is None:
            width, height = chosen.width, chosen.height
        elif width is None and height is not None:
            # One side alone beside a preset scales the preset; it does not change its shape.
            width = height * chosen.width / chosen.height
        elif height is None and width is not None:
            height = width * chosen.height / chosen.width
    out: dict[str, Any] = {
        "format": _choice(data, "format", FORMATS, chosen.format if chosen else "mp4"),
        "quality": _choice(data, "quality", QUALITIES, "high"),
        "width": width,
        "height": height,
        "fps": fps,
    }
    out = {key: value for key, value in out.items() if value is not None}
    return out


def apply_output(draft: Draft, output: dict[str, Any]) -> Draft:
    """The timeline with the size and rate of this output; a side that is not said follows from the shape."""
    width, height = int(draft.get("width", 1920)), int(draft.get("height", 1080))
    wanted_w, wanted_h = output.get("width"), output.get("height")
    if wanted_w is None and wanted_h is None and output.get("quality") == "preview":
        wanted_h = min(_PREVIEW_HEIGHT, height) if width >= height else None
        wanted_w = min(_PREVIEW_HEIGHT, width) if width < height else None
    if wanted_w is None and wanted_h is not None:
        wanted_w = wanted_h * width / height
    elif wanted_h is None and wanted_w is not None:
        wanted_h = wanted_w * height / width
    changes: dict[str, Any] = {}
    if wanted_w is not None and wanted_h is not None:
        # The encoder's chroma planes need even sides.
        changes = {"width": _even(wanted_w), "height": _even(wanted_h)}
    if output.get("fps"):
        changes["fps"] = output["fps"]
    return draft.with_m(**changes) if changes else draft


def extension(output: dict[str, Any]) -> str:
    """The file's extension, with the dot."""
    return f".{output.get('format', 'mp4')}"


def _choice(data: dict[str, Any], key: str, known: tuple[str, ...], default: str) -> str:
    value = data.get(key)
    if value is None:
        return default
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
