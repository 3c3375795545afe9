"""Three complete looks: for every role a style, a place and a way to come and go, made to go together.

*clean* is quiet: semi-bold Inter, white, a shadow that is felt rather than seen. *bold* shouts: heavy
capitals, tight, captions on solid plates with an accent. *elegant* whispers: light, wide-set, small, slow.
Sizes are chosen for wide frames at 1080 lines and follow the frame's shape: on a tall frame the height is no
measure of how much fits on a line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from reelframe.errors import DraftError

from .animate import Anim
from .style import Box, Shadow, TextStyle

__all__ = ["LOOKS", "ROLES", "RoleLook", "default_look", "default_style"]

ROLES: Final = ("title", "caption", "lower_third", "credits", "cta", "text", "subtitle")
WIDE: Final = 16 / 9
_LEAST_TALL_WEIGHT: Final = 500
# An em of so much of the frame's width is about 2.5 mm on a phone; print goes down to that in its captions.
_LEAST_OF_WIDTH: Final = 0.045


@dataclass(frozen=True, slots=True)
class RoleLook:
    """What a role looks like when nothing else is said. ``max_width`` is a part of the frame's width."""

    style: TextStyle
    position: str
    anim_in: Anim
    anim_out: Anim
    max_width: float = 0.84


# Two layers: a tight one that gives light letters an edge on white, and a wide one that calms a busy picture.
_SOFT: Final = (
    Shadow(0.0, 0.012, 0.024, "#000000", 0.4),
    Shadow(0.0, 0.035, 0.16, "#000000", 0.42),
)
_FIRM: Final = (
    Shadow(0.0, 0.016, 0.02, "#000000", 0.45),
    Shadow(0.0, 0.05, 0.17, "#000000", 0.5),
)
_WHISPER: Final = (
    Shadow(0.0, 0.0, 0.03, "#000000", 0.4),
    Shadow(0.0, 0.02, 0.22, "#000000", 0.55),
)
_LIFT: Final = Shadow(0.0, 0.1, 0.34, "#000000", 0.26)
_INK: Final = "#111317"
_ACCENT: Final = "#ffd60a"

