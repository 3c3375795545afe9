"""Transitions: two full frames and how far it is (0..1) become one. On planes, without state.

``progress`` is linear in time; each kind eases it as suits it. 0 is the outgoing picture, 1 the incoming one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from reelframe.render.composition import Rgb
from reelframe.render.effects import blurred
from reelframe.render.planes import Plane, Planes, copy, yuv_of

__all__ = ["TRANSITIONS", "smooth", "transition", "veil"]

Painter = Callable[[Planes, Planes, float, Planes], None]


def smooth(u: float) -> float:
    """Smoothstep: soft at both ends."""
    return u * u * (3 - 2 * u)


def _swift(u: float) -> float:
    """Steeper than ``smooth``: most of the way in the middle third."""
    return smooth(smooth(u))


def mix(a: Planes, b: Planes, share: float, out: Planes) -> None:
    """``share`` of b over a, rounded."""
    for p, q, o in zip(a, b, out, strict=True):
        cv2.addWeighted(p, 1 - share, q, share, 0, dst=o)


def veil(planes: Planes, rgb: Rgb, opacity: float) -> None:
    """Lay one colour over all of it, in place."""
    if opacity <= 0:
        return
    for plane, level in zip(planes, yuv_of(rgb), strict=True):
        # scale and shift in one pass; the result is never negative
        cv2.convertScaleAbs(plane, dst=plane, alpha=1 - opacity, beta=level * opacity)


def _crossfade(a: Planes, b: Planes, u: float, out: Planes) -> None:
    mix(a, b, u, out)


def _through(rgb: Rgb) -> Painter:
    def paint(a: Planes, b: Planes, u: float, out: Planes) -> None:
        if u < 0.5:  # half way
            copy(a, out)
            veil(out, rgb, smooth(2 * u))
        else:
            copy(b, out)
            veil(out, rgb, smooth(2 - 2 * u))

    return paint


def _flash(a: Planes, b: Planes, u: float, out: Planes) -> None:
    # Up in a fifth of the time, and slowly down on the new picture.
    peak = 0.2
    copy(a if u < peak else b, out)
    veil(out, (255, 255, 255), 0.95 * (u / peak if u < peak else ((1 - u) / (1 - peak)) ** 2))


def _columns(plane: Plane, left: float, width: int) -> int:
    """A position of the whole frame in this plane's columns (chroma has half of them)."""
    columns: int = plane.shape[1]
    return round(left / 2) * 2 * columns // width


def _wipe(a: Planes, b: Planes, u: float, out: Planes) -> None:
    """From left to right, with a soft edge of a twelfth of the width."""
    e = smooth(u)
    for p, q, o in zip(a, b, out, strict=True):
        width = p.shape[1]
        soft = width / 12
        edge = e * (width + soft) - soft / 2
        ramp = np.clip((edge - (np.arange(width) + 0.5)) / soft + 0.5, 0, 1).astype(np.float32)
        _blend_rows(p, q, ramp, o)


def _blend_rows(a: Plane, b: Plane, share: NDArray[np.float32], out: Plane) -> None:
    """``share`` of b over a, by column."""
    first = int(np.searchsorted(-share, -1.0, side="right"))
    last = int(np.searchsorted(-share, 0.0, side="left"))
    out[:, :first] = b[:, :first]
    out[:, last:] = a[:, last:]
    if last > first:
        part = slice(first, last)
        mixed = a[:, part] + (b[:, part].astype(np.float32) - a[:, part]) * share[part]
        out[:, part] = np.rint(mixed).astype(np.uint8)


def _slide(a: Planes, b: Planes, u: float, out: Planes) -> None:
    """The new picture comes in from the right, over the old one."""
    width = a[0].shape[1]
    left = width * (1 - _swift(u))
    for p, q, o in zip(a, b, out, strict=True):
        cut = _columns(p, left, width)
        o[:, :cut] = p[:, :cut]
        o[:, cut:] = q[:, : p.shape[1] - cut]


