"""From placed glyphs to pixels: a mask of the letters' coverage, and a layer of colour glyphs (emoji)."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import cv2
import numpy as np
import uharfbuzz as hb
from PIL import Image

from .style import parse_color

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .face import FontInstance
    from .layout import Layout

__all__ = ["Ink", "blur", "draw_ink", "grow", "inked", "premultiplied", "rounded_box", "straight", "tinted"]

# The outline is measured on a mask this many times larger, so that its edge is smooth.
OUTLINE_SCALE: Final = 3
# From this many px of blur on it is done on a smaller copy.
FINE_SIGMA: Final = 6.0
MAX_EMOJI_PIXELS: Final = 4_000_000


class Ink(NamedTuple):
    """``mask`` (H, W) float32 0..1 of the plain glyphs; ``color`` (H, W, 4) float32 premultiplied 0..1, or None."""

    mask: NDArray[np.float32]
    color: NDArray[np.float32] | None

    @property
    def silhouette(self) -> NDArray[np.float32]:
        """Everything that is drawn, as coverage 0..1."""
        if self.color is None:
            return self.mask
        return np.maximum(self.mask, self.color[..., 3])


def _placed(
    layout: Layout, origin: tuple[float, float]
) -> Iterator[tuple[FontInstance, int, tuple[float, float], float]]:
    """Each glyph's font, number, position (y downwards) and em, in px."""
    for line in layout.lines:
        for font, glyph, x, y, _ in line.shaped.glyphs:
            left = origin[0] + line.x + x * line.em
            yield font, glyph, (left, origin[1] + line.baseline - y * line.em), line.em


def draw_ink(layout: Layout, size: tuple[int, int], origin: tuple[float, float]) -> Ink:
    """Draw ``layout`` with its top left corner at ``origin`` on a canvas of ``size`` (width, height)."""
    width, height = size
    outlines = hb.RasterDraw()
    outlines.extents = hb.RasterExtents(0, 0, width, height, 0)
    color: NDArray[np.float32] | None = None
    for font, glyph, (x, y), em in _placed(layout, origin):
        if font.face.color and not _is_plain(font, glyph):
            if color is None:
                color = np.zeros((height, width, 4), np.float32)
            _draw_color(color, font, glyph, (x, y), em)
            continue
        scale = em / font.upem
        # HarfBuzz's canvas has its origin at the bottom left, ours at the top left.
        outlines.transform = (scale, 0, 0, scale, x, height - y)
        outlines.draw_glyph(font.font, glyph)
    image = outlines.render()
    if image is None or not image.buffer:
        return Ink(np.zeros((height, width), np.float32), color)
    return Ink(_pixels(image, 1)[..., 0].astype(np.float32) / 255.0, color)


def _is_plain(font: FontInstance, glyph: int) -> bool:
    """Whether a colour font draws this glyph in one colour (as a mask) like any other font."""
    face = font.face.hb_face
    painted = (
        (face.has_color_paint and face.glyph_has_color_paint(glyph))
        or (face.has_color_layers and bool(face.get_glyph_color_layers(glyph)))
        or (face.has_color_png and len(font.font.get_glyph_color_png(glyph).data) > 0)
    )
    return not painted


def _pixels(image: Any, channels: int) -> NDArray[np.uint8]:  # noqa: ANN401 -- uharfbuzz has no types
    """The rows of a HarfBuzz image, top first."""
    extents = image.extents
    rows = np.frombuffer(image.buffer, np.uint8).reshape(extents.height, extents.stride)
    return rows[::-1, : extents.width * channels].reshape(extents.height, extents.width, channels)


def _draw_color(
    canvas: NDArray[np.float32],
    font: FontInstance,
    glyph: int,
    at: tuple[float, float],
    em: float,
) -> None:
    box = font.extents(glyph)
    if box is None:
        return
    left, top = at[0] + box.x0 * em, at[1] - box.y1 * em
    width, height = (box.x1 - box.x0) * em, (box.y1 - box.y0) * em
    bitmap = font.font.get_glyph_color_png(glyph).data if font.face.png else b""
    if bitmap:
        picture = _decode(bitmap)
        size = (max(1, round(width)), max(1, round(height)))
        way = cv2.INTER_AREA if size[0] < picture.shape[1] else cv2.INTER_CUBIC
        picture = np.clip(cv2.resize(picture, size, interpolation=way), 0, 1).astype(np.float32)
        _over(canvas, picture, round(left), round(top))
        return
    x0, y0 = math.floor(left) - 1, math.floor(top) - 1
    columns, rows = math.ceil(width) + 3, math.ceil(height) + 3
    scale = em / font.upem
    paint = hb.RasterPaint()
    paint.extents = hb.RasterExtents(0, 0, columns, rows, 0)
    paint.transform = (scale, 0, 0, scale, at[0] - x0, rows - (at[1] - y0))
    paint.paint_glyph(font.font, glyph)
    image = paint.render()
    if image is not None and image.buffer:
        # BGRA, premultiplied.
        picture = _pixels(image, 4)[..., [2, 1, 0, 3]].astype(np.float32) / 255.0
        _over(canvas, picture, x0, y0)


