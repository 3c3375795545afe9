"""Any decoded video frame to 8-bit BT.709 limited-range planes, chroma at half size, sited left (worker only).

Why not leave it to swscale: its fast path from BT.601 is off by up to 3 levels, its exact one takes 36 ms a
1080p frame. Between two Y'CbCr encodings of the same primaries the conversion is affine, and chroma does not
depend on luma; so it is done on the planes, exactly, in about 2 ms. Formulas: ITU-R BT.601-7, BT.709-6, BT.2020-2,
BT.2100-2 (PQ and HLG).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from numpy.typing import NDArray

__all__ = ["Planes", "planes_of", "rgba_planes"]

Planes = tuple["NDArray[np.uint8]", ...]

# Luma weights of red and blue by AVColorSpace (libavutil/pixfmt.h).
_WEIGHTS: Final = {
    1: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    6: (0.299, 0.114),
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
_BT709: Final = 1
_LIMITED: Final = 1
_FULL: Final = 2
_PQ: Final = 16
_HLG: Final = 18
_BT2020: Final = 9
_HD_HEIGHT: Final = 720
_EXACT: Final = int(
    Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP
)

_reformatter = VideoReformatter()


def planes_of(frame: VideoFrame, width: int, height: int) -> Planes:
    """Y, U, V and, when the frame has it, straight alpha: at ``width`` x ``height``, chroma rounded up."""
    alpha = any(c.is_alpha for c in frame.format.components)
    matrix, full = _encoding(frame)
    if frame.format.is_rgb or "pal8" in frame.format.name:
        return _from_rgb(frame, width, height, alpha=alpha)
    if frame.color_trc in {_PQ, _HLG} or frame.color_primaries == _BT2020:
        return _from_wide(frame, width, height, matrix, full=full)
    pixel_format = "yuva420p" if alpha else "yuv420p"
    bounds = _FULL if full else _LIMITED
    plain = _reformatter.reformat(
        frame,
        width,
        height,
        pixel_format,
        src_colorspace=matrix,
        dst_colorspace=matrix,
        src_color_range=bounds,
        dst_color_range=bounds,
        interpolation=_scaler(frame, width, height),
        threads=1,
    )
    planes = _views(plain)
    if matrix == _BT709 and not full:
        return planes
    y, u, v = _affine(planes[0], planes[1], planes[2], matrix, full=full)
    return (y, u, v, *planes[3:])


def rgba_planes(pixels: NDArray[np.uint8]) -> Planes:
    """The same from sRGB pixels of shape (h, w, 3) or (h, w, 4)."""
    import av  # noqa: PLC0415 -- a plain name for the class

    height, width = pixels.shape[:2]
    rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels[..., :3]), format="rgb24")
    planes = _from_rgb(rgb, width, height, alpha=False)
    if pixels.shape[2] == 4:  # RGBA
        return (*planes, np.ascontiguousarray(pixels[..., 3]))
    return planes


def _encoding(frame: VideoFrame) -> tuple[int, bool]:
    """Matrix and whether the range is full; untagged is BT.709 from 720 lines on, as browsers have it."""
    matrix = int(frame.colorspace)
    if matrix not in _WEIGHTS:
        matrix = _BT709 if frame.height >= _HD_HEIGHT else 6
    return matrix, int(frame.color_range) == _FULL or frame.format.name.startswith("yuvj")


def _scaler(frame: VideoFrame, width: int, height: int) -> int:
    smaller = width * height < frame.width * frame.height
    return int(Interpolation.AREA if smaller else Interpolation.BICUBIC)


def _views(frame: VideoFrame) -> Planes:
    """Each plane as (h, w), without the padding at the end of its lines."""
    width, height = frame.width, frame.height
    half = ((width + 1) // 2, (height + 1) // 2)
    sizes = ((width, height), half, half, (width, height))
    return tuple(
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:h, :w]
        for plane, (w, h) in zip(frame.planes, sizes, strict=False)
    )


def _affine(y: NDArray[np.uint8], u: NDArray[np.uint8], v: NDArray[np.uint8], matrix: int, *, full: bool) -> Planes:
    import cv2  # noqa: PLC0415 -- 0.1 s that most files don't need

    m = _to_709(matrix, full=full)
    # Columns: what one level of Y, U and V adds to the new ones.
    du = cv2.addWeighted(u, float(m[0, 1]), v, float(m[0, 2]), 0.0, dtype=cv2.CV_32F)
    du = np.asarray(du, np.float32) - np.float32(128 * (m[0, 1] + m[0, 2]))
    wide = cv2.resize(du, (y.shape[1], y.shape[0]), interpolation=cv2.INTER_LINEAR)
    offset = 16.0 - (0.0 if full else 16.0) * float(m[0, 0])
    out_y = cv2.addWeighted(y, float(m[0, 0]), wide, 1.0, offset, dtype=cv2.CV_8U)
    out = [out_y]
    for row in (1, 2):
        a, b = float(m[row, 1]), float(m[row, 2])
        out.append(cv2.addWeighted(u, a, v, b, 128.0 - 128.0 * (a + b), dtype=cv2.CV_8U))
    return tuple(np.asarray(plane, np.uint8) for plane in out)


@lru_cache(maxsize=32)
def _to_709(matrix: int, *, full: bool) -> NDArray[np.float64]:
    """3x3 from code levels of the source (offsets taken off) to code levels of limited BT.709."""
    luma, chroma = (255.0, 255.0) if full else (219.0, 224.0)
    decode = np.linalg.inv(_from_rgb_matrix(matrix)) @ np.diag([1 / luma, 1 / chroma, 1 / chroma])
    result: NDArray[np.float64] = np.diag([219.0, 224.0, 224.0]) @ _from_rgb_matrix(_BT709) @ decode
    return result


def _from_rgb_matrix(matrix: int) -> NDArray[np.float64]:
    red, blue = _WEIGHTS[matrix]
    y = np.array([red, 1 - red - blue, blue])
    return np.stack([y, (np.array([0, 0, 1.0]) - y) / (2 - 2 * blue), (np.array([1.0, 0, 0]) - y) / (2 - 2 * red)])


def _from_rgb(frame: VideoFrame, width: int, height: int, *, alpha: bool) -> Planes:
    converted = _reformatter.reformat(
        frame,
        width,
        height,
        "yuva420p" if alpha else "yuv420p",
        dst_colorspace=_BT709,
        src_color_range=_FULL,
        dst_color_range=_LIMITED,
        interpolation=_EXACT,
        threads=1,
    )
    return _views(converted)


def _from_wide(frame: VideoFrame, width: int, height: int, matrix: int, *, full: bool) -> Planes:
    """HDR and wide gamut: to R'G'B' as coded, through a 3D table to SDR BT.709, and on as RGB."""
    import av  # noqa: PLC0415 -- a plain name for the class
    from PIL import Image, ImageFilter  # noqa: PLC0415 -- needed for HDR only

    rgb = _reformatter.reformat(
        frame,
        width,
        height,
        "rgb24",
        src_colorspace=matrix,
        src_color_range=_FULL if full else _LIMITED,
        dst_color_range=_FULL,
        interpolation=_scaler(frame, width, height),
        threads=1,
    ).to_ndarray()
    table: Any = ImageFilter.Color3DLUT(33, _sdr_table(int(frame.color_trc)))
    toned = np.asarray(Image.fromarray(np.asarray(rgb, np.uint8)).filter(table))
    again = av.VideoFrame.from_ndarray(np.ascontiguousarray(toned), format="rgb24")
    return _from_rgb(again, width, height, alpha=False)


