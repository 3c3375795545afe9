"""The values: a subtitle with its times, what was wrong with a file, and a file as it was read."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

__all__ = ["Cue", "Problem", "Subtitles", "flattened"]

Place = Literal["top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"]
# An overlap as short as this is a slip of the clock and not two people who speak at once.
_SLIP_MS: Final = 250
# What is shown for less than a frame is not seen.
_BLINK_MS: Final = 40
# More subtitles than this at one time can't be read; the newest are shown.
_AT_ONCE: Final = 3


@dataclass(frozen=True, slots=True)
class Cue:
    r"""One subtitle.

    Attributes:
        start_ms, end_ms: when it is there; the end is after the start.
        text: its words without tags; ``\n`` breaks lines.
        position: one of the nine places; None is the usual one, at the bottom.
        italic, bold: the whole of it is.
        color: ``#rrggbb`` of the whole of it, when the file says one.
        speaker: who says it, where the file does (WebVTT's ``<v Ana>``).
    """

    start_ms: int
    end_ms: int
    text: str
    position: Place | None = None
    italic: bool = False
    bold: bool = False
    color: str | None = None
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line (counted from 1) that could not be used, and why, in words."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A file as it was read: its cues by time, what had to be left out, and how its bytes were understood."""

    cues: tuple[Cue, ...]
    problems: tuple[Problem, ...] = ()
    format: Literal["srt", "vtt"] = "srt"
    encoding: str = "utf-8"


def flattened(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Cues of which no two at the same place are there at the same time.

    Where they overlap, both are shown, one under the other, as players do it; an overlap of less than a quarter of a
    second is cut off instead.
    """
    places: dict[Place | None, list[Cue]] = {}
    for cue in cues:
        places.setdefault(None if cue.position == "bottom" else cue.position, []).append(cue)
    flat = [cue for group in places.values() for cue in _sliced(_without_slips(sorted(group, key=_when)))]
    return tuple(sorted(flat, key=_when))


def _when(cue: Cue) -> tuple[int, int]:
    return cue.start_ms, cue.end_ms


def _without_slips(cues: Sequence[Cue]) -> list[Cue]:
    """Each cue ends where the next one begins, when it would otherwise end a moment later."""
    out = list(cues)
    for n, (cue, following) in enumerate(itertools.pairwise(cues)):
        if 0 < cue.end_ms - following.start_ms <= _SLIP_MS and following.start_ms - cue.start_ms > _SLIP_MS:
            out[n] = replace(cue, end_ms=following.start_ms)
    return out


def _sliced(cues: Sequence[Cue]) -> list[Cue]:
    """The stretches of time in which the same cues are there, each as one cue."""
    borders = sorted({border for cue in cues for border in _when(cue)})
    out: list[Cue] = []
    there: list[Cue] = []
    coming = 0
    for start, end in itertools.pairwise(borders):
        there = [cue for cue in there if cue.end_ms > start]
        while coming < len(cues) and cues[coming].start_ms <= start:
            there.append(cues[coming])
            coming += 1
        if there:
            made = _together(there[-_AT_ONCE:], start, end)
            if out and replace(out[-1], start_ms=0, end_ms=1) == replace(made, start_ms=0, end_ms=1):
                joins = out[-1].end_ms == start
                out[-1:] = [replace(out[-1], end_ms=end)] if joins else [out[-1], made]
            elif end - start >= _BLINK_MS or len(there) == 1:
                out.append(made)
    return out


def _together(cues: Sequence[Cue], start: int, end: int) -> Cue:
    first = cues[0]
    text = "\n".join(dict.fromkeys(cue.text for cue in cues))
    color = first.color if all(cue.color == first.color for cue in cues) else None
    return replace(
        first,
        start_ms=start,
        end_ms=end,
        text=text,
        italic=all(cue.italic for cue in cues),
        bold=all(cue.bold for cue in cues),
        color=color,
        speaker=first.speaker if len(cues) == 1 else "",
    )