def _push(a: Planes, b: Planes, u: float, out: Planes) -> None:
    """The new picture pushes the old one out to the left."""
    width = a[0].shape[1]
    _pushed(a, b, width * (1 - _swift(u)), out)


def _pushed(a: Planes, b: Planes, left: float, out: Planes) -> None:
    width = a[0].shape[1]
    for p, q, o in zip(a, b, out, strict=True):
        cut = _columns(p, left, width)
        o[:, :cut] = p[:, p.shape[1] - cut :]
        o[:, cut:] = q[:, : p.shape[1] - cut]


def _enlarged(src: Planes, zoom: float, out: Planes) -> None:
    for p, o in zip(src, out, strict=True):
        h, w = p.shape
        step = 1 / zoom
        x, y = w / 2 * (1 - step), h / 2 * (1 - step)
        matrix = np.array([[step, 0, x + 0.5 * step - 0.5], [0, step, y + 0.5 * step - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cv2.warpAffine(p, matrix, (w, h), dst=o, flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _zoom(a: Planes, b: Planes, u: float, out: Planes) -> None:
    """The old picture comes nearer and gives way to the new one, which settles."""
    e = _swift(u)
    near = _like(out)
    far = _like(out)
    _enlarged(a, 1 + 0.6 * e, near)
    _enlarged(b, 1.25 - 0.25 * e, far)
    mix(near, far, smooth(min(1.0, max(0.0, (u - 0.25) / 0.5))), out)


def _like(planes: Planes) -> Planes:
    return np.empty_like(planes[0]), np.empty_like(planes[1]), np.empty_like(planes[2])


def _whip(a: Planes, b: Planes, u: float, out: Planes) -> None:
    """A push so fast that it smears."""
    width = a[0].shape[1]
    e = _swift(u)
    _pushed(a, b, width * (1 - e), out)
    # The smear is as long as the way of one frame at the shown speed, the slope of ``_swift``: longest in the middle.
    speed = 16 * smooth(u) * (1 - smooth(u)) * u * (1 - u)
    for i, o in enumerate(out):
        length = int(speed * width / 6 / (1 if i == 0 else 2))
        if length > 1:
            np.copyto(o, cast("Plane", cv2.blur(o, (length, 1), borderType=cv2.BORDER_REPLICATE)))


def _blur(a: Planes, b: Planes, u: float, out: Planes) -> None:
    """The old picture goes out of focus, the new one comes into it."""
    mix(a, b, smooth(min(1.0, max(0.0, (u - 0.25) / 0.5))), out)
    sigma = 4 * u * (1 - u) * a[0].shape[0] / 40
    if sigma > 0.5:  # less can't be seen
        blurred(out, sigma, out)


def _circle(a: Planes, b: Planes, u: float, out: Planes) -> None:
    """The new picture opens as a growing circle."""
    height, width = a[0].shape
    reach = float(np.hypot(width, height)) / 2
    soft = height / 60
    radius = smooth(u) * (reach + soft)
    y, x = np.ogrid[0:height, 0:width]
    distance = np.hypot(x + 0.5 - width / 2, y + 0.5 - height / 2)
    share = np.clip((radius - distance) / soft + 0.5, 0, 1).astype(np.float32)
    half = cast("NDArray[np.float32]", cv2.resize(share, (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    for p, q, o, m in zip(a, b, out, (share, half, half), strict=True):
        mixed = cv2.blendLinear(p, q, 1 - m, m)
        np.copyto(o, cast("Plane", mixed))


TRANSITIONS: Final[Mapping[str, Painter]] = MappingProxyType(
    {
        "crossfade": _crossfade,
        "fade_black": _through((0, 0, 0)),
        "fade_white": _through((255, 255, 255)),
        "wipe": _wipe,
        "slide": _slide,
        "push": _push,
        "zoom": _zoom,
        "whip": _whip,
        "flash": _flash,
        "blur": _blur,
        "circle": _circle,
    }
)


def transition(kind: str, a: Planes, b: Planes, progress: float, out: Planes) -> None:
    """Paint ``kind`` at ``progress`` into ``out``, which is neither a nor b."""
    TRANSITIONS[kind](a, b, progress, out)
