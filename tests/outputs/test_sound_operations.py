"""Every operation that changes what is heard, and what is measured of it on the decoded samples of a rendered file.

A clip says by its pitch which of its seconds is playing, the music is a tone of its own, so that what plays when, and
how loud, can be read off a spectrum.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache as remembered
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from reelframe.draft import Draft
from reelframe.edits import Plan, apply
from reelframe.edits.names import SOUNDS
from reelframe.edits.ops import audio, segments
from reelframe.media import probe
from reelframe.media.model import Library
from reelframe.render import compose
from reelframe.render.outputs import Options, export

RATE = 48_000
STAIRS = (400, 600, 900, 1300)
"""The pitch of each second of the clip, in hertz."""
STEP, TUNE, OTHER, VOICE = 500, 2000, 3000, 350
GONE = -70.0


def tone(hertz, seconds):
    return 0.25 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


@dataclass(frozen=True)
class Heard:
    """The decoded sound of a file."""

    samples: np.ndarray
    path: Path

    @property
    def seconds(self):
        return len(self.samples) / RATE

    def level(self, hertz, start, end):
        """The amplitude of a frequency between two times, in dB."""
        piece = self.samples[round(start * RATE) : round(end * RATE), 0].astype(np.float64)
        window = np.hanning(len(piece))
        turn = np.exp(-2j * np.pi * hertz * np.arange(len(piece)) / RATE)
        return float(20 * np.log10(2 * abs((piece * window * turn).sum()) / window.sum() + 1e-9))

    def pitch(self, start, end):
        """The strongest frequency under 1600 Hz between two times, in hertz; None in silence."""
        piece = self.samples[round(start * RATE) : round(end * RATE), 0]
        size = 1 << 17
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), size))[: round(1600 / RATE * size)]
        if spectrum.max() / len(piece) < 1e-4:
            return None
        return float(np.argmax(spectrum) * RATE / size)

    def pitches(self, step=1.0):
        """The pitch in the middle of each stretch of so many seconds."""
        middles = np.arange(step / 2, self.seconds - step / 4, step)
        return [self.pitch(t - 0.3 * step, t + 0.3 * step) for t in middles]

    def lufs(self):
        command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(self.path), "-af", "ebur128", "-f", "null", "-"]
        said = subprocess.run(command, capture_output=True, check=True, text=True).stderr
        return float(re.search(r"I:\s+(-?[\d.]+) LUFS", said[said.rindex("Summary:") :])[1])

    def per_second(self):
        """RMS of each second in dB."""
        whole = self.samples[: round(self.seconds) * RATE].reshape(-1, RATE * 2).astype(np.float64)
        return 10 * np.log10((whole**2).mean(axis=1) + 1e-12)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The clip of four tones, a higher clip, three sounds."""
    folder = tmp_path_factory.mktemp("tones")
    waves = {
        "stairs": np.concatenate([tone(hertz, 1) for hertz in STAIRS]),
        "step": tone(STEP, 4),
        "tune": tone(TUNE, 12),
        "other": tone(OTHER, 12),
        "voice": tone(VOICE, 1),
    }
    media = []
    for name, wave in waves.items():
        wavfile.write(folder / f"{name}.wav", RATE, np.rint(32767 * np.stack([wave, wave], axis=1)).astype(np.int16))
    for name in ("stairs", "step"):
        grey = ["-f", "lavfi", "-i", "color=gray:s=64x36:d=4:r=10"]
        command = ["ffmpeg", "-v", "error", *grey, "-i", folder / f"{name}.wav", "-b:a", "256k", folder / f"{name}.mp4"]
        subprocess.run(command, check=True)
        media.append(probe(folder / f"{name}.mp4"))
    media.extend(probe(folder / f"{name}.wav") for name in ("tune", "other", "voice"))
    return Library(tuple(media))


def base(library, which):
    """The timelines that the operations are done to."""
    ids = {m.name.partition(".")[0]: m.id for m in library}
    clip = {"d": 4000, "m": {"id": "v", "start": 0, "media": ids["stairs"], "name": "stairs.mp4"}}
    card = {"d": 6000, "m": {"id": "c", "start": 0, "role": "card", "color": "#303030"}}
    step = {"d": 4000, "m": {"id": "w", "start": 4000, "media": ids["step"], "name": "step.mp4"}}
    voice = {"d": 1000, "m": {"id": "s", "start": 2000, "media": ids["voice"], "role": "voice", "name": "voice.wav"}}

    def music(length):
        return {"d": length, "m": {"id": "a", "start": 0, "media": ids["tune"], "role": "bgm", "name": "tune.wav"}}

    tracks = {
        "clip": [(0, [clip]), (1, [music(4000)])],
        "bare": [(0, [clip])],
        "pair": [(0, [clip, step])],
        "talk": [(0, [card]), (1, [music(6000)]), (1, [voice])],
        "card": [(0, [card])],
    }[which]
    length = max(s["m"]["start"] + s["d"] for _, sg in tracks for s in sg)
    head = {"width": 64, "height": 36, "fps": 10}
    return Draft.from_wire({"t": [{"tt": tt, "sg": sg} for tt, sg in tracks], "d": length, "m": head})


