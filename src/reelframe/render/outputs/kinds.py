"""What a timeline can be made into, and how it is to be made. Plain values; nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["KINDS", "MIME", "Options", "What"]

What = Literal["film", "animation", "picture", "sound"]

KINDS: Final[Mapping[str, What]] = MappingProxyType(
    {
        "mp4": "film", "mov": "film", "webm": "film",
        "gif": "animation",
        "png": "picture", "jpg": "picture",
        "wav": "sound", "mp3": "sound",
    }
)  # fmt: skip
"""By extension, what the file is."""

MIME: Final = MappingProxyType(
    {
        "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "gif": "image/gif",
        "png": "image/png", "jpg": "image/jpeg", "wav": "audio/wav", "mp3": "audio/mpeg",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be made.

    Attributes:
        quality: "preview", "low", "medium" or "high".
        max_bytes: the file is no larger; a film that would be smaller anyway is left as it is.
        at_s: which moment a picture shows; None is the most telling one.
        title: what the file says it is called.
        chapters: a film has a chapter for each caption (or other text, where there are no captions).
        silent_track: a film without sounds gets a silent sound track.
        sized: the frame's size was asked for: an animation keeps it as well.
    """

    quality: Literal["preview", "low", "medium", "high"] = "high"
    max_bytes: int | None = None
    at_s: float | None = None
    title: str = ""
    chapters: bool = False
    silent_track: bool = False
    sized: bool = False
