"""A small JPEG of any picture or clip (worker only)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image

from reelframe.media.decoders import clips, stills
from reelframe.media.frames import rgb_of
from reelframe.media.framing import Header

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["answer"]

_LIGHT = 170
_SLATE = (109, 118, 130)


def answer(request: Header) -> tuple[Header, bytes]:
    """``path``, ``format``, ``max_side``, ``time_s``: which moment of a clip."""
    side = int(request["max_side"])
    with stills.opened(request) as file:
        pixels = (
            _of_clip(file, request, side)
            if request["moving"]
            else stills.decode(stills.open_still(file, request["format"]), max_side=side)
        )
    if pixels.shape[2] == 4:  # RGBA
        pixels = _grounded(pixels)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=82, optimize=True)
    return {"shape": list(pixels.shape)}, out.getvalue()


def _grounded(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Over white, as a page would show it; a light mark, which nobody would see there, over slate."""
    alpha = pixels[..., 3:].astype(np.float32) / 255
    mean = float((pixels[..., :3] * alpha).sum() / max(1.0, 3 * float(alpha.sum())))
    ground = np.array(_SLATE if mean > _LIGHT else (255, 255, 255), np.float32)
    return np.rint(pixels[..., :3] * alpha + ground * (1 - alpha)).astype(np.uint8)


def _of_clip(file: BinaryIO, request: Header, side: int) -> NDArray[np.uint8]:
    clip = clips.open_clip(file, request["format"])
    scale = min(1.0, side / max(clip.width, clip.height))
    clip.width, clip.height = (max(1, round(n * scale)) for n in (clip.width, clip.height))
    picture = clip.at(float(request["time_s"]))
    return rgb_of(picture.planes)