@pytest.fixture(scope="module")
def listen(library, tmp_path_factory, samples, cache):
    """listen(base, ops, form): what is heard of a timeline after the operations, rendered and decoded."""
    folder = tmp_path_factory.mktemp("heard")

    @remembered
    def rendered(which, ops, form):
        if which == "card" and ops == "[]":
            return None
        plan = Plan.from_dict({"ops": json.loads(ops)})
        draft = apply(base(library, which), plan, library)
        path = folder / f"{len(list(folder.iterdir()))}.{form}"
        export(compose(draft, library), path, Options(quality="preview"), cache=cache)
        return Heard(samples(path), path)

    return lambda which, ops=(), form="mp4": rendered(which, json.dumps(ops), form)


@dataclass(frozen=True)
class Row:
    """A line of the table: what is done to which timeline, and what must be heard then."""

    name: str
    base: str
    ops: tuple[dict, ...]
    check: Callable[[Heard, Heard], object]
    form: str = "mp4"


def near(value, within=0.4):
    return pytest.approx(value, abs=within)


def plays(*pitches, step=1.0):
    """The pitches of the stretches one after the other, to 1 %; None is silence."""

    def check(_before, after):
        assert after.seconds == near(len(pitches) * step, 0.03)
        heard = after.pitches(step)
        assert [p and round(p) for p in heard] == [p and pytest.approx(p, rel=0.01) for p in pitches]

    return check


def changed(clip=0.0, music=0.0, within=0.4):
    """By how many dB the clip and the music were changed, in each second."""

    def check(before, after):
        assert after.seconds == near(before.seconds, 0.03)
        for second, hertz in enumerate(STAIRS):
            for what, by in ((hertz, clip), (TUNE, music)):
                span = what, second + 0.15, second + 0.85
                assert after.level(*span) - before.level(*span) == near(by, within)

    return check


def same(before, after):
    changed(within=0.6)(before, after)
    assert before.per_second() == pytest.approx(after.per_second(), abs=0.6)


def alone(left, gone):
    """One of the two is silent, and the other one is brought to the loudness of a video."""

    def check(before, after):
        for second, hertz in enumerate(STAIRS):
            tones = {"clip": hertz, "music": TUNE}
            assert after.level(tones[gone], second + 0.15, second + 0.85) < GONE
            assert after.level(tones[left], second + 0.15, second + 0.85) > before.level(
                tones[left], second + 0.15, second + 0.85
            )
        assert after.lufs() == near(-16, 0.5)

    return check


def silent_for_a_second(before, after):
    assert after.level(TUNE, 1.05, 1.95) < GONE
    for span in ((0.2, 0.95), (2.05, 3.9)):
        assert after.level(TUNE, *span) == near(before.level(TUNE, *span))
    assert after.level(STAIRS[1], 1.05, 1.95) == near(before.level(STAIRS[1], 1.05, 1.95))


def clip_silent_for_a_second(before, after):
    assert after.level(STAIRS[1], 1.05, 1.95) < GONE
    for second in (0, 2, 3):
        span = STAIRS[second], second + 0.1, second + 0.9
        # The piece that is gone does not count, so the loudness of the rest is made up.
        assert 0 < after.level(*span) - before.level(*span) < 1.5


def music_fades(_before, after):
    full = after.level(TUNE, 1.7, 2.3)
    # A quarter sine: -3 dB half-way, -8.3 dB at a quarter.
    for at, gain in ((0.5, -3.0), (0.25, -8.3), (3.5, -3.0), (3.75, -8.3)):
        assert after.level(TUNE, at - 0.02, at + 0.02) - full == near(gain, 0.7)
    assert after.level(STAIRS[0], 0.1, 0.4) - after.level(STAIRS[2], 2.1, 2.9) == near(0)


def clip_fades(_before, after):
    assert after.level(STAIRS[0], 0.48, 0.52) - after.level(STAIRS[1], 1.2, 1.8) == near(-3.0, 0.7)
    assert after.level(STAIRS[3], 3.48, 3.52) - after.level(STAIRS[1], 1.2, 1.8) == near(-3.0, 0.7)
    assert after.level(TUNE, 0.1, 0.5) - after.level(TUNE, 1.7, 2.3) == near(0)


