"""The synthesiser: a `Score` becomes sound, block by block.

A tone of a voice and pitch is computed once at the greatest length needed, and every note cuts its own out
of it with an attack and a release; a drum's hit is computed once in a process. So a note costs a multiply
and an add, and half a minute takes a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reelframe.render.sound import drums
from reelframe.render.sound.signal import RATE, equal_power, frames, from_decibels, spans
from reelframe.render.sound.styles import style_of
from reelframe.render.sound.voices import VOICES, tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reelframe.render.sound.score import Note, Score
    from reelframe.render.sound.signal import Sound

__all__ = ["Stems", "play"]

_RELEASE_TAIL = 1.0
_VELOCITY_CURVE = 1.4
_KICK = drums.KEYS["kick"]
_PUMP_S = 0.22
_NAMES = {key: name for name, key in drums.KEYS.items()}


@dataclass(frozen=True, slots=True)
class _Channel:
    """A strip of the mixing desk: level, place, how pitch spreads over the stage, reverb."""

    gain_db: float
    pan: float = 0.0
    spread: float = 0.0
    send: float = 0.3


_DESK = {
    "comp": _Channel(-1.0, -0.12, 0.5, 0.35),
    "pad": _Channel(-9.0, 0.0, 0.0, 0.5),
    "arp": _Channel(-6.0, 0.28, 0.4, 0.4),
    "bass": _Channel(0.0, 0.0, 0.0, 0.03),
    "lead": _Channel(-2.0, 0.1, 0.2, 0.55),
    "drums": _Channel(-3.0, 0.0, 0.0, 0.08),
}
_DRIVEN = ("comp", "pad", "arp")
"""The parts that give way to the kick where a style pumps."""


@dataclass(frozen=True, slots=True)
class Stems:
    """A block of sound on its way: the dry mix ``(n, 2)`` and what goes to the reverb ``(n,)``."""

    dry: Sound
    send: Sound


def _gated(wave: Sound, attack: int, hold: int, release: int) -> Sound:
    """Cut a note out of a tone: rising over ``attack``, gone ``release`` samples after ``hold``."""
    note = wave[: hold + release].copy()
    rise = min(attack, hold)
    shape = np.ones(len(note), dtype=np.float32)
    shape[:rise] *= equal_power(rise) ** 2
    shape[hold:] *= equal_power(release)[::-1][: len(note) - hold] ** 2
    note *= shape[:, None] if note.ndim == 2 else shape  # stereo
    return note


class _Bank:
    """The tones of one piece: each voice and pitch once, as long as its longest note."""

    def __init__(self, score: Score) -> None:
        self._voices = dict(score.instruments)
        self._longest: dict[tuple[str, int], int] = {}
        self._tones: dict[tuple[str, int], Sound] = {}
        for note in score.notes:
            if note.part != "drums":
                voice = self._voices[note.part]
                length = frames(note.duration_s) + frames(VOICES[voice].release_s)
                key = (voice, note.pitch)
                self._longest[key] = max(length, self._longest.get(key, 0))
        self.longest = max([2 * RATE, *self._longest.values()])

    def sound_of(self, note: Note, nth: int) -> Sound:
        if note.part == "drums":
            return drums.hit(note.pitch, nth % drums.VARIANTS)
        name = self._voices[note.part]
        key = (name, note.pitch)
        if key not in self._tones:
            self._tones[key] = tone(name, note.pitch, self._longest[key])
        voice = VOICES[name]
        hold = frames(note.duration_s)
        # A slow attack must still be heard in a short note.
        attack = min(frames(voice.attack_s), max(48, hold // 2))
        return _gated(self._tones[key], attack, hold, frames(voice.release_s))


def _place(note: Note, channel: _Channel) -> tuple[float, float, float]:
    """A note's gains to the left, the right and the reverb."""
    pan, send, gain = channel.pan, channel.send, from_decibels(channel.gain_db)
    if note.part == "drums":
        name = _NAMES[note.pitch]
        pan, send = drums.PANS.get(name, 0.0), drums.SENDS.get(name, channel.send)
    else:
        pan += channel.spread * (note.pitch - 64) / 24
    angle = (min(0.9, max(-0.9, pan)) + 1) * np.pi / 4
    gain *= note.velocity**_VELOCITY_CURVE
    return gain * float(np.cos(angle)) * 2**0.5, gain * float(np.sin(angle)) * 2**0.5, gain * send


def _desk(score: Score) -> dict[str, _Channel]:
    levels = style_of(score.mood).levels
    return {part: _Channel(c.gain_db + levels.get(part, 0.0), c.pan, c.spread, c.send) for part, c in _DESK.items()}


def _pump(score: Score, start: int, stop: int, depth_db: float) -> Sound:
    """The gain of the chords under the kicks between two samples."""
    dip = np.zeros(stop - start, dtype=np.float32)
    length = frames(_PUMP_S)
    shape = np.linspace(1, 0, length, dtype=np.float32) ** 1.5
    # The dip opens over 5 ms, so that it is not itself a click.
    rise = frames(0.005)
    shape[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    for note in score.notes:
        if note.part == "drums" and note.pitch == _KICK:
            at = frames(note.start_s) - start
            low, high = max(0, at), min(len(dip), at + length)
            if low < high:
                piece = dip[low:high]
                np.maximum(piece, shape[low - at : high - at], out=piece)
    return np.float32(10) ** (np.float32(-depth_db / 20) * dip)


def play(score: Score, block: int = 1 << 19) -> Iterator[Stems]:
    """Render a score, one block after the other, exactly ``round(seconds * 48000)`` samples in all."""
    total = frames(score.seconds)
    bank = _Bank(score)
    desk = _desk(score)
    depth = style_of(score.mood).finish.pump_db
    block = min(block, total)
    reach = block + bank.longest + round(_RELEASE_TAIL * RATE)
    driven = np.zeros((2, reach), dtype=np.float32)
    free = np.zeros((2, reach), dtype=np.float32)
    send = np.zeros(reach, dtype=np.float32)
    upcoming = iter([*enumerate(score.notes), (-1, None)])
    nth, note = next(upcoming)
    for start, stop in spans(total, block):
        while note is not None and frames(note.start_s) < stop:
            sound = bank.sound_of(note, nth)
            left, right, wet = _place(note, desk[note.part])
            at = frames(note.start_s) - start
            span = slice(at, at + len(sound))
            bus = driven if note.part in _DRIVEN else free
            one, two = (sound[:, 0], sound[:, 1]) if sound.ndim == 2 else (sound, sound)  # stereo
            bus[0, span] += np.float32(left) * one
            bus[1, span] += np.float32(right) * two
            send[span] += np.float32(wet) * one
            nth, note = next(upcoming)
        count = stop - start
        mixed = driven[:, :count].copy()
        if depth:
            mixed *= _pump(score, start, stop, depth)
        mixed += free[:, :count]
        yield Stems(mixed.T.copy(), send[:count].copy())
        for lane in (driven, free, send):
            lane[..., : reach - count] = lane[..., count:].copy()
            lane[..., reach - count :] = 0
