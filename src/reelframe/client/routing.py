"""Which requests skip the stream, told from their words alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

__all__ = ["Route", "route"]

Kind = Literal["export", "credits", "status", "upload", "stream"]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes."""

    kind: Kind
    args: dict[str, Any] = field(default_factory=dict)


_SIMPLE: Final = (
    ("export", re.compile(r"(?i)^\W*(please\s+)?(export|download|导出|下载)(\s+(it|this|the video|视频))?(\s+please)?\W*$")),
    ("credits", re.compile(r"(?i)^\W*(credits|balance|积分|余额)\W*$")),
    ("status", re.compile(r"(?i)^\W*(status|show tracks|状态)\W*$")),
    ("upload", re.compile(r"(?i)^\W*(upload|上传)\W*$")),
)  # fmt: skip


def route(message: str, has_files: bool = False) -> Route:  # noqa: FBT001, FBT002 -- the call's own word
    """The way that a message takes."""
    if has_files and not message.strip():
        return Route("upload")
    for kind, pattern in _SIMPLE:
        if pattern.search(message):
            return Route(kind)  # type: ignore[arg-type]
    return Route("stream")
