"""The text engine: words and a style become a picture, in any script, with nothing but Inter to rely on.

``render_text`` is the door. Everything below it is pure but for the reading of font files:
``shape`` (fonts, direction, glyphs) → ``layout`` (lines) → ``paint`` (pixels). ``looks`` gives each role its
default style, ``place`` its position, ``animate`` its motion, ``contrast`` says whether it can be read.
"""

from __future__ import annotations

from .animate import ANIMATIONS, STILL, Anim, Piece, Pose, pose
from .branding import Palette, dressed, toward
from .contrast import (
    READABLE,
    Support,
    cells,
    contrast_ratio,
    own_contrast,
    patch_contrast,
    shade_needed,
    strengthen,
    support_needed,
)
from .emoji import off_its_plate
from .fonts import FontBook, default_book
from .looks import LOOKS, ROLES, RoleLook, default_look, default_style
from .place import PLATFORMS, POSITIONS, ROLE_INSETS, Insets, position_tile, safe_insets, safe_width
from .raster import premultiplied
from .style import Box, Gradient, Shadow, TextStyle, parse_color, style_from_slots
from .tile import MissingGlyphWarning, Rect, TextBox, TextTile, clear_cache, missing_glyphs, render_text

__all__ = [
    "ANIMATIONS",
    "LOOKS",
    "PLATFORMS",
    "POSITIONS",
    "READABLE",
    "ROLES",
    "ROLE_INSETS",
    "STILL",
    "Anim",
    "Box",
    "FontBook",
    "Gradient",
    "Insets",
    "MissingGlyphWarning",
    "Palette",
    "Piece",
    "Pose",
    "Rect",
    "RoleLook",
    "Shadow",
    "Support",
    "TextBox",
    "TextStyle",
    "TextTile",
    "cells",
    "clear_cache",
    "contrast_ratio",
    "default_book",
    "default_look",
    "default_style",
    "dressed",
    "missing_glyphs",
    "off_its_plate",
    "own_contrast",
    "parse_color",
    "patch_contrast",
    "pose",
    "position_tile",
    "premultiplied",
    "render_text",
    "safe_insets",
    "safe_width",
    "shade_needed",
    "strengthen",
    "style_from_slots",
    "support_needed",
    "toward",
]