def ducks(depth):
    def check(before, after):
        full = after.level(TUNE, 0.5, 1.5)
        assert before.level(TUNE, 2.2, 2.8) - before.level(TUNE, 0.5, 1.5) == near(0)
        assert after.level(TUNE, 2.15, 2.85) - full == near(depth)
        # Down within 120 ms before the first syllable; held for 300 ms, back within 600 ms.
        assert after.level(TUNE, 1.8, 1.86) - full == near(0, 0.5)
        assert after.level(TUNE, 2.0, 2.05) - full < 0.75 * depth
        assert after.level(TUNE, 3.1, 3.2) - full == near(depth, 1.0)
        assert 0.9 * depth < after.level(TUNE, 3.55, 3.6) - full < 0.1 * depth
        assert after.level(TUNE, 4.1, 5.5) - full == near(0)

    return check


def other_music(before, after):
    assert after.level(TUNE, 0.5, 3.5) < GONE
    assert after.level(OTHER, 1, 3) == near(before.level(TUNE, 1, 3), 1.0)
    assert after.pitches() == [pytest.approx(hertz, rel=0.01) for hertz in STAIRS]


def composed_music(_before, after):
    assert after.level(TUNE, 0.5, 3.5) < GONE + 25
    assert (after.per_second() > -35).all()


def loudness(wanted):
    def check(before, after):
        assert before.lufs() == near(-16, 0.5)
        assert after.lufs() == near(wanted, 0.5)

    return check


def effect_at(at_s):
    def check(before, after):
        assert before is None
        loud = np.abs(after.samples).max(axis=1)
        assert loud[: round((at_s - 0.03) * RATE)].max() < 1e-3
        # Before the coder's pre-echo nothing, and within half a second most of what there is.
        first = np.argmax(loud > 0.02 * loud.max()) / RATE
        assert at_s - 0.025 < first < at_s + 0.25
        assert loud.max() > 0.1
        assert np.abs(after.samples[round((at_s + 2.2) * RATE) :]).max(initial=0.0) < 0.02

    return check


def dissolves(before, after):
    assert before.level(STAIRS[3], 4.1, 4.9) < GONE + 20
    # In the middle of the dissolve both are heard: the first clip has no more sound than its four seconds.
    assert after.level(STEP, 4.4, 4.6) - after.level(STEP, 6, 7) == near(-3.0, 0.8)
    assert after.level(STEP, 5.2, 7.8) - before.level(STEP, 5.2, 7.8) == near(0)


def sound_as_a_file(before, after):
    assert after.path.suffix in {".wav", ".mp3"}
    same(before, after)


def freezes(_before, after):
    assert after.seconds == near(5, 0.03)
    assert after.pitches() == [
        pytest.approx(hertz, rel=0.01) if hertz else None for hertz in (STAIRS[0], STAIRS[1], None, *STAIRS[2:])
    ]


def music_from_one_to_three(before, after):
    assert after.level(TUNE, 0, 0.95) < GONE
    assert after.level(TUNE, 1.1, 2.9) == near(before.level(TUNE, 1.1, 2.9), 1)
    assert after.level(TUNE, 3.05, 4) < GONE


def on(kind, **more):
    return {"target": {"kind": kind, **more}}


def op(what, /, **slots):
    return {"op": what, **slots}


CLIP, BGM = on("clip", index=1), on("bgm")
ROWS = (
    Row("volume of a clip", "clip", (op("set_volume", **CLIP, level=0.5),), changed(clip=-6.02)),
    Row("volume of the music, in dB", "clip", (op("set_volume", **BGM, delta_db=-12),), changed(music=-12)),
    Row("volume of all sound", "clip", (op("set_volume", **on("audio"), delta_db=-9),), changed(-9, -9)),
    Row("mute a clip", "clip", (op("mute", **CLIP),), alone("music", gone="clip")),
    Row("mute the music", "clip", (op("mute", **BGM),), alone("clip", gone="music")),
    Row("mute a range of the music", "clip", (op("mute", **BGM, range=[1, 2]),), silent_for_a_second),
    Row("mute a range of a clip", "clip", (op("mute", **CLIP, range=[1, 2]),), clip_silent_for_a_second),
    Row("unmute", "clip", (op("mute", **CLIP), op("set_volume", **CLIP, level=1)), same),
    Row("fade the music", "clip", (op("fade_audio", **BGM, in_s=1, out_s=1),), music_fades),
    Row("fade a clip's sound", "clip", (op("fade_audio", **CLIP, in_s=1, out_s=1),), clip_fades),
    Row("duck", "talk", (op("duck", amount_db=-12),), ducks(-12)),
    Row("duck a little", "talk", (op("duck", amount_db=-6),), ducks(-6)),
    Row("replace the music", "clip", (op("change_music", media="other.wav"),), other_music),
    Row("other music over all", "clip", (op("add_music", media="other.wav", volume=0.5),), other_music),
    Row("compose music", "clip", (op("add_music", mood="upbeat"),), composed_music),
    Row("remove the music", "clip", (op("remove", **BGM),), alone("clip", gone="music")),
    Row("louder than usual", "clip", (op("normalize", lufs=-12),), loudness(-12)),
    Row("quieter than usual", "clip", (op("normalize", lufs=-23),), loudness(-23)),
    Row("the sound as WAV", "clip", (op("extract_audio", format="wav"),), sound_as_a_file, form="wav"),
    Row("the sound as MP3", "clip", (op("extract_audio", format="mp3"),), sound_as_a_file, form="mp3"),
)  # fmt: skip

