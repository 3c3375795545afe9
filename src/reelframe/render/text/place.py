"""Where a tile goes: nine positions inside the part of the frame that nothing covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from reelframe.errors import DraftError

if TYPE_CHECKING:
    from .tile import TextTile

__all__ = ["PLATFORMS", "POSITIONS", "ROLE_INSETS", "Insets", "position_tile", "safe_insets", "safe_width"]


class Insets(NamedTuple):
    """What is kept free at each edge, as a part of the frame's width (left, right) or height (top, bottom)."""

    top: float
    right: float
    bottom: float
    left: float


# 5 % all round is the graphics-safe area of EBU R 95 and SMPTE ST 2046-1.
TITLE_SAFE: Final = Insets(0.05, 0.05, 0.05, 0.05)
# What the apps' own interface covers of a 9:16 video. Approximate: only Meta publishes figures for the place
# of an advertisement (14 % top, 35 % bottom, 6 % at the sides, of which we keep the organic post's smaller
# bottom); TikTok's and YouTube's are measured by users from screenshots of 1080x1920 and move with each
# release of the app and with the caption's length.
PLATFORMS: Final = {
    # Nobody said where it goes: what most of them leave free.
    "vertical": Insets(0.10, 0.12, 0.19, 0.06),
    "tiktok": Insets(0.08, 0.13, 0.20, 0.06),
    "reels": Insets(0.14, 0.11, 0.22, 0.06),
    "shorts": Insets(0.10, 0.13, 0.20, 0.06),
}
ALIASES: Final = {
    "instagram_reels": "reels",
    "facebook_reels": "reels",
    "instagram": "reels",
    "youtube_shorts": "shorts",
    "douyin": "tiktok",
}
POSITIONS: Final = {
    "top_left": (0.0, 0.0),
    "top": (0.5, 0.0),
    "top_right": (1.0, 0.0),
    "left": (0.0, 0.5),
    "center": (0.5, 0.5),
    "right": (1.0, 0.5),
    "bottom_left": (0.0, 1.0),
    "bottom": (0.5, 1.0),
    "bottom_right": (1.0, 1.0),
}
# Roles that stand a little further from the edge than they must: (top, bottom) as parts of the height.
ROLE_INSETS: Final = {
    "subtitle": (0.0, 0.02),
    "caption": (0.02, 0.02),
    "lower_third": (0.0, 0.05),
    "title": (0.03, 0.03),
    "cta": (0.02, 0.05),
}
TALL: Final = 0.7


def safe_insets(frame_w: int, frame_h: int, platform: str | None = None) -> Insets:
    """The margins to keep free, as parts of the frame.

    Platforms' interface lies over tall videos only: a wide one is shown between bars. A tall one is made for one of
    them, so where none is named what most of them leave free is kept to.
    """
    if frame_w / frame_h >= TALL:
        return TITLE_SAFE
    name = ALIASES.get(platform or "", platform or "")
    return PLATFORMS.get(name, PLATFORMS["vertical"])


def safe_width(position: str, frame_w: int, frame_h: int, platform: str | None = None) -> float:
    """How wide a text may be at ``position``, as a part of the frame's width, if it is to stay in the safe area.

    In the middle it has to stay on the frame's axis, so the wider of the two margins counts twice.
    """
    insets = safe_insets(frame_w, frame_h, platform)
    if POSITIONS[position][0] == 0.5:  # the middle
        return 1.0 - 2.0 * max(insets.left, insets.right)
    return 1.0 - insets.left - insets.right


def position_tile(
    tile: TextTile,
    position: str,
    frame_w: int,
    frame_h: int,
    role: str = "text",
    dx: float = 0.0,
    dy: float = 0.0,
    platform: str | None = None,
) -> tuple[int, int]:
    """The frame's coordinates in px of the top left corner of ``tile.rgba``.

    Args:
        tile: what to place. Its shadow may reach out of the safe area, its ``content`` does not.
        position: one of the nine names, such as ``bottom_left``.
        frame_w: px.
        frame_h: px.
        role: the text's role; some keep more distance from the edge.
        dx: moves it to the right, by so many frame heights. With dx or dy it may leave the safe area, but
            never the frame.
        dy: moves it down, by so many frame heights.
        platform: ``tiktok``, ``reels`` or ``shorts``, whose interface is avoided; None is none.

    Raises:
        DraftError: the position is unknown.
    """
    if position not in POSITIONS:
        msg = f"A text's position is {position!r}; it must be one of {', '.join(POSITIONS)}."
        raise DraftError(msg)
    across, down = POSITIONS[position]
    insets = safe_insets(frame_w, frame_h, platform)
    further = ROLE_INSETS.get(role, (0.0, 0.0))
    box = tile.content
    left, right = insets.left * frame_w, (1.0 - insets.right) * frame_w
    top = (insets.top + further[0]) * frame_h
    bottom = (1.0 - insets.bottom - further[1]) * frame_h
    if across == 0.5:  # centred texts stay on the frame's axis as long as they fit
        half = min(frame_w / 2 - left, right - frame_w / 2)
        if box.width <= 2 * half:
            left, right = frame_w / 2 - half, frame_w / 2 + half
    if down == 0.5:
        half = min(frame_h / 2 - top, bottom - frame_h / 2)
        if box.height <= 2 * half:
            top, bottom = frame_h / 2 - half, frame_h / 2 + half
    x = _fit(left, right, box.width, across) + dx * frame_h
    y = _fit(top, bottom, box.height, down) + dy * frame_h
    x = _clamp(x, frame_w - box.width)
    y = _clamp(y, frame_h - box.height)
    return round(x - box.x), round(y - box.y)


def _fit(low: float, high: float, size: float, where: float) -> float:
    """The start of something of ``size`` within low..high; what is too large is centred there."""
    slack = high - low - size
    return low + slack * (where if slack >= 0 else 0.5)


def _clamp(value: float, most: float) -> float:
    return most / 2 if most < 0 else min(max(0.0, value), most)
