"""What text costs: the processor time of painting S1 with its texts, without them, and with a paragraph that moves.

Twice: in motion during every frame, which no real text is, and as the looks have it, in over 0.4 s and out over 0.3 s
of the five seconds that it is there.

    python benchmarks/text.py [--material FOLDER] [--frames 180]

The same frames are painted by all painters in turn, so that a busy machine is busy for all of them, and only the
processor time of the one thread that paints is counted. What a whole render costs is painting and encoding, with the
renderer's own settings; sound is left out, which makes the shares of text look larger than they are.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import cv2

from reelframe.render import compose
from reelframe.render.composition import TextAnim, TextLayer
from reelframe.render.encode import VideoSettings, encode_video, quality_of
from reelframe.render.frames import Painter
from reelframe.render.planes import copy, new_planes
from reelframe.render.sources import Pool
from reelframe.render.text import clear_cache, default_style, render_text
from reelframe.render.timeline import Timeline
from render import draft, draw_material, library

PARAGRAPH = (
    "Every cup starts as 340 g of clay from a pit twenty minutes north of Lisbon. It is wedged, thrown, trimmed and "
    "fired twice, and no two of them are alike: look for the maker's mark below the handle."
)
PASSING = 150
ANIMATIONS = ("karaoke", "word_by_word", "typewriter", "line_by_line", "blur_in", "slide_up", "pop", "scale")


def paragraph(composition, kind):
    """The composition with one paragraph that is in motion from the first frame to the last."""
    layer = TextLayer(
        0, composition.frames, PARAGRAPH, "text", default_style("text"), "center", 0.8,
        anim_in=TextAnim(kind, composition.frames),
    )  # fmt: skip
    return replace(composition, texts=(layer,))


def passing(composition, kind):
    """The composition with one paragraph for its first five seconds, that comes and goes as the looks have it."""
    layer = TextLayer(
        0, PASSING, PARAGRAPH, "text", default_style("text"), "center", 0.8,
        anim_in=TextAnim(kind, round(0.4 * composition.fps)), anim_out=TextAnim(kind, round(0.3 * composition.fps)),
    )  # fmt: skip
    return replace(composition, texts=(layer,))


class Contender:
    """One way to paint the video, and what it has taken so far: at first sight of a frame, and again."""

    def __init__(self, composition):
        self.timeline = Timeline(composition)
        self.painter = Painter(composition.width, composition.height, Pool(composition.width, composition.height))
        self.planes = new_planes(composition.width, composition.height)
        self.first = self.again = 0.0

    def paint(self, f):
        """Paint frame ``f`` three times, and note what the first sight of it took, and what the last one did.

        In between, the photos that a text was judged on have made room again for the one that is shown.
        """
        plan = self.timeline.frame(f)
        begun = time.thread_time()
        self.painter.paint(plan, self.planes)
        self.painter.paint(plan, self.planes)
        between = time.thread_time()
        self.painter.paint(plan, self.planes)
        again = time.thread_time() - between
        self.first += between - begun - again
        self.again += again

    def whole(self, painted, frames):
        """Seconds for ``frames`` frames: what is shown is laid out and drawn once, the rest is done for each."""
        once = max(0.0, self.first - self.again)
        return once + self.again * frames / painted


def encoding(composition, frames):
    """Seconds of processor time that encoding a frame takes."""
    contender, kept = Contender(composition), []
    for f in frames:
        contender.paint(f)
        planes = new_planes(composition.width, composition.height)
        copy(contender.planes, planes)
        kept.append(planes)
    settings = VideoSettings.of(composition.width, composition.height, composition.fps, quality_of("high"))
    begun = time.thread_time()
    encode_video(settings, len(kept), lambda i, out: copy(kept[i], out))
    return (time.thread_time() - begun) / len(kept)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--material", type=Path)
    parser.add_argument("--frames", type=int, default=180, help="how many of S1's 900 frames are painted")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        material = args.material or Path(folder)
        if args.material is None:
            draw_material(material)
        measure(material, args.frames)


def measure(material, count):
    """Print what each contender takes on ``count`` of S1's frames."""
    media = library(material)
    whole = compose(draft(media, "s1"), media)
    bare = replace(whole, texts=())
    contenders = {"bare": Contender(bare), "S1's texts": Contender(whole)}
    contenders |= {kind: Contender(paragraph(whole, kind)) for kind in ANIMATIONS}
    every = [round(n * whole.frames / count) for n in range(count)]
    for n, f in enumerate(every):
        # The tiles of one contender are no use to the next one.
        order = list(contenders.values())
        for contender in order[n % len(order) :] + order[: n % len(order)]:
            contender.paint(f)
    total = whole.frames
    encode = encoding(whole, range(60, 120)) * total
    bare_s = contenders["bare"].whole(len(every), total)
    print(f"S1 without text, {total} frames: painting {bare_s:.1f} s, encoding {encode:.1f} s")
    for name, contender in contenders.items():
        if name != "bare":
            extra = contender.whole(len(every), total) - bare_s
            steady = 1000 * (contender.again - contenders["bare"].again) / len(every)
            share = 100 * extra / (bare_s + encode + extra)
            print(f"{name:14} {extra:6.2f} s, {steady:6.2f} ms a frame, {share:5.2f} % of all")
    encode = encode * PASSING / total
    contenders = {"bare": Contender(bare)} | {kind: Contender(passing(whole, kind)) for kind in ANIMATIONS}
    for f in range(PASSING):
        for contender in contenders.values():
            contender.paint(f)
    bare_s = contenders["bare"].again
    print(f"five seconds with the paragraph: painting {bare_s:.2f} s, encoding {encode:.2f} s, and the drawing once")
    for kind in ANIMATIONS:
        extra = contenders[kind].again - bare_s
        print(f"{kind:14} {extra:6.2f} s, {100 * extra / (bare_s + encode + extra):5.2f} % of all")
    clear_cache()
    begun = time.thread_time()
    render_text(PARAGRAPH, default_style("text"), 1920, 1080)
    print(f"a paragraph laid out and drawn once: {1000 * (time.thread_time() - begun):.0f} ms")


if __name__ == "__main__":
    main()
