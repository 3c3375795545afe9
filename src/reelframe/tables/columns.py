"""What the columns of the timeline's table are: where each stands in a segment, and what may be written into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from reelframe.edits.names import LOOKS
from reelframe.edits.vocabulary import Anim, Position, Role, TransitionType

__all__ = ["BY_NAME", "COLUMNS", "EVERYWHERE", "KINDS", "Cell", "Column", "Dtype", "Sort"]

# What a row is for editing: a finer division than the track's kind.
Sort = Literal["shot", "card", "overlay", "sound", "text", "other"]
Dtype = Literal["int", "seconds", "number", "text", "flag", "choice"]
Cell = str | float | int | bool | None

KINDS: Final = ("video", "audio", "text", "other")
EVERYWHERE: Final[frozenset[Sort]] = frozenset(get_args(Sort))
_SHOTS: Final[frozenset[Sort]] = frozenset({"shot", "card"})
_TEXTS: Final[frozenset[Sort]] = frozenset({"text"})
_PLACED: Final[frozenset[Sort]] = frozenset({"text", "overlay"})
_HEARD: Final[frozenset[Sort]] = frozenset({"shot", "card", "overlay", "sound"})
_SEEN: Final[frozenset[Sort]] = frozenset({"shot", "card", "overlay"})
_MEASURED: Final[frozenset[Sort]] = frozenset({"shot", "card", "sound"})

_ROLES: Final = (*get_args(Role), "shot", "logo", "overlay", "card", "bgm", "voice", "sfx")
_MOVES: Final = ("in", "out", "left", "right", "up", "down", "none")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: with its unit; ``_frac`` is a part of the frame's height.
        dtype: seconds (float64, always there), number (Float64), int, text (string), flag (boolean), choice (category).
        about: what it says, in a few words.
        path: where under ``m`` the value stands; () when it is worked out.
        scale: how many of the wire's units make one of the table's.
        choices: the values that there are, for a choice; a timeline may have others.
        of: the rows in which it can be changed; none: it is told, not set.
        empty: what an empty cell is the same as, None when it is a value of its own.
        accepts: what can be written, in words.
        follows: it may change because something else did (a text moves with its shot).
    """

    name: str
    dtype: Dtype
    about: str
    path: tuple[str, ...] = ()
    scale: float = 1
    choices: tuple[str, ...] = ()
    of: frozenset[Sort] = frozenset()
    empty: Cell = None
    accepts: str = ""
    follows: bool = False

    @property
    def accepted(self) -> str:
        """What can be written into it, in words."""
        return self.accepts or ", ".join(self.choices)


def _column(
    name: str,
    dtype: Dtype,
    about: str,
    at: str = "",
    of: frozenset[Sort] = frozenset(),
    accepts: str = "",
    *,
    choices: tuple[str, ...] = (),
    empty: Cell = None,
    follows: bool = False,
) -> Column:
    path = tuple(at.split(".")) if at else ()
    scale = 1000 if name.endswith("_s") else 1
    if dtype == "flag":
        accepts = "True or False"
    return Column(name, dtype, about, path, scale, choices, of, empty, accepts, follows)


_SECONDS: Final = "seconds, 0 or more"
_LEVEL: Final = "a number from -1 to 1"

