"""How good a render looks for its bytes: its pieces against x264's veryfast, crf 21, over the same finished frames.

    python benchmarks/quality.py [--material FOLDER] [--job s1|s2]

SSIM is of the luma against the frames before any encoder (Wang et al. 2004: Gaussian window of 11, sigma 1.5), of every
seventh frame. To hold: at most 0.001 below veryfast, with at most 1.12 times its bytes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np

from reelframe.render import compose
from reelframe.render.chunks import cuts
from reelframe.render.encode import Quality, VideoSettings, encode_video, quality_of
from reelframe.render.h264 import stretches
from reelframe.render.planes import copy
from reelframe.render.timeline import Timeline
from render import draft, draw_material, library, painted

# Not a multiple of the distance between P-frames, which look better than the B-frames between them.
EVERY = 7


def ssim(a, b):
    a, b = a.astype(np.float32), b.astype(np.float32)

    def mean(x):
        return cv2.GaussianBlur(x, (11, 11), 1.5)

    ma, mb = mean(a), mean(b)
    va, vb, both = mean(a * a) - ma * ma, mean(b * b) - mb * mb, mean(a * b) - ma * mb
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float((((2 * ma * mb + c1) * (2 * both + c2)) / ((ma * ma + mb * mb + c1) * (va + vb + c2))).mean())


def decoded(piece):
    codec = av.CodecContext.create("h264", "r")
    codec.extradata = piece.header
    for packet in (*(av.Packet(p.data) for p in piece.packets), None):
        for frame in codec.decode(packet):
            yield np.frombuffer(frame.planes[0], np.uint8).reshape(frame.height, -1)[:, : frame.width]


def measured(frames, fps, quality, edges, plans=()):
    """Bytes, mean SSIM and CPU seconds of an encode in these pieces; with ``plans``, equal ones are held."""
    height, width = frames[0][0].shape
    settings = VideoSettings.of(width, height, fps, quality)
    size, values, cpu = 0, [], 0.0
    for a, b in pairwise(edges):
        started = time.thread_time()
        piece = encode_video(settings, b - a, lambda i, planes, a=a: copy(frames[a + i], planes), stretches(plans[a:b]))
        cpu += time.thread_time() - started
        size += sum(len(p.data) for p in piece.packets)
        values += [ssim(frames[f][0], luma) for f, luma in enumerate(decoded(piece), a) if f % EVERY == 0]
    return size, float(np.mean(values)), cpu


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path)
    parser.add_argument("--job", choices=("s1", "s2"), default="s1")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        material = args.material or Path(name)
        if args.material is None:
            draw_material(material)
        media = library(material)
        composition = compose(draft(media, args.job), media)
        frames = painted(composition)
    whole = (0, composition.frames)
    timeline = Timeline(composition)
    plans = [timeline.frame(f) for f in range(composition.frames)]
    rows = {
        "x264 veryfast, crf 21": measured(frames, composition.fps, Quality("veryfast", 21), whole),
        "as rendered": measured(frames, composition.fps, quality_of("high"), cuts(composition), plans),
    }
    base = rows["x264 veryfast, crf 21"]
    for label, (size, value, cpu) in rows.items():
        print(
            f"{label:22} {size / 1e6:7.3f} MB ({size / base[0]:.3f} x)  "
            f"SSIM {value:.5f} ({value - base[1]:+.5f})  {cpu:6.1f} s of CPU"
        )


if __name__ == "__main__":
    main()