# What the picture's operations do to the sound is in the mix: a WAV of it needs no picture painted.
Cut = partial(Row, form="wav")
CUTS = (
    *(Cut(f"a {name}", "card", (op("add_sfx", name=name, at_s=1.5),), effect_at(1.5)) for name in SOUNDS),
    Cut("when music plays", "clip", (op("set_timing", **BGM, start_s=1, end_s=3),), music_from_one_to_three),
    Cut("trim the head", "clip", (op("trim", **CLIP, start_s=1),), plays(*STAIRS[1:])),
    Cut("trim the tail", "clip", (op("trim", **CLIP, end_s=1.5),), plays(400, 400, 600, 600, 900, step=0.5)),
    Cut("cut a range out", "clip", (op("cut_range", **CLIP, range=[1, 2]),), plays(400, 900, 1300)),
    Cut("keep a range", "clip", (op("cut_range", **CLIP, keep_range=[1, 3]),), plays(600, 900)),
    Cut("shorten a clip", "clip", (op("set_segment_duration", **CLIP, duration_s=2),), plays(400, 600)),
    Cut("split", "clip", (op("split", **CLIP, at_s=[1.3]),), same),
    Cut("split and merge", "clip", (op("split", **CLIP, at_s=[1.3]), op("merge", targets=[{"kind": "clip"}])), same),
    Cut("twice as fast", "clip", (op("speed", **CLIP, factor=2),), plays(*STAIRS, step=0.5)),
    Cut("half as fast", "clip", (op("speed", **CLIP, factor=0.5),), plays(*STAIRS, step=2)),
    Cut("half as fast again", "bare", (op("speed", **CLIP, factor=1.25),), plays(*STAIRS, step=0.8)),
    Cut("backwards", "clip", (op("reverse", **CLIP),), plays(*STAIRS[::-1])),
    Cut("backwards and fast", "clip", (op("reverse", **CLIP), op("speed", **CLIP, factor=2)), plays(*STAIRS[::-1], step=0.5)),
    Cut("twice over", "clip", (op("loop", **on("video"), count=2),), plays(*STAIRS, *STAIRS)),
    Cut("a copy", "bare", (op("duplicate", **CLIP),), plays(*STAIRS, *STAIRS)),
    Cut("a held picture is silent", "bare", (op("freeze", **CLIP, at_s=2, duration_s=1),), freezes),
    Cut("another order", "pair", (op("reorder", move=[2, 1]),), plays(*[STEP] * 4, *STAIRS)),
    Cut("a clip less", "pair", (op("remove", **on("clip", index=2)),), plays(*STAIRS)),
    Cut("a clip more", "bare", (op("insert_media", media=["step.mp4"], to=1),), plays(*[STEP] * 4, *STAIRS)),
    Cut("another clip", "bare", (op("replace_media", **CLIP, media="step.mp4"),), plays(*[STEP] * 4)),
    Cut("a crossfade", "pair", (op("transition", type="crossfade", duration_s=1),), dissolves),
    Cut("a shorter video", "clip", (op("set_duration", duration_s=3),), plays(*STAIRS[:3])),
    Cut("a picture in the picture is silent", "bare", (op("overlay", media="step.mp4"),), plays(*STAIRS)),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS + CUTS, ids=lambda row: row.name)
def test_what_is_heard(row, listen):
    row.check(listen(row.base, form="wav"), listen(row.base, row.ops, row.form))


SEEN_ONLY = {"Crop", "Flip", "Rotate", "Zoom"}
ELSEWHERE = {
    "BeatSync": "render_sound/test_beats.py",
    "CloseGaps": "edits/test_shots.py",
}
"""Operations on segments that change no sound, and those that are heard where they are tested."""


def test_no_operation_on_sound_is_missing():
    named = {step["op"].replace("_", "") for row in ROWS + CUTS for step in row.ops}
    wanted = {name.lower() for name in {*audio.__all__, *segments.__all__} - SEEN_ONLY - set(ELSEWHERE)}
    assert wanted <= named