_CLEAN: Final = {
    "title": RoleLook(
        TextStyle(size=0.094, weight=700, letter_spacing=-0.022, line_height=1.08, shadows=_SOFT),
        "center",
        Anim("slide_up", 600),
        Anim("fade", 400),
    ),
    "caption": RoleLook(
        TextStyle(size=0.05, weight=600, letter_spacing=-0.008, line_height=1.24, shadows=_SOFT),
        "bottom",
        Anim("fade", 350),
        Anim("fade", 300),
        0.76,
    ),
    "lower_third": RoleLook(
        TextStyle(
            size=0.046,
            weight=700,
            align="start",
            letter_spacing=-0.01,
            line_height=1.5,
            color=_INK,
            sub_scale=0.8,
            sub_weight=450,
            box=Box("#ffffff", 0.96, pad_x=0.62, pad_y=0.54, radius=0.3, shadow=_LIFT),
        ),
        "bottom_left",
        Anim("slide_right", 500),
        Anim("fade", 300),
        0.6,
    ),
    "credits": RoleLook(
        TextStyle(size=0.036, weight=500, line_height=1.55, shadows=_SOFT, max_lines=24),
        "center",
        Anim("fade", 600),
        Anim("fade", 600),
        0.7,
    ),
    "cta": RoleLook(
        TextStyle(
            size=0.05,
            weight=700,
            color=_INK,
            letter_spacing=-0.01,
            box=Box("#ffffff", 1.0, pad_x=0.95, pad_y=0.66, radius=1.2, shadow=_LIFT),
        ),
        "bottom",
        Anim("pop", 450),
        Anim("fade", 300),
        0.8,
    ),
    "text": RoleLook(
        TextStyle(size=0.058, weight=600, letter_spacing=-0.012, line_height=1.2, shadows=_SOFT),
        "center",
        Anim("fade", 400),
        Anim("fade", 300),
        0.8,
    ),
    "subtitle": RoleLook(
        TextStyle(
            size=0.044,
            weight=600,
            line_height=1.28,
            letter_spacing=-0.004,
            box=Box("#0b0c0e", 0.62, pad_x=0.5, pad_y=0.42, radius=0.26),
        ),
        "bottom",
        Anim("none", 0),
        Anim("none", 0),
        0.76,
    ),
}
_BOLD: Final = {
    "title": RoleLook(
        TextStyle(
            size=0.124,
            weight=900,
            case="upper",
            letter_spacing=-0.03,
            line_height=0.98,
            shadows=_FIRM,
        ),
        "center",
        Anim("pop", 420),
        Anim("fade", 250),
        0.88,
    ),
    "caption": RoleLook(
        TextStyle(
            size=0.054,
            weight=800,
            letter_spacing=-0.014,
            line_height=1.2,
            color=_INK,
            box=Box(_ACCENT, 1.0, pad_x=0.46, pad_y=0.42, radius=0.14),
        ),
        "bottom",
        Anim("slide_up", 320),
        Anim("fade", 200),
        0.76,
    ),
    "lower_third": RoleLook(
        TextStyle(
            size=0.05,
            weight=800,
            align="start",
            letter_spacing=-0.012,
            line_height=1.42,
            sub_scale=0.76,
            sub_weight=600,
            box=Box(_INK, 0.94, pad_x=0.52, pad_y=0.54, radius=0.0, accent=_ACCENT),
        ),
        "bottom_left",
        Anim("slide_right", 380),
        Anim("slide_left", 300),
        0.64,
    ),
    "credits": RoleLook(
        TextStyle(size=0.042, weight=800, line_height=1.4, shadows=_FIRM, max_lines=20),
        "center",
        Anim("slide_up", 400),
        Anim("fade", 300),
        0.76,
    ),
    "cta": RoleLook(
        TextStyle(
            size=0.062,
            weight=900,
            case="upper",
            letter_spacing=-0.01,
            color=_INK,
            box=Box(_ACCENT, 1.0, pad_x=0.78, pad_y=0.6, radius=0.2),
        ),
        "bottom",
        Anim("pop", 380),
        Anim("fade", 250),
        0.84,
    ),
    "text": RoleLook(
        TextStyle(size=0.072, weight=800, letter_spacing=-0.02, line_height=1.1, shadows=_FIRM),
        "center",
        Anim("slide_up", 350),
        Anim("fade", 250),
        0.84,
    ),
    "subtitle": RoleLook(
        TextStyle(
            size=0.052,
            weight=800,
            letter_spacing=-0.01,
            line_height=1.2,
            outline=0.075,
            outline_color="#000000",
            shadows=(Shadow(0.0, 0.03, 0.06, "#000000", 0.4),),
        ),
        "bottom",
        Anim("none", 0),
        Anim("none", 0),
        0.8,
    ),
}
_ELEGANT: Final = {
    "title": RoleLook(
        TextStyle(
            size=0.07,
            weight=400,
            case="upper",
            letter_spacing=0.19,
            line_height=1.42,
            shadows=_WHISPER,
        ),
        "center",
        Anim("blur_in", 900),
        Anim("fade", 700),
        0.8,
    ),
    "caption": RoleLook(
        TextStyle(
            size=0.046,
            weight=450,
            italic=True,
            slant=False,
            letter_spacing=0.004,
            line_height=1.36,
            shadows=_WHISPER,
        ),
        "bottom",
        Anim("fade", 700),
        Anim("fade", 500),
        0.7,
    ),
    "lower_third": RoleLook(
        TextStyle(
            size=0.042,
            weight=450,
            align="start",
            letter_spacing=0.035,
            line_height=1.7,
            color="#f7f3ec",
            sub_scale=0.8,
            box=Box("#14130f", 0.78, pad_x=0.95, pad_y=0.84, radius=0.0),
        ),
        "bottom_left",
        Anim("fade", 800),
        Anim("fade", 600),
        0.56,
    ),
    "credits": RoleLook(
        TextStyle(
            size=0.032,
            weight=400,
            letter_spacing=0.06,
            line_height=1.85,
            shadows=_WHISPER,
            max_lines=24,
        ),
        "center",
        Anim("fade", 900),
        Anim("fade", 900),
        0.66,
    ),
    "cta": RoleLook(
        TextStyle(
            size=0.034,
            weight=500,
            case="upper",
            letter_spacing=0.18,
            color="#1b1a17",
            box=Box("#f7f3ec", 0.97, pad_x=1.5, pad_y=1.05, radius=0.0, shadow=_LIFT),
        ),
        "bottom",
        Anim("fade", 800),
        Anim("fade", 600),
        0.74,
    ),
    "text": RoleLook(
        TextStyle(size=0.054, weight=350, letter_spacing=0.008, line_height=1.38, shadows=_WHISPER),
        "center",
        Anim("blur_in", 800),
        Anim("fade", 600),
        0.72,
    ),
    "subtitle": RoleLook(
        TextStyle(size=0.042, weight=500, letter_spacing=0.006, line_height=1.36, shadows=_WHISPER),
        "bottom",
        Anim("fade", 200),
        Anim("fade", 200),
        0.72,
    ),
}
LOOKS: Final = {"clean": _CLEAN, "bold": _BOLD, "elegant": _ELEGANT}


def default_look(role: str, look: str = "clean", aspect: float = WIDE) -> RoleLook:
    """The style, place and animations of ``role`` in ``look`` on a frame of ``aspect`` (width / height).

    Raises:
        DraftError: there is no such look or role.
    """
    if look not in LOOKS:
        msg = f"There is no look {look!r}."
        raise DraftError(msg, hint=f"There are {', '.join(LOOKS)}.")
    if role not in LOOKS[look]:
        msg = f"A text has no role {role!r}."
        raise DraftError(msg, hint=f"There are {', '.join(ROLES)}.")
    chosen = LOOKS[look][role]
    factor = _shape_factor(aspect)
    if factor == 1.0:
        return chosen
    style = replace(chosen.style, size=chosen.style.size * factor)
    if aspect < 1.0:
        # Made for a phone, where small letters and thin strokes are lost.
        size, weight = max(style.size, _LEAST_OF_WIDTH * aspect), max(style.weight, _LEAST_TALL_WEIGHT)
        style = replace(style, size=size, max_lines=style.max_lines + 1, weight=weight)
    width = min(0.88, chosen.max_width + 0.12) if aspect < 1.2 else chosen.max_width  # square or taller
    return replace(chosen, style=style, max_width=width)


def default_style(role: str, look: str = "clean", aspect: float = WIDE) -> TextStyle:
    """The style of ``role`` in ``look``: see ``default_look``."""
    return default_look(role, look, aspect).style


def _shape_factor(aspect: float) -> float:
    """By how much a size in frame heights changes with the frame's shape.

    What the eye compares is the letters with the whole picture, about the mean of its sides; but a tall frame
    is shown larger on the phone that it is made for. 1 for wide frames, 0.86 for squares, 0.64 for 9:16.
    """
    return 1.0 if aspect >= WIDE else round((aspect / WIDE) ** 0.27 if aspect >= 1.0 else 0.86 * aspect**0.5, 4)
