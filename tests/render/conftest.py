from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library, Media
from reelframe.render import Cache, compose, render
from reelframe.render.frames import Painter
from reelframe.render.planes import new_planes
from reelframe.render.sources import Pool
from reelframe.render.timeline import Timeline

KR, KB = 0.2126, 0.0722
KG = 1 - KR - KB


def rgb_of_planes(y, u, v):
    """The tests' own BT.709 decoder: limited range, chroma repeated."""
    y = (np.asarray(y, float) - 16) * 255 / 219
    u, v = ((np.repeat(np.repeat(np.asarray(p, float), 2, 0), 2, 1) - 128) * 255 / 224 for p in (u, v))
    r, b = y + 2 * (1 - KR) * v, y + 2 * (1 - KB) * u
    g = (y - KR * r - KB * b) / KG
    return np.clip(np.stack([r, g, b], -1), 0, 255)


def decode(path):
    """All frames as RGB float arrays, through PyAV."""
    out = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            p = frame.to_ndarray(format="yuv420p")
            h, w = frame.height, frame.width
            y, rest = p[:h], p[h:].reshape(-1)
            n = h // 2 * (w // 2)
            out.append(rgb_of_planes(y, rest[:n].reshape(h // 2, w // 2), rest[n:].reshape(h // 2, w // 2)))
    return out


def ffprobe(path, *entries):
    """What Debian's ffprobe says: a list of lines key=value."""
    done = subprocess.run(
        ["ffprobe", "-v", "error", *entries, "-of", "default=nw=1", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split("=", 1) for line in done.stdout.splitlines() if "=" in line]


class CountingCache(Cache):
    """Counts what had to be encoded."""

    def __init__(self, folder):
        super().__init__(folder, limit=1 << 30)
        self.kept = []

    def put(self, key, encoded):
        self.kept.append((key, len(encoded.packets)))
        return super().put(key, encoded)


@dataclass
class Studio:
    folder: Path
    media: list[Media] = field(default_factory=list)
    cache: CountingCache | None = None

    def __post_init__(self):
        self.cache = CountingCache(self.folder / "cache")

    def add(self, name, pixels, role=None):
        path = self.folder / name
        Image.fromarray(np.asarray(pixels, np.uint8)).save(path)
        return self.keep(path, role)

    def keep(self, path, role=None):
        media = probe(path).model_copy(update={"role": role})
        if all(m.id != media.id for m in self.media):
            self.media.append(media)
        return media

    def plain(self, name, color, size=(320, 180)):
        return self.add(name, np.full((size[1], size[0], 3), color))

    def clip(self, name, levels, fps, size=(320, 180)):
        """A lossless-enough clip whose frame i is grey of the level levels[i]."""
        path = self.folder / name
        with av.open(str(path), "w") as out:
            stream = out.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            stream.options = {"crf": "4", "preset": "ultrafast"}
            for level in levels:
                frame = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), level, np.uint8), format="rgb24")
                out.mux(stream.encode(frame))
            out.mux(stream.encode(None))
        return self.keep(path)

    @property
    def library(self):
        return Library(tuple(self.media))

    def draft(self, shots, *, over=(), texts=(), sounds=(), ms=None, width=320, height=180, fps=30, **m):
        """A draft: shots are dicts with ``d`` (ms) and keys of m; the other tracks the same with ``start``."""
        at, main = 0, []
        for i, shot in enumerate(shots):
            keys = {k: v for k, v in shot.items() if k != "d"}
            main.append({"d": shot["d"], "m": {"id": f"v{i}", "start": at, **keys}})
            at += shot["d"]

        def track(tt, items):
            return {
                "tt": tt,
                "sg": [
                    {"d": x["d"], "m": {"id": f"{tt}.{i}", "start": 0, **{k: v for k, v in x.items() if k != "d"}}}
                    for i, x in enumerate(items)
                ],
            }

        tracks = [{"tt": 0, "sg": main}]
        tracks += [track(0, over)] * bool(over) + [track(7, texts)] * bool(texts) + [track(1, sounds)] * bool(sounds)
        return Draft.from_wire({"t": tracks, "d": ms or at, "m": {"width": width, "height": height, "fps": fps, **m}})

    def compose(self, shots, **more):
        return compose(self.draft(shots, **more), self.library)

    def render(self, composition, name="out.mp4", **more):
        more.setdefault("cache", self.cache)
        return render(composition, self.folder / name, **more)

    def paint(self, composition, *frames):
        """Frames as the compositor makes them, before any encoder: RGB arrays."""
        painter = Painter(composition.width, composition.height, Pool(composition.width, composition.height))
        timeline = Timeline(composition)
        out = []
        for f in frames:
            planes = new_planes(composition.width, composition.height)
            for p in planes:
                p[:] = 77
            painter.paint(timeline.frame(f), planes)
            out.append(rgb_of_planes(*planes))
        painter.close()
        return out


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


@pytest.fixture
def tools():
    """Functions that the tests share."""
    from types import SimpleNamespace

    return SimpleNamespace(decode=decode, ffprobe=ffprobe, rgb_of_planes=rgb_of_planes, CountingCache=CountingCache)


def photo(seed, width=900, height=600):
    """Something like a photo: smooth light, edges, texture and grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    base = np.stack([128 + 70 * np.sin(x / 130 + seed * c) * np.cos(y / (90 + 20 * c)) for c in (1, 2, 3)], -1)
    disc = (x - width * 0.4) ** 2 + (y - height * 0.55) ** 2 < (height / 4) ** 2
    base[disc] = (200, 60 + 30 * (seed % 5), 50)
    return np.clip(base + rng.normal(0, 6, base.shape), 0, 255).astype(np.uint8)


def five(studio):
    return [studio.add(f"photo{i}.png", photo(i)) for i in range(1, 6)]


@pytest.fixture
def photos(studio):
    return five(studio)


@pytest.fixture(scope="session")
def make_studio():
    return Studio


@pytest.fixture(scope="session")
def add_photos():
    return five
