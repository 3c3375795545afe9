"""Photos and clip frames made ready for the camera, and painted. Pixels in, planes out; no file is opened here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from reelframe.render.composition import Framing, Grade, Move, Rgb
from reelframe.render.effects import blurred
from reelframe.render.focus import focus_of
from reelframe.render.geometry import (
    Focus,
    Layout,
    cover_scale,
    largest_zoom,
    lay_out,
    quarter_turns,
    tilted_bounds,
    view,
)
from reelframe.render.ground import extended
from reelframe.render.looks import apply_grade
from reelframe.render.planes import (
    Plane,
    Planes,
    Scratch,
    Sheet,
    copy,
    crop_to,
    fill,
    new_planes,
    rgb_to_planes,
    shrunk,
    yuv_of,
)

__all__ = ["Picture", "Recipe", "clip_size", "prepare_clip_frame", "prepare_still", "still_cover"]

# A moving camera's picture is kept this much larger than it needs to be. Near a ratio of 1 the offsets that a
# shift by whole pixels can make lie too close together (see planes._resample); this ratio spreads them well.
_SPARE: Final = 1.0618
# Prepared pictures are no larger than this many px, or four frames: a 50-fold zoom must not need 50-fold memory.
_LARGEST: Final = 16_000_000
# Up to here a scale is nearly none.
_NEARLY: Final = 1.25
# The copy behind a picture that does not fill the frame: out of focus (share of the height) and darker.
_BACKDROP_BLUR: Final = 1 / 24
_BACKDROP_DIM: Final = 0.62
# The sides of the copy on which the focus of a picture is looked for, px: twice what the focus itself looks at.
_SMALL: Final = 128
_EDGE: Final = 3
_WITH_ALPHA: Final = 4
# Alpha below which a pixel shows what is behind it rather than itself.
_SEEN_THROUGH: Final = 128
_FULL: Final = 255


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides how a picture is made ready: its place, its camera move, its grade, and the box it goes in."""

    framing: Framing
    move: Move | None
    grade: Grade
    size: tuple[int, int]
    box: tuple[int, int]

    @property
    def layout(self) -> Layout:
        """Where the picture lies in its box."""
        return lay_out(self.framing, self.size, self.box)

    def scale(self) -> float:
        """How much larger than its content the prepared picture is."""
        wanted = 1.0 if self.move is None else largest_zoom(self.move) * _SPARE
        width, height = self.layout.content
        most = max(_LARGEST, 4 * self.box[0] * self.box[1])
        return min(wanted, math.sqrt(most / (width * height)))


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture that is ready: a sheet under a camera, in a window of its box, and what is behind it."""

    layout: Layout
    move: Move | None
    sheet: Sheet
    focus: Focus
    behind: Planes | None
    backdrop: Rgb

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return self.sheet.nbytes + sum(p.nbytes for p in self.behind or ())

    def paint(self, u: float, out: Planes, scratch: Scratch) -> None:
        """Fill ``out`` (the box) with the picture at ``u`` of its move."""
        x, y, w, h = self.layout.window
        height, width = out[0].shape
        if (w, h) != (width, height):
            if self.behind is not None:
                copy(self.behind, out)
            else:
                fill(out, self.backdrop)
            out = crop_to(out, x, y, w, h)
        seen = view(self.move, u, self.focus, self.layout)
        sw, sh = self.sheet.size
        content = self.layout.content
        step = min(sw / content[0], sh / content[1]) / seen.zoom
        if abs(step - 1) * max(w, h) < 1:
            # A rounding of sides to even numbers, not a scale.
            step = 1.0
        left = min(max(seen.x * sw - step * w / 2, 0.0), sw - step * w)
        top = min(max(seen.y * sh - step * h / 2, 0.0), sh - step * h)
        if step == 1.0:
            left, top = 2 * math.floor(left / 2), 2 * math.floor(top / 2)
        self.sheet.sample(step, left, top, out, scratch)


# --- stills ----------------------------------------------------------------------------------------------


def still_cover(recipe: Recipe) -> tuple[int, int]:
    """The smallest upright photo (width, height) that has all the detail that will be seen."""
    return clip_size(recipe, exact=False)


def prepare_still(pixels: Plane, recipe: Recipe) -> Picture:
    """Make a photo ready: uint8 (h, w, 3) or (h, w, 4) with straight alpha, upright, sRGB."""
    cut_out = pixels.shape[2] == _WITH_ALPHA and int(pixels[..., 3].min()) < _SEEN_THROUGH
    rgb = _flat(pixels, recipe.framing.backdrop)
    # A photo of 50 megapixels is 150 MB: it goes as soon as there is a smaller copy.
    del pixels
    height, width = rgb.shape[:2]
    if recipe.framing.crop:
        x, y, w, h = recipe.framing.crop
        left, top = min(width - 1, round(x * width)), min(height - 1, round(y * height))
        rgb = rgb[top : top + max(1, round(h * height)), left : left + max(1, round(w * width))]
    turns, rest = quarter_turns(recipe.framing.rotate)
    if "h" in recipe.framing.flip:
        rgb = rgb[:, ::-1]
    if "v" in recipe.framing.flip:
        rgb = rgb[::-1]
    rgb = np.ascontiguousarray(np.rot90(rgb, -turns))
    if recipe.framing.fit == "fill" and recipe.framing.zoom <= 1 and not recipe.framing.crop and not rest:
        whole = extended(rgb, recipe.box, largest_zoom(recipe.move))
        if whole is not rgb:
            rgb, recipe = whole, replace(recipe, framing=replace(recipe.framing, rotate=0.0), size=whole.shape[1::-1])
    target = _sheet_size(recipe, (rgb.shape[1], rgb.shape[0]), rest)
    # A photo that is tilted is looked at when it lies as it will be seen.
    focus = None if rest else focus_of(rgb_to_planes(shrunk(rgb, (_SMALL, _SMALL))))
    rgb, layout = _resized(rgb, target), recipe.layout
    if recipe.move is None and focus is not None:
        # A camera that stands still sees one part of the photo, and the rest is not even converted.
        rgb = _seen(rgb, layout, focus)
        layout = Layout(layout.window, (float(layout.window[2]), float(layout.window[3])))
    planes = rgb_to_planes(rgb)
    del rgb
    ready = _ready(Sheet(planes), recipe, layout, rest, focus, cut_out=cut_out)
    # A clip's frame is sampled once, a photo hundreds of times.
    return ready if recipe.move is None else replace(ready, sheet=ready.sheet.padded())


def _flat(pixels: Plane, backdrop: Rgb) -> Plane:
    if pixels.shape[2] == _EDGE:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    under = np.array(backdrop, np.uint16)
    mixed = (pixels[..., :3] * alpha + under * (255 - alpha) + 127) // 255
    return mixed.astype(np.uint8)


def _resized(rgb: Plane, size: tuple[int, int]) -> Plane:
    height, width = rgb.shape[:2]
    if (width, height) == size:
        return rgb
    if size[0] > width or size[1] > height:
        # Lanczos keeps a small photo's edges when it is enlarged.
        how = cv2.INTER_LANCZOS4
    else:
        # Area averaging neither rings nor aliases. Where a pixel is hardly larger than before, two samples are as much
        # and take a sixth of the time.
        nearly = width <= _NEARLY * size[0] and height <= _NEARLY * size[1]
        how = cv2.INTER_LINEAR if nearly else cv2.INTER_AREA
    return cast("Plane", cv2.resize(rgb, size, interpolation=how))


def _seen(rgb: Plane, layout: Layout, focus: Focus) -> Plane:
    """What a camera that stands still sees of an upright picture of the layout's content size."""
    height, width = rgb.shape[:2]
    w, h = min(layout.window[2], width), min(layout.window[3], height)
    seen = view(None, 0.0, focus, layout)
    left = min(max(2 * math.floor((seen.x * width - w / 2) / 2), 0), width - w)
    top = min(max(2 * math.floor((seen.y * height - h / 2) / 2), 0), height - h)
    return np.ascontiguousarray(rgb[top : top + h, left : left + w])


