"""What a timeline strip draws of a sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reelframe.render.sound.signal import Sound

__all__ = ["peaks"]


def peaks(sound: Sound, buckets: int) -> NDArray[np.float32]:
    """The greatest magnitude in each of so many equal stretches, 0 to 1, both channels together.

    Args:
        sound: ``(n, 2)``.
        buckets: how many values; where there are fewer samples than buckets, samples repeat.

    Returns:
        ``(buckets,)`` float32; what exceeds full scale is drawn as 1.
    """
    if buckets <= 0 or len(sound) == 0:
        return np.zeros(max(buckets, 0), dtype=np.float32)
    edges = np.linspace(0, len(sound), buckets + 1).astype(np.int64)[:-1]
    edges = np.minimum(edges, len(sound) - 1)
    # By channel, without a copy of the magnitudes of the whole.
    high = np.maximum.reduceat(sound, edges, axis=0).max(axis=1)
    low = np.minimum.reduceat(sound, edges, axis=0).min(axis=1)
    return np.asarray(np.minimum(np.maximum(high, -low), 1.0), dtype=np.float32)
