"""Keys, chords and voice-leading: what the composer knows about harmony.

Pitches are MIDI note numbers (69 is A4, 440 Hz); degrees count scale steps from the tonic, 0-based and
unbounded (7 is the tonic an octave up). Everything here is pure and exact: no randomness, no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

__all__ = ["MODES", "Chord", "Key", "lead_voices"]

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
}

_OCTAVE = 12
_STEPS = 7
_FLAT_NINTH = 1
_SEMITONE = 1
_LOW_GAP_BELOW = 53
"""Below F3 close intervals growl (the low-interval limit of arranging textbooks): keep a fourth there."""
_LOW_GAP = 5
_MAX_SPAN = 19
_PERFECT = (0, 7)


@dataclass(frozen=True, slots=True)
class Chord:
    """A stack of thirds on a scale degree: ``tones`` are pitch classes, the root first."""

    degree: int
    tones: tuple[int, ...]

    @property
    def root(self) -> int:
        """The root's pitch class."""
        return self.tones[0]


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (pitch class 0 to 11) and one of `MODES`."""

    tonic: int
    mode: str

    @property
    def scale(self) -> tuple[int, ...]:
        """The mode's seven steps in semitones above the tonic."""
        return MODES[self.mode]

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The seven pitch classes that belong to the key."""
        return frozenset((self.tonic + step) % _OCTAVE for step in self.scale)

    def pitch(self, degree: int, octave: int = 4) -> int:
        """The MIDI pitch of a degree; degree 0 in octave 4 lies at or above middle C (60)."""
        octaves, step = divmod(degree, _STEPS)
        return _OCTAVE * (octave + 1 + octaves) + self.tonic + self.scale[step]

    def chord(self, degree: int, stack: tuple[int, ...] = (0, 2, 4)) -> Chord:
        """The chord that stacks scale steps ``stack`` on a degree.

        A ninth that would be a semitone above the root (on iii and vii of a major key) is left out: it is in
        the key, but it grinds against the root.
        """
        root = self.pitch(degree)
        tones = tuple(self.pitch(degree + step) for step in stack)
        kept = [t % _OCTAVE for t in tones if (t - root) % _OCTAVE != _FLAT_NINTH]
        return Chord(degree, tuple(kept))

    def degree_near(self, pitch: int) -> int:
        """The degree (counted from octave 4) whose pitch is nearest; the lower one in a tie."""
        middle = (pitch - self.pitch(0)) * _STEPS // _OCTAVE
        return min(range(middle - 2, middle + 3), key=lambda d: (abs(self.pitch(d) - pitch), d))


def _placements(tone: int, low: int, high: int) -> range:
    return range(low + (tone - low) % _OCTAVE, high + 1, _OCTAVE)


def _muddy(voicing: tuple[int, ...]) -> bool:
    return any((a < _LOW_GAP_BELOW and b - a < _LOW_GAP) or b - a <= _SEMITONE for a, b in pairwise(voicing))


def _parallels(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    """How many pairs of voices move in parallel fifths or octaves."""
    moves = list(zip(before, after, strict=True))
    return sum(
        1
        for i, (a, x) in enumerate(moves)
        for b, y in moves[i + 1 :]
        if a != x and (b - a) % _OCTAVE in _PERFECT and b - a == y - x
    )


def lead_voices(tones: tuple[int, ...], previous: tuple[int, ...] | None, low: int, high: int) -> tuple[int, ...]:
    """Place pitch classes in ``[low, high]`` (MIDI) so that the voices move as little as they can.

    Among all placements this picks the one with the smallest total motion from ``previous``, with a price on
    parallel perfect intervals, on drifting away from the middle of the range, on spans over a twelfth and on
    close intervals in the low register. Without a previous chord, the most central, evenly spread one.

    Returns:
        Ascending MIDI pitches, one for each tone.
    """
    centre = (low + high) / 2
    same_size = previous is not None and len(previous) == len(tones)

    def cost(voicing: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        price = 0.4 * abs(sum(voicing) / len(voicing) - centre)
        price += 30.0 if _muddy(voicing) else 0.0
        price += 4.0 * max(0, voicing[-1] - voicing[0] - _MAX_SPAN)
        if previous is not None and same_size:
            price += sum(abs(b - a) for a, b in zip(previous, voicing, strict=True))
            price += 2.0 * _parallels(previous, voicing)
        elif previous is not None:
            price += abs(voicing[-1] - previous[-1]) + abs(voicing[0] - previous[0])
        else:
            price += 0.2 * (voicing[-1] - voicing[0])
        return price, voicing

    options = {tuple(sorted(placed)) for placed in product(*(_placements(t, low, high) for t in tones))}
    return min(options, key=cost)
