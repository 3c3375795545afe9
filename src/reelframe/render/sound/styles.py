"""The moods: which keys, chords, patterns, instruments and finish each kind of background music draws from.

A mood is data. Patterns are written on a grid of sixteen steps to the bar: a digit is a stroke of that strength
(9 the strongest), a dot is a rest. Degrees are 0-based scale steps, so ``(1, 4, 0, 5)`` is ii-V-I-vi.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reelframe.errors import ConfigurationError

__all__ = ["MOODS", "Bass", "Comp", "Finish", "Groove", "Harmony", "Style", "style_of"]


@dataclass(frozen=True, slots=True)
class Harmony:
    """A mode and the chord cycles that sound well in it; ``cadence`` leads to the last tonic."""

    mode: str
    verses: tuple[tuple[int, ...], ...]
    bridges: tuple[tuple[int, ...], ...]
    cadence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comp:
    """How the chords are played.

    Attributes:
        kind: ``block`` (together), ``strum`` (one string after the other), ``arp`` (one note at each stroke).
        steps: the sixteen-step pattern.
        length: how long a stroke sounds, in steps; 0 lasts until the next stroke.
        order: for ``arp``: which voice at each stroke (from the bottom; it wraps around with an octave).
        lift: octaves above the voicing.
    """

    kind: str
    steps: str
    length: float = 0.0
    order: tuple[int, ...] = ()
    lift: int = 0


@dataclass(frozen=True, slots=True)
class Bass:
    """A bass figure: (step, length in steps, tone), the tone one of root, fifth, octave, third or approach."""

    strokes: tuple[tuple[int, float, str], ...]


@dataclass(frozen=True, slots=True)
class Groove:
    """A drum pattern: a step pattern for each drum, and those that only play at high energy."""

    base: dict[str, str]
    extra: dict[str, str] = field(default_factory=dict)
    fill: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finish:
    """What the mastering does to a mood: room, brightness and age.

    Attributes:
        reverb_s: time in which the reverb falls by 60 dB, in seconds.
        wet: the reverb's level against the dry sound.
        lowpass_hz: 0 for none.
        tilt_db: gain of the tilt filter at 10 kHz against 100 Hz.
        wow_cents: depth of a slow tape-like pitch wander.
        crackle_db: level of vinyl crackle, 0 for none.
        pump_db: how deep the chords duck under each kick.
    """

    reverb_s: float = 1.4
    wet: float = 0.2
    lowpass_hz: float = 0.0
    tilt_db: float = 0.0
    wow_cents: float = 0.0
    crackle_db: float = 0.0
    pump_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Style:
    """Everything that a mood may draw from. The seed chooses; tempo in beats a minute."""

    name: str
    bpm: tuple[int, int]
    tonics: tuple[int, ...]
    harmonies: tuple[Harmony, ...]
    stack: tuple[int, ...]
    comps: tuple[Comp, ...]
    comp_voices: tuple[str, ...]
    basses: tuple[Bass, ...]
    bass_voice: str
    lead_voices: tuple[str, ...]
    lead_cells: tuple[str, ...]
    lead_low: int
    grooves: tuple[Groove, ...]
    finish: Finish
    pad_voice: str = ""
    arp_voice: str = ""
    arps: tuple[Comp, ...] = ()
    swing: float = 0.5
    loose_s: float = 0.006
    rootless: bool = False
    voicing: tuple[int, int] = (52, 74)
    levels: dict[str, float] = field(default_factory=dict)


_POP = Harmony(
    "major",
    verses=((0, 4, 5, 3), (0, 3, 5, 4), (5, 3, 0, 4), (0, 2, 3, 4), (3, 0, 4, 5)),
    bridges=((3, 4, 5, 0), (1, 3, 5, 4), (3, 0, 1, 4), (5, 4, 3, 4)),
    cadence=(3, 4, 0),
)
_JAZZY = Harmony(
    "major",
    verses=((1, 4, 0, 5), (0, 5, 1, 4), (3, 2, 1, 0), (2, 5, 1, 4), (3, 4, 2, 5)),
    bridges=((3, 2, 1, 4), (5, 1, 4, 0), (3, 3, 2, 5), (1, 2, 3, 4)),
    cadence=(1, 4, 0),
)
_DORIAN = Harmony(
    "dorian",
    verses=((0, 3, 0, 3), (0, 2, 3, 0), (0, 6, 3, 0), (0, 3, 6, 2)),
    bridges=((2, 6, 0, 3), (6, 3, 2, 3), (3, 2, 6, 6)),
    cadence=(3, 6, 0),
)
_AEOLIAN = Harmony(
    "minor",
    verses=((0, 5, 2, 6), (0, 3, 5, 6), (0, 6, 5, 6), (0, 2, 6, 3), (0, 5, 3, 6)),
    bridges=((5, 6, 0, 2), (3, 0, 5, 6), (5, 2, 3, 6), (2, 6, 3, 5)),
    cadence=(5, 6, 0),
)
_STILL = Harmony(
    "major",
    verses=((0, 3, 0, 4), (0, 2, 3, 3), (3, 0, 5, 4), (0, 5, 3, 3), (5, 3, 0, 0)),
    bridges=((5, 2, 3, 0), (1, 3, 0, 0), (3, 4, 2, 5)),
    cadence=(3, 4, 0),
)

_LONG = (
    Bass(((0, 16, "root"),)),
    Bass(((0, 10, "root"), (10, 6, "fifth"))),
    Bass(((0, 12, "root"), (12, 4, "octave"))),
)

_LOFI = Style(
    name="lofi",
    bpm=(70, 86),
    tonics=(5, 3, 2, 0, 10),
    harmonies=(_JAZZY, _JAZZY, _DORIAN),
    stack=(0, 2, 4, 6, 8),
    rootless=True,
    comps=(
        Comp("block", "7.....5...6.....", 0),
        Comp("block", "7..5......5.....", 5),
        Comp("block", "6.....6.....4...", 5.5),
        Comp("strum", "7.......5.....4.", 0),
    ),
    comp_voices=("epiano", "epiano", "guitar"),
    pad_voice="pad",
    basses=(
        Bass(((0, 5, "root"), (6, 2, "fifth"), (10, 4, "root"), (14, 2, "approach"))),
        Bass(((0, 6, "root"), (7, 3, "root"), (10, 5, "fifth"))),
        Bass(((0, 7, "root"), (8, 5, "fifth"), (14, 2, "approach"))),
    ),
    bass_voice="upright",
    lead_voices=("vibes", "bell", "flute", "guitar"),
    lead_cells=("..6.....7...5...", "7.....5.6.......", "....6..6....5...", "6...5...7......."),
    lead_low=67,
    grooves=(
        Groove(
            {"kick": "9......5..8.....", "snare": "....6.......6...", "hat": "5.4.5.4.5.4.5.4."},
            {"rim": ".......3......3."},
            {"snare": "....6.......6.34"},
        ),
        Groove(
            {"kick": "9.....6...8.....", "rim": "....7.......7...", "hat": "5.3.6.3.5.3.6.34"},
            {"shaker": "2.3.2.3.2.3.2.3."},
            {"kick": "9.....6...8..5.."},
        ),
        Groove(
            {"kick": "9..5......8.....", "snare": "....5..2....6...", "hat": "4.5.4.5.4.5.4.5."},
            {"open": "..............3."},
        ),
    ),
    swing=0.57,
    loose_s=0.009,
    finish=Finish(reverb_s=1.1, wet=0.15, lowpass_hz=6500, wow_cents=6, crackle_db=-52, pump_db=1.5),
)

_UPBEAT = Style(
    name="upbeat",
    bpm=(112, 128),
    tonics=(7, 2, 9, 0, 4),
    harmonies=(_POP,),
    stack=(0, 2, 4),
    comps=(
        Comp("strum", "8...6.5...6.6.5.", 2),
        Comp("strum", "8..6..6.8..6..6.", 2),
        Comp("block", "8.....7.....7...", 4),
        Comp("block", "..7...7...7...7.", 1.6),
    ),
    comp_voices=("guitar", "piano", "guitar"),
    pad_voice="pad",
    arp_voice="marimba",
    arps=(
        Comp("arp", "6.5.6.5.6.5.6.5.", 1.6, (0, 2, 1, 3), 1),
        Comp("arp", "6..5..6..5..6.5.", 2, (0, 1, 2, 3), 1),
    ),
    basses=(
        Bass(tuple((s, 1.7, "octave" if s in {6, 14} else "root") for s in range(0, 16, 2))),
        Bass(((0, 3, "root"), (3, 3, "root"), (6, 2, "root"), (8, 3, "root"), (11, 3, "fifth"))),
        Bass(((0, 6, "root"), (6, 2, "root"), (8, 6, "fifth"), (14, 2, "approach"))),
    ),
    bass_voice="electric",
    lead_voices=("bell", "whistle", "marimba", "pluck"),
    lead_cells=("7...7.6.8...6...", "8..7..6.....7...", "7.6.7...8.......", "..7.7...6.7.8..."),
    lead_low=72,
    grooves=(
        Groove(
            {"kick": "9...8...9...8...", "clap": "....7.......7...", "hat": "..6...6...6...6."},
            {"shaker": "4353435343534353", "tambourine": "....4.......4..."},
            {"tom": "............5678"},
        ),
        Groove(
            {"kick": "9.....7.8.......", "snare": "....8.......8...", "hat": "6.4.6.4.6.4.6.4."},
            {"clap": "....6.......6...", "shaker": "3.4.3.4.3.4.3.4."},
            {"snare": "....8.......8.68"},
        ),
        Groove(
            {"kick": "9..7....9..7....", "clap": "....7.......7...", "shaker": "5.3.5.3.5.3.5.3."},
            {"open": "..4...4...4...4."},
            {"tom": "..........5.6.78"},
        ),
    ),
    loose_s=0.004,
    finish=Finish(reverb_s=1.1, wet=0.13, pump_db=2.5),
)

_CALM = Style(
    name="calm",
    bpm=(60, 72),
    tonics=(2, 9, 4, 7, 5),
    harmonies=(
        _STILL,
        _STILL,
        Harmony("lydian", ((0, 1, 0, 4), (0, 4, 1, 0)), ((5, 1, 4, 0),), (1, 4, 0)),
    ),
    stack=(0, 2, 4, 8),
    comps=(
        Comp("arp", "6.4.5.4.6.4.5.4.", 6, (0, 1, 2, 3, 2, 1)),
        Comp("arp", "6...4...5...4...", 8, (0, 2, 1, 3)),
        Comp("block", "6.......4.......", 0),
        Comp("arp", "6...5.4.......4.", 9, (0, 2, 3, 1)),
    ),
    comp_voices=("piano", "harp", "epiano"),
    pad_voice="pad",
    basses=_LONG,
    bass_voice="sub",
    lead_voices=("flute", "piano", "bell"),
    lead_cells=("7.......5.......", "6.....5.6.......", "....6.......5...", "7..............."),
    lead_low=69,
    grooves=(Groove({}), Groove({}, {"shaker": "2...3...2...3..."})),
    loose_s=0.010,
    finish=Finish(reverb_s=2.8, wet=0.34),
    levels={"pad": -1.0, "lead": 1.0},
)

_CORPORATE = Style(
    name="corporate",
    bpm=(100, 114),
    tonics=(0, 2, 4, 5, 10),
    harmonies=(_POP,),
    stack=(0, 2, 4, 8),
    comps=(
        Comp("block", "7.........6.....", 0),
        Comp("block", "7.....6.....6...", 5),
        Comp("block", "7...............", 0),
    ),
    comp_voices=("piano", "piano", "epiano"),
    pad_voice="pad",
    arp_voice="muted",
    arps=(
        Comp("arp", "7.5.6.5.7.5.6.5.", 1.5, (0, 1, 2, 1, 3, 1, 2, 1), 1),
        Comp("arp", "7.5.5.7.5.5.6.5.", 1.5, (0, 2, 1, 3), 1),
        Comp("arp", "6.6.6.6.6.6.6.6.", 1.4, (0, 0, 2, 2, 1, 1, 3, 3), 1),
    ),
    basses=(
        Bass(tuple((s, 3.6, "root") for s in range(0, 16, 4))),
        Bass(tuple((s, 1.7, "root") for s in range(0, 16, 2))),
        Bass(((0, 10, "root"), (10, 6, "root"))),
    ),
    bass_voice="electric",
    lead_voices=("bell", "pluck", "piano"),
    lead_cells=("7.......6...5...", "6...7.......5...", "7.....6.7.......", "..6.7..........."),
    lead_low=72,
    grooves=(
        Groove(
            {"kick": "8.......8.......", "clap": "....5.......5...", "shaker": "4.3.4.3.4.3.4.3."},
            {"hat": "..4...4...4...4."},
            {"tom": "............4.56"},
        ),
        Groove(
            {"kick": "8.....5.8.......", "rim": "....6.......6...", "hat": "5.3.5.3.5.3.5.3."},
            {"tambourine": "....3.......3..."},
        ),
        Groove(
            {"kick": "8...7...8...7...", "clap": "....4.......4..."},
            {"shaker": "3.4.3.4.3.4.3.4.", "hat": "..4...4...4...4."},
        ),
    ),
    loose_s=0.004,
    finish=Finish(reverb_s=1.4, wet=0.17, pump_db=1.5),
)

_CINEMATIC = Style(
    name="cinematic",
    bpm=(78, 94),
    tonics=(9, 2, 4, 0, 7),
    harmonies=(_AEOLIAN, _AEOLIAN, _DORIAN),
    stack=(0, 2, 4),
    comps=(
        Comp("block", "6...............", 0),
        Comp("block", "6.......6.......", 0),
    ),
    comp_voices=("strings",),
    pad_voice="pad",
    arp_voice="spiccato",
    arps=(
        Comp("arp", "7.5.6.5.7.5.6.5.", 1.4, (0, 2, 1, 2)),
        Comp("arp", "7.557.557.557.55", 0.8, (0, 2, 1)),
        Comp("arp", "7..6..6.7..6..6.", 1.4, (0, 0, 1, 0, 0, 2)),
    ),
    basses=(*_LONG, Bass(tuple((s, 1.6, "root") for s in (0, 6, 8, 14)))),
    bass_voice="low_strings",
    lead_voices=("horn", "piano", "horn"),
    lead_cells=("7...........6...", "7.......6.......", "6.....5.7.......", "7..............."),
    lead_low=60,
    grooves=(
        Groove(
            {"taiko": "9.......6..5...."},
            {"taiko": "9..5..6.8..5..67", "low_tom": "....5.......5..."},
            {"taiko": "9..5..6.8.6.6.89"},
        ),
        Groove(
            {"taiko": "8.....5........."},
            {"taiko": "9.....6...8...6.", "low_tom": "....6..5....6.45"},
            {"low_tom": "....5.5.5.6.6.78"},
        ),
    ),
    loose_s=0.008,
    finish=Finish(reverb_s=2.6, wet=0.30),
    voicing=(52, 76),
    levels={"comp": -3.0, "arp": 3.0, "pad": -3.0},
)

_WARM = Style(
    name="warm",
    bpm=(84, 98),
    tonics=(7, 0, 2, 4, 9),
    harmonies=(_POP, _STILL),
    stack=(0, 2, 4, 8),
    comps=(
        Comp("arp", "7.5.6.5.7.5.6.5.", 5, (0, 2, 1, 3, 0, 3, 1, 2)),
        Comp("arp", "7..56..57..56..5", 4, (0, 1, 2, 3)),
        Comp("strum", "8...5.6...6.5.6.", 3),
    ),
    comp_voices=("guitar", "guitar", "harp"),
    pad_voice="strings",
    basses=(
        Bass(((0, 8, "root"), (8, 8, "fifth"))),
        Bass(((0, 6, "root"), (6, 2, "fifth"), (8, 8, "root"))),
        Bass(((0, 12, "root"), (12, 4, "approach"))),
    ),
    bass_voice="upright",
    lead_voices=("flute", "piano", "whistle", "vibes"),
    lead_cells=("7...6...7.......", "7.....6.5...6...", "..6.7.......6...", "6.......7...5..."),
    lead_low=69,
    grooves=(
        Groove(
            {"kick": "6.......5.......", "shaker": "3.2.4.2.3.2.4.2."},
            {"rim": "....4.......4...", "tambourine": "....3.......3..."},
        ),
        Groove(
            {"kick": "6.....4.5.......", "brush": "....5.......5..."},
            {"shaker": "2.3.2.3.2.3.2.3."},
        ),
    ),
    loose_s=0.008,
    finish=Finish(reverb_s=1.6, wet=0.22),
)

_JAZZ = Style(
    name="jazz",
    bpm=(112, 140),
    tonics=(5, 10, 3, 0, 8),
    harmonies=(_JAZZY,),
    stack=(0, 2, 4, 6, 8),
    rootless=True,
    comps=(
        Comp("block", "7.....6.........", 3),
        Comp("block", "......6.......6.", 2),
        Comp("block", "6.........5.....", 4),
        Comp("block", "..6.....6.....5.", 1.6),
    ),
    comp_voices=("piano", "epiano", "guitar"),
    basses=(
        Bass(((0, 3.6, "root"), (4, 3.6, "third"), (8, 3.6, "fifth"), (12, 3.6, "approach"))),
        Bass(((0, 3.6, "root"), (4, 3.6, "fifth"), (8, 3.6, "third"), (12, 3.6, "approach"))),
        Bass(((0, 3.6, "root"), (4, 3.6, "octave"), (8, 3.6, "fifth"), (12, 3.6, "approach"))),
    ),
    bass_voice="upright",
    lead_voices=("vibes", "piano", "muted_horn", "guitar"),
    lead_cells=("7.6.7...6.8.....", "..7.6.7.....6...", "8...6.7.6.......", "....7.6.8...6.5."),
    lead_low=65,
    grooves=(
        Groove(
            {"ride": "7...8.6.7...8.6.", "hat": "....6.......6...", "kick": "4...4...4...4..."},
            {"rim": "......4.......3."},
        ),
        Groove(
            {"brush": "5.3.7.3.5.3.7.3.", "ride": "6...7.5.6...7.5.", "kick": "4.......4......."},
            {"hat": "....5.......5..."},
        ),
    ),
    swing=0.63,
    loose_s=0.007,
    finish=Finish(reverb_s=1.2, wet=0.16),
)

_STYLES = {s.name: s for s in (_LOFI, _UPBEAT, _CALM, _CORPORATE, _CINEMATIC, _WARM, _JAZZ)}
MOODS: tuple[str, ...] = tuple(_STYLES)
"""The moods that can be composed."""


def style_of(mood: str) -> Style:
    """The style of a mood, by its name.

    Raises:
        ConfigurationError: no such mood; the message names those that there are.
    """
    try:
        return _STYLES[mood]
    except KeyError:
        message = f"There is no music of the mood {mood!r}."
        raise ConfigurationError(message, hint=f"Choose one of {', '.join(MOODS)}.") from None
