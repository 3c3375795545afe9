"""Shapes of sound and the small tools that every other module here needs.

A sound is a float32 array of shape ``(samples, 2)`` at 48 kHz, nominally within -1 to 1; what is mono inside
the synthesiser is ``(samples,)``.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BLOCK",
    "RATE",
    "Check",
    "Floats",
    "OnFraction",
    "Sound",
    "decibels",
    "equal_power",
    "frames",
    "from_decibels",
    "octave_offset",
    "put_aside",
    "silence",
    "spans",
]

RATE = 48_000
"""Samples a second, everywhere."""

BLOCK = 1 << 18
"""Samples (5.5 s) that streaming stages work on at once: large enough for numpy, small enough for the cache."""

Sound: TypeAlias = NDArray[np.float32]
Floats: TypeAlias = NDArray[np.float64]
Check: TypeAlias = Callable[[], None]
"""Called between blocks; raises to cancel."""
OnFraction: TypeAlias = Callable[[float], None]
"""Told how much is done, 0 to 1."""

FLOOR_DB = -120.0


def frames(seconds: float) -> int:
    """The number of samples in so many seconds."""
    return round(seconds * RATE)


LONG: Final = 300 * RATE
"""Sounds of more samples (115 MB) than this are kept in a file without a name, so that memory does not grow with the
length of the video."""

_AT_ONCE: Final = 16
# Files that are mapped now. What is dropped of them is only memory: their content stays.
_mapped: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()


def silence(count: int) -> Sound:
    """So many samples of stereo silence; a long one lies in a file that goes away with it."""
    shape = (count, 2)
    if count <= LONG or not hasattr(os, "posix_fallocate"):
        return np.zeros(shape, dtype=np.float32)
    size = count * 8
    try:
        with tempfile.TemporaryFile(prefix="reelframe-") as file:
            # The room is taken now: on a disk that fills up later, writing into the map would end the process.
            os.posix_fallocate(file.fileno(), 0, size)
            mapped = mmap.mmap(file.fileno(), size)
    except OSError:
        return np.zeros(shape, dtype=np.float32)
    _mapped.add(mapped)
    return np.frombuffer(mapped, dtype=np.float32).reshape(shape)


def put_aside() -> None:
    """Give back the memory of long sounds; what they hold stays in their files. For loops that do not use `spans`."""
    for mapped in tuple(_mapped):
        mapped.madvise(mmap.MADV_DONTNEED)


def decibels(amplitude: float) -> float:
    """20 log10 of an amplitude, never below -120."""
    return FLOOR_DB if amplitude <= 1e-6 else float(20 * np.log10(amplitude))  # -120 dB


def from_decibels(level: float) -> float:
    """The amplitude of a level in dB."""
    return float(10 ** (level / 20))


def equal_power(count: int) -> Sound:
    """A rising quarter sine of so many samples, between 0 and 1 and never quite either.

    Its square and that of its mirror image add up to one: two unrelated sounds crossfaded with it keep their
    power.
    """
    position = (np.arange(count, dtype=np.float32) + np.float32(0.5)) / np.float32(max(count, 1))
    return np.asarray(np.sin(position * np.float32(np.pi / 2)), dtype=np.float32)


def spans(count: int, block: int = BLOCK) -> Iterator[tuple[int, int]]:
    """The half-open ranges that cover ``count`` samples block by block.

    Whoever goes through a long sound this way holds no more than some blocks of it in memory.
    """
    for nth, start in enumerate(range(0, count, block)):
        yield start, min(count, start + block)
        if count > LONG and nth % _AT_ONCE == _AT_ONCE - 1:
            put_aside()


def octave_offset(semitones: float) -> float:
    """The ratio of frequencies of an interval."""
    return float(2.0 ** (semitones / 12))
