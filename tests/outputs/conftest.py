"""One small video that every way out is tried on, and Debian's ffmpeg to look at what comes."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pytest
from PIL import Image

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import Cache, compose

WIDTH, HEIGHT, FPS = 320, 180, 10


def scene(color, seed):
    """A picture with light, edges and a little grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    base = np.array(color, np.float32) * (0.55 + 0.45 * np.sin(x / 60 + seed) * np.cos(y / 50))[..., None]
    base[40:120, 60 + 60 * seed : 140 + 60 * seed] = np.array(color[::-1], np.float32)
    return np.clip(base + rng.normal(0, 3, base.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """film(**changes): the draft and its library; three shots with crossfades, a title, captions, music."""
    folder = tmp_path_factory.mktemp("private-folder-of-anna")
    media = []
    for n, color in enumerate([(220, 70, 50), (50, 130, 220), (60, 180, 90)]):
        path = folder / f"photo{n}.png"
        Image.fromarray(scene(color, n)).save(path)
        media.append(probe(path))
    library = Library(tuple(media))

    def make(*, sound=True, texts=True, **m):
        shots = [
            {"d": 1000, "m": {"id": f"v{n}", "start": 1000 * n, "media": one.id, "name": one.name}}
            for n, one in enumerate(media)
        ]
        for shot in shots[1:]:
            shot["m"]["transition"] = {"type": "crossfade", "ms": 300}
        words = [("Héllo", "title", 1100, 900), ("First", "caption", 0, 1000), ("Second", "caption", 2000, 1000)]
        tracks = [{"tt": 0, "sg": shots}]
        if texts:
            tracks.append({
                "tt": 7,
                "sg": [
                    {"d": d, "m": {"id": f"t{n}", "text": text, "role": role, "start": start}}
                    for n, (text, role, start, d) in enumerate(words)
                ],
            })  # fmt: skip
        if sound:
            music = {"id": "a", "role": "bgm", "start": 0, "music": {"mood": "upbeat", "seed": 2}, "fade_out": 300}
            tracks.append({"tt": 1, "sg": [{"d": 3000, "m": music}]})
        head = {"width": WIDTH, "height": HEIGHT, "fps": FPS, "project": "Anna's secret", **m}
        return Draft.from_wire({"t": tracks, "d": 3000, "m": head}), library

    return make


@pytest.fixture(scope="session")
def composed(film):
    """composed(**changes): the same as a composition."""
    return lambda **changes: compose(*film(**changes))


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return Cache(tmp_path_factory.mktemp("cache"), limit=1 << 30)


@pytest.fixture(scope="session")
def ffprobe():
    """ffprobe(path): what Debian's ffprobe says, as a dictionary."""

    def look(path):
        command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json"]
        return json.loads(subprocess.run([*command, str(path)], capture_output=True, check=True).stdout)

    return look


@pytest.fixture(scope="session")
def frames():
    """frames(path, width, height): every frame as Debian's ffmpeg decodes it, RGB (n, h, w, 3)."""

    def decode(path, width=WIDTH, height=HEIGHT):
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)

    return decode


@pytest.fixture(scope="session")
def samples():
    """samples(path): the sound as Debian's ffmpeg decodes it, float32 (n, 2) at 48 kHz."""

    def decode(path):
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "f32le", "-ac", "2", "-ar", "48000", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        return np.frombuffer(raw, "<f4").reshape(-1, 2)

    return decode
