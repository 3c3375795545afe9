"""What all segments of a timeline are read against: its frame, its rate, its own settings, and the files there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from reelframe.draft import Brand, Draft
from reelframe.errors import PlanError
from reelframe.media.model import Library, Media
from reelframe.render.composition import MAX_SIDE, MIN_SIDE, Rgb, even
from reelframe.render.looks import LOOKS
from reelframe.render.resolve.values import adjustments_of, color, known, number
from reelframe.render.text import Palette

__all__ = ["Stage"]


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A timeline and what it says of itself as a whole.

    Attributes:
        width: of the frame, px.
        height: of the frame, px.
        fps: frames a second.
        look: of all pictures that have none of their own.
        adjust: of all pictures, added to their own.
        palette: the colours of texts that have none of their own.
    """

    draft: Draft
    library: Library
    width: int
    height: int
    fps: int
    background: Rgb
    look: str
    adjust: dict[str, float]
    brand: Brand
    palette: Palette

    @classmethod
    def of(cls, draft: Draft, library: Library) -> Self:
        """Read a timeline's own settings.

        Raises:
            PlanError: one of them is out of bounds, or unknown.
        """
        brand = Brand.of_draft(draft)
        return cls(
            draft,
            library,
            width=even(number(draft, "width", 1920, MIN_SIDE, MAX_SIDE, "The frame")),
            height=even(number(draft, "height", 1080, MIN_SIDE, MAX_SIDE, "The frame")),
            fps=round(number(draft, "fps", 30, 1, 240, "The timeline")),
            background=color(draft.get("background"), (0, 0, 0)),
            look=known("look", draft.get("look", "none"), LOOKS),
            adjust=adjustments_of(draft, "The timeline"),
            brand=brand,
            palette=_palette(brand, draft, library),
        )

    @property
    def frames(self) -> int:
        """How many frames the whole is long."""
        return self.at(self.draft.duration_ms)

    def at(self, ms: float) -> int:
        """The frame that is shown from ``ms`` on."""
        return round(ms * self.fps / 1000)

    def media(self, media_id: str, what: str) -> Media:
        """The file of this id; ``what`` names who wants it.

        Raises:
            PlanError: there is none.
        """
        media = self.library.get(media_id)
        if media is None:
            message = f"{what} shows a file that is not among the uploaded ones."
            raise PlanError(message, hint="Upload it again, or remove the segment.")
        return media


def _palette(brand: Brand, draft: Draft, library: Library) -> Palette:
    """The brand's colours; where there are none, the accent of the first photo that has one."""
    if brand.colors:
        accent, *others = brand.colors
        return Palette(accent, tuple(others), brand.font)
    shown = (library.get(s.media) for s in (draft.main.segments if draft.main else ()) if s.media)
    accents = (m.accent for m in shown if m is not None and m.accent)
    return Palette(next(accents, None), font=brand.font)