def _sheet_size(recipe: Recipe, upright: tuple[int, int], rest: float) -> tuple[int, int]:
    """The even size of the turned, not yet tilted picture."""
    layout, scale = recipe.layout, recipe.scale()
    content = layout.content[0] * scale, layout.content[1] * scale
    if rest and recipe.framing.fit == "fill":
        enlarge = cover_scale(rest, upright, content)
        content = upright[0] * enlarge, upright[1] * enlarge
    elif rest:
        enlarge = content[0] / tilted_bounds(*upright, rest)[0]
        content = upright[0] * enlarge, upright[1] * enlarge
    # Never smaller than the content: rounding up costs a pixel, rounding down an edge.
    return 2 * math.ceil(content[0] / 2 - 1e-6), 2 * math.ceil(content[1] / 2 - 1e-6)


def _tilted(sheet: Sheet, degrees: float, under: Planes) -> Sheet:
    """The sheet turned clockwise about its middle, on a canvas (even sides), which is used up."""
    height, width = under[0].shape
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    sw, sh = sheet.size
    # From canvas to sheet, in luma's edge coordinates.
    linear = np.array([[cos, sin], [-sin, cos]])
    shift = np.array([sw / 2, sh / 2]) - linear @ np.array([width / 2, height / 2])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = []
    for i, (plane, canvas) in enumerate(zip(sheet.planes, under, strict=True)):
        half = 1 if i == 0 else 2
        # Canvas pixel (i, j) of this plane is at luma position ``half * i + 0.5``, ``half * (j + 0.5)``.
        at = np.array([0.5, 0.5 * half])
        source = linear @ at + shift
        site = np.array([sheet.ox, sheet.oy]) if half == 2 else np.zeros(2)  # chroma
        origin = source / half + site - 0.5
        matrix = np.hstack([linear, origin.reshape(2, 1)])
        shape = canvas.shape[::-1]
        turned = cv2.warpAffine(plane, matrix, shape, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        weight = _shown(plane.shape, canvas.shape, tuple(matrix.ravel().tolist()))
        out.append(cv2.blendLinear(turned, canvas, weight, 1 - weight))
    y, u, v = cast("list[Plane]", out)
    return Sheet((y, u, v))


@lru_cache(maxsize=4)
def _shown(plane: tuple[int, int], canvas: tuple[int, int], matrix: tuple[float, ...]) -> NDArray[np.float32]:
    """How much of each pixel of a canvas a turned plane covers, 0..1: both chroma planes and all frames share it."""
    whole = np.full(plane, _FULL, np.uint8)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    share = cv2.warpAffine(whole, np.reshape(matrix, (2, 3)), canvas[::-1], flags=flags, borderMode=cv2.BORDER_CONSTANT)
    return np.divide(share, _FULL, dtype=np.float32)


def _ready(
    sheet: Sheet, recipe: Recipe, layout: Layout, rest: float, focus: Focus | None, *, cut_out: bool = False
) -> Picture:
    scale, window = recipe.scale(), layout.window[2:]
    # A product that was cut out stands on the backdrop alone: out of focus, its own ground would be a grey card.
    shown_behind = recipe.framing.fit == "blur" and not cut_out and (window != recipe.box or rest != 0)
    far = _backdrop(sheet.planes, recipe.box) if shown_behind and rest else None
    if rest:
        canvas = new_planes(*(2 * math.ceil(side * scale / 2 - 1e-6) for side in layout.content))
        if far is None:
            fill(canvas, recipe.framing.backdrop)
        else:
            # The corners that a tilt leaves free show what is behind the picture, as all around it.
            for src, dst in zip(crop_to(far, *layout.window), canvas, strict=True):
                cv2.resize(src, (dst.shape[1], dst.shape[0]), dst=dst, interpolation=cv2.INTER_LINEAR)
        sheet = _tilted(sheet, rest, canvas)
    # Before the grade: a brighter photo is still framed as it was.
    focus = focus or focus_of(sheet.planes)
    sheet = Sheet(apply_grade(sheet.planes, recipe.grade), 0, sheet.ox, sheet.oy)
    behind = None if far is None else apply_grade(far, recipe.grade)
    if shown_behind and behind is None:
        behind = _backdrop(sheet.planes, recipe.box)
    return Picture(layout, recipe.move, sheet, focus, behind, recipe.framing.backdrop)


def _backdrop(planes: Planes, box: tuple[int, int]) -> Planes:
    """The picture again, covering the box, far out of focus and darker."""
    out = new_planes(*box)
    height, width = planes[0].shape
    scale = max(box[0] / width, box[1] / height)
    w, h = min(width, 2 * int(box[0] / scale / 2)), min(height, 2 * int(box[1] / scale / 2))
    middle = crop_to(planes, 2 * ((width - w) // 4), 2 * ((height - h) // 4), w, h)
    # At an eighth of the size first: what is lost there would not survive the blur.
    small = new_planes(max(2, 2 * (box[0] // 16)), max(2, 2 * (box[1] // 16)))
    for src, dst in zip(middle, small, strict=True):
        cv2.resize(src, (dst.shape[1], dst.shape[0]), dst=dst, interpolation=cv2.INTER_AREA)
    blurred(small, small[0].shape[0] * _BACKDROP_BLUR, small)
    for src, dst in zip(small, out, strict=True):
        cv2.resize(src, (dst.shape[1], dst.shape[0]), dst=dst, interpolation=cv2.INTER_CUBIC)
    cv2.convertScaleAbs(out[0], dst=out[0], alpha=_BACKDROP_DIM, beta=16 * (1 - _BACKDROP_DIM))
    return out


# --- clips -----------------------------------------------------------------------------------------------


def clip_size(recipe: Recipe, *, exact: bool = True) -> tuple[int, int]:
    """The size (width, height) to which the whole upright picture is to be scaled before it is cropped and turned."""
    crop = recipe.framing.crop or (0.0, 0.0, 1.0, 1.0)
    turns, rest = quarter_turns(recipe.framing.rotate)
    w, h = max(1.0, recipe.size[0] * crop[2]), max(1.0, recipe.size[1] * crop[3])
    upright = (w, h) if turns % 2 == 0 else (h, w)
    target = _sheet_size(recipe, (round(upright[0]), round(upright[1])), rest)
    if turns % 2:
        target = target[1], target[0]
    scale = max(target[0] / w, target[1] / h)
    if not exact:
        return math.ceil(recipe.size[0] * scale), math.ceil(recipe.size[1] * scale)
    return tuple(2 * math.ceil(side * scale / 2 - 1e-3) for side in recipe.size)  # type: ignore[return-value]


def prepare_clip_frame(planes: Planes, alpha: Plane | None, recipe: Recipe) -> Picture:
    """Make one frame of a clip ready, scaled to ``clip_size``; the chroma is sited left."""
    sheet = Sheet(_over(planes, alpha, recipe.framing.backdrop) if alpha is not None else planes)
    if recipe.framing.crop:
        sheet = _cropped(sheet, recipe.framing.crop)
    turns, rest = quarter_turns(recipe.framing.rotate)
    sheet = _turned(sheet, recipe.framing.flip, turns)
    return _ready(sheet, recipe, recipe.layout, rest, Focus())


def _over(planes: Planes, alpha: Plane, backdrop: Rgb) -> Planes:
    height, width = planes[1].shape
    half = cast("Plane", cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA))
    out = []
    for plane, share, level in zip(planes, (alpha, half, half), yuv_of(backdrop), strict=True):
        weight: NDArray[np.uint16] = share.astype(np.uint16)
        out.append(((plane * weight + level * (255 - weight) + 127) // 255).astype(np.uint8))
    return out[0], out[1], out[2]


def _cropped(sheet: Sheet, crop: tuple[float, float, float, float]) -> Sheet:
    width, height = sheet.size
    x, y, w, h = crop
    left = min(width - 2, 2 * round(x * width / 2))
    top = min(height - 2, 2 * round(y * height / 2))
    right = min(width, max(left + 2, 2 * math.ceil((x + w) * width / 2 - 1e-3)))
    bottom = min(height, max(top + 2, 2 * math.ceil((y + h) * height / 2 - 1e-3)))
    y_, u, v = (np.ascontiguousarray(p) for p in crop_to(sheet.planes, left, top, right - left, bottom - top))
    return Sheet((y_, u, v), 0, sheet.ox, sheet.oy)


def _turned(sheet: Sheet, flip: str, turns: int) -> Sheet:
    if not flip and not turns:
        return sheet
    planes, ox, oy = list(sheet.planes), sheet.ox, sheet.oy
    if "h" in flip:
        planes, ox = [p[:, ::-1] for p in planes], -ox
    if "v" in flip:
        planes, oy = [p[::-1] for p in planes], -oy
    for _ in range(turns):
        planes, ox, oy = [np.rot90(p, -1) for p in planes], -oy, ox
    y, u, v = (np.ascontiguousarray(p) for p in planes)
    return Sheet((y, u, v), 0, ox, oy)
