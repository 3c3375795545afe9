"""Ready-made outputs: where a video goes, and what size that place wants."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from reelframe.backend.wire import bad_request

__all__ = ["PRESETS", "Preset", "preset"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A name for a size, a rate and a container; sizes in pixels.

    ``any_shape``: only the shorter side is meant, and an upright or square video stays what it is.
    """

    name: str
    width: int
    height: int
    fps: int = 30
    format: str = "mp4"
    any_shape: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The preset as JSON."""
        return asdict(self)


PRESETS: Final[dict[str, Preset]] = {
    p.name: p
    for p in (
        Preset("720p", 1280, 720, any_shape=True),
        Preset("1080p", 1920, 1080, any_shape=True),
        Preset("1440p", 2560, 1440, any_shape=True),
        Preset("4k", 3840, 2160, any_shape=True),
        Preset("youtube", 1920, 1080),
        Preset("youtube_shorts", 1080, 1920),
        Preset("tiktok", 1080, 1920),
        Preset("instagram_reels", 1080, 1920),
        Preset("instagram_story", 1080, 1920),
        Preset("instagram_feed", 1080, 1350),
        Preset("square", 1080, 1080),
        Preset("facebook", 1080, 1350),
        Preset("linkedin", 1920, 1080),
        Preset("x", 1280, 720),
        Preset("douyin", 1080, 1920),
        Preset("xiaohongshu", 1080, 1440),
        Preset("bilibili", 1920, 1080),
    )
}
# Other words for the same place.
_ALIASES: Final[dict[str, str]] = {
    "shorts": "youtube_shorts",
    "reels": "instagram_reels",
    "reel": "instagram_reels",
    "story": "instagram_story",
    "instagram": "instagram_reels",
    "vertical": "tiktok",
    "portrait": "tiktok",
    "landscape": "youtube",
    "widescreen": "youtube",
    "2k": "1440p",
    "uhd": "4k",
    "2160p": "4k",
    "hd": "720p",
    "full_hd": "1080p",
    "fullhd": "1080p",
    "twitter": "x",
    "rednote": "xiaohongshu",
    "抖音": "douyin",
    "小红书": "xiaohongshu",
    "竖屏": "tiktok",
    "横屏": "youtube",
    "方形": "square",
}


def preset(name: str) -> Preset:
    """The preset of this name, in any case, with spaces or hyphens for underscores.

    Raises:
        APIError: 400 with the names that there are.
    """
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    found = PRESETS.get(_ALIASES.get(key, key))
    if found is None:
        message = f"There is no preset {name!r}."
        raise bad_request(message, f"Presets: {', '.join(PRESETS)}.")
    return found
