"""A brand: what all videos of somebody have in common. It stands in the timeline, and looks are dressed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from reelframe.errors import ConfigurationError

if TYPE_CHECKING:
    from reelframe.draft.model import Draft

__all__ = ["Brand"]

_PLACES: Final = (
    "top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right",
)  # fmt: skip
_LOOKS: Final = ("clean", "bold", "elegant")
_KEYS: Final = ("colors", "font", "logo_position", "look")
_MOST_COLORS: Final = 6
_FONT_FILES: Final = (".ttf", ".otf", ".ttc", ".otc")


@dataclass(frozen=True, slots=True)
class Brand:
    """Colours, font and manner.

    >>> Brand(colors=("#0b5cff", "white"), font="Inter", logo_position="bottom_right")
    Brand(colors=('#0b5cff', '#ffffff'), font='Inter', logo_position='bottom_right', look=None)

    Attributes:
        colors: ``#rrggbb`` or CSS names, the main one first; plates, bars and buttons have it. The second is used for
            letters on the first where it can be read there.
        font: a family's name, or the path of a .ttf or .otf file on the machine that renders.
        logo_position: where logos stand: one of the nine places such as ``bottom_right``.
        look: ``clean``, ``bold`` or ``elegant``.

    Raises:
        ConfigurationError: something is no colour, place or look; the message names it.
    """

    colors: tuple[str, ...] = ()
    font: str | None = None
    logo_position: str | None = None
    look: str | None = None

    def __post_init__(self) -> None:
        given = (self.colors,) if isinstance(self.colors, str) else tuple(self.colors)
        if len(given) > _MOST_COLORS:
            message = f"A brand has at most {_MOST_COLORS} colours; there are {len(given)}."
            raise ConfigurationError(message)
        object.__setattr__(self, "colors", tuple(_color(one) for one in given))
        if self.font is not None and (not isinstance(self.font, str) or not self.font.strip()):
            message = "A brand's font is the name of a family, or the path of a .ttf or .otf file."
            raise ConfigurationError(message)
        for name, known in (("logo_position", _PLACES), ("look", _LOOKS)):
            value = getattr(self, name)
            if value is not None and value not in known:
                message = f"A brand's {name} is {value!r}."
                raise ConfigurationError(message, hint=f"There are {', '.join(known)}.")

    @classmethod
    def of(cls, value: Brand | Mapping[str, Any]) -> Brand:
        """A brand as it is, or of a mapping with the same names.

        Raises:
            ConfigurationError: a name is unknown, or a value makes no sense.
        """
        if isinstance(value, Brand):
            return value
        if not isinstance(value, Mapping):
            message = f"A brand is a Brand or a mapping, and not {type(value).__name__}."
            raise ConfigurationError(message)
        unknown = [str(key) for key in value if key not in _KEYS]
        if unknown:
            message = f"A brand has no {unknown[0]!r}."
            raise ConfigurationError(message, hint=f"There are {', '.join(_KEYS)}.")
        return cls(**value)

    @classmethod
    def of_draft(cls, draft: Draft) -> Self:
        """The brand of a timeline; what can't be understood of it is left out."""
        said = draft.get("brand")
        said = said if isinstance(said, Mapping) else {}
        out = cls()
        for key in _KEYS:
            try:
                part = cls(**{key: said[key]}) if said.get(key) else out
            except (ConfigurationError, TypeError):
                continue
            object.__setattr__(out, key, getattr(part, key))
        return out

    def as_dict(self) -> dict[str, Any]:
        """The brand as JSON; what was not said is absent."""
        said = {"colors": list(self.colors), "font": self.font, "logo_position": self.logo_position, "look": self.look}
        return {key: value for key, value in said.items() if value}

    def located(self) -> Brand:
        """With the whole path of a font file, so that it is found from any folder."""
        if self.font is None or not self.font.lower().endswith(_FONT_FILES):
            return self
        return Brand(self.colors, str(Path(self.font).expanduser().absolute()), self.logo_position, self.look)

    def applied(self, draft: Draft) -> Draft:
        """The timeline in this brand: texts are drawn in it, logos are moved to its place."""
        out = draft.with_m(brand=self.as_dict() or None)
        if self.logo_position is None:
            return out
        return out.with_tracks(
            track.replace(
                sg=tuple(
                    s.with_m(position=self.logo_position, dx=None, dy=None) if s.role == "logo" else s
                    for s in track.segments
                )
            )
            if any(s.role == "logo" for s in track.segments)
            else track
            for track in draft.tracks
        )


def _color(text: object) -> str:
    from PIL import ImageColor  # noqa: PLC0415 -- only where a brand is given

    try:
        red, green, blue = ImageColor.getrgb(str(text).strip())[:3]
    except ValueError:
        message = f"A brand's colour {text!r} is none."
        raise ConfigurationError(message, hint="Use #rrggbb, or a CSS name such as tomato.") from None
    return f"#{red:02x}{green:02x}{blue:02x}"
