"""One picture of a video: of a moment that was named, or of the most telling one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from reelframe.errors import ConfigurationError
from reelframe.render.composition import Composition
from reelframe.render.mux import MADE_WITH
from reelframe.render.outputs.painted import painted
from reelframe.render.timeline import FramePlan, Timeline

__all__ = ["picture", "telling_frame"]

# Candidates are judged on small pictures: what can't be told at this height does not make a poster.
_LINES: Final = 216
_PER_STILL: Final = (0.3, 0.5, 0.75)
_PER_CLIP: Final = (0.08, 0.2, 0.32, 0.44, 0.56, 0.68, 0.8, 0.92)
_MOST: Final = 90
_COLOURFUL: Final = 80.0
_CONTRASTY: Final = 64.0
_FLAT: Final = 10.0
# What a text that is wholly there is worth, by its role, against sharpness (0.45), colour (0.3) and contrast (0.15).
_TEXT_WORTH: Final = {"title": 0.3, "cta": 0.15}
_OTHER_TEXT: Final = 0.08
_JPEG_QUALITY: Final = 92


def picture(
    composition: Composition,
    form: str,
    at_s: float | None,
    title: str,
    note: Callable[[str], None],
    check: Callable[[], None],
) -> bytes:
    """A frame as the bytes of a PNG or JPEG file.

    Args:
        composition: the video.
        form: "png" or "jpg".
        at_s: the moment in seconds; None is the most telling one.
        title: what the picture says it is called.
        note: told what had to be left out.
        check: called between frames; raises to cancel.

    Raises:
        ConfigurationError: the moment lies outside of the video.
    """
    if at_s is None:
        frame = telling_frame(composition, check)
    elif 0 <= at_s <= composition.duration_s:
        frame = min(composition.frames - 1, int(at_s * composition.fps + 1e-6))
    else:
        message = f"There is no frame at {at_s:g} s: the video is {composition.duration_s:g} s long."
        raise ConfigurationError(message, hint="Choose a moment within it.")
    with painted(composition, note) as frames:
        image = Image.fromarray(frames.pixels(frame))
    out = io.BytesIO()
    if form == "png":
        says = PngImagePlugin.PngInfo()
        says.add_text("Software", MADE_WITH)
        if title:
            says.add_itxt("Title", title)
        image.save(out, "PNG", pnginfo=says)
    else:
        image.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0, comment=MADE_WITH.encode())
    return out.getvalue()


def telling_frame(composition: Composition, check: Callable[[], None]) -> int:
    """The frame that says most of the video.

    It is sharp (the variance of its Laplacian), colourful (Hasler and Süsstrunk, "Measuring colourfulness in natural
    images", 2003) and rich in contrast, shows the title whole if there is one, and lies in no transition and no
    fade. Of frames that are alike, the earlier one.
    """
    small = composition.scaled(height=min(_LINES, composition.height))
    timeline = Timeline(small)
    frames = sorted(set(_candidates(small)))
    frames = [frames[round(i)] for i in np.linspace(0, len(frames) - 1, min(_MOST, len(frames)))]
    settled = [f for f in frames if _settled(timeline.frame(f))] or frames
    facts = []
    with painted(small, lambda _: None) as pictures:
        for f in settled:
            check()
            facts.append(_facts(pictures.pixels(f)))
    sharpest = max(sharp for sharp, _, _ in facts) or 1.0
    scores = []
    for f, (sharp, colour, contrast) in zip(settled, facts, strict=True):
        score = 0.45 * sharp / sharpest + 0.3 * min(1, colour / _COLOURFUL) + 0.15 * min(1, contrast / _CONTRASTY)
        if contrast < _FLAT:
            # Black, white or a plain colour says nothing, whatever else is true of it.
            score -= 1
        score += max((_TEXT_WORTH.get(t.role, _OTHER_TEXT) for t in timeline.frame(f).texts), default=0.0)
        scores.append(score - 0.05 * f / small.frames)
    return settled[int(np.argmax(scores))]


def _candidates(c: Composition) -> Iterator[int]:
    yield c.frames // 2
    for shot in c.shots:
        parts = _PER_CLIP if shot.source is not None and shot.source.kind == "video" else _PER_STILL
        yield from (shot.start + int((shot.end - shot.start - 1) * part) for part in parts)
    for text in c.texts:
        middle = (text.start + text.end) // 2
        if middle < c.frames:
            yield middle


def _settled(plan: FramePlan) -> bool:
    """Whether nothing is just coming or going."""
    moving = any(t.anim != "none" and t.progress < 1 for t in plan.texts)
    return plan.incoming is None and plan.veil is None and not moving and not (plan.shot and plan.shot.veil)


def _facts(rgb: NDArray[np.uint8]) -> tuple[float, float, float]:
    """Sharpness (logarithmic), colourfulness and contrast of a picture."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sharp = float(np.log1p(np.var(cv2.Laplacian(grey, cv2.CV_32F))))
    red, green, blue = (rgb[..., i].astype(np.float32) for i in range(3))
    rg, yb = red - green, 0.5 * (red + green) - blue
    colour = float(np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()))
    return sharp, colour, float(grey.std())
