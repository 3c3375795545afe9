"""How the texts of a new video look, by the mood that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reelframe.draft import Brand, Draft
from reelframe.edits.vocabulary import AddMusic, ChangeMusic, Compose, Look, OpBase, Pace

__all__ = ["in_manner"]

# Upbeat music is what comes when nothing is said, so it says nothing of the texts.
_BY_MUSIC: Final = {"calm": "elegant", "cinematic": "elegant", "jazz": "elegant", "warm": "elegant"}
_BY_GRADE: Final = {
    "cinematic": "elegant", "soft": "elegant", "moody": "elegant", "golden": "elegant", "vintage": "elegant",
    "matte": "elegant", "noir": "elegant", "vibrant": "bold", "vivid": "bold", "dramatic": "bold",
}  # fmt: skip


def in_manner(ops: Sequence[OpBase], draft: Draft) -> Draft:
    """The timeline that ``ops`` made, its texts in the look that goes with their mood.

    Only where they make a new video: later wishes about music or colours leave the texts as they are. A brand's look
    goes before.
    """
    if not any(isinstance(op, Compose) for op in ops) or Brand.of_draft(draft).look:
        return draft
    said: list[str] = []
    for op in ops:
        if isinstance(op, Pace) and op.direction == "up":
            said.append("bold")
        elif isinstance(op, Look) and op.target is None:
            said.append(_BY_GRADE.get(op.name, ""))
        elif isinstance(op, (AddMusic, ChangeMusic)):
            said.append(_BY_MUSIC.get(op.mood or "", ""))
    # A grade says more of how things look than music does; what was said first counts.
    return draft.with_m(text_look=next((name for name in said if name), None))
