"""The renderer against x264 alone on the same frames, in one run.

    python benchmarks/render.py [--material FOLDER] [--job s1|s2] [--repeats 3] [--ffmpeg run_ffmpeg.py]
                                [--moviepy PYTHON run_moviepy.py] [--preview] [--alone] [--cancel]

The floor is libx264 by itself, with as many threads as there are cores and the renderer's own settings, reading the
finished frames from memory: no photo is opened, nothing is painted, nothing is written. The contenders take
turns, so that a busy machine is busy for all of them; ratios are of medians.

With ``--ffmpeg``, the FFmpeg command line (veryfast) is a contender too: a script that takes a job file and the path
of the result. FOLDER then holds S1.json and S2.json, the same jobs for it. ``--moviepy`` is the same for MoviePy, with
the Python that has it; it runs once. Seconds are of the clock and, behind them, of all processors together, children
included: on a busy machine only those say much.

``FOLDER`` holds photo1.jpg to photo5.jpg, logo.png and music.wav; without it, pictures are drawn by code.
"""

from __future__ import annotations

import argparse
import contextlib
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
from reelframe.errors import JobCancelledError
from reelframe.jobs import CancelToken
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import Cache, compose, render, stream
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


def draft(media, job, title="Autumn Collection 2026", captions=CAPTIONS):
    """S1: 30 s wide, every photo moves. S2: 15 s tall, photos stand still."""
    slot, width, height = (6000, 1920, 1080) if job == "s1" else (3000, 1080, 1920)
    shots, texts = [], []
    for i, photo in enumerate(media.shots):
        m = {"id": f"v{i}", "media": photo.id, "start": i * slot}
        if job == "s1":
            m["move"] = {"direction": MOVES[i], "amount": 0.18}
        if i:
            m["transition"] = {"type": "crossfade", "ms": 500}
        shots.append({"d": slot, "m": m})
        text = {"id": f"c{i}", "text": captions[i], "role": "caption", "position": "bottom_left"}
        texts.append({"d": slot - 600, "m": {**text, "start": i * slot + 600}})
    total = slot * len(shots)
    logo = {"id": "logo", "role": "logo", "media": media.logos[0].id, "position": "top_right", "size": 0.074}
    music = {"id": "bgm", "role": "bgm", "media": media.music[0].id, "fade_in": 1000, "fade_out": 2000}
    head = {"id": "title", "text": title, "role": "title", "start": 500}
    tracks = [(0, shots), (0, [{"d": total, "m": {**logo, "start": 0}}])]
    tracks += [(1, [{"d": total, "m": {**music, "start": 0}}])]
    tracks += [(7, [{"d": 3000, "m": head}]), (7, texts)]
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
    """x264 alone; the bytes."""
    settings = VideoSettings.of(composition.width, composition.height, composition.fps, quality_of("high"))
    codec = video_codec(settings)
    # One encoder over the whole length needs none of what joining takes.
    codec.options = {**settings.options(), "threads": str(threads), "x264-params": settings.quality.params}
    frame = av.VideoFrame(composition.width, composition.height, "yuv420p")
    planes = frame_planes(frame)
    size = 0
    for i, finished in enumerate(frames):
        copy(finished, planes)
        frame.pts = i
        size += sum(p.size for p in codec.encode(frame))
    return size + sum(p.size for p in codec.encode(None))


def command(*words):
    """Another program on the same job, which writes the file that is named last; the bytes."""
    subprocess.run([str(word) for word in words], check=True)
    return Path(words[-1]).stat().st_size


