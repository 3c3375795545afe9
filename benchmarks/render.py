"""The renderer against x264 alone on the same frames, in one run.

    python benchmarks/render.py [--material FOLDER] [--job s1|s2] [--repeats 3] [--ffmpeg run_ffmpeg.py]

The floor is libx264 by itself, with as many threads as there are cores and the renderer's own settings, reading the
finished frames from memory: no photo is opened, nothing is painted, nothing is written. The contenders take
turns, so that a busy machine is busy for all of them; ratios are of medians.

With ``--ffmpeg``, the FFmpeg command line (veryfast) is a contender too: a script that takes a job file and the path
of the result. FOLDER then holds S1.json and S2.json, the same jobs for it.

``FOLDER`` holds photo1.jpg to photo5.jpg, logo.png and music.wav; without it, pictures are drawn by code.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

from reelframe.draft import Draft
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import Cache, compose, render
from reelframe.render.encode import VideoSettings, frame_planes, quality_of, video_codec
from reelframe.render.frames import Painter
from reelframe.render.planes import copy, new_planes
from reelframe.render.sources import Pool
from reelframe.render.timeline import Timeline

CAPTIONS = ("Hand-thrown cup, €24.00", "Spring glaze: “Poppy”", "New in autumn", "Shipped in 2-3 days", "Sale! 20% off")
MOVES = ("in", "left", "out", "right", "in")


def draw_material(folder):
    """Five pictures with a photo's mix of smooth light, edges, texture and grain; a logo; a tune of one tone."""
    width, height = 3000, 2000
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for i in range(1, 6):
        rng = np.random.default_rng(i)
        light = [130 + 60 * np.sin(x / (300 + 90 * c) + i) + 40 * np.cos(y / (260 + 40 * c) + c) for c in range(3)]
        picture = np.stack(light, -1)
        for _ in range(40):
            cx, cy, r = rng.integers(0, width), rng.integers(0, height), rng.integers(40, 300)
            cv2.circle(picture, (int(cx), int(cy)), int(r), tuple(int(v) for v in rng.integers(20, 235, 3)), -1)
        noise = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (0, 0), 1.1)
        weight = cv2.GaussianBlur((x % 700 < 350).astype(np.float32), (0, 0), 60)
        picture += (noise / noise.std() * (2 + 9 * weight))[..., None]
        picture = cv2.GaussianBlur(picture, (0, 0), 0.8) + rng.standard_normal((height, width, 1)) * 2.4
        Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(folder / f"photo{i}.jpg", quality=92)
    logo = np.zeros((200, 600, 4), np.uint8)
    cv2.circle(logo, (100, 100), 90, (230, 92, 40, 255), -1, cv2.LINE_AA)
    cv2.rectangle(logo, (220, 60), (580, 140), (255, 255, 255, 230), -1)
    Image.fromarray(logo).save(folder / "logo.png")
    tone = (np.sin(np.arange(40 * 48000) * 2 * np.pi * 220 / 48000) * 12000).astype("<i2")
    with wave.open(str(folder / "music.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(np.repeat(tone[:, None], 2, 1).tobytes())


def library(folder):
    media = [probe(folder / f"photo{i}.jpg") for i in range(1, 6)]
    media.append(probe(folder / "logo.png").model_copy(update={"role": "logo"}))
    media.append(probe(folder / "music.wav").model_copy(update={"role": "music"}))
    return Library(tuple(media))


def draft(media, job, title="Autumn Collection 2026"):
    """S1: 30 s wide, every photo moves. S2: 15 s tall, photos stand still."""
    slot, width, height = (6000, 1920, 1080) if job == "s1" else (3000, 1080, 1920)
    shots, captions = [], []
    for i, photo in enumerate(media.shots):
        m = {"id": f"v{i}", "media": photo.id, "start": i * slot}
        if job == "s1":
            m["move"] = {"direction": MOVES[i], "amount": 0.18}
        if i:
            m["transition"] = {"type": "crossfade", "ms": 500}
        shots.append({"d": slot, "m": m})
        text = {"id": f"c{i}", "text": CAPTIONS[i], "role": "caption", "position": "bottom_left"}
        captions.append({"d": slot - 600, "m": {**text, "start": i * slot + 600}})
    total = slot * len(shots)
    logo = {"id": "logo", "role": "logo", "media": media.logos[0].id, "position": "top_right", "size": 0.074}
    music = {"id": "bgm", "role": "bgm", "media": media.music[0].id, "fade_in": 1000, "fade_out": 2000}
    head = {"id": "title", "text": title, "role": "title", "start": 500}
    tracks = [(0, shots), (0, [{"d": total, "m": {**logo, "start": 0}}])]
    tracks += [(1, [{"d": total, "m": {**music, "start": 0}}])]
    tracks += [(7, [{"d": 3000, "m": head}]), (7, captions)]
    wire = {"t": [{"tt": tt, "sg": sg} for tt, sg in tracks], "d": total}
    return Draft.from_wire({**wire, "m": {"width": width, "height": height, "fps": 30}})


def painted(composition):
    """Every frame, finished, in memory."""
    painter = Painter(composition.width, composition.height, Pool(composition.width, composition.height))
    timeline = Timeline(composition)
    frames = []
    for f in range(composition.frames):
        planes = new_planes(composition.width, composition.height)
        painter.paint(timeline.frame(f), planes)
        frames.append(planes)
    painter.close()
    return frames


def floor(composition, frames, threads):
    """x264 alone, in seconds and bytes."""
    settings = VideoSettings.of(composition.width, composition.height, composition.fps, quality_of("high"))
    codec = video_codec(settings)
    # One encoder over the whole length needs none of what joining takes.
    codec.options = {**settings.options(), "threads": str(threads), "x264-params": settings.quality.params}
    frame = av.VideoFrame(composition.width, composition.height, "yuv420p")
    planes = frame_planes(frame)
    size, started = 0, time.perf_counter()
    for i, finished in enumerate(frames):
        copy(finished, planes)
        frame.pts = i
        size += sum(p.size for p in codec.encode(frame))
    size += sum(p.size for p in codec.encode(None))
    return time.perf_counter() - started, size


def timed(composition, out, cache):
    started = time.perf_counter()
    video = render(composition, out, cache=cache)
    return time.perf_counter() - started, video.size_bytes


def ffmpeg(script, material, job, out):
    """The FFmpeg command line on the same job, in seconds and bytes."""
    started = time.perf_counter()
    subprocess.run([sys.executable, script, str(material / f"{job.upper()}.json"), str(out)], check=True)
    return time.perf_counter() - started, out.stat().st_size


def peak_mb():
    """The most memory that this process has had. ``ru_maxrss`` is second best: it starts at the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(text for text in status.read_text().splitlines() if text.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def alone(material, job, where):
    """One cold render in a process of its own, for its memory."""
    media = library(material)
    seconds, _ = timed(compose(draft(media, job), media), where / "alone.mp4", Cache(where / "alone"))
    print(f"{seconds:.2f} s, peak {peak_mb():.0f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path)
    parser.add_argument("--job", choices=("s1", "s2"), default="s1")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--ffmpeg", type=Path, help="a script that renders a job file with the FFmpeg command line")
    parser.add_argument("--alone", action="store_true", help="one cold render and its peak memory, nothing else")
    args = parser.parse_args()
    if args.ffmpeg and not args.material:
        parser.error("--ffmpeg needs --material, with the job files in it")
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        material = args.material or where
        if args.material is None:
            draw_material(where)
        if args.alone:
            alone(material, args.job, where)
            return
        run(material, args, where)


def run(material, args, where):
    media = library(material)
    composition = compose(draft(media, args.job), media)
    changed = compose(draft(media, args.job, title="Winter Collection 2027"), media)
    frames = painted(composition)
    threads = os.cpu_count() or 1
    times = {"x264 alone": [], "cold": [], "one text changed": [], "nothing changed": []}
    sizes = {}
    for n in range(args.repeats):
        seconds, sizes["x264 alone"] = floor(composition, frames, threads)
        times["x264 alone"].append(seconds)
        if args.ffmpeg:
            seconds, sizes["FFmpeg veryfast"] = ffmpeg(args.ffmpeg, material, args.job, where / "ffmpeg.mp4")
            times.setdefault("FFmpeg veryfast", []).append(seconds)
        cache = Cache(where / f"cache{n}")
        for label, what in (("cold", composition), ("nothing changed", composition), ("one text changed", changed)):
            seconds, sizes[label] = timed(what, where / "out.mp4", cache)
            times[label].append(seconds)
    print(
        f"{args.job}: {composition.width}x{composition.height}, {composition.frames} frames, {threads} cores, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    base = {"x264 alone": "x264 alone", "cold": "x264 alone", "FFmpeg veryfast": "x264 alone"}
    for label, seconds in times.items():
        middle, against = statistics.median(seconds), base.get(label, "cold")
        ratio = middle / statistics.median(times[against])
        spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
        print(f"{label:18} {middle:7.2f} s ({spread})  {ratio:5.2f} x {against:11} {sizes[label] / 1e6:6.2f} MB")
    command = [sys.executable, __file__, "--alone", "--job", args.job]
    command += ["--material", str(material)] if args.material else []
    print("alone:", subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


if __name__ == "__main__":
    main()
