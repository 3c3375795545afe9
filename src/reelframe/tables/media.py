"""The media of a session as a DataFrame: one row per file, whoever's server tells of them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import pandas as pd

from reelframe.media.model import Library, Media
from reelframe.tables.frame import TEXT

__all__ = ["HasMedia", "media_frame"]


class HasMedia(Protocol):
    """What `media_frame` reads of a session's state."""

    @property
    def video_infos(self) -> Sequence[Mapping[str, Any]]:
        """What the server knows of the files."""

    @property
    def generated_media(self) -> Sequence[Mapping[str, Any]]:
        """What it has made."""


# Nothing is published about how a file is told of; these are the usual names of what the columns hold.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name", "file_name", "filename", "fileName", "title"),
    "kind": ("kind", "type", "media_type", "mediaType"),
    "format": ("format", "ext", "container"),
    "role": ("role",),
    "size_bytes": ("size_bytes", "size", "file_size", "fileSize"),
    "width_px": ("width", "w"),
    "height_px": ("height", "h"),
    "duration_s": ("duration_s", "duration_seconds", "duration"),
    "duration_ms": ("duration_ms", "durationMs"),
    "fps": ("fps", "frame_rate", "frameRate"),
    "has_audio": ("has_audio", "hasAudio"),
    "has_alpha": ("has_alpha", "hasAlpha"),
    "animated": ("animated",),
    "thumbnail": ("thumbnail", "thumbnail_url", "thumbnailUrl", "cover", "cover_url", "poster"),
    "url": ("url", "file_url", "fileUrl"),
}
_IDS: Final = ("id", "media_id", "mediaId", "render_id", "file_id", "asset_id", "uuid")
_KINDS: Final = ("image", "video", "audio")
_DTYPES: Final[Mapping[str, str]] = {
    "name": "text", "kind": "category", "format": "text", "role": "category", "size_bytes": "Int64",
    "width_px": "Int64", "height_px": "Int64", "resolution": "text", "duration_s": "Float64", "fps": "Float64",
    "has_audio": "boolean", "has_alpha": "boolean", "animated": "boolean", "generated": "boolean",
    "thumbnail": "text", "url": "text", "other": "text",
}  # fmt: skip
_LARGEST: Final = 2**62


def media_frame(state: HasMedia | Library | Iterable[Media]) -> pd.DataFrame:
    """The files of a session as a table: one row per file, then one per thing that the server made.

    Args:
        state: ``session.state()``, of any server; or a ``Library``, or several ``Media``.

    Returns:
        a DataFrame whose index ``id`` is the file's id (its number in the list where the server tells none):
        ``name``, ``kind`` (image, video, audio), ``format``, ``role``, ``size_bytes``, ``width_px``, ``height_px``,
        ``resolution`` ("1920x1080"), ``duration_s``, ``fps``, ``has_audio``, ``has_alpha``, ``animated``,
        ``generated``, ``thumbnail`` and ``url`` (addresses as the server gives them), and ``other``: what has no
        column, as JSON. What the server does not tell is empty.

    >>> draft, library = sample_context()
    >>> media_frame(library)[["name", "kind", "resolution"]].iloc[0].tolist()
    ['clip1.mp4', 'video', '1920x1080']
    """
    told: list[tuple[Mapping[str, Any], bool]]
    if isinstance(state, Iterable):
        told = [(media.model_dump(mode="json"), False) for media in state]
    else:
        told = [(info, False) for info in state.video_infos] + [(info, True) for info in state.generated_media]
    ids: list[str] = []
    rows: list[dict[str, Any]] = []
    for number, (info, generated) in enumerate(told):
        left = dict(info)
        key = _id(left) or str(number)
        while key in ids:
            key += "'"
        ids.append(key)
        rows.append(_row(left, generated=generated))
    index = pd.Index(ids, dtype=TEXT, name="id")
    return pd.DataFrame({name: _array(name, [row[name] for row in rows]) for name in _DTYPES}, index=index)


def _array(name: str, values: list[Any]) -> Any:  # noqa: ANN401 -- one of several array types
    dtype = _DTYPES[name]
    if dtype == "category":
        known = _KINDS if name == "kind" else ("logo", "music")
        every = list(dict.fromkeys([*known, *(value for value in values if value is not None)]))
        return pd.Categorical(values, categories=pd.Index(every, dtype=object))
    as_is: Any = TEXT if dtype == "text" else dtype
    return pd.array(values, dtype=as_is)


def _id(left: dict[str, Any]) -> str:
    for name in _IDS:
        if isinstance(left.get(name), (str, int)) and str(left[name]):
            return str(left.pop(name))
    return ""


def _row(left: dict[str, Any], *, generated: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"generated": generated}
    for name in ("name", "format", "role", "thumbnail", "url"):
        row[name] = _take(left, name, lambda x: x if isinstance(x, str) and x else None)
    row["kind"] = _take(left, "kind", _kind)
    for name in ("size_bytes", "width_px", "height_px"):
        row[name] = _take(left, name, _whole)
    for name in ("has_audio", "has_alpha", "animated"):
        row[name] = _take(left, name, lambda x: x if isinstance(x, bool) else None)
    row["fps"] = _take(left, "fps", _number)
    row["duration_s"] = _take(left, "duration_s", _number)
    if row["duration_s"] is None and (length := _take(left, "duration_ms", _number)) is not None:
        row["duration_s"] = length / 1000
    if row["name"] is None and row["url"] is not None:
        row["name"] = PurePath(urlsplit(row["url"]).path).name or None
    # A sound has neither width nor height; some servers say nought.
    size = row["width_px"], row["height_px"]
    row["resolution"] = f"{size[0]}x{size[1]}" if all(size) else None
    if not all(size):
        row["width_px"] = row["height_px"] = None
    told = {key: value for key, value in left.items() if value is not None}
    row["other"] = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str) if told else None
    return row


def _take(left: dict[str, Any], name: str, fit: Any) -> Any:  # noqa: ANN401 -- several functions
    """The first of a column's names that has a fitting value, taken out of what is left."""
    for key in _NAMES[name]:
        value = fit(left.get(key))
        if value is not None:
            del left[key]
            return value
    return None


def _kind(value: Any) -> str | None:  # noqa: ANN401 -- anything
    said = str(value).lower().split("/")[0] if isinstance(value, str) else ""
    return {"photo": "image", "picture": "image", "music": "audio"}.get(said, said) or None


def _number(value: Any) -> float | None:  # noqa: ANN401 -- anything
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _whole(value: Any) -> int | None:  # noqa: ANN401 -- anything
    number = _number(value)
    return None if number is None or abs(number) > _LARGEST else round(number)