@lru_cache(maxsize=4)
def _sdr_table(transfer: int) -> list[float]:
    """33 x 33 x 33 table from coded BT.2020 R'G'B' to BT.709 R'G'B', red fastest (Pillow's order).

    Light is measured in units of diffuse white (203 cd/m², BT.2408). Up to 0.7 of it tones are kept, above
    they roll off towards white, each channel by itself: a face looks as it would in SDR, and highlights turn
    white and not garish.
    """
    axis = np.linspace(0, 1, 33)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    coded = np.stack([red, green, blue], -1).reshape(-1, 3)
    light = _linear(coded, transfer) @ _BT2020_TO_709.T
    if transfer in {_PQ, _HLG}:
        light = np.clip(_roll_off(np.maximum(light, 0)), 0, 1)
        # This light is a display's, and a display shows BT.709 by a gamma of 2.4 (BT.1886).
        encoded = light ** (1 / 2.4)
    else:
        light = np.clip(light, 0, 1)
        encoded = np.where(light < 0.018, 4.5 * light, 1.099 * light**0.45 - 0.099)
    table: list[float] = np.clip(encoded, 0, 1).reshape(-1).tolist()
    return table


_BT2020_TO_709: Final = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])


def _linear(coded: NDArray[np.float64], transfer: int) -> NDArray[np.float64]:
    if transfer == _PQ:
        m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
        power = coded ** (1 / m2)
        nits: NDArray[np.float64] = 10000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)
        return nits / 203
    if transfer == _HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(coded <= 0.5, coded**2 / 3, (np.exp((coded - c) / a) + b) / 12)
        luma = scene @ np.array([0.2627, 0.6780, 0.0593])
        # The system gamma of a display of 1000 cd/m² (BT.2100, table 5).
        shown: NDArray[np.float64] = 1000 * scene * np.maximum(luma, 1e-6)[:, None] ** 0.2
        return shown / 203
    curved: NDArray[np.float64] = ((coded + 0.099) / 1.099) ** (1 / 0.45)
    return np.where(coded < 0.081, coded / 4.5, curved)


def _roll_off(light: NDArray[np.float64]) -> NDArray[np.float64]:
    knee = 0.7
    over = np.maximum(light - knee, 0)
    rolled: NDArray[np.float64] = np.where(light <= knee, light, knee + (1 - knee) * over / (over + 1 - knee))
    return rolled
