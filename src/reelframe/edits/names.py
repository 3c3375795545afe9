"""The names that operations may use for what the renderer draws and plays.

They are listed here, and not asked of the renderer, because an operation that names something unknown must
be refused when it is applied, in words, and not later in the middle of a render.
"""

from __future__ import annotations

from typing import Final

from reelframe.errors import PlanError

__all__ = ["EFFECTS", "LOOKS", "MOODS", "MOOD_WORDS", "ROLE_SIZES", "SOUNDS", "known"]

LOOKS: Final = (
    "warm", "cool", "cinematic", "vibrant", "vintage", "bw", "sepia", "teal_orange", "film", "matte", "noir", "pastel",
    "dramatic", "bright",
)  # fmt: skip
EFFECTS: Final = ("blur", "vignette", "grain", "pixelate", "glow")
MOODS: Final = ("lofi", "upbeat", "calm", "corporate", "cinematic", "warm", "jazz")
SOUNDS: Final = ("whoosh", "pop", "click", "ding", "impact", "riser")

# What people call a mood, to the mood that is composed.
MOOD_WORDS: Final[dict[str, str]] = {
    "lo-fi": "lofi", "lo fi": "lofi", "chill": "lofi", "energetic": "upbeat", "happy": "upbeat", "pop": "upbeat",
    "relaxing": "calm", "ambient": "calm", "soft": "calm", "business": "corporate", "inspiring": "corporate",
    "epic": "cinematic", "dramatic": "cinematic", "acoustic": "warm", "romantic": "warm", "smooth": "jazz",
}  # fmt: skip

# One em relative to the frame's height, when nothing was said: what "bigger" starts from.
ROLE_SIZES: Final[dict[str, float]] = {
    "title": 0.09, "caption": 0.05, "lower_third": 0.045, "credits": 0.045, "cta": 0.06, "text": 0.06,
    "subtitle": 0.048,
}  # fmt: skip


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
