"""An animated GIF: small, with a palette for each shot, and no larger than it may be.

FFmpeg's ``palettegen`` and ``paletteuse`` do the colours: 256 of them chosen for the frames of one shot, and an ordered
dither, which stands still from frame to frame and so compresses well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import av
import av.error
from av.filter import Graph

from reelframe.errors import RenderFailedError
from reelframe.render.composition import Composition, even
from reelframe.render.outputs.painted import Painted, painted

__all__ = ["GIF_BYTES", "write_gif"]

GIF_BYTES: Final = 10_000_000
"""What is not exceeded when nothing was said: most places that show GIFs take this much."""

# The longer side in pixels, and how long a frame stands in hundredths of a second, the unit of the format.
_SIZES: Final = {"preview": (320, 12), "low": (360, 10), "medium": (480, 8), "high": (640, 6)}
_CLOSE: Final = 0.97
_AIM: Final = 0.985
_TRIES: Final = 10
_COLORS: Final = 256
# A tenth fewer colours make the file about a fortieth smaller.
_BY_COLORS: Final = 4
_LEAST_SIDE: Final = 48
_SLOWEST_CS: Final = 10
# A palette is made of a few frames of its shot: neighbours have the same colours.
_LOOKED_AT: Final = 8
_LONGEST_SCENE_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class _Size:
    """The height in pixels (even), a frame's time in hundredths of a second, and the colours of a palette."""

    height: int
    step: int
    colors: int = _COLORS

    def smaller(self, factor: float) -> _Size:
        """About ``factor`` times the bytes (below 1: fewer), by size; much fewer also by slower frames."""
        if factor < 0.5 and self.step < _SLOWEST_CS:  # half
            return _Size(even(self.height * math.sqrt(factor * _SLOWEST_CS / self.step)), _SLOWEST_CS)
        return _Size(even(self.height * math.sqrt(factor)), self.step)

    def plainer(self, factor: float) -> _Size:
        """A little fewer bytes by fewer colours: sizes are even, and between two of them may lie 4 %."""
        return replace(self, colors=max(2, min(self.colors - 1, round(self.colors * factor**_BY_COLORS))))


def write_gif(  # noqa: C901 -- one branch for each way in which a try can come out
    composition: Composition,
    path: Path,
    quality: str,
    max_bytes: int | None,
    note: Callable[[str], None],
    check: Callable[[], None],
    tell: Callable[[float], None],
    *,
    sized: bool = False,
) -> None:
    """Write an animation that repeats for ever.

    Args:
        composition: the video.
        path: the file to write.
        quality: decides the size and the frames per second.
        max_bytes: the file is no larger; `GIF_BYTES` when not given.
        note: told what was left out or made smaller.
        check: called between frames; raises to cancel.
        tell: told the fraction done.
        sized: begin with the composition's own size.

    Raises:
        RenderFailedError: so few bytes can't hold it.
    """
    limit = GIF_BYTES if max_bytes is None else max_bytes
    longer = max(composition.width, composition.height)
    side, step = _SIZES[quality]
    share = 1.0 if sized else min(1.0, side / longer)
    first = now = _Size(composition.height if share == 1 else even(composition.height * share), step)
    least = _LEAST_SIDE / longer * composition.height
    tried: dict[_Size, int] = {}
    best: tuple[int, _Size] | None = None
    reached = 0.0
    for nth in range(_TRIES):

        def told(part: float, start: float = reached) -> None:
            tell(start + (1 - start) * 0.6 * part)

        _write(composition, now, path, note, check, told)
        reached += (1 - reached) * 0.6
        size = path.stat().st_size
        tried[now] = size
        if size <= limit:
            if best is None or size > best[0]:
                best = size, now
            if nth == 0 or size >= _CLOSE * limit:
                break
        follower = now.smaller(_AIM * limit / size)
        if follower.height > first.height:
            break
        if follower.height < least:
            message = f"{limit / 1e6:.2g} MB can't hold {composition.duration_s:.0f} s as a GIF."
            hint = "Allow more, make the video shorter, or choose WebM: it takes a tenth of it."
            raise RenderFailedError(message, hint=hint, reason="max_bytes")
        over = min((one for one in tried if tried[one] > limit), key=lambda one: tried[one], default=None)
        if follower in tried and over is not None:
            follower = over.plainer(_AIM * limit / tried[over])
        if follower in tried:
            break
        now = follower
    if best is None:
        message = f"The GIF could not be brought under {limit / 1e6:.2g} MB."
        raise RenderFailedError(message, hint="Allow more, or choose WebM.", reason="max_bytes")
    if best[1] != now:
        _write(composition, best[1], path, note, check, lambda _: None)
    if best[1] != first:
        done = _scaled(composition, best[1])
        note(f"The GIF is {done.width}x{done.height}, to stay under {limit / 1e6:.3g} MB.")
    tell(1.0)


