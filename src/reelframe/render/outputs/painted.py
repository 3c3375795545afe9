"""A composition's frames as pictures: what the animation and the still take, without an encoder between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from numpy.typing import NDArray

from reelframe.render.composition import Composition
from reelframe.render.encode import BT709_TAG, frame_planes
from reelframe.render.frames import Painter
from reelframe.render.sources import Pool
from reelframe.render.timeline import Timeline

__all__ = ["Painted", "painted"]

_LIMITED: Final = 1


class Painted:
    """The frames of a composition, painted when they are asked for; `notes` says what had to be left out."""

    def __init__(self, composition: Composition) -> None:
        self.composition = composition
        self.timeline = Timeline(composition)
        size = composition.width, composition.height
        self._painter = Painter(*size, Pool(*size))
        self.notes = self._painter.notes

    def close(self) -> None:
        """Let go of open clips."""
        self._painter.close()

    def frame(self, f: int) -> av.VideoFrame:
        """Frame ``f`` as RGB, 8 bits each."""
        c = self.composition
        frame = av.VideoFrame(c.width, c.height, "yuv420p")
        self._painter.paint(self.timeline.frame(f), frame_planes(frame))
        tagged = cast("Any", frame)
        tagged.colorspace, tagged.color_range = BT709_TAG, _LIMITED
        return frame.reformat(
            format="rgb24",
            src_colorspace=Colorspace.ITU709,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.BICUBIC,
        )

    def pixels(self, f: int) -> NDArray[np.uint8]:
        """Frame ``f`` as uint8 (height, width, 3)."""
        return cast("NDArray[np.uint8]", self.frame(f).to_ndarray())


@contextmanager
def painted(composition: Composition, notes: Callable[[str], None]) -> Iterator[Painted]:
    """The frames of a composition; afterwards ``notes`` is called with all that had to be left out."""
    frames = Painted(composition)
    try:
        yield frames
    finally:
        frames.close()
        for note in frames.notes:
            notes(note)
