"""Frames that show nothing new, in H.264, without an encoder.

``freeze`` takes what an encoder made of the frames that do change and puts, wherever a picture stands still, the
slices in between that say "the same again" for every macroblock: about ten bytes a frame, and the very bytes that x264
writes of a frame that has not changed. Pure: bytes in, bytes out.

``bits`` reads and writes the fields, ``headers`` knows which there are, ``skips`` codes the slice, ``freeze`` puts it
in. References such as (7.3.3) are to clauses of ITU-T H.264.
"""

from __future__ import annotations

from reelframe.render.h264.freeze import Freezer, Stretch, stretches
from reelframe.render.h264.headers import Headers, read_headers

__all__ = ["Freezer", "Headers", "Stretch", "read_headers", "stretches"]