COLUMNS: Final[tuple[Column, ...]] = (
    _column("track", "int", "the number of its track, from 0, the lowest layer first", follows=True),
    _column("kind", "choice", "what its track holds", choices=KINDS),
    _column("role", "choice", "what it is there for", "role", choices=_ROLES),
    _column("name", "text", "what it is called", "name", follows=True),
    _column("start_s", "seconds", "when it begins", of=EVERYWHERE, accepts=_SECONDS, follows=True),
    _column("end_s", "seconds", "when it ends", of=EVERYWHERE, accepts="seconds, after start_s", follows=True),
    _column("duration_s", "seconds", "how long it lasts", of=EVERYWHERE, accepts="seconds, above 0", follows=True),
    _column("text", "text", "the words it shows", "text", _TEXTS, "words", empty=""),
    _column("source", "text", "its file's name; a mood of composed music; a sound effect", of=frozenset({"sound"}),
            accepts="for music: a mood, or the name of an uploaded sound"),
    _column("source_in_s", "number", "where in its file it begins", "in", _MEASURED, "seconds, later than now",
            empty=0.0, follows=True),
    _column("speed", "number", "1 is as recorded", "speed", _SHOTS, "a factor from 0.05 to 100", empty=1.0),
    _column("reverse", "flag", "it plays backwards", "reverse", _SHOTS, empty=False),
    _column("loop", "flag", "it starts again to fill its time", "loop", empty=False, follows=True),
    _column("volume", "number", "1 is as recorded", "volume", _HEARD, "a number from 0 to 2"),
    _column("muted", "flag", "it is not heard", "muted", _HEARD, empty=False),
    _column("fade_in_s", "number", "how long it comes in: the picture, or a sound", "fade_in", _HEARD, _SECONDS,
            empty=0.0),
    _column("fade_out_s", "number", "how long it goes out", "fade_out", _HEARD, _SECONDS, empty=0.0),
    _column("sound_fade_in_s", "number", "how long a clip's own sound comes in", "sound_fade_in", _SHOTS, _SECONDS,
            empty=0.0),
    _column("sound_fade_out_s", "number", "how long it goes out", "sound_fade_out", _SHOTS, _SECONDS, empty=0.0),
    _column("transition", "choice", "how a shot comes in", "transition.type", _SHOTS,
            choices=get_args(TransitionType), empty="cut", follows=True),
    _column("transition_s", "number", "how long that takes", "transition.ms", _SHOTS,
            "seconds, at most half of the shorter of the two shots", follows=True),
    _column("position", "choice", "where in the frame", "position", _PLACED, choices=get_args(Position)),
    _column("dx_frac", "number", "steps to the right of there", "dx", _PLACED, "a number from -4 to 4", empty=0.0),
    _column("dy_frac", "number", "steps down", "dy", _PLACED, "a number from -4 to 4", empty=0.0),
    _column("size_frac", "number", "how high it is", "size", _PLACED, "a number above 0, up to 1"),
    _column("opacity", "number", "1 hides what is behind", "opacity", _PLACED, "a number from 0 to 1"),
    _column("color", "text", "of the letters", "style.color", _TEXTS, "#rrggbb or a CSS name"),
    _column("bold", "flag", "", "style.bold", _TEXTS),
    _column("italic", "flag", "", "style.italic", _TEXTS),
    _column("font", "text", "the family's name", "style.font", _TEXTS, "a font's name"),
    _column("case", "choice", "letters are shown so", "style.case", _TEXTS, choices=("upper", "lower", "title")),
    _column("outline", "flag", "", "style.outline", _TEXTS),
    _column("shadow", "flag", "", "style.shadow", _TEXTS),
    _column("box", "flag", "", "style.box", _TEXTS),
    _column("align", "choice", "", "style.align", _TEXTS, choices=("left", "center", "right")),
    _column("anim_in", "choice", "how a text comes", "anim_in.type", _TEXTS, choices=get_args(Anim)),
    _column("anim_in_s", "number", "how long that takes", "anim_in.ms", _TEXTS, "seconds, above 0"),
    _column("anim_out", "choice", "how it goes", "anim_out.type", _TEXTS, choices=get_args(Anim)),
    _column("anim_out_s", "number", "how long that takes", "anim_out.ms", _TEXTS, "seconds, above 0"),
    _column("look", "choice", "a grade", "look", _SHOTS, choices=(*LOOKS, "none"), empty="none"),
    _column("brightness", "number", "", "adjust.brightness", _SHOTS, _LEVEL, empty=0.0),
    _column("contrast", "number", "", "adjust.contrast", _SHOTS, _LEVEL, empty=0.0),
    _column("saturation", "number", "", "adjust.saturation", _SHOTS, _LEVEL, empty=0.0),
    _column("temperature", "number", "", "adjust.temperature", _SHOTS, _LEVEL, empty=0.0),
    _column("sharpness", "number", "", "adjust.sharpness", _SHOTS, _LEVEL, empty=0.0),
    _column("effects", "text", "such as ``blur 0.5, grain 0.2``", of=_SHOTS, accepts="names, each with 0 to 1",
            empty=""),
    _column("zoom", "number", "a fixed scale", "zoom", _SEEN, "a number above 0, up to 20", empty=1.0),
    _column("rotate_deg", "number", "clockwise", "rotate", _SEEN, "degrees", empty=0.0),
    _column("flip", "choice", "mirrored", "flip", _SEEN, choices=("h", "v", "hv"), empty=""),
    _column("move", "choice", "a slow camera move", "move.direction", _SHOTS, choices=_MOVES, empty="none"),
    _column("move_amount", "number", "how far it goes", "move.amount", _SHOTS, "a number from 0 to 2"),
    _column("other", "text", "everything else that the timeline says of it, as JSON"),
)  # fmt: skip

BY_NAME: Final = {column.name: column for column in COLUMNS}
