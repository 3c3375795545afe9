"""What each operation did, as a sentence in English and in Chinese, told from the timelines before and after it.

A module for each family of operations; each has its part of the table.
"""

from __future__ import annotations

from typing import Final

from reelframe.edits.phrases import Table
from reelframe.edits.sentences import picture, segments, sound, text, whole

__all__ = ["SENTENCES"]

SENTENCES: Final[Table] = {
    **whole.SENTENCES,
    **segments.SENTENCES,
    **text.SENTENCES,
    **sound.SENTENCES,
    **picture.SENTENCES,
}
