"""Photos and graphics to upright sRGB pixels (runs in the worker).

Nearly all of them need no NumPy, which takes longer to import than a photo takes to decode: it is imported where it is
needed.
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from reelframe.media.decoders.orient import Turn, from_exif
from reelframe.media.formats import human_size
from reelframe.media.framing import Fault, Header

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MAX_PIXELS", "answer", "decode", "is_animated", "open_still", "opened", "turn_of", "upright"]

MAX_PIXELS: Final = 100_000_000
# Below this an alpha channel is meant: encoders leave 254 and the like behind by accident.
SEEN_THROUGH: Final = 250
# Rows that are handed over at once: pixels of a whole photo in one piece would be three copies of it.
STRIP: Final = 64

# Our own cap is stricter and says why; Pillow's would only warn.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False

_PLUGINS: Final = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
_TRANSPOSE: Final = {
    Turn(mirror_x=True): Image.Transpose.FLIP_LEFT_RIGHT,
    Turn(mirror_y=True): Image.Transpose.FLIP_TOP_BOTTOM,
    Turn(mirror_x=True, mirror_y=True): Image.Transpose.ROTATE_180,
    Turn(transpose=True): Image.Transpose.TRANSPOSE,
    Turn(transpose=True, mirror_x=True): Image.Transpose.ROTATE_270,
    Turn(transpose=True, mirror_y=True): Image.Transpose.ROTATE_90,
    Turn(transpose=True, mirror_x=True, mirror_y=True): Image.Transpose.TRANSVERSE,
}


def answer(request: Header) -> tuple[Header, tuple[bytes, ...]]:
    """Decode one still: ``path``, ``format``, ``max_side`` or None, ``cover`` or None."""
    cover = request.get("cover")
    with opened(request) as file:
        image = open_still(file, request["format"])
        picture = upright(
            image,
            max_side=request.get("max_side"),
            cover=(int(cover[0]), int(cover[1])) if cover else None,
        )
    width, height = picture.size
    strips = (picture.crop((0, y, width, min(height, y + STRIP))) for y in range(0, height, STRIP))
    return {"shape": [height, width, len(picture.mode)]}, tuple(strip.tobytes() for strip in strips)


def opened(request: Header) -> BinaryIO:
    """The one file that a request may read."""
    return open(request["path"], "rb")  # noqa: PTH123 -- the caller closes it


def open_still(file: BinaryIO, fmt: str) -> Image.Image:
    """Read the header and check the caps, before any pixel is decoded."""
    if fmt == "webp":
        from PIL import WebPImagePlugin  # noqa: F401, PLC0415 -- not among the preloaded ones
    try:
        image = Image.open(file, formats=[_PLUGINS[fmt]])
    except UnidentifiedImageError as error:
        reason = f"is damaged or cut off: it begins like {fmt.upper()}, but its header can't be read"
        raise Fault(reason, "Export or download it again.") from error
    width, height = image.size
    if width * height > MAX_PIXELS:
        megapixels = f"{width} x {height} ({width * height / 1e6:.0f} megapixels)"
        reason = f"has {megapixels}, over the limit of {MAX_PIXELS / 1e6:.0f} megapixels"
        raise Fault(reason, "Make it smaller.")
    if not width or not height:
        msg = "has no pixels"
        raise Fault(msg)
    return image


def is_animated(image: Image.Image) -> bool:
    """More than one frame that is meant to be shown in turn (a JPEG's preview pictures are not)."""
    return image.format in {"GIF", "WEBP", "PNG"} and getattr(image, "n_frames", 1) > 1


def turn_of(image: Image.Image) -> Turn:
    """The EXIF turn; a broken EXIF block turns nothing."""
    orientation: object = 1
    with suppress(Exception):  # Pillow's EXIF parser raises nearly anything over broken blocks
        orientation = image.getexif().get(0x0112, 1)
    return from_exif(orientation)


def decode(image: Image.Image, *, max_side: int | None = None) -> NDArray[np.uint8]:
    """The pixels of ``upright``: uint8 of shape (h, w, 3), or (h, w, 4) with straight alpha."""
    import numpy as np  # noqa: PLC0415 -- see above

    return np.asarray(upright(image, max_side=max_side))


def upright(image: Image.Image, *, max_side: int | None = None, cover: tuple[int, int] | None = None) -> Image.Image:
    """The picture, upright, in sRGB.

    Args:
        image: as ``open_still`` gives it.
        max_side: scale down so that the longer side is at most this.
        cover: the smallest size that the caller can use: JPEG may then be decoded at a half, a quarter or
            an eighth, but never so that a side gets shorter than this (no other scaling is done).

    Returns:
        RGB, or RGBA with straight alpha when some pixel really is see-through.

    Raises:
        Fault: cut off or damaged.
    """
    turn = turn_of(image)
    size = _target(image.size, max_side)
    wanted = size if size != image.size else turn.size(*cover) if cover else None
    try:
        if wanted and image.format in {"JPEG", "MPO"}:
            image.draft(image.mode, wanted)
        image.load()
    except (OSError, SyntaxError, EOFError, ValueError, IndexError, TypeError) as error:
        raise _broken(image, error) from error
    picture = _to_srgb(_scaled(_eight_bits(image), size if max_side else None))
    method = _TRANSPOSE.get(turn)
    if method is not None:
        picture = picture.transpose(method)
    if picture.mode == "RGBA":
        lowest, _ = cast("tuple[int, int]", picture.getchannel("A").getextrema())
        if lowest >= SEEN_THROUGH:
            return picture.convert("RGB")
    return picture


def _broken(image: Image.Image, error: Exception) -> Fault:
    text = str(error)
    file = getattr(image, "fp", None)
    there = ""
    with suppress(Exception):  # the length is decoration: never let it hide the reason
        there = f" after {human_size(file.seek(0, io.SEEK_END))}" if file is not None else ""
    if "truncated" in text or isinstance(error, EOFError):
        reason = f"is cut off: the picture ends{there}, before all of it was there"
    else:
        reason = f"is damaged: its pixels can't be decoded ({text[:120] or type(error).__name__})"
    return Fault(reason, "Export or download it again.")


def _target(size: tuple[int, int], max_side: int | None) -> tuple[int, int]:
    longest = max(size)
    if not max_side or longest <= max_side:
        return size
    width, height = (max(1, round(side * max_side / longest)) for side in size)
    return width, height


def _eight_bits(image: Image.Image) -> Image.Image:
    """Eight bits a channel, in L, RGB, CMYK or RGBA; 16-bit grey is scaled, not clipped."""
    icc = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        import numpy as np  # noqa: PLC0415 -- see above

        deep = np.asarray(image).astype(np.float32)
        grey = Image.fromarray(np.clip(np.rint(deep / 257), 0, 255).astype(np.uint8))
        key = image.info.get("transparency")
        if isinstance(key, int):
            grey = grey.convert("RGBA")
            grey.putalpha(Image.fromarray(np.where(deep == key, 0, 255).astype(np.uint8)))
        image = grey
    elif image.mode == "RGBA":
        return image  # a conversion would copy it
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in {"L", "RGB", "CMYK"}:
        image = image.convert("RGB")
    image.info["icc_profile"] = icc
    return image


def _scaled(image: Image.Image, size: tuple[int, int] | None) -> Image.Image:
    if size is None or image.size == size:
        return image
    icc = image.info.get("icc_profile")
    image = image.resize(size, Image.Resampling.LANCZOS)
    image.info["icc_profile"] = icc
    return image


def _to_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA in sRGB, by the embedded ICC profile where there is a usable one."""
    icc = image.info.get("icc_profile")
    if image.mode == "RGBA" and not icc:
        return image
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha is not None else image
    if icc:
        colours = _by_profile(colours, icc)
    if colours.mode != "RGB":  # the conversion would copy a picture that is RGB already
        colours = colours.convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    return colours


def _by_profile(image: Image.Image, icc: bytes) -> Image.Image:
    """Through the profile; unchanged when the profile is broken, of another colour space, or sRGB itself."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        about: Any = source.profile
        if about.xcolor_space.strip() != {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}[image.mode]:
            return image
        if "srgb" in (about.profile_description or "").lower() and image.mode == "RGB":
            return image
        converted = ImageCms.profileToProfile(
            image,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError, AttributeError):
        return image
    return converted or image
