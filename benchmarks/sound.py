"""How long the sound takes: composing, playing, mixing, stretching, beat tracking; CPU seconds on one core.

    python benchmarks/sound.py [seconds]

Numbers are the best of three after a warm-up, because the first call draws the drums and imports scipy.
"""

from __future__ import annotations

import os
import resource
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from reelframe.render.sound import (
    MOODS,
    RATE,
    Music,
    SoundLayer,
    compose,
    measure,
    mix,
    render_music,
    stretched,
    track_beats,
)


def best(work, rounds=3):
    """The least CPU and wall seconds of some calls, and the last result."""
    figures = []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        figures.append((time.process_time() - cpu, time.perf_counter() - wall))
    return (*min(figures), result)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    render_music(compose("lofi", 2, 1))
    print(f"{seconds:g} s of music          cpu s   wall s   LUFS   dBTP")
    for mood in MOODS:
        cpu, wall, sound = best(lambda mood=mood: render_music(compose(mood, seconds, 1)))
        heard = measure(sound)
        print(f"  {mood:20s} {cpu:8.2f} {wall:8.2f} {heard.lufs:6.1f} {heard.true_peak_db:6.1f}")

    clip = (np.random.default_rng(1).standard_normal((round(seconds * RATE), 2)) * 0.05).astype(np.float32)
    song = render_music(compose("warm", seconds, 2))

    def load(source, start_s, duration_s):
        sound = clip if source == "clip" else song
        return sound[round(start_s * RATE) : round((start_s + duration_s) * RATE)]

    shots = [SoundLayer("clip", k * seconds / 5, seconds / 5, in_s=k, role="clip") for k in range(5)]
    music = SoundLayer(Music("upbeat", 1), 0, seconds, role="bgm", fade_in_s=0.3, fade_out_s=1.5)
    mix([music], seconds)
    jobs = {
        "mix, music kept": lambda: mix([music], seconds),
        "mix, 5 clips, ducked": lambda: mix([*shots, music], seconds, duck_db=9, load=load),
        "speed 1.5": lambda: stretched(clip, 1.5),
        "beats": lambda: track_beats(song),
        "measure": lambda: measure(song),
    }
    for name, work in jobs.items():
        cpu, wall, _ = best(work)
        print(f"  {name:20s} {cpu:8.2f} {wall:8.2f}")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
