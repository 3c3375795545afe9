"""Ready-made outputs: where a video goes, what size that place wants, and what it takes at most.

The limits are those that the places publish for uploads by anybody (not for paying members, and not for
advertisements): their help pages and the documentation of their upload interfaces, as of 2026. Places change them;
a video that is over one is made all the same, and the limit is named.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from reelframe.backend.wire import bad_request

__all__ = ["PRESETS", "Limits", "Preset", "preset"]

_MB: Final = 1_000_000
_GB: Final = 1_000_000_000
# A video on the border is not over it: lengths come out in whole frames.
_SLACK_S: Final = 0.05
_SHAPE_SLACK: Final = 1.01


@dataclass(frozen=True, slots=True)
class Limits:
    """What a place takes.

    Attributes:
        place: what it is called.
        least_s, most_s: how long a video may be.
        most_bytes: how large its file may be.
        tallest, widest: width divided by height, at least and at most.
        slowest, fastest: frames per second.
    """

    place: str
    least_s: float | None = None
    most_s: float | None = None
    most_bytes: int | None = None
    tallest: float | None = None
    widest: float | None = None
    slowest: float | None = None
    fastest: float | None = None

    def broken(self, *, duration_s: float, size_bytes: int, width: int, height: int, fps: float) -> tuple[str, ...]:
        """What a video is over, a sentence each that names the limit; () when the place takes it."""
        shape = width / height
        said = []
        if self.most_s is not None and duration_s > self.most_s + _SLACK_S:
            said.append(f"at most {_clock(self.most_s)}; this video is {_clock(duration_s)} long")
        if self.least_s is not None and duration_s < self.least_s - _SLACK_S:
            said.append(f"at least {_clock(self.least_s)}; this video is {_clock(duration_s)} long")
        if self.most_bytes is not None and size_bytes > self.most_bytes:
            said.append(f"files of at most {_size(self.most_bytes)}; this one is {_size(size_bytes)}")
        if self.widest is not None and shape > self.widest * _SHAPE_SLACK:
            said.append(f"shapes up to {self.widest:.3g}:1; this video is {width}x{height}")
        if self.tallest is not None and shape * _SHAPE_SLACK < self.tallest:
            said.append(f"shapes from 1:{1 / self.tallest:.3g}; this video is {width}x{height}")
        if self.fastest is not None and fps > self.fastest:
            said.append(f"at most {self.fastest:g} frames per second; this video has {fps:g}")
        if self.slowest is not None and fps < self.slowest:
            said.append(f"at least {self.slowest:g} frames per second; this video has {fps:g}")
        return tuple(f"{self.place} takes {one}." for one in said)


def _clock(seconds: float) -> str:
    if seconds < 120 and seconds % 60:  # two minutes
        return f"{seconds:.3g} seconds"
    if seconds < 7200:  # two hours
        whole, rest = divmod(round(seconds), 60)
        return f"{whole} min {rest} s" if rest else f"{whole} minute{'s' * (whole != 1)}"
    return f"{seconds / 3600:.3g} hours"


def _size(count: int) -> str:
    return f"{count / _GB:.3g} GB" if count >= _GB else f"{count / _MB:.3g} MB"


_TIKTOK: Final = Limits("TikTok", 3, 600, 4 * _GB, slowest=23, fastest=60)
_REELS: Final = Limits("Instagram Reels", 3, 900, 300 * _MB, 0.01, 10, 23, 60)
_STORIES: Final = Limits("Instagram Stories", 3, 60, 100 * _MB, 0.1, 10, 23, 60)
_FEED: Final = Limits("The Instagram feed", 3, 900, 300 * _MB, 9 / 16, 1.91, 23, 60)
_SHORTS: Final = Limits("YouTube Shorts", None, 180, 256 * _GB, None, 1)
_YOUTUBE: Final = Limits("YouTube", None, 12 * 3600, 256 * _GB, fastest=60)
_FACEBOOK: Final = Limits("Facebook", 1, 240 * 60, 10 * _GB, 9 / 16, 16 / 9, None, 60)
_LINKEDIN: Final = Limits("LinkedIn", 3, 15 * 60, 5 * _GB, 1 / 2.4, 2.4, 10, 60)
_X: Final = Limits("X", 0.5, 140, 512 * _MB, 1 / 2.39, 2.39, None, 60)


@dataclass(frozen=True, slots=True)
class Preset:
    """A name for a size, a rate and a container; sizes in pixels.

    Attributes:
        any_shape: only the shorter side is meant, and an upright or square video stays what it is.
        limits: what the place takes, where it says so.
        silent_track: its uploaders stumble over a file without a sound track, so a silent one is put in.
    """

    name: str
    width: int
    height: int
    fps: int = 30
    format: str = "mp4"
    any_shape: bool = False
    limits: Limits | None = None
    silent_track: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The preset as JSON; of the limits those that there are."""
        data = asdict(self)
        limits = data.pop("limits")
        return data if limits is None else {**data, "limits": {k: v for k, v in limits.items() if v is not None}}


PRESETS: Final[dict[str, Preset]] = {
    p.name: p
    for p in (
        Preset("720p", 1280, 720, any_shape=True),
        Preset("1080p", 1920, 1080, any_shape=True),
        Preset("1440p", 2560, 1440, any_shape=True),
        Preset("4k", 3840, 2160, any_shape=True),
        Preset("youtube", 1920, 1080, limits=_YOUTUBE),
        Preset("youtube_shorts", 1080, 1920, limits=_SHORTS),
        Preset("tiktok", 1080, 1920, limits=_TIKTOK, silent_track=True),
        Preset("instagram_reels", 1080, 1920, limits=_REELS, silent_track=True),
        Preset("instagram_story", 1080, 1920, limits=_STORIES, silent_track=True),
        Preset("instagram_feed", 1080, 1350, limits=_FEED, silent_track=True),
        Preset("square", 1080, 1080),
        Preset("facebook", 1080, 1350, limits=_FACEBOOK, silent_track=True),
        Preset("linkedin", 1920, 1080, limits=_LINKEDIN),
        Preset("x", 1280, 720, limits=_X),
        Preset("douyin", 1080, 1920, silent_track=True),
        Preset("xiaohongshu", 1080, 1440, silent_track=True),
        Preset("bilibili", 1920, 1080),
    )
}
# Other words for the same place.
_ALIASES: Final[dict[str, str]] = {
    "shorts": "youtube_shorts",
    "reels": "instagram_reels",
    "reel": "instagram_reels",
    "story": "instagram_story",
    "stories": "instagram_story",
    "instagram_stories": "instagram_story",
    "feed": "instagram_feed",
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
