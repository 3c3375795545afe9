"""How loud a file is, as it decodes: FFmpeg's EBU R 128 meter, fed block by block."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import av.error
from av.filter import Graph

from reelframe.media.reading import iter_audio

__all__ = ["loudness_and_peak"]

_RATE: Final = 48_000
_LEAST_S: Final = 0.4
_SILENT: Final = -69.9


def loudness_and_peak(path: Path) -> tuple[float | None, float | None]:
    """Integrated loudness in LUFS and the true peak in dBTP.

    Both are ``-inf`` for silence, and None for sound too short (400 ms) to have a loudness.

    Raises:
        MediaError: the file can't be read.
    """
    graph = Graph()
    source: Any = graph.add_abuffer(format="flt", sample_rate=_RATE, layout="stereo")
    meter: Any = graph.add("ebur128", "metadata=1:peak=true")
    sink: Any = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    said: dict[str, str] = {}
    count = 0

    def listen() -> None:
        while True:
            try:
                frame: Any = graph.pull()
            except (BlockingIOError, av.error.EOFError):
                return
            said.update(frame.metadata)

    for block in iter_audio(path, rate=_RATE):
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), "flt", "stereo")
        frame.sample_rate, frame.pts = _RATE, count
        count += len(block)
        source.push(frame)
        listen()
    if count < _LEAST_S * _RATE:
        return None, None
    source.push(None)
    listen()
    loudness = float(said.get("lavfi.r128.I", "-inf"))
    peaks = [float(value) for key, value in said.items() if key.startswith("lavfi.r128.true_peaks_ch")]
    peak = max(peaks, default=0.0)
    return (-math.inf if loudness <= _SILENT else loudness), (20 * math.log10(peak) if peak > 0 else -math.inf)
