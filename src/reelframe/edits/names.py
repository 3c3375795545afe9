"""The names that operations may use for what the renderer draws and plays.

They are listed here, and not asked of the renderer, because an operation that names something unknown must
be refused when it is applied, in words, and not later in the middle of a render.
"""

from __future__ import annotations

import math
from typing import Final

from reelframe.errors import PlanError

__all__ = ["EFFECTS", "LOOKS", "MOODS", "MOOD_WORDS", "SOUNDS", "known", "picture_size", "text_size"]

LOOKS: Final = (
    "warm", "cool", "cinematic", "vibrant", "vivid", "vintage", "retro", "bw", "noir", "sepia", "teal_orange",
    "dramatic", "soft", "matte", "fade", "bright", "dark", "golden", "sunset", "moody", "night",
)  # fmt: skip
EFFECTS: Final = ("blur", "vignette", "grain", "pixelate", "glow", "sharpen", "mirror", "invert")
MOODS: Final = ("lofi", "upbeat", "calm", "corporate", "cinematic", "warm", "jazz")
SOUNDS: Final = ("whoosh", "pop", "ding", "click", "riser", "impact")

# What people call a mood, to the mood that is composed.
MOOD_WORDS: Final[dict[str, str]] = {
    "lo-fi": "lofi", "lo fi": "lofi", "chill": "lofi", "energetic": "upbeat", "happy": "upbeat", "pop": "upbeat",
    "relaxing": "calm", "ambient": "calm", "soft": "calm", "business": "corporate", "inspiring": "corporate",
    "epic": "cinematic", "dramatic": "cinematic", "acoustic": "warm", "romantic": "warm", "smooth": "jazz",
}  # fmt: skip

# One em relative to the frame's height in a wide frame, when nothing was said: what "bigger" starts from.
_SIZES: Final[dict[str, float]] = {
    "title": 0.094, "caption": 0.05, "lower_third": 0.046, "credits": 0.036, "cta": 0.05, "text": 0.058,
    "subtitle": 0.044,
}  # fmt: skip
_WIDE: Final = 16 / 9
_LEAST_OF_WIDTH: Final = 0.045


def picture_size(role: str) -> float:
    """The height that a logo or another overlay has when none was said, relative to the frame's."""
    return 0.1 if role == "logo" else 0.3


def text_size(role: str, frame: tuple[int, int]) -> float:
    """The size that a text of a role has when none was said, relative to the frame's height.

    Letters in a tall frame are smaller: what the eye compares them with is the whole picture.
    """
    aspect = frame[0] / frame[1]
    usual = _SIZES.get(role, _SIZES["text"])
    if aspect >= _WIDE:
        return usual
    factor: float = (aspect / _WIDE) ** 0.27 if aspect >= 1 else 0.86 * math.sqrt(aspect)
    size = usual * round(factor, 4)
    # What is taller than wide is made for a phone, where small letters are lost.
    return max(size, _LEAST_OF_WIDTH * aspect) if aspect < 1 else size


def known(what: str, name: str, names: tuple[str, ...]) -> str:
    """The name as it is spelled in ``names``, whatever its case and whether with spaces or hyphens.

    Raises:
        PlanError: there is no such name; the message tells those that there are.
    """
    said = name.strip().lower().replace(" ", "_").replace("-", "_")
    if said in names:
        return said
    message = f'There is no {what} called "{name}".'
    raise PlanError(message, hint=f"There are: {', '.join(names)}.")
