"""A layout and a style become pixels: plate, shadows, outline, fill, emoji, in this order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import cv2
import numpy as np

from .canvas import Canvas
from .raster import blur, draw_ink, grow, rounded_box
from .style import parse_color

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .layout import Layout
    from .style import Gradient, TextStyle

__all__ = ["Extent", "Painted", "extent", "padding", "paint"]

# A Gaussian is invisible beyond this many standard deviations.
REACH: Final = 3.0
ACCENT_WIDTH: Final = 0.16


class Painted(NamedTuple):
    """RGBA pictures, uint8, premultiplied alpha, of one size, and where things are in them.

    ``plate`` is the box alone (None without one), ``letters`` everything else; ``whole`` both together.
    ``origin`` is the top left of the block of lines, ``content`` (x, y, width, height) what has to stay in the
    safe area: the plate, or the letters.
    """

    whole: NDArray[np.uint8]
    letters: NDArray[np.uint8]
    plate: NDArray[np.uint8] | None
    fill: NDArray[np.uint8]
    origin: tuple[float, float]
    content: tuple[float, float, float, float]


def padding(style: TextStyle) -> tuple[float, float, float]:
    """What the plate and the outline add in em: at the start, at the end, and above and below."""
    if style.box is None:
        return style.outline, style.outline, style.outline
    bar = ACCENT_WIDTH + 0.1 if style.box.accent else 0.0
    return style.box.pad_x + bar, style.box.pad_x, style.box.pad_y


class Extent(NamedTuple):
    """How large a picture of a text is, and where things are in it: see ``Painted``."""

    size: tuple[int, int]
    origin: tuple[float, float]
    content: tuple[float, float, float, float]


def extent(layout: Layout, style: TextStyle) -> Extent:
    """The measures of ``layout`` in ``style``, without drawing it."""
    em = layout.em
    start, end, above = (value * em for value in padding(style))
    before, behind = (end, start) if layout.rtl else (start, end)
    below = above
    if style.box is not None:
        # Between capitals' tops and the baseline is the middle that the eye sees: descenders hang into the
        # padding.
        below = max(0.0, above - (layout.height - layout.lines[-1].baseline) * 0.62)
    cast = [*style.shadows, *([style.box.shadow] if style.box and style.box.shadow else [])]
    reach = max(
        (REACH * shadow.blur + shadow.spread + max(abs(shadow.dx), abs(shadow.dy)) for shadow in cast), default=0.0
    )
    margin = math.ceil(reach * em) + 2
    width = math.ceil(layout.width + before + behind) + 2 * margin
    height = math.ceil(layout.height + above + below) + 2 * margin
    origin = (margin + before, float(margin + math.ceil(above)))
    content = (float(margin), origin[1] - above, layout.width + before + behind, layout.height + above + below)
    return Extent((width, height), origin, content)


def paint(layout: Layout, style: TextStyle) -> Painted:
    """The pixels of ``layout`` in ``style``."""
    em = layout.em
    (width, height), origin, content = extent(layout, style)
    ink = draw_ink(layout, (width, height), origin)
    shape = ink.silhouette
    outlined = grow(shape, style.outline * em) if style.outline else shape
    canvas = Canvas(width, height)
    for shadow in style.shadows:
        grown = grow(outlined, shadow.spread * em, fine=1) if shadow.spread else outlined
        soft = blur(_moved(grown, shadow.dx * em, shadow.dy * em), shadow.blur * em)
        canvas.lay(soft, shadow.color, shadow.opacity)
    if style.outline:
        canvas.lay(outlined, style.outline_color)
    if style.gradient is None:
        canvas.lay(ink.mask, style.color)
    else:
        canvas.lay_picture(_shaded(ink.mask, style.gradient, (origin, (layout.width, layout.height))))
    if ink.color is not None:
        canvas.lay_picture(ink.color)
    canvas.fade(style.opacity)
    letters = canvas.picture()
    fill = np.asarray(cv2.convertScaleAbs(ink.mask, alpha=255), np.uint8)
    plate = _plate(style, (width, height), content, em, rtl=layout.rtl)
    if plate is None:
        return Painted(letters, letters, None, fill, origin, content)
    plate.fade(style.opacity)
    alone = plate.picture()
    plate.lay_canvas(canvas)
    return Painted(plate.picture(), letters, alone, fill, origin, content)


def _plate(
    style: TextStyle,
    size: tuple[int, int],
    content: tuple[float, float, float, float],
    em: float,
    *,
    rtl: bool,
) -> Canvas | None:
    box = style.box
    if box is None:
        return None
    x, y, width, height = content
    canvas = Canvas(*size)
    # Straight edges on whole pixels stay sharp.
    edges = (round(x), round(y), round(x + width), round(y + height))
    whole = rounded_box(size, edges, box.radius * em)
    if box.shadow is not None:
        soft = blur(_moved(whole, box.shadow.dx * em, box.shadow.dy * em), box.shadow.blur * em)
        # Only around the plate: a translucent one must not be darkened from below.
        canvas.lay(soft * (1.0 - whole), box.shadow.color, box.shadow.opacity)
    canvas.lay(whole, box.color, box.opacity)
    if box.accent is not None:
        bar = max(2, round(ACCENT_WIDTH * em))
        strip = np.zeros_like(whole)
        if rtl:
            strip[:, edges[2] - bar : edges[2]] = 1.0
        else:
            strip[:, edges[0] : edges[0] + bar] = 1.0
        canvas.lay(whole * strip, box.accent)
    return canvas


def _moved(mask: NDArray[np.float32], dx: float, dy: float) -> NDArray[np.float32]:
    """``mask`` shifted by whole pixels; a shadow's blur hides the rest."""
    right, down = round(dx), round(dy)
    if not right and not down:
        return mask
    result = np.zeros_like(mask)
    height, width = mask.shape
    result[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = mask[
        max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)
    ]
    return result


def _shaded(
    mask: NDArray[np.float32],
    gradient: Gradient,
    area: tuple[tuple[float, float], tuple[float, float]],
) -> NDArray[np.float32]:
    """``mask`` in a gradient's colours: (H, W, 4), premultiplied alpha, 0..1."""
    (left, top), (width, height) = area
    angle = math.radians(gradient.angle)
    across, down = math.cos(angle), math.sin(angle)
    rows, columns = mask.shape
    x = (np.arange(columns, dtype=np.float32) + 0.5 - left - width / 2) * across
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5 - top - height / 2) * down
    length = max(1e-6, abs(across) * width + abs(down) * height)
    way = np.clip((x + y) / length + 0.5, 0.0, 1.0)[..., None]
    start = np.array(parse_color(gradient.start), np.float32) / 255.0
    end = np.array(parse_color(gradient.end), np.float32) / 255.0
    color = (start + (end - start) * way).astype(np.float32)
    cover = mask[..., None] * color[..., 3:]
    color[..., 3] = 1.0
    return np.asarray(color * cover, np.float32)
