"""More of the same: twenty short videos against twenty cold ones, and ten minutes against one.

    python benchmarks/longer.py series --material FOLDER [--count 20]
    python benchmarks/longer.py minutes [--material FOLDER] [--minutes 10]

*series* renders the jobs of FOLDER/S3 (S3_00.json and so on: S2 with photos, a title and captions of its own each) in
one process with one cache, and then each of them again in a process of its own with an empty cache. *minutes* is a
timeline of photos that move, eight seconds each, and of clips, six seconds each: six photos and two clips a minute, all
of them different. Each length is rendered by a process of its own, which tells its peak memory.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import Cache, compose, render
from render import CAPTIONS, draft, draw_material, peak_mb, timed

PHOTOS, CLIPS = 6, 2  # a minute
PHOTO_MS, CLIP_MS = 8000, 6000


def series_job(path):
    """One of S3's jobs as a composition."""
    job = json.loads(path.read_text(encoding="utf-8"))
    folder = path.parent.parent
    media = [probe(folder / name) for name in job["images"]]
    media.append(probe(folder / job["logo"]).model_copy(update={"role": "logo"}))
    media.append(probe(folder / job["music"]).model_copy(update={"role": "music"}))
    media = Library(tuple(media))
    return compose(draft(media, "s2", title=job["title"], captions=job["captions"]), media)


def series(material, count, where):
    jobs = sorted((material / "S3").glob("S3_*.json"))[:count]

    def together():
        cache = Cache(where / "cache")
        return [render(series_job(job), where / "out.mp4", cache=cache) for job in jobs]

    def apart():
        for job in jobs:
            subprocess.run([sys.executable, __file__, "one", "--material", str(job)], check=True, capture_output=True)

    _, (wall, used) = timed(together)
    print(f"{len(jobs)} in one process: {wall:.1f} s, {used:.1f} s of CPU, peak {peak_mb():.0f} MB")
    _, (cold_wall, cold_used) = timed(apart)
    print(f"each by itself: {cold_wall:.1f} s, {cold_used:.1f} s of CPU")
    print(f"ratio {wall / cold_wall:.2f}, of CPU {used / cold_used:.2f}")


def draw_sources(material, where, minutes):
    """Photos and clips, no two of them alike: parts of the five photos, and ways across them."""
    photos = [np.asarray(Image.open(material / f"photo{i}.jpg").convert("RGB")) for i in range(1, 6)]
    rng = np.random.default_rng(1)
    for n in range(PHOTOS * minutes):
        photo = photos[n % 5]
        height, width = photo.shape[:2]
        x, y = int(rng.integers(0, width // 8)), int(rng.integers(0, height // 8))
        part = photo[y : y + height * 7 // 8, x : x + width * 7 // 8]
        Image.fromarray(part[:, :: 1 - 2 * (n // 5 % 2)]).save(where / f"p{n:03}.jpg", quality=90)
    for n in range(CLIPS * minutes):
        photo = cv2.resize(photos[n % 5], (2400, 1600))
        with av.open(str(where / f"c{n:03}.mp4"), "w") as file:
            video = file.add_stream("libx264", rate=30)
            video.width, video.height, video.pix_fmt = 1920, 1080, "yuv420p"
            video.options = {"preset": "ultrafast", "crf": "20"}
            for f in range(CLIP_MS * 30 // 1000 + 30):
                x, y = f * 2 % 480, (f + 7 * n) % 500
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(photo[y : y + 1080, x : x + 1920]), "rgb24")
                frame.pts, frame.time_base = f, Fraction(1, 30)
                file.mux(video.encode(frame))
            file.mux(video.encode(None))


def timeline(where, minutes):
    """The composition of so many minutes."""
    shots, captions, media, at = [], [], [], 0
    every = PHOTOS // CLIPS
    for n in range(PHOTOS * minutes):
        names = [(f"p{n:03}.jpg", PHOTO_MS)]
        if n % every == every - 1:
            names.append((f"c{n // every:03}.mp4", CLIP_MS))
        for name, length in names:
            media.append(probe(where / name))
            m = {"id": name, "media": media[-1].id, "start": at, "transition": {"type": "crossfade", "ms": 500}}
            if length == PHOTO_MS:
                m["move"] = {"direction": ("in", "left", "out", "right")[n % 4], "amount": 0.15}
            shots.append({"d": length, "m": m})
            text = {"id": f"t{name}", "text": f"{CAPTIONS[n % 5]} {n}", "role": "caption", "start": at + 600}
            captions.append({"d": length - 1200, "m": text})
            at += length
    tracks = [{"tt": 0, "sg": shots}, {"tt": 7, "sg": captions}]
    wire = {"t": tracks, "d": at, "m": {"width": 1920, "height": 1080, "fps": 30}}
    library = Library(tuple(media))
    return compose(Draft.from_wire(wire), library)


def minutes_against_one(material, most, where):
    draw_sources(material, where, most)
    seen = []
    for n in (1, most):
        told = [sys.executable, __file__, "length", "--material", str(where), "--minutes", str(n)]
        said, spent = timed(lambda told=told: subprocess.run(told, check=True, capture_output=True, text=True).stdout)
        seen.append(spent)
        print(f"{n} min: {spent[0]:.1f} s, {spent[1]:.1f} s of CPU, peak {said.strip()} MB")
    print(f"ratio {seen[1][0] / seen[0][0]:.2f}, of CPU {seen[1][1] / seen[0][1]:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("series", "minutes", "one", "length"))
    parser.add_argument("--material", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--minutes", type=int, default=10)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        if args.what in {"one", "length"}:
            composition = series_job(args.material) if args.what == "one" else timeline(args.material, args.minutes)
            render(composition, where / "out.mp4", cache=Cache(where / "cache"))
            print(f"{peak_mb():.0f}")
        elif args.what == "series":
            if args.material is None:
                parser.error("series needs --material, with S3 in it")
            series(args.material, args.count, where)
        else:
            if args.material is None:
                draw_material(where)
            minutes_against_one(args.material or where, args.minutes, where)


if __name__ == "__main__":
    main()