def cpu():
    """Seconds of processor time of this process and of its children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def timed(do):
    """What ``do`` gives, and its seconds: of the clock and of processors."""
    wall, used = time.perf_counter(), cpu()
    result = do()
    return result, (time.perf_counter() - wall, cpu() - used)


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
    composition = compose(draft(media, job), media)
    _, (seconds, used) = timed(lambda: render(composition, where / "alone.mp4", cache=Cache(where / "alone")))
    print(f"{seconds:.2f} s, {used:.2f} s of CPU, peak {peak_mb():.0f} MB")


def preview(material, job, where):
    """A streamed preview with an empty cache: when its first part is there, and the whole of it."""
    media = library(material)
    composition = compose(draft(media, job), media)
    parts = stream(composition, cache=Cache(where / "preview"))
    size, (first, used) = timed(lambda: len(next(parts)))
    rest, (more, again) = timed(lambda: sum(len(part) for part in parts))
    print(
        f"preview: first part after {first:.2f} s ({used:.2f} of CPU), "
        f"whole after {first + more:.2f} s ({used + again:.2f}), {(size + rest) / 1e6:.2f} MB"
    )


def cancel(material, job, where):
    """How long a render goes on that is told to stop: at its beginning, and further on."""
    media = library(material)
    composition = compose(draft(media, job), media)
    took = []
    for n, at in enumerate((0.0, 0.02, 0.1, 0.3, 0.5, 0.7)):
        token, told = CancelToken(), []

        def watch(progress, token=token, told=told, at=at):
            if progress.stage == "render" and progress.fraction >= at and not told:
                told.append(time.perf_counter())
                token.cancel()

        with contextlib.suppress(JobCancelledError):
            render(composition, where / "no.mp4", watch, token, Cache(where / f"cancel{n}"))
        took.append(time.perf_counter() - told[0])
    print(f"cancelled: stopped after {', '.join(f'{seconds:.2f}' for seconds in took)} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--material", type=Path)
    parser.add_argument("--job", choices=("s1", "s2"), default="s1")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--ffmpeg", type=Path, help="a script that renders a job file with the FFmpeg command line")
    parser.add_argument("--alone", action="store_true", help="one cold render and its peak memory, nothing else")
    parser.add_argument("--moviepy", type=Path, nargs=2, help="a Python that has it, and a script as for --ffmpeg")
    parser.add_argument("--preview", action="store_true", help="a streamed preview, nothing else")
    parser.add_argument("--cancel", action="store_true", help="how long a render goes on that is stopped, nothing else")
    args = parser.parse_args()
    if (args.ffmpeg or args.moviepy) and not args.material:
        parser.error("--ffmpeg and --moviepy need --material, with the job files in it")
    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        material = args.material or where
        if args.material is None:
            draw_material(where)
        if args.alone or args.preview or args.cancel:
            (alone if args.alone else preview if args.preview else cancel)(material, args.job, where)
            return
        run(material, args, where)


def run(material, args, where):
    media = library(material)
    composition = compose(draft(media, args.job), media)
    changed = compose(draft(media, args.job, title="Winter Collection 2027"), media)
    frames = painted(composition)
    threads = os.cpu_count() or 1
    times, sizes = {}, {}
    job = material / f"{args.job.upper()}.json"

    def enter(label, do):
        sizes[label], spent = timed(do)
        times.setdefault(label, []).append(spent)

    for n in range(args.repeats):
        enter("x264 alone", lambda: floor(composition, frames, threads))
        if args.ffmpeg:
            enter("FFmpeg veryfast", lambda: command(sys.executable, args.ffmpeg, job, where / "ffmpeg.mp4"))
        if args.moviepy and n == 0:
            enter("MoviePy", lambda: command(*args.moviepy, job, where / "moviepy.mp4"))
        cache = Cache(where / f"cache{n}")
        for label, what in (("cold", composition), ("nothing changed", composition), ("one text changed", changed)):
            enter(label, lambda what=what, cache=cache: render(what, where / "out.mp4", cache=cache).size_bytes)
    print(
        f"{args.job}: {composition.width}x{composition.height}, {composition.frames} frames, {threads} cores, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; ratios of cold to the contenders, "
        f"of changes to cold"
    )
    cold = [statistics.median(kind) for kind in zip(*times["cold"], strict=True)]
    for label, spent in times.items():
        kinds = list(zip(*spent, strict=True))
        wall, used = (statistics.median(kind) for kind in kinds)
        ratios = [a / b for a, b in zip((wall, used), cold, strict=True)]
        if label in {"x264 alone", "FFmpeg veryfast", "MoviePy"}:
            ratios = [1 / ratio for ratio in ratios]
        spread = f"{min(kinds[0]):.2f}-{max(kinds[0]):.2f}"
        print(
            f"{label:18} {wall:7.2f} s ({spread}), {used:7.2f} s of CPU  "
            f"ratio {ratios[0]:5.2f}, of CPU {ratios[1]:5.2f}  {sizes[label] / 1e6:6.2f} MB"
        )
    again = [sys.executable, __file__, "--job", args.job, *(["--material", str(material)] if args.material else [])]
    for what in ("--alone", "--preview", "--cancel"):
        print(what[2:], subprocess.run([*again, what], capture_output=True, text=True, check=True).stdout.strip())


if __name__ == "__main__":
    main()