def _scaled(c: Composition, size: _Size) -> Composition:
    return c if size.height >= c.height else c.scaled(height=size.height)


def _write(
    composition: Composition,
    size: _Size,
    path: Path,
    note: Callable[[str], None],
    check: Callable[[], None],
    tell: Callable[[float], None],
) -> None:
    c, step = _scaled(composition, size), size.step
    length = max(1, round(c.duration_s * 100))
    starts = range(0, length, step)
    scenes = _scenes(c, [min(c.frames - 1, int(at * c.fps / 100 + 1e-6)) for at in starts])
    with painted(c, note) as frames, av.open(str(path), "w", format="gif", options={"loop": "0"}) as output:
        out: Any = output
        stream = out.add_stream("gif", rate=Fraction(100, step))
        stream.width, stream.height, stream.pix_fmt = c.width, c.height, "pal8"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 100)
        shown = 0
        for scene in scenes:
            graph, source = _mapper(c, _palette(frames, scene, size.colors))
            # paletteuse gives a frame when the next one comes, and the last at the end.
            for f in [*scene, None]:
                check()
                if f is not None:
                    picture = frames.frame(f)
                    picture.pts, picture.time_base = shown, Fraction(1, 100)
                    shown += step
                    source.push(picture)
                    tell(min(1.0, shown / length))
                else:
                    source.push(None)
                for ready in _ready(graph):
                    ready.time_base = Fraction(1, 100)
                    for packet in stream.encode(ready):
                        packet.duration = min(step, length - packet.pts)
                        out.mux(packet)
        for packet in stream.encode(None):
            packet.duration = min(step, max(1, length - packet.pts))
            out.mux(packet)


def _scenes(c: Composition, frames: list[int]) -> list[list[int]]:
    """The frames in runs that share a palette: a shot each, cut in the middle of its transition."""
    borders = {0, c.frames}
    for shot in c.shots[1:]:
        borders.add(shot.start + (shot.transition.frames // 2 if shot.transition else 0))
    edges = sorted(borders)
    runs = []
    for a, b in pairwise(edges):
        parts = max(1, math.ceil((b - a) / c.fps / _LONGEST_SCENE_S))
        for k in range(parts):
            low, high = a + (b - a) * k // parts, a + (b - a) * (k + 1) // parts
            if run := [f for f in frames if low <= f < high]:
                runs.append(run)
    return runs


def _palette(frames: Painted, scene: list[int], colors: int) -> av.VideoFrame:
    c = frames.composition
    graph = Graph()
    source = _source(graph, c)
    make: Any = graph.add("palettegen", f"stats_mode=full:reserve_transparent=1:max_colors={colors}")
    sink: Any = graph.add("buffersink")
    source.link_to(make)
    make.link_to(sink)
    graph.configure()
    count = min(_LOOKED_AT, len(scene))
    for n in range(count):
        picture = frames.frame(scene[n * len(scene) // count])
        picture.pts, picture.time_base = n, Fraction(1, 100)
        source.push(picture)
    source.push(None)
    palette = next(iter(_ready(graph)))
    palette.pts = 0
    return palette


def _source(graph: Graph, c: Composition) -> Any:  # noqa: ANN401 -- av's filter context
    return graph.add_buffer(width=c.width, height=c.height, format=av.VideoFormat("rgb24"), time_base=Fraction(1, 100))


def _mapper(c: Composition, palette: av.VideoFrame) -> tuple[Graph, Any]:
    """A graph that maps frames to a palette, and where to push them."""
    graph = Graph()
    source = _source(graph, c)
    colours: Any = graph.add_buffer(
        width=palette.width, height=palette.height, format=palette.format, time_base=Fraction(1, 100)
    )
    use: Any = graph.add("paletteuse", "dither=bayer:bayer_scale=3:diff_mode=rectangle")
    sink: Any = graph.add("buffersink")
    source.link_to(use, 0, 0)
    colours.link_to(use, 0, 1)
    use.link_to(sink)
    graph.configure()
    colours.push(palette)
    colours.push(None)
    return graph, source


def _ready(graph: Graph) -> list[av.VideoFrame]:
    out: list[Any] = []
    while True:
        try:
            out.append(graph.pull())
        except (BlockingIOError, av.error.EOFError):
            return out
