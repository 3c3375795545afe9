"""Sounds to mix and independent ears to measure them with."""

from __future__ import annotations

import io
import re
import subprocess
from functools import cache

import av
import numpy as np
import pytest

from reelframe.render.sound import RATE, compose, render_music


@cache
def _music(mood: str, seconds: float, seed: int) -> np.ndarray:
    sound = render_music(compose(mood, seconds, seed))
    sound.setflags(write=False)
    return sound


@pytest.fixture(scope="session")
def music():
    """music(mood, seconds, seed): rendered once for all tests; read-only."""
    return _music


@pytest.fixture(scope="session")
def sine():
    """sine(hertz, seconds, amplitude): stereo float32."""

    def make(hertz: float, seconds: float, amplitude: float = 0.25) -> np.ndarray:
        t = np.arange(round(seconds * RATE)) / RATE
        wave = amplitude * np.sin(2 * np.pi * hertz * t)
        return np.stack([wave, wave], axis=1).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def ffmpeg_ear():
    """ffmpeg_ear(sound): (integrated LUFS, true peak in dBTP) as Debian's ffmpeg measures them."""

    def listen(sound: np.ndarray) -> tuple[float, float]:
        raw = np.ascontiguousarray(sound, dtype="<f4").tobytes()
        command = ["ffmpeg", "-hide_banner", "-nostats", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", "pipe:0"]
        command += ["-af", "ebur128=peak=true", "-f", "null", "-"]
        said = subprocess.run(command, input=raw, capture_output=True, check=True).stderr.decode()
        summary = said[said.rindex("Summary:") :]
        lufs = float(re.search(r"I:\s+(-?[\d.]+|-inf) LUFS", summary)[1])
        peak = float(re.search(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary)[1])
        return lufs, peak

    return listen


@pytest.fixture(scope="session")
def through_aac():
    """through_aac(sound, bit_rate): encoded to AAC in an MP4 and decoded again, by PyAV."""

    def pass_through(sound: np.ndarray, bit_rate: int) -> np.ndarray:
        file = io.BytesIO()
        with av.open(file, "w", format="mp4") as container:
            stream = container.add_stream("aac", rate=RATE, layout="stereo")
            stream.bit_rate = bit_rate
            for start in range(0, len(sound), 1024):
                piece = np.ascontiguousarray(sound[start : start + 1024].T)
                frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
                frame.sample_rate, frame.pts = RATE, start
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        file.seek(0)
        with av.open(file) as container:
            frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
        return np.ascontiguousarray(np.concatenate(frames, axis=1).T)

    return pass_through
