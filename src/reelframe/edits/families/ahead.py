"""How subtitles are to look, said before there are any: kept with the timeline until they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reelframe.draft import Draft, Segment
from reelframe.edits.families.text import put_text
from reelframe.edits.targets import candidates
from reelframe.edits.timeline import Context
from reelframe.edits.vocabulary import Animate, Move, StyleText, Target

__all__ = ["KEY", "kept", "waits"]

# The key of the timeline under which the looks are kept.
KEY: Final = "subtitles"
_LOOKS: Final = ("style", "position", "dx", "dy", "anim_in", "anim_out")
_TRIED: Final = "subtitle-to-come"
_LASTS: Final = 4000

Looks = StyleText | Move | Animate


def waits(draft: Draft, op: Looks) -> bool:
    """Whether an operation speaks of all subtitles, and there are none yet."""
    return op.target == Target(kind="subtitle") and not candidates(draft, "subtitle")


def kept(handler: Callable[[Draft, Any, Context], Draft]) -> Callable[[Draft, Any, Context], Draft]:
    """The handler, with what it would do to subtitles kept for those that will come."""

    def handle(draft: Draft, op: Looks, context: Context) -> Draft:
        if not waits(draft, op):
            return handler(draft, op, context)
        # Tried on one that is there for the moment, so that values are checked and steps add up as on any other.
        sample = Segment.make(_LASTS, id=_TRIED, text="…", role="subtitle", start=0, **draft.get(KEY, {}))
        on_sample = op.model_copy(update={"target": Target(kind="subtitle", name=f"#{_TRIED}")})
        tried = handler(put_text(draft, sample), on_sample, context).find(_TRIED)
        looks = {key: tried.get(key) for key in _LOOKS if tried is not None and tried.get(key) is not None}
        return draft.with_m(**{KEY: looks})

    return handle