def _decode(data: bytes) -> NDArray[np.float32]:
    """A bitmap glyph as premultiplied RGBA 0..1; an unreadable or absurdly large one as nothing."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MAX_EMOJI_PIXELS:
                return np.zeros((1, 1, 4), np.float32)
            pixels = np.asarray(image.convert("RGBA"), np.float32) / 255.0
    except (OSError, ValueError, SyntaxError):
        return np.zeros((1, 1, 4), np.float32)
    pixels = pixels.copy()
    pixels[..., :3] *= pixels[..., 3:]
    return pixels


def _over(canvas: NDArray[np.float32], picture: NDArray[np.float32], x: int, y: int) -> None:
    """Compose premultiplied ``picture`` over ``canvas`` with its corner at (x, y), cut at the canvas's edges."""
    height, width = picture.shape[:2]
    top, left = max(0, y), max(0, x)
    bottom, right = min(canvas.shape[0], y + height), min(canvas.shape[1], x + width)
    if bottom <= top or right <= left:
        return
    part = picture[top - y : bottom - y, left - x : right - x]
    spot = canvas[top:bottom, left:right]
    spot *= 1.0 - part[..., 3:]
    spot += part


def inked(mask: NDArray[np.float32], margin: int = 0) -> tuple[slice, slice]:
    """Rows and columns of ``mask`` that hold anything, and ``margin`` px around them."""
    x, y, width, height = cv2.boundingRect((mask > 0).view(np.uint8))
    rows = slice(max(0, y - margin), min(mask.shape[0], y + height + margin))
    return rows, slice(max(0, x - margin), min(mask.shape[1], x + width + margin))


def grow(mask: NDArray[np.float32], radius: float, *, fine: int = OUTLINE_SCALE) -> NDArray[np.float32]:
    """``mask`` spread by ``radius`` px all round: the shape of an outline.

    ``fine`` is how many times larger it is measured; 1 is enough for what is blurred afterwards.
    """
    spot = inked(mask, math.ceil(radius) + 2)
    part = mask[spot]
    height, width = part.shape
    large = cv2.resize(part, (width * fine, height * fine), interpolation=cv2.INTER_LINEAR)
    outside = (large < 0.5).view(np.uint8)  # the edge is where half a pixel is covered
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    spread = np.clip(radius * fine - distance + 0.5, 0.0, 1.0).astype(np.float32)
    small = cv2.resize(spread, (width, height), interpolation=cv2.INTER_AREA)
    result = mask.copy()
    result[spot] = np.maximum(np.asarray(small, np.float32), part)
    return result


def blur(mask: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """``mask`` softened by a Gaussian of ``sigma`` px."""
    if sigma <= 0:
        return mask
    height, width = mask.shape
    # A wide blur of a small copy can't be told from one of the whole, and costs next to nothing.
    small = max(1.0, sigma / FINE_SIGMA)
    size = (max(1, round(width / small)), max(1, round(height / small)))
    if small > 1.0:
        mask = np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32)
    across, down = sigma * size[0] / width, sigma * size[1] / height
    soft = cv2.GaussianBlur(mask, (0, 0), across, sigmaY=down, borderType=cv2.BORDER_CONSTANT)
    if small > 1.0:
        soft = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(soft, np.float32), 0.0, 1.0)


def premultiplied(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Straight to premultiplied alpha, uint8, rounded."""
    alpha = np.ascontiguousarray(rgba[..., 3])
    weight = cv2.merge([alpha, alpha, alpha, np.full_like(alpha, 255)])
    return np.asarray(cv2.multiply(rgba, weight, scale=1 / 255), np.uint8)


def straight(flat: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Premultiplied to straight alpha, uint8, rounded, read-only."""
    alpha = np.maximum(flat[..., 3:], 1).astype(np.float32)
    result = np.rint(np.minimum(flat * (255 / alpha), 255)).astype(np.uint8)
    result[..., 3] = flat[..., 3]
    result.flags.writeable = False
    return result


def tinted(flat: NDArray[np.uint8], fill: NDArray[np.uint8], color: str) -> NDArray[np.uint8]:
    """Premultiplied letters with ``color`` where ``fill`` (0..255) is."""
    # The fill's own alpha: a translucent text stays so.
    alpha = cv2.multiply(fill, np.ascontiguousarray(flat[..., 3]), scale=1 / 255)
    tint = cv2.merge([cv2.convertScaleAbs(alpha, alpha=c / 255) for c in parse_color(color)[:3]] + [alpha])
    rest = cv2.multiply(flat, cv2.merge([cv2.bitwise_not(fill)] * 4), scale=1 / 255)
    return np.asarray(cv2.add(tint, rest), np.uint8)


def rounded_box(size: tuple[int, int], box: tuple[float, float, float, float], radius: float) -> NDArray[np.float32]:
    """Coverage 0..1 on a canvas of ``size`` (width, height) of a box (left, top, right, bottom) with round corners."""
    left, top, right, bottom = box
    radius = max(0.0, min(radius, (right - left) / 2, (bottom - top) / 2))
    x = np.abs(np.arange(size[0], dtype=np.float32) + 0.5 - (left + right) / 2) - (right - left) / 2
    y = np.abs(np.arange(size[1], dtype=np.float32)[:, None] + 0.5 - (top + bottom) / 2) - (bottom - top) / 2
    # The signed distance to the box: of the nearer edge, but in the corners that of the circle.
    distance = np.maximum(x, y)
    rows, columns = np.flatnonzero(y > -radius), np.flatnonzero(x > -radius)
    if rows.size and columns.size:
        corners = np.ix_(rows, columns)
        distance[corners] = np.hypot(y[rows] + radius, x[columns] + radius) - radius
    return np.asarray(np.clip(0.5 - distance, 0.0, 1.0), np.float32)
